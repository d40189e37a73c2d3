"""Painters, sketch: creatures with a skeleton of their own: birds, swimmers, octopus, crab, snail, insects, ghost.

As in `creature_bodies`, they face right, stand near y = 0 and are about 100 high.
"""

import math
from dataclasses import replace

from storykin.painters.sketch.creature_bodies import POSES, Built, Part, _chain, headed
from storykin.painters.sketch.creature_heads import Coat
from storykin.painters.sketch.creature_kinds import Kind
from storykin.painters.sketch.creature_shapes import limb, open_limb, ripple, rounded, spots
from storykin.painters.sketch.creature_wear import cape, on_neck, shirt
from storykin.painters.sketch.ink import (
    Point, circle, ellipse, group, mix, moved, n, path, shade, smooth, stroke,
)  # fmt: skip

BEAK_YELLOW = "#f0a63f"

# How far each wing is lifted (near, far), how the body is tipped, whether the legs are tucked in.
WINGS: dict[str, tuple[float, float, float, bool]] = {
    "standing": (0, 0, 0, False), "walking": (6, 0, 2, False), "running": (50, 40, 8, False),
    "jumping": (84, 70, -12, False), "sitting": (0, 0, 0, True), "kneeling": (0, 0, 8, True),
    "crouching": (4, 0, 8, True), "sleeping": (0, 0, 0, True), "waving": (112, 0, -3, False),
    "reaching": (96, 84, -18, False), "pointing": (0, 0, 4, False), "holding": (10, 0, 0, False),
    "hugging": (62, 74, 4, False), "riding": (20, 10, 0, True), "flying": (92, 74, -8, False),
    "swimming": (8, 0, 0, True), "dancing": (104, 60, -14, False), "climbing": (80, 70, -22, False),
    "pushing": (24, 10, 12, False), "thinking": (30, 0, 0, False), "falling": (120, 96, 36, False),
}  # fmt: skip


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
            (-long * 0.72, high * 0.5), (-long * 0.1, high * 0.98), (long * 0.64, high * 0.8)]  # fmt: skip
    chest = [(long * 0.99, -high * 0.1), (long * 0.7, high * 0.7), (0, high * 0.96), (-long * 0.4, high * 0.8), (long * 0.1, high * 0.46), (long * 0.56, -high * 0.3)]
    tail = _bird_tail(kind, coat, long, high)
    trunk = rounded(body, coat.main) + rounded(chest, coat.belly, "none") + spots(coat.marks, coat.mark, long * 0.9, high * 0.9)
    wing = lambda scale, lift, fill: group(_wing(long * 1.12 * scale, high * 1.0 * scale, fill, coat), f"translate({n(long * 0.3)} {n(-high * 0.2)}) rotate({n(lift)})")  # noqa: E731
    shade_far = shade(coat.main, -0.12)
    wing_fill = coat.mark if kind.marks != "parrot" and kind.tail != "up" and kind.tail != "hen" else shade(coat.main, -0.05)
    far_wing = group(wing(0.9, far, shade_far), "translate(7 -2)") if far else ""
    slump = action == "sleeping"
    # neck and head
    neck = 9 * kind.neck * (0.45 if slump else 1.0)
    base = (long * 0.56, -high * 0.5)
    hx = base[0] + (r * 0.22 if kind.neck < 2 else r * 0.5)
    hy = base[1] - neck - r * (0.62 if kind.neck > 1.2 else 0.42)
    turned = group(far_wing + tail + trunk, f"rotate({n(tip)})")
    a = math.radians(tip)
    spin = lambda x, yy: (x * math.cos(a) - yy * math.sin(a), x * math.sin(a) + yy * math.cos(a))  # noqa: E731
    (hx, hy), (bx, by) = spin(hx, hy), spin(*base)
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
    near_wing = group(wing(1.0, near, wing_fill), f"rotate({n(tip)})")
    held = moved(part.hold, hx + r * 0.5, hy + r * 0.62) if part.hold else ""
    lower = slump or tucked
    svg = "".join(feet) if not lower else ""
    svg += group(turned, f"translate(0 {n(y)})") + group(vest + necked + cloak + near_wing, f"translate(0 {n(y)})")
    svg += ("".join(feet) if lower else "") + group(skull + scarf, f"translate(0 {n(y)})")
    svg += group(held, f"translate(0 {n(y)})") if held else ""
    if action == "swimming":
        svg += moved(ripple(long * 3.0), 0, -3)
    return Built(svg, (-long * 0.3, y - high * 0.8), (hx, y + hy + r * 0.5))


