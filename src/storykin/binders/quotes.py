"""Binders: straight quotes and apostrophes become those that a language prints, except in words that must stay as they are.

Only what was typed straight is changed: who writes „so“ or »so« keeps it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from storykin.languages import has_spaces, is_traditional, language_of


@dataclass(frozen=True)
class Marks:
    """The marks around speech and around speech within speech."""

    opens: str
    closes: str
    inner_opens: str
    inner_closes: str


THIN = "\u202f"  # a narrow space where no line breaks
_ENGLISH, _GERMAN, _SWEDISH = Marks("“", "”", "‘", "’"), Marks("„", "“", "‚", "‘"), Marks("”", "”", "’", "’")
_ANGLED, _CORNERED = Marks("«", "»", "“", "”"), Marks("「", "」", "『", "』")
_FRENCH, _SWISS = Marks(f"«{THIN}", f"{THIN}»", "“", "”"), Marks("«", "»", "‹", "›")
_RUSSIAN, _POLISH = Marks("«", "»", "„", "“"), Marks("„", "”", "«", "»")
_NORWEGIAN = Marks("«", "»", "‘", "’")

# Unicode's locale data, and where books differ from it, the books.
MARKS: dict[str, Marks] = {
    **dict.fromkeys(("en", "nl", "pt", "tr", "ko", "zh", "th", "vi", "id", "ms", "ga", "cy", "hi", "bn", "ta", "te", "ml", "mr", "gu", "kn", "eo", "af", "tl"), _ENGLISH),
    **dict.fromkeys(("de", "cs", "sk", "sl", "bg", "is", "et", "lt", "sq", "mk", "lb", "ka", "hsb", "dsb"), _GERMAN),
    **dict.fromkeys(("sv", "fi", "da", "he", "iw"), _SWEDISH),
    **dict.fromkeys(("es", "it", "ca", "gl", "eu", "el", "hy", "ast"), _ANGLED),
    **dict.fromkeys(("ru", "uk", "be"), _RUSSIAN),
    **dict.fromkeys(("no", "nb", "nn"), _NORWEGIAN),
    **dict.fromkeys(("ar", "fa", "ps", "ckb", "ug"), Marks("«", "»", "‹", "›")),
    **dict.fromkeys(("pl", "ro"), _POLISH),
    "hu": Marks("„", "”", "»", "«"), "hr": Marks("„", "”", "‘", "’"), "sr": Marks("„", "”", "’", "’"), "bs": Marks("„", "”", "’", "’"), "lv": Marks("“", "”", "„", "”"),
    "fr": _FRENCH, "br": _FRENCH, "yi": Marks("„", "“", "‚", "‘"), "ur": Marks("“", "”", "‘", "’"), "ja": _CORNERED,
    "de-CH": _SWISS, "de-LI": _SWISS, "fr-CH": _SWISS, "it-CH": _SWISS, "pt-PT": _ANGLED, "es-MX": _ENGLISH, "es-US": _ENGLISH, "es-419": _ENGLISH,
    "zh-Hant": _CORNERED,
}  # fmt: skip

_LEFT_OUT = {  # words that lost their beginning: an apostrophe stands there, no quote
    "en": "tis|twas|em|cause|til|n|\\d\\ds",
    "de": "s|n|ne|nen|ner|nem|ran|rauf|raus|rein|rüber|runter|rum|mal",
    "nl": "s|t|n|m|k|ns|\\d\\d",
    "af": "n|t|s",
}
_BEFORE_OPENING = frozenset("([{¿¡—–-/…")
_HEBREW = re.compile("[\u05d0-\u05ea]")
_STOPS = {"FR": ";!?", "CA": ""}


def marks_of(language: str) -> Marks | None:
    """The quotation marks of a language, None where they are not known."""
    if is_traditional(language):
        return MARKS["zh-Hant"]
    return MARKS.get(language.replace("_", "-")) or MARKS.get(language_of(language))


def quoted(words: str, language: str = "en") -> str:
    """The words in that language's quotation marks."""
    marks = marks_of(language) or _ENGLISH
    return f"{marks.opens}{words}{marks.closes}"


