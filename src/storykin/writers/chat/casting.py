"""Writers, chat: who is in an outline becomes somebody with looks. Looks that are known are never changed."""

import random
from collections.abc import Sequence

from storykin.character import GROWN_UPS, PEOPLE, Character, Look, Outfit
from storykin.wish import Wish
from storykin.writers.chat.questions import Asking
from storykin.writers.drafting import Outline, Person
from storykin.writers.fable import looks

MOST_OTHERS, MOST_NAMELESS = 2, 8
"""People with names, and without ("the farmer"), that a model may think up."""


def cast_of(asking: Asking, outline: Outline, there: Sequence[Character] = ()) -> tuple[Character, ...]:
    """Everybody in the story: who is known as they are, the others with looks of their own, the same for the same wish. Those who were there stay."""
    wish = asking.wish
    told = {one.name.strip(): one for one in outline.people}
    wished = (wish.hero, *wish.cast)
    new = [name for name in told if name and name not in wished and len(name) <= 40]
    other = [name for name in new if name[0].isupper()][:MOST_OTHERS] + [
        name for name in new if not name[0].isupper()
    ][:MOST_NAMELESS]
    rng = random.Random(f"{wish.seed}|{wish.idea}|{wish.hero}")
    cast: list[Character] = []
    for name in dict.fromkeys((*wished, *(one.name for one in there), *other)):
        known = next((one for one in (*there, *asking.settled) if one.name == name), None)
        person = told.get(name, Person(name))
        cast.append(_dressed(known, person) if known else _made(person, wish, rng, cast))
    return tuple(cast)


def _made(person: Person, wish: Wish, rng: random.Random, before: Sequence[Character]) -> Character:
    """Somebody whose looks nobody knows yet."""
    kind = person.kind.strip().lower()
    is_hero = person.name == wish.hero
    if kind and kind not in PEOPLE:
        look: Look = looks.creature(kind.split()[-1], 0, person.coat)
        outfits: tuple[Outfit, ...] = (looks.scarf(rng),) if is_hero else ()
    elif kind in GROWN_UPS or person.age >= 16:
        they = {"woman": "she", "man": "he"}.get(kind, "they")
        look = looks.adult(person.age or 40, they, rng)
        outfits = (looks.everyday(look, rng),)
    else:
        they = wish.pronouns if is_hero else {"girl": "she", "boy": "he"}.get(kind, "they")
        look = looks.child(wish.reader_age if is_hero or not person.age else person.age, they, rng)
        outfits = (looks.everyday(look, rng),)
    return _dressed(Character(person.name, look, outfits, person.part), person)


def _dressed(one: Character, person: Person) -> Character:
    """With the story's costume beside what is owned."""
    costume = person.costume.strip()
    if not costume or costume.lower() in {"none", "everyday", "everyday clothes"} or not one.look.is_person:
        return one
    return looks.dressed(one, (Outfit("costume", costume),))
