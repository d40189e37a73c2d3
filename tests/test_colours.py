"""Colours: the published pairs of CIEDE2000, there and back, and the words people use."""

import random

import pytest

from storykin.colours import (
    CLOTHES,
    HAIR,
    SKIN,
    VOCABULARIES,
    Lab,
    clothes_word,
    colour_word,
    delta_e,
    exactly,
    gains_between,
    hair_word,
    hex_of,
    lab_of,
    relit,
    skin_word,
)
from storykin.errors import BadInput

#   Sharma, Wu, Dalal (2005), table 1: L1 a1 b1, L2 a2 b2, difference
SHARMA = """
50 2.6772 -79.7751 50 0 -82.7485 2.0425
50 3.1571 -77.2803 50 0 -82.7485 2.8615
50 2.8361 -74.0200 50 0 -82.7485 3.4412
50 -1.3802 -84.2814 50 0 -82.7485 1.0000
50 -1.1848 -84.8006 50 0 -82.7485 1.0000
50 -0.9009 -85.5211 50 0 -82.7485 1.0000
50 0 0 50 -1 2 2.3669
50 -1 2 50 0 0 2.3669
50 2.4900 -0.0010 50 -2.4900 0.0009 7.1792
50 2.4900 -0.0010 50 -2.4900 0.0010 7.1792
50 2.4900 -0.0010 50 -2.4900 0.0011 7.2195
50 2.4900 -0.0010 50 -2.4900 0.0012 7.2195
50 -0.0010 2.4900 50 0.0009 -2.4900 4.8045
50 -0.0010 2.4900 50 0.0010 -2.4900 4.8045
50 -0.0010 2.4900 50 0.0011 -2.4900 4.7461
50 2.5 0 50 0 -2.5 4.3065
50 2.5 0 73 25 -18 27.1492
50 2.5 0 61 -5 29 22.8977
50 2.5 0 56 -27 -3 31.9030
50 2.5 0 58 24 15 19.4535
50 2.5 0 50 3.1736 0.5854 1.0000
50 2.5 0 50 3.2972 0 1.0000
50 2.5 0 50 1.8634 0.5757 1.0000
50 2.5 0 50 3.2592 0.3350 1.0000
60.2574 -34.0099 36.2677 60.4626 -34.1751 39.4387 1.2644
63.0109 -31.0961 -5.8663 62.8187 -29.7946 -4.0864 1.2630
61.2901 3.7196 -5.3901 61.4292 2.2480 -4.9620 1.8731
35.0831 -44.1164 3.7933 35.0232 -40.0716 1.5901 1.8645
22.7233 20.0904 -46.6940 23.0331 14.9730 -42.5619 2.0373
36.4612 47.8580 18.3852 36.2715 50.5065 21.2231 1.4146
90.8027 -2.0831 1.4410 91.1528 -1.6435 0.0447 1.4441
90.9257 -0.5406 -0.9208 88.6381 -0.8985 -0.7239 1.5381
6.7747 -0.2908 -2.4247 5.8714 -0.0985 -2.2286 0.6377
2.0776 0.0795 -1.1350 0.9033 -0.0636 -0.5514 0.9082
"""


@pytest.mark.parametrize("row", SHARMA.strip().splitlines())
def test_ciede2000_is_as_published(row: str) -> None:
    l1, a1, b1, l2, a2, b2, difference = map(float, row.split())
    one, other = (l1, a1, b1), (l2, a2, b2)
    assert delta_e(one, other) == pytest.approx(difference, abs=5e-5)
    assert delta_e(other, one) == pytest.approx(difference, abs=5e-5)


def test_lightness_can_count_less() -> None:
    assert delta_e((50, 10, 10), (60, 10, 10), lightness=2) == pytest.approx(
        delta_e((50, 10, 10), (60, 10, 10)) / 2
    )


def test_every_screen_colour_survives_there_and_back() -> None:
    dice = random.Random(7)
    for number in (0, 0xFFFFFF, *(dice.randrange(1 << 24) for _ in range(500))):
        assert hex_of(lab_of(f"#{number:06x}")) == f"#{number:06x}"


@pytest.mark.parametrize(
    ("code", "lab"),  # of the primaries of sRGB under D65, as in every table of them
    [("#ffffff", (100, 0, 0)), ("#000000", (0, 0, 0)), ("#ff0000", (53.24, 80.09, 67.20)),
     ("#00ff00", (87.73, -86.18, 83.18)), ("#0000ff", (32.30, 79.19, -107.86)), ("#808080", (53.59, 0, 0))],
)  # fmt: skip
def test_lab_of_known_colours(code: str, lab: Lab) -> None:
    assert lab_of(code) == pytest.approx(lab, abs=0.02)


