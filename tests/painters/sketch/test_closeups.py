"""Close-ups: the box of a head is found on people by their measures, on creatures by what an expression changes."""

import pytest

from storykin.character import Look, Outfit
from storykin.painters.sketch.closeups import bust_of, face_of, head_of, rolling
from storykin.painters.sketch.creature_extents import extent_of
from storykin.painters.sketch.creature_kinds import KINDS
from storykin.painters.sketch.creatures import creature
from storykin.painters.sketch.people import person


@pytest.mark.parametrize("words", ["jumper", "wizard hat, robe", "cowboy hat, jeans"])
@pytest.mark.parametrize("age", [1, 8, 40])
def test_a_bust_has_the_whole_head_and_no_feet(words: str, age: int) -> None:
    look, outfit = Look("child" if age < 16 else "man", age, hair_style="space buns"), Outfit("x", words)
    whole = extent_of(person(look, outfit, "standing", "happy", "front").svg)
    bust = bust_of(look, outfit)
    assert bust.top < whole.top
    assert whole.top * 0.8 < bust.bottom < whole.top * 0.25


def test_a_bust_is_where_the_head_of_a_wheelchair_user_is() -> None:
    look, outfit = Look("boy", 9, extras=("red wheelchair",)), Outfit("x", "jumper")
    assert rolling(look)
    assert bust_of(look, outfit).top == pytest.approx(
        extent_of(person(look, outfit, "standing", "happy", "front").svg).top, abs=4
    )


@pytest.mark.parametrize("kind", ["giraffe", "dog", "owl", "dragon", "robot", "frog"])
def test_the_face_of_a_creature_is_small_and_high_and_inside_its_head(kind: str) -> None:
    happy, sad = (creature(Look(kind, height=100), None, "standing", one, "front").svg for one in ("happy", "sad"))  # fmt: skip
    whole, face, head = extent_of(happy), face_of(happy, sad), head_of(KINDS[kind], happy, sad)
    assert face.right - face.left < 0.7 * (whole.right - whole.left)
    assert head.left < face.left
    assert head.right > face.right
    assert head.top < face.top
    assert head.bottom > face.bottom
    assert (face.top + face.bottom) / 2 < whole.top / 2
