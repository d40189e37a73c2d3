"""Painters, ComfyUI: what is said to its server over HTTP and heard from it over a WebSocket while it paints one picture.

The picture itself is fetched by HTTP, so a socket that breaks costs only progress and previews. A server that was started anew has forgotten
what it was asked; that is found out by looking at its queue and history.
"""

import asyncio
import json
import queue
import struct
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import quote, urlencode

from storykin.errors import BadInput, StorykinError
from storykin.painters import OnLook
from storykin.painters.comfyui.wiring import Workflow, number_of
from storykin.painters.reaching import Progress, look_of
from storykin.reaching import Answer, Breathe, Line, NoAnswer, Say, library, pause

PREVIEW, PREVIEW_WITH_FACTS = 1, 4
"""Binary messages begin with their kind, a big-endian 32-bit number: `BinaryEventTypes` in ComfyUI's `protocol.py`."""

MOST_HEARD = 64 * 2**20
"""The longest message that is listened to, in bytes; the socket's own limit of 1 MB is below a large preview."""

BEGUN, PAINTED = 0.05, 0.95
"""The finished fractions when denoising begins and ends; before it models are loaded, after it the picture is decoded and fetched."""


class Forgotten(StorykinError):
    """The server no longer knows of the picture: it was started anew, or its queue was cleared."""


