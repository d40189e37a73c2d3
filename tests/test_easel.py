"""From one shot to one file: what it begins with, the key it is known by, its recipe, and what makes it large enough for print."""

import io
import json
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from storykin import easel, files, provenance
from storykin.book import Book, Leaf, Trim
from storykin.character import Adapter, Character
from storykin.choices import Choices
from storykin.easel import (
    current,
    digests,
    draw_start,
    key_of,
    large_enough,
    named_files,
    paint_one,
    painter_of,
    placed,
    read_picture,
    ready,
    revision_of,
    shelved,
    sound,
    source_of,
    upright,
)
from storykin.errors import BadFile
from storykin.painters.sketch import Sketch
from storykin.reaching import LOGIN
from storykin.scene import Box, Figure, Scene
from storykin.shot import CloseUp, PlacedAdapter, Shot
from tests.flat import SASHA, Flat, put

SCENE = Scene("garden", figures=(Figure("Sasha", "waving", box=Box(0.3, 0.3, 0.3, 0.6)),))


def shot(page: int = 3, **said: object) -> Shot:
    return replace(Shot(page, SCENE, (SASHA,), "oil", "a girl", seed=page, width=96, height=64), **said)  # type: ignore[arg-type]


def nothing(done: float) -> None:
    pass


def picture(path: Path, colour: str = "green", size: tuple[int, int] = (80, 64)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)
    return path


def paint(folder: Path, one: Shot, painter: Flat, shots: tuple[Shot, ...] = ()) -> str:
    """Paint a shot as the path does; the picture's path."""
    return paint_one(folder, ready(folder, one, shots, painter), painter, nothing).path


# --- what a shot begins with ------------------------------------------------------------------------


def test_a_shot_that_begins_with_nothing_or_a_file_stays_as_it_is(tmp_path: Path) -> None:
    for one in (shot(), shot(init_image="photos/me.png", strength=0.3, references=("face.png",))):
        assert ready(tmp_path, one, (), Flat()) == one
    assert not list(tmp_path.iterdir())


def test_the_sketch_is_drawn_once_at_the_shots_size(tmp_path: Path) -> None:
    one = ready(tmp_path, shot(init_image="sketch", strength=0.7), (), Flat())
    assert one.init_image.startswith("starts/")
    assert one.strength == 0.7
    assert not (tmp_path / one.init_image).exists()
    draw_start(tmp_path, one)
    with Image.open(tmp_path / one.init_image) as found:
        assert found.size == (96, 64)
        assert len(found.convert("RGB").getcolors(1 << 20) or ()) > 5
    before = (tmp_path / one.init_image).stat().st_mtime_ns
    draw_start(tmp_path, one)
    assert (tmp_path / one.init_image).stat().st_mtime_ns == before
    assert named_files(one) == ()  # it follows from the shot: a file that can be drawn anew decides nothing


def test_a_sketch_is_known_by_what_can_be_seen_on_it(tmp_path: Path) -> None:
    def start(**said: object) -> str:
        return ready(tmp_path, shot(init_image="sketch", **said), (), Flat()).init_image

    assert start() == start(prompt="other words", steps=9) == start(art="clay")
    others = {
        start(),
        start(art="crayon"),
        start(seed=9),
        start(width=64),
        start(scene=replace(SCENE, time="night")),
    }
    assert len(others) == 5


def test_the_outline_of_who_is_painted_from_near_by_is_drawn_once(tmp_path: Path) -> None:
    closeup = CloseUp("Sasha", "a girl", 0, "sketch")
    asked = shot(init_image="sketch", closeups=(closeup, replace(closeup, mask="")))
    one = ready(tmp_path, asked, (), Flat())
    drawn, none = (each.mask for each in one.closeups)
    assert none == ""
    assert drawn.startswith("starts/")
    assert drawn != one.init_image
    draw_start(tmp_path, one)
    with Image.open(tmp_path / drawn) as mask, Image.open(tmp_path / one.init_image) as sketch:
        assert mask.size == sketch.size
        box = mask.convert("L").point(lambda value: 255 * (value > 128)).getbbox()
    assert box
    assert 25 < box[0] < box[2] < 65  # where she stands, of 96 pixels
    before = (tmp_path / drawn).stat().st_mtime_ns
    draw_start(tmp_path, one)
    assert (tmp_path / drawn).stat().st_mtime_ns == before
    assert named_files(one) == ()
    assert named_files(shot(closeups=(replace(closeup, mask="mine.png"),))) == ("mine.png",)
    assert [each.mask for each in placed(tmp_path, one).closeups] == [str(tmp_path.resolve() / drawn), ""]


