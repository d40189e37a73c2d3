"""People, command line: stories while they are written: progress, what became of every fault, and the child who has a say."""

import re
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from storykin import bookfolder, make
from storykin.cli import talk
from storykin.desk import FolderDesk, earlier_of, read_draft
from storykin.errors import BadFile, BadInput, Unkind
from storykin.story import Story
from storykin.writers import writer_named, writer_names
from storykin.writers.chat import Chat
from storykin.writers.chat.servers import USUAL, listening
from storykin.writers.chat.telling import Telling
from storykin.writers.checking import Checkup, check_story
from storykin.writers.drafting import Draft, Round


def complete_writer(incomplete: str) -> list[str]:
    """Writers, with the models that listen on this machine."""
    names = [*writer_names(), *(f"{one.kind}:{model}" for one in listening() for model in one.offered)]
    return [name for name in (*names, *(f"{kind}:" for kind in USUAL)) if name.startswith(incomplete)]


def written(folder: Path, as_json: bool) -> Story:
    """Write the story; who needs long shows how far it is."""
    if bookfolder.read_choices(folder).writer in writer_names():
        return make.write(folder)
    with talk.progress("write", as_json) as on_step:
        return make.write(folder, on_step, talk.note)


def say_left(folder: Path) -> None:
    """Say so where a model's story has pages that nobody could mend."""
    found = before(folder)
    left = sorted({one.page for one in found.rounds if one.by == "nobody" and one.left}) if found else []
    if left:
        pages = ", ".join(map(str, (page for page in left if page)))
        talk.say(
            f"Please look at {f'page {pages}' if pages else 'the story'}, which could not be mended: storykin check --book {talk.verbatim(str(folder))}"
        )


# --- what became of the faults -------------------------------------------------------------------------


@dataclass(frozen=True)
class Before:
    """A model's story as it first came, and what was done about its faults."""

    checkup: Checkup
    rounds: tuple[Round, ...]
    told_by: str


def before(folder: Path) -> Before | None:
    """The story as the model first gave it; None where no model wrote."""
    try:
        draft = read_draft(folder)
    except BadFile:
        return None
    if draft is None or not draft.first or draft.told_by != bookfolder.read_story(folder).writer:
        return None
    wish = bookfolder.read_wish(folder)
    title = draft.outline.title if draft.outline else ""
    cast = draft.cast
    story = Story(title, draft.first, cast, language=wish.language)
    return Before(check_story(story, wish), draft.rounds, draft.told_by)


MENDED = {
    "model": "sent back to the model",
    "tools": "repaired by the embedded tools",
    "embedded": "told by the embedded writer",
    "nobody": "left as it is: please look",
}


def say_rounds(found: Before) -> None:
    """A line for each time that a page was mended, and whether that was the end of it."""
    faults = len(found.checkup.faults)
    talk.say(f"\nAs it first came: {faults} fault{'' if faults == 1 else 's'}.")
    rows = [
        ("the book" if not one.page else f"page {one.page}", "\n".join(re.sub(r"^page \d+: ", "", line) for line in one.wrong), MENDED[one.by], "ok" if not one.left else f"{len(one.left)} left")
        for one in found.rounds
    ]  # fmt: skip
    if rows:
        talk.table(("page", "what was wrong", "what was done", ""), rows)
    if found.told_by == "fable":
        talk.say("The model could not tell this story; the embedded writer told it.")


def plain_of(found: Before | None) -> dict[str, Any] | None:
    """The same for scripts."""
    if found is None:
        return None
    return {
        **asdict(found.checkup),
        "rounds": [asdict(one) for one in found.rounds],
        "told_by": found.told_by,
    }


# --- a child who has a say -----------------------------------------------------------------------------

QUESTION = "[Enter] good · n another one · undo · rest (without asking) · stop · or say what happens next"
GOOD, AGAIN, UNDO, REST, STOP = {"", "y", "yes", "good"}, {"n", "no"}, {"undo"}, {"rest"}, {"stop", "quit"}


def asked(folder: Path, as_json: bool = False) -> Story:
    """Write the story a page at a time. After each the child takes it, sends it back, or says what happens next, and the story bends. What is taken is kept when they stop."""
    wish, choices = bookfolder.read_wish(folder), bookfolder.read_choices(folder)
    writer = writer_named(choices.writer)
    if not isinstance(writer, Chat):
        raise BadInput(
            f"writer {writer.name!r} tells a story in one go",
            "--ask needs a language model: --writer ollama:gemma3:12b",
        )
    make.refuse_unprintable(wish, choices)
    desk = FolderDesk(folder, make.quiet, earlier_of(wish, folder), talk.note)
    with writer.telling(*make.as_told(wish, make.known_of(wish, folder)), desk) as telling:
        telling.by_hand = True
        talk.note("thinking …")
        if telling.outlined():
            _ask_on(telling, talk.note if as_json else lambda words: talk.say(talk.verbatim(words)))
        else:
            telling.stand_in("no outline could be had")
        return make.keep_story(folder, telling.story())


def _ask_on(telling: Telling, read_out: Callable[[str], None]) -> None:
    """Page after page, until all are told or somebody has heard enough."""
    read_out(telling.assembled().title)
    taken: list[Draft] = []
    while missing := telling.missing():
        number, so_far = missing[0], telling.draft
        talk.note(f"page {number} …")
        try:
            telling.tell([number])
            page = telling.draft.page(number)
            assert page
            read_out(f"\n{number:>2}  " + page.text.replace("\n", "\n    "))
            said = _heard()
        except KeyboardInterrupt:
            telling.put(so_far)
            raise
        word = said.lower().rstrip(".!")
        if word in STOP:
            telling.put(so_far)
            raise KeyboardInterrupt
        if word in REST:
            return
        if word in AGAIN:
            telling.put(replace(so_far, unliked=(*so_far.unliked, page)))
        elif word in UNDO:
            telling.put(taken.pop() if taken else _one_page_back(so_far))
        else:
            taken.append(so_far)
            if word not in GOOD:
                if number == telling.wish.pages:  # nothing comes after it, so it happens here
                    telling.put(so_far)
                _bend(telling, said)


def _bend(telling: Telling, said: str) -> None:
    """What the child added happens, unless it must not or the model cannot."""
    talk.note("thinking …")
    try:
        if not telling.bend(said):
            talk.note("The model could not weave that in; say it otherwise.")
    except Unkind as error:
        talk.note(f"{error.message} What else could happen?")


def _one_page_back(draft: Draft) -> Draft:
    """The draft without its last page, as it was before that was told."""
    last = max((page.number for page in draft.pages), default=0)
    return replace(
        draft,
        pages=tuple(page for page in draft.pages if page.number != last),
        first=tuple(page for page in draft.first if page.number != last),
        rounds=tuple(one for one in draft.rounds if one.page != last),
    )


def _heard() -> str:
    """What the child says; the end of the input is a stop."""
    if sys.stdin.isatty():
        talk.note(QUESTION)
    line = sys.stdin.readline()
    return line.strip() if line else "stop"
