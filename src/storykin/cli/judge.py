"""People, command line: judging pictures, those of our books and those made elsewhere, and comparing several sets of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from storykin import files
from storykin.bookfolder import COVER
from storykin.cli import talk
from storykin.cli.cast import Json, Shelf
from storykin.cli.pages import faults_of, page_numbers_of
from storykin.errors import BadInput

if TYPE_CHECKING:
    from storykin.critics import Reader
    from storykin.critics.summing import Judged, Summary
    from storykin.reporting import OnStep, Report
    from storykin.reviewing import Critic

ELSEWHERE = "Pictures made elsewhere"
UNDER_THE_GATE = 1
COMPARISON = "compare.html"
SHELF = Path("cast")

Who = Annotated[
    str | None,
    typer.Option("--who", metavar="NAMES", help="Who should be in every picture, with commas; nobody is expected when it is empty.", rich_help_panel=ELSEWHERE, show_default=False),
]  # fmt: skip
TableFile = Annotated[
    Path | None,
    typer.Option("--table", metavar="FILE", help="What each picture should show: judge.toml or a CSV with the columns file, who, place, sentence. Found by itself beside the pictures.", rich_help_panel=ELSEWHERE, show_default=False),
]  # fmt: skip
References = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="Pictures of everybody alone: a folder for each name, or files named after people.", rich_help_panel=ELSEWHERE, show_default=False),
]  # fmt: skip
Drawn = Annotated[
    bool,
    typer.Option("--drawn", help="The embedded painter drew them; they are read by the reader of its figures.", rich_help_panel=ELSEWHERE),
]  # fmt: skip
Readers = Annotated[
    str,
    typer.Option(metavar="NAMES", help="Only these readers, with commas; all that can read when left out.", show_default=False),
]  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What was said about pictures made elsewhere."""

    who: str | None = None
    table: Path | None = None
    references: Path | None = None
    shelf: Path = SHELF
    drawn: bool = False

    @property
    def said(self) -> bool:
        """Whether anything was."""
        return self.who is not None or self.drawn or any((self.table, self.references))


def judge(
    places: Annotated[list[Path], typer.Argument(metavar="PLACE...", help="A book's folder, a folder of any pictures, or pictures.", show_default=False)],
    who: Who = None,
    table: TableFile = None,
    references: References = None,
    drawn: Drawn = False,
    only: Annotated[str, typer.Option("--only", metavar="PAGES", help="Which pages: 3, 3-5,7 or cover; of pictures their numbers in the order of their names.", show_default=False)] = "",
    readers: Readers = "",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where the page is written; consistency.html beside the pictures when left out.", show_default=False)] = None,
    shelf_folder: Shelf = Path("cast"),
    as_json: Json = False,
) -> None:  # fmt: skip
    """Read pictures and say whether everybody looks the same: a table, and consistency.html.

    Works on books and on any pictures made elsewhere. What was read is kept in readings/ beside the page, so a second time is quick.
    Exit code 1 when a picture is under the gate.
    """
    from storykin.critics.page import scores_of
    from storykin.critics.summing import summed
    from storykin.reporting import PAGE

    numbers = page_numbers_of(only) if only else None
    known = Known(who, table, references, shelf_folder, drawn)
    _refuse_unusable(places, out or _home(places) / PAGE, known)
    critic = _critic(readers)
    try:
        with talk.progress("judge", as_json) as on_step:
            report = _report(places, known, numbers, critic, out.parent if out else None, on_step)
    finally:
        critic.close()
    page = report.save(out)
    summary = summed(report.pages)
    found = {
        "title": report.title,
        "page": str(page),
        **scores_of(summary),
        "remarks": list(report.remarks),
        "pages": [_plain(one, report) for one in report.pages],
    }
    talk.answer(found, as_json, lambda: _show(report, summary, page))
    if not report.passed:
        raise typer.Exit(UNDER_THE_GATE)


