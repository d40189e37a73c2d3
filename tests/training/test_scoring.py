"""Which adapter is kept, when a training is over, what is said about it, and what can be told without a model."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image, ImageDraw

from storykin.errors import BadInput
from storykin.training.scoring import (
    LUCK,
    TIE,
    Bounds,
    Look,
    PlainScorer,
    Scorer,
    choose,
    diversity_of,
    mean_of,
    past_peak,
    recognisable,
    steady,
    telling,
    verdict,
    way,
    weigh,
)

BOUNDS = Bounds(floor=0.3, ceiling=0.8, leakage=0.3, diversity=0.2, adherence=0.9)
EVERY = 250


def planted(likeness: Sequence[float | None], **others: Sequence[float]) -> list[Look]:
    """Weighed looks every 250 steps, the base first; what is not given is as the base's."""
    base = Look(0, BOUNDS.floor, BOUNDS.leakage, BOUNDS.adherence, BOUNDS.diversity)
    looks = [base] + [replace(base, step=EVERY * (i + 1), likeness=one) for i, one in enumerate(likeness)]
    for name, values in others.items():
        pairs = zip(looks[1:], values, strict=True)
        looks[1:] = [replace(look, **{name: value}) for look, value in pairs]  # type: ignore[arg-type]
    return [weigh(look, BOUNDS) for look in looks]


def scored(*scores: float) -> list[Look]:
    return [Look(EVERY * (i + 1), 0.5, score=score) for i, score in enumerate(scores)]


def chosen(looks: Sequence[Look]) -> int:
    return choose(looks).step // EVERY


def test_the_base_scores_nothing_and_the_photos_one() -> None:
    base, photos = planted([BOUNDS.ceiling])
    assert base.score == pytest.approx(0)
    assert photos.score == pytest.approx(1)


def test_better_then_overfitted_is_kept_at_its_best() -> None:
    assert chosen(planted([0.35, 0.5, 0.65, 0.74, 0.68, 0.6, 0.5])) == 4


def test_a_likeness_that_is_bought_with_leaking_is_not_kept() -> None:
    """Every girl becomes her: the likeness still creeps up, and the adapter is worth less."""
    looks = planted([0.45, 0.6, 0.7, 0.73, 0.75], leakage=[0.3, 0.31, 0.34, 0.55, 0.7])
    assert chosen(looks) == 3
    assert chosen(planted([0.45, 0.6, 0.7, 0.73, 0.75])) in (4, 5)


def test_previews_that_collapsed_into_one_picture_are_not_kept() -> None:
    looks = planted([0.45, 0.6, 0.7, 0.78, 0.8], diversity=[0.2, 0.18, 0.15, 0.04, 0.01])
    assert chosen(looks) == 3


def test_previews_that_forgot_their_prompts_are_not_kept() -> None:
    looks = planted([0.45, 0.6, 0.7, 0.72, 0.73], adherence=[0.9, 0.9, 0.85, 0.5, 0.2])
    assert chosen(looks) == 3


def test_previews_without_faces_are_not_kept_however_alike_the_only_one_is() -> None:
    looks = planted([0.5, 0.6, 0.65, 0.78, None], seen=[1, 1, 1, 0.2, 0])
    assert chosen(looks) == 3
    assert looks[-1].score == pytest.approx(0)


def test_where_hardly_any_preview_shows_a_face_the_last_is_kept() -> None:
    """Drawings: one face in the first look is no reason to keep what has not learned yet."""
    assert chosen(planted([0.45, None, None, None, None], seen=[0.4, 0, 0, 0, 0])) == 5
    assert chosen(planted([0.45, 0.5, 0.7, 0.6, 0.5], seen=[0.4, 0.4, 0.4, 0.4, 0.4])) in (3, 4)


def test_one_lucky_look_does_not_win() -> None:
    looks = planted([0.35, 0.8, 0.35, 0.5, 0.65, 0.7, 0.69, 0.6])
    assert chosen(looks) in (5, 6)


def test_a_bad_look_between_good_ones_is_not_kept() -> None:
    assert chosen(scored(0.2, 0.7, 0.1, 0.75, 0.3)) != 3


def test_of_a_noisy_plateau_an_early_one_is_kept() -> None:
    noise = [0.01, -0.008, 0.006, -0.01, 0.012, -0.004, 0.009, 0.0]
    looks = scored(0.2, 0.45, *(0.7 + one for one in noise))
    assert 3 <= chosen(looks) <= 4
    assert past_peak(looks)


def test_of_equal_ones_the_earliest_is_kept() -> None:
    assert chosen(scored(0.5, 0.5, 0.5)) == 1


