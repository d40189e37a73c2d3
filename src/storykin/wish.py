"""Values: what the child asked for, before anybody has thought about it."""

from dataclasses import dataclass
from typing import Literal

Tone = Literal["prose", "rhyme", "funny", "bedtime", "first_person"]
Pronouns = Literal["she", "he", "they"]


@dataclass(frozen=True)
class Wish:
    """A child's wish and the family's choices for the book.

    `hero` and `cast` are names; who they are and how they look belongs to the `Character`s.
    `cast` are further people who must matter in the story. `pages` counts the story's pages, not
    the printer's. `style` may combine tones. `keep` are words of the child that must reach a page
    byte for byte. `sparks` are words of theirs, or titles of drawings, that the story grows from. `arc` names a plot, "" lets the writer choose. `after` is the folder of
    the book that this one goes on from, relative to this book's, "" for none. `language` is the code of the language to tell it in (de, pt-BR), `also` that of
    a second one for every page, "" for none.
    """

    idea: str
    hero: str = "Robin"
    pronouns: Pronouns = "they"
    cast: tuple[str, ...] = ()
    pages: int = 12
    reader_age: int = 5
    style: tuple[Tone, ...] = ("prose",)
    art: str = "flat"
    language: str = "en"
    keep: tuple[str, ...] = ()
    sparks: tuple[str, ...] = ()
    dedication: str = ""
    arc: str = ""
    after: str = ""
    seed: int = 0
    also: str = ""
