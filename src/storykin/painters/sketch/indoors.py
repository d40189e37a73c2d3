"""Painters, sketch: rooms, each a wall, a floor, a few big things and lovely small ones.

A room is laid out in centimetres from the picture's middle, big things left and right, the middle free.
"""
# fmt: off

from random import Random

from storykin.painters.sketch import furniture as f
from storykin.painters.sketch.drawn import Drawn
from storykin.painters.sketch.ink import moved, n
from storykin.painters.sketch.light import LIGHTS
from storykin.painters.sketch.soft import (
    MUTED,
    area,
    fine,
    halo,
    lit,
    oval,
    poly,
    shade,
    slab,
    solid,
    specks,
    wash,
    washed,
)
from storykin.painters.sketch.stage import Scenery


def _lamps_on(sc: Scenery) -> bool:
    return sc.stage.time in ("evening", "night")


def _walls(sc: Scenery, wall: str, floor: str, pattern: str = "", boards: str = "planks", panel: str = "") -> None:
    """Wall and floor: `pattern` stripes, dots, leaves, stones or tiles; `boards` planks, tiles or none."""
    sc.mood = "indoor"
    w, base, k = sc.w, sc.base, sc.s
    sc.add(wash(0, 0, w, base + 6, [(0, shade(wall, 0.22), 1), (0.7, wall, 1), (1, shade(wall, -0.05), 1)]))
    if pattern:
        _paper(sc, wall, pattern)
    if panel:
        top = base - 82 * k
        sc.add(slab(0, top, w, base - top, panel), slab(0, top, w, 2.4 * k, shade(panel, 0.3)))
        step = 26 * k
        d = "".join(f"M{n(x)} {n(top + 4 * k)}V{n(base)}" for x in _steps(w, step))
        sc.add(fine(d, shade(panel, -0.09), 1.6, 0.8), slab(0, top + 2.4 * k, w, 1.2 * k, shade(panel, -0.14), 0, 0.6))
    sc.add(wash(0, 0, w, base, [(0, "#fff4d8", 0.35), (0.5, "#fff4d8", 0.0), (1, "#7a5a4a", 0.1)], 15))
    sc.add(slab(0, base - 7 * k, w, 7 * k, shade(panel or wall, 0.4)), slab(0, base - 7 * k, w, 1.1 * k, shade(panel or wall, -0.1), 0, 0.6))
    sc.add(wash(0, base, w, 1000 - base, [(0, shade(floor, -0.08), 1), (0.35, floor, 1), (1, shade(floor, 0.1), 1)]))
    faint = 0.35 if sc.stage.calm and sc.stage.calm[1] + sc.stage.calm[3] > sc.g + 40 else 1.0
    if boards == "planks":
        d = "".join(f"M{n(x)} {n(base)}L{n(w / 2 + (x - w / 2) * 1.9)} 1000" for x in _steps(w, 24 * k))
        sc.add(fine(d, shade(floor, -0.14), 1.8, 0.55 * faint))
        dice, d = Random("boards"), ""
        for x in _steps(w, 24 * k):
            t = dice.random()
            y = base + (1000 - base) * t
            a, b = (w / 2 + (x + e - w / 2) * (1 + 0.9 * t) for e in (0, 24 * k))
            d += f"M{n(a)} {n(y)}H{n(b)}"
        sc.add(fine(d, shade(floor, -0.14), 1.6, 0.5 * faint))
    elif boards == "tiles":
        rows = [base + (1000 - base) * t**1.5 for t in (0.1, 0.24, 0.42, 0.64, 0.9, 1.2)]
        d = "".join(f"M0 {n(y)}H{n(w)}" for y in rows)
        d += "".join(f"M{n(x)} {n(base)}L{n(w / 2 + (x - w / 2) * 2.2)} 1000" for x in _steps(w, 36 * k))
        sc.add(fine(d, shade(floor, 0.35), 2.0, 0.6 * faint))
    sc.add(wash(0, base, w, 26 + 4 * k, [(0, "#5d4638", 0.2), (1, "#5d4638", 0.0)]))


def _steps(w: float, step: float) -> list[float]:
    half = int(w / 2 / step) + 1
    return [w / 2 + i * step for i in range(-half, half + 1)]


