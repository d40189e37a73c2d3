"""Critics: how a trait drifts from page to page, as a small SVG; colours come from the page's style. Knows nothing of pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 360, 132  # units of the viewBox, pixels at full size
LEFT, RIGHT, TOP, BOTTOM = 38, 12, 10, 24
MOST_FEET = 8  # page numbers under a curve


@dataclass(frozen=True)
class Spot:
    """A value on one page, None where it was not read. `foot` is what stands below it ("7", "cover"), `note` what a pointer over it says."""

    foot: str
    value: float | None
    faulty: bool = False
    note: str = ""


def curve(
    says: str, spots: Sequence[Spot], gates: Sequence[float] = (), least: tuple[float, float] = (0.0, 1.0)
) -> str:
    """The values of the pages from left to right, joined where pages that follow each other were read; `says` is the text alternative.

    `gates` are values beyond which it is a fault, drawn as dashed lines. `least` is the range that is shown at least.
    """
    known = [spot.value for spot in spots if spot.value is not None]
    low, high = min([least[0], *known]), max([least[1], *known])
    high = high if high > low else low + 1.0
    room = WIDTH - LEFT - RIGHT
    step = room / max(1, len(spots) - 1)

    def x(index: int) -> float:
        return LEFT + (index * step if len(spots) > 1 else room / 2)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / (high - low)

    parts = [f'<svg class="curve" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(says)}">']
    for tick in (low, high):
        parts.append(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(tick):.1f}" y2="{y(tick):.1f}"/>'
        )
        parts.append(
            f'<text class="tick" text-anchor="end" x="{LEFT - 6}" y="{y(tick) + 4:.1f}">{_number(tick, high - low)}</text>'
        )
    for gate in gates:
        if low < gate < high:
            parts.append(
                f'<line class="gate" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(gate):.1f}" y2="{y(gate):.1f}"/>'
            )
            if abs(y(gate) - y(low)) > 13 and abs(y(gate) - y(high)) > 13:
                parts.append(
                    f'<text class="tick" text-anchor="end" x="{LEFT - 6}" y="{y(gate) + 4:.1f}">{_number(gate, high - low)}</text>'
                )
    for run in _runs(spots):
        path = " ".join(f"{x(index):.1f},{y(value):.1f}" for index, value in run)
        if len(run) > 1:
            parts.append(f'<polyline class="line" points="{path}"/>')
    each = -(-len(spots) // MOST_FEET)
    for index, spot in enumerate(spots):
        if index % each == 0 or (index == len(spots) - 1 and index % each > each / 2):
            parts.append(
                f'<text class="tick" text-anchor="middle" x="{x(index):.1f}" y="{HEIGHT - 7}">{escape(spot.foot)}</text>'
            )
        if spot.value is not None:
            parts.append(_dot(x(index), y(spot.value), spot, len(spots)))
    return "".join([*parts, "</svg>"])


def _dot(x: float, y: float, spot: Spot, count: int) -> str:
    """A round dot; a larger diamond for a fault, so that colour is not all that tells."""
    title = f"<title>{escape(spot.note)}</title>" if spot.note else ""
    if spot.faulty:
        return f'<path class="dot bad" d="M{x:.1f} {y - 7:.1f}l7 7-7 7-7-7z">{title}</path>'
    return f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{3.5 if count < 25 else 2.5}">{title}</circle>'


def _runs(spots: Sequence[Spot]) -> list[list[tuple[int, float]]]:
    """The pages that were read and follow each other."""
    runs: list[list[tuple[int, float]]] = [[]]
    for index, spot in enumerate(spots):
        if spot.value is None:
            runs.append([])
        else:
            runs[-1].append((index, spot.value))
    return [run for run in runs if run]


def _number(value: float, span: float) -> str:
    return f"{value:.{0 if span >= 10 else 1 if span >= 1 else 2}f}".replace("-", "\N{MINUS SIGN}")
