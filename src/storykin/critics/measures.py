"""Critics: the field's measures of how like, how steady and how many, so that our numbers stand beside published ones.

Pure arithmetic over vectors, palettes and heights; who is who was settled before (`matching`).
"""

import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from statistics import fmean, median

from storykin.colours import delta_e
from storykin.critics import Palette

Vector = Sequence[float]

EPSILON = 1e-6
"""ε of OCCM, as ViStoryBench's own code has it (`cids_evaluator.py`)."""


# --- likeness: ViStoryBench (Zhuang et al. 2025, arXiv 2505.24862) -----------------------------------------


def cosine(one: Vector, other: Vector) -> float:
    """The cosine of the angle between two vectors of any length, -1 to 1; 0 where one has none."""
    lengths = math.sqrt(sum(a * a for a in one)) * math.sqrt(sum(b * b for b in other))
    return sum(a * b for a, b in zip(one, other, strict=True)) / lengths if lengths else 0.0


def cross_similarity(crops: Sequence[Vector], references: Sequence[Vector]) -> float | None:
    """Of one character: the mean cosine of every matched crop to every reference; None without both."""
    return fmean(cosine(a, b) for a in crops for b in references) if crops and references else None


def cross_cids(crops: Mapping[str, Sequence[Vector]], references: Mapping[str, Sequence[Vector]]) -> float | None:  # fmt: skip
    """Cross-CIDS of a story: the mean over its characters of `cross_similarity`; who is found on no page counts 0. None without references."""
    known = [name for name in references if references[name]]
    return fmean(cross_similarity(crops.get(name, ()), references[name]) or 0.0 for name in known) if known else None  # fmt: skip


def self_similarity(crops: Sequence[Vector]) -> float | None:
    """Of one character: the mean cosine between the crops of different pages, each pair once; 1 for a single crop, None without any."""
    if not crops:
        return None
    return fmean(cosine(a, b) for a, b in combinations(crops, 2)) if len(crops) > 1 else 1.0


def self_cids(crops: Mapping[str, Sequence[Vector]]) -> float | None:
    """Self-CIDS of a story: the mean over its characters of `self_similarity`; who is found on no page counts 0. None without characters."""
    return fmean(self_similarity(found) or 0.0 for found in crops.values()) if crops else None


def occm(detected: int, expected: int) -> float:
    """On-stage character count matching of one picture, 0 to 100: 100·exp(−|D − E| / (ε + E)).

    ViStoryBench's code counts as detected only the expected characters that were matched; that of a story is the mean over its pictures.
    """
    return 100 * math.exp(-abs(detected - expected) / (EPSILON + expected))


def bleed_margin(likeness: Mapping[str, Mapping[str, float]]) -> float | None:
    """How far people are kept apart in one picture: the least, over them, of likeness to the own reference less the best to anybody else's.

    `likeness[who][whose]` compares the figure that stands for `who` with the references of `whose`. It must be positive; None with
    fewer than two people to tell apart.
    """
    margins = [
        own[who] - max(other)
        for who, own in likeness.items()
        if who in own and (other := [value for whose, value in own.items() if whose != who])
    ]
    return min(margins) if margins else None


# --- colours ----------------------------------------------------------------------------------------------


def palette_distance(one: Palette, other: Palette, lightness: float = 1.0) -> float:
    """How different two palettes are, in ΔE2000: what it costs at least to turn one into the other.

    Each colour's share is carried to colours of the other palette, and every part pays the CIEDE2000 of its way (the earth
    mover's distance: Rubner, Tomasi, Guibas, IJCV 40, 2000). So it is 0 for equal palettes, symmetric, plain ΔE2000 between single colours, and
    moves little when shares do. Shares need not sum to 1. Raises `ValueError` for an empty palette. `lightness` is k_L of `delta_e`.
    """
    if not one or not other:
        raise ValueError("an empty palette has no distance")
    give, take = _shares(one), _shares(other)
    costs = [[delta_e(a, b, lightness) for b, _ in other] for a, _ in one]
    return _carried(give, take, costs)


