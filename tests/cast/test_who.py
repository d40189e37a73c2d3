"""Cast: who is who, on invented embeddings with the statistics measured on real faces."""

import time
from dataclasses import replace

import numpy as np
import pytest

from storykin.cast.linking import cut_at, linkage
from storykin.cast.sighting import Decisions, Face, People, Sighting
from storykin.cast.who import face_of, people_in, split_hint, who_in_each
from storykin.errors import BadInput
from storykin.scene import Box

SPECTRUM = 1 / (1 + np.arange(128) / 8)
NOBODY = Decisions()


class World:
    """Draws people (centres 0.73 apart in the median) and their faces (0.36 apart)."""

    def __init__(self, seed: int) -> None:
        self.dice = np.random.default_rng(seed)
        self.mean = self.drawn(1.28)

    def drawn(self, size: float) -> np.ndarray:
        return self.dice.normal(size=128) * SPECTRUM / np.linalg.norm(SPECTRUM) * size

    def person(self) -> np.ndarray:
        return self.mean + self.drawn(0.52)

    def sibling(self, of: np.ndarray, apart: float = 0.45) -> np.ndarray:
        way = self.drawn(1.0)
        return of + way / np.linalg.norm(way) * apart

    def face(self, person: np.ndarray, width: int = 400, scatter: float = 0.25) -> Face:
        vector = person + self.drawn(scatter) * self.dice.lognormal(0, 0.15)
        box = Box(*self.dice.uniform(0.1, 0.6, 2), width / 4000, width / 3000)
        return Face(box, box, width, 0.95, sharpness=0.1, embedding=tuple(map(float, vector)))

    def photo(self, name: str, *faces: Face, prints: str = "") -> Sighting:
        faces = tuple(sorted(faces, key=lambda face: -face.width))
        return Sighting(name, f"digest of {name}", 4000, 3000, faces=faces, prints=prints)


def recalled(photos: list[Sighting], truth: list[bool], decisions: Decisions = NOBODY) -> tuple[float, float]:
    """Precision and recall of photos said for sure to show her as the largest face."""
    found = [one.sure for one in who_in_each(photos, people_in(photos, decisions), decisions)]
    right = sum(said and is_so for said, is_so in zip(found, truth, strict=True))
    return right / max(1, sum(found)), right / max(1, sum(truth))


def family(seed: int, own: int = 30, others: int = 6) -> tuple[list[Sighting], list[bool], World]:
    """Portraits of her, of others (4 photos each), 10 with a sibling beside her."""
    world = World(seed)
    her = world.person()
    sibling = world.sibling(her)
    photos = [world.photo(f"her {n}", world.face(her)) for n in range(own - 10)]
    photos += [world.photo(f"both {n}", world.face(her, 500), world.face(sibling)) for n in range(10)]
    truth = [True] * len(photos)
    for person in [sibling, *(world.person() for _ in range(others))]:
        photos += [world.photo(f"other {len(photos) + n}", world.face(person)) for n in range(4)]
    return photos, truth + [False] * (len(photos) - len(truth)), world


def test_finds_her_among_siblings_and_strangers() -> None:
    scores = np.array([recalled(*family(seed)[:2]) for seed in range(40)])
    assert scores.mean(axis=0) == pytest.approx([1, 1], abs=0.03)
    assert np.quantile(scores, 0.1, axis=0).min() >= 0.9


def test_one_person_over_the_years_stays_one() -> None:
    for seed in range(10):
        world = World(seed)
        her, years = world.person(), world.drawn(0.3)
        photos = [world.photo(f"{n}", world.face(her + years * n / 40)) for n in range(40)]
        people = people_in(photos, NOBODY)
        assert len(people.groups[people.chosen].faces) >= 38


@pytest.mark.parametrize("count", [1, 2, 5])
def test_few_photos(count: int) -> None:
    world = World(count)
    her = world.person()
    photos = [world.photo(f"{n}", world.face(her, scatter=0.2)) for n in range(count)]
    people = people_in(photos, NOBODY)
    assert all(face_of(n, photos, people, NOBODY).sure for n in range(count))
    assert people.because


