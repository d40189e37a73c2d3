"""Binders: where words stand, how large they are, and in which ink.

Shared by everything that sets type. Lengths are inches on the trimmed page and start at its upper
left corner, type sizes are points. Lines are broken here and nowhere else, so a page reads the same
on paper and on a screen.
"""

import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

from PIL import Image, ImageFont, ImageOps

from storykin.binders.presses import Press, Side
from storykin.book import Half, Leaf, Trim
from storykin.errors import BadFile, BadInput
from storykin.raster import png_of
from storykin.scene import Box

FONTS = Path(__file__).parent / "fonts"
DARK, CREAM, PAPER = "#2f2420", "#fdf6e9", "#fffaf0"
ENOUGH = 4.5  # WCAG 2.2, 1.4.3: contrast of text and what is behind it
BLEED = 0.125  # what pictures are composed with, on all four sides
MARGIN = 0.5  # words keep at least this from every edge, whatever the printer allows
POINTS = 72.0

Face = Literal["Andika-Regular", "Andika-Bold", "Andika-Italic", "Grandstander-Bold"]

SPACINGS = (1.5, 1.42, 1.35)
STEP = 0.5
_HANG = 1.2  # ems


@dataclass(frozen=True)
class Block:
    """Set type: broken lines, their size and pitch, and the box they fill.

    A line is its words and how many points stand above it besides the pitch; `indents` holds the
    lines that continue a verse.
    """

    lines: tuple[str, ...]
    gaps: tuple[float, ...]
    indents: tuple[float, ...]
    size: float
    spacing: float
    box: Box
    face: Face = "Andika-Regular"


@dataclass(frozen=True)
class Ink:
    """The colour of words on a picture; `panel` is the opacity of paper behind them, 0 for none."""

    colour: str = DARK
    panel: float = 0.0
    contrast: float = 21.0


PLAIN = Ink()


def type_sizes(reader_age: int) -> tuple[float, float]:
    """The size a page's words begin with and the smallest they may shrink to, in points."""
    return (26.0, 18.0) if reader_age <= 3 else (22.0, 18.0) if reader_age <= 6 else (18.0, 14.0)


# ── the page ───────────────────────────────────────────────────────────────────────────────────


def side_of(number: int) -> Side:
    """On which side of a spread a page lies; page 1 is a right-hand page."""
    return "right" if number % 2 else "left"


def art_box(page: Trim, half: Half, proportion: float) -> Box:
    """Where a picture of that width : height lies on the page, bleed included.

    A whole picture covers the page, half a spread picture covers both pages and begins one page
    earlier or not; what does not fit is cut equally from both sides, as with `object-fit: cover`.
    """
    wide = page.width * (2 if half else 1) + 2 * BLEED
    high = page.height + 2 * BLEED
    scaled = max(wide, high * proportion)
    left = -BLEED - (page.width if half == "right" else 0.0)
    box = Box(left - (scaled - wide) / 2, 0.0, scaled, scaled / proportion)
    return replace(box, y=-BLEED - (box.h - high) / 2)


def safe_box(press: Press, page: Trim, number: int, pages: int) -> Box:
    """Where text may stand on page `number` of a book of so many pages."""
    edge, fold = max(press.safe, MARGIN), max(press.gutter(pages), MARGIN)
    left, right = (fold, edge) if side_of(number) == "right" else (edge, fold)
    return Box(left, edge, page.width - left - right, page.height - 2 * edge)


def text_box(leaf: Leaf, art: Box | None, safe: Box) -> Box:
    """The leaf's text zone in inches inside the safe area; without a usable zone the lower third."""
    if art is None:
        return Box(safe.x, safe.y + 0.12 * safe.h, safe.w, 0.76 * safe.h)
    lower = Box(safe.x, safe.y + 0.68 * safe.h, safe.w, 0.32 * safe.h)
    if leaf.text_zone is None:
        return lower
    zone = leaf.text_zone
    here = Box(art.x + zone.x * art.w, art.y + zone.y * art.h, zone.w * art.w, zone.h * art.h)
    box = _shared(here, safe)
    return box if box.w >= 0.35 * min(here.w, safe.w) and box.h >= 0.3 else lower


