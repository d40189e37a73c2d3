"""Painters, sketch: hats as they are seen from the side, the face to the right.

Most hats look alike from all sides; here are those that do not. Half-widths of the head, as in `hats`.
"""

from __future__ import annotations

from collections.abc import Callable

from storykin.painters.sketch.body import disc
from storykin.painters.sketch.hats import Hat, Hatter, hat
from storykin.painters.sketch.ink import shade
from storykin.painters.sketch.patterns import spot
from storykin.painters.sketch.wear import Garment

GLASS, METAL = "#cfe6f2", "#e9bb45"


def side_hat(garment: Garment, r: float, line: float) -> Hat:
    """Draw what is worn on a head of half-width `r` seen from the side."""
    sewn = SIDES.get(garment.kind)
    return sewn(Hatter(garment, r, 1.0, line)) if sewn else hat(garment, r, 0.8, line)


def _scarf(h: Hatter) -> Hat:
    cloth = h.soft(
        [
            (0.8, -0.74), (0.5, -0.5), (0.4, -0.1), (0.36, 0.36), (0.5, 0.78), (0.72, 1.0), (0.56, 1.3), (0.2, 1.52),
            (-0.5, 1.6), (-1.06, 1.4), (-1.16, 0.7), (-1.2, 0.1), (-1.16, -0.5), (-0.8, -1.06), (-0.1, -1.28), (0.5, -1.12),
        ]
    )  # fmt: skip
    folds = ([(0.44, 0.9), (0.0, 0.96), (-0.6, 0.7)], [(0.4, 1.16), (-0.1, 1.26), (-0.8, 1.0)], [(0.34, -0.5), (0.1, 0.0), (0.1, 0.5)])  # fmt: skip
    return Hat("", cloth + "".join(h.stroke(fold, shade(h.fill, -0.16)) for fold in folds))


def _flap(h: Hatter) -> str:
    """What hangs over the ear from a helmet or a leather cap."""
    return h.soft([(0.24, -0.6), (0.3, 0.0), (0.14, 0.62), (-0.16, 0.74), (-0.44, 0.5), (-0.5, 0.0), (-0.4, -0.6)])  # fmt: skip


def _knight(h: Hatter) -> Hat:
    plume = h.soft([(0.1, -1.4), (-0.4, -1.96), (-1.2, -2.0), (-1.66, -1.4), (-1.6, -0.8), (-1.2, -1.2), (-0.7, -1.4)], h.garment.second or "#d9513f")  # fmt: skip
    neck = h.soft([(-0.2, -0.6), (-0.1, 0.3), (-0.3, 0.84), (-0.8, 0.86), (-1.18, 0.6), (-1.2, -0.3), (-1.0, -0.7)])  # fmt: skip
    visor = h.soft([(-0.5, -0.78), (0.2, -1.0), (0.9, -1.0), (1.24, -0.7), (1.16, -0.44), (0.6, -0.34), (-0.3, -0.42)], shade(h.fill, -0.1))  # fmt: skip
    slits = "".join(h.stroke([(x - 0.16, -0.68), (x + 0.16, -0.68)], shade(h.fill, -0.5), 1.6) for x in (0.3, 0.8))  # fmt: skip
    pivot = h.hard(disc((-0.36, -0.6), 0.12, sides=14), shade(h.fill, -0.2))
    return Hat(plume, neck + h.dome(high=-1.46, wide=1.16) + visor + slits + pivot)


def _aviator(h: Hatter) -> Hat:
    return Hat("", _flap(h) + h.dome(high=-1.3) + _eyeglass(h, -0.74, "#5f6066", GLASS))


def _eyeglass(h: Hatter, at: float, tone: str, glass: str) -> str:
    strap = h.stroke([(-1.06, at + 0.08), (-0.4, at + 0.04), (0.7, at)], tone, 4.0)
    rim = h.hard(disc((0.84, at), 0.2, 0.27, sides=20), tone)
    return strap + rim + h.hard(disc((0.86, at), 0.12, 0.18, sides=18), glass)


