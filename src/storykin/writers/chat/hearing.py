"""Writers, chat: what a server and its model say, whatever shape it has: events or a document, thoughts, prose, JSON whole or cut off, a refusal."""

import json
import re
import unicodedata
from collections.abc import Callable, Collection
from typing import Any

from storykin.reaching import Answer, json_of


class Heard:
    """One answer while it comes: server-sent events, or one JSON document from servers that do not stream. What has another shape than an answer says nothing."""

    def __init__(self, on_words: Callable[[int], None]) -> None:
        self.text, self.ending, self.error = "", "stop", ""
        self._on_words = on_words
        self._rest, self._data = b"", list[bytes]()
        self._events, self._whole = False, False

    def piece(self, came: bytes) -> bool:
        """Some bytes of it; whether there was news in them: words or thoughts, and not a sign of life alone."""
        if not self._events and not self._rest and came.lstrip().startswith(b"{"):
            self._whole = True  # a document; it is read when all of it is here
        if self._whole:
            return bool(came.strip())
        *lines, self._rest = re.split(rb"\r\n|\n|\r(?!\n|\Z)", self._rest + came)
        news = [self._line(line) for line in lines]
        self._on_words(len(self.text))
        return any(news)

    def end(self, answer: Answer) -> None:
        """All of it is here."""
        self._line(self._rest.rstrip(b"\r"))
        self._line(b"")
        if not self._events:
            try:
                self._take(answer.json())
            except ValueError:
                self.error = f"this is no OpenAI-compatible server: {answer.said}"

    def _line(self, line: bytes) -> bool:
        """One line of events. An event ends with an empty line; most are a single line of data, which is not waited for."""
        if not line.strip():
            whole, self._data = b"\n".join(self._data), []
            return self._event(whole) is True
        start, _, rest = line.partition(b":")
        if start.strip() != b"data" or rest.strip() in {b"", b"[DONE]"}:
            return False
        self._events = True
        news = None if self._data else self._event(rest)
        if news is None:
            self._data.append(rest.removeprefix(b" "))
        return bool(news)

    def _event(self, said: bytes) -> bool | None:
        """Whether there was news in it; None when it is no JSON: a part of an event, or half of one because the connection broke off."""
        try:
            return self._take(json_of(said))
        except ValueError:
            return None

    def _take(self, found: Any) -> bool:
        """What an event or a document says, and whether it is news."""
        if not isinstance(found, dict):
            return False
        if found.get("error"):
            self.error = _error(found["error"])
        choices = found.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(choice, dict):
            return False
        part = choice.get("delta") or choice.get("message")
        part = part if isinstance(part, dict) else {}
        words, refusal = _words(part.get("content")), _words(part.get("refusal"))
        self.text += words + refusal
        if refusal or choice.get("finish_reason") == "content_filter":
            self.ending = "refused"
        elif choice.get("finish_reason") == "length":
            self.ending = "length"
        thoughts = _words(part.get("reasoning_content")) or _words(part.get("reasoning"))
        return bool(words or refusal or thoughts)


def _words(content: Any) -> str:
    """The text of a message, which may come in parts: `[{"type": "text", "text": …}]`."""
    if isinstance(content, list):
        return "".join(_words(part.get("text")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _error(found: Any) -> str:
    """What a server says of an error in the middle of an answer."""
    said = found.get("message") if isinstance(found, dict) else found
    if isinstance(said, str) and said.strip():
        return said
    try:
        return json.dumps(cleaned(found), ensure_ascii=False)
    except ValueError:
        return "an error that cannot be read"


THINK = r"<think(?:ing)?>"
THOUGHT = r"</think(?:ing)?>"


def without_thoughts(said: str) -> str:
    """What a model said after it had thought. A thought may lack its opening tag, which some templates put into the question; one that never ends has no answer after it.

    What begins as JSON is an answer, whatever stands in its texts: that is for the proofreader.
    """
    if re.match(r"\s*(?:```\w*\s*)?\{", said):
        return said.strip()
    said = re.sub(f"{THINK}.*?{THOUGHT}", "", said, flags=re.DOTALL | re.IGNORECASE)
    said = re.sub(rf"\A.*?{THOUGHT}", "", said, flags=re.DOTALL | re.IGNORECASE)
    return re.split(THINK, said, maxsplit=1, flags=re.IGNORECASE)[0].strip()


MOST_TRIED = 40
"""So many braces are looked at: prose of nothing but braces would take forever."""
DEEPEST = 40
"""No answer that is asked for is nested deeper than ten."""


def objects_in(said: str, known: Collection[str] = ()) -> list[dict[str, Any]]:
    """The JSON objects in what a model said, cleaned: alone, in a fence or in the middle of prose; of those inside one another the outermost.

    Those with a `known` key come first, and whole ones before one that is cut off, of which there is as much as came, without half strings.
    """
    whole: list[dict[str, Any]] = []
    cut: list[dict[str, Any]] = []
    at = said.find("{")
    for _ in range(MOST_TRIED):
        if at < 0:
            break
        found, end = _object_at(said, at)
        if isinstance(found, dict) and found:
            (whole if end else cut).append(found)
        if found is not None and not end:
            break
        at = said.find("{", end or at + 1)
    return sorted((*whole, *cut), key=lambda one: not one.keys() & set(known))


def _object_at(said: str, start: int) -> tuple[Any, int]:
    """The object that begins there and where it ends, 0 for one that is cut off; (None, 0) where none begins."""
    from pydantic_core import from_json

    try:
        found, end = json.JSONDecoder(strict=False).raw_decode(said, start)
        return cleaned(found), end
    except (ValueError, RecursionError):
        pass
    try:
        return cleaned(from_json(said[start:], allow_partial=True)), 0
    except ValueError:
        return None, 0


def cleaned(found: Any, depth: int = 0) -> Any:
    """An answer without what no book can hold: halves of letters (lone surrogates) and control characters in its texts, and what is null. Raises `ValueError` for one that is nested too deeply."""
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(found, str):
        paired = found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
        lines = re.sub(r"\r\n?", "\n", paired).replace("\t", " ")
        return "".join(one for one in lines if one == "\n" or unicodedata.category(one) != "Cc")
    if isinstance(found, dict):
        return {cleaned(key, depth): cleaned(one, depth + 1) for key, one in found.items() if one is not None}
    if isinstance(found, list):
        return [cleaned(one, depth + 1) for one in found if one is not None]
    return found


REFUSAL = re.compile(
    r"\b(?:i(?:['’]m| am) (?:sorry|unable|not able)|i (?:can(?:['’]t|not)|won['’]t|will not)|as an ai|i must decline|cannot (?:assist|help|fulfill))\b",
    re.IGNORECASE,
)
QUOTED = re.compile(
    r"[\"“”„«].*?(?:[\"“”»]|\Z)|(?<!\w)['‘].*?(?:['’](?!\w)|\Z)",
    re.DOTALL,
)


def refuses(said: str) -> bool:
    """Whether a model begins with not wanting to; what somebody in a story says in quotation marks is no such thing."""
    return bool(REFUSAL.search(QUOTED.sub("", said.lstrip()[:80])))
