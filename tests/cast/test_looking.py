"""Tests of the cast: what is seen in a photo, with faults put in: turned, dark, covered, closed eyes, no person at all."""

from functools import cache

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter
from skimage import data

from storykin.cast import eyes, measuring, mesh, nets
from storykin.cast.looking import ANALYSED, look_at
from storykin.cast.sighting import Face, Sighting
from storykin.scene import Box


@cache
def astronaut() -> Image.Image:
    return Image.fromarray(data.astronaut())


@cache
def points() -> np.ndarray:
    return nets.find_faces(astronaut())[0].points


def seen(photo: Image.Image, size: tuple[int, int] | None = None) -> Sighting:
    return look_at(photo, "one.jpg", "00", size or photo.size)


@cache
def usual() -> Sighting:
    return seen(astronaut(), (2048, 2048))


def only(sighting: Sighting) -> Face:
    assert len(sighting.faces) == 1
    return sighting.faces[0]


def holds(box: Box | None, x: float, y: float) -> bool:
    return box is not None and box.x <= x <= box.right and box.y <= y <= box.bottom


def teddy(ground: tuple[int, int, int]) -> Image.Image:
    """A brown toy without eyes, from 0.35 to 0.72 across and 0.12 to 0.92 down."""
    photo = Image.new("RGB", (900, 700), ground)
    draw = ImageDraw.Draw(photo)
    for oval in ((350, 120, 600, 340), (320, 300, 640, 640), (350, 90, 410, 160), (540, 90, 600, 160)):
        draw.ellipse(oval, fill=(150, 95, 50))
    return photo.filter(ImageFilter.GaussianBlur(1))


def test_everything_is_filled_in() -> None:
    one = usual()
    face = only(one)
    assert (one.name, one.digest, one.width, one.height) == ("one.jpg", "00", 2048, 2048)
    assert len(one.prints) == 16
    assert len(one.thumb) == 192
    assert one.background
    assert one.subject is None
    assert 350 < face.width < 420  # 94 of 512 pixels in a photo of 2048
    assert len(face.embedding) == 128
    assert abs(face.yaw) < 10
    assert abs(face.pitch) < 12
    assert face.smile > 0.5
    assert face.mouth > 0.1
    assert face.covered == 0
    assert ANALYSED >= 1024


def test_it_is_the_same_every_time() -> None:
    assert seen(astronaut(), (2048, 2048)) == usual()


def test_the_head_holds_the_hair_and_not_the_whole_photo() -> None:
    face, head = only(usual()).box, only(usual()).head
    assert head.y < 0.03  # where her hair begins
    assert head.x < 0.34
    assert head.right > 0.57
    assert head.bottom >= face.bottom
    assert head.w < 0.4
    assert head.h < 0.42


def test_colours_of_the_astronaut() -> None:
    face = only(usual())
    assert face.skin
    assert face.hair
    assert face.skin[0] > 65
    assert face.skin[1] > 3
    assert face.hair[0] < 50
    assert 10 < face.hair[2] < 40  # brown
    assert face.long_hair is False
    assert any(a > 30 and b > 25 for _, a, b in face.clothes), "the suit is orange"


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_photo_on_its_side_is_set_up(turns: int) -> None:
    one = seen(astronaut().resize((640, 512)).rotate(90 * turns, expand=True))
    assert one.turns == turns  # clockwise undoes Pillow's counter-clockwise
    assert (one.width, one.height) == (640, 512)
    assert abs(only(one).roll) < 10
    assert only(one).box.y < 0.3


@pytest.mark.parametrize("degrees", [-35, 35])
def test_a_tilted_head_does_not_turn_the_photo(degrees: int) -> None:
    one = seen(astronaut().rotate(degrees, Image.Resampling.BICUBIC, expand=True))
    assert one.turns == 0


def test_a_child_lying_beside_somebody_upright_does_not_turn_the_photo() -> None:
    photo = Image.new("RGB", (1200, 900), (190, 180, 170))
    portrait = astronaut().crop((120, 0, 380, 260))
    photo.paste(portrait.rotate(90).resize((520, 520)), (60, 60))
    photo.paste(portrait.resize((400, 400)), (760, 400))
    assert seen(photo).turns == 0


