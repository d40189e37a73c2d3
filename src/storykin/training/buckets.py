"""Training: one picture at several resolutions: reduced to a bucket of nearly its own shape, never enlarged, never flipped.

The dataset's pictures already have sizes of buckets (`cast/fitting.py`); here the smaller ones are found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from storykin.errors import BadInput
from storykin.families import BUCKET

if TYPE_CHECKING:
    from PIL import Image
    from torch import Tensor

SMALLER = 0.25
"""What an unused share of the bucket's area costs against the same share of the picture cut off."""

ABOVE = 0.25
"""The share of what is cut off in height that is taken from the top: heads are there."""


@dataclass(frozen=True)
class Cut:
    """How a picture is brought into its bucket: reduced by `scale` (at most 1), then cut to `width` x `height` pixels from
    `left` and `top` on, in pixels of the reduced picture."""

    width: int
    height: int
    left: int
    top: int
    scale: float

    def pixels(self, picture: Image.Image) -> Tensor:
        """The cut of an RGB picture, 3 x height x width, float32 in -1 … 1."""
        from PIL.Image import Resampling

        if (self.width, self.height) != picture.size:
            box = self._box(picture.size, picture.size)
            picture = picture.resize((self.width, self.height), Resampling.LANCZOS, box=box, reducing_gap=3.0)
        found = torch.from_numpy(np.array(picture, dtype=np.float32))
        return (found / 127.5 - 1).permute(2, 0, 1).contiguous()

    def learned(self, mask: Image.Image, size: tuple[int, int], rows: int, columns: int) -> Tensor:
        """The cut of a grey mask of a picture of that `size` (width, height), averaged over the area of each latent.

        1 x rows x columns, float32: 1 where white, 0 where black.
        """
        from PIL.Image import Resampling

        box = self._box(size, mask.size)
        grey = mask.convert("L").convert("F").resize((columns, rows), Resampling.BOX, box=box)
        return (torch.from_numpy(np.array(grey, dtype=np.float32)) / 255).clamp(0, 1).unsqueeze(0)

    def _box(self, size: tuple[int, int], of: tuple[int, int]) -> tuple[float, float, float, float]:
        """What the cut takes from a picture of that `size`, in pixels of another that shows the same, within its edges."""
        wide, high = of[0] / size[0], of[1] / size[1]
        left, top = self.left / self.scale, self.top / self.scale
        right, bottom = left + self.width / self.scale, top + self.height / self.scale
        return left * wide, top * high, min(right * wide, of[0]), min(bottom * high, of[1])


def bucket_for(width: int, height: int, resolution: int) -> tuple[int, int]:
    """The bucket (width, height) in pixels in which a picture is learned at a resolution, the side of a square of its area.

    Multiples of 64, no larger than the picture, the area at most resolution². Among those the one with the least cut off, and of nearly
    equal ones the largest. A picture below the resolution stays as it is. Raises `BadInput` when nothing fits.
    """
    area = resolution * resolution
    if width * height <= area:
        fits = [(width // BUCKET * BUCKET, height // BUCKET * BUCKET)]
    else:
        fits = [
            (wide, high)
            for wide in range(BUCKET, width + 1, BUCKET)
            for high in range(BUCKET, min(height, area // wide) + 1, BUCKET)
        ]
    fits = [size for size in fits if min(size) >= BUCKET]
    if not fits:
        raise BadInput(
            f"a picture of {width} x {height} pixels at resolution {resolution}: the smallest bucket has {BUCKET} x {BUCKET}",
            "take a larger picture or a larger resolution",
        )
    whole = min(width * height, area)

    def price(size: tuple[int, int]) -> float:
        wide, high = size
        kept = wide * high / (width * height) / max(wide / width, high / height) ** 2
        return (1 - kept) + SMALLER * (1 - wide * high / whole)

    return min(fits, key=lambda size: (price(size), -size[0] * size[1], size))


def cut_for(width: int, height: int, resolution: int) -> Cut:
    """How a picture of that size is cut for a resolution: as little as possible, and less from the top than from the bottom."""
    wide, high = bucket_for(width, height, resolution)
    scale = max(wide / width, high / height)
    over_wide, over_high = max(0.0, width * scale - wide), max(0.0, height * scale - high)
    return Cut(wide, high, int(over_wide / 2), int(over_high * ABOVE), scale)
