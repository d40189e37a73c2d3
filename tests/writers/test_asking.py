"""Writers, chat: one question to a server: what is heard of an answer however it is written, what is learned from a refusal, and what is never told."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from storykin import make
from storykin.choices import Choices
from storykin.errors import BadInput, StorykinError
from storykin.reaching import NoAnswer, Patience, Place
from storykin.writers import writer_named
from storykin.writers.chat import Chat
from storykin.writers.chat.asking import Model, Nonsense, Question, Refused, TooLong
from storykin.writers.chat.servers import spoken_of

from .stories import WHALE, WHALE_STORY
from .talkers import Asked, Author, Reply, Talker, talker

QUICK = Patience(connect=2.0, answer=5.0, breath=0.01, tries=3)


def read(found: Any) -> dict[str, Any]:
    """Any object with a title that is not empty."""
    if not isinstance(found, dict) or not found.get("title"):
        raise ValueError(f"there is no title in {sorted(found)}")
    return found


QUESTION = Question("You are an author.", "Say a title.", {"type": "object", "properties": {"title": {"type": "string"}}}, read, 1600)  # fmt: skip
REAL = {"title": "The Whale"}


def asked(house: Talker, patience: Patience = QUICK, key: str = "", question: Question[Any] = QUESTION) -> Any:  # fmt: skip
    """One answer of that server."""
    model = Model(spoken_of(house.writer), key, patience)
    try:
        return model.ask(question, 1, lambda: None)
    finally:
        model.close()


def answered(model: Callable[[Asked], Any], **more: Any) -> Any:
    """The answer of a model that is played."""
    with talker(model, **more) as house:
        return asked(house)


def raw(content: bytes, kind: str = "text/event-stream", patience: Patience = QUICK, key: str = "") -> Any:
    """The answer of a server that sends those bytes."""
    with talker(lambda asked: "") as house:
        house.answer = lambda handler, body: handler.reply(200, content, kind)  # type: ignore[method-assign]
        return asked(house, patience, key)


def event(found: Any, end: str = "\n") -> bytes:
    """A server-sent event."""
    return f"data: {json.dumps(found)}{end}{end}".encode()


def delta(content: Any, end: str = "\n") -> bytes:
    """An event with a piece of the answer."""
    return event({"choices": [{"delta": {"content": content}}]}, end)


# --- what an answer looks like -------------------------------------------------------------------------


def test_an_answer_in_parts_is_put_together() -> None:
    said = json.dumps(REAL)
    parts = [
        {"type": "text", "text": said[:5]},
        {"type": "thinking", "thinking": "hm"},
        {"type": "text", "text": said[5:]},
    ]
    assert raw(delta(parts)) == REAL
    document = json.dumps({"choices": [{"message": {"content": parts}}]}).encode()
    assert raw(document, "application/json") == REAL


@pytest.mark.parametrize(
    "found",
    [
        {"choices": [None]}, {"choices": {}}, {"choices": {"0": 1}}, {"choices": "x"}, {"choices": [[]]}, {"choices": [{"delta": "hello"}]}, {"choices": [{"delta": [1]}]},
        {"choices": [{"delta": {"content": 7}}]}, {"choices": [{"delta": {"content": [None, {"text": {"value": 1}}, "x"]}}]}, {"choices": [{"message": {"refusal": 3}}]},
        {"choices": [{"finish_reason": ["stop"]}]}, [], 3, None, {},
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["text/event-stream", "application/json"])
def test_what_is_no_answer_is_nonsense(found: Any, kind: str) -> None:
    with pytest.raises(Nonsense):
        raw(event(found) if "event" in kind else json.dumps(found).encode(), kind)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_events_may_end_their_lines_as_they_like_and_have_several(end: str) -> None:
    said = json.dumps(json.dumps(REAL))
    lines = ['data: {"choices": [{"delta":', f'data: {{"content": {said}}}', "data: }]}", "", ""]
    assert raw(f": hello{end}{end}".encode() + end.join(lines).encode() + b"data: [DONE]") == REAL
    assert raw(delta(json.dumps(REAL), end)) == REAL
    assert raw(event({"choices": [{"delta": {"content": json.dumps(REAL)}}]}).rstrip()) == REAL


def test_a_document_over_many_lines_is_understood() -> None:
    document = {"choices": [{"message": {"content": json.dumps(REAL)}}]}
    assert raw(json.dumps(document, indent=2).encode(), "application/json") == REAL


@pytest.mark.parametrize("start", ["{", '{"x": ', '{"title": "x", "y": '])
@pytest.mark.parametrize("inner", ['{"a": [', "[", '{"a":'])
@pytest.mark.parametrize("times", [30, 900, 3000, 30000])
def test_an_answer_that_is_nested_too_deeply_is_nonsense(start: str, inner: str, times: int) -> None:
    try:
        found = answered(lambda asked: start + inner * times)
    except Nonsense:
        return
    assert found["title"] == "x"  # and what came of the rest


@pytest.mark.parametrize("times", [900, 50_000])
def test_an_event_that_is_nested_too_deeply_is_nonsense(times: int) -> None:
    deep = b"[" * times + b"]" * times
    with pytest.raises(Nonsense):
        raw(b'data: {"choices": ' + deep + b"}\n\n")
    for start in (b"data: ", b""):
        with pytest.raises(StorykinError):
            raw(start + b'{"error": ' + deep + b"}\n\n")


# --- cleaning ------------------------------------------------------------------------------------------


def test_what_no_book_can_hold_is_taken_out_of_every_text() -> None:
    dirty = r'{"title": "A \ud83d Wh\u0000a\u0007le\u009b", "who\ud800": ["\udc00x", {"a": "tab\there\r\nand\u000bthere"}], "face": "\ud83d\ude00"}'
    assert answered(lambda asked: dirty) == {"title": "A  Whale", "who": ["x", {"a": "tab here\nandthere"}], "face": "😀"}  # fmt: skip


def test_a_letter_that_came_in_two_events_is_one() -> None:
    assert raw(b'data: {"choices":[{"delta":{"content":"{\\"title\\": \\"\\ud83d"}}]}\n\ndata: {"choices":[{"delta":{"content":"\\ude00\\"}"}}]}\n\n') == {"title": "😀"}  # fmt: skip


def test_an_error_about_a_dirty_answer_can_be_printed() -> None:
    with pytest.raises(Nonsense) as caught:
        raw(delta("\ud83d\x1b[31m no JSON"))
    assert str(caught.value).isascii() or "\x1b" not in str(caught.value)
    str(caught.value).encode()
    with pytest.raises(StorykinError, match=r"failed \(400\): \[31m bad") as failed:
        raw(event({"error": {"message": "\x1b[31m bad \ud83d"}}))
    str(failed.value).encode()


def test_nulls_are_left_out() -> None:
    said = {"title": "x", "facts": None, "pages": [None, {"prop": None, "who": ["a", None]}]}
    assert answered(lambda asked: said) == {"title": "x", "pages": [{"who": ["a"]}]}


def test_a_story_with_nulls_is_a_story() -> None:
    def model(asked: Asked) -> Any:
        found = Author(WHALE_STORY)(asked)
        if asked.about == "pages":
            found["facts"] = None
            for page in found["pages"]:
                for figure in page["scene"]["figures"]:
                    figure["prop"] = None
        return found

    with talker(model) as house:
        found = Chat(house.writer, QUICK).write(WHALE)
    assert [page.text for page in found.pages] == [page.text for page in WHALE_STORY.pages]
    assert house.asked_about("pages") == 3


# --- where the answer is -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        'I could say {"title": "Wrong"}, but no.\n</think>\n{}',
        '<think>{"title": "Wrong"}</think>{}',
        '\n <thinking>{"title": "Wrong"}</thinking>\n<think>{"title": "Wrong"}</think> {}',
        '<THINK>{"title": "Wrong"} <think> hm </think> {"title": "Wrong"}</THINK>{}',
        '{}<think>Was {"title": "Wrong"} better?</think>',
        '{}\n<think>Was {"title": "Wrong"} better?',
        'An example: {"name": "x"}. Mine: {}',
        'The schema is {"type": "object", "properties": {"title": {"title": "Wrong"}}}; so: {}',
        'First {"title": ""}, then {}, and not {"title": "Wrong"}.',
        'For {"name": "Nora", "title": 0} I say:\n```json\n{}\n```',
        '{} and then {"title": "Wrong", "x',
    ],
)  # fmt: skip
def test_the_answer_is_found_among_other_things(said: str) -> None:
    assert answered(lambda asked: said.replace("{}", json.dumps(REAL))) == REAL


def test_of_what_breaks_off_there_is_as_much_as_came_and_not_a_part_of_it_alone() -> None:
    whole = '{"title": "x", "pages": [{"title": "one"}, {"title": "two"}, {"title": "thr'
    assert answered(lambda asked: Reply(whole, "length")) == {"title": "x", "pages": [{"title": "one"}, {"title": "two"}, {}]}  # fmt: skip


def test_what_was_asked_for_comes_before_what_a_lenient_reader_would_take() -> None:
    lenient = replace(QUESTION, read=lambda found: found)
    with talker(lambda asked: 'With {"rule": 3} in mind: {"title": "The Whale"}') as house:
        assert asked(house, question=lenient) == REAL


def test_when_nothing_fits_the_first_one_is_told_of() -> None:
    with pytest.raises(Nonsense, match=r"there is no title in \['a'\]"):
        answered(lambda asked: '{"a": 1} {"b": 2}')


@pytest.mark.parametrize("opening", ["<think>", "<thinking>", "  <Think>"])
def test_a_thought_that_never_ends_is_no_answer(opening: str) -> None:
    with pytest.raises(Nonsense, match="no JSON"):
        answered(lambda asked: f'{opening}They want {{"title": "Wrong"}}')


# --- refusals ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "I'm sorry, but I can't help with that.",
        "\n\n  I can’t write about this.",
        "<think>Hm. “No.”</think>Unfortunately, I cannot assist with that.",
        "As an AI I have no whales.",
    ],
)
def test_a_model_that_does_not_want_to_is_heard(said: str) -> None:
    with pytest.raises(Refused):
        answered(lambda asked: said)


@pytest.mark.parametrize(
    "said",
    [
        'Once upon a time a whale sat in a bath. "I can\'t swim," it said. Nora laughed.',
        "“I’m sorry,” said the whale, “I can’t.”",
        "'I can't swim,' said the whale. 'I won't.'",
        "„I cannot swim“, sagte der Wal. «I won't», dit la baleine.",
        "Nora and Grandpa Joe went to the beach early, and they looked for the whale for a long time. I can't say more.",
        "<think>I can't do this badly.</think>Once upon a time there was a whale.",
    ],
)
def test_a_story_in_which_somebody_cannot_is_no_refusal(said: str) -> None:
    with pytest.raises(Nonsense):
        answered(lambda asked: said)


# --- what servers refuse -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        (500, "timed out waiting for llama runner to start: context canceled", StorykinError),
        (500, "failed to create CUDA context", StorykinError),
        (503, "context length exceeded", StorykinError),
        (404, "no model with such a context window", BadInput),
        (401, "your key has no access to this context size", BadInput),
        (403, "too many tokens today", BadInput),
        (400, "This model's maximum context length is 4096 tokens", TooLong),
        (400, "the request exceeds the available context size", TooLong),
        (400, "prompt is too long: 5000 tokens > 4096 maximum", TooLong),
        (422, "too many tokens", TooLong),
        (500, "prompt is longer than n_ctx", TooLong),
        (413, "Payload Too Large", TooLong),
    ],
)
def test_only_a_request_that_is_too_long_is_too_long(status: int, said: str, kind: type) -> None:
    with talker(lambda asked: Reply(status=status, error={"error": {"message": said}})) as house:
        with pytest.raises(StorykinError, match=re.escape(said)) as caught:
            asked(house, replace(QUICK, tries=1))
        assert type(caught.value) is kind


@pytest.mark.parametrize(
    "said",
    [
        "max_tokens is too large: 1600. This model supports at most 1,024 completion tokens, whereas you provided 1600.",
        "`max_tokens` must be less than or equal to `1024`, the maximum value for `max_tokens` is less than the `context_window` for this model",
        "Invalid max_tokens value, the valid range of max_tokens is [1, 1024]",
    ],
)
def test_the_tokens_that_an_answer_may_have_are_learned(said: str) -> None:
    def model(asked: Asked) -> Any:
        if asked.body["max_tokens"] > 1024:
            return Reply(status=400, error={"error": {"message": said}})
        return REAL

    with talker(model) as house:
        model_there = Model(spoken_of(house.writer), "", QUICK)
        for question in (QUESTION, QUESTION, replace(QUESTION, most=600)):
            assert model_there.ask(question, 1, lambda: None) == REAL
        model_there.close()
    assert [one.body["max_tokens"] for one in house.questions] == [1600, 1024, 1024, 600]


def test_what_nothing_helps_against_ends() -> None:
    def model(asked: Asked) -> Any:
        said = "max_tokens is too large: this model supports at most 1024 completion tokens"
        return Reply(status=400, error={"error": {"message": said}})

    with talker(model) as house, pytest.raises(StorykinError, match="at most 1024"):
        asked(house)
    assert len(house.questions) == 3


# --- silence -------------------------------------------------------------------------------------------


def slowly(pieces: Iterator[bytes], pause: float) -> Callable[[Any, bytes], None]:
    """A server that sends a piece, waits, and sends the next."""

    def answer(handler: Any, body: bytes) -> None:
        handler.send_response(200)
        handler.send_header("content-type", "text/event-stream")
        handler.send_header("connection", "close")
        handler.end_headers()
        for piece in pieces:
            handler.wfile.write(piece)
            handler.wfile.flush()
            time.sleep(pause)
        handler.close_connection = True

    return answer


@contextmanager
def slow(*pieces: bytes, pause: float = 0.1) -> Iterator[Talker]:
    with talker(lambda asked: "") as house:
        house.answer = slowly(iter(pieces), pause)  # type: ignore[method-assign]
        yield house


SIGNS = [
    b": ping\n\n",
    b'event: ping\ndata: {"type": "ping"}\n\n',
    b"data:\n\n",
    delta(""),
    event({"choices": []}),
    event({"choices": [{"delta": {"role": "assistant", "reasoning_content": ""}}]}),
]


@pytest.mark.parametrize("sign", SIGNS)
def test_signs_of_life_alone_do_not_break_the_silence(sign: bytes) -> None:
    with slow(*[sign] * 20) as house:
        began = time.monotonic()
        with pytest.raises(NoAnswer, match=r"nothing was heard for 0\.5 s"):
            asked(house, replace(QUICK, answer=0.5))
        assert time.monotonic() - began < 1.5


@pytest.mark.parametrize("field", ["content", "reasoning_content", "reasoning"])
def test_slow_words_and_thoughts_are_waited_for(field: str) -> None:
    news = event({"choices": [{"delta": {field: " "}}]})
    with slow(*[news] * 8, delta(json.dumps(REAL))) as house:
        assert asked(house, replace(QUICK, answer=0.5)) == REAL


def test_an_answer_without_end_ends() -> None:
    with slow(*[delta("blah ")] * 20) as house:
        began = time.monotonic()
        with pytest.raises(NoAnswer, match=r"did not end within 0\.6 s"):
            asked(house, replace(QUICK, answer=0.5, whole=0.6))
        assert time.monotonic() - began < 1.5


def test_nothing_of_a_lost_answer_is_left_in_the_next() -> None:
    """Half an event, a word, an ending and an error came before the connection broke off."""
    tries = 0

    def answer(handler: Any, body: bytes) -> None:
        nonlocal tries
        tries += 1
        if tries > 1:
            return handler.reply(200, delta(json.dumps(REAL)), "text/event-stream")  # type: ignore[no-any-return]
        said = event({"choices": [{"delta": {"content": "{"}, "finish_reason": "content_filter"}]})
        said += event({"error": "lost"}) + b'data: {"choices": ['
        handler.send_response(200)
        handler.send_header("content-length", "9999")
        handler.end_headers()
        handler.wfile.write(said)
        handler.close_connection = True
        return None

    with talker(lambda asked: "") as house:
        house.answer = answer  # type: ignore[method-assign]
        assert asked(house) == REAL
    assert tries == 2


# --- secrets -------------------------------------------------------------------------------------------

HIDDEN = "sk-sec/ret\"'&123"
SECRET = f"{HIDDEN}é"


@pytest.mark.parametrize("content", [event({"error": {"message": f"Incorrect API key provided: {HIDDEN}"}}), delta(f"{HIDDEN} is no JSON"), delta(json.dumps({"a": HIDDEN}))])  # fmt: skip
def test_the_key_is_not_repeated_from_a_stream(content: bytes) -> None:
    with pytest.raises(StorykinError) as caught:
        raw(content, key=HIDDEN)
    told = f"{caught.value} {getattr(caught.value, 'said', '***')}"
    assert "***" in told
    assert "sk-sec" not in told


@pytest.mark.parametrize("status", [200, 400])
def test_a_password_is_not_repeated(status: int) -> None:
    def answer(handler: Any, body: bytes) -> None:
        sent = handler.headers["authorization"]
        said = {"error": {"message": f"wrong: {SECRET}, {sent}"}}
        handler.reply(status, event(said) if status == 200 else said, "text/event-stream")

    with talker(lambda asked: "") as house:
        house.answer = answer  # type: ignore[method-assign]
        spoken = replace(spoken_of(house.writer), place=Place(f"{house.host}/v1", ("papa", SECRET)))
        model = Model(spoken, "", QUICK)
        with pytest.raises(StorykinError, match=r"wrong: \*\*\*, Basic \*\*\*"):
            model.ask(QUESTION, 1, lambda: None)
        model.close()


def test_a_model_that_says_the_key_does_not_bring_it_into_the_book() -> None:
    assert raw(delta(json.dumps({"title": "The sk-secret Whale"})), key="sk-secret") == {"title": "The *** Whale"}  # fmt: skip


@pytest.mark.parametrize("streams", [True, False])
def test_a_key_that_is_a_mere_word_leaves_no_holes_in_the_story(streams: bool) -> None:
    with talker(lambda asked: {"title": "None stops"}, streams=streams) as house:
        for key in ("stop", "None", "s", "e", "choices"):
            assert asked(house, key=key) == {"title": "None stops"}
        house.model = lambda asked: "None at all"
        with pytest.raises(Nonsense) as caught:
            asked(house, key="None")
    assert "None" not in f"{caught.value} {caught.value.said}"


@pytest.mark.parametrize(
    ("kind", "key", "login", "message", "hint"),
    [
        ("openai", "", None, "wants a key", "set STORYKIN_OPENAI_KEY to"),
        ("openai", "sk-1", None, "does not take the key", "set STORYKIN_OPENAI_KEY to"),
        ("openai", "", ("papa", "geheim"), "does not take the name and password", "STORYKIN_LOGIN"),
        ("vllm", "", None, "wants a key", "name it openai:tale:12b@http"),
    ],
)
def test_who_is_not_let_in_is_told_with_what(
    kind: str, key: str, login: tuple[str, str] | None, message: str, hint: str
) -> None:
    with talker(lambda asked: Reply(status=401, error={"error": "no"})) as house:
        spoken = replace(spoken_of(house.writer), kind=kind, place=Place(f"{house.host}/v1", login))
        model = Model(spoken, key, QUICK)
        with pytest.raises(BadInput, match=message) as caught:
            model.ask(QUESTION, 1, lambda: None)
        model.close()
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    "name",
    [
        "openai:x@http://papa:geheim@host/v1",
        "openai:x@http://papa:ge/heim@host/v1",
        "openai:x@http://papa:ge@geheim@host/v1",
        "ollama:x@papa:geheim@host",
        "ollama@http://papa:geheim@host/v1",
        "openai:http://papa:geheim@host/v1",
        "opnai:a@http://papa:geheim@h/v1",
        "opnai:http://papa:geheim@h/v1",
        "opnai:a@papa:geheim@h",
        "http://papa:geheim@h/v1",
    ],
)
def test_a_password_in_a_writers_name_is_refused_and_not_repeated(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        make.start(tmp_path, WHALE, Choices(writer=name))
    assert "heim" not in str(caught.value)
    if name.startswith(("openai", "ollama")):
        assert "STORYKIN_LOGIN=name:password" in caught.value.hint
    assert not list(tmp_path.iterdir())


@pytest.fixture
def title(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[dict[str, str]]]:
    """The headers with which a writer's server is asked."""

    def headers(kind: str) -> list[dict[str, str]]:
        with talker(lambda asked: Reply(status=500, error={"error": "enough"})) as house:
            with pytest.raises(StorykinError, match="enough"):
                Chat(house.writer.replace("openai", kind), QUICK).write(WHALE)
            return [{name.lower(): value for name, value in one.items()} for _, one, _ in house.requests]

    return headers


