"""The path, how a picture is seen: readers are put together, told whom to expect, and what they read is kept by content.

picture ──readers──▶ reading ──judging──▶ verdict           references ──the same readers──▶ expectation
"""

import hashlib
import io
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from storykin import files, provenance
from storykin.bookfolder import known_cast, page_words, read_choices, read_storyboard, read_wish
from storykin.character import Character, Outfit
from storykin.critics import Palette, Question, Reader, Reading, Seen
from storykin.critics.expecting import Expectation, expected
from storykin.critics.judging import Judgement, judge
from storykin.critics.matching import foremost, strangers
from storykin.critics.overlay import Overlay
from storykin.critics.redrawing import beyond, redrawn
from storykin.critics.thresholds import revision as thresholds_revision
from storykin.critics.weighing import GARMENTS
from storykin.easel import STARTS, Absent, as_sketch, current, digest, painter_or_absent, shelved, source_of
from storykin.errors import BadFile, BadInput
from storykin.families import POCKET
from storykin.models.autoencoding import given_back, is_ready, packaged
from storykin.overlaying import REVISION as OVERLAID
from storykin.overlaying import overlay
from storykin.painters import EXACT
from storykin.picture import Picture
from storykin.raster import png_of
from storykin.scene import ACTIONS, Box, Facing, Figure, Framing, Scene, breadth_of
from storykin.shot import Shot

if TYPE_CHECKING:
    from PIL.Image import Image

READINGS = "readings"
"""The folder of a book in which readings are kept."""
WIDE = 1024
"""Pixels across at which drawings are read; what was painted is read as it is."""
DRAWERS = ("sketch", "pocket")
"""Painters whose figures are drawn, and read by the reader of drawn figures."""
TOGETHER = 0.5
"""Figures of two readers that share so much of the smaller one are one figure."""

OnStep = Callable[[float, str], None]


@dataclass(frozen=True)
class Reviewed:
    """One page with all that was seen: `references` are the pictures (PNG or JPEG) that show whom to expect, by name.

    `changed` says that the file is not the one that was painted: somebody put another one in its place.
    """

    shot: Shot
    picture: Picture
    reading: Reading
    judgement: Judgement
    references: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict)
    changed: bool = False


