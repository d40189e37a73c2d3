"""Painters, sketch: flesh and geometry. Sizes by age, a skeleton put into a pose, and the shapes that
bodies, clothes and hair are cut from (tubes, hulls, bands), all as polygons in centimetres.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from storykin.character import Look
from storykin.painters.sketch.ink import Point, path

Polygon = list[Point]


# --- polygons ---------------------------------------------------------------------------------


def along(a: Point, b: Point, t: float) -> Point:
    """The point a fraction `t` of the way from `a` to `b`."""
    return (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t)


def down(angle: float, long: float = 1.0) -> Point:
    """A step of length `long`; 0 degrees points down, 90 to the right, 180 up."""
    turn = math.radians(angle)
    return (math.sin(turn) * long, math.cos(turn) * long)


def plus(a: Point, b: Point) -> Point:
    """The sum of two points."""
    return (a[0] + b[0], a[1] + b[1])


def turned(points: Sequence[Point], angle: float, about: Point = (0.0, 0.0)) -> Polygon:
    """Points turned clockwise by `angle` degrees."""
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    ax, ay = about
    return [(ax + (x - ax) * c - (y - ay) * s, ay + (x - ax) * s + (y - ay) * c) for x, y in points]


def curve(points: Sequence[Point], closed: bool = True, steps: int = 5) -> Polygon:
    """A smooth polygon through all points (Catmull-Rom)."""
    count = len(points)
    last = count - 1
    found: Polygon = []
    for i in range(count if closed else last):
        if closed:
            (ax, ay), (bx, by), (cx, cy), (dx, dy) = (
                points[i - 1],
                points[i],
                points[(i + 1) % count],
                points[(i + 2) % count],
            )
        else:
            (ax, ay), (bx, by), (cx, cy), (dx, dy) = (
                points[max(0, i - 1)],
                points[i],
                points[i + 1],
                points[min(last, i + 2)],
            )
        for p, q, r, s in _weights(steps):
            found.append((p * ax + q * bx + r * cx + s * dx, p * ay + q * by + r * cy + s * dy))
    if not closed:
        found.append(points[-1])
    return found


@cache
def _weights(steps: int) -> tuple[tuple[float, float, float, float], ...]:
    found = []
    for step in range(steps):
        t = step / steps
        t2, t3 = t * t, t * t * t
        found.append(
            ((-t3 + 2 * t2 - t) / 2, (3 * t3 - 5 * t2 + 2) / 2, (-3 * t3 + 4 * t2 + t) / 2, (t3 - t2) / 2)
        )
    return tuple(found)


@cache
def _ring(sides: int) -> tuple[Point, ...]:
    return tuple((math.cos(2 * math.pi * k / sides), math.sin(2 * math.pi * k / sides)) for k in range(sides))


def disc(at: Point, rx: float, ry: float = 0.0, turn: float = 0.0, sides: int = 18) -> Polygon:
    """A circle or an ellipse as a polygon."""
    ry = ry or rx
    ring = [(at[0] + rx * x, at[1] + ry * y) for x, y in _ring(sides)]
    return turned(ring, turn, at) if turn else ring


def hull(discs: Sequence[tuple[Point, float]], sides: int = 20) -> Polygon:
    """The tightest soft skin round all discs (their convex hull)."""
    points = sorted(p for at, r in discs for p in disc(at, r, sides=sides))

    def half(order: Sequence[Point]) -> Polygon:
        chain: Polygon = []
        for p in order:
            while len(chain) > 1 and _cross(chain[-2], chain[-1], p) <= 0:
                chain.pop()
            chain.append(p)
        return chain[:-1]

    return half(points) + half(points[::-1])


def _cross(o: Point, a: Point, b: Point) -> float:
    return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])


def joint(a: Point, b: Point, c: Point, steps: int = 4) -> Polygon:
    """A limb's middle line from `a` over the soft joint `b` to `c`."""
    (ux, uy), (vx, vy) = (b[0] - a[0], b[1] - a[1]), (c[0] - b[0], c[1] - b[1])
    straight = (ux * vx + uy * vy) / (math.hypot(ux, uy) * math.hypot(vx, vy) or 1.0)
    soft = 0.62 - 0.13 * (1 - straight)  # sharp bends need a wider curve or the tube would fold into itself
    before, after = along(a, b, soft), along(c, b, soft)
    line = [along(a, before, k / steps) for k in range(steps)]
    for k in range(steps + 1):
        t = k / steps
        line.append(along(along(before, b, t), along(b, after, t), t))
    return line + [along(after, c, k / steps) for k in range(1, steps + 1)]


