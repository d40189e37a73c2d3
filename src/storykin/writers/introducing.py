"""Crafts, writers: somebody whom a wish introduces before it says what happens: "Mia, 5, long red hair, yellow raincoat, finds a lost puppy".

Only what is understood to the last word is an introduction; every other wish stays as it is. What the words mean for a look is not known here.
"""

import re
from dataclasses import dataclass, replace

from storykin.wish import Pronouns, Wish
from storykin.writers.fable.vocabulary import HE, SHE
from storykin.writers.reading import is_familiar

KIN: dict[str, Pronouns] = {
    "daughter": "she", "granddaughter": "she", "niece": "she", "girl": "she", "sister": "she",
    "son": "he", "grandson": "he", "nephew": "he", "boy": "he", "brother": "he",
}  # fmt: skip
GARMENTS = (
    "raincoat|coat|jacket|dress|jumper|sweater|pullover|cardigan|hoodie|t-shirt|tee|shirt|top|blouse|trousers|jeans|leggings|shorts|skirt|dungarees|overalls|pyjamas|"
    "boots|wellies|shoes|trainers|sandals|hat|cap|beanie|scarf|cape|crown|costume|waistcoat|vest|tutu|swimsuit|apron|mittens|gloves|socks|rucksack|backpack"
)
HAIR = r"hair|curls|braids|plaits|pigtails|ponytail|bun|bob|afro|dreadlocks"
PARTS = rf"(?:{HAIR}|eyes|skin|freckles|glasses|gap tooth|gap teeth|hearing aid|plaster|dimples)"
AGE = re.compile(r"(?:is |aged? )?(\d{1,2})(?:[ -]?years?(?:[ -]?olds?)?| yrs?)?", re.I)
LOOK = re.compile(rf"(?:(?:has|have|with) )?((?:(?!and )[\w'-]+ ){{0,4}}?{PARTS}(?: (?:and|with) (?:[\w'-]+ ){{0,4}}?{PARTS})*)", re.I)  # fmt: skip
CLOTHES = re.compile(rf"(?:(?:wears|wearing|dressed in|in) )?((?:(?!and )[\w'-]+ ){{0,4}}?(?:{GARMENTS})(?: (?:and|with) (?:[\w'-]+ ){{0,4}}?(?:{GARMENTS}))*)", re.I)  # fmt: skip
START = re.compile(
    rf"(?:(?:[Mm]y|[Oo]ur|[Aa]|[Tt]he) (?:(?:little|big|small|young) )?(?P<kin>{'|'.join(KIN)}),? )?(?:(?:called|named) )?(?P<name>[A-Z][\w'’-]*)"
)
VERB = re.compile(r"(?:is|has|can|can't|cannot|won't|[a-z]{3,}s)\b")
BETWEEN = re.compile(r"(?:\s|[,;:()–-]|\b(?:who|and|with)\b)+")
BEFORE = re.compile(r"\s*(?:$|[,;:()–-]|(?:and |who )?(?:is|has|can|can't|cannot|won't|[a-z]{3,}s)\b|(?:and|with|who|wearing|in)\b)")  # fmt: skip
"""What may stand after a part of a description."""


@dataclass(frozen=True)
class Introduced:
    """Who a wish is about and what happens. `pronouns` are None and `age` is 0 where they are not told; `look` and `clothes` are the wish's own words, `idea` is the wish without them."""

    name: str
    pronouns: Pronouns | None
    age: int
    look: str
    clothes: str
    idea: str


def heard(wish: Wish) -> Wish:
    """The wish with the hero whom it introduces, where no other was named."""
    told, bare = introduced(wish.idea), Wish("")
    if told is None or wish.hero != bare.hero:
        return wish
    pronouns = told.pronouns if told.pronouns and wish.pronouns == bare.pronouns else wish.pronouns
    return replace(wish, hero=told.name, pronouns=pronouns)


def introduced(idea: str) -> Introduced | None:
    """The introduction of a wish; None where there is none, or where a word of it is not understood."""
    text = " ".join(idea.split())
    start = START.match(text)
    if start is None or (is_familiar(start["name"]) and start["name"] not in SHE | HE and not start["kin"]):
        return None
    age, looks, clothes = 0, [], []
    at = start.end()
    while (between := BETWEEN.match(text, at)) and (at := between.end()) < len(text):
        if (found := AGE.match(text, at)) and BEFORE.match(text, found.end()):
            age = int(found[1])
        elif (found := LOOK.match(text, at)) and BEFORE.match(text, found.end()):
            looks.append(found[1])
        elif (found := CLOTHES.match(text, at)) and BEFORE.match(text, found.end()):
            clothes.append(found[1])
        elif VERB.match(text, at):
            break
        else:
            return None
        at = found.end()
    else:
        return None
    name = start["name"]
    pronouns: Pronouns | None = KIN.get(start["kin"] or "") or ("she" if name in SHE else "he" if name in HE else None)  # fmt: skip
    return Introduced(name, pronouns, age, ", ".join(looks), " and ".join(map(_one, clothes)), f"{name} {text[at:]}")  # fmt: skip


def _one(garment: str) -> str:
    """A garment as an outfit names it: "a yellow raincoat", "red boots"."""
    first = garment.rsplit(maxsplit=1)[-1].lower()
    many = first.endswith("s") and not first.endswith("ss")
    if many or re.match(r"(?:an?|the|his|her|their|some) ", garment):
        return garment
    return f"{'an' if garment[0] in 'aeiou' else 'a'} {garment}"
