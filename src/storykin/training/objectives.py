"""Training: what Stable Diffusion learns: to tell noise from picture, at every strength of noise; knows no net.

x_t = sqrt(a) x + sqrt(1 - a) e for a picture x, noise e and the schedule's a at time t (DDPM: Ho et al. 2020,
arXiv 2006.11239). The net is asked for e, or for v = sqrt(a) e - sqrt(1 - a) x (Salimans and Ho 2022, arXiv 2202.00512).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor
from torch.nn import functional

from storykin.errors import BadInput

Prediction = Literal["epsilon", "v_prediction"]


@dataclass(frozen=True)
class Schedule:
    """How a base mixes pictures with noise: `kept` is a for every timestep (float32), `prediction` what its net is asked for."""

    kept: Tensor
    prediction: Prediction

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Schedule:
        """From a base's scheduler settings, rescaled to no signal at the end where they say so (Lin et al. 2023,
        arXiv 2305.08891). Raises `BadInput` for what no Stable Diffusion predicts."""
        import diffusers

        kind: Any = diffusers.DDPMScheduler
        scheduler = kind.from_config(dict(settings))
        prediction = scheduler.config.prediction_type
        if prediction not in {"epsilon", "v_prediction"}:
            raise BadInput(
                f"the base's scheduler says prediction_type {prediction!r}, expected epsilon or v_prediction",
                "choose another base of this family",
            )
        return cls(scheduler.alphas_cumprod.float(), prediction)

    def at(self, timesteps: Tensor) -> Tensor:
        """a for each timestep, n x 1 x 1 x 1, on the timesteps' device."""
        return self.kept.to(timesteps.device)[timesteps].view(-1, 1, 1, 1)

    def mix(self, latents: Tensor, noise: Tensor, timesteps: Tensor) -> Tensor:
        """Latents (n x channels x height x width) with as much noise as their timesteps say."""
        kept = self.at(timesteps)
        return kept.sqrt() * latents + (1 - kept).sqrt() * noise

    def target(self, latents: Tensor, noise: Tensor, timesteps: Tensor) -> Tensor:
        """What the net should say: the noise, or the velocity."""
        if self.prediction == "epsilon":
            return noise
        kept = self.at(timesteps)
        return kept.sqrt() * noise - (1 - kept).sqrt() * latents

    def signal_to_noise(self, timesteps: Tensor) -> Tensor:
        """a / (1 - a) for each timestep, n; 0 where nothing of the picture is left."""
        kept = self.at(timesteps).flatten()
        return kept / (1 - kept)

    def weights(self, timesteps: Tensor, gamma: float) -> Tensor:
        """The weight of each timestep, n: min-SNR (Hang et al. 2023, arXiv 2303.09556), min(snr, gamma) / snr for noise and
        min(snr, gamma) / (snr + 1) for velocity; 1 when gamma is 0."""
        ratio = self.signal_to_noise(timesteps)
        if gamma <= 0:
            return torch.ones_like(ratio)
        if self.prediction == "v_prediction":
            return ratio.clamp(max=gamma) / (ratio + 1)
        return gamma / ratio.clamp(min=gamma)  # the same as min(snr, gamma) / snr, and 1 where snr is 0


def draw_timesteps(count: int, schedule: Schedule, generator: torch.Generator) -> Tensor:
    """`count` timesteps, each as likely as any other; int64, drawn where the generator lives."""
    return torch.randint(len(schedule.kept), (count,), generator=generator, device=generator.device)


def draw_noise(latents: Tensor, generator: torch.Generator, offset: float = 0.0) -> Tensor:
    """Noise like the latents, float32, drawn where the generator lives, on the latents' device.

    `offset` adds that share of noise common to all of a channel, without which dark and bright pictures are not learned (Guttenberg 2023,
    "Diffusion with offset noise").
    """
    device, drawn_on = latents.device, generator.device
    noise = torch.randn(latents.shape, generator=generator, device=drawn_on)
    if offset > 0:
        noise = noise + offset * torch.randn((*latents.shape[:2], 1, 1), generator=generator, device=drawn_on)
    return noise.to(device)


def errors_of(predicted: Tensor, target: Tensor, masks: Tensor | None = None) -> Tensor:
    """The mean squared error of each picture, n, in float32.

    With masks (n x 1 x height x width; other sizes are brought to the latents') the mean over what is learned, so that a
    small face weighs as much as a large one; 0 where nothing is.
    """
    wrong = functional.mse_loss(predicted.float(), target.float(), reduction="none")
    if masks is None:
        return wrong.flatten(1).mean(1)
    learned = masks.to(wrong)
    if learned.shape[-2:] != wrong.shape[-2:]:
        learned = functional.interpolate(learned, wrong.shape[-2:], mode="area")
    area = learned.flatten(1).sum(1) * wrong.shape[1]
    return (wrong * learned).flatten(1).sum(1) / area.clamp(min=1e-6)
