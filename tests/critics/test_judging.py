"""Verdicts: one fault at a time, told with its numbers; what was not read neither passes nor fails."""

from dataclasses import replace

import pytest

from storykin.character import Character, Look
from storykin.critics import Reading, Seen, thresholds
from storykin.critics.expecting import Expectation, Wanted, expected
from storykin.critics.judging import judge
from storykin.critics.overlay import Laid, Overlay
from storykin.critics.thresholds import gate
from storykin.scene import Box, Figure, Scene
from storykin.shot import Shot

BROWN, BLOND, ORANGE = (32.0, 8.0, 13.0), (65.0, 6.0, 29.0), (61.0, 24.0, 43.0)
FAIR, DEEP = (82.0, 9.0, 14.0), (25.0, 10.0, 12.0)
RED, BLUE, GREEN = (46.0, 60.0, 42.0), (45.0, 6.0, -48.0), (52.0, -38.0, 30.0)


def person(x, who, hair, clothes, skin=FAIR, style="long", kind="girl", standing=0.6, **traits):
    palettes = {"hair": ((hair, 1.0),), "clothes": ((clothes, 1.0),), "skin": ((skin, 1.0),)}
    if style in ("hidden", "none"):
        del palettes["hair"]
    vector = tuple(float(i == who) for i in range(4)) if isinstance(who, int) else who
    return Seen(
        Box(x, 0.9 - standing, 0.2, standing), 0.9, kind, Box(x, 0.9 - standing, 0.15, 0.15), palettes,
        {"hair_style": style, **traits}, {}, {"drawn": vector}, standing,
    )  # fmt: skip


SASHA, TOM = person(0.1, 0, BROWN, RED), person(0.6, 1, BLOND, BLUE, kind="boy", style="short", standing=0.66)


def want(name, like, tall=110, action="standing", **rest):
    figure = Figure(name, action, box=like.box)
    return Wanted(name, figure, like.kind, True, tall, like.standing, (replace(like, box=Box(0.3, 0.1, 0.3, 0.8)),), **rest)  # fmt: skip


STAGE = Expectation((want("Sasha", SASHA), want("Tom", TOM, 121)), "a meadow", "Sasha waves", placed=True)


def verdict(*figures, stage=STAGE, **rest):
    return judge(Reading(figures, read={"figures": "test"}, **rest), stage).verdict


def told(*figures, stage=STAGE, **rest):
    return {(one.name, one.who) for one in verdict(*figures, stage=stage, **rest).faults}


def test_a_right_picture_passes():
    found = verdict(SASHA, TOM)
    assert found.passed
    assert found.faults == ()
    assert found.found == {"Sasha": SASHA.box, "Tom": TOM.box}
    assert all(found.scores[name] == 1 for name in ("looks", "hair", "clothes", "height", "count"))
    assert thresholds.revision() in found.critic


@pytest.mark.parametrize(
    ("drawn", "fault"),
    [
        (replace(SASHA, palettes={**SASHA.palettes, "hair": ((ORANGE, 1.0),)}), "hair"),
        (replace(SASHA, traits={"hair_style": "short"}), "hair"),
        (replace(SASHA, palettes={**SASHA.palettes, "clothes": ((GREEN, 1.0),)}), "clothes"),
        (replace(SASHA, standing=0.45), "height"),
        (replace(SASHA, standing=0.8), "height"),
        (person(0.1, 2, BLOND, GREEN, DEEP, "short"), "not-her"),
        (replace(SASHA, vectors={"drawn": (0.0, 0.0, 1.0, 0.0)}), "not-her"),
        (replace(SASHA, kind="woman"), "not-her"),
        (replace(SASHA, kind="fox"), "not-her"),
        (person(0.1, 0, BLOND, BLUE, style="short"), "bleed"),
    ],
)
def test_one_thing_wrong_is_one_fault(drawn, fault):
    found = verdict(drawn, TOM)
    assert [(one.name, one.who) for one in found.faults] == [(fault, "Sasha")]
    assert not found.passed
    assert found.faults[0].by > 0
    assert "Sasha" in found.faults[0].why


def test_the_sentence_has_the_words_and_the_numbers():
    orange = replace(
        SASHA, palettes={**SASHA.palettes, "hair": ((ORANGE, 1.0),)}, traits={"hair_style": "short"}
    )
    why = verdict(orange, TOM).faults[0].why
    assert why.startswith("Sasha's hair is strawberry blond and short, not brown and long")
    assert f"at most {gate('hair.colour'):.0f}" in why or "sure" in why


