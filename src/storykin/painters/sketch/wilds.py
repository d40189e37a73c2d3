"""Painters, sketch: woods, water, heights and all weathers: places that nobody built."""
# fmt: off

from random import Random

from storykin.painters.sketch import furniture
from storykin.painters.sketch import nature as t
from storykin.painters.sketch.drawn import Drawn
from storykin.painters.sketch.ink import gradient, moved, n
from storykin.painters.sketch.land import (
    HAZE,
    after_dark,
    earth,
    footpath,
    frame,
    ground,
    land,
    row,
    strokes,
    veil,
    water,
    wild_flowers,
)
from storykin.painters.sketch.light import GREYS, LIGHTS, cloud, heaven, sky, times
from storykin.painters.sketch.soft import (
    area,
    fine,
    halo,
    lit,
    mix,
    oval,
    poly,
    ridge,
    shade,
    slab,
    wash,
    washed,
)
from storykin.painters.sketch.stage import Scenery


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
    ground(sc, "#b3c58c")
    row(sc, lambda i: t.pine(f"f{i % 4}", "#8fb396", 420) if i % 2 else t.tree(f"f{i}", "#a4c29a", 420), 0.92, 190, 60, lambda i: t.bush(f"f{i % 4}", "#a4c29a"))
    footpath(sc, "#dccda2", 40, 80)
    row(sc, lambda i: t.fern(60, "#93b583", f"e{i % 3}"), 0.66, 150, 80, shade=0.1)
    for i, (x, depth) in enumerate(((-178, 0.58), (190, 0.54), (-330, 0.5), (350, 0.6), (-480, 0.55), (510, 0.5))):
        sc.put((t.birch, t.tree, t.tree)[i % 3](f"near{i}", shade(leafy, -0.06), 520), x, depth, t.bush(f"near{i}", leafy, 140))
    sc.put(t.mushrooms(), -112, 0.2)
    sc.put(t.mushrooms(), 240, 0.25)
    stump = Drawn(area("M-34 0Q-26 -10 -26 -44H26Q26 -10 36 0Z", t.BARK) + oval(0, -44, 26, 8, "#dcc19a") + oval(0, -44, 16, 5, "#cbab80") + oval(0, -44, 7, 2.2, "#dcc19a"), 72, 54)
    sc.put(stump, 142, 0.22)
    sc.put(t.rock(60), -205, 0.25)
    fade, beam = gradient([(0, "#fff6cf", 0.26), (1, "#fff6cf", 0.0)])
    beams = fade + "".join(area(f"M{n(w * a)} -10h90L{n(w * a - 120)} {n(hz + 190)}h-180Z", beam) for a in (0.35, 0.56, 0.82))
    if sc.stage.time in ("day", "morning") and sc.stage.weather in ("clear", "wind"):
        sc.add(lit(beams))
    veil(sc, "#e3eacb")
    for side, flip in ((0.0, False), (1.0, True)):
        sc.near(t.fern(95, shade(leafy, -0.12), f"front{side}"), side, 1015, min(1.0, 3.2 / sc.s), flip)
    frame(sc, shade(leafy, -0.1), "left", blooms=False)
    if sc.free(w - 160, 0, 160, 150, 0.0):
        sc.front.append(moved(t.leaves_corner(shade(leafy, -0.05), "forest2", min(170, 0.17 * w)), w, 0, 0.9, mirror=True))


