"""Values: many pictures on one sheet, rows and columns labelled, so that a person sees at a glance which is best.

Knows no painter and no prompt: labels are words, cells are pictures.
"""

from __future__ import annotations

import io
import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from storykin.errors import BadFile, BadInput
from storykin.provenance import foremost, marked, stated
from storykin.raster import png_of

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

FONTS = Path(__file__).parent / "binders" / "fonts"
LABELS, TITLES = "Andika-Regular.ttf", "Grandstander-Bold.ttf"
PAPER, INK, SOFT, BED = "#fbf8f3", "#2f2420", "#a2968d", "#f0ebe3"
LARGEST = 5000
"""The longest side of a sheet in pixels: what browsers and viewers of pictures still take. Cells shrink until it is kept."""
SMALLEST = 24  # pixels of a cell; a sheet of more cells is refused
COLUMN_LINES, ROW_LINES, TITLE_LINES = 3, 5, 3
PITCH = 1.3  # of the type's size, from line to line: Andika is drawn tall
ELLIPSIS = "…"
NO_LETTER = "\u25a1"  # a hollow square

Cell = bytes | Path | None


@dataclass(frozen=True)
class _Plan:
    """Where everything stands, in pixels: cells of `wide` x `high`, the first of them at `left`, `top`."""

    wide: int
    high: int
    type_size: int
    gap: int
    margin: int
    left: int
    top: int
    head: int
    title: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    columns: tuple[tuple[str, ...], ...]
    size: tuple[int, int]


def sheet(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Mapping[tuple[int, int], Cell],
    title: str = "",
    side: int = 320,
    captions: Mapping[tuple[int, int], str] = {},
) -> bytes:
    """A PNG of all cells, by (row, column) from 0: bytes or files of PNG, JPEG or SVG, None or left out for those that are missing.

    `side` is the longest side of a picture in pixels, less where the sheet would become too large. `captions` stand small in a
    cell's corner. Labels that are too long end in an ellipsis. Raises `BadInput` for a sheet without or with far too many cells.
    """
    from PIL import Image, ImageDraw

    if not rows or not columns:
        raise BadInput("a contact sheet without a row or without a column", "give at least one of each")
    contents = {
        place: content
        for place, cell in cells.items()
        if place[0] < len(rows) and place[1] < len(columns) and (content := _content(cell)) is not None
    }
    pictures = {place: _small(content, side) for place, content in contents.items()}
    drawn = [picture for picture in pictures.values() if picture]
    shape = (
        max((one.width for one in drawn), default=side),
        max((one.height for one in drawn), default=side),
    )
    plan = _planned(shape, rows, columns, title)
    made = Image.new("RGB", plan.size, PAPER)
    draw = ImageDraw.Draw(made)
    _draw_labels(draw, plan)
    for row in range(len(rows)):
        for column in range(len(columns)):
            left = plan.left + column * (plan.wide + plan.gap)
            top = plan.top + row * (plan.high + plan.gap)
            picture = pictures.get((row, column))
            said = "–" if (row, column) not in pictures else "unreadable"
            _draw_cell(made, draw, plan, (left, top), picture, said)
            if captions.get((row, column)):
                _draw_caption(made, plan, (left, top), captions[row, column])
    file = io.BytesIO()
    made.save(file, "PNG")
    source = foremost(stated(content) for content in contents.values())
    return marked(file.getvalue(), "image/png", source) if source else file.getvalue()


# --- planning -------------------------------------------------------------------------------------


def _planned(shape: tuple[int, int], rows: Sequence[str], columns: Sequence[str], title: str) -> _Plan:
    """The largest plan, up to pictures of that shape, that keeps to `LARGEST`."""
    zoom = 1.0
    while max(shape) * zoom >= SMALLEST:
        plan = _plan((round(shape[0] * zoom) or 1, round(shape[1] * zoom) or 1), rows, columns, title)
        if max(plan.size) <= LARGEST:
            return plan
        zoom *= min(0.98, math.sqrt(LARGEST / max(plan.size)))
    raise BadInput(
        f"{len(rows)} rows and {len(columns)} columns are too many for one sheet", "make several of it"
    )