def test_who_is_gone_is_missing_and_who_came_is_extra():
    assert told(SASHA) == {("missing", "Tom")}
    stranger = person(0.4, 3, BLOND, GREEN, kind="boy")
    assert told(SASHA, TOM, stranger) == {("extra", "")}
    assert verdict(SASHA, TOM, stranger).scores["count"] < 1
    assert told() == {("missing", "Sasha"), ("missing", "Tom")}


def test_who_changed_places_is_in_the_wrong_place_for_one_who_places():
    there = replace(SASHA, box=TOM.box), replace(TOM, box=SASHA.box)
    assert told(*there) == {("not-her", "Sasha"), ("not-her", "Tom")}
    assert told(*there, stage=replace(STAGE, placed=False)) == set()


def test_without_a_storyboard_s_heights_the_others_tell():
    stage = replace(STAGE, wanted=tuple(replace(one, standing=None) for one in STAGE.wanted))
    assert told(SASHA, TOM, stage=stage) == set()
    faults = told(replace(SASHA, standing=0.36), TOM, stage=stage)
    assert ("height", "Sasha") in faults
    stranger = person(0.6, 2, BROWN, GREEN, DEEP, "short", standing=0.9)
    assert told(SASHA, stranger, stage=stage) == {("not-her", "Tom")}  # who is no judge of Sasha's height
    alone = replace(stage, wanted=stage.wanted[:1])
    assert "height: Sasha" in verdict(SASHA, stage=alone).unread


def test_hair_under_a_hat_is_not_read_and_no_fault():
    hooded = replace(SASHA, traits={"hair_style": "hidden"}, palettes={k: v for k, v in SASHA.palettes.items() if k != "hair"})  # fmt: skip
    found = verdict(hooded, TOM)
    assert found.passed
    assert found.unread["hair: Sasha"] == "a hat or a hood hides it"
    assert found.scores["hair"] == 1  # Tom's was read


def test_nobody_looked():
    found = judge(Reading(unread={"figures": "no weights"}), STAGE).verdict
    assert found.passed
    assert found.scores == {}
    assert {"looks", "hair", "clothes", "height", "count", "words", "safety", "technical", "place"} <= found.unread.keys()  # fmt: skip
    assert found.unread["count"] == "no weights"


def test_without_references_nothing_is_said_of_looks():
    stage = replace(STAGE, wanted=tuple(replace(one, references=()) for one in STAGE.wanted))
    found = verdict(SASHA, TOM, stage=stage)
    assert found.passed
    assert "looks" in found.unread
    assert "looks" not in found.scores


def test_a_colour_that_is_only_told_in_words_has_a_wider_gate():
    between = replace(SASHA, palettes={**SASHA.palettes, "clothes": (((46.0, 42.0, 30.0), 1.0),)})
    near = replace(SASHA, palettes={**SASHA.palettes, "clothes": (((56.0, 42.0, 20.0), 1.0),)})
    told_only = replace(STAGE, wanted=(replace(STAGE.wanted[0], references=(Seen(Box(0, 0, 1, 1), palettes=SASHA.palettes),)), STAGE.wanted[1]))  # fmt: skip
    for one in (between, near):
        measured = next((f.by for f in verdict(one, TOM).faults if f.name == "clothes"), 0.0)
        worded = next((f.by for f in verdict(one, TOM, stage=told_only).faults if f.name == "clothes"), 0.0)
        assert worded <= measured


def test_the_picture_as_a_whole():
    read = {"figures": "t", "technical": "t"}
    base = Reading((SASHA, TOM), read=read, words=(), scores={"place": 0.9, "action": 0.9, "safety": 1.0})
    assert judge(base, STAGE).verdict.passed
    for change, fault in (
        ({"words": ("SALE",)}, "words in picture"),
        ({"scores": {"place": 0.01, "safety": 1.0}}, "wrong place"),
        ({"scores": {"place": 0.9, "safety": 0.5}}, "unsafe"),
        ({"marks": {"blank": 1.0}}, "broken"),
        ({"marks": {"something new": 1.0}}, "broken"),
    ):
        found = judge(replace(base, **change), STAGE).verdict
        assert [one.name for one in found.faults] == [fault]
    assert judge(replace(base, words=("sale",)), replace(STAGE, words=("Sale today",))).verdict.passed


