"""Writers, chat: asking a language model for a value. What comes back is one, or an error that says what came instead.

Knows the OpenAI chat API and JSON; knows nothing of stories. Servers take different parts of that API: what one refuses by name is left out from then on.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from storykin.errors import BadInput, StorykinError
from storykin.reaching import KEY, LOGIN, Answer, Breathe, Line, NoAnswer, Patience, Say, library, pause
from storykin.writers.chat.hearing import Heard, cleaned, objects_in, refuses, without_thoughts
from storykin.writers.chat.servers import EXTRA, SMALLEST, Spoken, size_of

Value = TypeVar("Value")

SILENCE = 600.0  # seconds; a large model on a processor reads a long prompt for minutes before it says a word
WARMTH = 0.8
"""The temperature that is asked for: warm enough for ideas, cool enough for JSON."""


class Nonsense(StorykinError):
    """The model answered, and not with what was asked for. `said` is what it said, `cut` whether it was stopped in the middle."""

    def __init__(self, message: str, said: str, cut: bool = False) -> None:
        super().__init__(message, "take a larger model, or the embedded writer: --writer fable")
        self.said, self.cut = said, cut


class Refused(StorykinError):
    """The model does not want to write this."""


class TooLong(StorykinError):
    """The request does not fit into the model's context."""


@dataclass(frozen=True)
class Question(Generic[Value]):
    """What is asked of a model: who it is (`system`), what it is to do (`user`), and the JSON that is wanted, by its schema and by `read`, which makes the value of it.

    `read` raises `ValueError` that says in one sentence what is wrong with an answer. `most` are the tokens that an answer may have.
    """

    system: str
    user: str
    schema: Mapping[str, Any]
    read: Callable[[Any], Value]
    most: int = 4096


