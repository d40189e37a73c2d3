"""Training: how good an adapter is by its previews, and which one of a training to keep.

Numbers only: who paints the previews is `looks.py`, who knows faces is handed in from outside. All distances are told as
parts of the way from the floor (the base without an adapter) to the ceiling (photo against photo).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Any, Protocol

from storykin.errors import BadInput

if TYPE_CHECKING:
    from PIL.Image import Image

LEAKAGE = 0.5
"""What a class prompt that has moved all the way to the photos costs; half, since a book rarely shows two of a kind alike."""
ADHERENCE = 0.3
"""What it costs to have forgotten all of the prompt that the base followed."""
COLLAPSE = 0.5
"""What it costs when all previews are the same picture."""
VARIED = 0.5
"""Previews half as different from each other as the base's are not collapsed yet: one person in all of them is alike."""
LEAST_SPAN = 0.05
"""A floor and a ceiling nearer than this are the same: the measure cannot tell the character from anybody."""

LEGIBLE = 0.25
"""Of all previews with the trigger, in how many somebody must be found for their likeness to choose: drawings hold few faces that a net for photographs finds."""
LUCK = 0.1
"""How much of a look's score its better neighbour must bear out; what is above is taken for luck. A part of the way."""
TIE = 0.03
"""Scores nearer than this are equal, and the earlier look has learned the photos less by heart. A part of the way."""
PATIENCE = 3
RESEMBLES, RECOGNISED, ALIKE = 0.25, 0.5, 0.8
"""Parts of the way from which on there is a resemblance, somebody recognisable, a likeness as between two photos."""


class Scorer(Protocol):
    """Tells how much the same somebody is in pictures."""

    @property
    def name(self) -> str:
        """What it compares, as the report calls it: "faces"."""

    def likeness(self, pictures: Sequence[Image], references: Sequence[Image]) -> list[float | None]:
        """For each picture how like it is to all references together, 0 … 1; None where nobody is found to compare."""


@dataclass(frozen=True)
class Bounds:
    """What the numbers of a look are held against: those of the base without an adapter, and the photos among themselves.

    `floor` is the likeness of the base's previews, `leakage` that of its class prompts, `diversity` and `adherence` its own; `ceiling` the
    likeness of each held-out photo to the others. None where it is not known.
    """

    floor: float | None = None
    ceiling: float | None = None
    leakage: float | None = None
    diversity: float | None = None
    adherence: float | None = None


@dataclass(frozen=True)
class Look:
    """What the previews at one step were like; each number None where nothing could be measured.

    `likeness` is the mean over the previews with the trigger in which somebody was found, `error` its standard error, `seen`
    the share of those previews; `leakage` the likeness of the previews without the trigger; `adherence` how well the prompts were followed,
    `diversity` how different the previews are from each other (0 the same picture). `score` weighs them up: 0 is the base, 1 the
    photos. `each` holds the likeness of every preview in order, `weights` the fingerprint of the adapter that painted them.
    """

    step: int
    likeness: float | None
    leakage: float | None = None
    adherence: float | None = None
    diversity: float | None = None
    error: float = 0.0
    seen: float = 1.0
    score: float = 0.0
    each: tuple[float | None, ...] = ()
    weights: str = ""


@dataclass(frozen=True)
class Looked:
    """What a look tells the loop: its score, and whether the training has passed its peak."""

    score: float
    stop: bool = False


def weigh(look: Look, bounds: Bounds) -> Look:
    """The look with its score.

    score = way(likeness) - LEAKAGE · way of the class prompts beyond the base's - ADHERENCE · share of the prompts forgotten
    - COLLAPSE · share of the diversity lost below VARIED of the base's. A preview in which nobody is found counts as the floor.
    """
    floor = bounds.floor or 0.0
    liked = floor if look.likeness is None else look.likeness
    liked = look.seen * liked + (1 - look.seen) * min(floor, liked)
    score = way(liked, bounds.floor, bounds.ceiling)
    if look.leakage is not None:
        base = floor if bounds.leakage is None else bounds.leakage
        score -= LEAKAGE * max(0.0, way(look.leakage, base, base + _span(bounds.floor, bounds.ceiling)))
    if look.adherence is not None and bounds.adherence:
        score -= ADHERENCE * max(0.0, 1 - look.adherence / bounds.adherence)
    if look.diversity is not None and bounds.diversity:
        score -= COLLAPSE * max(0.0, 1 - look.diversity / (VARIED * bounds.diversity))
    return replace(look, score=score)


def way(likeness: float, floor: float | None, ceiling: float | None) -> float:
    """How far a likeness has come from floor to ceiling: 0 at the floor, 1 at the ceiling, more or less beyond."""
    return (likeness - (floor or 0.0)) / _span(floor, ceiling)