def test_a_head_at_the_edge_is_cut_off():
    cut = replace(SASHA, head=Box(0.1, -0.1, 0.15, 0.15))
    assert ("broken", "") in told(cut, TOM)


def test_every_gate_has_a_reason_and_changes_the_revision():
    for name, row in thresholds.gates().items():
        assert len(str(row["why"])) > 20, name
        assert thresholds.reason(name) == row["why"]
    assert gate("looks.alike", "face") == thresholds.gates()["looks.alike"]["face"]
    with pytest.raises(KeyError):
        gate("looks.nothing")


def test_the_expectation_of_a_shot():
    mum = Character("Mum", Look("woman", 35))
    figures = (Figure("Sasha", "sitting", prop="teddy", box=Box(0.1, 0.4, 0.2, 0.36)), Figure("Mum"))
    shot = Shot(1, Scene("a meadow", props=("snowman",), figures=figures), (Character("Sasha"), mum), alt="Sasha sits")  # fmt: skip
    found = expected(shot, {"Sasha": (SASHA,)}, placed=True)
    assert found.props == ("snowman", "teddy")
    assert (found.place, found.happening, found.placed) == ("a meadow", "Sasha sits", True)
    sasha, other = found.wanted
    assert sasha.standing == pytest.approx(0.5)
    assert sasha.references == (SASHA,)
    assert other.standing is None
    assert other.tall == 165
    free = expected(
        shot, {"Sasha": (SASHA,)}
    )  # whoever paints by words alone chooses how near somebody stands
    assert [one.standing for one in free.wanted] == [None, None]


def face(x, vector, hair=BROWN, length="long"):
    return Seen(Box(x, 0.2, 0.2, 0.5), 0.9, palettes={"hair": ((hair, 1.0),)}, traits={"hair_length": length}, vectors={"face": vector})  # fmt: skip


def test_photographs_are_told_apart_by_faces_whatever_the_hair():
    ours, other = face(0.1, (1.0, 0.0)), face(0.1, (0.1, 0.995))
    stage = Expectation((Wanted("Sasha", Figure("Sasha"), "girl", True, 110, references=(ours,)),))
    by_faces = {"figures": "people"}

    def named(one):
        return [each.name for each in judge(Reading((one,), read=by_faces), stage).verdict.faults]

    assert named(face(0.5, (0.9, 0.436))) == []
    assert named(face(0.5, (0.9, 0.436), BLOND)) == ["hair"]
    assert named(face(0.5, (0.9, 0.436), BROWN, "short")) == ["hair"]
    assert named(other) == ["not-her"]
    assert named(replace(other, palettes={"hair": ((BLOND, 1.0),)})) == ["not-her"]


def test_who_looks_for_faces_misses_no_dog_and_takes_nobody_for_one():
    ours = face(0.1, (1.0, 0.0))
    dog = Wanted("Biscuit", Figure("Biscuit"), "dog", False, 60)
    stage = Expectation((Wanted("Sasha", Figure("Sasha"), "girl", True, 110, references=(ours,)), dog))
    found = judge(Reading((ours,), read={"figures": "people"}), stage)
    assert found.verdict.passed
    assert "looks: Biscuit" in found.verdict.unread
    stranger = replace(face(0.5, (0.0, 1.0)), kind="")
    two = judge(Reading((ours, stranger), read={"figures": "people"}), stage)
    assert [one.name for one in two.verdict.faults] == ["extra"]
    assert two.matches[1].seen is None
    assert [one.name for one in judge(Reading((ours,), read={"figures": "finder"}), stage).verdict.faults] == ["missing"]  # fmt: skip


def test_nobody_is_missing_whom_the_storyboard_hides():
    beyond = replace(STAGE.wanted[1], figure=Figure("Tom", box=Box(0.95, 0.3, 0.3, 0.6)))
    found = verdict(SASHA, stage=replace(STAGE, wanted=(STAGE.wanted[0], beyond)))
    assert found.passed
    assert "looks: Tom" in found.unread
    assert found.scores["count"] == 1
    rider = replace(STAGE.wanted[1], figure=Figure("Tom", "riding", prop="Sasha", box=SASHA.box))
    assert verdict(SASHA, stage=replace(STAGE, wanted=(STAGE.wanted[0], rider))).passed
    behind = replace(STAGE.wanted[1], figure=Figure("Tom", box=SASHA.box))
    assert told(SASHA, stage=replace(STAGE, wanted=(STAGE.wanted[0], behind))) == {("missing", "Tom")}


