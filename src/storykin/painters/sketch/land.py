"""Painters, sketch: the ground out of doors: hills behind hills, grass, paths, water, rows of trees, and the frame before all."""
# fmt: off

from collections.abc import Callable, Sequence
from random import Random

from storykin.painters.sketch import nature as t
from storykin.painters.sketch.drawn import Drawn
from storykin.painters.sketch.ink import moved, n, smooth
from storykin.painters.sketch.light import heaven, sky
from storykin.painters.sketch.soft import (
    MUTED,
    fine,
    halo,
    lit,
    mix,
    oval,
    ridge,
    shade,
    slab,
    wash,
    washed,
)
from storykin.painters.sketch.stage import Scenery

HAZE = "#dbe7ea"


def after_dark(sc: Scenery) -> bool:
    """Whether lamps and windows are lit."""
    return sc.stage.time in ("evening", "night")


def earth(sc: Scenery, fill: str, much: float = 0.82) -> str:
    """The ground's colour, under snow when it snows."""
    return mix(fill, "#f4f7f9", much) if sc.stage.weather == "snow" else fill


def land(sc: Scenery, soil: str = "#bfd098", hills: Sequence[str] = ("#b9d0c9", "#a9c99f"), rise: float = 90, grass: str = "blades") -> None:
    """Sky, hills behind hills, and the ground on which everything stands."""
    hz, w = sc.horizon, sc.w
    sky(sc, hz + 20)
    for i, fill in enumerate(hills):
        y = hz + 14 - (len(hills) - 1 - i) * rise * 0.42
        far = earth(sc, mix(fill, HAZE, 0.42 - 0.2 * i), 0.6)
        sc.add(washed(ridge(w, y, rise * (1.15 - 0.3 * i), 190 - 40 * i, f"{sc.name}{i}"), far, shade(far, 0.12)))
    ground(sc, soil, grass)


