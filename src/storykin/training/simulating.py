"""Training: how much memory and work one step takes, found by taking it with tensors that have shapes and no contents.

The real step (forward, loss, backward with checkpointing, clipping, AdamW) of the real nets at their real dimensions runs with
tensors on PyTorch's `meta` device (or its fake tensors); every storage is followed from birth to death. It needs no graphics card and half a gigabyte of memory.
`python -m storykin.training.simulating` fills the table that planning reads.
"""

from __future__ import annotations

import argparse
import json
import sys
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, get_args

import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import flop_registry, sdpa_backward_flop, sdpa_flop

from storykin.errors import BadInput
from storykin.files import write_text
from storykin.recipe import Precision
from storykin.training.planning import TABLE, Row, rows_of
from storykin.training.quantising import blanked, hollow, lighten
from storykin.training.streaming import Bus, checkpointing, stream

GIB = 2**30
GRAIN = 512  # bytes; the CUDA allocator's smallest unit
PROCESS_GIB = 2.0  # assumed: Python, PyTorch and the CUDA libraries in main memory
TEXT_TOKENS = 512  # of T5 and Qwen3; CLIP has 77


@dataclass(frozen=True)
class Net:
    """A family's trained net: diffusers' class and its arguments, and what belongs to a step.

    `blocks` are the lists of blocks in the order they compute, by a suffix of their names; `targets` the layers that get adapters. `shrink` is
    pixels per latent, `channels` of a latent (packed, for transformers). `encoders_gib` is what the larger text encoder takes while captions are encoded.
    """

    kind: str
    config: dict[str, Any]
    blocks: tuple[str, ...]
    targets: str
    shrink: int
    channels: int
    encoders_gib: float


FLUX_TARGETS = (
    r"transformer_blocks\.\d+\.(attn\.(to_q|to_k|to_v|to_out\.0|add_q_proj|add_k_proj|add_v_proj|to_add_out)"
    r"|ff(_context)?\.net\.(0\.proj|2))|single_transformer_blocks\.\d+\.(attn\.(to_q|to_k|to_v)|proj_mlp|proj_out)"
)
FLUX2_TARGETS = (
    r"transformer_blocks\.\d+\.(attn\.(to_q|to_k|to_v|to_out\.0|add_q_proj|add_k_proj|add_v_proj|to_add_out)"
    r"|ff(_context)?\.linear_(in|out))|single_transformer_blocks\.\d+\.attn\.(to_qkv_mlp_proj|to_out)"
)
UNET_TARGETS = r".*\.attn[12]\.(to_q|to_k|to_v|to_out\.0)"

ORDER = ("down_blocks", "mid_block", "up_blocks", "transformer_blocks", "single_transformer_blocks")

