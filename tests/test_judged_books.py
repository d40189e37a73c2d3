"""A drawn book, judged as a user's is: by the nets of the package, from the storyboard to the page for the parent."""

from dataclasses import replace
from pathlib import Path

import pytest

from storykin import bookfolder, files, make
from storykin.character import Look, Outfit
from storykin.choices import Choices
from storykin.easel import digest, on_pages
from storykin.painters.sketch import Sketch
from storykin.reviewing import Critic, review
from storykin.shot import Shot
from storykin.wish import Wish

pytestmark = pytest.mark.judged
PAGES = 4


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    wish = Wish(
        "a book about a red kite", hero="Sasha", pronouns="she", cast=("Grandpa",), pages=PAGES, seed=5
    )
    folder = make.start(
        tmp_path_factory.mktemp("judged") / "book",
        wish,
        Choices(formats=("html",), press="screen", effort="draft"),
    )
    make.make_book(folder)
    return folder


def test_every_picture_has_a_verdict_and_the_parent_a_page(book: Path) -> None:
    there = on_pages(book)
    assert len(there) == PAGES + 1
    for _, picture in there:
        assert picture is not None
        assert picture.verdict is not None
        assert picture.verdict.critic
        assert (
            picture.verdict.faults == ()
        )  # drawn as the storyboard says: whatever a reader takes amiss, it does so in the drawing, too
        assert {"looks", "hair", "clothes", "height"} <= {*picture.verdict.scores, *picture.verdict.unread}
    page = (book / "consistency.html").read_text(encoding="utf-8")
    assert "Sasha" in page
    assert "Grandpa" in page


def test_a_second_look_reads_nothing_anew(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path: path.stat().st_mtime_ns for path in (book / "readings").iterdir()}
    review(book, Critic())
    assert {path: path.stat().st_mtime_ns for path in (book / "readings").iterdir()} == before


def changed(book: Path, page: int, look: Look, worn: str) -> tuple[str, ...]:
    """The faults of Sasha, once she is drawn otherwise on a page whose storyboard stays as it is."""
    shots = bookfolder.read_storyboard(book)
    shot = next(one for one in shots.shots if one.page == page)
    picture = next(picture for one, picture in on_pages(book) if one.page == page)
    assert picture is not None
    path = book / picture.path
    kept = path.read_bytes()
    try:
        path.write_bytes(Sketch().paint(drawn_otherwise(shot, look, worn), lambda done: None))
        (seen,) = review(book, Critic(), [page])
        assert seen.changed
        return tuple(fault.name for fault in seen.judgement.verdict.faults if fault.who in {"Sasha", ""})
    finally:
        files.write_bytes(path, kept)
        assert digest(kept) == picture.digest


def drawn_otherwise(shot: Shot, look: Look, worn: str) -> Shot:
    """The same scene with another Sasha in it."""

    def other(name: str) -> tuple[Outfit, ...]:
        return tuple(replace(one, words=worn, palette=()) for one in shot.character(name).outfits)

    cast = tuple(
        replace(one, look=look, outfits=other(one.name)) if one.name == "Sasha" else one for one in shot.cast
    )
    return replace(shot, cast=cast)


def test_another_child_in_other_clothes_is_found_out(book: Path) -> None:
    page = next(
        shot.page for shot, _ in on_pages(book) if any(f.character == "Sasha" for f in shot.scene.figures)
    )
    other = Look("boy", 9, skin="deep brown", hair_colour="white", hair_style="afro")
    assert changed(book, page, other, "a bright green jumper and black trousers")
