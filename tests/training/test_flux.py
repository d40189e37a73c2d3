"""FLUX.1 on a small model at the real architecture: what it feeds, that it learns, paints and writes, against diffusers' pipeline."""

import gc
import shutil
import subprocess
import sys
import weakref
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import FluxPipeline
from safetensors.torch import save_file

from storykin.errors import BadFile
from storykin.models import quantising, streaming
from storykin.models.quantising import QuantisedLinear, quantise
from storykin.training.learners import learner_named
from storykin.training.learners.flux import ROOMY, TINY, FluxLearner, pack, places, unpack
from storykin.training.verifying import verify
from tests.training.small_flux import (
    CAPTIONS,
    batch_of,
    by_diffusers,
    difference,
    flux_net,
    heard_by,
    learn,
    original_flux,
    pictures,
    recipe_of,
    save_flux,
)

TOKENS = 32  # places for a caption, so that a step of the small net is quick


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_flux(tmp_path_factory.mktemp("flux") / "base")


@pytest.fixture(scope="module")
def pipeline(folder: Path) -> Any:
    whole = FluxPipeline.from_pretrained(folder)
    whole.set_progress_bar_config(disable=True)
    return whole


@pytest.fixture
def learner(folder: Path) -> FluxLearner:
    return learner_on(folder)


def learner_on(folder: Path, dtype: torch.dtype = torch.float32, **more: Any) -> FluxLearner:
    return FluxLearner(str(folder), "cpu", dtype, caption_tokens=TOKENS, **more)


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(1)


# what goes in


def test_latents_are_the_vaes_shifted_and_scaled(learner: FluxLearner, pipeline: Any) -> None:
    with torch.no_grad():
        mode = pipeline.vae.encode(pictures()).latent_dist.mode()
    latents = learner.encode_pictures(pictures())
    assert latents.shape == (4, 16, 8, 8)
    assert torch.allclose(latents, (mode - 0.1159) * 0.3611, atol=1e-5)


def test_latents_decode_to_the_picture_as_the_pipeline_decodes(learner: FluxLearner, pipeline: Any) -> None:
    latents = learner.encode_pictures(pictures())
    there = latents / pipeline.vae.config.scaling_factor + pipeline.vae.config.shift_factor
    with torch.no_grad():
        again, straight = pipeline.vae.decode(there).sample, pipeline.vae(pictures()).sample
    assert torch.allclose(again, straight, atol=1e-4)


def test_words_are_the_pipelines_for_each_caption_by_itself(learner: FluxLearner, pipeline: Any) -> None:
    for caption, words in zip([*CAPTIONS, ""], learner.encode_captions([*CAPTIONS, ""]), strict=True):
        tokens, pooled, _ = pipeline.encode_prompt(caption, max_sequence_length=TOKENS)
        assert torch.allclose(words["tokens"], tokens[0], atol=1e-5)
        assert torch.allclose(words["pooled"], pooled[0], atol=1e-5)


def test_a_caption_has_512_places_unless_told_otherwise(folder: Path) -> None:
    (words,) = FluxLearner(str(folder), "cpu", torch.float32).encode_captions(["a girl"])
    assert words["tokens"].shape[0] == 512


def test_t5_in_8_bits_says_nearly_the_same(folder: Path, learner: FluxLearner) -> None:
    full, packed = (
        one.encode_captions(CAPTIONS[:1])[0]["tokens"]
        for one in (learner, learner_on(folder, encoder_precision="int8"))
    )
    assert not torch.equal(full, packed)
    assert (full - packed).norm() / full.norm() < 0.03


def test_packing_is_the_pipelines() -> None:
    latents = torch.randn(2, 16, 8, 12)
    assert torch.equal(pack(latents), FluxPipeline._pack_latents(latents, 2, 16, 8, 12))
    assert torch.equal(unpack(pack(latents), 8, 12), latents)
    assert torch.equal(places(4, 6), FluxPipeline._prepare_latent_image_ids(1, 4, 6, "cpu", torch.float32))


