"""Crafts: how hard a text is to read for a child. Spache, Flesch–Kincaid, and plain counts.

`familiar.txt` is our own list of words that six-year-olds read, in place of Spache's; so a grade
here is Spache's formula on our list. Knows nothing of how the text came about.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from storykin.writers.rhyme import phones

SPEECH = (
    "said|asked|cried|called|whispered|shouted|answered|replied|laughed|sighed|sang|yelled|"
    "mumbled|giggled|grumbled|squeaked|barked|roared"
)
WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W_]+(?:['’][^\W_]+)*['’]?(?:-[^\W_]+(?:['’][^\W_]+)*)*")
STOP = re.compile(r"[.!?…؟۔।॥]+[\"'”’“‘»)\]*_]*(?=\s|$)|[。！？｡]+[」』”’）》]*")
ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Prof|No|vs|e\.g|i\.e|[A-Z])\.$")
ENDINGS = (
    ("'s", ""), ("s'", "s"), ("'", ""), ("s", ""), ("es", ""), ("ies", "y"), ("ves", "f"), ("ves", "fe"),
    ("ed", ""), ("ed", "e"), ("ied", "y"), ("ing", ""), ("ing", "e"), ("in'", "ing"),
    ("n't", ""), ("'ll", ""), ("'re", ""), ("'ve", ""), ("'d", ""), ("'m", ""),
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """How hard a text is: counts, two American school grades, and the words outside the list."""

    words: int
    sentences: int
    pages: int
    words_per_page: float
    most_words_on_a_page: int
    longest_sentence: int
    spache: float
    flesch_kincaid: float
    unfamiliar: tuple[str, ...]


@dataclass(frozen=True)
class Target:
    """What suits a reader: words on a page, Spache grade (each from, to), words in one sentence."""

    words_per_page: tuple[int, int]
    grade: tuple[float, float]
    longest_sentence: int


# Books for two- and three-year-olds have up to 200 words, picture books about 500 and up to 1,000 on 24 to
# 40 pages, early readers up to 1,500. Spache's formula never falls below 0.9 and means to end at grade 4.
TARGETS = (
    (3, Target((3, 14), (0.0, 2.0), 10)),
    (4, Target((10, 28), (0.0, 2.4), 16)),
    (5, Target((12, 34), (0.0, 2.8), 20)),
    (6, Target((15, 40), (0.0, 3.2), 22)),
    (7, Target((25, 60), (1.0, 3.6), 26)),
    (99, Target((28, 75), (1.0, 4.2), 30)),
)


def target(age: int) -> Target:
    """What suits a reader of that age in years."""
    return next(aim for oldest, aim in TARGETS if age <= oldest)


def measure(pages: Sequence[str] | str, familiar: Iterable[str] = ()) -> Reading:
    """Measure a text, page by page; `familiar` are names of the cast and words the child brought.

    Spache (1974 revision) = 0.121 · words per sentence + 0.082 · (% of words that are unfamiliar, each
    counted once) + 0.659. Flesch–Kincaid = 0.39 · words per sentence + 11.8 · syllables per word − 15.59.
    A text without words measures 0 everywhere.
    """
    texts = (pages,) if isinstance(pages, str) else tuple(pages)
    by_page = [words_of(text) for text in texts]
    words = [word for page in by_page for word in page]
    lengths = [len(words_of(sentence)) for text in texts for sentence in sentences_of(text)]
    if not words:
        return Reading(0, 0, len(texts), 0.0, 0, 0, 0.0, 0.0, ())
    known = frozenset(part for name in familiar for part in _parts(name))
    strange = tuple(dict.fromkeys(w.lower().replace("’", "'") for w in words if not is_familiar(w, known)))
    per_sentence = len(words) / len(lengths)
    per_word = sum(map(syllables, words)) / len(words)
    return Reading(
        words=len(words),
        sentences=len(lengths),
        pages=len(texts),
        words_per_page=round(len(words) / len(texts), 2),
        most_words_on_a_page=max(map(len, by_page)),
        longest_sentence=max(lengths),
        spache=round(0.121 * per_sentence + 0.082 * (100 * len(strange) / len(words)) + 0.659, 2),
        flesch_kincaid=round(0.39 * per_sentence + 11.8 * per_word - 15.59, 2),
        unfamiliar=strange,
    )


def words_of(text: str) -> list[str]:
    """The words of a text; "don't", "ice-cream" and "3" are one word each, dashes part words."""
    return [word.rstrip("'’") for word in WORD.findall(text)]


def sentences_of(text: str) -> list[str]:
    """The sentences of a text, each with at least one word.

    A full stop, question or exclamation mark or ellipsis ends a sentence, with the quotation mark after
    it; so does an empty line. It goes on when a small letter follows ("Oh no!" said Sasha) or, after a
    quotation mark, somebody who speaks ("Oh no!" Sasha said); and after Mr., Dr., No. and initials. A line
    break before a capital letter is verse, where the voice rests at the end of every line: it ends one as
    well, since a couplet of four and four beats is not as hard as a prose sentence of its length. Chinese, Arabic and Indian stops end a sentence, too.
    """
    found = []
    for paragraph in re.split(r"\n\s*\n|\n(?=[\"'“‘]?[^\W\d_a-z])", text):
        start = 0
        for stop in STOP.finditer(paragraph):
            if not _goes_on(paragraph[: stop.end()], paragraph[stop.end() :].lstrip()):
                found.append(paragraph[start : stop.end()].strip())
                start = stop.end()
        found.append(paragraph[start:].strip())
    return [sentence for sentence in found if WORD.search(sentence)]


def syllables(word: str) -> int:
    """How many syllables a word has: CMUdict's count where it knows the word, else by its vowels."""
    spoken = phones(word)
    return max(1, len(re.findall(r"\d", spoken[0]))) if spoken else 1


def is_familiar(word: str, known: frozenset[str] = frozenset()) -> bool:
    """True for a listed word, its plural, possessive, contraction or regular verb form, a number or a letter."""
    bare = word.lower().replace("’", "'")
    listed = familiar_words()
    for part in bare.split("-"):
        forms = {part} | {form for stem in _stems(part) for form in (stem, *_stems(stem))}
        if not (part[:1].isdigit() or len(part) == 1 or forms & listed or forms & known):
            return False
    return True


@lru_cache(maxsize=1)
def familiar_words() -> frozenset[str]:
    """Our list of words that six-year-olds read."""
    text = files("storykin.writers").joinpath("familiar.txt").read_text(encoding="utf-8")
    return frozenset(w for line in text.splitlines() if not line.startswith("#") for w in line.split())


@lru_cache(maxsize=4096)
def _stems(word: str) -> tuple[str, ...]:
    """What a word may be a regular form of: hopped, hopping → hop; baked → bake; puppies → puppy."""
    stems = [word[: -len(end)] + instead for end, instead in ENDINGS if word.endswith(end) and word != end]
    doubled = re.fullmatch(r"(.*[aeiou]([bdfglmnprt]))\2(?:ed|ing)", word)
    return (*stems, doubled.group(1)) if doubled else tuple(stems)


def _parts(name: str) -> list[str]:
    return [part for word in words_of(name.lower().replace("’", "'")) for part in (word, *word.split("-"))]


def _goes_on(before: str, after: str) -> bool:
    if ABBREVIATION.search(before):
        return True
    after = after.lstrip("\"'“‘(«»„‚¿¡—–- \u00a0\u202f")
    if after[:1].islower():
        return True
    quoted = before[-1:] in "\"'”’“»"
    return quoted and re.match(rf"(?:\w+\s){{1,3}}(?:{SPEECH})\b", after) is not None
