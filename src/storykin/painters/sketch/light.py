"""Painters, sketch: time of day and weather: the sky, the colour of the light, what falls and blows."""

import re
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from storykin.painters.sketch.ink import circle, moved, n
from storykin.painters.sketch.soft import area, fine, halo, lit, mix, oval, scallop, shade, slab, wash, washed
from storykin.painters.sketch.stage import Scenery, Stage


@dataclass(frozen=True)
class Light:
    """One time of day: the sky from top to horizon, and by what scenery out of doors and inside is multiplied.

    `veil` and `thick` are the tint that lies over figures too.
    """

    sky: tuple[str, str, str]
    outdoor: str
    indoor: str
    cloud: str
    veil: str
    thick: float


LIGHTS = {
    "morning": Light(("#b4dbe9", "#f4e9d0", "#fddcb0"), "#fff1dc", "#fff4e2", "#fff4e0", "#ffe3b0", 0.16),
    "day": Light(("#a3d1ea", "#cfe8ef", "#f3f3e6"), "#ffffff", "#ffffff", "#ffffff", "#ffffff", 0.0),
    "evening": Light(("#a394c9", "#eab4b4", "#ffd3a3"), "#ead0d6", "#fae1cd", "#f9cdb8", "#f6bb98", 0.2),
    "night": Light(("#22305f", "#3a4d86", "#6677ad"), "#7a89c2", "#a5a2cc", "#52639a", "#96a3e2", 0.3),
}

GREYS = {  # the colour that the sky turns to, how much of it, how much strength all colours lose
    "clear": ("#ffffff", 0.0, 0.0), "cloudy": ("#cdd6da", 0.5, 0.14), "rain": ("#aebcc7", 0.66, 0.24),
    "snow": ("#dde4ec", 0.6, 0.2), "wind": ("#d9e4e2", 0.25, 0.04), "storm": ("#76849c", 0.78, 0.32),
    "fog": ("#e4e6e1", 0.8, 0.34),
}  # fmt: skip


@lru_cache(maxsize=8192)
def tone(fill: str, mood: str, time: str, weather: str) -> str:
    """A colour of scenery as this light shows it."""
    if mood == "own":
        return fill
    light = LIGHTS[time]
    if mood == "outdoor":
        grey, _, loss = GREYS[weather]
        red, green, blue = (int(fill[i : i + 2], 16) for i in (1, 3, 5))
        bright = round(0.3 * red + 0.59 * green + 0.11 * blue)
        fill = mix(fill, f"#{bright:02x}{bright:02x}{bright:02x}", loss)
        fill = mix(fill, grey, {"fog": 0.4, "snow": 0.3, "storm": 0.2, "rain": 0.1}.get(weather, 0.0))
    return times(fill, light.outdoor if mood == "outdoor" else light.indoor)


def times(one: str, other: str) -> str:
    """Two colours multiplied."""
    return "#" + "".join(
        f"{int(one[i : i + 2], 16) * int(other[i : i + 2], 16) // 255:02x}" for i in (1, 3, 5)
    )


def tinted(svg: str, mood: str, stage: Stage) -> str:
    """A drawing in the light of the stage; what is `lit` keeps its colours."""
    mark = f"{mood[0]}{stage.time[0]}{stage.weather[:2]}"

    def change(found: re.Match[str]) -> str:
        text = found[0]
        if text[0] == "g":
            return text + mark  # a gradient's name stands for its colours
        return tone(text, mood, stage.time, stage.weather) if text == text.lower() else text.lower()

    return re.sub(r"#[0-9a-fA-F]{6}\b|\bg[0-9a-f]{8}\b", change, _once(svg))


def _once(svg: str) -> str:
    """Every gradient defined a single time, where it is first used."""
    seen: set[str] = set()

    def keep(found: re.Match[str]) -> str:
        new = found[0] not in seen
        seen.add(found[0])
        return found[0] if new else ""

    return re.sub(r"<defs>.*?</defs>", keep, svg)


def heaven(stage: Stage) -> tuple[str, str, str]:
    """The sky's colours from top to horizon."""
    light = LIGHTS[stage.time]
    grey, much, _ = GREYS[stage.weather]
    top, mid, low = (mix(fill, times(grey, light.outdoor), much) for fill in light.sky)
    return top, mid, low


