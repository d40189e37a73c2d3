"""Cast: the small neural nets that look at a photo, on one CPU core, from files that come with the packages.

BlazeFace finds faces, the face mesh measures them and refuses what is no face, the selfie net tells people from the rest
(MediaPipe, Apache-2.0, run by LiteRT); dlib's residual net says whose face it is (CC0). Knows no verdicts.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from storykin.errors import BadInput

if TYPE_CHECKING:
    from PIL import Image

Floats = NDArray[np.floating[Any]]
Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels of the picture that was looked at."""

FAR, NEAR = "face_detection_full_range_sparse.tflite", "face_detection_short_range.tflite"
MESH, PEOPLE = "face_landmark.tflite", "selfie_segmentation.tflite"
INPUT = {FAR: 192, NEAR: 128, MESH: 192, PEOPLE: 256}  # pixels, square

LEVELS = (1.0, 0.5, 0.33)  # sides of the tiles as fractions of the photo's shorter side
NARROWEST, SMALLEST = (
    0.125,
    96,
)  # least side of a tile, of the longer side and in pixels: panoramas are not cut to shreds
STEP = 0.6  # from tile to tile: a face of 0.4 tiles is whole in one of them
LEAST_SCORE = 0.5  # of BlazeFace; below it, found things are mostly cloth and leaves
SURELY = 0.8  # a score that only faces get
LEAST_PRESENCE = 0.5  # of the mesh: real faces had 0.9 and more, cups and badges 0.05 and less
SAME, SAME_MESH = 0.35, 0.25  # overlap (intersection by union) from which two boxes, two meshes are one face
ROUNDS = 4  # of the mesh until the face stands upright in its cut
AROUND = 1.5  # the mesh wants a quarter of the face's size as margin on every side
CHIP, PADDING = 150, 0.25  # what dlib's net was trained on

_one_at_a_time = Lock()  # an interpreter has one input tensor


@dataclass(frozen=True)
class Mesh:
    """A face that was found: `points` (468, 3) in pixels of the picture, z in pixels too and growing away from the
    camera; `presence` and `score` (0 to 1) say how surely the mesh and BlazeFace take it for a face."""

    points: Floats
    presence: float
    score: float

    @property
    def box(self) -> Rectangle:
        """What the mesh covers: from the hairline to the chin, from ear to ear."""
        return _around(self.points)


@dataclass(frozen=True)
class Found:
    """What BlazeFace takes for a face: `box` in pixels, `eyes` its two eyes (left in the picture first), (2, 2)."""

    box: Rectangle
    eyes: Floats
    score: float


def find_faces(
    image: Image.Image, levels: tuple[float, ...] = LEVELS, enough: float = math.inf
) -> list[Mesh]:
    """All faces of a picture, the largest first, measured by the mesh; what it takes for no face is left out.

    `levels` are the sides of the tiles that are searched, as fractions of the shorter side: smaller ones find
    smaller faces (a 40-pixel face of a 1,600-pixel photo with the default) and take longer. The last level is left
    out once a face of `enough` shorter sides is found: others would be passers-by.
    Raises BadInput when the extra `cast` is not installed.
    """
    meshes: list[Mesh] = []
    for found in find_candidates(image, levels, enough):
        mesh = mesh_of(image, found)
        if mesh and all(_overlap(mesh.box, other.box) < SAME_MESH for other in meshes):
            meshes.append(mesh)
    return sorted(meshes, key=lambda mesh: _side(mesh.box), reverse=True)


def find_candidates(
    image: Image.Image, levels: tuple[float, ...] = LEVELS, enough: float = math.inf
) -> list[Found]:
    """What BlazeFace takes for faces in the picture and in its tiles, the surest first, each once."""
    image = image.convert("RGB")
    short, long = min(image.size), max(image.size)
    everything = [*_search(image, NEAR, long), *_search(image, FAR, long)]
    for level in levels:
        if level == levels[-1] and any(
            found.score > SURELY and _side(found.box) > enough * short for found in everything
        ):
            break
        side = max(level * short, long * NARROWEST, SMALLEST)
        if side < long:
            everything += _search(image, FAR, side)
    kept: list[Found] = []
    for found in sorted(everything, key=lambda found: -found.score):
        if all(_overlap(found.box, other.box) < SAME for other in kept):
            kept.append(found)
    return kept


