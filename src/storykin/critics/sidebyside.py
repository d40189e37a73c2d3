"""Critics: two or more sets of judged pictures side by side: which is better, and is the difference more than chance.

Chance is told by the bootstrap over pages (Efron 1979): how much would the difference change had other pages of the same kind been painted?
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from storykin.critics.matching import SPACES
from storykin.critics.measures import cross_similarity, occm
from storykin.critics.summing import FAULTS_OF, QUESTIONS, Judged, counted, figured, summed

if TYPE_CHECKING:
    import numpy as np

    Floats = np.ndarray[Any, np.dtype[np.float64]]

RESAMPLES = 4000
SEED = 7  # the same numbers give the same answer
LEVEL = 0.95
FEWEST = 6
"""Pages below which resampling says nothing worth hearing: with five, one resample in 600 has but a single page in it, and intervals come out far too short."""

MEASURES: dict[str, str] = {
    "passed": "pictures without a fault",
    **QUESTIONS,
    "cross": "Cross-CIDS: like the references",
    "self": "Self-CIDS: like each other",
    "occm": "OCCM: the number of people fits",
}
"""What is compared, and in which words; for all of them more is better."""

SHARES = ("passed", *QUESTIONS)
"""Measures that are a part of all figures or pictures, 0 to 1."""


@dataclass(frozen=True)
class Difference:
    """How much better something is than the first, on how many pages; `low` and `high` bound it with 95 % confidence. Same `pages` twice mean `paired`."""

    by: float
    low: float
    high: float
    pages: int
    paired: bool

    @property
    def words(self) -> str:
        """What it means: "better", "worse", "could be chance", "the same", "too few pages to tell"."""
        if self.by == self.low == self.high == 0:
            return "the same"
        if self.pages < FEWEST:
            return "too few pages to tell"
        return "better" if self.low > 0 else "worse" if self.high < 0 else "could be chance"


@dataclass(frozen=True)
class Row:
    """One measure over all sets: the value of each (None where it was not read), and the difference of each to the first."""

    name: str
    says: str
    values: tuple[float | None, ...]
    differences: tuple[Difference | None, ...]


@dataclass(frozen=True)
class Line:
    """One page that several sets have: the page of each, None where it lacks it."""

    name: str
    pages: tuple[Judged | None, ...]


def side_by_side(sets: Sequence[Sequence[Judged]]) -> tuple[Row, ...]:
    """Every measure over all sets; differences are to the first set, over the pages that both have where they have any in common."""
    whole = [_Measured(pages) for pages in sets]
    beside = [_Beside(sets[0], other) for other in sets[1:]]
    return tuple(
        Row(name, says, tuple(one.value(name) for one in whole), (None, *(each.difference(name) for each in beside)))
        for name, says in MEASURES.items()
    )  # fmt: skip


def lines(sets: Sequence[Sequence[Judged]]) -> tuple[Line, ...]:
    """The pages side by side, those of the first set first."""
    known = [dict(zip(keys_of(pages), pages, strict=True)) for pages in sets]
    order = dict.fromkeys(key for pages in known for key in pages)
    return tuple(
        Line(next(pages[key].name for pages in known if key in pages), tuple(pages.get(key) for pages in known))
        for key in order
    )  # fmt: skip


def keys_of(pages: Sequence[Judged]) -> list[str]:
    """By what a page is found again in another set: the number in its name where every page has one of its own, else the name without its ending."""
    stems = [PurePath(page.name).stem if "." in page.name else page.name for page in pages]
    first = [re.search(r"\d+", stem) for stem in stems]
    numbers = [str(int(found[0])) if found else "" for found in first]
    if "the cover" in stems:
        numbers[stems.index("the cover")] = "0"
    return numbers if all(numbers) and len(set(numbers)) == len(numbers) else stems


def _paired(first: Sequence[Judged], other: Sequence[Judged]) -> tuple[list[int], list[int]]:
    """The places of the pages that both have, in the same order; nothing where that is less than half of the shorter set."""
    ours, theirs = keys_of(first), keys_of(other)
    both = [key for key in ours if key in theirs]
    if len(both) * 2 < min(len(ours), len(theirs)):
        return [], []
    return [ours.index(key) for key in both], [theirs.index(key) for key in both]


class _Beside:
    """A set beside the first: over the same pages where they share any, else each for itself."""

    def __init__(self, first: Sequence[Judged], other: Sequence[Judged]) -> None:
        import numpy as np

        mine, theirs = _paired(first, other)
        self.paired = bool(mine)
        self.one = _Measured([first[index] for index in mine] if self.paired else first)
        self.two = _Measured([other[index] for index in theirs] if self.paired else other)
        chance = np.random.default_rng(SEED)
        self._draws = _drawn(chance, self.one.count)
        self._others = self._draws if self.paired else _drawn(chance, self.two.count)

    def difference(self, name: str) -> Difference | None:
        """How much more of a measure the other set has; None where either was not read."""
        import numpy as np

        before, after = self.one.value(name), self.two.value(name)
        if before is None or after is None:
            return None
        drawn = self.two.values(name, self._others) - self.one.values(name, self._draws)
        low, high = np.nanquantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        count = min(self.one.count, self.two.count)
        return Difference(after - before, float(low), float(high), count, self.paired)


def _drawn(chance: "np.random.Generator", count: int) -> "Floats":
    """How often each page is drawn, RESAMPLES × pages: as many draws as there are pages, each with the same chance."""
    return chance.multinomial(count, [1 / count] * count, RESAMPLES).astype(float)


class _Measured:
    """A set's measures page by page, so that they are quickly had for any draw of pages."""

    def __init__(self, pages: Sequence[Judged]) -> None:
        import numpy as np

        self.count = len(pages)
        right = [_right(page) for page in pages]
        self._shares = {name: np.array([one[name] for one in right], float).reshape(-1, 2) for name in SHARES}
        self._occm = np.array([_occm(page) for page in pages], float)
        names = dict.fromkeys(match.wanted.name for page in pages for match in page.judgement.matches)
        self._cross, self._self = [], []
        for name in names:
            crops = _crops(name, pages)
            if crops:
                self._cross.append(_to_references(name, pages, crops))
                self._self.append(_to_each_other([crops.get(index) for index in range(self.count)]))
            elif _is_known(name, pages):  # found on no page: 0, as Cross-CIDS and Self-CIDS have it
                self._cross.append(np.zeros(self.count))
                self._self.append(np.zeros((self.count, self.count)))

    def value(self, name: str) -> float | None:
        """The measure over all pages; None where nothing of it was read."""
        import numpy as np

        found = float(self.values(name, np.ones((1, self.count)))[0])
        return None if np.isnan(found) else found

    def values(self, name: str, drawn: "Floats") -> "Floats":
        """The measure for each draw of pages (draws × pages, how often each was drawn); NaN where nothing of it was read."""
        import numpy as np

        if name in SHARES:
            right, read = self._shares[name].T
            return _by(drawn @ right, drawn @ read)
        if name == "occm":
            return _mean(drawn, self._occm)
        members = (
            [_mean(drawn, one) for one in self._cross]
            if name == "cross"
            else [_mean_of_pairs(drawn, one) for one in self._self]
        )
        if not members:
            return np.full(len(drawn), np.nan)
        table = np.array(members)
        return _by(np.nan_to_num(table).sum(0), (~np.isnan(table)).sum(0).astype(float))


