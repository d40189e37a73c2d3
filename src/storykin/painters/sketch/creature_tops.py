"""Painters, sketch: what grows on heads: manes, horns, antlers, combs, crests, feelers, wool."""

# fmt: off
# One shape, one line: outlines are read as tables of coordinates.

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from storykin.painters.sketch.creature_shapes import limb, rounded
from storykin.painters.sketch.ink import (
    Point,
    circle,
    mix,
    n,
    path,
    shade,
    stroke,
)


@dataclass(frozen=True)
class Coat:
    """The colours of one creature, settled once from its kind and look."""

    main: str
    belly: str
    mark: str
    ear: str
    far: str
    inner: str
    nose: str
    eye: str
    marks: str


class Place(Protocol):
    """A point of a turned head, from fractions of its half width; `side` -1 mirrors it."""

    def __call__(self, x: float, y: float, side: int = 1) -> Point: ...


def _mane(coat: Coat, r: float, at: Place) -> str:
    rays = []
    for i in range(22):
        turn, far = math.tau * i / 22, 1.52 if i % 2 else 1.34
        rays.append((math.sin(turn) * far * r, (0.08 - math.cos(turn) * far) * r))
    return rounded(rays, coat.mark)


def _frill(coat: Coat, r: float, at: Place) -> str:
    fan = []
    for i in range(13):
        turn = math.radians(-126 + 21 * i)
        far = 1.72 if i % 2 == 0 else 1.52
        fan.append((math.sin(turn) * far * r, -math.cos(turn) * far * r * 0.9))
    inner = [(x * 0.8, y * 0.8) for x, y in fan]
    return rounded(fan, coat.mark) + rounded(inner, mix(coat.mark, coat.belly, 0.4), "none")


def _horn(coat: Coat, r: float, at: Place, x: float, y: float, points: tuple[Point, ...], thick: float, fill: str) -> str:
    return "".join(limb([at(x + dx, y + dy, side) for dx, dy in ((0, 0), *points)], thick * r, thick * r * 0.22, fill)
                   for side in (-1, 1))


def _horns(coat: Coat, r: float, at: Place) -> str:
    return _horn(coat, r, at, 0.44, -0.66, ((0.26, -0.34), (0.24, -0.74)), 0.34, "#f4e6c5")


def _stubs(coat: Coat, r: float, at: Place) -> str:
    return _horn(coat, r, at, 0.36, -0.72, ((0.2, -0.16), (0.22, -0.42)), 0.24, "#efdfbb")


def _goathorns(coat: Coat, r: float, at: Place) -> str:
    return _horn(coat, r, at, 0.26, -0.76, ((0.06, -0.42), (0.4, -0.72)), 0.22, "#cdb68e")


def _antlers(coat: Coat, r: float, at: Place) -> str:
    fill = "#a8845c"
    twigs = "".join(limb([at(a, b, side), at(c, d, side)], 0.12 * r, 0.08 * r, fill) for side in (-1, 1)
                    for a, b, c, d in ((0.52, -1.2, 0.32, -1.6), (0.68, -1.5, 0.98, -1.66)))
    return twigs + _horn(coat, r, at, 0.32, -0.76, ((0.2, -0.44), (0.38, -0.78), (0.34, -1.14)), 0.16, fill)


def _unicorn(coat: Coat, r: float, at: Place) -> str:
    (bx, by), (tx, ty) = at(0.05, -0.68), at(0.16, -1.95)
    d = f"M{n(bx - r * 0.17)} {n(by)}L{n(tx)} {n(ty)}L{n(bx + r * 0.19)} {n(by)}Q{n(bx)} {n(by + r * 0.12)} {n(bx - r * 0.17)} {n(by)}Z"
    rings = "".join(
        stroke(f"M{n(bx + (tx - bx) * k - r * 0.16 * (1 - k))} {n(by + (ty - by) * k)}l{n(r * 0.34 * (1 - k))} {n(-r * 0.1)}",
               "#c98f2f", r * 0.045) for k in (0.14, 0.36, 0.58))
    return path(d, "#f6cf6a") + rings


def _forelock(coat: Coat, r: float, at: Place) -> str:
    return rounded([at(x, y) for x, y in ((-0.3, -0.96), (0.08, -1.12), (0.36, -0.94), (0.42, -0.5), (0.2, -0.18), (0.12, -0.5), (-0.06, -0.24), (-0.14, -0.56))], coat.mark)


def _ossicones(coat: Coat, r: float, at: Place) -> str:
    return "".join(
        limb([at(0.3, -0.72, side), at(0.36, -1.24, side)], 0.2 * r, 0.15 * r, coat.main) + circle(*at(0.37, -1.32, side), 0.17 * r, coat.mark)
        for side in (-1, 1)
    )


def _comb(coat: Coat, r: float, at: Place) -> str:
    red = coat.mark
    bumps = "".join(circle(*at(x, y), r * k, red) for x, y, k in ((-0.3, -0.98, 0.24), (0.32, -0.98, 0.24), (0.0, -1.12, 0.3)))
    return bumps


def _wattle(coat: Coat, r: float, at: Place) -> str:
    return ""


