"""Cast: groups faces by identity: which of them are one person, and how near is near enough in this folder.

Takes embeddings and which faces share a photo; who the character is, is `who`'s.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from storykin.cast.linking import cut_at, linkage
from storykin.cast.sighting import Face, Sighting

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Truths = NDArray[np.bool_]

PRIOR = 0.49
"""Distance between two faces at which dlib's net cannot say whether they are one person; measured on adults: one man
0.24 to 0.43, different people 0.52 (first percentile) to 0.73 (median). The net's authors advise 0.6 on adults."""
LEAST, MOST = 0.40, 0.56
SCATTER = 0.26
"""Distance of a face to its own person's centre that is assumed until enough faces tell better."""
SAME_CENTRE, GROWN_CENTRE = 0.30, 0.42
"""Centres of two groups nearer than this are one person: halves of one person lie 0.1 to 0.25 apart, siblings 0.4 to 0.5;
a child years apart is as far from itself as a sibling, so up to the second only for those who would have met."""
MIRRORED = 0.25  # two faces in one photo nearer than this are a mirror or a collage
BURST = 0.36  # between two shots of one moment; measured 0.05 to 0.30
SAME_BITS = 6  # of the perceptual hash
ONCE = 6000  # faces that are linked with each other (144 MB); the others join the nearest of their groups
MARGIN = 0.04  # a face must be this much nearer to its own person than to the next
POOR_MARGIN = 0.07


class Faces(NamedTuple):
    """All faces with an embedding, a row each."""

    where: tuple[tuple[int, int], ...]
    vectors: Floats
    good: Truths
    moment: NDArray[np.int64]
    """Faces with the same number are one person at one moment (copies and bursts)."""


# Faces -----------------------------------------------------------------------------------------------------


def faces_in(sightings: Sequence[Sighting]) -> Faces:
    """Every face with an embedding, in the order of the photos."""
    where = tuple(
        (photo, number)
        for photo, sighting in enumerate(sightings)
        for number, face in enumerate(sighting.faces)
        if len(face.embedding) == 128 and all(map(np.isfinite, face.embedding[:4]))
    )
    vectors = np.array([sightings[p].faces[f].embedding for p, f in where], dtype=np.float32).reshape(-1, 128)
    vectors = np.nan_to_num(vectors)
    seen = [sightings[p].faces[f] for p, f in where]
    sharp = np.array([face.sharpness for face in seen])
    usual = float(np.median(sharp[sharp > 0])) if (sharp > 0).any() else 0.0
    good = np.array([_is_good(face, usual) for face in seen], dtype=bool)
    if good.sum() < 2:
        good[:] = True
    return Faces(where, vectors, good, _moments(sightings, where, vectors))


def _is_good(face: Face, usual: float) -> bool:
    """Whether the face is large, sharp and frontal enough to tell who it is: below 45 pixels an embedding drifts by 0.3."""
    return (
        face.width >= 45
        and face.sharpness >= 0.35 * usual
        and face.score >= 0.6
        and abs(face.yaw) <= 50
        and abs(face.pitch) <= 40
        and face.covered <= 0.5
        and 12 <= face.light <= 95
    )


def _moments(
    sightings: Sequence[Sighting], where: tuple[tuple[int, int], ...], vectors: Floats
) -> NDArray[np.int64]:
    """Copies and bursts: the same faces are the same people."""
    moment = np.arange(len(where))
    rows = defaultdict(list)
    for row, (photo, _) in enumerate(where):
        rows[photo].append(row)
    for first, second, copy in _near_photos(sightings, sorted(rows)):
        pairs = sorted(
            (
                0.0
                if copy and where[a][1] == where[b][1]
                else float(np.linalg.norm(vectors[a] - vectors[b])),
                a,
                b,
            )
            for a in rows[first]
            for b in rows[second]
        )
        taken: set[int] = set()
        for apart, a, b in pairs:
            if apart < BURST and a not in taken and b not in taken:
                taken |= {a, b}
                moment[b] = moment[a]
    return moment


def _near_photos(sightings: Sequence[Sighting], photos: list[int]) -> list[tuple[int, int, bool]]:
    """(earlier photo, later photo, whether byte for byte the same), the earliest alike for each."""
    digests: dict[str, int] = {}
    copies = {}
    for photo in photos:
        first = digests.setdefault(sightings[photo].digest, photo)
        if first != photo and sightings[photo].digest:
            copies[photo] = first
    near = [(first, photo, True) for photo, first in copies.items()]
    hashed = [photo for photo in photos if sightings[photo].prints and photo not in copies]
    prints = np.array([int(sightings[photo].prints, 16) for photo in hashed], dtype=np.uint64)
    for row in range(1, len(hashed)):
        alike = np.flatnonzero(np.bitwise_count(prints[:row] ^ prints[row]) <= SAME_BITS)
        if alike.size:
            near.append((hashed[int(alike[0])], hashed[row], False))
    return near


