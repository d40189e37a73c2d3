"""Before a book is bound: what a parent approved holds for exactly that picture, and nothing is bound that waits."""

from dataclasses import replace
from pathlib import Path

import pytest

from storykin import approving, files, make
from storykin.choices import Choices
from storykin.errors import BadFile, BadInput
from storykin.wish import Wish
from tests.drifting import Drifting, Knowing, Rates

WISH = Wish("a book about me on the moon", "Sasha", pages=4)
CHOICES = Choices(painter="drifting", size=64, press="screen", formats=("html",), tries=1, approve=True)


@pytest.fixture
def painter() -> Drifting:
    return Drifting(Rates(0, 0, 0, 0, 0, 0), draws=False)


@pytest.fixture
def book(tmp_path: Path, painter: Drifting, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A painted book that waits for its parent."""
    monkeypatch.setattr("storykin.easel.painter_named", lambda name, **given: painter)
    monkeypatch.setattr("storykin.make.critic_of", lambda choices: Knowing(painter))
    folder = make.start(tmp_path / "book", WISH, CHOICES)
    make.make_pictures(folder)
    return folder


def pages(folder: Path) -> list[int]:
    return [shot.page for shot, _ in approving.waiting(folder)]


def test_a_book_is_bound_when_every_page_is_approved(book: Path) -> None:
    with pytest.raises(BadFile, match="wait for your approval: cover, 1, 2, 3, 4") as refused:
        make.bind(book)
    assert "storykin approve --all" in refused.value.hint
    approving.approve(book, [0, 1, 3])
    assert pages(book) == [2, 4]
    with pytest.raises(BadFile, match="approval: 2, 4"):
        make.bind(book)
    approving.approve(book, range(5), [4])
    assert pages(book) == [4]
    approving.approve(book, [4])
    assert make.bind(book)


def test_an_approval_is_taken_back(book: Path) -> None:
    approving.approve(book, range(5))
    approving.approve(book, [], [1, 2])
    assert pages(book) == [1, 2]


def test_another_picture_wants_another_approval(book: Path) -> None:
    approving.approve(book, range(5))
    make.paint(book, [2], again=True)
    assert pages(book) == [2]
    first = make.pictures(book, 2)[0][0]
    make.use(book, 2, first.key)
    assert pages(book) == []  # exactly that picture had been approved
    recipe = (book / first.path).with_suffix(".json")
    (book / first.path).write_bytes(b"<svg other/>")
    files.write_json(recipe, replace(first, digest="another"))
    assert approving.read_approved(book).holds(first)
    assert not approving.read_approved(book).holds(replace(first, digest="another"))


def test_pages_with_faults_come_first_and_are_named(book: Path, painter: Drifting) -> None:
    painter.rates = Rates(0, 1.0, 0, 0, 0, 0)
    make.paint(book, [3])
    assert pages(book) == [3, 0, 1, 2, 4]
    with pytest.raises(BadFile, match="approval: 3, cover, 1, 2, 4; the critic found fault with page 3"):
        make.bind(book)
    approving.approve(book, range(5))  # the parent decides
    assert make.bind(book)


def test_without_being_asked_nobody_waits(book: Path) -> None:
    files.write_toml(book / "book.toml", replace(CHOICES, approve=False))
    assert make.bind(book)


def test_what_cannot_be_approved_is_refused(book: Path) -> None:
    with pytest.raises(BadInput, match="no page 9"):
        approving.approve(book, [9])
    with pytest.raises(BadInput, match="no page 9"):
        approving.approve(book, [], [9])
    picture = next(iter((book / "pictures").glob("02-*.svg")))
    picture.unlink()
    with pytest.raises(BadInput, match="page 2 is not painted yet"):
        approving.approve(book, [1, 2])
    assert not (book / approving.FILE).exists()
