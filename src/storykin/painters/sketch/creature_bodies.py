"""Painters, sketch: the two skeletons most creatures move on, upright and on four legs, in all actions.

Bodies face right, feet near y = 0; whoever calls brings them to size and to the ground. A body is about 100 high.
"""

import math
from dataclasses import dataclass, replace

from storykin.painters.sketch.creature_heads import SHAPES, Coat, head
from storykin.painters.sketch.creature_kinds import Kind
from storykin.painters.sketch.creature_shapes import limb, open_limb, ripple, rounded, spots
from storykin.painters.sketch.creature_wear import Wear, bubble, cape, on_head, on_neck, shirt, sleeves
from storykin.painters.sketch.ink import (
    Point, box, circle, ellipse, group, mix, moved, n, path, shade, smooth, stroke,
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
    """A drawn body, the place where a rider sits and the one where a hand may hold on."""

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


# ------------------------------------------------------------------ upright


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
    "jumping": Pose((138, 162), (-138, -162), (44, -14), (-44, 14), 0, -3),
    "sitting": Pose((30, -14), (-30, 14), sits=True),
    "kneeling": Pose((52, 34), (-14, 30), (78, -6), (-4, -88), 6, 6),
    "crouching": Pose((34, -26), (-34, 26), (76, -22), (-76, 22), 8, 5),
    "waving": Pose((142, 168), (-26, -10), tilt=4),
    "reaching": Pose((160, 170), (-158, -172), (3, 3), (-8, -16), 4, -6),
    "pointing": Pose((97, 94), (-44, 30), tilt=3),
    "holding": Pose((34, -52), (-34, 52)),
    "hugging": Pose((78, 58), (36, 84), (8, 4), (-6, -4), 7, 7),
    "riding": Pose((64, 82), (30, 76), (66, 12), (38, 8), 2, 0, False),
    "flying": Pose((104, 98), (84, 94), (-62, -74), (-74, -88), 62, -12),
    "swimming": Pose((98, 84), (60, 100), (-58, -80), (-72, -84), 58, -14),
    "dancing": Pose((150, 118), (-72, -128), (12, 2), (-48, 34), -7, 9),
    "climbing": Pose((164, 176), (-124, -164), (66, -14), (-18, 4), 3, -6),
    "pushing": Pose((84, 90), (48, 84), (20, -4), (-36, -48), 17, 2),
    "thinking": Pose((34, -164), (-22, 62), tilt=7),
    "falling": Pose((116, 152), (-118, -96), (76, 52), (48, 96), -58, -8),
}  # fmt: skip

HOPPING = {"walking": Pose((40, 70), (-36, -8), (36, 2), (-2, -40), 4, -2), "running": Pose((70, 110), (30, 88), (64, 20), (40, 4), 14, -8)}
WADDLING = {"walking": Pose((46, 30), (-46, -30), (16, 4), (-12, -10), -6, 5)}


def _turned(x: float, y: float, degrees: float) -> Point:
    a = math.radians(degrees)
    return (x * math.cos(a) - y * math.sin(a), x * math.sin(a) + y * math.cos(a))


def _chain(start: Point, angles: Point, long: float) -> list[Point]:
    points = [start]
    for angle in angles:
        a, (x, y) = math.radians(angle), points[-1]
        points.append((x + math.sin(a) * long / 2, y + math.cos(a) * long / 2))
    return points


