"""Books by a painter that loads models, without any: what is prepared, in which order, what is painted anew, and what a hand has chosen."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from storykin import files, make
from storykin.bookfolder import read_storyboard
from storykin.character import Adapter
from storykin.choices import Choices
from storykin.errors import BadFile, BadInput, Cancelled, CannotPaint
from storykin.scene import Scene
from storykin.shot import PlacedAdapter, Shot
from storykin.wish import Wish
from tests.flat import ALL, SASHA, THEO, Flat, at_hand, put

WISH = Wish("a book about me and Theo on the moon", "Sasha", cast=("Theo",), pages=4, art="oil")


@pytest.fixture
def painter(monkeypatch: pytest.MonkeyPatch) -> Flat:
    made = Flat()
    at_hand(monkeypatch, made, Flat("other"), Flat("blind", frozenset()))
    return made


@pytest.fixture
def book(tmp_path: Path, painter: Flat) -> Path:
    """A book whose hero was taught, drawn up; she is on all pages but the third."""
    put(tmp_path / "cast", SASHA, "sdxl")
    put(tmp_path / "cast", THEO)
    folder = make.start(
        tmp_path / "book",
        WISH,
        Choices(painter="flat", size=64, formats=("html",), press="screen", judge=False),
    )
    story = make.write(folder)
    page = story.pages[2]
    scene = replace(page.scene, figures=tuple(one for one in page.scene.figures if one.character != "Sasha"))
    pages = tuple(replace(one, scene=scene) if one is page else one for one in story.pages)
    files.write_json(folder / "story.json", replace(story, pages=pages))
    make.board(folder)
    return folder


def used(folder: Path, page: int) -> str:
    return next(one.path for one, current in make.pictures(folder, page) if current)


def choose(folder: Path, **said: object) -> None:
    files.write_toml(folder / "book.toml", replace(make.read_choices(folder), **said))  # type: ignore[arg-type]


# --- painting ---------------------------------------------------------------------------------------


def test_all_that_is_missing_is_prepared_once_with_its_files(book: Path, painter: Flat) -> None:
    steps: list[tuple[float, str]] = []
    made = make.paint(book, on_step=lambda *told: steps.append(told))
    assert [one.shot.page for one in made] == [0, 1, 2, 3, 4]
    assert len(painter.prepared) == 5
    assert {one.key("", "") for one in painter.prepared} == {one.key("", "") for one in painter.painted}
    assert painter.closed == 1
    fractions = [fraction for fraction, _ in steps]
    assert fractions == sorted(fractions)
    assert steps[0] == (0.0, "loading flat")
    assert (make.PREPARING, "loading flat") in steps
    assert steps[-1] == (1.0, "painted 5, kept 0")
    assert make.paint(book) == ()
    assert painter.loaded == 1


def test_a_stop_gives_the_memory_back_and_keeps_what_is_finished(book: Path, painter: Flat) -> None:
    def stop(fraction: float, doing: str) -> None:
        if fraction > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        make.paint(book, on_step=stop)
    assert painter.closed == 1
    there = len(list((book / "pictures").glob("*.json")))
    assert 0 < there < 5
    assert len(make.paint(book)) == 5 - there


def test_an_adapter_trained_anew_makes_its_pages_anew_and_no_others(book: Path, tmp_path: Path) -> None:
    make.paint(book)
    worn = {shot.page for shot in read_storyboard(book).shots if shot.adapters}
    assert worn == {0, 1, 2, 4}
    files.write_bytes(tmp_path / "cast" / "sasha" / "adapters" / "sdxl.safetensors", b"trained anew")
    assert {one.shot.page for one in make.paint(book)} == worn


def test_an_adapter_that_is_gone_is_told_with_its_page_before_anything_is_loaded(
    book: Path, painter: Flat, tmp_path: Path
) -> None:
    (tmp_path / "cast" / "sasha" / "adapters" / "sdxl.safetensors").unlink()
    with pytest.raises(BadFile, match=r"(the cover|page \d): .*sdxl\.safetensors: cannot be read"):
        make.paint(book)
    assert painter.prepared == []
    assert painter.closed == 1


def test_pages_with_the_same_adapters_are_painted_together() -> None:
    def shot(page: int, *worn: str, start: str = "") -> Shot:
        adapters = tuple(PlacedAdapter(Adapter(name, "sdxl", "", 4), None, name) for name in worn)
        return Shot(page, Scene("garden"), adapters=adapters, init_image=start)

    mixed = [shot(0, "a"), shot(1), shot(2, "b", "a"), shot(3, "a"), shot(4, "a", "b"), shot(5)]
    assert [one.page for one in make.in_order(mixed)] == [0, 3, 1, 5, 2, 4]
    hanging = [*mixed, shot(6, "a", start="before")]
    assert [one.page for one in make.in_order(list(reversed(hanging)))] == [0, 1, 2, 3, 4, 5, 6]
    assert make.in_order([]) == []


def test_a_chain_of_pages_is_painted_in_one_go(book: Path, painter: Flat) -> None:
    choose(book, start="before", strength=0.4)
    make.board(book)
    made = {one.shot.page: one for one in make.paint(book)}
    assert [made[page].shot.init_image for page in (0, 1, 2, 3, 4)] == [
        "",
        "",
        made[1].path,
        made[2].path,
        made[3].path,
    ]
    assert made[2].files[made[1].path]
    assert make.paint(book) == ()


def test_what_the_painter_lacks_is_refused_before_anything_is_painted(book: Path) -> None:
    choose(book, painter="blind")
    with pytest.raises(CannotPaint, match="painter 'blind' cannot use"):
        make.paint(book)
    assert not (book / "pictures").exists()
    make.board(book)
    assert len(make.paint(book)) == 5


# --- what a hand has chosen ---------------------------------------------------------------------------


def test_an_older_picture_is_had_back_though_its_adapter_was_trained_anew(book: Path, tmp_path: Path) -> None:
    make.paint(book)
    first = make.pictures(book, 1)[0][0]
    files.write_bytes(tmp_path / "cast" / "sasha" / "adapters" / "sdxl.safetensors", b"trained anew")
    make.paint(book)
    assert used(book, 1) != first.path
    make.use(book, 1, first.key)
    assert used(book, 1) == first.path
    assert make.paint(book) == ()
    shutil.rmtree(tmp_path / "cast" / "sasha" / "adapters")
    assert used(book, 1) == first.path


def test_the_picture_of_another_painter_stays_in_the_book(book: Path) -> None:
    make.paint(book)
    first = make.pictures(book, 1)[0][0]
    choose(book, painter="other")
    make.board(book)
    make.paint(book)
    make.use(book, 1, first.key)
    assert used(book, 1) == first.path
    assert make.paint(book) == ()
    assert first.path in [leaf.picture for leaf in make.book_of(book).leaves]
    other = next(one for one, _ in make.pictures(book, 1) if one.painter == "other")
    make.use(book, 1, other.key)
    assert used(book, 1) == other.path
    assert read_storyboard(book).shots[1].picture == ""


def test_a_picture_from_elsewhere_stays_until_it_is_painted_anew(book: Path, tmp_path: Path) -> None:
    make.paint(book)
    Image.new("RGB", (90, 90), "blue").save(tmp_path / "mine.png")
    taken = make.take(book, 2, tmp_path / "mine.png")
    assert taken.painter == "taken"
    assert (used(book, 2), make.paint(book)) == (taken.path, ())
    make.board(book)
    assert used(book, 2) == taken.path
    (again,) = make.paint(book, [2], again=True)
    assert used(book, 2) == again.path
    assert len(make.pictures(book, 2)) == 3
    make.use(book, 2, taken.key)
    assert used(book, 2) == taken.path


def test_a_chosen_picture_that_was_deleted_is_painted_and_the_book_is_whole(
    book: Path, tmp_path: Path
) -> None:
    make.paint(book, [0, 1, 3, 4])
    Image.new("RGB", (90, 90), "blue").save(tmp_path / "mine.png")
    taken = make.take(book, 2, tmp_path / "mine.png")
    (book / taken.path).unlink()
    with pytest.raises(BadFile, match="page 2 is not painted yet"):
        make.book_of(book)
    assert [one.shot.page for one in make.paint(book)] == [2]
    assert make.paint(book) == ()
    assert make.book_of(book)


def test_a_photo_taken_into_the_book_says_nothing_of_where_it_was_taken(book: Path, tmp_path: Path) -> None:
    about = Image.Exif()
    about[0x0112], about[0x010E] = 6, "at our house"
    Image.new("RGB", (40, 20), "red").save(tmp_path / "me.jpg", exif=about)
    taken = make.take(book, 2, tmp_path / "me.jpg")
    assert b"at our house" not in (book / taken.path).read_bytes()
    with Image.open(book / taken.path) as found:
        assert found.size == (20, 40)


# --- settings -----------------------------------------------------------------------------------------


def test_the_setting_says_what_painter_shelf_and_choices_say(book: Path) -> None:
    Image.new("RGB", (8, 8)).save(book / "me.png")
    choose(
        book,
        photos={"3": "me.png", "cover": "us.png"},
        effort="best",
        start="sketch",
        strength=0.3,
        apart="fill",
    )
    found = make.setting_of(book)
    assert found.photos == ((0, "us.png"), (3, "me.png"))
    assert (found.steps, found.guidance_scale, found.height, found.area) == (3, 3.0, 64, 128**2)
    assert (found.dialect, found.powers, found.adapters_of) == ("sentences", ALL, ("sdxl",))
    assert (found.start, found.strength, found.apart) == ("sketch", 0.3, "fill")
    assert [one.name for one in found.known] == ["Sasha", "Theo"]
    assert found.known[0].adapters[0].path == "../cast/sasha/adapters/sdxl.safetensors"
    assert "oil" in found.styles
    choose(book, steps=9, guidance_scale=1.5)
    assert (make.setting_of(book).steps, make.setting_of(book).guidance_scale) == (9, 1.5)
    choose(book, painter="blind")
    assert make.setting_of(book).known == ()
    choose(book, photos={"three": "me.png"})
    with pytest.raises(BadFile, match="'three' is no page"):
        make.setting_of(book)


def test_a_hand_edited_shot_survives_a_new_storyboard_until_its_page_learns_more(
    book: Path, tmp_path: Path
) -> None:
    shots = read_storyboard(book)
    told = tuple(replace(shot, prompt=f"{shot.prompt} By hand.") for shot in shots.shots)
    files.write_json(book / "storyboard.json", replace(shots, shots=told))
    make.board(book)
    assert read_storyboard(book).shots == told
    put(tmp_path / "cast", SASHA, "sdxl", references=1)
    make.board(book)
    after = read_storyboard(book).shots
    with_her = [any(figure.character == "Sasha" for figure in shot.scene.figures) for shot in after]
    assert [not shot.prompt.endswith("By hand.") for shot in after] == with_her
    assert len(set(with_her)) == 2


def test_a_book_begins_with_a_style_that_there_is(tmp_path: Path, painter: Flat) -> None:
    with pytest.raises(BadInput, match="there is no style 'our-felt'"):
        make.start(tmp_path / "book", replace(WISH, art="our-felt"), Choices(painter="flat"))
    assert not (tmp_path / "book").exists()
    (tmp_path / "styles.toml").write_text('[our-felt]\nsentences = "a felted picture"\n')
    folder = make.start(tmp_path / "book", replace(WISH, art="our-felt"), Choices(painter="flat"))
    make.write(folder)
    make.board(folder)
    assert "felted picture" in read_storyboard(folder).shots[1].prompt
    with pytest.raises(BadInput, match="there is no method"):
        make.start(tmp_path / "b", WISH, Choices(painter="flat", consistency="magic"))


# --- a painter that is gone, and what it cannot do ------------------------------------------------------


def test_a_finished_book_can_be_looked_at_and_bound_without_its_painter(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make.paint(book)
    at_hand(monkeypatch, Flat("other"))
    choose(book, formats=("html",))
    assert make.bind(book)
    assert used(book, 1) in {picture.path for picture in made}
    assert make.use(book, 1, next(one.key for one in made if one.shot.page == 1))
    with pytest.raises(BadInput, match="flat"):
        make.paint(book, [1], again=True)


@pytest.mark.parametrize(
    ("said", "option"),
    [
        ({"photos": {"2": "me.png"}}, "--photo"),
        ({"start": "before"}, "--start before"),
        ({"consistency": "prompt+lora"}, "--consistency lora"),
        ({"consistency": "prompt+reference"}, "--consistency reference"),
    ],
)
def test_what_a_painter_can_do_nothing_with_is_refused(
    book: Path, said: dict[str, object], option: str
) -> None:
    choose(book, painter="blind", **said)
    with pytest.raises(BadInput, match=f"can do nothing with {option}"):
        make.board(book)


def test_a_strength_of_nothing_is_a_copy(book: Path) -> None:
    Image.new("RGB", (64, 64), "green").save(book / "me.png")
    choose(book, photos={"2": "me.png"}, strength=0.0)
    make.board(book)
    begun = {shot.page: shot.strength for shot in read_storyboard(book).shots if shot.init_image == "me.png"}
    assert begun == {2: 0.0}


def test_naming_the_methods_draws_the_shots_up_anew(book: Path) -> None:
    assert any(shot.adapters for shot in read_storyboard(book).shots)
    choose(book, consistency="prompt")
    make.board(book)
    assert not any(shot.adapters for shot in read_storyboard(book).shots)


def test_target_in_a_prompt_by_hand_is_who_is_on_stage(book: Path, painter: Flat) -> None:
    shots = read_storyboard(book)
    first = next(shot for shot in shots.shots if shot.page == 1)
    said = replace(first, prompt="TARGET rides a comet, oil painting")
    files.write_json(
        book / "storyboard.json",
        replace(shots, shots=tuple(said if shot.page == 1 else shot for shot in shots.shots)),
    )
    (made,) = make.paint(book, [1])
    assert "TARGET" not in made.shot.prompt
    assert "rides a comet" in made.shot.prompt
    trigger = next(one.adapter.trigger for one in made.shot.adapters)
    assert made.shot.prompt.count(trigger) == 1
    assert made.shot.parts == ()
    assert make.paint(book, [1]) == ()


def test_the_copyright_page_says_who_made_the_pictures_and_where(
    book: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def notice() -> str:
        return next(leaf.text for leaf in make.book_of(book).leaves if leaf.kind == "copyright")

    make.paint(book)
    assert "made by a trained image model" in notice()
    assert "on the family’s own computer" in notice()
    Image.new("RGB", (64, 64), "blue").save(tmp_path / "mine.png")
    for page in range(5):
        make.take(book, page, tmp_path / "mine.png")
    assert "made by the family itself" in notice()
    at_hand(monkeypatch, Flat("comfyui"))
    choose(book, painter="comfyui", host="http://127.0.0.1:8188")
    make.board(book)
    make.paint(book, [1], again=True)
    assert "own computer" not in notice()


def test_nobody_gets_references_that_must_be_loaded_down_without_asking(book: Path, painter: Flat) -> None:
    painter.unready = frozenset({"references"})
    assert "references" not in make.setting_of(book).powers
    choose(book, consistency="prompt+reference")
    assert "references" in make.setting_of(book).powers


def test_photos_of_the_shelf_go_to_another_machine_only_when_asked(
    book: Path, painter: Flat, tmp_path: Path
) -> None:
    put(tmp_path / "cast", SASHA, "sdxl", references=1)
    assert any(one.references for one in make.setting_of(book).known)
    painter.leaves_machine = True
    assert not any(one.references for one in make.setting_of(book).known)
    choose(book, consistency="prompt+reference")
    assert any(one.references for one in make.setting_of(book).known)