class Critic:
    """Looks at pictures: with the readers of drawn figures at what was drawn, with all others at what was painted or photographed."""

    def __init__(
        self, drawn: Sequence[Reader] | None = None, painted: Sequence[Reader] | None = None
    ) -> None:
        self._drawn = tuple(drawn_readers() if drawn is None else drawn)
        self._smoothed = tuple(_for_smoothed(one) for one in self._drawn)
        self._painted = tuple(painted_readers() if painted is None else painted)
        self._known: dict[tuple[str, str, str, str], tuple[Seen, ...]] = {}
        self._shown: dict[tuple[str, str, str, int], tuple[bytes, ...]] = {}

    @property
    def revision(self) -> str:
        """Changes whenever the same picture could get another verdict."""
        parts = [f"{one.name} {one.revision} {bool(one.unready())}" for one in self._readers]
        known = [thresholds_revision(), OVERLAID, f"{WHOLE} {NEAR_BY} {is_ready()}"]
        return hashlib.sha256("\n".join([*parts, *known]).encode()).hexdigest()[:12]

    def readers(self, painter: str) -> tuple[Reader, ...]:
        """Who reads the pictures of a painter."""
        if painter == POCKET.title:
            return self._smoothed
        return self._drawn if painter in DRAWERS else self._painted

    def close(self) -> None:
        """Give the readers' memory back."""
        for one in self._readers:
            one.close()

    @property
    def _readers(self) -> tuple[Reader, ...]:
        smoothed = (one for one in self._smoothed if one not in self._drawn)
        return (*self._drawn, *smoothed, *self._painted)

    # --- reading ------------------------------------------------------------------------------------

    def read(
        self,
        content: bytes,
        media_type: str,
        painter: str,
        question: Question | None = None,
        keep: Path | None = None,
        figures: bool = False,
    ) -> Reading:
        """What all readers together see in a picture; kept in the folder `keep`, so that the next time costs nothing. Raises `BadFile`.

        `figures` asks only those who see figures: a reference is known to be fine.
        """
        asked = question or Question()
        found = []
        picture: Image | None = None
        for reader in self.readers(painter):
            if figures and "figures" not in reader.reads:
                continue
            why = reader.unready()
            if why:
                found.append(Reading(unread=dict.fromkeys(sorted(reader.reads), why)))
                continue
            path = keep / f"{_reading_key(content, reader, asked)}.json" if keep else None
            known = _kept(path)
            if known is None:
                picture = picture or image_of(content, media_type)
                known = reader.read(picture, asked)
                if path:
                    with suppress(BadFile):  # a folder that nobody may write in is read again next time
                        files.write_json(path, known)
            found.append(known)
        return joined(found)

    # --- judging ------------------------------------------------------------------------------------

    def judge(self, folder: Path, shot: Shot, picture: Picture) -> Judgement:
        """The verdict on one picture of a book against what its shot promised. Raises `BadFile` when it cannot be read."""
        return self.review(folder, shot, picture).judgement

    def review(self, folder: Path, shot: Shot, picture: Picture, changed: bool = False) -> Reviewed:
        """The same with all that was seen on the way."""
        keep = folder / READINGS
        shown = {one.name: self._references(folder, shot, one.name, picture.painter) for one in stage(shot)}
        seen = {
            who.name: self._seen_in(shown[who.name], who, picture.painter, keep, outfit_of(shot, who.name))
            for who in stage(shot)
        }
        content = _content(folder / picture.path)
        photos = _photos(shown) if picture.painter not in DRAWERS else ()
        question = Question(shot.scene.place, shot.alt, photos)
        reading = self.read(content, picture.media_type, picture.painter, question, keep)
        wanted = expected(shot, seen, placed=is_placed(shot, picture.painter))
        if wanted.placed:
            drawn = self._drawn_page(shot)
            drawing = self.read(drawn, "image/svg+xml", "sketch", question, keep)
            wanted = redrawn(wanted, drawing)
            if picture.painter in EXACT:
                wanted = replace(
                    wanted, overlay=_overlaid(shot, content, drawn, picture.media_type, reading, wanted)
                )
            judgement = judge(beyond(reading, drawing), wanted)
        else:
            judgement = judge(reading, wanted)
        judgement = replace(judgement, verdict=replace(judgement.verdict, critic=self.revision))
        return Reviewed(shot, picture, reading, judgement, shown, changed)

    def _drawn_page(self, shot: Shot) -> bytes:
        """The storyboard's own drawing of a page, to the byte as the embedded painter makes it: of a page that is as it was drawn, readings are kept already."""
        from storykin.painters.sketch import Sketch

        drawn = Sketch().paint(as_sketch(shot), lambda done: None)
        return provenance.marked(drawn, Sketch.media_type, source_of(shot, Sketch()))

    def _references(self, folder: Path, shot: Shot, name: str, painter: str) -> tuple[bytes, ...]:
        """Pictures that are known to show somebody: photos for painters of photos, drawings in the page's outfit for those who draw."""
        who, worn = shot.character(name), outfit_of(shot, name)
        if painter in DRAWERS:
            plain = json.dumps(files.plain(replace(who, adapters=(), references=())))
            poses = poses_for(who, shot.scene.framing)
            mark = (plain, worn.name, shot.art, len(poses))
            if mark not in self._shown:
                self._shown[mark] = _drawn_once(folder / READINGS, who, worn, shot.art, plain, poses)
            return self._shown[mark]
        (known,) = shelved(folder, (who,)) if not who.references else (who,)
        found = []
        for path in known.references:
            try:
                found.append((folder / path).read_bytes())
            except OSError:
                continue  # a reference that is gone says nothing; painting refuses it by name
        return tuple(found)

    def _seen_in(
        self, pictures: Sequence[bytes], who: Character, painter: str, keep: Path | None, outfit: Outfit
    ) -> tuple[Seen, ...]:
        """Whom the readers see in the pictures that show somebody alone; what only words tell where there are none."""
        said = json.dumps(files.plain(replace(who, adapters=(), references=())))
        mark = (painter if painter in DRAWERS else "painted", said, outfit.name, _digest_of(pictures))
        if mark not in self._known:
            found = []
            soft = pictures if painter == POCKET.title and is_ready() else ()
            for content in (*pictures, *map(through_autoencoder, soft)):
                reading = self.read(content, media_type_of(content), painter, None, keep, figures=True)
                if reading.figures:
                    found.append(foremost(reading.figures))
            if painter not in DRAWERS:
                found = [undressed(one) for one in found]
            told = worded(who, outfit)
            # what a photo shows of somebody counts more than words; what they wear on this page only words say
            if told and found:
                told = replace(
                    told, palettes={part: one for part, one in told.palettes.items() if part == "clothes"}
                )
            only_told = bool(told and told.palettes) and (not found or painter not in DRAWERS)
            self._known[mark] = (*found, *([told] if told and only_told else []))
        return self._known[mark]