def upright(part: Part) -> Built:
    """An animal that stands on two legs like a person."""
    kind, coat, action = part.kind, part.coat, part.action
    if action == "sleeping" and not {"snow", "cookie", "tin"} & set(kind.parts):
        return curled(part, 20 * kind.skull)
    pose = POSES.get(action, POSES["standing"])
    if kind.mood == "hop":
        pose = HOPPING.get(action, pose)
    if kind.mood in ("waddle", "lumber"):
        pose = WADDLING.get(action, pose)
    if action == "sleeping":
        pose = replace(POSES["sitting"], tilt=14)
    long_leg, tall, half, r = 22 * kind.leg, 36 * kind.long, 17.5 * kind.girth, 21 * kind.skull
    arm_long = 27 * (0.66 if "shortarms" in kind.parts else 1.0)
    thick = (11 if "tin" not in kind.parts else 7.5) * (0.9 + 0.1 * kind.girth)
    hip_x = half * 0.54
    legs_right = _chain((hip_x, 0), pose.right_leg, long_leg)
    legs_left = _chain((-hip_x, 0), pose.left_leg, long_leg)
    snow = "snow" in kind.parts
    hip_y = -4.0 if pose.sits or snow else -(max(legs_right[-1][1], legs_left[-1][1]) + 4)
    up = lambda x, y: (lambda p: (p[0], p[1] + hip_y))(_turned(x, y, pose.lean))  # noqa: E731
    shoulder_y, shoulder_x = -tall * 0.8, half * 0.66
    limb_fill = coat.mark if kind.marks == "panda" else coat.main
    hand_fill = {"bigpaws": coat.inner}.get(next((p for p in kind.parts if p == "bigpaws"), ""), limb_fill)
    # legs
    legs = []
    foot_turn = 1.0 if part.look > 0.05 else 0.0
    for side, chain in ((-1, legs_left), (1, legs_right)):
        if snow:
            continue
        if pose.sits:
            x = side * half * 0.94
            legs.append(open_limb([(side * half * 0.4, -8), (x, -7)], 13, 12, limb_fill))
            legs.append(ellipse(x + side * 2, -8, 7.6, 8.2, limb_fill))
            pad = mix(limb_fill, "#f3d5c4" if kind.marks != "panda" else "#b9a6a6", 0.6) if "tin" not in kind.parts else coat.belly
            legs.append(ellipse(x + side * 2, -6.6, 4.3, 4, pad, "none"))
            continue
        placed = [(x, y + hip_y) for x, y in chain]
        (kx, ky), (fx, fy) = placed[-2], placed[-1]
        slope = math.degrees(math.atan2(fx - kx, fy - ky))
        fill = shade(limb_fill, -0.08) if side < 0 and part.look > 0.05 else limb_fill
        leg = open_limb(placed, thick * 1.3 if "tin" not in kind.parts else 7, thick if "tin" not in kind.parts else 7, fill)
        wide = 8.6 if "wideleg" not in kind.parts else 11.5
        dx = 3.2 * foot_turn + side * 2.0 * (1 - foot_turn)
        foot = ellipse(dx, 0.5, wide, 4.6, fill if "tin" not in kind.parts else coat.mark)
        if "toes" in kind.parts:
            foot += "".join(ellipse(dx + k * 3.8 + 1.6 * foot_turn, 2.6, 1.7, 1.6, "#fbf0d6", shade(fill, -0.3), 0.5) for k in (-1, 0, 1))
        legs.append(leg + moved(foot, fx, fy, 1.0, -slope * 0.8 if abs(slope) > 24 else 0))
    # trunk
    torso = _trunk_of(kind, coat, half, tall)
    dress = shirt(part.wear, [(half * 0.5, -tall * 0.94), (half * 0.9, -tall * 0.56), (half * 1.06, -tall * 0.2), (half * 0.98, tall * 0.02)], coat.belly)
    turn = f"translate(0 {n(hip_y)}) rotate({n(pose.lean)})"
    behind = _wings(kind, coat, half, tall, action) + _spikes(kind, coat, half, tall)
    if part.wear.cape:
        blow = {"running": 16, "flying": 4, "jumping": 8, "walking": 7, "dancing": 12}.get(action, 0)
        low = 10 if action in ("flying", "swimming") else tall * 0.02 + long_leg * 0.55
        behind += cape(part.wear.cape, [(-half * 0.5, -tall * 0.93), (half * 0.5, -tall * 0.93), (half * 1.1, -tall * 0.3), (half * 1.2 - blow * 0.4, low), (-half * 0.2 - blow, low + 3), (-half * 1.45 - blow, low - 2), (-half * 1.1 - blow * 0.3, -tall * 0.4)])
    tail = group(_tail(kind, coat, half), f"translate({n(-half * 0.5)} {n(hip_y - 5)}) rotate({n(pose.lean * 0.55 if pose.lean > 30 else pose.lean * 0.3)})")
    # arms
    arms = []
    cloth = sleeves(part.wear)
    for side, angles in ((-1, pose.left_arm), (1, pose.right_arm)):
        start = up(side * shoulder_x, shoulder_y)
        lean = 0.0 if action in ("flying", "swimming", "falling") else pose.lean * 0.5
        chain = _chain(start, (angles[0] - lean * 0, angles[1]), arm_long)
        if snow:
            (ax, ay), (bx, by) = chain[0], chain[-1]
            twigs = "".join(stroke(f"M{n(bx)} {n(by)}l{n(dx)} {n(dy)}", coat.mark, 1.6) for dx, dy in ((side * 4, -2.5), (side * 1, -5), (side * 4.5, 2)))
            arms.append(stroke(f"M{n(ax)} {n(ay)}L{n(chain[1][0])} {n(chain[1][1])}L{n(bx)} {n(by)}", coat.mark, 2.2) + twigs)
            continue
        drawn = open_limb(chain, thick * 0.98, thick * 0.8, limb_fill)
        (ex, ey), (hx, hy) = chain[1], chain[2]
        if cloth:
            cuff = (ex + (hx - ex) * 0.62, ey + (hy - ey) * 0.62)
            drawn += open_limb([chain[0], chain[1], cuff], thick * 1.06, thick * 1.0, cloth)
        if "tin" in kind.parts:
            drawn += circle(hx, hy, 5.4, coat.mark)
        elif "bigpaws" in kind.parts:
            drawn += ellipse(hx, hy, 6.4, 5, hand_fill)
        elif "cookie" not in kind.parts:
            drawn += circle(hx, hy, thick * 0.49, limb_fill, "none")
        if part.wear.bandage and side > 0:
            drawn += _wrap(ex, ey, hx, hy, thick, part.wear.bandage)
        arms.append(drawn)
    hands = [_chain(up(side * shoulder_x, shoulder_y), angles, arm_long)[-1] for side, angles in ((-1, pose.left_arm), (1, pose.right_arm))]
    # head
    neck = up(0, -tall * 0.93)
    chin = 0.98 if kind.head not in ("long", "longish") else 1.1
    hx, hy = up(0, -tall * 0.9)
    nod = pose.lean * 0.35
    lift = r * (chin - 0.3)
    ox, oy = _turned(r * 0.1 * part.look, -lift, min(max(pose.lean * 0.85, -50), 64))
    skull = headed(part, r, hx + ox, hy + oy, pose.tilt + (nod if abs(pose.lean) < 30 else 0))
    necked = on_neck(part.wear, neck[0], neck[1] + 1.0, half * 0.62, pose.lean * 0.8)
    held = ""
    if part.hold:
        at = ((hands[0][0] + hands[1][0]) / 2, (hands[0][1] + hands[1][1]) / 2 + 1) if action in ("holding", "pushing", "hugging") else hands[1]
        held = moved(part.hold, *at)
    body = group(torso + dress, turn)
    over_head = action in ("reaching", "jumping", "waving", "climbing", "thinking", "pointing", "dancing", "falling")
    front = "".join(arms)
    svg = tail + group(behind, turn) + ("".join(legs) if not pose.sits else "") + body + ("".join(legs) if pose.sits else "")
    if kind.parts and "cookie" in kind.parts:
        svg = "".join(legs) + front + body
        svg += held + skull + necked
    elif over_head:
        svg += skull + necked + held + front if action == "thinking" else front + held + skull + necked
    else:
        svg += necked + skull + held + front if action in ("hugging",) else held + front + skull + necked
    if action == "swimming":
        svg += moved(ripple(112), hip_y * 0 + 6, hip_y + 8)
    return Built(svg, up(-half * 0.2, -tall * 0.82), up(half * 0.6, -tall * 0.9))


