"""Who is who: the best pairing, what counts as an extra."""

from itertools import combinations, permutations
from random import Random

import pytest

from storykin.critics import Seen
from storykin.critics.expecting import Expectation, Wanted
from storykin.critics.matching import (
    NEVER,
    alike,
    apart,
    assigned,
    clipped,
    closeness,
    likeness,
    match,
    nearness,
)
from storykin.scene import Box, Figure

RED, BLUE = ((50.0, 60.0, 40.0), 1.0), ((45.0, 6.0, -48.0), 1.0)


def seen(x, who=(1.0, 0.0), kind="", sure=0.9, w=0.2, h=0.6, **rest):
    return Seen(Box(x, 0.9 - h, w, h), sure, kind, vectors={"drawn": who} if who else {}, **rest)


def wanted(name, who=(1.0, 0.0), x=None, kind="girl", **rest):
    box = None if x is None else Box(x, 0.3, 0.2, 0.6)
    figure = Figure(name, box=box)
    reference = Seen(Box(0, 0, 1, 1), 1.0, kind, vectors={"drawn": who} if who else {}, **rest)
    return Wanted(name, figure, kind, True, 110, references=(reference,))


def names(found):
    return {one.wanted.name: one.seen for one in found}


@pytest.mark.parametrize("seed", range(40))
def test_no_other_pairing_scores_more(seed):
    dice = Random(seed)
    rows, columns = dice.randint(0, 5), dice.randint(0, 5)
    scores = [[dice.uniform(-1, 1) for _ in range(columns)] for _ in range(rows)]
    size = min(rows, columns)
    best = max(
        sum(scores[i][j] for i, j in zip(who, whom, strict=True))
        for who in combinations(range(rows), size)
        for whom in permutations(range(columns), size)
    )
    pairs = assigned(scores)
    assert len(pairs) == len(set(pairs.values())) == size
    assert sum(scores[i][j] for i, j in pairs.items()) == pytest.approx(best)


def test_who_cannot_be_paired_stays_alone():
    assert assigned([[NEVER, 0.1], [NEVER, 0.9]]) == {1: 1}
    assert assigned([[NEVER]]) == {}


def test_all_are_paired_at_once():
    """The first would take the second's only likeness if each were served in turn."""
    one, other = seen(0.1, (0.8, 0.6)), seen(0.6, (0.6, 0.8))
    found, extra = match(
        (one, other), Expectation((wanted("Sasha", (0.7, 0.714)), wanted("Tom", (1.0, 0.0))))
    )
    assert names(found) == {"Sasha": other, "Tom": one}
    assert extra == ()


def test_likeness_goes_before_place_where_nothing_is_placed():
    one, other = seen(0.1, (0.0, 1.0)), seen(0.6, (1.0, 0.0))
    stage = (wanted("Sasha", (1.0, 0.0), 0.1), wanted("Tom", (0.0, 1.0), 0.6))
    assert names(match((one, other), Expectation(stage))[0]) == {"Sasha": other, "Tom": one}
    assert names(match((one, other), Expectation(stage, placed=True))[0]) == {"Sasha": one, "Tom": other}


def test_somebody_elsewhere_is_not_whom_the_storyboard_placed():
    found, extra = match((seen(0.7),), Expectation((wanted("Sasha", x=0.1),), placed=True))
    assert names(found) == {"Sasha": None}
    assert len(extra) == 1


def test_the_match_says_how_alike_and_in_which_space():
    (one,), _ = match((seen(0.1, (0.6, 0.8)),), Expectation((wanted("Sasha"),)))
    assert (one.similarity, one.space) == (pytest.approx(0.6), "drawn")
    (blind,), _ = match((seen(0.1, None),), Expectation((wanted("Sasha"),)))
    assert (blind.similarity, blind.space) == (None, "")
    assert blind.seen is not None


def test_faces_are_trusted_before_pictures():
    both = Seen(Box(0, 0, 1, 1), vectors={"image": (1.0, 0.0), "face": (0.0, 1.0)})
    assert likeness(both, [both])[1] == "face"


def test_faint_figures_are_believed_where_somebody_is_expected_only():
    faint = seen(0.1, sure=0.3)
    assert match((faint,), Expectation((wanted("Sasha"),)))[0][0].seen is faint
    assert match((faint,), Expectation())[1] == ()
    assert len(match((seen(0.1),), Expectation())[1]) == 1


def test_scenery_and_things_of_the_scene_are_nobody_extra():
    child = seen(0.1)
    tiny, snowman = seen(0.6, h=0.03, w=0.02), seen(0.6, (0.0, 1.0), "snowman")
    stage = (wanted("Sasha"),)
    assert match((child, tiny), Expectation(stage))[1] == ()
    assert match((child, snowman), Expectation(stage))[1] == (snowman,)
    assert match((child, snowman), Expectation(stage, props=("a fat snowman",)))[1] == ()


def test_two_boxes_round_one_figure_are_one():
    found, extra = match((seen(0.1), seen(0.11, sure=0.8)), Expectation((wanted("Sasha"),)))
    assert (found[0].seen.sure, extra) == (0.9, ())


def test_colours_are_compared_with_the_nearest_reference():
    one = Seen(Box(0, 0, 1, 1), palettes={"hair": (RED,)})
    other = Seen(Box(0, 0, 1, 1), palettes={"hair": (BLUE,)})
    assert apart(one, [other, one], "hair") == 0
    assert apart(one, [other], "hair") > 40
    assert apart(one, [other], "clothes") is None
    assert alike(one, [other], "drawn") is None


def test_boxes():
    assert clipped(Box(-0.1, 0.5, 0.3, 0.8)) == Box(0.0, 0.5, pytest.approx(0.2), 0.5)
    assert nearness(Box(0, 0, 0.5, 0.5), Box(0, 0, 0.5, 0.5)) == 1
    assert nearness(Box(0, 0, 0.2, 0.5), Box(0.5, 0, 0.2, 0.5)) == 0
    assert nearness(Box(2, 2, 1, 1), Box(0, 0, 1, 1)) == 0
    assert (closeness(0), closeness(1)) == (1, 0.5)