def test_a_reference_may_be_the_sketch(tmp_path: Path) -> None:
    one = ready(tmp_path, shot(references=("face.png", "sketch")), (), Flat())
    assert one.references[0] == "face.png"
    draw_start(tmp_path, one)
    assert (tmp_path / one.references[1]).exists()


def test_a_shot_that_begins_with_a_photo_draws_nothing(tmp_path: Path) -> None:
    draw_start(tmp_path, shot(init_image="photos/me.png"))
    assert not list(tmp_path.iterdir())


def test_pages_that_begin_with_the_page_before_hang_together(tmp_path: Path) -> None:
    painter = Flat()
    shots = tuple(shot(page, init_image="before", strength=0.5) for page in range(4))
    for one in shots[:2]:  # cover and first page have none before them
        at_hand = ready(tmp_path, one, shots, painter)
        assert (at_hand.init_image, at_hand.strength) == ("", 1.0)
    with pytest.raises(
        BadFile, match="page 2 begins with the picture of page 1, which is not painted yet"
    ) as left:
        ready(tmp_path, shots[2], shots, painter)
    assert left.value.hint == "paint that first: storykin paint 1"
    assert current(tmp_path, shots[2], shots, painter) is None
    made = [paint(tmp_path, one, painter, shots) for one in shots]
    assert ready(tmp_path, shots[2], shots, painter).init_image == made[1]
    assert ready(tmp_path, shots[3], shots, painter).init_image == made[2]
    assert all(current(tmp_path, one, shots, painter) for one in shots)
    again = (*shots[:1], replace(shots[1], seed=99), *shots[2:])
    paint(tmp_path, again[1], painter, again)
    assert [bool(current(tmp_path, one, again, painter)) for one in again] == [True, True, False, False]
    assert all(current(tmp_path, one, shots, painter) for one in shots)


def test_a_page_before_that_was_chosen_by_hand_is_what_the_next_begins_with(tmp_path: Path) -> None:
    painter = Flat()
    chosen = paint(tmp_path, shot(1, seed=50), painter)
    shots = (shot(1, picture=chosen), shot(2, init_image="before"))
    assert ready(tmp_path, shots[1], shots, painter).init_image == chosen


# --- keys -------------------------------------------------------------------------------------------


def named(folder: Path) -> Shot:
    """A shot that names an adapter, a reference and a start image, all of them there."""
    files.write_bytes(folder / "sasha.safetensors", b"one")
    picture(folder / "face.png")
    picture(folder / "me.png", "blue")
    worn = PlacedAdapter(Adapter("sasha.safetensors", "sdxl", "zvsqk", 4), None, "Sasha")
    return shot(adapters=(worn,), references=("face.png",), init_image="me.png")


def test_the_contents_of_every_file_that_a_shot_names_count(tmp_path: Path) -> None:
    one = named(tmp_path)
    assert set(named_files(one)) == {"sasha.safetensors", "face.png", "me.png"} == set(digests(tmp_path, one))
    keys = {key_of(tmp_path, one, Flat())}
    for path in named_files(one):
        before = (tmp_path / path).read_bytes()
        files.write_bytes(tmp_path / path, before + b" ")
        keys.add(key_of(tmp_path, one, Flat()))
        files.write_bytes(tmp_path / path, before)
    assert len(keys) == 4
    assert key_of(tmp_path, one, Flat()) in keys
    (tmp_path / "sasha.safetensors").write_bytes(b"two")  # as many bytes, in the same place
    os.utime(tmp_path / "sasha.safetensors", (9, 9))
    assert key_of(tmp_path, one, Flat()) not in keys


def test_neither_the_pages_number_nor_the_time_of_a_file_counts(tmp_path: Path) -> None:
    one = named(tmp_path)
    key = key_of(tmp_path, one, Flat())
    os.utime(tmp_path / "sasha.safetensors", (5, 5))
    assert key_of(tmp_path, replace(one, page=9), Flat()) == key
    assert key_of(tmp_path, one, Flat(revision="2")) != key
    assert key_of(tmp_path, one, Flat("other")) != key


@pytest.mark.parametrize(("page", "words"), [(0, "the cover"), (3, "page 3")])
def test_a_file_that_is_gone_is_named_with_the_page(page: int, words: str, tmp_path: Path) -> None:
    one = replace(named(tmp_path), page=page)
    (tmp_path / "sasha.safetensors").unlink()
    with pytest.raises(
        BadFile, match=rf"^{words}: .*sasha\.safetensors: cannot be read: No such file"
    ) as left:
        paint_one(tmp_path, one, Flat(), nothing)
    assert "storykin board" in left.value.hint
    assert current(tmp_path, one, (), Flat()) is None


