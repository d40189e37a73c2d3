"""Drift curves: gaps where nothing was read, another shape for faults, valid SVG whatever is said."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from storykin.critics.curves import LEFT, Spot, curve

DOTS = (".//circle", ".//path")


def drawn(*values: float | None, faulty: int = -1, **more: object) -> ElementTree.Element:
    spots = [
        Spot(str(number), value, number == faulty, f"page <{number}>") for number, value in enumerate(values)
    ]
    return ElementTree.fromstring(curve("says <& that>", spots, **more))  # type: ignore[arg-type]


def test_pages_that_were_not_read_leave_a_gap() -> None:
    svg = drawn(1.0, 2.0, None, 3.0, 4.0)
    assert [len(line.get("points", "").split()) for line in svg.findall(".//polyline")] == [2, 2]
    assert len(svg.findall(".//circle")) == 4


def test_a_fault_has_another_shape() -> None:
    svg = drawn(1.0, 9.0, 1.0, faulty=1)
    assert len(svg.findall(".//circle")) == 2
    assert [mark.get("class") for mark in svg.findall(".//path")] == ["dot bad"]


def test_larger_values_are_higher_and_within_the_frame() -> None:
    svg = drawn(0.0, 50.0, 25.0)
    heights = [float(mark.get("cy", "")) for mark in svg.findall(".//circle")]
    assert heights[1] < heights[2] < heights[0]
    assert all(0 < high < 132 for high in heights)


def test_a_gate_is_drawn_where_it_is_within_the_range() -> None:
    assert len(drawn(0.0, 20.0, gates=(12.0,)).findall(".//line[@class='gate']")) == 1
    assert not drawn(0.0, 0.5, gates=(12.0,)).findall(".//line[@class='gate']")


@pytest.mark.parametrize("count", [1, 2, 40, 200])
def test_any_number_of_pages(count: int) -> None:
    svg = drawn(*([0.5] * count))
    feet = [text.text for text in svg.findall(".//text") if text.get("text-anchor") == "middle"]
    assert feet[0] == "0"
    assert len(feet) <= 9
    places = [float(mark.get("cx", "")) for mark in svg.findall(".//circle")]
    assert places == sorted(places)
    assert max(places) <= 360


def test_words_cannot_break_out() -> None:
    text = curve('"><script>', [Spot("<b>", 1.0, note="<i>")])
    assert not re.search("<script|<b>|<i>", text)


def test_numbers_at_the_side_never_lie_on_each_other_and_the_gate_goes_first() -> None:
    svg = drawn(1.0, 2.0, gates=(14.0,), least=(0.0, 15.0))
    told = [text for text in svg.findall(".//text") if text.get("text-anchor") == "end"]
    assert [text.text for text in told] == ["14", "0"]
    crowded = drawn(0.9, 9.0, gates=(0.85, 1.17), least=(0.75, 1.25))
    places = sorted(float(text.get("y", "")) for text in crowded.findall(".//text") if text.get("text-anchor") == "end")  # fmt: skip
    assert all(below - above > 12 for above, below in pairwise(places))


def test_the_first_page_stands_clear_of_the_numbers() -> None:
    assert min(float(mark.get("cx", "")) for mark in drawn(0.5, 0.5).findall(".//circle")) >= LEFT + 5
