"""Binders: which font draws which letter, and how wide words are in it.

The book's own faces come first, then the faces in the package for Hebrew and Arabic, then the fonts of this machine, always in the same
order, so that what is measured here is what typst draws.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Literal

from PIL import ImageFont, features

from storykin.errors import BadInput
from storykin.languages import is_traditional, language_of

FONTS = Path(__file__).parent / "fonts"

Face = Literal["Andika-Regular", "Andika-Bold", "Andika-Italic", "Grandstander-Bold"]

WIDE = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"  # written without spaces, breakable anywhere
HIDDEN = "\u200b-\u200f\u061c\u2060"  # letters that only say how others stand or break
_SHARED = "“”‘’…—–·"  # in Chinese and Japanese as wide as every other letter


@dataclass(frozen=True)
class Family:
    """A family of fonts beside the book's own: its regular file and, where there is one, its bold one. `ours` lies in the package."""

    name: str
    regular: Path
    index: int = 0
    bold: Path | None = None
    bold_index: int = 0
    ours: bool = False

    @property
    def files(self) -> tuple[Path, ...]:
        """Its files, each once."""
        return (self.regular, *([self.bold] if self.bold and self.bold != self.regular else []))


OURS = (
    Family("Noto Sans Hebrew", FONTS / "NotoSansHebrew-Regular.ttf", bold=FONTS / "NotoSansHebrew-Bold.ttf", ours=True),
    Family("Noto Naskh Arabic", FONTS / "NotoNaskhArabic-Regular.ttf", bold=FONTS / "NotoNaskhArabic-Bold.ttf", ours=True),
)  # fmt: skip
_HAN = {
    "ja": ("CJK JP", "Hiragino", "Yu Gothic", "Meiryo", "MS Gothic"),
    "ko": ("CJK KR", "Apple SD Gothic", "Malgun Gothic"),
    "zh": ("CJK SC", "PingFang SC", "Microsoft YaHei"),
    "zh-Hant": ("CJK TC", "PingFang TC", "Microsoft JhengHei"),
}
"""Families that draw Chinese characters as readers of a language know them."""
_NAMED = {
    "HEBREW": "Noto Sans Hebrew", "ARABIC": "Noto Naskh Arabic", "GREEK": "Noto Sans", "CYRILLIC": "Noto Sans", "THAI": "Noto Sans Thai", "LAO": "Noto Sans Lao",
    "KHMER": "Noto Sans Khmer", "MYANMAR": "Noto Sans Myanmar", "DEVANAGARI": "Noto Sans Devanagari", "BENGALI": "Noto Sans Bengali", "TAMIL": "Noto Sans Tamil", "GEORGIAN": "Noto Sans Georgian",
    "ARMENIAN": "Noto Sans Armenian", "ETHIOPIC": "Noto Sans Ethiopic", "CJK": "Noto Sans CJK", "HIRAGANA": "Noto Sans CJK", "KATAKANA": "Noto Sans CJK", "HANGUL": "Noto Sans CJK",
    "FULLWIDTH": "Noto Sans CJK", "IDEOGRAPHIC": "Noto Sans CJK",
}  # fmt: skip
"""The font to ask for, by the first word of a letter's name in Unicode."""


@lru_cache(maxsize=1)
def families() -> tuple[Family, ...]:
    """Ours, then this machine's: Noto's plain ones first, other sans serifs, all others."""
    import typst

    fonts = [font for font in typst.Fonts(True, False).fonts() if font.path and font.style == "normal"]
    bold = {
        font.family: font
        for font in sorted(fonts, key=lambda one: abs(one.weight - 700))[::-1]
        if font.weight >= 600
    }
    own = {family.name for family in OURS}
    found: dict[str, Family] = {}
    for font in sorted(fonts, key=lambda one: (abs(one.weight - 400), one.path or "")):
        if 300 <= font.weight <= 500 and font.family not in found and font.family not in own:
            heavy = bold.get(font.family)
            found[font.family] = Family(
                font.family, Path(font.path or ""), font.index,
                Path(heavy.path or "") if heavy else None, heavy.index if heavy else 0,
            )  # fmt: skip
    return (*OURS, *sorted(found.values(), key=_plainness))


def _plainness(family: Family) -> tuple[bool, bool, bool, str]:
    name = family.name
    sans = "Sans" in name or "Gothic" in name or "Hei" in name
    return "Mono" in name or "Math" in name, not name.startswith(("Noto Sans", "Noto Naskh")), not sans, name


@lru_cache(maxsize=64)
def _font(path: str, index: int, size: int, shaped: bool) -> ImageFont.FreeTypeFont:
    engine = ImageFont.Layout.RAQM if shaped else ImageFont.Layout.BASIC
    return ImageFont.truetype(path, size, index=index, layout_engine=engine)


def _has(path: Path, index: int, letter: str) -> bool:
    face = _font(str(path), index, 32, False)
    return bytes(face.getmask(letter)) != bytes(face.getmask("\uffff"))


@lru_cache(maxsize=8_000)
def has_letter(letter: str, face: Face = "Andika-Regular") -> bool:
    """Whether the face can draw that letter."""
    if letter.isspace() or re.match(f"[{HIDDEN}]", letter):
        return True
    return _has(FONTS / f"{face}.ttf", 0, letter)