def test_heights_of_who_sits_are_told_less_surely():
    between = 1 + (gate("height.factor") - 1) * (1 + gate("height.slack")) / 2
    sitting = replace(STAGE, wanted=(replace(STAGE.wanted[0], figure=Figure("Sasha", "sitting", box=SASHA.box)), STAGE.wanted[1]))  # fmt: skip
    large = replace(SASHA, standing=SASHA.standing * between)
    assert told(large, TOM) == {("height", "Sasha")}
    assert told(large, TOM, stage=sitting) == set()


def test_clothes_a_little_like_another_s_are_no_bleed():
    """Half way between hers and his they are nobody's."""
    between = tuple((a + b) / 2 for a, b in zip(RED, BLUE, strict=True))
    assert told(replace(SASHA, palettes={**SASHA.palettes, "clothes": ((between, 1.0),)}), TOM) == {("clothes", "Sasha")}  # fmt: skip


# --- a page that lies on its drawing ------------------------------------------------------------------------


def on_drawing(strays=(), **figures):
    """The stage as the storyboard draws it, with the page laid upon it: Sasha and Tom are seen in the drawing as they should be."""
    wanted = tuple(
        replace(one, references=(replace(like),), sure=like.sure)
        for one, like in zip(STAGE.wanted, (SASHA, TOM), strict=True)
    )
    return replace(STAGE, wanted=wanted, overlay=Overlay(figures, strays))


ALIKE = dict.fromkeys(("hair", "skin", "clothes", "all"), 0.0)
BLACK = replace(SASHA, palettes={**SASHA.palettes, "hair": ((ORANGE, 1.0),)})


def test_who_is_as_they_were_drawn_is_right_whatever_readers_see():
    stage = on_drawing()
    assert told(BLACK, TOM, stage=stage) == set()
    assert told(stage=stage) == set()  # readers saw nobody at all
    assert told(replace(SASHA, standing=0.4), replace(TOM, kind="fox"), stage=stage) == set()


@pytest.mark.parametrize(
    ("laid", "faults"),
    [
        ({"hair": 0.9, "all": 0.2}, {("hair", "Sasha")}),
        ({"hair": 0.05, "skin": 0.15, "all": 0.05}, {("hair", "Sasha")}),  # a fringe
        ({"clothes": 0.5, "all": 0.3}, {("clothes", "Sasha")}),
        ({"hair": 0.9, "skin": 0.9, "all": 0.4}, {("not-her", "Sasha")}),
        ({"hair": 0.9, "skin": 0.9, "clothes": 0.9, "all": 0.9}, {("not-her", "Sasha")}),
    ],
)
def test_pixels_tell_what_readers_overlook(laid, faults):
    stage = on_drawing(Sasha=Laid({**ALIKE, **laid}, foreign=0.9 * laid.get("clothes", 0.0)))
    assert told(SASHA, TOM, stage=stage) == faults


def test_pigtails_below_a_hat_are_other_hair():
    assert told(SASHA, TOM, stage=on_drawing(Sasha=Laid(ALIKE, locks=0.5))) == {("hair", "Sasha")}
    assert told(SASHA, TOM, stage=on_drawing(Sasha=Laid(ALIKE, locks=0.1))) == set()


def test_an_arm_that_hangs_otherwise_is_no_other_garment():
    stage = on_drawing(Sasha=Laid({**ALIKE, "clothes": 0.4, "all": 0.2}, foreign=0.02))
    assert told(SASHA, TOM, stage=stage) == set()


def test_other_hair_is_told_though_the_arms_hang_otherwise():
    moved = Laid({**ALIKE, "hair": 0.25, "skin": 0.2, "clothes": 0.25, "all": 0.23}, foreign=0.02)
    assert told(SASHA, TOM, stage=on_drawing(Sasha=moved)) == {("hair", "Sasha")}
    assert told(SASHA, TOM, stage=on_drawing(Sasha=replace(moved, foreign=0.2))) == {("clothes", "Sasha")}
    hooded = Laid({**ALIKE, "skin": 0.5, "clothes": 0.6, "all": 0.3}, foreign=0.3)  # a scarf before the face
    assert told(SASHA, TOM, stage=on_drawing(Sasha=hooded)) == {("clothes", "Sasha")}


