"""Values: the families of models that a character can be taught to: one row each, with the numbers that work.

Sources of the numbers: the presets and documentation of ai-toolkit, sd-scripts and SimpleTuner, diffusers' DreamBooth
examples.
"""

from dataclasses import dataclass, replace
from typing import Literal

from storykin.errors import BadInput

Precision = Literal["float32", "bfloat16", "int8", "fp8", "nf4"]
"""In what a base's weights lie, from the most exact."""
Objective = Literal["epsilon", "flow"]
FileForm = Literal["kohya-sd", "kohya-sdxl", "peft"]


@dataclass(frozen=True)
class Family:
    """A kind of model and how a character is learned in it.

    `base` is the usual checkpoint by its name on the model hub, `licence` its terms, `gated` whether its makers want them
    accepted first. `resolutions` are the sides, in pixels, of the squares whose area the buckets have, the usual first.
    `rank`, `alpha`, `learning_rate`, `warmup` (steps), `weight_decay`, `caption_dropout` (fraction), `ema` (decay, 0 none) and `traits` (fraction)
    go into the recipe. `steps` are those for 35 photos by effort, `few_photos` the least share of them, however few the photos. `objective` is what the net predicts: the noise, or the velocity from
    picture to noise. `min_snr` is gamma of min-SNR weighting (Hang et al. 2023, arXiv 2303.09556; 0 none), `noise_offset`
    the share of noise common to a channel. `shift` moves flow timesteps towards noise (1 none). `guidance` is fed
    to models with a guidance embedding while training, None for models without. `form` is how the adapter's file names its tensors, `batch` how many pictures a step sees.
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
    batch: int = 1
    traits: float = 0.0
    few_photos: float = 0.5


BUCKET = 64
"""Sides of what is learned from are multiples of this many pixels, as sd-scripts and its descendants expect: Stable Diffusion halves latents (1/8) three times, FLUX needs 16."""

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

POCKET = replace(
    FAMILIES["flux-dev"], title="pocket", base="pocket-4", licence="Apache-2.0", gated=False, resolutions=(256,), learning_rate=2e-3, warmup=20,
    steps=(150, 400, 800), shift=1.65, batch=8, traits=0.5, few_photos=1.0,
)  # fmt: skip
"""How a character is learned in the packaged base `pocket`: FLUX-dev's recipe scaled to a net that is two thousand times smaller and pictures of 256 pixels.

The number in its base's name is that of its weights: adapters fit one, and trainings begun on another do not go on.
"""
POCKET_CLOSER = 0.75
"""It was mostly shown people near by: who stands lower in a picture is smudged."""


def row_of(name: str, base: str) -> Family:
    """The family's row for a base, which of a packaged one is its own. Raises `BadInput` for a family that there is not."""
    return POCKET if base == POCKET.base else family_named(name)


def family_named(name: str) -> Family:
    """The family of that name. Raises `BadInput` that names all."""
    if name not in FAMILIES:
        raise BadInput(f"there is no family of models {name!r}", f"choose from: {', '.join(FAMILIES)}")
    return FAMILIES[name]


@dataclass(frozen=True)
class Painting:
    """How pictures are painted with a kind of model. Some of these can be taught (`FAMILIES`), some are only painted with.

    `base` is the usual checkpoint, `licence` its terms, `commercial` whether they let pictures be sold, `gated` whether its makers want them accepted
    first. `text`, `image` (from a start image), `fill` (one region anew) and `edit` (with references) are diffusers' pipelines, "" where there is none.
    `side` is that of the square whose area it paints best, in pixels; sides are multiples of `grain`. `steps` are those for draft, good and
    best. `negative` says whether it hears a negative prompt. `powers` are those of `Shot.asks`. `adapters_of` are the families whose adapters
    fit its layers, the best first. `parameters` are those of the net. Somebody who stands less than `closer` of the picture high is smudged by it, and painted once more from near by.
    """

    name: str
    title: str
    base: str
    licence: str
    commercial: bool
    gated: bool
    objective: Objective
    text: str
    image: str
    fill: str
    edit: str
    side: int
    grain: int
    steps: tuple[int, int, int]
    guidance_scale: float
    negative: bool
    dialect: Literal["sentences", "phrases"]
    powers: frozenset[str]
    adapters_of: tuple[str, ...]
    parameters: float
    closer: float = 0.0


