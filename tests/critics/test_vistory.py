"""ViStoryBench: its stories and outputs are read as they lie in its folders, and scores follow its definitions."""

import json
from math import exp
from pathlib import Path

import pytest

from storykin.critics import Reading, Seen
from storykin.critics.vistory import (
    LITE,
    Person,
    character_of,
    pictures_of,
    prompt_of,
    read_story,
    scene_of,
    score,
    stories_of,
    together,
)
from storykin.errors import BadFile, BadInput
from storykin.scene import Box
from tests.critics.vistorystory import write_story

LEFT, RIGHT = Box(0.1, 0.2, 0.2, 0.6), Box(0.6, 0.2, 0.2, 0.6)


def seen(box: Box, kind: str, *vector: float) -> Seen:
    return Seen(box, kind=kind, vectors={"drawn": vector})


def test_a_story_in_both_languages(tmp_path: Path) -> None:
    (folder,) = stories_of(write_story(tmp_path, pictures=False))
    tale = read_story(folder)
    assert (tale.id, tale.kind, len(tale.shots)) == ("01", "Children's Picture Books", 3)
    assert tale.shots[1].on_stage == ("Mia", "Rex")
    assert tale.shots[1].setting == "A forest"
    other = read_story(folder, "ch")
    assert other.shots[1].setting == "中A forest"
    assert other.shots[1].on_stage == ("Mia", "Rex"), "keys stay those of the folders of pictures"
    assert other.people[0].name == "米娅"
    assert prompt_of(tale.shots[0], tale) == (
        "Wide shot, eye level; Mia goes for a walk.; Mia is walking; Mia is A 6-year-old girl with red hair, wearing a blue dress. She smiles.; A meadow"
    )
    assert scene_of(tale.shots[0]).framing == "wide"


def test_characters_as_far_as_words_tell(tmp_path: Path) -> None:
    (folder,) = stories_of(write_story(tmp_path, pictures=False))
    mia, rex = (character_of(one) for one in read_story(folder).people)
    assert (mia.look.kind, mia.look.age, mia.look.hair_colour, mia.outfit().words) == (
        "girl",
        6,
        "red",
        "blue dress",
    )
    assert rex.look.kind == "dog"
    old = character_of(Person("Tom", "Tom", "An old man with white hair.", "realistic_human"))
    assert (old.look.kind, old.look.hair_colour, old.outfits) == ("man", "white", ())


def test_splits_and_single_stories(tmp_path: Path) -> None:
    for number in ("01", "02", "08"):
        write_story(tmp_path / "ViStory", number, pictures=False)
    assert [one.name for one in stories_of(tmp_path)] == ["01", "02", "08"]
    assert [one.name for one in stories_of(tmp_path, lite=True)] == ["01", "08"]
    assert [one.name for one in stories_of(tmp_path, only=["2"])] == ["02"]
    assert [one.name for one in stories_of(tmp_path / "ViStory" / "08")] == ["08"]
    assert len(set(LITE)) == 20
    with pytest.raises(BadInput, match="77"):
        stories_of(tmp_path, only=["77"])
    with pytest.raises(BadFile, match="no story"):
        stories_of(tmp_path / "ViStory" / "01" / "image")


def test_what_is_no_story_is_told(tmp_path: Path) -> None:
    path = tmp_path / "story.json"
    with pytest.raises(BadFile, match="no such file"):
        read_story(tmp_path)
    path.write_text("{")
    with pytest.raises(BadFile):
        read_story(tmp_path)
    path.write_text(
        json.dumps({"Characters": {}, "Shots": [{"index": 1, "Setting Description": {"en": "x"}}]})
    )
    with pytest.raises(BadFile, match="Characters Appearing"):
        read_story(tmp_path)
    with pytest.raises(BadInput, match="languages: en, ch"):
        read_story(tmp_path, "fr")


@pytest.mark.parametrize(
    "layout",
    [
        "01",
        "uno/base/en/20250601-101010/01",
        "uno/ViStory_en/01/20250601_101010",
        "uno/base/en/20250601-101010/01/shots",
        ".",
    ],
)
def test_pictures_wherever_they_lie(tmp_path: Path, layout: str) -> None:
    home = tmp_path / layout
    home.mkdir(parents=True, exist_ok=True)
    for name in ("shot_01.png", "shot_02.jpg", "shot_10.png", "notes.txt"):
        (home / name).write_bytes(b"x")
    found = pictures_of(tmp_path, "01")
    assert {number: path.name for number, path in found.items()} == {
        1: "shot_01.png",
        2: "shot_02.jpg",
        10: "shot_10.png",
    }
    assert pictures_of(tmp_path, "02") == ({} if layout != "." else found)


def test_of_several_runs_the_newest(tmp_path: Path) -> None:
    for run in ("base/en/20250601-101010", "base/en/20250701-101010", "tuned/en/20250501-101010"):
        home = tmp_path / "uno" / run / "01"
        home.mkdir(parents=True)
        (home / "shot_01.png").write_bytes(b"x")
    assert "20250701" in str(pictures_of(tmp_path, "01")[1])


def test_scores_by_their_definitions(tmp_path: Path) -> None:
    (folder,) = stories_of(write_story(tmp_path, pictures=False))
    tale = read_story(folder)
    references = {"Mia": (seen(LEFT, "girl", 1.0, 0.0),), "Rex": (seen(LEFT, "dog", 0.0, 1.0),)}
    readings = {
        1: Reading((seen(LEFT, "girl", 1.0, 0.0),), scores={"place": 0.8}),
        2: Reading((seen(LEFT, "girl", 0.8, 0.6), seen(RIGHT, "dog", 0.0, 1.0))),
    }
    found = score(tale, readings, references)
    assert found.space == "drawn"
    assert found.cross_cids == pytest.approx(((1 + 0.8) / 2 + 1) / 2)
    assert found.self_cids == pytest.approx((0.8 + 1) / 2), "of a single crop it is 1"
    assert found.occm == pytest.approx((100 + 100 + 100 * exp(-1)) / 3, abs=0.01), (
        "a missing picture shows nobody"
    )
    assert found.place == 0.8
    assert found.action is None
    assert {"action", "style_cross", "style_self", "prompt alignment"} <= set(found.unread)
    styled = score(tale, readings, references, {1: (1.0, 0.0), 2: (0.0, 1.0)}, {"Mia": (1.0, 0.0)})
    assert (styled.style_cross, styled.style_self) == (0.5, 0.0)


def test_what_nobody_read_is_not_zero(tmp_path: Path) -> None:
    (folder,) = stories_of(write_story(tmp_path, pictures=False))
    found = score(
        read_story(folder), {1: Reading(unread={"figures": "no weights", "identity": "no weights"})}, {}
    )
    assert (found.cross_cids, found.self_cids, found.occm) == (None, None, None)
    assert found.unread["occm"] == found.unread["cross_cids"] == "no weights"
    both = together([found, score(read_story(folder), {}, {})])
    assert both.occm is None
    assert (both.pictures, both.shots) == (1, 6)
