"""How the decoder learns to forgive what the net gets wrong: `python -m benchmarks.pocket.forgiving --of DISTILLED`.

Where the net has settled a picture's colours and shapes, the numbers for its details are often at odds with each other, and a decoder that knows only the encoder's own latents paints the quarrel.
So drawings are noised part of the way and painted anew by the net; from what comes out, and from the true latents, the decoder learns to paint the drawing. The encoder and the net stay
what they are. (A decoder for latents that are not exact: Zheng et al. 2025, arXiv 2510.11690, with noise; here with the errors of the very net.)
"""

import argparse
import io
import os
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from . import autoencoder, looking, net, render, words, world
from .team import Team, together
from .telling import told

FROM, TO = 0.25, 0.6  # where between picture and noise the net begins anew
STEPS = 6
TRUE = 0.4  # of the pictures, how many are painted from the encoder's own latents
AT_ONCE = 20  # pictures
CROP = 8  # latents of a side that are learned from at once
BATCH, RATE = 4, 5e-4


def strayed(pocket: net.Pocket, clean: Any, captions: list[str], draws: Any) -> Any:
    """The same pictures as the net paints them from somewhere between `FROM` and `TO`, guided as painters guide it; latents, n x 16 x 16 x 16."""
    import torch

    start = FROM + (TO - FROM) * torch.rand(len(clean), generator=draws)
    noise = torch.randn(clean.shape, generator=draws)
    one = clean + start.view(-1, 1, 1, 1) * (noise - clean)
    fed = torch.full((len(clean),), looking.GUIDANCE)
    with torch.no_grad():
        tokens, pooled = pocket.read(captions, words.LENGTH)
        for step in range(STEPS):
            at = start * (1 - step / STEPS)
            one = one - (start / STEPS).view(-1, 1, 1, 1) * pocket.predict(one, at, tokens, pooled, fed)
    return one


def collect(pictures: Path, vae_folder: Path, of: Path, out: Path) -> None:
    """For every shard of pictures its latents (`clean`) and what the net makes of them (`strayed`), float16 on the net's scale, unless they are there."""
    import numpy as np
    import torch
    from diffusers import AutoencoderKL

    torch.set_num_threads(1)
    vae, pocket = AutoencoderKL.from_pretrained(vae_folder).eval(), net.restored(of)
    shift, scale = vae.config.shift_factor, vae.config.scaling_factor
    out.mkdir(parents=True, exist_ok=True)
    for path in sorted(pictures.glob("*.zip")):
        goal = out / f"{path.stem}.npz"
        if goal.exists():
            continue
        dice, draws = Random(f"stray {path.stem}"), torch.Generator().manual_seed(1)
        found: dict[str, list[Any]] = {"clean": [], "strayed": []}
        shard = list(render.read(path))
        for first in range(0, len(shard), AT_ONCE):
            several = shard[first : first + AT_ONCE]
            whole = torch.from_numpy(np.stack([world.pixels(one.png) for one in several])).permute(0, 3, 1, 2)
            with torch.no_grad():
                mode = vae.encode(whole.float() / 127.5 - 1).latent_dist.mode()
            clean = (mode - shift) * scale
            said = [told(*world.scene_in(one.labels), dice) for one in several]
            found["clean"].append(clean.half().numpy())
            found["strayed"].append(strayed(pocket, clean, said, draws).half().numpy())
        file = io.BytesIO()
        np.savez(file, **{name: np.concatenate(several) for name, several in found.items()})
        aside = goal.with_name(f".{goal.name}")
        aside.write_bytes(file.getvalue())
        os.replace(aside, goal)
        print(f"{path.stem}: {len(shard)} pictures", flush=True)


