"""Critics: people by their faces, in photographs and in pictures painted like them.

The nets are lent by the floor above (`Faces`); here their findings become observations. Whoever turns the back is not seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import TYPE_CHECKING, Protocol

from storykin.critics import Palette, Question, Reading, Seen, Thing
from storykin.scene import Box

if TYPE_CHECKING:
    from PIL.Image import Image

VERSION = 1
CENTRE = (
    -0.094, 0.080, 0.040, -0.020, -0.092, -0.018, -0.002, -0.143, 0.131, -0.079, 0.171, -0.054, -0.231, -0.086, -0.035, 0.121,
    -0.139, -0.123, -0.103, -0.081, 0.025, 0.040, 0.050, 0.011, -0.141, -0.297, -0.070, -0.093, 0.041, -0.067, 0.023, 0.081,
    -0.209, -0.062, 0.012, 0.083, -0.045, -0.043, 0.220, 0.013, -0.165, 0.039, 0.070, 0.229, 0.201, -0.022, 0.009, -0.061,
    0.119, -0.233, 0.030, 0.150, 0.148, 0.073, 0.073, -0.117, 0.016, 0.132, -0.185, 0.073, 0.067, -0.095, -0.037, -0.009,
    0.140, 0.080, -0.075, -0.140, 0.168, -0.152, -0.049, 0.082, -0.088, -0.147, -0.279, 0.036, 0.344, 0.118, -0.176, 0.009,
    -0.076, -0.023, 0.020, 0.039, -0.062, -0.053, -0.092, 0.020, 0.176, -0.023, -0.026, 0.229, 0.028, -0.006, 0.029, 0.038,
    -0.119, -0.018, -0.113, -0.025, 0.043, -0.106, 0.018, 0.101, -0.176, 0.162, -0.039, -0.029, -0.008, -0.017, -0.070, 0.012,
    0.151, -0.233, 0.206, 0.156, -0.032, 0.122, 0.070, 0.068, -0.009, 0.004, -0.125, -0.126, 0.030, -0.023, 0.024, 0.042,
)  # fmt: skip
"""The mean face in dlib's space of 128 numbers: that of the 99 faces that BlazeFace finds among the 100 of LFW (Huang et al. 2007) that come with
scikit-image as `lfw_subset`, enlarged to 200 pixels.

