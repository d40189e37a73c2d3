"""The base `pocket`: a small FLUX.1 that learns the drawn world by flow matching: `python -m benchmarks.pocket.base learn`.

encode    pictures to latents, once, by the finished autoencoder
learn     net and text encoders together, in as many sittings as it takes
distil    the net takes over what two passes (with and without the caption) said: its guidance embedding then works as FLUX-dev's
save      everything as one folder of diffusers, which the painter and the trainer load as family flux-dev
"""

import argparse
import io
import json
import math
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from . import autoencoder, render, words, world
from .team import Team, together
from .telling import told

NET = {
    "in_channels": 4 * autoencoder.LATENT, "num_layers": 2, "num_single_layers": 5, "attention_head_dim": 32, "num_attention_heads": 6,
    "joint_attention_dim": words.WIDTH, "pooled_projection_dim": words.POOLED, "guidance_embeds": True, "axes_dims_rope": (4, 14, 14),
}  # fmt: skip
"""5.9 million parameters: about 20 pictures a second are learned on one thread."""
DROPPED = 0.1  # captions left out, so that guidance has something to be guided away from
PLAIN = (
    1.0  # what the guidance embedding is fed where nothing is guided; the trainer of adapters feeds the same
)
GUIDANCE = 3.5  # of the sheets; what painters ask of FLUX-dev
STRONGEST = 6.0
TOWARDS_NOISE, SPREAD = 0.4, 1.0  # of the normal whose sigmoid the timesteps are
PROMPTS = 24


# --- latents ------------------------------------------------------------------------------------------


def encode(pictures: Path, vae_folder: Path, out: Path) -> None:
    """Latents (n x 16 x 16 x 16, mean 0 and deviation 1, float16) and labels of every shard that has none yet."""
    import numpy as np
    import torch
    from diffusers import AutoencoderKL

    torch.set_num_threads(1)
    vae = AutoencoderKL.from_pretrained(vae_folder).eval()
    shift, scale = vae.config.shift_factor, vae.config.scaling_factor
    out.mkdir(parents=True, exist_ok=True)
    for path in sorted(pictures.glob("*.zip")):
        goal = out / f"{path.stem}.npz"
        if goal.exists():
            continue
        found: list[Any] = []
        several: list[Any] = []
        shard = list(render.read(path))
        for number, one in enumerate(shard):
            several.append(world.pixels(one.png))
            if len(several) == 16 or number == len(shard) - 1:
                there = torch.from_numpy(np.stack(several)).permute(0, 3, 1, 2).float() / 127.5 - 1
                with torch.no_grad():
                    mode = vae.encode(there).latent_dist.mode()
                found.append(((mode - shift) * scale).half().numpy())
                several = []
        labels = json.dumps([one.labels for one in shard])
        file = io.BytesIO()
        np.savez(file, latents=np.concatenate(found), labels=np.array(labels))
        aside = goal.with_name(f".{goal.name}")
        aside.write_bytes(file.getvalue())
        os.replace(aside, goal)
        print(f"{path.stem}: {len(shard)} pictures", flush=True)


def batches(folder: Path, count: int, dice: Random) -> Iterator[tuple[Any, list[str]]]:
    """Latents and captions, each caption told anew, from four shards mixed; without end."""
    import numpy as np
    import torch

    while True:
        paths = sorted(folder.glob("*.npz"))
        dice.shuffle(paths)
        for start in range(0, len(paths), 4):
            latents, labels = [], []
            for path in paths[start : start + 4]:
                with np.load(path) as shard:
                    latents.append(shard["latents"])
                    labels += json.loads(str(shard["labels"]))
            pool = np.concatenate(latents)
            order = list(range(len(pool)))
            dice.shuffle(order)
            for at in range(0, len(order) - count + 1, count):
                chosen = order[at : at + count]
                said = [caption_again(labels[one], dice) for one in chosen]
                yield torch.from_numpy(pool[chosen]).float(), said


def caption_again(labels: dict[str, Any], dice: Random) -> str:
    """What is in a picture, said in a way that the dice choose; at times nothing at all."""
    if dice.random() < DROPPED:
        return ""
    scene, cast = world.scene_in(labels)
    return told(scene, cast, dice)


# --- the parts ----------------------------------------------------------------------------------------


