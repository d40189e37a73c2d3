"""Until a page passes: what is tried in which order, what stays on the page, and that nothing is painted in vain or twice."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from storykin import approving, files, make
from storykin.bookfolder import read_storyboard
from storykin.character import Adapter
from storykin.choices import Choices, Effort
from storykin.critics.judging import Judgement
from storykin.errors import BadFile, BadInput, Cancelled
from storykin.mending import TRIES, Tried, best_of, next_try, tries_of
from storykin.painters.sketch import Sketch
from storykin.picture import Fault, FaultName, Picture, Verdict
from storykin.scene import Box, Figure, Scene
from storykin.shot import PlacedAdapter, Shot
from storykin.wish import Wish
from tests.drifting import Drifting, Knowing, Rates
from tests.flat import SASHA, THEO, Flat

WISH = Wish("a book about me and Theo on the moon", "Sasha", cast=("Theo",), pages=4)
CHOICES = Choices(painter="drifting", size=128, press="screen", formats=("html",), tries=20)


@pytest.fixture
def painter() -> Drifting:
    return Drifting(Rates(hair=0.3, missing=0.2), draws=False)


@pytest.fixture
def critic(painter: Drifting) -> Knowing:
    return Knowing(painter)


@pytest.fixture
def book(tmp_path: Path, painter: Drifting, critic: Knowing, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A book of a painter that drifts, drawn up."""
    monkeypatch.setattr("storykin.easel.painter_named", lambda name, **given: painter)
    monkeypatch.setattr("storykin.make.critic_of", lambda choices: critic if choices.judge else None)
    return drawn_up(tmp_path / "book")


WRITTEN: dict[str, bytes] = {}


def drawn_up(folder: Path) -> Path:
    """A book as it is before it is painted; written only once."""
    if not WRITTEN:
        make.start(folder, WISH, CHOICES)
        make.write(folder)
        make.board(folder)
        WRITTEN.update({path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()})
    for name, content in WRITTEN.items():
        files.write_bytes(folder / name, content)
    return folder


def choose(folder: Path, **said: object) -> None:
    files.write_toml(folder / "book.toml", replace(make.read_choices(folder), **said))  # type: ignore[arg-type]


def on_page(folder: Path) -> dict[int, Picture]:
    return {shot.page: picture for shot, picture in make.on_pages(folder) if picture}


def heavy(fault: str) -> float:
    return {"missing": 4.0, "extra": 3.0, "not-her": 3.0}.get(fault.split(":", maxsplit=1)[0], 1.0)


def state(folder: Path) -> dict[str, bytes]:
    """Everything in the folder of pictures, without the times."""
    found = {}
    for path in sorted((folder / "pictures").iterdir()):
        content = path.read_bytes()
        if path.suffix == ".json":
            told = json.loads(content)
            told.pop("painted")
            content = json.dumps(told).encode()
        found[path.name] = content
    return found


# --- the loop -----------------------------------------------------------------------------------------


def test_pages_that_fail_are_painted_until_they_pass(book: Path, painter: Drifting, critic: Knowing) -> None:
    failed = {shot.page for shot in read_storyboard(book).shots if painter.drift(shot)}
    assert failed  # the rates are high enough
    made = make.paint(book)
    assert [one.shot.page for one in made] == [0, 1, 2, 3, 4]
    pages = on_page(book)
    assert all(one.verdict and one.verdict.passed for one in pages.values())
    assert {page for page, one in pages.items() if one.tried} == failed
    for page in failed:
        tried = pages[page].tried
        assert (tried[0].step, tried[0].passed) == ("first", False)
        assert (tried[-1].path, tried[-1].passed) == (pages[page].path, True)
        assert all((book / one.path).exists() for one in tried)  # all candidates are kept
        assert tried[0].faults
    assert len(painter.painted) == 5 + sum(len(pages[page].tried) - 1 for page in failed)
    assert critic.closed == 1


def test_a_second_run_paints_nothing_and_writes_nothing(book: Path, painter: Drifting) -> None:
    make.paint(book)
    before = {path: path.stat().st_mtime_ns for path in (book / "pictures").iterdir()}
    count = len(painter.painted)
    assert make.paint(book) == ()
    assert len(painter.painted) == count
    assert {path: path.stat().st_mtime_ns for path in (book / "pictures").iterdir()} == before