def _wing(long: float, high: float, fill: str, coat: Coat) -> str:
    """A near wing about its shoulder, folded back towards the tail."""
    shape = [(long * 0.12, -high * 0.1), (-long * 0.2, -high * 0.4), (-long * 0.66, -high * 0.22), (-long * 1.0, high * 0.12),
             (-long * 0.74, high * 0.24), (-long * 0.66, high * 0.42), (-long * 0.4, high * 0.42), (-long * 0.24, high * 0.54), (long * 0.02, high * 0.36)]  # fmt: skip
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
        up = (angles[0] * 0.6 + angles[1] * 0.4) if action not in ("holding", "thinking") else angles[0] + (0 if action == "holding" else s * 20)
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


# ------------------------------------------------------------------ water

# Tip of the body, how far the near fin is lifted.
SWIM: dict[str, tuple[float, float]] = {
    "standing": (0, 0), "walking": (-5, 14), "running": (-9, 30), "jumping": (-32, 40), "sitting": (-12, 6),
    "kneeling": (6, 10), "crouching": (8, 0), "sleeping": (3, -8), "waving": (-8, 150), "reaching": (-34, 120),
    "pointing": (-4, 100), "holding": (-4, 84), "hugging": (-10, 92), "riding": (-8, 30), "flying": (-16, 44),
    "swimming": (-3, 24), "dancing": (-26, 130), "climbing": (-46, 80), "pushing": (4, 84), "thinking": (0, 112),
    "falling": (42, 60),
}  # fmt: skip


