"""FLUX.2 klein on a small model at the real architecture: what differs from FLUX.1, and the whole way once."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import Flux2KleinPipeline
from safetensors.torch import save_file

from storykin.models.quantising import quantise
from storykin.training.learners.flux2 import Flux2Learner, places
from storykin.training.verifying import verify
from tests.training.small_flux import (
    CAPTIONS,
    batch_of,
    by_diffusers,
    difference,
    flux2_net,
    heard_by,
    learn,
    original_flux2,
    pictures,
    recipe_of,
    save_flux2,
)

TOKENS = 48  # places for a caption and the words of the chat around it


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_flux2(tmp_path_factory.mktemp("flux2") / "base")


@pytest.fixture(scope="module")
def pipeline(folder: Path) -> Any:
    whole = Flux2KleinPipeline.from_pretrained(folder)
    whole.set_progress_bar_config(disable=True)
    return whole


@pytest.fixture
def learner(folder: Path) -> Flux2Learner:
    return learner_on(folder)


def learner_on(folder: Path, **more: Any) -> Flux2Learner:
    return Flux2Learner(str(folder), "cpu", torch.float32, caption_tokens=TOKENS, **more)


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(1)


def test_latents_are_what_the_pipeline_makes_of_a_picture(learner: Flux2Learner, pipeline: Any) -> None:
    with torch.no_grad():
        theirs = pipeline._encode_vae_image(pictures(), generator=None)
    latents = learner.encode_pictures(pictures())
    assert latents.shape == (4, 128, 4, 4)
    assert torch.allclose(latents, theirs, atol=1e-5)


def test_words_are_the_pipelines_though_the_encoders_last_layers_are_not_loaded(
    learner: Flux2Learner, pipeline: Any
) -> None:
    for caption, words in zip([*CAPTIONS, ""], learner.encode_captions([*CAPTIONS, ""]), strict=True):
        tokens, _ = pipeline.encode_prompt(caption, max_sequence_length=TOKENS)
        assert tokens.shape == (1, TOKENS, 3 * 16)
        assert torch.allclose(words["tokens"], tokens[0], atol=1e-4)
    assert len(learner._speaker.text_encoder.model.layers) == 28 < len(pipeline.text_encoder.model.layers)


def test_places_are_the_pipelines() -> None:
    assert torch.equal(
        places(4, 6, 1), Flux2KleinPipeline._prepare_latent_ids(torch.zeros(1, 128, 4, 6))[0].float()
    )
    assert torch.equal(
        places(1, 1, 7), Flux2KleinPipeline._prepare_text_ids(torch.zeros(1, 7, 48))[0].float()
    )


def test_the_net_is_fed_as_the_pipeline_feeds_it(learner: Flux2Learner) -> None:
    batch = batch_of(learner)
    learner.prepare(recipe_of(learner))
    calls = heard_by(learner._net)
    learner.loss(batch, seeded())
    learner.paint([CAPTIONS[0]], 1, 64, 64, 1)
    ours, theirs, unguided = calls
    for name in ("img_ids", "txt_ids"):
        assert torch.equal(ours[name], theirs[name][0].float()), name
    assert ours["hidden_states"].shape[1:] == theirs["hidden_states"].shape[1:]
    assert torch.equal(ours["encoder_hidden_states"][:1], theirs["encoder_hidden_states"])
    assert not torch.equal(unguided["encoder_hidden_states"], theirs["encoder_hidden_states"])
    assert theirs["timestep"] == 1
    assert ours["guidance"] is theirs["guidance"] is None


def test_the_loss_is_the_formula_around_the_bare_net(learner: Flux2Learner, pipeline: Any) -> None:
    batch = batch_of(learner)
    learner.prepare(recipe_of(learner))
    loss = learner.loss(batch, seeded())
    draws = seeded()
    times = torch.sigmoid(torch.randn(4, generator=draws))
    noise = torch.randn(batch.latents.shape, generator=draws)
    share = times.view(4, 1, 1, 1)
    pack = Flux2KleinPipeline._pack_latents
    with torch.no_grad():
        told = pipeline.transformer(
            hidden_states=pack((1 - share) * batch.latents + share * noise),
            encoder_hidden_states=batch.words["tokens"],
            timestep=times,
            img_ids=Flux2KleinPipeline._prepare_latent_ids(batch.latents),
            txt_ids=Flux2KleinPipeline._prepare_text_ids(batch.words["tokens"]),
        ).sample
    assert torch.allclose(loss, torch.nn.functional.mse_loss(told, pack(noise - batch.latents)), rtol=1e-4)


def test_the_adapter_begins_as_nothing_then_learns_changes_the_picture_and_fits_into_the_pipeline(
    learner: Flux2Learner, pipeline: Any, tmp_path: Path
) -> None:
    batch = batch_of(learner)
    parameters = learner.prepare(recipe_of(learner, checkpointing=False))
    assert len(parameters) == 2 * (2 * 12 + 2 * 2)

    def by_the_pipeline() -> Any:
        return pipeline(
            prompt=CAPTIONS[0],
            width=64,
            height=64,
            num_inference_steps=3,
            max_sequence_length=TOKENS,
            generator=seeded(),
        ).images[0]

    base = by_the_pipeline()
    assert difference(learner.paint(CAPTIONS[:1], 1, 64, 64, 3)[0], base) < 1
    losses = learn(learner, batch, parameters, 120)
    assert losses[-1] < 0.25 * losses[0]
    assert losses[-1] < 0.4  # that of a net which always says "nothing": 1
    (learned,) = learner.paint(CAPTIONS[:1], 1, 64, 64, 3)
    assert difference(learned, base) > 5

    path = tmp_path / "adapter.safetensors"
    learner.save(path, {name: one.detach() for name, one in parameters.items()}, {})
    verify(path, learner)
    pipeline.load_lora_weights(str(tmp_path), weight_name=path.name, adapter_name="ohwx_girl")
    assert difference(by_the_pipeline(), learned) < 1
    pipeline.unload_lora_weights()


def test_streaming_and_packing_change_little(folder: Path) -> None:
    whole, light = learner_on(folder), learner_on(folder)
    batch = batch_of(whole)
    whole.prepare(recipe_of(whole, checkpointing=False, precision="int8"))
    light.prepare(recipe_of(light, streamed_blocks=3, precision="int8"))
    assert torch.allclose(whole.loss(batch, seeded()), light.loss(batch, seeded()), rtol=1e-5)


def test_the_distilled_variant_is_painted_without_guidance(folder: Path, tmp_path: Path) -> None:
    distilled = tmp_path / "distilled"
    shutil.copytree(folder, distilled)
    index = json.loads((distilled / "model_index.json").read_text())
    (distilled / "model_index.json").write_text(json.dumps(index | {"is_distilled": True}))
    learner = learner_on(distilled)
    learner.prepare(recipe_of(learner))
    calls = heard_by(learner._net)
    learner.paint([CAPTIONS[0]], 1, 64, 64, 2)
    assert len(calls) == 2  # with guidance the net is asked twice a step


@pytest.mark.parametrize("precision", ["float32", "int8", "nf4"])
@pytest.mark.parametrize("prefix", ["", "model.diffusion_model."])
def test_a_single_file_is_read_as_diffusers_converts_it(
    precision: Any, prefix: str, folder: Path, tmp_path: Path
) -> None:
    wanted = flux2_net()
    original = original_flux2(wanted)
    wanted.load_state_dict(by_diffusers(original, 0, "flux2"))
    path = tmp_path / "klein.safetensors"
    save_file({f"{prefix}{name}": one for name, one in original.items()}, path)
    learner = Flux2Learner(str(path), "cpu", torch.float32, rest=str(folder), caption_tokens=TOKENS)
    found = learner._load_net(recipe_of(learner, precision=precision)).state_dict()
    there = (wanted if precision == "float32" else quantise(wanted, precision)).state_dict()
    assert found.keys() == there.keys()
    assert all(torch.equal(found[name], there[name]) for name in found)


@pytest.mark.parametrize("precision", ["int8", "bfloat16"])
def test_words_of_a_streamed_encoder_are_those_of_a_whole_one(precision: Any, folder: Path) -> None:
    whole, streamed = (
        learner_on(folder, encoder_precision=precision, stream_encoder=on) for on in (False, True)
    )
    first, second = (one.encode_captions(CAPTIONS) for one in (whole, streamed))
    assert all(torch.equal(one["tokens"], other["tokens"]) for one, other in zip(first, second, strict=True))
    assert streamed._speech is not None
    assert len(streamed._speech.waiting) == 28
    streamed.release_encoders()
    assert streamed._speech is None
