"""The command line with a language model that is played: stories written, checked before and after, a child who has a say, what doctor sees."""

import io
import json
from pathlib import Path

import pytest

from storykin import bookfolder, make
from storykin.cli import doctor, writing
from storykin.cli.commands import app
from storykin.desk import read_draft
from storykin.writers.chat.servers import Listening
from tests.writers.stories import WHALE, WHALE_STORY
from tests.writers.talkers import Author, Reply, Talker, talker
from tests.writers.test_proofreading import with_page

from .test_commands import run

WISH = (WHALE.idea, "--hero", "Nora", "--pronouns", "she", "--with", "Grandpa Joe", "--pages", "10")
RUDE = with_page(
    WHALE_STORY, 5, "Down the hill they rolled, and Nora shouted that the baker was an idiot."
).pages[4]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_model_writes_and_check_tells_before_and_after(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with talker(Author(WHALE_STORY, {5: RUDE})) as house:
        code, out, err = run(capsys, "write", *WISH, "--writer", house.writer)
    assert code == 0, err
    assert "Nora and the Dry Whale" in out
    folder = here / "a-whale-who-is-afraid-of-water"
    assert bookfolder.read_story(folder).pages[4].text == WHALE_STORY.pages[4].text
    code, out, _ = run(capsys, "check", "--book", str(folder))
    assert code == 0
    assert "as it first came" in out
    assert "As it first came: 1 fault." in out
    assert "“idiot” is not for a child of 5" in " ".join(out.split())
    assert "sent back to the model" in " ".join(out.split())
    code, out, _ = run(capsys, "check", "--book", str(folder), "--json")
    found = json.loads(out)
    assert found["faults"] == []
    assert [one["kind"] for one in found["before"]["faults"]] == ["unsafe"]
    assert found["before"]["rounds"][0]["by"] == "model"


def test_a_book_by_a_model_says_so(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with talker(Author(WHALE_STORY)) as house:
        code, _, err = run(
            capsys,
            "book",
            *WISH,
            "--writer",
            house.writer,
            "--out",
            "b",
            "--format",
            "html",
            "--for",
            "screen",
            "--no-judge",
        )
    assert code == 0, err
    notice = make.book_of(here / "b").leaves[1].text
    assert "with the help of a language model" in notice
    assert "on the family’s own computer" in notice


def test_check_without_a_model_has_no_before(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "write", *WISH, "--out", "b")
    _, out, _ = run(capsys, "check", "--book", "b", "--json")
    assert json.loads(out)["before"] is None


def test_a_server_that_is_gone_is_an_error_and_the_same_command_goes_on(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    author = Author(WHALE_STORY)
    with talker(author) as house:
        house.model = lambda asked: (
            Reply(status=500, error={"error": "out of memory"})
            if asked.about == "pages" and 5 in asked.numbers
            else author(asked)
        )
        words = ("write", *WISH, "--writer", house.writer, "--out", "b")
        code, _, err = run(capsys, *words)
        assert code == 1
        assert "out of memory" in err
        assert "what is written is kept" in err
        assert not (here / "b" / "story.json").exists()
        house.model = author
        house.questions.clear()
        code, _, _ = run(capsys, *words)
    assert code == 0
    assert house.asked_about("outline") == 0


def test_a_draft_that_is_damaged_is_set_aside(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with talker(Author(WHALE_STORY)) as house:
        words = ("write", *WISH, "--writer", house.writer, "--out", "b")
        run(capsys, *words)
        (here / "b" / "draft.json").write_text("{ half")
        code, _, _ = run(capsys, *words)
    assert code == 0
    assert (here / "b" / "earlier" / "draft-001.json").read_text() == "{ half"


def test_another_book_goes_on_from_the_first(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with talker(Author(WHALE_STORY)) as house:
        run(capsys, "write", *WISH, "--writer", house.writer, "--out", "one")
        code, _, err = run(
            capsys,
            "write",
            "the whale comes back",
            *WISH[1:],
            "--after",
            "one",
            "--writer",
            house.writer,
            "--out",
            "two",
        )
        asked = [one for one in house.questions if one.about == "outline"][-1].user
    assert code == 0, err
    assert bookfolder.read_wish(here / "two").after == "../one"
    assert "another book in a series" in asked
    assert "- The rope is blue." in asked
    looks = {one.name: one.look for one in bookfolder.read_story(here / "one").cast}
    assert {one.name: one.look for one in bookfolder.read_story(here / "two").cast} == looks


def test_the_embedded_writer_lets_the_hero_look_as_before(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "write", "me being a pirate", "--hero", "Max", "--pages", "6", "--out", "one", "--seed", "3")
    run(
        capsys,
        "write",
        "me going to the moon",
        "--hero",
        "Max",
        "--pages",
        "6",
        "--after",
        "one",
        "--out",
        "two",
        "--seed",
        "8",
    )
    one, two = (
        {who.name: who.look for who in bookfolder.read_story(here / name).cast} for name in ("one", "two")
    )
    assert one["Max"] == two["Max"]


def test_a_book_to_go_on_from_must_be_there(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "write", "a whale", "--after", "nowhere", "--out", "b")
    assert code == 1
    assert "has no story to go on from" in err
    assert not (here / "b").exists()


def test_the_embedded_writer_takes_no_sparks(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "write", "a whale", "--spark", "the purple sock", "--out", "b")
    assert code == 2
    assert "purple sock" in err


# --- a child who has a say -----------------------------------------------------------------------------


def ask(
    house: Talker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *said: str
) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{one}\n" for one in said)))
    return run(capsys, "write", *WISH, "--writer", house.writer, "--out", "b", "--ask")


def test_a_child_takes_every_page(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with talker(Author(WHALE_STORY)) as house:
        code, out, err = ask(house, capsys, monkeypatch, *[""] * 10)
        assert [one.numbers for one in house.questions if one.about == "pages"] == [[n] for n in range(1, 11)]
    assert code == 0, err
    assert [page.text for page in bookfolder.read_story(here / "b").pages] == [
        page.text for page in WHALE_STORY.pages
    ]
    assert WHALE_STORY.pages[0].text.split(".")[0] in out


def test_a_child_sends_a_page_back_adds_to_it_and_undoes(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with talker(Author(WHALE_STORY)) as house:
        code, _, err = ask(
            house,
            capsys,
            monkeypatch,
            "n",
            "",
            "and then pigs come!",
            "undo",
            "and then a cow comes!",
            "rest",
        )
        outlines = [one.user for one in house.questions if one.about == "outline"]
        pages = [(one.numbers, one.user) for one in house.questions if one.about == "pages"]
    assert code == 0, err
    assert [numbers for numbers, _ in pages][:6] == [[1], [1], [2], [3], [2], [3]]
    assert "did not want this as page 1" in pages[1][1]
    assert pages[0][1] != pages[1][1]
    assert "pigs" in outlines[1]
    assert "cow" in outlines[2]
    assert "pigs" not in outlines[2]
    assert f"Page 2: {WHALE_STORY.pages[1].text}" in outlines[2]
    assert len(bookfolder.read_story(here / "b").pages) == 10


def test_a_child_who_stops_goes_on_where_it_stopped(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with talker(Author(WHALE_STORY)) as house:
        code, _, err = ask(house, capsys, monkeypatch, "", "", "stop")
        assert code == 130
        assert "what was finished is kept" in err
        assert not (here / "b" / "story.json").exists()
        code, _, _ = ask(house, capsys, monkeypatch, "rest")
        assert code == 0
        assert house.asked_about("outline") == 1


def test_what_a_child_adds_at_the_end_happens_at_the_end(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with talker(Author(WHALE_STORY)) as house:
        code, _, err = ask(house, capsys, monkeypatch, *[""] * 9, "and then a cow comes!", "")
        assert code == 0, err
        assert [one.numbers for one in house.questions if one.about == "pages"][-2:] == [[10], [10]]
        assert "cow" in [one.user for one in house.questions if one.about == "outline"][-1]


def test_what_must_not_happen_does_not(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with talker(Author(WHALE_STORY)) as house:
        code, _, err = ask(house, capsys, monkeypatch, "and then I torture the cat", "rest")
        assert house.asked_about("outline") == 1
    assert code == 0
    assert "does not hurt anybody. What else could happen?" in err


def test_undo_goes_back_a_page_also_after_a_break(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with talker(Author(WHALE_STORY)) as house:
        ask(house, capsys, monkeypatch, "", "", "stop")
        house.questions.clear()
        ask(house, capsys, monkeypatch, "undo", "undo", "stop")
        assert [one.numbers for one in house.questions if one.about == "pages"] == [[3], [2], [1]]


def test_a_break_at_the_question_leaves_the_page_untaken(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = iter(["", ""])

    def listen() -> str:
        try:
            return next(heard)
        except StopIteration:
            raise KeyboardInterrupt from None

    with talker(Author(WHALE_STORY)) as house:
        monkeypatch.setattr(writing, "_heard", listen)
        code, _, _ = run(capsys, "write", *WISH, "--writer", house.writer, "--out", "b", "--ask")
    assert code == 130
    draft = read_draft(here / "b")
    assert draft is not None
    assert [page.number for page in draft.pages] == [1, 2]


def test_pages_that_a_child_took_stay_though_many_are_plain(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoiled = {
        number: with_page(WHALE_STORY, number, "He had a gun and rum, idiot.").pages[number - 1]
        for number in range(1, 7)
    }
    with talker(Author(WHALE_STORY, spoiled, learns=False)) as house:
        code, _, _ = ask(house, capsys, monkeypatch, *[""] * 10)
    assert code == 0
    assert bookfolder.read_story(here / "b").title == WHALE_STORY.title


def test_another_seed_sets_the_draft_aside(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with talker(Author(WHALE_STORY)) as house:
        ask(house, capsys, monkeypatch, "", "", "stop")
        run(capsys, "write", *WISH, "--writer", house.writer, "--out", "b", "--seed", "2")
    assert (here / "b" / "earlier" / "draft-001.json").exists()


def test_a_draft_of_another_story_is_not_shown(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with talker(Author(WHALE_STORY, {5: RUDE})) as house:
        run(capsys, "write", *WISH, "--writer", house.writer, "--out", "b")
    run(capsys, "write", *WISH, "--writer", "fable", "--out", "b")
    _, out, _ = run(capsys, "check", "--book", "b", "--json")
    assert json.loads(out)["before"] is None


def test_pages_that_nobody_could_mend_are_told_at_once(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long = with_page(
        WHALE_STORY,
        5,
        "Down the hill they rolled past the baker past the school past three dogs past the church past the pond past me past you past the old mill.",
    ).pages[4]
    with talker(Author(WHALE_STORY, {5: long}, learns=False)) as house:
        _, out, _ = run(capsys, "write", *WISH, "--writer", house.writer, "--out", "b")
    assert "Please look at page 5, which could not be mended" in out


def test_words_that_cannot_be_printed_are_refused_before_a_model_is_asked(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with talker(Author(WHALE_STORY)) as house:
        code, _, _ = run(
            capsys, "write", *WISH, "--writer", house.writer, "--out", "b", "--keep", "Hurra \U0001f389"
        )
        assert house.questions == []
    assert code == 2


def test_only_a_model_can_be_talked_to(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "write", *WISH, "--ask", "--out", "b")
    assert code == 2
    assert "--ask needs a language model" in err


# --- what is there -------------------------------------------------------------------------------------


def test_doctor_shows_the_models_that_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        doctor,
        "listening",
        lambda: (
            Listening("ollama", "u", ("gemma3:12b", "smollm2:135m")),
            Listening("vllm", "u", ("x-0.3b",)),
        ),
    )
    found = [one for one in doctor.examine() if one.what == "language models"]
    assert found[0].found == "ollama: gemma3:12b"
    assert "--writer ollama:gemma3:12b" in found[0].means
    assert "only small ones" in found[1].found
    monkeypatch.setattr(doctor, "listening", lambda: ())
    assert [one.found for one in doctor.examine() if one.what == "language models"] == ["none listens here"]


def test_writers_are_completed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "listening", lambda: (Listening("ollama", "u", ("gemma3:12b",)),))
    assert writing.complete_writer("") == [
        "fable",
        "ollama:gemma3:12b",
        "ollama:",
        "llamacpp:",
        "lmstudio:",
        "vllm:",
    ]
    assert writing.complete_writer("ol") == ["ollama:gemma3:12b", "ollama:"]
    assert app.registered_commands


def test_what_leaves_the_machine_is_said(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(
        capsys, "write", *WISH, "--writer", "openai:big@http://0.0.0.0:9/v1", "--out", "b", "--json"
    )
    assert code == 1
    assert "leave this one for it" in err