NETS = {
    # unet/config.json of stable-diffusion-v1-5/stable-diffusion-v1-5; what is not said is diffusers' default
    "sd15": Net(
        "UNet2DConditionModel",
        {"sample_size": 64, "cross_attention_dim": 768, "attention_head_dim": 8},
        ("transformer_blocks",), UNET_TARGETS, 8, 4, 0.3,
    ),
    # unet/config.json of stabilityai/stable-diffusion-xl-base-1.0
    "sdxl": Net(
        "UNet2DConditionModel",
        {
            "sample_size": 128, "cross_attention_dim": 2048, "attention_head_dim": [5, 10, 20], "block_out_channels": [320, 640, 1280],
            "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
            "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
            "transformer_layers_per_block": [1, 2, 10], "use_linear_projection": True, "addition_embed_type": "text_time",
            "addition_time_embed_dim": 256, "projection_class_embeddings_input_dim": 2816,
        },
        ("transformer_blocks",), UNET_TARGETS, 8, 4, 1.6,
    ),
    # transformer/config.json of black-forest-labs/FLUX.1-dev
    "flux-dev": Net(
        "FluxTransformer2DModel",
        {
            "in_channels": 64, "num_layers": 19, "num_single_layers": 38, "attention_head_dim": 128, "num_attention_heads": 24,
            "joint_attention_dim": 4096, "pooled_projection_dim": 768, "guidance_embeds": True, "axes_dims_rope": [16, 56, 56],
        },
        ("transformer_blocks", "single_transformer_blocks"), FLUX_TARGETS, 16, 64, 4.7,
    ),
    # Klein4BParams in src/flux2/model.py of black-forest-labs/flux2, read through ports of it (its own config.json could not be opened here);
    # diffusers' Flux2Transformer2DModel takes the same numbers under these names. 7680 = three layers of Qwen3-4B, 2560 each.
    "flux2-klein": Net(
        "Flux2Transformer2DModel",
        {
            "in_channels": 128, "num_layers": 5, "num_single_layers": 20, "attention_head_dim": 128, "num_attention_heads": 24,
            "joint_attention_dim": 7680, "mlp_ratio": 3.0, "axes_dims_rope": [32, 32, 32, 32], "rope_theta": 2000, "guidance_embeds": False,
        },
        ("transformer_blocks", "single_transformer_blocks"), FLUX2_TARGETS, 16, 128, 4.1,
    ),
}  # fmt: skip
"""The nets of `families.FAMILIES`, by name."""


