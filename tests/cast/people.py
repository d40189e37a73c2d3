"""Tests of the cast: synthetic people who are told apart by the nets, and are nobody.

No photograph lies in this repository. A head is a mesh of the public-domain portrait that comes with scikit-image (NASA, Eileen
Collins) bent into another shape and toned by one of the 25-pixel thumbnails that come with it, both read when a test
runs; hair and skin are recoloured. What results resembles neither. Bodies and places are drawn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

import storykin

Array = NDArray[Any]
"""Numbers, as a rule float32."""
Colour = tuple[int, int, int]

WEIGHTS = Path(storykin.__file__).parent / "cast" / "weights"
LEFT, TOP, RIGHT, BOTTOM = 140, 0, 320, 200
"""Where the head is in the portrait of 512 x 512 pixels; all geometry is in those pixels."""
FINE = 3
"""The texture has so many texels a pixel of the portrait."""
FACE_WIDTH, FACE_HEIGHT = 96.0, 112.0

OUTLINE = (
    (540, 86), (640, 98), (740, 138), (820, 188), (877, 258), (917, 350), (932, 460), (920, 560), (887, 640), (832, 717), (800, 757),
    (752, 782), (734, 806), (727, 850), (702, 905), (668, 955), (657, 1000), (652, 1062), (550, 1095), (400, 1080), (268, 1030),
    (262, 960), (258, 890), (240, 815), (232, 768), (204, 734), (186, 690), (130, 642), (93, 572), (78, 480), (74, 400), (88, 330),
    (138, 278), (208, 230), (288, 186), (310, 148), (400, 112), (470, 92),
)  # fmt: skip
"""The head with hair and neck, clockwise, in 5.756 of the portrait's pixels from (LEFT, TOP)."""
SKIN = (
    (258, 480), (276, 448), (345, 438), (400, 446), (480, 466), (560, 478), (640, 498), (700, 522), (736, 548), (748, 620),
    (758, 720), (805, 740), (785, 800), (737, 830), (727, 860), (680, 1110), (400, 1110), (240, 1050), (236, 810), (210, 757), (178, 722),
    (190, 670), (222, 690), (240, 560),
)  # fmt: skip
"""What of it is skin and not hair."""
LIDS = ((160, 144), (159, 145), (158, 153), (161, 163), (157, 154), (246, 7), (173, 155),
        (387, 373), (386, 374), (385, 380), (388, 390), (384, 381), (466, 249), (398, 382))  # fmt: skip
"""Points of the face mesh: upper and lower lid."""
LIPS = ((13, 14), (82, 87), (81, 178), (80, 88), (191, 95), (312, 317), (311, 402), (310, 318), (415, 324))
"""Points of the face mesh: inner edge of the upper and of the lower lip."""
OVAL = (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
        152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109)  # fmt: skip
"""Points of the face mesh: its border, clockwise."""