def cloud(w: float, seed: str, fill: str) -> str:
    """A cloud about its lower middle."""
    h = w * 0.3
    puff = scallop(0, 0, w / 2, h, 6, seed, 180, 360)
    small = scallop(-w * 0.05, -h * 0.05, w * 0.33, h * 0.62, 5, seed + "b", 180, 360)
    return (
        area(puff, shade(fill, -0.05), 0.85)
        + area(small, shade(fill, 0.5), 0.7)
        + oval(0, 0, w * 0.5, h * 0.1, fill, 0.7)
    )


def sky(sc: Scenery, low: float) -> None:
    """Sky down to `low`, with sun, moon, stars and clouds where no words stand."""
    stage, w = sc.stage, sc.w
    top, mid, end = heaven(stage)
    sc.add(lit(wash(0, 0, w, low + 30, [(0, top, 1), (0.6, mid, 1), (1, end, 1)])))
    cover = GREYS[stage.weather][1]
    dice = Random(f"sky {sc.name}")
    if stage.time == "night" and cover < 0.6:
        stars(sc, low * 0.85, int(w / 16), 1 - cover)
    sun = _sun_or_moon(sc, low) if cover < 0.6 else None
    fill = mix(LIGHTS[stage.time].cloud, times(GREYS[stage.weather][0], LIGHTS[stage.time].outdoor), cover)
    if cover >= 0.5:
        fill = shade(fill, 0.12 if stage.time != "night" else 0.06)
    count = int(w / 250 * (1 if cover < 0.5 else 2.4))
    for i in range(count):
        x, y = (i + 0.15 + 0.7 * dice.random()) / count * w, low * (0.12 + 0.5 * dice.random())
        size = dice.uniform(130, 250) * (1.35 if cover >= 0.5 else 1)
        if sun and abs(x - sun[0]) < size / 2 + 60 and abs(y - sun[1]) < 100 and cover < 0.5:
            continue
        if sc.free(x - size / 2, y - size * 0.35, size, size * 0.42):
            sc.add(lit(moved(cloud(size, f"c{i}", fill), x, y)))
    if stage.weather == "storm":
        _lightning(sc, low)


def stars(sc: Scenery, low: float, count: int, opacity: float = 1.0) -> None:
    """Stars down to `low`, never under the words."""
    dice = Random("stars")
    small, big = "", ""
    for i in range(count):
        x, y = dice.random() * sc.w, dice.random() * low
        if not sc.free(x - 2, y - 2, 4, 4):
            continue
        if i % 7:
            small += f"M{x:.0f} {y:.0f}h.1"
        else:
            r = dice.uniform(5, 9)
            k = r * 0.18
            big += f"M{x:.1f} {y - r:.1f}l{n(k)} {n(r - k)} {n(r - k)} {n(k)} {n(k - r)} {n(k)} {n(-k)} {n(r - k)} {n(-k)} {n(k - r)} {n(k - r)} {n(-k)} {n(r - k)} {n(-k)}z"
    sc.add(lit(fine(small, "#fff6d8", 3, 0.8 * opacity) + area(big, "#fff3cf", opacity)))


def _sun_or_moon(sc: Scenery, low: float) -> tuple[float, float] | None:
    """Paint it where no words stand, and say where."""
    time = sc.stage.time
    spots = {"morning": (0.2, 0.74), "day": (0.14, 0.2), "evening": (0.8, 0.72), "night": (0.8, 0.2)}
    fx, fy = spots[time]
    for way in (fx, 1 - fx):
        x, y, r = way * sc.w, max(70, fy * low), 44.0
        if sc.free(x - r, y - r, 2 * r, 2 * r, 0.0):
            break
    else:
        return None
    if time == "night":
        face = circle(x, y, 40, "#fdf3d3", "none") + oval(x - 12, y - 10, 8, 7, "#efe0b8", 0.7)
        face += oval(x + 12, y + 8, 11, 9, "#efe0b8", 0.6) + oval(x - 8, y + 18, 5, 4, "#efe0b8", 0.6)
        sc.add(lit(halo(x, y, 190, 190, "#cfd8ff", 0.55) + face))
        return x, y
    fill = {"morning": "#fff0c4", "day": "#fff3c9", "evening": "#ffe2a8"}[time]
    sc.add(
        lit(
            halo(x, y, 330, 300, fill, 0.9)
            + circle(x, y, 44 if time != "evening" else 56, shade(fill, 0.3), "none")
        )
    )
    return x, y