class Tracker(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Follows storages: bytes on the card now and at most, bytes in main memory, and floating-point operations."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.alive: dict[int, tuple[int, bool, Any]] = {}
        self.card = self.ram = self.peak = self.ram_peak = self.flop = 0
        self.where = ""
        self.watch: Callable[[], str] | None = None

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        for one in tree_leaves(out):
            if isinstance(one, Tensor):
                self.follow(one)
        formula = FLOPS.get(func.overloadpacket)
        if formula is not None:
            self.flop += formula(*args, **(kwargs or {}), out_val=out)
        return out

    def follow(self, tensor: Tensor) -> None:
        """Count the storage under a tensor, once."""
        storage = tensor.untyped_storage()
        key = storage._cdata
        if key in self.alive:
            return
        size = -(-storage.nbytes() // GRAIN) * GRAIN
        self.alive[key] = (size, True, weakref.ref(storage, lambda _: self.drop(key)))
        self.card += size
        if self.card > self.peak:
            self.peak = self.card
            if self.watch is not None:
                self.where = self.watch()

    def drop(self, key: int) -> None:
        """The storage is gone."""
        size, on_card, _ = self.alive.pop(key)
        if on_card:
            self.card -= size
        else:
            self.ram -= size

    def banish(self, tensor: Tensor) -> None:
        """This storage stands for main memory, not for the card."""
        self.follow(tensor)
        key = tensor.untyped_storage()._cdata
        size, on_card, reference = self.alive[key]
        if on_card:
            self.alive[key] = (size, False, reference)
            self.card -= size
            self.ram += size
            self.ram_peak = max(self.ram_peak, self.ram)

    def reset(self) -> None:
        """Begin to measure here: what lies there stays counted."""
        self.peak, self.ram_peak, self.flop = self.card, self.ram, 0


FLOPS = {
    **flop_registry,
    # fake tensors lie on a fake processor, whose attention the registry does not know
    torch.ops.aten._scaled_dot_product_flash_attention_for_cpu: lambda q, k, v, *_, out_val=None, **__: sdpa_flop(q, k, v, out_val=out_val),
    torch.ops.aten._scaled_dot_product_flash_attention_for_cpu_backward: lambda g, q, k, v, *_, out_val=None, **__: sdpa_backward_flop(g, q, k, v, out_val=out_val),
}  # fmt: skip


class FakeBus(Bus):
    """A bus whose main memory is counted apart. `fetched` are the bytes of parked activations that came back."""

    def __init__(self, tracker: Tracker) -> None:
        self.tracker = tracker
        self.fetched = 0

    def home(self, size: int) -> Tensor:
        home = super().home(size)
        self.tracker.banish(home)
        return home

    def park(self, tensor: Tensor) -> Tensor:
        before = self.tracker.peak
        parked = super().park(tensor)
        self.tracker.banish(parked)
        self.tracker.peak = before  # the copy is born in main memory, not on the card
        return parked

    def fetch(self, parked: Tensor) -> Tensor:
        self.fetched += parked.numel() * parked.element_size()
        return super().fetch(parked)


@contextmanager
def _contentless() -> Iterator[None]:
    """Inside, tensors are made on `meta`: shapes without contents, computed in C++. Attention is the fused one, as on a card; on `meta`
    PyTorch would take the plain one, which makes a matrix of all pairs of tokens."""

    def attend(
        query: Tensor,
        key: Tensor,
        value: Tensor,
        attn_mask: Tensor | None = None,
        dropout_p: float = 0.0,
        is_causal: bool = False,
        scale: float | None = None,
        **_: Any,
    ) -> Tensor:
        fused = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu
        return fused(query, key, value, dropout_p, is_causal, attn_mask=attn_mask, scale=scale)[0]  # type: ignore[no-any-return]

    plain = nn.functional.scaled_dot_product_attention
    nn.functional.scaled_dot_product_attention = attend  # type: ignore[assignment]
    try:
        with torch.device("meta"):
            yield
    finally:
        nn.functional.scaled_dot_product_attention = plain


def make_net(net: Net, precision: Precision, rank: int) -> nn.Module:
    """The net on `meta`, quantised, with PEFT adapters in float32; nothing has memory yet."""
    import diffusers
    from peft import LoraConfig

    with hollow():
        model: nn.Module = getattr(diffusers, net.kind)(**net.config)
        model.requires_grad_(False)
        if precision in ("int8", "fp8", "nf4"):
            blanked(model, precision)
        model.add_adapter(LoraConfig(r=rank, lora_alpha=rank, target_modules=net.targets))  # type: ignore[operator]
    return model


def furnish(model: nn.Module, dtype: torch.dtype) -> list[nn.Parameter]:
    """Give everything its (fake) memory: the base in `dtype`, packed weights as they are, adapters in float32; the adapters' parameters."""
    learned = []
    for module in model.modules():
        for name, old in module._parameters.items():
            if old is not None:
                kind = torch.float32 if old.requires_grad else dtype if old.is_floating_point() else old.dtype
                new = nn.Parameter(torch.empty(old.shape, dtype=kind), requires_grad=old.requires_grad)
                module._parameters[name] = new
                learned += [new] if old.requires_grad else []
        for name, buffer in module._buffers.items():
            if buffer is not None:
                module._buffers[name] = torch.empty(buffer.shape, dtype=buffer.dtype)
    return learned


def blocks_of(model: nn.Module, net: Net) -> list[nn.Module]:
    """The net's blocks in the order in which they compute."""
    lists = [
        (ORDER.index(name.partition(".")[0]), module)
        for name, module in model.named_modules()
        if isinstance(module, nn.ModuleList) and name.rpartition(".")[2] in net.blocks
    ]
    lists.sort(key=lambda pair: pair[0])
    return [block for _, blocks in lists for block in blocks]


def inputs_of(net: Net, resolution: int, batch: int, dtype: torch.dtype) -> dict[str, Any]:
    """What goes into the net in one step, by the names of its arguments; without contents."""
    side = resolution // net.shrink
    if net.kind == "UNet2DConditionModel":
        inputs: dict[str, Any] = {
            "sample": torch.empty(batch, net.channels, side, side, dtype=dtype),
            "timestep": torch.zeros(batch, dtype=torch.int64),
            "encoder_hidden_states": torch.empty(batch, 77, net.config["cross_attention_dim"], dtype=dtype),
        }
        if "addition_embed_type" in net.config:
            inputs["added_cond_kwargs"] = {
                "text_embeds": torch.empty(batch, 1280, dtype=dtype),
                "time_ids": torch.empty(batch, 6, dtype=dtype),
            }
        return inputs
    inputs = {
        "hidden_states": torch.empty(batch, side * side, net.channels, dtype=dtype),
        "encoder_hidden_states": torch.empty(
            batch, TEXT_TOKENS, net.config["joint_attention_dim"], dtype=dtype
        ),
        "timestep": torch.empty(batch, dtype=dtype),
        "img_ids": torch.empty(side * side, len(net.config["axes_dims_rope"])),
        "txt_ids": torch.empty(TEXT_TOKENS, len(net.config["axes_dims_rope"])),
    }
    if net.config["guidance_embeds"]:
        inputs["guidance"] = torch.empty(batch, dtype=dtype)
    if "pooled_projection_dim" in net.config:
        inputs["pooled_projections"] = torch.empty(batch, net.config["pooled_projection_dim"], dtype=dtype)
    return inputs


def simulate(
    family: str,
    resolution: int,
    precision: Precision = "bfloat16",
    streamed_blocks: int = 0,
    rank: int = 16,
    batch: int = 1,
    *,
    checkpoint: bool = True,
    park: bool = True,
    light: bool = True,
    fake: bool = False,
    net: Net | None = None,
) -> Row:
    """Take one step without contents and say what it needed. Seconds to a minute.

    `park` lets checkpointed boundaries wait in main memory, `light` computes adapters without float32 copies (`quantising.lighten`); both are what training does.
    `fake` takes PyTorch's fake tensors instead of its `meta` device: the same numbers (tested), four times slower. The peak is a lower bound: no CUDA context, no workspaces, no fragmentation. Raises `BadInput` for a family or a number of blocks that is not there.
    """
    if net is None and family not in NETS:
        raise BadInput(f"there is no net for the family {family!r}", f"choose from: {', '.join(NETS)}")
    net = net or NETS[family]
    dtype = torch.float32 if precision == "float32" else torch.bfloat16
    model = make_net(net, precision, rank)
    tracker = Tracker()
    with FakeTensorMode() if fake else _contentless(), tracker:
        learned = furnish(model, dtype)
        bus = FakeBus(tracker)
        if light:
            lighten(model)
        if checkpoint:
            model.enable_gradient_checkpointing(checkpointing(bus if park else None))  # type: ignore[operator]
        schedule = stream(blocks_of(model, net), streamed_blocks, "cpu", bus)
        optimiser = torch.optim.AdamW(
            learned, lr=1e-4, foreach=False
        )  # as fused, no temporaries beyond one tensor
        for one in learned:
            one.grad = torch.zeros_like(one)
        optimiser.step()  # its state is there from the second step on
        optimiser.zero_grad(set_to_none=True)
        inputs = inputs_of(net, resolution, batch, dtype)
        wanted = torch.empty_like(
            inputs["hidden_states" if "hidden_states" in inputs else "sample"], dtype=torch.float32
        )
        tracker.reset()
        _step(model, inputs, wanted, optimiser, learned)
    largest = max(one.numel() for one in model.parameters()) * 2
    ram = max(net.encoders_gib * GIB, tracker.ram_peak, schedule.ram + 2 * largest)
    return Row(
        family=family,
        resolution=resolution,
        base_precision=precision,
        streamed_blocks=streamed_blocks,
        rank=rank,
        peak_gib=round(tracker.peak / GIB, 2),
        ram_gib=round(PROCESS_GIB + ram / GIB, 2),
        tflop_per_step=round(tracker.flop / 1e12, 2),
        bytes_per_step=schedule.bytes_per_step + bus.fetched,
        checkpointing="parked" if checkpoint and park else "kept" if checkpoint else "none",
    )


def _step(
    model: nn.Module,
    inputs: dict[str, Any],
    wanted: Tensor,
    optimiser: torch.optim.Optimizer,
    learned: Iterable[Tensor],
) -> None:
    made = model(**inputs, return_dict=False)[0]
    loss = nn.functional.mse_loss(made.float(), wanted)
    del made
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(learned, 1.0, foreach=False)
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)


def wanted_rows() -> list[tuple[str, int, Precision, int]]:
    """What the table should hold: family, resolution, precision, streamed blocks; what decides most comes first. fp8 follows from int8."""
    most = {"sd15": 16, "sdxl": 70, "flux-dev": 57, "flux2-klein": 25}
    sides = {
        "sd15": (512,),
        "sdxl": (1024, 768),
        "flux-dev": (1024, 512, 768),
        "flux2-klein": (1024, 512, 768),
    }
    firsts: list[tuple[str, int, Precision, int]] = [
        ("flux-dev", 1024, "nf4", 57), ("flux-dev", 512, "nf4", 57), ("flux-dev", 1024, "nf4", 0), ("flux-dev", 512, "nf4", 0),
        ("sdxl", 1024, "bfloat16", 0), ("sd15", 512, "bfloat16", 0), ("flux-dev", 1024, "int8", 28), ("flux2-klein", 1024, "bfloat16", 0),
        ("flux2-klein", 1024, "nf4", 0), ("flux-dev", 1024, "int8", 57),
    ]  # fmt: skip
    precisions: tuple[Precision, ...] = ("nf4", "int8", "bfloat16")
    everything = [
        (family, side, precision, count)
        for rank in range(3)
        for precision in precisions
        for family in ("flux-dev", "flux2-klein", "sdxl", "sd15")
        for side in sides[family][rank : rank + 1]
        for count in (0, most[family], most[family] // 2)
    ]
    return list(dict.fromkeys(firsts + everything))


def fill(path: Path = TABLE, rank: int = 16, say: Callable[[str], None] = print) -> None:
    """Simulate what the table lacks, row by row, and write each down at once; can be stopped and gone on with at any time.

    int8 and fp8 weights lie equally (a byte a weight, a scale a row), so one simulation serves both.
    """
    for family, resolution, precision, count in wanted_rows():
        rows = rows_of(path)
        if any(row.of == (family, resolution, precision, count, rank) for row in rows):
            continue
        row = simulate(family, resolution, precision, count, rank)
        twins = (row, replace(row, base_precision="fp8")) if precision == "int8" else (row,)
        write_rows(path, (*rows, *twins))
        say(
            f"{family} {resolution} {precision} {count} streamed: {row.peak_gib} GiB, {row.tflop_per_step} TFLOP"
        )


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Keep the rows as JSON, one a line, in order."""
    ordered = sorted(rows, key=lambda row: row.of)
    lines = ",\n".join("  " + json.dumps(asdict(row)) for row in ordered)
    write_text(path, f"[\n{lines}\n]\n")


def main(arguments: list[str] | None = None) -> int:
    """`--fill` fills the table; else one step is simulated and printed as JSON."""
    parser = argparse.ArgumentParser(
        prog="python -m storykin.training.simulating", description="Simulate one training step."
    )
    parser.add_argument("--family", choices=sorted(NETS))
    parser.add_argument("--resolution", type=int, default=1024)
    parser.add_argument("--precision", choices=get_args(Precision), default="bfloat16")
    parser.add_argument("--streamed-blocks", type=int, default=0)
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument(
        "--fill", action="store_true", help="fill the kept table; rows already there are skipped"
    )
    parser.add_argument("--table", type=Path, default=TABLE)
    chosen = parser.parse_args(arguments)
    if chosen.fill:
        fill(chosen.table, chosen.rank, lambda line: print(line, flush=True))
        return 0
    if chosen.family is None:
        parser.error("which --family?")
    try:
        row = simulate(
            chosen.family,
            chosen.resolution,
            chosen.precision,
            chosen.streamed_blocks,
            chosen.rank,
            chosen.batch,
        )
    except BadInput as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(asdict(row)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