def printed_quotes(text: str, language: str = "en", keep: Iterable[str] = ()) -> str:
    """The text with printed quotes and apostrophes in place of straight ones; the words of `keep` stay byte for byte.

    French also gets its narrow spaces before ; : ! ? and inside « ». A language whose marks are not known is left alone.
    """
    marks = marks_of(language)
    if marks is None:
        return text
    kept = _kept(text, [words for words in keep if words])
    made = "".join(_turned(text, marks, language, kept))
    if language_of(language) != "fr" or language.endswith("CH"):
        return made
    # what was kept is looked up again: its place may have moved
    parts = re.split(f"({'|'.join(map(re.escape, _longest_first(keep)))})", made) if any(keep) else [made]
    return "".join(part if part in set(keep) else _spaced(part, language) for part in parts)


def _longest_first(keep: Iterable[str]) -> list[str]:
    return sorted((words for words in keep if words), key=len, reverse=True)


def _kept(text: str, keep: Iterable[str]) -> list[bool]:
    """For each letter whether it belongs to words that must stay."""
    kept = [False] * len(text)
    for words in keep:
        for found in re.finditer(re.escape(words), text):
            kept[found.start() : found.end()] = [True] * len(words)
    return kept


def _turned(text: str, marks: Marks, language: str, kept: list[bool]) -> Iterator[str]:
    """The text letter by letter. Marks that follow each other without spaces, as in Chinese, open and close in turn."""
    spaced, outer, inner = has_spaces(language), False, False
    for at, letter in enumerate(text):
        before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
        if kept[at] or letter not in "\"'":
            if letter == "\n" and text[at - 1 : at] == "\n":  # a new stanza
                outer = inner = False
            yield letter
            continue
        opening = _is_opening(before, after)
        if letter == '"':
            if _HEBREW.match(before) and _HEBREW.match(after):
                yield "״"
                continue
            outer = opening if spaced else not outer
            inner = inner and outer
            yield marks.opens if outer else marks.closes
        elif _HEBREW.match(before) and _HEBREW.match(after):
            yield "׳"
        elif inner and not (spaced and after.isalnum()):
            inner = False
            yield marks.inner_closes
        elif (opening or (not spaced and not before.isascii())) and not _lost_letters(text[at + 1 :], before, language):  # fmt: skip
            inner = True
            yield marks.inner_opens
        else:
            yield "’"


def _is_opening(before: str, after: str) -> bool:
    """Whether a quote that stands between these letters opens something."""
    starts = not before or before.isspace() or before in _BEFORE_OPENING or before in "\"'“„«‘‚「『"
    elided = before in {"'", "’"} and after.isalpha()
    return bool(after) and not after.isspace() and (starts or elided) and not (before in "\"'" and after in ".,;:!?")  # fmt: skip


def _lost_letters(after: str, before: str, language: str) -> bool:
    """Whether an apostrophe stands for a lost beginning: ’twas, ’s avonds."""
    words = _LEFT_OUT.get(language_of(language), "")
    return bool(words) and before[-1:] not in {'"', "“"} and bool(re.match(rf"(?:{words})\b", after, re.I))


def _spaced(text: str, language: str) -> str:
    """French with a narrow space before high punctuation; Canada keeps it to guillemets and the colon."""
    high = "" if language.endswith("CA") else ";!?"
    if high:
        text = re.sub(rf"(?<=[^\s{high}:(«…])[ \u00a0{THIN}]*(?=[{high}])(?<![{high}])", THIN, text)
        text = re.sub(rf"(?<=…)[ \u00a0]+(?=[{high}])", THIN, text)
    text = re.sub(rf"(?<=[^\s:\d])[ \u00a0{THIN}]*(?=:(?:\s|$))|(?<=\d)[ \u00a0]*(?=:\s)", THIN, text)
    text = re.sub(rf"«[ \u00a0{THIN}]*", f"«{THIN}", text)
    return re.sub(rf"[ \u00a0{THIN}]*»", f"{THIN}»", text)
