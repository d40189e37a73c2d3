"""People by their faces: what nets found becomes observations; unit vectors that tell people apart; heights only where they can be told."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from PIL import Image

from storykin.critics import Question
from storykin.critics.people import CENTRE, PeopleReader, Person, face_vector, standing_of
from storykin.scene import Box

PAGE = Image.new("RGB", (100, 100))
HEAD = Box(0.4, 0.1, 0.12, 0.12)
BODY = Box(0.35, 0.1, 0.22, 0.72)
RED = ((50.0, 60.0, 40.0), 1.0)


class Lent:
    licence, revision = "CC0", "7"

    def __init__(self, *people: Person) -> None:
        self._people = people

    def unready(self) -> str:
        return ""

    def people(self, picture: Image.Image) -> Sequence[Person]:
        return self._people

    def close(self) -> None:
        """Nothing to give."""


def person(sure: float = 0.9, **other: object) -> Person:
    return Person(Box(0.42, 0.14, 0.08, 0.08), HEAD, BODY, sure, **other)  # type: ignore[arg-type]


def moved(by: float, *places: int) -> tuple[float, ...]:
    """A face that lies so far from the mean face, in the directions of these numbers."""
    return tuple(mean + (by if place in places else 0) for place, mean in enumerate(CENTRE))


def test_the_mean_face_is_where_strangers_meet() -> None:
    assert len(CENTRE) == 128
    assert math.hypot(*CENTRE) == pytest.approx(1.278, abs=0.001)
    one, other = face_vector(moved(0.5, 3)), face_vector(moved(0.5, 90))
    assert math.hypot(*one) == pytest.approx(1, abs=1e-4)
    assert sum(a * b for a, b in zip(one, other, strict=True)) == pytest.approx(0, abs=1e-4)
    assert face_vector(moved(0.3, 3)) == pytest.approx(one, abs=1e-4)
    with pytest.raises(ValueError, match="128"):
        face_vector((1.0, 2.0))


def test_what_was_found_is_told() -> None:
    palettes = {"hair": (RED,), "clothes": (RED,)}
    found = (
        person(0.7),
        person(0.95, numbers=moved(0.5, 1), palettes=palettes, long_hair=True, dark_glasses=True),
    )
    reading = PeopleReader(Lent(*found)).read(PAGE, Question())
    assert reading.figures is not None
    sure, faint = reading.figures
    assert (sure.sure, faint.sure) == (0.95, 0.7)
    assert sure.traits == {"hair_length": "long", "glasses": "dark"}
    assert faint.traits == {}
    assert sure.palettes == palettes
    assert sure.box == BODY
    assert sure.head == HEAD
    assert sure.standing == pytest.approx(0.72)
    assert len(sure.vectors["face"]) == 128
    assert faint.vectors == {}
    assert set(reading.read) == {"figures", "identity", "hair", "clothes", "height"}
    assert set(reading.unread) == {"skin"}


def test_small_faces_are_seen_and_nobodys() -> None:
    reading = PeopleReader(Lent(person())).read(PAGE, Question())
    assert reading.unread["identity"] == "the faces are too small to be anybody's"


def test_without_faces_only_the_figures_are_read() -> None:
    reading = PeopleReader(Lent()).read(PAGE, Question())
    assert reading.figures == ()
    assert reading.read == {"figures": "people"}
    assert set(reading.unread.values()) == {"nobody's face is seen"}


def test_the_revision_holds_that_of_the_nets() -> None:
    assert PeopleReader(Lent()).revision.endswith("7")
    assert PeopleReader(Lent()).licence == "CC0"


@pytest.mark.parametrize(
    ("body", "aspect", "tall"),
    [
        (BODY, 1.0, 0.72),  # six heads
        (BODY, 2.2, None),  # the same box in a broad picture: somebody who lies
        (Box(0.35, 0.1, 0.22, 0.9), 1.0, None),  # cut off below
        (Box(0.35, 0.1, 0.22, 0.4), 1.0, None),  # sits, or stands behind a table
        (Box(0.2, 0.1, 0.6, 0.72), 1.0, None),  # as broad as a chair
        (None, 1.0, None),
    ],
)
def test_heights_are_told_only_of_those_who_stand_and_are_seen(
    body: Box | None, aspect: float, tall: float | None
) -> None:
    assert standing_of(HEAD, body, aspect) == (pytest.approx(tall) if tall else None)


def test_heights_are_not_told_of_giants_heads_cut_off() -> None:
    assert standing_of(Box(0.4, 0.0, 0.1, 0.1), Box(0.35, 0.0, 0.2, 0.6), 1.0) is None
    assert standing_of(Box(0.4, 0.1, 0.05, 0.05), Box(0.35, 0.1, 0.2, 0.7), 1.0) is None