def widened(box: Box, safe: Box) -> Box:
    """The box grown to the edges of the safe area that it lies nearest to, away from the middle."""
    down = box.y + box.h / 2 > safe.y + safe.h / 2
    top, bottom = (box.y, safe.bottom) if down else (safe.y, box.bottom)
    return Box(safe.x, top, safe.w, bottom - top)


def _shared(one: Box, other: Box) -> Box:
    left, top = max(one.x, other.x), max(one.y, other.y)
    return Box(left, top, min(one.right, other.right) - left, min(one.bottom, other.bottom) - top)


# ── the lines ──────────────────────────────────────────────────────────────────────────────────

_ABBREVIATED = {"mr", "mrs", "ms", "dr", "st", "prof", "no"}
_WEAK = frozenset(
    ("a", "an", "the", "i", "of", "to", "in", "on", "at", "by", "my", "her", "his", "our", "your", "their", "its",
     "and", "or", "but", "so", "as", "if", "with", "for", "from", "no")
)  # fmt: skip
_WIDE = r"\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60"  # written without spaces, breakable anywhere
_TIE = "\u00a0"


@lru_cache(maxsize=8)
def _font(face: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"{face}.ttf"), 1000, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=8)
def _small(face: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"{face}.ttf"), 32, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=20_000)
def width_of(words: str, face: Face = "Andika-Regular") -> float:
    """How wide words are in ems, without kerning, which only makes them narrower."""
    strange = sum(map(len, re.findall(f"[{_WIDE}]", words)))
    return _font(face).getlength(re.sub(f"[{_WIDE}]", "", words)) / 1000 + strange


@lru_cache(maxsize=4_000)
def has_letter(letter: str, face: Face = "Andika-Regular") -> bool:
    """Whether the face can draw that letter."""
    if letter.isspace():
        return True
    return bytes(_small(face).getmask(letter)) != bytes(_small(face).getmask("\uffff"))


def printable(text: str) -> str:
    """The text without what no book face has: emoji, control characters, joiners."""
    given = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    kept = "".join(
        one
        for one in given
        if one == "\n"
        or (
            not re.match("[\u200b-\u200f\ufe00-\ufe0f\u20e3]", one)
            and (has_letter(one) or unicodedata.category(one)[0] in "LMNP")
        )
    )
    return kept if kept == given else re.sub(r"[^\S\n]+(?=[\s,.!?;:]|$)", "", kept)


@lru_cache(maxsize=4_000)
def _tokens(paragraph: str) -> tuple[str, ...]:
    """The unbreakable pieces: words, with names, titles and the last two words tied together."""
    words = paragraph.split()
    pieces: list[str] = []
    for at, word in enumerate(words):
        before = words[at - 1] if at else ""
        opens = (
            not before
            or before[-1] in '.!?:…”"'
            or (at > 1 and before[0].isupper() and words[at - 2][-1] in ".!?")
        )
        name = word[0].isupper() and before[:1].isupper() and not opens and before not in {"I", "I'm", "I’m"}
        titled = before.rstrip(".").lower() in _ABBREVIATED and word[0].isupper()
        ends = at == len(words) - 1 and len(words) > 3 and len(before) + len(word) < 16
        if pieces and (titled or ends or (name and before[-1].isalpha())):
            pieces[-1] += _TIE + word
        else:
            pieces += re.findall(f"[{_WIDE}][。，！？、]*|[^{_WIDE}]+", word)
    return tuple(pieces)


def _spaces(pieces: Sequence[str], face: Face) -> list[float]:
    """The width of the space before each piece; none between letters that are written without."""
    wide = re.compile(f"[{_WIDE}]")
    return [
        0.0 if at and wide.match(piece) and wide.match(pieces[at - 1]) else width_of(" ", face)
        for at, piece in enumerate(pieces)
    ]


def _greedy(widths: list[float], spaces: list[float], limit: float) -> int:
    """The least number of lines, 0 when a piece is wider than a line."""
    lines, used = 1, 0.0
    for at, width in enumerate(widths):
        if width > limit:
            return 0
        if used and used + spaces[at] + width > limit:
            lines, used = lines + 1, width
        else:
            used += width + (spaces[at] if used else 0.0)
    return lines


