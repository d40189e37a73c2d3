"""The bound PDF: lines, ink, boxes, matter, padding, and what is refused."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from storykin.binders import inks, layout, letters
from storykin.binders.breaking import pieces_of
from storykin.binders.inks import ENOUGH, ink_on, pixels
from storykin.binders.layout import fit
from storykin.binders.pdf import PdfBinder, lay_out, pad
from storykin.binders.preflight import preflight
from storykin.binders.presses import PRESSES, Press, press_named
from storykin.book import Book, Leaf, Trim
from storykin.errors import BadFile, BadInput
from storykin.scene import Box
from tests.binders.printed import MEADOW, SKY, WORDS, landscape, small_book

KDP = press_named("kdp-8.5x8.5")
PAGE = Trim(8.5, 8.5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("book")


@pytest.fixture(scope="module")
def book(folder: Path) -> Book:
    return small_book(folder)


# --- lines ----------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@example(["One", "One", "Button’s", "doctor.”"], 3.0)
@example(["tree.", "white", "it", "tractor.", "bandage."], 3.8)
@given(st.lists(st.sampled_from(" ".join(WORDS).split()), min_size=1, max_size=45), st.floats(3, 7))
def test_lines_fit_their_box_keep_every_word_and_leave_none_alone(words: list[str], wide: float) -> None:
    text = " ".join(words)
    block = fit(text, Box(0, 0, wide, 9), 22, 18)
    assert block
    assert " ".join(block.lines).split() == text.split()
    assert all(layout.width_of(line) * block.size <= wide * 72 + 0.01 for line in block.lines)
    assert block.box.h <= 9
    pieces = [
        piece for piece, _ in pieces_of(text, names=True)
    ]  # names are never torn, so sometimes there is no other way
    fits = layout.width_of(" ".join(pieces[-2:])) * block.size <= wide * 72
    if len(words) > 3 and len(pieces) > len(block.lines) > 1 and fits:
        assert len(block.lines[-1].split()) > 1 or len(block.lines[-1]) > 8


def test_names_and_titles_are_never_torn() -> None:
    text = "They went to see Grandpa Joe and Mrs. Appleby in the little red house near Mr. Fox of Old Mill."
    for wide in range(20, 70):
        block = fit(text, Box(0, 0, wide / 10, 20), 20, 20)
        if block:
            shown = "\n".join(block.lines)
            assert all(name in shown for name in ("Grandpa Joe", "Mrs. Appleby", "Mr. Fox", "Old Mill"))


def test_verse_keeps_its_lines_and_prose_breaks_evenly() -> None:
    verse = fit(WORDS[5], Box(0, 0, 7, 3), 22, 18)
    assert verse
    assert list(verse.lines) == WORDS[5].split("\n")
    prose = fit(WORDS[0], Box(0, 0, 5, 3), 22, 18)
    assert prose
    widths = [layout.width_of(line) for line in prose.lines]
    assert min(widths[:-1]) > 0.6 * max(widths)


def test_type_shrinks_to_its_floor_and_no_further() -> None:
    long = " ".join(WORDS[:4])
    block = fit(long, Box(0, 0, 7, 2.2), 22, 14)
    assert block
    assert 14 <= block.size < 22
    assert fit(long, Box(0, 0, 7, 1.0), 22, 18) is None


def test_words_that_cannot_fit_ask_for_another_page(book: Book, folder: Path) -> None:
    leaf = replace(book.leaves[4], text=" ".join(WORDS * 3))
    with pytest.raises(BadInput, match="page 1 of the story") as refused:
        lay_out(replace(book, leaves=(*book.leaves[:4], leaf)), folder, KDP)
    words = len(leaf.text.split())
    assert str(words) in refused.value.message
    room = int(refused.value.hint.split()[1])
    assert 20 < room < words
    shorter = replace(leaf, text=" ".join(leaf.text.split()[:room]))
    lay_out(replace(book, leaves=(*book.leaves[:4], shorter)), folder, KDP)


def test_one_size_of_type_runs_through_the_book(book: Book, folder: Path) -> None:
    sheets, _ = lay_out(book, folder, KDP)
    sizes = [sheet.words[0].block.size for sheet in sheets if sheet.kind == "story" and sheet.words]
    assert sorted(sizes)[len(sizes) // 10] == max(sizes)
    assert min(sizes) >= 18


@pytest.mark.parametrize(("age", "start", "floor"), [(2, 26, 18), (5, 22, 18), (8, 18, 14)])
def test_type_follows_the_readers_age(age: int, start: float, floor: float) -> None:
    assert layout.type_sizes(age) == (start, floor)


def test_emoji_are_left_out_and_letters_without_a_font_are_refused(book: Book, folder: Path) -> None:
    assert (
        letters.printable("For Zoë \U0001f436❤\ufe0f, with love – “always”")
        == "For Zoë, with love – “always”"
    )
    with pytest.raises(BadInput, match="no font on this machine"):
        lay_out(replace(book, title="The \U00018b00 Dragon"), folder, KDP)


# --- ink ------------------------------------------------------------------------------------------


def test_ink_is_measured_on_the_picture(tmp_path: Path) -> None:
    art, words = Box(-0.125, -0.125, 8.75, 8.75), Box(0.7, 0.6, 6, 1.5)
    found = {}
    for name, drawn in {
        "day": landscape("day", 1),
        "night": landscape("night", 1),
        "busy": landscape("day", 1, busy=True),
    }.items():
        path = tmp_path / f"{name}.svg"
        path.write_text(drawn)
        found[name] = ink_on(pixels(path), art, words)
    assert found["day"].colour == inks.DARK
    assert found["night"].colour == inks.CREAM
    assert found["day"].panel == found["night"].panel == 0
    assert found["busy"].panel > 0.8
    assert all(ink.contrast >= ENOUGH for ink in found.values())


def test_contrast_is_wcags() -> None:
    assert inks.contrast(1.0, 0.0) == 21
    assert inks.luminance((119, 119, 119)) == pytest.approx(0.1845, abs=1e-3)  # #777 on white is 4.48 : 1


def test_the_printed_page_reads(book: Book, folder: Path, tmp_path: Path) -> None:
    """Measured on the rendered page, where the words stand: dark against light, 4.5 at the least."""
    sheets, _ = lay_out(book, folder, KDP)
    PdfBinder(KDP).save(book, folder, tmp_path / "book.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "book.pdf")
    for number, sheet in enumerate(sheets):
        if sheet.kind != "story" or not sheet.words:
            continue
        image = document[number].render(scale=1).to_pil().convert("RGB")
        box, (left, top, _, _) = sheet.words[0].block.box, sheet.bleed
        crop = image.crop(
            [round(72 * n) for n in (left + box.x, top + box.y, left + box.right, top + box.bottom)]
        )
        tones = sorted((inks.luminance(colour), count) for count, colour in crop.getcolors(1 << 20))
        ground = inks._at(tones, 0.5)
        assert inks.contrast(ground, inks.luminance(inks.rgb(sheet.words[0].ink.colour))) >= ENOUGH
    document.close()


# --- the file -------------------------------------------------------------------------------------


@pytest.mark.parametrize("press", PRESSES, ids=lambda press: press.name)
def test_every_press_gets_what_it_asks_for(press: Press, tmp_path: Path) -> None:
    book = small_book(tmp_path, trim=press.trim)
    padded = replace(book, leaves=pad(book.leaves, press))
    PdfBinder(press, page_numbers=True).save(padded, tmp_path, tmp_path / "book.pdf")
    report = preflight(tmp_path / "book.pdf", press, book.trim)
    assert [finding for finding in report.findings if finding.severity == "refuse"] == []
    assert report.facts["pictures"] == "vector"


def test_boxes_lie_outside_in_and_change_sides(book: Book, folder: Path, tmp_path: Path) -> None:
    PdfBinder(KDP).save(book, folder, tmp_path / "book.pdf")
    with pikepdf.open(tmp_path / "book.pdf") as pdf:
        right, left = pdf.pages[0], pdf.pages[1]
        assert [float(n) for n in right.mediabox] == [0, 0, 621, 630]
        assert [float(n) for n in right.trimbox] == [0, 9, 612, 621]
        assert [float(n) for n in left.trimbox] == [9, 9, 621, 621]
        assert str(pdf.Root.Lang) == "en"
        assert str(pdf.docinfo["/Title"]) == book.title
        assert str(pdf.docinfo["/Creator"]) == "Storykin"
        alts = {
            str(thing.Alt)
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary) and "/Alt" in thing
        }
    assert {leaf.alt for leaf in book.leaves if leaf.alt} <= alts


def test_equal_books_are_equal_bytes(book: Book, folder: Path, tmp_path: Path) -> None:
    for name in ("one.pdf", "two.pdf"):
        PdfBinder(press_named("home-a4")).save(book, folder, tmp_path / name)
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


@pytest.mark.parametrize("press", ["kdp-8.5x8.5", "lulu-8.5x8.5", "screen"])
def test_a_spread_meets_in_the_fold(press: str, book: Book, folder: Path, tmp_path: Path) -> None:
    PdfBinder(press_named(press)).save(book, folder, tmp_path / "book.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "book.pdf")
    at = next(nr for nr, leaf in enumerate(book.leaves) if leaf.half) + (2 if press == "screen" else 0)
    pages = []
    for number in (at, at + 1):
        page = document[number]
        page.set_cropbox(*page.get_trimbox())
        pages.append(page.render(scale=1).to_pil().convert("RGB"))
    whole = pixels(folder / "spread.svg", width=round(17.25 * 72))
    for y in range(250, 600, 25):
        joined = [pages[0].getpixel((pages[0].width - 1, y)), pages[1].getpixel((0, y))]
        drawn = [whole.getpixel((x, y + 9)) for x in (whole.width // 2 - 1, whole.width // 2)]
        for one, other in zip(joined, drawn, strict=True):
            assert max(abs(a - b) for a, b in zip(one, other, strict=True)) < 26
    document.close()


def test_home_sheets_keep_facing_pages_together(book: Book, folder: Path, tmp_path: Path) -> None:
    PdfBinder(press_named("home-a4")).save(book, folder, tmp_path / "book.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "book.pdf")
    words = [page.get_textpage().get_text_range() for page in document]
    document.close()
    assert len(words) == (len(book.leaves) + 4) // 2
    assert "Sasha and Mum" in words[0]
    assert "Luckily" in words[0]
    assert "Made with Storykin" in words[2]
    assert "A story for Sasha" in words[2]


def test_screen_begins_with_the_cover(book: Book, folder: Path) -> None:
    kinds = [sheet.kind for sheet in lay_out(book, folder, press_named("screen"))[0]]
    assert kinds[:3] == ["front", "endpaper", "half-title"]
    assert kinds[-2:] == ["endpaper", "back"]


def test_page_numbers_only_when_wanted(book: Book, folder: Path) -> None:
    with_numbers, _ = lay_out(book, folder, KDP, page_numbers=True)
    assert next(sheet.aside.block.lines for sheet in with_numbers if sheet.aside) == ("5",)
    assert not any(sheet.aside for sheet in lay_out(book, folder, KDP)[0])


def test_words_stay_in_zone_and_safe_area(book: Book, folder: Path) -> None:
    lulu = press_named("lulu-8.5x8.5")
    for number, sheet in enumerate(lay_out(book, folder, lulu)[0], 1):
        for words in sheet.words:
            box = words.block.box
            fold = box.x if number % 2 else 8.5 - box.right
            assert fold >= 0.7 - 1e-6
            assert min(box.x, box.y, 8.5 - box.right, 8.5 - box.bottom) >= 0.5 - 1e-6
        if sheet.kind == "story" and sheet.words:
            zone = book.leaves[number - 1].text_zone
            assert zone in {SKY, MEADOW} or zone == Box(0.04, 0.07, 0.4, 0.3)
            art = sheet.arts[0].box
            assert sheet.words[0].block.box.y >= art.y + zone.y * art.h - 1e-6


@pytest.mark.parametrize(("pixels_wide", "ppi", "passes"), [(2625, 300, True), (1024, 117, False)])
def test_pictures_of_pixels_are_bound_and_measured(
    pixels_wide: int, ppi: int, passes: bool, tmp_path: Path
) -> None:
    Image.new("RGB", (pixels_wide, pixels_wide), "#cfe8f3").save(tmp_path / "page.png")
    leaf = Leaf("story", WORDS[0], "page.png", "Blue.", SKY, story_page=1)
    book = Book("Blue", (leaf,) * 24, PAGE, cover="page.png")
    PdfBinder(KDP).save(book, tmp_path, tmp_path / "book.pdf")
    report = preflight(tmp_path / "book.pdf", KDP)
    assert report.passed is passes
    assert f"the coarsest {ppi} ppi" in report.facts["pictures"]
    assert (tmp_path / "book.pdf").stat().st_size < 1_000_000  # one picture, kept once


# --- what is refused ------------------------------------------------------------------------------


def test_what_cannot_be_bound_says_so(book: Book, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"8\.5x8\.5 inches and press 'kdp-8x10'"):
        lay_out(book, folder, press_named("kdp-8x10"))
    with pytest.raises(BadInput, match="half of a spread"):
        lay_out(replace(book, leaves=book.leaves[1:]), folder, KDP)
    with pytest.raises(BadFile, match=r"nowhere\.svg"):
        lay_out(replace(book, cover="nowhere.svg"), folder, KDP)
    (tmp_path / "torn.png").write_bytes(b"\x89PNG torn")
    with pytest.raises(BadFile, match=r"torn\.png"):
        lay_out(replace(book, cover="torn.png"), tmp_path, KDP)
    with pytest.raises(BadInput, match="title has"):
        lay_out(replace(book, title="Word " * 300, leaves=(Leaf("title"),)), folder, KDP)
    with pytest.raises(BadInput, match="did you mean 'kdp-8x10'"):
        press_named("kdp-8x11")


def test_long_titles_shrink(book: Book, folder: Path) -> None:
    long = "Sasha the Puppy Doctor and the Very Long Night of the Seven Sneezing Sheepdogs"
    sheets, _ = lay_out(replace(book, title=long, leaves=(Leaf("title"), Leaf("half-title"))), folder, KDP)
    assert sheets[0].words[0].block.size < 46
    assert len(sheets[0].words[0].block.lines) > 1


# --- padding --------------------------------------------------------------------------------------


@pytest.mark.parametrize("press", PRESSES, ids=lambda press: press.name)
@pytest.mark.parametrize("count", [5, 17, 18, 22, 23, 24, 37, 53])
def test_padding_reaches_minimum_and_parity_and_keeps_sides(press: Press, count: int) -> None:
    leaves = tuple(Leaf("story", str(nr)) for nr in range(count))
    padded = pad(leaves, press)
    assert len(padded) >= press.fewest
    assert len(padded) % press.parity == 0
    assert len(padded) <= max(press.fewest, count + press.parity - 1)
    assert padded.index(leaves[0]) % 2 == 0
    first = padded.index(leaves[0])
    assert padded[first : first + count] == leaves
    added = [leaf for leaf in padded if leaf.kind != "story"]
    assert not any(leaf.kind == "blank" for leaf in added)
    assert not any(one.kind == other.kind == "endpaper" for one, other in pairwise(added))
