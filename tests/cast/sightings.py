"""Tests of the cast: sightings made by hand: photos of one person whose every measure a test can set."""

import hashlib
from dataclasses import dataclass, replace

import numpy as np

from storykin.cast.sighting import Crop, Face, Sighting
from storykin.scene import Box


@dataclass(frozen=True)
class Seen:
    """What `judge` needs of `who.Who`."""

    face: int | None = 0
    distance: float = 0.3
    margin: float = 0.3
    sure: bool = True


FRAMINGS = ("close-up", "half body", "full body")
RED, GREEN, BLUE = (45.0, 60.0, 40.0), (52.0, -38.0, 30.0), (45.0, 6.0, -48.0)


def face(x: float = 0.4, y: float = 0.3, size: float = 0.2, **changed: object) -> Face:
    """A good face: sharp, well lit, wide enough, with its head inside the photo."""
    good = Face(
        Box(x, y, size, size),
        Box(x - size / 4, y - size / 3, 1.5 * size, 1.5 * size),
        width=300,
        score=0.95,
        sharpness=3.0,
        light=65.0,
        embedding=tuple(float(i == 0) for i in range(128)),
        clothes=(RED,),
    )
    return replace(good, **changed)  # type: ignore[arg-type]


def photo(number: int, *faces: Face, moment: int | None = None, **changed: object) -> Sighting:
    """A photo; photos of one `moment` look the same, others look quite different."""
    random = np.random.default_rng(number if moment is None else 10_000 + moment)
    thumb = random.normal((55, 0, 0), (22, 12, 12), (8, 8, 3)).round().astype(int)
    good = Sighting(
        f"IMG_{number:04d}.jpg",
        hashlib.sha256(str(number).encode()).hexdigest(),
        3000,
        4000,
        faces=faces,
        prints=f"{int(random.integers(2**63)):016x}",
        thumb=tuple(thumb.ravel().tolist()),
        sharpness=3.0,
        background=(tuple(random.normal((55, 0, 0), (20, 25, 25)).tolist()),),
    )
    return replace(good, **changed)  # type: ignore[arg-type]


def crops(*framings: str) -> tuple[Crop, ...]:
    """Framings without a fault."""
    return tuple(Crop(name, Box(0.1, 0.1, 0.8, 0.6), 1024, 1024, 0.8) for name in framings or FRAMINGS)
