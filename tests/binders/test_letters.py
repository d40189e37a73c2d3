"""Fonts: which draws what, how wide words are, what stays of a text."""

import pytest

from storykin.binders.letters import OURS, family_of, fonts_for, has_letter, printable, width_of
from storykin.errors import BadInput


def test_hebrew_and_arabic_come_with_the_package() -> None:
    assert [family_of(letter) for letter in "אב"] == [OURS[0]] * 2
    assert [family_of(letter) for letter in "بپٹ"] == [OURS[1]] * 3  # Arabic, Persian, Urdu
    assert fonts_for(["Sasha und Мишка"]) == ()
    assert fonts_for(["שלום", "سلام"]) == OURS
    assert sum(file.stat().st_size for family in OURS for file in family.files) < 400_000


def test_a_missing_font_is_named() -> None:
    with pytest.raises(BadInput, match="no font on this machine") as refused:
        fonts_for(["\U00018b00"])
    assert "Noto Sans Khitan" in refused.value.hint


@pytest.mark.skipif(family_of("直") is None, reason="no font for Chinese characters")
def test_chinese_characters_have_the_shapes_of_the_language() -> None:
    named = {code: [one.name for one in fonts_for(["直"], code)] for code in ("ja", "zh", "zh-TW", "ko")}
    if any("CJK JP" in name for name in named["ja"]):
        assert [named[code][0][-2:] for code in named] == ["JP", "SC", "TC", "KR"]


def test_widths_follow_the_font_that_draws() -> None:
    assert width_of("Тайна", "Grandstander-Bold") == pytest.approx(width_of("Тайна", "Andika-Bold"))
    assert 1.5 < width_of("שלום") < 2.7
    assert width_of("ن\u200cم") > width_of("نم")  # parted by a joiner that forbids joining
    assert width_of("a\u200fb") == width_of("ab")
    assert width_of("«\u202fA\u202f»") < width_of("« A »")


def test_joiners_and_marks_of_direction_stay_between_letters() -> None:
    assert printable("می\u200cخواهم") == "می\u200cخواهم"
    assert printable("A\u200f!") == "A\u200f!"
    assert printable("\U0001f468\u200d\U0001f467 Mia") == " Mia"
    assert printable("Wald\u00adweg") == "Waldweg"
    assert printable("Oui\u202f!") == "Oui\u202f!"
    assert has_letter("\u200d")
