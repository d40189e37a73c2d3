"""Figures in paintings and photographs: faces and found things become one list, and what was not looked for is not read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from storykin.critics import Question, Reading, Seen
from storykin.critics.finding import KINDS, FigureReader, FinderReader, shared, together
from storykin.critics.likening import MAYBE, WHOLE, ImageReader
from storykin.critics.people import PeopleReader, Person
from storykin.scene import Box

PAGE = Image.new("RGB", (120, 100), (90, 150, 80))
HER = Person(
    Box(0.22, 0.2, 0.08, 0.1), Box(0.2, 0.15, 0.12, 0.18), Box(0.15, 0.15, 0.22, 0.8), 0.9, (0.1,) * 128
)
BOY = Box(0.6, 0.3, 0.2, 0.6)
DOG = Box(0.4, 0.6, 0.2, 0.3)


class Lent:
    """Nets that find whom they are told to find."""

    licence, revision = "CC0", "1"

    def __init__(self, *people: Person, why: str = "") -> None:
        self._people, self._why, self.closed = people, why, False

    def unready(self) -> str:
        return self._why

    def people(self, picture: Image.Image) -> Sequence[Person]:
        return self._people

    def close(self) -> None:
        self.closed = True


class Things:
    """A finder's net that sees these things: box, kind, score."""

    def __init__(self, *things: tuple[Box, str, float]) -> None:
        self._things = things

    def things(self, picture: Image.Image) -> tuple[Any, Any]:
        scores = np.zeros((len(self._things) + 1, len(KINDS)))
        for row, (_, kind, score) in enumerate(self._things):
            scores[row, KINDS.index(kind)] = score
        boxes = [(box.x, box.y, box.w, box.h) for box, _, _ in self._things]
        return np.array([*boxes, (0, 0, 1, 1)]), scores


@pytest.fixture(autouse=True)
def no_nets(monkeypatch: pytest.MonkeyPatch) -> None:
    huggingface_hub = pytest.importorskip("huggingface_hub")
    monkeypatch.setattr(huggingface_hub, "try_to_load_from_cache", lambda repository, name: None)


def finder(*things: tuple[Box, str, float]) -> FinderReader:
    found = FinderReader()
    found._net = Things(*things)
    return found


def reader(lent: Lent, found: FinderReader | None, monkeypatch: pytest.MonkeyPatch) -> FigureReader:
    if found:
        monkeypatch.setattr(FinderReader, "unready", lambda self: "")
        monkeypatch.setattr(FinderReader, "revision", "finder")
        monkeypatch.setattr(FinderReader, "licence", "Apache-2.0")
    return FigureReader(PeopleReader(lent), found or FinderReader(), ImageReader())


def figures(reading: Reading) -> tuple[Seen, ...]:
    assert reading.figures is not None
    return reading.figures


def test_found_things_are_surest_first_and_each_once() -> None:
    again = Box(DOG.x + 0.01, DOG.y, DOG.w, DOG.h)
    seen = figures(
        finder((DOG, "dog", 0.3), (again, "fox", 0.2), (BOY, "boy", 0.6), (WHOLE, "bear", 0.05)).read(
            PAGE, Question()
        )
    )
    assert [(one.kind, one.sure) for one in seen] == [("boy", 1.0), ("dog", 0.6)]


def test_a_face_gets_the_kind_and_the_body_of_who_wears_it() -> None:
    (face,) = figures(PeopleReader(Lent(HER)).read(PAGE, Question()))
    body = Box(0.12, 0.13, 0.25, 0.85)
    girl, boy, dog = together(
        [face], [Seen(body, 0.95, "girl"), Seen(BOY, 0.8, "boy"), Seen(DOG, 0.7, "dog")]
    )
    assert (girl.kind, girl.box, girl.head, girl.sure) == ("girl", body, HER.head, 0.95)
    assert girl.vectors.keys() == {"face"}
    assert (boy.kind, dog.kind) == ("boy", "dog")


