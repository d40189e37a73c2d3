"""Painters, sketch: people seen truly from the side, standing, for character sheets.

Stories show people from the front or half turned; here they are seen in profile, the face to the right. The same
sizes, clothes and hair; only the frame of the trunk, the head and what hangs on the back are cut anew.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

from storykin.character import Look, Outfit
from storykin.painters.sketch.body import Polygon, along, curve, disc, down, joint, plus, rough, shape, sizes
from storykin.painters.sketch.chair import seated, wheelchair
from storykin.painters.sketch.clothes import Tailor
from storykin.painters.sketch.creature_extents import extent_of
from storykin.painters.sketch.drawn import Drawn
from storykin.painters.sketch.ink import Point, colour, shade
from storykin.painters.sketch.people import skin_of
from storykin.painters.sketch.poses import Body, Pose, embody
from storykin.painters.sketch.profile_head import SideHead
from storykin.painters.sketch.swatches import worn_by
from storykin.painters.sketch.wear import Wear

STAND = Pose(0, 0, 0, (-9, 5), (10, 20), (-3, -2, 0), (4, 2, 0))
FRONT_ONLY = (
    "emblem",
    "badge",
    "number",
    "panel",
    "plates",
)  # what is sewn on the chest cannot be seen from the side


def profile(look: Look, outfit: Outfit) -> Drawn:
    """A child or grown-up standing (or sitting in a wheelchair) in an outfit, seen from the side, facing right."""
    size = sizes(look)
    rolls = any("wheelchair" in extra.lower() for extra in look.extras)
    body = _sideways(embody(seated(STAND) if rolls else STAND, size, "right"))
    on = worn_by(look, outfit)
    on = replace(on, extras=tuple(one for one in on.extras if one.kind not in FRONT_ONLY))
    skin = skin_of(look.skin)
    tailor = SideTailor(body, on, skin, look.kind in ("woman",) and size.grown > 0.8)
    layers = tailor.dress()
    behind, head = SideHead(look, size, body, skin, on, "calm").layers()
    seat, wheel = wheelchair(body, colour(" ".join(look.extras), "#4f86c1")) if rolls else ("", "")
    legs = [layers.far_leg, layers.near_leg]
    trunk = [layers.trunk, *legs] if rolls and not tailor.draped else [*legs, layers.trunk]
    drawing = "".join([layers.back, seat, behind, layers.far_arm, *trunk, layers.neckwear, wheel, layers.near_arm, head])  # fmt: skip
    true = extent_of(drawing)
    return Drawn(drawing, 2 * max(-true.left, true.right), -true.top)


def _sideways(body: Body) -> Body:
    """The same body with both shoulders and both hips in one line of sight."""
    size, pose = body.sizes, body.pose
    root = plus(along(body.neck, body.hip, 0.13), (-0.004 * size.tall, 0.0))
    bone = size.arms * 0.5
    arms = []
    for upper, fore in (pose.near_arm, pose.far_arm):
        elbow = plus(root, down(upper, bone))
        arms.append(joint(root, elbow, plus(elbow, down(fore, bone))))
    drop = [(body.hip[0] - line[0][0]) * 0.8 for line in body.legs]
    legs = tuple([(x + dx, y) for x, y in line] for line, dx in zip(body.legs, drop, strict=True))
    feet = tuple(
        ((at[0] + dx, at[1]), turn, way) for (at, turn, way), dx in zip(body.feet, drop, strict=True)
    )
    return replace(body, arms=(arms[0], arms[1]), legs=(legs[0], legs[1]), feet=(feet[0], feet[1]), tilt=0.0)


class SideTailor(Tailor):
    """Draws one body in one set of clothes from the side: the trunk is as deep as it is, not as wide."""

    def __init__(self, body: Body, on: Wear, skin: str, bust: bool = False) -> None:
        super().__init__(body, on, skin)
        self.bust = bust
        self.top = replace(self.top, details=tuple(d for d in self.top.details if d not in FRONT_ONLY))

    def _depths(self, t: float) -> tuple[float, float]:
        """How far the trunk reaches back and forward at a height (0 hips, 1 neck), in centimetres."""
        g, stout = self.size.grown, self.stout
        unit = self.tall * (0.068 - 0.004 * g) * (0.55 + 0.45 * stout)
        belly = 0.16 * (1 - g) + 0.9 * (stout - 1)
        chest = 0.16 if self.bust else 0.0
        stops = (
            (-0.26, 0.5, 0.5), (-0.14, 0.76, 0.72), (0.0, 0.96, 0.8), (0.12, 1.0, 0.88), (0.24, 0.88, 0.96 + belly), (0.45, 0.76, 0.98 + belly), (0.68, 0.84, 0.96 + chest),
            (0.86, 0.86, 0.76), (0.96, 0.66, 0.54), (1.04, 0.44, 0.42),
        )  # fmt: skip
        for (t0, a, b), (t1, c, d) in pairwise(stops):
            if t <= t1:
                f = max(0.0, (t - t0) / (t1 - t0))
                return (a + (c - a) * f) * unit, (b + (d - b) * f) * unit
        return stops[-1][1] * unit, stops[-1][2] * unit

    def centre(self, t: float) -> tuple[Point, Point]:
        """The middle of the trunk between back and belly, and the way up."""
        (x, y), (ux, uy) = super().centre(t)
        back, fore = self._depths(t)
        off = (fore - back) / 2
        return (x - uy * off, y + ux * off), (ux, uy)

    def half(self, t: float) -> float:
        """Half the depth of the trunk."""
        return sum(self._depths(t)) / 2

    def at(self, across: float, t: float, loose: float = 0.0) -> Point:
        """A point of the trunk as from the front, seen from its right side: the far half is at the front edge."""
        seen = math.sqrt(max(0.0, 1 - across * across)) if across < 0 else 1.0
        centre, (ux, uy) = self.centre(t)
        half = self.half(t) + loose * self.tall
        return (centre[0] - uy * seen * half, centre[1] + ux * seen * half)

    def _neckwear(self) -> str:
        """Collars that go all round, hoods, scarf and the shoulders of a cape."""
        found = ""
        for garment, cut in ((self.wear.top, self.top), (self.wear.over, self.over)):
            if garment is None or cut is None:
                continue
            tone, edge = shade(garment.fill, -0.14), shade(garment.fill, -0.32)
            if cut.neck in ("roll", "stand", "ring"):
                found += shape(self._ring(0.95, 1.12, 0.012), tone, edge, self.line)
            elif cut.neck == "hood":
                u = self.tall * 0.03
                x, y = self.edge(-1, 0.97, 0.0)
                hood = [(x + u * 1.6, y - u * 0.9), (x, y - u * 1.1), (x - u * 1.3, y - u * 0.1), (x - u * 1.1, y + u * 1.3), (x + u * 0.4, y + u * 1.7), (x + u * 2.2, y + u * 0.5)]  # fmt: skip
                found += shape(curve(hood), tone, edge, self.line)
        cape, scarf = self.wear.cape, self.extra("scarf")
        if cape:
            found += shape(self._ring(0.88, 1.04, 0.016), cape.fill, shade(cape.fill, -0.32), self.line)
            found += shape(
                disc(self.at(0, 0.93), self.tall * 0.016, sides=14), "#e9bb45", None, self.line * 0.7
            )
        if scarf:
            edge = shade(scarf.fill, -0.32)
            a, b = self.at(-0.3, 0.98), self.at(-0.2, 0.44)
            wide = self.tall * 0.022
            tail = [(a[0] - wide, a[1]), (a[0] + wide, a[1]), (b[0] + wide * 1.2, b[1]), (b[0] - wide, b[1])]
            found += shape(tail, shade(scarf.fill, -0.08), edge, self.line) + self.pattern(tail, scarf)
            roll = self._ring(0.93, 1.14, 0.02)
            found += shape(roll, scarf.fill, edge, self.line) + self.pattern(roll, scarf, (self.up[1], -self.up[0]))  # fmt: skip
        return found

    def _ring(self, low: float, high: float, loose: float) -> Polygon:
        """A soft band round the neck."""
        points = [self.edge(-1, low, loose), self.edge(-1, high, loose), self.edge(1, high, loose), self.edge(1, low, loose)]  # fmt: skip
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = points
        sag = self.tall * 0.008
        return curve([(ax, ay), ((ax + bx) / 2 - sag, (ay + by) / 2), (bx, by), ((bx + cx) / 2, (by + cy) / 2 + sag), (cx, cy),
                      ((cx + dx) / 2 + sag, (cy + dy) / 2), (dx, dy), ((ax + dx) / 2, (ay + dy) / 2 + sag * 1.6)])  # fmt: skip

    def _back(self) -> str:
        """Cape, wings and backpack: what stands off the back."""
        found, u = "", self.tall * 0.01
        cape, wings, pack = self.wear.cape, self.extra("wings"), self.extra("backpack")
        (x, y), hip = self.edge(-1, 0.95, 0.0), self.body.hip[1]
        if wings:
            for far, big in ((1, 0.9), (0, 1.0)):
                tip = [(x + 4 * u, y + 8 * u), (x - 6 * u * big, y - 8 * u), (x - 20 * u * big, y - 12 * u * big), (x - 19 * u * big, y + 4 * u), (x - 8 * u, y + 12 * u), (x - 16 * u * big, y + 20 * u * big), (x - 7 * u, y + 26 * u * big), (x + 2 * u, y + 14 * u)]  # fmt: skip
                tone = shade(wings.fill, -0.06) if far else wings.fill
                shift = [(px + far * 3 * u, py - far * 3 * u) for px, py in tip]
                found += shape(curve(shift), tone, shade(wings.fill, -0.2), self.line, 0.92)
        if cape:
            end = hip + self.size.legs * 0.66
            points = [(x + 7 * u, y - u), (x - u, y - u), (x - 6 * u, along((x, y), (x, end), 0.4)[1]), (x - 13 * u, end), (x - 7 * u, end + 1.4 * u), (x - u, end), (x + 5 * u, end + u), (x + 7 * u, along((x, y), (x, end), 0.5)[1])]  # fmt: skip
            outline = curve(points)
            found += shape(outline, cape.fill, None, self.line) + self.pattern(outline, cape)
            for f in (0.3, 0.62):
                top, foot = (x - 2 * u + 5 * u * f, (y + end) / 2), (x - 12 * u + 16 * u * f, end - 4 * u)
                found += rough([top, foot], shade(cape.fill, -0.2), self.line, 0.8)
        if pack:
            px, py = self.edge(-1, 0.55, 0.01)
            w, h = 8.5 * u, self.size.torso * 0.42
            bag = [(px + w * 0.3, py - h), (px - w * 0.5, py - h * 0.96), (px - w, py - h * 0.3), (px - w * 1.05, py + h * 0.6), (px - w * 0.5, py + h), (px + w * 0.3, py + h)]  # fmt: skip
            found += shape(curve(bag), pack.fill, None, self.line)
            pocket = [(px - w * 0.8, py + h * 0.05), (px - w * 1.3, py + h * 0.3), (px - w * 1.25, py + h * 0.8), (px - w * 0.7, py + h * 0.84)]  # fmt: skip
            found += shape(curve(pocket), shade(pack.fill, -0.1), None, self.line * 0.9)
        return found
