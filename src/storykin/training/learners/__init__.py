"""Training: one learner per family of models, loaded when it is asked for."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, cast

from storykin.errors import BadInput

if TYPE_CHECKING:
    import torch

    from storykin.recipe import Recipe
    from storykin.training.learner import Learner

LEARNERS = {
    "sd15": ("diffusion", "SD15Learner"),
    "sdxl": ("diffusion", "SDXLLearner"),
    "flux-dev": ("flux", "FluxLearner"),
    "flux2-klein": ("flux2", "Flux2Learner"),
}
"""Module and class, by family."""


def learner_named(
    recipe: Recipe, device: str = "cpu", dtype: torch.dtype | None = None, vram_gib: float | None = None
) -> Learner:
    """The learner of a recipe's family for the recipe's base. `dtype` is what is computed in: by default what the recipe's
    precision asks for, bfloat16 for packed weights. `vram_gib` is what may be used of the card where that is less than all.
    Raises `BadInput`."""
    import torch

    if recipe.family not in LEARNERS:
        raise BadInput(
            f"there is no learner for the family {recipe.family!r}", f"choose from: {', '.join(LEARNERS)}"
        )
    module, name = LEARNERS[recipe.family]
    kind = getattr(importlib.import_module(f"{__name__}.{module}"), name)
    computed = dtype or (torch.float32 if recipe.precision == "float32" else torch.bfloat16)
    more = {} if vram_gib is None or module == "diffusion" else {"vram_gib": vram_gib}
    return cast("Learner", kind(recipe.base, torch.device(device), computed, **more))
