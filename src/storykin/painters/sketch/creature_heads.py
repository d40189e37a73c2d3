"""Painters, sketch: heads of creatures: ears, snouts, horns, manes and what is on a face.

A head is drawn about (0, 0), the point between the eyes, `r` wide to each side; `look` turns it from -1 (left) to 1.
"""

# fmt: off
# One shape, one line: outlines are read as tables of coordinates.

import math
import re
from dataclasses import dataclass, replace

from storykin.painters.sketch.creature_kinds import Kind
from storykin.painters.sketch.creature_shapes import open_limb, rounded
from storykin.painters.sketch.creature_tops import ABOVE, BEHIND, Coat, Place
from storykin.painters.sketch.faces import MIMICS, face
from storykin.painters.sketch.ink import (
    INK,
    Point,
    box,
    circle,
    ellipse,
    mix,
    n,
    path,
    shade,
    smooth,
    stroke,
)

# Right half of an outline, from the top of the head to the chin, in fractions of r.
SHAPES: dict[str, tuple[Point, ...]] = {
    "round": ((0, -0.95), (0.6, -0.78), (0.97, -0.15), (0.93, 0.42), (0.52, 0.86), (0, 0.96)),
    "wide": ((0, -0.8), (0.58, -0.72), (1.0, -0.12), (1.08, 0.4), (0.58, 0.78), (0, 0.86)),
    "cheeks": ((0, -0.82), (0.55, -0.74), (0.93, -0.2), (1.24, 0.42), (0.66, 0.72), (0, 0.96)),
    "long": ((0, -0.9), (0.52, -0.76), (0.8, -0.1), (0.66, 0.6), (0.66, 1.15), (0.36, 1.46), (0, 1.5)),
    "longish": ((0, -0.9), (0.56, -0.76), (0.86, -0.08), (0.72, 0.5), (0.52, 1.0), (0, 1.16)),
    "sheep": ((0, -0.85), (0.5, -0.74), (0.74, -0.1), (0.66, 0.5), (0.44, 0.98), (0, 1.12)),
    "pear": ((0, -0.85), (0.52, -0.75), (0.8, -0.2), (1.02, 0.4), (0.78, 0.88), (0, 1.02)),
    "frog": ((0, -0.5), (0.5, -0.55), (1.0, -0.12), (1.2, 0.36), (0.8, 0.76), (0, 0.86)),
    "bulb": ((0, -1.25), (0.66, -1.05), (1.04, -0.35), (0.86, 0.35), (0.42, 0.78), (0, 0.88)),
    "shaggy": ((0, -0.92), (0.3, -1.02), (0.52, -0.78), (0.82, -0.66), (0.86, -0.3), (1.1, -0.06), (0.98, 0.26),
               (1.12, 0.56), (0.8, 0.68), (0.62, 0.96), (0.32, 0.86), (0, 1.02)),
}

# Snouts: half width, half height, middle below the eyes, half width of the nose, where the mouth is.
SNOUTS: dict[str, tuple[float, float, float, float, float]] = {
    "muzzle": (0.44, 0.32, 0.44, 0.15, 0.52),
    "dog": (0.52, 0.38, 0.46, 0.19, 0.55),
    "fox": (0.34, 0.3, 0.5, 0.15, 0.62),
    "bear": (0.46, 0.35, 0.46, 0.17, 0.54),
    "cat": (0.36, 0.24, 0.42, 0.1, 0.47),
    "bunny": (0.3, 0.22, 0.42, 0.1, 0.48),
    "tiny": (0.28, 0.22, 0.42, 0.12, 0.5),
    "koala": (0.3, 0.24, 0.5, 0.2, 0.62),
    "point": (0.32, 0.3, 0.42, 0.17, 0.58),
    "lamb": (0.34, 0.28, 0.7, 0.12, 0.76),
    "monkey": (0.62, 0.4, 0.52, 0.0, 0.52),
    "pig": (0.4, 0.3, 0.32, 0.0, 0.72),
    "cow": (0.76, 0.46, 1.02, 0.0, 1.1),
    "horse": (0.62, 0.46, 1.04, 0.0, 1.12),
    "dragon": (0.66, 0.4, 0.56, 0.0, 0.6),
    "dino": (0.62, 0.4, 0.54, 0.0, 0.56),
    "croc": (1.0, 0.42, 0.7, 0.0, 0.72),
}

