"""The small book of the tests in other languages, for tests of the binders."""

from dataclasses import replace
from pathlib import Path

import pytest

from storykin.binders.letters import family_of
from storykin.book import Book
from storykin.languages import is_right_to_left
from tests.binders.sample import sample_book

WORDS = {
    "en": "“Don’t worry,” said Sasha. “I am a puppy doctor.” She opened her red bag and looked inside.",
    "de": "„Keine Angst“, sagte Sascha. „Ich bin Hundedoktorin.“ Sie öffnete ihre rote Tasche und schaute hinein.",
    "es": "«No te preocupes», dijo Sasha. «Soy doctora de perritos.» Abrió su bolsa roja y miró dentro.",
    "he": "”אל תדאג,” אמרה סשה. ”אני רופאת גורים.” היא פתחה את התיק האדום שלה והציצה פנימה.",
    "ar": "قالت ساشا: «لا تقلق، أنا طبيبة الجراء.» فتحت حقيبتها الحمراء ونظرت داخلها.",
    "ja": "「だいじょうぶ」と サーシャは いいました。「わたしは こいぬの おいしゃさん。」 サーシャは あかい かばんを あけました。",
    "zh": "“别担心，”萨沙说，“我是小狗医生。”她打开红色的包，往里面看了看。",
    "th": "ในวันที่ลมแรงซาช่าพบลูกสุนัขสีน้ำตาลตัวเล็กใต้ต้นแอปเปิล มันยกอุ้งเท้าขึ้นข้างหนึ่ง",
}  # fmt: skip
NEEDS = {"ja": "あ", "zh": "别", "th": "ไ"}


def drawable(language: str) -> object:
    """The language as a case of a test, skipped where this machine has no font for it."""
    lacks = language in NEEDS and family_of(NEEDS[language]) is None
    return pytest.param(language, marks=pytest.mark.skipif(lacks, reason=f"no font for {language}"))


def spoken_book(folder: Path, language: str, also: str = "") -> Book:
    """The sample book in a language, or in two; the spread lies as its pages are read."""
    book = sample_book(folder, WORDS[language], language)
    leaves = [
        replace(
            leaf, text=WORDS[language] if leaf.text else "", also=WORDS[also] if also and leaf.text else ""
        )
        if leaf.kind == "story"
        else leaf
        for leaf in book.leaves
    ]
    if is_right_to_left(language):
        at = next(nr for nr, leaf in enumerate(leaves) if leaf.half)
        leaves[at : at + 2] = leaves[at : at + 2][::-1]
    return replace(book, leaves=tuple(leaves), also_language=also)
