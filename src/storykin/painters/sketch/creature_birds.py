"""Painters, sketch: birds, in profile on two thin legs or upright like an owl."""

# fmt: off
# One shape, one line: outlines are read as tables of coordinates.

import math
from dataclasses import replace

from storykin.painters.sketch.creature_figure import (
    POSES,
    Built,
    Part,
    headed,
    turned,
)
from storykin.painters.sketch.creature_kinds import Kind
from storykin.painters.sketch.creature_shapes import limb, open_limb, ripple, rounded, spots
from storykin.painters.sketch.creature_tops import Coat
from storykin.painters.sketch.creature_wear import cape, on_neck, shirt
from storykin.painters.sketch.ink import (
    Point,
    ellipse,
    group,
    moved,
    n,
    path,
    shade,
    stroke,
)

BEAK_YELLOW = "#f0a63f"

# How far each wing is lifted (near, far), how the body is tipped, whether the legs are tucked in.
WINGS: dict[str, tuple[float, float, float, bool]] = {
    "standing": (0, 0, 0, False), "walking": (6, 0, 2, False), "running": (50, 40, 8, False),
    "jumping": (66, 50, -12, False), "sitting": (0, 0, 0, True), "kneeling": (0, 0, 8, True),
    "crouching": (4, 0, 8, True), "sleeping": (0, 0, 0, True), "waving": (76, 0, -3, False),
    "reaching": (70, 54, -18, False), "pointing": (0, 0, 4, False), "holding": (10, 0, 0, False),
    "hugging": (56, 44, 4, False), "riding": (20, 10, 0, True), "flying": (70, 46, -8, False),
    "swimming": (8, 0, 0, True), "dancing": (74, 40, -10, False), "climbing": (64, 46, -22, False),
    "pushing": (24, 10, 12, False), "thinking": (30, 0, 0, False), "falling": (78, 50, 0, False),
}


