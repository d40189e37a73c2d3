"""Binders: laid-out pages for screens, shared by EPUB and HTML.

Lengths are CSS pixels, 96 to the inch, so that a page printed from a browser has its true size. The
layout is the printed one; here it only changes its language.
"""

import io
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from storykin.binders.layout import POINTS, proportion
from storykin.binders.letters import FONTS, WIDE, Family
from storykin.binders.pdf import lay_out
from storykin.binders.presses import press_named
from storykin.binders.sources import origin_in
from storykin.binders.typesetting import Art, Imprint, Sheet, Words
from storykin.book import Book
from storykin.files import write_bytes
from storykin.languages import is_right_to_left, language_of
from storykin.provenance import marked

CSS_PIXELS = 96.0
PPI = 170  # enough for a tablet held close, and for a printer at home
BLEED = 0.125
QUALITY = 88
MATTER = {"half-title": "divider", "copyright": "divider", "dedication": "heart", "end": "divider"}


@dataclass(frozen=True)
class Spot:
    """A rectangle in CSS pixels as the text of a style attribute."""

    style: str
    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True)
class Line:
    """One printed line; `gap` is the space above it besides the pitch, `indent` that before it, `joint` what stands between it and the next when both are one line."""

    text: str
    gap: float
    indent: float
    joint: str = " "


@dataclass(frozen=True)
class ScreenWords:
    """A block of words where it stands, in which language; `ground` is where its panel lies, `rule` a thin line above it."""

    spot: Spot
    lines: tuple[Line, ...]
    size: float
    pitch: float
    face: str
    align: str
    ink: str
    panel: float
    language: str
    to_left: bool
    ground: Spot
    rule: Spot | None


@dataclass(frozen=True)
class ScreenArt:
    """A picture where it lies; `round` ones are shown through a circle, `inner` places them in it."""

    source: Path
    alt: str
    spot: Spot
    round: bool
    inner: str


@dataclass(frozen=True)
class ScreenPage:
    """One page as EPUB and HTML show it. `number` is the printed one, 0 for covers and endpapers."""

    kind: str
    width: float
    height: float
    arts: tuple[ScreenArt, ...]
    words: tuple[ScreenWords, ...]
    ornament: str
    ornament_y: float
    number: int

    @property
    def text(self) -> str:
        """All words of the page in one line."""
        return " ".join(
            "".join(line.text + line.joint for line in block.lines).strip() for block in self.words
        )


def screen_pages(book: Book, folder: Path) -> tuple[tuple[ScreenPage, ...], Imprint]:
    """The book's pages, cover first and last, endpapers inside it, and the book's colours."""
    sheets, imprint = lay_out(book, folder, press_named("screen"))
    pages = []
    number = 0
    for sheet in sheets:
        outside = sheet.kind in {"front", "back", "endpaper"}
        number += 0 if outside else 1
        pages.append(_page(sheet, 0 if outside else number, imprint))
    return tuple(pages), imprint


def _page(sheet: Sheet, number: int, imprint: Imprint) -> ScreenPage:
    vignettes = sheet.kind in {"title", "end", "back"}
    words = tuple(
        _words(block, imprint.language) for block in [*sheet.words, *([sheet.aside] if sheet.aside else [])]
    )
    ornament = MATTER.get(sheet.kind, "") or ("divider" if sheet.kind == "title" and not sheet.arts else "")
    y = words[0].spot.y - 44 if sheet.kind in {"copyright", "dedication"} and words else 0.0
    if words and not y:
        y = words[-1].spot.y + words[-1].spot.h + 26
    return ScreenPage(
        kind=sheet.kind,
        width=round(sheet.trim.width * CSS_PIXELS, 2),
        height=round(sheet.trim.height * CSS_PIXELS, 2),
        arts=tuple(_art(art, vignettes) for art in sheet.arts),
        words=words,
        ornament=ornament,
        ornament_y=round(y, 2),
        number=number,
    )


def _art(art: Art, vignette: bool) -> ScreenArt:
    box, shown = art.box, art.window
    sides = (-shown.x / shown.w, -shown.y / shown.h, 1 / shown.w, 1 / shown.h)
    left, top, wide, high = (f"{100 * side:.2f}%" for side in sides)
    inner = f"left:{left};top:{top};width:{wide};height:{high}" if vignette else ""
    return ScreenArt(art.path, art.alt, _spot(box.x, box.y, box.w, box.h), vignette, inner)


