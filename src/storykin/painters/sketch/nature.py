"""Painters, sketch: what grows and stands out of doors, drawn in centimetres about its lower middle."""
# fmt: off

from functools import lru_cache
from random import Random

from storykin.painters.sketch.drawn import Drawn
from storykin.painters.sketch.furniture import BRASS, DARK_WOOD, LINEN, PALE_WOOD, STEEL, WOOD, grain, wooden
from storykin.painters.sketch.ink import circle, limb, moved, stroke
from storykin.painters.sketch.soft import (
    MUTED,
    area,
    fine,
    halo,
    lit,
    lump,
    oval,
    poly,
    scallop,
    shade,
    slab,
    solid,
    specks,
    washed,
)


def n(value: float) -> str:
    """A tenth of a centimetre is fine enough for trees, and halves their drawing."""
    return f"{value:.1f}".removesuffix(".0")


LEAF, DEEP_LEAF, PALE_LEAF, BARK = "#93b57c", "#6f9a72", "#b5cb8f", "#a07a5b"


def crown(cx: float, cy: float, rx: float, ry: float, leaf: str, seed: str) -> str:
    """The leaves of a tree or bush: dark below, light where the sun comes from."""
    dice = Random(seed)
    marks = ""
    for _ in range(int(6 + rx * ry / 900)):
        x, y = cx + dice.uniform(-0.7, 0.7) * rx, cy + dice.uniform(-0.65, 0.65) * ry
        r = dice.uniform(4, 7)
        marks += f"M{n(x - r)} {n(y)}q{n(r)} {n(r)} {n(2 * r)} 0"
    return (
        area(scallop(cx + rx * 0.04, cy + ry * 0.06, rx, ry, 11, seed), shade(leaf, -0.12))
        + area(scallop(cx - rx * 0.05, cy - ry * 0.06, rx * 0.9, ry * 0.86, 10, seed + "m"), leaf)
        + area(scallop(cx - rx * 0.24, cy - ry * 0.3, rx * 0.52, ry * 0.46, 8, seed + "l"), shade(leaf, 0.2), 0.85)
        + fine(marks, shade(leaf, -0.16), 1.6, 0.5)
    )


@lru_cache(maxsize=64)
def tree(seed: str = "tree", leaf: str = LEAF, h: float = 380, fruit: str = "", bark: str = BARK) -> Drawn:
    """A round tree, with fruit of that colour."""
    dice = Random(seed)
    w = h * dice.uniform(0.62, 0.78)
    lean = dice.uniform(-0.04, 0.04) * h
    trunk = area(f"M{n(-h * 0.055)} 0Q{n(-h * 0.02)} {n(-h * 0.06)} {n(-h * 0.028)} {n(-h * 0.5)}H{n(h * 0.028)}Q{n(h * 0.03)} {n(-h * 0.06)} {n(h * 0.062)} 0Q0 {n(-h * 0.018)} {n(-h * 0.055)} 0Z", bark)
    trunk += area(f"M{n(h * 0.008)} {n(-h * 0.5)}H{n(h * 0.028)}Q{n(h * 0.03)} {n(-h * 0.06)} {n(h * 0.062)} 0Q{n(h * 0.03)} {n(-h * 0.02)} {n(h * 0.015)} {n(-h * 0.012)}Z", shade(bark, -0.14), 0.8)
    trunk += fine(f"M{n(-h * 0.012)} {n(-h * 0.08)}q-3 {n(-h * 0.08)} 0 {n(-h * 0.14)}M{n(-h * 0.018)} {n(-h * 0.27)}v{n(-h * 0.07)}", shade(bark, -0.2), 1.5, 0.6)
    trunk += limb([(0, -h * 0.34), (h * 0.07, -h * 0.43), (h * 0.13, -h * 0.53)], h * 0.03, h * 0.012, bark, "none", 0)
    trunk += limb([(0, -h * 0.3), (-h * 0.06, -h * 0.4), (-h * 0.11, -h * 0.5)], h * 0.026, h * 0.012, bark, "none", 0)
    top = crown(lean, -h * 0.68, w / 2, h * 0.31, leaf, seed)
    balls = ""
    if fruit:
        for i in range(11):
            x, y = lean + dice.uniform(-0.78, 0.78) * w / 2, -h * 0.68 + dice.uniform(-0.7, 0.75) * h * 0.3
            balls += circle(x, y, h * 0.018, fruit if i % 3 else shade(fruit, 0.2), "none")
    return Drawn(trunk + top + balls, w * 1.04, h)


@lru_cache(maxsize=64)
def poplar(seed: str = "poplar", leaf: str = DEEP_LEAF, h: float = 420) -> Drawn:
    """A slender tree."""
    w = h * 0.26
    body = area(f"M0 {n(-h)}Q{n(w * 0.62)} {n(-h * 0.56)} {n(w * 0.42)} {n(-h * 0.18)}Q0 {n(-h * 0.06)} {n(-w * 0.42)} {n(-h * 0.18)}Q{n(-w * 0.62)} {n(-h * 0.56)} 0 {n(-h)}Z", shade(leaf, -0.06))
    light = area(
        f"M{n(-w * 0.03)} {n(-h * 0.95)}Q{n(w * 0.2)} {n(-h * 0.56)} {n(w * 0.06)} {n(-h * 0.16)}Q{n(-w * 0.2)} {n(-h * 0.11)} {n(-w * 0.38)} {n(-h * 0.2)}Q{n(-w * 0.54)} {n(-h * 0.56)} {n(-w * 0.03)} {n(-h * 0.95)}Z", shade(leaf, 0.1)
    )
    dice, d = Random(seed), ""
    for _i in range(9):
        x, y = dice.uniform(-0.3, 0.3) * w, -h * dice.uniform(0.22, 0.8)
        d += f"M{n(x)} {n(y)}q4 5 8 0"
    return Drawn(slab(-h * 0.02, -h * 0.2, h * 0.04, h * 0.2, BARK) + body + light + fine(d, shade(leaf, -0.2), 1.6, 0.5), w, h)