def bird(part: Part) -> Built:
    """A bird: in profile on two thin legs, or upright like an owl."""
    if "erect" in part.kind.parts:
        return _erect_bird(part)
    kind, coat, action = part.kind, part.coat, part.action
    near, far, tip, tucked = WINGS.get(action, WINGS["standing"])
    long, high, r = 27 * kind.long, 21 * kind.girth, 19 * kind.skull
    leg = 0.0 if tucked else (17.0 if kind.mood != "glide" else 12.0)
    webbed = kind.snout == "bill"
    feet_fill = BEAK_YELLOW if kind.height != 120 else "#5b5357"
    y = -leg - high * 0.94
    feet = []
    step = {"walking": 7, "running": 13, "dancing": 8, "jumping": 5}.get(action, 0)
    for side, dx in ((-1, -step), (1, step)):
        x = side * long * 0.2
        if tucked:
            feet.append(ellipse(x + 5, -1.6, 5.4, 2.4, feet_fill) if action != "swimming" else "")
            continue
        back = action == "flying"
        fx, fy = (x - 16, y + high + 10) if back else (x + dx, -1.8)
        feet.append(stroke(f"M{n(x)} {n(y + high * 0.7)}L{n(fx)} {n(fy)}", shade(feet_fill, -0.12), 2.6))
        foot = path("M-3 1.6L3 -2.4L9.5 1.6Q3 3.4 -3 1.6Z", feet_fill) if webbed else stroke("M-4 1.4L0 -0.6L6.4 1.6M0 -0.6L1.4 2", shade(feet_fill, -0.12), 2.3)
        feet.append(moved(foot, fx, fy, 1.0, 50 if back else 0))
    body = [(long, -high * 0.2), (long * 0.62, -high * 0.82), (0, -high * 0.92), (-long * 0.6, -high * 0.62), (-long * 1.0, -high * 0.28),
            (-long * 0.72, high * 0.5), (-long * 0.1, high * 0.98), (long * 0.64, high * 0.8)]
    chest = [(long * 0.94, -high * 0.1), (long * 0.66, high * 0.72), (0, high * 0.93), (-long * 0.4, high * 0.76), (long * 0.1, high * 0.46), (long * 0.56, -high * 0.3)]
    tail = _bird_tail(kind, coat, long, high)
    trunk = rounded(body, coat.main) + rounded(chest, coat.belly, "none") + spots(coat.marks, coat.mark, long * 0.9, high * 0.9)

    def wing(scale: float, lift: float, fill: str) -> str:
        return group(_wing(long * 1.12 * scale, high * scale, fill), f"translate({n(long * 0.3)} {n(-high * 0.2)}) rotate({n(lift)})")

    shade_far = shade(coat.main, -0.12)
    wing_fill = coat.mark if kind.tail not in ("up", "hen") else shade(coat.main, -0.05)
    far_wing = group(wing(1.16, far, shade_far), "translate(9 -3)") if far else ""
    slump = action == "sleeping"
    # neck and head
    neck = 9 * kind.neck * (0.45 if slump else 1.0)
    base = (long * 0.56, -high * 0.5)
    hx = base[0] + (r * 0.22 if kind.neck < 2 else r * 0.5)
    hy = base[1] - neck - r * (0.62 if kind.neck > 1.2 else 0.42)
    tipped = group(far_wing + tail + trunk, f"rotate({n(tip)})")
    (hx, hy), (bx, by) = turned(hx, hy, tip), turned(*base, tip)
    chain: list[Point] = [(bx - 2, by + 7), (hx - r * 0.1, hy + r * 0.3)]
    if kind.neck > 2.5:
        chain = [(bx - 6, by + 9), (bx + 9, by - neck * 0.22), (bx - 5, by - neck * 0.62), (hx - r * 0.3, hy + r * 0.2)]
    necked = open_limb(chain, high * (1.1 if kind.neck > 1.2 else 1.3), r * (0.94 if kind.neck > 2.5 else 1.3), coat.main)
    sleeper = replace(part, expression="sleepy") if slump else part
    skull = headed(sleeper, r, hx, hy, 9 if slump else -tip * 0.3)
    cloak = group(cape(part.wear.cape, [(long * 0.6, -high * 0.85), (0, -high * 1.05), (-long * 0.9, -high * 0.75), (-long * 1.35, high * 0.1), (-long * 0.7, high * 0.5), (long * 0.2, high * 0.1)]), f"rotate({n(tip)})")
    vest = ""
    if part.wear.body and part.wear.body[0] not in ("satchel", "saddle"):
        fill = part.wear.body[1]
        points = [(long * 0.6, -high * 0.86), (0, -high * 0.95), (-long * 0.34, -high * 0.82), (-long * 0.42, 0), (-long * 0.28, high * 0.9), (long * 0.3, high * 0.97), (long * 0.86, high * 0.5), (long * 1.01, -high * 0.1)]
        vest = group(rounded(points, fill), f"rotate({n(tip)})")
    scarf = on_neck(part.wear, (bx + hx) / 2, by - (2 if kind.neck < 1.3 else neck * 0.14), r * 0.72, 8)
    near_wing = group(wing(1.0 if near < 40 else 1.3, near, wing_fill), f"rotate({n(tip)})")
    held = moved(part.hold, hx + r * 0.26, hy + r * 0.42) if part.hold else ""
    lower = slump or tucked
    svg = "".join(feet) if not lower else ""
    svg += group(tipped, f"translate(0 {n(y)})") + group(necked + vest + cloak + near_wing, f"translate(0 {n(y)})")
    svg += ("".join(feet) if lower else "") + group(skull + scarf, f"translate(0 {n(y)})")
    svg += group(held, f"translate(0 {n(y)})") if held else ""
    if action == "swimming":
        svg += moved(ripple(long * 3.0), 0, -3)
    if action == "falling":
        svg = group(svg, f"rotate(58 0 {n(y)})")
    return Built(svg, (-long * 0.3, y - high * 0.8), (hx, y + hy + r * 0.5))


