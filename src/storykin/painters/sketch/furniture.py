"""Painters, sketch: what stands and hangs in rooms, drawn in centimetres about its lower middle."""
# fmt: off

from functools import lru_cache
from random import Random

from storykin.painters.sketch.drawn import Drawn
from storykin.painters.sketch.ink import circle, moved, n
from storykin.painters.sketch.light import pane
from storykin.painters.sketch.soft import (
    MUTED,
    area,
    fine,
    halo,
    lit,
    lump,
    oval,
    poly,
    shade,
    slab,
    solid,
    washed,
)
from storykin.painters.sketch.stage import Stage

WOOD, PALE_WOOD, DARK_WOOD = "#c49a6c", "#dcbb8c", "#96704e"
LINEN, CHINA, BRASS, STEEL = "#f6ecd9", "#f4efe4", "#d8b45f", "#b9c2c6"


def grain(x: float, y: float, w: float, h: float, fill: str, seed: str = "grain", count: int = 4) -> str:
    """Fine lines of wood."""
    dice = Random(f"{seed}{w:.0f}{h:.0f}")
    d = ""
    for _ in range(count):
        at, long = dice.random(), dice.uniform(0.2, 0.6)
        start = dice.uniform(0.03, 0.95 - long)
        if w > h:
            d += f"M{n(x + start * w)} {n(y + at * h)}q{n(long * w / 2)} {n(dice.uniform(-0.6, 0.6))} {n(long * w)} 0"
        else:
            d += f"M{n(x + at * w)} {n(y + start * h)}q{n(dice.uniform(-0.6, 0.6))} {n(long * h / 2)} 0 {n(long * h)}"
    return fine(d, shade(fill, -0.14), 0.5, 0.6)


def wooden(x: float, y: float, w: float, h: float, fill: str = WOOD, round: float = 1.0) -> str:
    """A board."""
    return solid(x, y, w, h, fill, round, min(w * 0.06, 3)) + grain(x + 1, y + 1, w - 2, h - 2, fill)


def window(stage: Stage, w: float = 92, h: float = 112, curtain: str = "", view: str = "hills", arch: bool = False) -> Drawn:
    """A window through which time and weather are seen; with curtains of that colour and a pot on the sill."""
    frame = "#f5eddc"
    glass = moved(pane(stage, w, h, view), -w / 2, -h)
    bars = slab(-1.6, -h, 3.2, h, frame) + slab(-w / 2, -h * 0.56, w, 3, frame)
    shine = poly([(-w * 0.42, -h * 0.96), (-w * 0.22, -h * 0.96), (-w * 0.42, -h * 0.62)], "#ffffff", 0.28)
    d = f"M{n(-w / 2 - 5)} 3V{n(-h - 5)}H{n(w / 2 + 5)}V3ZM{n(-w / 2)} 0H{n(w / 2)}V{n(-h)}H{n(-w / 2)}Z"
    parts = [glass, bars, lit(shine), area(d, frame), slab(w / 2 - 0.5, -h, 2, h, shade(frame, -0.12))]
    if arch:
        parts = [glass, lit(shine), bars, area(f"M{n(-w / 2 - 6)} 3V{n(-h - 6)}H{n(w / 2 + 6)}V3ZM{n(-w / 2)} 0H{n(w / 2)}V{n(-h * 0.6)}A{n(w / 2)} {n(h * 0.4)} 0 0 0 {n(-w / 2)} {n(-h * 0.6)}Z", arch_stone())]
    parts.append(solid(-w / 2 - 10, 0, w + 20, 5, shade(frame, -0.04), 1.5, 2))
    if not arch:
        parts.append(moved(flowerpot(16).svg, w * 0.27, 0))
    top = h + 8
    if curtain:
        parts += [_curtain(side, w, h, curtain) for side in (-1, 1)]
        parts += [slab(-w / 2 - 20, -h - 13, w + 40, 3.4, DARK_WOOD, 1.7)]
        parts += [circle(s * (w / 2 + 20), -h - 11.3, 3.2, DARK_WOOD, "none") for s in (-1, 1)]
        top = h + 16
    return Drawn("".join(parts), w + (44 if curtain else 20), top)


def arch_stone() -> str:
    """The colour of castle walls."""
    return "#cfc6b8"


def _curtain(side: int, w: float, h: float, fill: str) -> str:
    a, b = side * (w / 2 + 17), side * w * 0.24
    d = f"M{n(a)} {n(-h - 11)}L{n(b)} {n(-h - 11)}Q{n(b)} {n(-h * 0.55)} {n(side * w * 0.44)} {n(-h * 0.34)}"
    d += f"Q{n(side * w * 0.38)} {n(-h * 0.1)} {n(side * w * 0.4)} 12L{n(a)} 12Q{n(a + side * 2)} {n(-h * 0.3)} {n(a)} {n(-h - 11)}Z"
    folds = "".join(f"M{n(a + (b - a) * t)} {n(-h - 10)}Q{n(a + (b - a) * t * 0.9)} {n(-h * 0.6)} {n(a + (side * w * 0.42 - a) * t)} {n(-h * 0.34)}T{n(a + (side * w * 0.4 - a) * t)} 11" for t in (0.3, 0.55, 0.8))
    tie = oval(side * w * 0.5, -h * 0.34, w * 0.12, 3, shade(fill, -0.15))
    return washed(d, shade(fill, 0.18), fill) + fine(folds, shade(fill, -0.12), 1.1, 0.7) + tie


def flowerpot(h: float = 20, flower: str = "#e08e83", pot: str = "#cc8763") -> Drawn:
    """A small flower in a pot."""
    w = h * 0.5
    leaves = "".join(oval(x * w, -h * 0.72, w * 0.2, w * 0.5, "#8fae7c", turn=t) for x, t in ((-0.35, -38), (0.35, 38), (0, 0)))
    heads = "".join(circle(x * w, -h * y, w * 0.24, flower, "none") + circle(x * w, -h * y, w * 0.09, "#f6dc8f", "none") for x, y in ((-0.4, 1.0), (0.36, 0.95), (0, 1.22)))
    cup = poly([(-w * 0.5, -h * 0.5), (w * 0.5, -h * 0.5), (w * 0.34, 0), (-w * 0.34, 0)], pot)
    return Drawn(leaves + heads + cup + slab(-w * 0.58, -h * 0.56, w * 1.16, h * 0.13, shade(pot, 0.15), 1), w * 1.4, h * 1.4)


@lru_cache(maxsize=64)
def houseplant(h: float = 95, pot: str = "#b9c4c4", seed: str = "plant") -> Drawn:
    """A big leafy plant in a basket or pot."""
    dice, parts = Random(seed), []
    for i in range(9):
        lean = (i - 4) / 4
        tip = (lean * h * 0.36, -h * (0.98 - abs(lean) * 0.34) + dice.uniform(-4, 4))
        fill = ("#86aa7f", "#9bbb8a", "#74996f")[i % 3]
        parts.append(fine(f"M0 {n(-h * 0.3)}Q{n(tip[0] * 0.2)} {n(tip[1] * 0.7)} {n(tip[0])} {n(tip[1])}", "#6f8f66", 1.3))
        parts.append(moved(area("M0 4C-11 0 -11 -15 0 -27C11 -15 11 0 0 4Z", fill) + fine("M0 2V-22", shade(fill, -0.14), 0.7), tip[0], tip[1] + 9, h / 95, lean * 62))
    w = h * 0.2
    parts.append(washed(f"M{n(-w)} {n(-h * 0.34)}H{n(w)}L{n(w * 0.75)} 0H{n(-w * 0.75)}Z", shade(pot, 0.12), shade(pot, -0.08)))
    parts.append(fine(f"M{n(-w * 0.92)} {n(-h * 0.24)}H{n(w * 0.92)}M{n(-w * 0.86)} {n(-h * 0.14)}H{n(w * 0.86)}", shade(pot, -0.16), 1.1, 0.6))
    return Drawn("".join(parts), h * 0.85, h * 1.1)


