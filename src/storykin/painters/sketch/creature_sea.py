"""Painters, sketch: creatures of the water: whale, dolphin, shark, fish, octopus and crab."""

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
from storykin.painters.sketch.creature_shapes import limb, open_limb, ripple, rounded, spots
from storykin.painters.sketch.creature_wear import cape, on_head, on_neck, shirt
from storykin.painters.sketch.faces import MIMICS, face
from storykin.painters.sketch.ink import (
    Point,
    circle,
    group,
    moved,
    n,
    path,
    shade,
    stroke,
)

# Tip of the body, how far the near fin is lifted.
SWIM: dict[str, tuple[float, float]] = {
    "standing": (0, -30), "walking": (-5, -8), "running": (-9, 20), "jumping": (-32, 26), "sitting": (-12, -26),
    "kneeling": (6, -20), "crouching": (8, -30), "sleeping": (3, -34), "waving": (-8, -14), "reaching": (-34, 10),
    "pointing": (-4, -20), "holding": (-4, -16), "hugging": (-10, 30), "riding": (-4, -34), "flying": (-16, 30),
    "swimming": (-3, -34), "dancing": (-26, 20), "climbing": (-46, 40), "pushing": (4, -10), "thinking": (0, -20),
    "falling": (42, 60),
}


# Where the far fin points when it is used like a hand: degrees clockwise from straight ahead.
FAR_FIN = {"waving": -46.0, "reaching": -30.0, "pointing": -12.0, "holding": 6.0, "hugging": -8.0, "pushing": -6.0,
           "dancing": -58.0, "climbing": -10.0, "thinking": -78.0, "jumping": -40.0, "falling": -40.0}


def swimmer(part: Part) -> Built:
    """Whale, dolphin, shark or fish, seen from the side with its face turned to us."""
    kind, coat, action = part.kind, part.coat, part.action
    tip, fin_up = SWIM.get(action, SWIM["standing"])
    part = replace(part, expression="sleepy") if action == "sleeping" else part
    g, long = kind.girth, kind.long

    def place(points: list[Point]) -> list[Point]:
        return [(x * long, y * g) for x, y in points]

    nose = 8 if "nose" in kind.parts else (6 if "teeth" in kind.parts else 0)
    if kind.tail == "fish":
        shape: list[Point] = [(46, 2), (36, -20), (12, -31), (-16, -24), (-38, -7), (-40, 6), (-16, 24), (12, 30), (37, 20)]
    else:
        shape = [(50 + nose, 3), (43, -19), (20, -31), (-8, -28), (-32, -15), (-44, -4), (-30, 15), (-2, 26), (28, 26.5), (45 + nose * 0.5, 17)]
    belly: list[Point] = [(49 + nose, 6), (44 + nose * 0.5, 17.5), (28, 26.4), (-2, 26), (-30, 15), (-10, 16), (18, 14), (36, 12)]
    if kind.tail == "fish":
        belly = [(45, 5), (37, 20), (12, 29.6), (-16, 23.6), (-30, 12), (-6, 16), (20, 14), (36, 10)]
    r = 21 * (0.6 + 0.4 * g)
    face_at = (24 * long, -5 * g)
    parts = []
    lash = {"running": 10, "jumping": 12, "dancing": 16, "swimming": 8, "sitting": 6}.get(action, 0)
    if kind.tail in ("fluke", "shark"):
        rise = 6 if kind.tail == "fluke" else 0
        ex, ey = -60.0, -20 - (lash * 0.6 + rise) / g
        shape[4:7] = [(-32, -18), (-47, -15 + ey * 0.16), (ex - 3, ey - 1), (ex + 1, ey + 7), (-49, 0), (-32, 13)]
        lobes = (
            "M0 4C-4 -8 -22 -16 -30 -8C-24 2 -12 8 0 6C4 2 10 -14 22 -22C26 -10 14 4 0 6Z" if kind.tail == "fluke"
            else "M6 6L-4 -2Q-18 -16 -18 -30Q-2 -20 6 -4Q-2 10 -14 20Q0 22 10 8Z"
        )
        parts.append(moved(path(lobes, coat.mark if kind.tail == "shark" else coat.main), ex * long, ey * g, 1.0, -lash))
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
    parts.append(rounded(place(belly), coat.belly, "none"))
    if "grooves" in kind.parts:
        parts += [stroke(f"M{n(x * long)} {n(y * g)}q{n(-13)} {n(3.6)} {n(-26)} {n(1.5)}", shade(coat.belly, -0.14), 1.1) for x, y in ((40, 17), (36, 21), (28, 24.2))]
    if coat.marks == "bands":
        parts += [stroke(f"M{n(x * long)} {n(-h * g)}Q{n((x - 6) * long)} 0 {n(x * long)} {n(h * g * 0.86)}", c, w) for x, h, c, w in ((-5, 25.4, "#fdf8ee", 6.5), (-25, 15, "#fdf8ee", 5))]
    else:
        parts.append(spots(coat.marks, coat.mark, 26 * long, 22 * g, -10 * long, -6 * g))
    if "gills" in kind.parts:
        parts += [stroke(f"M{n(x * long)} {n(-7 * g)}q-3 {n(6 * g)} 0 {n(12 * g)}", shade(coat.main, -0.25), 1.2) for x in (0, -5, -10)]
    head = group(bare_face(part, r), f"translate({n(face_at[0])} {n(face_at[1])})")
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
    a = math.radians(FAR_FIN.get(action, 8.0))
    reach = (40 * long + math.cos(a) * 38, 15 * g + math.sin(a) * 36)
    held = moved(part.hold, *reach) if part.hold else ""
    lifted = FAR_FIN.get(action)
    if lifted is not None:
        parts.insert(0, moved(rounded([(-8, -8), (8, -10), (24, -7), (42, 0), (24, 10), (-6, 10)], shade(coat.main if kind.tail != "fish" else coat.mark, -0.08)), 40 * long, 15 * g, 1.0, lifted))
    svg = group("".join(parts[:-1] if "spout" not in kind.parts else parts) + (parts[-1] if "spout" not in kind.parts else "") + dress + scarf + held + fin_svg, f"rotate({n(tip)})")
    if action == "swimming":
        svg += moved(ripple(150), -4, 17 * g)
    return Built(svg, (-8 * long, -28 * g), (10 * long, -28 * g))


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
    arms, hands = armed(part, 22, -34, 44, 14, 7, coat.main)
    dome = [(0, -105), (17, -101), (30, -88), (34, -70), (30, -50), (22, -34), (0, -27)]
    head = rounded(dome + [(-x, y) for x, y in dome[-2:0:-1]], coat.main)
    freckles = "".join(circle(x, y, s, coat.mark, "none", opacity=0.8) for x, y, s in ((-18, -86, 3.4), (-10, -94, 2.2), (17, -90, 2.8)))
    face_svg = moved(bare_face(part, 25), 0, -62)
    scarf = on_neck(part.wear, 0, -32, 24)
    cloak = cape(part.wear.cape, [(-16, -40), (16, -40), (40, -16), (44, -3), (-6, -1), (-46, -4), (-42, -20)])
    held = moved(part.hold, *held_at(part, hands)) if part.hold else ""
    dress = group(shirt(part.wear, [(20, -26), (31, -18), (35, -8), (36, 2)], coat.belly), "translate(0 -20)")
    svg = cloak + "".join(legs) + dress + head + freckles + held + arms + face_svg + scarf
    if action == "swimming":
        svg += moved(ripple(120), 0, -16)
    return Built(svg, (0, -100), (24, -60))


