"""Cast: hierarchical linkage of points by average distance, where some pairs may never come together.

Plain geometry: knows nothing of faces.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

NEVER = 9.0
"""A distance no two embeddings have; it stays as it is however often groups are joined."""


def linkage(points: Floats, never: Iterable[tuple[int, int]]) -> list[tuple[int, int, float]]:
    """Merges (a point of the one group, a point of the other, mean distance) by rising distance; `points` n x d.

    UPGMA by nearest-neighbour chains (Murtagh 1983), n² in time and memory (6,000 points: 144 MB). A pair in `never` keeps the groups of
    both apart for good; that leaves the linkage reducible, which is what the chain needs.
    """
    far = _distances(points)
    for a, b in never:
        far[a, b] = far[b, a] = NEVER
    sizes = np.ones(len(points), dtype=np.float32)
    alive = np.ones(len(points), dtype=bool)
    merges: list[tuple[int, int, float]] = []
    chain: list[int] = []
    while alive.sum() > 1:
        if not chain:
            chain = [int(np.argmax(alive))]
        here = chain[-1]
        there = int(np.argmin(far[here]))
        if far[here, there] >= NEVER:
            # nothing may ever join this group: it is finished
            alive[here] = False
            far[:, here] = far[here] = NEVER
            chain.pop()
            continue
        if len(chain) > 1 and far[here, chain[-2]] <= far[here, there]:
            there = chain[-2]
            chain = chain[:-2]
            merges.append((min(here, there), max(here, there), float(far[here, there])))
            _join(far, sizes, alive, min(here, there), max(here, there))
        else:
            chain.append(there)
    return sorted(merges, key=lambda merge: (merge[2], merge[0], merge[1]))


def cut_at(merges: list[tuple[int, int, float]], count: int, height: float) -> NDArray[np.int64]:
    """For each of `count` points the number of its group when only merges below `height` are made."""
    label = np.arange(count)

    def root(point: int) -> int:
        while label[point] != point:
            label[point] = label[label[point]]
            point = int(label[point])
        return point

    for a, b, far in merges:
        if far < height:
            first, second = sorted((root(a), root(b)))
            label[second] = first
    return np.array([root(point) for point in range(count)])


def _distances(points: Floats) -> Floats:
    """n x n, itself at `NEVER`."""
    squares = (points**2).sum(axis=1)
    far: Floats = points @ points.T
    far *= -2
    far += squares
    far += squares[:, None]
    np.maximum(far, 0, out=far)
    np.sqrt(far, out=far)
    np.fill_diagonal(far, NEVER)
    return far


def _join(far: Floats, sizes: Floats, alive: NDArray[np.bool_], keep: int, gone: int) -> None:
    """Writes the group `gone` into `keep` (Lance and Williams)."""
    row = (sizes[keep] * far[keep] + sizes[gone] * far[gone]) / (sizes[keep] + sizes[gone])
    row[(far[keep] >= NEVER) | (far[gone] >= NEVER)] = NEVER
    sizes[keep] += sizes[gone]
    alive[gone] = False
    far[gone] = far[:, gone] = NEVER
    far[keep] = far[:, keep] = row
    far[keep, keep] = NEVER
