"""The side path: how like somebody is, told by the nets of the cast for the choice that training makes and for the critic.

Here crafts meet: `cast` knows faces, `training` asks a `Scorer`, `critics` for `Faces` and has nets that tell pictures apart.
"""

import hashlib
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from math import dist
from statistics import fmean
from typing import TYPE_CHECKING, Generic, TypeVar

from storykin.critics import Palette, Question, Seen, matching
from storykin.critics.drawn.reader import DrawnReader
from storykin.critics.finding import FigureReader, FinderReader
from storykin.critics.likening import PLAIN, WHOLE, ImageReader, cosine_of
from storykin.critics.people import PeopleReader, Person
from storykin.critics.places import PlaceReader
from storykin.models import autoencoding
from storykin.scene import Box
from storykin.training.scoring import PlainScorer, Scorer

if TYPE_CHECKING:
    from PIL.Image import Image

    from storykin.cast.nets import Mesh, Rectangle
    from storykin.cast.regions import Cut
    from storykin.colours import Lab
    from storykin.training.looks import Reader as PromptReader

WITHOUT_CAST = "looking at people needs the extra cast, which is not installed: pip install 'storykin[cast]'"
LONGEST = 1600  # pixels of the long side of the copy that is looked at, as in the cast
GIVEN_BACK = 0.85
"""How much of a drawing the packaged autoencoder keeps at least (`autoencoding.kept`): of drawings of the painter `sketch` 0.84 to 0.93, of photographs of people and animals 0.65 to 0.83."""
LEAST_FACE = 20  # pixels of width below which a face is nobody's, as in the cast
ALIKE = 20.0  # distance of Lab from a main colour of the clothes up to which a pixel counts for it
BESIDE, BELOW, ABOVE = 2.0, 8.0, 0.4  # heads around a head in which the rest of somebody is looked for
BELONGS = 0.5  # of the selfie net's mask
STRANGERS = (
    ("dog", "brown"), ("cat", "grey"), ("rabbit", "white"), ("bear", "black"), ("fox", "orange"), ("elephant", "grey"), ("dragon", "green"),
    ("robot", "blue"), ("penguin", "black"), ("duck", "yellow"), ("girl", ""), ("man", ""),
)  # fmt: skip

Numbers = tuple[float, ...]
T = TypeVar("T")


class FaceScorer:
    """Compares faces: 1 less the mean distance of a picture's largest face to the faces of the references, 0 … 1.

    Distances are those between dlib's 128 numbers: two photos of one person lie 0.2 to 0.5 apart, two people 0.5 to 0.9 (docs/log.md). Cosines
    are not used: of these numbers even strangers' are all above 0.8.
    """

    name = "faces"

    def __init__(self) -> None:
        self._reference = _Remembered(_face_of)

    def likeness(self, pictures: Sequence["Image"], references: Sequence["Image"]) -> list[float | None]:
        """For each picture how like it is to all references together; None where no face is found."""
        wanted = [face for face in map(self._reference, references) if face is not None]
        faces = [_face_of(picture) if wanted else None for picture in pictures]
        return [None if face is None else _alike(face, wanted) for face in faces]

    def finds(self, pictures: Sequence["Image"]) -> int:
        """In how many of the pictures there is a face."""
        return sum(self._reference(picture) is not None for picture in pictures)


class DrawnScorer:
    """Compares whoever stands out in a drawing with whoever stands out in the references, by the critic's reader of drawings; 0 … 1, clothes do not count.

    It is for the packaged base, which paints drawings that its autoencoder has smoothed; references are smoothed alike.
    """

    name = "the reader of drawings"

    def __init__(self) -> None:
        self._reader = DrawnReader(smoothed=True)
        self._reference = _Remembered(self._smoothed)

    def likeness(self, pictures: Sequence["Image"], references: Sequence["Image"]) -> list[float | None]:
        """For each picture the mean likeness to the references; None where nobody is seen."""
        wanted = [one for one in map(self._reference, references) if one is not None]
        return [self._alike(self._who(picture), wanted) if wanted else None for picture in pictures]

    def knows(self, pictures: Sequence["Image"]) -> bool:
        """Whether these are drawings of somebody, so far as the base's autoencoder can give them back: photographs lose what is fine in them."""
        known = [autoencoding.kept(one, _given_back(one)) for one in pictures if self._reference(one)]
        return len(known) >= min(2, len(pictures)) > 0 and fmean(known) >= GIVEN_BACK

    def _who(self, picture: "Image") -> Seen | None:
        figures = self._reader.read(picture, Question()).figures
        return matching.foremost(figures) if figures else None

    def _smoothed(self, picture: "Image") -> Seen | None:
        return self._who(_given_back(picture))

    @staticmethod
    def _alike(seen: Seen | None, wanted: Sequence[Seen]) -> float | None:
        if seen is None:
            return None
        found = [matching.alike(seen, [one], "drawn") for one in wanted]
        return fmean(one for one in found if one is not None)


