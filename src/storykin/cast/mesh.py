"""Cast: what the 468 points of the face mesh mean: where the face is, how it is turned, its eyes and mouth.

All from geometry alone; points as in `nets.Mesh`. "Left" and "right" are those of the picture.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from storykin.cast.nets import Rectangle

Floats = NDArray[np.floating[Any]]

# Numbers of points in MediaPipe's face mesh (its canonical face model).
HAIRLINE, CHIN, LEFT_EDGE, RIGHT_EDGE = 10, 152, 234, 454
OVAL = (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
        152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109)  # fmt: skip
LEFT_BROW, RIGHT_BROW = (70, 63, 105, 66, 107), (300, 293, 334, 296, 336)
# outer corner, two upper lids, inner corner, two lower lids
LEFT_EYE, RIGHT_EYE = (33, 160, 158, 133, 153, 144), (263, 387, 385, 362, 380, 373)
LEFT_EYE_RIM = (33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7)
RIGHT_EYE_RIM = (263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249)
LEFT_SOCKET = (70, 63, 105, 66, 107, 193, 245, 128, 121, 120, 119, 118, 117, 111, 35, 156)
RIGHT_SOCKET = (300, 293, 334, 296, 336, 417, 465, 357, 350, 349, 348, 347, 346, 340, 265, 383)
LIPS = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146)
LEFT_CHEEK, RIGHT_CHEEK = (
    (117, 118, 119, 100, 142, 203, 206, 187, 123),
    (346, 347, 348, 329, 371, 423, 426, 411, 352),
)
FOREHEAD = (109, 10, 338, 337, 336, 9, 107, 108)
LOWER_FACE = (203, 164, 423, 426, 434, 394, 369, 152, 140, 169, 214, 206)

TURN_GAIN = 1.15  # faces warped by 15 and 25 degrees were said to be turned by 13 and 19
PITCH_AT_REST = -4.0  # degrees that the mesh, with this gain, says of portraits looking straight ahead
NEUTRAL_CORNERS, CORNERS_RANGE = -0.03, 0.09  # of the mouth, above its middle, in distances of the eyes
NEUTRAL_MOUTH, MOUTH_RANGE = 0.56, 0.18  # width by the distance of the outer corners of the eyes


class Pose(NamedTuple):
    """Degrees: positive yaw looks to the photo's right, positive pitch up, positive roll is tilted clockwise."""

    yaw: float
    pitch: float
    roll: float


def pose(points: Floats) -> Pose:
    """How the head is turned: the direction of its left-right and of its down axis in the mesh's three dimensions."""
    across = points[RIGHT_EDGE] - points[LEFT_EDGE] + points[263] - points[33] + points[361] - points[132]
    down = points[CHIN] - points[HAIRLINE]
    yaw = TURN_GAIN * math.atan2(across[2], math.hypot(across[0], across[1]))
    pitch = -TURN_GAIN * math.atan2(down[2], math.hypot(down[0], down[1])) - math.radians(PITCH_AT_REST)
    roll = math.atan2(across[1], across[0])
    return Pose(*(round(math.degrees(angle), 1) for angle in (yaw, pitch, roll)))


def face_size(points: Floats) -> float:
    """The width of the face in pixels as if it looked straight at us, however it is turned."""
    return float(np.linalg.norm(points[RIGHT_EDGE] - points[LEFT_EDGE]))


def face_box(points: Floats) -> Rectangle:
    """From the brows to the chin and from edge to edge, as an upright rectangle in pixels."""
    seen = points[[*LEFT_BROW, *RIGHT_BROW, *(point for point in OVAL if _is_low(point)), CHIN], :2]
    (left, top), (right, bottom) = seen.min(0).tolist(), seen.max(0).tolist()
    return (left, top, right, bottom)


def openness(points: Floats) -> float:
    """How open the more closed eye is, by the mesh: height by width, in three dimensions (Soukupová and Čech 2016)."""
    ratios = []
    for eye in (LEFT_EYE, RIGHT_EYE):
        outer, up1, up2, inner, low2, low1 = (points[i] for i in eye)
        height = float(np.linalg.norm(up1 - low1) + np.linalg.norm(up2 - low2)) / 2
        ratios.append(height / max(1e-6, float(np.linalg.norm(outer - inner))))
    return round(min(ratios), 3)


def mouth_opening(points: Floats) -> float:
    """How open the mouth is: height by width of the opening between the lips."""
    height = float(np.linalg.norm(points[13] - points[14]))
    return round(height / max(1e-6, float(np.linalg.norm(points[78] - points[308]))), 3)


def smile(points: Floats) -> float:
    """How far the corners of the mouth are raised and drawn apart, -1 to 1; 0 is a mouth at rest."""
    eyes = max(1e-6, float(np.linalg.norm(points[263] - points[33])))
    down = points[CHIN] - points[HAIRLINE]
    down = down / max(1e-6, float(np.linalg.norm(down)))
    middle = (points[0] + points[17]) / 2
    raised = float(np.dot(middle - (points[61] + points[291]) / 2, down)) / eyes
    wide = float(np.linalg.norm(points[291] - points[61])) / eyes
    value = 0.6 * (raised - NEUTRAL_CORNERS) / CORNERS_RANGE + 0.4 * (wide - NEUTRAL_MOUTH) / MOUTH_RANGE
    return round(max(-1.0, min(1.0, value)), 2)


def _is_low(point: int) -> bool:
    """Whether a point of the oval lies at the height of the brows or lower."""
    return OVAL.index(LEFT_EDGE) + 1 >= OVAL.index(point) >= OVAL.index(356)
