"""Captions: words fit their room, long ones are broken, made smaller or cut off."""

import pytest

from storykin.painters.sketch.lettering import caption, fitted, width_of, wrapped, write


@pytest.mark.parametrize("words", ["Sasha", "Hohenlohe-Schillingsfürst", "WWWWWWWWWWWWWW", "", "花子"])
def test_fitted_words_are_no_wider_than_their_room(words: str) -> None:
    shown, size = fitted(words, 40, 120, 12)
    assert width_of(shown, size) <= 120.01
    assert 12 <= size <= 40


def test_only_what_is_too_long_ends_in_dots() -> None:
    assert fitted("Sasha", 40, 120, 12)[0] == "Sasha"
    assert fitted("Sasha" * 20, 40, 120, 12)[0].endswith("…")


def test_words_are_broken_at_spaces_and_hyphens() -> None:
    assert wrapped("light grey-blue jumper", 16, 110, 3) == ["light grey-", "blue jumper"]
    assert wrapped("one two three four", 16, 40, 2) == ["one", "two three four"]
    assert wrapped("", 16, 40, 2) == []


def test_what_would_break_the_drawing_is_written_as_text() -> None:
    assert ">a &lt;b&gt; &amp; c</text>" in write("a <b> & c\x07", 0, 0, 10)


def test_a_caption_has_at_most_its_rows() -> None:
    assert caption("a very long name for an outfit in May", 0, 0, 20, 60, 2).count("<text") == 2