class Server:
    """One ComfyUI, as far as painting needs it."""

    def __init__(self, line: Line, say: Say) -> None:
        self._line, self._say = line, say
        self.patience = line.patience
        self._met = False

    @property
    def name(self) -> str:
        """How it is called in errors."""
        return self._line.name

    def facts(self, breathe: Breathe) -> dict[str, str]:
        """Its versions and device. Raises `BadInput` when this is no ComfyUI."""
        found = self._json(self._get("/system_stats", breathe), "/system_stats")
        try:
            system, devices = found["system"], found["devices"]
            facts = {
                "comfyui": str(system.get("comfyui_version", "")),
                "torch": str(system.get("pytorch_version", "")),
                "device": str(devices[0].get("name", "")) if devices else "",
            }
        except (KeyError, TypeError, AttributeError):
            raise self._no_comfyui("/system_stats") from None
        self._met = True
        return {key: fact for key, fact in facts.items() if fact}

    def names(self, node: str, inlet: str, breathe: Breathe) -> tuple[str, ...]:
        """The files that an input of a loading node can be given; none when there is no such node."""
        found = self._json(self._get(f"/object_info/{node}", breathe), f"/object_info/{node}")
        if not isinstance(found, dict):
            raise self._no_comfyui(f"/object_info/{node}")
        try:
            kind = found[node]["input"]["required"][inlet]
            # Nodes written to the newer schema say ["COMBO", {"options": [...]}].
            names = kind[1]["options"] if kind[0] == "COMBO" else kind[0]
        except (KeyError, IndexError, TypeError):
            return ()
        return tuple(str(name) for name in names) if isinstance(names, list) else ()

    def remarks_in(self, adapter: str, breathe: Breathe) -> dict[str, str] | None:
        """What is written in the head of an adapter's file on the server; None when it does not say."""
        answer = self._get(f"/view_metadata/loras?{urlencode({'filename': adapter})}", breathe)
        try:
            found = answer.json() if answer.status == 200 else None
        except ValueError:
            return None
        return found if isinstance(found, dict) else None

    def upload(self, name: str, png: bytes, breathe: Breathe) -> str:
        """Send a start image into the server's temporary folder, which it empties when it starts; the name by which `LoadImage` finds it."""
        answer = self._patiently(
            lambda: self._line.ask(
                "POST",
                "/upload/image",
                breathe,
                files={"image": (name, png, "image/png")},
                data={"overwrite": "true", "type": "temp", "subfolder": "storykin"},
            ),
            breathe,
        )
        if answer.status != 200:
            raise self._refused(answer, "did not take the start image")
        found = self._json(answer, "/upload/image")
        try:
            folder = f"{found['subfolder']}/" if found.get("subfolder") else ""
            return f"{folder}{found['name']} [{found.get('type', 'temp')}]"
        except (KeyError, TypeError, AttributeError):
            raise self._no_comfyui("/upload/image") from None

    def paint(self, nodes: Workflow, progress: Progress, on_look: OnLook | None) -> bytes:
        """The picture that comes of a workflow, as the server wrote it.

        Raises `StorykinError` when it fails, `Forgotten` when it must be asked from the beginning. Whatever ends this early ends it there too.
        """
        client = uuid.uuid4().hex
        with Ear(self._line, client) as ear:
            ear.ready(progress)  # so that nothing is missed of a picture that is quickly done
            try:
                number = self._submit(nodes, client, progress)
                picture = self._fetch(_Watch(self, ear, number, nodes, progress, on_look).image(), progress)
            except BaseException:
                self._stop(client)
                raise
        self._forget(number, progress)
        return picture

    def standing(self, number: str, breathe: Breathe) -> tuple[str, Any]:
        """Where a picture is: ("pending", how many before it), ("running", None), ("done", its entry in the history) or ("gone", None)."""
        # The queue first: what leaves it is in the history by then.
        running, pending = self._queue(breathe)
        if any(item[1] == number for item in running):
            return "running", None
        # The queue is a heap: it is not in order.
        waiting = sorted(pending, key=lambda item: item[0])
        for place, item in enumerate(waiting):
            if item[1] == number:
                return "pending", place + len(running)
        history = self._json(self._get_once(f"/history/{quote(number)}", breathe), "/history")
        if isinstance(history, dict) and number in history:
            return "done", history[number]
        return "gone", None

    def _stop(self, client: str) -> None:
        """Take what this client asked for out of the queue, or interrupt it at work; another's picture is left alone. Never fails."""

        def still() -> None:
            """Stopping is not stopped."""

        with suppress(StorykinError):
            for _ in range(2):  # it may have begun in between
                running, pending = self._queue(still, self.patience.connect)
                waiting = [item[1] for item in pending if _client_of(item) == client]
                at_work = [item[1] for item in running if _client_of(item) == client]
                for path, said in [("/queue", {"delete": waiting})] * bool(waiting) + [
                    # Servers of before 2025 do not read the number and interrupt what is running, which is this.
                    ("/interrupt", {"prompt_id": number})
                    for number in at_work
                ]:
                    self._line.ask("POST", path, still, self.patience.connect, json=said)
                if at_work or not waiting:
                    return

    def say(self, word: str) -> None:
        """Pass it on to who wants to know."""
        self._say(f"{self.name}: {word}")

    def _submit(self, nodes: Workflow, client: str, breathe: Breathe) -> str:
        """Put it into the queue once, even where the answer is lost. Its number; servers of before 2026 give their own."""
        number = str(uuid.uuid4())
        asked = {"prompt": nodes, "client_id": client, "prompt_id": number}

        def ask() -> Answer:
            try:
                return self._raised(self._line.ask("POST", "/prompt", breathe, json=asked))
            except NoAnswer as lost:
                found = lost.why != "not there" and self._arrived(client, number, breathe)
                if not found:
                    raise
                return Answer(200, "application/json", json.dumps({"prompt_id": found}).encode())

        answer = self._patiently(ask, breathe)
        if answer.status != 200:
            raise self._rejected(answer, nodes)
        found = self._json(answer, "/prompt")
        try:
            return str(found["prompt_id"])
        except (KeyError, TypeError):
            raise self._no_comfyui("/prompt") from None

    def _arrived(self, client: str, number: str, breathe: Breathe) -> str:
        """The number of what this client has in the queue, or has had; "" when nothing arrived."""
        try:
            running, pending = self._queue(breathe)
            for item in (*running, *pending):
                if _client_of(item) == client:
                    return str(item[1])
            return number if self.standing(number, breathe)[0] == "done" else ""
        except NoAnswer:
            return ""

    def _queue(self, breathe: Breathe, within: float | None = None) -> tuple[list[Any], list[Any]]:
        found = self._json(self._raised(self._line.ask("GET", "/queue", breathe, within)), "/queue")
        try:
            running, pending = found["queue_running"], found["queue_pending"]
            if all(isinstance(item[1], str) for item in (*running, *pending)):
                return running, pending
        except (KeyError, TypeError, IndexError):
            pass
        raise self._no_comfyui("/queue")

    def _fetch(self, image: dict[str, str], breathe: Breathe) -> bytes:
        where = {key: image.get(key, "") for key in ("filename", "subfolder", "type")}
        answer = self._get(f"/view?{urlencode(where)}", breathe)
        if answer.status != 200:
            raise self._refused(answer, "has painted the picture and does not give it")
        return answer.body

    def _forget(self, number: str, breathe: Breathe) -> None:
        """Take the words out of the server's history: they may hold a child's name."""
        with suppress(StorykinError):
            self._line.ask("POST", "/history", breathe, json={"delete": [number]})

    def _get(self, path: str, breathe: Breathe) -> Answer:
        """An answer, asked for again while a server that was there is away."""
        return self._patiently(lambda: self._get_once(path, breathe), breathe)

    def _get_once(self, path: str, breathe: Breathe) -> Answer:
        return self._raised(self._line.ask("GET", path, breathe))

    def _patiently(self, ask: Callable[[], Answer], breathe: Breathe) -> Answer:
        """Ask again a few times when answers break off, and for long while nobody is there who was there before."""
        end = time.monotonic() + (self.patience.away if self._met else 0.0)
        left = self.patience.tries
        while True:
            try:
                return self._raised(ask())
            except NoAnswer as lost:
                left -= lost.why != "not there"
                if not left or (lost.why == "not there" and time.monotonic() > end):
                    raise
                pause(min(self.patience.look, 1.0), self.patience, breathe)

    def _raised(self, answer: Answer) -> Answer:
        """The answer, unless it says that none can be had now."""
        if answer.status in {401, 403, 407}:
            raise BadInput(
                f"{self.name}: refuses to talk ({answer.status}: {answer.said})",
                "set the name and password that it asks for in the environment: STORYKIN_LOGIN=name:password",
            )
        if answer.status >= 500:
            raise NoAnswer(
                f"{self.name}: answered {answer.status}: {answer.said}",
                "look at the server's own window for what went wrong",
            )
        return answer

    def _json(self, answer: Answer, path: str) -> Any:
        try:
            if answer.status == 200:
                return answer.json()
        except ValueError:
            pass
        raise self._no_comfyui(path, answer)

    def _no_comfyui(self, path: str, answer: Answer | None = None) -> BadInput:
        what = "something else than ComfyUI does"
        if answer is not None:
            moved = f" and sends to {answer.moved}" if answer.moved else ""
            what = f"{answer.status}{moved}: {answer.said}"
        return BadInput(
            f"{self.name}: is no ComfyUI; {path} answered {what}",
            "say where ComfyUI is, usually --host http://127.0.0.1:8188",
        )

    def _refused(self, answer: Answer, what: str) -> StorykinError:
        return StorykinError(
            f"{self.name}: {what} ({answer.status}: {answer.said})",
            "look at the server's own window for what went wrong",
        )

    def _rejected(self, answer: Answer, nodes: Workflow) -> StorykinError:
        """A workflow that was refused: which node, and why."""
        try:
            found = answer.json()
            faults = [
                f"{_title(nodes, number, fault.get('class_type', ''))}: "
                + "; ".join(
                    f"{one.get('message', '')} ({one.get('details', '')[:200]})" for one in fault["errors"]
                )
                for number, fault in dict(found.get("node_errors") or {}).items()
            ]
        except (ValueError, KeyError, TypeError, AttributeError):
            faults = []
        return StorykinError(
            f"{self.name}: does not take the workflow: {' · '.join(faults) or answer.said}",
            "update ComfyUI, or put the named file into its models folder",
        )