def books(x: float, w: float, h: float, seed: str) -> str:
    """A row of books from x on, standing at y = 0, some leaning, one lying."""
    dice, parts, at = Random(seed), [], x
    while at < x + w - 5:
        thick, high = dice.uniform(2.6, 5.4), h * dice.uniform(0.66, 0.95)
        fill = dice.choice(MUTED)
        book = slab(0, -high, thick, high, fill, 0.6) + slab(0.5, -high * 0.82, thick - 1, high * 0.1, shade(fill, 0.35))
        book += slab(0.5, -high * 0.3, thick - 1, high * 0.05, shade(fill, -0.2))
        lean = dice.random() < 0.14 and at > x + 3
        parts.append(moved(book, at + (1 if lean else 0), 0, turn=9 if lean else 0))
        at += thick + (3.5 if lean else 0.3)
        if dice.random() < 0.12:
            at += 7
    return "".join(parts)


def toy(seed: int) -> str:
    """One of the small things that live on shelves, about 14 cm, standing at (0, 0)."""
    fill = MUTED[seed % len(MUTED)]
    bear = "#c79f74"
    kinds = (
        circle(0, -9.5, 4.6, bear, "none") + oval(0, -3.6, 4.8, 4.4, bear) + circle(-3.8, -13, 1.9, bear, "none")
        + circle(3.8, -13, 1.9, bear, "none") + oval(0, -8.4, 2, 1.5, "#e8cfa9"),
        slab(-6, -6, 6, 6, "#d3968a", 0.6) + slab(0.6, -6, 6, 6, "#98b5a4", 0.6) + slab(-2.6, -12.3, 6, 6, "#dfbc87", 0.6),
        circle(0, -6, 6, fill, "none") + fine("M-6 -6Q0 -9.5 6 -6M-1 -12Q3 -6 0 0", shade(fill, 0.45), 1.1),
        flowerpot(13).svg,
        washed("M-5 0Q-7.5 -8 -2 -10V-13H2V-10Q7.5 -8 5 0Z", shade(fill, 0.2), shade(fill, -0.1)),
        poly([(-7, -3.4), (7, -3.4), (4.4, 0), (-4.4, 0)], "#b98d62") + poly([(0, -14), (6, -5), (0, -5)], LINEN) + poly([(-0.8, -12), (-5, -5), (-0.8, -5)], "#d3968a"),
        circle(0, -8, 5, "#a8c4cf", "none") + lump([(-2, -11), (1, -11), (0.5, -8), (-2, -8)], "#b9c890") + slab(-3, -1.6, 6, 1.6, DARK_WOOD) + fine("M0 -3V-1.6", DARK_WOOD, 1.2),
    )  # fmt: skip
    return kinds[seed % len(kinds)]


@lru_cache(maxsize=64)
def shelf(w: float = 90, h: float = 165, rows: int = 4, seed: str = "shelf", fill: str = PALE_WOOD, lean: float = 1.2) -> Drawn:
    """A slightly crooked bookcase with books and toys."""
    dice = Random(seed)
    step = (h - 8) / rows
    parts = [slab(-w / 2, -h, w, h, shade(fill, -0.24), 2)]
    for row in range(rows):
        y = -6 - row * step
        full = w * dice.uniform(0.5, 0.68)
        left = dice.random() < 0.5
        shift = -w / 2 + 5 if left else w / 2 - 5 - full
        parts.append(moved(books(shift, full, step - 6, f"{seed}{row}"), 0, y))
        spare = (shift + full + w / 2 - 5) / 2 if left else (-w / 2 + 5 + shift) / 2
        parts.append(moved(toy(dice.randrange(7)), spare, y, min(1.6, (step - 4) / 17)))
        parts.append(slab(-w / 2, y, w, 3.4, shade(fill, 0.06)) + slab(-w / 2, y + 3.4, w, 1.4, shade(fill, -0.32), 0, 0.5))
    parts.append(slab(-w / 2, -h, 4, h, fill, 1) + slab(w / 2 - 4, -h, 4, h, shade(fill, -0.1), 1))
    parts.append(slab(-w / 2 - 3, -h - 4, w + 6, 5, shade(fill, 0.1), 2))
    return Drawn(moved("".join(parts), 0, 0, turn=lean), w + 8, h + 6)


@lru_cache(maxsize=64)
def wall_shelf(w: float = 80, seed: str = "wall", fill: str = PALE_WOOD, things: str = "mixed") -> Drawn:
    """A board on the wall with small things on it."""
    dice = Random(seed)
    parts = [solid(-w / 2, -4, w, 4, fill, 1, 2)]
    parts += [area(f"M{n(x)} 0h4v7q0 2 -2 2q-2 0 -2 -2z", shade(fill, -0.18)) for x in (-w * 0.36, w * 0.36 - 4)]
    count = max(2, int(w / 21))
    for i in range(count):
        x = -w / 2 + (i + 0.5) * w / count
        one = crockery(dice.randrange(6)) if things == "kitchen" else (jar(dice.randrange(8)) if things == "jars" else toy(dice.randrange(7)))
        parts.append(moved(one, x, -4, 1.15 if things != "mixed" else 1.25))
    return Drawn("".join(parts), w, 30)


def crockery(seed: int) -> str:
    """A cup, pot, plate or teapot, about 14 cm, standing at (0, 0)."""
    fill = ("#d3968a", "#98b5a4", "#8aa6bd", "#dfbc87", "#e9dfcc", "#b3a0c0")[seed % 6]
    teapot = (
        fine("M6 -7Q11.5 -8 9.5 -3.4Q8.5 -1.6 6 -2.4", shade(fill, -0.1), 1.5) + area("M-6 -6Q-10 -6.5 -11.5 -10.5L-9.6 -11Q-8 -8 -5 -8.6Z", fill)
        + lump([(-6.5, -5), (-4, -10.4), (4, -10.4), (6.5, -5), (4, -0.2), (-4, -0.2)], fill) + oval(0, -10.4, 3.8, 1.2, shade(fill, 0.25))
        + circle(0, -12.2, 1.3, shade(fill, -0.15), "none") + fine("M-4 -6Q0 -4.6 4 -6", shade(fill, 0.4), 0.9)
    )  # fmt: skip
    cup = fine("M4.5 -6Q9 -6.4 7.4 -3Q6.4 -1.6 4 -2", shade(fill, -0.1), 1.3) + area("M-5 -8H5Q5 0 2.5 0H-2.5Q-5 0 -5 -8Z", fill) + oval(0, -8, 5, 1.1, shade(fill, 0.3))
    plate = circle(0, -7, 7, CHINA, "none") + circle(0, -7, 4.6, shade(fill, 0.35), "none") + circle(0, -7, 3.4, CHINA, "none")
    pot = slab(-6.5, -8, 13, 8, fill, 2) + slab(-7.6, -9, 15.2, 1.9, shade(fill, -0.14), 0.9) + circle(0, -10.2, 1.4, shade(fill, -0.14), "none")
    return (teapot, cup, plate, pot, slab(-4, -11, 8, 11, fill, 2) + slab(-3, -13, 6, 2.4, DARK_WOOD, 1), cup + moved(cup, 0, -7.4))[seed % 6]


