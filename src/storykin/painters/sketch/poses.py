"""Painters, sketch: how bodies stand, run, sit and sleep. A table of joint angles, one row per action,
and the skeleton that comes of it.

Angles are in degrees in the picture's plane: for limbs 0 hangs down, 90 points ahead (right), -90
behind, 180 up; for spine and head 0 is upright and positive leans ahead. "near" limbs are on the
viewer's side of a figure that faces right (on the left of one that faces us), "far" the others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from storykin.painters.sketch.body import Polygon, Sizes, along, down, joint, plus
from storykin.painters.sketch.ink import Point
from storykin.scene import ACTIONS

Arm = tuple[float, float]
Leg = tuple[float, float, float]


@dataclass(frozen=True)
class Pose:
    """One row of the table.

    Arms are (upper, fore), legs (thigh, shin, foot; foot 0 is flat, positive lifts the heel).
    `bend` is how much further the chest leans than the hips. `hands` names near and far hand
    (relaxed, open, fist, point). `holds` is the hand that takes a prop: near, far, both, lap
    (both hands before the body) or none. `over` draws the far arm before the body; `knees` draws
    the legs before the body; `lift` hangs the figure above the ground, in heights.
    """

    spine: float = 0.0
    bend: float = 0.0
    head: float = 0.0
    near_arm: Arm = (-14, 4)
    far_arm: Arm = (15, 2)
    near_leg: Leg = (-5, -2, 0)
    far_leg: Leg = (5, 2, 0)
    hands: tuple[str, str] = ("relaxed", "relaxed")
    holds: str = "far"
    over: bool = False
    knees: bool = False
    lift: float = 0.0
    front: bool = False


SIDE: dict[str, Pose] = {
    "standing": Pose(1, -2, 3, (-16, 4), (15, 8), (-6, -4, 0), (7, 4, 0)),
    "walking": Pose(4, -1, 2, (-38, -14), (30, 58), (27, 12, -14), (-20, -42, 34)),
    "running": Pose(13, 4, -6, (-66, 18), (44, 128), (74, 8, -4), (-32, -64, 46), ("fist", "fist")),
    "jumping": Pose(2, -6, -6, (-128, -152), (132, 158), (-28, -72, 30), (46, -34, 22), ("open", "open"), lift=0.14),
    "sitting": Pose(-5, 10, 4, (10, 62), (26, 58), (80, 66, -30), (92, 74, -24), holds="lap", over=True, knees=True),
    "kneeling": Pose(4, 6, 6, (14, 56), (34, 66), (56, -87, 74), (112, -5, 0), holds="far", knees=True),
    "crouching": Pose(24, 22, -8, (34, 74), (48, 88), (120, -42, 10), (128, -34, 6), holds="far", knees=True, over=True),
    "sleeping": Pose(-86, -6, 6, (52, 118), (70, 128), (120, 46, 10), (102, 70, -4), holds="lap"),
    "waving": Pose(-2, -2, -6, (-18, 6), (138, 176), (-6, -3, 0), (8, 4, 0), ("relaxed", "open"), holds="near"),
    "reaching": Pose(3, 2, -12, (-30, -4), (160, 168), (-10, -4, 30), (9, 2, 32), ("relaxed", "open")),
    "pointing": Pose(2, -2, 2, (-42, 34), (88, 92), (-10, -6, 0), (12, 6, 0), ("fist", "point"), holds="near"),
    "holding": Pose(-2, 2, 6, (8, 84), (30, 98), (-7, -4, 0), (8, 4, 0), ("fist", "fist"), holds="both", over=True),
    "hugging": Pose(7, 4, 8, (46, 84), (66, 92), (-12, -14, 4), (10, 0, 0), ("open", "open"), holds="chest", over=True),
    "riding": Pose(8, 2, -2, (36, 70), (50, 72), (62, -4, -4), (72, 10, -4), ("fist", "fist"), holds="seat", lift=0.25),
    "flying": Pose(64, 12, -48, (-108, -96), (96, 90), (-64, -82, 84), (-50, -66, 70), ("open", "fist"), lift=0.45),
    "swimming": Pose(80, 8, -58, (164, 118), (74, 26), (-76, -96, 94), (-68, -74, 80), ("open", "open"), holds="near"),
    "dancing": Pose(-6, 12, 8, (-112, -164), (116, 66), (-2, -6, 0), (62, -26, 18), ("open", "open"), holds="far"),
    "climbing": Pose(4, -2, -14, (84, 128), (146, 178), (62, -22, 4), (10, -18, 20), ("fist", "fist"), lift=0.10),
    "pushing": Pose(27, 4, -12, (56, 88), (70, 92), (-32, -40, 24), (34, -24, 4), ("open", "open"), holds="push"),
    "thinking": Pose(-1, 3, 9, (10, 78), (26, 190), (-7, -4, 0), (9, 4, 0), ("relaxed", "fist"), holds="near", over=True),
    "falling": Pose(-34, -8, 10, (-122, -102), (104, 140), (60, 26, -30), (84, 62, -40), ("open", "open"), lift=0.05),
}  # fmt: skip

FRONT: dict[str, Pose] = {
    "standing": Pose(0, 0, 3, (-24, -6), (24, 6), (-5, -3, 0), (5, 3, 0)),
    "jumping": Pose(0, 0, -5, (-126, -150), (126, 150), (-52, -20, 20), (50, 4, 20), ("open", "open"), lift=0.14),
    "sitting": Pose(0, 0, 4, (-30, 34), (30, -34), (-84, 76, 64), (84, -76, 64), holds="lap", knees=True, over=True),
    "waving": Pose(-2, -1, -7, (-20, -2), (136, 176), (-6, -3, 0), (7, 4, 0), ("relaxed", "open"), holds="near"),
    "reaching": Pose(0, 0, -6, (-142, -172), (142, 172), (-4, -2, 34), (4, 2, 34), ("open", "open")),
    "pointing": Pose(0, 0, 4, (-44, 36), (88, 94), (-9, -5, 0), (9, 5, 0), ("fist", "point"), holds="near"),
    "holding": Pose(0, 0, 5, (-20, 68), (20, -68), (-6, -3, 0), (6, 3, 0), ("fist", "fist"), holds="both", over=True),
    "hugging": Pose(0, 0, 8, (-36, -56), (36, 56), (-7, -4, 0), (7, 4, 0), ("open", "open"), holds="chest", over=True),
    "dancing": Pose(-5, 10, 8, (-112, -160), (112, 64), (-2, -5, 0), (52, -24, 18), ("open", "open"), holds="far"),
    "thinking": Pose(0, 2, 8, (-14, 70), (34, -160), (-6, -3, 0), (7, 4, 0), ("relaxed", "fist"), holds="near", over=True),
}  # fmt: skip

#   how different people stand about: what each changes of "standing", from the side and from the front
STANDS: tuple[tuple[dict[str, object], dict[str, object]], ...] = (
    ({"near_arm": (-20.0, 10.0), "far_arm": (18.0, 26.0)}, {"near_arm": (-26.0, -8.0), "far_arm": (24.0, 4.0)}),
    ({"near_arm": (-46.0, 36.0), "far_arm": (16.0, 10.0), "hands": ("fist", "relaxed"), "spine": -1.0, "bend": 3.0},
     {"near_arm": (-48.0, 40.0), "far_arm": (22.0, 4.0), "hands": ("fist", "relaxed"), "bend": 2.0}),
    ({"near_arm": (-8.0, 62.0), "far_arm": (20.0, 30.0), "spine": 2.0, "head": 6.0},
     {"near_arm": (-14.0, 50.0), "far_arm": (14.0, -50.0), "head": -4.0, "over": True}),
    ({"near_arm": (-24.0, -6.0), "far_arm": (24.0, 14.0), "far_leg": (14.0, 6.0, -6.0), "head": -2.0},
     {"near_arm": (-20.0, 2.0), "far_arm": (34.0, 12.0), "spine": 1.0, "bend": -3.0, "head": 5.0}),
)  # fmt: skip
CARRY = {"side": (34.0, 96.0), "front": (34.0, 92.0)}


@dataclass(frozen=True)
class Body:
    """A skeleton in its pose, in centimetres with the ground at y = 0.

    `spine` runs from the hips to the foot of the neck. `arms` and `legs` are the soft middle lines
    of (near, far) limbs; `feet` are (ankle, turn, direction); `eyes` is the middle of the face.
    """

    pose: Pose
    sizes: Sizes
    spine: Polygon
    arms: tuple[Polygon, Polygon]
    legs: tuple[Polygon, Polygon]
    knees: tuple[Point, Point]
    feet: tuple[tuple[Point, float, float], tuple[Point, float, float]]
    eyes: Point
    tilt: float
    look: float

    @property
    def hip(self) -> Point:
        """The middle between the hip joints."""
        return self.spine[0]

    @property
    def neck(self) -> Point:
        """The foot of the neck."""
        return self.spine[-1]

    def hand(self, far: bool) -> tuple[Point, float]:
        """Where a hand's palm is, and the way the forearm points."""
        line = self.arms[far]
        (ax, ay), (bx, by) = line[-2], line[-1]
        angle = _angle(bx - ax, by - ay)
        return plus(line[-1], down(angle, self.sizes.tall * 0.026)), angle