def test_never_better_than_the_base_is_chosen_and_called_so_and_goes_on_to_the_end() -> None:
    looks = planted([0.3, 0.28, 0.31, 0.3, 0.29, 0.3, 0.27])
    kept = choose(looks)
    assert verdict(kept, BOUNDS.floor, BOUNDS.ceiling).startswith("Not recognisable")
    assert not recognisable(kept, BOUNDS.floor, BOUNDS.ceiling)
    assert not past_peak(looks)


def test_the_base_itself_is_never_kept() -> None:
    looks = planted([0.1, 0.05])
    assert choose(looks).step > 0
    with pytest.raises(BadInput, match="no previews") as told:
        choose(looks[:1])
    assert "look_every" in told.value.hint


def test_a_training_is_over_when_patience_is() -> None:
    looks = planted([0.4, 0.6, 0.75, 0.7, 0.65, 0.6])
    stops = [past_peak(looks[: count + 1], patience=3) for count in range(len(looks))]
    assert stops == [False, False, False, False, False, False, True]
    assert not past_peak(looks, patience=4)


def test_a_slow_start_is_not_taken_for_the_end() -> None:
    looks = planted([0.32, 0.3, 0.3, 0.3, 0.3, 0.45, 0.6])
    assert not any(past_peak(looks[:count]) for count in range(len(looks) + 1))


def test_not_a_number_never_wins() -> None:
    assert chosen(scored(0.2, float("nan"), 0.4)) == 3
    assert mean_of([float("nan"), 0.5, None, 0.7]) == pytest.approx((0.6, 0.1, 0.5))
    assert mean_of([None, None]) == (None, 0.0, 0.0)


@pytest.mark.parametrize(
    ("likeness", "seen", "error", "says", "yes"),
    [
        (0.3, 1.0, 0.01, "Not recognisable: no part of the way", False),
        (0.4, 1.0, 0.01, "Not recognisable: 20% of the way", False),
        (0.5, 1.0, 0.01, "Not recognisable yet, a resemblance at most: 40%", False),
        (0.6, 1.0, 0.02, "Recognisable: 60%", True),
        (0.6, 1.0, 0.2, "Not reliably recognisable", False),
        (0.75, 1.0, 0.02, "As like as two photos of the same: 90%", True),
        (0.81, 1.0, 0.02, "As like as two photos of the same: all of the way", True),
        (0.75, 0.4, 0.02, "Not recognisable: in 60% of the previews", False),
        (0.75, 0.2, 0.02, "It can hardly be told: in 80% of the previews", False),
        (None, 0.0, 0.0, "It cannot be told: in none of the previews", False),
    ],
)
def test_the_verdict_says_it_plainly(
    likeness: float | None, seen: float, error: float, says: str, yes: bool
) -> None:
    look = Look(250, likeness, seen=seen, error=error)
    assert verdict(look, 0.3, 0.8).startswith(says)
    assert recognisable(look, 0.3, 0.8) is yes


def test_a_measure_that_cannot_tell_says_so() -> None:
    assert verdict(Look(250, 0.9), 0.7, 0.72).startswith("It cannot be told")
    assert "held-out photos" in verdict(Look(250, 0.9), 0.9, 0.7)


def test_where_nothing_can_be_measured_the_last_is_kept_and_that_is_said() -> None:
    """No photos to keep aside, or a measure that finds nobody: the earliest would be the worst guess."""
    looks = [Look(step, None, seen=0.0) for step in (0, 250, 500, 750)]
    assert choose(looks).step == 750
    assert not past_peak(looks, patience=1)
    assert verdict(looks[-1], None, None).startswith("It cannot be told")


def test_without_floor_and_ceiling_likeness_itself_is_the_way() -> None:
    assert way(0.6, None, None) == pytest.approx(0.6)
    assert verdict(Look(250, 0.6), None, None).startswith("Recognisable")


# --- what always holds ------------------------------------------------------------------------------

numbers = some.floats(-1, 2, allow_nan=False, width=32)
sequences = some.lists(numbers, min_size=1, max_size=30)


@given(sequences)
def test_the_chosen_one_is_a_look_and_order_does_not_matter(scores: list[float]) -> None:
    looks = scored(*scores)
    assert choose(looks) in looks
    assert choose(looks[::-1]) == choose(looks)


@given(sequences)
def test_steady_never_flatters(scores: list[float]) -> None:
    looks = scored(*scores)
    held = steady(looks)
    assert all(one <= score for one, score in zip(held, scores, strict=True))
    assert max(held) <= max(scores)


@given(sequences)
def test_the_chosen_one_is_within_a_tie_and_luck_of_the_steadiest(scores: list[float]) -> None:
    looks = scored(*scores)
    held = steady(looks)
    assert held[looks.index(choose(looks))] >= max(held) - TIE


