"""Faces score previews: the same person is more alike than another, and where nobody is, nothing is claimed."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from storykin.character import Character, Look, Outfit
from storykin.colours import CLOTHES, HAIR, nearest_word
from storykin.critics import Question
from storykin.critics.likening import similarity
from storykin.critics.people import PeopleReader
from storykin.likeness import (
    DrawnScorer,
    FaceScorer,
    ImageScorer,
    NetFaces,
    people_reader,
    prompt_reader,
    scorer_for,
    strangers,
)
from storykin.painters.sketch import Sketch
from storykin.raster import png_of
from storykin.scene import Box, Figure, Scene
from storykin.shot import Shot
from storykin.training.scoring import PlainScorer

skimage_data = pytest.importorskip("skimage.data")


@pytest.fixture(scope="module")
def her() -> Image.Image:
    return Image.fromarray(skimage_data.astronaut()).crop((80, 0, 380, 300))


@pytest.fixture(scope="module")
def another() -> Image.Image:
    return Image.fromarray(skimage_data.camera()).convert("RGB")


def test_the_same_face_in_other_light_is_alike(her: Image.Image) -> None:
    darker = ImageEnhance.Brightness(her).enhance(0.6).rotate(8)
    (found,) = FaceScorer().likeness([darker], [her])
    assert found is not None
    assert 0.65 < found <= 1


def test_nobody_is_none_and_no_references_are_none(her: Image.Image) -> None:
    meadow = Image.new("RGB", (200, 200), (40, 140, 50))
    assert FaceScorer().likeness([meadow, her], [her]) == [None, 1.0]
    assert FaceScorer().likeness([her], [meadow]) == [None]
    assert FaceScorer().likeness([her], []) == [None]


def test_references_are_read_once(her: Image.Image, monkeypatch: pytest.MonkeyPatch) -> None:
    from storykin.cast import nets

    scorer, calls, real = FaceScorer(), [], nets.find_faces
    monkeypatch.setattr(nets, "find_faces", lambda picture: calls.append(1) or real(picture))
    scorer.likeness([], [her])
    scorer.likeness([], [her])
    assert len(calls) == 1


def test_faces_are_compared_where_there_are_some(
    her: Image.Image, another: Image.Image, no_nets: None
) -> None:
    meadow = Image.new("RGB", (200, 200), (40, 140, 50))
    assert isinstance(scorer_for(True, [her, her]), FaceScorer)
    assert isinstance(scorer_for(True, [meadow, meadow]), PlainScorer)
    assert isinstance(scorer_for(True, []), PlainScorer)
    assert isinstance(scorer_for(False, [her, her]), PlainScorer)


# --- for the critic -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def portrait() -> Image.Image:
    return Image.fromarray(skimage_data.astronaut())


@pytest.fixture
def no_nets(monkeypatch: pytest.MonkeyPatch) -> None:
    huggingface_hub = pytest.importorskip("huggingface_hub")
    monkeypatch.setattr(huggingface_hub, "try_to_load_from_cache", lambda repository, name: None)


def test_the_critic_sees_in_a_portrait_what_the_cast_sees(portrait: Image.Image) -> None:
    reading = PeopleReader(NetFaces()).read(portrait, Question())
    assert reading.figures is not None
    (her,) = reading.figures
    assert her.sure > 0.8
    assert her.head is not None
    assert 0.25 < her.head.x < 0.35
    assert her.head.y < 0.08
    assert her.box.w > 0.6, "shoulders and all"
    assert nearest_word(her.palettes["hair"][0][0], HAIR) in {"light brown", "dark blond", "brown"}
    assert nearest_word(her.palettes["clothes"][0][0], CLOTHES) in {"coral", "orange", "rust", "red"}
    assert sum(share for _, share in her.palettes["clothes"]) == pytest.approx(1, abs=0.01)
    assert her.standing is None, "her feet are not in the picture"
    assert reading.read["identity"] == "people"
    assert "head to toe" in reading.unread["height"]


def test_the_critic_knows_a_face_again_and_no_other(portrait: Image.Image, another: Image.Image) -> None:
    def face(picture: Image.Image) -> tuple[float, ...]:
        reading = PeopleReader(NetFaces()).read(picture, Question())
        assert reading.figures
        return reading.figures[0].vectors["face"]

    known = face(portrait)
    changed = [
        ImageOps.mirror(portrait),
        ImageEnhance.Brightness(portrait).enhance(0.5),
        portrait.filter(ImageFilter.GaussianBlur(2)),
        portrait.crop((120, 0, 380, 300)),
        portrait.convert("L").convert("RGB"),
        portrait.resize((200, 200)),
    ]
    for one in changed:
        assert similarity("face", known, face(one)) > 0.7
    thumbnails = skimage_data.lfw_subset()[:4]
    for thumbnail in thumbnails:
        stranger = Image.new("RGB", (300, 300), (90, 90, 90))
        stranger.paste(Image.fromarray((thumbnail * 255).astype("uint8")).resize((200, 200), 3), (50, 50))
        assert similarity("face", known, face(stranger)) < 0.4


def test_two_people_have_a_body_each_and_stand_as_high_as_they_do() -> None:
    from tests.cast.people import HER, OTHERS, Standing
    from tests.cast.places import Photo, paint

    low, high = (
        Standing(HER, 0.07, (0.3, 0.32)),
        Standing(OTHERS[1], 0.08, (0.65, 0.25), clothes=(30, 60, 190)),
    )
    reading = PeopleReader(NetFaces()).read(paint(Photo(1200, 1200, "garden", (low, high))), Question())
    assert reading.figures is not None
    one, other = sorted(reading.figures, key=lambda figure: figure.box.x)
    assert one.box.overlap(other.box) < 0.02
    assert one.standing is not None
    assert other.standing is not None
    assert other.standing / one.standing == pytest.approx(0.08 / 0.07, abs=0.03)
    words = [nearest_word(figure.palettes["clothes"][0][0], CLOTHES) for figure in (one, other)]
    assert words[0] == "red"
    assert words[1].endswith("blue")


def test_where_nobody_is_nobody_is_seen() -> None:
    reading = PeopleReader(NetFaces()).read(Image.fromarray(skimage_data.chelsea()), Question())
    assert reading.figures == ()


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, no_nets: None) -> None:
    monkeypatch.setattr("storykin.likeness.can_see_faces", lambda: False)
    assert "storykin[cast]" in PeopleReader(NetFaces()).unready()
    reading = people_reader().read(Image.new("RGB", (60, 60)), Question())
    assert "storykin[cast]" in reading.unread["hair"]


def test_pictures_of_pets_are_compared_by_a_net_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch, no_nets: None, tmp_path: Path
) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    from tests.critics.small_nets import small_clip

    cat = Image.fromarray(skimage_data.chelsea())
    assert isinstance(scorer_for(False, [cat]), PlainScorer)
    assert prompt_reader() is None
    folder = small_clip(tmp_path / "clip")
    monkeypatch.setattr("storykin.models.seeing.find", lambda power, given="": folder)
    scorer = scorer_for(False, [cat])
    assert isinstance(scorer, ImageScorer)
    assert scorer.name.startswith("pictures by clip ")
    same, other = scorer.likeness([cat, Image.new("RGB", (80, 60), (200, 30, 40))], [cat])
    assert same == pytest.approx(1, abs=1e-3)
    assert other is not None
    assert 0 <= other < 0.999
    assert scorer.likeness([cat], []) == [None]
    reader = prompt_reader()
    assert reader is not None
    told = reader([cat, cat], ["a dog on a swing", "a girl in a red coat"])
    assert all(one is not None and 0 <= one <= 1 for one in told)


def test_strangers_are_all_kinds_and_always_the_same() -> None:
    drawn = strangers()
    assert len({one.tobytes() for one in drawn}) == len(drawn) >= 10
    assert all(one.size == (256, 256) for one in drawn)


# --- drawn people -------------------------------------------------------------------------------------


def drawn(who: Character, action: str = "standing", seed: int = 1) -> Image.Image:
    scene = Scene(
        "meadow", figures=(Figure(who.name, action, box=Box(0.3, 0.1, 0.4, 0.85)),), framing="medium"
    )
    shot = Shot(1, scene, (who,), seed=seed, width=256, height=256)
    content = png_of(Sketch().paint(shot, lambda done: None), Sketch.media_type, 256)
    return Image.open(io.BytesIO(content)).convert("RGB")


RED = Character("Red", Look("girl", 6, skin="fair", hair_colour="red", hair_style="pigtails"))
DARK = Character("Dark", Look("boy", 7, skin="dark", hair_colour="black", glasses="round"))


def test_drawn_people_are_known_again_in_other_clothes() -> None:
    pytest.importorskip("diffusers")
    scorer = DrawnScorer()
    references = [drawn(RED, action) for action in ("standing", "waving")]
    dressed = replace(RED, outfits=(Outfit("everyday", "a yellow raincoat"),))
    pictures = [drawn(dressed, "pointing"), drawn(DARK), Image.new("RGB", (256, 256), "white")]
    same, other, nobody = scorer.likeness(pictures, references)
    assert same is not None
    assert other is not None
    assert nobody is None
    assert same > 0.6
    assert other < 0.3
    assert scorer.likeness(pictures[:1], []) == [None]
    assert scorer.likeness(pictures[:1], pictures[2:]) == [None]


def test_a_base_that_paints_drawings_is_asked_about_drawn_figures(
    no_nets: None, her: Image.Image, another: Image.Image
) -> None:
    pytest.importorskip("diffusers")
    references = [drawn(RED), drawn(RED, "waving")]
    assert isinstance(scorer_for(True, [her, her.rotate(5)], drawn=True), FaceScorer)
    assert isinstance(scorer_for(False, [another, another.rotate(5)], drawn=True), PlainScorer)
    meadow = Image.new("RGB", (256, 256), "white")
    assert isinstance(scorer_for(True, references, drawn=True), DrawnScorer)
    assert isinstance(scorer_for(False, references, drawn=True), DrawnScorer)
    assert isinstance(scorer_for(True, [meadow, meadow], drawn=True), PlainScorer)
    assert isinstance(scorer_for(True, [], drawn=True), PlainScorer)
