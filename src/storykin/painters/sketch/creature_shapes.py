"""Painters, sketch: the few shapes that every creature is made of: rounded bodies, limbs, markings, water."""

# fmt: off
# One shape, one line: outlines are read as tables of coordinates.

import math
from collections.abc import Sequence

from storykin.painters.sketch.ink import Point, circle, ellipse, n, path, shade, smooth, stroke

ROUND = 0.56  # with this tension eight points on a circle come out as a circle


def rounded(points: Sequence[Point], fill: str, line: str | None = None, width: float = 0.9, opacity: float = 1.0,
            tension: float = ROUND) -> str:
    """A soft closed shape through the points."""
    return path(smooth(points, True, tension), fill, line, width, opacity)


def _sides(points: Sequence[Point], start: float, end: float) -> tuple[list[Point], list[Point]]:
    left: list[Point] = []
    right: list[Point] = []
    last = len(points) - 1
    for i, (x, y) in enumerate(points):
        (ax, ay), (bx, by) = points[max(0, i - 1)], points[min(last, i + 1)]
        far = math.hypot(bx - ax, by - ay) or 1.0
        half = (start + (end - start) * i / last) / 2
        dx, dy = -(by - ay) / far * half, (bx - ax) / far * half
        left.append((x + dx, y + dy))
        right.append((x - dx, y - dy))
    return left, right


def limb(points: Sequence[Point], start: float, end: float, fill: str, line: str | None = None,
         width: float = 0.9) -> str:
    """A tail, horn or leg along the points, outlined all round, with round ends."""
    return path(_open(points, start, end) + _cap(points, start, end), fill, line, width)


def open_limb(points: Sequence[Point], start: float, end: float, fill: str, width: float = 0.9,
              root: bool = True) -> str:
    """A limb whose root melts into the body: filled whole, outlined everywhere but at the root."""
    (rx, ry) = points[0]
    joint = circle(rx, ry, start / 2 * 0.96, fill, "none") if root else ""
    return joint + path(_open(points, start, end), fill, shade(fill, -0.32), width)


def _open(points: Sequence[Point], start: float, end: float) -> str:
    left, right = _sides(points, start, end)
    (ex, ey), there = right[-1], smooth(left, False, ROUND)
    return f"{there}A{n(end / 2)} {n(end / 2)} 0 0 0 {n(ex)} {n(ey)}L{smooth(right[::-1], False, ROUND)[1:]}"


def _cap(points: Sequence[Point], start: float, end: float) -> str:
    (sx, sy) = _sides(points, start, end)[0][0]
    return f"A{n(start / 2)} {n(start / 2)} 0 0 0 {n(sx)} {n(sy)}Z"


def spots(marks: str, fill: str, rx: float, ry: float, x: float = 0.0, y: float = 0.0, thick: float = 1.0) -> str:
    """Spots, stripes, patches or bands on a body that is `rx` by `ry` about (x, y)."""
    parts = []
    if marks in ("stripes", "tabby"):
        for k in (-0.86, -0.6, -0.34, -0.06, 0.22, 0.5, 0.76) if marks == "stripes" else (-0.66, -0.34, -0.02, 0.3, 0.6):
            high = math.sqrt(1 - k * k)
            d = f"M{n(x + k * rx)} {n(y - high * ry * 0.99)}Q{n(x + k * rx - rx * 0.1)} {n(y - high * ry * 0.5)} {n(x + k * rx + rx * 0.03)} {n(y - high * ry * 0.12)}"
            parts.append(stroke(d, fill, thick * rx * (0.075 if marks == "stripes" else 0.08)))
    elif marks in ("spots", "giraffe", "backspots", "dots"):
        where = ((-0.6, -0.45, 0.15), (-0.2, -0.68, 0.17), (0.24, -0.62, 0.14), (0.58, -0.34, 0.16), (-0.36, -0.08, 0.14),
                 (0.08, -0.18, 0.17), (0.42, 0.14, 0.12), (-0.68, 0.12, 0.11), (-0.1, 0.3, 0.13))
        for a, b, size in where[: 5 if marks == "backspots" else 9]:
            big = size * (1.25 if marks == "giraffe" else 1.0 if marks != "dots" else 0.7)
            parts.append(ellipse(x + a * rx, y + b * ry, big * rx * 0.75, big * ry * 0.9 + 0.4, fill, "none", turn=a * 40))
    elif marks in ("cow", "patches", "patch"):
        where2 = ((-0.44, -0.3, 0.34, 0.5), (0.34, -0.42, 0.26, 0.4), (0.02, 0.34, 0.2, 0.3))
        for a, b, w, h in where2[: 1 if marks == "patch" else 3]:
            cx, cy = x + a * rx, y + b * ry
            points = [(cx + w * rx * c, cy + h * ry * d) for c, d in ((-1, -0.2), (-0.3, -0.95), (0.7, -0.8), (1, 0.1), (0.4, 0.5), (0.3, 1), (-0.6, 0.8))]
            parts.append(rounded(points, fill, "none"))
    return "".join(parts)


def ripple(width: float, y: float = 0.0) -> str:
    """Water in front of a swimmer."""
    w = width / 2
    crest = [(-w, y), (-w * 0.72, y - 4), (-w * 0.4, y + 0.5), (-w * 0.06, y - 4), (w * 0.3, y + 0.5), (w * 0.66, y - 4), (w, y)]
    under = [(w * 0.9, y + 13), (w * 0.4, y + 19), (-w * 0.4, y + 19), (-w * 0.9, y + 13)]
    water = rounded([*crest, *under], "#8cc4dd", "none", opacity=0.82, tension=0.56)
    lines = stroke(smooth(crest, False, 0.56), "#f3fbfd", 1.3, 0.9) + stroke(f"M{n(-w * 0.5)} {n(y + 6)}q{n(w * 0.2)} 2.4 {n(w * 0.4)} 0", "#f3fbfd", 1, 0.7)
    return water + lines
