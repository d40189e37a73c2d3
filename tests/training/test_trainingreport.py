"""The page about a training and its contact sheet: complete, self-contained, honest, for few looks and for many."""

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image

from storykin.families import FAMILIES
from storykin.recipe import Recipe
from storykin.training.charts import Level, Line, chart, smoothed, ticks_between
from storykin.training.looks import Looks, picture_path, prompts
from storykin.training.scoring import Bounds, Look, choose, weigh
from storykin.training.trainingreport import (
    ACCENT,
    About,
    advice,
    contact_sheet,
    losses_of,
    sampled,
    training_report,
    write_report,
)

BOUNDS = Bounds(0.3, 0.8, 0.3, 0.2)
ABOUT = About(
    "Zoë <3",
    "zvoqk",
    "a girl",
    Recipe.of(FAMILIES["sd15"]),
    34,
    "sd15-2026-11-22.safetensors",
    (("card", "16 GiB"),),
    57.2,
)
Page = Callable[..., str]


def planted(count: int, top: float = 0.7) -> Looks:
    """A training of `count` looks that rises to `top` in the middle and falls again."""
    previews = prompts("zvoqk", "a girl", 4)
    looks = []
    for number in range(count + 1):
        like = 0.3 + (top - 0.3) * (1 - abs(2 * number / count - 1))
        each = (like, like, like, None, 0.3, 0.31)
        looks.append(weigh(Look(100 * number, like, 0.3, None, 0.2, 0.02, 1.0, 0.0, each), BOUNDS))
    return Looks("k", "faces", previews, ("dataset/00.png", "dataset/01.png"), BOUNDS, tuple(looks))


def painted(folder: Path, looks: Looks) -> Path:
    """The pictures of the looks; the n-th look's are as red as its step."""
    for look in looks.looks:
        for number in range(len(looks.previews)):
            path = picture_path(folder, look.step, number)
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (64, 64), (look.step * 255 // looks.looks[-1].step, 40 * number, 90)).save(path)
    for name in looks.held_out:
        path = folder.parent.parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (80, 60), "orange").save(path)
    return folder


HISTORY = [{"step": step, "loss": 0.3 + 1 / step, "rate": 1e-4} for step in range(1, 401)]


@pytest.fixture
def page(tmp_path: Path) -> Page:
    def make(looks: Looks, about: About = ABOUT, **others: object) -> str:
        folder = painted(tmp_path / "zoe" / "training" / "sd15", looks)
        history = others.get("history", HISTORY)
        return training_report(folder, about, looks, choose(looks.looks), history)  # type: ignore[arg-type]

    return make


