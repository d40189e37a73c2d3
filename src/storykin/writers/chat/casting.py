"""Writers, chat: who is in an outline becomes somebody with looks. Looks that are known are never changed."""

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from storykin.character import GROWN_UPS, PEOPLE, Character, Look, Outfit
from storykin.wish import Wish
from storykin.writers.chat.questions import Asking
from storykin.writers.drafting import Outline, Person
from storykin.writers.fable import looks

MOST_OTHERS, MOST_NAMELESS = 2, 8
"""People with names, and without ("the farmer"), that a model may think up."""


def cast_of(
    asking: Asking, outline: Outline, there: Sequence[Character] = (), added: Sequence[str] = ()
) -> tuple[Character, ...]:
    """Everybody in the story: who is known as they are, the others with looks of their own, the same for the same wish. Those who were there stay; whom the child `added` comes first."""
    wish = asking.wish
    told = {one.name: one for one in reversed(outline.people)}
    wished = (wish.hero, *wish.cast)
    said = " ".join((wish.idea, *wish.sparks, *added)).casefold()
    new = [one.name for one in outline.people if one.name and one.name not in wished and len(one.name) <= 40]
    named = sorted(
        (name for name in dict.fromkeys(new) if not name[0].islower()),
        key=lambda name: name.casefold() not in said,
    )
    asked_for = sum(name.casefold() in said for name in named)
    nameless = [name for name in dict.fromkeys(new) if name[0].islower()]
    other = named[: max(MOST_OTHERS, asked_for)] + nameless[:MOST_NAMELESS]
    rng = random.Random(f"{wish.seed}|{wish.idea}|{wish.hero}")
    cast: list[Character] = []
    for name in dict.fromkeys((*wished, *(one.name for one in there), *other)):
        known = next((one for one in (*there, *asking.settled) if one.name == name), None)
        person = told.get(name, Person(name))
        cast.append(_dressed(known, person) if known else _made(person, wish, rng))
    return tuple(cast)


def as_known(cast: Sequence[Character], settled: Sequence[Character]) -> tuple[Character, ...]:
    """The cast of a draft as everybody is known today, who may have learned or changed clothes since; with the story's costume."""
    known = {one.name: one for one in settled}
    return tuple(
        _dressed(known[one.name], Person(one.name, costume=one.outfit("costume").words)) if one.name in known and any(outfit.name == "costume" for outfit in one.outfits)
        else known.get(one.name, one)
        for one in cast
    )  # fmt: skip


def spelt(outline: Outline, names: Sequence[str]) -> Outline:
    """The outline with names as the wish spells them: "nora " is Nora, and stands there once."""
    right = {name.strip().casefold(): name for name in reversed(names)}

    def name_of(said: str) -> str:
        return right.setdefault(said.strip().casefold(), said.strip())

    people = {name_of(one.name): replace(one, name=name_of(one.name)) for one in reversed(outline.people)}
    beats = tuple(replace(one, who=tuple(dict.fromkeys(map(name_of, one.who)))) for one in outline.beats)
    return replace(outline, people=tuple(reversed(people.values())), beats=beats)


GROWN_WORDS: dict[str, str] = {
    **dict.fromkeys(("mother", "mum", "mom", "mama", "grandmother", "grandma", "granny", "nana", "aunt", "auntie", "lady", "queen", "witch", "sister"), "woman"),
    **dict.fromkeys(("father", "dad", "papa", "grandfather", "grandpa", "grandad", "uncle", "gentleman", "king", "wizard"), "man"),
    **dict.fromkeys(
        ("teacher", "doctor", "nurse", "vet", "baker", "farmer", "pirate", "captain", "sailor", "astronaut", "knight", "fireman", "firefighter", "policeman", "postman", "human", "person", "parent",
         "grandparent", "neighbour", "neighbor", "shopkeeper", "driver", "chef", "cook", "clown", "people"), "adult"),
    **dict.fromkeys(("princess", "daughter", "granddaughter"), "girl"), **dict.fromkeys(("prince", "son", "grandson", "brother"), "boy"), **dict.fromkeys(("kid", "toddler", "pupil"), "child"),
}  # fmt: skip
"""Words for people that models use where a kind is wanted."""
OLD = re.compile(r"\b(?:old|elderly|grand\w+|granny|nana)\b")
OLDEST = 110


def kind_of(said: str) -> str:
    """A kind as a `Look` has it, from a word or two: "little girl" is a girl, "Grandfather" a man, "a small hedgehog." a hedgehog; "" where nothing is said."""
    words = re.findall(r"[^\W\d_]+", said.lower())
    people = [
        word if word in PEOPLE else GROWN_WORDS[word]
        for word in words
        if word in PEOPLE or word in GROWN_WORDS
    ]
    return people[-1] if people else words[-1] if words else ""


def _made(person: Person, wish: Wish, rng: random.Random) -> Character:
    """Somebody whose looks nobody knows yet."""
    kind, age = kind_of(person.kind), min(max(person.age, 0), OLDEST)
    is_hero = person.name == wish.hero
    if kind and kind not in PEOPLE:
        look: Look = looks.creature(kind, 0, person.coat)
        outfits: tuple[Outfit, ...] = (looks.scarf(rng),) if is_hero else ()
    elif kind in GROWN_UPS or age >= 16:
        they = {"woman": "she", "man": "he"}.get(kind, "they")
        look = looks.adult(max(age, 16) if age else 70 if OLD.search(person.kind.lower()) else 40, they, rng)
        outfits = (looks.everyday(look, rng),)
    else:
        they = wish.pronouns if is_hero else {"girl": "she", "boy": "he"}.get(kind, "they")
        look = looks.child(wish.reader_age if is_hero or not age else age, they, rng)
        outfits = (looks.everyday(look, rng),)
    return _dressed(Character(person.name, look, outfits, person.part), person)


def _dressed(one: Character, person: Person) -> Character:
    """With this story's costume beside what is owned; that of another story stays there."""
    costume = person.costume.strip()
    if not costume or costume.lower() in {"none", "everyday", "everyday clothes"} or not one.look.is_person:
        return one
    owned = tuple(outfit for outfit in one.outfits if outfit.name != "costume")
    return replace(one, outfits=(*owned, Outfit("costume", costume)))
