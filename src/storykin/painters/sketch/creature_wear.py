"""Painters, sketch: what creatures put on: hats, scarves, collars, bows, capes, waistcoats, bandages.

Clothes are read from words once; the skeletons say where head, neck, back and trunk are.
"""

# fmt: off
# One shape, one line: outlines are read as tables of coordinates.

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from storykin.painters.sketch.creature_heads import glasses
from storykin.painters.sketch.creature_shapes import limb, rounded
from storykin.painters.sketch.ink import (
    COLOURS,
    Point,
    box,
    circle,
    colour,
    ellipse,
    group,
    n,
    path,
    shade,
    smooth,
    stroke,
)

# Garment, words that mean it, colour when none is said. The first that matches wins its place.
HATS: tuple[tuple[str, str, str], ...] = (
    ("wizard", r"wizard(?:'s)? hat|witch(?:'s)? hat|pointed hat|pointy hat|magic hat|wizard", "purple"),
    ("tophat", r"top hat|cylinder", "black"),
    ("crown", r"crown|tiara|coronet", "gold"),
    ("party", r"party hat|birthday hat|cone hat", "turquoise"),
    ("chef", r"chef(?:'s)? hat|baker(?:'s)? hat|toque|cook(?:'s)? hat|chef|baker", "white"),
    ("night", r"nightcap|sleeping cap|night cap|santa hat|pyjamas|pajamas|nightshirt|nightgown", "light blue"),
    ("pirate", r"pirate(?:'s)? hat|captain(?:'s)? hat|tricorn|pirate", "black"),
    ("glass", r"space helmet|astronaut(?:'s)? helmet|spacesuit|space suit|astronaut", "white"),
    ("helmet", r"helmet|fire(?:fighter|man)(?:'s)? hat|hard hat|firefighter", "red"),
    ("bobble", r"bobble hat|woolly hat|knitted hat|beanie|winter hat|wool hat", "red"),
    ("straw", r"straw hat|sun hat|sunhat|cowboy hat|gardening hat", "sand"),
    ("nurse", r"nurse(?:'s)? (?:hat|cap)|doctor(?:'s)? (?:hat|cap)", "white"),
    ("cap", r"\bcap\b|baseball cap|sailor hat|police hat", "blue"),
    ("bonnet", r"bonnet", "pink"),
    ("felt", r"\bhat\b|beret|bowler|fedora", "teal"),
)
EXTRAS: tuple[tuple[str, str, str], ...] = (
    ("bow", r"(?:hair )?bow(?! ?tie)\b|ribbon|hair ?clip", "pink"),
    ("flower", r"flower", "pink"),
    ("patch", r"eye ?patch", "black"),
    ("plaster", r"plaster|band-?aid", "beige"),
    ("star", r"\bstar\b", "gold"),
    ("headmirror", r"head mirror", "silver"),
)
NECKS: tuple[tuple[str, str, str], ...] = (
    ("scarf", r"scarf|shawl", "red"),
    ("bowtie", r"bow ?tie", "red"),
    ("bandana", r"bandana|neckerchief|kerchief", "red"),
    ("stethoscope", r"stethoscope", "dark grey"),
    ("bell", r"bell", "gold"),
    ("medal", r"medal", "gold"),
    ("tie", r"(?<!bow )\btie\b", "blue"),
    ("necklace", r"necklace|pearls|beads|lei|garland", "turquoise"),
    ("collar", r"collar|lead|leash|tag", "red"),
)
BODIES: tuple[tuple[str, str, str], ...] = (
    ("apron", r"apron", "cream"),
    ("vest", r"vest|waistcoat|life ?jacket", "green"),
    ("coat", r"coat|jacket|cardigan|cloak|robe|gown|uniform|raincoat|blazer", "blue"),
    ("jumper", r"jumper|sweater|pullover|shirt|pyjamas|pajamas|hoodie|spacesuit|space suit|costume|suit", "blue"),
    ("dress", r"dress|skirt|tutu|nightshirt|nightgown", "pink"),
    ("dungarees", r"dungarees|overalls|trousers|shorts", "blue"),
    ("saddle", r"saddle|blanket", "red"),
    ("satchel", r"backpack|rucksack|satchel|bag", "brown"),
)
BACKS: tuple[tuple[str, str, str], ...] = (("cape", r"cape|cloak|superhero", "red"),)