@lru_cache(maxsize=8_000)
def family_of(letter: str) -> Family | None:
    """The first family beside the book's own faces that can draw a letter, None when there is none."""
    return next((one for one in families() if _has(one.regular, one.index, letter)), None)


@lru_cache(maxsize=8_000)
def _drawn_by(letter: str, face: Face) -> tuple[str, int]:
    """The file that draws a letter in a face, and the font's number in it; "" when nothing does."""
    if has_letter(letter, face):
        return str(FONTS / f"{face}.ttf"), 0
    plain: Face = "Andika-Bold" if face == "Grandstander-Bold" else face
    if has_letter(letter, plain):
        return str(FONTS / f"{plain}.ttf"), 0
    found = family_of(letter)
    if found is None:
        return "", 0
    if found.bold and face in {"Andika-Bold", "Grandstander-Bold"}:
        return str(found.bold), found.bold_index
    return str(found.regular), found.index


_SHAPES = bool(features.check("raqm"))
"""Whether letters that join can be measured joined; apart they are wider, so nothing is ever measured too narrow."""


@lru_cache(maxsize=20_000)
def width_of(words: str, face: Face = "Andika-Regular") -> float:
    """How wide words are in ems, without kerning, which only makes them narrower."""
    words = re.sub(f"[{HIDDEN}]", lambda one: one[0] if one[0] in "\u200c\u200d" else "", words)
    wide = re.search(f"[{WIDE}]", words) is not None
    total, last = 0.0, (str(FONTS / f"{face}.ttf"), 0)

    def drawn(letter: str) -> tuple[str, int]:
        nonlocal last
        if wide and letter in _SHARED:
            return "wide", 0
        if letter not in "\u200c\u200d" and not unicodedata.combining(letter):
            last = _drawn_by(letter, face)  # what joins or sits upon a letter is drawn with it
        return last

    for (path, index), letters in groupby(words, key=drawn):
        run = "".join(letters)
        if path == "wide" or not path:
            total += len(run)
        else:
            own = path.startswith(str(FONTS / "Andika")) or path.startswith(str(FONTS / "Grandstander"))
            total += _font(path, index, 1000, _SHAPES and not own).getlength(run) / 1000
    return total


def printable(text: str) -> str:
    """The text without what no book face has: emoji, control characters; joiners stay where they join letters."""
    given = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    kept = ""
    for at, one in enumerate(given):
        before, after = given[at - 1 : at] if at else "", given[at + 1 : at + 2]
        if one == "\n" or (_stays(one, before, after) and (has_letter(one) or _is_text(one))):
            kept += one
    return kept if kept == given else re.sub(r"[^\S\n\u202f]+(?=[\s,.!?;:]|$)", "", kept)


def _is_text(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LMNP"


def _stays(one: str, before: str, after: str) -> bool:
    if one in "\u200b\u200c\u200d\u200e\u200f\u061c":
        beside = before or after
        return unicodedata.category(beside)[0] in "LMP" if beside else False
    return not re.match("[\u00ad\ufe00-\ufe0f\u20e3\ufeff]", one)


def fonts_for(texts: Iterable[str], language: str = "en") -> tuple[Family, ...]:
    """Families for letters that the book's own faces lack. Raises `BadInput` that names the font to install when there is none."""
    missing = sorted({one for text in texts for one in text if not has_letter(one)})
    without = [one for one in missing if family_of(one) is None and not unicodedata.combining(one)]
    if without:
        raise BadInput(f"no font on this machine has the letters {''.join(without[:12])!r}", _wanted(without))
    used = {family.name for one in missing if (family := family_of(one))}
    found = [family for family in families() if family.name in used]
    return tuple(_as_read(found, language, missing))


def _wanted(letters: list[str]) -> str:
    """Which font to install for these letters."""
    scripts = [unicodedata.name(one, "").split(" ")[0].split("-")[0] for one in letters]
    names = list(dict.fromkeys(_NAMED[script] for script in scripts if script in _NAMED))
    names = names or [f"Noto Sans {script.title()}" for script in dict.fromkeys(scripts) if script][:2]
    named = f"install the font {' and '.join(names)} (free, from fonts.google.com/noto)" if names else "install a font that has them"  # fmt: skip
    return f"{named}, or write the words in other letters"


def _as_read(found: list[Family], language: str, letters: list[str]) -> list[Family]:
    """With Chinese characters in the shapes that readers of the language know, where this machine has them."""
    key = "zh-Hant" if is_traditional(language) else language_of(language)
    han = [one for one in letters if re.match(f"[{WIDE}]", one)]
    for wanted in _HAN.get(key, ()) if han else ():
        better = next((one for one in families() if wanted in one.name and "Mono" not in one.name), None)
        if better and all(_has(better.regular, better.index, one) for one in han):
            return [*(one for one in found if one.name != better.name and "CJK" not in one.name), better]  # fmt: skip
    return found


def is_wide(language: str) -> bool:
    """Whether punctuation is as wide as letters in that language, so that its own font draws it."""
    return language_of(language) in {"zh", "ja", "yue"}
