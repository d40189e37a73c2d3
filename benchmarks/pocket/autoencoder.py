"""The autoencoder of `pocket`: 256 x 256 pixels to 16 x 16 places of 16 numbers and back: `python -m benchmarks.pocket.autoencoder learn`.

diffusers' AutoencoderKL, so that every pipeline loads it; few channels where there are many pixels. Drawn pictures need no
judge of textures: differences of colours and of edges are the whole loss, squared first and absolute later.

learn   at half the size, where a picture is a quarter of the work and the reader tells as much of it; from crops that grow. It is saved with the
        shift and scale that make its latents' mean 0 and their deviation 1
grow    one more level on both sides, for the whole size: the latents stay what they were, so that a base which knows them need not learn again
        (as pictures grow in Karras et al. 2018, arXiv 1710.10196)
"""

import argparse
import io
import json
import math
import os
import re
import time
from collections.abc import Iterator, Mapping
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

from . import render, world
from .team import Team, together

CHANNELS = (
    16,
    16,
    32,
    64,
    128,
)  # at 256, 128, 64, 32 and 16 pixels a side; the first belongs to the level that is grown
HALF = world.SIDE // 2  # pixels of a side while it learns
LATENT = 16  # as FLUX.1 has, whose families the product knows by it
FACTOR = 8  # pixels of a latent's side at half the size
NOISE = 0.1  # of the latents' deviation, added while learning: what the net paints is never exact
CALM = 0.01  # how much it counts that each number of the latents has mean 0 and deviation 1
SQUARE = 4.0  # of squared differences, which find the colours long before absolute ones do
EDGES = 1.0  # eyes and mouths are edges; at a quarter they were left out
STAGES = ((32, 32, 0.3), (64, 8, 0.5), (HALF, 2, 0.2))
"""Pixels a side, pictures in a batch and part of the steps, one after the other: about the same work each."""


def make(channels: tuple[int, ...] = CHANNELS, groups: int = 1) -> Any:
    """The fresh autoencoder. Attention is left out: a drawing's places know enough of each other by convolutions.

    Weights keep the size of what passes and residual branches begin at nothing, so that it begins as a linear autoencoder (as in Zhang et al. 2019,
    arXiv 1901.09321); with one group a norm leaves the colours, which eight groups of eight channels would take away.
    """
    import torch
    from diffusers import AutoencoderKL

    torch.manual_seed(0)
    vae = AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * len(channels),
        up_block_types=("UpDecoderBlock2D",) * len(channels),
        block_out_channels=channels,
        layers_per_block=1,
        latent_channels=LATENT,
        norm_num_groups=groups,
        sample_size=16 * 2 ** (len(channels) - 1),
        mid_block_add_attention=False,
        use_quant_conv=False,
        use_post_quant_conv=False,
        scaling_factor=1.0,
        shift_factor=0.0,
        force_upcast=False,
    )
    for name, one in vae.named_modules():
        if isinstance(one, torch.nn.Conv2d):
            torch.nn.init.kaiming_normal_(one.weight, nonlinearity="linear")
            torch.nn.init.zeros_(one.bias)
            if name.endswith("conv2"):
                torch.nn.init.zeros_(one.weight)
    return vae


FACES = 0.6
"""Of the crops, how many are about somebody's head: it is a hundredth of a picture, and all that tells who it is."""


def about_a_head(
    labels: Mapping[str, Any], side: int, crop: int, dice: Random, grid: int = FACTOR
) -> tuple[int, int]:
    """Left and top of a square with the head of one of the figures in it, on the grid of latents; anywhere where nobody has a box."""
    boxes = [one["box"] for one in labels["figures"] if one["box"]]
    if not boxes:
        return dice.randrange(0, side - crop + 1, grid), dice.randrange(0, side - crop + 1, grid)
    x, y, w, h = dice.choice(boxes)
    middle = (x + w / 2 + dice.uniform(-0.08, 0.08), y + 0.2 * h + dice.uniform(-0.08, 0.08))
    corner = [round((side * one - crop / 2) / grid) * grid for one in middle]
    left, top = (min(max(one, 0), side - crop) for one in corner)
    return left, top