def _wing(long: float, high: float, fill: str) -> str:
    """A near wing about its shoulder, folded back towards the tail."""
    shape = [(long * 0.12, -high * 0.1), (-long * 0.2, -high * 0.4), (-long * 0.66, -high * 0.22), (-long * 1.0, high * 0.12),
             (-long * 0.74, high * 0.24), (-long * 0.66, high * 0.42), (-long * 0.4, high * 0.42), (-long * 0.24, high * 0.54), (long * 0.02, high * 0.36)]
    lines = "".join(stroke(f"M{n(-long * x)} {n(high * y)}q{n(-long * 0.1)} {n(high * 0.16)} {n(-long * 0.24)} {n(high * 0.1)}", shade(fill, -0.22), 1) for x, y in ((0.2, 0.18), (0.42, 0.1)))
    return rounded(shape, fill, tension=0.56) + lines


def _bird_tail(kind: Kind, coat: Coat, long: float, high: float) -> str:
    fill = coat.mark if kind.tail == "fan" else coat.main
    x, y = -long * 0.78, -high * 0.2
    if kind.tail == "hen":
        return "".join(limb([(x + 4, y + 4), (x - 8 + k * 3, y - 10 - k * 5), (x - 14 + k * 7, y - 20 - k * 5)], 13, 8, shade(coat.main, -0.04 * k)) for k in (0, 1, 2))
    if kind.tail == "up":
        return path(f"M{n(x + 8)} {n(y - 4)}Q{n(x - 8)} {n(y - 8)} {n(x - 14)} {n(y - 18)}Q{n(x - 20)} {n(y)} {n(x + 2)} {n(y + 12)}Z", fill)
    if kind.tail == "fan":
        return "".join(limb([(x + 6, y + 4), (x - 12, y + 4 + d), (x - 24, y + 4 + d * 2)], 9, 8, shade(fill, -0.05)) for d in (5, -1))
    return ""