def _words(words: Words, language: str) -> ScreenWords:
    block, language = words.block, words.language or language
    scale = CSS_PIXELS / POINTS
    pitch = block.size * block.spacing
    lines = tuple(
        Line(text, round(gap * scale, 2), round(indent * scale, 2), joint)
        for text, gap, indent, joint in zip(
            block.lines, block.gaps, block.indents, _joints(block.lines), strict=True
        )
    )
    leading = (pitch - block.size) / 2 / POINTS  # CSS puts half of it above the first line, print does not
    box, ground, rule = block.box, words.ground or block.box, words.rule
    return ScreenWords(
        spot=_spot(box.x, box.y - leading, box.w, box.h + 2 * leading),
        lines=lines,
        size=round(block.size * scale, 2),
        pitch=round(pitch * scale, 2),
        face=block.face,
        align="center" if words.align == "centre" else words.align,
        ink=words.ink.colour,
        panel=words.ink.panel,
        language=language,
        to_left=is_right_to_left(language),
        ground=_spot(ground.x, ground.y - leading, ground.w, ground.h + 2 * leading),
        rule=_spot(rule.x, rule.y, rule.w, 0.0) if rule else None,
    )


_WIDE_END = re.compile(f"[{WIDE}]$")
_SPACED = re.compile(f"[{WIDE}] [{WIDE}]")
_UNPARTED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]$")


def _joints(lines: tuple[str, ...]) -> list[str]:
    """What parts each line from the next when they are read as one: nothing between Chinese or Thai words, unless the text itself has spaces."""
    shown = any(_SPACED.search(line) for line in lines)
    return ["" if (_WIDE_END.search(line) and not shown) or _UNPARTED.search(line) else " " for line in lines]


def _spot(x: float, y: float, w: float, h: float) -> Spot:
    x, y, w, h = (round(side * CSS_PIXELS, 2) for side in (x, y, w, h))
    return Spot(f"left:{x:g}px;top:{y:g}px;width:{w:g}px;height:{h:g}px", x, y, w, h)


# --- pictures -------------------------------------------------------------------------------------


def jpegs(pages: Iterable[ScreenPage], book: Book) -> dict[Path, Path]:
    """A JPEG of every picture, made once and kept beside the pictures in `screen/`.

    Pictures of a page are made side by side, those of a spread one by one: they take a quarter of a gigabyte each.
    """
    sources = sorted({art.source for page in pages for art in page.arts})
    height = round((book.trim.height + 2 * BLEED) * PPI)
    wide = [source for source in sources if proportion(source) > 1.5]
    narrow = [source for source in sources if source not in wide]
    with ThreadPoolExecutor(max_workers=2) as pool:
        made = dict(zip(narrow, pool.map(lambda source: _jpeg(source, height), narrow), strict=True))
    return made | {source: _jpeg(source, height) for source in wide}


def _jpeg(source: Path, height: int) -> Path:
    path = source.parent / "screen" / f"{source.stem}-{height}.jpg"
    if path.exists() and path.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        return path
    from PIL import Image

    from storykin.raster import png_of

    media = {".svg": "image/svg+xml", ".png": "image/png"}.get(source.suffix.lower(), "image/jpeg")
    content = png_of(source.read_bytes(), media, round(height * proportion(source)))
    file = io.BytesIO()
    with Image.open(io.BytesIO(content)) as picture:
        picture.convert("RGB").save(file, "JPEG", quality=QUALITY, optimize=True)
    said = origin_in(source).source
    return write_bytes(path, marked(file.getvalue(), "image/jpeg", said) if said else file.getvalue())


# --- fonts ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FontFile:
    """One of our fonts as a style sheet names it."""

    family: str
    weight: int
    style: str
    path: Path


FACES = (
    FontFile("Andika", 400, "normal", FONTS / "Andika-Regular.ttf"),
    FontFile("Andika", 700, "normal", FONTS / "Andika-Bold.ttf"),
    FontFile("Andika", 400, "italic", FONTS / "Andika-Italic.ttf"),
    FontFile("Grandstander", 700, "normal", FONTS / "Grandstander-Bold.ttf"),
)


def font_files(imprint: Imprint) -> tuple[FontFile, ...]:
    """Our fonts that the book needs; letters of others are drawn by the reader's device, which has them if its reader does."""
    needed = [family for family in imprint.families() if family.ours]
    return (*FACES, *(one for family in needed for one in _files_of(family)))


def _files_of(family: Family) -> list[FontFile]:
    bold = [FontFile(family.name, 700, "normal", family.bold)] if family.bold else []
    return [FontFile(family.name, 400, "normal", family.regular), *bold]


def font_stack(imprint: Imprint) -> str:
    """The fonts in the order in which a browser tries them; those of Chinese and Japanese first, so that their punctuation is theirs."""
    others = [f'"{family.name}"' for family in imprint.families()]
    usual = ['"Andika"', '"Atkinson Hyperlegible"', '"Verdana"']
    wide = language_of(imprint.language) in {"zh", "ja", "yue"}
    return ", ".join(
        [*others, *usual, "sans-serif"] if wide else [usual[0], *others, *usual[1:], "sans-serif"]
    )


# --- templates ------------------------------------------------------------------------------------


def render(template: str, **values: object) -> str:
    """One of our Jinja templates, filled; everything is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("storykin.binders", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(template).render(**values)


Reference = Callable[[Path], str]
"""How a page names a picture's file: a relative path in an EPUB, a data URI in HTML."""