class Open(HTMLParser):
    """Which tags were opened and not closed, and where anything would be asked for."""

    VOID = frozenset({"meta", "img", "br", "line", "circle", "path"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.asked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.asked += [str(value) for name, value in attrs if name in {"src", "href", "srcset"}]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_page_is_whole_and_asks_nobody(page: Page, count: int) -> None:
    looks = planted(count)
    html = page(looks)
    reader = Open()
    reader.feed(html)
    assert not reader.open
    assert reader.asked
    assert all(address.startswith("data:image/jpeg;base64,") for address in reader.asked)
    assert len(reader.asked) == 6 + 2 + 6 * (count + 1)  # kept, held out, every look
    assert "http://" not in html
    assert "https://" not in html
    assert html.count("<svg") == 3
    assert len(html) < 500_000


def test_the_page_says_what_was_kept_how_good_it_is_and_how_it_was_made(page: Page) -> None:
    looks = planted(8)
    html = page(looks)
    assert "Recognisable: 80% of the way" in html
    assert "kept: step 400" in html
    assert "1 hour" not in html
    for words in (
        "57 min",
        "sd15-2026-11-22.safetensors",
        "16 GiB",
        "compared by",
        "faces",
        "learning rate",
        "34 photos",
    ):
        assert words in html
    assert all(preview.prompt in html for preview in looks.previews)
    assert html.count(">the photos</text>") == html.count(">the base</text>") == 2
    assert "What would make it better" not in html


def test_names_are_escaped(page: Page) -> None:
    html = page(planted(3))
    assert "Zoë &lt;3" in html
    assert "<3" not in html


def test_when_it_is_not_she_the_page_says_so_and_what_to_do(page: Page) -> None:
    html = page(planted(4, top=0.35), replace(ABOUT, photos=9))
    assert "Not recognisable: 5% of the way" in html
    assert 'class="verdict no"' in html
    assert "What would make it better" in html
    assert "storykin cast add zoe-3 PHOTOS" in html


def test_pictures_that_are_gone_leave_a_gap_and_no_error(page: Page, tmp_path: Path) -> None:
    looks = planted(3)
    page(looks)
    folder = tmp_path / "zoe" / "training" / "sd15"
    picture_path(folder, 200, 0).unlink()
    picture_path(folder, 0, 1).write_bytes(b"no picture")
    html = training_report(folder, ABOUT, looks, choose(looks.looks), [])
    assert html.count('<div class="gone">') >= 2
    assert html.count("<svg") == 2  # no loss was written down


def test_a_look_without_faces_is_shown(page: Page) -> None:
    looks = planted(3)
    blind = tuple(
        replace(look, likeness=None, leakage=None, seen=0.0, each=(None,) * 6) for look in looks.looks
    )
    html = page(replace(looks, looks=blind, bounds=Bounds(), held_out=()))
    assert "It cannot be told" in html
    assert "too few to keep some aside" in html
    assert "compared with these photos" not in html
    assert 'class="gauge"' not in html
    assert "nobody found" in html


def test_troubles_on_the_way_are_told(page: Page) -> None:
    lines = [*HISTORY, {"step": 13, "skipped": ["03.png"]}, {"step": 100, "rolled_back": True}]
    html = page(planted(3), history=lines)
    assert "1 step left out" in html
    assert "checkpoint once" in html


def test_the_page_is_written_in_one_stroke(tmp_path: Path) -> None:
    looks = planted(3)
    folder = painted(tmp_path / "zoe" / "training" / "sd15", looks)
    path = write_report(folder, ABOUT, looks, choose(looks.looks), HISTORY, tmp_path / "training.html")
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["training.html"]


def test_the_page_needs_no_torch() -> None:
    code = (
        "import sys, storykin.training.trainingreport; print('torch' in sys.modules, 'numpy' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["False", "False"]


# --- advice -----------------------------------------------------------------------------------------


def told(looks: Looks, about: About = ABOUT) -> str:
    return " ".join(f"{one.words} {one.command}" for one in advice(about, looks, choose(looks.looks)))


def test_what_is_good_needs_no_advice() -> None:
    assert told(planted(8)) == ""


def test_what_was_still_rising_is_trained_longer() -> None:
    rising = planted(8, top=0.45)
    rising = replace(rising, looks=rising.looks[:5])
    assert "--effort best" in told(rising)
    assert "--effort best" not in told(rising, replace(ABOUT, stopped=True))
    assert "photos are few" not in told(rising)


def test_leaking_and_collapse_and_missing_faces_each_have_their_remedy() -> None:
    looks = planted(1)
    (base, only) = looks.looks

    def changed(**fields: float) -> Looks:
        return replace(looks, looks=(base, replace(only, likeness=0.75, **fields)))  # type: ignore[arg-type]

    assert "with pictures of anybody" in told(changed(leakage=0.6))
    more = replace(ABOUT, recipe=replace(ABOUT.recipe, prior_weight=1.0))
    assert "more pictures of anybody" in told(changed(leakage=0.6), more)
    assert "learned by heart" in told(changed(diversity=0.05))
    assert "In 25% of the judged previews" in told(changed(seen=0.75))
    assert told(changed()) == ""


# --- what is drawn ----------------------------------------------------------------------------------


def test_losses_are_those_of_the_last_time() -> None:
    lines: list[dict[str, object]] = [
        {"step": 1, "loss": 0.5},
        {"step": 2, "loss": 0.4},
        {"step": 2, "skipped": ["a.png"]},
        {"step": 3, "loss": float("nan")},
        {"rolled_back": True, "step": 1},
        {"step": 2, "loss": 0.3},
        {"step": 2, "score": 0.3},
    ]
    assert losses_of(lines) == [(1, 0.5), (2, 0.3)]


@pytest.mark.parametrize("count", [1, 6, 7, 12, 30])
def test_the_first_the_last_and_the_chosen_one_are_always_shown(count: int) -> None:
    looks = planted(count).looks
    for chosen in looks:
        some_of_them = sampled(looks, chosen)
        assert len(some_of_them) == min(7, len(looks))
        assert {looks[0], looks[-1], chosen} <= set(some_of_them)
        assert list(some_of_them) == sorted(some_of_them, key=lambda look: look.step)


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_contact_sheet_frames_the_chosen_one(tmp_path: Path, count: int) -> None:
    looks = planted(count)
    folder = painted(tmp_path / "zoe" / "training" / "sd15", looks)
    chosen = choose(looks.looks)
    sheet = contact_sheet(folder, looks, chosen)
    columns = sampled(looks.looks, chosen)
    assert sheet.width > 200 * len(columns)
    assert sheet.height > 200 * 6
    line = [sheet.getpixel((x, sheet.height - 20)) for x in range(sheet.width)]
    accent = tuple(int(ACCENT[i : i + 2], 16) for i in (1, 3, 5))
    edges = [x for x, colour in enumerate(line) if colour == accent]
    across = columns.index(chosen)
    assert edges[0] < 150 + 212 * across + 20
    assert edges[-1] > 150 + 212 * across + 190
    assert sheet.getpixel((150 + 212 * across + 100, 64 + 100)) == (
        chosen.step * 255 // looks.looks[-1].step,
        0,
        90,
    )


def test_the_contact_sheet_does_without_pictures(tmp_path: Path) -> None:
    looks = planted(2)
    assert contact_sheet(tmp_path, looks, choose(looks.looks)).width > 400


# --- charts -----------------------------------------------------------------------------------------

finite = some.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 6))


@given(finite, finite)
def test_ticks_enclose_and_are_round_and_few(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    ticks = ticks_between(low, high)
    slack = 1e-5 * max(1.0, high - low)
    assert ticks[0] <= low + slack
    assert ticks[-1] >= high - slack
    assert 2 <= len(ticks) <= 9
    assert list(ticks) == sorted(set(ticks))


@given(some.lists(some.floats(-5, 5), min_size=1, max_size=40), some.integers(1, 15))
def test_the_running_mean_stays_within_its_values(values: list[float], width: int) -> None:
    found = smoothed(values, width)
    assert len(found) == len(values)
    assert all(min(values) - 1e-9 <= one <= max(values) + 1e-9 for one in found)
    assert smoothed(values, 1) == pytest.approx(values)


def test_everything_is_drawn_within_the_frame_and_labels_do_not_overlap() -> None:
    steps = [(float(x), y) for x, y in ((0, 0.31), (500, 0.5), (1000, 0.52))]
    lines = [Line(name, tuple(steps), "first", dots=True) for name in ("a", "b", "c")]
    svg = chart("says", lines, [Level("d", 0.52), Level("e", 0.3)], 1000, (1000, "kept"))
    places = [float(y) for y in re.findall(r'class="name [^"]*" x="[^"]*" y="([^"]*)"', svg)]
    places += [float(y) for y in re.findall(r'class="level" x="\d+" y="([^"]*)"', svg)]
    names = sorted(float(y) for y in re.findall(r'<text class="name[^>]* y="([^"]*)"', svg))
    assert len(names) == 5
    assert all(after - before >= 14.9 for before, after in pairwise(names))
    for x, y in re.findall(r'cx="([^"]*)" cy="([^"]*)"', svg):
        assert 0 <= float(x) <= 560
        assert 0 <= float(y) <= 280


def test_a_value_beyond_the_bounds_lies_on_the_edge() -> None:
    svg = chart("says", [Line("", ((0, 0.1), (1, 99.0)), "first")], (), 1, None, (0.0, 1.0))
    assert re.search(r'd="M[\d.]+,[\d.]+ [\d.]+,34\.0"', svg)


def test_a_chart_of_nothing_is_still_a_chart() -> None:
    assert chart("says", []).endswith("</svg>")
    assert 'aria-label="&lt;a&gt;"' in chart("<a>", [Line("", ((0, 0.5),), "first")])


def test_a_measure_that_cannot_tell_shows_no_gauge(page: Page) -> None:
    assert 'class="gauge"' in page(planted(4))
    html = page(replace(planted(4), bounds=Bounds(0.5, 0.52, 0.5, 0.2)))
    assert "It cannot be told" in html
    assert 'class="gauge"' not in html


def test_small_pictures_fill_their_cell_on_the_sheet(tmp_path: Path) -> None:
    looks = planted(2)
    folder = painted(tmp_path / "zoe" / "training" / "sd15", looks)
    sheet = contact_sheet(folder, looks, looks.looks[1])
    assert sheet.getpixel((150 + 212 + 10, 64 + 10)) == sheet.getpixel((150 + 212 + 190, 64 + 190))


def test_ticks_with_three_decimals_are_not_cut_off() -> None:
    svg = chart("likeness", [Line("her", ((0, 0.531), (40, 0.554)), "first")], last=40)
    ticks = re.findall(r'text-anchor="end" x="([\d.]+)" y="[\d.]+">([^<]+)<', svg)
    assert any(len(words) >= 5 for _, words in ticks)
    for right, words in ticks:
        assert float(right) - 7.5 * len(words) >= 0  # digits of 13 pixels are 7.5 wide


def test_advice_names_the_base_that_was_trained() -> None:
    rising = planted(4)
    rising = replace(rising, looks=rising.looks[:3])  # the last look is the best
    own = replace(ABOUT, recipe=replace(ABOUT.recipe, base="/models/my style.safetensors"))
    commands = [
        next(one.command for one in advice(about, replace(rising, bounds=Bounds(0.3, 2.0, 0.3, 0.2)), rising.looks[-1]) if "--effort" in one.command)
        for about in (ABOUT, own)
    ]  # fmt: skip
    assert commands[0] == "storykin train zoe-3 --base sd15 --effort best"
    assert commands[1] == "storykin train zoe-3 --base '/models/my style.safetensors' --effort best"


def test_a_class_that_leaks_is_learned_anew_with_anybody() -> None:
    leaking = planted(4)
    chosen = replace(leaking.looks[2], leakage=0.7)
    for weight, more in ((0.0, ""), (1.0, " --set prior_pictures=100")):
        about = replace(ABOUT, recipe=replace(ABOUT.recipe, prior_weight=weight))
        (remedy,) = [one for one in advice(about, leaking, chosen) if "--anybody" in one.command]
        assert remedy.command == f"storykin train zoe-3 --base sd15 --afresh --anybody{more}"
