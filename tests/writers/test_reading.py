"""Reading measures against samples that were counted by hand."""

import pytest

from storykin.writers.reading import (
    familiar_words,
    is_familiar,
    measure,
    sentences_of,
    syllables,
    target,
    words_of,
)


def test_spache_and_flesch_kincaid_by_hand() -> None:
    text = "The dog ran to the house. He saw a stegosaurus."
    # 10 words, 2 sentences: 5 words a sentence. Unfamiliar: stegosaurus, 1 in 10 words = 10 %.
    # Syllables: 1+1+1+1+1+1 and 1+1+1+4 = 13, so 1.3 a word.
    reading = measure(text)
    assert (reading.words, reading.sentences, reading.longest_sentence) == (10, 2, 6)
    assert reading.unfamiliar == ("stegosaurus",)
    assert reading.spache == pytest.approx(0.121 * 5 + 0.082 * 10 + 0.659, abs=0.01)  # 2.084
    assert reading.flesch_kincaid == pytest.approx(0.39 * 5 + 11.8 * 1.3 - 15.59, abs=0.01)  # 1.70


def test_an_unfamiliar_word_counts_once_however_often_it_comes() -> None:
    text = "A thermometer. One thermometer. Two thermometers are more than a thermometer."
    # 11 words, 3 sentences. "thermometer" and its plural are two strange words; each counts once: 2 in 11.
    reading = measure(text)
    assert reading.unfamiliar == ("thermometer", "thermometers")
    assert reading.spache == pytest.approx(0.121 * 11 / 3 + 0.082 * 200 / 11 + 0.659, abs=0.01)


def test_pages() -> None:
    reading = measure(["Oh no!", "The cat sat down. It slept.", ""])
    # 2 + 6 + 0 words on 3 pages.
    assert (reading.words, reading.pages, reading.most_words_on_a_page) == (8, 3, 6)
    assert reading.words_per_page == pytest.approx(8 / 3, abs=0.01)
    assert reading.sentences == 3


def test_names_of_the_cast_are_familiar() -> None:
    text = "Persephone's dog ran. Biscuit saw Persephone."
    assert measure(text).unfamiliar == ("persephone's", "persephone")
    assert measure(text, ["Persephone", "Biscuit the dog"]).unfamiliar == ()


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("“Oh no!” said Sasha.", 1),
        ('"Oh no!" Sasha said.', 1),
        ("“Oh no!” The cake fell.", 2),
        ("Dig in. It rained!", 2),
        ("Mr. Fox met Dr. Owl. J. Bear waved.", 2),
        ("And then… he was gone. Wait… What?", 3),
        ("It was 3.5 metres long. “No. 7,” he said.", 2),
        ("The moon came up\nand the cat sat down.", 1),
        ("The End\n\nGood night", 2),
        ("Woof! Woof! “Stop?”", 3),
        ("…", 0),
    ],
)
def test_sentences(text: str, sentences: int) -> None:
    assert len(sentences_of(text)) == sentences


def test_words() -> None:
    assert words_of("“Don’t eat ice-cream,” said Grandpa’s cat—3.5 times!") == [
        "Don’t", "eat", "ice-cream", "said", "Grandpa’s", "cat", "3.5", "times",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "word",
    ["hopped", "baking", "puppies", "leaves", "dog's", "didn't", "ice-cream", "tried", "wishes", "7", "B"],
)
def test_regular_forms_are_familiar(word: str) -> None:
    assert is_familiar(word)


@pytest.mark.parametrize("word", ["thermometer", "astonished", "herd", "magnificent"])
def test_other_words_are_not(word: str) -> None:
    assert not is_familiar(word)


@pytest.mark.parametrize(
    ("word", "count"),
    [("dog", 1), ("puppy", 2), ("stethoscope", 3), ("Isabella", 4), ("Mikabo", 3), ("Zoë", 2), ("brrr", 1)],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_no_words_no_grade() -> None:
    assert measure([]).spache == measure("…").flesch_kincaid == 0.0


def test_targets_grow_with_age() -> None:
    aims = [target(age) for age in range(2, 10)]
    assert [a.longest_sentence for a in aims] == sorted(a.longest_sentence for a in aims)
    assert [a.words_per_page[1] for a in aims] == sorted(a.words_per_page[1] for a in aims)


def test_the_list_is_a_first_reader() -> None:
    assert 1000 <= len(familiar_words()) <= 1300
    assert {"dog", "house", "ran", "the"} <= familiar_words()
