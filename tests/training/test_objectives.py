"""Our formulas against diffusers' own, and what weights and masks do."""

import pytest
import torch
from diffusers import DDPMScheduler
from diffusers.training_utils import compute_snr

from storykin.errors import BadInput
from storykin.training.objectives import Schedule, draw_noise, draw_timesteps, errors_of

BETAS = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "num_train_timesteps": 1000,
}
TIMES = torch.tensor([0, 1, 250, 500, 999])
SETTINGS = [
    {**BETAS, "prediction_type": "epsilon"},
    {**BETAS, "prediction_type": "v_prediction"},
    {**BETAS, "prediction_type": "v_prediction", "rescale_betas_zero_snr": True},
]


def generator(seed: int = 1) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("settings", SETTINGS)
def test_mixing_and_velocity_are_those_of_diffusers(settings: dict[str, object]) -> None:
    theirs, ours = DDPMScheduler(**settings), Schedule.of(settings)
    latents, noise = (
        torch.randn(5, 4, 8, 8, generator=generator()),
        torch.randn(5, 4, 8, 8, generator=generator(2)),
    )
    torch.testing.assert_close(
        ours.mix(latents, noise, TIMES), theirs.add_noise(latents, noise, TIMES), rtol=0, atol=1e-6
    )
    expected = noise if ours.prediction == "epsilon" else theirs.get_velocity(latents, noise, TIMES)
    torch.testing.assert_close(ours.target(latents, noise, TIMES), expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("settings", SETTINGS)
def test_signal_to_noise_and_weights_are_those_of_diffusers(settings: dict[str, object]) -> None:
    theirs, ours = DDPMScheduler(**settings), Schedule.of(settings)
    ratio = compute_snr(theirs, TIMES)
    torch.testing.assert_close(ours.signal_to_noise(TIMES), ratio, rtol=1e-4, atol=1e-9)
    least = torch.minimum(ratio, torch.full_like(ratio, 5.0))
    expected = least / (ratio if ours.prediction == "epsilon" else ratio + 1)
    torch.testing.assert_close(ours.weights(TIMES, 5.0), expected, rtol=1e-4, atol=1e-9)


def test_pure_noise_gets_no_infinite_weight() -> None:
    settings = {**BETAS, "prediction_type": "epsilon", "rescale_betas_zero_snr": True}
    weights = Schedule.of(settings).weights(torch.tensor([999]), 5.0)
    assert weights.item() == 1


def test_without_gamma_every_timestep_weighs_one() -> None:
    assert torch.equal(Schedule.of(SETTINGS[0]).weights(TIMES, 0.0), torch.ones(5))


def test_a_scheduler_of_another_kind_of_model_is_refused() -> None:
    with pytest.raises(BadInput, match="'sample'"):
        Schedule.of({**BETAS, "prediction_type": "sample"})


def test_settings_of_any_scheduler_are_read() -> None:
    """SD 1.5 comes with PNDM's, SDXL with Euler's."""
    settings = {**BETAS, "_class_name": "PNDMScheduler", "skip_prk_steps": True, "set_alpha_to_one": False}
    assert torch.equal(Schedule.of(settings).kept, Schedule.of(SETTINGS[0]).kept)


def test_everything_random_comes_from_the_generator() -> None:
    latents, schedule = torch.zeros(3, 4, 8, 8), Schedule.of(SETTINGS[0])
    assert torch.equal(draw_noise(latents, generator(), 0.1), draw_noise(latents, generator(), 0.1))
    assert not torch.equal(draw_noise(latents, generator(), 0.1), draw_noise(latents, generator(2), 0.1))
    state = torch.get_rng_state()
    times = draw_timesteps(1000, schedule, generator())
    assert torch.equal(torch.get_rng_state(), state)
    assert times.min() < 20
    assert times.max() > 980


def test_the_offset_is_common_to_a_channel() -> None:
    latents = torch.zeros(64, 4, 16, 16)
    plain, moved = draw_noise(latents, generator()), draw_noise(latents, generator(), 0.5)
    offset = moved - plain
    assert torch.allclose(offset, offset[..., :1, :1].expand_as(offset), atol=1e-6)
    assert abs(offset[..., 0, 0].std().item() - 0.5) < 0.08


def test_only_what_the_mask_shows_is_learned() -> None:
    predicted, target = torch.zeros(2, 4, 8, 8), torch.zeros(2, 4, 8, 8)
    predicted[0, :, :4] = 2.0  # wrong in the upper half only
    masks = torch.zeros(2, 1, 8, 8)
    masks[0, :, 4:] = 1
    assert errors_of(predicted, target).tolist() == [2.0, 0.0]
    assert errors_of(predicted, target, masks).tolist() == [0.0, 0.0]
    assert errors_of(predicted, target, 1 - masks).tolist() == [4.0, 0.0]


def test_a_mask_of_the_picture_is_brought_to_the_latents() -> None:
    predicted, masks = torch.zeros(1, 4, 8, 8), torch.zeros(1, 1, 64, 64)
    predicted[:, :, :, :2] = 1.0
    masks[..., :16] = 1
    assert errors_of(predicted, torch.zeros(1, 4, 8, 8), masks).item() == pytest.approx(1.0)


def test_errors_are_computed_in_float32() -> None:
    wrong = errors_of(torch.full((1, 4, 8, 8), 300.0, dtype=torch.float16), torch.zeros(1, 4, 8, 8))
    assert wrong.dtype == torch.float32
    assert wrong.item() == 90000.0  # more than float16 holds
