"""Languages on the command line: codes, completion, and that the embedded writer refuses what it does not speak."""

from pathlib import Path

import pytest

from storykin import bookfolder
from storykin.cli.languages import complete_language, in_languages
from storykin.errors import BadInput
from storykin.wish import Wish
from tests.cli.test_commands import run

WISH = Wish("a whale")


def test_a_wish_gets_its_languages() -> None:
    assert in_languages(WISH, "en", "") == WISH
    made = in_languages(WISH, "pt_br", "HE")
    assert (made.language, made.also) == ("pt-BR", "he")


@pytest.mark.parametrize(("language", "also"), [("en", "en"), ("de", "de"), ("en-GB", "en-US")])
def test_one_language_twice_is_refused(language: str, also: str) -> None:
    with pytest.raises(BadInput, match="is the language of the book itself"):
        in_languages(WISH, language, also)


def test_common_languages_are_completed() -> None:
    assert ("de", "German") in complete_language("d")
    assert [code for code, _ in complete_language("ZH")] == ["zh", "zh-Hant"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--language", "de"), "the writer fable tells stories in English only, not in German"),
        (("--also", "es"), "the writer fable tells stories in English only, not in Spanish"),
        (("--language", "german"), "--language 'german' is no code of a language"),
        (("--also", "en"), "--also 'en' is the language of the book itself"),
    ],
)
def test_what_cannot_be_told_is_said(
    options: tuple[str, ...], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    for command in ("write", "book"):
        code, _, err = run(capsys, command, "a whale", *options)
        assert code == 2
        assert says in " ".join(err.split())
    assert list(tmp_path.iterdir()) == []


def test_the_language_is_kept_in_the_wish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, _ = run(capsys, "write", "a whale", "--language", "en_gb", "--pages", "4", "--out", "b")
    assert code == 0
    assert bookfolder.read_wish(tmp_path / "b").language == "en-GB"
