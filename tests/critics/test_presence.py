"""Who is really there, on a page that lies on its drawing: pixels decide, and whoever is new has a place."""

from dataclasses import replace

from storykin.critics.expecting import Expectation
from storykin.critics.matching import strangers
from storykin.critics.overlay import Laid, Overlay
from storykin.critics.presence import present
from storykin.scene import Box

from .test_judging import BLOND, GREEN, SASHA, TOM, person, want

GONE = Laid(dict.fromkeys(("hair", "skin", "clothes", "all"), 0.92), gone=0.9)
OTHERWISE = Laid(dict.fromkeys(("hair", "skin", "clothes", "all"), 0.9), gone=0.3)
LEFT = tuple(tuple(float(j < 26) for j in range(52)) for _ in range(52))
"""All that is otherwise lies in the left half."""


def on_drawing(strays=LEFT, sure=0.9, scenery=(), **figures):
    wanted = tuple(
        replace(want(name, like), references=(like,), sure=known)
        for name, like, known in (("Sasha", SASHA, sure), ("Tom", TOM, 0.9))
    )
    return Expectation(wanted, placed=True, scenery=scenery, overlay=Overlay(figures, strays))


def fox(x=0.1, who=3, **rest):
    return replace(person(x, who, BLOND, GREEN, kind="fox"), palettes={}, **rest)


def test_whoever_stands_where_somebody_is_gone_stands_for_them():
    beside = fox(box=Box(0.0, 0.3, 0.3, 0.5))
    for known in (0.9, 0.0):  # and if readers do not see Sasha in her own drawing
        (sasha, tom), extra = present([beside, TOM], on_drawing(sure=known, Sasha=GONE))
        assert sasha.seen is beside
        assert tom.seen is TOM
        assert extra == ()


def test_scenery_behind_somebody_who_is_gone_does_not_stand_for_them():
    (sasha, _), extra = present([fox(), TOM], on_drawing((), Sasha=GONE))
    assert sasha.seen is None
    assert extra == ()


def test_something_that_no_reader_knows_stands_for_whoever_is_gone_from_there():
    def spot(first, cells=4):
        return tuple(
            tuple(float(0 <= j - first < cells and 0 <= 42 - i < cells) for j in range(52)) for i in range(52)
        )

    (sasha, _), extra = present([TOM], on_drawing(spot(9), Sasha=GONE))
    assert sasha.seen
    assert sasha.seen.kind == "thing"
    assert extra == ()
    for strays in (spot(9, 1), spot(22)):  # a speck, and something beside
        (sasha, _), _ = present([TOM], on_drawing(strays, Sasha=GONE))
        assert sasha.seen is None


def test_whoever_is_new_elsewhere_is_one_too_many_and_somebody_is_gone():
    far = fox(0.32, box=Box(0.36, 0.1, 0.14, 0.2))
    (sasha, _), extra = present([far, TOM], on_drawing(Sasha=GONE))
    assert sasha.seen is None
    assert extra == (far,)


def test_a_teddy_that_has_moved_is_nobody():
    teddy = fox(0.3)
    there = replace(teddy, box=Box(0.05, 0.6, 0.1, 0.2))
    _, extra = present([SASHA, TOM, teddy], on_drawing(Sasha=OTHERWISE, scenery=(there,)))
    assert extra == ()
    _, extra = present([SASHA, TOM, teddy], on_drawing(Sasha=OTHERWISE))
    assert extra == (teddy,)
    _, extra = present([SASHA, TOM, teddy], on_drawing(scenery=(there,)))  # nothing else moved
    assert extra == (teddy,)


def test_who_is_taken_for_somebody_unseen_hides_them_unless_they_fill_their_place():
    stage = on_drawing(sure=0.0)
    before = fox(box=Box(0.0, 0.05, 0.45, 0.95))
    assert strangers([before, TOM], stage) == (before,)
    assert strangers([replace(before, box=SASHA.box), TOM], stage) == ()
    assert strangers([SASHA, TOM], stage) == ()


def test_who_is_taken_for_somebody_unseen_is_one_too_many():
    before = fox(box=Box(0.0, 0.05, 0.34, 0.95))
    (sasha, _), extra = present([before, TOM], on_drawing(sure=0.0))
    assert sasha.seen is None
    assert extra == (before,)


def test_whoever_hides_all_of_somebody_on_their_very_ground_stands_for_them():
    hidden = on_drawing(Sasha=Laid(hidden=1.0))
    larger = fox(box=Box(0.0, 0.05, 0.42, 0.85))
    (sasha, _), extra = present([larger, TOM], hidden)
    assert sasha.seen is larger
    assert extra == ()
    nearer = replace(larger, box=Box(0.0, 0.05, 0.42, 0.94))  # before them, further down the page
    far = replace(larger, box=Box(0.0, 0.0, 0.42, 0.6))
    for one in (nearer, far):
        (sasha, _), extra = present([one, TOM], hidden)
        assert (sasha.seen is None) == (extra == (one,))
    assert sasha.seen is None
    unseen = Laid(hidden=1.0)  # whom readers do not see in the drawing either
    (sasha, _), extra = present([larger, TOM], on_drawing(sure=0.0, Sasha=unseen))
    assert sasha.seen is larger
    little = tuple(tuple(0.25 * part for part in row) for row in LEFT)
    (sasha, _), extra = present([larger, TOM], on_drawing(little, sure=0.0, Sasha=unseen))
    assert sasha.seen is None
    assert extra == (larger,)


def test_who_is_seen_beyond_doubt_where_nobody_should_be_needs_less_that_is_otherwise():
    trace = tuple(tuple(0.2 * part for part in row) for row in LEFT)  # a fifth of what lies below them
    far = fox(0.32, box=Box(0.32, 0.1, 0.16, 0.25))
    sure = replace(far, sure=0.97)
    half = Laid(
        {"clothes": 0.5, "all": 0.3}
    )  # Tom is not quite as he was drawn, as readers and paper have it
    assert present([SASHA, TOM, sure], on_drawing(trace, Tom=half))[1] == (sure,)
    assert present([SASHA, TOM, replace(far, sure=0.85)], on_drawing(trace, Tom=half))[1] == ()
    assert present([SASHA, TOM, sure], on_drawing((), Tom=half))[1] == ()
    beside = replace(sure, box=SASHA.box)
    assert present([SASHA, TOM, beside], on_drawing(trace, Tom=half))[1] == ()
    there = replace(sure, box=Box(0.05, 0.6, 0.1, 0.2))
    assert present([SASHA, TOM, sure], on_drawing(trace, scenery=(there,), Tom=half))[1] == ()
    gone = on_drawing(trace, Sasha=GONE)  # with somebody gone it may be they
    assert present([TOM, sure], gone)[1] == ()
