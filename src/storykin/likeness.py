"""The side path: how like somebody is, told by the nets of the cast for the choice that training makes.

Here the two crafts meet: `cast` knows faces and `training` asks a `Scorer`.
"""

import hashlib
from collections.abc import Sequence
from importlib.util import find_spec
from math import dist
from statistics import fmean
from typing import TYPE_CHECKING

from storykin.training.scoring import PlainScorer, Scorer

if TYPE_CHECKING:
    from PIL.Image import Image

Numbers = tuple[float, ...]


class FaceScorer:
    """Compares faces: 1 less the mean distance of a picture's largest face to the faces of the references, 0 … 1.

    Distances are those between dlib's 128 numbers: two photos of one person lie 0.2 to 0.5 apart, two people 0.5 to 0.9 (docs/log.md). Cosines
    are not used: of these numbers even strangers' are all above 0.8.
    """

    name = "faces"

    def __init__(self) -> None:
        self._known: dict[str, Numbers | None] = {}

    def likeness(self, pictures: Sequence["Image"], references: Sequence["Image"]) -> list[float | None]:
        """For each picture how like it is to all references together; None where no face is found."""
        wanted = [face for face in map(self._remembered, references) if face is not None]
        faces = [_face_of(picture) if wanted else None for picture in pictures]
        return [None if face is None else _alike(face, wanted) for face in faces]

    def finds(self, pictures: Sequence["Image"]) -> int:
        """In how many of the pictures there is a face."""
        return sum(self._remembered(picture) is not None for picture in pictures)

    def _remembered(self, picture: "Image") -> Numbers | None:
        """The face of a reference, which is asked for at every look."""
        key = hashlib.blake2b(picture.tobytes(), digest_size=16).hexdigest()
        if key not in self._known:
            self._known[key] = _face_of(picture)
        return self._known[key]


def scorer_for(is_person: bool, references: Sequence["Image"]) -> Scorer:
    """What to compare somebody by: faces for people in whose photos faces are found, else colours and textures."""
    if is_person and can_see_faces():
        faces = FaceScorer()
        if faces.finds(references) >= min(2, len(references)) > 0:
            return faces
    return PlainScorer()


def can_see_faces() -> bool:
    """Whether the extra `cast` is installed."""
    return all(find_spec(name) for name in ("numpy", "ai_edge_litert", "dlib", "face_recognition_models"))


def _face_of(picture: "Image") -> Numbers | None:
    from storykin.cast.nets import embed, find_faces

    faces = find_faces(picture)
    return embed(picture, faces[0]) if faces else None


def _alike(face: Numbers, others: Sequence[Numbers]) -> float:
    return max(0.0, 1 - fmean(dist(face, other) for other in others))
