"""Painters, sketch: the character sheet: one character on one page, from the front and from the side, feeling, dressed
and moving, with a tape measure and the colours, as animation studios pin it to the wall.

Units of the page are 1600 by 1131 (A4 on its side), whatever its width in pixels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from html import escape

from storykin.character import Character, Look, Outfit
from storykin.painters.sketch.body import sizes
from storykin.painters.sketch.closeups import bust_of, head_of, rolling
from storykin.painters.sketch.creature_extents import Extent, extent_of
from storykin.painters.sketch.creature_kinds import KINDS, kind_of
from storykin.painters.sketch.creatures import creature, is_creature
from storykin.painters.sketch.headline import headline
from storykin.painters.sketch.ink import (
    INK,
    PAPER,
    Point,
    box,
    circle,
    ellipse,
    group,
    mix,
    moved,
    n,
    shade,
    stroke,
)
from storykin.painters.sketch.lettering import caption, fitted, write
from storykin.painters.sketch.patterns import light
from storykin.painters.sketch.people import person
from storykin.painters.sketch.profile import profile
from storykin.painters.sketch.swatches import Palette, palettes

WIDE, HIGH, MARGIN = 1600.0, 1131.0, 48.0
OUTFITS = 4
FEELINGS = ("happy", "surprised", "sad")
TINTS = ("#fbe9c3", "#d9ecec", "#e4e1f0")  # behind the three feelings
TAPE = "#f6d98a"
CHILDREN = ("child", "girl", "boy", "baby")
STEPS = (1, 2, 5, 10, 20, 50, 100, 200)  # centimetres between two figures on the tape


@dataclass(frozen=True)
class Panel:
    """A part of the page: left, top, width and height."""

    x: float
    y: float
    w: float
    h: float

    def drawn(self, fill: str, round: float = 26.0) -> str:
        """Its rounded ground."""
        return box(self.x, self.y, self.w, self.h, fill, "none", round=round)

    def inset(self, side: float, top: float, bottom: float) -> Panel:
        """What is left of it inside a frame."""
        return Panel(self.x + side, self.y + top, self.w - 2 * side, self.h - top - bottom)


STAGE = Panel(MARGIN, 172, 704, 738)
FACES = tuple(Panel(776 + 266.0 * i, 172, 244, 252) for i in range(3))
CELLS = tuple(Panel(776 + 198.5 * i, 482, 180.5, 376) for i in range(OUTFITS))
BROAD = tuple(Panel(776 + 397.0 * (i % 2), 482 + 216.0 * (i // 2), 379, 172) for i in range(OUTFITS))
STRIP = Panel(MARGIN, 932, WIDE - 2 * MARGIN, 154)


def model_sheet(character: Character, width: int = 1600) -> str:
    """The character sheet as one SVG, `width` pixels wide; the same character always gives the same bytes."""
    look = _measured(character.look)
    outfits = character.outfits[:OUTFITS]
    colours = palettes(replace(character, look=look), outfits or (character.outfit(),), 3 if len(outfits) == OUTFITS else 4)  # fmt: skip
    accent = _accent(colours)
    ground = mix(accent, "#fffdf8", 0.76 if light(accent) > 0.6 else 0.86)
    parts = [
        box(0, 0, WIDE, HIGH, PAPER, "none"),
        headline(character, look, _tall(look), accent, MARGIN, WIDE - 2 * MARGIN),
        STAGE.drawn(ground),
        _turnaround(look, character.outfit()),
        _feelings(look, character.outfit()),
        _wardrobe(look, character, ground),
        _paint(colours, ground),
        _more(character),
    ]
    size = f'width="{width}" height="{round(width * HIGH / WIDE)}" viewBox="0 0 {n(WIDE)} {n(HIGH)}"'
    label = escape("".join(letter for letter in character.name if letter.isprintable()))
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{label}">{"".join(parts)}</svg>'


def _measured(look: Look) -> Look:
    """The look with a height; kinds of people that the values do not know keep what their age gives."""
    if look.height or not (look.is_person or is_creature(look.kind)):
        return look
    return replace(look, height=look.standing_height)


def _tall(look: Look) -> float:
    return float(look.height) if look.height else sizes(look).tall


def _accent(colours: tuple[Palette, ...]) -> str:
    """A colour of the clothes, or else of the body, for the page's grounds; no grey."""
    fills = [one.fill for palette in (*colours[1:], *colours[:1]) for one in palette.swatches]
    return next((fill for fill in fills if _vivid(fill)), "#9cc8e6")


