"""Sheets of fixed prompts: what the base paints so far; `python -m benchmarks.pocket.looking FILE.png` has the product's painter paint them."""

import argparse
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from storykin import contactsheet, files
from storykin.painters import Painter, painter_named
from storykin.shot import Shot

from . import autoencoder, words, world
from .net import PLAIN, Pocket

GUIDANCE = 3.5  # of the sheets; what painters ask of FLUX-dev


def prompts() -> list[str]:
    """The prompts of every sheet, the same for every base: some as books say them, some as people do; no training picture was drawn for one of them."""
    return Path(__file__).with_name("prompts.txt").read_text().splitlines()


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


def sheet(painter: Painter, columns: int = 6) -> bytes:
    """The same prompts as the product paints them, a PNG with numbers at the rows."""
    nowhere = world.sample(0).scene  # of which a painter without a storyboard's powers knows nothing
    shots = [Shot(number, nowhere, prompt=said, seed=number, width=world.SIDE, height=world.SIDE)
             for number, said in enumerate(prompts())]  # fmt: skip
    cells = {divmod(one.page, columns): painter.paint(one, lambda done: None) for one in shots}
    rows = [f"{first + 1} to {first + columns}" for first in range(0, len(shots), columns)]
    return contactsheet.sheet(rows, [""] * columns, cells)


def main() -> None:
    """Paint the sheet, and print its prompts as a list in Markdown."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("file", type=Path)
    asked.add_argument("--base", default="pocket")
    given = asked.parse_args()
    files.write_bytes(given.file, sheet(painter_named(given.base)))
    print("\n".join(f"{number}. {said}" for number, said in enumerate(prompts(), 1)))


if __name__ == "__main__":
    main()
