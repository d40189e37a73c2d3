"""Cast: who is who in a folder: groups the faces by identity and says which group is the character.

Knows numbers only, no pixels. Every face with an embedding ends in exactly one group; what is doubtful is said
to be doubtful (`Who.sure`), never guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from storykin.cast.grouping import MARGIN, SCATTER, Faces, faces_in, grouped
from storykin.cast.sighting import Decisions, Face, Group, People, Sighting
from storykin.errors import BadInput

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Who:
    """Where the character is in one photo: `face` is the index there, None when not to be seen.

    `distance` is the expected distance (root of the mean square) between this face and one of the character's, comparable with
    `People.threshold`; `margin` how much farther the nearest other person is (negative: nearer). `sure` is false where
    a parent should look.
    """

    face: int | None
    distance: float
    margin: float
    sure: bool


class _Crowd(NamedTuple):
    """The centres of the groups, a row each."""

    numbers: tuple[int, ...]
    centres: Floats
    spreads: Floats
    sizes: tuple[int, ...]


def people_in(sightings: Sequence[Sighting], decisions: Decisions) -> People:
    """Everybody in the folder, the one in most photos first; `Group.number` is the place in `People.groups`.

    Faces are linked by average distance (UPGMA), two faces in one photo never; the threshold comes from the folder itself
    around `grouping.PRIOR`. `decisions.like` wins over `decisions.person`. Raises `BadInput` when either points at nobody.
    5,000 photos take seconds.
    """
    faces = faces_in(sightings)
    if not faces.where:
        _refuse_unknown(sightings, decisions, ())
        return People(because="no face was found")
    label, threshold, because = grouped(sightings, faces)
    label = _ordered(sightings, faces, label, decisions)
    groups = _groups(sightings, faces, label, decisions)
    chosen = _chosen(sightings, groups, decisions)
    pulled = _pulled(sightings, faces, label, groups, chosen, threshold, decisions)
    if pulled is not None:
        label = pulled
        wanted = label[faces.where.index(groups[chosen].faces[0])]
        fresh = _ordered(sightings, faces, label, decisions)
        chosen = int(fresh[np.flatnonzero(label == wanted)[0]])
        groups = _groups(sightings, faces, fresh, decisions)
    return People(groups, round(threshold, 3), because, chosen)


def face_of(index: int, sightings: Sequence[Sighting], people: People, decisions: Decisions) -> Who:
    """Which face in photo `index` is the character; for all photos at once `who_in_each` is quicker."""
    crowd = _crowd(people)
    return _who(
        index, sightings, people, crowd, _members(people), _refused(sightings, people, decisions), decisions
    )


def who_in_each(sightings: Sequence[Sighting], people: People, decisions: Decisions) -> tuple[Who, ...]:
    """`face_of` for every photo, quicker than one by one."""
    crowd, members = _crowd(people), _members(people)
    refused = _refused(sightings, people, decisions)
    return tuple(
        _who(index, sightings, people, crowd, members, refused, decisions) for index in range(len(sightings))
    )


def split_hint(people: People) -> tuple[str, ...]:
    """What a parent should know about the grouping, in plain words; people are counted from 1 there."""
    if people.chosen < 0:
        return ("nobody's face was found",) if not people.groups else ()
    photos = {group.number: len({photo for photo, _ in group.faces}) for group in people.groups}
    own = photos[people.chosen]
    remarks = []
    if own == 1 and len(photos) > 1:
        remarks.append("nobody is in more than one photo; say who it is with --like PHOTO")
    for number, count in photos.items():
        if number != people.chosen and count > 2 and count >= 0.8 * own:
            remarks.append(
                f"person {number + 1} is in {count} photos, almost as many as person {people.chosen + 1} "
                f"(in {own}) or more; choose with --person {number + 1}"
            )
    return (*remarks, *_lookalikes(people, photos))


def portrait_of(number: int, sightings: Sequence[Sighting], people: People) -> str:
    """The photo that shows best who group `number` is: theirs is the largest face in it, and large; "" when there is none.

    A name stays right when photos are added; a number does not.
    """
    best: tuple[int, str] | None = None
    for photo, face in people.groups[number].faces:
        widths = [one.width for one in sightings[photo].faces]
        if widths[face] == max(widths) and (best is None or widths[face] > best[0]):
            best = widths[face], sightings[photo].name
    return best[1] if best else ""


def _lookalikes(people: People, photos: dict[int, int]) -> list[str]:
    """People who resemble the character so much that some faces were left open."""
    her = people.groups[people.chosen]
    remarks = []
    for other in people.groups:
        if other.number == her.number or photos[other.number] < 3:
            continue
        apart = float(np.linalg.norm(np.subtract(her.centre, other.centre)))
        if apart < 0.45:
            shared = len({photo for photo, _ in her.faces} & {photo for photo, _ in other.faces})
            together = f"; they are together in {shared}" if shared else ""
            remarks.append(
                f"person {other.number + 1} looks much like person {her.number + 1}, as siblings do "
                f"(in {photos[other.number]} photos{together}); doubtful faces were set apart as unsure"
            )
    return remarks


# Order, choice and the parent's word -----------------------------------------------------------------------


def _presence(sighting: Sighting, number: int) -> float:
    """How much a face counts as being in the photo, 0 to 1: a passer-by far behind counts little."""
    face, short = sighting.faces[number], min(sighting.width, sighting.height)
    large = min(1.0, face.width / (0.06 * short)) if short and face.width else 1.0
    widest = max(one.width for one in sighting.faces)
    return max(0.05, large * (face.width / widest) ** 0.5 if widest else large)


def _ordered(
    sightings: Sequence[Sighting], faces: Faces, label: NDArray[np.int64], decisions: Decisions
) -> NDArray[np.int64]:
    """The labels renumbered: the person in most photos is 0; copies count once, dropped photos not at all."""
    counts: dict[int, dict[str | int, float]] = defaultdict(dict)
    size: dict[int, float] = defaultdict(float)
    for row, (photo, number) in enumerate(faces.where):
        one = int(label[row])
        here = 0.0 if sightings[photo].name in decisions.dropped else _presence(sightings[photo], number)
        copy = sightings[photo].digest or photo
        counts[one][copy] = max(counts[one].get(copy, 0.0), here)
        size[one] += _middle(sightings[photo].faces[number])
    order = sorted(
        counts,
        key=lambda one: (
            -round(sum(counts[one].values()), 3),
            -size[one],
            int(np.flatnonzero(label == one)[0]),
        ),
    )
    place = {one: number for number, one in enumerate(order)}
    return np.array([place[int(one)] for one in label])


def _middle(face: Face) -> float:
    """Larger and nearer to the middle of the photo is more."""
    box = face.box
    off = ((box.x + box.w / 2 - 0.5) ** 2 + (box.y + box.h / 2 - 0.5) ** 2) ** 0.5
    return float(box.w * (1.2 - off))


def _groups(
    sightings: Sequence[Sighting], faces: Faces, label: NDArray[np.int64], decisions: Decisions
) -> tuple[Group, ...]:
    dropped = np.array([sightings[photo].name in decisions.dropped for photo, _ in faces.where])
    groups = []
    order = np.argsort(label, kind="stable")
    for number, rows in enumerate(np.split(order, np.flatnonzero(np.diff(label[order])) + 1)):
        kept = rows[~dropped[rows]] if (~dropped[rows]).any() else rows
        clear = kept[faces.good[kept]] if faces.good[kept].any() else kept
        vectors = faces.vectors[clear]
        centre = vectors.mean(axis=0)
        radius = float(np.linalg.norm(vectors - centre, axis=1).mean())
        where = tuple(faces.where[row] for row in rows)
        groups.append(Group(number, where, tuple(map(float, np.round(centre, 5))), round(radius, 4)))
    return tuple(groups)


def _refuse_unknown(sightings: Sequence[Sighting], decisions: Decisions, groups: tuple[Group, ...]) -> None:
    if decisions.like and decisions.like not in {one.name for one in sightings}:
        raise BadInput(
            f"there is no photo named {decisions.like!r} to tell who it is by",
            "name a photo of the folder with --like",
        )
    if groups and not decisions.like and decisions.person >= len(groups):
        raise BadInput(
            f"there is no person {decisions.person + 1} in these photos, only 1 to {len(groups)}",
            "leave out --person, or name a photo with --like",
        )


def _chosen(sightings: Sequence[Sighting], groups: tuple[Group, ...], decisions: Decisions) -> int:
    """The number of the character's group."""
    _refuse_unknown(sightings, decisions, groups)
    if not decisions.like:
        return max(decisions.person, 0)
    photo = next(index for index, one in enumerate(sightings) if one.name == decisions.like)
    here = [(group.number, face) for group in groups for where, face in group.faces if where == photo]
    if not here:
        raise BadInput(
            f"no face was found in {decisions.like!r} to tell who it is by", "name another photo with --like"
        )
    return max(here, key=lambda one: (sightings[photo].faces[one[1]].width, -one[1]))[0]