EYES = (
    ((33, 246, 161, 160, 159, 158, 157, 173, 133), (33, 7, 163, 144, 145, 153, 154, 155, 133)),
    ((362, 398, 384, 385, 386, 387, 388, 466, 263), (362, 382, 381, 380, 374, 373, 390, 249, 263)),
)
"""Points of the face mesh: upper and lower edge of the eyes."""
BROWS = ((70, 63, 105, 66, 107), (336, 296, 334, 293, 300))
"""Points of the face mesh: the brows."""


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist. `model` is the number of the thumbnail that shapes and tones the face (0 to 99), `shape` how far
    it does so, `hair` and `skin` colours as Lab, `long` whether hair hangs to the shoulders, `round` widens the face."""

    name: str
    model: int
    hair: tuple[float, float, float] = (35.0, 6.0, 18.0)
    skin: tuple[float, float, float] = (68.0, 10.0, 18.0)
    long: bool = False
    shape: float = 1.2
    tone: float = 1.0
    brows: float = 0.0
    volume: float = 1.0


@dataclass(frozen=True)
class Pose:
    """How a head is held and lit: angles in degrees (positive yaw looks to the photo's right, pitch up, roll clockwise), `smile` -1 to 1,
    `eyes` 0 closed to 1 open (below 0.5 closed), `mouth` 0 to 1 open, `sun` degrees from which side the light comes (0 ahead), `contrast` of that light."""

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    smile: float = 0.0
    eyes: float = 1.0
    mouth: float = 0.0
    sun: float = 0.0
    contrast: float = 0.5


@dataclass(frozen=True)
class Standing:
    """One person in a photo: `face` is the width of the face in fractions of the photo's width, `at` the middle of the face in fractions."""

    person: Person
    face: float = 0.2
    at: tuple[float, float] = (0.5, 0.4)
    pose: Pose = field(default_factory=Pose)
    clothes: Colour = (190, 40, 45)
    trousers: Colour = (50, 60, 95)


HER = Person("sasha", 50, hair=(52.0, 8.0, 34.0), long=True)
OTHERS = (
    Person("ben", 83, hair=(18.0, 3.0, 6.0), skin=(60.0, 12.0, 22.0), brows=1.0, volume=0.88),
    Person("mia", 37, hair=(20.0, 6.0, 9.0), skin=(64.0, 11.0, 20.0), brows=1.0, long=True),
    Person("omar", 77, hair=(14.0, 1.0, 2.0), skin=(60.0, 11.0, 22.0), brows=1.0, volume=0.85),
    Person("ravi", 6, hair=(16.0, 2.0, 4.0), skin=(52.0, 13.0, 22.0), volume=0.9),
    Person("lena", 17, hair=(40.0, 22.0, 30.0), skin=(74.0, 9.0, 13.0), brows=1.0),
    Person("theo", 88, hair=(70.0, 3.0, 28.0), skin=(72.0, 10.0, 16.0), volume=0.9),
    Person("noor", 18, hair=(12.0, 1.0, 2.0), skin=(66.0, 8.0, 20.0), brows=1.0, long=True),
    Person("ida", 23, hair=(60.0, 0.0, 6.0), skin=(73.0, 10.0, 12.0), volume=1.05),
    Person("paul", 7, hair=(28.0, 8.0, 14.0), skin=(68.0, 11.0, 16.0), volume=0.86),
)
"""Told apart by dlib's net at 0.57 and more from the front."""


# -- the two sources ---------------------------------------------------------------------------------------------------------


@lru_cache
def _portrait() -> Image.Image:
    from skimage.data import astronaut

    return Image.fromarray(astronaut())


@lru_cache
def _thumbnails() -> Array:
    from skimage.data import lfw_subset

    return np.asarray(lfw_subset()[:100], np.float32)


@lru_cache
def _mesh_net() -> Any:
    from ai_edge_litert.interpreter import Interpreter

    net = Interpreter(str(WEIGHTS / "face_landmark.tflite"), num_threads=1)
    net.allocate_tensors()
    return net


def _measure(image: Image.Image, box: tuple[float, float, float, float]) -> Array:
    """The 468 points of the face in a square box, in pixels of the image; (468, 3)."""
    net = _mesh_net()
    cut = image.convert("RGB").transform((192, 192), Image.Transform.EXTENT, box, Image.Resampling.BILINEAR)
    net.set_tensor(net.get_input_details()[0]["index"], np.asarray(cut, np.float32)[None] / 255)
    net.invoke()
    points = net.get_tensor(net.get_output_details()[0]["index"]).reshape(468, 3)
    return points * ((box[2] - box[0]) / 192) + np.array([box[0], box[1], 0], np.float32)


@lru_cache
def _own() -> Array:
    """The face mesh of the portrait."""
    return _measure(_portrait(), (137.0, 32.0, 313.0, 208.0))


def _sample(image: Array, x: Array, y: Array) -> Array:
    """Bilinear look-up; image (h, w) or (h, w, c)."""
    h, w = image.shape[:2]
    x, y = np.clip(x, 0, w - 1.001), np.clip(y, 0, h - 1.001)
    i, j = x.astype(np.int32), y.astype(np.int32)
    u, v = x - i, y - j
    if image.ndim == 3:
        u, v = u[..., None], v[..., None]
    above = image[j, i] * (1 - u) + image[j, i + 1] * u
    below = image[j + 1, i] * (1 - u) + image[j + 1, i + 1] * u
    return above * (1 - v) + below * v


@lru_cache
def _model(number: int) -> tuple[Array, Array]:
    """A thumbnail as shape (468, 3), laid over the portrait's mesh, and as brightness at each point (468,)."""
    small = _thumbnails()[number]
    big = Image.fromarray((np.pad(small, 8, mode="edge") * 255).astype(np.uint8)).resize(
        (410, 410), Image.Resampling.BICUBIC
    )
    points = _measure(big, (60, 60, 350, 350))
    middle, side = points[:, :2].mean(0), float(np.ptp(points[:, 1])) * 0.75
    points = _measure(big, (middle[0] - side, middle[1] - side, middle[0] + side, middle[1] + side))
    grey = np.asarray(big.filter(ImageFilter.GaussianBlur(4)), np.float32)
    tones = _sample(grey, points[:, 0], points[:, 1])
    return _lay_over(points, _own()), (tones / np.median(tones)).astype(np.float32)


def _lay_over(points: Array, onto: Array) -> Array:
    """Points turned, scaled and moved onto others (Kabsch 1976, with Umeyama's scale)."""
    a, b = points - points.mean(0), onto - onto.mean(0)
    u, s, vt = np.linalg.svd(a.T @ b)
    flip = np.diag([1, 1, np.sign(np.linalg.det(u @ vt))])
    return (a @ (u @ flip @ vt) * ((s * np.diag(flip)).sum() / (a * a).sum()) + onto.mean(0)).astype(
        np.float32
    )


# -- the head as a mesh ------------------------------------------------------------------------------------------------------


def _units(points: tuple[tuple[int, int], ...]) -> Array:
    return np.array(points, np.float32) / 5.756 + np.array([LEFT, TOP], np.float32)


def _outline() -> Array:
    """A little inside the border, where nothing of the portrait's background shines through."""
    rim = _units(OUTLINE)
    return rim + (rim.mean(0) - rim) * 0.012


@lru_cache
def _rest() -> tuple[Array, NDArray[np.int32]]:
    """The whole head of the portrait at rest: vertices (n, 3) with the face mesh first, triangles (m, 3)."""
    from scipy.spatial import Delaunay

    own = _own()
    rim = _outline()
    middle = own[:, :2].mean(0)
    inner = [middle + (rim - middle) * part for part in (0.86, 0.7)]
    oval = own[list(OVAL), :2]
    around = np.concatenate(
        [rim, middle + (rim - middle) * 1.12, *(r[~_inside(oval, r, grow=1.06)] for r in inner)]
    )
    vertices = np.concatenate([own, np.column_stack([around, _depth(around)])]).astype(np.float32)
    # unrolled, for from the front the cheeks' sides are seen edge-on
    depth = vertices[:, 2:] + np.where(np.arange(len(vertices)) < 468, 0, 10)[:, None]
    unrolled = (vertices[:, :2] - middle) * (1 + np.maximum(depth, -20) / 60)
    return vertices, Delaunay(unrolled).simplices.astype(np.int32)


def _depth(points: Array) -> Array:
    """How far behind the border of the face hair, ears and neck lie: smoothly more with the distance."""
    oval = _own()[list(OVAL)]
    far = np.linalg.norm(points[:, None] - oval[None, :, :2], axis=2) + 2
    nearest = (far**-3 @ oval[:, 2]) / (far**-3).sum(1)
    beard = np.clip((points[:, 1] - 105) / 15, 0, 1)  # below the ears nothing stands between jaw and air
    part = np.clip((far.min(1) - 14 - 30 * beard) / 40, 0, 1)
    return np.maximum(nearest + (66 - nearest) * part, np.clip((points[:, 1] - 172) * 4, 0, 46))


def _inside(polygon: Array, points: Array, grow: float) -> NDArray[np.bool_]:
    middle = polygon.mean(0)
    grown = (middle + (polygon - middle) * grow).astype(float)
    x, y = points[:, 0], points[:, 1]
    within = np.zeros(len(points), bool)
    for (x1, y1), (x2, y2) in zip(grown, np.roll(grown, -1, 0), strict=True):
        crossed = (y1 > y) != (y2 > y)
        within ^= crossed & (x < (x2 - x1) * (y - y1) / (y2 - y1 + 1e-9) + x1)
    return within


@lru_cache
def _shape(person: Person) -> Array:
    """The vertices of somebody's head at rest: those of the face from the model, the others follow their nearest."""
    rest, _ = _rest()
    model, _ = _model(person.model)
    moved = (model - rest[:468]) * person.shape
    far = np.linalg.norm(rest[468:, None, :2] - rest[None, list(OVAL), :2], axis=2) + 1.0
    weights = far**-2.0
    weights /= weights.sum(1, keepdims=True)
    around = weights @ moved[list(OVAL)]
    crown = rest[468:, :2] - rest[:468, :2].mean(0)
    around[:, :2] += (
        crown * (person.volume - 1) * (crown[:, 1:] < 15) * np.clip(far.min(1, keepdims=True) / 25, 0, 1)
    )
    return rest + np.concatenate([moved, around])


@lru_cache
def _shut(person: Person) -> Array:
    """The texture with closed eyes: skin where the eyes were, and lashes along the lower edge."""
    open_eyes = _texture(person)
    size = (open_eyes.shape[1], open_eyes.shape[0])
    lids, lashes = Image.new("L", size), Image.new("L", size)
    corner = np.array([LEFT, TOP], np.float32)
    for upper, lower in EYES:
        ring = (_own()[[*upper, *lower[::-1]], :2] - corner) * FINE
        middle = ring.mean(0)
        around = middle + (ring - middle) * np.array([1.2, 2.0], np.float32)
        ImageDraw.Draw(lids).polygon([tuple(p) for p in around], fill=255)
        edge = (_own()[list(lower), :2] - corner) * FINE
        ImageDraw.Draw(lashes).line(
            [tuple(p) for p in edge], fill=230, width=round(1.3 * FINE), joint="curve"
        )
    cover = np.asarray(lids.filter(ImageFilter.GaussianBlur(0.9 * FINE)), np.float32)[..., None] / 255
    dark = np.asarray(lashes.filter(ImageFilter.GaussianBlur(0.3 * FINE)), np.float32)[..., None] / 255
    cheek = (_own()[[50, 280], :2] - corner) * FINE
    skin = np.median(
        [open_eyes[int(y) - 6 : int(y) + 6, int(x) - 6 : int(x) + 6, :3] for x, y in cheek], axis=(0, 1, 2)
    )
    colour = open_eyes[..., :3] * (1 - cover) + skin * np.float32(0.92) * cover
    return np.dstack([colour * (1 - 0.8 * dark), open_eyes[..., 3]]).astype(np.float32)


@lru_cache
def _texture(person: Person) -> Array:
    """Colour and alpha of the head, (h, w, 4), 0 to 255: recoloured, toned like the model, with finer grain."""
    size = ((RIGHT - LEFT) * FINE, (BOTTOM - TOP) * FINE)
    big = _portrait().crop((LEFT, TOP, RIGHT, BOTTOM)).resize(size, Image.Resampling.LANCZOS)
    big = big.filter(ImageFilter.UnsharpMask(FINE, 150, 1))
    alpha = _stencil(_outline(), size, 0.6)
    skin = _stencil(_units(SKIN), size, 1.3)[..., None] / 255
    lab = _lab(np.asarray(big, np.float32))
    grain = np.random.default_rng(person.model).normal(0, 1, (*lab.shape[:2], 1)).astype(np.float32)
    face = lab.copy()
    face[..., :1] = lab[..., :1] * (person.skin[0] / 70) * _tone(person, size)[..., None] + grain * 0.8
    face[..., :1] = np.where(face[..., :1] > 80, 80 + 14 * np.tanh((face[..., :1] - 80) / 20), face[..., :1])
    face[..., :1] *= 1 - 0.8 * person.brows * _brows(size)[..., None]
    own_colour = np.array([10, 18], np.float32)
    face[..., 1:] = np.array(person.skin[1:], np.float32) + (lab[..., 1:] - own_colour) * 0.6
    hair = lab.copy()
    hair[..., :1] = person.hair[0] + (lab[..., :1] - 42) * (0.35 + person.hair[0] / 100) + grain * 1.5
    hair[..., 1:] = np.array(person.hair[1:], np.float32) * np.clip(
        0.6 + hair[..., :1] / max(person.hair[0], 20) * 0.4, 0.5, 1.3
    )
    colour = _rgb(face * skin + hair * (1 - skin))
    return np.dstack([colour, alpha])


def _stencil(points: Array, size: tuple[int, int], soft: float) -> Array:
    mask = Image.new("L", size)
    flat = [tuple(p) for p in (points - np.array([LEFT, TOP])) * FINE]
    ImageDraw.Draw(mask).polygon(flat, fill=255)
    return np.asarray(mask.filter(ImageFilter.GaussianBlur(soft * FINE)), np.float32)


@lru_cache
def _brows(size: tuple[int, int]) -> Array:
    """Where brows grow, 0 to 1."""
    mask = Image.new("L", size)
    for points in BROWS:
        line = [tuple(p) for p in (_own()[list(points), :2] - np.array([LEFT, TOP])) * FINE]
        ImageDraw.Draw(mask).line(line, fill=255, width=round(4.5 * FINE), joint="curve")
    grain = np.random.default_rng(1).uniform(0.6, 1, (size[1], size[0])).astype(np.float32)
    return np.asarray(mask.filter(ImageFilter.GaussianBlur(FINE * 0.9)), np.float32) / 255 * grain


def _tone(person: Person, size: tuple[int, int]) -> Array:
    """How much lighter or darker than the portrait the face is at each texel."""
    _, tones = _model(person.model)
    own = _own()
    grey = np.asarray(_portrait().convert("L").filter(ImageFilter.GaussianBlur(2.5)), np.float32)
    mine = _sample(grey, own[:, 0], own[:, 1])
    ratio = np.clip(tones / (mine / np.median(mine)), 0.4, 1.8) ** person.tone
    rest, triangles = _rest()
    values = np.ones((len(rest), 1), np.float32)
    values[:468, 0] = ratio
    oval = list(OVAL)
    far = np.linalg.norm(rest[468:, None, :2] - rest[None, oval, :2], axis=2) + 1.0
    weights = far**-2.0
    values[468:, 0] = (weights / weights.sum(1, keepdims=True)) @ ratio[oval]
    at = (rest[:, :2] - np.array([LEFT, TOP], np.float32)) * FINE
    tone, _ = _rasterise(at, np.zeros(len(rest), np.float32), triangles, values, size)
    return tone[..., 0]


def _rasterise(
    points: Array, depth: Array, triangles: NDArray[np.int32], values: Array, size: tuple[int, int]
) -> tuple[Array, NDArray[np.bool_]]:
    """Values at the vertices spread linearly over the triangles, the nearest (least depth) on top: (h, w, k), and where there are any."""
    corners = points[triangles]
    order = np.argsort(-depth[triangles].mean(1))
    plane = Image.new("I", size, -1)
    draw = ImageDraw.Draw(plane)
    for number in order:
        draw.polygon([tuple(p) for p in corners[number].tolist()], fill=int(number))
    which = np.asarray(plane)
    system = np.concatenate([corners, np.ones((len(corners), 3, 1), np.float32)], 2)
    flat = np.abs(np.linalg.det(system)) < 1e-6
    system[flat] = np.eye(3)
    slopes = np.linalg.solve(system.astype(float), values[triangles].astype(float)).astype(np.float32)
    slopes[flat] = 0
    slopes[flat, 2] = values[triangles[flat]].mean(1)
    y, x = np.nonzero(which >= 0)
    row = slopes[which[y, x]]
    out = np.zeros((size[1], size[0], values.shape[1]), np.float32)
    spread = row[:, 0] * (x[:, None] + 0.5) + row[:, 1] * (y[:, None] + 0.5) + row[:, 2]
    ends = values[triangles]
    out[y, x] = np.clip(spread, ends.min(1)[which[y, x]], ends.max(1)[which[y, x]])
    return out, which >= 0


def _express(vertices: Array, pose: Pose) -> Array:
    """A head at rest with another expression; moves are in units of the face's height, 112."""
    v = vertices.copy()
    face = vertices[:468]
    corner = np.exp(-((face[:, None, :2] - face[[61, 291], :2]) ** 2).sum(2) / 14.0**2)
    v[:468, 1] -= corner.sum(1) * 5.0 * pose.smile
    v[:468, 0] += (corner[:, 1] - corner[:, 0]) * 3.5 * pose.smile
    if pose.mouth:
        line = face[[13, 14], 1].mean()
        low = np.clip((face[:, 1] - line) / 10, 0, 1) * np.exp(-(((face[:, 0] - face[13, 0]) / 28) ** 2))
        v[:468, 1] += low * 9 * pose.mouth
        v[[b for _, b in LIPS], 1] += 7 * pose.mouth
    for upper, lower in LIDS:
        v[upper, :2] += (v[lower, :2] - v[upper, :2]) * (1 - pose.eyes) * (pose.eyes >= 0.5)
    return v


def _pivot(vertices: Array) -> Array:
    """What a head turns about: the middle of it, above the neck."""
    return np.array([vertices[:468, 0].mean(), vertices[:468, 1].mean() + 20, 55], np.float32)


def _turn(vertices: Array, pose: Pose) -> Array:
    pivot = _pivot(vertices)
    yaw, pitch, roll = (math.radians(-pose.yaw), math.radians(pose.pitch), math.radians(pose.roll))
    cy, sy, cp, sp, cr, sr = (f(a) for a in (yaw, pitch, roll) for f in (math.cos, math.sin))
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cp, sp], [0, -sp, cp]])
    about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    turned = (vertices - pivot) @ (about_z @ about_x @ about_y).T
    near = 1 / (1 + turned[:, 2:] / 900)
    turned[:, :2] *= near
    return (turned + pivot).astype(np.float32)


