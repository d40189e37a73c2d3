"""Tests of the cast: whole photos of synthetic people: a drawn place, drawn bodies under the heads, and a camera's faults."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from tests.cast.people import FACE_WIDTH, Array, Colour, Standing, head, lab_to_rgb

PLACES = ("room", "kitchen", "garden", "beach", "street", "forest", "snow", "night")
INDOORS = frozenset({"room", "kitchen"})


@dataclass(frozen=True)
class Photo:
    """What a synthetic photo shows; the first of `people` is drawn last.

    `exposure` in stops, `warmth` -1 (blue) to 1 (yellow), `blur` (out of focus) and `shake` (moved sideways) in fractions of the first face's
    width, `noise` in levels of 255. `seed` decides the place's details.
    """

    width: int = 900
    height: int = 1200
    place: str = "room"
    people: tuple[Standing, ...] = ()
    seed: int = 0
    exposure: float = 0.0
    warmth: float = 0.0
    blur: float = 0.0
    shake: float = 0.0
    noise: float = 2.0


def paint(photo: Photo) -> Image.Image:
    """The photo, RGB."""
    rng = np.random.default_rng(photo.seed)
    image = _place(photo, rng)
    for standing in reversed(photo.people):
        _put(image, standing, rng)
    return _camera(image, photo, rng)


# -- places ------------------------------------------------------------------------------------------------------------------


def _place(photo: Photo, rng: np.random.Generator) -> Image.Image:
    scale = min(1.0, 900 / max(photo.width, photo.height))
    size = (max(1, round(photo.width * scale)), max(1, round(photo.height * scale)))
    image = _INDOORS[photo.place](size, rng) if photo.place in _INDOORS else _outdoors(photo.place, size, rng)
    return image.resize((photo.width, photo.height), Image.Resampling.BICUBIC)


def _room(size: tuple[int, int], rng: np.random.Generator) -> Image.Image:
    w, h = size
    wall = tuple(int(v) for v in rng.integers(150, 235, 3))
    image = Image.new("RGB", size, wall)
    draw = ImageDraw.Draw(image)
    floor = int(h * rng.uniform(0.7, 0.85))
    draw.rectangle((0, floor, w, h), fill=tuple(int(v) for v in rng.integers(70, 150, 3)))
    draw.rectangle((0, floor - h * 0.02, w, floor), fill=(240, 238, 232))
    for _ in range(int(rng.integers(2, 5))):
        x, y = rng.uniform(0, 0.9) * w, rng.uniform(0.05, 0.45) * h
        a, b = rng.uniform(0.12, 0.3) * w, rng.uniform(0.1, 0.22) * h
        draw.rectangle((x, y, x + a, y + b), fill=_any(rng), outline=(70, 50, 35), width=max(2, w // 120))
        draw.line(
            (x + a / 3, y + b, x + a / 2, y + b / 3, x + a, y + b * 0.8), fill=_any(rng), width=w // 80 + 1
        )
    for side in rng.permutation(2)[: int(rng.integers(1, 3))]:
        x = 0.0 if side else w * 0.68
        top = h * rng.uniform(0.45, 0.65)
        colour = _any(rng)
        draw.rounded_rectangle((x, top, x + w * 0.32, floor + h * 0.08), radius=w // 30, fill=colour)
        for i in range(4):
            draw.line(
                (x, top + i * h * 0.06, x + w * 0.32, top + i * h * 0.06), fill=_darker(colour, 0.8), width=2
            )
    return _grained(image, rng, 0.10)


def _kitchen(size: tuple[int, int], rng: np.random.Generator) -> Image.Image:
    w, h = size
    tile, grout = tuple(int(v) for v in rng.integers(170, 240, 3)), (200, 200, 195)
    image = Image.new("RGB", size, grout)
    draw = ImageDraw.Draw(image)
    step = max(12, w // int(rng.integers(8, 14)))
    for x in range(0, w, step):
        for y in range(0, h, step):
            shade = rng.uniform(0.9, 1.03)
            draw.rectangle((x, y, x + step - 3, y + step - 3), fill=_darker(tile, shade))
    counter = int(h * rng.uniform(0.55, 0.75))
    wood = _darker((170, 120, 80), rng.uniform(0.6, 1.2))
    draw.rectangle((0, counter, w, h), fill=wood)
    draw.rectangle((0, counter, w, counter + h * 0.025), fill=_darker(wood, 1.3))
    for x in range(0, w, w // 4):
        draw.rectangle((x + 8, counter + h * 0.06, x + w // 4 - 8, h), outline=_darker(wood, 0.7), width=3)
    for _ in range(5):
        x, r = rng.uniform(0, 1) * w, rng.uniform(0.02, 0.05) * w
        draw.rectangle((x - r, counter - 3 * r, x + r, counter), fill=_any(rng))
    return _grained(image, rng, 0.08)


_INDOORS = {"room": _room, "kitchen": _kitchen}
_SKIES = {
    "garden": ((120, 170, 225), (205, 225, 240)), "beach": ((80, 150, 220), (200, 225, 240)), "street": ((150, 165, 185), (215, 218, 222)),
    "forest": ((150, 180, 160), (190, 205, 180)), "snow": ((185, 200, 220), (225, 230, 238)), "night": ((12, 14, 34), (40, 36, 60)),
}  # fmt: skip
_GROUNDS = {"garden": (88, 135, 60), "beach": (214, 190, 145), "street": (120, 120, 124), "forest": (95, 85, 55), "snow": (236, 240, 246), "night": (40, 38, 44)}  # fmt: skip


def _outdoors(place: str, size: tuple[int, int], rng: np.random.Generator) -> Image.Image:
    w, h = size
    horizon = int(h * rng.uniform(0.45, 0.68))
    top, low = (np.array(c, np.float32) for c in _SKIES[place])
    rows = np.linspace(0, 1, h, dtype=np.float32)[:, None, None]
    sky = top + (low - top) * np.minimum(rows * h / horizon, 1) + np.zeros((h, w, 1), np.float32)
    clouds = np.clip(_cloud(size, rng, 6) - 0.1, 0, 1)[..., None]
    image = Image.fromarray(np.clip(sky + clouds * 60 * (place != "night"), 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    if place in {"garden", "forest", "snow"}:
        for _ in range(60 if place == "forest" else 26):
            x, r = rng.uniform(0, w), rng.uniform(0.03, 0.11) * w
            y = horizon - rng.uniform(0, 0.28 if place == "forest" else 0.12) * h
            green = (
                (170, 178, 180)
                if place == "snow"
                else (int(rng.integers(30, 90)), int(rng.integers(75, 140)), int(rng.integers(25, 60)))
            )
            draw.rectangle((x - r * 0.1, y, x + r * 0.1, horizon + h * 0.05), fill=(80, 60, 45))
            draw.ellipse((x - r, y - r * 1.2, x + r, y + r), fill=green)
    if place in {"street", "night"}:
        x = 0.0
        while x < w:
            wide = rng.uniform(0.15, 0.3) * w
            roof, wall = (
                horizon - rng.uniform(0.15, 0.4) * h,
                _darker(_any(rng), 0.25 if place == "night" else 0.9),
            )
            draw.rectangle((x, roof, x + wide, horizon), fill=wall)
            for i in range(4):
                for j in range(5):
                    a, b = x + (i + 0.3) * wide / 4, roof + (j + 0.3) * h * 0.08
                    glass = (230, 200, 120) if place == "night" and rng.random() < 0.5 else _darker(wall, 0.6)
                    if b + h * 0.04 < horizon:
                        draw.rectangle((a, b, a + wide * 0.12, b + h * 0.04), fill=glass)
            x += wide
    draw.rectangle((0, horizon, w, h), fill=_GROUNDS[place])
    if place == "beach":
        draw.rectangle((0, horizon, w, horizon + h * 0.12), fill=(60, 130, 165))
    return _grained(image, rng, 0.22 if place in {"garden", "forest"} else 0.10)


def _cloud(size: tuple[int, int], rng: np.random.Generator, coarse: int) -> Array:
    """Smooth noise of a few octaves, about -1 to 1; (h, w)."""
    total = np.zeros((size[1], size[0]), np.float32)
    for octave in range(3):
        cells = coarse * 3**octave
        rough = Image.fromarray(rng.normal(0, 0.5, (cells, cells)).astype(np.float32))
        total += np.asarray(rough.resize(size, Image.Resampling.BICUBIC)) / 2**octave
    return total


def _grained(image: Image.Image, rng: np.random.Generator, strength: float) -> Image.Image:
    """Uneven light and texture over flat paint."""
    grain = 1 + strength * (
        _cloud(image.size, rng, 5) * 0.6 + rng.normal(0, 0.5, image.size[::-1]).astype(np.float32)
    )
    return Image.fromarray(np.clip(np.asarray(image, np.float32) * grain[..., None], 0, 255).astype(np.uint8))


def _any(rng: np.random.Generator) -> Colour:
    r, g, b = (int(v) for v in rng.integers(40, 225, 3))
    return r, g, b


def _darker(colour: tuple[int, ...], by: float) -> Colour:
    r, g, b = (min(255, int(v * by)) for v in colour)
    return r, g, b


# -- people ------------------------------------------------------------------------------------------------------------------


def _put(image: Image.Image, standing: Standing, rng: np.random.Generator) -> None:
    """One person into the picture: hair behind, body, head."""
    width = standing.face * image.width
    x, y = standing.at[0] * image.width, standing.at[1] * image.height
    scale = width / FACE_WIDTH
    body = _body(standing, rng, min(1.0, 2.2 * 70 / max(width, 1)) if width > 150 else 1.0, scale)
    image.paste(body[0], (round(x - body[1] * scale), round(y - body[2] * scale)), body[0])
    drawn, pivot = head(standing.person, standing.pose, width)
    image.paste(drawn, (round(x - pivot[0]), round(y - pivot[1])), drawn)


def _body(
    standing: Standing, rng: np.random.Generator, coarse: float, scale: float
) -> tuple[Image.Image, float, float]:
    """Body and hair that hangs, RGBA, and where in it the head's pivot lies (in units of the portrait)."""
    wide, high, left, top = 400.0, 980.0, 200.0, 110.0
    k = scale * coarse
    size = (max(4, round(wide * k)), max(4, round(high * k)))
    layer = Image.new("RGBA", size)
    draw = ImageDraw.Draw(layer)

    def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [((x + left) * k, (y + top) * k) for x, y in points]

    skin = lab_to_rgb((standing.person.skin[0] * 0.96, standing.person.skin[1] + 2, standing.person.skin[2]))
    hair = lab_to_rgb(standing.person.hair)
    swing = float(rng.uniform(-20, 45))
    for side in (-1, 1):
        draw.line(
            at((side * 34, 470), (side * 38, 640), (side * 38, 820)),
            fill=standing.trousers,
            width=round(58 * k),
            joint="curve",
        )
        draw.ellipse(
            [v for p in at((side * 42 - 38, 815), (side * 42 + 38, 850)) for v in p], fill=(60, 50, 45)
        )
    if standing.person.long:
        draw.polygon(
            at((-64, -60), (64, -60), (80, 20), (78, 90), (60, 125), (-60, 125), (-78, 90), (-80, 20)),
            fill=_darker(hair, 0.6),
        )
    draw.polygon(at((-34, 10), (34, 10), (36, 72), (60, 84), (-60, 84), (-36, 72)), fill=_darker(skin, 0.86))
    shirt = standing.clothes
    draw.polygon(
        at((-42, 72), (-90, 84), (-122, 104), (-112, 220), (-86, 300), (-84, 400), (-80, 490), (80, 490), (84, 400), (86, 300),
           (112, 220), (122, 104), (90, 84), (42, 72), (24, 88), (-24, 88)),
        fill=shirt,
    )  # fmt: skip
    for side in (-1, 1):
        elbow, hand = (side * (136 + swing * 0.4), 270.0), (side * (118 + swing), 410.0)
        draw.line(
            at((side * 106, 116), elbow, hand), fill=_darker(shirt, 0.9), width=round(44 * k), joint="curve"
        )
        cx, cy = hand
        draw.ellipse([v for p in at((cx - 20, cy - 8), (cx + 20, cy + 44)) for v in p], fill=skin)
    if standing.person.long:
        for side in (-1, 1):
            for _ in range(110):
                out, sway = rng.uniform(0, 1), rng.uniform(-5, 7)
                tip = rng.uniform(105, 160) - 30 * out
                line = at((side * (50 + 26 * out), rng.uniform(-60, -30)), (side * (56 + 28 * out) + sway * 0.4, 10),
                          (side * (58 + 24 * out) + sway, 70), (side * (62 + 12 * out) + sway * 2, tip))  # fmt: skip
                draw.line(
                    line,
                    fill=_darker(hair, rng.uniform(0.5, 1.25)),
                    width=max(1, round(2.4 * k)),
                    joint="curve",
                )
    alpha = layer.getchannel("A")
    folds = 1 + 0.16 * _cloud(size, rng, 7) + 0.03 * rng.normal(0, 1, (size[1], size[0])).astype(np.float32)
    across = np.abs(np.linspace(-1, 1, size[0], dtype=np.float32)) ** 2
    rgb = np.asarray(layer.convert("RGB"), np.float32) * (folds * (1.03 - 0.25 * across))[..., None]
    layer = Image.fromarray(np.clip(rgb, 0, 255).astype(np.uint8))
    layer.putalpha(alpha.filter(ImageFilter.GaussianBlur(0.6)))
    if coarse < 1:
        layer = layer.resize((round(wide * scale), round(high * scale)), Image.Resampling.BICUBIC)
    return layer, left, top


# -- the camera --------------------------------------------------------------------------------------------------------------


def _camera(image: Image.Image, photo: Photo, rng: np.random.Generator) -> Image.Image:
    face = (photo.people[0].face if photo.people else 0.2) * photo.width
    if photo.blur:
        image = image.filter(ImageFilter.GaussianBlur(photo.blur * face))
    if photo.shake:
        image = image.filter(ImageFilter.BoxBlur((photo.shake * face / 2, 0)))
    gain = np.float32(2 ** (photo.exposure / 2.2)) * (  # stops of light, applied to gamma-encoded values
        1 + np.float32(photo.warmth) * np.array([0.12, 0.02, -0.14], np.float32)
    )
    tile = rng.normal(0, photo.noise, (256, 256, 3)).astype(np.float32)
    out = np.empty((photo.height, photo.width, 3), np.uint8)
    plain = np.asarray(image)
    for top in range(0, photo.height, 256):
        rows = plain[top : top + 256]
        grain = np.tile(tile[: len(rows)], (1, photo.width // 256 + 1, 1))[:, : photo.width]
        out[top : top + 256] = np.clip(rows * gain + grain, 0, 255)
    return Image.fromarray(out)