def stray(seen: Palette, wanted: Palette, lightness: float = 1.0) -> float:
    """How far what is seen strays from what is wanted, in ΔE2000: each seen colour by its share to the nearest wanted one.

    Nothing is said of wanted colours that are not seen: legs are hidden behind a table, and nobody changed their clothes.
    """
    whole = sum(share for _, share in seen)
    if not whole or not wanted:
        raise ValueError("an empty palette has no distance")
    return sum(share * min(delta_e(a, b, lightness) for b, _ in wanted) for a, share in seen) / whole


def drift(pages: Sequence[Palette], sheet: Palette) -> float | None:
    """ΔE drift of one region of one character: the mean `palette_distance` of the pages to the sheet; None without pages."""
    return fmean(palette_distance(page, sheet) for page in pages) if pages else None


def drift_curve(pages: Sequence[Palette | None], sheet: Palette) -> list[float | None]:
    """`palette_distance` to the sheet page by page; None where the region was not read."""
    return [palette_distance(page, sheet) if page else None for page in pages]


def _shares(palette: Palette) -> list[float]:
    whole = sum(share for _, share in palette)
    if whole <= 0:
        raise ValueError("a palette without shares has no distance")
    return [share / whole for _, share in palette]


def _carried(give: list[float], take: list[float], costs: list[list[float]]) -> float:
    """The least cost of carrying `give` to `take`: the cheapest way through what was carried so far, again and again.

    Successive shortest paths (Bellman–Ford, since ways back are paid back); exact, and quick for a handful of colours.
    """
    rows, columns = len(give), len(take)
    left, room = list(give), list(take)
    carried = [[0.0] * columns for _ in range(rows)]
    total, least = 0.0, 1e-12
    while sum(left) > 1e-9 and sum(room) > 1e-9:
        far_row = [0.0 if left[i] > least else math.inf for i in range(rows)]
        far_column = [math.inf] * columns
        came_from: list[int | None] = [None] * columns
        went_back: list[int | None] = [None] * rows
        changed = True
        while changed:
            changed = False
            for i in range(rows):
                for j in range(columns):
                    if far_row[i] + costs[i][j] < far_column[j] - least:
                        far_column[j], came_from[j], changed = far_row[i] + costs[i][j], i, True
                    if carried[i][j] > least and far_column[j] - costs[i][j] < far_row[i] - least:
                        far_row[i], went_back[i], changed = far_column[j] - costs[i][j], j, True
        end = min((j for j in range(columns) if room[j] > least), key=lambda j: far_column[j])
        path: list[tuple[int, int, int]] = []
        column: int | None = end
        row = 0
        while column is not None:
            found = came_from[column]
            assert found is not None
            row = found
            path.append((row, column, 1))
            column = went_back[row]
            if column is not None:
                path.append((row, column, -1))
        amount = min([left[row], room[end], *(carried[i][j] for i, j, way in path if way < 0)])
        for i, j, way in path:
            carried[i][j] += way * amount
        left[row] -= amount
        room[end] -= amount
        total += amount * far_column[end]
    return total


# --- heights ----------------------------------------------------------------------------------------------


def height_factors(standing: Mapping[str, float], tall: Mapping[str, float]) -> dict[str, float]:
    """How much too large (above 1) or too small (below 1) each figure of a picture is beside the others in it.

    `standing` is how high each would stand upright in the picture, `tall` how tall they are, both in any one unit. A figure is
    held against the median scale of all others; alone in a picture nothing can be said.
    """
    scales = {name: standing[name] / tall[name] for name in standing if standing[name] > 0 and tall.get(name)}
    return {
        name: scale / math.exp(median(math.log(other) for who, other in scales.items() if who != name))
        for name, scale in scales.items()
        if len(scales) > 1
    }


def height_curves(
    pages: Sequence[Mapping[str, float]], tall: Mapping[str, float]
) -> dict[str, list[float | None]]:
    """`height_factors` of each character page by page: 1 where the height is right, None where it cannot be told."""
    factors = [height_factors(page, tall) for page in pages]
    names = dict.fromkeys(name for page in pages for name in page)
    return {name: [page.get(name) for page in factors] for name in names}


def height_spread(curve: Sequence[float | None]) -> float | None:
    """How unsteady a height is over the pages: the mean absolute deviation from the median, in parts of it; None with fewer than two pages."""
    known = [value for value in curve if value]
    if len(known) < 2:
        return None
    middle = median(known)
    return fmean(abs(value - middle) for value in known) / middle