class Pocket:
    """Net, text encoders and tokenizer as one thing that learns; `parts` are named as in a pipeline's folder."""

    def __init__(self, folder: Path) -> None:
        import torch
        from diffusers import FluxTransformer2DModel
        from transformers import PreTrainedTokenizerFast

        if not (folder / "tokenizer").exists():
            words.save(words.tokenizer(), folder / "tokenizer")
        self.tokens = PreTrainedTokenizerFast.from_pretrained(folder / "tokenizer")
        large, small = words.encoders(len(self.tokens))
        torch.manual_seed(2)
        net = FluxTransformer2DModel(**NET)
        for (
            name,
            one,
        ) in net.named_parameters():  # each block begins as the identity (adaLN-zero, Peebles and Xie 2023)
            if ("norm" in name and name.split(".")[-2] == "linear") or name.startswith("proj_out"):
                torch.nn.init.zeros_(one)
        self.parts = {"transformer": net, "text_encoder": small, "text_encoder_2": large}

    def named(self) -> dict[str, Any]:
        """Every parameter by the name of its part and its own."""
        return {
            f"{part}.{name}": one
            for part, module in self.parts.items()
            for name, one in module.named_parameters()
        }

    def read(self, captions: Sequence[str], length: int) -> tuple[Any, Any]:
        """Tokens (n x length x 192) and one vector (n x 128) as FluxPipeline's `encode_prompt` makes them: nothing is masked."""
        said = self.tokens(
            list(captions), padding="max_length", max_length=length, truncation=True, return_tensors="pt"
        ).input_ids
        # CLIP's padding does not count: it only looks back from the first end of the caption
        return self.parts["text_encoder_2"](said)[0], self.parts["text_encoder"](said).pooler_output

    def predict(self, noisy: Any, timesteps: Any, tokens: Any, pooled: Any, guidance: Any) -> Any:
        """The direction from picture to noise, n x 16 x 16 x 16."""
        import torch

        count, channels, high, wide = noisy.shape
        packed = noisy.view(count, channels, high // 2, 2, wide // 2, 2).permute(0, 2, 4, 1, 3, 5)
        packed = packed.reshape(count, high * wide // 4, channels * 4)
        rows, columns = torch.meshgrid(torch.arange(high // 2), torch.arange(wide // 2), indexing="ij")
        places = torch.stack([torch.zeros_like(rows), rows, columns], -1).reshape(-1, 3).float()
        found = self.parts["transformer"](
            hidden_states=packed, encoder_hidden_states=tokens, pooled_projections=pooled, timestep=timesteps, guidance=guidance,
            img_ids=places, txt_ids=torch.zeros(tokens.shape[1], 3), return_dict=False,
        )[0]  # fmt: skip
        found = found.view(count, high // 2, wide // 2, channels, 2, 2).permute(0, 3, 1, 4, 2, 5)
        return found.reshape(count, channels, high, wide)


def timesteps_of(count: int, draws: Any) -> Any:
    """Where between picture (0) and noise (1), evenly spread over the normal's quantiles so that batches differ less."""
    import torch

    even = (torch.randperm(count, generator=draws) + torch.rand(count, generator=draws)) / count
    return torch.sigmoid(
        TOWARDS_NOISE + SPREAD * math.sqrt(2) * torch.erfinv(2 * even.clamp(1e-4, 1 - 1e-4) - 1)
    )


def portions(latents: Any, captions: list[str], pocket: Pocket, dice: Random) -> list[tuple[Any, list[str], int]]:  # fmt: skip
    """The batch in quarters, shorter captions with less padding; one quarter in four has the full length, as painters pad."""
    import torch

    long = [len(one) for one in pocket.tokens(captions, truncation=True, max_length=words.LENGTH).input_ids]
    order = sorted(range(len(captions)), key=lambda at: long[at])
    each = -(-len(order) // 4)
    made = []
    for start in range(0, len(order), each):
        part = order[start : start + each]
        length = -(-max(long[at] for at in part) // 8) * 8
        full = dice.random() < 0.25
        said = [captions[at] for at in part]
        made.append((latents[torch.tensor(part)], said, words.LENGTH if full else length))
    return made


# --- learning -----------------------------------------------------------------------------------------


@dataclass
class Training:
    """A training as it stands: what learns, what came out on average, how far it is."""

    pocket: Pocket
    optimisers: list[Any]
    average: dict[str, Any]
    step: int = 0

    @classmethod
    def begun(cls, out: Path, rate: float, muon: float, master: Pocket | None, team: Team) -> "Training":
        """The training in a folder as it was kept, or a fresh one, which with a `master` begins as he is and keeps his encoders."""
        import torch

        out.mkdir(parents=True, exist_ok=True)
        if master and not (out / "tokenizer").exists():
            words.save(master.tokens, out / "tokenizer")
        pocket = Pocket(out)
        named = pocket.named()
        if master:
            _put(named, master.named())
            for name, one in named.items():
                one.requires_grad_(name.startswith("transformer."))
        learning = {name: one for name, one in named.items() if one.requires_grad}
        made = cls(pocket, _optimisers(learning, rate, muon, team), {})
        if (out / "last.pt").exists():
            was = torch.load(out / "last.pt", weights_only=True)
            _put(named, was["net"])
            for one, state in zip(made.optimisers, was["optimisers"], strict=True):
                one.load_state_dict(state)
            made.average, made.step = was["average"], was["step"]
        else:
            made.average = {name: one.detach().clone() for name, one in named.items()}
        return made

    def keep(self, out: Path) -> None:
        """Write all of it in one stroke."""
        import torch

        aside = out / f".last.{os.getpid()}"
        net = {name: one.detach() for name, one in self.pocket.named().items()}
        states = [one.state_dict() for one in self.optimisers]
        torch.save({"net": net, "average": self.average, "step": self.step, "optimisers": states}, aside)
        os.replace(aside, out / "last.pt")

    def turn(self, pace: float) -> None:
        """One step of the optimisers at that share of their rates, and of the average."""
        import torch

        named = self.pocket.named()
        torch.nn.utils.clip_grad_norm_([one for one in named.values() if one.grad is not None], 1.0)
        for one in self.optimisers:
            for group in one.param_groups:
                group["lr"] = group["rate"] * pace
            one.step()
            one.zero_grad()
        decay = min(0.9995, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for name, one in named.items():
                self.average[name].lerp_(one, 1 - decay)
        self.step += 1


@dataclass(frozen=True)
class Lesson:
    """What is to be learned: from which latents, into which folder, up to which step, how; with a `teacher` (another such folder) his guided pictures are the goal.

    `every` so many steps all is kept, and a sheet painted where `sheets` are wanted.
    """

    latents: Path
    out: Path
    vae: Path
    steps: int
    batch: int = 32
    rate: float = 1e-3
    muon: float = 0.0
    every: int = 1000
    teacher: Path | None = None
    sheets: bool = True


def learn(lesson: Lesson, processes: int = 1) -> None:
    """Learn from where `out` ended, with so many processes of one thread each."""
    together(_learn, (lesson,), processes)


def _learn(team: Team, lesson: Lesson) -> None:
    import torch

    out, batch, steps, rank, processes = (
        lesson.out,
        lesson.batch // team.size,
        lesson.steps,
        team.rank,
        team.size,
    )
    master = _restored(lesson.teacher) if lesson.teacher else None
    now = Training.begun(out, lesson.rate, lesson.muon, master, team)
    first = now.step
    dice, draws = Random(f"learn {first} {rank}"), torch.Generator().manual_seed(first * processes + rank)
    feed = batches(lesson.latents, batch, dice)
    learning = [one for one in now.pocket.named().values() if one.requires_grad]
    began, shown = time.perf_counter(), 0.0
    while now.step < steps:
        there, said = next(feed)
        total = 0.0
        for clean, captions, length in portions(there, said, now.pocket, dice):
            loss = loss_of(now.pocket, master, clean, captions, length, draws) * len(clean) / len(there)
            loss.backward()
            total += loss.item()
        if not math.isfinite(total):
            raise SystemExit(f"step {now.step}: the loss is {total}")
        team.share(learning)
        now.turn(pace(now.step, steps))
        shown = total if now.step == first + 1 else 0.98 * shown + 0.02 * total
        if rank == 0 and now.step % 50 == 0:
            rate_now = (now.step - first) * lesson.batch / (time.perf_counter() - began)
            line = {"step": now.step, "pictures": now.step * lesson.batch, "loss": round(shown, 4), "a_second": round(rate_now, 1)}  # fmt: skip
            with (out / "log.jsonl").open("a") as log:
                log.write(json.dumps(line) + "\n")
            print(line, flush=True)
        if rank == 0 and (now.step % lesson.every == 0 or now.step == steps):
            now.keep(out)
            if lesson.sheets:
                learned = {name: one.detach().clone() for name, one in now.pocket.named().items()}
                _put(now.pocket.named(), now.average)
                look(now.pocket, lesson.vae, out / f"look-{now.step:07d}.png", GUIDANCE, twice=master is None)
                _put(now.pocket.named(), learned)


def pace(step: int, steps: int) -> float:
    """The share of the learning rate: 300 steps up, level to 60 % of the way, then down to 2 %."""
    return min(1.0, (step + 1) / 300, max(0.02, (steps - step) / (0.4 * steps)))


def loss_of(pocket: Pocket, master: Pocket | None, clean: Any, captions: list[str], length: int, draws: Any) -> Any:  # fmt: skip
    """The flow-matching loss of a batch, or with a master how far the net is from what he says."""
    import torch

    noise = torch.randn(clean.shape, generator=draws)
    t = timesteps_of(len(clean), draws)
    at = t.view(-1, 1, 1, 1)
    mixed = (1 - at) * clean + at * noise
    if master:
        guidance, goal, tokens, pooled = _guided(master, mixed, t, captions, length, draws)
    else:
        guidance, goal = torch.full((len(clean),), PLAIN), noise - clean
        tokens, pooled = pocket.read(captions, length)
    return (pocket.predict(mixed, t, tokens, pooled, guidance) - goal).square().mean()


def _optimisers(named: dict[str, Any], rate: float, muon: float, team: Team) -> list[Any]:
    """Muon (Jordan 2024) for the matrices of the net's blocks, if it has a rate, and AdamW for all else."""
    import torch

    from .muon import Muon

    inner = {
        name
        for name, one in named.items()
        if muon and "_blocks." in name and one.ndim == 2 and "norm" not in name
    }
    rest = [one for name, one in named.items() if name not in inner]
    made: list[Any] = [torch.optim.AdamW(rest, lr=rate, betas=(0.9, 0.99), weight_decay=0.01)]
    if inner:
        made.append(Muon([named[name] for name in sorted(inner)], lr=muon, team=team))
    for one in made:
        for group in one.param_groups:
            group["rate"] = group["lr"]
    return made


def _guided(
    master: Pocket, mixed: Any, t: Any, captions: list[str], length: int, draws: Any
) -> tuple[Any, Any, Any, Any]:
    """What the teacher says with guidance of a strength drawn for each picture, and what it read (Meng et al. 2023, arXiv 2210.03142)."""
    import torch

    count = len(mixed)
    strength = 1 + (STRONGEST - 1) * torch.rand(count, generator=draws) * (
        torch.rand(count, generator=draws) > 0.2
    )
    with torch.no_grad():
        plain = torch.full((count,), PLAIN)
        tokens, pooled = master.read(captions, length)
        with_words = master.predict(mixed, t, tokens, pooled, plain)
        without = master.predict(mixed, t, *master.read([""] * count, length), plain)
    return strength, without + strength.view(-1, 1, 1, 1) * (with_words - without), tokens, pooled


def _put(named: dict[str, Any], values: dict[str, Any]) -> None:
    for name, one in named.items():
        one.data.copy_(values[name].data)


def _restored(folder: Path) -> Pocket:
    """The averaged weights of a training's folder."""
    import torch

    pocket = Pocket(folder)
    _put(pocket.named(), torch.load(folder / "last.pt", weights_only=True)["average"])
    return pocket


# --- looking ------------------------------------------------------------------------------------------


def prompts() -> list[str]:
    """The prompts of every sheet: twelve as books say them, twelve as people do; seeds that no training picture has."""
    return [world.sample(10**9 + seed).caption for seed in range(PROMPTS - 8)] + [
        "a girl with long red hair in a yellow dress in the forest", "a boy with curly black hair and round glasses on the moon",
        "a white rabbit reading a book in a bedroom at night", "a woman with a grey bun in a blue coat in the snow",
        "a green dragon and a boy in a red jumper in a garden", "an astronaut girl in a white spacesuit in space, close-up",
        "an angry boy with spiky blond hair in a kitchen", "a father with a beard and a little girl with pigtails at the beach",
    ]  # fmt: skip


def paint(pocket: Pocket, captions: Sequence[str], steps: int, guidance: float, twice: bool, seed: int = 0, shift: float = 1.6) -> Any:  # fmt: skip
    """Latents for captions; `twice` guides by a second pass without caption, else the guidance embedding is trusted."""
    import torch

    draws = torch.Generator().manual_seed(seed)
    one = torch.randn(len(captions), autoencoder.LATENT, 16, 16, generator=draws)
    times = torch.linspace(1, 0, steps + 1)
    times = shift * times / (1 + (shift - 1) * times)
    with torch.no_grad():
        tokens, pooled = pocket.read(captions, words.LENGTH)
        none, nothing = pocket.read([""] * len(captions), words.LENGTH)
        fed = torch.full((len(captions),), PLAIN if twice else guidance)
        for now, then in pairwise(times):
            t = now.expand(len(captions))
            way = pocket.predict(one, t, tokens, pooled, fed)
            if twice:
                plain = pocket.predict(one, t, none, nothing, fed)
                way = plain + guidance * (way - plain)
            one = one + (then - now) * way
    return one


def look(
    pocket: Pocket, vae_folder: Path, path: Path, guidance: float, twice: bool, columns: int = 6
) -> None:
    """A sheet of the fixed prompts."""
    import torch
    from diffusers import AutoencoderKL
    from PIL import Image

    vae = AutoencoderKL.from_pretrained(vae_folder).eval()
    latents = paint(pocket, prompts(), 24, guidance, twice)
    with torch.no_grad():
        found = torch.cat(
            [
                vae.decode(one[None] / vae.config.scaling_factor + vae.config.shift_factor).sample
                for one in latents
            ]
        )
    rows = [torch.cat(list(found[start : start + columns]), 2) for start in range(0, len(found), columns)]
    whole = torch.cat(rows, 1).clamp(-1, 1)
    Image.fromarray(((whole + 1) * 127.5).byte().permute(1, 2, 0).numpy()).save(path)


# --- the folder ---------------------------------------------------------------------------------------


def save(folder: Path, vae_folder: Path, out: Path) -> Path:
    """The averaged weights with everything beside them as a FluxPipeline's folder in float16."""
    import torch
    from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler, FluxPipeline

    pocket = _restored(folder)
    pipeline = FluxPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0, use_dynamic_shifting=True),
        vae=AutoencoderKL.from_pretrained(vae_folder),
        tokenizer=pocket.tokens,
        tokenizer_2=pocket.tokens,
        **{name: part.eval() for name, part in pocket.parts.items()},
    )
    pipeline.to(dtype=torch.float16)
    pipeline.save_pretrained(out)
    for part in ("tokenizer", "tokenizer_2"):
        words.save(pocket.tokens, out / part)
    index = json.loads((out / "model_index.json").read_text())
    index |= {
        "tokenizer": ["transformers", "PreTrainedTokenizerFast"],
        "tokenizer_2": ["transformers", "PreTrainedTokenizerFast"],
    }
    (out / "model_index.json").write_text(json.dumps(index, indent=2))
    return out


def main() -> None:
    """One of the four acts."""
    cache = render.CACHE
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("act", choices=("encode", "learn", "distil", "save"))
    parser.add_argument("--pictures", type=Path, default=cache / f"pictures-{autoencoder.HALF}")
    parser.add_argument(
        "--vae", type=Path, help="of an autoencoder; the grown one for `save`, else the small one"
    )
    parser.add_argument("--latents", type=Path, default=cache / "latents")
    parser.add_argument("--out", type=Path, help="folder of this training, or of the pipeline for `save`")
    parser.add_argument(
        "--of", type=Path, help="folder of the training that is distilled (base) or saved (distilled)"
    )
    parser.add_argument("--steps", type=int, default=0)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--muon", type=float, default=0.0)
    parser.add_argument("--processes", type=int, default=1, help="that share every batch")
    parser.add_argument("--every", type=int, default=1000, help="steps between checkpoints and sheets")
    asked = parser.parse_args()
    grown = cache / "autoencoder-grown" / "vae"
    vae = asked.vae or (grown if asked.act == "save" else autoencoder.at_hand())
    if asked.act == "encode":
        encode(asked.pictures, vae, asked.latents)
    elif asked.act in ("learn", "distil"):
        distils = asked.act == "distil"
        learn(
            Lesson(
                asked.latents,
                asked.out or cache / ("distilled" if distils else "base"),
                vae,
                asked.steps or (2500 if distils else 18000),
                asked.batch,
                asked.rate / 5 if distils else asked.rate,
                0.0 if distils else asked.muon,
                asked.every,
                (asked.of or cache / "base") if distils else None,
            ),
            asked.processes,
        )
    else:
        save(asked.of or cache / "distilled", vae, asked.out or cache / "pocket")


if __name__ == "__main__":
    main()
