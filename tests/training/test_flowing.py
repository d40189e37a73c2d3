"""Flow matching, against diffusers' scheduler and its training formulas."""

from dataclasses import replace

import pytest
import torch
from diffusers import FlowMatchEulerDiscreteScheduler
from diffusers.training_utils import compute_density_for_timestep_sampling

from storykin.families import FAMILIES
from storykin.recipe import Recipe
from storykin.training.flowing import draw_timesteps, flow_loss, mix, shift_timesteps

RECIPE = Recipe.of(FAMILIES["flux-dev"])


def seeded(seed: int = 1) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_sigmoid_timesteps_are_diffusers_logit_normal() -> None:
    theirs = compute_density_for_timestep_sampling("logit_normal", 64, 0.0, 1.0, generator=seeded())
    assert torch.equal(draw_timesteps(64, RECIPE, seeded()), theirs)


def test_uniform_timesteps_are_diffusers_uniform() -> None:
    theirs = compute_density_for_timestep_sampling("none", 64, generator=seeded())
    assert torch.equal(draw_timesteps(64, replace(RECIPE, timesteps="uniform"), seeded()), theirs)


def test_shifted_timesteps_lie_nearer_to_noise_and_within_bounds() -> None:
    plain = draw_timesteps(500, RECIPE, seeded())
    shifted = draw_timesteps(500, replace(RECIPE, timesteps="shifted"), seeded())
    assert bool((shifted > plain).all())
    assert shifted.min() > 0
    assert shifted.max() < 1
    assert shifted.median() == pytest.approx(3.16 / (1 + 3.16), abs=0.03)  # sigmoid's median is a half


@pytest.mark.parametrize("shift", [1.0, 3.16])
def test_the_shift_is_the_schedulers(shift: float) -> None:
    plain = FlowMatchEulerDiscreteScheduler().sigmas
    assert torch.allclose(
        shift_timesteps(plain, shift), FlowMatchEulerDiscreteScheduler(shift=shift).sigmas, atol=1e-6
    )


def test_mixing_is_the_schedulers() -> None:
    scheduler = FlowMatchEulerDiscreteScheduler()
    latents, noise = torch.randn(2, 3, 4, 4, generator=seeded()), torch.randn(2, 3, 4, 4, generator=seeded(2))
    chosen = scheduler.timesteps[[100, 700]]
    theirs = scheduler.scale_noise(latents, chosen, noise)
    assert torch.allclose(mix(latents, noise, chosen / 1000), theirs, atol=1e-6)


def test_the_direction_that_is_learned_leads_the_scheduler_back_to_the_picture() -> None:
    scheduler = FlowMatchEulerDiscreteScheduler()
    scheduler.set_timesteps(4)
    picture, noise = torch.randn(1, 3, 4, 4, generator=seeded()), torch.randn(1, 3, 4, 4, generator=seeded(2))
    assert flow_loss(noise - picture, picture, noise, torch.ones(1)) == 0
    walked = noise
    for timestep in scheduler.timesteps:
        walked = scheduler.step(noise - picture, timestep, walked).prev_sample
    assert torch.allclose(walked, picture, atol=1e-5)


def test_without_mask_and_weights_the_loss_is_the_mean_squared_error() -> None:
    predicted, latents, noise = torch.randn(3, 2, 3, 4, 4, generator=seeded())
    plain = torch.nn.functional.mse_loss(predicted, noise - latents)
    assert torch.allclose(flow_loss(predicted, latents, noise, torch.ones(2)), plain)


def test_half_precision_is_compared_in_float32() -> None:
    predicted, latents, noise = torch.randn(3, 2, 3, 4, 4, generator=seeded())
    loss = flow_loss(predicted.bfloat16(), latents.bfloat16(), noise.bfloat16(), torch.ones(2))
    assert loss.dtype == torch.float32


def test_a_mask_hides_what_is_outside_and_does_not_shrink_the_loss() -> None:
    predicted, latents, noise = torch.randn(3, 1, 3, 4, 4, generator=seeded())
    predicted.requires_grad_()
    mask = torch.zeros(1, 1, 4, 4)
    mask[..., :2, :] = 1
    loss = flow_loss(predicted, latents, noise, torch.ones(1), mask)
    top = torch.nn.functional.mse_loss(predicted[..., :2, :], (noise - latents)[..., :2, :])
    assert torch.allclose(loss, top)
    (felt,) = torch.autograd.grad(loss, predicted)
    assert not felt[..., 2:, :].any()
    assert felt[..., :2, :].all()


def test_a_picture_that_is_masked_altogether_teaches_nothing() -> None:
    predicted, latents, noise = torch.randn(3, 1, 3, 4, 4, generator=seeded())
    assert flow_loss(predicted, latents, noise, torch.ones(1), torch.zeros(1, 1, 4, 4)) == 0


def test_prior_pictures_pull_with_their_weight() -> None:
    predicted, latents, noise = torch.randn(3, 2, 3, 4, 4, generator=seeded())
    own, prior = (
        flow_loss(predicted[i : i + 1], latents[i : i + 1], noise[i : i + 1], torch.ones(1)) for i in (0, 1)
    )
    both = flow_loss(predicted, latents, noise, torch.tensor([1.0, 0.25]))
    assert torch.allclose(both, (own + 0.25 * prior) / 2)