def _span(floor: float | None, ceiling: float | None) -> float:
    return max(LEAST_SPAN, (1.0 if ceiling is None else ceiling) - (floor or 0.0))


def mean_of(found: Sequence[float | None]) -> tuple[float | None, float, float]:
    """Mean, standard error and share of what was found; numbers that are not finite count as not found."""
    known = [one for one in found if one is not None and math.isfinite(one)]
    if not known:
        return None, 0.0, 0.0 if found else 1.0
    error = stdev(known) / math.sqrt(len(known)) if len(known) > 1 else 0.0
    return fmean(known), error, len(known) / len(found)


# --- which one to keep ------------------------------------------------------------------------------


def telling(bounds: Bounds) -> bool:
    """Whether the measure can tell the character from anybody: floor and ceiling, where both are known, lie apart."""
    return bounds.floor is None or bounds.ceiling is None or bounds.ceiling - bounds.floor >= LEAST_SPAN


def choose(looks: Sequence[Look], bounds: Bounds | None = None) -> Look:
    """The look to keep: the best score that its neighbours bear out; of equal ones the earliest. Step 0 is the base, and none.

    Where likeness could be measured in none of them, or in so few previews that luck would choose (`LEGIBLE`), or the measure says nothing (see `telling`), the last. Raises `BadInput` without looks.
    """
    trained = _trained(looks)
    if not trained:
        raise BadInput(
            "no previews were painted in this training, so none can be chosen",
            "train for more steps, or set look_every in the recipe to fewer steps than that",
        )
    measured = [look.seen if look.likeness is not None else 0.0 for look in trained]
    if fmean(measured) < LEGIBLE or (bounds and not telling(bounds)):
        return trained[-1]
    return trained[_best(steady(trained))]


def steady(looks: Sequence[Look]) -> tuple[float, ...]:
    """The scores of looks in the order of their steps with luck taken out.

    What sticks out more than `LUCK` above the better neighbour is cut off, then each is averaged with its neighbours
    (1 : 2 : 1, at the ends 2 : 1), of which a much worse one takes no more than that from it. Where the mean is more than the
    look's own score, its own counts: a bad look stays bad.
    """
    scores = [look.score for look in looks]
    if len(scores) < 2:
        return tuple(scores)
    held = [min(score, max(_around(scores, i)) + LUCK) for i, score in enumerate(scores)]
    smooth = [
        fmean([score, score, *(max(other, score - LUCK) for other in _around(held, i))])
        for i, score in enumerate(held)
    ]
    return tuple(map(min, scores, smooth))


def _around(scores: Sequence[float], place: int) -> list[float]:
    return [scores[i] for i in (place - 1, place + 1) if 0 <= i < len(scores)]


def _best(scores: Sequence[float]) -> int:
    return next(i for i, score in enumerate(scores) if score >= max(scores) - TIE)


def _trained(looks: Sequence[Look]) -> list[Look]:
    trained = (look for look in looks if look.step > 0 and math.isfinite(look.score))
    return sorted(trained, key=lambda look: look.step)


def past_peak(looks: Sequence[Look], patience: int = PATIENCE) -> bool:
    """Whether the best look lies `patience` looks back. Never before there was a resemblance: what has not begun cannot be over."""
    trained = _trained(looks)
    if len(trained) <= patience:
        return False
    scores = steady(trained)
    best = _best(scores)
    return scores[best] >= RESEMBLES and len(trained) - 1 - best >= patience


# --- in words ---------------------------------------------------------------------------------------


def recognisable(look: Look, floor: float | None, ceiling: float | None) -> bool:
    """Whether the likeness is clearly above the floor: `RECOGNISED` of the way, and by more than twice its standard error."""
    if look.likeness is None or look.seen < 0.5:
        return False
    clear = look.likeness - (floor or 0.0) > 2 * look.error
    return clear and way(look.likeness, floor, ceiling) >= RECOGNISED


HARDLY = "Judge by the previews: measures made for photographs see few drawn people."


def verdict(look: Look, floor: float | None, ceiling: float | None) -> str:
    """A sentence or two for the parent: is it she, how far from the floor to the ceiling, and can it be told at all."""
    if look.likeness is None and floor is None:
        return (
            "It cannot be told: there was nothing to compare, neither in these previews nor in the base's. "
            "Judge by the previews."
        )
    if look.likeness is None:
        return f"It cannot be told: in none of the previews was there anybody to compare with the photos. {HARDLY}"
    if not telling(Bounds(floor, ceiling)):
        return (
            "It cannot be told: by this measure the held-out photos are no more like each other "
            "than like what the base paints of anybody. Judge by the previews."
        )
    part = way(look.likeness, floor, ceiling)
    told = f"{_part(part)} from anybody to how alike the photos are"
    if recognisable(look, floor, ceiling):
        return f"As like as two photos of the same: {told}." if part >= ALIKE else f"Recognisable: {told}."
    if look.seen < LEGIBLE:
        return f"It can hardly be told: in {1 - look.seen:.0%} of the previews there was nobody to compare. {HARDLY}"
    if look.seen < 0.5:
        return f"Not recognisable: in {1 - look.seen:.0%} of the previews there was nobody to compare."
    if part >= RECOGNISED:
        return f"Not reliably recognisable: {told}, but the previews differ too much among themselves to be sure."
    if part >= RESEMBLES:
        return f"Not recognisable yet, a resemblance at most: {told}."
    return f"Not recognisable: {told}."


