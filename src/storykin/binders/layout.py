"""Binders: where words stand, how large they are, and where their lines end.

Shared by everything that sets type. Lengths are inches on the trimmed page and start at its upper
left corner, type sizes are points. Lines are broken here and nowhere else, so a page reads the same
on paper and on a screen.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from storykin.binders.breaking import TITLE_FACE, broken, weak_end
from storykin.binders.inks import pixels
from storykin.binders.letters import Face, has_letter, printable, width_of
from storykin.binders.presses import Press, Side
from storykin.book import Half, Leaf, Trim
from storykin.errors import BadInput
from storykin.languages import has_spaces, is_arabic, is_right_to_left
from storykin.scene import Box

BLEED = 0.125  # what pictures are composed with, on all four sides
MARGIN = 0.5  # words keep at least this from every edge, whatever the printer allows
POINTS = 72.0

SPACINGS = (1.5, 1.42, 1.35)
GAP = 1.3  # ems between a page's two languages
NASKH = 1.18  # how much larger Arabic letters are set: theirs are small for their size
SMALLER = 2.5  # points that the second language is smaller than the first, where the smallest type allows it
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


def side_of(number: int, to_left: bool = False) -> Side:
    """On which side of a spread a page lies; page 1 is a right-hand page, in a book that is read to the left a left-hand one."""
    return "right" if bool(number % 2) != to_left else "left"


def set_larger(language: str) -> float:
    """By how much type of that language is larger than Latin type that reads as well."""
    return NASKH if is_arabic(language) else 1.0


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


def safe_box(press: Press, page: Trim, side: Side, pages: int) -> Box:
    """Where text may stand on a page of that side in a book of so many pages."""
    edge, fold = max(press.safe, MARGIN), max(press.gutter(pages), MARGIN)
    left, right = (fold, edge) if side == "right" else (edge, fold)
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


_CLOSING = "”’“‘\"'») \u202f」』"
_STOPS = frozenset(".!?…:。！？：؟۔।")


def _is_verse(stanza: str) -> bool:
    """Whether line breaks are the poet's: many of them, or in the middle of sentences."""
    lines = [line.rstrip(_CLOSING) for line in stanza.split("\n")]
    return len(lines) > 1 and (len(lines) >= 4 or any(line[-1:] not in _STOPS for line in lines[:-1]))


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
            parts = broken(line, limit, face, 1 if verse and whole else room)
            if verse and len(parts) > 1:  # a verse too long for its line hangs
                parts = broken(line, limit - _HANG, face, room)
            if not parts and line.strip():
                return None
            lines += parts
            gaps += [0.55 * size * spacing if at and not row and not nr else 0.0 for nr in range(len(parts))]
            indents += [_HANG * size if verse and nr else 0.0 for nr in range(len(parts))]
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
        if block and not any(weak_end(line) for line in block.lines[:-1]):
            return block
        size -= STEP
    return largest


def moved(block: Block, box: Box, across: float, down: float) -> Block:
    """The block within the box: 0 is left or top, 0.5 the middle, 1 right or bottom."""
    x, y = box.x + across * (box.w - block.box.w), box.y + down * (box.h - block.box.h)
    return replace(block, box=replace(block.box, x=x, y=y))


def aligned(block: Block, box: Box, down: float, language: str) -> Block:
    """The block so many inches lower, at the edge of the box where lines of its language begin."""
    x = box.right - block.box.w if is_right_to_left(language) else box.x
    return replace(block, box=replace(block.box, x=x, y=block.box.y + down))


def around(blocks: Sequence[Block]) -> Box:
    """The box around all blocks."""
    left, top = min(one.box.x for one in blocks), min(one.box.y for one in blocks)
    right, bottom = max(one.box.right for one in blocks), max(one.box.bottom for one in blocks)
    return Box(left, top, right - left, bottom - top)


def _fit_two(
    text: str, also: str, box: Box, start: float, floor: float, languages: tuple[str, str]
) -> tuple[Block, ...] | None:
    """The text and, below it and a little smaller, the same in another language; as large as the box holds both. Sizes are those of Latin type."""
    larger, also_larger = map(set_larger, languages)
    if not also.strip():
        block = fit(text, box, start * larger, floor * larger)
        return (block,) if block else None
    second = second_face(also)
    for whole in (True, False):
        size = start
        while size >= floor - 1e-6:
            for spacing in SPACINGS:
                first = _set(text, box, size * larger, spacing, "Andika-Regular", whole)
                if first:
                    used = first.box.h + GAP * size / POINTS
                    rest = replace(box, y=box.y + used, h=box.h - used)
                    lesser = max(floor, size - SMALLER) * also_larger
                    below = _set(also, rest, lesser, spacing, second, whole)
                    if below:
                        return first, below
            size -= STEP
    return None


def second_face(text: str) -> Face:
    """The face of the second language: italics where they have its letters."""
    return "Andika-Italic" if all(has_letter(one, "Andika-Italic") for one in text) else "Andika-Regular"


def how_many_words_fit(text: str, box: Box, floor: float, spaced: bool = True) -> int:
    """How many words of the text the box holds at its smallest type; of a text without spaces how many letters."""
    words, space = (text.split(), " ") if spaced else (list(text), "")
    few, many = 0, len(words)
    while few < many:
        middle = (few + many + 1) // 2
        if _set(space.join(words[:middle]), box, floor, SPACINGS[-1], "Andika-Regular", False):
            few = middle
        else:
            many = middle - 1
    return few


def set_story(
    leaf: Leaf, number: int, box: Box, safe: Box, sizes: tuple[float, float], languages: tuple[str, str]
) -> tuple[Block, ...]:
    """A story page's words in or, if they must, beside their zone: one block, or two where the page has a second text. Raises `BadInput` when they do not fit."""
    start, floor = sizes
    text, also = printable(leaf.text), printable(leaf.also)
    for place in (box, widened(box, safe)):
        blocks = _fit_two(text, also, place, start, floor, languages)
        if blocks:
            upper = place.y + place.h / 2 < safe.y + safe.h / 2
            down = 0.0 if upper else (place.h - around(blocks).h) / 2
            return tuple(
                aligned(block, place, down, language)
                for block, language in zip(blocks, languages, strict=False)
            )
    raise _too_long(leaf, number, widened(box, safe), floor, languages[0])


def _too_long(leaf: Leaf, number: int, place: Box, floor: float, language: str) -> BadInput:
    spaced, what = has_spaces(language), "words" if has_spaces(language) else "letters"
    text = printable(f"{leaf.text} {leaf.also}".strip())
    found = len(text.split() if spaced else text)
    room = how_many_words_fit(text, place, floor * set_larger(language), spaced)
    page = f"page {leaf.story_page} of the story" if leaf.story_page else f"page {number}"
    both = " in both languages together" if leaf.also.strip() else ""
    return BadInput(
        f"{page}: {found} {what}{both} do not fit beside the picture, not even in {floor:g} point type",
        f"about {room} {what} fit: move the rest to another page (--pages), or shorten the text in story.json",
    )


def common_size(sizes: list[float]) -> float:
    """One size for the whole book: what all pages hold but the fullest tenth, which shrink alone."""
    return sorted(sizes)[len(sizes) // 10] if sizes else 0.0