# Grouping --------------------------------------------------------------------------------------------------


def grouped(sightings: Sequence[Sighting], faces: Faces) -> tuple[NDArray[np.int64], float, str]:
    """A label for every face, the threshold and what set it."""
    units, unit_of = np.unique(faces.moment, return_inverse=True)
    best = np.zeros(len(units), dtype=bool)
    np.logical_or.at(best, unit_of, faces.good)
    weight = np.where(faces.good, 1.0, 0.05).astype(np.float32)[:, None]
    vectors = np.zeros((len(units), 128), dtype=np.float32)
    total = np.zeros((len(units), 1), dtype=np.float32)
    np.add.at(vectors, unit_of, faces.vectors * weight)
    np.add.at(total, unit_of, weight)
    vectors /= total
    photos: list[set[int]] = [set() for _ in units]
    for row, (photo, _) in enumerate(faces.where):
        photos[unit_of[row]].add(photo)
    strong = np.flatnonzero(best)[:ONCE] if best.sum() <= ONCE else _spaced(np.flatnonzero(best))
    never, apart = _never(faces, unit_of, vectors, strong)
    merges = linkage(vectors[strong], never)
    threshold, because = _calibrated(merges, apart, len(strong))
    label = np.full(len(units), -1, dtype=np.int64)
    label[strong] = cut_at(merges, len(strong), threshold)
    for _ in range(2):
        label = _joined(label, vectors, photos)
        label = _assigned(label, vectors, photos, best, threshold)
    return label[unit_of], threshold, because


