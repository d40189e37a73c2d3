"""Cast: what surrounds a face: the whole head with its hair, colours of skin, hair and clothes, what hides it.

Works on two square cuts that the selfie net splits into person and rest; measures in units of the face. Told or None.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from storykin.cast import mesh, nets
from storykin.cast.lab import lab_of, main_colours, middle_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from storykin.cast.nets import Rectangle
    from storykin.cast.sighting import Lab

Floats = NDArray[np.floating[Any]]
Truths = NDArray[np.bool_]

SIDE = 256  # pixels of a cut
HEAD, BUST = 3.4, 6.5  # sides of the cuts in face sizes
FUZZ = 0.06  # face heights of loose hair that the mask misses
PERSON = 0.5  # of the mask
SKULL, EARS = 0.42, 0.14  # least room above the hairline and beside the face, in face heights and widths
HAT, MANE = 1.0, 0.75  # most room of both that the mask is believed
UNLIKE_SKIN = (
    15.0  # distance of Lab, lightness counting half, from which a pixel is not the same person's skin
)
UNLIKE_FOREHEAD, LIPLESS = (
    20.0,
    7.0,
)  # the same for what covers the mouth; lips differ more from what is around
COVERS_SEEN = 40  # pixels of face width from which masks and glasses are told from shadows
LIKE_HAIR = 18.0
FEWEST = 150  # pixels of a cut that a colour is measured from
NATURAL_HUES = (15.0, 115.0)  # degrees in a*b* that hair can have when its chroma says anything
HUED, GARISH, WHITE_HAT = 14.0, 48.0, 93.0  # chroma from which the hue counts; that no hair has; L* of cloth


@dataclass(frozen=True)
class Cut:
    """A square of the photo around a face: `lab` (256, 256, 3), `person` and `inside` (256, 256), `points` in its pixels;
    `across` and `down` say where each pixel is in face sizes and face heights, from the hairline, along the face."""

    lab: Floats
    person: Floats
    inside: Truths
    points: Floats
    box: Rectangle

    @cached_property
    def across(self) -> Floats:
        axis = _unit(self.points[mesh.RIGHT_EDGE, :2] - self.points[mesh.LEFT_EDGE, :2])
        return self._along(axis, mesh.face_size(self.points))

    @cached_property
    def down(self) -> Floats:
        line = self.points[mesh.CHIN, :2] - self.points[mesh.HAIRLINE, :2]
        return self._along(_unit(line), max(1.0, float(np.linalg.norm(line))))

    def _along(self, axis: Floats, unit: float) -> Floats:
        y, x = np.mgrid[:SIDE, :SIDE] + 0.5
        centre = self.points[mesh.HAIRLINE, :2]
        along: Floats = ((x - centre[0]) * axis[0] + (y - centre[1]) * axis[1]) / unit
        return along

    def polygon(self, *outlines: Sequence[int]) -> Truths:
        """The pixels inside outlines of mesh points."""
        from PIL import Image, ImageDraw

        drawn = Image.new("1", (SIDE, SIDE))
        for outline in outlines:
            ImageDraw.Draw(drawn).polygon([tuple(self.points[i, :2].tolist()) for i in outline], fill=1)
        return np.asarray(drawn, bool)


def cut_around(image: Image.Image, points: Floats, side: float, lower: float = 0.0) -> Cut:
    """The square of `side` face sizes around a face, its centre `lower` face sizes below that of the face."""
    middle = (points[mesh.HAIRLINE, :2] + points[mesh.CHIN, :2]) / 2
    size = max(mesh.face_size(points), 0.8 * float(np.linalg.norm(points[mesh.CHIN] - points[mesh.HAIRLINE])))
    half = max(4.0, side * size / 2)
    left, top = round(float(middle[0]) - half), round(float(middle[1]) - half + lower * size)
    box = (left, top, left + round(2 * half), top + round(2 * half))
    cut = image.crop(box).resize((SIDE, SIDE), 2, reducing_gap=2.0)
    scale = SIDE / (box[2] - box[0])
    placed = (points - np.array([left, top, 0])) * scale
    y, x = np.mgrid[:SIDE, :SIDE] / scale
    inside = (x + left >= 0) & (x + left < image.width) & (y + top >= 0) & (y + top < image.height)
    return Cut(lab_of(cut), nets.person_mask(image, box), inside, placed, box)


def head_box(cut: Cut, others: Sequence[Rectangle] = ()) -> Rectangle:
    """From the top of the hair or hat to the chin and past the ears or curls, in pixels of the photo; rather too
    large than too small. `others` are the meshes of other faces, whose heads are not taken for hair."""
    oval = cut.points[list(mesh.OVAL), :2]
    (left, top), (right, bottom) = oval.min(0).tolist(), oval.max(0).tolist()
    wide, high = right - left, bottom - top
    # a turned face shows less width than its head has
    short = max(0.0, 0.95 * high - wide) / 2
    ears = [left - short - EARS * wide, top - SKULL * high, right + short + EARS * wide, bottom + 0.06 * high]
    allowed = [left - short - MANE * wide, top - HAT * high, right + short + MANE * wide, ears[3]]
    scale = SIDE / (cut.box[2] - cut.box[0])
    for other in others:
        there = ((other[0] + other[2]) / 2 - cut.box[0]) * scale
        here = (left + right) / 2
        if there < here - wide / 2:
            allowed[0] = max(allowed[0], min(ears[0], (there + here) / 2))
        elif there > here + wide / 2:
            allowed[2] = min(allowed[2], max(ears[2], (there + here) / 2))
    hair = _hair_extent(cut, allowed, (left + right) / 2, wide, top + 0.8 * high)
    locks = FUZZ * high
    box = [
        min(ears[0], hair[0] - locks),
        min(ears[1], hair[1] - locks),
        max(ears[2], hair[2] + locks),
        ears[3],
    ]
    x, y = cut.box[0], cut.box[1]
    return (box[0] / scale + x, box[1] / scale + y, box[2] / scale + x, box[3] / scale + y)


def skin_colour(cut: Cut) -> Lab | None:
    """The median of forehead and cheeks without their brightest and darkest fifths; None when too little is seen."""
    pixels = cut.lab[cut.polygon(mesh.FOREHEAD, mesh.LEFT_CHEEK, mesh.RIGHT_CHEEK) & cut.inside]
    if len(pixels) < FEWEST / 3:
        return None
    low, high = np.percentile(pixels[:, 0], (20, 80))
    return middle_of(pixels[(pixels[:, 0] >= low) & (pixels[:, 0] <= high)])


def hair_colour(cut: Cut, skin: Lab | None) -> Lab | None:
    """The median of what is the person's but not skin above and beside the forehead; None for hats, bald heads and
    hair that the photo cuts off."""
    if skin is None:
        return None
    where = (cut.person > 0.7) & ~_grown(cut.polygon(mesh.OVAL), 2)
    above = (cut.down > -0.45) & (cut.down < 0.0) & (abs(cut.across) < 0.6)
    beside = (cut.down >= 0.0) & (cut.down < 0.3) & (abs(cut.across) < 0.75)
    region = where & (above | beside)
    if (region & ~cut.inside).sum() > 0.5 * region.sum():
        return None
    pixels = cut.lab[region & cut.inside]
    hair = pixels[_distance(pixels, skin) > UNLIKE_SKIN]
    if len(hair) < max(FEWEST, 0.2 * len(pixels)):
        return None
    colour = main_colours(hair, 1)[0]
    return colour if _may_be_hair(colour) else None


def is_long_haired(cut: Cut, hair: Lab | None, skin: Lab | None, yaw: float) -> bool | None:
    """Whether hair hangs beside cheek and neck, on the side that is seen; None when the photo does not show it."""
    if hair is None or skin is None:
        return None
    like = (cut.person > 0.6) & (_distance(cut.lab, hair) < LIKE_HAIR)
    like &= _distance(cut.lab, hair) < _distance(cut.lab, skin)
    temple = (cut.down > 0.2) & (cut.down <= 0.5)
    cheek = (cut.down > 0.5) & (cut.down < 0.95)
    neck = (cut.down > 0.95) & (cut.down < 1.3)
    sides, temples = [], []
    for sign in (-1, 1):
        if sign * yaw > 25:
            continue  # the far side of a turned head hides what hangs there
        edge = abs(cut.across[cut.polygon(mesh.OVAL) & (sign * cut.across > 0)]).max(initial=0.4)
        strip = (sign * cut.across > edge - 0.05) & (sign * cut.across < edge + 0.3)
        if (neck & strip & ~cut.inside).sum() > 0.4 * max(1, (neck & strip).sum()):
            continue
        low = neck & (sign * cut.across > edge - 0.3) & (sign * cut.across < edge + 0.3)
        sides.append(min(_share(like, cheek & strip), _share(like, low)))
        temples.append(_share(like, temple & strip))
    # hair comes down from the temples; a dark collar does not
    return None if not sides else max(sides) > 0.3 and max(temples) > 0.2


def clothes_colours(
    cut: Cut, skin: Lab | None, hair: Lab | None, others: Sequence[Rectangle] = ()
) -> tuple[Lab, ...]:
    """One to three colours of what the person wears below the chin; none when the photo does not show it."""
    torso = (cut.down > 1.22) & (cut.down < 3.6) & (abs(cut.across) < 1.3)
    # beside the neck there is background that the mask takes along
    torso &= abs(cut.across) < 0.35 + 1.1 * (cut.down - 1.0)
    where = torso & (cut.person > 0.6) & cut.inside & ~_boxes(cut, others)
    distance = np.full(where.shape, np.inf) if skin is None else _distance(cut.lab, skin)
    where &= distance > UNLIKE_SKIN
    if hair is not None and where.any():
        locks = where & (cut.down < 2.2) & (_distance(cut.lab, hair) < 10)
        if locks.sum() < 0.6 * where.sum():
            where &= ~locks
    return main_colours(cut.lab[where], 3) if where.sum() > 2 * FEWEST else ()


def covering(cut: Cut, skin: Lab | None) -> float:
    """How much of the face seems hidden, 0 to 1: by a mask or scarf over the mouth, or by dark glasses.

    Told from colours alone: something below the nose that has not the colour of the forehead and hides the lips
    (beards do not), and sockets that are one dark patch. A hand of the same skin is not noticed.
    """
    pixels = mesh.face_size(cut.points) * (cut.box[2] - cut.box[0]) / SIDE
    if skin is None or pixels < COVERS_SEEN:
        return 0.0
    return round(max(0.6 * _masked(cut), 0.5 * dark_glasses(cut, skin)), 2)


def _masked(cut: Cut) -> float:
    """The share of the lower face that is neither of the forehead's colour nor around lips of another colour."""
    lips = cut.polygon(mesh.LIPS)
    forehead = cut.lab[cut.polygon(mesh.FOREHEAD) & cut.inside]
    lower = cut.lab[cut.polygon(mesh.LOWER_FACE) & ~_grown(lips, 2) & cut.inside]
    mouth = cut.lab[lips & cut.inside]
    if min(map(len, (forehead, lower, mouth))) < 20:
        return 0.0
    strange = float(np.mean(_distance(lower, middle_of(forehead)) > UNLIKE_FOREHEAD))
    hides = float(_distance(np.median(mouth, 0), middle_of(lower))) < LIPLESS
    return strange if hides and strange > 0.65 else 0.0


