"""Servers with the OpenAI images API take different parts of it; a small one of this test can be any of them, and can break."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from storykin.character import Adapter, Character
from storykin.errors import BadFile, BadInput, Cancelled, CannotPaint, StorykinError
from storykin.painters import Painter
from storykin.painters.openai import KEY, OpenAI
from storykin.reaching import Patience
from storykin.scene import Scene
from storykin.shot import PlacedAdapter, Shot
from tests.painters import contract
from tests.painters.contract import Contract, nothing, opened
from tests.painters.servers import HTML, Fault, Images, images, png

SHOT = Shot(
    3, Scene("garden"), (Character("Mila"),), prompt="Mila in a red coat", seed=7, width=400, height=300
)
QUICK = Patience(connect=2.0, answer=5.0, look=0.1, breath=0.02, longest=0.5, tries=3)
SECRET = "sk-family-0123456789"


@pytest.fixture
def server() -> Iterator[Images]:
    with images() as one:
        yield one


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., OpenAI]]:
    monkeypatch.delenv(KEY, raising=False)
    all_of_them: list[OpenAI] = []

    def make(server: Images, *given: Any, patience: Patience = QUICK, **more: Any) -> OpenAI:
        all_of_them.append(OpenAI(server.host, *given, patience=patience, **more))
        return all_of_them[-1]

    yield make
    for painter in all_of_them:
        painter.close()


Made = Callable[..., OpenAI]


def error(message: str, code: str = "", param: str = "") -> dict[str, Any]:
    return {"error": {"message": message, "type": "some_error", "code": code, "param": param}}


class TestContract(Contract):
    shot = replace(contract.SHOT, prompt="a girl")

    @pytest.fixture
    def painter(self, server: Images, made: Made) -> Painter:
        return made(server)

    def others(self) -> list[Shot]:
        return [replace(self.shot, prompt="a dog"), replace(self.shot, width=480)]


@pytest.mark.parametrize(("width", "height"), [(400, 300), (300, 400), (1111, 507), (2625, 2625)])
@pytest.mark.parametrize("model", ["", "gpt-image-1"])
def test_size_is_obeyed_exactly(server: Images, made: Made, width: int, height: int, model: str) -> None:
    painter: Painter = made(server, model)
    assert opened(painter.paint(replace(SHOT, width=width, height=height), nothing)).size == (width, height)


def test_where_the_seed_is_taken_equal_shots_give_equal_pictures(server: Images, made: Made) -> None:
    painter = made(server)
    first = painter.paint(SHOT, nothing)
    assert painter.paint(replace(SHOT), nothing) == first
    assert (
        len(
            {
                first,
                *(painter.paint(replace(SHOT, **one), nothing) for one in ({"seed": 8}, {"prompt": "a dog"})),
            }
        )
        == 3
    )  # type: ignore[arg-type]
    assert painter.made_with() == {"model": "", "seed": "sent"}


def test_progress_only_grows_while_it_waits_and_ends_at_one(made: Made) -> None:
    with images(wait=0.4) as server:
        steps: list[float] = []
        made(server).paint(SHOT, steps.append)
        assert steps == sorted(steps)
        assert (steps[0], steps[-1]) == (0.0, 1.0)
        assert len(set(steps)) > 5


def test_stopping_closes_the_connection_at_once(made: Made) -> None:
    with images(wait=20.0) as server:
        steps: list[float] = []

        def stop(done: float) -> None:
            steps.append(done)
            if server.wanted:
                raise Cancelled

        began = time.monotonic()
        with pytest.raises(Cancelled):
            made(server).paint(SHOT, stop)
        assert time.monotonic() - began < 2.0
        server.connections[-1].settimeout(2.0)
        assert (
            server.connections[-1].recv(1, socket.MSG_PEEK) == b""
        )  # hung up, so that the server can stop too
        server.wait = 0.0
        made(server).paint(SHOT, nothing)


def test_what_it_lacks_is_refused_before_anything_is_sent(server: Images, made: Made) -> None:
    painter = made(server)
    lacking: list[tuple[dict[str, Any], str]] = [
        ({"init_image": "a.png"}, "page 3: .*start image"),
        ({"adapters": (PlacedAdapter(Adapter("a", "sdxl", "sks", 8)),)}, "page 3: .*LoRA"),
        ({"references": ("a.png",) * 17}, "page 3: .*16 reference pictures, not 17"),
    ]
    for change, words in lacking:
        for act in (painter.paint, lambda shot, on_step: painter.prepare([shot], on_step)):
            with pytest.raises(CannotPaint, match=words):
                act(replace(SHOT, **change), nothing)
    assert server.requests == []


def test_nothing_of_the_file_comes_back_but_pixels(server: Images, made: Made) -> None:
    picture = made(server).paint(SHOT, nothing)
    assert b"Mila" not in picture
    assert opened(picture).info == {}


def test_after_closing_no_thread_is_left(server: Images) -> None:
    painter = OpenAI(server.host, key="", patience=QUICK)
    painter.paint(SHOT, nothing)
    painter.close()
    assert not [one for one in threading.enumerate() if one.name == "work elsewhere"]
    assert painter.paint(SHOT, nothing)
    painter.close()


# what is asked, and of whom


@pytest.mark.parametrize("form", ["b64_json", "url", "path", "data"])
def test_a_picture_comes_in_any_form(made: Made, form: str) -> None:
    with images(form=form) as server:
        assert opened(made(server).paint(SHOT, nothing)).size == (400, 300)


def test_a_picture_elsewhere_is_not_fetched(made: Made) -> None:
    with images() as other, images(form="url", address=f"{other.host}/made/1.png") as server:
        with pytest.raises(StorykinError, match=r"(?s)page 3: .*another server.*b64_json"):
            made(server, key=SECRET).paint(SHOT, nothing)
        assert other.requests == []


def test_models_of_openai_are_not_sent_what_they_refuse(made: Made) -> None:
    with images(refuses=("response_format", "seed"), sizes=("1024x1024", "1536x1024", "1024x1536")) as server:
        painter = made(server, "gpt-image-1")
        painter.paint(SHOT, nothing)
        assert server.wanted == [
            {"prompt": "Mila in a red coat", "n": 1, "size": "1536x1024", "model": "gpt-image-1"}
        ]
        assert painter.made_with() == {"model": "gpt-image-1", "seed": "not taken by the server"}


def test_what_a_server_refuses_by_name_is_learned_once(made: Made) -> None:
    with images(refuses=("response_format", "seed", "n"), sizes=("1024x1024", "1024x1536")) as server:
        painter = made(server)
        painter.paint(replace(SHOT, width=300, height=400), nothing)
        assert server.wanted[-1] == {"prompt": "Mila in a red coat", "size": "1024x1536"}
        assert len(server.wanted) == 5
        painter.paint(SHOT, nothing)
        assert server.wanted[-1]["size"] == "1024x1024"
        assert len(server.wanted) == 6  # the sizes stood in the refusal


def test_a_size_that_is_refused_without_another_is_replaced_by_the_usual(server: Images, made: Made) -> None:
    server.answers = [(400, error("unsupported image size"), {})]
    made(server).paint(SHOT, nothing)
    assert [wanted["size"] for wanted in server.wanted] == ["1184x880", "1536x1024"]
    server.answers = [(400, error("unsupported image size"), {})]
    with pytest.raises(StorykinError, match="unsupported image size"):
        made(server, "gpt-image-1").paint(SHOT, nothing)


@pytest.mark.parametrize(
    ("width", "height", "model", "size"),
    [
        (1000, 1000, "gpt-image-1", "1024x1024"), (1700, 1000, "gpt-image-1", "1536x1024"), (1000, 1300, "gpt-image-1", "1024x1536"),
        (1000, 1200, "gpt-image-1", "1024x1024"), (3000, 1000, "dall-e-3", "1792x1024"), (1000, 3000, "dall-e-2", "1024x1024"),
        (2000, 1000, "", "1456x720"), (1000, 1000, "sd3.5", "1024x1024"),
    ],
)  # fmt: skip
def test_the_nearest_size_is_asked_for(
    server: Images, made: Made, width: int, height: int, model: str, size: str
) -> None:
    made(server, model).paint(replace(SHOT, width=width, height=height), nothing)
    assert server.wanted[0]["size"] == size


def test_the_picture_is_cut_around_its_middle(made: Made) -> None:
    with images(wrong_picture=png((900, 300), "white")) as server:  # its left half is black
        image = opened(made(server).paint(replace(SHOT, width=100, height=100), nothing))
        assert [image.getpixel((x, 50)) for x in (5, 95)] == [(0, 0, 0), (255, 255, 255)]


def test_references_are_sent_to_edits_upright_and_without_place(
    made: Made, server: Images, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "Mila at home"
    Image.new("RGB", (4000, 2000), "green").save(tmp_path / "mila.jpg", exif=exif)
    Image.new("RGB", (50, 50), "blue").save(tmp_path / "theo.png")
    paths = (str(tmp_path / "mila.jpg"), str(tmp_path / "theo.png"))
    made(server).paint(replace(SHOT, references=paths), nothing)
    ((first, second),) = server.pictures
    assert (first[0], first[1], second[1]) == ("image[]", "1.png", "2.png")
    assert opened(first[2]).size == (512, 1024)
    assert opened(second[2]).size == (50, 50)
    body = next(body for asked, _, body in server.requests if "edits" in asked)
    assert b"Mila at home" not in body
    assert b"mila.jpg" not in body
    assert server.wanted[0]["prompt"] == "Mila in a red coat"


def test_some_servers_call_the_pictures_image(made: Made, tmp_path: Path) -> None:
    Image.new("RGB", (50, 50)).save(tmp_path / "a.png")
    with images(field="image") as server:
        painter = made(server)
        for _ in range(2):
            painter.paint(replace(SHOT, references=(str(tmp_path / "a.png"),)), nothing)
        assert server.asked("POST /v1/images/edits") == 3


def test_a_reference_that_is_none_is_named(server: Images, made: Made, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"page 3: .*gone\.png"):
        made(server).paint(replace(SHOT, references=(str(tmp_path / "gone.png"),)), nothing)


def test_another_model_is_another_revision() -> None:
    assert OpenAI("http://127.0.0.1:1", "a", "").revision != OpenAI("http://127.0.0.1:1", "b", "").revision


# the key


def test_the_key_goes_along_and_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, f" {SECRET}\n")
    with images(key=SECRET) as server:
        painter = OpenAI(server.host, patience=QUICK)
        painter.prepare([SHOT], nothing)
        painter.paint(SHOT, nothing)
        assert SECRET not in f"{painter.made_with()} {painter.revision} {painter!r}"
        server.key, server.repeats_key = "another", True
        for act in (lambda: painter.prepare([], nothing), lambda: painter.paint(SHOT, nothing)):
            with pytest.raises(BadInput, match=f"(?s)does not take the key.*{KEY}") as caught:
                act()
            assert SECRET not in str(caught.value)
            assert "Incorrect API key provided: ***" in str(caught.value)
        # No piece of it either, where a long message is cut.
        server.key = SECRET
        server.answers = [(400, error("x" * (290 - at) + SECRET), {}) for at in range(0, 20, 5)]
        for _ in range(4):
            with pytest.raises(StorykinError) as cut:
                painter.paint(SHOT, nothing)
            assert "sk-" not in str(cut.value)
        painter.close()


def test_a_missing_key_is_said_before_anything_is_painted(made: Made) -> None:
    with images(key=SECRET) as server:
        with pytest.raises(BadInput, match=f"(?s)wants a key.*{KEY}"):
            made(server).prepare([SHOT], nothing)
        assert server.wanted == []


@pytest.mark.parametrize("key", ["“sk-1”", "sk-\x00", "schlüssel"])
def test_a_key_that_is_none_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(BadInput, match="is no key") as caught:
        OpenAI("http://127.0.0.1:1", key=key)
    assert key not in str(caught.value)


def test_without_a_host_nothing_is_sent_anywhere() -> None:
    with pytest.raises(BadInput, match=r"--host http://127\.0\.0\.1:8080/v1"):
        OpenAI("")


# what breaks


@pytest.mark.parametrize("kind", ["drop", "deaf", "cut", "500"])
def test_a_lost_answer_is_asked_for_again(server: Images, made: Made, kind: str) -> None:
    server.faults.append(Fault("POST", kind))
    assert opened(made(server).paint(SHOT, nothing)).size == (400, 300)
    assert server.asked("POST") == 2


@pytest.mark.parametrize(("kind", "words"), [("drop", "broke off"), ("500", "500.*it is broken inside")])
def test_a_server_that_only_fails_is_given_up(server: Images, made: Made, kind: str, words: str) -> None:
    server.faults += [Fault("POST", kind)] * 9
    with pytest.raises(StorykinError, match=f"page 3: .*{words}"):
        made(server).paint(SHOT, nothing)
    assert server.asked("POST") == QUICK.tries


def test_too_slow_is_not_paid_for_twice(made: Made) -> None:
    with images(wait=5.0) as server:
        with pytest.raises(StorykinError, match=r"page 3: .*no whole answer within 0\.3 s"):
            made(server, patience=replace(QUICK, answer=0.3)).paint(SHOT, nothing)
        assert server.asked("POST") == 1


def test_nobody_there_is_said_at_once() -> None:
    painter = OpenAI("http://127.0.0.1:9", key="", patience=QUICK)
    for act in (lambda: painter.prepare([], nothing), lambda: painter.paint(SHOT, nothing)):
        with pytest.raises(StorykinError, match=r"(?s)nobody answers.*--host"):
            act()
    painter.close()


def test_busy_is_waited_for_as_long_as_the_server_says(server: Images, made: Made) -> None:
    server.answers = [(429, error("Rate limit reached"), {"Retry-After": "0.4"})]
    began = time.monotonic()
    assert made(server).paint(SHOT, nothing)
    assert time.monotonic() - began > 0.4
    assert len(server.wanted) == 2


def test_busy_for_too_long_is_said(server: Images, made: Made) -> None:
    server.answers = [(429, error("Rate limit reached"), {"Retry-After": "3600"})]
    with pytest.raises(StorykinError, match=r"page 3: .*asked again in 3600 s"):
        made(server).paint(SHOT, nothing)


def test_busy_to_the_last_is_said(server: Images, made: Made) -> None:
    server.answers = [(429, error("Rate limit reached"), {})] * 5
    with pytest.raises(StorykinError, match=r"page 3: .*does not paint more for now: Rate limit reached"):
        made(server).paint(SHOT, nothing)
    assert len(server.wanted) == QUICK.tries


def test_an_empty_account_is_not_asked_again(server: Images, made: Made) -> None:
    server.answers = [(429, error("You exceeded your current quota", "insufficient_quota"), {})] * 5
    with pytest.raises(StorykinError, match=r"page 3: .*current quota"):
        made(server).paint(SHOT, nothing)
    assert len(server.wanted) == 1


def test_waiting_for_a_busy_server_can_be_stopped(server: Images, made: Made) -> None:
    server.answers = [(429, error("Rate limit reached"), {"Retry-After": "30"})]

    def stop(done: float) -> None:
        if server.wanted and not server.answers:
            raise Cancelled

    began = time.monotonic()
    with pytest.raises(Cancelled):
        made(server, patience=replace(QUICK, longest=60.0)).paint(SHOT, stop)
    assert time.monotonic() - began < 2.0


@pytest.mark.parametrize(
    ("status", "content", "words"),
    [
        (400, error("Your request was rejected by the safety system.", "moderation_blocked"), r"(?s)refuses to paint.*change the scene"),
        (400, error("no", "content_policy_violation"), "refuses to paint"),
        (404, error("The model 'x' does not exist", "model_not_found"), r"(?s)The model 'x'.*--model"),
        (404, b"404 page not found", "has no such model"),
        (400, error("prompt is too long"), r"400.*prompt is too long"),
        (400, {"error": "invalid params"}, "invalid params"),
        (422, {"detail": [{"loc": ["body"], "msg": "Field required"}]}, "Field required"),
        (301, b"", "has moved to"),
        (200, HTML, r"(?s)answered with no picture: a web page, 'Router login'.*/v1"),
        (200, {}, "no picture"), (200, [], "no picture"), (200, {"data": []}, "no picture"), (200, {"data": [{}]}, "no picture"),
        (200, {"data": [{"b64_json": "not base64!"}]}, "no picture"), (200, {"data": [{"url": "data:image/png;base64,!"}]}, "sent nothing"),
        (200, {"data": [{"b64_json": "aGVsbG8="}]}, "sent 5 bytes instead of a picture"),
        (200, error("out of memory"), "no picture: out of memory"),
    ],
)  # fmt: skip
def test_every_refusal_says_what_happened(
    server: Images, made: Made, status: int, content: Any, words: str
) -> None:
    server.answers = [(status, content, {"Location": "https://elsewhere.example/v1"})]
    with pytest.raises(
        StorykinError, match=f"page 3: openai server .*{words}" if "(?s)" not in words else words
    ) as caught:
        made(server).paint(SHOT, nothing)
    assert caught.value.hint
    assert caught.value.message.startswith("page 3: openai server http://127.0.0.1")


def test_servers_without_a_list_of_models_are_fine(made: Made) -> None:
    with images(models=None) as server:
        made(server).prepare([SHOT], nothing)


@pytest.mark.parametrize("wrong", [HTML, b"", b"GIF89a...", png((64, 64))[:60]])
def test_what_is_no_picture_is_an_error(made: Made, wrong: bytes) -> None:
    with images(form="path") as server:
        server._picture = lambda *words: wrong  # type: ignore[method-assign]
        with pytest.raises(StorykinError, match=r"page 3: .*instead of a picture"):
            made(server).paint(SHOT, nothing)
