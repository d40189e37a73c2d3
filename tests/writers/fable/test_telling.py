"""Whole stories: exact pages, wished things in words and pictures, scenes that match, tones, kept words."""

from dataclasses import replace
from itertools import pairwise

import pytest

from storykin.character import Character, Look, Outfit
from storykin.errors import BadInput
from storykin.scene import ACTIONS, EXPRESSIONS
from storykin.story import Story
from storykin.wish import Tone, Wish
from storykin.writers import reading, rhyme
from storykin.writers.fable import Fable
from storykin.writers.fable.plots import Plot

VET = Wish("I want a book about me being a puppy doctor", "Sasha", "she", seed=3)


def words_of(story: Story) -> str:
    return "\n".join(page.text for page in story.pages)


@pytest.mark.parametrize("pages", [4, 7, 12, 24, 48])
@pytest.mark.parametrize("style", [("prose",), ("rhyme",), ("funny", "first_person"), ("bedtime",)])
def test_every_length_and_tone(writer: Fable, pages: int, style: tuple[Tone, ...]) -> None:
    story = writer.write(replace(VET, pages=pages, style=style))
    assert [page.number for page in story.pages] == list(range(1, pages + 1))
    names = [one.name for one in story.cast]
    assert len(names) == len(set(names))
    for page in story.pages:
        assert page.text.strip()
        assert "{" not in page.text + str(page.scene)
        assert {figure.character for figure in page.scene.figures} <= set(names)
        assert all(
            figure.action in ACTIONS and figure.expression in EXPRESSIONS for figure in page.scene.figures
        )


def test_equal_wishes_give_equal_stories_and_seeds_differ(writer: Fable) -> None:
    assert writer.write(VET) == writer.write(VET)
    assert len({words_of(writer.write(replace(VET, seed=seed))) for seed in range(6)}) == 6


@pytest.mark.parametrize(
    ("idea", "named"),
    [
        ("my grandpa's purple tractor", "Grandpa's purple tractor"), ("a trip to Mars with my dog Biscuit", "Mars"),
        ("the day it snowed ice cream", "it snowed ice cream"), ("a trip to Lummerland", "Lummerland"), ("a zibblewock", "zibblewock"),
        ("snail trainer", "snail trainer"), ("my wobbly tooth", "wobbly tooth"), ("me and Oma in the garden", "Oma"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("age", [3, 5, 8])
def test_what_is_wished_is_named(writer: Fable, idea: str, named: str, age: int) -> None:
    story = writer.write(Wish(idea, "Sasha", "she", reader_age=age, seed=age))
    assert named.lower() in words_of(story).lower()


def test_a_wished_thing_stands_in_title_and_pictures(writer: Fable) -> None:
    for seed in range(4):
        story = writer.write(Wish("my grandpa's purple tractor", "Sasha", "she", seed=seed))
        assert "Purple Tractor" in story.title
        seen = [
            prop
            for page in story.pages
            for prop in (*page.scene.props, *(one.prop for one in page.scene.figures))
        ]
        assert "purple tractor" in seen
        assert any(figure.character == "Grandpa" for page in story.pages for figure in page.scene.figures)


def test_the_first_companion_matters_and_the_others_are_there(writer: Fable) -> None:
    story = writer.write(replace(VET, cast=("Theo", "Grandma", "Mia")))
    pages = [{figure.character for figure in page.scene.figures} for page in story.pages]
    assert sum("Theo" in names for names in pages) > len(pages) / 3
    assert {"Grandma", "Mia"} <= set.union(*pages)
    looks = {one.name: one.look for one in story.cast}
    assert (looks["Theo"].kind, looks["Grandma"].kind) == ("boy", "woman")
    assert "Grandma and Mia" in words_of(story)


def test_who_is_seen_is_told(errand: Plot, writer: Fable) -> None:
    story = Fable(writer.lexicon, (errand,)).write(VET)
    for page in story.pages:
        for figure in page.scene.figures:
            if figure.character not in ("Sasha", "the fox"):
                part = next(one.part for one in story.cast if one.name == figure.character)
                assert (
                    figure.character in page.text
                    or part.split()[-1] in page.text
                    or page.number in (1, 3, 5, 6, 8, 9)
                )


def test_clothes_change_only_where_the_plot_says(errand: Plot, writer: Fable) -> None:
    story = Fable(writer.lexicon, (errand,)).write(VET)
    worn = [
        figure.outfit for page in story.pages for figure in page.scene.figures if figure.character == "Sasha"
    ]
    changes = [worn[0], *(b for a, b in pairwise(worn) if a != b)]
    assert changes == ["", "role", "pyjamas"]


def test_known_looks_are_never_changed(writer: Fable) -> None:
    look = Look(
        "child", 6, 118, "deep", "black", "braids", "brown", "red glasses", extras=("a star on the cheek",)
    )
    known = Character("Sasha", look, (Outfit("everyday", "a red cape"),))
    hero = writer.write(VET, (known,)).cast[0]
    assert hero.look == look
    assert hero.outfit() == known.outfits[0]


@pytest.mark.parametrize(
    "keep", [("puppies go wuff wuff and then they is happy",), ('My dog said "no"!', "I  like\ttwo  spaces.")]
)
@pytest.mark.parametrize("style", [("prose",), ("rhyme",)])
def test_kept_words_stay_byte_for_byte(writer: Fable, keep: tuple[str, ...], style: tuple[Tone, ...]) -> None:
    text = words_of(writer.write(replace(VET, keep=keep, style=style)))
    assert all(words in text for words in keep)


def test_verses_rhyme_and_scan(writer: Fable) -> None:
    story = writer.write(replace(VET, style=("rhyme",), pages=16))
    couplets = [line for page in story.pages for line in page.text.split("\n")]
    pairs = list(zip(couplets[::2], couplets[1::2], strict=True))
    assert sum(rhyme.couplet(a, b).ok for a, b in pairs) >= 0.9 * len(pairs)


def test_first_person_says_i(writer: Fable) -> None:
    text = words_of(writer.write(replace(VET, style=("first_person",))))
    assert " I " in text
    assert "she was" not in text.split('"')[0]


def test_bedtime_ends_at_night(writer: Fable) -> None:
    story = writer.write(replace(VET, style=("bedtime",)))
    assert story.pages[-1].scene.time == "night"


@pytest.mark.parametrize(("age", "fewest", "most"), [(2, 3, 14), (5, 12, 34), (8, 25, 62)])
def test_words_per_page_suit_the_age(writer: Fable, age: int, fewest: int, most: int) -> None:
    for seed in range(3):
        story = writer.write(replace(VET, reader_age=age, seed=seed, pages=16))
        measured = reading.measure([page.text for page in story.pages], [one.name for one in story.cast])
        assert fewest <= measured.words_per_page <= most


@pytest.mark.parametrize(
    "wish",
    [
        replace(VET, pages=3), replace(VET, pages=10_000), replace(VET, reader_age=1), replace(VET, reader_age=10),
        replace(VET, hero="Sa{sha}"), replace(VET, hero="x" * 41), replace(VET, hero="a\nb"), replace(VET, arc="nonsense"),
        replace(VET, cast=("",)),
    ],
)  # fmt: skip
def test_what_no_book_can_be_made_of_is_refused(writer: Fable, wish: Wish) -> None:
    with pytest.raises(BadInput):
        writer.write(wish)


def test_names_may_be_anything_reasonable(writer: Fable) -> None:
    for name in ("Anna Lena", "Jörg", "O'Brien", "Zoë-Marie", "小明"):
        assert name in words_of(writer.write(replace(VET, hero=name)))
