"""Where a base is found, and what is said when it is not."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from huggingface_hub import constants
from safetensors.torch import save_file

from storykin.errors import BadFile, BadInput
from storykin.training import loading
from storykin.training.loading import INDEX, Base, find_base, load_part, scheduler_of
from tests.training.small_sd import small_vae

NAME = "somebody/some-model"
PARTS = ("vae", "scheduler")


def write_base(folder: Path, **entries: Any) -> Path:
    """A base of a VAE and a scheduler."""
    small_vae(0.18215).save_pretrained(folder / "vae")
    (folder / "scheduler").mkdir()
    settings = {"_class_name": "PNDMScheduler", "prediction_type": "epsilon"}
    (folder / "scheduler" / "scheduler_config.json").write_text(json.dumps(settings))
    index = {"vae": ["diffusers", "AutoencoderKL"], "scheduler": ["diffusers", "PNDMScheduler"], **entries}
    (folder / INDEX).write_text(json.dumps(index))
    return folder


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return write_base(tmp_path / "model")


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of one model's snapshot in an otherwise empty cache of the hub, offline."""
    cache = tmp_path / "hub"
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    model = cache / "models--somebody--some-model"
    (model / "refs").mkdir(parents=True)
    (model / "refs" / "main").write_text("0" * 40)
    snapshot = model / "snapshots" / ("0" * 40)
    snapshot.mkdir(parents=True)
    return snapshot


def test_a_folder_is_taken_as_it_is(base: Path) -> None:
    found = find_base(str(base), PARTS, "no/matter")
    assert found == Base(base)
    net = load_part(found, "vae", torch.float32)
    assert not any(one.requires_grad for one in net.parameters())
    assert not net.training


def test_what_a_folder_lacks_is_named(base: Path) -> None:
    with pytest.raises(BadFile, match="there is no unet"):
        find_base(str(base), ("unet", *PARTS), "no/matter")
    next((base / "vae").glob("*.safetensors")).unlink()
    with pytest.raises(BadFile, match=r"there is no vae/\*\.safetensors"):
        find_base(str(base), PARTS, "no/matter")
    (base / INDEX).unlink()
    with pytest.raises(BadFile, match=r"there is no model_index\.json"):
        find_base(str(base), PARTS, "no/matter")


@pytest.mark.parametrize("name", ["./nowhere", "nowhere.safetensors", "a/b/c", "C:\\models\\x", "sdxl"])
def test_a_path_to_nothing_is_not_asked_of_the_hub(name: str, hub: Path) -> None:
    with pytest.raises(BadFile, match="there is no such folder or file"):
        find_base(name, PARTS, NAME)


def test_pickles_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "old.ckpt").write_bytes(b"cos\nsystem\n")
    with pytest.raises(BadFile, match=r"is no \.safetensors file"):
        find_base(str(tmp_path / "old.ckpt"), PARTS, NAME)


def test_a_cut_off_file_is_named(base: Path) -> None:
    path = next((base / "vae").glob("*.safetensors"))
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(BadFile, match="vae cannot be loaded"):
        load_part(find_base(str(base), PARTS, NAME), "vae", torch.float32)


def test_a_checkpoint_without_a_part_is_named(base: Path, tmp_path: Path) -> None:
    save_file({"model.diffusion_model.out.2.bias": torch.zeros(4)}, tmp_path / "half.safetensors")
    found = find_base(str(tmp_path / "half.safetensors"), PARTS, str(base))
    with pytest.raises(BadFile, match=r"half\.safetensors: vae"):
        load_part(found, "vae", torch.float32)


def test_parts_from_elsewhere_are_not_run(tmp_path: Path) -> None:
    folder = write_base(tmp_path / "model", vae=["my_code", "Vae"])
    with pytest.raises(BadFile, match="comes from 'my_code'"):
        load_part(find_base(str(folder), PARTS, NAME), "vae", torch.float32)


def test_the_cache_is_enough(hub: Path) -> None:
    write_base(hub)
    assert find_base(NAME, PARTS, NAME).folder == hub


def test_half_precision_files_of_the_cache_are_read(hub: Path) -> None:
    write_base(hub)
    path = next((hub / "vae").glob("*.safetensors"))
    path.rename(path.with_name("diffusion_pytorch_model.fp16.safetensors"))
    assert load_part(find_base(NAME, PARTS, NAME), "vae", torch.float32).dtype == torch.float32