def _part(part: float) -> str:
    if part <= 0.02:
        return "no part of the way"
    return "all of the way" if part >= 0.995 else f"{part:.0%} of the way"


# --- without a model --------------------------------------------------------------------------------


def diversity_of(pictures: Sequence[Image]) -> float | None:
    """How different pictures are from each other: the mean over all pairs of the mean difference of 16 x 16 pixels, 0 … 1.

    None for fewer than two. It sees that all have become one picture, and no more.
    """
    small = [picture.convert("RGB").resize((16, 16), reducing_gap=2.0).tobytes() for picture in pictures]
    pairs = [
        fmean(abs(a - b) for a, b in zip(one, other, strict=True)) / 255
        for one, other in combinations(small, 2)
    ]
    return fmean(pairs) if pairs else None


@dataclass(frozen=True)
class PlainScorer:
    """Compares colours and textures, for pets and toys: it needs no model, knows no face and never fails to find somebody.

    The colours that most references share are taken for the character's and those of single ones for the background's. A yellow dog on
    grass is told from a black one, and not from another yellow dog: that its numbers are modest is honest.
    """

    name: str = "colours and textures"
    colour: float = 0.75  # against texture, which changes with every pose

    def likeness(self, pictures: Sequence[Image], references: Sequence[Image]) -> list[float | None]:
        """The overlap of each picture's colours and textures with what the references share, 0 … 1; None without references."""
        import numpy as np

        if not references:
            return [None for _ in pictures]
        colours, textures = zip(*map(self._traits, references), strict=True)
        shared = np.median(np.stack(colours), axis=0)
        shared = shared if shared.sum() > 1e-6 else np.mean(np.stack(colours), axis=0)
        texture = np.mean(np.stack(textures), axis=0)
        found: list[float | None] = []
        for picture in pictures:
            own = self._traits(picture)
            both = _overlap(own[0], shared), _overlap(own[1], texture)
            found.append(self.colour * both[0] + (1 - self.colour) * both[1])
        return found

    def _traits(self, picture: Image) -> tuple[Any, Any]:
        """Histograms of colour and of the directions of edges, the middle of the picture counting most."""
        import numpy as np

        line = np.linspace(-1, 1, 64)
        middle = np.exp(-(line[:, None] ** 2 + line[None] ** 2) / (2 * 0.5**2))
        small = picture.convert("YCbCr").resize((64, 64), reducing_gap=2.0)
        pixels = np.asarray(small, np.float32) / 256
        return _colours(pixels, middle), _edges(pixels[..., 0], middle)


def _colours(pixels: Any, weights: Any) -> Any:
    """4 x 12 x 12 counts of Y, Cb and Cr, each pixel spread over the cells around it so that a shade more is no other colour."""
    import numpy as np

    counts = np.zeros((4, 12, 12))
    places = [pixels[..., axis] * size - 0.5 for axis, size in enumerate(counts.shape)]
    lower = [np.floor(place).astype(int) for place in places]
    for corner in np.ndindex(2, 2, 2):
        share = weights.copy()
        at = []
        for place, low, up, size in zip(places, lower, corner, counts.shape, strict=True):
            share = share * (place - low if up else 1 - (place - low))
            at.append(np.clip(low + up, 0, size - 1))
        np.add.at(counts, tuple(at), share)
    return counts / counts.sum()


def _edges(grey: Any, weights: Any) -> Any:
    """How much edge there is in each of eight directions, fine and coarse, and how much is smooth."""
    import numpy as np

    found = []
    for step in (1, 4):
        down, across = np.gradient(grey[::step, ::step])
        strength = np.hypot(down, across) * weights[::step, ::step] / weights[::step, ::step].sum()
        turn = (np.arctan2(down, across) % np.pi / np.pi * 8).astype(int) % 8
        found.append(np.bincount(turn.ravel(), strength.ravel(), 8))
    counts = np.concatenate(found)
    return np.append(counts, max(0.0, 1 - counts.sum()))


def _overlap(one: Any, other: Any) -> float:
    """Bhattacharyya's coefficient of two histograms, 1 for equal ones."""
    import numpy as np

    return float(np.sqrt(one / one.sum() * (other / other.sum())).sum().clip(0, 1))