def test_who_stands_where_somebody_is_hidden_is_told_by_their_face_though_hair_would_excuse_it():
    other = person(0.1, (0.45, 0.0, 0.89, 0.0), ORANGE, RED)
    stage = on_drawing(((1.0, 0.0),), Sasha=Laid(hidden=1.0))
    assert told(other, TOM, stage=stage) == {("not-her", "Sasha")}
    assert told(BLACK, TOM, stage=stage) == {("hair", "Sasha")}


def test_something_small_that_no_reader_knows_is_told():
    strays = tuple(tuple(float(24 < j < 28 and 46 < i < 50) for j in range(52)) for i in range(52))
    assert told(SASHA, TOM, stage=on_drawing(strays)) == {("extra", "")}
    speck = tuple(tuple(float(24 < j < 26 and 46 < i < 48) for j in range(52)) for i in range(52))
    assert told(SASHA, TOM, stage=on_drawing(speck)) == set()


def test_the_size_that_explains_a_page_is_told():
    whole = {"hair": 0.9, "skin": 0.9, "clothes": 0.8, "all": 0.9}
    grown = Laid(whole, around=0.5, other="height 1.3", left=0.2)
    found = verdict(BLACK, TOM, stage=on_drawing(Sasha=grown))
    assert [(one.name, one.who) for one in found.faults] == [("height", "Sasha")]
    assert "130%" in found.faults[0].why
    assert told(BLACK, TOM, stage=on_drawing(Sasha=replace(grown, left=0.8))) != {("height", "Sasha")}


def test_whose_hair_and_clothes_explain_a_page_is_told():
    whole = {"hair": 0.9, "skin": 0.4, "clothes": 0.8, "all": 0.8}
    found = verdict(BLACK, TOM, stage=on_drawing(Sasha=Laid(whole, other="bleed Tom", left=0.1)))
    assert [(one.name, one.who) for one in found.faults] == [("bleed", "Sasha")]
    assert "Tom" in found.faults[0].why


def test_hair_and_clothes_that_are_nobody_s_are_no_bleed():
    like_tom = person(0.1, 2, BLOND, BLUE, style="short", standing=0.66)
    whole = Laid({"hair": 1.0, "skin": 0.95, "clothes": 0.57, "all": 0.7}, foreign=0.5)
    for laid in (whole, replace(whole, other="bleed Tom", left=0.94)):
        stage = on_drawing(Sasha=laid)
        assert told(like_tom, TOM, stage=stage) == {("not-her", "Sasha")}
        twin = replace(TOM, box=SASHA.box)  # in face and kind, too
        assert told(twin, TOM, stage=stage) == {("bleed", "Sasha")}


def test_a_hat_that_comes_off_is_clothes_though_it_showed_another_face():
    other = person(0.1, (0.3, 0.954, 0.0, 0.0), BROWN, GREEN)
    bare = Laid({"hair": 0.12, "skin": 0.43, "clothes": 0.73, "all": 0.64}, foreign=0.5)
    assert told(other, TOM, stage=on_drawing(Sasha=bare)) == {("clothes", "Sasha")}
    assert told(SASHA, TOM, stage=on_drawing(Sasha=bare)) == {("clothes", "Sasha")}  # which readers overlook
    whole = replace(bare, changed={**bare.changed, "hair": 0.45})
    assert told(other, TOM, stage=on_drawing(Sasha=whole)) == {("not-her", "Sasha")}
    bald = replace(bare, changed={part: one for part, one in bare.changed.items() if part != "hair"})
    assert told(other, TOM, stage=on_drawing(Sasha=bald)) == {("not-her", "Sasha")}


def test_another_garment_of_the_same_colour_is_told():
    dress = Laid({**ALIKE, "clothes": 0.59, "all": 0.44}, foreign=0.04)
    assert told(SASHA, TOM, stage=on_drawing(Sasha=dress)) == {("clothes", "Sasha")}


def test_who_shows_what_is_behind_them_is_missing():
    gone = Laid(dict.fromkeys(ALIKE, 0.92), gone=0.9)
    assert told(SASHA, TOM, stage=on_drawing(Sasha=gone)) == {("missing", "Sasha")}
    smaller = Laid(dict.fromkeys(ALIKE, 0.9), gone=0.5)
    assert told(TOM, stage=on_drawing(Sasha=smaller)) == {("not-her", "Sasha")}  # something stands there