def test_neither_cache_nor_hub(hub: Path) -> None:
    with pytest.raises(BadInput, match="does not have it, and the model hub cannot be reached") as error:
        find_base(NAME, PARTS, NAME)
    assert NAME in error.value.message
    assert "connect to the internet once" in error.value.hint


def test_half_a_model_in_the_cache_is_none(hub: Path) -> None:
    """As after a download that was cut off."""
    write_base(hub)
    next((hub / "vae").glob("*.safetensors")).unlink()
    with pytest.raises(BadInput, match="does not have all of it"):
        find_base(NAME, PARTS, NAME)


def test_a_hub_that_does_not_answer(hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)

    def refuse(*_: Any, **__: Any) -> None:
        raise ConnectionError("no route to host")

    monkeypatch.setattr("huggingface_hub.HfApi.list_repo_files", refuse)
    with pytest.raises(BadInput, match="cannot be reached"):
        find_base(NAME, PARTS, NAME)


@pytest.mark.parametrize(
    ("kind", "said"),
    [("GatedRepoError", "terms accepted first"), ("RepositoryNotFoundError", "no such model")],
)
def test_what_the_hub_refuses_is_said(
    kind: str, said: str, hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import errors

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)

    def refuse(*_: Any, **__: Any) -> None:
        error: type[Exception] = getattr(errors, kind)
        raise error.__new__(error)

    monkeypatch.setattr("huggingface_hub.HfApi.list_repo_files", refuse)
    with pytest.raises(BadInput, match=said) as caught:
        find_base(NAME, PARTS, NAME)
    assert "hf auth login" in caught.value.hint


def test_a_single_file_needs_settings_and_says_where_from(hub: Path, tmp_path: Path) -> None:
    save_file({"a": torch.zeros(1)}, tmp_path / "mine.safetensors")
    with pytest.raises(
        BadInput, match=r"mine\.safetensors: is read with the settings and tokenizers of somebody/"
    ):
        find_base(str(tmp_path / "mine.safetensors"), PARTS, NAME)


def test_settings_may_come_without_weights(hub: Path, tmp_path: Path) -> None:
    write_base(hub)
    next((hub / "vae").glob("*.safetensors")).unlink()
    save_file({"a": torch.zeros(1), "v_pred": torch.zeros(0)}, tmp_path / "mine.safetensors")
    found = find_base(str(tmp_path / "mine.safetensors"), PARTS, NAME)
    assert found == Base(hub, tmp_path / "mine.safetensors")
    assert scheduler_of(found)["prediction_type"] == "v_prediction"


def test_only_what_training_needs_is_loaded_down() -> None:
    """Names as in the repository of Stable Diffusion 1.5."""
    names = [
        INDEX, "README.md", "v1-5-pruned.safetensors", "scheduler/scheduler_config.json",
        "tokenizer/merges.txt", "tokenizer/vocab.json", "safety_checker/model.safetensors",
        "unet/config.json", "unet/diffusion_pytorch_model.bin", "unet/diffusion_pytorch_model.safetensors",
        "unet/diffusion_pytorch_model.fp16.safetensors", "unet/diffusion_pytorch_model.non_ema.safetensors",
        "vae/config.json", "vae/diffusion_pytorch_model.safetensors",
        "text_encoder/config.json", "text_encoder/model-00001-of-00002.safetensors",
        "text_encoder/model-00002-of-00002.safetensors", "text_encoder/model.safetensors.index.json",
    ]  # fmt: skip
    wanted = set(loading._wanted(names, ("unet", "vae", "text_encoder"), weights=True))
    assert set(names) - wanted == {
        "README.md",
        "v1-5-pruned.safetensors",
        "safety_checker/model.safetensors",
        "unet/diffusion_pytorch_model.bin",
        "unet/diffusion_pytorch_model.safetensors",
        "unet/diffusion_pytorch_model.non_ema.safetensors",
    }
    settings = loading._wanted(names, ("unet", "vae", "text_encoder"), weights=False)
    assert not [name for name in settings if name.endswith(".safetensors")]


def test_shards_must_all_be_there(tmp_path: Path) -> None:
    shards = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    (tmp_path / "model.safetensors.index.json").write_text(
        json.dumps({"weight_map": dict(zip("ab", shards, strict=True))})
    )
    (tmp_path / shards[0]).touch()
    assert not loading._whole(tmp_path)
    (tmp_path / shards[1]).touch()
    assert loading._whole(tmp_path)
