"""Writers, fable: English grammar for nouns, as far as a picture book needs it.

Articles by sound, plurals, possessives, pronouns, -ing forms and titles. No story is known here.
"""

import re
from dataclasses import dataclass, replace

PRONOUNS: dict[str, dict[str, str]] = {
    "she": {"they": "she", "them": "her", "their": "her", "theirs": "hers", "themself": "herself", "was": "was"},
    "he": {"they": "he", "them": "him", "their": "his", "theirs": "his", "themself": "himself", "was": "was"},
    "it": {"they": "it", "them": "it", "their": "its", "theirs": "its", "themself": "itself", "was": "was"},
    "they": {"they": "they", "them": "them", "their": "their", "theirs": "theirs", "themself": "themself", "was": "were"},
    "i": {"they": "I", "them": "me", "their": "my", "theirs": "mine", "themself": "myself", "was": "was"},
}  # fmt: skip

IRREGULAR = {
    "child": "children", "man": "men", "woman": "women", "foot": "feet", "tooth": "teeth", "goose": "geese",
    "mouse": "mice", "louse": "lice", "ox": "oxen", "person": "people", "die": "dice", "wolf": "wolves",
    "leaf": "leaves", "loaf": "loaves", "shelf": "shelves", "elf": "elves", "calf": "calves", "half": "halves",
    "scarf": "scarves", "knife": "knives", "wife": "wives", "life": "lives", "thief": "thieves", "hoof": "hooves",
    "potato": "potatoes", "tomato": "tomatoes", "hero": "heroes", "echo": "echoes", "volcano": "volcanoes",
    "mosquito": "mosquitoes", "fish": "fish", "sheep": "sheep", "deer": "deer", "moose": "moose",
    "aircraft": "aircraft", "spacecraft": "spacecraft", "squid": "squid", "cactus": "cacti", "octopus": "octopuses",
    "bus": "buses", "gas": "gases", "yes": "yeses",
}  # fmt: skip
SINGULAR = {many: one for one, many in IRREGULAR.items()}

PAIRS = frozenset([
    "trousers", "pyjamas", "pajamas", "shorts", "jeans", "tights", "scissors", "glasses", "goggles", "binoculars",
    "headphones",
])  # fmt: skip
"""Words that are plural though one thing."""

MASS = frozenset([
    "cream", "sand", "water", "snow", "rain", "mud", "honey", "milk", "bread", "butter", "jam", "soup", "tea",
    "chocolate", "flour", "sugar", "dust", "grass", "paint", "glue", "string", "music", "luggage", "hay", "straw",
    "fog", "mist", "lava", "slime", "rice", "popcorn", "candyfloss", "lemonade", "juice", "cheese", "paper", "wool",
    "moonlight", "sunshine", "sunlight", "starlight", "space", "homework", "magic", "laundry", "porridge",
    "custard", "jelly", "cereal", "spaghetti", "pasta", "dough", "foam", "toast", "seaweed", "moss", "plaster",
    "glitter", "confetti", "thunder", "lightning", "treasure-dust", "kelp", "plankton", "stardust", "sawdust",
    "bubble-bath", "oil", "soap", "bait", "coal", "gold", "silver",
])  # fmt: skip

_VOWEL_SOUND = re.compile(r"(?:hour|honest|honou?r|heir)", re.I)
_CONSONANT_SOUND = re.compile(
    r"(?:uni(?!n|m)|us(?:e|u|ing)|eu|ewe|one|once|ukul|uten|ufo\b|u-|ur[iao]n|utop)", re.I
)
_SPELLED_VOWEL = re.compile(r"(?:[AEFHILMNORSX](?![a-z])|8|11\b|18\b)")


def article(words: str) -> str:
    """"a" or "an", by the sound of the first word: an hour, a unicorn, an X-ray, an 8."""  # fmt: skip
    first = words.split(maxsplit=1)[0] if words.split() else ""
    if _SPELLED_VOWEL.match(first):
        return "an"
    if re.match(r"[A-Z](?![a-z])|\d", first) and len(first) <= 4:
        return "a"
    if _VOWEL_SOUND.match(first):
        return "an"
    if _CONSONANT_SOUND.match(first):
        return "a"
    return "an" if first[:1].lower() in "aeiouäöüåæœéèê" and first else "a"


def plural(words: str) -> str:
    """The plural of a noun phrase: puppies, boxes of crayons, wolves, mice."""
    inner = re.search(r" (?:of|in|with|on|for|at|from) ", words)
    if inner:
        return plural(words[: inner.start()]) + words[inner.start() :]
    head, space, last = words.rpartition(" ")
    low = last.lower()
    if low in PAIRS or low in SINGULAR:
        return words
    if low in IRREGULAR:
        made = IRREGULAR[low]
    elif low.endswith(("man",)) and low not in ("human", "german", "roman", "caiman", "talisman"):
        made = low[:-2] + "en"
    elif re.search(r"(?:s|x|z|ch|sh)$", low):
        made = low + "es"
    elif re.search(r"[^aeiou]y$", low):
        made = low[:-1] + "ies"
    else:
        made = low + "s"
    return head + space + (last[:1] + made[1:] if made[:1] == low[:1] else made)