def _to_references(
    name: str, pages: Sequence[Judged], crops: Mapping[int, tuple[str, tuple[float, ...]]]
) -> "Floats":
    """The mean cosine of somebody's crop to the references, page by page; NaN where there is none."""
    import numpy as np

    found = np.full(len(pages), np.nan)
    for index, (space, crop) in crops.items():
        if name in pages[index].unshown:
            continue
        (own, *_) = [match for match in pages[index].judgement.matches if match.wanted.name == name]
        value = cross_similarity(
            [crop], [one.vectors[space] for one in own.wanted.references if space in one.vectors]
        )
        if value is not None:
            found[index] = value
    return found


def _is_known(name: str, pages: Sequence[Judged]) -> bool:
    """Whether somebody who was looked for is nowhere, though references with a vector show them."""
    own = [
        match for page in pages if page.reading.figures is not None
        for match in counted(page) if match.wanted.name == name
    ]  # fmt: skip
    return (
        bool(own)
        and all(match.seen is None for match in own)
        and any(space in one.vectors for match in own for one in match.wanted.references for space in SPACES)
    )


def _mean(drawn: "Floats", values: "Floats") -> "Floats":
    """For each draw the mean of the pages' values, without those that are NaN."""
    import numpy as np

    return _by(drawn @ np.nan_to_num(values), drawn @ (~np.isnan(values)).astype(float))


