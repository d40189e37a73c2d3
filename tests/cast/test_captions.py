"""Captions say what may change, never what is permanent, and the trigger once."""

import re

import pytest

from storykin.cast import captions
from storykin.cast.sighting import Crop, Face, Sighting
from storykin.character import Look
from storykin.colours import lab_of
from storykin.scene import Box

RED, BLUE = lab_of("#b02a2a"), lab_of("#27408b")
FACE = Face(Box(0.4, 0.2, 0.1, 0.14), Box(0.37, 0.12, 0.16, 0.24), 300, 0.95, clothes=(RED,), smile=0.5)
GIRL = Look(kind="girl", age=6)


def crop(framing: str = "half body", h: float = 0.8, others: tuple[Box, ...] = ()) -> Crop:
    return Crop(framing, Box(0.2, 0.05, 0.5, h), 832, 1216, 0.9, others)


def sighting(**changes: object) -> Sighting:
    return Sighting("a.jpg", "d" * 64, 3000, 4000, faces=(FACE,), **changes)  # type: ignore[arg-type]


def test_a_caption_names_framing_clothes_expression_and_direction() -> None:
    told = captions.caption(sighting(outdoors=True), FACE, crop(), "zvoqk", GIRL)
    assert told.startswith("zvoqk, a girl, seen from the waist up, ")
    assert re.search(r"wearing a (dark )?red top", told)
    assert "smiling" in told
    assert "facing the camera" in told
    assert told.endswith("outdoors")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"eyes": 0.05, "smile": 0.0}, "eyes closed"),
        ({"mouth": 0.5, "smile": 0.6}, "laughing"),
        ({"mouth": 0.5, "smile": 0.0}, "mouth open"),
        ({"smile": 0.0}, "serious expression"),
        ({"yaw": 60.0}, "in profile, facing right"),
        ({"yaw": -30.0}, "turned to the left"),
        ({"pitch": 30.0}, "looking up"),
        ({"light": 15.0}, "in dim light"),
        ({"uneven": 40.0}, "lit from the side"),
        ({"clothes": (RED, BLUE)}, "clothes"),
    ],
)
def test_what_was_measured_is_said(changes: dict[str, object], said: str) -> None:
    from dataclasses import replace

    face = replace(FACE, **changes)  # type: ignore[arg-type]
    assert said in captions.caption(sighting(), face, crop(), "zvoqk", GIRL)


def test_clothes_are_not_named_where_none_are_seen_or_without_colour() -> None:
    assert "wearing" not in captions.caption(sighting(), FACE, crop("close-up", h=0.33), "zvoqk", GIRL)
    assert "wearing" not in captions.caption(sighting(monochrome=True), FACE, crop(), "zvoqk", GIRL)
    assert "black and white photo" in captions.caption(sighting(monochrome=True), FACE, crop(), "zvoqk", GIRL)


def test_other_people_are_named_or_the_model_would_learn_them() -> None:
    one = crop(others=(Box(0.6, 0.1, 0.1, 0.1),))
    assert "beside another person" in captions.caption(sighting(), FACE, one, "zvoqk", GIRL)
    assert "beside another person, blurred" in captions.caption(
        sighting(), FACE, one, "zvoqk", GIRL, hidden=True
    )


def test_permanent_looks_are_never_in_a_caption() -> None:
    look = Look(
        kind="girl",
        skin="light brown",
        hair_colour="red",
        hair_style="long",
        eyes="green",
        extras=("freckles",),
    )
    told = captions.caption(sighting(outdoors=False), FACE, crop(), "zvoqk", look)
    assert not captions.PERMANENT.search(told)
    assert "green" not in told


def test_the_trigger_stands_once_even_if_a_model_repeats_it() -> None:
    told = captions.joined("zvoqk", GIRL, ["zvoqk in a red coat", "smiling", "smiling", ""])
    assert told == "zvoqk, a girl, in a red coat, smiling"


def test_of_what_a_model_says_only_the_changeable_stays() -> None:
    said = [
        "long blonde hair",
        "a blue coat",
        "Sasha on a swing",
        "eyes closed",
        "green eyes",
        "6 years old",
        "freckled skin",
    ]
    assert captions.changeable(said, ("Sasha",), GIRL) == ("a blue coat", "eyes closed")
    assert captions.changeable(["red glasses"], (), GIRL) == ("red glasses",)
    assert captions.changeable(["red glasses"], (), Look(glasses="round")) == ()


def test_triggers_are_rare_and_never_the_same() -> None:
    from pronouncing import phones_for_word

    drawn = {captions.new_trigger() for _ in range(200)}
    assert len(drawn) > 190
    assert not [word for word in drawn if phones_for_word(word)]


def test_what_stands_in_more_than_four_fifths_is_flagged() -> None:
    same = [f"zvoqk, a girl, wearing a red top, place {number % 3}" for number in range(10)]
    assert captions.too_common(same, "zvoqk", GIRL) == (("wearing a red top", 10),)
    at_the_line = [text.replace("red", "blue") if number < 2 else text for number, text in enumerate(same)]
    assert captions.too_common(at_the_line, "zvoqk", GIRL) == ()


@pytest.mark.parametrize(("kind", "words"), [("girl", "a girl"), ("adult", "a person"), ("owl", "an owl")])
def test_the_class_is_what_anybody_would_say(kind: str, words: str) -> None:
    assert captions.class_words(Look(kind=kind)) == words
