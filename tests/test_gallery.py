"""Pictures without a book: what stands where on the sheet, what is not painted twice, and what is kept when somebody presses stop."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from storykin import files, gallery, make
from storykin.bookfolder import read_storyboard
from storykin.character import Character, Look
from storykin.choices import Choices
from storykin.errors import BadFile, BadInput, Cancelled, CannotPaint, Unkind
from storykin.gallery import Asked, Gallery
from storykin.picture import Picture
from storykin.wish import Wish
from tests.flat import ALL, SASHA, THEO, Flat, at_hand, put

PROMPT = "TARGET as an astronaut on a cheese moon"


def asked(*people: Character, **said: Any) -> Asked:
    return replace(Asked((PROMPT,), people or (SASHA,), ("flat",)), **said)


def hang(folder: Path, wanted: Asked, **said: Any) -> Gallery:
    return gallery.gallery(wanted, folder / "gallery", folder / "cast", Choices(), **said)


def shots(made: Gallery) -> dict[tuple[int, int], Any]:
    return {place: picture.shot for place, picture in made.pictures.items()}


@pytest.fixture
def painter(monkeypatch: pytest.MonkeyPatch) -> Flat:
    made = Flat()
    at_hand(monkeypatch, made)
    return made


def prompts(painter: Flat) -> list[str]:
    return [shot.prompt for shot in painter.painted]


# --- one picture ------------------------------------------------------------------------------------


def test_a_silly_picture_is_one_picture_its_recipe_and_a_sheet(tmp_path: Path, painter: Flat) -> None:
    who = put(tmp_path / "cast", SASHA, "sdxl", references=1)
    steps: list[tuple[float, str]] = []
    made = hang(tmp_path, asked(who, seeds=(5,)), on_step=lambda *told: steps.append(told))
    (picture,) = made.pictures.values()
    shot = picture.shot
    assert (shot.width, shot.height, shot.steps, shot.guidance_scale, shot.seed) == (128, 128, 2, 3.0, 5)
    assert [(one.character, one.region) for one in shot.adapters] == [("Sasha", None)]
    assert shot.adapters[0].adapter.path == "../cast/sasha/adapters/sdxl.safetensors"
    assert shot.references == ()
    assert "zvsqk, a 6-year-old girl with short red hair and freckles" in shot.prompt
    assert "as an astronaut on a cheese moon" in shot.prompt
    assert "TARGET" not in shot.prompt
    assert "Sasha" not in shot.prompt
    assert set(picture.files) == {"../cast/sasha/adapters/sdxl.safetensors"}
    with Image.open(made.folder / picture.path) as found:
        assert found.size == (128, 128)
    assert made.sheet.read_bytes().startswith(b"\x89PNG")
    fractions = [fraction for fraction, _ in steps]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert painter.closed == 1


@pytest.mark.parametrize("dialect", ["sentences", "phrases"])
def test_the_style_is_said_in_the_painters_words(
    dialect: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    painter = Flat(dialect=dialect, family="sdxl" if dialect == "phrases" else "flux-dev")
    at_hand(monkeypatch, painter)
    shot = shots(hang(tmp_path, asked(arts=("clay",))))[0, 0]
    style = gallery.styles()["clay"]
    assert style.words(dialect)[1:] in shot.prompt
    assert ("(red hair:1.2)" in shot.prompt or "(short red hair:1.2)" in shot.prompt) == (
        dialect == "phrases"
    )
    assert bool(shot.negative_prompt) == (dialect == "phrases")


def test_references_are_shown_of_who_was_not_taught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    who = put(tmp_path / "cast", SASHA, "flux-dev", references=2)
    at_hand(monkeypatch, Flat(), Flat("edits", frozenset({"references"})), Flat("blind", frozenset()))
    for name, shown in (("flat", ("../cast/sasha/references/0.png",)), ("edits", ("../cast/sasha/references/0.png",)), ("blind", ())):  # fmt: skip
        shot = shots(hang(tmp_path, asked(who, bases=(name,))))[0, 0]
        assert (shot.references, shot.adapters) == (shown, ())
    nobody = put(tmp_path / "cast", THEO)
    (start,) = shots(hang(tmp_path, asked(nobody, bases=("edits",))))[0, 0].references
    assert start.startswith("starts/")


def test_photos_of_the_shelf_do_not_leave_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = Flat("far")
    far.leaves_machine = True  # type: ignore[attr-defined]
    at_hand(monkeypatch, far)
    who = put(tmp_path / "cast", SASHA, references=1)
    assert shots(hang(tmp_path, asked(who, bases=("far",))))[0, 0].references == ()


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ({}, (128, 128)), ({"size": 96}, (96, 96)), ({"wide": 2.0}, (128, 64)), ({"wide": 0.5, "size": 200}, (100, 200)),
        ({"wide": 4.0}, (128, 64)), ({"steps": 7}, (128, 128)),
    ],
)  # fmt: skip
def test_sizes_and_steps_are_as_asked(
    said: dict[str, Any], size: tuple[int, int], tmp_path: Path, painter: Flat
) -> None:
    shot = shots(hang(tmp_path, asked(**said)))[0, 0]
    assert (shot.width, shot.height, shot.steps) == (*size, said.get("steps", 2))


def test_the_embedded_painter_draws_the_person_too(tmp_path: Path) -> None:
    made = hang(tmp_path, asked(SASHA, bases=("sketch",)))
    (picture,) = made.pictures.values()
    assert picture.path.endswith(".svg")
    assert [one.name for one in picture.shot.cast] == ["Sasha"]
    assert picture.shot.cast[0].look == SASHA.look
    assert [figure.character for figure in picture.shot.scene.figures] == ["Sasha"]
    assert picture.shot.art == "flat"
    with pytest.raises(CannotPaint, match=r"^painter 'sketch' cannot use a start image"):
        hang(tmp_path, asked(SASHA, bases=("sketch",), photo="sketch"))


# --- the sheet --------------------------------------------------------------------------------------


def test_rows_are_people_and_columns_say_only_what_tells_them_apart(tmp_path: Path, painter: Flat) -> None:
    made = hang(tmp_path, asked(SASHA, THEO))
    assert (made.rows, made.columns) == (("Sasha", "Theo"), ("seed 0",))
    made = hang(tmp_path, asked(SASHA, THEO, prompts=("TARGET asleep", "TARGET awake"), arts=("clay", "oil")))
    assert made.columns == (
        "TARGET asleep, clay",
        "TARGET asleep, oil",
        "TARGET awake, clay",
        "TARGET awake, oil",
    )
    said = {place: shot.prompt for place, shot in shots(made).items()}
    assert len(set(said.values())) == len(said) == 8
    assert all(
        ("girl" in words) == (row == 0) and ("boy" in words) == (row == 1) for (row, _), words in said.items()
    )
    assert all(("asleep" in words) == (column < 2) for (_, column), words in said.items())
    assert hang(tmp_path, asked(seeds=(0, 1, 2))).columns == ("seed 0", "seed 1", "seed 2")
    assert len({picture.key for picture in made.pictures.values()}) == 8


def test_bases_are_painted_one_after_the_other_on_one_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = Flat("models/one"), Flat("two", adapters_of=("flux-dev",))
    one.name = "one"
    known = {"models/one": one, "two": two}
    monkeypatch.setattr("storykin.easel.painter_named", lambda name, **_: known[name])
    who = put(tmp_path / "cast", SASHA, "sdxl", "flux-dev")
    made = hang(tmp_path, asked(who, THEO, bases=("models/one", "two")))
    assert made.columns == ("one", "two")
    assert {place: picture.painter for place, picture in made.pictures.items()} == {
        (0, 0): "one", (0, 1): "two", (1, 0): "one", (1, 1): "two",
    }  # fmt: skip
    worn = {place: [one.adapter.family for one in shot.adapters] for place, shot in shots(made).items()}
    assert worn == {(0, 0): ["sdxl"], (0, 1): ["flux-dev"], (1, 0): [], (1, 1): []}
    assert (one.closed, two.closed) == (1, 1)
    assert (len(one.prepared), len(two.prepared)) == (2, 2)


def test_strengths_of_a_photo_are_compared_on_one_sheet(tmp_path: Path, painter: Flat) -> None:
    (tmp_path / "gallery" / "photos").mkdir(parents=True)
    Image.new("RGB", (64, 64), "red").save(tmp_path / "gallery" / "photos" / "me.png")
    made = hang(tmp_path, asked(photo="photos/me.png", strengths=(0.3, 0.4, 0.5, 0.6)))
    assert made.columns == ("strength 0.3", "strength 0.4", "strength 0.5", "strength 0.6")
    assert [shots(made)[0, column].strength for column in range(4)] == [0.3, 0.4, 0.5, 0.6]
    assert {shot.init_image for shot in shots(made).values()} == {"photos/me.png"}
    assert all(picture.files for picture in made.pictures.values())
    alone = hang(tmp_path, asked(photo="photos/me.png"))
    assert shots(alone)[0, 0].strength == 0.5
    assert alone.pictures[0, 0].key == made.pictures[0, 2].key
    zero = hang(tmp_path, asked(photo="photos/me.png", strengths=(0.0,)))
    assert shots(zero)[0, 0].strength == 0.0
    drawn = hang(tmp_path, asked(photo="sketch"))
    assert (tmp_path / "gallery" / shots(drawn)[0, 0].init_image).exists()


def test_scales_of_the_adapter_are_compared_on_one_sheet(tmp_path: Path, painter: Flat) -> None:
    who = put(tmp_path / "cast", SASHA, "sdxl")
    made = hang(tmp_path, asked(who, THEO, scales=(0.6, 1.0)))
    assert made.columns == ("scale 0.6", "scale 1")
    assert [shots(made)[0, column].adapters[0].adapter.scale for column in (0, 1)] == [0.6, 1.0]
    assert made.pictures[1, 0] == made.pictures[1, 1]  # nobody taught: the same picture, painted once
    assert len(painter.painted) == 3
    with pytest.raises(BadInput, match="nobody of Theo has an adapter"):
        hang(tmp_path, asked(THEO, scales=(0.6, 1.0)))


def test_a_style_with_an_adapter_brings_it_along(tmp_path: Path, painter: Flat) -> None:
    files.write_bytes(tmp_path / "gallery" / "felt.safetensors", b"felt")
    (tmp_path / "gallery" / "styles.toml").write_text(
        '[felt]\nsentences = "a felted picture"\n[[felt.adapters]]\nfamily = "sdxl"\npath = "felt.safetensors"\ntrigger = "fltq"\n'
    )
    who = put(tmp_path / "cast", SASHA, "sdxl")
    made = hang(tmp_path, asked(who, arts=("felt",), scales=(0.5,)))
    worn = shots(made)[0, 0].adapters
    assert [(one.character, one.adapter.scale) for one in worn] == [("Sasha", 0.5), ("", 1.0)]
    assert shots(made)[0, 0].prompt.count("fltq") == 1


# --- going on ---------------------------------------------------------------------------------------


def test_a_second_run_paints_nothing_and_a_wider_one_only_what_is_new(tmp_path: Path, painter: Flat) -> None:
    first = hang(tmp_path, asked(SASHA, THEO, seeds=(0, 1)))
    assert len(painter.painted) == 4
    first.sheet.unlink()
    again = hang(tmp_path, asked(SASHA, THEO, seeds=(0, 1)))
    assert again.pictures == first.pictures
    assert len(painter.painted) == 4
    assert again.sheet.exists()
    assert painter.loaded == 1  # nothing is loaded where nothing is missing
    hang(tmp_path, asked(SASHA, THEO, seeds=(0, 1, 2)))
    assert len(painter.painted) == 6


def test_stopped_it_keeps_what_is_finished_and_shows_it(tmp_path: Path, painter: Flat) -> None:
    def stop(fraction: float, doing: str) -> None:
        if fraction > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        hang(tmp_path, asked(SASHA, THEO, seeds=(0, 1)), on_step=stop)
    assert len(list((tmp_path / "gallery" / "pictures").glob("*.json"))) == 2
    half = (tmp_path / "gallery" / gallery.SHEET).read_bytes()
    assert painter.closed == 1
    whole = hang(tmp_path, asked(SASHA, THEO, seeds=(0, 1)))
    assert len(painter.painted) == 2 + 2
    assert whole.sheet.read_bytes() != half


def test_stopped_before_anything_is_finished_there_is_no_sheet(tmp_path: Path, painter: Flat) -> None:
    def stop(fraction: float, doing: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        hang(tmp_path, asked(), on_step=stop)
    assert not (tmp_path / "gallery" / gallery.SHEET).exists()
    assert painter.closed == 1


def test_a_base_that_fails_leaves_the_pictures_of_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_hand(monkeypatch, Flat(), Flat("blind", ALL - {"init_image"}))
    with pytest.raises(CannotPaint, match="start image"):
        hang(tmp_path, asked(bases=("flat", "blind"), photo="sketch"))
    assert len(list((tmp_path / "gallery" / "pictures").glob("*.json"))) == 1
    assert (tmp_path / "gallery" / gallery.SHEET).exists()


def test_an_adapter_that_is_gone_is_told_before_anything_is_loaded(tmp_path: Path, painter: Flat) -> None:
    who = put(tmp_path / "cast", SASHA, "sdxl")
    (tmp_path / "cast" / "sasha" / "adapters" / "sdxl.safetensors").unlink()
    with pytest.raises(BadFile, match=r"sdxl\.safetensors: cannot be read"):
        hang(tmp_path, asked(THEO, who))
    assert painter.prepared == []


@pytest.mark.parametrize(
    ("said", "words", "hint"),
    [
        ({"prompts": ("Sasha as an astronaut",)}, "there is no TARGET in the prompt", "TARGET in capitals"),
        ({"prompts": (PROMPT, "a target on the moon")}, "only 'target'", "TARGET"),
        ({"people": ()}, "nobody is named", "--cast"),
        ({"arts": ("photo", "claymation")}, "there is no style 'claymation'", "clay"),
        ({"seeds": tuple(range(401))}, "that would be 401 pictures", "at most 400"),
        ({"strengths": (1.5,), "photo": "sketch"}, "a strength of 1.5 cannot be", "0 is a copy"),
        ({"strengths": (0.5,)}, "needs a picture to begin with", "--photo"),
        ({"size": 32}, "a picture of 32 pixels", "from 64"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_loaded(
    said: dict[str, Any], words: str, hint: str, tmp_path: Path, painter: Flat
) -> None:
    with pytest.raises(BadInput, match=words) as left:
        hang(tmp_path, asked(**said))
    assert hint in left.value.hint
    assert not (tmp_path / "gallery").exists()
    assert painter.closed == 0


@pytest.mark.parametrize("base", ["flat", "sketch"])
def test_what_no_child_should_be_painted_as_is_refused_whoever_paints(
    base: str, tmp_path: Path, painter: Flat
) -> None:
    with pytest.raises(Unkind):
        hang(tmp_path, asked(prompts=(PROMPT, "TARGET naked"), bases=(base,)))
    assert not (tmp_path / "gallery").exists()


# --- into a book ------------------------------------------------------------------------------------


@pytest.mark.parametrize("base", ["flat", "sketch"])
def test_a_picture_of_the_gallery_goes_into_a_book_with_its_recipe(
    base: str, tmp_path: Path, painter: Flat
) -> None:
    folder = make.start(tmp_path / "book", Wish("me on the moon", "Sasha", pages=4), Choices(formats=("html",), press="screen"))  # fmt: skip
    make.write(folder)
    make.board(folder)
    make.paint(folder)
    made = hang(tmp_path, asked(SASHA, bases=(base,)))
    (picture,) = made.pictures.values()
    taken = make.take(folder, 2, made.folder / picture.path)
    assert (taken.painter, taken.made_with, taken.files) == (
        picture.painter,
        picture.made_with,
        picture.files,
    )
    assert taken.shot == replace(picture.shot, page=2)
    assert (folder / taken.path).read_bytes() == (made.folder / picture.path).read_bytes()
    assert read_storyboard(folder).shots[2].picture == taken.path
    assert [one.path for one, used in make.pictures(folder, 2) if used] == [taken.path]
    assert make.paint(folder) == ()
    make.board(folder)
    assert taken.path in [leaf.picture for leaf in make.book_of(folder).leaves]
    first = next(one for one, used in make.pictures(folder, 2) if not used)
    make.use(folder, 2, first.key)
    assert [one.path for one, used in make.pictures(folder, 2) if used] == [first.path]
    make.use(folder, 2, taken.key)
    assert [one.path for one, used in make.pictures(folder, 2) if used] == [taken.path]


def test_the_recipe_of_another_picture_is_not_believed(tmp_path: Path) -> None:
    folder = make.start(tmp_path / "book", Wish("me on the moon", "Sasha", pages=4), Choices())
    make.write(folder)
    make.board(folder)
    Image.new("RGB", (64, 64), "red").save(tmp_path / "mine.png")
    for words in ("{}", "no json", files.json_text(Picture("mine.png", read_storyboard(folder).shots[0], "sdxl", "1", "0123", "image/png", "0"))):  # fmt: skip
        (tmp_path / "mine.json").write_text(words)
        assert make.take(folder, 2, tmp_path / "mine.png").painter == "taken"
    (tmp_path / "drawn.svg").write_text("<svg/>")
    with pytest.raises(BadFile, match="is no picture"):
        make.take(folder, 2, tmp_path / "drawn.svg")


def test_who_is_forgotten_leaves_the_galleries_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from storykin import casting
    from storykin.cast import shelf

    monkeypatch.setenv("STORYKIN_CACHE", str(tmp_path / "cache"))
    cast = tmp_path / "cast"
    people = [Character("Mila", Look("girl", 6)), Character("Ted", Look("boy", 8))]
    for one in people:
        files.write_toml(cast / files.slug(one.name) / "character.toml", one)
    folder = tmp_path / "gallery" / "moon"
    gallery.gallery(
        gallery.Asked(("TARGET on the moon",), tuple(people), ("sketch",), size=64), folder, cast, Choices()
    )
    traces = shelf.traces_of("Mila", cast)
    assert traces.galleries == (folder,)
    gone = casting.forget(traces, cast)
    assert folder in gone
    left = [files.read_json(path, Picture).shot.cast[0].name for path in (folder / "pictures").glob("*.json")]
    assert left == ["Ted"]
    assert len(list((folder / "pictures").iterdir())) == 2
    assert not (folder / "sheet.png").exists()
