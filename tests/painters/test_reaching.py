"""Where a server is, what may leave the machine, and what is kept of a picture that came from elsewhere."""

import asyncio
import gc
import io
import json
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from PIL import Image

from storykin import reaching
from storykin.errors import BadInput, StorykinError
from storykin.painters.comfyui import ComfyUI
from storykin.painters.openai import OpenAI
from storykin.painters.reaching import Progress, look_of, picture_of, sendable, size_near
from storykin.reaching import Answer, Line, NoAnswer, Patience, Place, library, place_of
from tests.painters.servers import images, png

ELSEWHERE = "https://images.example"


@pytest.mark.parametrize(
    ("host", "leaves"),
    [
        ("http://127.0.0.1:8188", False), ("http://127.3.2.1", False), ("http://localhost:8188", False), ("http://LOCALHOST", False), ("http://[::1]:8188", False),
        ("http://192.168.1.20:8188", True), ("http://10.0.0.5", True), ("https://api.openai.com/v1", True), ("http://0.0.0.0:8188", True),
        ("http://localhost.example.com", True), ("http://127.0.0.1.example.com", True), ("http://127.0.0.1@example.com", True), ("http://[fe80::1]", True),
        ("http://2130706433", True),
    ],
)  # fmt: skip
def test_only_this_machine_is_this_machine(host: str, leaves: bool) -> None:
    assert place_of(host, "p", "x").leaves_machine is leaves
    assert ComfyUI(host).leaves_machine is leaves
    assert OpenAI(host, key="").leaves_machine is leaves


@pytest.mark.parametrize(
    "host",
    [
        "",
        "  ",
        "localhost:8188",
        "127.0.0.1",
        "ftp://localhost",
        "http://",
        "http://:8188",
        "http://a:port",
        "http://a/?b=1",
        "file:///etc",
    ],
)
def test_what_is_no_address_is_refused_with_an_example(host: str) -> None:
    with pytest.raises(BadInput, match=r"--host http://127\.0\.0\.1:8188"):
        place_of(host, "painter 'comfyui'", "--host http://127.0.0.1:8188")


def test_a_password_is_kept_apart_from_the_address() -> None:
    place = place_of("https://mum:p%40ss@host:99/comfy/", "p", "x")
    assert place == Place("https://host:99/comfy", ("mum", "p@ss"))


@pytest.mark.parametrize("host", ["ftp://mum:secret@host", "mum:secret@host", "http:/mum:secret@host", "ftp://mum:se@secret@host", "ftp://mum:se/secret@host"])  # fmt: skip
def test_a_password_is_not_repeated(host: str) -> None:
    with pytest.raises(BadInput, match=r"'(ftp://)?host' is no address") as caught:
        place_of(host, "p", "x")
    assert "secret" not in str(caught.value)


def test_neither_key_nor_password_comes_back_however_it_is_written() -> None:
    line = Line(Place("http://127.0.0.1:9", ("mum", 'p"ä/ss')), "p", Patience(), "sk-1&2")
    said = 'sk-1&2 sk-1&amp;2 sk-1%262 p"ä/ss p\\"\\u00e4/ss p\\"ä/ss p%22%C3%A4%2Fss bXVtOnAiw6Qvc3M='
    assert set(line.without_secrets(said.encode()).split()) == {b"***"}


def test_what_is_nested_without_end_is_no_answer() -> None:
    for deep in ("[" * 100_000, json.dumps({"error": "x"}).replace('"x"', '{"error": ' * 800 + "1" + "}" * 800)):  # fmt: skip
        answer = Answer(500, "application/json", deep.encode())
        assert answer.said
    with pytest.raises(ValueError, match="nested"):
        Answer(500, "application/json", b"[" * 100_000).json()


def test_what_a_server_says_moves_no_cursor() -> None:
    assert Answer(500, "text/plain", b"\x1b[2Jbad\x07\r\nnews").said == "[2Jbad news"


def test_what_is_left_half_heard_is_wound_up(caplog: pytest.LogCaptureFixture) -> None:
    def on_piece(piece: bytes) -> bool:
        raise KeyError(piece)

    def asked(line: Line) -> None:
        try:
            line.ask("GET", "v1/models", lambda: None, on_piece=on_piece)
        finally:
            line.close()

    async def slow_to_go() -> None:
        try:
            await asyncio.sleep(9.0)
        finally:
            await asyncio.sleep(0.05)

    with images() as server:
        line = Line(Place(server.host), "p", Patience())
        with pytest.raises(KeyError):
            asked(line)
        work = line.begin(slow_to_go())
        time.sleep(0.05)
        work.cancel()
        line.close()
    gc.collect()
    assert caplog.text == ""


