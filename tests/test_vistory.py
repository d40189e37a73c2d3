"""ViStoryBench from its folder to a table: a small story in its format is drawn, read and scored, and so are pictures of another method."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from storykin import vistory
from storykin.choices import Choices
from storykin.cli.vistory import vistory as command
from storykin.critics import Question, Reading, Seen, Thing
from storykin.critics.vistory import read_story, stories_of
from storykin.errors import BadFile, BadInput
from storykin.reviewing import Critic
from storykin.scene import Box
from tests.critics.vistorystory import write_story

pytest.importorskip("numpy")


class Sees:
    """A reader that sees the same child in every picture."""

    name = "sees"
    licence = ""
    revision = "1"
    reads: frozenset[Thing] = frozenset({"figures", "identity"})

    def unready(self) -> str:
        return ""

    def read(self, picture: object, question: Question) -> Reading:
        found = Seen(Box(0.3, 0.2, 0.3, 0.7), kind="girl", vectors={"drawn": (1.0, 0.0)})
        return Reading((found,), read=dict.fromkeys(self.reads, self.name))

    def close(self) -> None:
        """There is nothing to give back."""


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_story(tmp_path_factory.mktemp("data"))


def test_a_story_is_painted_through_the_path_and_scored(dataset: Path, tmp_path: Path) -> None:
    tale = read_story(stories_of(dataset)[0])
    choices = Choices(judge=False, size=256)
    made = vistory.paint(tale, tmp_path, choices)
    assert [path.relative_to(tmp_path).as_posix() for path in made.values()] == [
        f"storykin/sketch/en/01/shot_{number:02d}.png" for number in (1, 2, 3)
    ]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in made.values())
    shelf = tmp_path / "books" / "01" / "cast"
    assert (shelf / "mia" / "references" / "00.png").is_file(), "their pictures go on the shelf"
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "books").rglob("pictures/*.svg")}
    vistory.paint(tale, tmp_path, choices)
    assert before == {path: path.stat().st_mtime_ns for path in (tmp_path / "books").rglob("pictures/*.svg")}
    found = vistory.judge(tale, vistory.found_pictures(tmp_path, tale), Critic((Sees(),), ()), True, tmp_path)
    assert found.pictures == 3
    assert found.cross_cids == pytest.approx(0.5), "the dog is found nowhere and counts 0"
    assert found.occm is not None
    assert 50 < found.occm < 100
    assert found.space == "drawn"


def test_missing_and_unreadable_pictures_are_named(dataset: Path, tmp_path: Path) -> None:
    tale = read_story(stories_of(dataset)[0])
    with pytest.raises(BadFile, match="no pictures of story 01"):
        vistory.found_pictures(tmp_path, replace(tale))
    (tmp_path / "shot_01.png").write_bytes((dataset / "01" / "image" / "Mia" / "00.png").read_bytes())
    (tmp_path / "shot_02.png").write_bytes(b"\x89PNG nothing")
    found = vistory.judge(tale, vistory.found_pictures(tmp_path, tale), Critic((Sees(),), ()), True)
    assert found.pictures == 1
    assert "3" in found.unread["missing"]
    assert "shot_02.png" in found.unread["unreadable"]


def test_the_command_scores_pictures_of_another_method(dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    outputs = tmp_path / "outputs" / "uno" / "base" / "en" / "20250601-101010" / "01"
    outputs.mkdir(parents=True)
    for number in (1, 2, 3):
        (outputs / f"shot_{number:02d}.png").write_bytes(
            (dataset / "01" / "image" / "Mia" / "00.png").read_bytes()
        )
    monkeypatch.setattr("storykin.cli.vistory.Critic", lambda: Critic((), (Sees(),)))
    app = typer.Typer()
    app.command()(command)
    words = [str(dataset), "--pictures", str(tmp_path / "outputs"), "--lite", "--out", str(tmp_path / "kept")]
    shown = CliRunner().invoke(app, words)
    assert shown.exit_code == 0, shown.output
    assert "Cross-CIDS" in shown.output
    assert "prompt alignment: not read: the benchmark has a large language model" in " ".join(shown.output.split())  # fmt: skip
    told = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert told["all"]["pictures"] == 3
    assert told["stories"][0]["occm"] > 0
    assert "prompt alignment" in told["all"]["unread"]
    assert not any("align" in name for name in told["all"])  # no number passes for it


def test_mistakes_are_told_in_words_and_nothing_is_begun(dataset: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("words")
    app = typer.Typer()
    app.command()(command)

    def told(*words: str, data: Path = dataset) -> str:
        found = CliRunner().invoke(app, [str(data), "--out", str(tmp_path / "out"), *words])
        assert isinstance(found.exception, BadFile | BadInput), found.exception
        return found.exception.message

    assert "gone: there is no such folder of pictures" in told("--pictures", str(tmp_path / "gone"))
    assert "notes.txt: there is no such folder" in told("--pictures", str(tmp_path / "notes.txt"))
    assert "notes.txt: cannot be written" in told("--out", str(tmp_path / "notes.txt"))
    assert "painter 'sketch' has no style 'nonsense'" in told("--art", "nonsense")
    for text, what in (("{", "cannot be read"), ('{"Characters": []}', "a field is of another kind"), ('{"Characters": {}}', "'Shots' is missing")):  # fmt: skip
        (tmp_path / "bad" / "01").mkdir(parents=True, exist_ok=True)
        (tmp_path / "bad" / "01" / "story.json").write_text(text)
        assert what in told(data=tmp_path / "bad")
    assert not (tmp_path / "out").exists()


def test_a_picture_of_the_cast_that_is_none_is_named(tmp_path: Path) -> None:
    data = write_story(tmp_path / "data")
    path = data / "01" / "image" / "Mia" / "00.png"
    path.write_text("words")
    tale = read_story(stories_of(data)[0])
    with pytest.raises(BadFile, match=r"Mia/00.png: a picture cannot be read: it is in no format"):
        vistory.judge(tale, {}, Critic((), (Sees(),)))


def test_the_drawn_reader_reads_what_the_embedded_painter_drew(dataset: Path, tmp_path: Path) -> None:
    from storykin.critics.drawn import DrawnReader

    reader = DrawnReader()
    if reader.unready():
        pytest.skip(reader.unready())
    tale = read_story(stories_of(dataset)[0])
    made = vistory.paint(tale, tmp_path, Choices(judge=False, size=512))
    found = vistory.judge(tale, made, Critic((reader,), ()), True)
    assert found.occm is not None
    assert found.occm > 60
    assert found.cross_cids is not None
    assert found.self_cids is not None
