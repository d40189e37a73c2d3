"""Training: one entry of a cache: a few tensors in a file that is either whole or not there.

Named by what it was made from, written in one stroke, with a checksum of its own; a damaged one counts as missing.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from storykin import files
from storykin.cachefolder import CACHE
from storykin.errors import BadFile
from storykin.models import loading

if TYPE_CHECKING:
    from torch import Tensor

    from storykin.recipe import Recipe

SUM = "sha256"
WEIGHTS = {".safetensors", ".bin", ".ckpt"}
WORDS = {"tokenizer.json", "vocab.json", "merges.txt", "spiece.model"}
"""What captions are read with."""


def digest_of(*parts: object) -> str:
    """A hash of several things, kept apart from each other: 64 hexadecimal digits."""
    found = hashlib.sha256()
    for part in parts:
        said = part if isinstance(part, bytes) else str(part).encode()
        found.update(len(said).to_bytes(8, "little"))
        found.update(said)
    return found.hexdigest()


def base_identity(recipe: Recipe) -> str:
    """What tells one base from another without reading its weights: its name, and for files their sizes and times."""
    said: list[object] = [recipe.family, recipe.base]
    path = loading.path_of(recipe.base)
    inside = sorted(path.rglob("*")) if path.is_dir() else [path]
    for one in inside:
        if not (one.suffix in WEIGHTS or one.name in WORDS) or not one.is_file():
            continue
        about = one.stat()
        said += [one.name, about.st_size, about.st_mtime_ns]
    return digest_of(*said)


def write_entry(path: Path, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Write tensors (moved to the CPU, their types kept) as safetensors, and give back what was written.

    Raises `BadFile` when there is no room.
    """
    from safetensors.torch import save

    kept = {name: one.detach().cpu().contiguous().clone() for name, one in tensors.items()}
    try:
        files.write_bytes(path, save(kept, {SUM: _sum_of(kept)}))
    except BadFile as error:
        raise BadFile(
            error.message, f"make room on the disk, or name a folder on another one in {CACHE}"
        ) from error
    return kept


def read_entry(path: Path) -> dict[str, Tensor] | None:
    """The tensors of an entry, None when it is not there or not what was written; a good one counts as used today."""
    from safetensors import SafetensorError, safe_open

    if not path.exists():
        return None
    try:
        with safe_open(path, "pt") as entry:
            found = {name: entry.get_tensor(name) for name in entry.keys()}  # noqa: SIM118
            whole = (entry.metadata() or {}).get(SUM) == _sum_of(found)
    except (SafetensorError, OSError, ValueError):
        return None
    if not whole:
        return None
    with suppress(OSError):  # somebody else's cache can be read all the same
        os.utime(path)
    return found


def _sum_of(tensors: Mapping[str, Tensor]) -> str:
    """A checksum of names, types, shapes and every bit."""
    parts: list[object] = []
    for name in sorted(tensors):
        one = tensors[name]
        parts += [name, one.dtype, tuple(one.shape), one.reshape(-1).view(torch.uint8).numpy().tobytes()]
    return digest_of(*parts)