def _mean_of_pairs(drawn: "Floats", table: "Floats") -> "Floats":
    """For each draw the mean over pairs of different pages."""
    import numpy as np

    known = (~np.isnan(table)).astype(float)
    return _by(((drawn @ np.nan_to_num(table)) * drawn).sum(1), ((drawn @ known) * drawn).sum(1))


def _by(whole: "Floats", count: "Floats") -> "Floats":
    """A sum by its count; NaN for nothing."""
    import numpy as np

    return np.where(count > 0, whole / np.maximum(count, 1e-9), np.nan)


def _right(page: Judged) -> dict[str, tuple[int, int]]:
    """By share how many figures (or the picture) are right, of how many that were read."""
    verdict = page.judgement.verdict
    crowd = any(fault.name in FAULTS_OF["count"] for fault in verdict.faults)
    there = [one for one in figured(page).values() if one.state != "missing"]
    found = {"passed": (int(verdict.passed), 1), "count": (0, 0)}
    if page.reading.figures is not None:
        found["count"] = (int(not crowd), 1)
    for name in QUESTIONS.keys() - found.keys():
        told = [one.right(name) for one in there]
        found[name] = (sum(one is True for one in told), sum(one is not None for one in told))
    return found


def _occm(page: Judged) -> float:
    matches = counted(page)
    if page.reading.figures is None or not matches:
        return float("nan")
    return occm(sum(match.seen is not None for match in matches), len(matches))


def _crops(name: str, pages: Sequence[Judged]) -> dict[int, tuple[str, tuple[float, ...]]]:
    """Somebody's crops by place, all of the same space: the most trusted that any of them has."""
    seen = {
        index: match.seen
        for index, page in enumerate(pages)
        for match in counted(page)
        if match.wanted.name == name and match.seen
    }
    for space in SPACES:
        found = {index: (space, one.vectors[space]) for index, one in seen.items() if space in one.vectors}
        if 2 * len(found) > len(seen):
            return found
    return {}


def _to_each_other(crops: Sequence[tuple[str, tuple[float, ...]] | None]) -> "Floats":
    """The cosines of somebody's crops to each other; NaN where one lacks, and of a crop to itself, which drawing a page twice must not count.

    A single crop has only itself: 1, as Self-CIDS has it.
    """
    import numpy as np

    there = [index for index, one in enumerate(crops) if one]
    vectors = np.array([one[1] for one in crops if one])
    units = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    table = np.full((len(crops), len(crops)), np.nan)
    table[np.ix_(there, there)] = units @ units.T
    if len(there) > 1:
        np.fill_diagonal(table, np.nan)
    return table


def scores_of_rows(titles: Sequence[str], rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The comparison in plain numbers, for scripts."""
    return [
        {
            "measure": row.name,
            "values": dict(zip(titles, row.values, strict=True)),
            "differences": {
                title: {
                    "to": titles[0], "by": one.by, "low": one.low, "high": one.high, "pages": one.pages, "paired": one.paired, "means": one.words,
                }
                for title, one in zip(titles, row.differences, strict=True)
                if one
            },
        }
        for row in rows
    ]  # fmt: skip


def not_read_of(pages: Sequence[Judged]) -> list[str]:
    """What was not read in a set, each once, with the reason and on how many pictures."""
    summary = summed(pages)
    return [f"{what} (on {count} of {summary.pictures}): {why}" for what, why, count in summary.unread]
