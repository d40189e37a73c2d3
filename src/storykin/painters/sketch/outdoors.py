"""Painters, sketch: gardens, streets, woods, water and weather-beaten places under the sky.

From far to near: sky, pale far hills, the ground, middle things left and right, and before all a frame of grass and leaves.
"""

from collections.abc import Callable, Sequence
from random import Random

from storykin.painters.sketch import nature as t
from storykin.painters.sketch.drawn import Drawn
from storykin.painters.sketch.ink import mix, moved, n, shade, smooth
from storykin.painters.sketch.light import LIGHTS, heaven, sky
from storykin.painters.sketch.soft import MUTED, area, fine, halo, lit, oval, poly, ridge, slab, specks, wash, washed
from storykin.painters.sketch.stage import Scenery

HAZE = "#dbe7ea"


def _dark(sc: Scenery) -> bool:
    return sc.stage.time in ("evening", "night")


def _earth(sc: Scenery, fill: str, much: float = 0.82) -> str:
    """The ground's colour, under snow when it snows."""
    return mix(fill, "#f4f7f9", much) if sc.stage.weather == "snow" else fill


def _land(sc: Scenery, ground: str = "#bfd098", hills: Sequence[str] = ("#b9d0c9", "#a9c99f"), rise: float = 90, grass: str = "blades") -> None:
    """Sky, hills behind hills, and the ground on which everything stands."""
    hz, w = sc.horizon, sc.w
    sky(sc, hz + 20)
    for i, fill in enumerate(hills):
        y = hz + 14 - (len(hills) - 1 - i) * rise * 0.42
        far = _earth(sc, mix(fill, HAZE, 0.42 - 0.2 * i), 0.6)
        sc.add(washed(ridge(w, y, rise * (1.15 - 0.3 * i), 190 - 40 * i, f"{sc.name}{i}"), far, shade(far, 0.12)))
    _ground(sc, ground, grass)


def _ground(sc: Scenery, fill: str, grass: str = "blades") -> None:
    hz, w = sc.horizon, sc.w
    fill = _earth(sc, fill)
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


def _path(sc: Scenery, fill: str = "#ead9b4", x: float = 60, wide: float = 95, far: float = 0.92) -> None:
    """A path that winds from the front to the far hills."""
    fill = _earth(sc, fill, 0.5)
    left, right = [], []
    for i in range(7):
        u = i / 6
        y = 1010 + (sc.deep(far) - 1010) * (1 - (1 - u) ** 1.6)
        k = sc.at(y)
        bend = (x * 2.4 * (u - 0.2) * (1 if i % 2 else 0.75) + x * 0.4) * sc.flip * sc.s * 0.55
        left.append((sc.w / 2 + bend - wide / 2 * k, y))
        right.append((sc.w / 2 + bend + wide / 2 * k, y))
    d = smooth(left, False, 1.0) + "L" + smooth(right[::-1], False, 1.0)[1:] + "Z"
    sc.add(washed(d, shade(fill, 0.2), fill))


def _frame(sc: Scenery, leaf: str = t.LEAF, branch: str = "right", grass: bool = True, blooms: bool = True) -> None:
    """Grass and flowers at the lower edge, a leafy branch in an upper corner."""
    if grass:
        leaf_now = _earth(sc, leaf, 0.5)
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
        twig = t.leaves_corner(_earth(sc, leaf, 0.6), sc.name, min(170, 0.17 * sc.w))
        sc.front.append(moved(twig, 0 if branch == "left" else sc.w, 0, 1.0, mirror=branch == "right"))


def _flowers(sc: Scenery, step: float = 90, clear: float = 60) -> None:
    if sc.stage.weather == "snow":
        return
    for depth in (0.62, 0.3):
        row(sc, lambda i: t.flowers(f"f{i}", 30), depth, step, clear, shade=0)


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


def _lamps(sc: Scenery, xs: Sequence[float], depth: float) -> None:
    for x in xs:
        lamp = t.street_lamp(_dark(sc))
        if sc.put(lamp, x, depth) and sc.stage.time == "night":
            y = sc.deep(depth)
            sc.lamps.append((sc.x(x, y), y - 275 * sc.at(y), 150 * sc.at(y)))


def meadow(sc: Scenery) -> None:
    _land(sc, sc.pick("#bfd098", "#c8d39a", "#b5cf9e"), ("#b4cdd0", "#b2cfae", "#a9c890"), 120)
    for x, depth, h in ((-190, 0.86, 300), (250, 0.88, 340), (-420, 0.82, 320), (520, 0.8, 380), (-640, 0.86, 300)):
        sc.put(t.tree(f"m{x}", t.LEAF if x < 0 else "#a3bf80", h), x, depth, t.bush(f"m{x}"))
    sc.put(t.poplar(), 330, 0.9, t.bush())
    _path(sc)
    row(sc, lambda i: t.bush(f"b{i}", "#9fbd85", 120), 0.7, 420, 150)
    _flowers(sc)
    sc.put(t.rock(60), -150, 0.35)
    sc.put(t.rail_fence(), 240, 0.55)
    sc.put(t.rail_fence(), 420, 0.55)
    _frame(sc)


def garden(sc: Scenery) -> None:
    _land(sc, "#bad092", ("#bdd2c6", "#a8c698"), 90)
    sc.put(t.house("garden", sc.pick("#f0dcbc", "#e6cfc6", "#d5dccb", "#dcd6e2"), lamp=_dark(sc)), -250, 0.82, size=0.95)
    row(sc, lambda i: t.fence(), 0.72, 150, 0, jitter=0.0, shade=0.1)
    sc.put(t.tree("apple", t.LEAF, 350, "#d9776a"), 195, 0.42, t.bush("apple", t.LEAF, 130, "#e8a7a0"))
    sc.put(t.poplar(), 420, 0.8, t.bush("x"))
    sc.put(t.tree("pear", "#a5c183", 360), 480, 0.6, t.bush("pear"))
    _path(sc, x=-70)
    for i, x in enumerate((-205, -150, 118, 290, -330, 360)):
        sc.put(t.bush(f"g{i}", ("#94b67f", "#a4c088")[i % 2], 96, ("#e6a3a0", "#efd38c", "#c4acd8")[i % 3]), x, 0.56)
    bed = Drawn(area("M-70 0Q-74 -16 0 -16Q74 -16 70 0Z", "#b5906c") + "".join(moved(t.flowers(f"bed{i}", 34).svg, -52 + i * 21, -5) for i in range(6)), 144, 42)
    for x in (-140, 160, -330, 340):
        sc.put(bed, x, 0.12, shade=0)
    can = Drawn(fine("M16 -26Q30 -34 26 -8", "#87a9b0", 3) + area("M-14 0L-16 -28H14L16 0Z", "#9dbcc2") + fine("M-15 -12L-36 -30M-40 -34l8 8", "#87a9b0", 4), 66, 36)
    sc.put(can, -86, 0.2)
    _frame(sc, branch="right")


