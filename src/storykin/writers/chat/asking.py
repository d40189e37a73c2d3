"""Writers, chat: asking a language model for a value. What comes back is one, or an error that says what came instead.

Knows the OpenAI chat API and JSON; knows nothing of stories. Servers take different parts of that API: what one refuses by name is left out from then on.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from storykin.errors import BadInput, StorykinError
from storykin.reaching import Answer, Breathe, Line, NoAnswer, Patience, Say, library, pause
from storykin.writers.chat.servers import EXTRA, Spoken, size_of

Value = TypeVar("Value")

KEY = "STORYKIN_OPENAI_KEY"
"""The environment variable that holds the server's key."""

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
            raise Refused(f"{self._line.name}: the model refuses: “{_short(said)}”")
        found = json_in(said)
        if found is None:
            cut = ending == "length"
            if not cut and REFUSAL.search(said[:300]):
                raise Refused(f"{self._line.name}: the model refuses: “{_short(said)}”")
            what = "an answer that breaks off" if cut else "no JSON"
            raise Nonsense(f"{self._line.name}: answered with {what}: “{_short(said)}”", said, cut)
        try:
            return question.read(found)
        except ValueError as error:
            raise Nonsense(f"{self._line.name}: {_first_line(error)}", said, ending == "length") from None

    def _said(self, question: Question[Any], seed: int, breathe: Breathe, on_words: Callable[[int], None]) -> tuple[str, str]:  # fmt: skip
        """What the model said, and how it ended: "stop", "length", "refused"."""
        while True:
            heard = _Heard(on_words)
            wanted = self._wanted(question, seed)
            answer = self._answered(wanted, heard, breathe)
            if answer.status < 300:
                heard.end(answer)
                if heard.error:
                    answer = Answer(400, "application/json", json.dumps(heard.error).encode())
                else:
                    return heard.text, heard.ending
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
        wanted["max_completion_tokens" if "max_tokens" in self._left_out else "max_tokens"] = question.most
        if self.spoken.model:
            wanted["model"] = self.spoken.model
        if self._form == "json_schema":
            wanted["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": question.schema},
            }
        elif self._form == "json_object":
            wanted["response_format"] = {"type": "json_object"}
        return {key: value for key, value in wanted.items() if key not in self._left_out}

    def _answered(self, wanted: dict[str, Any], heard: "_Heard", breathe: Breathe) -> Answer:
        """A final answer: pauses that the server asks for are kept, lost connections tried again."""
        patience = self._line.patience
        for left in reversed(range(patience.tries)):
            rest = 2.0 ** (patience.tries - left - 1) * patience.breath
            try:
                answer = self._line.ask(
                    "POST", "chat/completions", breathe, on_piece=heard.piece, json=wanted
                )
                busy = answer.status == 429 and "quota" not in answer.said.lower()
                if not left or not (busy or answer.status in {502, 503, 504}):
                    return answer
                rest = max(rest, answer.wait or 0.0)
                if rest > patience.longest:
                    raise StorykinError(
                        f"{self._line.name}: is busy and wants to be asked again in {rest:.0f} s",
                        f"start again then; {self._line.kept}",
                    )
            except NoAnswer as lost:
                if not left or lost.why != "broke off":
                    raise
            heard.again()
            pause(rest, patience, breathe)
        raise AssertionError("the last try returns or raises")

    def _learns(self, answer: Answer, wanted: dict[str, Any]) -> bool:
        """Whether a refusal names a part of the request that can be left out or said otherwise. Each is learned once."""
        said = answer.said.lower()
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
        if TOO_LONG.search(said.lower()) or answer.status == 413:
            return TooLong(
                f"{server}: the model's context is too small: {said}",
                "let the server give it 8,192 tokens or more (Ollama: OLLAMA_CONTEXT_LENGTH, llama.cpp: -c), or choose fewer pages",
            )
        if answer.status in {401, 403}:
            return BadInput(
                f"{server}: {'does not take the key' if self._key else 'wants a key'} ({answer.status}: {said})",
                f"set {KEY} to the server's key",
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
        if size is not None and size < 1:
            self._say(
                f"{self.spoken.model} is too small a model for stories; what it cannot write, the embedded writer will"
            )


TOO_LONG = re.compile(
    r"context|too long|too many tokens|exceeds? the (?:available|maximum)|maximum.{0,20}tokens"
)
REFUSAL = re.compile(
    r"\b(?:i(?:['’]m| am) (?:sorry|unable|not able)|i (?:can(?:['’]t|not)|won['’]t|will not)|as an ai|i must decline|cannot (?:assist|help|fulfill))\b",
    re.IGNORECASE,
)


class _Heard:
    """An answer while it comes: server-sent events, or one JSON document from servers that do not stream."""

    def __init__(self, on_words: Callable[[int], None]) -> None:
        self.text, self.ending = "", "stop"
        self.error: dict[str, Any] | None = None
        self._on_words, self._rest, self._events = on_words, b"", False

    def again(self) -> None:
        """Forget what came: it is asked for once more."""
        self.text, self._rest = "", b""

    def piece(self, came: bytes) -> None:
        """Some bytes of it."""
        *lines, self._rest = (self._rest + came).split(b"\n")
        for line in lines:
            self._line(line)
        self._on_words(len(self.text))

    def end(self, answer: Answer) -> None:
        """All of it is here."""
        self._line(self._rest)
        if not self._events:
            try:
                self._take(answer.json())
            except ValueError:
                self.error = {"error": f"this is no OpenAI-compatible server: {answer.said}"}

    def _line(self, line: bytes) -> None:
        start, _, rest = line.partition(b":")
        if start.strip() != b"data" or rest.strip() in {b"", b"[DONE]"}:
            return
        self._events = True
        try:
            self._take(json.loads(rest))
        except ValueError:
            return  # half an event: the connection broke off, and the answer with it

    def _take(self, found: Any) -> None:
        if not isinstance(found, dict):
            return
        if found.get("error"):
            self.error = {"error": found["error"]}
        for choice in (found.get("choices") or ())[:1]:
            part = choice.get("delta") or choice.get("message") or {}
            self.text += part.get("content") or ""
            if part.get("refusal"):
                self.text, self.ending = self.text + part["refusal"], "refused"
            elif choice.get("finish_reason") == "length":
                self.ending = "length"
            elif choice.get("finish_reason") == "content_filter":
                self.ending = "refused"


def json_in(said: str) -> Any:
    """The JSON object in what a model said: alone, in a fence, after its thoughts or in the middle of prose; cut off, as much of it as came, without half strings. None where there is none."""
    from pydantic_core import from_json

    bare = re.sub(r"\A\s*<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", "", said, flags=re.DOTALL).strip()
    for start in [found.start() for found in re.finditer(r"\{", bare)][:20]:
        try:
            found, _ = json.JSONDecoder(strict=False).raw_decode(bare, start)
        except ValueError:
            try:
                found = from_json(bare[start:], allow_partial=True)
            except ValueError:
                continue
        if isinstance(found, dict) and found:
            return found
    return None


def _short(said: str, most: int = 90) -> str:
    flat = " ".join(said.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def _first_line(error: ValueError) -> str:
    return str(error).strip().splitlines()[0]
