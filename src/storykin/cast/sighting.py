"""Cast: values: what was seen in one photo. Measured once, kept by content hash, never a verdict.

All boxes are fractions of the upright photo; embeddings never leave the character's folder.
"""

from dataclasses import dataclass, field
from typing import Literal

from storykin import colours
from storykin.scene import Box

Lab = colours.Lab
"""A colour as CIE L*a*b* (D65), L 0 to 100."""


@dataclass(frozen=True)
class Face:
    """One face in a photo.

    `box` goes from the brows to the chin, `head` from the top of the hair to the chin and past the ears. `width` is
    that of `box` in pixels of the full photo. `score` (0 to 1) is how surely it is a face. `yaw`, `pitch` and `roll` are
    degrees: positive yaw looks to the photo's right, positive pitch up, positive roll is tilted clockwise.
    `eyes` is how open the more closed eye is (height by width of its opening; below 0.12 closed),
    `mouth` how open the mouth is (height by width), `smile` how far its corners are raised and drawn apart (-1 to 1).
    `sharpness` is measured at a fixed face width, so that near and far faces compare (see `looking.py`);
    `light` the median L* of the face, `uneven` how differently its two halves are lit (difference of L*),
    `clipped` the fraction burnt out or sunk in black. `covered` (0 to 1) is how much of the face seems to be
    hidden by a hand, a mask or hair. `embedding` are the 128 numbers that say whose face it is.
    `skin`, `hair` and `clothes` are measured colours; `long_hair` whether hair hangs beside the neck
    (None when that cannot be told).
    """

    box: Box
    head: Box
    width: int
    score: float
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    eyes: float = 0.3
    mouth: float = 0.0
    smile: float = 0.0
    sharpness: float = 0.0
    light: float = 50.0
    uneven: float = 0.0
    clipped: float = 0.0
    covered: float = 0.0
    embedding: tuple[float, ...] = ()
    skin: Lab | None = None
    hair: Lab | None = None
    long_hair: bool | None = None
    clothes: tuple[Lab, ...] = ()


@dataclass(frozen=True)
class Sighting:
    """What was seen in one photo.

    `name` is the path below the photo folder, `digest` the SHA-256 of the file's bytes. `width` and `height` are of the
    upright photo; `turns` quarter turns clockwise were needed beyond what the file said. `faces` with the
    largest first. `person` is the box of everything that belongs to people, `subject` that of whatever stands out
    (for photos without faces). `prints` is a perceptual hash (64 bits as 16 hexadecimal digits),
    `thumb` the photo as 8 x 8 Lab colours, rounded. `sharpness` is that of the whole photo's sharpest parts, `light` its median L*,
    `clipped` the fraction burnt out or sunk. `background` are the main colours behind the person, `outdoors`
    None when it cannot be told honestly. `monochrome` is true for black-and-white photos.
    `refused` says why the file could not be looked at; then all else is empty.
    """

    name: str
    digest: str
    width: int = 0
    height: int = 0
    turns: int = 0
    faces: tuple[Face, ...] = ()
    person: Box | None = None
    subject: Box | None = None
    prints: str = ""
    thumb: tuple[int, ...] = ()
    sharpness: float = 0.0
    light: float = 50.0
    clipped: float = 0.0
    background: tuple[Lab, ...] = ()
    outdoors: bool | None = None
    monochrome: bool = False
    refused: str = ""


@dataclass(frozen=True)
class Group:
    """One person of the folder: `faces` are (index of the sighting, index of the face); `radius` the mean distance
    of the faces to their centre."""

    number: int
    faces: tuple[tuple[int, int], ...]
    centre: tuple[float, ...]
    radius: float


@dataclass(frozen=True)
class People:
    """Everybody in the folder, the one in most photos first.

    `threshold` is the distance of embeddings below which two faces were taken for one person, and `because` says
    in words what set it. `chosen` is the number of the group that is the character, -1 when nobody is.
    """

    groups: tuple[Group, ...] = ()
    threshold: float = 0.5
    because: str = ""
    chosen: int = -1


STATES = ("chosen", "spare", "duplicate", "not her", "unsure", "blurred", "too dark", "too bright", "too small",
          "eyes closed", "turned away", "covered", "cut off", "dropped", "unreadable")  # fmt: skip
"""Verdicts on a photo; only `chosen` is learned from, `spare` would be good enough."""


@dataclass(frozen=True)
class Judged:
    """The verdict on one photo: `state` is one of `STATES`, `reason` a sentence for the parent.

    `sighting` is the index, `face` that of the character's face in it (None for a subject without a face), `quality` 0 to 1
    orders the usable ones, `twin` is the name of the better photo a duplicate repeats,
    `by_hand` is true when the parent decided.
    """

    sighting: int
    state: str
    reason: str
    face: int | None = None
    quality: float = 0.0
    twin: str = ""
    by_hand: bool = False


@dataclass(frozen=True)
class Crop:
    """A rectangle of the upright photo that becomes a training picture.

    `box` has exactly the bucket's aspect; `width` and `height` are the bucket in pixels; `scale` is the enlargement
    (above 1 means upscaled, never above `framing.MOST`). `others` are the heads of other people that are
    still in the frame, in fractions of the photo.
    """

    framing: str
    box: Box
    width: int
    height: int
    scale: float
    others: tuple[Box, ...] = ()


@dataclass(frozen=True)
class Decisions:
    """What the parent decided, kept in `cast/sasha/photos.toml` and editable by hand.

    `sources` are the folders of the originals. `dropped` and `kept` are names of photos, `like` one photo on which the
    character is alone ("this is her"), `person` a group's number (from 0) until a photo of theirs is known (-1: the one in most photos). `crops` maps a
    photo's name to a rectangle [left, top, width, height] in fractions. `family`, `resolution` (0: the family's own)
    and `wanted` say what the dataset is for and how large it should be. `others` says what happens to other people who
    are still in the frame: "blur" their faces (and mask them), "mask" them only, or "keep" them. `whole` photos are learned, as far as the buckets' shapes allow.
    """

    sources: tuple[str, ...] = ()
    family: str = "sdxl"
    resolution: int = 0
    wanted: int = 35
    like: str = ""
    person: int = -1
    dropped: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    crops: dict[str, tuple[float, float, float, float]] = field(default_factory=dict)
    others: Literal["blur", "mask", "keep"] = "blur"
    whole: bool = False
