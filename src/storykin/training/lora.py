"""Training: low-rank adapters in a frozen net (LoRA: Hu et al. 2021, arXiv 2106.09685), put in by peft.

Beside a layer W stands scale · up · down, with scale = alpha / rank. Knows no family and no file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

ADAPTER = "default"
DOWN, UP = ".lora_A.weight", ".lora_B.weight"


@dataclass(frozen=True)
class Change:
    """What an adapter adds to one layer, unmultiplied: `down` is rank x in, `up` out x rank, `scale` alpha / rank."""

    down: Tensor
    up: Tensor
    scale: float

    def matrix(self) -> Tensor:
        """The change of the layer's weights, out x in, float32."""
        return self.scale * (self.up.float() @ self.down.float())

    def size(self) -> float:
        """The Frobenius norm of the change."""
        return _norm(self.scale * self.up.double(), self.down.double())

    def distance(self, other: Change) -> float:
        """The Frobenius norm of the difference of two changes, without multiplying either out."""
        up = torch.cat([self.scale * self.up.double(), -other.scale * other.up.double()], dim=1)
        return _norm(up, torch.cat([self.down.double(), other.down.double()]))


def _norm(up: Tensor, down: Tensor) -> float:
    """The Frobenius norm of up · down: the trace of (upᵀ up)(down downᵀ), both only rank x rank."""
    return float(torch.sum((up.T @ up) * (down @ down.T)).clamp(min=0).sqrt())


class _Linear(nn.Linear):
    """A factor kept in float32 and used in the precision of its input: no float32 copy of the activations."""

    def forward(self, input: Tensor) -> Tensor:
        return functional.linear(input, self.weight.to(input.dtype))


class _Convolution(nn.Conv2d):
    """The same for layers that are convolutions."""

    def forward(self, input: Tensor) -> Tensor:
        found: Tensor = self._conv_forward(input, self.weight.to(input.dtype), None)
        return found


def put_adapter(
    net: Any, targets: Sequence[str], rank: int, alpha: int, seed: int
) -> dict[str, nn.Parameter]:
    """Freeze a diffusers model and put a fresh adapter beside every layer whose name ends in one of `targets`.

    Returns the parameters as `parameters_of`, float32. They begin as the paper has them: up is zero, down uniform with variance
    1 / (3 in), here drawn on the CPU from the seed, so that every device begins alike.
    """
    from peft import LoraConfig

    net.requires_grad_(False)
    settings = LoraConfig(r=rank, lora_alpha=alpha, target_modules=list(targets), init_lora_weights=False)
    net.add_adapter(settings, adapter_name=ADAPTER)
    generator = torch.Generator().manual_seed(seed)
    for _, layer in _layers(net):
        _refine(layer)
        down, up = layer.lora_A[ADAPTER].weight, layer.lora_B[ADAPTER].weight
        bound = down[0].numel() ** -0.5
        with torch.no_grad():
            down.copy_((torch.rand(down.shape, generator=generator) * 2 - 1) * bound)
            up.zero_()
    return parameters_of(net)


def parameters_of(net: Any) -> dict[str, nn.Parameter]:
    """The adapter's parameters by name, `<layer>.lora_A.weight` (down) and `<layer>.lora_B.weight` (up), in the net's order."""
    found: dict[str, nn.Parameter] = {}
    for name, layer in _layers(net):
        found[name + DOWN] = layer.lora_A[ADAPTER].weight
        found[name + UP] = layer.lora_B[ADAPTER].weight
    return found


def changes(state: Mapping[str, Tensor], scale: float) -> dict[str, Change]:
    """What an adapter's state (named as by `parameters_of`) adds, by layer; on the CPU, 1 x 1 convolutions as matrices."""
    return {
        name.removesuffix(DOWN): Change(
            _matrix(state[name]), _matrix(state[name.removesuffix(DOWN) + UP]), scale
        )
        for name in state
        if name.endswith(DOWN)
    }


def loaded_changes(net: Any, adapter: str) -> dict[str, Change]:
    """What an adapter that a library has loaded into a net adds, by layer."""
    return {
        name: Change(
            _matrix(layer.lora_A[adapter].weight),
            _matrix(layer.lora_B[adapter].weight),
            layer.scaling[adapter],
        )
        for name, layer in _layers(net)
        if adapter in layer.lora_A
    }


def _matrix(factor: Tensor) -> Tensor:
    return factor.detach().cpu().flatten(1)


def _layers(net: Any) -> Iterator[tuple[str, Any]]:
    """The layers with an adapter and their names in the net, in the net's order."""
    from peft.tuners.lora import LoraLayer

    for name, layer in net.named_modules():
        if isinstance(layer, LoraLayer):
            yield name, layer


def _refine(layer: Any) -> None:
    """Exchange the adapter's factors for ours, in float32 whatever the base lies in."""
    layer.cast_input_dtype_enabled = False
    for factors in (layer.lora_A, layer.lora_B):
        old: Any = factors[ADAPTER]
        flat = not isinstance(old, nn.Conv2d)
        place = {"bias": False, "device": old.weight.device, "dtype": torch.float32}
        factors[ADAPTER] = (
            _Linear(old.in_features, old.out_features, **place)
            if flat
            else _Convolution(
                old.in_channels, old.out_channels, old.kernel_size, old.stride, old.padding, **place
            )
        )