def swimmer(part: Part) -> Built:
    """Whale, dolphin, shark or fish, seen from the side with its face turned to us."""
    kind, coat, action = part.kind, part.coat, part.action
    tip, fin_up = SWIM.get(action, SWIM["standing"])
    part = replace(part, expression="sleepy") if action == "sleeping" else part
    g, long = kind.girth, kind.long
    place = lambda points: [(x * long, y * g) for x, y in points]  # noqa: E731
    nose = 8 if "nose" in kind.parts else (6 if "teeth" in kind.parts else 0)
    if kind.tail == "fish":
        shape = [(46, 2), (36, -20), (12, -31), (-16, -24), (-38, -7), (-40, 6), (-16, 24), (12, 30), (37, 20)]
    else:
        shape = [(50 + nose, 3), (43, -19), (20, -31), (-8, -28), (-32, -15), (-44, -4), (-30, 15), (-2, 26), (28, 26.5), (45 + nose * 0.5, 17)]
    belly = [(49 + nose, 6), (44 + nose * 0.5, 17.5), (28, 26.4), (-2, 26), (-30, 15), (-10, 16), (18, 14), (36, 12)]
    if kind.tail == "fish":
        belly = [(45, 5), (37, 20), (12, 29.6), (-16, 23.6), (-30, 12), (-6, 16), (20, 14), (36, 10)]
    r = 21 * (0.6 + 0.4 * g)
    face_at = (24 * long, -5 * g)
    parts = []
    lash = {"running": 10, "jumping": 12, "dancing": 16, "swimming": 8, "sitting": 6}.get(action, 0)
    root = (-46 * long, -5 * g)
    if kind.tail in ("fluke", "shark"):
        end = (-60 * long, -20 * g - lash * 0.6 - (6 if kind.tail == "fluke" else 0))
        stock = open_limb([(-22 * long, -3 * g), root, (end[0] + 2, end[1] + 3)], 34 * g, 9, coat.main, root=False)
        lobes = (
            "M0 4C-4 -8 -22 -16 -30 -8C-24 2 -12 8 0 6C4 2 10 -14 22 -22C26 -10 14 4 0 6Z" if kind.tail == "fluke"
            else "M6 6L-4 -2Q-18 -16 -18 -30Q-2 -20 6 -4Q-2 10 -14 20Q0 22 10 8Z"
        )  # fmt: skip
        parts.append(moved(path(lobes, coat.mark if kind.tail == "shark" else coat.main), end[0], end[1], 1.0, -lash))
        parts.append(stock)
    else:
        parts.append(moved(path("M10 0C-6 -8 -18 -26 -28 -24C-32 -14 -24 -6 -22 0C-24 8 -32 16 -28 26C-18 26 -6 10 10 2Z", coat.mark) + stroke("M-20 -14L-8 -4M-22 0L-8 0M-20 14L-8 5", shade(coat.mark, -0.2), 1.1), -40 * long, 0, 1.0, -lash))
    if "fins" in kind.parts:
        parts.append(rounded(place([(20, -28), (8, -44), (-14, -40), (-18, -20)]), coat.mark))
        parts.append(rounded(place([(-2, 26), (-8, 38), (-20, 36), (-16, 20)]), coat.mark))
    if "dorsal" in kind.parts:
        parts.append(path(f"M{n(8 * long)} {n(-28 * g)}Q{n(-6 * long)} {n(-36 * g)} {n(-16 * long)} {n(-56 * g)}Q{n(-24 * long)} {n(-40 * g)} {n(-18 * long)} {n(-22 * g)}Z", coat.main))
    if "nose" in kind.parts:
        parts.append(open_limb(place([(38, 4), (54, 8), (66, 8)]), 20, 10, coat.main, root=False))
    parts.append(rounded(place(shape), coat.main))
    if kind.tail in ("fluke", "shark"):
        parts.append(open_limb([(-16 * long, -3 * g), (-34 * long, -4 * g), (-45 * long, -6 * g)], 36 * g, 15 * g, coat.main, 0.9, False))
    parts.append(rounded(place(belly), coat.belly, "none"))
    if "grooves" in kind.parts:
        parts += [stroke(f"M{n(x * long)} {n(y * g)}q{n(-13)} {n(3.6)} {n(-26)} {n(1.5)}", shade(coat.belly, -0.14), 1.1) for x, y in ((40, 17), (36, 21), (28, 24.2))]
    if coat.marks == "bands":
        parts += [stroke(f"M{n(x * long)} {n(-h * g)}Q{n((x - 6) * long)} 0 {n(x * long)} {n(h * g * 0.86)}", c, w) for x, h, c, w in ((-5, 25.4, "#fdf8ee", 6.5), (-25, 15, "#fdf8ee", 5))]
    else:
        parts.append(spots(coat.marks, coat.mark, 26 * long, 22 * g, -10 * long, -6 * g))
    if "gills" in kind.parts:
        parts += [stroke(f"M{n(x * long)} {n(-7 * g)}q-3 {n(6 * g)} 0 {n(12 * g)}", shade(coat.main, -0.25), 1.2) for x in (0, -5, -10)]
    head = group(_face_only(part, r), f"translate({n(face_at[0])} {n(face_at[1])})")
    parts.append(head)
    if "spout" in kind.parts and part.expression in ("happy", "laughing", "surprised", "cheeky") and action != "sleeping":
        jet = stroke("M0 0Q-1 -12 -9 -17M0 0Q1 -12 9 -17M0 0L0 -19", "#7fbcdc", 2.6)
        drops = "".join(path(f"M{x} {y}q3.4 5 0 7q-3.4 -2 0 -7Z", "#9fd0e8", "#6aa9cc", 0.6) for x, y in ((-13, -21), (13, -21), (0, -29)))
        parts.append(moved(jet + drops, 14 * long, -31 * g))
    fin = [(5, -5), (7, 6), (-4, 22), (-18, 30), (-16, 16), (-9, 2)]
    fin_at = (4 * long, 13 * g)
    fin_svg = moved(rounded(fin, coat.mark if kind.tail == "fish" else coat.main), *fin_at, 0.95, -fin_up)
    dress = ""
    if part.wear.cape:
        dress += cape(part.wear.cape, place([(10, -31), (-6, -31), (-30, -26), (-60, -34), (-58, -8), (-34, 0), (-8, -8)]))
    if part.wear.body and part.wear.body[0] not in ("satchel", "saddle"):
        fill = part.wear.body[1]
        dress += rounded(place([(6, -30.4), (-8, -28.6), (-28, -17.5), (-33, -2), (-26, 17.4), (-2, 26.6), (7, 27), (1, 0)]), fill)
    scarf = on_neck(part.wear, 22 * long, 16 * g, 21 * (0.5 + 0.5 * g), 4) if part.wear.neck else ""
    a = math.radians(-fin_up + 32)
    reach = (fin_at[0] - math.sin(a) * 26, fin_at[1] + math.cos(a) * 26)
    if action in ("holding", "pushing", "hugging", "pointing"):
        reach = (50 * long, 12 * g)
    held = moved(part.hold, *reach) if part.hold else ""
    svg = group("".join(parts[:-1] if "spout" not in kind.parts else parts) + (parts[-1] if "spout" not in kind.parts else "") + dress + scarf + held + fin_svg, f"rotate({n(tip)})")
    if action == "swimming":
        svg += moved(ripple(142), -4, 14 * g)
    return Built(svg, (-8 * long, -28 * g), (10 * long, -28 * g))