@given(some.lists(some.floats(0.06, 0.3), min_size=2, max_size=20))
def test_what_only_gets_better_is_kept_at_the_end_and_never_stopped(rises: list[float]) -> None:
    looks = scored(*(sum(rises[: count + 1]) for count in range(len(rises))))
    assert choose(looks) == looks[-1]
    assert not any(past_peak(looks[:count]) for count in range(len(looks) + 1))


@given(some.lists(some.floats(0.3, 0.32), min_size=5, max_size=20), some.data())
def test_no_single_spike_on_a_plateau_is_worth_more_than_luck(
    plateau: list[float], data: some.DataObject
) -> None:
    place = data.draw(some.integers(0, len(plateau) - 1))
    spiked = [*plateau[:place], 5.0, *plateau[place + 1 :]]
    assert max(steady(scored(*spiked))) <= 0.32 + LUCK


@given(some.floats(0, 1), some.floats(0, 1), some.floats(0, 1), some.floats(0, 1))
def test_more_leakage_or_less_diversity_never_scores_higher(a: float, b: float, c: float, d: float) -> None:
    look = Look(250, 0.6, leakage=min(a, b), diversity=max(c, d))
    assert weigh(look, BOUNDS).score >= weigh(replace(look, leakage=max(a, b)), BOUNDS).score
    assert weigh(look, BOUNDS).score >= weigh(replace(look, diversity=min(c, d)), BOUNDS).score


@given(some.floats(0, 1), some.floats(0, 1), some.floats(0, 1))
def test_a_face_less_never_scores_higher(likeness: float, one: float, other: float) -> None:
    look = Look(250, likeness, seen=max(one, other))
    assert weigh(look, BOUNDS).score >= weigh(replace(look, seen=min(one, other)), BOUNDS).score - 1e-9 or (
        likeness < 0.3
    )


# --- without a model --------------------------------------------------------------------------------


def toy(coat: str, ground: str, x: int = 0, spots: str = "") -> Image.Image:
    """A round toy on some ground."""
    picture = Image.new("RGB", (200, 200), ground)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((40 + x, 60, 150 + x, 180), coat)
    draw.ellipse((60 + x, 20, 130 + x, 90), coat)
    if spots:
        for place in range(6):
            draw.ellipse((60 + 14 * place + x, 90 + 11 * place, 70 + 14 * place + x, 100 + 11 * place), spots)
    return picture


WHALE = [toy("#4b6cc1", ground, x) for ground, x in (("#f5e6c8", 0), ("#7db36a", 10), ("#c9c9d6", -8))]


def test_the_plain_scorer_knows_the_toy_again_before_other_grounds() -> None:
    scorer: Scorer = PlainScorer()
    same, other, only_ground = scorer.likeness(
        [toy("#4a69bd", "#e8b4b8", 5), toy("#c0392b", "#e8b4b8", 5), toy("#c0392b", "#7db36a")], WHALE
    )
    assert same is not None
    assert other is not None
    assert only_ground is not None
    assert same > other + 0.2
    assert same > only_ground + 0.2
    assert only_ground < other + 0.05, "the ground of one photo is not the toy's"


def test_the_plain_scorer_stays_in_its_bounds() -> None:
    scorer = PlainScorer()
    (equal,) = scorer.likeness([WHALE[0]], [WHALE[0]])
    assert equal == pytest.approx(1)
    assert scorer.likeness([WHALE[0]], []) == [None]
    assert scorer.likeness([], WHALE) == []
    black, white = (Image.new("RGB", (64, 64), colour) for colour in ("black", "white"))
    (apart,) = scorer.likeness([black], [white])
    assert apart is not None
    assert 0 <= apart < 0.5


@settings(deadline=None, max_examples=15)
@given(some.lists(some.tuples(*[some.integers(0, 255)] * 3), min_size=2, max_size=5))
def test_the_plain_scorer_is_a_number_between_0_and_1(colours: list[tuple[int, int, int]]) -> None:
    pictures = [Image.new("RGB", (40, 30), colour) for colour in colours]
    for found in PlainScorer().likeness(pictures, pictures[1:]):
        assert found is not None
        assert 0 <= found <= 1


def test_diversity_is_none_of_one_nothing_of_equals_and_all_of_black_and_white() -> None:
    black, white = (Image.new("RGB", (64, 48), colour) for colour in ("black", "white"))
    assert diversity_of([black]) is None
    assert diversity_of([black, black, black]) == 0
    assert diversity_of([black, white]) == pytest.approx(1)
    assert 0 < (diversity_of(WHALE) or 0) < 1


def test_a_measure_that_says_nothing_chooses_nothing() -> None:
    blind = Bounds(floor=0.54, ceiling=0.55)
    assert not telling(blind)
    assert telling(BOUNDS)
    assert telling(Bounds(floor=0.54))
    looks = planted([0.8, 0.6, 0.3, 0.3])
    assert choose(looks, BOUNDS).step == EVERY
    assert choose(looks, blind).step == 4 * EVERY
