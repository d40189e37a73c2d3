"""Crafts: from a picture to what is in it. Readers observe and know no verdicts; `judging` holds what they saw against what the scene promised.

One principle runs through the room: what somebody should look like is read by the same reader, from pictures that are known
to show them, as what they do look like. So no table of words stands between the two, and a reader's habits cancel out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from storykin.colours import Lab
from storykin.scene import Box

if TYPE_CHECKING:
    from PIL.Image import Image

Thing = Literal[
    "figures",
    "identity",
    "hair",
    "skin",
    "clothes",
    "height",
    "place",
    "action",
    "words",
    "safety",
    "technical",
]
"""What can be read from a picture. What no reader reads is told as "not read" and never counts as passed."""

Palette = tuple[tuple[Lab, float], ...]
"""Colours of a region with their shares, 0 to 1 and together 1, the largest first."""


@dataclass(frozen=True)
class Seen:
    """One figure as a reader saw it.

    `box` holds the whole figure and `head` its head with the hair, in fractions of the picture. `sure` is how sure the reader is that
    there is somebody, 0 to 1. `kind` is "child", "grown-up", "dog" …, "" where it was not read. `palettes` are the colours of "hair", "skin",
    "clothes" (and "coat" for animals), in plain daylight where the reader can tell the light of the picture from them. `traits` are words by what they
    are about ("hair_style": "pigtails", "glasses": "round"), `chances` the whole distributions behind them, by trait and word. `vectors` say who it is, as unit vectors by the
    space they live in ("face", "image", "drawn"): two of the same space are compared by their cosine. `standing` is how high the figure would stand
    upright, by the height of the picture, None where it cannot be told.
    """

    box: Box
    sure: float = 1.0
    kind: str = ""
    head: Box | None = None
    palettes: Mapping[str, Palette] = field(default_factory=dict)
    traits: Mapping[str, str] = field(default_factory=dict)
    chances: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    vectors: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    standing: float | None = None


@dataclass(frozen=True)
class Reading:
    """What readers saw in one picture; None and missing keys are what was not read.

    `figures` are those seen, the surest first. `scores` are 0 to 1 by what they are about: "place", "action", "safety" (1 is safe). `words` are those painted into the picture. `marks`
    are technical findings with their measure: "blank", "blurred", "banded", "head cut off", "pasted". `read` is what was read at all, by
    the name of the reader that did it ("people, finder" where several did), `unread` why something was not; a key that is no `Thing` ("fright") is a part of
    one that was not looked for, though the rest of it was.
    """

    figures: tuple[Seen, ...] | None = None
    scores: Mapping[str, float] = field(default_factory=dict)
    words: tuple[str, ...] | None = None
    marks: Mapping[str, float] = field(default_factory=dict)
    read: Mapping[str, str] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """What a reader may know of a picture before it looks: words for the place and for what happens, and pictures that it might be a copy of."""

    place: str = ""
    happening: str = ""
    references: Sequence["Image"] = ()


class Reader(Protocol):
    """Turns a picture into observations.

    `reads` is what it can read, `licence` that of the weights that it uses ("" where it uses none). `revision` changes whenever the same picture would be read
    otherwise.
    """

    @property
    def name(self) -> str: ...

    @property
    def reads(self) -> frozenset[Thing]: ...

    @property
    def licence(self) -> str: ...

    @property
    def revision(self) -> str: ...

    def unready(self) -> str:
        """Why it cannot read on this machine, with what to do; "" when it can. Loads nothing."""

    def read(self, picture: "Image", question: Question) -> Reading:
        """What it sees in an RGB picture of any size. Raises nothing for a picture in which there is nothing to see."""

    def close(self) -> None:
        """Give memory back; it may be used again afterwards."""