def crops(
    paths: list[Path], count: int, crop: int, dice: Random, faces: float = 0.0, grid: int = FACTOR
) -> Iterator[Any]:
    """Batches of squares, n x 3 x crop x crop in -1 … 1, from several shards at a time; without end. `faces` of them are about a head, the others anywhere."""
    import numpy as np
    import torch
    from PIL import Image

    waiting: list[Any] = []
    while True:
        paths = [path for path in paths if path.exists()]
        for path in dice.sample(paths, len(paths)):
            for picture in render.read(path):
                with Image.open(io.BytesIO(picture.png)) as one:
                    side = one.width
                    x, y = (dice.randrange(0, side - crop + 1, grid) for _ in range(2))
                    if dice.random() < faces:
                        x, y = about_a_head(picture.labels, side, crop, dice, grid)
                    waiting.append(np.asarray(one.convert("RGB").crop((x, y, x + crop, y + crop))))
                if len(waiting) == 8 * count:
                    dice.shuffle(waiting)
                    stacked = torch.from_numpy(np.stack(waiting)).permute(0, 3, 1, 2)
                    waiting = []
                    for start in range(0, len(stacked), count):
                        yield stacked[start : start + count].float() / 127.5 - 1


def loss_of(
    vae: Any, pictures: Any, sharp: float = 1.0, noise: float = NOISE
) -> tuple[Any, dict[str, float]]:
    """Colours, edges and the pull on the latents; the parts beside the sum. `sharp` is how much absolute differences count, 0 to 1."""
    import torch

    posterior = vae.encode(pictures).latent_dist
    latents = posterior.mean
    found = vae.decode(latents + noise * torch.randn_like(latents)).sample
    unlike, parts = unlikeness(found, pictures, sharp)
    spread = latents.std((0, 2, 3))
    pull = (latents.mean((0, 2, 3)).square() + (spread - 1).square()).mean()
    return unlike + CALM * pull, parts | {"spread": spread.mean().item()}


def unlikeness(found: Any, pictures: Any, sharp: float = 1.0) -> tuple[Any, dict[str, float]]:
    """How far pictures are from what they should be, in colours and in edges; the parts beside the sum."""
    colours, squares = (found - pictures).abs().mean(), (found - pictures).square().mean()
    edges = sum(
        ((found[..., step:, :] - found[..., :-step, :]) - (pictures[..., step:, :] - pictures[..., :-step, :])).abs().mean()
        + ((found[..., step:] - found[..., :-step]) - (pictures[..., step:] - pictures[..., :-step])).abs().mean()
        for step in (1, 2)
    )  # fmt: skip
    parts = {"colours": colours.item(), "edges": edges.detach().item()}
    return SQUARE * squares + sharp * (colours + EDGES * edges), parts


def stage(step: int, steps: int) -> tuple[int, int]:
    """Pixels a side and pictures of a batch at a step."""
    ends = accumulate(part for _, _, part in STAGES)
    now = sum(step >= end * steps for end in ends)
    return STAGES[min(now, len(STAGES) - 1)][:2]


def train(pictures: Path, out: Path, steps: int, rate: float, processes: int = 1) -> None:
    """Learn for so many steps, with so many processes of one thread each; goes on where `out` ends."""
    together(_train, (pictures, out, steps, rate), processes)
    finish(pictures, out)


