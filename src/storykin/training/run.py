"""Training: all that is in motion while one runs, and the few moves that can be made with it.

Everything that decides the next step is at hand between two steps, so that it can be written down at any moment and taken up again
to the last bit; a step that is broken off leaves no trace.
"""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from storykin.errors import StorykinError
from storykin.recipe import Recipe
from storykin.training import chance, checkpoint
from storykin.training.checkpoint import Checkpoint, Head, Progress
from storykin.training.history import History, read_history
from storykin.training.learner import Batch, Learner
from storykin.training.optimising import (
    clip,
    decay_at,
    follow,
    gradient_norm,
    make_optimiser,
    rate_at,
    set_rate,
)
from storykin.training.scoring import Looked

PATIENCE = 3
"""So many steps in a row without a finite loss and gradient are no accident."""
ROLLBACKS = 1

OnLook = Callable[[int, Mapping[str, Tensor]], "Looked | float | None"]
"""Sees the adapter after a number of steps (on the CPU, by the names of `Learner.prepare`; with EMA its average) and scores it."""


class Feeder(Protocol):
    """The batches of a training in their order, without end."""

    def next_batch(self) -> Batch:
        """What the next step learns from."""

    def names(self, batch: Batch) -> tuple[str, ...]:
        """The files that the batch just given was made from, for messages."""

    def state(self) -> Mapping[str, Any]:
        """Where the order stands: a new tree of dicts, lists, numbers, strings and tensors at each call."""

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on as after `state`."""


@dataclass(frozen=True)
class Trained:
    """What came of a training: `state` is the adapter by the names of `Learner.prepare` (with EMA its average), on the CPU.

    `losses` and `looks` are pairs of step and number, `skipped` how many steps were left out because they were not finite,
    `early` whether the looks ended it.
    """

    step: int
    losses: tuple[tuple[int, float], ...]
    looks: tuple[tuple[int, float | None], ...]
    state: Mapping[str, Tensor]
    skipped: int = 0
    early: bool = False


class Run:
    """A training between two steps: what decides the next one, and what can be done."""

    def __init__(
        self,
        learner: Learner,
        feed: Feeder,
        recipe: Recipe,
        folder: Path,
        stamp: str,
        parameters: Mapping[str, nn.Parameter],
        generator: torch.Generator,
        begun: Checkpoint | None,
    ) -> None:
        self.learner, self.feed, self.recipe, self.folder, self.stamp = learner, feed, recipe, folder, stamp
        self.parameters, self.weights, self.generator = parameters, list(parameters.values()), generator
        self.optimiser = make_optimiser(self.weights, recipe)
        self.average = {name: one.detach().clone() for name, one in parameters.items()} if recipe.ema else {}
        self.progress = Progress()
        self.whole = True
        self.saved = begun is not None and begun.head.recipe == recipe
        if begun:
            self._take(begun)
            self._resume(begun)
        self._remember()
        self.history = History(folder, self.progress.lines)

    # --- what the loop asks ---

    @property
    def share(self) -> float:
        """How much of the training is done, 0 … 1."""
        return min(1.0, self.progress.step / max(1, self.recipe.steps))

    @property
    def over(self) -> bool:
        """Whether there is nothing left to train."""
        return self.progress.stopped or self.progress.step >= self.recipe.steps

    @property
    def looked(self) -> bool:
        """Whether there has been a look after this step, or there is nothing to see yet."""
        return self.progress.step == 0 or self.progress.step in dict(self.progress.looks)

    def due(self, every: int) -> bool:
        """Whether what happens every so many steps (0: never), and after the last, does so now."""
        return self.over or (every > 0 and self.progress.step % every == 0)

    # --- its moves ---

    def descend(self) -> tuple[float, float, tuple[str, ...]]:
        """Gradients of one step: loss, norm of the gradient, and the files involved. With `accumulate` batches, the mean over them."""
        losses: list[Tensor] = []
        names: list[str] = []
        for _ in range(self.recipe.accumulate):
            batch = self.feed.next_batch()
            names += self.feed.names(batch)
            loss = self.learner.loss(batch, self.generator) / self.recipe.accumulate
            loss.backward()  # type: ignore[no-untyped-call]
            losses.append(loss.detach())
        self.norm = gradient_norm(self.weights)
        # one waiting for the card in a step, not one for each number
        loss_is, norm_is = torch.stack((torch.stack(losses).sum().float(), self.norm.float())).tolist()
        return loss_is, norm_is, tuple(dict.fromkeys(names))

    def update(self, loss: float, norm: float, began: float) -> None:
        """The step itself, not to be divided: weights, average, progress, a line of history."""
        done, recipe = self.progress.step, self.recipe
        rate = rate_at(done, recipe, self.progress.rollbacks)
        with self._undivided():
            clip(self.weights, self.norm, recipe.max_grad_norm)
            set_rate(self.optimiser, rate)
            self.optimiser.step()
            follow(self.average, self.parameters, decay_at(done, recipe.ema))
            self._go_on(replace(self.progress, step=done + 1, bad=()))
            seconds = round(time.perf_counter() - began, 4)
            self._note(step=done + 1, loss=loss, norm=norm, rate=rate, seconds=seconds)

    def skip(self, names: tuple[str, ...]) -> None:
        """Leave a step out that is not finite."""
        progress = self.progress
        with self._undivided():
            self._go_on(replace(progress, skipped=progress.skipped + 1, bad=(*progress.bad, names)))
            self._note(step=progress.step + 1, skipped=names)

    def roll_back(self, names: tuple[str, ...]) -> None:
        """Go back to the last checkpoint at half the rate; chance and the order of the pictures go on, so that the same does not happen again.

        Raises `StorykinError` when that has been done before.
        """
        involved = sorted({one for bad in (*self.progress.bad, names) for one in bad})
        skipped = self.progress.skipped + 1
        back = checkpoint.latest(self.folder)
        if self.progress.rollbacks >= ROLLBACKS or back is None:
            self._go_on(replace(self.progress, skipped=skipped, bad=()))
            raise StorykinError(
                f"step {self.progress.step + 1}: the loss or its gradient was not a finite number {PATIENCE} times in a row, "
                f"and going back at half the rate did not help; the files involved: {', '.join(involved)}",
                "look at these pictures and their captions and masks, take out what is damaged; or set a lower learning_rate in the "
                "recipe; then train with --afresh",
            )
        with self._undivided():
            self._take(back)
            before = back.head.progress
            self.history.cut(before.lines)
            self._go_on(replace(before, skipped=skipped, bad=(), rollbacks=self.progress.rollbacks + 1))
            self._note(step=self.progress.step, rolled_back=True, files=involved)
        self.save()

    def look(self, look: OnLook) -> None:
        """Let the adapter be seen and scored, and keep it; chance is afterwards where it was."""
        step, state = self.progress.step, self.state()
        checkpoint.keep_adapter(self.folder, step, state)
        try:
            found = look(step, state)
        finally:
            chance.restore(self.moment["chance"], self.generator)
        looked = found if isinstance(found, Looked) else Looked(math.nan if found is None else found)
        score = looked.score if math.isfinite(looked.score) else None
        with self._undivided():
            looks = (*self.progress.looks, (step, score))
            self.progress = replace(self.progress, looks=looks, stopped=looked.stop)
            self.saved = False
            self._note(step=step, score=score)

    def save(self) -> None:
        """Write down all that decides the next step."""
        rest = {"optimiser": self.optimiser.state_dict(), **self.moment}
        head = Head(self.recipe, self.stamp, self.progress)
        weights = {name: one.detach() for name, one in self.parameters.items()}
        checkpoint.save(self.folder, Checkpoint(head, weights, self.average, rest))
        self.saved = True

    @contextmanager
    def saving(self) -> Iterator[None]:
        """Save when something ends the training, unless it did so in the middle of an update."""
        try:
            yield
        except BaseException:
            if self.whole and not self.saved:
                self.save()
            raise
        finally:
            self.history.close()

    def state(self) -> dict[str, Tensor]:
        """The adapter as others should see it, on the CPU: the average, or the weights where there is none."""
        seen: Mapping[str, Tensor] = self.average or self.parameters
        return {name: one.detach().to("cpu", copy=True) for name, one in seen.items()}

    def trained(self) -> Trained:
        """What came of it."""
        lines = read_history(self.folder)
        losses = tuple((line["step"], line["loss"]) for line in lines if "loss" in line)
        progress = self.progress
        return Trained(
            progress.step, losses, progress.looks, self.state(), progress.skipped, early=progress.stopped
        )

    # --- inside ---

    def _take(self, found: Checkpoint) -> None:
        """Weights, average and optimiser as they were. Raises `BadFile` when the net has other layers."""
        checkpoint.refuse_other_layers(found.weights, self.parameters, self.folder)
        with torch.no_grad():
            for name, one in self.parameters.items():
                one.copy_(found.weights[name])
            for name, mean in self.average.items():
                mean.copy_(found.average[name])
        self.optimiser.load_state_dict(found.rest["optimiser"])

    def _resume(self, found: Checkpoint) -> None:
        """Progress, chance and order as they were."""
        self.progress = found.head.progress
        chance.restore(found.rest["chance"], self.generator)
        if not checkpoint.changes(found.head.recipe, self.recipe).keys() & {"resolutions", "batch"}:
            self.feed.restore(found.rest["feed"])

    def _go_on(self, progress: Progress) -> None:
        self.progress = progress
        self.optimiser.zero_grad(set_to_none=True)
        self._remember()
        self.saved = False

    def _remember(self) -> None:
        """Where chance and order stand between two steps; a step that is broken off has drawn from them already."""
        self.moment = {"chance": chance.now(self.generator), "feed": self.feed.state()}

    def _note(self, **line: Any) -> None:
        self.history.add(line)
        self.progress = replace(self.progress, lines=self.history.length)

    @contextmanager
    def _undivided(self) -> Iterator[None]:
        """What is done in here is done as a whole: Ctrl-C waits until afterwards, and after a failure nothing is saved."""
        self.whole = False
        with _ctrl_c_waiting():
            yield
            self.whole = True


@contextmanager
def _ctrl_c_waiting() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield  # Ctrl-C arrives in the main thread only
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        signal.raise_signal(signal.SIGINT)
