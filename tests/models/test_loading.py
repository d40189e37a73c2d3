"""Where a base is found, and what is said when it is not."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from huggingface_hub import constants
from safetensors.torch import save_file

from storykin.errors import BadFile, BadInput
from storykin.models.loading import (
    INDEX,
    Base,
    find_base,
    header_of,
    keys_of,
    load_part,
    load_tokenizer,
    scheduler_of,
    shards_of,
    spelled,
    weights_in,
)
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


@pytest.mark.parametrize("name", ["./nowhere", "nowhere.safetensors", "a/b/c", "C:\\models\\x", "sdxl1"])
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
    with pytest.raises(BadFile, match="is cut off: "):
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
    with pytest.raises(BadInput, match="does not have it") as error:
        find_base(NAME, PARTS, NAME)
    assert NAME in error.value.message
    assert "--download" in error.value.hint
    with pytest.raises(BadInput, match=r"about 34 GB, licence FLUX\.1 \[dev\] Non-Commercial"):
        find_base("black-forest-labs/FLUX.1-dev", PARTS, NAME)


def test_half_a_model_in_the_cache_is_none(hub: Path) -> None:
    """As after a download that was cut off."""
    write_base(hub)
    next((hub / "vae").glob("*.safetensors")).unlink()
    with pytest.raises(BadInput, match=r"does not have all of it \(vae/\*\.safetensors is missing\)"):
        find_base(NAME, PARTS, NAME)


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


SHARDS = ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")
LATER = ("model.fp16-00001-of-00002.safetensors", "model.fp16-00002-of-00002.safetensors")
EARLIER = ("model-00001-of-00002.fp16.safetensors", "model-00002-of-00002.fp16.safetensors")


def write_shards(folder: Path, names: tuple[str, ...], index: str) -> None:
    (folder / index).write_text(json.dumps({"weight_map": dict(zip("ab", names, strict=True))}))
    for name in names:
        (folder / name).touch()


@pytest.mark.parametrize(
    ("names", "index"),
    [
        (SHARDS, "model.safetensors.index.json"),
        (LATER, "model.safetensors.index.fp16.json"),
        (EARLIER, "model.safetensors.index.fp16.json"),
    ],
)
def test_shards_must_all_be_there(names: tuple[str, str], index: str, tmp_path: Path) -> None:
    write_shards(tmp_path, names, index)
    assert shards_of(tmp_path) == tuple(tmp_path / name for name in names)
    (tmp_path / names[1]).unlink()
    assert not weights_in(tmp_path)
    with pytest.raises(BadFile, match=f"weights are missing: {names[1]}"):
        shards_of(tmp_path)


def test_whole_weights_come_before_half_precision_and_none_twice(tmp_path: Path) -> None:
    half = tmp_path / "model.fp16.safetensors"
    half.touch()
    assert weights_in(tmp_path) == (half,)
    write_shards(tmp_path, SHARDS, "model.safetensors.index.json")
    assert weights_in(tmp_path) == tuple(tmp_path / name for name in SHARDS)
    whole = tmp_path / "model.safetensors"
    whole.touch()
    assert weights_in(tmp_path) == (whole,)  # beside the index of shards that may be gone
    whole.unlink()
    (tmp_path / SHARDS[0]).unlink()
    assert weights_in(tmp_path) == (half,)
    (tmp_path / "model.non_ema.safetensors").touch()
    assert weights_in(tmp_path) == (half,)


def test_an_index_that_lists_nothing_is_no_weight(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors.index.json").write_text("{}")
    with pytest.raises(BadFile, match=r"weights are missing: \*\.safetensors"):
        shards_of(tmp_path)


def test_a_tokenizer_without_its_words_is_named(tmp_path: Path) -> None:
    """transformers would load it, and know no word."""
    folder = write_base(tmp_path / "model", tokenizer=["transformers", "CLIPTokenizer"])
    (folder / "tokenizer").mkdir()
    parts = (*PARTS, "tokenizer")
    (folder / "tokenizer" / "vocab.json").write_text("{}")
    with pytest.raises(BadFile, match=r"there is no tokenizer/vocab\.json with merges\.txt"):
        find_base(str(folder), parts, NAME)
    (folder / "tokenizer" / "tokenizer.json").write_text("{cut off")
    with pytest.raises(BadFile, match="model/tokenizer: cannot be loaded"):
        load_tokenizer(find_base(str(folder), parts, NAME), "tokenizer")


def test_a_link_to_nothing_is_no_weight(tmp_path: Path) -> None:
    """As in a cache of the hub from which somebody cleared the large files away."""
    (tmp_path / "model.safetensors").symlink_to(tmp_path / "blobs" / "0")
    assert not weights_in(tmp_path)


def test_a_part_without_settings_is_named(base: Path) -> None:
    (base / "vae" / "config.json").unlink()
    with pytest.raises(BadFile, match=r"there is no vae/config\.json"):
        find_base(str(base), PARTS, NAME)


def test_paths_are_taken_as_people_write_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base: Path
) -> None:
    strange = tmp_path / "Mein großer Ordner" / "Modell ä"
    strange.parent.mkdir()
    base.rename(strange)
    (tmp_path / "link").symlink_to(strange)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(strange.parent)
    for name in (str(strange), "Modell ä", "./Modell ä", "~/link", f"{strange}/"):
        found = find_base(name, PARTS, NAME)
        assert load_part(found, "vae", torch.float32).config.sample_size == 64


def test_a_folder_that_may_only_be_read_is_read(base: Path) -> None:
    folders = [base, *(path for path in base.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        load_part(find_base(str(base), PARTS, NAME), "vae", torch.float32)
    finally:
        for folder in folders:
            folder.chmod(0o755)


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="the superuser may read everything")
def test_a_folder_that_may_not_be_read_is_named(base: Path) -> None:
    base.parent.chmod(0)
    try:
        with pytest.raises(BadFile, match="may not be read: Permission denied"):
            find_base(str(base), PARTS, NAME)
    finally:
        base.parent.chmod(0o755)


@pytest.mark.parametrize(
    ("content", "said", "advice"),
    [
        (b"", "is empty", "load it down anew"),
        (b"\n<!DOCTYPE html><html>Please log in</html>", "is a web page, not weights", "login"),
        (b'{"error": "Unauthorized"}', "is a web page, not weights", "login"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:00",
            "is a pointer of Git LFS",
            "git lfs pull",
        ),
        (b"GGUF\x03\x00\x00\x00" + bytes(100), "is a GGUF file", "safetensors"),
        (b"PK\x03\x04" + bytes(100), "is a pickle", "safetensors"),
        (bytes(100), "is damaged or cut off", "load it down anew"),
        (b"\xff" * 100, "is damaged or cut off", "load it down anew"),
    ],
)
def test_what_is_no_weights_is_called_what_it_is(
    content: bytes, said: str, advice: str, base: Path, tmp_path: Path
) -> None:
    single = tmp_path / "mine.safetensors"
    single.write_bytes(content)
    with pytest.raises(BadFile, match=rf"mine\.safetensors: {said}") as error:
        header_of(single)
    assert advice in error.value.hint
    weights = next((base / "vae").glob("*.safetensors"))
    weights.write_bytes(content)
    with pytest.raises(BadFile, match=rf"vae/{weights.name}: {said}"):
        load_part(find_base(str(base), PARTS, NAME), "vae", torch.float32)


def test_the_header_is_that_of_the_library(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    save_file({"a": torch.zeros(2, 3), "b": torch.zeros(4, dtype=torch.bfloat16)}, path, {"of": "nobody"})
    found = header_of(path)
    assert found["a"] == {"dtype": "F32", "shape": [2, 3], "data_offsets": found["a"]["data_offsets"]}
    assert keys_of(path) == {"a", "b"}
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(BadFile, match=r"is cut off: \d+ of \d+ bytes are there"):
        keys_of(path)


def test_packed_files_for_painting_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "flux1-dev-Q4_0.gguf"
    path.write_bytes(b"GGUF")
    with pytest.raises(BadFile, match="is a GGUF file") as error:
        find_base(str(path), PARTS, NAME)
    assert "packed while it is read" in error.value.hint


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("sdxl", "stabilityai/stable-diffusion-xl-base-1.0"),
        ("https://huggingface.co/somebody/some-model/tree/main", NAME),
        (NAME, NAME),
        ("./models/mine", "./models/mine"),
    ],
)
def test_a_base_is_spelled_as_everybody_else_does(said: str, meant: str) -> None:
    assert spelled(said) == meant


def test_what_comes_along_makes_no_remarks() -> None:
    """On some processors bitsandbytes says on import what else could be installed; diffusers imports it."""
    pytest.importorskip("diffusers")
    program = "import storykin.models.loading, diffusers, peft, bitsandbytes"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "kernel" not in told.stdout + told.stderr