def _train(team: Team, pictures: Path, out: Path, steps: int, rate: float) -> None:
    import torch

    out.mkdir(parents=True, exist_ok=True)
    vae = make(CHANNELS[1:]).to(memory_format=torch.channels_last)
    optimisers = _optimisers(vae, rate)
    average = {name: one.detach().clone() for name, one in vae.named_parameters()}
    first = 0
    if (out / "last.pt").exists():
        was = torch.load(out / "last.pt", weights_only=True)
        vae.load_state_dict(was["net"])
        for one, state in zip(optimisers, was["optimisers"], strict=True):
            one.load_state_dict(state)
        average, first = was["average"], was["step"]
    dice = Random(f"crops {first} {team.rank}")
    torch.manual_seed(first * team.size + team.rank)
    shards = sorted(pictures.glob("*.zip"))
    began, seen, sums = time.perf_counter(), 0, {"colours": 0.0, "edges": 0.0}
    feeds: dict[int, Any] = {}
    for step in range(first, steps):
        side, count = stage(step, steps)
        count //= team.size
        if step % 500 == 0:
            feeds, shards = {}, sorted(pictures.glob("*.zip"))  # more may have been drawn
        feed = feeds.setdefault(side, crops(shards, count, side, dice, FACES))
        pace = min(1.0, (step - first + 1) / 100) * (0.5 + 0.5 * math.cos(math.pi * step / steps)) + 0.01
        loss, parts = loss_of(vae, next(feed), min(1.0, 4 * step / steps))
        if not math.isfinite(loss.item()):
            raise SystemExit(f"step {step}: the loss is {loss.item()}")
        vae.zero_grad()
        loss.backward()
        team.share(list(vae.parameters()))
        torch.nn.utils.clip_grad_norm_(vae.parameters(), 1.0)
        for optimiser in optimisers:
            for group in optimiser.param_groups:
                group["lr"] = group["rate"] * pace
            optimiser.step()
        decay = min(0.999, (1 + step) / (10 + step))
        for name, one in vae.named_parameters():
            average[name].lerp_(one.detach(), 1 - decay)
        seen += count * team.size
        sums = {key: 0.98 * sums[key] + 0.02 * parts[key] if step > first else parts[key] for key in sums}
        if team.rank == 0 and step % 50 == 49:
            line = {"step": step + 1, **{key: round(one, 4) for key, one in sums.items()}, "spread": round(parts["spread"], 3),
                    "crops_a_second": round(seen / (time.perf_counter() - began), 2)}  # fmt: skip
            with (out / "log.jsonl").open("a") as log:
                log.write(json.dumps(line) + "\n")
            print(line, flush=True)
        if team.rank == 0 and (step % 500 == 499 or step == steps - 1):
            aside = out / f".last.{os.getpid()}"
            torch.save(
                {
                    "net": vae.state_dict(),
                    "optimisers": [one.state_dict() for one in optimisers],
                    "average": average,
                    "step": step + 1,
                },
                aside,
            )
            os.replace(aside, out / "last.pt")
            _look(vae, average, pictures, out, step + 1)


def _optimisers(vae: Any, rate: float) -> list[Any]:
    """Muon for the convolutions inside, which learn half as fast again with it as with AdamW; that for all else."""
    import torch

    from .muon import Muon

    inner = {id(one): one for one in vae.parameters() if one.ndim == 4 and min(one.shape[:2]) >= CHANNELS[0]}
    rest = [one for one in vae.parameters() if id(one) not in inner]
    made = [
        Muon(inner.values(), lr=3 * rate),
        torch.optim.AdamW(rest, lr=rate, betas=(0.9, 0.99), weight_decay=1e-3),
    ]
    for one in made:
        for group in one.param_groups:
            group["rate"] = group["lr"]
    return made