def jar(seed: int) -> str:
    """A glass jar with something in it."""
    fill = ("#d8a062", "#c77c6e", "#9db37c", "#e2c77c", "#a88fb0", "#8f6d58", "#e6d9be", "#8fb0b5")[seed % 8]
    return slab(-5, -13, 10, 13, "#e9efe9", 2.4, 0.9) + slab(-4.3, -9, 8.6, 8.4, fill, 2) + slab(-4.4, -15, 8.8, 2.6, MUTED[seed % 8], 0.8) + slab(-3.6, -11.5, 1.3, 9, "#ffffff", 0.6, 0.5)


@lru_cache(maxsize=64)
def frame(w: float = 40, h: float = 32, seed: str = "frame", fill: str = BRASS) -> Drawn:
    """A framed picture: hills, a boat, a flower, a fish or a cat."""
    kind = Random(seed).randrange(5)
    a, b = w / 2 - 4, h - 8
    sky = slab(-a, -h + 4, 2 * a, b, ("#cfe0e2", "#dce6df", "#f0e1cc", "#cfe2e4", "#ecd9cf")[kind])
    views = (
        area(f"M{n(-a)} {n(-4 - b * 0.4)}Q{n(-a * 0.3)} {n(-4 - b * 0.75)} {n(a * 0.2)} {n(-4 - b * 0.35)}T{n(a)} {n(-4 - b * 0.45)}V-4H{n(-a)}Z", "#a6bd8f") + circle(a * 0.5, -4 - b * 0.76, b * 0.11, "#f3d595", "none"),
        slab(-a, -4 - b * 0.4, 2 * a, b * 0.4, "#93b7c4") + poly([(-a * 0.3, -4 - b * 0.38), (a * 0.3, -4 - b * 0.38), (a * 0.18, -4 - b * 0.24), (-a * 0.18, -4 - b * 0.24)], "#b5795c") + poly([(0, -4 - b * 0.86), (a * 0.3, -4 - b * 0.42), (0, -4 - b * 0.42)], LINEN),
        fine(f"M0 -5V{n(-4 - b * 0.6)}", "#8aa67c", 1.4) + "".join(circle(x * b * 0.17, -4 - b * 0.66 + y * b * 0.17, b * 0.14, "#d98f86", "none") for x, y in ((-1, 0), (1, 0), (0, -1), (0, 1))) + circle(0, -4 - b * 0.66, b * 0.11, "#f0cf84", "none"),
        oval(-a * 0.1, -4 - b * 0.5, a * 0.5, b * 0.24, "#e0a27c") + poly([(a * 0.3, -4 - b * 0.5), (a * 0.7, -4 - b * 0.75), (a * 0.7, -4 - b * 0.25)], "#e0a27c") + circle(-a * 0.36, -4 - b * 0.56, b * 0.05, "#5a4638", "none"),
        oval(0, -4 - b * 0.24, b * 0.3, b * 0.26, "#8d8792") + circle(0, -4 - b * 0.56, b * 0.2, "#8d8792", "none") + poly([(-b * 0.19, -4 - b * 0.62), (-b * 0.17, -4 - b * 0.86), (-b * 0.02, -4 - b * 0.72)], "#8d8792") + poly([(b * 0.19, -4 - b * 0.62), (b * 0.17, -4 - b * 0.86), (b * 0.02, -4 - b * 0.72)], "#8d8792"),
    )  # fmt: skip
    edge = area(f"M{n(-w / 2)} 0V{n(-h)}H{n(w / 2)}V0ZM{n(-a)} -4H{n(a)}V{n(-h + 4)}H{n(-a)}Z", fill)
    return Drawn(moved(slab(-w / 2 + 1.5, -h + 2, w, h, "#7c6656", 1, 0.16) + sky + views[kind] + edge + slab(-w / 2, -h, w, 1.4, shade(fill, 0.35)), 0, 0, turn=Random(seed + "t").uniform(-2, 2)), w, h)


@lru_cache(maxsize=64)
def bunting(w: float, sag: float = 22, count: int = 9, fills: tuple[str, ...] = MUTED) -> Drawn:
    """A line of little flags."""
    parts = [fine(f"M{n(-w / 2)} {n(-sag - 10)}Q0 {n(sag - 10)} {n(w / 2)} {n(-sag - 10)}", "#b79f86", 1)]
    for i in range(count):
        t = (i + 0.5) / count
        x, y = (t - 0.5) * w, -10 - sag + 4 * sag * t * (1 - t) * 1.0
        fill = fills[i % len(fills)]
        flag = poly([(-6.5, 0), (6.5, 0), (0, 14)], fill) + poly([(0, 0), (6.5, 0), (0, 14)], shade(fill, -0.08))
        parts.append(moved(flag, x, y, turn=(t - 0.5) * -26))
    return Drawn("".join(parts), w, sag + 12)


def clock(r: float = 15, fill: str = "#d3968a") -> Drawn:
    """A round clock with dots for hours."""
    ticks = "".join(circle(x * r * 0.66, -r + y * r * 0.66, 0.9, "#a08b78", "none") for x, y in ((0, -1), (1, 0), (0, 1), (-1, 0)))
    hands = fine(f"M0 {n(-r)}V{n(-r * 1.5)}M0 {n(-r)}L{n(r * 0.36)} {n(-r * 0.8)}", "#6d5548", 1.6)
    return Drawn(circle(1, -r + 1.5, r, "#7c6656", "none", opacity=0.16) + circle(0, -r, r, fill, "none") + circle(0, -r, r * 0.82, "#fbf4e4", "none") + ticks + hands, 2 * r, 2 * r)


@lru_cache(maxsize=64)
def rug(w: float = 190, fill: str = "#d9a899", kind: int = 0) -> Drawn:
    """A rug lying on the floor, in perspective, about its middle."""
    h = w * 0.2
    rings = [(1.0, fill), (0.88, shade(fill, 0.45)), (0.8, fill), (0.5, shade(fill, 0.3)), (0.42, shade(fill, -0.06))]
    if kind == 0:
        fringe = "".join(f"M{n(w / 2 * x)} {n(-h / 2 + h / 2 * y)}l{n(3.5 * x)} {n(3.5 * y)}" for x, y in ((-1, 0), (-0.97, 0.24), (-0.97, -0.24), (1, 0), (0.97, 0.24), (0.97, -0.24)))
        return Drawn(fine(fringe, shade(fill, 0.3), 1.4) + "".join(oval(0, -h / 2, w / 2 * k, h / 2 * k, f) for k, f in rings), w, h)
    a, b = w / 2, w / 2 * 0.82
    stripes = "".join(
        poly([(-a + 2 * a * t, 0), (-a + 2 * a * (t + 0.07), 0), (-b + 2 * b * (t + 0.07), -h), (-b + 2 * b * t, -h)], f)
        for t, f in ((0.06, shade(fill, 0.45)), (0.2, shade(fill, -0.1)), (0.74, shade(fill, -0.1)), (0.87, shade(fill, 0.45)))
    )
    return Drawn(poly([(-a, 0), (a, 0), (b, -h), (-b, -h)], fill) + stripes, w, h)


