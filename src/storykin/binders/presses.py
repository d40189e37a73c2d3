"""Binders: what each printer asks for, as a table. Lengths are inches of the trimmed page.

Sources: the printers' own guides as read in autumn 2026: KDP "Set trim size, bleed and margins" and
"Create a paperback cover", Lulu "Book creation guide".
"""

import difflib
import math
from dataclasses import dataclass, replace
from typing import Literal

from storykin.book import Book, Leaf, Trim
from storykin.errors import BadInput
from storykin.languages import phrases, spoken_in

Side = Literal["right", "left"]
Sheet = Literal["page", "spread"]


@dataclass(frozen=True)
class Bleed:
    """How far a page's picture runs over the trim on each side, in inches."""

    top: float = 0.0
    bottom: float = 0.0
    outside: float = 0.0
    inside: float = 0.0


@dataclass(frozen=True)
class Spine:
    """The thickness of a spine in inches: pages × `per_page` + `cover`; words from `words_from` pages."""

    per_page: float = 0.0
    cover: float = 0.0
    words_from: int = 80
    source: str = ""

    def width(self, pages: int) -> float:
        """The spine of a book of so many pages, in inches."""
        return pages * self.per_page + self.cover


@dataclass(frozen=True)
class Press:
    """One way of making the book a thing, and everything that must be right for it.

    `trim` None takes the book's own. No text may come nearer than `safe` to a cut edge, nor nearer
    to the fold than `inside` says (number of pages up to which it holds, inches). `parity` is what the number of
    pages must be a multiple of; 0 for `fewest` or `most` means no limit. A press with `cover_inside` puts
    the cover's front and back around the pages of the same file; `sheet` "spread" prints two
    facing pages on one sheet of `paper` inches. `type_scale` makes words larger where a page is
    shrunk in print. `max_bytes` is the largest file taken.
    """

    name: str
    words: str
    source: str
    trim: Trim | None = None
    bleed: Bleed = Bleed()
    safe: float = 0.25
    inside: tuple[tuple[int, float], ...] = ((100_000, 0.25),)
    fewest: int = 0
    most: int = 0
    parity: int = 1
    ppi: int = 0
    smallest_type: float = 7.0
    max_bytes: int = 0
    flattened: bool = False
    colour: str = "sRGB"
    spine: Spine = Spine()
    cover_bleed: float = 0.0
    cover_inside: bool = False
    sheet: Sheet = "page"
    paper: Trim | None = None
    type_scale: float = 1.0

    def page(self, book: Trim) -> Trim:
        """The trimmed size of one page of this press."""
        return self.trim or book

    def gutter(self, pages: int) -> float:
        """How far text must stay from the fold in a book of so many pages, in inches."""
        return next((inches for most, inches in self.inside if pages <= most), self.inside[-1][1])

    def sides(self, side: Side) -> tuple[float, float, float, float]:
        """The bleed of a page on that side of the spread: left, top, right, bottom."""
        bleed = self.bleed
        left, right = (bleed.inside, bleed.outside) if side == "right" else (bleed.outside, bleed.inside)
        return left, bleed.top, right, bleed.bottom


_KDP = Press(
    name="kdp",
    words="Amazon KDP paperback, premium colour",
    source="KDP: paperback trim, bleed, margins and cover",
    bleed=Bleed(0.125, 0.125, 0.125, 0.0),
    safe=0.375,
    inside=((150, 0.375), (300, 0.5), (500, 0.625), (700, 0.75), (828, 0.875)),
    fewest=24,
    most=828,
    parity=2,
    ppi=300,
    max_bytes=650 * 1024 * 1024,
    colour="sRGB is fine; KDP converts it for its presses",
    spine=Spine(0.002347, source="KDP: premium colour paper, 0.002347 inches a page"),
    cover_bleed=0.125,
)

PRESSES: tuple[Press, ...] = (
    replace(_KDP, name="kdp-8.5x8.5", trim=Trim(8.5, 8.5)),
    replace(_KDP, name="kdp-8x10", trim=Trim(8.0, 10.0)),
    Press(
        name="lulu-8.5x8.5",
        words="Lulu paperback, square",
        source="Lulu: book creation guide",
        trim=Trim(8.5, 8.5),
        bleed=Bleed(0.125, 0.125, 0.125, 0.125),
        safe=0.5,
        inside=((800, 0.7),),  # the safe half inch and 0.2 inches for the gutter
        fewest=24,
        most=800,
        parity=2,
        ppi=300,
        max_bytes=1024 * 1024 * 1024,
        flattened=True,
        colour="sRGB; Lulu converts it for its presses",
        spine=Spine(1 / 444, 0.06, source="Lulu: pages / 444 + 0.06 inches, near enough for 60 lb paper; "
                                          "Lulu's cover calculator has the last word"),
        cover_bleed=0.125,
    ),
    Press(
        name="screen",
        words="one page after another for reading on a screen, cover included",
        source="ours",
        cover_inside=True,
    ),
    Press(
        name="home-a4",
        words="two facing pages on each A4 sheet for a printer at home; fold the sheets, glue back to back",
        source="ours",
        parity=2,
        cover_inside=True,
        sheet="spread",
        ppi=150,
        paper=Trim(297 / 25.4, 210 / 25.4),
        type_scale=1.2,
    ),
)  # fmt: skip


def press_named(name: str) -> Press:
    """The press of that name. Raises `BadInput` with the nearest name."""
    presses = {press.name: press for press in PRESSES}
    if name in presses:
        return presses[name]
    likely = [one for one in presses if name and one.startswith(name.lower())]
    near = likely or difflib.get_close_matches(name.lower(), presses, n=1, cutoff=0.0)
    raise BadInput(
        f"there is no press {name!r}", f"did you mean {near[0]!r}? known are: {', '.join(presses)}"
    )


def press_for(press: Press, book: Book) -> Trim:
    """The trimmed page of that press. Raises `BadInput` when the book is composed for another shape."""
    page = press.page(book.trim)
    if abs(page.width / page.height - book.trim.width / book.trim.height) > 0.01:
        raise BadInput(
            f"the book is composed for pages of {size(book.trim)} inches and press {press.name!r} prints {size(page)}",
            f"make the book with --trim {size(page)}, or choose another press",
        )
    return page


def size(trim: Trim) -> str:
    """A trim in words: "8.5x8.5"."""
    return f"{trim.width:g}x{trim.height:g}"


def pad(leaves: tuple[Leaf, ...], press: Press, language: str = "en") -> tuple[Leaf, ...]:
    """The same leaves with pages added until the press takes their number.

    Nothing is moved by an odd number of pages, so right-hand pages stay on the right. What is added is
    worth having: a patterned endpaper and "this book belongs to" in front, pages to draw and to write
    on behind, a patterned endpaper last. What they say is in the book's language where we have it, in English elsewhere.
    """
    said = phrases(language)
    spoken = spoken_in(language)
    wanted = max(press.fewest, len(leaves))
    missing = math.ceil(wanted / press.parity) * press.parity - len(leaves)
    front = (Leaf("endpaper"), Leaf("belongs", said.belongs, language=spoken)) if missing >= 4 else ()
    missing -= len(front)
    last = (Leaf("endpaper"),) if missing else ()
    # Draw and write alternate; a very short book goes round again rather than print blank paper.
    between = tuple(
        Leaf("write", said.write[at // 3 % len(said.write)], language=spoken)
        if at % 3 == 2
        else Leaf("draw", said.draw[(at - at // 3) % len(said.draw)], language=spoken)
        for at in range(missing - len(last))
    )
    return front + leaves + between + last
