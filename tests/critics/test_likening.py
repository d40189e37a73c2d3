"""How alike figures are: the cosine with its gate at a half, colours where there is no net, a net where there is one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance

from storykin.critics import Question, Seen
from storykin.critics.likening import (
    GATES,
    MAYBE,
    PLAIN,
    WHOLE,
    ImageReader,
    anything,
    cosine_of,
    crop_of,
    plain_vector,
    similarity,
    squared,
)
from storykin.errors import BadInput
from storykin.scene import Box

Colour = tuple[int, int, int]
BROWN, WHITE, BLACK, ORANGE = (120, 75, 40), (240, 238, 230), (35, 32, 34), (235, 140, 50)
GRASS, ROOM, SEA = (110, 160, 70), (225, 200, 170), (70, 130, 190)
DOG = Box(0.2, 0.25, 0.5, 0.6)
LOOSE = Box(0.1, 0.15, 0.7, 0.8)
"""A box around the same dog with much ground in it."""


def pet(coat: Colour, ground: Colour, box: Box = DOG, size: tuple[int, int] = (160, 120)) -> Image.Image:
    """A dog of a kind: a round body, a head, a dark nose, on a plain ground."""
    picture = Image.new("RGB", size, ground)
    draw = ImageDraw.Draw(picture)

    def at(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        x, y, w, h = box.x * size[0], box.y * size[1], box.w * size[0], box.h * size[1]
        return (x + left * w, y + top * h, x + right * w, y + bottom * h)

    draw.ellipse(at(0.1, 0.35, 0.95, 0.95), fill=coat)
    draw.ellipse(at(0.05, 0.05, 0.55, 0.6), fill=coat)
    draw.ellipse(at(0.08, 0.3, 0.18, 0.4), fill=(20, 20, 20))
    return picture


@pytest.fixture(autouse=True)
def no_nets(monkeypatch: pytest.MonkeyPatch) -> None:
    huggingface_hub = pytest.importorskip("huggingface_hub")
    monkeypatch.setattr(huggingface_hub, "try_to_load_from_cache", lambda repository, name: None)


@pytest.mark.parametrize(
    ("cosine", "alike"), [(1, 1), (0.5, 0.5), (0.75, 0.75), (0.25, 0.25), (0, 0), (-0.6, 0)]
)
def test_half_is_the_gate(cosine: float, alike: float) -> None:
    other = (cosine, (1 - cosine**2) ** 0.5)
    assert similarity("face", (1, 0), other) == pytest.approx(alike)


def test_another_gate_bends_the_scale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(GATES, "strict", 0.8)
    told = [similarity("strict", (1, 0), (c, (1 - c * c) ** 0.5)) for c in (0.0, 0.4, 0.8, 0.9, 1.0)]
    assert told == pytest.approx([0, 0.25, 0.5, 0.75, 1])


def test_lengths_do_not_count_and_spaces_do() -> None:
    assert cosine_of((2, 0), (5, 0)) == 1
    assert cosine_of((0, 0), (5, 0)) == 0
    with pytest.raises(ValueError, match="two spaces"):
        cosine_of((1, 0), (1, 0, 0))


@pytest.mark.parametrize("cut", [DOG, LOOSE])
def test_a_dog_is_itself_on_any_ground_and_no_other_dog(cut: Box) -> None:
    vectors = {
        coat: [plain_vector(crop_of(pet(coat, ground), cut)) for ground in (GRASS, ROOM, SEA)]
        for coat in (BROWN, WHITE, BLACK, ORANGE)
    }
    for coat, own in vectors.items():
        for one in own:
            assert np.linalg.norm(one) == pytest.approx(1, abs=1e-3)
            assert all(similarity("image", one, other) > 0.85 for other in own)
            others = [each for other, each in vectors.items() if other != coat]
            assert all(similarity("image", one, two) < 0.3 for each in others for two in each)


def test_a_little_less_light_is_no_other_dog() -> None:
    bright = plain_vector(crop_of(pet(ORANGE, GRASS), DOG))
    dim = plain_vector(crop_of(ImageEnhance.Brightness(pet(ORANGE, GRASS)).enhance(0.85), DOG))
    assert similarity("image", bright, dim) > 0.5


def test_who_has_the_colour_of_the_ground_still_has_a_vector() -> None:
    assert np.linalg.norm(plain_vector(Image.new("RGB", (30, 30), GRASS))) == pytest.approx(1, abs=1e-3)


def test_crops_are_never_empty() -> None:
    picture = pet(BROWN, GRASS)
    for box in (Box(0.99, 0.99, 0.2, 0.2), Box(-0.3, -0.3, 0.1, 0.1), Box(0.5, 0.5, 0, 0), Box(-1, -1, 4, 4)):
        assert min(crop_of(picture, box).size) >= 4
    assert crop_of(picture, Box(-1, -1, 4, 4)).size == picture.size


def test_squares_do_not_stretch() -> None:
    square = squared(Image.new("RGB", (40, 10), BROWN))
    assert square.size == (40, 40)
    assert square.getpixel((20, 20)) == BROWN
    assert square.getpixel((20, 2)) == (128, 128, 128)


def test_figures_of_others_get_their_vector_and_keep_the_rest() -> None:
    reader = ImageReader()
    (dog,) = reader.complete(pet(BROWN, GRASS), [Seen(DOG, 0.9, "dog", vectors={"face": (1.0,)})])
    assert (dog.box, dog.sure, dog.kind, dog.vectors["face"]) == (DOG, 0.9, "dog", (1.0,))
    assert dog.vectors["image"] == reader.embed(pet(BROWN, GRASS), [DOG])[0]
    assert reader.embed(pet(BROWN, GRASS), []) == []


def test_a_picture_as_a_whole_may_be_one_figure() -> None:
    reading = ImageReader().read(pet(BROWN, GRASS), Question())
    assert reading.figures is not None
    assert (reading.figures[0].box, reading.figures[0].sure) == (WHOLE, MAYBE)
    assert reading.read == {"identity": "image"}


def test_without_a_net_it_is_ready_and_says_what_it_compares() -> None:
    reader = ImageReader()
    assert reader.net == PLAIN
    assert reader.licence == reader.unready() == ""
    assert "plain" in reader.revision
    named = ImageReader("dinov2")
    assert "storykin fetch dinov2" in named.unready()
    with pytest.raises(BadInput):
        named.embed(pet(BROWN, GRASS), [DOG])


def test_anything_is_always_the_same_and_varied() -> None:
    one, other = anything(), anything()
    assert [each.tobytes() for each in one] == [each.tobytes() for each in other]
    assert len({each.tobytes() for each in one}) == len(one) == 12


@pytest.mark.parametrize("name", ["dino", "clip"])
def test_a_net_embeds_crops_around_the_mean_of_strangers(name: str, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    from tests.critics import small_nets

    folder = getattr(small_nets, f"small_{name}")(tmp_path / name)
    reader, calls = ImageReader(str(folder), strangers=lambda: calls.append(1) or anything(6)), list[int]()  # type: ignore[func-returns-value]
    picture = pet(BROWN, GRASS)
    one, again, other = reader.embed(picture, [DOG, DOG, Box(0, 0, 0.2, 0.2)])
    assert one == pytest.approx(again, abs=1e-4)
    assert np.linalg.norm(one) == pytest.approx(1, abs=1e-3)
    assert cosine_of(one, other) < 0.99
    reader.embed(picture, [DOG])
    assert calls == [1], "the strangers are looked at once"
    strangers = [reader.embed(each, [WHOLE])[0] for each in anything(6)]
    assert np.mean(strangers, 0) == pytest.approx(np.zeros(len(one)), abs=0.25)
    assert reader.unready() == ""
    before = reader.revision
    reader.close()
    assert reader.revision == before
    assert reader.embed(picture, [DOG])[0] == pytest.approx(one, abs=1e-4)
    assert calls == [1, 1]
