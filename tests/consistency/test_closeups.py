"""Who is painted once more from near by, what is seen of them and what is said."""

from dataclasses import replace

import pytest

from storykin.character import Adapter, Character, Look, Outfit
from storykin.consistency import Setting
from storykin.consistency.closeups import REST, STANDING, view_of, within
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


def test_a_view_shows_who_stands_as_large_as_models_like_it() -> None:
    view = view_of(Figure("Mila", box=LOW), 1.0, 0.75)
    assert view
    assert view.w == view.h == pytest.approx(0.4 / STANDING, abs=1e-3)
    seen = within(LOW, view)
    assert seen.h == pytest.approx(STANDING, abs=1e-3)
    assert seen.x + seen.w / 2 == pytest.approx(0.5, abs=1e-3)
    sitting = view_of(Figure("Mila", "sitting", box=LOW), 1.0, 0.75)
    assert sitting
    assert sitting.h > view.h  # somebody as tall, were they to stand
    broad = view_of(Figure("Mila", "sleeping", box=Box(0.2, 0.7, 0.5, 0.1)), 1.0, 0.75)
    assert broad
    assert within(Box(0.2, 0.7, 0.5, 0.1), broad).w == pytest.approx(REST, abs=1e-3)


def test_a_view_is_a_square_within_the_page_whatever_its_shape() -> None:
    for aspect in (0.7, 1.0, 2.0):
        for box in (Box(0.0, 0.0, 0.1, 0.2), Box(0.9, 0.75, 0.15, 0.25), Box(0.45, 0.5, 0.1, 0.3)):
            view = view_of(Figure("Mila", box=box), aspect, 0.75)
            assert view
            assert view.w * aspect == pytest.approx(view.h, abs=1e-3)
            assert view.x >= 0
            assert view.y >= 0
            assert view.right <= 1.0001
            assert view.bottom <= 1.0001


def test_who_is_large_enough_or_nowhere_has_none() -> None:
    assert view_of(Figure("Rex", box=HIGH), 1.0, 0.75) is None
    assert view_of(Figure("Rex"), 1.0, 0.75) is None
    assert view_of(Figure("Rex", box=Box(0.1, 0.1, 0.0, 0.3)), 1.0, 0.75) is None


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
