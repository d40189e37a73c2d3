"""Critics: which of the figures seen is which of those wanted: the best way to pair them all at once.

By likeness to the references first, then by kind, hair and clothes, and by place where the painter keeps to the storyboard.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from storykin.critics import Palette, Seen
from storykin.critics.expecting import Expectation, Wanted
from storykin.critics.likening import similarity
from storykin.critics.measures import palette_distance, stray
from storykin.critics.thresholds import gate
from storykin.scene import Box

SPACES = ("face", "drawn", "image")
"""Spaces whose vectors say who somebody is, the most trusted first; others ("drawn hair") say something of them."""
NEVER = -1e6


@dataclass(frozen=True)
class Match:
    """One wanted figure and the one seen that stands for it, None where nobody does.

    `similarity` is how like it is to the references, in `space`, 0 to 1 with the gate at `thresholds.gate("looks.alike", space)`; None
    where they share no space. `instead` says that pixels tell it: whoever is seen stands where the other is not.
    """

    wanted: Wanted
    seen: Seen | None = None
    similarity: float | None = None
    space: str = ""
    instead: bool = False


def match(figures: Sequence[Seen], expectation: Expectation) -> tuple[tuple[Match, ...], tuple[Seen, ...]]:
    """A match for every wanted figure, in their order, and the figures that are nobody wanted, the surest first."""
    seen = _single([one for one in figures if one.sure >= gate("figure.faint")])
    wanted = expectation.wanted
    scores = [[fit(who, one, expectation.placed) for one in seen] for who in wanted]
    pairs = assigned(scores)
    matches = []
    for i, who in enumerate(wanted):
        found = seen[pairs[i]] if i in pairs else None
        similarity, space = likeness(found, who.references) if found else (None, "")
        matches.append(Match(who, found, similarity, space))
    rest = [one for j, one in enumerate(seen) if j not in pairs.values()]
    return tuple(matches), tuple(one for one in rest if _counts(one, seen, expectation))


def is_told(one: Match) -> bool:
    """Whether a figure can be held against its references: one that is not seen in the storyboard's drawing is believed only where it stands and looks as it should."""
    if one.seen is None or one.wanted.sure != 0 or one.instead:
        return one.seen is not None
    box = one.wanted.figure.box
    same = one.similarity is not None and one.similarity >= gate("looks.alike", one.space)
    return bool(same and box and one.seen.sure >= gate("figure.sure") and offset(one.seen.box, box) <= gate("figure.instead"))  # fmt: skip


def strangers(figures: Sequence[Seen], expectation: Expectation) -> tuple[Seen, ...]:
    """Who is seen, however faintly, and stands for nobody that is wanted: they may hide others."""
    matches, _ = match(figures, expectation)
    known = [one.seen for one in matches if is_told(one) or _on_spot(one)]
    return tuple(one for one in figures if all(one is not other for other in known))


def _on_spot(one: Match) -> bool:
    """Whether whoever is seen fills the place of whom they stand for."""
    box = one.wanted.figure.box
    return bool(one.seen and box and same_place(one.seen.box, clipped(box)))


def foremost(figures: Sequence[Seen]) -> Seen:
    """Whom a picture of one is of: the surest and largest of those seen."""
    return max(figures, key=lambda one: one.sure * (one.box.w * one.box.h) ** 0.25)


def likeness(seen: Seen, references: Sequence[Seen]) -> tuple[float | None, str]:
    """How like a figure is to the nearest of the references, and in which space; None and "" where they share none."""
    for space in SPACES:
        value = alike(seen, references, space)
        if value is not None:
            return value, space
    return None, ""


def alike(seen: Seen, references: Sequence[Seen], space: str) -> float | None:
    """Likeness in one space to the nearest reference; None where either lacks a vector of it."""
    if space not in seen.vectors:
        return None
    own = seen.vectors[space]
    found = [similar(space, own, one.vectors[space]) for one in references if space in one.vectors]
    return max(found) if found else None


def similar(space: str, one: Sequence[float], other: Sequence[float]) -> float:
    """Likeness of two vectors of one space, 0 to 1."""
    return similarity(space, one, other)


def apart(seen: Seen, references: Sequence[Seen], region: str) -> float | None:
    """ΔE2000 of a region's colours to the nearest reference's; None where it was not read on either side.

    The clothes of a figure that is partly hidden are held only against the colours that are seen.
    """
    own = seen.palettes.get(region)
    if not own:
        return None
    known = [one.palettes[region] for one in references if one.palettes.get(region)]
    return min((_apart(own, one, region) for one in known), default=None)


def _apart(seen: Palette, wanted: Palette, region: str) -> float:
    if region == "clothes":
        return max(stray(seen, wanted), 0.5 * palette_distance(seen, wanted))
    return palette_distance(seen, wanted)


def fit(who: Wanted, seen: Seen, placed: bool) -> float:
    """How well a figure does for somebody: likeness, kind, hair, clothes and place added up; `NEVER` where it cannot be them."""
    if not who.is_person and not seen.kind and ("face" in seen.vectors or "skin" in seen.palettes):
        return NEVER  # who has a human face is nobody's dog
    similarity, space = likeness(seen, who.references)
    score = 0.0 if similarity is None else similarity - gate("looks.alike", space)
    kinds = {one.kind for one in who.references if one.kind}
    if kinds and seen.kind:
        score += 0.2 if seen.kind in kinds else -0.2
    for region, most in (("hair", gate("hair.colour")), ("clothes", gate("clothes.colour"))):
        far = apart(seen, who.references, region)
        if far is not None:
            score += 0.3 * (closeness(far / most) - 0.5)
    if placed and who.figure.box:
        near = nearness(seen.box, who.figure.box)
        if near < gate("figure.overlap"):
            return NEVER
        score += 2 * near
    return score


