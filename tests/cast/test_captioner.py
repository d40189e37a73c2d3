"""A model that can see is asked over HTTP; a real server of this test answers."""

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PIL import Image

from storykin.cast.captioner import ASKED, Captioner, at_home, jpeg_of, phrases_of
from storykin.errors import BadInput, StorykinError


class Server(ThreadingHTTPServer):
    """Remembers what it was asked and says what it was told to say."""

    status: int
    said: str
    asked: list[dict[str, object]]


class _Answer(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self._send(200, json.dumps({"data": []}))

    def do_POST(self) -> None:
        self.server.asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        self._send(self.server.status, self.server.said)

    def _send(self, status: int, text: str) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), _Answer) as one:
        one.status, one.asked = 200, []
        one.said = json.dumps({"choices": [{"message": {"content": "a red coat, running, on a beach"}}]})
        threading.Thread(target=one.serve_forever, daemon=True).start()
        yield one
        one.shutdown()


def captioner(server: Server) -> Captioner:
    return Captioner(f"http://127.0.0.1:{server.server_port}/v1/", "seeing-model")


def test_the_picture_is_sent_and_phrases_come_back(server: Server) -> None:
    jpeg = jpeg_of(Image.new("RGB", (2000, 1000), "red"))
    one = captioner(server)
    one.check()
    assert one.phrases(jpeg) == ("a red coat", "running", "on a beach")
    question = server.asked[0]
    assert question["model"] == "seeing-model"
    url = question["messages"][0]["content"][1]["image_url"]["url"]  # type: ignore[index]
    assert base64.b64decode(url.split(",")[1]) == jpeg
    assert len(jpeg) < 20_000
    # nothing but pixels and our own words: a file's name or what stands in its head could be an order
    (text,) = [part["text"] for part in question["messages"][0]["content"] if part["type"] == "text"]  # type: ignore[index]
    assert text == ASKED
    assert set(question) == {"model", "temperature", "max_tokens", "messages"}


def test_a_server_that_refuses_is_named_with_its_words(server: Server) -> None:
    server.status, server.said = 400, "this model has no eyes"
    with pytest.raises(StorykinError, match="no eyes"):
        captioner(server).phrases(b"x")


@pytest.mark.parametrize("said", ["<html>", "{}", '{"choices": []}', "[]"])
def test_another_kind_of_server_is_recognised(server: Server, said: str) -> None:
    server.said = said
    with pytest.raises(StorykinError, match="not that of an OpenAI-compatible server"):
        captioner(server).phrases(b"x")


def test_nobody_there_is_said_before_any_work() -> None:
    with pytest.raises(BadInput, match="nobody answers"):
        Captioner("http://127.0.0.1:9/v1").check()


def test_photos_do_not_leave_the_house_unasked() -> None:
    with pytest.raises(BadInput, match="leave the house"):
        Captioner("http://8.8.8.8/v1").check()


@pytest.mark.parametrize(
    ("url", "home"),
    [("http://localhost:11434/v1", True), ("http://192.168.1.20:1234/v1", True), ("http://10.0.0.5", True), ("https://8.8.8.8/v1", False),
     ("http://[::1]:80", True)],
)  # fmt: skip
def test_home_is_this_machine_and_private_networks(url: str, home: bool) -> None:
    assert at_home(url) is home


@pytest.mark.parametrize("url", ["localhost:11434", "ftp://localhost/", "", "http://"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(BadInput, match="no address"):
        at_home(url)


@pytest.mark.parametrize(
    ("answer", "phrases"),
    [
        ("<think>hm, a child</think>a red coat, running", ("a red coat", "running")),
        ("- a red coat\n- running\n", ("a red coat", "running")),
        ("1. a red coat\n2. running.", ("a red coat", "running")),
        ("Here is the description: a red coat, running", ("a red coat", "running")),
        ('"a red coat, running"', ("a red coat", "running")),
        ("", ()),
    ],
)
def test_talkative_models_are_understood(answer: str, phrases: tuple[str, ...]) -> None:
    assert phrases_of(answer) == phrases