# An ear's outline on the right side, and what of it is seen in front of the head.
EARS: dict[str, tuple[tuple[Point, ...], bool]] = {
    "floppy": (((0.42, -0.84), (0.86, -0.82), (1.24, -0.3), (1.32, 0.32), (1.08, 0.56), (0.88, 0.2), (0.7, -0.42)), True),
    "flap": (((0.36, -0.82), (0.62, -1.2), (1.06, -1.0), (1.08, -0.52), (0.78, -0.56)), True),
    "big": (((0.6, -0.5), (1.0, -1.02), (1.7, -0.98), (2.02, -0.3), (1.78, 0.5), (1.3, 0.78), (0.84, 0.5)), False),
    "leaf": (((0.62, -0.5), (0.96, -0.82), (1.42, -0.72), (1.62, -0.4), (1.26, -0.24), (0.84, -0.22)), False),
    "horse": (((0.26, -0.72), (0.34, -1.16), (0.62, -1.52), (0.8, -1.08), (0.72, -0.58)), False),
    "donkey": (((0.26, -0.72), (0.28, -1.4), (0.62, -1.98), (0.86, -1.42), (0.74, -0.56)), False),
    "long": (((0.16, -0.7), (0.1, -1.5), (0.34, -2.3), (0.64, -2.22), (0.74, -1.5), (0.6, -0.66)), False),
    "pointy": (((0.22, -0.68), (0.42, -1.12), (0.84, -1.5), (0.98, -0.98), (0.96, -0.3)), False),
    "tuft": (((0.24, -0.74), (0.46, -1.1), (0.78, -1.4), (0.86, -0.96), (0.88, -0.42)), False),
    "fin": (((0.72, -0.4), (1.04, -0.76), (1.5, -0.86), (1.36, -0.5), (1.5, -0.18), (1.12, -0.1), (0.8, 0.1)), False),
}
ROUND_EARS = {"round": (0.7, -0.74, 0.36), "small": (0.78, -0.6, 0.27), "fan": (0.92, -0.72, 0.56), "sides": (1.02, -0.02, 0.36)}
TORN = re.compile(r"(?:torn|notched|ripped|bitten|nicked) ear")
INNER = {"big": 0.74, "long": 0.6, "horse": 0.5, "donkey": 0.56, "pointy": 0.55, "leaf": 0.58, "fin": 0.6, "tuft": 0.5}
BEAKS = ("beak", "bill", "hook")


def head(kind: Kind, coat: Coat, r: float, expression: str, look: float, extras: str = "") -> str:
    """The whole head, hats aside; `extras` are the words for what else is fixed about this character."""

    def at(x: float, y: float, side: int = 1) -> Point:
        lean = look * r * 0.12 * max(-0.3, y + 0.1)
        return (side * x * r + lean, y * r)

    back, front = _ears(kind, coat, r, at, extras)
    behind = "".join(BEHIND[top](coat, r, at) for top in kind.tops if top in BEHIND)
    above = "".join(ABOVE[top](coat, r, at) for top in kind.tops if top in ABOVE)
    return "".join((behind, back, _skull(kind, coat, r, at), _markings(kind, coat, r, at, look),
                    _features(kind, coat, r, expression, look, at, extras), above, front))


def outline(shape: str, place: Place) -> list[Point]:
    """A head's whole outline, right side first."""
    half = SHAPES[shape]
    return [place(x, y, 1) for x, y in half] + [place(x, y, -1) for x, y in half[-2:0:-1]]


def _skull(kind: Kind, coat: Coat, r: float, at: Place) -> str:
    if kind.head == "box":
        (x, y), w = at(-0.98, -0.82, 1), r * 1.96
        bolts = "".join(box(side * r * 1.08 - r * 0.12 + (x + r * 0.98), -r * 0.12, r * 0.24, r * 0.42, coat.mark,
                            round=r * 0.08) for side in (-1, 1))
        plate = box(x + r * 0.16, y + r * 0.2, w - r * 0.32, r * 1.42, coat.belly, round=r * 0.24)
        return bolts + box(x, y, w, r * 1.78, coat.main, round=r * 0.34) + plate
    fill = coat.belly if kind.head == "sheep" else coat.main
    points = outline(kind.head, at)
    shape = rounded(points, fill, tension=0.4 if kind.head == "shaggy" else 0.56)
    bumps = ""
    if "frogeyes" in kind.parts:
        bumps = "".join(circle(*at(0.5, -0.42, side), r * 0.42, coat.main) for side in (-1, 1))
        return bumps + path(smooth(points, True, 0.56), coat.main) + "".join(
            circle(*at(0.5, -0.38, side), r * 0.38, coat.main, "none") for side in (-1, 1))
    return shape


