"""The pixels of a crop: nothing flipped, nobody else learned, her own face untouched."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from storykin.cast import framing, masking
from storykin.cast.sighting import Crop, Face, Sighting
from storykin.scene import Box

if TYPE_CHECKING:
    from storykin.cast.nets import Rectangle

WHOLE = Crop("whole", Box(0, 0, 1, 1), 640, 320, 1.0)


def slope(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """A picture whose red grows to the right and whose green grows downwards."""
    red = np.broadcast_to(np.linspace(0, 255, width)[None, :], (height, width))
    green = np.broadcast_to(np.linspace(0, 255, height)[:, None], (height, width))
    picture = Image.fromarray(np.stack([red, green, 0 * red], 2).astype(np.uint8))
    return picture.convert(mode)


def level(picture: Image.Image, x: float, y: float) -> int:
    """The value of a grey picture at a point in fractions."""
    value = picture.getpixel((int(x * picture.width), int(y * picture.height)))
    assert isinstance(value, int)
    return value


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "P", "CMYK", "1"])
def test_a_cut_has_the_buckets_size_and_is_rgb(mode: str) -> None:
    made = masking.cut(slope(2000, 1000, mode), Crop("close-up", Box(0.25, 0.1, 0.5, 0.8), 640, 512, 0.64))
    assert made.size == (640, 512)
    assert made.mode == "RGB"


def test_a_cut_shows_the_rectangle_and_is_never_flipped() -> None:
    made = np.asarray(
        masking.cut(slope(4000, 2000), Crop("", Box(0.25, 0.5, 0.25, 0.5), 512, 512, 0.5)), float
    )
    assert made[:, 0, 0].mean() == pytest.approx(0.25 * 255, abs=2)
    assert made[:, -1, 0].mean() == pytest.approx(0.50 * 255, abs=2)
    assert made[0, :, 1].mean() == pytest.approx(0.50 * 255, abs=2)
    assert made[-1, :, 1].mean() == pytest.approx(1.00 * 255, abs=2)


def test_a_cut_at_the_very_edge() -> None:
    edge = Box(1 - 0.1 - 1e-17, 0.9 + 1e-16, 0.1 + 1e-16, 0.1)
    assert masking.cut(slope(3001, 3001), Crop("", edge, 256, 256, 0.85)).size == (256, 256)


HERS, HIS = Box(0.20, 0.15, 0.10, 0.25), Box(0.65, 0.10, 0.10, 0.25)


def test_another_persons_head_and_body_are_not_learned() -> None:
    mask = masking.mask_of(slope(2000, 1000), WHOLE, None, HERS, (HIS,))
    assert mask is not None
    assert (mask.mode, mask.size) == ("L", (640, 320))
    assert level(mask, 0.70, 0.2) < 5
    assert level(mask, 0.70, 0.8) < 5
    assert level(mask, 0.25, 0.2) > 250
    assert level(mask, 0.25, 0.8) > 250
    assert level(mask, 0.95, 0.2) > 250, "the background is learned"
    assert len(set(np.asarray(mask).ravel().tolist())) > 20, "soft edges"


def test_where_no_person_is_the_background_beside_a_body_is_learned() -> None:
    person = np.zeros((64, 64), np.float32)
    person[:, 42:46] = 1  # somebody very thin
    loose = masking.mask_of(slope(2000, 1000), WHOLE, None, HERS, (HIS,))
    tight = masking.mask_of(slope(2000, 1000), WHOLE, person, HERS, (HIS,))
    assert loose is not None
    assert tight is not None
    assert level(loose, 0.8, 0.8) < 60
    assert level(tight, 0.8, 0.8) > 250
    assert level(tight, 0.68, 0.8) < 60


def test_her_own_face_is_learned_even_before_somebody_elses_chest() -> None:
    lap = Box(0.63, 0.45, 0.09, 0.22)
    mask = masking.mask_of(slope(2000, 1000), WHOLE, None, lap, (HIS,))
    assert mask is not None
    assert level(mask, lap.x + lap.w / 2, lap.y + lap.h / 2) == 255
    assert level(mask, lap.x + lap.w / 2, 0.9) > 200, "her trunk too"
    assert level(mask, 0.70, 0.2) < 5
    assert level(mask, 0.83, 0.6) < 60, "his shoulder beside her"


def test_a_child_before_her_chest_is_not_learned() -> None:
    lap = Box(0.18, 0.50, 0.09, 0.22)
    mask = masking.mask_of(slope(2000, 1000), WHOLE, None, HERS, (lap,))
    assert mask is not None
    assert level(mask, lap.x + lap.w / 2, 0.6) < 5
    assert level(mask, lap.x + lap.w / 2, 0.95) < 5
    assert level(mask, 0.25, 0.2) == 255


def test_a_body_reaches_into_the_crop_from_a_head_outside() -> None:
    below = Crop("half body", Box(0.0, 0.5, 1.0, 0.5), 640, 256, 1.0)
    mask = masking.mask_of(slope(2000, 1000), below, None, HERS, (HIS,))
    assert mask is not None
    assert level(mask, 0.70, 0.5) < 5


def test_no_mask_where_all_is_learned() -> None:
    assert masking.mask_of(slope(2000, 1000), WHOLE, None, HERS, ()) is None
    left = Crop("close-up", Box(0.1, 0.1, 0.3, 0.6), 256, 256, 0.4)
    assert masking.mask_of(slope(2000, 1000), left, None, HERS, (HIS,)) is None


def test_a_blur_stays_within_its_head_and_leaves_hers() -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 256, (320, 640, 3), np.uint8))
    before = np.asarray(noise, float)
    crop = Crop("close-up", Box(0, 0, 1, 1), 640, 320, 1.0, (HIS,))
    after = np.asarray(masking.without_others(noise, crop), float)
    inside = (slice(50, 100), slice(430, 465))
    assert after[inside].std() < 0.1 * before[inside].std()
    assert (after[:, :380] == before[:, :380]).all()
    near = Box(0.58, 0.10, 0.10, 0.25)
    kept = np.asarray(masking.without_others(noise, crop, near), float)
    assert (kept[50:100, 385:405] == before[50:100, 385:405]).all()
    assert (np.asarray(noise) == before).all(), "the picture given is not changed"


def test_a_picture_of_her_alone_is_the_same() -> None:
    alone = slope(640, 320)
    assert masking.without_others(alone, WHOLE).tobytes() == alone.tobytes()


def head_of(box: "Rectangle", width: int, height: int) -> Face:
    """A face as found, with a rough head around it."""
    left, top, right, bottom = box
    w, h = (right - left) / width, (bottom - top) / height
    x, y = left / width, top / height
    return Face(Box(x, y + 0.2 * h, w, 0.8 * h), Box(x - 0.15 * w, y - 0.3 * h, 1.3 * w, 1.35 * h), 100, 1.0)


@pytest.mark.slow
def test_no_second_face_is_found_after_the_blur() -> None:
    pytest.importorskip("ai_edge_litert")
    data = pytest.importorskip("skimage.data")
    from storykin.cast import nets

    one = Image.fromarray(data.astronaut()).crop((90, 0, 380, 512))
    photo = Image.new("RGB", (580, 512))
    photo.paste(one, (0, 0))
    photo.paste(one, (210, 0))
    found = sorted(nets.find_faces(photo), key=lambda face: face.box[0])
    assert len(found) == 2
    faces = tuple(head_of(face.box, *photo.size) for face in found)
    crop = framing.crop_at(Sighting("pair.png", "", *photo.size, faces=faces), (0, 0, 1, 1), 512, 0)
    assert len(crop.others) == 1
    picture = masking.cut(photo, crop)
    assert len(nets.find_faces(picture)) == 2
    blurred = masking.without_others(picture, crop, faces[0].head)
    (left,) = nets.find_faces(blurred)
    area = tuple(round(edge) for edge in left.box)
    assert left.box[0] < picture.width / 2
    assert blurred.crop(area).tobytes() == picture.crop(area).tobytes()
