"""A person's own words become a look; nothing of them is lost."""

import pytest

from storykin.cast.describing import look_of
from storykin.character import Look


def test_a_child_in_words() -> None:
    look = look_of("short red hair, green eyes, freckles and round glasses", Look(kind="girl"))
    assert (look.hair_style, look.hair_colour, look.eyes, look.glasses) == ("short", "red", "green", "round")
    assert look.extras == ("freckles",)


def test_a_whale_in_words() -> None:
    look = look_of("a purple whale with a yellow hat", Look(kind="whale"))
    assert (look.skin, look.extras) == ("purple", ("yellow hat",))


def test_a_dog_in_words() -> None:
    look = look_of("small light brown dog, white markings", Look(kind="dog"))
    assert (look.build, look.skin, look.hair_colour) == ("small", "light brown", "white")


@pytest.mark.parametrize("words", ["two long braids", "a bun", "a high ponytail"])
def test_hair_that_is_named_by_its_shape(words: str) -> None:
    assert look_of(words, Look()).hair_style == words.removeprefix("a ")


def test_what_fits_nowhere_is_kept() -> None:
    assert look_of("a scar on the left knee, loves cheese", Look()).extras == (
        "scar on the left knee",
        "loves cheese",
    )


def test_empty_words_change_nothing() -> None:
    assert look_of("", Look(eyes="blue")) == Look(eyes="blue")
