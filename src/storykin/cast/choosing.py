"""Cast: which photos are learned from: as good and as varied as the folder allows, one framing of each.

Greedy choice of what adds most: variety has falling returns (the tenth close-up adds less than the first profile), so
greed is near the optimum (Nemhauser, Wolsey, Fisher 1978). The verdicts themselves are `judging`'s.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from storykin.cast.eyes import CLOSED
from storykin.cast.judging import enough, judge
from storykin.cast.sighting import Crop, Decisions, Face, Judged, Sighting
from storykin.colours import hex_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from storykin.cast.sighting import Lab

    Floats = NDArray[np.float32]

__all__ = ["Variety", "angle_of", "choose", "enough", "expression_of", "judge", "light_of", "variety"]

SHARES = {"close-up": 0.45, "half body": 0.35, "full body": 0.20, "whole": 0.20}
"""Of the chosen pictures, where the folder allows: the face is what must be learned, the body what is forgotten without."""
WEIGHTS = {"framing": 1.3, "angle": 1.0, "expression": 0.8, "light": 0.5, "clothes": 1.2, "background": 0.6}
"""How much each kind of variety counts."""
RARITY = 0.7  # how far variety may outweigh quality: 0 never takes a rare photo for its rarity alone
UNUSUAL = 1.2  # how much it counts to be like photos of the folder that nothing chosen is like
BEST_CROP = 0.04  # what each step down in a photo's own order of crops costs
LENIENT = 20
"""Up to so many pictures, weak photos are taken too: few photos are worse than weak ones."""
ASLEEP = 0.1  # of the wanted pictures at most may have closed eyes
CLIENTS = 1000  # photos that the choice is measured against; more of the same take time and change nothing

ONE_CLOTH = (
    22.0  # ΔE (CIE 1976) within which clothes or backgrounds are the same; folds and light differ by 10 to 20
)
FOLDS = 0.5  # how much L* counts in that: folds and shade change it
TURNED, SIDEWAYS = 15.0, 38.0  # degrees of yaw: from here three-quarter, from there to the side
TILTED = 18.0  # degrees of pitch
OPEN_MOUTH, SMILING = 0.28, 0.35  # see `Face`
BRIGHT, DIM, ONE_SIDED = 72.0, 38.0, 14.0  # L* of a face; difference of its halves


@dataclass(frozen=True)
class Variety:
    """What the chosen pictures show, counted: (name, number of pictures), the most frequent first.

    `clothes` and `backgrounds` are named by their colour as "#rrggbb".
    """

    framing: tuple[tuple[str, int], ...] = ()
    angle: tuple[tuple[str, int], ...] = ()
    expression: tuple[tuple[str, int], ...] = ()
    light: tuple[tuple[str, int], ...] = ()
    clothes: tuple[tuple[str, int], ...] = ()
    backgrounds: tuple[tuple[str, int], ...] = ()


def choose(
    sightings: Sequence[Sighting],
    judged: Sequence[Judged],
    crops: Sequence[tuple[Crop, ...]],
    decisions: Decisions,
) -> tuple[tuple[Judged, ...], tuple[tuple[int, Crop], ...]]:
    """Up to `decisions.wanted` photos, each with the framing in which it adds most, in the order of the photos.

    Gives back the verdicts with these as "chosen", and (index of the sighting, its crop). What the parent kept is
    always among them, even beyond the number wanted. Weak photos come last and only up to `LENIENT`. The same photos give
    the same choice.
    """
    good = [i for i, one in enumerate(judged) if one.state == "spare" and crops[i]]
    weak = [
        i
        for i, one in enumerate(judged)
        if one.state not in {"spare", "chosen"} and one.quality > 0 and crops[i]
    ]
    pool = good + weak
    if not pool:
        return tuple(judged), ()
    taken = _Choice(sightings, judged, crops, pool)
    kept = [i for i in good if judged[i].by_hand]
    wanted = max(decisions.wanted, len(kept))
    taken.take(kept, len(kept))
    taken.take(good, wanted)
    awake = [i for i in weak if judged[i].state != "eyes closed"]
    taken.take(awake, min(wanted, LENIENT))
    asleep = max(1, round(ASLEEP * wanted))
    taken.take([i for i in weak if i not in set(awake)], min(wanted, LENIENT, len(taken.chosen) + asleep))
    verdicts = list(judged)
    for i in taken.chosen:
        reason = judged[i].reason
        if i in weak:
            reason = f"weak, but there are few photos: {reason}"
        verdicts[i] = replace(judged[i], state="chosen", reason=reason)
    return tuple(verdicts), tuple((i, taken.chosen[i]) for i in sorted(taken.chosen))


def variety(
    sightings: Sequence[Sighting], judged: Sequence[Judged], chosen: Sequence[tuple[int, Crop]]
) -> Variety:
    """The counts of what the chosen pictures show."""
    faces = [(sightings[i], _face(sightings[i], judged[i])) for i, _ in chosen]
    own = [face for _, face in faces if face]
    return Variety(
        _counted([crop.framing for _, crop in chosen]),
        _counted([angle_of(face) for face in own]),
        _counted([expression_of(face) for face in own]),
        _counted([light_of(one, face) for one, face in faces]),
        _counted_colours([face.clothes[0] if face.clothes else None for face in own]),
        _counted_colours([one.background[0] if one.background else None for one, _ in faces]),
    )


def angle_of(face: Face) -> str:
    """Which way a face looks, in words; left and right are those of the photo."""
    if face.pitch > TILTED:
        return "looking up"
    if face.pitch < -TILTED:
        return "looking down"
    if abs(face.yaw) < TURNED:
        return "front"
    side = "right" if face.yaw > 0 else "left"
    return f"facing {side}" if abs(face.yaw) >= SIDEWAYS else f"three-quarter {side}"


def expression_of(face: Face) -> str:
    """What a face does, in words."""
    if face.eyes < CLOSED and face.smile < SMILING:
        return "eyes closed"
    if face.mouth > OPEN_MOUTH:
        return "laughing" if face.smile > SMILING else "mouth open"
    return "smiling" if face.smile > SMILING else "serious"


def light_of(one: Sighting, face: Face | None) -> str:
    """How a photo is lit, in words: by the face where there is one."""
    if face and face.uneven > ONE_SIDED:
        return "from the side"
    value = face.light if face else one.light
    return "bright" if value > BRIGHT else "dim" if value < DIM else "even"


class _Choice:
    """A choice under way: what is taken, how often each trait occurs in it, how near each photo of the folder is to it."""

    def __init__(
        self,
        sightings: Sequence[Sighting],
        judged: Sequence[Judged],
        crops: Sequence[tuple[Crop, ...]],
        pool: Sequence[int],
    ) -> None:
        self.chosen: dict[int, Crop] = {}
        self._judged = judged
        self._crops = crops
        self._row = {index: row for row, index in enumerate(pool)}
        seen = [(sightings[i], _face(sightings[i], judged[i])) for i in pool]
        clothes = _alike([face.clothes[0] if face and face.clothes else None for _, face in seen])
        grounds = _alike([one.background[0] if one.background else None for one, _ in seen])
        self._traits = [
            {
                "angle": angle_of(face) if face else "",
                "expression": expression_of(face) if face else "",
                "light": light_of(one, face),
                "clothes": str(clothes[row]),
                "background": str(grounds[row]),
            }
            for row, (one, face) in enumerate(seen)
        ]
        self._counts: Counter[tuple[str, str]] = Counter()
        self._likeness = _likeness([one for one, _ in seen], [face for _, face in seen])
        self._near = np.zeros(self._likeness.shape[1], dtype=np.float32)

    def take(self, among: Sequence[int], most: int) -> None:
        """Take the best of `among`, one after the other, until `most` are taken in all."""
        left = [i for i in sorted(among) if i not in self.chosen]
        while left and len(self.chosen) < most:
            rows = [self._row[i] for i in left]
            fresh = np.maximum(self._likeness[rows] - self._near, 0).mean(axis=1)
            best = max(
                (
                    (self._gain(i, step, crop, float(new)), -i, -step, crop)
                    for i, new in zip(left, fresh, strict=True)
                    for step, crop in enumerate(self._crops[i])
                ),
                key=lambda found: found[:3],
            )
            self._add(-best[1], best[3])
            left.remove(-best[1])

    def _gain(self, index: int, step: int, crop: Crop, fresh: float) -> float:
        """What a crop adds: new traits and likeness to what nothing chosen is like, times how good the photo is."""
        framing = (
            math.sqrt(SHARES.get(crop.framing, 0.2))
            * self._step(("framing", crop.framing))
            * (1 - BEST_CROP * step)
        )
        traits = self._traits[self._row[index]]
        others = sum(WEIGHTS[kind] * self._step((kind, value)) for kind, value in traits.items() if value)
        gain = 1.6 * WEIGHTS["framing"] * framing + others + UNUSUAL * 10 * fresh
        return gain * (RARITY + self._judged[index].quality)

    def _step(self, trait: tuple[str, str]) -> float:
        """How much the square root of a count grows by one more."""
        count = self._counts[trait]
        return math.sqrt(count + 1) - math.sqrt(count)

    def _add(self, index: int, crop: Crop) -> None:
        row = self._row[index]
        self.chosen[index] = crop
        self._counts.update([("framing", crop.framing), *self._traits[row].items()])
        self._near = np.maximum(self._near, self._likeness[row])


def _face(one: Sighting, verdict: Judged) -> Face | None:
    return None if verdict.face is None else one.faces[verdict.face]


def _likeness(seen: Sequence[Sighting], faces: Sequence[Face | None]) -> Floats:
    """How alike photos look, 0 to 1, and with them the faces: all photos by at most `CLIENTS` of them."""
    blank = (0.0,) * 192
    thumbs = np.array([one.thumb or blank for one in seen], dtype=np.float32)
    own = np.array(
        [face.embedding if face and len(face.embedding) == 128 else (0.0,) * 128 for face in faces],
        dtype=np.float32,
    )
    places = np.array([_place(one) for one in seen], dtype=np.float32)
    every = slice(None, None, max(1, math.ceil(len(seen) / CLIENTS)))
    # scales: two photos differ by about 25 ΔE per cell, two moments of a person by 0.45, a subject's size by a third
    distance = (
        _apart(thumbs, thumbs[every]) / (25 * 8)
        + _apart(own, own[every]) / 0.9
        + _apart(places, places[every]) / 0.6
    )
    likeness: Floats = np.exp(-(distance**2)).astype(np.float32)
    return likeness


def _place(one: Sighting) -> tuple[float, float, float]:
    """Where the subject of a photo without faces is and how large."""
    box = one.subject
    return (box.x + box.w / 2, box.y + box.h / 2, math.sqrt(box.w * box.h)) if box else (0.5, 0.5, 0.5)


def _apart(rows: Floats, columns: Floats) -> Floats:
    """Euclidean distances between all rows of two matrices."""
    squares = (rows**2).sum(axis=1)[:, None] + (columns**2).sum(axis=1)[None] - 2 * rows @ columns.T
    apart: Floats = np.sqrt(np.maximum(squares, 0))
    return apart


def _alike(colours: Sequence[Lab | None]) -> list[int | str]:
    """The number of each colour's kind, "" where there is none; a kind is led by the first colour that is unlike all before."""
    leaders: list[Lab] = []
    kinds: list[int | str] = []
    for colour in colours:
        if colour is None:
            kinds.append("")
            continue
        apart = [
            math.dist((FOLDS * colour[0], *colour[1:]), (FOLDS * other[0], *other[1:])) for other in leaders
        ]
        nearest = min(range(len(leaders)), key=apart.__getitem__, default=-1)
        if nearest < 0 or apart[nearest] > ONE_CLOTH:
            leaders.append(colour)
            nearest = len(leaders) - 1
        kinds.append(nearest)
    return kinds


def _counted(words: Sequence[str]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(words).most_common())


def _counted_colours(colours: Sequence[Lab | None]) -> tuple[tuple[str, int], ...]:
    """Colours by kind, each kind named by the median of its colours."""
    kinds = _alike(colours)
    found = []
    for kind, count in Counter(kind for kind in kinds if kind != "").most_common():
        own = [colour for colour, one in zip(colours, kinds, strict=True) if one == kind and colour]
        light, red, yellow = (float(value) for value in np.median(np.array(own), axis=0))
        found.append((hex_of((light, red, yellow)), count))
    return tuple(found)
