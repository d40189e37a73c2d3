"""Training: adapters of FLUX.1 and FLUX.2 as files that diffusers, ComfyUI, Forge and InvokeAI load.

PEFT's names, no `.alpha` tensors and no adapter metadata: whoever finds neither takes alpha = rank, so anything else is
folded into the weights. The header is made of known words only: no path, caption or name can get into it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from storykin import files
from storykin.errors import BadFile
from storykin.families import POCKET, Family, row_of
from storykin.recipe import Recipe
from storykin.training.kohya import FREE, balanced, safetensors_bytes
from storykin.training.lora import DOWN, UP, Change, changes

PREFIX = "transformer."  # the part of the pipeline that the adapter belongs to
KINDS = {
    "flux-dev": ("flux-1-dev/lora", "https://github.com/black-forest-labs/flux", "flux1"),
    "flux2-klein": ("Flux.2-klein-4b/lora", "https://github.com/black-forest-labs/flux2", "flux_2_klein_4b"),
}
"""By family: architecture, implementation and version, as kohya's sd-scripts and musubi-tuner call them."""


def write(
    path: Path, state: Mapping[str, Tensor], family: Family, recipe: Recipe, said: Mapping[str, str]
) -> None:
    """Write an adapter's state (`<module>.lora_A.weight`, rank x in, and `.lora_B.weight`, out x rank) in half precision, in one stroke.

    alpha / rank goes into the weights. Of what is `said` only what is harmless comes into the header. Raises `BadFile` when there is no room,
    or a value is not finite.
    """
    tensors: dict[str, Tensor] = {}
    for name, change in changes(state, recipe.alpha / recipe.rank).items():
        if not (torch.isfinite(change.down).all() and torch.isfinite(change.up).all()):
            raise BadFile(
                f"{path}: {name} holds a number that is not finite; nothing was written",
                "train again with a smaller learning rate",
            )
        even = balanced(Change(change.down, change.up * change.scale, 1.0))
        tensors[f"{PREFIX}{name}{DOWN}"] = even.down.half().contiguous()
        tensors[f"{PREFIX}{name}{UP}"] = even.up.half().contiguous()
    files.write_bytes(path, safetensors_bytes(tensors, header(family, recipe, said)))


def header(family: Family, recipe: Recipe, said: Mapping[str, str]) -> dict[str, str]:
    """The header of an adapter's file: ModelSpec 1.0, and what kohya's readers look for; alpha is the rank, see above."""
    family = row_of(family.name, recipe.base)
    own = (
        f"{family.base}/lora",
        KINDS[family.name][1],
        family.base.replace("-", "_"),
    )  # nobody takes it for FLUX's
    architecture, implementation, version = own if family is POCKET else KINDS[family.name]
    side = max(recipe.resolutions)
    made = {
        "format": "pt",
        "modelspec.sai_model_spec": "1.0.0",
        "modelspec.architecture": architecture,
        "modelspec.implementation": implementation,
        "modelspec.title": f"Storykin character for {family.title}",
        "modelspec.resolution": f"{side}x{side}",
        "ss_base_model_version": version,
        "ss_network_dim": str(recipe.rank),
        "ss_network_alpha": str(recipe.rank),
    }
    return made | {key: said[key] for key, shape in FREE.items() if shape.fullmatch(said.get(key, ""))}