def park(sc: Scenery) -> None:
    _land(sc, "#bcd294", ("#b9d0cb", "#a9c79a"), 80)
    row(sc, lambda i: t.tree(f"p{i}", (t.LEAF, "#a5c283", t.DEEP_LEAF)[i % 3], 300 + i % 3 * 40), 0.88, 210, 120, lambda i: t.bush(f"p{i}"))
    _path(sc, x=-90, wide=120)
    sc.put(t.swing(), -165, 0.6)
    sc.put(t.slide(sc.pick("#d9a667", "#8aa6bd", "#d3968a")), 165, 0.55)
    sc.put(t.bench_out(), 330, 0.5)
    _lamps(sc, (92, -330), 0.72)
    sandpit = Drawn(oval(0, -14, 92, 18, "#c9a67e") + oval(0, -15, 84, 14, "#ead7a6") + moved(t.sand_castle().svg, 26, -10, 0.5) + area("M-44 -10l-4 -20h20l-4 20z", "#d3968a") + fine("M-48 -30q10 -12 20 0", "#b98a7d", 2), 190, 56)
    sc.put(sandpit, -150, 0.16, shade=0)
    sc.put(sandpit, 420, 0.2, shade=0)
    sc.put(t.tree("big", t.LEAF, 420), -420, 0.5, t.bush("big"))
    sc.put(t.bench_out(), -300, 0.3)
    _flowers(sc, 130, 110)
    _frame(sc, branch="left")


def street(sc: Scenery) -> None:
    hz, w = sc.horizon, sc.w
    sky(sc, hz + 20)
    sc.add(washed(ridge(w, hz + 10, 100, 170, "roofs"), _earth(sc, "#cbd6d6", 0.5), "#dfe5df"))
    walls = ("#e9cfae", "#cfd9c9", "#e4bfae", "#c9d5dc", "#ecdfbf", "#d8cbe0", "#e9c7b8")
    lit_up = _dark(sc)
    y = sc.deep(0.66)
    k = sc.at(y)
    reach = int(w / 2 / (k * sc.pull) / 246) + 2
    for i in range(-reach, reach + 1):
        dice = Random(f"street{i}")
        shop = ("#cf8a7c", "#8fb09c", "#8aa6bd", "#dfbc87")[i % 4] if i % 2 else ""
        if i == 0:
            sc.put(t.poplar("st", "#a0bd8b", 300), 0, 0.74, t.bush("st"), shade=0.1)
            continue
        one = t.town_house(f"s{i}", walls[(i * 3 + (sc.dice.randrange(7) if sc.words != sc.name else 0)) % 7], 230, 380 + dice.randrange(3) * 60, lit_up, shop)
        low = t.town_house(f"s{i}", walls[(i * 3) % 7], 230, 300, lit_up, shop)
        sc.put(one, i * 246 - (60 if i > 0 else -60), 0.66, low, t.bush(f"s{i}", t.LEAF, 180), shade=0.1)
    path, stone = _earth(sc, "#e0d6c6", 0.6), _earth(sc, "#cfc8be", 0.5)
    sc.add(wash(0, y - 1, w, 1002 - y, [(0, shade(path, 0.1), 1), (1, path, 1)]))
    d = "".join(f"M{n(w / 2 + i * 60 * k)} {n(y)}L{n(w / 2 + i * 60 * sc.s * 1.5)} {n(sc.deep(0.3))}" for i in range(-14, 15))
    sc.add(fine(d, shade(path, -0.12), 1.8, 0.6), slab(0, y - 2, w, 5, shade(path, -0.14)))
    curb = sc.deep(-0.22) if sc.g < 860 else sc.deep(0.26)
    sc.add(slab(0, curb, w, 10, shade(path, 0.4)), slab(0, curb + 10, w, 7, shade(path, -0.2)))
    sc.add(wash(0, curb + 17, w, max(10.0, 1000 - curb - 17), [(0, shade(stone, -0.1), 1), (1, stone, 1)]))
    strokes(sc, shade(path, -0.2), "grit", 70, 0)
    _lamps(sc, (-112, 118, -360, 370), 0.5)
    tub = Drawn(area("M-26 0L-31 -36H31L26 0Z", "#b98d6c") + moved(t.bush("tub", t.LEAF, 62, "#e6a3a0").svg, 0, -34), 64, 76)
    for x in (-158, 168, -300, 310):
        sc.put(tub, x, 0.52)
    sc.put(t.bench_out(), 245, 0.48)
    sc.put(t.bench_out(), -250, 0.48)
    if sc.stage.weather in ("clear", "wind", "cloudy"):
        up = y - 330 * k
        cord = min(0.5 * w, 330 * k)
        if sc.free(w / 2 - cord, up - 60, 2 * cord, 110, 0.0):
            from storykin.painters.sketch.furniture import bunting

            sc.add(moved(bunting(2 * cord / k, 40, 15).svg, w / 2, up, k))
    _frame(sc, branch="", grass=False)


def farm(sc: Scenery) -> None:
    _land(sc, "#cdd394", ("#b9d0c9", "#bfd09a", "#d9d08e"), 100)
    sc.put(t.windmill(), 150, 0.9, t.bush("wm"), size=0.8)
    sc.put(t.barn(sc.pick("#bb766c", "#a98561", "#8a9c9a")), -215, 0.78, t.bush("barn", t.LEAF, 160), size=0.85)
    sc.put(t.tree("farm", t.LEAF, 350), 285, 0.72, t.bush("farm"))
    sc.put(t.tree("farm2", "#a5c183", 330), -470, 0.8, t.bush("farm2"))
    sc.put(t.house("farm", "#efe0c4"), 480, 0.8, t.bush("fh"))
    _path(sc, "#e6d2a6", -30, 130)
    row(sc, lambda i: t.rail_fence(), 0.62, 190, 120, jitter=0.0, shade=0.1)
    sc.put(t.hay(), 148, 0.4)
    sc.put(t.hay(), 205, 0.52)
    sc.put(t.well(), -160, 0.36)
    sc.put(t.hay(), -330, 0.36)
    _flowers(sc, 150, 120)
    sc.put(t.rock(40, "#c9c0b2"), 120, 0.1)
    _frame(sc, branch="left")


