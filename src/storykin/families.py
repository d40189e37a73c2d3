"""Values: the families of models that a character can be taught to: one row each, with the numbers that work.

Sources of the numbers: the presets and documentation of ai-toolkit, sd-scripts and SimpleTuner, diffusers' DreamBooth
examples.
"""

from dataclasses import dataclass
from typing import Literal

from storykin.errors import BadInput

Objective = Literal["epsilon", "flow"]
FileForm = Literal["kohya-sd", "kohya-sdxl", "peft"]


@dataclass(frozen=True)
class Family:
    """A kind of model and how a character is learned in it.

    `base` is the usual checkpoint by its name on the model hub, `licence` its terms, `gated` whether its makers want them
    accepted first. `resolutions` are the sides, in pixels, of the squares whose area the buckets have, the usual first.
    `rank`, `alpha`, `learning_rate`, `warmup` (steps), `weight_decay`, `caption_dropout` (fraction) and `ema` (decay, 0 none)
    go into the recipe. `steps` are those for 35 photos by effort. `objective` is what the net predicts: the noise, or the velocity from
    picture to noise. `min_snr` is gamma of min-SNR weighting (Hang et al. 2023, arXiv 2303.09556; 0 none), `noise_offset`
    the share of noise common to a channel. `shift` moves flow timesteps towards noise (1 none). `guidance` is fed
    to models with a guidance embedding while training, None for models without. `form` is how the adapter's file names its tensors.
    """

    name: str
    title: str
    base: str
    licence: str
    gated: bool
    resolutions: tuple[int, ...]
    rank: int
    alpha: int
    learning_rate: float
    warmup: int
    weight_decay: float
    caption_dropout: float
    ema: float
    steps: tuple[int, int, int]
    objective: Objective
    min_snr: float
    noise_offset: float
    shift: float
    guidance: float | None
    form: FileForm


FAMILIES = {
    one.name: one
    for one in (
        Family("sd15", "Stable Diffusion 1.5", "stable-diffusion-v1-5/stable-diffusion-v1-5", "CreativeML OpenRAIL-M", False,
               (512,), 16, 16, 1e-4, 50, 1e-2, 0.05, 0.0, (600, 1500, 2500), "epsilon", 5.0, 0.0357, 1.0, None, "kohya-sd"),
        Family("sdxl", "Stable Diffusion XL", "stabilityai/stable-diffusion-xl-base-1.0", "CreativeML OpenRAIL++-M", False,
               (1024,), 32, 16, 1e-4, 50, 1e-2, 0.05, 0.0, (600, 1600, 2500), "epsilon", 5.0, 0.0357, 1.0, None, "kohya-sdxl"),
        Family("flux-dev", "FLUX.1-dev", "black-forest-labs/FLUX.1-dev", "FLUX.1 [dev] Non-Commercial License", True,
               (512, 768, 1024), 16, 16, 1e-4, 50, 1e-4, 0.05, 0.99, (600, 1200, 3500), "flow", 0.0, 0.0, 3.16, 1.0, "peft"),
        Family("flux2-klein", "FLUX.2 klein 4B", "black-forest-labs/FLUX.2-klein-base-4B", "Apache-2.0", False,
               (512, 768, 1024), 16, 16, 1e-4, 50, 1e-4, 0.05, 0.99, (600, 1200, 3500), "flow", 0.0, 0.0, 3.16, None, "peft"),
    )
}  # fmt: skip
"""All families, by name. `steps` are for draft, good and best."""


def family_named(name: str) -> Family:
    """The family of that name. Raises `BadInput` that names all."""
    if name not in FAMILIES:
        raise BadInput(f"there is no family of models {name!r}", f"choose from: {', '.join(FAMILIES)}")
    return FAMILIES[name]
