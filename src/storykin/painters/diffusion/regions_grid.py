"""Painters, diffusion: whose the tokens are, those of the picture by regions of the page and those of the prompt by spans.

Knows no net. All is made on the CPU, small, and once per size.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from storykin.scene import Box

Span = tuple[int, int]
"""The first token and the one after the last."""

ABOUT_AS_LARGE = 1.5  # areas within this ratio (or nearly) count as equal where two boxes overlap


def shown(regions: Sequence[Box], height: int, width: int) -> Tensor:
    """Which of height x width tokens each region has, regions x height x width, true or false; no token is had by two.

    A token is a region's when at least half of it lies inside; a region too small for that gets the one token it covers most. Where
    boxes overlap, the clearly smaller one is in front (a child before a grown-up, a baby in arms); of two about as large each has what
    is nearer to its own middle, counted in its own size. The order of the regions does not matter.
    """
    found = torch.zeros(len(regions), height, width, dtype=torch.bool)
    order = sorted(range(len(regions)), key=lambda one: _corners(regions[one]))
    claims = torch.full((len(regions), height, width), math.inf)
    for place, number in enumerate(order):
        region = regions[number]
        covered = _covered(region, height, width)
        inside = covered >= 0.5
        if not inside.any() and covered.max() > 0:
            inside.view(-1)[covered.argmax()] = True
        claims[place] = torch.where(inside, _behind(region, height, width), math.inf)
    if order:
        first = claims.argmin(dim=0)  # of equals the first
        for place, number in enumerate(order):
            found[number] = (first == place) & claims[place].isfinite()
    return found


def softened(owned: Tensor, feather: float) -> Tensor:
    """The same as shares, 0 to 1, n x height x width: averaged over squares of `feather` times the page's longer side; all shares of a token sum to at most 1."""
    shares = owned.float()
    reach = round(feather * max(owned.shape[1:]) / 2)
    if reach < 1 or not len(owned):
        return shares
    padded = torch.nn.functional.pad(shares[None], (reach,) * 4, mode="replicate")
    return torch.nn.functional.avg_pool2d(padded, 2 * reach + 1, stride=1)[0]


def spoken(words: Sequence[Sequence[Span]], count: int) -> Tensor:
    """Which of `count` tokens of the prompt are about each person, people x count, true or false. What lies beyond the end was cut off."""
    found = torch.zeros(len(words), count, dtype=torch.bool)
    for number, spans in enumerate(words):
        for first, after in spans:
            found[number, max(0, first) : max(0, after)] = True
    return found


def _corners(box: Box) -> tuple[float, float, float, float]:
    return box.x, box.y, box.w, box.h


def _covered(box: Box, height: int, width: int) -> Tensor:
    """How much of each token lies in the box, 0 to 1."""
    down = _along(box.y, box.bottom, height)
    across = _along(box.x, box.right, width)
    return down[:, None] * across[None, :]


def _along(start: float, end: float, count: int) -> Tensor:
    edges = torch.arange(count + 1, dtype=torch.float64) / count
    inside = torch.minimum(edges[1:], torch.tensor(end)) - torch.maximum(edges[:-1], torch.tensor(start))
    # rounded, so that a box drawn along the middle of a token falls on the same side at every size
    return (inside * count).clamp(min=0).round(decimals=9)


def _behind(box: Box, height: int, width: int) -> Tensor:
    """How far behind the other boxes each token of this one lies: first its size class, then the distance from its middle."""
    left, right = max(0.0, box.x), min(1.0, box.right)
    top, bottom = max(0.0, box.y), min(1.0, box.bottom)
    wide, high = max(right - left, 1e-6), max(bottom - top, 1e-6)
    size = round(math.log(wide * high) / math.log(ABOUT_AS_LARGE))
    down = ((torch.arange(height) + 0.5) / height - (top + bottom) / 2).abs() / (high / 2)
    across = ((torch.arange(width) + 0.5) / width - (left + right) / 2).abs() / (wide / 2)
    distance = torch.maximum(down[:, None], across[None, :])
    return size * 4 + distance.clamp(max=3)
