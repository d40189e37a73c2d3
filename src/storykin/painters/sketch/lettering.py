"""Painters, sketch: captions on a character sheet: how wide words come out, and how to make them fit.

The typeface is the one that typst brings along; where it is missing a wider serif takes its place, for which there
is room. Pages of stories have no letters: these are for sheets.
"""

from __future__ import annotations

from html import escape

from storykin.painters.sketch.ink import INK, n

FACE = "Libertinus Serif, Libertine, Georgia, serif"
NARROW, WIDE, WIDEST = set("iljtfrI.,:;'!|()[]-· "), set("mwM&QGODHNUÄÖÜ"), set("W@%—…")


def width_of(words: str, size: float, bold: bool = False) -> float:
    """About how wide words come out, rather too wide than too narrow; units of `size`."""
    ems = sum(_ems(letter) for letter in words)
    return ems * size * (1.1 if bold else 1.03)


def _ems(letter: str) -> float:
    if ord(letter) > 0x2E80:  # ideographs, emoji
        return 1.05
    if letter in WIDEST:
        return 1.0
    if letter in NARROW:
        return 0.36
    if letter in WIDE:
        return 0.84
    return 0.7 if letter.isupper() else 0.54


def fitted(words: str, size: float, room: float, least: float, bold: bool = False) -> tuple[str, float]:
    """The words and the size at which they fit into `room`; below `least` they end in three dots."""
    whole = width_of(words, 1.0, bold) or 1.0
    if whole * least <= room:
        return words, min(size, room / whole)
    kept = words
    while kept and width_of(kept + "…", least, bold) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…", least


def wrapped(words: str, size: float, room: float, rows: int) -> list[str]:
    """The words broken into at most `rows` lines, the last of which may still be too long."""
    lines: list[str] = []
    for word in words.replace("-", "- ").split():
        joined = f"{lines[-1]}{'' if lines[-1].endswith('-') else ' '}{word}" if lines else word
        if lines and (width_of(joined, size) <= room or len(lines) == rows):
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def write(words: str, x: float, y: float, size: float, anchor: str = "middle", fill: str = INK, bold: bool = False,
          slanted: bool = False) -> str:  # fmt: skip
    """One line of text; `y` is where the letters stand, `anchor` start, middle or end."""
    how = ' font-weight="bold"' * bold + ' font-style="italic"' * slanted
    words = escape("".join(letter for letter in words if letter.isprintable()))
    return f'<text x="{n(x)}" y="{n(y)}" font-family="{FACE}" font-size="{n(size)}" text-anchor="{anchor}" fill="{fill}"{how}>{words}</text>'  # fmt: skip


def caption(words: str, x: float, y: float, size: float, room: float, rows: int = 1, bold: bool = False,
            slanted: bool = False, fill: str = INK) -> str:  # fmt: skip
    """Words centred about `x` in at most `rows` lines no wider than `room`, smaller or cut off if need be."""
    for part in (1.0, 0.92, 0.84, 0.76):
        small = size * part
        lines = wrapped(words, small, room, rows)
        if all(width_of(line, small, bold) <= room for line in lines):
            break
    found = ""
    for i, line in enumerate(lines):
        fit, high = fitted(line, small, room, small, bold)
        found += write(fit, x, y + i * small * 1.12, high, "middle", fill, bold, slanted)
    return found
