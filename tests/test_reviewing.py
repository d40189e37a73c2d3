"""Readers put together, references, and what is kept of a reading."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat

from storykin import files, make, reviewing
from storykin.bookfolder import read_storyboard
from storykin.character import Character, Look, Outfit
from storykin.choices import Choices
from storykin.critics import Palette, Question, Reading, Seen, Thing
from storykin.critics.expecting import Expectation, Wanted
from storykin.critics.judging import judge
from storykin.errors import BadFile
from storykin.painters.sketch import Sketch
from storykin.picture import Picture
from storykin.raster import png_of
from storykin.reviewing import (
    Critic,
    changed_picture,
    drawn_references,
    image_of,
    joined,
    review,
    through_autoencoder,
    worded,
)
from storykin.scene import Box, Figure, Framing, Scene
from storykin.shot import Shot
from storykin.wish import Wish

SASHA = Character("Sasha", Look("girl", 6, hair_colour="brown", skin="fair"), (Outfit("vet", "a red coat"),))
EDDA = Character("Edda", Look("woman", 35, hair_colour="green", hair_style="bob"))


class Counter:
    """Reads one figure as large as the picture, and counts how often it looks."""

    reads: frozenset[Thing] = frozenset({"figures", "identity"})
    licence = ""
    revision = "1"

    def __init__(self, name: str = "counter", why: str = "") -> None:
        self.name, self.why, self.looks, self.closed = name, why, 0, 0

    def unready(self) -> str:
        return self.why

    def read(self, picture: Image.Image, question: Question) -> Reading:
        self.looks += 1
        one = Seen(Box(0.1, 0.1, 0.5, 0.8), vectors={"drawn": (1.0, 0.0)})
        return Reading((one,), read={"figures": self.name})

    def close(self) -> None:
        self.closed += 1


def png(colour: str = "white", side: int = 40) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = make.start(
        tmp_path / "book",
        Wish("a walk to the sea", hero="Sasha", pages=4, seed=3),
        Choices(formats=("html",), judge=False),
    )
    make.write(folder)
    make.board(folder)
    make.paint(folder, pages=[1, 2])
    return folder


def test_a_figure_that_two_readers_saw_is_one_and_knows_what_both_know() -> None:
    body = Seen(Box(0.1, 0.1, 0.3, 0.8), 0.9, "child", traits={"hair_style": "long"})
    face = Seen(Box(0.2, 0.12, 0.1, 0.12), 0.8, "", vectors={"face": (1.0,)}, standing=0.8)
    other = Seen(Box(0.7, 0.1, 0.2, 0.8), 0.7)
    found = joined(
        [
            Reading((body,), read={"figures": "a"}, unread={"words": "no OCR"}),
            Reading((face, other), words=("EXIT",), read={"words": "b"}),
        ]
    )
    assert found.figures == (replace(body, vectors={"face": (1.0,)}, standing=0.8), other)
    assert found.words == ("EXIT",)
    assert found.unread == {}  # what one of them could read is read


def test_all_who_read_a_thing_are_named_and_of_a_score_the_one_who_gave_it() -> None:
    faces = Reading((), {"place": 0.9}, read={"figures": "people", "hair": "people", "place": "siglip"})
    things = Reading((), {"place": 0.1}, read={"figures": "people, finder", "place": "clip"})
    blind = Reading(unread={"figures": "no weights"})
    found = joined([faces, things, blind])
    assert found.read == {"figures": "people, finder", "hair": "people", "place": "siglip"}
    assert found.scores == {"place": 0.9}
    assert joined([faces, blind]).read["figures"] == "people"


@pytest.mark.parametrize("finder", [False, True])
def test_a_dog_is_missing_only_where_somebody_looked_for_dogs(finder: bool) -> None:
    """A reader of faces alone misses no animals; as soon as one that finds all things looked too, whoever is not found is missing."""
    dog = Wanted("Rex", Figure("Rex"), "dog", False, 50)
    readings = [Reading((), read={"figures": "people"}), Reading((), read={"figures": "finder"})]
    verdict = judge(joined(readings if finder else readings[:1]), Expectation((dog,))).verdict
    assert ("missing" in {fault.name for fault in verdict.faults}) is finder
    assert ("looks: Rex" in verdict.unread) is not finder


def test_what_nobody_reads_stays_unread() -> None:
    found = joined([Reading(unread={"place": "no weights"}), Reading(unread={"place": "another reason"})])
    assert found.figures is None
    assert found.words is None
    assert found.unread == {"place": "no weights"}


def test_a_reading_is_kept_by_picture_and_reader(tmp_path: Path) -> None:
    reader = Counter()
    critic = Critic((reader,), ())
    first = critic.read(png(), "image/png", "sketch", keep=tmp_path)
    again = Critic((reader,), ()).read(png(), "image/png", "sketch", keep=tmp_path)
    assert first == again
    assert reader.looks == 1
    critic.read(png("red"), "image/png", "sketch", keep=tmp_path)
    reader.revision = "2"
    critic.read(png(), "image/png", "sketch", keep=tmp_path)
    assert reader.looks == 3


def test_a_damaged_reading_is_read_anew(tmp_path: Path) -> None:
    reader = Counter()
    Critic((reader,), ()).read(png(), "image/png", "sketch", keep=tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_text("{")
    assert Critic((reader,), ()).read(png(), "image/png", "sketch", keep=tmp_path).figures
    assert reader.looks == 2


def test_who_cannot_read_says_why(tmp_path: Path) -> None:
    found = Critic((Counter(why="has no weights"),), ()).read(png(), "image/png", "sketch")
    assert found.figures is None
    assert found.unread == {"figures": "has no weights", "identity": "has no weights"}


def test_drawn_and_painted_pictures_have_their_own_readers() -> None:
    drawn, painted = Counter("drawn"), Counter("painted")
    critic = Critic((drawn,), (painted,))
    critic.read(png(), "image/png", "sketch")
    critic.read(png(), "image/png", "sdxl")
    critic.read(png(), "image/png", "taken")
    assert (drawn.looks, painted.looks) == (1, 2)
    critic.close()
    assert (drawn.closed, painted.closed) == (1, 1)


def test_pictures_of_the_packaged_base_have_a_reader_for_what_was_smoothed() -> None:
    critic = Critic()
    (drawn, *rest), (smoothed, *others) = critic.readers("sketch"), critic.readers("pocket")
    assert rest == others
    assert getattr(smoothed, "smoothed", False)
    assert smoothed.revision != drawn.revision
    assert smoothed.revision in {one.revision for one in critic._readers}
    mine = Counter()
    assert Critic((mine,), ()).readers("pocket") == (mine,)


def test_another_reader_is_another_critic() -> None:
    one, other = Counter(), Counter()
    assert Critic((one,), ()).revision == Critic((other,), ()).revision
    other.revision = "2"
    assert Critic((one,), ()).revision != Critic((other,), ()).revision
    assert Critic((one,), ()).revision != Critic((Counter(why="gone"),), ()).revision


def test_references_show_somebody_alone_in_the_outfit() -> None:
    shown = drawn_references(SASHA, SASHA.outfits[0], "flat", side=256)
    assert len(shown) == len(reviewing.WHOLE) == len(set(shown))
    for one in shown:
        picture = image_of(one, "image/png")
        red = sum(r > 150 and g < 110 and b < 110 for r, g, b in picture.get_flattened_data())
        assert red > 0.02 * 256 * 256  # the coat
    without = drawn_references(SASHA, Outfit("plain", "a blue coat"), "flat", side=256)
    assert not set(shown) & set(without)


def test_somebody_near_by_is_known_by_drawings_from_near_by(tmp_path: Path) -> None:
    def heads(framing: Framing) -> list[float]:
        scene = Scene("garden", figures=(Figure("Edda", box=Box(0.1, 0.1, 0.8, 1.7)),), framing=framing)
        shot = Shot(1, scene, (EDDA,), width=128, height=128)
        critic = Critic()
        shown = critic._references(tmp_path, shot, "Edda", "sketch")
        assert critic._references(tmp_path, shot, "Edda", "sketch") is shown
        seen = critic._seen_in(shown, EDDA, "sketch", None, EDDA.outfit())
        return [one.head.h for one in seen if one.head]

    whole, near = heads("medium"), heads("close")
    assert len(whole) == len(reviewing.WHOLE)
    assert near[: len(whole)] == whole
    assert min(near[len(whole) :]) > 1.4 * max(whole)
    assert reviewing.poses_for(Character("Rex", Look("dog")), "close") == reviewing.WHOLE


def test_the_autoencoder_smooths_what_it_gives_back() -> None:
    (sharp,) = drawn_references(EDDA, EDDA.outfit(), "flat", 256, reviewing.WHOLE[:1])
    soft = through_autoencoder(sharp)
    assert soft == through_autoencoder(sharp)
    one, other = (image_of(content, "image/png") for content in (sharp, soft))
    assert one.size == other.size

    def edges(picture: Image.Image) -> float:
        return float(ImageStat.Stat(picture.convert("L").filter(ImageFilter.FIND_EDGES)).sum2[0])

    assert edges(other) < 0.7 * edges(one)
    assert ImageStat.Stat(ImageChops.difference(one, other).convert("L")).mean[0] < 8


def test_pictures_of_the_packaged_base_are_held_against_soft_drawings_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = drawn_references(EDDA, EDDA.outfit(), "flat", 64)
    critic = Critic((Counter(),), ())  # one that judges both
    seen = {name: critic._seen_in(shown, EDDA, name, None, EDDA.outfit()) for name in ("sketch", "pocket")}
    assert [len(one) for one in seen.values()] == [len(shown), 2 * len(shown)]
    before = Critic((Counter(),), ()).revision
    monkeypatch.setattr("storykin.reviewing.is_ready", lambda: False)
    critic = Critic((Counter(),), ())
    assert len(critic._seen_in(shown, EDDA, "pocket", None, EDDA.outfit())) == len(shown)
    assert critic.revision != before


@pytest.mark.parametrize("kind", ["crocodile", "giraffe", "girl", "man", "mouse"])
def test_whoever_is_drawn_alone_is_in_the_picture(kind: str) -> None:
    who = Character("One", Look(kind))
    for pose in reviewing.WHOLE:
        box = reviewing._alone(who, pose)
        assert box.x >= 0
        assert box.right <= 1
        assert box.y >= 0
        assert box.bottom <= 1


def test_words_tell_colours_where_there_is_no_picture() -> None:
    told = worded(SASHA, SASHA.outfits[0])
    assert told is not None
    assert set(told.palettes) == {"hair", "skin", "clothes"}
    assert worded(Character("Nobody", Look(hair_colour="curly")), Outfit("none", "everyday clothes")) is None


def test_every_painted_page_is_judged_and_the_rest_left_out(book: Path) -> None:
    reader = Counter()
    steps: list[tuple[float, str]] = []
    found = review(
        book, Critic((reader,), ()), on_step=lambda fraction, doing: steps.append((fraction, doing))
    )
    assert [one.shot.page for one in found] == [1, 2]
    assert all(one.judgement.verdict.critic for one in found)
    assert steps[-1] == (1.0, "judged 2 pictures")
    looks = reader.looks
    review(book, Critic((reader,), ()))
    assert reader.looks == looks  # all was kept


def test_who_draws_by_words_alone_is_held_to_no_place(book: Path) -> None:
    shot = next(one for one in read_storyboard(book).shots if one.page == 1)
    figure = replace(shot.scene.figures[0], box=Box(0.7, 0.5, 0.25, 0.4))
    shot = replace(shot, scene=replace(shot.scene, figures=(figure,)))
    drawn = png_of(Sketch().paint(shot, lambda done: None), Sketch.media_type, 256)
    files.write_bytes(book / "pictures" / "there.png", through_autoencoder(drawn))  # as the base paints
    elsewhere = replace(
        shot, scene=replace(shot.scene, figures=(replace(figure, box=Box(0.05, 0.5, 0.25, 0.4)),))
    )

    def missing(start: str) -> bool:
        asked = replace(elsewhere, init_image=start)
        picture = Picture("pictures/there.png", asked, "pocket", "", "", "image/png")
        return "missing" in {one.name for one in Critic().judge(book, asked, picture).verdict.faults}

    assert not missing("")
    assert missing("sketch")  # which it was to begin with


def test_a_picture_that_somebody_put_in_the_place_of_another_is_judged_too(book: Path) -> None:
    shot = next(one for one in read_storyboard(book).shots if one.page == 1)
    (path,) = (book / "pictures").glob("01-*.svg")
    path.write_bytes(png("green", 300))
    found = review(book, Critic((Counter(),), ()), pages=[1])
    assert found[0].changed
    assert found[0].picture.media_type == "image/png"
    there = changed_picture(book, shot, "sketch")
    assert there is not None
    assert there.path == path.relative_to(book).as_posix()


def test_a_picture_that_cannot_be_read_is_named(book: Path) -> None:
    (path,) = (book / "pictures").glob("02-*.svg")
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(BadFile, match=path.name):
        review(book, Critic((Counter(),), ()))


def test_a_picture_without_a_recipe_is_found_by_its_page(book: Path) -> None:
    shot = next(one for one in read_storyboard(book).shots if one.page == 3)
    assert changed_picture(book, shot, "sketch") is None
    files.write_bytes(book / "pictures" / "03-mine.png", png())
    found = changed_picture(book, shot, "sketch")
    assert isinstance(found, Picture)
    assert found.media_type == "image/png"


def test_a_book_without_pictures_has_nothing_to_judge(tmp_path: Path) -> None:
    folder = make.start(tmp_path / "book", Wish("a walk", hero="Sasha", pages=4), Choices(judge=False))
    make.write(folder)
    make.board(folder)
    with pytest.raises(BadFile, match="nothing is painted"):
        review(folder, Critic((), ()))


def test_what_is_no_picture_is_told() -> None:
    with pytest.raises(BadFile, match="cannot be read: it is in no format of pictures\n"):
        image_of(b"not a picture", "image/png")


class Photographer(Counter):
    """Sees somebody in blue with black hair in every picture."""

    def read(self, picture: Image.Image, question: Question) -> Reading:
        blue: Palette = (((30.0, 20.0, -60.0), 1.0),)
        black: Palette = (((10.0, 0.0, 0.0), 1.0),)
        one = Seen(
            Box(0.1, 0.1, 0.5, 0.8), vectors={"face": (1.0, 0.0)}, palettes={"clothes": blue, "hair": black}
        )
        return Reading((one,), read={"figures": self.name})


def test_photos_say_who_somebody_is_and_words_what_they_wear(tmp_path: Path) -> None:
    critic = Critic((Photographer(),), (Photographer(),))
    photo, told = critic._seen_in((png(),), SASHA, "sdxl", tmp_path, SASHA.outfits[0])
    assert set(photo.palettes) == {"hair"}
    assert set(told.palettes) == {"clothes"}
    (drawn,) = critic._seen_in((png(),), SASHA, "sketch", tmp_path, SASHA.outfits[0])
    assert set(drawn.palettes) == {"hair", "clothes"}  # drawn in the outfit of the page
    (words,) = critic._seen_in((), SASHA, "sdxl", tmp_path, SASHA.outfits[0])
    assert set(words.palettes) == {"hair", "skin", "clothes"}


@pytest.mark.parametrize(("start", "placed"), [("sketch", True), ("starts/1a2b.png", True), ("", False), ("photos/beach.jpg", False), ("pictures/003-1a2b.png", False)])  # fmt: skip
def test_only_the_storyboards_own_drawing_puts_people_in_their_places(start: str, placed: bool) -> None:
    assert reviewing.is_placed(Shot(3, Scene("park"), init_image=start), "pocket") is placed
    assert reviewing.is_placed(Shot(3, Scene("park"), init_image=start), "sketch")
