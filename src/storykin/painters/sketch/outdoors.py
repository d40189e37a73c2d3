"""Painters, sketch: places under the sky where people live, work and play.

From far to near: sky, pale far hills, the ground, middle things left and right, and before all a frame of grass and leaves.
"""
# fmt: off

from random import Random

from storykin.painters.sketch import furniture
from storykin.painters.sketch import nature as t
from storykin.painters.sketch.drawn import Drawn
from storykin.painters.sketch.ink import moved, n
from storykin.painters.sketch.land import (
    after_dark,
    earth,
    fairy_lights,
    footpath,
    frame,
    land,
    row,
    street_lamps,
    strokes,
    wild_flowers,
)
from storykin.painters.sketch.light import sky
from storykin.painters.sketch.soft import (
    area,
    fine,
    halo,
    lit,
    oval,
    ridge,
    shade,
    slab,
    wash,
    washed,
)
from storykin.painters.sketch.stage import Scenery


def meadow(sc: Scenery) -> None:
    land(sc, sc.pick("#bfd098", "#c8d39a", "#b5cf9e"), ("#b4cdd0", "#b2cfae", "#a9c890"), 120)
    for x, depth, h in ((-190, 0.86, 300), (250, 0.88, 340), (-420, 0.82, 320), (520, 0.8, 380), (-640, 0.86, 300)):
        sc.put(t.tree(f"m{x}", t.LEAF if x < 0 else "#a3bf80", h), x, depth, t.bush(f"m{x}"))
    sc.put(t.poplar(), 330, 0.9, t.bush())
    footpath(sc)
    row(sc, lambda i: t.bush(f"b{i % 4}", "#9fbd85", 120), 0.7, 420, 150)
    wild_flowers(sc)
    sc.put(t.rock(60), -150, 0.35)
    sc.put(t.rail_fence(), 300, 0.55)
    sc.put(t.rail_fence(), 480, 0.55)
    frame(sc)


def garden(sc: Scenery) -> None:
    land(sc, "#bad092", ("#bdd2c6", "#a8c698"), 90)
    sc.put(t.house("garden", sc.pick("#f0dcbc", "#e6cfc6", "#d5dccb", "#dcd6e2"), lamp=after_dark(sc)), -250, 0.82, size=0.95)
    row(sc, lambda i: t.fence(), 0.72, 150, 0, jitter=0.0, shade=0.1)
    sc.put(t.tree("apple", t.LEAF, 350, "#d9776a"), 195, 0.42, t.bush("apple", t.LEAF, 130, "#e8a7a0"))
    sc.put(t.poplar(), 560, 0.85, t.bush("x"))
    sc.put(t.tree("pear", "#a5c183", 360), 480, 0.6, t.bush("pear"))
    footpath(sc, x=-70)
    for i, x in enumerate((-205, -150, 118, 290, -330, 360)):
        sc.put(t.bush(f"g{i}", ("#94b67f", "#a4c088")[i % 2], 96, ("#e6a3a0", "#efd38c", "#c4acd8")[i % 3]), x, 0.56)
    bed = Drawn(area("M-70 0Q-74 -16 0 -16Q74 -16 70 0Z", "#b5906c") + "".join(moved(t.flowers(f"bed{i}", 34).svg, -52 + i * 21, -5) for i in range(6)), 144, 42)
    for x in (-140, 160, -330, 340):
        sc.put(bed, x, 0.12, shade=0)
    can = Drawn(fine("M16 -26Q30 -34 26 -8", "#87a9b0", 3) + area("M-14 0L-16 -28H14L16 0Z", "#9dbcc2") + fine("M-15 -12L-36 -30M-40 -34l8 8", "#87a9b0", 4), 66, 36)
    sc.put(can, -86, 0.2)
    frame(sc, branch="right")