@lru_cache(maxsize=64)
def pine(seed: str = "pine", leaf: str = "#7a9f84", h: float = 420, snow: bool = False) -> Drawn:
    """A fir tree in tiers, white with snow if asked."""
    dice, parts = Random(seed), [slab(-h * 0.025, -h * 0.16, h * 0.05, h * 0.16, BARK)]
    for i in range(5):
        low, high, half = -h * (0.1 + i * 0.16), -h * min(1.0, 0.42 + i * 0.15), h * (0.24 - i * 0.037)
        half *= dice.uniform(0.94, 1.06)
        d = f"M0 {n(high)}Q{n(half * 0.3)} {n((high + low) / 2)} {n(half)} {n(low)}"
        d += f"Q{n(half * 0.66)} {n(low + h * 0.02)} {n(half * 0.5)} {n(low - h * 0.005)}Q{n(half * 0.25)} {n(low + h * 0.03)} 0 {n(low)}"
        d += f"Q{n(-half * 0.25)} {n(low + h * 0.03)} {n(-half * 0.5)} {n(low - h * 0.005)}Q{n(-half * 0.66)} {n(low + h * 0.02)} {n(-half)} {n(low)}Q{n(-half * 0.3)} {n((high + low) / 2)} 0 {n(high)}Z"
        parts.append(washed(d, shade(leaf, 0.06 + 0.03 * i), shade(leaf, -0.1)))
        if snow:
            parts.append(
                area(
                    f"M0 {n(high)}Q{n(half * 0.28)} {n((high + low) / 2)} {n(half * 0.92)} {n(low - h * 0.004)}Q{n(half * 0.5)} {n(low - h * 0.07)} {n(half * 0.2)} {n(low - h * 0.06)}Q{n(-half * 0.1)} {n(low - h * 0.1)} {n(-half * 0.4)} {n(low - h * 0.05)}Q{n(-half * 0.7)} {n(low - h * 0.04)} {n(-half * 0.92)} {n(low - h * 0.004)}Q{n(-half * 0.28)} {n((high + low) / 2)} 0 {n(high)}Z",
                    "#f7f8f6",
                    0.92,
                )
            )
    return Drawn("".join(parts), h * 0.48, h)


@lru_cache(maxsize=64)
def birch(seed: str = "birch", leaf: str = PALE_LEAF, h: float = 420) -> Drawn:
    """A white-stemmed tree."""
    dice = Random(seed)
    stem = limb([(-4, 0), (2, -h * 0.3), (-3, -h * 0.85)], h * 0.045, h * 0.018, "#efe8da", "none", 0)
    marks = fine("".join(f"M{n(dice.uniform(-8, 3))} {n(-h * t)}h{n(dice.uniform(3, 7))}" for t in (0.05, 0.11, 0.16, 0.22, 0.28, 0.33, 0.4)), "#8a7d72", 1.8, 0.8)
    return Drawn(stem + marks + crown(0, -h * 0.7, h * 0.2, h * 0.3, leaf, seed), h * 0.42, h)


@lru_cache(maxsize=64)
def palm(seed: str = "palm", leaf: str = "#86ae78", h: float = 420) -> Drawn:
    """A palm leaning a little."""
    lean = h * Random(seed).uniform(0.08, 0.16)
    stem = limb([(0, 0), (lean * 0.3, -h * 0.35), (lean, -h * 0.8)], h * 0.07, h * 0.035, "#bb9670", "none", 0)
    rings = fine("".join(f"M{n(lean * t * t - h * 0.025)} {n(-h * 0.8 * t)}q{n(h * 0.025)} 5 {n(h * 0.05)} 0" for t in (0.12, 0.24, 0.36, 0.48, 0.6, 0.72, 0.84)), "#94714f", 1.7, 0.6)
    parts = []
    for turn, long in ((-168, 0.34), (-12, 0.34), (-140, 0.36), (-40, 0.36), (-110, 0.3), (-70, 0.3), (168, 0.3), (14, 0.3)):
        r = h * long
        d = f"M0 0Q{n(r * 0.45)} {n(-r * 0.34)} {n(r)} {n(r * 0.1)}Q{n(r * 0.8)} {n(r * 0.02)} {n(r * 0.78)} {n(r * 0.12)}Q{n(r * 0.64)} {n(-r * 0.02)} {n(r * 0.58)} {n(r * 0.1)}Q{n(r * 0.44)} {n(-r * 0.06)} {n(r * 0.36)} {n(r * 0.06)}Q{n(r * 0.2)} {n(-r * 0.06)} 0 0Z"
        flat = turn if abs(turn) < 90 else 180 + turn if turn < 0 else turn - 180
        fill = shade(leaf, -0.12 if abs(turn) > 150 or abs(turn) < 30 else 0.08)
        parts.append(moved(area(d, fill) + fine(f"M0 0Q{n(r * 0.45)} {n(-r * 0.24)} {n(r * 0.9)} {n(r * 0.04)}", shade(fill, -0.12), 1.4, 0.6), lean, -h * 0.8, turn=flat * 1.0, mirror=abs(turn) > 90))
    nuts = "".join(circle(lean + x, -h * 0.785 + y, h * 0.02, "#9b7350", "none") for x, y in ((-8, 4), (8, 5), (0, 9)))
    return Drawn(stem + rings + "".join(parts) + nuts, h * 0.72, h)


@lru_cache(maxsize=64)
def bush(seed: str = "bush", leaf: str = LEAF, w: float = 110, flower: str = "") -> Drawn:
    """A round bush, in bloom if a colour is given."""
    h, dice = w * 0.62, Random(seed)
    d = scallop(0, 0, w / 2, h, 7, seed, 180, 360)
    light = scallop(-w * 0.1, -h * 0.16, w * 0.32, h * 0.68, 6, seed + "l", 180, 360)
    blooms = "".join(circle(dice.uniform(-0.4, 0.4) * w, -h * dice.uniform(0.15, 0.8), w * 0.032, flower, "none") for _ in range(9)) if flower else ""
    return Drawn(
        area(d, shade(leaf, -0.1)) + area(light, shade(leaf, 0.1), 0.9) + fine("".join(f"M{n(dice.uniform(-0.36, 0.3) * w)} {n(-h * dice.uniform(0.12, 0.7))}q4 4 8 0" for _ in range(7)), shade(leaf, -0.2), 1.4, 0.5) + blooms, w, h * 1.08
    )


@lru_cache(maxsize=64)
def tuft(h: float = 22, leaf: str = LEAF, seed: str = "tuft", count: int = 7) -> Drawn:
    """A tuft of grass."""
    dice, parts = Random(seed), []
    for i in range(count):
        lean = (i - (count - 1) / 2) / count * h * 1.1
        high = h * dice.uniform(0.65, 1.0)
        parts.append(area(f"M{n(lean * 0.3 - h * 0.05)} 0Q{n(lean * 0.45)} {n(-high * 0.6)} {n(lean)} {n(-high)}Q{n(lean * 0.5 + h * 0.08)} {n(-high * 0.5)} {n(lean * 0.3 + h * 0.06)} 0Z", shade(leaf, dice.choice((-0.1, 0.0, 0.12)))))
    return Drawn("".join(parts), h, h)


@lru_cache(maxsize=64)
def flowers(seed: str = "flowers", h: float = 26, fills: tuple[str, ...] = ("#e39a94", "#f0d083", "#f6f0e2", "#bfa6d0")) -> Drawn:
    """A few flowers on stalks."""
    dice, parts = Random(seed), []
    for i in range(4):
        x, high, fill = (i - 1.5) * h * 0.26, h * dice.uniform(0.6, 1.0), dice.choice(fills)
        r = h * 0.09
        parts.append(fine(f"M{n(x * 0.5)} 0Q{n(x * 0.7)} {n(-high * 0.5)} {n(x)} {n(-high)}", "#86a873", h * 0.04))
        parts.append("".join(circle(x + dx * r, -high + dy * r, r * 0.8, fill, "none") for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1))) + circle(x, -high, r * 0.6, "#e9b95c" if fill != "#f0d083" else "#c98f55", "none"))
    leaves = oval(-h * 0.16, -h * 0.13, h * 0.05, h * 0.17, LEAF, turn=-34) + oval(h * 0.16, -h * 0.13, h * 0.05, h * 0.17, LEAF, turn=34)
    return Drawn(leaves + "".join(parts), h, h * 1.1)


