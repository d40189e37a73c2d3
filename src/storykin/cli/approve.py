"""People, command line: the parent looks at every page before the book is bound."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from storykin import approving, make
from storykin.bookfolder import page_words
from storykin.cli import pages as told
from storykin.cli import talk
from storykin.easel import on_pages
from storykin.errors import BadInput

Folder = Annotated[Path, typer.Option("--book", metavar="FOLDER", help="The book's folder.")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON, for scripts.")]


def approve(
    pages: Annotated[
        str,
        typer.Argument(
            help="Which: 3, 3-5,7 or cover. Without any, those that wait are listed.", show_default=False
        ),
    ] = "",
    everything: Annotated[bool, typer.Option("--all", help="All pages.")] = False,
    not_pages: Annotated[
        str, typer.Option("--not", metavar="PAGES", help="Not these: takes an approval back.")
    ] = "",
    folder: Folder = Path(),
    as_json: Json = False,
) -> None:
    """Approve pages before the book is bound; an approval is for exactly the picture that stands there now."""
    if pages and everything:
        raise BadInput("--all and pages were both given", "leave one of them out: storykin approve 3-5")
    chosen = told.page_numbers_of(pages) if pages else []
    if everything:
        chosen = [shot.page for shot, _ in on_pages(folder)]
    back = told.page_numbers_of(not_pages) if not_pages else []
    if chosen or back:
        approving.approve(folder, chosen, back)
    left = approving.waiting(folder)

    def show() -> None:
        if not left:
            talk.say("Every page is approved. Bind the book with: storykin bind")
            return
        talk.say("These pages wait for your approval:")
        for shot, picture in left:
            _show(folder, told.line_of(shot, picture), picture.path)

    talk.answer({"waiting": [told.plain_of(*one) for one in left]}, as_json, show)


def somebody_is_there() -> bool:
    """Whether questions can be asked: input and output are a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(folder: Path) -> None:
    """Ask for each page that waits, those with faults first: yes, no, or paint it again and ask anew."""
    asked: set[tuple[int, str]] = set()
    while True:
        left = [one for one in approving.waiting(folder) if (one[0].page, one[1].path) not in asked]
        if not left:
            return
        shot, picture = left[0]
        _show(folder, told.line_of(shot, picture), picture.path)
        answer = ""
        while answer not in {"y", "n", "again"}:
            answer = typer.prompt(f"Is {page_words(shot.page)} good? (y, n, again)", err=True).strip().lower()
        if answer == "again":
            with talk.progress("paint", as_json=False) as on_step:
                make.paint(folder, [shot.page], True, on_step)
            continue
        asked.add((shot.page, picture.path))
        if answer == "y":
            try:
                approving.approve(folder, [shot.page])
            except BadInput as refused:
                talk.error(refused, as_json=False)


def _show(folder: Path, line: str, path: str) -> None:
    talk.say(f"  {talk.verbatim(line)}\n      {talk.verbatim(str(folder / path))}")


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command(rich_help_panel="Step by step")(approve)
