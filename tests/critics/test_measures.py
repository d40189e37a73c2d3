"""The field's measures against numbers worked out by hand."""

import math

import pytest

from storykin.colours import delta_e
from storykin.critics.measures import (
    bleed_margin,
    cosine,
    cross_cids,
    cross_similarity,
    drift,
    drift_curve,
    height_curves,
    height_factors,
    height_spread,
    occm,
    palette_distance,
    self_cids,
    self_similarity,
    stray,
)

RED, BLUE, GREY = (50.0, 60.0, 40.0), (45.0, 6.0, -48.0), (56.0, 0.0, 0.0)


def test_cosine():
    assert cosine((3, 4), (4, 3)) == pytest.approx(24 / 25)
    assert cosine((1, 0), (-2, 0)) == -1
    assert cosine((0, 0), (1, 0)) == 0


def test_cross_cids_is_every_crop_to_every_reference_then_the_mean_over_characters():
    assert cross_similarity([(1, 0), (0, 1)], [(1, 0), (0.6, 0.8)]) == pytest.approx((1 + 0.6 + 0 + 0.8) / 4)
    assert cross_similarity([], [(1, 0)]) is None
    crops = {"Sasha": [(1, 0), (0, 1)], "Tom": [(1, 0)]}
    assert cross_cids(crops, {"Sasha": [(1, 0)], "Tom": [(1, 0)]}) == pytest.approx((0.5 + 1) / 2)


def test_who_is_never_found_counts_nothing_in_the_book_s_number():
    assert cross_cids({"Sasha": [(1, 0)]}, {"Sasha": [(1, 0)], "Tom": [(1, 0)]}) == pytest.approx(0.5)
    assert cross_cids({"Sasha": [(1, 0)]}, {}) is None
    assert self_cids({"Sasha": [(1, 0), (1, 0)], "Tom": []}) == pytest.approx(0.5)


def test_self_cids_takes_each_pair_once_and_nobody_with_themselves():
    assert self_similarity([(1, 0), (0.6, 0.8), (0, 1)]) == pytest.approx((0.6 + 0 + 0.8) / 3)
    assert self_similarity([(1, 0)]) == 1.0
    assert self_similarity([]) is None
    assert self_cids({}) is None


@pytest.mark.parametrize(
    ("there", "wanted", "value"), [(2, 2, 100), (1, 2, 60.653), (4, 2, 36.788), (0, 3, 36.788), (0, 0, 100)]
)
def test_occm(there, wanted, value):
    assert occm(there, wanted) == pytest.approx(value, abs=0.01)


def test_nobody_wanted_and_somebody_there_is_no_match_at_all():
    assert occm(1, 0) == 0


def test_bleed_margin_is_that_of_the_one_who_is_least_himself():
    likeness = {
        "Sasha": {"Sasha": 0.9, "Tom": 0.2, "Mia": 0.5},
        "Tom": {"Sasha": 0.7, "Tom": 0.6, "Mia": 0.1},
    }
    assert bleed_margin(likeness) == pytest.approx(-0.1)
    assert bleed_margin({"Sasha": {"Sasha": 0.9}}) is None


def test_the_distance_of_single_colours_is_plain_ciede2000():
    assert palette_distance(((RED, 1.0),), ((BLUE, 0.5),)) == pytest.approx(delta_e(RED, BLUE))


def test_palettes_are_carried_the_cheapest_way():
    one, other = ((RED, 0.5), (BLUE, 0.5)), ((BLUE, 0.75), (RED, 0.25))
    assert palette_distance(one, one) == 0
    assert palette_distance(one, other) == pytest.approx(0.25 * delta_e(RED, BLUE))
    assert palette_distance(other, one) == pytest.approx(0.25 * delta_e(RED, BLUE))


def test_a_way_that_was_taken_is_taken_back_when_another_is_cheaper():
    """Greedy carrying would pair the near ones first and pay far more for the rest."""
    dark, mid, light, lighter = ((float(l), 0.0, 0.0) for l in (30, 45, 50, 65))  # noqa: E741
    one, other = ((dark, 0.5), (light, 0.5)), ((mid, 0.5), (lighter, 0.5))
    ways = (
        0.5 * (delta_e(dark, mid) + delta_e(light, lighter)),
        0.5 * (delta_e(dark, lighter) + delta_e(light, mid)),
    )
    assert ways[0] < ways[1]
    assert palette_distance(one, other) == pytest.approx(ways[0])


def test_the_least_cost_of_all_ways():
    """Against all assignments of equal shares."""
    from itertools import permutations
    from random import Random

    dice = Random(4)
    for _ in range(30):
        one, other = ([((dice.uniform(10, 90), dice.uniform(-60, 60), dice.uniform(-60, 60)), 0.25) for _ in range(4)] for _ in range(2))  # fmt: skip
        best = min(sum(0.25 * delta_e(a[0], b[0]) for a, b in zip(one, order, strict=True)) for order in permutations(other))  # fmt: skip
        assert palette_distance(tuple(one), tuple(other)) == pytest.approx(best)


def test_an_empty_palette_has_no_distance():
    with pytest.raises(ValueError, match="empty"):
        palette_distance((), ((RED, 1.0),))
    with pytest.raises(ValueError, match="shares"):
        palette_distance(((RED, 0.0),), ((RED, 1.0),))


def test_what_is_hidden_does_not_stray():
    wanted = ((RED, 0.5), (BLUE, 0.5))
    assert stray(((RED, 1.0),), wanted) == 0
    assert stray(((RED, 0.5), (GREY, 0.5)), wanted) == pytest.approx(0.5 * min(delta_e(GREY, RED), delta_e(GREY, BLUE)))  # fmt: skip


def test_drift_is_the_mean_distance_to_the_sheet():
    sheet = ((RED, 1.0),)
    pages = [sheet, ((BLUE, 1.0),)]
    assert drift(pages, sheet) == pytest.approx(delta_e(RED, BLUE) / 2)
    assert drift([], sheet) is None
    assert drift_curve([sheet, None], sheet) == [0.0, None]


def test_a_height_is_held_against_all_others():
    tall = {"Sasha": 110, "Tom": 120, "Mum": 165}
    standing = {"Sasha": 0.55, "Tom": 0.60 * 1.3, "Mum": 0.825}
    factors = height_factors(standing, tall)
    assert factors["Tom"] == pytest.approx(1.3)
    assert factors["Sasha"] == pytest.approx(1 / math.sqrt(1.3))  # the median of 1 and 1.3 by their ratio
    assert height_factors({"Sasha": 0.5}, tall) == {}
    assert height_factors({"Sasha": 0.5, "Tom": 0.6}, {"Sasha": 110}) == {}


def test_height_curves_and_their_spread():
    pages = [{"Sasha": 0.5, "Mum": 0.75}, {"Sasha": 0.6, "Mum": 0.75}, {"Sasha": 0.4}]
    curves = height_curves(pages, {"Sasha": 110, "Mum": 165})
    assert curves["Sasha"] == [pytest.approx(1.0), pytest.approx(1.2), None]
    assert curves["Mum"][2] is None
    assert height_spread([1.0, 1.2, None, 0.8]) == pytest.approx(0.4 / 3)
    assert height_spread([1.0]) is None
