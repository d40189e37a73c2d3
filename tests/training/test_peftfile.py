"""Files of FLUX adapters: names, header, what never gets in, and the real nets' layers."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from storykin.errors import BadFile
from storykin.families import FAMILIES, POCKET
from storykin.recipe import Recipe
from storykin.training import peftfile
from storykin.training.learners.flux import FluxLearner
from storykin.training.learners.flux2 import Flux2Learner
from storykin.training.verifying import verify
from tests.training.small_flux import header_of

FLUX = FAMILIES["flux-dev"]
RECIPE = replace(Recipe.of(FLUX), rank=4, alpha=4)
STATE = {
    "transformer_blocks.0.attn.to_q.lora_A.weight": torch.randn(4, 6),
    "transformer_blocks.0.attn.to_q.lora_B.weight": torch.randn(8, 4),
}
REAL: dict[str, dict[str, Any]] = {
    # transformer/config.json of black-forest-labs/FLUX.1-dev; what is not said is diffusers' default
    "flux-dev": {"guidance_embeds": True},
    # Klein4BParams of black-forest-labs/flux2, in diffusers' words
    "flux2-klein": {
        "num_layers": 5,
        "num_single_layers": 20,
        "num_attention_heads": 24,
        "joint_attention_dim": 7680,
        "guidance_embeds": False,
    },
}


def changed(tensors: dict[str, torch.Tensor], prefix: str = "") -> torch.Tensor:
    name = f"{prefix}transformer_blocks.0.attn.to_q"
    return tensors[f"{name}.lora_B.weight"].float() @ tensors[f"{name}.lora_A.weight"].float()


def real_learner(name: str) -> FluxLearner:
    """A learner whose net has the real model's shape and no weights."""
    learner = {"flux-dev": FluxLearner, "flux2-klein": Flux2Learner}[name]()
    with torch.device("meta"):
        learner._net = learner._net_class()(**REAL[name])
    learner._recipe = RECIPE
    learner._scheduler = lambda: None  # type: ignore[method-assign]  the base itself is not here
    return learner


@pytest.fixture(autouse=True)
def no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Flux2Learner, "_is_distilled", lambda _: False)


def test_the_names_are_pefts_and_there_is_no_alpha(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    peftfile.write(path, STATE, FLUX, RECIPE, {})
    assert set(load_file(path)) == {f"transformer.{name}" for name in STATE}
    assert "lora_adapter_metadata" not in header_of(path)


def test_the_same_training_makes_the_same_file(tmp_path: Path) -> None:
    """safetensors alone shuffles the header's words from process to process."""
    path = tmp_path / "a.safetensors"
    peftfile.write(path, STATE, FLUX, RECIPE, {"modelspec.trigger_phrase": "zvoqk"})
    assert list(header_of(path)) == sorted(header_of(path))
    once = path.read_bytes()
    peftfile.write(path, STATE, FLUX, RECIPE, {"modelspec.trigger_phrase": "zvoqk"})
    assert path.read_bytes() == once


def test_an_alpha_that_is_not_the_rank_goes_into_the_weights(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    peftfile.write(path, STATE, FLUX, replace(RECIPE, alpha=2), {})
    assert torch.allclose(changed(load_file(path), "transformer."), 0.5 * changed(STATE), atol=5e-3)
    assert header_of(path)["ss_network_alpha"] == header_of(path)["ss_network_dim"] == "4"


def test_a_change_too_small_for_half_precision_survives_it(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    (down, first), (up, second) = STATE.items()
    small = {down: first, up: second * 1e-8}
    peftfile.write(path, small, FLUX, RECIPE, {})
    assert torch.allclose(changed(load_file(path), "transformer."), changed(small), rtol=1e-2, atol=1e-10)


def test_a_number_that_is_not_finite_is_not_written(tmp_path: Path) -> None:
    (down, first), (up, second) = STATE.items()
    with pytest.raises(BadFile, match=r"to_q holds a number that is not finite"):
        peftfile.write(tmp_path / "a.safetensors", {down: first, up: second * torch.nan}, FLUX, RECIPE, {})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("family", ["flux-dev", "flux2-klein"])
def test_the_header_says_what_it_is(family: str) -> None:
    said = peftfile.header(FAMILIES[family], RECIPE, {"modelspec.trigger_phrase": "ohwx girl"})
    assert (
        said["modelspec.architecture"]
        == {"flux-dev": "flux-1-dev/lora", "flux2-klein": "Flux.2-klein-4b/lora"}[family]
    )
    assert said["modelspec.sai_model_spec"] == "1.0.0"
    assert re.fullmatch(r"\d+x\d+", said["modelspec.resolution"])
    assert said["modelspec.trigger_phrase"] == "ohwx girl"
    assert all(isinstance(value, str) for value in said.values())


def test_no_private_word_gets_into_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    canaries = {
        "modelspec.title": "Canary at the seaside",
        "modelspec.author": "canary",
        "ss_dataset_dirs": '{"/home/canary/photos": 1}',
        "ss_tag_frequency": '{"canary": {"a girl": 3}}',
        "modelspec.trigger_phrase": "/home/canary/photos",
        "modelspec.resolution": "canary",
        "modelspec.date": "canary",
        "ss_output_name": "canary",
    }
    peftfile.write(path, STATE, FLUX, RECIPE, canaries)
    assert b"canary" not in path.read_bytes().lower()


@pytest.mark.parametrize(
    ("family", "layers"), [("flux-dev", 19 * 12 + 38 * 5), ("flux2-klein", 5 * 12 + 20 * 2)]
)
def test_at_the_real_size_every_layer_exists_and_every_tensor_arrives(
    family: str, layers: int, tmp_path: Path
) -> None:
    learner = real_learner(family)
    targets = learner.targets(learner._net)
    assert len(set(targets)) == len(targets) == layers
    sizes = {name: learner._net.get_submodule(name) for name in targets}
    assert all(isinstance(layer, torch.nn.Linear) for layer in sizes.values())
    state = {}
    for name, layer in sizes.items():
        state[f"{name}.lora_A.weight"] = torch.randn(2, layer.in_features)
        state[f"{name}.lora_B.weight"] = torch.randn(layer.out_features, 2)
    learner._recipe = replace(RECIPE, rank=2, alpha=2)
    path = tmp_path / "real.safetensors"
    learner.save(path, state, {})
    verify(path, learner, state)
    state[f"{targets[-1]}.lora_B.weight"][:100] *= 1.1
    with pytest.raises(BadFile, match=re.escape(targets[-1])):
        verify(path, learner, state)


def test_no_layer_of_the_blocks_is_left_out_but_norms_and_modulation() -> None:
    for family in REAL:
        learner = real_learner(family)
        taught = set(learner.targets(learner._net))
        inside = {
            name
            for name, layer in learner._net.named_modules()
            if isinstance(layer, torch.nn.Linear) and "_blocks." in f".{name}"
        }
        assert all(".norm" in name for name in inside - taught)
        assert taught <= inside


def test_an_adapter_of_the_packaged_base_is_not_offered_as_one_of_flux() -> None:
    said = peftfile.header(FLUX, replace(RECIPE, base=POCKET.base), {})
    assert said["modelspec.architecture"] == f"{POCKET.base}/lora"
    assert said["ss_base_model_version"] == POCKET.base.replace("-", "_")
    assert "FLUX" not in said["modelspec.title"]
