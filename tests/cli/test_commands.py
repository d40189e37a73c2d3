"""The command line as a person or a script meets it: answers, errors in words, exit codes."""

import json
from pathlib import Path

import pytest

from storykin import bookfolder, make
from storykin.cli import main, talk
from storykin.cli.commands import page_numbers_of
from storykin.errors import BadInput

PUPPIES = "I want a book about me being a puppy doctor"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of one command."""
    with pytest.raises(SystemExit) as left:
        main(words)
    told = capsys.readouterr()
    code = left.value.code
    return int(code or 0), told.out, told.err


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_steps_one_after_the_other(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "write", PUPPIES, "--hero", "Sasha", "--pages", "4", "--out", "b")
    assert code == 0
    assert "storykin board --book b" in out
    code, out, _ = run(capsys, "board", "--book", "b")
    assert code == 0
    assert "the cover" in out
    code, out, _ = run(capsys, "paint", "1-2,cover", "--book", "b", "--json")
    assert code == 0
    assert [row["page"] for row in json.loads(out)] == [0, 1, 2]
    code, out, _ = run(capsys, "paint", "--book", "b")
    assert code == 0
    assert out.count("pictures/") == 2
    code, out, _ = run(capsys, "bind", "--for", "screen", "--format", "html", "--book", "b", "--json")
    assert code == 0
    assert [Path(name).suffix for name in json.loads(out)] == [".html"]
    code, out, _ = run(capsys, "check", "--book", "b", "--json")
    assert code == 0
    assert {"rows", "faults"} <= json.loads(out).keys()
    code, out, _ = run(capsys, "pictures", "cover", "--book", "b", "--json")
    assert code == 0
    assert [row["used"] for row in json.loads(out)] == [True]


def test_a_book_without_a_folder_is_called_after_its_title(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(
        capsys, "book", PUPPIES, "--pages", "4", "--format", "html", "--for", "screen", "--json"
    )
    assert code == 0
    found = json.loads(out)
    assert (here / found["folder"] / "wish.toml").exists()
    progress = [json.loads(line) for line in err.splitlines()]
    assert progress[-1]["state"] == "done"
    assert progress[-1]["progress"] == 1.0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["book", ""], 2, "wish"),
        (["book", "   "], 2, "wish"),
        (["book", "我想成为一只小狗医生"], 2, "English"),
        (["book", PUPPIES, "--pages", "0"], 2, "4"),
        (["book", PUPPIES, "--pages", "10000"], 2, "48"),
        (["book", PUPPIES, "--age", "30"], 2, "9"),
        (["book", PUPPIES, "--painter", "rembrandt"], 2, "sketch"),
        (["book", PUPPIES, "--writer", "homer"], 2, "fable"),
        (["book", PUPPIES, "--art", "cubism"], 2, "flat"),
        (["book", PUPPIES, "--for", "gutenberg"], 2, "kdp-8.5x8.5"),
        (["book", PUPPIES, "--trim", "huge"], 2, "8.5x8.5"),
        (["book", PUPPIES, "--arc", "questt"], 2, "quest"),
        (["book", PUPPIES, "--pronouns", "it"], 2, "they"),
        (["book", PUPPIES, "--effort", "heroic"], 2, "draft"),
        (["book", PUPPIES, "--format", "docx"], 2, "epub"),
        (["book", "a book about raping and torturing people"], 3, "hint"),
        (["paint", "--book", "nowhere"], 1, "not the folder of a book"),
        (["paint", "1..3"], 2, "3-5,7"),
        (["paint", "--again"], 2, "which pages"),
        (["pictures", "1-3"], 2, "one page at a time"),
        (["book", PUPPIES, "--age", "old"], 2, "--age"),
        (["book", PUPPIES, "--colour", "red"], 2, "--colour"),
        (["knit"], 2, "knit"),
        (["book", PUPPIES, "--trim", "6x9"], 2, "8x10"),
        (["preflight", "nothing.pdf"], 1, "nothing.pdf"),
    ],
)
def test_mistakes_are_answered_in_words(
    words: list[str], code: int, said: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found, out, err = run(capsys, *words)
    assert found == code, err
    assert said in err
    assert "hint: " in err
    assert "Traceback" not in err + out
    assert not list(here.rglob("*.svg"))


@pytest.mark.parametrize(
    "wish",
    [
        "🐶👩‍⚕️ please!",
        'a "quoted" wish / with \\ slashes {and} [braces] & <b>tags</b>',
        "my dog Biscuit goes to Mars. " * 170,
        "me and\nTheo\tbuild a   rocket",
    ],
)
def test_odd_wishes_become_books(wish: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(
        capsys,
        "book",
        wish,
        "--hero",
        "Jörg Ölaf",
        "--pages",
        "4",
        "--format",
        "pdf",
        "--for",
        "screen",
        "--json",
    )
    assert code == 0, err
    assert json.loads(out)["files"]


def test_errors_are_json_for_scripts(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "book", PUPPIES, "--pages", "3", "--json")
    assert code == 2
    assert set(json.loads(out)) == {"error", "hint"}


def test_a_folder_that_cannot_be_written(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "file").write_text("I am no folder")
    code, _, err = run(capsys, "book", PUPPIES, "--out", "file/book")
    assert code == 1
    assert "file/book" in err
    assert "--out" in err


def test_somebody_elses_folder_is_left_alone(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "photos").mkdir()
    (here / "photos" / "a.jpg").write_bytes(b"x")
    code, _, err = run(capsys, "book", PUPPIES, "--out", "photos")
    assert code == 2
    assert "not a book" in err
    assert [path.name for path in (here / "photos").iterdir()] == ["a.jpg"]


def test_a_title_that_is_taken_gets_a_number(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "write", PUPPIES, "--pages", "4", "--json")
    first = json.loads(out)["folder"]
    _, out, _ = run(capsys, "write", PUPPIES, "--pages", "4", "--json")
    assert json.loads(out)["folder"] == first
    _, out, _ = run(capsys, "write", PUPPIES, "--pages", "4", "--dedication", "For Grandma", "--json")
    assert json.loads(out)["folder"] == f"{first}-2"


def test_choices_that_are_not_given_again_stay(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "write", PUPPIES, "--pages", "4", "--out", "b")
    make.choose(Path("b"), press="lulu-8.5x8.5", author="A. Parent")
    run(capsys, "write", PUPPIES, "--pages", "4", "--seed", "2", "--out", "b")
    choices = bookfolder.read_choices(Path("b"))
    assert (choices.press, choices.author) == ("lulu-8.5x8.5", "A. Parent")


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys)
    assert code == 2
    assert "Traceback" not in out + err
    assert "storykin book" in out + err


def test_ctrl_c_says_what_is_kept(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(make, "make_pictures", pressed)
    code, _, err = run(capsys, "book", PUPPIES, "--pages", "4", "--out", "b")
    assert code == 130
    assert "what was finished is kept" in err


def test_the_doctor_knows_writers_and_painters(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "doctor", "--json")
    assert code == 0
    found = {row["what"]: row["found"] for row in json.loads(out)}
    assert "fable" in found["writers"]
    assert "sketch" in found["painters"]
    assert found["training"] in {"installed", "not installed"}


def test_every_command_and_option_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    import typer

    from storykin.cli.commands import app

    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        assert command.help, name
        for option in command.params:
            assert getattr(option, "help", "") or option.name == "help", f"{name} {option.name}"


@pytest.mark.parametrize(("words", "expected"), [("3", [3]), ("3-5,7", [3, 4, 5, 7]), ("cover, 2", [0, 2])])
def test_pages_in_words(words: str, expected: list[int]) -> None:
    assert page_numbers_of(words) == expected


@pytest.mark.parametrize("words", ["", "a", "3-", "5-3", "-2", "1.5", "²", "1-999999999", "1-2-3"])
def test_words_that_name_no_pages(words: str) -> None:
    with pytest.raises(BadInput):
        page_numbers_of(words)


def test_logs_of_long_work_get_a_line_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    with talk.progress("train", as_json=False) as on_step:
        for step in range(1, 101):
            on_step(step / 100, f"step {step} of 100")
        on_step(1.0, "writing the adapter")
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "  1% step 1 of 100"
    assert 15 <= len(lines) <= 22
    assert lines[-1] == "100% writing the adapter"
