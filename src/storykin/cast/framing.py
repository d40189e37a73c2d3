"""Cast: where to cut: rectangles of a photo that become training pictures. Pure geometry, no pixels are touched.

A crop has exactly the aspect of its bucket, lies wholly inside the photo (no bars), keeps the whole head with some
air around it, and leaves other people's heads outside where it can.
"""

import math
from dataclasses import replace

from storykin.cast.fitting import (
    MOST,
    SLIVER,
    SMALLEST,
    Wish,
    buckets,
    crop_from,
    into,
    others_of,
    photo_of,
    pixels,
    price_of,
    search,
)
from storykin.cast.sighting import Crop, Face, Sighting
from storykin.errors import BadInput
from storykin.scene import Box

__all__ = ["MOST", "SMALLEST", "buckets", "crop_at", "crops_of", "cut_off", "whole_of"]

LOST = 0.08
"""How much of a head may lie outside the photo at the sides or below before it counts as cut off."""


def cut_off(face: Face) -> float:
    """How much of the head is cut off by the photo's own border: 0 (none of it) to 1.

    1 when the face itself, brows to chin, is cut, or when more than `LOST` of the head lies outside at a side or below:
    nothing is offered then. Hair and forehead missing at the top is common in selfies: such a photo can be used, but ranks lower.
    A head box that only touches the top border counts as 0.05, for nobody knows what was above.
    """
    head, at = face.head, face.box
    if head.w <= 0 or head.h <= 0:
        return 1.0
    slack_x, slack_y = 0.03 * at.w, 0.03 * at.h
    if at.x < -slack_x or at.y < -slack_y or at.right > 1 + slack_x or at.bottom > 1 + slack_y:
        return 1.0
    beside = (max(0.0, -head.x) + max(0.0, head.right - 1)) / head.w
    below, above = max(0.0, head.bottom - 1) / head.h, max(0.0, -head.y) / head.h
    if beside + below > LOST:
        return 1.0
    return min(1.0, max(beside + below + above, 0.05 if head.y <= 0 else 0.0))


def crops_of(sighting: Sighting, face: int | None, resolution: int) -> tuple[Crop, ...]:
    """All framings the photo can give of that face, best first; () when there is none.

    "close-up" is the head and a little shoulder (the head fills 45 to 60 % of the height; more only when the photo itself is
    narrower), "half body" reaches to the waist (25 to 35 %), "full body" to the feet and is offered only when they, or at
    least the knees, are in the photo. Photos without a face (`face` None) give a "close-up" of what stands out, and the "whole".
    Best is: no strangers' heads, natural place and headroom, full resolution.
    """
    if sighting.refused or sighting.width < 1 or sighting.height < 1:
        return ()
    if face is None:
        return _of_subject(sighting, resolution)
    if cut_off(sighting.faces[face]) >= 1:
        return ()
    others = others_of(sighting, face)
    found = [search(wish, sighting, others, resolution) for wish in _wishes(sighting, face)]
    if found[0] is None:
        found[0] = search(_tight(_wishes(sighting, face)[0]), sighting, others, resolution)
    return _best_first(found)


def whole_of(sighting: Sighting, face: int | None, resolution: int) -> tuple[Crop, ...]:
    """As much of the photo as a bucket's aspect allows, with all of the head in it, for those who want nothing cut.

    () where `crops_of` has none; what that has where the head fits into no such crop.
    """
    cut = crops_of(sighting, face, resolution)
    if not cut:
        return ()
    photo = photo_of(sighting)
    who = sighting.subject if face is None else sighting.faces[face].head
    inside = _clip(pixels(who, sighting), photo) if who else photo
    aspect = into(photo.w / photo.h, 0.5, 2)
    centre = photo.w / 2, photo.h / 2
    found = search(
        Wish("whole", inside, photo, (0, photo.h, photo.h), centre, aspect=aspect), sighting, (), resolution
    )
    if found is None:
        return cut
    _, crop = found
    made, others = pixels(crop.box, sighting), others_of(sighting, face)
    framing = crop.framing if face is None else _named(sighting, made, face)
    return (crop_from(framing, made, (crop.width, crop.height), sighting, others),)