def _pulled(
    sightings: Sequence[Sighting],
    faces: Faces,
    label: NDArray[np.int64],
    groups: tuple[Group, ...],
    chosen: int,
    threshold: float,
    decisions: Decisions,
) -> NDArray[np.int64] | None:
    """The labels after the parent's word: kept photos show her, so the face that fits best joins her group,
    with all its group where that is near and never meets her. None when nothing changes."""
    named = set(decisions.kept) | ({decisions.like} if decisions.like else set())
    label, changed = label.copy(), False
    by_photo = defaultdict(list)
    for row, (photo, _) in enumerate(faces.where):
        by_photo[photo].append(row)
    her = np.array(groups[chosen].centre, dtype=np.float32)
    for photo, rows in by_photo.items():
        if sightings[photo].name not in named:
            continue
        mine = [row for row in rows if label[row] == chosen]
        if not mine:
            mine = [min(rows, key=lambda row: float(np.linalg.norm(faces.vectors[row] - her)))]
        row = mine[0]
        others = [int(label[row])] if label[row] != chosen else []
        if sightings[photo].name == decisions.like and len(groups[chosen].faces) == 1:
            others = [
                group.number for group in groups[:200] if group.number != chosen and len(group.faces) > 1
            ]
        changed = _absorb(label, faces, row, others, chosen, her, threshold) or changed
    return label if changed else None


