"""Cast: whether the eyes are open, from their pixels: the mesh follows closing lids only roughly.

An open eye has a dark disc between lighter corners; closed lids have one dark line of lashes at most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from storykin.cast import mesh

if TYPE_CHECKING:
    from PIL import Image

Floats = NDArray[np.floating[Any]]

WIDTH, HEIGHT, EYE = 64, 48, 40  # pixels of the upright cut and between the corners of the eye in it
TELLING = 8.0  # pixels between the corners in the photo from which the pixels say anything
TURNED = 25.0  # degrees of yaw from which only the nearer eye is looked at
PER_DISC = 0.225  # openness for a disc of strength 1: closed lids reach 0.53, open eyes have 0.55 to 1.3
CLOSED = 0.12  # an openness below this is a closed eye


def openness(photo: Image.Image, points: Floats, yaw: float) -> float:
    """How open the more closed eye is, height by width, as far as mesh and pixels agree; below `CLOSED` it is shut.

    Dark glasses look like closed eyes to this: use `mesh.openness` for them.
    """
    by_mesh = mesh.openness(points)
    wide = [
        float(np.linalg.norm(points[eye[3], :2] - points[eye[0], :2]))
        for eye in (mesh.LEFT_EYE, mesh.RIGHT_EYE)
    ]
    if max(wide) < TELLING:
        return by_mesh
    discs = []
    for eye, side in ((mesh.LEFT_EYE, -1), (mesh.RIGHT_EYE, 1)):
        # a head that looks to the right hides the eye on the right
        if side * yaw < TURNED and (seen := _upright(photo, points, eye)) is not None:
            discs.append(_disc(seen))
    return round(min(by_mesh, PER_DISC * float(np.mean(discs))), 3) if discs else by_mesh


def _disc(luma: Floats) -> float:
    """How much darker a disc in the middle of the cut is than what is beside it, plus than what is above and below."""
    reference = float(np.percentile(luma[8:40, 6:58], 75)) + 8  # 8: in the dark all differences are noise
    dark = 1 - luma / reference
    disc = _mean(dark, 9, 6)
    corners = _mean(dark, 6, 5)
    lids = _mean(dark, 9, 3)
    beside = (np.roll(corners, 12, 1) + np.roll(corners, -12, 1)) / 2
    around = np.maximum(np.roll(lids, 8, 0), np.roll(lids, -8, 0))
    middle = (slice(16, 34), slice(20, 44))
    return max(0.0, float((disc - beside)[middle].max()) + float((disc - around)[middle].max()))


def _upright(photo: Image.Image, points: Floats, eye: tuple[int, ...]) -> Floats | None:
    """The luma of an eye with its corners level; None when the photo cuts it off."""
    from PIL.Image import Resampling, Transform

    one, other = sorted((points[eye[0], :2], points[eye[3], :2]), key=lambda corner: float(corner[0]))
    scale = float(np.linalg.norm(other - one)) / EYE
    if scale * EYE < 1:
        return None
    across = (other - one) / EYE
    down = np.array([-across[1], across[0]])
    start = (one + other) / 2 - across * WIDTH / 2 - down * HEIGHT / 2
    reach = 0.6 * WIDTH * scale
    middle = (one + other) / 2
    if middle[0] < reach / 2 or middle[0] + reach / 2 > photo.width:
        return None
    corner = (int(middle[0] - reach) - 2, int(middle[1] - reach) - 2)
    around = photo.crop((*corner, int(middle[0] + reach) + 3, int(middle[1] + reach) + 3)).convert("L")
    shrink = max(1, int(scale))
    if shrink > 1:
        around = around.reduce(shrink)
    matrix = [across[0], down[0], start[0] - corner[0], across[1], down[1], start[1] - corner[1]]
    matrix = [float(value) / shrink for value in matrix]
    return np.asarray(
        around.transform((WIDTH, HEIGHT), Transform.AFFINE, matrix, Resampling.BILINEAR), np.float32
    )


def _mean(values: Floats, wide: int, high: int) -> Floats:
    """The mean over a rectangle around each pixel, edges repeated."""
    padded = np.pad(values, ((high // 2 + 1, (high - 1) // 2), (wide // 2 + 1, (wide - 1) // 2)), "edge")
    sums = padded.cumsum(0).cumsum(1)
    total: Floats = sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide]
    return total / (wide * high)