def mesh_of(image: Image.Image, found: Found) -> Mesh | None:
    """The 468 points of a face, None where none is; every further measurement is cut by the one before."""
    (left, top), (right, bottom) = found.eyes
    box, tilt = found.box, math.atan2(bottom - top, right - left)
    best: tuple[float, Floats] | None = None
    for _ in range(ROUNDS):
        points, presence = _mesh(image, box, tilt)
        if presence < LEAST_PRESENCE:
            break
        if best is None or presence > best[0] - 0.05:
            best = (presence, points)
        before, tilt = tilt, math.atan2(points[263, 1] - points[33, 1], points[263, 0] - points[33, 0])
        box = _upright_box(points, tilt)
        if abs(tilt - before) < math.radians(1):
            break
    return Mesh(best[1], best[0], found.score) if best else None


def person_mask(image: Image.Image, box: Rectangle | None = None) -> Floats:
    """How much each part of the picture, or of `box` in it, belongs to people: (256, 256), 0 to 1.

    `box` may run over the edge; the net was trained on people at arm's length, so a cut of head and
    shoulders is told more finely than a whole photo.
    """
    size = (INPUT[PEOPLE], INPUT[PEOPLE])
    cut = image.convert("RGB") if box is None else _cut(image, box)
    (mask,) = _run(PEOPLE, np.asarray(cut.resize(size, 2, reducing_gap=2.0), np.float32) / 255)
    return np.clip(mask[..., 0], 0, 1)


def embed(image: Image.Image, mesh: Mesh) -> tuple[float, ...]:
    """The 128 numbers that say whose face it is; two photos of one person are less than about 0.5 apart (Euclidean)."""
    dlib, net = _identity()
    eyes_and_nose = mesh.points[[263, 362, 33, 133, 2], :2]  # the order in which dlib counts its five points
    left, top, right, bottom = mesh.box
    margin = max(right - left, bottom - top)
    region = (left - margin, top - margin, right + margin, bottom + margin)
    cut = _cut(image, region)
    scale = min(1.0, 200 / max(right - left, bottom - top))  # dlib warps without averaging
    if scale < 1:
        cut = cut.resize((round(cut.width * scale), round(cut.height * scale)), 3, reducing_gap=3.0)
    points = (eyes_and_nose - [round(region[0]), round(region[1])]) * scale
    shape = dlib.full_object_detection(
        dlib.rectangle(0, 0, cut.width, cut.height),
        [dlib.point(round(x), round(y)) for x, y in points.tolist()],
    )
    with _one_at_a_time:
        chip = dlib.get_face_chip(np.ascontiguousarray(cut), shape, CHIP, PADDING)
        return tuple(round(float(number), 5) for number in net.compute_face_descriptor(chip))


def _search(image: Image.Image, name: str, side: float) -> Iterator[Found]:
    """Run a detector on square tiles of `side` pixels that cover the picture."""
    size = INPUT[name]
    scale = size / side
    width, height = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    small = np.asarray(image.resize((width, height), 2, reducing_gap=2.0), np.float32) / 127.5 - 1
    for top in _offsets(height, size):
        for left in _offsets(width, size):
            tile = np.full((size, size, 3), -1, np.float32)
            part = small[max(0, top) : top + size, max(0, left) : left + size]
            tile[max(0, -top) :, max(0, -left) :][: part.shape[0], : part.shape[1]] = part
            for box, eyes, score in _detect(name, tile):
                yield Found(
                    (
                        (box[0] + left) / scale,
                        (box[1] + top) / scale,
                        (box[2] + left) / scale,
                        (box[3] + top) / scale,
                    ),
                    (eyes + np.array([left, top], np.float32)) / np.float32(scale),
                    score,
                )


