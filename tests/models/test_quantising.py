"""Weights in 8 and 4 bits: close enough, small enough, and never whole in floating point."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
diffusers = pytest.importorskip("diffusers")
peft = pytest.importorskip("peft")
safetensors = pytest.importorskip("safetensors.torch")

from torch import Tensor, nn  # noqa: E402

from storykin.errors import BadFile, BadInput  # noqa: E402
from storykin.models import quantising  # noqa: E402
from storykin.models.loading import shards_of  # noqa: E402
from storykin.models.quantising import (  # noqa: E402
    NF4,
    QuantisedLinear,
    blank,
    hollow,
    load_quantised,
    pack,
    quantisable,
    quantise,
    strips,
    unpack,
)

torch.set_num_threads(1)
# relative error of normal weights: int8 and NF4 as in the literature, e4m3 has 3 bits of mantissa
BOUNDS = {"int8": (0.004, 0.012), "fp8": (0.02, 0.03), "nf4": (0.07, 0.1)}
BITS = {"int8": 8.13, "fp8": 8.13, "nf4": 4.14}


def noise(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("precision", BOUNDS)
def test_packing_keeps_what_its_precision_can(precision: str) -> None:
    weight = noise(256, 320)
    state = pack(weight, precision)
    back = unpack(state, precision, weight.shape, torch.float32)
    error = float((back - weight).norm() / weight.norm())
    least, most = BOUNDS[precision]
    assert least < error < most
    assert unpack(state, precision, weight.shape, torch.bfloat16).dtype == torch.bfloat16
    bits = 8 * sum(one.numel() * one.element_size() for one in state) / weight.numel()
    assert bits < BITS[precision]
    assert [(one.shape, one.dtype) for one in blank(weight.shape, precision)] == [
        (one.shape, one.dtype) for one in state
    ]


@pytest.mark.parametrize("precision", BOUNDS)
def test_packing_survives_zeros_and_giants(precision: str) -> None:
    weight = noise(64, 128)
    weight[3] = 0
    weight[5, 7] = 1e4
    back = unpack(pack(weight, precision), precision, weight.shape, torch.float32)
    assert torch.isfinite(back).all()
    assert back[5, 7] == pytest.approx(1e4, rel=0.02)
    if precision != "nf4":  # rows stand for themselves
        assert (back[3] == 0).all()


def test_large_matrices_are_packed_as_small_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    weight = noise(192, 128)
    for precision in BOUNDS:
        whole = pack(weight, precision)
        with monkeypatch.context() as patched:
            patched.setattr(quantising, "ROWS", 1024)
            pieces = pack(weight, precision)
        assert all(torch.equal(one, other) for one, other in zip(whole, pieces, strict=True))


@pytest.mark.parametrize("precision", BOUNDS)
@pytest.mark.parametrize("across", [False, True])
def test_strips_make_the_whole(precision: str, across: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    weight = noise(192, 320)
    state = pack(weight, precision)
    whole = unpack(state, precision, weight.shape, torch.float32)
    monkeypatch.setattr(quantising, "STRIP", 192 * 64)
    parts = list(strips(state, precision, weight.shape, torch.float32, across))
    assert len(parts) > 2
    assert torch.equal(torch.cat([part for _, part in parts], dim=1 if across else 0), whole)


def test_nf4_is_that_of_bitsandbytes() -> None:
    functional = pytest.importorskip("bitsandbytes.functional")
    weight = noise(128, 256, seed=4)
    packed, state = functional.quantize_4bit(weight, blocksize=64, quant_type="nf4")
    codes, *_ = pack(weight, "nf4")
    assert torch.equal(codes, packed.view(-1))
    assert torch.allclose(state.code, torch.tensor(NF4), atol=1e-6)
    theirs = functional.dequantize_4bit(packed, state)
    ours = unpack(pack(weight, "nf4"), "nf4", weight.shape, torch.float32)
    assert float((ours - theirs).norm() / theirs.norm()) < 0.01  # the scales are themselves in 8 bits


def test_nf4_without_bitsandbytes_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    weight = noise(128, 256)
    state = pack(weight, "nf4")
    if quantising._kernel() is None:
        pytest.skip("bitsandbytes is not installed")
    fast = unpack(state, "nf4", weight.shape, torch.float32)
    monkeypatch.setattr(quantising, "_kernel", lambda: None)
    assert torch.allclose(fast, unpack(state, "nf4", weight.shape, torch.float32), atol=1e-6)


def test_other_precisions_are_refused() -> None:
    with pytest.raises(BadInput, match="cannot be packed as 'bfloat16'"):
        pack(noise(64, 64), "bfloat16")


@pytest.mark.parametrize("precision", BOUNDS)
@pytest.mark.parametrize("strip", [2**22, 64 * 64])
def test_a_layer_computes_with_its_unpacked_weight(
    precision: str, strip: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quantising, "STRIP", strip)
    model = nn.Sequential(nn.Linear(128, 192), nn.GELU(), nn.Linear(192, 64))
    plain = nn.Sequential(nn.Linear(128, 192), nn.GELU(), nn.Linear(192, 64))
    quantise(model, precision)
    for mine, other in zip(model, plain, strict=True):
        if isinstance(mine, QuantisedLinear):
            other.weight.data = mine.unpacked()
            other.bias.data = mine.bias.data
    x, y = noise(2, 5, 128).requires_grad_(), noise(2, 5, 128).requires_grad_()
    ours, theirs = model(x), plain(y)
    assert torch.allclose(ours, theirs, atol=1e-5)
    ours.square().sum().backward()
    theirs.square().sum().backward()
    assert x.grad is not None
    assert torch.allclose(x.grad, y.grad, atol=1e-4)
    assert all(one.grad is None for one in model.parameters())


def test_the_graph_keeps_no_float_weight() -> None:
    layer = quantise(nn.Sequential(nn.Linear(512, 512)), "nf4")[0]
    kept: list[Tensor] = []

    def keep(tensor: Tensor) -> Tensor:
        kept.append(tensor)
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        layer(noise(3, 512).requires_grad_())
    assert sum(one.numel() * one.element_size() for one in kept) < 512 * 512 * 0.6


def flux(**changes: Any) -> Any:
    return diffusers.FluxTransformer2DModel(
        **{
            "in_channels": 16, "num_layers": 2, "num_single_layers": 2, "attention_head_dim": 32, "num_attention_heads": 4, "joint_attention_dim": 64,
            "pooled_projection_dim": 32, "guidance_embeds": True, "axes_dims_rope": (8, 12, 12), **changes,
        }
    )  # fmt: skip


def inputs(dtype: torch.dtype) -> dict[str, Tensor]:
    made = {
        "hidden_states": noise(1, 16, 16), "encoder_hidden_states": noise(1, 6, 64), "pooled_projections": noise(1, 32),
        "timestep": torch.tensor([0.5]), "guidance": torch.ones(1),
    }  # fmt: skip
    ids = {"img_ids": torch.arange(48.0).view(16, 3), "txt_ids": torch.zeros(6, 3)}
    return {name: one.to(dtype) for name, one in made.items()} | ids


@pytest.mark.parametrize("precision", ["bfloat16", *BOUNDS])
def test_a_sharded_checkpoint_is_loaded_quantised_and_learns(precision: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = flux().eval()
    model.save_pretrained(tmp_path, max_shard_size="300KB")
    shards = shards_of(tmp_path)
    assert len(shards) > 3
    with hollow():
        empty = flux()
    assert all(one.device.type == "meta" for one in empty.parameters())
    loaded = load_quantised(empty, shards, precision, dtype=torch.float32)
    names = quantisable(flux())
    assert sum(isinstance(one, QuantisedLinear) for one in loaded.modules()) == (
        0 if precision == "bfloat16" else len(names)
    )
    assert len(names) == 2 * 14 + 2 * 6 + 1
    with torch.no_grad():
        wanted, made = (one(**inputs(torch.float32), return_dict=False)[0] for one in (model, loaded))
    error = float((wanted - made).norm() / wanted.norm())
    assert error <= {"bfloat16": 0.0, "int8": 0.02, "fp8": 0.08, "nf4": 0.25}[precision]
    loaded.add_adapter(
        peft.LoraConfig(r=4, target_modules=["to_q", "to_k", "proj_mlp"], init_lora_weights=False)
    )
    loaded(**inputs(torch.float32), return_dict=False)[0].square().mean().backward()
    learned = [one for one in loaded.parameters() if one.requires_grad]
    assert len(learned) == 2 * (4 * 2 + 2)
    assert all(
        one.dtype == torch.float32 and one.grad is not None and one.grad.abs().sum() > 0 for one in learned
    )


def test_a_text_encoder_is_loaded_in_8_bits(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    config = transformers.T5Config(
        vocab_size=64,
        d_model=128,
        d_kv=32,
        d_ff=256,
        num_layers=2,
        num_heads=4,
        feed_forward_proj="gated-gelu",
    )
    torch.manual_seed(0)
    encoder = transformers.T5EncoderModel(config).eval()
    encoder.save_pretrained(tmp_path)
    with hollow():
        empty = transformers.T5EncoderModel(config)
    loaded = load_quantised(empty, shards_of(tmp_path), "int8", dtype=torch.float32)
    words = torch.tensor([[1, 5, 9, 2]])
    with torch.no_grad():
        wanted, made = encoder(words).last_hidden_state, loaded(words).last_hidden_state
    assert 0 < float((wanted - made).norm() / wanted.norm()) < 0.03


def test_streamed_blocks_can_be_loaded_elsewhere(tmp_path: Path) -> None:
    flux().save_pretrained(tmp_path)
    seen: dict[str, str] = {}

    def place(name: str) -> str:
        return seen.setdefault(name, "cpu")

    with hollow():
        empty = flux()
    load_quantised(empty, shards_of(tmp_path), "nf4", device=place)
    assert seen.keys() == set(flux().state_dict())


def damaged(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:200])


def emptied(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize(
    ("harm", "said"),
    [(damaged, "is cut off|is damaged"), (emptied, "weights are missing: diffusion_pytorch")],
)
def test_broken_checkpoints_are_named(harm: Callable[[Path], None], said: str, tmp_path: Path) -> None:
    flux().save_pretrained(tmp_path, max_shard_size="300KB")
    harm(sorted(tmp_path.glob("*.safetensors"))[1])
    with hollow():
        empty = flux()
    with pytest.raises(BadFile, match=said):
        load_quantised(empty, shards_of(tmp_path), "int8")


def test_lacking_and_foreign_tensors_are_named(tmp_path: Path) -> None:
    state = flux().state_dict()
    file = tmp_path / "model.safetensors"
    with hollow():
        empty = flux()
    first = next(iter(state))
    safetensors.save_file({name: one for name, one in state.items() if name != first}, file)
    with pytest.raises(BadFile, match=f"the checkpoint lacks {first}"):
        load_quantised(empty, file, "int8")
    safetensors.save_file({**state, first: torch.zeros(3, 3)}, file)
    with hollow():
        empty = flux()
    with pytest.raises(BadFile, match=r"is \(3, 3\), expected"):
        load_quantised(empty, file, "int8")


def test_no_folder_without_weights(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"weights are missing: \*\.safetensors"):
        shards_of(tmp_path)
    (tmp_path / "a.safetensors.index.json").write_text(json.dumps({"weight_map": {"x": "a-1.safetensors"}}))
    with pytest.raises(BadFile, match=r"a-1\.safetensors"):
        shards_of(tmp_path)


MEASURE = """
import os, resource, sys, torch, diffusers
from pathlib import Path
from storykin.models.loading import shards_of
from storykin.models.quantising import hollow, load_quantised
torch.set_num_threads(1)
def now():
    # anonymous memory only: pages of mapped files can be dropped by the system at any time
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) * 1024
config = diffusers.FluxTransformer2DModel.load_config(sys.argv[1])
with hollow():
    model = diffusers.FluxTransformer2DModel.from_config(config)
from storykin.models import quantising
quantising.pack(torch.zeros(64, 64), "nf4"); quantising._kernel()
before, most = now(), 0
fill = quantising._fill
def watched(*args):
    global most
    fill(*args)
    most = max(most, now())
quantising._fill = watched
load_quantised(model, shards_of(Path(sys.argv[1])), sys.argv[2])
print(most - before, now() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_loading_needs_little_more_than_the_packed_weights(tmp_path: Path) -> None:
    model = flux(
        attention_head_dim=64,
        num_attention_heads=16,
        axes_dims_rope=(16, 24, 24),
        num_layers=4,
        num_single_layers=4,
    ).to(torch.bfloat16)
    whole = sum(one.numel() * 2 for one in model.parameters())
    assert whole > 200e6
    model.save_pretrained(tmp_path, max_shard_size="60MB")
    del model
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path), "nf4"], capture_output=True, text=True, check=True
    )
    peak, after = map(int, done.stdout.split()[-2:])
    assert after < whole * 0.45  # 4.13 of 16 bits, and what stays in bfloat16
    assert peak < whole * 0.7
