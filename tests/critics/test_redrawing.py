"""The storyboard's own drawing as a reference: what a reader misreads in both is no fault."""

from dataclasses import replace

from storykin.critics import Reading, Seen
from storykin.critics.expecting import Expectation, Wanted
from storykin.critics.judging import judge
from storykin.critics.redrawing import beyond, redrawn
from storykin.scene import Box, Figure

RED, BLUE = (46.0, 60.0, 42.0), (45.0, 6.0, -48.0)


def seen(x, who, clothes=RED, standing=0.6, **rest):
    vectors = {"drawn": tuple(float(i == who) for i in range(3))}
    return Seen(Box(x, 0.3, 0.2, 0.6), 0.9, palettes={"clothes": ((clothes, 1.0),)}, vectors=vectors, standing=standing, **rest)  # fmt: skip


def want(name, x, who):
    return Wanted(name, Figure(name, box=Box(x, 0.3, 0.2, 0.6)), "girl", True, 110, 0.6, (seen(0.4, who),))


STAGE = Expectation((want("Sasha", 0.1, 0), want("Tom", 0.6, 1)), placed=True)
READ = {"figures": "drawn"}


def named(picture, stage):
    return [(one.name, one.who) for one in judge(Reading(tuple(picture), read=READ), stage).verdict.faults]


def test_habits_of_a_reader_cancel_out():
    """It takes Sasha for somebody else, in blue and too large, wherever she does this."""
    misread = (seen(0.1, 2, BLUE, 0.8), seen(0.6, 1))
    assert len(named(misread, STAGE)) > 0
    stage = redrawn(STAGE, Reading(misread))
    assert named(misread, stage) == []
    assert named((replace(misread[0], standing=0.4), misread[1]), stage) == [("height", "Sasha")]


def test_whom_it_never_sees_there_nobody_misses():
    stage = redrawn(STAGE, Reading((seen(0.1, 0),)))
    assert [one.sure for one in stage.wanted] == [0.9, 0.0]
    assert named((seen(0.1, 0),), stage) == []
    assert named((), stage) == [("missing", "Sasha")]


def test_what_it_takes_for_somebody_in_the_drawing_too_is_scenery():
    owl = replace(seen(0.4, 2), box=Box(0.4, 0.1, 0.15, 0.3))
    stage = redrawn(STAGE, Reading((seen(0.1, 0), seen(0.6, 1), owl)))
    assert stage.scenery == (owl,)
    assert named((seen(0.1, 0), seen(0.6, 1), owl), stage) == []
    assert named((seen(0.1, 0), seen(0.6, 1), owl), STAGE) == [("extra", "")]
    other = replace(owl, vectors={"drawn": (0.0, 1.0, 0.0)})
    assert named((seen(0.1, 0), seen(0.6, 1), other), stage) == [("extra", "")]


def test_the_references_stay():
    stage = redrawn(STAGE, Reading((seen(0.1, 2), seen(0.6, 1))))
    assert [len(one.references) for one in stage.wanted] == [2, 2]
    assert named((seen(0.1, 0), seen(0.6, 1)), stage) == []


def test_a_painter_who_places_freely_is_not_held_against_a_drawing():
    free = replace(STAGE, placed=False)
    assert redrawn(free, Reading((seen(0.1, 2),))) == free
    assert redrawn(STAGE, Reading(unread={"figures": "no weights"})) == STAGE


def test_something_else_beside_the_place_of_who_is_gone_is_not_them():
    stage = redrawn(STAGE, Reading((seen(0.1, 0), seen(0.6, 1))))
    bush = replace(seen(0.1, 2), box=Box(0.2, 0.7, 0.2, 0.2))
    assert named((bush, seen(0.6, 1)), stage) == [("missing", "Sasha")]
    instead = seen(0.1, 2)
    assert named((instead, seen(0.6, 1)), stage) == [("not-her", "Sasha")]
    assert named((replace(instead, sure=0.3), seen(0.6, 1)), stage) == [("missing", "Sasha")]


def test_a_box_tells_the_height_as_well():
    stage = redrawn(STAGE, Reading((seen(0.1, 0), seen(0.6, 1))))
    high = replace(seen(0.1, 0, standing=0.63), box=Box(0.1, 0.1, 0.2, 0.8))
    assert named((high, seen(0.6, 1)), stage) == [("height", "Sasha")]
    cut = replace(high, box=Box(0.1, 0.2, 0.2, 0.8))
    assert named((cut, seen(0.6, 1)), stage) == []


def test_who_is_not_seen_in_the_drawing_is_not_judged_in_the_picture():
    stage = redrawn(STAGE, Reading((seen(0.1, 0),)))
    assert named((seen(0.1, 0), seen(0.6, 2, BLUE, 0.3)), stage) == []
    assert named((seen(0.1, 0), seen(0.6, 1, standing=0.9)), stage) == [
        ("height", "Tom")
    ]  # nobody else stands there


def test_a_head_that_the_storyboard_cuts_off_may_be():
    high = replace(seen(0.1, 0), head=Box(0.1, -0.1, 0.1, 0.15))
    assert named((high, seen(0.6, 1)), STAGE) == [("broken", "")]
    assert named((high, seen(0.6, 1)), redrawn(STAGE, Reading((high, seen(0.6, 1))))) == []


def test_words_and_marks_of_the_drawing_itself_are_no_faults() -> None:
    drawing = Reading((), words=("sas",), marks={"banded": 0.83, "blurred": 0.1})
    same = beyond(Reading((), words=("sas",), marks={"banded": 0.85, "blurred": 0.1}), drawing)
    assert same.words == ()
    assert same.marks == {"banded": 0.0, "blurred": 0.0}
    worse = beyond(
        Reading((), words=("sas", "EXIT"), marks={"banded": 0.83, "blurred": 0.9, "noise": 0.6}), drawing
    )
    assert worse.words == ("EXIT",)
    assert worse.marks == {"banded": 0.0, "blurred": 0.9, "noise": 0.6}
    assert beyond(Reading(), drawing).words is None
