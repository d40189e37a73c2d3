"""Painters, sketch: creatures that stand on two legs like a person: bears, mice, dragons, robots."""

# fmt: off
# One shape, one line: outlines are read as tables of coordinates.

import math
from dataclasses import dataclass, replace

from storykin.painters.sketch.creature_curled import curled
from storykin.painters.sketch.creature_figure import (
    POSES,
    Built,
    Part,
    Pose,
    chain_of,
    headed,
    turned,
    wrapped,
)
from storykin.painters.sketch.creature_kinds import Kind
from storykin.painters.sketch.creature_shapes import limb, open_limb, ripple, rounded
from storykin.painters.sketch.creature_tops import Coat
from storykin.painters.sketch.creature_wear import cape, on_neck, shirt, sleeves
from storykin.painters.sketch.ink import (
    Point,
    box,
    circle,
    ellipse,
    group,
    mix,
    moved,
    n,
    path,
    shade,
    stroke,
)

HOPPING = {"walking": Pose((40, 70), (-36, -8), (36, 2), (-2, -40), 4, -2), "running": Pose((70, 110), (30, 88), (64, 20), (40, 4), 14, -8)}
WADDLING = {"walking": Pose((46, 30), (-46, -30), (16, 4), (-12, -10), -6, 5)}


@dataclass(frozen=True)
class Frame:
    """The measures of one upright body in one pose: half its width, heights, thicknesses, and where its hips are."""

    pose: Pose
    half: float
    tall: float
    long_leg: float
    thick: float
    hip_y: float
    fill: str

    def at(self, x: float, y: float) -> Point:
        """A point of the trunk, which leans about the hips."""
        tx, ty = turned(x, y, self.pose.lean)
        return tx, ty + self.hip_y


def _pose_of(part: Part) -> Pose:
    """How this kind does it: hoppers hop, heavy ones sway, and snowmen hold their twigs out."""
    kind, action = part.kind, part.action
    pose = POSES.get("sitting" if action == "sleeping" else action, POSES["standing"])
    moods = {"hop": HOPPING, "waddle": WADDLING, "lumber": WADDLING}.get(kind.mood, {})
    pose = moods.get(action, pose)
    if action == "sleeping":
        pose = replace(pose, tilt=14)
    if "snow" in kind.parts and abs(pose.right_arm[0]) < 50 and action != "holding":
        pose = replace(pose, left_arm=(-72, -118), right_arm=(72, 118))
    return pose


def _frame(part: Part) -> Frame:
    kind, pose = part.kind, _pose_of(part)
    long_leg, half, tin = 22 * kind.leg, 17.5 * kind.girth, "tin" in kind.parts
    low = max(chain_of((0, 0), angles, long_leg)[-1][1] for angles in (pose.left_leg, pose.right_leg))
    hip_y = -4.0 if pose.sits or "snow" in kind.parts else -(low + 4)
    fill = part.coat.mark if kind.marks == "panda" else part.coat.main
    return Frame(pose, half, 36 * kind.long, long_leg, (7.5 if tin else 11) * (0.9 + 0.1 * kind.girth), hip_y, fill)