def _trunk_of(kind: Kind, coat: Coat, half: float, tall: float) -> str:
    if "tin" in kind.parts:
        panel = box(-half * 0.6, -tall * 0.72, half * 1.2, tall * 0.42, coat.belly, round=3)
        lights = "".join(circle(half * k, -tall * 0.58, 2.3, tint) for k, tint in ((-0.34, "#d9513f"), (0, "#f3c94f"), (0.34, "#6fa65a")))
        gauge = stroke(f"M{n(-half * 0.36)} {n(-tall * 0.4)}l{n(half * 0.72)} 0", shade(coat.belly, -0.3), 1.6)
        return box(-half, -tall * 0.92, half * 2, tall * 0.98, coat.main, round=7) + panel + lights + gauge
    if "snow" in kind.parts:
        buttons = "".join(circle(half * 0.06, y, 2, "#4a3f44", "none") for y in (-tall * 0.86, -tall * 0.66, -tall * 0.28))
        shadow_side = stroke(f"M{n(half * 0.9)} {n(-tall * 0.06)}Q{n(half * 0.66)} {n(tall * 0.06)} {n(half * 0.2)} {n(tall * 0.09)}", "#d5dfe8", 2.4)
        return ellipse(0, -tall * 0.28, half * 1.12, tall * 0.42, coat.main, "#c3ccd6") + ellipse(0, -tall * 0.76, half * 0.8, tall * 0.33, coat.main, "#c3ccd6") + shadow_side + buttons
    right = [(0, -tall), (half * 0.52, -tall * 0.95), (half * 0.86, -tall * 0.56), (half * 1.03, -tall * 0.2), (half * 0.82, 5), (0, 8)]
    if "shaggy" in kind.parts:
        right = [(0, -tall), (half * 0.52, -tall * 0.95), (half * 0.94, -tall * 0.62), (half * 0.9, -tall * 0.45), (half * 1.1, -tall * 0.25), (half * 0.98, -tall * 0.08), (half * 1.0, 5), (half * 0.74, 2), (half * 0.56, 9), (half * 0.26, 4), (0, 10)]
    points = right + [(-x, y) for x, y in right[-2:0:-1]]
    drawn = rounded(points, coat.main, tension=0.4 if "shaggy" in kind.parts else 0.56)
    if kind.marks == "panda":
        drawn += rounded([(-half * 0.62, -tall * 0.9), (half * 0.62, -tall * 0.9), (half * 0.86, -tall * 0.58), (0, -tall * 0.5), (-half * 0.86, -tall * 0.58)], coat.mark, "none")
    elif "cookie" in kind.parts:
        drawn += "".join(circle(0, y, 2.5, tint) for y, tint in ((-tall * 0.66, "#d9513f"), (-tall * 0.36, "#6fa65a")))
        drawn += stroke(f"M{n(-half * 0.8)} {n(-tall * 0.02)}q{n(half * 0.2)} 4 {n(half * 0.4)} 0t{n(half * 0.4)} 0t{n(half * 0.4)} 0t{n(half * 0.4)} 0", coat.mark, 1.6)
    else:
        drawn += rounded([(0, -tall * 0.82), (half * 0.5, -tall * 0.62), (half * 0.66, -tall * 0.2), (half * 0.4, 2), (0, 4), (-half * 0.4, 2), (-half * 0.66, -tall * 0.2), (-half * 0.5, -tall * 0.62)], coat.belly, "none")
        if "plates" in kind.parts:
            drawn += "".join(stroke(f"M{n(-half * w)} {n(-tall * k)}q{n(half * w)} 3.4 {n(half * w * 2)} 0", shade(coat.belly, -0.16), 1.1) for k, w in ((0.6, 0.46), (0.42, 0.56), (0.24, 0.6), (0.06, 0.54)))
        if "pouch" in kind.parts:
            drawn += path(f"M{n(-half * 0.5)} {n(-tall * 0.24)}Q0 {n(-tall * 0.1)} {n(half * 0.5)} {n(-tall * 0.24)}Q{n(half * 0.5)} {n(tall * 0.06)} 0 {n(tall * 0.07)}Q{n(-half * 0.5)} {n(tall * 0.06)} {n(-half * 0.5)} {n(-tall * 0.24)}Z", shade(coat.belly, -0.08))
    marks = coat.marks
    if marks in ("spots", "dots", "stripes", "patches", "backspots", "tabby"):
        for side in (-1, 1):
            if marks == "backspots" and side > 0:
                continue
            if marks in ("stripes", "tabby"):
                drawn += "".join(stroke(f"M{n(side * half * w)} {n(-tall * k)}l{n(-side * half * 0.3)} 1.6", coat.mark, 2.6) for k, w in ((0.62, 0.8), (0.42, 0.93), (0.22, 1.0)))
            else:
                drawn += "".join(circle(side * half * w, -tall * k, s, coat.mark, "none") for k, w, s in ((0.66, 0.62, 2.5), (0.42, 0.8, 3), (0.16, 0.82, 2.3)))
    return drawn


def _wings(kind: Kind, coat: Coat, half: float, tall: float, action: str) -> str:
    if "wings" not in kind.parts:
        return ""
    up = {"flying": 26, "jumping": 18, "running": 10, "dancing": 12, "reaching": 14, "sitting": -4}.get(action, 0)
    parts = []
    for side, scale in ((1, 0.82), (-1, 1.0)):
        points = [(0, 0), (16, -26), (42, -34), (50, -8), (37, -6), (30, 8), (20, 2), (10, 10)]
        wing = "M" + "L".join(f"{n(x)} {n(y)}" for x, y in points[:1])
        wing += f"Q14 -30 44 -38Q54 -22 50 -4Q42 -10 36 -2Q32 10 28 10Q22 0 14 4Q8 12 0 14Z"
        bones = stroke("M2 2Q14 -22 42 -34M10 -8Q24 -6 35 -2M6 -2Q16 0 27 9", shade(coat.mark, -0.25), 1.1)
        parts.append(group(path(wing, coat.mark) + bones, f"translate({n(side * half * 0.5)} {n(-tall * 0.66)}) scale({n(side * scale)} {n(scale)}) rotate({n(-up)})"))
    return "".join(parts)


def _spikes(kind: Kind, coat: Coat, half: float, tall: float) -> str:
    if "spikes" not in kind.parts:
        return ""
    parts = []
    for k, w in ((0.74, 0.72), (0.5, 0.9), (0.26, 1.0)):
        x, y = -half * w, -tall * k
        parts.append(path(f"M{n(x + 5)} {n(y - 6)}L{n(x - 8)} {n(y - 3)}L{n(x + 4)} {n(y + 6)}Z", coat.mark))
    return "".join(parts)


def _tail(kind: Kind, coat: Coat, half: float) -> str:
    """A tail about its root, for a body that stands upright; it hangs out to the left."""
    fill, style = coat.main, kind.tail
    if style in ("bob", "puff"):
        return circle(-half * 0.62, -1, 6 if style == "bob" else 7.6, fill if style == "bob" else coat.belly)
    if style == "mouse":
        return stroke(f"M0 2C-14 8 {n(-half - 4)} 10 {n(-half - 10)} -2S{n(-half - 20)} -14 {n(-half - 24)} -6", shade(coat.inner, -0.1), 2.2)
    if style == "monkey":
        return stroke(f"M0 0C-20 6 {n(-half - 14)} 2 {n(-half - 14)} -14C{n(-half - 14)} -28 {n(-half + 2)} -28 {n(-half - 1)} -17", shade(fill, -0.32), 5.4) + stroke(f"M0 0C-20 6 {n(-half - 14)} 2 {n(-half - 14)} -14C{n(-half - 14)} -28 {n(-half + 2)} -28 {n(-half - 1)} -17", fill, 3.8)
    if style == "squirrel":
        points = [(0, 6), (-16, 4), (-27, -12), (-27, -36), (-20, -56), (-34, -68), (-14, -72), (-2, -56), (-6, -34), (-4, -16)]
        inner = [(-8, 0), (-18, -10), (-20, -32), (-15, -52), (-10, -36), (-8, -18)]
        return rounded(points, coat.mark) + rounded(inner, mix(coat.mark, coat.belly, 0.4), "none")
    if style == "ringed":
        points = [(0, 0), (-16, 0), (-29, -8), (-34, -22)]
        rings = "".join(stroke(f"M{n(x - 2)} {n(y - 6)}L{n(x + 2)} {n(y + 6)}", coat.mark, 3.6) for x, y in ((-12, 0), (-20, -2.5))) + circle(-34, -22, 5.4, coat.mark, "none")
        return limb(points, 12, 13, fill) + rings
    if style == "paddle":
        return ellipse(-half - 8, 6, 15, 7.5, shade(fill, -0.25), turn=-14) + stroke(f"M{n(-half - 18)} 4l18 4M{n(-half - 14)} 9l8 -8", shade(fill, -0.4), 0.8)
    if style == "thick":
        return limb([(0, 0), (-18, 14), (-36, 22), (-50, 20)], 18, 4, fill)
    if style in ("dino", "dragon"):
        points = [(0, -2), (-18, 10), (-36, 18), (-54, 14), (-66, 2)]
        bumps = "".join(path(f"M{n(x - 5)} {n(y + 4)}L{n(x - 4)} {n(y - 7)}L{n(x + 6)} {n(y + 3)}Z", coat.mark) for x, y in ((-24, 2), (-40, 9), (-54, 7)))
        tip = path("M-64 6Q-80 2 -76 -18Q-66 -12 -56 -14Q-58 0 -64 6Z", coat.mark) if style == "dragon" else ""
        return bumps + tip + limb(points, 30, 5, fill)
    if style == "tuft":
        return limb([(0, 2), (-18, 8), (-30, 0)], 8, 4, fill) + rounded([(-27, 2), (-34, 6), (-42, -2), (-38, -12), (-28, -8)], coat.mark)
    return ""