def test_the_storyboard_stays_what_it_was_and_the_book_shows_the_better_picture(book: Path) -> None:
    before = (book / "storyboard.json").read_bytes()
    make.paint(book)
    assert (book / "storyboard.json").read_bytes() == before
    pages = on_page(book)
    better = next(page for page, one in pages.items() if one.tried and page)
    shown = {leaf.story_page: leaf.picture for leaf in make.book_of(book).leaves if leaf.kind == "story"}
    assert shown[better] == pages[better].path
    assert [one.path for one, used in make.pictures(book, better) if used] == [pages[better].path]
    make.board(book)
    assert on_page(book) == pages


def test_a_stop_in_the_middle_comes_to_the_same_end(book: Path, painter: Drifting, tmp_path: Path) -> None:
    other = drawn_up(tmp_path / "other")
    make.paint(other)
    whole, stops = len(painter.painted), 0
    for after in (1, 2, 2, 3, 4, 9, 99):
        count = len(painter.painted)

        def stop(fraction: float, doing: str, count: int = count, after: int = after) -> None:
            if len(painter.painted) >= count + after:
                raise Cancelled

        try:
            make.paint(book, on_step=stop)
        except Cancelled:
            stops += 1
    assert stops > 4
    assert state(book) == state(other)
    assert len(painter.painted) == 2 * whole + stops  # each lost the one it was at


def test_the_budget_is_kept_and_the_best_stays_on_the_page_with_the_reason(
    book: Path, painter: Drifting
) -> None:
    painter.rates = Rates(hair=1.0, clothes=0.5, missing=0.5)
    choose(book, effort="good", tries=0)
    make.paint(book)
    for page, one in on_page(book).items():
        shots = len(list((book / "pictures").glob(f"{page:02d}-*.json")))
        assert shots == TRIES["good"] == len(one.tried)
        assert one.verdict is not None
        assert not one.verdict.passed
        weights = [sum(heavy(fault) for fault in tried.faults) for tried in one.tried]
        assert weights[[tried.path for tried in one.tried].index(one.path)] == min(weights)
    assert make.bind(book)  # flagged, and bound all the same


def test_tries_count_what_is_there(book: Path, painter: Drifting) -> None:
    painter.rates = Rates(hair=1.0)
    choose(book, tries=2)
    make.paint(book, [1])
    assert len(painter.painted) == 2
    choose(book, tries=4)
    assert len(make.paint(book, [1])) == 1
    assert len(painter.painted) == 4
    four = on_page(book)[1]
    choose(book, tries=1)  # less is not worse: what is there is there
    assert make.paint(book, [1]) == ()
    assert on_page(book)[1] == four


def test_effort_decides_how_many_and_pictures_that_cost_money_are_painted_once(painter: Drifting) -> None:
    efforts: tuple[Effort, ...] = ("draft", "good", "best")
    assert [tries_of(Choices(effort=effort), painter) for effort in efforts] == [1, 3, 6]
    painter.leaves_machine = True
    assert [tries_of(Choices(effort=effort), painter) for effort in efforts] == [1, 1, 1]
    assert tries_of(Choices(tries=4), painter) == 4
    assert tries_of(Choices(effort="best"), Sketch()) == 1


def test_draft_judges_and_paints_nothing_more(book: Path, painter: Drifting) -> None:
    choose(book, effort="draft", tries=0)
    make.paint(book)
    assert len(painter.painted) == 5
    assert any(one.verdict and not one.verdict.passed for one in on_page(book).values())


def test_without_a_judge_nothing_is_judged(book: Path, painter: Drifting, critic: Knowing) -> None:
    choose(book, judge=False)
    make.paint(book)
    assert (len(painter.painted), critic.judged) == (5, [])
    assert all(one.verdict is None for one in on_page(book).values())
    choose(book, judge=True)
    assert len(make.paint(book)) == len([one for one in on_page(book).values() if one.tried]) > 0


def test_another_critic_looks_again(book: Path, painter: Drifting, critic: Knowing) -> None:
    make.paint(book)
    count = len(painter.painted)
    strict = Knowing(painter, revision="2")
    critic.revision = strict.revision
    assert make.paint(book) == ()
    assert {one.verdict.critic for one in on_page(book).values() if one.verdict} == {"2"}
    assert len(painter.painted) == count


def test_progress_says_what_is_tried_and_only_grows(book: Path) -> None:
    steps: list[tuple[float, str]] = []
    make.paint(book, on_step=lambda *said: steps.append(said))
    fractions = [fraction for fraction, _ in steps]
    assert fractions == sorted(fractions)
    assert steps[-1] == (1.0, "painted 5, kept 0")
    words = {said for _, said in steps}
    assert {"painting page 1", "painting page 1: judging"} <= words
    assert any(said.endswith(": second try, another seed") for said in words)