@lru_cache(maxsize=64)
def fern(h: float = 80, leaf: str = "#86ab78", seed: str = "fern") -> Drawn:
    """Arching fronds."""
    parts = []
    for i, turn in enumerate((-62, -34, -10, 14, 38, 64)):
        fill = shade(leaf, (-0.1, 0.05, 0.14, 0.0, -0.06, 0.08)[i])
        d = f"M0 0Q{n(h * 0.06)} {n(-h * 0.5)} 0 {n(-h * 0.96)}"
        leaves = "".join(
            f"M0 {n(-h * q)}q{n(side * h * 0.08 * (1.2 - q))} {n(-h * 0.01)} {n(side * h * 0.15 * (1.25 - q))} {n(-h * 0.07)}"
            for q in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9) for side in (-1, 1)
        )  # fmt: skip
        parts.append(moved(fine(d, shade(fill, -0.1), h * 0.02) + fine(leaves, fill, h * 0.05), 0, 0, turn=turn))
    return Drawn("".join(parts), h * 1.7, h)


@lru_cache(maxsize=64)
def rock(w: float = 70, fill: str = "#b9b3a8", seed: str = "rock") -> Drawn:
    """A rounded stone."""
    dice, h = Random(seed), w * 0.58
    top = [(-w * 0.5, -h * 0.1), (-w * 0.42, -h * dice.uniform(0.5, 0.7)), (-w * 0.1, -h), (w * 0.28, -h * dice.uniform(0.75, 0.92)), (w * 0.5, -h * 0.25), (w * 0.42, 0), (-w * 0.44, 0)]
    light = [(-w * 0.38, -h * 0.36), (-w * 0.3, -h * 0.72), (-w * 0.06, -h * 0.92), (w * 0.1, -h * 0.8), (-w * 0.1, -h * 0.5)]
    return Drawn(
        lump(top, shade(fill, -0.06))
        + lump(light, shade(fill, 0.25), 0.8)
        + fine(f"M{n(w * 0.12)} {n(-h * 0.5)}q{n(w * 0.1)} {n(h * 0.12)} {n(w * 0.06)} {n(h * 0.3)}", shade(fill, -0.2), 1.2, 0.5)
        + specks(-w * 0.3, -h * 0.7, w * 0.6, h * 0.6, shade(fill, -0.25), 8, seed, 1.4, 0.5),
        w,
        h,
    )


def mushrooms(fill: str = "#cf7f70") -> Drawn:
    """Two toadstools."""

    def one(k: float) -> str:
        cap = area("M-13 -16Q-12 -30 0 -31Q12 -30 13 -16Q0 -12 -13 -16Z", fill) + "".join(circle(x, y, r, "#fbf3e4", "none") for x, y, r in ((-5, -21, 2.2), (3, -26, 2), (7, -19, 1.6)))
        return moved(area("M-4 -16Q-3 -6 -5 0H5Q3 -6 4 -16Z", "#f3e8d3") + cap, 0, 0, k)

    return Drawn(moved(one(1), -6, 0) + moved(one(0.65), 12, 0), 46, 32)


@lru_cache(maxsize=64)
def fence(w: float = 150, h: float = 74, fill: str = "#efe5d2") -> Drawn:
    """A picket fence, slightly crooked."""
    dice, parts = (Random("fence"), ["".join(slab(-w / 2, -h * t, w, 5, shade(fill, -0.1)) for t in (0.34, 0.74))])
    count = int(w / 19)
    for i in range(count):
        x = -w / 2 + (i + 0.5) * w / count
        parts.append(moved(area(f"M-6 0V{n(-h * 0.88)}L0 {n(-h)}L6 {n(-h * 0.88)}V0Z", shade(fill, dice.uniform(-0.05, 0.12))), x, 0, turn=dice.uniform(-1.6, 1.6)))
    return Drawn("".join(parts), w, h)


@lru_cache(maxsize=64)
def rail_fence(w: float = 190, h: float = 90, fill: str = WOOD) -> Drawn:
    """A farm fence of posts and rails."""
    rails = "".join(moved(wooden(-w / 2, -4, w, 8, fill, 2), 0, -h * t, turn=k) for t, k in ((0.36, 0.7), (0.74, -0.8)))
    return Drawn(rails + "".join(slab(x - 5, -h, 10, h, shade(fill, -0.1), 3) for x in (-w * 0.4, 0, w * 0.4)), w, h)


@lru_cache(maxsize=64)
def house(seed: str = "house", wall: str = "#efdcc0", roof: str = "#c98a76", w: float = 420, h: float = 330, lamp: bool = False) -> Drawn:
    """A small house with a crooked chimney; `lamp` lights its windows."""
    a, eaves = w / 2, -h * 0.56
    pane = "#ffdf9a" if lamp else "#b9d2da"

    def glass(x: float, y: float, gw: float, gh: float) -> str:
        inner = slab(x - gw / 2, y - gh, gw, gh, pane, 2)
        bars = fine(f"M{n(x)} {n(y)}v{n(-gh)}M{n(x - gw / 2)} {n(y - gh / 2)}h{n(gw)}", "#f7efe0", 4)
        sill = slab(x - gw / 2 - 6, y, gw + 12, 7, shade(wall, 0.4), 2)
        shut = "".join(slab(x + s * (gw / 2 + 11) - 9, y - gh, 18, gh, shade(roof, 0.25), 2) for s in (-1, 1))
        return (
            shut
            + slab(x - gw / 2 - 5, y - gh - 5, gw + 10, gh + 8, "#f7efe0", 2)
            + (lit(inner + halo(x, y - gh / 2, gw, gh, "#ffd98a", 0.5)) if lamp else inner)
            + bars
            + sill
            + "".join(circle(x + k * gw * 0.2, y - 2, 6, MUTED[(i * 2) % 8], "none") for i, k in enumerate((-2, -1, 0, 1, 2)))
        )

    body = washed(f"M{n(-a)} 0V{n(eaves)}H{n(a)}V0Z", shade(wall, 0.14), shade(wall, -0.05)) + slab(a * 0.5, eaves, a * 0.5, -eaves, shade(wall, -0.07), 0, 0.5)
    chimney = solid(a * 0.42, -h * 1.02, 34, h * 0.4, shade(roof, -0.12), 2, 9) + slab(a * 0.42 - 4, -h * 1.04, 42, 12, shade(roof, -0.22), 2)
    smoke = lump([(a * 0.5, -h * 1.08), (a * 0.44, -h * 1.14), (a * 0.52, -h * 1.2), (a * 0.62, -h * 1.15), (a * 0.6, -h * 1.08)], "#ffffff", 0.5)
    tiles = "".join(f"M{n(-a - 22 + r * 20 + c * 44)} {n(eaves - r * h * 0.1)}q22 12 44 0" for r in range(1, 4) for c in range(int((w + 44 - r * 40) / 44)))
    cap = washed(f"M{n(-a - 26)} {n(eaves + 6)}L{n(-a * 0.62)} {n(-h * 0.98)}Q0 {n(-h * 1.01)} {n(a * 0.62)} {n(-h * 0.98)}L{n(a + 26)} {n(eaves + 6)}Z", shade(roof, 0.14), shade(roof, -0.06)) + fine(tiles, shade(roof, -0.14), 2.4, 0.6)
    dx = -a * 0.1
    door = slab(dx - 38, -128, 76, 128, "#f7efe0", 36) + slab(dx - 31, -121, 62, 121, shade(roof, -0.04), 30) + circle(dx + 20, -56, 4.4, BRASS, "none") + slab(dx - 46, -9, 92, 9, "#cfc4b4", 2)
    stones = "".join(lump([(x, -3), (x + 3, -14), (x + 22, -15), (x + 26, -3)], shade(wall, -0.14), 0.7) for x in (-a + 4, -a + 34, a - 62, a - 32))
    return Drawn(smoke + chimney + body + stones + cap + glass(-a * 0.62, -62, 58, 66) + glass(a * 0.52, -62, 66, 66) + door, w + 52, h * 1.08)


