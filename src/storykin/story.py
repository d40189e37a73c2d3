"""Values: a story that is told and not yet painted."""

from dataclasses import dataclass

from storykin.character import Character
from storykin.scene import Scene


@dataclass(frozen=True)
class Page:
    """The words of one page and the picture they ask for. `text` keeps its line breaks; `also` are the same words in the book's second language."""

    number: int
    text: str
    scene: Scene
    also: str = ""


@dataclass(frozen=True)
class Story:
    """A title, pages in order, and everybody who appears on them.

    `blurb` is the few sentences for the back cover. `writer` and `arc` say how it came about. `language` and `also_language` are the codes of
    its languages (de, pt-BR), the second "" for a book in one; title and blurb are in the first.
    """

    title: str
    pages: tuple[Page, ...]
    cast: tuple[Character, ...]
    dedication: str = ""
    blurb: str = ""
    language: str = "en"
    writer: str = ""
    arc: str = ""
    also_language: str = ""
