"""Nets that look at pictures: which is taken, what is said when it is not here, and that it computes what its makers' code does."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("torch")
pytest.importorskip("transformers")

import torch

from storykin.errors import BadFile, BadInput
from storykin.models import seeing
from tests.critics.small_nets import small_clip, small_dino, small_owl, small_siglip

BUILDERS: dict[str, Callable[[Path], Path]] = {
    "clip": small_clip,
    "siglip": small_siglip,
    "dino": small_dino,
    "owl": small_owl,
}


@pytest.fixture(scope="module")
def nets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    home = tmp_path_factory.mktemp("nets")
    return {name: build(home / name) for name, build in BUILDERS.items()}


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The model hub's cache, empty."""
    import huggingface_hub

    def look(repository: str, name: str) -> str | None:
        found = tmp_path / f"models--{repository.replace('/', '--')}" / "snapshots" / "1" / name
        return str(found) if found.is_file() else None

    monkeypatch.setattr(huggingface_hub, "try_to_load_from_cache", look)
    return tmp_path


def kept(cache: Path, net: Path, name: str) -> Path:
    repository = seeing.NETS[name].repository.replace("/", "--")
    return Path(shutil.copytree(net, cache / f"models--{repository}" / "snapshots" / "1"))


def pictures(count: int = 3) -> list[Image.Image]:
    chance = np.random.default_rng(1)
    return [
        Image.fromarray(chance.integers(0, 256, (5, 7, 3), np.uint8)).resize((90 + 20 * number, 80), 3)
        for number in range(count)
    ]


def test_what_is_not_here_is_told_with_size_licence_and_command() -> None:
    for power, name in (("pictures", "dinov2"), ("words", "siglip2"), ("things", "owlv2")):
        with pytest.raises(BadInput) as told:
            seeing.find(power)  # type: ignore[arg-type]
        assert name in told.value.message
        assert seeing.NETS[name].licence in told.value.message
        assert "GB" in told.value.message
        assert told.value.hint == f"load it down with: storykin fetch {name}"


def test_the_best_that_is_here_is_taken(cache: Path, nets: dict[str, Path]) -> None:
    clip = kept(cache, nets["clip"], "clip")
    assert seeing.find("words") == seeing.find("pictures") == clip
    assert seeing.licence_of(clip) == "MIT"
    assert seeing.title_of(clip) == "CLIP-ViT-B-32-laion2B-s34B-b79K"
    dino = kept(cache, nets["dino"], "dinov2")
    assert seeing.find("pictures") == dino
    assert seeing.find("words") == clip
    assert seeing.find("pictures", "clip") == clip


def test_half_a_download_is_none(cache: Path, nets: dict[str, Path]) -> None:
    there = kept(cache, nets["siglip"], "siglip2")
    (there / "model.safetensors").unlink()
    with pytest.raises(BadInput, match="not on this machine"):
        seeing.find("words")


def test_a_folder_is_taken_if_it_can_do_that(nets: dict[str, Path], tmp_path: Path) -> None:
    assert seeing.find("pictures", str(nets["dino"])) == nets["dino"]
    with pytest.raises(BadFile, match="another kind"):
        seeing.find("things", str(nets["clip"]))
    with pytest.raises(BadFile, match=r"tokenizer\.json"):
        seeing.find("words", str(nets["dino"]))
    with pytest.raises(BadFile, match=r"config\.json"):
        seeing.find("pictures", str(tmp_path))
    with pytest.raises(BadInput, match="cannot do this"):
        seeing.find("things", "dinov2")
    with pytest.raises(BadInput, match="no such net"):
        seeing.find("words", "somebody/something")


@pytest.mark.parametrize("name", ["clip", "siglip"])
def test_words_and_pictures_are_compared_as_by_the_makers(name: str, nets: dict[str, Path]) -> None:
    from transformers import AutoModel

    eyes, shown, said = seeing.Eyes(nets[name]), pictures(), ["a picture of a dog", "a girl running", "beach"]
    own = eyes.pictures(shown) @ eyes.words(said).T * eyes.scale
    net = AutoModel.from_pretrained(nets[name]).eval()
    side, mean, spread = seeing.sight_of(nets[name])
    pixels = np.stack(
        [
            (
                np.asarray(one.resize((side, side), 3, reducing_gap=3.0), np.float32).transpose(2, 0, 1) / 255
                - mean
            )
            / spread
            for one in shown
        ]
    )
    told = seeing.tokens_of(seeing.load_tokenizer(nets[name]), said, net.config)
    with torch.no_grad():
        logits = net(pixel_values=torch.from_numpy(pixels), **told).logits_per_image
    theirs = (logits - getattr(net, "logit_bias", torch.zeros(1))).detach().numpy()
    assert own == pytest.approx(theirs, abs=1e-3)
    assert np.ptp(own) > 0.05


@pytest.mark.parametrize("name", ["clip", "siglip", "dino"])
def test_the_same_picture_has_always_the_same_unit_vector(name: str, nets: dict[str, Path]) -> None:
    rows = seeing.Eyes(nets[name]).pictures([*pictures(), *pictures()])
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(6), abs=1e-5)
    assert rows[:3] == pytest.approx(rows[3:], abs=1e-5)
    assert (rows[0] @ rows[1]) < 0.9999
    again = seeing.Eyes(nets[name]).pictures(pictures())
    assert again == pytest.approx(rows[:3], abs=1e-6)
    assert seeing.Eyes(nets[name]).pictures([]).shape[0] == 0


