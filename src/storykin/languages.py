"""Values: what a language's code says of its writing, and what a book says of itself in that language.

Codes are those of BCP 47: de, pt-BR, zh-Hant. `languages.toml` holds the phrases; a language without any gets the English ones.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from storykin import files
from storykin.errors import BadInput

SHAPE = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?", re.IGNORECASE)
"""Language, script and region."""
RIGHT_TO_LEFT = frozenset(
    ("ar", "arc", "ary", "arz", "azb", "ckb", "dv", "fa", "glk", "he", "iw", "ji", "ks", "mzn", "nqo", "pnb", "prs", "ps", "sd", "skr", "syr", "ug", "ur", "yi")
)  # fmt: skip
OTHER_LETTERS = frozenset(("arc", "dv", "he", "iw", "ji", "nqo", "syr", "yi"))
"""Those of them that are not written in Arabic letters."""
SCRIPTS_TO_LEFT = frozenset(("Adlm", "Arab", "Aran", "Hebr", "Nkoo", "Rohg", "Syrc", "Thaa"))
UNSPACED = frozenset(("bo", "dz", "ja", "km", "lo", "my", "th", "wuu", "yue", "zh"))
"""Languages that are written without spaces between words."""
TRADITIONAL = frozenset({"TW", "HK", "MO"})
OTHERWISE = {"no": "nb", "nn": "nb", "iw": "he", "ji": "yi"}
"""Other codes for a language whose phrases are known, or nearly."""
COMMON: dict[str, str] = {
    "ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian",
    "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "it": "Italian",
    "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "nb": "Norwegian", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "pt-BR": "Brazilian Portuguese",
    "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu",
    "vi": "Vietnamese", "yi": "Yiddish", "zh": "Chinese", "zh-Hant": "Traditional Chinese",
}  # fmt: skip
"""Names of languages, for messages and for completion."""


@dataclass(frozen=True)
class Phrases:
    """What a book says of itself. `language` is the language that they are in."""

    language: str
    the_end: str
    dedicated: str
    author: str
    belongs: str
    by_program: str
    by_model: str
    drawn: str
    painted: str
    mixed: str
    family: str
    made: str
    made_here: str
    ai_made: str
    cover: str
    half_title: str
    title_page: str
    about: str
    dedication: str
    story: str
    end: str
    back_cover: str
    endpaper: str
    page: str
    turn: str
    to_cover: str
    page_back: str
    page_on: str
    large: str
    summary: str
    draw: tuple[str, ...]
    write: tuple[str, ...]


def known_code(code: str, option: str) -> str:
    """A language's code as it is usually written: pt_br becomes pt-BR. Raises `BadInput` for what is none."""
    found = SHAPE.fullmatch(code.strip().replace("_", "-"))
    if not found:
        raise BadInput(
            f"{option} {code!r} is no code of a language",
            "write it as in de, pt-BR or zh-Hant: two or three letters, then script and region where they matter",
        )
    language, script, region = found.groups()
    return "-".join(
        [language.lower(), *([script.title()] if script else []), *([region.upper()] if region else [])]
    )


def language_of(code: str) -> str:
    """The language alone: "pt-BR" is "pt"."""
    return code.replace("_", "-").partition("-")[0].lower()


def name_of(code: str) -> str:
    """What a language is called in English, or its code."""
    return COMMON.get(code) or COMMON.get(language_of(code), code)


def is_english(code: str) -> bool:
    """Whether it is English of any country; no code at all means English."""
    return language_of(code) in {"", "en"}


def is_right_to_left(code: str) -> bool:
    """Whether its lines run from right to left, and its pages with them."""
    found = SHAPE.fullmatch(code.replace("_", "-"))
    if found and found[2]:
        return found[2].title() in SCRIPTS_TO_LEFT
    return language_of(code) in RIGHT_TO_LEFT


def is_arabic(code: str) -> bool:
    """Whether it is written in Arabic letters."""
    found = SHAPE.fullmatch(code.replace("_", "-"))
    if found and found[2]:
        return found[2].title() in {"Arab", "Aran"}
    return language_of(code) in RIGHT_TO_LEFT - OTHER_LETTERS


def has_spaces(code: str) -> bool:
    """Whether spaces part its words, so that words can be counted."""
    return language_of(code) not in UNSPACED


def is_traditional(code: str) -> bool:
    """Whether it is Chinese in traditional characters."""
    parts = code.replace("_", "-").split("-")[1:]
    return language_of(code) in {"zh", "yue"} and (
        "Hant" in parts or ("Hans" not in parts and bool(TRADITIONAL & set(parts)))
    )


def phrases(code: str) -> Phrases:
    """What a book says of itself in that language, in English where nobody has translated it."""
    language = language_of(code)
    known = _phrases()
    return known.get("zh-Hant" if is_traditional(code) else OTHERWISE.get(language, language), known["en"])


def spoken_in(code: str) -> str:
    """The language of a book's phrases where it is another than the book's own: English, in a language that nobody has translated them into; else ""."""
    return "en" if phrases(code).language == "en" and not is_english(code) else ""


@lru_cache(maxsize=1)
def _phrases() -> dict[str, Phrases]:
    path = Path(__file__).with_name("languages.toml")
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        code: files.value_of({"language": code, **said}, Phrases, str(path)) for code, said in table.items()
    }