def _erect_bird(part: Part) -> Built:
    """Owl, penguin, parrot: an egg on two feet, wings for arms."""
    kind, coat, action = part.kind, part.coat, part.action
    pose = POSES.get(action, POSES["standing"])
    slump = action == "sleeping"
    half, tall, r = 21 * kind.girth, 50.0, 24 * kind.skull
    sits = pose.sits or slump
    lean = max(-40.0, min(40.0, pose.lean)) if kind.mood != "waddle" or action not in ("walking", "running") else 6.0
    leg = 2.0 if sits else 6.0
    step = {"walking": 5, "running": 9, "dancing": 7, "jumping": 6, "climbing": 7}.get(action, 0)
    feet = "".join(
        path(f"M{n(s * 9.5 - 7)} -1Q{n(s * 9.5 - 5)} -7 {n(s * 9.5)} -7Q{n(s * 9.5 + 6)} -7 {n(s * 9.5 + 8)} -1Q{n(s * 9.5 + 4)} 2 {n(s * 9.5 + 2.6)} 0Q{n(s * 9.5)} 2.4 {n(s * 9.5 - 2)} 0Q{n(s * 9.5 - 4)} 2 {n(s * 9.5 - 7)} -1Z", BEAK_YELLOW)
        if not step else moved(path("M-7 -1Q-5 -7 0 -7Q6 -7 8 -1Q4 2 2.6 0Q0 2.4 -2 0Q-4 2 -7 -1Z", BEAK_YELLOW), s * 9.5 + s * step * 0.6, -step * 0.7 if s > 0 else 0, 1.0, -s * step)
        for s in (-1, 1)
    )
    body = [(0, -tall - 12), (half * 0.7, -tall * 0.94), (half * 1.04, -tall * 0.5), (half * 0.96, -tall * 0.14), (half * 0.5, 2), (0, 3)]
    trunk = rounded(body + [(-x, y) for x, y in body[-2:0:-1]], coat.main)
    front = [(0, -tall * 0.92), (half * 0.56, -tall * 0.76), (half * 0.76, -tall * 0.34), (half * 0.5, -1), (0, 1)]
    trunk += rounded([(x + part.look * 2.4, y) for x, y in front + [(-x, y) for x, y in front[-2:0:-1]]], coat.belly, "none")
    if kind.marks == "owl":
        trunk += "".join(stroke(f"M{n(x * half - 3.4)} {n(y * tall)}q3.4 4.4 6.8 0", shade(coat.belly, -0.25), 1.4) for x, y in ((-0.34, -0.52), (0.1, -0.52), (-0.12, -0.38), (0.36, -0.38), (-0.34, -0.24), (0.1, -0.24)))
    elif coat.marks in ("spots", "dots", "stripes"):
        trunk += spots("dots", coat.mark, half * 0.7, tall * 0.3, 0, -tall * 0.36)
    dress = shirt(part.wear, [(half * 0.62, -tall * 0.9), (half * 1.02, -tall * 0.6), (half * 1.08, -tall * 0.3), (half * 0.9, -tall * 0.04)], coat.belly)
    wings, tips = [], []
    for s, angles in ((-1, pose.left_arm), (1, pose.right_arm)):
        up = angles[0] * 0.6 + angles[1] * 0.4
        if action in ("holding", "thinking"):
            up = -s * 16.0 if action == "holding" or s > 0 else -20.0
        if slump:
            up = s * 14
        if action == "flying":
            up = s * 118 if s > 0 else -104
        length, wide = tall * 0.74, half * 0.38
        wing_fill = coat.mark if kind.marks == "parrot" else shade(coat.main, -0.1)
        shape = path(f"M{n(-wide)} -3Q0 -9 {n(wide)} -2Q{n(wide * 1.3)} {n(length * 0.55)} {n(wide * 0.1)} {n(length)}Q{n(-wide * 1.1)} {n(length * 0.6)} {n(-wide)} -3Z", wing_fill)
        if kind.marks in ("owl", "parrot"):
            shape += stroke(f"M{n(-wide * 0.5)} {n(length * 0.4)}q{n(wide * 0.5)} 4 {n(wide)} 0M{n(-wide * 0.4)} {n(length * 0.6)}q{n(wide * 0.4)} 4 {n(wide * 0.8)} 0", shade(wing_fill, -0.2), 1.2)
        wings.append(moved(shape, s * half * 0.88, -tall * 0.74, 1.0, -up))
        a = math.radians(up)
        tips.append((s * half * 0.88 + math.sin(a) * length * 0.9, -tall * 0.74 + math.cos(a) * length * 0.9))
    tail = ""
    if kind.tail == "long":
        tail = "".join(limb([(-4, -8), (-12 - k, 4 + k), (-22 - k * 3, 14 - k * 3)], 9, 6, tint) for k, tint in ((3, "#6fa65a"), (0, coat.mark)))
        tail = group(tail, "translate(-6 -6)")
    elif kind.tail == "nub":
        tail = path(f"M{n(-half * 0.6)} -6L{n(-half * 1.3)} -1L{n(-half * 0.4)} 1Z", shade(coat.main, -0.1))
    cloak = cape(part.wear.cape, [(-half * 0.6, -tall * 0.94), (half * 0.6, -tall * 0.94), (half * 1.25, -tall * 0.3), (half * 1.2, -2), (-half * 0.2, 1), (-half * 1.6, -3), (-half * 1.2, -tall * 0.4)])
    skull = headed(replace(part, expression="sleepy") if slump else part, r, part.look * 1.5, -tall * 0.98 - r * 0.32, pose.tilt + (7 if slump else 0))
    scarf = on_neck(part.wear, part.look * 1.5, -tall * 0.98 + r * 0.44, r * 0.72)
    both = action in ("holding", "hugging", "pushing")
    at = ((tips[0][0] + tips[1][0]) / 2, (tips[0][1] + tips[1][1]) / 2 - 6) if both else tips[1]
    if action == "holding":
        at = (part.look * 4, -tall * 0.36)
    held = moved(part.hold, *at) if part.hold else ""
    overlay = "".join(wings)
    raised = action in ("flying", "waving", "reaching", "jumping", "dancing", "climbing", "falling")
    inner = cloak + tail + (overlay if raised else "") + trunk + dress + held + ("" if raised else overlay) + skull + scarf
    svg = (feet if not sits else "") + group(inner, f"translate(0 {n(-leg)}) rotate({n(lean)} 0 {n(-tall * 0.5)})") + (feet if sits else "")
    if action == "swimming":
        svg += moved(ripple(90), 0, -leg - 6)
    return Built(svg, (0, -tall), (half, -tall * 0.8))
