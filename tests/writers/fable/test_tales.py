"""Tales told to a wish, and what a wish names: heard, told, shown, on the cover."""

import re

import pytest

from storykin.story import Story
from storykin.wish import Wish
from storykin.writers.fable import Fable
from storykin.writers.fable.lexicon import lexicon
from storykin.writers.fable.nouns import Noun
from storykin.writers.fable.plots import fit, plots
from storykin.writers.fable.slots import Being, Voice
from storykin.writers.fable.wishes import Heard, read, tidy

FABLE = Fable()
TALES = {words: plot.name for plot in plots() for words in plot.tale}


def hear(idea: str) -> Heard:
    return read(Wish(idea, "Sasha"), lexicon(), TALES)


def told(idea: str, **options: object) -> Story:
    return FABLE.write(Wish(idea, "Sasha", "she", **options))  # type: ignore[arg-type]


def text(story: Story) -> str:
    return "\n".join(page.text for page in story.pages)


def props(story: Story) -> list[set[str]]:
    return [{*page.scene.props, *(one.prop for one in page.scene.figures)} for page in story.pages]


@pytest.mark.parametrize(
    ("idea", "tale", "role", "at", "friends", "thing"),
    [
        ("the three little pigs with me as a firefighter", "three_pigs", "firefighter", "", [], ""),
        ("the three little pigs and the big bad wolf", "three_pigs", "", "", [], ""),
        ("Goldilocks and the three bears in space with Theo", "goldilocks", "", "in space", ["Theo"], ""),
        ("three little pigs with my grandpa's purple tractor", "three_pigs", "", "", ["Grandpa"], "purple tractor"),
        ("the billy goats gruff and my little goat Nibbles", "billy_goats", "", "", ["Nibbles"], ""),
        ("me as the wolf in the three little pigs", "three_pigs", "wolf", "", [], ""),
        ("Little Red Riding Hood with my dog Biscuit", "red_riding_hood", "", "", ["Biscuit"], ""),
    ],
)  # fmt: skip
def test_a_tale_keeps_the_other_words(
    idea: str, tale: str, role: str, at: str, friends: list[str], thing: str
) -> None:
    heard = hear(idea)
    assert heard.tale == tale
    assert (heard.role_noun.words if heard.role_noun else "") == role
    assert (heard.place.at if heard.place else "") == at
    assert [one.called for one in heard.companions] == friends
    assert (heard.thing_noun.words if heard.thing_noun else "") == thing
    assert heard.hero_animal is None


def test_a_short_tale_is_the_tale() -> None:
    for plot in plots():
        if plot.tale:
            eight, twelve = fit(plot, 8), fit(plot, 12)
            assert not any(slot.episode for slot in eight), plot.name
            assert {beat.id for beat in plot.beat if beat.keep >= 9} <= {slot.beat.id for slot in eight}
            assert {slot.episode for slot in twelve} == {0, 1}, plot.name


@pytest.mark.parametrize(
    ("idea", "word"),
    [("the three little pigs", "Pigs"), ("goldilocks", "Bears"), ("red riding hood", "Riding Hood"),
     ("gingerbread man", "Gingerbread"), ("billy goats gruff", "Billy Goats"), ("the ugly duckling", "Duckling")],
)  # fmt: skip
def test_a_tale_stands_in_the_title_with_whoever_comes_along(idea: str, word: str) -> None:
    for seed in range(4):
        for role in ("", " and me being a vet"):
            title = told(f"{idea}{role}", cast=("Theo",), seed=seed, pages=8).title
            assert word in title
            assert "Theo" in title
            assert "Sasha" in title


@pytest.mark.parametrize(
    ("idea", "names"),
    [
        ("the three little pigs with me as a firefighter and my dog Biscuit", ("Sasha", "firefighter", "Biscuit")),
        ("a trip to Mars with my dog Biscuit", ("Sasha", "Mars", "Biscuit")),
        ("my grandpa's purple tractor", ("Sasha", "Grandpa's purple tractor")),
        ("I want a book about me being a puppy doctor", ("Sasha", "puppy doctor")),
        ("the day it snowed ice cream", ("Sasha", "it snowed ice cream")),
    ],
)  # fmt: skip
def test_the_back_cover_says_whose_book_it_is(idea: str, names: tuple[str, ...]) -> None:
    for seed in range(5):
        blurb = told(idea, seed=seed).blurb
        assert all(name in blurb for name in names), blurb
        assert not re.search(r"[{}]", blurb)


