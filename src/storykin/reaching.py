"""Below the crafts: a server elsewhere: where it is, whether words and pictures leave this machine for it, and how it is spoken to.

Every request runs in a thread of its own, so that whoever waits for an answer can still be told to stop. What is said is not known here.
"""

import asyncio
import base64
import concurrent.futures
import html
import importlib
import ipaddress
import json
import re
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import quote, unquote, urlsplit

from storykin.errors import BadInput, StorykinError

if TYPE_CHECKING:
    import httpx

Value = TypeVar("Value")

Breathe = Callable[[], None]
"""Called again and again while something is waited for; what it raises ends the waiting."""

Say = Callable[[str], None]
"""Told in one sentence what a person should know while work is done elsewhere."""

KEY = "STORYKIN_OPENAI_KEY"
"""The environment variable that holds the key of a server with an OpenAI API. No file of a book holds it."""
LOGIN = "STORYKIN_LOGIN"
"""The environment variable with name:password for a server. No file of a book holds them."""
MOST_BYTES = 128 * 2**20
"""The longest answer that is read; a picture of 4096 × 4096 pixels has 50 MB before it is compressed."""


@dataclass(frozen=True)
class Patience:
    """How long a server is waited for, in seconds.

    `connect` until somebody answers at all; `answer` for one whole answer, or for more of one that is heard while it comes; `whole` for all of such a one;
    `away` while it cannot be reached in the middle of a picture; `silence` without any news of the picture; `look` between two looks at its state while nothing is heard; `breath` between two chances to stop;
    `longest` pause that it may ask for. `tries` counts requests, the first included, where an answer was lost or refused for the moment.
    """

    connect: float = 10.0
    answer: float = 60.0
    whole: float = 3600.0
    away: float = 120.0
    silence: float = 1800.0
    look: float = 2.0
    breath: float = 0.2
    longest: float = 120.0
    tries: int = 4


@dataclass(frozen=True)
class Place:
    """Where a server is: `url` without a slash at its end, name and password kept apart (`login`), so that `url` may be shown."""

    url: str
    login: tuple[str, str] | None = None

    @property
    def leaves_machine(self) -> bool:
        """Whether words and pictures sent there leave this machine: everywhere but at its own loopback address."""
        name = urlsplit(self.url).hostname or ""
        if name == "localhost":
            return False
        try:
            return not ipaddress.ip_address(name).is_loopback
        except ValueError:
            return True


def place_of(host: str, who: str, example: str) -> Place:
    """The place behind what was given as host. Raises `BadInput` that names `who` and shows the `example` of an option, for nothing, or what is no address."""
    if not host.strip():
        raise BadInput(
            f"{who} works on a server, and is not told on which",
            f"say where it is: {example}; nothing is sent anywhere without it",
        )
    try:
        parts = urlsplit(host.strip())
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise BadInput(f"{who}: {_shown(host)!r} is no address of a server", f"such as {example}")
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    where = name if port is None else f"{name}:{port}"
    return Place(f"{parts.scheme}://{where}{parts.path.rstrip('/')}", login)


def _shown(host: str) -> str:
    """What was given as host, without a name and password that may stand in it, however it is written."""
    return re.sub(r"\A((?:\w+:)?//)?.*@", r"\1", host.strip(), flags=re.DOTALL)


class NoAnswer(StorykinError):
    """A request that nobody answered. `why`: nobody is there, the answer broke off (it may have been heard), or it took too long."""

    def __init__(
        self, message: str, hint: str = "", why: Literal["not there", "broke off", "too slow"] = "broke off"
    ) -> None:
        super().__init__(message, hint)
        self.why = why