def upright(part: Part) -> Built:
    """An animal that stands on two legs like a person."""
    kind, action = part.kind, part.action
    if action == "sleeping" and not {"snow", "cookie", "tin"} & set(kind.parts):
        return curled(part, 20 * kind.skull)
    if action == "sleeping":
        part = replace(part, expression="sleepy")
    frame = _frame(part)
    pose, half, tall, snow = frame.pose, frame.half, frame.tall, "snow" in kind.parts
    leg = _seated_leg if pose.sits else _leg
    legs = "" if snow else leg(part, frame, -1) + leg(part, frame, 1)
    arms = _arm(part, frame, -1) + _arm(part, frame, 1)
    turn = f"translate(0 {n(frame.hip_y)}) rotate({n(pose.lean)})"
    hem = ((half * 0.5, -tall * 0.94), (half * 0.9, -tall * 0.56), (half * 1.06, -tall * 0.2), (half * 0.98, tall * 0.02))
    body = group(_trunk_of(kind, part.coat, half, tall) + shirt(part.wear, hem, part.coat.belly), turn)
    tail_x, tail_y = frame.at(-half * 0.5, -5)
    swing = pose.lean * (0.55 if pose.lean > 30 else 0.3)
    tail = group(_tail(kind, part.coat, half), f"translate({n(tail_x)} {n(tail_y)}) rotate({n(swing)})")
    neck_x, neck_y = frame.at(0, -tall * 0.93)
    scarf = on_neck(part.wear, neck_x, neck_y + (7.0 if snow else 1.0), half * (0.5 if snow else 0.62), pose.lean * 0.8)
    skull = _placed_head(part, frame)
    held = moved(part.hold, *_hand(part, frame)) if part.hold else ""
    svg = tail + group(_behind(part, frame), turn) + (body + legs if pose.sits else legs + body)
    if "cookie" in kind.parts:
        svg = legs + arms + body + held + skull + scarf
    elif action == "thinking":
        svg += skull + scarf + held + arms
    elif action == "hugging":
        svg += scarf + skull + held + arms
    elif action in ("reaching", "jumping", "waving", "climbing", "pointing", "dancing", "falling"):
        svg += arms + held + skull + scarf
    else:
        svg += held + arms + skull + scarf
    if action == "swimming":
        svg += moved(ripple(116), 8, frame.hip_y + 3)
    return Built(svg, frame.at(-half * 0.2, -tall * 0.82), frame.at(half * 0.6, -tall * 0.9))


def _seated_leg(part: Part, frame: Frame, side: int) -> str:
    """A leg stretched towards us, the sole showing."""
    x, fill = side * frame.half * 0.94, frame.fill
    pad = mix(fill, "#b9a6a6" if part.kind.marks == "panda" else "#f3d5c4", 0.6)
    pad = part.coat.belly if "tin" in part.kind.parts else pad
    leg = open_limb([(side * frame.half * 0.4, -8), (x, -7)], 13, 12, fill)
    return leg + ellipse(x + side * 2, -8, 7.6, 8.2, fill) + ellipse(x + side * 2, -6.6, 4.3, 4, pad, "none")


def _leg(part: Part, frame: Frame, side: int) -> str:
    parts, forward = part.kind.parts, 1.0 if part.look > 0.05 else 0.0
    angles = frame.pose.left_leg if side < 0 else frame.pose.right_leg
    chain = chain_of((side * frame.half * 0.54, frame.hip_y), angles, frame.long_leg)
    (kx, ky), (fx, fy) = chain[-2], chain[-1]
    slope = math.degrees(math.atan2(fx - kx, fy - ky))
    fill = shade(frame.fill, -0.08) if side < 0 and forward else frame.fill
    tin = "tin" in parts
    leg = open_limb(chain, 7 if tin else frame.thick * 1.3, 7 if tin else frame.thick, fill)
    dx = 3.2 * forward + side * 2.0 * (1 - forward)
    foot = ellipse(dx, 0.5, 11.5 if "wideleg" in parts else 8.6, 4.6, part.coat.mark if tin else fill)
    if "toes" in parts:
        claw = shade(fill, -0.3)
        foot += "".join(ellipse(dx + k * 3.8 + 1.6 * forward, 2.6, 1.7, 1.6, "#fbf0d6", claw, 0.5) for k in (-1, 0, 1))
    return leg + moved(foot, fx, fy, 1.0, -slope * 0.8 if abs(slope) > 24 else 0)


def _arm_points(part: Part, frame: Frame, side: int, stretch: float = 1.0) -> list[Point]:
    """Shoulder, elbow and hand."""
    long = 27 * (0.66 if "shortarms" in part.kind.parts else 1.0) * stretch
    shoulder = frame.at(side * frame.half * 0.66, -frame.tall * 0.8)
    return chain_of(shoulder, frame.pose.left_arm if side < 0 else frame.pose.right_arm, long)


