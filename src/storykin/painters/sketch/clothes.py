"""Painters, sketch: the trunk and the garments on it, cut to fit any pose.

Skirts and coat tails are the hull round hips and legs, so they follow wherever the legs go.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from storykin.painters.sketch.body import (
    Polygon,
    along,
    band,
    curve,
    cut_off,
    disc,
    down,
    hull,
    part,
    plus,
    rough,
    shape,
    trace,
    tube,
    turned,
)
from storykin.painters.sketch.cuts import Cut
from storykin.painters.sketch.hair import scallop
from storykin.painters.sketch.ink import Point, path, shade
from storykin.painters.sketch.limbs import Limbs
from storykin.painters.sketch.trims import details, small
from storykin.painters.sketch.wear import Garment


@dataclass(frozen=True)
class Dressed:
    """A dressed body in layers, from behind to the front."""

    back: str
    far_arm: str
    far_leg: str
    near_leg: str
    trunk: str
    near_arm: str
    neckwear: str


class Tailor(Limbs):
    """Draws one body in one set of clothes, layer by layer."""

    def dress(self) -> Dressed:
        """All layers."""
        trunk = self._trunk()
        far_leg, near_leg = self.legs()
        return Dressed(
            back=self._back(), far_arm=self.arm(True), far_leg=far_leg, near_leg=near_leg, trunk=trunk,
            near_arm=self.arm(False), neckwear=self._neckwear(),
        )  # fmt: skip

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
                hem = (
                    max(hem, 0.18)
                    if wear.joined or wear.top.kind in ("tshirt", "shirt", "blouse", "vest", "jersey")
                    else hem
                )
            if "bib" in self.bottom.details:
                hem = 0.24
            low_first = hem >= 0.15
            shirt = self.torso(hem, high, top.loose)
            blouse = shape(shirt, wear.top.fill, edge, self.line) + self.pattern(shirt, wear.top)
            if wear.joined and not self.bottom.tail:
                blouse = (
                    path(trace(shirt), wear.top.fill, "none")
                    + self.pattern(shirt, wear.top)
                    + rough([*shirt[2:]], edge, self.line)
                )
            if top.tail:
                blouse = (
                    self._tail(wear.top, top, hem)
                    + path(trace(shirt), wear.top.fill, "none")
                    + self.pattern(shirt, wear.top)
                )
            skirt = self._tail(wear.bottom, self.bottom, hem, True) if self.bottom.tail else ""
            found += blouse + skirt if low_first else skirt + blouse
            found += details(self, wear.top, top, hem)
            if top.neck == "scoop" and wear.top.kind in ("vest", "swimsuit", "leotard"):
                for s in (-0.62, 0.62):
                    found += rough(
                        [self.at(s * 0.95, 0.89), self.at(s * 0.72, 0.99)], wear.top.fill, self.line * 3
                    )
        found += self._bib() if self.bottom.details and "bib" in self.bottom.details else ""
        loose = (self.over or top).loose
        found += small(self, ("braces", "tie", "bow tie"), loose)
        if self.over and wear.over:
            found += self._coat(wear.over, self.over) if wear.over.kind != "apron" else self._apron(wear.over)
        return found + small(
            self, ("belt", "tool belt", "necklace", "stethoscope", "badge", "emblem", "backpack"), loose
        )

    def _seatless(self) -> str:
        """Over bare skin the trousers' waist comes last."""
        seat = self.torso(-0.18, 0.12, self.bottom.loose * 0.4)
        garment = self.wear.bottom
        found = path(trace(seat), garment.fill, "none") + rough(
            [
                self.at(-1, 0.12, self.bottom.loose * 0.4),
                self.at(0, 0.1),
                self.at(1, 0.12, self.bottom.loose * 0.4),
            ],
            shade(garment.fill, -0.32),
            self.line,
        )
        return found if not self.bottom.tail else ""

    def _neck(self) -> str:
        neck, eyes = self.body.neck, self.body.eyes
        wide = self.tall * (0.062 + 0.006 * self.size.grown) * (0.6 + 0.4 * self.stout)
        low = along(neck, self.body.spine[-3], 0.5)
        piece = tube([low, neck, along(neck, eyes, 0.55)], wide * 1.05, wide)
        return shape(piece, shade(self.skin, -0.1), shade(self.skin, -0.3), self.line)

    def _tail(
        self, garment: Garment, cut: Cut, waist: float, skirt: bool = False, low: float | None = None
    ) -> str:
        """A skirt or the tails of a coat: the hull round hips and legs, with folds and hem."""
        outline, hem = self._drape(cut, max(waist, 0.1) if low is None else low)
        edge = shade(garment.fill, -0.32)
        found = ""
        if garment.kind in ("tutu", "tutu skirt"):
            fluffy = scallop(outline, self.tall * 0.055)
            return shape(fluffy, shade(garment.fill, 0.3), shade(garment.fill, -0.2), self.line) + shape(
                outline, garment.fill, "none"
            )
        found += shape(outline, garment.fill, edge, self.line)
        found += self.pattern(outline, garment)
        top = self.at(0, 0.25)
        if skirt and len(hem) == 2:
            (ax, ay), (bx, by) = hem
            for f in (0.28, 0.55, 0.8):
                foot = (ax + (bx - ax) * f, ay + (by - ay) * f)
                found += rough(
                    [along(top, foot, 0.5), along(top, foot, 0.93)],
                    shade(garment.fill, -0.18),
                    self.line * 0.9,
                    0.7,
                )
        if garment.kind in ("gown", "robe", "tail coat") or (
            skirt and garment.second and not garment.pattern
        ):
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
            centre, _ = self.centre(t)
            discs.append((centre, (self.half(t) + loose) * 0.99))
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
        upright = -(self._hang[0] * self.up[0] + self._hang[1] * self.up[1])
        wide = self.tall * (0.042 + cut.flare * max(0.25, min(1.0, 2 * upright - 0.8))) + loose * 0.5
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
        centre, (ux, uy) = self.centre(waist)
        return cut_off(outline, (centre[0], centre[1]), (-ux, -uy)), hem

    def _coat(self, garment: Garment, cut: Cut) -> str:
        edge = shade(garment.fill, -0.32)
        body = self.torso(cut.hem, 1.0, cut.loose)
        found = self._tail(garment, cut, 0.3, low=0.25) if cut.tail else ""
        found += (
            (path(trace(body), garment.fill, "none") + rough(body[2:], edge, self.line))
            if cut.tail
            else shape(body, garment.fill, edge, self.line)
        )
        found += self.pattern(body, garment)
        return found + details(self, garment, cut, cut.hem)

    def _bib(self) -> str:
        garment = self.wear.bottom
        edge = shade(garment.fill, -0.32)
        found = ""
        for s in (-1, 1):
            found += shape(
                [
                    self.at(s * 0.66, 1.0),
                    self.at(s * 0.44, 1.02),
                    self.at(s * 0.36, 0.62),
                    self.at(s * 0.62, 0.62),
                ],
                garment.fill,
                edge,
                self.line * 0.8,
            )
        bib = [
            self.at(-0.64, 0.68),
            self.at(0.0, 0.66),
            self.at(0.64, 0.68),
            self.at(0.86, 0.22),
            self.at(1.0, 0.2, self.top.loose),
            self.at(1.0, 0.02, self.top.loose),
            self.at(0, 0.0),
            self.at(-1.0, 0.02, self.top.loose),
            self.at(-1.0, 0.2, self.top.loose),
            self.at(-0.86, 0.22),
        ]
        found += path(trace(bib), garment.fill, "none") + self.pattern(bib, garment)
        found += rough(
            [bib[7], bib[8], bib[9], bib[0], bib[1], bib[2], bib[3], bib[4], bib[5]], edge, self.line
        )
        found += shape(
            [self.at(-0.34, 0.52), self.at(0.34, 0.52), self.at(0.3, 0.28), self.at(-0.3, 0.28)],
            shade(garment.fill, 0.12),
            edge,
            self.line * 0.8,
        )
        return found + "".join(
            shape(
                disc(self.at(s * 0.49, 0.64), self.tall * 0.012, sides=12), "#e9bb45", None, self.line * 0.6
            )
            for s in (-1, 1)
        )

    def _apron(self, garment: Garment) -> str:
        edge = shade(garment.fill, -0.28)
        found = ""
        for s in (-1, 1):
            found += rough(
                [self.at(s * 0.4, 0.7), self.at(s * 0.42, 1.02)], shade(garment.fill, -0.12), self.line * 2.2
            )
        cut = Cut(tail=0.42, flare=-0.004)
        outline, _ = self._drape(cut, 0.2)
        found += shape(outline, garment.fill, edge, self.line) + self.pattern(outline, garment)
        bib = [
            self.at(-0.5, 0.74),
            self.at(0, 0.72),
            self.at(0.5, 0.74),
            self.at(0.86, 0.26),
            self.at(0.9, 0.1),
            self.at(-0.9, 0.1),
            self.at(-0.86, 0.26),
        ]
        found += (
            path(trace(bib), garment.fill, "none")
            + self.pattern(bib, garment)
            + rough([bib[4], bib[3], bib[2], bib[1], bib[0], bib[6], bib[5]], edge, self.line)
        )
        found += shape(
            self.torso(0.18, 0.25, self.top.loose * 1.1), shade(garment.fill, -0.12), edge, self.line * 0.7
        )
        return found + shape(
            [self.at(-0.4, 0.08), self.at(0.4, 0.08), self.at(0.36, -0.14), self.at(-0.36, -0.14)],
            shade(garment.fill, -0.05),
            edge,
            self.line * 0.8,
        )

    def _neckwear(self) -> str:
        """What lies round the neck over everything: scarf, cape clasp."""
        found, u = "", self.tall * 0.01
        cape, scarf = self.wear.cape, self.extra("scarf")
        if cape:
            edge = shade(cape.fill, -0.32)
            found += shape(
                curve(
                    [
                        self.at(-0.86, 0.92),
                        self.at(-0.52, 1.05),
                        self.at(0, 1.02),
                        self.at(0.52, 1.05),
                        self.at(0.82, 0.92),
                        self.at(0.4, 0.9),
                        self.at(0, 0.86),
                        self.at(-0.4, 0.9),
                    ]
                ),
                cape.fill,
                edge,
                self.line,
            )
            found += shape(disc(self.at(0, 0.9), u * 1.6, sides=14), "#e9bb45", None, self.line * 0.7)
        if scarf:
            edge = shade(scarf.fill, -0.32)
            tail = [self.at(-0.5, 0.98), self.at(-0.2, 0.95), self.at(-0.22, 0.4), self.at(-0.56, 0.38)]
            found += shape(tail, shade(scarf.fill, -0.08), edge, self.line) + self.pattern(tail, scarf)
            roll = curve(
                [
                    self.at(-0.78, 0.98),
                    self.at(-0.6, 1.14),
                    self.at(0, 1.1),
                    self.at(0.6, 1.14),
                    self.at(0.78, 0.98),
                    self.at(0.4, 0.87),
                    self.at(-0.4, 0.87),
                ]
            )
            found += shape(roll, scarf.fill, edge, self.line) + self.pattern(
                roll, scarf, (self.up[1], -self.up[0])
            )
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
            left, right = (
                (left[0] - over[0] * wide, left[1] - over[1] * wide),
                (right[0] + over[0] * wide * 0.6, right[1] + over[1] * wide * 0.6),
            )
            swell = self.tall * 0.035
            mid_left, mid_right = along(a, left, 0.55), along(b, right, 0.55)
            mid_left = (mid_left[0] - over[0] * swell, mid_left[1] - over[1] * swell)
            dip = (flow[0] / long * swell, flow[1] / long * swell)
            hem = [
                left,
                plus(along(left, right, 0.25), dip),
                along(left, right, 0.5),
                plus(along(left, right, 0.75), dip),
                right,
            ]
            outline = (
                curve([a, mid_left, left], False) + curve(hem, False) + curve([right, mid_right, b], False)
            )
            found += shape(outline, cape.fill, None, self.line) + self.pattern(outline, cape)
            for f in (0.25, 0.5, 0.75):
                found += rough(
                    [
                        along(along(a, b, f), along(left, right, f), 0.45),
                        along(along(a, b, f), along(left, right, f), 0.9),
                    ],
                    shade(cape.fill, -0.2),
                    self.line,
                    0.8,
                )
        wings, pack = self.extra("wings"), self.extra("backpack")
        if wings:
            for s in (-1, 1):
                u = self.tall * 0.1
                root = self.at(0.1 * s - 0.5 * (look > 0), 0.75)
                for big, up, out in ((1.0, -0.9, 1.9), (0.7, 0.7, 1.5)):
                    x = s * (1.0 if not look else (0.5 if s > 0 else 1.1))
                    wing = curve(
                        [
                            root,
                            (root[0] + x * u * out * 0.5, root[1] + u * up * 1.1 - u * 0.3),
                            (root[0] + x * u * out, root[1] + u * up),
                            (root[0] + x * u * out * 0.8, root[1] + u * (up * 0.3 + 0.3 * big)),
                        ]
                    )
                    found += shape(
                        turned(wing, lean, root), wings.fill, shade(wings.fill, -0.2), self.line, 0.92
                    )
        if pack:
            at = self.at(-1.15 if look else 0, 0.5)
            u = self.tall * (0.1 if look else 0.13)
            found += shape(
                turned(
                    curve(
                        [
                            (at[0] - u, at[1] - u * 0.9),
                            (at[0], at[1] - u * 1.25),
                            (at[0] + u, at[1] - u * 0.9),
                            (at[0] + u, at[1] + u),
                            (at[0], at[1] + u * 1.2),
                            (at[0] - u, at[1] + u),
                        ]
                    ),
                    lean,
                    at,
                ),
                pack.fill,
                None,
                self.line,
            )
        return found
