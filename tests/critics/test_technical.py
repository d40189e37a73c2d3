"""Marks of broken pictures: each is seen where it was put in, and on drawn pages and photographs none is."""

import io
from dataclasses import replace

import pytest
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from storykin.consistency import Setting
from storykin.consistency.storyboard import storyboard
from storykin.critics import Question, Seen
from storykin.critics.technical import TechnicalReader, banded, blank, blurred, cut_heads, noise, pasted
from storykin.painters.sketch import Sketch
from storykin.raster import png_of
from storykin.scene import Box
from storykin.wish import Wish
from storykin.writers import writer_named

np = pytest.importorskip("numpy")
photographs = pytest.importorskip("skimage.data")
GATE = 0.5
WEATHERS = {"flat": ("fog", "night"), "watercolour": ("fog", "morning"), "crayon": ("snow", "evening"), "cut-paper": ("snow", "night"), "ink": ("rain", "day")}  # fmt: skip


@pytest.fixture(scope="module")
def pages() -> dict[str, Image.Image]:
    """A page in each of the embedded painter's styles, in weather that hides much."""
    story = writer_named("fable").write(
        Wish(idea="a trip to Mars with my dog Biscuit", hero="Theo", pages=8), ()
    )
    found = {}
    for number, (art, (weather, hour)) in enumerate(WEATHERS.items(), 1):
        shot = storyboard(story, Setting(art=art)).shots[number]
        shot = replace(shot, scene=replace(shot.scene, weather=weather, time=hour))  # type: ignore[arg-type]
        drawing = png_of(Sketch().paint(shot, lambda done: None), Sketch.media_type, 640)
        found[art] = Image.open(io.BytesIO(drawing)).convert("RGB")
    return found


@pytest.fixture(scope="module")
def photos() -> dict[str, Image.Image]:
    names = ("astronaut", "coffee", "gravel")
    return {name: Image.fromarray(getattr(photographs, name)()).convert("RGB") for name in names}


def test_nothing_is_wrong_with_drawn_pages_and_photographs(pages: dict[str, Image.Image], photos: dict[str, Image.Image]) -> None:  # fmt: skip
    for name, picture in (pages | photos).items():
        reading = TechnicalReader().read(picture, Question())
        assert reading.read == {"technical": "technical"}
        assert set(reading.marks) == {"blank", "blurred", "banded", "noise"}, (
            "no reference, no word on copies"
        )
        assert max(reading.marks.values()) < GATE, (name, reading.marks)


@pytest.mark.parametrize("colour", [(0, 0, 0), (127, 127, 127), (240, 230, 210)])
def test_a_failed_decoder_leaves_a_blank_picture(colour: tuple[int, int, int]) -> None:
    for size in ((512, 512), (2048, 1024), (64, 64), (1, 1), (3, 900)):
        assert blank(Image.new("RGB", size, colour)) == 1
    assert blank(Image.linear_gradient("L").resize((512, 512)).convert("RGB")) == 1, (
        "a gradient is no picture"
    )


def test_a_small_figure_on_an_empty_ground_is_not_blank(photos: dict[str, Image.Image]) -> None:
    picture = Image.new("RGB", (768, 768), (235, 235, 235))
    picture.paste(photos["astronaut"].crop((80, 0, 380, 400)).resize((300, 400)), (220, 300))
    assert blank(picture) < GATE


def test_blur_is_seen_in_pictures_of_any_size(pages: dict[str, Image.Image], photos: dict[str, Image.Image]) -> None:  # fmt: skip
    for name in ("flat", "watercolour", "astronaut"):
        picture = (pages | photos)[name]
        for scale in (1, 2):
            large = picture.resize((picture.width * scale, picture.height * scale), Image.Resampling.LANCZOS)
            soft = large.filter(ImageFilter.GaussianBlur(3 * max(large.size) / 512))
            assert blurred(soft) > GATE, name
            assert blurred(large) < GATE, name


