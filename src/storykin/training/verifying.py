"""Training: a written adapter is read back by diffusers' own loader before anybody hears "trained".

It is loaded into a hollow net, which has layers and no weights, so this needs no graphics card and little memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from storykin.errors import BadFile
from storykin.models.adapters import complaints
from storykin.models.loading import keys_of
from storykin.training.lora import Change, loaded_changes

TOLERANCE = 1e-3  # of the change's size (Frobenius norm); half precision rounds by about 3e-4
NAME = "storykin_read_back"


class Rereadable(Protocol):
    """A learner whose files can be read back."""

    @property
    def net_part(self) -> str:
        """The name of the net in its pipeline: unet or transformer."""

    def blank(self) -> Any:
        """The family's pipeline around a `hollow` net and nothing else."""

    def meant(self, state: Mapping[str, Tensor] | None = None) -> dict[str, Change]:
        """What a state, or the adapter as it is now, changes, by layer."""


def verify(path: Path, learner: Rereadable, state: Mapping[str, Tensor] | None = None) -> None:
    """Read an adapter's file back and compare it with what was trained (`state`, or the adapter as it is now).

    Raises `BadFile` when the loader leaves a key aside, or a layer's change differs by more than `TOLERANCE`.
    """
    meant = learner.meant(state)
    found = read_back(path, learner)
    if missing := sorted(set(meant) ^ set(found)):
        raise _unlike(path, f"{len(missing)} layers are missing or too many, {missing[0]} first")
    for layer, change in meant.items():
        away, size = found[layer].distance(change), change.size()
        if not away <= TOLERANCE * size:
            share = away / size if size else float("inf")
            raise _unlike(path, f"{layer} changes its weights by {share:.2%} differently than trained")


def read_back(path: Path, learner: Rereadable) -> dict[str, Change]:
    """What diffusers makes of an adapter's file, by layer. Raises `BadFile` when a key finds no place."""
    pipeline = learner.blank()
    keys = keys_of(path)
    with complaints() as heard:
        try:
            pipeline.load_lora_weights(str(path.parent), weight_name=path.name, adapter_name=NAME)
        except (ValueError, KeyError, IndexError, RuntimeError) as error:
            raise _unlike(path, str(error).strip().splitlines()[0]) from error
    if heard:
        raise _unlike(path, heard[0])
    found = loaded_changes(getattr(pipeline, learner.net_part), NAME)
    pairs = sum(key.endswith((".lora_down.weight", ".lora_A.weight")) for key in keys)
    if len(found) != pairs:
        raise _unlike(path, f"{pairs - len(found)} of {pairs} layers found no place in the net")
    return found


def hollow(net: nn.Module) -> nn.Module:
    """A net made on the meta device, moved to the CPU without memory: each weight is one zero, seen many times.

    A loader puts adapters where the layer is, and what it puts on the meta device is lost.
    """
    for module in net.modules():
        for name, weight in list(module.named_parameters(recurse=False)):
            zero = torch.zeros((), dtype=weight.dtype).expand(weight.shape)
            setattr(module, name, nn.Parameter(zero, requires_grad=False))
    return net


def _unlike(path: Path, why: str) -> BadFile:
    return BadFile(
        f"{path}: is not read back as it was trained: {why}",
        "do not use this file; the last checkpoint is whole: train again to go on from it",
    )
