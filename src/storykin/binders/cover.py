"""Binders: the cover, as one sheet for a printer or as pages around the book for screen and home."""

from dataclasses import replace
from pathlib import Path

from PIL import ImageFilter, ImageStat

from storykin.binders import inks, layout
from storykin.binders.inks import Ink, ink_on, pixels
from storykin.binders.layout import art_box, fit, moved, proportion
from storykin.binders.letters import fonts_for, printable
from storykin.binders.presses import Press, press_for
from storykin.binders.sources import tell
from storykin.binders.typesetting import Art, Imprint, Sheet, Words, bytes_of, finish, typeset
from storykin.book import Book, Trim
from storykin.errors import BadInput
from storykin.files import write_bytes
from storykin.scene import Box

BARCODE = Box(0.25, 0.25, 2.0, 1.2)  # KDP prints it there: inches from the fold and from the foot
_SPINE_AIR = 0.0625  # KDP: words on the spine keep this from its edges
_DEEP = 1.06  # twice the reach of a descender below the middle of the capitals, in ems
_EDGE = 0.5


def imprint(book: Book, folder: Path) -> Imprint:
    """The book's metadata, its two colours (from the cover's picture) and fonts for rare letters."""
    pictures = [book.cover, *(leaf.picture for leaf in book.leaves)]
    first = next((picture for picture in pictures if picture), "")
    deep, pale = inks.palette(pixels(folder / first)) if first else ("#5b4636", "#f1e2c9")
    texts = [book.title, book.author, book.blurb, *(leaf.text for leaf in book.leaves)]
    also = [leaf.also for leaf in book.leaves]
    return Imprint(
        title=book.title,
        author=book.author,
        language=book.language or "en",
        description=book.blurb,
        deep=deep,
        pale=pale,
        also_language=book.also_language,
        fonts=fonts_for([printable(text) for text in texts], book.language),
        also_fonts=fonts_for([printable(text) for text in also], book.also_language or book.language),
    )


def save_cover(book: Book, folder: Path, path: Path, press: Press, pages: int) -> None:
    """Write back, spine and front as one sheet for a book of so many pages.

    Raises `BadInput` when the press prints no separate cover or the words do not fit.
    """
    if press.cover_inside:
        raise BadInput(
            f"press {press.name!r} has its cover in the book's own file", "use storykin bind alone"
        )
    page = press_for(press, book)
    about = imprint(book, folder)
    sheet = _wrapped(book, folder, press, page, about, press.spine.width(pages), pages)
    document = finish(typeset("cover.typ", [sheet], about), [sheet], about)
    tell(document, [sheet])
    write_bytes(path, bytes_of(document))


def cover_size(press: Press, book: Trim, pages: int) -> Trim:
    """The trimmed cover sheet: back, spine and front side by side."""
    page = press.page(book)
    return Trim(2 * page.width + press.spine.width(pages), page.height)


def around(
    sheets: list[Sheet], book: Book, folder: Path, press: Press, page: Trim, about: Imprint
) -> list[Sheet]:
    """The pages with the cover around them, endpapers inside it so that every spread stays a spread."""
    none = (0.0, 0.0, 0.0, 0.0)
    safe = Box(_EDGE, _EDGE, page.width - 2 * _EDGE, page.height - 2 * _EDGE)
    arts, words = _front(book, folder, page, 0.0, about)
    front = Sheet("front", page, none, safe, words, arts)
    arts, words = _back(book, folder, page, about, barcode=False)
    back = Sheet("back", page, none, safe, words, arts)
    endpaper = Sheet("endpaper", page, none, safe)
    inside = [endpaper, *sheets, *([endpaper] if len(sheets) % 2 == 0 else [])]
    return [back, front, *inside] if press.sheet == "spread" else [front, *inside, back]


def _front(
    book: Book, folder: Path, page: Trim, left: float, about: Imprint
) -> tuple[tuple[Art, ...], tuple[Words, ...]]:
    """The front whose cut page begins `left` inches into the sheet: picture, title, author."""
    picture = folder / book.cover if book.cover else None
    box = art_box(page, "", proportion(picture)) if picture else Box(0, 0, page.width, page.height)
    upper = Box(0.6, 0.5, page.width - 1.2, 0.27 * page.height)
    lower = replace(upper, y=page.height - 0.5 - upper.h)
    calm = upper
    if picture and _bustle(picture, box, upper) > 1.5 * _bustle(picture, box, lower):
        calm = lower

    def inked(block: layout.Block) -> Words:
        likely = (about.deep, inks.CREAM, inks.DARK)
        ink = ink_on(pixels(picture), box, block.box, likely) if picture else Ink(about.deep)
        at = replace(block.box, x=block.box.x + left)
        return Words(replace(block, box=at), ink, "centre")

    by = (
        fit(printable(book.author), replace(calm, h=0.35), 17, 10, "Andika-Bold", (1.2,))
        if book.author
        else None
    )
    below = by.box.h + 0.14 if by else 0.0  # the author stands under the title, in the same calm
    title = layout.fit_title(printable(book.title), replace(calm, h=calm.h - below), 64, 22)
    if title is None:
        raise BadInput(
            f"the title has {len(book.title)} letters and does not fit on the cover",
            "choose a shorter title in story.json",
        )
    title = moved(title, calm, 0.5, 0.0 if calm is upper else 1.0 - below / (calm.h - title.box.h))
    words = [inked(title)]
    if by:
        under = replace(calm, y=title.box.bottom + 0.14, h=by.box.h)
        words.append(inked(moved(by, under, 0.5, 0.0)))
    if not picture:
        return (), tuple(words)
    return (Art(picture, replace(box, x=box.x + left), book.cover_alt),), tuple(words)