def test_a_soft_background_is_no_blur(photos: dict[str, Image.Image]) -> None:
    sharp = photos["astronaut"]
    soft = sharp.filter(ImageFilter.GaussianBlur(6))
    soft.paste(sharp.crop((150, 0, 330, 300)), (150, 0))
    assert blurred(soft) < GATE


def test_a_gradient_in_few_steps_is_banded(pages: dict[str, Image.Image]) -> None:
    ramp = np.linspace(60, 220, 640)[:, None, None] * np.array([1.0, 0.8, 0.9])
    smooth = np.broadcast_to(ramp, (640, 640, 3)).copy()
    smooth[300:, 200:400] = np.asarray(pages["flat"])[300:, 200:400]
    steps = np.floor(smooth / 10) * 10 + 5
    assert banded(Image.fromarray(smooth.astype("uint8"))) < GATE
    assert banded(Image.fromarray(steps.astype("uint8"))) > GATE


def test_blocks_of_jpeg_are_banded(photos: dict[str, Image.Image]) -> None:
    assert banded(_jpeg(photos["astronaut"], 4)) > GATE
    assert banded(_jpeg(photos["astronaut"], 75)) < GATE


@pytest.mark.parametrize("upright", [True, False])
def test_a_seam_between_tiles_is_banded(photos: dict[str, Image.Image], upright: bool) -> None:
    seen = np.asarray(photos["coffee"], np.float32).copy()
    seen[:, 260:] += 7
    joined = Image.fromarray(np.clip(seen, 0, 255).astype("uint8"))
    assert banded(joined if upright else joined.transpose(Image.Transpose.TRANSPOSE)) > GATE


def test_pictures_that_were_never_cleaned_of_noise() -> None:
    chance = np.random.default_rng(0)
    white = chance.normal(128, 60, (640, 640, 3)).clip(0, 255).astype("uint8")
    patches = chance.normal(128, 50, (80, 80, 3)).clip(0, 255).astype("uint8")
    assert noise(Image.fromarray(white)) > GATE
    assert noise(Image.fromarray(patches).resize((640, 640), Image.Resampling.BICUBIC)) > GATE


def test_a_photo_learned_by_heart_is_found_again(photos: dict[str, Image.Image], pages: dict[str, Image.Image]) -> None:  # fmt: skip
    her, another = photos["astronaut"], photos["coffee"]
    cut = ImageOps.mirror(her.crop((60, 10, 480, 470)).resize((500, 548)))
    assert pasted(_jpeg(ImageEnhance.Brightness(cut).enhance(0.8), 30), her) > GATE
    page = pages["watercolour"].copy()
    page.paste(her.resize((250, 250)), (250, 40))
    assert pasted(page, her) > GATE, "as a part of the picture"
    assert pasted(another, her) < GATE
    assert pasted(pages["flat"], her) < GATE
    assert pasted(Image.new("RGB", (300, 300)), her) == 0
    reading = TechnicalReader().read(cut, Question(references=(another, her)))
    assert reading.marks["pasted"] > GATE, "the worst of several counts"


def test_heads_cut_off_by_the_edge() -> None:
    def head(x: float, y: float, w: float, h: float) -> Seen:
        return Seen(Box(x, y, w, 0.6), head=Box(x, y, w, h))

    whole, over, ended, side, hair = cut_heads(
        (
            head(0.4, 0.1, 0.2, 0.2),
            head(0.4, -0.1, 0.2, 0.2),
            head(0.4, 0.0, 0.2, 0.1),
            head(0.0, 0.3, 0.05, 0.2),
            head(0.4, -0.02, 0.2, 0.22),
        )
    )
    assert whole == 0
    assert over is not None
    assert over > GATE
    assert ended is not None
    assert ended > GATE
    assert side is not None
    assert side > GATE
    assert hair is not None
    assert 0 < hair < GATE, "hair may leave the page"
    assert cut_heads((Seen(Box(0, 0, 1, 1)),)) == (None,)
    assert cut_heads((head(0.4, -0.4, 0.2, 0.2),)) == (1.0,), "all of it is outside"


def _jpeg(picture: Image.Image, quality: int) -> Image.Image:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return Image.open(io.BytesIO(file.getvalue())).convert("RGB")
