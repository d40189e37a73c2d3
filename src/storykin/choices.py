"""Values: how a book is to be made, apart from what the child wished: `book.toml`."""

from dataclasses import dataclass
from typing import Literal

Effort = Literal["draft", "good", "best"]


@dataclass(frozen=True)
class Choices:
    """The family's choices for making a book.

    `trim` is the size of the cut page in inches, `press` names the printer's preset. `author` stands on the title
    page. `size` is the height of a page's picture in pixels, 0 lets painter and effort decide;
    `steps` and `guidance_scale` likewise.
    """

    writer: str = "fable"
    painter: str = "sketch"
    effort: Effort = "good"
    trim: str = "8.5x8.5"
    press: str = "kdp-8.5x8.5"
    author: str = ""
    page_numbers: bool = False
    formats: tuple[str, ...] = ("pdf", "cover", "epub", "html")
    size: int = 0
    steps: int = 0
    guidance_scale: float = 0.0