def compare(
    places: Annotated[list[Path], typer.Argument(metavar="A B...", help="Two or more: books, or folders of pictures; differences are to the first.", show_default=False)],
    names: Annotated[str, typer.Option("--names", metavar="NAMES", help="What they are called, with commas; their titles or folders when left out.", show_default=False)] = "",
    who: Who = None,
    table: TableFile = None,
    references: References = None,
    drawn: Drawn = False,
    readers: Readers = "",
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where the page is written.")] = Path(COMPARISON),
    shelf_folder: Shelf = Path("cast"),
    as_json: Json = False,
) -> None:  # fmt: skip
    """Put two or more books, or folders of pictures, side by side: which is better, and is it more than chance.

    What is said about pictures made elsewhere holds for all folders. Pages are found again by the number in their name.
    """
    from storykin.critics.comparepage import compare_html
    from storykin.critics.page import scores_of
    from storykin.critics.sidebyside import scores_of_rows, side_by_side
    from storykin.critics.summing import summed

    if len(places) < 2:
        raise BadInput("there is only one to compare", "name two or more: storykin compare A B")
    given = [name.strip() for name in names.split(",")] if names else []
    if given and len(given) != len(places):
        raise BadInput(f"{len(given)} names for {len(places)} places", "give one for each, in order")
    known = Known(who, table, references, shelf_folder, drawn)
    _refuse_unusable(places, out, known)
    critic = _critic(readers)
    reports = []
    try:
        with talk.progress("compare", as_json) as on_step:
            for index, place in enumerate(places):

                def tell(part: float, doing: str, index: int = index, place: Path = place) -> None:
                    on_step((index + part) / len(places), f"{doing} of {place}")

                reports.append(_report([place], known, None, critic, None, tell, several=True))
    finally:
        critic.close()
    titles = _titles(given, places, reports)
    sets = [report.pages for report in reports]
    rows = side_by_side(sets)
    remarks = [
        f"{title}: {words}" for title, report in zip(titles, reports, strict=True) for words in report.remarks
    ]
    html = compare_html(titles, sets, rows, [report.open for report in reports], remarks)
    page = files.write_text(out, html)
    found = {
        "page": str(page),
        "sets": {title: scores_of(summed(pages)) for title, pages in zip(titles, sets, strict=True)},
        "measures": scores_of_rows(titles, rows),
        "remarks": remarks,
    }  # fmt: skip

    def show() -> None:
        _show_rows(titles, rows)
        for words in remarks:
            talk.say(talk.verbatim(words))
        talk.say(f"In brackets: 95 % confidence. Side by side: [bold]{talk.verbatim(str(page))}[/bold]")

    talk.answer(found, as_json, show)


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(rich_help_panel="Looking closer")(judge)
    app.command(rich_help_panel="Looking closer")(compare)


# --- what is judged ---------------------------------------------------------------------------------------


def _report(
    places: Sequence[Path],
    known: Known,
    numbers: Sequence[int] | None,
    critic: "Critic",
    keep: Path | None,
    on_step: "OnStep",
    several: bool = False,
) -> "Report":
    """What was seen of a book, or of pictures made elsewhere."""
    from storykin.outside import Asked, split_names
    from storykin.reporting import is_book, judge_book, judge_pictures

    paths = tuple(place.expanduser() for place in places)
    books = [path for path in paths if is_book(path)]
    if books and len(paths) > 1:
        raise BadInput(f"{books[0]}: is a book, and was named together with others", "judge one book at a time, or: storykin compare A B")  # fmt: skip
    if books:
        if known.said and not several:
            raise BadInput(f"{books[0]}: is a book, whose storyboard says who is where", "leave out --who, --table, --references and --drawn")  # fmt: skip
        return judge_book(books[0], critic, numbers, on_step)
    if numbers and COVER in numbers:
        raise BadInput("only books have a cover", "pictures are numbered from 1 in the order of their names")
    who = None if known.who is None else split_names(known.who)
    only = None if numbers is None else tuple(numbers)
    asked = Asked(paths, who, known.table, known.references, known.shelf, only, known.drawn)
    return judge_pictures(asked, critic, keep or _home(paths), on_step)


def _home(places: "Sequence[Path]") -> Path:
    """The folder beside whose pictures the page is written: the one that was named, else where we are."""
    paths = [place.expanduser() for place in places]
    return paths[0] if len(paths) == 1 and paths[0].is_dir() else Path()


def _refuse_unusable(places: "Sequence[Path]", page: Path, known: Known) -> None:
    """Before anything is read: raise `BadInput` for a place or a shelf that is not there, `BadFile` for a book without a storyboard and where the page could not be written."""
    from storykin.reporting import refuse_unpainted

    for place in places:
        if not place.expanduser().exists():
            raise BadInput(f"{place}: there is no such folder or picture", "check the spelling; quote names with spaces")  # fmt: skip
        refuse_unpainted(place.expanduser())
    files.refuse_unwritable(page)
    if known.shelf != SHELF and not known.shelf.is_dir():
        raise BadInput(f"{known.shelf}: there is no such folder of characters", "leave --shelf out, or name the folder with cast/NAME/character.toml")  # fmt: skip