def _offsets(length: int, size: int) -> list[int]:
    """Where tiles begin along a side, evenly; a short side is centred in its one tile."""
    if length <= size:
        return [-((size - length) // 2)]
    count = math.ceil((length - size) / (size * STEP)) + 1
    return [round((length - size) * i / (count - 1)) for i in range(count)]


def _detect(name: str, tile: Floats) -> Iterator[tuple[list[float], Floats, float]]:
    """Boxes, eyes and scores in pixels of the tile, from what BlazeFace says relative to its anchors."""
    regressed, logits = _run(name, tile)
    scores = 1 / (1 + np.exp(-np.clip(logits[:, 0], -80, 80)))
    size = INPUT[name]
    for i in np.flatnonzero(scores > LEAST_SCORE):
        anchor = _anchors(name)[i] * size
        values = regressed[i].reshape(8, 2)  # centre, size, two eyes, nose, mouth, two ears
        centre, half = anchor + values[0], values[1] / 2
        box = [*(centre - half).tolist(), *(centre + half).tolist()]
        yield box, (anchor + values[2:4]).astype(np.float32), float(scores[i])


@lru_cache
def _anchors(name: str) -> Floats:
    """Centres of BlazeFace's cells in fractions of its input: a grid of 48, or two of 16 and six of 8 per cell."""
    grids = []
    for cells, each in ((48, 1),) if name == FAR else ((16, 2), (8, 6)):
        line = (np.arange(cells) + 0.5) / cells
        across, down = np.meshgrid(line, line)
        grids.append(np.repeat(np.stack([across.ravel(), down.ravel()], 1), each, 0))
    return np.concatenate(grids).astype(np.float32)


def _mesh(image: Image.Image, box: Rectangle, tilt: float) -> tuple[Floats, float]:
    """The 468 points in pixels of the picture and their presence, from a square cut that is turned upright by `tilt`."""
    size = INPUT[MESH]
    scale = _side(box) * AROUND / size
    across, down = math.cos(tilt) * scale, math.sin(tilt) * scale
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    left = middle[0] - (across - down) * size / 2
    top = middle[1] - (down + across) * size / 2
    from PIL.Image import Resampling, Transform

    # transform() samples without averaging: shrink beforehand by whole numbers
    shrink = max(1, int(scale))
    source = image.convert("RGB") if shrink == 1 else image.convert("RGB").reduce(shrink)
    matrix = [value / shrink for value in (across, -down, left, down, across, top)]
    cut = source.transform((size, size), Transform.AFFINE, matrix, Resampling.BILINEAR)
    points, flag = _run(MESH, np.asarray(cut, np.float32) / 255)
    x, y, z = points.reshape(468, 3).T
    placed = np.stack([across * x - down * y + left, down * x + across * y + top, z * scale], 1)
    presence = 1 / (1 + math.exp(-float(np.clip(flag.ravel()[0], -80, 80))))
    return placed.astype(np.float32), presence


def _upright_box(points: Floats, tilt: float) -> Rectangle:
    """The box around the points as the tilted face sees it, about the same centre."""
    cos, sin = math.cos(tilt), math.sin(tilt)
    x, y = points[:, 0] * cos + points[:, 1] * sin, points[:, 1] * cos - points[:, 0] * sin
    u, v = (x.min() + x.max()) / 2, (y.min() + y.max()) / 2
    half = max(x.max() - x.min(), y.max() - y.min()) / 2
    middle = (u * cos - v * sin, u * sin + v * cos)
    return (middle[0] - half, middle[1] - half, middle[0] + half, middle[1] + half)


def _around(points: Floats) -> Rectangle:
    left, top = points[:, :2].min(0).tolist()
    right, bottom = points[:, :2].max(0).tolist()
    return (left, top, right, bottom)


def _cut(image: Image.Image, box: Rectangle) -> Image.Image:
    left, top, right, bottom = (round(side) for side in box)
    return image.convert("RGB").crop((left, top, max(left + 1, right), max(top + 1, bottom)))


def _side(box: Rectangle) -> float:
    return max(box[2] - box[0], box[3] - box[1])


def _overlap(one: Rectangle, other: Rectangle) -> float:
    """Intersection by union, or most of the intersection by the smaller one, so that a face in a face counts once."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    areas = [max(1e-6, (box[2] - box[0]) * (box[3] - box[1])) for box in (one, other)]
    return max(wide * high / (sum(areas) - wide * high), 0.8 * wide * high / min(areas))


def _run(name: str, picture: Floats) -> list[Floats]:
    net = _net(name)
    with _one_at_a_time:
        net.set_tensor(net.get_input_details()[0]["index"], picture[None].astype(np.float32))
        net.invoke()
        return [net.get_tensor(output["index"])[0] for output in net.get_output_details()]


@lru_cache
def _net(name: str) -> Any:
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError as absent:
        raise _without_extra(absent) from absent
    weights = resources.files("storykin.cast").joinpath("weights", name).read_bytes()
    with _quiet():
        net = Interpreter(model_content=weights, num_threads=1)
        net.allocate_tensors()
    return net


@lru_cache
def _identity() -> tuple[Any, Any]:
    try:
        import dlib
        import face_recognition_models
    except ImportError as absent:
        raise _without_extra(absent) from absent
    return dlib, dlib.face_recognition_model_v1(face_recognition_models.face_recognition_model_location())


def _without_extra(absent: ImportError) -> BadInput:
    return BadInput(
        f"looking at photos needs the package {absent.name or 'of the extra cast'}, which is not installed",
        "pip install 'storykin[cast]'",
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """LiteRT greets on the file descriptor of stderr, past Python; let it speak to nobody meanwhile."""
    try:
        sys.stderr.flush()
        kept = os.dup(2)
    except (OSError, AttributeError):  # no stderr, as in a window without a console
        yield
        return
    try:
        with open(os.devnull, "wb") as nobody:
            os.dup2(nobody.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