def _overlaid(
    shot: Shot, content: bytes, drawn: bytes, media_type: str, reading: Reading, wanted: Expectation
) -> Overlay | None:
    """A page laid upon its drawing; the two are the same of most pages."""
    if content == drawn:
        return Overlay()
    hiding = [one.box for one in strangers(reading.figures or (), wanted)]
    return overlay(as_sketch(shot), image_of(content, media_type), hiding)


def is_placed(shot: Shot, painter: str) -> bool:
    """Whether figures stand where the storyboard has them: where they were drawn so, or painted over the drawing."""
    over = shot.init_image == "sketch" or f"{STARTS}/" in shot.init_image
    return painter in EXACT or (painter in DRAWERS and over)


def undressed(seen: Seen) -> Seen:
    """The same without what they wear: on their photos people have other clothes on than in the book."""
    kept = {part: palette for part, palette in seen.palettes.items() if part not in {"clothes", *GARMENTS}}
    return replace(seen, palettes=kept)


def stage(shot: Shot) -> tuple[Character, ...]:
    """The characters on stage, each once."""
    return tuple(shot.character(name) for name in dict.fromkeys(one.character for one in shot.scene.figures))


def outfit_of(shot: Shot, name: str) -> Outfit:
    """What somebody wears on a shot."""
    worn = next((one.outfit for one in shot.scene.figures if one.character == name), "")
    return shot.character(name).outfit(worn)


# --- a whole book -------------------------------------------------------------------------------------


def review(
    folder: Path,
    critic: Critic | None = None,
    pages: Sequence[int] | None = None,
    on_step: OnStep = lambda fraction, doing: None,
) -> tuple[Reviewed, ...]:
    """Every painted page of a book, judged. Raises `BadFile` when none is painted or a picture cannot be read."""
    critic = critic or Critic()
    shots = read_storyboard(folder)
    painter = painter_or_absent(read_choices(folder))
    wanted = [shot for shot in shots.shots if pages is None or shot.page in pages]
    found = []
    for index, shot in enumerate(wanted):
        on_step(index / len(wanted), f"judging {page_words(shot.page)}")
        picture = current(folder, shot, shots.shots, painter)
        there = picture or changed_picture(
            folder, shot, painter.name if not isinstance(painter, Absent) else ""
        )
        if there is not None:
            try:
                found.append(critic.review(folder, shot, there, picture is None))
            except BadFile as error:
                if str(folder) in error.message:
                    raise
                raise BadFile(f"{folder / there.path}: {error.message}", error.hint) from error
    if not found:
        raise BadFile(f"{folder}: nothing is painted yet", "run: storykin paint, then judge again")
    on_step(1.0, f"judged {len(found)} pictures")
    return tuple(found)