CLAWS = ("waving", "reaching", "pointing", "jumping", "dancing", "climbing", "falling")


def crab(part: Part) -> Built:
    """A round shell, claws up, walking on six legs."""
    coat, action = part.coat, part.action
    part = replace(part, expression="sleepy") if action == "sleeping" else part
    step = {"walking": 3, "running": 5, "dancing": 4}.get(action, 0)
    legs = "".join(
        stroke(f"M{n(s * 24)} {n(-24 + k * 2)}Q{n(s * (40 + k * 4))} {n(-34 + k * 7)} {n(s * (42 + k * 5) + (step if k % 2 else -step))} -2", shade(coat.mark, -0.2), 5.4)
        + stroke(f"M{n(s * 24)} {n(-24 + k * 2)}Q{n(s * (40 + k * 4))} {n(-34 + k * 7)} {n(s * (42 + k * 5) + (step if k % 2 else -step))} -2", coat.mark, 3.8)
        for s in (-1, 1) for k in (0, 1, 2)
    )
    pose = POSES.get(action, POSES["standing"])
    claws, hands = [], []
    for s, angles in ((-1, pose.left_arm), (1, pose.right_arm)):
        lifted = angles if action in CLAWS else (s * 88, s * 124)
        if action == "sleeping":
            lifted = (s * 70, s * 60)
        chain = chain_of((s * 30, -32), lifted, 36)
        claws.append(open_limb(chain, 8, 7, coat.main))
        (hx, hy) = chain[-1]
        turn = 180 - lifted[1]
        claws.append(moved(path("M0 4C-13 2 -16 -14 -7 -24C-6 -16 -3 -13 1 -11C3 -15 6 -19 12 -20C16 -10 12 2 0 4Z", coat.main), hx, hy, 1.0, turn, s > 0))
        hands.append((hx, hy))
    stalks = "".join(limb([(s * 11, -42), (s * 13, -62)], 8, 8, coat.main) + circle(s * 13.2, -64, 9.6, "#fffdf8" if MIMICS[part.expression].open > -1 and MIMICS[part.expression].open else coat.main, shade(coat.main, -0.2)) for s in (-1, 1))
    shell = rounded([(0, -54), (24, -50), (40, -34), (34, -14), (0, -6), (-34, -14), (-40, -34), (-24, -50)], coat.main) + spots(coat.marks or "", coat.mark, 30, 18, 0, -32)
    shell += rounded([(0, -12), (20, -14), (30, -20), (0, -8), (-30, -20), (-20, -14)], coat.belly, "none")
    eyes = group(face(part.expression, 31, coat.eye, shade(coat.main, -0.45), part.look * 0.2, True, 1.0, 0.426, 0.15), "translate(0 -64)")
    hat = moved(on_head(part.wear, 20, 0, 1.2), 0, -52)
    held = moved(part.hold, *held_at(part, hands)) if part.hold else ""
    svg = legs + stalks + shell + "".join(claws) + eyes + held + hat + on_neck(part.wear, 0, -16, 26)
    if action == "swimming":
        svg += moved(ripple(120), 0, -16)
    return Built(svg, (0, -54), (34, -40))
