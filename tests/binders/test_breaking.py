"""Where lines end in writings of all kinds."""

import pytest

from storykin.binders.breaking import broken, pieces_of
from storykin.binders.letters import family_of, width_of
from tests.binders.spoken import WORDS, drawable


@pytest.mark.parametrize("language", [drawable(code) for code in WORDS])
@pytest.mark.parametrize("limit", [9.0, 14.0, 22.0])
def test_nothing_is_lost_hyphenated_or_too_wide(language: str, limit: float) -> None:
    lines = broken(WORDS[language], limit, "Andika-Regular")
    assert "".join(lines).replace(" ", "") == WORDS[language].replace(" ", "")
    assert all(width_of(line) <= limit + 1e-6 for line in lines)
    assert len(lines) > 1 or width_of(WORDS[language]) <= limit


def test_chinese_and_japanese_lines_begin_and_end_as_they_may() -> None:
    text = "他说：“你好，小狗！”然后他（很慢地）走了……真的走了。"
    for limit in range(3, 20):
        for line in broken(text, float(limit), "Andika-Regular"):
            assert line[0] not in "。，！？”）…：", line
            assert line[-1] not in "“（", line


@pytest.mark.skipif(family_of("あ") is None, reason="no font for Japanese")
def test_japanese_with_spaces_is_broken_at_them() -> None:
    lines = broken(WORDS["ja"], 12.0, "Andika-Regular")
    assert all(line in WORDS["ja"] for line in lines)
    words = WORDS["ja"].replace("。", "。 ").replace("」", "」 ").split()
    assert all(set(line.replace("。", "。 ").replace("」", "」 ").split()) <= set(words) for line in lines)


def test_korean_is_broken_at_spaces() -> None:
    lines = broken("사샤는 작은 강아지를 발견했어요.", 8.5, "Andika-Regular")
    assert " ".join(lines) == "사샤는 작은 강아지를 발견했어요."
    assert len(lines) > 1


def test_thai_words_are_found() -> None:
    words = [piece for piece, _ in pieces_of("มันยกอุ้งเท้าขึ้นข้างหนึ่ง ลูกสุนัข", False)]
    assert words[:4] == ["มัน", "ยก", "อุ้งเท้า", "ขึ้น"]
    assert words[-1] == "ลูกสุนัข"


def test_narrow_and_hard_spaces_hold() -> None:
    for limit in range(4, 12):
        lines = broken("Quoi\u202f! «\u202fOui\u202f» dit Sacha, où\u202f?", float(limit), "Andika-Regular")
        assert all(line[0] not in "!?»" and line[-1] != "«" for line in lines)
    assert broken("10\u00a0km weit und noch viel weiter", 7.0, "Andika-Regular")[0].startswith("10 km")


def test_a_place_to_break_that_somebody_gave_is_taken() -> None:
    assert broken("Donaudampf\u200bschifffahrt", 7.0, "Andika-Regular") == ("Donaudampf", "schifffahrt")
