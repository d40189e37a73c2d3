"""Painters, sketch: hair as it is seen from the side, the face to the right.

The same styles as from the front, about the point between the eyes, in half-widths of the head; the ear is
at (-0.1, 0.18) and the forehead at (0.9, -0.5). Nothing here knows a body.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from storykin.painters.sketch.body import Polygon, curve, cut_off, disc, rough, shape
from storykin.painters.sketch.hair import HATLINE, Locks, scallop, style_of, wavy
from storykin.painters.sketch.ink import Point, shade

TIE = "#d9513f"  # hair ties, as from the front

FRONTS: dict[str, tuple[Point, ...]] = {  # from the edge of the forehead down the hairline to the temple
    "swept": ((0.96, -0.8), (1.04, -0.52), (0.86, -0.44), (0.62, -0.58), (0.44, -0.42)),
    "bangs": ((1.0, -0.72), (1.03, -0.36), (0.9, -0.28), (0.62, -0.3), (0.46, -0.24)),
    "parted": ((0.8, -0.86), (0.7, -0.74), (0.56, -0.5), (0.42, -0.28)),
    "high": ((0.8, -0.84), (0.7, -0.74), (0.56, -0.54), (0.42, -0.34)),
    "buzz": ((0.84, -0.76), (0.76, -0.66), (0.58, -0.62), (0.46, -0.36)),
    "afro": ((0.74, -0.78), (0.66, -0.62), (0.5, -0.46), (0.4, -0.28)),
    "curls": ((0.98, -0.7), (0.98, -0.48), (0.74, -0.42), (0.5, -0.36)),
    "messy": ((0.98, -0.78), (1.06, -0.42), (0.86, -0.6), (0.74, -0.32), (0.6, -0.54), (0.44, -0.3)),
    "spiky": ((0.96, -0.84), (0.94, -0.6), (0.78, -0.5), (0.68, -0.66), (0.54, -0.48), (0.42, -0.36)),
}
ROUND_EAR: tuple[Point, ...] = ((0.34, -0.16), (0.2, 0.16), (0.08, -0.02), (-0.1, -0.1), (-0.3, 0.0), (-0.34, 0.3), (-0.44, 0.56), (-0.64, 0.66))  # fmt: skip


@dataclass(frozen=True)
class SideHair:
    """Hair in layers: `behind` the head, `low` what falls over the shoulder, `over` the head; `ears` as from the front."""

    behind: str
    low: str
    over: str
    ears: bool


def side_hair(words: str, tint: str, r: float, line: float, hat: bool = False, old: bool = False) -> SideHair:
    """Draw hair for a head of half-width `r` seen from the side; under a `hat` only what looks out of it is drawn."""
    style = style_of(words, old)
    locks = _SideLocks(style, r, 0.0, line, hat, tint, shade(tint, -0.34))
    return SideHair(locks.behind(), locks.low(), locks.over(), style.ears)


class _SideLocks(Locks):
    """The pieces of one style from the side."""

    @property
    def _falls(self) -> bool:
        """Whether loose hair hangs over ear and neck."""
        return self.style.long > 0.3 and not self.style.ears

    def behind(self) -> str:
        """What stands out behind the skull: tails, buns, the mass of curls."""
        style = self.style
        if style.fringe == "afro":
            return self._piece(scallop(disc((-0.46, -0.4), 1.3, 1.32, sides=40), 0.46))
        found = ""
        if style.tie == "ponytail":
            found += self._tail()
        if style.tie == "bun" and not self.hat:
            found += self._ball((-0.74, -1.12), 0.48)
        if style.tie == "buns" and not self.hat:
            found += self._ball((0.02, -1.3), 0.36, -0.08)
        if style.edge == "curly" and not style.tie:
            found += self._piece(scallop(disc((-0.16, -0.32), 1.16, 1.14, sides=40), 0.42))
        if style.tie == "mohawk" and not self.hat:
            turns = [math.radians(-128 + 16.0 * i) for i in range(11)]
            fan = [(1.56 if i % 2 else 1.16, turn) for i, turn in enumerate(turns)]
            comb = [(far * math.sin(a), -0.05 - far * math.cos(a)) for far, a in [*fan, *((0.93, t) for t in turns[::-1])]]  # fmt: skip
            found += self._piece(comb, shade(self.tint, -0.04))
        return found

    def low(self) -> str:
        """Loose hair that falls over neck and shoulder, and plaits."""
        style = self.style
        if style.tie == "braid":
            return self._plait([(-0.86 - 0.05 * math.sin(i * 0.8), 0.5 + i * 0.28) for i in range(7)])
        if not self._falls:
            return ""
        if style.edge == "locs":
            return self._hanging(style.long)
        deep = style.long
        wide = max(0.0, style.wide - 1.1)
        points: list[Point] = [
            (0.3, -0.5), (0.34 - wide * 0.3, 0.1), (0.26 - wide * 0.2, deep * 0.5), (0.14 + wide * 0.2, deep * 0.84), (-0.1, deep), (-0.56, deep * 1.05),
            (-1.0 - wide * 0.6, deep * 0.98), (-1.2 - wide, deep * 0.72), (-1.16 - wide * 0.8, deep * 0.36), (-1.12, -0.1), (-0.9, -0.6),
        ]  # fmt: skip
        if deep < 1:  # a bob turns in below the ear
            points[2:7] = [(0.38, 0.36), (0.34, deep * 0.9), (0.1, deep * 1.06), (-0.5, deep * 1.08), (-1.0, deep * 0.98)]  # fmt: skip
        outline = curve(points)
        if style.edge == "curly":
            outline = scallop(outline, 0.42)
        elif style.edge == "wavy":
            outline = wavy(outline, 0.06, 0.62)
        found = self._piece(outline)
        if style.edge != "curly":
            lines = [[(x + 0.16, 0.0), (x, deep * 0.5), (x - 0.04, deep * 0.9)] for x in (-0.86, -0.5, -0.14)]
            found += self._strands(lines, -0.2)
        return found

    def over(self) -> str:
        """What covers the skull down to the hairline, with ties on the near side."""
        style = self.style
        if style.fringe == "bald":
            return ""
        if style.fringe == "balding":
            ring = [(0.18, 0.14), (0.06, -0.04), (-0.1, -0.1), (-0.3, 0.0), (-0.34, 0.3), (-0.46, 0.56), (-0.7, 0.62),
                    (-1.02, 0.3), (-1.14, -0.1), (-1.02, -0.4), (-0.6, -0.3), (-0.1, -0.34), (0.22, -0.2)]  # fmt: skip
            return self._piece(curve(ring))
        faint = 0.6 if style.tie == "mohawk" else 1.0
        found = self._melting() if self._falls else self._piece(self._cap(), faint=faint)
        found += self._sheen()
        if style.tie == "braids":
            found += self._plait(
                [(-0.36 + 0.06 * math.sin(i * 0.8), 0.34 + i * 0.27) for i in range(6)]
            ) + self._knot((-0.36, 0.3))
        if style.tie == "pigtails":
            found += self._near_tail() + self._knot((-0.34, -0.32))
        if style.tie == "buns" and not self.hat:
            found += self._ball((-0.4, -1.06), 0.44)
        if style.tie == "ponytail" and not self.hat:
            found += self._knot((-0.96, -0.56))
        return found

    def _cap(self) -> Polygon:
        style = self.style
        v = 0.06 if self.hat else min(0.3, style.volume)
        front = [(x, y - (0.5 * v if i == 0 else 0.0)) for i, (x, y) in enumerate(FRONTS[style.fringe])]
        if self._falls:
            low = 0.06 if style.edge == "locs" else min(0.62, style.long * 0.6)
            inner: list[Point] = [(0.36, -0.06), (0.34, low), (-0.3, low + 0.12), (-0.8, low)]
        else:
            inner = list(ROUND_EAR)
        outer: list[Point] = [
            (-0.94 - v * 0.5, 0.42), (-1.06 - v * 0.7, 0.0), (-1.08 - v * 0.75, -0.42), (-0.84 - v * 0.6, -0.88 - v * 0.4),
            (-0.32, -1.1 - v), (0.3, -1.08 - v), (0.7 + v * 0.3, -0.92 - v * 0.7),
        ]  # fmt: skip
        if style.fringe in ("messy", "spiky") and not self.hat:
            outer = _tufted(curve(outer, False), 1.14 if style.fringe == "messy" else 1.22)
            return [*front, *curve([front[-1], *inner], False)[1:], *outer]
        outline = curve([*front, *inner, *outer])
        curls = (style.edge == "curly" and not style.tie) or style.fringe == "afro"
        return scallop(outline, 0.3) if curls and not self.hat else outline

    def _melting(self) -> str:
        """A cap whose lower edge melts into the hair that falls from it."""
        cap = self._cap()
        low = max(y for _, y in cap)
        start = next(i for i, (_, y) in enumerate(cap) if y > low - 0.3)
        end = next(i for i in range(len(cap) - 1, 0, -1) if cap[i][1] > -0.1)
        edge = [*cap[end:], *cap[:start]]
        if self.hat:
            cap, edge = cut_off(cap, (0, HATLINE), (0, 1)), [p for p in cap[:start] if p[1] > HATLINE]
        return shape(self._size(cap), self.tint, "none") + rough(self._size(edge), self.edge, self.line)

    def _sheen(self) -> str:
        style = self.style
        if self.hat or style.fringe == "buzz":
            return ""
        if style.fringe in ("curls", "afro"):
            spots = ((-0.7, -0.5), (-0.2, -0.9), (0.35, -0.84), (-0.46, -0.02), (0.06, -0.56), (-0.62, -0.82))
            return self._strands([[(x - 0.12, y), (x, y - 0.13), (x + 0.12, y)] for x, y in spots])
        if style.tie and style.tie != "mohawk":
            to = {"bun": (-0.62, -0.86), "buns": (-0.36, -0.76), "ponytail": (-0.86, -0.56), "braid": (-0.86, 0.3)}.get(style.tie, (-0.36, -0.06))  # fmt: skip
            lines = [[(x, y), ((x + to[0]) / 2, (y + to[1]) / 2 - 0.08), to] for x, y in ((0.56, -0.66), (0.4, -0.98), (0.36, -0.34))]  # fmt: skip
        else:
            lines = [[(-0.2, -1.0), (0.3, -0.92), (0.66, -0.66)], [(-0.3, -0.9), (0.1, -0.74), (0.34, -0.42)],
                     [(-0.5, -0.86), (-0.74, -0.4), (-0.78, 0.16)], [(-0.36, -0.7), (-0.44, -0.36), (-0.42, -0.1)]]  # fmt: skip
        return self._strands(lines) + self._strands([[(-0.66, -0.9), (-0.36, -1.06), (0.0, -1.1)]], 0.22)

    def _ball(self, at: Point, big: float, dim: float = 0.0) -> str:
        ball = disc(at, big, big * 0.94, sides=26)
        fill = shade(self.tint, dim) if dim else self.tint
        found = self._piece(scallop(ball, 0.24) if self.style.edge == "curly" else ball, fill)
        x, y = at
        return found + self._strands([[(x - big * 0.6, y + 0.1), (x, y - big * 0.5), (x + big * 0.6, y)], [(x - big * 0.3, y + 0.22), (x + 0.06, y), (x + big * 0.4, y + 0.2)]])  # fmt: skip

    def _tail(self) -> str:
        points = [(-0.7, -0.74), (-1.1, -0.98), (-1.6, -0.72), (-1.86, -0.1), (-1.78, 0.62), (-1.54, 1.1), (-1.42, 0.9), (-1.38, 0.3), (-1.22, -0.2), (-0.84, -0.36)]  # fmt: skip
        outline = curve(points)
        tail = scallop(outline, 0.3) if self.style.edge == "curly" else outline
        found = shape(self._size(tail), shade(self.tint, -0.07), self.edge, self.line)
        return found + self._strands([[(-1.1, -0.76), (-1.5, -0.3), (-1.56, 0.5)], [(-1.06, -0.56), (-1.4, -0.06), (-1.5, 0.8)]], -0.2)  # fmt: skip

    def _near_tail(self) -> str:
        points = [(-0.3, -0.36), (-0.62, -0.56), (-0.96, -0.3), (-1.02, 0.3), (-0.84, 0.84), (-0.66, 0.92), (-0.5, 0.5), (-0.36, 0.1)]  # fmt: skip
        outline = curve(points)
        tail = scallop(outline, 0.26) if self.style.edge == "curly" else outline
        found = shape(self._size(tail), shade(self.tint, -0.05), self.edge, self.line)
        return found + self._strands([[(-0.46, -0.3), (-0.76, 0.0), (-0.74, 0.6)]])

    def _knot(self, at: Point) -> str:
        return shape(self._size(disc(at, 0.13, 0.17)), TIE, None, self.line)

    def _plait(self, knots: Polygon) -> str:
        found = ""
        for i, at in enumerate(knots):
            bead = disc(at, 0.21 - 0.012 * i, 0.17, -28 * (1 if i % 2 else -1))
            found += shape(self._size(bead), self.tint, self.edge, self.line)
        x, y = knots[-1]
        tip = curve([(x - 0.09, y + 0.22), (x - 0.14, y + 0.48), (x, y + 0.56), (x + 0.14, y + 0.48), (x + 0.09, y + 0.22)])  # fmt: skip
        band = shape(self._size(disc((x, y + 0.18), 0.1, 0.08)), TIE, None, self.line)
        return found + shape(self._size(tip), self.tint, self.edge, self.line) + band

    def _hanging(self, deep: float) -> str:
        found = ""
        for i, x in enumerate((-1.04, -0.82, -0.6, -0.38, -0.16, 0.06, 0.24)):
            end = deep * (0.92 + 0.08 * (i % 2))
            points = [(x - 0.12, HATLINE), (x - 0.15, end * 0.5), (x - 0.11, end), (x, end + 0.1), (x + 0.11, end), (x + 0.14, end * 0.5), (x + 0.13, HATLINE)]  # fmt: skip
            found += self._piece(curve(points), shade(self.tint, -0.06))
            found += self._strands([[(x - 0.1, y), (x + 0.1, y + 0.06)] for y in (0.72, 1.0, 1.26) if y < end], -0.22)  # fmt: skip
        return found


def _tufted(line: Polygon, out: float) -> Polygon:
    """Points that stand off the skull along a line from the nape to the forehead."""
    found: Polygon = []
    for i in range(0, len(line) - 3, 3):
        (ax, ay), (bx, by) = line[i], line[min(len(line) - 1, i + 2)]
        far = out if by < -0.2 else 1.05
        found += [(ax, ay), (bx * far, by * far - 0.03)]
    return [*found, line[-1]]