class _Remembered(Generic[T]):
    """What is seen in a picture, looked for once: references are asked for at every look."""

    def __init__(self, see: Callable[["Image"], T]) -> None:
        self._see = see
        self._known: dict[str, T] = {}

    def __call__(self, picture: "Image") -> T:
        key = hashlib.blake2b(picture.tobytes(), digest_size=16).hexdigest()
        if key not in self._known:
            self._known[key] = self._see(picture)
        return self._known[key]


class ImageScorer:
    """Compares pictures as a whole by a net that knows things (`critics.likening.ImageReader`): for pets and toys, and for people without faces."""

    def __init__(self, reader: ImageReader) -> None:
        self._reader = reader

    @property
    def name(self) -> str:
        """What it compares by: a net's name and fingerprint."""
        return f"pictures by {self._reader.net}"

    def likeness(self, pictures: Sequence["Image"], references: Sequence["Image"]) -> list[float | None]:
        """The mean cosine of each picture to the references, 0 … 1; None without references."""
        known = [self._vector(one) for one in references]
        if not known:
            return [None for _ in pictures]
        found = [self._vector(one) for one in pictures]
        return [max(0.0, fmean(cosine_of(one, other) for other in known)) for one in found]

    def _vector(self, picture: "Image") -> Numbers:
        (found,) = self._reader.embed(picture, (WHOLE,))
        return found


def scorer_for(is_person: bool, references: Sequence["Image"], drawn: bool = False) -> Scorer:
    """What to compare somebody by: faces for people in whose photos faces are found, else a net that knows things, else colours and textures.

    Where the base paints drawings only (`drawn`), the reader of drawings, if the references are drawings of somebody.
    """
    if drawn and autoencoding.is_ready():
        figures = DrawnScorer()
        if figures.knows(references):
            return figures
    if is_person and can_see_faces():
        faces = FaceScorer()
        if faces.finds(references) >= min(2, len(references)) > 0:
            return faces
    reader = ImageReader(strangers=strangers)
    return PlainScorer() if reader.net == PLAIN else ImageScorer(reader)


def prompt_reader() -> "PromptReader | None":
    """What tells how well previews follow their prompts (`training.looks.Looker.reader`); None where no net that knows words is on this machine."""
    reader = PlaceReader()
    return None if reader.unready() else reader.follows


def people_reader() -> FigureReader:
    """The critic's reader of figures in paintings and photographs: by faces, by what finds things, by what tells pictures apart."""
    return FigureReader(PeopleReader(NetFaces()), FinderReader(), ImageReader(strangers=strangers))


def strangers() -> list["Image"]:
    """Drawings of all kinds of creatures: what all pictures have in common to a net."""
    from io import BytesIO

    from PIL import Image

    from storykin.character import Character, Look
    from storykin.painters.sketch import Sketch
    from storykin.raster import png_of
    from storykin.scene import Figure, Scene
    from storykin.shot import Shot

    found = []
    for number, (kind, colour) in enumerate(STRANGERS):
        who = Character("somebody", Look(kind, skin=colour))
        scene = Scene(
            "meadow",
            figures=(Figure(who.name, facing="left", box=Box(0.2, 0.2, 0.6, 0.7)),),
            framing="medium",
        )
        shot = Shot(number + 1, scene, (who,), seed=number, width=256, height=256)
        drawing = png_of(Sketch().paint(shot, lambda done: None), Sketch.media_type, 256)
        found.append(Image.open(BytesIO(drawing)).convert("RGB"))
    return found


def can_see_faces() -> bool:
    """Whether the extra `cast` is installed."""
    return all(find_spec(name) for name in ("numpy", "ai_edge_litert", "dlib", "face_recognition_models"))


class NetFaces:
    """The cast's nets as the critic wants them (`critics.people.Faces`): measures as those of the photos that a character was made from."""

    licence = "Apache-2.0 (MediaPipe's nets), CC0 (dlib's)"

    @property
    def revision(self) -> str:
        """Changes with the cast's measures."""
        from storykin.cast.looking import VERSION

        return f"cast-{VERSION}"

    def unready(self) -> str:
        """What to install; "" when it is."""
        return "" if can_see_faces() else WITHOUT_CAST

    def people(self, picture: "Image") -> tuple[Person, ...]:
        """Everybody whose face is seen, the largest first. Raises `BadInput` without the extra `cast`."""
        from storykin.cast import measuring
        from storykin.cast.lab import lab_of
        from storykin.cast.looking import NOT_OVERLOOKED
        from storykin.cast.nets import LEVELS, find_faces

        picture = picture.convert("RGB")
        scale = min(1.0, LONGEST / max(picture.size))
        if scale < 1:
            size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
            picture = picture.resize(size, 2, reducing_gap=2.0)
        meshes = find_faces(picture, LEVELS, NOT_OVERLOOKED)
        grey = bool(meshes) and measuring.is_monochrome(lab_of(picture.resize((96, 96), 4, reducing_gap=3.0)))
        return tuple(_person(picture, meshes, number, grey) for number in range(len(meshes)))

    def close(self) -> None:
        """Nothing: the cast's nets are small and stay."""