def test_who_stands_before_somebody_does_not_change_them():
    fox = replace(
        person(0.05, 2, ORANGE, GREEN, DEEP, kind="fox", standing=0.3), box=Box(0.02, 0.6, 0.5, 0.3)
    )
    half = Laid({**ALIKE, "hair": 0.2, "skin": 0.3, "clothes": 0.5, "all": 0.4})
    strays = tuple(tuple(float(i > 30 and j < 26) for j in range(52)) for i in range(52))
    found = told(fox, TOM, stage=on_drawing(strays, Sasha=half))
    assert found == {("extra", "")}


def test_who_stands_before_something_small_hides_it_or_leaves_it():
    """Most of a mouse is hidden by a child's legs, and what is not is as it was drawn; where a child stands instead of it, what is behind it shows."""
    mouse = replace(
        person(0.1, 3, ORANGE, RED, kind="mouse", standing=0.1), palettes={"coat": ((BROWN, 1.0),)}
    )
    wanted = replace(want("Pip", mouse), is_person=False, references=(mouse,), sure=0.9)
    child, strays = replace(SASHA, box=Box(0.05, 0.4, 0.3, 0.5)), tuple((1.0,) for _ in range(52))

    def stage(gone):
        laid = Laid({"coat": 0.79, "clothes": 0.66, "all": 0.77}, gone=gone)
        return Expectation((wanted,), placed=True, overlay=Overlay({"Pip": laid}, strays))

    assert told(child, stage=stage(0.04)) == {("extra", "")}
    before = replace(
        child, box=Box(0.15, 0.84, 0.06, 0.06)
    )  # something far too small to hide it: it is otherwise by itself
    assert ("hair", "Pip") in told(before, stage=stage(0.0))


def test_somebody_more_must_stand_where_something_is_otherwise():
    more = replace(person(0.4, 2, BLOND, GREEN), sure=0.3)
    strays = tuple(tuple(float(18 < j < 32 and i > 20) for j in range(52)) for i in range(52))
    assert told(SASHA, TOM, more, stage=on_drawing(strays)) == {("extra", "")}
    assert told(SASHA, TOM, replace(more, sure=0.95), stage=on_drawing()) == set()
    changed = Laid({**ALIKE, "hair": 0.9})
    assert told(SASHA, TOM, more, stage=on_drawing(strays, Tom=changed)) == {
        ("hair", "Tom")
    }  # seen too faintly


def test_something_that_no_reader_knows_is_told_where_all_else_is_as_drawn():
    strays = tuple(tuple(float(18 < j < 32 and i > 30) for j in range(52)) for i in range(52))
    found = verdict(SASHA, TOM, stage=on_drawing(strays))
    assert [one.name for one in found.faults] == ["extra"]
    assert "in the middle" in found.faults[0].why


def test_whom_readers_do_not_see_in_the_drawing_either_is_told_by_pixels():
    def stage(laid):
        found = on_drawing(Sasha=laid)
        return replace(found, wanted=(replace(found.wanted[0], sure=0.0), found.wanted[1]))

    assert told(TOM, stage=stage(Laid({**ALIKE, "hair": 0.9}))) == {("hair", "Sasha")}
    assert told(TOM, stage=stage(Laid(dict.fromkeys(ALIKE, 0.9), other="height 0.7", left=0.1))) == {("height", "Sasha")}  # fmt: skip
    assert told(TOM, stage=stage(Laid(dict.fromkeys(ALIKE, 0.9), other="bleed Tom", left=0.1))) == {("bleed", "Sasha")}  # fmt: skip
    assert told(TOM, stage=stage(Laid(dict.fromkeys(ALIKE, 0.9), gone=0.9))) == {("missing", "Sasha")}
    assert told(TOM, stage=stage(Laid())) == set()


