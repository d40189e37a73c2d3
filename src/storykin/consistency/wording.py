"""Consistency: looks, clothes and things in English words, for prompts and alt texts alike."""

import re
from collections.abc import Callable, Sequence

from storykin.character import Character, Look
from storykin.colours import colour_word

MASS = {
    "bread", "butter", "chalk", "clay", "cloth", "corn", "dirt", "dough", "dust", "flour", "food", "fruit",
    "fur", "glue", "gold", "grass", "hay", "honey", "ice", "jam", "juice", "lava", "lemonade", "lightning",
    "milk", "money", "moss", "mud", "paint", "paper", "popcorn", "porridge", "rain", "rice", "salt", "sand",
    "slime", "smoke", "snow", "soap", "soup", "steam", "straw", "string", "sugar", "tea", "thread", "toast",
    "treasure", "water", "wheat", "wood", "wool",
}  # fmt: skip
"""Nouns that take no article."""
PLURALS = {
    "child": "children", "man": "men", "woman": "women", "person": "people", "mouse": "mice", "wolf": "wolves", "elf": "elves",
    "calf": "calves", "goose": "geese", "sheep": "sheep", "deer": "deer", "fish": "fish", "ox": "oxen",
}  # fmt: skip
SHAPES = {
    "bun", "buns", "ponytail", "ponytails", "pigtails", "bunches", "braid", "braids", "plait", "plaits", "bob", "afro", "mohawk", "curls",
    "ringlets", "dreadlocks", "locks", "cornrows", "waves", "topknot", "quiff", "fringe",
}  # fmt: skip
"""What hair is worn in."""
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def described(look: Look, hair: Callable[[Look], str] | None = None) -> str:
    """The fixed traits of a look as a noun phrase: "a 6-year-old girl with short red hair and freckles"; `hair` words the hair."""
    noun, traits = noun_and_traits(look, hair or _styled_hair)
    return with_article(noun) + (f" with {listed(traits)}" if traits else "")


def hair_of(look: Look) -> str:
    """The hair of a person: "short curly red hair", "grey hair in a bun"; "" where nothing is said of it."""
    style, colour = look.hair_style.strip(), bare(look.hair_colour, "hair")
    if not style and not colour:
        return ""
    if style == "bald":
        return "a bald head"
    *how, last = style.split() or [""]
    if last in SHAPES:
        shape = " ".join([*how, last])
        return f"{colour} hair in {shape if last.endswith('s') else with_article(shape)}".strip()
    return _styled_hair(look)


def noun_and_traits(look: Look, hair: Callable[[Look], str] = hair_of) -> tuple[str, list[str]]:
    """A look as a noun without its article and the fixed traits: "6-year-old girl", "short red hair", "freckles"."""
    traits = []
    if look.is_person:
        noun = f"{look.age}-year-old {look.kind}" if not look.is_grown_up else _grown_up(look)
        noun = f"{look.build} {noun}".strip()
        if look.skin:
            traits.append(f"{bare(look.skin, 'skin')} skin")
        if look.hair_style or look.hair_colour:
            traits.append(hair(look))
    else:
        coat = colour_word(look.skin, "coat")
        noun = f"{coat} {look.kind}".strip() if " with " not in coat else f"{look.kind}, {coat},"
        if look.hair_colour:
            traits.append(f"{colour_word(look.hair_colour, 'coat')} markings")
    if look.eyes:
        traits.append(f"{colour_word(look.eyes, 'eyes')} eyes")
    if look.glasses:
        traits.append(look.glasses if "glasses" in look.glasses else f"{look.glasses} glasses")
    return noun, [colour_word(trait) for trait in (*traits, *look.extras)]


def noun_of(look: Look) -> str:
    """What somebody is in one noun, as captions say it: "girl", "person", "dog"."""
    return "person" if look.kind == "adult" else look.kind


def worn(who: Character, outfit: str) -> str:
    """The clothes in words: "wearing a white coat"; empty for creatures without outfits."""
    if not who.outfits and not who.look.is_person:
        return ""
    return f"wearing {colour_word(who.outfit(outfit).words, 'clothes')}"


def with_article(noun: str) -> str:
    """The noun with a, an or nothing: names, plurals and phrases that bring their own stay as they are."""
    noun = colour_word(noun)
    first = noun.split(" ", maxsplit=1)[0].lower()
    own = ("a", "an", "the", "some", "my", "your", "his", "her", "their", "two", "three", "many")
    if not noun or first in own or noun[0].isupper() or "'s " in noun or "’s " in noun:
        return noun
    if noun.endswith("s") and not noun.endswith(("ss", "us")):
        return noun
    return f"{'an' if first[0] in 'aeiou8' and not first.startswith(('uni', 'use', 'one')) else 'a'} {noun}"


def thing(noun: str) -> str:
    """The noun as `with_article` gives it, but "jam" and "red dust" without any, and "a house of bricks"."""
    head, of, rest = colour_word(noun).partition(" of ")
    return f"{head if MASS & set(head.lower().split()[-1:]) else with_article(head)}{of}{rest}"


def listed(items: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def plural(noun: str) -> str:
    """ "girls", "mice", "foxes"."""
    head, last = noun.rpartition(" ")[::2]
    if last in PLURALS:
        many = PLURALS[last]
    elif re.search(r"(s|x|z|ch|sh)$", last):
        many = f"{last}es"
    elif re.search(r"[^aeiou]y$", last):
        many = f"{last[:-1]}ies"
    else:
        many = f"{last}s"
    return f"{head} {many}".strip()


def counted(nouns: Sequence[str], one: str = "") -> list[str]:
    """Equal nouns together, in the order of their first: "two girls", "a dog". `one` stands in place of a single one's article."""
    said = []
    for noun in dict.fromkeys(nouns):
        many = nouns.count(noun)
        number = COUNTS[many] if many < len(COUNTS) else str(many)
        said.append(
            f"{number} {plural(noun)}" if many > 1 else f"{one} {noun}" if one else with_article(noun)
        )
    return said


def bare(said: str, of: str) -> str:
    """The colour's word without the noun that follows anyway: "light brown skin" is light brown."""
    return colour_word(said, of).removesuffix(of).strip()


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def _styled_hair(look: Look) -> str:
    """Style before colour whatever the style is: keys of painted pages and alt texts depend on every letter."""
    return f"{look.hair_style} {bare(look.hair_colour, 'hair')} hair".strip().replace("  ", " ")


def _grown_up(look: Look) -> str:
    return f"{'old ' if look.age >= 60 else ''}{look.kind}"
