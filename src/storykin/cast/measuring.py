"""Cast: measures of a photo or a part of it that need no net: sharpness, light, look-alikes.

Takes pixels, gives numbers; verdicts on them are `choosing`'s.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from storykin.cast import mesh

if TYPE_CHECKING:
    from PIL import Image

    from storykin.cast.regions import Cut

Floats = NDArray[np.floating[Any]]

BURNT, SUNK = 250, 8  # 8-bit values of all channels above or below which nothing is left to see
BURNT_L, SUNK_L = 98.5, 3.0  # the same for L*
FACE_WIDTH = 160  # pixels between the edges of a face at which its sharpness is measured
FINE, COARSE = 2.0, 4.0  # sigmas in pixels of a face of `FACE_WIDTH`
FINE_NOISE, COARSE_NOISE = (
    0.00092,
    0.000014,
)  # what `_bends` makes of white noise of variance 1 (a tenth more)
SPREAD = 0.45  # power of the ratio of both scales, so that 1 to 3 is evenly filled
BLURRED = 1.85
"""A face with less sharpness is blurred. Measured on 29 real faces of 80 to 520 pixels, with blur put in: sharp ones 2.0 to
3.1, also dark, noisy or at JPEG quality 20; blurred by a Gauss of 1 % of the face's width 1.7 to 2.3, of 1.5 % 1.5 to 1.9,
of 2 % 1.4 to 1.7, of 5 % 1.1 to 1.3; moved by 7 % of it 1.4 to 2.0, by 15 % 1.3 to 1.7."""
TILE, BLANK = 100, 6.0  # pixels; contrast (standard deviation) below which a tile shows nothing
GREY = 3.0  # distance in a*b* from the tone of their brightness that 95 % of a grey photo's pixels stay below


def luma_of(image: Image.Image) -> Floats:
    """The brightness of the pixels, 0 to 255: (height, width), float32."""
    return np.asarray(image.convert("L"), np.float32)


def clipped_share(pixels: NDArray[np.uint8]) -> float:
    """The fraction of pixels (n, 3) that is burnt out or sunk in black."""
    if not len(pixels):
        return 0.0
    return round(float(np.mean((pixels.min(1) >= BURNT) | (pixels.max(1) <= SUNK))), 4)


def is_monochrome(lab: Floats) -> bool:
    """Whether a photo (height, width, 3 in Lab) is black and white, or toned like sepia: colour that follows the
    brightness alone."""
    pixels = lab.reshape(-1, 3).astype(np.float64)
    brightness = np.vander(pixels[:, 0] / 100, 3)
    tone = np.linalg.lstsq(brightness, pixels[:, 1:], rcond=None)[0]
    return bool(np.percentile(np.hypot(*(pixels[:, 1:] - brightness @ tone).T), 95) < GREY)


def prints_of(image: Image.Image) -> str:
    """A perceptual hash: the signs of the 64 lowest waves of the luma against their median, as 16 hexadecimal digits.

    Copies that were scaled, re-compressed or slightly brightened differ in few bits (Zauner 2010, "pHash").
    """
    size = 32
    luma = np.asarray(image.convert("L").resize((size, size), 1, reducing_gap=3.0), np.float64)
    waves = _cosines(size)[:8]
    low = (waves @ luma @ waves.T).ravel()
    # the first wave is the mean brightness, which says nothing
    bits = low > np.median(low[1:])
    return f"{int(''.join('01'[int(bit)] for bit in bits), 2):016x}"


def _cosines(size: int) -> Floats:
    """The matrix of the discrete cosine transform (DCT-II): (waves, positions)."""
    position = (2 * np.arange(size) + 1) * np.pi / (2 * size)
    return np.cos(np.arange(size)[:, None] * position[None])


class Light(NamedTuple):
    """`light` is the median L* of a face, `uneven` how much its halves differ (L*), `clipped` the share burnt or sunk."""

    light: float
    uneven: float
    clipped: float


def face_light(cut: Cut) -> Light:
    """How a face is lit, from what lies inside its oval; eyes, brows and mouth hardly count in a median."""
    oval = cut.polygon(mesh.OVAL) & cut.inside
    if not oval.any():
        return Light(0.0, 0.0, 0.0)
    middle = (cut.points[1, :2] + cut.points[6, :2]) / 2  # the ridge of the nose
    axis = cut.points[mesh.RIGHT_EDGE, :2] - cut.points[mesh.LEFT_EDGE, :2]
    y, x = np.mgrid[: oval.shape[0], : oval.shape[1]] + 0.5
    right = (x - middle[0]) * axis[0] + (y - middle[1]) * axis[1] > 0
    lightness = cut.lab[..., 0]
    halves = [lightness[oval & right], lightness[oval & ~right]]
    uneven = abs(float(np.median(halves[0]) - np.median(halves[1]))) if all(map(len, halves)) else 0.0
    inside = lightness[oval]
    return Light(
        round(float(np.median(inside)), 1),
        round(uneven, 1),
        round(float(np.mean((inside > BURNT_L) | (inside < SUNK_L))), 4),
    )


def face_sharpness(photo: Image.Image, points: Floats) -> float:
    """The sharpness of a face at a fixed size, so that near and far faces compare; see `sharpness_of`."""
    return sharpness_of(face_luma(photo, points))


def face_luma(photo: Image.Image, points: Floats) -> Floats:
    """The brightness of a face, turned upright and brought to `FACE_WIDTH` pixels between its edges."""
    from PIL import Image
    from PIL.Image import Resampling, Transform

    across = points[mesh.RIGHT_EDGE, :2] - points[mesh.LEFT_EDGE, :2]
    tilt = math.atan2(float(across[1]), float(across[0]))
    scale = mesh.face_size(points) / FACE_WIDTH
    shrink = max(1, int(scale))
    middle = points[list(mesh.OVAL), :2].mean(0)
    wide, high = int(0.8 * FACE_WIDTH), int(0.95 * FACE_WIDTH)
    a, b = math.cos(tilt) * scale, math.sin(tilt) * scale
    left = float(middle[0]) - a * wide / 2 + b * high / 2
    top = float(middle[1]) - b * wide / 2 - a * high / 2
    reach = 0.7 * max(wide, high) * scale
    corner = (int(middle[0] - reach), int(middle[1] - reach))
    # repeating the photo's edge where the face runs over it: black beside it would be a very sharp edge
    rows = np.clip(np.arange(corner[1], int(middle[1] + reach) + 2), 0, photo.height - 1)
    columns = np.clip(np.arange(corner[0], int(middle[0] + reach) + 2), 0, photo.width - 1)
    seen = photo.crop((int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)).convert("L")
    around = Image.fromarray(np.asarray(seen)[np.ix_(rows - rows[0], columns - columns[0])])
    if shrink > 1:
        around = around.reduce(shrink)
    matrix = [value / shrink for value in (a, -b, left - corner[0], b, a, top - corner[1])]
    return np.asarray(
        around.transform((wide, high), Transform.AFFINE, matrix, Resampling.BICUBIC), np.float32
    )


def sharpest(photo: Image.Image) -> float:
    """The sharpness of the photo's sharpest parts: the 80th percentile of its tiles, at a long side of 800 pixels."""
    scale = min(1.0, 800 / max(photo.size))
    size = (max(TILE, round(photo.width * scale)), max(TILE, round(photo.height * scale)))
    luma = luma_of(photo.resize(size, 2, reducing_gap=2.0))
    tiles = [
        luma[y : y + TILE, x : x + TILE]
        for y in range(0, size[1] - TILE // 2, TILE)
        for x in range(0, size[0] - TILE // 2, TILE)
    ]
    values = [sharpness_of(tile) for tile in tiles if tile.std() > BLANK]
    return round(float(np.percentile(values, 80)), 3) if values else 0.0


def sharpness_of(luma: Floats) -> float:
    """How sharp a piece is: about 1 where there is no edge left, 2 to 3 where edges are fine; see `BLURRED`. 0 for blank.

    Second derivatives at a fine scale against those at a coarse one, so that contrast and exposure cancel out; in the
    direction (of four) in which they are weakest, so that motion shows; less what the measured noise adds.
    """
    if min(luma.shape) < 16 or float(luma.std()) < 1:
        return 0.0
    noise = _noise(luma) ** 2
    fine = [max(0.0, value - noise * FINE_NOISE) for value in _bends(_smooth(luma, FINE))]
    coarse = [max(1e-4, value - noise * COARSE_NOISE) for value in _bends(_smooth(luma, COARSE))]
    ratio = min(f / c for f, c in zip(fine, coarse, strict=True))
    return round(float(ratio**SPREAD), 3)


def _bends(luma: Floats) -> list[float]:
    """Mean squared second derivatives across, down and along both diagonals."""
    twice = 2 * luma[1:-1, 1:-1]
    across, down = luma[1:-1, 2:] + luma[1:-1, :-2] - twice, luma[2:, 1:-1] + luma[:-2, 1:-1] - twice
    falling, rising = luma[2:, 2:] + luma[:-2, :-2] - twice, luma[2:, :-2] + luma[:-2, 2:] - twice
    # along a diagonal the neighbours are farther away, by the root of two
    return [float(np.mean(bend**2)) for bend in (across, down, falling / 2, rising / 2)]


def _noise(luma: Floats) -> float:
    """The standard deviation of the noise, from the median of a filter that edges hardly pass (Immerkær 1996)."""
    kernel = (
        (0, 0, 1),
        (0, 1, -2),
        (0, 2, 1),
        (1, 0, -2),
        (1, 1, 4),
        (1, 2, -2),
        (2, 0, 1),
        (2, 1, -2),
        (2, 2, 1),
    )
    high, wide = luma.shape
    passed = sum(weight * luma[y : high - 2 + y, x : wide - 2 + x] for y, x, weight in kernel)
    return float(np.median(np.abs(passed))) / 0.6745 / 6


def _smooth(luma: Floats, sigma: float) -> Floats:
    """Gaussian smoothing, edges mirrored; sigma in pixels."""
    reach = max(1, int(3 * sigma + 0.5))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weights = (weights / weights.sum()).astype(np.float32)
    padded = np.pad(luma, reach, "reflect" if reach < min(luma.shape) else "edge")
    rows, both = np.zeros((luma.shape[0], padded.shape[1]), np.float32), np.zeros_like(luma)
    for i, weight in enumerate(weights):
        rows += weight * padded[i : i + luma.shape[0]]
    for i, weight in enumerate(weights):
        both += weight * rows[:, i : i + luma.shape[1]]
    return both