@dataclass(frozen=True)
class Answer:
    """What came back: `status` as in HTTP, `kind` its media type, `wait` what its Retry-After says, in seconds."""

    status: int
    kind: str
    body: bytes
    wait: float | None = None
    moved: str = ""

    def json(self) -> Any:
        """The body as JSON. Raises `ValueError` when it is something else."""
        return json_of(self.body)

    @property
    def said(self) -> str:
        """What it says of itself in a few words: the message of an error, the title of a page."""
        text = self.body[:20_000].decode("utf-8", "replace")
        try:
            told = _message_in(json_of(text))
        except (ValueError, RecursionError):
            title = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
            told = (
                f"a web page, {html.unescape(title[1]).strip()!r}" if title else re.sub(r"<[^>]*>", " ", text)
            )
        shown = "".join(letter if letter.isprintable() else " " for letter in told)
        return " ".join(shown.split())[:300] or f"{len(self.body)} bytes of {self.kind or 'something'}"


def json_of(said: str | bytes) -> Any:
    """What somebody else wrote as JSON. Raises `ValueError` when it is none, or nested deeper than anybody means it."""
    try:
        return json.loads(said, strict=False)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _message_in(found: object) -> str:
    """The message of an error as servers write it: `{"error": {"message": …}}`, `{"error": …}`, `{"detail": …}`, `{"message": …}`."""
    if isinstance(found, dict):
        for key in ("error", "detail", "message"):
            if found.get(key):
                return _message_in(found[key])
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)