def test_what_was_painted_stays_painted_when_a_file_is_gone(tmp_path: Path) -> None:
    one = named(tmp_path)
    first = paint_one(tmp_path, one, Flat(), nothing)
    files.write_bytes(tmp_path / "sasha.safetensors", b"two")
    second = paint_one(tmp_path, one, Flat(), nothing)
    assert first.path != second.path
    (tmp_path / "sasha.safetensors").unlink()
    assert current(tmp_path, one, (), Flat()) == second
    assert current(tmp_path, replace(one, seed=9), (), Flat()) is None
    assert current(tmp_path, one, (), Flat(revision="2")) is None
    assert current(tmp_path, one, (), Flat("other")) is None


def test_a_file_is_not_hashed_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = named(tmp_path)
    first = digests(tmp_path, one)
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("read again"))
    assert digests(tmp_path, one) == first


def test_the_paths_that_painters_are_given_lead_there_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    one = placed(Path(), named(tmp_path))
    given = [one.adapters[0].adapter.path, *one.references, one.init_image]
    assert given == [str(tmp_path.resolve() / name) for name in ("sasha.safetensors", "face.png", "me.png")]
    assert placed(tmp_path, shot()) == shot()


def test_what_is_on_the_shelf_is_named_from_the_book(tmp_path: Path) -> None:
    who = put(tmp_path / "cast", SASHA, "sdxl", "sd15", references=1)
    book = tmp_path / "deep" / "book"
    book.mkdir(parents=True)
    (found,) = shelved(book, (who,), tmp_path / "cast")
    assert [one.path for one in found.adapters] == [f"../../cast/sasha/adapters/{one}.safetensors" for one in ("sdxl", "sd15")]  # fmt: skip
    assert found.references == ("../../cast/sasha/references/0.png",)
    assert (book / found.references[0]).exists()
    assert shelved(tmp_path / "book", (who,))[0].references == ("../cast/sasha/references/0.png",)
    assert replace(found, adapters=who.adapters, references=who.references) == who
    assert shelved(book, (Character("Theo"),)) == (Character("Theo"),)


# --- recipes ----------------------------------------------------------------------------------------


def test_a_picture_has_a_recipe_beside_it_and_says_who_made_it(tmp_path: Path) -> None:
    one = named(tmp_path)
    looked: list[bytes] = []
    made = paint_one(tmp_path, one, Flat(), nothing, looked.append)
    assert looked == [b"a small JPEG"]
    assert made.path == f"pictures/03-flat-{made.key}.png"
    assert files.read_json((tmp_path / made.path).with_suffix(".json"), type(made)) == made
    assert (made.shot, made.painter, made.revision, made.made_with) == (one, "flat", "1", {"base": "none"})
    assert made.files == digests(tmp_path, one)
    assert made.digest == easel.digest((tmp_path / made.path).read_bytes())
    assert current(tmp_path, one, (), Flat()) == made
    assert provenance.stated((tmp_path / made.path).read_bytes()) == provenance.COMPOSITE


def test_a_damaged_picture_or_recipe_does_not_count(tmp_path: Path) -> None:
    painter = Flat()
    for harm in ("picture", "recipe", "gone"):
        path = tmp_path / paint(tmp_path, shot(), painter)
        assert current(tmp_path, shot(), (), painter) is not None
        if harm == "picture":
            path.write_bytes(path.read_bytes()[:-1])
        elif harm == "recipe":
            path.with_suffix(".json").write_text("{")
        else:
            path.unlink()
        assert current(tmp_path, shot(), (), painter) is None
        assert sound(tmp_path, path.with_suffix(".json")) is None


def test_a_picture_chosen_by_hand_counts_while_it_is_there(tmp_path: Path) -> None:
    painter = Flat()
    chosen, own = paint(tmp_path, shot(seed=50), painter), paint(tmp_path, shot(), painter)
    taken = shot(picture=chosen)
    found = current(tmp_path, taken, (), painter)
    assert found is not None
    assert found.path == chosen
    (tmp_path / chosen).unlink()
    found = current(tmp_path, taken, (), painter)
    assert found is not None
    assert found.path == own
    (tmp_path / own).unlink()
    assert current(tmp_path, taken, (), painter) is None