class Model:
    """A language model on a server. The wish leaves this machine only for an address that somebody gave; `say` is told so, once."""

    def __init__(
        self, spoken: Spoken, key: str = "", patience: Patience | None = None, say: Say = lambda words: None
    ) -> None:
        """Nothing is sent yet. Raises `BadInput` when the library is missing."""
        library("httpx", "writing with a language model", EXTRA)
        self.spoken = spoken
        self._line = Line(
            spoken.place,
            f"writer {spoken.kind!r}:",
            patience or Patience(answer=SILENCE),
            key.strip(),
            where=f"--writer {spoken.kind}:{spoken.model}@ADDRESS",
            kept="what is written is kept",
        )
        self._key = bool(key.strip())
        self._say = say
        self._warned = False
        self._left_out: set[str] = set()
        self._form = "json_schema"
        self._most: int | None = None

    def close(self) -> None:
        """Close the connections."""
        self._line.close()

    def ask(self, question: Question[Value], seed: int, breathe: Breathe, on_words: Callable[[int], None] = lambda count: None) -> Value:  # fmt: skip
        """One answer as a value. `on_words` is told how many letters have come so far, in another thread.

        Raises `Nonsense`, `Refused`, `TooLong`, `BadInput` for a wrong key or model, `NoAnswer` when the server is gone.
        """
        self._warn()
        said, ending = self._said(question, seed, breathe, on_words)
        if ending == "refused":
            raise Refused(f"{self._line.name}: the model refuses: “{_short(self._hidden(said))}”")
        cut, bare, told = ending == "length", without_thoughts(said), self._hidden(said)
        wrong: Nonsense | None = None
        for found in objects_in(bare, question.schema.get("properties", ())):
            try:
                return question.read(found)
            except ValueError as error:
                wrong = wrong or Nonsense(f"{self._line.name}: {self._hidden(_first_line(error))}", told, cut)
        if wrong:
            raise wrong
        if not cut and refuses(bare):
            raise Refused(f"{self._line.name}: the model refuses: “{_short(self._hidden(bare))}”")
        what = "an answer that breaks off" if cut else "no JSON"
        raise Nonsense(f"{self._line.name}: answered with {what}: “{_short(told)}”", told, cut)

    def _hidden(self, said: str) -> str:
        """What is told of an answer: without key and password, whatever they look like."""
        return self._line.without_secrets(said.encode()).decode()

    def _said(self, question: Question[Any], seed: int, breathe: Breathe, on_words: Callable[[int], None]) -> tuple[str, str]:  # fmt: skip
        """What the model said, and how it ended: "stop", "length", "refused"."""
        while True:
            wanted = self._wanted(question, seed)
            answer, heard = self._answered(wanted, on_words, breathe)
            if answer.status < 300:
                heard.end(answer)
                if not heard.error:
                    text = self._line.without_secrets(cleaned(heard.text).encode(), but_words=True)
                    return text.decode(), heard.ending
                error = {"error": self._hidden(cleaned(heard.error))}
                answer = Answer(400, "application/json", json.dumps(error).encode())
            if answer.status in {400, 413, 422, 500, 501} and self._learns(answer, wanted):
                continue
            raise self._refusal(answer)

    def _wanted(self, question: Question[Any], seed: int) -> dict[str, Any]:
        shape = json.dumps(question.schema, ensure_ascii=False)
        told = (
            ""
            if self._form == "json_schema"
            else f"\n\nAnswer with JSON of this schema, and nothing else:\n{shape}"
        )
        wanted: dict[str, Any] = {
            "messages": [
                {"role": "system", "content": question.system},
                {"role": "user", "content": question.user + told},
            ],
            "stream": True,
            "temperature": WARMTH,
            "seed": seed % 2**31,
        }
        wanted["max_completion_tokens" if "max_tokens" in self._left_out else "max_tokens"] = min(
            question.most, self._most or question.most
        )
        if self.spoken.model:
            wanted["model"] = self.spoken.model
        if self._form == "json_schema":
            # the strict form of OpenAI and its like has no bounds; servers of families keep small models in them
            schema = unbounded(question.schema) if self.spoken.leaves_machine else question.schema
            wanted["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": schema},
            }
        elif self._form == "json_object":
            wanted["response_format"] = {"type": "json_object"}
        return {key: value for key, value in wanted.items() if key not in self._left_out}

    def _answered(self, wanted: dict[str, Any], on_words: Callable[[int], None], breathe: Breathe) -> tuple[Answer, Heard]:  # fmt: skip
        """A final answer, and what was heard of it while it came: pauses that the server asks for are kept, lost connections tried again."""
        patience = self._line.patience
        for left in reversed(range(patience.tries)):
            rest = 2.0 ** (patience.tries - left - 1) * patience.breath
            heard = Heard(on_words)
            try:
                answer = self._line.ask(
                    "POST", "chat/completions", breathe, on_piece=heard.piece, json=wanted
                )
                busy = answer.status == 429 and "quota" not in answer.said.lower()
                if not left or not (busy or answer.status in {502, 503, 504}):
                    return answer, heard
                rest = max(rest, answer.wait or 0.0)
                if rest > patience.longest:
                    raise StorykinError(
                        f"{self._line.name}: is busy and wants to be asked again in {rest:.0f} s",
                        f"start again then; {self._line.kept}",
                    )
            except NoAnswer as lost:
                if not left or lost.why != "broke off":
                    raise
            pause(rest, patience, breathe)
        raise AssertionError("the last try returns or raises")

    def _learns(self, answer: Answer, wanted: dict[str, Any]) -> bool:
        """Whether a refusal names a part of the request that can be left out or said otherwise. Each is learned once."""
        said = answer.said.lower()
        if (most := _most_in(said)) and most < (wanted.get("max_tokens") or wanted["max_completion_tokens"]):
            self._most = most
            return True
        if TOO_LONG.search(said):
            return False
        for part in ("max_tokens", "temperature", "seed", "stream"):
            if part in wanted and re.search(rf"\b{part}\b", said):
                self._left_out.add(part)
                return True
        if re.search(r"response_format|json_schema|json_object|schema|grammar", said) and self._form:
            self._form = {"json_schema": "json_object", "json_object": ""}[self._form]
            return True
        return False

    def _refusal(self, answer: Answer) -> StorykinError:
        server, said = self._line.name, answer.said
        if answer.status in {401, 403}:
            given = "key" if self._key else "name and password" if self.spoken.place.login else ""
            hint = f"set {LOGIN} to its name:password" if given.startswith("name") else f"set {KEY} to the server's key"  # fmt: skip
            if self.spoken.kind != "openai" and not given:
                hint = f"{hint} and name it openai:{self.spoken.model or 'MODEL'}@{self.spoken.place.url}: the key goes to no other kind"
            return BadInput(
                f"{server}: {f'does not take the {given}' if given else 'wants a key'} ({answer.status}: {said})",
                hint,
            )
        if 300 <= answer.status < 400:
            return BadInput(
                f"{server}: has moved to {answer.moved}", "give that address if it is the server you mean"
            )
        if answer.status == 404:
            return BadInput(
                f"{server}: has no model {self.spoken.model!r}, or is no OpenAI-compatible server ({said})",
                "storykin doctor shows the models that listen here; the address usually ends in /v1"
                + (f"; with Ollama: ollama pull {self.spoken.model}" if self.spoken.kind == "ollama" else ""),
            )
        if answer.status == 413 or (answer.status in {400, 422, 500} and TOO_LONG.search(said.lower())):
            return TooLong(
                f"{server}: the model's context is too small: {said}",
                "let the server give it 8,192 tokens or more (Ollama: OLLAMA_CONTEXT_LENGTH, llama.cpp: -c), or choose fewer pages",
            )
        if re.search(r"content.?(?:policy|filter)|moderation|safety", said.lower()):
            return Refused(f"{server}: refuses these words: {said}")
        if answer.status == 429:
            return StorykinError(
                f"{server}: writes no more for now: {said}",
                f"look at the account's limits; {self._line.kept}",
            )
        return StorykinError(
            f"{server}: failed ({answer.status}): {said}",
            f"look at the server's own window; {self._line.kept}",
        )

    def _warn(self) -> None:
        if self._warned:
            return
        self._warned = True
        if self.spoken.leaves_machine:
            self._say(
                f"{self._line.name} is another machine: the wish and the names in it leave this one for it"
            )
        size = size_of(self.spoken.model)
        if size is not None and size < SMALLEST:
            self._say(
                f"{self.spoken.model} may be too small a model: stories by models of this size rarely hold together; what it cannot write, the embedded writer will"
            )