@lru_cache(maxsize=64)
def town_house(seed: str, wall: str, w: float = 230, h: float = 520, lamp: bool = False, shop: str = "") -> Drawn:
    """A narrow town house, with a shop below if an awning's colour is given."""
    dice, a = Random(seed), w / 2
    kind = dice.randrange(3)
    roof = dice.choice(("#b98276", "#8f95a3", "#a8846a"))
    parts = [washed(f"M{n(-a)} 0V{n(-h)}H{n(a)}V0Z", shade(wall, 0.12), shade(wall, -0.06)), slab(a - 20, -h, 20, h, shade(wall, -0.1), 0, 0.5)]
    if kind == 0:
        parts.insert(0, poly([(-a - 10, -h + 4), (a + 10, -h + 4), (a * 0.1, -h - 120)], roof))
    elif kind == 1:
        parts.insert(0, area(f"M{n(-a)} {n(-h)}V{n(-h - 40)}H{n(-a * 0.6)}V{n(-h - 76)}H{n(-a * 0.26)}V{n(-h - 108)}H{n(a * 0.26)}V{n(-h - 76)}H{n(a * 0.6)}V{n(-h - 40)}H{n(a)}V{n(-h)}Z", shade(wall, 0.05)))
    else:
        parts.insert(0, poly([(-a - 8, -h + 4), (a + 8, -h + 4), (a * 0.72, -h - 90), (-a * 0.72, -h - 90)], roof))
    for row in range(int((h - 190) / 118)):
        for x in (-a * 0.46, a * 0.46):
            y = -190 - row * 118
            on = lamp and dice.random() < 0.7
            glass = slab(x - 27, y - 76, 54, 76, "#ffdf9a" if on else "#b7cfd8", 3)
            parts.append(slab(x - 32, y - 81, 64, 86, "#f7efe0", 3) + (lit(glass) if on else glass) + fine(f"M{n(x)} {n(y)}v-76M{n(x - 27)} {n(y - 44)}h54", "#f7efe0", 4) + slab(x - 36, y + 4, 72, 8, shade(wall, 0.35), 2))
            if dice.random() < 0.45:
                parts.append("".join(circle(x - 24 + i * 12, y - 3, 8, ("#d98f86", "#8fb07a", "#e6c078", "#8fb07a", "#d98f86")[i], "none") for i in range(5)))
    glow = "#ffe2a6" if lamp else "#c2d6d8"
    if shop:
        show = slab(-a + 14, -118, w * 0.5, 92, glow, 3)
        parts.append(slab(-a + 8, -124, w * 0.5 + 12, 104, "#f7efe0", 3) + (lit(show) if lamp else show) + "".join(circle(-a + 30 + i * 26, -36, 10, MUTED[(i * 3) % 8], "none") for i in range(4)))
        stripes = 7
        sw = (w - 8) / stripes
        parts.append("".join(area(f"M{n(-a + 4 + i * sw)} -158h{n(sw)}l3 40q{n(-sw / 2 - 1.5)} 14 {n(-sw - 3)} 0z", shop if i % 2 == 0 else "#f9f1e2") for i in range(stripes)))
        parts.append(slab(a - 76, -120, 58, 120, shade(shop, -0.12), 3) + slab(a - 68, -112, 42, 56, glow, 3))
    else:
        parts.append(slab(-36, -136, 72, 136, "#f7efe0", 8) + slab(-29, -128, 58, 128, roof, 6) + circle(18, -60, 4, BRASS, "none") + slab(-46, -10, 92, 10, "#cfc4b4", 2))
    return Drawn("".join(parts), w + 16, h + 120)


def barn(fill: str = "#b9716a") -> Drawn:
    """A red barn."""
    body = washed("M-210 0V-210L-150 -310L0 -370L150 -310L210 -210V0Z", shade(fill, 0.12), shade(fill, -0.05))
    planks = fine("".join(f"M{x} -6V{-200 - (210 - abs(x)) * 0.7:.0f}" for x in range(-190, 200, 24)), shade(fill, -0.12), 2, 0.6)
    roof = fine("M-222 -200L-154 -316L0 -378L154 -316L222 -200", "#8f7f7a", 17)
    gate = slab(-72, -172, 144, 172, "#f1e7d6", 3) + slab(-63, -163, 126, 163, shade(fill, -0.1), 2) + fine("M-63 0L63 -163M63 0L-63 -163M0 0V-163", "#f1e7d6", 8)
    loft = slab(-34, -290, 68, 64, "#f1e7d6", 3) + slab(-27, -283, 54, 50, "#6d5148", 2) + lump([(-24, -234), (-14, -256), (8, -262), (24, -236)], "#e0c27d")
    return Drawn(body + planks + loft + gate + roof, 446, 386)


def windmill(fill: str = "#efe3cf") -> Drawn:
    """A windmill."""
    body = washed("M-70 0L-44 -300H44L70 0Z", shade(fill, 0.1), shade(fill, -0.08)) + area("M-50 -298Q0 -372 50 -298Z", "#b9806c")
    wings = "".join(moved(slab(-4, -190, 8, 190, DARK_WOOD, 2) + slab(4, -184, 34, 128, LINEN, 3) + fine("M4 -160h34M4 -136h34M4 -112h34M4 -88h34M21 -184v128", "#c9b392", 2), 0, -306, turn=t) for t in (20, 110, 200, 290))
    return Drawn(body + slab(-22, -80, 44, 80, "#a5745b", 20) + slab(-16, -200, 32, 40, "#b9d2da", 14) + wings + circle(0, -306, 12, DARK_WOOD, "none"), 380, 500)


