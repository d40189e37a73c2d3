"""Cast: which photos show one and the same moment: copies, resized or re-encoded ones, and burst shots.

Two photos are twins when one thumbnail becomes the other by a little cropping, shifting and brightening, and the
character's face stands in the same place, turned the same way, with the same expression.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from storykin.cast.sighting import Sighting

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from storykin.scene import Box

    Floats = NDArray[np.float32]
    Whole = NDArray[np.int64]
    Truths = NDArray[np.bool_]

NEAR_BITS = 22
"""Bits of the perceptual hash that may differ before a pair is not even looked at (strangers differ by 32 ± 4;
a copy cropped by 5 % a side by up to 20)."""
NEAR_LIKENESS = 0.90  # or correlation of the thumbnails
SAME_BITS = 6  # re-encoding and resizing change fewer: such a pair is a copy even where one face was missed
LEFT_FACE = 9.0
"""Rms ΔE per cell that may be left after aligning, where the faces agree: measured up to 1.2 for re-encoded or resized copies,
4.2 for bursts, 8.4 for 5 % cropped off each side; two moments in one place leave 5.7 and more, so the face must agree."""
LEFT_ALONE = 6.0  # the same where there is no face to ask
LEFT_COPY = 1.2  # a copy whatever stands out: found elsewhere in it by chance
EXPLAINED, EXPLAINED_FACE = 0.90, 0.75  # of the contrast must be explained by the twin
MOVED = 0.06  # of the photo's side: a face may shift; 5 % cropped off moves it by up to 0.05
GROWN = 0.15  # natural logarithm of the face's size ratio; 5 % off each side is 0.105
WANDERED, SWOLLEN = (
    0.10,
    0.35,
)  # the same for what stands out in photos without a face, which is found less exactly
SHIFTED = 1.1  # cells of the thumbnail the whole picture may shift
STRETCHED = 0.30  # of its size
ASPECT = 0.17  # natural logarithm of the ratio of the aspects
TURNED = (
    9.0,
    9.0,
    7.0,
)  # degrees of yaw, pitch, roll; between shots of a burst the mesh trembles by up to 5.5
EXPRESSION = (0.16, 0.35)  # mouth and smile; eyes are left out: a blink within a burst is the same moment
IDENTITY = 0.45
"""Distance of embeddings between two shots of one moment: measured 0.05 to 0.30, of small faces up to 0.45."""
BLOCK = 256


class _Faces(NamedTuple):
    """The character's faces, a row a photo; rows of photos without one are nan."""

    places: Floats
    """n x 3: centre (fractions) and the logarithm of the size."""
    poses: Floats
    """n x 5: yaw, pitch, roll, mouth, smile."""
    identities: Floats
    """n x 128, zeros where unknown."""
    subjects: Floats
    """n x 3, as `places`, of what stands out in photos without faces."""


def twins(
    sightings: Sequence[Sighting], faces: Sequence[int | None], quality: Sequence[float]
) -> dict[int, int]:
    """Each photo that repeats a better one, and which: indices of sightings.

    `faces` is the character's face in each photo (None: none was found), `quality` orders them; every twin is compared with
    the best of its group itself, so that a long burst does not chain two different moments together.
    Refused sightings have no twins. About 10 s for 5,000 photos.
    """
    order = sorted(
        (index for index, one in enumerate(sightings) if not one.refused),
        key=lambda index: _rank(sightings[index], quality[index]),
    )
    repeated = _copies(sightings, order)
    order = [index for index in order if index not in repeated and sightings[index].prints]
    if not order:
        return repeated
    seen = [sightings[index] for index in order]
    prints = np.array([int(one.prints, 16) for one in seen], dtype=np.uint64)
    thumbs = _thumbs(seen)
    plain = _plain(thumbs)
    aspects = np.log(np.array([max(one.width, 1) / max(one.height, 1) for one in seen], dtype=np.float32))
    known = _faces(seen, [faces[index] for index in order])
    free = np.ones(len(order), dtype=bool)
    for start in range(0, len(order), BLOCK):
        near = _near(prints, plain, start)
        for row in range(min(BLOCK, len(order) - start)):
            leader = start + row
            if not free[leader]:
                continue
            rest = leader + 1 + np.flatnonzero(near[row, leader + 1 :] & free[leader + 1 :])
            rest = rest[np.abs(aspects[rest] - aspects[leader]) < ASPECT]
            if not rest.size:
                continue
            bits = np.bitwise_count(prints[rest] ^ prints[leader])
            for other in rest[_same(leader, rest, bits, thumbs, known)]:
                free[other] = False
                repeated[order[other]] = order[leader]
    return {one: _last(repeated, one) for one in sorted(repeated)}