@dataclass(frozen=True)
class Wear:
    """Everything a creature has on, each as (garment, colour) or None."""

    hat: tuple[str, str] | None = None
    extras: tuple[tuple[str, str], ...] = ()
    neck: tuple[tuple[str, str], ...] = ()
    body: tuple[str, str] | None = None
    cape: str = ""
    glasses: str = ""
    bandage: str = ""
    words: str = ""


@lru_cache(maxsize=256)
def wear_of(words: str, palette: tuple[str, ...] = (), spectacles: str = "", fixed: str = "") -> Wear:
    """Read the outfit's words and the fixed details of the look (`fixed`)."""
    text = f"{words.lower()} , {fixed.lower()}"
    tint = palette[0] if palette else ""

    def found(table: tuple[tuple[str, str, str], ...], many: bool = False) -> list[tuple[str, str]]:
        hits: list[tuple[str, str]] = []
        for name, pattern, usual in table:
            match = re.search(rf"((?:[\w#-]+ ){{0,3}})(?:{pattern})", text)
            if match and (many or not hits):
                near = re.split(r"\b(?:and|with|over|under|a|an|the|his|her)\b|,", match[1])[-1]
                said = [name for name in COLOURS if re.search(rf"\b{re.escape(name)}\b", near)]
                plain = tint if tint and match.start() < len(words) and not hits and table is BODIES else usual
                hits.append((name, colour(near) if said else colour(plain, colour(usual))))
        return hits

    frame = ""
    lenses = re.search(r"((?:[\w-]+ ){0,2})(?:glasses|spectacles|goggles)", text)
    if spectacles and spectacles.lower() not in ("none", "no", "no glasses"):
        frame = colour(spectacles, "#5a4a45")
    elif lenses:
        frame = colour(lenses[1], "#5a4a45")
    hats, bodies = found(HATS), found(BODIES)
    return Wear(
        hats[0] if hats else None, tuple(found(EXTRAS, True)), tuple(found(NECKS, True)[:2]),
        bodies[0] if bodies else None, next((tint for _, tint in found(BACKS)), ""), frame,
        "#fdf8ee" if re.search(r"bandage|sore paw|hurt (?:paw|leg)|\bsling\b|cast on", text) else "", text,
    )


def on_head(wear: Wear, r: float, look: float, top: float, spread: float = 0.42, eyes: float = 0.0) -> str:
    """Hat, glasses and small things on a head `r` wide, whose crown is `top` * r above the eyes."""
    parts = []
    if wear.glasses:
        parts.append(glasses(r, look, spread, wear.glasses, eyes * r))
    for name, fill in wear.extras:
        if name == "bow":
            parts.append(_bow(r * 0.52, -r * (top - 0.16), r * 0.4, fill, 18))
        elif name == "flower":
            x, y = r * 0.56, -r * (top - 0.22)
            parts += [circle(x + dx * r * 0.17, y + dy * r * 0.17, r * 0.14, fill) for dx, dy in
                      ((0, -1), (0.95, -0.31), (0.59, 0.81), (-0.59, 0.81), (-0.95, -0.31))]
            parts.append(circle(x, y, r * 0.11, "#f3c94f"))
        elif name == "patch":
            x = look * r * 0.26 + r * spread * (1 - 0.22 * max(0.0, look))
            parts.append(ellipse(x, eyes * r, r * 0.25, r * 0.27, fill))
            parts.append(stroke(f"M{n(-r * 0.8)} {n(-r * 0.6)}Q{n(0)} {n(-r * 0.5)} {n(r * 0.98)} {n(-r * 0.02)}", fill, r * 0.07))
        elif name == "plaster":
            parts.append(group(box(-r * 0.2, -r * 0.08, r * 0.4, r * 0.16, "#e9c9a0", round=r * 0.08), f"translate({n(-r * 0.5)} {n(-r * 0.5)}) rotate(-28)"))
        elif name == "star":
            parts.append(_star(look * r * 0.26 + r * 0.62, r * 0.36, r * 0.17, fill))
        elif name == "headmirror":
            parts.append(stroke(f"M{n(-r * 0.9)} {n(-r * 0.42)}Q0 {n(-r * 0.72)} {n(r * 0.9)} {n(-r * 0.42)}", "#5f6066", r * 0.1))
            parts.append(circle(look * r * 0.2, -r * 0.62, r * 0.22, fill))
    if wear.hat:
        name, fill = wear.hat
        tilt = -7 if name not in ("glass", "helmet", "crown") else 0
        parts.append(group(_hat(name, fill, r), f"translate({n(-look * r * 0.04)} {n(-r * (top - 0.26))}) rotate({tilt})"))
    return "".join(parts)


