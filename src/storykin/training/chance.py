"""Training: where chance stands: all random numbers a step may draw, so that they can be drawn again."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch


def now(generator: torch.Generator) -> dict[str, Any]:
    """Where the training's own generator, torch's, the cards' and Python's stand; a tree that `checkpoint.py` can write."""
    in_use = torch.cuda.is_initialized()  # type: ignore[no-untyped-call]
    cards = torch.cuda.get_rng_state_all() if in_use else []
    return {
        "generator": generator.get_state(),
        "torch": torch.get_rng_state(),
        "cuda": cards,
        "python": random.getstate(),
    }


def restore(chance: Mapping[str, Any], generator: torch.Generator) -> None:
    """Let the next random numbers be those that came after `now`. Cards that are not there any more are left out."""
    generator.set_state(chance["generator"])
    torch.set_rng_state(chance["torch"])
    if chance["cuda"] and len(chance["cuda"]) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all(chance["cuda"])
    random.setstate(chance["python"])


@contextmanager
def seeded(seed: int) -> Iterator[torch.Generator]:
    """A generator of this seed on the CPU, the others seeded too; they are given back as they were."""
    generator = torch.Generator().manual_seed(seed)
    before = now(generator)
    torch.manual_seed(seed)
    random.seed(seed)
    try:
        yield generator
    finally:
        restore(before, generator)
