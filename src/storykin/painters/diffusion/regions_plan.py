"""Painters, diffusion: the plan of one picture with several people: what every layer of every net multiplies its adapters by.

Knows nets by the names of their layers only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor

from storykin.errors import BadInput
from storykin.painters.diffusion.regions_grid import Span, shown, softened, spoken
from storykin.scene import Box


@dataclass(frozen=True)
class Masked:
    """A person's place in one picture: `region` of the page (None: everywhere), and the tokens of the prompt that speak of her.

    `adapter` is the name of her LoRA in the net, "" for somebody known by words only; `scale` multiplies what it has there (alpha by rank, and the weight
    that `set_adapters` gave it: leave that at 1). Several with one region are one person's.
    """

    region: Box | None = None
    words: tuple[Span, ...] = ()
    adapter: str = ""
    scale: float = 1.0


Rows = Literal["picture", "words", "words picture", "picture words", "none"]
"""What the rows of a layer's input stand for, in their order."""

_DIFFUSION_TRANSFORMER: tuple[tuple[str, Rows], ...] = (
    (r"^single_transformer_blocks\.\d+\.(attn\.|proj_)", "words picture"),
    (r"^transformer_blocks\.\d+\.(attn\.(add_|to_add_)|ff_context\.|txt_mlp\.)", "words"),
    (r"^transformer_blocks\.\d+\.(attn|ff|img_mlp)\.", "picture"),
    (r"^(context_embedder|txt_in)$", "words"),
    (r"^(x_embedder|img_in|proj_out)$", "picture"),
)
NETS: dict[str, tuple[tuple[str, Rows], ...]] = {
    "UNet2DConditionModel": ((r"\battn2\.to_[kv]$", "words"), (r"", "picture")),
    "FluxTransformer2DModel": _DIFFUSION_TRANSFORMER,
    "Flux2Transformer2DModel": _DIFFUSION_TRANSFORMER,
    "QwenImageTransformer2DModel": _DIFFUSION_TRANSFORMER,
    "ZImageTransformer2DModel": (
        (r"^layers\.\d+\.(attention|feed_forward)\.", "picture words"),
        (r"^noise_refiner\.\d+\.(attention|feed_forward)\.", "picture"),
        (r"^context_refiner\.\d+\.(attention|feed_forward)\.", "words"),
    ),
}
"""The nets of diffusers that can be masked, and by the names of their layers what their rows stand for; others have none."""

Z_GRAIN = 32  # Z-Image pads picture and words each to a multiple of that (SEQ_MULTI_OF in diffusers)


