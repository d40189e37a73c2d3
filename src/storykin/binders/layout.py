"""Binders: where words stand, how large they are, and where their lines end.

Shared by everything that sets type. Lengths are inches on the trimmed page and start at its upper
left corner, type sizes are points. Lines are broken here and nowhere else, so a page reads the same
on paper and on a screen.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

from PIL import ImageFont

from storykin.binders.inks import pixels
from storykin.binders.presses import Press, Side
from storykin.book import Half, Leaf, Trim
from storykin.errors import BadInput
from storykin.scene import Box

FONTS = Path(__file__).parent / "fonts"
BLEED = 0.125  # what pictures are composed with, on all four sides
MARGIN = 0.5  # words keep at least this from every edge, whatever the printer allows
POINTS = 72.0

Face = Literal["Andika-Regular", "Andika-Bold", "Andika-Italic", "Grandstander-Bold"]

TITLE_FACE: Face = "Grandstander-Bold"
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


def type_sizes(reader_age: int) -> tuple[float, float]:
    """The size a page's words begin with and the smallest they may shrink to, in points."""
    return (26.0, 18.0) if reader_age <= 3 else (22.0, 18.0) if reader_age <= 6 else (18.0, 14.0)


# ── the page ───────────────────────────────────────────────────────────────────────────────────


def side_of(number: int) -> Side:
    """On which side of a spread a page lies; page 1 is a right-hand page."""
    return "right" if number % 2 else "left"


def art_box(page: Trim, half: Half, proportion: float) -> Box:
    """Where a picture of that width : height lies on the page, bleed included.

    A whole picture covers the page; a spread picture covers both, so for the right half it begins one
    page to the left. What does not fit is cut equally from both sides, as with `object-fit: cover`.
    """
    wide = page.width * (2 if half else 1) + 2 * BLEED
    high = page.height + 2 * BLEED
    scaled = max(wide, high * proportion)
    left = -BLEED - (page.width if half == "right" else 0.0)
    box = Box(left - (scaled - wide) / 2, 0.0, scaled, scaled / proportion)
    return replace(box, y=-BLEED - (box.h - high) / 2)


def window_of(wide_to_high: float, zone: Box | None) -> Box:
    """The square part of a picture that a round frame shows: the middle, away from where words stood."""
    upper = zone is None or zone.y + zone.h / 2 < 0.5
    reach = 0.3 if zone is None else zone.bottom if upper else 1 - zone.y
    high = min(max(0.98 - 0.85 * reach, 0.5), 0.8, wide_to_high)
    wide = high / wide_to_high
    return Box((1 - wide) / 2, 0.99 - high if upper else 0.01, wide, high)


def proportion(path: Path) -> float:
    """Width : height of a picture, for a drawing as its first tag says."""
    if path.suffix.lower() == ".svg" and path.is_file():
        with path.open(encoding="utf-8", errors="replace") as file:
            tag = re.search(r"<svg\b[^>]*>", file.read(4000))
        sides = dict(re.findall(r'\s(width|height)="([\d.]+)(?:px)?"', tag.group())) if tag else {}
        if len(sides) == 2 and float(sides["height"]):
            return float(sides["width"]) / float(sides["height"])
    small = pixels(path)
    return small.width / small.height


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
    own = "".join(letter for letter in words if has_letter(letter, face))
    others = [letter for letter in words if not has_letter(letter, face)]  # another font will draw them
    return _font(face).getlength(own) / 1000 + sum(
        1.0 if re.match(f"[{_WIDE}]", one) else 0.75 for one in others
    )


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
def _tokens(paragraph: str, names: bool) -> tuple[str, ...]:
    """The unbreakable pieces: words, with titles, the last two words and, if wanted, names tied together."""
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
        if pieces and (titled or ends or (names and name and pieces[-1].count(_TIE) < 2)):
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
    tied = _tokens(paragraph, names=face != TITLE_FACE)  # a headline is all capitals
    # A tie that is wider than the line holds nobody.
    pieces = [
        word for piece in tied for word in (piece.split(_TIE) if width_of(piece, face) > limit else [piece])
    ]
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
                if end - start > 1 and pieces[end - 2].rstrip('"”’')[-1:] in {".", "!", "?"}:
                    badness += 0.04  # the first word of a sentence, left behind
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


def fit_title(text: str, box: Box, start: float, floor: float) -> Block | None:
    """A title in the display face: as large as it may be, a fifth smaller if no line then ends in "the"."""
    largest = fit(text, box, start, floor, TITLE_FACE, (1.1,))
    size = largest.size if largest else 0.0
    while largest and size >= max(floor, 0.78 * largest.size):
        block = _set(text, box, size, 1.1, TITLE_FACE, True)
        if block and not any(_breath(line.split()[-1]) > 0 for line in block.lines[:-1]):
            return block
        size -= STEP
    return largest


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