@lru_cache(maxsize=4_000)
def _broken(paragraph: str, limit: float, face: Face, most: int = 99) -> tuple[str, ...]:
    """Lines of at most `limit` ems: as few as can be, of even length, broken where a reader breathes.

    Least squares over all ways to break, as in Knuth and Plass (1981). Empty when a word is too wide or more than
    `most` lines are needed.
    """
    pieces = _tokens(paragraph)
    widths, spaces = [width_of(piece, face) for piece in pieces], _spaces(pieces, face)
    count = _greedy(widths, spaces, limit)
    if count <= 1:
        return (_joined(pieces, spaces),) if count else ()
    if count > most:
        return ()
    ideal = max((sum(widths) + sum(spaces)) / count, 0.7 * limit)
    best: dict[tuple[int, int], tuple[float, int]] = {(0, 0): (0.0, 0)}
    for end in range(1, len(pieces) + 1):
        used = 0.0
        for start in range(end - 1, -1, -1):
            used += widths[start] + (spaces[start + 1] if start + 1 < end else 0.0)
            if used > limit:
                break
            badness = ((ideal - used) / limit) ** 2
            if end == len(pieces):
                badness *= 0.4
                alone = end - start == 1 and _TIE not in pieces[start]
                badness += (1.0 if alone else 0.0) + (0.1 if used < 0.25 * limit else 0.0)
            else:
                badness += _breath(pieces[end - 1])
            for line in range(count):
                if (start, line) in best:
                    total = best[start, line][0] + badness
                    if total < best.get((end, line + 1), (1e9, 0))[0]:
                        best[end, line + 1] = (total, start)
    cuts, line = [len(pieces)], count
    while cuts[-1]:
        cuts.append(best[cuts[-1], line][1])
        line -= 1
    cuts.reverse()
    return tuple(_joined(pieces[a:b], spaces[a:b]) for a, b in pairwise(cuts))


def _breath(piece: str) -> float:
    """What a line's end costs after that piece: little after a comma, much after "the"."""
    if piece[-1] in ".,;:!?…—–”":
        return -0.02
    return 0.03 if piece.rsplit(_TIE, 1)[-1].lower().strip("“‘\"'") in _WEAK else 0.0


def _joined(pieces: Sequence[str], spaces: list[float]) -> str:
    joined = "".join((" " if at and spaces[at] else "") + piece for at, piece in enumerate(pieces))
    return joined.replace(_TIE, " ")


def _is_verse(stanza: str) -> bool:
    """Whether line breaks are the poet's: many of them, or in the middle of sentences."""
    lines = [line.rstrip("”’\"') ") for line in stanza.split("\n")]
    return len(lines) > 1 and (len(lines) >= 4 or any(line[-1:] not in set(".!?…:") for line in lines[:-1]))


def _set(text: str, box: Box, size: float, spacing: float, face: Face, whole: bool) -> Block | None:
    """The text at that size, or None when it is wider or higher than the box; `whole` breaks no verse."""
    limit = box.w * POINTS / size
    lines: list[str] = []
    gaps: list[float] = []
    indents: list[float] = []
    room = int((box.h * POINTS / size - 1) / spacing + 1e-6) + 1
    for at, stanza in enumerate(re.split(r"\n\s*\n", text.strip())):
        verse = _is_verse(stanza)
        for row, line in enumerate(stanza.split("\n")):
            broken = _broken(line, limit, face, 1 if verse and whole else room)
            if verse and len(broken) > 1:  # a verse too long for its line hangs
                broken = _broken(line, limit - _HANG, face, room)
            if not broken and line.strip():
                return None
            lines += broken
            gaps += [0.55 * size * spacing if at and not row and not nr else 0.0 for nr in range(len(broken))]
            indents += [_HANG * size if verse and nr else 0.0 for nr in range(len(broken))]
            if len(lines) > room:
                return None
    high = size + (len(lines) - 1) * size * spacing + sum(gaps)
    if high > box.h * POINTS + 1e-6:
        return None
    wide = max(
        (width_of(line, face) * size + indent for line, indent in zip(lines, indents, strict=True)),
        default=0.0,
    )
    placed = Box(box.x, box.y, wide / POINTS, high / POINTS)
    return Block(tuple(lines), tuple(gaps), tuple(indents), size, spacing, placed, face)


