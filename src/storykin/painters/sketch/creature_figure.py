"""Painters, sketch: what all skeletons share: who is drawn, the poses of two-armed bodies, heads and hands.

Bodies face right, feet near y = 0; whoever calls brings them to size and to the ground. A body is about 100 high.
"""

import math
from dataclasses import dataclass, replace

from storykin.painters.sketch.creature_heads import SHAPES, head
from storykin.painters.sketch.creature_kinds import Kind
from storykin.painters.sketch.creature_shapes import limb, open_limb
from storykin.painters.sketch.creature_tops import Coat
from storykin.painters.sketch.creature_wear import Wear, bubble, on_head
from storykin.painters.sketch.faces import face
from storykin.painters.sketch.ink import (
    Point,
    group,
    moved,
    n,
    path,
    shade,
    stroke,
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One creature in one moment: who, in which colours and clothes, doing what; `hold` is drawn about its grip."""

    kind: Kind
    coat: Coat
    wear: Wear
    action: str
    expression: str
    look: float
    hold: str = ""


@dataclass(frozen=True)
class Built:
    """A drawn body, where a rider sits on it, and where a hand may hold on."""

    svg: str
    seat: Point
    grip: Point


def headed(part: Part, r: float, x: float, y: float, turn: float = 0.0, look: float | None = None) -> str:
    """The head of `part` with all it wears, the point between the eyes at (x, y)."""
    turned = part.look if look is None else look
    kind = part.kind
    top = -SHAPES[kind.head][0][1] if kind.head in SHAPES else 0.86
    drawn = head(kind, part.coat, r, part.expression, turned, part.wear.words)
    frog = "frogeyes" in kind.parts
    spread = 0.5 if frog or kind.snout in ("horse", "cow", "trunk") else 0.42
    drawn += on_head(part.wear, r, turned, top + (0.2 if frog else 0.0), spread, -0.42 if frog else 0.0)
    drawn += bubble(part.wear, 0, r * 0.05, r * (1.3 if kind.head not in ("long",) else 1.6))
    return moved(drawn, x, y, 1.0, turn)


@dataclass(frozen=True)
class Pose:
    """Angles in degrees from hanging down, positive to the right: upper and lower part of each limb."""

    right_arm: Point = (24, 8)
    left_arm: Point = (-24, -8)
    right_leg: Point = (3, 3)
    left_leg: Point = (-3, -3)
    lean: float = 0.0
    tilt: float = 0.0
    sits: bool = False


POSES: dict[str, Pose] = {
    "standing": Pose(),
    "walking": Pose((38, 62), (-44, -18), (30, 14), (-24, -44), 3),
    "running": Pose((66, 128), (-74, -14), (62, 6), (-34, -84), 13, -5),
    "jumping": Pose((118, 150), (-118, -150), (44, -14), (-44, 14), 0, -3),
    "sitting": Pose((30, -14), (-30, 14), sits=True),
    "kneeling": Pose((52, 34), (-14, 30), (78, -6), (-4, -88), 6, 6),
    "crouching": Pose((34, -26), (-34, 26), (76, -22), (-76, 22), 8, 5),
    "waving": Pose((112, 142), (-26, -10), tilt=4),
    "reaching": Pose((128, 158), (-132, -164), (3, 3), (-8, -16), 3, -6),
    "pointing": Pose((97, 94), (-44, 30), tilt=3),
    "holding": Pose((34, -52), (-34, 52)),
    "hugging": Pose((78, 58), (36, 84), (8, 4), (-6, -4), 7, 7),
    "riding": Pose((64, 82), (30, 76), lean=2, sits=True),
    "flying": Pose((104, 98), (84, 94), (-62, -74), (-74, -88), 62, -12),
    "swimming": Pose((98, 84), (60, 100), (-58, -80), (-72, -84), 58, -14),
    "dancing": Pose((120, 156), (-78, -132), (12, 2), (-48, 34), -7, 9),
    "climbing": Pose((126, 168), (-112, -150), (66, -14), (-18, 4), 3, -6),
    "pushing": Pose((84, 90), (48, 84), (20, -4), (-36, -48), 17, 2),
    "thinking": Pose((34, -164), (-22, 62), tilt=7),
    "falling": Pose((116, 152), (-118, -96), (76, 52), (48, 96), -58, -8),
}  # fmt: skip


def turned(x: float, y: float, degrees: float) -> Point:
    a = math.radians(degrees)
    return (x * math.cos(a) - y * math.sin(a), x * math.sin(a) + y * math.cos(a))


def chain_of(start: Point, angles: Point, long: float) -> list[Point]:
    points = [start]
    for angle in angles:
        a, (x, y) = math.radians(angle), points[-1]
        points.append((x + math.sin(a) * long / 2, y + math.cos(a) * long / 2))
    return points


def bare_face(part: Part, r: float) -> str:
    """A face without a skull of its own, with hat and glasses."""
    look = part.look if part.look else 0.0
    coat = part.coat
    drawn = face(part.expression, r, coat.eye, shade(coat.main, -0.45), look * 0.8, True, 0.5, 0.5, 0.15)
    if "teeth" in part.kind.parts or "big teeth" in part.wear.words:
        x = look * 0.8 * r * 0.26
        drawn += "".join(
            path(
                f"M{n(x + k * r * 0.13 - r * 0.05)} {n(r * 0.56)}l{n(r * 0.05)} {n(r * 0.12)}l{n(r * 0.05)} {n(-r * 0.12)}Z",
                "#fffdf8",
                "#8f7f78",
                r * 0.02,
            )
            for k in (-1, 0, 1)
        )
    top = {"octopus": 1.62, "ghost": 1.3}.get(part.kind.rig, 1.12 if part.kind.tail == "fish" else 1.18)
    hat = on_head(part.wear, r, look * 0.8, top, 0.5)
    if part.wear.hat and part.wear.hat[0] not in ("glass",):
        hat = on_head(replace(part.wear, hat=None), r, look * 0.8, top, 0.5) + group(
            on_head(replace(part.wear, glasses="", extras=()), r * 0.92, 0, top),
            f"translate({n(-r * 0.16)} 0) rotate(6)",
        )
    return drawn + hat + bubble(part.wear, 0, 0, r * 1.5)


def armed(
    part: Part, x: float, y: float, long: float, thick: float, end: float, fill: str
) -> tuple[str, list[Point]]:
    """Two arms from (±x, y), posed like those of the upright skeleton, and where their hands are."""
    pose = (
        POSES.get(part.action, POSES["standing"])
        if part.action != "holding"
        else replace(POSES["standing"], right_arm=(58, 92))
    )
    drawn, hands = [], []
    for s, angles in ((-1, pose.left_arm), (1, pose.right_arm)):
        chain = chain_of((s * x, y), angles, long)
        drawn.append(open_limb(chain, thick, end, fill))
        hands.append(chain[-1])
    return "".join(drawn), hands


def held_at(part: Part, hands: list[Point]) -> Point:
    if part.action in ("hugging", "pushing"):
        return ((hands[0][0] + hands[1][0]) / 2, (hands[0][1] + hands[1][1]) / 2)
    return hands[1]


def wrapped(ax: float, ay: float, bx: float, by: float, thick: float, fill: str) -> str:
    """A bandage round the lower end of a limb from a to b."""
    p, q = (ax + (bx - ax) * 0.5, ay + (by - ay) * 0.5), (ax + (bx - ax) * 0.9, ay + (by - ay) * 0.9)
    band = limb([p, q], thick * 1.02, thick * 1.0, fill)
    mx, my = (p[0] + q[0]) / 2, (p[1] + q[1]) / 2
    cross = stroke(f"M{n(mx - 1.8)} {n(my)}h3.6M{n(mx)} {n(my - 1.8)}v3.6", "#d9513f", 1.3)
    return band + cross