def test_what_no_screen_can_show_is_cut_off() -> None:
    assert hex_of((120, 0, 0)) == "#ffffff"
    assert hex_of((-5, 0, 0)) == "#000000"
    assert lab_of(hex_of((50, -120, 0)))[1] > -120


def test_light_can_be_changed_and_changed_back() -> None:
    seen = relit((70, 12, 18), (1.3, 1.0, 0.6))
    assert seen[2] > 30
    assert relit(seen, gains_between(seen, (70, 12, 18))) == pytest.approx((70, 12, 18), abs=1e-3)


@pytest.mark.parametrize("of", VOCABULARIES)
def test_every_word_is_called_by_its_own_name(of: str) -> None:
    for word in VOCABULARIES[of]:
        assert colour_word(hex_of(lab_of(word, of)), of) == word


@pytest.mark.parametrize("of", VOCABULARIES)
def test_words_of_a_vocabulary_can_be_told_apart(of: str) -> None:
    words = list(VOCABULARIES[of].items())
    for i, (word, lab) in enumerate(words):
        for other, near in words[:i]:
            assert delta_e(lab, near) > 3.5, (word, other)


@pytest.mark.parametrize(
    ("code", "word"),
    [("#d62828", "red"), ("#14213d", "navy"), ("#5b7fa8", "slate blue"), ("#f7d354", "yellow"), ("#e8a0b4", "pink"),
     ("#000000", "black"), ("#ffffff", "white"), ("#808080", "grey"), ("#2e8b57", "green"), ("#006d77", "teal"),
     ("#8fc1e3", "light blue"), ("#7b1e24", "dark red"), ("#f28c28", "orange"), ("#6b4423", "brown"), ("#6a3d9a", "purple")],
)  # fmt: skip
def test_clothes_are_called_as_people_call_them(code: str, word: str) -> None:
    assert clothes_word(lab_of(code)) == word


def test_hair_and_skin_are_called_as_people_call_them() -> None:
    assert hair_word(lab_of("#a08050")) == "dark blond"
    assert hair_word(lab_of("#1c1a1a")) == "black"
    assert hair_word(lab_of("#a5522a")) == "red"
    assert hair_word(lab_of("#e6d7b8")) == "white-blond"
    assert skin_word(lab_of("#f4cdad")) == "light"
    assert skin_word(lab_of("#9c6644")) == "brown"
    assert skin_word(lab_of("#3c2a20")) == "deep"


def test_skin_keeps_its_word_in_shade_and_hair_does_not_turn_into_clothes() -> None:
    shaded = relit(SKIN["fair"], (0.85, 0.85, 0.85))
    assert skin_word(shaded) in {"fair", "light"}
    assert not {"navy", "mustard"} & {*HAIR, *SKIN}


@pytest.mark.parametrize(
    ("text", "of", "said"),
    [
        ("dark red", "hair", "dark red"),
        ("", "skin", ""),
        ("#A08050", "hair", "dark blond"),
        ("#a08050 light brown", "hair", "light brown"),
        ("#a08050 (light brown)", "hair", "light brown"),
        ("#9c6644, warm brown", "skin", "warm brown"),
        ("#a08050 with #f8f6f2 spots", "coat", "light brown with white spots"),
        ("a #cd302a jumper and #202e4b trousers", "clothes", "a red jumper and navy trousers"),
        ("#5a86a0", "eyes", "blue"),
        ("number #12 and #1234567", "", "number #12 and #1234567"),
    ],
)
def test_numbers_become_words_and_words_stay(text: str, of: str, said: str) -> None:
    assert colour_word(text, of) == said


def test_unknown_words_are_refused_with_the_known_ones() -> None:
    assert lab_of("navy") == CLOTHES["navy"]
    with pytest.raises(BadInput, match="'octarine' is no colour of hair") as refused:
        lab_of("octarine", "hair")
    assert "strawberry blond" in refused.value.hint


def test_words_are_painted_in_the_colour_of_the_palette() -> None:
    red, dark = hex_of(CLOTHES["red"]), hex_of(CLOTHES["dark red"])
    assert exactly("a red top", (red,)) == f"a {red} top"
    assert exactly("a dark red top and Red shoes", (red, dark)) == f"a {dark} top and {red} shoes"
    assert exactly("a red top and a red hat", (red,)) == f"a {red} top and a red hat"
    assert exactly("a red top", ("red", "blue")) == "a red top"
    assert exactly("a striped top", (red,)) == "a striped top"
