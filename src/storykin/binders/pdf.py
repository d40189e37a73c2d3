"""Binders: the PDF of a whole book, for a printer, a screen or the kitchen table."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf

from storykin.binders import cover, inks, layout
from storykin.binders.cover import save_cover
from storykin.binders.inks import PLAIN, Ink, ink_on, pixels
from storykin.binders.layout import art_box, fit, moved, proportion
from storykin.binders.letters import Face, printable
from storykin.binders.presses import Press, Side, pad, press_for
from storykin.binders.sources import tell
from storykin.binders.typesetting import Art, Imprint, Sheet, Words, bytes_of, finish, typeset
from storykin.book import Book, Leaf, Trim
from storykin.errors import BadInput
from storykin.files import write_bytes
from storykin.languages import is_right_to_left, phrases
from storykin.scene import Box

POINTS = layout.POINTS
_RULE = 0.6  # inches of the thin line between two languages
_BORDER = 0.25 * POINTS  # what printers at home cannot reach
__all__ = ["PdfBinder", "lay_out", "pad", "save_cover"]


class PdfBinder:
    """Binds a book as a PDF as one press wants it; see `presses`."""

    name = "pdf"
    suffix = ".pdf"

    def __init__(self, press: Press, page_numbers: bool = False) -> None:
        self.press = press
        self.page_numbers = page_numbers

    def save(self, book: Book, folder: Path, path: Path) -> None:
        """Write the book's pages, with the cover around them where the press wants it so.

        Raises `BadInput` for words that do not fit and for books of another shape, `BadFile` for pictures
        that are not there.
        """
        sheets, imprint = lay_out(book, folder, self.press, self.page_numbers)
        document = finish(typeset("book.typ", sheets, imprint), sheets, imprint)
        scale = 1.0
        if self.press.sheet == "spread":
            scale = _shrunk(document.pages[0], self.press)
            document = _imposed(document, self.press, book.to_left)
        tell(document, sheets, scale)
        write_bytes(path, bytes_of(document))


def lay_out(
    book: Book, folder: Path, press: Press, page_numbers: bool = False
) -> tuple[list[Sheet], Imprint]:
    """The book's pages as that press wants them, every word and picture in its place, nothing drawn yet."""
    _refuse_torn_spreads(book)
    page, count = press_for(press, book), len(book.leaves)
    imprint = cover.imprint(book, folder)
    start, floor = layout.type_sizes(book.reader_age)
    numbered = [
        (number, leaf, _bare(leaf, press, page, layout.side_of(number, book.to_left), count))
        for number, leaf in enumerate(book.leaves, 1)
    ]

    def told(size: float) -> list[Sheet]:
        return [
            _story(sheet, leaf, number, book, folder, (size, floor), page_numbers)
            for number, leaf, sheet in numbered
            if leaf.kind == "story"
        ]

    largest = told(start * press.type_scale)
    common = layout.common_size([sheet.words[0].block.size for sheet in largest if sheet.words])
    story = iter(told(common / layout.set_larger(book.language)) if common else largest)
    sheets = [
        next(story)
        if leaf.kind == "story"
        else _spoken(_DESIGNS.get(leaf.kind, _plain)(sheet, leaf, book, folder, imprint), leaf.language)
        for _, leaf, sheet in numbered
    ]
    if press.cover_inside:
        sheets = cover.around(sheets, book, folder, press, page, imprint)
    return sheets, imprint


def _bare(leaf: Leaf, press: Press, page: Trim, side: Side, count: int) -> Sheet:
    return Sheet(leaf.kind, page, press.sides(side), layout.safe_box(press, page, side, count))


def _spoken(sheet: Sheet, language: str) -> Sheet:
    """The sheet with the language of its words, where it is not the book's."""
    return replace(sheet, words=tuple(replace(words, language=language) for words in sheet.words))


def _story(
    sheet: Sheet,
    leaf: Leaf,
    number: int,
    book: Book,
    folder: Path,
    sizes: tuple[float, float],
    page_numbers: bool,
) -> Sheet:
    """A picture from edge to edge, its words in their zone, in one language or two, and the page's number if it is wanted."""
    picture = folder / leaf.picture if leaf.picture else None
    art = art_box(sheet.trim, leaf.half, proportion(picture)) if picture else None
    safe, folio = sheet.safe, None
    if page_numbers:
        folio = _folio(number, safe, layout.side_of(number, book.to_left))
        safe = replace(safe, h=safe.h - 0.45)
    languages = (leaf.language or book.language, book.also_language or book.language)
    if leaf.also.strip() and not leaf.text.strip():
        leaf, languages = replace(leaf, text=leaf.also, also=""), (languages[1], "")
    words: tuple[Words, ...] = ()
    if leaf.text.strip():
        zone = layout.text_box(leaf, art, safe)
        blocks = layout.set_story(leaf, number, zone, safe, sizes, languages)
        words = _inked(blocks, languages, picture, art)
    return replace(
        sheet, words=words, arts=(Art(picture, art, leaf.alt),) if picture and art else (), aside=folio
    )


