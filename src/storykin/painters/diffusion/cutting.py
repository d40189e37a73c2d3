"""Painters, diffusion: pieces of a picture: the size at which a base paints, masks with soft edges, and figures cut out, painted from near by and put back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storykin.families import Painting
from storykin.scene import Box
from storykin.shot import CloseUp

if TYPE_CHECKING:
    from PIL import Image

ROOM = 1.1  # of the area that a base likes best, above which a picture is painted smaller and enlarged
EDGE = 0.02  # of the longer side: how far a mask goes beyond the figure, and how softly it ends
OUTLINE = 0.06  # of a view's longer side: how far it goes where the figure's outline is known


@dataclass(frozen=True)
class Cut:
    """A piece of a picture: where it lies (left, top, right, bottom in pixels), what is there, how far new pixels count there (0 to 255), and start and mask at the size at which it is painted."""

    there: tuple[int, int, int, int]
    before: Image.Image
    inside: Image.Image
    start: Image.Image
    mask: Image.Image


def cut_out(
    picture: Image.Image,
    closeup: CloseUp,
    painting: Painting,
    figure: Image.Image | None = None,
    drawn: Image.Image | None = None,
) -> Cut:
    """The view of a close-up. With the figure's mask new pixels keep to its outline, and of `drawn` (both of the whole page) it begins with the figure."""
    from PIL import Image, ImageChops

    assert closeup.view is not None
    assert closeup.region is not None
    there = _pixels(closeup.view, picture.size)
    before = start = picture.crop(there)
    inside = mask_of(_within(closeup.region, closeup.view), before.size)
    if figure is not None:
        outline = figure.convert("L").resize(picture.size, Image.Resampling.BILINEAR).crop(there)
        inside = ImageChops.multiply(inside, _grown(outline))
        if drawn is not None:
            start = Image.composite(drawn.crop(there), before, outline)
    size = size_within(*_scaled(before.size, painting.side), painting)
    mask = inside.resize(size).point(lambda value: 255 * (value > 0))
    return Cut(there, before, inside, start.resize(size, Image.Resampling.LANCZOS), mask)


def put_back(picture: Image.Image, cut: Cut, painted: Image.Image) -> Image.Image:
    """The picture with a piece of it painted anew."""
    made = picture.copy()
    made.paste(merged(cut.before, painted, cut.inside), cut.there[:2])
    return made


def size_within(width: int, height: int, painting: Painting) -> tuple[int, int]:
    """The size in pixels that is painted for a picture of that size: as it is, to the next multiple, or smaller where a base was never taught so many pixels."""
    grain, best = painting.grain, painting.side**2
    if width * height > ROOM * best:
        scale = math.sqrt(best / (width * height))
        return tuple(max(grain, int(side * scale) // grain * grain) for side in (width, height))  # type: ignore[return-value]
    return tuple(-(-side // grain) * grain for side in (width, height))  # type: ignore[return-value]


def mask_of(region: Box, size: tuple[int, int]) -> Image.Image:
    """White inside the region and a little beyond."""
    from PIL import Image, ImageDraw

    wide, high = size
    edge = EDGE * max(size)
    mask = Image.new("L", size, 0)
    box = (
        region.x * wide - edge,
        region.y * high - edge,
        (region.x + region.w) * wide + edge,
        (region.y + region.h) * high + edge,
    )
    ImageDraw.Draw(mask).rectangle(box, fill=255)
    return mask


def merged(before: Image.Image, painted: Image.Image, mask: Image.Image | None) -> Image.Image:
    """The new figure in the old picture, with soft edges; outside nothing changes by a bit of the VAE's."""
    from PIL import Image, ImageFilter

    assert mask is not None
    soft = mask.filter(ImageFilter.GaussianBlur(EDGE * max(mask.size) / 2))
    return Image.composite(painted.resize(before.size), before, soft)


def _grown(outline: Image.Image) -> Image.Image:
    """A figure's outline and a little beyond."""
    from PIL import ImageFilter

    soft = outline.filter(ImageFilter.GaussianBlur(OUTLINE * max(outline.size) / 2))
    return soft.point(lambda value: 255 * (value > 8))


def _pixels(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a box in a picture of that size."""
    wide, high = size
    return (
        max(0, round(box.x * wide)),
        max(0, round(box.y * high)),
        min(wide, round(box.right * wide)),
        min(high, round(box.bottom * high)),
    )


def _scaled(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size of that shape whose area a base likes best."""
    width, height = size
    by = side / math.sqrt(width * height)
    return max(1, round(width * by)), max(1, round(height * by))


def _within(region: Box, view: Box) -> Box:
    """A region of the page as it lies in a view of it."""
    return Box(
        (region.x - view.x) / view.w, (region.y - view.y) / view.h, region.w / view.w, region.h / view.h
    )
