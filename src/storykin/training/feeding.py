"""Training: what each step gets to see: shuffled, in buckets, now small, now large, photos and anybody by turns.

The order is a pure function of seed, epoch and place, so that a number is all there is to remember. Captions lie in the same
`Example` as their pictures and cannot be dealt out apart.
"""

from __future__ import annotations

import random
from collections import OrderedDict, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import torch

from storykin.errors import BadFile, BadInput
from storykin.training.caching import LATENTS, MASK, Example
from storykin.training.entries import digest_of, read_entry
from storykin.training.learner import Batch

if TYPE_CHECKING:
    from torch import Tensor

    from storykin.recipe import Recipe

Said = Literal["caption", "traits", "nothing"]
Turn = tuple[tuple[int, Said], ...]
"""One batch: the number of each example, and what is said of it."""

ROOM = 2**30
"""Bytes of entries kept in main memory: 40 photos at three resolutions fit; of 500 the last used ones stay."""


class Feed:
    """Batches without end.

    One epoch deals out every example of the photos once, in batches of one bucket (the last of a bucket may be smaller);
    resolutions take turns as evenly as their numbers allow. With pictures of anybody every second batch is of them, in
    epochs of their own; who wants both in each step of the optimiser accumulates over two batches. All words of a
    family must have one shape where batches hold several. Raises `BadInput` when there is nothing to learn.
    """

    def __init__(self, examples: Sequence[Example], recipe: Recipe, seed: int, room: int = ROOM) -> None:
        if not any(not one.prior for one in examples):
            raise BadInput(
                "there is no picture to learn from", "add photos with: storykin cast add NAME PHOTOS"
            )
        self._examples = tuple(examples)
        self._photos = [number for number, one in enumerate(examples) if not one.prior]
        self._anybody = [number for number, one in enumerate(examples) if one.prior]
        self._batch, self._dropout, self._traits = recipe.batch, recipe.caption_dropout, recipe.traits
        self._seed = seed
        self._entries = _Entries(room)
        self._lengths = {prior: len(self._dealt(prior, 0)) for prior in (False, True)}
        self._deals: dict[bool, tuple[int, list[Turn]]] = {}
        self._served = 0
        self._names: tuple[str, ...] = ()

    def names(self, batch: Batch) -> tuple[str, ...]:
        """The files that the batch just given was made from, for messages."""
        assert len(batch.latents) == len(self._names)
        return self._names

    @property
    def batches_per_epoch(self) -> int:
        """How many batches show every photo once at every resolution, those of anybody between them included."""
        return self._lengths[False] * (2 if self._anybody else 1)

    @property
    def epoch(self) -> int:
        """How many times everything was seen."""
        return self._served // self.batches_per_epoch

    def next_batch(self) -> Batch:
        """The next batch, on the CPU in the types of the cache. Raises `BadFile` when an entry is gone."""
        turn = self._turn(self._served)
        self._served += 1
        examples = [self._examples[number] for number, _ in turn]
        self._names = tuple(one.file for one in examples)
        words = [self._read(_words(self._examples[number], said)) for number, said in turn]
        latents = torch.stack([self._read(one.latents)[LATENTS] for one in examples])
        return Batch(
            latents,
            {name: torch.stack([one[name] for one in words]) for name in words[0]},
            torch.tensor([one.weight for one in examples], dtype=torch.float32),
            self._masks(examples, latents),
            tuple(one.sizes for one in examples),
        )

    def state(self) -> dict[str, int | str]:
        """Where the feed stands, for a checkpoint; plain enough to be JSON."""
        return {"served": self._served, "of": self._fingerprint()}

    def restore(self, state: Mapping[str, object]) -> None:
        """Go on where another feed of the same examples, recipe and seed stood. Raises `BadInput` when they are others."""
        served = state.get("served")
        if state.get("of") != self._fingerprint() or not isinstance(served, int) or served < 0:
            raise BadInput(
                "the order of the pictures cannot be taken up: the pictures or the recipe are not what they were",
                "put them back as they were, or start anew",
            )
        self._served = served

    # --- who comes when ---------------------------------------------------------------------------

    def _turn(self, served: int) -> Turn:
        prior = bool(self._anybody) and served % 2 == 1
        number = served // 2 if self._anybody else served
        epoch, place = divmod(number, self._lengths[prior])
        return self._deal(prior, epoch)[place]

    def _deal(self, prior: bool, epoch: int) -> list[Turn]:
        kept = self._deals.get(prior)
        if kept is None or kept[0] != epoch:
            kept = self._deals[prior] = (epoch, self._dealt(prior, epoch))
        return kept[1]

    def _dealt(self, prior: bool, epoch: int) -> list[Turn]:
        """One epoch of the photos, or of anybody; the number of batches is the same in every epoch."""
        draw = random.Random(f"{self._seed} {epoch} {prior}")  # a string: seeded alike by every Python
        buckets: dict[tuple[int, tuple[int, int]], list[int]] = defaultdict(list)
        for number in self._anybody if prior else self._photos:
            buckets[self._examples[number].resolution, self._examples[number].bucket].append(number)
        rows: dict[int, list[list[int]]] = defaultdict(list)
        for (resolution, _), numbers in buckets.items():
            draw.shuffle(numbers)
            rows[resolution] += [
                numbers[start : start + self._batch] for start in range(0, len(numbers), self._batch)
            ]
        for row in rows.values():
            draw.shuffle(row)
        by_turns = [
            ((place + 0.5) / len(row), order, batch)
            for order, row in enumerate(rows.values())
            for place, batch in enumerate(row)
        ]
        also = random.Random(f"{self._seed} {epoch} {prior} traits")  # the order stays as without traits
        return [
            tuple((number, self._said(draw, also)) for number in batch) for _, _, batch in sorted(by_turns)
        ]

    def _said(self, draw: random.Random, also: random.Random) -> Said:
        """What is said of a picture this time."""
        if draw.random() < self._dropout:
            return "nothing"
        return "traits" if also.random() < self._traits else "caption"

    def _fingerprint(self) -> str:
        """What decides the order and what is dealt out, as a hash."""
        said: list[object] = [self._seed, self._batch, self._dropout]
        for one in self._examples:
            mask = one.mask.name if one.mask else ""
            said += [one.latents.name, one.words.name, mask, one.resolution, one.weight, one.sizes, one.prior]
            said += [one.told.name, self._traits] if one.told else []
        return digest_of(*said)

    # --- reading ----------------------------------------------------------------------------------

    def _masks(self, examples: Sequence[Example], latents: Tensor) -> Tensor | None:
        """n x 1 x height x width; None when no picture of the batch has a mask."""
        if all(one.mask is None for one in examples):
            return None
        whole = torch.ones(1, *latents.shape[-2:])
        return torch.stack([self._read(one.mask)[MASK] if one.mask else whole for one in examples])

    def _read(self, path: Path) -> dict[str, Tensor]:
        return self._entries.read(path)


def _words(example: Example, said: Said) -> Path:
    if said == "nothing":
        return example.wordless
    if said == "traits" and example.told:
        return example.told
    return example.words


class _Entries:
    """Entries of the cache, the last used ones in main memory, up to `room` bytes."""

    def __init__(self, room: int) -> None:
        self._room, self._filled = room, 0
        self._kept: OrderedDict[Path, dict[str, Tensor]] = OrderedDict()

    def read(self, path: Path) -> dict[str, Tensor]:
        """The tensors of an entry. Raises `BadFile` when it is gone or damaged."""
        if path in self._kept:
            self._kept.move_to_end(path)
            return self._kept[path]
        found = read_entry(path)
        if found is None:
            raise BadFile(
                f"{path}: this part of the cache is gone or damaged",
                "run the same command again: it is made anew and the training goes on",
            )
        self._kept[path] = found
        self._filled += _size(found)
        while self._filled > self._room and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            self._filled -= _size(gone)
        return found


def _size(tensors: Mapping[str, Tensor]) -> int:
    return sum(one.nbytes for one in tensors.values())
