"""Painters, sketch: everything worn on a head, about the point between the eyes, in half-widths of the head.

A hat has a part behind the head and a part over it; `covers` says whether hair must give way to it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from storykin.painters.sketch.body import curve, disc, rough, shape
from storykin.painters.sketch.hair import scallop, turn
from storykin.painters.sketch.ink import Point, shade
from storykin.painters.sketch.wear import Garment


@dataclass(frozen=True)
class Hat:
    """A drawn hat: `behind` the head, `over` it."""

    behind: str = ""
    over: str = ""


@dataclass(frozen=True)
class Hatter:
    """One hat being drawn for a head of half-width `r`; its shapes are in half-widths."""

    garment: Garment
    r: float
    look: float
    line: float

    @property
    def fill(self) -> str:
        return self.garment.fill or "#d9513f"

    @property
    def second(self) -> str:
        return self.garment.second or shade(self.fill, -0.22)

    def x(self, x: float) -> float:
        return turn(x, self.look)

    def soft(
        self, points: Sequence[Point], fill: str = "", line: str | None = None, opacity: float = 1.0
    ) -> str:
        return self.hard(curve(points), fill, line, opacity)

    def hard(
        self, points: Sequence[Point], fill: str = "", line: str | None = None, opacity: float = 1.0
    ) -> str:
        return shape(
            [(x * self.r, y * self.r) for x, y in points], fill or self.fill, line, self.line, opacity
        )

    def stroke(self, points: Sequence[Point], fill: str, wide: float = 1.0) -> str:
        return rough([(x * self.r, y * self.r) for x, y in curve(points, False)], fill, self.line * wide)

    def dome(self, fill: str = "", high: float = -1.36, low: float = -0.46, wide: float = 1.1) -> str:
        """The crown of most hats: round over the skull, its edge curved round the forehead."""
        k = self.look
        top = [
            (-wide - 0.03 * k, low),
            (-wide * 0.98 - 0.03 * k, low - 0.3),
            (-wide * 0.66, high + 0.16),
            (0, high),
            (wide * 0.66 - 0.02 * k, high + 0.16),
            (wide * 0.98 - 0.05 * k, low - 0.3),
            (wide - 0.05 * k, low),
        ]
        edge = [(wide * 0.55, low + 0.1), (0, low + 0.13), (-wide * 0.55, low + 0.1)]
        return self.hard([*curve(top, False), *curve([top[-1], *edge, top[0]], False)[1:-1]], fill)

    def rim(self, fill: str = "", low: float = -0.46, thick: float = 0.24, wide: float = 1.15) -> str:
        """A band round the forehead."""
        k = self.look
        up = [
            (-wide - 0.03 * k, low - thick),
            (-wide * 0.5, low - thick + 0.1),
            (0, low - thick + 0.13),
            (wide * 0.5, low - thick + 0.1),
            (wide - 0.05 * k, low - thick),
        ]
        down = [
            (wide - 0.04 * k, low),
            (wide * 0.5, low + 0.11),
            (0, low + 0.14),
            (-wide * 0.5, low + 0.11),
            (-wide - 0.03 * k, low),
        ]
        return self.hard([*curve(up, False), *curve(down, False)], fill)

    def brim(
        self, fill: str = "", at: float = -0.46, wide: float = 1.75, thick: float = 0.2, sag: float = 0.14
    ) -> str:
        """A brim all round, seen a little from above."""
        k = 0.08 * self.look
        return self.soft(
            [
                (-wide + k, at + sag * 0.2),
                (-wide * 0.6 + k, at - thick * 0.6),
                (k, at - thick),
                (wide * 0.6 + k, at - thick * 0.6),
                (wide + k, at + sag * 0.2),
                (wide * 0.62 + k, at + thick * 0.7 + sag * 0.6),
                (k, at + thick + sag),
                (-wide * 0.62 + k, at + thick * 0.7 + sag * 0.6),
            ],
            fill,
        )

    def peak(self, fill: str = "", at: float = -0.46) -> str:
        """The peak of a cap, to the front or to the side that the head is turned to."""
        if self.look:
            return self.soft(
                [
                    (0.15, at + 0.02),
                    (0.7, at - 0.08),
                    (1.2, at - 0.02),
                    (1.72, at + 0.14),
                    (1.66, at + 0.24),
                    (1.0, at + 0.2),
                    (0.4, at + 0.2),
                ],
                fill,
            )
        return self.soft(
            [
                (-0.78, at + 0.0),
                (0, at - 0.02),
                (0.78, at + 0.0),
                (0.86, at + 0.2),
                (0.45, at + 0.34),
                (0, at + 0.38),
                (-0.45, at + 0.34),
                (-0.86, at + 0.2),
            ],
            fill,
        )


def _star(at: Point, r: float) -> list[Point]:
    return [
        (
            at[0] + r * (1 if i % 2 == 0 else 0.46) * math.sin(math.pi * i / 5),
            at[1] - r * (1 if i % 2 == 0 else 0.46) * math.cos(math.pi * i / 5),
        )
        for i in range(10)
    ]


def _cap(h: Hatter) -> Hat:
    button = h.hard(disc((0, -1.37), 0.09))
    seams = h.stroke([(h.x(-0.3), -0.36), (h.x(-0.32), -0.9), (0, -1.33)], h.second, 1.0) + h.stroke(
        [(h.x(0.3), -0.36), (h.x(0.32), -0.9), (0, -1.33)], h.second, 1.0
    )
    return Hat("", button + h.dome() + seams + h.peak(h.garment.second or shade(h.fill, -0.1)))


def _woolly(h: Hatter) -> Hat:
    ball = h.hard(scallop(disc((0, -1.58), 0.3, sides=24), 0.2), h.garment.second or shade(h.fill, 0.5))
    band = h.rim(h.garment.second or shade(h.fill, 0.28), thick=0.3, wide=1.17)
    ribs = "".join(
        h.stroke([(x, -0.68 + 0.12 * (1 - x * x)), (x, -0.46 + 0.12 * (1 - x * x))], shade(h.fill, -0.1), 0.9)
        for x in (-0.9, -0.6, -0.3, 0.0, 0.3, 0.6, 0.9)
    )
    dots = "".join(
        h.hard(_star((h.x(x), y), 0.13), h.garment.second or shade(h.fill, 0.5), "none")
        for x, y in ((-0.55, -0.98), (0.0, -1.1), (0.55, -0.98))
    )
    return Hat("", ball + h.dome(high=-1.42) + dots + band + ribs)


def _brimmed(h: Hatter, high: float, wide: float, band: str, pinch: bool = False, curl: float = 0.0) -> Hat:
    k = h.look
    crown = [
        (-0.86, -0.5),
        (-0.84, -0.95),
        (-0.66, high + 0.1),
        (-0.3, high),
        (0.0, high + (0.14 if pinch else -0.02)),
        (0.3, high),
        (0.66, high + 0.1),
        (0.82, -0.95),
        (0.84, -0.5),
        (0, -0.42),
    ]
    ribbon = [(-0.87, -0.72), (0, -0.62), (0.85, -0.72), (0.85, -0.5), (0, -0.38), (-0.87, -0.5)]
    if curl:
        k8 = 0.06 * k
        rim = h.soft(
            [
                (-wide + k8, -0.48 - curl),
                (-1.0 + k8, -0.56),
                (k8, -0.6),
                (1.0 + k8, -0.56),
                (wide + k8, -0.48 - curl),
                (wide * 0.8 + k8, -0.34),
                (k8, -0.24),
                (-wide * 0.8 + k8, -0.34),
            ]
        )
        return Hat(
            "",
            rim
            + h.soft(crown)
            + h.soft(ribbon, band)
            + h.soft(
                [
                    (-wide + k8, -0.48 - curl),
                    (-0.9 + k8, -0.42),
                    (k8, -0.37),
                    (0.9 + k8, -0.42),
                    (wide + k8, -0.48 - curl),
                    (wide * 0.8 + k8, -0.34),
                    (k8, -0.24),
                    (-wide * 0.8 + k8, -0.34),
                ]
            ),
        )
    return Hat("", h.brim(wide=wide) + h.soft(crown) + h.soft(ribbon, band))


def _straw(h: Hatter) -> Hat:
    hat = _brimmed(h, -1.24, 1.72, h.garment.second or "#d9513f")
    weave = "".join(
        h.stroke([(-0.7, y), (0, y + 0.07), (0.7, y)], shade(h.fill, -0.16), 0.8)
        for y in (-0.86, -1.0, -1.12)
    )
    return Hat("", hat.over + weave)


def _wizard(h: Hatter) -> Hat:
    cone = h.soft(
        [
            (-0.92, -0.48),
            (-0.62, -1.1),
            (-0.34, -1.75),
            (-0.2, -2.35),
            (-0.34, -2.72),
            (0.12, -2.5),
            (0.34, -1.9),
            (0.62, -1.1),
            (0.92, -0.48),
            (0, -0.36),
        ]
    )
    gold = h.garment.second or "#f3c94f"
    band = h.soft([(-0.9, -0.7), (0, -0.6), (0.88, -0.7), (0.94, -0.46), (0, -0.34), (-0.95, -0.46)], gold)
    stars = "".join(
        h.hard(_star(at, r), gold, "none")
        for at, r in (((-0.28, -1.0), 0.17), ((0.3, -1.26), 0.14), ((-0.02, -1.72), 0.13), ((0.0, -2.2), 0.1))
    )
    folds = h.stroke([(-0.3, -1.9), (0, -1.84), (0.3, -1.92)], shade(h.fill, -0.2))
    return Hat("", h.brim(wide=1.66, thick=0.19) + cone + folds + band + stars)


def _chef(h: Hatter) -> Hat:
    puff = h.hard(scallop(disc((0.0, -1.5), 1.16, 0.66, sides=44), 0.62))
    folds = "".join(
        h.stroke([(x, -0.86), (x * 1.25, -1.25)], shade(h.fill, -0.14)) for x in (-0.6, -0.2, 0.25, 0.62)
    )
    band = h.soft([(-0.98, -0.98), (0, -0.88), (0.95, -0.98), (1.0, -0.5), (0, -0.38), (-1.02, -0.5)])
    return Hat("", puff + folds + band)


def _pirate(h: Hatter) -> Hat:
    k = 0.12 * h.look
    back = h.soft([(-1.2, -0.6), (-0.7, -1.45), (0, -1.66), (0.7, -1.45), (1.2, -0.6)], shade(h.fill, -0.15))
    front = h.soft(
        [
            (-1.78, -0.66),
            (-1.3, -0.98),
            (-0.6, -1.36),
            (k, -1.62),
            (0.6, -1.36),
            (1.3, -0.98),
            (1.78, -0.66),
            (1.3, -0.46),
            (0.6, -0.34),
            (0, -0.31),
            (-0.6, -0.34),
            (-1.3, -0.46),
        ]
    )
    trim = h.stroke(
        [(-1.66, -0.74), (-1.2, -1.0), (-0.6, -1.3), (k, -1.52), (0.6, -1.3), (1.2, -1.0), (1.66, -0.74)],
        h.garment.second or "#e9bb45",
        2.0,
    )
    skull = h.hard(disc((k, -0.94), 0.23, 0.22), "#fdf8ec") + h.hard(
        [(k - 0.11, -0.8), (k + 0.11, -0.8), (k + 0.1, -0.64), (k - 0.1, -0.64)], "#fdf8ec"
    )
    eyes = "".join(h.hard(disc((k + s * 0.09, -0.95), 0.055), "#46322b", "none") for s in (-1, 1))
    return Hat("", back + front + trim + skull + eyes)


def _police(h: Hatter) -> Hat:
    top = h.soft(
        [
            (-1.26, -1.0),
            (-0.8, -1.34),
            (0, -1.44),
            (0.8, -1.34),
            (1.26, -1.0),
            (0.8, -0.84),
            (0, -0.78),
            (-0.8, -0.84),
        ]
    )
    badge = h.hard(_star((h.x(0.0), -1.06), 0.22), "#e9bb45")
    return Hat(
        "",
        top
        + h.rim(h.garment.second or shade(h.fill, -0.18), thick=0.42, wide=1.1)
        + badge
        + h.peak(shade(h.fill, -0.35)),
    )


def _sailor(h: Hatter) -> Hat:
    top = h.soft([(-1.1, -0.86), (-0.7, -1.3), (0, -1.38), (0.7, -1.3), (1.1, -0.86), (0, -0.7)])
    return Hat(
        "",
        top
        + h.rim(thick=0.36, wide=1.14)
        + h.stroke([(-1.1, -0.62), (0, -0.5), (1.08, -0.62)], h.garment.second or "#33466f", 2.2),
    )


def _top_hat(h: Hatter) -> Hat:
    tube = h.hard(
        [
            *curve(
                [
                    (-0.84, -0.5),
                    (-0.8, -1.2),
                    (-0.92, -2.0),
                    (0, -2.1),
                    (0.92, -2.0),
                    (0.8, -1.2),
                    (0.84, -0.5),
                ],
                False,
            )
        ]
    )
    lid = h.hard(disc((0, -2.0), 0.92, 0.14), shade(h.fill, 0.12))
    band = h.soft(
        [(-0.84, -0.84), (0, -0.74), (0.84, -0.84), (0.86, -0.52), (0, -0.4), (-0.86, -0.52)],
        h.garment.second or "#a83a35",
    )
    return Hat("", h.brim(wide=1.4, thick=0.15) + tube + lid + band)


def _party(h: Hatter) -> Hat:
    x = 0.0
    cone = [(-0.62, -0.86), (x, -2.05), (0.62, -0.86), (0.3, -0.77), (0, -0.75), (-0.3, -0.77)]
    tone = h.garment.second or "#f3c94f"
    dots = "".join(
        h.hard(disc(at, 0.09, sides=12), tone, "none")
        for at in ((-0.26, -1.0), (0.2, -1.06), (-0.04, -1.32), (0.08, -1.62), (0.3, -0.9))
    )
    return Hat("", h.hard(cone) + dots + h.hard(scallop(disc((x, -2.08), 0.19, sides=20), 0.15), tone))


def _beret(h: Hatter) -> Hat:
    top = h.soft(
        [
            (-1.32, -0.72),
            (-1.0, -1.26),
            (-0.2, -1.5),
            (0.6, -1.3),
            (1.02, -0.82),
            (0.8, -0.58),
            (0, -0.5),
            (-0.9, -0.5),
        ]
    )
    return Hat(
        "",
        h.stroke([(-0.12, -1.46), (-0.06, -1.66)], shade(h.fill, -0.3), 2.6)
        + top
        + h.rim(shade(h.fill, -0.14), low=-0.5, thick=0.14, wide=1.02),
    )


def _crown(h: Hatter) -> Hat:
    low = [(0.88, -0.72), (0.45, -0.6), (0, -0.57), (-0.45, -0.6), (-0.88, -0.72)]
    tops: list[Point] = [
        (-0.98, -1.48),
        (-0.56, -1.06),
        (-0.5, -1.56),
        (-0.24, -1.02),
        (0, -1.64),
        (0.24, -1.02),
        (0.5, -1.56),
        (0.56, -1.06),
        (0.98, -1.48),
    ]
    gems = ""
    for x, y, tone in ((-0.52, -0.8, "#4fb3ab"), (0.0, -0.75, "#d9513f"), (0.52, -0.8, "#4fb3ab")):
        gems += h.hard(disc((x, y), 0.1, sides=12), tone)
    balls = "".join(h.hard(disc(tops[i], 0.085, sides=12), shade(h.fill, 0.3)) for i in (0, 2, 4, 6, 8))
    return Hat("", h.hard([*tops, *curve(low, False)]) + gems + balls)


def _tiara(h: Hatter) -> Hat:
    points = [
        (-0.74, -0.8),
        (-0.6, -1.08),
        (-0.42, -0.92),
        (-0.24, -1.28),
        (0, -1.0),
        (0.0, -1.46),
        (0.06, -1.0),
        (0.26, -1.28),
        (0.42, -0.92),
        (0.6, -1.08),
        (0.74, -0.8),
        (0.4, -0.7),
        (0, -0.67),
        (-0.4, -0.7),
    ]
    gem = h.hard(disc((0, -0.96), 0.12, sides=14), "#e2668f") + "".join(
        h.hard(disc((s * 0.42, -0.86), 0.07, sides=10), "#8fc6ea") for s in (-1, 1)
    )
    return Hat("", h.hard(points) + gem)


def _fire(h: Hatter) -> Hat:
    ridge = h.soft([(-0.14, -0.6), (-0.12, -1.3), (0, -1.5), (0.12, -1.3), (0.14, -0.6)], shade(h.fill, 0.2))
    shield = h.soft(
        [(-0.28, -1.04), (0, -1.14), (0.28, -1.04), (0.22, -0.66), (0, -0.54), (-0.22, -0.66)], "#f3c94f"
    )
    parts = h.dome(high=-1.44) + ridge
    if h.look:
        rim = h.soft(
            [
                (-1.62, -0.18),
                (-1.2, -0.5),
                (-0.4, -0.52),
                (0.4, -0.56),
                (1.1, -0.58),
                (1.5, -0.4),
                (1.0, -0.28),
                (0.2, -0.26),
                (-0.8, -0.22),
            ],
            shade(h.fill, -0.12),
        )
        shield = h.soft(
            [(0.42, -1.0), (0.66, -1.08), (0.86, -0.98), (0.84, -0.66), (0.68, -0.56), (0.5, -0.66)],
            "#f3c94f",
        )
    else:
        rim = h.brim(shade(h.fill, -0.12), wide=1.46, thick=0.14, at=-0.44)
    return Hat("", parts + rim + shield)


def _hard_hat(h: Hatter) -> Hat:
    ridges = "".join(
        h.stroke([(x, -0.5), (x * 0.92, -1.1), (x * 0.5, -1.4)], shade(h.fill, -0.2), 1.6)
        for x in (-0.34, 0.34)
    )
    return Hat("", h.dome(high=-1.46) + ridges + h.rim(thick=0.14, wide=1.2) + h.peak())


def _knight(h: Hatter) -> Hat:
    plume = h.soft(
        [(-0.05, -1.4), (-0.3, -1.9), (-1.0, -2.1), (-1.5, -1.7), (-1.6, -1.1), (-1.15, -1.45), (-0.6, -1.5)],
        h.garment.second or "#d9513f",
    )
    dome = h.dome(high=-1.46, wide=1.16)
    side = "".join(
        h.soft(
            [
                (s * 1.16 - 0.03 * h.look, -0.6),
                (s * 1.2 - 0.03 * h.look, 0.1),
                (s * 1.0 - 0.03 * h.look, 0.7),
                (s * 0.78, 0.5),
                (s * 0.84, 0.0),
                (s * 0.86, -0.44),
            ]
        )
        for s in (-1, 1)
    )
    visor = h.soft(
        [
            (-1.2, -0.74),
            (-0.6, -1.0),
            (0.1 * h.look, -1.08),
            (0.6, -1.0),
            (1.2, -0.74),
            (1.12, -0.42),
            (0.5, -0.32),
            (0, -0.3),
            (-0.5, -0.32),
            (-1.12, -0.42),
        ],
        shade(h.fill, -0.1),
    )
    slits = "".join(
        h.stroke([(x - 0.18, -0.68), (x + 0.18, -0.68)], shade(h.fill, -0.5), 1.6) for x in (-0.6, -0.1, 0.4)
    )
    return Hat(plume, dome + side + visor + slits)


def _space(h: Hatter) -> Hat:
    ball = disc((0.04 * h.look, -0.12), 1.5, 1.46, sides=40)
    glass = h.hard(ball, "#cfe6f2", shade("#9cc8e6", -0.3), 0.12)
    tone = h.garment.second or "#ee9440"
    ears = "".join(h.hard(disc((s * 1.48 + 0.04 * h.look, -0.1), 0.17, 0.28), tone) for s in (-1, 1))
    aerial = h.stroke([(1.42, -0.36), (1.55, -0.9)], shade(h.fill, -0.3), 1.5) + h.hard(
        disc((1.56, -0.98), 0.11, sides=12), "#d9513f"
    )
    shine = h.stroke([(-1.18, -0.55), (-0.9, -1.0), (-0.5, -1.28)], "#ffffff", 3.4)
    return Hat(aerial + h.hard(ball, "#e9f3f6", shade("#9cc8e6", -0.3)), glass + shine + ears)


def _bike(h: Hatter) -> Hat:
    vents = "".join(
        h.soft([(x - 0.12, -0.72), (x, -1.16), (x + 0.12, -0.72), (x, -0.66)], shade(h.fill, -0.3))
        for x in (-0.55, 0.0, 0.55)
    )
    straps = "".join(
        h.stroke(
            [(s * 0.98 - 0.04 * h.look, -0.4), (s * 0.9, 0.3), (s * 0.5 + 0.1 * h.look, 0.86)], "#5f6066", 1.6
        )
        for s in (-1, 1)
    )
    return Hat(
        "",
        straps
        + h.dome(high=-1.48, wide=1.14)
        + h.rim(h.garment.second or shade(h.fill, 0.3), thick=0.16, wide=1.15)
        + vents,
    )


def _explorer(h: Hatter) -> Hat:
    button = h.hard(disc((0, -1.44), 0.1))
    band = h.soft(
        [(-1.04, -0.8), (0, -0.66), (1.0, -0.8), (1.04, -0.52), (0, -0.38), (-1.08, -0.52)],
        h.garment.second or shade(h.fill, -0.3),
    )
    return Hat("", button + h.dome(high=-1.42, wide=1.06) + h.brim(wide=1.56, thick=0.15) + band)


def _flowers(h: Hatter) -> Hat:
    leaves = h.stroke([(-1.02, -0.5), (-0.5, -0.72), (0, -0.78), (0.5, -0.72), (1.0, -0.5)], h.fill, 4.5)
    tones = ("#ef9fae", "#fdf8ec", "#f3c94f", "#ee7f68", "#bda1d6", "#fdf8ec", "#ef9fae")
    found = ""
    for i, tone in enumerate(tones):
        x = -0.96 + 0.32 * i
        at = (h.x(x), -0.8 + 0.28 * x * x)
        found += h.hard(scallop(disc(at, 0.17, sides=20), 0.2), tone) + h.hard(
            disc(at, 0.07, sides=10), "#e9bb45" if tone != "#f3c94f" else "#b5593a", "none"
        )
    return Hat("", leaves + found)


def _drooping(h: Hatter) -> Hat:
    """Santa hat and nightcap: a long tip that falls to one side."""
    tone = "#fdf8ec"
    tip = (-1.62, 0.05)
    body = h.soft(
        [(-1.08, -0.5), (-0.95, -1.1), (-0.3, -1.62), (0.4, -1.5), (0.9, -1.0), (1.06, -0.5), (0, -0.36)]
    )
    tail = h.soft(
        [
            (-0.2, -1.6),
            (-0.9, -1.66),
            (-1.46, -1.1),
            (tip[0] - 0.02, -0.2),
            (tip[0] + 0.16, -0.2),
            (-1.2, -0.84),
            (-0.8, -1.0),
        ]
    )
    return Hat(
        "",
        tail
        + body
        + h.rim(tone, thick=0.3, wide=1.2)
        + h.hard(scallop(disc(tip, 0.24, sides=22), 0.18), tone),
    )


def _ears(h: Hatter) -> Hat:
    found = ""
    for s in (-1, 1):
        x = s * 0.42
        found += h.soft(
            [
                (x - 0.2, -1.0),
                (x + s * 0.08 - 0.24, -1.6),
                (x + s * 0.16, -2.1),
                (x + s * 0.1 + 0.26, -1.6),
                (x + 0.2, -1.0),
            ]
        )
        found += h.soft(
            [
                (x - 0.08, -1.1),
                (x + s * 0.08 - 0.1, -1.6),
                (x + s * 0.14, -1.88),
                (x + s * 0.08 + 0.12, -1.6),
                (x + 0.08, -1.1),
            ],
            "#ef9fae",
            "none",
        )
    band = h.stroke(
        [(-1.06, -0.3), (-0.8, -0.9), (0, -1.2), (0.8, -0.9), (1.02, -0.3)], shade(h.fill, -0.12), 4.0
    )
    return Hat("", found + band)


def _phones(h: Hatter) -> Hat:
    band = h.stroke(
        [(-1.1, -0.1), (-0.98, -0.86), (0, -1.34), (0.96, -0.86), (1.06, -0.1)], shade(h.fill, -0.1), 4.5
    )
    cups = "".join(h.hard(disc((x, 0.08), 0.2, 0.34), h.fill) for x in (-1.08, 1.06 - 0.06 * h.look))
    return Hat("", band + cups)


def _scarf(h: Hatter) -> Hat:
    k = h.look
    behind = h.soft(
        [(-1.15, -0.6), (-1.2, 0.4), (-1.05, 1.2), (0, 1.5), (1.05, 1.2), (1.16, 0.4), (1.1, -0.6), (0, -1.2)]
    )
    ring_out = curve(
        [
            (-1.14, 0.1),
            (-1.06, -0.6),
            (-0.6, -1.14),
            (0, -1.26),
            (0.6, -1.14),
            (1.04, -0.6),
            (1.1, 0.1),
            (0.9, 0.75),
            (0.4, 1.14),
            (0, 1.22),
            (-0.4, 1.14),
            (-0.94, 0.75),
        ]
    )
    ring_in = curve(
        [
            (h.x(-0.8), 0.1),
            (h.x(-0.74), -0.34),
            (h.x(-0.4), -0.66),
            (h.x(0), -0.72),
            (h.x(0.4), -0.66),
            (h.x(0.76), -0.34),
            (h.x(0.86), 0.1),
            (h.x(0.7), 0.6),
            (h.x(0.3), 0.92),
            (h.x(0), 0.97),
            (h.x(-0.3), 0.92),
            (h.x(-0.66), 0.6),
        ]
    )
    ring = h.hard([*ring_out, ring_out[0], ring_in[0], *ring_in[::-1]], "", "none")
    edge = shade(h.fill, -0.32)
    lines = h.stroke([*ring_out[::5], ring_out[0]], edge) + h.stroke([*ring_in[::5], ring_in[0]], edge)
    fold = h.stroke([(-0.9 - 0.05 * k, 0.6), (-0.4, 1.08), (0.2, 1.12)], shade(h.fill, -0.16))
    return Hat(behind, ring + lines + fold)


def _turban(h: Hatter) -> Hat:
    wraps = h.soft(
        [
            (-1.16, -0.46),
            (-1.22, -0.95),
            (-0.8, -1.5),
            (0, -1.68),
            (0.8, -1.5),
            (1.18, -0.95),
            (1.12, -0.46),
            (0.5, -0.56),
            (0, -0.74),
            (-0.5, -0.56),
        ]
    )
    folds = "".join(
        h.stroke(
            [(s * 1.12, -0.62 - 0.2 * i), (s * 0.55, -0.92 - 0.2 * i), (0, -0.86 - 0.26 * i)],
            shade(h.fill, -0.18),
        )
        for s in (-1, 1)
        for i in range(3)
    )
    return Hat("", wraps + folds)


def _bandana(h: Hatter) -> Hat:
    knot = h.soft(
        [(-1.05, -0.44), (-1.5, -0.5), (-1.62, -0.2), (-1.3, -0.28), (-1.5, 0.1), (-1.2, -0.02), (-1.0, -0.3)]
    )
    dots = "".join(
        h.hard(disc((h.x(x), y), 0.07, sides=10), "#fdf8ec", "none")
        for x, y in ((-0.6, -0.7), (-0.2, -0.95), (0.25, -0.7), (0.6, -0.9), (0.1, -1.18), (-0.5, -1.1))
    )
    return Hat("", knot + h.dome(high=-1.24, wide=1.08) + dots)


def _aviator(h: Hatter) -> Hat:
    flaps = "".join(
        h.soft(
            [
                (s * 1.1 - 0.03 * h.look, -0.5),
                (s * 1.16 - 0.03 * h.look, 0.1),
                (s * 1.0, 0.66),
                (s * 0.76, 0.5),
                (s * 0.84, -0.1),
                (s * 0.86, -0.4),
            ]
        )
        for s in (-1, 1)
    )
    return Hat("", flaps + h.dome(high=-1.3) + _goggles(h, -0.72, "#cfe6f2").over)


def _goggles(h: Hatter, at: float = -0.66, glass: str = "#bfe3ea") -> Hat:
    tone = "#5f6066" if at < -0.7 else h.fill
    strap = h.stroke(
        [(-1.08, at + 0.06), (-0.5, at - 0.02), (0, at - 0.04), (0.5, at - 0.02), (1.04, at + 0.06)],
        tone,
        4.0,
    )
    rims = "".join(
        h.hard(disc((h.x(s * 0.42), at), 0.3, 0.25, sides=20), tone)
        + h.hard(disc((h.x(s * 0.42), at), 0.21, 0.17, sides=18), glass)
        for s in (-1, 1)
    )
    shine = "".join(
        h.stroke([(h.x(s * 0.42) - 0.1, at + 0.02), (h.x(s * 0.42) - 0.02, at - 0.1)], "#ffffff", 1.4)
        for s in (-1, 1)
    )
    return Hat("", strap + rims + shine)


def _detective(h: Hatter) -> Hat:
    bow = h.soft(
        [(0, -1.34), (-0.3, -1.54), (-0.34, -1.32), (0, -1.34), (0.34, -1.32), (0.3, -1.54)],
        shade(h.fill, -0.2),
    )
    checks = "".join(
        h.stroke([(x, -0.5), (x * 0.8, -1.1)], shade(h.fill, -0.2), 0.9) for x in (-0.6, -0.2, 0.2, 0.6)
    ) + "".join(
        h.stroke([(-0.95, y), (0, y + 0.1), (0.95, y)], shade(h.fill, -0.2), 0.9) for y in (-0.72, -0.98)
    )
    back = (
        h.soft(
            [(-0.8, -0.5), (-1.4, -0.42), (-1.62, -0.22), (-1.2, -0.26), (-0.7, -0.34)], shade(h.fill, -0.12)
        )
        if h.look
        else ""
    )
    return Hat("", back + h.dome(high=-1.32) + checks + bow + h.peak(shade(h.fill, -0.12)))


def _mortar(h: Hatter) -> Hat:
    board = h.hard([(-1.4, -1.16), (0, -1.56), (1.4, -1.16), (0, -0.8)])
    tassel = h.stroke([(0, -1.18), (0.95, -1.08), (1.02, -0.6)], "#e9bb45", 1.8) + h.soft(
        [(0.94, -0.62), (1.1, -0.62), (1.14, -0.26), (0.9, -0.26)], "#e9bb45"
    )
    return Hat("", h.dome(high=-1.2, wide=1.04) + board + tassel)


def _swim(h: Hatter) -> Hat:
    return Hat(
        "",
        h.dome(high=-1.2, wide=1.05)
        + h.stroke([(-0.95, -0.72), (0, -0.6), (0.93, -0.72)], h.garment.second or "#fdf8ec", 3.2),
    )


def _torch(h: Hatter) -> Hat:
    return Hat(
        "",
        h.rim(h.fill, low=-0.62, thick=0.2, wide=1.06)
        + h.hard(disc((h.x(0.0), -0.64), 0.22, sides=18), "#5f6066")
        + h.hard(disc((h.x(0.0), -0.64), 0.14, sides=16), "#fff3b8"),
    )


def _mask(h: Hatter) -> Hat:
    """Drawn under the eyes by whoever draws the face; here only its strap."""
    return Hat("", "")


def _band(h: Hatter) -> Hat:
    return Hat("", h.rim(low=-0.62, thick=0.2, wide=1.05))


HATS: dict[str, tuple[Callable[[Hatter], Hat], bool]] = {
    "cap": (_cap, True), "hat": (lambda h: _brimmed(h, -1.28, 1.5, h.second), True), "helmet": (_bike, True),
    "woolly hat": (_woolly, True), "straw hat": (_straw, True), "wizard hat": (_wizard, True), "chef hat": (_chef, True),
    "pirate hat": (_pirate, True), "police cap": (_police, True), "sailor cap": (_sailor, True), "top hat": (_top_hat, True),
    "cowboy hat": (lambda h: _brimmed(h, -1.4, 1.8, shade(h.fill, -0.34), True, 0.3), True), "party hat": (_party, False),
    "beret": (_beret, True), "crown": (_crown, False), "tiara": (_tiara, False), "fire helmet": (_fire, True),
    "hard hat": (_hard_hat, True), "knight helmet": (_knight, True), "space helmet": (_space, False), "bike helmet": (_bike, True),
    "explorer hat": (_explorer, True), "flower crown": (_flowers, False), "santa hat": (_drooping, True), "nightcap": (_drooping, True),
    "bunny ears": (_ears, False), "headphones": (_phones, False), "headscarf": (_scarf, True), "turban": (_turban, True),
    "bandana": (_bandana, True), "aviator": (_aviator, True), "goggles": (_goggles, False), "detective hat": (_detective, True),
    "mortarboard": (_mortar, True), "swim cap": (_swim, True), "head torch": (_torch, False), "mask": (_mask, False), "headband": (_band, False),
}  # fmt: skip


def hat(garment: Garment, r: float, look: float, line: float) -> Hat:
    """Draw what is worn on a head of half-width `r`, turned by `look`."""
    return HATS.get(garment.kind, HATS["hat"])[0](Hatter(garment, r, look, line))


def covers(garment: Garment | None) -> bool:
    """Whether hair above the brim disappears under it."""
    return garment is not None and HATS.get(garment.kind, HATS["hat"])[1]