def test_a_login_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch, title: Any) -> None:
    monkeypatch.setenv("STORYKIN_LOGIN", "papa:ge%40heim")
    assert title("openai")[0]["authorization"] == "Basic cGFwYTpnZUBoZWlt"
    writer = Chat("ollama:x@http://192.168.1.4:11434/v1")
    assert "heim" not in repr((writer.name, writer.spoken))
    monkeypatch.setenv("STORYKIN_OPENAI_KEY", "sk-secret")
    assert title("openai")[0]["authorization"] == "Bearer sk-secret"
    assert title("vllm")[0]["authorization"] == "Basic cGFwYTpnZUBoZWlt"


@pytest.mark.parametrize("kind", ["ollama", "vllm", "lmstudio", "llamacpp"])
def test_the_key_goes_to_no_other_kind_of_server(kind: str, monkeypatch: pytest.MonkeyPatch, title: Any) -> None:  # fmt: skip
    monkeypatch.setenv("STORYKIN_OPENAI_KEY", "sk-secret")
    monkeypatch.delenv("STORYKIN_LOGIN", raising=False)
    assert "authorization" not in title(kind)[0]


def test_the_key_crosses_no_network_in_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYKIN_OPENAI_KEY", "sk-secret")
    writer = writer_named("openai:x@http://192.168.1.4:8000/v1")
    with pytest.raises(BadInput, match="in clear") as caught:
        writer.write(WHALE)
    assert "https" in caught.value.hint
    assert "sk-secret" not in str(caught.value)
    with pytest.raises(NoAnswer):
        Chat("openai:x@https://writer.example/v1", replace(QUICK, connect=0.2)).write(WHALE)


# --- small models --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "warned"), [("gemma3:1b", True), ("qwen3-1.7b", True), ("llama3.2:3b", False), ("gemma3:12b", False), ("phi4", False)])  # fmt: skip
def test_models_that_are_offered_to_nobody_come_with_a_warning(name: str, warned: bool) -> None:
    words: list[str] = []
    with talker(lambda asked: REAL) as house:
        model = Model(replace(spoken_of(house.writer), model=name), "", QUICK, words.append)
        for _ in range(2):
            model.ask(QUESTION, 1, lambda: None)
        model.close()
    assert len(words) == warned
    assert not words or f"{name} may be too small a model: stories by models of this size rarely hold together" in words[0]  # fmt: skip