def _hat(name: str, fill: str, r: float) -> str:
    """A hat whose brim's middle is (0, 0), for a head `r` wide."""
    band = shade(fill, -0.22)

    def at(*points: tuple[float, float]) -> list[Point]:
        return [(x * r, y * r) for x, y in points]

    if name == "wizard":
        cone = path(f"M{n(-r * 0.62)} 0Q{n(-r * 0.2)} {n(-r * 0.8)} {n(r * 0.24)} {n(-r * 1.62)}Q{n(r * 0.36)} {n(-r * 0.7)} {n(r * 0.64)} 0Q0 {n(r * 0.24)} {n(-r * 0.62)} 0Z", fill)
        stars = _star(-r * 0.12, -r * 0.42, r * 0.15, "#f6d873") + _star(r * 0.2, -r * 0.9, r * 0.1, "#f6d873")
        return ellipse(0, 0, r * 1.02, r * 0.22, shade(fill, -0.1)) + cone + stars
    if name == "tophat":
        return ellipse(0, 0, r * 0.86, r * 0.17, fill) + path(
            f"M{n(-r * 0.52)} 0L{n(-r * 0.58)} {n(-r * 0.96)}Q0 {n(-r * 1.12)} {n(r * 0.58)} {n(-r * 0.96)}L{n(r * 0.52)} 0Q0 {n(r * 0.14)} {n(-r * 0.52)} 0Z", fill
        ) + path(f"M{n(-r * 0.53)} {n(-r * 0.06)}L{n(-r * 0.545)} {n(-r * 0.3)}Q0 {n(-r * 0.2)} {n(r * 0.545)} {n(-r * 0.3)}L{n(r * 0.53)} {n(-r * 0.06)}Q0 {n(r * 0.08)} {n(-r * 0.53)} {n(-r * 0.06)}Z", "#c9564b", "none")
    if name == "crown":
        d = f"M{n(-r * 0.55)} {n(r * 0.04)}L{n(-r * 0.66)} {n(-r * 0.62)}L{n(-r * 0.3)} {n(-r * 0.3)}L0 {n(-r * 0.74)}L{n(r * 0.3)} {n(-r * 0.3)}L{n(r * 0.66)} {n(-r * 0.62)}L{n(r * 0.55)} {n(r * 0.04)}Q0 {n(r * 0.2)} {n(-r * 0.55)} {n(r * 0.04)}Z"
        gems = "".join(circle(x * r, y * r, r * 0.08, tint, "none") for x, y, tint in ((-0.66, -0.64, "#d9513f"), (0, -0.76, "#4f86c1"), (0.66, -0.64, "#d9513f"), (0, -0.1, "#e2668f")))
        return path(d, fill) + gems
    if name == "party":
        cone = path(f"M{n(-r * 0.46)} 0L0 {n(-r * 1.2)}L{n(r * 0.46)} 0Q0 {n(r * 0.2)} {n(-r * 0.46)} 0Z", fill)
        dots = "".join(circle(x * r, y * r, r * 0.08, "#fdf6e9", "none") for x, y in ((-0.16, -0.2), (0.16, -0.34), (-0.04, -0.62)))
        return cone + dots + circle(0, -r * 1.2, r * 0.16, "#f3c94f")
    if name == "chef":
        puff = rounded(at((-0.5, -0.3), (-0.84, -0.62), (-0.6, -1.04), (-0.2, -1.02), (0.04, -1.2), (0.34, -1.04), (0.68, -1.02), (0.84, -0.6), (0.5, -0.3)), fill)
        return puff + box(-r * 0.54, -r * 0.4, r * 1.08, r * 0.44, fill, round=r * 0.08)
    if name == "night":
        tail = path(f"M{n(-r * 0.72)} 0Q{n(-r * 0.5)} {n(-r * 0.9)} {n(r * 0.2)} {n(-r * 0.86)}Q{n(r * 0.96)} {n(-r * 0.8)} {n(r * 1.22)} {n(r * 0.04)}Q{n(r * 0.86)} {n(-r * 0.36)} {n(r * 0.7)} 0Q0 {n(r * 0.16)} {n(-r * 0.72)} 0Z", fill)
        return tail + box(-r * 0.76, -r * 0.12, r * 1.52, r * 0.26, "#fdf6e9", round=r * 0.13) + circle(r * 1.22, r * 0.1, r * 0.17, "#fdf6e9")
    if name == "pirate":
        d = f"M{n(-r)} {n(r * 0.06)}Q{n(-r * 0.84)} {n(-r * 0.6)} {n(-r * 0.36)} {n(-r * 0.6)}Q0 {n(-r * 1.0)} {n(r * 0.36)} {n(-r * 0.6)}Q{n(r * 0.84)} {n(-r * 0.6)} {n(r)} {n(r * 0.06)}Q0 {n(-r * 0.22)} {n(-r)} {n(r * 0.06)}Z"
        return path(d, fill, shade(fill, 0.3)) + circle(0, -r * 0.46, r * 0.15, "#fdf6e9", "none") + "".join(
            stroke(f"M{n(-s * r * 0.2)} {n(-r * 0.34)}L{n(s * r * 0.2)} {n(-r * 0.2)}", "#fdf6e9", r * 0.06) for s in (-1, 1))
    if name == "glass":
        return ""
    if name == "helmet":
        dome = path(f"M{n(-r * 0.78)} 0Q{n(-r * 0.76)} {n(-r * 0.86)} 0 {n(-r * 0.9)}Q{n(r * 0.76)} {n(-r * 0.86)} {n(r * 0.78)} 0Z", fill)
        return dome + path(f"M{n(-r * 1.02)} {n(r * 0.1)}Q{n(-r * 0.8)} {n(-r * 0.14)} 0 {n(-r * 0.14)}Q{n(r * 0.8)} {n(-r * 0.14)} {n(r * 1.02)} {n(r * 0.1)}Q0 {n(r * 0.06)} {n(-r * 1.02)} {n(r * 0.1)}Z", band) + _star(0, -r * 0.46, r * 0.22, "#f6d873")
    if name == "bobble":
        cuff = box(-r * 0.82, -r * 0.16, r * 1.64, r * 0.36, shade(fill, 0.5), round=r * 0.17)
        dome = path(f"M{n(-r * 0.74)} {n(-r * 0.02)}Q{n(-r * 0.7)} {n(-r * 0.82)} 0 {n(-r * 0.84)}Q{n(r * 0.7)} {n(-r * 0.82)} {n(r * 0.74)} {n(-r * 0.02)}Z", fill)
        return dome + cuff + circle(0, -r * 0.92, r * 0.22, shade(fill, 0.5))
    if name == "straw":
        return ellipse(0, 0, r * 1.24, r * 0.26, fill) + path(f"M{n(-r * 0.6)} 0Q{n(-r * 0.58)} {n(-r * 0.66)} 0 {n(-r * 0.68)}Q{n(r * 0.58)} {n(-r * 0.66)} {n(r * 0.6)} 0Q0 {n(r * 0.16)} {n(-r * 0.6)} 0Z", fill) + path(
            f"M{n(-r * 0.6)} {n(-r * 0.02)}L{n(-r * 0.58)} {n(-r * 0.2)}Q0 {n(-r * 0.08)} {n(r * 0.58)} {n(-r * 0.2)}L{n(r * 0.6)} {n(-r * 0.02)}Q0 {n(r * 0.14)} {n(-r * 0.6)} {n(-r * 0.02)}Z", "#c9564b", "none")
    if name == "nurse":
        cap = path(f"M{n(-r * 0.56)} {n(r * 0.06)}L{n(-r * 0.66)} {n(-r * 0.5)}Q0 {n(-r * 0.74)} {n(r * 0.66)} {n(-r * 0.5)}L{n(r * 0.56)} {n(r * 0.06)}Q0 {n(r * 0.2)} {n(-r * 0.56)} {n(r * 0.06)}Z", fill)
        return cap + box(-r * 0.06, -r * 0.42, r * 0.12, r * 0.36, "#d9513f", "none") + box(-r * 0.18, -r * 0.3, r * 0.36, r * 0.12, "#d9513f", "none")
    if name == "cap":
        dome = path(f"M{n(-r * 0.72)} {n(r * 0.04)}Q{n(-r * 0.7)} {n(-r * 0.68)} 0 {n(-r * 0.7)}Q{n(r * 0.7)} {n(-r * 0.68)} {n(r * 0.72)} {n(r * 0.04)}Z", fill)
        return dome + path(f"M{n(r * 0.1)} {n(r * 0.06)}Q{n(r * 0.8)} {n(-r * 0.22)} {n(r * 1.3)} {n(r * 0.14)}Q{n(r * 0.8)} {n(r * 0.16)} {n(r * 0.1)} {n(r * 0.06)}Z", band) + circle(0, -r * 0.7, r * 0.07, band)
    if name == "bonnet":
        return rounded(at((-0.9, 0.2), (-0.86, -0.5), (-0.3, -0.86), (0.3, -0.86), (0.86, -0.5), (0.9, 0.2), (0.6, -0.1), (0, -0.26), (-0.6, -0.1)), fill)
    return ellipse(0, 0, r * 0.96, r * 0.19, fill) + path(f"M{n(-r * 0.6)} 0Q{n(-r * 0.6)} {n(-r * 0.72)} 0 {n(-r * 0.74)}Q{n(r * 0.6)} {n(-r * 0.72)} {n(r * 0.6)} 0Q0 {n(r * 0.14)} {n(-r * 0.6)} 0Z", fill) + path(
        f"M{n(-r * 0.6)} {n(-r * 0.03)}L{n(-r * 0.58)} {n(-r * 0.2)}Q0 {n(-r * 0.08)} {n(r * 0.58)} {n(-r * 0.2)}L{n(r * 0.6)} {n(-r * 0.03)}Q0 {n(r * 0.12)} {n(-r * 0.6)} {n(-r * 0.03)}Z", band, "none")


