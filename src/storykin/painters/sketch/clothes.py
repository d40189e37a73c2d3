"""Painters, sketch: limbs, trunk and the garments on them, cut to fit any pose.

Trunk and limbs are tubes along the skeleton's soft lines, skirts and coat tails the hull round hips
and legs; patterns are slices and spots of those same polygons, so they follow the pose.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from storykin.painters.sketch.body import (
    Polygon, along, band, curve, disc, down, fused, hull, inside, part, plus, rough, shape, trace, tube, turned,
)  # fmt: skip
from storykin.painters.sketch.body import cut as cut_at
from storykin.painters.sketch.hair import scallop
from storykin.painters.sketch.ink import Point, colour, mix, path, shade
from storykin.painters.sketch.poses import Body
from storykin.painters.sketch.wear import Garment, Wear


@dataclass(frozen=True)
class Cut:
    """How a garment is cut.

    `sleeve` is how much of the arm it covers, `loose` how far it stands off (in heights), `hem` where
    it ends on the trunk (0 hips, 1 neck), `tail` how much of the leg a skirt or tail covers, `flare`
    how far that swings out, `neck` names the neckline, `details` what is drawn on it.
    """

    sleeve: float = 0.0
    loose: float = 0.006
    hem: float = -0.1
    tail: float = 0.0
    flare: float = 0.0
    neck: str = "round"
    details: tuple[str, ...] = ()
    wide: float = 0.0


TOPS: dict[str, Cut] = {
    "tshirt": Cut(0.42, 0.010), "shirt": Cut(0.94, 0.008, neck="collar", details=("buttons",)),
    "blouse": Cut(0.94, 0.010, neck="peter pan", details=("buttons",), wide=0.016),
    "jumper": Cut(0.93, 0.012, details=("rib", "cuffs")), "hoodie": Cut(0.93, 0.014, neck="hood", details=("rib", "cuffs", "pouch")),
    "turtleneck": Cut(0.93, 0.012, neck="roll", details=("rib", "cuffs")), "vest": Cut(0.0, 0.004, neck="scoop"),
    "jersey": Cut(0.42, 0.012, neck="v", details=("number",)), "sailor shirt": Cut(0.9, 0.010, neck="sailor"),
    "tunic": Cut(0.9, 0.012, -0.1, 0.32, 0.03, neck="v"), "long top": Cut(0.92, 0.006),
    "scrubs": Cut(0.42, 0.012, neck="v", details=("pocket",)), "pyjamas": Cut(0.92, 0.012, neck="collar", details=("buttons", "pocket")),
    "dress": Cut(0.3, 0.008, 0.25, neck="peter pan", wide=0.014), "gown": Cut(0.3, 0.006, 0.3, neck="scoop", details=("sash",), wide=0.03),
    "robe": Cut(0.95, 0.014, 0.0, neck="v", details=("sash",), wide=0.05), "leotard": Cut(0.0, 0.002, neck="scoop"),
    "onesie": Cut(0.96, 0.004, neck="round"), "overalls": Cut(0.94, 0.014, neck="collar", details=("zip", "pocket", "belt line")),
    "spacesuit": Cut(0.95, 0.022, neck="ring", details=("panel", "rings")), "armour": Cut(0.95, 0.012, neck="ring", details=("plates",)),
    "wetsuit": Cut(0.95, 0.003, neck="roll", details=("zip", "side")), "swimsuit": Cut(0.0, 0.002, neck="scoop"), "bare": Cut(),
}  # fmt: skip

BOTTOMS: dict[str, Cut] = {
    "trousers": Cut(0.95, 0.012), "jeans": Cut(0.95, 0.010, details=("turn-up",)), "leggings": Cut(0.94, 0.002),
    "shorts": Cut(0.44, 0.020), "swim trunks": Cut(0.36, 0.018), "dungarees": Cut(0.93, 0.016, details=("bib", "turn-up")),
    "pyjamas": Cut(0.93, 0.014), "scrubs": Cut(0.94, 0.012), "overalls": Cut(0.95, 0.016), "spacesuit": Cut(0.92, 0.024, details=("rings",)),
    "armour": Cut(0.9, 0.012, details=("plates",)), "briefs": Cut(0.06, 0.002),
    "skirt": Cut(tail=0.46, flare=0.045), "long skirt": Cut(tail=0.84, flare=0.05), "dress": Cut(tail=0.50, flare=0.055),
    "nightdress": Cut(tail=0.78, flare=0.045), "gown": Cut(tail=0.97, flare=0.085), "robe": Cut(tail=0.93, flare=0.05),
    "tutu": Cut(tail=0.26, flare=0.13), "tutu skirt": Cut(tail=0.26, flare=0.13),
}  # fmt: skip

OVERS: dict[str, Cut] = {
    "coat": Cut(0.95, 0.020, -0.1, 0.40, 0.03, "lapels", ("big buttons", "pockets")),
    "doctor coat": Cut(0.95, 0.018, -0.1, 0.44, 0.03, "lapels", ("big buttons", "pockets")),
    "tail coat": Cut(0.95, 0.018, -0.1, 0.50, 0.04, "lapels", ("gold buttons", "cuff bands")),
    "raincoat": Cut(0.95, 0.024, -0.1, 0.34, 0.04, "hood", ("big buttons", "pockets")),
    "fire jacket": Cut(0.95, 0.022, -0.12, 0.20, 0.02, "stand", ("bright bands", "zip")),
    "police jacket": Cut(0.95, 0.016, -0.12, 0.0, 0.0, "collar", ("gold buttons", "pocket", "belt line")),
    "jacket": Cut(0.95, 0.016, -0.08, 0.0, 0.0, "lapels", ("zip", "pockets")),
    "cardigan": Cut(0.94, 0.014, -0.1, 0.0, 0.0, "lapels", ("big buttons", "rib", "cuffs")),
    "dressing gown": Cut(0.93, 0.018, -0.1, 0.62, 0.03, "lapels", ("sash", "pockets")),
    "safety vest": Cut(0.0, 0.016, -0.08, 0.0, 0.0, "v", ("bright bands", "zip")),
    "waistcoat": Cut(0.0, 0.014, -0.04, 0.0, 0.0, "lapels", ("gold buttons",)),
    "apron": Cut(),
}  # fmt: skip


@dataclass(frozen=True)
class Dressed:
    """A dressed body in layers, from behind to the front."""

    back: str
    far_arm: str
    legs: str
    trunk: str
    near_arm: str
    neckwear: str


class Tailor:
    """Draws one body in one set of clothes; `skin` is the colour of what stays bare."""

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

    def dress(self) -> Dressed:
        """All layers."""
        trunk = self._trunk()
        return Dressed(
            back=self._back(), far_arm=self._arm(True), legs=self._legs(), trunk=trunk,
            near_arm=self._arm(False), neckwear=self._neckwear(),
        )  # fmt: skip

    # --- the trunk's frame --------------------------------------------------------------------

    def at(self, across: float, t: float, loose: float = 0.0) -> Point:
        """A point of the trunk: `t` 0 hips, 1 neck; `across` -1 left edge, 1 right edge, as seen."""
        centre, (ux, uy) = self._centre(t)
        lean = across + 0.26 * self.body.look * (1 - across * across)
        half = self._half(t) + loose * self.tall
        return (centre[0] - uy * lean * half, centre[1] + ux * lean * half)

    def _centre(self, t: float) -> tuple[Point, Point]:
        spine = self.body.spine
        last = len(spine) - 1
        i = max(0, min(last - 1, int(t * last)))
        (ax, ay), (bx, by) = spine[i], spine[i + 1]
        f = t * last - i
        long = math.hypot(bx - ax, by - ay) or 1.0
        return (ax + (bx - ax) * f, ay + (by - ay) * f), ((bx - ax) / long, (by - ay) / long)

    def _half(self, t: float) -> float:
        size, stout = self.size, self.stout
        belly = 1.06 - 0.14 * size.grown + (stout - 1) * 0.9
        slim = 1.0 if self.front else 0.93
        stops = (
            (-0.26, size.hips * 0.42), (-0.16, size.hips * 0.84), (0.0, size.hips * 1.0), (0.2, size.hips * 1.0 * (0.3 + 0.7 * belly)),
            (0.45, size.hips * belly), (0.68, (size.shoulders * 0.93 + size.hips * belly) / 2), (0.86, size.shoulders * 0.88),
            (0.95, size.shoulders * 0.7), (1.03, size.shoulders * 0.36),
        )  # fmt: skip
        for (t0, a), (t1, b) in zip(stops, stops[1:], strict=False):
            if t <= t1:
                return (a + (b - a) * max(0.0, (t - t0) / (t1 - t0))) * slim
        return stops[-1][1] * slim

    def torso(self, low: float, high: float, loose: float) -> Polygon:
        """The trunk's outline between two heights."""
        steps = [low + (high - low) * k / 9 for k in range(10)]
        extra = [loose * (1.0 if t < 0.85 else 0.5) for t in steps]
        left = [self._edge(-1, t, e) for t, e in zip(steps, extra, strict=True)]
        right = [self._edge(1, t, e) for t, e in zip(steps, extra, strict=True)]
        sag = self.at(0, low - 0.045)
        return [sag, *_soft(left), *_soft(right[::-1])]

    def _edge(self, side: int, t: float, loose: float) -> Point:
        centre, (ux, uy) = self._centre(t)
        half = self._half(t) + loose * self.tall
        return (centre[0] - uy * side * half, centre[1] + ux * side * half)

    # --- patterns -----------------------------------------------------------------------------

    def pattern(self, outline: Polygon, garment: Garment, axis: Point | None = None) -> str:
        """The pattern of a garment on one of its pieces; `axis` is the way its stripes follow."""
        if not garment.pattern or len(outline) < 3:
            return ""
        tone = garment.second or (shade(garment.fill, 0.62) if _light(garment.fill) < 0.62 else "#e2785f")
        if not garment.second and garment.pattern == "checks":
            tone = shade(garment.fill, -0.22)
        ux, uy = axis or self.up
        unit = self.tall * 0.03
        spread = [p[0] * ux + p[1] * uy for p in outline]
        origin = (self.body.hip[0], self.body.hip[1])
        base = origin[0] * ux + origin[1] * uy
        low, high = min(spread) - base, max(spread) - base
        if garment.pattern in ("stripes", "checks"):
            found = self._bands(outline, origin, (ux, uy), low, high, unit * (1.25 if garment.pattern == "stripes" else 1.7), tone)
            if garment.pattern == "checks":
                across = (-uy, ux)
                wide = [p[0] * across[0] + p[1] * across[1] for p in outline]
                zero = origin[0] * across[0] + origin[1] * across[1]
                found += self._bands(outline, origin, across, min(wide) - zero, max(wide) - zero, unit * 1.7, tone, 0.55)
            return found
        if garment.pattern == "patches":
            return ""
        step = unit * (2.0 if garment.pattern == "dots" else 2.7 if garment.pattern != "sparkles" else 2.2)
        return self._spots(outline, origin, (ux, uy), step, unit, garment.pattern, tone)

    def _bands(self, outline: Polygon, origin: Point, axis: Point, low: float, high: float, step: float, tone: str,
               faint: float = 1.0) -> str:  # fmt: skip
        found = ""
        for k in range(math.floor(low / step), math.ceil(high / step) + 1):
            piece = band(outline, origin, axis, k * step, (k + 0.45) * step)
            if len(piece) > 2:
                found += path(trace(piece), tone, "none", opacity=faint)
        return found

    def _spots(self, outline: Polygon, origin: Point, axis: Point, step: float, unit: float, kind: str, tone: str) -> str:
        ux, uy = axis
        ax, ay = -uy, ux
        us = [(p[0] - origin[0]) * ux + (p[1] - origin[1]) * uy for p in outline]
        vs = [(p[0] - origin[0]) * ax + (p[1] - origin[1]) * ay for p in outline]
        found = []
        r = unit * (0.46 if kind == "dots" else 0.8 if kind != "sparkles" else 0.6)
        for i in range(math.floor(min(us) / step), math.ceil(max(us) / step) + 1):
            for j in range(math.floor(min(vs) / step) - 1, math.ceil(max(vs) / step) + 1):
                u, v = i * step, (j + 0.5 * (i % 2)) * step
                at = (origin[0] + ux * u + ax * v, origin[1] + uy * u + ay * v)
                if all(inside(outline, (at[0] + dx * r * 1.3, at[1] + dy * r * 1.3)) for dx, dy in _AROUND):
                    found.append(trace(_spot(kind, at, r)))
        return path("".join(found), tone, "none") if found else ""

    # --- arms and hands -----------------------------------------------------------------------

    def _arm(self, far: bool) -> str:
        """A whole arm: skin, hand, and the sleeves over it."""
        body, wear = self.body, self.wear
        line = body.arms[far]
        first, last = self.tall * 0.060 * (0.5 + 0.5 * self.stout), self.tall * 0.044 * (0.6 + 0.4 * self.stout)
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

    def _sleeve(self, line: Polygon, garment: Garment, cut: Cut, first: float, last: float, dim: float, trunk: Polygon) -> str:
        fill = shade(garment.fill, dim) if dim else garment.fill
        piece = part(line, 0.0, cut.sleeve)
        thick = first + (last - first) * cut.sleeve
        start, end = first + cut.loose * self.tall * 1.6, thick + (cut.loose * 1.7 + cut.wide) * self.tall
        puff = cut.wide * self.tall * 0.6 if cut.sleeve < 0.5 else 0.0
        outline = tube(piece, start, end - puff * 0.8, puff * 2.2, flat=True)
        found = path(trace(outline), fill, "none") + self._limb_pattern(piece, start, end, garment, dim)
        found += self._seams(outline, trunk, shade(garment.fill, -0.32))
        edge = shade(fill, -0.14)
        if "cuffs" in cut.details:
            cuff = part(line, cut.sleeve - 0.07, cut.sleeve)
            found += shape(tube(cuff, end * 0.98, end * 0.92, cap=False, flat=True), edge, shade(garment.fill, -0.32), self.line * 0.8)
        if "cuff bands" in cut.details:
            cuff = part(line, cut.sleeve - 0.16, cut.sleeve)
            found += shape(tube(cuff, end * 1.12, end * 1.2, cap=False, flat=True), garment.second or "#e9bb45", None, self.line * 0.8)
        if "bright bands" in cut.details:
            found += "".join(path(trace(tube(part(line, a, a + 0.07), end, end, cap=False, flat=True)), "#fff3b8", "none") for a in (0.62,))
        if "rings" in cut.details or "plates" in cut.details:
            tone = garment.second or shade(garment.fill, -0.2)
            cuff = part(line, cut.sleeve - 0.08, cut.sleeve)
            found += shape(tube(cuff, end * 1.06, end * 1.06, cap=False, flat=True), tone, None, self.line * 0.8)
            elbow = part(line, 0.44, 0.56)
            found += "" if "rings" in cut.details else shape(tube(elbow, end * 1.1, end * 1.1, 1.0, cap=False, flat=True), shade(fill, 0.2), None, self.line * 0.8)
        return found

    def _limb_pattern(self, line: Polygon, start: float, end: float, garment: Garment, dim: float) -> str:
        if not garment.pattern:
            return ""
        tone = garment.second or (shade(garment.fill, 0.62) if _light(garment.fill) < 0.62 else "#e2785f")
        if not garment.second and garment.pattern == "checks":
            tone = shade(garment.fill, -0.22)
        tone = shade(tone, dim) if dim else tone
        if garment.pattern in ("stripes", "checks"):
            long = sum(math.dist(a, b) for a, b in zip(line, line[1:], strict=False))
            step = self.tall * (0.0375 if garment.pattern == "stripes" else 0.051)
            found = ""
            k = 0.5
            while k * step < long:
                a, b = k * step / long, min(1.0, (k + 0.45) * step / long)
                wide = start + (end - start) * a
                found += path(trace(tube(part(line, a, b), wide, wide, cap=False, flat=True)), tone, "none")
                k += 1
            return found
        outline = tube(line, start, end)
        return self.pattern(outline, Garment(garment.kind, garment.fill, tone, garment.pattern))

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

    def _open(self, outline: Polygon, fill: str, line: Polygon, trunk: Polygon) -> str:
        return path(trace(outline), fill, "none") + self._seams(outline, trunk, shade(self.skin, -0.3))

    def _hand(self, far: bool) -> list[Polygon]:
        """A hand with its thumb as polygons to be fused with the arm."""
        body = self.body
        wrist = body.arms[far][-1]
        _, angle = body.hand(far)
        kind = body.pose.hands[far]
        u = self.tall * 0.0265 * (0.7 + 0.3 * self.stout)
        flat = (angle + 180) % 360 - 180
        thumb = 1.0 if flat > 60 else -1.0 if flat < -60 else (-1.0 if far and self.front else 1.0)
        if kind == "open":
            pieces = [disc((0, 1.0), 1.05, 1.1)]
            pieces += [tube([(x * 0.55, 1.2), (x, y)], 0.72, 0.58) for x, y in ((-0.95, 2.2), (-0.32, 2.6), (0.36, 2.55), (0.95, 2.1))]
            pieces.append(tube([(0.5, 0.9), (1.25, 0.8), (1.65, 1.25)], 0.75, 0.6))
        elif kind == "fist":
            pieces = [disc((0.05, 0.95), 1.08, 1.12), tube([(0.5, 0.6), (1.02, 1.0), (0.75, 1.5)], 0.7, 0.6)]
        elif kind == "point":
            pieces = [disc((0, 0.95), 1.05, 1.05), tube([(0.35, 1.2), (0.4, 3.0)], 0.76, 0.62), tube([(0.5, 0.5), (1.1, 0.7)], 0.7, 0.55)]
        else:
            pieces = [curve([(-0.8, 0), (-1.0, 1.0), (-0.75, 1.9), (-0.1, 2.3), (0.6, 2.0), (0.95, 1.0), (0.8, 0)]), tube([(0.5, 0.5), (1.1, 0.9), (1.2, 1.45)], 0.72, 0.6)]  # fmt: skip
        return [[plus(wrist, p) for p in turned([(x * u * thumb, y * u) for x, y in piece], -angle)] for piece in pieces]

    # --- legs and feet ------------------------------------------------------------------------

    def _legs(self) -> str:
        """Both legs with what covers them, from the far foot to the near thigh."""
        wear, body = self.wear, self.body
        skirt = bool(self.bottom.tail)
        thick = self.tall * (0.094 - 0.012 * self.size.grown) * (0.4 + 0.6 * self.stout)
        thin = self.tall * 0.052 * (0.6 + 0.4 * self.stout)
        tights = self.extra("leggings")
        found = ""
        for side in (1, 0):
            dim = -0.07 if side and not self.front else 0.0
            line = body.legs[side]
            skin = shade(self.skin, dim) if dim else self.skin
            leg = shape(tube(line, thick, thin), skin, shade(self.skin, -0.3), self.line)
            if tights:
                leg = shape(tube(line, thick, thin), shade(tights.fill, dim) if dim else tights.fill, None, self.line)
                leg += self._limb_pattern(line, thick, thin, tights, dim)
            piece = ""
            if not skirt:
                piece = self._trouser(line, thick, thin, dim)
            socks = self._sock(line, thick, thin, dim) if skirt or self.bottom.sleeve < 0.6 else ""
            shoe = self._shoe(side, dim, thin)
            tall_boot = wear.feet.kind in ("wellies", "boots") and wear.bottom.kind not in ("jeans", "overalls")
            found += leg + socks + (piece + shoe if tall_boot or skirt or self.bottom.sleeve < 0.6 else shoe + piece)
        if not skirt:
            found += self._seat(thick)
        return found

    def _trouser(self, line: Polygon, thick: float, thin: float, dim: float) -> str:
        garment, cut = self.wear.bottom, self.bottom
        fill = shade(garment.fill, dim) if dim else garment.fill
        piece = part(line, 0.0, cut.sleeve)
        start = thick + cut.loose * self.tall * 0.9
        end = thick + (thin - thick) * cut.sleeve + cut.loose * self.tall * 1.9
        outline = tube(piece, start, end, flat=True)
        found = shape(outline, fill, shade(garment.fill, -0.32), self.line) + self._limb_pattern(piece, start, end, garment, dim)
        edge = shade(garment.fill, -0.32)
        if "turn-up" in cut.details:
            cuff = part(line, cut.sleeve - 0.07, cut.sleeve)
            found += shape(tube(cuff, end * 1.08, end * 1.1, cap=False, flat=True), shade(fill, 0.24), edge, self.line * 0.8)
        if "rings" in cut.details or "plates" in cut.details:
            knee = part(line, 0.44, 0.56)
            tone = garment.second or shade(garment.fill, -0.2)
            found += shape(tube(knee, end * 1.16, end * 1.16, cap=False, flat=True), tone if "rings" in cut.details else shade(fill, 0.2), None, self.line * 0.8)
        if self.wear.over and "bright bands" in OVERS[self.wear.over.kind].details and self.wear.over.kind == "fire jacket":
            found += path(trace(tube(part(line, 0.72, 0.79), end * 0.97, end * 0.97, cap=False, flat=True)), "#fff3b8", "none")
        return found

    def _seat(self, thick: float) -> str:
        """What joins the trouser legs: drawn over their tops without a seam."""
        garment = self.wear.bottom
        loose = self.bottom.loose
        seat = self.torso(-0.07, 0.3, loose * 0.6)
        roots = [disc(line[0], (thick + loose * self.tall * 0.9) / 2 - self.line * 0.4) for line in self.body.legs]
        covers = [seat, *roots] if self.front else [seat, roots[0]]
        found = "".join(path(trace(one), garment.fill, "none") for one in covers)
        edge = shade(garment.fill, -0.32)
        for side in (-1, 1):
            found += rough([self._edge(side, t, loose * 0.6) for t in (0.3, 0.22, 0.14, 0.06)], edge, self.line)
        return found + (self.pattern(seat, garment) if garment.pattern else "")

    def _sock(self, line: Polygon, thick: float, thin: float, dim: float) -> str:
        kind = self.wear.feet.kind
        if kind in ("barefoot", "sandals", "flippers", "ballet", "slippers", "boots", "wellies") or self.extra("leggings"):
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
        long = 0.86 if self.front else 1.0

        def placed(points: Sequence[Point]) -> Polygon:
            return [plus(ankle, p) for p in turned([(x * u * way * long, y * u) for x, y in points], foot * way)]

        if bare:
            sole = placed(curve([(-0.75, -0.6), (-0.98, 0.5), (-0.7, 0.98), (0.8, 0.9), (1.8, 0.98), (2.15, 0.6), (1.7, 0.1), (0.8, -0.35), (0.72, -0.8)]))
            ankle_piece = tube(part(self.body.legs[side], 0.8, 1.0), thin, thin)
            found = fused([ankle_piece, sole], tone, shade(self.skin, -0.3), self.line)
            if kind == "sandals":
                for a, b in (((1.2, -0.1), (1.4, 0.95)), ((0.0, -0.5), (0.2, 0.95))):
                    found += rough(placed([a, b]), self.wear.feet.fill or "#b98a5e", self.line * 2.4)
            return found
        outline = placed(curve([(-0.98, -0.75), (-1.22, 0.3), (-1.05, 0.98), (0.4, 1.02), (2.1, 0.99), (2.46, 0.5), (2.05, -0.12), (1.25, -0.38), (0.92, -0.85)]))
        edge = shade(fill, -0.34)
        found = ""
        if kind in ("wellies", "boots", "skates"):
            line = self.body.legs[side]
            long_shaft = 0.66 if kind == "wellies" else 0.74
            shaft = tube(part(line, long_shaft, 1.0), thin * 1.75, thin * 1.5, cap=False)
            found += fused([shaft, outline], tone, edge, self.line)
            rim = tube(part(line, long_shaft, long_shaft + 0.035), thin * 1.85, thin * 1.85, cap=False, flat=True)
            found += shape(rim, shade(tone, 0.28 if kind == "wellies" else -0.12), edge, self.line * 0.8)
        else:
            found += shape(outline, tone, edge, self.line)
        if kind == "flippers":
            fin = placed([(0.4, 0.2), (2.2, 0.1), (4.2, 0.55), (4.4, 1.0), (0.0, 1.0)])
            found += shape(fin, tone, edge, self.line)
        elif kind in ("trainers", "shoes", "boots", "wellies", "skates"):
            sole = placed(curve([(-1.1, 0.62), (0.4, 0.72), (2.4, 0.62), (2.34, 0.98), (0.4, 1.04), (-1.08, 1.0)]))
            found += shape(sole, "#fdf8ec" if kind == "trainers" else shade(tone, -0.28), edge, self.line * 0.7)
        if kind == "trainers":
            found += rough(placed([(0.75, -0.45), (1.2, 0.05)]), "#fdf8ec", self.line * 1.2) + rough(placed([(1.15, -0.3), (1.55, 0.12)]), "#fdf8ec", self.line * 1.2)
        elif kind == "ballet":
            found += rough(placed([(-0.6, -0.6), (0.9, -0.9)]), edge, self.line)
        return found

    # --- trunk --------------------------------------------------------------------------------

    def _trunk(self) -> str:
        """Neck, top, skirt, what goes over them, and what is fastened to the front."""
        wear, top = self.wear, self.top
        neck = self._neck()
        found = neck
        edge = shade(wear.top.fill, -0.32)
        if wear.top.kind == "bare":
            body = self.torso(-0.1, 1.02, 0.0)
            found = shape(body, self.skin, shade(self.skin, -0.3), self.line) + self._seatless() + neck
        else:
            if top.sleeve == 0.0 or wear.top.kind in ("leotard", "swimsuit", "vest"):
                found += shape(self.torso(0.3, 1.02, 0.0), self.skin, shade(self.skin, -0.3), self.line)
            high = {"scoop": 0.9}.get(top.neck, 1.01)
            hem = top.hem
            if self.bottom.tail and wear.top.kind not in ("tunic",):
                hem = max(hem, 0.18) if wear.joined or wear.top.kind in ("tshirt", "shirt", "blouse", "vest", "jersey") else hem
            if "bib" in self.bottom.details:
                hem = 0.24
            low_first = hem >= 0.15
            shirt = self.torso(hem, high, top.loose)
            blouse = shape(shirt, wear.top.fill, edge, self.line) + self.pattern(shirt, wear.top)
            if wear.joined and not self.bottom.tail:
                blouse = path(trace(shirt), wear.top.fill, "none") + self.pattern(shirt, wear.top) + rough([*shirt[2:]], edge, self.line)
            if top.tail:
                blouse = self._tail(wear.top, top, hem) + path(trace(shirt), wear.top.fill, "none") + self.pattern(shirt, wear.top)
            skirt = self._skirt(hem) if self.bottom.tail else ""
            found += blouse + skirt if low_first else skirt + blouse
            found += self._details(wear.top, top, hem)
            if top.neck == "scoop" and wear.top.kind in ("vest", "swimsuit", "leotard"):
                for s in (-0.62, 0.62):
                    found += rough([self.at(s * 0.95, 0.89), self.at(s * 0.72, 0.99)], wear.top.fill, self.line * 3)
        found += self._bib() if self.bottom.details and "bib" in self.bottom.details else ""
        for name in ("braces", "tie", "bow tie"):
            found += self._small(name)
        if self.over and wear.over:
            found += self._coat(wear.over, self.over) if wear.over.kind != "apron" else self._apron(wear.over)
        for name in ("belt", "tool belt", "necklace", "stethoscope", "badge", "emblem"):
            found += self._small(name)
        if self.extra("backpack"):
            for s in (-0.55, 0.55):
                strap = self.extra("backpack")
                found += rough(curve([self.at(s, 1.0), self.at(s * 1.1, 0.8), self.at(s * 1.35, 0.52)], False), shade(strap.fill, -0.2) if strap else "#000000", self.tall * 0.022)
        return found

    def _seatless(self) -> str:
        """Over bare skin the trousers' waist comes last."""
        seat = self.torso(-0.18, 0.12, self.bottom.loose * 0.4)
        garment = self.wear.bottom
        found = path(trace(seat), garment.fill, "none") + rough([self.at(-1, 0.12, self.bottom.loose * 0.4), self.at(0, 0.1), self.at(1, 0.12, self.bottom.loose * 0.4)], shade(garment.fill, -0.32), self.line)
        return found if not self.bottom.tail else ""

    def _neck(self) -> str:
        neck, eyes = self.body.neck, self.body.eyes
        wide = self.tall * (0.062 + 0.006 * self.size.grown) * (0.6 + 0.4 * self.stout)
        low = along(neck, self.body.spine[-3], 0.5)
        piece = tube([low, neck, along(neck, eyes, 0.55)], wide * 1.05, wide)
        return shape(piece, shade(self.skin, -0.1), shade(self.skin, -0.3), self.line)

    def _skirt(self, waist: float) -> str:
        return self._tail(self.wear.bottom, self.bottom, waist, True)

    def _tail(self, garment: Garment, cut: Cut, waist: float, skirt: bool = False, low: float | None = None) -> str:
        """A skirt or the tails of a coat: the hull round hips and legs, with folds and hem."""
        outline, hem = self._drape(cut, max(waist, 0.1) if low is None else low)
        edge = shade(garment.fill, -0.32)
        found = ""
        if garment.kind in ("tutu", "tutu skirt"):
            fluffy = scallop(outline, self.tall * 0.055)
            return shape(fluffy, shade(garment.fill, 0.3), shade(garment.fill, -0.2), self.line) + shape(outline, garment.fill, "none")
        found += shape(outline, garment.fill, edge, self.line)
        found += self.pattern(outline, garment)
        top = self.at(0, 0.25)
        if skirt and len(hem) == 2:
            (ax, ay), (bx, by) = hem
            for f in (0.28, 0.55, 0.8):
                foot = (ax + (bx - ax) * f, ay + (by - ay) * f)
                found += rough([along(top, foot, 0.5), along(top, foot, 0.93)], shade(garment.fill, -0.18), self.line * 0.9, 0.7)
        if garment.kind in ("gown", "robe", "tail coat") or (skirt and garment.second and not garment.pattern):
            trim = garment.second or ("#e9bb45" if garment.kind == "robe" else shade(garment.fill, 0.45))
            ux, uy = -self._hang[0], -self._hang[1]
            spread = [p[0] * ux + p[1] * uy for p in outline]
            floor = min(spread)
            piece = band(outline, (0, 0), (ux, uy), floor + self.tall * 0.012, floor + self.tall * 0.034)
            found += path(trace(piece), trim, "none") if len(piece) > 2 else ""
        return found

    _hang: Point = (0.0, 1.0)

    def _drape(self, cut: Cut, waist: float) -> tuple[Polygon, Polygon]:
        """The outline of cloth that hangs from the waist over both legs, and the two ends of its hem."""
        loose = cut.loose * self.tall * 0.6
        discs: list[tuple[Point, float]] = []
        for t in (waist + 0.08, waist * 0.5, 0.0):
            centre, _ = self._centre(t)
            discs.append((centre, (self._half(t) + loose) * 0.99))
        feet = [part(line, 0.0, cut.tail)[-1] for line in self.body.legs]
        for line in self.body.legs:
            at = part(line, 0.0, max(0.02, 0.4 * cut.tail))[-1]
            discs.append((at, self.tall * (0.045 + max(0.0, cut.flare) * 0.3) + loose * 0.5))
        middle = along(feet[0], feet[1], 0.5)
        hip = self.body.hip
        long = math.dist(middle, hip) or 1.0
        if long > self.size.legs * 0.2:
            self._hang = ((middle[0] - hip[0]) / long, (middle[1] - hip[1]) / long)
        else:
            self._hang = (-self.up[0], -self.up[1])
        across = (self._hang[1], -self._hang[0])
        feet.sort(key=lambda p: p[0] * across[0] + p[1] * across[1])
        wide = self.tall * (0.042 + cut.flare) + loose * 0.5
        hem = [
            (feet[0][0] - across[0] * wide, feet[0][1] - across[1] * wide),
            (feet[1][0] + across[0] * wide, feet[1][1] + across[1] * wide),
        ]  # fmt: skip
        soft = self.tall * 0.008
        discs += [(hem[0], soft), (hem[1], soft)]
        for f in (0.3, 0.7):
            foot, sag = along(hem[0], hem[1], f), self.tall * 0.014
            discs.append(((foot[0] + self._hang[0] * sag, foot[1] + self._hang[1] * sag), soft))
        outline = hull(discs)
        centre, (ux, uy) = self._centre(waist)
        return cut_at(outline, (centre[0], centre[1]), (-ux, -uy)), hem

    def _coat(self, garment: Garment, cut: Cut) -> str:
        edge = shade(garment.fill, -0.32)
        body = self.torso(cut.hem, 1.0, cut.loose)
        found = self._tail(garment, cut, 0.3, low=0.25) if cut.tail else ""
        found += (path(trace(body), garment.fill, "none") + rough(body[2:], edge, self.line)) if cut.tail else shape(body, garment.fill, edge, self.line)
        found += self.pattern(body, garment)
        return found + self._details(garment, cut, cut.hem)

    def _details(self, garment: Garment, cut: Cut, hem: float) -> str:
        """Neckline, buttons, pockets and the like."""
        edge, dark = shade(garment.fill, -0.32), shade(garment.fill, -0.14)
        found, u = "", self.tall * 0.01
        skin_v = self.wear.top.fill if garment is self.wear.over else self.skin
        for name in cut.details:
            if name == "rib":
                found += shape(self.torso(hem, hem + 0.08, cut.loose), dark, edge, self.line * 0.8)
            elif name == "pouch":
                found += shape([self.at(-0.5, 0.32), self.at(0.5, 0.32), self.at(0.68, 0.06), self.at(-0.68, 0.06)], dark, edge, self.line * 0.8)
            elif name in ("buttons", "big buttons", "gold buttons"):
                tone = "#e9bb45" if name == "gold buttons" else shade(garment.fill, -0.38) if _light(garment.fill) > 0.5 else shade(garment.fill, 0.55)
                if name != "buttons":
                    found += rough([self.at(0, t / 10) for t in range(int(hem * 10), 8)], edge, self.line * 0.9)
                r = u * (0.75 if name == "buttons" else 1.05)
                spots = (0.12, 0.36, 0.6) if name != "buttons" else (0.2, 0.42, 0.64)
                across = 0.13 if name != "buttons" else 0.0
                found += "".join(shape(disc(self.at(across, t), r, sides=12), tone, None, self.line * 0.6) for t in spots if t > hem + 0.06)
            elif name == "zip":
                found += rough([self.at(0, t / 10) for t in range(int(hem * 10) + 1, 10)], shade(garment.fill, -0.42), self.line * 1.2)
            elif name in ("pocket", "pockets"):
                where = ((0.46, 0.55),) if name == "pocket" else ((-0.55, 0.12), (0.58, 0.12))
                for x, t in where:
                    found += shape([self.at(x - 0.26, t + 0.07), self.at(x + 0.26, t + 0.07), self.at(x + 0.24, t - 0.1), self.at(x - 0.24, t - 0.1)], dark if _light(garment.fill) < 0.85 else shade(garment.fill, -0.06), edge, self.line * 0.8)
            elif name == "bright bands":
                low = max(hem, -0.05)
                for t in (low + 0.2, low + 0.42):
                    found += shape(self.torso(t, t + 0.085, cut.loose * 0.98), "#fff3b8", shade("#fff3b8", -0.3), self.line * 0.6)
            elif name in ("sash", "belt line"):
                t = 0.3 if name == "sash" else 0.16
                tone = garment.second or (dark if name == "belt line" else shade(garment.fill, -0.24))
                found += shape(self.torso(t, t + 0.09, cut.loose * 1.05), tone, None, self.line * 0.8)
            elif name == "number":
                tone = garment.second or "#fdf8ec"
                found += shape(_spot("stars", self.at(0, 0.5), u * 3.4), tone, "none")
            elif name == "panel":
                tone = garment.second or "#ee9440"
                found += shape([self.at(-0.5, 0.66), self.at(0.5, 0.66), self.at(0.5, 0.36), self.at(-0.5, 0.36)], shade(garment.fill, -0.1), edge, self.line * 0.8)
                found += "".join(shape(disc(self.at(x, 0.58), u * 0.9, sides=12), c, None, self.line * 0.6) for x, c in ((-0.28, "#d9513f"), (0.0, "#f3c94f"), (0.28, "#6fa65a")))
                found += rough([self.at(-0.34, 0.46), self.at(0.34, 0.46)], tone, self.line * 1.8)
                found += shape(self.torso(0.08, 0.16, cut.loose * 1.02), tone, None, self.line * 0.8)
            elif name == "plates":
                found += rough(curve([self.at(-0.9, 0.5), self.at(0, 0.4), self.at(0.9, 0.5)], False), edge, self.line)
                found += rough([self.at(0, 0.42), self.at(0, 0.95)], edge, self.line)
                found += shape(self.torso(0.06, 0.14, cut.loose * 1.05), "#8c5c3d", None, self.line * 0.8)
                found += "".join(shape(disc(p, self.tall * 0.052), shade(garment.fill, 0.2), edge, self.line) for p in (self.at(-0.9, 0.9), self.at(0.86, 0.9)))
            elif name == "side":
                tone = garment.second or "#4fb3ab"
                for s in (-1, 1):
                    strip = [self.at(s * 0.98, t / 10) for t in range(0, 9)] + [self.at(s * 0.66, t / 10) for t in range(8, -1, -1)]
                    found += path(trace(strip), tone, "none")
        return found + self._neckline(garment, cut, edge, dark, skin_v)

    def _neckline(self, garment: Garment, cut: Cut, edge: str, dark: str, under: str) -> str:
        line = self.line
        if cut.neck in ("round", "scoop") and garment is self.wear.top and garment.kind != "bare":
            t, w = (0.985, 0.46) if cut.neck == "round" else (0.9, 0.62)
            ends = [self.at(-w, t + 0.03), self.at(0, t - 0.06), self.at(w, t + 0.03)]
            if cut.neck == "scoop":
                return ""
            return rough(curve(ends, False), dark, line * 2.6) if garment.kind in ("jumper", "tshirt", "long top") else ""
        if cut.neck in ("v", "lapels"):
            deep = 0.52 if cut.neck == "lapels" else 0.74
            opening = [self.at(-0.34, 1.02), self.at(0.0, deep), self.at(0.34, 1.02)]
            found = shape(opening, under, edge, line * 0.8)
            if garment is self.wear.over and self.wear.top.kind in ("shirt", "blouse", "pyjamas"):
                found += self._collar(self.wear.top.fill)
            if cut.neck == "lapels":
                for s in (-1, 1):
                    lapel = [self.at(s * 0.34, 1.03), self.at(s * 0.74, 0.86), self.at(s * 0.54, 0.76), self.at(s * 0.03, deep)]
                    found += shape(lapel, shade(garment.fill, 0.12) if _light(garment.fill) < 0.8 else shade(garment.fill, -0.05), edge, line * 0.8)
            return found
        if cut.neck == "collar":
            return self._collar(shade(garment.fill, 0.25) if _light(garment.fill) < 0.85 else garment.fill)
        if cut.neck == "peter pan":
            tone = garment.second or "#fdf8ec"
            return "".join(shape(curve([self.at(0.02 * s, 0.97), self.at(s * 0.5, 1.03), self.at(s * 0.66, 0.93), self.at(s * 0.4, 0.82), self.at(s * 0.06, 0.86)]), tone, shade(tone, -0.28), line * 0.8) for s in (-1, 1))
        if cut.neck in ("roll", "stand", "ring"):
            tone = dark if cut.neck != "ring" else (garment.second or shade(garment.fill, -0.2))
            return shape(curve([self.at(-0.56, 0.97), self.at(-0.5, 1.1), self.at(0, 1.12), self.at(0.5, 1.1), self.at(0.56, 0.97), self.at(0, 0.9)]), tone, edge, line)
        if cut.neck == "hood":
            return "".join(shape(curve([self.at(0.02 * s, 0.9), self.at(s * 0.5, 1.08), self.at(s * 0.86, 1.02), self.at(s * 0.8, 0.86), self.at(s * 0.3, 0.8)]), dark, edge, line) for s in (-1, 1))
        if cut.neck == "sailor":
            tone = garment.second or "#33466f"
            return "".join(shape([self.at(0, 0.66), self.at(s * 0.36, 1.03), self.at(s * 0.85, 0.95), self.at(s * 0.62, 0.74), self.at(s * 0.1, 0.62)], tone, None, line * 0.8) for s in (-1, 1)) + shape(disc(self.at(0, 0.62), self.tall * 0.016, sides=12), "#d9513f", None, line * 0.6)
        return ""

    def _collar(self, tone: str) -> str:
        edge = shade(tone, -0.3)
        return "".join(shape([self.at(0, 0.9), self.at(s * 0.36, 1.05), self.at(s * 0.56, 0.97), self.at(s * 0.4, 0.83)], tone, edge, self.line * 0.8) for s in (-1, 1))

    def _bib(self) -> str:
        garment = self.wear.bottom
        edge = shade(garment.fill, -0.32)
        found = ""
        for s in (-1, 1):
            found += shape([self.at(s * 0.66, 1.0), self.at(s * 0.44, 1.02), self.at(s * 0.36, 0.62), self.at(s * 0.62, 0.62)], garment.fill, edge, self.line * 0.8)
        bib = [self.at(-0.64, 0.68), self.at(0.0, 0.66), self.at(0.64, 0.68), self.at(0.86, 0.22), self.at(1.0, 0.2, self.top.loose), self.at(1.0, -0.1, self.top.loose), self.at(0, -0.14), self.at(-1.0, -0.1, self.top.loose), self.at(-1.0, 0.2, self.top.loose), self.at(-0.86, 0.22)]
        found += path(trace(bib), garment.fill, "none") + self.pattern(bib, garment)
        found += rough([bib[7], bib[8], bib[9], bib[0], bib[1], bib[2], bib[3], bib[4], bib[5]], edge, self.line)
        found += shape([self.at(-0.34, 0.52), self.at(0.34, 0.52), self.at(0.3, 0.28), self.at(-0.3, 0.28)], shade(garment.fill, 0.12), edge, self.line * 0.8)
        return found + "".join(shape(disc(self.at(s * 0.49, 0.64), self.tall * 0.012, sides=12), "#e9bb45", None, self.line * 0.6) for s in (-1, 1))

    def _apron(self, garment: Garment) -> str:
        edge = shade(garment.fill, -0.28)
        found = ""
        for s in (-1, 1):
            found += rough([self.at(s * 0.4, 0.7), self.at(s * 0.42, 1.02)], shade(garment.fill, -0.12), self.line * 2.2)
        cut = Cut(tail=0.42, flare=-0.004)
        outline, _ = self._drape(cut, 0.2)
        found += shape(outline, garment.fill, edge, self.line) + self.pattern(outline, garment)
        bib = [self.at(-0.5, 0.74), self.at(0, 0.72), self.at(0.5, 0.74), self.at(0.86, 0.26), self.at(0.9, 0.1), self.at(-0.9, 0.1), self.at(-0.86, 0.26)]
        found += path(trace(bib), garment.fill, "none") + self.pattern(bib, garment) + rough([bib[4], bib[3], bib[2], bib[1], bib[0], bib[6], bib[5]], edge, self.line)
        found += shape(self.torso(0.18, 0.25, self.top.loose * 1.1), shade(garment.fill, -0.12), edge, self.line * 0.7)
        return found + shape([self.at(-0.4, 0.08), self.at(0.4, 0.08), self.at(0.36, -0.14), self.at(-0.36, -0.14)], shade(garment.fill, -0.05), edge, self.line * 0.8)

    def _small(self, name: str) -> str:
        """Things fastened to the front, by name."""
        thing = self.extra(name)
        if thing is None:
            return ""
        fill, edge, u = thing.fill, shade(thing.fill, -0.32), self.tall * 0.01
        if name in ("belt", "tool belt"):
            loose = (self.over or self.top).loose
            found = shape(self.torso(0.02, 0.12, loose * 1.1), fill, edge, self.line * 0.8)
            if name == "tool belt":
                return found + "".join(shape([self.at(x - 0.2, 0.06), self.at(x + 0.2, 0.06), self.at(x + 0.18, -0.16), self.at(x - 0.18, -0.16)], shade(fill, -0.12), edge, self.line * 0.8) for x in (-0.6, 0.6))
            return found + shape([self.at(-0.16, 0.13), self.at(0.16, 0.13), self.at(0.16, 0.01), self.at(-0.16, 0.01)], "#e9bb45" if fill != "#e9bb45" else "#f6e7c8", None, self.line * 0.8)
        if name == "necklace":
            return "".join(shape(disc(self.at(x, 0.95 - 0.14 * (1 - (x / 0.5) ** 2)), u * 0.9, sides=10), fill, edge, self.line * 0.5) for x in (-0.45, -0.3, -0.15, 0.0, 0.15, 0.3, 0.45))
        if name == "stethoscope":
            tube_line = curve([self.at(-0.4, 1.02), self.at(-0.38, 0.76), self.at(0.0, 0.56), self.at(0.38, 0.76), self.at(0.4, 1.02)], False)
            found = rough(tube_line, fill, u * 1.3) + rough([self.at(0.0, 0.56), self.at(0.02, 0.42)], fill, u * 1.3)
            return found + shape(disc(self.at(0.02, 0.38), u * 2.0, sides=16), "#c3c8cf", "#5f6066", self.line)
        if name == "badge":
            return shape(_spot("stars", self.at(0.48, 0.7), u * 2.6), fill, edge, self.line * 0.7)
        if name == "emblem":
            star = _spot("stars", self.at(0, 0.62), u * 4.2)
            return shape(star, fill, edge, self.line * 0.8)
        if name == "tie":
            return shape([self.at(-0.08, 0.93), self.at(0.08, 0.93), self.at(0.16, 0.45), self.at(0, 0.34), self.at(-0.16, 0.45)], fill, edge, self.line * 0.8) + shape([self.at(-0.12, 0.98), self.at(0.12, 0.98), self.at(0.07, 0.9), self.at(-0.07, 0.9)], fill, edge, self.line * 0.8)
        if name == "bow tie":
            return "".join(shape(curve([self.at(0, 0.92), self.at(s * 0.34, 1.0), self.at(s * 0.38, 0.92), self.at(s * 0.34, 0.84)]), fill, edge, self.line * 0.8) for s in (-1, 1)) + shape(disc(self.at(0, 0.92), u * 1.1, sides=12), shade(fill, -0.1), edge, self.line * 0.8)
        if name == "braces":
            return "".join(rough([self.at(s * 0.5, 0.0), self.at(s * 0.48, 0.5), self.at(s * 0.46, 1.0)], fill, u * 2.2) for s in (-1, 1))
        return ""

    def _neckwear(self) -> str:
        """What lies round the neck over everything: scarf, cape clasp."""
        found, u = "", self.tall * 0.01
        cape, scarf = self.wear.cape, self.extra("scarf")
        if cape:
            edge = shade(cape.fill, -0.32)
            found += shape(curve([self.at(-0.86, 0.92), self.at(-0.52, 1.05), self.at(0, 1.02), self.at(0.52, 1.05), self.at(0.82, 0.92), self.at(0.4, 0.9), self.at(0, 0.86), self.at(-0.4, 0.9)]), cape.fill, edge, self.line)
            found += shape(disc(self.at(0, 0.9), u * 1.6, sides=14), "#e9bb45", None, self.line * 0.7)
        if scarf:
            edge = shade(scarf.fill, -0.32)
            tail = [self.at(-0.5, 0.98), self.at(-0.2, 0.95), self.at(-0.22, 0.4), self.at(-0.56, 0.38)]
            found += shape(tail, shade(scarf.fill, -0.08), edge, self.line) + self.pattern(tail, scarf)
            roll = curve([self.at(-0.78, 0.98), self.at(-0.6, 1.14), self.at(0, 1.1), self.at(0.6, 1.14), self.at(0.78, 0.98), self.at(0.4, 0.87), self.at(-0.4, 0.87)])
            found += shape(roll, scarf.fill, edge, self.line) + self.pattern(roll, scarf, (self.up[1], -self.up[0]))
        return found

    def _back(self) -> str:
        """Cape, wings and backpack, behind the body."""
        found = ""
        lean = self.body.pose.spine + self.body.pose.bend
        look = self.body.look
        if self.wear.cape:
            cape = self.wear.cape
            way = -lean - (16 + 0.3 * max(0.0, lean)) * (1 if look else 0)
            if self.body.pose.lift and abs(lean) < 30:
                way -= 18 * (1 if look else 0)
            long = self.size.torso + self.size.legs * 0.62
            a, b = self.at(-0.85, 0.96), self.at(0.75, 0.96)
            flow = down(way, long)
            over = (flow[1] / long, -flow[0] / long)
            wide = self.tall * 0.13
            left, right = plus(a, flow), plus(b, flow)
            left, right = (left[0] - over[0] * wide, left[1] - over[1] * wide), (right[0] + over[0] * wide * 0.6, right[1] + over[1] * wide * 0.6)
            swell = self.tall * 0.035
            mid_left, mid_right = along(a, left, 0.55), along(b, right, 0.55)
            mid_left = (mid_left[0] - over[0] * swell, mid_left[1] - over[1] * swell)
            dip = (flow[0] / long * swell, flow[1] / long * swell)
            hem = [left, plus(along(left, right, 0.25), dip), along(left, right, 0.5), plus(along(left, right, 0.75), dip), right]
            outline = curve([a, mid_left, left], False) + curve(hem, False) + curve([right, mid_right, b], False)
            found += shape(outline, cape.fill, None, self.line) + self.pattern(outline, cape)
            for f in (0.25, 0.5, 0.75):
                found += rough([along(along(a, b, f), along(left, right, f), 0.45), along(along(a, b, f), along(left, right, f), 0.9)], shade(cape.fill, -0.2), self.line, 0.8)
        wings, pack = self.extra("wings"), self.extra("backpack")
        if wings:
            for s in (-1, 1):
                u = self.tall * 0.1
                root = self.at(0.1 * s - 0.5 * (look > 0), 0.75)
                for big, up, out in ((1.0, -0.9, 1.9), (0.7, 0.7, 1.5)):
                    x = s * (1.0 if not look else (0.5 if s > 0 else 1.1))
                    wing = curve([root, (root[0] + x * u * out * 0.5, root[1] + u * up * 1.1 - u * 0.3), (root[0] + x * u * out, root[1] + u * up), (root[0] + x * u * out * 0.8, root[1] + u * (up * 0.3 + 0.3 * big))])
                    found += shape(turned(wing, lean, root), wings.fill, shade(wings.fill, -0.2), self.line, 0.92)
        if pack:
            at = self.at(-1.15 if look else 0, 0.5)
            u = self.tall * (0.1 if look else 0.13)
            found += shape(turned(curve([(at[0] - u, at[1] - u * 0.9), (at[0], at[1] - u * 1.25), (at[0] + u, at[1] - u * 0.9), (at[0] + u, at[1] + u), (at[0], at[1] + u * 1.2), (at[0] - u, at[1] + u)]), lean, at), pack.fill, None, self.line)
        return found


