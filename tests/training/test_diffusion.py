"""SD 1.5 and SDXL learn, paint and write files, on small models at the real architecture."""

import gc
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import diffusers
import numpy as np
import pytest
import torch
from PIL import Image
from safetensors import safe_open

from storykin.errors import BadFile, BadInput
from storykin.families import FAMILIES, Precision
from storykin.models import loading, nets, streaming
from storykin.models.quantising import QuantisedLinear
from storykin.recipe import Recipe
from storykin.training.learner import Batch
from storykin.training.learners import diffusion, learner_named
from storykin.training.learners.diffusion import DiffusionLearner, SD15Learner, SDXLLearner
from storykin.training.verifying import verify
from tests.training.small_sd import as_single_file, small_sd15, small_sdxl

KINDS: dict[str, type[DiffusionLearner]] = {"sd15": SD15Learner, "sdxl": SDXLLearner}
CAPTIONS = ("ohwx girl, red coat", "ohwx girl, swing", "ohwx girl, dog", "ohwx girl")
STEPS = 60
FALLEN = {"sd15": 0.25, "sdxl": 0.6}  # of the first loss; small SDXL learns nothing in its outermost level


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module", params=sorted(KINDS))
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    build = {"sd15": small_sd15, "sdxl": small_sdxl}[request.param]
    return build(tmp_path_factory.mktemp("models") / request.param)


@pytest.fixture(scope="module")
def kind(folder: Path) -> type[DiffusionLearner]:
    return KINDS[folder.name]


def learner_of(folder: Path, **changes: Any) -> DiffusionLearner:
    return KINDS[folder.name](str(folder), "cpu", torch.float32, **changes)


def recipe_of(folder: Path, **changes: Any) -> Recipe:
    usual = Recipe.of(FAMILIES[folder.name], base=str(folder))
    return replace(
        usual, **{"rank": 16, "alpha": 16, "precision": "float32", "checkpointing": False, **changes}
    )


def pictures() -> torch.Tensor:
    return torch.rand(4, 3, 64, 64, generator=torch.Generator().manual_seed(3)) * 2 - 1


def batch_of(learner: DiffusionLearner, **changes: Any) -> Batch:
    words = learner.encode_captions(CAPTIONS)
    together = {key: torch.stack([one[key] for one in words]) for key in words[0]}
    return Batch(
        **{
            "latents": learner.encode_pictures(pictures()),
            "words": together,
            "weights": torch.ones(4),
            **changes,
        }
    )


def seeded(seed: int = 5) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def real_pipeline(folder: Path) -> Any:
    quiet = {"safety_checker": None, "requires_safety_checker": False} if folder.name == "sd15" else {}
    name = KINDS[folder.name].pipeline_name
    pipeline = getattr(diffusers, name).from_pretrained(folder, **quiet)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def difference(one: Image.Image, other: Image.Image) -> int:
    """The largest difference of a colour, of 255."""
    return int(np.abs(np.asarray(one, int) - np.asarray(other, int)).max())


class Course:
    """One training, on four pictures with fixed noise, shared by the tests that look at what came of it."""

    def __init__(self, folder: Path, there: Path) -> None:
        self.folder = folder
        self.learner = learner_of(folder)
        batch = batch_of(self.learner)
        parameters = self.learner.prepare(recipe_of(folder))
        self.before = self.paint()
        optimiser = torch.optim.AdamW(parameters.values(), lr=1e-2, weight_decay=0)
        self.losses = []
        for _ in range(STEPS):
            loss = self.learner.loss(batch, seeded())
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            self.losses.append(loss.item())
        self.after = self.paint()
        self.state = {name: one.detach().clone() for name, one in parameters.items()}
        self.path = there / "adapter.safetensors"
        self.learner.save(
            self.path, self.state, {"modelspec.trigger_phrase": "ohwx", "ss_output_name": "Sashenka"}
        )

    def paint(self) -> list[Image.Image]:
        return self.learner.paint(CAPTIONS[:2], seed=7, width=64, height=64, steps=3)


