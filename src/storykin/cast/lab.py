"""Cast: colours of photos as CIE L*a*b*: pixels to Lab, and the few colours that stand for many pixels.

Knows no faces. Needs numpy (the extra `cast`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL import Image

    from storykin.cast.sighting import Lab

Floats = NDArray[np.floating[Any]]

WHITE = (0.95047, 1.0, 1.08883)  # D65, 2 degrees
TO_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
LIKE = 14.0  # distance of Lab below which two dominant colours are told as one
ENOUGH = 0.12  # share of the pixels that makes a colour a main colour


def lab_of(image: Image.Image) -> Floats:
    """The pixels of an sRGB picture as L*, a*, b*: (height, width, 3), float32. Formulae of IEC 61966-2-1 and CIE 15."""
    rgb = _linear()[np.asarray(image.convert("RGB"))]
    xyz = rgb @ (np.array(TO_XYZ, np.float32).T / np.array(WHITE, np.float32))
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    lab = np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)
    return lab.astype(np.float32)


def middle_of(pixels: Floats) -> Lab:
    """The median colour of pixels (n, 3), to a tenth."""
    lightness, a, b = (round(float(value), 1) for value in np.median(pixels, 0))
    return (lightness, a, b)


def main_colours(pixels: Floats, most: int = 3) -> tuple[Lab, ...]:
    """One to `most` colours that stand for the pixels (n, 3), the most frequent first; the same for the same pixels.

    k-means, begun from the farthest points instead of chance; alike centres are joined, rare ones left out.
    """
    if not len(pixels):
        return ()
    sample = pixels[:: max(1, len(pixels) // 4000)].astype(np.float64)
    scaled = sample * (0.6, 1, 1)  # shadows and folds change the lightness of one cloth
    centres = _far_apart(scaled, most + 2)
    for _ in range(12):
        nearest = _nearest(scaled, centres)
        centres = np.stack(
            [
                scaled[nearest == i].mean(0) if (nearest == i).any() else centre
                for i, centre in enumerate(centres)
            ]
        )
    groups = _joined(scaled, _nearest(scaled, centres), centres)
    large = [group for group in groups if len(group) >= ENOUGH * len(sample)] or groups[:1]
    return tuple(middle_of(sample[group]) for group in large[:most])


def _far_apart(pixels: Floats, count: int) -> Floats:
    """`count` pixels, each far from those before; the first is the one nearest to the median."""
    centres = [pixels[np.argmin(((pixels - np.median(pixels, 0)) ** 2).sum(1))]]
    apart = np.full(len(pixels), np.inf)
    for _ in range(count - 1):
        apart = np.minimum(apart, ((pixels - centres[-1]) ** 2).sum(1))
        # the 98th percentile, not the farthest: a single odd pixel is no colour
        order = np.argsort(apart, kind="stable")
        centres.append(pixels[order[int(0.98 * (len(order) - 1))]])
    return np.stack(centres)


def _nearest(pixels: Floats, centres: Floats) -> NDArray[np.intp]:
    return np.asarray(((pixels[:, None] - centres[None]) ** 2).sum(2).argmin(1))


def _joined(pixels: Floats, nearest: NDArray[np.intp], centres: Floats) -> list[NDArray[np.intp]]:
    """Indices of the pixels of each colour, alike colours joined, the largest first."""
    groups = sorted((np.flatnonzero(nearest == i) for i in range(len(centres))), key=len, reverse=True)
    joined: list[NDArray[np.intp]] = []
    for group in groups:
        if not len(group):
            continue
        for i, other in enumerate(joined):
            if np.linalg.norm(pixels[group].mean(0) - pixels[other].mean(0)) < LIKE:
                joined[i] = np.concatenate([other, group])
                break
        else:
            joined.append(group)
    return sorted(joined, key=len, reverse=True)


def _linear() -> Floats:
    """sRGB's 256 values as light, 0 to 1."""
    value = np.arange(256) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4).astype(np.float32)
