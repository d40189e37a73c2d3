"""What a PDF says of its pictures, and what preflight makes of it."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from storykin.binders.cover import save_cover
from storykin.binders.epub import EpubBinder
from storykin.binders.pdf import PdfBinder
from storykin.binders.preflight import Report, preflight
from storykin.binders.presses import pad, press_named
from storykin.binders.sources import painted_ppi, tell
from storykin.binders.typesetting import Art, Sheet
from storykin.book import Book, Trim
from storykin.models.upscaling import enlarge
from storykin.provenance import COMPOSITE, DRAWN, TRAINED, VOCABULARY, Origin, marked, stated, with_origin
from storykin.scene import Box
from tests.binders.printed import small_book

KDP = press_named("kdp-8.5x8.5")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("book")


@pytest.fixture(scope="module")
def book(folder: Path) -> Book:
    return small_book(folder)


def painted(side: int, source: str = TRAINED) -> bytes:
    file = io.BytesIO()
    Image.radial_gradient("L").resize((side, side)).convert("RGB").save(file, "PNG")
    return marked(file.getvalue(), "image/png", source)


def bound(book: Book, folder: Path, pictures: dict[int, bytes], press: str = "kdp-8.5x8.5") -> Path:
    """The book with these pictures on those leaves."""
    leaves = list(book.leaves)
    for at, content in pictures.items():
        name = f"painted-{at}.{'jpg' if content.startswith(bytes([0xFF])) else 'png'}"
        (folder / name).write_bytes(content)
        leaves[at] = replace(leaves[at], picture=name)
    used = press_named(press)
    PdfBinder(used).save(replace(book, leaves=pad(tuple(leaves), used)), folder, folder / "book.pdf")
    return folder / "book.pdf"


def told(path: Path) -> dict[str, str]:
    with pikepdf.open(path) as document, document.open_metadata() as about:
        return {name.rpartition("}")[2]: str(about[name]) for name in about}


def warnings(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


def test_enlarged_pictures_are_told_and_warned_of(book: Book, folder: Path) -> None:
    fine, coarse = enlarge(painted(2000), 2625, 2625), enlarge(painted(1024), 2625, 2625)
    path = bound(book, folder, {4: fine, 5: coarse, 6: fine})
    about = told(path)
    assert about["PaintedPixelsPerInch"] == "117"  # 1,024 pixels on 8.75 inches
    assert about["EnlargedBy"] == "resampling"
    assert about["DigitalSourceType"] == VOCABULARY + TRAINED
    report = preflight(path, KDP)
    assert report.passed
    (finding,) = report.findings
    assert (finding.rule, finding.severity, finding.page) == ("painted resolution", "warn", 0)
    assert "painted at 117 ppi and enlarged to 300" in finding.what
    assert "--upscaler" in finding.hint
    assert report.facts["painted"] == "at 117 ppi, enlarged by resampling"


def test_a_net_is_told_and_not_warned_of(book: Book, folder: Path) -> None:
    content = with_origin(
        enlarge(painted(1024), 2625, 2625), "image/jpeg", Origin(TRAINED, (1024, 1024), "model")
    )
    report = preflight(bound(book, folder, {4: content}), KDP)
    assert report.findings == ()
    assert report.facts["painted"] == "at 117 ppi, enlarged by model"


def test_one_resampled_picture_among_those_of_a_net_is_warned_of(book: Book, folder: Path) -> None:
    by_net = with_origin(
        enlarge(painted(1500), 2625, 2625), "image/jpeg", Origin(TRAINED, (1500, 1500), "model")
    )
    path = bound(book, folder, {4: by_net, 5: enlarge(painted(1024), 2625, 2625)})
    assert warnings(preflight(path, KDP)) == {"painted resolution"}


def test_pictures_painted_large_enough_and_those_not_enlarged(book: Book, folder: Path) -> None:
    report = preflight(bound(book, folder, {4: painted(2625)}), KDP)
    assert report.findings == ()
    assert "painted" not in report.facts
    report = preflight(bound(book, folder, {4: painted(1024)}), KDP)
    assert warnings(report) == {"resolution"}  # the pixels themselves are too few: said once, by its own rule
    path = bound(book, folder, {4: enlarge(painted(2624), 2625, 2625)})
    assert preflight(path, KDP).findings == ()


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ((DRAWN, TRAINED), TRAINED),
        ((DRAWN, COMPOSITE), COMPOSITE),
        ((DRAWN, DRAWN), DRAWN),
        (("digitalCapture",), ""),
    ],
)
def test_the_book_says_the_most_trained_of_its_pictures(
    sources: tuple[str, ...], said: str, book: Book, folder: Path
) -> None:
    path = bound(book, folder, {4 + at: painted(64, source) for at, source in enumerate(sources)})
    assert told(path).get("DigitalSourceType", "").removeprefix(VOCABULARY) == said


def test_a_round_picture_counts_whole(tmp_path: Path) -> None:
    (tmp_path / "one.jpg").write_bytes(enlarge(painted(400), 800, 800))
    art = Art(tmp_path / "one.jpg", Box(1, 1, 2, 2), window=Box(0.2, 0.3, 0.5, 0.5))  # half of 4 inches
    document = pikepdf.new()
    tell(document, [Sheet("title", Trim(8, 8), (0, 0, 0, 0), Box(0, 0, 8, 8), arts=(art,))])
    assert painted_ppi(document) == (100, "resampling")


def test_drawings_that_say_nothing_change_nothing_and_marked_ones_look_the_same(
    book: Book, folder: Path
) -> None:
    plain = bound(book, folder, {})
    before, about = plain.read_bytes(), told(plain)
    assert "DigitalSourceType" not in about
    assert preflight(plain, KDP).facts["pictures"] == "vector"
    for leaf in book.leaves:
        if leaf.picture:
            file = folder / leaf.picture
            file.write_bytes(marked(file.read_bytes(), "image/svg+xml", DRAWN))
    after = bound(book, folder, {})
    assert told(after) == about | {"DigitalSourceType": VOCABULARY + DRAWN}
    with pikepdf.open(io.BytesIO(before)) as one, pikepdf.open(after) as other:
        assert drawn(one) == drawn(other)


def drawn(document: pikepdf.Pdf) -> list[bytes]:
    return [bytes(page.Contents.read_bytes()) for page in document.pages]


@pytest.mark.parametrize("press", ["screen", "home-a4"])
def test_files_for_screen_and_home_say_it_too(press: str, book: Book, folder: Path) -> None:
    path = bound(book, folder, {4: enlarge(painted(512), 1024, 1024)}, press)
    assert told(path)["DigitalSourceType"] == VOCABULARY + TRAINED
    assert told(path)["CreatorTool"] == "Storykin"
    report = preflight(path, press_named(press))
    assert ("painted resolution" in warnings(report)) == (press == "home-a4")
    # a page of 8.5 inches is 5.6 wide on half a sheet of A4 with its border
    assert report.facts["painted"] == f"at {'59' if press == 'screen' else '89'} ppi, enlarged by resampling"
    assert (
        path.read_bytes() == bound(book, folder, {4: enlarge(painted(512), 1024, 1024)}, press).read_bytes()
    )


def garbage(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Metadata = pdf.make_stream(b"<x:nothing", Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)


def lies(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as about:
        about["{urn:storykin:xmp:}PaintedPixelsPerInch"] = "-many"


@pytest.mark.parametrize("breaks", [garbage, lies])
def test_damaged_words_are_no_words(breaks: Callable[[pikepdf.Pdf], None], book: Book, folder: Path) -> None:
    path = bound(book, folder, {4: enlarge(painted(1024), 2625, 2625)})
    with pikepdf.open(path) as pdf:
        breaks(pdf)
        pdf.save(folder / "broken.pdf")
    assert "painted" not in preflight(folder / "broken.pdf", KDP).facts


def test_cover_and_epub_say_it_too(tmp_path: Path) -> None:
    book = small_book(tmp_path)
    for leaf in book.leaves:
        if leaf.picture:
            file = tmp_path / leaf.picture
            file.write_bytes(marked(file.read_bytes(), "image/svg+xml", DRAWN))
    (tmp_path / book.cover).write_bytes(
        marked((tmp_path / book.cover).read_bytes(), "image/svg+xml", TRAINED)
    )
    save_cover(book, tmp_path, tmp_path / "cover.pdf", KDP, 24)
    assert told(tmp_path / "cover.pdf")["DigitalSourceType"] == VOCABULARY + TRAINED
    EpubBinder().save(book, tmp_path, tmp_path / "book.epub")
    with zipfile.ZipFile(tmp_path / "book.epub") as archive:
        package = archive.read("OEBPS/content.opf").decode()
        pictures = [archive.read(name) for name in archive.namelist() if name.endswith(".jpg")]
    assert f'<meta property="Iptc4xmpExt:DigitalSourceType">{VOCABULARY}{TRAINED}</meta>' in package
    assert {stated(picture) for picture in pictures} == {TRAINED, DRAWN}