def lighthouse(fill: str = "#cf8277", lamp: bool = False) -> Drawn:
    """A striped lighthouse."""
    bands = "".join(poly([(-60 + i * 7, -i * 90), (60 - i * 7, -i * 90), (53 - i * 7, -i * 90 - 90), (-53 + i * 7, -i * 90 - 90)], fill if i % 2 == 0 else "#f7efe0") for i in range(5))
    dark = poly([(20, 0), (60, 0), (25, -450), (8, -450)], "#6d5148", 0.1)
    glass = slab(-20, -508, 40, 52, "#ffe9b0" if lamp else "#d6e3e2", 3)
    head = slab(-36, -460, 72, 10, "#7d7a78", 2) + (lit(halo(0, -482, 260, 200, "#ffe9b0", 0.7) + glass) if lamp else glass) + area("M-28 -506Q0 -552 28 -506Z", shade(fill, -0.1))
    return Drawn(bands + dark + head + slab(-15, -54, 30, 54, "#8f6d58", 14), 124, 545)


def sail_boat(fill: str = "#c98a72", sail: str = LINEN) -> Drawn:
    """A little sailing boat."""
    hull = area("M-80 -34H84Q74 2 40 4H-50Q-76 0 -80 -34Z", fill) + slab(-82, -38, 168, 7, shade(fill, 0.3), 3)
    return Drawn(
        slab(-4, -210, 6, 176, DARK_WOOD, 2)
        + area("M6 -206Q84 -120 74 -50H6Z", sail)
        + area("M-8 -190Q-60 -110 -62 -52H-8Z", shade(sail, -0.05))
        + fine("M10 -90Q44 -84 76 -90M10 -130Q40 -124 64 -130", shade(sail, -0.12), 1.6)
        + poly([(2, -210), (2, -228), (26, -219)], "#d98f86")
        + hull,
        172,
        228,
    )


def row_boat(fill: str = "#a8bfae") -> Drawn:
    """A rowing boat."""
    return Drawn(area("M-96 -40Q0 -26 96 -40Q88 0 54 4H-54Q-88 0 -96 -40Z", fill) + fine("M-94 -34Q0 -20 94 -34", shade(fill, 0.4), 5) + fine("M-84 -18Q0 -6 84 -18", shade(fill, -0.12), 2) + slab(-30, -40, 60, 6, PALE_WOOD, 2), 194, 46)


def bench_out() -> Drawn:
    """A park bench."""
    iron = "#7f8784"
    legs = "".join(fine(f"M{x} 0V-44L{x - 4} -84M{x} -44h{-s * 12}", iron, 5) for x, s in ((-66, 1), (66, 1)))
    return Drawn(legs + "".join(wooden(-82, y, 164, 8, WOOD, 3) for y in (-84, -70, -46, -37)), 168, 86)


def street_lamp(on: bool = False, h: float = 300) -> Drawn:
    """An old street lamp."""
    iron = "#7f8784"
    glass = poly([(-15, -h + 44), (15, -h + 44), (20, -h + 10), (-20, -h + 10)], "#ffe9b0" if on else "#e4e6da")
    lamp = lit(halo(0, -h + 26, 170, 160, "#ffd98a", 0.6) + glass) if on else glass
    return Drawn(
        slab(-4, -h + 44, 8, h - 44, iron) + slab(-10, -50, 20, 50, iron, 4) + slab(-16, -10, 32, 10, shade(iron, -0.1), 3) + lamp + area(f"M-24 {n(-h + 10)}Q0 {n(-h - 18)} 24 {n(-h + 10)}Z", iron) + circle(0, -h - 6, 5, iron, "none"),
        48,
        h + 10,
    )


def swing(h: float = 230) -> Drawn:
    """A swing for two."""
    wood = "#c48f6d"
    posts = fine(f"M-120 0L-96 {n(-h)}M-72 0L-96 {n(-h)}M120 0L96 {n(-h)}M72 0L96 {n(-h)}", wood, 10) + slab(-112, -h - 7, 224, 12, shade(wood, 0.12), 5)
    seats = "".join(fine(f"M{x - 17} {n(-h)}V-48M{x + 17} {n(-h)}V-48", "#9a9388", 2.4) + slab(x - 24, -50, 48, 7, f, 3) for x, f in ((-38, "#d3968a"), (40, "#8aa6bd")))
    return Drawn(posts + seats, 250, h + 8)


def slide(fill: str = "#d9a05f") -> Drawn:
    """A playground slide."""
    steps = fine("M-78 0L-58 -160M-46 0L-40 -160", "#8aa6bd", 8) + fine("".join(f"M{-76 + i * 4} {-20 - i * 28}H{-46 + i * 1.4}" for i in range(5)), "#8aa6bd", 6)
    chute = area("M-58 -164Q-20 -160 6 -96Q34 -26 104 -16V0Q20 -6 -8 -80Q-28 -142 -58 -146Z", fill) + fine("M-58 -168Q-16 -164 10 -98Q36 -32 104 -22", shade(fill, 0.3), 5)
    return Drawn(steps + chute + fine("M-60 -160V-190M-36 -158V-186M-62 -190H-34", "#8aa6bd", 6), 190, 194)


def hay(fill: str = "#dfc07c") -> Drawn:
    """A round bale of hay."""
    return Drawn(
        slab(-50, -92, 70, 92, shade(fill, -0.06), 30)
        + circle(22, -46, 46, fill, "none")
        + fine("M22 -46m-8 0a8 8 0 1 1 16 0a16 16 0 1 1 -30 2a24 24 0 1 1 44 4a32 32 0 1 1 -58 -2", shade(fill, -0.14), 2.4, 0.8)
        + fine("M-46 -60h36M-40 -30h34M-30 -80h30", shade(fill, -0.14), 2, 0.7),
        120,
        94,
    )


def well() -> Drawn:
    """A well with a little roof."""
    stones = slab(-52, -66, 104, 66, "#c2b8a8", 8) + "".join(slab(-50 + (r % 2) * 12 + c * 25, -62 + r * 21, 22, 17, shade("#c2b8a8", ((c + r) % 3) * 0.1), 5) for r in range(3) for c in range(4 - r % 2))
    return Drawn(
        slab(-46, -170, 7, 110, WOOD)
        + slab(39, -170, 7, 110, WOOD)
        + slab(-40, -140, 80, 6, DARK_WOOD, 3)
        + fine("M0 -136V-96", "#8f7f6c", 2)
        + poly([(-11, -98), (11, -98), (8, -76), (-8, -76)], "#a5745b")
        + stones
        + oval(0, -66, 54, 8, "#a39888")
        + poly([(-74, -160), (-50, -210), (50, -210), (74, -160)], "#b9806c"),
        148,
        212,
    )