def _client_of(item: Any) -> str:
    """Who asked for an item of the queue: (order, number, workflow, facts, outputs)."""
    facts = item[3] if len(item) > 3 else None
    return str(facts.get("client_id", "")) if isinstance(facts, dict) else ""


class _Watch:
    """One picture while it is made: every sign of it is turned into progress, previews or the end."""

    def __init__(
        self,
        server: Server,
        ear: "Ear",
        number: str,
        nodes: Workflow,
        progress: Progress,
        on_look: OnLook | None,
    ) -> None:
        self._server, self._ear, self._number, self._nodes = server, ear, number, nodes
        self._progress, self._on_look = progress, on_look
        self._patience = server.patience
        self._sampler = number_of(nodes, "KSampler")
        self._mine = False  # whether what is heard now is of this picture: previews do not say
        self._ended = False
        self._reached = 0.0
        self._before = -1
        self._news = time.monotonic()

    def image(self) -> dict[str, str]:
        """Where the finished picture lies on the server. Raises `StorykinError`."""
        looked, missed = time.monotonic(), 0.0
        while True:
            message = self._ear.listen(self._patience.breath)
            self._hear(message)
            self._progress()
            now = time.monotonic()
            quiet = message is None and now - max(looked, self._news) > self._patience.look
            if not self._ended and not quiet:
                continue
            looked = now
            try:
                state, found = self._server.standing(self._number, self._progress)
            except NoAnswer as lost:
                missed = missed or now
                if now - missed > self._patience.away:
                    raise StorykinError(
                        f"{self._server.name}: has been away for {now - missed:.0f} s in the middle of a picture ({lost.message})",
                        lost.hint,
                    ) from None
                continue
            missed = 0.0
            if state == "done":
                return self._image_in(found)
            if state == "gone":
                raise Forgotten(
                    f"{self._server.name}: no longer knows of the picture; was it started anew?",
                    "start again; what is painted is kept",
                )
            self._queued(found if state == "pending" else 0)
            if now - self._news > self._patience.silence:
                where = f"{found} before it in the queue" if state == "pending" else "it is still at work"
                raise StorykinError(
                    f"{self._server.name}: nothing has happened for {self._patience.silence:g} s; {where}",
                    "look at the server's own window, then start again; what is painted is kept",
                )

    def _queued(self, before: int) -> None:
        if before != self._before:
            self._news = time.monotonic()
            if before:
                self._server.say(f"{before} picture{'s' if before > 1 else ''} before this one")
        self._before = before

    def _hear(self, message: str | bytes | None) -> None:
        if isinstance(message, bytes):
            self._see(message)
        elif message:
            with suppress(
                ArithmeticError, ValueError, KeyError, TypeError, AttributeError
            ):  # of a kind that is not known here
                said = json.loads(message)
                self._take(said["type"], said["data"])
            self._progress.reach(self._reached)

    def _take(self, kind: str, data: dict[str, Any]) -> None:
        # Not all servers say of which picture a message is; then it is of the one at work.
        if data.get("prompt_id", self._number if self._mine else "") != self._number:
            self._mine = self._mine and "prompt_id" not in data
            return
        self._mine = True
        self._news = time.monotonic()
        if kind == "progress":
            if data.get("node", self._sampler) == self._sampler:
                self._denoised(data["value"], data["max"])
        elif kind == "progress_state":
            node = data["nodes"].get(self._sampler, {})
            if node.get("max", 1) > 1:
                self._denoised(node["value"], node["max"])
        elif kind == "execution_error":
            raise _failure(self._server.name, self._nodes, data)
        elif kind == "execution_interrupted":
            raise _interrupted(self._server.name)
        elif kind == "execution_success" or (kind == "executing" and data.get("node") is None):
            self._ended = True

    def _denoised(self, value: float, most: float) -> None:
        self._reached = BEGUN + (PAINTED - BEGUN) * min(1.0, max(0.0, value / most))

    def _see(self, message: bytes) -> None:
        if self._on_look is None or len(message) < 8:
            return
        (kind,) = struct.unpack(">I", message[:4])
        skip = 8
        if kind == PREVIEW_WITH_FACTS:
            (length,) = struct.unpack(">I", message[4:8])
            skip = 8 + length
            with suppress(ValueError, AttributeError):
                if json.loads(message[8:skip]).get("prompt_id", self._number) != self._number:
                    return
        elif kind != PREVIEW or not self._mine:
            return
        look = look_of(message[skip:])
        if look:
            self._on_look(look)

    def _image_in(self, entry: Any) -> dict[str, str]:
        try:
            for kind, data in entry.get("status", {}).get("messages", ()):
                if kind == "execution_error":
                    raise _failure(self._server.name, self._nodes, data)
                if kind == "execution_interrupted":
                    raise _interrupted(self._server.name)
            images = [image for output in entry["outputs"].values() for image in output.get("images", ())]
        except (KeyError, TypeError, ValueError, AttributeError):
            images = []
        if not images or not isinstance(images[0], dict) or "filename" not in images[0]:
            raise StorykinError(
                f"{self._server.name}: says that it has finished, and there is no picture",
                "look at the server's own window for what went wrong",
            )
        return {key: str(said) for key, said in images[0].items()}