def _vivid(fill: str) -> bool:
    parts = [int(fill[i : i + 2], 16) for i in (1, 3, 5)]
    return max(parts) - min(parts) > 48


def _more(character: Character) -> str:
    rest = [" ".join(one.name.split()) for one in character.outfits[OUTFITS:]]
    if not rest:
        return ""
    words, size = fitted(f"also in the wardrobe: {', '.join(rest)}", 18, WIDE - 2 * MARGIN, 14)
    return write(words, WIDE - MARGIN, 1112, size, "end", mix(INK, PAPER, 0.2), slanted=True)


# --- figures ------------------------------------------------------------------------------------


def _drawn(look: Look, outfit: Outfit, action: str, expression: str, facing: str) -> str:
    draw = creature if is_creature(look.kind) else person
    return draw(look, outfit, action, expression, facing).svg


def _from_the_side(look: Look, outfit: Outfit) -> str:
    if is_creature(look.kind):
        return _drawn(look, outfit, "standing", "calm", "left")  # towards the view from the front
    return profile(look, outfit).svg


def _standing(part: str, svg: str, extent: Extent, x: float, ground: float, scale: float) -> str:
    """A figure with its middle at `x` and its feet on the ground, with a soft shadow; `part` is what it shows."""
    half = (extent.right - extent.left) / 2 * scale
    under = ellipse(x, ground, half * 0.86, min(11.0, 3 + half * 0.07), INK, "none", opacity=0.1)
    left, low = (extent.left + extent.right) / 2 * scale, max(0.0, extent.bottom) * scale
    figure = moved(svg, x - left, ground - low, scale)  # a long coat must not hang into the ground
    return under + group(figure, data_part=part)


def _turnaround(look: Look, outfit: Outfit) -> str:
    """The figure from the front beside the tape measure, and from the side: next to it, or below if it is wide."""
    views = [_drawn(look, outfit, "standing", "calm", "front"), _from_the_side(look, outfit)]
    extents = [extent_of(view) for view in views]
    wide = [one.right - one.left for one in extents]
    tall = _tall(look)
    high = [max(tall, -one.top) + max(0.0, one.bottom) for one in extents]
    spots, scale = _spots(wide, high)
    top = high[0] if spots[0][1] < spots[1][1] else max(high)
    found = _tape(tall, top, spots[0][1], scale, STAGE.x + STAGE.w - 26)
    names = ("half turned" if rolling(look) else "front", "side")
    for view, extent, (x, ground), name in zip(views, extents, spots, names, strict=True):
        found += _standing(name, view, extent, x, ground, scale)
        found += caption(name, x, ground + 44, 22, 200, slanted=True)
    return found


def _spots(wide: list[float], high: list[float]) -> tuple[list[Point], float]:
    """Where the two views stand and at which scale: side by side, or one above the other if they get bigger so."""
    area = Panel(STAGE.x + 122, STAGE.y + 40, STAGE.w - 152, STAGE.h - 40)
    floor = area.y + area.h - 76
    beside = min((floor - area.y) / max(high), (area.w - 36) / sum(wide))
    stacked = min((area.h - 2 * 70) / sum(high), area.w / max(wide))
    if beside * 1.03 < stacked:
        spare = (area.h - stacked * sum(high)) / 2 - 70
        first = area.y + stacked * high[0] + max(0.0, spare)
        return [(area.x + area.w / 2, first), (area.x + area.w / 2, floor)], stacked
    first_wide, second_wide = wide[0] * beside, wide[1] * beside
    gap = min((area.w - first_wide - second_wide) / 3, 110)
    start = area.x + (area.w - first_wide - second_wide - gap) / 2
    ground = floor - 0.4 * max(
        0.0, floor - area.y - max(high) * beside
    )  # what is wide stands nearer to the middle
    return [(start + first_wide / 2, ground), (start + first_wide + gap + second_wide / 2, ground)], beside


