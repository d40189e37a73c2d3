"""Painters, sketch: arms, hands, legs and feet with sleeves, trousers and shoes, and the trunk's frame.

Limbs are tubes along the skeleton's soft lines; garments are wider tubes on the same lines.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from storykin.painters.sketch.body import (
    Polygon,
    curve,
    disc,
    fused,
    inside,
    part,
    plus,
    rough,
    shape,
    trace,
    tube,
    turned,
)
from storykin.painters.sketch.cuts import BOTTOMS, OVERS, TOPS, Cut
from storykin.painters.sketch.ink import Point, path, shade
from storykin.painters.sketch.patterns import limb_pattern, pattern
from storykin.painters.sketch.poses import Body
from storykin.painters.sketch.wear import Garment, Wear


class Limbs:
    """One body in one set of clothes; `skin` is the colour of what stays bare."""

    def __init__(self, body: Body, wear: Wear, skin: str) -> None:
        self.body, self.wear, self.skin = body, wear, skin
        self.size = body.sizes
        self.tall = body.sizes.tall
        self.line = body.sizes.line
        self.stout = body.sizes.stout
        self.front = body.pose.front
        self.top = TOPS.get(wear.top.kind, TOPS["jumper"])
        self.bottom = BOTTOMS.get(wear.bottom.kind, BOTTOMS["trousers"])
        self.over = OVERS.get(wear.over.kind) if wear.over else None
        (hx, hy), (nx, ny) = body.hip, body.neck
        long = math.hypot(nx - hx, ny - hy) or 1.0
        self.up: Point = ((nx - hx) / long, (ny - hy) / long)

    def extra(self, kind: str) -> Garment | None:
        """The small thing of that kind, if it is worn."""
        return next((garment for garment in self.wear.extras if garment.kind == kind), None)

    @property
    def draped(self) -> bool:
        """Whether cloth hangs over the thighs: a skirt, coat tails or an apron."""
        apron = self.wear.over is not None and self.wear.over.kind == "apron"
        return bool(self.bottom.tail or self.top.tail or apron or (self.over and self.over.tail))

    def pattern(self, outline: Polygon, garment: Garment, axis: Point | None = None) -> str:
        """The pattern of a garment on one of its pieces; `axis` is the way its stripes follow."""
        return pattern(outline, garment, self.body.hip, axis or self.up, self.tall)

    def limb_pattern(self, line: Polygon, start: float, end: float, garment: Garment, dim: float) -> str:
        """The pattern of a garment on a sleeve or leg."""
        return limb_pattern(line, start, end, garment, dim, self.tall)

    # --- the trunk's frame --------------------------------------------------------------------

    def at(self, across: float, t: float, loose: float = 0.0) -> Point:
        """A point of the trunk: `t` 0 hips, 1 neck; `across` -1 left edge, 1 right edge, as seen."""
        centre, (ux, uy) = self.centre(t)
        lean = across + 0.26 * self.body.look * (1 - across * across)
        half = self.half(t) + loose * self.tall
        return (centre[0] - uy * lean * half, centre[1] + ux * lean * half)

    def centre(self, t: float) -> tuple[Point, Point]:
        spine = self.body.spine
        last = len(spine) - 1
        i = max(0, min(last - 1, int(t * last)))
        (ax, ay), (bx, by) = spine[i], spine[i + 1]
        f = t * last - i
        long = math.hypot(bx - ax, by - ay) or 1.0
        return (ax + (bx - ax) * f, ay + (by - ay) * f), ((bx - ax) / long, (by - ay) / long)

    def half(self, t: float) -> float:
        size, stout = self.size, self.stout
        belly = 1.06 - 0.2 * size.grown + (stout - 1) * 0.9
        slim = 1.0 if self.front else 0.93
        stops = (
            (-0.26, size.hips * 0.42), (-0.16, size.hips * 0.84), (0.0, size.hips * 1.0), (0.2, size.hips * 1.0 * (0.3 + 0.7 * belly)),
            (0.45, size.hips * belly), (0.68, (size.shoulders * 0.93 + size.hips * belly) / 2), (0.86, size.shoulders * 0.88),
            (0.95, size.shoulders * 0.7), (1.03, size.shoulders * 0.36),
        )  # fmt: skip
        for (t0, a), (t1, b) in pairwise(stops):
            if t <= t1:
                return (a + (b - a) * max(0.0, (t - t0) / (t1 - t0))) * slim
        return stops[-1][1] * slim

    def torso(self, low: float, high: float, loose: float) -> Polygon:
        """The trunk's outline between two heights."""
        steps = [low + (high - low) * k / 9 for k in range(10)]
        extra = [loose * (1.0 if t < 0.85 else 0.5) for t in steps]
        left = [self.edge(-1, t, e) for t, e in zip(steps, extra, strict=True)]
        right = [self.edge(1, t, e) for t, e in zip(steps, extra, strict=True)]
        sag = self.at(0, low - 0.045)
        return [sag, *_soft(left), *_soft(right[::-1])]

    def edge(self, side: int, t: float, loose: float) -> Point:
        centre, (ux, uy) = self.centre(t)
        half = self.half(t) + loose * self.tall
        return (centre[0] - uy * side * half, centre[1] + ux * side * half)

    # --- arms and hands -----------------------------------------------------------------------

    def arm(self, far: bool) -> str:
        """A whole arm: skin, hand, and the sleeves over it."""
        body, wear = self.body, self.wear
        line = body.arms[far]
        grown = self.size.grown
        first = self.tall * (0.060 - 0.013 * grown) * (0.5 + 0.5 * self.stout)
        last = self.tall * (0.044 - 0.010 * grown) * (0.6 + 0.4 * self.stout)
        dim = -0.05 if far and not self.front else 0.0
        gloves = self.extra("gloves")
        bare = shade(self.skin, dim) if dim else self.skin
        glove = gloves.fill if gloves else wear.top.second or "#e0e0dd" if wear.top.kind == "spacesuit" else \
            shade(wear.top.fill, -0.1) if wear.top.kind == "armour" else ""  # fmt: skip
        arm = tube(line, first, last)
        hand = self._hand(far)
        found = fused([arm, *hand], glove or bare, shade(glove or self.skin, -0.3), self.line)
        trunk = self.torso(-0.1, 1.0, self.over.loose if self.over else self.top.loose)
        if wear.top.kind != "bare" and self.top.sleeve:
            found += self._sleeve(line, wear.top, self.top, first, last, dim, trunk)
        if self.over and wear.over and self.over.sleeve:
            found += self._sleeve(line, wear.over, self.over, first, last, dim, trunk)
        return found

    def _sleeve(
        self, line: Polygon, garment: Garment, cut: Cut, first: float, last: float, dim: float, trunk: Polygon
    ) -> str:
        fill = shade(garment.fill, dim) if dim else garment.fill
        piece = part(line, 0.0, cut.sleeve)
        thick = first + (last - first) * cut.sleeve
        start, end = first + cut.loose * self.tall * 1.6, thick + (cut.loose * 1.7 + cut.wide) * self.tall
        puff = cut.wide * self.tall * 0.6 if cut.sleeve < 0.5 else 0.0
        outline = tube(piece, start, end - puff * 0.8, puff * 2.2, flat=True)
        found = path(trace(outline), fill, "none") + self.limb_pattern(piece, start, end, garment, dim)
        found += self._seams(outline, trunk, shade(garment.fill, -0.32))
        edge = shade(fill, -0.14)
        if "cuffs" in cut.details:
            cuff = part(line, cut.sleeve - 0.07, cut.sleeve)
            found += shape(
                tube(cuff, end * 0.98, end * 0.92, cap=False, flat=True),
                edge,
                shade(garment.fill, -0.32),
                self.line * 0.8,
            )
        if "cuff bands" in cut.details:
            cuff = part(line, cut.sleeve - 0.16, cut.sleeve)
            found += shape(
                tube(cuff, end * 1.12, end * 1.2, cap=False, flat=True),
                garment.second or "#e9bb45",
                None,
                self.line * 0.8,
            )
        if "bright bands" in cut.details:
            found += "".join(
                path(trace(tube(part(line, a, a + 0.07), end, end, cap=False, flat=True)), "#fff3b8", "none")
                for a in (0.62,)
            )
        if "rings" in cut.details or "plates" in cut.details:
            tone = garment.second or shade(garment.fill, -0.2)
            cuff = part(line, cut.sleeve - 0.08, cut.sleeve)
            found += shape(
                tube(cuff, end * 1.06, end * 1.06, cap=False, flat=True), tone, None, self.line * 0.8
            )
            elbow = part(line, 0.44, 0.56)
            found += (
                ""
                if "rings" in cut.details
                else shape(
                    tube(elbow, end * 1.1, end * 1.1, 1.0, cap=False, flat=True),
                    shade(fill, 0.2),
                    None,
                    self.line * 0.8,
                )
            )
        return found

    def _seams(self, outline: Polygon, trunk: Polygon, tone: str) -> str:
        """The outline of a limb without what would be a seam across the trunk near its root."""
        count = len(outline)
        root = outline[0]
        reach = self.tall * 0.085
        runs: list[Polygon] = [[]]
        for i in range(count + 1):
            p = outline[i % count]
            if math.dist(p, root) < reach and inside(trunk, p):
                if runs[-1]:
                    runs.append([])
            else:
                runs[-1].append(p)
        return "".join(rough(run, tone, self.line) for run in runs if len(run) > 1)

    def _hand(self, far: bool) -> list[Polygon]:
        """A hand with its thumb as polygons to be fused with the arm."""
        body = self.body
        wrist = body.arms[far][-1]
        _, angle = body.hand(far)
        kind = body.pose.hands[far]
        u = self.tall * (0.0265 - 0.0055 * self.size.grown) * (0.7 + 0.3 * self.stout)
        flat = (angle + 180) % 360 - 180
        thumb = 1.0 if flat > 60 else -1.0 if flat < -60 else (-1.0 if far and self.front else 1.0)
        if kind == "open":
            pieces = [disc((0, 1.0), 1.05, 1.1)]
            pieces += [
                tube([(x * 0.55, 1.2), (x, y)], 0.72, 0.58)
                for x, y in ((-0.95, 2.2), (-0.32, 2.6), (0.36, 2.55), (0.95, 2.1))
            ]
            pieces.append(tube([(0.5, 0.9), (1.25, 0.8), (1.65, 1.25)], 0.75, 0.6))
        elif kind == "fist":
            pieces = [disc((0.05, 0.95), 1.08, 1.12), tube([(0.5, 0.6), (1.02, 1.0), (0.75, 1.5)], 0.7, 0.6)]
        elif kind == "point":
            pieces = [
                disc((0, 0.95), 1.05, 1.05),
                tube([(0.35, 1.2), (0.4, 3.0)], 0.76, 0.62),
                tube([(0.5, 0.5), (1.1, 0.7)], 0.7, 0.55),
            ]
        else:
            pieces = [curve([(-0.8, 0), (-1.0, 1.0), (-0.75, 1.9), (-0.1, 2.3), (0.6, 2.0), (0.95, 1.0), (0.8, 0)]), tube([(0.5, 0.5), (1.1, 0.9), (1.2, 1.45)], 0.72, 0.6)]  # fmt: skip
        return [
            [plus(wrist, p) for p in turned([(x * u * thumb, y * u) for x, y in piece], -angle)]
            for piece in pieces
        ]

    # --- legs and feet ------------------------------------------------------------------------

    def legs(self) -> tuple[str, str]:
        """The far and the near leg with what covers them; the near one with the seat that joins them."""
        wear, body = self.wear, self.body
        skirt = bool(self.bottom.tail)
        thick = self.tall * (0.094 - 0.016 * self.size.grown) * (0.4 + 0.6 * self.stout)
        thin = self.tall * (0.052 - 0.008 * self.size.grown) * (0.6 + 0.4 * self.stout)
        tights = self.extra("leggings")
        found: list[str] = []
        for side in (1, 0):
            dim = -0.07 if side and not self.front else 0.0
            line = body.legs[side]
            skin = shade(self.skin, dim) if dim else self.skin
            leg = shape(tube(line, thick, thin), skin, shade(self.skin, -0.3), self.line)
            if tights:
                leg = shape(
                    tube(line, thick, thin), shade(tights.fill, dim) if dim else tights.fill, None, self.line
                )
                leg += self.limb_pattern(line, thick, thin, tights, dim)
            piece = ""
            if not skirt:
                piece = self._trouser(line, thick, thin, dim)
            socks = self._sock(line, thick, thin, dim) if skirt or self.bottom.sleeve < 0.6 else ""
            shoe = self._shoe(side, dim, thin)
            tall_boot = wear.feet.kind in ("wellies", "boots", "skates")
            found.append(
                leg
                + socks
                + (piece + shoe if tall_boot or skirt or self.bottom.sleeve < 0.6 else shoe + piece)
            )
        return found[0], found[1] + ("" if skirt else self._seat(thick))

    def _trouser(self, line: Polygon, thick: float, thin: float, dim: float) -> str:
        garment, cut = self.wear.bottom, self.bottom
        fill = shade(garment.fill, dim) if dim else garment.fill
        piece = part(line, 0.0, cut.sleeve)
        start = thick + cut.loose * self.tall * 0.9
        end = thick + (thin - thick) * cut.sleeve + cut.loose * self.tall * 1.9
        outline = tube(piece, start, end, flat=True)
        found = shape(outline, fill, shade(garment.fill, -0.32), self.line) + self.limb_pattern(
            piece, start, end, garment, dim
        )
        edge = shade(garment.fill, -0.32)
        if "turn-up" in cut.details:
            cuff = part(line, cut.sleeve - 0.07, cut.sleeve)
            found += shape(
                tube(cuff, end * 1.08, end * 1.1, cap=False, flat=True),
                shade(fill, 0.24),
                edge,
                self.line * 0.8,
            )
        if "rings" in cut.details or "plates" in cut.details:
            knee = part(line, 0.44, 0.56)
            tone = garment.second or shade(garment.fill, -0.2)
            found += shape(
                tube(knee, end * 1.16, end * 1.16, cap=False, flat=True),
                tone if "rings" in cut.details else shade(fill, 0.2),
                None,
                self.line * 0.8,
            )
        if (
            self.wear.over
            and "bright bands" in OVERS[self.wear.over.kind].details
            and self.wear.over.kind == "fire jacket"
        ):
            found += path(
                trace(tube(part(line, 0.72, 0.79), end * 0.97, end * 0.97, cap=False, flat=True)),
                "#fff3b8",
                "none",
            )
        return found

    def _seat(self, thick: float) -> str:
        """What joins the trouser legs: drawn over their tops without a seam."""
        garment = self.wear.bottom
        loose = self.bottom.loose
        seat = self.torso(-0.07, 0.3, loose * 0.6)
        roots = [
            disc(line[0], (thick + loose * self.tall * 0.9) / 2 - self.line * 0.4) for line in self.body.legs
        ]
        covers = [seat, *roots] if self.front else [seat, roots[0]]
        found = "".join(path(trace(one), garment.fill, "none") for one in covers)
        edge = shade(garment.fill, -0.32)
        for side in (-1, 1):
            found += rough(
                [self.edge(side, t, loose * 0.6) for t in (0.3, 0.22, 0.14, 0.06)], edge, self.line
            )
        return found + (self.pattern(seat, garment) if garment.pattern else "")

    def _sock(self, line: Polygon, thick: float, thin: float, dim: float) -> str:
        kind = self.wear.feet.kind
        if kind in (
            "barefoot",
            "sandals",
            "flippers",
            "ballet",
            "slippers",
            "boots",
            "wellies",
        ) or self.extra("leggings"):
            return ""
        fill = self.wear.feet.fill if kind == "socks" else "#fbf8f1"
        long = 0.62 if kind == "socks" else 0.84
        wide = thick + (thin - thick) * long
        sock = tube(part(line, long, 1.0), wide * 1.06, thin * 1.12, cap=False)
        return shape(sock, shade(fill, dim) if dim else fill, shade(fill, -0.28), self.line)

    def _shoe(self, side: int, dim: float, thin: float) -> str:
        ankle, foot, way = self.body.feet[side]
        kind, fill = self.wear.feet.kind, self.wear.feet.fill or "#8c5c3d"
        bare = kind in ("barefoot", "sandals")
        u = self.tall * 0.034
        fill = self.skin if bare else fill
        tone = shade(fill, dim) if dim else fill
        long = (0.86 if self.front else 1.0) * (1 - 0.16 * self.size.grown)

        def placed(points: Sequence[Point]) -> Polygon:
            return [
                plus(ankle, p) for p in turned([(x * u * way * long, y * u) for x, y in points], foot * way)
            ]

        if bare:
            sole = placed(
                curve(
                    [
                        (-0.75, -0.6),
                        (-0.98, 0.5),
                        (-0.7, 0.98),
                        (0.8, 0.9),
                        (1.8, 0.98),
                        (2.15, 0.6),
                        (1.7, 0.1),
                        (0.8, -0.35),
                        (0.72, -0.8),
                    ]
                )
            )
            ankle_piece = tube(part(self.body.legs[side], 0.8, 1.0), thin, thin)
            found = fused([ankle_piece, sole], tone, shade(self.skin, -0.3), self.line)
            if kind == "sandals":
                for a, b in (((1.2, -0.1), (1.4, 0.95)), ((0.0, -0.5), (0.2, 0.95))):
                    found += rough(placed([a, b]), self.wear.feet.fill or "#b98a5e", self.line * 2.4)
            return found
        outline = placed(
            curve(
                [
                    (-0.98, -0.75),
                    (-1.22, 0.3),
                    (-1.05, 0.98),
                    (0.4, 1.02),
                    (2.1, 0.99),
                    (2.46, 0.5),
                    (2.05, -0.12),
                    (1.25, -0.38),
                    (0.92, -0.85),
                ]
            )
        )
        edge = shade(fill, -0.34)
        found = ""
        if kind in ("wellies", "boots", "skates"):
            line = self.body.legs[side]
            long_shaft = 0.66 if kind == "wellies" else 0.74
            wide = thin * 1.75
            if not self.bottom.tail and self.bottom.sleeve > 0.6:
                wide = max(wide, thin * 1.1 + self.bottom.loose * self.tall * 1.9)
            shaft = tube(part(line, long_shaft, 1.0), wide, max(thin * 1.5, wide * 0.86), cap=False)
            found += fused([shaft, outline], tone, edge, self.line)
            rim = tube(
                part(line, long_shaft, long_shaft + 0.035), wide * 1.06, wide * 1.06, cap=False, flat=True
            )
            found += shape(rim, shade(tone, 0.28 if kind == "wellies" else -0.12), edge, self.line * 0.8)
        else:
            found += shape(outline, tone, edge, self.line)
        if kind == "flippers":
            fin = placed([(0.4, 0.2), (2.2, 0.1), (4.2, 0.55), (4.4, 1.0), (0.0, 1.0)])
            found += shape(fin, tone, edge, self.line)
        elif kind in ("trainers", "shoes", "boots", "wellies", "skates"):
            sole = placed(
                curve([(-1.1, 0.62), (0.4, 0.72), (2.4, 0.62), (2.34, 0.98), (0.4, 1.04), (-1.08, 1.0)])
            )
            found += shape(
                sole, "#fdf8ec" if kind == "trainers" else shade(tone, -0.28), edge, self.line * 0.7
            )
        if kind == "trainers":
            found += rough(placed([(0.75, -0.45), (1.2, 0.05)]), "#fdf8ec", self.line * 1.2) + rough(
                placed([(1.15, -0.3), (1.55, 0.12)]), "#fdf8ec", self.line * 1.2
            )
        elif kind == "ballet":
            found += rough(placed([(-0.6, -0.6), (0.9, -0.9)]), edge, self.line)
        return found


def _soft(points: Polygon) -> Polygon:
    return curve(points, False, 2)