def changed_picture(folder: Path, shot: Shot, painter: str) -> Picture | None:
    """The picture that lies where the page's newest one was painted, though the file or the shot is another by now; None where there is none."""
    found: list[tuple[str, Picture]] = []
    for recipe in (folder / "pictures").glob(f"{shot.page:02d}-*.json"):
        try:
            made = files.read_json(recipe, Picture)
        except BadFile:
            continue
        if (folder / made.path).is_file():
            found.append((made.painted, made))
    mine = [one for one in found if one[1].painter == painter] or found
    if mine:
        newest = max(mine, key=lambda one: one[0])[1]
        return replace(newest, media_type=media_type_of(_content(folder / newest.path)))
    for path in sorted((folder / "pictures").glob(f"{shot.page:02d}[-.]*")):
        if path.suffix.lower() in {".svg", ".png", ".jpg", ".jpeg"}:
            content = _content(path)
            media_type = media_type_of(content)
            return Picture(
                path.relative_to(folder).as_posix(), shot, painter, "", "", media_type, digest(content)
            )
    return None


# --- references ---------------------------------------------------------------------------------------


def through_autoencoder(content: bytes) -> bytes:
    """A PNG as the autoencoder of the packaged base gives it back: no picture of that base can be sharper.

    Sixteen times smaller on each side, it smooths glasses and locks. Readers that learned from sharp drawings take them for something else, in a drawing as in a painting: held against
    drawings of both kinds, what the autoencoder does to everybody is nobody's fault.
    """
    file = io.BytesIO()
    given_back(packaged(), image_of(content, "image/png")).save(file, "PNG")
    return file.getvalue()


@dataclass(frozen=True)
class Pose:
    """How somebody is drawn to be known again, who would stand so `high` by the picture; who would stand higher than it is cut off at the waist."""

    action: str
    facing: Facing
    expression: str
    high: float = 0.74


WHOLE = (
    Pose("standing", "front", "calm"), Pose("walking", "left", "happy"), Pose("waving", "right", "happy"), Pose("sitting", "front", "calm"),
)  # fmt: skip
NEAR_BY = (Pose("standing", "front", "calm", 1.8), Pose("waving", "right", "happy", 1.3))
"""On a close-up no legs are seen, and readers of whole figures take who is grown up for a child."""


def poses_for(who: Character, framing: Framing) -> tuple[Pose, ...]:
    """In which poses somebody is drawn who is looked for in a picture of that framing."""
    return (*WHOLE, *NEAR_BY) if framing == "close" and who.look.is_person else WHOLE


def drawn_references(
    who: Character, outfit: Outfit, art: str, side: int = 512, poses: Sequence[Pose] = WHOLE
) -> tuple[bytes, ...]:
    """PNGs of a character alone in an outfit, one a pose, drawn by the embedded painter in daylight; `side` in pixels."""
    from storykin.painters.sketch import Sketch

    found = []
    dressed = replace(who, outfits=(outfit,), references=(), adapters=())
    for number, pose in enumerate(poses):
        box = _alone(who, pose)
        figure = Figure(who.name, pose.action, pose.expression, "", outfit.name, pose.facing, box)
        scene = Scene("meadow", figures=(figure,), framing="close" if pose.high > 1 else "medium")
        shot = Shot(number + 1, scene, (dressed,), _art(art), seed=number, width=side, height=side)
        found.append(png_of(Sketch().paint(shot, lambda done: None), Sketch.media_type, side))
    return tuple(found)