def crops(pictures: Path, latents: Path, count: int, dice: Random) -> Iterator[tuple[Any, Any]]:
    """Latents, at times the true ones, and the drawings they are of: squares of `CROP` latents, most of them about a head; without end."""
    import numpy as np
    import torch

    grain = 2 * autoencoder.FACTOR
    while True:
        for path in dice.sample(ready := sorted(latents.glob("*.npz")), len(ready)):
            with np.load(path) as shard:
                known = {name: shard[name] for name in ("clean", "strayed")}
            drawn = list(render.read(pictures / f"{path.stem}.zip"))
            order = dice.sample(range(len(drawn)), len(drawn))
            for first in range(0, len(order) - count + 1, count):
                given, goals = [], []
                for number in order[first : first + count]:
                    whole, side = world.pixels(drawn[number].png), CROP * grain
                    left, top = (dice.randrange(0, whole.shape[0] - side + 1, grain) for _ in range(2))
                    if dice.random() < autoencoder.FACES:
                        left, top = autoencoder.about_a_head(drawn[number].labels, whole.shape[0], side, dice, grain)  # fmt: skip
                    x, y = left // grain, top // grain
                    of = known["clean" if dice.random() < TRUE else "strayed"][number]
                    given.append(of[:, y : y + CROP, x : x + CROP])
                    goals.append(whole[top : top + side, left : left + side])
                goal = torch.from_numpy(np.stack(goals)).permute(0, 3, 1, 2).float() / 127.5 - 1
                yield torch.from_numpy(np.stack(given)).float(), goal


def forgive(pictures: Path, latents: Path, vae_folder: Path, out: Path, steps: int, processes: int = 1) -> None:  # fmt: skip
    """Teach the decoder of a grown autoencoder, from where `out` ends; the whole is written to `out`/vae."""
    together(_forgive, (pictures, latents, vae_folder, out, steps), processes)


def _forgive(team: Team, pictures: Path, latents: Path, vae_folder: Path, out: Path, steps: int) -> None:
    import torch
    from diffusers import AutoencoderKL

    vae = AutoencoderKL.from_pretrained(vae_folder)
    shift, scale = vae.config.shift_factor, vae.config.scaling_factor
    learning = {name: one for name, one in vae.named_parameters() if name.startswith("decoder.")}
    for name, one in vae.named_parameters():
        one.requires_grad_(name in learning)
    course = autoencoder.Course(vae, learning, RATE, out)
    feed = crops(pictures, latents, max(1, BATCH // team.size), Random(f"forgive {course.step} {team.rank}"))

    def attempt(step: int) -> tuple[Any, dict[str, float]]:
        given, goal = next(feed)
        return autoencoder.unlikeness(vae.decode(given / scale + shift).sample, goal)

    course.run(team, steps, attempt, lambda step: _look(vae, pictures, latents, out, step))
    if team.rank == 0:
        with course.averaged():
            vae.to(memory_format=torch.contiguous_format).save_pretrained(out / "vae")


def _look(vae: Any, pictures: Path, latents: Path, out: Path, step: int) -> None:
    """Eight drawings, what comes back from their own latents, and from what the net made of those."""
    import numpy as np
    import torch
    from PIL import Image

    path = sorted(latents.glob("*.npz"))[0]
    with np.load(path) as shard:
        several = [torch.from_numpy(shard[name][:8]).float() for name in ("clean", "strayed")]
    drawn = [world.pixels(one.png) for one, _ in zip(render.read(pictures / f"{path.stem}.zip"), range(8), strict=False)]  # fmt: skip
    shift, scale = vae.config.shift_factor, vae.config.scaling_factor
    rows = [np.concatenate(drawn, 1)]
    with torch.no_grad():
        for one in several:
            back = torch.cat([vae.decode(each[None] / scale + shift).sample[0] for each in one], 2)
            rows.append(((back.clamp(-1, 1) + 1) * 127.5).byte().permute(1, 2, 0).numpy())
    Image.fromarray(np.concatenate(rows)).save(out / f"look-{step:06d}.png")


def main() -> None:
    """Collect what the net makes of drawings, then learn to forgive it."""
    cache = render.CACHE
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--pictures", type=Path, default=cache / f"pictures-{world.SIDE}")
    asked.add_argument("--vae", type=Path, default=cache / "autoencoder-grown" / "vae")
    asked.add_argument("--of", type=Path, default=cache / "distilled", help="a distilled training")
    asked.add_argument(
        "--strayed", type=Path, default=cache / "strayed", help="what the net made of drawings"
    )
    asked.add_argument("--out", type=Path, default=cache / "autoencoder-forgiving")
    asked.add_argument("--steps", type=int, default=1500)
    asked.add_argument("--processes", type=int, default=1, help="that share every batch")
    given = asked.parse_args()
    collect(given.pictures, given.vae, given.of, given.strayed)
    forgive(given.pictures, given.strayed, given.vae, given.out, given.steps, given.processes)


if __name__ == "__main__":
    main()