def park(sc: Scenery) -> None:
    land(sc, "#bcd294", ("#b9d0cb", "#a9c79a"), 80)
    row(sc, lambda i: t.tree(f"p{i % 4}", (t.LEAF, "#a5c283", t.DEEP_LEAF)[i % 3], 300 + i % 3 * 40), 0.88, 210, 120, lambda i: t.bush(f"p{i % 4}"))
    footpath(sc, x=-90, wide=120)
    sc.put(t.swing(), -165, 0.6)
    sc.put(t.slide(sc.pick("#d9a667", "#8aa6bd", "#d3968a")), 165, 0.55)
    sc.put(t.bench_out(), 330, 0.5)
    street_lamps(sc, (92, -330), 0.72)
    sandpit = Drawn(oval(0, -14, 92, 18, "#c9a67e") + oval(0, -15, 84, 14, "#ead7a6") + moved(t.sand_castle().svg, 26, -10, 0.5) + area("M-44 -10l-4 -20h20l-4 20z", "#d3968a") + fine("M-48 -30q10 -12 20 0", "#b98a7d", 2), 190, 56)
    sc.put(sandpit, -150, 0.16, shade=0)
    sc.put(sandpit, 420, 0.2, shade=0)
    sc.put(t.tree("big", t.LEAF, 420), -420, 0.5, t.bush("big"))
    sc.put(t.bench_out(), -300, 0.3)
    wild_flowers(sc, 130, 110)
    frame(sc, branch="left")


def street(sc: Scenery) -> None:
    hz, w = sc.horizon, sc.w
    sky(sc, hz + 20)
    sc.add(washed(ridge(w, hz + 10, 100, 170, "roofs"), earth(sc, "#cbd6d6", 0.5), "#dfe5df"))
    walls = ("#e9cfae", "#cfd9c9", "#e4bfae", "#c9d5dc", "#ecdfbf", "#d8cbe0", "#e9c7b8")
    lit_up = after_dark(sc)
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
    path, stone = earth(sc, "#e0d6c6", 0.6), earth(sc, "#cfc8be", 0.5)
    sc.add(wash(0, y - 1, w, 1002 - y, [(0, shade(path, 0.1), 1), (1, path, 1)]))
    d = "".join(f"M{n(w / 2 + i * 60 * k)} {n(y)}L{n(w / 2 + i * 60 * sc.s * 1.5)} {n(sc.deep(0.3))}" for i in range(-14, 15))
    sc.add(fine(d, shade(path, -0.12), 1.8, 0.6), slab(0, y - 2, w, 5, shade(path, -0.14)))
    curb = sc.deep(-0.22) if sc.g < 860 else sc.deep(0.26)
    sc.add(slab(0, curb, w, 10, shade(path, 0.4)), slab(0, curb + 10, w, 7, shade(path, -0.2)))
    sc.add(wash(0, curb + 17, w, max(10.0, 1000 - curb - 17), [(0, shade(stone, -0.1), 1), (1, stone, 1)]))
    strokes(sc, shade(path, -0.2), "grit", 70, 0)
    street_lamps(sc, (-112, 118, -360, 370), 0.5)
    tub = Drawn(area("M-26 0L-31 -36H31L26 0Z", "#b98d6c") + moved(t.bush("tub", t.LEAF, 62, "#e6a3a0").svg, 0, -34), 64, 76)
    for x in (-158, 168, -300, 310):
        sc.put(tub, x, 0.52)
    sc.put(t.bench_out(), 245, 0.48)
    sc.put(t.bench_out(), -250, 0.48)
    if sc.stage.weather in ("clear", "wind", "cloudy"):
        up = y - 330 * k
        cord = min(0.5 * w, 330 * k)
        if sc.free(w / 2 - cord, up - 60, 2 * cord, 110, 0.0):
            sc.add(moved(furniture.bunting(2 * cord / k, 40, 15).svg, w / 2, up, k))
    frame(sc, branch="", grass=False)


