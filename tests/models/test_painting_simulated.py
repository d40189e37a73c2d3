"""What is simulated of a picture is what really lies there when the same nets paint with contents."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
diffusers = pytest.importorskip("diffusers")
pytest.importorskip("peft")

from storykin.errors import BadInput  # noqa: E402
from storykin.families import PAINTINGS  # noqa: E402
from storykin.models import painting_plan, weightless  # noqa: E402
from storykin.models import painting_simulated as simulated  # noqa: E402
from storykin.models.painting_plan import Painted, rows_of  # noqa: E402
from storykin.models.painting_simulated import (  # noqa: E402
    decode,
    denoise,
    develop,
    encode,
    fill,
    give_sight,
    simulate_painting,
    simulate_waiting,
    wear,
)
from storykin.models.streaming import stream  # noqa: E402
from storykin.models.weightless import GIB, NETS, FakeBus, Net, Tracker, bare_net, furnish, vae_of  # noqa: E402
from tests.training.small_flux import save_flux, save_flux2  # noqa: E402
from tests.training.small_sd import small_sd15  # noqa: E402

torch.set_num_threads(1)
ROPE = {"axes_dims_rope": [8, 12, 12], "attention_head_dim": 32, "num_attention_heads": 8}
NARROW: dict[str, dict[str, Any]] = {
    "sd15": {"block_out_channels": [32, 64, 64, 64], "cross_attention_dim": 64},
    "flux-dev": {**ROPE, "num_layers": 2, "num_single_layers": 2, "joint_attention_dim": 64, "pooled_projection_dim": 64},
    "flux2-klein": {**ROPE, "num_layers": 1, "num_single_layers": 3, "joint_attention_dim": 64, "axes_dims_rope": [8] * 4},
    "qwen-image-edit": {**ROPE, "num_layers": 4, "joint_attention_dim": 64},
    "z-image": {"dim": 256, "n_heads": 8, "n_kv_heads": 8, "n_layers": 4, "n_refiner_layers": 1, "cap_feat_dim": 64, "axes_dims": [8, 12, 12]},
}  # fmt: skip


def small(family: str) -> Net:
    net = NETS[family]
    return replace(net, config={**net.config, **NARROW[family]})


def really(family: str, side: int, references: int, precision: Any, streamed: int) -> int:
    """The most that a step with contents takes beyond what lies there, in bytes."""
    painting, net = PAINTINGS[family], small(family)
    model = bare_net(net, precision)
    tracker = Tracker()
    with tracker, torch.no_grad():
        furnish(model, torch.float32)
        stream(simulated.nets.blocks_of(model), streamed, "cpu", FakeBus(tracker))
        if family == "sd15" and references:
            give_sight(model, torch.float32)
        wear(model, 1, 16, torch.float32)
        there = tracker.card
        tracker.reset()
        denoise(painting, model, net, side, references, torch.float32)
    return int(tracker.peak - there)


@pytest.mark.parametrize(
    ("family", "side", "references", "precision", "streamed"),
    [
        ("sd15", 256, 0, "float32", 0),
        pytest.param("sd15", 256, 2, "int8", 4, marks=pytest.mark.slow),
        pytest.param("flux-dev", 512, 0, "float32", 0, marks=pytest.mark.slow),
        ("flux-dev", 512, 0, "nf4", 4),
        pytest.param("flux2-klein", 512, 1, "float32", 2, marks=pytest.mark.slow),
        pytest.param("qwen-image-edit", 256, 2, "float32", 0, marks=pytest.mark.slow),
        ("z-image", 512, 0, "int8", 0),
    ],
)
def test_a_step_with_contents_takes_what_was_simulated(
    family: str, side: int, references: int, precision: Any, streamed: int
) -> None:
    row = simulate_painting(
        PAINTINGS[family], side, precision, references, 1, streamed, net=small(family), dtype=torch.float32
    )
    real = really(family, side, references, precision, streamed)
    assert real > 4 * 2**20
    assert row.denoising_gib * GIB == pytest.approx(real, rel=0.02, abs=2**19)  # the table is in MiB


@pytest.mark.parametrize(
    "family",
    ["sd15", *(pytest.param(one, marks=pytest.mark.slow) for one in ("flux2-klein", "qwen-image-edit"))],
)
def test_a_vae_with_contents_takes_what_was_simulated(family: str) -> None:
    guess = develop(family, 64, 0, torch.float32)
    tracker = Tracker()
    found = []
    with tracker, torch.no_grad():
        vae = vae_of(family, torch.float32)
        weights = tracker.card
        for way in (lambda: encode(vae, 64, 64, torch.float32), lambda: decode(vae, 64, torch.float32)):
            tracker.reset()
            way()
            found.append(tracker.peak - weights)
    assert guess.weights == weights
    assert [guess.pictures, guess.decoding] == pytest.approx(found, rel=0.02)


def test_tiles_take_less_from_their_size_on(monkeypatch: pytest.MonkeyPatch) -> None:
    kind, config = weightless.VAES["sd15"]
    narrow = {**config, "block_out_channels": [32] * 4, "layers_per_block": 1}
    monkeypatch.setitem(weightless.VAES, "sd15", (kind, narrow))
    whole, tiled = develop("sd15", 512), develop("sd15", 768)
    assert (whole.decoding_tiled, whole.pictures_tiled) == (whole.decoding, whole.pictures)
    assert tiled.decoding > 2 * whole.decoding
    assert tiled.decoding_tiled < 1.1 * whole.decoding
    assert tiled.pictures_tiled < 1.1 * whole.pictures


# whole pipelines


def pipeline_of(family: str, folder: Path) -> tuple[Any, dict[str, Any]]:
    """A small base's pipeline without encoders, and what it is asked for."""
    from PIL import Image

    flux = {"num_inference_steps": 2, "height": 256, "width": 256, "output_type": "pt"}
    if family == "sd15":
        made = diffusers.StableDiffusionPipeline.from_pretrained(
            small_sd15(folder), text_encoder=None, tokenizer=None
        )
        words = torch.randn(1, 77, 32)
        asked = {**flux, "prompt_embeds": words, "negative_prompt_embeds": words, "guidance_scale": 5.0}
    elif family == "flux2-klein":
        made = diffusers.Flux2KleinPipeline.from_pretrained(
            save_flux2(folder), text_encoder=None, tokenizer=None
        )
        references = [Image.new("RGB", (256, 256), "red"), Image.new("RGB", (256, 256), "blue")]
        asked = {**flux, "prompt_embeds": torch.randn(1, 512, 48), "image": references, "guidance_scale": 1.0}
    else:
        made = diffusers.FluxPipeline.from_pretrained(
            save_flux(folder), text_encoder=None, text_encoder_2=None, tokenizer=None, tokenizer_2=None
        )
        asked = {
            **flux,
            "prompt_embeds": torch.randn(1, 512, 32),
            "pooled_prompt_embeds": torch.randn(1, 32),
        }
    made.set_progress_bar_config(disable=True)
    return made, asked


