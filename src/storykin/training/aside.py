"""Training: the photos that are kept aside to judge likeness by, and never learned from. Needs no torch."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import replace

from storykin.dataset import Dataset

LEAST = 4
"""So many photos at least are left to learn from."""


def split(dataset: Dataset, held_out: int, seed: int) -> tuple[Dataset, Dataset]:
    """The dataset without, and with only, the photos that are kept aside to judge likeness by.

    At most `held_out`, at most every fourth photo, and at least 4 stay to learn from: of fewer than 5 none is kept
    aside. Framings take turns, close ones first, and the last photo of a framing stays while others can go. All pictures
    cut from one photo stay together. Always the same for the same seed, and nearly the same after a photo was added.
    """
    framings: dict[str, list[str]] = defaultdict(list)
    for photo, framing in {one.photo or one.file: one.framing for one in dataset.pictures}.items():
        framings[framing].append(photo)
    photos = sum(len(group) for group in framings.values())
    wanted = max(0, min(held_out, photos // LEAST, photos - LEAST))
    queues = [
        sorted(framings[one], key=lambda photo: _lot(photo, seed)) for one in sorted(framings, key=_closeness)
    ]
    rounds = [
        (place, order, photo, place == len(queue) - 1)
        for order, queue in enumerate(queues)
        for place, photo in enumerate(queue)
    ]
    kept = {photo for *_, photo, _ in sorted(rounds, key=lambda one: (one[3], one[0], one[1]))[:wanted]}
    learned = tuple(one for one in dataset.pictures if (one.photo or one.file) not in kept)
    aside = tuple(one for one in dataset.pictures if (one.photo or one.file) in kept)
    return replace(dataset, pictures=learned), replace(dataset, pictures=aside)


def _closeness(framing: str) -> tuple[int, str]:
    """The order in which framings are taken: those that show the face best first."""
    order = ("close-up", "half body", "full body")
    return (order.index(framing) if framing in order else len(order), framing)


def _lot(photo: str, seed: int) -> str:
    return hashlib.sha256(f"{seed} {photo}".encode()).hexdigest()
