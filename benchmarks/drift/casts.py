"""Drift benchmark: people, animals and clothes without end by seed, and wishes for them to star in."""

from random import Random

from storykin.character import Character, Look, Outfit
from storykin.wish import Wish

HAIR = ("black", "dark brown", "brown", "light brown", "auburn", "red", "ginger", "blond", "light blond", "white", "pink", "purple", "blue", "green")  # fmt: skip
SKINS = ("porcelain", "fair", "light", "medium", "olive", "tan", "light brown", "brown", "dark brown", "deep")
LONG = ("long", "long wavy", "long curly", "braids", "pigtails", "ponytail", "shoulder-length", "locs")
SHORT = (
    "short",
    "bob",
    "bun",
    "curly",
    "spiky",
    "messy",
    "bowl cut",
    "buzz cut",
    "afro",
    "space buns",
    "mohawk",
)
MENS = ("short", "bald", "buzz cut", "curly", "messy", "balding", "long")
GLASSES = ("", "", "", "", "round glasses", "red glasses", "square blue glasses", "sunglasses")
EXTRAS = ((), (), ("freckles",), ("a plaster on the cheek",), ("earrings",))
BEARDS = ((), ("a beard",), ("a moustache",))
ANIMALS: dict[str, tuple[str, ...]] = {
    "dog": ("brown", "white", "black", "golden"), "cat": ("orange", "grey", "black", "white"), "rabbit": ("white", "brown", "grey"),
    "bear": ("brown", "white"), "fox": ("orange", "red-brown"), "mouse": ("grey", "brown"), "elephant": ("grey", "pink", "light blue"),
    "dragon": ("green", "red", "purple"), "robot": ("grey", "red", "blue"), "penguin": ("black", "blue"), "frog": ("green", "yellow"),
    "pig": ("pink",), "lion": ("golden",), "duck": ("yellow", "white"), "dinosaur": ("green", "orange"), "monkey": ("brown",),
    "owl": ("brown", "white"), "squirrel": ("red-brown", "grey"), "horse": ("brown", "black", "white"), "hedgehog": ("brown",),
}  # fmt: skip
COLOURS = ("red", "blue", "yellow", "green", "orange", "purple", "pink", "white", "black", "brown", "grey", "light blue", "turquoise", "navy", "mustard", "mint", "burgundy")  # fmt: skip
CLOTHES = (
    "a {a} jumper and {b} trousers", "a {a} T-shirt and {b} shorts", "a {a} dress", "{a} dungarees and a {b} top", "a {a} striped top and {b} leggings",
    "a {a} hoodie and {b} jeans", "a {a} coat and {b} trousers", "a {a} dress with {b} dots", "a {a} cardigan, a {b} shirt and {c} trousers",
    "a {a} checked shirt and {b} jeans", "a {a} T-shirt and a {b} skirt", "a {a} raincoat and {b} wellies",
)  # fmt: skip
COSTUMES = (
    "a white doctor's coat over a {a} jumper", "a silver spacesuit", "a pirate coat and a pirate hat", "a superhero costume", "a {a} wizard robe and a wizard hat",
    "a knight's armour", "a yellow firefighter's jacket and a helmet", "a chef's jacket and a chef's hat", "{a} pyjamas with {b} stars", "a {a} swimsuit",
)  # fmt: skip
WISHES = (
    "I want a book about me being a puppy doctor", "a trip to Mars", "my grandpa's purple tractor", "the day it snowed ice cream", "{hero} is scared of the dark",
    "a dinosaur who can't sleep", "{hero} opens a bakery under the sea", "when I lost my teddy at the zoo", "a purple wizard who keeps sneezing",
    "{hero} and the pirate treasure", "the lost dragon egg", "a picnic in the forest", "{hero}'s first day at school", "the snowman who came to tea",
    "{hero} saves the circus", "a night in the castle", "a boat trip to the island of penguins", "the greatest football match", "a garden for the hedgehog",
    "the train that ran away",
)  # fmt: skip
GIRLS = ("Sasha", "Mia", "Ida", "Noor", "Lena", "Zoe", "Amal", "Kim", "Ella", "Ruby")
BOYS = ("Theo", "Ben", "Omar", "Jonas", "Ravi", "Tom", "Luis", "Finn", "Emil", "Kofi")
PETS = ("Biscuit", "Wilbur", "Pepper", "Momo", "Dot", "Bruno", "Cleo", "Pip")
ARTS = ("flat", "watercolour", "crayon", "cut-paper", "ink")


def look_of(dice: Random, kind: str) -> Look:
    """Somebody of that kind ("girl", "man", "animal" …), drawn by lot."""
    if kind == "animal":
        kind = dice.choice(list(ANIMALS))
        return Look(kind, skin=dice.choice(ANIMALS[kind]), height=dice.choice((0, 45, 60, 75, 90)))
    grown = kind in ("woman", "man")
    age = dice.randint(28, 75) if grown else dice.randint(3, 9)
    style = dice.choice(MENS if kind == "man" else SHORT if kind == "boy" or dice.random() < 0.4 else LONG)
    extras = dice.choice(EXTRAS) + (dice.choice(BEARDS) if kind == "man" else ())
    return Look(
        kind,
        age,
        skin=dice.choice(SKINS),
        hair_colour=dice.choice(HAIR[:10] if dice.random() < 0.8 else HAIR),
        hair_style=style,
        glasses=dice.choice(GLASSES),
        extras=extras,
    )


def outfit_of(dice: Random, name: str = "everyday") -> Outfit:
    """Clothes drawn by lot; every fourth is a costume."""
    words = dice.choice(COSTUMES if dice.random() < 0.25 else CLOTHES)
    a, b, c = dice.sample(COLOURS, 3)
    used = tuple(colour for mark, colour in (("{a}", a), ("{b}", b), ("{c}", c)) if mark in words)
    return Outfit(name, words.format(a=a, b=b, c=c), used)


def book_of(seed: int) -> tuple[Wish, tuple[Character, ...]]:
    """A wish for a book of 32 pages with two to four characters of one's own, and how these look."""
    dice = Random(f"drift {seed}")
    names = [dice.choice(pool) for pool in (GIRLS, BOYS)]
    kinds = ["girl", "boy"]
    if dice.random() < 0.5:
        names.reverse()
        kinds.reverse()
    names += [dice.choice(("Grandma", "Mum")), dice.choice(("Grandpa", "Dad")), dice.choice(PETS)]
    kinds += ["woman", "man", "animal"]
    others = dice.sample(range(1, 5), dice.randint(1, 3))
    cast = []
    for i in (0, *sorted(others)):
        outfits = (outfit_of(dice),) if kinds[i] != "animal" and dice.random() < 0.7 else ()
        cast.append(Character(names[i], look_of(dice, kinds[i]), outfits))
    idea = WISHES[seed % len(WISHES)].format(hero=names[0])
    wish = Wish(
        idea,
        hero=names[0],
        pronouns="she" if kinds[0] == "girl" else "he",
        cast=tuple(one.name for one in cast[1:]),
        pages=32,
        reader_age=dice.randint(3, 8),
        style=("rhyme",) if dice.random() < 0.35 else ("prose",),
        art=ARTS[seed % len(ARTS)],
        seed=seed,
    )
    return wish, tuple(cast)
