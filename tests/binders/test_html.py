"""HTML: one file, nothing from elsewhere; in a browser its pages turn."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from storykin.binders.html import HtmlBinder, openings
from storykin.binders.screen import screen_pages
from tests.binders.sample import sample_book


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    path = folder / "book.html"
    HtmlBinder().save(sample_book(folder), folder, path)
    return path


def test_nothing_comes_from_elsewhere(book: Path) -> None:
    text = book.read_text()
    sources = re.findall(r'(?:src|href)="([^"]{0,40})|url\(([^)]{0,40})', text)
    assert sources
    assert all((one or other).startswith("data:") for one, other in sources)
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in text


def test_words_are_escaped_and_described(book: Path) -> None:
    text = book.read_text()
    assert "<title>Mia &amp; the Ball</title>" in text
    assert 'alt="A hill with a ball"' in text
    assert "&amp; “rolled”" in text


def test_facing_pages_lie_open_together(tmp_path: Path) -> None:
    pages, _ = screen_pages(sample_book(tmp_path), tmp_path)
    kinds = [[pages[number].kind for number in pair] for pair in openings(pages)]
    assert kinds[0] == ["front"]
    assert kinds[1] == ["endpaper", "half-title"]
    assert kinds[-1] == ["back"]
    halves = [[pages[number].text.replace("\u00a0", " ") for number in pair] for pair in openings(pages)]
    assert ["It rolled and rolled.", ""] in halves


def test_a_wish_cannot_smuggle_a_script(tmp_path: Path) -> None:
    path = tmp_path / "b.html"
    HtmlBinder().save(sample_book(tmp_path, "<script>alert(1)</script> rolled."), tmp_path, path)
    assert "<script>alert" not in path.read_text()


def dumped(page: Path, script: str, fragment: str = "") -> str:
    """What the page's title says after a script ran in a real browser."""
    probe = page.with_name("probe.html")
    probe.write_text(page.read_text().replace("</body>", f"<script>{script}</script></body>"))
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    assert browser, "a browser test needs Chromium"
    told = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
         f"--user-data-dir={page.parent / 'profile'}", "--window-size=1200,760", "--virtual-time-budget=4000",
         "--dump-dom", f"file://{probe}{fragment}"],
        capture_output=True, text=True, timeout=120, check=True,
    ).stdout  # fmt: skip
    found = re.search(r"<title>(.*?)</title>", told)
    return found[1] if found else ""


@pytest.mark.browser
def test_keys_buttons_and_clicks_turn_the_pages(book: Path) -> None:
    script = """
      const seen = [], where = document.getElementById("where");
      const open = () => document.querySelectorAll(".sheet.open").length;
      const note = () => seen.push(`${where.textContent}/${open()}`);
      const key = key => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      note(); key("ArrowRight"); note(); key("ArrowRight"); note(); key("ArrowLeft"); note();
      document.getElementById("on").click(); note();
      const main = document.querySelector("main");
      const point = (type, x) => main.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: 200, bubbles: true }));
      point("pointerdown", 1000); point("pointerup", 1000); note();
      point("pointerdown", 900); point("pointerup", 500); note();
      key("End"); note(); key("Home"); note();
      document.title = seen.join(" ");
    """
    assert dumped(book, script) == (
        "Cover/1 Page 1/2 Page 2–3/2 Page 1/2 Page 2–3/2 Page 4–5/2 Page 6–7/2 Back cover/1 Cover/1"
    )


@pytest.mark.browser
def test_large_words_are_shown_beside_the_picture(book: Path) -> None:
    script = """
      document.getElementById("larger").click();
      const reading = document.querySelector(".reading");
      document.title = [reading.textContent, getComputedStyle(reading).display, getComputedStyle(reading).fontSize].join("|");
    """
    assert (
        dumped(book, script, "#5")
        == "For youMia found a red ball &amp; “rolled” it down the hill.|block|24px"
    )
