"""What was measured is drawn: skin, hair and clothes given as "#rrggbb" are in the drawing as they are."""

import re

import pytest

from storykin.character import Look, Outfit
from storykin.colours import CLOTHES, HAIR, SKIN, VOCABULARIES, hex_of
from storykin.painters.sketch.creatures import creature
from storykin.painters.sketch.ink import COLOURS, colour
from storykin.painters.sketch.people import person, skin_of


def fills(svg: str) -> set[str]:
    return set(re.findall(r'fill="(#[0-9a-f]{6})"', svg))


@pytest.mark.parametrize(
    ("skin", "hair", "age"), [("light", "dark blond", 6), ("deep", "black", 9), ("tan", "white", 70)]
)
def test_people_are_drawn_in_exactly_their_colours(skin: str, hair: str, age: int) -> None:
    tone, tint = hex_of(SKIN[skin]), hex_of(HAIR[hair])
    look = Look(
        "child" if age < 16 else "woman",
        age,
        skin=tone.upper(),
        hair_colour=f"{tint} {hair}",
        hair_style="long",
    )
    for facing in ("left", "front"):
        drawn = person(look, Outfit("everyday", "a red top"), "standing", "happy", facing)
        assert {tone, tint} <= fills(drawn.svg)


@pytest.mark.parametrize("word", CLOTHES)
def test_a_palette_says_which_red_is_meant(word: str) -> None:
    code = hex_of((CLOTHES[word][0] - 1.5, *CLOTHES[word][1:]))
    outfit = Outfit("everyday", f"a {word} top and white shorts", (code,))
    drawn = person(Look("girl", 6), outfit, "standing", "happy", "front")
    assert {code, colour("white")} <= fills(drawn.svg)
    assert code not in COLOURS.values()


@pytest.mark.parametrize("of", ["hair", "clothes", "coat"])
def test_the_painter_knows_every_word_of_a_measured_colour(of: str) -> None:
    assert not [word for word in VOCABULARIES[of] if word not in COLOURS]


def test_skin_words_are_skins() -> None:
    lightness = [sum(int(skin_of(word)[i : i + 2], 16) for i in (1, 3, 5)) for word in SKIN]
    assert lightness[0] == max(lightness)
    assert lightness[-1] == min(lightness)
    assert skin_of("#9c6644 warm brown") == "#9c6644"


def test_coats_are_drawn_in_exactly_their_colours() -> None:
    drawn = creature(Look("dog", skin="#b07b4a", hair_colour="#2a2624"), None, "standing", "happy", "left")
    assert "#b07b4a" in fills(drawn.svg)
