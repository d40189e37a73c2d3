"""Critics: consistency.html: the cast down the side, pages across, the children's questions in numbers, and why.

The page asks nobody for anything: pictures, curves and style are inside.
"""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storykin.critics import Seen
from storykin.critics.curves import Spot, curve
from storykin.critics.matching import clipped
from storykin.critics.summing import (
    FAULTS_OF,
    QUESTIONS,
    Answer,
    Figured,
    Judged,
    Member,
    Summary,
    figured,
    summed,
    unread_of,
)
from storykin.critics.thresholds import gate, gates
from storykin.scene import Box

if TYPE_CHECKING:
    import jinja2
    from PIL.Image import Image

BAND = 8
"""Pages side by side: what fits on a screen and on a printed page."""
CROP, LARGE = 168, 340  # pixels of the longest side of a figure and of a page
USUAL_CELLS, USUAL_PAGES = 140, 40
"""More than so many pictures are made smaller, so that the page stays a few megabytes."""
QUALITY = 72
MARGIN = 0.06  # of a figure's box, around it
WORST = 5
"""Pages named in the first sentence."""

Open = Callable[[Judged], "Image"]
"""The pixels of a picture that was judged."""


@dataclass(frozen=True)
class Cell:
    """One character on one page: `state` as in `Figured`, "" where they are not in the scene."""

    state: str
    words: str
    why: str
    picture: str = ""
    page: int = 0
    name: str = ""


@dataclass(frozen=True)
class Frame:
    """A box on a page's picture, in per cent, and whose it is."""

    label: str
    state: str
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Sheet:
    """One page as it is told: its picture, who was found where, what is wrong, what was tried, and of whom nothing is told since the picture hardly shows them."""

    page: int
    name: str
    short: str
    passed: bool
    ratio: float
    picture: str
    frames: tuple[Frame, ...]
    why: tuple[tuple[str, str], ...]
    scores: tuple[tuple[str, str], ...]
    tried: tuple[str, ...]
    extras: tuple[str, ...]
    itself: Cell
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """Somebody down the side: reference picture, cells by page, answers, and four curves."""

    name: str
    picture: str
    own: bool
    cells: tuple[Cell, ...]
    answers: tuple[tuple[str, Answer], ...]
    cross: float | None
    self: float | None
    curves: tuple[tuple[str, str], ...]


def page_html(
    title: str,
    pages: Sequence[Judged],
    open_picture: Open,
    references: Mapping[str, Image] | None = None,
    remarks: Sequence[str] = (),
    many: str = "pages",
) -> str:
    """The page as HTML. `references` show the characters by name, `remarks` are sentences about what was not judged, `many` what the pictures are called."""
    summary = summed(pages)
    shown = references or {}
    small, large = _sides(pages)
    cells: dict[str, list[Cell]] = {member.name: [] for member in summary.members}
    sheets: list[Sheet] = []
    crops: dict[str, str] = {}
    for judged in pages:
        picture = open_picture(judged)
        found = figured(judged)
        for name, row in cells.items():
            one = found.get(name)
            crop = data_address(cut(picture, one.seen.box), small) if one and one.seen else ""
            row.append(_cell(name, one, crop, judged))
            if crop and one and not one.hidden:
                crops.setdefault(name, crop)
        sheets.append(_sheet(judged, found, picture, (small, large)))
    rows = [
        _row(
            member,
            tuple(cells[member.name]),
            data_address(shown[member.name], small) if member.name in shown else crops.get(member.name, ""),
            member.name in shown,
            pages,
        )
        for member in summary.members
    ]
    return environment().get_template("consistency.html.j2").render(
        title=title,
        many=many,
        summary=summary,
        questions=[(name, asked, summary.answers[name], _why_unread(name, summary)) for name, asked in QUESTIONS.items()],
        rows=rows,
        sheets=sheets,
        bands=_bands(len(pages)),
        worst=_worst(sheets),
        hidden=any(one.hidden for member in summary.members for one in member.figures),
        remarks=remarks,
        gates=_gates(),
        grown=_grown(summary),
        critic=next((page.judgement.verdict.critic for page in pages if page.judgement.verdict.critic), ""),
    )  # fmt: skip


def environment() -> jinja2.Environment:
    """Where the templates of this room are found, with the filters that they use."""
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["percent"] = lambda part: f"{100 * part:.0f} %"
    made.filters["number"] = number
    return made


def number(value: float | None, digits: int = 2) -> str:
    """A value for people: "0.93", with a true minus sign; "not read" for None."""
    return "not read" if value is None else f"{value:.{digits}f}".replace("-", "\N{MINUS SIGN}")


# --- pictures -------------------------------------------------------------------------------------------


