"""What the base learns from: pictures as latents, what the reader sees in them, and captions told anew each time they are met."""

import io
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from storykin.critics.drawn.reader import WEIGHTS

from . import render, sense, words, world
from .telling import told

FIGURES = 3.0  # how much more a place counts where somebody is: most of a picture is scenery, most of a caption is not
HEADS = 6.0  # and on top of it where hair, face or hat is: small, and most of what tells one from another
DROPPED = 0.1  # captions left out, so that guidance has something to be guided away from


@dataclass(frozen=True)
class Batch:
    """Pictures to learn from: latents, what the reader sees in them (`sense`), how much each place counts, and what is said of them, in tokens of one `length`."""

    latents: Any
    seen: Any
    weights: Any
    captions: list[str]
    length: int = words.LENGTH

    def __len__(self) -> int:
        return len(self.captions)


MADE = "made-with.json"


def made_with(vae_folder: Path) -> dict[str, Any]:
    """What latents come from: digests of the autoencoder and of the reader, and the scale by which a grown autoencoder is known to speak the same language."""
    weights = vae_folder / "diffusion_pytorch_model.safetensors"
    settings = json.loads((vae_folder / "config.json").read_text())
    digests = {
        name: sha256(one.read_bytes()).hexdigest()[:16]
        for name, one in (("vae", weights), ("reader", WEIGHTS))
    }
    return {**digests, "scale": settings["scaling_factor"]}


def stay(folder: Path, made: dict[str, Any]) -> None:
    """Note in a folder what it is made with; raise `SystemExit` when it was begun with something else."""
    note = folder / MADE
    if note.exists() and (was := json.loads(note.read_text())) != made:
        raise SystemExit(f"{folder} was begun with {was}, this is {made}: take another folder")
    note.write_text(json.dumps(made) + "\n")


def encode(pictures: Path, vae_folder: Path, out: Path) -> None:
    """Latents (n x 16 x 16 x 16, mean 0 and deviation 1, float16), what the reader sees and labels of every shard that has none yet."""
    import numpy as np
    import torch
    from diffusers import AutoencoderKL

    torch.set_num_threads(1)
    vae, eyes = AutoencoderKL.from_pretrained(vae_folder).eval(), sense.Eyes()
    shift, scale = vae.config.shift_factor, vae.config.scaling_factor
    out.mkdir(parents=True, exist_ok=True)
    stay(out, made_with(vae_folder))
    for path in sorted(pictures.glob("*.zip")):
        goal = out / f"{path.stem}.npz"
        if goal.exists():
            continue
        found: list[Any] = []
        seen: list[Any] = []
        several: list[Any] = []
        shard = list(render.read(path))
        for number, one in enumerate(shard):
            several.append(world.pixels(one.png))
            if len(several) == 16 or number == len(shard) - 1:
                there = torch.from_numpy(np.stack(several)).permute(0, 3, 1, 2).float()
                with torch.no_grad():
                    mode = vae.encode(there / 127.5 - 1).latent_dist.mode()
                found.append(((mode - shift) * scale).half().numpy())
                seen.append(eyes.see(there / 255).half().numpy())
                several = []
        labels = json.dumps([one.labels for one in shard])
        file = io.BytesIO()
        np.savez(file, latents=np.concatenate(found), seen=np.concatenate(seen), labels=np.array(labels))
        aside = goal.with_name(f".{goal.name}")
        aside.write_bytes(file.getvalue())
        os.replace(aside, goal)
        print(f"{path.stem}: {len(shard)} pictures", flush=True)


def batches(folder: Path, count: int, dice: Random) -> Iterator[Batch]:
    """Pictures from four shards mixed, each caption told anew; without end."""
    import numpy as np
    import torch

    with np.load(min(folder.glob("*.npz"))) as shard:
        usual = sense.usual(torch.from_numpy(shard["seen"]).float())
    while True:
        paths = sorted(folder.glob("*.npz"))
        dice.shuffle(paths)
        for start in range(0, len(paths), 4):
            latents, seen, labels = [], [], []
            for path in paths[start : start + 4]:
                with np.load(path) as shard:
                    latents.append(shard["latents"])
                    seen.append(shard["seen"])
                    labels += json.loads(str(shard["labels"]))
            pool, views = np.concatenate(latents), np.concatenate(seen)
            order = list(range(len(pool)))
            dice.shuffle(order)
            for at in range(0, len(order) - count + 1, count):
                chosen = order[at : at + count]
                said = [caption_again(labels[one], dice) for one in chosen]
                there = torch.from_numpy(views[chosen]).float()
                even, weights = sense.evened(there, usual), sense.weighed(there, FIGURES, HEADS)
                yield Batch(torch.from_numpy(pool[chosen]).float(), even, weights, said)


def caption_again(labels: dict[str, Any], dice: Random) -> str:
    """What is in a picture, said in a way that the dice choose; at times nothing at all."""
    if dice.random() < DROPPED:
        return ""
    scene, cast = world.scene_in(labels)
    return told(scene, cast, dice)