def bubble(wear: Wear, x: float, y: float, r: float) -> str:
    """A space helmet's glass around the whole head, if one is worn."""
    if not (wear.hat and wear.hat[0] == "glass"):
        return ""
    ring = circle(x, y, r, "#dff0f7", "#b9cdd8", r * 0.06, 0.34)
    return ring + stroke(f"M{n(x - r * 0.7)} {n(y - r * 0.28)}Q{n(x - r * 0.6)} {n(y - r * 0.66)} {n(x - r * 0.22)} {n(y - r * 0.76)}", "#ffffff", r * 0.09, 0.8)


def on_neck(wear: Wear, x: float, y: float, half: float, turn: float = 0.0) -> str:
    """Scarf, collar, bow tie … about a neck's front at (x, y), `half` wide to each side."""
    parts = []
    for name, fill in wear.neck:
        dark = shade(fill, -0.18)
        ring = f"M{n(-half)} {n(-half * 0.16)}Q0 {n(half * 0.5)} {n(half)} {n(-half * 0.16)}"
        if name == "scarf":
            end = limb([(half * 0.42, half * 0.2), (half * 0.6, half * 0.7), (half * 0.5, half * 1.25)], half * 0.4, half * 0.48, dark)
            parts.append(end + stroke(ring, shade(fill, -0.32), half * 0.56) + stroke(ring, fill, half * 0.47))
        elif name == "bowtie":
            parts.append(_bow(0, half * 0.26, half * 0.62, fill, 0))
        elif name == "bandana":
            parts.append(stroke(ring, dark, half * 0.28) + path(f"M{n(-half * 0.62)} {n(half * 0.08)}Q0 {n(half * 0.42)} {n(half * 0.62)} {n(half * 0.08)}L{n(half * 0.06)} {n(half * 0.98)}Z", fill))
        elif name == "stethoscope":
            hang = f"M{n(-half * 0.72)} 0Q{n(-half * 0.5)} {n(half * 0.95)} {n(half * 0.05)} {n(half * 0.95)}Q{n(half * 0.56)} {n(half * 0.9)} {n(half * 0.72)} 0"
            parts.append(stroke(hang, fill, half * 0.13) + stroke(f"M{n(half * 0.05)} {n(half * 0.95)}L{n(half * 0.1)} {n(half * 1.3)}", fill, half * 0.13) + circle(half * 0.1, half * 1.42, half * 0.2, "#c3c8cf"))
        elif name == "tie":
            parts.append(path(f"M{n(-half * 0.14)} {n(half * 0.2)}L{n(half * 0.14)} {n(half * 0.2)}L{n(half * 0.26)} {n(half * 1.1)}L0 {n(half * 1.4)}L{n(-half * 0.26)} {n(half * 1.1)}Z", fill) + circle(0, half * 0.2, half * 0.17, dark))
        elif name == "necklace":
            parts += [circle(-half + half * 2 * k / 6, half * (0.42 - 0.62 * (2 * k / 6 - 1) ** 2), half * 0.16, fill) for k in range(7)]
        else:
            parts.append(stroke(ring, shade(fill, -0.32), half * 0.34) + stroke(ring, fill, half * 0.26))
            if name == "medal":
                parts.append(circle(0, half * 0.72, half * 0.32, "#f0c64a") + _star(0, half * 0.72, half * 0.18, "#fbeaa8"))
            else:
                parts.append(circle(0, half * 0.36, half * 0.2, "#f0c64a"))
    return group(parts, f"translate({n(x)} {n(y)})" + (f" rotate({n(turn)})" if turn else "")) if parts else ""


