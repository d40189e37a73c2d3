"""Who is painted once more from near by, what is seen of them and what is said."""

from dataclasses import replace

import pytest

from storykin.character import Adapter, Character, Look, Outfit
from storykin.consistency import Setting
from storykin.consistency.closeups import REST, STANDING, placed, view_of, within
from storykin.consistency.methods import SMALL, by_best, by_closeup, by_prompt, method_of
from storykin.errors import CannotPaint
from storykin.painters import refuse_what_it_lacks
from storykin.painters.sketch import Sketch
from storykin.scene import Box, Figure, Scene
from storykin.shot import Shot

MILA = Character(
    "Mila",
    Look("girl", 6, hair_colour="green"),
    (Outfit("everyday", "a red dress", ("red", "gold")),),
    adapters=(Adapter("a", "flux-dev", "zvoqk", 4),),
)
REX = Character("Rex", Look("dog", 3, skin="brown"))
LOW, HIGH = Box(0.2, 0.4, 0.2, 0.4), Box(0.5, 0.05, 0.4, 0.9)
SCENE = Scene(
    "garden", figures=(Figure("Mila", box=LOW), Figure("Rex", box=HIGH)), framing="wide", props=("tree",)
)
POWERS = frozenset({"init_image", "adapters", "several_adapters", "regions"})
SETTING = Setting(
    dialect="sentences", powers=POWERS, adapters_of=("flux-dev",), known=(MILA, REX), closer=0.75
)  # fmt: skip
SHOT = Shot(2, SCENE, (MILA, REX))


def view(box: Box | None, action: str = "standing", aspect: float = 1.0) -> Box | None:
    return view_of([Figure("Mila", action, box=box)], aspect)


def test_a_view_shows_who_stands_as_large_as_models_like_it() -> None:
    seen = view(LOW)
    assert seen
    assert seen.w == seen.h == pytest.approx(0.4 / STANDING, abs=1e-3)
    there = within(LOW, seen)
    assert there.h == pytest.approx(STANDING, abs=1e-3)
    assert there.x + there.w / 2 == pytest.approx(0.5, abs=1e-3)
    sitting = view(LOW, "sitting")
    assert sitting
    assert sitting.h > seen.h  # somebody as tall, were they to stand
    low = Box(0.2, 0.7, 0.5, 0.1)
    broad = view(low, "sleeping")
    assert broad
    assert within(low, broad).w == pytest.approx(REST, abs=1e-3)


def test_a_view_is_a_square_within_the_page_whatever_its_shape() -> None:
    for aspect in (0.7, 1.0, 2.0):
        for box in (Box(0.0, 0.0, 0.1, 0.2), Box(0.9, 0.75, 0.15, 0.25), Box(0.45, 0.3, 0.1, 0.6)):
            seen = view(box, aspect=aspect)
            assert seen
            assert seen.w * aspect == pytest.approx(seen.h, abs=1e-3)
            assert seen.x >= 0
            assert seen.y >= 0
            assert seen.right <= 1.0001
            assert seen.bottom <= 1.0001


def test_who_fills_the_page_or_stands_nowhere_has_none() -> None:
    assert view(HIGH) is None
    assert view(None) is None
    assert view(Box(0.1, 0.1, 0.0, 0.3)) is None


def test_views_follow_the_figures_and_go_with_them() -> None:
    found = by_best(SHOT, SETTING)
    first = placed(found).closeups[0]
    mila, rex = found.scene.figures
    moved = replace(mila, box=Box(0.6, 0.4, 0.2, 0.4))
    second = placed(replace(found, scene=replace(SCENE, figures=(moved, rex)))).closeups[0]
    assert first.view
    assert second.view
    assert second.view.x > first.view.x + 0.3
    assert second.region
    assert second.region.overlap(Box(0.57, 0.3, 0.3, 0.6)) > 0.95
    assert placed(replace(found, scene=replace(SCENE, figures=(rex,)))).closeups == ()
    assert placed(replace(found, init_image="photos/us.jpg")).closeups == ()
    assert placed(placed(found)) == placed(found)


def test_a_photo_or_the_page_before_has_its_own_people() -> None:
    assert by_best(SHOT, replace(SETTING, photos=((2, "us.jpg"),))).closeups == ()
    assert by_best(SHOT, replace(SETTING, start="before")).closeups == ()
    assert by_best(SHOT, replace(SETTING, start="sketch")).closeups[0].mask == "sketch"


def test_who_rides_and_who_carries_are_seen_together_and_nobody_is_called_by_name() -> None:
    rides = Figure("Mila", "riding", prop="Rex", box=Box(0.3, 0.4, 0.2, 0.3))
    horse = Figure("Rex", box=Box(0.2, 0.5, 0.4, 0.3))
    theo = Figure("Theo", "following Mila", box=Box(0.7, 0.5, 0.15, 0.35))
    boy = Character("Theo", Look("boy", 7))
    shot = Shot(2, Scene("Mila's bedroom", figures=(horse, rides, theo)), (MILA, REX, boy))
    found = placed(by_best(shot, SETTING)).closeups
    assert [one.character for one in found] == ["Mila", "Theo"]
    assert [one.figure for one in found] == [1, 2]
    assert found[0].region
    assert found[0].region.overlap(Box(0.2, 0.4, 0.4, 0.4)) > 0.8
    assert "dog" in found[0].words
    assert "following the girl" in found[1].words
    for one in found:
        assert "the girl's bedroom" in one.words
        assert "Mila" not in one.words
        assert "Rex" not in one.words


def test_somebody_may_stand_in_the_picture_twice() -> None:
    twice = (Figure("Mila", box=LOW), Figure("Mila", box=Box(0.6, 0.4, 0.2, 0.4)))
    found = by_best(Shot(2, Scene("garden", figures=twice), (MILA,)), SETTING)
    assert [one.figure for one in found.closeups] == [0, 1]


def test_of_whom_nothing_is_said_but_what_is_hers() -> None:
    found = by_best(SHOT, SETTING)
    assert [one.character for one in found.closeups] == ["Mila"]
    words = found.closeups[0].words
    for said in ("zvoqk", "green hair", "a red dress in gold", "garden"):
        assert said in words
    for unsaid in ("dog", "tree", "Rex"):
        assert unsaid not in words
    assert (found.init_image, found.strength, found.closeups[0].mask) == ("sketch", SMALL, "sketch")
    assert by_best(SHOT, replace(SETTING, start="none")).closeups[0].mask == ""


def test_only_painters_that_need_it_or_who_asks_for_it() -> None:
    assert by_best(SHOT, replace(SETTING, closer=0.0)).closeups == ()
    plain = replace(SETTING, closer=0.0)
    assert [one.character for one in method_of("prompt+closeup")(SHOT, plain).closeups] == ["Mila"]
    told = method_of("prompt+lora+closeup")(SHOT, plain)
    assert "zvoqk" in told.closeups[0].words
    assert "zvoqk" not in by_closeup(by_prompt(SHOT, plain), plain).closeups[0].words
    assert by_closeup(SHOT, replace(plain, dialect="")).closeups == ()


def test_a_painter_that_cannot_paint_one_region_is_not_asked_to() -> None:
    found = by_closeup(by_prompt(SHOT, SETTING), SETTING)
    assert "mask" in found.asks
    with pytest.raises(CannotPaint):
        refuse_what_it_lacks(Sketch(), found)


def test_pictures_painted_before_keep_their_keys() -> None:
    found = by_best(SHOT, SETTING)
    assert replace(found, closeups=()).key("p", "1") != found.key("p", "1")
    assert SHOT.key("p", "1") == "4efe555c6f1d"
