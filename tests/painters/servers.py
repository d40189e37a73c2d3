"""Small real servers on this machine: one speaks ComfyUI's HTTP and WebSocket API, one the OpenAI images API. What they paint is a colour.

Both can be told to go wrong: `faults` are taken one after the other by the requests that they fit.
"""

import base64
import email
import email.policy
import hashlib
import io
import json
import random
import socket
import struct
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from PIL import Image
from PIL.PngImagePlugin import PngInfo

HTML = b"<!doctype html><html><head><title>Router login</title></head><body>hello</body></html>"


def png(size: tuple[int, int], colour: Any = "red", remark: str = "") -> bytes:
    """A picture of one colour with a darker left half, and a remark in it as servers write them."""
    image = Image.new("RGB", size, colour)
    image.paste("black", (0, 0, size[0] // 2, size[1]))
    facts = PngInfo()
    if remark:
        facts.add_text("prompt", remark)
    file = io.BytesIO()
    image.save(file, "PNG", pnginfo=facts)
    return file.getvalue()


def form_of(kind: str, body: bytes) -> list[tuple[str, str, bytes]]:
    """The fields of a multipart form: name, file name, content."""
    message = email.message_from_bytes(
        b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body, policy=email.policy.HTTP
    )
    return [
        (
            str(part.get_param("name", header="content-disposition")),
            part.get_filename() or "",
            part.get_payload(decode=True),  # type: ignore[misc]
        )
        for part in message.iter_parts()  # type: ignore[attr-defined]
    ]


class Fault:
    """What goes wrong with the next request that begins so: "500", "html", "drop" unheard, "deaf" after it was done, "cut" in the middle, "slow"."""

    def __init__(self, request: str, kind: str) -> None:
        self.request, self.kind = request, kind


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body go out one after the other
    house: "House"

    def setup(self) -> None:
        super().setup()
        self.house.connections.append(self.connection)

    def do_GET(self) -> None:
        self._handle(b"")

    def do_POST(self) -> None:
        self._handle(self.rfile.read(int(self.headers.get("content-length", 0))))

    def _handle(self, body: bytes) -> None:
        house = self.house
        house.requests.append((f"{self.command} {self.path}", dict(self.headers.items()), body))
        fault = house.fault_for(f"{self.command} {self.path}")
        if fault == "drop":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if fault == "slow":
            house.gone.wait(3.0)
        if fault == "500":
            return self.reply(500, {"error": "it is broken inside"})
        if fault == "html":
            return self.reply(200, HTML, "text/html")
        self._fault = fault
        house.answer(self, body)

    def reply(
        self,
        status: int,
        content: Any = b"",
        kind: str = "application/json",
        headers: dict[str, str] | None = None,
    ) -> None:
        """Send an answer, unless it is to be lost."""
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        fault = getattr(self, "_fault", "")
        with suppress(OSError):
            if fault == "deaf":
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(raw)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            if fault == "cut":
                self.wfile.write(raw[: len(raw) // 2])
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.wfile.write(raw)

    def log_message(self, *words: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: Any, address: Any) -> None:
        """A client that hangs up is no error here."""


class House:
    """A server that can be taken down and brought up again on the same port."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.faults: list[Fault] = []
        self.connections: list[socket.socket] = []
        self.gone = threading.Event()
        self.port = 0
        self._server: _Server | None = None
        self.up()

    @property
    def host(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def up(self) -> None:
        self.gone = threading.Event()
        handler = type("Handler", (_Handler,), {"house": self})
        self._server = _Server(("127.0.0.1", self.port), handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def down(self) -> None:
        self.gone.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        for connection in self.connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.connections.clear()

    def fault_for(self, request: str) -> str:
        for fault in self.faults:
            if request.startswith(fault.request):
                self.faults.remove(fault)
                return fault.kind
        return ""

    def asked(self, request: str) -> int:
        """How often something was asked for."""
        return sum(one.startswith(request) for one, _, _ in self.requests)

    def answer(self, handler: _Handler, body: bytes) -> None:
        raise NotImplementedError


# --- ComfyUI ---------------------------------------------------------------------------------------------------------------------------------

FILES = {
    "ckpt_name": "checkpoints",
    "unet_name": "unets",
    "lora_name": "loras",
    "clip_name1": "encoders",
    "clip_name2": "encoders",
    "vae_name": "vaes",
}
SAMPLERS = ("euler", "euler_ancestral", "dpmpp_2m", "ddim")
SCHEDULERS = ("simple", "normal", "karras")
NODES: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "CheckpointLoaderSimple": ({"ckpt_name": "FILE"}, ("MODEL", "CLIP", "VAE")),
    "UNETLoader": ({"unet_name": "FILE", "weight_dtype": ("default", "fp8_e4m3fn")}, ("MODEL",)),
    "DualCLIPLoader": ({"clip_name1": "FILE", "clip_name2": "FILE", "type": ("sdxl", "sd3", "flux")}, ("CLIP",)),
    "VAELoader": ({"vae_name": "FILE"}, ("VAE",)),
    "LoraLoader": (
        {"model": "MODEL", "clip": "CLIP", "lora_name": "FILE", "strength_model": "FLOAT", "strength_clip": "FLOAT"},
        ("MODEL", "CLIP"),
    ),
    "CLIPTextEncode": ({"text": "STRING", "clip": "CLIP"}, ("CONDITIONING",)),
    "FluxGuidance": ({"conditioning": "CONDITIONING", "guidance": "FLOAT"}, ("CONDITIONING",)),
    "EmptyLatentImage": ({"width": "INT", "height": "INT", "batch_size": "INT"}, ("LATENT",)),
    "EmptySD3LatentImage": ({"width": "INT", "height": "INT", "batch_size": "INT"}, ("LATENT",)),
    "LoadImage": ({"image": "PICTURE"}, ("IMAGE", "MASK")),
    "VAEEncode": ({"pixels": "IMAGE", "vae": "VAE"}, ("LATENT",)),
    "KSampler": (
        {
            "model": "MODEL", "seed": "INT", "steps": "INT", "cfg": "FLOAT", "sampler_name": SAMPLERS, "scheduler": SCHEDULERS,
            "positive": "CONDITIONING", "negative": "CONDITIONING", "latent_image": "LATENT", "denoise": "FLOAT",
        },
        ("LATENT",),
    ),
    "VAEDecode": ({"samples": "LATENT", "vae": "VAE"}, ("IMAGE",)),
    "PreviewImage": ({"images": "IMAGE"}, ()),
}  # fmt: skip
"""Inputs and outputs of the nodes, as their INPUT_TYPES and RETURN_TYPES say."""


class Wire:
    """A WebSocket as its server sees it (RFC 6455); what goes out is not masked."""

    def __init__(self, handler: _Handler, client: str) -> None:
        self.client = client
        self._handler, self._lock = handler, threading.Lock()

    def open(self) -> None:
        key = self._handler.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        self._handler.send_response(101)
        self._handler.send_header("Upgrade", "websocket")
        self._handler.send_header("Connection", "Upgrade")
        self._handler.send_header(
            "Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
        )
        self._handler.end_headers()

    def send(self, kind: int, content: bytes) -> None:
        length = len(content)
        head = bytes([0x80 | kind]) + (
            bytes([length])
            if length < 126
            else struct.pack(">BH", 126, length)
            if length < 65536
            else struct.pack(">BQ", 127, length)
        )
        with self._lock, suppress(OSError, ValueError):
            self._handler.wfile.write(head + content)

    def read_until_closed(self) -> None:
        """Clients only ever close."""
        with suppress(OSError, ValueError):
            while True:
                head = self._handler.rfile.read(2)
                if len(head) < 2:
                    return
                rest = self._handler.rfile.read((head[1] & 127) + 4)
                if head[0] & 15 == 8:
                    code = bytes(byte ^ rest[place % 4] for place, byte in enumerate(rest[4:]))
                    self.send(8, code)
                    return

    def cut(self) -> None:
        with suppress(OSError):
            self._handler.connection.shutdown(socket.SHUT_RDWR)


class Comfy(House):
    """Paints one workflow after the other. `on_sampled` is told each step, and may break things; `hold` keeps it from beginning."""

    def __init__(self, **there: Any) -> None:
        self.checkpoints: tuple[str, ...] = ("sd_xl_base_1.0.safetensors",)
        self.unets: tuple[str, ...] = ()
        self.loras: tuple[str, ...] = ()
        self.encoders: tuple[str, ...] = ()
        self.vaes: tuple[str, ...] = ()
        self.remarks: dict[str, dict[str, str]] = {}
        self.step_time = 0.0
        self.previews = "PNG"
        self.preview_kind = 1
        self.says_success = True
        self.takes_number = True
        self.says_state = False
        self.newer_lists = False
        self.wrong_picture = b""
        self.fails: dict[str, str] = {}
        self.on_sampled: Callable[[int], None] = lambda step: None
        self.__dict__.update(there)
        self.wires: list[Wire] = []
        self.pending: list[tuple[int, str, Any, Any, Any]] = []
        self.running: list[tuple[int, str, Any, Any, Any]] = []
        self.history: dict[str, Any] = {}
        self.temp: dict[str, bytes] = {}
        self.accepted: list[dict[str, Any]] = []
        self.interrupted = threading.Event()
        self.hold = threading.Event()
        self.hold.set()
        self._count = 0
        self._lock = threading.RLock()
        self._wake = threading.Event()
        super().__init__()
        self._over = False
        self._worker = threading.Thread(target=self._work, daemon=True)
        self._worker.start()

    def close(self) -> None:
        self._over = True
        self.hold.set()
        self.interrupted.set()
        self._wake.set()
        self._worker.join(5)
        self.hang_up()
        self.down()

    def forget_everything(self) -> None:
        """What a restart does: queue, history and temporary files are gone, sockets closed."""
        with self._lock:
            self.pending.clear()
            self.running.clear()
            self.history.clear()
            self.temp.clear()
        self.hang_up()

    def hang_up(self) -> None:
        for wire in list(self.wires):
            wire.cut()

    # requests

    def answer(self, handler: _Handler, body: bytes) -> None:  # noqa: PLR0912 - a branch for each route
        parts = urlsplit(handler.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        path = parts.path
        if path == "/ws":
            return self._listen(handler, query["clientId"])
        if path == "/prompt":
            return self._prompt(handler, json.loads(body))
        if path == "/queue" and handler.command == "GET":
            with self._lock:
                return handler.reply(200, {"queue_running": self.running, "queue_pending": self.pending})
        if path == "/queue":
            with self._lock:
                self.pending = [item for item in self.pending if item[1] not in json.loads(body)["delete"]]
            return handler.reply(200)
        if path == "/interrupt":
            number = json.loads(body or b"{}").get("prompt_id")
            if number is None or any(item[1] == number for item in self.running):
                self.interrupted.set()
            return handler.reply(200)
        if path == "/history":
            for number in json.loads(body)["delete"]:
                self.history.pop(number, None)
            return handler.reply(200)
        if path.startswith("/history/"):
            number = unquote(path.removeprefix("/history/"))
            with self._lock:
                return handler.reply(200, {number: self.history[number]} if number in self.history else {})
        if path == "/view":
            name = f"{query.get('subfolder', '')}/{query['filename']}".strip("/")
            found = self.temp.get(name) if query["type"] == "temp" else None
            return handler.reply(200, found, "image/png") if found is not None else handler.reply(404)
        if path == "/upload/image":
            return self._upload(handler, body)
        if path == "/system_stats":
            return handler.reply(
                200,
                {
                    "system": {"comfyui_version": "0.9.2", "pytorch_version": "2.13.0"},
                    "devices": [{"name": "cpu", "type": "cpu"}],
                },
            )
        if path.startswith("/object_info/"):
            return handler.reply(200, self._info(path.removeprefix("/object_info/")))
        if path == "/view_metadata/loras":
            found = self.remarks.get(query["filename"])
            return handler.reply(200, found) if found is not None else handler.reply(404)
        handler.reply(404, b"404: Not Found", "text/plain")

    def _listen(self, handler: _Handler, client: str) -> None:
        wire = Wire(handler, client)
        with self._lock:  # no workflow is taken before its client can be told of it
            wire.open()
            self.wires.append(wire)
        self._say(
            "status", {"status": {"exec_info": {"queue_remaining": len(self.pending)}}, "sid": client}, client
        )
        wire.read_until_closed()
        self.wires.remove(wire)
        handler.close_connection = True

    def _say(self, kind: str, data: dict[str, Any], client: str) -> None:
        for wire in list(self.wires):
            if client in {"", wire.client}:
                wire.send(1, json.dumps({"type": kind, "data": data}).encode())

    def _info(self, node: str) -> dict[str, Any]:
        if node not in NODES:
            return {}
        inputs = {}
        for name, kind in NODES[node][0].items():
            names = list(getattr(self, FILES[name])) if kind == "FILE" else kind
            inputs[name] = ["COMBO", {"options": names}] if self.newer_lists else [names, {}]
        return {node: {"input": {"required": inputs}, "output": NODES[node][1], "name": node}}

    def _upload(self, handler: _Handler, body: bytes) -> None:
        fields = {
            name: (file, content) for name, file, content in form_of(handler.headers["content-type"], body)
        }
        folder = fields["subfolder"][1].decode()
        name, content = fields["image"]
        assert fields["overwrite"][1] == b"true"
        if fields["type"][1] == b"temp":
            self.temp[f"{folder}/{name}"] = content
        handler.reply(200, {"name": name, "subfolder": folder, "type": fields["type"][1].decode()})

    def _prompt(self, handler: _Handler, asked: dict[str, Any]) -> None:
        errors = self._errors(asked["prompt"])
        if errors:
            error = {
                "type": "prompt_outputs_failed_validation",
                "message": "Prompt outputs failed validation",
            }
            return handler.reply(400, {"error": error, "node_errors": errors})
        number = asked.get("prompt_id") if self.takes_number else None
        number = number or str(uuid.uuid4())
        with self._lock:
            self._count += 1
            self.accepted.append(asked["prompt"])
            item = (self._count, number, asked["prompt"], {"client_id": asked["client_id"]}, ["7"])
            self.pending.append(item)
        self._wake.set()
        handler.reply(200, {"prompt_id": number, "number": self._count, "node_errors": {}})

    def _errors(self, nodes: dict[str, Any]) -> dict[str, Any]:
        """What the real server's validation finds: unknown nodes, missing inputs, links to nowhere or of another type, values not in lists."""
        errors: dict[str, Any] = {}
        for number, node in nodes.items():
            faults = []
            if node["class_type"] not in NODES:
                faults.append(
                    ("missing_node_type", "Cannot execute because node does not exist", node["class_type"])
                )
            for name, kind in NODES.get(node["class_type"], ({}, ()))[0].items():
                fault = self._error(nodes, name, kind, node["inputs"].get(name))
                if fault:
                    faults.append(fault)
            if faults:
                errors[number] = {
                    "errors": [
                        {"type": one[0], "message": one[1], "details": one[2], "extra_info": {}}
                        for one in faults
                    ],
                    "dependent_outputs": ["7"],
                    "class_type": node["class_type"],
                }
        return errors

    def _error(self, nodes: dict[str, Any], name: str, kind: Any, value: Any) -> tuple[str, str, str] | None:
        if value is None:
            return "required_input_missing", "Required input is missing", name
        if isinstance(kind, tuple) or kind == "FILE":
            names = getattr(self, FILES[name]) if kind == "FILE" else kind
            return (
                None
                if value in names
                else ("value_not_in_list", "Value not in list", f"{name}: {value!r} not in {list(names)}")
            )
        if kind == "PICTURE":
            there = value.removesuffix(" [temp]") in self.temp
            return (
                None
                if there
                else (
                    "custom_validation_failed",
                    "Custom validation failed for node",
                    f"image - Invalid image file: {value}",
                )
            )
        if kind in {"INT", "FLOAT", "STRING"}:
            fits = isinstance(value, {"INT": int, "FLOAT": (int, float), "STRING": str}[kind])  # type: ignore[arg-type]
            return (
                None
                if fits
                else (
                    "invalid_input_type",
                    f"Failed to convert an input value to a {kind} value",
                    f"{name}, {value!r}",
                )
            )
        if not isinstance(value, list) or value[0] not in nodes:
            return "bad_linked_input", "Bad linked input", f"{name}, {value!r}"
        outputs = NODES[nodes[value[0]]["class_type"]][1]
        if value[1] >= len(outputs) or outputs[value[1]] != kind:
            return (
                "return_type_mismatch",
                "Return type mismatch between linked nodes",
                f"{name}, {value!r} is not {kind}",
            )
        return None

    # work

    def _work(self) -> None:
        while not self._over:
            self._wake.wait(0.05)
            self._wake.clear()
            self.hold.wait()
            with self._lock:
                if not self.pending or self._over:
                    continue
                item = self.pending.pop(0)
                self.running = [item]
                self.interrupted.clear()
            self._run(item)
            self._wake.set()

    def _run(self, item: tuple[int, str, Any, Any, Any]) -> None:
        _, number, nodes, facts, _ = item
        client = facts["client_id"]
        mine = {"prompt_id": number}
        messages: list[Any] = [["execution_start", mine]]
        outputs: dict[str, Any] = {}
        self._say("execution_start", mine, client)
        self._say("execution_cached", {**mine, "nodes": []}, client)
        good = True
        for place in _order(nodes):
            node = nodes[place]
            self._say("executing", {**mine, "node": place, "display_node": place}, client)
            if node["class_type"] == "KSampler":
                good = self._sample(place, node, number, client)
                if not good:
                    end = ["execution_interrupted", {**mine, "node_id": place, "node_type": "KSampler"}]
                    messages.append(end)
                    break
            if node["class_type"] in self.fails:
                kind, _, words = self.fails[node["class_type"]].partition(": ")
                told = {
                    "node_id": place,
                    "node_type": node["class_type"],
                    "exception_type": kind,
                    "exception_message": words,
                }
                messages.append(["execution_error", {**mine, **told}])
                good = False
                break
            if node["class_type"] == "PreviewImage":
                name = f"ComfyUI_temp_{hashlib.sha256(json.dumps(nodes).encode()).hexdigest()[:5]}_00001_.png"
                self.temp[name] = self.wrong_picture or self._picture(nodes)
                outputs[place] = {"images": [{"filename": name, "subfolder": "", "type": "temp"}]}
                self._say("executed", {**mine, "node": place, "output": outputs[place]}, client)
        if good:
            messages.append(["execution_success", mine])
        status = {"status_str": "success" if good else "error", "completed": good, "messages": messages}
        if self.says_success or not good:
            self._say(*messages[-1], client)  # type: ignore[misc]
        with self._lock:
            if self.running == [item]:
                self.running = []
                self.history[number] = {"prompt": item, "outputs": outputs, "status": status}
        self._say("executing", {**mine, "node": None}, client)

    def _sample(self, place: str, node: dict[str, Any], number: str, client: str) -> bool:
        steps = node["inputs"]["steps"]
        for step in range(1, steps + 1):
            if self.step_time:
                self.interrupted.wait(self.step_time)
            if self.interrupted.is_set() or self._over:
                return False
            said = {"value": step, "max": steps, "prompt_id": number, "node": place}
            if self.says_state:
                state = {
                    "value": step,
                    "max": steps,
                    "state": "running",
                    "node_id": place,
                    "prompt_id": number,
                }
                self._say("progress_state", {"prompt_id": number, "nodes": {place: state}}, client)
            else:
                self._say("progress", said, client)
            self._preview(number, client)
            self.on_sampled(step)
        return True

    def _preview(self, number: str, client: str) -> None:
        file = io.BytesIO()
        Image.new("RGB", (32, 32), "blue").save(file, self.previews)
        if self.preview_kind == 4:
            facts = json.dumps({"prompt_id": number, "image_type": "image/png"}).encode()
            content = struct.pack(">II", 4, len(facts)) + facts + file.getvalue()
        else:
            content = struct.pack(">II", 1, 1 if self.previews == "JPEG" else 2) + file.getvalue()
        for wire in list(self.wires):
            if wire.client == client:
                wire.send(2, content)

    def _picture(self, nodes: dict[str, Any]) -> bytes:
        sampler = next(node for node in nodes.values() if node["class_type"] == "KSampler")
        latents = nodes[sampler["inputs"]["latent_image"][0]]
        if latents["class_type"] == "VAEEncode":
            name = nodes[latents["inputs"]["pixels"][0]]["inputs"]["image"].removesuffix(" [temp]")
            with Image.open(io.BytesIO(self.temp[name])) as start:
                size = start.size
        else:
            size = (latents["inputs"]["width"], latents["inputs"]["height"])
        chance = random.Random(json.dumps(nodes, sort_keys=True))
        colour = tuple(chance.randrange(40, 256) for _ in range(3))
        return png(size, colour, json.dumps(nodes))


def _order(nodes: dict[str, Any]) -> list[str]:
    """The nodes so that each comes after those it takes from."""
    done: list[str] = []

    def visit(number: str) -> None:
        for value in nodes[number]["inputs"].values():
            if isinstance(value, list):
                visit(value[0])
        if number not in done:
            done.append(number)

    for number in nodes:
        visit(number)
    return done


@contextmanager
def comfy(**there: Any) -> Iterator[Comfy]:
    server = Comfy(**there)
    try:
        yield server
    finally:
        server.close()


# --- OpenAI images ---------------------------------------------------------------------------------------------------------------------------


class Images(House):
    """Answers `images/generations` and `images/edits`. `refuses` are parameters it does not know, `answers` are said first, one after the other."""

    def __init__(self, **there: Any) -> None:
        self.key = ""
        self.refuses: tuple[str, ...] = ()
        self.sizes: tuple[str, ...] = ()
        self.form = "b64_json"
        self.field = "image[]"
        self.repeats_key = False
        self.models: tuple[str, ...] | None = ("painter",)
        self.answers: list[tuple[int, Any, dict[str, str]]] = []
        self.wrong_picture = b""
        self.wait = 0.0
        self.address = ""
        self.wanted: list[dict[str, Any]] = []
        self.pictures: list[list[tuple[str, str, bytes]]] = []
        self.__dict__.update(there)
        super().__init__()

    def answer(self, handler: _Handler, body: bytes) -> None:  # noqa: PLR0912 - a branch for each route
        given = handler.headers.get("authorization", "")
        if self.key and given != f"Bearer {self.key}":
            said = f" {given.removeprefix('Bearer ')}" if self.repeats_key else ""
            return handler.reply(
                401,
                {
                    "error": {
                        "message": f"Incorrect API key provided:{said}.",
                        "type": "invalid_request_error",
                        "code": "invalid_api_key",
                    }
                },
            )
        path = urlsplit(handler.path).path
        if path == "/v1/models":
            if self.models is None:
                return handler.reply(404, b"404 page not found", "text/plain")
            return handler.reply(200, {"data": [{"id": name} for name in self.models]})
        if path == "/made/1.png":
            return handler.reply(200, self._picture("1024x1024"), "image/png")
        wanted: dict[str, Any]
        if path == "/v1/images/generations":
            wanted = json.loads(body)
        elif path == "/v1/images/edits":
            fields = form_of(handler.headers["content-type"], body)
            wanted = {name: content.decode() for name, file, content in fields if not file}
            pictures = [one for one in fields if one[1]]
            if not pictures or {name for name, _, _ in pictures} != {self.field}:
                return handler.reply(422, {"detail": [{"loc": ["body", "image"], "msg": "Field required"}]})
            self.pictures.append(pictures)
        else:
            return handler.reply(404, {"error": {"message": "not found"}})
        self.wanted.append(wanted)
        if self.wait:
            self.gone.wait(self.wait)
        if self.answers:
            status, content, headers = self.answers.pop(0)
            return handler.reply(status, content, headers=headers)
        for name in self.refuses:
            if name in wanted:
                error = {
                    "message": f"Unknown parameter: '{name}'.",
                    "param": name,
                    "code": "unknown_parameter",
                }
                return handler.reply(400, {"error": error})
        if self.sizes and wanted["size"] not in self.sizes:
            error = {
                "message": f"Invalid value: '{wanted['size']}'. Supported values are: {', '.join(self.sizes)}",
                "param": "size",
            }
            return handler.reply(400, {"error": error})
        picture = self.wrong_picture or self._picture(wanted["size"], json.dumps(wanted))
        coded = base64.b64encode(picture).decode()
        item = {
            "b64_json": {"b64_json": coded},
            "url": {"url": self.address or f"http://localhost:{self.port}/made/1.png"},
            "path": {"url": "/made/1.png"},
            "data": {"url": f"data:image/png;base64,{coded}"},
        }[self.form]
        handler.reply(200, {"created": int(time.time()), "data": [item]})

    def _picture(self, size: str, seed: str = "") -> bytes:
        width, height = map(int, size.split("x"))
        chance = random.Random(seed)
        return png((width, height), tuple(chance.randrange(40, 256) for _ in range(3)), seed)


@contextmanager
def images(**there: Any) -> Iterator[Images]:
    server = Images(**there)
    try:
        yield server
    finally:
        server.down()
