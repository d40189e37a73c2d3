"""Critics: how a trait drifts from page to page, as a small SVG; colours come from the page's style. Knows nothing of pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 360, 132  # units of the viewBox, pixels at full size
LEFT, RIGHT, TOP, BOTTOM = 38, 12, 10, 24
INSET = 8  # between the numbers at the side and the first page
MOST_FEET = 8  # page numbers under a curve
NEAR = 13  # numbers at the side that are no further apart would lie on each other


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
    room = WIDTH - LEFT - INSET - RIGHT
    step = room / max(1, len(spots) - 1)

    def x(index: int) -> float:
        return LEFT + INSET + (index * step if len(spots) > 1 else room / 2)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / (high - low)

    parts = [f'<svg class="curve" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(says)}">']
    inner = [gate for gate in gates if low < gate < high]
    lines = [*(("grid", value) for value in (low, high)), *(("gate", value) for value in inner)]
    parts += [
        f'<line class="{name}" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}"/>'
        for name, value in lines
    ]
    told: list[float] = []
    for value in (*inner, low, high):  # where two are too near to each other, the gate is what matters
        if all(abs(y(value) - y(other)) > NEAR for other in told):
            told.append(value)
            parts.append(
                f'<text class="tick" text-anchor="end" x="{LEFT - 6}" y="{y(value) + 4:.1f}">{_number(value, high - low)}</text>'
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
