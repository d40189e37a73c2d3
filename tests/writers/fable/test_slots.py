"""Filling slots: persons, agreement, capitals, cases."""

import pytest

from storykin.errors import BadFile
from storykin.writers.fable.lexicon import Case
from storykin.writers.fable.nouns import Noun
from storykin.writers.fable.slots import Being, Voice, unknown_slots

CASE = Case(
    "puppy", "dog", "Button", "he", "held up {case.their} paw", "Ow!", "wrapped it", "bandage", "{the case.prop} came loose", "sang", "spoon",
    "nobody listened", "found the thorn", "lamp", "ran to {hero.them}",
)  # fmt: skip


def voice(first_person: bool = False, pronouns: str = "she") -> Voice:
    return Voice(
        "Sasha", pronouns, first_person,
        nouns={"tool": Noun.of("stethoscope"), "sight": Noun.of("big scales"), "thing": Noun("purple tractor", "Grandpa's"),
               "place": Noun.of("clinic"), "tooth": Noun("wobbly tooth", "{their}")},
        phrases={"at place": "at the clinic", "goal": "ride {their} bike"},
        beings={"friend": Being("Biscuit", "it", "Biscuit the dog"), "wolf": Being("the wolf", "he")}, main=CASE,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("template", "third", "first"),
    [
        ("{they} {was} late.", "She was late.", "I was late."),
        ("{hero} and {friend} ran.", "Sasha and Biscuit the dog ran.", "Biscuit the dog and I ran."),
        ("It was for {hero} and {friend}.", "It was for Sasha and Biscuit the dog.", "It was for Biscuit the dog and me."),
        ("The wolf saw {hero.them}.", "The wolf saw Sasha.", "The wolf saw me."),
        ("{hero's} hat.", "Sasha's hat.", "My hat."),
        ("{hero} took {hero's} hat. {hero's} hat!", "Sasha took her hat. Sasha's hat!", "I took my hat. My hat!"),
        ("Backwards they went.", "Backwards they went.", "Backwards we went."),
        ('"It grows." {they} read it.', '"It grows." She read it.', '"It grows." I read it.'),
        ('"A gong?" {they} agreed that it was.', '"A gong?" She agreed that it was.', '"A gong?" I agreed that it was.'),
        ("All there: {friend}, {the thing}, {hero}.", "All there: Biscuit the dog, Grandpa's purple tractor, Sasha.",
         "All there: Biscuit the dog, Grandpa's purple tractor, me."),
        ("\"Stop!\" {they} said. {they} ran.", '"Stop!" she said. She ran.', '"Stop!" I said. I ran.'),
        ("He said, \"{the wolf} is here.\"", 'He said, "The wolf is here."', 'He said, "The wolf is here."'),
        ("{my tool} and {the thing}", "Her stethoscope and Grandpa's purple tractor", "My stethoscope and Grandpa's purple tractor"),
        ("I will {goal} with {the tooth}.", "I will ride her bike with her wobbly tooth.", "I will ride my bike with my wobbly tooth."),
        ("\"I see {the tooth}!\" \"Take {the tooth}.\"", '"I see my wobbly tooth!" "Take the wobbly tooth."',
         '"I see my wobbly tooth!" "Take the wobbly tooth."'),
        ("{friend} held {hero}, {hero} held on.", "Biscuit the dog held Sasha, Sasha held on.", "Biscuit the dog held me, I held on."),
        ("It was {hero's}.", "It was Sasha's.", "It was mine."),
        ("There was {a sight}.", "There were big scales.", "There were big scales."),
        ("{friend.their} nose", "Its nose", "Its nose"),
        ("Then {we} sat.", "Then they sat.", "Then we sat."),
        ("So {at place} {they} slept.", "So at the clinic she slept.", "So at the clinic I slept."),
    ],
)  # fmt: skip
def test_fill(template: str, third: str, first: str) -> None:
    assert voice().fill(template) == third
    assert voice(True).fill(template) == first


def test_they_takes_were_and_a_name_takes_was() -> None:
    robin = voice(pronouns="they")
    assert robin.fill("{they} {was} glad. {hero} {was} glad.") == "They were glad. Sasha was glad."


@pytest.mark.parametrize(
    ("template", "wanted"),
    [
        (
            'Off they went. "They will see," said {friend}.',
            'Off we went. "They will see," said Biscuit the dog.',
        ),
        ("{hero} and {friend} ran until their ears rang.", "Biscuit the dog and I ran until our ears rang."),
        ("The boots were old. They squeaked.", "The boots were old. They squeaked."),
        ("Everybody held their breath.", "Everybody held their breath."),
        ("The two of them sat with {wolf}. They sat.", "The two of us sat with the wolf. They sat."),
    ],
)
def test_they_becomes_we_where_it_can_only_mean_us(template: str, wanted: str) -> None:
    assert voice(True).fill(template) == wanted


def test_a_friend_is_introduced_once() -> None:
    speaking = voice()
    assert speaking.fill("{friend} ran. {friend} sat.") == "Biscuit the dog ran. Biscuit sat."
    assert speaking.fill("{friend} slept.") == "Biscuit slept."


def test_case_slots_are_filled_within_themselves() -> None:
    filled = voice().fill(
        "{a case.client} called {case.name} {case.trouble}, but {case.fail}. {case.fail}! {case.they} {case.happy}.",
        CASE,
    )
    assert filled == (
        "A puppy called Button held up his paw, but the bandage came loose. The bandage came loose! He ran to Sasha."
    )


@pytest.mark.parametrize("template", ["{hero.knee}", "{nobody}", "{case.shoe}", "{at thing}", "{}"])
def test_unknown_slots_are_refused(template: str) -> None:
    with pytest.raises(BadFile):
        voice().fill(template, CASE)


def test_the_checker_finds_them_without_filling() -> None:
    known = {"hero": "", "friend": "", "tool": ""}
    assert unknown_slots("{hero} {a tool} {friend.they} {case.fix}", known, True) == []
    assert unknown_slots("{case.fix}", known, False)
    assert unknown_slots("{heroo} {the}", known, True)
    assert unknown_slots("{hero", known, True)