def _tape(tall: float, high: float, ground: float, scale: float, right: float) -> str:
    """A tape measure in centimetres from the ground up, its lines drawn faintly behind the figures."""
    step = next((one for one in STEPS if one * scale >= 46), STEPS[-1])
    top = ground - (high + step * 0.12) * scale
    x, wide = STAGE.x + 70, 26.0
    found = box(x, top, wide, ground - top, TAPE, shade(TAPE, -0.25), 1.6, round=5)
    faint = mix(INK, PAPER, 0.55)
    for k in range(1, 1 + math.floor((ground - top) / scale / step * 2)):
        y = ground - k * step / 2 * scale
        if k % 2:
            found += stroke(f"M{n(x + wide - 9)} {n(y)}H{n(x + wide)}", faint, 1.6)
            continue
        found += stroke(f"M{n(x + wide - 16)} {n(y)}H{n(x + wide)}", INK, 1.8)
        found += stroke(f"M{n(x + wide + 10)} {n(y)}H{n(right)}", faint, 1.0, 0.28)
        if not -24 < y - (ground - tall * scale) < 38:
            found += write(f"{k * step // 2}", x - 10, y + 6, 18, "end", mix(INK, PAPER, 0.25))
    y = ground - tall * scale
    found += stroke(f"M{n(x)} {n(y)}H{n(x + wide)}", "#d9513f", 4)
    found += stroke(f"M{n(x + wide)} {n(y)}H{n(right)}", "#d9513f", 1.4, 0.5)
    found += write(f"{tall:.0f}", x - 10, y + 4, 23, "end", "#a83a35", True)
    found += write("cm", x - 10, y + 20, 15, "end", "#a83a35")
    return found + stroke(f"M{n(x - 6)} {n(ground)}H{n(right)}", mix(INK, PAPER, 0.4), 2.2)


def _feelings(look: Look, outfit: Outfit) -> str:
    """Three close-ups, all cut alike."""
    views = [_drawn(look, outfit, "standing", one, "front") for one in FEELINGS]
    if is_creature(look.kind):
        kind = KINDS[kind_of(look.kind)]
        heads = [head_of(kind, view, views[0 if view is views[2] else 2]) for view in views]
        head = Extent(min(h.left for h in heads), min(h.top for h in heads), max(h.right for h in heads), max(h.bottom for h in heads))  # fmt: skip
        floor = extent_of(views[0]).bottom
    else:
        head, floor = bust_of(look, outfit), 0.0
    found = ""
    for i, (panel, view, name, tint) in enumerate(zip(FACES, views, FEELINGS, TINTS, strict=True)):
        scale = min(panel.w / (head.right - head.left), panel.h / (head.bottom - head.top))
        x = panel.x + panel.w / 2 - (head.left + head.right) / 2 * scale
        y = panel.y + panel.h - head.bottom * scale
        if floor <= head.bottom:  # nothing is cut off below: the whole creature in the middle
            y = panel.y + panel.h / 2 - (head.top + head.bottom) / 2 * scale
        clip = f'<clipPath id="feeling{i}">{panel.drawn("#ffffff")}</clipPath>'
        found += panel.drawn(tint) + f'<defs>{clip}</defs><g data-part="{name}" clip-path="url(#feeling{i})">{moved(view, x, y, scale)}</g>'  # fmt: skip
        found += caption(name, panel.x + panel.w / 2, panel.y + panel.h + 32, 22, panel.w, slanted=True)
    return found


