"""Cast: the pixels of a crop: cut out of the photo, other people masked or blurred away. Nothing is ever flipped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from storykin.cast.sighting import Crop
from storykin.scene import Box

if TYPE_CHECKING:
    from PIL import Image

Floats = NDArray[np.floating[Any]]

COARSE = 4
"""Masks are worked out at a quarter of the picture's size: their edges are soft anyway."""

BODY = 6.5
"""How many head heights a body goes on below the middle of the head (a grown-up standing)."""


def cut(photo: Image.Image, crop: Crop) -> Image.Image:
    """The crop as an RGB picture of exactly `crop.width` x `crop.height`, out of the upright photo.

    Lanczos, preceded by a whole-number reduction where the photo is much larger.
    """
    from PIL.Image import Resampling

    if photo.mode in ("P", "1", "CMYK"):
        photo = photo.convert("RGB")
    box = (
        crop.box.x * photo.width,
        crop.box.y * photo.height,
        min(photo.width, crop.box.right * photo.width),
        min(photo.height, crop.box.bottom * photo.height),
    )
    made = photo.resize((crop.width, crop.height), Resampling.LANCZOS, box=box, reducing_gap=3.0)
    return made if made.mode == "RGB" else made.convert("RGB")


def mask_of(
    photo: Image.Image,
    crop: Crop,
    person: Floats | None,
    keep: Box | None,
    others: tuple[Box, ...],
) -> Image.Image | None:
    """What is learned of a cut picture: an 8-bit grey picture of its size, white learned, black not; None when all is.

    `person` says for each part of the whole photo (rows x columns, any size) how surely it is a person, 0 to 1; None when not
    known. `keep` is the head of the character and `others` all other heads of the photo, also those outside the crop, for their
    bodies may reach into it. Heads and bodies of the others are black with soft edges; where two people meet, each
    point goes to the one whose head and trunk are nearer in units of the own head, or to the one in front.
    """
    from PIL import Image, ImageChops, ImageFilter

    frame = Box(0, 0, photo.width, photo.height)
    wide, high = max(1, crop.width // COARSE), max(1, crop.height // COARSE)
    x = (crop.box.x + (np.arange(wide) + 0.5) / wide * crop.box.w)[None, :] * frame.w
    y = (crop.box.y + (np.arange(high) + 0.5) / high * crop.box.h)[:, None] * frame.h
    mine_head, mine_body = _reach(x, y, keep, frame)
    black = np.zeros((high, wide), bool)
    for other in others:
        head, body = _reach(x, y, other, frame)
        black |= (head < 1) & (head < mine_head)
        if keep is not None and _on_chest(keep, other, frame):  # she is in front, on a lap perhaps
            his = mine_body >= 1
        elif keep is not None and _on_chest(other, keep, frame):
            his = np.ones_like(black)
        else:
            his = body < mine_body
        trunk = (body < 1) & his & (mine_head >= 1)
        black |= trunk if person is None else trunk & (_part(person, crop, wide, high) > 0.4)
    if black.mean() < 0.002:
        return None
    soft = max(2.0, min(wide, high) / 60)
    dark = Image.fromarray(np.where(black, 255, 0).astype(np.uint8))
    dark = dark.filter(ImageFilter.MaxFilter(3)).filter(ImageFilter.GaussianBlur(soft))
    # her own face stays fully learned, whatever the softening spread over it
    own = np.clip((1.0 - mine_head) / 0.15, 0, 1) * 255
    light = ImageChops.lighter(ImageChops.invert(dark), Image.fromarray(own.astype(np.uint8)))
    return light.resize((crop.width, crop.height), Image.Resampling.BICUBIC)


def _on_chest(one: Box, other: Box, frame: Box) -> bool:
    """Whether one head lies in front of the other's trunk."""
    x, y = (one.x + one.w / 2) * frame.w, (one.y + one.h / 2) * frame.h
    head, trunk = _reach(np.array([[x]]), np.array([[y]]), other, frame)
    return bool(trunk[0, 0] < 0.8 and head[0, 0] > 1)


def _reach(x: Floats, y: Floats, head: Box | None, frame: Box) -> tuple[Floats, Floats]:
    """How far each point lies from a head's oval and from the trunk below it; 1 is their edge, infinity for nobody."""
    if head is None:
        nowhere = np.full(np.broadcast_shapes(x.shape, y.shape), np.inf)
        return nowhere, nowhere
    wide, high = max(1e-6, head.w * frame.w), max(1e-6, head.h * frame.h)
    middle, centre = (head.x + head.w / 2) * frame.w, (head.y + head.h / 2) * frame.h
    # 0.58: half the head and a little for loose hair; 1.5: half the shoulders and the arms
    oval = np.hypot((x - middle) / (0.58 * wide), (y - centre) / (0.58 * high))
    off = y - np.clip(y, centre + 0.6 * high, centre + BODY * high)
    trunk = np.hypot((x - middle) / (1.5 * wide), off / (0.5 * high))
    return oval, trunk


def _part(person: Floats, crop: Crop, wide: int, high: int) -> Floats:
    """The crop's part of a mask of the whole photo, `high` x `wide`."""
    from PIL import Image

    whole = Image.fromarray(np.asarray(person, np.float32))
    box = (
        crop.box.x * whole.width,
        crop.box.y * whole.height,
        min(whole.width, crop.box.right * whole.width),
        min(whole.height, crop.box.bottom * whole.height),
    )
    return np.asarray(whole.resize((wide, high), Image.Resampling.BILINEAR, box=box))


def without_others(picture: Image.Image, crop: Crop, keep: Box | None = None) -> Image.Image:
    """The cut picture with the heads in `crop.others` blurred beyond recognition, ovals with soft edges.

    `keep` is the character's own head (fractions of the photo): it is left as it is where another head overlaps it.
    """
    made = picture
    for head in crop.others:
        made = _smeared(made, _in_picture(head, crop), _in_picture(keep, crop) if keep else None)
    return made


def _in_picture(box: Box, crop: Crop) -> Box:
    """A box of the photo in pixels of the cut picture."""
    across, down = crop.width / crop.box.w, crop.height / crop.box.h
    return Box((box.x - crop.box.x) * across, (box.y - crop.box.y) * down, box.w * across, box.h * down)


def _smeared(picture: Image.Image, head: Box, keep: Box | None) -> Image.Image:
    """One head smeared: the surroundings of the head at a few pixels, enlarged again, inside an oval."""
    from PIL import Image, ImageFilter

    area = (
        max(0, round(head.x - 0.5 * head.w)),
        max(0, round(head.y - 0.5 * head.h)),
        min(picture.width, round(head.right + 0.5 * head.w)),
        min(picture.height, round(head.bottom + 0.5 * head.h)),
    )
    if area[2] - area[0] < 1 or area[3] - area[1] < 1:
        return picture
    patch = picture.crop(area)
    blurred = patch.filter(ImageFilter.GaussianBlur(0.45 * max(head.w, head.h)))
    x = np.arange(area[0], area[2])[None, :] + 0.5
    y = np.arange(area[1], area[3])[:, None] + 0.5
    strength = np.clip((1.25 - _oval(x, y, head)) / 0.2, 0, 1)
    if keep is not None:
        mine = _oval(x, y, keep)
        strength = np.where(mine < _oval(x, y, head), strength * np.clip((mine - 1.0) / 0.1, 0, 1), strength)
    oval = Image.fromarray((strength * 255).astype(np.uint8))
    made = picture.copy()
    made.paste(blurred, area, oval)
    return made


def _oval(x: Floats, y: Floats, head: Box) -> Floats:
    """How far each pixel lies from the middle of a head; 1 is the oval that fills its box."""
    across, down = max(1e-6, head.w / 2), max(1e-6, head.h / 2)
    far: Floats = np.hypot((x - head.x - head.w / 2) / across, (y - head.y - head.h / 2) / down)
    return far