def _angle(dx: float, dy: float) -> float:
    return math.degrees(math.atan2(dx, dy))


def pose_of(action: str, facing: str, carries: bool = False, temper: int = 0) -> Pose:
    """The pose for an entry of `scene.ACTIONS`, seen from the front where that is worth a drawing.

    With `carries` a free hand is lifted so that the thing in it can be seen. `temper` chooses among the
    ways in which different people stand about.
    """
    name = action if action in ACTIONS else "standing"
    front = facing == "front" and name in FRONT
    pose = replace(FRONT[name], front=True) if front else SIDE[name]
    if name == "standing" and not carries:
        pose = replace(pose, **STANDS[temper % len(STANDS)][front])  # type: ignore[arg-type]
    if carries and front and name == "hugging":
        pose = replace(pose, near_arm=(-22.0, 74.0), far_arm=(22.0, -74.0), hands=("relaxed", "relaxed"))
    if carries and name in ("standing", "walking", "thinking", "waving", "pointing", "kneeling", "crouching"):
        if pose.holds == "far":
            pose = replace(pose, far_arm=CARRY["front" if front else "side"], hands=(pose.hands[0], "fist"))
        elif pose.holds == "near":
            bent = (-34.0, -92.0)
            pose = replace(pose, near_arm=bent, hands=("fist", pose.hands[1]))
    return pose


