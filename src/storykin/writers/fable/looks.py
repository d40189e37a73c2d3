"""Writers, fable: looks and clothes for those who have none yet. Looks that are known are never changed."""

import random
from dataclasses import replace

from storykin.character import Character, Look, Outfit

HEIGHTS = {1: 76, 2: 87, 3: 96, 4: 103, 5: 110, 6: 116, 7: 122, 8: 128, 9: 133, 10: 139, 12: 151}

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
    styles = HAIR.get(pronouns, HAIR["they"])
    nearest = min(HEIGHTS, key=lambda known: abs(known - age))
    return Look(
        "child", age, HEIGHTS[nearest], skin, hair, rng.choice(styles), eyes, extras=rng.choice(EXTRAS)
    )


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
        "adult", age, height, skin, rng.choice(("white", "grey")) if old else hair, rng.choice(style), eyes,
        glasses=rng.choice(("", "round glasses")) if old else "",
    )  # fmt: skip


def everyday(look: Look, rng: random.Random) -> Outfit:
    """Plain clothes for a child or a grown-up."""
    words, palette = rng.choice(GROWN if look.kind == "adult" else CLOTHES)
    return Outfit("everyday", words, palette)


def pyjamas(rng: random.Random) -> Outfit:
    """Something to sleep in."""
    words, palette = rng.choice(NIGHT)
    return Outfit("pyjamas", words, palette)


def dressed(one: Character, outfits: tuple[Outfit, ...]) -> Character:
    """The character with those outfits added that he does not have yet; what he has stays as it is."""
    owned = {outfit.name for outfit in one.outfits}
    return replace(one, outfits=one.outfits + tuple(outfit for outfit in outfits if outfit.name not in owned))


def is_person(look: Look) -> bool:
    """Whether somebody wears people's clothes."""
    return look.kind in ("child", "adult")
