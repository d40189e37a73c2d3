"""A page on its drawing: whose pixels are otherwise, what is behind them, what is nobody's."""

from dataclasses import replace

import numpy as np
import pytest

from storykin.critics.overlay import Laid, Overlay, Shape, is_aligned, lab, laid, otherwise, touched
from storykin.critics.thresholds import gate
from storykin.scene import Box

HIGH, WIDE = 120, 160
GREEN, BROWN, FAIR, RED, BLUE = (90, 160, 90), (90, 60, 40), (240, 205, 175), (200, 40, 40), (40, 60, 200)


def sheet(hair=BROWN, skin=FAIR, clothes=RED, at=40, top=40):
    """A green page with one figure of three stripes, 24 wide and 60 high."""
    pixels = np.empty((HIGH, WIDE, 3), np.uint8)
    pixels[:] = GREEN
    for row, colour in enumerate((hair, skin, clothes)):
        if colour is not None:
            pixels[top + 20 * row : top + 20 * (row + 1), at : at + 24] = colour
    return pixels


def stripe(first, last):
    mask = np.zeros((HIGH, WIDE), bool)
    mask[40 + 20 * first : 40 + 20 * last, 40:64] = True
    return mask


def shape(**drawn):
    parts = {"hair": stripe(0, 1), "skin": stripe(1, 2), "clothes": stripe(2, 3)}
    return Shape(stripe(0, 3), parts, lambda: sheet(None, None, None), drawn)


def compared(page, strangers=(), **drawn):
    return laid(lab(page), lab(sheet()), {"Sasha": shape(**drawn)}, strangers)


def test_a_page_that_is_as_it_was_drawn_has_nothing_to_tell():
    found = compared(sheet())
    assert found == Overlay()
    assert found.of("Sasha").same
    assert found.groups() == []


@pytest.mark.parametrize("part", ["hair", "skin", "clothes"])
def test_a_part_that_is_otherwise_is_told_and_the_others_are_not(part):
    found = compared(sheet(**{part: BLUE})).of("Sasha")
    assert found.changed == {
        **dict.fromkeys(("hair", "skin", "clothes"), 0.0),
        part: 1.0,
        "all": pytest.approx(1 / 3),
    }
    assert not found.same
    assert found.around == 0
    assert found.gone == 0


def test_who_is_left_out_shows_what_is_behind_them():
    found = compared(sheet(None, None, None)).of("Sasha")
    assert found.gone == 1
    assert found.part("all") == 1


def test_who_is_painted_over_shows_something_else():
    page = sheet(BLUE, BLUE, BLUE)
    assert compared(page).of("Sasha").gone == 0


def test_another_promise_is_told_when_it_explains_the_page():
    lower = {"height 0.7": lambda: sheet(top=58), "height 1.3": lambda: sheet(top=20)}
    assert compared(sheet(top=58), **lower).of("Sasha").told == "height 0.7"
    assert compared(sheet(BLUE, BLUE, BLUE), **lower).of("Sasha").told == ""


def test_what_may_hide_somebody_says_nothing_of_them():
    page = sheet()
    page[40:70, 30:64] = BLUE  # somebody else stands before the upper half
    stranger = Box(30 / WIDE, 40 / HIGH, 34 / WIDE, 30 / HIGH)
    found = compared(page, [stranger]).of("Sasha")
    assert found.hidden == pytest.approx(0.5, abs=0.03)
    assert found.part("clothes") == 0
    assert "hair" not in found.changed
    assert not compared(page).of("Sasha").same


def test_what_is_nobodys_hangs_together():
    page = sheet()
    page[30:80, 100:130] = BLUE
    page[100:104, 8:12] = BLUE
    found = compared(page)
    (box, share), *rest = found.groups()
    assert (box.x, box.right) == pytest.approx((100 / WIDE, 130 / WIDE), abs=0.05)
    assert share == pytest.approx(50 * 30 / HIGH / WIDE, rel=0.15)
    assert all(small < share / 10 for _, small in rest)
    assert found.stray(Box(100 / WIDE, 30 / HIGH, 30 / WIDE, 50 / HIGH)) > 0.5
    assert found.stray(Box(0.25, 1 / 3, 0.15, 0.5)) == 0
    assert found.of("Sasha").same