def singular(word: str) -> str:
    """The singular of one word, as good as it can be told without a dictionary."""
    low = word.lower()
    if low in SINGULAR:
        return SINGULAR[low]
    if low.endswith("men") and low not in ("omen", "specimen"):
        return low[:-2] + "an"
    if low in IRREGULAR or low in PAIRS or low.endswith(("ss", "us", "is")) or len(low) < 4:
        return low
    if (
        low.endswith("ies")
        and len(low) > 4
        and low not in ("movies", "cookies", "pixies", "zombies", "brownies")
    ):
        return low[:-3] + "y"
    if re.search(r"(?:sses|xes|zzes|ches|shes)$", low):
        return low[:-2]
    return low[:-1] if low.endswith("s") else low


def is_plural(words: str) -> bool:
    """Whether a noun phrase looks plural."""
    inner = re.search(r" (?:of|in|with|on|for|at|from) ", words)
    last = (words[: inner.start()] if inner else words).rpartition(" ")[2].lower()
    if last in PAIRS:
        return True
    return SINGULAR.get(last, last) != last or (
        last.endswith("s")
        and not last.endswith(("ss", "us", "is"))
        and len(last) > 3
        and last not in ("lens", "gas", "news")
    )


def is_mass(words: str) -> bool:
    """Whether a noun phrase is something one cannot count: sand, red dust, ice cream."""
    last = words.lower().rpartition(" ")[2]
    return last in MASS or last.endswith("dust")


def possessive(name: str) -> str:
    """Sasha's, Lukas's, the puppies'."""
    many = name.endswith("s") and is_plural(name) and not name[:1].isupper()
    return name + ("'" if many else "'s")


def title_case(words: str) -> str:
    """Title Case, with the small words small: "The Long Way to the Moon"."""
    small = {
        "a",
        "an",
        "the",
        "and",
        "or",
        "but",
        "nor",
        "of",
        "to",
        "in",
        "on",
        "at",
        "by",
        "for",
        "with",
        "from",
        "as",
        "who",
    }
    parts = re.split(r"(\s+)", words.strip())
    last = len(parts) - 1
    return "".join(
        part if i not in (0, last) and part.lower() in small and part.islower() else _raised(part)
        for i, part in enumerate(parts)
    )


def _raised(word: str) -> str:
    for i, letter in enumerate(word):
        if letter.isalpha():
            return word[:i] + (letter.upper() if word[i:] == word[i:].lower() else letter) + word[i + 1 :]
    return word


def capital(words: str) -> str:
    """The first letter made large, whatever quotation mark stands before it."""
    match = re.match(r"[\"'“‘(]*", words)
    at = match.end() if match else 0
    return words[:at] + words[at : at + 1].upper() + words[at + 1 :]


VERBS = frozenset([
    "act", "ask", "bake", "bathe", "be", "become", "bicycle", "bite", "blow", "boil", "bounce", "bring", "brush",
    "build", "buy", "call", "camp", "carry", "catch", "chase", "clean", "climb", "collect", "come", "conduct",
    "cook", "count", "crawl", "cry", "cut", "cycle", "dance", "deliver", "design", "dig", "discover", "dive", "do",
    "draw", "dream", "dress", "drink", "drive", "eat", "explore", "feed", "fight", "fill", "find", "fish", "fix",
    "float", "fly", "follow", "forget", "get", "give", "go", "grow", "guard", "guess", "have", "hear", "help",
    "hide", "hold", "hop", "hug", "hunt", "invent", "jump", "juggle", "keep", "kick", "kiss", "know", "laugh",
    "launch", "lead", "learn", "leave", "lie", "lift", "like", "live", "look", "lose", "love", "make", "march",
    "marry", "meet", "melt", "milk", "mix", "move", "open", "paint", "play", "plant", "pull", "push", "put", "race",
    "raise", "read", "repair", "rescue", "ride", "roar", "roll", "row", "run", "sail", "save", "say", "scare",
    "scream", "sculpt", "search", "see", "sell", "send", "sew", "shout", "show", "sing", "sit", "skate", "ski",
    "skip", "sled", "sleep", "slide", "smell", "smile", "sneeze", "solve", "speak", "spin", "splash", "stand",
    "start", "stay", "steal", "steer", "step", "stop", "swim", "swing", "swap", "take", "talk", "teach", "tell",
    "think", "throw", "tickle", "tidy", "tie", "train", "travel", "try", "turn", "visit", "wait", "wake", "walk",
    "wash", "watch", "water", "wear", "weave", "whisper", "whistle", "win", "wish", "work", "write", "yodel",
    "zoom", "herd", "purr", "rain", "snow", "bark", "shine", "happen", "fall", "hatch", "organise", "organize",
    "have", "throw", "host", "celebrate", "knit", "shrink", "sneak", "trade", "lick", "spy", "surf", "vanish",
    "haunt", "cuddle", "befriend",
])  # fmt: skip

