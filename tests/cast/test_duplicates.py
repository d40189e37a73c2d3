"""Tests of the cast: which photos show one moment."""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from storykin.cast.duplicates import twins
from storykin.cast.lab import lab_of
from storykin.cast.measuring import prints_of
from storykin.cast.sighting import Sighting
from tests.cast.sightings import face, photo


def seen(picture: Image.Image, name: str, *faces: object) -> Sighting:
    """What `looking` would keep of a picture for telling duplicates."""
    thumb = tuple(round(v) for v in lab_of(picture.resize((8, 8), 4, reducing_gap=3.0)).ravel().tolist())
    width, height = picture.size
    return Sighting(name, name, width, height, faces=faces, prints=prints_of(picture), thumb=thumb)  # type: ignore[arg-type]


def cut(picture: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    width, height = picture.size
    return picture.crop(
        (int(left * width), int(top * height), int((1 - right) * width), int((1 - bottom) * height))
    )


FAULTS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "resized": lambda one: one.resize((one.width // 2, one.height // 2)),
    "cropped": lambda one: cut(one, 0.05, 0.05, 0.05, 0.05),
    "cropped at one side": lambda one: cut(one, 0.05, 0, 0, 0),
    "brighter": lambda one: ImageEnhance.Brightness(one).enhance(1.15),
    "darker": lambda one: ImageEnhance.Brightness(one).enhance(0.85),
    "shifted": lambda one: cut(one, 0.02, 0, 0, 0.02),
}


@pytest.fixture(scope="module")
def astronaut() -> Image.Image:
    return Image.fromarray(pytest.importorskip("skimage.data").astronaut())


@pytest.mark.parametrize("fault", FAULTS)
def test_a_changed_copy_is_a_duplicate(fault: str, astronaut: Image.Image) -> None:
    changed = FAULTS[fault](astronaut)
    place = face(0.38, 0.13, 0.12)
    moved = face(0.36, 0.09, 0.133) if fault == "cropped" else place
    found = twins([seen(astronaut, "one", place), seen(changed, "two", moved)], [0, 0], [1.0, 0.5])
    assert found == {1: 0}


def test_pictures_of_other_things_are_no_duplicates(astronaut: Image.Image) -> None:
    import skimage.data

    others = [Image.fromarray(getattr(skimage.data, name)()) for name in ("coffee", "chelsea", "rocket")]
    pictures = [seen(one, str(i)) for i, one in enumerate([astronaut, *others])]
    assert twins(pictures, [None] * 4, [1.0] * 4) == {}


def test_of_nearly_equals_the_larger_stays() -> None:
    small, large = photo(1, face(), moment=1, width=1500, height=2000), photo(2, face(), moment=1)
    assert twins([small, large], [0, 0], [0.81, 0.80]) == {0: 1}


def test_the_same_bytes_are_duplicates_and_the_best_photo_stays() -> None:
    one = photo(1, face())
    again = replace(photo(2, face()), digest=one.digest)
    assert twins([one, again], [0, 0], [0.5, 0.9]) == {0: 1}


@pytest.mark.parametrize(
    "other",
    [face(0.55), face(size=0.26), face(yaw=25.0), face(pitch=-20.0), face(roll=15.0), face(mouth=0.5), face(smile=0.9)],
    ids=["elsewhere", "nearer", "turned", "nodding", "tilted", "laughing", "smiling"],
)  # fmt: skip
def test_two_moments_in_one_place_and_in_the_same_clothes_both_stay(other: object) -> None:
    before, after = photo(1, face(), moment=1), photo(2, other, moment=1)  # type: ignore[arg-type]
    assert twins([before, after], [0, 0], [1.0, 0.9]) == {}
    assert twins([before, photo(3, face(yaw=3.0), moment=1)], [0, 0], [1.0, 0.9]) == {1: 0}


def test_a_blink_in_a_burst_is_the_same_moment() -> None:
    awake, blinking = photo(1, face(), moment=1), photo(2, face(eyes=0.05), moment=1)
    assert twins([blinking, awake], [0, 0], [0.2, 0.9]) == {0: 1}


def test_a_toy_that_was_moved_is_another_moment() -> None:
    from storykin.scene import Box

    def toy(number: int, x: float) -> Sighting:
        return replace(
            photo(number, moment=1), subject=Box(x, 0.4, 0.3, 0.3), prints=f"{0xFFF * (number - 1):016x}"
        )

    assert twins([toy(1, 0.1), toy(2, 0.6)], [None] * 2, [1.0, 0.9]) == {}
    assert twins([toy(1, 0.1), toy(2, 0.12)], [None] * 2, [1.0, 0.9]) == {1: 0}


def test_refused_and_empty_photos_have_no_twins() -> None:
    refused = Sighting("a.jpg", "1", refused="not a photo")
    assert (
        twins([refused, replace(refused, name="b.jpg"), Sighting("c.jpg", "2")], [None] * 3, [0.0] * 3) == {}
    )
    assert twins([], [], []) == {}


def test_five_thousand_photos_take_seconds() -> None:
    random = np.random.default_rng(1)
    photos = [photo(i, face(float(random.uniform(0, 0.7))), moment=i // 3) for i in range(5000)]
    start = time.process_time()
    found = twins(photos, [0] * 5000, random.random(5000).tolist())
    assert time.process_time() - start < 20
    assert all(one // 3 == other // 3 for one, other in found.items())
    assert found
