"""Quotes as they are printed."""

import pytest

from storykin.binders.quotes import printed_quotes


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ('"Oh no!" said Sasha.', "“Oh no!” said Sasha."),
        ("Don't pull the dogs' tails.", "Don’t pull the dogs’ tails."),
        ("\"It said 'moo',\" Theo whispered.", "“It said ‘moo’,” Theo whispered."),
        ("'Twas night.", "’Twas night."),
        ('First line,\n"second line."', "First line,\n“second line.”"),
        ('("So?")', "(“So?”)"),
    ],
)
def test_english(typed: str, printed: str) -> None:
    assert printed_quotes(typed) == printed


def test_kept_words_stay_byte_for_byte() -> None:
    assert printed_quotes('He said "hi" and "bye".', keep=('"bye"',)) == 'He said “hi” and "bye".'


def test_other_languages_are_left_alone() -> None:
    assert printed_quotes('"Hallo"', "de") == '"Hallo"'