def farm(sc: Scenery) -> None:
    land(sc, "#cdd394", ("#b9d0c9", "#bfd09a", "#d9d08e"), 100)
    sc.put(t.windmill(), 150, 0.9, t.bush("wm"), size=0.8)
    sc.put(t.barn(sc.pick("#bb766c", "#a98561", "#8a9c9a")), -215, 0.78, t.bush("barn", t.LEAF, 160), size=0.85)
    sc.put(t.tree("farm", t.LEAF, 350), 285, 0.72, t.bush("farm"))
    sc.put(t.tree("farm2", "#a5c183", 330), -470, 0.8, t.bush("farm2"))
    sc.put(t.house("farm", "#efe0c4"), 620, 0.82, t.bush("fh"))
    footpath(sc, "#e6d2a6", -30, 130)
    row(sc, lambda i: t.rail_fence(), 0.62, 190, 120, jitter=0.0, shade=0.1)
    sc.put(t.hay(), 215, 0.5)
    sc.put(t.hay(), 168, 0.36)
    sc.put(t.well(), -290, 0.3)
    sc.put(t.bush("fb", t.LEAF, 90, "#e6a3a0"), -170, 0.45)
    sc.put(t.hay(), -330, 0.36)
    wild_flowers(sc, 150, 120)
    sc.put(t.rock(40, "#c9c0b2"), 120, 0.1)
    frame(sc, branch="left")


def fairground(sc: Scenery) -> None:
    land(sc, "#c6d29c", ("#b9cfd0", "#b2cbaa"), 70)
    sc.put(t.big_wheel(), 175, 0.8, t.tent("#8aa6bd"), size=0.92)
    sc.put(t.tent(sc.pick("#cf8277", "#8aa6bd", "#b3a0c0")), -230, 0.72, t.bush("ft"), size=0.8)
    sc.put(t.tent("#dfbc87"), 540, 0.8)
    sc.put(t.carousel(), -560, 0.6, t.stall(), size=0.9)
    footpath(sc, "#ead9b8", -40, 150)
    sc.put(t.carousel(), -40, 0.86, t.stall("#98b5a4"), size=0.85)
    sc.put(t.stall("#98b5a4"), 250, 0.5)
    sc.put(t.stall("#8aa6bd"), 480, 0.48)
    sc.put(t.stall("#d3968a"), -300, 0.45)
    bunch = Drawn(
        fine("M0 0Q-4 -40 -16 -80M0 0Q0 -50 2 -90M0 0Q6 -40 20 -76", "#b7a58f", 1)
        + oval(-17, -96, 14, 17, "#d98f86")
        + oval(3, -108, 14, 17, "#e6c078")
        + oval(22, -92, 14, 17, "#8fb0bd")
        + "".join(oval(x, y, 3, 4, "#ffffff", 0.6) for x, y in ((-22, -102), (-2, -114), (17, -98))),
        74,
        128,
    )
    sc.put(bunch, -112, 0.3, shade=0)
    sc.put(bunch, 128, 0.34, shade=0)
    if after_dark(sc):
        y = sc.deep(0.72)
        for x in (-200, 0, 200):
            cx, cy, r = sc.x(x, y), y - 110 * sc.at(y), 150 * sc.at(y)
            sc.add(lit(halo(cx, cy, r, r, "#ffd08a", 0.5)))
            sc.lamps.append((cx, cy, r))
    fairy_lights(sc, sc.deep(0.5) - 300 * sc.at(sc.deep(0.5)))
    frame(sc, branch="")