def test_a_painter_whose_base_is_not_here_is_known_by_its_last_picture(tmp_path: Path) -> None:
    paint(tmp_path, shot(1), Flat(revision="old"))
    last = tmp_path / paint(tmp_path, shot(2), Flat(revision="new"))
    other = tmp_path / paint(tmp_path, shot(3), Flat("my-flat", revision="another base"))
    now = time.time()
    for path, age in ((last, 10), (other, 0)):
        os.utime(path.with_suffix(".json"), (now + 60 - age, now + 60 - age))
    gone = Flat(revision="")
    assert revision_of(tmp_path, gone) == "new"
    assert current(tmp_path, shot(2), (), gone) is not None
    assert current(tmp_path, shot(1), (), gone) is None
    assert revision_of(tmp_path, Flat(revision="here")) == "here"
    last.unlink()  # a damaged picture tells nothing
    assert revision_of(tmp_path, gone) == "old"
    assert revision_of(tmp_path / "elsewhere", gone) == ""


@pytest.mark.parametrize(
    ("start", "source"),
    [
        ("", provenance.TRAINED),
        ("starts/0123.png", provenance.TRAINED),
        ("pictures/02-flat-0123.png", provenance.TRAINED),
        ("photos/3-me.jpg", provenance.COMPOSITE),
        ("pictures-of-us/me.jpg", provenance.COMPOSITE),
        ("starts.jpg", provenance.COMPOSITE),
    ],
)
def test_who_made_it_is_told_from_what_it_began_with(start: str, source: str) -> None:
    assert source_of(shot(init_image=start), Flat()) == source
    assert source_of(shot(init_image=start), Sketch()) == provenance.DRAWN


def test_what_a_book_chose_reaches_the_painter(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: dict[str, object] = {}

    def named(name: str, **given: object) -> Flat:
        heard.update(given, name=name)
        return Flat()

    monkeypatch.setattr(easel, "painter_named", named)
    chosen = Choices(painter="sdxl", host="http://h", model="m", precision="nf4", commercial=True)
    painter_of(chosen, print)
    assert heard == {"name": "sdxl", "host": "http://h", "model": "m", "precision": "nf4", "commercial": True, "say": print}  # fmt: skip


# --- print ------------------------------------------------------------------------------------------


def bound(folder: Path, *pictures: str, cover: str = "") -> Book:
    halves = {1: [""], 2: ["left", "right"]}
    leaves = [
        Leaf("story", "", path, half=half)  # type: ignore[arg-type]
        for path in pictures
        for half in halves[2 if "spread" in path else 1]
    ]
    return Book("A Walk", (Leaf("half-title", "A Walk"), *leaves), Trim(8.5, 8.5), cover=cover)


def sizes(folder: Path) -> dict[str, tuple[int, int]]:
    found = {}
    for path in sorted((folder / "print").glob("*")):
        with Image.open(path) as one:
            found[path.name] = one.size
    return found


def test_coarse_pictures_are_enlarged_to_their_pages_and_spreads(tmp_path: Path) -> None:
    for name, size in {
        "page.png": (60, 60),
        "spread.png": (120, 60),
        "cover.png": (60, 60),
        "fine.png": (90, 90),
    }.items():
        picture(tmp_path / "pictures" / name, size=size)
    (tmp_path / "pictures" / "drawn.svg").write_text("<svg/>")
    named = [f"pictures/{name}" for name in ("page.png", "spread.png", "fine.png", "drawn.svg")]
    book = bound(tmp_path, *named, cover="pictures/cover.png")
    told: list[float] = []
    made = large_enough(tmp_path, book, 10, "", told.append)  # 87.5 pixels high
    wanted = {"cover-88x88.jpg": (88, 88), "page-88x88.jpg": (88, 88), "spread-175x88.jpg": (175, 88)}
    assert sizes(tmp_path) == wanted
    assert [leaf.picture for leaf in made.leaves] == [
        "", "print/page-88x88.jpg", "print/spread-175x88.jpg", "print/spread-175x88.jpg", "pictures/fine.png", "pictures/drawn.svg",
    ]  # fmt: skip
    assert made.cover == "print/cover-88x88.jpg"
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert replace(made, leaves=book.leaves, cover=book.cover) == book


def test_what_was_enlarged_is_not_enlarged_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture(tmp_path / "pictures" / "page.png")
    book = bound(tmp_path, "pictures/page.png")
    first = large_enough(tmp_path, book, 10, "", nothing)
    monkeypatch.setattr("storykin.models.upscaling.enlarge", lambda *_: pytest.fail("enlarged again"))
    assert large_enough(tmp_path, book, 10, "", nothing) == first


def test_the_upscaler_is_part_of_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[object] = []

    def enlarge(content: bytes, width: int, height: int, model: object, tell: object) -> bytes:
        used.append(model)
        return content

    monkeypatch.setattr("storykin.models.upscaling.upscaler_at", lambda path: path.read_bytes())
    monkeypatch.setattr("storykin.models.upscaling.enlarge", enlarge)
    picture(tmp_path / "pictures" / "page.png")
    book = bound(tmp_path, "pictures/page.png")
    names = []
    for weights in (b"", b"first", b"second net"):
        (tmp_path / "net.pth").write_bytes(weights)
        names.append(
            large_enough(tmp_path, book, 10, "net.pth" if weights else "", nothing).leaves[1].picture
        )
    assert len(set(names)) == 3
    assert used == [None, b"first", b"second net"]


def test_a_book_of_drawings_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "drawn.svg").write_text("<svg/>")
    book = bound(tmp_path, "drawn.svg", cover="drawn.svg")
    assert large_enough(tmp_path, book, 300, "no-such-net.pth", nothing) is book
    assert not (tmp_path / "print").exists()