def _face_only(part: Part, r: float) -> str:
    """A face without a skull of its own, with hat and glasses."""
    from storykin.painters.sketch.creature_wear import bubble, on_head
    from storykin.painters.sketch.faces import face

    look = part.look if part.look else 0.0
    coat = part.coat
    drawn = face(part.expression, r, coat.eye, shade(coat.main, -0.45), look * 0.8, True, 0.5, 0.5, 0.15)
    if "teeth" in part.kind.parts or "big teeth" in part.wear.words:
        x = look * 0.8 * r * 0.26
        drawn += "".join(path(f"M{n(x + k * r * 0.13 - r * 0.05)} {n(r * 0.56)}l{n(r * 0.05)} {n(r * 0.12)}l{n(r * 0.05)} {n(-r * 0.12)}Z", "#fffdf8", "#8f7f78", r * 0.02) for k in (-1, 0, 1))
    top = 1.18 if part.kind.tail != "fish" else 1.12
    hat = on_head(part.wear, r, look * 0.8, top, 0.5)
    if part.wear.hat and part.wear.hat[0] not in ("glass",):
        hat = on_head(replace(part.wear, hat=None), r, look * 0.8, top, 0.5) + group(on_head(replace(part.wear, glasses="", extras=()), r * 0.92, 0, top), f"translate({n(-r * 0.16)} 0) rotate(6)")
    return drawn + hat + bubble(part.wear, 0, 0, r * 1.5)


def _armed(part: Part, x: float, y: float, long: float, thick: float, end: float, fill: str) -> tuple[str, list[Point]]:
    """Two arms from (±x, y), posed like those of the upright skeleton, and where their hands are."""
    pose = POSES.get(part.action, POSES["standing"])
    drawn, hands = [], []
    for s, angles in ((-1, pose.left_arm), (1, pose.right_arm)):
        chain = _chain((s * x, y), angles, long)
        drawn.append(open_limb(chain, thick, end, fill))
        hands.append(chain[-1])
    return "".join(drawn), hands


def _where(part: Part, hands: list[Point]) -> Point:
    if part.action in ("holding", "hugging", "pushing"):
        return ((hands[0][0] + hands[1][0]) / 2, (hands[0][1] + hands[1][1]) / 2)
    return hands[1]