All faces lie within 0.7 of it and it lies 1.28 from the origin, so that cosines of the raw numbers are above 0.8 for strangers, too. Seen from the
mean face the cosine tells more than the distance: over 43 people the errors are equal at 0.49 with 0.2 %, by distance at 0.56 with 1.6 %; at dlib's own
gate of 0.6 it takes 4.8 % of strangers for the same, at a cosine of 0.5 0.1 % (`benchmarks/faces.py`; forty of the people are thumbnails of LFW, which the mean comes from)."""

LEAST_HEADS, MOST_HEADS = 4.2, 8.5
"""Heights of a whole person in heads with their hair; a child of one year has about four, a grown-up seven to eight (Loomis 1943)."""
SLENDER = 0.6  # width by height, up to which somebody stands; arms hang or are bent
EDGE = 0.985  # of the picture's height; whoever reaches further down is cut off


@dataclass(frozen=True)
class Person:
    """Somebody as the nets found them; boxes are fractions of the picture.

    `face` goes from the brows to the chin, `head` from the top of the hair to the chin, `body` around all that belongs to them, None where that
    cannot be told. `numbers` are dlib's 128, () for a face that is too small to be anybody's. `palettes` are of "hair", "skin" and "clothes".
    `long_hair` is None where the picture does not show it. `dark_glasses` hide the eyes.
    """

    face: Box
    head: Box
    body: Box | None
    sure: float
    numbers: tuple[float, ...] = ()
    palettes: Mapping[str, Palette] = field(default_factory=dict)
    long_hair: bool | None = None
    dark_glasses: bool = False


class Faces(Protocol):
    """Nets that find people by their faces, lent by the floor above."""

    @property
    def licence(self) -> str:
        """That of their weights."""

    @property
    def revision(self) -> str:
        """Changes whenever they would find something else."""

    def unready(self) -> str:
        """Why they cannot look on this machine, with what to do; "" when they can."""

    def people(self, picture: Image) -> Sequence[Person]:
        """Everybody whose face is seen, the largest first."""

    def close(self) -> None:
        """Give memory back."""


@dataclass
class PeopleReader:
    """Reads people whose faces are seen: who and how many they are, colours of hair, skin and clothes, and how tall they stand.

    Children are known less surely than grown-ups by dlib's net, which learned from grown-ups. What is drawn flat has no face for these nets.
    """

    faces: Faces
    name: str = "people"
    reads: frozenset[Thing] = frozenset({"figures", "identity", "hair", "skin", "clothes", "height"})

    @property
    def licence(self) -> str:
        """That of the nets."""
        return self.faces.licence

    @property
    def revision(self) -> str:
        """Of the nets, and of what is made of their findings here."""
        return f"people-{VERSION}-{self.faces.revision}"

    def unready(self) -> str:
        """Why it cannot read on this machine, with what to do; "" when it can."""
        return self.faces.unready()

    def read(self, picture: Image, question: Question) -> Reading:
        """Everybody whose face is seen, the surest first."""
        found = self.faces.people(picture)
        figures = tuple(sorted((_seen(one, picture) for one in found), key=lambda one: -one.sure))
        told: dict[Thing, bool] = {
            "figures": True,
            "identity": any("face" in one.vectors for one in figures),
            "height": any(one.standing is not None for one in figures),
        }
        told |= {part: any(part in one.palettes for one in figures) for part in PARTS}
        unread: dict[str, str] = {
            thing: _why(thing) if figures else "nobody's face is seen"
            for thing, yes in told.items()
            if not yes
        }
        return Reading(figures, read={thing: self.name for thing, yes in told.items() if yes}, unread=unread)

    def close(self) -> None:
        """Give memory back."""
        self.faces.close()


PARTS: tuple[Thing, ...] = ("hair", "skin", "clothes")


def face_vector(numbers: Sequence[float]) -> tuple[float, ...]:
    """dlib's 128 numbers as a unit vector from the mean face, of which the cosine tells: of one person 0.6 and more, of two people 0.4 and less.

    Raises `ValueError` for another count.
    """
    if len(numbers) != len(CENTRE):
        raise ValueError(f"a face has {len(CENTRE)} numbers, not {len(numbers)}")
    from_mean = [number - middle for number, middle in zip(numbers, CENTRE, strict=True)]
    long = sqrt(sum(number * number for number in from_mean)) or 1.0
    return tuple(round(number / long, 5) for number in from_mean)


def standing_of(head: Box, body: Box | None, aspect: float) -> float | None:
    """How high somebody stands by the height of the picture, from the top of the hair to the feet; `aspect` is the picture's width by its height.

    None for whoever is cut off below, sits, lies, or has not the height of a person in heads: what hides the feet hides the height.
    """
    if body is None or head.h <= 0 or body.bottom > EDGE or body.y < 0.002:
        return None
    tall = body.bottom - min(head.y, body.y)
    upright = body.w * aspect <= SLENDER * tall
    return round(tall, 4) if upright and LEAST_HEADS <= tall / head.h <= MOST_HEADS else None


def _seen(person: Person, picture: Image) -> Seen:
    traits = {}
    if person.long_hair is not None:
        traits["hair_length"] = "long" if person.long_hair else "short"
    if person.dark_glasses:
        traits["glasses"] = "dark"
    return Seen(
        box=person.body or person.head,
        sure=person.sure,
        head=person.head,
        palettes=person.palettes,
        traits=traits,
        vectors={"face": face_vector(person.numbers)} if person.numbers else {},
        standing=standing_of(person.head, person.body, picture.width / picture.height),
    )


def _why(thing: Thing) -> str:
    return {
        "identity": "the faces are too small to be anybody's",
        "height": "nobody stands upright and is seen from head to toe",
    }.get(thing, f"the {thing} of nobody is seen well enough")