def test_light_and_dark() -> None:
    dark = only(seen(ImageEnhance.Brightness(astronaut()).enhance(0.2)))
    assert dark.light < 25
    assert only(usual()).light > 60
    bright = seen(ImageEnhance.Brightness(astronaut()).enhance(2.2))
    assert only(bright).clipped > 0.2
    assert only(usual()).clipped < 0.02
    assert bright.clipped > usual().clipped


def test_light_from_one_side() -> None:
    across = 1 - 0.7 * np.clip((np.arange(512) - 180) / 90, 0, 1)
    photo = Image.fromarray((data.astronaut() * across[None, :, None]).astype(np.uint8))
    assert only(seen(photo)).uneven > only(usual()).uneven + 10


def closed(photo: Image.Image) -> Image.Image:
    """Lids painted over the eyes, with a line of lashes."""
    from scipy import ndimage

    painted = np.asarray(photo, float).copy()
    for rim, eye in ((mesh.LEFT_EYE_RIM, mesh.LEFT_EYE), (mesh.RIGHT_EYE_RIM, mesh.RIGHT_EYE)):
        outline = points()[list(rim), :2]
        wide = float(np.linalg.norm(points()[eye[0]] - points()[eye[3]]))
        middle = outline.mean(0)
        lids = middle + (outline - middle) * (1.12, 1.0)
        lids[:, 1] += np.where(outline[:, 1] < middle[1], -0.1, 0.06) * wide
        drawn = Image.new("L", photo.size)
        ImageDraw.Draw(drawn).polygon([(x, y) for x, y in lids.tolist()], fill=255)
        rows, columns = np.nonzero(np.asarray(drawn))
        for x in np.unique(columns):
            top, bottom = rows[columns == x].min(), rows[columns == x].max()
            down = np.linspace(0, 1, bottom - top + 1)[:, None]
            painted[top : bottom + 1, x] = painted[top - 2, x] * (1 - down) + painted[bottom + 2, x] * down
        line = Image.new("L", photo.size)
        lower = points()[[rim[0], *rim[:8:-1], rim[8]], :2]
        ImageDraw.Draw(line).line([(x, y) for x, y in lower.tolist()], fill=200, width=1)
        lashes = ndimage.gaussian_filter(np.asarray(line, float) / 255, 0.6)[..., None]
        painted = painted * (1 - 0.75 * lashes)
    return Image.fromarray(np.clip(painted, 0, 255).astype(np.uint8))


def test_closed_eyes() -> None:
    assert only(usual()).eyes > 1.5 * eyes.CLOSED
    assert only(seen(closed(astronaut()))).eyes < eyes.CLOSED


def test_closed_eyes_stay_closed_in_the_dark_and_open_ones_open() -> None:
    dim = ImageEnhance.Brightness(astronaut()).enhance(0.4)
    assert only(seen(dim)).eyes > eyes.CLOSED
    assert only(seen(ImageEnhance.Brightness(closed(astronaut())).enhance(0.4))).eyes < eyes.CLOSED


@pytest.mark.parametrize("cloth", [(120, 170, 210), (25, 25, 28), (170, 30, 40)])
def test_a_mask_over_the_mouth(cloth: tuple[int, int, int]) -> None:
    outline = (6, 47, 101, 50, 123, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152,
               377, 400, 378, 379, 365, 397, 288, 361, 323, 352, 280, 330, 277)  # fmt: skip
    photo = astronaut().copy()
    corners = [(x, y) for x, y in points()[list(outline), :2].tolist()]
    ImageDraw.Draw(photo).polygon(corners, fill=cloth)
    assert only(seen(photo)).covered > 0.5


def test_dark_glasses_are_a_cover_and_no_closed_eyes() -> None:
    photo = astronaut().copy()
    draw = ImageDraw.Draw(photo)
    for socket in (mesh.LEFT_SOCKET, mesh.RIGHT_SOCKET):
        x, y = points()[list(socket), :2].mean(0).tolist()
        draw.ellipse((x - 19, y - 14, x + 19, y + 15), fill=(18, 18, 22))
    face = only(seen(photo))
    assert face.covered > 0.35
    assert face.eyes > eyes.CLOSED