def _paper(sc: Scenery, wall: str, pattern: str) -> None:
    """A quiet wallpaper that leaves the words alone."""
    k, w, base = sc.s, sc.w, sc.base
    if pattern == "stripes":
        sc.add("".join(slab(x, 0, 9 * k, base, shade(wall, 0.35), 0, 0.4) for x in _steps(w, 22 * k)))
        return
    if pattern == "stones":
        dice, d, parts = Random("stones"), "", []
        high, long = 26 * k, 52 * k
        for row in range(int(base / high) + 2):
            y = base - row * high
            for x in _steps(w, long):
                x0 = x + (long / 2 if row % 2 else 0) + dice.uniform(-4, 4) * k
                d += f"M{n(x0)} {n(y)}q{n(dice.uniform(-2, 2) * k)} {n(-high / 2)} 0 {n(-high)}"
                if dice.random() < 0.16 and sc.free(x0, y - high, long, high, 0.0):
                    parts.append(slab(x0 + 3, y - high + 3, long - 6, high - 6, shade(wall, dice.choice((-0.05, 0.2))), 6, 0.7))
            d += f"M0 {n(y)}H{n(w)}"
        sc.add("".join(parts), fine(d, shade(wall, -0.1), 2.2, 0.45))
        return
    dots, leaves = "", ""
    step = 19 * k if pattern != "tiles" else 12 * k
    rows = int(base / step) + 1
    if pattern == "tiles":
        d = "".join(f"M0 {n(base - r * step)}H{n(w)}" for r in range(int(150 / 12))) + "".join(f"M{n(x)} {n(base)}V{n(base - 150 * k)}" for x in _steps(w, step))
        sc.add(slab(0, base - 150 * k, w, 150 * k, shade(wall, 0.4)), fine(d, shade(wall, -0.06), 1.5, 0.6), slab(0, base - 152 * k, w, 4 * k, shade(wall, -0.12), 2))
        return
    for row in range(rows):
        for x in _steps(w, step):
            x0, y0 = x + (step / 2 if row % 2 else 0), base - row * step
            if not sc.free(x0 - 8, y0 - 8, 16, 16, 0.0):
                continue
            dots += f"M{x0:.0f} {y0:.0f}h.1"
            if pattern == "leaves":
                leaves += f"M{x0:.0f} {y0:.0f}q{n(2.6 * k)} {n(-1 * k)} {n(3 * k)} {n(-4 * k)}M{x0:.0f} {y0:.0f}q{n(-2.6 * k)} {n(-1 * k)} {n(-3 * k)} {n(-4 * k)}"
    sc.add(fine(dots, shade(wall, 0.5), 2.2 * k, 0.55))
    if leaves:
        sc.add(fine(leaves, shade(wall, -0.09), 1.1 * k, 0.4))


def _sunbeam(sc: Scenery, x: float) -> None:
    """The window's light on the floor."""
    if sc.stage.time == "night" or sc.stage.weather in ("rain", "storm", "fog", "snow", "cloudy"):
        return
    fill = LIGHTS[sc.stage.time].sky[2]
    y = sc.base + (1000 - sc.base) * 0.12
    cx, k = sc.x(x, sc.base), sc.s
    low = y + min(60 * k * 0.5, (1000 - y) * 0.75)
    slant = -0.5 if sc.stage.time == "evening" else 0.5
    for a, b in ((-44, -4), (3, 43)):
        points = [(cx + a * k, y), (cx + b * k, y), (cx + b * k + (low - y) * slant, low), (cx + a * k + (low - y) * slant, low)]
        sc.add(poly(points, shade(fill, 0.4), 0.3))


def _window(sc: Scenery, x: float, up: float = 92, w: float = 96, h: float = 112, curtain: str = "", view: str = "hills", arch: bool = False) -> None:
    at = sc.hang(f.window(sc.stage, w, h, curtain, view, arch), x, up, least=55)
    if at is None:
        at = sc.hang(f.window(sc.stage, w * 0.8, h * 0.62, curtain, view, arch), x, 80, least=55)
    if at and not arch:
        _sunbeam(sc, x)


def _lamp(sc: Scenery, thing: Drawn, x: float, depth: float, glow: float = 1.0) -> None:
    if sc.put(thing, x, depth):
        y = sc.deep(depth)
        sc.lamps.append((sc.x(x, y), y - thing.height * sc.at(y) * 0.85, 130 * sc.s * glow))


