"""A story that exists in another language, or in two, becomes a book: from story.json, edited by hand, to bound files."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from storykin import bookfolder, make
from storykin.choices import Choices
from storykin.errors import BadFile, BadInput
from storykin.wish import Wish
from tests.binders.spoken import WORDS

WISH = Wish("I want a book about me being a puppy doctor", "Sasha", "she", pages=4, keep=("pigs danced",))


def told_in(tmp_path: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """A painted book whose story was changed by hand."""
    folder = make.start(tmp_path / "book", WISH, Choices(press="screen", formats=("html",), judge=False))
    make.write(folder)
    path = folder / "story.json"
    story = json.loads(path.read_text(encoding="utf-8"))
    change(story)
    path.write_text(json.dumps(story, ensure_ascii=False), encoding="utf-8")
    make.board(folder)
    make.paint(folder)
    return folder


def in_language(code: str, also: str = "") -> Callable[[dict[str, Any]], None]:
    def change(story: dict[str, Any]) -> None:
        story["language"] = code
        story |= {"also_language": also} if also else {}
        for page in story["pages"]:
            page["text"] = WORDS.get(code, WORDS["en"])
            page["also"] = WORDS[also] if also else ""
        story["pages"][1]["scene"]["framing"] = "spread"

    return change


def test_a_german_book_speaks_german(tmp_path: Path) -> None:
    def change(story: dict[str, Any]) -> None:
        in_language("de")(story)
        story["pages"][0]["text"] = '"Und dann", rief Sascha, "pigs danced!"'

    book = make.book_of(told_in(tmp_path, change))
    kinds = {leaf.kind: leaf for leaf in book.leaves}
    assert kinds["end"].text == "Ende"
    assert kinds["dedication"].text == "Für Sasha"
    assert book.author == "für Sasha"
    assert "von einem Erzählprogramm" in kinds["copyright"].text
    assert "„I want a book about me being a puppy doctor“" in kinds["copyright"].text
    assert book.leaves[4].text == "„Und dann“, rief Sascha, „pigs danced!“"
    assert not any(leaf.language for leaf in book.leaves)


def test_a_book_in_a_language_that_nobody_translated_is_marked(tmp_path: Path) -> None:
    book = make.book_of(told_in(tmp_path, in_language("sw")))
    marked = {leaf.kind: leaf.language for leaf in book.leaves if leaf.language}
    assert marked == {"copyright": "en", "dedication": "en", "end": "en"}


@pytest.mark.parametrize(("code", "sides"), [("en", ["left", "right"]), ("he", ["right", "left"])])
def test_the_halves_of_a_spread_lie_as_they_are_read(code: str, sides: list[str], tmp_path: Path) -> None:
    folder = told_in(tmp_path, in_language(code))
    book = make.book_of(folder)
    halves = [leaf for leaf in book.leaves if leaf.half]
    assert [leaf.half for leaf in halves] == sides * (len(halves) // 2)
    for leaf in halves:
        assert leaf.text_zone
        on = "left" if leaf.text_zone.x + leaf.text_zone.w / 2 < 0.5 else "right"
        assert bool(leaf.text) == (leaf.half == on)
    assert make.bind(folder)


def test_both_texts_reach_the_leaves_with_their_own_quotes(tmp_path: Path) -> None:
    def change(story: dict[str, Any]) -> None:
        in_language("en", "es")(story)
        story["pages"][0] |= {"text": '"Hi!"', "also": '"¡Hola!"'}

    book = make.book_of(told_in(tmp_path, change))
    assert (book.language, book.also_language) == ("en", "es")
    assert (book.leaves[4].text, book.leaves[4].also) == ("“Hi!”", "«¡Hola!»")
    assert [bool(leaf.also) for leaf in book.leaves if leaf.kind == "story" and leaf.text] == [True] * 4


def test_a_second_text_takes_room_in_the_storyboard(tmp_path: Path) -> None:
    folder = told_in(tmp_path, in_language("en"))
    before = bookfolder.read_storyboard(folder)
    path = folder / "story.json"
    story = json.loads(path.read_text(encoding="utf-8"))
    story |= {"also_language": "de"}
    story["pages"][0]["also"] = WORDS["de"] * 2
    path.write_text(json.dumps(story), encoding="utf-8")
    with pytest.raises(BadFile, match="storyboard is older"):
        make.book_of(folder)
    after = make.board(folder)
    zones = [board.shots[1].scene.text_zone for board in (before, after)]
    assert zones[0]
    assert zones[1]
    assert zones[1].h > 1.5 * zones[0].h
    assert after.shots[2:] == before.shots[2:]


def test_files_from_before_there_were_languages_still_load(tmp_path: Path) -> None:
    folder = told_in(tmp_path, lambda story: None)
    assert "also" not in (folder / "story.json").read_text(encoding="utf-8")
    assert "also" not in (folder / "wish.toml").read_text(encoding="utf-8")
    story = bookfolder.read_story(folder)
    assert (story.language, story.also_language, story.pages[0].also) == ("en", "", "")


def test_a_misspelt_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="unknown key 'alsoo'"):
        told_in(tmp_path, lambda story: story["pages"][0].update(alsoo="x"))


@pytest.mark.parametrize("wish", [replace(WISH, language="de"), replace(WISH, also="he")])
def test_the_embedded_writer_says_that_it_speaks_english_only(wish: Wish, tmp_path: Path) -> None:
    folder = make.start(tmp_path / "book", wish, Choices(judge=False))
    with pytest.raises(BadInput, match=r"tells stories in English only, not in (German|Hebrew)") as refused:
        make.write(folder)
    assert "--writer" in refused.value.hint
    assert not (folder / "story.json").exists()