def cut(picture: Image, box: Box) -> Image:
    """A figure with a little around it; at least a few pixels."""
    part = clipped(box)
    w, h = picture.size
    left, top = (part.x - MARGIN * part.w) * w, (part.y - MARGIN * part.h) * h
    right, bottom = (part.right + MARGIN * part.w) * w, (part.bottom + MARGIN * part.h) * h
    left, top = max(0, min(round(left), w - 4)), max(0, min(round(top), h - 4))
    return picture.crop((left, top, min(w, max(left + 4, round(right))), min(h, max(top + 4, round(bottom)))))


def data_address(picture: Image, side: int) -> str:
    """A picture as a JPEG inside the page, at most `side` pixels high and wide."""
    small = picture.convert("RGB")
    small.thumbnail((side, side))
    file = io.BytesIO()
    small.save(file, "JPEG", quality=QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode()


def _bands(count: int) -> list[range]:
    """Pages side by side, as evenly as can be: nine are five and four."""
    bands = max(1, -(-count // BAND))
    ends = [round(count * number / bands) for number in range(bands + 1)]
    return [range(start, end) for start, end in pairwise(ends)]


def _sides(pages: Sequence[Judged]) -> tuple[int, int]:
    """Pixels of figures and of pages."""
    figures = sum(len(page.judgement.matches) + len(page.judgement.extra) for page in pages)
    return (
        round(CROP * min(1.0, math.sqrt(USUAL_CELLS / max(1, figures)))),
        round(LARGE * min(1.0, math.sqrt(USUAL_PAGES / max(1, len(pages))))),
    )


# --- cells and sheets -------------------------------------------------------------------------------------


def _cell(name: str, one: Figured | None, crop: str, judged: Judged) -> Cell:
    if one is None:
        return Cell("", "", f"not in the scene of {judged.name}", page=judged.page, name=judged.name)
    words = ", ".join(dict.fromkeys(one.faults)) if one.faults else one.state
    if one.state == "missing":
        words = "missing"
    why = " ".join(sentence(each) for each in one.why) or _figures_of(one)
    if one.state == "not read":
        why = _why_not_read(name, judged.judgement.verdict.unread) or why
    if one.hidden:
        words = "not told here"
    return Cell(one.state, words, why, crop, judged.page, judged.name)


def _why_not_read(name: str, unread: Mapping[str, str]) -> str:
    """Why nothing is told of somebody: what is said of them alone, else of the questions for everybody, each reason once."""
    own = [why for what, why in unread.items() if what.endswith(f": {name}")]
    return "; ".join(dict.fromkeys(own or [why for what, why in unread.items() if what in QUESTIONS]))


def _figures_of(one: Figured) -> str:
    """The measures behind a cell in which nothing is wrong."""
    said = [
        f"likeness {one.likeness:.2f}" if one.likeness is not None else "",
        f"hair ΔE {one.hair:.0f}" if one.hair is not None else "",
        f"clothes ΔE {one.clothes:.0f}" if one.clothes is not None else "",
        f"height {one.height:.0%}" if one.height is not None else "",
    ]
    return ", ".join(each for each in said if each) or "nothing was read of them"


def sentence(words: str) -> str:
    """The words with a capital at the beginning and a full stop at the end."""
    return words[:1].upper() + words[1:].rstrip(".") + "."


PICTURES = ("wrong place", "words in picture", "unsafe", "broken")
"""Faults of a picture as a whole."""
WHOLE = ("place", "words", "safety", "technical")


def _sheet(judged: Judged, found: Mapping[str, Figured], picture: Image, sides: tuple[int, int]) -> Sheet:
    verdict = judged.judgement.verdict
    whole = [fault for fault in verdict.faults if fault.name in PICTURES]
    read = [name for name in WHOLE if name in verdict.scores]
    half = "".join(f"; {why}" for what, why in unread_of(judged).items() if what not in verdict.unread)
    itself = (
        Cell("faulty", ", ".join(fault.name for fault in whole), " ".join(sentence(fault.why) for fault in whole))
        if whole
        else Cell("fine", "fine", f"read: {', '.join(read)}{half}")
        if read
        else Cell("not read", "not read", "nobody read " + ", ".join(WHOLE))
    )  # fmt: skip
    return Sheet(
        page=judged.page,
        name=judged.name,
        short=judged.short or judged.name,
        passed=verdict.passed,
        ratio=picture.width / picture.height,
        picture=data_address(picture, sides[1]),
        frames=frames_of(judged, found),
        why=tuple((str(fault.name), sentence(fault.why)) for fault in verdict.faults),
        scores=tuple((name, number(value)) for name, value in verdict.scores.items()),
        tried=judged.tried,
        extras=tuple(data_address(cut(picture, one.box), sides[0]) for one in judged.judgement.extra),
        itself=itself,
        hidden=tuple(name for name, one in found.items() if one.hidden),
    )


def frames_of(judged: Judged, figures: Mapping[str, Figured]) -> tuple[Frame, ...]:
    """Where everybody was found on a picture, and who is there whom nobody asked for."""
    found = [
        _frame(f"{name}?" if one.hidden else name, one.state, one.seen)
        for name, one in figures.items()
        if one.seen
    ]
    return (*found, *(_frame("nobody asked for", "extra", one) for one in judged.judgement.extra))


def _frame(label: str, state: str, seen: Seen) -> Frame:
    box = clipped(seen.box)
    return Frame(label, state, *(round(100 * side, 2) for side in (box.x, box.y, box.w, box.h)))


def _worst(sheets: Sequence[Sheet]) -> list[Sheet]:
    return [one for one in sheets if not one.passed][:WORST]


# --- rows and curves --------------------------------------------------------------------------------------


def _row(member: Member, cells: tuple[Cell, ...], picture: str, own: bool, pages: Sequence[Judged]) -> Row:
    answers = tuple((question, member.answers[question]) for question in QUESTIONS)
    return Row(
        member.name, picture, own, cells, answers, member.cross, member.self, tuple(_curves(member, pages))
    )


CURVES: tuple[tuple[str, str, str, tuple[float, float]], ...] = (
    ("looks", "likeness", "Likeness to the reference pictures", (0.0, 1.0)),
    ("hair", "hair", "Hair, ΔE from the reference", (0.0, 15.0)),
    ("clothes", "clothes", "Clothes, ΔE from the reference", (0.0, 15.0)),
    ("height", "height", "Height, 1 is right", (0.75, 1.25)),
)
"""For each question the measure of a `Figured`, its heading, and the range that a curve shows at least."""


def _curves(member: Member, pages: Sequence[Judged]) -> list[tuple[str, str]]:
    """Heading and SVG of what was read of somebody on more than one page."""
    by_page = {one.page: one for one in member.figures}
    found = []
    for question, measure, heading, least in CURVES:
        spots = [_spot(question, measure, judged, by_page.get(judged.page)) for judged in pages]
        known = [spot for spot in spots if spot.value is not None]
        if len(known) > 1:
            off = sum(spot.faulty for spot in known)
            says = (
                f"{member.name}: {heading}, read on {len(known)} of {len(member.figures)}, a fault on {off}"
            )
            found.append((heading, curve(says, spots, _gates_of(question, member.space), least)))
    return found


def _spot(question: str, measure: str, judged: Judged, one: Figured | None) -> Spot:
    value: float | None = getattr(one, measure) if one else None
    faulty = bool(one) and any(name in FAULTS_OF[question] for name in one.faults) if one else False
    note = f"{judged.name}: {number(value)}" if value is not None else ""
    return Spot(judged.short or judged.name, value, faulty, note)


def _gates_of(question: str, space: str) -> tuple[float, ...]:
    if question == "height":
        most = gate("height.factor")
        return (1 / most, most)
    return (gate("looks.alike", space) if question == "looks" else gate(f"{question}.colour", space),)


# --- what stands below ------------------------------------------------------------------------------------


def _why_unread(question: str, summary: Summary) -> str:
    """Why a question could not be answered anywhere."""
    if summary.answers[question].read:
        return ""
    return next(
        (why for what, why, _ in summary.unread if what == question), "nobody was there to be asked about"
    )


def _grown(summary: Summary) -> list[tuple[str, str, str]]:
    """The measures of publications: name, value, what it means."""
    by = f", compared by {' and '.join(summary.spaces)}" if summary.spaces else ""
    return [
        ("Cross-CIDS", number(summary.cross_cids, 3), f"mean cosine of everybody's crops to their references{by}"),
        ("Self-CIDS", number(summary.self_cids, 3), f"mean cosine of everybody's crops to each other{by}"),
        ("OCCM", number(summary.occm, 1), "how well the number of people found fits, 0 to 100"),
    ]  # fmt: skip


def _gates() -> list[tuple[str, str, str]]:
    """The table of gates: name, value with those of single spaces, reason."""
    found = []
    for name, row in gates().items():
        own = [f"{space} {value}" for space, value in row.items() if space not in ("value", "why")]
        found.append((name, f"{row['value']}" + (f" ({', '.join(own)})" if own else ""), str(row["why"])))
    return found


def scores_of(summary: Summary) -> dict[str, Any]:
    """The summary in plain numbers, for scripts."""
    return {
        "pictures": summary.pictures,
        "passed": summary.passed,
        "questions": {
            name: {"share": answer.share, "right": answer.right, "read": answer.read, "of": answer.of, "score": answer.score}
            for name, answer in summary.answers.items()
        },
        "characters": {
            one.name: {
                "cross_cids": one.cross, "self_cids": one.self, "space": one.space,
                **{name: {"right": answer.right, "read": answer.read, "of": answer.of} for name, answer in one.answers.items()},
            }
            for one in summary.members
        },
        "cross_cids": summary.cross_cids,
        "self_cids": summary.self_cids,
        "occm": summary.occm,
        "not_read": [{"what": what, "why": why, "pictures": count} for what, why, count in summary.unread],
    }  # fmt: skip