def forest(sc: Scenery) -> None:
    hz, w = sc.horizon, sc.w
    leafy = sc.pick(t.LEAF, "#9dba83", "#86ad85")
    top, mid, low = heaven(sc.stage)
    sc.add(lit(wash(0, 0, w, hz + 40, [(0, top, 1), (0.6, mid, 1), (1, low, 1)])))
    sc.add(wash(0, 0, w, hz + 60, [(0, "#bfd6b4", 0.9), (0.7, "#e3eacb", 0.75), (1, "#eef0d4", 0.6)]))
    for i, (fill, y) in enumerate((("#cfdfc0", 30), ("#bcd3ae", 50))):
        sc.add(washed(ridge(w, hz + y - 30, 150 - 40 * i, 120, f"wood{i}"), mix(fill, HAZE, 0.3), fill))
    dice, d = Random("trunks"), ""
    for i in range(int(w / 46)):
        x = (i + dice.random()) * 46
        d += f"M{x:.0f} {hz + 40:.0f}V-10"
    sc.add(fine(d, "#a9bd9c", 13, 0.42))
    _ground(sc, "#b3c58c")
    row(sc, lambda i: t.pine(f"f{i}", "#8fb396", 420) if i % 2 else t.tree(f"f{i}", "#a4c29a", 420), 0.92, 150, 60, lambda i: t.bush(f"f{i}", "#a4c29a"))
    _path(sc, "#dccda2", 40, 80)
    row(sc, lambda i: t.fern(60, "#93b583", f"e{i}"), 0.66, 100, 80, shade=0.1)
    for i, (x, depth) in enumerate(((-178, 0.58), (190, 0.54), (-330, 0.5), (350, 0.6), (-480, 0.55), (510, 0.5))):
        sc.put((t.birch, t.tree, t.tree)[i % 3](f"near{i}", shade(leafy, -0.06), 520), x, depth, t.bush(f"near{i}", leafy, 140))
    sc.put(t.mushrooms(), -112, 0.2)
    sc.put(t.mushrooms(), 240, 0.25)
    stump = Drawn(area("M-34 0Q-26 -10 -26 -44H26Q26 -10 36 0Z", t.BARK) + oval(0, -44, 26, 8, "#dcc19a") + oval(0, -44, 16, 5, "#cbab80") + oval(0, -44, 7, 2.2, "#dcc19a"), 72, 54)
    sc.put(stump, 142, 0.22)
    sc.put(t.rock(60), -205, 0.25)
    beams = "".join(poly([(w * a, -10), (w * a + 90, -10), (w * a - 120, hz + 160), (w * a - 300, hz + 160)], "#fff6cf", 0.16) for a in (0.35, 0.56, 0.82))
    if sc.stage.time in ("day", "morning") and sc.stage.weather in ("clear", "wind"):
        sc.add(lit(beams))
    veil(sc, "#e3eacb")
    for side, flip in ((0.0, False), (1.0, True)):
        sc.near(t.fern(95, shade(leafy, -0.12), f"front{side}"), side, 1015, min(1.0, 3.2 / sc.s), flip)
    _frame(sc, shade(leafy, -0.1), "left", blooms=False)
    if sc.free(w - 160, 0, 160, 150, 0.0):
        sc.front.append(moved(t.leaves_corner(shade(leafy, -0.05), "forest2", min(170, 0.17 * w)), w, 0, 0.9, mirror=True))


def veil(sc: Scenery, fill: str) -> None:
    """A soft mist behind the words where a place is full of things."""
    if sc.stage.calm is None:
        return
    x, y, w, h = sc.stage.calm
    for grow in (36, 24, 12, 0, -10):
        sc.add(slab(x - grow, y - grow, w + 2 * grow, h + 2 * grow, fill, max(8.0, 40 + grow), 0.34))


def mountain(sc: Scenery) -> None:
    hz, w = sc.horizon, sc.w
    sky(sc, hz + 20)
    stone = sc.pick("#b3b9c6", "#c4a898", "#b5b0a0")
    fire = "volcano" in sc.words
    for i, (x, high, wide) in enumerate(((-330, 300, 380), (330, 350, 420), (-760, 330, 430), (780, 300, 400), (0, 430, 470))):
        cx, high = w / 2 + x * sc.flip, min(high, hz * 0.62 if sc.stage.calm is None or sc.stage.calm[1] > 300 else hz * 0.5)
        fill = mix(stone, HAZE, 0.5 if i < 4 else 0.25)
        _peak(sc, cx, hz + 30, high, wide, fill, fire and i == 4)
    sc.add(washed(ridge(w, hz + 20, 70, 130, "foot"), _earth(sc, mix("#a4c09a", HAZE, 0.3), 0.6), _earth(sc, "#b5cba0", 0.6)))
    row(sc, lambda i: t.pine(f"mp{i}", "#86a995", 300, sc.stage.weather == "snow"), 0.94, 110, 60, lambda i: t.bush(f"mp{i}"))
    _ground(sc, "#bccd9b")
    _path(sc, "#e0d6bb", 50, 85)
    for i, (x, depth) in enumerate(((-185, 0.55), (205, 0.6), (-300, 0.45), (330, 0.5), (470, 0.62), (-460, 0.6))):
        sc.put(t.pine(f"near{i}", "#7fa58a", 400, sc.stage.weather == "snow"), x, depth, t.bush(f"near{i}"))
    for i, (x, depth, size) in enumerate(((-130, 0.3, 90), (150, 0.24, 110), (205, 0.18, 60), (-260, 0.2, 120), (320, 0.2, 100))):
        sc.put(t.rock(size, "#bcb7ae", f"mr{i}"), x, depth)
    _flowers(sc, 160, 100)
    _frame(sc, "#8fb088", "")


def _peak(sc: Scenery, x: float, low: float, high: float, wide: float, fill: str, fire: bool) -> None:
    top = low - high
    left, right = x - wide / 2, x + wide / 2
    if fire:
        lip = wide * 0.1
        sc.add(lit(halo(x, top, wide * 0.5, high * 0.5, "#ffbe7a", 0.7)))
        sc.add("".join(oval(x + dx, top - dy, r, r * 0.7, "#c9c0c4", 0.7) for dx, dy, r in ((0, 20, 36), (26, 58, 46), (-14, 96, 54))))
        sc.add(washed(f"M{n(left)} {n(low)}Q{n(x - lip * 1.6)} {n(low - high * 0.4)} {n(x - lip)} {n(top)}H{n(x + lip)}Q{n(x + lip * 1.6)} {n(low - high * 0.4)} {n(right)} {n(low)}Z", fill, shade(fill, 0.2)))
        sc.add(lit(area(f"M{n(x - lip)} {n(top)}H{n(x + lip)}l-8 60q-10 30 -18 -6q-8 -20 -16 26q-8 50 -18 -10z", "#f0a565")))
        return
    sc.add(poly([(left, low), (x - wide * 0.2, low - high * 0.52), (x - wide * 0.12, low - high * 0.62), (x, top), (x + wide * 0.1, low - high * 0.74), (x + wide * 0.19, low - high * 0.55), (right, low)], fill))
    sc.add(poly([(x, top), (x + wide * 0.1, low - high * 0.74), (x + wide * 0.19, low - high * 0.55), (right, low), (x + wide * 0.12, low), (x + wide * 0.04, low - high * 0.4), (x + wide * 0.08, low - high * 0.6)], shade(fill, -0.1)))
    sc.add(area(f"M{n(x)} {n(top)}L{n(x + wide * 0.1)} {n(low - high * 0.74)}L{n(x + wide * 0.06)} {n(low - high * 0.7)}L{n(x + wide * 0.02)} {n(low - high * 0.76)}L{n(x - wide * 0.03)} {n(low - high * 0.66)}L{n(x - wide * 0.07)} {n(low - high * 0.72)}L{n(x - wide * 0.12)} {n(low - high * 0.62)}Z", "#fbfaf6"))


def lake(sc: Scenery) -> None:
    _land(sc, "#bdd096", ("#b2cbd2", "#a5c5a4"), 130)
    top, low = sc.deep(0.9), sc.deep(0.42)
    water(sc, top, low)
    sc.add(washed(ridge(sc.w, low + 6, 16, 180, "shore"), _earth(sc, "#cbd79f"), _earth(sc, "#bdd096")))
    row(sc, lambda i: t.tree(f"l{i}", ("#9fbd90", "#adc796")[i % 2], 250), 0.93, 130, 110, lambda i: t.bush(f"l{i}"))
    river = "river" in sc.words or "bridge" in sc.words or "stream" in sc.words
    sc.put(t.bridge() if river else t.sail_boat(), 150 if river else 120, 0.62 if river else 0.75, size=1.2)
    sc.put(t.bridge(), -460, 0.7)
    sc.put(t.row_boat(sc.pick("#c9917c", "#a8bfae", "#8aa6bd")), -165, 0.38)
    for x in (-95, 128, 230, -280, 330):
        sc.put(t.reeds(105, f"r{x}"), x, 0.34, shade=0)
    jetty = Drawn(slab(-60, -22, 120, 10, t.WOOD, 2) + fine("M-36 -22V-12M-12 -22V-12M12 -22V-12M36 -22V-12", t.DARK_WOOD, 1.4) + "".join(slab(x, -30, 8, 30, t.DARK_WOOD, 2) for x in (-52, 44)), 124, 34)
    sc.put(jetty, 205, 0.4)
    sc.put(t.tree("shore", t.LEAF, 460), 345, 0.26, t.bush("shore"))
    sc.put(t.tree("shore2", t.DEEP_LEAF, 430), -330, 0.3, t.bush("shore2"))
    strokes(sc, "#9fb57c", "g2", 60, 14)
    sc.put(t.rock(52), 150, 0.08)
    _frame(sc, branch="right")