def _shading(vertices: Array, triangles: NDArray[np.int32], pose: Pose) -> Array:
    """How much light falls on each vertex, about 1 (Lambert)."""
    a, b, c = (vertices[triangles[:, i]] for i in range(3))
    facing = np.cross(b - a, c - a)
    facing *= np.sign(-facing[:, 2:] + 1e-9)
    normal = np.zeros_like(vertices)
    for i in range(3):
        np.add.at(normal, triangles[:, i], facing)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-6
    angle = math.radians(pose.sun)
    light = np.array([math.sin(angle), -0.35, -math.cos(angle)])
    return np.clip(1 + pose.contrast * (normal @ light - 0.75), 0.25, 1.5).astype(np.float32)


def head(person: Person, pose: Pose, width: float) -> tuple[Image.Image, tuple[float, float]]:
    """A head as RGBA whose face is `width` pixels wide, and where in it the point lies about which it turns."""
    drawn = max(width, 70.0)
    scale = drawn / FACE_WIDTH
    rest, triangles = _rest()
    shape = _express(_shape(person), pose)
    posed = _turn(shape, pose)
    margin = 8
    low = posed[:, :2].min(0)
    at = (posed[:, :2] - low) * scale + margin
    size = tuple(int(v) + 2 * margin for v in np.ptp(posed[:, :2], axis=0) * scale)
    values = np.column_stack([rest[:, :2], _shading(posed, triangles, pose)])
    image, there = _rasterise(at.astype(np.float32), posed[:, 2], triangles, values, (size[0], size[1]))
    texel = _sample(
        _texture(person) if pose.eyes >= 0.5 else _shut(person),
        (image[..., 0] - LEFT) * FINE,
        (image[..., 1] - TOP) * FINE,
    )
    texel[..., :3] *= image[..., 2:3]
    texel[..., 3] *= there
    result = Image.fromarray(np.clip(texel, 0, 255).astype(np.uint8), "RGBA")
    middle = ((_pivot(shape)[:2] - low) * scale + margin) * (width / drawn)
    if width < drawn:
        small = (max(1, round(size[0] * width / drawn)), max(1, round(size[1] * width / drawn)))
        result = result.resize(small, Image.Resampling.BOX if width * 2 < drawn else Image.Resampling.BICUBIC)
    return result, (float(middle[0]), float(middle[1]))


# -- colours -----------------------------------------------------------------------------------------------------------------


def _lab(rgb: Array) -> Array:
    from skimage.color import rgb2lab

    return np.asarray(rgb2lab(rgb / 255), np.float32)


def _rgb(lab: Array) -> Array:
    from skimage.color import lab2rgb

    lab[..., 0] = np.clip(lab[..., 0], 0, 100)
    return np.asarray(lab2rgb(lab), np.float32) * 255


def lab_to_rgb(lab: tuple[float, float, float]) -> Colour:
    """One Lab colour as it is drawn."""
    r, g, b = (int(v) for v in np.clip(_rgb(np.array([[lab]], np.float32))[0, 0], 0, 255))
    return r, g, b
