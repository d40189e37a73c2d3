"""Values: how one training runs, to the last number; written beside the adapter so that it can be had again."""

from dataclasses import dataclass, replace
from typing import Literal

from storykin.choices import Effort
from storykin.families import Family

Precision = Literal["float32", "bfloat16", "int8", "fp8", "nf4"]
Optimiser = Literal["adamw", "adamw8bit", "prodigy"]
EFFORTS: tuple[Effort, ...] = ("draft", "good", "best")
PHOTOS = 35  # that the families' steps are meant for


@dataclass(frozen=True)
class Recipe:
    """Everything that decides what a training makes of a dataset.

    `family` and `base` say of what model (a name on the hub, a folder or a single file). `rank` and `alpha` are the adapter's,
    `precision` that in which the base's weights lie, `streamed_blocks` how many of its blocks wait in main memory until they are needed,
    `checkpointing` whether activations are computed twice instead of kept. `resolutions` are sides of squares in pixels,
    the batch of a step holds `batch` pictures of one bucket, and `accumulate` batches make one step of the optimiser.
    `prior_weight` weighs the pictures of anybody of the class (0: none), `prior_pictures` is how many the base paints of them.
    `held_out` photos are kept aside for judging, every `look_every` steps previews are painted and scored, every `save_every` steps
    all is written down. `seed` decides noise and order.
    """

    family: str
    base: str
    rank: int
    alpha: int
    learning_rate: float
    steps: int
    resolutions: tuple[int, ...]
    precision: Precision = "bfloat16"
    streamed_blocks: int = 0
    checkpointing: bool = True
    optimiser: Optimiser = "adamw"
    weight_decay: float = 1e-2
    warmup: int = 50
    max_grad_norm: float = 1.0
    batch: int = 1
    accumulate: int = 1
    caption_dropout: float = 0.05
    ema: float = 0.0
    min_snr: float = 0.0
    noise_offset: float = 0.0
    shift: float = 1.0
    timesteps: Literal["uniform", "sigmoid", "shifted"] = "uniform"
    guidance: float | None = None
    masked: bool = True
    prior_weight: float = 0.0
    prior_pictures: int = 50
    held_out: int = 5
    look_every: int = 250
    save_every: int = 100
    seed: int = 1

    @classmethod
    def of(cls, family: Family, effort: Effort = "good", photos: int = PHOTOS, base: str = "") -> "Recipe":
        """The usual recipe of a family. Steps follow the number of photos, between half and the whole of the family's number.

        What the graphics card allows is put in by `training.planning`.
        """
        share = min(1.0, max(0.5, photos / PHOTOS))
        steps = round(family.steps[EFFORTS.index(effort)] * share / 50) * 50
        return cls(
            family=family.name,
            base=base or family.base,
            rank=family.rank,
            alpha=family.alpha,
            learning_rate=family.learning_rate,
            steps=steps,
            resolutions=family.resolutions[:1] if effort == "draft" else family.resolutions[:2],
            weight_decay=family.weight_decay,
            warmup=family.warmup,
            caption_dropout=family.caption_dropout,
            ema=family.ema,
            min_snr=family.min_snr,
            noise_offset=family.noise_offset,
            shift=family.shift,
            timesteps="sigmoid" if family.objective == "flow" else "uniform",
            guidance=family.guidance,
            look_every=max(50, steps // 10),
        )

    def with_steps(self, steps: int) -> "Recipe":
        """The same for another number of steps."""
        return replace(self, steps=steps)