def beach(sc: Scenery) -> None:
    hz, w = sc.horizon, sc.w
    sky(sc, hz + 10)
    low = sc.deep(0.44)
    water(sc, hz, low + 30, "#93c3cb")
    sc.put(t.sail_boat(), -120, 0.97, size=0.5)
    cape = "island" not in sc.words
    if cape:
        x = w * (0.86 if sc.flip > 0 else 0.14)
        sc.add(area(f"M{n(x - 260)} {n(hz + 14)}Q{n(x - 80)} {n(hz - 46)} {n(x)} {n(hz - 52)}T{n(x + 320)} {n(hz - 30)}V{n(hz + 18)}Z", "#b5cbb0"))
        if sc.free(x - 40, hz - 230, 80, 200, 0.0):
            sc.add(moved(t.lighthouse("#cf8277", _dark(sc)).svg, x, hz - 44, 0.34))
    foam = ridge(w, low + 4, 26, 150, "foam")
    sand = _earth(sc, sc.pick("#efdcb2", "#ecd5b4"), 0.7)
    sc.add(area(foam, "#f7f5ec", 0.9), washed(ridge(w, low + 16, 26, 150, "foam"), shade(sand, -0.06), sand))
    sc.add("".join(oval(w / 2 + x * w, sc.g + y, 240, 16, shade(sand, k), 0.5) for x, y, k in ((-0.3, 50, 0.35), (0.25, 90, -0.05), (0.1, -40, 0.35))))
    strokes(sc, shade(sand, -0.2), "sand", 110, 0)
    sc.put(t.palm("b1"), -215, 0.3, t.bush("b1", "#9dba84"))
    sc.put(t.palm("b2", h=360), 360, 0.4, t.bush("b2", "#9dba84"), mirror=True)
    sc.put(t.sunshade(sc.pick("#d98f7f", "#8aa6bd", "#dfbc87")), 170, 0.26)
    towel = Drawn(poly([(-50, 0), (40, 0), (56, -16), (-34, -16)], "#8fb3bd") + poly([(-30, 0), (-18, 0), (-2, -16), (-14, -16)], "#f6efe0") + poly([(6, 0), (18, 0), (34, -16), (22, -16)], "#f6efe0"), 108, 18)
    sc.put(towel, 150, 0.06, shade=0)
    sc.put(t.sand_castle(), -128, 0.12)
    sc.put(t.rock(70, "#c4b9ab"), 300, 0.34)
    shell = Drawn(area("M0 0Q-15 -5 -13 -15Q0 -24 13 -15Q15 -5 0 0Z", "#eec2b0") + fine("M0 -1V-19M-2 -2L-8 -17M2 -2L8 -17", "#d79f90", 1), 28, 20)
    for x, depth in ((95, -0.1), (-190, -0.05), (240, 0.0)):
        sc.put(shell, x, depth, size=0.8)
    star = Drawn(area("M0 -14L4 -5 13 -5 6 1 9 10 0 5 -9 10 -6 1 -13 -5 -4 -5Z", "#e3a07f"), 28, 20)
    sc.put(star, -70, -0.16, size=0.8, shade=0.1)
    ball = Drawn(oval(0, -17, 17, 17, "#f6efe0") + area("M0 -34Q-17 -30 -17 -17Q-10 -8 0 -17Z", "#d98f7f") + area("M0 -17Q10 -8 17 -17Q16 -32 0 -34Q8 -26 0 -17Z", "#8aa6bd") + area("M0 -17Q-4 -4 0 0Q14 -2 16 -12Q8 -10 0 -17Z", "#e6c078"), 36, 34)
    sc.put(ball, 100, 0.24)
    sc.near(t.rock(80, "#c9bda9"), 0.03, 1012, min(1.0, 3 / sc.s))
    sc.near(t.tuft(40, "#b7bd88", "dune", 9), 0.97, 1010, min(1.3, 4 / sc.s))


def harbour(sc: Scenery) -> None:
    hz, w = sc.horizon, sc.w
    sky(sc, hz + 10)
    quay = sc.deep(0.5)
    sc.add(area(f"M-10 {n(hz + 8)}Q{n(w * 0.2)} {n(hz - 60)} {n(w * 0.45)} {n(hz - 20)}T{n(w + 10)} {n(hz - 40)}V{n(hz + 10)}Z", "#b9cdbf"))
    walls = ("#e4bfae", "#ecdfbf", "#c9d5dc", "#cfd9c9", "#e9cfae")
    for i in range(-6, 7):
        if abs(i) >= 1:
            sc.put(t.town_house(f"h{i}", walls[i % 5], 210, 300, _dark(sc)), i * 215 + (70 if i < 0 else -20), 0.97, shade=0)
    water(sc, hz + 6, quay + 20, "#94bcc8")
    sc.put(t.lighthouse(lamp=_dark(sc)), 330, 0.8, size=0.9)
    sc.put(t.sail_boat(sc.pick("#c98a72", "#8fb09c", "#8aa6bd")), -170, 0.6, size=1.5)
    sc.put(t.sail_boat("#7f9fb0", "#f0dfc4"), 150, 0.72, size=1.35)
    sc.put(t.sail_boat("#a8bfae"), 520, 0.62, size=1.5)
    sc.put(t.sail_boat("#cf9a80", "#efe3cf"), -480, 0.68, size=1.4)
    stone = _earth(sc, "#d6cab6", 0.6)
    sc.add(wash(0, quay, w, 1002 - quay, [(0, shade(stone, 0.2), 1), (1, stone, 1)]), slab(0, quay, w, 9, shade(stone, 0.4)), slab(0, quay + 9, w, 3, shade(stone, -0.15)))
    d = "".join(f"M{n(w / 2 + i * 70 * sc.s * 0.6)} {n(quay + 12)}L{n(w / 2 + i * 70 * sc.s * 1.4)} 1000" for i in range(-12, 13))
    rows = "".join(f"M0 {n(quay + (1000 - quay) * k)}H{n(w)}" for k in (0.2, 0.46, 0.8))
    sc.add(fine(d + rows, shade(stone, -0.12), 1.8, 0.45))
    from storykin.painters.sketch.furniture import barrel, basket, box_pile

    bollard = Drawn(area("M-13 0L-10 -34H10L13 0Z", "#7d7f80") + oval(0, -36, 16, 7, "#8f9192") + fine("M-12 -14Q0 -8 12 -14M-12 -20Q0 -14 12 -20", "#d9c7a3", 4), 34, 44)
    for x in (-100, 112, -300, 300):
        sc.put(bollard, x, 0.4)
    sc.put(barrel(), -175, 0.3)
    sc.put(box_pile("quay", "#c6a276"), 178, 0.28)
    sc.put(basket("#c9a06e", "#9fb8c0"), -128, 0.18)
    sc.put(box_pile("q2", "#c6a276"), -330, 0.3)
    sc.put(barrel("#a9846a"), 340, 0.26)