def test_a_dog_in_front_of_her_is_not_her_body() -> None:
    (face,) = figures(PeopleReader(Lent(HER)).read(PAGE, Question()))
    seen = together([face], [Seen(Box(0.1, 0.1, 0.4, 0.8), 0.9, "dog")])
    assert [one.kind for one in seen] == ["", "dog"]


def test_people_by_faces_and_others_by_words(monkeypatch: pytest.MonkeyPatch) -> None:
    own = reader(Lent(HER), finder((BOY, "boy", 0.5), (DOG, "dog", 0.5)), monkeypatch)
    reading = own.read(PAGE, Question())
    assert sorted(one.kind for one in figures(reading)) == ["", "boy", "dog"]
    assert all("image" in one.vectors for one in figures(reading))
    assert reading.read["figures"] == "people, finder"
    assert reading.read["identity"] == "people"
    assert own.unready() == ""
    assert own.licence == "CC0, Apache-2.0"
    assert "people" in own.revision


def test_without_a_finder_the_faces_count_and_are_said_to(monkeypatch: pytest.MonkeyPatch) -> None:
    reading = reader(Lent(HER), None, monkeypatch).read(PAGE, Question())
    (her,) = figures(reading)
    assert reading.read["figures"] == "people"
    assert her.vectors.keys() == {"face", "image"}


def test_a_photo_of_a_dog_is_the_dog_and_nobody_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    reading = reader(Lent(), None, monkeypatch).read(PAGE, Question())
    (dog,) = figures(reading)
    assert (dog.box, dog.sure) == (WHOLE, MAYBE)
    assert dog.vectors.keys() == {"image"}
    assert reading.read == {"identity": "image"}
    assert "storykin fetch owlv2" in reading.unread["figures"]
    assert not set(reading.unread) & set(reading.read)


def test_on_a_page_only_those_with_faces_are_looked_for_without_a_finder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = Question("kitchen", "Rex is sleeping.")
    reading = reader(Lent(), None, monkeypatch).read(PAGE, page)
    assert reading.figures == ()
    assert reading.read == {"figures": "people"}
    nobody = reader(Lent(why="install the extra cast"), None, monkeypatch).read(PAGE, page)
    assert nobody.figures is None
    assert nobody.read == {}
    assert nobody.unread["figures"] == "install the extra cast"


def test_without_the_extra_cast_everything_else_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    lent = Lent(HER, why="install the extra cast")
    reading = reader(lent, finder((BOY, "boy", 0.5)), monkeypatch).read(PAGE, Question())
    assert [one.kind for one in figures(reading)] == ["boy"]
    assert reading.unread["hair"] == "install the extra cast"
    assert reading.read == {"figures": "finder", "identity": "image"}


def test_nobody_found_is_an_empty_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    reading = reader(Lent(), finder(), monkeypatch).read(PAGE, Question())
    assert reading.figures == ()
    assert reading.read["figures"] == "people, finder"


def test_memory_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    lent = Lent()
    reader(lent, None, monkeypatch).close()
    assert lent.closed


def test_shared_areas() -> None:
    assert shared(DOG, DOG) == pytest.approx(1)
    assert shared(DOG, Box(0.7, 0.1, 0.2, 0.2)) == 0
    assert shared(Box(0, 0, 1, 1), Box(0, 0, 0.5, 1)) == pytest.approx(0.5)


def test_a_real_net_in_small_finds_boxes_within_the_picture(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    from tests.critics.small_nets import small_owl

    own = FinderReader(str(small_owl(tmp_path / "owl")))
    assert own.unready() == ""
    picture = Image.fromarray(np.random.default_rng(2).integers(0, 255, (60, 90, 3), np.uint8))
    first, again = own.read(picture, Question()), own.read(picture, Question())
    assert first == again
    for one in figures(first):
        assert one.kind in KINDS
        assert 0 <= one.box.x <= one.box.right <= 1.0002
        assert 0 <= one.box.y <= one.box.bottom <= 1.0002
    assert own.revision != FinderReader().revision
    assert own.licence