def part(line: Sequence[Point], start: float, end: float) -> Polygon:
    """The piece of a line between two fractions of its length."""
    lengths = [0.0]
    for a, b in pairwise(line):
        lengths.append(lengths[-1] + math.hypot(b[0] - a[0], b[1] - a[1]))
    whole = lengths[-1] or 1.0

    def at(fraction: float) -> Point:
        want = fraction * whole
        for i in range(1, len(line)):
            if lengths[i] >= want:
                step = lengths[i] - lengths[i - 1] or 1.0
                return along(line[i - 1], line[i], (want - lengths[i - 1]) / step)
        return line[-1]

    middle = [p for p, far in zip(line, lengths, strict=True) if start * whole < far < end * whole]
    return [at(start), *middle, at(end)]


def sides(line: Sequence[Point], start: float, end: float, belly: float = 0.0) -> tuple[Polygon, Polygon]:
    """The two sides of a tube along a line, `start` and `end` thick, `belly` thicker in the middle."""
    left: Polygon = []
    right: Polygon = []
    last = len(line) - 1
    for i, (x, y) in enumerate(line):
        (ax, ay), (bx, by) = line[max(0, i - 1)], line[min(last, i + 1)]
        long = math.hypot(bx - ax, by - ay) or 1.0
        t = i / last
        half = (start + (end - start) * t + belly * math.sin(math.pi * t)) / 2
        nx, ny = -(by - ay) / long * half, (bx - ax) / long * half
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    return left, right


def tube(line: Sequence[Point], start: float, end: float, belly: float = 0.0, cap: bool = True,
         flat: bool = False) -> Polygon:  # fmt: skip
    """A tapered tube along a line; `cap` rounds its start, `flat` leaves its end cut straight."""
    left, right = sides(line, start, end, belly)
    round_end = [] if flat else _cap(left[-1], right[-1])
    round_start = _cap(right[0], left[0]) if cap else []
    return [*left, *round_end, *right[::-1], *round_start]


def _cap(a: Point, b: Point, steps: int = 6) -> Polygon:
    middle = along(a, b, 0.5)
    spoke = (a[0] - middle[0], a[1] - middle[1])
    return [plus(middle, turned([spoke], -180 * k / steps)[0]) for k in range(1, steps)]


def cut_off(shape: Sequence[Point], at: Point, towards: Point) -> Polygon:
    """What of a polygon lies on the side of the line through `at` that `towards` (a direction) points to."""

    def side(p: Point) -> float:
        return (p[0] - at[0]) * towards[0] + (p[1] - at[1]) * towards[1]

    kept: Polygon = []
    for a, b in zip(shape, [*shape[1:], shape[0]], strict=True):
        sa, sb = side(a), side(b)
        if sa >= 0:
            kept.append(a)
        if (sa >= 0) != (sb >= 0):
            kept.append(along(a, b, sa / (sa - sb)))
    return kept


def band(shape: Sequence[Point], at: Point, towards: Point, start: float, end: float) -> Polygon:
    """The slice of a polygon between two distances from `at` in the direction `towards`."""
    first = (at[0] + towards[0] * start, at[1] + towards[1] * start)
    second = (at[0] + towards[0] * end, at[1] + towards[1] * end)
    kept = cut_off(shape, first, towards)
    return cut_off(kept, second, (-towards[0], -towards[1])) if len(kept) > 2 else []