def _wrap(ax: float, ay: float, bx: float, by: float, thick: float, fill: str) -> str:
    """A bandage round the lower end of a limb from a to b."""
    p, q = (ax + (bx - ax) * 0.35, ay + (by - ay) * 0.35), (ax + (bx - ax) * 0.9, ay + (by - ay) * 0.9)
    band = limb([p, q], thick * 1.02, thick * 1.0, fill)
    mx, my = (p[0] + q[0]) / 2, (p[1] + q[1]) / 2
    cross = stroke(f"M{n(mx - 1.8)} {n(my)}h3.6M{n(mx)} {n(my - 1.8)}v3.6", "#d9513f", 1.3)
    return band + cross


# ------------------------------------------------------------------ curled up asleep


def curled(part: Part, r: float) -> Built:
    """Asleep on the ground, head on the paws, tail round the body."""
    kind, coat = part.kind, part.coat
    wide, high = 38 * max(0.8, kind.long), 17.5 * (0.6 + 0.4 * kind.girth)
    sleeper = replace(part, expression="sleepy")
    arm = coat.mark if kind.marks == "panda" else coat.main
    body = [(-wide, -high * 0.8), (-wide * 0.72, -high * 1.75), (-wide * 0.1, -high * 2.05), (wide * 0.55, -high * 1.6), (wide * 0.9, -high * 0.8), (wide * 0.7, -1), (0, 0), (-wide * 0.75, -0.5)]
    trunk = rounded(body, coat.main) + spots(coat.marks, coat.mark, wide * 0.86, high * 0.95, -wide * 0.05, -high * 1.0)
    if "spines" in kind.parts:
        trunk += spines(coat, [(-wide, -high * 0.8), (-wide * 0.8, -high * 1.9), (-wide * 0.1, -high * 2.3), (wide * 0.5, -high * 1.8)])
    if "fleece" in kind.parts:
        trunk = fleece(coat, wide, high, 0, -high)
    if "shell" in kind.parts:
        trunk = ellipse(0, -4, wide, 7, coat.belly) + shell(coat, wide * 0.9, high * 1.9, 0, -6)
    haunch = ellipse(-wide * 0.5, -high * 0.72, 14.5, 12.5, arm) + ellipse(-wide * 0.2, -3.6, 10, 4, arm)
    if {"fleece", "shell"} & set(kind.parts):
        haunch = ""
    tail = ""
    fill = coat.main
    if kind.tail in ("brush", "squirrel"):
        bush = coat.mark if kind.tail == "squirrel" else coat.main
        tail = rounded([(-wide * 0.96, -8), (-wide * 0.8, 1), (-wide * 0.1, 2), (wide * 0.22, -5), (wide * 0.02, -12), (-wide * 0.5, -13)], bush)
        tail += rounded([(wide * 0.22, -5), (wide * 0.02, -11.5), (-wide * 0.12, -7), (-wide * 0.06, 0.8)], coat.belly, "none")
    elif kind.tail in ("cat", "wag", "monkey", "ringed", "tuft", "mouse", "dino", "dragon", "lizard", "thick"):
        big = kind.tail in ("dino", "dragon", "lizard", "thick")
        tail = limb([(-wide * 0.9, -7), (-wide * 0.6, -2), (-wide * 0.15, -2.4), (wide * 0.16, -4)], 13 if big else 7, 4, fill)
        tail += path(f"M{n(wide * 0.13)} -1Q{n(wide * 0.3)} 1 {n(wide * 0.42)} -10Q{n(wide * 0.26)} -10 {n(wide * 0.16)} -8Z", coat.mark) if kind.tail == "dragon" else ""
    elif kind.tail == "horse":
        tail = limb([(-wide * 0.96, -13), (-wide * 1.02, -6), (-wide * 0.6, -1.5), (-wide * 0.1, -3)], 9, 4, coat.mark)
    elif kind.tail in ("puff", "bob", "short"):
        tail = circle(-wide * 0.98, -high * 0.7, 6.5, coat.belly if kind.tail == "puff" else fill)
    wings = ""
    if "wings" in kind.parts:
        wings = group(path("M0 0Q14 -22 36 -20Q30 -8 24 -8Q22 2 14 0Q8 6 0 4Z", coat.mark), f"translate({n(-wide * 0.3)} {n(-high * 1.1)}) scale(-1 1)")
    spikes = "".join(path(f"M{n(wide * k - 5)} {n(-high * y + 2)}L{n(wide * k - 2)} {n(-high * y - 8)}L{n(wide * k + 5)} {n(-high * y + 2)}Z", coat.mark)
                     for k, y in ((-0.72, 1.72), (-0.4, 1.96), (-0.05, 2.02))) if {"spikes", "plates"} & set(kind.parts) and kind.rig != "bird" and kind.mood == "lumber" else ""  # fmt: skip
    paws = ellipse(wide * 0.62, -3.6, 11, 4.2, arm) + ellipse(wide * 1.0, -3.6, 9, 4, arm)
    reach = 0.9 * wide + max(0.0, kind.neck - 2.0) * 8
    low = r * (0.86 if kind.head not in ("long", "longish", "sheep") else 1.22)
    skull = headed(sleeper, r, reach, -low - 2.5, 8, 0.12)
    neck = open_limb([(wide * 0.5, -high), (reach - r * 0.3, -low + 4)], 22, 15, coat.main) if kind.neck > 1.4 else ""
    back = cape(part.wear.cape, [(wide * 0.6, -high * 1.6), (-wide * 0.1, -high * 2.2), (-wide * 0.8, -high * 1.6), (-wide * 0.9, -high * 0.4), (-wide * 0.1, -high * 0.7), (wide * 0.5, -high * 0.6)])
    collar = on_neck(part.wear, reach - r * 0.35, -3.5, r * 0.56) if not part.wear.hat or part.wear.neck else ""
    held = moved(part.hold, wide * 0.4, -4) if part.hold else ""
    svg = spikes + trunk + wings + haunch + back + tail + neck + paws + held + skull + collar
    return Built(svg, (0, -high * 1.9), (wide, -high))


