"""The autoencoder of `pocket`: 256 x 256 pixels to 16 x 16 places of 16 numbers and back: `python -m benchmarks.pocket.autoencoder learn`.

diffusers' AutoencoderKL, so that every pipeline loads it; few channels where there are many pixels. Drawn pictures need no
judge of textures: differences of colours and of edges are the whole loss, squared first and absolute later.

learn   at half the size, where a picture is a quarter of the work and the reader tells as much of it; from crops that grow. It is saved with the
        shift and scale that make its latents' mean 0 and their deviation 1
smooth  what was learned goes on with latents that change little from place to place: a net paints such ones sooner (Skorokhodov et al. 2025, arXiv 2502.14831)
keep    what was learned, in float16, beside this file
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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
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
KEPT = Path(__file__).parent / "weights" / "autoencoder"
"""The one for half the size as it is kept beside this file, in float16: what a base learned on a machine that has no other is made for."""
LATENT = 16  # as FLUX.1 has, whose families the product knows by it
FACTOR = 8  # pixels of a latent's side at half the size
NOISE = 0.1  # of the latents' deviation, added while learning: what the net paints is never exact
CALM = 0.01  # how much it counts that each number of the latents has mean 0 and deviation 1
SQUARE = 4.0  # of squared differences, which find the colours long before absolute ones do
EDGES = 1.0  # eyes and mouths are edges; at a quarter they were left out
ROUGH = 0.1
"""How much it counts, while it is made smooth, that the latents differ from their neighbours' mean, as a share of their variance."""
SMOOTH_STAGES = ((64, 16, 0.6), (HALF, 4, 0.4))
STAGES = ((32, 64, 0.3), (64, 16, 0.5), (HALF, 4, 0.2))
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
    vae: Any, pictures: Any, sharp: float = 1.0, noise: float = NOISE, rough: float = 0.0
) -> tuple[Any, dict[str, float]]:
    """Colours, edges and the pull on the latents; the parts beside the sum. `sharp` is how much absolute differences count, `rough` how much the latents' roughness, 0 to 1."""
    import torch

    posterior = vae.encode(pictures).latent_dist
    latents = posterior.mean
    found = vae.decode(latents + noise * latents.detach().std() * torch.randn_like(latents)).sample
    unlike, parts = unlikeness(found, pictures, sharp)
    spread = latents.std((0, 2, 3))
    pull = (latents.mean((0, 2, 3)).square() + (spread - 1).square()).mean()
    coarse = roughness(latents)
    parts |= {"spread": spread.mean().item(), "rough": coarse.item()}
    return unlike + CALM * pull + rough * coarse, parts


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


def stage(step: int, steps: int, stages: Sequence[tuple[int, int, float]] = STAGES) -> tuple[int, int]:
    """Pixels a side and pictures of a batch at a step."""
    ends = accumulate(part for _, _, part in stages)
    now = sum(step >= end * steps for end in ends)
    return stages[min(now, len(stages) - 1)][:2]


def roughness(latents: Any) -> Any:
    """How far latents are from the mean of their three by three places, as a share of their variance: 0 for one colour, near 1 for noise."""
    import torch

    around = torch.nn.functional.avg_pool2d(latents, 3, 1, 1, count_include_pad=False)
    return (latents - around).square().mean() / latents.var()


class Course:
    """An autoencoder on its way: what of it learns, the optimisers, the averaged weights, and the step at which it stands. It goes on where `out` ends."""

    def __init__(self, vae: Any, learning: Mapping[str, Any], rate: float, out: Path) -> None:
        import torch

        out.mkdir(parents=True, exist_ok=True)
        self.vae, self.learning, self.out = vae.to(memory_format=torch.channels_last), learning, out
        self.optimisers = _optimisers(list(learning.values()), rate)
        self.average = {name: one.detach().clone() for name, one in learning.items()}
        self.step = 0
        if (out / "last.pt").exists():
            was = torch.load(out / "last.pt", weights_only=True)
            vae.load_state_dict(was["net"])
            for one, state in zip(self.optimisers, was["optimisers"], strict=True):
                one.load_state_dict(state)
            self.average, self.step = was["average"], was["step"]

    def run(self, team: Team, steps: int, attempt: Callable[[int], tuple[Any, dict[str, float]]], look: Callable[[int], None]) -> None:  # fmt: skip
        """Learn until so many steps are done; `attempt` gives the loss of a step and its parts. Now and then it is told, less often all is kept and looked at."""
        import torch

        first, began = self.step, time.perf_counter()
        torch.manual_seed(first * team.size + team.rank)
        sums: dict[str, float] = {}
        while self.step < steps:
            loss, parts = attempt(self.step)
            if not math.isfinite(loss.item()):
                raise SystemExit(f"step {self.step}: the loss is {loss.item()}")
            self.vae.zero_grad()
            loss.backward()
            team.share(list(self.learning.values()))
            self._turn(min(1.0, (self.step - first + 1) / 50) * (0.5 + 0.5 * math.cos(math.pi * self.step / steps)) + 0.01)  # fmt: skip
            sums = {key: 0.98 * sums.get(key, one) + 0.02 * one for key, one in parts.items()}
            if team.rank == 0 and self.step % 50 == 0:
                each = (time.perf_counter() - began) / (self.step - first)
                line = {"step": self.step, **{key: round(one, 4) for key, one in sums.items()}, "seconds_a_step": round(each, 2)}  # fmt: skip
                with (self.out / "log.jsonl").open("a") as log:
                    log.write(json.dumps(line) + "\n")
                print(line, flush=True)
            if team.rank == 0 and (self.step % 500 == 0 or self.step == steps):
                self._keep()
                with self.averaged():
                    look(self.step)

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """The averaged weights stand in the net meanwhile."""
        import torch

        now = {name: one.detach().clone() for name, one in self.learning.items()}
        with torch.no_grad():
            for name, one in self.learning.items():
                one.copy_(self.average[name])
            yield
            for name, one in self.learning.items():
                one.copy_(now[name])

    def _turn(self, pace: float) -> None:
        """One step of the optimisers at that share of their rates, and of the average."""
        import torch

        torch.nn.utils.clip_grad_norm_(self.learning.values(), 1.0)
        for one in self.optimisers:
            for group in one.param_groups:
                group["lr"] = group["rate"] * pace
            one.step()
        decay = min(0.999, (1 + self.step) / (10 + self.step))
        for name, one in self.learning.items():
            self.average[name].lerp_(one.detach(), 1 - decay)
        self.step += 1

    def _keep(self) -> None:
        """Write all of it in one stroke."""
        import torch

        aside = self.out / f".last.{os.getpid()}"
        states = [one.state_dict() for one in self.optimisers]
        torch.save({"net": self.vae.state_dict(), "optimisers": states, "average": self.average, "step": self.step}, aside)  # fmt: skip
        os.replace(aside, self.out / "last.pt")