def crop_at(
    sighting: Sighting, box: tuple[float, float, float, float], resolution: int, face: int | None
) -> Crop:
    """The crop nearest to a rectangle (left, top, width, height; fractions) drawn by hand.

    It has a bucket's exact aspect, keeps as much of the rectangle as the photo's borders allow and adds as little as it can.
    Raises `BadInput` when the rectangle is empty, runs out of the photo or is too small to be enlarged by `MOST`.
    """
    drawn = _checked(sighting, box)
    wide, high = sighting.width, sighting.height
    others = others_of(sighting, face)
    best: tuple[float, Box, tuple[int, int]] | None = None
    for size in buckets(resolution):
        aspect = size[0] / size[1]
        low = size[1] / MOST
        top = min(high, wide / aspect)
        if low > top:
            continue
        h = min(max(drawn.h, drawn.w / aspect, low), top)
        w = h * aspect
        x = into(drawn.x + (drawn.w - w) / 2, 0, wide - w)
        y = into(drawn.y + (drawn.h - h) / 2, 0, high - h)
        made = Box(x, y, w, h)
        area = drawn.w * drawn.h
        lost, added = 1 - drawn.overlap(made), w * h * (1 - made.overlap(drawn)) / area
        cost = 4 * lost + added + price_of(size, h, resolution)
        if best is None or cost < best[0] - SLIVER:
            best = cost, made, size
    if best is None:
        raise _too_small(sighting, drawn)
    _, made, size = best
    return crop_from(_named(sighting, made, face), made, size, sighting, others)


def _checked(sighting: Sighting, box: tuple[float, float, float, float]) -> Box:
    """The rectangle in pixels. Raises `BadInput`."""
    x, y, w, h = box
    where = f"{sighting.name or 'the photo'}: the rectangle {x:g}, {y:g}, {w:g}, {h:g}"
    hint = "give left, top, width and height as fractions of the photo, for instance 0.2, 0.1, 0.5, 0.6"
    if not all(math.isfinite(part) for part in box) or w <= 0 or h <= 0:
        raise BadInput(f"{where} is empty", hint)
    if x < -1e-3 or y < -1e-3 or x + w > 1 + 1e-3 or y + h > 1 + 1e-3:
        raise BadInput(f"{where} runs out of the photo, which goes from 0 to 1", hint)
    left, top = max(0.0, x), max(0.0, y)
    drawn = Box(
        left * sighting.width,
        top * sighting.height,
        (min(1.0, x + w) - left) * sighting.width,
        (min(1.0, y + h) - top) * sighting.height,
    )
    # half a pixel of grace: fractions are written with few digits
    if min(drawn.w, drawn.h) < SMALLEST / MOST - 0.5:
        raise _too_small(sighting, drawn)
    return drawn


def _too_small(sighting: Sighting, drawn: Box) -> BadInput:
    least = math.ceil(SMALLEST / MOST)
    return BadInput(
        f"{sighting.name or 'the photo'}: the rectangle is {drawn.w:.0f} x {drawn.h:.0f} pixels of a photo of "
        f"{sighting.width} x {sighting.height}; at least {least} x {least} are needed",
        "draw a larger rectangle, or take a larger copy of the photo",
    )


def _named(sighting: Sighting, made: Box, face: int | None) -> str:
    """Which framing a rectangle drawn by hand amounts to."""
    if face is None:
        return "whole" if made.w * made.h > 0.8 * sighting.width * sighting.height else "close-up"
    head = sighting.faces[face].head.h * sighting.height / made.h
    return "close-up" if head > 0.4 else "half body" if head > 0.2 else "full body"


def _wishes(sighting: Sighting, face: int) -> list[Wish]:
    """The framings of a person; those whose body parts are not in the photo are left out."""
    seen = sighting.faces[face]
    whole, head = photo_of(sighting), pixels(seen.head, sighting)
    # room in the direction of the look: the head moves a little to the other side, at 45 degrees onto the third
    aside = 0.5 - into(seen.yaw / 45, -1, 1) * 0.1
    close = Wish(
        "close-up",
        _clip(_grown(head, 0.02), whole),
        _clip(_grown(head, 0.1), whole),
        (head.h / 0.6, head.h / 0.52, head.h / 0.45),
        (head.x + head.w / 2, head.y),
        (aside, 0.14),
        0.85,
    )
    wishes = [close]
    feet = _feet(sighting, face)
    if abs(seen.roll) > 50:  # lying: the body is not below the head
        return wishes
    broad = Box(head.x - 0.9 * head.w, head.y - 0.08 * head.h, 2.8 * head.w, head.h)
    waist = head.bottom + 1.2 * head.h
    if waist <= min(feet, whole.bottom):
        wishes.append(
            replace(
                close,
                framing="half body",
                inside=_down_to(close.inside, waist),
                airy=_clip(_down_to(broad, waist), whole),
                heights=(head.h / 0.35, head.h / 0.30, head.h / 0.25),
                seat=(aside, 0.12),
                aspect=0.75,
            )
        )
    if _reaches_down(sighting, face, feet):
        span = feet - head.y
        wishes.append(
            replace(
                close,
                framing="full body",
                inside=_down_to(close.inside, feet),
                airy=_clip(_down_to(_spread(sighting, broad), feet + 0.03 * span), whole),
                heights=(span, span / 0.9, span * 1.6),
                seat=(aside, 0.06),
                aspect=0.67,
            )
        )
    return wishes