def embody(pose: Pose, size: Sizes, facing: str, top: float = 0.0) -> Body:
    """Put a body of these sizes into a pose and set it on the ground (or hang it `lift` above).

    Somebody pushing a thing `top` high lowers the hands to it.
    """
    torso, face = size.torso, size.face
    hip: Point = (0.0, 0.0)
    waist = plus(hip, down(180 - pose.spine, torso * 0.5))
    neck = plus(waist, down(180 - pose.spine - pose.bend, torso * 0.5))
    spine = [_bend(hip, waist, neck, k / 8) for k in range(9)]
    lean = pose.spine + pose.bend
    width = size.shoulders * 0.82
    near = plus(
        plus(neck, down(-lean, torso * 0.115)), down(-90 - lean, width * (1.0 if pose.front else 0.86))
    )
    far = plus(plus(neck, down(-lean, torso * 0.115)), down(90 - lean, width * (1.0 if pose.front else 0.72)))
    upper, fore = size.arms * 0.5, size.arms * 0.5
    arms = tuple(
        _limb(at, bones, upper, fore)[0] for at, bones in ((near, pose.near_arm), (far, pose.far_arm))
    )
    sole = size.tall * 0.034
    thigh, shin = (size.legs - sole) * 0.5, (size.legs - sole) * 0.5
    wide = size.hips * (0.52 if pose.front else 0.36)
    legs, knees, feet = [], [], []
    for side, (a, b, foot) in ((-1, pose.near_leg), (1, pose.far_leg)):
        root = plus(hip, down(90 * side - pose.spine, wide))
        line, knee = _limb(root, (a, b), thigh, shin)
        legs.append(line)
        knees.append(knee)
        feet.append((line[-1], foot, float(side) if pose.front else 1.0))
    look = 0.0 if facing == "front" else 0.8
    tilt = pose.head + (pose.spine + pose.bend if abs(pose.spine) > 30 else lean * 0.5)
    chin = face * (0.80 + 0.16 * size.grown)
    root = plus(neck, down(180 - lean, size.tall * 0.012))
    eyes = plus(root, down(180 - tilt, chin))
    eyes = plus(eyes, down(90 - tilt, face * 0.1 * look))
    if pose.holds == "push" and top:
        ground = max(line[-1][1] for line in legs) + sole
        lower = []
        for root, high in ((near, 0.72), (far, 0.84)):
            reach = upper + fore
            y = min(max(root[1], ground - top * high), root[1] + reach * 0.88)
            target = (root[0] + math.sqrt(max(0.0, (reach * 0.97) ** 2 - (y - root[1]) ** 2)), y)
            lower.append(joint(root, _reach(root, target, upper, fore), target))
        arms = (lower[0], lower[1])
    flesh = [
        (hip, size.hips * 0.92), (waist, size.hips * 0.9), (neck, size.shoulders * 0.5), (eyes, face),
        *((line[-1], sole) for line in legs), *((knee, size.tall * 0.036) for knee in knees),
        *((line[-1], size.tall * 0.03) for line in arms), *((line[6], size.tall * 0.026) for line in arms),
    ]  # fmt: skip
    for at, foot, way in feet:
        heel, toe = _sole(at, foot, way, size)
        flesh += [(heel, 0.0), (toe, 0.0)]
    drop = max(y + r for (_, y), r in flesh) + pose.lift * size.tall
    middle = (max(x + r for (x, _), r in flesh) + min(x - r for (x, _), r in flesh)) / 2
    shift = (-middle, -drop)

    def move(line: Polygon) -> Polygon:
        return [plus(p, shift) for p in line]

    return Body(
        pose=pose, sizes=size, spine=move(spine), arms=(move(arms[0]), move(arms[1])),
        legs=(move(legs[0]), move(legs[1])), knees=(plus(knees[0], shift), plus(knees[1], shift)),
        feet=((plus(feet[0][0], shift), *feet[0][1:]), (plus(feet[1][0], shift), *feet[1][1:])),
        eyes=plus(eyes, shift), tilt=tilt, look=look,
    )  # fmt: skip