def mountain(sc: Scenery) -> None:
    hz, w = sc.horizon, sc.w
    sky(sc, hz + 20)
    stone = sc.pick("#b3b9c6", "#c4a898", "#b5b0a0")
    fire = "volcano" in sc.words
    for i, (x, tall, wide) in enumerate(((-330, 300, 380), (330, 350, 420), (-760, 330, 430), (780, 300, 400), (0, 430, 470))):
        cx, high = w / 2 + x * sc.flip, min(tall, hz * (0.62 if sc.stage.calm is None or sc.stage.calm[1] > 300 else 0.5))
        fill = mix(stone, HAZE, 0.5 if i < 4 else 0.25)
        _peak(sc, cx, hz + 30, high, wide, fill, fire and i == 4)
    sc.add(washed(ridge(w, hz + 20, 70, 130, "foot"), earth(sc, mix("#a4c09a", HAZE, 0.3), 0.6), earth(sc, "#b5cba0", 0.6)))
    row(sc, lambda i: t.pine(f"mp{i % 4}", "#86a995", 300, sc.stage.weather == "snow"), 0.94, 110, 60, lambda i: t.bush(f"mp{i % 4}"))
    ground(sc, "#bccd9b")
    footpath(sc, "#e0d6bb", 50, 85)
    for i, (x, depth) in enumerate(((-185, 0.55), (205, 0.6), (-300, 0.45), (330, 0.5), (470, 0.62), (-460, 0.6))):
        sc.put(t.pine(f"near{i}", "#7fa58a", 400, sc.stage.weather == "snow"), x, depth, t.bush(f"near{i}"))
    wild_flowers(sc, 160, 100)
    for i, (x, depth, size) in enumerate(((-130, 0.3, 90), (150, 0.24, 110), (205, 0.18, 60), (-260, 0.2, 120), (320, 0.2, 100))):
        sc.put(t.rock(size, "#bcb7ae", f"mr{i}"), x, depth)
    frame(sc, "#8fb088", "")


def _peak(sc: Scenery, x: float, low: float, high: float, wide: float, fill: str, fire: bool) -> None:
    top = low - high
    left, right = x - wide / 2, x + wide / 2
    if fire:
        lip = wide * 0.1
        sc.add(lit(halo(x, top, wide * 0.5, high * 0.5, "#ffbe7a", 0.7)))
        sc.add("".join(oval(x + dx, top - dy, r, r * 0.7, "#d3cbcd", 0.7) for dx, dy, r in ((0, 18, 30), (26, 52, 42), (-10, 88, 52))))
        cone = f"M{n(left)} {n(low)}Q{n(x - lip * 1.6)} {n(low - high * 0.4)} {n(x - lip)} {n(top)}H{n(x + lip)}Q{n(x + lip * 1.6)} {n(low - high * 0.4)} {n(right)} {n(low)}Z"
        sc.add(washed(cone, fill, shade(fill, 0.2)), oval(x, top, lip, lip * 0.26, "#8f7f80"))
        runs = f"M{n(x - lip * 0.8)} {n(top + 1)}Q{n(x)} {n(top + lip * 0.4)} {n(x + lip * 0.8)} {n(top + 1)}Q{n(x + lip * 0.9)} {n(top + 46)} {n(x + lip * 0.62)} {n(top + 74)}"
        runs += f"Q{n(x + lip * 0.4)} {n(top + 40)} {n(x + lip * 0.2)} {n(top + 50)}Q{n(x + lip * 0.1)} {n(top + 116)} {n(x - lip * 0.16)} {n(top + 120)}Q{n(x - lip * 0.3)} {n(top + 60)} {n(x - lip * 0.46)} {n(top + 48)}Q{n(x - lip * 0.7)} {n(top + 60)} {n(x - lip * 0.8)} {n(top + 1)}Z"
        sc.add(lit(oval(x, top, lip * 0.86, lip * 0.2, "#ffd98f") + area(runs, "#f0a267")))
        return
    sc.add(poly([(left, low), (x - wide * 0.2, low - high * 0.52), (x - wide * 0.12, low - high * 0.62), (x, top), (x + wide * 0.1, low - high * 0.74), (x + wide * 0.19, low - high * 0.55), (right, low)], fill))
    sc.add(poly([(x, top), (x + wide * 0.1, low - high * 0.74), (x + wide * 0.19, low - high * 0.55), (right, low), (x + wide * 0.12, low), (x + wide * 0.04, low - high * 0.4), (x + wide * 0.08, low - high * 0.6)], shade(fill, -0.1)))
    sc.add(
        area(
            f"M{n(x)} {n(top)}L{n(x + wide * 0.1)} {n(low - high * 0.74)}L{n(x + wide * 0.06)} {n(low - high * 0.7)}L{n(x + wide * 0.02)} {n(low - high * 0.76)}L{n(x - wide * 0.03)} {n(low - high * 0.66)}L{n(x - wide * 0.07)} {n(low - high * 0.72)}L{n(x - wide * 0.12)} {n(low - high * 0.62)}Z",
            "#fbfaf6",
        )
    )


