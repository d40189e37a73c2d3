"""Training: flow matching, as FLUX.1 and FLUX.2 learn it; knows no net.

A picture x and noise e lie on a straight line, x_t = (1 - t) x + t e; the net is asked for its direction e - x
(rectified flow: Liu et al. 2022, arXiv 2209.03003; timesteps: Esser et al. 2024, arXiv 2403.03206).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from storykin.training.objectives import errors_of

if TYPE_CHECKING:
    from torch import Tensor

    from storykin.recipe import Recipe


def draw_timesteps(count: int, recipe: Recipe, generator: torch.Generator) -> Tensor:
    """`count` timesteps in 0 … 1 (1 is pure noise), float32, drawn where the generator lives.

    "uniform" is plain, "sigmoid" the logit-normal with mean 0 and width 1 (arXiv 2403.03206, section 3.1), "shifted" the same
    moved towards noise by `recipe.shift`.
    """
    device = generator.device
    if recipe.timesteps == "uniform":
        return torch.rand(count, generator=generator, device=device)
    drawn = torch.sigmoid(torch.randn(count, generator=generator, device=device))
    return shift_timesteps(drawn, recipe.shift) if recipe.timesteps == "shifted" else drawn


def shift_timesteps(timesteps: Tensor, shift: float) -> Tensor:
    """Timesteps moved towards noise: s t / (1 + (s - 1) t) (arXiv 2403.03206, equation 23); s = 1 leaves them."""
    return shift * timesteps / (1 + (shift - 1) * timesteps)


def mix(latents: Tensor, noise: Tensor, timesteps: Tensor) -> Tensor:
    """Latents (n x …) on the way to noise: (1 - t) x + t e, one timestep per picture."""
    share = timesteps.view(-1, *[1] * (latents.ndim - 1))
    return (1 - share) * latents + share * noise


def flow_loss(
    predicted: Tensor, latents: Tensor, noise: Tensor, weights: Tensor, masks: Tensor | None = None
) -> Tensor:
    """The squared error of the predicted direction against noise - latents, a scalar in float32.

    The first three are n x channels x height x width, `weights` n, `masks` n x 1 x height x width. Per picture the mean over what is learned, then
    the mean of weight times error over the pictures: divided by their number and not by the weights, so that a prior picture of weight w
    pulls w times as much as another.
    """
    each = errors_of(predicted, noise.float() - latents.float(), masks)
    return (each * weights.to(each)).mean()
