"""Articles, plurals, possessives, -ing forms, titles."""

import pytest

from storykin.writers.fable.nouns import (
    Noun,
    article,
    base_of,
    doing_of,
    is_plural,
    plural,
    possessive,
    singular,
    third_person,
    title_case,
)  # fmt: skip


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("hour", "an"), ("honest fox", "an"), ("unicorn", "a"), ("umbrella", "an"), ("uniform", "a"), ("uninvited guest", "an"),
        ("unimportant hat", "an"), ("useful hat", "a"), ("ukulele", "a"), ("one-eyed cat", "a"), ("European", "a"), ("owl", "an"),
        ("X-ray", "an"), ("UFO", "a"), ("8-legged spider", "an"), ("eleventh hat", "an"), ("ewe", "a"), ("house", "a"), ("Äffchen", "an"),
    ],
)  # fmt: skip
def test_article_by_sound(words: str, wanted: str) -> None:
    assert article(words) == wanted


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("puppy", "puppies"), ("day", "days"), ("fox", "foxes"), ("wolf", "wolves"), ("tooth", "teeth"), ("fish", "fish"),
        ("box of crayons", "boxes of crayons"), ("fireman", "firemen"), ("bench", "benches"), ("Monkey", "Monkeys"), ("scissors", "scissors"),
    ],
)  # fmt: skip
def test_plural(one: str, many: str) -> None:
    assert plural(one) == many
    assert singular(many.split(maxsplit=1)[0]) == one.split(maxsplit=1)[0].lower()


def test_possessives() -> None:
    assert [possessive(name) for name in ("Sasha", "Lukas", "puppies", "the fox")] == [
        "Sasha's",
        "Lukas's",
        "puppies'",
        "the fox's",
    ]


def test_verbs() -> None:
    assert [doing_of(goal) for goal in ("be a vet", "ride a bike", "run", "lie down", "swim", "see Mars", "tie a bow")] == [
        "being a vet", "riding a bike", "running", "lying down", "swimming", "seeing Mars", "tying a bow",
    ]  # fmt: skip
    assert [base_of(word) for word in ("opening", "baking", "running", "flies", "pudding", "Mars")] == [
        "open",
        "bake",
        "run",
        "fly",
        "",
        "",
    ]
    assert [third_person(verb) for verb in ("fly", "catch", "purr", "have", "go")] == [
        "flies",
        "catches",
        "purrs",
        "has",
        "goes",
    ]


def test_a_noun_with_an_owner_takes_no_article() -> None:
    tractor = Noun("purple tractor", "Grandpa's")
    assert tractor.a() == tractor.the() == tractor.my("her") == "Grandpa's purple tractor"
    assert Noun("purple tractor").a() == "a purple tractor"
    assert Noun.of("Mars").the() == "Mars"
    assert Noun.of("ice cream").a() == "ice cream"
    assert Noun.of("puppy").plurals().a() == "puppies"
    assert is_plural("big scales")
    assert not is_plural("glass bus")


def test_title_case() -> None:
    assert title_case("the long way to the moon") == "The Long Way to the Moon"
    assert title_case("Sasha and grandpa's tractor") == "Sasha and Grandpa's Tractor"