def fit(
    text: str,
    box: Box,
    start: float,
    floor: float,
    face: Face = "Andika-Regular",
    spacings: tuple[float, ...] = SPACINGS,
) -> Block | None:
    """The text in the largest type from `start` down to `floor` that the box holds, or None.

    Verse is broken only where even the smallest type is too wide. The block stands in the box's upper
    left corner; `moved` puts it elsewhere.
    """
    for whole in (True, False):
        size = start
        while size >= floor - 1e-6:
            for spacing in spacings:
                block = _set(text, box, size, spacing, face, whole)
                if block:
                    return block
            size -= STEP
    return None


def moved(block: Block, box: Box, across: float, down: float) -> Block:
    """The block within the box: 0 is left or top, 0.5 the middle, 1 right or bottom."""
    x, y = box.x + across * (box.w - block.box.w), box.y + down * (box.h - block.box.h)
    return replace(block, box=replace(block.box, x=x, y=y))


def how_many_words_fit(text: str, box: Box, floor: float) -> int:
    """How many words of the text the box holds at its smallest type."""
    words = text.split()
    few, many = 0, len(words)
    while few < many:
        middle = (few + many + 1) // 2
        if _set(" ".join(words[:middle]), box, floor, SPACINGS[-1], "Andika-Regular", False):
            few = middle
        else:
            many = middle - 1
    return few


def set_story(leaf: Leaf, number: int, box: Box, safe: Box, start: float, floor: float) -> Block:
    """A story page's words in or, if they must, beside their zone. Raises `BadInput` when they do not fit."""
    text = printable(leaf.text)
    for place in (box, widened(box, safe)):
        block = fit(text, place, start, floor)
        if block:
            upper = place.y + place.h / 2 < safe.y + safe.h / 2
            return moved(block, place, 0.0, 0.0 if upper else 0.5)
    words = len(text.split())
    room = how_many_words_fit(text, widened(box, safe), floor)
    page = f"page {leaf.story_page} of the story" if leaf.story_page else f"page {number}"
    raise BadInput(
        f"{page}: {words} words do not fit beside the picture, not even in {floor:g} point type",
        f"about {room} words fit: move the rest to another page (--pages), or shorten the text in story.json",
    )