def _moves(look: Look) -> tuple[tuple[str, str], ...]:
    """Actions (and the way they face) for the places that outfits leave free."""
    if is_creature(look.kind):
        rig = KINDS[kind_of(look.kind)].rig
        if rig in ("swimmer", "octopus"):
            return (("swimming", "right"), ("jumping", "right"), ("sleeping", "right"), ("waving", "front"))
        return (("walking", "right"), ("jumping", "right"), ("sleeping", "right"), ("dancing", "front"))
    if rolling(look):
        return (("waving", "right"), ("reaching", "right"), ("thinking", "right"), ("holding", "right"))
    if look.kind == "baby" or (look.age < 2 and look.kind in CHILDREN):
        return (("sitting", "front"), ("waving", "front"), ("reaching", "front"), ("sleeping", "right"))
    if look.age >= 60:
        return (("walking", "right"), ("waving", "front"), ("sitting", "right"), ("thinking", "front"))
    return (("running", "right"), ("waving", "front"), ("sitting", "right"), ("dancing", "front"))


def _wardrobe(look: Look, character: Character, tint: str) -> str:
    """The outfits with their names, then moves in the first of them."""
    outfits = character.outfits[:OUTFITS]
    views = [(_drawn(look, one, "standing", "calm", "front"), one.name) for one in outfits]
    for action, facing in _moves(look)[: OUTFITS - len(outfits)]:
        feels = "sleepy" if action == "sleeping" else "happy"
        views.append((_drawn(look, character.outfit(), action, feels, facing), action))
    extents = [extent_of(view) for view, _ in views]
    cells = max((CELLS, BROAD), key=lambda some: min(_fit(one, some[0]) for one in extents))
    fits = [_fit(one, cells[0]) for one in extents]
    common = min(fits[: len(outfits)]) if outfits else sorted(fits)[1]
    found = ""
    for cell, (view, name), extent, fit in zip(cells, views, extents, fits, strict=True):
        scale = min(common, fit)
        middle, ground = cell.x + cell.w / 2, cell.y + cell.h - 22
        found += cell.drawn(tint, 22)
        part = "outfit" if cell in cells[: len(outfits)] else "move"
        found += _standing(part, view, extent, middle, ground, scale)
        found += caption(" ".join(name.split()) or "everyday", middle, cell.y + cell.h + 28, 20, cell.w - 2, 2 if cells is CELLS else 1, slanted=True)  # fmt: skip
    return found


def _fit(extent: Extent, cell: Panel) -> float:
    """The scale at which a figure fills a cell, with air round it; what hangs above the ground keeps hanging."""
    room = cell.inset(12, 18, 22)
    return min(room.w / (extent.right - extent.left), room.h / (max(0.0, extent.bottom) - extent.top))


# --- colours ------------------------------------------------------------------------------------


def _paint(colours: tuple[Palette, ...], tint: str) -> str:
    """Dots of paint under their headings, their words beneath."""
    found = STRIP.drawn(tint)
    room, gap = STRIP.inset(24, 0, 0), 30.0
    count = sum(len(one.swatches) for one in colours)
    pitch = min(116.0, (room.w - gap * (len(colours) - 1)) / max(1, count))
    x = room.x + (room.w - pitch * count - gap * (len(colours) - 1)) / 2
    for i, palette in enumerate(colours):
        long = pitch * len(palette.swatches)
        if i:
            found += stroke(f"M{n(x - gap / 2)} {n(STRIP.y + 26)}V{n(STRIP.y + STRIP.h - 26)}", mix(INK, PAPER, 0.7), 1.4)  # fmt: skip
        found += caption(" ".join(palette.heading.split()) or "everyday", x + long / 2, STRIP.y + 30, 19, long - 4, slanted=True)  # fmt: skip
        for swatch in palette.swatches:
            middle, y = x + pitch / 2, STRIP.y + 70
            found += circle(middle, y, 25, swatch.fill, shade(swatch.fill, -0.25), 1.8)
            low = y + 45
            if swatch.part:
                found += caption(swatch.part, middle, low, 16, pitch - 8, bold=True)
                low += 18
            found += caption(swatch.word, middle, low, 16, pitch - 8, 1 if swatch.part else 2)
            x += pitch
        x += gap
    return found