def test_no_faces_is_nobody() -> None:
    photos = [Sighting("cat.jpg", "x", 100, 100)]
    people = people_in(photos, NOBODY)
    assert people.chosen == -1
    assert face_of(0, photos, people, NOBODY).face is None
    assert people_in([], NOBODY).chosen == -1
    assert split_hint(people)


def test_two_in_one_photo_are_never_one() -> None:
    world = World(3)
    her = world.person()
    twin = world.sibling(her, 0.3)
    photos = [world.photo(f"{n}", world.face(her, 500, 0.15), world.face(twin, 400, 0.15)) for n in range(12)]
    people = people_in(photos, NOBODY)
    for group in people.groups:
        assert len({photo for photo, _ in group.faces}) == len(group.faces)


def test_the_parents_word_wins() -> None:
    photos, _, _ = family(1)
    shown = photos[-1].name
    people = people_in(photos, replace(NOBODY, like=shown))
    assert face_of(len(photos) - 1, photos, people, replace(NOBODY, like=shown)).sure
    assert face_of(0, photos, people, NOBODY).face is None
    assert people_in(photos, replace(NOBODY, person=1)).chosen == 1
    for wrong in (Decisions(like="nowhere.jpg"), Decisions(person=999)):
        with pytest.raises(BadInput):
            people_in(photos, wrong)


def test_kept_photos_are_hers_and_dropped_ones_are_not_sure() -> None:
    photos, _, world = family(2)
    far = world.photo("far", world.face(world.person()))
    photos.append(far)
    decisions = Decisions(kept=("far",), dropped=(photos[0].name,))
    people = people_in(photos, decisions)
    assert face_of(len(photos) - 1, photos, people, decisions).sure
    assert not face_of(0, photos, people, decisions).sure
    assert face_of(1, photos, people, decisions).sure


def test_passers_by_count_less_than_the_one_in_front() -> None:
    world = World(5)
    her, passer = world.person(), world.person()
    photos = [world.photo(f"{n}", world.face(her, 600), world.face(passer, 60)) for n in range(8)]
    photos += [
        world.photo(f"far {n}", world.face(world.person(), 600), world.face(passer, 60)) for n in range(4)
    ]
    people = people_in(photos, NOBODY)
    assert face_of(0, photos, people, NOBODY).face == 0


def test_hint_names_the_other_person() -> None:
    world = World(6)
    one, two = world.person(), world.person()
    photos = [world.photo(f"{n}", world.face((one, two)[n % 2])) for n in range(20)]
    assert "--person" in " ".join(split_hint(people_in(photos, NOBODY)))


def test_linkage_keeps_apart_what_must_be() -> None:
    points = np.array([[0.0], [0.1], [0.2], [5.0]], dtype=np.float32)
    assert len(set(cut_at(linkage(points, []), 4, 1.0).tolist())) == 2
    label = cut_at(linkage(points, [(0, 1)]), 4, 1.0)
    assert label[0] != label[1]


def test_same_answer_twice() -> None:
    photos, _, _ = family(7)
    assert people_in(photos, NOBODY) == people_in(photos, NOBODY)
    assert isinstance(people_in(photos, NOBODY), People)


@pytest.mark.slow
def test_five_thousand_photos() -> None:
    world = World(8)
    known = [world.person() for _ in range(40)]
    weights = 1 / np.arange(1, 41)
    photos = []
    for n in range(5000):
        picked = world.dice.choice(40, size=1 + n % 2, replace=False, p=weights / weights.sum())
        photos.append(world.photo(f"{n}", *(world.face(known[one]) for one in picked)))
    start = time.perf_counter()
    people = people_in(photos, NOBODY)
    assert len(who_in_each(photos, people, NOBODY)) == 5000
    assert time.perf_counter() - start < 60