def test_long_texts_are_cut_off(nets: dict[str, Path]) -> None:
    for name in ("clip", "siglip"):
        assert seeing.Eyes(nets[name]).words(["dog running " * 200]).shape[0] == 1


@pytest.mark.parametrize("size", [(90, 60), (60, 90), (64, 64)])
def test_things_are_found_where_the_makers_find_them(size: tuple[int, int], nets: dict[str, Path]) -> None:
    from transformers import Owlv2ForObjectDetection

    words = ["a dog", "a girl"]
    picture = pictures(1)[0].resize(size)
    boxes, scores = seeing.Finder(nets["owl"], words).things(picture)
    net = Owlv2ForObjectDetection.from_pretrained(nets["owl"]).eval()
    _, mean, spread = seeing.sight_of(nets["owl"])
    square = Image.new("RGB", (max(size), max(size)))
    square.paste(picture)
    pixels = (
        np.asarray(square.resize((64, 64), 2, reducing_gap=3.0), np.float32).transpose(2, 0, 1) / 255 - mean
    ) / spread
    told = seeing.tokens_of(seeing.load_tokenizer(nets["owl"]), words, net.config)
    with torch.no_grad():
        found = net(pixel_values=torch.from_numpy(pixels[None]), **told)
    assert scores == pytest.approx(found.logits[0].sigmoid().numpy(), abs=1e-5)
    middle, extent = (part.numpy() * max(size) for part in found.pred_boxes[0].split(2, 1))
    left = np.clip((middle - extent / 2) / size, 0, 1)
    right = np.clip((middle + extent / 2) / size, 0, 1)
    assert boxes == pytest.approx(np.concatenate([left, right - left], 1), abs=1e-5)


def test_a_fingerprint_changes_with_one_weight(nets: dict[str, Path], tmp_path: Path) -> None:
    other = Path(shutil.copytree(nets["dino"], tmp_path / "other"))
    assert seeing.fingerprint(other) == seeing.fingerprint(nets["dino"])
    weights = bytearray((other / "model.safetensors").read_bytes())
    weights[-100] ^= 1
    (other / "model.safetensors").write_bytes(weights)
    assert seeing.fingerprint(other) != seeing.fingerprint(nets["dino"])


def test_damage_is_told(nets: dict[str, Path], tmp_path: Path) -> None:
    broken = Path(shutil.copytree(nets["dino"], tmp_path / "broken"))
    (broken / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(BadFile, match="cannot be loaded"):
        seeing.Eyes(broken)
    (broken / "preprocessor_config.json").write_text(json.dumps({"size": 3}))
    with pytest.raises(BadFile, match="does not say"):
        seeing.sight_of(broken)


class Hub:
    """A model hub that has these files."""

    def __init__(self, cache: Path, net: Path, name: str, files: list[str]) -> None:
        self.there, self.files, self.asked = cache, files, list[str]()
        self._net, self._name = net, seeing.NETS[name].repository.replace("/", "--")

    def list_repo_files(self, repository: str) -> list[str]:
        return self.files

    def load(self, repository: str, name: str) -> str:
        self.asked.append(name)
        to = self.there / f"models--{self._name}" / "snapshots" / "1" / name
        to.parent.mkdir(parents=True, exist_ok=True)
        if (self._net / name).exists():
            shutil.copy(self._net / name, to)
        return str(to)


def test_fetching_takes_no_pickles_and_happens_once(
    cache: Path, nets: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    import huggingface_hub

    names = [path.name for path in nets["clip"].iterdir()]
    hub = Hub(cache, nets["clip"], "clip", [*names, "pytorch_model.bin", "onnx/model.onnx", "README.md"])
    monkeypatch.setattr(huggingface_hub, "HfApi", lambda: hub)
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", hub.load)
    steps: list[Any] = []
    assert seeing.fetch("clip", lambda done, doing: steps.append(done)) is True
    assert sorted(hub.asked) == sorted(
        name for name in names if name.endswith((".json", ".txt", ".safetensors"))
    )
    assert hub.asked[-1] == "model.safetensors"
    assert steps[-1] == 1.0
    assert seeing.find("words")
    hub.asked.clear()
    assert seeing.fetch("clip", lambda done, doing: None) is False
    assert not hub.asked


def test_a_hub_without_safetensors_or_out_of_reach_is_told(
    cache: Path, nets: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    import huggingface_hub

    hub = Hub(cache, nets["dino"], "dinov2", ["config.json", "preprocessor_config.json", "pytorch_model.bin"])
    monkeypatch.setattr(huggingface_hub, "HfApi", lambda: hub)
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", hub.load)
    with pytest.raises(BadInput, match=r"no \.safetensors"):
        seeing.fetch("dinov2", lambda done, doing: None)

    def gone() -> Any:
        raise OSError("no route")

    monkeypatch.setattr(huggingface_hub, "HfApi", gone)
    with pytest.raises(BadInput, match="no route"):
        seeing.fetch("owlv2", lambda done, doing: None)


def test_cancelling_a_download_is_no_failure(
    cache: Path, nets: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    import huggingface_hub

    from storykin.errors import Cancelled

    hub = Hub(cache, nets["dino"], "dinov2", ["config.json"])
    monkeypatch.setattr(huggingface_hub, "HfApi", lambda: hub)

    def stop(done: float, doing: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        seeing.fetch("dinov2", stop)
