"""Tests of the cast: what is missing, in plain words."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from storykin.cast.advice import MOST, advice, enough
from storykin.cast.choosing import choose, judge, variety
from storykin.cast.sighting import Crop, Decisions, Face, Sighting
from tests.cast.sightings import BLUE, FRAMINGS, GREEN, RED, Seen, crops, face, photo


def said(folder: Sequence[Sighting], cuts: Sequence[tuple[Crop, ...]] = (), whos: Sequence[Seen] = ()) -> str:
    """All advice on a folder, a piece a line."""
    whos = whos or [Seen(0 if one.faces else None) for one in folder]
    cuts = cuts or [crops()] * len(folder)
    judged, chosen = choose(folder, judge(folder, whos, cuts, Decisions()), cuts, Decisions())
    return "\n".join(advice(folder, judged, chosen, variety(folder, judged, chosen)))


def varied(i: int) -> Face:
    """One of many different faces."""
    return face(
        yaw=(0.0, -25.0, 45.0, 5.0)[i % 4],
        smile=(0.0, 0.8, 0.1)[i % 3],
        mouth=(0.0, 0.0, 0.0, 0.5)[i % 4],
        clothes=((RED,), (GREEN,), (BLUE,))[i % 3],
    )


def folder(count: int = 31, **changed: object) -> list[Sighting]:
    return [photo(i, replace(varied(i), **changed)) for i in range(count)]  # type: ignore[arg-type]


def test_a_good_folder_needs_nothing() -> None:
    assert said(folder()) == ""


def test_always_the_same_jumper() -> None:
    words = said(folder(clothes=(RED,)))
    assert words.startswith(
        "All 31 photos show the same red top: the model will learn the top along with the face."
    )
    assert "other clothes" in words


def test_mostly_the_same_jumper() -> None:
    photos = [photo(i, replace(varied(i), clothes=(RED if i % 5 else BLUE,))) for i in range(31)]
    assert "of 31 photos show the same red top" in said(photos)


@pytest.mark.parametrize(("count", "missing"), [(1, 7), (5, 3), (7, 1)])
def test_too_few(count: int, missing: int) -> None:
    words = said(folder(count))
    assert f"Only {count} photo" in words
    assert f"at least {missing} more" in words


def test_eight_are_enough_and_twenty_better() -> None:
    assert "12 more would help" in said(folder(8))
    assert "would help" not in said(folder(20))


def test_none_and_nothing() -> None:
    assert said([]).startswith("There are no photos yet")
    assert said(folder(5, sharpness=1.1)).startswith("None of the 5 photos can be used")


@pytest.mark.parametrize(
    ("framings", "words"),
    [(("close-up",), "close-ups: how tall"), (("full body",), "no close-ups"), (("close-up", "half body"), "whole body")],
)  # fmt: skip
def test_one_sided_framing(framings: tuple[str, ...], words: str) -> None:
    cuts = [crops(framings[i % len(framings)]) for i in range(31)]
    assert words in said(folder(), cuts)


def test_only_the_front() -> None:
    assert "looks into the camera" in said(folder(yaw=0.0))


def test_no_side_view() -> None:
    photos = [photo(i, replace(varied(i), yaw=(0.0, 25.0)[i % 2])) for i in range(31)]
    assert "from the side" in said(photos)


def test_always_the_same_smile() -> None:
    assert "the same smile" in said(folder(smile=0.8, mouth=0.0))


def test_always_serious() -> None:
    assert "serious on 31 of 31" in said(folder(smile=0.0, mouth=0.0))


def test_one_day_in_one_place() -> None:
    photos = [replace(one, background=((50.0, -20.0, 20.0),)) for one in folder(clothes=(RED,))]
    assert "one day in one place" in said(photos)
    photos = [replace(one, background=((50.0, -20.0, 20.0),)) for one in folder()]
    assert "same background" in said(photos)


def test_small_photos() -> None:
    cuts = [tuple(replace(one, scale=1.25) for one in crops(FRAMINGS[i % 3])) for i in range(31)]
    assert "had to be enlarged" in said(folder(), cuts)
    assert "Step closer" in said(folder(20) + [photo(100 + i, face(width=40)) for i in range(12)])


def test_dim_photos() -> None:
    dim = [photo(i, replace(varied(i), light=(34.0, 60.0)[i % 4 == 0])) for i in range(31)]
    assert "daylight" in said(dim)


def test_dark_skin_is_not_called_dim() -> None:
    assert "daylight" not in said(folder(light=30.0))


def test_many_are_somebody_else() -> None:
    photos = folder(40)
    whos = [Seen(None if i % 2 else 0) for i in range(40)]
    assert "20 of the 40 photos show somebody else" in said(photos, whos=whos)


def test_many_are_doubtful_blurred_or_alike() -> None:
    assert "not sure who" in said(folder(30), whos=[Seen(sure=i > 4) for i in range(30)])
    assert "20 of the 50 photos are blurred" in said(
        folder(30) + [photo(100 + i, face(sharpness=1.2)) for i in range(20)]
    )
    alike = [photo(100 + i, varied(3), moment=3) for i in range(40)]
    assert "repeat the moment" in said(folder(30) + alike)


def test_black_and_white() -> None:
    photos = [replace(one, monochrome=True) if i % 3 == 0 else one for i, one in enumerate(folder())]
    assert "black and white" in said(photos)


def test_not_too_much_advice() -> None:
    bad = [photo(i, face(light=20.0), monochrome=True, background=((50.0, 0.0, 0.0),)) for i in range(12)]
    words = said(bad, [crops("close-up")] * 12).splitlines()
    assert 3 <= len(words) <= MOST


def test_enough_is_the_same_everywhere() -> None:
    assert not enough(())
