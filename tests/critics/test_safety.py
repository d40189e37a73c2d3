"""Safety: a classifier's labels become one score, half a reading never lets a picture pass, and without weights it says what to load down."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from storykin.critics import Question, safety
from storykin.critics.safety import CLASSIFIERS, SafetyReader, find, views_of
from storykin.errors import BadFile, BadInput
from storykin.models import seeing

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
from tests.critics.small_nets import small_clip  # noqa: E402

GREY = Image.new("RGB", (128, 128), (120, 120, 120))


def small_vit(folder: Path, labels: tuple[str, ...] = ("normal", "nsfw"), surely: str = "normal") -> Path:
    """A classifier of the usual architecture with random weights that is sure of one label."""
    import json

    from transformers import ViTConfig, ViTForImageClassification

    config = ViTConfig(
        hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2, image_size=32, patch_size=16,
        id2label=dict(enumerate(labels)), label2id={label: number for number, label in enumerate(labels)},
    )  # fmt: skip
    net = ViTForImageClassification(config)
    with torch.no_grad():
        net.classifier.weight.zero_()
        net.classifier.bias.fill_(-4.0)
        net.classifier.bias[labels.index(surely)] = 4.0
    net.save_pretrained(folder)
    sight = {"size": {"height": 32, "width": 32}, "image_mean": [0.5] * 3, "image_std": [0.5] * 3}
    (folder / "preprocessor_config.json").write_text(json.dumps(sight))
    return folder


@pytest.fixture
def nothing_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """No net in the hub's cache."""
    monkeypatch.setattr(safety, "_cached", lambda name: None)
    monkeypatch.setattr(seeing, "_cached", lambda name, power: None)


@pytest.mark.usefixtures("nothing_here")
def test_without_weights_it_says_what_to_load_down() -> None:
    reader = SafetyReader()
    assert "storykin fetch safety" in reader.unready()
    assert "Apache-2.0" in reader.unready()
    reading = reader.read(GREY, Question())
    assert "safety" not in reading.scores
    assert "storykin fetch safety" in reading.unread["safety"]


@pytest.mark.usefixtures("nothing_here")
@pytest.mark.parametrize(
    ("labels", "surely", "is_safe"),
    [
        (("normal", "nsfw"), "normal", True),
        (("normal", "nsfw"), "nsfw", False),
        (("sfw", "nsfw"), "nsfw", False),
        (("neutral", "low", "medium", "high"), "neutral", True),
        (("neutral", "low", "medium", "high"), "low", False),
        (("drawings", "hentai", "neutral", "porn", "sexy"), "drawings", True),
    ],
)
def test_all_labels_but_the_decent_ones_count_against_it(
    tmp_path: Path, labels: tuple[str, ...], surely: str, is_safe: bool
) -> None:
    reader = SafetyReader(str(small_vit(tmp_path, labels, surely)))
    assert reader.unready() == ""
    reading = reader.read(GREY, Question())
    assert (reading.scores["safety"] > 0.95) is is_safe
    assert reading.read == {"safety": "safety"}
    assert "fright" in reading.unread, "violence was not looked for, and that is said"
    reader.close()
    assert reader.read(GREY, Question()) == reading


@pytest.mark.usefixtures("nothing_here")
def test_another_classifier_is_another_revision(tmp_path: Path) -> None:
    one = SafetyReader(str(small_vit(tmp_path / "one")))
    other = SafetyReader(str(small_vit(tmp_path / "other", surely="nsfw")))
    assert one.revision != other.revision


@pytest.mark.usefixtures("nothing_here")
def test_folders_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"config\.json"):
        find(str(tmp_path))
    with pytest.raises(BadInput, match="no such classifier"):
        find("nobody/knows-this")
    cats = SafetyReader(str(small_vit(tmp_path / "cats", ("cat", "dog"), "cat")))
    with pytest.raises(BadFile, match="nothing of nudity"):
        cats.read(GREY, Question())
    assert all(one.licence in {"MIT", "Apache-2.0"} for one in CLASSIFIERS.values())


def test_words_against_fright_may_stop_a_picture_and_alone_never_pass_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safety, "_cached", lambda name: None)
    clip = str(small_clip(tmp_path / "clip"))
    reader = SafetyReader(words=clip)
    assert reader.unready() == ""

    def found(chance: float) -> Any:
        monkeypatch.setattr(SafetyReader, "_fright", lambda self, folder, views: [chance])
        return reader.read(GREY, Question())

    assert found(0.9).scores["safety"] == pytest.approx(0.1)
    assert "safety" not in found(0.01).scores
    assert "nudity" in found(0.01).unread["safety"]
    reader = SafetyReader(str(small_vit(tmp_path / "vit")), clip)
    assert found(0.01).scores["safety"] > 0.95
    assert found(0.9).scores["safety"] == pytest.approx(0.1), "the worse of the two counts"
    assert not found(0.9).unread


def test_the_contest_of_words_runs_on_a_real_architecture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    reader = SafetyReader(str(small_vit(tmp_path / "vit")), str(small_clip(tmp_path / "clip")))
    first = reader.read(GREY, Question())
    assert 0 <= first.scores["safety"] <= 1
    assert reader.read(GREY, Question()) == first

    class Planted:
        """Sees blood in everything."""

        scale = 100.0

        def __init__(self, folder: Path) -> None:
            self.folder = folder

        def words(self, texts: list[str]) -> Any:
            rows = torch.eye(2)[[int("blood" not in text) for text in texts]]
            return rows.numpy()

        def pictures(self, pictures: list[Image.Image]) -> Any:
            return torch.eye(2)[[0] * len(pictures)].numpy()

    monkeypatch.setattr(seeing, "Eyes", Planted)
    reader.close()
    assert reader.read(GREY, Question()).scores["safety"] < 0.05


def test_halves_of_a_spread_are_looked_at_too() -> None:
    assert [one.size for one in views_of(Image.new("RGB", (401, 200)))] == [
        (401, 200),
        (200, 200),
        (201, 200),
    ]
    assert len(views_of(Image.new("RGB", (200, 200)))) == 1
