"""Painters, sketch: stripes, dots, stars and checks, cut from the polygons of the cloth they lie on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from storykin.painters.sketch.body import Polygon, band, curve, disc, part, trace, tube
from storykin.painters.sketch.ink import Point, path, shade
from storykin.painters.sketch.wear import Garment

RAINBOW = ("#e2685a", "#f0a04f", "#f5d160", "#7fb56b", "#6aa3d8", "#a383c4")


def light(fill: str) -> float:
    """How light a colour looks, 0 to 1."""
    red, green, blue = (int(fill[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 0.3 * red + 0.59 * green + 0.11 * blue


def _tone(garment: Garment) -> str:
    if garment.pattern == "rainbow":
        return "rainbow"
    if garment.second:
        return garment.second
    if garment.pattern == "checks":
        return shade(garment.fill, -0.22)
    return shade(garment.fill, 0.62) if light(garment.fill) < 0.62 else "#e2785f"


def pattern(outline: Polygon, garment: Garment, origin: Point, axis: Point, tall: float) -> str:
    """The pattern of a garment on one of its pieces; stripes lie across `axis`, counted from `origin`."""
    if garment.pattern in ("", "patches") or len(outline) < 3:
        return ""
    ux, uy = axis
    tone, unit = _tone(garment), tall * 0.03
    if garment.pattern in ("stripes", "checks", "rainbow"):
        found = _bands(outline, origin, axis, unit * (1.7 if garment.pattern == "checks" else 1.25), tone)
        return found + (
            _bands(outline, origin, (-uy, ux), unit * 1.7, tone, 0.55) if garment.pattern == "checks" else ""
        )
    step = unit * {"dots": 2.0, "sparkles": 2.2}.get(garment.pattern, 2.7)
    return _spots(outline, origin, axis, step, unit, garment.pattern, tone)


def _range(outline: Sequence[Point], origin: Point, axis: Point, step: float) -> range:
    spread = [(x - origin[0]) * axis[0] + (y - origin[1]) * axis[1] for x, y in outline]
    return range(math.floor(min(spread) / step) - 1, math.ceil(max(spread) / step) + 1)


def _bands(outline: Polygon, origin: Point, axis: Point, step: float, tone: str, faint: float = 1.0) -> str:
    found = ""
    for k in _range(outline, origin, axis, step):
        piece = band(outline, origin, axis, k * step, (k + 0.45) * step)
        if len(piece) > 2:
            found += path(trace(piece), RAINBOW[k % 6] if tone == "rainbow" else tone, "none", opacity=faint)
    return found


def _spots(
    outline: Polygon, origin: Point, axis: Point, step: float, unit: float, kind: str, tone: str
) -> str:
    """Motifs in rows, only those that lie wholly on the cloth; the rows are cut out line by line."""
    (ux, uy), (ox, oy) = axis, origin
    flat = [((x - ox) * ux + (y - oy) * uy, (y - oy) * ux - (x - ox) * uy) for x, y in outline]
    r = unit * {"dots": 0.46, "sparkles": 0.6}.get(kind, 0.8)
    room = r * 1.3
    found = []
    for i in range(math.floor(min(flat)[0] / step), math.ceil(max(flat)[0] / step) + 1):
        above, level, below = (_runs(flat, i * step + off) for off in (room, 0.0, -room))
        for start, end in level:
            for j in range(math.floor(start / step) - 1, math.ceil(end / step) + 1):
                u, v = i * step, (j + 0.5 * (i % 2)) * step
                near = all(any(a <= v <= b for a, b in runs) for runs in (above, below))
                if near and start <= v - room and v + room <= end:
                    found.append(trace(spot(kind, (ox + ux * u - uy * v, oy + uy * u + ux * v), r)))
    return path("".join(found), tone, "none") if found else ""


def _runs(flat: Polygon, u: float) -> list[Point]:
    """Where a line at `u` is inside a polygon of (u, v) points: from one crossing to the next."""
    crossings = sorted(
        av + (bv - av) * (u - au) / (bu - au)
        for (au, av), (bu, bv) in zip(flat, [*flat[1:], flat[0]], strict=True)
        if (au > u) != (bu > u)
    )
    return list(zip(crossings[::2], crossings[1::2], strict=False))


def limb_pattern(line: Polygon, start: float, end: float, garment: Garment, dim: float, tall: float) -> str:
    """The pattern on a sleeve or a trouser leg along its middle line, from `start` to `end` thick."""
    if garment.pattern in ("", "patches"):
        return ""
    tone = _tone(garment)
    tone = shade(tone, dim) if dim and tone != "rainbow" else tone
    long = sum(math.dist(a, b) for a, b in pairwise(line))
    if garment.pattern in ("stripes", "checks", "rainbow"):
        step = tall * (0.051 if garment.pattern == "checks" else 0.0375)
        found = ""
        for k in range(int(long / step + 0.5)):
            a, b = (k + 0.5) * step / long, min(1.0, (k + 0.95) * step / long)
            wide = start + (end - start) * a
            fill = RAINBOW[k % 6] if tone == "rainbow" else tone
            found += path(trace(tube(part(line, a, b), wide, wide, cap=False, flat=True)), fill, "none")
        return found
    r = tall * (0.0138 if garment.pattern == "dots" else 0.02)
    spots, step = "", r * 3.6
    for k in range(int(long / step + 0.4)):
        (ax, ay), (bx, by) = part(line, 0.0, (k + 0.6) * step / long)[-2:]
        swing = (start if k < 2 else end) * (0.2 if k % 2 else -0.2) / (math.hypot(bx - ax, by - ay) or 1.0)
        spots += trace(spot(garment.pattern, (bx - (by - ay) * swing, by + (bx - ax) * swing), r))
    return path(spots, tone, "none") if spots else ""


def spot(kind: str, at: Point, r: float) -> Polygon:
    """One motif of a pattern."""
    x, y = at
    if kind in ("stars", "sparkles"):
        points, inner = (5, 0.48) if kind == "stars" else (4, 0.3)
        turns = [(r * (inner if k % 2 else 1), math.pi * k / points) for k in range(2 * points)]
        return [(x + far * math.sin(a), y - far * math.cos(a)) for far, a in turns]
    if kind == "flowers":
        turns = [(r * (0.75 + 0.3 * math.cos(5 * a)), a) for a in (2 * math.pi * k / 25 for k in range(25))]
        return [(x + far * math.sin(a), y - far * math.cos(a)) for far, a in turns]
    if kind == "hearts":
        half = ((0.0, 1.0), (-0.95, -0.1), (-0.5, -0.8), (0.0, -0.35), (0.5, -0.8), (0.95, -0.1))
        return curve([(x + r * dx, y + r * dy) for dx, dy in half], steps=3)
    if kind == "moons":
        outer = [
            (x + r * math.cos(a), y + r * math.sin(a))
            for a in (math.pi * (0.3 + 1.4 * k / 8) for k in range(9))
        ]
        inner_turns = [math.pi * (1.6 - 1.2 * k / 6) for k in range(7)]
        return outer + [
            (x + r * (0.35 + 0.72 * math.cos(a)), y + r * 0.72 * math.sin(a)) for a in inner_turns
        ]
    return disc(at, r, sides=12)