_AROUND = ((1, 0), (-1, 0), (0, 1), (0, -1))


def _soft(points: Polygon) -> Polygon:
    return curve(points, False, 2)


def _light(fill: str) -> float:
    red, green, blue = (int(fill[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 0.3 * red + 0.59 * green + 0.11 * blue


def _spot(kind: str, at: Point, r: float) -> Polygon:
    """One motif of a pattern."""
    x, y = at
    if kind == "stars":
        return [(x + r * (1 if k % 2 == 0 else 0.48) * math.sin(math.pi * k / 5), y - r * (1 if k % 2 == 0 else 0.48) * math.cos(math.pi * k / 5)) for k in range(10)]
    if kind == "sparkles":
        return [(x + r * (1 if k % 2 == 0 else 0.3) * math.sin(math.pi * k / 4), y - r * (1 if k % 2 == 0 else 0.3) * math.cos(math.pi * k / 4)) for k in range(8)]
    if kind == "hearts":
        return curve([(x, y + r), (x - r * 0.95, y - r * 0.1), (x - r * 0.5, y - r * 0.8), (x, y - r * 0.35), (x + r * 0.5, y - r * 0.8), (x + r * 0.95, y - r * 0.1)], steps=3)
    if kind == "flowers":
        return [(x + r * (0.75 + 0.3 * math.cos(5 * a)) * math.sin(a), y - r * (0.75 + 0.3 * math.cos(5 * a)) * math.cos(a)) for a in (2 * math.pi * k / 25 for k in range(25))]
    if kind == "moons":
        return [(x + r * math.cos(a), y + r * math.sin(a)) for a in (math.pi * (0.3 + 1.4 * k / 8) for k in range(9))] + [(x + r * 0.35 + r * 0.72 * math.cos(a), y + r * 0.72 * math.sin(a)) for a in (math.pi * (1.6 - 1.2 * k / 6) for k in range(7))]
    return disc(at, r, sides=12)


__all__ = ["BOTTOMS", "OVERS", "TOPS", "Cut", "Dressed", "Tailor", "colour", "mix"]
