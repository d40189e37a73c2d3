"""The cast on the command line: what a parent types, and what is answered to what cannot be."""

import json
from pathlib import Path

import pytest

from storykin import files
from storykin.cast import shelf
from storykin.cast.sighting import Decisions, Sighting
from storykin.character import Character
from storykin.cli import main


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*words: str, code: int = 0) -> None:
    """Run a command and expect an exit code."""
    with pytest.raises(SystemExit) as left:
        main(["cast", *words])
    assert left.value.code == code


def answered(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    """The JSON that was answered."""
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def sasha() -> Character:
    return files.read_toml(Path("cast/sasha") / shelf.CHARACTER, Character)


def test_a_character_from_words_can_be_listed_shown_and_changed(capsys: pytest.CaptureFixture[str]) -> None:
    run(
        "add",
        "Sasha",
        "--kind",
        "girl",
        "--age",
        "6",
        "--look",
        "long red hair, freckles",
        "--outfit",
        "rain=a yellow coat",
    )
    assert (sasha().look.age, sasha().look.hair_colour, sasha().outfits[0].name) == (6, "red", "rain")
    run("list")
    assert "Sasha" in capsys.readouterr().out
    run("show", "Sasha")
    assert "a yellow coat" in capsys.readouterr().out
    assert Path("cast/sasha/sheet.png").stat().st_size > 10_000
    run("edit", "Sasha", "--hair-colour", "auburn", "--age", "7", "--outfit", "rain=")
    assert (sasha().look.age, sasha().look.hair_colour, sasha().look.extras) == (7, "auburn", ("freckles",))
    assert sasha().outfits == ()
    run("edit", "Sasha", "--undo")
    assert (sasha().look.age, sasha().look.hair_colour) == (6, "red")


def test_the_character_walks_into_the_next_book(capsys: pytest.CaptureFixture[str]) -> None:
    run("add", "Sasha", "--kind", "girl", "--hair-colour", "#a03020", "--hair-style", "short")
    with pytest.raises(SystemExit) as left:
        main(["write", "a trip to the moon", "--hero", "Sasha", "--pages", "4", "--out", "moon"])
    assert left.value.code == 0
    assert "#a03020" in Path("moon/story.json").read_text(encoding="utf-8")


def test_json_answers(capsys: pytest.CaptureFixture[str]) -> None:
    run("add", "Wilbur", "--kind", "whale", "--json")
    assert answered(capsys)["name"] == "Wilbur"
    run("list", "--json")
    assert json.loads(capsys.readouterr().out)[0]["kind"] == "whale"
    run("show", "Wilbur", "--json")
    assert answered(capsys)["dataset"] is None
    run("show", "Wilba", "--json", code=2)
    assert "did you mean Wilbur" in str(answered(capsys)["hint"])


def test_there_and_back_in_a_box(capsys: pytest.CaptureFixture[str]) -> None:
    run("add", "Wilbur", "--kind", "whale")
    run("export", "Wilbur")
    run("import", "wilbur.storykin", "--as", "Walter")
    run("import", "wilbur.storykin", code=2)
    assert "there already" in capsys.readouterr().err
    assert shelf.names(Path("cast")) == ("Walter", "Wilbur")


def test_forget_names_the_books_and_keeps_them_unless_told(capsys: pytest.CaptureFixture[str]) -> None:
    run("add", "Sasha")
    files.write_text(Path("moon/wish.toml"), 'idea = "x"\nhero = "Sasha"\n')
    run("forget", "Sasha", "--yes")
    assert "moon: a book with Sasha" in capsys.readouterr().out
    assert Path("moon/wish.toml").exists()
    assert not Path("cast/sasha").exists()
    run("add", "Sasha")
    run("forget", "Sasha", "--yes", "--books", "whole")
    assert not Path("moon").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "!!"), "is no name"),
        (("add", "Sasha", "nowhere"), "no such folder"),
        (("add", "Sasha", "--base", "sd9", "."), "is not known"),
        (("add", "Sasha", "--resolution", "500", "."), "no multiple of 64"),
        (("add", "Sasha", "--others", "eat", "."), "is not known"),
        (("add", "Sasha", "--outfit", "coat"), "no name before"),
        (("add", "Sasha", "--captioner-model", "x", "."), "without --captioner"),
        (("add", "Sasha", "--captioner", "http://8.8.8.8/v1", "."), "leave the house"),
        (("show", "Nobody"), "nobody called"),
        (("edit", "Nobody", "--age", "3"), "nobody called"),
        (("forget", "Nobody", "--yes"), "nobody called"),
        (("forget", "Tom", "--yes", "--books", "burn"), "is not known"),
        (("edit", "Tom", "--undo"), "no edit to take back"),
        (("edit", "Tom", "--drop", "x.jpg"), "no photo"),
        (("edit", "Tom", "--crop", "x.jpg=1,2"), "X,Y,W,H"),
        (("edit", "Tom", "--drop", "a.jpg", "--keep", "a.jpg"), "dropped and kept"),
        (("add", "Tom"), "is on the shelf already"),
        (("add", "Tom", "--age", "3", "."), "is on the shelf already"),
        (("import", "no.storykin"), "no such file"),
        (("export", "Nobody"), "nobody called"),
        (("add", "Sasha", "--age", "-3"), "greater than or equal to 0"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_changes(
    words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run("add", "Tom", "--kind", "boy")
    shelf.append_seen(Path("cast/tom"), [shelf.Seen(_version(), 1, 1, Sighting("a.jpg", "d" * 64))])
    capsys.readouterr()
    before = sorted(path for path in Path().rglob("*") if path.is_file())
    with pytest.raises(SystemExit) as left:
        main(["cast", *words])
    assert left.value.code in {1, 2}
    said = capsys.readouterr().err
    assert told in said
    assert "hint:" in said
    assert sorted(path for path in Path().rglob("*") if path.is_file()) == before


def _version() -> int:
    from storykin.cast.looking import VERSION

    return VERSION


def test_decisions_by_hand_are_kept_in_a_file_to_read(capsys: pytest.CaptureFixture[str]) -> None:
    run("add", "Tom", "--kind", "boy")
    shelf.append_seen(Path("cast/tom"), [shelf.Seen(_version(), 1, 1, Sighting("a b.jpg", "d" * 64))])
    run("edit", "Tom", "--drop", "A B", "--wanted", "20", "--base", "sd15", "--others", "mask", "--whole")
    assert shelf.read_decisions(Path("cast/tom")) == Decisions(
        dropped=("a b.jpg",), wanted=20, family="sd15", others="mask", whole=True
    )
    run("edit", "Tom", "--auto", "a b.jpg")
    run("edit", "Tom", "--cut")
    assert not shelf.read_decisions(Path("cast/tom")).whole
    assert shelf.read_decisions(Path("cast/tom")).dropped == ()


def test_photos_without_the_extra_say_how_to_get_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import sys

    from PIL import Image

    for name in ("numpy", "ai_edge_litert", "dlib"):
        monkeypatch.setitem(sys.modules, name, None)
    for name in [name for name in sys.modules if name.startswith("storykin.cast.")]:
        monkeypatch.delitem(sys.modules, name)
    (tmp_path / "photos").mkdir()
    Image.new("RGB", (400, 400), "red").save(tmp_path / "photos" / "a.jpg")
    run("add", "Sasha", "photos", code=2)
    assert "pip install 'storykin[cast]'" in capsys.readouterr().err
