"""Tests of the cast's test data: the nets find the synthetic people and tell them apart, and the truth about a folder is true."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, UnidentifiedImageError

from storykin.cast import nets
from tests.cast.folders import make_folder
from tests.cast.people import HER, OTHERS, Person, Pose, Standing
from tests.cast.places import PLACES, Photo, paint

POSES = (
    Pose(),
    Pose(yaw=22, smile=0.8),
    Pose(yaw=-22, pitch=6, sun=50),
    Pose(roll=-12, smile=-0.5, mouth=0.4),
)


def portrait(person: Person, pose: Pose, place: str = "room", face: float = 0.3) -> Image.Image:
    return paint(Photo(450, 600, place, (Standing(person, face, (0.5, 0.45), pose),), seed=4))


def embedding(picture: Image.Image) -> np.ndarray:
    found = nets.find_faces(picture)
    assert len(found) == 1
    return np.array(nets.embed(picture, found[0]))


@pytest.mark.parametrize("face", [0.4, 0.2, 0.1])
def test_a_face_is_found_where_it_was_put(face: float) -> None:
    picture = paint(Photo(600, 800, "garden", (Standing(HER, face, (0.5, 0.4)),), seed=1))
    (found,) = nets.find_faces(picture)
    middle = found.points[:, :2].mean(0)
    wide = np.ptp(found.points[:, 0])
    assert abs(middle[0] - 300) < 0.2 * wide
    assert abs(middle[1] - 320) < 0.45 * wide
    assert 0.8 < wide / (face * 600) < 1.25


def test_one_person_stays_the_same_and_others_are_others() -> None:
    hers = [embedding(portrait(HER, pose, place)) for pose, place in zip(POSES, PLACES, strict=False)]
    others = [embedding(portrait(person, POSES[i % 4])) for i, person in enumerate(OTHERS[:4])]
    same = [float(np.linalg.norm(a - b)) for a, b in combinations(hers, 2)]
    apart = [float(np.linalg.norm(a - b)) for a in hers for b in others]
    assert max(same) < 0.47
    assert np.median(apart) > 0.55
    assert min(apart) > max(same)


@pytest.mark.slow
def test_everybody_is_told_apart_from_everybody() -> None:
    everybody = [[embedding(portrait(person, pose)) for pose in POSES[:3]] for person in (HER, *OTHERS)]
    for one, other in combinations(everybody, 2):
        assert np.median([np.linalg.norm(a - b) for a in one for b in other]) > 0.5


def test_a_head_looks_where_it_is_turned() -> None:
    noses = []
    for yaw in (-20, 20):
        (found,) = nets.find_faces(portrait(HER, Pose(yaw=yaw)))
        nose, right_eye, left_eye = found.points[[1, 33, 263], 0]
        noses.append((nose - (right_eye + left_eye) / 2) / (left_eye - right_eye))
    assert noses[1] - noses[0] > 0.15


def test_a_shut_eye_is_lower_than_an_open_one() -> None:
    gaps = []
    for eyes in (0.0, 1.0):
        (found,) = nets.find_faces(portrait(HER, Pose(eyes=eyes), face=0.4))
        upper, lower, outer, inner = found.points[[159, 145, 33, 133], :2]
        gaps.append(float(np.linalg.norm(upper - lower) / np.linalg.norm(outer - inner)))
    assert gaps[0] < 0.85 * gaps[1]


def test_the_same_seed_gives_the_same_folder(tmp_path: Path) -> None:
    one, two = (
        make_folder(tmp_path / name, 3, hers=2, others=1, groups=0, blurred=0, dark=0, side=320)
        for name in "ab"
    )
    assert one.facts == two.facts
    for fact in one.facts:
        assert (one.folder / fact.name).read_bytes() == (two.folder / fact.name).read_bytes()


def test_the_truth_is_true(tmp_path: Path) -> None:
    truth = make_folder(tmp_path, 5, hers=5, others=2, bursts=1, copies=2, sideways=1, broken=2, side=320)
    assert sorted(fact.name for fact in truth.facts) == sorted(
        path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()
    )
    assert all(HER.name in truth[name].who for name in truth.with_her())
    assert not truth.with_her() & truth.without_her()
    assert max(len(names) for names in truth.moments()) >= 3
    for fact in truth.facts:
        path = tmp_path / fact.name
        if "truncated" in fact.faults:
            with pytest.raises(OSError), Image.open(path) as opened:  # noqa: PT011
                opened.load()
        elif "not a photo" in fact.faults:
            with pytest.raises(UnidentifiedImageError):
                Image.open(path)
        else:
            with Image.open(path) as opened:
                opened.load()
    (same,) = (fact for fact in truth.facts if "(bytes)" in fact.name)
    assert (tmp_path / same.name).read_bytes() == (tmp_path / same.copy_of).read_bytes()
