"""Every writer keeps the contract: the embedded one, a language model that is good, and ones that are not."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from storykin.errors import BadInput
from storykin.story import Story
from storykin.wish import Wish
from storykin.writers import Writer, writer_named
from storykin.writers.chat import Chat
from storykin.writers.chat.servers import SMALLEST, Listening, listening, size_of, spoken_of
from storykin.writers.fable import Fable

from .contract import WriterContract
from .talkers import Asked, Author, talker
from .test_chat import QUICK


class TestFable(WriterContract):
    """The embedded writer."""

    @contextmanager
    def hire(self, wish: Wish) -> Iterator[Writer]:  # type: ignore[override]
        """One that is always there."""
        yield Fable()


def story_for(wish: Wish) -> Story:
    """A story that a good model would tell, for any wish."""
    safe = Wish("a whale", pages=min(48, max(4, wish.pages)), reader_age=min(9, max(2, wish.reader_age)))
    try:
        return Fable().write(wish)
    except Exception:
        return Fable().write(safe)


class TestGoodModel(WriterContract):
    """A model that tells good stories."""

    @contextmanager
    def hire(self, wish: Wish) -> Iterator[Writer]:  # type: ignore[override]
        """One on a server."""
        with talker(Author(story_for(wish))) as house:
            yield Chat(house.writer, QUICK)


class TestCarelessModel(WriterContract):
    """A model of which every third page has something in it that no book can have, and who does not learn."""

    @contextmanager
    def hire(self, wish: Wish) -> Iterator[Writer]:  # type: ignore[override]
        """One on a server."""
        story = story_for(wish)
        bad = ("Then Bartholomew said he had a gun and would shoot.", "As an AI I like this page.", "{\"text\": \"oh\"}", "And so they all learned a lesson about sharing, the moral of the story.")  # fmt: skip
        spoiled = {
            page.number: replace(page, text=bad[page.number % 4])
            for page in story.pages
            if page.number % 4 == 2
        }
        with talker(Author(story, spoiled, learns=False)) as house:
            yield Chat(house.writer, QUICK)


class TestUselessModel(WriterContract):
    """A model that answers with prose, whatever it is asked."""

    @contextmanager
    def hire(self, wish: Wish) -> Iterator[Writer]:  # type: ignore[override]
        """One on a server."""

        def model(asked: Asked) -> Any:
            return "Once upon a time."

        with talker(model) as house:
            yield Chat(house.writer, QUICK)


# --- names ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "url", "model", "leaves"),
    [
        ("ollama:gemma3:12b", "http://127.0.0.1:11434/v1", "gemma3:12b", False),
        ("ollama:gemma3:12b@http://192.168.1.4:11434/v1", "http://192.168.1.4:11434/v1", "gemma3:12b", True),
        ("llamacpp", "http://127.0.0.1:8080/v1", "", False),
        ("lmstudio:qwen/qwen3-8b", "http://127.0.0.1:1234/v1", "qwen/qwen3-8b", False),
        ("vllm", "http://127.0.0.1:8000/v1", "", False),
        ("openai:gpt-x@https://host.example/v1/", "https://host.example/v1", "gpt-x", True),
    ],
)
def test_a_name_says_where_and_which(name: str, url: str, model: str, leaves: bool) -> None:
    spoken = spoken_of(name)
    assert (spoken.place.url, spoken.model, spoken.leaves_machine) == (url, model, leaves)
    assert isinstance(writer_named(name), Chat)


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("gemma3:12b", "there is no writer 'gemma3:12b'", "ollama:MODEL"),
        ("fabel", "there is no writer 'fabel'", "fable"),
        ("ollama", "not told with which model", "--writer ollama:gemma3:12b"),
        ("openai:gpt-x", "not told on which", "--writer openai:gpt-x@"),
        ("openai@https://host/v1", "not told with which model", "openai:"),
        ("ollama:x@localhost", "is no address", "@http://127.0.0.1"),
    ],
)
def test_what_is_no_name_of_a_writer_is_told_with_a_hint(name: str, message: str, hint: str) -> None:
    with pytest.raises(BadInput, match=message) as caught:
        writer_named(name)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("model", "size"),
    [("gemma3:12b", 12), ("SmolLM2-135M-Instruct", 0.135), ("qwen3-1.7b", 1.7), ("mixtral-8x7b", 7), ("gpt-oss:20b", 20), ("llama3.2", None), ("gemma3:270m", 0.27), ("phi4", None), ("Q4_1", None)],
)  # fmt: skip
def test_the_size_of_a_model_stands_in_its_name(model: str, size: float | None) -> None:
    assert size_of(model) == size


def test_servers_that_listen_are_found_and_small_models_are_not_offered() -> None:
    with talker(lambda asked: "", models=("smollm2:135m", "gemma3:12b", "llama3.2")) as house:
        found = listening((("ollama", f"{house.host}/v1"), ("vllm", "http://127.0.0.1:9/v1")))
    assert [one.kind for one in found] == ["ollama"]
    assert found[0].models == ("gemma3:12b", "smollm2:135m", "llama3.2")
    assert found[0].offered == ("gemma3:12b", "llama3.2")
    assert Listening("ollama", "", (f"x:{SMALLEST}b",)).offered


def test_what_listens_and_is_no_language_model_is_left_out() -> None:
    with talker(lambda asked: "") as house:
        house.answer = lambda handler, body: handler.reply(200, b"<html>hello</html>", "text/html")  # type: ignore[method-assign]
        assert listening((("llamacpp", f"{house.host}/v1"),)) == ()
