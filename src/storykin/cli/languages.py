"""People, command line: the languages that a book is wished for in."""

from dataclasses import replace

from storykin.errors import BadInput
from storykin.languages import COMMON, is_english, known_code
from storykin.wish import Wish


def complete_language(incomplete: str) -> list[tuple[str, str]]:
    """The codes of common languages that begin so, each with its name."""
    return [(code, name) for code, name in COMMON.items() if code.lower().startswith(incomplete.lower())]


def in_languages(wish: Wish, language: str, also: str) -> Wish:
    """The wish in that language and, where it is given, in a second one. Raises `BadInput` for what is no code, or twice the same."""
    first, second = known_code(language or "en", "--language"), known_code(also, "--also") if also else ""
    if first == second or (second and is_english(first) and is_english(second)):
        raise BadInput(
            f"--also {also!r} is the language of the book itself", "name another one, or leave it out"
        )
    return replace(wish, language=first, also=second)
