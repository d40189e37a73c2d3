"""Painters, diffusion: a small picture of unfinished latents, for the eye: a linear map from latents to colours, fitted to the VAE itself.

Fitted once for each base by decoding a few dozen random latents, so it needs no table and fits fine-tuned and small models too.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.nn import functional

if TYPE_CHECKING:
    from storykin.painters.diffusion.model import Model

GRID = 16  # latents of a side in the pictures that are fitted to
SAMPLES = 4
LONG = 256  # pixels of the longer side of what is shown


def can_look(name: str) -> bool:
    """Whether there is a way to see a family's unfinished latents."""
    return name != "qwen-image-edit"  # its VAE is one for films


class Lens:
    """Shows latents of one base as a small JPEG. `rows` is channels + 1 x 3: what a latent and a constant add to red, green and blue."""

    def __init__(self, model: Model) -> None:
        self.name = model.painting.name
        self.rows = _fitted(model)

    def picture(self, latents: Tensor, height: int, width: int) -> bytes:
        """`latents` as a pipeline's step has them, for a picture of that size in pixels."""
        from PIL import Image

        spatial = _spatial(self.name, latents[:1].float().cpu(), height, width)
        colours = (_with_one(spatial) @ self.rows).clamp(0, 1)  # h w x 3
        count = spatial.shape[2:]
        pixels = (colours.view(*count, 3) * 255).round().byte().numpy()
        shown = Image.fromarray(pixels)
        scale = LONG / max(width, height)
        file = io.BytesIO()
        shown.resize(
            (max(1, round(width * scale)), max(1, round(height * scale))), Image.Resampling.BILINEAR
        ).save(file, "JPEG", quality=80)
        return file.getvalue()


@torch.no_grad()
def _fitted(model: Model) -> Tensor:
    """Least squares over smooth random latents and what the VAE makes of them."""
    vae = model.vae
    channels = vae.config.latent_channels
    chance = torch.Generator().manual_seed(0)
    coarse = torch.randn(SAMPLES, channels, GRID // 2, GRID // 2, generator=chance)
    latents = functional.interpolate(coarse, scale_factor=2.0)
    made = []
    for one in latents:
        decoded = vae.decode(one[None].to(model.device, vae.dtype)).sample.float().cpu()
        made.append(functional.adaptive_avg_pool2d(decoded, GRID))
    wanted = (torch.cat(made) / 2 + 0.5).permute(0, 2, 3, 1).reshape(-1, 3)
    rows: Tensor = torch.linalg.lstsq(_with_one(latents), wanted).solution
    return _scaled(vae, rows, model.painting.name)


def _scaled(vae: Any, rows: Tensor, name: str) -> Tensor:
    """The same for latents as the net has them: decoded are latents / scaling + shift; FLUX.2's are normalised on the way to the net."""
    if name == "flux2-klein":
        return rows
    scaling, shift = vae.config.scaling_factor, getattr(vae.config, "shift_factor", None) or 0.0
    found = rows.clone()
    found[:-1] = rows[:-1] / scaling
    found[-1] = rows[-1] + shift * rows[:-1].sum(0)
    return found


def _with_one(latents: Tensor) -> Tensor:
    """n x c x h x w to n h w x (c + 1)."""
    flat = latents.permute(0, 2, 3, 1).reshape(-1, latents.shape[1])
    return torch.cat([flat, torch.ones(len(flat), 1)], dim=1)


def _spatial(name: str, latents: Tensor, height: int, width: int) -> Tensor:
    """What a pipeline's step has, as 1 x c x h x w; tokens of FLUX are squares of 2 x 2, of which the mean is taken."""
    if latents.ndim == 4:
        return latents
    rows = round((latents.shape[1] * height / width) ** 0.5)  # a VAE may shrink by 8 or 16
    columns = latents.shape[1] // rows
    tokens = latents[:, : rows * columns].transpose(1, 2)  # 1 x 4c x rows columns
    count = tokens.shape[1] // 4
    return tokens.reshape(1, count, 4, rows, columns).mean(2)
