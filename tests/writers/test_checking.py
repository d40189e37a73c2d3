"""The checkup of a story in other languages: what cannot be measured says so, and a page without its second text is at fault."""

from dataclasses import replace

import pytest

from storykin.story import Story
from storykin.writers.checking import NOT_MEASURED, check_story
from storykin.writers.reading import sentences_of
from tests.binders.spoken import WORDS
from tests.writers.stories import SHEEP, SHEEP_STORY, WHALE, WHALE_STORY

ENGLISH = {"Spache grade", "Flesch–Kincaid grade"}
COUNTED = {"words", "words per page", "longest sentence"}


def told(language: str, text: str) -> Story:
    pages = tuple(
        replace(page, text=f"{text} {page.number}" if page.number else text) for page in WHALE_STORY.pages
    )
    return replace(WHALE_STORY, language=language, pages=pages)


@pytest.mark.parametrize(
    ("language", "missing"), [("en-GB", set()), ("de", ENGLISH), ("he", ENGLISH), ("ja", ENGLISH | COUNTED), ("zh-TW", ENGLISH | COUNTED), ("th", ENGLISH | COUNTED)]
)  # fmt: skip
def test_what_cannot_be_measured_says_so_and_fits(language: str, missing: set[str]) -> None:
    rows = check_story(told(language, WORDS[language[:2]] * 3), WHALE).rows
    found = [row for row in rows if row.found == NOT_MEASURED]
    assert {row.measure for row in found} == missing
    assert all(row.fits for row in found)


def test_rhyme_is_measured_in_english_only() -> None:
    english = {row.measure: row.found for row in check_story(SHEEP_STORY, SHEEP).rows}
    german = {row.measure: row.found for row in check_story(replace(SHEEP_STORY, language="de"), SHEEP).rows}
    assert NOT_MEASURED not in english.values()
    assert german["couplets that rhyme and scan"] == NOT_MEASURED


def test_long_pages_are_found_in_every_language_that_has_words() -> None:
    long = told("de", WORDS["de"] * 8)
    assert {"long"} <= {fault.kind for fault in check_story(long, WHALE).faults}
    assert not {"long", "sentence"} & {fault.kind for fault in check_story(told("zh", WORDS["zh"] * 8), WHALE).faults}  # fmt: skip
    empty = replace(long, language="zh", pages=(replace(long.pages[0], text=" "), *long.pages[1:]))
    assert "empty" in {fault.kind for fault in check_story(empty, WHALE).faults}


def test_a_page_without_its_second_text_is_at_fault() -> None:
    pages = tuple(replace(page, also=f"Seite {page.number}") for page in WHALE_STORY.pages)
    whole = replace(WHALE_STORY, pages=pages, also_language="de")
    assert not [fault for fault in check_story(whole, WHALE).faults if fault.kind == "also"]
    torn = replace(whole, pages=(*pages[:3], replace(pages[3], also=" "), *pages[4:]))
    (fault,) = [fault for fault in check_story(torn, WHALE).faults if fault.kind == "also"]
    assert fault.sentence == "page 4: it has no words in German; write the same in German as also."
    nameless = replace(whole, also_language="")
    (fault,) = [fault for fault in check_story(nameless, WHALE).faults if fault.kind == "also"]
    assert "also_language" in fault.wanted


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("小狗跑了。它睡了！真的吗？", 3),
        ("「おはよう。」とサーシャ。「もー！」", 3),
        ("هل أنت هنا؟ نعم.", 2),
        ("« Oh ! » dit-il. Il rit.", 2),
        ("„Nein!“, rief sie. „Ja.“", 2),
        ("«¡Ven!», dijo. ¿Por qué?", 2),
    ],
)
def test_sentences_end_as_the_language_ends_them(text: str, sentences: int) -> None:
    assert len(sentences_of(text)) == sentences
