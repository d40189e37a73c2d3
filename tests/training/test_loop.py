"""The loop on a toy: it learns, it is exact when taken up again, it refuses, it saves, it survives what is not a number."""

import gc
import random
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from storykin.errors import BadFile, BadInput, Cancelled, StorykinError
from storykin.training import checkpoint
from storykin.training.checkpoint import latest
from storykin.training.history import read_history
from storykin.training.loop import NeedsLess, Trained
from storykin.training.optimising import make_optimiser, rate_at, set_rate
from storykin.training.scoring import Looked
from tests.training.toy import ToyFeed, ToyLearner, toy_look, toy_recipe, toy_train


def told(folder: Path) -> list[dict[str, Any]]:
    """The history without its times."""
    return [{key: item for key, item in line.items() if key != "seconds"} for line in read_history(folder)]


def same(one: Mapping[str, Tensor], other: Mapping[str, Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def equal(one: Trained, other: Trained) -> bool:
    """To the last bit."""
    return (one.step, one.losses, one.looks, one.skipped) == (
        other.step,
        other.losses,
        other.looks,
        other.skipped,
    ) and same(one.state, other.state)


def stop_at(step: int, error: type[BaseException] = Cancelled) -> Callable[[float, str], None]:
    def on_step(share: float, words: str) -> None:
        if words.startswith(f"step {step} "):
            raise error

    return on_step


class Crash(BaseException):
    """The end of the process: nothing is saved."""


def crashing_at(call: int, monkeypatch: pytest.MonkeyPatch) -> ToyLearner:
    """A learner in whose nth loss everything ends at once."""

    def trouble(number: int, loss: Tensor) -> Tensor:
        if number == call:
            monkeypatch.setattr(checkpoint, "save", lambda *_: None)
            raise Crash
        return loss

    return ToyLearner(trouble)


def not_a_number(*calls: int) -> ToyLearner:
    return ToyLearner(lambda number, loss: loss * torch.nan if number in calls else loss)


def involved(step: int) -> list[str]:
    """The files of the step after `step` others, two batches each."""
    feed = ToyFeed()
    names = [feed.names(feed.next_batch())[0] for _ in range(2 * step + 2)]
    return names[-2:]


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return toy_train(tmp_path_factory.mktemp("straight"))


# --- it trains ---


def test_the_loss_falls(tmp_path: Path) -> None:
    trained = toy_train(tmp_path, steps=400, rank=6, learning_rate=3e-2, look=None, save_every=1000)
    losses = [loss for _, loss in trained.losses]
    assert sum(losses[-100:]) < 0.85 * sum(losses[:100])


def test_it_is_the_plain_loop(tmp_path: Path) -> None:
    recipe = toy_recipe(ema=0.0, look_every=0, max_grad_norm=0.1)
    trained = toy_train(tmp_path, ema=0.0, look_every=0, look=None, max_grad_norm=0.1)

    learner, feed = ToyLearner(), ToyFeed()
    parameters = learner.prepare(recipe)
    optimiser = make_optimiser(parameters.values(), recipe)
    torch.manual_seed(recipe.seed)
    random.seed(recipe.seed)
    generator = torch.Generator().manual_seed(recipe.seed)
    for step in range(recipe.steps):
        for _ in range(recipe.accumulate):
            (learner.loss(feed.next_batch(), generator) / recipe.accumulate).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(parameters.values(), recipe.max_grad_norm)
        set_rate(optimiser, rate_at(step, recipe))
        optimiser.step()
        optimiser.zero_grad()
    assert same(trained.state, {name: one.detach() for name, one in parameters.items()})


def test_batches_accumulated_are_one_larger_batch(tmp_path: Path) -> None:
    class Pairs(ToyFeed):
        def next_batch(self) -> Any:
            one, two = super().next_batch(), super().next_batch()
            return type(one)(torch.cat([one.latents, two.latents]), {}, torch.ones(2))

    class Plain(ToyLearner):
        def loss(self, batch: Any, generator: torch.Generator) -> Tensor:
            seen = torch.cat([batch.latents.flatten(1), torch.ones(len(batch.latents), 1)], dim=1)
            return self.net(seen).square().mean()  # type: ignore[no-any-return]

    small = toy_train(tmp_path / "a", learner=Plain(), accumulate=2)
    large = toy_train(tmp_path / "b", learner=Plain(), feed=Pairs(), accumulate=1)
    for name in small.state:
        torch.testing.assert_close(small.state[name], large.state[name])


def test_looks_and_the_result_show_the_average(tmp_path: Path) -> None:
    seen: dict[int, Mapping[str, Tensor]] = {}

    def look(step: int, state: Mapping[str, Tensor]) -> float:
        seen[step] = state
        return 0.5

    learner = ToyLearner()
    trained = toy_train(tmp_path, look=look, learner=learner)
    assert trained.looks == ((5, 0.5), (10, 0.5), (12, 0.5))
    found = latest(tmp_path)
    assert found is not None
    assert same(trained.state, found.average)
    assert same(seen[12], found.average)
    assert not same(found.weights, found.average)
    assert same(found.weights, {"net.down": learner.net.down, "net.up": learner.net.up})
    for step, state in seen.items():
        assert same(checkpoint.kept_adapter(tmp_path, step), state)


def test_a_look_that_has_seen_enough_ends_it(tmp_path: Path) -> None:
    trained = toy_train(tmp_path, look=lambda step, _: Looked(0.1, stop=step == 5))
    assert trained.early
    assert trained.step == 5
    learner = ToyLearner()
    assert equal(toy_train(tmp_path, learner=learner), trained)
    assert learner.calls == 0


def test_a_look_without_a_score(tmp_path: Path) -> None:
    assert toy_train(tmp_path, look=lambda *_: None).looks == ((5, None), (10, None), (12, None))


def test_history_can_be_read_while_it_grows(tmp_path: Path) -> None:
    lengths: list[int] = []
    toy_train(tmp_path, look=None, on_step=lambda *_: lengths.append(len(read_history(tmp_path))))
    assert lengths == list(range(1, 13))
    line = read_history(tmp_path)[0]
    assert line.keys() == {"step", "loss", "norm", "rate", "seconds"}
    assert line["rate"] == pytest.approx(1e-2 / 3)


def test_the_callers_random_numbers_are_left_alone(tmp_path: Path) -> None:
    torch.manual_seed(5)
    random.seed(5)
    expected = torch.rand(2), random.random()
    torch.manual_seed(5)
    random.seed(5)
    toy_train(tmp_path)
    assert torch.equal(torch.rand(2), expected[0])
    assert random.random() == expected[1]


# --- it cannot be lost ---


@pytest.mark.parametrize("error", [Cancelled, KeyboardInterrupt])
@pytest.mark.parametrize("step", [1, 4, 5, 7, 12])
def test_stopped_between_steps_it_goes_on_to_the_bit(
    step: int, error: type[BaseException], tmp_path: Path, straight: Trained
) -> None:
    with pytest.raises(error):
        toy_train(tmp_path, on_step=stop_at(step, error))
    found = checkpoint.standing(tmp_path)
    assert found is not None
    assert found.progress.step == step
    assert equal(toy_train(tmp_path), straight)


@pytest.mark.parametrize("call", [1, 2, 9, 10, 24])
def test_ctrl_c_in_the_middle_of_a_step_is_as_if_the_step_had_not_begun(
    call: int, tmp_path: Path, straight: Trained
) -> None:
    def trouble(number: int, loss: Tensor) -> Tensor:
        if number == call:
            raise KeyboardInterrupt
        return loss

    with pytest.raises(KeyboardInterrupt):
        toy_train(tmp_path, learner=ToyLearner(trouble))
    found = checkpoint.standing(tmp_path)
    assert found is not None
    assert found.progress.step == (call - 1) // 2
    assert equal(toy_train(tmp_path), straight)


@pytest.mark.parametrize("call", [1, 8, 9, 11, 21, 24])
def test_a_crash_costs_only_the_steps_since_the_checkpoint(
    call: int, tmp_path: Path, straight: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, pytest.raises(Crash):
        toy_train(tmp_path, learner=crashing_at(call, patch))
    assert equal(toy_train(tmp_path), straight)
    assert [line["step"] for line in told(tmp_path) if "loss" in line] == list(range(1, 13))


def test_ctrl_c_inside_an_update_waits_for_its_end(
    tmp_path: Path, straight: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    import signal

    real = torch.optim.AdamW.step
    calls: list[int] = []

    def step(self: Any, *args: Any) -> Any:
        calls.append(1)
        if len(calls) == 6:
            signal.raise_signal(signal.SIGINT)
        return real(self, *args)

    # a shell that starts the tests in the background lets them ignore it
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with monkeypatch.context() as patch:
            patch.setattr(torch.optim.AdamW, "step", step)
            with pytest.raises(KeyboardInterrupt):
                toy_train(tmp_path)
    finally:
        signal.signal(signal.SIGINT, before)
    found = checkpoint.standing(tmp_path)
    assert found is not None
    assert found.progress.step == 6
    assert equal(toy_train(tmp_path), straight)


def test_a_failure_inside_an_update_saves_nothing(
    tmp_path: Path, straight: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = torch.optim.AdamW.step
    calls: list[int] = []

    def step(self: Any, *args: Any) -> Any:
        calls.append(1)
        done = real(self, *args)
        if len(calls) == 7:  # the sixth step is not saved
            raise RuntimeError("half done")
        return done

    with monkeypatch.context() as patch:
        patch.setattr(torch.optim.AdamW, "step", step)
        with pytest.raises(RuntimeError, match="half done"):
            toy_train(tmp_path)
    found = checkpoint.standing(tmp_path)
    assert found is not None
    assert found.progress.step == 5  # the look's checkpoint
    assert equal(toy_train(tmp_path), straight)


def test_stopped_in_a_look_it_looks_again(tmp_path: Path, straight: Trained) -> None:
    def look(step: int, state: Mapping[str, Tensor]) -> Looked:
        torch.rand(9)
        if step == 10:
            raise Cancelled
        return toy_look(step, state)

    with pytest.raises(Cancelled):
        toy_train(tmp_path, look=look)
    assert equal(toy_train(tmp_path), straight)


def test_other_steps_and_other_saving_change_nothing(tmp_path: Path, straight: Trained) -> None:
    toy_train(tmp_path, steps=7, save_every=3)
    trained = toy_train(tmp_path, save_every=2, streamed_blocks=3, checkpointing=False)
    assert same(trained.state, straight.state)
    assert trained.losses == straight.losses
    assert [step for step, _ in trained.looks] == [5, 7, 10, 12]


def test_done_is_done(tmp_path: Path, straight: Trained) -> None:
    toy_train(tmp_path)
    learner = ToyLearner()
    assert equal(toy_train(tmp_path, learner=learner), straight)
    assert learner.calls == 0


def test_it_begins_anew_after_forgetting(tmp_path: Path, straight: Trained) -> None:
    toy_train(tmp_path, seed=9, steps=6)
    checkpoint.forget(tmp_path)
    assert equal(toy_train(tmp_path), straight)


def test_one_at_a_time(tmp_path: Path) -> None:
    def look(step: int, state: Mapping[str, Tensor]) -> float:
        with pytest.raises(BadInput, match="another training is at work"):
            toy_train(tmp_path)
        return 0.0

    toy_train(tmp_path, look=look)


# --- it refuses ---


def test_a_changed_recipe_is_refused_before_anything_is_loaded(tmp_path: Path) -> None:
    toy_train(tmp_path, steps=3)
    learner = ToyLearner()
    with pytest.raises(BadInput) as refused:
        toy_train(tmp_path, learner=learner, rank=4, learning_rate=1e-3)
    assert "rank was 2 and is 4" in refused.value.message
    assert "learning_rate was 0.01 and is 0.001" in refused.value.message
    assert "--afresh" in refused.value.hint
    assert learner.prepared == 0


def test_a_changed_dataset_is_refused(tmp_path: Path) -> None:
    toy_train(tmp_path, steps=3)
    with pytest.raises(BadInput, match=r"the dataset has changed since step 3.*'toys' and is 'others'"):
        toy_train(tmp_path, stamp="others")


def test_another_family_is_refused(tmp_path: Path) -> None:
    toy_train(tmp_path, steps=3)
    with pytest.raises(BadInput, match="family was 'flux-dev' and is 'sdxl'"):
        toy_train(tmp_path, family="sdxl")


def test_a_net_with_other_layers_is_refused(tmp_path: Path) -> None:
    toy_train(tmp_path, steps=3)
    with pytest.raises(BadFile, match=r"the checkpoint is of another model: it has net\.down"):
        toy_train(tmp_path, learner=ToyLearner(width=3))


def test_a_rung_down_goes_on_where_it_was(tmp_path: Path) -> None:
    toy_train(tmp_path, steps=6)
    with pytest.raises(BadInput, match="precision"):
        toy_train(tmp_path, precision="nf4")
    feed = ToyFeed()
    trained = toy_train(
        tmp_path, precision="nf4", resolutions=(32,), allowed={"precision", "resolutions"}, feed=feed
    )
    assert [step for step, _ in trained.losses] == list(range(1, 13))
    assert (feed.epoch, feed.position) == divmod(6 * 2, 7)  # its order began anew
    assert checkpoint.standing(tmp_path).recipe.precision == "nf4"  # type: ignore[union-attr]


# --- what is not a number ---


@pytest.mark.parametrize("bad", [torch.nan, torch.inf])
@pytest.mark.parametrize("calls", [(7,), (8,), (7, 9)])
def test_a_step_that_is_not_finite_is_left_out(calls: tuple[int, ...], bad: float, tmp_path: Path) -> None:
    learner = ToyLearner(lambda number, loss: loss * bad if number in calls else loss)
    trained = toy_train(tmp_path, learner=learner)
    assert trained.step == 12
    assert trained.skipped == len(calls)
    assert all(one.isfinite().all() for one in trained.state.values())
    skipped = [line for line in told(tmp_path) if "skipped" in line]
    assert [line["step"] for line in skipped] == [4] * len(calls)
    assert skipped[0]["skipped"] == involved(3)


def test_a_gradient_that_is_not_finite_beside_a_finite_loss_is_left_out(tmp_path: Path) -> None:
    def trouble(number: int, loss: Tensor) -> Tensor:
        if number == 5:
            loss.register_hook(lambda gradient: gradient * torch.nan)  # type: ignore[no-untyped-call]
        return loss

    trained = toy_train(tmp_path, learner=ToyLearner(trouble))
    assert trained.skipped == 1
    assert all(one.isfinite().all() for one in trained.state.values())


def test_the_optimiser_never_sees_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = torch.optim.AdamW.step

    def step(self: Any, *args: Any) -> Any:
        assert all(one.grad.isfinite().all() for group in self.param_groups for one in group["params"])
        return real(self, *args)

    monkeypatch.setattr(torch.optim.AdamW, "step", step)
    assert toy_train(tmp_path, learner=not_a_number(3, 7, 9, 16)).skipped == 4


def test_good_steps_between_bad_ones_forgive_them(tmp_path: Path) -> None:
    assert toy_train(tmp_path, learner=not_a_number(7, 9, 13, 15, 19, 21)).skipped == 6


def test_three_in_a_row_go_back_and_halve_the_rate(tmp_path: Path) -> None:
    states: dict[int, Mapping[str, Tensor]] = {}

    def on_step(share: float, words: str) -> None:
        if words.startswith("back"):
            found = latest(tmp_path)
            assert found is not None
            states[found.head.progress.step] = found.weights

    before = tmp_path / "before"
    toy_train(before, steps=5)
    trained = toy_train(tmp_path, learner=not_a_number(15, 17, 19), on_step=on_step)
    # the seventh step's checkpoint does not exist, the fifth's is that of the look
    assert list(states) == [5]
    assert same(states[5], latest(before).weights)  # type: ignore[union-attr]
    assert trained.step == 12
    assert trained.skipped == 3
    lines = told(tmp_path)
    assert [line["step"] for line in lines if "loss" in line] == list(range(1, 13))
    assert {line["rate"] for line in lines if "loss" in line and line["step"] > 5} == {0.5e-2}
    assert next(line for line in lines if "rolled_back" in line)["step"] == 5


def test_stopped_after_going_back_it_goes_on_to_the_bit(tmp_path: Path) -> None:
    straight = toy_train(tmp_path / "a", learner=not_a_number(15, 17, 19))
    with pytest.raises(Cancelled):
        toy_train(tmp_path / "b", learner=not_a_number(15, 17, 19), on_step=stop_at(9))
    assert equal(toy_train(tmp_path / "b"), straight)


def test_it_stops_when_that_happens_again_and_names_the_files(tmp_path: Path) -> None:
    with pytest.raises(StorykinError) as stopped:
        toy_train(tmp_path, feed=ToyFeed(broken=range(7)))
    assert "3 times in a row" in stopped.value.message
    assert "00.png" in stopped.value.message
    assert not isinstance(stopped.value, BadInput | BadFile)
    found = latest(tmp_path)
    assert found is not None
    assert all(one.isfinite().all() for one in found.weights.values())


def test_one_broken_picture_is_stepped_over(tmp_path: Path) -> None:
    trained = toy_train(tmp_path, feed=ToyFeed(broken=[2]), steps=30, accumulate=1)
    assert trained.skipped in {4, 5}
    assert all(one.isfinite().all() for one in trained.state.values())


# --- memory ---


@pytest.mark.parametrize("call", [1, 12])
def test_too_little_memory_is_told_after_all_has_been_saved(
    call: int, tmp_path: Path, straight: Trained
) -> None:
    held: list[Any] = []

    def trouble(number: int, loss: Tensor) -> Tensor:
        if number == call:
            activations = torch.ones(4)
            held.append(weakref.ref(activations))
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 1 GiB")
        return loss

    gc.disable()
    try:
        with pytest.raises(NeedsLess, match="Tried to allocate 1 GiB") as short:
            toy_train(tmp_path, learner=ToyLearner(trouble))
        assert held[0]() is None, "the failed step's tensors are still there"
    finally:
        gc.enable()
    assert short.value.__context__ is None
    found = checkpoint.standing(tmp_path)
    assert found is not None
    assert found.progress.step == (call - 1) // 2
    assert equal(toy_train(tmp_path, streamed_blocks=10), straight)


def test_too_little_memory_for_the_net_itself(tmp_path: Path) -> None:
    class Large(ToyLearner):
        def prepare(self, recipe: Any) -> Any:
            raise RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`")

    with pytest.raises(NeedsLess):
        toy_train(tmp_path, learner=Large())


def test_other_errors_are_let_through_after_saving(tmp_path: Path, straight: Trained) -> None:
    def trouble(number: int, loss: Tensor) -> Tensor:
        if number == 13:
            raise BadFile("photos/03.jpg: is gone")
        return loss

    with pytest.raises(BadFile, match=r"03\.jpg"):
        toy_train(tmp_path, learner=ToyLearner(trouble))
    assert checkpoint.standing(tmp_path).progress.step == 6  # type: ignore[union-attr]
    assert equal(toy_train(tmp_path), straight)


def test_a_net_prepared_before_is_not_prepared_again(tmp_path: Path, straight: Trained) -> None:
    learner = ToyLearner()
    parameters = learner.prepare(toy_recipe())
    assert equal(toy_train(tmp_path, learner=learner, parameters=parameters), straight)
    assert learner.prepared == 1