def _arm(part: Part, frame: Frame, side: int) -> str:
    thick, parts = frame.thick, part.kind.parts
    chain = _arm_points(part, frame, side, 1.2 if part.action in ("reaching", "climbing") else 1.0)
    (ex, ey), (hx, hy) = chain[1], chain[2]
    if "snow" in parts:
        fingers = "".join(f"M{n(hx)} {n(hy)}l{n(side * dx)} {n(dy)}" for dx, dy in ((4, -2.5), (1, -5), (4.5, 2)))
        return stroke("M" + "L".join(f"{n(x)} {n(y)}" for x, y in chain), part.coat.mark, 2.2) + stroke(fingers, part.coat.mark, 1.6)
    drawn = open_limb(chain, thick * 0.98, thick * 0.9, frame.fill)
    cloth = sleeves(part.wear)
    if cloth:
        cuff = (ex + (hx - ex) * 0.62, ey + (hy - ey) * 0.62)
        drawn += open_limb([chain[0], chain[1], cuff], thick * 1.06, thick * 1.0, cloth)
    if "tin" in parts:
        drawn += circle(hx, hy, 5.4, part.coat.mark)
    elif "bigpaws" in parts:
        drawn += ellipse(hx, hy, 6.4, 5, part.coat.inner)
    if part.wear.bandage and side > 0:
        drawn += wrapped(ex, ey, hx, hy, thick, part.wear.bandage)
    return drawn


def _hand(part: Part, frame: Frame) -> Point:
    """Where a thing is held: between both hands, or in the forward one."""
    left, right = (_arm_points(part, frame, side)[-1] for side in (-1, 1))
    if part.action in ("holding", "pushing", "hugging"):
        return ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2 + 1)
    return right


def _placed_head(part: Part, frame: Frame) -> str:
    kind, pose, r = part.kind, frame.pose, 21 * part.kind.skull
    chin = 1.1 if kind.head in ("long", "longish") else 0.98
    x, y = frame.at(0, -frame.tall * 0.9)
    dx, dy = turned(r * 0.1 * part.look, -r * (chin - 0.3), min(max(pose.lean * 0.85, -50), 64))
    return headed(part, r, x + dx, y + dy, pose.tilt + (pose.lean * 0.35 if abs(pose.lean) < 30 else 0))


def _behind(part: Part, frame: Frame) -> str:
    """What grows or hangs behind the trunk: wings, spikes, spines, a cape."""
    kind, coat, half, tall = part.kind, part.coat, frame.half, frame.tall
    behind = _wings(kind, coat, half, tall, part.action) + _spikes(kind, coat, half, tall)
    if "spinyback" in kind.parts:
        rays = []
        for i in range(24):
            turn, far = math.tau * i / 24, 1.0 if i % 2 else 0.84
            rays.append((math.sin(turn) * half * far * 1.72 - 9 * part.look, -tall * 0.46 - math.cos(turn) * tall * 0.66 * far))
        behind += path("M" + "L".join(f"{n(x)} {n(y)}" for x, y in rays) + "Z", coat.mark)
    if not part.wear.cape:
        return behind
    blow = {"running": 16, "flying": 4, "jumping": 8, "walking": 7, "dancing": 12}.get(part.action, 0)
    low = 10 if part.action in ("flying", "swimming") else tall * 0.02 + frame.long_leg * 0.55
    edge = [(-half * 0.5, -tall * 0.93), (half * 0.5, -tall * 0.93), (half * 1.1, -tall * 0.3), (half * 1.2 - blow * 0.4, low),
            (-half * 0.2 - blow, low + 3), (-half * 1.45 - blow, low - 2), (-half * 1.1 - blow * 0.3, -tall * 0.4)]
    return behind + cape(part.wear.cape, edge)


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
    sides = ((1, 0.86), (-1, 1.04)) if action not in ("flying", "swimming", "falling") else ((-1, 0.9), (-1, 1.1))
    for i, (side, scale) in enumerate(sides):
        wing = "M0 0Q14 -30 44 -38Q54 -22 50 -4Q42 -10 36 -2Q32 10 28 10Q22 0 14 4Q8 12 0 14Z"
        bones = stroke("M2 2Q14 -22 42 -34M10 -8Q24 -6 35 -2M6 -2Q16 0 27 9", shade(coat.mark, -0.25), 1.1)
        parts.append(group(path(wing, coat.mark) + bones, f"translate({n(side * half * 0.5)} {n(-tall * 0.66)}) scale({n(side * scale)} {n(scale)}) rotate({n(-up + (34 if side == sides[1][0] and i == 0 else 0))})"))
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
        rings = "".join(stroke(f"M{n(x - dx)} {n(y - dy)}L{n(x + dx)} {n(y + dy)}", coat.mark, 4) for x, y, dx, dy in ((-10, 0.2, 0, 4.2), (-20.6, -2.4, 2.2, -4.2), (-28.8, -9.6, 4.2, -2.2))) + circle(-34, -21.6, 5.6, coat.mark, "none")
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