def ship_deck(sc: Scenery) -> None:
    hz, w = sc.horizon, sc.w
    sky(sc, hz + 10)
    deck = sc.deep(0.6)
    water(sc, hz, deck + 10, "#8dbac8")
    wood = "#d2a878"
    sc.add(washed(f"M-10 {n(deck)}Q{n(w / 2)} {n(deck - 26)} {n(w + 10)} {n(deck)}V1010H-10Z", shade(wood, 0.14), shade(wood, -0.04)))
    sc.add(fine("".join(f"M{n(w / 2 + i * 26 * sc.s * 0.62)} {n(deck - 14)}L{n(w / 2 + i * 26 * sc.s * 1.5)} 1000" for i in range(-30, 31)), shade(wood, -0.14), 1.8, 0.45))
    rail = "#a9795a"
    k = sc.at(deck)
    posts = "".join(slab(w / 2 + i * 46 * k - 4 * k, deck - 78 * k, 8 * k, 80 * k - abs(i) * 0.6, rail, 4) for i in range(-int(w / 92 / k) - 1, int(w / 92 / k) + 2) if sc.free(w / 2 + i * 46 * k - 6, deck - 80 * k, 12, 80 * k))
    sc.add(posts, fine(f"M-10 {n(deck - 70 * k)}Q{n(w / 2)} {n(deck - 96 * k)} {n(w + 10)} {n(deck - 70 * k)}", shade(rail, 0.12), 9 * k), fine(f"M-10 {n(deck - 32 * k)}Q{n(w / 2)} {n(deck - 58 * k)} {n(w + 10)} {n(deck - 32 * k)}", rail, 5 * k))
    pirate = "pirate" in sc.words
    flag = "#6f6a72" if pirate else sc.pick("#cf8277", "#8aa6bd")
    mast = Drawn(slab(-9, -620, 18, 620, "#b1835c", 5) + slab(-150, -560, 300, 9, "#a1764f", 4) + area("M-140 -552H140Q160 -430 128 -330Q0 -290 -128 -330Q-160 -430 -140 -552Z", "#f3e8d2") + fine("M-138 -500Q0 -478 138 -500M-146 -440Q0 -416 146 -440M-140 -380Q0 -352 140 -380", "#dcc9a8", 2.4) + slab(-36, -320, 72, 8, "#a1764f", 3) + fine("M-30 -316L-90 0M30 -316L90 0M-50 -210H50M-62 -150H62M-76 -84H76", "#b79f7f", 2.4, 0.8), 300, 620)
    bare = Drawn(slab(-9, -620, 18, 620, "#b1835c", 5) + fine("M-9 -600L-120 0M9 -600L120 0", "#b79f7f", 2.4, 0.7), 30, 300)
    sc.put(mast, 172, 0.5, bare)
    sc.put(mast, -420, 0.5, bare)
    sc.put(Drawn(slab(-5, -330, 10, 330, "#b1835c", 4) + area("M5 -326Q50 -344 96 -322Q84 -290 100 -262Q50 -280 5 -262Z", flag), 20, 330), -212, 0.56)
    from storykin.painters.sketch.furniture import barrel, chest

    wheel = Drawn(slab(-7, -80, 14, 80, "#a1764f", 3) + "".join(moved(slab(-3, -52, 6, 104, "#b1835c", 3), 0, -92, turn=a) for a in (0, 45, 90, 135)) + fine("M-36 -92a36 36 0 1 1 0 .1", "#a1764f", 8) + oval(0, -92, 9, 9, "#d8b45f"), 108, 144)
    sc.put(wheel, -142, 0.3)
    sc.put(barrel(), 132, 0.3)
    sc.put(barrel("#a9846a"), 178, 0.22)
    sc.put(chest("#a98561", False), -270, 0.2)
    rope = Drawn("".join(fine(f"M-22 {-5 - i * 6}a22 7 0 1 0 44 0a22 7 0 1 0 -44 0", "#d9c09a", 5) for i in range(3)), 56, 26)
    sc.put(rope, 92, 0.08)
    sc.put(rope, -330, 0.05)


def pond(sc: Scenery) -> None:
    _land(sc, "#b2c591", ("#b5ccc4", "#a3bf9a"), 110)
    row(sc, lambda i: t.tree(f"w{i}", ("#93b28c", "#a0bb8c")[i % 2], 330, bark="#8f7b66"), 0.9, 190, 130, lambda i: t.bush(f"w{i}"))
    row(sc, lambda i: t.bush(f"wb{i}", "#94b088", 130), 0.8, 170, 140)
    cx, cy = sc.x(0, sc.deep(0.45)), sc.deep(0.46)
    rx, ry = min(0.46 * sc.w, 250 * sc.s * 0.8), (sc.g - sc.horizon) * 0.27
    water = "#9dbfb4"
    sc.add(oval(cx, cy, rx * 1.05, ry * 1.16, _earth(sc, "#98ab79")), oval(cx, cy, rx, ry, water), oval(cx, cy - ry * 0.2, rx * 0.9, ry * 0.7, shade(water, 0.25), 0.7))
    sc.add(lit(oval(cx - rx * 0.2, cy - ry * 0.3, rx * 0.5, ry * 0.3, heaven(sc.stage)[1], 0.5)))
    sc.add(fine("".join(f"M{n(cx + a * rx)} {n(cy + b * ry)}q14 -5 28 0t28 0" for a, b in ((-0.6, 0.1), (0.3, 0.4), (0.5, -0.3), (-0.2, -0.5), (-0.1, 0.6))), shade(water, 0.6), 2.4, 0.7))
    for x, d in ((-118, 0.44), (-70, 0.56), (96, 0.5), (140, 0.4), (30, 0.6)):
        sc.put(t.lily(), x, d, shade=0)
    for x, d in ((-190, 0.5), (185, 0.48), (-250, 0.36), (250, 0.4), (-150, 0.7), (150, 0.7), (360, 0.4), (-370, 0.42)):
        sc.put(t.reeds(115, f"p{x}"), x, d, shade=0)
    log = Drawn(slab(-70, -26, 140, 26, "#a58768", 13) + oval(66, -13, 9, 13, "#d6bd97") + oval(66, -13, 5, 8, "#c2a47c") + fine("M-50 -18h40M-20 -8h50", "#8f7256", 1.6) + oval(-30, -27, 14, 5, "#93b583"), 150, 30)
    sc.put(log, -160, 0.12)
    sc.put(t.rock(60), 165, 0.14)
    sc.put(t.mushrooms(), 205, 0.16)
    sc.near(t.reeds(130, "fl"), 0.05, 1010, min(1.2, 3.6 / sc.s))
    sc.near(t.reeds(110, "fr"), 0.955, 1010, min(1.2, 3.6 / sc.s))
    _frame(sc, "#8fae7f", "right", blooms=False)