def _inked(
    blocks: tuple[layout.Block, ...], languages: tuple[str, str], picture: Path | None, art: Box | None
) -> tuple[Words, ...]:
    """The words in their ink: one ink for both languages, the second one softer and under a thin rule."""
    whole = layout.around(blocks)
    small = pixels(picture) if picture else None
    ink = ink_on(small, art, whole) if small and art else PLAIN
    first, *second = (
        Words(block, ink, "right" if is_right_to_left(language) else "left", language)
        for block, language in zip(blocks, languages, strict=False)
    )
    if not second:
        return (first,)
    (below,) = second
    wide = min(_RULE, whole.w)
    x = whole.right - wide if is_right_to_left(below.language) else whole.x
    y = (first.block.box.bottom + below.block.box.y) / 2
    soft = inks.softer(ink, small, art, whole)
    return replace(first, ground=whole), replace(below, ink=soft, rule=Box(x, y, wide, 0.0))


def _folio(number: int, safe: Box, side: Side) -> Words | None:
    """The page's number in the lower outer corner; it stands on a small disc of paper on every page."""
    disc = Box(safe.right - 0.36 if side == "right" else safe.x, safe.bottom - 0.36, 0.36, 0.36)
    block = fit(str(number), disc, 12.0, 10.0)
    return _centred(block, disc, 0.5) if block else None


def _plain(sheet: Sheet, leaf: Leaf, book: Book, folder: Path, imprint: Imprint) -> Sheet:
    return sheet


def _titled(text: str, box: Box, start: float, floor: float, imprint: Imprint, down: float) -> Words:
    """A title, centred, in the display face, as large as it may be."""
    block = layout.fit_title(printable(text), box, start, floor)
    if block is None:
        raise BadInput(
            f"the title has {len(text)} letters and does not fit on its page",
            "choose a shorter title in story.json",
        )
    return _centred(block, box, down, imprint.deep)


def _centred(block: layout.Block, box: Box, down: float, ink: str = inks.DARK) -> Words:
    block = moved(block, box, 0.0, down)
    return Words(replace(block, box=replace(block.box, x=box.x, w=box.w)), Ink(ink), "centre")


def _plainly(text: str, box: Box, size: float, floor: float, where: str,
             face: Face = "Andika-Regular") -> layout.Block:  # fmt: skip
    block = fit(printable(text), box, size, floor, face)
    if block is None:
        raise BadInput(
            f"the {where} has {len(text.split())} words and does not fit on its page", "shorten it"
        )
    return block


def _middle(sheet: Sheet, wide: float, top: float, bottom: float) -> Box:
    """A box centred on the page between two heights, all as fractions of the trim."""
    wide = min(
        wide * sheet.trim.width,
        2 * min(sheet.trim.width / 2 - sheet.safe.x, sheet.safe.right - sheet.trim.width / 2),
    )
    high = sheet.trim.height
    return Box((sheet.trim.width - wide) / 2, top * high, wide, (bottom - top) * high)


def _half_title(sheet: Sheet, leaf: Leaf, book: Book, folder: Path, imprint: Imprint) -> Sheet:
    box = _middle(sheet, 0.62, 0.3, 0.5)
    return replace(sheet, words=(_titled(leaf.text or book.title, box, 26, 14, imprint, 1.0),))


def _title(sheet: Sheet, leaf: Leaf, book: Book, folder: Path, imprint: Imprint) -> Sheet:
    name, _, rest = (leaf.text or book.title).partition("\n")
    by = rest.strip() or book.author
    picture, alt = (leaf.picture, leaf.alt) if leaf.picture else (book.cover, book.cover_alt)
    top = _titled(name, _middle(sheet, 0.78, 0.075, 0.33), 44, 18, imprint, 0.5)
    if not picture:
        top = _titled(name, _middle(sheet, 0.78, 0.2, 0.46), 50, 18, imprint, 1.0)
    words = [top]
    if by:
        box = _middle(sheet, 0.8, 0.86, 0.93)
        words.append(_centred(_plainly(by, box, 17, 10, "author line"), box, 0.5))
    arts: tuple[Art, ...] = ()
    if picture:
        across = 0.46 * min(sheet.trim.width, sheet.trim.height)
        box = Box((sheet.trim.width - across) / 2, 0.605 * sheet.trim.height - across / 2, across, across)
        arts = (cover.vignette(folder / picture, box, alt, leaf.text_zone),)
    return replace(sheet, words=tuple(words), arts=arts)


def _copyright(sheet: Sheet, leaf: Leaf, book: Book, folder: Path, imprint: Imprint) -> Sheet:
    box = _middle(sheet, 0.66, 0.3, 0.91)
    block = _plainly(leaf.text, box, 11, 8, "copyright page")
    return replace(sheet, words=(_centred(block, box, 1.0, "#5a4a42"),))