def bed(blanket: str = "#9db8c4", w: float = 175, fill: str = PALE_WOOD) -> Drawn:
    """A bed seen from the side, pillow left, with a patchwork blanket."""
    a = w / 2
    parts = [slab(-a, -78, 9, 78, fill, 4), slab(a - 9, -52, 9, 52, shade(fill, -0.08), 4), circle(-a + 4.5, -80, 5.5, fill, "none"), circle(a - 4.5, -54, 5.5, fill, "none")]
    parts.append(slab(-a + 6, -30, w - 12, 16, shade(fill, -0.06), 2) + slab(-a + 8, -44, w - 16, 18, LINEN, 6))
    parts.append(lump([(-a + 11, -44), (-a + 14, -59), (-a + 42, -59), (-a + 46, -45)], "#fbf5e8") + fine(f"M{n(-a + 16)} -50Q{n(-a + 28)} -47 {n(-a + 41)} -51", "#e0d3bd", 1))
    d = f"M{n(-a + 40)} -52Q{n(-a + 70)} -60 {n(a - 12)} -50Q{n(a - 5)} -30 {n(a - 8)} -12Q0 -8 {n(-a + 34)} -12Q{n(-a + 32)} -36 {n(-a + 40)} -52Z"
    parts.append(washed(d, shade(blanket, 0.16), shade(blanket, -0.06)))
    dice = Random(blanket)
    for i in range(6):
        for j in range(2):
            x, y = -a + 50 + i * (w - 66) / 6, -43 + j * 16
            if (i + j) % 2:
                parts.append(slab(x, y, 15, 13, shade(dice.choice(MUTED), 0.25), 2, 0.85))
    parts.append(area(f"M{n(-a + 39)} -53Q{n(-a + 52)} -59 {n(-a + 60)} -57L{n(-a + 52)} -12H{n(-a + 34)}Q{n(-a + 32)} -36 {n(-a + 39)} -53Z", "#fbf5e8", 0.85))
    return Drawn("".join(parts), w, 86)


def sofa(fill: str = "#a7bba8", w: float = 170) -> Drawn:
    """A plump sofa with cushions."""
    a = w / 2
    feet = "".join(slab(x, -10, 6, 10, DARK_WOOD, 1) for x in (-a + 10, a - 16))
    back = washed(f"M{n(-a + 6)} -20V-72Q{n(-a + 6)} -86 {n(-a + 24)} -86Q0 -91 {n(a - 24)} -86Q{n(a - 6)} -86 {n(a - 6)} -72V-20Z", shade(fill, 0.1), shade(fill, -0.06))
    seats = "".join(slab(x, -46, a - 18, 18, shade(fill, 0.14), 7) for x in (-a + 17, 1))
    arms = "".join(slab(x, -58, 22, 52, f, 10) for x, f in ((-a, shade(fill, 0.06)), (a - 22, shade(fill, -0.07))))
    pillows = moved(slab(-13, -26, 26, 26, "#dfbc87", 6) + fine("M-8 -6L8 -20M-8 -13L2 -22M0 -5L9 -13", "#efd9b0", 1), -a + 40, -44, turn=-12)
    pillows += moved(slab(-12, -24, 24, 24, "#d3968a", 6) + circle(0, -12, 4, "#ecc5b6", "none"), a - 40, -44, turn=13)
    throw = area(f"M{n(a - 76)} -88Q{n(a - 62)} -91 {n(a - 50)} -88L{n(a - 48)} -52Q{n(a - 62)} -47 {n(a - 76)} -52Z", "#ead9bd") + fine(f"M{n(a - 74)} -62H{n(a - 49)}M{n(a - 75)} -70H{n(a - 49)}", "#cfae8a", 1.4)
    line = fine(f"M0 -80V-46M{n(-a + 24)} -28H{n(a - 24)}", shade(fill, -0.14), 0.9, 0.7)
    return Drawn(feet + back + throw + slab(-a + 8, -32, w - 16, 24, shade(fill, -0.05), 4) + seats + line + pillows + arms, w, 90)


def armchair(fill: str = "#c79a86") -> Drawn:
    """A round reading chair."""
    parts = [slab(-30, -9, 6, 9, DARK_WOOD, 1), slab(24, -9, 6, 9, DARK_WOOD, 1)]
    parts.append(washed("M-34 -12V-78Q-34 -102 0 -102Q34 -102 34 -78V-12Z", shade(fill, 0.12), shade(fill, -0.06)))
    parts.append("".join(circle(x, -80 + abs(x) * 0.2, 1.4, shade(fill, -0.2), "none") for x in (-16, 0, 16)))
    parts += [slab(-28, -48, 56, 18, shade(fill, 0.16), 8), slab(-36, -30, 72, 24, shade(fill, -0.05), 6)]
    parts += [slab(-44, -58, 18, 52, shade(fill, 0.06), 9), slab(26, -58, 18, 52, shade(fill, -0.08), 9)]
    return Drawn("".join(parts), 90, 104)


def floor_lamp(sc_lamp: bool = False, fill: str = "#efd6a0", h: float = 150) -> Drawn:
    """A standing lamp; `sc_lamp` says that it is switched on."""
    stand = slab(-1.3, -h + 20, 2.6, h - 20, BRASS) + oval(0, -2, 15, 3, shade(BRASS, -0.15))
    d = f"M-13 {n(-h)}H13L23 {n(-h + 34)}H-23Z"
    glow = lit(halo(0, -h + 26, 95, 88, "#ffd58a", 0.6) + washed(d, "#ffe7ae", "#fff3cf")) if sc_lamp else washed(d, shade(fill, 0.1), shade(fill, -0.05))
    return Drawn(stand + glow, 46, h)


def table_lamp(on: bool = False, fill: str = "#e3b79d") -> Drawn:
    """A small lamp for a table."""
    foot = lump([(-6, -3), (-3.5, -12), (3.5, -12), (6, -3), (3, 0), (-3, 0)], "#9fb4b4") + slab(-0.8, -17, 1.6, 6, BRASS)
    d = "M-6 -32H6L12 -15H-12Z"
    return Drawn(foot + (lit(halo(0, -22, 62, 58, "#ffd58a", 0.62) + washed(d, "#ffe3a6", "#fff2ca")) if on else washed(d, shade(fill, 0.2), fill)), 26, 33)


def hanging_lamp(on: bool = False, fill: str = "#98b5a4", drop: float = 70) -> Drawn:
    """A lamp from the ceiling; its lower edge is the origin."""
    d = "M-20 0Q-19 -17 -4 -20H4Q19 -17 20 0Z"
    bulb = lit(halo(0, 4, 110, 100, "#ffd58a", 0.55) + oval(0, 1.5, 7, 4.4, "#fff3cc")) if on else oval(0, 1, 6, 3.6, "#f7edd2")
    return Drawn(fine(f"M0 -20V{n(-20 - drop)}", "#a08d7c", 1) + bulb + washed(d, shade(fill, 0.2), shade(fill, -0.08)), 42, 22 + drop)


def table(w: float = 110, h: float = 68, fill: str = WOOD, cloth: str = "") -> Drawn:
    """A table seen a little from above."""
    a = w / 2
    parts = ["".join(slab(x, -h + 5, 6, h - 5, shade(fill, -0.14), 1.5) for x in (-a + 6, a - 12))]
    parts += ["".join(slab(x, -h + 3, 6, h - 8, shade(fill, -0.24), 1.5) for x in (-a + 20, a - 26))]
    parts.append(poly([(-a + 9, -h - 8), (a - 9, -h - 8), (a, -h), (-a, -h)], shade(fill, 0.2)) + slab(-a, -h, w, 5, fill, 1) + grain(-a + 6, -h - 7, w - 12, 6, fill))
    if cloth:
        d = f"M{n(-a + 9)} {n(-h - 8)}H{n(a - 9)}L{n(a + 1)} {n(-h)}V{n(-h + 14)}"
        d += "".join(f"q{n(-w / 16)} 5 {n(-w / 8)} 0" for _ in range(8)) + f"L{n(-a - 1)} {n(-h)}Z"
        parts.append(washed(d, shade(cloth, 0.3), cloth) + fine(f"M{n(-a)} {n(-h)}H{n(a)}", shade(cloth, -0.1), 0.8))
    return Drawn("".join(parts), w, h + 8)