def tent(one: str = "#cf8277", two: str = "#f7efe0", w: float = 380, h: float = 330) -> Drawn:
    """A striped circus tent from outside."""
    a, parts = w / 2, []
    for i in range(8):
        x0, x1 = -a + i * w / 8, -a + (i + 1) * w / 8
        fill = one if i % 2 == 0 else two
        parts.append(poly([(x0, -h * 0.52), (x1, -h * 0.52), (x1 * 0.06, -h), (x0 * 0.06, -h)], fill))
        parts.append(slab(x0 * 0.94, -h * 0.52, w / 8 * 0.95, h * 0.52, shade(fill, -0.04)))
        parts.append(area(f"M{n(x0)} {n(-h * 0.53)}h{n(w / 8)}v10q{n(-w / 16)} 26 {n(-w / 8)} 0z", two if i % 2 == 0 else one))
    gate = area(f"M-44 0Q-30 {n(-h * 0.3)} 0 {n(-h * 0.44)}Q30 {n(-h * 0.3)} 44 0Z", "#6d5148")
    return Drawn("".join(parts) + gate + slab(-2, -h - 34, 4, 40, DARK_WOOD) + poly([(2, -h - 34), (36, -h - 24), (2, -h - 12)], "#e0b86a"), w + 10, h + 36)


