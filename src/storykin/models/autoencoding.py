"""Models: what the autoencoder of the packaged base gives back of a picture: no picture that it paints is sharper."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from storykin.families import POCKET
from storykin.models import loading

if TYPE_CHECKING:
    from PIL.Image import Image


def is_ready() -> bool:
    """Whether it and what runs it are installed."""
    there = (loading.PACKAGED[POCKET.base] / loading.INDEX).is_file()
    return there and bool(find_spec("torch") and find_spec("diffusers"))


@cache
def packaged() -> Any:
    """The `AutoencoderKL` of the base that comes along, in float32. Raises `BadFile` where it is not in this installation."""
    import torch

    base = loading.find_base(POCKET.base, ("vae",), POCKET.base)
    with loading.silence():
        return loading.load_part(base, "vae", torch.float32).eval()


def given_back(autoencoder: Any, picture: Image) -> Image:
    """An RGB picture through an `AutoencoderKL` and back at the autoencoder's own size, then as large as it was."""
    import numpy as np
    import torch
    from PIL import Image

    side = autoencoder.config.sample_size
    small = picture.resize((side, side), Image.Resampling.LANCZOS)
    there = torch.from_numpy(np.asarray(small).copy()).permute(2, 0, 1)[None].float() / 127.5 - 1
    with torch.no_grad():
        back = autoencoder.decode(autoencoder.encode(there).latent_dist.mode()).sample[0]
    return pixels(back).resize(picture.size, Image.Resampling.BICUBIC)


def kept(before: Image, after: Image) -> float:
    """How much of a picture's structure another has: the mean structural similarity of their brightness, 0 to 1, at 256 pixels in windows of 7.

    Wang et al., "Image quality assessment: from error visibility to structural similarity", 2004.
    """
    import numpy as np
    from PIL import Image

    def blurred(values: Any) -> Any:
        return np.lib.stride_tricks.sliding_window_view(values, (7, 7)).mean((-1, -2))

    def grey(picture: Image.Image) -> Any:
        small = picture.convert("L").resize((256, 256), Image.Resampling.LANCZOS)
        return np.asarray(small).astype(np.float32)

    one, other = grey(before), grey(after)
    means = blurred(one), blurred(other)
    spread = blurred(one * one) - means[0] ** 2 + blurred(other * other) - means[1] ** 2
    together = blurred(one * other) - means[0] * means[1]
    light, contrast = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    alike = (2 * means[0] * means[1] + light) * (2 * together + contrast)
    return float((alike / ((means[0] ** 2 + means[1] ** 2 + light) * (spread + contrast))).mean())


def pixels(decoded: Any) -> Image:
    """What an autoencoder decodes, channels first, -1 to 1, as a picture."""
    from PIL import Image

    return Image.fromarray(((decoded.clamp(-1, 1) + 1) * 127.5).byte().permute(1, 2, 0).numpy())
