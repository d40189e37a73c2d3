"""People from the side: one eye, one ear, every style and hat, as tall as from the front."""

import re
from xml.etree import ElementTree

import pytest

from storykin.character import Look, Outfit
from storykin.painters.sketch import hair
from storykin.painters.sketch.creature_extents import Extent, extent_of
from storykin.painters.sketch.hats import HATS
from storykin.painters.sketch.ink import INK as DARK
from storykin.painters.sketch.ink import mix
from storykin.painters.sketch.people import person
from storykin.painters.sketch.profile import profile

PLAIN = Outfit("plain", "a green jumper and blue trousers")
NAMED = {"bike helmet": "bike helmet", "headscarf": "hijab", "aviator": "leather cap"}


def side(look: Look, words: str = PLAIN.words) -> str:
    found = profile(look, Outfit("x", words)).svg
    ElementTree.fromstring(f"<svg>{found}</svg>")
    assert not re.search(r"\bnan\b|\binf\b", found)
    return found


def box(look: Look, words: str = PLAIN.words) -> Extent:
    return extent_of(side(look, words))


def test_one_eye_from_the_side_and_two_from_the_front() -> None:
    look = Look("girl", 7, eyes="#1188ff", skin="#f0d0b0")
    iris = f'fill="{mix("#1188ff", DARK, 0.35)}"'
    assert side(look).count(iris) == 1
    assert person(look, PLAIN, "standing", "calm", "front").svg.count(iris) == 2


@pytest.mark.parametrize("age", [1, 4, 8, 12, 40])
def test_as_tall_as_from_the_front_and_narrower(age: int) -> None:
    look = Look("child" if age < 16 else "woman", age, hair_style="short")
    front = extent_of(person(look, PLAIN, "waving", "calm", "front").svg)
    found = box(look)
    eyes = extent_of(person(look, PLAIN, "standing", "calm", "front").svg)
    assert -found.top == pytest.approx(-eyes.top, rel=0.05)
    assert found.right - found.left < 0.9 * (front.right - front.left)
    assert found.bottom == pytest.approx(0, abs=1.0)


def test_the_face_looks_to_the_right() -> None:
    found = side(Look("girl", 7, eyes="#1188ff"))
    eye = re.search(rf'<ellipse cx="([-\d.]+)"[^>]*fill="{mix("#1188ff", DARK, 0.35)}"', found)
    assert eye
    assert float(eye[1]) > 5


@pytest.mark.parametrize("style", hair.names())
def test_every_hair_style_has_a_side(style: str) -> None:
    look = Look("girl", 8, hair_style=style, hair_colour="#ab12cd")
    assert ("#ab12cd" in side(look)) == (style != "bald")
    under = side(look, "#12cdab wizard hat, green jumper")
    assert 'fill="#12cdab"' in under


def test_styles_are_told_apart() -> None:
    drawn = {side(Look("girl", 8, hair_style=style)) for style in hair.names()}
    assert len(drawn) == len(hair.names())


def test_long_hair_hangs_down_the_back_and_a_bun_sits_high() -> None:
    bald, tail, bun = (box(Look("girl", 8, hair_style=one)) for one in ("bald", "ponytail", "bun"))
    assert tail.left < bald.left - 8
    assert bun.top < bald.top - 4


@pytest.mark.parametrize("kind", HATS)
def test_every_hat_has_a_side(kind: str) -> None:
    bare = side(Look("boy", 8))
    assert side(Look("boy", 8), f"{NAMED.get(kind, kind)}, green jumper and blue trousers") != bare


@pytest.mark.parametrize("words", ["beard", "long beard", "moustache", "hearing aid", "earrings", "plaster", "bow", "hair clip", "eye patch", "freckles"])  # fmt: skip
def test_fixed_details_are_seen_from_the_side(words: str) -> None:
    assert side(Look("man", 40, extras=(words,))) != side(Look("man", 40))


@pytest.mark.parametrize("glasses", ["round", "square", "sunglasses", "cat eye red"])
def test_glasses_have_one_lens_from_the_side(glasses: str) -> None:
    assert len(side(Look("boy", 8, glasses=glasses))) > len(side(Look("boy", 8)))
    assert side(Look("boy", 8, glasses="none")) == side(Look("boy", 8))


@pytest.mark.parametrize("words", ["long dress", "raincoat", "dungarees", "astronaut", "knight", "superhero", "fairy", "backpack and shorts", "football kit", "ballerina", "swimsuit", "swim trunks", "scarf and coat", "cape"])  # fmt: skip
def test_clothes_are_cut_for_the_side(words: str) -> None:
    found = box(Look("girl", 8), words)
    assert found.right - found.left < 0.75 * -found.top


def test_what_is_sewn_on_the_chest_does_not_stick_out() -> None:
    worn = "blue jumper, red trousers, black shoes"
    look = Look("boy", 8)
    badge = "#f3c94f"
    assert badge in person(look, Outfit("x", f"{worn}, an emblem"), "standing", "calm", "front").svg
    assert badge not in side(look, f"{worn}, an emblem")


def test_who_has_a_wheelchair_sits_in_it() -> None:
    rolling = box(Look("boy", 9, extras=("red wheelchair",)))
    assert rolling.right - rolling.left > 1.5 * (box(Look("boy", 9)).right - box(Look("boy", 9)).left)
