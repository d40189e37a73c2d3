"""Critics: what is wrong with a picture as a picture: empty, blurred, in bands, nothing but noise, or a copy of a reference.

No model, nothing but arithmetic on pixels. Each mark runs from 0 to 1 and is scaled so that 0.5 is where a fault begins; where that is and why stands with
each, measured by `benchmarks/technical.py`. Nothing is known here of what the picture should show.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from storykin.critics import Question, Reading, Seen, Thing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image, Resampling

    Grey = NDArray[np.float32]

SIDE = 512  # pixels of the longer side at which most is measured
CELLS = 24  # cells of a side, for what is asked place by place
LEVEL = 1 / 255


class TechnicalReader:
    """Marks a picture "blank", "blurred", "banded", "noise" and "pasted"; for a "head cut off" figures must be seen first (`cut_heads`)."""

    name = "technical"
    reads: frozenset[Thing] = frozenset({"technical"})
    licence = ""
    revision = "1"

    def unready(self) -> str:
        """All it needs is in the core."""
        return ""

    def read(self, picture: Image, question: Question) -> Reading:
        """Every mark of an RGB picture; "pasted" only where the question names pictures that it might be a copy of."""
        marks = {
            "blank": blank(picture),
            "blurred": blurred(picture),
            "banded": banded(picture),
            "noise": noise(picture),
        }
        if question.references:
            marks["pasted"] = max(pasted(picture, one) for one in question.references)
        return Reading(marks=marks, read={"technical": self.name})

    def close(self) -> None:
        """There is nothing to give back."""


# --- empty ----------------------------------------------------------------------------------------


def blank(picture: Image) -> float:
    """How empty the picture is: 1 when no cell of it has an edge or grain beyond a plane of colour, 0.5 when a tenth has, 0 from a fifth on.

    What a broken decoder gives (all black, all grey) is 1, and so is a mere gradient. The emptiest of 140 drawn pages, night, fog and snow among them,
    leaves 0.6 of its cells empty, of photographs a rocket before the sky 0.5.
    """
    import numpy as np

    colours = _array(_shrunk(picture, 192))
    high, wide = (side // CELLS * CELLS for side in colours.shape[:2])
    if not high or not wide:
        return 1.0
    cells = (
        colours[:high, :wide].reshape(CELLS, high // CELLS, CELLS, wide // CELLS, 3).transpose(0, 2, 1, 3, 4)
    )
    tall, broad = cells.shape[2:4]
    down = np.linspace(-1, 1, tall, dtype=np.float32)[:, None, None]
    across = np.linspace(-1, 1, broad, dtype=np.float32)[None, :, None]
    flat = cells - cells.mean((2, 3), keepdims=True)
    for slope in (down, across):  # a sky may darken towards the top
        size = float((slope**2).mean()) or 1.0
        flat = flat - (flat * slope).mean((2, 3), keepdims=True) / size * slope
    uneven = np.sqrt((flat**2).mean((2, 3))).max(-1)
    return max(0.0, 1 - 5 * float((uneven >= 1.5 * LEVEL).mean()))


# --- blurred --------------------------------------------------------------------------------------

AGAIN = 1.0  # pixels: by how much it is blurred once more
WIDEST = 2.2  # pixels: from here on the estimate says nothing but "very blurred"


def blurred(picture: Image) -> float:
    """How wide the sharpest edges are, 0 to 1: their standard deviation by 2.2 pixels of a picture whose longer side has 512.

    An edge that is blurred once more by σ₀ loses the less of its slope the wider it was: R = √(σ² + σ₀²) / σ (Zhuo, Sim, "Defocus map
    estimation from a single image", Pattern Recognition 44, 2011). That does not depend on contrast, so fog and pale washes are no blur, and of
    few edges a few are enough. Only the sharpest tenth counts: what lies behind the figures may be soft. Where there are no edges it is 0: that is "blank".
    Half, a little over a pixel, is half a millimetre on a page of 21 cm; drawn pages in all styles and photographs stay under 0.25.
    """
    import numpy as np

    grey = _grey(_shrunk(picture, SIDE))
    slope = _slope(grey)
    softer = _slope(_gaussian(grey, AGAIN))
    peaks = _ridges(slope)
    peaks[:2] = peaks[-2:] = False
    peaks[:, :2] = peaks[:, -2:] = False
    strong = slope[peaks]
    if strong.size < 50:
        return 0.0
    least = max(3 * LEVEL, 0.15 * float(np.percentile(strong, 99)))  # grain has slopes too
    kept = peaks & (slope > least)
    if kept.sum() < 50:
        return 0.0
    ratio = slope[kept] / np.maximum(softer[kept], 1e-6)
    sigma = AGAIN / np.sqrt(np.maximum(ratio**2 - 1, (AGAIN / WIDEST) ** 2))
    return min(1.0, float(np.percentile(sigma, 10)) / WIDEST)


# --- in bands -------------------------------------------------------------------------------------


def banded(picture: Image) -> float:
    """How much of a picture lies in steps that nobody painted, 0 to 1: posterised gradients, JPEG blocks, seams between tiles.

    Measured on the pixels as they are: making a picture smaller hides all three. Drawn pages and photographs stay under 0.5, a much compressed one of the moon comes near.
    """
    import numpy as np

    grey = np.asarray(picture.convert("L"), np.float32)
    if min(grey.shape) < 32:
        return 0.0
    return max(_stairs(picture), _blocks(grey), _seams(grey), _seams(grey.T))


MOST = 1024  # pixels of the longer side in which staircases are looked for


def _stairs(picture: Image) -> float:
    """The share of lines, along and across, on which a colour climbs or falls in four and more like steps between plateaus; a thirtieth is half a mark.

    Stripes go up and down and hills are of unlike steps; a gradient that was cut into few tones goes one way in equal steps. Red, green and blue are cut
    each for itself, and their sum has steps of every size.
    """
    import numpy as np
    from PIL import Image as Images
    from PIL import ImageFilter

    if max(picture.size) > MOST:  # nearest pixels: whatever mixes them would fill the steps
        size = [max(1, round(one * MOST / max(picture.size))) for one in picture.size]
        picture = picture.resize((size[0], size[1]), Images.Resampling.NEAREST)
    still = np.asarray(picture.filter(ImageFilter.MedianFilter(5)), np.float32)  # grain frays steps
    shares = []
    for plane in (still[..., 0], still[..., 1], still[..., 2]):
        lines = [*plane[:: max(1, plane.shape[0] // 64)], *plane.T[:: max(1, plane.shape[1] // 64)]]
        shares.append(sum(map(_climbing, lines)) / sum(map(len, lines)))
    return min(1.0, 16 * max(shares))


def _climbing(line: Grey, least: int = 4) -> int:
    """How many pixels of one line lie in staircases."""
    import numpy as np

    steps = np.diff(line)
    at = np.flatnonzero(np.abs(steps) > 1.5)
    if at.size < least:
        return 0
    groups = np.split(at, np.flatnonzero(np.diff(at) > 1) + 1)  # a step may take several pixels
    rises = np.array([steps[one].sum() for one in groups])
    starts = np.array([one[0] for one in groups])
    ends = np.array([one[-1] + 1 for one in groups])
    tread = starts[1:] - ends[:-1]
    drift = np.array([np.ptp(line[a : b + 1]) for a, b in zip(ends[:-1], starts[1:], strict=True)])
    small = (np.abs(rises) >= 2.5) & (np.abs(rises) <= 40) & (ends - starts <= 4)
    like = np.maximum(np.abs(rises[1:]), np.abs(rises[:-1])) <= 2 * np.minimum(np.abs(rises[1:]), np.abs(rises[:-1]))  # fmt: skip
    on = small[1:] & small[:-1] & (rises[1:] * rises[:-1] > 0) & like & (tread >= 4) & (drift <= 1.5)
    found, run, begun = 0, 0, 0
    for index in range(on.size + 1):
        if index < on.size and on[index]:
            begun = begun if run else index
            run += 1
            continue
        if run >= least - 1:
            found += int(ends[index] - starts[begun])
        run = 0
    return found


BLOCK = 8  # pixels; JPEG's


def _blocks(grey: Grey) -> float:
    """How much more neighbours differ across a grid of 8 pixels than elsewhere, by 5 grey levels; wherever the grid begins.

    After Wang, Sheikh, Bovik, "No-reference perceptual quality assessment of JPEG compressed images", ICIP 2002; strong edges are left out.
    """
    import numpy as np

    found = 1.0
    for lines in (grey, grey.T):
        steps = np.abs(np.diff(lines, axis=1))
        beyond = steps[:, 1:-1] - (steps[:, :-2] + steps[:, 2:]) / 2
        beyond = np.where(np.maximum(steps[:, :-2], steps[:, 2:]) < 16, np.clip(beyond, -16, 16), 0)
        by_column = beyond.mean(0)
        whole = by_column[: by_column.size // BLOCK * BLOCK].reshape(-1, BLOCK)
        phases = np.median(whole, 0)  # most columns, so that one long wall is not taken for a grid
        ordered = np.sort(phases)
        found = min(found, float(ordered[-1] - ordered[:-1].mean()) / 5)
    return max(0.0, found)


def _seams(grey: Grey) -> float:
    """The share of the surest upright line at which everything, whatever it is, becomes lighter or darker by the same little; 0 where it is under 2 levels.

    The line of a horizon or wall parts two even colours and is hidden by what stands before it; a seam runs through all of them.
    """
    import numpy as np

    if grey.shape[1] < 32:
        return 0.0
    before, step, after = (grey[:, a + 2 : a - 6] - grey[:, a : a - 8] for a in (1, 3, 5))
    own = step - (before + after) / 2
    middle = np.median(own, 0)
    alike = np.abs(own - middle) <= np.maximum(1.0, 0.5 * np.abs(middle))
    share = np.where((np.abs(middle) >= 2) & (np.abs(middle) <= 20), alike.mean(0), 0.0)
    share[:8] = share[-8:] = 0.0
    for at in np.argsort(share)[::-1][:12]:
        if share[at] < 0.4:
            break
        rows = grey[alike[:, at]]
        low, high = np.percentile(rows[:, at + 4], (15, 85))
        beyond = float(np.median(rows[:, at + 9] - rows[:, at - 1]))  # behind a line it is as before
        stays = beyond * middle[at] > 0 and abs(beyond) >= 0.5 * abs(middle[at])
        if high - low > 24 and stays:
            return float(share[at])
    return 0.0


# --- noise ----------------------------------------------------------------------------------------


def noise(picture: Image) -> float:
    """How much a picture is noise and nothing else, 0 to 1: neighbours differ as much as what lies far apart, everywhere alike.

    Looked for between pixels and, in colour, between patches an 64th of the picture wide, as latents come out that were never cleaned. Gravel and grass that
    fill a photograph stay under 0.25, noise alone is above 0.7; half is a picture of which two thirds are noise.
    """
    return max(_unlike_neighbours(picture, SIDE, colour=False), _unlike_neighbours(picture, 64, colour=True))


def _unlike_neighbours(picture: Image, side: int, colour: bool) -> float:
    """Von Neumann's ratio, the mean squared difference of neighbours by twice the variance, in the least noisy tenth of all cells; 1 for white noise."""
    import numpy as np

    seen = _array(_shrunk(picture, side))
    if min(seen.shape[:2]) < 16:
        return 0.0
    grey = seen.mean(2)
    planes = [seen[..., 0] - seen[..., 1], seen[..., 2] - grey] if colour else [grey]
    return min(_von_neumann(np.asarray(plane, np.float32), 5 if colour else 8) for plane in planes)


def _von_neumann(plane: Grey, cells: int) -> float:
    import numpy as np

    rows = np.array_split(np.arange(plane.shape[0]), cells)
    columns = np.array_split(np.arange(plane.shape[1]), cells)
    ratios = []
    for row in rows:
        for column in columns:
            cell = plane[row[0] : row[-1] + 1, column[0] : column[-1] + 1]
            spread = float(cell.var())
            unlike = (float((np.diff(cell, axis=0) ** 2).mean()) + float((np.diff(cell, axis=1) ** 2).mean())) / 2  # fmt: skip
            ratios.append(unlike / (2 * spread) if spread > (8 * LEVEL) ** 2 else 0.0)
    return min(1.0, float(np.percentile(ratios, 10)))


# --- copies ---------------------------------------------------------------------------------------

COARSE, FINE = (
    56,
    112,
)  # pixels of the picture's longer side: where a copy is looked for, and where it is measured
CORE = 0.7  # of the width and height that must be found again: borders are cut off, people are not
GRID = 1.13  # from one scale to the next
INWARD, OUTWARD = (
    (0.35, 1.4),
    (0.8, 3.0),
)  # scales: the reference inside the picture, the picture inside the reference
NEAR = (0.94, 0.97, 1.0, 1.03, 1.06)


def pasted(picture: Image, reference: Image) -> float:
    """How nearly the picture, or a part of it, is the reference, or a part of that, 0 to 1: the best correlation over shifts, scales and mirrors, above 0.5.

    Correlated is what is left of the lightness between two blurs, so that exposure and a coloured ground say nothing (normalised
    cross-correlation: Lewis, "Fast normalized cross-correlation", 1995). Half stands for a correlation of 0.75: other photos, of the same person too, stay
    under 0.6, and a copy that was cut, scaled, mirrored, lightened and saved as JPEG of quality 30 is above 0.9.
    """
    from PIL import ImageOps

    picture = _shrunk(picture.convert("L"), 2 * FINE)
    reference = _shrunk(reference.convert("L"), 4 * FINE)
    sides = (reference, ImageOps.mirror(reference))
    tried = [
        (_found_again(picture, other, scale, inward, COARSE), scale, turned, inward)
        for turned, other in enumerate(sides)
        for inward, (least, most) in ((True, INWARD), (False, OUTWARD))
        for scale in _scales(least, most)
    ]
    tried.sort(reverse=True)
    best = max(
        _found_again(picture, sides[turned], scale * factor, inward, FINE)
        for _, scale, turned, inward in tried[:5]
        for factor in NEAR
    )
    return min(1.0, max(0.0, 2 * best - 1))


def _scales(least: float, most: float) -> list[float]:
    count = int(math.log(most / least) / math.log(GRID)) + 1
    return [least * GRID**number for number in range(count)]


def _found_again(picture: Image, reference: Image, scale: float, inward: bool, side: int) -> float:
    """The best correlation of the reference's core anywhere in the picture (`inward`), or of the picture's core anywhere in the reference.

    `scale` is the reference's longer side by the picture's, which gets `side` pixels.
    """
    sized = _shrunk(picture, side, larger=True)
    other = _shrunk(reference, round(side * scale), larger=True)
    ground, thing = (sized, other) if inward else (other, sized)
    field, part = _between(_grey(ground)), _core(_between(_grey(thing)))
    if part.shape[0] > field.shape[0] or part.shape[1] > field.shape[1] or min(part.shape) < 12:
        return 0.0
    return _correlation(field, part)


def _between(grey: Grey) -> Grey:
    """What changes over a few pixels: neither grain nor ground."""
    found: Grey = _gaussian(grey, 0.8) - _gaussian(grey, 4.0)
    return found


def _core(grey: Grey) -> Grey:
    high, wide = grey.shape
    top, left = round(high * (1 - CORE) / 2), round(wide * (1 - CORE) / 2)
    return grey[top : high - top, left : wide - left]


def _correlation(field: Grey, part: Grey) -> float:
    import numpy as np

    wanted = part - part.mean()
    energy = float((wanted**2).sum())
    if energy < part.size * (1.5 * LEVEL) ** 2:  # nothing to be recognised by
        return 0.0
    shape = field.shape
    spectrum = np.fft.rfft2(field) * np.conj(np.fft.rfft2(wanted, shape))
    rows, columns = shape[0] - part.shape[0] + 1, shape[1] - part.shape[1] + 1
    match = np.fft.irfft2(spectrum, shape)[:rows, :columns]
    total, squares = _window(field, part.shape), _window(field**2, part.shape)
    own = np.maximum(squares - total**2 / part.size, 0.1 * energy)  # an empty place matches nothing
    return float((match / np.sqrt(own * energy)).max())


def _window(field: Grey, shape: tuple[int, ...]) -> Any:
    """The sum of each window of that shape."""
    import numpy as np

    sums = np.pad(field.astype(np.float64).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    high, wide = shape
    return sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide]


# --- heads ----------------------------------------------------------------------------------------

LOST = 0.6  # of a head: it is gone
EDGE = 0.004  # of the picture: nearer than this is at the edge
ROUND = 0.9  # a head with its hair is at least so high as it is wide, and so wide as it is high: of those drawn nine of ten are


def cut_heads(figures: Sequence[Seen]) -> tuple[float | None, ...]:
    """For each figure how much of its head lies beyond the picture's edge, 0 to 1 by 0.6 of it: half is 0.3, hair may leave the page, eyes may not. None where no head was read.

    Boxes may run over the edge or end at it: of one that ends there the missing part is what it lacks to be as high as it is wide.
    """
    return tuple(_cut(one) for one in figures)


def _cut(figure: Seen) -> float | None:
    head = figure.head
    if head is None or head.w <= 0 or head.h <= 0:
        return None
    seen_wide = min(head.right, 1.0) - max(head.x, 0.0)
    seen_high = min(head.bottom, 1.0) - max(head.y, 0.0)
    if seen_wide <= 0 or seen_high <= 0:
        return 1.0
    wide, high = head.w, head.h
    if head.y <= EDGE or head.bottom >= 1 - EDGE:
        high = max(high, ROUND * wide)
    if head.x <= EDGE or head.right >= 1 - EDGE:
        wide = max(wide, ROUND * high)
    return min(1.0, max(0.0, 1 - (seen_wide * seen_high) / (wide * high)) / LOST)


# --- pixels ---------------------------------------------------------------------------------------


def _shrunk(picture: Image, side: int, larger: bool = False) -> Image:
    """The picture with a longer side of so many pixels, by area; a smaller one stays, unless it may grow."""
    from PIL import Image as Images

    longest = max(picture.size)
    if longest == side or (longest < side and not larger):
        return picture
    size = tuple(max(1, round(one * side / longest)) for one in picture.size)
    how: Resampling = Images.Resampling.BOX if longest > side else Images.Resampling.BICUBIC
    return picture.resize((size[0], size[1]), how)


def _array(picture: Image) -> Any:
    import numpy as np

    return np.asarray(picture.convert("RGB"), np.float32) / 255


def _grey(picture: Image) -> Grey:
    import numpy as np

    grey: Grey = np.asarray(picture.convert("L"), np.float32) / np.float32(255)
    return grey


def _gaussian(grey: Grey, sigma: float) -> Grey:
    """Blurred by a Gaussian of that standard deviation in pixels, edges repeated."""
    import numpy as np

    reach = max(1, math.ceil(3 * sigma))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weights = (weights / weights.sum()).astype(np.float32)
    for axis in (0, 1):
        pad = [(reach, reach) if axis == one else (0, 0) for one in (0, 1)]
        wide = np.pad(grey, pad, mode="edge")
        size = grey.shape[axis]
        parts = [weights[k] * (wide[k : k + size] if axis == 0 else wide[:, k : k + size]) for k in range(2 * reach + 1)]  # fmt: skip
        grey = np.sum(parts, axis=0, dtype=np.float32)
    return grey


def _slope(grey: Grey) -> Any:
    """The steepness at each pixel, by central differences."""
    import numpy as np

    down, across = np.gradient(grey)
    return np.hypot(down, across)


def _ridges(slope: Grey) -> Any:
    """Where the slope is steepest along a row or a column: the middle of an edge."""
    import numpy as np

    found = np.zeros(slope.shape, bool)
    found[:, 1:-1] |= (slope[:, 1:-1] >= slope[:, :-2]) & (slope[:, 1:-1] > slope[:, 2:])
    found[1:-1] |= (slope[1:-1] >= slope[:-2]) & (slope[1:-1] > slope[2:])
    return found