def dark_glasses(cut: Cut, skin: Lab) -> float:
    """The share of the sockets that is one dark patch, when both are."""
    shares = []
    for socket in (mesh.LEFT_SOCKET, mesh.RIGHT_SOCKET):
        pixels = cut.lab[cut.polygon(socket)]
        if len(pixels) < 20:
            return 0.0
        shares.append(float(np.mean(pixels[:, 0] < 0.5 * skin[0])))
    return min(shares) if min(shares) > 0.5 else 0.0


def _hair_extent(
    cut: Cut, allowed: Sequence[float], centre: float, wide: float, lowest: float
) -> list[float]:
    """How far the person's silhouette around the face reaches left, up and right, within what is allowed."""
    left, top, right = (int(max(0, min(SIDE - 1, side))) for side in allowed[:3])
    bottom = int(max(top + 1, min(SIDE, lowest)))
    person = (cut.person > PERSON)[top:bottom, left : right + 1]
    if not person.size:
        return [centre, bottom, centre]
    band = [x for x in range(person.shape[1]) if abs(x + left - centre) < 0.45 * wide]
    if not band:
        return [centre, bottom, centre]
    rows = person[:, band].mean(1)
    full = np.flatnonzero(rows[::-1] < 0.2)  # upwards from the face to the first row that is not the person's
    up = bottom - int(full[0]) if len(full) else top
    if up - top >= len(person):
        return [centre, up, centre]
    columns = person[max(0, up - top) :].mean(0)
    seen = np.flatnonzero(columns > 0.12)
    if not len(seen):
        return [centre, up, centre]
    # the person's own shoulders and strangers behind are no curls: outward from the middle to the first gap
    middle = int(centre) - left
    gaps = np.flatnonzero(columns <= 0.12)
    before, after = gaps[gaps < middle], gaps[gaps > middle]
    return [
        left + (int(before[-1]) + 1 if len(before) else 0),
        up,
        left + (int(after[0]) if len(after) else len(columns)),
    ]


