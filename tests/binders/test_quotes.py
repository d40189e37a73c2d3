"""Quotes as they are printed, language by language."""

import pytest

from storykin.binders.quotes import MARKS, marks_of, printed_quotes, quoted

N = "\u202f"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ('"Oh no!" said Sasha.', "“Oh no!” said Sasha."),
        ("Don't pull the dogs' tails.", "Don’t pull the dogs’ tails."),
        ("\"It said 'moo',\" Theo whispered.", "“It said ‘moo’,” Theo whispered."),
        ("'Twas night.", "’Twas night."),
        ('First line,\n"second line."', "First line,\n“second line.”"),
        ('("So?")', "(“So?”)"),
        ('"But—" he said. "—and"', "“But—” he said. “—and”"),
    ],
)
def test_english(typed: str, printed: str) -> None:
    assert printed_quotes(typed) == printed


@pytest.mark.parametrize(
    ("language", "typed", "printed"),
    [
        ("de", "\"Oh nein!\", sagte Sascha. \"Er ruft: 'Komm!'\"", "„Oh nein!“, sagte Sascha. „Er ruft: ‚Komm!‘“"),
        ("de", "So geht's, 's war Hans' Hut.", "So geht’s, ’s war Hans’ Hut."),
        ("de-CH", '"Ja", sagte er.', "«Ja», sagte er."),
        ("fr", '"Oh non!" dit Sacha.', f"«{N}Oh non{N}!{N}» dit Sacha."),
        ("fr", "C'est l'heure: viens?", f"C’est l’heure{N}: viens{N}?"),
        ("fr", "À 10:30 ; non?!", f"À 10:30{N}; non{N}?!"),
        ("fr", "« Bonjour ! »", f"«{N}Bonjour{N}!{N}»"),
        ("fr-CA", '"Oui!"', f"«{N}Oui!{N}»"),
        ("fr-CH", '"Oui!"', "«Oui!»"),
        ("sv", "\"Hej 'du'!\"", "”Hej ’du’!”"),
        ("da-DK", '"Hej!"', "”Hej!”"),
        ("nb", '"Hei!"', "«Hei!»"),
        ("pl", "\"Tak, 'to' jest to.\"", "„Tak, «to» jest to.”"),
        ("cs", '"Ano," řekl.', "„Ano,“ řekl."),
        ("hu", '"Igen"', "„Igen”"),
        ("nl", "\"Kijk!\" 's Avonds in 't huis.", "“Kijk!” ’s Avonds in ’t huis."),
        ("es", '¿"Qué"? ¡"Hola"!', "¿«Qué»? ¡«Hola»!"),
        ("es-MX", '"Hola"', "“Hola”"),
        ("it", "\"L'acqua\" dell'\"amore\"", "«L’acqua» dell’«amore»"),
        ("pt-BR", '"Oi"', "“Oi”"),
        ("ru", "\"Ой!\" — сказала она. \"Это 'му'.\"", "«Ой!» — сказала она. «Это „му“.»"),
        ("uk", "п'ять", "п’ять"),
        ("ja", "\"おはよう\"とサシャ。\"'もー'だって\"", "「おはよう」とサシャ。「『もー』だって」"),
        ("zh", '他说："你好。"', "他说：“你好。”"),
        ("zh-TW", '他說："你好。"', "他說：「你好。」"),
        ("he", "\"שלום\" אמר צה\"ל, ג'ירפה", "”שלום” אמר צה״ל, ג׳ירפה"),
        ("ar", 'قال: "مرحبا"', "قال: «مرحبا»"),
    ],
)  # fmt: skip
def test_other_languages(language: str, typed: str, printed: str) -> None:
    assert printed_quotes(typed, language) == printed


def test_kept_words_stay_byte_for_byte() -> None:
    assert printed_quotes('He said "hi" and "bye".', keep=('"bye"',)) == 'He said “hi” and "bye".'
    assert (
        printed_quotes('Il dit "ah!" et "quoi?"', "fr", ('"quoi?"',)) == f'Il dit «{N}ah{N}!{N}» et "quoi?"'
    )
    assert printed_quotes('"Na \'du\'?" "Ja"', "de", ("'du'?",)) == "„Na 'du'?“ „Ja“"


@pytest.mark.parametrize("language", sorted(MARKS))
def test_what_is_printed_already_stays(language: str) -> None:
    marks = marks_of(language)
    assert marks
    text = f"{marks.opens}Aa {marks.inner_opens}bb{marks.inner_closes} cc{marks.closes}"
    assert printed_quotes(text, language) == text
    assert printed_quotes(quoted("Aa", language), language) == quoted("Aa", language)


def test_unknown_languages_are_left_alone() -> None:
    assert printed_quotes('"Hallo"', "tlh") == '"Hallo"'