def _drawn_once(
    keep: Path, who: Character, outfit: Outfit, art: str, plain: str, poses: Sequence[Pose]
) -> tuple[bytes, ...]:
    """The references of a character as they were drawn before, or drawn now and kept."""
    from storykin.painters.sketch import Sketch

    asked = json.dumps([plain, outfit.name, _art(art), files.plain(list(poses)), Sketch.revision])
    mark = hashlib.sha256(asked.encode()).hexdigest()[:12]
    paths = [keep / f"{files.slug(who.name)}-{mark}-{number}.png" for number in range(len(poses))]
    if not all(path.is_file() for path in paths):
        for path, content in zip(paths, drawn_references(who, outfit, art, poses=poses), strict=True):
            files.write_bytes(path, content)
    return tuple(path.read_bytes() for path in paths)


def _alone(who: Character, pose: Pose) -> Box:
    """Where somebody is who is drawn alone; broad creatures stand lower. Of who stands higher than the picture, head and shoulders are in it."""
    act = ACTIONS[pose.action]
    broad = breadth_of(who.look.kind, who.look.is_person, act)
    standing = pose.high if pose.high > 1 else min(pose.high, 0.8 / broad)
    w, h = broad * standing, act.height * standing
    top = 0.15 if pose.high > 1 else 0.9 - act.lift * standing - h
    return Box(round(0.5 - w / 2, 4), round(top, 4), round(w, 4), round(h, 4))


def _art(art: str) -> str:
    from storykin.painters.sketch import Sketch

    return art if art in Sketch.arts else Sketch.arts[0]


def worded(who: Character, outfit: Outfit) -> Seen | None:
    """Somebody as only words tell: the colours of hair, skin, coat and clothes, as far as they are said; None where none is."""
    from storykin.colours import CLOTHES, lab_of

    said = (
        {"hair": who.look.hair_colour, "skin": who.look.skin}
        if who.look.is_person
        else {"coat": who.look.skin}
    )
    palettes: dict[str, Palette] = {}
    for part, colour in said.items():
        try:
            palettes[part] = ((lab_of(colour, part), 1.0),)
        except BadInput:
            continue  # words without a colour in them, such as "curly"
    worn = outfit.palette or tuple(word for word in CLOTHES if f" {word} " in f" {outfit.words.lower()} ")
    colours = []
    for colour in worn:
        try:
            colours.append(lab_of(colour, "clothes"))
        except BadInput:
            continue
    if colours:
        palettes["clothes"] = tuple((one, 1 / len(colours)) for one in colours)
    return Seen(Box(0, 0, 1, 1), kind=who.look.kind, palettes=palettes) if palettes else None


# --- readers ------------------------------------------------------------------------------------------


def drawn_readers() -> tuple[Reader, ...]:
    """Who reads what the embedded painter drew."""
    from storykin.critics.drawn import DrawnReader

    return (DrawnReader(), *_for_any_picture())


def _for_smoothed(reader: Reader) -> Reader:
    """The reader for what an autoencoder has smoothed."""
    from storykin.critics.drawn import DrawnReader

    return DrawnReader(reader.weights, smoothed=True) if isinstance(reader, DrawnReader) else reader


def painted_readers() -> tuple[Reader, ...]:
    """Who reads paintings and photographs."""
    from storykin.likeness import people_reader

    return (people_reader(), *_for_any_picture())


def _for_any_picture() -> tuple[Reader, ...]:
    from storykin.critics.places import PlaceReader
    from storykin.critics.safety import SafetyReader
    from storykin.critics.technical import TechnicalReader
    from storykin.critics.words import WordsReader

    return (PlaceReader(), WordsReader(), SafetyReader(), TechnicalReader())


def joined(readings: Sequence[Reading]) -> Reading:
    """What several readers saw as one reading: a figure that two of them saw is one; what one of them could read is read.

    `read` names all who read a thing, as "people, finder", but of a score the one whose score it is: the first.
    """
    figures: tuple[Seen, ...] | None = None
    for reading in readings:
        if reading.figures is not None:
            figures = reading.figures if figures is None else _same_figures(figures, reading.figures)
    words = [word for one in readings for word in one.words or ()]
    read = {thing: _read_by(thing, readings) for one in readings for thing in one.read}
    return Reading(
        figures,
        {name: score for one in reversed(readings) for name, score in one.scores.items()},
        tuple(words) if any(one.words is not None for one in readings) else None,
        {name: mark for one in reversed(readings) for name, mark in one.marks.items()},
        read,
        {name: why for one in reversed(readings) for name, why in one.unread.items() if name not in read},
    )