def _goggles(h: Hatter) -> Hat:
    return Hat("", _eyeglass(h, -0.66, h.fill, "#bfe3ea"))


def _bike(h: Hatter) -> Hat:
    straps = "".join(h.stroke([(x, -0.4), (0.02, 0.4), (0.34, 0.9)], "#5f6066", 1.6) for x in (-0.42, 0.3))
    vents = "".join(
        h.soft([(x - 0.2, -0.7), (x - 0.06, -1.06), (x + 0.24, -1.1), (x + 0.16, -0.72)], shade(h.fill, -0.3))
        for x in (-0.6, 0.0, 0.56)
    )
    rim = h.rim(h.garment.second or shade(h.fill, 0.3), thick=0.16, wide=1.15)
    return Hat("", straps + h.dome(high=-1.46, wide=1.14) + rim + vents)


def _phones(h: Hatter) -> Hat:
    band = h.stroke([(-0.08, 0.1), (-0.14, -0.6), (-0.1, -1.3)], shade(h.fill, -0.1), 4.5)
    return Hat("", band + h.hard(disc((-0.08, 0.16), 0.3, 0.36)) + h.hard(disc((-0.08, 0.16), 0.16, 0.2), shade(h.fill, -0.16)))  # fmt: skip


def _mask(h: Hatter) -> Hat:
    """Only the strap; the mask itself lies under the eye and is drawn with the face."""
    return Hat("", h.stroke([(0.24, -0.06), (-0.5, -0.02), (-1.04, -0.08)], shade(h.fill, -0.1), 2.4))


def _tiara(h: Hatter) -> Hat:
    points = [(0.92, -0.78), (0.9, -1.36), (0.7, -1.06), (0.52, -1.26), (0.36, -1.0), (0.2, -1.12), (0.02, -0.86), (0.4, -0.82)]  # fmt: skip
    return Hat("", h.hard(points) + h.hard(disc((0.72, -0.9), 0.08, sides=12), "#e2668f"))


def _police(h: Hatter) -> Hat:
    top = h.soft([(-1.16, -0.9), (-0.8, -1.2), (0.2, -1.46), (1.0, -1.44), (1.3, -1.2), (1.06, -0.86), (0, -0.76)])  # fmt: skip
    band = h.rim(h.garment.second or shade(h.fill, -0.18), thick=0.42, wide=1.1)
    badge = h.hard(spot("stars", (0.88, -1.04), 0.2), METAL)
    return Hat("", top + band + badge + h.peak(shade(h.fill, -0.35)))


def _torch(h: Hatter) -> Hat:
    lamp = h.hard(disc((0.98, -0.7), 0.2, 0.22, sides=18), "#5f6066") + h.hard(disc((1.08, -0.7), 0.1, 0.16, sides=16), "#fff3b8")  # fmt: skip
    return Hat("", h.rim(h.fill, low=-0.62, thick=0.2, wide=1.06) + lamp)


def _space(h: Hatter) -> Hat:
    ball = disc((0.0, -0.12), 1.5, 1.46, sides=40)
    rim = shade("#9cc8e6", -0.3)
    cup = h.hard(disc((-0.34, 0.0), 0.26, 0.34, sides=24), h.garment.second or "#ee9440")
    aerial = h.stroke([(-0.5, -1.5), (-0.56, -1.86)], shade(h.fill, -0.3), 1.5) + h.hard(disc((-0.57, -1.94), 0.11, sides=12), "#d9513f")  # fmt: skip
    shine = h.stroke([(0.3, -1.34), (0.86, -1.02), (1.2, -0.5)], "#ffffff", 3.4)
    return Hat(aerial + h.hard(ball, "#e9f3f6", rim), h.hard(ball, "#cfe6f2", rim, 0.12) + shine + cup)


SIDES: dict[str, Callable[[Hatter], Hat]] = {
    "headscarf": _scarf, "knight helmet": _knight, "aviator": _aviator, "goggles": _goggles, "helmet": _bike, "bike helmet": _bike,
    "headphones": _phones, "mask": _mask, "tiara": _tiara, "police cap": _police, "head torch": _torch,
    "space helmet": _space,
}  # fmt: skip
