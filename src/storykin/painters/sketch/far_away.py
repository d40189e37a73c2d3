"""Painters, sketch: places a child reaches only in a story: under the sea, in a cave, on the Moon, in a spaceship, in the ring."""
# fmt: off

import re
from random import Random

from storykin.painters.sketch import furniture as f
from storykin.painters.sketch import nature as t
from storykin.painters.sketch.drawn import Drawn
from storykin.painters.sketch.ink import circle, moved, n
from storykin.painters.sketch.land import row, strokes, veil, water
from storykin.painters.sketch.light import heaven, sky, stars
from storykin.painters.sketch.soft import (
    MUTED,
    area,
    fine,
    halo,
    lit,
    lump,
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


def sea(sc: Scenery) -> None:
    """The open sea; the figures' feet are at the water."""
    hz, w = sc.horizon, sc.w
    sky(sc, hz + 10)
    water(sc, hz, 1002, sc.pick("#8fbfcb", "#93c3c4"))
    for x, wide, high in ((-0.34, 150, 26), (0.41, 210, 40), (-0.9, 200, 36)):
        cx = w / 2 + x * 900 * sc.flip
        sc.add(area(f"M{n(cx - wide)} {n(hz + 3)}Q{n(cx - wide * 0.3)} {n(hz - high * 1.5)} {n(cx + wide * 0.2)} {n(hz - high)}T{n(cx + wide)} {n(hz + 3)}Z", "#b5cdbf"))
    sc.put(t.sail_boat(), 190, 0.9, size=0.9)
    sc.put(t.sail_boat("#8fb09c"), -330, 0.86, size=0.9)
    for i, (depth, k) in enumerate(((0.72, 0.2), (0.44, 0.1), (0.12, 0.02), (-0.24, -0.04))):
        y = sc.deep(depth)
        if y > 1000:
            continue
        fill = shade("#8fbfcb", k)
        step = 60.0 + 26 * i
        d = f"M-60 {n(y)}" + f"q{n(step / 2)} {n(-10 - 5 * i)} {n(step)} 0" * (int((w + 120) / step) + 1)
        sc.add(washed(d + "V1010H-60Z", shade(fill, 0.14), fill), fine(d, "#eef6f4", 3 + i * 0.8, 0.6))
    gull = fine("M-22 -4Q-12 -18 0 -4Q12 -18 22 -4", "#fbfaf4", 5) + fine("M-22 -4Q-12 -18 0 -4Q12 -18 22 -4", "#9fb0b8", 1.2)
    for x, z, k in ((0.2, 0.5, 1.0), (0.28, 0.42, 0.7), (0.8, 0.55, 0.9)):
        if sc.stage.time != "night" and sc.free(x * w - 24, z * hz - 20, 48, 24, 0.0):
            sc.add(moved(gull, x * w, z * hz, k))
    low = max(sc.g + 30, 955)
    if low < 1000 and sc.free(0, low, w, 1000 - low, 0.3):
        d = f"M-60 {n(low)}" + "q55 -30 110 0" * (int(w / 110) + 2)
        sc.front.append(washed(d + "V1010H-60Z", "#a9d0d6", "#8dbcc9") + fine(d, "#f4f9f6", 4, 0.7))


def underwater(sc: Scenery) -> None:
    sc.mood = "own"
    w, hz = sc.w, sc.horizon
    dark = {"morning": 0.04, "day": 0.0, "evening": 0.22, "night": 0.5}[sc.stage.time]
    sc.veil = ("#9fd0de", 0.24 + dark * 0.3)

    def tone(fill: str) -> str:
        return mix(fill, "#2c4a86", dark)

    sc.add(wash(0, 0, w, 1000, [(0, tone("#b5e2e0"), 1), (0.45, tone("#8cc8d2"), 1), (1, tone("#6fabc4"), 1)]))
    rays = "".join(poly([(w * a, -10), (w * a + b, -10), (w * a + b * 2.6 - 150, sc.g + 40), (w * a - 230, sc.g + 40)], "#f4fff4", 0.13 if dark < 0.3 else 0.06) for a, b in ((0.18, 60), (0.36, 100), (0.58, 50), (0.74, 120), (0.98, 70)))
    sc.add(rays)
    for i, (y, fill) in enumerate(((70, "#86bfca"), (30, "#7ab3bd"))):
        sc.add(area(ridge(w, hz + 50 - y, 150 - 40 * i, 130, f"reef{i}"), tone(fill), 0.8))
    sand = tone(sc.pick("#e6d9b0", "#dfd6bd"))
    sc.add(washed(ridge(w, hz + 44, 34, 210, "seabed"), mix(sand, tone("#8cc8d2"), 0.45), sand))
    strokes(sc, shade(sand, -0.18), "sand", 120, 0)
    sc.add(fine("".join(f"M{n(w / 2 + x)} {n(sc.g + y)}q40 -10 80 0t80 0" for x, y in ((-400, 46), (-140, 90), (200, 60), (-800, 70), (640, 50))), shade(sand, -0.12), 2.6, 0.5))
    kinds = ("#e2a096", "#e9bd86", "#b9a3cf", "#e39db0", "#9cc9b4")
    for i, (x, depth, h) in enumerate(((-190, 0.62, 120), (-150, 0.5, 80), (180, 0.6, 130), (215, 0.42, 95), (-330, 0.5, 140), (330, 0.62, 120), (-450, 0.4, 110), (460, 0.5, 140), (120, 0.8, 80), (-95, 0.84, 70))):
        sc.put(t.column_of_coral(f"c{i % 3}", tone(kinds[i % 5]), h), x, depth, shade=0.12)
    row(sc, lambda i: t.seaweed(190, tone(("#7fb394", "#93bf8b")[i % 2]), f"w{i % 3}"), 0.46, 150, 130, shade=0.1)
    for x, depth, size in ((-215, 0.26, 90), (165, 0.24, 100), (-330, 0.2, 80), (330, 0.24, 120)):
        sc.put(t.rock(size, tone("#a9b0b4"), f"u{x}"), x, depth)
    if "treasure" in sc.words or "wreck" in sc.words or sc.words == sc.name:
        sc.put(f.chest(tone("#ab8763"), False), -128, 0.2)
    star = Drawn(area("M0 -14L4 -5 13 -5 6 1 9 10 0 5 -9 10 -6 1 -13 -5 -4 -5Z", tone("#e6a38a")), 28, 20)
    sc.put(star, 100, 0.06, shade=0.1)
    for i, (fx, fy, k) in enumerate(((-0.36, 0.34, 1.3), (-0.3, 0.4, 1.0), (0.33, 0.28, 1.5), (0.4, 0.48, 1.1), (-0.42, 0.58, 0.9), (0.8, 0.36, 1.4), (-0.82, 0.44, 1.3), (0.9, 0.56, 1.0))):
        cx, cy = w / 2 + fx * 1000, fy * sc.g
        if sc.free(cx - 60, cy - 40, 120, 50, 0.0):
            sc.add(moved(t.fish(tone(kinds[i % 4])).svg, cx, cy, k * 1.2, mirror=i % 2 == 1))
    jelly = Drawn(
        area("M-26 -60Q-26 -92 0 -92Q26 -92 26 -60Q13 -52 0 -60Q-13 -52 -26 -60Z", tone("#dcb3d3"), 0.9) + fine("M-16 -58q-7 20 0 34t-3 22M-4 -58q5 20 -1 34t3 24M8 -58q-5 20 2 32t-1 22M18 -58q7 16 1 30", tone("#d3a8cc"), 2.6, 0.75), 56, 94
    )
    jx, jy = w * (0.84 if sc.flip > 0 else 0.16), sc.g * 0.26
    if sc.free(jx - 45, jy - 140, 90, 150, 0.0):
        sc.add(moved(jelly.svg, jx, jy, 1.4))
    dice = Random("bubbles")
    for _ in range(int(26 * w / 1000)):
        bx, by, r = dice.random() * w, dice.random() * sc.g, dice.uniform(4, 13)
        if sc.free(bx - r, by - r, 2 * r, 2 * r, 0.0):
            sc.add(oval(bx, by, r, r, "#f4fffb", 0.3), oval(bx - r * 0.35, by - r * 0.35, r * 0.28, r * 0.28, "#ffffff", 0.9))
    for side, flip in ((0.03, False), (0.97, True)):
        sc.near(t.seaweed(170, tone("#6fa58c"), f"front{side}"), side, 1020, min(1.2, 3.4 / sc.s), flip)


def cave(sc: Scenery) -> None:
    sc.mood = "own"
    w, hz = sc.w, sc.horizon
    stone = sc.pick("#a393a6", "#98a0b0", "#ab9a8c")
    night = sc.stage.time == "night"
    stone = mix(stone, "#3d4472", 0.34 if night else 0.0)
    sc.veil = ("#a99fd0", 0.34 if night else 0.14)
    sc.add(wash(0, 0, w, 1000, [(0, shade(stone, -0.12), 1), (0.6, shade(stone, 0.12), 1), (1, shade(stone, 0.2), 1)]))
    dice = Random("strata")
    for _ in range(int(18 * w / 1000)):
        x, y, r = dice.random() * w, dice.uniform(60, hz), dice.uniform(60, 150)
        if sc.free(x - r, y - r * 0.4, 2 * r, r * 0.8, 0.0):
            sc.add(oval(x, y, r, r * 0.42, shade(stone, dice.choice((0.16, -0.06))), 0.28))
    cx = w * (0.5 + 0.22 * sc.flip)
    _top, mid, low = heaven(sc.stage)
    mouth = [(cx - 120, hz + 46), (cx - 140, hz - 90), (cx - 70, hz - 190), (cx + 30, hz - 210), (cx + 110, hz - 130), (cx + 130, hz + 46)]
    if sc.free(cx - 140, hz - 210, 270, 250, 0.1):
        sc.add(halo(cx, hz - 60, 400, 340, shade(mid, 0.3), 0.7))
        sc.add(lump(mouth, shade(mid, 0.3)), lump([(x * 0.9 + cx * 0.1, y * 0.9 + (hz - 30) * 0.1) for x, y in mouth], shade(low, 0.2)))
        green = mix("#a9c79a", "#3d5a80", 0.4 if night else 0.0)
        sc.add(area(f"M{n(cx - 122)} {n(hz + 6)}Q{n(cx - 40)} {n(hz - 50)} {n(cx + 20)} {n(hz - 14)}T{n(cx + 126)} {n(hz - 20)}V{n(hz + 50)}H{n(cx - 122)}Z", green))
    for i, k in enumerate((0.16, 0.04)):
        fill = shade(stone, k)
        step, reach = 74.0 - 12 * i, 150.0 - 50 * i
        d, dice, x = "M-10 -10", Random(f"roof{i}"), -10.0
        d += f"V{n(40 + 20 * i)}"
        while x < w + 20:
            long = dice.uniform(0.25, 1.0) * reach * (0.5 + 0.9 * abs(x / w - 0.5) * 2)
            wide = step * dice.uniform(0.7, 1.3)
            if not sc.free(x - 10, 0, wide + 20, 60 + long, 0.0):
                long = 8.0
            d += f"Q{n(x + wide * 0.36)} {n(44)} {n(x + wide * 0.5)} {n(46 + long)}Q{n(x + wide * 0.62)} {n(46)} {n(x + wide)} {n(40)}"
            x += wide
        if sc.free(0, 0, w, 46, 0.25):
            sc.add(washed(d + "V-10Z", shade(fill, -0.14 * (1 - i)), fill))
    sc.add(washed(ridge(w, hz + 40, 36, 150, "floor"), shade(stone, 0.34), shade(stone, 0.16)))
    strokes(sc, shade(stone, -0.1), "grit", 90, 0)
    sc.add("".join(oval(w / 2 + x, sc.g + y, 210, 14, shade(stone, 0.5), 0.4) for x, y in ((-280, 40), (280, 76), (0, 120), (-760, 60), (760, 50))))
    gems = ("#b8a8d8", "#9cc4d4", "#e0a9bd", "#a8d0b4")
    for i, (x, depth, h) in enumerate(((-185, 0.5, 120), (-140, 0.36, 70), (185, 0.52, 130), (225, 0.36, 80), (-320, 0.55, 120), (330, 0.5, 110), (-450, 0.4, 130), (470, 0.46, 120), (90, 0.86, 70))):
        y = sc.deep(depth)
        if sc.put(t.crystal(h, gems[i % 4]), x, depth):
            sc.add(lit(halo(sc.x(x, y), y - h * 0.5 * sc.at(y), h * sc.at(y), h * sc.at(y), shade(gems[i % 4], 0.4), 0.4)))
    for i, (x, depth, h) in enumerate(((-240, 0.7, 200), (250, 0.72, 220), (-390, 0.7, 180), (400, 0.7, 200))):
        spike = Drawn(washed(f"M-46 0Q-16 {n(-h * 0.4)} -3 {n(-h)}Q14 {n(-h * 0.4)} 46 0Z", shade(stone, 0.22), shade(stone, 0.0)), 92, h)
        sc.put(spike, x, depth, t.rock(80, shade(stone, 0.1)), mirror=i % 2 == 1)
    for x, depth, size in ((-118, 0.18, 70), (142, 0.14, 90), (-280, 0.16, 100), (300, 0.18, 90)):
        sc.put(t.rock(size, shade(stone, 0.24), f"cv{x}"), x, depth)
    sc.put(t.mushrooms("#9fc9cf"), 108, 0.26)
    sc.put(t.mushrooms("#9fc9cf"), -300, 0.3)
    for side in (0.02, 0.98):
        sc.near(t.rock(120, shade(stone, -0.06), f"cf{side}"), side, 1024, min(1.0, 3 / sc.s))


def space(sc: Scenery) -> None:
    """A planet's ground under the stars; the words choose Moon, Mars or another colour."""
    sc.mood = "own"
    w, hz = sc.w, sc.horizon
    mars = "mars" in sc.words or bool(re.search(r"\b(red|orange)\b", sc.words))
    soil = "#d99a78" if mars else mix(sc.hue, "#c9c3d0", 0.45) if sc.hue else "#cbc8d2"
    high = {"morning": "#3a4a86", "day": "#34437e", "evening": "#443f7c", "night": "#262f63"}[sc.stage.time]
    end = mix(soil, "#6a6fae", 0.55)
    sc.add(wash(0, 0, w, hz + 60, [(0, high, 1), (0.6, mix(high, end, 0.45), 1), (1, end, 1)]))
    stars(sc, hz, int(w / 12))
    for x, y, r in ((0.3, 0.3, 240), (0.72, 0.5, 300)):
        sc.add(halo(w * x, hz * y, r * 1.4, r * 0.5, "#b9a3e0", 0.18))
    planets = ((0.8, 0.24, 66, "#8fbad0", False), (0.16, 0.34, 40, "#e6bf8e", True), (0.6, 0.5, 17, "#d9a0b4", False))
    if mars:
        planets = ((0.8, 0.24, 36, "#e9dfc9", False), (0.16, 0.34, 22, "#d9cdbd", False), (0.62, 0.5, 14, "#8fbad0", False))
    for i, (x, y, r, fill, ring) in enumerate(planets):
        cx, cy = w * (x if sc.flip > 0 else 1 - x), hz * y
        if not sc.free(cx - r * 1.5, cy - r, 3 * r, 2 * r, 0.0):
            continue
        ball = halo(0, 0, r * 1.9, r * 1.9, fill, 0.35) + circle(0, 0, r, fill, "none")
        ball += area(f"M{n(r * 0.3)} {n(-r * 0.954)}A{n(r)} {n(r)} 0 1 1 {n(-r * 0.7)} {n(r * 0.714)}Q{n(r * 0.75)} {n(r * 0.5)} {n(r * 0.3)} {n(-r * 0.954)}Z", shade(fill, -0.16), 0.7)
        if i == 0 and not mars:
            ball += lump([(-r * 0.7, -r * 0.3), (-r * 0.2, -r * 0.62), (r * 0.1, -r * 0.3), (-r * 0.3, 0)], "#a9c89a", 0.9) + lump([(-r * 0.2, r * 0.3), (r * 0.2, r * 0.16), (r * 0.3, r * 0.6), (0, r * 0.7)], "#a9c89a", 0.9)
        if ring:
            ball += fine(f"M{n(-r * 0.96)} {n(-r * 0.05)}Q{n(-r * 1.9)} {n(r * 0.5)} 0 {n(r * 0.36)}Q{n(r * 1.9)} {n(r * 0.1)} {n(r * 0.96)} {n(-r * 0.3)}", shade(fill, 0.35), r * 0.14, 0.9)
        sc.add(moved(ball, cx, cy, turn=-8))
    for i in range(2):
        fill = mix(soil, end, 0.5 - 0.3 * i)
        sc.add(washed(ridge(w, hz + 20 + 26 * i, 110 - 50 * i, 120 + 50 * i, f"crag{i}"), shade(fill, 0.1), fill))
    sc.add(washed(ridge(w, hz + 50, 26, 220, "soil"), shade(soil, 0.2), shade(soil, -0.05)))
    strokes(sc, shade(soil, -0.2), "dust", 120, 0)
    for x, depth, r in ((-150, 0.5, 90), (180, 0.62, 110), (60, 0.78, 90), (-330, 0.4, 120), (350, 0.36, 130), (210, 0.02, 70), (-190, -0.08, 80), (-520, 0.6, 120), (540, 0.5, 110)):
        y = sc.deep(depth)
        k = sc.at(y)
        cx = sc.x(x, y)
        if sc.free(cx - r * k * 0.6, y - r * k * 0.2, r * k * 1.2, r * k * 0.4, 0.0):
            sc.add(
                oval(cx, y, r * k * 0.6, r * k * 0.16, shade(soil, 0.35)), oval(cx, y + r * k * 0.012, r * k * 0.53, r * k * 0.125, shade(soil, -0.2)), oval(cx + r * k * 0.03, y + r * k * 0.04, r * k * 0.46, r * k * 0.09, shade(soil, -0.1))
            )
    sc.put(t.rocket(sc.pick("#cf8277") if not sc.hue else "#cf8277"), -185 if sc.w < 1400 else -260, 0.52, t.rock(80, soil))
    flag = Drawn(slab(-2, -120, 4, 120, "#e9e6ea", 2) + area("M2 -118Q24 -128 46 -118T84 -118V-74Q64 -66 46 -74T2 -74Z", "#e6c078") + area("M42 -110L46 -101 55 -100 48 -94 50 -85 42 -90 34 -85 36 -94 29 -100 38 -101Z", "#fbf3e0"), 20, 124)
    sc.put(flag, 165, 0.42)
    buggy = Drawn(
        "".join(circle(x, -20, 20, "#7b7c88", "none") + circle(x, -20, 10, "#c9c9d2", "none") for x in (-60, 60))
        + slab(-84, -52, 168, 22, "#e9e6ea", 8)
        + slab(-60, -64, 44, 14, "#cf8277", 5)
        + fine("M40 -52V-110", "#c9c9d2", 4)
        + area("M20 -116Q40 -92 60 -116Z", "#e9e6ea"),
        176,
        118,
    )
    sc.put(buggy, 340, 0.5)
    for x, depth, size in ((125, 0.26, 60), (-118, 0.22, 50), (260, 0.2, 90), (-330, 0.22, 90)):
        sc.put(t.rock(size, shade(soil, -0.04), f"sp{x}"), x, depth)
    for side in (0.02, 0.98):
        sc.near(t.rock(110, shade(soil, -0.12), f"sf{side}"), side, 1022, min(1.0, 3 / sc.s))


def spaceship(sc: Scenery) -> None:
    """Inside a spaceship, with stars in the great window."""
    sc.mood = "own"
    sc.base = sc.g - 20 * sc.s - 8
    w, k, base = sc.w, sc.s, sc.base
    wall = sc.pick("#d5dbe2", "#dcd6e4", "#d3e0dc")
    sc.add(wash(0, 0, w, base + 6, [(0, shade(wall, 0.3), 1), (1, shade(wall, -0.06), 1)]))
    seams = "".join(f"M{n(w / 2 + i * 120 * k)} 0V{n(base)}" for i in range(-6, 7)) + f"M0 {n(base - 60 * k)}H{n(w)}"
    sc.add(fine(seams, shade(wall, -0.12), 2.4, 0.7))
    sc.add(fine("".join(f"M{n(w / 2 + (i * 120 + e) * k)} {n(base - (60 + j * 50) * k)}h.1" for i in range(-6, 7) for e in (-6, 6) for j in range(8)), shade(wall, -0.2), 5, 0.6))
    ww, hh = min(0.6 * w, 330 * k), min(150 * k, base * 0.52)
    cx, top = w / 2, base - 92 * k - hh
    if sc.stage.calm and not sc.free(cx - ww / 2, top, ww, hh, 0.0):
        below = sc.stage.calm[1] + sc.stage.calm[3] + 24
        top, hh = below, top + hh - below
    if hh > 40 * k and sc.free(cx - ww / 2, top, ww, hh, 0.0):
        d = f"M{n(cx - ww / 2)} {n(top + hh)}Q{n(cx - ww * 0.52)} {n(top + hh * 0.2)} {n(cx - ww * 0.36)} {n(top)}H{n(cx + ww * 0.36)}Q{n(cx + ww * 0.52)} {n(top + hh * 0.2)} {n(cx + ww / 2)} {n(top + hh)}Q{n(cx)} {n(top + hh * 1.1)} {n(cx - ww / 2)} {n(top + hh)}Z"
        sc.add(area(d, "#33427c"), fine(d, "#eef1f4", 9 * k / 2.5), fine(d, shade(wall, -0.16), 2.5 * k / 2.5))
        dice = Random("port")
        dots = "".join(f"M{cx + dice.uniform(-0.38, 0.38) * ww:.0f} {top + dice.uniform(0.08, 0.9) * hh:.0f}h.1" for _ in range(46))
        r = hh * 0.2
        sc.add(halo(cx - ww * 0.1, top + hh * 0.5, ww * 0.3, hh * 0.3, "#a892dc", 0.4), fine(dots, "#fff4d6", 3, 0.9))
        sc.add(
            circle(cx + ww * 0.22, top + hh * 0.4, r, "#8fbad0", "none"),
            lump([(cx + ww * 0.22 - r * 0.6, top + hh * 0.36), (cx + ww * 0.22, top + hh * 0.28), (cx + ww * 0.22 + r * 0.2, top + hh * 0.42), (cx + ww * 0.22 - r * 0.2, top + hh * 0.48)], "#a9c89a"),
        )
        sc.add(circle(cx - ww * 0.26, top + hh * 0.34, r * 0.5, "#e6bf8e", "none"), fine(f"M{n(cx - ww * 0.26 - r)} {n(top + hh * 0.4)}L{n(cx - ww * 0.26 + r)} {n(top + hh * 0.28)}", "#f3dcb6", r * 0.12))
    sc.mood = "indoor"
    screen = slab(-34, -128, 68, 46, "#e9edf0", 6) + slab(-29, -123, 58, 36, "#4d6a86", 4)
    radar = circle(0, -105, 14, "#7fb3a6", "none") + circle(0, -105, 9, "#4d6a86", "none") + fine("M0 -105L10 -114", "#bfe3d3", 2) + circle(6, -102, 2, "#f2d58f", "none")
    curve = fine("M-24 -96l9 -14 9 8 10 -16 8 12 11 -7", "#e6c078", 2.2)
    desk = area("M-92 0L-84 -66L-74 -82H74L84 -66L92 0Z", shade(wall, -0.1)) + slab(-84, -80, 168, 16, shade(wall, 0.35), 5)
    knobs = "".join(circle(-70 + i * 17, -72, 4.4, ("#d98f86", "#e6c078", "#98c0a4", "#8fbad0")[i % 4], "none") for i in range(9)) + "".join(
        slab(-66 + i * 36, -50, 26, 20, shade(wall, 0.2), 3) + fine(f"M{-60 + i * 36} -40h14", MUTED[i], 3) for i in range(4)
    )
    one = Drawn(moved(screen + radar, -38, 20) + moved(screen + curve, 38, 20) + desk + knobs, 188, 112)
    for x in (-150, 155, -390, 395):
        sc.put(one, x, 1.0)
    locker = Drawn(
        slab(-38, -190, 76, 190, shade(wall, 0.2), 8)
        + slab(-32, -184, 64, 178, shade(wall, -0.05), 6)
        + circle(0, -142, 17, "#e9edf0", "none")
        + circle(0, -142, 12, "#8fbad0", "none")
        + fine("M-14 -60H14M-14 -50H14M-14 -40H14", shade(wall, -0.2), 3)
        + slab(20, -100, 5, 22, "#d98f86", 2),
        80,
        192,
    )
    sc.put(locker, 268)
    sc.put(locker, -268)
    sc.add(wash(0, base, w, 1002 - base, [(0, shade(wall, -0.2), 1), (1, shade(wall, -0.06), 1)]))
    rows = "".join(f"M0 {n(base + (1000 - base) * q)}H{n(w)}" for q in (0.14, 0.4, 0.76))
    cols = "".join(f"M{n(w / 2 + i * 66 * k)} {n(base)}L{n(w / 2 + i * 132 * k)} 1000" for i in range(-8, 9))
    sc.add(fine(rows + cols, shade(wall, -0.3), 2, 0.4), lit(slab(0, base - 3, w, 7, "#bfe3e6", 2, 0.9)), halo(w / 2, base + 10, w * 0.6, 60, "#e4fbfb", 0.35))
    for x in (-150, 155, -390, 395):
        sc.put(one, x, 0.96)
    chair = Drawn(
        slab(-7, -30, 14, 30, "#9aa2ac", 4) + oval(0, -3, 26, 5, "#9aa2ac") + slab(-30, -112, 60, 74, "#d39a8c", 16) + slab(-32, -46, 64, 18, shade("#d39a8c", -0.08), 8) + slab(-20, -124, 40, 20, shade("#d39a8c", 0.12), 9), 66, 126
    )
    sc.put(chair, 96, 0.4)
    sc.put(Drawn(moved(f.houseplant(70).svg, 0, 0), 60, 78), -98, 0.5)
    sc.mood = "own"


def circus(sc: Scenery) -> None:
    """In the ring, under the big top."""
    f_red = sc.pick("#cd8276", "#8aa6bd", "#b3a0c0")
    sc.mood = "indoor"
    w, k = sc.w, sc.s
    base = sc.base = sc.g - 46 * sc.s
    cream = "#f4e8d0"
    cx, cy = w / 2, -260.0
    count = 26
    sc.add(slab(0, 0, w, base + 6, cream))
    for i in range(count):
        a, b = cx + (i - count / 2) * w * 0.2, cx + (i + 1 - count / 2) * w * 0.2
        sc.add(poly([(cx, cy), (a, base + 6), (b, base + 6)], shade(f_red, 0.34) if i % 2 else cream))
    sc.add(wash(0, 0, w, base, [(0, "#7a4a52", 0.28), (0.5, "#7a4a52", 0.04), (1, "#7a4a52", 0.14)]))
    veil(sc, cream)
    rows = []
    dice = Random("crowd")
    for tier, fill in enumerate(("#b79a8c", "#a98a80")):
        y = base - (52 - 30 * tier) * k
        rows.append(slab(0, y, w, base - y + 6, fill))
        step = 19 * k
        for i in range(-int(w / 2 / step) - 1, int(w / 2 / step) + 2):
            x = cx + i * step + (step / 2 if tier else 0)
            skin = dice.choice(("#e6bfa0", "#c99a78", "#dcae8e", "#a57a5e"))
            hair = dice.choice(("#8a6a55", "#6d5548", "#c9a36c", "#a5694c"))
            coat = shade(dice.choice(MUTED), 0.05)
            if sc.free(x - 8 * k, y - 22 * k, 16 * k, 24 * k, 0.0):
                rows.append(oval(x, y + 1 * k, 8 * k, 10 * k, coat, 0.85) + oval(x, y - 11.6 * k, 6 * k, 6 * k, hair, 0.8) + oval(x, y - 10 * k, 5 * k, 5 * k, skin, 0.85))
    sc.add(*rows)
    sc.add(
        slab(0, base - 12 * k, w, 16 * k, shade(f_red, 0.1)),
        fine("".join(f"M{n(x)} {n(base - 11 * k)}q{n(9 * k)} {n(12 * k)} {n(18 * k)} 0" for x in [cx + i * 18 * k for i in range(-int(w / 36 / k) - 1, int(w / 36 / k) + 2)]), "#ecd08f", 2.4),
    )
    sand = "#e9d3a4"
    sc.add(wash(0, base, w, 1002 - base, [(0, shade(sand, -0.1), 1), (1, sand, 1)]))
    ry = (sc.g - base) * 0.5
    sc.add(oval(cx, sc.g + ry * 0.4, w * 0.56, ry * 1.5, shade(f_red, -0.05)), oval(cx, sc.g + ry * 0.3, w * 0.55, ry * 1.42, shade(f_red, 0.2)), oval(cx, sc.g + ry * 0.45, w * 0.53, ry * 1.36, shade(sand, 0.15)))
    sc.horizon = base - 40
    strokes(sc, shade(sand, -0.16), "sand", 60, 0)
    for x in (-0.3, 0.3):
        px = cx + x * min(w, 1500)
        if sc.free(px - 12, 0, 24, base, 0.2):
            sc.add(slab(px - 8, -10, 16, base + 20, cream, 4), "".join(poly([(px - 8, y), (px + 8, y - 22), (px + 8, y - 4), (px - 8, y + 18)], f_red, 0.8) for y in range(20, int(base), 52)))
    if sc.free(cx - 200, 40, 400, 200, 0.0):
        sc.add(fine(f"M{n(cx - 60)} -5V150M{n(cx + 60)} -5V150", "#a58d7c", 2.4), slab(cx - 66, 148, 132, 7, "#b98d62", 3))
    for x, s in ((0.08, 1), (0.92, -1)):
        if sc.free(w * x - 60, 0, 120, 120, 0.0):
            sc.add(lit(poly([(w * x - 12, 60), (w * x + 12, 60), (cx + s * 60 + 130 * k * 0.5, sc.g + 10), (cx + s * 60 - 190 * k * 0.5, sc.g + 10)], "#fff2c6", 0.17)), slab(w * x - 18, 34, 36, 34, "#7d7f86", 8))
    stool = Drawn(poly([(-30, -48), (30, -48), (42, 0), (-42, 0)], "#8aa6bd") + poly([(-10, -48), (10, -48), (14, 0), (-14, 0)], cream) + oval(0, -48, 31, 8, f_red) + oval(0, -50, 29, 7, shade(f_red, 0.25)), 86, 58)
    ball = Drawn(
        circle(0, -30, 30, cream, "none") + area("M0 -60Q-30 -56 -30 -30Q-14 -18 0 -30Z", f_red) + area("M0 -30Q14 -18 30 -30Q28 -56 0 -60Q12 -46 0 -30Z", "#8aa6bd") + area("M0 -30Q-8 -10 0 0Q26 -4 29 -22Q14 -18 0 -30Z", "#e6c078"), 62, 62
    )
    sc.put(stool, -165, 0.3)
    sc.put(ball, 165, 0.24)
    sc.put(stool, 360, 0.3)
    sc.put(ball, -360, 0.26)
    hoop = Drawn(fine("M0 -60m-44 0a44 50 0 1 1 88 0a44 50 0 1 1 -88 0", "#e6c078", 8) + slab(-4, -12, 8, 12, "#b98d62"), 96, 114)
    sc.put(hoop, -240, 0.5)
    sc.put(hoop, 250, 0.5)
    sc.lamps.append((cx, sc.g - 90 * k, 200 * k))


FAR_AWAY = {"sea": sea, "underwater": underwater, "cave": cave, "space": space, "spaceship": spaceship, "circus": circus}
