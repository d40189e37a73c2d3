"""Pictures of anybody: neutral, varied, painted once by the base itself, learned beside the photos."""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from storykin import cachefolder
from storykin.errors import BadInput, Cancelled
from storykin.training.caching import prepare, quiet
from storykin.training.classpictures import AT_ONCE, class_prompts, paint_anybody
from tests.training.tagged import RECIPE, TaggedLearner, a_dataset


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cachefolder.CACHE, str(tmp_path / "cache"))


def test_prompts_are_varied_and_always_the_same() -> None:
    prompts = class_prompts("a girl", 200)
    assert prompts == class_prompts("a girl", 200)
    assert len(set(prompts)) == 200
    assert all(prompt.startswith("a girl, ") for prompt in prompts)
    assert prompts[:50] == class_prompts("a girl", 50)
    for one, other in pairwise(prompts):
        assert not set(one.split(", ")[2:]) & set(other.split(", ")[2:])


def test_all_combinations_come_before_one_comes_again() -> None:
    assert len(set(class_prompts("a girl", 6000))) == 5005
    assert len(set(class_prompts("a dog", 600))) == 455


def test_people_are_always_dressed_and_animals_never() -> None:
    for words in ("a girl", "a boy", "a person", "a man", "a baby"):
        assert all("wearing" in one or "dungarees" in one for one in class_prompts(words, 100))
    assert not any("wearing" in one for one in class_prompts("a dog", 100))
    unfit = re.compile(r"\b(beach|pool|bath\w*|bed\w*|swim\w*|shower|night)\b")
    assert not any(unfit.search(one) for one in class_prompts("a girl", 5005))


def test_they_are_painted_once_by_a_base_without_adapter() -> None:
    recipe = replace(RECIPE, prior_weight=1.0, prior_pictures=AT_ONCE + 3)
    learner = TaggedLearner()
    found = paint_anybody(learner, recipe, "a girl", quiet)
    read, then = learner.calls[: AT_ONCE + 4], learner.calls[AT_ONCE + 4 :]
    assert read == [f"caption {one}" for one in ("", *class_prompts("a girl", AT_ONCE + 3))]
    assert then == ["release_encoders", "prepare", "paint 10 from 1000", "paint 3 from 1010", "release"]
    assert [one.prompt for one in found] == list(class_prompts("a girl", AT_ONCE + 3))
    for one in found:
        with Image.open(one.path) as picture:
            assert picture.size == (128, 128)
    learner.calls.clear()
    assert paint_anybody(learner, recipe, "a girl", quiet) == found
    assert learner.calls == []


@pytest.mark.parametrize(
    "other",
    [{"base": "another"}, {"seed": 2}, {"prior_pictures": 4}, {"resolutions": (192,)}, {"family": "sdxl"}],
)
def test_what_decides_them_is_in_their_place(other: dict[str, object]) -> None:
    recipe = replace(RECIPE, prior_weight=1.0)
    here = paint_anybody(TaggedLearner(), recipe, "a girl", quiet)
    there = paint_anybody(TaggedLearner(), replace(recipe, **other), "a girl", quiet)  # type: ignore[arg-type]
    assert here[0].path.parent != there[0].path.parent
    assert paint_anybody(TaggedLearner(), recipe, "a dog", quiet)[0].path.parent != here[0].path.parent


def test_steps_and_rank_do_not_paint_them_anew() -> None:
    recipe = replace(RECIPE, prior_weight=1.0)
    paint_anybody(TaggedLearner(), recipe, "a girl", quiet)
    learner = TaggedLearner()
    paint_anybody(learner, replace(recipe, steps=7, rank=4, learning_rate=1.0), "a girl", quiet)
    assert learner.calls == []


@pytest.mark.parametrize("harm", ["gone", "cut off"])
def test_a_missing_one_is_painted_as_it_was(harm: str) -> None:
    recipe = replace(RECIPE, prior_weight=1.0, prior_pictures=2 * AT_ONCE)
    found = paint_anybody(TaggedLearner(), recipe, "a girl", quiet)
    before = [one.path.read_bytes() for one in found]
    if harm == "gone":
        found[-1].path.unlink()
    else:
        found[-1].path.write_bytes(before[-1][:50])
    learner = TaggedLearner()
    paint_anybody(learner, recipe, "a girl", quiet)
    assert learner.calls[AT_ONCE + 1 :] == ["release_encoders", "prepare", "paint 10 from 1010", "release"]
    assert [one.path.read_bytes() for one in found] == before


def test_a_stopped_run_keeps_what_is_painted_and_releases_the_net() -> None:
    recipe = replace(RECIPE, prior_weight=1.0, prior_pictures=2 * AT_ONCE)
    learner = TaggedLearner()

    def stop(share: float, words: str) -> None:
        assert words == "painting anybody: a girl"
        if share > 0:
            raise Cancelled

    with pytest.raises(Cancelled):
        paint_anybody(learner, recipe, "a girl", stop)
    assert learner.calls[-3:] == ["prepare", "paint 10 from 1000", "release"]
    learner.calls.clear()
    paint_anybody(learner, recipe, "a girl", quiet)
    assert learner.calls[AT_ONCE + 1 :] == ["release_encoders", "prepare", "paint 10 from 1010", "release"]


def test_without_a_class_there_is_nobody_to_paint() -> None:
    with pytest.raises(BadInput, match="class_words"):
        paint_anybody(TaggedLearner(), replace(RECIPE, prior_weight=1.0), " ", quiet)


def test_they_are_cached_beside_the_photos_own_and_shared_by_characters(tmp_path: Path) -> None:
    recipe = replace(RECIPE, prior_weight=0.5, prior_pictures=3)
    learner, folder = TaggedLearner(), tmp_path / "cast" / "sasha"
    examples = prepare(folder, a_dataset(folder, 2), learner, recipe)
    assert [(one.file, one.weight, one.prior) for one in examples] == [
        ("close-up-000.png", 1.0, False),
        ("close-up-001.png", 1.0, False),
        ("anybody 001.png", 0.5, True),
        ("anybody 002.png", 0.5, True),
        ("anybody 003.png", 0.5, True),
    ]
    assert learner.calls.index("release") < learner.calls.index("picture 128x128")  # never both at once
    assert "caption " in learner.calls
    assert not any("zvoqk" in one for one in learner.calls)
    learner.calls.clear()
    assert prepare(folder, a_dataset(folder, 2), learner, recipe) == examples
    assert set(learner.calls) == {"release_encoders"}
    other = tmp_path / "cast" / "mia"
    prepare(other, a_dataset(other, 1), learner, recipe)
    assert not any(one.startswith("paint") for one in learner.calls)


def test_without_a_weight_nobody_is_painted(tmp_path: Path) -> None:
    learner, folder = TaggedLearner(), tmp_path / "cast" / "sasha"
    examples = prepare(folder, a_dataset(folder, 2), learner, replace(RECIPE, prior_weight=0.0))
    assert not any(one.prior for one in examples)
    assert "prepare" not in learner.calls
