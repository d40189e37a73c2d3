"""Training: what the loop sees of a family of models.

A learner loads the parts of a base when they are needed and lets them go: first the encoders, for the caches; then the
net that is trained. Everything random comes from the generator it is given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from storykin.families import Family
from storykin.recipe import Recipe

if TYPE_CHECKING:
    import torch
    from PIL import Image
    from torch import Tensor, nn

    from storykin.training.lora import Change

Words = Mapping[str, "Tensor"]
"""What the text encoders made of one caption; the keys are the family's own. No batch dimension."""


@dataclass(frozen=True)
class Batch:
    """What one step learns from: pictures of one bucket.

    `latents` is n x channels x height x width (as the family's VAE makes them, scaled), `words` the encoded captions (each value n x …),
    `masks` n x 1 x height x width with 1 where it is learned, or None. `sizes` are (original height, original width, crop top, crop left) per
    picture, in pixels, for families that are told (SDXL). `weights` is n: 1, or the weight of prior pictures.
    """

    latents: Tensor
    words: Words
    weights: Tensor
    masks: Tensor | None = None
    sizes: tuple[tuple[int, int, int, int], ...] = ()


class Learner(Protocol):
    """A family of models, as the loop sees it. Not thread-safe; one training at a time."""

    family: Family
    net_part: str
    """The name of the net in the family's pipeline: unet or transformer."""

    def encode_pictures(self, pictures: Tensor) -> Tensor:
        """n x 3 x H x W in -1 … 1 to scaled latents, deterministic (the distribution's mode)."""

    def encode_captions(self, captions: Sequence[str]) -> list[Words]:
        """Each caption by itself; "" is the empty caption of caption dropout."""

    def remember(self, spoken: Mapping[str, Words]) -> None:
        """What prompts were encoded into before, so that `paint` need not encode them; until `release`."""

    def release_encoders(self) -> None:
        """Let VAE and text encoders go before the net is loaded; never both at once."""

    def prepare(self, recipe: Recipe) -> dict[str, nn.Parameter]:
        """Load the net, freeze it, put the adapter in; the adapter's parameters by name (float32)."""

    def loss(self, batch: Batch, generator: torch.Generator) -> Tensor:
        """The loss of one batch, a scalar: noise and timesteps from the generator."""

    def save(self, path: Path, state: Mapping[str, Tensor], header: Mapping[str, str]) -> None:
        """Write an adapter's state (names as in `prepare`) as a file that other programs load; see `kohya.py`, `peftfile.py`."""

    def meant(self, state: Mapping[str, Tensor] | None = None) -> dict[str, Change]:
        """What a state, or the adapter as it is now, changes, by layer of the net: what a file must say when it is read back."""

    def blank(self) -> Any:
        """The family's pipeline around a net without weights, into which a file is read back."""

    def paint(
        self, prompts: Sequence[str], seed: int, width: int, height: int, steps: int
    ) -> list[Image.Image]:
        """Previews with the adapter as it is now, by the pipeline a painter would use."""

    def release(self) -> None:
        """Let everything go."""
