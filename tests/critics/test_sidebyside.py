"""Sets of judged pictures side by side: the same numbers as the summary, and honest about chance."""

from dataclasses import replace

import numpy as np
import pytest

from storykin.critics.comparepage import compare_html, difference_words, value_words
from storykin.critics.sidebyside import Difference, keys_of, lines, scores_of_rows, side_by_side
from storykin.critics.summing import Judged, summed
from tests.critics.judgedbook import drawing, faulty_book, figures, judged, shots


def clean(count: int = 8, people: int = 3) -> list[Judged]:
    return [judged(shot, figures(shot)) for shot in shots(count, people)]


def orange(count: int, pages: set[int]) -> list[Judged]:
    """A book in which the first one's hair is orange on some pages."""
    made = []
    for shot in shots(count, 3):
        there = figures(shot)
        name = next(iter(there))
        if shot.page in pages:
            there[name] = replace(there[name], palettes={**there[name].palettes, "hair": (((60.0, 40.0, 60.0), 1.0),)})  # fmt: skip
        made.append(judged(shot, there))
    return made


def test_the_values_are_those_of_the_summary() -> None:
    book = faulty_book(8, 3)
    found, rows = summed(book), {row.name: row for row in side_by_side([book, clean()])}
    for name, answer in found.answers.items():
        assert rows[name].values[0] == pytest.approx(answer.share)
    assert rows["passed"].values == (3 / 8, 1.0)
    assert rows["cross"].values[0] == pytest.approx(found.cross_cids)
    assert rows["self"].values[0] == pytest.approx(found.self_cids)
    assert rows["occm"].values[0] == pytest.approx(found.occm)


def test_who_is_found_nowhere_counts_as_nothing() -> None:
    gone = []
    for shot in shots(8, 2):
        there = figures(shot)
        there.pop("Tom", None)
        gone.append(judged(shot, there))
    found, rows = summed(gone), {row.name: row for row in side_by_side([gone, gone])}
    assert found.cross_cids is not None
    assert found.cross_cids < 0.6
    assert rows["cross"].values[0] == pytest.approx(found.cross_cids)
    assert rows["self"].values[0] == pytest.approx(found.self_cids)


def test_a_large_difference_is_more_than_chance_and_a_small_one_is_not() -> None:
    by_name = {row.name: row for row in side_by_side([orange(14, set(range(1, 11))), clean(14), orange(14, {3})])}  # fmt: skip
    better, less = by_name["hair"].differences[1], by_name["hair"].differences[2]
    assert better
    assert less
    assert better.words == "better"
    assert better.low > 0.1
    near = next(row for row in side_by_side([orange(14, {3}), clean(14)]) if row.name == "hair").differences[1]  # fmt: skip
    assert near
    assert near.words == "could be chance"
    assert near.by > 0


def test_backwards_it_is_worse() -> None:
    row = next(row for row in side_by_side([clean(14), orange(14, set(range(1, 11)))]) if row.name == "hair")
    assert row.differences[1]
    assert row.differences[1].words == "worse"


def test_the_same_twice_is_the_same() -> None:
    told = [one.words for row in side_by_side([clean(), clean()]) for one in row.differences if one]
    assert set(told) == {"the same"}


def test_few_pages_tell_nothing() -> None:
    row = next(row for row in side_by_side([orange(4, {1, 2, 3, 4}), clean(4)]) if row.name == "hair")
    assert row.differences[1]
    assert row.differences[1].words == "too few pages to tell"


def test_pages_are_found_again_by_their_number() -> None:
    pages = clean(3)
    named = [replace(page, name=f"shot_{page.page:02d}-{mark}.png") for page, mark in zip(pages, "abc", strict=True)]  # fmt: skip
    assert keys_of(named) == keys_of(pages) == ["1", "2", "3"]
    assert keys_of([replace(pages[0], name="the cover"), *pages[1:]]) == ["0", "2", "3"]
    assert keys_of([replace(page, name=f"{mark}.png") for page, mark in zip(pages, "abc", strict=True)]) == ["a", "b", "c"]  # fmt: skip
    assert [line.pages for line in lines([pages, named[1:]])] == [
        (pages[0], None), (pages[1], named[1]), (pages[2], named[2]),
    ]  # fmt: skip


def test_without_common_pages_each_is_drawn_for_itself() -> None:
    others = [replace(page, name=f"{chr(97 + index)}.png") for index, page in enumerate(clean())]
    told = [one for row in side_by_side([faulty_book(8, 3), others]) for one in row.differences if one]
    assert not any(one.paired for one in told)
    paired = next(row for row in side_by_side([faulty_book(8, 3), clean()]) if row.name == "passed")
    apart = next(row for row in side_by_side([faulty_book(8, 3), others]) if row.name == "passed")
    assert paired.differences[1]
    assert apart.differences[1]
    assert paired.differences[1].by == apart.differences[1].by


@pytest.mark.slow
def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    """Pages of which each is right with chance 0.7 on both sides: 95 % intervals should hold 0 in most of 40 trials."""
    from storykin.critics import sidebyside

    chance, right = np.random.default_rng(3), []
    plain = clean(24)
    wrong = orange(24, set(range(1, 25)))
    for _ in range(40):
        one, two = ([plain[index] if chance.random() < 0.7 else wrong[index] for index in range(24)] for _ in "ab")  # fmt: skip
        found = sidebyside._Beside(one, two).difference("passed")
        assert found
        right.append(found.low <= 0 <= found.high)
    assert 0.85 <= np.mean(right) <= 1


def test_numbers_in_words() -> None:
    assert value_words("hair", 0.934) == "93 %"
    assert value_words("self", 0.9344) == "0.934"
    assert value_words("occm", None) == "not read"
    assert difference_words("hair", Difference(0.04, -0.01, 0.09, 9, True)) == "+4 points (−1 to +9)"
    assert difference_words("self", Difference(-0.0001, -0.02, 0.02, 9, True)) == "0.000 (−0.020 to +0.020)"


def test_plain_numbers_for_scripts() -> None:
    rows = scores_of_rows(["a", "b"], side_by_side([faulty_book(8, 3), clean()]))
    passed = next(row for row in rows if row["measure"] == "passed")
    assert passed["values"] == {"a": 3 / 8, "b": 1.0}
    assert passed["differences"]["b"]["to"] == "a"


def test_the_page_shows_both_and_what_is_missing_on_one_side() -> None:
    one, two = faulty_book(6, 2), clean(5, 2)
    pictures = {shot.page: drawing(shot, 200) for shot in shots(6, 2)}
    html = compare_html(["<prompt>", "lora"], [one, two], side_by_side([one, two]), [lambda page: pictures[page.page]] * 2, ["Nothing & more"])  # fmt: skip
    assert "&lt;prompt&gt; beside lora" in html
    assert "<prompt>" not in html
    assert "lora has no such page" in html
    assert html.count("data:image/jpeg") == 11
    assert "Nothing &amp; more" in html
    assert "http" not in html.replace("http-equiv", "")