@pytest.fixture(scope="module")
def course(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(folder, tmp_path_factory.mktemp("course"))


# learning


def test_four_pictures_are_learned(course: Course) -> None:
    assert course.losses[-1] < FALLEN[course.folder.name] * course.losses[0], course.losses


def test_the_adapter_changes_what_is_painted_and_the_same_seed_paints_the_same(course: Course) -> None:
    assert all(difference(*pair) > 8 for pair in zip(course.before, course.after, strict=True))
    assert all(difference(*pair) == 0 for pair in zip(course.after, course.paint(), strict=True))
    assert difference(*course.after) > 0


def test_the_file_is_read_back_as_it_was_trained(course: Course) -> None:
    verify(course.path, course.learner)
    verify(course.path, course.learner, course.state)
    with safe_open(course.path, framework="pt") as file:
        assert file.metadata()["modelspec.trigger_phrase"] == "ohwx"
    assert b"Sashenka" not in course.path.read_bytes()


@pytest.mark.filterwarnings(
    "ignore:__array__ implementation:DeprecationWarning"
)  # diffusers' Euler scheduler
def test_diffusers_paints_with_the_file_what_training_painted(course: Course) -> None:
    pipeline = real_pipeline(course.folder)
    said = {
        "generator": seeded(7),
        "width": 64,
        "height": 64,
        "num_inference_steps": 3,
        "negative_prompt": "",
    }
    plain = pipeline(CAPTIONS[0], **said).images[0]
    assert difference(plain, course.before[0]) <= 1
    pipeline.load_lora_weights(str(course.path))
    taught = pipeline(CAPTIONS[0], **{**said, "generator": seeded(7)}).images[0]
    assert difference(taught, course.after[0]) <= 4  # half precision
    assert difference(taught, plain) > 8


def test_painting_lets_its_encoders_go_again(course: Course) -> None:
    assert not {"vae", *course.learner.encoders} & set(course.learner._parts)


# encoders


def test_latents_are_the_scaled_mode(folder: Path) -> None:
    learner, vae = learner_of(folder), real_pipeline(folder).vae
    latents = learner.encode_pictures(pictures())
    with torch.no_grad():
        expected = vae.encode(pictures()).latent_dist.mode() * vae.config.scaling_factor
    assert latents.shape == (4, 4, 8, 8)
    torch.testing.assert_close(latents, expected)
    assert torch.equal(latents, learner.encode_pictures(pictures()))


def test_captions_are_encoded_as_the_pipeline_encodes_them(folder: Path) -> None:
    learner, pipeline = learner_of(folder), real_pipeline(folder)
    words = learner.encode_captions([CAPTIONS[0], ""])
    for caption, found in zip([CAPTIONS[0], ""], words, strict=True):
        expected = pipeline.encode_prompt(
            caption, device="cpu", num_images_per_prompt=1, do_classifier_free_guidance=False
        )
        torch.testing.assert_close(found["embeds"], expected[0][0])
        assert found["embeds"].shape[0] == 77
        if folder.name == "sdxl":
            torch.testing.assert_close(found["pooled"], expected[2][0])
    assert not torch.equal(words[0]["embeds"], words[1]["embeds"])


def test_released_encoders_are_gone_before_the_net_comes(folder: Path) -> None:
    learner = learner_of(folder)
    learner.encode_pictures(pictures())
    learner.encode_captions([""])
    parts = [weakref.ref(learner._parts[name]) for name in ("vae", *learner.encoders)]
    learner.prepare(recipe_of(folder))
    gc.collect()
    assert [part() for part in parts] == [None] * len(parts)
    net = weakref.ref(learner._parts["unet"])
    learner.release()
    gc.collect()
    assert net() is None


# the step


def test_a_fresh_adapter_changes_nothing_and_alone_is_learned(folder: Path) -> None:
    learner, plain = learner_of(folder), real_pipeline(folder).unet
    batch = batch_of(learner)
    parameters = learner.prepare(recipe_of(folder))
    net, times = learner._parts["unet"], torch.tensor([500] * 4)
    with torch.no_grad():
        added = learner._added(batch, batch.latents)
        ours = net(batch.latents, times, batch.words["embeds"], added_cond_kwargs=added).sample
        theirs = plain(batch.latents, times, batch.words["embeds"], added_cond_kwargs=added).sample
    torch.testing.assert_close(
        ours, theirs, rtol=0, atol=1e-4
    )  # one element in thousands is rounded otherwise
    learning = {id(one) for one in net.parameters() if one.requires_grad}
    assert learning == {id(one) for one in parameters.values()}
    assert {one.dtype for one in parameters.values()} == {torch.float32}


def test_the_seed_decides_how_the_adapter_begins(folder: Path) -> None:
    starts = []
    for seed in (1, 1, 2):
        parameters = learner_of(folder).prepare(recipe_of(folder, seed=seed))
        starts.append(torch.cat([one.detach().flatten() for one in parameters.values()]))
    assert torch.equal(starts[0], starts[1])
    assert not torch.equal(starts[0], starts[2])


def test_the_loss_is_that_of_diffusers_own_parts(folder: Path) -> None:
    """Written here as in diffusers' examples: add_noise, the net, compute_snr."""
    from diffusers.training_utils import compute_snr

    learner = learner_of(folder)
    weights = torch.tensor([1.0, 1.0, 0.5, 0.0])
    batch = batch_of(learner, weights=weights)
    learner.prepare(recipe_of(folder, min_snr=5.0, noise_offset=0.1))
    scheduler, generator = diffusers.DDPMScheduler.from_config(learner._pipeline().scheduler.config), seeded()
    times = torch.randint(1000, (4,), generator=generator)
    noise = torch.randn(4, 4, 8, 8, generator=generator)
    noise = noise + 0.1 * torch.randn(4, 4, 1, 1, generator=generator)
    with torch.no_grad():
        told = learner._parts["unet"](
            scheduler.add_noise(batch.latents, noise, times),
            times,
            batch.words["embeds"],
            added_cond_kwargs=learner._added(batch, batch.latents),
        ).sample
        ratio = compute_snr(scheduler, times)
        expected = ((told - noise) ** 2).mean((1, 2, 3)) * ratio.clamp(max=5) / ratio
        state = torch.get_rng_state()
        found = learner.loss(batch, seeded())
    torch.testing.assert_close(found, (expected * weights).mean())
    assert torch.equal(torch.get_rng_state(), state)
    assert not torch.equal(learner.loss(batch, seeded(6)), found)


def test_masks_count_unless_the_recipe_says_otherwise(folder: Path) -> None:
    learner = learner_of(folder)
    batch = batch_of(learner, masks=torch.zeros(4, 1, 8, 8))
    learner.prepare(recipe_of(folder))
    assert learner.loss(batch, seeded()).item() == 0
    learner.prepare(recipe_of(folder, masked=False))
    assert learner.loss(batch, seeded()).item() > 0.1


def test_a_narrow_base_learns_in_float32(folder: Path, kind: type[DiffusionLearner]) -> None:
    learner = kind(str(folder), "cpu", torch.bfloat16)
    batch = batch_of(learner)
    parameters = learner.prepare(recipe_of(folder, precision="bfloat16"))
    seen = set()

    def look(kept: torch.Tensor) -> torch.Tensor:
        if kept.requires_grad and kept.numel() >= 2**11 and not isinstance(kept, torch.nn.Parameter):
            seen.add(kept.dtype)
        return kept

    with torch.autograd.graph.saved_tensors_hooks(look, lambda kept: kept):
        loss = learner.loss(batch, seeded())
    loss.backward()
    assert loss.dtype == torch.float32
    assert seen == {torch.bfloat16}  # no float32 copies of activations
    assert {one.grad.dtype for one in parameters.values() if one.grad is not None} == {torch.float32}
    assert learner._parts["unet"].conv_in.weight.dtype == torch.bfloat16


# packed, streamed, computed twice


@pytest.fixture(scope="module")
def batch(folder: Path) -> Batch:
    return batch_of(learner_of(folder))


def assert_alike(found: list[torch.Tensor], expected: list[torch.Tensor], tolerance: float = 1e-5) -> None:
    """Gradients that differ by rounding only: by the largest of each layer, since some are nothing but rounding."""
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(
            one, other, rtol=tolerance, atol=tolerance * float(other.abs().max()) + 1e-9
        )


def felt(learner: DiffusionLearner, recipe: Recipe, batch: Batch) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """The loss and all gradients of one step, with an adapter that does something already."""
    parameters, draws = learner.prepare(recipe), seeded(9)
    with torch.no_grad():
        for name, one in parameters.items():
            if name.endswith("lora_B.weight"):
                one.copy_(0.02 * torch.randn(one.shape, generator=draws))
    loss = learner.loss(batch, seeded())
    loss.backward()
    return loss.detach(), [one.grad for one in parameters.values() if one.grad is not None]


@pytest.mark.parametrize(
    "changes",
    [{}, {"streamed_blocks": 3}, {"streamed_blocks": -1}, {"streamed_blocks": -1, "precision": "nf4"}],
    ids=str,
)
def test_checkpointing_and_streaming_change_nothing_but_memory(
    folder: Path, batch: Batch, changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "PARKED", 2**8)  # small models have nothing that is worth parking
    learner = learner_of(folder)
    if changes.get("streamed_blocks") == -1:
        changes = {**changes, "streamed_blocks": len(nets.blocks_of(learner._part("unet", torch.float32)))}
    whole = recipe_of(folder, precision=changes.get("precision", "float32"))
    loss, gradients = felt(learner, whole, batch)
    assert not learner._parts["unet"].is_gradient_checkpointing
    again, felt_again = felt(learner, recipe_of(folder, checkpointing=True, **changes), batch)
    assert learner._parts["unet"].is_gradient_checkpointing
    assert (learner._streamed is None) == ("streamed_blocks" not in changes)
    torch.testing.assert_close(again, loss, rtol=1e-6, atol=0)
    assert_alike(felt_again, gradients)
    assert len(gradients) == 2 * len(learner.meant())


@pytest.mark.parametrize("precision", ["int8", "fp8", "nf4"])
def test_a_packed_base_with_streamed_blocks_learns_paints_and_is_read_back(
    folder: Path, batch: Batch, precision: Precision, tmp_path: Path
) -> None:
    learner = learner_of(folder)
    parameters = learner.prepare(recipe_of(folder, precision=precision, streamed_blocks=5))
    assert any(isinstance(layer, QuantisedLinear) for layer in learner._parts["unet"].modules())
    before = learner.paint(CAPTIONS[:1], 7, 64, 64, 2)
    optimiser = torch.optim.AdamW(parameters.values(), lr=1e-2, weight_decay=0)
    losses = []
    for _ in range(8):
        loss = learner.loss(batch, seeded())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < {"sd15": 0.6, "sdxl": 0.95}[folder.name] * losses[0], losses
    assert {one.dtype for one in parameters.values()} == {torch.float32}
    after = learner.paint(CAPTIONS[:1], 7, 64, 64, 2)
    assert difference(after[0], before[0]) > 4
    path = tmp_path / "adapter.safetensors"
    learner.save(path, {name: one.detach() for name, one in parameters.items()}, {})
    verify(path, learner)


def test_a_packed_base_is_nearly_the_whole_one(folder: Path, batch: Batch) -> None:
    learner = learner_of(folder)
    whole, *packed = (
        felt(learner, recipe_of(folder, precision=one), batch)[0] for one in ("float32", "int8", "nf4")
    )
    assert packed[0] != whole
    torch.testing.assert_close(packed[0], whole, rtol=1e-3, atol=0)
    torch.testing.assert_close(packed[1], whole, rtol=3e-2, atol=0)


def test_previews_of_streamed_blocks_are_those_of_whole_ones(folder: Path) -> None:
    learner = learner_of(folder)
    painted = []
    for count in (0, 4):
        learner.prepare(recipe_of(folder, streamed_blocks=count))
        painted += learner.paint(CAPTIONS[:1], 1, 64, 64, 2)
    assert difference(*painted) == 0


def test_a_single_file_is_packed_and_streamed_too(folder: Path, batch: Batch, tmp_path: Path) -> None:
    single = as_single_file(folder, tmp_path / "model.safetensors")
    theirs = KINDS[folder.name](str(single), "cpu", torch.float32, settings=str(folder))
    recipe = recipe_of(folder, precision="int8", streamed_blocks=4)
    (loss, gradients), (other, others) = (felt(one, recipe, batch) for one in (learner_of(folder), theirs))
    torch.testing.assert_close(loss, other)
    assert_alike(others, gradients, 1e-3)  # weights lie at other addresses, as above


def test_blocks_are_in_the_order_in_which_they_compute(folder: Path, batch: Batch) -> None:
    learner = learner_of(folder)
    learner.prepare(recipe_of(folder))
    blocks, called = nets.blocks_of(learner._parts["unet"]), []
    for number, block in enumerate(blocks):
        block.register_forward_hook(lambda *_, number=number: called.append(number))
    learner.loss(batch, seeded())
    assert called == list(range(len(blocks)))


def test_streamed_blocks_wait_in_main_memory_and_give_it_back(folder: Path) -> None:
    learner = learner_of(folder)
    learner.prepare(recipe_of(folder, streamed_blocks=2))
    assert learner._streamed is not None
    homes, forgotten = [one.home for one in learner._streamed.waiting], []
    learner._streamed.bus.forget = forgotten.append  # type: ignore[method-assign]
    learner.prepare(recipe_of(folder))
    assert [id(one) for one in forgotten] == [id(one) for one in homes]
    assert learner._streamed is None
    learner.prepare(recipe_of(folder, streamed_blocks=2))
    learner.release()
    assert learner._streamed is None
    assert not learner._parts


def test_gates_compute_what_diffusers_do(monkeypatch: pytest.MonkeyPatch) -> None:
    from diffusers.models.activations import GEGLU

    monkeypatch.setattr(diffusion, "STRIP", 300)  # several strips, the last one shorter
    gate, found = GEGLU(8, 32), []
    for light in (False, True):
        if light:
            diffusion.lighten(gate)
        x = torch.randn(2, 11, 8, generator=seeded(), requires_grad=True)
        out = gate(x)
        gate.zero_grad()
        out.square().sum().backward()
        found.append((out.detach(), x.grad, gate.proj.weight.grad))
    for one, other in zip(*found, strict=True):
        assert torch.equal(one, other)


def test_sdxl_is_told_the_sizes(folder: Path) -> None:
    if folder.name == "sd15":
        assert learner_of(folder)._added(batch_of(learner_of(folder)), torch.zeros(4, 4, 8, 8)) is None
        return
    learner = learner_of(folder)
    batch = batch_of(learner, sizes=((1001, 801, 3, 5),) * 4)
    added = learner._added(batch, torch.zeros(4, 4, 8, 10, dtype=torch.bfloat16))
    assert added is not None
    assert added["time_ids"].tolist() == [[1001, 801, 3, 5, 64, 80]] * 4
    usual = learner._added(replace(batch, sizes=()), torch.zeros(4, 4, 8, 10))
    assert usual is not None
    assert usual["time_ids"].tolist() == [[64, 80, 0, 0, 64, 80]] * 4


# bases


def test_a_single_file_has_the_same_weights_and_paints_the_same(folder: Path, tmp_path: Path) -> None:
    single = as_single_file(folder, tmp_path / "model.safetensors")
    theirs = KINDS[folder.name](str(single), "cpu", torch.float32, settings=str(folder))
    ours = learner_of(folder)
    for part in ("unet", "vae", *ours.encoders):
        one, other = (loading.load_part(who.base, part, torch.float32).state_dict() for who in (ours, theirs))
        assert one.keys() == other.keys()
        assert all(torch.equal(one[key], other[key]) for key in one), part
    painted = [who.paint(["ohwx girl"], 1, 64, 64, 2)[0] for who in (ours, theirs)]
    assert (
        difference(*painted) <= 1
    )  # weights lie at other addresses in the two files, and sums are rounded otherwise


def test_a_file_that_predicts_velocity_says_so(folder: Path, tmp_path: Path) -> None:
    nothing = torch.zeros(0)
    single = as_single_file(folder, tmp_path / "model.safetensors", v_pred=nothing, ztsnr=nothing)
    learner = KINDS[folder.name](str(single), "cpu", torch.float32, settings=str(folder))
    assert learner.schedule.prediction == "v_prediction"
    assert learner.schedule.kept[-1] == 0
    batch = batch_of(learner)
    learner.prepare(recipe_of(folder))
    assert 0 < learner.loss(batch, seeded()).item() < 10


def test_a_base_of_the_other_family_is_refused(folder: Path, tmp_path: Path) -> None:
    other = KINDS["sdxl" if folder.name == "sd15" else "sd15"]
    with pytest.raises(BadFile, match="is no"):
        other(str(folder), "cpu", torch.float32)
    single = as_single_file(folder, tmp_path / "model.safetensors")
    settings = tmp_path / "settings"
    ({"sd15": small_sdxl, "sdxl": small_sd15}[folder.name])(settings)
    with pytest.raises(BadFile, match="is no Stable Diffusion"):
        other(str(single), "cpu", torch.float32, settings=str(settings))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"timesteps": "sigmoid"}, "Stable Diffusion"),
        ({"streamed_blocks": 99}, "99 blocks cannot be streamed"),
    ],
)
def test_what_the_family_cannot_do_is_refused(folder: Path, change: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        learner_of(folder).prepare(recipe_of(folder, **change))


def test_the_recipe_names_its_learner(folder: Path, kind: type[DiffusionLearner]) -> None:
    learner = learner_named(recipe_of(folder))
    assert type(learner) is kind
    assert learner.family.name == folder.name
    with pytest.raises(BadInput, match="no learner for the family 'sd3'"):
        learner_named(replace(recipe_of(folder), family="sd3"))