def _plan(cell: tuple[int, int], rows: Sequence[str], columns: Sequence[str], title: str) -> _Plan:
    wide, high = cell
    longest = max(cell)
    size = min(max(longest // 15, 12), 24)
    gap, margin = max(4, longest // 28), max(12, longest // 12)
    pitch = round(size * PITCH)
    heads = tuple(_wrapped(words, wide, size, COLUMN_LINES) for words in columns)
    most = max(1, min(ROW_LINES, (high + gap) // pitch))
    sides = tuple(_wrapped(words, min(max(0.72 * longest, 96), 280), size, most) for words in rows)
    beside = max((width_of(line, size) for lines in sides for line in lines), default=0.0)
    left = margin + (math.ceil(beside) + round(0.9 * size) if beside else 0)
    across = left + len(columns) * (wide + gap) - gap + margin
    large = round(1.5 * size)
    titled = _wrapped(title, across - 2 * margin, large, TITLE_LINES, TITLES)
    head = margin + (len(titled) * round(large * PITCH) + round(0.6 * size) if titled else 0)
    above = max(len(lines) for lines in heads) * pitch
    top = head + (above + round(0.45 * size) if above else 0)
    down = top + len(rows) * (high + gap) - gap + margin
    return _Plan(wide, high, size, gap, margin, left, top, head, titled, sides, heads, (across, down))


def _wrapped(words: str, limit: float, size: int, most: int, face: str = LABELS) -> tuple[str, ...]:
    """The words in at most so many lines of at most `limit` pixels; what is left over becomes an ellipsis."""
    lines: list[str] = []
    rest = " ".join(_readable(words).split())
    while rest and len(lines) < most:
        end = _room(rest, limit, size, face)
        if end < len(rest):
            space = rest.rfind(" ", 0, end + 1)
            end = space if space > 0 else end
        line, rest = rest[:end].rstrip(), rest[end:].lstrip()
        if rest and len(lines) == most - 1:
            kept = line[: _room(line, limit - width_of(ELLIPSIS, size, face), size, face)]
            line = kept.rstrip(" ,;:–-") + ELLIPSIS
        lines.append(line)
    return tuple(lines)


def _room(words: str, limit: float, size: int, face: str) -> int:
    """How many letters from the beginning are no wider than `limit`, at least one."""
    few, many = 1, len(words)
    while few < many:
        middle = (few + many + 1) // 2
        if width_of(words[:middle], size, face) <= limit:
            few = middle
        else:
            many = middle - 1
    return few


# --- letters --------------------------------------------------------------------------------------


def _readable(words: str) -> str:
    """The words as one can draw them: composed letters, no control characters, no joiners."""
    composed = unicodedata.normalize("NFC", words)
    kept = (
        one if unicodedata.category(one)[0] != "C" else " " if one in "\n\t\r" else "" for one in composed
    )
    return "".join(one for one in kept if not 0xFE00 <= ord(one or " ") <= 0xFE0F)


@lru_cache(maxsize=64)
def _font(path: str, size: int) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(path, size)


@lru_cache(maxsize=4_000)
def _draws(path: str, letter: str) -> bool:
    """Whether the font at that path has the letter."""
    if letter.isspace():
        return True
    font = _font(path, 32)
    return bytes(font.getmask(letter)) != bytes(font.getmask("\uffff"))


@lru_cache(maxsize=1)
def _other_fonts() -> tuple[str, ...]:
    """The fonts of this machine for letters that ours lack, plain ones first."""
    import typst

    upright = [
        font
        for font in typst.Fonts(True, False).fonts()
        if font.path and font.style == "normal" and 300 <= font.weight <= 500
    ]
    ranked = sorted(upright, key=lambda font: ("Sans" not in font.family, "Mono" in font.family, font.family))
    return tuple(font.path for font in ranked if font.path)


@lru_cache(maxsize=4_000)
def _font_of(letter: str, face: str) -> tuple[str, str]:
    """The font that draws a letter, and the letter; a hollow square where no font has it."""
    own = str(FONTS / face)
    if _draws(own, letter):
        return own, letter
    for path in _other_fonts():
        try:
            if _draws(path, letter):
                return path, letter
        except OSError:  # a font of small pictures has no size between
            continue
    return own, NO_LETTER


def _runs(words: str, size: int, face: str) -> list[tuple[ImageFont.FreeTypeFont, str]]:
    """The words in pieces, each with the font that draws it."""
    letters = [_font_of(letter, face) for letter in words]
    return [
        (_font(path, size), "".join(letter for _, letter in run))
        for path, run in groupby(letters, lambda one: one[0])
    ]


@lru_cache(maxsize=20_000)
def width_of(words: str, size: int, face: str = LABELS) -> float:
    """How wide words are in pixels."""
    return sum(font.getlength(run) for font, run in _runs(words, size, face))


def _write(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], words: str, size: int, ink: str, face: str = LABELS
) -> None:
    """One line of words from its left end on its base line."""
    x, y = at
    for font, run in _runs(words, size, face):
        draw.text((x, y), run, ink, font, anchor="ls")
        x += font.getlength(run)


# --- drawing --------------------------------------------------------------------------------------

_BASE = 0.95  # of the type's size, from a line's upper edge to its base line


def _draw_labels(draw: ImageDraw.ImageDraw, plan: _Plan) -> None:
    size, pitch = plan.type_size, round(plan.type_size * PITCH)
    large = round(1.5 * size)
    for at, line in enumerate(plan.title):
        base = plan.margin + at * round(large * PITCH) + _BASE * large
        _write(draw, (plan.margin, base), line, large, INK, TITLES)
    above = max(len(lines) for lines in plan.columns)
    for column, lines in enumerate(plan.columns):
        middle = plan.left + column * (plan.wide + plan.gap) + plan.wide / 2
        for at, line in enumerate(lines, above - len(lines)):  # they end just above the cells
            place = (middle - width_of(line, size) / 2, plan.head + at * pitch + _BASE * size)
            _write(draw, place, line, size, INK)
    for row, lines in enumerate(plan.rows):
        middle = plan.top + row * (plan.high + plan.gap) + plan.high / 2
        for at, line in enumerate(lines):
            _write(
                draw, (plan.margin, middle + (at - len(lines) / 2) * pitch + _BASE * size), line, size, INK
            )


def _draw_cell(
    made: Image.Image,
    draw: ImageDraw.ImageDraw,
    plan: _Plan,
    at: tuple[int, int],
    picture: Image.Image | None,
    said: str,
) -> None:
    """A picture in the middle of its cell, or an empty frame with what is said of it."""
    from PIL import Image, ImageOps

    left, top = at
    right, bottom = left + plan.wide - 1, top + plan.high - 1
    if picture is None:
        draw.rectangle((left, top, right, bottom), BED, SOFT)
        size = min(plan.type_size, round(plan.wide / 6))
        x = left + (plan.wide - width_of(said, size)) / 2
        _write(draw, (x, top + plan.high / 2 + 0.35 * size), said, size, SOFT)
        return
    shown = ImageOps.contain(picture, (plan.wide, plan.high), Image.Resampling.LANCZOS)
    if shown.size != (plan.wide, plan.high):
        draw.rectangle((left, top, right, bottom), BED)
    made.paste(shown, (left + (plan.wide - shown.width) // 2, top + (plan.high - shown.height) // 2))


def _draw_caption(made: Image.Image, plan: _Plan, at: tuple[int, int], words: str) -> None:
    """A few small words in the lower left corner of a cell, light on a dark band that reads on any picture."""
    from PIL import Image, ImageDraw

    size = max(9, round(0.72 * plan.type_size))
    pad = round(0.45 * size)
    lines = _wrapped(words, plan.wide - 2 * pad, size, 1)
    if not lines or plan.wide < 4 * size:
        return
    wide, high = min(plan.wide, math.ceil(width_of(lines[0], size)) + 2 * pad), round(1.55 * size)
    place = (at[0], at[1] + plan.high - high)
    band = Image.new("RGB", (wide, high), INK)
    under = made.crop((*place, place[0] + wide, place[1] + high))
    shaded = Image.blend(under, band, 0.78)
    _write(ImageDraw.Draw(shaded), (pad, 1.12 * size), lines[0], size, "#ffffff")
    made.paste(shaded, place)


# --- pictures -------------------------------------------------------------------------------------


def _content(cell: Cell) -> bytes | None:
    """A cell's bytes; None where there is nothing."""
    if not isinstance(cell, Path):
        return cell
    try:
        return cell.read_bytes()
    except FileNotFoundError:
        return None
    except OSError:
        return b""


def _small(content: bytes, side: int) -> Image.Image | None:
    """The picture as large as it goes into a square of that side; None when it cannot be read."""
    from PIL import Image, ImageOps

    try:
        if content[:1000].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
            content = png_of(content, "image/svg+xml", 2 * side)
        with Image.open(io.BytesIO(content)) as found:
            found.draft("RGB", (2 * side, 2 * side))
            upright = ImageOps.exif_transpose(found)
        if upright.has_transparency_data:
            clear = upright.convert("RGBA")
            upright = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear)
        return ImageOps.contain(upright.convert("RGB"), (side, side), Image.Resampling.LANCZOS)
    except (OSError, ValueError, BadFile):
        return None