def _ears(kind: Kind, coat: Coat, r: float, at: Place, extras: str) -> tuple[str, str]:
    back: list[str] = []
    front: list[str] = []
    fill = coat.ear
    fill = coat.belly if kind.head == "sheep" else fill
    for side in (-1, 1):
        if kind.ears in ROUND_EARS:
            x, y, size = ROUND_EARS[kind.ears]
            (cx, cy) = at(x, y, side)
            torn = side > 0 and TORN.search(extras)
            if torn:
                rim = [(cx + math.cos(k * 0.628) * r * size, cy + math.sin(k * 0.628) * r * size) for k in range(10)]
                back.append(rounded(_bitten(rim, 8), fill))
            else:
                back.append(circle(cx, cy, r * size, fill))
            if kind.marks != "panda":
                back.append(circle(cx + side * r * size * 0.04, cy + r * size * 0.1, r * size * 0.6, coat.inner, "none"))
        elif kind.ears:
            points, before = EARS[kind.ears]
            torn = side > 0 and TORN.search(extras)
            bent = side > 0 and ("floppy ear" in extras or "bent ear" in extras) and not before
            shape = [(x, y) if not bent else (0.5 + (x - 0.2) * 0.9, -0.72 - (y + 0.72) * 0.3 * (1 if y < -0.9 else 0.4))
                     for x, y in points]
            placed = [at(x, y, side) for x, y in shape]
            edge = 4 if before else min(range(1, len(shape)), key=lambda i: shape[i][1])
            ear = rounded(_bitten(placed, edge), fill, tension=0.4) if torn else rounded(placed, fill)
            if kind.ears in INNER and not bent and not torn:
                mx, my = sum(x for x, _ in shape) / len(shape), sum(y for _, y in shape) / len(shape)
                k = INNER[kind.ears]
                inside = [at(mx + (x - mx) * k, my + 0.06 + (y - my) * k, side) for x, y in shape]
                ear += rounded(inside, coat.inner, "none")
            (front if before else back).append(ear)
    return "".join(back), "".join(front)


def _bitten(points: list[Point], edge: int) -> list[Point]:
    """The outline with a small bite out of the side that begins at point `edge`."""
    (ax, ay), (bx, by) = points[edge], points[(edge + 1) % len(points)]
    mx, my = sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)
    along = [(ax + (bx - ax) * k, ay + (by - ay) * k) for k in (0.22, 0.5, 0.78)]
    along[1] = (along[1][0] + (mx - along[1][0]) * 0.5, along[1][1] + (my - along[1][1]) * 0.5)
    return points[: edge + 1] + along + points[edge + 1 :]