def spines(coat: Coat, edge: list[Point]) -> str:
    """A hedgehog's coat of spines along an edge, filled down to the body."""
    dense = []
    for i in range(len(edge) - 1):
        (ax, ay), (bx, by) = edge[i], edge[i + 1]
        dense += [(ax + (bx - ax) * k / 3, ay + (by - ay) * k / 3) for k in range(3)]
    dense.append(edge[-1])
    cx, cy = sum(x for x, _ in dense) / len(dense), max(y for _, y in dense)
    points: list[Point] = []
    for i, (x, y) in enumerate(dense):
        out = 1.0 if i % 2 else 1.16
        points.append((cx + (x - cx) * out, cy + (y - cy) * out))
    d = "M" + "L".join(f"{n(x)} {n(y)}" for x, y in points) + f"Q{n(cx)} {n(cy + 6)} {n(points[0][0])} {n(points[0][1])}Z"
    ticks = "".join(stroke(f"M{n(cx + (x - cx) * k)} {n(cy + (y - cy) * k)}l{n((x - cx) * 0.1)} {n((y - cy) * 0.12 - 1)}", mix(coat.mark, coat.main, 0.6), 0.9)
                    for i, (x, y) in enumerate(dense) for k in ((0.55, 0.82) if i % 2 else (0.7,)))  # fmt: skip
    return path(d, coat.mark) + ticks


def fleece(coat: Coat, wide: float, high: float, x: float, y: float) -> str:
    """A cloud of wool, `wide` by `high` to each side."""
    points = []
    for i in range(20):
        turn, out = math.tau * i / 20, 1.1 if i % 2 else 0.98
        points.append((x + math.cos(turn) * wide * out, y + math.sin(turn) * high * 1.12 * out))
    curls = "".join(stroke(f"M{n(x + a * wide)} {n(y + b * high)}q3 -4.4 6.4 -0.6q-1.6 3.4 -3.8 1.4", shade(coat.main, -0.14), 1)
                    for a, b in ((-0.6, -0.3), (-0.16, -0.56), (0.3, -0.3), (-0.3, 0.3), (0.16, 0.2), (0.56, 0.34)))  # fmt: skip
    return rounded(points, coat.main, tension=0.62) + curls


def shell(coat: Coat, wide: float, high: float, x: float, y: float) -> str:
    """A turtle's shell standing on (x, y)."""
    dome = path(f"M{n(x - wide)} {n(y)}C{n(x - wide)} {n(y - high * 1.3)} {n(x + wide)} {n(y - high * 1.3)} {n(x + wide)} {n(y)}Q{n(x)} {n(y + high * 0.16)} {n(x - wide)} {n(y)}Z", coat.mark)
    light = mix(coat.mark, "#f4dfae", 0.4)
    plates = "".join(rounded([(x + (a + c * 0.2) * wide, y + (b + d * 0.22) * high) for c, d in ((-1, -0.2), (-0.4, -1), (0.5, -1), (1, -0.1), (0.5, 0.8), (-0.5, 0.8))], light, "none", tension=0.6)
                     for a, b in ((-0.5, -0.38), (0, -0.6), (0.5, -0.38), (-0.06, -0.2)))  # fmt: skip
    rim = stroke(f"M{n(x - wide)} {n(y)}Q{n(x)} {n(y + high * 0.16)} {n(x + wide)} {n(y)}", shade(coat.mark, -0.2), 3)
    return dome + plates + rim


# ------------------------------------------------------------------ four legs


@dataclass(frozen=True)
class Leg:
    """Where a foot goes: `dx` ahead of its root, `y` above the ground, both in leg lengths.

    `loose` counts `y` downwards from the root instead; `bend` is how far the knee bows forward.
    """

    dx: float = 0.0
    y: float = 0.0
    bend: float = 0.0
    loose: bool = False


@dataclass(frozen=True)
class Stance:
    """How a four-legged body stands: its pitch (nose up is negative), the hips' height in leg lengths, its legs."""

    near_fore: Leg = Leg()
    far_fore: Leg = Leg()
    near_hind: Leg = Leg()
    far_hind: Leg = Leg()
    pitch: float = 0.0
    hips: float = 1.0
    nod: float = 0.0
    folded: bool = False


