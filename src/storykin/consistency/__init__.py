"""Crafts: what makes the same people appear on every page.

A method of consistency is a function `Shot -> Shot`; `chain` joins several. The storyboard turns a
story into shots and runs the method over each. No painter is known here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

from storykin.shot import Shot


@dataclass(frozen=True)
class Setting:
    """What all shots of a book have in common.

    `aspect` is width by height of one page with its bleed, `height` the picture's height in
    pixels. `met` are the characters who have been described on an earlier page.
    """

    art: str = "flat"
    seed: int = 0
    reader_age: int = 5
    aspect: float = 1.0
    height: int = 1024
    steps: int = 0
    guidance_scale: float = 0.0
    met: frozenset[str] = frozenset()


Method = Callable[[Shot, Setting], Shot]


def chain(*methods: Method) -> Method:
    """One method that runs the given ones in order."""
    return lambda shot, setting: reduce(lambda so_far, method: method(so_far, setting), methods, shot)