def _markings(kind: Kind, coat: Coat, r: float, at: Place, look: float) -> str:
    marks, parts = kind.marks, []
    if marks == "fox":
        for side in (-1, 1):
            cheek = [at(x, y, side) for x, y in ((0.06, 0.3), (0.5, 0.18), (0.98, 0.3), (1.16, 0.42), (0.66, 0.69), (0.1, 0.9))]
            parts.append(rounded(cheek, coat.belly, "none"))
    elif marks in ("tabby", "stripes"):
        for x, long in ((-0.3, 0.24), (0, 0.34), (0.3, 0.24)):
            (ax, ay), (bx, by) = at(x, -0.74 if x else -0.78), at(x * 0.8, -0.76 + long)
            parts.append(stroke(f"M{n(ax)} {n(ay)}L{n(bx)} {n(by)}", coat.mark, r * 0.11, 0.9))
        for side in (-1, 1):
            for y in (0.16, 0.38):
                (ax, ay), (bx, by) = at(1.0, y, side), at(0.78, y + 0.03, side)
                parts.append(stroke(f"M{n(ax)} {n(ay)}L{n(bx)} {n(by)}", coat.mark, r * 0.1, 0.9))
    elif marks == "patch":
        eye = [at(x, y, 1) for x, y in ((0.16, -0.5), (0.5, -0.68), (0.84, -0.3), (0.78, 0.16), (0.42, 0.3), (0.14, 0.02))]
        parts.append(rounded(eye, mix(coat.mark, coat.main, 0.25), "none"))
    elif marks == "panda":
        for side in (-1, 1):
            x, y = at(0.45, 0.06, side)
            parts.append(ellipse(x + look * r * 0.2, y, r * 0.27, r * 0.34, coat.mark, "none", turn=side * 28))
    elif marks == "bandit":
        for side in (-1, 1):
            band = [at(x, y, side) for x, y in ((0.1, -0.12), (0.5, -0.3), (0.98, 0.02), (1.04, 0.32), (0.6, 0.3), (0.14, 0.2))]
            parts.append(rounded(band, coat.mark, "none"))
    elif marks == "cow":
        side_patch = [at(x, y, -1) for x, y in ((0.1, -0.86), (0.5, -0.74), (0.76, -0.1), (0.66, 0.3), (0.3, 0.24), (0.16, -0.3))]
        parts.append(rounded(side_patch, coat.mark, "none"))
    elif marks == "monkeyface":
        for side in (-1, 1):
            x, y = at(0.36, 0.02, side)
            parts.append(ellipse(x + look * r * 0.22, y, r * 0.42, r * 0.46, coat.belly, "none"))
    elif marks == "owl":
        for side in (-1, 1):
            x, y = at(0.42, 0.04, side)
            parts.append(ellipse(x + look * r * 0.2, y, r * 0.5, r * 0.54, coat.belly, shade(coat.belly, -0.12)))
    elif marks == "penguin":
        heart = [at(x, y, 1) for x, y in ((0, -0.28), (0.42, -0.52), (0.8, -0.1), (0.66, 0.5), (0, 0.86))]
        heart += [at(x, y, -1) for x, y in ((0.66, 0.5), (0.8, -0.1), (0.42, -0.52))]
        parts.append(rounded([(x + look * r * 0.16, y) for x, y in heart], coat.belly, "none"))
    elif marks == "parrot":
        for side in (-1, 1):
            x, y = at(0.44, 0.06, side)
            parts.append(ellipse(x + look * r * 0.2, y, r * 0.4, r * 0.42, "#fbf6ea", "none"))
    if coat.marks in ("spots", "dots", "patches") and kind.marks not in ("spots", "giraffe", "cow", "patch"):
        parts += [circle(*at(x, y), r * size, coat.mark, "none") for x, y, size in ((0.32, -0.66, 0.13), (-0.42, -0.6, 0.1), (-0.78, 0.3, 0.09))]
    return "".join(parts)


@dataclass(frozen=True)
class Features:
    """Where eyes and mouth sit on a face, in fractions of r: size and spread of the eyes, depth of the mouth."""

    eye: float = 0.15
    spread: float = 0.42
    mouth: float = 0.5


FEATURES = {
    "horse": Features(0.16, 0.5), "cow": Features(0.16, 0.5), "lamb": Features(0.14, 0.38), "trunk": Features(0.13, 0.5, 0.82),
    "beak": Features(0.15, 0.46, 0.36), "bill": Features(0.15, 0.46, 0.36), "hook": Features(0.15, 0.42, 0.36),
    "bulb": Features(0.2, 0.44, 0.46), "owl": Features(0.19, 0.42, 0.36),
}


def features_of(kind: Kind) -> Features:
    """The proportions of a kind's face: by its markings, its head or its snout."""
    found = next((FEATURES[key] for key in (kind.marks, kind.head, kind.snout) if key in FEATURES), Features())
    return replace(found, mouth=SNOUTS[kind.snout][4]) if kind.snout in SNOUTS else found