def octopus(part: Part) -> Built:
    """Eight arms under a big soft head."""
    coat, action = part.coat, part.action
    part = replace(part, expression="sleepy") if action == "sleeping" else part
    sway = {"walking": 5, "running": 9, "swimming": -6, "dancing": 8, "flying": -10}.get(action, 0)
    legs = []
    for i, (x, out) in enumerate(((-24, -48), (24, 48), (-18, -34), (18, 34), (-9, -16), (9, 15))):
        fill = shade(coat.main, -0.08) if i < 2 else coat.main
        s = 1 if x > 0 else -1
        tip = -9 - (i % 3) * 2
        legs.append(open_limb([(x, -30), (x * 1.2 + out * 0.2, -14), (out - s * 4 + sway * 0.4, -5), (out + s * 4 + sway, tip + 2), (out + s * 1 + sway, tip - 6)], 15, 6, fill))
        legs += [circle(x * 1.1 + out * 0.22 + s * k * 4, -13 + k * 3.4, 1.5, coat.belly, "none") for k in (0, 1)] if i > 1 else []
    arms, hands = _armed(part, 22, -34, 44, 14, 7, coat.main)
    dome = [(0, -104), (22, -98), (34, -76), (30, -50), (24, -32), (0, -26)]
    head = rounded(dome + [(-x, y) for x, y in dome[-2:0:-1]], coat.main)
    freckles = "".join(circle(x, y, s, coat.mark, "none", opacity=0.8) for x, y, s in ((-18, -86, 3.4), (-10, -94, 2.2), (17, -90, 2.8)))
    face_svg = moved(_face_only(part, 25), 0, -62)
    scarf = on_neck(part.wear, 0, -32, 24)
    cloak = cape(part.wear.cape, [(-16, -40), (16, -40), (40, -16), (44, -3), (-6, -1), (-46, -4), (-42, -20)])
    held = moved(part.hold, *_where(part, hands)) if part.hold else ""
    svg = cloak + "".join(legs) + head + freckles + held + arms + face_svg + scarf
    if action == "swimming":
        svg += moved(ripple(120), 0, -16)
    return Built(svg, (0, -100), (24, -60))


def crab(part: Part) -> Built:
    """A round shell, claws up, walking on six legs."""
    coat, action = part.coat, part.action
    part = replace(part, expression="sleepy") if action == "sleeping" else part
    step = {"walking": 3, "running": 5, "dancing": 4}.get(action, 0)
    legs = "".join(
        stroke(f"M{n(s * 24)} {n(-24 + k * 2)}Q{n(s * (40 + k * 4))} {n(-34 + k * 7)} {n(s * (42 + k * 5) + (step if k % 2 else -step))} -2", shade(coat.mark, -0.2), 5.4)
        + stroke(f"M{n(s * 24)} {n(-24 + k * 2)}Q{n(s * (40 + k * 4))} {n(-34 + k * 7)} {n(s * (42 + k * 5) + (step if k % 2 else -step))} -2", coat.mark, 3.8)
        for s in (-1, 1) for k in (0, 1, 2)
    )  # fmt: skip
    pose = POSES.get(action, POSES["standing"])
    claws, hands = [], []
    for s, angles in ((-1, pose.left_arm), (1, pose.right_arm)):
        lifted = (angles[0] + s * 66, angles[1] + s * 120) if abs(angles[0]) < 60 and action != "holding" else angles
        if action == "sleeping":
            lifted = (s * 70, s * 60)
        chain = _chain((s * 30, -32), lifted, 36)
        claws.append(open_limb(chain, 8, 7, coat.main))
        (hx, hy) = chain[-1]
        turn = 180 - lifted[1]
        claws.append(moved(path("M0 4C-13 2 -16 -14 -7 -24C-6 -16 -3 -13 1 -11C3 -15 6 -19 12 -20C16 -10 12 2 0 4Z", coat.main), hx, hy, 1.0, turn, s > 0))
        hands.append((hx, hy))
    stalks = "".join(limb([(s * 11, -42), (s * 13, -62)], 8, 8, coat.main) + circle(s * 13.2, -64, 9.6, "#fffdf8", shade(coat.main, -0.2)) for s in (-1, 1))
    shell = rounded([(0, -54), (24, -50), (40, -34), (34, -14), (0, -6), (-34, -14), (-40, -34), (-24, -50)], coat.main) + spots(coat.marks or "", coat.mark, 30, 18, 0, -32)
    shell += rounded([(0, -12), (20, -14), (30, -20), (0, -8), (-30, -20), (-20, -14)], coat.belly, "none")
    from storykin.painters.sketch.faces import face

    eyes = group(face(part.expression, 31, coat.eye, shade(coat.main, -0.45), part.look * 0.2, True, 1.0, 0.426, 0.15), "translate(0 -64)")
    from storykin.painters.sketch.creature_wear import on_head

    hat = moved(on_head(part.wear, 20, 0, 1.2), 0, -52)
    held = moved(part.hold, *_where(part, hands)) if part.hold else ""
    svg = legs + stalks + shell + "".join(claws) + eyes + held + hat + on_neck(part.wear, 0, -16, 26)
    if action == "swimming":
        svg += moved(ripple(120), 0, -16)
    return Built(svg, (0, -54), (34, -40))