def test_a_changed_scene_begins_anew(book: Path, painter: Drifting) -> None:
    make.paint(book)
    before = on_page(book)
    board = read_storyboard(book)
    shots = tuple(
        replace(one, scene=replace(one.scene, weather="snow")) if one.page == 2 else one
        for one in board.shots
    )
    files.write_json(book / "storyboard.json", replace(board, shots=shots))
    assert [one.shot.page for one in make.paint(book)] == [2]
    after = on_page(book)
    assert after[2].path != before[2].path
    assert after[2].shot.scene.weather == "snow"


# --- what a hand has chosen -----------------------------------------------------------------------------


def test_again_never_comes_back_to_what_was_there(book: Path) -> None:
    make.paint(book)
    before = {one.path for one, _ in make.pictures(book, 1)}
    (again,) = make.paint(book, [1], again=True)
    assert again.path not in before
    assert not before & {one.path for one in again.tried}
    assert on_page(book)[1].path == again.path


def test_what_was_taken_back_is_judged_and_never_replaced(book: Path, painter: Drifting) -> None:
    make.paint(book)
    page = next(page for page, one in on_page(book).items() if one.tried)
    first = on_page(book)[page].tried[0]
    key = next(one.key for one, _ in make.pictures(book, page) if one.path == first.path)
    make.use(book, page, key)
    count = len(painter.painted)
    assert make.paint(book) == ()
    used = on_page(book)[page]
    assert used.path == first.path
    assert used.kept
    assert used.verdict
    assert not used.verdict.passed
    assert len(painter.painted) == count
    make.board(book)
    assert on_page(book)[page].path == first.path
    (again,) = make.paint(book, [page], again=True)
    assert on_page(book)[page].path == again.path != first.path


def test_a_picture_from_elsewhere_is_judged_and_never_replaced(
    book: Path, painter: Drifting, critic: Knowing, tmp_path: Path
) -> None:
    make.paint(book)
    Image.new("RGB", (64, 64), "red").save(tmp_path / "mine.png")
    taken = make.take(book, 2, tmp_path / "mine.png")
    monkey = Judgement(
        Verdict({}, (Fault("missing", "Sasha", "Sasha is not there", 1.0),), False, critic="1")
    )
    critic.judge = lambda folder, shot, picture: monkey  # type: ignore[method-assign]
    count = len(painter.painted)
    (looked,) = make.look(book, [2])
    assert looked.verdict == monkey.verdict
    choose(book, tries=1)
    make.paint(book, [2])
    assert len(painter.painted) == count
    assert on_page(book)[2].path == taken.path


# --- what no child should see ---------------------------------------------------------------------------


def test_unsafe_pictures_never_reach_the_page(book: Path, painter: Drifting) -> None:
    painter.rates = Rates(0, 0, 0, 0, 0, 0, unsafe=0.6)
    choose(book, tries=30)
    make.paint(book)
    assert any(one.tried for one in on_page(book).values())
    assert not any(one.unsafe for one in on_page(book).values())
    painter.rates = Rates(0, 0, 0, 0, 0, 0, unsafe=1.0)
    (again,) = make.paint(book, [3], again=True)
    assert again.unsafe
    with pytest.raises(BadFile, match="page 3 has no picture") as refused:
        make.bind(book)
    assert "storykin paint 3 --again" in refused.value.hint
    assert not [used for _, used in make.pictures(book, 3) if used]
    with pytest.raises(BadInput, match="nothing for children"):
        make.use(book, 3, again.key)
    with pytest.raises(BadInput, match="nothing for children"):
        approving.approve(book, [3])


def test_the_page_after_an_unsafe_picture_does_not_begin_with_it(book: Path, painter: Drifting) -> None:
    painter.powers = frozenset({"init_image"})
    painter.rates = Rates(0, 0, 0, 0, 0, 0, unsafe=1.0)
    choose(book, tries=1, start="before", strength=0.5)
    make.board(book)
    made = {one.shot.page: one for one in make.paint(book)}
    assert {one.shot.init_image for one in made.values()} == {""}


def test_a_page_begins_with_the_better_picture_of_the_page_before(book: Path, painter: Drifting) -> None:
    painter.powers = frozenset({"init_image"})
    choose(book, start="before", strength=0.5)
    make.board(book)
    make.paint(book)
    pages = on_page(book)
    assert any(one.tried for one in pages.values())
    assert [pages[page].shot.init_image for page in (2, 3, 4)] == [pages[page].path for page in (1, 2, 3)]
    assert make.paint(book) == ()


# --- in vain ----------------------------------------------------------------------------------------------


