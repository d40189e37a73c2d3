"""Studies: what is changed is all that is changed, a stranger who has nothing of the character, tables and figures that say what was found."""

import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from benchmarks import ladder, studies
from benchmarks.pocket import world

from storykin.recipe import Recipe

from .test_ladder import needs_diffusers, pocket

assert pocket  # a fixture


def test_every_study_changes_only_what_a_recipe_has() -> None:
    fields = set(Recipe.__dataclass_fields__)
    for name, variants in studies.STUDIES.items():
        assert len({one.says for one in variants}) == len(variants) > 1, name
        assert all(set(one.changes) <= fields for one in variants), name
        assert len({(one.album, str(one.changes), one.anybody) for one in variants}) == len(variants), name
        plain = [{"traits": 0.0, **ladder.RECIPE, **one.changes} for one in variants]
        changed = {key for one in plain for key in one if one[key] != plain[0][key]}
        assert changed <= {
            name,
            {"rank": "alpha", "checkpoint": "look_every", "captions": "traits"}.get(name),
        }


def test_studies_share_the_training_that_changes_nothing() -> None:
    shared = [
        name
        for name, variants in studies.STUDIES.items()
        for one in variants
        if (one.album, studies.changes_of(one), one.anybody) == (studies.Album(), {}, False)
    ]
    assert sorted(shared) == ["captions", "ema", "learning_rate", "prior", "rank", "steps", "variety"]
    (least, *_) = studies.STUDIES["rank"]
    assert studies.changes_of(least, 4) == {"rank": 4, "alpha": 4, "steps": 4}
    assert studies.changes_of(studies.STUDIES["captions"][-1]) == {"traits": 0.5}, "albums say it themselves"


def test_a_stranger_has_nothing_of_the_character() -> None:
    for who in world.test_characters():
        look, other = who.look, studies.stranger(who).look
        assert other.kind == look.kind
        assert other.skin != look.skin
        assert other.hair_colour != look.hair_colour
        assert other.glasses == ""


def test_tables_and_figures_say_what_was_found() -> None:
    rows: dict[str, dict[str, float | None]] = {
        "5 photos": {"bare": 0.25, "both": 0.5, "stranger": 1.0, "seconds": 80.2},
        "10 photos": {"bare": 0.75, "both": 0.8, "stranger": None, "seconds": None},
    }
    told = studies.table("photos", rows, 100)
    assert "| 5 photos | 25 | 50 | 100 | 80 |" in told
    assert "| 10 photos | 75 | 80 | – | – |" in told
    assert "±10" in told
    drawn = ElementTree.fromstring(studies.figure("photos", rows))
    bars = [
        float(one.get("height", "0"))
        for one in drawn.iter("{http://www.w3.org/2000/svg}rect")
        if one.get("fill") == studies.COLOURS["bare"]
    ]
    assert bars[1] == pytest.approx(3 * bars[0], abs=0.2)


@pytest.mark.slow
@needs_diffusers
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_a_study_is_made_on_a_fresh_base(
    pocket: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--base", str(pocket), "--out", str(tmp_path), "--only", "variety", "--characters", "1"]
    monkeypatch.setattr(sys, "argv", ["studies", *asked, "--scenes", "1", "--seeds", "1", "--steps", "4"])
    studies.main()
    told = capsys.readouterr().out
    assert all(f"| {one.says} |" in told for one in studies.STUDIES["variety"])
    assert (tmp_path / "variety.svg").exists()
    assert "| the base alone | – |" in told
    found = [{path.name for path in home.iterdir()} for home in (tmp_path / "grounds").iterdir()]
    assert len(found) == 1 + len(studies.STUDIES["variety"])
    assert sorted(map(sorted, found))[0] == ["bare", "both", "cast", "stranger"]
    assert {"words", "stranger"} in found
    monkeypatch.setattr(sys, "argv", ["studies", "--only", "colours"])
    with pytest.raises(SystemExit, match="there is no study colours"):
        studies.main()


def test_names_fit_under_their_bars() -> None:
    for name, variants in studies.STUDIES.items():
        room = 586 / (len(variants) + 1)
        assert all(5.9 * len(one.says) < room for one in variants), name
