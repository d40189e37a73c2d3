"""Painters, sketch: the stage on which scenery is set up, and how a thing finds its spot on it.

Knows perspective, the edges of the picture and the zone that stays calm for words; knows no place.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from storykin.painters.sketch.drawn import Drawn
from storykin.painters.sketch.ink import colour, mix, moved, shadow
from storykin.scene import Time, Weather

_HUES = "red|crimson|orange|yellow|golden|green|turquoise|teal|blue|navy|purple|violet|lilac|lavender|pink|brown|white|grey|gray"

Zone = tuple[float, float, float, float]


@dataclass(frozen=True)
class Stage:
    """How a place is looked at, in canvas units: 1000 high, y downwards.

    `ground` is where the figures' feet stand, `scale` how many units a centimetre of the story's
    world has there, `calm` the zone of the words (x, y, width, height). `pan` is how far the camera is
    turned to the left, in centimetres of the story's world; `used` names a piece of furniture that a
    figure has for itself, so that the place leaves it out. Nothing in the foreground covers `shown`.
    """

    width: float = 1000.0
    height: float = 1000.0
    ground: float = 820.0
    scale: float = 3.0
    time: Time = "day"
    weather: Weather = "clear"
    calm: Zone | None = None
    pan: float = 0.0
    used: str = ""
    shown: tuple[Zone, ...] = ()


@dataclass(frozen=True)
class Layers:
    """A painted place: behind the figures, before them, and light and weather above everything."""

    back: str
    front: str
    over: str


class Scenery:
    """A place while it is being set up: drawings collected from far to near.

    `mood` says what the light does: "outdoor", "indoor", or "own" for places without weather.
    `base` is the foot of the back wall, `horizon` the height of the eye. Distances in a place are in
    centimetres from the picture's middle; a close view draws them together a little, so that a
    room is still a room.
    """

    def __init__(self, words: str, stage: Stage, name: str) -> None:
        self.stage, self.name = stage, name
        self.words = " ".join(
            w for w in words.lower().split() if w not in ("the", "a", "an", "my", "our", "at", "in")
        )
        self.w, self.g, self.s = stage.width, stage.ground, stage.scale
        self.dice = Random(self.words)
        self.flip = -1 if self.words != name and self.dice.random() < 0.5 else 1
        named = re.search(rf"\b((dark|light) )?({_HUES})\b", self.words)
        self.hue = mix(colour(named[0]), "#efe6d8", 0.3) if named else ""
        self.mood = "outdoor"
        self.base = self.g - 20 * self.s - 8
        self.horizon = self.g - max(150.0, min(300.0, 62 * self.s))
        self.pull = min(1.35, max(0.74, math.sqrt(self.w / 2 / self.s / 190)))
        self.back: list[str] = []
        self.front: list[str] = []
        self.lamps: list[tuple[float, float, float]] = []
        self.veil: tuple[str, float] | None = None  # over all, figures too, where the place has its own light

    def pick(self, *choices: str) -> str:
        """The colour that the place's words name, else the first choice for the plain place, else one by its words."""
        if self.hue:
            return self.hue
        return choices[0] if self.words == self.name else self.dice.choice(choices)

    def add(self, *drawings: str) -> None:
        """Paint over all that is there."""
        self.back.extend(drawings)

    def at(self, y: float) -> float:
        """Units per centimetre for things that stand at height `y` of the picture."""
        if self.mood == "indoor":
            return self.s * (1 - 0.07 * (self.g - y) / (self.g - self.base))
        return self.s * max(0.1, 0.2 + 0.8 * (y - self.horizon) / (self.g - self.horizon))

    def deep(self, depth: float) -> float:
        """The y of the ground `depth` far away: 0 where the figures stand, 1 at the horizon or wall."""
        return self.g - depth * (self.g - (self.base if self.mood == "indoor" else self.horizon))

    def x(self, cm: float, y: float) -> float:
        """The canvas x of a distance from the middle, for things that stand at `y`."""
        return self.w / 2 + (self.flip * cm + self.stage.pan) * self.pull * self.at(y)

    def free(self, x: float, y: float, w: float, h: float, allow: float = 0.01) -> bool:
        """Whether a rectangle is in the picture and keeps clear of the calm zone."""
        if x > self.w or x + w < 0 or y > 1000 or y + h < 0:
            return False
        if self.stage.calm is None:
            return True
        cx, cy, cw, ch = self.stage.calm
        wide, high = min(x + w, cx + cw) - max(x, cx), min(y + h, cy + ch) - max(y, cy)
        return wide <= 0 or high <= 0 or wide * high <= allow * w * h

    def put(self, thing: Drawn, x: float, depth: float = 1.0, *others: Drawn, size: float = 1.0, mirror: bool = False,
            shade: float = 0.2) -> bool:  # fmt: skip
        """Stand a thing on the ground, or the first of `others` that keeps clear of the words; False if none does."""
        y = self.deep(depth)
        cx = self.x(x, y)
        for one, small in (
            (thing, 1.0),
            (thing, 0.78),
            (thing, 0.6),
            (thing, 0.46),
            *((other, 1.0) for other in others),
        ):
            if small < 1.0 and (not others or depth < 0.35):
                continue  # what is far away may be smaller and so farther still; near things keep their size
            k = self.at(y) * size * small
            w, h = one.width * k, one.height * k
            if not self.free(cx - w / 2, y - h, w, h):
                continue
            if shade:
                self.add(shadow(cx + w * 0.05, y, w * 0.56, max(3.0, min(w * 0.09, 7 * k)), shade))
            self.add(moved(one.svg, cx, y, k, mirror=mirror != (self.flip < 0)))
            return True
        return False

    def put_first(self, thing: Drawn, xs: Sequence[float], depth: float = 1.0) -> bool:
        """Stand what makes the place itself (a station's train) at the first of `xs` that keeps clear of the words."""
        return any(self.put(thing, x, depth) for x in xs)

    def hang(
        self, thing: Drawn, x: float, up: float, size: float = 1.0, least: float = 40.0
    ) -> tuple[float, float] | None:
        """Hang a thing on the wall, its lower edge `up` cm high, lower (not under `least`) where words need the room.

        Gives the canvas point of its middle below, None if it does not fit.
        """
        k = self.at(self.base) * size
        cx, w, h = self.x(x, self.base), thing.width * k, thing.height * k
        for lower in range(0, 6):
            y = self.base - (up + (least - up) * lower / 5 if up > least else up) * k
            if self.free(cx - w / 2, y - h, w, h):
                self.add(moved(thing.svg, cx, y, k, mirror=self.flip < 0))
                return cx, y
        return None

    def near(self, thing: Drawn, side: float, y: float, size: float = 1.0, mirror: bool = False) -> None:
        """A thing nearer than the figures at `side` (0 left, 1 right edge), only if it leaves middle and words free."""
        side = 1 - side if self.flip < 0 else side
        k = self.s * size
        cx, w, h = side * self.w, thing.width * k, thing.height * k
        left, right = cx - w / 2, cx + w / 2
        if (right > 0.2 * self.w and left < 0.8 * self.w and y - h < self.g) or not self.free(
            left - 0.15 * w, y - h, 1.3 * w, h, 0.0
        ):
            return
        for a, b, wide, high in self.stage.shown:
            if (
                min(right, a + wide) - max(left, a) > 0.12 * wide
                and min(y, b + high) - max(y - h, b) > 0.12 * high
            ):
                return
        self.front.append(moved(thing.svg, cx, y, k, mirror=mirror != (self.flip < 0)))