def test_the_net_is_fed_as_the_pipeline_feeds_it(learner: FluxLearner) -> None:
    batch = batch_of(learner)
    learner.prepare(recipe_of(learner))
    calls = heard_by(learner._net)
    learner.loss(batch, seeded())
    learner.paint([CAPTIONS[0]], 1, 64, 64, 2)
    ours, theirs = calls[0], calls[1]
    for name in ("img_ids", "txt_ids"):
        assert torch.equal(ours[name], theirs[name]), name
    for name in ("hidden_states", "encoder_hidden_states", "pooled_projections"):
        assert ours[name].shape[1:] == theirs[name].shape[1:], name
    assert torch.equal(ours["encoder_hidden_states"][:1], theirs["encoder_hidden_states"])
    assert torch.equal(ours["pooled_projections"][:1], theirs["pooled_projections"])
    assert theirs["timestep"] == 1  # both count from 0 to 1; the net itself multiplies by 1000
    assert bool(((ours["timestep"] > 0) & (ours["timestep"] < 1)).all())
    assert ours["guidance"].tolist() == [1.0] * 4
    assert theirs["guidance"].tolist() == [3.5]


def test_the_loss_is_the_formula_around_the_bare_net(learner: FluxLearner, pipeline: Any) -> None:
    batch = batch_of(learner)
    learner.prepare(recipe_of(learner))
    loss = learner.loss(batch, seeded())
    draws = seeded()
    times = torch.sigmoid(torch.randn(4, generator=draws))
    noise = torch.randn(batch.latents.shape, generator=draws)
    share = times.view(4, 1, 1, 1)
    with torch.no_grad():
        told = pipeline.transformer(
            hidden_states=FluxPipeline._pack_latents(
                (1 - share) * batch.latents + share * noise, 4, 16, 8, 8
            ),
            encoder_hidden_states=batch.words["tokens"],
            pooled_projections=batch.words["pooled"],
            timestep=times,
            guidance=torch.ones(4),
            img_ids=FluxPipeline._prepare_latent_image_ids(4, 4, 4, "cpu", torch.float32),
            txt_ids=torch.zeros(TOKENS, 3),
        ).sample
    wanted = FluxPipeline._pack_latents(noise - batch.latents, 4, 16, 8, 8)
    assert torch.allclose(loss, torch.nn.functional.mse_loss(told, wanted), rtol=1e-4)


# learning


def test_the_adapter_begins_as_nothing_then_learns_changes_the_picture_and_fits_into_the_pipeline(
    learner: FluxLearner, pipeline: Any, tmp_path: Path
) -> None:
    batch = batch_of(learner)
    parameters = learner.prepare(recipe_of(learner, checkpointing=False))
    assert {one.dtype for one in parameters.values()} == {torch.float32}
    assert (
        sum(one.requires_grad for one in learner._net.parameters()) == len(parameters) == 2 * (2 * 12 + 2 * 5)
    )

    def by_the_pipeline() -> Any:
        return pipeline(
            CAPTIONS[0],
            width=64,
            height=64,
            num_inference_steps=3,
            max_sequence_length=TOKENS,
            generator=seeded(),
        ).images[0]

    base = by_the_pipeline()
    assert difference(learner.paint(CAPTIONS[:1], 1, 64, 64, 3)[0], base) == 0
    losses = learn(learner, batch, parameters, 100)
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


def test_a_file_that_is_not_the_adapter_is_refused(learner: FluxLearner, tmp_path: Path) -> None:
    parameters = learner.prepare(recipe_of(learner))
    state = {name: torch.randn_like(one) for name, one in parameters.items()}
    path = tmp_path / "adapter.safetensors"
    learner.save(path, dict(list(state.items())[2:]), {})
    with pytest.raises(BadFile, match="read back"):
        verify(path, learner, state)
    learner.save(path, state, {})
    verify(path, learner, state)
    with pytest.raises(BadFile, match="read back"):
        verify(path, learner)  # what is in the net is still untrained