def snail(part: Part) -> Built:
    """A spiral house on a soft foot, feelers up."""
    coat, action = part.coat, part.action
    part = replace(part, expression="sleepy") if action == "sleeping" else part
    low = {"sleeping": 16, "crouching": 12, "kneeling": 8, "sitting": 4}.get(action, 0)
    up = {"reaching": 12, "waving": 8, "jumping": 6, "climbing": 12, "dancing": 8}.get(action, 0)
    hx, hy, r = 34.0 + (6 if action in ("running", "pushing", "pointing") else 0), -50.0 + low - up, 17.0
    foot = path(f"M-56 0Q-46 -12 -18 -14L10 -16Q22 -22 {n(hx - 13)} {n(hy + 6)}L{n(hx + 11)} {n(hy + 8)}Q{n(hx + 14)} -14 {n(hx + 9)} -4Q{n(hx + 4)} 1 {n(hx - 10)} 1L-50 2Q-57 3 -56 0Z", coat.main)
    house = circle(-12, -42, 32, coat.mark)
    turns = [(-12 + math.cos(k * 0.55) * (25 - k * 1.45), -42 + math.sin(k * 0.55) * (25 - k * 1.45)) for k in range(16)]
    house += circle(-12, -42, 26, mix(coat.mark, "#f6e2b5", 0.25), "none") + stroke(smooth(turns, False, 0.56), shade(coat.mark, -0.25), 2.6)
    house += spots(coat.marks, mix(coat.mark, "#fdf6e9", 0.6), 26, 26, -12, -42)
    feelers = "".join(stroke(f"M{n(hx + s * 6)} {n(hy - 11)}Q{n(hx + s * 8)} {n(hy - 24)} {n(hx + s * 12 + 2)} {n(hy - 29)}", shade(coat.main, -0.3), 3) + circle(hx + s * 12 + 2, hy - 30, 3.8, coat.main) for s in (-1, 1))
    skull = circle(hx, hy, r, coat.main) + moved(_face_only(part, r * 1.04), hx, hy - 1)
    scarf = on_neck(part.wear, hx - 1, hy + r * 0.9, r * 0.86, 5)
    cloak = cape(part.wear.cape, [(hx - 10, hy + 14), (0, -74), (-34, -66), (-56, -40), (-52, -10), (-10, -20)])
    held = moved(part.hold, hx + r, hy + r * 0.6) if part.hold else ""
    tip = {"jumping": -14, "flying": -10, "dancing": -8, "falling": 24, "climbing": -24, "reaching": -6}.get(action, 0)
    svg = group(foot + house + cloak + feelers + skull + scarf + held, f"rotate({tip})")
    if action == "swimming":
        svg += moved(ripple(120), 0, -8)
    return Built(svg, (-12, -74), (hx, hy))


