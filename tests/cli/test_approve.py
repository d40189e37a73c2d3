"""The parent's approval and the critic's words on the command line."""

import json
from pathlib import Path

import pytest

from storykin import approving, bookfolder
from storykin.cli import approve as asking
from tests.cli.test_commands import run
from tests.drifting import Drifting, Knowing, Rates

WISH = ("book", "a book about me on the moon", "--hero", "Sasha", "--pages", "4", "--for", "screen", "--format", "html", "--out", "b")  # fmt: skip


@pytest.fixture
def painter() -> Drifting:
    return Drifting(Rates(0, 0, 0, 0, 0, 0), draws=False)


@pytest.fixture
def here(tmp_path: Path, painter: Drifting, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("storykin.easel.painter_named", lambda name, **given: painter)
    monkeypatch.setattr(
        "storykin.make.critic_of", lambda choices: Knowing(painter) if choices.judge else None
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_book_ends_with_a_line_for_every_page(
    here: Path, painter: Drifting, capsys: pytest.CaptureFixture[str]
) -> None:
    painter.rates = Rates(0, 0.6, 0, 0, 0, 0)
    code, out, _ = run(capsys, *WISH)
    assert code == 0
    lines = [line.strip() for line in out.splitlines() if " · " in line]
    assert [line.split(" · ")[0] for line in lines] == ["the cover", "page 1", "page 2", "page 3", "page 4"]
    assert all("hair 0." in line for line in lines)
    flagged = [line for line in lines if "hair (" in line]
    fine = [line for line in lines if "fine" in line]
    assert len(flagged) + len(fine) == 5
    assert out.count("• ") >= len(flagged) > 0
    assert any("tries" in line for line in lines)
    code, out, err = run(capsys, *WISH, "--json")
    found = json.loads(out)["pictures"]
    assert [one["page"] for one in found] == [0, 1, 2, 3, 4]
    assert sum(not one["passed"] for one in found) == len(flagged)
    assert all(one["tried"] for one in found if not one["passed"])
    assert '"painting' not in out
    assert "judging" in err


def test_tries_and_the_judge_are_chosen(
    here: Path, painter: Drifting, capsys: pytest.CaptureFixture[str]
) -> None:
    painter.rates = Rates(0, 1.0, 0, 0, 0, 0)
    run(capsys, *WISH, "--no-judge")
    assert len(painter.painted) == 5
    assert not bookfolder.read_choices(here / "b").judge
    code, out, _ = run(capsys, "paint", "1", "--judge", "--tries", "2", "--book", "b", "--json")
    assert code == 0
    (one,) = json.loads(out)
    assert (one["page"], one["passed"], len(one["tried"])) == (1, False, 2)
    assert {fault["name"] for fault in one["faults"]} == {"hair"}
    code, out, _ = run(capsys, "paint", "1", "--book", "b")
    assert "every picture is there" in out.lower()
    assert "hair (Sasha)" in out
    code, out, _ = run(capsys, "pictures", "1", "--book", "b")
    assert out.count("hair") == 4  # two pictures of two people
    code, out, _ = run(capsys, "pictures", "1", "--book", "b", "--json")
    assert [row["passed"] for row in json.loads(out)] == [False, False]
    assert [row["used"] for row in json.loads(out)].count(True) == 1
    code, out, _ = run(capsys, "pictures", "2", "--book", "b", "--json")
    assert [row["passed"] for row in json.loads(out)] == [None]


def test_approve_lists_approves_and_takes_back(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, *WISH, "--approve")
    assert code == 1
    assert "wait for your approval: cover, 1, 2, 3, 4" in err
    assert "storykin approve" in err
    code, out, _ = run(capsys, "approve", "--book", "b")
    assert code == 0
    assert out.count("pictures/") == 5
    assert not (here / "b" / "approved.json").exists()
    code, out, _ = run(capsys, "approve", "--all", "--not", "2-3", "--book", "b", "--json")
    assert [one["page"] for one in json.loads(out)["waiting"]] == [2, 3]
    code, out, _ = run(capsys, "approve", "2,3", "--book", "b")
    assert "Every page is approved" in out
    code, out, _ = run(capsys, "bind", "--book", "b")
    assert code == 0
    code, _, err = run(capsys, "approve", "--not", "cover", "--book", "b")
    assert (code, run(capsys, "bind", "--book", "b")[0]) == (0, 1)
    assert run(capsys, "bind", "--no-approve", "--book", "b")[0] == 0
    assert run(capsys, "approve", "1", "--all", "--book", "b")[0] == 2
    assert run(capsys, "approve", "none", "--book", "b")[0] == 2


def test_on_a_terminal_every_page_is_asked_about(
    here: Path, painter: Drifting, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = ["maybe", "again", "y", "Y", "n", "y", "y"]
    asked: list[str] = []

    def answer(words: str, **_: object) -> str:
        asked.append(words)
        return answers.pop(0)

    monkeypatch.setattr(asking, "somebody_is_there", lambda: True)
    monkeypatch.setattr("typer.prompt", answer)
    code, out, err = run(capsys, *WISH, "--approve")
    assert code == 1
    assert not answers
    assert [words.split(" good")[0] for words in asked] == [
        "Is the cover", "Is the cover", "Is the cover", "Is page 1", "Is page 2", "Is page 3", "Is page 4",
    ]  # fmt: skip
    assert len(painter.painted) == 6  # the cover once again
    assert [shot.page for shot, _ in approving.waiting(here / "b")] == [2]
    assert "wait for your approval: 2" in err
    answers = ["y"]
    code, out, _ = run(capsys, *WISH, "--approve")
    assert code == 0
    assert "Look at it" in out


def test_without_a_terminal_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not asking.somebody_is_there()  # pytest's input is none
