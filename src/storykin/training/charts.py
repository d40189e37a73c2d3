"""Training: line charts as SVG for the report; colours come from the page's style. Knows nothing of trainings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 560, 280  # units of the viewBox, pixels at full size
LEFT, RIGHT, TOP, BOTTOM = 50, 122, 34, 32
LINE = 15  # height of a label
Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """Values along the steps. `style` is a class of the page's style; `dots` marks each value, `errors` how far it may be off,
    `notes` what a pointer over it says. A line without a name has no label."""

    name: str
    points: tuple[Point, ...]
    style: str
    dots: bool = False
    errors: tuple[float, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Level:
    """A value that stays the same, dashed across the chart."""

    name: str
    value: float
    style: str = "level"


@dataclass(frozen=True)
class _Frame:
    last: float
    low: float
    high: float
    width: int

    @property
    def right(self) -> int:
        return self.width - RIGHT

    def x(self, step: float) -> float:
        return LEFT + (self.right - LEFT) * step / self.last

    def y(self, value: float) -> float:
        part = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * part


def chart(
    says: str,
    lines: Sequence[Line],
    levels: Sequence[Level] = (),
    last: float = 0,
    marked: tuple[float, str] | None = None,
    bounds: tuple[float, float] | None = None,
    width: int = WIDTH,
) -> str:
    """An SVG with steps from 0 to `last` across; `says` is its text alternative, `marked` a step and what is written over it.

    `bounds` are the least and the greatest value shown, else what the lines and levels need; values beyond lie on the edge.
    """
    values = [point[1] for line in lines for point in line.points] + [level.value for level in levels]
    low, high = bounds or (min(values, default=0.0), max(values, default=1.0))
    ticks = ticks_between(low, high)
    frame = _Frame(max(last, 1), min(ticks[0], low), max(ticks[-1], high), width)
    parts = [f'<svg class="chart" viewBox="0 0 {width} {HEIGHT}" role="img" aria-label="{escape(says)}">']
    parts += [_grid(frame, tick, ticks[1] - ticks[0]) for tick in ticks]
    parts += [_foot(frame, step) for step in ticks_between(0, frame.last, 6) if step <= frame.last]
    if marked:
        parts.append(_mark(frame, *marked))
    parts += [_across(frame, level) for level in levels]
    parts += [_drawn(frame, line) for line in lines if line.points]
    parts += _labels(frame, lines, levels)
    return "\n".join([*parts, "</svg>"])


def ticks_between(low: float, high: float, most: int = 5) -> tuple[float, ...]:
    """Round values (1, 2 or 5 times a power of ten apart) that enclose low … high, `most` or a few more."""
    if not high > low:
        low, high = low - 0.5, low + 0.5
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    apart = next(times * power for times in (1, 2, 5, 10) if times * power >= rough * 0.999)
    first, count = math.floor(low / apart + 1e-6), math.ceil(high / apart - 1e-6)
    return tuple(round(apart * number, 10) for number in range(first, count + 1))


def smoothed(values: Sequence[float], width: int) -> list[float]:
    """The running mean over `width` values about each, fewer at the ends."""
    sums = [0.0]
    for value in values:
        sums.append(sums[-1] + value)
    half = width // 2
    spans = [(max(0, i - half), min(len(values), i + half + 1)) for i in range(len(values))]
    return [(sums[end] - sums[start]) / (end - start) for start, end in spans]


def _grid(frame: _Frame, tick: float, apart: float) -> str:
    y = frame.y(tick)
    digits = max(0, -math.floor(math.log10(apart) + 1e-9))
    return (
        f'<line class="grid" x1="{LEFT}" x2="{frame.right}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="tick" text-anchor="end" x="{LEFT - 8}" y="{y + 4:.1f}">{_number(tick, digits)}</text>'
    )


def _number(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace("-", "\N{MINUS SIGN}")


def _foot(frame: _Frame, step: float) -> str:
    return f'<text class="tick" text-anchor="middle" x="{frame.x(step):.1f}" y="{HEIGHT - 12}">{step:,.0f}</text>'


def _mark(frame: _Frame, step: float, words: str) -> str:
    x = frame.x(step)
    middle = min(max(x, LEFT + 4.0 * len(words)), frame.right - 2.0 * len(words))
    return (
        f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 6}" y2="{HEIGHT - BOTTOM}"/>'
        f'<text class="mark" text-anchor="middle" x="{middle:.1f}" y="{TOP - 12}">{escape(words)}</text>'
    )


def _across(frame: _Frame, level: Level) -> str:
    y = frame.y(level.value)
    return f'<line class="{level.style}" x1="{LEFT}" x2="{frame.right}" y1="{y:.1f}" y2="{y:.1f}"/>'


def _drawn(frame: _Frame, line: Line) -> str:
    places = [(frame.x(step), frame.y(value)) for step, value in line.points]
    path = "M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    parts = [f'<path class="line {line.style}" d="{path}"/>'] if len(places) > 1 else []
    for (step, value), error in zip(line.points, line.errors, strict=False):
        if error:
            x, y1, y2 = frame.x(step), frame.y(value - error), frame.y(value + error)
            parts.append(
                f'<line class="error {line.style}" x1="{x:.1f}" x2="{x:.1f}" y1="{y1:.1f}" y2="{y2:.1f}"/>'
            )
    if line.dots or len(places) == 1:
        notes = [*line.notes, *[""] * len(places)]
        parts += [
            f'<circle class="dot {line.style}" cx="{x:.1f}" cy="{y:.1f}" r="4"><title>{escape(note)}</title></circle>'
            for (x, y), note in zip(places, notes, strict=False)
        ]
    return "\n".join(parts)


def _labels(frame: _Frame, lines: Sequence[Line], levels: Sequence[Level]) -> list[str]:
    """Names at the right end of what they name, pushed apart where they would overlap."""
    wanted = [
        (frame.y(line.points[-1][1]), line.name, line.style) for line in lines if line.points and line.name
    ]
    wanted += [(frame.y(level.value), level.name, level.style) for level in levels]
    wanted.sort()
    places: list[float] = []
    for y, _, _ in wanted:
        places.append(max(y, places[-1] + LINE) if places else y)
    over = max(0.0, places[-1] - (HEIGHT - BOTTOM)) if places else 0.0
    for i in range(len(places) - 1, -1, -1):  # what was pushed off the foot is pushed back up
        places[i] = places[i] - over if i == len(places) - 1 else min(places[i], places[i + 1] - LINE)
    return [
        f'<text class="name {style}" x="{frame.right + 10}" y="{y + 4:.1f}">{escape(name)}</text>'
        for y, (_, name, style) in zip(places, wanted, strict=True)
    ]
