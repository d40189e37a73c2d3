"""Tests of the cast: the nets find faces, measure them, refuse what is none and know people again."""

import math
import os
import subprocess
import sys
from functools import cache

import numpy as np
import pytest
from PIL import Image, ImageEnhance
from skimage import data

from storykin.cast import mesh, nets
from storykin.errors import BadInput


@cache
def astronaut() -> Image.Image:
    return Image.fromarray(data.astronaut())


def apart(one: nets.Mesh, one_photo: Image.Image, other: nets.Mesh, other_photo: Image.Image) -> float:
    return math.dist(nets.embed(one_photo, one), nets.embed(other_photo, other))


def strangers() -> Image.Image:
    """A second person: twelve small grey portraits of `lfw_subset`, each of somebody else, in rows."""
    sheet = Image.new("RGB", (4 * 160, 3 * 160), (90, 90, 90))
    for i, face in enumerate(data.lfw_subset()[:12]):
        portrait = Image.fromarray((face * 255).astype(np.uint8)).resize((120, 120), Image.Resampling.BICUBIC)
        sheet.paste(portrait, (20 + i % 4 * 160, 20 + i // 4 * 160))
    return sheet


def test_one_face_where_it_is() -> None:
    (face,) = nets.find_faces(astronaut())
    left, top, right, bottom = face.box
    assert 165 < left < 200
    assert 55 < top < 90
    assert 255 < right < 290
    assert 165 < bottom < 190
    assert face.presence > 0.95
    assert face.score > 0.85


def test_a_face_of_forty_pixels_in_a_photo_of_1600() -> None:
    photo = Image.new("RGB", (1600, 1200), (120, 140, 110))
    photo.paste(astronaut().resize((220, 220), Image.Resampling.LANCZOS), (1100, 700))
    (face,) = nets.find_faces(photo)
    assert 30 < face.box[2] - face.box[0] < 50
    assert 1170 < face.box[0] < 1190
    assert not nets.find_faces(photo, ()), (
        "this face is too small for the photo as a whole: the test shows nothing"
    )


def test_every_face_once() -> None:
    photo = Image.new("RGB", (1024, 512))
    photo.paste(astronaut(), (0, 0))
    photo.paste(astronaut(), (512, 0))
    assert len(nets.find_faces(photo)) == 2


@pytest.mark.parametrize("name", ["chelsea", "coffee", "rocket", "brick", "grass"])
def test_no_face_where_there_is_none(name: str) -> None:
    assert not nets.find_faces(Image.fromarray(getattr(data, name)()).convert("RGB"))


@pytest.mark.parametrize("degrees", [-40, -20, 20, 40])
def test_a_tilted_head_is_measured_as_tilted(degrees: int) -> None:
    straight = mesh.pose(nets.find_faces(astronaut())[0].points)
    # Pillow turns counter-clockwise
    (face,) = nets.find_faces(astronaut().rotate(-degrees, Image.Resampling.BICUBIC, expand=True))
    assert mesh.pose(face.points).roll == pytest.approx(straight.roll + degrees, abs=4)
    assert mesh.pose(face.points).yaw == pytest.approx(straight.yaw, abs=7)


def test_a_mirrored_head_looks_the_other_way() -> None:
    there = mesh.pose(nets.find_faces(astronaut())[0].points)
    back = mesh.pose(nets.find_faces(astronaut().transpose(Image.Transpose.FLIP_LEFT_RIGHT))[0].points)
    assert back.yaw == pytest.approx(-there.yaw, abs=4)
    assert back.roll == pytest.approx(-there.roll, abs=3)


def test_the_same_person_is_near_in_other_light_size_and_tilt() -> None:
    photo = astronaut()
    (known,) = nets.find_faces(photo)
    for other in (
        ImageEnhance.Brightness(photo).enhance(0.45),
        photo.resize((300, 300)),
        photo.rotate(25, Image.Resampling.BICUBIC),
        photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    ):
        (face,) = nets.find_faces(other)
        assert apart(known, photo, face, other) < 0.4


def test_other_people_are_far() -> None:
    (known,) = nets.find_faces(astronaut())
    sheet = strangers()
    others = nets.find_faces(sheet)
    assert len(others) >= 6
    assert all(apart(known, astronaut(), face, sheet) > 0.55 for face in others)


def test_an_embedding_is_128_numbers_and_always_the_same() -> None:
    (face,) = nets.find_faces(astronaut())
    numbers = nets.embed(astronaut(), face)
    assert len(numbers) == 128
    assert nets.embed(astronaut(), nets.find_faces(astronaut())[0]) == numbers


def test_the_mask_tells_the_person_from_the_rest() -> None:
    mask = nets.person_mask(astronaut())
    assert mask.shape == (256, 256)
    assert mask[40:90, 90:130].mean() > 0.9  # her face
    assert mask[:60, 150:].mean() < 0.2  # the wall and the rocket
    assert nets.person_mask(astronaut(), (-200, -200, 300, 300)).shape == (256, 256)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    nets._net.cache_clear()
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    with pytest.raises(BadInput) as refused:
        nets.find_faces(astronaut())
    assert "storykin[cast]" in refused.value.hint
    nets._net.cache_clear()


def test_nothing_is_said_on_stderr() -> None:
    code = "from PIL import Image; from storykin.cast import nets; nets.person_mask(Image.new('RGB', (9, 9)))"
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert told.stderr == ""
    assert told.stdout == ""