def _tight(close: Wish) -> Wish:
    """A close-up for a photo that itself shows little more than the head."""
    least, _, _ = close.heights
    return replace(close, heights=(close.inside.h, least, least))


def _feet(sighting: Sighting, face: int) -> float:
    """Where the body ends, in pixels from the top: the person box's end, but never more than 7.5 heads in all (a grown-up
    standing; the person box may be somebody else's)."""
    head = pixels(sighting.faces[face].head, sighting)
    end = sighting.person.bottom * sighting.height if sighting.person else sighting.height
    return max(head.bottom, min(end, sighting.height, head.y + 7.5 * head.h))


def _reaches_down(sighting: Sighting, face: int, feet: float) -> bool:
    """Whether so much of the body is in the photo that it can be called "full body".

    A grown-up is 7 to 8 heads tall, a child of six 6, one of two 4 to 5. With ground below the feet 4 heads are enough;
    cut off by the photo's border it must be 5.5 (the knees of a grown-up are in), and 6 when no person box was found.
    """
    head = pixels(sighting.faces[face].head, sighting)
    tall = (feet - head.y) / head.h
    if sighting.person is None:
        return tall >= 6
    return tall >= (4 if sighting.person.bottom < 0.97 else 5.5)


def _spread(sighting: Sighting, broad: Box) -> Box:
    """The width of the person with the arms: known only when nobody else can be part of the person box."""
    if sighting.person is None or len(sighting.faces) != 1:
        return broad
    person = pixels(sighting.person, sighting)
    left, right = min(broad.x, person.x), max(broad.right, person.right)
    return Box(left, broad.y, right - left, broad.h)


def _of_subject(sighting: Sighting, resolution: int) -> tuple[Crop, ...]:
    """Framings of a pet, a toy or a drawing."""
    photo, others = photo_of(sighting), others_of(sighting, None)
    subject = _clip(pixels(sighting.subject, sighting), photo) if sighting.subject else photo
    if subject.w < 1 or subject.h < 1:
        subject = photo
    aspect = into(subject.w / subject.h, 0.5, 2)
    centre = (subject.x + subject.w / 2, subject.y + subject.h / 2)
    tall = max(subject.h, subject.w / aspect)
    close = Wish(
        "close-up",
        subject,
        _clip(_grown(subject, 0.08), photo),
        (tall, tall / 0.84, tall / 0.7),
        centre,
        aspect=aspect,
    )
    whole = Wish(
        "whole", subject, photo, (0, photo.h, photo.h), centre, aspect=into(photo.w / photo.h, 0.5, 2)
    )
    found = [search(whole, sighting, others, resolution)]
    if found[0] is None:  # the subject is longer than the longest bucket: its middle, and as much as fits
        middle = Box(*centre, 0, 0)
        found = [search(replace(whole, inside=middle), sighting, others, resolution)]
    if subject.w * subject.h < 0.55 * photo.w * photo.h:
        found.insert(0, search(close, sighting, others, resolution))
    return _best_first(found)


def _best_first(found: list[tuple[float, Crop] | None]) -> tuple[Crop, ...]:
    return tuple(crop for _, crop in sorted((one for one in found if one), key=lambda one: one[0]))


def _grown(box: Box, by: float) -> Box:
    """A box with a margin all round, a fraction of its height."""
    more = by * box.h
    return Box(box.x - more, box.y - more, box.w + 2 * more, box.h + 2 * more)


def _down_to(box: Box, bottom: float) -> Box:
    return replace(box, h=max(box.h, bottom - box.y))


def _clip(box: Box, photo: Box) -> Box:
    left, top = max(box.x, photo.x), max(box.y, photo.y)
    return Box(left, top, min(box.right, photo.right) - left, min(box.bottom, photo.bottom) - top)
