"""The commands judge and compare, as people type them: a table, a page, JSON, exit codes, and mistakes in words."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from storykin import reviewing
from storykin.cli import judge as judging
from storykin.critics import Reading
from storykin.errors import BadFile, BadInput
from tests.elsewhere import SASHA, TOM, Doll, DollReader, folder_of

BOTH = {"Sasha": SASHA, "Tom": TOM}

app = typer.Typer()
judging.register(app)


@pytest.fixture(autouse=True)
def _dolls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(reviewing, "drawn_readers", lambda: (DollReader(),))
    monkeypatch.setattr(reviewing, "painted_readers", lambda: (DollReader(),))
    monkeypatch.chdir(tmp_path)


def run(*words: object, code: int = 0) -> str:
    found = CliRunner().invoke(app, [str(word) for word in words])
    if found.exception and not isinstance(found.exception, SystemExit):
        raise found.exception
    assert found.exit_code == code, found.output
    return found.stdout


@pytest.fixture
def references(tmp_path: Path) -> Path:
    for name, doll in BOTH.items():
        folder_of(tmp_path / "refs" / name, {"1.png": {name: replace(doll, x=0.5)}})
    return tmp_path / "refs"


def test_a_table_a_page_and_exit_code_1_under_the_gate(tmp_path: Path, references: Path) -> None:
    pages = {"1.png": BOTH, "2.png": {"Sasha": replace(SASHA, hair="white"), "Tom": TOM}}
    folder = folder_of(tmp_path / "made", pages)
    said = run("judge", folder, "--who", "Sasha,Tom", "--references", references, code=1)
    assert "hair (Sasha)" in said
    assert "Is the hair the same? 75% (3 of 4 figures)" in said
    assert "1 of 2 pictures are as they should be" in said
    assert "not read: place: no weights are here" in said
    html = (folder / "consistency.html").read_text()
    assert "Sasha on 2.png: hair" in html
    assert list((folder / "readings").glob("*.json"))


def test_exit_code_0_when_all_is_fine_and_out_says_where(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "made", {"1.png": BOTH, "2.png": {"Tom": TOM}})
    run("judge", folder, "--out", tmp_path / "told" / "page.html")
    assert (tmp_path / "told" / "page.html").exists()
    assert {path.name for path in folder.iterdir()} == {
        "1.png",
        "2.png",
    }  # nothing is left among somebody's pictures
    assert (tmp_path / "told" / "readings").is_dir()


def test_json(tmp_path: Path, references: Path) -> None:
    folder = folder_of(tmp_path / "made", {"1.png": {"Tom": TOM}, "2.png": BOTH})
    said = run("judge", folder, "--who", "Sasha; Tom", "--references", references, "--json", code=1)
    found = json.loads(said)
    assert found["passed"] == 1
    assert found["questions"]["count"] == {**found["questions"]["count"], "share": 0.5, "right": 1, "read": 2}
    first = found["pages"][0]
    assert first["passed"] is False
    assert first["faults"][0]["name"] == "missing"
    assert first["figures"]["Sasha"]["state"] == "missing"
    assert found["pages"][1]["figures"]["Tom"]["likeness"] == 1.0


def test_single_pictures_and_only_some(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "made", {f"{number}.png": BOTH for number in (1, 2, 3)})
    found = json.loads(run("judge", folder / "1.png", folder / "3.png", "--json"))
    assert [one["page"] for one in found["pages"]] == [1, 2]
    assert (tmp_path / "consistency.html").exists()
    found = json.loads(run("judge", folder, "--only", "2-3", "--json"))
    assert [one["name"] for one in found["pages"]] == ["2.png", "3.png"]


def test_only_some_readers(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "made", {"1.png": BOTH})
    run("judge", folder, "--readers", "dolls")
    with pytest.raises(BadInput, match="no reader 'nets'") as told:
        run("judge", folder, "--readers", "nets")
    assert "dolls" in told.value.hint


def test_mistakes_are_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match="there is no picture in it"):
        run("judge", tmp_path / "empty")
    with pytest.raises(BadInput, match="no such folder"):
        run("judge", tmp_path / "gone")
    folder = folder_of(tmp_path / "made", {"1.png": BOTH})
    with pytest.raises(BadInput, match="does not name pages"):
        run("judge", folder, "--only", "all")
    with pytest.raises(BadInput, match="only books have a cover"):
        run("judge", folder, "--only", "cover")
    with pytest.raises(BadFile, match="there is no such file"):
        run("judge", folder, "--table", tmp_path / "gone.csv")
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "wish.toml").write_text('idea = "a lost ball"\n')
    with pytest.raises(BadFile, match="no storyboard yet"):
        run("judge", tmp_path / "book")
    (tmp_path / "book" / "storyboard.json").write_text("{}")
    with pytest.raises(BadInput, match="together with others"):
        run("judge", tmp_path / "book", folder)
    with pytest.raises(BadInput, match="whose storyboard says who is where"):
        run("judge", tmp_path / "book", "--who", "Sasha")


def left_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_what_cannot_be_done_is_told_before_anything_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """A page that could not be written, a second place that is not there, a shelf that is none: nobody waits for that, and nothing lies about afterwards."""
    monkeypatch.setattr(DollReader, "read", lambda self, picture, question: pytest.fail("looked"))
    folder = folder_of(tmp_path / "made", {"1.png": BOTH})
    (tmp_path / "notes.txt").write_text("words")
    before = left_in(tmp_path)
    for out in ("made", "notes.txt/page.html", "made/1.png/page.html"):
        with pytest.raises(BadFile, match=f"{out}: cannot be written"):
            run("judge", folder, "--out", out)
        with pytest.raises(BadFile, match=f"{out}: cannot be written"):
            run("compare", folder, folder, "--out", out)
    with pytest.raises(BadInput, match="gone: there is no such folder"):
        run("compare", folder, tmp_path / "gone")
    for shelf in ("gone", "notes.txt"):
        with pytest.raises(BadInput, match=f"{shelf}: there is no such folder of characters"):
            run("judge", folder, "--shelf", shelf)
    assert left_in(tmp_path) == before


def test_pictures_that_are_none_are_named_and_the_others_judged(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "made", {"1.png": BOTH, "2.png": BOTH})
    whole = (folder / "2.png").read_bytes()
    (folder / "2.png").write_bytes(whole[: len(whole) // 2])
    (folder / "3.png").write_text("words")
    (folder / "4.png").symlink_to("gone.png")
    (folder / "5.svg").write_text("<svg")
    found = json.loads(run("judge", folder, "--json"))
    assert [one["name"] for one in found["pages"]] == ["1.png"]
    assert {words for words in found["remarks"] if "left out" in words} == {
        "2.png was left out: it ends too early.", "3.png was left out: it is text, not a picture.",
        "4.png was left out: it cannot be read: No such file or directory.", "5.svg was left out: it cannot be read as a picture.",
    }  # fmt: skip
    (folder / "1.png").unlink()
    with pytest.raises(BadFile, match=r"made: no picture can be read; the first, 2.png, ends too early"):
        run("judge", folder)


def test_a_reader_that_breaks_is_not_the_pictures_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    def broken(self: DollReader, picture: object, question: object) -> None:
        raise BadFile("net.safetensors: cannot be loaded", "load it down anew")

    monkeypatch.setattr(DollReader, "read", broken)
    with pytest.raises(BadFile, match="cannot be loaded"):
        run("judge", folder_of(tmp_path / "made", {"1.png": BOTH}))
    assert not (tmp_path / "made" / "consistency.html").exists()


def test_readings_that_cannot_be_kept_stop_nobody(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "made", {"1.png": BOTH})
    (folder / "readings").write_text("no folder")
    run("judge", folder)
    assert (folder / "consistency.html").exists()


class Half(DollReader):
    """Looks for one part of what is unsafe and not for the other."""

    reads = frozenset({"safety"})
    name = "half"

    def read(self, picture: object, question: object) -> Reading:
        return Reading(scores={"safety": 0.98}, read={"safety": self.name}, unread={"fright": "not looked for"})  # fmt: skip


def test_what_was_not_looked_for_is_told_where_safety_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(reviewing, "painted_readers", lambda: (DollReader(), Half()))
    folder = folder_of(tmp_path / "made", {"1.png": BOTH})
    assert "not read: fright: not looked for" in run("judge", folder)
    found = json.loads(run("judge", folder, "--json"))
    assert {"what": "fright", "why": "not looked for", "pictures": 1} in found["not_read"]
    assert found["pages"][0]["not_read"]["fright"] == "not looked for"
    assert "safety" not in found["pages"][0]["not_read"]


def test_two_methods_side_by_side(tmp_path: Path, references: Path) -> None:
    plain = {f"{number}.png": BOTH for number in range(1, 9)}
    worse = {name: {"Sasha": replace(SASHA, hair="white"), "Tom": TOM} for name in plain}
    one, two = folder_of(tmp_path / "prompt", worse), folder_of(tmp_path / "lora", plain)
    known = ("--who", "Sasha,Tom", "--references", references)
    said = " ".join(run("compare", one, two, *known).split())
    assert "prompt" in said
    assert "Side by side: compare.html" in said
    html = (tmp_path / "compare.html").read_text()
    assert "prompt beside lora" in html
    assert html.count("data:image/jpeg") == 16
    found = json.loads(run("compare", one, two, *known, "--names", "A,B", "--out", "x.html", "--json"))
    hair = next(row for row in found["measures"] if row["measure"] == "hair")
    assert hair["values"] == {"A": 0.5, "B": 1.0}
    assert hair["differences"]["B"]["means"] == "better"
    assert hair["differences"]["B"]["paired"] is True
    assert (tmp_path / "x.html").exists()


def test_three_and_unlike_names(tmp_path: Path) -> None:
    places = [
        folder_of(tmp_path / name / "out", {"a.png": BOTH, "b.png": {**BOTH, "Mia": Doll(0.1)}})
        for name in "xyz"
    ]
    found = json.loads(run("compare", *places, "--who", "Sasha,Tom", "--json"))
    assert list(found["sets"]) == [str(place) for place in places]  # all three folders are called "out"
    with pytest.raises(BadInput, match="only one to compare"):
        run("compare", places[0])
    with pytest.raises(BadInput, match="1 names for 2 places"):
        run("compare", *places[:2], "--names", "A")
