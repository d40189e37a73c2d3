"""Values: words and pictures in order, before ink. No printer is known here."""

import re
from dataclasses import dataclass
from typing import Literal

from storykin.errors import BadInput
from storykin.languages import is_right_to_left
from storykin.scene import Box

LeafKind = Literal[
    "half-title",
    "title",
    "copyright",
    "dedication",
    "story",
    "end",
    "blank",
    "endpaper",
    "belongs",
    "draw",
    "write",
]
Half = Literal["", "left", "right"]


@dataclass(frozen=True)
class Leaf:
    """One printed page.

    `picture` is the path of an SVG, PNG or JPEG file, "" for none. It is composed for the page
    with bleed on all four sides. A picture over a spread is as wide as two pages: `half` says
    which half of it this leaf shows; `text_zone` is then still in fractions of the *whole*
    picture, and the words stand on the leaf whose half contains the zone. `story_page` is the
    page of the story, 0 for front and back matter. `also` are the words in the book's second language;
    `language` is that of `text` where it is not the book's.
    """

    kind: LeafKind
    text: str = ""
    picture: str = ""
    alt: str = ""
    text_zone: Box | None = None
    half: Half = ""
    story_page: int = 0
    also: str = ""
    language: str = ""


@dataclass(frozen=True)
class Trim:
    """The size of the cut page in inches."""

    width: float
    height: float


def trim_of(words: str) -> Trim:
    """The trim that "8.5x8.5" names. Raises `BadInput`."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*[x×]\s*(\d+(?:\.\d+)?)", words.strip().lower())
    if not found or not all(4 <= float(side) <= 14 for side in found.groups()):
        raise BadInput(
            f"{words!r} is no page size", "write width x height in inches, each from 4 to 14: 8.5x8.5 or 8x10"
        )
    return Trim(float(found[1]), float(found[2]))


@dataclass(frozen=True)
class Book:
    """Everything a binder needs. `author` is printed on title page and cover as it stands.

    The first leaf is a right-hand page (page 1), a left-hand one where the language runs from right to left. `cover` is the path of the cover's picture,
    square or in the trim's proportions, and `cover_alt` describes it. `also_language` is that of the second text on each page, "" for none.
    """

    title: str
    leaves: tuple[Leaf, ...]
    trim: Trim
    language: str = "en"
    author: str = ""
    blurb: str = ""
    cover: str = ""
    cover_alt: str = ""
    reader_age: int = 5
    identifier: str = ""
    also_language: str = ""

    @property
    def to_left(self) -> bool:
        """Whether it is read from right to left: its first page is a left-hand one, and its spine is on the right of the front."""
        return is_right_to_left(self.language)