def finish(pictures: Path, out: Path, count: int = 256) -> None:
    """Write the averaged weights as a folder of diffusers in `out`/vae, with shift and scale measured on `count` pictures."""
    import torch

    was = torch.load(out / "last.pt", weights_only=True)
    vae = make(CHANNELS[1:])
    vae.load_state_dict(was["net"] | was["average"])
    vae.eval()
    shards = sorted(pictures.glob("*.zip"))
    feed = crops(shards, 16, HALF, Random("measure"))
    with torch.no_grad():
        latents = torch.cat([vae.encode(next(feed)).latent_dist.mode() for _ in range(count // 16)])
    vae.register_to_config(scaling_factor=1 / latents.std().item(), shift_factor=latents.mean().item())
    vae.save_pretrained(out / "vae")


def _look(vae: Any, average: dict[str, Any], pictures: Path, out: Path, step: int) -> None:
    """A sheet of eight pictures above what came back, and how near they are, and heads alone (PSNR in dB)."""
    import torch
    from PIL import Image

    now = {name: one.detach().clone() for name, one in vae.named_parameters()}
    shard = sorted(pictures.glob("*.zip"))[:1]
    feed, about = crops(shard, 8, HALF, Random(1)), crops(shard, 32, HALF // 4, Random(2), 1.0)
    with torch.no_grad():
        for name, one in vae.named_parameters():
            one.copy_(average[name])
        there, heads = next(feed), next(about)
        back, again = (
            vae.decode(vae.encode(one).latent_dist.mode()).sample.clamp(-1, 1) for one in (there, heads)
        )
        for name, one in vae.named_parameters():
            one.copy_(now[name])
    near, like = (
        -10 * math.log10(((one - other) / 2).square().mean().item())
        for one, other in ((back, there), (again, heads))
    )
    rows = torch.cat([torch.cat(list(one), 2) for one in (there, back)], 1)
    Image.fromarray(((rows + 1) * 127.5).byte().permute(1, 2, 0).numpy()).save(out / f"look-{step:06d}.png")
    print(f"step {step}: PSNR {near:.2f} dB, heads {like:.2f} dB", flush=True)


# --- twice the size -----------------------------------------------------------------------------------


def grown(small: Any) -> tuple[Any, dict[str, Any]]:
    """An autoencoder with one level more on both sides, which knows what the small one knows, and its new parameters by name."""
    wide = small.config.block_out_channels
    vae = make((wide[0], *wide))
    known = {}
    for name, one in small.state_dict().items():
        if found := re.fullmatch(r"encoder\.down_blocks\.(\d+)\.(.*)", name):
            known[f"encoder.down_blocks.{int(found[1]) + 1}.{found[2]}"] = one
        elif not re.match(r"encoder\.conv_in|decoder\.conv_(norm_out|out)\.", name):
            known[name] = one
    vae.load_state_dict(known, strict=False)
    vae.register_to_config(scaling_factor=small.config.scaling_factor, shift_factor=small.config.shift_factor)
    return vae, {name: one for name, one in vae.named_parameters() if name not in known}


def grow(pictures: Path, small: Path, out: Path, steps: int, rate: float, processes: int = 1) -> None:
    """Teach the new levels: the encoder to say of a picture what the small one says of it at half the size, the decoder to paint it whole."""
    together(_grow, (pictures, small, out, steps, rate), processes)


def _grow(team: Team, pictures: Path, small: Path, out: Path, steps: int, rate: float) -> None:
    import torch
    from diffusers import AutoencoderKL

    master = AutoencoderKL.from_pretrained(small).eval()
    vae, fresh = grown(master)
    for name, one in vae.named_parameters():
        one.requires_grad_(name in fresh)
    vae.to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(fresh.values(), lr=rate, betas=(0.9, 0.99), weight_decay=1e-3)
    average = {name: one.detach().clone() for name, one in fresh.items()}
    dice = Random(f"grow {team.rank}")
    torch.manual_seed(team.rank)
    feed = crops(sorted(pictures.glob("*.zip")), max(1, 4 // team.size), HALF, dice, FACES, 2 * FACTOR)
    for step in range(steps):
        whole = next(feed)
        with torch.no_grad():
            latents = master.encode(torch.nn.functional.avg_pool2d(whole, 2)).latent_dist.mean
        strayed = (vae.encode(whole).latent_dist.mean - latents).square().mean()
        found = vae.decode(latents + NOISE * torch.randn_like(latents)).sample
        unlike, parts = unlikeness(found, whole, min(1.0, 4 * step / steps))
        optimiser.zero_grad()
        (unlike + strayed).backward()
        team.share(list(fresh.values()))
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / 50) * (1 - step / steps) + 1e-5
        torch.nn.utils.clip_grad_norm_(fresh.values(), 1.0)
        optimiser.step()
        for name, one in fresh.items():
            average[name].lerp_(one.detach(), 1 - min(0.995, (1 + step) / (10 + step)))
        if team.rank == 0 and (step % 50 == 49 or step == steps - 1):
            line = {"step": step + 1, **parts, "strayed": strayed.item()}
            print({key: round(one, 4) for key, one in line.items()}, flush=True)
    if team.rank == 0:
        with torch.no_grad():
            for name, one in fresh.items():
                one.copy_(average[name])
        vae.to(memory_format=torch.contiguous_format).save_pretrained(out)


def main() -> None:
    """Learn or go on learning, or grow."""
    cache = render.CACHE
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("act", choices=("learn", "grow"))
    parser.add_argument(
        "--pictures", type=Path, help="a folder of shards; pictures-128 to learn, pictures-256 to grow"
    )
    parser.add_argument("--out", type=Path, default=cache / "autoencoder")
    parser.add_argument("--steps", type=int, default=0)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--processes", type=int, default=1, help="that share every batch")
    asked = parser.parse_args()
    side = HALF if asked.act == "learn" else world.SIDE
    pictures = asked.pictures or cache / f"pictures-{side}"
    if asked.act == "learn":
        train(pictures, asked.out, asked.steps or 10000, asked.rate, asked.processes)
    else:
        grow(
            pictures,
            asked.out / "vae",
            asked.out / "grown",
            asked.steps or 2000,
            asked.rate,
            asked.processes,
        )


if __name__ == "__main__":
    main()