def test_a_drawing_by_another_hand_cannot_be_laid_on_this_one():
    boxes = [Box(0.25, 1 / 3, 0.15, 0.5)]
    other = sheet()
    other[:, : WIDE * 2 // 3] = BLUE
    assert not is_aligned(otherwise(lab(other), lab(sheet())), boxes)
    swapped = sheet(BLUE, BLUE, BLUE)
    swapped[0:30] = RED
    assert is_aligned(otherwise(lab(swapped), lab(sheet())), boxes)


def test_a_page_is_known_though_somebody_much_larger_covers_most_of_it():
    changed = np.zeros((HIGH, WIDE), bool)
    changed[: int(0.8 * HIGH), int(0.06 * WIDE) : int(0.94 * WIDE)] = True
    assert is_aligned(changed, [Box(0.3, 0.4, 0.4, 0.4)])
    changed[:] = True
    assert not is_aligned(changed, [Box(0.3, 0.4, 0.4, 0.4)])


def test_a_page_that_is_all_figures_can_be_laid():
    assert is_aligned(otherwise(lab(sheet(BLUE)), lab(sheet())), [Box(0, 0, 1, 1)])


def test_slight_differences_are_none():
    noisy = sheet().astype(int) + np.random.default_rng(0).integers(-3, 4, (HIGH, WIDE, 3))
    assert not otherwise(lab(noisy.clip(0, 255).astype(np.uint8)), lab(sheet())).any()


def test_specks_of_paper_touch_nobody():
    box = Box(0.25, 1 / 3, 0.15, 0.5)
    changed = np.zeros((HIGH, WIDE), bool)
    changed[50, 45] = True
    assert not touched(changed, box)
    changed[50:60, 45:60] = True
    assert touched(changed, box)
    assert not touched(changed, Box(0.7, 0.3, 0.2, 0.5))


@pytest.mark.parametrize(
    ("part", "name"), [("hair", "hair"), ("coat", "coat"), ("skin", "face"), ("clothes", "clothes")]
)
def test_a_figure_is_the_same_up_to_the_gate(part, name):
    most = gate(f"overlay.{name}")
    assert Laid({part: most}).same
    assert not Laid({part: most + 0.01}).same


def test_who_is_gone_shows_what_is_behind_and_nothing_else():
    assert Laid({"all": 0.8}, gone=0.8).lost
    assert not Laid({"all": 0.95}, gone=0.85).lost  # a tenth of them is somebody else
    assert Laid({"coat": 0.4, "all": 0.4}, gone=0.4).lost  # as light as what is behind
    assert not Laid({"coat": 0.01, "all": 0.4}, gone=0.4).lost
    assert not Laid({"coat": 0.4, "all": 0.42}, gone=0.4).lost
    assert not Laid({"coat": 0.4, "all": 0.25}, gone=0.25).lost
    assert not Laid({"coat": 0.4, "all": 0.4}, gone=0.4, hidden=0.95).lost
    assert not Laid({"coat": 0.4, "all": 0.0}, gone=0.4).lost  # all of it was somebody else's doing


def test_scenery_that_moves_up_where_nobody_stands_is_nobody():
    def bare():
        page = sheet(None, None, None)
        page[30:80, 100:130] = BLUE  # as the painter draws the place without her
        return page

    alone = Shape(stripe(0, 3), {"clothes": stripe(0, 3)}, bare)
    found = laid(lab(bare()), lab(sheet()), {"Sasha": alone})
    assert found.of("Sasha").lost
    assert found.groups() == []
    assert laid(lab(bare()), lab(sheet()), {}).groups() != []


def test_who_stands_a_few_pixels_aside_is_the_same():
    assert compared(sheet(at=43, top=38)).of("Sasha").same
    assert not compared(sheet(at=52)).of("Sasha").same
    other = compared(sheet(hair=BLUE, at=43)).of("Sasha")
    assert other.part("hair") > 0.8
    assert other.part("skin") < 0.1
    assert compared(sheet(hair=BLUE, at=44)).of("Sasha").locks == 0
    assert compared(sheet(at=44, top=36)).of("Sasha").locks == 0  # her own hair, gone aside with her


def test_what_one_size_explains_is_not_held_against_the_others():
    def larger():
        page = sheet(top=20)
        page[80:100, 40:64] = RED  # she is larger, upwards
        page[40:100, 100:112] = BLUE  # and Tom stands half behind her now
        page[30:60, 130:150] = BROWN  # and a bush has moved up
        return page

    drawing = sheet()
    drawing[40:100, 100:124] = BLUE
    tom = np.zeros((HIGH, WIDE), bool)
    tom[40:100, 100:124] = True
    sasha = shape(**{"height 1.3": larger})
    found = laid(
        lab(larger()), lab(drawing), {"Sasha": sasha, "Tom": Shape(tom, {"clothes": tom}, lambda: drawing)}
    )
    assert found.of("Sasha").told == "height 1.3"
    assert found.of("Tom").same
    assert found.groups() == []
    unexplained = laid(lab(larger()), lab(drawing), {"Tom": Shape(tom, {"clothes": tom}, lambda: drawing)})
    assert not unexplained.of("Tom").same


def test_who_stands_where_somebody_is_gone_is_nobody():
    page = sheet(None, None, None)
    page[88:98, 46:58] = BLUE
    place = Box(46 / WIDE, 88 / HIGH, 12 / WIDE, 10 / HIGH)
    alone = Shape(np.pad(np.ones((60, 48), bool), ((40, 20), (30, 82))), {}, lambda: sheet(None, None, None))
    drawing = sheet()
    drawing[40:100, 30:78] = RED
    found = laid(lab(page), lab(drawing), {"Sasha": alone})
    assert found.of("Sasha").gone > 0.9
    assert found.stray(place) > 0.25  # cells are as large as the newcomer


def test_pigtails_below_a_hat_are_hair():
    page = sheet()
    page[45:65, 66:74] = BROWN
    found = compared(page).of("Sasha")
    assert found.part("hair") == 0
    assert found.locks == pytest.approx(20 * 8 / (20 * 24), abs=0.02)
    assert not found.same
    page[45:65, 66:74] = RED
    assert compared(page).of("Sasha").same


def test_hair_and_clothes_of_another_before_another_face_are_no_bleed():
    page = sheet(BLUE, RED, GREEN)
    like_tom = {"bleed Tom": lambda: sheet(BLUE, FAIR, GREEN)}
    assert compared(page, **like_tom).of("Sasha").told == ""
    page = sheet(BLUE, FAIR, BLUE)
    page[60:70, 40:64] = RED  # a fifth of all that is otherwise, but half of the face
    assert compared(page, **{"bleed Tom": lambda: sheet(BLUE, FAIR, BLUE)}).of("Sasha").told == ""
    assert compared(sheet(BLUE, FAIR, GREEN), **like_tom).of("Sasha").told == "bleed Tom"


def test_whose_hair_it_is_is_told_where_both_wear_the_same():
    like_tom = {"bleed Tom": lambda: sheet(hair=BLUE), "height 1.3": lambda: sheet(top=20)}
    found = compared(sheet(hair=BLUE), **like_tom).of("Sasha")
    assert found.told == "bleed Tom"
    in_green = {"bleed Tom": lambda: sheet(hair=BLUE, clothes=GREEN)}
    assert compared(sheet(hair=BLUE), **in_green).of("Sasha").told == ""


def test_whose_hair_it_is_is_asked_where_only_hair_is_otherwise():
    page = sheet()
    page[40:50, 40:64] = BLUE  # half of the hair: nobody else stands there
    assert compared(page, **{"bleed Tom": lambda: page}).of("Sasha").told == "bleed Tom"
    assert compared(page, **{"height 0.7": lambda: page}).of("Sasha").told == ""


def test_sizes_about_the_best_one_are_tried_more_closely():
    asked = []

    def sized(by):
        asked.append(by)
        return sheet(top=58 if by == 0.73 else 54)

    roughly = {"height 0.75": lambda: sheet(top=54), "height 0.62": lambda: sheet(top=64)}
    found = laid(lab(sheet(top=58)), lab(sheet()), {"Sasha": replace(shape(**roughly), sized=sized)})
    assert found.of("Sasha").told == "height 0.73"
    assert found.of("Sasha").left == 0
    assert asked == [0.73, 0.77]
