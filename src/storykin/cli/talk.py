"""People, command line: how answers, errors and progress are shown; colours only on a terminal."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from storykin.errors import StorykinError
from storykin.files import plain
from storykin.job import Job
from storykin.make import OnStep

EVERY = 0.05  # of the work


def answer(found: object, as_json: bool, show: Callable[[], None]) -> None:
    """Print a command's result: as one JSON document on standard output, or as `show` prints it."""
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        show()


def say(words: str) -> None:
    """A line for a person on standard output; `[bold]…[/]` and the like are understood."""
    from rich.console import Console

    Console(highlight=False, soft_wrap=True).print(words)


def verbatim(words: object) -> str:
    """Words in which square brackets mean square brackets, for `say`."""
    from rich.markup import escape

    return escape(str(words))


def note(words: str) -> None:
    """A line for a person on standard error, where it does not disturb a script."""
    print(words, file=sys.stderr)


def stopped(as_json: bool) -> None:
    """Somebody pressed Ctrl-C."""
    words = "stopped; what was finished is kept, run the same command again to go on"
    note(
        json.dumps(plain(Job(f"storykin-{os.getpid()}", "storykin", "stopped", 0.0, words)))
        if as_json
        else words
    )


def error(problem: StorykinError, as_json: bool) -> None:
    """What happened and what to do about it, on standard error; with `--json` as JSON on standard output."""
    from rich.console import Console
    from rich.text import Text

    if as_json:
        print(json.dumps({"error": problem.message, "hint": problem.hint}, ensure_ascii=False))
        return
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(Text("error: ", "bold red") + Text(problem.message))
    if problem.hint:
        console.print(Text("hint: ", "bold cyan") + Text(problem.hint))


def table(heads: Sequence[str], rows: Sequence[Sequence[object]], whole: int = 0) -> None:
    """Rows under headings; the first `whole` columns, of names that are to be typed again, are never broken."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=None, header_style="bold", pad_edge=False)
    for number, head in enumerate(heads):
        drawn.add_column(head, overflow="fold", no_wrap=number < whole)
    for row in rows:
        drawn.add_row(*(Text(str(cell)) for cell in row))
    Console(highlight=False).print(drawn)


@contextmanager
def progress(task: str, as_json: bool) -> Iterator[OnStep]:
    """A progress bar with the time left on a terminal; with `--json` a line of JSON per step (a `Job`)."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    if as_json:
        yield lambda fraction, doing: note(json.dumps(plain(_job(task, fraction, doing)), ensure_ascii=False))
        return
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _once_a_step()
        return
    columns = (
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        shown = bar.add_task("", total=1.0)
        yield lambda fraction, doing: bar.update(shown, completed=fraction, description=doing)


def _once_a_step() -> OnStep:
    """For logs: a line whenever something else is being done, and on long work one for every twentieth."""
    last, told = "", 0.0

    def tell(fraction: float, doing: str) -> None:
        nonlocal last, told
        step = doing.split(" ", maxsplit=1)[0]
        if step != last or abs(fraction - told) >= EVERY:
            note(f"{fraction:4.0%} {doing}")
            told = fraction
        last = step

    return tell


def _job(task: str, fraction: float, doing: str) -> Job:
    return Job(
        f"{task}-{os.getpid()}", task, "done" if fraction >= 1 else "running", round(fraction, 3), doing
    )