TOO_LONG = re.compile(
    r"context[ _](?:length|size|window)|exceeds?.{0,40}context|n_ctx|too many tokens|maximum.{0,20}tokens|(?:prompt|input|request) is too (?:long|large)"
)
"""What servers say of a request that is too long for the model; "context canceled" and a graphics card's context are something else."""


def _most_in(said: str) -> int | None:
    """The tokens that a server lets an answer have, where a refusal in lower case names them: "at most 1024 completion tokens"."""
    if not re.search(r"max_(?:completion_|output_|new_)?tokens|(?:completion|output) tokens", said):
        return None
    found = re.search(
        r"(?:at most|no more than|less than or equal to|<=|range of \w+ is \[\d+,)[\s`'\"]*(\d[\d,]*)", said
    )
    return int(found[1].replace(",", "")) if found else None


BOUNDS = frozenset({"maxLength", "minItems", "maxItems"})


def unbounded(schema: Any) -> Any:
    """The schema without bounds on lengths."""
    if isinstance(schema, Mapping):
        return {key: unbounded(value) for key, value in schema.items() if key not in BOUNDS}
    return [unbounded(one) for one in schema] if isinstance(schema, list) else schema


def _short(said: str, most: int = 90) -> str:
    flat = " ".join(said.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def _first_line(error: ValueError) -> str:
    return str(error).strip().splitlines()[0]