def jungle(sc: Scenery) -> None:
    hz, w = sc.horizon, sc.w
    leaf = sc.pick("#86b183", "#94b881")
    sky(sc, hz + 20)
    sc.add(wash(0, 0, w, hz + 60, [(0, "#b9dbc2", 0.75), (1, "#e6efcf", 0.8)]))
    for i, fill in enumerate(("#c3dcc0", "#aed0a9")):
        sc.add(washed(ridge(w, hz + 30, 210 - 70 * i, 110, f"jungle{i}"), fill, shade(fill, 0.2)))
    fall = w * (0.33 if sc.flip > 0 else 0.67)
    sc.add(poly([(fall - 36, hz - 110), (fall + 30, hz - 110), (fall + 44, hz + 60), (fall - 50, hz + 60)], "#e3f1f1", 0.9), fine(f"M{n(fall - 18)} {n(hz - 100)}v150M{n(fall + 4)} {n(hz - 96)}v148M{n(fall + 20)} {n(hz - 90)}v130", "#c3dde0", 4, 0.8), oval(fall, hz + 58, 90, 14, "#f3f8f4", 0.9))
    _ground(sc, "#a9c484")
    row(sc, lambda i: t.palm(f"j{i}", "#8bb58a", 460) if i % 2 else t.tree(f"j{i}", "#9cc096", 420), 0.88, 150, 90, lambda i: t.bush(f"j{i}", "#9cc096"))
    _path(sc, "#dccda2", 50, 90)
    row(sc, lambda i: t.fern(90, ("#82ae7c", "#9cbf85")[i % 2], f"jf{i}"), 0.6, 110, 100, shade=0.1)
    for i, (x, depth) in enumerate(((-190, 0.4), (205, 0.44), (-350, 0.45), (370, 0.4), (520, 0.5))):
        sc.put(t.palm(f"jn{i}", shade(leaf, -0.05), 480), x, depth, t.fern(110, leaf, f"alt{i}"), mirror=i % 2 == 1)
    for i, x in enumerate((-150, 150, -260, 290)):
        sc.put(t.bush(f"jb{i}", leaf, 120, ("#e6a08f", "#efd07f")[i % 2]), x, 0.3)
    veil(sc, "#e3efd2")
    for side, flip in ((0.01, False), (0.99, True)):
        sc.near(t.fern(110, shade(leaf, -0.12), f"front{side}"), side, 1020, min(1.0, 3.2 / sc.s), flip)
    for branch in ("left", "right"):
        if sc.free(0 if branch == "left" else w - 170, 0, 170, 300, 0.0):
            x, s = (0, 1) if branch == "left" else (w, -1)
            vines = fine(f"M{n(x + s * 40)} -5q{s * 20} 120 {-s * 6} 230M{n(x + s * 100)} -5q{-s * 16} 80 {s * 4} 150", "#8aa873", 4) + "".join(oval(x + s * (40 + dx), y, 7, 12, "#8db47e", turn=s * 40) for dx, y in ((8, 60), (12, 110), (4, 160), (-2, 210), (58, 60), (54, 120)))
            sc.front.append(vines + moved(t.leaves_corner(shade(leaf, -0.08), "j" + branch, min(160, 0.16 * w)), x, 0, 1.0, mirror=branch == "right"))


def desert(sc: Scenery) -> None:
    hz, w = sc.horizon, sc.w
    sand = sc.pick("#ecd2a2", "#e8c9a6")
    sky(sc, hz + 20)
    for x, wide, high in ((-0.36, 260, 120), (0.33, 330, 160), (0.7, 240, 110), (-0.72, 300, 150)):
        cx, a = w / 2 + x * 1000 * sc.flip, wide / 2
        fill = mix("#d9a487", HAZE, 0.35)
        top = hz + 24 - high
        sc.add(area(f"M{n(cx - a)} {n(hz + 30)}Q{n(cx - a * 0.8)} {n(top + 30)} {n(cx - a * 0.66)} {n(top)}H{n(cx + a * 0.6)}Q{n(cx + a * 0.78)} {n(top + 40)} {n(cx + a)} {n(hz + 30)}Z", fill), fine("".join(f"M{n(cx - a * (0.66 + 0.2 * k))} {n(top + high * k)}q{n(a * 0.6)} 8 {n(a * 1.3)} 0" for k in (0.2, 0.4, 0.62)), shade(fill, -0.1), 5, 0.5))
    for i, k in enumerate((0.12, 0.06, 0.0)):
        fill = shade(sand, k)
        sc.add(washed(ridge(w, hz + 26 + i * 46, 46 + i * 8, 260 - 30 * i, f"dune{i}"), shade(fill, 0.18), shade(fill, -0.05)))
    sc.add(fine("".join(f"M{n(w / 2 + x)} {n(sc.g + y)}q40 -10 80 0t80 0" for x, y in ((-440, 40), (-160, 84), (190, 52), (330, 100), (-820, 70), (640, 60))), shade(sand, -0.12), 2.6, 0.5))
    strokes(sc, shade(sand, -0.2), "sand", 110, 0)
    for i, (x, depth, h) in enumerate(((-170, 0.42, 190), (190, 0.5, 220), (-290, 0.6, 170), (330, 0.4, 190), (-430, 0.5, 210), (120, 0.8, 150))):
        sc.put(t.cactus(h), x, depth, t.rock(70, "#d3b392"), mirror=i % 2 == 1)
    for x, depth, size in ((-120, 0.22, 70), (150, 0.2, 90), (-260, 0.2, 60), (300, 0.16, 80)):
        sc.put(t.rock(size, "#d3b396", f"d{x}"), x, depth)
    sc.put(t.palm("oasis", h=300), -60, 0.85, size=0.7) if "oasis" in sc.words else None
    sc.near(t.tuft(36, "#b5b27e", "d", 9), 0.04, 1010, min(1.3, 4 / sc.s))
    sc.near(t.rock(80, "#d8bd98"), 0.97, 1014, min(1.0, 3 / sc.s))


def snow(sc: Scenery) -> None:
    hz, w = sc.horizon, sc.w
    sky(sc, hz + 20)
    if sc.stage.time == "night" and sc.stage.weather == "clear" and (sc.stage.calm is None or sc.stage.calm[1] > 340):
        sc.add(lit("".join(washed(f"M{n(w * a)} {n(hz * 0.62)}Q{n(w * (a + 0.1))} {n(hz * 0.1)} {n(w * (a + 0.26))} {n(hz * 0.3)}T{n(w * (a + 0.5))} {n(hz * 0.16)}V{n(hz * 0.5)}Q{n(w * (a + 0.3))} {n(hz * 0.5)} {n(w * a)} {n(hz * 0.62)}Z", "#7fc9b0", "#5f7fb8").replace("/>", ' opacity="0.3"/>').replace("<stop ", "<stop ") for a in (0.05, 0.42))))
    white = "#eef3f6"
    for i, (x, high, wide) in enumerate(((-300, 190, 300), (280, 230, 360), (-720, 210, 320), (700, 190, 340))):
        _peak(sc, w / 2 + x * sc.flip, hz + 30, high * 0.8, wide, mix("#c3d3df", "#ffffff", 0.2 + 0.05 * i), False)
    for i, k in enumerate((-0.05, 0.0, 0.25)):
        sc.add(washed(ridge(w, hz + 26 + 40 * i, 40 + 8 * i, 230 - 30 * i, f"snow{i}"), shade(white, k + 0.3), shade("#dbe6ee", k)))
    sc.add("".join(oval(w / 2 + x, sc.g + y, 230, 15, "#cddbe6", 0.5) for x, y in ((-330, 30), (300, 66), (20, 110), (-820, 60), (760, 40))))
    strokes(sc, "#b9cbd9", "glint", 60, 0)
    for i, (x, depth) in enumerate(((-200, 0.8), (-330, 0.7), (240, 0.84), (330, 0.62), (480, 0.75), (-500, 0.8), (140, 0.9))):
        sc.put(t.pine(f"sn{i}", "#8fb0a8", 340, True), x, depth, t.rock(80, "#dfe7ec"))
    if any(word in sc.words for word in ("pole", "igloo", "arctic", "ice", "antarctic")) or sc.words == "snow":
        sc.put(t.igloo(), -190, 0.5)
    else:
        sc.put(t.house("winter", "#e9d3bd", "#f1f4f5", lamp=_dark(sc)), -230, 0.7, t.pine("alt", "#8fb0a8", 200, True))
    sc.put(t.snowman(), 158, 0.34)
    ice = Drawn(poly([(-60, 0), (-44, -70), (-10, -54), (14, -96), (56, 0)], "#cfe2ec") + poly([(14, -96), (56, 0), (10, 0), (2, -50)], "#b5cfde") + poly([(-44, -70), (-10, -54), (-22, 0), (-60, 0)], "#e8f2f6"), 120, 98)
    sc.put(ice, 340, 0.5)
    sc.put(ice, -360, 0.4)
    sc.put(t.rock(70, "#dfe7ec"), -120, 0.2)
    sc.near(t.pine("fr", "#8fb0a8", 150, True), 0.0, 1030, min(1.0, 2.4 / sc.s))
    sc.near(t.rock(90, "#e9eff2"), 0.98, 1016, min(1.0, 3 / sc.s))


