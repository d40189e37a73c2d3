"""A small real server with the OpenAI chat API, and models that are played by functions: a good author, and ways to be a bad one."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from storykin.files import plain
from storykin.story import Page, Story
from storykin.writers.drafting import Beat
from tests.painters.servers import House


@dataclass(frozen=True)
class Asked:
    """One question as it came."""

    body: dict[str, Any]

    @property
    def schema(self) -> dict[str, Any]:
        """The schema that was asked for, whether as a form or in words."""
        form = self.body.get("response_format") or {}
        if form.get("type") == "json_schema":
            found = form["json_schema"]["schema"]
        else:
            found = json.loads(self.user.rsplit("and nothing else:\n", 1)[-1])
        assert isinstance(found, dict)
        return found

    @property
    def user(self) -> str:
        """The question's words."""
        return str(self.body["messages"][-1]["content"])

    @property
    def system(self) -> str:
        """Who the model is told to be."""
        return str(self.body["messages"][0]["content"])

    @property
    def about(self) -> str:
        """ "outline", "pages", "mend", "judge" or "translate"."""
        properties = self.schema["properties"]
        if "beats" in properties:
            return "outline"
        if "unfit" in properties:
            return "judge"
        if "facts" not in properties:
            return "translate"
        return "mend" if "What is wrong with it" in self.user else "pages"

    @property
    def numbers(self) -> list[int]:
        """The pages that are wanted."""
        found = self.schema["properties"]["pages"]["items"]["properties"]["page"]["enum"]
        assert isinstance(found, list)
        return found


Model = Callable[[Asked], Any]
"""Answers a question: a value that becomes JSON, a text that is sent as it is, or a `Reply`."""


@dataclass(frozen=True)
class Reply:
    """An answer with something unusual about it."""

    text: str = ""
    ending: str = "stop"
    refusal: str = ""
    status: int = 200
    error: Any = None
    wait: float = 0.0


class Talker(House):
    """Plays a model. `streams` as most servers do."""

    def __init__(self, model: Model, models: Sequence[str] = ("tale:12b",), streams: bool = True) -> None:
        self.model, self.models, self.streams = model, models, streams
        self.questions: list[Asked] = []
        super().__init__()

    @property
    def writer(self) -> str:
        """The writer's name that leads here."""
        return f"openai:tale:12b@{self.host}/v1"

    def asked_about(self, what: str) -> int:
        """How many questions were about that."""
        return sum(one.about == what for one in self.questions)

    def answer(self, handler: Any, body: bytes) -> None:
        """GET models, POST chat/completions."""
        if handler.path == "/v1/models":
            return handler.reply(200, {"data": [{"id": one} for one in self.models]})  # type: ignore[no-any-return]
        asked = Asked(json.loads(body))
        self.questions.append(asked)
        found = self.model(asked)
        one = (
            found
            if isinstance(found, Reply)
            else Reply(found if isinstance(found, str) else json.dumps(found))
        )
        if one.wait:
            self.gone.wait(one.wait)
        if one.status != 200:
            return handler.reply(one.status, one.error)  # type: ignore[no-any-return]
        if not self.streams or not asked.body.get("stream"):
            message = {"role": "assistant", "content": one.text} | (
                {"refusal": one.refusal} if one.refusal else {}
            )
            return handler.reply(200, {"choices": [{"message": message, "finish_reason": one.ending}]})  # type: ignore[no-any-return]
        parts: list[dict[str, Any]] = [{"content": piece} for piece in re.findall(r"[\s\S]{1,40}", one.text)]
        events = [{"choices": [{"delta": part, "finish_reason": None}]} for part in parts]
        if one.refusal:
            events.append({"choices": [{"delta": {"refusal": one.refusal}, "finish_reason": None}]})
        events.append({"choices": [{"delta": {}, "finish_reason": one.ending}]})
        lines = [f"data: {json.dumps(event)}\n\n" for event in events] + ["data: [DONE]\n\n"]
        return handler.reply(200, b": hello\n\n" + "".join(lines).encode(), "text/event-stream")  # type: ignore[no-any-return]


@contextmanager
def talker(model: Model, **more: Any) -> Iterator[Talker]:
    """A server for as long as it is needed."""
    house = Talker(model, **more)
    try:
        yield house
    finally:
        house.down()


# --- a good author ---------------------------------------------------------------------------------------------


@dataclass
class Author:
    """Tells one story, page by page, as it is asked. `spoiled` pages come so first, and are right when they come back with their faults."""

    story: Story
    spoiled: dict[int, Page] = field(default_factory=dict)
    learns: bool = True

    def __call__(self, asked: Asked) -> Any:
        if asked.about == "outline":
            return self.outline()
        if asked.about == "judge":
            return {"unfit": []}
        if asked.about == "translate":
            return {
                "pages": [
                    {"page": one, "text": f"{self.story.pages[one - 1].text} (auch)"} for one in asked.numbers
                ]
            }
        pages = [self.page(number, asked.about == "mend") for number in asked.numbers]
        return {"pages": [told(page) for page in pages], "facts": [f"Page {asked.numbers[0]} was told."]}

    def page(self, number: int, again: bool) -> Page:
        """A page as it comes."""
        right = self.story.pages[number - 1]
        return right if again and self.learns else self.spoiled.get(number, right)

    def outline(self) -> dict[str, Any]:
        """The outline that the story would have had."""
        people = [
            {"name": one.name, "kind": one.look.kind, "age": one.look.age, "coat": one.look.skin, "costume": "", "part": one.part}
            for one in self.story.cast
        ]  # fmt: skip
        beats = [
            plain(
                Beat(
                    page.number, f"Page {page.number} happens.", page.scene.place, page.scene.time, page.scene.weather,
                    tuple(figure.character for figure in page.scene.figures), "What now?",
                )
            )
            for page in self.story.pages
        ]  # fmt: skip
        return {
            "title": self.story.title, "want": "something", "trouble": "a thing", "turn": "an idea", "ending": "a surprise", "people": people,
            "facts": ["The rope is blue."], "beats": beats, "blurb": "A story. Read it.",
        }  # fmt: skip


def told(page: Page) -> dict[str, Any]:
    """A page as a model answers it."""
    scene = plain(page.scene)
    return {
        "page": page.number,
        "text": page.text,
        "scene": {key: scene.get(key, "") for key in ("place",)} | scene,
    }
