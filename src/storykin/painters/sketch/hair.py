"""Painters, sketch: hair. Free words become length, texture, fringe and tie; the pieces are drawn about the
point between the eyes in a head turned by `look` (0 front, up to 1 right), in layers round the head.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from storykin.painters.sketch.body import Polygon, along, area, curve, cut_off, disc, rough, shape
from storykin.painters.sketch.ink import Point, colour, shade

HATLINE = -0.42


@dataclass(frozen=True)
class Style:
    """What hair is made of, in half-widths of the head.

    `long` is how far below the eyes it hangs (0: it does not), `wide` how far out it stands there;
    `edge` is straight, wavy or curly; `fringe` names the hairline; `tie` what it is tied into;
    `volume` how far it stands off the skull; `ears` whether the ears are free.
    """

    long: float = 0.0
    wide: float = 1.1
    edge: str = "straight"
    fringe: str = "swept"
    tie: str = ""
    volume: float = 0.14
    ears: bool = True


#   words that call it, the style; the first row with a matching word wins, modifiers come after
STYLES: tuple[tuple[str, str, Style], ...] = (
    ("bald", r"bald|no hair", Style(fringe="bald", volume=0.0)),
    ("balding", r"thinning|balding|half[- ]bald", Style(fringe="balding", volume=0.05)),
    ("mohawk", r"mohawk|mohican|iroquois", Style(fringe="buzz", tie="mohawk", volume=0.02)),
    ("buzz", r"buzz|crew|shaved|shaven|cropped|very short", Style(fringe="buzz", volume=0.04)),
    ("space buns", r"space buns|two buns|double buns|afro puffs|puffs", Style(fringe="high", tie="buns", volume=0.06)),
    ("afro", r"afro|natural", Style(edge="curly", fringe="afro", volume=0.5, ears=False)),
    ("locs", r"locs|dreads|dreadlocks|cornrows|twists|box braids", Style(1.35, 1.12, "locs", "high", "", 0.16, False)),
    ("braids", r"braids|plaits|pippi", Style(fringe="parted", tie="braids", volume=0.1)),
    ("braid", r"braid|plait", Style(fringe="parted", tie="braid", volume=0.1)),
    ("pigtails", r"pigtails?|bunches|two ponytails", Style(fringe="parted", tie="pigtails", volume=0.1)),
    ("ponytail", r"ponytail|pony tail|tied back", Style(fringe="swept", tie="ponytail", volume=0.1)),
    ("bun", r"bun|topknot|top knot|chignon|knot|updo|pinned", Style(fringe="high", tie="bun", volume=0.12)),
    ("bob", r"bob|pageboy|chin|page boy|jaw", Style(0.78, 1.2, "straight", "bangs", "", 0.16, False)),
    ("long curly", r"long\b.*\b(curl|curls|curly|ringlets|coils)", Style(1.7, 1.5, "curly", "curls", "", 0.28, False)),
    ("long wavy", r"long\b.*\b(wavy|waves)|(wavy|waves)\b.*\blong|mermaid", Style(2.15, 1.32, "wavy", "parted", "", 0.16, False)),
    ("long", r"long|waist|flowing|rapunzel", Style(2.15, 1.14, "straight", "parted", "", 0.13, False)),
    ("shoulder", r"shoulder|medium|mid-length", Style(1.25, 1.18, "straight", "swept", "", 0.14, False)),
    ("short curly", r"curl|curls|curly|ringlets|coils|coily|frizzy", Style(0.4, 1.2, "curly", "curls", "", 0.3, False)),
    ("wavy", r"wavy|waves", Style(0.95, 1.24, "wavy", "swept", "", 0.18, False)),
    ("spiky", r"spiky|spikes|punk|hedgehog", Style(fringe="spiky", volume=0.2)),
    ("messy", r"messy|tousled|shaggy|wild|scruffy|untidy|unruly", Style(fringe="messy", volume=0.2)),
    ("bowl", r"bowl|mushroom|pudding", Style(0.1, 1.08, "straight", "bangs", "", 0.18, False)),
    ("short", r"short|pixie|neat|side|swept|straight|boyish|combed|parting", Style(fringe="swept")),
)  # fmt: skip

HAIRLINES: dict[str, tuple[Point, ...]] = {  # from the right temple to the left one
    "swept": ((0.98, 0.08), (0.9, -0.3), (0.66, -0.66), (0.42, -0.8), (0.1, -0.5), (-0.38, -0.36), (-0.8, -0.3), (-0.98, 0.08)),
    "bangs": ((0.98, 0.1), (0.9, -0.22), (0.5, -0.32), (0.0, -0.29), (-0.5, -0.32), (-0.9, -0.22), (-0.98, 0.1)),
    "parted": ((0.98, 0.2), (0.9, -0.16), (0.6, -0.5), (0.2, -0.76), (-0.06, -0.92), (-0.3, -0.74), (-0.66, -0.46), (-0.9, -0.14), (-0.98, 0.2)),
    "high": ((0.97, 0.02), (0.88, -0.34), (0.55, -0.66), (0.0, -0.76), (-0.55, -0.66), (-0.88, -0.34), (-0.97, 0.02)),
    "buzz": ((0.97, 0.04), (0.86, -0.2), (0.74, -0.5), (0.4, -0.62), (0.0, -0.62), (-0.4, -0.62), (-0.74, -0.5), (-0.86, -0.2), (-0.97, 0.04)),
    "afro": ((0.97, 0.12), (0.86, -0.3), (0.5, -0.56), (0.0, -0.62), (-0.5, -0.56), (-0.86, -0.3), (-0.97, 0.12)),
    "curls": ((1.0, 0.2), (0.9, -0.2), (0.55, -0.46), (0.2, -0.52), (-0.2, -0.42), (-0.6, -0.42), (-0.9, -0.18), (-1.0, 0.2)),
    "messy": ((0.98, 0.1), (0.88, -0.2), (0.72, -0.5), (0.56, -0.3), (0.34, -0.56), (0.1, -0.3), (-0.14, -0.54), (-0.42, -0.27), (-0.62, -0.5), (-0.86, -0.18), (-0.98, 0.1)),
    "spiky": ((0.98, 0.04), (0.88, -0.3), (0.66, -0.62), (0.45, -0.5), (0.2, -0.68), (-0.05, -0.52), (-0.3, -0.68), (-0.6, -0.52), (-0.86, -0.3), (-0.98, 0.04)),
}  # fmt: skip


def style_of(words: str, old: bool = False) -> Style:
    """The style nearest to free words; none at all gives tousled short hair."""
    said = words.lower().replace("-", " ")
    row = next((style for _, pattern, style in STYLES if re.search(rf"\b({pattern})\b", said)), None)
    if row is None:
        return STYLES[-1][2] if old else next(style for name, _, style in STYLES if name == "messy")
    if row.long and row.edge != "curly" and re.search(r"\b(curly|curls)\b", said):
        row = replace(row, edge="curly", wide=row.wide + 0.12, volume=max(row.volume, 0.24))
    elif row.long and re.search(r"\b(wavy|waves)\b", said) and row.edge == "straight":
        row = replace(row, edge="wavy", wide=row.wide + 0.08)
    elif row.tie and re.search(r"\b(curly|curls|curl|afro|puffs|coils)\b", said):
        row = replace(row, edge="curly")
    if row.fringe not in ("bald", "balding", "buzz", "afro"):
        if re.search(r"\b(no|without( a)?) (fringe|bangs)\b", said):
            row = replace(row, fringe="high")
        elif re.search(r"\b(fringe|bangs)\b", said):
            row = replace(row, fringe="bangs")
        elif re.search(r"\b(side (parting|swept)|swept)\b", said):
            row = replace(row, fringe="swept")
        elif re.search(r"\b(parted|parting)\b", said) and row.long:
            row = replace(row, fringe="parted")
    return row


def turn(x: float, look: float) -> float:
    """Where a point of the face is seen when the head turns; `x` from -1 to 1."""
    return x + look * 0.26 * (1 - min(1.0, x * x))


@dataclass(frozen=True)
class Hair:
    """Hair in layers: `behind` the body, `under` the head, `over` the face, and the `tint`."""

    behind: str
    under: str
    over: str
    tint: str
    ears: bool


def hair(words: str, tint: str, r: float, look: float, line: float, hat: bool = False, old: bool = False,
         loose: bool = True) -> Hair:  # fmt: skip
    """Draw hair for a head of half-width `r`; under a `hat` only what looks out of it is drawn.

    `loose` hair hangs behind the body; for somebody lying down it stays with the head.
    """
    style = style_of(words, old)
    edge = shade(tint, -0.34)
    draw = Locks(style, r, look, line, hat, tint, edge)
    behind, under, over = draw.behind(), draw.under(), draw.over()
    if not loose:
        behind, under = "", behind + under
    return Hair(behind, under, over, tint, style.ears)


@dataclass(frozen=True)
class Locks:
    """One head of hair being drawn: its style, the half-width of the head, and the tools for its pieces."""

    style: Style
    r: float
    look: float
    line: float
    hat: bool
    tint: str
    edge: str

    def _size(self, points: Sequence[Point]) -> Polygon:
        return [(x * self.r, y * self.r) for x, y in points]

    def _piece(self, points: Sequence[Point], fill: str = "", faint: float = 1.0) -> str:
        """A lock in head units; under a hat it is cut off at the brim."""
        if self.hat:
            points = cut_off(points, (0, HATLINE), (0, 1))
        if len(points) < 3:
            return ""
        edge = "none" if faint < 1 else self.edge
        return shape(self._size(points), fill or self.tint, edge, self.line, faint)

    def _strands(self, lines: Sequence[Sequence[Point]], light: float = -0.16) -> str:
        tone = shade(self.tint, light)
        return "".join(rough(self._size(curve(one, False)), tone, self.line * 1.1, 0.8) for one in lines)

    def behind(self) -> str:
        """Long hair and hanging ties, behind the body."""
        style, k = self.style, self.look
        found = ""
        if style.long > 0.3:
            low, wide = style.long, style.wide
            back, fore = wide + 0.1 * k, wide - 0.34 * k
            mid = low * 0.45
            points: list[Point] = [
                (-0.9, -0.85), (-1.1 - 0.06 * k, -0.2), (-(1.04 + back) / 2, mid), (-back, low * 0.86), (-back * 0.8, low),
                (-0.3 - 0.1 * k, low * 1.05), (0.3 - 0.1 * k, low * 1.04), (fore * 0.8, low), (fore, low * 0.86),
                ((0.98 + fore) / 2, mid), (1.08 - 0.1 * k, -0.2), (0.9, -0.85),
            ]  # fmt: skip
            outline = curve(points)
            if style.edge == "curly":
                outline = scallop(outline, 0.46)
            elif style.edge == "wavy":
                outline = wavy(outline, 0.06, 0.62)
            elif style.edge == "locs":
                return self._locs(low)
            found += self._piece(outline, shade(self.tint, -0.1))
            if style.edge == "wavy" and low > 1.2:
                tone = [[(s * wide * f, 0.5), (s * wide * (f + 0.08), low * 0.5), (s * wide * (f - 0.02), low * 0.72), (s * wide * f, low * 0.92)] for s in (-1, 1) for f in (0.62, 0.84)]  # fmt: skip
                found += self._strands(tone, -0.24)
            elif style.edge == "straight" and low > 1.0:
                found += self._strands([[(s * f, 0.6), (s * (f + 0.03), low * 0.93)] for s in (-1, 1) for f in (0.66, 0.9)], -0.24)  # fmt: skip
        if style.tie == "ponytail":
            found += self._ponytail()
        return found

    def _locs(self, low: float) -> str:
        found = ""
        for i, root in enumerate((-1.05, -0.82, -0.58, 0.5, 0.74, 0.97)):
            x = root - 0.12 * self.look
            end = low * (0.92 + 0.08 * (i % 2))
            points = [(x - 0.13, -0.5), (x - 0.16, end * 0.5), (x - 0.12, end), (x, end + 0.1), (x + 0.12, end), (x + 0.15, end * 0.5), (x + 0.13, -0.5)]  # fmt: skip
            found += self._piece(curve(points), shade(self.tint, -0.06))
            found += self._strands(
                [[(x - 0.1, y), (x + 0.1, y + 0.06)] for y in (0.45, 0.75, 1.05) if y < end], -0.22
            )
        return found

    def _ponytail(self) -> str:
        k = self.look
        if k:
            points = [(-0.75, -0.72), (-1.25, -0.95), (-1.72, -0.5), (-1.82, 0.2), (-1.62, 0.85), (-1.42, 0.95), (-1.4, 0.3), (-1.22, -0.25), (-0.85, -0.35)]  # fmt: skip
        else:
            points = [(0.3, -0.95), (0.95, -1.35), (1.55, -1.0), (1.7, -0.2), (1.5, 0.62), (1.3, 0.7), (1.3, 0.05), (1.05, -0.5), (0.6, -0.6)]  # fmt: skip
        outline = curve(points)
        if self.style.edge == "curly":
            outline = scallop(outline, 0.3)
        dark = shade(self.tint, -0.07)
        found = shape(self._size(outline), dark, self.edge, self.line)
        x = -1.0 if k else 0.9
        s = 1 if k else -1
        lines = [[(x - 0.3 * s, -0.6), (x - 0.62 * s, -0.1), (x - 0.6 * s, 0.55)], [(x - 0.42 * s, -0.72), (x - 0.72 * s, -0.3), (x - 0.74 * s, 0.3)]]  # fmt: skip
        return found + self._strands(lines, -0.2)

    def under(self) -> str:
        """Volume round the skull, just behind the face."""
        style = self.style
        if style.fringe == "afro":
            ball = scallop(disc((-0.06 * self.look, -0.34), 1.46, 1.38, sides=40), 0.46)
            return self._piece(ball)
        found = self._top_ties()
        if style.edge == "curly" and not style.tie:
            ring = scallop(disc((-0.05 * self.look, -0.28), 1.26, 1.2, sides=40), 0.42)
            found += self._piece(ring)
        if self.look and style.fringe not in ("bald", "balding", "buzz"):
            nape = curve([(-0.5, -1.0), (-1.08, -0.6), (-1.16, 0.0), (-0.98, 0.5), (-0.6, 0.72), (-0.2, 0.4)])
            found += self._piece(nape, shade(self.tint, -0.1))
        return found

    def _top_ties(self) -> str:
        style, k = self.style, self.look
        found = ""
        if style.tie == "bun" and not self.hat:
            at, big = ((-0.62, -1.1), 0.46) if k else ((0.0, -1.38), 0.48)
            ball = disc(at, big, big * 0.92, sides=26)
            if style.edge == "curly":
                ball = scallop(ball, 0.24)
            found += self._piece(ball)
            found += self._strands([[(at[0] - big * 0.6, at[1] + 0.1), (at[0], at[1] - big * 0.5), (at[0] + big * 0.62, at[1] + 0.02)], [(at[0] - big * 0.3, at[1] + 0.22), (at[0] + 0.06, at[1] - 0.04), (at[0] + big * 0.4, at[1] + 0.2)]])  # fmt: skip
        if style.tie == "buns" and not self.hat:
            for x in (-0.86 - 0.06 * k, 0.86 - 0.22 * k):
                ball = disc((x, -1.05), 0.44, sides=26)
                found += self._piece(scallop(ball, 0.22) if style.edge == "curly" else ball)
                found += self._strands([[(x - 0.25, -0.98), (x, -1.26), (x + 0.25, -1.02)]])
        if style.tie == "pigtails":
            for s in (-1, 1):
                x = s * 0.98 - 0.14 * k
                points = [(x, -0.42), (x + s * 0.38, -0.62), (x + s * 0.78, -0.3), (x + s * 0.82, 0.3), (x + s * 0.6, 0.78), (x + s * 0.46, 0.6), (x + s * 0.3, 0.14), (x, -0.16)]  # fmt: skip
                outline = curve(points)
                tail = scallop(outline, 0.26) if style.edge == "curly" else outline
                found += shape(self._size(tail), shade(self.tint, -0.05), self.edge, self.line)
                found += self._strands([[(x + s * 0.3, -0.36), (x + s * 0.56, 0.0), (x + s * 0.58, 0.5)]])
        return found

    def over(self) -> str:
        """What lies over the forehead and beside the cheeks, with ties in front."""
        style, k = self.style, self.look
        if style.fringe == "bald":
            return ""
        if style.fringe == "balding":
            found = ""
            for s in (-1, 1):
                if s > 0 and k:
                    continue
                x = s * (1.0 - 0.22 * k)
                tuft = curve(
                    [
                        (x, -0.5),
                        (x + s * 0.16, -0.2),
                        (x + s * 0.14, 0.16),
                        (x - s * 0.06, 0.3),
                        (x - s * 0.14, -0.1),
                    ]
                )
                found += self._piece(tuft)
            return found
        found = (
            self._soft_cap()
            if style.edge == "curly" and not style.tie and not self.hat
            else self._piece(self._cap(), faint=0.6 if style.tie == "mohawk" else 1.0)
        )
        found += self._detail()
        if style.tie == "mohawk" and not self.hat:
            fan = [(-128 + 14.5 * i) if k else (-20 + 4.0 * i) for i in range(11)]
            tips = [(1.56 if i % 2 else 1.16, math.radians(turn)) for i, turn in enumerate(fan)]
            root = [(0.93, math.radians(turn)) for turn in fan[::-1]]
            comb = [(far * math.sin(a), -0.05 - far * math.cos(a)) for far, a in [*tips, *root]]
            found += self._piece(comb, shade(self.tint, -0.04))
        if style.tie in ("braids", "braid"):
            found += self._braids()
        if style.tie in ("pigtails", "ponytail") and not (self.hat and style.tie == "ponytail"):
            spots = [(s * 1.0 - 0.14 * k, -0.3) for s in (-1, 1)] if style.tie == "pigtails" else []
            for at in spots:
                found += shape(self._size(disc(at, 0.13, 0.17)), "#d9513f", None, self.line)
        return found

    def _soft_cap(self) -> str:
        """Curls over the forehead: only their lower edge is outlined, the rest melts into the volume."""
        outer, inner = self._rim()
        return shape(self._size([*outer, *inner]), self.tint, "none") + rough(
            self._size(inner), self.edge, self.line
        )

    def _cap(self) -> Polygon:
        outer, inner = self._rim()
        return [*outer, *inner]

    def _rim(self) -> tuple[Polygon, Polygon]:
        """The hair that covers the skull down to the hairline."""
        style, k = self.style, self.look
        v = 0.06 if self.hat else style.volume
        line = [(turn(x, k), y) for x, y in HAIRLINES[style.fringe]]
        low = 0.08 if style.ears else min(0.62, max(0.3, style.long * 0.6))
        right: list[Point] = [(1.0 + v * 0.4 - 0.04 * k, 0.06 if style.ears else low)]
        if k:
            back = -1.06 - v * 0.5
            left: list[Point] = [
                (-0.5, -0.12),
                (-0.52, 0.12),
                (-0.6, 0.52 if style.ears else 0.7),
                (-0.88, 0.5),
                (back, -0.05),
            ]
            line = [p for p in line if p[0] > -0.62]
        else:
            left = [(-1.0 - v * 0.4, 0.06 if style.ears else low)]
        crown = [
            (-1.04 - v * 0.75, -0.42), (-0.8 - v * 0.6, -0.9 - v * 0.3), (-0.34, -1.1 - v), (0.26, -1.1 - v),
            (0.76 + v * 0.6 - 0.02 * k, -0.88 - v * 0.3), (1.0 + v * 0.7 - 0.05 * k, -0.42),
        ]  # fmt: skip
        if not style.ears and not k:
            line = [(0.9, low * 0.9), *line[1:-1], (-0.9, low * 0.9)]
        elif not style.ears:
            line = [(0.9, low * 0.9), *line[1:]]
        inner = curve(line, False)
        if style.fringe in ("messy", "spiky"):
            inner = list(line)
        outer = curve([*left, *crown, *right], False)
        if style.edge == "curly" and not style.tie:
            outer = curve([*left, *[(x * 0.94, y * 0.94) for x, y in crown], *right], False)
            inner = _bumpy(inner, 0.28)
        elif style.fringe == "spiky" and not self.hat:
            outer = _spikes(outer)
        elif style.fringe == "messy" and not self.hat:
            outer = _tufts(outer)
        return list(outer), list(inner)

    def _detail(self) -> str:
        style, k = self.style, self.look
        if self.hat or style.fringe in ("buzz",):
            return ""
        if style.fringe == "swept":
            lines = [[(0.4, -0.84), (-0.1, -0.82), (-0.6, -0.5)], [(0.38, -0.98), (-0.25, -1.0), (-0.78, -0.6)], [(0.56, -0.9), (0.84, -0.66), (0.94, -0.4)]]  # fmt: skip
        elif style.fringe == "bangs":
            lines = [[(x, -1.0 + abs(x) * 0.2), (x * 1.12, -0.5)] for x in (-0.55, -0.2, 0.2, 0.55)]
        elif style.edge == "locs":
            lines = [
                [(x * 0.4, -1.12), (x * 0.8, -0.92), (x, -0.62)]
                for x in (-0.9, -0.6, -0.3, 0.0, 0.3, 0.6, 0.9)
            ]
        elif style.fringe in ("parted", "high"):
            lines = [[(s * 0.12 - 0.05, -1.02), (s * 0.5, -0.84), (s * 0.84, -0.42)] for s in (-1, 1)]
        elif style.fringe in ("curls", "afro"):
            lines = [[(x - 0.12, y), (x, y - 0.13), (x + 0.12, y)] for x, y in ((-0.6, -0.8), (-0.1, -0.98), (0.45, -0.86), (0.15, -0.72), (-0.35, -0.66), (0.75, -0.6))]  # fmt: skip
        else:
            lines = [[(-0.1, -1.0), (-0.3, -0.85), (-0.4, -0.6)], [(0.25, -1.0), (0.2, -0.8), (0.3, -0.66)]]
        moved = [[(turn(x, k) - 0.05 * k, y) for x, y in one] for one in lines]
        shine = [[(turn(x, k) - 0.1 * k, y) for x, y in [(-0.72, -0.78), (-0.45, -1.0), (-0.12, -1.1)]]]
        return self._strands(moved) + (
            self._strands(shine, 0.22) if style.fringe not in ("curls", "afro") else ""
        )

    def _braids(self) -> str:
        k, found = self.look, ""
        sides = (-1, 1) if self.style.tie == "braids" else (-1,)
        for s in sides:
            x = s * (0.98 if s < 0 else 0.98 - 0.06 * k)
            knots: list[Point] = [(x + s * 0.08 * math.sin(i * 0.8), 0.24 + i * 0.26) for i in range(6)]
            beads = [
                disc(p, 0.2 - 0.012 * i, 0.17, -28 * s * (1 if i % 2 else -1)) for i, p in enumerate(knots)
            ]
            found += "".join(shape(self._size(bead), self.tint, self.edge, self.line) for bead in beads)
            end = knots[-1]
            found += shape(self._size(disc((end[0], end[1] + 0.17), 0.1, 0.08)), "#d9513f", None, self.line)
            tip = curve([(end[0] - 0.09, end[1] + 0.22), (end[0] - 0.14, end[1] + 0.48), (end[0], end[1] + 0.56), (end[0] + 0.14, end[1] + 0.48), (end[0] + 0.09, end[1] + 0.22)])  # fmt: skip
            found += shape(self._size(tip), self.tint, self.edge, self.line)
        return found


def tint_of(words: str, age: int, grown: bool) -> str:
    """The colour of hair: as said, else brown, else grey for the old."""
    said = (
        words.strip()
        .lower()
        .replace("brunette", "brown")
        .replace("red", "red-brown")
        .replace("red-brown-brown", "red-brown")
    )
    said = (
        said.replace("dark red-brown", "auburn").replace("grey", "light grey")
        if grown and age >= 60
        else said
    )
    return (
        colour(said, "#cfcac6" if grown and age >= 60 else "#7a5238")
        if said
        else ("#d3cdc8" if grown and age >= 60 else "#7a5238")
    )


def _even(line: Sequence[Point], step: float) -> Polygon:
    """Points about `step` apart along a line."""
    found = [line[0]]
    left = step
    for a, b in pairwise(line):
        long = math.hypot(b[0] - a[0], b[1] - a[1])
        at = 0.0
        while long - at > left:
            at += left
            found.append(along(a, b, at / long))
            left = step
        left -= long - at
    return found


def _arcs(points: Sequence[Point], out: float, wind: float, steps: int = 5) -> Polygon:
    """Between neighbouring points a round bump outwards, `wind` saying which side is out."""
    found: Polygon = []
    for a, b in pairwise(points):
        (mx, my), dx, dy = along(a, b, 0.5), (b[0] - a[0]) / 2, (b[1] - a[1]) / 2
        for k in range(steps):
            turn = math.pi * (1 - k / steps)
            c, s = math.cos(turn), math.sin(turn) * out * wind
            found.append((mx + dx * c + dy * s, my + dy * c - dx * s))
    return [*found, points[-1]]


def scallop(outline: Sequence[Point], size: float) -> Polygon:
    """A closed outline made of round bumps about `size` wide, like curls."""
    ring = _even([*outline, outline[0]], size)
    wind = 1.0 if area(outline) > 0 else -1.0
    return _arcs([*ring, ring[0]], 0.8, wind)


def _bumpy(line: Sequence[Point], size: float) -> Polygon:
    points = _even(line, size)
    return _arcs([*points, line[-1]], 0.75, 1.0)


def wavy(outline: Sequence[Point], deep: float, long: float) -> Polygon:
    """A closed outline that swings gently in and out."""
    ring = _even([*outline, outline[0]], long / 8)
    found: Polygon = []
    for i, (x, y) in enumerate(ring):
        (ax, ay), (bx, by) = ring[i - 1], ring[(i + 1) % len(ring)]
        far = math.hypot(bx - ax, by - ay) or 1.0
        swing = deep * math.sin(2 * math.pi * i / 8) * (1.0 if y > 0.1 else 0.3)
        found.append((x + (by - ay) / far * swing, y - (bx - ax) / far * swing))
    return found


def _spikes(line: Sequence[Point]) -> Polygon:
    points = _even(line, 0.34)
    found: Polygon = []
    for a, b in pairwise(points):
        (mx, my) = along(a, b, 0.55)
        out = 1.24 if my < -0.35 else 1.06
        found += [a, (mx * out, my * out - 0.03)]
    return [*found, points[-1]]


def _tufts(line: Sequence[Point]) -> Polygon:
    points = _even(line, 0.42)
    found: Polygon = []
    for i, (a, b) in enumerate(pairwise(points)):
        mx, my = along(a, b, 0.72)
        out = (1.13 if i % 2 else 1.08) if my < -0.2 else 1.03
        tip = (mx * out, my * out - 0.02)
        found += [a, along(a, tip, 0.5), tip, along(tip, b, 0.6)]
    return [*found, points[-1]]


def names() -> tuple[str, ...]:
    """All styles by name."""
    return tuple(name for name, _, _ in STYLES)