def _features(kind: Kind, coat: Coat, r: float, expression: str, look: float, at: Place, extras: str) -> str:
    """Snout, eyes, brows, cheeks, mouth, whiskers and teeth."""
    shift, f = look * r * 0.26, features_of(kind)
    eyes, brow = coat.eye, "#3b2f2c" if kind.head == "sheep" else shade(coat.main, -0.45)
    if "frogeyes" in kind.parts:
        return _frog_face(coat, r, expression, look, at)
    if kind.marks == "panda":
        eyes, brow = mix(INK, "#000000", 0.3), mix(coat.mark, "#ffffff", 0.1)
    snout, nose = _snout(kind, coat, r, look, f) if kind.snout in SNOUTS else ("", "")
    under = snout + _whites(kind, coat, r, expression, look, f)
    drawn = face(expression, r, eyes, brow, look, True, f.mouth, f.spread, f.eye)
    whiskers = _whiskers(coat, r, shift) if "whiskers" in kind.parts else ""
    teeth = _teeth(kind, coat, r, shift, f.mouth, extras)
    if kind.snout in BEAKS:
        return under + drawn + _beak(kind.snout, shift * 1.15, r, MIMICS.get(expression, MIMICS["calm"]).mouth) + teeth
    if kind.snout == "trunk":
        return under + drawn + _trunk(shift, r, coat, look) + teeth
    if kind.snout == "carrot":
        return under + drawn + _carrot(shift, r, look) + teeth
    return under + nose + whiskers + drawn + teeth


def _snout(kind: Kind, coat: Coat, r: float, look: float, f: Features) -> tuple[str, str]:
    """The muzzle, and the nose or nostrils on it."""
    style, shift = kind.snout, look * r * 0.26
    w, h, y, nose, _ = SNOUTS[style]
    x, y = shift * 1.08 + look * r * 0.04 * y, y * r
    tints = {"pig": coat.inner, "cow": coat.inner, "point": coat.main, "lamb": mix(coat.belly, "#ffffff", 0.16)}
    tints |= dict.fromkeys(("dino", "croc", "dragon"), mix(coat.main, coat.belly, 0.55))
    pale = coat.mark if "darksnout" in kind.parts else tints.get(style, coat.belly)
    muzzle = ellipse(x, y, r * w, r * h, pale, shade(coat.main, -0.3) if style == "pig" else "none")
    if style == "cat":
        muzzle = "".join(ellipse(x + s * r * w * 0.55, y, r * w * 0.72, r * h, pale, "none") for s in (-1, 1))
    if nose:
        koala = style == "koala"
        ny, high = y - h * r * (0.7 if koala else 0.62), nose * (1.5 if koala else 0.72)
        line = stroke(f"M{n(x)} {n(ny + high * r * 0.8)}L{n(shift)} {n(f.mouth * r)}", coat.nose, r * 0.05)
        return muzzle, _nose(x, ny, nose * r, high * r, coat.nose) + line
    gap, up, wide, tall, tint = w * 0.42, h * 0.46, 0.07, 0.06, shade(pale, -0.35)
    if style == "monkey":
        gap, up, wide, tall, tint = 0.09, 0.2, 0.05, 0.035, coat.nose
    elif style == "pig":
        up, tall = 0.0, 0.11
    holes = (ellipse(x + s * r * gap, y - r * up, r * wide, r * tall, tint, "none") for s in (-1, 1))
    return muzzle, "".join(holes)


def _whites(kind: Kind, coat: Coat, r: float, expression: str, look: float, f: Features) -> str:
    """What makes eyes stand out on a dark coat: their whites, or pale lids when they are shut."""
    mimic, shift, parts = MIMICS.get(expression, MIMICS["calm"]), look * r * 0.26, ""
    places = [shift + s * r * f.spread * (1 - 0.22 * max(0.0, s * look)) for s in (-1, 1)]
    if kind.marks == "panda":
        soft = mix(coat.mark, "#fffdf8", 0.14)
        parts += "".join(ellipse(shift + s * r * 0.42, 0.01 * r, r * 0.15, r * 0.18, soft, "none") for s in (-1, 1))
    patched = kind.marks in ("panda", "bandit")
    if not patched and not _is_dark(coat.belly if kind.head == "sheep" else coat.main):
        return parts
    if mimic.open <= 0 and kind.marks != "owl":
        lid = shade(coat.mark if patched else coat.main, 0.2)
        lid = mix(coat.belly, "#ffffff", 0.18) if kind.head == "sheep" else lid
        return parts + "".join(ellipse(x, -r * 0.01, r * 0.26, r * 0.2, lid, "none") for x in places)
    wide = r * f.eye * (1.14 if kind.marks == "panda" else 1.08)
    return parts + "".join(ellipse(x, 0, wide * 1.12, wide * 1.36 * max(mimic.open, 0.8), "#fffdf8", "none") for x in places)


