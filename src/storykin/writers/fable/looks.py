"""Writers, fable: looks and clothes for those who have none yet. Looks that are known are never changed."""

import random
from dataclasses import replace

from storykin.character import CREATURE_HEIGHT, Character, Look, Outfit

CHILDREN = {"she": "girl", "he": "boy"}
GROWN_UPS = {"she": "woman", "he": "man"}
COLOURING = (
    ("fair", "blond", "blue"), ("fair", "ginger", "green"), ("light", "light brown", "grey"), ("light", "brown", "brown"),
    ("rosy", "honey", "blue"), ("medium", "dark brown", "brown"), ("medium", "black", "dark brown"),
    ("light brown skin", "black", "brown"), ("warm brown", "dark brown", "brown"), ("brown skin", "black", "dark brown"),
    ("dark", "black", "dark brown"), ("deep", "black", "dark brown"),
)  # fmt: skip
HAIR = {
    "she": ("two plaits", "ponytail", "bob", "long wavy", "curly", "bun", "pigtails"),
    "he": ("short", "tousled", "curly", "bowl cut", "spiky", "short curls"),
    "they": ("bob", "curly", "tousled", "short", "long wavy", "ponytail"),
}
EXTRAS = ((), (), (), ("freckles",), ("a gap between the front teeth",), ("freckles",))
CLOTHES = (
    ("a red and white striped jumper and blue dungarees", ("red", "blue")),
    ("a yellow T-shirt and green shorts", ("yellow", "green")),
    ("a blue hoodie and orange trousers", ("blue", "orange")),
    ("a green jumper with a star and brown trousers", ("green", "brown")),
    ("a purple T-shirt and blue jeans", ("purple", "blue")),
    ("a turquoise jumper and red trousers", ("turquoise", "red")),
    ("an orange T-shirt with a sun and dark blue shorts", ("orange", "dark blue")),
    ("a pink jumper and grey dungarees", ("pink", "grey")),
)
GROWN = (
    ("a green cardigan and brown trousers", ("green", "brown")),
    ("a blue checked shirt and dark blue jeans", ("blue", "dark blue")),
    ("a mustard jumper and grey trousers", ("amber", "grey")),
    ("a red shirt and dark grey trousers", ("red", "dark grey")),
)
COATS = ("cream", "black with white spots", "ginger", "white with brown spots", "grey", "light brown")
"""Colours by which several animals of one kind are told apart."""
NIGHT = (
    ("blue pyjamas with yellow moons", ("light blue", "yellow")),
    ("green pyjamas with white clouds", ("light green", "white")),
    ("red and white striped pyjamas", ("red", "white")),
    ("lilac pyjamas with silver stars", ("lilac", "silver")),
)


def child(age: int, pronouns: str, rng: random.Random, like: Look | None = None) -> Look:
    """A child's look; `like` lends its colours to a relative."""
    skin, hair, eyes = (
        (like.skin, like.hair_colour, like.eyes) if like and like.skin else rng.choice(COLOURING)
    )
    bare = Look(CHILDREN.get(pronouns, "child"), age)
    styles = HAIR.get(pronouns, HAIR["they"])
    return replace(
        bare, height=bare.standing_height, skin=skin, hair_colour=hair, hair_style=rng.choice(styles), eyes=eyes,
        extras=rng.choice(EXTRAS),
    )  # fmt: skip


def with_hair(words: str) -> Look | None:
    """Skin and eyes that often go with hair of that colour, where it is told and they are not: "long red hair"; None where any do."""
    told = {"red": "ginger", "auburn": "ginger", "blonde": "blond", "golden": "blond", "fair": "blond"}
    hair = {told.get(word, word) for word in words.lower().replace("-", " ").split()}
    found = [
        Look(skin=skin, hair_colour=colour, eyes=eyes)
        for skin, colour, eyes in COLOURING
        if colour in hair & {"ginger", "blond"}
    ]
    return found[0] if found else None


def adult(age: int, pronouns: str, rng: random.Random, like: Look | None = None) -> Look:
    """A grown-up's look; from sixty on the hair is grey or white."""
    skin, hair, eyes = (
        (like.skin, like.hair_colour, like.eyes) if like and like.skin else rng.choice(COLOURING)
    )
    old = age >= 60
    style = {"she": ("bun", "bob", "short curls"), "he": ("short", "bald on top"), "they": ("short", "bob")}[
        pronouns if pronouns in ("she", "he") else "they"
    ]
    height = {"she": 166, "he": 178}.get(pronouns, 171) - (4 if old else 0)
    return Look(
        GROWN_UPS.get(pronouns, "adult"), age, height, skin, rng.choice(("white", "grey")) if old else hair, rng.choice(style), eyes,
        glasses=rng.choice(("", "round glasses")) if old else "",
    )  # fmt: skip


def everyday(look: Look, rng: random.Random) -> Outfit:
    """Plain clothes for a child or a grown-up."""
    words, palette = rng.choice(GROWN if look.is_grown_up else CLOTHES)
    return Outfit("everyday", words, palette)


def scarf(rng: random.Random) -> Outfit:
    """What an animal hero wears every day, so that it is known again."""
    colour = rng.choice(("red", "yellow", "turquoise", "green"))
    return Outfit("everyday", f"a {colour} scarf", (colour,))


def pyjamas(rng: random.Random) -> Outfit:
    """Something to sleep in."""
    words, palette = rng.choice(NIGHT)
    return Outfit("pyjamas", words, palette)


def dressed(one: Character, outfits: tuple[Outfit, ...]) -> Character:
    """The character with those outfits added that he does not have yet; what he has stays as it is."""
    owned = {outfit.name for outfit in one.outfits}
    return replace(one, outfits=one.outfits + tuple(outfit for outfit in outfits if outfit.name not in owned))


def creature(kind: str, height: int, colour: str = "") -> Look:
    """An animal's or creature's look in picture-book size: a mouse that can be seen, a whale that fits.

    Small ones grow, large ones shrink towards a child's 110 cm; people keep their true heights.
    """
    true = height or CREATURE_HEIGHT
    shown = 110 * (true / 110) ** (0.6 if true < 110 else 0.85)
    return Look(kind, height=round(min(210, max(28, shown))), skin=colour)
