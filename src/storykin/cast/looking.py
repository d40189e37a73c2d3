"""Cast: looking at one photo: all that can be measured without knowing whose photos these are.

`look_at` calls the nets and the measures and fills a `Sighting`; it gives no verdicts. Needs the extra `cast`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from storykin.cast import eyes, measuring, mesh, nets, regions, standout
from storykin.cast.lab import lab_of, main_colours
from storykin.cast.sighting import Face, Sighting
from storykin.scene import Box

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from storykin.cast.nets import Mesh, Rectangle

VERSION = 1
"""Goes up when the measures change, so that kept sightings are measured anew."""

ANALYSED = 1600
"""The long side, in pixels, of the copy that is looked at."""

KNOWN_FROM = 20  # pixels of width below which a face is nobody's
NOT_OVERLOOKED = 0.22  # faces of this share of the shorter side: smaller tiles would find passers-by only
LIDS_SEEN = 1.5  # sharpness below which open eyes look closed
UPRIGHT = 30.0  # degrees of roll up to which a head is held upright
SURE = 0.75  # score of an upright face from which a photo stands
BETTER = 0.15  # that a turned photo must score more
DRAWN = (
    0.2  # of the face that the selfie net takes for a person: less is a drawing, a doll or somebody far away
)
SMALL = 96  # long side of the copy for colours and what stands out


def look_at(photo: Image.Image, name: str, digest: str, size: tuple[int, int]) -> Sighting:
    """Everything that is seen in a photo.

    `photo` is upright sRGB with a long side of about `ANALYSED`; `size` is that of the full photo (width, height).
    When it lies on its side although the file does not say so, `turns` tells by how many quarter turns
    clockwise, and everything is measured in the turned photo. Raises BadInput without the extra `cast`.
    """
    photo = photo.convert("RGB")
    turns, photo, meshes = _upright(photo)
    width, height = size if turns % 2 == 0 else size[::-1]
    lab = lab_of(_small(photo))
    monochrome = measuring.is_monochrome(lab)
    faces = tuple(_face(photo, meshes, i, width / photo.width, monochrome) for i in range(len(meshes)))
    people = nets.person_mask(photo)
    behind = _behind(people, lab.shape[:2], faces)
    return Sighting(
        name=name,
        digest=digest,
        width=width,
        height=height,
        turns=turns,
        faces=faces,
        person=_person(people, faces),
        subject=None if _anybody(people, faces) else standout.subject_of(lab),
        prints=measuring.prints_of(photo),
        thumb=tuple(
            round(value) for value in lab_of(photo.resize((8, 8), 4, reducing_gap=3.0)).ravel().tolist()
        ),
        sharpness=measuring.sharpest(photo),
        light=round(float(np.median(lab[..., 0])), 1),
        clipped=measuring.clipped_share(np.asarray(_small(photo, 400)).reshape(-1, 3)),
        background=main_colours(lab[behind]) if behind.mean() > 0.03 else (),
        outdoors=None if monochrome else standout.is_outdoors(lab, behind),
        monochrome=monochrome,
    )


def _upright(photo: Image.Image) -> tuple[int, Image.Image, list[Mesh]]:
    """Quarter turns clockwise that were needed, the photo turned by them, and its faces."""
    from PIL.Image import Transpose

    faces = nets.find_faces(photo, nets.LEVELS, NOT_OVERLOOKED)
    if _standing(faces) >= SURE:
        return (0, photo, faces)
    best = (0, photo, faces)
    for turns, way in ((1, Transpose.ROTATE_270), (3, Transpose.ROTATE_90), (2, Transpose.ROTATE_180)):
        turned = photo.transpose(way)
        others = nets.find_faces(turned, nets.LEVELS[:-1])
        if _standing(others) > max(SURE, _standing(best[2]) + BETTER):
            best = (turns, turned, others)
    return best


def _standing(meshes: Sequence[Mesh]) -> float:
    """How surely somebody stands upright, of those at least half as large as the largest: his score, less for his tilt."""
    best = 0.0
    for found in meshes:
        if mesh.face_size(found.points) >= 0.5 * mesh.face_size(meshes[0].points):
            tilt = max(0.0, abs(mesh.pose(found.points).roll) - UPRIGHT)
            best = max(best, found.score * max(0.0, math.cos(math.radians(tilt))))
    return best


def _face(photo: Image.Image, meshes: Sequence[Mesh], i: int, scale: float, monochrome: bool) -> Face:
    found = meshes[i]
    points, others = found.points, [other.box for other in meshes if other is not found]
    pose = mesh.pose(points)
    head = regions.cut_around(photo, points, regions.HEAD, -0.15)
    bust = regions.cut_around(photo, points, regions.BUST, 1.6)
    skin = regions.skin_colour(head)
    hair = None if monochrome else regions.hair_colour(head, skin)
    seen = measuring.face_light(head)
    sharpness = measuring.face_sharpness(photo, points)
    lids_seen = sharpness > LIDS_SEEN and not (skin and regions.dark_glasses(head, skin))
    box = mesh.face_box(points)
    return Face(
        box=_fractions(box, photo),
        head=_fractions(regions.head_box(head, others), photo),
        width=round((box[2] - box[0]) * scale),
        score=round(min(found.score, found.presence), 3),
        yaw=pose.yaw,
        pitch=pose.pitch,
        roll=pose.roll,
        eyes=eyes.openness(photo, points, pose.yaw) if lids_seen else mesh.openness(points),
        mouth=mesh.mouth_opening(points),
        smile=mesh.smile(points),
        sharpness=sharpness,
        light=seen.light,
        uneven=seen.uneven,
        clipped=seen.clipped,
        covered=regions.covering(head, skin),
        embedding=nets.embed(photo, found) if box[2] - box[0] >= KNOWN_FROM else (),
        skin=None if monochrome else skin,
        hair=hair,
        long_hair=regions.is_long_haired(head, hair, skin, pose.yaw),
        clothes=() if monochrome else regions.clothes_colours(bust, skin, hair, others),
    )


def _person(people: NDArray[np.floating[Any]], faces: Sequence[Face]) -> Box | None:
    """The box of all people: of the parts of the mask that have a head, and of the heads themselves.

    None without a face: the net takes cats, cups and horses for people, too.
    """
    where = np.asarray(people[::4, ::4] > regions.PERSON)
    heads = [_pixels(face.head, where.shape) for face in faces]
    kept = np.zeros_like(where)
    for part in standout.parts_of(where):
        if any(part[rows, columns].any() for rows, columns in heads):
            kept |= part
    for rows, columns in heads:
        kept[rows, columns] = True
    return standout.box_around(kept) if kept.any() else None


def _anybody(people: NDArray[np.floating[Any]], faces: Sequence[Face]) -> bool:
    """Whether a face is that of a person: the selfie net sees nobody where a face is drawn."""
    return any(float(people[_pixels(face.box, people.shape)].mean()) > DRAWN for face in faces)


def _behind(
    people: NDArray[np.floating[Any]], shape: tuple[int, int], faces: Sequence[Face]
) -> NDArray[np.bool_]:
    """The pixels of a small copy that are surely nobody."""
    rows = np.arange(shape[0]) * people.shape[0] // shape[0]
    columns = np.arange(shape[1]) * people.shape[1] // shape[1]
    behind = np.asarray(people[rows][:, columns] < 0.15)
    for face in faces:
        tall = face.head.h
        body = Box(face.head.x - face.head.w * 0.4, face.head.y, face.head.w * 1.8, tall * 3)
        inside = _pixels(body, shape)
        if face.head.h < 0.15:  # the net hardly sees people that far away
            behind[inside] = False
        behind[_pixels(face.head, shape)] = False
    return behind


def _small(photo: Image.Image, side: int = SMALL) -> Image.Image:
    """A copy with a long side of `side` pixels, at least eight high and wide."""
    scale = side / max(photo.size)
    return photo.resize(
        (max(8, round(photo.width * scale)), max(8, round(photo.height * scale))), 4, reducing_gap=3.0
    )


def _fractions(box: Rectangle, photo: Image.Image) -> Box:
    """A rectangle of pixels as fractions of the photo, cut at its edges."""
    left, right = (min(1.0, max(0.0, x / photo.width)) for x in (box[0], box[2]))
    top, bottom = (min(1.0, max(0.0, y / photo.height)) for y in (box[1], box[3]))
    return Box(round(left, 5), round(top, 5), round(right - left, 5), round(bottom - top, 5))


def _pixels(box: Box, shape: Sequence[int]) -> tuple[slice, slice]:
    """Rows and columns of a small copy that a box covers, at least one of each."""
    top, left = int(max(0, box.y) * shape[0]), int(max(0, box.x) * shape[1])
    return (
        slice(min(top, shape[0] - 1), max(top + 1, math.ceil(box.bottom * shape[0]))),
        slice(min(left, shape[1] - 1), max(left + 1, math.ceil(box.right * shape[1]))),
    )