def lake(sc: Scenery) -> None:
    land(sc, "#bdd096", ("#b2cbd2", "#a5c5a4"), 130)
    top, low = sc.deep(0.9), sc.deep(0.42)
    water(sc, top, low)
    sc.add(washed(ridge(sc.w, low + 6, 16, 180, "shore"), earth(sc, "#cbd79f"), earth(sc, "#bdd096")))
    row(sc, lambda i: t.tree(f"l{i % 4}", ("#9fbd90", "#adc796")[i % 2], 250), 0.93, 130, 110, lambda i: t.bush(f"l{i % 4}"))
    river = "river" in sc.words or "bridge" in sc.words or "stream" in sc.words
    sc.put(t.bridge() if river else t.sail_boat(), 150 if river else 120, 0.62 if river else 0.75, size=1.2)
    sc.put(t.bridge(), -640, 0.7)
    sc.put(t.row_boat(sc.pick("#c9917c", "#a8bfae", "#8aa6bd")), -165, 0.38)
    for x in (-95, 128, 230, -280, 330):
        sc.put(t.reeds(105, f"r{x}"), x, 0.34, shade=0)
    jetty = Drawn(slab(-60, -22, 120, 10, furniture.WOOD, 2) + fine("M-36 -22V-12M-12 -22V-12M12 -22V-12M36 -22V-12", furniture.DARK_WOOD, 1.4) + "".join(slab(x, -30, 8, 30, furniture.DARK_WOOD, 2) for x in (-52, 44)), 124, 34)
    sc.put(jetty, 205, 0.4)
    sc.put(t.tree("shore", t.LEAF, 460), 345, 0.26, t.bush("shore"))
    sc.put(t.tree("shore2", t.LEAF, 430), -430, 0.3, t.bush("shore2"))
    strokes(sc, "#9fb57c", "g2", 60, 14)
    sc.put(t.rock(52), 150, 0.08)
    frame(sc, branch="right")


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
            sc.add(moved(t.lighthouse("#cf8277", after_dark(sc)).svg, x, hz - 44, 0.34))
    foam = ridge(w, low + 4, 26, 150, "foam")
    sand = earth(sc, sc.pick("#efdcb2", "#ecd5b4"), 0.7)
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
    ball = Drawn(
        oval(0, -17, 17, 17, "#f6efe0") + area("M0 -34Q-17 -30 -17 -17Q-10 -8 0 -17Z", "#d98f7f") + area("M0 -17Q10 -8 17 -17Q16 -32 0 -34Q8 -26 0 -17Z", "#8aa6bd") + area("M0 -17Q-4 -4 0 0Q14 -2 16 -12Q8 -10 0 -17Z", "#e6c078"), 36, 34
    )
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
            sc.put(t.town_house(f"h{i}", walls[i % 5], 210, 300, after_dark(sc)), i * 215 + (70 if i < 0 else -20), 0.97, shade=0)
    water(sc, hz + 6, quay + 20, "#94bcc8")
    sc.put(t.lighthouse(lamp=after_dark(sc)), 330, 0.8, size=0.9)
    sc.put(t.sail_boat(sc.pick("#c98a72", "#8fb09c", "#8aa6bd")), -170, 0.6, size=1.5)
    sc.put(t.sail_boat("#7f9fb0", "#f0dfc4"), 150, 0.72, size=1.35)
    sc.put(t.sail_boat("#a8bfae"), 520, 0.62, size=1.5)
    sc.put(t.sail_boat("#cf9a80", "#efe3cf"), -480, 0.68, size=1.4)
    stone = earth(sc, "#d6cab6", 0.6)
    sc.add(wash(0, quay, w, 1002 - quay, [(0, shade(stone, 0.2), 1), (1, stone, 1)]), slab(0, quay, w, 9, shade(stone, 0.4)), slab(0, quay + 9, w, 3, shade(stone, -0.15)))
    d = "".join(f"M{n(w / 2 + i * 70 * sc.s * 0.6)} {n(quay + 12)}L{n(w / 2 + i * 70 * sc.s * 1.4)} 1000" for i in range(-12, 13))
    rows = "".join(f"M0 {n(quay + (1000 - quay) * k)}H{n(w)}" for k in (0.2, 0.46, 0.8))
    sc.add(fine(d + rows, shade(stone, -0.12), 1.8, 0.45))
    bollard = Drawn(area("M-13 0L-10 -34H10L13 0Z", "#7d7f80") + oval(0, -36, 16, 7, "#8f9192") + fine("M-12 -14Q0 -8 12 -14M-12 -20Q0 -14 12 -20", "#d9c7a3", 4), 34, 44)
    for x in (-100, 112, -300, 300):
        sc.put(bollard, x, 0.4)
    sc.put(furniture.barrel(), -175, 0.3)
    sc.put(furniture.box_pile("quay", "#c6a276"), 178, 0.28)
    sc.put(furniture.basket("#c9a06e", "#9fb8c0"), -128, 0.18)
    sc.put(furniture.box_pile("q2", "#c6a276"), -330, 0.3)
    sc.put(furniture.barrel("#a9846a"), 340, 0.26)


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
    sc.add(
        posts,
        fine(f"M-10 {n(deck - 70 * k)}Q{n(w / 2)} {n(deck - 96 * k)} {n(w + 10)} {n(deck - 70 * k)}", shade(rail, 0.12), 9 * k),
        fine(f"M-10 {n(deck - 32 * k)}Q{n(w / 2)} {n(deck - 58 * k)} {n(w + 10)} {n(deck - 32 * k)}", rail, 5 * k),
    )
    pirate = "pirate" in sc.words
    flag = "#6f6a72" if pirate else sc.pick("#cf8277", "#8aa6bd")
    mast = Drawn(
        slab(-9, -620, 18, 620, "#b1835c", 5)
        + slab(-150, -560, 300, 9, "#a1764f", 4)
        + area("M-140 -552H140Q160 -430 128 -330Q0 -290 -128 -330Q-160 -430 -140 -552Z", "#f3e8d2")
        + fine("M-138 -500Q0 -478 138 -500M-146 -440Q0 -416 146 -440M-140 -380Q0 -352 140 -380", "#dcc9a8", 2.4)
        + slab(-36, -320, 72, 8, "#a1764f", 3)
        + fine("M-30 -316L-90 0M30 -316L90 0M-50 -210H50M-62 -150H62M-76 -84H76", "#b79f7f", 2.4, 0.8),
        300,
        620,
    )
    bare = Drawn(slab(-9, -620, 18, 620, "#b1835c", 5) + fine("M-9 -600L-120 0M9 -600L120 0", "#b79f7f", 2.4, 0.7), 30, 300)
    sc.put(mast, 172, 0.5, bare)
    sc.put(mast, -420, 0.5, bare)
    sc.put(Drawn(slab(-5, -330, 10, 330, "#b1835c", 4) + area("M5 -326Q50 -344 96 -322Q84 -290 100 -262Q50 -280 5 -262Z", flag), 20, 330), -212, 0.56)
    wheel = Drawn(
        slab(-7, -80, 14, 80, "#a1764f", 3) + "".join(moved(slab(-3, -52, 6, 104, "#b1835c", 3), 0, -92, turn=a) for a in (0, 45, 90, 135)) + fine("M-36 -92a36 36 0 1 1 0 .1", "#a1764f", 8) + oval(0, -92, 9, 9, "#d8b45f"), 108, 144
    )
    sc.put(wheel, -142, 0.3)
    sc.put(furniture.barrel(), 132, 0.3)
    sc.put(furniture.barrel("#a9846a"), 178, 0.22)
    sc.put(furniture.chest("#a98561", False), -270, 0.2)
    rope = Drawn("".join(fine(f"M-22 {-5 - i * 6}a22 7 0 1 0 44 0a22 7 0 1 0 -44 0", "#d9c09a", 5) for i in range(3)), 56, 26)
    sc.put(rope, 92, 0.08)
    sc.put(rope, -330, 0.05)