def _failure(server: str, nodes: Workflow, data: dict[str, Any]) -> StorykinError:
    """An error inside a node, with advice for the usual one."""
    kind = str(data.get("exception_type", ""))
    words = " ".join(str(data.get("exception_message", "")).split())[:300]
    where = _title(nodes, str(data.get("node_id", "")), str(data.get("node_type", "")))
    short = "OutOfMemory" in kind or "out of memory" in words.lower()
    return StorykinError(
        f"{server}: failed at {where}: {words or kind or 'it does not say why'}",
        "start ComfyUI with --lowvram, or choose a smaller model"
        if short
        else "look at the server's own window for the whole story",
    )


def _interrupted(server: str) -> StorykinError:
    return StorykinError(
        f"{server}: somebody stopped the picture there", "start again; what is painted is kept"
    )


def _title(nodes: Workflow, number: str, kind: str) -> str:
    node = nodes.get(number, {})
    title = node.get("_meta", {}).get("title", "")
    return (
        f"node {number} ({', '.join(word for word in (title, kind or node.get('class_type', '')) if word)})"
    )


class Ear:
    """The WebSocket of one client. It is opened again when it breaks; while it cannot be, nothing is heard."""

    def __init__(self, line: Line, client: str) -> None:
        self._line = line
        self._url = line.place.url.replace("http", "ws", 1) + f"/ws?clientId={client}"
        self._heard: queue.SimpleQueue[str | bytes] = queue.SimpleQueue()
        self._tried, self._ended = threading.Event(), threading.Event()

    def __enter__(self) -> "Ear":
        self._work = self._line.begin(self._listen())
        return self

    def __exit__(self, *_: object) -> None:
        self._work.cancel()
        self._ended.wait(self._line.patience.connect)

    def ready(self, breathe: Breathe) -> None:
        """Wait until it is open, or cannot be opened for now."""
        while not self._tried.wait(self._line.patience.breath):
            breathe()

    def listen(self, seconds: float) -> str | bytes | None:
        """What is said next within so many seconds; None for nothing."""
        try:
            return self._heard.get(timeout=seconds)
        except queue.Empty:
            return None

    async def _listen(self) -> None:
        client, exceptions = library("websockets.asyncio.client"), library("websockets.exceptions")
        place, patience = self._line.place, self._line.patience
        headers = {}
        if place.login:
            headers["Authorization"] = library("websockets.headers").build_authorization_basic(*place.login)
        try:
            while True:
                # No pings: a server that loads a large model does not answer them for minutes. What breaks unheard is found by looking.
                # Without `async for` over `connect`, which would wait longer and longer between tries.
                with suppress(OSError, TimeoutError, exceptions.WebSocketException):
                    async with client.connect(
                        self._url, additional_headers=headers, open_timeout=patience.connect, close_timeout=1.0, ping_interval=None,
                        compression=None, max_size=MOST_HEARD, proxy=True if place.leaves_machine else None,
                    ) as socket:  # fmt: skip
                        self._tried.set()
                        async for message in socket:
                            self._heard.put(message)
                self._tried.set()
                await asyncio.sleep(patience.look)
        finally:
            self._ended.set()
