"""Painters, sketch: how much room a drawing takes, read from its own shapes.

Knows the few elements that ink draws: path, ellipse, rect, and groups with translate, rotate and scale.
"""

import math
import re
from dataclasses import dataclass

_TAG = re.compile(
    r"<(/?)(g|path|ellipse|rect|defs|linearGradient|radialGradient|stop|circle|polygon|line)\b([^>]*?)(/?)>"
)
_NAMED = re.compile(r'([\w-]+)="([^"]*)"')
_MOVE = re.compile(r"(translate|rotate|scale)\(([^)]*)\)")
_STEP = re.compile(r"([MLQCAZHVTSmlqcazhvts])|(-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?)")
_COUNT = {"M": 2, "L": 2, "Q": 4, "C": 6, "A": 7, "H": 1, "V": 1, "T": 2, "S": 4}

Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class Extent:
    """The box around a drawing; y points down."""

    left: float
    top: float
    right: float
    bottom: float


def extent_of(svg: str) -> Extent:
    """The box around all shapes of an SVG fragment, strokes aside."""
    matrix: Matrix = (1, 0, 0, 1, 0, 0)
    stack = [matrix]
    xs: list[float] = []
    ys: list[float] = []
    for close, name, rest, alone in _TAG.findall(svg):
        if name == "g":
            if close:
                stack.pop()
            elif not alone:
                found = re.search(r'transform="([^"]*)"', rest)
                stack.append(_joined(stack[-1], _matrix(found[1])) if found else stack[-1])
            continue
        if close or name not in ("path", "ellipse", "rect"):
            continue
        named = dict(_NAMED.findall(rest))
        here = _joined(stack[-1], _matrix(named["transform"])) if "transform" in named else stack[-1]
        a, b, c, d, e, f = here
        if name == "ellipse":
            cx, cy, rx, ry = (float(named[key]) for key in ("cx", "cy", "rx", "ry"))
            x, y = a * cx + c * cy + e, b * cx + d * cy + f
            w, h = math.hypot(a * rx, c * ry), math.hypot(b * rx, d * ry)
            xs += (x - w, x + w)
            ys += (y - h, y + h)
            continue
        if name == "rect":
            x0, y0, w, h = (float(named[key]) for key in ("x", "y", "width", "height"))
            points = [(x0, y0), (x0 + w, y0), (x0, y0 + h), (x0 + w, y0 + h)]
        else:
            points = _points(named["d"])
        for px, py in points:
            xs.append(a * px + c * py + e)
            ys.append(b * px + d * py + f)
    return Extent(min(xs), min(ys), max(xs), max(ys)) if xs else Extent(0, 0, 0, 0)


def _joined(one: Matrix, two: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f)


def _matrix(transform: str) -> Matrix:
    whole: Matrix = (1, 0, 0, 1, 0, 0)
    for name, inner in _MOVE.findall(transform):
        v = [float(part) for part in inner.replace(",", " ").split()]
        if name == "translate":
            step: Matrix = (1, 0, 0, 1, v[0], v[1] if len(v) > 1 else 0)
        elif name == "scale":
            step = (v[0], 0, 0, v[1] if len(v) > 1 else v[0], 0, 0)
        else:
            co, si = math.cos(math.radians(v[0])), math.sin(math.radians(v[0]))
            step = (co, si, -si, co, 0, 0)
            if len(v) == 3:
                step = _joined(_joined((1, 0, 0, 1, v[1], v[2]), step), (1, 0, 0, 1, -v[1], -v[2]))
        whole = _joined(whole, step)
    return whole


def _points(d: str) -> list[tuple[float, float]]:
    """Points on a path, curves sampled at three places and their ends."""
    points: list[tuple[float, float]] = []
    order = "M"
    numbers: list[float] = []
    x = y = qx = qy = 0.0
    for letter, number in _STEP.findall(d):
        if letter:
            order, numbers = letter, []
            continue
        numbers.append(float(number))
        kind = order.upper()
        if len(numbers) < _COUNT[kind]:
            continue
        ox, oy = (x, y) if order.islower() else (0.0, 0.0)
        v, numbers = numbers, []
        if kind == "H":
            x = v[0] + ox
        elif kind == "V":
            y = v[0] + oy
        elif kind in ("C", "S", "Q", "T"):
            ends = [(v[i] + ox, v[i + 1] + oy) for i in range(0, len(v), 2)]
            if kind in ("T", "S"):
                ends = [(2 * x - qx, 2 * y - qy), *ends]
            points += _curve((x, y), ends)
            (qx, qy), (x, y) = ends[-2], ends[-1]
        else:
            x, y = v[-2] + ox, v[-1] + oy
            if kind == "M":
                order = "l" if order == "m" else "L"
        if kind not in ("C", "S", "Q", "T"):
            qx, qy = x, y
        points.append((x, y))
    return points


def _curve(start: tuple[float, float], ends: list[tuple[float, float]]) -> list[tuple[float, float]]:
    found = []
    for t in (0.25, 0.5, 0.75):
        s = 1 - t
        if len(ends) == 2:
            (ax, ay), (bx, by) = ends
            found.append(
                (
                    s * s * start[0] + 2 * s * t * ax + t * t * bx,
                    s * s * start[1] + 2 * s * t * ay + t * t * by,
                )
            )
        else:
            (ax, ay), (bx, by), (cx, cy) = ends
            k0, k1, k2, k3 = s**3, 3 * s * s * t, 3 * s * t * t, t**3
            found.append(
                (k0 * start[0] + k1 * ax + k2 * bx + k3 * cx, k0 * start[1] + k1 * ay + k2 * by + k3 * cy)
            )
    return found
