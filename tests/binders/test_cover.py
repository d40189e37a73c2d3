"""The cover: size and spine, words that read, the barcode's place, the back."""

from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from storykin.binders.cover import cover_size, imprint, save_cover
from storykin.binders.inks import CREAM, contrast, luminance, rgb
from storykin.binders.preflight import preflight
from storykin.binders.presses import press_named
from storykin.book import Book, Trim
from storykin.errors import BadInput
from tests.binders.printed import landscape, small_book

KDP = press_named("kdp-8.5x8.5")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cover")


@pytest.fixture(scope="module")
def book(folder: Path) -> Book:
    return small_book(folder)


def test_the_spine_follows_the_pages() -> None:
    assert KDP.spine.width(100) == pytest.approx(0.2347)
    assert press_named("lulu-8.5x8.5").spine.width(111) == pytest.approx(0.31)
    assert cover_size(KDP, Trim(8.5, 8.5), 24).width == pytest.approx(17 + 24 * 0.002347)


@pytest.mark.parametrize("press", ["kdp-8.5x8.5", "lulu-8.5x8.5"])
@pytest.mark.parametrize("pages", [24, 80, 300])
def test_a_cover_is_what_its_press_asks_for(
    press: str, pages: int, book: Book, folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "cover.pdf"
    save_cover(book, folder, path, press_named(press), pages)
    report = preflight(path, press_named(press), cover_of=pages)
    assert report.passed, report.findings
    with pikepdf.open(path) as pdf:
        _, _, wide, high = (float(edge) for edge in pdf.pages[0].mediabox)
        trim = [float(edge) for edge in pdf.pages[0].trimbox]
    assert wide / 72 == pytest.approx(17.25 + press_named(press).spine.width(pages), abs=0.01)
    assert high / 72 == pytest.approx(8.75)
    assert trim == pytest.approx([9, 9, wide - 9, high - 9], abs=0.01)


def test_words_on_the_spine_from_eighty_pages(book: Book, folder: Path, tmp_path: Path) -> None:
    found = {}
    for pages in (79, 80):
        save_cover(book, folder, tmp_path / "cover.pdf", KDP, pages)
        document = pypdfium2.PdfDocument(tmp_path / "cover.pdf")
        words = " ".join(document[0].get_textpage().get_text_range().split())
        document.close()
        found[pages] = words.count("Sasha the Puppy Doctor")
        assert "Sasha and Mum" in words
        assert "a great deal of patience" in words
    assert found == {79: 1, 80: 2}


def test_the_title_stands_where_the_picture_is_calm_in_an_ink_that_reads(book: Book, folder: Path) -> None:
    from storykin.binders.pdf import lay_out

    screen = press_named("screen")
    titles = {}
    for name, drawn in {"night": landscape("night", 3), "busy": landscape("day", 3, busy=True)}.items():
        (folder / f"{name}.svg").write_text(drawn)
        front = lay_out(replace(book, cover=f"{name}.svg"), folder, screen)[0][0]
        titles[name] = front.words[0]
    assert titles["night"].ink.colour == CREAM
    assert titles["night"].block.box.bottom < 3.5
    assert titles["busy"].block.box.y > 5
    assert all(title.ink.contrast >= 4.5 and not title.ink.panel for title in titles.values())


def test_the_books_colours_read_on_paper(book: Book, folder: Path) -> None:
    about = imprint(book, folder)
    assert contrast(luminance(rgb(about.deep)), luminance(rgb(CREAM))) >= 6
    assert contrast(luminance(rgb(about.deep)), luminance(rgb(about.pale))) >= 4.5


def test_covers_without_picture_blurb_or_author(book: Book, folder: Path, tmp_path: Path) -> None:
    bare = replace(
        book, cover="", blurb="", author="", leaves=tuple(leaf for leaf in book.leaves if not leaf.picture)
    )
    save_cover(bare, folder, tmp_path / "cover.pdf", KDP, 24)
    assert preflight(tmp_path / "cover.pdf", KDP, cover_of=24).passed


def test_what_a_cover_cannot_hold(book: Book, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="blurb has 900 words"):
        save_cover(replace(book, blurb="word " * 900), folder, tmp_path / "c.pdf", KDP, 24)
    with pytest.raises(BadInput, match="title has"):
        save_cover(replace(book, title="Word " * 90), folder, tmp_path / "c.pdf", KDP, 24)
    with pytest.raises(BadInput, match="in the book's own file"):
        save_cover(book, folder, tmp_path / "c.pdf", press_named("screen"), 24)


@pytest.mark.parametrize("words", [20, 60, 75, 90, 110, 140])
def test_no_blurb_runs_into_the_barcode(words: int, book: Book, folder: Path, tmp_path: Path) -> None:
    """Whatever its length, the blurb keeps the printer's corner free, or is refused."""
    path = tmp_path / "cover.pdf"
    long = replace(book, blurb=" ".join(["hedgehogs"] * words) + ".")
    try:
        save_cover(long, folder, path, KDP, 24)
    except BadInput:
        assert words > 100
        return
    assert preflight(path, KDP, cover_of=24).passed


def test_a_cover_is_not_taken_for_a_book(book: Book, folder: Path, tmp_path: Path) -> None:
    save_cover(book, folder, tmp_path / "cover.pdf", KDP, 24)
    with pytest.raises(BadInput, match="looks like a cover"):
        preflight(tmp_path / "cover.pdf", KDP)