# --- from elsewhere ---------------------------------------------------------------------------------


def test_only_whole_pictures_that_books_can_hold_are_read(tmp_path: Path) -> None:
    content, media_type = read_picture(picture(tmp_path / "a.png"))
    assert (content, media_type) == ((tmp_path / "a.png").read_bytes(), "image/png")
    assert read_picture(picture(tmp_path / "a.jpg"))[1] == "image/jpeg"
    assert (
        read_picture(Path(picture(tmp_path / "b.png").rename(tmp_path / "png-called.jpg")))[1] == "image/png"
    )
    picture(tmp_path / "a.gif")
    (tmp_path / "words.png").write_text("words")
    whole = io.BytesIO()
    Image.effect_noise((64, 64), 90).save(whole, "PNG")
    (tmp_path / "half.png").write_bytes(whole.getvalue()[:900])
    Image.effect_noise((64, 64), 90).save(whole := io.BytesIO(), "JPEG")
    (tmp_path / "half.jpg").write_bytes(whole.getvalue()[:900])
    said = {
        "half.jpg": "is damaged", "a.gif": "is a GIF picture", "words.png": "is no picture", "gone.png": "cannot be read: No such file",
        ".": "cannot be read: Is a directory", "half.png": "is damaged",
    }  # fmt: skip
    for name, words in said.items():
        with pytest.raises(BadFile, match=words) as left:
            read_picture(tmp_path / name)
        assert left.value.hint


def test_what_telephones_write_is_a_jpeg(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(
        tmp_path / "me.jpg", "MPO", save_all=True, append_images=[Image.new("RGB", (4, 4))]
    )
    with Image.open(tmp_path / "me.jpg") as found:
        assert found.format == "MPO"
    assert read_picture(tmp_path / "me.jpg")[1] == "image/jpeg"


def test_a_picture_too_large_to_be_true_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture(tmp_path / "huge.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(BadFile, match="is damaged"):
        read_picture(tmp_path / "huge.png")


def test_a_photo_stands_upright_and_says_nothing_of_where_it_was_taken(tmp_path: Path) -> None:
    about = Image.Exif()
    about[0x0112], about[0x010E] = 6, "at our house"  # to be turned by a quarter
    for name, form in (("me.jpg", "image/jpeg"), ("me.png", "image/png")):
        Image.new("RGB", (40, 20), "red").save(tmp_path / name, exif=about)
        content = upright((tmp_path / name).read_bytes(), form)
        assert b"at our house" in (tmp_path / name).read_bytes()
        assert b"at our house" not in content
        with Image.open(io.BytesIO(content)) as found:
            assert found.size == (20, 40)
            assert not found.getexif()
    plain = picture(tmp_path / "plain.png").read_bytes()
    assert upright(plain, "image/png") == plain
    told = provenance.marked((tmp_path / "me.jpg").read_bytes(), "image/jpeg", provenance.TRAINED)
    assert provenance.stated(upright(told, "image/jpeg")) == provenance.TRAINED


def test_the_recipe_is_json_that_people_can_read(tmp_path: Path) -> None:
    path = tmp_path / paint(tmp_path, shot(), Flat())
    said = json.loads(path.with_suffix(".json").read_text())
    assert said["shot"]["prompt"] == "a girl"
    assert "parts" not in said["shot"]


def test_a_login_comes_from_the_environment_and_stands_in_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(easel, "painter_named", lambda _name, **given: asked.append(given["host"]))
    choices = Choices(painter="comfyui", host="http://10.0.0.5:8188")
    easel.painter_of(choices)
    monkeypatch.setenv(LOGIN, "me:secret")
    easel.painter_of(choices)
    assert asked == ["http://10.0.0.5:8188", "http://me:secret@10.0.0.5:8188"]
