"""Cast: the verdict on each photo, with a reason a parent understands.

A hard fault (somebody else, blurred, a duplicate) has quality 0 and is not learned from; a weak photo (dim, turned away)
has a low quality and is taken only where there are few. What the parent decided always wins.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

from storykin.cast.duplicates import twins
from storykin.cast.eyes import CLOSED
from storykin.cast.framing import cut_off
from storykin.cast.measuring import BLURRED
from storykin.cast.sighting import Crop, Decisions, Face, Judged, Sighting
from storykin.dataset import RESOLUTIONS

if TYPE_CHECKING:
    from storykin.cast.who import Who

ENOUGH = 8
"""Photos below which a face is hardly learned: with fewer, every background and jumper is learned along with it."""

SHARP = BLURRED
"""Sharpness of a face below which a photo is blurred, where the folder cannot tell."""
SURELY_BLURRED, SURELY_SHARP = 1.55, 2.0  # between them the folder's own median decides
NOTHING_SHARP = 1.0  # what is left of the measure where there is no edge at all
BLURRED_SHARE = 0.65  # of the median's excess over that: a soft old camera is not a fault of each photo
SHARP_WHOLE = 1.6  # as `SHARP`, for the sharpest parts of a photo without a face
SHARP_FACELESS = (
    1.5  # the same where a face was expected: nothing in the photo is sharp (sharp ones: 2.4 to 3.8)
)
FOLDER = 8  # photos from which a median says something

FACE_WIDTH = 90
"""Pixels of face width that a training picture of 1024 needs: 11 of the latents' cells, from which a likeness can be told;
less for smaller resolutions, in proportion."""
LEAST_FACE = 0.55  # of that: a weak photo, below it a hard fault
USUAL_FACE = 0.75  # of the folder's median face: where all photos are small, a common one is no weak one
FINE_FACE = 280  # pixels from which more add nothing

BLACK, DIM = 18.0, 26.0
"""L* of a face: below the first hardly anything is left to see; below the second it is dim, unless the folder's own faces
are as dark (dark skin in good light lies at 25 to 40)."""
DIM_SHARE, BLACK_SHARE = 0.62, 0.36  # of the folder's median face
BLAZING, BRIGHT = 95.0, 88.0  # L* of a face
BURNT, SUNBURNT = 0.35, 0.15  # of the face burnt out or sunk in black: hard, weak
LAUGHING = 0.45  # smile from which narrow eyes are laughing eyes
NARROW = 0.07  # even laughing eyes are open wider
SEEN_EYES = 55  # pixels of face width below which eyes cannot be told
SIDE, BEHIND = 62.0, 88.0  # degrees of yaw: weak, hard
NODDING = 42.0  # degrees of pitch
HIDDEN, PARTLY = 0.55, 0.35  # of the face covered: hard, weak

WEAK = 0.3
"""Quality of a weak photo at most; above it a photo has no fault."""


@dataclass(frozen=True)
class Folder:
    """What is usual in this folder: the sharpness below which its photos are blurred, the L* of its faces, and how wide
    a face must be for its resolution."""

    sharp: float
    sharp_whole: float
    light: float
    face_width: float


@dataclass(frozen=True)
class Fault:
    """Something wrong with a photo: one of `STATES`, a sentence, and whether it forbids learning from it."""

    state: str
    reason: str
    hard: bool = True


def judge(
    sightings: Sequence[Sighting],
    whos: Sequence[Who],
    crops: Sequence[tuple[Crop, ...]],
    decisions: Decisions,
) -> tuple[Judged, ...]:
    """The verdict on every photo, in their order; those that are good enough are "spare" until `choosing.choose` takes them.

    Quality 0 is a hard fault; up to `WEAK` a photo that is taken only where there are few, its state saying why.
    """
    faces = [one.face for one in whos]
    person = any(face is not None for face in faces)
    folder = usual(sightings, faces, decisions)
    judged = [
        _judge(index, sightings[index], whos[index], crops[index], decisions, folder, person)
        for index in range(len(sightings))
    ]
    return tuple(_without_twins(sightings, judged, decisions))


def enough(judged: Sequence[Judged]) -> bool:
    """Whether there are photos enough to learn from (`ENOUGH`)."""
    return sum(one.state in {"chosen", "spare"} for one in judged) >= ENOUGH


def usual(sightings: Sequence[Sighting], faces: Sequence[int | None], decisions: Decisions) -> Folder:
    """What can be expected of this folder's photos; `faces` is the character's face in each."""
    seen = [one.faces[face] for one, face in zip(sightings, faces, strict=True) if face is not None]
    whole = [one.sharpness for one in sightings if not one.refused]
    resolution = decisions.resolution or RESOLUTIONS[decisions.family]
    needed = FACE_WIDTH * resolution / 1024
    if len(seen) >= FOLDER:
        needed = min(needed, max(LEAST_FACE * needed, USUAL_FACE * median(face.width for face in seen)))
    return Folder(
        _sharp_limit([face.sharpness for face in seen], SHARP),
        _sharp_limit(whole, SHARP_WHOLE),
        median(face.light for face in seen) if len(seen) >= FOLDER else 50.0,
        needed,
    )


def _sharp_limit(values: Sequence[float], alone: float) -> float:
    """The sharpness below which a photo is blurred: half of what is usual, within what is blurred or sharp anywhere."""
    if len(values) < FOLDER:
        return alone
    lowest, highest = alone + SURELY_BLURRED - SHARP, alone + SURELY_SHARP - SHARP
    expected = NOTHING_SHARP + BLURRED_SHARE * (median(values) - NOTHING_SHARP)
    return min(highest, max(lowest, expected))


def _judge(
    index: int,
    one: Sighting,
    who: Who,
    crops: tuple[Crop, ...],
    decisions: Decisions,
    folder: Folder,
    person: bool,
) -> Judged:
    """The verdict on one photo, looked at by itself."""
    if one.name in decisions.dropped:
        return Judged(index, "dropped", "you took it out", who.face, by_hand=True)
    if one.refused:
        return Judged(index, "unreadable", one.refused)
    quality = _quality(one, who.face, crops, folder)
    if one.name in decisions.kept:
        if crops:
            return Judged(index, "spare", "you kept it", who.face, max(quality, 0.01), by_hand=True)
        fault = _uncut(one, who.face)
        return Judged(
            index,
            fault.state,
            f"you kept it, but it cannot be used: {fault.reason}",
            who.face,
            by_hand=True,
        )
    faults = _identity(one, who, person, folder) or _faults(one, who.face, crops, folder)
    for fault in sorted(faults, key=lambda fault: not fault.hard):
        weak = 0.0 if fault.hard else max(0.01, WEAK * quality)
        return Judged(index, fault.state, fault.reason, who.face, round(weak, 4))
    return Judged(
        index, "spare", _praise(one, who.face), who.face, round(WEAK + 0.01 + (0.99 - WEAK) * quality, 4)
    )


def _identity(one: Sighting, who: Who, person: bool, folder: Folder) -> list[Fault]:
    """Whether it is the character at all."""
    if not person:
        return []
    if who.face is None:
        if not one.faces and one.sharpness < SHARP_FACELESS:
            return [Fault("blurred", "so blurred that no face can be found")]
        if not one.faces:
            return [Fault("not her", "no face was found")]
        if all(face.sharpness < SURELY_BLURRED for face in one.faces):
            # a blurred face is nobody's: the nets cannot tell
            return [Fault("blurred", "blurred: nobody can tell whose face it is")]
        return [Fault("not her", "someone else" if len(one.faces) == 1 else "other people only")]
    face = one.faces[who.face]
    if not who.sure and (fault := _too_small(face, folder) or _blurred(face, folder)):
        return [fault]
    if not who.sure:
        return [Fault("unsure", "it may be somebody else: keep it if the face is the right one")]
    return []


def _faults(one: Sighting, number: int | None, crops: tuple[Crop, ...], folder: Folder) -> list[Fault]:
    """All that is wrong with a photo of the character, the gravest first among equals."""
    if number is None:
        found = [_soft_whole(one, folder), _dim_whole(one), None if crops else _uncut(one, None)]
        return [fault for fault in found if fault]
    face = one.faces[number]
    asked: tuple[Callable[[Face, Folder], Fault | None], ...] = (
        _too_small,
        _blurred,
        _small,
        _lit,
        _hidden,
        _shut,
        _turned,
    )
    faults = [fault for ask in asked if (fault := ask(face, folder))]
    return faults if crops else [*faults, _uncut(one, number)]


def _blurred(face: Face, folder: Folder) -> Fault | None:
    if face.sharpness >= folder.sharp:
        return None
    return Fault(
        "blurred",
        f"blurred: the face has {_share(face.sharpness, folder.sharp)} of the sharpness that is needed",
    )


def _lit(face: Face, folder: Folder) -> Fault | None:
    black = min(BLACK, BLACK_SHARE * folder.light)
    dim = min(DIM, DIM_SHARE * folder.light)
    if face.light < dim:
        hard = face.light < black
        words = "hardly anything of the face can be seen" if hard else "the face is dim"
        return Fault(
            "too dark", f"too dark: {words} (brightness {face.light:.0f} of 100; {dim:.0f} is needed)", hard
        )
    if face.light > BRIGHT or (face.clipped > SUNBURNT and face.light > 50):
        hard = face.light > BLAZING or face.clipped > BURNT
        if face.clipped > SUNBURNT:
            return Fault("too bright", f"too bright: {face.clipped:.0%} of the face is burnt out", hard)
        return Fault("too bright", f"too bright: the face has a brightness of {face.light:.0f} of 100", hard)
    return None


def _small(face: Face, folder: Folder) -> Fault | None:
    if face.width >= folder.face_width:
        return None
    words = (
        f"the face is only {face.width} pixels wide; {folder.face_width:.0f} are needed for sharp learning"
    )
    return Fault("too small", words, face.width < LEAST_FACE * folder.face_width)


def _too_small(face: Face, folder: Folder) -> Fault | None:
    """A face so small that neither its sharpness nor its owner can be told."""
    fault = _small(face, folder)
    return fault if fault and fault.hard else None


def _hidden(face: Face, _folder: Folder) -> Fault | None:
    if face.covered <= PARTLY:
        return None
    return Fault("covered", f"about {face.covered:.0%} of the face is covered", face.covered > HIDDEN)


def _shut(face: Face, _folder: Folder) -> Fault | None:
    limit = NARROW if face.smile > LAUGHING else CLOSED
    if face.eyes >= limit or face.width < SEEN_EYES or abs(face.yaw) > SIDE or face.pitch < -25:
        return None
    return Fault("eyes closed", "the eyes are closed", hard=False)


def _turned(face: Face, _folder: Folder) -> Fault | None:
    if abs(face.yaw) > SIDE:
        side = "right" if face.yaw > 0 else "left"
        words = f"the face is turned {abs(face.yaw):.0f} degrees to the {side}; up to {SIDE:.0f} can be learned well"
        return Fault("turned away", words, abs(face.yaw) > BEHIND)
    if abs(face.pitch) > NODDING:
        way = "up" if face.pitch > 0 else "down"
        return Fault("turned away", f"the face looks {abs(face.pitch):.0f} degrees {way}", hard=False)
    return None


def _uncut(one: Sighting, number: int | None) -> Fault:
    """Why there is no crop of a photo."""
    if number is not None and cut_off(one.faces[number]) >= 1:
        return Fault("cut off", "the photo's border cuts off a part of the head")
    return Fault(
        "too small", f"the photo has only {one.width} × {one.height} pixels: too few to cut a picture out"
    )


def _soft_whole(one: Sighting, folder: Folder) -> Fault | None:
    if one.sharpness >= folder.sharp_whole:
        return None
    return Fault(
        "blurred",
        f"blurred: the photo has {_share(one.sharpness, folder.sharp_whole)} of the sharpness that is needed",
    )


def _share(sharpness: float, needed: float) -> str:
    """Sharpness in per cent of what is needed, counted from where nothing is sharp."""
    return f"{max(0.0, sharpness - NOTHING_SHARP) / (needed - NOTHING_SHARP):.0%}"


def _dim_whole(one: Sighting) -> Fault | None:
    if one.light < DIM / 2:
        return Fault("too dark", f"too dark: a brightness of {one.light:.0f} of 100", one.light < BLACK / 2)
    if one.light > BLAZING or one.clipped > 0.6:
        return Fault("too bright", f"too bright: {one.clipped:.0%} of the photo is burnt out", hard=False)
    return None


def _quality(one: Sighting, number: int | None, crops: tuple[Crop, ...], folder: Folder) -> float:
    """How good a photo is to learn from, 0 to 1: a product of its qualities, so that one bad one cannot hide."""
    grey = 0.6 if one.monochrome else 1.0  # a grey photo teaches greyness along with the face
    enlarged = min((crop.scale for crop in crops), default=2.0)
    common = grey * _rise(2.0 - enlarged, 0.4, 1.0)
    if number is None:
        return common * _rise(one.sharpness, NOTHING_SHARP, 2 * folder.sharp_whole)
    face = one.faces[number]
    return (
        common
        * _rise(face.sharpness, NOTHING_SHARP, 1.6 * folder.sharp)
        * math.sqrt(_rise(face.width, 0.0, FINE_FACE))
        * _rise(face.light, 0.3 * folder.light, 0.8 * folder.light)
        * (1 - min(0.6, face.clipped))
        * (1 - min(0.4, face.uneven / 100))
        * (1 - 0.8 * face.covered)
        * _rise(face.eyes, 0.02, 0.18)
        * (1 - 0.3 * min(1.0, abs(face.yaw) / 90) - 0.2 * min(1.0, abs(face.pitch) / 60))
        * (1 - 0.3 * min(1.0, cut_off(face) * 3))
        * max(0.3, min(1.0, face.score))
    )


def _rise(value: float, low: float, high: float) -> float:
    """0.2 at `low`, 1 from `high`, straight between: never 0, so that the other qualities still count."""
    return 0.2 + 0.8 * min(1.0, max(0.0, (value - low) / max(1e-9, high - low)))


def _praise(one: Sighting, number: int | None) -> str:
    """What to say of a good photo."""
    if number is None:
        return "good: sharp and well lit"
    face = one.faces[number]
    return f"good: sharp, well lit, the face is {face.width} pixels wide"


def _without_twins(
    sightings: Sequence[Sighting], judged: Sequence[Judged], decisions: Decisions
) -> list[Judged]:
    """The verdicts with every repeated moment named a duplicate of the best photo of it.

    What is blurred, dark or somebody else keeps that verdict: it says more, and such a photo must not stand for its moment.
    """
    settled = {"unreadable", "dropped", "not her", "unsure", "blurred", "too dark", "too bright"}
    usable = [one.sighting for one in judged if one.quality > 0 or one.state not in settled]
    kept = set(decisions.kept)
    # what the parent kept leads its group whatever its quality
    ranks = [judged[index].quality + 2 * (sightings[index].name in kept) for index in usable]
    found = twins([sightings[index] for index in usable], [judged[index].face for index in usable], ranks)
    verdicts = list(judged)
    for one, best in found.items():
        index, name = usable[one], sightings[usable[best]].name
        if sightings[index].name in kept or (
            verdicts[index].quality <= 0 and verdicts[usable[best]].quality <= 0
        ):
            continue
        reason = f"a better shot of the same moment is {name}"
        if sightings[index].digest == sightings[usable[best]].digest:
            reason = f"the same file as {name}"
        verdicts[index] = replace(verdicts[index], state="duplicate", reason=reason, quality=0.0, twin=name)
    return verdicts
