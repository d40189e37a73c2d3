"""Cast: finding the rectangle: the buckets, and where in a photo a crop does best what its framing asks for.

Every crop that is possible has a price (strangers' heads, unnatural place, small bucket, enlargement); the cheapest wins.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from storykin.cast.sighting import Crop, Sighting
from storykin.errors import BadInput
from storykin.families import BUCKET
from storykin.scene import Box

MOST = 1.3
"""How far a photo may be enlarged: beyond this a model learns the softness, not the face."""

SMALLEST = 256
"""The short side of the smallest bucket, in pixels."""

SLIVER = 1e-9
"""Overlaps below this (fractions of the photo) are rounding, not meetings."""


@dataclass(frozen=True)
class Wish:
    """What a framing asks for, in pixels of the photo.

    `inside` must be in the crop, `airy` should be. `heights` are the least, the best and the greatest height of the crop.
    The point `at` of the photo should lie at the fraction `seat` of the crop; `aspect` is the most natural width by height.
    """

    framing: str
    inside: Box
    airy: Box
    heights: tuple[float, float, float]
    at: tuple[float, float]
    seat: tuple[float, float] = (0.5, 0.5)
    aspect: float = 1.0


@lru_cache(maxsize=16)
def buckets(resolution: int) -> tuple[tuple[int, int], ...]:
    """The sizes (width, height) in pixels that a training picture may have, the largest rung first.

    Multiples of 64, area at most `resolution` squared, aspect from 1:2 to 2:1: for each width the greatest height that still fits,
    as sd-scripts makes them. The same follows for each smaller rung (resolution - 64, ...) down to a short side of
    `SMALLEST`, so that a small photo is learned small instead of blown up. Raises `BadInput` below 256.
    """
    if resolution < SMALLEST:
        raise BadInput(
            f"resolution {resolution}: training pictures need at least {SMALLEST} pixels",
            "leave --resolution out, or give 512, 768 or 1024",
        )
    rungs = range(resolution // BUCKET, SMALLEST // BUCKET - 1, -1)
    return tuple(dict.fromkeys(size for rung in rungs for size in _rung(rung)))


def _rung(side: int) -> Iterator[tuple[int, int]]:
    """The buckets with the area of a square of `side` steps: the square, then ever longer ones."""
    for short in range(side, SMALLEST // BUCKET - 1, -1):
        long = side * side // short
        if long <= 2 * short:
            yield short * BUCKET, long * BUCKET
            yield long * BUCKET, short * BUCKET


def search(
    wish: Wish, sighting: Sighting, others: tuple[Box, ...], resolution: int
) -> tuple[float, Crop] | None:
    """The cheapest crop for a wish and its price, None when the photo cannot give it."""
    photo = photo_of(sighting)
    best: tuple[float, Box, tuple[int, int]] | None = None
    for size in buckets(resolution):
        if best is not None and price_of(size, math.inf, resolution) >= best[0]:
            continue
        for made in _places(wish, size, photo, others):
            cost = _price(wish, made, others) + price_of(size, made.h, resolution)
            if best is None or cost < best[0] - SLIVER:
                best = cost, made, size
    if best is None:
        return None
    cost, made, size = best
    return cost, crop_from(wish.framing, made, size, sighting, others)


def _places(wish: Wish, size: tuple[int, int], photo: Box, others: tuple[Box, ...]) -> Iterator[Box]:
    """Where a crop of this bucket may lie: the natural place first, then with an edge along another head."""
    aspect = size[0] / size[1]
    least, best, most = wish.heights
    inside = wish.inside
    low = max(least, inside.h, inside.w / aspect, size[1] / MOST)
    high = min(most, photo.h, photo.w / aspect)
    if low > high:
        return
    near = sorted(others, key=lambda head: -head.w * head.h)[:6]
    gap = _gap(inside, near, photo)
    for h in dict.fromkeys(into(h, low, high) for h in (best, low, size[1], gap / aspect)):
        w = h * aspect
        lefts = max(0.0, inside.right - w), min(inside.x, photo.w - w)
        tops = max(0.0, inside.bottom - h), min(inside.y, photo.h - h)
        x = into(wish.at[0] - wish.seat[0] * w, *lefts)
        y = into(wish.at[1] - wish.seat[1] * h, *tops)
        yield Box(x, y, w, h)
        for head in near:
            for beside in (head.right, head.x - w):
                if lefts[0] <= beside <= lefts[1]:
                    yield Box(beside, y, w, h)
            for along in (head.bottom, head.y - h):
                if tops[0] <= along <= tops[1]:
                    yield Box(x, along, w, h)


def _gap(inside: Box, others: list[Box], photo: Box) -> float:
    """How much room there is between the neighbours left and right, in pixels."""
    left = max((head.right for head in others if head.right <= inside.x), default=0.0)
    right = min((head.x for head in others if head.x >= inside.right), default=photo.w)
    return right - left


def _price(wish: Wish, made: Box, others: tuple[Box, ...]) -> float:
    """How far a crop is from what the framing wants. The weights were set by looking at crops of group photos."""
    at_x, at_y = (wish.at[0] - made.x) / made.w, (wish.at[1] - made.y) / made.h
    off = abs(at_x - wish.seat[0]) + abs(at_y - wish.seat[1])
    zoom = abs(math.log(made.h / wish.heights[1]))
    shape = abs(math.log(made.w / made.h / wish.aspect))
    stuffy = 1 - wish.airy.overlap(made)
    return 0.8 * off + 0.6 * zoom + 0.25 * shape + stuffy + sum(_nuisance(one, made) for one in others)


def _nuisance(head: Box, made: Box) -> float:
    """What another head in the picture costs: a big one more than a far one, all of it more than an ear."""
    if not _meets(head, made):
        return 0.0
    big = min(1.0, head.h / made.h / 0.3)
    return 0.1 + 0.5 * big + 0.2 * head.overlap(made)


def price_of(size: tuple[int, int], h: float, resolution: int) -> float:
    """What a small bucket and enlargement cost."""
    small = 1 - math.sqrt(size[0] * size[1]) / resolution
    return 0.5 * small + 0.3 * max(0.0, size[1] / h - 1)


def crop_from(
    framing: str, made: Box, size: tuple[int, int], sighting: Sighting, others: tuple[Box, ...]
) -> Crop:
    """The value, in fractions of the photo."""
    wide, high = sighting.width, sighting.height
    w, h = min(1.0, made.w / wide), min(1.0, made.h / high)
    box = Box(into(made.x / wide, 0, 1 - w), into(made.y / high, 0, 1 - h), w, h)
    heads = (Box(head.x / wide, head.y / high, head.w / wide, head.h / high) for head in others)
    met = tuple(head for head in heads if _meets(head, box, SLIVER))
    return Crop(framing, box, size[0], size[1], size[1] / made.h, met)


def others_of(sighting: Sighting, face: int | None) -> tuple[Box, ...]:
    """The heads of everybody else, in pixels."""
    return tuple(pixels(one.head, sighting) for number, one in enumerate(sighting.faces) if number != face)


def _meets(one: Box, other: Box, least: float = 1e-6) -> bool:
    wide = min(one.right, other.right) - max(one.x, other.x)
    high = min(one.bottom, other.bottom) - max(one.y, other.y)
    return wide > least and high > least


def photo_of(sighting: Sighting) -> Box:
    """The whole photo as a box, in pixels."""
    return Box(0, 0, sighting.width, sighting.height)


def pixels(box: Box, sighting: Sighting) -> Box:
    """A box given in fractions of the photo, in pixels."""
    wide, high = sighting.width, sighting.height
    return Box(box.x * wide, box.y * high, box.w * wide, box.h * high)


def into(value: float, low: float, high: float) -> float:
    """The value, or the nearer end of the range."""
    return max(low, min(high, value))
