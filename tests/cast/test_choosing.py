"""Tests of the cast: the verdict on each photo, and which are learned from."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from storykin.cast.choosing import choose, enough, judge, variety
from storykin.cast.sighting import Crop, Decisions, Judged, Sighting
from storykin.scene import Box
from tests.cast.sightings import BLUE, GREEN, RED, Seen, crops, face, photo


def verdict(
    one: Sighting, who: Seen | None = None, cut: tuple[Crop, ...] | None = None, **decided: object
) -> Judged:
    """The verdict on a photo in a folder of ordinary ones."""
    others = [photo(100 + i, face()) for i in range(10)]
    whos = [who or Seen(), *(Seen() for _ in others)]
    cuts = [crops() if cut is None else cut, *(crops() for _ in others)]
    return judge([one, *others], whos, cuts, Decisions(**decided))[0]  # type: ignore[arg-type]


HARD = [
    ("blurred", photo(1, face(sharpness=1.4))),
    ("too dark", photo(1, face(light=8.0))),
    ("too bright", photo(1, face(light=97.0))),
    ("too bright", photo(1, face(light=80.0, clipped=0.5))),
    ("too small", photo(1, face(width=40))),
    ("turned away", photo(1, face(yaw=-95.0))),
    ("covered", photo(1, face(covered=0.7))),
    ("unreadable", Sighting("x.jpg", "1", refused="it ends too early")),
]
WEAK = [
    ("too dark", photo(1, face(light=20.0))),
    ("too small", photo(1, face(width=70))),
    ("eyes closed", photo(1, face(eyes=0.05))),
    ("turned away", photo(1, face(yaw=70.0))),
    ("turned away", photo(1, face(pitch=-50.0))),
    ("covered", photo(1, face(covered=0.45))),
]


@pytest.mark.parametrize(("state", "one"), HARD, ids=[f"{i} {state}" for i, (state, _) in enumerate(HARD)])
def test_a_hard_fault_is_named_and_forbids(state: str, one: Sighting) -> None:
    found = verdict(one, Seen(0 if one.faces else None))
    assert (found.state, found.quality) == (state, 0.0)
    assert found.reason


@pytest.mark.parametrize(("state", "one"), WEAK, ids=[f"{i} {state}" for i, (state, _) in enumerate(WEAK)])
def test_a_weak_photo_ranks_below_every_good_one(state: str, one: Sighting) -> None:
    found = verdict(one)
    assert found.state == state
    assert 0 < found.quality < verdict(photo(1, face(width=95, light=45.0))).quality


def test_a_good_photo_is_spare() -> None:
    assert verdict(photo(1, face())).state == "spare"


def test_reasons_say_numbers() -> None:
    assert "only 48 pixels wide; 90 are needed" in verdict(photo(1, face(width=48))).reason
    assert "45 are needed" in verdict(photo(1, face(width=20)), resolution=512).reason
    assert "blurred" in verdict(photo(1, face(sharpness=1.3))).reason


def test_narrow_eyes_may_laugh() -> None:
    assert verdict(photo(1, face(eyes=0.09, smile=0.9))).state == "spare"


def test_somebody_else_and_doubts() -> None:
    assert verdict(photo(1, face()), Seen(face=None)).state == "not her"
    assert verdict(photo(1, face(sharpness=1.3)), Seen(face=None)).state == "blurred"
    assert verdict(photo(1), Seen(face=None)).reason == "no face was found"
    assert verdict(photo(1, face()), Seen(sure=False)).state == "unsure"


def test_a_head_that_the_border_cuts() -> None:
    assert verdict(photo(1, face(x=-0.1)), cut=()).state == "cut off"
    small = verdict(photo(1, face(), width=200, height=150), cut=())
    assert small.state == "too small"
    assert "200 × 150" in small.reason


def test_dark_skin_in_good_light_is_not_dark() -> None:
    folder = [photo(i, face(light=24.0)) for i in range(12)]
    found = judge(folder, [Seen()] * 12, [crops()] * 12, Decisions())
    assert {one.state for one in found} == {"spare"}


def test_a_soft_camera_is_judged_by_its_own_photos_but_not_blur_everywhere() -> None:
    soft = [photo(i, face(sharpness=1.75)) for i in range(12)]
    assert {one.state for one in judge(soft, [Seen()] * 12, [crops()] * 12, Decisions())} == {"spare"}
    blurred = [photo(i, face(sharpness=1.3)) for i in range(12)]
    assert {one.state for one in judge(blurred, [Seen()] * 12, [crops()] * 12, Decisions())} == {"blurred"}


def test_the_better_shot_of_a_moment_is_named() -> None:
    burst = [photo(1, face(sharpness=2.2), moment=1), photo(2, face(), moment=1)]
    worse, better = judge(burst, [Seen()] * 2, [crops()] * 2, Decisions())
    assert (worse.state, worse.twin) == ("duplicate", "IMG_0002.jpg")
    assert worse.reason == "a better shot of the same moment is IMG_0002.jpg"
    assert better.state == "spare"


def test_a_blurred_photo_does_not_stand_for_its_moment() -> None:
    burst = [photo(1, face(sharpness=1.2), moment=1), photo(2, face(width=120), moment=1)]
    states = [one.state for one in judge(burst, [Seen()] * 2, [crops()] * 2, Decisions())]
    assert states == ["blurred", "spare"]


def test_what_the_parent_decided_wins() -> None:
    dropped = verdict(photo(1, face()), dropped=("IMG_0001.jpg",))
    assert (dropped.state, dropped.by_hand) == ("dropped", True)
    kept = verdict(photo(1, face(sharpness=1.1)), kept=("IMG_0001.jpg",))
    assert (kept.state, kept.by_hand) == ("spare", True)
    assert "cannot be used" in verdict(photo(1, face(x=-0.1)), cut=(), kept=("IMG_0001.jpg",)).reason
    burst = [photo(1, face(sharpness=1.2), moment=1), photo(2, face(), moment=1)]
    first, second = judge(burst, [Seen()] * 2, [crops()] * 2, Decisions(kept=("IMG_0001.jpg",)))
    assert (first.state, second.state, second.twin) == ("spare", "duplicate", "IMG_0001.jpg")


def test_a_kept_photo_is_always_chosen() -> None:
    folder = [photo(i, face()) for i in range(30)]
    folder[7] = photo(7, face(sharpness=1.1))
    _, chosen = decided(folder, Decisions(wanted=5, kept=("IMG_0007.jpg",)))
    assert len(chosen) == 5
    assert 7 in dict(chosen)


def decided(
    folder: Sequence[Sighting], decisions: Decisions, cuts: Sequence[tuple[Crop, ...]] | None = None
) -> tuple[tuple[Judged, ...], tuple[tuple[int, Crop], ...]]:
    whos = [Seen(0 if one.faces else None) for one in folder]
    cuts = cuts or [crops()] * len(folder)
    return choose(folder, judge(folder, whos, cuts, decisions), cuts, decisions)


def mixed() -> list[Sighting]:
    """150 frontal smiles in red, of 150 moments, and 50 others; what is rare lies in between."""
    folder = []
    for i in range(200):
        if i % 4:
            folder.append(photo(i, face(smile=0.8, light=65.0 + i % 5)))
            continue
        rare = face(
            yaw=(-50.0, -25.0, 25.0, 50.0)[i // 4 % 4],
            smile=(0.0, 0.9)[i // 4 % 2],
            mouth=(0.0, 0.4, 0.0)[i // 4 % 3],
            uneven=(0.0, 20.0)[i // 8 % 2],
            clothes=((GREEN,), (BLUE,))[i // 16 % 2],
            sharpness=2.4,
        )
        folder.append(photo(i, rare))
    return folder


def test_what_is_rare_is_found_among_what_is_frequent() -> None:
    folder = mixed()
    judged, chosen = decided(folder, Decisions(wanted=35))
    assert len(chosen) == 35 == len({i for i, _ in chosen})
    assert sum(one.state == "chosen" for one in judged) == 35
    shown = variety(folder, judged, chosen)
    angles = {"front", "facing left", "facing right", "three-quarter left", "three-quarter right"}
    assert {name for name, _ in shown.angle} == angles
    assert {name for name, _ in shown.expression} == {"smiling", "serious", "laughing", "mouth open"}
    assert {name for name, _ in shown.light} == {"even", "from the side"}
    assert len(shown.clothes) == 3
    assert max(count for _, count in shown.clothes) <= 22  # of 35; three quarters of the folder are red


def test_framings_come_in_their_shares_where_there_is_a_choice() -> None:
    framings = dict(variety(mixed(), *decided(mixed(), Decisions(wanted=40))).framing)
    assert 14 <= framings["close-up"] <= 22
    assert 10 <= framings["half body"] <= 18
    assert 5 <= framings["full body"] <= 12


def test_the_same_photos_give_the_same_choice() -> None:
    assert decided(mixed(), Decisions()) == decided(mixed(), Decisions())


def test_weak_photos_are_taken_where_there_are_few_and_only_then() -> None:
    weak = [photo(500 + i, face(yaw=70.0)) for i in range(10)]
    few = [photo(i, face()) for i in range(6)]
    judged, chosen = decided([*few, *weak], Decisions())
    assert len(chosen) == 16
    assert judged[6].reason.startswith("weak, but there are few photos")
    many = [photo(i, face()) for i in range(25)]
    judged, chosen = decided([*many, *weak], Decisions())
    assert len(chosen) == 25
    assert judged[-1].state == "turned away"


def test_few_sleeping_faces_are_learned() -> None:
    _, chosen = decided([photo(i, face(eyes=0.04)) for i in range(15)], Decisions(wanted=30))
    assert len(chosen) == 3


def test_toys_are_chosen_by_place_and_light() -> None:
    toys = [photo(i, subject=Box(0.3, 0.3, 0.3 + 0.01 * i, 0.4), light=30.0 + 2 * i) for i in range(30)]
    judged, chosen = decided(toys, Decisions(wanted=12), [crops("whole", "close-up")] * 30)
    assert len(chosen) == 12
    shown = variety(toys, judged, chosen)
    assert {name for name, _ in shown.framing} == {"whole", "close-up"}
    assert len(shown.light) == 3
    assert shown.angle == ()


def test_nothing_to_choose_from() -> None:
    judged, chosen = decided([Sighting("a.jpg", "1", refused="not a photo")], Decisions(), [()])
    assert chosen == ()
    assert not enough(judged)
    assert variety([], [], ()).framing == ()


def test_eight_photos_are_enough() -> None:
    judged, _ = decided([photo(i, face()) for i in range(8)], Decisions())
    assert enough(judged)
    assert not enough(judged[1:])


def test_five_thousand_photos_take_seconds() -> None:
    random = np.random.default_rng(1)
    colours = (RED, GREEN, BLUE)
    folder = [
        photo(i, face(float(random.uniform(0, 0.7)), yaw=float(random.normal(0, 30)), clothes=(colours[i % 3],)), moment=i // 2)
        for i in range(5000)
    ]  # fmt: skip
    start = time.process_time()
    _, chosen = decided(folder, Decisions(wanted=40))
    assert time.process_time() - start < 20
    assert len(chosen) == 40
    assert len(Counter(folder[i].faces[0].clothes for i, _ in chosen)) == 3


def test_verdicts_stay_beside_their_photos() -> None:
    folder = mixed()[:20]
    judged, _ = decided(folder, Decisions())
    assert [one.sighting for one in judged] == list(range(20))
    assert replace(judged[0], state="spare", reason="").face == 0


def test_a_second_jumper_is_learned_too() -> None:
    folder = [photo(i, face(clothes=(RED if i % 10 else BLUE,)), background=()) for i in range(60)]
    _, chosen = decided(folder, Decisions(wanted=12))
    assert sum(folder[i].faces[0].clothes == (BLUE,) for i, _ in chosen) >= 4