def vignette(picture: Path, box: Box, alt: str, zone: Box | None) -> Art:
    """A picture for a round frame, showing the part without words."""
    return Art(picture, box, alt, layout.window_of(proportion(picture), zone))


def _bustle(picture: Path, art: Box, part: Box) -> float:
    """How busy a part of a picture is: the mean strength of its edges."""
    small = pixels(picture)
    crop = small.crop(inks.ink_box(small, art, part)).convert("L").filter(ImageFilter.FIND_EDGES)
    return float(ImageStat.Stat(crop).mean[0])


def _back(
    book: Book, folder: Path, page: Trim, about: Imprint, barcode: bool
) -> tuple[tuple[Art, ...], tuple[Words, ...]]:
    """The back: a small round picture, the blurb, and room for the barcode below on the right."""
    told = [leaf for leaf in book.leaves if leaf.picture and not leaf.half and leaf.kind == "story"]
    # From the middle, for the end stays a surprise, and where words took little of the picture.
    ranked = sorted(
        (round(one.text_zone.h if one.text_zone else 0, 1), abs(at - len(told) / 2), at)
        for at, one in enumerate(told)
    )
    inner = told[ranked[0][2]] if ranked else None
    picture, alt = (inner.picture, inner.alt) if inner else (book.cover, book.cover_alt)
    across = 0.34 * min(page.width, page.height)
    arts: tuple[Art, ...] = ()
    top = 0.2 * page.height
    if picture:
        box = Box((page.width - across) / 2, 0.11 * page.height, across, across)
        arts = (vignette(folder / picture, box, alt, inner.text_zone if inner else None),)
        top = 0.11 * page.height + across + 0.45
    foot = page.height - (BARCODE.y + BARCODE.h + 0.3 if barcode else 0.8)
    if not book.blurb.strip():
        return arts, ()
    wide = 0.7 * page.width
    box = Box((page.width - wide) / 2, top, wide, foot - top)
    block = fit(printable(book.blurb), box, 17, 10, spacings=(1.45, 1.35))
    if block is None:
        raise BadInput(
            f"the blurb has {len(book.blurb.split())} words and does not fit on the back cover",
            "shorten it in story.json",
        )
    block = moved(block, box, 0.5, 0.0)
    return arts, (Words(block, Ink(about.deep), "centre"),)


def _along(box: Box, inches: float) -> Box:
    return replace(box, x=box.x + inches)


def _wrapped(
    book: Book, folder: Path, press: Press, page: Trim, about: Imprint, spine: float, pages: int
) -> Sheet:
    bleed = press.cover_bleed
    whole = Trim(2 * page.width + spine, page.height)
    beyond = page.width + spine
    front_at, back_at = (0.0, beyond) if book.to_left else (beyond, 0.0)  # the spine is where it opens
    front_arts, front_words = _front(book, folder, page, front_at, about)
    back_arts, back_words = _back(book, folder, page, about, barcode=True)
    back_arts = tuple(replace(art, box=_along(art.box, back_at)) for art in back_arts)
    back_words = tuple(
        replace(words, block=replace(words.block, box=_along(words.block.box, back_at)))
        for words in back_words
    )
    on_spine = None
    if pages >= press.spine.words_from:
        room = (spine - 2 * _SPINE_AIR) * layout.POINTS / _DEEP
        size = max(press.smallest_type, min(18.0, room))
        strip = Box(0, 0, page.height - 2 * _EDGE, size / layout.POINTS + 0.01)
        block = fit(printable(book.title), strip, size, press.smallest_type, "Grandstander-Bold", (1.0,))
        on_spine = Words(block, Ink(inks.CREAM), "centre") if block and len(block.lines) == 1 else None
    return Sheet(
        "cover",
        whole,
        (bleed, bleed, bleed, bleed),
        Box(_EDGE, _EDGE, whole.width - 2 * _EDGE, whole.height - 2 * _EDGE),
        front_words + back_words,
        (*front_arts, *back_arts),
        aside=on_spine,
        spine=spine,
        front=len(front_arts),
    )