def _read_by(thing: str, readings: Sequence[Reading]) -> str:
    """The names of all who read a thing, each once; where it is a score, of the first who gave one."""
    scored = [one for one in readings if thing in one.scores][:1]
    names = (name for one in scored or readings for name in one.read.get(thing, "").split(", "))
    return ", ".join(name for name in dict.fromkeys(names) if name)


def _same_figures(ours: tuple[Seen, ...], theirs: tuple[Seen, ...]) -> tuple[Seen, ...]:
    """Our figures with what another reader knows of them, then those that only the other saw."""
    left = list(theirs)
    found = []
    for one in ours:
        same = max(left, key=lambda other: _shared(one.box, other.box), default=None)
        if same is None or _shared(one.box, same.box) < TOGETHER:
            found.append(one)
            continue
        left.remove(same)
        found.append(
            replace(
                one,
                kind=one.kind or same.kind,
                head=one.head or same.head,
                palettes={**same.palettes, **one.palettes},
                traits={**same.traits, **one.traits},
                chances={**same.chances, **one.chances},
                vectors={**same.vectors, **one.vectors},
                standing=one.standing if one.standing is not None else same.standing,
            )
        )
    return (*found, *left)


def _shared(one: Box, other: Box) -> float:
    return max(one.overlap(other), other.overlap(one))


# --- pictures and what is kept of them ----------------------------------------------------------------


def image_of(content: bytes, media_type: str) -> "Image":
    """The pixels of a picture, RGB; drawings are drawn `WIDE` pixels across. Raises `BadFile`."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    if media_type == "image/svg+xml":
        content = png_of(content, media_type, WIDE)
    try:
        with Image.open(io.BytesIO(content)) as found:
            return ImageOps.exif_transpose(found).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        why = "it is in no format of pictures" if isinstance(error, UnidentifiedImageError) else str(error)
        raise BadFile(f"a picture cannot be read: {why}", "paint it again, or leave it out") from error


def media_type_of(content: bytes) -> str:
    """What kind of file a picture is, by its beginning."""
    if content.startswith(b"\xff\xd8"):
        return "image/jpeg"
    return "image/png" if content.startswith(b"\x89PNG") else _vector_or_other(content)


def _vector_or_other(content: bytes) -> str:
    return "image/svg+xml" if b"<svg" in content[:1000] else "image/*"


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadFile(f"{path}: cannot be read: {error.strerror}", "paint it again") from error


def _photos(shown: Mapping[str, tuple[bytes, ...]]) -> tuple["Image", ...]:
    return tuple(
        image_of(content, media_type_of(content)) for several in shown.values() for content in several
    )


def _digest_of(pictures: Sequence[bytes]) -> str:
    return hashlib.sha256(b"".join(hashlib.sha256(one).digest() for one in pictures)).hexdigest()[:16]


def _reading_key(content: bytes, reader: Reader, question: Question) -> str:
    """Stands for picture, reader and, where the reader listens to it, the question."""
    asked: list[str] = []
    if reader.reads & {"place", "action"}:
        asked += [question.place, question.happening]
    if "technical" in reader.reads:
        asked += [hashlib.sha256(one.tobytes()).hexdigest() for one in question.references]
    told = json.dumps([digest(content), reader.name, reader.revision, asked])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _kept(path: Path | None) -> Reading | None:
    try:
        return files.read_json(path, Reading) if path and path.exists() else None
    except BadFile:
        return None  # damaged: it is read again


def cast_of(folder: Path) -> tuple[Character, ...]:
    """The characters of a book as the shelf knows them, with references relative to the book."""
    return shelved(folder, known_cast(read_wish(folder), folder))