def test_what_comes_too_late_says_in_which_way() -> None:
    with images() as server:
        server.wait = 0.6
        line = Line(Place(server.host), "p", Patience(whole=0.2))
        with pytest.raises(NoAnswer, match=r"did not end within 0\.2 s"):
            line.ask("POST", "v1/images/generations", lambda: None, on_piece=bool, json={"size": "8x8"})
        with pytest.raises(NoAnswer, match=r"nothing was heard for 0\.1 s"):
            line.ask("POST", "v1/images/generations", lambda: None, 0.1, bool, json={"size": "8x8"})
        with pytest.raises(NoAnswer, match=r"no whole answer within 0\.3 s"):
            line.ask("POST", "v1/images/generations", lambda: None, 0.3, json={"size": "8x8"})
        line.close()


def test_that_words_leave_the_machine_is_said_once() -> None:
    words: list[str] = []
    painter = OpenAI(ELSEWHERE, key="", say=words.append)
    for _ in range(2):
        painter._warn()
    assert words == [
        "openai server https://images.example/v1: is another machine: words and reference pictures leave this one for it"
    ]
    OpenAI("http://127.0.0.1:1", key="", say=words.append)._warn()
    assert len(words) == 1


def test_what_stays_here_goes_through_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with images() as server:
        line = Line(Place(server.host), "p", Patience())
        assert line.ask("GET", "v1/models", lambda: None).status == 200
        line.close()


def test_missing_libraries_are_named_with_what_installs_them() -> None:
    with pytest.raises(BadInput, match=r"(?s)needs no_such_library, .*pip install 'storykin\[servers\]'"):
        library("no_such_library.client")


def test_an_endless_answer_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaching, "MOST_BYTES", 10)
    with images() as server:
        line = Line(Place(server.host), "p", Patience())
        with pytest.raises(StorykinError, match="does not end"):
            line.ask("GET", "v1/models", lambda: None)
        line.close()


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("3", 3.0),
        ("0.5", 0.5),
        ("-1", 0.0),
        ("", None),
        ("soon", None),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 0.0),
    ],
)
def test_retry_after(said: str, seconds: float | None) -> None:
    assert reaching._seconds(said) == seconds


def test_retry_after_as_a_date() -> None:
    found = reaching._seconds(format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True))
    assert found == pytest.approx(90, abs=3)


def test_progress_never_goes_back() -> None:
    steps: list[float] = []
    progress = Progress(steps.append)
    for done in (0.2, 0.1, 0.2, 0.5, 1.5):
        progress.reach(done)
    progress()
    assert steps == [0.2, 0.5, 1.0, 1.0]


@pytest.mark.parametrize(("width", "height"), [(1, 1), (2625, 2625), (300, 400), (4000, 100), (10, 9000)])
@pytest.mark.parametrize(("side", "grain"), [(512, 8), (1024, 16)])
def test_sizes_keep_shape_and_area(width: int, height: int, side: int, grain: int) -> None:
    wide, high = size_near(width, height, side, grain)
    assert wide % grain == high % grain == 0
    assert wide * high == pytest.approx(
        side**2, rel=0.3 if max(width, height) > 9 * min(width, height) else 0.03
    )


def test_a_clear_picture_lies_on_white_paper() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(file, "PNG")
    with Image.open(io.BytesIO(picture_of(file.getvalue(), 10, 10, "s"))) as image:
        assert image.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_profiles_and_remarks_are_not_kept(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "Mila"
    file = io.BytesIO()
    Image.new("RGB", (10, 10)).save(file, kind, exif=exif, icc_profile=b"Mila" * 40)
    assert b"Mila" in file.getvalue()
    assert b"Mila" not in picture_of(file.getvalue(), 7, 9, "s")


def test_profiles_and_remarks_are_not_sent_either(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "Mila"
    Image.new("RGB", (10, 10)).save(tmp_path / "a.jpg", exif=exif, icc_profile=b"Mila" * 40, comment=b"Mila")
    for size in (None, (5, 5)):
        with Image.open(io.BytesIO(sendable(tmp_path / "a.jpg", size))) as sent:
            sent.load()
            assert sent.info == {}


def test_a_picture_of_too_many_pixels_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storykin.painters.reaching.MOST_PIXELS", 99)
    with pytest.raises(StorykinError, match="10 × 10 pixels are too many"):
        picture_of(png((10, 10)), 5, 5, "s")


def test_previews_that_are_none_are_left_out() -> None:
    assert look_of(b"hello") is None


def test_what_is_sent_is_cut_to_size(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png((300, 100), "white"))
    with Image.open(io.BytesIO(sendable(tmp_path / "a.png", (50, 50)))) as image:
        assert image.size == (50, 50)


def test_waiting_breathes() -> None:
    breaths: list[float] = []
    began = time.monotonic()
    reaching.pause(0.1, Patience(breath=0.02), lambda: breaths.append(0.0))
    assert 0.1 <= time.monotonic() - began < 1.0
    assert len(breaths) >= 3