def cape(fill: str, points: Sequence[Point]) -> str:
    """A cape through the given outline, with two folds."""
    if not fill:
        return ""
    folds = "".join(
        stroke(f"M{n(a[0])} {n(a[1])}L{n(b[0] * 0.8 + a[0] * 0.2)} {n(b[1] * 0.8 + a[1] * 0.2)}", shade(fill, -0.2), 0.9, 0.7)
        for a, b in (((points[0][0] * 0.6 + points[-1][0] * 0.4, points[0][1]), points[len(points) // 2]),)
    )
    return path(smooth(list(points), True, 0.56), fill) + folds


def shirt(wear: Wear, half: Sequence[Point], belly: str) -> str:
    """The trunk's garment over a body standing upright; `half` is its right side from shoulder to hip."""
    if not wear.body:
        return ""
    name, fill = wear.body
    (sx, sy), (bx, by) = half[0], half[-1]
    right, left = list(half), [(-x, y) for x, y in half]
    hem = by * 1.0
    dark = shade(fill, -0.25)
    if name in ("apron", "dungarees"):
        w, top = bx * 0.72, sy * 0.72
        bib = path(f"M{n(-w * 0.7)} {n(top)}L{n(w * 0.7)} {n(top)}L{n(w)} {n(hem)}Q0 {n(hem + 5)} {n(-w)} {n(hem)}Z", fill)
        straps = "".join(stroke(f"M{n(s * w * 0.62)} {n(top)}L{n(s * sx * 0.9)} {n(sy * 0.98)}", dark, 2.2) for s in (-1, 1))
        return straps + bib + box(-w * 0.4, (top + hem) / 2, w * 0.8, abs(top - hem) * 0.28, shade(fill, 0.25), round=2)
    if name == "satchel":
        strap = stroke(f"M{n(-sx)} {n(sy)}Q0 {n(sy * 0.5)} {n(bx)} {n(hem - 4)}", dark, 2.6)
        return strap + box(bx - 8, hem - 9, 14, 11, fill, round=3)
    if name == "saddle":
        return ""
    flare = 1.28 if name == "dress" else 1.0
    right[-1], left[-1] = (bx * flare, hem), (-bx * flare, hem)
    d = smooth(right, False, 0.56)
    d += f"Q0 {n(hem + 7)} {n(-bx * flare)} {n(hem)}"
    d += "L" + smooth(left[::-1], False, 0.56)[1:] + f"Q0 {n(sy + 6)} {n(sx)} {n(sy)}Z"
    parts = [path(d, fill)]
    if name in ("vest", "coat"):
        w = bx * (0.34 if name == "vest" else 0.2)
        parts.append(path(f"M{n(-sx * 0.5)} {n(sy + 2)}Q0 {n(sy + 6)} {n(sx * 0.5)} {n(sy + 2)}L{n(w * 0.5)} {n(hem * 0.6 + sy * 0.4)}L{n(w)} {n(hem + 5)}Q0 {n(hem + 5.6)} {n(-w)} {n(hem + 5)}L{n(-w * 0.5)} {n(hem * 0.6 + sy * 0.4)}Z", belly, dark))
        parts += [circle(w * 0.5 + 2.8, sy * k + hem * (1 - k), 0.95, dark, "none") for k in (0.2, 0.45)]
    elif name == "jumper":
        parts.append(stroke(f"M{n(-bx * 0.98)} {n(hem - 1)}Q0 {n(hem + 5.5)} {n(bx * 0.98)} {n(hem - 1)}", dark, 1.6))
        parts += [stroke(f"M{n(-bx * 0.93)} {n(y)}Q0 {n(y + 5)} {n(bx * 0.93)} {n(y)}", shade(fill, 0.45), 1.6, 0.8) for y in (sy * 0.5 + hem * 0.5,)]
    else:
        parts += [circle(x, hem - 3 + abs(x) * -0.05, 1.2, shade(fill, 0.5), "none") for x in (-bx * 0.7, -bx * 0.2, bx * 0.3, bx * 0.8)]
    return "".join(parts)


def sleeves(wear: Wear) -> str:
    """The colour of long sleeves, "" for bare arms."""
    return wear.body[1] if wear.body and wear.body[0] in ("coat", "jumper") else ""


def _bow(x: float, y: float, size: float, fill: str, turn: float) -> str:
    wings = "".join(
        path(f"M0 0Q{n(s * size * 0.5)} {n(-size * 0.9)} {n(s * size)} {n(-size * 0.46)}Q{n(s * size * 1.1)} 0 {n(s * size)} {n(size * 0.46)}Q{n(s * size * 0.5)} {n(size * 0.8)} 0 0Z", fill)
        for s in (-1, 1)
    )
    return group(wings + circle(0, 0, size * 0.26, shade(fill, -0.12)), f"translate({n(x)} {n(y)}) rotate({n(turn)})")


def _star(x: float, y: float, size: float, fill: str) -> str:
    points = ((0, -1), (0.26, -0.34), (0.95, -0.31), (0.42, 0.14), (0.59, 0.81), (0, 0.42), (-0.59, 0.81), (-0.42, 0.14), (-0.95, -0.31), (-0.26, -0.34))
    return path("M" + "L".join(f"{n(x + a * size)} {n(y + b * size)}" for a, b in points) + "Z", fill, "none")