def fairground(sc: Scenery) -> None:
    _land(sc, "#c6d29c", ("#b9cfd0", "#b2cbaa"), 70)
    sc.put(t.big_wheel(), 175, 0.8, t.tent("#8aa6bd"), size=0.92)
    sc.put(t.tent(sc.pick("#cf8277", "#8aa6bd", "#b3a0c0")), -230, 0.72, t.bush("ft"), size=0.8)
    sc.put(t.tent("#dfbc87"), 540, 0.8)
    sc.put(t.carousel(), -455, 0.6, t.stall(), size=0.9)
    _path(sc, "#ead9b8", -40, 150)
    sc.put(t.carousel(), 30 if sc.s < 2.6 else 260, 0.7, t.stall("#98b5a4"), size=0.72)
    sc.put(t.stall("#98b5a4"), -180, 0.4)
    sc.put(t.stall("#d3968a"), 200, 0.42)
    sc.put(t.stall("#8aa6bd"), 420, 0.4)
    bunch = Drawn(fine("M0 0Q-4 -40 -16 -80M0 0Q0 -50 2 -90M0 0Q6 -40 20 -76", "#b7a58f", 1) + oval(-17, -96, 14, 17, "#d98f86") + oval(3, -108, 14, 17, "#e6c078") + oval(22, -92, 14, 17, "#8fb0bd") + "".join(oval(x, y, 3, 4, "#ffffff", 0.6) for x, y in ((-22, -102), (-2, -114), (17, -98))), 74, 128)
    sc.put(bunch, -112, 0.3, shade=0)
    sc.put(bunch, 128, 0.34, shade=0)
    if _dark(sc):
        y = sc.deep(0.72)
        for x in (-200, 0, 200):
            sc.lamps.append((sc.x(x, y), y - 160 * sc.at(y), 120 * sc.s))
    _strings(sc, sc.deep(0.5) - 300 * sc.at(sc.deep(0.5)))
    _frame(sc, branch="")


def _strings(sc: Scenery, y: float) -> None:
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


def zoo(sc: Scenery) -> None:
    _land(sc, "#c2d299", ("#b7cfc9", "#a8c79a"), 90)
    row(sc, lambda i: t.tree(f"z{i}", (t.LEAF, "#a8c486")[i % 2], 310), 0.9, 200, 110, lambda i: t.bush(f"z{i}"))
    giraffe = Drawn(fine("M-60 0L-54 -150M-30 0L-34 -150M34 0L30 -150M58 0L50 -150", "#dcb878", 15) + area("M-70 -150Q-70 -210 0 -212Q20 -212 36 -236L78 -400Q84 -424 104 -420L140 -404Q150 -392 136 -386L108 -382L72 -190Q66 -140 40 -140H-50Q-70 -140 -70 -150Z", "#e3c286") + "".join(oval(x, y, r, r * 0.8, "#c08f5e", turn=20) for x, y, r in ((-44, -176, 15), (-10, -186, 17), (24, -176, 14), (52, -230, 12), (64, -276, 11), (74, -318, 10), (84, -356, 9), (-26, -154, 10), (46, -190, 10))) + fine("M100 -420l-4 -20M112 -420l2 -20", "#c08f5e", 5) + oval(110, -402, 3.4, 4, "#5a4638") + fine("M-70 -176Q-90 -150 -84 -120", "#c08f5e", 5), 230, 442)
    sc.put(giraffe, -205, 0.74, t.bush("gir"), shade=0.14)
    elephant = Drawn(slab(-84, -70, 40, 70, "#a9abb3", 12) + slab(14, -70, 40, 70, "#a9abb3", 12) + area("M-110 -90Q-110 -190 -10 -190Q80 -190 84 -100Q84 -50 0 -50H-80Q-110 -50 -110 -90Z", "#b9bbc3") + oval(80, -138, 52, 50, "#b9bbc3") + fine("M116 -120Q140 -100 130 -50Q128 -34 142 -34", "#b9bbc3", 24) + oval(48, -140, 34, 44, "#a5a7b0") + oval(104, -150, 4.4, 5, "#5a4638") + fine("M-108 -110q-16 20 -10 44", "#a9abb3", 5), 270, 192)
    sc.put(elephant, 170, 0.72, t.bush("ele"), shade=0.14)
    sc.put(giraffe, 480, 0.8, t.bush("gir2"), mirror=True, shade=0.14)
    row(sc, lambda i: t.rail_fence(190, 92, "#c9a27a"), 0.52, 190, 0, jitter=0.0, shade=0.1)
    _path(sc, "#ead9b8", -50, 160, 0.45)
    sc.put(t.sign_post(), 128, 0.3)
    _lamps(sc, (-130, 330), 0.3)
    sc.put(t.bench_out(), -310, 0.24)
    sc.put(t.bush("z1", t.LEAF, 110, "#e6a3a0"), 205, 0.26)
    sc.put(t.bush("z2", "#a8c486", 110, "#efd38c"), -205, 0.28)
    _frame(sc, branch="right")


