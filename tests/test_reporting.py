"""From judged pictures to the page for the parent: books with unpainted and exchanged pages, what was tried, what was left out."""

import io
from dataclasses import replace
from pathlib import Path

import pytest

from storykin import files, make
from storykin.choices import Choices
from storykin.critics import Question, Reading
from storykin.critics.summing import summed
from storykin.errors import BadFile
from storykin.outside import Asked
from storykin.picture import Picture, Try
from storykin.reporting import is_book, judge_book, judge_pictures, refuse_unpainted
from storykin.reviewing import Critic
from storykin.wish import Wish
from tests.elsewhere import SASHA, TOM, DollReader, folder_of, painted


class Blind(DollReader):
    """A reader that could, and cannot here."""

    def unready(self) -> str:
        return "its weights are not here"


class Nobody(DollReader):
    """A reader that sees nobody anywhere."""

    def read(self, picture: object, question: Question) -> Reading:
        self.looked += 1
        return Reading((), read={"figures": self.name})


def critic(reader: DollReader) -> Critic:
    return Critic((reader,), (reader,))


@pytest.fixture(autouse=True)
def _simple_references(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawings of everybody alone take their time, and no reader here looks at them."""
    file = io.BytesIO()
    painted({"Sasha": SASHA}).save(file, "PNG")
    monkeypatch.setattr("storykin.reviewing.redrawn", lambda wanted, drawing: wanted)
    monkeypatch.setattr("storykin.reviewing._overlaid", lambda *page: None)
    monkeypatch.setattr(
        "storykin.reviewing.drawn_references", lambda *who, poses: (file.getvalue(),) * len(poses)
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("books") / "book"
    wish = Wish("a book about a lost ball", "Sasha", cast=("Tom",), pages=4)
    make.start(folder, wish, Choices(effort="draft", formats=("html",), size=200, judge=False))
    make.make_pictures(folder)
    return folder


@pytest.fixture
def book(made: Path, tmp_path: Path) -> Path:
    import shutil

    return Path(shutil.copytree(made, tmp_path / "book"))


def test_a_book_is_told_page_by_page_with_the_cover_first(book: Path) -> None:
    report = judge_book(book, critic(Nobody()))
    assert [one.name for one in report.pages] == ["the cover", "page 1", "page 2", "page 3", "page 4"]
    assert [one.short for one in report.pages][:2] == ["cover", "1"]
    assert not report.passed
    path = report.save()
    assert path == book / "consistency.html"
    html = path.read_text()
    assert "Sasha on page 1: missing" in html
    assert "data:image/jpeg" in html


def test_what_nobody_read_is_told_of_everybody(book: Path) -> None:
    report = judge_book(book, critic(Blind()))
    assert report.passed
    html = report.html()
    assert "its weights are not here" in html
    assert "Sasha on page 1: not read" in html
    assert "100 %" not in html


def test_pages_without_a_picture_and_exchanged_files_are_told(book: Path) -> None:
    for path in (book / "pictures").glob("03-*"):
        path.unlink()
    (drawing,) = (book / "pictures").glob("02-*.svg")
    drawing.write_text(drawing.read_text().replace("</svg>", "<!-- another --></svg>"))
    report = judge_book(book, critic(Nobody()))
    assert "Page 3 is not painted yet." in report.remarks
    assert any(words.startswith("Page 2: the file is not the one") for words in report.remarks)
    assert [one.page for one in report.pages] == [0, 1, 2, 4]


def test_only_some_pages(book: Path) -> None:
    report = judge_book(book, critic(Nobody()), [2])
    assert [one.page for one in report.pages] == [2]
    assert not report.remarks


def test_what_was_tried_is_told(book: Path) -> None:
    (recipe,) = (book / "pictures").glob("01-*.json")
    picture = files.read_json(recipe, Picture)
    tries = (Try("first", "", "a.svg", False, faults=("hair: Sasha",)), Try("seed", "a new seed", "b.svg"))
    files.write_json(recipe, replace(picture, tried=tries))
    report = judge_book(book, critic(Nobody()), [1])
    assert report.pages[0].tried == ("as the storyboard says: hair: Sasha", "a new seed: fine")


def test_readings_of_a_book_are_kept(book: Path) -> None:
    first, second = Nobody(), Nobody()
    judge_book(book, critic(first))
    judge_book(book, critic(second))
    assert first.looked > 0
    assert second.looked == 0


def test_a_book_without_pictures_is_no_book_yet(tmp_path: Path) -> None:
    make.start(tmp_path / "b", Wish("a lost ball", "Sasha"), Choices())
    assert not is_book(tmp_path / "b")
    with pytest.raises(BadFile, match="no storyboard yet"):
        refuse_unpainted(tmp_path / "b")
    refuse_unpainted(tmp_path)


def test_pictures_made_elsewhere(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path / "holiday", {"1.png": {"Sasha": SASHA, "Tom": TOM}, "2.png": {"Sasha": SASHA}}
    )
    (folder / "3.png").write_bytes(b"nothing")
    report = judge_pictures(Asked((folder,)), critic(DollReader()), folder)
    assert report.title == "holiday"
    assert report.many == "pictures"
    assert report.open(report.pages[0]).size == painted({}).size
    assert any(words.startswith("3.png was left out: it ") for words in report.remarks)
    assert any(words.startswith("Nobody said who is in some") for words in report.remarks)
    assert "somebody 1 on 1.png: fine" in report.html()
    assert report.pages[0].unshown == ("somebody 1", "somebody 2")
    assert summed(report.pages).self_cids is not None
    assert summed(report.pages).cross_cids is None  # nobody gave a picture to compare with


def test_who_has_no_references_is_named(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "a", {"1.png": {"Sasha": SASHA, "Tom": TOM}})
    report = judge_pictures(Asked((folder,), ("Sasha", "Tom")), critic(DollReader()))
    assert any("no pictures to know Sasha and Tom by" in words for words in report.remarks)