def _lightning(sc: Scenery, low: float) -> None:
    for side in (0.82, 0.16):
        x = side * sc.w
        if sc.free(x - 60, 0, 120, low * 0.7):
            bolt = f"M{n(x)} 40l-34 {n(low * 0.26)} 26 -6 -30 {n(low * 0.3)} 78 {n(-low * 0.38)} -30 5 32 {n(-low * 0.2)}z"
            sc.add(lit(halo(x, low * 0.3, 240, low * 0.5, "#fff8d8", 0.5) + area(bolt, "#fff6cf")))
            return


def pane(stage: Stage, w: float, h: float, view: str = "hills") -> str:
    """What a window shows: a little world, w × h, from (0, 0) down."""
    top, mid, end = heaven(stage)
    parts = [wash(0, 0, w, h, [(0, top, 1), (0.7, mid, 1), (1, end, 1)])]
    light = LIGHTS[stage.time]
    cover = GREYS[stage.weather][1]
    dice = Random(f"pane {w:.0f}")
    if stage.time == "night" and cover < 0.6:
        d = "".join(f"M{dice.uniform(4, w - 4):.1f} {dice.uniform(3, h * 0.6):.1f}h.1" for _ in range(9))
        parts += [fine(d, "#fff3d0", 1.5, 0.9), halo(w * 0.7, h * 0.26, h * 0.24, h * 0.24, "#cfd8ff", 0.6)]
        parts.append(circle(w * 0.7, h * 0.26, h * 0.085, "#fdf1cc", "none"))
    elif cover < 0.6 and stage.time in ("morning", "evening"):
        parts.append(circle(w * 0.3, h * 0.55, h * 0.09, "#fff0c0", "none", opacity=0.9))
    if stage.time != "night":
        fill = mix(light.cloud, times(GREYS[stage.weather][0], light.outdoor), cover)
        parts.append(moved(cloud(w * 0.42, "p", fill), w * 0.64, h * 0.3))
    if view == "hills":
        green = tone("#a9c48c", "outdoor", stage.time, stage.weather)
        dark = tone("#7fa578", "outdoor", stage.time, stage.weather)
        if stage.weather == "snow":
            green, dark = (times(fill, light.outdoor) for fill in ("#eef2f6", "#cfdbe0"))
        parts.append(
            area(
                f"M0 {n(h * 0.72)}Q{n(w * 0.3)} {n(h * 0.56)} {n(w * 0.62)} {n(h * 0.7)}T{n(w)} {n(h * 0.66)}V{n(h)}H0Z",
                dark,
            )
        )
        parts.append(oval(w * 0.24, h * 0.62, w * 0.09, h * 0.13, shade(dark, -0.14)))
        parts.append(
            area(f"M0 {n(h * 0.86)}Q{n(w * 0.5)} {n(h * 0.66)} {n(w)} {n(h * 0.84)}V{n(h)}H0Z", green)
        )
    if stage.weather in ("rain", "storm"):
        d = "".join(f"M{dice.uniform(6, w - 2):.1f} {dice.uniform(0, h - 10):.1f}l-2 7" for _ in range(26))
        parts.append(fine(d, "#eaf2f6", 0.9, 0.7))
    if stage.weather == "snow":
        d = "".join(f"M{dice.uniform(2, w - 2):.1f} {dice.uniform(2, h - 2):.1f}h.1" for _ in range(26))
        parts.append(fine(d, "#ffffff", 2.6, 0.95))
    return lit("".join(parts))