def insect(part: Part) -> Built:
    """Butterfly, bee, ladybird: a big face, a small body and wings behind."""
    kind, coat, action = part.kind, part.coat, part.action
    bee, beetle = "bee" in kind.parts, "beetle" in kind.parts
    part = replace(part, expression="sleepy") if action == "sleeping" else part
    half, tall = (17.0, 36.0) if bee else ((16.0, 34.0) if beetle else (9.5, 34.0))
    flap = {"flying": 12, "jumping": 8, "dancing": 10, "waving": 5, "reaching": 8, "sleeping": -14, "sitting": -4}.get(action, 0)
    wings = []
    for s in (-1, 1):
        if bee:
            shape = ellipse(26, -14, 21, 13, "#dceef5", "#a5c3d2", opacity=0.92, turn=-28) + ellipse(20, 6, 14, 9, "#e7f3f7", "#a5c3d2", opacity=0.92, turn=16)
        elif beetle:
            shape = rounded([(2, -14), (18, -12), (30, 8), (22, 30), (6, 34)], coat.main) + "".join(circle(x, y, w, coat.mark, "none") for x, y, w in ((13, 0, 3.8), (22, 11, 3.4), (15, 22, 3.6)))
        else:
            top = [(2, 0), (14, -30), (38, -42), (54, -28), (46, -4), (22, 6)]
            low = [(2, 2), (24, 4), (40, 14), (38, 34), (20, 38), (6, 20)]
            inner = mix(coat.mark, "#fbe3a2", 0.55)
            shape = rounded(low, shade(coat.mark, -0.06)) + rounded(top, coat.mark) + rounded([(x * 0.66 + 10, y * 0.62 - 6) for x, y in top], inner, "none")
            shape += circle(28, 23, 6, inner, "none") + circle(41, -28, 4, "#fdf6e9", "none") + circle(45, -15, 2.6, "#fdf6e9", "none")
        wings.append(group(shape, f"translate({n(s * half * 0.3)} {n(-tall * 0.78 - 8)}) scale({s} 1) rotate({n(-flap)})"))
    legs = "".join(stroke(f"M{n(s * half * 0.4)} -10L{n(s * half * 0.5 + part.look * 2)} -1l{n(3.4 if part.look > 0.05 else s * 3.4)} 0", "#4b3a36", 2.6) for s in (-1, 1))
    fill = coat.main if not beetle else coat.mark
    body = ellipse(0, -tall * 0.5 - 7, half, tall * 0.56, fill)
    if bee:
        body += "".join(stroke(f"M{n(-half * w)} {n(y)}Q0 {n(y + 5)} {n(half * w)} {n(y)}", coat.mark, 5.4) for y, w in ((-29, 0.93), (-18, 0.95)))
        body = path(f"M-4 -8L0 1L4 -8Z", coat.mark) + body if action in ("flying",) else body
    pose = POSES.get(action, POSES["standing"])
    arms, hands = [], []
    for s, angles in ((-1, pose.left_arm), (1, pose.right_arm)):
        chain = _chain((s * half * 0.7, -tall * 0.78 - 5), angles if action != "sleeping" else (s * 20, s * 10), 20)
        arms.append(stroke("M" + "L".join(f"{n(x)} {n(y)}" for x, y in chain), "#4b3a36", 2.8) + circle(*chain[-1], 2.4, "#4b3a36", "none"))
        hands.append(chain[-1])
    r = 22.0
    hy = -tall - 7 - r * 0.72
    look = part.look
    antennae = "".join(stroke(f"M{n(s * 7)} {n(hy - r * 0.8)}Q{n(s * 8)} {n(hy - r * 1.4)} {n(s * 15)} {n(hy - r * 1.5)}", "#4b3a36", 2) + circle(s * 15.6, hy - r * 1.52, 3, "#4b3a36", "none") for s in (-1, 1))
    face_fill = coat.main if bee else mix("#f4cfa4", coat.belly, 0.15) if not beetle else coat.mark
    plain = replace(part, coat=replace(coat, main=face_fill if not beetle else "#463638"))
    skull = circle(0, hy, r, face_fill)
    if beetle:
        skull += ellipse(look * 3, hy + 3, r * 0.84, r * 0.72, "#f4cfa4", "none")
        plain = replace(part, coat=replace(coat, main="#b98a5e"))
    skull += moved(_face_only(plain, r), 0, hy)
    scarf = on_neck(part.wear, 0, -tall - 5, 13)
    dress = group(shirt(part.wear, [(half * 0.6, -tall * 0.96), (half * 0.98, -tall * 0.7), (half * 1.06, -tall * 0.4), (half * 0.9, -tall * 0.1)], coat.belly), "translate(0 -5)")
    cloak = cape(part.wear.cape, [(-half * 0.7, -tall - 4), (half * 0.7, -tall - 4), (half * 1.5, -10), (0, -5), (-half * 2.2, -8)])
    held = moved(part.hold, *_where(part, hands)) if part.hold else ""
    tip = {"flying": 14, "running": 8, "falling": -50, "dancing": -8, "swimming": 20}.get(action, 0)
    svg = group("".join(wings) + cloak + legs + body + dress + antennae + held + "".join(arms) + skull + scarf, f"rotate({tip} 0 -40)")
    if action == "swimming":
        svg += moved(ripple(90), 0, -14)
    return Built(svg, (0, -tall - 6), (half, -tall))