def _rank(one: Sighting, quality: float) -> tuple[float, int, float, str]:
    """Which photo of a group stays is the smallest: between nearly equals the larger, for small ones are often copies."""
    return -round(quality, 1), -one.width * one.height, -quality, one.name


def _copies(sightings: Sequence[Sighting], order: Sequence[int]) -> dict[int, int]:
    """Files that are byte for byte the same as one before them."""
    first: dict[str, int] = {}
    repeated = {}
    for index in order:
        leader = first.setdefault(sightings[index].digest, index)
        if leader != index:
            repeated[index] = leader
    return repeated


def _last(repeated: dict[int, int], index: int) -> int:
    """A copy of a photo that is itself a twin belongs to the best one."""
    while index in repeated:
        index = repeated[index]
    return index


def _thumbs(seen: Sequence[Sighting]) -> Floats:
    """n x 8 x 8 x 3; photos without a thumbnail are nan and like nothing."""
    blank = (float("nan"),) * 192
    return np.array([one.thumb or blank for one in seen], dtype=np.float32).reshape(-1, 8, 8, 3)


def _plain(thumbs: Floats) -> Floats:
    """Thumbnails without brightness and contrast, so that a product is a correlation; n x 192."""
    flat = (thumbs - thumbs.mean(axis=(1, 2), keepdims=True)).reshape(len(thumbs), -1)
    size = np.linalg.norm(flat, axis=1, keepdims=True)
    plain: Floats = np.nan_to_num(flat / np.maximum(size, 1e-3))
    return plain


def _near(prints: NDArray[np.uint64], plain: Floats, start: int) -> Truths:
    """For a block of photos and all others: whether the pair deserves a closer look."""
    stop = start + BLOCK
    bits = np.bitwise_count(prints[start:stop, None] ^ prints[None])
    near: Truths = np.asarray(
        (bits <= NEAR_BITS) | (plain[start:stop] @ plain.T >= NEAR_LIKENESS), dtype=bool
    )
    return near


def _same(leader: int, rest: Whole, bits: NDArray[Any], thumbs: Floats, known: _Faces) -> Truths:
    """Which of `rest` show the leader's moment."""
    left, explained = _aligned(thumbs[leader], thumbs[rest])
    here = bool(np.isfinite(known.places[leader, 0]))
    there = np.isfinite(known.places[rest, 0])
    alone = (left < LEFT_ALONE) & (explained > EXPLAINED) & _stand_alike(leader, rest, known)
    alone |= (left < LEFT_COPY) & (bits <= SAME_BITS)
    if not here:
        missed = there & (bits > SAME_BITS)
        lone: Truths = alone & ~missed
        return lone
    together = _agree(leader, rest, known) & (left < LEFT_FACE) & (explained > EXPLAINED_FACE)
    same: Truths = np.where(there, together, alone & (bits <= SAME_BITS))
    return same


def _stand_alike(leader: int, rest: Whole, known: _Faces) -> Truths:
    """Whether what stands out is in the same place; true where that is not known."""
    moved = np.nan_to_num(np.abs(known.subjects[rest] - known.subjects[leader]))
    alike: Truths = (moved < np.array([WANDERED, WANDERED, SWOLLEN], dtype=np.float32)).all(axis=1)
    return alike