@pytest.mark.parametrize("precision", ["int8", "nf4"])
def test_a_packed_base_learns_too(precision: Any, learner: FluxLearner) -> None:
    batch = batch_of(learner)
    parameters = learner.prepare(recipe_of(learner, precision=precision))
    assert any(isinstance(layer, QuantisedLinear) for layer in learner._net.modules())
    losses = learn(learner, batch, parameters, 15)
    assert losses[-1] < 0.6 * losses[0]


@pytest.mark.parametrize(
    "changes", [{"checkpointing": True}, {"streamed_blocks": 3}, {"streamed_blocks": 4, "precision": "int8"}]
)
def test_checkpointing_and_streaming_change_nothing_but_memory(changes: dict[str, Any], folder: Path) -> None:
    found = []
    for more in ({"checkpointing": False, "precision": changes.get("precision", "bfloat16")}, changes):
        learner = learner_on(folder)
        batch = batch_of(learner)
        parameters = learner.prepare(recipe_of(learner, **more))
        learn(learner, batch, parameters, 2)  # an adapter that is still zero would hide half of the gradients
        loss = learner.loss(batch, seeded())
        loss.backward()
        found.append((loss.detach(), [one.grad for one in parameters.values()]))
    (plain, felt), (other, felt_other) = found
    assert torch.allclose(plain, other, rtol=1e-5)
    for one, two in zip(felt, felt_other, strict=True):
        assert torch.allclose(one, two, rtol=1e-3, atol=1e-6)


def test_previews_of_streamed_blocks_are_those_of_whole_ones(folder: Path) -> None:
    whole, streamed = learner_on(folder), learner_on(folder)
    whole.prepare(recipe_of(whole))
    streamed.prepare(recipe_of(streamed, streamed_blocks=4))
    first, second = (one.paint(CAPTIONS[:1], 1, 64, 64, 2)[0] for one in (whole, streamed))
    assert difference(first, second) == 0


def test_half_precision_takes_a_step_and_paints(folder: Path) -> None:
    learner = learner_on(folder, torch.bfloat16)
    batch = batch_of(learner)
    parameters = learner.prepare(recipe_of(learner))
    losses = learn(learner, batch, parameters, 2)
    assert losses[1] < losses[0]
    assert {one.dtype for one in parameters.values()} == {torch.float32}
    assert learner.paint(CAPTIONS[:1], 1, 64, 64, 1)[0].size == (64, 64)


def test_noise_and_timesteps_come_from_the_generator_alone(learner: FluxLearner) -> None:
    batch = batch_of(learner)
    learner.prepare(recipe_of(learner))
    first = learner.loss(batch, seeded())
    torch.manual_seed(7)
    assert torch.equal(learner.loss(batch, seeded()), first)
    assert not torch.equal(learner.loss(batch, torch.Generator().manual_seed(2)), first)


def test_the_same_recipe_begins_alike(folder: Path) -> None:
    learners = [learner_on(folder) for _ in range(3)]
    begun = [one.prepare(recipe_of(one, seed=seed)) for one, seed in zip(learners, (1, 1, 2), strict=True)]
    name = next(one for one in begun[0] if one.endswith("lora_A.weight"))
    assert torch.equal(begun[0][name], begun[1][name])
    assert not torch.equal(begun[0][name], begun[2][name])


def test_masks_and_weights_reach_the_loss_and_the_recipe_can_say_no(learner: FluxLearner) -> None:
    batch = batch_of(learner)
    half = torch.zeros(4, 1, 8, 8)
    half[..., :4] = 1
    learner.prepare(recipe_of(learner))
    plain, masked, light = (
        learner.loss(one, seeded())
        for one in (batch, replace(batch, masks=half), replace(batch, weights=torch.full((4,), 0.5)))
    )
    assert not torch.allclose(plain, masked)
    assert torch.allclose(light, plain / 2)
    learner._recipe = recipe_of(learner, masked=False)
    assert torch.equal(learner.loss(replace(batch, masks=half), seeded()), plain)