_DOUBLES = frozenset([
    "run", "swim", "dig", "hop", "hug", "get", "put", "sit", "spin", "skip", "win", "cut", "stop", "swap", "step",
    "shop", "rub", "drum",
])  # fmt: skip


def ing(verb: str) -> str:
    """The -ing form of a verb in its base form: running, baking, lying."""
    if verb in ("be", "see", "ski", "flee", "free", "agree"):
        return verb + "ing"
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb in _DOUBLES or verb in (
        "forget",
        "befit",
        "sled",
        "grab",
        "plan",
        "clap",
        "chat",
        "nap",
        "zip",
        "trap",
        "snip",
    ):
        return verb + verb[-1] + "ing"
    if verb.endswith("e"):
        return verb[:-1] + "ing"
    return verb + "ing"


_BASES = {ing(verb): verb for verb in sorted(VERBS)}


def base_of(word: str) -> str:
    """The base form of an -ing or third-person form, "" when the word does not look like a verb."""
    low = word.lower()
    if low in VERBS or low in _BASES:
        return _BASES.get(low, low)
    for ending, instead in (("ies", "y"), ("es", ""), ("s", "")):
        if low.endswith(ending) and low[: -len(ending)] + instead in VERBS:
            return low[: -len(ending)] + instead
    return _stem(low[:-3]) if low.endswith("ing") and len(low) > 5 and low not in _NO_VERBS else ""


def _stem(stem: str) -> str:
    """The verb before -ing, by its spelling: jogg gives jog, carv gives carve, paint stays."""
    if stem[-1] == stem[-2] and stem[-1] in "bdgmnprt":
        return stem[:-1]
    open_end = re.search(r"(?<![aeiou])[aeiou][cgkstvzdlnr]$", stem) and not stem.endswith(
        ("er", "en", "on", "et", "it")
    )
    return stem + "e" if open_end else stem


_NO_VERBS = frozenset([
    "thing", "something", "nothing", "everything", "anything", "king", "ring", "wing", "string", "spring",
    "evening", "morning", "building", "ceiling", "earring", "pudding", "wedding", "duckling", "dumpling", "sibling",
    "feeling", "painting", "duckling", "gosling", "sing", "bring", "swing", "during",
])  # fmt: skip


def doing_of(goal: str) -> str:
    """The -ing phrase of an infinitive phrase: "be a vet" becomes "being a vet"."""
    verb, space, rest = goal.partition(" ")
    return ing(verb) + space + rest


def third_person(verb: str) -> str:
    """purrs, sleeps, flies, goes."""
    if verb in ("have", "be"):
        return {"have": "has", "be": "is"}[verb]
    if re.search(r"(?:s|x|z|ch|sh|o)$", verb):
        return verb + "es"
    return verb[:-1] + "ies" if re.search(r"[^aeiou]y$", verb) else verb + "s"


@dataclass(frozen=True)
class Noun:
    """A noun phrase without its article.

    `owner` stands before it and takes the place of the article ("Grandpa's", or a slot such as
    "{their}"). `proper` nouns are names and take no article. `many` are plural already.
    """

    words: str
    owner: str = ""
    proper: bool = False
    many: bool = False
    plural_form: str = ""

    @classmethod
    def of(cls, words: str, plural_form: str = "") -> "Noun":
        """A noun from words as they stand in a file: "the wolf" and "Button" are names."""
        proper = words[:1].isupper() or words.lower().startswith("the ")
        return cls(words, proper=proper, many=not proper and is_plural(words), plural_form=plural_form)

    def __str__(self) -> str:
        return f"{self.owner} {self.words}".strip()

    def a(self) -> str:
        """With the indefinite article, where there can be one."""
        if self.owner or self.proper or self.many or is_mass(self.words):
            return str(self)
        return f"an{self.words}" if self.words.startswith("other ") else f"{article(self.words)} {self.words}"

    def the(self) -> str:
        """With the definite article, where there can be one."""
        return str(self) if self.owner or self.proper else f"the {self.words}"

    def my(self, whose: str) -> str:
        """With a possessive in front: "her stethoscope"."""
        return str(self) if self.owner or self.proper else f"{whose} {self.words}"

    def plurals(self) -> "Noun":
        """The same, more than one."""
        if self.many or is_mass(self.words):
            return self
        return replace(self, words=self.plural_form or plural(self.words), many=True)