def _may_be_hair(colour: Lab) -> bool:
    """False for what only hats and scarves are: garish, green, blue, or white as paper."""
    lightness, a, b = colour
    chroma, hue = float(np.hypot(a, b)), float(np.degrees(np.arctan2(b, a)))
    return (
        lightness < WHITE_HAT
        and chroma < GARISH
        and (chroma < HUED or NATURAL_HUES[0] < hue < NATURAL_HUES[1])
    )


def _distance(pixels: Floats, colour: Lab) -> Floats:
    """Distance of Lab in which lightness counts half: light and shade are not another colour."""
    return np.asarray(np.sqrt((((pixels - np.array(colour)) * (0.5, 1, 1)) ** 2).sum(-1)))


def _boxes(cut: Cut, boxes: Sequence[Rectangle]) -> Truths:
    """The pixels of the cut inside rectangles of the photo."""
    found = np.zeros((SIDE, SIDE), bool)
    scale = SIDE / (cut.box[2] - cut.box[0])
    for box in boxes:
        left, right = (int(max(0, (x - cut.box[0]) * scale)) for x in (box[0], box[2]))
        top, bottom = (int(max(0, (y - cut.box[1]) * scale)) for y in (box[1], box[3]))
        found[top:bottom, left:right] = True
    return found


def _grown(where: Truths, reach: int) -> Truths:
    """The region and what lies up to `reach` pixels beside it."""
    from PIL import Image, ImageFilter

    return (
        np.asarray(Image.fromarray(where.astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(2 * reach + 1)))
        > 0
    )


def _share(where: Truths, region: Truths) -> float:
    return float(where[region].mean()) if region.any() else 0.0


def _unit(vector: Floats) -> Floats:
    return vector / max(1e-6, float(np.linalg.norm(vector)))