SIT = Stance(pitch=-44, hips=0.3, folded=True)
REAR = Stance(Leg(0.55, 0.1, 0.3, True), Leg(0.7, -0.25, 0.25, True), Leg(0.05, 0, 0.16), Leg(-0.2, 0, 0.12), -58, 1.0, 4)
STANCES: dict[str, Stance] = {
    "standing": Stance(),
    "walking": Stance(Leg(0.3, 0.0, 0.0), Leg(-0.3, 0.06, 0.05), Leg(-0.3, 0.04, 0.05), Leg(0.3, 0)),
    "running": Stance(Leg(0.95, 0.42, 0.1), Leg(0.62, 0.22, 0.2), Leg(-0.85, 0.3, 0.1), Leg(-1.05, 0.42, 0.05), -5, 1.15, -4),
    "jumping": Stance(Leg(0.6, 0.55, 0.35, True), Leg(0.75, 0.4, 0.3, True), Leg(-0.62, 0.85, 0.1, True), Leg(-0.8, 0.75, 0.05, True), -24, 1.2, -4),
    "sitting": SIT,
    "kneeling": Stance(Leg(0.5, 0.0, 0.0), Leg(0.62, 0.0, 0.0), Leg(0, 0), Leg(-0.1, 0), 17, 1.0, 4),
    "crouching": Stance(Leg(0.55, 0.0, 0.15), Leg(0.72, 0.0, 0.1), Leg(0.2, 0, 0.3), Leg(0.3, 0, 0.3), 4, 0.42, 4),
    "waving": replace(SIT, near_fore=Leg(0.95, -0.75, 0.12, True), nod=5),
    "reaching": replace(REAR, near_fore=Leg(0.35, -0.95, 0.1, True), far_fore=Leg(0.55, -0.9, 0.1, True), pitch=-64, nod=-8),
    "pointing": Stance(Leg(0.75, 0.28, 0.35, True), nod=-2),
    "holding": replace(SIT, nod=0),
    "hugging": replace(SIT, near_fore=Leg(0.95, -0.1, 0.1, True), far_fore=Leg(1.0, -0.35, 0.1, True), nod=9),
    "riding": SIT,
    "flying": Stance(Leg(1.0, 0.15, 0.05, True), Leg(1.05, -0.05, 0.05, True), Leg(-0.95, 0.35, 0.05, True), Leg(-1.0, 0.12, 0.05, True), -10, 1.2, -5),
    "swimming": Stance(Leg(0.5, 0.7, 0.2, True), Leg(0.8, 0.35, 0.2, True), Leg(-0.3, 0.8, 0.1, True), Leg(-0.6, 0.6, 0.1, True), -6, 1.0, -6),
    "dancing": replace(REAR, near_fore=Leg(0.8, -0.4, 0.2, True), far_fore=Leg(0.1, -0.2, 0.5, True), far_hind=Leg(-0.3, 0.16, 0.1), nod=9),
    "climbing": replace(REAR, near_fore=Leg(0.7, -0.55, 0.15, True), far_fore=Leg(0.95, -0.05, 0.2, True), near_hind=Leg(0.4, 0.1, 0.2), pitch=-52),
    "pushing": Stance(Leg(0.2, 0, 0), Leg(0.02, 0, 0), Leg(-0.45, 0, 0.05), Leg(-0.2, 0, 0.05), 7, 1.0, 9),
    "thinking": replace(SIT, near_fore=Leg(0.62, -0.62, 0.5, True), nod=8),
    "falling": Stance(Leg(0.7, -0.2, 0.2, True), Leg(0.9, 0.3, 0.2, True), Leg(-0.5, -0.1, 0.2, True), Leg(-0.8, 0.3, 0.1, True), 26, 1.3, -10),
}  # fmt: skip


def four(part: Part) -> Built:
    """An animal on four legs, its head turned to us."""
    kind, coat, action = part.kind, part.coat, part.action
    if action == "sleeping":
        return curled(part, 17.5 * kind.skull)
    st = STANCES.get(action, STANCES["standing"])
    stout = "stout" in kind.parts
    leg_long, long, girth = 27 * kind.leg, 50 * kind.long, 15.5 * kind.girth
    r = 19 * kind.skull
    thick = (11.5 if not stout else 18) * (0.75 + 0.25 * kind.girth) * (0.9 if kind.leg > 1.2 else 1.0)
    hips = max(-leg_long * st.hips, -leg_long - 40) - girth * 0.42
    if st.folded:
        hips = -girth * 0.86
    pivot = (-long * 0.33, hips)
    steep = st.pitch * (0.8 if long > 70 or kind.neck > 3 else 1.0)

    def at(x: float, y: float) -> Point:
        """A point of the level body (0 is its middle line), pitched about the hips."""
        dx, dy = _turned(x - pivot[0], y, steep)
        return (pivot[0] + dx, pivot[1] + dy)

    trunk = [(long * 0.5, -girth * 0.15), (long * 0.36, -girth * 0.98), (0, -girth * 0.9), (-long * 0.36, -girth),
             (-long * 0.5, -girth * 0.1), (-long * 0.36, girth * 0.84), (0, girth * 0.96), (long * 0.34, girth * 0.92)]  # fmt: skip
    body = rounded([at(x, y) for x, y in trunk], coat.main)
    turn = f"translate({n(pivot[0])} {n(pivot[1])}) rotate({n(steep)}) translate({n(-pivot[0])} 0)"
    body += group(_flank(kind, coat, long, girth), turn)
    # legs
    fore, hind = at(long * 0.3, girth * 0.34), at(-long * 0.32, girth * 0.2)
    far_fore, far_hind = at(long * 0.3 + 8, girth * 0.3), at(-long * 0.32 + 8, girth * 0.25)

    def leg(root: Point, goal: Leg, near: bool, hinder: bool) -> str:
        fill = coat.main if near else coat.far
        fx = root[0] + goal.dx * leg_long
        fy = root[1] + goal.y * leg_long if goal.loose else -goal.y * leg_long - 3.4
        knee = ((root[0] + fx) / 2 + goal.bend * leg_long * (1 if not hinder else -0.4), (root[1] + fy) / 2 + abs(goal.bend) * 2)
        wide = thick * (1.3 if hinder else 1.1)
        drawn = open_limb([root, knee, (fx, fy)], wide, thick * 0.86, fill)
        foot_wide = thick * (0.66 if not stout else 0.6)
        if "hooves" in kind.parts:
            hoof = shade(coat.mark if kind.marks not in ("spots",) else "#6b4f3f", -0.25) if kind.mark else "#6b5146"
            hoof = "#5f4a42" if kind.rig == "four" and "rainbow" not in kind.parts else "#d9b45f"
            foot = path(f"M{n(-thick * 0.46)} -3L{n(thick * 0.46)} -3L{n(thick * 0.56)} 3.4L{n(-thick * 0.5)} 3.4Z", hoof)
        else:
            foot = ellipse(thick * 0.16, 0, foot_wide, 3.9, fill)
            if "toes" in kind.parts:
                foot += "".join(ellipse(thick * 0.16 + k * foot_wide * 0.45, 1.7, foot_wide * 0.2, 1.7, "#f7ecd6", shade(fill, -0.25), 0.5) for k in (-1, 0, 1))
            if kind.marks == "fox" and kind.mark:
                drawn = open_limb([root, knee, (fx, fy)], wide, thick * 0.86, fill) + limb([((knee[0] + 2 * fx) / 3, (knee[1] + 2 * fy) / 3), (fx, fy)], thick * 0.9, thick * 0.86, coat.mark, "none")
                foot = ellipse(thick * 0.16, 0, foot_wide, 3.9, coat.mark)
        slope = math.degrees(math.atan2(fx - knee[0], fy - knee[1]))
        airborne = goal.loose or goal.y > 0.2
        drawn += moved(foot, fx, fy, 1.0, -slope * 0.9 if airborne else 0)
        if part.wear.bandage and near and not hinder:
            drawn += _wrap(knee[0], knee[1], fx, fy, thick, part.wear.bandage)
        return drawn

    if st.folded:
        foot_x = pivot[0] + 15 + long * 0.06
        haunch = at(-long * 0.3, girth * 0.1)
        near_hind = ellipse(foot_x, -3.8, thick * 0.98, 4.4, coat.main if kind.marks != "fox" else coat.mark) + ellipse(haunch[0] + 3, -girth * 0.84, girth * 0.98, girth * 0.84, coat.main, shade(coat.main, -0.32))
        near_hind += ellipse(haunch[0] + 1, -girth * 0.92, girth * 0.9, girth * 0.72, coat.main, "none")
        hinds = ("", near_hind)
        far_hind_leg = ellipse(foot_x + 9, -3.4, thick * 0.9, 4, coat.far)
    else:
        hinds = ("", leg(hind, st.near_hind, True, True))
        far_hind_leg = leg(far_hind, st.far_hind, False, True)
    far_legs = far_hind_leg + leg(far_fore, st.far_fore, False, False)
    near_fore = leg(fore, st.near_fore, True, False)
    # neck and head
    reach = 12 * kind.neck
    base = at(long * 0.36, -girth * 0.3)
    swing = math.radians(24 + (12 if action in ("pushing", "kneeling") else 0) + (-8 if st.folded else 0) + steep * (0.15 if kind.neck < 1.5 else 0.2))
    low = 1.0 if action not in ("crouching",) else 0.45
    up = (reach + r * 0.42 + girth * 0.4) * low
    hx, hy = base[0] + math.sin(swing) * up + r * 0.12, base[1] - math.cos(swing) * up
    if action in ("pushing", "kneeling") and kind.neck > 1.3:
        hx, hy = hx + 6, hy + reach * 0.3
    necked = open_limb([at(long * 0.3, -girth * 0.08), (base[0] + (hx - base[0]) * 0.5, base[1] + (hy - base[1]) * 0.5 + 2), (hx - r * 0.1, hy + r * 0.3)],
                       girth * (1.5 if kind.neck < 1.4 else 1.36), r * (1.1 if kind.neck < 1.4 else 0.84), coat.main)  # fmt: skip
    if kind.neck > 1.4:
        necked += _neck_marks(kind, coat, base, (hx, hy), r)
    skull = headed(part, r, hx, hy, st.nod)
    crest = _crest_mane(coat, base, (hx, hy), r, "rainbow" in kind.parts) if "crest" in kind.parts else ""
    # clothes
    mid = (base[0] + (hx - base[0]) * 0.4, base[1] + (hy - base[1]) * 0.4 + 3)
    if kind.neck > 1.4:
        mid = (base[0] + (hx - base[0]) * 0.34, base[1] + (hy - base[1]) * 0.34)
    scarf = on_neck(part.wear, mid[0] + r * 0.06, mid[1] + (3 if kind.neck < 1.4 else 0), r * (0.62 if kind.neck < 1.4 else 0.56), 14)
    cloak = ""
    if part.wear.cape:
        blow = {"running": 16, "flying": 18, "jumping": 12, "walking": 5}.get(action, 0)
        cloak = cape(part.wear.cape, [at(long * 0.4, -girth * 0.7), at(long * 0.12, -girth * 1.08), at(-long * 0.36, -girth * 1.12 - blow * 0.4), at(-long * 0.66 - blow, -girth * 0.5 - blow * 0.7), at(-long * 0.56 - blow * 0.6, girth * 0.3), at(-long * 0.1, girth * 0.5), at(long * 0.24, girth * 0.1)])
    coatlet = group(_blanket(part.wear, long, girth), turn)
    tail_root = at(-long * 0.46, -girth * 0.42)
    tail_turn = steep * 0.35 if not st.folded else -6
    tail = group(four_tail(kind, coat, action), f"translate({n(tail_root[0])} {n(tail_root[1])}) rotate({n(tail_turn)})")
    if kind.tail == "lizard" and st.folded:
        tail = group(four_tail(kind, coat, action), f"translate({n(tail_root[0] + 4)} {n(-girth * 0.62)}) rotate(-14)")
    held = moved(part.hold, *((hx + r * 0.5, hy + r * 0.95) if action != "pushing" else (hx + r * 1.2, hy + r))) if part.hold else ""
    behind = group(_backline(kind, coat, long, girth), turn)
    raised = st.near_fore.loose and action in ("waving", "reaching", "hugging", "thinking", "dancing", "climbing")
    svg = behind + tail + far_legs + body + coatlet + hinds[1]
    if "shell" in kind.parts:
        svg = tail + far_legs + hinds[1] + near_fore + group(ellipse(0, girth * 0.5, long * 0.5, girth * 0.5, coat.belly), turn) + necked + group(shell(coat, long * 0.52, girth * 1.75, 0, girth * 0.55), turn)
        svg += cloak + coatlet + scarf + skull + held
    elif raised:
        svg += necked + crest + cloak + skull + scarf + near_fore + held
    else:
        svg += near_fore + necked + crest + cloak + scarf + skull + held
    if action == "swimming":
        svg += moved(ripple(long + 66), 6, hips + girth * 0.35)
    return Built(svg, at(-long * 0.06, -girth * 0.95), mid)


