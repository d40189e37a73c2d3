"""Values: a story that is told and not yet painted."""

from dataclasses import dataclass

from storykin.character import Character
from storykin.scene import Scene


@dataclass(frozen=True)
class Page:
    """The words of one page and the picture they ask for. `text` keeps its line breaks."""

    number: int
    text: str
    scene: Scene


@dataclass(frozen=True)
class Story:
    """A title, pages in order, and everybody who appears on them.

    `blurb` is the few sentences for the back cover. `writer` and `arc` say how it came about.
    """

    title: str
    pages: tuple[Page, ...]
    cast: tuple[Character, ...]
    dedication: str = ""
    blurb: str = ""
    language: str = "en"
    writer: str = ""
    arc: str = ""