def stall(one: str = "#d3968a") -> Drawn:
    """A market stall with fruit."""
    parts = [slab(-84, -190, 7, 190, WOOD), slab(77, -190, 7, 190, WOOD), slab(-90, -84, 180, 84, "#cfae85", 3), grain(-86, -80, 172, 76, "#cfae85")]
    parts += ["".join(circle(-72 + i * 16, -88 - (i % 2) * 5, 9, ("#d98f6f", "#b7c27c", "#e6c078")[i // 4 % 3], "none") for i in range(10))]
    parts += [area(f"M{n(-98 + i * 28)} -214h28l4 52q-16 18 -36 0z", one if i % 2 == 0 else "#f9f1e2") for i in range(7)]
    return Drawn("".join(parts), 210, 216)


def big_wheel(r: float = 250) -> Drawn:
    """A big wheel."""
    import math

    iron, hub, parts = "#b3a0c0", -r - 60, []
    parts.append(fine(f"M0 {n(hub)}L{n(-r * 0.5)} 0M0 {n(hub)}L{n(r * 0.5)} 0", "#a39aa8", 10))
    for k in (1.0, 0.72):
        parts.append(stroke(f"M{n(-r * k)} {n(hub)}a{n(r * k)} {n(r * k)} 0 1 1 {n(2 * r * k)} 0a{n(r * k)} {n(r * k)} 0 1 1 {n(-2 * r * k)} 0", iron, 7))
    spokes, cabins = "", []
    for i in range(12):
        t = math.radians(i * 30 + 8)
        x, y = math.cos(t) * r, hub + math.sin(t) * r
        spokes += f"M0 {n(hub)}L{n(x)} {n(y)}"
        f = MUTED[i % 8]
        cabins.append(area(f"M{n(x - 25)} {n(y + 12)}h50q0 38 -25 38q-25 0 -25 -38z", f) + area(f"M{n(x - 27)} {n(y - 2)}q27 -30 54 0z", shade(f, 0.25)) + fine(f"M{n(x - 20)} {n(y)}v14M{n(x + 20)} {n(y)}v14", shade(f, -0.1), 3))
    return Drawn("".join(parts) + fine(spokes, iron, 3.6) + "".join(cabins) + circle(0, hub, 18, "#dfbc87", "none"), 2 * r + 56, 2 * r + 90)


def carousel() -> Drawn:
    """A merry-go-round."""
    roof = "".join(area(f"M0 -330L{n(-170 + i * 42.5)} -224h42.5z", ("#d3968a", "#f7efe0")[i % 2]) for i in range(8))
    hem = "".join(area(f"M{n(-170 + i * 42.5)} -226h42.5v12q-21 22 -42.5 0z", ("#f7efe0", "#d3968a")[i % 2]) for i in range(8))
    poles = "".join(slab(x - 3, -220, 6, 190, BRASS) for x in (-140, -70, 0, 70, 140))
    horse = (
        area("M-34 -20Q-36 -44 -12 -42Q8 -42 16 -62Q22 -76 34 -70L44 -54L30 -52Q26 -24 14 -22L22 -2H14L4 -22H-18L-26 -2H-34L-28 -22Z", "#f7efe0")
        + area("M16 -60Q6 -56 8 -42L16 -42Q18 -54 24 -68Z", "#dfbc87")
        + slab(-10, -45, 18, 7, "#8aa6bd", 3)
    )
    horses = "".join(moved(horse, x, y) for x, y in ((-108, -62), (-4, -78), (102, -60)))
    return Drawn(
        slab(-160, -34, 320, 34, "#b3a0c0", 5)
        + slab(-168, -40, 336, 10, "#dfbc87", 4)
        + slab(-36, -220, 72, 182, "#e9d7bd")
        + fine("M-24 -200v140M0 -200v140M24 -200v140", "#cfb58f", 3)
        + poles
        + horses
        + roof
        + hem
        + poly([(0, -352), (30, -342), (0, -332)], "#8aa6bd"),
        350,
        354,
    )


def cactus(h: float = 190, fill: str = "#8fae83") -> Drawn:
    """A cactus with a flower."""
    parts = [
        limb([(0, 0), (0, -h * 0.5), (0, -h * 0.92)], h * 0.2, h * 0.17, fill, "none", 0),
        limb([(0, -h * 0.36), (h * 0.22, -h * 0.38), (h * 0.25, -h * 0.66)], h * 0.11, h * 0.1, shade(fill, -0.06), "none", 0),
        limb([(0, -h * 0.26), (-h * 0.2, -h * 0.3), (-h * 0.23, -h * 0.52)], h * 0.1, h * 0.09, shade(fill, 0.06), "none", 0),
    ]
    lines = fine(f"M{n(-h * 0.04)} -6V{n(-h * 0.95)}M{n(h * 0.04)} -6V{n(-h * 0.95)}", shade(fill, -0.14), 1.8, 0.7)
    return Drawn("".join(parts) + lines + circle(0, -h * 1.0, h * 0.05, "#e39a94", "none") + circle(0, -h * 1.0, h * 0.02, "#f0d083", "none"), h * 0.66, h * 1.05)


@lru_cache(maxsize=64)
def reeds(h: float = 110, seed: str = "reeds") -> Drawn:
    """Reeds and bulrushes."""
    dice, parts = Random(seed), []
    for i in range(8):
        x, high, lean = (i - 3.5) * h * 0.08, h * dice.uniform(0.6, 1.0), dice.uniform(-0.12, 0.12) * h
        parts.append(fine(f"M{n(x)} 0Q{n(x)} {n(-high * 0.6)} {n(x + lean)} {n(-high)}", ("#8fac78", "#a3ba85")[i % 2], h * 0.028))
        if i % 3 == 1:
            parts.append(oval(x + lean, -high, h * 0.03, h * 0.1, "#9b7350", turn=lean))
    return Drawn("".join(parts), h * 0.75, h * 1.06)


def lily(w: float = 60) -> Drawn:
    """A water-lily leaf with its flower."""
    leaf = area(f"M0 {n(-w * 0.12)}L{n(w * 0.3)} {n(-w * 0.25)}A{n(w * 0.5)} {n(w * 0.15)} 0 1 0 {n(w * 0.48)} {n(-w * 0.14)}Z", "#92b581")
    petals = "".join(oval(w * 0.1 * t, -w * 0.26, w * 0.05, w * 0.13, "#f0c3c0", turn=t * 28) for t in (-2, 2, -1, 1, 0))
    return Drawn(leaf + petals + circle(0, -w * 0.2, w * 0.04, "#f0d083", "none"), w, w * 0.4)


def bridge(w: float = 420, fill: str = "#cdbfac") -> Drawn:
    """A little stone bridge."""
    a = w / 2
    arch = area(f"M{n(-a)} 0V-50Q0 -150 {n(a)} -50V0H{n(a * 0.56)}Q{n(a * 0.5)} -84 0 -88Q{n(-a * 0.5)} -84 {n(-a * 0.56)} 0Z", fill)
    top = fine(f"M{n(-a)} -54Q0 -154 {n(a)} -54", shade(fill, 0.35), 13) + fine(f"M{n(-a * 0.62)} 0Q{n(-a * 0.55)} -92 0 -97Q{n(a * 0.55)} -92 {n(a * 0.62)} 0", shade(fill, -0.14), 4, 0.7)
    stones = "".join(slab(x, y, 26, 13, shade(fill, -0.09), 4, 0.7) for x, y in ((-a + 14, -38), (-a + 40, -60), (a - 44, -36), (a - 80, -62), (-a * 0.45, -86), (a * 0.3, -92)))
    return Drawn(arch + stones + top, w, 112)


def snowman() -> Drawn:
    """A snowman with scarf and hat."""
    snow = "#f8f8f5"
    balls = "".join(
        circle(0, y, r, snow, "none") + area(f"M{n(r * 0.35)} {n(y - r * 0.92)}A{n(r)} {n(r)} 0 0 1 {n(-r * 0.2)} {n(y + r * 0.97)}Q{n(r * 0.8)} {n(y + r * 0.5)} {n(r * 0.35)} {n(y - r * 0.92)}Z", "#cfdbe6", 0.8)
        for y, r in ((-38, 40), (-94, 29), (-136, 21))
    )
    face = circle(-7, -140, 2.4, "#5a4a42", "none") + circle(7, -140, 2.4, "#5a4a42", "none") + poly([(0, -136), (-20, -131), (0, -130)], "#e0954f") + fine("M-7 -126q7 4 14 0", "#5a4a42", 1.8)
    arms = fine("M-26 -98L-58 -122M-48 -114l-4 -12M26 -98L58 -116M48 -110l8 -2", DARK_WOOD, 3.4)
    return Drawn(
        arms + balls + face + slab(-22, -121, 44, 11, "#cf8277", 5) + slab(8, -118, 11, 34, shade("#cf8277", -0.08), 4) + slab(-25, -158, 50, 6, "#6f6a72", 3) + slab(-16, -184, 32, 28, "#6f6a72", 3) + slab(-16, -164, 32, 6, "#cf8277"),
        122,
        186,
    )


def igloo(w: float = 260) -> Drawn:
    """A house of snow."""
    a = w / 2
    dome = washed(f"M{n(-a)} 0A{n(a)} {n(a * 0.86)} 0 0 1 {n(a)} 0Z", "#ffffff", "#d6e2ea")
    blocks = fine(
        "".join(f"M{n(-a * k)} {n(-a * y)}Q0 {n(-a * y - 8)} {n(a * k)} {n(-a * y)}" for y, k in ((0.24, 0.95), (0.48, 0.82), (0.7, 0.57)))
        + f"M{n(-a * 0.5)} -4v{n(-a * 0.2)}M{n(a * 0.7)} -4v{n(-a * 0.2)}M{n(-a * 0.7)} {n(-a * 0.26)}v{n(-a * 0.2)}M{n(a * 0.34)} {n(-a * 0.26)}v{n(-a * 0.22)}M{n(-a * 0.3)} {n(-a * 0.5)}v{n(-a * 0.2)}",
        "#b9cbd8",
        2.4,
        0.8,
    )
    gate = area("M-52 0V-38A52 50 0 0 1 52 -38V0Z", "#e9f0f3") + area("M-35 0V-32A35 34 0 0 1 35 -32V0Z", "#8fa6ba")
    return Drawn(dome + blocks + gate, w, a * 0.9)


def car(fill: str = "#cf8a78") -> Drawn:
    """A small round car from the side."""
    body = area("M-150 -30Q-156 -74 -104 -80Q-76 -128 -10 -128Q56 -128 84 -82Q146 -78 150 -30Z", fill) + area("M-88 -82Q-64 -114 -18 -115V-82Z", "#c6dade") + area("M-8 -115Q48 -116 68 -82H-8Z", "#b7cfd6")
    wheels = "".join(circle(x, -27, 28, "#6b6464", "none") + circle(x, -27, 14, "#d9d4c8", "none") for x in (-88, 88))
    return Drawn(body + fine("M-150 -42H150", shade(fill, 0.35), 4) + circle(141, -56, 8, "#fbeebf", "none") + slab(-4, -70, 16, 4, shade(fill, -0.2), 2) + wheels, 302, 130)


def sign_post() -> Drawn:
    """A wooden signpost, nothing written on it."""
    return Drawn(
        slab(-5, -190, 10, 190, WOOD, 3) + area("M-8 -182H62L78 -166L62 -150H-8Z", PALE_WOOD) + area("M8 -138H-56L-72 -122L-56 -106H8Z", shade(PALE_WOOD, -0.06)) + fine("M4 -166H52M-4 -122H-48", shade(PALE_WOOD, -0.2), 1.6, 0.6), 156, 192
    )


def sunshade(fill: str = "#d3968a") -> Drawn:
    """A beach umbrella."""
    d = "".join(area(f"M0 -200Q{n(-104 + i * 41.6)} -196 {n(-104 + i * 41.6)} -140q20 -12 41.6 0Q{n(-62 + i * 41.6)} -190 0 -200Z", fill if i % 2 == 0 else "#f9f1e2") for i in range(5))
    return Drawn(moved(slab(-2.5, -206, 5, 206, PALE_WOOD) + d, 0, 0, turn=9), 214, 210)


def sand_castle(fill: str = "#dfc48f") -> Drawn:
    """A sand castle."""
    towers = "".join(solid(x - 14, -h, 28, h, fill, 1, 7) + "".join(slab(x - 16 + i * 12, -h - 8, 8, 10, fill) for i in range(3)) for x, h in ((-40, 46), (0, 70), (40, 46)))
    return Drawn(slab(-44, -34, 88, 34, shade(fill, 0.1)) + towers + area("M-8 0V-16Q0 -26 8 -16V0Z", shade(fill, -0.26)) + slab(-1, -100, 2, 24, DARK_WOOD) + poly([(1, -100), (20, -93), (1, -86)], "#cf8277"), 112, 102)


def column_of_coral(seed: str = "coral", fill: str = "#dd9a90", h: float = 110) -> Drawn:
    """A branching coral."""
    dice, parts = Random(seed), []
    for i in range(6):
        lean = (i - 2.5) * h * 0.15
        high = h * dice.uniform(0.62, 1.0)
        f = shade(fill, dice.uniform(-0.1, 0.18))
        parts.append(limb([(lean * 0.3, 0), (lean * 0.7, -high * 0.5), (lean, -high)], h * 0.13, h * 0.08, f, "none", 0))
        parts.append(limb([(lean * 0.7, -high * 0.5), (lean * 0.7 + h * 0.09, -high * 0.62), (lean * 0.7 + h * 0.12, -high * 0.78)], h * 0.07, h * 0.06, f, "none", 0))
    return Drawn("".join(parts), h * 0.95, h)


def seaweed(h: float = 180, fill: str = "#7fae94", seed: str = "weed") -> Drawn:
    """Waving weed."""
    dice, parts = Random(seed), []
    for i in range(4):
        x, high = (i - 1.5) * h * 0.11, h * dice.uniform(0.55, 1.0)
        s = 1 if i % 2 else -1
        pts = [(x, 0.0)] + [(x + s * (-1) ** j * h * 0.06, -high * (j + 1) / 5) for j in range(5)]
        parts.append(limb(pts, h * 0.075, h * 0.02, shade(fill, (-0.1, 0.08, 0.0, 0.16)[i]), "none", 0))
    return Drawn("".join(parts), h * 0.5, h)


def fish(fill: str = "#e3ab7c") -> Drawn:
    """A small fish, the sort that lives in backgrounds."""
    return Drawn(
        area("M-22 -10Q0 -28 20 -10L34 -20V0L20 -10Q0 8 -22 -10Z", fill) + area("M-4 -18Q4 -26 10 -16Z", shade(fill, -0.1)) + fine("M-8 -15q4 5 0 10M0 -16q4 6 0 12", shade(fill, 0.35), 1.8) + circle(-14, -11, 1.7, "#5a4a42", "none"), 58, 30
    )


def crystal(h: float = 90, fill: str = "#b3a6d0") -> Drawn:
    """A cluster of crystals."""
    parts = []
    for x, k, t in ((-24, 0.62, -18), (24, 0.7, 16), (0, 1.0, 0)):
        a, b = h * k, h * k * 0.2
        one = (
            poly([(-b, 0), (-b, -a * 0.78), (0, -a), (b, -a * 0.78), (b, 0)], fill)
            + poly([(0, 0), (0, -a), (b, -a * 0.78), (b, 0)], shade(fill, -0.14))
            + poly([(-b, 0), (-b, -a * 0.78), (-b * 0.4, -a * 0.72), (-b * 0.4, 0)], shade(fill, 0.35))
        )
        parts.append(moved(one, x * h / 90, 0, turn=t))
    return Drawn("".join(parts), h * 1.1, h)


def rocket(fill: str = "#cf8277") -> Drawn:
    """A rocket standing on its fins."""
    fins = "".join(area(f"M{s * 26} -90L{s * 66} -16V0L{s * 24} -30Z", fill) for s in (-1, 1))
    body = washed("M-38 -24Q-56 -160 0 -250Q56 -160 38 -24Z", "#f6f1e6", "#d9dbdc", 0) + area("M-26 -196Q-12 -232 0 -250Q12 -232 26 -196Q0 -186 -26 -196Z", fill)
    port = circle(0, -142, 21, "#b9806c", "none") + circle(0, -142, 15, "#a9c8d6", "none") + oval(-5, -147, 5, 4, "#ffffff", 0.7)
    return Drawn(fins + body + port + slab(-36, -40, 72, 10, fill, 3) + slab(-20, -24, 40, 16, STEEL, 3) + area("M-8 -90V0H8V-90Z", shade(fill, -0.1)), 134, 250)


def steam_train(fill: str = "#7f9f93") -> Drawn:
    """A steam engine with a carriage."""
    wheels = "".join(circle(x, -r, r, "#6b6464", "none") + circle(x, -r, r * 0.55, "#c98a72", "none") + circle(x, -r, r * 0.2, "#6b6464", "none") for x, r in ((-118, 22), (-66, 30), (-2, 30), (170, 24), (300, 24)))
    engine = slab(-140, -122, 130, 66, fill, 20) + slab(-20, -200, 92, 144, shade(fill, -0.06), 6) + slab(-4, -182, 58, 56, "#f1dfae", 5) + slab(-30, -212, 112, 16, "#b9716a", 6) + slab(-152, -64, 230, 16, "#b9716a", 4)
    stack = area("M-126 -118L-132 -168H-92L-98 -118Z", "#5f6b69") + slab(-136, -176, 48, 11, BRASS, 4) + area("M-66 -122a16 18 0 0 1 32 0z", BRASS) + circle(-140, -94, 9, "#fbeebf", "none") + fine("M-118 -120V-58M-84 -120V-58", BRASS, 5)
    carriage = (
        slab(110, -190, 250, 134, "#c98f7a", 10) + slab(102, -202, 266, 17, "#8f7f7a", 8) + "".join(slab(x, -168, 46, 54, "#f1e6c6", 5) for x in (126, 184, 242, 300)) + slab(110, -100, 250, 8, "#e9c9a5") + slab(76, -66, 40, 8, "#5f6b69")
    )
    puff = "".join(oval(x, y, r, r * 0.8, "#ffffff", o) for x, y, r, o in ((-106, -206, 24, 0.75), (-70, -244, 34, 0.62), (-18, -276, 44, 0.45)))
    return Drawn(puff + slab(-146, -50, 510, 10, "#5f6b69", 3) + carriage + engine + stack + wheels, 540, 320)


def leaves_corner(leaf: str = LEAF, seed: str = "corner", w: float = 150) -> str:
    """A leafy branch that reaches in from the upper left corner; canvas units, from (0, 0)."""
    dice, parts = Random(seed), [limb([(-20, 30), (w * 0.4, 34), (w * 0.86, 70)], 13, 3, BARK, "none", 0)]
    for i in range(15):
        t = (i + 0.5) / 15
        x, y = -10 + t * w * 0.9, 32 + 38 * t * t
        turn = dice.uniform(20, 150) if i % 2 else dice.uniform(-150, -20)
        fill = shade(leaf, dice.choice((-0.16, -0.06, 0.06, 0.14)))
        k = dice.uniform(0.8, 1.25)
        parts.append(moved(area("M0 0C-14 -12 -13 -36 0 -52C13 -36 14 -12 0 0Z", fill) + fine("M0 -2V-44", shade(fill, -0.14), 1.2, 0.7), x, y, k, turn))
    return "".join(parts)