def _flank(kind: Kind, coat: Coat, long: float, girth: float) -> str:
    """What the side of a level body shows: pale belly, spots, wool, spines."""
    if "fleece" in kind.parts:
        return fleece(coat, long * 0.56, girth * 1.02, 0, 0)
    if "shell" in kind.parts:
        return ""
    parts = []
    if kind.belly and kind.marks not in ("cow",) and kind.head != "sheep":
        parts.append(rounded([(long * 0.44, -girth * 0.0), (long * 0.3, girth * 0.34), (0, girth * 0.56), (-long * 0.24, girth * 0.62), (-long * 0.18, girth * 0.86), (0, girth * 0.9), (long * 0.33, girth * 0.86), (long * 0.47, girth * 0.3)], coat.belly, "none"))
    parts.append(spots(coat.marks if kind.marks != "fox" or coat.marks != "fox" else "", coat.mark, long * 0.47, girth * 0.94))
    if "udder" in kind.parts:
        parts.insert(0, ellipse(-long * 0.12, girth * 1.0, 7, 5, "#f3b8b6"))
    if "spines" in kind.parts:
        parts.append(spines(coat, [(-long * 0.52, girth * 0.5), (-long * 0.58, -girth * 0.4), (-long * 0.3, -girth * 1.12), (long * 0.08, -girth * 1.3), (long * 0.36, -girth * 0.9), (long * 0.4, -girth * 0.1)]))
    return "".join(parts)


def _backline(kind: Kind, coat: Coat, long: float, girth: float) -> str:
    """What stands up from the back: plates or a low ridge."""
    if "plates" in kind.parts:
        return "".join(
            path(f"M{n(long * x - 8 * s)} {n(-girth * 0.6)}Q{n(long * x - 9 * s)} {n(-girth * 0.9 - 12 * s)} {n(long * x)} {n(-girth * 0.9 - 20 * s)}Q{n(long * x + 9 * s)} {n(-girth * 0.9 - 12 * s)} {n(long * x + 8 * s)} {n(-girth * 0.6)}Z", coat.mark)
            for x, s in ((-0.44, 0.66), (0.36, 0.7), (-0.24, 0.9), (0.18, 0.95), (-0.03, 1.06))
        )
    if "ridge" in kind.parts:
        return "".join(path(f"M{n(long * k - 5)} {n(-girth * 0.8)}L{n(long * k)} {n(-girth * 1.36)}L{n(long * k + 5)} {n(-girth * 0.8)}Z", coat.mark) for k in (-0.4, -0.26, -0.12, 0.02, 0.16))
    return ""


