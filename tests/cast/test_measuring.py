"""Tests of the cast: measures without nets: sharpness against blur, noise and contrast, look-alikes, main colours."""

import io
from functools import cache

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageFilter
from skimage import color, data

from storykin.cast import measuring
from storykin.cast.lab import lab_of, main_colours
from storykin.cast.standout import is_outdoors, parts_of


@cache
def astronaut() -> Image.Image:
    return Image.fromarray(data.astronaut())


def piece(photo: Image.Image) -> float:
    """The sharpness of the astronaut's face, scaled as `face_luma` does."""
    return measuring.sharpness_of(measuring.luma_of(photo.crop((175, 70, 275, 180)).resize((160, 176), 3)))


def noisy(photo: Image.Image, strength: float) -> Image.Image:
    grain = np.random.default_rng(3).normal(0, strength, (photo.height, photo.width, 3))
    return Image.fromarray(np.clip(np.asarray(photo) + grain, 0, 255).astype(np.uint8))


def pressed(photo: Image.Image, quality: int) -> Image.Image:
    file = io.BytesIO()
    photo.save(file, "JPEG", quality=quality)
    return Image.open(file)


def moved(photo: Image.Image, x: int, y: int) -> Image.Image:
    """Motion blur: the mean of copies along a line."""
    steps = max(abs(x), abs(y)) + 1
    copies = [
        np.roll(np.asarray(photo, float), (round(y * i / (steps - 1)), round(x * i / (steps - 1))), (0, 1))
        for i in range(steps)
    ]
    return Image.fromarray(np.mean(copies, 0).astype(np.uint8))


SHARP = {
    "as it is": astronaut,
    "dark": lambda: ImageEnhance.Brightness(astronaut()).enhance(0.4),
    "flat": lambda: ImageEnhance.Contrast(astronaut()).enhance(0.4),
    "noisy": lambda: noisy(astronaut(), 8),
    "dark and noisy": lambda: noisy(ImageEnhance.Brightness(astronaut()).enhance(0.5), 6),
    "pressed": lambda: pressed(astronaut(), 20),
}
BLURRED = {
    "out of focus": lambda: astronaut().filter(ImageFilter.GaussianBlur(2)),
    "far out of focus": lambda: astronaut().filter(ImageFilter.GaussianBlur(5)),
    "moved across": lambda: moved(astronaut(), 9, 0),
    "moved down": lambda: moved(astronaut(), 0, 9),
    "moved aslant": lambda: moved(astronaut(), 7, 7),
    "blurred and noisy": lambda: noisy(astronaut().filter(ImageFilter.GaussianBlur(2)), 5),
    "blurred and very noisy": lambda: noisy(astronaut().filter(ImageFilter.GaussianBlur(3)), 9),
    "blurred and bright": lambda: ImageEnhance.Brightness(
        astronaut().filter(ImageFilter.GaussianBlur(2))
    ).enhance(1.3),
    "blurred and pressed": lambda: pressed(astronaut().filter(ImageFilter.GaussianBlur(2)), 40),
}


@pytest.mark.parametrize("fault", SHARP)
def test_sharp_stays_sharp(fault: str) -> None:
    assert piece(SHARP[fault]()) > measuring.BLURRED


@pytest.mark.parametrize("fault", BLURRED)
def test_blur_is_noticed(fault: str) -> None:
    assert piece(BLURRED[fault]()) < measuring.BLURRED


def test_nothing_is_not_sharp() -> None:
    assert measuring.sharpness_of(np.full((100, 100), 80, np.float32)) == 0
    assert measuring.sharpest(Image.new("RGB", (500, 300), "white")) == 0


def bits_between(one: Image.Image, other: Image.Image) -> int:
    return (int(measuring.prints_of(one), 16) ^ int(measuring.prints_of(other), 16)).bit_count()


def test_prints_of_copies_are_near_and_of_others_far() -> None:
    photo = astronaut()
    assert bits_between(photo, photo.resize((200, 200))) <= 4
    assert bits_between(photo, pressed(photo, 30)) <= 4
    assert bits_between(photo, ImageEnhance.Brightness(photo).enhance(0.8)) <= 6
    assert bits_between(photo, Image.fromarray(data.chelsea())) > 18
    assert bits_between(photo, photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT)) > 18


def test_lab_is_that_of_the_textbook() -> None:
    assert np.allclose(lab_of(astronaut()), color.rgb2lab(data.astronaut()), atol=0.05)


def test_main_colours_by_frequency() -> None:
    rng = np.random.default_rng(1)
    red, blue, rare = (45.0, 60.0, 40.0), (30.0, 10.0, -50.0), (90.0, 0.0, 0.0)
    pixels = np.concatenate([rng.normal(c, 3, (n, 3)) for c, n in ((blue, 300), (red, 650), (rare, 40))])
    first, second = main_colours(pixels)
    assert np.allclose(first, red, atol=1)
    assert np.allclose(second, blue, atol=1.5)
    assert main_colours(pixels) == (first, second)
    assert main_colours(pixels[:0]) == ()


def test_sepia_and_grey_are_monochrome() -> None:
    grey = astronaut().convert("L")
    sepia = Image.merge("RGB", [grey.point(lambda v, k=k: int(60 + v * k)) for k in (0.7, 0.66, 0.6)])
    assert measuring.is_monochrome(lab_of(grey.convert("RGB")))
    assert measuring.is_monochrome(lab_of(sepia))
    assert not measuring.is_monochrome(lab_of(astronaut()))


def test_outdoors_only_where_sky_or_leaves_are() -> None:
    everywhere = np.ones((60, 80), bool)
    sky = np.empty((60, 80, 3), np.float32)
    sky[:30], sky[30:] = (75, -5, -22), (40, 5, 15)
    assert is_outdoors(sky, everywhere) is True
    assert is_outdoors(np.full((60, 80, 3), (40, -25, 30), np.float32), everywhere) is True
    assert is_outdoors(np.full((60, 80, 3), (70, 4, 12), np.float32), everywhere) is None
    assert is_outdoors(sky, ~everywhere) is None


def test_parts() -> None:
    where = np.zeros((20, 20), bool)
    where[2:5, 2:18] = where[10:12, 3:6] = where[12, 6] = True
    assert [int(part.sum()) for part in parts_of(where)] == [48, 7]