def _agree(leader: int, rest: Whole, known: _Faces) -> Truths:
    """Whether the character stands in the same place with the same pose and expression."""
    with np.errstate(invalid="ignore"):
        place = np.abs(known.places[rest] - known.places[leader])
        pose = np.abs(known.poses[rest] - known.poses[leader])
        far = np.linalg.norm(known.identities[rest] - known.identities[leader], axis=1)
        blank = ~known.identities[rest].any(axis=1) | (not known.identities[leader].any())
        agree: Truths = (
            (place[:, :2] < MOVED).all(axis=1)
            & (place[:, 2] < GROWN)
            & (pose < np.array([*TURNED, *EXPRESSION], dtype=np.float32)).all(axis=1)
            & (blank | (far < IDENTITY))
        )
    return agree


def _aligned(one: Floats, others: Floats) -> tuple[Floats, Floats]:
    """What is left (rms ΔE per cell) when `one` (8 x 8 x 3) is shifted, stretched and brightened onto the others,
    and which part of each other's contrast that explains.

    One step of Lucas and Kanade (1981), the shift small against the cells, with a gain and an offset of the light.
    """
    down, across = np.gradient(one, axis=(0, 1))
    place = (np.arange(8, dtype=np.float32) - 3.5) / 4
    brighter, lifted, richer = (np.zeros_like(one) for _ in range(3))
    brighter[..., 0] = one[..., 0] - one[..., 0].mean()
    lifted[..., 0] = 1
    richer[..., 1:] = one[..., 1:]
    moves = [across, down, across * place[None, :, None], down * place[:, None, None]]
    ways = np.stack([move.ravel() for move in (*moves, brighter, lifted, richer)], axis=1)
    if not np.isfinite(ways).all():
        never = np.full(len(others), np.inf, dtype=np.float32)
        return never, np.zeros(len(others), dtype=np.float32)
    # a ridge keeps plain walls, where no shift can be seen, from being "shifted" far
    inverse = np.linalg.solve(ways.T @ ways + 2.0 * np.eye(7, dtype=np.float32), ways.T)
    wanted = (others - one).reshape(len(others), -1)
    steps = wanted @ inverse.T
    limits = np.array([SHIFTED, SHIFTED, STRETCHED * 4, STRETCHED * 4], dtype=np.float32)
    steps[:, :4] = np.clip(steps[:, :4], -limits, limits)
    missing = np.nan_to_num(wanted - steps @ ways.T, nan=1e3)
    left: Floats = np.sqrt((missing**2).sum(axis=1) / 64)
    contrast = np.sqrt(np.nan_to_num(others.var(axis=(1, 2)).sum(axis=1)))
    explained: Floats = 1 - (left / np.maximum(contrast, 1e-3)) ** 2
    return left, explained


def _faces(seen: Sequence[Sighting], faces: Sequence[int | None]) -> _Faces:
    """What is known of the character's face in each photo."""
    places = np.full((len(seen), 3), np.nan, dtype=np.float32)
    poses = np.full((len(seen), 5), np.nan, dtype=np.float32)
    identities = np.zeros((len(seen), 128), dtype=np.float32)
    subjects = np.full((len(seen), 3), np.nan, dtype=np.float32)
    for row, (one, number) in enumerate(zip(seen, faces, strict=True)):
        if one.subject:
            subjects[row] = _place(one.subject)
        if number is None:
            continue
        face = one.faces[number]
        places[row] = _place(face.box)
        poses[row] = (face.yaw, face.pitch, face.roll, face.mouth, face.smile)
        if len(face.embedding) == 128:
            identities[row] = face.embedding
    return _Faces(places, poses, identities, subjects)


def _place(box: Box) -> tuple[float, float, float]:
    """The centre of a box and the logarithm of its size."""
    return box.x + box.w / 2, box.y + box.h / 2, math.log(max(box.w * box.h, 1e-8)) / 2
