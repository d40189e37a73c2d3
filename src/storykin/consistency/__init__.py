"""Crafts: what makes the same people appear on every page.

A method of consistency is a function `Shot -> Shot`; `chain` joins several. The storyboard turns a
story into shots and runs the method over each. No painter is known here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING, Literal

from storykin.character import Character
from storykin.scene import Facing
from storykin.shot import Apart, Shot

if TYPE_CHECKING:
    from storykin.consistency.styles import Style


@dataclass(frozen=True)
class Setting:
    """What all shots of a book have in common.

    `aspect` is width by height of one page with its bleed, `height` the picture's height in
    pixels. `met` are the characters who have been described on an earlier page. The painter's `dialect`, `powers` and `adapters_of` are
    its own words (see `painters.Painter`). `known` are the characters of the shelf with their adapters and references, `photos` the start images
    given by hand, by page; `start` is where the other pages begin ("sketch", "before", "none", "" as the method likes), `strength` how far they may
    leave it. `apart` says how several adapters are kept from each other; `styles` are those that the book knows. `area` is how many pixels a
    picture may have at most, 0 for any number. `hears` is the family whose negative prompts the painter hears, "" for its dialect's. `consistency` are the names of the methods that are joined. `turn` is the way the
    pages go: "right", or "left" in a language that is written so. `closer` is the share of the picture's height below which somebody who stands is painted once more from near by.
    """

    art: str = "flat"
    seed: int = 0
    reader_age: int = 5
    aspect: float = 1.0
    height: int = 1024
    steps: int = 0
    guidance_scale: float = 0.0
    met: frozenset[str] = frozenset()
    dialect: Literal["", "sentences", "phrases"] = ""
    powers: frozenset[str] = frozenset()
    adapters_of: tuple[str, ...] = ()
    known: tuple[Character, ...] = ()
    photos: tuple[tuple[int, str], ...] = ()
    start: Literal["", "sketch", "before", "none"] = ""
    strength: float = 0.5
    apart: Apart = ""
    area: int = 0
    hears: str = ""
    consistency: str = ""
    styles: Mapping[str, "Style"] = field(default_factory=dict)
    turn: Facing = "right"
    closer: float = 0.0


Method = Callable[[Shot, Setting], Shot]


def chain(*methods: Method) -> Method:
    """One method that runs the given ones in order."""
    return lambda shot, setting: reduce(lambda so_far, method: method(so_far, setting), methods, shot)
