"""The storyboard: rhythm, words, figures; and that what did not change is kept."""

import itertools
import random
from dataclasses import replace

import pytest

from storykin.binders import layout
from storykin.binders.layout import BLEED, fit, type_sizes
from storykin.book import Trim
from storykin.character import Character, Look, Outfit
from storykin.consistency import Setting
from storykin.consistency.storyboard import FRONT_MATTER, compose, storyboard, text_zone, type_size
from storykin.scene import ACTIONS, EXPRESSIONS, Box, Figure, Scene, action_of
from storykin.story import Page, Story

SQUARE, UPRIGHT = Trim(8.5, 8.5), Trim(8.0, 10.0)
CAST = (
    Character("Sasha", Look("girl", 5, 110, "fair", "red", "curly"), (Outfit("everyday", "a green dress"), Outfit("vet", "a white coat"))),
    Character("Papa", Look("man", 38, 180, "fair", "brown", "short"), (Outfit("everyday", "a blue shirt"),)),
    Character("Biscuit", Look("dog", 3, 45, "brown"), ()),
    Character("Zoe", Look("girl", 9, 134, "dark", "black", "braids"), (Outfit("everyday", "a yellow raincoat"),)),
)  # fmt: skip


def tale(pages: int, seed: int = 1, words: int = 18) -> Story:
    """A story with random people doing random things in a few places."""
    dice = random.Random(seed)
    made = []
    for number in range(1, pages + 1):
        who = dice.sample([one.name for one in CAST], dice.randint(1, 3))
        figures = tuple(
            Figure(name, dice.choice(sorted(ACTIONS)), dice.choice(sorted(EXPRESSIONS))) for name in who
        )
        place = ("clinic", "forest", "kitchen")[number * 3 // (pages + 1)]
        framing = "spread" if dice.random() < 0.2 else ""
        text = " ".join(["rabbit"] * dice.randint(3, words)) + "."
        made.append(Page(number, text, Scene(place, figures=figures, framing=framing)))
    return Story("A Tale", tuple(made), CAST)


@pytest.mark.parametrize("pages", [4, 12, 32, 48])
def test_cover_first_then_every_page_once(pages: int) -> None:
    made = storyboard(tale(pages), Setting())
    assert [shot.page for shot in made.shots] == list(range(pages + 1))
    assert len(set(made.sources)) == pages + 1


@pytest.mark.parametrize("seed", range(8))
def test_words_and_figures_keep_out_of_each_others_way(seed: int) -> None:
    for aspect in (1.0, 0.804):
        for shot in storyboard(tale(24, seed, 30), Setting(aspect=aspect)).shots:
            zone = shot.scene.text_zone
            assert zone is not None
            assert zone.x > 0.02
            assert zone.right < 0.98
            assert zone.bottom < 0.97
            for figure in shot.scene.figures:
                assert figure.box is not None
                assert figure.box.overlap(zone) < 0.02, (shot.page, shot.scene.framing, figure, zone)
                assert figure.box.x > -0.02
                assert figure.box.right < 1.02
                if shot.scene.framing != "close":
                    assert figure.box.y > 0.03
                    assert figure.box.bottom < 0.96


@pytest.mark.parametrize("seed", range(8))
def test_spreads_open_on_the_left_and_keep_the_gutter_free(seed: int) -> None:
    printed = FRONT_MATTER + 1
    spreads = 0
    for shot in storyboard(tale(32, seed), Setting()).shots[1:]:
        if shot.scene.framing == "spread":
            spreads += 1
            assert printed % 2 == 0
            assert shot.width == pytest.approx(2 * shot.height, rel=0.01)
            for figure in shot.scene.figures:
                assert figure.box is not None
                assert figure.box.right <= 0.48 or figure.box.x >= 0.52
            printed += 2
        else:
            printed += 1
    assert spreads


def test_a_child_is_as_tall_beside_the_same_grown_up_on_every_page() -> None:
    for seed in range(6):
        for shot in storyboard(tale(32, seed), Setting()).shots:
            tall = {one.name: one.look.standing_height for one in shot.cast}
            scales = [
                figure.box.h / ACTIONS[action_of(figure.action)].height / tall[figure.character]
                for figure in shot.scene.figures
                if figure.box
            ]
            assert max(scales) == pytest.approx(min(scales), rel=0.01)


def test_framing_varies() -> None:
    plain = [replace(page, scene=replace(page.scene, framing="")) for page in tale(32, 3).pages]
    framings = [
        shot.scene.framing for shot in storyboard(replace(tale(32), pages=tuple(plain)), Setting()).shots[1:]
    ]
    assert framings[0] == "wide"
    assert {"wide", "medium", "close", "spread"} <= set(framings)
    assert max(len(list(run)) for _, run in itertools.groupby(framings)) <= 2


def test_what_a_person_placed_stays() -> None:
    story = tale(6)
    first = story.pages[0]
    box = Box(0.2, 0.3, 0.2, 0.5)
    figures = (replace(first.scene.figures[0], box=box, facing="left"), *first.scene.figures[1:])
    zone = Box(0.1, 0.1, 0.3, 0.1)
    placed = replace(first, scene=replace(first.scene, figures=figures, text_zone=zone))
    shot = storyboard(replace(story, pages=(placed, *story.pages[1:])), Setting()).shots[1]
    assert shot.scene.figures[0].box == box
    assert shot.scene.figures[0].facing == "left"
    assert shot.scene.text_zone == zone


def test_only_changed_pages_get_new_shots() -> None:
    story, setting = tale(8), Setting()
    before = storyboard(story, setting)
    by_hand = replace(
        before, shots=tuple(replace(shot, seed=99) if shot.page == 3 else shot for shot in before.shots)
    )
    page = story.pages[4]
    changed = replace(page, scene=replace(page.scene, weather="snow"))
    after = storyboard(
        replace(story, pages=(*story.pages[:4], changed, *story.pages[5:])), setting, earlier=by_hand
    )
    keys = [
        (old.key("p", "1"), new.key("p", "1")) for old, new in zip(by_hand.shots, after.shots, strict=True)
    ]
    assert [page for page, (old, new) in enumerate(keys) if old != new] == [5]
    assert after.shots[3].seed == 99


def test_other_words_of_the_same_length_change_no_picture() -> None:
    story = tale(6)
    pages = tuple(replace(page, text=page.text.replace("rabbit", "badger")) for page in story.pages)
    before, after = storyboard(story, Setting()), storyboard(replace(story, pages=pages), Setting())
    assert [shot.key("p", "1") for shot in before.shots] == [shot.key("p", "1") for shot in after.shots]


def test_a_new_haircut_changes_the_pages_that_show_it() -> None:
    story = tale(12)
    cut = replace(CAST[0], look=replace(CAST[0].look, hair_style="bob"))
    before, after = storyboard(story, Setting()), storyboard(replace(story, cast=(cut, *CAST[1:])), Setting())
    for old, new in zip(before.shots, after.shots, strict=True):
        on_stage = any(figure.character == "Sasha" for figure in old.scene.figures)
        assert (old.key("p", "1") != new.key("p", "1")) == on_stage


@pytest.mark.parametrize("seed", range(4))
def test_those_who_stand_together_look_at_each_other(seed: int) -> None:
    for shot in storyboard(tale(24, seed), Setting()).shots:
        still = [f for f in shot.scene.figures if action_of(f.action) in {"standing", "sitting", "holding"}]
        if len(shot.scene.figures) == 2 == len(still):
            left, right = sorted(still, key=lambda figure: figure.box.x if figure.box else 0)
            assert (left.facing, right.facing) == ("right", "left")


def test_the_hero_fills_the_cover() -> None:
    for story in (tale(8), replace(tale(8), title="A Very Long Title Indeed, and Longer Still")):
        cover = storyboard(story, Setting()).shots[0].scene
        hero = next(figure for figure in cover.figures if figure.character == story.cast[0].name)
        assert hero.box is not None
        assert cover.text_zone is not None
        assert hero.box.h > 0.3 or len(cover.figures) > 1
        assert hero.box.y >= cover.text_zone.bottom


def test_a_long_creature_may_run_over_the_edge_but_its_face_may_not() -> None:
    cast = (CAST[0], Character("Willa", Look("whale", 3, 150)))
    scene = Scene("sea", figures=(Figure("Sasha"), Figure("Willa")), framing="medium")
    story = Story("Sea", (Page(1, "Hello, whale.", scene), Page(2, "Goodbye.", scene)), cast)
    for shot in storyboard(story, Setting()).shots[1:]:
        child, whale = (figure.box for figure in shot.scene.figures)
        assert child is not None
        assert whale is not None
        assert child.h > 0.28
        assert max(whale.right - 1, -whale.x) < 0.5 * whale.w


@pytest.mark.parametrize(("age", "words"), [(2, 8), (3, 16), (5, 30), (6, 45), (9, 70)])
@pytest.mark.parametrize(("trim", "aspect"), [(SQUARE, 1.0), (UPRIGHT, 8.25 / 10.25)])
def test_the_words_zone_is_as_high_as_the_printed_words(
    age: int, words: int, trim: Trim, aspect: float
) -> None:
    """The estimate here and the setting of type in the binders agree, for every age and trim."""
    text = " ".join(
        ["The", "little", "rabbit", "was", "looking", "behind", "the", "door", "again."][i % 9]
        for i in range(words)
    )
    zone = text_zone(text, "medium", 1, Setting(reader_age=age, aspect=aspect), together=2)
    wide, high = trim.width + 2 * BLEED, trim.height + 2 * BLEED
    start, floor = type_sizes(age)
    assert type_size(age) == start
    block = fit(text, layout.Box(0, 0, zone.w * wide, zone.h * high), start, floor)
    assert block
    assert block.size >= start - 1
    assert zone.h * high < block.box.h + 2.4 * start / 72  # at most one line too many


def test_who_rides_on_somebody_sits_above_them() -> None:
    cast = (CAST[0], Character("Ella", Look("elephant", 3, 200)))
    scene = Scene("zoo", figures=(Figure("Sasha", "riding", prop="Ella"), Figure("Ella")), framing="medium")
    made = compose(scene, "Up!", 3, cast, Setting())
    rider, mount = (figure.box for figure in made.figures)
    assert rider is not None
    assert mount is not None
    assert made.text_zone is not None
    assert mount.x < rider.x < rider.right < mount.right
    assert made.text_zone.bottom - 0.01 < rider.y < mount.y


def test_of_many_asleep_one_lies_and_the_others_nod_off() -> None:
    figures = tuple(Figure(name, "sleeping") for name in ("Sasha", "Papa", "Biscuit"))
    made = compose(
        Scene("bedroom", "night", figures=figures, framing="medium"), "Good night.", 3, CAST, Setting()
    )
    assert [figure.action for figure in made.figures] == ["sleeping", "sitting", "sleeping"]


def test_who_hugs_stands_close() -> None:
    def apart(action: str) -> float:
        figures = (Figure("Sasha", action), Figure("Zoe", action))
        one, two = (
            f.box
            for f in compose(Scene("park", figures=figures, framing="medium"), "", 3, CAST, Setting()).figures
        )
        assert one is not None
        assert two is not None
        return abs((two.x + two.w / 2) - (one.x + one.w / 2)) / one.h

    assert apart("hugging") < 0.6 * apart("dancing")


def test_what_only_the_drawing_shows_changes_the_picture_too() -> None:
    """A palette stands in no prompt; the shot carries its cast, so the key knows of it."""
    story = tale(12)
    outfits = tuple(replace(outfit, palette=("pink",)) for outfit in CAST[0].outfits)
    recoloured = replace(story, cast=(replace(CAST[0], outfits=outfits), *CAST[1:]))
    before, after = storyboard(story, Setting()), storyboard(recoloured, Setting())
    changed = [
        old.page
        for old, new in zip(before.shots, after.shots, strict=True)
        if old.key("p", "1") != new.key("p", "1")
    ]
    assert changed == [
        shot.page for shot in before.shots if any(f.character == "Sasha" for f in shot.scene.figures)
    ]


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("lines", [2, 4, 6, 9])
def test_long_words_in_large_type_leave_room_for_everybody(number: int, lines: int) -> None:
    """Under words that fill more than half of a page nobody can stand."""
    cast = tuple(Character(name, Look("girl", 6)) for name in ("Ida", "Mia", "Noor"))
    scene = Scene("kitchen", figures=tuple(Figure(one.name, "standing") for one in cast), framing="medium")
    text = "\n".join(["There wasn't a thing that a person won't dare."] * lines)
    placed = compose(scene, text, number, cast, Setting(reader_age=3))
    assert placed.text_zone
    for figure in placed.figures:
        assert figure.box
        assert figure.box.w > 0.01
        assert figure.box.h > 0.04
        assert figure.box.overlap(placed.text_zone) < 0.3


def test_in_a_book_read_to_the_left_who_moves_goes_left() -> None:
    figures = (Figure("Sasha", "running"),)
    pages = tuple(Page(number, "Go!", Scene("park", figures=figures)) for number in range(1, 5))
    for language, way in (("en", "right"), ("he", "left")):
        shots = storyboard(Story("A Tale", pages, CAST, language=language), Setting()).shots
        assert {shot.scene.figures[0].facing for shot in shots[1:]} == {way}


def test_other_directions_of_writing_are_other_shots_and_english_ones_stay() -> None:
    pages = (Page(1, "Go!", Scene("park", figures=(Figure("Sasha", "running"),))),)
    sources = {
        code: storyboard(Story("A", pages, CAST, language=code), Setting()).sources
        for code in ("en", "de", "he")
    }
    assert sources["en"] == sources["de"] != sources["he"]