def pond(sc: Scenery) -> None:
    land(sc, "#b2c591", ("#b5ccc4", "#a3bf9a"), 110)
    row(sc, lambda i: t.tree(f"w{i % 4}", ("#93b28c", "#a0bb8c")[i % 2], 330, bark="#8f7b66"), 0.9, 190, 130, lambda i: t.bush(f"w{i % 4}"))
    row(sc, lambda i: t.bush(f"wb{i % 4}", "#94b088", 130), 0.8, 170, 140)
    cx, cy = sc.x(0, sc.deep(0.45)), sc.deep(0.46)
    rx, ry = min(0.46 * sc.w, 250 * sc.s * 0.8), (sc.g - sc.horizon) * 0.27
    pool = "#9dbfb4"
    sc.add(oval(cx, cy, rx * 1.05, ry * 1.16, earth(sc, "#98ab79")), oval(cx, cy, rx, ry, pool), oval(cx, cy - ry * 0.2, rx * 0.9, ry * 0.7, shade(pool, 0.25), 0.7))
    sc.add(lit(oval(cx - rx * 0.2, cy - ry * 0.3, rx * 0.5, ry * 0.3, heaven(sc.stage)[1], 0.5)))
    sc.add(fine("".join(f"M{n(cx + a * rx)} {n(cy + b * ry)}q14 -5 28 0t28 0" for a, b in ((-0.6, 0.1), (0.3, 0.4), (0.5, -0.3), (-0.2, -0.5), (-0.1, 0.6))), shade(pool, 0.6), 2.4, 0.7))
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
    frame(sc, "#8fae7f", "right", blooms=False)


