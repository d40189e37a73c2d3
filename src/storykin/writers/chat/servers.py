"""Writers, chat: where language models listen: `ollama:gemma3:12b`, `openai:gpt-x@https://host/v1`, and what answers on this machine's usual ports."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from urllib.parse import unquote

from storykin.errors import BadInput, StorykinError
from storykin.reaching import KEY, LOGIN, Line, Patience, Place, library, place_of

EXTRA = "llm"
USUAL = {
    "ollama": "http://127.0.0.1:11434/v1",
    "llamacpp": "http://127.0.0.1:8080/v1",
    "lmstudio": "http://127.0.0.1:1234/v1",
    "vllm": "http://127.0.0.1:8000/v1",
}
"""Servers that families run, and where they listen unless somebody says otherwise (their own documentation)."""
KINDS = (*USUAL, "openai")
SMALLEST = 3.0
"""Billions of parameters below which a model is offered to nobody: those of 0.1 to 0.4 wrote valid JSON and stories in which names swap and pages repeat."""


@dataclass(frozen=True)
class Spoken:
    """A model by its name on a server. `model` "" takes whatever the server has loaded."""

    kind: str
    model: str
    place: Place

    @property
    def leaves_machine(self) -> bool:
        """Whether the wish leaves this machine."""
        return self.place.leaves_machine


def is_spoken_of(writer: str) -> bool:
    """Whether a writer's name is that of a language model on a server."""
    return re.split(r"[:@]", writer, maxsplit=1)[0] in KINDS


def spoken_of(writer: str) -> Spoken:
    """The model that `kind:model@address` names; kinds with a usual port need no address. Raises `BadInput`, also for a password: the name stands in the book's files."""
    named, _, host = writer.partition("@")
    kind, _, model = named.partition(":")
    if kind not in KINDS:
        raise BadInput(f"there is no writer {shown(writer)!r}", f"with a language model: {', '.join(f'{one}:MODEL' for one in USUAL)}, openai:MODEL@ADDRESS")  # fmt: skip
    if "@" in host or (host and "//" in model):
        raise BadInput(
            f"writer {kind!r}: a name and password in its address would stand in the book's files",
            f"give the address without them, and set {LOGIN}=name:password in the environment",
        )
    if kind in {"ollama", "openai"} and not model:
        raise BadInput(f"writer {kind!r} is not told with which model", f"name it: --writer {kind}:gemma3:12b{'' if kind in USUAL else '@https://host/v1'}")  # fmt: skip
    place = place_of(host or USUAL.get(kind, ""), f"writer {kind!r}", f"--writer {kind}:{model or 'MODEL'}@http://127.0.0.1:8000/v1")  # fmt: skip
    return Spoken(kind, model, place)


def shown(writer: str) -> str:
    """A writer's name as it may be printed: without what could be a password."""
    return re.sub(r"@.*@", "@", re.sub(r"//.*@", "//", writer, flags=re.DOTALL), flags=re.DOTALL)


def key_for(spoken: Spoken, key: str) -> str:
    """The key where it may go: to servers of the kind `openai`, "" for all others. Raises `BadInput` where it would cross a network in clear."""
    if spoken.kind != "openai" or not key:
        return ""
    if spoken.leaves_machine and not spoken.place.url.startswith("https:"):
        raise BadInput(
            f"writer 'openai': the key in {KEY} would go to {spoken.place.url} in clear, for everybody in between to read",
            "use https; a server that wants no key can be named by its kind, such as vllm:MODEL@ADDRESS",
        )
    return key


def with_login(spoken: Spoken, login: str) -> Spoken:
    """The same on a server that wants this name:password."""
    name, _, password = map(unquote, login.partition(":"))
    return replace(spoken, place=Place(spoken.place.url, (name, password))) if name else spoken


@dataclass(frozen=True)
class Listening:
    """A server that answered, and its models, the largest first."""

    kind: str
    url: str
    models: tuple[str, ...]

    @property
    def offered(self) -> tuple[str, ...]:
        """The models that may write for a family, by what their names say of their size; of some nothing is known."""
        return tuple(one for one in self.models if (size_of(one) or SMALLEST) >= SMALLEST)


def size_of(model: str) -> float | None:
    """Billions of parameters as a model's name tells them: "gemma3:12b", "SmolLM2-135M-Instruct"; None where it does not."""
    found = [
        float(number) / (1 if unit == "b" else 1000)
        for number, unit in re.findall(
            r"(?<![\d.a-z])(?:\d+x)?(\d+(?:\.\d+)?)([bm])(?![a-z\d])", model.lower()
        )
    ]
    return max(found, default=None)


def listening(places: Sequence[tuple[str, str]] = tuple(USUAL.items())) -> tuple[Listening, ...]:
    """The servers with the OpenAI chat API that answer on this machine. Asked all at once: an empty port costs no time."""
    try:
        library("httpx", "asking for language models", EXTRA)
    except BadInput:
        return ()
    with ThreadPoolExecutor(len(places)) as pool:
        return tuple(one for one in pool.map(lambda place: _listening(*place), places) if one)


def _listening(kind: str, url: str) -> Listening | None:
    line = Line(Place(url), kind, Patience(connect=1.0, answer=3.0, breath=0.05))
    try:
        answer = line.ask("GET", "models", lambda: None)
        models = [str(one["id"]) for one in answer.json()["data"]] if answer.status == 200 else None
    except (StorykinError, ValueError, KeyError, TypeError):
        return None
    finally:
        line.close()
    if models is None:
        return None
    return Listening(kind, url, tuple(sorted(models, key=lambda one: -(size_of(one) or 0.0))))
