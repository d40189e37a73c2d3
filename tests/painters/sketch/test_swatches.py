"""Swatches: the colours that are drawn, each with its word."""

from storykin.character import Character, Look, Outfit
from storykin.painters.sketch.ink import COLOURS
from storykin.painters.sketch.people import person
from storykin.painters.sketch.swatches import Swatch, palettes


def test_own_colours_are_those_that_are_known() -> None:
    look = Look("girl", 6, 0, "light", "#a55a37", eyes="")
    own, worn = palettes(Character("Sasha", look), (Outfit("rain", "a yellow raincoat"),), 4)
    assert [(one.part, one.fill) for one in own.swatches] == [("skin", COLOURS["light"]), ("hair", "#a55a37")]
    assert own.swatches[0].word == "light"
    assert not own.swatches[1].word.startswith("#")
    assert worn.heading == "rain"
    assert worn.swatches[0] == Swatch("", COLOURS["yellow"], "yellow")


def test_an_outfit_without_a_palette_shows_what_is_drawn() -> None:
    look, outfit = Look("boy", 8), Outfit("x", "")
    worn = palettes(Character("No", look), (outfit,), 4)[0]
    drawn = person(look, outfit, "standing", "calm", "front").svg
    assert worn.swatches
    assert all(f'fill="{one.fill}"' in drawn for one in worn.swatches)


def test_a_palette_is_shown_as_it_is_up_to_the_limit() -> None:
    worn = palettes(Character("No", Look()), (Outfit("x", "", ("#112233", "red", "gold", "teal")),), 3)[0]
    assert [one.fill for one in worn.swatches] == ["#112233", COLOURS["red"], COLOURS["gold"]]
    assert [one.word for one in worn.swatches][1:] == ["red", "gold"]


def test_animals_show_coat_belly_and_markings() -> None:
    own = palettes(Character("Bello", Look("dog", skin="black", hair_colour="#aa5522")), (), 4)[0]
    found = {one.part: one.fill for one in own.swatches}
    assert found["body"] == COLOURS["black"]
    assert found["markings"] == "#aa5522"
    assert "belly" in found