@pytest.mark.parametrize(
    ("family", "references"),
    [pytest.param("sd15", 0, marks=pytest.mark.slow), ("flux-dev", 0), ("flux2-klein", 2)],
)
def test_a_pipeline_of_diffusers_takes_what_was_simulated(
    family: str, references: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From noise to pixels: what it keeps between the phases is little."""
    pipeline, asked = pipeline_of(family, tmp_path / "base")
    part = "unet" if family == "sd15" else "transformer"
    config = {
        key: value
        for key, value in json.loads((tmp_path / "base" / "vae" / "config.json").read_text()).items()
        if not key.startswith("_")
    }
    monkeypatch.setitem(weightless.VAES, family, (type(pipeline.vae).__name__, config))
    own = {key: value for key, value in dict(getattr(pipeline, part).config).items() if key[0] != "_"}
    row = simulate_painting(
        PAINTINGS[family],
        256,
        "float32",
        references,
        adapters=0,
        net=replace(NETS[family], config=own),
        dtype=torch.float32,
    )
    tracker = Tracker()
    for module in (getattr(pipeline, part), pipeline.vae):
        for one in (*module.parameters(), *module.buffers()):
            tracker.follow(one)
    there = tracker.card
    tracker.reset()
    with tracker:
        pipeline(**asked)
    real = (tracker.peak - there) / 2**20
    guess = max(row.denoising_gib, row.decoding_gib, row.pictures_gib) * 1024
    assert real > 8
    assert guess == pytest.approx(
        real, rel=0.1, abs=3
    )  # MiB: latents, words and references that wait meanwhile


# the table


@pytest.mark.parametrize("references", [0, pytest.param(2, marks=pytest.mark.slow)])
def test_the_kept_rows_are_what_is_simulated_now(references: int) -> None:
    kept = next(row for row in painting_plan.table() if row.of == ("sd15", 512, "bfloat16", references, 0))
    now = simulate_painting(PAINTINGS["sd15"], 512, "bfloat16", references)
    for name in ("resident_gib", "adapter_gib", "pictures_gib", "denoising_gib", "decoding_gib"):
        assert getattr(kept, name) == pytest.approx(getattr(now, name), rel=0.02), name
    assert kept.peak_gib() == pytest.approx(now.peak_gib(), rel=0.02)


@pytest.mark.parametrize("family", ["flux-dev", "flux2-klein"])
def test_blocks_that_wait_need_no_step_of_their_own(family: str) -> None:
    painting, net = PAINTINGS[family], small(family)
    whole = simulate_painting(painting, 256, "int8", net=net)
    waiting = simulate_painting(painting, 256, "int8", 0, 1, whole.blocks, net=net)
    assert simulate_waiting(whole, whole.blocks, net=net) == waiting
    assert waiting.resident_gib < whole.resident_gib
    assert waiting.waiting_gib > waiting.slots_gib > 0


@pytest.mark.parametrize(
    "family",
    [
        "flux-dev",
        *(pytest.param(one, marks=pytest.mark.slow) for one in ("flux2-klein", "qwen-image-edit", "z-image")),
    ],
)
def test_two_blocks_of_a_kind_need_what_all_do(family: str) -> None:
    """Nothing is kept between blocks but what they hand on."""
    deep = replace(small(family), config={**small(family).config, "num_layers": 5, "n_layers": 5})
    rows = [simulate_painting(PAINTINGS[family], 512, "nf4", net=deep, depth=depth) for depth in (2, 0)]
    assert rows[0] == rows[1]
    assert rows[0].blocks >= 5


def test_adapters_lie_on_the_card_whatever_waits() -> None:
    painting, net = PAINTINGS["flux-dev"], small("flux-dev")
    rows = [simulate_painting(painting, 256, "nf4", 0, count, 4, net=net) for count in (0, 1, 3)]
    assert rows[0].waiting_gib == rows[1].waiting_gib == rows[2].waiting_gib
    grown = rows[2].resident_gib - rows[0].resident_gib
    assert grown == pytest.approx(3 * rows[1].adapter_gib, abs=0.003)
    assert rows[1].adapter_gib > 0


def test_more_blocks_than_there_are_cannot_wait() -> None:
    with pytest.raises(BadInput, match="9 blocks cannot be streamed"):
        simulate_painting(PAINTINGS["flux-dev"], 256, "nf4", 0, 1, 9, net=small("flux-dev"))


def test_the_table_is_filled_once_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def quick(painting: Any, side: int, precision: Any, references: int) -> Painted:
        asked.append((painting.name, references))
        return Painted(
            painting.name, side, precision, references, 0, 57, 6.0, 0.1, 0.0, 0.0, 1.0, 0.5, 1.0, 1.5, 0.5
        )

    def waits(row: Painted, count: int) -> Painted:
        return replace(row, streamed_blocks=count, resident_gib=1.0)

    monkeypatch.setattr(simulated, "simulate_painting", quick)
    monkeypatch.setattr(simulated, "simulate_waiting", waits)
    wanted = [
        ("flux-dev", 1024, "nf4", 0),
        ("flux-kontext", 1024, "nf4", 0),
        ("flux-kontext", 1024, "nf4", 2),
    ]
    monkeypatch.setattr(simulated, "wanted", lambda: wanted)
    path = tmp_path / "painting.json"
    said: list[str] = []
    for _ in range(2):
        fill(path, said.append)
    assert asked == [("flux-dev", 0), ("flux-kontext", 2)]  # Kontext is FLUX.1-dev where it sees nothing
    assert len(said) == 6
    assert [row.of for row in rows_of(path)] == [
        (name, 1024, "nf4", references, count)
        for name, references in (("flux-dev", 0), ("flux-kontext", 0), ("flux-kontext", 2))
        for count in (0, 57)
    ]


def test_what_is_wanted_is_every_family_in_every_precision() -> None:
    wanted = simulated.wanted()
    assert len(set(wanted)) == len(wanted)
    assert {(name, precision) for name, _, precision, _ in wanted} == {
        (name, precision) for name in PAINTINGS for precision in painting_plan.SIMULATED
    }


# what reads the words


def encoder_of(kind: str) -> Callable[[], Any]:
    transformers = pytest.importorskip("transformers")
    # config.json of Qwen/Qwen3-4B, and of the text encoder of Qwen/Qwen-Image-Edit-2509
    qwen3 = {
        "vocab_size": 151936, "hidden_size": 2560, "intermediate_size": 9728, "num_hidden_layers": 36, "num_attention_heads": 32,
        "num_key_value_heads": 8, "head_dim": 128, "tie_word_embeddings": True,
    }  # fmt: skip
    if kind == "z-image":
        return lambda: transformers.Qwen3Model(transformers.Qwen3Config(**qwen3))
    words = {
        "hidden_size": 3584, "intermediate_size": 18944, "num_hidden_layers": 28, "num_attention_heads": 28, "num_key_value_heads": 4,
        "vocab_size": 152064, "tie_word_embeddings": False,
    }  # fmt: skip
    eyes = {
        "depth": 32,
        "hidden_size": 1280,
        "intermediate_size": 3420,
        "num_heads": 16,
        "out_hidden_size": 3584,
    }
    config = transformers.Qwen2_5_VLConfig(text_config=words, vision_config=eyes, tie_word_embeddings=False)
    return lambda: transformers.Qwen2_5_VLForConditionalGeneration(config)


@pytest.mark.parametrize("family", ["z-image", "qwen-image-edit"])
def test_encoders_are_counted_right(family: str) -> None:
    from storykin.models.planning import ENCODERS
    from storykin.models.quantising import hollow, quantisable

    make = encoder_of(family)
    with hollow():
        encoder = make()
    packed = sum(encoder.get_submodule(name).weight.numel() for name in quantisable(encoder))
    rest = sum(one.numel() for one in encoder.parameters()) - packed
    counts = {packs: count for count, packs in ENCODERS[family]}
    assert counts == pytest.approx({True: packed, False: rest}, rel=0.01)
