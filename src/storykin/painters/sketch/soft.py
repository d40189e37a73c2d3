"""Painters, sketch: shapes for scenery, all without outlines, so that outlined figures stand out before them."""

import itertools
import math
import re
from collections.abc import Sequence
from functools import lru_cache
from random import Random

from storykin.painters.sketch import ink
from storykin.painters.sketch.ink import Point, box, ellipse, glow, gradient, n, path, smooth

shade = lru_cache(maxsize=8192)(ink.shade)  # scenery asks for the same few colours thousands of times
mix = lru_cache(maxsize=8192)(ink.mix)

MUTED = ("#d3968a", "#dfbc87", "#98b5a4", "#8aa6bd", "#b3a0c0", "#c8ad92", "#d8c898", "#a3bcc4")
"""Quiet colours for the many small things on shelves and lines."""


def area(d: str, fill: str, opacity: float = 1.0) -> str:
    """A filled path."""
    return path(d, fill, "none", 0, opacity)


def fine(d: str, fill: str, width: float = 1.0, opacity: float = 1.0) -> str:
    """A fine inner line."""
    return path(d, "none", fill, width, opacity)


def oval(
    cx: float, cy: float, rx: float, ry: float, fill: str, opacity: float = 1.0, turn: float = 0.0
) -> str:
    """A filled ellipse."""
    return ellipse(cx, cy, rx, ry, fill, "none", 0, opacity, turn)


def slab(x: float, y: float, w: float, h: float, fill: str, round: float = 0.0, opacity: float = 1.0) -> str:
    """A filled rectangle."""
    return box(x, y, w, h, fill, "none", 0, opacity, round)


def lump(points: Sequence[Point], fill: str, opacity: float = 1.0) -> str:
    """A soft closed shape through the points."""
    return area(smooth(points, True, 1.0), fill, opacity)


def poly(points: Sequence[Point], fill: str, opacity: float = 1.0) -> str:
    """A shape with straight sides."""
    return area("M" + "L".join(f"{n(x)} {n(y)}" for x, y in points) + "Z", fill, opacity)


def scallop(cx: float, cy: float, rx: float, ry: float, count: int, seed: str, start: float = 0.0,
            stop: float = 360.0) -> str:  # fmt: skip
    """Path data of an ellipse edged with bumps, like a cloud or the crown of a tree; degrees clockwise from the right.

    Less than a full turn is closed by a straight line.
    """
    dice = Random(seed)
    points = []
    steps = count if stop - start >= 360 else count + 1
    for i in range(steps):
        turn = math.radians(
            start + (stop - start) * (i + dice.uniform(-0.18, 0.18) * (0 < i < count)) / count
        )
        reach = dice.uniform(0.86, 1.06)
        points.append((cx + math.cos(turn) * rx * reach, cy + math.sin(turn) * ry * reach))
    if stop - start >= 360:
        points.append(points[0])
    d = f"M{n(points[0][0])} {n(points[0][1])}"
    for (ax, ay), (bx, by) in itertools.pairwise(points):
        r = n(math.hypot(bx - ax, by - ay) * 0.58)
        d += f"A{r} {r} 0 0 1 {n(bx)} {n(by)}"
    return d + "Z"


def ridge(width: float, y: float, rise: float, step: float, seed: str, bottom: float = 1010.0) -> str:
    """Path data of a rolling line across the picture, filled down to `bottom`.

    Every bump belongs to its distance from the middle, so a wider picture shows more of the same hills.
    """
    half = int(width / 2 / step) + 2
    points = [
        (width / 2 + i * step, y - rise * Random(f"{seed}{i}").random()) for i in range(-half, half + 1)
    ]
    return smooth(points, False, 1.0) + f"V{n(bottom)}H{n(points[0][0])}Z"


def specks(x: float, y: float, w: float, h: float, fill: str, count: int, seed: str, size: float = 3.0,
           opacity: float = 0.3) -> str:  # fmt: skip
    """Sparse dots, as of a dry brush: one path of points with round ends."""
    dice = Random(seed)
    d = "".join(f"M{x + dice.random() * w:.0f} {y + dice.random() * h:.0f}h.1" for _ in range(count))
    return fine(d, fill, size, opacity)


def blades(x: float, y: float, w: float, h: float, fill: str, count: int, seed: str, size: float = 12.0,
           width: float = 2.0, opacity: float = 0.5) -> str:  # fmt: skip
    """Sparse strokes of grass, longer towards the viewer."""
    dice = Random(seed)
    d = ""
    for _ in range(count):
        deep = dice.random()
        high = size * (0.45 + 0.75 * deep)
        lean = dice.uniform(-0.45, 0.45) * high
        d += f"M{x + dice.random() * w:.0f} {y + deep * h:.0f}q{n(lean * 0.2)} {n(-high * 0.6)} {n(lean)} {n(-high)}"
    return fine(d, fill, width, opacity)


def wash(
    x: float, y: float, w: float, h: float, stops: Sequence[tuple[float, str, float]], angle: float = 90.0
) -> str:
    """A rectangle of running colour; stops as in `ink.gradient`."""
    defs, fill = gradient(stops, angle)
    return defs + slab(x, y, w, h, fill)


def washed(d: str, top: str, low: str, angle: float = 90.0) -> str:
    """A path whose colour runs from `top` to `low`."""
    defs, fill = gradient([(0, top, 1), (1, low, 1)], angle)
    return defs + area(d, fill)


def halo(cx: float, cy: float, rx: float, ry: float, fill: str, strength: float) -> str:
    """Light (or dark) that fades from a middle."""
    defs, paint = glow([(0, fill, strength), (0.45, fill, strength * 0.45), (1, fill, 0)])
    return defs + oval(cx, cy, rx, ry, paint)


def solid(x: float, y: float, w: float, h: float, fill: str, round: float = 0.0, side: float = 0.0) -> str:
    """A block with a lighter upper edge and a darker right side, `side` wide."""
    side = side or w * 0.12
    return (
        slab(x, y, w, h, fill, round)
        + slab(x + w - side, y + round * 0.4, side, h - round * 0.8, shade(fill, -0.1), round * 0.5)
        + slab(x + round * 0.6, y, w - round * 1.2, min(h * 0.14, 3.0), shade(fill, 0.3), 1.0)
    )


def lit(svg: str) -> str:
    """Drawing that shines by itself: neither time of day nor weather tints it. (Capital hex digits say so.)"""
    return re.sub(r"#[0-9a-f]{6}\b|\bg[0-9a-f]{8}\b", _lit, svg)


def _lit(found: re.Match[str]) -> str:
    text = found[0]
    return "#" + text[1:].upper() if text[0] == "#" else "l" + text[1:]