def _absorb(
    label: NDArray[np.int64],
    faces: Faces,
    row: int,
    others: list[int],
    chosen: int,
    her: Floats,
    threshold: float,
) -> bool:
    """Moves one face, and what surely belongs to it, into the character's group."""
    mine = {faces.where[one][0] for one in np.flatnonzero(label == chosen)}
    near = []
    for other in others:
        rows = np.flatnonzero(label == other)
        apart = float(np.linalg.norm(faces.vectors[rows].mean(axis=0) - her))
        if apart < threshold - 0.02 and not mine & {faces.where[one][0] for one in rows}:
            near.append((apart, other))
    before = label.copy()
    if near:
        label[label == min(near)[1]] = chosen
    label[row] = chosen
    return bool((before != label).any())


# One photo -------------------------------------------------------------------------------------------------


def _crowd(people: People) -> _Crowd:
    """Everybody in more than one photo, and the character."""
    groups = [group for group in people.groups if len(group.faces) > 1 or group.number == people.chosen]
    sizes = tuple(len(group.faces) for group in groups)
    spreads = [
        np.sqrt((size * group.radius**2 + 3 * SCATTER**2) / (size + 3))
        for size, group in zip(sizes, groups, strict=True)
    ]
    centres = np.array([group.centre for group in groups], dtype=np.float32).reshape(-1, 128)
    return _Crowd(
        tuple(group.number for group in groups), centres, np.array(spreads, dtype=np.float32), sizes
    )


def _members(people: People) -> dict[tuple[int, int], int]:
    return {where: group.number for group in people.groups for where in group.faces}


def _refused(sightings: Sequence[Sighting], people: People, decisions: Decisions) -> Floats:
    """Faces the parent said were somebody else: those of her group in dropped photos; n x 128."""
    own = people.groups[people.chosen].faces if people.chosen >= 0 else ()
    rows = [
        sightings[photo].faces[face].embedding
        for photo, face in own
        if sightings[photo].name in decisions.dropped
    ]
    return np.array(rows, dtype=np.float32).reshape(-1, 128)


def _who(
    index: int,
    sightings: Sequence[Sighting],
    people: People,
    crowd: _Crowd,
    members: dict[tuple[int, int], int],
    refused: Floats,
    decisions: Decisions,
) -> Who:
    sighting = sightings[index]
    rows = [face for face in range(len(sighting.faces)) if (index, face) in members]
    if people.chosen < 0 or not rows:
        return Who(None, 2.0, 0.0, False)
    vectors = np.array([sighting.faces[face].embedding for face in rows], dtype=np.float32)
    measured = []
    for face, vector in zip(rows, vectors, strict=True):
        number = members[index, face]
        distance, margin = _compared(vector, number, people.chosen, crowd)
        measured.append((number != people.chosen, distance, face, margin, vector))
    elsewhere, distance, face, margin, vector = min(measured, key=lambda one: one[:3])
    own = members[index, face]
    if elsewhere:
        # a face that stands alone, nearer to her than to anybody else, may be her in bad light
        alone = len(people.groups[own].faces) == 1
        doubtful = alone and distance < people.threshold + 0.04 and margin > 0
        return Who(face if doubtful else None, round(distance, 4), round(margin, 4), False)
    sure = distance < people.threshold + 0.03 and margin > MARGIN
    if len(refused) and distance > people.threshold - 0.06:
        sure = sure and float(np.linalg.norm(refused - vector, axis=1).min()) > distance - 0.03
    if sighting.name in decisions.kept or sighting.name == decisions.like:
        sure = True
    sure = sure and sighting.name not in decisions.dropped
    return Who(face, round(distance, 4), round(margin, 4), bool(sure))


def _compared(vector: Floats, number: int, chosen: int, crowd: _Crowd) -> tuple[float, float]:
    """The face's distance to the character and how much farther the nearest other person is."""
    straight = np.linalg.norm(crowd.centres - vector, axis=1)
    for place, (one, size) in enumerate(zip(crowd.numbers, crowd.sizes, strict=True)):
        if one == number and size > 1:
            # the centre without this face itself
            straight[place] *= size / (size - 1)
    far = np.hypot(straight, crowd.spreads)
    place = crowd.numbers.index(chosen)
    distance = float(far[place])
    others = np.delete(far, place)
    return distance, float(others.min()) - distance if len(others) else 1.0


__all__ = ["Who", "face_of", "people_in", "split_hint", "who_in_each"]