def _hang_lamp(sc: Scenery, x: float, up: float, fill: str) -> None:
    at = sc.hang(f.hanging_lamp(_lamps_on(sc), fill, max(40.0, sc.base / sc.s - up)), x, up, least=up)
    if at:
        sc.lamps.append((at[0], at[1], 150 * sc.s))


def _bunting(sc: Scenery, up: float = 205, fills: tuple[str, ...] = MUTED) -> None:
    for x in (-430, -215, 0, 215, 430):
        sc.hang(f.bunting(215 * sc.pull, fills=fills), x, up, least=up)


def _far_ends(sc: Scenery, *things: Drawn) -> None:
    """Things that only a wide picture shows, from the middle outwards, left and right in turn."""
    for i, thing in enumerate(things):
        sc.put(thing, (-1 if i % 2 == 0 else 1) * (250 + 95 * (i // 2)))


def bedroom(sc: Scenery) -> None:
    wall = sc.pick("#cddbd9", "#e9d3c3", "#d9d3e2", "#dcdfc4", "#ecdcb9")
    _walls(sc, shade(wall, 0.12), "#d8b890", "dots")
    _bunting(sc)
    _window(sc, -8, curtain=sc.dice.choice(("#dba597", "#e0bd86", "#a8bcc9")))
    sc.hang(f.mobile(), -138, 140)
    bed = f.bed(sc.dice.choice(("#93b0c0", "#c69a90", "#9fb593")))
    if sc.stage.used != "bed":
        sc.put(bed, -110)
    sc.put(f.shelf(82, 172, 4, "bed"), 142, 1.0, f.shelf(82, 92, 2, "bed"))
    _lamp(sc, f.floor_lamp(_lamps_on(sc)), 80, 1.0, 1.0)
    _far_ends(sc, f.chest(), f.armchair("#b8a3bd"), f.shelf(90, 92, 2, "toys"), f.houseplant())
    sc.hang(f.wall_shelf(80, "bears"), -262, 128)
    sc.hang(f.frame(44, 36, "boat"), 258, 140)
    sc.put(f.rug(200, "#d6a596"), 0, -0.5, shade=0)
    sc.put(f.cat_bed(), 118, 0.3)
    sc.near(f.houseplant(85), 0.02, 1010, 1.1)


def living_room(sc: Scenery) -> None:
    wall = sc.pick("#ead9b8", "#d5dccb", "#e5cfc3", "#cfdadf")
    _walls(sc, wall, "#c69d72", "leaves")
    _window(sc, 4, curtain=sc.dice.choice(("#a9bb9b", "#d9a08f", "#94aebb")))
    sc.hang(f.frame(48, 38, "one"), -118, 122)
    sc.hang(f.frame(30, 34, "two"), -70, 130)
    sc.hang(f.frame(28, 26, "three"), -162, 140)
    sc.hang(f.clock(), 84, 160)
    sc.put(f.sofa(sc.dice.choice(("#a5b99f", "#c99a88", "#93aabb"))), -118)
    sc.put(f.shelf(88, 176, 4, "living"), 150, 1.0, f.shelf(88, 94, 2, "living"))
    _lamp(sc, f.floor_lamp(_lamps_on(sc), "#efd39d"), 90, 1.0)
    _far_ends(sc, f.houseplant(120), f.armchair(), f.shelf(80, 120, 3, "more"), f.table(70, 60))
    sc.hang(f.frame(46, 56, "four"), 256, 120)
    sc.put(f.rug(230, "#b98d84", 1), 0, -0.62, shade=0)
    sc.put(f.basket(what="#c98f84"), -42, 0.75)
    sc.put(f.cat_bed("#c9a98d", "#c9a27d"), 120, 0.2)
    sc.near(f.houseplant(95, "#c9a58a", "n"), 0.99, 1010, 1.1)


def kitchen(sc: Scenery) -> None:
    wall = sc.pick("#f0e1bf", "#d4e0d3", "#e8d2c4", "#d2dde2")
    _walls(sc, wall, "#d9c2a0", "tiles", "tiles")
    _window(sc, -22, 112, 92, 84, curtain="#dfa897")
    sc.hang(f.wall_shelf(66, "cups", things="kitchen"), 94, 150)
    sc.hang(f.wall_shelf(66, "jams", things="jars"), -140, 166)
    sc.put(f.counter(214, "#b8cabb"), -16) or sc.put_first(f.counter(130, "#b8cabb"), (28, -28))
    sc.put(f.stove(), 128)
    sc.put(f.fridge(), -164, 1.0)
    _far_ends(sc, f.shelf(90, 170, 4, "pans"), f.rack(90, 150, "jars"), f.table(110, 72, cloth="#d9b3a3"), f.chair())
    _hang_lamp(sc, 58, 204, "#c98f7d")
    sc.hang(f.clock(13, "#98b5a4"), 156, 158)
    sc.put(f.rug(150, "#a8bba8", 1), -20, -0.6, shade=0)
    sc.put(f.basket(what="#cf8a70"), 168, 0.5)


def classroom(sc: Scenery) -> None:
    _walls(sc, sc.pick("#e8e2c6", "#d5e0dc", "#ecdccb"), "#cfa878", "", "planks", "#cbd6c4")
    sc.hang(f.blackboard(), -6, 92)
    _bunting(sc, 212)
    _window(sc, -152, 92, 76, 112)
    sc.hang(f.clock(), 104, 172)
    sc.put(f.shelf(86, 100, 2, "school"), 150)
    if sc.free(sc.x(150, sc.base) - 50, sc.base - 140 * sc.s, 100, 40):
        sc.add(moved(f.toy(6), sc.x(140, sc.base), sc.base - 98 * sc.s, sc.s * 2.2))
    for x, fill in ((-138, "#c98f7a"), (-226, "#98b5a4"), (236, "#8aa6bd"), (318, "#dfbc87")):
        sc.put(f.chair(fill, 70), x, 0.85)
        sc.put(f.table(84, 54), x, 0.45)
    sc.hang(f.frame(34, 28, "kid1", "#98b5a4"), 132, 122)
    sc.hang(f.frame(34, 28, "kid2", "#d3968a"), 172, 126)
    sc.hang(f.frame(34, 28, "kid3", "#8aa6bd"), 236, 122)
    _window(sc, 300, 92, 90, 112)
    _far_ends(sc, f.houseplant(), f.shelf(80, 160, 4, "atlas"))


def library(sc: Scenery) -> None:
    _walls(sc, sc.pick("#d8ccb0", "#c9d2c8", "#dcc8bb"), "#b98f68", "", "planks")
    for i, x in enumerate((-170, -78, 92, 184, -262, 276, -354, 368, -446, 460)):
        sc.put(f.shelf(88, 212, 5, f"lib{i % 3}", "#c2966a", 0.3), x, 1.0, f.shelf(88, 128, 3, f"lib{i % 3}", "#c2966a", 0.3), f.shelf(88, 88, 2, f"lib{i % 3}", "#c2966a", 0.3))
    _window(sc, 6, 100, 68, 124, arch=True)
    sc.put(f.ladder(200), -116, 0.92)
    _hang_lamp(sc, 60, 216, "#8fb09c")
    sc.put(f.rug(230, "#a9827c", 1), 0, -0.6, shade=0)
    sc.put(f.armchair("#93a98f"), 142, 0.4)
    sc.put(f.table(54, 56), -150, 0.4)
    _lamp(sc, Drawn(moved(f.table_lamp(_lamps_on(sc)).svg, 0, -60), 26, 92), -150, 0.4)
    pile = "".join(slab(-14 + i % 3 * 2, -5 * i - 5, 27, 4.6, MUTED[i * 3 % 8], 1) for i in range(5))
    sc.put(Drawn(pile, 30, 25), 76, 0.55)


def clinic(sc: Scenery) -> None:
    _walls(sc, sc.pick("#d7e6e0", "#dfe3ea", "#efe3d2"), "#dcd2bf", "", "tiles", "#bfd3cd")
    _window(sc, -28, 100, 92, 100, curtain="#e7c7a7")
    sc.hang(f.frame(40, 50, "cat", "#e2b996"), 58, 112)
    sc.hang(f.clock(14, "#8fb1ac"), -104, 164)
    sc.put_first(f.couch(), (-128, -20, 20))
    sc.put(f.cabinet(), 142, 1.0, f.cabinet(84, 96, cross=False))
    sc.put(f.table(60, 66, "#e3d4bb"), 64)
    sc.put(Drawn(moved(f.flowerpot(22).svg, -14, -74) + moved(f.jar(1), 12, -70) + moved(f.jar(6), 0, -70), 50, 104), 64, shade=0)
    _bunting(sc, 212, ("#e0a69a", "#a3c2bd", "#e4c791", "#b9c9a6"))
    _far_ends(sc, f.bench(), f.houseplant(110), f.shelf(80, 150, 4, "care"), f.bench(130, "#c9ad8a"))
    sc.hang(f.frame(46, 36, "dogs", "#a3c2bd"), -262, 126)
    sc.hang(f.frame(40, 44, "ff", "#e0a69a"), 262, 130)
    _hang_lamp(sc, 76, 200, "#a3c2bd")
    sc.put(f.basket("#c9a06e", "#e0a69a"), 112, 0.35)
    sc.near(f.houseplant(80, "#a9c2bb", "c"), 0.01, 1010, 1.05)


def bakery(sc: Scenery) -> None:
    _walls(sc, sc.pick("#f3dfc0", "#ecd3c6", "#dfe2cc"), "#c9a079", "stripes", "tiles", "#d9b697")
    _window(sc, -120, 100, 92, 96, curtain="#e6b3a0")
    sc.hang(f.wall_shelf(110, "bk", things="jars"), 10, 158)
    shelf = Drawn(solid(-55, -4, 110, 4, f.WOOD, 1) + "".join(moved(f.bread(i), -42 + i * 21, -4) for i in range(5)), 110, 30)
    sc.hang(shelf, 10, 122)
    sc.put(f.rack(92, 170), 146, 1.0, f.rack(92, 92))
    sc.put(f.display(170), -96, 0.9)
    cakes = Drawn(moved(f.bread(2), -40, -102, 1.5) + moved(f.bread(1), 4, -102) + moved(f.flowerpot(20).svg, 48, -102), 120, 130)
    sc.put(cakes, -96, 0.9, shade=0)
    _hang_lamp(sc, -60, 206, "#cf9a80")
    _hang_lamp(sc, 62, 206, "#cf9a80")
    oven = Drawn(
        slab(-50, -130, 100, 130, "#c9917a", 8)
        + "".join(slab(-48 + (r % 2) * 9 + c * 19, -126 + r * 12, 17, 10, shade("#c9917a", (c * r % 3) * 0.07), 1.5) for r in range(10) for c in range(5))
        + area("M-30 -50V-78Q-30 -102 0 -102Q30 -102 30 -78V-50Z", "#6d5148")
        + lit(halo(0, -66, 30, 26, "#ffb866", 0.8))
        + slab(-34, -52, 68, 6, "#8a8580", 2),
        100,
        130,
    )
    _far_ends(sc, oven, f.rack(90, 150), f.shelf(80, 120, 3, "b2"), f.barrel("#d9c3a3"))
    sc.put(f.basket("#c9a06e", "#d9a869"), 84, 0.5)
    sc.put(f.barrel("#d9c3a3"), 164, 0.2)


def shop(sc: Scenery) -> None:
    _walls(sc, sc.pick("#dfe3cf", "#ecd9c4", "#d4dfe3"), "#c8a27a", "stripes", "planks")
    _bunting(sc, 208)
    sc.hang(f.wall_shelf(100, "s1"), -10, 160)
    sc.hang(f.wall_shelf(100, "s2", things="jars"), -10, 122)
    sc.put(f.rack(92, 172, "toys"), 146, 1.0, f.rack(92, 92, "toys"))
    sc.put(f.rack(92, 172, "jars"), -160, 1.0, f.rack(92, 92, "jars"))
    sc.put(f.display(150, "#b79a86", "toys"), -60, 0.7)
    sc.put(Drawn(moved(f.jar(1), -48, -102, 1.5) + moved(f.jar(3), -26, -102, 1.3) + moved(f.flowerpot(20).svg, 46, -102), 120, 130), -60, 0.7, shade=0)
    _window(sc, 262, 92, 110, 108, curtain="#d9a08f", view="hills")
    sc.put(f.door("#98b5a4"), -280)
    _far_ends(sc, f.barrel(), f.barrel(), f.rack(90, 150, "jars"), f.rack(90, 150, "toys"))
    _hang_lamp(sc, 66, 206, "#dfbc87")
    sc.put(f.basket(), 88, 0.4)


def workshop(sc: Scenery) -> None:
    _walls(sc, sc.pick("#d9cdb6", "#cdd5d3", "#dccabc"), "#bfae98", "", "none", "#c3ab8b")
    sc.add(specks(0, sc.base, sc.w, 1000 - sc.base, "#8d7a66", 60, "dust", 4, 0.3))
    _window(sc, -128, 100, 92, 96)
    sc.hang(f.tool_wall(), 12, 108)
    sc.put(f.workbench(), 10)
    sc.put(f.rack(84, 168, "jars", "#b98d62"), 148, 1.0, f.rack(84, 92, "jars", "#b98d62"))
    sc.put(f.ladder(), -196)
    tyre = Drawn("".join(oval(0, y, 30, 10, "#6f6866") + oval(0, y - 3, 30, 10, "#857d7a") + oval(0, y - 3, 14, 4.4, "#5d5654") for y in (-8, -22, -36)), 60, 50)
    sc.put(tyre, -146, 0.8)
    sc.put(f.barrel("#a36f62"), 108, 0.55)
    _hang_lamp(sc, 30, 214, "#8aa6a0")
    gate = Drawn(
        slab(-96, -200, 192, 200, "#c9c2b4", 3) + "".join(slab(-92, -196 + i * 33, 184, 29, shade("#b5bcbc", 0.12), 2) + slab(-92, -170 + i * 33, 184, 3, "#97a0a1", 1) for i in range(6)) + slab(-14, -18, 28, 5, "#7c8080", 2), 192, 200
    )
    _far_ends(sc, f.box_pile(), f.shelf(90, 150, 4, "paint", "#a9895f"))
    sc.put(gate, -345)
    sc.put(f.box_pile("w"), 250, 0.6)
    sc.put(f.basket("#b58d62", "#e6d4ae"), -70, 0.7)


def theatre(sc: Scenery) -> None:
    red = sc.pick("#b5625c", "#7f7aa3", "#5f8a86", "#a3648a")
    _walls(sc, "#e9d7bd", "#c79a6c", "", "planks")
    w, k, base = sc.w, sc.s, sc.base
    sc.add(wash(0, 0, w, base, [(0, "#b9cfda", 1), (0.7, "#dfe4d6", 1), (1, "#efe3c4", 1)]))
    for i, x in enumerate((-250, -60, 150, 330)):
        cx = sc.x(x, base)
        sc.add(oval(cx, base + 20, 190 * k * 0.8, (70 + 14 * (i % 2)) * k, ("#b6c9a0", "#a5bd96")[i % 2]))
    sc.hang(Drawn(fine("M0 -10V-140", "#d9c8a8", 0.8) + oval(0, 0, 20, 20, "#f2d58f") + fine("M0 -30V-6M-26 0h-8M26 0h8M-18 -18l-6 -6M18 -18l6 -6M-18 18l-6 6M18 18l6 6M0 26v8", "#f2d58f", 3), 46, 150), -70, 150)
    sc.hang(Drawn(fine("M-20 -10V-140M20 -10V-140", "#d9c8a8", 0.8) + oval(-14, -2, 24, 12, "#fbf6ea") + oval(14, -4, 26, 14, "#fbf6ea") + oval(0, -12, 18, 13, "#fbf6ea"), 80, 150), 66, 152)
    boards = "#cfa476"
    sc.add(wash(0, base, w, 1002 - base, [(0, shade(boards, -0.1), 1), (1, shade(boards, 0.06), 1)]), slab(0, base - 3, w, 5 * k, shade(boards, -0.2)))
    sc.add(fine("".join(f"M{n(x)} {n(base + 5 * k)}L{n(w / 2 + (x - w / 2) * 1.9)} 1000" for x in _steps(w, 24 * k)), shade(boards, -0.14), 1.8, 0.5))
    side = 0.15 * w
    for s in (0, 1):
        for j in range(3):
            x0, x1 = (side * j / 3, side * (j + 1.4) / 3)
            a, b = (x0, x1) if s == 0 else (w - x1, w - x0)
            if sc.free(min(a, b), 0, abs(b - a), base, 0.2):
                foot = base + (sc.g - base) * 0.6
                d = f"M{n(a)} 0H{n(b)}Q{n(b - (b - a) * 0.14)} {n(foot * 0.6)} {n(b)} {n(foot)}Q{n((a + b) / 2)} {n(foot + 14)} {n(a)} {n(foot)}Z"
                sc.add(washed(d, shade(red, 0.1 - 0.05 * j), shade(red, -0.08)))
    top = 90.0
    if sc.free(w * 0.3, 0, w * 0.4, top, 0.0):
        count = max(5, int(w / 150))
        step = w / count
        d = f"M0 0H{n(w)}V{n(top * 0.6)}" + "".join(f"q{n(-step / 2)} {n(top * 0.7)} {n(-step)} 0" for _ in range(count)) + "Z"
        sc.add(washed(d, shade(red, 0.05), red), fine(f"M{n(w)} {n(top * 0.6 - 8)}" + "".join(f"q{n(-step / 2)} {n(top * 0.7)} {n(-step)} 0" for _ in range(count)), "#e3c07a", 5, 0.9))
    spot = "#fff0c4"
    sc.add(lit(poly([(w * 0.5 - 20, -10), (w * 0.5 + 20, -10), (w * 0.5 + 200 * k * 0.55, sc.g + 8), (w * 0.5 - 200 * k * 0.55, sc.g + 8)], spot, 0.16)), lit(oval(w / 2, sc.g + 6, 210 * k * 0.55, 9 * k, spot, 0.45)))
    sc.lamps.append((w / 2, sc.g - 80 * k, 190 * k))
    edge = min(985.0, sc.g + 30 * k)
    if sc.free(0, edge, w, 1000 - edge, 0.0):
        sc.add(wash(0, edge, w, 1000 - edge, [(0, "#a3714f", 1), (1, "#7d543e", 1)]), slab(0, edge - 4, w, 8, "#d9ab78"))
        sc.add("".join(lit(halo(x, edge - 6, 42, 30, "#ffe2a0", 0.7)) + area(f"M{n(x - 15)} {n(edge + 8)}V{n(edge - 2)}Q{n(x)} {n(edge - 20)} {n(x + 15)} {n(edge - 2)}V{n(edge + 8)}Z", "#e3c07a") for x in _steps(w, 125)))


def museum(sc: Scenery) -> None:
    _walls(sc, sc.pick("#b9c9c8", "#c9b9ae", "#b3b9cb"), "#cfc4b2", "", "tiles")
    sc.hang(f.frame(96, 74, "m1"), -50, 108)
    sc.hang(f.frame(50, 62, "m2"), 52, 112)
    sc.hang(f.mirror(), 104, 116)
    for x in (-196, 196, -400, 400):
        sc.put(f.column(min(330.0, sc.base / sc.s + 20)), x, 1.0)
    sc.put_first(f.skeleton(230), (-88, 60), 0.85)
    sc.put(f.vase(), 132, 0.85)
    sc.put(f.vase("#d3968a"), 296, 0.85)
    sc.put(f.skeleton(200), 300, 1.0)
    sc.hang(f.frame(110, 80, "m5"), -298, 104)
    sc.put(f.vase("#98b5a4"), -292)
    rope = Drawn("".join(slab(x - 2, -62, 4, 62, f.BRASS, 2) + oval(x, -64, 4, 4, f.BRASS) + oval(x, -1, 9, 2.6, shade(f.BRASS, -0.2)) for x in (-60, 0, 60)) + fine("M-60 -58Q-30 -36 0 -58Q30 -36 60 -58", "#b5625c", 3.6), 136, 68)
    sc.put(rope, -130, 0.35)
    sc.put(rope, 250, 0.35)
    _hang_lamp(sc, 0, 226, "#d8c9a4")


def castle_hall(sc: Scenery) -> None:
    _walls(sc, sc.pick("#cfc4b4", "#c3c8cc", "#d4c3b4"), "#b9a58c", "stones", "tiles")
    for x in (-64, 64, -330, 330):
        _window(sc, x, 96, 50, 112, arch=True)
    for x, fill in ((-128, "#b0726a"), (128, "#7c93a6"), (-250, "#8a9c7a"), (250, "#b0726a")):
        sc.hang(f.banner(fill), x, 120)
    sc.put(f.throne(), 0, 1.0) if sc.s < 4.2 else None
    for x in (-94, 94, -200, 200):
        at = sc.hang(f.torch(), x, 128)
        if at:
            sc.lamps.append((at[0], at[1] - 20, 90 * sc.s))
    for x in (-184, 184, -420, 420):
        sc.put(f.column(min(330.0, sc.base / sc.s + 20), "#d6ccbc", 46), x, 0.7)
    carpet = "#a9625c"
    half = 46 * sc.s
    sc.add(poly([(sc.w / 2 - half, sc.base), (sc.w / 2 + half, sc.base), (sc.w / 2 + half * 2.1, 1000), (sc.w / 2 - half * 2.1, 1000)], carpet, 0.8))
    sc.add(fine(f"M{n(sc.w / 2 - half * 0.86)} {n(sc.base)}L{n(sc.w / 2 - half * 1.8)} 1000M{n(sc.w / 2 + half * 0.86)} {n(sc.base)}L{n(sc.w / 2 + half * 1.8)} 1000", "#d8b76a", 3, 0.8))
    sc.put(f.chest("#a98561", False), -132, 0.55)
    sc.put(f.barrel(), 138, 0.5)
    _far_ends(sc, f.chest("#a98561", False), f.barrel())


def attic(sc: Scenery) -> None:
    _walls(sc, sc.pick("#d9c3a2", "#cdbfae", "#d9b99d"), "#b98f68", "", "planks")
    w, k, base = sc.w, sc.s, sc.base
    sc.add(fine("".join(f"M0 {n(base - i * 24 * k)}H{n(w)}" for i in range(1, int(base / 24 / k) + 1)), "#a98963", 2, 0.4))
    at = sc.hang(Drawn(oval(0, -44, 50, 50, "#a37b55") + moved(_round_pane(sc), 0, -44) + fine("M-42 -44H42M0 -86V-2", "#c9a478", 4), 100, 96), 0, 104)
    if at:
        _sunbeam(sc, 0)
    reach = min(0.3 * w, 190 * k)
    for s in (0, 1):
        a, b = (0, reach) if s == 0 else (w, w - reach)
        sc.add(poly([(a, base - 70 * k), (b, -10), (a, -10)], "#bf9c74"), poly([(a, base - 84 * k), (a, base - 60 * k), (b + (18 if s == 0 else -18) * k * 0.6, -10), (b, -10)], "#a1764f"))
    for x in (-0.3, 0.3):
        cx = w * (0.5 + x)
        if sc.free(cx - 9 * k, 0, 18 * k, base, 0.2):
            sc.add(f.wooden(cx - 7 * k, -10, 14 * k, base + 12, "#b0855c"))
    sc.put(f.box_pile(), -150)
    sc.put(f.shelf(80, 120, 3, "attic", "#b98d62", -2), 146, 1.0, f.shelf(80, 84, 2, "attic", "#b98d62"))
    sc.put(f.chest("#9c8f78", False), -84, 0.7)
    sc.put(f.mirror(50, 96), 92, 1.0)
    sc.put(f.armchair("#a9a18f"), 132, 0.35)
    _far_ends(sc, f.barrel(), f.box_pile("q"), f.chest(), f.floor_lamp(_lamps_on(sc)))
    _hang_lamp(sc, -70, 186, "#c9a06e")
    sc.put(f.cat_bed("#c9a98d", "#9d948f"), -60, -0.1)
    sc.put(f.rug(170, "#a98f94"), 20, -0.5, shade=0)


def _round_pane(sc: Scenery) -> str:
    from storykin.painters.sketch.light import heaven

    top, mid, low = heaven(sc.stage)
    d = "M-42 0A42 42 0 1 1 42 0A42 42 0 1 1 -42 0Z"
    night = sc.stage.time == "night"
    moon = oval(12, -12, 11, 11, "#fdf1cc") + fine("M-20 -20h.1M-10 8h.1M22 14h.1M-26 2h.1", "#fff3d0", 2) if night else oval(-8, 6, 22, 8, "#ffffff", 0.7)
    return lit(washed(d, top, shade(low, 0.0)) + oval(0, 0, 42, 42, mid, 0.4) + moon)


ROOMS = {
    "bedroom": bedroom, "living room": living_room, "kitchen": kitchen, "classroom": classroom, "library": library,
    "clinic": clinic, "bakery": bakery, "shop": shop, "workshop": workshop, "theatre": theatre, "museum": museum,
    "castle hall": castle_hall, "attic": attic,
}  # fmt: skip
