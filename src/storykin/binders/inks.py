"""Binders: the ink of words, measured on the picture behind them, and the colours a picture lends a book."""

import colorsys
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageOps

from storykin.errors import BadFile
from storykin.raster import png_of
from storykin.scene import Box

DARK, CREAM, PAPER = "#2f2420", "#fdf6e9", "#fffaf0"
_SOFT = {DARK: "#5a463c", CREAM: "#eadbc2"}
ENOUGH = 4.5  # WCAG 2.2, 1.4.3: contrast of text and what is behind it
_ENDS = 0.05  # the share of darkest and of lightest pixels that may read worse


@dataclass(frozen=True)
class Ink:
    """The colour of words on a picture; `panel` is the opacity of paper behind them, 0 for none."""

    colour: str = DARK
    panel: float = 0.0
    contrast: float = 21.0


PLAIN = Ink()


def pixels(path: Path, width: int = 160) -> Image.Image:
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
    dark, light = _at(tones, _ENDS), _at(tones, 1 - _ENDS)
    for colour in inks:
        tone = luminance(rgb(colour))
        worst = 1.0 if dark <= tone <= light else min(contrast(dark, tone), contrast(light, tone))
        if worst >= ENOUGH:
            return Ink(colour, 0.0, worst)
    for panel in (0.92, 0.96):
        shown = contrast(_veiled(picture, art, words, panel), luminance(rgb(DARK)))
        if shown >= 7.0:  # a panel that is laid at all may as well read easily
            break
    return Ink(DARK, panel, shown)


def softer(ink: Ink, picture: Image.Image | None, art: Box | None, words: Box) -> Ink:
    """The ink for words that stand back from others, on the same ground: a softer one where it still reads."""
    soft = _SOFT.get(ink.colour, ink.colour)
    if picture is None or art is None:
        shown = contrast(luminance(rgb(soft)), luminance(rgb(CREAM)))
    elif ink.panel:
        shown = contrast(_veiled(picture, art, words, ink.panel), luminance(rgb(soft)))
    else:
        found = ink_on(picture, art, words, (soft,))
        shown = found.contrast if found.colour == soft and not found.panel else 0.0
    return Ink(soft, 0.0, shown) if shown >= ENOUGH else replace(ink, panel=0.0)


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
    return _at(tones, _ENDS)


def palette(picture: Image.Image) -> tuple[str, str]:
    """A deep colour for titles and a pale one for endpapers, taken from a picture."""
    small = picture.resize((64, max(1, round(64 * picture.height / picture.width)))).quantize(24)
    flat = small.getpalette() or []
    best, strongest = (0.04, 0.5), -1.0
    for count, index in small.getcolors() or []:
        entry = int(index) if isinstance(index, int) else 0
        red, green, blue = (part / 255 for part in flat[3 * entry : 3 * entry + 3])
        hue, light, strength = colorsys.rgb_to_hls(red, green, blue)
        weight = count**0.5 * strength * (1 - abs(2 * light - 1))
        weight *= 0.3 if 0.03 < hue < 0.17 else 1.0  # sand and wood look dull beside cream paper
        if weight > strongest:
            best, strongest = (hue, strength), weight
    deep = _hls(best[0], 0.30, min(max(best[1], 0.3), 0.5))
    while contrast(luminance(rgb(deep)), luminance(rgb(CREAM))) < 6.0:
        deep = "#" + "".join(f"{round(part * 0.92):02x}" for part in rgb(deep))
    return deep, _hls(best[0], 0.86, min(max(best[1], 0.3), 0.46))


def _hls(hue: float, light: float, strength: float) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue, light, strength))
