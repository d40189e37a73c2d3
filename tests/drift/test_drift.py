"""The drift benchmark: faults are drawn where they are said to be, a reader that is never wrong names every one, and the tables count right."""

import tomllib
from pathlib import Path
from random import Random

import pytest
from benchmarks.drift.casts import book_of
from benchmarks.drift.faults import CLASSES, Case, injected, shrunk
from benchmarks.drift.making import SEEDS, told, varied
from benchmarks.drift.measure import Read, Result, confusion, judged, table
from benchmarks.drift.oracle import Oracle

from storykin.critics.expecting import expected
from storykin.critics.judging import Judgement
from storykin.picture import Fault, Verdict
from storykin.scene import Box, Figure, Scene
from storykin.shot import Shot


def read(case, oracle):
    shot = case.promised
    worn = {one.character: one.outfit for one in shot.scene.figures}
    seen = {one.name: oracle.references(one, one.outfit(worn[one.name])) for one in shot.cast}
    return Read(case, oracle.read(case.drawn), expected(shot, seen, placed=True))


def test_gates_are_never_measured_on_the_books_that_set_them():
    assert not set(SEEDS["tune"]) & set(SEEDS["test"])
    assert len({book_of(seed)[0].art for seed in SEEDS["test"]}) == 5


@pytest.mark.slow
def test_every_fault_is_drawn_and_named_by_who_is_never_wrong():
    story, shots = told(SEEDS["tune"][0])
    dice, oracle = Random(5), Oracle(noise=0.0)
    found = []
    for shot in shots[1:7]:
        before = shrunk(shot)
        found += [case for fault in CLASSES if (case := injected(shot, fault, dice, story.cast, before))]
        found.append(Case("clean", shot, shot))
    assert {one.fault for one in found} >= {*CLASSES, ""}
    for case in found:
        assert (case.drawn == case.promised) == (not case.fault)
    results = judged([read(case, oracle) for case in found])
    assert [one.case.how for one in results if one.case.fault and not one.found] == []
    assert not any(one.false(name) for one in results for name in CLASSES)


def result(fault, *named, also=(), who="Sasha"):
    shot = Shot(1, Scene("a meadow"))
    verdict = Verdict(faults=tuple(Fault(name, by) for name, by in named))
    return Result(Case("01", shot, shot, fault, who if fault else "", "", True, also), Judgement(verdict))


def test_a_fault_counts_as_named_only_of_the_right_one():
    assert result("hair", ("hair", "Sasha")).found
    assert not result("hair", ("hair", "Tom")).found
    assert result("hair", ("hair", "Tom")).false("hair")
    assert result("", ("hair", "Tom")).false("hair")
    assert not result("bleed", ("clothes", "Sasha"), also=("hair", "clothes")).false("clothes")
    assert result("extra", ("extra", ""), who="").found
    assert not result("extra", ("extra", ""), who="").false("extra")


def test_the_tables():
    results = [result("hair", ("hair", "Sasha")), result("hair"), result(""), result("", ("extra", ""))]
    text = table(results)
    assert "| hair | 2 | 50.0 % |" in text
    assert "1 (50.0 %) were called faulty" in text.replace("of these (", "(")
    rows = confusion(results).splitlines()
    assert rows[2].startswith("| hair (2) | 1 |")
    assert rows[-1].startswith("| nothing (2) |")


def test_changed_gates_are_changed_for_the_process_only():
    from benchmarks.drift.tune import moved, put

    from storykin.critics.thresholds import gate

    usual = gate("hair.colour")
    put("hair.colour", 1.0)
    assert gate("hair.colour") == 1.0
    put("hair.colour", usual)
    assert moved("looks.alike", 0.5, 1.2) == pytest.approx(0.4)
    assert moved("height.factor", 1.2, 1.5) == pytest.approx(1.3)


def test_a_page_drawn_by_another_hand_shows_the_same_people_elsewhere_and_otherwise():
    figure = Figure("Sasha", "waving", "calm", "", "coat", "left", Box(0.2, 0.3, 0.2, 0.6))
    shots = [Shot(1, Scene("a meadow", figures=(figure,)), seed=seed) for seed in range(30)]
    for shot in shots:
        other = varied(shot)
        (one,) = other.scene.figures
        assert (one.character, one.action, one.outfit) == ("Sasha", "waving", "coat")
        assert one.box.bottom == pytest.approx(0.9, abs=1e-3)
        assert abs(one.box.h - 0.6) <= 0.0181
        assert other == varied(shot)
        assert other.seed != shot.seed
    assert {one.scene.figures[0].facing for one in map(varied, shots)} == {"left", "right"}


def test_gates_are_put_into_the_table(tmp_path, monkeypatch):
    from benchmarks.drift import tune

    from storykin.critics import thresholds

    here = Path(thresholds.__file__).with_name("thresholds.toml").read_text()
    (tmp_path / "thresholds.toml").write_text(here)
    monkeypatch.setattr(thresholds, "__file__", str(tmp_path / "thresholds.py"))
    tune.write({"hair.colour": 7.5, "looks.alike": 0.625})
    rows = tomllib.loads((tmp_path / "thresholds.toml").read_text())
    before = tomllib.loads(here)
    assert rows["hair"]["colour"] == {**before["hair"]["colour"], "value": 7.5}
    assert rows["looks"]["alike"] == {**before["looks"]["alike"], "drawn": 0.625}
    assert {name: row for name, row in rows.items() if name not in ("hair", "looks")} == {
        name: row for name, row in before.items() if name not in ("hair", "looks")
    }