def _whiskers(coat: Coat, r: float, shift: float) -> str:
    fine = shade(coat.main, -0.3)
    return "".join(
        stroke(f"M{n(shift + s * r * 0.55)} {n(y * r)}q{n(s * r * 0.25)} {n(dy * r)} {n(s * r * 0.5)} {n(dy * r * 1.6)}", fine, r * 0.03, 0.7)
        for s in (-1, 1) for y, dy in ((0.4, -0.06), (0.5, 0.06))
    )


def _teeth(kind: Kind, coat: Coat, r: float, shift: float, mouth: float, extras: str) -> str:
    teeth, y = "", r * (mouth + 0.08)
    if "buckteeth" in kind.parts or "buck teeth" in extras:
        teeth = box(shift - r * 0.09, y, r * 0.18, r * 0.16, "#fffdf8", shade(coat.belly, -0.3), r * 0.03, round=r * 0.04)
    if "fangs" in kind.parts or "big teeth" in extras or "fang" in extras:
        for x in (shift - r * 0.15, shift + r * 0.15):
            fang = f"M{n(x - r * 0.06)} {n(y)}l{n(r * 0.06)} {n(r * 0.17)}l{n(r * 0.06)} {n(-r * 0.17)}Z"
            teeth += path(fang, "#fffdf8", INK, r * 0.025)
    return teeth


def _carrot(x: float, r: float, look: float) -> str:
    turn = r if look >= 0 else -r
    tip = f"M{n(x)} {n(r * 0.08)}Q{n(x + turn * 0.5)} {n(r * 0.14)} {n(x + turn * 0.78)} {n(r * 0.34)}"
    return path(f"{tip}Q{n(x + turn * 0.3)} {n(r * 0.4)} {n(x - turn * 0.04)} {n(r * 0.34)}Z", "#ee9440")


def _frog_face(coat: Coat, r: float, expression: str, look: float, at: Place) -> str:
    """The eyes sit up in their bumps, the wide mouth below."""
    shut = MIMICS.get(expression, MIMICS["calm"]).open in (0.0, -1.0)
    fill, line = (coat.main, "none") if shut else ("#fffdf8", shade(coat.main, -0.2))
    balls = "".join(circle(at(0.5, -0.4, s)[0] + look * r * 0.078, -0.42 * r, r * 0.27, fill, line) for s in (-1, 1))
    drawn = face(expression, r * 1.12, coat.eye, shade(coat.main, -0.45), look * 0.35, True, 0.74, 0.447, 0.14)
    return f'{balls}<g transform="translate(0 {n(-0.42 * r)})">{drawn}</g>'


def _is_dark(fill: str) -> bool:
    red, green, blue = (int(fill[i : i + 2], 16) for i in (1, 3, 5))
    return 0.3 * red + 0.59 * green + 0.11 * blue < 96


def _nose(x: float, y: float, w: float, h: float, fill: str) -> str:
    d = f"M{n(x - w)} {n(y - h * 0.5)}Q{n(x)} {n(y - h * 1.1)} {n(x + w)} {n(y - h * 0.5)}"
    d += f"Q{n(x + w * 0.9)} {n(y + h * 0.5)} {n(x)} {n(y + h)}Q{n(x - w * 0.9)} {n(y + h * 0.5)} {n(x - w)} {n(y - h * 0.5)}Z"
    return path(d, fill, "none") + ellipse(x - w * 0.28, y - h * 0.36, w * 0.26, h * 0.16, "#fffdf8", "none", opacity=0.55)