def jungle(sc: Scenery) -> None:
    hz, w = sc.horizon, sc.w
    leaf = sc.pick("#86b183", "#94b881")
    sky(sc, hz + 20)
    sc.add(wash(0, 0, w, hz + 60, [(0, "#b9dbc2", 0.75), (1, "#e6efcf", 0.8)]))
    for i, fill in enumerate(("#c3dcc0", "#aed0a9")):
        sc.add(washed(ridge(w, hz + 30, 210 - 70 * i, 110, f"jungle{i}"), fill, shade(fill, 0.2)))
    fall = w * (0.33 if sc.flip > 0 else 0.67)
    sc.add(
        poly([(fall - 36, hz - 110), (fall + 30, hz - 110), (fall + 44, hz + 60), (fall - 50, hz + 60)], "#e3f1f1", 0.9),
        fine(f"M{n(fall - 18)} {n(hz - 100)}v150M{n(fall + 4)} {n(hz - 96)}v148M{n(fall + 20)} {n(hz - 90)}v130", "#c3dde0", 4, 0.8),
        oval(fall, hz + 58, 90, 14, "#f3f8f4", 0.9),
    )
    ground(sc, "#a9c484")
    row(sc, lambda i: t.palm(f"j{i}", "#8bb58a", 460) if i % 2 else t.tree(f"j{i}", "#9cc096", 420), 0.88, 220, 90, lambda i: t.bush(f"j{i % 4}", "#9cc096"))
    footpath(sc, "#dccda2", 50, 90)
    row(sc, lambda i: t.fern(90, ("#82ae7c", "#9cbf85")[i % 2], f"jf{i % 3}"), 0.6, 170, 100, shade=0.1)
    for i, (x, depth) in enumerate(((-190, 0.4), (205, 0.44), (-350, 0.45), (370, 0.4), (520, 0.5))):
        sc.put(t.palm(f"jn{i}", shade(leaf, -0.05), 480), x, depth, t.fern(110, leaf, f"alt{i}"), mirror=i % 2 == 1)
    for i, x in enumerate((-150, 150, -260, 290)):
        sc.put(t.bush(f"jb{i}", leaf, 120, ("#e6a08f", "#efd07f")[i % 2]), x, 0.3)
    veil(sc, "#e3efd2")
    for side, flip in ((0.01, False), (0.99, True)):
        sc.near(t.fern(110, shade(leaf, -0.12), f"front{side}"), side, 1020, min(1.0, 3.2 / sc.s), flip)
    for branch in ("left", "right"):
        if sc.free(0 if branch == "left" else w - 170, 0, 170, 300, 0.0):
            edge, s = (0.0, 1) if branch == "left" else (w, -1)
            vines = fine(f"M{n(edge + s * 40)} -5q{s * 20} 120 {-s * 6} 230M{n(edge + s * 100)} -5q{-s * 16} 80 {s * 4} 150", "#8aa873", 4) + "".join(
                oval(edge + s * (40 + dx), y, 7, 12, "#8db47e", turn=s * 40) for dx, y in ((8, 60), (12, 110), (4, 160), (-2, 210), (58, 60), (54, 120))
            )
            sc.front.append(vines + moved(t.leaves_corner(shade(leaf, -0.08), "j" + branch, min(160, 0.16 * w)), edge, 0, 1.0, mirror=branch == "right"))


