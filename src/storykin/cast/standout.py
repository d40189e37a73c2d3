"""Cast: what stands out in a photo without faces (a pet, a toy, a drawing), and whether it was taken outdoors.

From colours alone, on a small copy of the photo; all boxes are in fractions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from storykin.cast.lab import main_colours
from storykin.scene import Box

if TYPE_CHECKING:
    from storykin.cast.sighting import Lab

Floats = NDArray[np.floating[Any]]
Truths = NDArray[np.bool_]

CLEAR = 12.0  # distance of Lab from the border's colours that something must have to stand out
MARGIN = 0.05  # whiskers and tails rise less from their surroundings than bodies do
SKY, LEAVES = 0.2, 0.25  # shares of the upper third and of all background from which it is outdoors


def subject_of(lab: Floats) -> Box | None:
    """The box of what differs most from the photo's border, near the middle rather than at the edge; None when
    nothing stands out. `lab` is a small copy of the photo, (height, width, 3), some 100 pixels long."""
    salience = _salience(lab)
    if float(np.percentile(salience, 99)) < CLEAR:
        return None
    where = salience > max(CLEAR / 2, 0.85 * _split(salience))
    best, weight = None, 0.0
    for part in parts_of(_closed(where)):
        here = float(salience[part & where].sum())
        if here > weight:
            best, weight = part, here
    if best is None:
        return None
    return box_around(best, MARGIN)


def box_around(where: Truths, margin: float = 0.0) -> Box:
    """The box of the true pixels, in fractions, `margin` wider on each side, inside the picture."""
    high, wide = where.shape
    rows, columns = np.flatnonzero(where.any(1)), np.flatnonzero(where.any(0))
    left, right = max(0.0, columns[0] / wide - margin), min(1.0, (columns[-1] + 1) / wide + margin)
    top, bottom = max(0.0, rows[0] / high - margin), min(1.0, (rows[-1] + 1) / high + margin)
    x, y, w, h = (round(float(side), 4) for side in (left, top, right - left, bottom - top))
    return Box(x, y, w, h)


def parts_of(where: Truths) -> list[Truths]:
    """The connected parts (by sides and corners) of a small mask, in reading order."""
    left = where.copy()
    parts = []
    while left.any():
        part = np.zeros_like(left)
        part[np.unravel_index(int(left.argmax()), left.shape)] = True
        size = 0
        while size != (size := int(part.sum())):
            # a few steps at a time: counting costs as much as growing
            for _ in range(4):
                part = _neighbours(part) & left
        left &= ~part
        parts.append(part)
    return parts


def is_outdoors(lab: Floats, background: Truths) -> bool | None:
    """True when enough of the background is bright sky at the top or leaves and grass; never False: a wall says
    nothing about what is around it."""
    lightness, a, b = lab[..., 0], lab[..., 1], lab[..., 2]
    top = np.zeros_like(background)
    top[: len(top) // 3] = True
    upper = background & top
    rest = background & ~top
    if background.sum() < 0.15 * background.size:
        return None
    sky = (
        upper
        & (lightness > 60)
        & (b < -6)
        & (a < 4)
        & (lightness > np.median(lightness[rest]) if rest.any() else True)
    )
    leaves = background & (a < -7) & (b > 10) & (lightness > 15)
    if upper.any() and sky.sum() > SKY * upper.size / 3 and sky.sum() > 0.4 * upper.sum():
        return True
    return True if leaves.sum() > LEAVES * background.sum() else None


def _salience(lab: Floats) -> Floats:
    """How unlike the border each pixel is, smoothed and weighed towards the middle; in units of Lab."""
    high, wide = lab.shape[:2]
    rim = max(1, min(high, wide) // 20)
    border = np.concatenate([lab[:rim].reshape(-1, 3), lab[-rim:].reshape(-1, 3), lab[:, :rim].reshape(-1, 3), lab[:, -rim:].reshape(-1, 3)])  # fmt: skip
    colours: tuple[Lab, ...] = main_colours(border, 4)
    apart = np.min([np.linalg.norm(lab - np.array(colour), axis=-1) for colour in colours], 0)
    contrast = np.linalg.norm(lab - _blurred(lab, max(high, wide) // 6), axis=-1)
    y, x = (np.mgrid[:high, :wide] + 0.5) / np.array([high, wide])[:, None, None] - 0.5
    middle = np.exp(-(x**2 + y**2) / (2 * 0.35**2))
    both = np.minimum(apart, 60) + 0.5 * np.minimum(contrast, 60)
    smooth: Floats = _blurred(both[..., None], max(1, max(high, wide) // 48))[..., 0] * (0.35 + 0.65 * middle)
    return smooth


def _split(values: Floats) -> float:
    """The threshold that separates low from high values best (Otsu 1979)."""
    counts, edges = np.histogram(values, 64)
    centres = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * centres)
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(centres[int(np.nan_to_num(between).argmax())])


def _closed(where: Truths) -> Truths:
    """The mask with gaps of up to four pixels bridged: strokes of one drawing belong together."""
    wide = _neighbours(_neighbours(where))
    return ~_neighbours(_neighbours(~wide)) | where


def _neighbours(where: Truths) -> Truths:
    """The mask grown by one pixel on all sides."""
    padded = np.pad(where, 1)
    rows = padded[:-2] | padded[1:-1] | padded[2:]
    return rows[:, :-2] | rows[:, 1:-1] | rows[:, 2:]


def _blurred(values: Floats, reach: int) -> Floats:
    """The mean over squares of 2 × reach + 1 pixels, edges repeated: (height, width, channels)."""
    size = 2 * reach + 1
    padded = (
        np.pad(values.astype(np.float64), ((reach + 1, reach), (reach + 1, reach), (0, 0)), "edge")
        .cumsum(0)
        .cumsum(1)
    )
    sums: Floats = (
        padded[size:, size:] - padded[:-size, size:] - padded[size:, :-size] + padded[:-size, :-size]
    )
    return sums / size**2