_START, _LORA, _REFER = (
    frozenset({"init_image"}),
    frozenset({"adapters", "several_adapters", "regions"}),
    frozenset({"references"}),
)

PAINTINGS = {
    one.name: one
    for one in (
        Painting("sd15", "Stable Diffusion 1.5", "stable-diffusion-v1-5/stable-diffusion-v1-5", "CreativeML OpenRAIL-M", True, False, "epsilon",
                 "StableDiffusionPipeline", "StableDiffusionImg2ImgPipeline", "StableDiffusionInpaintPipeline", "",
                 512, 8, (20, 30, 45), 7.5, True, "phrases", _START | _LORA | _REFER, ("sd15",), 0.86e9),
        Painting("sdxl", "Stable Diffusion XL", "stabilityai/stable-diffusion-xl-base-1.0", "CreativeML OpenRAIL++-M", True, False, "epsilon",
                 "StableDiffusionXLPipeline", "StableDiffusionXLImg2ImgPipeline", "StableDiffusionXLInpaintPipeline", "",
                 1024, 8, (20, 30, 45), 6.0, True, "phrases", _START | _LORA | _REFER, ("sdxl",), 2.57e9),
        Painting("flux-dev", "FLUX.1-dev", "black-forest-labs/FLUX.1-dev", "FLUX.1 [dev] Non-Commercial License", False, True, "flow",
                 "FluxPipeline", "FluxImg2ImgPipeline", "FluxInpaintPipeline", "",
                 1024, 16, (16, 28, 40), 3.5, False, "sentences", _START | _LORA, ("flux-dev",), 11.9e9),
        Painting("flux-schnell", "FLUX.1-schnell", "black-forest-labs/FLUX.1-schnell", "Apache-2.0", True, True, "flow",
                 "FluxPipeline", "FluxImg2ImgPipeline", "FluxInpaintPipeline", "",
                 1024, 16, (4, 4, 8), 0.0, False, "sentences", _START | _LORA, ("flux-dev",), 11.9e9),
        Painting("flux2-klein", "FLUX.2 klein 4B", "black-forest-labs/FLUX.2-klein-4B", "Apache-2.0", True, False, "flow",
                 "Flux2KleinPipeline", "Flux2KleinInpaintPipeline", "Flux2KleinInpaintPipeline", "Flux2KleinPipeline",
                 1024, 16, (4, 4, 8), 1.0, False, "sentences", _START | _LORA | _REFER, ("flux2-klein",), 3.88e9),
        Painting("flux-kontext", "FLUX.1 Kontext", "black-forest-labs/FLUX.1-Kontext-dev", "FLUX.1 [dev] Non-Commercial License", False, True, "flow",
                 "FluxKontextPipeline", "FluxKontextInpaintPipeline", "FluxKontextInpaintPipeline", "FluxKontextPipeline",
                 1024, 16, (16, 28, 40), 2.5, False, "sentences", _START | _LORA | _REFER, ("flux-dev",), 11.9e9),
        Painting("qwen-image-edit", "Qwen-Image-Edit", "Qwen/Qwen-Image-Edit-2509", "Apache-2.0", True, False, "flow",
                 "", "", "QwenImageEditInpaintPipeline", "QwenImageEditPlusPipeline",
                 1024, 16, (20, 40, 50), 4.0, True, "sentences", _REFER | _LORA, (), 20.4e9),
        Painting("z-image", "Z-Image Turbo", "Tongyi-MAI/Z-Image-Turbo", "Apache-2.0", True, False, "flow",
                 "ZImagePipeline", "ZImageImg2ImgPipeline", "ZImageInpaintPipeline", "",
                 1024, 16, (8, 9, 12), 0.0, False, "sentences", _START | _LORA, (), 6.15e9),
    )
}  # fmt: skip
"""All families that are painted with, by name. Steps and guidance are those of the models' own cards and of diffusers' pipelines, `best` takes more."""


def painting_named(name: str) -> Painting:
    """How that family is painted with. Raises `BadInput` that names all."""
    if name not in PAINTINGS:
        raise BadInput(f"there is no family of models {name!r}", f"choose from: {', '.join(PAINTINGS)}")
    return PAINTINGS[name]