def zoo(sc: Scenery) -> None:
    land(sc, "#c2d299", ("#b7cfc9", "#a8c79a"), 90)
    row(sc, lambda i: t.tree(f"z{i % 4}", (t.LEAF, "#a8c486")[i % 2], 310), 0.9, 200, 110, lambda i: t.bush(f"z{i % 4}"))
    giraffe = Drawn(
        fine("M-60 0L-54 -150M-30 0L-34 -150M34 0L30 -150M58 0L50 -150", "#dcb878", 15)
        + area("M-70 -150Q-70 -210 0 -212Q20 -212 36 -236L78 -400Q84 -424 104 -420L140 -404Q150 -392 136 -386L108 -382L72 -190Q66 -140 40 -140H-50Q-70 -140 -70 -150Z", "#e3c286")
        + "".join(oval(x, y, r, r * 0.8, "#c08f5e", turn=20) for x, y, r in ((-44, -176, 15), (-10, -186, 17), (24, -176, 14), (52, -230, 12), (64, -276, 11), (74, -318, 10), (84, -356, 9), (-26, -154, 10), (46, -190, 10)))
        + fine("M100 -420l-4 -20M112 -420l2 -20", "#c08f5e", 5)
        + oval(110, -402, 3.4, 4, "#5a4638")
        + fine("M-70 -176Q-90 -150 -84 -120", "#c08f5e", 5),
        230,
        442,
    )
    sc.put(giraffe, -205, 0.74, t.bush("gir"), shade=0.14)
    elephant = Drawn(
        slab(-84, -70, 40, 70, "#a9abb3", 12)
        + slab(14, -70, 40, 70, "#a9abb3", 12)
        + area("M-110 -90Q-110 -190 -10 -190Q80 -190 84 -100Q84 -50 0 -50H-80Q-110 -50 -110 -90Z", "#b9bbc3")
        + oval(80, -138, 52, 50, "#b9bbc3")
        + fine("M116 -120Q140 -100 130 -50Q128 -34 142 -34", "#b9bbc3", 24)
        + oval(48, -140, 34, 44, "#a5a7b0")
        + oval(104, -150, 4.4, 5, "#5a4638")
        + fine("M-108 -110q-16 20 -10 44", "#a9abb3", 5),
        270,
        192,
    )
    sc.put(elephant, 170, 0.72, t.bush("ele"), shade=0.14)
    sc.put(giraffe, 800, 0.8, t.bush("gir2"), mirror=True, shade=0.14)
    footpath(sc, "#ead9b8", -50, 160, 0.56)
    row(sc, lambda i: t.rail_fence(190, 92, "#c9a27a"), 0.52, 190, 0, jitter=0.0, shade=0.1)
    sc.put(t.sign_post(), 262, 0.3)
    street_lamps(sc, (-420, 400), 0.3)
    sc.put(t.bench_out(), -310, 0.24)
    sc.put(t.bush("z1", t.LEAF, 110, "#e6a3a0"), 205, 0.26)
    sc.put(t.bush("z2", "#a8c486", 110, "#efd38c"), -205, 0.28)
    frame(sc, branch="right")


