"""Values to files and back: whole, or a clear word about what is wrong."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from storykin import files
from storykin.book import Book, Leaf, Trim
from storykin.character import Adapter, Character, Look, Outfit
from storykin.choices import Choices
from storykin.errors import BadFile
from storykin.picture import Fault, Picture, Verdict
from storykin.scene import Box, Figure, Scene
from storykin.shot import PlacedAdapter, Shot, Storyboard
from storykin.story import Page, Story
from storykin.wish import Wish

SASHA = Character(
    "Sasha",
    Look("girl", 6, 116, "fair", "red-brown", "curly", "green", "round glasses", "slim", ("freckles",)),
    (Outfit("everyday", "a striped jumper", ("red", "white")),),
    "the hero",
    ("sasha.jpg",),
    (Adapter("sasha.safetensors", "sdxl", "sksha", 16, 0.9, 0.71),),
)
SCENE = Scene("clinic", "evening", "rain", ("lamp",), (Figure("Sasha", "kneeling", "worried", "bandage", "", "left",
              Box(0.1, 0.2, 0.3, 0.4)),), "close", Box(0, 0, 1, 0.3))  # fmt: skip
SHOT = Shot(3, SCENE, (SASHA,), adapters=(PlacedAdapter(SASHA.adapters[0], Box(0, 0, 0.5, 1)),))
VALUES = [
    Wish("me being a puppy doctor", "Sasha", "she", ("Theo",), keep=("wuff!",), style=("rhyme", "funny")),
    Choices(press="screen", formats=("html",)),
    SASHA,
    Story("The Clinic", (Page(1, "One\ntwo “three” – ü", SCENE),), (SASHA,), "For you"),
    Storyboard((SHOT,), ("abc",)),
    Picture(
        "p.svg",
        SHOT,
        "sketch",
        "1",
        "abc",
        "image/svg+xml",
        verdict=Verdict({"hair": 0.5}, (Fault("hair", "Sasha", "orange, not brown", 0.4),), False),
    ),
    Book("T", (Leaf("story", "x", "p.svg", "alt", Box(0, 0, 1, 1), "left", 3),), Trim(8.5, 8.5)),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_survives_json(tmp_path: Path, value: object) -> None:
    files.write_json(tmp_path / "v.json", value)
    assert files.read_json(tmp_path / "v.json", type(value)) == value


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_survives_toml(tmp_path: Path, value: object) -> None:
    files.write_toml(tmp_path / "v.toml", value)
    assert files.read_toml(tmp_path / "v.toml", type(value)) == value


def test_an_unknown_key_is_refused_and_the_nearest_named(tmp_path: Path) -> None:
    path = tmp_path / "story.json"
    files.write_json(path, VALUES[3])
    spoiled = json.loads(path.read_text())
    spoiled["pages"][0]["scene"]["figures"][0]["expresion"] = "happy"
    path.write_text(json.dumps(spoiled))
    with pytest.raises(BadFile, match="unknown key 'expresion' in Figure") as caught:
        files.read_json(path, Story)
    assert "did you mean 'expression'" in caught.value.hint


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"pages": "twelve"}, "pages"),
        ({"reader_age": 4.5}, "reader_age"),
        ({"style": ["limerick"]}, "style.0"),
        ({"idea": None}, "idea"),
    ],
)
def test_a_mistyped_field_is_named(tmp_path: Path, change: dict[str, object], expected: str) -> None:
    path = tmp_path / "w.json"
    path.write_text(json.dumps({"idea": "x", **change}))
    with pytest.raises(BadFile, match=expected):
        files.read_json(path, Wish)


def test_a_cut_off_file_says_where(tmp_path: Path) -> None:
    path = files.write_json(tmp_path / "story.json", VALUES[3])
    path.write_text(path.read_text()[:-40])
    with pytest.raises(BadFile, match=r"story\.json: line \d+, column \d+"):
        files.read_json(path, Story)


def test_what_is_missing_or_not_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="no such file"):
        files.read_text(tmp_path / "none")
    (tmp_path / "b").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadFile, match="not UTF-8"):
        files.read_text(tmp_path / "b")


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = files.write_text(tmp_path / "a.txt", "old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BadFile, match="No space left"):
        files.write_text(path, "new")
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.txt"]


def test_where_nothing_can_be_written_is_told_beforehand(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("words")
    (tmp_path / "there").mkdir()
    files.refuse_unwritable(tmp_path / "new" / "deep" / "page.html")
    files.refuse_unwritable(tmp_path / "notes.txt")  # may be written anew
    files.refuse_unwritable(tmp_path / "there", folder=True)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["notes.txt", "there"]
    for place, folder in (("there", False), ("notes.txt", True), ("notes.txt/page.html", False), ("notes.txt/out", True)):  # fmt: skip
        with pytest.raises(BadFile, match="cannot be written"):
            files.refuse_unwritable(tmp_path / place, folder)


def test_a_reader_never_sees_half_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the rename the old content stands, and the new is complete beside it."""
    path = files.write_text(tmp_path / "a.txt", "old")
    seen: list[tuple[str, str]] = []
    rename = os.replace

    def watched(part: str, target: Path) -> None:
        seen.append((Path(part).read_text(), path.read_text()))
        rename(part, target)

    monkeypatch.setattr(os, "replace", watched)
    files.write_text(path, "new")
    assert seen == [("new", "old")]
    assert path.read_text() == "new"


def test_a_killed_writer_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    code = (
        "import sys, pathlib\nfrom storykin import files\np = pathlib.Path(sys.argv[1])\n"
        "print('go', flush=True)\nn = 0\n"
        "while True:\n    n += 1\n    files.write_text(p, f'{n}\\n' * 200_000)\n"
    )
    for wait in (0.05, 0.12, 0.2):
        with subprocess.Popen(
            [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout
            writer.stdout.readline()
            time.sleep(wait)
            writer.send_signal(signal.SIGKILL)
        if path.exists():
            lines = path.read_text().splitlines()
            assert len(lines) == 200_000
            assert len(set(lines)) == 1


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Zoë & the Whale!", "zoe-the-whale"),
        ("a/b\\c: “d”", "a-b-c-d"),
        ("我", "book"),
        ("Sasha's Day", "sashas-day"),
    ],
)
def test_slugs(words: str, expected: str) -> None:
    assert files.slug(words) == expected