def chair(fill: str = "#c08c66", h: float = 82) -> Drawn:
    """A wooden chair from the front."""
    legs = "".join(slab(x, -h * 0.5, 4, h * 0.5, shade(fill, -0.12), 1) for x in (-17, 13)) + fine(f"M-15 {n(-h * 0.2)}H15", shade(fill, -0.16), 2.4)
    back = "".join(slab(x, -h, 4, h * 0.5, fill, 2) for x in (-16, 12)) + "".join(slab(-14, -h * k, 28, 5, shade(fill, 0.1), 2.5) for k in (0.96, 0.8, 0.66))
    return Drawn(legs + back + poly([(-16, -h * 0.56), (16, -h * 0.56), (20, -h * 0.5), (-20, -h * 0.5)], shade(fill, 0.2)) + slab(-20, -h * 0.5, 40, 4, fill, 1), 42, h)


def chest(fill: str = "#b5917a", toys: bool = True) -> Drawn:
    """An open toy chest, or a closed trunk."""
    parts = []
    if toys:
        parts.append(slab(-36, -62, 72, 26, shade(fill, -0.2), 6))
        parts += [moved(toy(i), x, -32, 1.7, t) for i, x, t in ((0, -17, -10), (2, 4, 0), (5, 22, 12))]
    else:
        parts.append(washed("M-38 -34V-42Q-38 -56 -20 -56H20Q38 -56 38 -42V-34Z", shade(fill, 0.16), fill))
    parts.append(wooden(-38, -36, 76, 36, fill, 3) + "".join(slab(x, -36 if toys else -52, 6, 36 if toys else 52, shade(fill, -0.2)) for x in (-28, 22)) + slab(-6, -34, 12, 9, BRASS, 2))
    return Drawn("".join(parts), 78, 62)


def cat_bed(fill: str = "#d9b99b", cat: str = "#b79a86") -> Drawn:
    """A cushion with a cat asleep on it."""
    basket = oval(0, -8, 34, 11, shade(fill, -0.1)) + oval(0, -11, 30, 9, shade(fill, 0.4))
    body = lump([(-20, -12), (-14, -24), (2, -28), (17, -23), (22, -13), (12, -7), (-10, -7)], cat)
    head = circle(-13, -16, 8, shade(cat, 0.12), "none") + poly([(-20, -19), (-20, -28), (-14, -23)], shade(cat, 0.12)) + poly([(-7, -20), (-6, -28), (-12, -23)], shade(cat, 0.12))
    lines = fine("M-17 -16q1.6 1.6 3.2 0M-11.6 -16q1.6 1.6 3.2 0", "#5f4c44", 0.8) + fine("M2 -27q2 5 0 8M8 -26q2 5 0 8M14 -23q1.4 4 -0.4 7", shade(cat, -0.18), 1.5, 0.7)
    tail = fine("M20 -13Q16 -5 2 -8Q-6 -9 -10 -9", shade(cat, -0.08), 5)
    rim = area("M-34 -8Q-30 3 0 3Q30 3 34 -8Q26 -2 0 -2Q-26 -2 -34 -8Z", fill)
    return Drawn(basket + body + tail + head + lines + rim, 70, 28)


def basket(fill: str = "#c9a06e", what: str = "#e4d8c3") -> Drawn:
    """A wicker basket with wool or fruit."""
    balls = "".join(circle(x, -26 - y, 8, f, "none") for x, y, f in ((-9, 0, what), (8, 1, shade(what, -0.12)), (0, 6, shade(what, 0.2))))
    weave = fine("M-18 -18H18M-17 -11H17M-16 -5H16M-9 -24L-7 0M0 -24V0M9 -24L7 0", shade(fill, -0.16), 1, 0.8)
    return Drawn(balls + poly([(-20, -25), (20, -25), (16, 0), (-16, 0)], fill) + weave + slab(-21, -27, 42, 4, shade(fill, 0.16), 2), 42, 38)


def stove(fill: str = "#b9cbc6") -> Drawn:
    """A kitchen stove with a pot on it."""
    parts = [solid(-32, -86, 64, 86, fill, 3, 5), slab(-24, -62, 48, 36, "#6f6a69", 4), slab(-20, -58, 40, 24, "#8d7f75", 3), lit(halo(0, -42, 22, 14, "#f2b070", 0.5))]
    parts += [slab(-22, -68, 44, 3, STEEL, 1.5)] + [circle(x, -76, 3.4, "#f3ece0", "none") for x in (-20, -7, 7, 20)]
    parts += [slab(-34, -90, 68, 5, "#77736f", 1.5), slab(-20, -108, 30, 18, "#cf8a78", 4), slab(-22, -110, 34, 3, "#b9776a", 1.5), circle(-5, -112, 2.6, "#6d5548", "none"), fine("M-24 -101h4M10 -101h4", "#b9776a", 3)]
    parts.append(fine("M-12 -118q5 -6 0 -12t0 -12M2 -120q5 -6 0 -12t0 -10", "#ffffff", 2.2, 0.5))
    return Drawn("".join(parts), 68, 146)


@lru_cache(maxsize=64)
def counter(w: float = 130, fill: str = "#c5d2c4", top: str = WOOD, sink: bool = True) -> Drawn:
    """A run of kitchen cupboards with a worktop."""
    a, doors = w / 2, max(2, round(w / 44))
    parts = [slab(-a, -84, w, 84, shade(fill, -0.06), 1), slab(-a, -7, w, 7, shade(fill, -0.3))]
    for i in range(doors):
        x = -a + i * w / doors
        parts.append(slab(x + 2, -80, w / doors - 4, 70, fill, 2) + slab(x + 6, -75, w / doors - 12, 60, shade(fill, 0.14), 2))
        parts.append(circle(x + (w / doors - 7 if i % 2 == 0 else 7), -50, 1.8, BRASS, "none"))
    parts.append(wooden(-a - 2, -90, w + 4, 7, top, 2))
    if sink:
        parts.append(fine(f"M{n(a * 0.3)} -90V-108Q{n(a * 0.3)} -114 {n(a * 0.3 + 7)} -114Q{n(a * 0.3 + 13)} -114 {n(a * 0.3 + 13)} -107", STEEL, 2.6))
    parts += [moved(crockery(i), x, -90, 1.25) for i, x in ((0, -a * 0.66), (1, -a * 0.28), (4, a * 0.8))]
    return Drawn("".join(parts), w + 4, 112)


def fridge(fill: str = "#a9c3c9") -> Drawn:
    """A round-shouldered fridge with a child's picture on it."""
    parts = [solid(-32, -158, 64, 154, fill, 9, 5), slab(-26, -5, 8, 5, "#6f6a69"), slab(18, -5, 8, 5, "#6f6a69"), fine("M-32 -106H32", shade(fill, -0.16), 1.2)]
    parts += [slab(-25, -98, 3, 22, CHINA, 1.5), slab(-25, -126, 3, 14, CHINA, 1.5), slab(-6, -94, 24, 20, "#fdf7ea")]
    parts += [circle(2, -83, 4, "#f0c777", "none"), fine("M-3 -77q8 -5 17 0", "#98b5a4", 1.6), circle(6, -94, 2, "#d3968a", "none"), circle(10, -120, 2, "#8aa6bd", "none"), circle(-2, -126, 2, "#dfbc87", "none")]
    return Drawn("".join(parts), 66, 158)