def over(sc: Scenery) -> str:
    """The light and weather above everything, figures too; gentle, so that faces stay faces."""
    stage, w = sc.stage, sc.w
    if sc.mood == "own":
        return blend(slab(0, 0, w, 1000, sc.veil[0], opacity=sc.veil[1]), "multiply") if sc.veil else ""
    light = LIGHTS[stage.time]
    parts = []
    if light.thick:
        thick = light.thick * (0.6 if sc.mood == "indoor" else 1.0)
        parts.append(blend(slab(0, 0, w, 1000, light.veil, opacity=thick), "multiply"))
    if stage.time in ("morning", "evening"):
        side = [(0, "#ffe9b8", 0.34), (0.55, "#ffe9b8", 0.0)]
        parts.append(blend(wash(0, 0, w, 1000, side, 40 if stage.time == "morning" else 140), "soft-light"))
    elif stage.time == "day" and stage.weather in ("clear", "wind"):
        parts.append(
            blend(wash(0, 0, w, 1000, [(0, "#fff6d8", 0.3), (0.6, "#fff6d8", 0.0)], 45), "soft-light")
        )
    if stage.time == "night" or (stage.time == "evening" and sc.mood == "indoor"):
        for x, y, r in sc.lamps:
            parts.append(
                blend(halo(x, y, r, r, "#ffc978", 0.34 if stage.time == "night" else 0.12), "screen")
            )
    if sc.mood == "outdoor":
        parts.append(_falling(stage))
    return "".join(parts)


def blend(svg: str, mode: str) -> str:
    """A drawing mixed with all that is below it."""
    return f'<g style="mix-blend-mode:{mode}">{svg}</g>'


def _falling(stage: Stage) -> str:
    w, dice, weather = stage.width, Random(f"weather {stage.weather}"), stage.weather
    many = w / 1000
    if weather in ("rain", "storm"):
        lean = 14 if weather == "rain" else 30
        near, far = (
            "".join(
                f"M{dice.uniform(0, w + 60):.0f} {dice.uniform(-30, 990):.0f}l{-lean * k:.0f} {46 * k:.0f}"
                for _ in range(int(c * many))
            )
            for k, c in ((1.0, 60), (0.6, 90))
        )
        dark = slab(0, 0, w, 1000, "#8fa0b8", opacity=0.2 if weather == "rain" else 0.36)
        return blend(dark, "multiply") + fine(far, "#f1f6f8", 1.6, 0.4) + fine(near, "#f6fafb", 2.6, 0.5)
    if weather == "snow":
        sizes = ((5.0, 90, 0.75), (9.0, 46, 0.9), (15.0, 16, 0.8))
        return "".join(
            fine(
                "".join(
                    f"M{dice.random() * w:.0f} {dice.random() * 1000:.0f}h.1" for _ in range(int(c * many))
                ),
                "#ffffff",
                size,
                o,
            )
            for size, c, o in sizes
        )
    if weather == "fog":
        top = [(0, "#eef0ec", 0.05), (0.5, "#eef0ec", 0.28), (1, "#eef0ec", 0.12)]
        banks = "".join(
            halo(
                dice.random() * w,
                dice.uniform(380, 960),
                dice.uniform(300, 520),
                dice.uniform(40, 80),
                "#f4f5f1",
                0.3,
            )
            for _ in range(int(7 * many))
        )
        return wash(0, 0, w, 1000, top) + banks
    if weather == "wind":
        return _wind(w, dice)
    return ""


def _wind(w: float, dice: Random) -> str:
    lines, leaves = "", ""
    for _ in range(int(7 * w / 1000)):
        x, y, r = dice.random() * w, dice.uniform(90, 800), dice.uniform(14, 24)
        long = dice.uniform(140, 260)
        lines += f"M{n(x - long)} {n(y)}Q{n(x - long / 2)} {n(y - 22)} {n(x)} {n(y)}"
        lines += f"a{n(r)} {n(r)} 0 1 0 {n(-r)} {n(-r)}"
    for i in range(int(16 * w / 1000)):
        fill = ("#d99a55", "#c9774f", "#a9b45f", "#e0bb62")[i % 4]
        leaf = washed("M0 -11C8 -8 9 4 0 13C-9 4 -8 -8 0 -11Z", shade(fill, 0.15), fill)
        leaves += moved(
            leaf, dice.random() * w, dice.uniform(60, 960), dice.uniform(0.8, 1.35), dice.uniform(0, 360)
        )
    return fine(lines, "#ffffff", 3.2, 0.55) + leaves
