"""consistency.html: everything in one file, every cell told in words, small, and whole in a browser."""

import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from storykin.critics import Reading
from storykin.critics.judging import Judgement
from storykin.critics.page import page_html, scores_of
from storykin.critics.summing import Judged, summed
from storykin.picture import Verdict
from tests.critics.judgedbook import drawing, faulty_book, figures, hidden, judged, shots

COUNT, PEOPLE = 9, 3
VOID = {"meta", "link", "img", "br", "input", "col", "line", "circle", "path", "polyline"}


@pytest.fixture(scope="module")
def page() -> str:
    return page_of(faulty_book(COUNT, PEOPLE), COUNT, PEOPLE)


def page_of(pages: list[Judged], count: int, people: int) -> str:
    pictures = {shot.page: drawing(shot, 300) for shot in shots(count, people)}
    shown = {"Sasha": next(iter(pictures.values()))}
    return page_html("The <Long> Walk", pages, lambda one: pictures[one.page], shown, ["One & two"])


def words_of(html: str) -> str:
    """What a person reads, in one line."""
    body = re.sub(r"<style>.*?</style>|<svg.*?</svg>", " ", html, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


class Balanced(HTMLParser):
    """Raises for a tag that is closed and was not open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.targets += [found["href"] or ""] if "href" in found else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag in VOID or self.open.pop() == tag


def test_it_is_one_whole_file_that_asks_nobody(page: str) -> None:
    parser = Balanced()
    parser.feed(page)
    assert not parser.open
    assert len(set(parser.ids)) == len(parser.ids)
    assert {target.removeprefix("#") for target in parser.targets} <= set(parser.ids)
    assert not re.search(r"""(src|href)=["'](?!#|data:)""", page)
    assert "url(http" not in page


def test_words_are_escaped(page: str) -> None:
    assert "The &lt;Long&gt; Walk" in page
    assert "<Long>" not in page


def test_the_questions_are_answered_in_numbers(page: str) -> None:
    said = words_of(page)
    summary = summed(faulty_book(COUNT, PEOPLE))
    hair = summary.answers["hair"]
    assert f"Is the hair the same? {100 * hair.right / hair.read:.0f} % right for {hair.right} of {hair.read} figures" in said  # fmt: skip
    assert f"{summary.passed} of {COUNT} pages are as they should be; 5 are not:" in said
    assert "Cross-CIDS" in said


def test_every_cell_says_how_it_is_in_words_and_why(page: str) -> None:
    labels = re.findall(r'aria-label="([^"]* on page [^"]*)"', page)
    wanted = sum(len(one.judgement.matches) for one in faulty_book(COUNT, PEOPLE))
    assert len([one for one in labels if "whom nobody" not in one]) == wanted
    assert any(re.match("Sasha on page 2: hair. Sasha&#39;s hair is .*ΔE", one) for one in labels)
    assert any(one.startswith("Grandma on page 3: missing.") for one in labels)
    assert any(re.match(r"Sasha on page 1: fine. likeness 0.9\d, hair ΔE 0", one) for one in labels)


def test_what_was_tried_and_what_was_not_read_is_told(page: str) -> None:
    said = words_of(page)
    assert "another seed: hair again" in said
    assert "place , on all 9 pages: no weights are here" in said
    assert "One &amp; two" in page
    assert "hair.colour" in said  # the gates, with their reasons


def test_extras_and_the_picture_itself_have_rows_of_their_own(page: str) -> None:
    assert "somebody on page 6 whom nobody asked for" in page
    assert page.count("the picture of page 1: fine") == 1
    pages = faulty_book(2, 1)
    verdict = replace(pages[0].judgement.verdict, passed=False, faults=(*pages[0].judgement.verdict.faults,))
    assert verdict.passed is False


def test_nothing_read_is_said_and_not_passed_off_as_right() -> None:
    reading = Reading(unread={"figures": "no weights <here>"})
    why = dict.fromkeys(("looks", "hair", "clothes", "height", "count", "technical"), "no weights <here>")
    (shot,) = shots(1, 1)
    picture = drawing(shot, 100)
    one = Judged(1, "page 1", reading, Judgement(Verdict(unread=why)))
    html = page_html("T", [one], lambda page: picture)
    assert words_of(html).count("not read no weights &lt;here&gt;") == 5
    assert "100 %" not in html
    assert "the picture of page 1: not read" in html


def test_whom_the_storyboard_hardly_shows_is_not_passed_off_as_right() -> None:
    shot = next(one for one in shots(3, 2) if len(one.scene.figures) > 1)
    there = figures(shot)
    who, other = list(there)[:2]
    html = page_html("T", [hidden(shot, who, {other: there[other]})], lambda page: drawing(shot, 100))
    assert f"{who} on page {shot.page}: not told here. stands where the picture hardly shows them" in html
    assert f"{other} on page {shot.page}: fine." in html
    assert f"Not told here: {who}, hardly to be seen." in html  # where the picture itself is told
    assert "not told here: hardly to be seen" in html  # the key
    stranger = replace(there[who], vectors={"drawn": tuple(-each for each in there[who].vectors["drawn"])})
    html = page_html("T", [hidden(shot, who, {**there, who: stranger})], lambda page: drawing(shot, 100))
    assert f"{who} on page {shot.page}: not told here." in html
    assert f"<span>{who}?</span>" in html
    assert "not told here" not in page_html("T", [judged(shot, there)], lambda page: drawing(shot, 100))


def test_half_a_look_for_what_is_unsafe_is_told_once() -> None:
    """Only nudity was looked for: that is said where safety is told, and in the list of what was not read."""
    (shot,) = shots(1, 1)
    page = judged(shot, figures(shot))
    why = "violence and fright were not looked for"
    half = replace(page, reading=replace(page.reading, unread={**page.reading.unread, "fright": why}))
    html = page_html("T", [half], lambda page: drawing(shot, 100))
    assert f"the picture of page 1: fine. read: safety, technical; {why}" in html
    assert words_of(html).count(f"fright , on all 1 pages: {why}") == 1
    assert {"what": "fright", "why": why, "pictures": 1} in scores_of(summed([half]))["not_read"]
    assert "fright" not in page_html("T", [page], lambda page: drawing(shot, 100))


def test_pages_stand_side_by_side_as_evenly_as_can_be(page: str) -> None:
    """Nine are five and four, not eight and one; each page once, in order."""
    bands = [[int(number) for number in re.findall(r'class="sheet g(\d+)"', band)] for band in page.split('<div class="band"')[1:]]  # fmt: skip
    bands[-1] = list(bands[-1][:-COUNT])  # every picture follows, once more
    assert sorted(map(len, bands)) == [4, 5]
    assert [number for band in bands for number in band] == list(range(COUNT))


@pytest.mark.parametrize(("count", "people"), [(1, 1), (3, 6)])
def test_small_books(count: int, people: int) -> None:
    parser = Balanced()
    parser.feed(page_of(faulty_book(count, people), count, people))
    assert not parser.open


@pytest.mark.slow
def test_a_large_book_stays_small() -> None:
    """40 pages with four people on each, painted as noisily as can be, stay under 5 MB."""
    from PIL import Image

    pages = faulty_book(40, 6)
    noise = Image.effect_noise((900, 900), 90).convert("RGB")
    html = page_html("T", pages, lambda one: noise, {"Sasha": noise})
    assert len(html) < 5_000_000


def test_plain_numbers() -> None:
    found = scores_of(summed(faulty_book(COUNT, PEOPLE)))
    assert found["questions"]["count"]["of"] == COUNT
    assert found["characters"]["Sasha"]["hair"] == {"right": 8, "read": 9, "of": 9}


def told_by(page: Path, script: str, width: int) -> str:
    """What the page's title says after a script ran in a real browser, in a frame of that width."""
    inner = page.with_name("inner.html")
    inner.write_text(page.read_text().replace("</body>", f"<script>{script}</script></body>"))
    outer = page.with_name("outer.html")
    outer.write_text(
        f'<title>none</title><iframe src="inner.html" style="width: {width}px; height: 900px; border: 0"></iframe>'
        "<script>onmessage = event => document.title = event.data</script>"
    )
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    assert browser, "a browser test needs Chromium"
    told = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--allow-file-access-from-files",
         f"--user-data-dir={page.parent / 'profile'}", "--window-size=1500,1000", "--virtual-time-budget=5000", "--dump-dom", f"file://{outer}"],
        capture_output=True, text=True, timeout=120, check=True,
    ).stdout  # fmt: skip
    found = re.search(r"<title>(.*?)</title>", told)
    return found[1] if found else ""


LOOK = """
  const wide = document.documentElement.scrollWidth <= innerWidth;
  const pictures = [...document.images].every(one => { one.loading = "eager"; return one.src.startsWith("data:"); });
  const cells = [...document.querySelectorAll("a.cell")].filter(one => one.offsetWidth > 60 && one.offsetHeight > 10).length;
  const curves = [...document.querySelectorAll("svg.curve")].every(one => one.getBoundingClientRect().width > 150);
  const small = [...document.querySelectorAll(".words, .tile, td")].some(one => one.scrollWidth > one.offsetWidth + 2);
  const link = document.querySelector("a.cell"); link.focus();
  const reached = document.activeElement === link && !!document.querySelector(link.getAttribute("href"));
  parent.postMessage([wide, pictures, cells, curves, small, reached].join(" "), "*");
"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [1400, 390])
def test_it_fits_the_screen_and_is_reached_by_keyboard(page: str, tmp_path: Path, width: int) -> None:
    path = tmp_path / "consistency.html"
    path.write_text(page)
    cells = page.count('class="cell ') - page.count('class="cell off')
    assert told_by(path, LOOK, width) == f"true true {cells} true false true"