def _dedication(sheet: Sheet, leaf: Leaf, book: Book, folder: Path, imprint: Imprint) -> Sheet:
    box = _middle(sheet, 0.6, 0.25, 0.66)
    block = _plainly(leaf.text, box, 21, 12, "dedication", "Andika-Italic")
    return replace(sheet, words=(_centred(block, box, 0.5, imprint.deep),))


def _end(sheet: Sheet, leaf: Leaf, book: Book, folder: Path, imprint: Imprint) -> Sheet:
    first, _, rest = (leaf.text or phrases(book.language).the_end).partition("\n")
    middle = 0.48
    arts: tuple[Art, ...] = ()
    if leaf.picture:
        across = 0.44 * min(sheet.trim.width, sheet.trim.height)
        box = Box((sheet.trim.width - across) / 2, 0.36 * sheet.trim.height - across / 2, across, across)
        arts = (cover.vignette(folder / leaf.picture, box, leaf.alt, leaf.text_zone),)
        middle = 0.76
    words = [_titled(first, _middle(sheet, 0.8, middle - 0.14, middle), 48, 20, imprint, 1.0)]
    if rest.strip():
        box = _middle(sheet, 0.66, middle + 0.02, min(middle + 0.3, 0.92))
        words.append(_centred(_plainly(rest.strip(), box, 18, 11, "last page"), box, 0.0))
    return replace(sheet, words=tuple(words), arts=arts)


def _belongs(sheet: Sheet, leaf: Leaf, book: Book, folder: Path, imprint: Imprint) -> Sheet:
    box = _middle(sheet, 0.6, 0.36, 0.5)
    return replace(sheet, words=(_titled(leaf.text, box, 28, 14, imprint, 0.0),))


def _prompted(sheet: Sheet, leaf: Leaf, book: Book, folder: Path, imprint: Imprint) -> Sheet:
    wide = 2 * min(sheet.trim.width / 2 - sheet.safe.x, sheet.safe.right - sheet.trim.width / 2)
    box = Box((sheet.trim.width - wide) / 2, sheet.safe.y + 0.1, wide, 1.0)
    return replace(
        sheet, words=(_centred(_plainly(leaf.text, box, 20, 12, "prompt"), box, 0.0, imprint.deep),)
    )


_Design = Callable[[Sheet, Leaf, Book, Path, Imprint], Sheet]
_DESIGNS: dict[str, _Design] = {
    "half-title": _half_title,
    "title": _title,
    "copyright": _copyright,
    "dedication": _dedication,
    "end": _end,
    "belongs": _belongs,
    "draw": _prompted,
    "write": _prompted,
}


def _refuse_torn_spreads(book: Book) -> None:
    for number, leaf in enumerate(book.leaves, 1):
        side = layout.side_of(number, book.to_left)
        if leaf.half and leaf.half != side:
            raise BadInput(
                f"page {number}: the {leaf.half} half of a spread picture would be on a {side}-hand page",
                "a spread begins on an even page: add or take away one page before it",
            )


def _shrunk(page: pikepdf.Page, press: Press) -> float:
    """How large a page is printed when two lie side by side on the press's paper; 1 is its own size."""
    assert press.paper is not None
    left, bottom, right, top = (float(edge) for edge in page.trimbox)
    across, down = (side * POINTS - 2 * _BORDER for side in (press.paper.width, press.paper.height))
    return min(across / (2 * (right - left)), down / (top - bottom))


def _imposed(document: pikepdf.Pdf, press: Press, to_left: bool) -> pikepdf.Pdf:
    """Two facing pages side by side on each sheet, in reading order, as large as the paper's border lets them."""
    assert press.paper is not None
    wide, high = press.paper.width * POINTS, press.paper.height * POINTS
    sheets = pikepdf.new()
    for at in range(0, len(document.pages), 2):
        sheet = sheets.add_blank_page(page_size=(wide, high))
        drawn = []
        for nr, page in enumerate(document.pages[at : at + 2]):
            left, bottom, right, top = (float(edge) for edge in page.trimbox)
            scale = _shrunk(page, press)
            name = f"/Page{nr}"
            sheet.add_resource(
                sheets.copy_foreign(page.as_form_xobject()), pikepdf.Name.XObject, pikepdf.Name(name)
            )
            beside = -nr if to_left else nr - 1  # a page is left or right of the fold
            x, y = wide / 2 + beside * scale * (right - left), (high - scale * (top - bottom)) / 2
            drawn.append(
                f"q {scale:.5f} 0 0 {scale:.5f} {x - scale * left:.3f} {y - scale * bottom:.3f} cm {name} Do Q"
            )
        sheet.contents_add("\n".join(drawn).encode())
    sheets.Root.Lang = document.Root.Lang
    for key, value in document.docinfo.items():
        sheets.docinfo[key] = str(value)
    return sheets
