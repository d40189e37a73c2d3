"""Painters, sketch: the calm zone, a veil over the words' room that fades into the picture.

The picture is looked at in small to learn how light and how restless the room is.
"""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from random import Random

from storykin.painters.sketch.ink import mix, smooth
from storykin.painters.sketch.spots import HIGH, Rect, rect_of
from storykin.shot import Shot

VEILS = {"morning": "#fff8ea", "day": "#fffaf0", "evening": "#fff3e4", "night": "#1c2548"}
VEIL_LEAST, VEIL_LAYERS, VEIL_FEATHER = 0.2, 14, 78.0
VEIL_CONTRAST = 5.6  # above the 4.5 that is asked for: looks add grain and strokes under the words
DUSK = 0.16  # mean luminance below which a room is called dark
GRAIN = 100  # one pixel in so many, at either end, may be a grain of the paper
WORDS_DARK, WORDS_CREAM = "#2f2420", "#fdf6e9"


def with_calm_zone(shot: Shot, page: str) -> str:
    """The page with a wash over the words' room, no stronger than dark or cream words need, that fades into the picture.

    The picture is looked at in small to learn how light and how restless the room is.
    """
    if shot.scene.text_zone is None:
        return page
    wide = HIGH * shot.width / shot.height
    zone = rect_of(shot.scene.text_zone, wide)
    pixels = _pixels(page, zone, wide)
    night = shot.scene.time == "night"
    light, dark = VEILS[shot.scene.time if not night else "day"], VEILS["night"]
    for_dark_words = _strength(pixels, light, lambda found: (found + 0.05) / (luminance(WORDS_DARK) + 0.05))
    for_cream_words = _strength(pixels, dark, lambda found: (luminance(WORDS_CREAM) + 0.05) / (found + 0.05))
    use_dark = for_cream_words < for_dark_words + (0.3 if night or _mean(pixels) < DUSK else -0.08)
    fill, strength = (dark, for_cream_words) if use_dark else (light, for_dark_words)
    thin = 1 - (1 - strength) ** (1 / VEIL_LAYERS)
    dice = Random(shot.seed ^ 0x5EED)
    waves = [dice.random() for _ in range(64)]
    room = _run_out(zone, wide, shot.scene.framing == "spread")
    layers = []
    for index in range(VEIL_LAYERS):
        out = 8 + VEIL_FEATHER * (index / (VEIL_LAYERS - 1)) ** 1.15
        layers.append(f'<path d="{_cloud(room, out, waves)}" fill-opacity="{thin:.4f}"/>')
    veil = f'<g id="calm" fill="{fill}">{"".join(layers)}</g>'
    scenery, cast, rest = page.partition('<g id="cast">')  # under the figures: no veil over a head
    return scenery + veil + cast + rest if cast else page.removesuffix("</svg>") + veil + "</svg>"


def _run_out(zone: Rect, wide: float, spread: bool) -> Rect:
    """The zone as far as the page's edges where it comes near them: a soft band, no box.

    A band begins at the head or foot of the page; a column beside a figure runs out to its side only.
    """
    page = wide / 2 if spread else wide
    far = 2 * VEIL_FEATHER
    left, right, top, bottom = zone.x, zone.x + zone.w, zone.y, zone.bottom
    band = zone.w > 0.6 * page
    if left < 0.15 * page:
        left = -far
    if right > wide - 0.15 * page:
        right = wide + far
    if band and top < 0.2 * HIGH:
        top = -far
    if band and bottom > 0.82 * HIGH:
        bottom = HIGH + far
    return Rect(left, top, right - left, bottom - top)


@lru_cache(maxsize=8192)
def luminance(fill: str) -> float:
    """The relative luminance of a colour, 0 to 1 (WCAG 2)."""
    weights = (0.2126, 0.7152, 0.0722)
    parts = [int(fill[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    straight = [c / 12.92 if c <= 0.04045 else math.pow((c + 0.055) / 1.055, 2.4) for c in parts]
    return math.fsum(weight * c for weight, c in zip(weights, straight, strict=True))


def _pixels(svg: str, zone: Rect, wide: float) -> list[str]:
    """The colours that are found in the zone of a small raster of the page, grains left out."""
    import io

    from PIL import Image

    from storykin.raster import png_of

    with Image.open(io.BytesIO(png_of(svg.encode(), "image/svg+xml", round(0.12 * wide)))) as picture:
        k = picture.height / HIGH
        room = (
            max(0, int(zone.x * k)),
            max(0, int(zone.y * k)),
            int((zone.x + zone.w) * k),
            int((zone.y + zone.h) * k),
        )
        small = picture.convert("RGB").crop(room)
        flat = small.tobytes()
        found = sorted((f"#{flat[i : i + 3].hex()}" for i in range(0, len(flat), 3)), key=luminance)
        grains = len(found) // GRAIN
        return list(dict.fromkeys(found[grains : len(found) - grains]))


def _mean(pixels: Sequence[str]) -> float:
    return math.fsum(luminance(one) for one in pixels) / max(1, len(pixels))


def _strength(pixels: Sequence[str], veil: str, contrast: Callable[[float], float]) -> float:
    """The least strength at which every pixel gives enough contrast and the room is quiet."""
    lights = [math.sqrt(luminance(one)) for one in pixels] or [0.5]
    middle = sum(lights) / len(lights)
    restless = math.sqrt(sum((one - middle) ** 2 for one in lights) / len(lights))
    strength = min(0.8, VEIL_LEAST + 3.2 * restless)
    while strength < 0.96 and any(
        contrast(luminance(mix(one, veil, strength))) < VEIL_CONTRAST for one in pixels
    ):
        strength += 0.03
    return min(strength, 0.96)


def _cloud(zone: Rect, out: float, waves: Sequence[float]) -> str:
    """A rounded, slightly uneven outline `out` units outside of a rectangle; `waves` make it uneven."""
    left, top, right, bottom = zone.x - out, zone.y - out, zone.x + zone.w + out, zone.y + zone.h + out
    corner = min(out * 0.9 + 22, (right - left) / 2, (bottom - top) / 2)
    ends = iter(waves)
    push = out * 0.3
    bow = corner * 0.29
    across, down = max(2, round(zone.w / 170)), max(2, round(zone.h / 150))
    points = []
    for i in range(across + 1):
        points.append((left + corner + (right - left - 2 * corner) * i / across, top - push * next(ends)))
    points.append((right - bow, top + bow))
    for i in range(down + 1):
        points.append((right + push * next(ends), top + corner + (bottom - top - 2 * corner) * i / down))
    points.append((right - bow, bottom - bow))
    for i in range(across + 1):
        points.append((right - corner - (right - left - 2 * corner) * i / across, bottom + push * next(ends)))
    points.append((left + bow, bottom - bow))
    for i in range(down + 1):
        points.append((left - push * next(ends), bottom - corner - (bottom - top - 2 * corner) * i / down))
    points.append((left + bow, top + bow))
    return smooth(points, True, 0.95)