def ghost(part: Part) -> Built:
    """A friendly sheet that floats."""
    coat, action = part.coat, part.action
    part = replace(part, expression="sleepy") if action == "sleeping" else part
    sway = {"walking": -7, "running": -18, "flying": -26, "swimming": -20, "jumping": -4, "pushing": -10}.get(action, 0)
    low = {"sleeping": 34, "sitting": 18, "crouching": 30, "kneeling": 16}.get(action, 0)
    top = -100 + low
    hem = [(34 + sway * 0.6, -8), (27 + sway, 0), (17 + sway, -7), (8 + sway, 0), (-2 + sway, -7), (-12 + sway, 0), (-22 + sway, -7), (-31 + sway * 1.3, 0), (-36 + sway * 1.4, -8)]
    sheet = [(0, top), (20, top + 5), (31, top + 24), (32, top + 50), *hem, (-31 + sway * 0.3, top + 52), (-31, top + 24), (-20, top + 5)]
    body = rounded(sheet, coat.main, tension=0.56) + stroke(f"M{n(-14 + sway * 0.5)} {n(-14)}Q{n(-13 + sway * 0.3)} {n(-24 + low * 0.3)} {n(-12 + sway * 0.2)} {n(-34 + low * 0.6)}M{n(12 + sway * 0.6)} -14Q{n(13 + sway * 0.4)} -20 {n(13 + sway * 0.3)} {n(-28 + low * 0.5)}", coat.mark, 2)
    body += spots(coat.marks if coat.marks else "", coat.mark, 24, 20, sway * 0.3, -34)
    pose = POSES.get(action, POSES["standing"])
    calm = abs(pose.right_arm[0]) < 30
    part_pose = part if not calm or action == "sleeping" else part
    arms, hands = _armed(part_pose, 26, top + 44, 26, 13, 10, coat.main)
    face_svg = moved(_face_only(part, 25), part.look * 2, top + 30)
    scarf = on_neck(part.wear, 0, top + 54, 26)
    cloak = cape(part.wear.cape, [(-20, top + 46), (20, top + 46), (42, -22), (44, -8), (0 + sway, -3), (-48 + sway, -8), (-42, -26)])
    held = moved(part.hold, *_where(part, hands)) if part.hold else ""
    tip = {"flying": 22, "running": 8, "falling": -46, "dancing": -9, "swimming": 20}.get(action, 0)
    vest = group(shirt(part.wear, [(20, -37), (32, -26), (33, -12), (33, 3)], coat.belly), f"translate(0 {n(-16 + low * 0.3)})") if part.wear.body and not low else ""
    svg = group(cloak + body + vest + held + arms + face_svg + scarf, f"rotate({tip} 0 -50)")
    if action == "swimming":
        svg += moved(ripple(100), 0, -12)
    return Built(svg, (0, top), (30, top + 40))