def test_near_and_far_faces_are_equally_sharp() -> None:
    near, far = only(seen(astronaut().resize((1536, 1536), 3))), only(usual())
    assert near.sharpness == pytest.approx(far.sharpness, rel=0.15)
    assert far.sharpness > measuring.BLURRED


@pytest.mark.parametrize("share", [0.02, 0.04])
def test_a_blurred_face(share: float) -> None:
    photo = astronaut().filter(ImageFilter.GaussianBlur(share * mesh.face_size(points())))
    face = only(seen(photo))
    assert face.sharpness < measuring.BLURRED
    assert face.eyes > eyes.CLOSED


def test_a_tiny_face_has_no_embedding() -> None:
    photo = Image.new("RGB", (640, 480), (120, 140, 110))
    photo.paste(astronaut().resize((96, 96), Image.Resampling.LANCZOS), (300, 200))
    for face in seen(photo).faces:
        assert (face.embedding == ()) == (face.box.w * 640 < 20)
    assert only(seen(photo)).embedding == ()


def test_grey_photos_have_no_colours() -> None:
    one = seen(astronaut().convert("L").convert("RGB"))
    assert one.monochrome
    assert (only(one).skin, only(one).hair, only(one).clothes) == (None, None, ())
    assert not usual().monochrome


@pytest.mark.parametrize("ground", [(90, 130, 90), (200, 180, 150), (240, 240, 240)])
def test_a_toy_stands_out(ground: tuple[int, int, int]) -> None:
    one = seen(teddy(ground))
    assert not one.faces
    assert one.person is None
    assert one.subject
    assert holds(one.subject, 0.37, 0.5)
    assert holds(one.subject, 0.7, 0.6)
    assert holds(one.subject, 0.5, 0.14)
    assert holds(one.subject, 0.5, 0.9)
    assert one.subject.w < 0.55


def test_a_drawing_on_paper_with_a_shadow_stands_out() -> None:
    photo = Image.new("RGB", (900, 700), (244, 240, 230))
    draw = ImageDraw.Draw(photo)
    draw.ellipse((300, 150, 560, 400), outline=(30, 60, 160), width=6)
    for line in ((430, 400, 430, 560), (430, 450, 330, 520), (430, 450, 530, 520), (430, 560, 360, 650), (430, 560, 500, 650)):  # fmt: skip
        draw.line(line, fill=(30, 60, 160), width=6)
    shadow = 0.75 + 0.25 * np.arange(900)[None, :, None] / 900
    one = seen(Image.fromarray((np.asarray(photo) * shadow).astype(np.uint8)))
    assert holds(one.subject, 0.35, 0.4)
    assert holds(one.subject, 0.48, 0.88)
    assert one.subject
    assert one.subject.w < 0.6


def test_a_cat_is_a_subject_and_nobody() -> None:
    one = seen(Image.fromarray(data.chelsea()))
    assert not one.faces
    assert one.person is None
    assert holds(one.subject, 0.38, 0.37)  # both eyes
    assert holds(one.subject, 0.7, 0.45)


@pytest.mark.parametrize(
    "photo",
    [
        Image.new("RGB", (1, 1)),
        Image.new("RGB", (64, 64), "white"),
        Image.new("L", (40, 1600), 128),
        Image.fromarray(data.astronaut()).resize((64, 64)),
        Image.fromarray(data.astronaut()).resize((150, 150)).crop((0, 0, 1600, 150)),
        Image.fromarray(data.astronaut()).crop((220, 60, 512, 300)),  # half a face
        Image.fromarray(data.camera()),
    ],
    ids=["one pixel", "blank", "strip", "tiny", "panorama", "half a face", "grey"],
)
def test_odd_photos_are_looked_at_all_the_same(photo: Image.Image) -> None:
    one = seen(photo)
    assert (one.width, one.height) in (photo.size, photo.size[::-1])
    assert one.refused == ""
    for face in one.faces:
        for box in (face.box, face.head):
            assert 0 <= box.x <= box.right <= 1.00002
            assert 0 <= box.y <= box.bottom <= 1.00002