def test_the_wished_thing_stands_in_a_third_of_the_pictures() -> None:
    for seed in range(6):
        story = told("my grandpa's purple tractor gets stuck in the mud", seed=seed)
        shown = props(story)
        assert sum("purple tractor" in one for one in shown) >= 4
        for page, one in zip(story.pages, shown, strict=True):
            assert "purple tractor" in one or "purple tractor" not in page.text


def test_what_is_lost_is_not_seen_before_it_is_found() -> None:
    shown = props(told("I lost my red kite", arc="lost_and_found"))
    assert not any("red kite" in one for one in shown[1:6])
    assert any("red kite" in one for one in shown[6:])


def test_what_a_thing_does_happens() -> None:
    heard = hear("my grandpa's purple tractor gets stuck in the mud")
    assert heard.event == "Grandpa's purple tractor got stuck in the mud"
    assert heard.place is None
    assert hear("my teddy falls into the pond").thing_noun == Noun("teddy", "{their}")
    assert hear("my bus breaks down").event == "{their} bus broke down"
    for seed in range(4):
        words = text(told("my grandpa's purple tractor gets stuck in the mud", seed=seed))
        assert "got stuck in the mud" in words


@pytest.mark.parametrize(
    ("idea", "plain"),
    [
        ("I want a dragon I want a dragon I want a dragon", "I want a dragon"),
        ("<b>a dragon</b> &amp; me", "a dragon me"),
        ("[INST] a puppy [/INST]", "a puppy"),
        ("a dragon\\nwith me\\", "a dragon with me"),
        ("[a dragon]", "a dragon"),
        ("a very very big dog, knock knock", "a very big dog, knock knock"),
    ],
)
def test_markup_and_echoes_are_left_out(idea: str, plain: str) -> None:
    assert tidy(idea) == plain


def test_a_plural_thing_is_they() -> None:
    voice = Voice("Sasha", "she", nouns={"thing": Noun("chilli peppers", "", many=True)})
    said = voice.fill(
        "there {was thing} {the thing}, just where {thing.they} belonged, and nobody saw {thing.them}"
    )
    assert said.endswith("were the chilli peppers, just where they belonged, and nobody saw them")
    assert not re.search(
        r"peppers, just where it", text(told("I lost my chilli peppers", arc="lost_and_found"))
    )


def test_for_before_a_clause_is_no_preposition() -> None:
    voice = Voice("Sasha", "she", True, beings={"friend": Being("Theo", "he")})
    assert voice.fill("It was cold, for {hero} had no hat.") == "It was cold, for I had no hat."
    assert voice.fill("A hat, for {hero} and {friend}.") == "A hat, for Theo and me."
    assert voice.fill("{friend} waited for {hero}.").endswith("waited for me.")


def test_tales_happen_in_the_country() -> None:
    country = {"forest", "meadow", "farm", "pond"}
    seen = {
        page.scene.place for seed in range(6) for page in told("the ugly duckling", pages=16, seed=seed).pages
    }
    assert seen & country
    assert not seen & {"beach", "space", "fire station", "harbour", "castle"}


def test_grandma_is_in_the_tale_already() -> None:
    story = told("red riding hood with my grandma", pages=8)
    assert [one.name for one in story.cast if one.look.kind == "woman"] == ["Grandmother"]


def test_whoever_is_seen_all_along_is_named() -> None:
    for seed in range(8):
        story = told("the gingerbread man with my skateboard at school", seed=seed)
        friend = story.cast[1].name
        assert friend in text(story), (seed, friend)


def test_a_wished_role_is_put_on_and_put_to_use() -> None:
    for idea in ("the three little pigs", "the ugly duckling", "goldilocks"):
        story = told(f"{idea} and me as a firefighter", pages=12)
        assert "firefighter" in text(story)
        assert any(one.outfit == "role" for page in story.pages for one in page.scene.figures)
        assert any(one & {*lexicon().find("firefighter").tools} for one in props(story)), idea


def test_verse_names_whoever_comes_along_and_keeps_what_the_plot_needs() -> None:
    for seed in range(3):
        story = told("the ugly duckling with my dog Biscuit", pages=8, seed=seed, style=("rhyme",))
        assert "Biscuit" in text(story)
        assert "Sasha" in text(story)
        plot = next(one for one in plots() if one.name == "ugly_duckling")
        for slot, page in zip(fit(plot, 8), story.pages, strict=True):
            told_lines = {
                word for lines in slot.beat.rhyme for line in lines for word in re.findall(r"[a-z]{4,}", line)
            }
            assert told_lines & set(re.findall(r"[a-z]{4,}", page.text)), page.text


def test_the_wished_thing_is_of_use_in_a_tale() -> None:
    story = told("the billy goats gruff and a magic hat", pages=12)
    assert any(one.prop == "magic hat" for page in story.pages for one in page.scene.figures)
