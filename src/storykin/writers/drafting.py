"""Crafts, writers: a story while it is being written: its outline, what is settled, each page as it was first and as it is, and what was found fault with.

Lies in the book's folder as `draft.json`, so that a story goes on where it stopped, and so that one can see what became of every fault.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from storykin.character import Character
from storykin.scene import Time, Weather
from storykin.story import Page, Story

By = Literal["model", "tools", "embedded", "nobody"]


@dataclass(frozen=True)
class Person:
    """Somebody in an outline. `kind` is that of a `Look`, `costume` what they wear in this story, in words, "" for everyday clothes, `part` what they do in it."""

    name: str
    kind: str = ""
    age: int = 0
    coat: str = ""
    costume: str = ""
    part: str = ""


@dataclass(frozen=True)
class Beat:
    """What happens on one page. `question` is what makes the reader turn it."""

    page: int
    happens: str
    place: str = ""
    time: Time = "day"
    weather: Weather = "clear"
    who: tuple[str, ...] = ()
    question: str = ""


@dataclass(frozen=True)
class Outline:
    """A story before it is told: what the hero wants, what is in the way, what turns it, how it ends, and a beat for every page."""

    title: str
    want: str
    trouble: str
    turn: str
    ending: str
    people: tuple[Person, ...] = ()
    facts: tuple[str, ...] = ()
    beats: tuple[Beat, ...] = ()
    blurb: str = ""


@dataclass(frozen=True)
class Round:
    """One try to mend a page: what was wrong (each fault as the sentence that went back), who mended it, and what was still wrong afterwards."""

    page: int
    wrong: tuple[str, ...]
    by: By
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class Draft:
    """How far a story is.

    `key` stands for all that decides it: the wish, who is known, the model, the prompts. `facts` are what is settled for good and travels with every question.
    `first` are the pages as they came, `pages` as they are now. `added` is what the child said
    in between, `unliked` are pages that it sent back. `told_by` says who wrote the finished story, "" while it is not finished; `also_language` is that of the pages' second
    texts.
    """

    key: str
    outline: Outline | None = None
    cast: tuple[Character, ...] = ()
    facts: tuple[str, ...] = ()
    first: tuple[Page, ...] = ()
    pages: tuple[Page, ...] = ()
    rounds: tuple[Round, ...] = ()
    added: tuple[str, ...] = ()
    unliked: tuple[Page, ...] = ()
    told_by: str = ""
    also_language: str = ""

    def page(self, number: int) -> Page | None:
        """The page of that number as it is, None while it is not written."""
        return next((page for page in self.pages if page.number == number), None)


def with_page(pages: Sequence[Page], page: Page) -> tuple[Page, ...]:
    """The pages with one put in its place, in order."""
    return tuple(
        sorted((*(one for one in pages if one.number != page.number), page), key=lambda one: one.number)
    )


@dataclass(frozen=True)
class Earlier:
    """The book that this one goes on from: its story and what was settled in it."""

    story: Story
    facts: tuple[str, ...] = ()


class Desk:
    """Where somebody writes who needs long: what is done is laid down here, and how far it is is told. This one forgets everything."""

    earlier: Earlier | None = None

    def laid(self) -> Draft | None:
        """The draft that lies here, None for a clean desk."""
        return None

    def lay(self, draft: Draft) -> None:
        """Put the draft as it is now in the place of what lay here."""

    def step(self, fraction: float, doing: str) -> None:
        """So much of the story is written; may raise `Cancelled`."""

    def say(self, words: str) -> None:
        """What a person should know."""