def station(sc: Scenery) -> None:
    _land(sc, "#c2d09c", ("#b9cfd0", "#accaa2"), 100)
    row(sc, lambda i: t.poplar(f"st{i}", "#93b48c", 300), 0.92, 170, 120, lambda i: t.bush(f"st{i}"))
    track = sc.deep(0.56)
    k = sc.at(track)
    sc.add(slab(0, track - 8 * k, sc.w, 26 * k, "#c6b9a4"), fine("".join(f"M{n(x)} {n(track - 4 * k)}l-{n(6 * k)} {n(14 * k)}" for x in range(0, int(sc.w) + 60, max(14, int(22 * k)))), "#a5876a", 5 * k), slab(0, track - 3 * k, sc.w, 3 * k, "#9a9ea0"), slab(0, track + 8 * k, sc.w, 3 * k, "#8b8f92"))
    sc.put(t.steam_train(sc.pick("#7f9f93", "#8098ad", "#b3776c")), 40, 0.56, size=1.0)
    stone = _earth(sc, "#dccfb9", 0.5)
    edge = sc.deep(0.4)
    sc.add(wash(0, edge, sc.w, 1002 - edge, [(0, shade(stone, 0.2), 1), (1, stone, 1)]), slab(0, edge, sc.w, 10, "#f3ecdb"), slab(0, edge + 10, sc.w, 8, shade(stone, -0.2)))
    rows = "".join(f"M0 {n(edge + (1000 - edge) * q)}H{n(sc.w)}" for q in (0.26, 0.5, 0.8))
    cols = "".join(f"M{n(sc.w / 2 + i * 60 * sc.s * 0.7)} {n(edge + 18)}L{n(sc.w / 2 + i * 60 * sc.s * 1.4)} 1000" for i in range(-14, 15))
    sc.add(fine(rows + cols, shade(stone, -0.1), 1.8, 0.45))
    from storykin.painters.sketch.furniture import clock

    for x in (-188, 188, -440, 440):
        y = sc.deep(0.26)
        post = Drawn(slab(-6, -330, 12, 330, "#8aa39a") + slab(-12, -40, 24, 40, "#7d958d", 4) + fine("M0 -250Q46 -262 56 -330M0 -250Q-46 -262 -56 -330", "#8aa39a", 6), 60, 330)
        sc.put(post, x, 0.26)
    top = sc.deep(0.26) - 330 * sc.at(sc.deep(0.26))
    if top > 24 and sc.free(0, top - 60, sc.w, 100, 0.0):
        step = 46.0
        sc.add(slab(0, top - 40, sc.w, 44, "#a9bab0"), slab(0, top - 46, sc.w, 10, "#8aa39a"), "".join(area(f"M{n(i * step)} {n(top + 3)}h{n(step)}l{n(-step / 2)} 26z", "#eef0e4" if i % 2 else "#a9bab0") for i in range(int(sc.w / step) + 1)))
        if sc.free(sc.w * 0.5 - 40, top, 80, 110, 0.0):
            sc.add(fine(f"M{n(sc.w * 0.36)} {n(top)}v40", "#7d958d", 5), moved(clock(15, "#8aa39a").svg, sc.w * 0.36, top + 40 + 30 * sc.s * 0.8, sc.s * 0.8))
    sc.put(t.bench_out(), -150, 0.18)
    cases = Drawn(slab(-34, -34, 56, 34, "#b98a6a", 4) + slab(-28, -62, 44, 28, "#8fb09c", 4) + slab(-34, -22, 56, 4, "#d9b98f") + fine("M-12 -62q6 -10 12 0M-14 -34", "#6d5148", 3), 62, 72)
    sc.put(cases, 132, 0.14)
    _lamps(sc, (310, -310), 0.2)


def sky_place(sc: Scenery) -> None:
    """High up among the clouds."""
    from storykin.painters.sketch.light import GREYS, cloud, times

    w = sc.w
    sc.horizon = sc.g - 200
    sky(sc, 1000)
    light = LIGHTS[sc.stage.time]
    fill = mix(light.cloud, times(GREYS[sc.stage.weather][0], light.outdoor), GREYS[sc.stage.weather][1])
    if "rainbow" in sc.words or (sc.stage.time == "day" and sc.stage.weather == "clear"):
        cx, cy, r = w * 0.5, sc.g + 60, min(0.62 * w, 640.0)
        if sc.stage.calm is None or sc.stage.calm[1] > 400:
            sc.add(lit("".join(fine(f"M{n(cx - r + i * 17)} {n(cy)}A{n(r - i * 17)} {n((r - i * 17) * 0.86)} 0 0 1 {n(cx + r - i * 17)} {n(cy)}", f, 17.5, 0.3) for i, f in enumerate(("#e39a8f", "#ecb98a", "#f0da96", "#b5d3a0", "#a3c6dd", "#bdb0d9")))))
    for i, (x, y, size) in enumerate(((-0.46, 0.5, 330), (0.44, 0.56, 380), (-0.9, 0.56, 360), (0.92, 0.46, 320), (-0.2, 0.72, 300), (0.22, 0.76, 340))):
        cx, cy = w / 2 + x * 800, y * sc.g
        if sc.free(cx - size / 2, cy - size * 0.34, size, size * 0.4):
            sc.add(lit(moved(cloud(size, f"sky{i}", shade(fill, -0.03)), cx, cy)))
    y = sc.g
    base = shade(fill, 0.3)
    dice = Random("floor")
    for row, (dy, r) in enumerate(((-6, 90), (36, 120), (90, 150))):
        puffs = "".join(oval(w / 2 + (i + dice.uniform(-0.2, 0.2)) * r * 1.1, y + dy + r * 0.55, r * 0.86, r * dice.uniform(0.5, 0.66), mix(base, shade(fill, -0.08), 0.22 * row if row != 1 else 0.0)) for i in range(-int(w / 2 / r) - 1, int(w / 2 / r) + 2))
        sc.add(lit(puffs))
    sc.add(lit(wash(0, y + 60, w, 1000 - y, [(0, base, 0.0), (0.5, base, 0.75), (1, base, 0.9)])))
    bird = "M-16 0Q-8 -10 0 0Q8 -10 16 0"
    for x, z, k in ((0.2, 0.3, 1.0), (0.27, 0.26, 0.7), (0.74, 0.36, 0.9)):
        if sc.stage.time != "night" and sc.free(x * w - 20, z * sc.g - 12, 40, 24, 0.0):
            sc.add(moved(fine(bird, "#8a97a3", 3, 0.7), x * w, z * sc.g, k))


def road(sc: Scenery) -> None:
    """A village on its hill, with a road and a car: for journeys."""
    _land(sc, "#c2d196", ("#b6ced0", "#b2cda9", "#a9c890"), 130)
    for x, depth in ((-70, 0.95), (60, 0.96), (-150, 0.93), (150, 0.94), (-240, 0.96), (260, 0.95)):
        sc.put(t.house(f"v{x}", ("#efdcc0", "#e6cfc6", "#dfe0cc")[abs(x) % 3], ("#c98a76", "#a99a94")[abs(x) % 2], 300, 250, _dark(sc)), x * 1.6, depth, size=0.75, shade=0.1)
    _path(sc, "#d9d2c6", 70, 240)
    sc.put(t.tree("r1", t.LEAF, 380), -210, 0.5, t.bush("r1"))
    sc.put(t.tree("r2", "#a8c486", 360), 300, 0.6, t.bush("r2"))
    sc.put(t.car(sc.pick("#cf8a78", "#8aa6bd", "#98b5a4")), 190, 0.42)
    sc.put(t.sign_post(), -128, 0.25)
    _flowers(sc, 140, 120)
    sc.put(t.rail_fence(), -330, 0.4)
    sc.put(t.rail_fence(), 430, 0.45)
    _frame(sc)


OUTDOORS = {
    "meadow": meadow, "garden": garden, "park": park, "street": street, "farm": farm, "forest": forest, "mountain": mountain,
    "lake": lake, "beach": beach, "harbour": harbour, "ship deck": ship_deck, "pond": pond, "jungle": jungle, "desert": desert,
    "snow": snow, "fairground": fairground, "zoo": zoo, "station": station, "sky": sky_place, "road": road,
}  # fmt: skip
