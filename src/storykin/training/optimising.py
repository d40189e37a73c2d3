"""Training: how weights follow their gradients: the optimiser, its warm-up, the gradient's norm, the moving average.

Knows no net, no loop and no file.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from storykin.errors import BadInput

if TYPE_CHECKING:
    from storykin.recipe import Recipe


def make_optimiser(parameters: Iterable[nn.Parameter], recipe: Recipe) -> torch.optim.Optimizer:
    """The recipe's optimiser over these parameters (float32), at its full rate.

    "adamw" is AdamW (Loshchilov and Hutter 2017, arXiv 1711.05101). "adamw8bit" keeps its two averages in 8 bits
    (Dettmers et al. 2021, arXiv 2110.02861): 2 bytes a weight instead of 8; only for weights on a CUDA card, elsewhere it
    is AdamW. "prodigy" finds its rate itself (Mishchenko and Defazio 2023, arXiv 2306.06101) and does not read the
    recipe's. Raises `BadInput` when the library of the last two is not there.
    """
    weights = list(parameters)
    if recipe.optimiser == "prodigy":
        return _prodigy(weights, recipe)
    settings: dict[str, Any] = {"lr": full_rate(recipe), "weight_decay": recipe.weight_decay}
    if recipe.optimiser == "adamw8bit" and all(one.is_cuda for one in weights):
        return _eight_bit(weights, settings)
    # one pass over memory: a third of the time of the plain loop on the CPU
    return torch.optim.AdamW(weights, fused=True, **settings)


def _eight_bit(weights: Sequence[nn.Parameter], settings: Mapping[str, Any]) -> torch.optim.Optimizer:
    try:
        from bitsandbytes.optim.adamw import AdamW8bit
    except ImportError:
        raise BadInput(
            "the optimiser adamw8bit needs the library bitsandbytes, which is not installed",
            "install it with: pip install bitsandbytes, or set optimiser to adamw in the recipe",
        ) from None
    made: torch.optim.Optimizer = AdamW8bit(weights, **settings)  # type: ignore[no-untyped-call]
    return made


def _prodigy(weights: Sequence[nn.Parameter], recipe: Recipe) -> torch.optim.Optimizer:
    try:
        from prodigyopt import Prodigy  # type: ignore[import-not-found,import-untyped,unused-ignore]
    except ImportError:
        raise BadInput(
            "the optimiser prodigy needs the library prodigyopt, which is not installed",
            "install it with: pip install prodigyopt==1.1.2, or set optimiser to adamw in the recipe",
        ) from None
    with contextlib.redirect_stdout(io.StringIO()):  # it prints that weight decay is decoupled
        made: torch.optim.Optimizer = Prodigy(
            weights,
            lr=full_rate(recipe),
            weight_decay=recipe.weight_decay,
            use_bias_correction=True,
            safeguard_warmup=True,  # its authors' advice where the rate warms up
        )
    return made


def full_rate(recipe: Recipe) -> float:
    """The rate after the warm-up: the recipe's; for Prodigy 1, a factor on the rate that it finds itself."""
    return 1.0 if recipe.optimiser == "prodigy" else recipe.learning_rate


def rate_at(step: int, recipe: Recipe, halvings: int = 0) -> float:
    """The rate of the step after `step` others: it rises in a straight line over `recipe.warmup` steps, then stays.

    The first step already moves, as (step + 1) / warmup; diffusers' `get_constant_schedule_with_warmup` is one step
    behind, its first does nothing.
    """
    return full_rate(recipe) * min(1.0, (step + 1) / max(1, recipe.warmup)) * 0.5**halvings


def set_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    """Let the optimiser's next step have this rate."""
    for group in optimiser.param_groups:
        group["lr"] = rate


def gradient_norm(parameters: Iterable[nn.Parameter]) -> Tensor:
    """The Euclidean norm of all gradients together, a scalar where they lie; not finite when any of them is not."""
    return nn.utils.get_total_norm([one.grad for one in parameters if one.grad is not None])


def clip(parameters: Iterable[nn.Parameter], norm: Tensor, most: float) -> None:
    """Scale all gradients by most / norm where their norm is more than `most` (Pascanu et al. 2012, arXiv 1211.5063); 0: leave them."""
    if most > 0:
        nn.utils.clip_grads_with_norm_(parameters, most, norm)


def decay_at(step: int, most: float) -> float:
    """The average's decay at its update after `step` others: (1 + n) / (10 + n), at most `most`, and 0 at the first.

    As TensorFlow's ExponentialMovingAverage with `num_updates` and diffusers' `EMAModel`: a young average forgets
    the weights that it began with.
    """
    return min(most, (1 + step) / (10 + step)) if step > 0 else 0.0


@torch.no_grad()
def follow(average: Mapping[str, Tensor], parameters: Mapping[str, nn.Parameter], decay: float) -> None:
    """Move the average towards the weights, in place: a ← decay · a + (1 - decay) · w. Both have the same names in the same order."""
    if average:
        torch._foreach_lerp_(list(average.values()), list(parameters.values()), 1 - decay)