def _person(picture: "Image", meshes: Sequence["Mesh"], number: int, grey: bool) -> Person:
    from storykin.cast import mesh, nets, regions

    found = meshes[number]
    others = [other.box for other in meshes if other is not found]
    head = regions.cut_around(picture, found.points, regions.HEAD, -0.15)
    bust = regions.cut_around(picture, found.points, regions.BUST, 1.6)
    skin = regions.skin_colour(head)
    hair = None if grey else regions.hair_colour(head, skin)
    worn = () if grey else regions.clothes_colours(bust, skin, hair, others)
    around, face = regions.head_box(head, others), mesh.face_box(found.points)
    palettes: dict[str, Palette] = {"hair": ((hair, 1.0),)} if hair else {}
    if skin and not grey:
        palettes["skin"] = ((skin, 1.0),)
    if worn:
        palettes["clothes"] = _shares(bust, worn)
    return Person(
        face=_fractions(face, picture),
        head=_fractions(around, picture),
        body=_body(picture, around, others),
        sure=round(min(found.score, found.presence), 3),
        numbers=nets.embed(picture, found) if face[2] - face[0] >= LEAST_FACE else (),
        palettes=palettes,
        long_hair=regions.is_long_haired(head, hair, skin, mesh.pose(found.points).yaw),
        dark_glasses=skin is not None and regions.dark_glasses(head, skin) > 0,
    )


def _shares(bust: "Cut", worn: Sequence["Lab"]) -> Palette:
    """How much of what is below the chin has each of the colours of the clothes."""
    import numpy as np

    torso = (
        (bust.down > 1.22) & (bust.down < 3.6) & (abs(bust.across) < 1.3) & (bust.person > 0.6) & bust.inside
    )
    pixels = bust.lab[torso]
    apart = np.sqrt((((pixels[:, None] - np.array(worn)[None]) * (0.6, 1, 1)) ** 2).sum(-1))
    nearest = apart.argmin(1)[apart.min(1) < ALIKE]
    counts = np.bincount(nearest, minlength=len(worn)) + 1.0
    found = zip(worn, (counts / counts.sum()).round(3).tolist(), strict=True)
    return tuple(sorted(found, key=lambda one: -one[1]))


def _body(picture: "Image", head: "Rectangle", others: Sequence["Rectangle"]) -> Box | None:
    """All that the selfie net takes for a person and that hangs together with this head, as far as halfway to the heads beside it."""
    import numpy as np

    from storykin.cast.nets import person_mask
    from storykin.cast.standout import parts_of

    high, middle = head[3] - head[1], (head[0] + head[2]) / 2
    left, right = middle - BESIDE * high, middle + BESIDE * high
    for other in others:
        there = (other[0] + other[2]) / 2
        if abs(there - middle) > high / 3:
            left, right = (
                max(left, (there + middle) / 2) if there < middle else left,
                (min(right, (there + middle) / 2) if there > middle else right),
            )
    top, bottom = max(0.0, head[1] - ABOVE * high), min(float(picture.height), head[3] + BELOW * high)
    box = (max(0.0, left), top, min(float(picture.width), right), bottom)
    if box[2] - box[0] < 2 or box[3] - box[1] < 2:
        return None
    mask = person_mask(picture, box)[::2, ::2] > BELONGS
    scale = (mask.shape[1] / (box[2] - box[0]), mask.shape[0] / (box[3] - box[1]))
    y, x = np.mgrid[: mask.shape[0], : mask.shape[1]] + 0.5
    here = (
        (abs(x / scale[0] + box[0] - middle) < high / 4)
        & (y / scale[1] + box[1] > head[1])
        & (y / scale[1] + box[1] < head[3])
    )
    for part in parts_of(mask):
        if (part & here).any():
            rows, columns = np.flatnonzero(part.any(1)), np.flatnonzero(part.any(0))
            seen = (
                min(head[0], float(columns[0]) / scale[0] + box[0]),
                min(head[1], float(rows[0]) / scale[1] + box[1]),
                max(head[2], float(columns[-1] + 1) / scale[0] + box[0]),
                max(head[3], float(rows[-1] + 1) / scale[1] + box[1]),
            )
            return _fractions(seen, picture)
    return None


def _fractions(box: "Rectangle", picture: "Image") -> Box:
    """A rectangle of pixels as fractions of the picture, cut at its edges."""
    left, right = (min(1.0, max(0.0, x / picture.width)) for x in (box[0], box[2]))
    top, bottom = (min(1.0, max(0.0, y / picture.height)) for y in (box[1], box[3]))
    return Box(round(left, 5), round(top, 5), round(right - left, 5), round(bottom - top, 5))


def _face_of(picture: "Image") -> Numbers | None:
    from storykin.cast.nets import embed, find_faces

    faces = find_faces(picture)
    return embed(picture, faces[0]) if faces else None


def _given_back(picture: "Image") -> "Image":
    return autoencoding.given_back(autoencoding.packaged(), picture)


def _alike(face: Numbers, others: Sequence[Numbers]) -> float:
    return max(0.0, 1 - fmean(dist(face, other) for other in others))