def test_a_painter_whose_figures_do_not_follow_the_seed_is_asked_once_more_only(
    book: Path, painter: Drifting, critic: Knowing
) -> None:
    def found(folder: Path, shot: Shot, picture: Picture) -> Judgement:
        critic.judged.append(picture.path)
        fault = Fault("hair", "Sasha", "Sasha's hair is orange", 0.4)
        return Judgement(Verdict({"hair": 0.4}, (fault,), False, {}, {"Sasha": Box(0.1, 0.1, 0.2, 0.5)}, "1"))

    critic.judge = found  # type: ignore[method-assign]
    make.paint(book)
    assert len(painter.painted) == 2 * 5  # twenty of each were allowed
    assert all(len(one.tried) == 2 for one in on_page(book).values())
    first = read_storyboard(book).shots[0]
    assert on_page(book)[0].shot.seed == first.seed  # of equals the earliest


# --- what comes next, by fault ----------------------------------------------------------------------------

SHOT = Shot(
    3,
    Scene(
        "garden",
        figures=(Figure("Sasha", box=Box(0.1, 0.3, 0.2, 0.6)), Figure("Theo", box=Box(0.6, 0.3, 0.2, 0.6))),
    ),
    (SASHA, THEO),
    prompt="a girl, (short red hair:1.2), a boy",
    negative_prompt="text",
    width=64,
    height=64,
    adapters=(
        PlacedAdapter(Adapter("s", "sdxl", "", 4), Box(0.1, 0.3, 0.2, 0.6), "Sasha"),
        PlacedAdapter(Adapter("t", "sdxl", "", 4), Box(0.6, 0.3, 0.2, 0.6), "Theo"),
    ),
)
ABLE = Flat(
    powers=frozenset({"init_image", "adapters", "several_adapters", "regions", "mask"}), dialect="phrases"
)


def tried(
    step: str, shot: Shot, *faults: tuple[FaultName, str, float], about: str = "", path: str = "p"
) -> Tried:
    told = tuple(Fault(name, who, "", by) for name, who, by in faults)
    found = {"Sasha": Box(0.1, 0.3, 0.2, 0.6)}
    scores = {"hair": len(path) / 9}
    verdict = Verdict(scores, told, not told, {}, found)
    picture = Picture(f"pictures/{path}.png", shot, "flat", "1", path, "image/png", verdict=verdict)
    return Tried(step, "", about, shot, picture)  # type: ignore[arg-type]


def steps(fault: FaultName, who: str, painter: Flat, count: int = 7) -> list[str]:
    """The steps that follow each other as long as nothing helps."""
    found = [tried("first", SHOT, (fault, who, 0.5))]
    while len(found) < count and (coming := next_try(found, painter)):
        step, _, about, shot = coming
        found.append(tried(step, shot, (fault, who, 0.5), about=about, path="p" * (len(found) + 1)))
    return [one.step for one in found[1:]]


@pytest.mark.parametrize(
    ("fault", "who", "expected"),
    [
        ("missing", "Theo", ["seed", "words", "mask", "seed", "seed", "seed"]),
        ("extra", "", ["seed", "words", "seed", "seed", "seed", "seed"]),
        ("not-her", "Sasha", ["scale", "mask", "words", "seed", "seed", "seed"]),
        ("hair", "Sasha", ["words", "mask", "scale", "seed", "seed", "seed"]),
        ("clothes", "Sasha", ["words", "mask", "seed", "seed", "seed", "seed"]),
        ("height", "Sasha", ["seed", "words", "mask", "seed", "seed", "seed"]),
        ("bleed", "Sasha", ["apart", "mask", "words", "seed", "seed", "seed"]),
        ("wrong place", "", ["words", "seed", "seed", "seed", "seed", "seed"]),
        ("words in picture", "", ["seed", "words", "seed", "seed", "seed", "seed"]),
        ("unsafe", "", ["seed"] * 6),
        ("broken", "", ["seed"] * 6),
    ],
)
def test_every_fault_has_its_remedies(fault: FaultName, who: str, expected: Sequence[str]) -> None:
    assert steps(fault, who, ABLE) == expected


@pytest.mark.parametrize("fault", ["missing", "hair", "not-her", "bleed"])
def test_a_painter_that_can_nothing_is_asked_for_seeds(fault: FaultName) -> None:
    plain = replace(SHOT, adapters=())
    found = next_try([tried("first", plain, (fault, "Sasha", 0.5))], Flat(powers=frozenset(), dialect=""))
    assert found is not None
    assert found[0] == "seed"


