"""Painters, diffusion: several people in one picture, each with his own LoRA and his own words, none with another's.

Every adapter's output is multiplied by its person's region of the picture and by zero on the words about the others. What is exact, and
what no mask can separate, stands in `masked`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from storykin.errors import BadInput
from storykin.painters.diffusion.regions_attention import keep_apart, swap
from storykin.painters.diffusion.regions_plan import NETS, Masked, Plan, Rows, rows_of

__all__ = ["Masked", "masked"]


@contextmanager
def masked(
    net: nn.Module,
    placed: Sequence[Masked],
    height: int = 0,
    width: int = 0,
    *,
    prompts: bool = True,
    guided: bool = False,
    feather: float = 0.0,
) -> Iterator[None]:
    """Inside, the net paints with exactly these adapters, each in its region; afterwards it is as before, whatever happened.

    `height` and `width` are those of the latents for U-Nets, of the picture's tokens (2 x 2 latents each) for transformers; without, they are what the
    net is first called with. `guided` says that each batch
    holds the negative prompt and the prompt, as pipelines for Stable Diffusion (in that order) and Z-Image (in the other) call their nets; where
    prompts come in calls of their own, diffusers' `cache_context` tells. `prompts` keeps each person's words to her region. `feather` (a fraction of
    the longer side) makes the edges of adapters soft; shares of one token never sum to more than 1.

    Which region a token belongs to: `regions_grid.shown`; at every resolution of a U-Net anew. What each linear layer or convolution gives is
    exact: on tokens of region i, and on words about i, it is what it would be with adapter i alone (and those without region); on other tokens of the
    picture it is that without any of them; on words about nobody all adapters add up, and on pictures given as references there is none. Layers without
    places (time, size, modulation) would reach everybody: adapters with regions leave them out. In U-Nets every region reads keys and values of its
    own, words about nobody included, so that there the whole cross-attention is exact. Attention among the picture's tokens, norms over it and convolutions' borders mix what neighbours are, so the whole
    net's output is exact only after the last of these.

    With `prompts`, tokens of a region read the words about her and about nobody, and others' words not at all; her words read themselves, those about
    nobody, her region and what belongs to nobody; words about nobody read the picture and each other, so that they carry nothing from one to another.

    Raises `BadInput` for nets it does not know, another size than was said, adapters the net lacks or of another kind than LoRA, and for adapters melted into the weights.
    """
    kind = next((one.__name__ for one in type(net).__mro__ if one.__name__ in NETS), "")
    if not kind:
        raise BadInput(
            f"{type(net).__name__} cannot paint several people by regions", f"known: {', '.join(NETS)}"
        )
    layers = tuple(_layers(net))
    _refuse(layers, placed)
    plan = Plan(kind, placed, height, width, prompts, guided, feather)
    with ExitStack() as undo:
        for name, layer in layers:
            swap(undo, layer, "forward", _forward(layer, rows_of(kind, name), plan))
        keep_apart(undo, net, plan)
        yield


def _layers(net: nn.Module) -> Iterator[tuple[str, Any]]:
    from peft.tuners.tuners_utils import BaseTunerLayer

    return ((name, layer) for name, layer in net.named_modules() if isinstance(layer, BaseTunerLayer))


def _names(layer: Any) -> set[str]:
    return set(getattr(layer, "r", ()))


def _refuse(layers: Sequence[tuple[str, Any]], placed: Sequence[Masked]) -> None:
    from peft.tuners.lora import LoraLayer

    wanted = {one.adapter for one in placed if one.adapter}
    known: set[str] = set()
    for name, layer in layers:
        known |= _names(layer)
        plain = isinstance(layer, LoraLayer)
        strange = wanted & _names(layer) - (set(layer.lora_A) if plain else set())
        if strange:
            raise BadInput(
                f"adapter {min(strange)!r} is no LoRA of a linear layer or a convolution (layer {name})",
                "paint this person alone, or train a LoRA",
            )
        if layer.merged:
            raise BadInput("adapters are melted into the net's weights", "paint without fusing them")
    if wanted - known:
        missing = ", ".join(sorted(wanted - known))
        raise BadInput(f"the net has no adapter {missing}", f"it has: {', '.join(sorted(known)) or 'none'}")


def _forward(layer: Any, rows: Rows, plan: Plan) -> Callable[..., Tensor]:
    """A LoRA layer's forward pass with masks: peft's sum, but masks are multiplied where an adapter is `rank` wide, and all adapters are widened in one product."""
    mine = [(number, one) for number, one in enumerate(plan.placed) if one.adapter in _names(layer)]

    def forward(x: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        base: Tensor = layer.base_layer(x, *args, **kwargs)
        out, lows, ups = base, [], []
        for number, one in mine:
            name = one.adapter
            down, up = layer.lora_A[name], layer.lora_B[name]
            y = x.to(down.weight.dtype)
            if name in layer.lora_variant:  # DoRA and the like, which change the base's part too
                whole = layer.lora_variant[name].forward(layer, active_adapter=name, x=y, result=base)
                out = out + (whole - base) * plan.weight(number, rows, whole.to(y.dtype), one.scale)
                continue
            low = down(y)
            weight = plan.weight(number, rows, low, layer.scaling[name] * one.scale)
            if isinstance(weight, float) and not weight:
                continue
            if up.bias is not None or getattr(up, "groups", 1) > 1:
                out = out + up(low) * weight
            else:
                lows.append(low * weight)
                ups.append(up.weight)
        return _widened(out, lows, ups).to(base.dtype)

    return forward


def _widened(out: Tensor, lows: Sequence[Tensor], ups: Sequence[Tensor]) -> Tensor:
    """`out` and what the adapters add: n x … x rank each (n x rank x height x width for convolutions) by out x rank."""
    if not lows:
        return out
    up = torch.cat([one.to(lows[0].dtype) for one in ups], dim=1)
    if up.ndim == 4:
        return out + functional.conv2d(torch.cat([one.to(up.dtype) for one in lows], dim=1), up)
    low = torch.cat([one.to(up.dtype) for one in lows], dim=-1)
    if out.dtype != low.dtype:
        return out + functional.linear(low, up)
    return torch.addmm(out.flatten(0, -2), low.flatten(0, -2), up.t()).view_as(out)