def four_tail(kind: Kind, coat: Coat, action: str) -> str:
    """A tail about its root, for a body on four legs; it points to the left."""
    fill, style = coat.main, kind.tail
    lively = action in ("running", "jumping", "flying", "dancing", "waving", "hugging")
    if style == "wag":
        return limb([(4, 2), (-8, -8), (-13, -20 if not lively else -26), (-10, -30 if not lively else -34)], 8.5, 5.5, fill)
    if style == "cat":
        tail = limb([(4, 2), (-12, 0), (-21, -12), (-18, -28), (-25, -38)], 7.6, 6, fill)
        return tail + "".join(stroke(f"M{n(x - 3)} {n(y)}l6 {n(dy)}", coat.mark, 2.2) for x, y, dy in ((-20, -14, 0.8), (-18.6, -23, 0))) if kind.marks in ("tabby", "stripes") else tail
    if style == "brush":
        shape = [(6, 4), (-8, 8), (-26, 4), (-42, -12), (-44, -32), (-32, -26), (-18, -16), (-4, -8)]
        tip = [(-43.5, -32), (-43.5, -15), (-36, -13), (-31, -21), (-33, -26)]
        return rounded(shape, fill) + rounded(tip, coat.belly, "none")
    if style == "tuft":
        return limb([(4, 0), (-10, 4), (-16, 18), (-22, 26)], 5, 3.6, fill) + rounded([(-19, 22), (-28, 24), (-32, 36), (-22, 38), (-16, 30)], coat.mark)
    if style == "thin":
        return limb([(4, 0), (-8, 6), (-12, 22)], 5, 3, fill) + rounded([(-13.5, 19), (-10, 20), (-10, 30), (-16, 29)], shade(fill, -0.35))
    if style == "curl":
        return stroke("M4 0C-6 2 -12 -4 -8 -9S2 -8 -2 -2S-14 2 -16 -6", shade(fill, -0.3), 4.4) + stroke("M4 0C-6 2 -12 -4 -8 -9S2 -8 -2 -2S-14 2 -16 -6", fill, 2.8)
    if style == "puff":
        return circle(-4, 0, 8, fill)
    if style == "short":
        return limb([(6, 2), (-6, -3), (-11, -8)], 9, 5, fill)
    if style == "horse":
        if "rainbow" in kind.parts:
            return "".join(limb([(4, 2), (-8 - k * 2.4, -2 + k * 4), (-17 - k * 1.6, 14 + k * 2), (-18 + k * 3, 36)], 8, 4, tint) for k, tint in ((0, "#8fc6ea"), (1, "#f6cf7a"), (2, coat.mark)))
        return rounded([(4, 0), (-8, -4), (-19, 8), (-22, 30), (-26, 42), (-12, 38), (-8, 22), (0, 8)], coat.mark)
    if style == "lizard":
        return limb([(14, 4), (-10, 8), (-32, 16), (-50, 15), (-64, 7)], 24, 4, fill)
    return ""


def _neck_marks(kind: Kind, coat: Coat, base: Point, top: Point, r: float) -> str:
    if kind.marks == "giraffe":
        return "".join(ellipse(base[0] + (top[0] - base[0]) * k + dx, base[1] + (top[1] - base[1]) * k, 3.6, 4.2, coat.mark, "none", turn=dx * 8)
                       for k, dx in ((0.08, 2), (0.2, -4.4), (0.32, 3), (0.45, -3), (0.56, 3.4), (0.68, -2.4)))  # fmt: skip
    if kind.marks == "stripes":
        return "".join(stroke(f"M{n(base[0] + (top[0] - base[0]) * k - 8 + k * 3)} {n(base[1] + (top[1] - base[1]) * k - 2)}q6 4 11 2", coat.mark, 3) for k in (0.12, 0.3, 0.48))
    return ""


def _crest_mane(coat: Coat, base: Point, top: Point, r: float, rainbow: bool) -> str:
    """A mane down the back of the neck."""
    (bx, by), (tx, ty) = base, top
    tints = (coat.mark,) if not rainbow else ("#8fc6ea", "#f6cf7a", coat.mark)
    parts = []
    for i, tint in enumerate(tints):
        s = 1.0 - 0.24 * i
        edge = [(tx - r * 0.4, ty - r * 1.0 * (1 - 0.1 * i)), (tx - r * (0.5 + 0.72 * s), ty - r * 0.5), (tx - r * (0.4 + 0.85 * s), ty + r * 0.3), (bx - r * (0.1 + 0.75 * s), (by + ty) / 2 + r * 0.4), (bx - r * (0.2 + 0.6 * s), by - r * 0.02), (bx - r * 0.1, by - r * 0.16), ((bx + tx) / 2 - r * 0.3, (by + ty) / 2), (tx - r * 0.45, ty)]
        parts.append(rounded(edge, tint))
    return "".join(parts)


def _blanket(wear: Wear, long: float, girth: float) -> str:
    """The trunk's garment over a level body on four legs."""
    if not wear.body:
        return ""
    name, fill = wear.body
    dark = shade(fill, -0.25)
    if name == "saddle":
        seat = rounded([(-long * 0.2, -girth * 0.9), (-long * 0.12, -girth * 1.16), (0, -girth * 1.0), (long * 0.16, -girth * 1.2), (long * 0.2, -girth * 0.9), (long * 0.1, -girth * 0.1), (-long * 0.12, -girth * 0.1)], fill)
        return seat + stroke(f"M0 {n(-girth * 0.1)}L0 {n(girth * 0.92)}", dark, 2)
    if name == "satchel":
        return stroke(f"M{n(-long * 0.02)} {n(-girth * 0.92)}L{n(-long * 0.02)} 0", dark, 2.6) + box(-long * 0.16, -girth * 0.3, long * 0.3, girth * 0.8, fill, round=3)
    back = -0.5 if name in ("coat", "jumper", "dress", "dungarees") else -0.16
    points = [(long * 0.42, -girth * 0.96), (long * 0.1, -girth * 0.98), (long * back, -girth * 1.02), (long * (back - 0.03), 0), (long * (back + 0.03), girth * 0.86), (0, girth * 1.02), (long * 0.34, girth * 0.98), (long * 0.51, girth * 0.2)]
    hem = stroke(smooth([(long * back, -girth * 1.0), (long * (back - 0.025), 0), (long * (back + 0.03), girth * 0.86)], False, 0.56), dark, 1.6)
    return rounded(points, fill) + hem