def _crest(coat: Coat, r: float, at: Place) -> str:
    return "".join(limb([at(x, -0.8), at(x * 1.6 - 0.05, -1.12), at(x * 2.4 - 0.2, -1.36 + abs(x) * 0.4)], 0.24 * r, 0.1 * r, coat.main)
                   for x in (-0.2, 0.14, -0.02))


def _quiff(coat: Coat, r: float, at: Place) -> str:
    strands = ((-0.16, -1.2), (0.02, -1.34), (0.2, -1.22))
    return "".join(stroke("M{} {}Q{} {} {} {}".format(*(n(v) for v in (*at(0, -0.88), *at(x * 0.3, y + 0.2), *at(x, y)))), coat.mark, r * 0.1)
                   for x, y in strands)


def _wool(coat: Coat, r: float, at: Place) -> str:
    return rounded([at(x, y) for x, y in ((-0.74, -0.44), (-0.84, -0.78), (-0.5, -1.12), (-0.18, -1.08), (0.16, -1.22), (0.5, -1.1), (0.86, -0.78), (0.74, -0.44), (0.4, -0.3), (0.1, -0.46), (-0.3, -0.3))], coat.main)


def _beard(coat: Coat, r: float, at: Place) -> str:
    return rounded([at(x, y) for x, y in ((-0.24, 1.04), (0, 1.12), (0.24, 1.04), (0.16, 1.42), (0.04, 1.66), (-0.12, 1.4))], coat.belly)


def _antenna(coat: Coat, r: float, at: Place) -> str:
    (ax, ay), (bx, by) = at(0, -0.8), at(0, -1.26)
    return stroke(f"M{n(ax)} {n(ay)}L{n(bx)} {n(by)}", shade(coat.main, -0.35), r * 0.1) + circle(bx, by - r * 0.1, r * 0.19, coat.mark)


def _antennae(coat: Coat, r: float, at: Place) -> str:
    parts = []
    for side in (-1, 1):
        (ax, ay), (bx, by), (cx, cy) = at(0.3, -1.1, side), at(0.36, -1.6, side), at(0.66, -1.76, side)
        parts.append(stroke(f"M{n(ax)} {n(ay)}Q{n(bx)} {n(by)} {n(cx)} {n(cy)}", shade(coat.main, -0.3), r * 0.1))
        parts.append(circle(cx, cy, r * 0.17, coat.mark))
    return "".join(parts)


def _bumps(coat: Coat, r: float, at: Place) -> str:
    return "".join(circle(*at(0.42, -0.68, side), r * 0.34, coat.main) for side in (-1, 1))


def _spinehair(coat: Coat, r: float, at: Place) -> str:
    rays = []
    for i in range(17):
        turn, far = math.radians(-120 + 15 * i), 1.36 if i % 2 == 0 else 1.12
        rays.append((math.sin(turn) * far * r, -math.cos(turn) * far * r))
    return path("M" + "L".join(f"{n(x)} {n(y)}" for x, y in rays) + "Z", coat.mark)


def _headspikes(coat: Coat, r: float, at: Place) -> str:
    parts = []
    for turn, size in ((-62, 0.34), (-34, 0.4), (-6, 0.42), (20, 0.34)):
        a = math.radians(turn)
        (ox, oy), (sx, sy) = (math.sin(a) * r, -math.cos(a) * r), (math.cos(a) * r, math.sin(a) * r)
        base, tip = 0.82, 0.86 + size
        parts.append(path(f"M{n(ox * base - sx * 0.24)} {n(oy * base - sy * 0.24)}Q{n(ox * tip - sx * 0.2)} {n(oy * tip - sy * 0.2)} {n(ox * tip)} {n(oy * tip)}Q{n(ox * tip + sx * 0.1)} {n(oy * tip + sy * 0.1)} {n(ox * base + sx * 0.24)} {n(oy * base + sy * 0.24)}Z", coat.mark))
    return "".join(parts)


def _threehorns(coat: Coat, r: float, at: Place) -> str:
    ivory = "#f7ecd2"
    brows = "".join(limb([at(0.46, -0.5, side), at(0.58, -0.86, side), at(0.56, -1.2, side)], 0.26 * r, 0.07 * r, ivory) for side in (-1, 1))
    look = at(0, 1)[0] / (r * 0.132)
    (x, y), (tx, ty) = at(look * 0.26, 0.36), at(look * 0.4, -0.1)
    return brows + path(f"M{n(x - r * 0.14)} {n(y)}Q{n(tx - r * 0.04)} {n(ty + r * 0.1)} {n(tx)} {n(ty)}Q{n(x + r * 0.14)} {n(ty + r * 0.2)} {n(x + r * 0.16)} {n(y)}Q{n(x)} {n(y + r * 0.08)} {n(x - r * 0.14)} {n(y)}Z", ivory)


Grown = Callable[[Coat, float, Place], str]
BEHIND: dict[str, Grown] = {"mane": _mane, "spinehair": _spinehair, "headspikes": _headspikes, "frill": _frill, "horns": _horns, "antlers": _antlers, "goathorns": _goathorns,
                            "stubs": _stubs, "crest": _crest, "comb": _comb, "antenna": _antenna, "bumps": _bumps,
                            "antennae": _antennae, "ossicones": _ossicones, "beard": _beard}
ABOVE: dict[str, Grown] = {"threehorns": _threehorns, "forelock": _forelock, "unicorn": _unicorn, "wool": _wool, "quiff": _quiff}
