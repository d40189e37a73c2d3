"""Painters, sketch: snail, butterfly, bee, ladybird and ghost, each on a skeleton of its own."""

# fmt: off
# One shape, one line: outlines are read as tables of coordinates.

import math
from dataclasses import replace

from storykin.painters.sketch.creature_figure import (
    POSES,
    Built,
    Part,
    armed,
    bare_face,
    chain_of,
    held_at,
)
from storykin.painters.sketch.creature_shapes import ripple, rounded, spots
from storykin.painters.sketch.creature_wear import cape, on_neck, shirt
from storykin.painters.sketch.ink import (
    circle,
    ellipse,
    group,
    mix,
    moved,
    n,
    path,
    shade,
    smooth,
    stroke,
)


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
    skull = circle(hx, hy, r, coat.main) + moved(bare_face(part, r * 1.04), hx, hy - 1)
    scarf = on_neck(part.wear, hx - 1, hy + r * 0.9, r * 0.86, 5)
    if part.wear.body:
        top = [(hx - 13, hy + 9), (hx + 11.6, hy + 10), (hx + 13.6, -22), (hx + 10, -5), (hx - 10, -5), (hx - 24, -15), (hx - 15, -24)]
        foot += rounded(top, part.wear.body[1], tension=0.4)
    cloak = cape(part.wear.cape, [(hx - 10, hy + 14), (0, -74), (-34, -66), (-56, -40), (-52, -10), (-10, -20)])
    held = moved(part.hold, hx + r * 0.3, hy + r * 0.66) if part.hold else ""
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
        body = path("M-4 -8L0 1L4 -8Z", coat.mark) + body if action in ("flying",) else body
    pose = POSES.get(action, POSES["standing"]) if action != "holding" else replace(POSES["standing"], right_arm=(70, 96))
    arms, hands = [], []
    for s, angles in ((-1, pose.left_arm), (1, pose.right_arm)):
        chain = chain_of((s * half * 0.7, -tall * 0.78 - 5), angles if action != "sleeping" else (s * 20, s * 10), 20)
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
    skull += moved(bare_face(plain, r), 0, hy)
    scarf = on_neck(part.wear, 0, -tall - 5, 13)
    dress = group(shirt(part.wear, [(half * 0.6, -tall * 0.96), (half * 0.98, -tall * 0.7), (half * 1.06, -tall * 0.4), (half * 0.9, -tall * 0.1)], coat.belly), "translate(0 -5)")
    cloak = cape(part.wear.cape, [(-half * 0.7, -tall - 4), (half * 0.7, -tall - 4), (half * 1.5, -10), (0, -5), (-half * 2.2, -8)])
    held = moved(part.hold, *held_at(part, hands)) if part.hold else ""
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
    sheet = [(0, top), (14, top + 3), (25, top + 12), (31, top + 27), (32, top + 50), *hem, (-31 + sway * 0.3, top + 52), (-31, top + 27), (-25, top + 12), (-14, top + 3)]
    body = rounded(sheet, coat.main, tension=0.56) + stroke(f"M{n(-14 + sway * 0.5)} {n(-14)}Q{n(-13 + sway * 0.3)} {n(-24 + low * 0.3)} {n(-12 + sway * 0.2)} {n(-34 + low * 0.6)}M{n(12 + sway * 0.6)} -14Q{n(13 + sway * 0.4)} -20 {n(13 + sway * 0.3)} {n(-28 + low * 0.5)}", coat.mark, 2)
    body += spots(coat.marks if coat.marks else "", coat.mark, 24, 20, sway * 0.3, -34)
    arms, hands = armed(part, 26, top + 44, 26, 13, 10, coat.main)
    if low > 20:
        arms = ""
    face_svg = moved(bare_face(part, 25), part.look * 2, top + 30)
    scarf = on_neck(part.wear, 0, top + 58, 26)
    cloak = cape(part.wear.cape, [(-20, top + 46), (20, top + 46), (42, -22), (44, -8), (0 + sway, -3), (-48 + sway, -8), (-42, -26)])
    held = moved(part.hold, *held_at(part, hands)) if part.hold else ""
    tip = {"flying": 22, "running": 8, "falling": -46, "dancing": -9, "swimming": 20}.get(action, 0)
    vest = group(shirt(part.wear, [(20, -37), (32, -26), (33, -12), (33, 3)], coat.belly), f"translate(0 {n(-16 + low * 0.3)})") if part.wear.body and not low else ""
    svg = group(cloak + body + vest + held + arms + face_svg + scarf, f"rotate({tip} 0 -50)")
    if action == "swimming":
        svg += moved(ripple(100), 0, -12)
    return Built(svg, (0, top), (30, top + 40))