def closeness(ratio: float) -> float:
    """A distance by its gate as a score: 1 for none, a half at the gate, towards 0 far beyond."""
    return 1 / (1 + ratio * ratio)


def nearness(box: Box, other: Box) -> float:
    """How much two boxes are at one place, 0 to 1: the shared part of the smaller one, less where their middles are apart. What lies beyond the page is not counted."""
    one, two = clipped(box), clipped(other)
    if one.w * one.h <= 0 or two.w * two.h <= 0:
        return 0.0
    small, large = sorted((one, two), key=lambda each: each.w * each.h)
    aside = abs(one.x + one.w / 2 - two.x - two.w / 2) / max(one.w, two.w)
    return small.overlap(large) * max(0.0, 1 - aside)


def clipped(box: Box) -> Box:
    """The part of a box that is on the page."""
    left, top = max(0.0, box.x), max(0.0, box.y)
    return Box(left, top, max(0.0, min(1.0, box.right) - left), max(0.0, min(1.0, box.bottom) - top))


def _single(figures: Sequence[Seen]) -> list[Seen]:
    """Without the fainter of two boxes around one figure."""
    kept: list[Seen] = []
    for one in sorted(figures, key=lambda each: -each.sure):
        if all(shared(one.box, other.box) <= gate("figure.double") for other in kept):
            kept.append(one)
    return kept


def shared(one: Box, other: Box) -> float:
    """Intersection over union."""
    inner = one.overlap(other) * one.w * one.h
    union = one.w * one.h + other.w * other.h - inner
    return inner / union if union > 0 else 0.0


def same_place(one: Box, other: Box) -> bool:
    """Whether two boxes are as good as the same."""
    return shared(one, other) > gate("figure.double")


def _counts(one: Seen, seen: Sequence[Seen], expectation: Expectation) -> bool:
    """Whether a figure that is nobody wanted counts as an extra, and is not scenery or a thing that the scene has in it."""
    if one.sure < gate("figure.sure"):
        return False
    others = [each.box.h for each in seen if each is not one]
    if others and one.box.h < gate("figure.small") * max(others):
        return False
    if any(
        shared(one.box, thing.box) > gate("figure.scenery") and is_alike(one, thing)
        for thing in expectation.scenery
    ):
        return False
    return not is_prop(one, expectation)


def is_prop(one: Seen, expectation: Expectation) -> bool:
    """Whether a figure is of a kind that stands about in the scene, is held or is ridden."""
    return bool(one.kind) and any(one.kind in prop.lower().split() for prop in expectation.props)


def is_alike(one: Seen, other: Seen) -> bool:
    """Whether two figures may be the same one."""
    similarity, space = likeness(one, [other])
    return similarity is None or similarity >= gate("looks.alike", space)


def offset(one: Box, other: Box) -> float:
    """How far two figures stand apart, by their breadth sideways and by their height downwards, whichever is more; their heights do not count."""
    aside = abs(one.x + one.w / 2 - other.x - other.w / 2) / max(one.w, other.w)
    return max(aside, abs(one.bottom - other.bottom) / max(one.h, other.h))


# --- pairing ----------------------------------------------------------------------------------------------


def assigned(scores: Sequence[Sequence[float]]) -> dict[int, int]:
    """The pairs of rows and columns with the highest sum of scores, each used once; pairs that score `NEVER` are left out.

    The Hungarian method with potentials (Kuhn 1955, Munkres 1957; O(n³)).
    """
    rows, columns = len(scores), max((len(row) for row in scores), default=0)
    size = rows + columns  # room for everybody to stay alone
    if not rows or not columns:
        return {}
    costs = [
        [
            min(-scores[i][j], -NEVER) if i < rows and j < columns else -NEVER / 2 if i < rows or j < columns else 0.0
            for j in range(size)
        ]
        for i in range(size)
    ]  # fmt: skip
    u, v, held = [0.0] * (size + 1), [0.0] * (size + 1), [0] * (size + 1)
    for i in range(1, size + 1):
        held[0], column = i, 0
        least, back, done = [math.inf] * (size + 1), [0] * (size + 1), [False] * (size + 1)
        while held[column]:
            done[column] = True
            row, step, onward = held[column], math.inf, 0
            for j in range(1, size + 1):
                if done[j]:
                    continue
                cost = costs[row - 1][j - 1] - u[row] - v[j]
                if cost < least[j]:
                    least[j], back[j] = cost, column
                if least[j] < step:
                    step, onward = least[j], j
            for j in range(size + 1):
                if done[j]:
                    u[held[j]] += step
                    v[j] -= step
                else:
                    least[j] -= step
            column = onward
        while column:
            held[column] = held[back[column]]
            column = back[column]
    return {held[j] - 1: j - 1 for j in range(1, columns + 1) if held[j] <= rows and scores[held[j] - 1][j - 1] > NEVER / 2}  # fmt: skip


def closest(figures: Sequence[Seen], space: str) -> float | None:
    """The likeness of the two figures that are most alike in one space; None with fewer than two."""
    known = [one.vectors[space] for one in figures if space in one.vectors]
    return max((similar(space, a, b) for a, b in combinations(known, 2)), default=None)