def blackboard(w: float = 150, h: float = 88) -> Drawn:
    """A blackboard with chalk drawings, no letters."""
    a = w / 2
    board = slab(-a, -h, w, h, PALE_WOOD, 2) + slab(-a + 5, -h + 5, w - 10, h - 10, "#6f8d7d", 1) + slab(-a + 5, -h + 5, w - 10, 14, "#7d9a8a", 1, 0.5)
    sun = fine(f"M{n(-a + 30)} {n(-h + 22)}a9 9 0 1 0 .1 0M{n(-a + 30)} {n(-h + 18)}v-5M{n(-a + 43)} {n(-h + 30)}h6M{n(-a + 17)} {n(-h + 30)}h-6M{n(-a + 40)} {n(-h + 40)}l4 4M{n(-a + 20)} {n(-h + 40)}l-4 4", "#f3e6b5", 1.3, 0.85)
    house = fine(f"M-12 {n(-h * 0.24)}v-20l15 -13 15 13v20zM0 {n(-h * 0.24)}v-11h7v11M-{n(a - 14)} {n(-h * 0.2)}q12 -8 24 0t24 0", "#f4efe4", 1.3, 0.8)
    tree = fine(f"M{n(a - 34)} {n(-h * 0.22)}v-16a11 11 0 1 1 .1 0", "#d5e4cf", 1.3, 0.8)
    fish = fine(f"M{n(a - 24)} {n(-h * 0.72)}q-10 -8 -20 0q10 8 20 0zl7 -5v10z", "#e9c9c0", 1.2, 0.8)
    return Drawn(board + sun + house + tree + fish + solid(-a + 8, 0, w - 16, 4, PALE_WOOD, 1) + slab(-20, -2, 9, 2, "#fbf5e8", 1) + slab(-6, -2, 6, 2, "#e9b8ac", 1), w, h + 4)


@lru_cache(maxsize=64)
def cabinet(w: float = 84, h: float = 150, fill: str = "#dbe5e1", cross: bool = True) -> Drawn:
    """A glass cabinet of bottles and bandages, with a red cross."""
    a = w / 2
    parts = [solid(-a, -h, w, h, fill, 4, 4), slab(-a + 6, -h + 8, w - 12, h * 0.52, "#c3d6d4", 2)]
    dice = Random("bottles")
    for row in range(2):
        y = -h + 8 + h * 0.25 * (row + 1)
        for i in range(5):
            x, tall = -a + 14 + i * (w - 26) / 4.4, dice.uniform(12, 20)
            f = dice.choice(MUTED)
            parts.append(slab(x - 4, y - tall, 8, tall, f, 2) + slab(x - 2.4, y - tall - 4, 4.8, 4.4, shade(f, -0.15), 1) + slab(x - 3, y - tall * 0.6, 6, tall * 0.3, "#fbf5e8", 0.6))
        parts.append(slab(-a + 6, y, w - 12, 2.6, shade(fill, 0.4)))
    parts.append(poly([(-a + 10, -h + 12), (-a + 26, -h + 12), (-a + 10, -h + 40)], "#ffffff", 0.35))
    parts += [slab(-a + 6, -h * 0.38, w / 2 - 8, h * 0.32, shade(fill, 0.25), 2), slab(2, -h * 0.38, w / 2 - 8, h * 0.32, shade(fill, 0.25), 2), circle(-4, -h * 0.22, 1.8, STEEL, "none"), circle(6, -h * 0.22, 1.8, STEEL, "none")]
    if cross:
        parts.append(circle(0, -h - 13, 13, "#fbf5e8", "none") + slab(-2.8, -h - 21, 5.6, 16, "#d3786c", 1) + slab(-8, -h - 15.8, 16, 5.6, "#d3786c", 1))
    return Drawn("".join(parts), w, h + (26 if cross else 0))


def couch(fill: str = "#a5c2c0") -> Drawn:
    """A doctor's examination table."""
    legs = "".join(slab(x, -60, 5, 60, STEEL, 1) for x in (-62, 57)) + fine("M-58 -16H58", STEEL, 3)
    top = slab(-74, -74, 148, 15, fill, 6) + slab(-74, -74, 148, 5, shade(fill, 0.3), 3)
    head = moved(slab(-2, -14, 44, 14, shade(fill, 0.08), 6), -72, -72, turn=-20)
    paper = slab(-20, -75, 60, 16, "#fbf7ee", 2) + fine("M-14 -70V-61M4 -71V-61M24 -70V-61", "#e3d9c9", 0.8)
    return Drawn(legs + slab(-56, -54, 40, 20, "#e9e4d8", 2) + circle(-36, -44, 1.6, STEEL, "none") + head + top + paper, 150, 92)


def bench(w: float = 120, fill: str = PALE_WOOD) -> Drawn:
    """A bench with a back."""
    a = w / 2
    parts = [slab(x, -40, 5, 40, shade(fill, -0.24), 1) for x in (-a + 8, a - 13)]
    parts += [slab(x, -82, 5, 44, shade(fill, -0.2), 1) for x in (-a + 8, a - 13)]
    parts += [wooden(-a, y, w, 9, fill, 2) for y in (-82, -68)] + [wooden(-a - 2, -45, w + 4, 8, shade(fill, 0.1), 2)]
    return Drawn("".join(parts), w + 4, 82)


def bread(seed: int) -> str:
    """A loaf, bun, pretzel or cake, about 20 cm, lying at (0, 0)."""
    crust = "#cf9a5f"
    return (
        lump([(-12, -1), (-11, -8), (0, -11), (11, -8), (12, -1)], crust) + fine("M-6 -9l3 5M0 -10l3 5M6 -9l3 4", "#efcf9c", 1.3),
        "".join(lump([(x - 6, 0), (x - 5, -7), (x + 5, -7), (x + 6, 0)], shade(crust, 0.12)) for x in (-6, 6)) + lump([(-6, -6), (-5, -13), (5, -13), (6, -6)], shade(crust, 0.2)),
        slab(-9, -9, 18, 9, "#f1ddc2", 2) + area("M-9 -9H9V-6q-3 4 -6 0q-3 4 -6 0q-3 4 -6 0z", "#e3a4a0") + circle(0, -11, 2.2, "#c9605c", "none"),
        fine("M-8 -1Q-13 -12 -4 -11Q2 -9 4 -1M8 -1Q13 -12 4 -11Q-2 -9 -4 -1", crust, 3),
        slab(-3, -24, 6, 24, shade(crust, 0.05), 3) + fine("M-2 -19l4 3M-2 -13l4 3M-2 -7l4 3", "#efcf9c", 1.1),
    )[seed % 5]  # fmt: skip


@lru_cache(maxsize=64)
def display(w: float = 150, fill: str = "#c99f86", goods: str = "bread") -> Drawn:
    """A shop counter with a glass front full of bread or goods."""
    a, dice = w / 2, Random(goods)
    parts = [wooden(-a, -96, w, 96, fill, 3), slab(-a + 6, -84, w - 12, 44, "#f2e9d4", 3)]
    for row, y in enumerate((-43, -63)):
        for i in range(int(w / 26)):
            x = -a + 19 + i * (w - 26) / int(w / 26)
            k = dice.randrange(4)
            parts.append(moved(bread(k) if goods == "bread" else (jar(k + row * 3) if goods == "jars" else toy(k + row * 3)), x, y, 0.95))
        parts.append(slab(-a + 6, y, w - 12, 2, "#d9c7a8"))
    parts.append(poly([(-a + 12, -84), (-a + 34, -84), (-a + 14, -42), (-a + 8, -42)], "#ffffff", 0.35))
    parts += [slab(-a + 8 + i * (w - 16) / 4 + 2, -34, (w - 16) / 4 - 4, 28, shade(fill, 0.12), 2) for i in range(4)]
    parts.append(solid(-a - 4, -101, w + 8, 6, shade(fill, 0.22), 2, 3))
    return Drawn("".join(parts), w + 8, 102)


