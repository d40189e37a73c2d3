"""Training: the one loop, for all families; it knows no model and no file's form.

Between two steps everything that decides the next one is at hand (`run.py`), so that it can be written down at any moment and
taken up again to the last bit. A step that is not a number never reaches the optimiser.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import torch
from torch import nn

from storykin.errors import StorykinError
from storykin.recipe import Recipe
from storykin.training import chance, checkpoint
from storykin.training.learner import Learner
from storykin.training.run import PATIENCE, Feeder, OnLook, Run, Trained

__all__ = ["Feeder", "NeedsLess", "OnLook", "OnStep", "Trained", "short_of_memory", "train"]

OnStep = Callable[[float, str], None]


class NeedsLess(StorykinError):
    """The card's memory is not enough. All is saved; `planning.ladder` knows a recipe that needs less, with which to go on."""


def train(
    learner: Learner,
    feed: Feeder,
    recipe: Recipe,
    folder: Path,
    on_step: OnStep,
    look: OnLook | None = None,
    stamp: str = "",
    *,
    parameters: Mapping[str, nn.Parameter] | None = None,
    allowed: Collection[str] = (),
) -> Trained:
    """Train an adapter in `folder` (`cast/<name>/training/<family>`), or go on from the checkpoint there.

    `stamp` stands for the dataset. `parameters` are what `learner.prepare(recipe)` gave, where it was called already. `allowed` are
    fields of the recipe that may differ from the checkpoint's, when memory asks for it; with other `resolutions` or another `batch`
    the feed begins its order anew. Whatever ends the training, Ctrl-C and `Cancelled` from `on_step` too, is let through after all has
    been saved. Raises `BadInput` for a changed recipe or dataset, `BadFile`, `NeedsLess`, and `StorykinError` naming files when
    the loss stays not finite.
    """
    try:
        with checkpoint.alone(folder), chance.seeded(recipe.seed) as generator:
            saved = checkpoint.latest(folder)
            if saved:
                checkpoint.refuse_changes(saved.head, recipe, stamp, allowed)
            ready = learner.prepare(recipe) if parameters is None else parameters
            run = Run(learner, feed, recipe, folder, stamp, ready, generator, saved)
            return _train(run, on_step, look)
    except RuntimeError as error:
        if not short_of_memory(error):
            raise
        shortage = str(error).splitlines()[0]
    # raised outside of `except`: a context would keep the failed step's tensors on the card
    raise NeedsLess(
        f"the card's memory is not enough: {shortage}",
        "close other programs that use the card, or run again with --vram set to less than it has",
    )


def _train(run: Run, on_step: OnStep, look: OnLook | None) -> Trained:
    recipe = run.recipe
    with run.saving():
        while True:
            if look and run.due(recipe.look_every) and not run.looked:
                run.look(look)
                run.save()
            if run.due(recipe.save_every) and not run.saved:
                run.save()
            if run.over:
                return run.trained()

            began = time.perf_counter()
            loss, norm, names = run.descend()
            if math.isfinite(loss) and math.isfinite(norm):
                run.update(loss, norm, began)
                on_step(run.share, f"step {run.progress.step} of {recipe.steps}, loss {loss:.4f}")
            elif len(run.progress.bad) + 1 < PATIENCE:
                run.skip(names)
                on_step(run.share, "a step that is not a number is left out")
            else:
                run.roll_back(names)
                on_step(run.share, f"back to step {run.progress.step}, at half the rate")


def short_of_memory(error: RuntimeError) -> bool:
    """Whether it is the card's memory; the libraries that torch calls say so in words of their own."""
    return isinstance(error, torch.OutOfMemoryError) or any(
        words in str(error)
        for words in ("CUBLAS_STATUS_ALLOC_FAILED", "CUDNN_STATUS_ALLOC_FAILED", "CUDA out of memory")
    )