def test_an_animal_whose_outline_stays_has_another_coat():
    dog = replace(person(0.1, 3, ORANGE, RED, kind="dog"), palettes={"coat": ((BROWN, 1.0),)})
    wanted = replace(want("Bello", dog), is_person=False, references=(replace(dog),), sure=0.9)

    def stage(laid):
        return Expectation((wanted,), placed=True, overlay=Overlay({"Bello": laid}))

    coat = {"coat": 0.9, "clothes": 0.1, "all": 0.8}
    assert told(dog, stage=stage(Laid(coat))) == {("hair", "Bello")}
    assert told(stage=stage(Laid(coat))) == {("hair", "Bello")}  # readers lost it
    assert told(dog, stage=stage(Laid(coat, gone=0.6))) == {("hair", "Bello")}  # white, in the snow
    assert told(dog, stage=stage(Laid(coat, around=0.5))) == {("not-her", "Bello")}
    assert told(dog, stage=stage(Laid({**coat, "clothes": 0.4}, gone=0.6))) == {("not-her", "Bello")}
    assert told(dog, stage=stage(Laid({**coat, "clothes": 0.6}))) == {
        ("hair", "Bello")
    }  # black, with white eyes
    assert told(dog, stage=stage(Laid({**coat, "clothes": 0.8}))) == {("not-her", "Bello")}
    assert told(dog, stage=stage(Laid({**coat, "coat": 0.1}))) == set()
    white = Laid({"coat": 0.26, "clothes": 0.6, "all": 0.35}, around=0.4)
    boy = person(0.1, 2, BROWN, GREEN, kind="boy")
    assert told(boy, stage=stage(white)) == {("not-her", "Bello")}
    assert told(dog, stage=stage(white)) == {("hair", "Bello")}


def test_hair_of_which_nothing_is_otherwise_is_no_fringe():
    assert told(SASHA, TOM, stage=on_drawing(Sasha=Laid({**ALIKE, "skin": 0.15}))) == set()


def test_other_hair_in_the_same_clothes_is_no_bleed():
    blond = replace(SASHA, palettes={**SASHA.palettes, "hair": TOM.palettes["hair"]}, traits=TOM.traits)
    stage = on_drawing(Sasha=Laid({**ALIKE, "hair": 1.0, "skin": 0.05}))
    assert told(blond, TOM, stage=stage) == {("hair", "Sasha")}


def test_who_stands_behind_whoever_is_new_is_not_missing():
    tom = replace(TOM, box=Box(0.2, 0.2, 0.6, 0.7))
    whole = dict.fromkeys(ALIKE, 0.9)
    found = verdict(tom, stage=on_drawing(Sasha=Laid(whole), Tom=Laid(whole)))
    assert "Sasha" not in {one.who for one in found.faults}
    assert "looks: Sasha" in found.unread


def test_who_is_wholly_hidden_is_not_read_and_does_not_pass():
    found = verdict(TOM, stage=on_drawing(Sasha=Laid(hidden=1.0)))
    assert found.faults == ()
    assert "looks: Sasha" in found.unread
    assert "Sasha" not in found.found
    assert "Sasha" in verdict(TOM, stage=on_drawing(Sasha=Laid(hidden=0.5))).found


def test_who_stands_where_somebody_is_gone_is_another_and_no_scenery():
    gone = Laid(dict.fromkeys(ALIKE, 0.92), gone=0.9)
    fox = replace(SASHA, kind="fox", vectors={}, palettes={"coat": ((ORANGE, 1.0),)})
    strays = tuple(tuple(float(j < 26) for j in range(52)) for _ in range(52))
    assert told(fox, TOM, stage=on_drawing(strays, Sasha=gone)) == {("not-her", "Sasha")}
    assert told(fox, TOM, stage=on_drawing(Sasha=gone)) == {("missing", "Sasha")}


def test_whom_somebody_more_hides_is_not_told():
    more = replace(person(0.05, 2, BLOND, GREEN), box=Box(0.02, 0.1, 0.4, 0.85))
    strays = tuple(tuple(float(j < 24) for j in range(52)) for _ in range(52))
    stage = on_drawing(strays, Sasha=Laid(dict.fromkeys(ALIKE, 0.6), around=0.4))
    hidden = replace(stage, wanted=(replace(stage.wanted[0], sure=0.0), stage.wanted[1]))
    assert told(more, TOM, stage=hidden) == {("extra", "")}


def test_whoever_hides_all_of_somebody_and_is_not_like_them_is_another():
    stage = on_drawing(
        tuple(tuple(float(j < 26) for j in range(52)) for _ in range(52)), Sasha=Laid(hidden=1.0)
    )
    fox = replace(person(0.05, 2, ORANGE, GREEN, kind="fox"), box=Box(0.0, 0.05, 0.42, 0.85), palettes={})
    assert told(fox, TOM, stage=stage) == {("not-her", "Sasha")}
    unseen = replace(stage, wanted=(replace(stage.wanted[0], sure=0.0), stage.wanted[1]))
    assert told(fox, TOM, stage=unseen) == {("not-her", "Sasha")}