def desert(sc: Scenery) -> None:
    hz, w = sc.horizon, sc.w
    sand = sc.pick("#ecd2a2", "#e8c9a6")
    sky(sc, hz + 20)
    for x, wide, high in ((-0.36, 260, 120), (0.33, 330, 160), (0.7, 240, 110), (-0.72, 300, 150)):
        cx, a = w / 2 + x * 1000 * sc.flip, wide / 2
        fill = mix("#d9a487", HAZE, 0.35)
        top = hz + 24 - high
        sc.add(
            area(f"M{n(cx - a)} {n(hz + 30)}Q{n(cx - a * 0.8)} {n(top + 30)} {n(cx - a * 0.66)} {n(top)}H{n(cx + a * 0.6)}Q{n(cx + a * 0.78)} {n(top + 40)} {n(cx + a)} {n(hz + 30)}Z", fill),
            fine("".join(f"M{n(cx - a * (0.66 + 0.2 * k))} {n(top + high * k)}q{n(a * 0.6)} 8 {n(a * 1.3)} 0" for k in (0.2, 0.4, 0.62)), shade(fill, -0.1), 5, 0.5),
        )
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
        glows = ((0.2, 0.3, "#7fd0b4"), (0.36, 0.22, "#86c9c9"), (0.52, 0.3, "#8fb8dc"), (0.3, 0.46, "#7fd0b4"), (0.62, 0.42, "#a99fd8"))
        sc.add(lit("".join(moved(halo(0, 0, 270, 60, fill, 0.34), w * x, hz * y, turn=-24) for x, y, fill in glows)))
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
        sc.put(t.house("winter", "#e9d3bd", "#f1f4f5", lamp=after_dark(sc)), -230, 0.7, t.pine("alt", "#8fb0a8", 200, True))
    sc.put(t.snowman(), 158, 0.34)
    ice = Drawn(poly([(-60, 0), (-44, -70), (-10, -54), (14, -96), (56, 0)], "#cfe2ec") + poly([(14, -96), (56, 0), (10, 0), (2, -50)], "#b5cfde") + poly([(-44, -70), (-10, -54), (-22, 0), (-60, 0)], "#e8f2f6"), 120, 98)
    sc.put(ice, 340, 0.5)
    sc.put(ice, -360, 0.4)
    sc.put(t.rock(70, "#dfe7ec"), -120, 0.2)
    sc.near(t.pine("fr", "#8fb0a8", 150, True), 0.0, 1030, min(1.0, 2.4 / sc.s))
    sc.near(t.rock(90, "#e9eff2"), 0.98, 1016, min(1.0, 3 / sc.s))