def test_what_was_said_louder_stays_said_and_seeds_count_on() -> None:
    first = tried("first", SHOT, ("hair", "Sasha", 0.5))
    louder = replace(SHOT, prompt="louder")
    found = next_try(
        [first, tried("words", louder, ("missing", "Sasha", 1.0), about="hair: Sasha", path="pp")], ABLE
    )
    assert found is not None
    assert found[0] == "mask"  # the first is still the better one
    assert found[3].init_image == "pictures/p.png"
    assert found[3].prompt == "louder"
    plain = Flat(powers=frozenset({"adapters", "several_adapters"}), dialect="phrases")
    done = [
        first,
        tried("words", louder, ("hair", "Sasha", 0.4), about="hair: Sasha", path="pp"),
        tried("scale", louder, ("hair", "Sasha", 0.3), about="hair: Sasha", path="ppp"),
    ]
    found = next_try(done, plain)
    assert found is not None
    assert found[0] == "seed"
    assert found[3].prompt == "louder"
    assert found[3].seed != SHOT.seed


def test_one_figure_after_the_other_is_painted_into_the_best_picture() -> None:
    first = tried("first", SHOT, ("not-her", "Sasha", 1.0), ("hair", "Theo", 0.5))
    scaled = tried(
        "scale",
        replace(SHOT, seed=9),
        ("not-her", "Sasha", 1.5),
        ("hair", "Theo", 0.5),
        about="not-her: Sasha",
    )
    mask = next_try([first, scaled], ABLE)
    assert mask is not None
    anew = tried("mask", mask[3], ("hair", "Theo", 0.5), about=mask[2], path="anew")
    louder = next_try([first, scaled, anew], ABLE)
    assert louder is not None
    assert louder[0] == "words"
    assert louder[3].repaint is None
    both = [
        first,
        scaled,
        anew,
        tried("words", louder[3], ("not-her", "Sasha", 1.0), about="hair: Theo", path="w"),
    ]
    second = next_try(both, ABLE)
    assert second is not None
    assert (second[0], second[3].init_image) == ("mask", "pictures/anew.png")
    assert [one.character for one in second[3].adapters] == ["Theo"]


def test_a_picture_that_passed_wants_nothing() -> None:
    assert (
        next_try([tried("first", SHOT, ("hair", "Sasha", 1.0)), tried("seed", replace(SHOT, seed=2))], ABLE)
        is None
    )


def test_the_better_picture() -> None:
    def better(
        one: Sequence[tuple[FaultName, str, float]], other: Sequence[tuple[FaultName, str, float]]
    ) -> bool:
        return (
            best_of([tried("first", SHOT, *other), tried("seed", SHOT, *one, path="one")]).picture.key
            == "one"
        )

    assert better([], [("hair", "", 0.1)])
    assert better([("hair", "", 0.1)], [("hair", "", 0.5)])
    assert not better([("hair", "", 0.1)], [("hair", "", 0.1)])
    assert better([("hair", "", 0.5), ("clothes", "", 0.5)], [("missing", "Sasha", 1.0)])
    assert better([("broken", "", 9.0), ("missing", "", 9.0)], [("unsafe", "", 0.0)])
    assert better([("missing", "", 0.0)], [("words in picture", "", 5.0)]) is True


# --- recipes ------------------------------------------------------------------------------------------------


def test_recipes_of_before_can_be_read_and_are_mended(book: Path, painter: Drifting) -> None:
    choose(book, judge=False)
    make.paint(book)
    recipe = next(iter((book / "pictures").glob("01-*.json")))
    assert not {"tried", "instead", "kept", "verdict"} & set(json.loads(recipe.read_text()))
    choose(book, judge=True)
    make.paint(book)
    assert all(one.verdict and one.verdict.passed for one in on_page(book).values())


def test_a_better_picture_that_was_deleted_makes_room_for_the_first(book: Path) -> None:
    make.paint(book)
    page = next(page for page, one in on_page(book).items() if one.tried)
    one = on_page(book)[page]
    (book / one.path).unlink()
    assert on_page(book)[page].path == one.tried[0].path
    assert [made.path for made in make.paint(book, [page])] == [one.path]


def test_a_finished_book_is_judged_without_its_painter(
    book: Path, painter: Drifting, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(book, tries=1)
    make.paint(book)
    choose(book, tries=20)

    def absent() -> None:
        raise BadInput("it is not here", "load it down")

    monkeypatch.setattr(painter, "refuse_absent", absent)
    count = len(painter.painted)
    assert make.paint(book) == ()
    assert len(painter.painted) == count


def test_a_drawn_book_keeps_its_keys(tmp_path: Path) -> None:
    assert SHOT.key("sketch", "1") == replace(SHOT, repaint=None).key("sketch", "1")
    assert "mask" not in Sketch.powers
    shutil.rmtree(tmp_path)