# painting


def test_previews_are_the_same_on_every_call_and_differ_by_seed(learner: FluxLearner) -> None:
    learner.prepare(recipe_of(learner))
    prompts = [CAPTIONS[0], CAPTIONS[0]]
    first, second = learner.paint(prompts, 1, 64, 48, 2)
    again = learner.paint(prompts, 1, 64, 48, 2)
    assert first.size == (64, 48)
    assert difference(first, again[0]) == difference(second, again[1]) == 0
    assert difference(first, second) > 0  # the second has the next seed
    assert difference(learner.paint(prompts[:1], 2, 64, 48, 2)[0], second) == 0


def test_prompts_that_were_captions_need_no_encoder(
    learner: FluxLearner, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner.encode_captions(CAPTIONS)
    learner.prepare(recipe_of(learner))
    monkeypatch.setattr(learner, "_load_speaker", lambda _: pytest.fail("the encoders were loaded again"))
    assert len(learner.paint(CAPTIONS[:2], 1, 64, 64, 1)) == 2


# memory and mistakes


def test_beside_a_net_on_a_card_the_encoders_lie_packed_in_main_memory(folder: Path) -> None:
    learner = learner_on(folder, torch.bfloat16)
    learner.device = torch.device("cuda")  # which is never touched here
    learner._speaker = learner._load_speaker(torch.device("cpu"))
    encoder = learner._speaker.text_encoder_2
    assert any(isinstance(layer, QuantisedLinear) for layer in encoder.modules())
    assert encoder.dtype == learner._speaker.text_encoder.dtype == torch.float32
    assert learner.encode_captions(CAPTIONS[:1])[0]["tokens"].dtype == torch.float32


def test_a_second_prepare_replaces_the_first_and_gives_its_memory_back(learner: FluxLearner) -> None:
    first = learner.prepare(recipe_of(learner, streamed_blocks=2))
    assert learner._schedule is not None
    homes, forgotten = [one.home for one in learner._schedule.waiting], []
    learner._schedule.bus.forget = forgotten.append  # type: ignore[method-assign]
    batch = batch_of(learner)
    second = learner.prepare(recipe_of(learner, streamed_blocks=3))
    assert [id(one) for one in forgotten] == [id(one) for one in homes]
    learner.loss(batch, seeded()).backward()
    assert all(one.grad is not None for one in second.values())
    assert all(one.grad is None for one in first.values())


def test_encoders_are_gone_before_the_net_is_loaded(
    learner: FluxLearner, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_of(learner)
    parts = [learner._speaker.text_encoder, learner._speaker.text_encoder_2, learner._vae]
    alive = [weakref.ref(one) for one in parts]
    del parts
    load = learner._load_net

    def when_alone(recipe: Any) -> Any:
        gc.collect()
        assert [one() for one in alive] == [None] * 3
        return load(recipe)

    monkeypatch.setattr(learner, "_load_net", when_alone)
    learner.prepare(recipe_of(learner))


def test_released_is_released(learner: FluxLearner) -> None:
    learner.prepare(recipe_of(learner))
    net = weakref.ref(learner._net)
    learner.release()
    gc.collect()
    assert net() is None
    with pytest.raises(RuntimeError, match="prepare"):
        learner.save(Path("a.safetensors"), {}, {})


def test_a_base_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="there is no such folder"):
        learner_on(tmp_path / "nowhere").encode_captions(["a girl"])


def test_a_base_of_another_family_is_refused(folder: Path) -> None:
    other = learner_named(
        replace(recipe_of(learner_on(folder)), family="flux2-klein", base=str(folder)), "cpu"
    )
    for use in (lambda: other.prepare(recipe_of(other)), lambda: other.encode_captions(["a girl"])):
        with pytest.raises(BadFile, match=r"is no FLUX\.2 klein 4B"):
            use()


def test_a_model_that_fills_in_pictures_is_refused(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "fill"
    shutil.copytree(folder, other)
    settings = other / "transformer" / "config.json"
    settings.write_text(settings.read_text().replace('"in_channels": 64', '"in_channels": 384'))
    with pytest.raises(BadFile, match=r"is no FLUX\.1-dev"):
        learner_on(other).encode_captions(["a girl"])


# single files


@pytest.fixture(scope="module")
def original() -> dict[str, torch.Tensor]:
    return original_flux(flux_net())


def converted(original: dict[str, torch.Tensor]) -> Any:
    """The net that diffusers makes of an original state."""
    net = flux_net()
    net.load_state_dict(by_diffusers(original, net.inner_dim, "flux"))
    return net.eval().requires_grad_(False)


def on_single(path: Path, folder: Path, dtype: torch.dtype = torch.float32) -> FluxLearner:
    return FluxLearner(str(path), "cpu", dtype, rest=str(folder), caption_tokens=TOKENS)


def same(one: Any, other: Any) -> bool:
    """Whether two nets have the same weights, to the last bit."""
    first, second = one.state_dict(), other.state_dict()
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize("precision", ["float32", "int8", "fp8", "nf4"])
@pytest.mark.parametrize("prefix", ["", "model.diffusion_model."])
def test_a_single_file_is_read_as_diffusers_converts_it(
    precision: Any, prefix: str, folder: Path, original: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    path = tmp_path / "mine.safetensors"
    beside = {"text_encoders.t5xxl.shared.weight": torch.ones(9), "vae.encoder.conv_in.bias": torch.ones(2)}
    save_file({f"{prefix}{name}": one for name, one in original.items()} | (beside if prefix else {}), path)
    learner = on_single(path, folder)
    wanted = converted(original)
    if precision != "float32":
        quantise(wanted, precision)
    assert same(learner._load_net(recipe_of(learner, precision=precision)), wanted)


def test_the_net_of_a_single_file_learns_as_that_of_a_folder(
    folder: Path, original: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    other = tmp_path / "folder"
    shutil.copytree(folder, other)
    converted(original).save_pretrained(other / "transformer")
    single = tmp_path / "mine.safetensors"
    save_file(original, single)
    losses = []
    for learner in (learner_on(other), on_single(single, folder)):
        batch = batch_of(learner)
        parameters = learner.prepare(recipe_of(learner, streamed_blocks=2, precision="nf4"))
        losses.append(learn(learner, batch, parameters, 2))
    assert losses[0] == losses[1]


def test_blocks_that_will_be_streamed_are_read_into_main_memory(
    folder: Path, original: dict[str, torch.Tensor], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.safetensors"
    save_file(original, path)
    learner = on_single(path, folder)
    asked: dict[str, Any] = {}
    monkeypatch.setattr(quantising, "load_quantised", lambda net, *_, **more: asked.update(more, net=net))
    learner.device = torch.device("cuda")  # which is never touched here
    learner._load_net(recipe_of(learner, streamed_blocks=2))
    blocks = [f"{row}.{number}" for row in learner.blocks for number in range(2)]
    there = {
        block
        for name, _ in asked["net"].named_parameters()
        if asked["device"](name).type == "cpu"
        for block in blocks
        if name.startswith(f"{block}.")
    }
    assert there == {blocks[number] for number in streaming.spread(4, 2)}
    assert asked["device"]("x_embedder.weight").type == "cuda"


def test_weights_in_fp8_are_read(folder: Path, original: dict[str, torch.Tensor], tmp_path: Path) -> None:
    """As in flux1-dev-fp8.safetensors, where nothing is scaled."""
    path = tmp_path / "fp8.safetensors"
    rough = {name: one.to(torch.float8_e4m3fn) for name, one in original.items()}
    save_file({f"model.diffusion_model.{name}": one for name, one in rough.items()}, path)
    learner = on_single(path, folder)
    wanted = converted({name: one.float() for name, one in rough.items()})
    assert same(learner._load_net(recipe_of(learner)), wanted)
    packed = learner._load_net(recipe_of(learner, precision="nf4"))
    assert same(packed, quantise(wanted, "nf4"))


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("double_blocks.0.img_attn.qkv.scale_weight", "is packed in scaled fp8"),
        ("double_blocks.0.img_attn.qkv.weight.absmax", "is packed in 4 bits"),
    ],
)
def test_other_packings_are_refused_by_name(
    key: str, said: str, folder: Path, original: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    path = tmp_path / "packed.safetensors"
    save_file({**original, key: torch.ones(1)}, path)
    learner = on_single(path, folder)
    with pytest.raises(BadFile, match=said) as error:
        learner.prepare(recipe_of(learner))
    assert "packed while it is read" in error.value.hint


def test_a_pruned_net_has_as_many_blocks_as_its_file(
    folder: Path, original: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    path = tmp_path / "lite.safetensors"
    save_file({name: one for name, one in original.items() if "double_blocks.1." not in name}, path)
    learner = on_single(path, folder)
    parameters = learner.prepare(recipe_of(learner))
    assert len(parameters) == 2 * (1 * 12 + 2 * 5)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda state: {"a": state["img_in.weight"]},
            r"holds no transformer of FLUX\.1-dev in the original layout",
        ),
        (
            lambda state: state | {"single_blocks.0.linear1.weight": torch.ones(5, 128)},
            "have 5 rows, expected 896",
        ),
        (
            lambda state: state | {"img_in.weight": torch.ones(5, 64)},
            r"x_embedder\.weight is \(5, 64\), expected",
        ),
        (lambda state: {k: one for k, one in state.items() if "txt_in" not in k}, "lacks context_embedder"),
    ],
)
def test_a_single_file_that_does_not_fit_is_named(
    change: Any, said: str, folder: Path, original: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    path = tmp_path / "mine.safetensors"
    save_file(change(dict(original)), path)
    learner = on_single(path, folder)
    with pytest.raises(BadFile, match=said):
        learner.prepare(recipe_of(learner))


# the text encoder on very small cards


@pytest.mark.parametrize("precision", ["int8", "bfloat16"])
def test_words_of_a_streamed_encoder_are_those_of_a_whole_one(precision: Any, folder: Path) -> None:
    whole, streamed = (
        learner_on(folder, encoder_precision=precision, stream_encoder=on) for on in (False, True)
    )
    first, second = (one.encode_captions(CAPTIONS) for one in (whole, streamed))
    assert all(
        torch.equal(one[key], other[key]) for one, other in zip(first, second, strict=True) for key in one
    )
    assert streamed._speech is not None
    assert len(streamed._speech.waiting) == 3
    assert streamed._speech.copied >= 2 * streamed._speech.ram
    assert whole._speech is None


def test_a_streamed_encoder_gives_its_memory_back(folder: Path) -> None:
    learner = learner_on(folder, stream_encoder=True)
    learner.encode_captions(CAPTIONS[:1])
    schedule = learner._speech
    assert schedule is not None
    homes, forgotten = [id(one.home) for one in schedule.waiting], []
    schedule.bus.forget = lambda home: forgotten.append(id(home))  # type: ignore[method-assign]
    learner.release_encoders()
    assert forgotten == homes
    learner.release_encoders()
    assert forgotten == homes
    learner.encode_captions(CAPTIONS[:1])  # and loads it anew


@pytest.mark.parametrize(
    ("gib", "streams", "packs"), [(5.8, True, True), (7.8, False, True), (15.7, False, False)]
)
def test_the_encoder_is_streamed_on_cards_that_it_does_not_fit(
    gib: float, streams: bool, packs: bool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner = learner_on(folder, torch.bfloat16)
    learner.device = torch.device("cuda")
    card = type("Card", (), {"total_memory": int(gib * 2**30)})
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda _: card)
    asked: dict[str, Any] = {}

    def load(encoder: Any, _shards: Any, precision: str, **more: Any) -> None:
        asked.update(more, precision=precision, encoder=encoder)

    monkeypatch.setattr(quantising, "load_quantised", load)
    monkeypatch.setattr(streaming, "stream", lambda blocks, count, _: asked.update(streamed=count))
    learner._load_encoder(folder / "text_encoder_2", learner.device)
    assert asked.get("streamed") == (3 if streams else None)
    assert asked["precision"] == ("int8" if packs else "bfloat16")
    on_card = {
        name for name, _ in asked["encoder"].named_parameters() if asked["device"](name).type == "cuda"
    }
    if streams:  # all but one norm waits
        assert on_card == {"encoder.final_layer_norm.weight"}
    else:
        assert len(on_card) == len(list(asked["encoder"].named_parameters()))


MEASURE = """
import os, sys, threading, torch
from dataclasses import replace
from pathlib import Path
from storykin.recipe import Recipe
from storykin.models import quantising
from storykin.training.learners.flux import FluxLearner
torch.set_num_threads(1)
def now():
    # anonymous memory only: pages of mapped files can be dropped by the system at any time
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) * 1024
learner = FluxLearner(sys.argv[1], "cpu", torch.bfloat16, rest=sys.argv[2])
from diffusers import FluxTransformer2DModel
quantising.pack(torch.zeros(64, 64), "nf4"); quantising._kernel()
for precision in sys.argv[3:]:
    if os.fork():  # each begins with the same libraries and nothing else
        assert os.wait()[1] == 0
        continue
    before, most, done = now(), 0, threading.Event()
    def watch():
        global most
        while not done.wait(0.001):
            most = max(most, now())
    thread = threading.Thread(target=watch)
    thread.start()
    net = learner._load_net(replace(Recipe.of(learner.family), precision=precision))
    done.set()
    thread.join()
    print(precision, most - before, now() - before, flush=True)
    os._exit(0)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_reading_a_single_file_needs_little_more_than_the_net(folder: Path, tmp_path: Path) -> None:
    wide = flux_net(
        attention_head_dim=64,
        num_attention_heads=16,
        axes_dims_rope=(16, 24, 24),
        num_layers=4,
        num_single_layers=4,
    )
    rest, single = tmp_path / "rest", tmp_path / "mine.safetensors"
    shutil.copytree(folder, rest)
    wide.save_config(rest / "transformer")
    state = {f"model.diffusion_model.{name}": one.bfloat16() for name, one in original_flux(wide).items()}
    state["text_encoders.t5xxl.shared.weight"] = torch.zeros(2**26, dtype=torch.bfloat16)  # passed over
    whole = sum(one.numel() * 2 for one in wide.parameters())
    assert whole > 200e6
    save_file(state, single)
    del wide, state
    bounds = {"nf4": (0.7, 0.45), "bfloat16": (1.4, 1.1)}  # at most, and afterwards
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(single), str(rest), *bounds],
        capture_output=True,
        text=True,
        check=True,
    )
    found = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines()}
    for precision, (peak, after) in bounds.items():
        most, then = map(int, found[precision])
        print(
            f"{precision}: net {whole / 1e6:.0f} MB in 16 bits, most {most / 1e6:.0f}, then {then / 1e6:.0f}"
        )
        assert then < whole * after
        assert most < whole * peak


def test_what_may_be_used_of_a_card_decides_how_captions_are_read() -> None:
    card = torch.device("cuda")
    assert FluxLearner(vram_gib=6.5)._has_less_than(TINY, card)
    assert not FluxLearner(vram_gib=7.5)._has_less_than(TINY, card)
    assert FluxLearner(vram_gib=7.5)._has_less_than(ROOMY, card)
    assert not FluxLearner(vram_gib=6.5)._has_less_than(TINY, torch.device("cpu"))
