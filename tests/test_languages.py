"""What is known of languages: codes, directions, spaces, and phrases that are whole in every language."""

import string
from dataclasses import asdict, fields

import pytest

from storykin.errors import BadInput
from storykin.languages import (
    Phrases,
    _phrases,
    has_spaces,
    is_arabic,
    is_english,
    is_right_to_left,
    is_traditional,
    known_code,
    name_of,
    phrases,
    spoken_in,
)

HOLES = {
    "dedicated": {"name"}, "author": {"name"}, "page": {"number"}, "by_program": {"pictures", "wish"}, "by_model": {"pictures", "wish"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "code"), [("de", "de"), ("pt_br", "pt-BR"), ("ZH-hant", "zh-Hant"), ("es-419", "es-419"), ("sr-latn-rs", "sr-Latn-RS")]
)  # fmt: skip
def test_codes_are_written_one_way(typed: str, code: str) -> None:
    assert known_code(typed, "--language") == code


@pytest.mark.parametrize("typed", ["", "german", "d", "de-", "de DE", "../x", "de-Germany", "1a"])
def test_what_is_no_code_is_refused(typed: str) -> None:
    with pytest.raises(BadInput, match="no code of a language"):
        known_code(typed, "--language")


def test_directions_and_spaces() -> None:
    assert all(map(is_right_to_left, ("ar", "he", "fa-IR", "ur", "yi", "pa-Arab", "az-Arab")))
    assert not any(map(is_right_to_left, ("en", "de", "ja", "ks-Deva", "ar-Latn", "")))
    assert all(map(is_arabic, ("ar", "fa", "ur-PK", "pa-Arab")))
    assert not any(map(is_arabic, ("he", "yi", "en", "az")))
    assert has_spaces("ko")
    assert not any(map(has_spaces, ("ja", "zh-TW", "th")))
    assert is_english("en-GB")
    assert is_english("")
    assert not is_english("enm")
    assert is_traditional("zh-TW")
    assert is_traditional("zh-Hant")
    assert not is_traditional("zh-Hans-TW")


@pytest.mark.parametrize("code", _phrases())
def test_phrases_are_whole(code: str) -> None:
    said, english = asdict(_phrases()[code]), asdict(_phrases()["en"])
    for one in fields(Phrases):
        for phrase in [said[one.name]] if isinstance(said[one.name], str) else said[one.name]:
            assert phrase.strip() == phrase != ""
            holes = {name for _, name, _, _ in string.Formatter().parse(phrase) if name is not None}
            assert holes == HOLES.get(one.name, set()), f"{code}: {one.name}"
            if code != "en" and one.name not in {"page", "end", "story"}:
                assert phrase not in (english[one.name], *english["draw"], *english["write"])
    assert len(said["draw"]) == 6
    assert len(said["write"]) == 4


def test_phrases_of_a_language_nobody_translated_are_english_and_say_so() -> None:
    assert phrases("sw").the_end == "The End"
    assert spoken_in("sw") == "en"
    assert spoken_in("de-AT") == spoken_in("en-GB") == spoken_in("no") == ""
    assert phrases("zh-HK").page == "第{number}頁"
    assert name_of("de-AT") == "German"
    assert name_of("tlh") == "tlh"