def halved(size: int) -> int:
    """The side of a U-Net's next level: a convolution over every second place, the last included."""
    return -(-size // 2)


class Plan:
    """Whose each token is, in one picture, for every size in which its tokens occur; masks are made once each.

    `text` is the number of words (of each of the batch, for Z-Image) in the call that is running, `negative` whether it holds the negative prompt,
    which speaks of nobody. `copies` are the people for whom a U-Net's words are said once more.
    """

    def __init__(
        self,
        kind: str,
        placed: Sequence[Masked],
        height: int,
        width: int,
        prompts: bool,
        guided: bool,
        feather: float,
    ) -> None:
        self.kind, self.height, self.width, self.guided, self.feather = kind, height, width, guided, feather
        # in an order of their own, so that sums come out the same to the last bit
        self.placed = tuple(sorted((one for one in placed if one.adapter and one.scale), key=_order))
        everybody = {one.region: one for one in placed}  # None among them: everywhere
        self.people = tuple(sorted(everybody, key=lambda box: (box is not None, str(box))))
        self.words = tuple(
            tuple(sorted({span for one in placed if one.region == who for span in one.words}))
            for who in self.people
        )
        self.prompts = prompts and any(
            words and who is not None for who, words in zip(self.people, self.words, strict=True)
        )
        taught = {one.region for one in self.placed}
        self.copies = tuple(
            number
            for number, who in enumerate(self.people)
            if kind == "UNet2DConditionModel" and who is not None and who in taught
        )
        self.text: tuple[int, ...] = ()
        self.negative = False
        self._regions: dict[tuple[int, int], Tensor] = {}
        self._shares: dict[tuple[int, int], Tensor] = {}
        self._weights: dict[Any, Tensor | float] = {}

    def fit(self, height: int, width: int) -> None:
        """Take the size that the net is given. Raises `BadInput` when it was said otherwise."""
        if (self.height or height, self.width or width) != (height, width):
            raise BadInput(
                f"the net sees a picture of {height} x {width}, regions were given for {self.height} x {self.width}",
                "give height and width of the latents (U-Nets) or of the picture's tokens (transformers), or neither",
            )
        self.height, self.width = height, width

    def levels(self) -> dict[int, tuple[int, int]]:
        """Height and width by the number of tokens: the levels of a U-Net, one of a transformer."""
        height, width = self.height, self.width
        found = {height * width: (height, width)}
        while self.kind == "UNet2DConditionModel" and (height > 1 or width > 1):
            height, width = halved(height), halved(width)
            found[height * width] = height, width
        return found

    def size_of(self, count: int) -> tuple[int, int]:
        """Height and width of the picture that so many tokens hold. Raises `BadInput` for numbers that do not occur."""
        levels = self.levels()
        if count not in levels:
            raise BadInput(
                f"a layer sees {count} tokens of a picture of {self.height} x {self.width}",
                f"known: {', '.join(map(str, levels))}",
            )
        return levels[count]

    def regions(self, height: int, width: int) -> Tensor:
        """Whose the tokens of a picture of that size are: people x tokens, true or false; who has no region has none."""
        size = height, width
        if size not in self._regions:
            boxes = [who for who in self.people if who is not None]
            found = torch.zeros(len(self.people), height, width, dtype=torch.bool)
            found[len(self.people) - len(boxes) :] = shown(boxes, height, width)
            self._regions[size] = found.flatten(1)
            self._shares[size] = softened(found, self.feather).flatten(1)
        return self._regions[size]

    def said(self, count: int, negative: bool) -> Tensor:
        """Which of `count` words are about each person: people x words, true or false."""
        return spoken(((),) * len(self.people) if negative else self.words, count)

    def halves(self, batch: int) -> tuple[bool, ...]:
        """For each of a batch, whether it holds the negative prompt; one answer when it is the same for all."""
        if not self.guided or batch < 2:
            return (self.negative,)
        first = self.kind == "UNet2DConditionModel"
        return (first,) * (batch // 2) + (not first,) * (batch - batch // 2)

    def weight(self, number: int, rows: Rows, low: Tensor, scale: float) -> Tensor | float:
        """What to multiply an adapter by, to be spread over `low`, which has a layer's rows; a number where it is the same for all."""
        one = self.placed[number]
        if one.region is None:
            return scale
        if low.ndim == 2 or rows == "none":
            return 0.0
        key = (number, rows, low.shape[:1] + low.shape[2:] if low.ndim == 4 else low.shape[:2], scale,
               self.text, self.negative, low.dtype, low.device)  # fmt: skip
        if key not in self._weights:
            made = self._made(one, rows, low) * scale
            self._weights[key] = made.to(low.device, low.dtype) if made.any() else 0.0
        return self._weights[key]

    def _made(self, one: Masked, rows: Rows, low: Tensor) -> Tensor:
        who = self.people.index(one.region)
        if low.ndim == 4:
            height, width = low.shape[2:]
            self.regions(height, width)
            return self._shares[height, width][who].view(1, 1, height, width)
        count = low.shape[1]
        if rows == "picture":
            return self._picture(who, count)[None, :, None]
        versions = [self._mixed(who, rows, count, negative) for negative in self.halves(low.shape[0])]
        return torch.stack(versions)[..., None]

    def _picture(self, who: int, count: int) -> Tensor:
        """A person's share in the tokens of a picture, and none in what comes after them: references, padding."""
        height, width = (
            self.size_of(count) if self.kind == "UNet2DConditionModel" else (self.height, self.width)
        )
        if count < height * width:
            self.size_of(count)
        self.regions(height, width)
        found = torch.zeros(count)
        found[: height * width] = self._shares[height, width][who]
        return found

    def _mixed(self, who: int, rows: Rows, count: int, negative: bool) -> Tensor:
        if rows == "words picture":
            text = self.text[0]
            return torch.cat([self._spoken(who, text, negative), self._picture(who, count - text)])
        if rows == "picture words":
            picture = -(-self.height * self.width // Z_GRAIN) * Z_GRAIN
            return torch.cat([self._picture(who, picture), self._spoken(who, count - picture, negative)])
        text = count // (1 + len(self.copies))
        kept = self._spoken(who, text, negative)
        if not self.copies:
            return kept
        # the first for what is nobody's, without adapter; then one a person
        return torch.cat([kept.new_zeros(text), *(kept * (who == copy) for copy in self.copies)])

    def _spoken(self, who: int, count: int, negative: bool) -> Tensor:
        """1 for words about a person or nobody, 0 for those about others."""
        said = self.said(count, negative)
        return (said[who] | ~said.any(dim=0)).float()


def _order(one: Masked) -> tuple[str, str, str]:
    return one.adapter, str(one.region), str(one.words)


def rows_of(kind: str, name: str) -> Rows:
    """What the rows of that layer of such a net stand for."""
    return next((rows for pattern, rows in NETS[kind] if re.search(pattern, name)), "none")