def _sole(ankle: Point, foot: float, way: float, size: Sizes) -> tuple[Point, Point]:
    """Heel and toe of a foot: where it may touch the ground."""
    under = size.tall * 0.034
    middle = plus(ankle, down(-foot * way, under))
    return plus(middle, down(-90 * way - foot * way, under)), plus(
        middle, down(90 * way - foot * way, under * 2.2)
    )


def _reach(root: Point, target: Point, first: float, second: float) -> Point:
    """Where the elbow must be so that the hand meets the target: of the two places the lower one."""
    dx, dy = target[0] - root[0], target[1] - root[1]
    far = min(math.hypot(dx, dy), (first + second) * 0.999) or 1.0
    cos = max(-1.0, min(1.0, (first * first + far * far - second * second) / (2 * first * far)))
    bend = math.degrees(math.acos(cos))
    return max((plus(root, down(_angle(dx, dy) + turn, first)) for turn in (-bend, bend)), key=lambda p: p[1])


def _bend(a: Point, b: Point, c: Point, t: float) -> Point:
    return along(along(a, b, t), along(b, c, t), t)


def _limb(root: Point, angles: Arm, first: float, second: float) -> tuple[Polygon, Point]:
    elbow = plus(root, down(angles[0], first))
    return joint(root, elbow, plus(elbow, down(angles[1], second))), elbow
