"""Things: every drawing is sound, every word finds one."""

import tomllib
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storykin.painters.sketch.ink import COLOURS, shade
from storykin.painters.sketch.props import HERE, prop, prop_of, stands, things

NEAREST = {
    "purple tractor": "tractor", "my grandpa's purple tractor": "tractor", "bowl of porridge": "bowl", "house of straw": "house_of_straw",
    "jars of honey": "honey", "piece of cake": "cake", "cup of tea": "cup", "basket with apples": "basket", "doctor's bag": "doctor_bag",
    "firetruck": "fire_engine", "rowboat": "boat", "toolshed": "shed", "scarves": "scarf", "wooden spoons": "spoon", "biccycle": "bicycle",
    "hot-air balloon": "hot_air_balloon", "space helmet": "helmet", "glass of milk": "milk", "Biscuit's ball": "ball", "blue ice cream": "ice_cream",
    "three little houses": "cottage", "musical instrument": "guitar", "something strange": "present", "lemon": "pear", "old clothes": "coat",
    "a message in a bottle": "bottle", "muddy puddles": "puddle", "wand of the wizard": "wand", "": "present", "猫": "present",
}  # fmt: skip


def test_there_is_plenty_to_draw() -> None:
    assert len(things()) >= 110


@pytest.mark.parametrize("name", sorted(things()))
def test_every_drawing_is_sound(name: str) -> None:
    thing, drawn = things()[name], prop(name.replace("_", " "))
    assert prop_of(name.replace("_", " ")) == name
    assert thing.stands in {"floor", "table", "wall", "hung", "air", "hand"}
    assert 10 <= max(thing.width, thing.height) <= 400
    assert "$" not in drawn.svg
    inner = ET.fromstring(f"<g>{drawn.svg}</g>")
    assert 1 <= len(list(inner.iter())) <= 160
    assert not [one for one in inner.iter() if one.tag in {"text", "image", "filter"}]
    assert abs(drawn.grip[0]) <= thing.width
    assert -thing.height <= drawn.seat[1] <= 0


@pytest.mark.parametrize(("words", "name"), NEAREST.items())
def test_words_find_the_nearest_thing(words: str, name: str) -> None:
    assert prop_of(words) == name


def test_colours_come_from_the_words() -> None:
    assert COLOURS["purple"] in prop("purple tractor").svg
    assert shade(COLOURS["purple"], -0.13) in prop("purple tractor").svg
    assert COLOURS["light blue"] in prop("a light blue scarf").svg
    assert prop("ice cream").svg == prop("an ice cream").svg
    assert prop("lemon").svg != prop("pear").svg
    assert all(COLOURS[hue] in prop("rainbow umbrella").svg for hue in ("red", "orange"))


def test_where_things_belong() -> None:
    assert (stands("cake"), stands("clock"), stands("kite"), stands("wardrobe")) == (
        "table",
        "hung",
        "air",
        "wall",
    )


@given(st.text(max_size=60))
def test_any_words_at_all_find_something(words: str) -> None:
    assert prop_of(words) in things()


def test_the_table_of_meanings_names_every_word_once() -> None:
    table = tomllib.loads((HERE / "nearest.toml").read_text(encoding="utf-8"))
    words = [word.partition(":")[0] for words in table.values() for word in words]
    assert set(table) <= set(things())
    assert len(words) == len(set(words))
    assert not {word.replace(" ", "_") for word in words} & set(things())
    assert {word.partition(":")[2] for words in table.values() for word in words} <= {"", *COLOURS}