def _critic(names: str) -> "Critic":
    """All readers, or only those that were named. Raises `BadInput` that lists them."""
    from storykin.reviewing import Critic, drawn_readers, painted_readers

    drawn, painted = drawn_readers(), painted_readers()
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    known = list(dict.fromkeys(one.name for one in (*drawn, *painted)))
    for name in wanted:
        if name not in known:
            raise BadInput(f"there is no reader {name!r}", f"readers: {', '.join(known)}")

    def chosen(readers: "Sequence[Reader]") -> "list[Reader]":
        return [one for one in readers if not wanted or one.name in wanted]

    return Critic(chosen(drawn), chosen(painted))


def _titles(given: Sequence[str], places: Sequence[Path], reports: "Sequence[Report]") -> list[str]:
    """What each set is called: as given, by title, or by folder where titles are the same."""
    titles = list(given) or [report.title for report in reports]
    if len(set(titles)) < len(titles):
        titles = [str(place) for place in places]
    return titles if len(set(titles)) == len(titles) else [f"{number}: {title}" for number, title in enumerate(titles, 1)]  # fmt: skip


# --- what is shown ----------------------------------------------------------------------------------------

TOLD = ("looks", "hair", "clothes", "height", "count")


def _show(report: "Report", summary: "Summary", page: Path) -> None:
    from storykin.critics.page import number
    from storykin.critics.summing import QUESTIONS

    rows = []
    for one in report.pages:
        verdict = one.judgement.verdict
        scores = [number(verdict.scores[name]) if name in verdict.scores else "–" for name in TOLD]
        rows.append((one.name, *scores, faults_of(verdict)))
    talk.table((report.many[:-1], *TOLD, "the critic says"), rows)
    for one in report.pages:
        for fault in one.judgement.verdict.faults:
            talk.say(f"  {talk.verbatim(one.name)}: {talk.verbatim(fault.why)}")
    talk.say("")
    for name, asked in QUESTIONS.items():
        answer = summary.answers[name]
        share = answer.share
        what = report.many if name == "count" else "figures"
        said = "not read" if share is None else f"{share:.0%} ({answer.right} of {answer.read} {what})"
        talk.say(f"{asked} [bold]{said}[/bold]")
    talk.say(
        f"Cross-CIDS {number(summary.cross_cids, 3)}, Self-CIDS {number(summary.self_cids, 3)}, OCCM {number(summary.occm, 1)}"
    )
    whole = [(what, why) for what, why, count in summary.unread if count == summary.pictures]
    for what, why in whole:
        talk.say(f"not read: {talk.verbatim(what)}: {talk.verbatim(why)}")
    for words in report.remarks:
        talk.say(talk.verbatim(words))
    passed = f"{summary.passed} of {summary.pictures} {report.many} are as they should be, as far as they were read."
    talk.say(f"{passed} Look at: [bold]{talk.verbatim(str(page))}[/bold]")


def _show_rows(titles: Sequence[str], rows: Sequence[Any]) -> None:
    from storykin.critics.comparepage import difference_words, value_words

    told = []
    for row in rows:
        cells = []
        for value, one in zip(row.values, row.differences, strict=True):
            words = value_words(row.name, value)
            cells.append(f"{words}, {difference_words(row.name, one)}: {one.words}" if one else words)
        told.append((row.says, *cells))
    talk.table(("", *titles), told)


def _plain(one: "Judged", report: "Report") -> dict[str, Any]:
    """A page in plain values."""
    from storykin.critics.summing import figured, unread_of

    verdict = one.judgement.verdict
    return {
        "page": one.page,
        "name": one.name,
        "path": report.paths[one.page],
        "passed": verdict.passed,
        "scores": verdict.scores,
        "faults": [files.plain(fault) for fault in verdict.faults],
        "not_read": unread_of(one),
        "figures": {
            name: {"state": each.state, "likeness": each.likeness, "hair": each.hair, "clothes": each.clothes, "height": each.height}
            for name, each in figured(one).items()
        },
        "extra": len(one.judgement.extra),
        "tried": list(one.tried),
    }  # fmt: skip
