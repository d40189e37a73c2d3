"""Training: dicts, lists, numbers and tensors inside each other as JSON and named tensors, and back.

An optimiser's state is such a tree. What JSON cannot say comes back as it was: tuples, keys that are numbers, bits of a float.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from torch import Tensor

if TYPE_CHECKING:
    from collections.abc import MutableMapping

TENSOR, TUPLE, PAIRS = "$tensor", "$tuple", "$pairs"


def pack(tree: Any, name: str, tensors: MutableMapping[str, Tensor]) -> Any:
    """The tree as plain JSON, its tensors put into `tensors` (copied to the CPU) under names that begin with `name`.

    Raises TypeError for what is none of dict, list, tuple, tensor, string, number, bool or None: nothing is pickled.
    """
    if isinstance(tree, Tensor):
        key = f"{name}{len(tensors)}"
        # copied: safetensors refuses tensors that share memory
        tensors[key] = tree.detach().to("cpu", copy=True).contiguous()
        return {TENSOR: key}
    if isinstance(tree, Mapping):
        return {PAIRS: [[key, pack(item, name, tensors)] for key, item in tree.items()]}
    if isinstance(tree, tuple):
        return {TUPLE: [pack(item, name, tensors) for item in tree]}
    if isinstance(tree, list):
        return [pack(item, name, tensors) for item in tree]
    if tree is None or type(tree) in {bool, int, float, str}:
        return tree
    raise TypeError(f"{name}: a checkpoint cannot hold a {type(tree).__name__}")


def unpack(packed: Any, tensors: Mapping[str, Tensor]) -> Any:
    """The tree that `pack` was given."""
    if isinstance(packed, list):
        return [unpack(item, tensors) for item in packed]
    if not isinstance(packed, dict):
        return packed
    if TENSOR in packed:
        return tensors[packed[TENSOR]]
    if TUPLE in packed:
        return tuple(unpack(item, tensors) for item in packed[TUPLE])
    return {key: unpack(item, tensors) for key, item in packed[PAIRS]}
