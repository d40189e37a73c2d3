"""Training: how much memory and work one step takes, found by taking it with tensors that have shapes and no contents.

The real step (forward, loss, backward with checkpointing, clipping, AdamW) of the real nets at their real dimensions runs with the
weightless tensors of `models/weightless.py`, which also follows what they take.
`python -m storykin.training.simulating` fills the table that planning reads.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Literal, get_args

import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode

from storykin.errors import BadInput
from storykin.families import FAMILIES, Precision
from storykin.files import write_text
from storykin.models import nets, weightless
from storykin.models.nets import UNET
from storykin.models.planning import (
    PHASES,
    PREVIEW_SIDES,
    PREVIEWS,
    TABLE,
    Phase,
    Row,
    phases_of,
    rows_of,
)
from storykin.models.quantising import hollow, lighten
from storykin.models.streaming import SLOTS, Schedule, checkpointing, parking, stream
from storykin.models.weightless import (
    GIB,
    FakeBus,
    Net,
    Tracker,
    bare_net,
    contentless,
    furnish,
    inputs_of,
    vae_of,
)
from storykin.training import lora
from storykin.training.learners.diffusion import DiffusionLearner
from storykin.training.learners.diffusion import lighten as lighten_unet
from storykin.training.learners.flux import FluxLearner
from storykin.training.learners.flux2 import Flux2Learner
from storykin.training.overlap import Block

PROCESS_GIB = 2.0  # assumed: Python, PyTorch and the CUDA libraries in main memory

NETS = {family: weightless.NETS[family] for family in FAMILIES}
"""The nets that are trained, by family."""

LEARNERS: dict[str, Any] = {
    UNET: DiffusionLearner,
    "FluxTransformer2DModel": FluxLearner,
    "Flux2Transformer2DModel": Flux2Learner,
}
"""Who says which layers of a net are taught, and which are its blocks."""


def make_net(net: Net, precision: Precision, rank: int) -> nn.Module:
    """The net on `meta`, quantised, with the adapters that its learner puts in, in float32; nothing has memory yet."""
    model = bare_net(net, precision)
    with hollow():
        lora.put_adapter(model, LEARNERS[net.kind].targets(model), rank, rank, seed=0)
    return model.eval()


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
    watch: Callable[[nn.Module, Tracker, Schedule], None] | None = None,
) -> Row:
    """Take one step without contents and say what it needed. Seconds to a minute.

    `park` lets checkpointed boundaries wait in main memory, `light` computes adapters without float32 copies (`quantising.lighten`); both are what training does.
    `watch` sees the model before the step and may hang hooks into it.
    `fake` takes PyTorch's fake tensors instead of its `meta` device: the same numbers (tested), four times slower. The peak is a lower bound: no CUDA context, no workspaces, no fragmentation. Raises `BadInput` for a family or a number of blocks that is not there.
    """
    if net is None and family not in NETS:
        raise BadInput(f"there is no net for the family {family!r}", f"choose from: {', '.join(NETS)}")
    net = net or NETS[family]
    dtype = torch.float32 if precision == "float32" else torch.bfloat16
    model = make_net(net, precision, rank)
    tracker = Tracker()
    with FakeTensorMode() if fake else contentless(), tracker:
        learned = furnish(model, dtype)
        bus = FakeBus(tracker)
        if light:
            _lighten(model, net)
        if checkpoint:
            model.enable_gradient_checkpointing(checkpointing(bus if park else None))  # type: ignore[operator]
        schedule = stream(nets.blocks_of(model), streamed_blocks, "cpu", bus)
        if watch is not None:
            watch(model, tracker, schedule)
        optimiser = torch.optim.AdamW(
            learned, lr=1e-4, foreach=False
        )  # as fused, no temporaries beyond one tensor
        for one in learned:
            one.grad = torch.zeros_like(one)
        optimiser.step()  # its state is there from the second step on
        optimiser.zero_grad(set_to_none=True)
        resident = tracker.card
        inputs = inputs_of(model, net, resolution, batch, dtype)
        wanted = torch.empty_like(
            inputs["hidden_states" if "hidden_states" in inputs else "sample"], dtype=torch.float32
        )
        tracker.reset()
        with parking(bus if net.kind == UNET and checkpoint and park else None):
            made = model(**inputs, return_dict=False)[0]
        _learn(made, wanted, optimiser, learned)
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
        resident_gib=round(resident / GIB, 2),
        adapter_parameters=sum(one.numel() for one in learned),
    )


def _lighten(model: nn.Module, net: Net) -> None:
    (lighten_unet if net.kind == UNET else lighten)(model)


def _learn(made: Tensor, wanted: Tensor, optimiser: torch.optim.Optimizer, learned: Iterable[Tensor]) -> None:
    loss = nn.functional.mse_loss(made.float(), wanted)
    del made
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(learned, 1.0, foreach=False)
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)


def blocks_in(
    family: str, resolution: int, precision: Precision, rank: int = 16, net: Net | None = None
) -> tuple[Block, ...]:
    """What each block of a net carries over the bus and computes in one step, all of them streamed; in order. See `overlap.py`."""
    net = net or NETS[family]
    forward: list[int] = []
    entered: list[int] = []
    sizes: list[int] = []
    trackers: list[Tracker] = []

    def watch(model: nn.Module, tracker: Tracker, schedule: Schedule) -> None:
        trackers.append(tracker)
        sizes.extend(one.size for one in schedule.waiting)
        for block in nets.blocks_of(model):
            block.register_forward_pre_hook(enter)
            block.register_forward_hook(leave)

    def enter(*_: Any) -> None:
        (entered if torch.is_grad_enabled() else forward).append(trackers[0].flop)

    def leave(*_: Any) -> None:
        if not torch.is_grad_enabled():
            forward[-1] = trackers[0].flop - forward[-1]

    count = len(nets.blocks_of(make_net(net, precision, rank)))
    row = simulate(family, resolution, precision, count, rank, net=net, watch=watch)
    # backwards the last block comes first; what a block does lasts until the next is entered
    ends = [*entered[1:], trackers[0].flop]
    backward = [end - start for start, end in zip(entered, ends, strict=True)][::-1]
    moved = sum(sizes[SLOTS:]) + sum(sizes[:-SLOTS])
    parked = (row.bytes_per_step - moved) // count  # all tokens are as long in every block of a transformer
    return tuple(
        Block(size, there, back, parked) for size, there, back in zip(sizes, forward, backward, strict=True)
    )


def simulate_pictures(family: str, side: int) -> Phase:
    """Encode one photo, as learners do: in float32, with nothing else on the card."""
    tracker = Tracker()
    with contentless(), tracker, torch.no_grad():
        vae = vae_of(family, torch.float32)
        vae.encode(torch.empty(1, 3, side, side)).latent_dist.mode()
    return Phase("pictures", family, side, "", round(tracker.peak / GIB, 2))


def simulate_decoding(family: str, side: int) -> Phase:
    """Make one picture of latents, as previews do: in bfloat16, beside the net."""
    tracker = Tracker()
    with contentless(), tracker, torch.no_grad():
        vae = vae_of(family, torch.bfloat16)
        latents = vae.config.latent_channels
        vae.decode(torch.empty(1, latents, side // 8, side // 8, dtype=torch.bfloat16))
    return Phase("decoding", family, side, "", round(tracker.peak / GIB, 2))


def simulate_denoising(family: str, side: int, precision: Precision, rank: int = 16) -> Phase:
    """One pass through the net with adapters for a preview.

    U-Nets are guided: two at once. FLUX has its VAE on the card already.
    """
    net = NETS[family]
    model = make_net(net, precision, rank)
    tracker = Tracker()
    with contentless(), tracker, torch.no_grad():
        furnish(model, torch.bfloat16)
        _lighten(model, net)
        there = tracker.card
        vae = None if net.kind == UNET else vae_of(family, torch.bfloat16)
        inputs = inputs_of(model, net, side, 2 if net.kind == UNET else 1, torch.bfloat16)
        tracker.reset()
        model(**inputs, return_dict=False)
        del vae
    return Phase("denoising", family, side, precision, round((tracker.peak - there) / GIB, 2))


SIDES = {"sd15": (512,), "sdxl": (1024, 768), "flux-dev": (1024, 512, 768), "flux2-klein": (1024, 512, 768)}
"""The resolutions that the table holds."""


def net_of(family: str, config: Mapping[str, Any]) -> Net:
    """The family's net with a base's own dimensions, as the settings file of its unet or transformer says."""
    own = {key: value for key, value in config.items() if not key.startswith("_")}
    return replace(NETS[family], config=own)


def is_usual(family: str, config: Mapping[str, Any]) -> bool:
    """Whether a base's net has the same layers of the same shapes as the family's usual one."""
    import diffusers

    def shapes(net: Net) -> dict[str, torch.Size]:
        with hollow():
            model = getattr(diffusers, net.kind).from_config(dict(net.config))
        return {name: one.shape for name, one in model.named_parameters()}

    return shapes(net_of(family, config)) == shapes(NETS[family])


def rows_for(
    family: str,
    net: Net,
    resolutions: Iterable[int],
    precisions: Iterable[Precision] = ("bfloat16", "int8", "nf4"),
    rank: int = 16,
) -> tuple[Row, ...]:
    """Simulated steps from which `planning.plan` can plan for another net: nothing, half or all blocks streamed."""
    count = len(nets.blocks_of(make_net(net, "bfloat16", rank)))
    return tuple(
        simulate(family, side, precision, streamed, rank, net=net)
        for side in resolutions
        for precision in precisions
        for streamed in sorted({0, count // 2, count})
    )


def wanted_rows() -> list[tuple[str, int, Precision, int]]:
    """What the table should hold: family, resolution, precision, streamed blocks; what decides most comes first. fp8 follows from int8."""
    most = {"sd15": 16, "sdxl": 70, "flux-dev": 57, "flux2-klein": 25}
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
        for side in SIDES[family][rank : rank + 1]
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


def wanted_phases() -> list[tuple[str, str, int, Precision | Literal[""]]]:
    """What the table of phases should hold: name, family, side, precision."""
    found: list[tuple[str, str, int, Precision | Literal[""]]] = []
    for family, sides in SIDES.items():
        found += [("pictures", family, side, "") for side in sides]
        for side in (one for one in PREVIEW_SIDES if one <= PREVIEWS[family]):
            found.append(("decoding", family, side, ""))
            found += [("denoising", family, side, precision) for precision in ("bfloat16", "int8", "nf4")]
    return found


def fill_phases(path: Path = PHASES, say: Callable[[str], None] = print) -> None:
    """The same for the other phases of a training."""
    for name, family, side, precision in wanted_phases():
        there = phases_of(path)
        if any(
            (one.name, one.family, one.side, one.base_precision) == (name, family, side, precision)
            for one in there
        ):
            continue
        if name == "pictures":
            found = [simulate_pictures(family, side)]
        elif name == "decoding":
            found = [simulate_decoding(family, side)]
        else:
            assert precision
            one = simulate_denoising(family, side, precision)
            found = [one, replace(one, base_precision="fp8")] if precision == "int8" else [one]
        ordered = sorted(
            (*there, *found), key=lambda one: (one.family, one.name, one.side, one.base_precision)
        )
        _write_lines(path, ordered)
        say(f"{name} {family} {side} {precision}: {found[0].gib} GiB")


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Keep the rows as JSON, one a line, in order."""
    ordered = sorted(rows, key=lambda row: row.of)
    _write_lines(path, ordered)


def _write_lines(path: Path, entries: Iterable[Row | Phase]) -> None:
    lines = ",\n".join("  " + json.dumps(asdict(one)) for one in entries)
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
    parser.add_argument("--phases", type=Path, default=PHASES)
    chosen = parser.parse_args(arguments)
    if chosen.fill:
        fill_phases(chosen.phases, lambda line: print(line, flush=True))
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
