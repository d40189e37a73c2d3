"""What the reader of drawn figures sees in a picture: where is hair, skin, a coat, scenery. The middle of the net is taught to see the same in its noise.

A net that has to find out by itself what figures are made of spends most of its time on that; told so by one who knows, it paints sooner (representation
alignment, Yu et al. 2024, arXiv 2410.06940).
"""

from pathlib import Path
from typing import Any

from storykin.critics.drawn import nets
from storykin.critics.drawn.reader import WEIGHTS

SEEN = 48 + len(nets.PARTS)
"""Numbers of a place: features of the net for figures, and the chance of each part."""
SCENERY = 48
"""Which of them is the chance that nobody is there."""
HEAD = tuple(48 + nets.PARTS.index(part) for part in ("hair", "skin", "hat", "mark", "other"))
"""Which of them are chances of what heads are made of (hands and shoes as well)."""
PLACES = 8
"""Places of a side, as many as the net has tokens."""


class Eyes:
    """The reader's net for figures over whole pictures, by PyTorch; its weights are those of the package."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        import numpy as np
        import torch

        self.xp: Any = torch
        with np.load(weights) as found:
            self.weights = {
                name: torch.from_numpy(found[name]).float() for name in found.files if name.startswith("body")
            }

    def conv(self, name: str, x: Any, out: int, kernel: int = 3, stride: int = 1, act: bool = True) -> Any:
        """A convolution with its bias, padded to keep the size, then max(0, x) if `act`."""
        key = name.replace(".", "_")
        weight = self.weights[f"{key}.w"].reshape(out, x.shape[1], kernel, kernel)
        y = self.xp.nn.functional.conv2d(x, weight, self.weights[f"{key}.b"], stride, kernel // 2)
        return y.relu_() if act else y

    def up(self, x: Any) -> Any:
        """Twice as large, every value four times."""
        return self.xp.nn.functional.interpolate(x, scale_factor=2, mode="nearest")

    def positive(self, x: Any) -> Any:
        """max(0, x)."""
        return x.relu()

    def see(self, pictures: Any) -> Any:
        """What is where: n x 3 x 128 x 128 from 0 to 1 becomes n x 8 x 8 x `SEEN`."""
        torch = self.xp
        with torch.no_grad():
            found = nets.see(self, "body", pictures)  # type: ignore[arg-type]  # what else an `Ops` has is not needed to see
            both = [found["mid"], found["parts"].softmax(1)]
            small = [torch.nn.functional.adaptive_avg_pool2d(one, PLACES) for one in both]
        return torch.cat(small, 1).permute(0, 2, 3, 1)


def weighed(seen: Any, figures: float, heads: float) -> Any:
    """How much each place of the latents counts, n x 1 x 16 x 16 with the mean 1: beside scenery's 1 a place full of somebody so many times more, one full of a head `heads` more on top (the same minimum, sooner)."""
    there = 1 + figures * (1 - seen[..., SCENERY]) + heads * seen[..., HEAD].sum(-1)
    return (there / there.mean())[:, None].repeat_interleave(2, 2).repeat_interleave(2, 3)


def usual(seen: Any) -> tuple[Any, Any]:
    """Mean and deviation of each number over pictures that stay the same for a whole training."""
    flat = seen.reshape(-1, seen.shape[-1])
    return flat.mean(0), flat.std(0) + 1e-3


def evened(seen: Any, by: tuple[Any, Any]) -> Any:
    """Each number with the mean 0 and the deviation 1 that it has in the pictures of `usual`."""
    mean, deviation = by
    return (seen - mean) / deviation