def ground(sc: Scenery, fill: str, grass: str = "blades") -> None:
    hz, w = sc.horizon, sc.w
    fill = earth(sc, fill)
    sc.add(washed(ridge(w, hz + 22, 16, 230, "ground"), shade(fill, 0.16), shade(fill, -0.05)))
    dice, half = Random("swathes"), w / 2
    for i in range(int(w / 190) + 3):
        y = hz + 40 + (1000 - hz) * (0.08 + 0.8 * dice.random())
        x = half + (i // 2 + 0.4) * 210 * (1 if i % 2 else -1)
        sc.add(oval(x, y, dice.uniform(170, 300), dice.uniform(10, 24), shade(fill, 0.22 if i % 3 else -0.07), 0.45))
    if grass == "blades":
        strokes(sc, shade(fill, -0.16), "grass", 90, 15)
        strokes(sc, shade(fill, 0.4), "light", 50, 13)
    elif grass == "specks":
        strokes(sc, shade(fill, -0.18), "grain", 120, 0)


def strokes(sc: Scenery, fill: str, seed: str, count: int, size: float) -> None:
    """Grass (or, of no size, grains) on the ground where no words stand."""
    dice, d = Random(seed), ""
    top = sc.horizon + 40
    for _ in range(int(count * sc.w / 1000)):
        x, deep = dice.random() * sc.w, dice.random()
        y = top + deep * (1000 - top)
        if not sc.free(x - 6, y - 18, 12, 20, 0.0):
            continue
        if size:
            high, lean = size * (0.4 + 0.9 * deep), dice.uniform(-5, 5)
            d += f"M{x:.0f} {y:.0f}q{lean * 0.2:.1f} {-high * 0.6:.1f} {lean:.1f} {-high:.1f}M{x + 7:.0f} {y:.0f}q1 {-high * 0.4:.1f} 4 {-high * 0.8:.1f}"
        else:
            d += f"M{x:.0f} {y:.0f}h{dice.uniform(0.1, 5):.1f}"
    sc.add(fine(d, fill, 2.2 if size else 3.0, 0.5))


def row(sc: Scenery, make: Callable[[int], Drawn], depth: float, step: float, clear: float = 0.0, *others: Callable[[int], Drawn],
         jitter: float = 0.3, shade: float = 0.16) -> None:  # fmt: skip
    """The same sort of thing every `step` cm across the picture, but not within `clear` cm of the middle."""
    y = sc.deep(depth)
    reach = sc.w / 2 / (sc.at(y) * sc.pull) + step
    for i in range(-int(reach / step) - 1, int(reach / step) + 2):
        dice = Random(f"{sc.name}{depth}{i}")
        x = (i + dice.uniform(-jitter, jitter)) * step
        if abs(x) >= clear:
            sc.put(make(i), x, depth + dice.uniform(-0.04, 0.04), *(other(i) for other in others), mirror=dice.random() < 0.5, shade=shade)


def footpath(sc: Scenery, fill: str = "#ead9b4", x: float = 60, wide: float = 95, far: float = 0.92) -> None:
    """A path that winds from the front to the far hills."""
    fill = earth(sc, fill, 0.5)
    left, right = [], []
    for i in range(7):
        u = i / 6
        y = 1010 + (sc.deep(far) - 1010) * (1 - (1 - u) ** 1.6)
        k = sc.at(y)
        bend = (x * 2.4 * (u - 0.2) * (1 if i % 2 else 0.75) + x * 0.4) * sc.flip * sc.s * 0.55
        half = wide / 2 * k * (1 - 0.62 * u)
        left.append((sc.w / 2 + bend - half, y))
        right.append((sc.w / 2 + bend + half, y))
    d = smooth(left, False, 1.0) + "L" + smooth(right[::-1], False, 1.0)[1:] + "Z"
    sc.add(washed(d, shade(fill, 0.2), fill))


def frame(sc: Scenery, leaf: str = t.LEAF, branch: str = "right", grass: bool = True, blooms: bool = True) -> None:
    """Grass and flowers at the lower edge, a leafy branch in an upper corner."""
    if grass:
        leaf_now = earth(sc, leaf, 0.5)
        for i, side in enumerate((0.02, 0.08, 0.15, 0.87, 0.93, 0.985)):
            sc.near(t.tuft(30, shade(leaf_now, -0.08 + 0.06 * (i % 3)), f"t{i}", 9), side, 1008, min(1.3, 4.4 / sc.s))
        small = min(0.75, 2.2 / sc.s)
        for i, side in enumerate((0.27, 0.41, 0.6, 0.74)):
            if sc.g < 925:
                sc.near(t.tuft(26, shade(leaf_now, 0.04), f"s{i}"), side, 1010, small)
        if blooms and sc.stage.weather != "snow":
            sc.near(t.flowers("fl", 34), 0.05, 1004, min(1.5, 4.6 / sc.s))
            sc.near(t.flowers("fr", 30), 0.955, 1006, min(1.4, 4.2 / sc.s))
    if branch and sc.free(0 if branch == "left" else sc.w - 160, 0, 160, 150, 0.0):
        twig = t.leaves_corner(earth(sc, leaf, 0.6), sc.name, min(170, 0.17 * sc.w))
        sc.front.append(moved(twig, 0 if branch == "left" else sc.w, 0, 1.0, mirror=branch == "right"))


def wild_flowers(sc: Scenery, step: float = 90, clear: float = 60) -> None:
    if sc.stage.weather == "snow":
        return
    for depth in (0.62, 0.3):
        row(sc, lambda i: t.flowers(f"f{i % 4}", 30), depth, step, clear, shade=0)


def water(sc: Scenery, top: float, low: float, fill: str = "#9cc4cf", seed: str = "water") -> None:
    """Still water that mirrors the sky."""
    if low - top < 4:
        return
    sky_low = heaven(sc.stage)[2]
    sc.add(wash(0, top, sc.w, low - top, [(0, shade(fill, 0.3), 1), (1, fill, 1)]), lit(wash(0, top, sc.w, low - top, [(0, sky_low, 0.5), (0.6, sky_low, 0.0)])))
    dice, d = Random(seed), ""
    for _ in range(int((low - top) / 7 * sc.w / 1000)):
        y = top + (low - top) * dice.random() ** 1.3
        x, long = dice.random() * sc.w, 16 + (y - top) * 0.22 * dice.uniform(0.6, 1.4)
        if sc.free(x, y - 4, long, 8, 0.0):
            d += f"M{x:.0f} {y:.0f}q{long / 4:.0f} -4 {long / 2:.0f} 0t{long / 2:.0f} 0"
    sc.add(fine(d, shade(fill, 0.65), 2.4, 0.6))


def street_lamps(sc: Scenery, xs: Sequence[float], depth: float) -> None:
    for x in xs:
        lamp = t.street_lamp(after_dark(sc))
        if sc.put(lamp, x, depth) and sc.stage.time == "night":
            y = sc.deep(depth)
            sc.lamps.append((sc.x(x, y), y - 275 * sc.at(y), 150 * sc.at(y)))


def veil(sc: Scenery, fill: str) -> None:
    """A soft mist behind the words where a place is full of things."""
    if sc.stage.calm is None:
        return
    x, y, w, h = sc.stage.calm
    if y > sc.g - 40:
        return
    right, low = x + w, y + h  # a zone near an edge is veiled up to it
    x, y, right = (-90.0 if x < 130 else x), (-90.0 if y < 130 else y), (sc.w + 90 if right > sc.w - 130 else right)
    w, h = right - x, low - y
    for grow in range(84, -13, -12):
        sc.add(slab(x - grow, y - grow, w + 2 * grow, h + 2 * grow, fill, 30 + max(0, grow), 0.17))


def fairy_lights(sc: Scenery, y: float) -> None:
    """A line of little lamps across the picture."""
    y = max(50.0, y)
    if not sc.free(0, y - 10, sc.w, 90, 0.0):
        return
    count = int(sc.w / 300) + 1
    step = sc.w / count
    sc.add(fine(f"M0 {n(y)}" + f"q{n(step / 2)} 80 {n(step)} 0" * count, "#9a8b7c", 2))
    on = sc.stage.time in ("evening", "night")
    bulbs = ""
    for i in range(count * 7):
        u = (i + 0.5) / 7
        x, v = u * step, u % 1
        z = y + 160 * v * (1 - v) + 9
        fill = ("#ffd98a", "#ffc2a6", "#fff0c4")[i % 3] if on else MUTED[i % 8]
        bulbs += (halo(x, z, 26, 26, fill, 0.7) if on else "") + oval(x, z, 6, 8, fill)
    sc.add(lit(bulbs) if on else bulbs)