def inside(shape: Sequence[Point], p: Point) -> bool:
    """Whether a point lies in a polygon."""
    found = False
    x, y = p
    for (ax, ay), (bx, by) in zip(shape, [*shape[1:], shape[0]], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            found = not found
    return found


def trace(points: Sequence[Point], closed: bool = True) -> str:
    """Path data of a polygon as it is."""
    found = "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points[:2])
    return found + "".join(f" {x:.2f} {y:.2f}" for x, y in points[2:]) + ("Z" if closed else "")


def shape(points: Sequence[Point], fill: str, line: str | None = None, width: float = 0.9,
          opacity: float = 1.0) -> str:  # fmt: skip
    """A polygon, filled and outlined."""
    return path(trace(points), fill, line, width, opacity) if len(points) > 2 else ""


def rough(points: Sequence[Point], line: str, width: float = 0.9, opacity: float = 1.0) -> str:
    """An open line through the points as they are."""
    return path(trace(points, False), "none", line, width, opacity)


def area(points: Sequence[Point]) -> float:
    """Twice the signed area of a polygon, positive when it runs clockwise on the page."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, [*points[1:], points[0]], strict=True))


def wound(points: Sequence[Point]) -> Polygon:
    """The polygon running clockwise, so that overlapping ones do not cut holes into each other."""
    return list(points) if area(points) > 0 else list(points)[::-1]


def fused(shapes: Sequence[Sequence[Point]], fill: str, line: str, width: float = 0.9) -> str:
    """Several polygons as one body: only the common outline is drawn, no seams."""
    outline = "".join(trace(wound(one)) for one in shapes if len(one) > 2)
    return path(outline, line, line, width * 2) + path(outline, fill, "none") if outline else ""


# --- sizes ------------------------------------------------------------------------------------

#        age   height  heads  legs   arms  shoulders hips
SIZES = ((0.5, 68.0, 3.30, 0.285, 0.230, 0.098, 0.108),
         (2.0, 86.0, 3.60, 0.325, 0.245, 0.095, 0.104),
         (4.0, 102.0, 3.90, 0.360, 0.258, 0.092, 0.095),
         (6.0, 116.0, 4.20, 0.390, 0.270, 0.090, 0.088),
         (8.0, 128.0, 4.60, 0.410, 0.282, 0.092, 0.084),
         (10.0, 138.0, 5.00, 0.425, 0.292, 0.094, 0.082),
         (14.0, 160.0, 5.50, 0.442, 0.315, 0.101, 0.082),
         (18.0, 168.0, 6.00, 0.455, 0.325, 0.107, 0.083))  # fmt: skip
BUILDS = {"slim": 0.9, "thin": 0.88, "slender": 0.9, "sturdy": 1.17, "stocky": 1.18, "round": 1.24, "plump": 1.22,
          "chubby": 1.22, "broad": 1.15, "big": 1.18, "strong": 1.12}  # fmt: skip


@dataclass(frozen=True)
class Sizes:
    """The measures of one person in centimetres; `grown` runs from 0 (toddler) to 1 (adult)."""

    tall: float
    head: float
    face: float
    legs: float
    arms: float
    shoulders: float
    hips: float
    stout: float
    grown: float
    line: float

    @property
    def torso(self) -> float:
        """From the hip joints to the foot of the neck."""
        return self.tall - self.legs - self.head * 0.955


def bearing(look: Look) -> str:
    """What settles how somebody stands about, and those clothes of theirs of which nobody said anything: neither hair nor glasses nor what else may change."""
    return f"{look.kind}|{look.skin}|{look.age}"


def sizes(look: Look) -> Sizes:
    """The measures that a look asks for."""
    kind = look.kind.lower()
    elder = any(word in kind for word in ("adult", "grand", "old", "man", "woman", "mum", "dad", "parent"))
    age = max(float(look.age), 18.0) if elder else 1.0 if kind == "baby" else float(look.age)
    age = max(SIZES[0][0], min(SIZES[-1][0], age))
    row = SIZES[-1]
    for low, high in pairwise(SIZES):
        if low[0] <= age <= high[0]:
            t = (age - low[0]) / (high[0] - low[0])
            row = tuple(a + (b - a) * t for a, b in zip(low, high, strict=True))  # type: ignore[assignment]
            break
    _, usual, heads, legs, arms, shoulders, hips = row
    tall = float(look.height or usual)
    stout = next((value for word, value in BUILDS.items() if word in look.build.lower()), 1.0)
    grown = max(0.0, min(1.0, (age - 2) / 16))
    head = tall / heads
    return Sizes(
        tall=tall, head=head, face=head * (0.53 - 0.075 * grown), legs=tall * legs, arms=tall * arms,
        shoulders=tall * shoulders * (0.6 + 0.4 * stout), hips=tall * hips * stout, stout=stout, grown=grown,
        line=0.75 * (tall / 116) ** 0.5,
    )  # fmt: skip