class Line:
    """A connection to one server. `ask` sends one request; `begin` runs anything else in its thread.

    `key` goes along as a bearer token. Neither it nor a password is ever part of what comes back: servers repeat them in their errors. `where` is the option that
    says where the server is, and `kept` what is not lost when it goes.
    """

    def __init__(
        self,
        place: Place,
        whose: str,
        patience: Patience,
        key: str = "",
        where: str = "--host",
        kept: str = "what is painted is kept",
    ) -> None:
        self.place, self.patience, self.where, self.kept = place, patience, where, kept
        self.name = f"{whose} server {place.url}"
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._secrets = tuple(sorted(set(_ways_to_say(key, place.login)), key=len, reverse=True))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._client: httpx.AsyncClient | None = None

    def ask(
        self,
        method: str,
        path: str,
        breathe: Breathe,
        within: float | None = None,
        on_piece: Callable[[bytes], bool] | None = None,
        **content: Any,
    ) -> Answer:
        """One request, whatever its status. Raises `NoAnswer`; what `breathe` raises ends it and closes its connection.

        `within` are the seconds for the whole answer. One that is heard while it comes, by `on_piece` in the line's own thread, may take them after every piece of which
        that says it was news: signs of life alone are none. `Patience.whole` ends it in any case.
        """
        future = self.begin(self._ask(method, path, within or self.patience.answer, content, on_piece))
        try:
            while not concurrent.futures.wait((future,), self.patience.breath).done:
                breathe()
        except BaseException:
            future.cancel()
            raise
        return future.result()

    def begin(self, work: Coroutine[Any, Any, Value]) -> "concurrent.futures.Future[Value]":
        """Run it in the line's own thread without waiting for it."""
        return asyncio.run_coroutine_threadsafe(work, self._running())

    def close(self) -> None:
        """Close all connections; the next request opens them again."""
        if self._loop is None or self._thread is None:
            return
        with suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(self._wind_up(), self._loop).result(self.patience.connect)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._loop = self._thread = self._client = None

    async def _wind_up(self) -> None:
        """Nothing may be left half done when the loop stops: Python would complain of it at the end."""
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for one in others:
            one.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()
        await asyncio.get_running_loop().shutdown_asyncgens()

    def _running(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._loop.run_forever, name="work elsewhere", daemon=True)
            self._thread.start()
        return self._loop

    async def _ask(
        self,
        method: str,
        path: str,
        within: float,
        content: dict[str, Any],
        on_piece: Callable[[bytes], bool] | None,
    ) -> Answer:
        httpx = importlib.import_module("httpx")
        now = asyncio.get_running_loop().time
        end = now() + self.patience.whole
        clock = asyncio.timeout_at(min(now() + within, end) if on_piece else now() + within)
        try:
            async with (
                clock,
                self._open().stream(method, path, **content) as reply,
            ):
                body = bytearray()
                async for piece in reply.aiter_bytes():
                    body += piece
                    if on_piece and on_piece(piece):
                        clock.reschedule(min(now() + within, end))
                    if len(body) > MOST_BYTES:
                        raise StorykinError(
                            f"{self.name}: its answer does not end; more than {MOST_BYTES >> 20} MB came",
                            "is this the server you mean?",
                        )
                return Answer(
                    reply.status_code,
                    reply.headers.get("content-type", "").split(";")[0].strip(),
                    self.without_secrets(bytes(body), but_words=on_piece is not None and reply.is_success),
                    _seconds(reply.headers.get("retry-after", "")),
                    self.without_secrets(reply.headers.get("location", "").encode()).decode(
                        "utf-8", "replace"
                    ),
                )
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise NoAnswer(
                f"{self.name}: nobody answers there ({str(error) or 'no connection in time'})",
                f"start the server, or say where it is with {self.where}",
                "not there",
            ) from None
        except (TimeoutError, httpx.TimeoutException):
            late = f"no whole answer within {within:g} s"
            if on_piece and clock.when() == end:
                late = f"its answer did not end within {self.patience.whole:g} s"
            elif on_piece:
                late = f"nothing was heard for {within:g} s"
            raise NoAnswer(
                f"{self.name}: {late}",
                "look whether the server is stuck or overloaded",
                "too slow",
            ) from None
        except httpx.HTTPError as error:
            raise NoAnswer(
                f"{self.name}: the connection broke off ({str(error) or type(error).__name__})",
                f"look whether the server is still running, then start again; {self.kept}",
            ) from None

    def without_secrets(self, said: bytes, but_words: bool = False) -> bytes:
        """The same without key and password. `but_words` leaves those alone that are mere words: who gives "none" for a key wants no story with holes."""
        for secret in self._secrets:
            if not (but_words and len(secret) < 10 and secret.isalnum()):
                said = said.replace(secret, b"***")
        return said

    def _open(self) -> "httpx.AsyncClient":
        if self._client is None:
            # What stays on this machine must not go through a proxy named in the environment.
            httpx = importlib.import_module("httpx")
            self._client = httpx.AsyncClient(
                base_url=self.place.url,
                headers=self._headers,
                auth=self.place.login,
                timeout=httpx.Timeout(None, connect=self.patience.connect),
                trust_env=self.place.leaves_machine,
                verify=self.place.url.startswith("https"),  # certificates take a tenth of a second to read
                follow_redirects=False,
            )
        return self._client


def _ways_to_say(key: str, login: tuple[str, str] | None) -> Iterator[bytes]:
    """Key and password as servers may repeat them: as they are, inside JSON, a page or an address, and the password as it is sent."""
    name, password = login or ("", "")
    for secret in filter(None, (key, password)):
        for said in (secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], html.escape(secret), quote(secret, safe="")):  # fmt: skip
            yield said.encode()
    if password:
        yield base64.b64encode(f"{name}:{password}".encode())


def library(name: str, doing: str = "painting on a server", extra: str = "servers") -> Any:
    """A library of an extra, for what is being done. Raises `BadInput` that says how it is installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise BadInput(
            f"{doing} needs {name.split('.', maxsplit=1)[0]}, which is not installed",
            f"pip install 'storykin[{extra}]'",
        ) from None


def pause(seconds: float, patience: Patience, breathe: Breathe) -> None:
    """Wait, breathing."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        breathe()
        time.sleep(min(left, patience.breath))


def _seconds(said: str) -> float | None:
    """Retry-After as seconds, from a number or a date (RFC 9110, 10.2.3)."""
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        then = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(0.0, ((then if then.tzinfo else then.replace(tzinfo=UTC)) - datetime.now(UTC)).total_seconds())