def station(sc: Scenery) -> None:
    land(sc, "#c2d09c", ("#b9cfd0", "#accaa2"), 100)
    row(sc, lambda i: t.poplar(f"st{i % 4}", "#93b48c", 300), 0.92, 170, 120, lambda i: t.bush(f"st{i % 4}"))
    track = sc.deep(0.56)
    k = sc.at(track)
    sc.add(
        slab(0, track - 8 * k, sc.w, 26 * k, "#c6b9a4"),
        fine("".join(f"M{n(x)} {n(track - 4 * k)}l-{n(6 * k)} {n(14 * k)}" for x in range(0, int(sc.w) + 60, max(14, int(22 * k)))), "#a5876a", 5 * k),
        slab(0, track - 3 * k, sc.w, 3 * k, "#9a9ea0"),
        slab(0, track + 8 * k, sc.w, 3 * k, "#8b8f92"),
    )
    sc.put_first(t.steam_train(sc.pick("#7f9f93", "#8098ad", "#b3776c")), (40, 210, -210, 330, -330), 0.56)
    stone = earth(sc, "#dccfb9", 0.5)
    edge = sc.deep(0.4)
    sc.add(wash(0, edge, sc.w, 1002 - edge, [(0, shade(stone, 0.2), 1), (1, stone, 1)]), slab(0, edge, sc.w, 10, "#f3ecdb"), slab(0, edge + 10, sc.w, 8, shade(stone, -0.2)))
    rows = "".join(f"M0 {n(edge + (1000 - edge) * q)}H{n(sc.w)}" for q in (0.26, 0.5, 0.8))
    cols = "".join(f"M{n(sc.w / 2 + i * 60 * sc.s * 0.7)} {n(edge + 18)}L{n(sc.w / 2 + i * 60 * sc.s * 1.4)} 1000" for i in range(-14, 15))
    sc.add(fine(rows + cols, shade(stone, -0.1), 1.8, 0.45))
    top = sc.deep(0.26) - 330 * sc.at(sc.deep(0.26))
    if top > 24 and sc.free(0, top - 60, sc.w, 100, 0.0):
        for x in (-188, 188, -440, 440):
            post = Drawn(slab(-6, -330, 12, 330, "#8aa39a") + slab(-12, -40, 24, 40, "#7d958d", 4) + fine("M0 -250Q46 -262 56 -330M0 -250Q-46 -262 -56 -330", "#8aa39a", 6), 60, 330)
            sc.put(post, x, 0.26)
        step = 46.0
        sc.add(
            slab(0, top - 40, sc.w, 44, "#a9bab0"), slab(0, top - 46, sc.w, 10, "#8aa39a"), "".join(area(f"M{n(i * step)} {n(top + 3)}h{n(step)}l{n(-step / 2)} 26z", "#eef0e4" if i % 2 else "#a9bab0") for i in range(int(sc.w / step) + 1))
        )
        if sc.free(sc.w * 0.5 - 40, top, 80, 110, 0.0):
            sc.add(fine(f"M{n(sc.w * 0.36)} {n(top)}v40", "#7d958d", 5), moved(furniture.clock(15, "#8aa39a").svg, sc.w * 0.36, top + 40 + 30 * sc.s * 0.8, sc.s * 0.8))
    sc.put(t.bench_out(), -150, 0.18)
    cases = Drawn(slab(-34, -34, 56, 34, "#b98a6a", 4) + slab(-28, -62, 44, 28, "#8fb09c", 4) + slab(-34, -22, 56, 4, "#d9b98f") + fine("M-12 -62q6 -10 12 0M-14 -34", "#6d5148", 3), 62, 72)
    sc.put(cases, 132, 0.14)
    street_lamps(sc, (310, -310), 0.2)


def road(sc: Scenery) -> None:
    """A village on its hill, with a road and a car: for journeys."""
    land(sc, "#c2d196", ("#b6ced0", "#b2cda9", "#a9c890"), 130)
    for i, (x, depth) in enumerate(((-330, 0.95), (210, 0.97), (-680, 0.93), (560, 0.94), (-1080, 0.95), (940, 0.94))):
        sc.put(t.house(f"v{i}", ("#efdcc0", "#e6cfc6", "#dfe0cc")[i % 3], ("#c98a76", "#a99a94")[i % 2], 400, 340, after_dark(sc)), x, depth, size=0.9, shade=0.1)
        sc.put((t.poplar, t.tree)[i % 2](f"v{i}"), x - 290, depth, t.bush())
    footpath(sc, "#d9d2c6", 70, 240)
    sc.put(t.tree("r1", t.LEAF, 380), -210, 0.5, t.bush("r1"))
    sc.put(t.tree("r2", "#a8c486", 360), 300, 0.6, t.bush("r2"))
    sc.put(t.car(sc.pick("#cf8a78", "#8aa6bd", "#98b5a4")), 190, 0.42)
    sc.put(t.sign_post(), -128, 0.25)
    wild_flowers(sc, 140, 120)
    sc.put(t.rail_fence(), -330, 0.4)
    sc.put(t.rail_fence(), 430, 0.45)
    frame(sc)


OUTDOORS = {
    "meadow": meadow, "garden": garden, "park": park, "street": street, "farm": farm, "fairground": fairground, "zoo": zoo, "station": station, "road": road,
}
