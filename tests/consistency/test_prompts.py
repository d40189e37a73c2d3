"""Prompts and alt texts: everything fixed about those on stage, nothing about those who are not."""

from storykin.character import Character, Look, Outfit
from storykin.consistency import Setting, chain
from storykin.consistency.prompts import alt_of, by_prompt, described, prompt_of, with_article
from storykin.scene import Box, Figure, Scene
from storykin.shot import Shot

SASHA = Character(
    "Sasha",
    Look("girl", 6, 116, "fair", "red-brown", "short curly", "green", "round", extras=("freckles",)),
    (Outfit("everyday", "a striped jumper"), Outfit("vet", "a white doctor's coat")),
)
BISCUIT = Character("Biscuit", Look("dog", skin="brown with white spots", extras=("a red collar",)))
SCENE = Scene(
    "clinic",
    "evening",
    "rain",
    ("lamp", "open window"),
    (Figure("Sasha", "kneeling", "worried", "bandage", "vet"),),
    "close",
    Box(0.1, 0.08, 0.8, 0.2),
)


def test_every_fixed_trait_is_in_the_prompt() -> None:
    prompt = prompt_of(SCENE, (SASHA,), "watercolour").lower()
    for words in (
        "6-year-old girl", "fair skin", "short curly red-brown hair", "green eyes", "round glasses", "freckles",
        "a white doctor's coat", "kneeling with a bandage", "worried expression", "clinic", "in the evening", "in the rain",
        "a lamp", "an open window", "watercolour", "close-up", "top of the picture", "one figure",
    ):  # fmt: skip
        assert words in prompt, words


def test_nobody_off_stage_is_mentioned() -> None:
    prompt = prompt_of(SCENE, (SASHA, BISCUIT), "flat")
    assert "Biscuit" not in prompt
    assert "striped jumper" not in prompt
    both = prompt_of(
        Scene("park", figures=(Figure("Sasha"), Figure("Biscuit", "running"))), (SASHA, BISCUIT), "flat"
    )
    assert "brown with white spots" in both
    assert "a red collar" in both
    assert "2 figures" in both


def test_alt_text_describes_fully_once() -> None:
    first = alt_of(SCENE, (SASHA,))
    later = alt_of(SCENE, (SASHA,), frozenset({"Sasha"}))
    assert "red-brown hair" in first
    assert (
        later
        == "Sasha is kneeling with a bandage and looks worried. A clinic in the evening in the rain with a lamp and an open window."
    )
    assert len(later) < len(first)


def test_words() -> None:
    assert described(Look("dog", skin="brown with white spots")) == "a dog, brown with white spots,"
    assert described(Look("whale", skin="purple", extras=("a bow tie",))) == "a purple whale with a bow tie"
    assert (
        described(Look("woman", 70, hair_colour="grey", hair_style="bun"))
        == "an old woman with bun grey hair"
    )
    assert [with_article(noun) for noun in ("apple", "unicorn", "Mars", "scissors", "the moon", "glass", "grandpa's hat")] == [
        "an apple", "a unicorn", "Mars", "scissors", "the moon", "a glass", "grandpa's hat",
    ]  # fmt: skip


def test_numbers_of_colours_become_words_everywhere() -> None:
    measured = Character(
        "Mila",
        Look(
            "girl",
            5,
            110,
            "#dfa983",
            "#a08050",
            "long",
            "#58819e",
            "#cd302a",
            extras=("a #1c6cbb hearing aid",),
        ),
        (Outfit("everyday", "a #cd302a top and navy trousers", ("#cd302a", "#202e4b")),),
    )
    rex = Character("Rex", Look("dog", skin="#b07b4a with #f4f2ee spots", hair_colour="#2a2624"))
    scene = Scene(
        "#a6c97c meadow",
        props=("#f9cc4f ball",),
        figures=(Figure("Mila", "holding", prop="#cd302a kite"), Figure("Rex")),
    )
    prompt, alt = prompt_of(scene, (measured, rex), "flat"), alt_of(scene, (measured, rex))
    for said in (prompt, alt):
        assert "#" not in said
        for words in (
            "medium skin", "long dark blond hair", "blue eyes", "red glasses", "a blue hearing aid", "a red top and navy trousers",
            "a dog, light brown with white spots,", "black markings", "holding a red kite", "a yellow ball", "light green meadow",
        ):  # fmt: skip
            assert words in said.lower(), words


def test_words_beside_a_number_are_what_the_parent_calls_it() -> None:
    assert described(Look("boy", 4, skin="#9c6644 warm brown", hair_colour="#231f1d (dark brown)")) == (
        "a 4-year-old boy with warm brown skin and dark brown hair"
    )
    assert described(Look("boy", 4, skin="light brown skin", hair_colour="blond hair")) == (
        "a 4-year-old boy with light brown skin and blond hair"
    )


def test_methods_chain() -> None:
    from dataclasses import replace

    shot = chain(by_prompt, lambda shot, setting: replace(shot, steps=len(shot.prompt)))(
        Shot(1, SCENE, (SASHA,)), Setting()
    )
    assert shot.steps == len(prompt_of(SCENE, (SASHA,), "flat"))