@lru_cache(maxsize=64)
def rack(w: float = 90, h: float = 150, goods: str = "bread", fill: str = WOOD) -> Drawn:
    """Open shelves of bread, jars or toys."""
    a, dice, rows = w / 2, Random("rack" + goods), 4
    parts = [slab(-a, -h, w, h, shade(fill, 0.32), 2)]
    for row in range(rows):
        y = -8 - row * (h - 6) / rows
        count = int(w / 22)
        for i in range(count):
            x, k = -a + (i + 0.5) * w / count, dice.randrange(8)
            one = {"bread": bread, "jars": jar, "toys": toy}[goods](k)
            parts.append(moved(one, x, y, 1.0 if goods == "bread" else 1.25))
        parts.append(slab(-a, y, w, 3.4, fill) + slab(-a, y + 3.4, w, 2, shade(fill, -0.3), 0, 0.35))
    parts.append(slab(-a, -h, 4, h, shade(fill, 0.08), 1) + slab(a - 4, -h, 4, h, shade(fill, -0.1), 1) + slab(-a - 3, -h - 4, w + 6, 5, shade(fill, 0.15), 2))
    return Drawn("".join(parts), w + 6, h + 4)


def workbench(w: float = 150, fill: str = WOOD) -> Drawn:
    """A heavy bench with a vice, a plane and shavings."""
    a = w / 2
    parts = [wooden(x, -72, 11, 72, shade(fill, -0.14)) for x in (-a + 8, a - 19)] + [wooden(-a + 10, -28, w - 20, 6, shade(fill, -0.08)), wooden(-a, -82, w, 12, fill, 2)]
    parts += [slab(a - 24, -96, 16, 14, "#8b9499", 2), slab(a - 8, -92, 6, 7, "#737b80", 1), slab(-a + 20, -90, 26, 8, shade(fill, 0.2), 3), slab(-a + 26, -97, 5, 8, DARK_WOOD, 2)]
    parts += [fine("M2 -83q4 -6 8 0t8 0M-10 -83q3 -5 6 0", "#ead2a8", 1.5), moved(chest("#c77f70", False).svg, -a + 50, -28, 0.42), slab(14, -48, 20, 20, "#98b5a4", 2)]
    return Drawn("".join(parts), w, 98)


@lru_cache(maxsize=64)
def tool_wall(w: float = 130, h: float = 66) -> Drawn:
    """A board with hammer, saw, spanner and more."""
    a, steel = w / 2, "#a5afb3"
    board = slab(-a, -h, w, h, "#d9c4a0", 2) + "".join(fine("".join(f"M{n(-a + 8 + i * 12)} {n(-h + 8 + j * 12)}h.1" for i in range(int((w - 8) / 12))), "#b79f7a", 1.4) for j in range(5))
    hammer = slab(-1.8, -34, 3.6, 34, "#b5825a", 1.5) + slab(-9, -40, 18, 8, steel, 2)
    saw = poly([(-5, -30), (5, -30), (9, -2), (-9, -2)], steel) + slab(-9, -44, 18, 16, "#b5825a", 6) + slab(-4, -40, 8, 7, "#d9c4a0", 3)
    spanner = slab(-2, -34, 4, 30, steel, 2) + fine("M-5 -44q0 8 5 8q5 0 5 -8", steel, 3.6)
    screw = slab(-3, -40, 6, 18, "#d3968a", 3) + slab(-1, -24, 2, 22, steel)
    brush = slab(-2.4, -40, 4.8, 22, "#8aa6bd", 2) + slab(-6, -20, 12, 6, steel) + slab(-6, -15, 12, 13, "#e3c795", 2)
    spots = (-0.38, -0.19, 0.0, 0.19, 0.38)
    return Drawn(board + "".join(moved(t, a * 2 * x, -h * 0.14) for t, x in zip((hammer, saw, spanner, screw, brush), spots, strict=True)), w, h)


def box_pile(seed: str = "boxes", fill: str = "#cfa97c") -> Drawn:
    """A few cardboard boxes."""
    parts = []
    for x, y, w, h in ((-20, 0, 44, 36), (20, 0, 36, 28), (-16, -36, 34, 26), (20, -28, 26, 20)):
        f = shade(fill, Random(f"{seed}{x}{y}").uniform(-0.08, 0.16))
        parts.append(solid(x - w / 2, y - h, w, h, f, 1, w * 0.2) + slab(x - 3, y - h, 6, h * 0.5, shade(f, 0.3), 0, 0.8) + fine(f"M{n(x - w / 2)} {n(y - h + 1)}H{n(x + w / 2)}", shade(f, -0.2), 0.7))
    return Drawn("".join(parts), 82, 62)


def barrel(fill: str = "#b98d62") -> Drawn:
    """A barrel."""
    body = washed("M-22 0Q-30 -34 -22 -68H22Q30 -34 22 0Z", shade(fill, 0.1), shade(fill, -0.08))
    hoops = fine("M-24.5 -12Q0 -9 24.5 -12M-24.5 -56Q0 -53 24.5 -56", "#8a8580", 3.4)
    return Drawn(body + fine("M-9 -67Q-13 -34 -9 -1M9 -67Q13 -34 9 -1", shade(fill, -0.16), 0.9) + hoops + oval(0, -68, 22, 4, shade(fill, -0.2)), 54, 72)


def ladder(h: float = 190, fill: str = PALE_WOOD) -> Drawn:
    """A ladder leaning a little."""
    rungs = "".join(slab(-16, -k, 32, 3.4, shade(fill, -0.1), 1.5) for k in range(16, int(h), 25))
    return Drawn(moved(rungs + slab(-18, -h, 4.4, h, fill, 2) + slab(14, -h, 4.4, h, shade(fill, -0.06), 2), 0, 0, turn=5), 50, h)


def door(fill: str = "#b7836b", h: float = 190, w: float = 84) -> Drawn:
    """A door with panels."""
    a = w / 2
    case = slab(-a - 7, -h - 7, w + 14, h + 7, "#f0e5d0", 1)
    panels = "".join(slab(x, y, a - 14, ph, shade(fill, -0.1), 2) + slab(x + 1.6, y + 1.6, a - 17, ph - 3, shade(fill, 0.06), 2) for x in (-a + 9, 5) for y, ph in ((-h + 12, h * 0.42), (-h * 0.44, h * 0.36)))
    return Drawn(case + slab(-a, -h, w, h, fill, 1) + panels + circle(a - 9, -h * 0.47, 3.4, BRASS, "none"), w + 14, h + 7)


def column(h: float = 320, fill: str = "#e6dccb", w: float = 40) -> Drawn:
    """A stone column with flutes."""
    a = w / 2
    shaft = slab(-a, -h, w, h, fill) + slab(a * 0.3, -h, a * 0.7, h, shade(fill, -0.08)) + slab(-a, -h, a * 0.4, h, shade(fill, 0.3))
    flutes = fine("".join(f"M{n(-a + w * t)} {n(-h + 18)}V-16" for t in (0.25, 0.5, 0.75)), shade(fill, -0.12), 1.4, 0.7)
    caps = "".join(solid(-a - e, y, w + 2 * e, 8, shade(fill, 0.1), 2) for e, y in ((8, -8), (4, -15), (4, -h), (9, -h - 8)))
    return Drawn(shaft + flutes + caps, w + 18, h + 8)


