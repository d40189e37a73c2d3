"""What each step sees: everything once an epoch, every caption with its own picture, and the same again after a stop."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some

from storykin import cachefolder
from storykin.dataset import Dataset, TrainingPicture
from storykin.errors import BadFile, BadInput
from storykin.recipe import Recipe
from storykin.scene import Box
from storykin.training.aside import split
from storykin.training.caching import Example, prepare
from storykin.training.feeding import Feed
from storykin.training.learner import Batch
from tests.training.tagged import RECIPE, TaggedLearner, a_dataset, grey_of, words_of


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cachefolder.CACHE, str(tmp_path / "cache"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cast" / "sasha"


def examples_of(
    folder: Path,
    recipe: Recipe,
    count: int,
    masked: int = 0,
    sizes: Sequence[tuple[int, int]] = ((128, 128),),
) -> tuple[Example, ...]:
    return prepare(folder, a_dataset(folder, count, sizes, masked), TaggedLearner(), recipe)


def captions(batch: Batch) -> list[str]:
    return [words_of(one) for one in batch.words["letters"]]


def same(one: Batch, other: Batch) -> bool:
    masks = one.masks is other.masks or (
        one.masks is not None and other.masks is not None and torch.equal(one.masks, other.masks)
    )
    return (
        masks
        and torch.equal(one.latents, other.latents)
        and torch.equal(one.weights, other.weights)
        and all(torch.equal(one.words[name], other.words[name]) for name in one.words)
        and one.sizes == other.sizes
    )


# --- pairs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_captions_stay_with_their_pictures_however_they_are_shuffled(folder: Path, batch: int) -> None:
    recipe = replace(RECIPE, batch=batch, resolutions=(128, 192), prior_weight=0.5)
    examples = examples_of(folder, recipe, 9, masked=4, sizes=[(128, 128), (64, 128), (192, 192)])
    feed = Feed(examples, recipe, seed=7)
    masked = {one.file for one in examples if one.mask}
    orders = set()
    for _ in range(3):
        order = []
        for _ in range(feed.batches_per_epoch):
            dealt = feed.next_batch()
            names = feed.names(dealt)
            assert len(names) == len(dealt.latents) == len(dealt.sizes) == len(dealt.weights) <= batch
            for number, (name, said) in enumerate(zip(names, captions(dealt), strict=True)):
                if name.startswith("anybody"):
                    assert said.startswith("a girl, ")
                    assert float(dealt.weights[number]) == 0.5
                    continue
                grey = grey_of(dealt.latents[number])
                assert said == f"grey {grey}"
                assert name == f"close-up-{grey // 3:03d}.png"
                assert int(dealt.words["pooled"][number, 0]) == len(said)
                assert float(dealt.weights[number]) == 1
                if dealt.masks is not None:
                    assert (float(dealt.masks[number].mean()) < 1) == (name in masked)
                order.append((grey, tuple(dealt.latents.shape)))
        orders.add(tuple(order))
    assert len(orders) == 3  # each epoch is shuffled anew


def test_an_epoch_shows_every_example_once(folder: Path) -> None:
    recipe = replace(RECIPE, batch=2, resolutions=(128, 192))
    examples = examples_of(folder, recipe, 7, sizes=[(192, 192), (192, 128)])
    feed = Feed(examples, recipe, seed=1)
    for epoch in range(2):
        assert feed.epoch == epoch
        seen: Counter[tuple[int, tuple[int, ...]]] = Counter()
        for _ in range(feed.batches_per_epoch):
            batch = feed.next_batch()
            assert batch.latents.ndim == 4
            seen.update((grey_of(one), tuple(one.shape)) for one in batch.latents)
        assert seen == Counter(
            (3 * number, (3, one.bucket[1] // 8, one.bucket[0] // 8))
            for number, one in ((int(one.file[9:12]), one) for one in examples)
        )


def test_resolutions_take_turns(folder: Path) -> None:
    recipe = replace(RECIPE, resolutions=(64, 128, 192))
    feed = Feed(examples_of(folder, recipe, 6, sizes=[(192, 192)]), recipe, seed=3)
    widths = [feed.next_batch().latents.shape[-1] for _ in range(36)]
    assert all(set(widths[start : start + 3]) == {8, 16, 24} for start in range(0, 36, 3))


def test_pictures_of_anybody_take_turns_with_the_photos(folder: Path) -> None:
    recipe = replace(RECIPE, prior_weight=0.25, prior_pictures=5)
    feed = Feed(examples_of(folder, recipe, 4), recipe, seed=3)
    weights: list[float] = []
    names: list[str] = []
    for _ in range(40):
        batch = feed.next_batch()
        weights.append(float(batch.weights[0]))
        names += feed.names(batch)
    assert weights == [1, 0.25] * 20
    assert set(Counter(names[0::2]).values()) == {5}  # 20 turns for 4 photos …
    assert set(Counter(names[1::2]).values()) == {4}  # … and for 5 of anybody
    assert feed.batches_per_epoch == 8
    assert feed.epoch == 5


def test_only_pictures_of_anybody_are_nothing_to_learn(folder: Path) -> None:
    recipe = replace(RECIPE, prior_weight=1.0)
    examples = examples_of(folder, recipe, 2)
    with pytest.raises(BadInput, match="no picture to learn from"):
        Feed([one for one in examples if one.prior], recipe, seed=1)


def test_masks_are_whole_where_a_picture_has_none(folder: Path) -> None:
    recipe = replace(RECIPE, batch=4)
    examples = examples_of(folder, recipe, 4, masked=1)
    feed = Feed(examples, recipe, seed=1)
    batch = feed.next_batch()
    assert batch.masks is not None
    assert batch.masks.shape == (4, 1, 16, 16)
    shares = {name: float(one.mean()) for name, one in zip(feed.names(batch), batch.masks, strict=True)}
    assert shares.pop("close-up-000.png") == 0.5
    assert set(shares.values()) == {1.0}
    assert Feed(examples[1:], recipe, seed=1).next_batch().masks is None


def test_captions_are_left_out_as_often_as_the_recipe_says(folder: Path) -> None:
    examples = examples_of(folder, RECIPE, 20)
    feed = Feed(examples, replace(RECIPE, caption_dropout=0.25), seed=1)
    left_out = sum(captions(feed.next_batch()) == [""] for _ in range(400))
    assert 70 <= left_out <= 130  # 100 expected, 8.7 the standard deviation
    always = Feed(examples, replace(RECIPE, caption_dropout=1.0), seed=1)
    assert {captions(always.next_batch())[0] for _ in range(20)} == {""}


def test_traits_are_said_as_often_as_the_recipe_says_and_nothing_else_changes(folder: Path) -> None:
    plain = replace(RECIPE, caption_dropout=0.25)
    told = [
        replace(one, told=one.wordless) if number < 10 else one  # what lies there is "", to tell it apart
        for number, one in enumerate(examples_of(folder, plain, 20))
    ]
    always = Feed(told, replace(RECIPE, traits=1.0), seed=1)
    seen = {always.names(batch)[0]: captions(batch)[0] for batch in (always.next_batch() for _ in range(20))}
    kept = [bool(seen[one.file]) for one in told]
    assert kept == [False] * 10 + [True] * 10, "those without keep their caption"
    half, never = Feed(told, replace(RECIPE, traits=0.5), seed=1), Feed(told, RECIPE, seed=1)
    pairs = [(half.next_batch(), never.next_batch()) for _ in range(400)]
    assert all(torch.equal(one.latents, other.latents) for one, other in pairs)
    assert 70 <= sum(captions(one) == [""] for one, _ in pairs) <= 130  # half of the ten
    both, dropped = Feed(told[10:], replace(plain, traits=0.5), seed=1), Feed(told[10:], plain, seed=1)
    assert [captions(both.next_batch()) for _ in range(99)] == [
        captions(dropped.next_batch()) for _ in range(99)
    ]


# --- order ----------------------------------------------------------------------------------------


def test_the_seed_decides_the_order(folder: Path) -> None:
    examples = examples_of(folder, RECIPE, 9)

    def order(seed: int) -> list[str]:
        feed = Feed(examples, RECIPE, seed)
        names: list[str] = []
        for _ in range(18):
            names += feed.names(feed.next_batch())
        return names

    assert order(1) == order(1)
    assert order(1) != order(2)
    assert order(1)[:9] != order(1)[9:]


@given(stop=some.integers(0, 50), seed=some.integers(0, 5))
@settings(deadline=None, max_examples=15)
def test_a_restored_feed_goes_on_to_the_last_bit(
    tmp_path_factory: pytest.TempPathFactory, stop: int, seed: int
) -> None:
    folder = tmp_path_factory.getbasetemp() / "restored" / "sasha"
    recipe = replace(RECIPE, batch=2, resolutions=(64, 128), caption_dropout=0.3, prior_weight=0.5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(cachefolder.CACHE, str(folder.parent / "cache"))
        examples = examples_of(folder, recipe, 5, masked=2)
    whole, half = Feed(examples, recipe, seed), Feed(examples, recipe, seed)
    for _ in range(stop):
        whole.next_batch()
        half.next_batch()
    state = json.loads(json.dumps(half.state()))
    restored = Feed(examples, recipe, seed)
    for _ in range(3):  # it had already begun otherwise
        restored.next_batch()
    restored.restore(state)
    for _ in range(20):
        one, other = whole.next_batch(), restored.next_batch()
        assert same(one, other)
        assert whole.names(one) == restored.names(other)
        assert whole.state() == restored.state()


@pytest.mark.parametrize("change", ["seed", "batch", "dropout", "photo", "caption", "weight", "traits"])
def test_the_order_of_other_pictures_is_refused(folder: Path, change: str) -> None:
    examples = examples_of(folder, RECIPE, 4)
    state = Feed(examples, RECIPE, seed=1).state()
    others = {
        "seed": Feed(examples, RECIPE, seed=2),
        "batch": Feed(examples, replace(RECIPE, batch=2), seed=1),
        "dropout": Feed(examples, replace(RECIPE, caption_dropout=0.5), seed=1),
        "photo": Feed(examples[1:], RECIPE, seed=1),
        "caption": Feed([replace(examples[0], words=examples[1].words), *examples[1:]], RECIPE, seed=1),
        "weight": Feed([replace(examples[0], weight=0.5), *examples[1:]], RECIPE, seed=1),
        "traits": Feed(
            [replace(examples[0], told=examples[1].words), *examples[1:]], replace(RECIPE, traits=0.5), seed=1
        ),
    }
    with pytest.raises(BadInput, match="cannot be taken up"):
        others[change].restore(state)


def test_a_damaged_state_is_refused(folder: Path) -> None:
    feed = Feed(examples_of(folder, RECIPE, 2), RECIPE, seed=1)
    for state in ({}, {**feed.state(), "served": "7"}, {**feed.state(), "served": -1}):
        with pytest.raises(BadInput, match="cannot be taken up"):
            feed.restore(state)


# --- memory ---------------------------------------------------------------------------------------


def test_entries_are_kept_in_memory_only_up_to_the_room(folder: Path) -> None:
    examples = examples_of(folder, RECIPE, 8)
    one = 3 * 16 * 16 * 4 + 24 * 4 + 8  # bytes of a picture's latents and words
    wide, narrow = Feed(examples, RECIPE, 1), Feed(examples, RECIPE, 1, room=3 * one)
    for _ in range(24):
        assert same(wide.next_batch(), narrow.next_batch())
    assert narrow._entries._filled <= 3 * one
    for path in {example.latents for example in examples}:
        path.unlink()
    wide.next_batch()  # it has them all
    with pytest.raises(BadFile, match="gone or damaged"):
        [narrow.next_batch() for _ in range(8)]


def test_what_is_kept_cannot_be_spoilt_by_a_step(folder: Path) -> None:
    feed = Feed(examples_of(folder, RECIPE, 1), RECIPE, 1)
    before = feed.next_batch().latents.clone()
    feed.next_batch().latents.mul_(0)
    assert torch.equal(feed.next_batch().latents, before)


# --- photos kept aside ----------------------------------------------------------------------------


def photos(*framings: str) -> Dataset:
    return Dataset(
        "zvoqk",
        "a girl",
        pictures=tuple(
            TrainingPicture(f"{number}.png", f"{number}.jpg", Box(0, 0, 1, 1), 64, 64, framing, "")
            for number, framing in enumerate(framings)
        ),
    )


MANY = photos(*["close-up"] * 14, *["half body"] * 10, *["full body"] * 6, *["whole"] * 2)


def test_photos_kept_aside_are_of_all_framings() -> None:
    learned, aside = split(MANY, 5, seed=1)
    assert sorted((*learned.pictures, *aside.pictures), key=lambda one: int(one.file[:-4])) == list(
        MANY.pictures
    )
    assert Counter(one.framing for one in aside.pictures) == {
        "close-up": 2, "half body": 1, "full body": 1, "whole": 1,
    }  # fmt: skip
    assert learned.trigger == aside.trigger == "zvoqk"
    assert split(MANY, 5, seed=1) == (learned, aside)
    assert split(MANY, 5, seed=2)[1] != aside


@pytest.mark.parametrize(
    ("count", "asked", "given_"),
    [(0, 5, 0), (3, 5, 0), (4, 5, 0), (5, 5, 1), (8, 5, 2), (12, 5, 3), (20, 5, 5), (40, 0, 0)],
)
def test_enough_is_left_to_learn_from(count: int, asked: int, given_: int) -> None:
    learned, aside = split(photos(*["close-up"] * count), asked, seed=1)
    assert len(aside.pictures) == given_
    assert len(learned.pictures) == count - given_


@given(
    some.lists(some.sampled_from(["close-up", "half body", "full body", "odd"]), max_size=40),
    some.integers(0, 9),
)
def test_never_fewer_than_four_are_left(framings: list[str], asked: int) -> None:
    learned, aside = split(photos(*framings), asked, seed=3)
    assert len(aside.pictures) <= asked
    assert len(learned.pictures) + len(aside.pictures) == len(framings)
    assert not aside.pictures or len(learned.pictures) >= 4
    if len(framings) >= 16:
        assert {one.framing for one in aside.pictures} <= {one.framing for one in learned.pictures}


def test_all_pictures_of_one_photo_stay_together() -> None:
    twice = replace(
        MANY, pictures=(*MANY.pictures, *(replace(one, file=f"x{one.file}") for one in MANY.pictures))
    )
    learned, aside = split(twice, 5, seed=1)
    assert len(aside.pictures) == 10
    assert not {one.photo for one in learned.pictures} & {one.photo for one in aside.pictures}


def test_one_more_photo_changes_little() -> None:
    sets = [
        {one.photo for one in split(photos(*["close-up"] * count), 5, seed=1)[1].pictures}
        for count in range(20, 30)
    ]
    assert all(len(one & other) >= 4 for one, other in pairwise(sets))
