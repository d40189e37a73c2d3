"""Critics: compare.html: two or more sets of judged pictures, number by number and picture by picture."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from storykin.critics.page import Frame, Open, data_address, environment, frames_of, number, sentence
from storykin.critics.sidebyside import LEVEL, SHARES, Difference, Row, lines, not_read_of
from storykin.critics.summing import Judged, figured

LARGE = 330  # pixels of a picture's longest side
USUAL = 90
"""More than so many pictures are made smaller."""


@dataclass(frozen=True)
class Shown:
    """One picture of one set: what is wrong with it, and where everybody was found."""

    name: str
    passed: bool
    ratio: float
    picture: str
    frames: tuple[Frame, ...]
    why: tuple[tuple[str, str], ...]


def compare_html(
    titles: Sequence[str],
    sets: Sequence[Sequence[Judged]],
    rows: Sequence[Row],
    opens: Sequence[Open],
    remarks: Sequence[str] = (),
) -> str:
    """The page as HTML; differences are to the first set. `opens` open the pictures of each set."""
    beside = lines(sets)
    count = sum(len(pages) for pages in sets)
    side = round(LARGE * min(1.0, math.sqrt(USUAL / max(1, count))))
    shown = [
        (line.name, [_shown(page, opens[index], side) if page else None for index, page in enumerate(line.pages)])
        for line in beside
    ]  # fmt: skip
    return environment().get_template("compare.html.j2").render(
        titles=titles,
        rows=[(row, [_cell(row, index) for index in range(len(titles))]) for row in rows],
        said=[(title, _said(rows, index)) for index, title in enumerate(titles) if index],
        shown=shown,
        counts=[(len(pages), sum(page.judgement.verdict.passed for page in pages)) for pages in sets],
        unread=[(title, not_read_of(pages)) for title, pages in zip(titles, sets, strict=True)],
        remarks=remarks,
        level=round(100 * LEVEL),
        lines=len(rows) * (len(titles) - 1),
        paired=[one.paired for one in rows[0].differences if one],
    )  # fmt: skip


def value_words(name: str, value: float | None) -> str:
    """A measure's value for people: "93 %", "0.912"; OCCM goes to 100."""
    if value is None:
        return "not read"
    return f"{100 * value:.0f} %" if name in SHARES else number(value, 1 if name == "occm" else 3)


def difference_words(name: str, one: Difference) -> str:
    """A difference with its interval: "+4 points (−1 to +9)"."""
    times, digits, unit = (100, 0, " points") if name in SHARES else (1, 1 if name == "occm" else 3, "")
    by, low, high = (_signed(times * each, digits) for each in (one.by, one.low, one.high))
    return f"{by}{unit} ({low} to {high})"


def _signed(value: float, digits: int) -> str:
    rounded = round(value, digits)
    return f"{rounded + 0.0:+.{digits}f}".replace("-", "\N{MINUS SIGN}") if rounded else f"{0:.{digits}f}"


def _cell(row: Row, index: int) -> tuple[str, str, str]:
    """A value, its difference to the first, and what that means."""
    one = row.differences[index]
    return (
        value_words(row.name, row.values[index]),
        difference_words(row.name, one) if one else "",
        one.words if one else "",
    )


def _said(rows: Sequence[Row], index: int) -> str:
    """A sentence about a set beside the first."""
    told = [(row, one.words) for row in rows if (one := row.differences[index])]
    better = [row.says for row, words in told if words == "better"]
    worse = [row.says for row, words in told if words == "worse"]
    if not told:
        return "nothing was read on both sides, so nothing can be compared."
    if all(words == "the same" for _, words in told):
        return "nothing differs."
    if all(words in ("too few pages to tell", "the same") for _, words in told):
        return "there are too few pages to tell a difference from chance."
    if not better and not worse:
        return "no difference is larger than chance."
    parts = [f"better in {len(better)}" if better else "", f"worse in {len(worse)}" if worse else ""]
    same = sum(words == "the same" for _, words in told)
    rest = len(told) - len(better) - len(worse) - same
    parts += [f"the same in {same}" if same else "", f"{rest} could be chance" if rest else ""]
    return f"of {len(told)} measures " + ", ".join(part for part in parts if part) + "."


def _shown(page: Judged, open_picture: Open, side: int) -> Shown:
    picture = open_picture(page)
    verdict = page.judgement.verdict
    return Shown(
        page.name,
        verdict.passed,
        picture.width / picture.height,
        data_address(picture, side),
        frames_of(page, figured(page)),
        tuple((fault.name, sentence(fault.why)) for fault in verdict.faults),
    )