def _optimisers(parameters: list[Any], rate: float) -> list[Any]:
    """Muon for the convolutions inside, which learn half as fast again with it as with AdamW; that for all else."""
    import torch

    from .muon import Muon

    inner = {id(one): one for one in parameters if one.ndim == 4 and min(one.shape[:2]) >= CHANNELS[0]}
    rest = [one for one in parameters if id(one) not in inner]
    made = [
        Muon(inner.values(), lr=3 * rate),
        torch.optim.AdamW(rest, lr=rate, betas=(0.9, 0.99), weight_decay=1e-3),
    ]
    for one in made:
        for group in one.param_groups:
            group["rate"] = group["lr"]
    return made


def train(pictures: Path, out: Path, steps: int, rate: float, processes: int = 1) -> None:
    """Learn for so many steps, with so many processes of one thread each; goes on where `out` ends."""
    together(_train, (pictures, out, steps, rate), processes)
    finish(pictures, out)


def _train(team: Team, pictures: Path, out: Path, steps: int, rate: float) -> None:
    vae = make(CHANNELS[1:])
    course = Course(vae, dict(vae.named_parameters()), rate, out)
    dice = Random(f"crops {course.step} {team.rank}")
    feeds: dict[int, Any] = {}

    def attempt(step: int) -> tuple[Any, dict[str, float]]:
        side, count = stage(step, steps)
        if step % 500 == 0:
            feeds.clear()  # more may have been drawn
        if side not in feeds:
            feeds[side] = crops(sorted(pictures.glob("*.zip")), count // team.size, side, dice, FACES)
        return loss_of(vae, next(feeds[side]), min(1.0, 4 * step / steps))

    course.run(team, steps, attempt, lambda step: _look(vae, pictures, out, step))


def smooth(pictures: Path, small: Path, out: Path, steps: int, rate: float, rough: float, processes: int = 1) -> None:  # fmt: skip
    """Go on from a finished autoencoder until its latents are smooth."""
    together(_smooth, (pictures, small, out, steps, rate, rough), processes)
    finish(pictures, out)


def _smooth(team: Team, pictures: Path, small: Path, out: Path, steps: int, rate: float, rough: float) -> None:  # fmt: skip
    from diffusers import AutoencoderKL

    vae = make(CHANNELS[1:])
    vae.load_state_dict(AutoencoderKL.from_pretrained(small).state_dict())
    course = Course(vae, dict(vae.named_parameters()), rate, out)
    dice = Random(f"smooth {course.step} {team.rank}")
    feeds: dict[int, Any] = {}

    def attempt(step: int) -> tuple[Any, dict[str, float]]:
        side, count = stage(step, steps, SMOOTH_STAGES)
        if side not in feeds:
            feeds[side] = crops(sorted(pictures.glob("*.zip")), count // team.size, side, dice, FACES)
        return loss_of(vae, next(feeds[side]), rough=rough * min(1.0, (step + 1) / 200))

    course.run(team, steps, attempt, lambda step: _look(vae, pictures, out, step))


def at_hand() -> Path:
    """The folder of the small autoencoder: this machine's own where one was taught, else the one that is kept here."""
    own = render.CACHE / "autoencoder" / "vae"
    return own if own.exists() else KEPT


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


def keep(folder: Path, out: Path = KEPT) -> None:
    """Write an autoencoder once more in float16."""
    import torch
    from diffusers import AutoencoderKL

    AutoencoderKL.from_pretrained(folder, torch_dtype=torch.float16).save_pretrained(out)
    settings = json.loads((out / "config.json").read_text())
    settings.pop("_name_or_path", None)  # where it lay on this machine
    (out / "config.json").write_text(json.dumps(settings, indent=2) + "\n")


def _look(vae: Any, pictures: Path, out: Path, step: int) -> None:
    """A sheet of eight pictures above what comes back, and how near they are, and heads alone (PSNR in dB)."""
    import torch
    from PIL import Image

    side = vae.config.sample_size
    shard = sorted(pictures.glob("*.zip"))[:1]
    feed, about = crops(shard, 8, side, Random(1)), crops(shard, 32, side // 4, Random(2), 1.0, side // 16)
    with torch.no_grad():
        there, heads = next(feed), next(about)
        back, again = (vae.decode(vae.encode(one).latent_dist.mode()).sample.clamp(-1, 1) for one in (there, heads))  # fmt: skip
    near, like = (-10 * math.log10(((one - other) / 2).square().mean().item()) for one, other in ((back, there), (again, heads)))  # fmt: skip
    rows = torch.cat([torch.cat(list(one), 2) for one in (there, back)], 1)
    Image.fromarray(((rows + 1) * 127.5).byte().permute(1, 2, 0).numpy()).save(out / f"look-{step:06d}.png")
    print(f"step {step}: PSNR {near:.2f} dB, heads {like:.2f} dB", flush=True)


# --- twice the size -----------------------------------------------------------------------------------


def grown(small: Any) -> tuple[Any, dict[str, Any]]:
    """An autoencoder with one level more on both sides, which knows what the small one knows, and the parameters that are still to learn by name: the new
    level of the encoder, and all of the decoder, of which a base knows nothing."""
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
    learning = {
        name: one for name, one in vae.named_parameters() if name not in known or name.startswith("decoder.")
    }
    return vae, learning


def grow(pictures: Path, small: Path, out: Path, steps: int, rate: float, processes: int = 1) -> None:
    """Teach the new levels: the encoder to say of a picture what the small one says of it at half the size, the decoder to paint it whole."""
    together(_grow, (pictures, small, out, steps, rate), processes)


def _grow(team: Team, pictures: Path, small: Path, out: Path, steps: int, rate: float) -> None:
    import torch
    from diffusers import AutoencoderKL

    master = AutoencoderKL.from_pretrained(small).eval()
    vae, learning = grown(master)
    for name, one in vae.named_parameters():
        one.requires_grad_(name in learning)
    course = Course(vae, learning, rate, out)
    dice = Random(f"grow {course.step} {team.rank}")
    feed = crops(sorted(pictures.glob("*.zip")), max(1, 4 // team.size), HALF, dice, FACES, 2 * FACTOR)

    def attempt(step: int) -> tuple[Any, dict[str, float]]:
        whole = next(feed)
        with torch.no_grad():
            latents = master.encode(torch.nn.functional.avg_pool2d(whole, 2)).latent_dist.mean
        strayed = (vae.encode(whole).latent_dist.mean - latents).square().mean()
        found = vae.decode(latents + NOISE * latents.std() * torch.randn_like(latents)).sample
        unlike, parts = unlikeness(found, whole, min(1.0, 4 * step / steps))
        return unlike + strayed, parts | {"strayed": strayed.item()}

    course.run(team, steps, attempt, lambda step: _look(vae, pictures, out, step))
    if team.rank == 0:
        with course.averaged():
            vae.to(memory_format=torch.contiguous_format).save_pretrained(out / "vae")


def main() -> None:
    """Learn or go on learning, or grow."""
    cache = render.CACHE
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("act", choices=("learn", "smooth", "grow", "keep"))
    parser.add_argument(
        "--pictures", type=Path, help="a folder of shards; pictures-128 to learn, pictures-256 to grow"
    )
    parser.add_argument("--out", type=Path, default=cache / "autoencoder")
    parser.add_argument("--steps", type=int, default=0)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--processes", type=int, default=1, help="that share every batch")
    parser.add_argument("--of", type=Path, help="the autoencoder that is made smooth")
    parser.add_argument("--rough", type=float, default=ROUGH)
    asked = parser.parse_args()
    side = world.SIDE if asked.act == "grow" else HALF
    pictures = asked.pictures or cache / f"pictures-{side}"
    if asked.act == "keep":
        keep(asked.out / "vae")
    elif asked.act == "learn":
        train(pictures, asked.out, asked.steps or 10000, asked.rate, asked.processes)
    elif asked.act == "smooth":
        smooth(
            pictures,
            asked.of or KEPT,
            asked.out,
            asked.steps or 1500,
            asked.rate,
            asked.rough,
            asked.processes,
        )
    else:
        grow(
            pictures,
            asked.out / "vae" if (asked.out / "vae").exists() else KEPT,
            asked.out.with_name(f"{asked.out.name}-grown"),
            asked.steps or 2000,
            asked.rate,
            asked.processes,
        )


if __name__ == "__main__":
    main()