def common_size(sizes: list[float]) -> float:
    """One size for the whole book: what all pages hold but the fullest tenth, which shrink alone."""
    return sorted(sizes)[len(sizes) // 10] if sizes else 0.0


# ── the ink ────────────────────────────────────────────────────────────────────────────────────


def pixels(path: Path, width: int = 420) -> Image.Image:
    """The picture, small, as it will look on white paper. Raises `BadFile`."""
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        raise BadFile(f"{path}: the picture is not there", "paint the page first: storykin paint") from None
    return _pixels(path, width, changed)


@lru_cache(maxsize=40)
def _pixels(path: Path, width: int, changed: int) -> Image.Image:
    media = {".svg": "image/svg+xml", ".png": "image/png"}.get(path.suffix.lower(), "image/jpeg")
    try:
        return Image.open(io.BytesIO(png_of(path.read_bytes(), media, width))).convert("RGB")
    except OSError as error:
        raise BadFile(f"{path}: cannot be read: {error.strerror}", "check the file's rights") from None
    except BadFile as error:
        raise BadFile(f"{path}: {error.message}", error.hint) from None


def proportion(path: Path) -> float:
    """Width : height of a picture."""
    picture = pixels(path)
    return picture.width / picture.height


def luminance(colour: tuple[int, ...]) -> float:
    """Relative luminance of an sRGB colour, 0 to 1 (WCAG 2.2)."""
    parts = [part / 255 for part in colour[:3]]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    """The contrast of two luminances, 1 to 21 (WCAG 2.2)."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def rgb(colour: str) -> tuple[int, int, int]:
    """The three numbers of "#rrggbb"."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def ink_on(picture: Image.Image, art: Box, words: Box, inks: tuple[str, ...] = (DARK, CREAM)) -> Ink:
    """The first ink that reads on that part of a picture, or dark ink on a panel of paper.

    Measured on the picture's darkest and lightest twentieth, whichever is worse.
    """
    tones = _tones(picture, art, words)
    dark, light = _at(tones, 0.05), _at(tones, 0.95)
    for colour in inks:
        tone = luminance(rgb(colour))
        worst = 1.0 if dark <= tone <= light else min(contrast(dark, tone), contrast(light, tone))
        if worst >= ENOUGH:
            return Ink(colour, 0.0, worst)
    for panel in (0.88, 0.92, 0.96):
        shown = contrast(_veiled(picture, art, words, panel), luminance(rgb(DARK)))
        if shown >= 7.0:  # a panel that is laid at all may as well read easily
            break
    return Ink(DARK, panel, shown)


def ink_box(picture: Image.Image, art: Box, words: Box) -> tuple[int, int, int, int]:
    """The pixels of a picture behind some words."""
    scale_x, scale_y = picture.width / art.w, picture.height / art.h
    left, top = round((words.x - art.x) * scale_x), round((words.y - art.y) * scale_y)
    right, bottom = round((words.right - art.x) * scale_x), round((words.bottom - art.y) * scale_y)
    left, top = min(max(left, 0), picture.width - 1), min(max(top, 0), picture.height - 1)
    return left, top, max(min(right, picture.width), left + 1), max(min(bottom, picture.height), top + 1)


def _colours(picture: Image.Image, art: Box, words: Box) -> Iterator[tuple[int, tuple[int, ...]]]:
    part = ImageOps.posterize(picture.crop(ink_box(picture, art, words)), 6)
    for count, colour in part.getcolors(1 << 18) or []:
        yield count, tuple(colour) if isinstance(colour, tuple) else (int(colour),) * 3


def _tones(picture: Image.Image, art: Box, words: Box) -> list[tuple[float, int]]:
    return sorted((luminance(colour), count) for count, colour in _colours(picture, art, words))


def _at(tones: list[tuple[float, int]], share: float) -> float:
    """The luminance below which that share of the pixels lies."""
    left = share * sum(count for _, count in tones)
    for tone, count in tones:
        left -= count
        if left <= 0:
            return tone
    return tones[-1][0]


def _veiled(picture: Image.Image, art: Box, words: Box, panel: float) -> float:
    """The darkest twentieth of the picture's tones under paper of that opacity."""
    paper = rgb(PAPER)
    tones = sorted(
        (
            luminance(tuple(round(p * panel + c * (1 - panel)) for p, c in zip(paper, colour, strict=True))),
            count,
        )
        for count, colour in _colours(picture, art, words)
    )
    return _at(tones, 0.05)


def palette(picture: Image.Image) -> tuple[str, str]:
    """A deep colour for titles and a pale one for endpapers, taken from a picture."""
    import colorsys

    small = picture.resize((64, max(1, round(64 * picture.height / picture.width)))).quantize(24)
    flat = small.getpalette() or []
    best, strongest = (0.04, 0.5), -1.0
    for count, index in small.getcolors() or []:
        entry = int(index) if isinstance(index, int) else 0
        red, green, blue = (part / 255 for part in flat[3 * entry : 3 * entry + 3])
        hue, light, strength = colorsys.rgb_to_hls(red, green, blue)
        weight = count**0.5 * strength * (1 - abs(2 * light - 1))
        if weight > strongest:
            best, strongest = (hue, strength), weight
    deep = _hls(best[0], 0.30, min(best[1], 0.5))
    while contrast(luminance(rgb(deep)), luminance(rgb(CREAM))) < 6.0:
        deep = "#" + "".join(f"{round(part * 0.92):02x}" for part in rgb(deep))
    return deep, _hls(best[0], 0.86, min(best[1], 0.42))


def _hls(hue: float, light: float, strength: float) -> str:
    import colorsys

    return "#" + "".join(f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue, light, strength))
