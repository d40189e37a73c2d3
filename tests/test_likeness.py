"""Faces score previews: the same person is more alike than another, and where nobody is, nothing is claimed."""

import pytest
from PIL import Image, ImageEnhance

from storykin.likeness import FaceScorer, scorer_for
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


def test_faces_are_compared_where_there_are_some(her: Image.Image, another: Image.Image) -> None:
    meadow = Image.new("RGB", (200, 200), (40, 140, 50))
    assert isinstance(scorer_for(True, [her, her]), FaceScorer)
    assert isinstance(scorer_for(True, [meadow, meadow]), PlainScorer)
    assert isinstance(scorer_for(True, []), PlainScorer)
    assert isinstance(scorer_for(False, [her, her]), PlainScorer)
