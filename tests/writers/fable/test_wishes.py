"""Reading wishes: who, what, where, with whom, with which thing; and what is refused."""

import pytest

from storykin.errors import BadInput, Unkind
from storykin.wish import Wish
from storykin.writers.fable import gentle
from storykin.writers.fable.lexicon import Lexicon
from storykin.writers.fable.wishes import Heard, goal_of, read, tidy

TALES = {"three little pigs": "pigs"}


def hear(known: Lexicon, idea: str, hero: str = "Sasha") -> Heard:
    return read(Wish(idea, hero), known, TALES)


@pytest.mark.parametrize(
    ("idea", "goal"),
    [
        ("I want a book about me being a puppy doctor", "be a puppy doctor"),
        ("a story where me and Theo fly to Mars with my dog Biscuit", "fly to Mars"),
        ("my grandpa's purple tractor", "drive Grandpa's purple tractor"),
        ("the day it snowed ice cream", "find out why it snowed ice cream"),
        ("Sasha is scared of the dark", "stop being afraid of the dark"),
        ("a dinosaur who can't sleep", "fall asleep"),
        ("why do cats purr?", "find out why cats purr"),
        ("why is the sky blue?", "find out why the sky is blue"),
        ("How does a plane fly?", "find out how a plane flies"),
        ("me and my sister opening a bakery under the sea", "open a bakery under the sea"),
        ("learn to ride a bike", "ride a bike"),
        ("my wobbly tooth", "lose {their} wobbly tooth"),
        ("when I lost my teddy at the zoo", "find {their} teddy"),
        ("a birthday party for a ghost", "give {friend} a birthday party"),
        ("I want to build a treehouse with my dad", "build a treehouse"),
        ("kill the dragon", "make friends with the dragon"),
        ("a trip to Lummerland", "go to Lummerland"),
        ("snail trainer", "be a snail trainer"),
    ],
)
def test_what_the_hero_wants(known: Lexicon, idea: str, goal: str) -> None:
    heard = hear(known, idea)
    assert goal_of(heard, heard.thing, heard.thing_noun) == goal


def test_a_role_keeps_the_childs_words_and_gets_what_belongs_to_it(known: Lexicon) -> None:
    heard = hear(known, "me being a puppy doctor")
    assert heard.role is not None
    assert heard.role_noun is not None
    assert (heard.role.name, heard.role_noun.words) == ("vet", "puppy doctor")
    assert "stethoscope" in heard.role.tools


def test_companions(known: Lexicon) -> None:
    one = hear(known, "me and Theo fly to Mars with my dog Biscuit")
    assert [(friend.called, friend.kind) for friend in one.companions] == [
        ("Theo", "child"),
        ("Biscuit", "dog"),
    ]
    grandpa = hear(known, "my grandpa's purple tractor").companions[0]
    assert (grandpa.called, grandpa.kind, grandpa.they) == ("Grandpa", "adult", "he")
    sister = hear(known, "me and my sister at the zoo").companions[0]
    assert (sister.called, sister.intro) == ("Sis", "{their} sister")


def test_an_animal_is_the_hero_when_nobody_else_is(known: Lexicon) -> None:
    wilbur = hear(known, "about Wilbur the whale", hero="Robin")
    assert wilbur.hero == "Wilbur"
    assert wilbur.hero_animal is not None
    assert wilbur.hero_animal.name == "whale"
    with_sasha = hear(known, "about Wilbur the whale")
    assert (with_sasha.hero, with_sasha.companions[0].called) == ("Sasha", "Wilbur")
    assert hear(known, "Sasha is scared of the dark", hero="Robin").hero == "Sasha"


def test_places(known: Lexicon) -> None:
    for idea, at in (
        ("a trip to Lummerland", "in Lummerland"), ("Grandma's kitchen", "in Grandma's kitchen"), ("me at the zoo", "at the zoo"),
        ("my sister opening a bakery under the sea", "at the bakery under the sea"),
    ):  # fmt: skip
        place = hear(known, idea).place
        assert place is not None, idea
        assert place.at == at


def test_special_wishes(known: Lexicon) -> None:
    assert hear(known, "the three little pigs but with me").tale == "pigs"
    assert hear(known, "the day it snowed ice cream").event == "it snowed ice cream"
    assert hear(known, "I am scared of thunder").fear == "thunder"
    assert hear(known, "when I lost my teddy").special == {"lost"}
    sad = hear(known, "my dog Rex died")
    assert sad.special == {"memory"}
    assert str(sad.thing_noun) == "{their} picture of Rex the dog"


def test_emoji_become_words() -> None:
    assert tidy("a 🦄 on a 🚀!") == "a unicorn on a rocket !"
    assert tidy('say "hi" {to} /the/ bear') == "say hi to the bear"
    assert len(tidy("A bear goes to school. " * 300)) <= 400


@pytest.mark.parametrize(
    "idea",
    ["", "   ", "!!!", "我想要一本关于猫的书", "Книга про кота", "Ein Buch über einen kleinen Drachen"],
)
def test_what_cannot_be_read_is_refused(known: Lexicon, idea: str) -> None:
    with pytest.raises(BadInput):
        hear(known, idea)


@pytest.mark.parametrize(
    "idea", ["how to murder somebody", "kill my teacher", "a naked lady", "Hitler the hero", "shit happens"]
)
def test_unkind_wishes_are_declined(known: Lexicon, idea: str) -> None:
    with pytest.raises(Unkind) as caught:
        hear(known, idea)
    assert caught.value.hint


def test_frightening_wishes_turn_gently() -> None:
    assert gentle.gentle("a scary monster with a gun") == "a shy monster with a water squirter"
    assert gentle.gentle("fighting the dragon") == "making friends with the dragon"
    for harmless in (
        "Moby Dick the whale",
        "a shooting star",
        "the peacock and the hen",
        "Essex",
        "my skills",
    ):
        gentle.refuse_unkind(harmless) if harmless != "Moby Dick the whale" else None
        assert gentle.gentle(harmless) == harmless
