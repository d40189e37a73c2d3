"""Values: how a book is to be made, apart from what the child wished: `book.toml`."""

from dataclasses import dataclass, field
from typing import Literal

from storykin.families import Precision
from storykin.shot import Apart

Start = Literal["", "sketch", "before", "none"]
Effort = Literal["draft", "good", "best"]


@dataclass(frozen=True)
class Choices:
    """The family's choices for making a book.

    `trim` is the size of the cut page in inches, `press` names the printer's preset. `author` stands on the title
    page. `size` is the height of a page's picture in pixels, 0 lets painter and effort decide;
    `steps` and `guidance_scale` likewise. `consistency` joins methods with +, such as "prompt+lora"; "" takes the best that characters and
    painter allow. `photos` are start images by page, relative to the book's folder, `start` is where the other pages begin ("" as the method likes),
    `strength` how far they may leave it (None as usual). `host` and `model` are for painters on a server, `precision` that of a base's weights ("" as the card allows).
    `commercial` refuses bases whose pictures may not be sold. `upscaler` is a file of weights that enlarges pictures for print.
    `judge` has the critic look at every picture, and what fails painted again, in at most `tries` pictures a page (0 lets effort decide). `approve` waits for the parent before
    the book is bound.
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
    consistency: str = ""
    photos: dict[str, str] = field(default_factory=dict)
    start: Start = ""
    strength: float | None = None
    apart: Apart = ""
    host: str = ""
    model: str = ""
    precision: Precision | Literal[""] = ""
    commercial: bool = False
    upscaler: str = ""
    judge: bool = True
    tries: int = 0
    approve: bool = False
