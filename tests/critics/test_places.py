"""Where and what: a contest of words that the planted one wins, and real nets in small that read both."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from storykin.critics import Question
from storykin.critics.places import PLACES, PlaceReader, deeds_of, other_places, words_of
from storykin.errors import BadInput
from storykin.scene import ACTIONS

ALT = "Sasha, a girl with red hair, a green coat, is running with a kite and looks happy. Rex is sleeping and looks calm. A kitchen in the morning with a bench."
PAGE = Image.new("RGB", (64, 64), (200, 180, 160))


class Planted:
    """Eyes to which every picture shows what is in `shows`: texts that hold these words lie near it, in that order."""

    scale = 100.0

    def __init__(self, *shows: str) -> None:
        self.shows = shows

    def pictures(self, pictures: Sequence[Any]) -> Any:
        return np.array([[1.0, 0.0] for _ in pictures])

    def words(self, texts: Sequence[str]) -> Any:
        rank = [
            next((i for i, one in enumerate(self.shows) if one in text), len(self.shows)) for text in texts
        ]
        angle = np.minimum(np.array(rank) * 0.5, 3.0)
        return np.stack([np.cos(angle), np.sin(angle)], 1)


def reader(*shows: str) -> PlaceReader:
    found = PlaceReader()
    found._eyes = Planted(*shows)  # type: ignore[assignment]
    return found


@pytest.fixture(autouse=True)
def no_nets(monkeypatch: pytest.MonkeyPatch) -> None:
    huggingface_hub = pytest.importorskip("huggingface_hub")
    monkeypatch.setattr(huggingface_hub, "try_to_load_from_cache", lambda repository, name: None)


def test_the_planted_place_wins_and_others_lose() -> None:
    kitchen = Question("the kitchen of grandpa")
    assert reader("kitchen").read(PAGE, kitchen).scores["place"] == pytest.approx(1, abs=0.01)
    right = reader(*PLACES[:5], "kitchen").read(PAGE, kitchen)
    assert 0.7 < right.scores["place"] < 1, "a few that look like it are forgiven"
    wrong = reader(*PLACES[30:], "kitchen").read(PAGE, kitchen)
    assert wrong.scores["place"] == 0
    assert wrong.read == {"place": "place"}
    assert set(wrong.unread) == {"action"}


def test_when_all_are_alike_nothing_is_left_of_it() -> None:
    assert reader().read(PAGE, Question("kitchen")).scores["place"] == 0


def test_the_worst_deed_counts() -> None:
    both = reader("running", "sleeping").read(PAGE, Question("", ALT))
    assert both.scores["action"] > 0.8
    assert both.read == {"action": "place"}
    assert reader("running").read(PAGE, Question("", ALT)).scores["action"] < 0.1


def test_nothing_asked_is_not_read() -> None:
    reading = reader("kitchen").read(PAGE, Question())
    assert reading.scores == {}
    assert set(reading.unread) == {"place", "action"}


def test_places_that_share_a_word_do_not_compete() -> None:
    assert "a kitchen" not in other_places("Grandpa's kitchens")
    assert "the bottom of the sea" not in other_places("the sea")
    assert len(other_places("the sea")) > 60
    assert other_places("the the") == PLACES
    assert words_of("The Big Forests of the north") == {"forest", "north"}


def test_deeds_are_read_from_the_alt_text() -> None:
    running, sleeping = deeds_of(ALT)
    assert running[0] == "somebody running with a kite"
    assert sleeping[0] == "somebody sleeping"
    assert "somebody running" not in running[1]
    assert len(running[1]) == len(ACTIONS) - 1
    assert deeds_of("") == []
    ((whole, others),) = deeds_of("A dragon eats soup.")
    assert whole == "A dragon eats soup"
    assert len(others) >= len(ACTIONS) - 1


def test_previews_follow_their_own_prompts() -> None:
    texts = ["a dog on a beach", "a dog in snow", "a dog in a boat"]
    follow = reader("beach", "snow").follows([PAGE, PAGE, PAGE], texts)
    assert follow == pytest.approx([1, 0.5, 0], abs=0.01)
    assert reader("beach").follows([PAGE], ["a dog on a beach"]) == [None]


def test_without_a_net_it_says_what_to_fetch() -> None:
    absent = PlaceReader()
    assert "siglip2" in absent.unready()
    assert "storykin fetch siglip2" in absent.unready()
    assert "Apache-2.0" in absent.unready()
    assert absent.licence == ""
    assert absent.revision
    with pytest.raises(BadInput):
        absent.read(PAGE, Question("kitchen"))


@pytest.mark.parametrize("name", ["clip", "siglip"])
def test_real_nets_in_small_read_both_and_always_alike(name: str, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    from tests.critics import small_nets

    folder = getattr(small_nets, f"small_{name}")(tmp_path / name)
    own = PlaceReader(str(folder))
    assert own.unready() == ""
    question = Question("kitchen", "A girl is running and looks happy. A beach.")
    first = own.read(PAGE, question)
    assert set(first.scores) == {"place", "action"}
    assert all(0 <= score <= 1 for score in first.scores.values())
    own.close()
    again = PlaceReader(str(folder)).read(PAGE, question)
    assert again.scores == pytest.approx(first.scores, abs=1e-4)
    assert again.read == {"place": "place", "action": "place"}