def sky_place(sc: Scenery) -> None:
    """High up among the clouds."""
    w = sc.w
    sc.horizon = sc.g - 200
    sky(sc, 1000)
    light = LIGHTS[sc.stage.time]
    fill = mix(light.cloud, times(GREYS[sc.stage.weather][0], light.outdoor), GREYS[sc.stage.weather][1])
    if "rainbow" in sc.words or (sc.stage.time == "day" and sc.stage.weather == "clear"):
        cx, cy, r = w * 0.5, sc.g + 60, min(0.62 * w, 640.0)
        if sc.stage.calm is None or sc.stage.calm[1] > 400:
            sc.add(
                lit(
                    "".join(
                        fine(f"M{n(cx - r + i * 17)} {n(cy)}A{n(r - i * 17)} {n((r - i * 17) * 0.86)} 0 0 1 {n(cx + r - i * 17)} {n(cy)}", f, 17.5, 0.3)
                        for i, f in enumerate(("#e39a8f", "#ecb98a", "#f0da96", "#b5d3a0", "#a3c6dd", "#bdb0d9"))
                    )
                )
            )
    for i, (x, y, size) in enumerate(((-0.46, 0.5, 330), (0.44, 0.56, 380), (-0.9, 0.56, 360), (0.92, 0.46, 320), (-0.2, 0.72, 300), (0.22, 0.76, 340))):
        cx, cy = w / 2 + x * 800, y * sc.g
        if sc.free(cx - size / 2, cy - size * 0.34, size, size * 0.4):
            sc.add(lit(moved(cloud(size, f"sky{i}", shade(fill, -0.03)), cx, cy)))
    y = sc.g
    base = shade(fill, 0.3)
    dice = Random("floor")
    for tier, (dy, r) in enumerate(((-6, 90), (36, 120), (90, 150))):
        puffs = "".join(
            oval(w / 2 + (i + dice.uniform(-0.2, 0.2)) * r * 1.1, y + dy + r * 0.55, r * 0.86, r * dice.uniform(0.5, 0.66), mix(base, shade(fill, -0.12), 0.62 - 0.3 * tier))
            + oval(w / 2 + i * r * 1.1 - r * 0.2, y + dy + r * 0.42, r * 0.5, r * 0.3, base, 0.55)
            for i in range(-int(w / 2 / r) - 1, int(w / 2 / r) + 2)
        )
        sc.add(lit(puffs))
    sc.add(lit(wash(0, y + 60, w, 1000 - y, [(0, base, 0.0), (0.5, base, 0.75), (1, base, 0.9)])))
    bird = "M-16 0Q-8 -10 0 0Q8 -10 16 0"
    for x, z, k in ((0.2, 0.3, 1.0), (0.27, 0.26, 0.7), (0.74, 0.36, 0.9)):
        if sc.stage.time != "night" and sc.free(x * w - 20, z * sc.g - 12, 40, 24, 0.0):
            sc.add(moved(fine(bird, "#8a97a3", 3, 0.7), x * w, z * sc.g, k))


WILDS = {
    "forest": forest, "mountain": mountain, "lake": lake, "beach": beach, "harbour": harbour, "ship deck": ship_deck, "pond": pond, "jungle": jungle, "desert": desert, "snow": snow, "sky": sky_place,
}