def banner(fill: str = "#b9756c", mark: str = "#e8cf96", h: float = 120) -> Drawn:
    """A long banner with a star; hangs with its tip at the origin."""
    d = f"M-24 {n(-h)}H24V-16L0 0L-24 -16Z"
    star = "M0 -13L3.6 -4.4 13 -4 5.6 1.8 8.2 11 0 5.8 -8.2 11 -5.6 1.8 -13 -4 -3.6 -4.4Z"
    return Drawn(washed(d, shade(fill, 0.12), shade(fill, -0.05)) + fine(f"M-19 {n(-h)}V-18L0 -6L19 -18V{n(-h)}", mark, 1.8) + moved(area(star, mark), 0, -h * 0.55, 1.1) + slab(-28, -h - 3, 56, 4, DARK_WOOD, 2), 58, h + 3)


def torch(on: bool = True) -> Drawn:
    """A torch on the wall, always burning."""
    stick = poly([(-4, -22), (4, -22), (2, 0), (-2, 0)], DARK_WOOD) + slab(-6, -25, 12, 5, "#8a8580", 1)
    flame = halo(0, -36, 70, 66, "#ffcf80", 0.6) + area("M0 -52Q10 -38 7 -29Q4 -23 0 -23Q-6 -23 -7 -30Q-8 -37 -3 -41Q-3 -46 0 -52Z", "#f6b25a") + area("M0 -42Q5 -34 3 -28Q0 -24 -3 -28Q-4 -34 0 -42Z", "#ffe6a0")
    return Drawn(stick + (lit(flame) if on else ""), 16, 54)


def throne(fill: str = "#a8706a") -> Drawn:
    """A king's chair with a crown on its back."""
    gold = BRASS
    back = slab(-36, -150, 72, 150, gold, 8) + washed("M-29 -60V-136Q-29 -142 -22 -142H22Q29 -142 29 -136V-60Z", shade(fill, 0.12), fill)
    crown = area("M-22 -150L-26 -174L-12 -163L0 -180L12 -163L26 -174L22 -150Z", gold) + "".join(circle(x, y, 3, "#d98f86", "none") for x, y in ((-26, -176), (0, -182), (26, -176)))
    seat = slab(-40, -58, 80, 16, shade(fill, 0.15), 6) + slab(-42, -44, 84, 10, gold, 3) + slab(-42, -36, 10, 36, shade(gold, -0.12), 2) + slab(32, -36, 10, 36, shade(gold, -0.2), 2) + slab(-30, -36, 60, 32, shade(gold, -0.3), 2)
    arms = "".join(slab(x, -84, 11, 44, gold, 5) + circle(x + 5.5, -84, 7.5, gold, "none") for x in (-46, 35))
    buttons = "".join(circle(x, y, 1.6, shade(fill, -0.2), "none") for x in (-14, 0, 14) for y in (-124, -104, -84))
    return Drawn(back + crown + buttons + seat + arms, 100, 184)


def skeleton(w: float = 260) -> Drawn:
    """A friendly dinosaur's bones on a low plinth."""
    bone, k = "#efe5cf", w / 260
    plinth = solid(-120, -22, 240, 22, "#c9b79c", 3, 8)
    spine = fine("M-122 -92Q-86 -60 -52 -84Q-10 -118 38 -96Q70 -82 84 -140Q90 -166 104 -170", bone, 7)
    ribs = fine("".join(f"M{x} {y}q{b} 22 -5 46" for x, y, b in ((-34, -92, 12), (-18, -100, 13), (-2, -104, 14), (14, -102, 13), (30, -98, 11))), bone, 4.4)
    legs = fine("M-46 -84Q-62 -56 -44 -46Q-40 -34 -46 -22M46 -92Q36 -60 50 -48Q54 -34 48 -22M-30 -82Q-38 -58 -24 -46Q-20 -34 -26 -22M30 -90Q22 -62 34 -48Q38 -34 32 -22", bone, 6)
    head = lump([(96, -178), (112, -188), (134, -176), (138, -164), (118, -158), (100, -162)], bone) + circle(112, -175, 4, "#8d7a66", "none") + fine("M118 -165q10 3 19 -1", "#b7a58c", 1.4)
    return Drawn(moved(plinth + spine + ribs + legs + head, 0, 0, k), 276 * k, 190 * k)


def vase(fill: str = "#8aa6bd", plinth: bool = True) -> Drawn:
    """A painted vase on a plinth."""
    parts = [solid(-22, -80, 44, 80, "#e2d6c2", 1, 7), slab(-26, -84, 52, 6, "#efe6d6", 1), slab(-26, -7, 52, 7, "#d5c7b0", 1)] if plinth else []
    pot = washed("M-8 -40Q-20 -28 -14 -12Q-10 0 -7 0H7Q10 0 14 -12Q20 -28 8 -40L10 -46H-10Z", shade(fill, 0.2), fill) + fine("M-15 -24q4 -5 7.5 0t7.5 0 7.5 0 7.5 0", shade(fill, 0.6), 1.4)
    return Drawn("".join(parts) + moved(pot, 0, -84 if plinth else 0, 1.1), 54, 136 if plinth else 50)


def mirror(w: float = 54, h: float = 74, fill: str = BRASS) -> Drawn:
    """An oval mirror or portrait frame."""
    return Drawn(oval(0, -h / 2, w / 2, h / 2, fill) + oval(0, -h / 2, w / 2 - 5, h / 2 - 5, "#cfdedd") + poly([(-w * 0.26, -h * 0.66), (w * 0.02, -h * 0.86), (w * 0.14, -h * 0.8), (-w * 0.24, -h * 0.5)], "#ffffff", 0.4), w, h)


def hooks(w: float = 74, fill: str = PALE_WOOD) -> Drawn:
    """Pegs with a coat, a hat and a bag."""
    bar = wooden(-w / 2, -56, w, 6, fill, 2) + "".join(circle(x, -51, 2.4, DARK_WOOD, "none") for x in (-26, 0, 26))
    coat = area("M-38 -50Q-26 -56 -14 -50L-11 -8H-41Z", "#d8b56c") + fine("M-26 -48V-8", shade("#d8b56c", -0.16), 1)
    bag = fine("M-6 -36Q0 -54 6 -36", "#8f6d58", 2) + slab(-10, -38, 20, 18, "#98b5a4", 4) + slab(-10, -38, 20, 7, shade("#98b5a4", -0.12), 3)
    scarf = slab(23, -51, 6, 34, "#d3968a", 3) + slab(28, -50, 5, 26, shade("#d3968a", -0.1), 2.5)
    return Drawn(bar + coat + bag + scarf, w + 8, 58)


def mobile(kind: str = "stars") -> Drawn:
    """Stars or planets on threads; the lowest hangs at the origin."""
    star = "M0 -6L1.8 -2 6 -2 2.6 0.8 4 5 0 2.6 -4 5 -2.6 0.8 -6 -2 -1.8 -2Z"
    parts = []
    for i, (x, y) in enumerate(((-26, -14), (-9, -4), (9, -18), (26, -8))):
        fill = ("#e6c778", "#d3968a", "#98b5a4", "#b3a0c0")[i]
        one = area(star, fill) if kind == "stars" else circle(0, 0, 6, fill, "none") + fine("M-9 2Q0 5 9 -2", shade(fill, 0.4), 1.3)
        parts.append(fine(f"M{x} {y}V-52", "#b8a793", 0.6) + moved(one, x, y, 1.25))
    return Drawn("".join(parts) + slab(-32, -54, 64, 2.4, PALE_WOOD, 1) + fine("M0 -54V-84", "#b8a793", 0.7), 66, 84)