def _beak(style: str, x: float, r: float, mouth: str) -> str:
    fill = "#f0a63f" if style != "hook" else "#e6b04f"
    wide, top, low = {"beak": (0.3, 0.1, 0.42), "bill": (0.46, 0.2, 0.5), "hook": (0.2, 0.08, 0.58)}[style]
    w, t, b = wide * r, top * r, low * r
    gape = {"grin": 0.16, "laugh": 0.28, "oh": 0.2}.get(mouth, 0.0) * r
    parts = []
    middle = (t + b) / 2
    if gape:
        lower = f"M{n(x - w * 0.8)} {n(middle)}Q{n(x - w * 0.6)} {n(b + gape)} {n(x)} {n(b + gape)}Q{n(x + w * 0.6)} {n(b + gape)} {n(x + w * 0.8)} {n(middle)}Z"
        parts.append(path(lower, shade(fill, -0.12)))
        parts.append(ellipse(x, middle + (b - middle + gape) * 0.45, w * 0.52, (b - middle + gape) * 0.4, "#a2433c", "none"))
    if style == "bill":
        upper = f"M{n(x - w)} {n(middle)}Q{n(x - w * 0.9)} {n(t)} {n(x)} {n(t - r * 0.06)}Q{n(x + w * 0.9)} {n(t)} {n(x + w)} {n(middle)}"
        upper += f"Q{n(x + w * 0.7)} {n(b)} {n(x)} {n(b - (gape and r * 0.12))}Q{n(x - w * 0.7)} {n(b)} {n(x - w)} {n(middle)}Z"
        parts.append(path(upper, fill))
        parts += [ellipse(x + s * w * 0.24, t + r * 0.07, w * 0.07, w * 0.05, shade(fill, -0.4), "none") for s in (-1, 1)]
    else:
        drop = b - (gape and r * 0.06)
        upper = f"M{n(x)} {n(t - r * 0.04)}Q{n(x + w * 0.9)} {n(t)} {n(x + w)} {n(middle)}Q{n(x + w * 0.4)} {n(middle + (drop - middle) * 0.4)} {n(x)} {n(drop)}"
        upper += f"Q{n(x - w * 0.4)} {n(middle + (drop - middle) * 0.4)} {n(x - w)} {n(middle)}Q{n(x - w * 0.9)} {n(t)} {n(x)} {n(t - r * 0.04)}Z"
        parts.append(path(upper, fill))
    if not gape:
        bend = {"frown": -0.1, "wobble": -0.06, "tight": 0.0, "smirk": 0.1}.get(mouth, 0.07) * r
        parts.append(stroke(f"M{n(x - w * 0.82)} {n(middle)}Q{n(x)} {n(middle + bend + r * 0.05)} {n(x + w * 0.82)} {n(middle)}",
                            shade(fill, -0.4), r * 0.035))
    return "".join(parts)


def _trunk(x: float, r: float, coat: Coat, look: float) -> str:
    turn = 1 if look >= 0 else -1
    points = [(x, r * 0.16), (x + turn * r * 0.1, r * 0.6), (x + turn * r * 0.42, r * 1.02), (x + turn * r * 0.92, r * 1.0),
              (x + turn * r * 1.18, r * 0.6)]
    lines = "".join(
        stroke(f"M{n(x + turn * r * a)} {n(r * b)}q{n(r * 0.12)} {n(r * 0.09)} {n(r * 0.24)} {n(-r * 0.01)}", shade(coat.main, -0.2), r * 0.045)
        for a, b in ((-0.14, 0.4), (-0.06, 0.6))
    )
    return open_limb(points, r * 0.62, r * 0.3, coat.main) + lines


def glasses(r: float, look: float, spread: float, frame: str, y: float = 0.0) -> str:
    """Round glasses on the eyes of a head `r` wide to each side."""
    shift, parts = look * r * 0.26, []
    for side in (-1, 1):
        x = shift + side * r * spread * (1.0 - 0.22 * max(0.0, side * look))
        parts.append(ellipse(x, y, r * 0.31, r * 0.31, "#ffffff", "none", opacity=0.22))
        parts.append(ellipse(x, y, r * 0.31, r * 0.31, "none", frame, r * 0.065))
        parts.append(stroke(f"M{n(x + side * r * 0.3)} {n(y)}L{n(side * r * 0.98)} {n(y - r * 0.08)}", frame, r * 0.055))
    inner = r * (spread - 0.3)
    parts.append(stroke(f"M{n(shift - inner)} {n(y)}Q{n(shift)} {n(y - r * 0.12)} {n(shift + inner)} {n(y)}", frame, r * 0.06))
    return "".join(parts)
