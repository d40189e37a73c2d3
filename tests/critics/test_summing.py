"""Many judged pictures added up: the questions in numbers, drift, measures of the field, and what nobody read."""

from dataclasses import replace
from statistics import fmean

import pytest

from storykin.critics import Reading
from storykin.critics.expecting import expected
from storykin.critics.judging import judge
from storykin.critics.measures import cosine
from storykin.critics.sidebyside import side_by_side
from storykin.critics.summing import Answer, Judged, counted, figured, summed, unread_of
from tests.critics.judgedbook import faulty_book, figures, hidden, judged, references, shots


def clean(count: int = 6, people: int = 3) -> list[Judged]:
    return [judged(shot, figures(shot)) for shot in shots(count, people)]


def unread(shot_number: int = 0) -> Judged:
    shot = shots(6, 3)[shot_number]
    reading = Reading(unread={"figures": "no weights are here", "identity": "no weights are here"})
    return Judged(
        shot.page,
        f"page {shot.page}",
        reading,
        judge(reading, expected(shot, references(shot), True)),
        cast=tuple(one.name for one in shot.cast),
    )


def test_a_clean_book_is_right_in_everything() -> None:
    found = summed(clean())
    assert (found.pictures, found.passed) == (6, 6)
    assert not found.faults
    assert all(answer.share == 1 for answer in found.answers.values())
    assert found.answers["looks"].read == sum(len(one.judgement.matches) for one in clean())
    assert found.occm == pytest.approx(100)


def test_each_fault_counts_against_its_question_and_person() -> None:
    found = summed(faulty_book(8, 3))
    assert found.passed == 3
    wrong = {name: answer.read - answer.right for name, answer in found.answers.items()}
    assert wrong == {"looks": 0, "hair": 1, "clothes": 1, "height": 1, "count": 2}
    sasha = next(one for one in found.members if one.name == "Sasha")
    assert sasha.answers["hair"] == Answer(7, 8, 8)
    assert [one.page for one in sasha.figures if one.state == "faulty"] == [2, 4, 5]
    grandma = next(one for one in found.members if one.name == "Grandma")
    assert [one.page for one in grandma.figures if one.state == "missing"] == [3]
    assert grandma.answers["count"].right == grandma.answers["count"].read - 1
    assert {(page, fault.name) for page, fault in found.faults} == {
        (2, "hair"), (3, "missing"), (4, "clothes"), (5, "height"), (6, "extra"),
    }  # fmt: skip


def test_somebody_missing_says_nothing_of_their_hair() -> None:
    grandma = next(one for one in summed(faulty_book(8, 3)).members if one.name == "Grandma")
    assert grandma.answers["hair"].of == len(grandma.figures) - 1
    assert grandma.answers["hair"].share == 1


def test_drift_is_measured_page_by_page() -> None:
    sasha = next(one for one in summed(faulty_book(8, 3)).members if one.name == "Sasha")
    hair = {one.page: one.hair for one in sasha.figures}
    assert hair[1] == pytest.approx(0, abs=1e-6)
    assert hair[2] is not None
    assert hair[2] > 20
    assert {one.page: one.height for one in sasha.figures}[5] == pytest.approx(1.4)


def test_what_was_not_read_is_in_no_number() -> None:
    found = summed([*clean()[1:], unread()])
    whole = summed(clean()[1:])
    assert found.answers["count"] == Answer(5, 5, 6, whole.answers["count"].score)
    assert found.answers["looks"].read == whole.answers["looks"].read
    assert found.answers["looks"].of > whole.answers["looks"].of
    assert found.cross_cids == whole.cross_cids
    assert found.occm == whole.occm
    assert ("looks", "no weights are here", 1) in found.unread


def test_a_book_that_nobody_read_has_no_numbers() -> None:
    found = summed([unread(0), unread(1)])
    assert all(answer.share is None for answer in found.answers.values())
    assert found.cross_cids is found.self_cids is found.occm is None
    assert {one.state for member in found.members for one in member.figures} == {"not read"}


def test_the_measures_are_those_of_the_field() -> None:
    pages = clean(4, 1)
    found = summed(pages)
    crops = [one.judgement.matches[0].seen for one in pages]
    own = pages[0].judgement.matches[0].wanted.references
    vectors = [one.vectors["drawn"] for one in crops if one]
    assert found.cross_cids == pytest.approx(fmean(cosine(a, one.vectors["drawn"]) for a in vectors for one in own))  # fmt: skip
    pairs = [cosine(a, b) for index, a in enumerate(vectors) for b in vectors[index + 1 :]]
    assert found.self_cids == pytest.approx(fmean(pairs))
    assert found.spaces == ("drawn",)


def test_a_stranger_in_somebodys_place_is_no_witness_of_hair() -> None:
    shot = next(one for one in shots(8, 3) if len(one.scene.figures) > 1)
    there = figures(shot)
    first, second = list(there)[:2]
    other = replace(there[first], vectors={"drawn": tuple(-each for each in there[first].vectors["drawn"])})
    found = figured(judged(shot, {**there, first: other}))
    assert found[first].right("looks") is False
    assert found[first].right("hair") is None
    assert found[second].right("hair") is True


@pytest.mark.parametrize("seen", [False, True])
def test_whom_the_storyboard_hardly_shows_is_neither_right_nor_wrong(seen: bool) -> None:
    """Whatever a reader takes for them there: with or without it everything comes out as if they were not on the page."""
    shot = next(one for one in shots(8, 3) if len(one.scene.figures) > 1)
    there = figures(shot)
    who = next(iter(there))
    another = replace(there[who], vectors={"drawn": tuple(-each for each in there[who].vectors["drawn"])})
    page = hidden(shot, who, {**there, who: another} if seen else {name: one for name, one in there.items() if name != who})  # fmt: skip
    assert page.judgement.verdict.passed
    one = figured(page)[who]
    assert (one.state, one.hidden, one.seen is not None) == ("not read", True, seen)
    assert [one.right(question) for question in ("looks", "hair", "clothes", "height")] == [None] * 4
    assert one.hair is one.clothes is one.likeness is one.height is None  # nor in any curve
    assert who not in {match.wanted.name for match in counted(page)}
    found = summed([page])
    member = next(each for each in found.members if each.name == who)
    assert member.answers["hair"] == Answer(0, 0, 1)
    assert member.answers["count"] == Answer(0, 0, 1)
    assert member.cross is member.self is None
    assert found.occm == pytest.approx(100)
    assert found.cross_cids == pytest.approx(
        fmean(one.cross for one in found.members if one.cross is not None)
    )
    (rows,) = [{row.name: row.values[0] for row in side_by_side([[page], [page]])}]
    assert (rows["occm"], rows["cross"]) == (pytest.approx(100), pytest.approx(found.cross_cids))


def test_a_part_of_safety_that_nobody_looked_for_is_told() -> None:
    pages = clean(2)
    half = replace(
        pages[0], reading=replace(pages[0].reading, unread={"fright": "not looked for", "figures": "x"})
    )
    assert unread_of(half)["fright"] == "not looked for"
    assert "figures" not in unread_of(half)  # of whole things the verdict speaks
    assert ("fright", "not looked for", 1) in summed([half, *pages[1:]]).unread


def test_readers_are_named_once() -> None:
    (page,) = clean(1)
    two = replace(page, reading=replace(page.reading, read={"figures": "people, finder", "hair": "people"}))
    assert summed([page, two]).readers == ("by hand", "people", "finder")
