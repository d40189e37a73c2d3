"""Values: how one training runs, to the last number; written beside the adapter so that it can be had again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from storykin import files
from storykin.choices import Effort
from storykin.errors import BadInput
from storykin.families import BUCKET, Family, Precision

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
    `caption_dropout` is how often a picture is learned without its caption, `traits` how often, of all other times, with all that is fixed about the character in it.
    `prior_weight` weighs the pictures of anybody of the class (0: none), `prior_pictures` is how many the base paints of them.
    `held_out` photos are kept aside for judging, every `look_every` steps previews are painted in `preview_steps` denoising steps and scored,
    every `save_every` steps all is written down. `seed` decides noise and order.
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
    traits: float = 0.0
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
    preview_steps: int = 20
    save_every: int = 100
    seed: int = 1

    @classmethod
    def of(cls, family: Family, effort: Effort = "good", photos: int = PHOTOS, base: str = "") -> "Recipe":
        """The usual recipe of a family. Steps follow the number of photos, between the family's share for few (`few_photos`, mostly half) and all.

        What the graphics card allows is put in by `training.planning`.
        """
        share = min(1.0, max(family.few_photos, photos / PHOTOS))
        steps = round(family.steps[EFFORTS.index(effort)] * share / 50) * 50
        return cls(
            family=family.name,
            base=base or family.base,
            rank=family.rank,
            alpha=family.alpha,
            learning_rate=family.learning_rate,
            steps=steps,
            resolutions=family.resolutions[: EFFORTS.index(effort) + 1],
            weight_decay=family.weight_decay,
            warmup=family.warmup,
            batch=family.batch,
            caption_dropout=family.caption_dropout,
            traits=family.traits,
            ema=family.ema,
            min_snr=family.min_snr,
            noise_offset=family.noise_offset,
            shift=family.shift,
            timesteps="sigmoid" if family.objective == "flow" else "uniform",
            guidance=family.guidance,
            look_every=max(50, steps // 10),
        )

    def for_effort(self, family: Family, effort: Effort, photos: int = PHOTOS) -> "Recipe":
        """The same trained as long as an effort asks for, looked at as often."""
        usual = Recipe.of(family, effort, photos)
        return replace(self, steps=usual.steps, look_every=usual.look_every)

    def with_anybody(self) -> "Recipe":
        """The same with prior preservation: each step of the optimiser sees the photos and anybody of the class, equally weighed."""
        return replace(self, prior_weight=1.0, accumulate=2 * self.accumulate)

    def changed(self, changes: Mapping[str, Any], where: str) -> "Recipe":
        """The same with some fields set by hand. Raises `BadFile` for a name or type that there is not, `BadInput` for a number out of range; both say
        `where` it stood."""
        found = files.value_of({**asdict(self), **changes}, Recipe, where)
        for name, (least, most) in RANGES.items():
            value = getattr(found, name)
            for one in value if isinstance(value, tuple) else (value,):
                if not least <= one <= most:
                    raise BadInput(f"{where}: {name} is {one:g}", f"choose {least:g} to {most:g}")
        if not found.resolutions or any(side % BUCKET for side in found.resolutions):
            told = ", ".join(map(str, found.resolutions)) or "none"
            raise BadInput(
                f"{where}: resolutions are {told}",
                f"choose multiples of {BUCKET}, such as resolutions=[512, 768]",
            )
        return found


RANGES: dict[str, tuple[float, float]] = {
    "rank": (1, 512), "alpha": (1, 512), "learning_rate": (1e-8, 1), "steps": (1, 1_000_000), "resolutions": (64, 2048),
    "streamed_blocks": (0, 1000), "weight_decay": (0, 1), "warmup": (0, 100_000), "max_grad_norm": (0, 1000), "batch": (1, 64),
    "accumulate": (1, 256), "caption_dropout": (0, 1), "traits": (0, 1), "ema": (0, 0.99999), "min_snr": (0, 100), "noise_offset": (0, 1), "shift": (0.01, 100),
    "prior_weight": (0, 10), "prior_pictures": (0, 5000), "held_out": (0, 100), "look_every": (0, 1_000_000), "preview_steps": (1, 200),
    "save_every": (0, 1_000_000), "seed": (0, 2**63 - 1),
}  # fmt: skip
"""What numbers set by hand may be: everything beyond is a slip of the pen."""
