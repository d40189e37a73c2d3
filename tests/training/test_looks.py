"""Previews: what is asked for, painted once, never twice, with the loop's weights and without a trace in them."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

torch = pytest.importorskip("torch")

from storykin.dataset import Dataset, TrainingPicture  # noqa: E402
from storykin.errors import BadFile, BadInput  # noqa: E402
from storykin.scene import Box  # noqa: E402
from storykin.training.looks import (  # noqa: E402
    SEED,
    Looker,
    fingerprint,
    judging_photos,
    picture_path,
    prompts,
    read_looks,
    wearing,
)
from storykin.training.scoring import PlainScorer, choose  # noqa: E402
from tests.training.toy import ToyLearner, toy_recipe, toy_train  # noqa: E402

BLUE, GREY = (70, 100, 200), (150, 145, 140)
GROUNDS = (
    (240, 225, 200),
    (120, 180, 110),
    (200, 200, 215),
    (230, 200, 190),
    (180, 215, 235),
    (90, 90, 100),
    (250, 240, 150),
)


def toy(coat: tuple[int, int, int], ground: tuple[int, int, int], x: int = 0) -> Image.Image:
    """A round toy on some ground."""
    picture = Image.new("RGB", (96, 96), ground)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((18 + x, 28, 72 + x, 88), coat)
    draw.ellipse((28 + x, 8, 62 + x, 44), coat)
    return picture


class FakeLearner:
    """Paints a grey toy that turns blue with the first parameter, without the trigger with the second."""

    def __init__(self) -> None:
        self.parameters = {
            "a": torch.nn.Parameter(torch.tensor([9.0])),
            "b": torch.nn.Parameter(torch.tensor([9.0])),
        }
        self.painted: list[tuple[tuple[str, ...], int, int, int, int]] = []

    def paint(
        self, prompts: Sequence[str], seed: int, width: int, height: int, steps: int
    ) -> list[Image.Image]:
        self.painted.append((tuple(prompts), seed, width, height, steps))
        torch.rand(1)  # noise from the world's numbers, as careless pipelines do
        return [self._one(prompt, number) for number, prompt in enumerate(prompts)]

    def _one(self, prompt: str, number: int) -> Image.Image:
        part = float(self.parameters["a" if prompt.startswith("zvoqk") else "b"].detach().clamp(0, 1))
        coat = tuple(round(grey + part * (blue - grey)) for grey, blue in zip(GREY, BLUE, strict=True))
        return toy(coat, GROUNDS[number], number)  # type: ignore[arg-type]


@pytest.fixture
def learner() -> FakeLearner:
    return FakeLearner()


@pytest.fixture
def begin(tmp_path: Path, learner: FakeLearner) -> Callable[..., Looker]:
    """A looker at the toy Wilbur, as if the program had been started anew."""
    home = tmp_path / "wilbur"
    (home / "dataset").mkdir(parents=True)
    photos = tuple(home / "dataset" / f"{number}.png" for number in range(4))
    for number, path in enumerate(photos):
        toy(BLUE, GROUNDS[number], 4 * number).save(path)

    def start(**changed: Any) -> Looker:
        usual = {
            "learner": learner,
            "parameters": learner.parameters,
            "folder": home / "training" / "sd15",
            "previews": prompts("zvoqk", "a whale"),
            "held_out": photos,
            "scorer": PlainScorer(),
            "width": 96,
            "height": 96,
        }
        return Looker(**{**usual, **changed})

    return start


def state(a: float, b: float = 0.0) -> dict[str, Any]:
    return {"a": torch.tensor([a]), "b": torch.tensor([b])}


# --- what is asked for ------------------------------------------------------------------------------


@pytest.mark.parametrize("class_words", ["a girl", "a Man", "a person", "a whale", "an old robot"])
@pytest.mark.parametrize("count", [4, 5, 6])
def test_prompts_call_the_character_once_or_not_at_all(class_words: str, count: int) -> None:
    previews = prompts("zvoqk", class_words, count)
    assert [one.prompt.count("zvoqk") for one in previews] == [1] * count + [0, 0]
    assert [one.trigger for one in previews] == [True] * count + [False, False]
    assert all(class_words in one.prompt for one in previews)
    assert len({one.prompt for one in previews}) == len({one.title for one in previews}) == count + 2
    assert [one.seed for one in previews] == list(range(SEED, SEED + count + 2))
    assert sum(one.judged and one.trigger for one in previews) >= 3
    assert previews == prompts("zvoqk", class_words, count)


def test_a_toy_is_not_asked_to_wear_a_jumper() -> None:
    assert "jumper" in prompts("zvoqk", "a boy")[0].prompt
    assert not any("wearing" in one.prompt for one in prompts("zvoqk", "a whale", 6))


@pytest.mark.parametrize("count", [0, 3, 7])
def test_another_number_of_previews_is_refused(count: int) -> None:
    with pytest.raises(BadInput, match=f"{count} previews") as told:
        prompts("zvoqk", "a girl", count)
    assert "4 to 6" in told.value.hint


def test_of_each_photo_kept_aside_one_picture_judges() -> None:
    whole = Box(0, 0, 1, 1)
    pictures = tuple(
        TrainingPicture(file, photo, whole, 512, 512, "close-up", "")
        for file, photo in (("01.png", "b.jpg"), ("02.png", "a.jpg"), ("03.png", "b.jpg"), ("04.png", ""))
    )
    found = judging_photos(Path("wilbur"), Dataset("zvoqk", "a whale", pictures=pictures))
    assert found == tuple(Path("wilbur/dataset") / name for name in ("01.png", "02.png", "04.png"))


# --- looking ----------------------------------------------------------------------------------------


def test_a_look_is_painted_scored_and_written_down(
    begin: Callable[..., Looker], learner: FakeLearner
) -> None:
    looker = begin()
    looked = looker(250, state(0.9))
    base, look = looker.looks.looks
    assert looked.score == look.score > base.score + 0.3
    assert (base.step, base.score, look.step) == (0, 0, 250)
    assert not looked.stop
    assert looker.looks == read_looks(looker.folder)
    assert [len(asked[0]) for asked in learner.painted] == [7, 7]
    assert learner.painted[1][1:] == (SEED, 96, 96, 20)
    pictures = sorted((looker.folder / "looks" / "000250").iterdir())
    assert [path.name for path in pictures] == [f"{number:02d}.png" for number in range(7)]
    assert Image.open(pictures[0]).getpixel((48, 60)) != Image.open(
        picture_path(looker.folder, 0, 0)
    ).getpixel((48, 60))
    assert looker.looks.held_out == tuple(f"dataset/{number}.png" for number in range(4))


def test_floor_and_ceiling_are_the_base_and_the_photos_among_themselves(begin: Callable[..., Looker]) -> None:
    looker = begin()
    looker(250, state(1.0))
    bounds = looker.looks.bounds
    assert bounds.floor is not None
    assert bounds.ceiling is not None
    assert bounds.floor + 0.2 < bounds.ceiling <= 1
    assert bounds.leakage == pytest.approx(bounds.floor, abs=0.1)
    assert bounds.floor == looker.looks.looks[0].likeness


def test_pictures_that_are_not_judged_do_not_count(begin: Callable[..., Looker]) -> None:
    looker = begin()
    looker(250, state(1.0))
    look = looker.looks.looks[-1]
    judged = [
        one
        for one, preview in zip(look.each, looker.previews, strict=True)
        if preview.trigger and preview.judged
    ]
    assert len(judged) == 4
    assert look.likeness == pytest.approx(sum(one or 0 for one in judged) / 4)
    assert look.leakage == pytest.approx(sum(one or 0 for one in look.each[-2:]) / 2)


def test_faces_that_are_not_found_are_said_not_guessed(begin: Callable[..., Looker]) -> None:
    class Blind:
        name = "nobody"

        def likeness(
            self, pictures: Sequence[Image.Image], references: Sequence[Image.Image]
        ) -> list[float | None]:
            return [None for _ in pictures]

    looker = begin(scorer=Blind())
    assert looker(250, state(1.0)).score == 0
    look = looker.looks.looks[-1]
    assert (look.likeness, look.leakage, look.seen) == (None, None, 0)
    assert looker.looks.bounds.ceiling is None


def test_one_held_out_photo_has_no_ceiling(begin: Callable[..., Looker]) -> None:
    looker = begin()
    alone = begin(held_out=looker.held_out[:1])
    alone(250, state(0.5))
    assert alone.looks.bounds.ceiling is None


def test_prompts_that_are_followed_less_cost(begin: Callable[..., Looker]) -> None:
    follows = [0.8]

    def reader(pictures: Sequence[Image.Image], words: Sequence[str]) -> list[float | None]:
        assert len(pictures) == len(words)
        return [follows[0] for _ in pictures]

    looker = begin(reader=reader)
    good = looker(250, state(0.5)).score
    follows[0] = 0.4
    assert looker(500, state(0.5)).score == pytest.approx(good - 0.15)
    assert [look.adherence for look in looker.looks.looks] == pytest.approx([0.8, 0.8, 0.4])


# --- not twice --------------------------------------------------------------------------------------


def test_what_is_there_is_not_painted_again(begin: Callable[..., Looker], learner: FakeLearner) -> None:
    first = begin()(250, state(0.5))
    count = len(learner.painted)
    assert begin()(250, state(0.5)) == first
    assert len(learner.painted) == count
    begin()(500, state(0.6))
    assert len(learner.painted) == count + 1


def test_other_weights_at_the_same_step_are_another_training(
    begin: Callable[..., Looker], learner: FakeLearner
) -> None:
    looker = begin()
    for step, part in ((250, 0.3), (500, 0.5), (750, 0.9)):
        looker(step, state(part))
    again = begin()
    again(500, state(0.4))
    assert [look.step for look in again.looks.looks] == [0, 250, 500]
    assert len(learner.painted) == 5


def test_a_picture_that_is_gone_is_painted_again(begin: Callable[..., Looker], learner: FakeLearner) -> None:
    looker = begin()
    looker(250, state(0.5))
    for step in (0, 250):
        picture_path(looker.folder, step, 3).unlink()
    score = begin()(250, state(0.5)).score
    assert score == pytest.approx(looker.looks.looks[-1].score)
    assert len(learner.painted) == 4
    assert picture_path(looker.folder, 0, 3).exists()


@pytest.mark.parametrize(
    "changed", [{"run": "other"}, {"width": 64}, {"previews": prompts("zvoqk", "a dog")}, {"steps": 5}]
)
def test_looks_of_another_training_are_forgotten(
    begin: Callable[..., Looker], changed: dict[str, Any]
) -> None:
    old = begin()
    old(250, state(0.5))
    assert begin(**changed).looks.looks == ()
    assert not picture_path(old.folder, 250, 0).exists()


class OtherScorer:
    """Half as sure as the usual one."""

    name = "by another measure"

    def likeness(
        self, pictures: Sequence[Image.Image], references: Sequence[Image.Image]
    ) -> list[float | None]:
        return [None if one is None else one / 2 for one in PlainScorer().likeness(pictures, references)]


def test_looks_by_another_measure_are_scored_anew_and_not_painted(
    begin: Callable[..., Looker], learner: FakeLearner
) -> None:
    first = begin()
    for step, part in ((250, 0.5), (500, 1.0)):
        first(step, state(part))
    painted, before = len(learner.painted), first.looks
    again = begin(scorer=OtherScorer()).looks
    assert len(learner.painted) == painted
    assert again.scorer == "by another measure"
    assert [one.step for one in again.looks] == [0, 250, 500]
    assert [one.weights for one in again.looks] == [one.weights for one in before.looks]
    assert again.bounds.floor == pytest.approx((before.bounds.floor or 0) / 2)
    assert again.bounds.ceiling == pytest.approx((before.bounds.ceiling or 0) / 2)
    assert [one.likeness for one in again.looks] == pytest.approx(
        [(one.likeness or 0) / 2 for one in before.looks]
    )
    assert again == read_looks(first.folder)
    other = begin(scorer=OtherScorer())
    other(500, state(1.0))
    assert len(learner.painted) == painted, "what is there is not painted again"
    picture_path(first.folder, 250, 0).write_bytes(b"half a pic")
    assert [one.step for one in begin().looks.looks] == [0], "what comes after a damaged one goes, too"


def test_looks_of_other_photos_are_forgotten(begin: Callable[..., Looker]) -> None:
    looker = begin()
    looker(250, state(0.5))
    toy((200, 60, 40), GROUNDS[0]).save(looker.held_out[0])
    assert begin().looks.looks == ()


def test_when_painting_breaks_off_what_was_there_stays(
    begin: Callable[..., Looker], learner: FakeLearner, monkeypatch: pytest.MonkeyPatch
) -> None:
    looker = begin()
    looker(250, state(0.5))
    before = (looker.folder / "looks.json").read_bytes()

    def broken(*_: Any, **__: Any) -> None:
        torch.rand(3)
        raise RuntimeError("out of memory")

    monkeypatch.setattr(learner, "paint", broken)
    with pytest.raises(RuntimeError):
        looker(500, state(0.6))
    assert (looker.folder / "looks.json").read_bytes() == before
    assert float(learner.parameters["a"].detach()) == 9


def test_a_damaged_file_is_told(begin: Callable[..., Looker]) -> None:
    looker = begin()
    looker(250, state(0.5))
    path = looker.folder / "looks.json"
    path.write_text(path.read_text()[:-40])
    with pytest.raises(BadFile, match=r"looks\.json"):
        begin()
    path.write_text(json.dumps({"key": "x", "scorer": "y", "previews": [], "luck": 1}))
    with pytest.raises(BadFile, match="luck"):
        begin()


def test_a_held_out_photo_that_cannot_be_read_is_told(begin: Callable[..., Looker], tmp_path: Path) -> None:
    (tmp_path / "half.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(BadFile, match=r"half\.png") as told:
        begin(held_out=(tmp_path / "half.png",))
    assert "cast edit" in told.value.hint


# --- without a trace --------------------------------------------------------------------------------


def test_the_net_gets_its_own_values_and_the_world_its_numbers_back(
    begin: Callable[..., Looker], learner: FakeLearner
) -> None:
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    begin()(250, state(0.5))
    assert torch.equal(torch.rand(2), expected)
    assert [float(value.detach()) for value in learner.parameters.values()] == [9, 9]


def test_wearing_puts_the_state_on_and_off() -> None:
    own = {"a": torch.nn.Parameter(torch.tensor([1.0, 2.0]))}
    with wearing(own, {"a": torch.tensor([3.0, 4.0], dtype=torch.float64)}):
        assert own["a"].tolist() == [3, 4]
    assert own["a"].tolist() == [1, 2]
    with wearing(own, own):
        assert own["a"].tolist() == [1, 2]


def test_a_state_of_another_net_is_refused() -> None:
    own = {"a": torch.zeros(1)}
    with pytest.raises(BadInput, match="layers: b"), wearing(own, {"a": torch.ones(1), "b": torch.ones(1)}):
        pass
    assert own["a"].tolist() == [0]


def test_fingerprints_tell_values_and_names_apart() -> None:
    one = {"a": torch.tensor([1.0, 2.0]), "b": torch.tensor([[3.0]], dtype=torch.bfloat16)}
    assert fingerprint(one) == fingerprint(dict(reversed(one.items())))
    assert fingerprint(one) != fingerprint({**one, "a": torch.tensor([1.0, 2.0001])})
    assert fingerprint(one) != fingerprint({"a": one["a"], "c": one["b"]})


# --- a whole training -------------------------------------------------------------------------------


def test_better_then_overfitted_is_seen_in_the_pictures_themselves(begin: Callable[..., Looker]) -> None:
    """It learns the whale until step 1000; then every whale becomes this one."""
    looker = begin()
    planted = [(0.2, 0), (0.5, 0), (0.8, 0), (1, 0.05), (1, 0.6), (1, 0.9), (1, 1.0), (1, 1.0)]
    stopped = 0
    for number, (a, b) in enumerate(planted, 1):
        if looker(250 * number, state(a, b)).stop:
            stopped = 250 * number
            break
    assert stopped == 1750
    assert choose(looker.looks.looks).step == 1000


def test_looking_leaves_no_trace_in_the_training_itself(tmp_path: Path, begin: Callable[..., Looker]) -> None:
    """The real loop: with looks and without it learns the same to the last bit, and what a look saw is the adapter that was kept."""
    blind = toy_train(tmp_path / "blind", look=None)
    learner = ToyLearner()
    parameters = learner.prepare(toy_recipe())
    looker = begin(learner=learner, parameters=parameters, folder=tmp_path / "sd15")
    trained = toy_train(tmp_path / "sd15", learner=learner, parameters=parameters, look=looker)
    assert trained.losses == blind.losses
    assert all(torch.equal(trained.state[name], value) for name, value in blind.state.items())
    assert [look.step for look in looker.looks.looks] == [0, 5, 10, 12]
    assert looker.looks.looks[-1].weights == fingerprint(trained.state)