def _spaced(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """`ONCE` of the rows, evenly over the folder."""
    some: NDArray[np.int64] = rows[np.linspace(0, len(rows) - 1, ONCE).astype(int)]
    return some


def _never(
    faces: Faces, unit_of: NDArray[np.int64], vectors: Floats, strong: NDArray[np.int64]
) -> tuple[list[tuple[int, int]], Floats]:
    """Pairs (rows of `strong`) that share a photo and so are two people, and their distances."""
    place = {int(unit): row for row, unit in enumerate(strong)}
    together = defaultdict(list)
    for row, (photo, _) in enumerate(faces.where):
        if int(unit_of[row]) in place:
            together[photo].append(int(unit_of[row]))
    pairs = {
        (min(a, b), max(a, b))
        for units in together.values()
        for i, a in enumerate(units)
        for b in units[i + 1 :]
        if a != b
    }
    never, apart = [], []
    for a, b in sorted(pairs):
        distance = float(np.linalg.norm(vectors[a] - vectors[b]))
        if distance >= MIRRORED:
            never.append((place[a], place[b]))
            apart.append(distance)
    return never, np.array(apart, dtype=np.float32)


def _calibrated(merges: list[tuple[int, int, float]], apart: Floats, count: int) -> tuple[float, str]:
    """The threshold and in words what set it.

    Every candidate pays for its distance from what is known of the net, for pairs from one photo that it would call one
    person, and for every merge that happens near it: a good threshold lies in a gap.
    """
    candidates = np.arange(LEAST, MOST + 0.001, 0.01)
    usual = ((candidates - PRIOR) / 0.05) ** 2 / 2
    certain = min(1.0, len(apart) / 12)
    wrong = np.array([float((apart < t).mean()) if len(apart) else 0.0 for t in candidates]) * 12 * certain
    heights = np.array([height for _, _, height in merges if height < 1.2], dtype=np.float32)
    crowded = np.array([np.exp(-(((heights - t) / 0.02) ** 2) / 2).sum() for t in candidates])
    gap = 3 * crowded / max(1.0, float(crowded.max())) * min(1.0, count / 12)
    best = int(np.argmin(usual + wrong + gap))
    threshold = float(candidates[best])
    if abs(threshold - PRIOR) < 0.015:
        return threshold, "the usual distance: the folder gave no reason for another"
    if wrong[int(np.argmin(usual + gap))] - wrong[best] > 0.3:
        return (
            threshold,
            f"{len(apart)} pairs of people in one photo look alike, so faces must agree more closely",
        )
    way = "more closely" if threshold < PRIOR else "less closely"
    return (
        threshold,
        f"the folder's {count} clear faces fall apart best when they must agree {way} than usual",
    )


def _joined(label: NDArray[np.int64], vectors: Floats, photos: list[set[int]]) -> NDArray[np.int64]:
    """Joins groups whose centres are nearer than two people's can be, unless they meet in photos.

    Linkage splits a person who was photographed over years or in odd light; the distance of two centres is freed from
    the scatter of their faces, which the distance of two faces is not.
    """
    while True:
        rows = [np.flatnonzero(label == number) for number in np.unique(label[label >= 0])]
        centres = np.array([vectors[row].mean(axis=0) for row in rows])
        sizes = np.array([len(row) for row in rows])
        noise = (SCATTER**2 / sizes).astype(np.float32)
        hosts = np.flatnonzero(sizes >= min(2, sizes.max()))
        apart = _squares(centres[hosts], centres) - noise[hosts, None] - noise
        apart[np.arange(len(hosts)), hosts] = np.inf
        seen = [set[int]().union(*(photos[unit] for unit in row)) for row in rows]
        social = _social(hosts, apart, seen)
        merged: set[int] = set()
        order = np.argsort(apart, axis=None)[: int((apart < GROWN_CENTRE**2).sum())]
        for place, guest in zip(*np.unravel_index(order, apart.shape), strict=True):
            host = int(hosts[place])
            if host in merged or guest in merged:
                continue
            shared, least = len(seen[host] & seen[guest]), min(len(seen[host]), len(seen[guest]))
            missed = social * len(seen[host]) * len(seen[guest])
            limit = SAME_CENTRE + (GROWN_CENTRE - SAME_CENTRE) * (1 - np.exp(-missed / 2))
            if shared > 0.05 * least or apart[place, guest] > limit**2:
                continue
            merged |= {host, int(guest)}
            label[rows[guest]] = label[rows[host][0]]
        if not merged:
            return label


def _social(hosts: NDArray[np.int64], apart: Floats, seen: list[set[int]]) -> float:
    """How many photos two people of this folder share on average, per photo of the one and photo of the other.

    Asked of people who are certainly different; 0 in a folder of portraits, where never having met says nothing.
    """
    shared, chances = 0, 0
    large = [place for place in range(len(hosts)) if len(seen[hosts[place]]) >= 3][:60]
    for i in large:
        for j in large:
            if i < j and apart[i, hosts[j]] > 0.5**2:
                shared += len(seen[hosts[i]] & seen[hosts[j]])
                chances += len(seen[hosts[i]]) * len(seen[hosts[j]])
    return shared / chances if chances else 0.0


def _squares(ones: Floats, others: Floats) -> Floats:
    """Squared distances, len(ones) x len(others)."""
    products = (ones**2).sum(axis=1)[:, None] + (others**2).sum(axis=1) - 2 * ones @ others.T
    squares: Floats = np.maximum(products, 0)
    return squares


def _assigned(
    label: NDArray[np.int64], vectors: Floats, photos: list[set[int]], best: Truths, threshold: float
) -> NDArray[np.int64]:
    """Poor faces and those that stand alone join the nearest person if it is clearly the nearest; all others are put right once.

    What fits nobody becomes a group of its own.
    """
    sizes = Counter(int(number) for number in label[label >= 0])
    least = 2 if max(sizes.values()) >= 2 else 1
    hosts = sorted(number for number, size in sizes.items() if size >= least)
    column = {number: place for place, number in enumerate(hosts)}
    rows = [np.flatnonzero(label == number) for number in hosts]
    centres = np.array([vectors[row].mean(axis=0) for row in rows])
    spreads = np.array([_spread(vectors[row], centre) for row, centre in zip(rows, centres, strict=True)])
    far = np.sqrt(_squares(vectors, centres) + spreads**2)
    order = np.argsort(far, axis=1)
    nearest = far[np.arange(len(far)), order[:, 0]]
    margin = far[np.arange(len(far)), order[:, 1]] - nearest if len(hosts) > 1 else np.full(len(far), 1.0)
    home = np.array([column.get(int(number), -1) for number in label])
    there = defaultdict(set)
    for unit in np.flatnonzero(home >= 0):
        for photo in photos[unit]:
            there[photo].add(int(home[unit]))
    fresh = label.max() + 1
    for unit in np.argsort(nearest, kind="stable"):
        goal = int(order[unit, 0])
        taken = any(goal in there[photo] for photo in photos[unit])
        if home[unit] >= 0:
            clear = margin[unit] > MARGIN and goal != home[unit] and not taken
        elif best[unit]:
            clear = (
                nearest[unit] < threshold + (0.05 if margin[unit] > 0.1 else 0)
                and margin[unit] > MARGIN
                and not taken
            )
        else:
            clear = nearest[unit] < threshold + 0.06 and margin[unit] > POOR_MARGIN and not taken
        if clear:
            label[unit] = hosts[goal]
            for photo in photos[unit]:
                there[photo].add(goal)
        elif label[unit] < 0:
            label[unit], fresh = fresh, fresh + 1
    return label


def _spread(vectors: Floats, centre: Floats) -> float:
    """Root of the mean square distance to the centre, drawn towards `SCATTER` while there are few faces."""
    own = float(((vectors - centre) ** 2).sum())
    return float(np.sqrt((own + 3 * SCATTER**2) / (len(vectors) + 3)))
