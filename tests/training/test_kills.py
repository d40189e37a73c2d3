"""Real processes, really killed: whenever kill -9 comes, the training goes on and ends as if nothing had been."""

import multiprocessing
import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from storykin.training import checkpoint, trees
from storykin.training.history import read_history
from tests.training.toy import toy_recipe, train_in_a_process

AT_RANDOM = 16
IN_WRITING = [
    (name, call) for name in ("fsync", "replace", "unlink") for call in (2, 3, 5, 8)
]  # before what was written is safe, before it has its name, before the oldest goes
SAID: dict[str, Any] = {"steps": 150, "save_every": 2, "look_every": 15, "learning_rate": 1e-3}
WIDTH = 1000
LONGEST = 300.0  # seconds; only against hanging


def start(folder: Path, die: tuple[str, int] | None = None) -> Any:
    """A training in a process of its own, forked from a server that knows nothing but the imports."""
    context = multiprocessing.get_context("forkserver")
    # torch._dynamo: every optimiser imports it when it is made, for seconds
    context.set_forkserver_preload(["tests.training.toy", "torch._dynamo"])
    folder.mkdir(exist_ok=True)
    (folder / "began").unlink(missing_ok=True)
    process = context.Process(target=train_in_a_process, args=(folder, SAID, WIDTH, die))
    process.start()
    wait_for(lambda: (folder / "began").exists() or process.exitcode is not None)
    return process


def wait_for(condition: Callable[[], bool]) -> None:
    limit = time.monotonic() + LONGEST
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.001)


def step_of(folder: Path) -> int:
    """The step of the newest checkpoint, which must be whole; 0 without one."""
    found = checkpoint.latest(folder)
    assert not list(folder.rglob("*.damaged"))
    if found is None:
        return 0
    assert found.head == checkpoint.standing(folder)
    assert found.head.recipe == toy_recipe(**SAID)
    return found.head.progress.step


def everything(folder: Path) -> tuple[Any, ...]:
    """What a training has to show, without its times."""
    found = checkpoint.latest(folder)
    assert found is not None
    tensors: dict[str, torch.Tensor] = {}
    rest = trees.pack([found.weights, found.average, found.rest], "", tensors)
    lines = [{key: item for key, item in line.items() if key != "seconds"} for line in read_history(folder)]
    adapters = {path.name: path.read_bytes() for path in sorted((folder / "adapters").glob("*"))}
    return found.head, rest, {name: one.numpy().tobytes() for name, one in tensors.items()}, lines, adapters


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="forks")
def test_a_training_killed_again_and_again_ends_as_one_never_killed(tmp_path: Path) -> None:
    straight = start(tmp_path / "straight")
    began = time.monotonic()
    straight.join(LONGEST)
    whole = time.monotonic() - began
    assert straight.exitcode == 0

    dice, folder, reached, half_written = random.Random(20261122), tmp_path / "killed", [0], 0
    plans: list[tuple[str, int] | None] = [None] * AT_RANDOM + list(IN_WRITING)
    dice.shuffle(plans)
    for die in plans:
        process = start(folder, die)
        if die is None:
            time.sleep(dice.uniform(0.0, whole / AT_RANDOM))
            process.kill()
        process.join(LONGEST)
        assert process.exitcode == -9, "it was done before it was killed"
        half_written += bool(list(folder.rglob(".*.part")))
        reached.append(step_of(folder))
        assert reached[-1] >= reached[-2], "a checkpoint was lost"
    final = start(folder)
    final.join(LONGEST)
    assert final.exitcode == 0
    assert everything(folder) == everything(tmp_path / "straight")
    assert half_written >= len(IN_WRITING) // 2
    print(f"\n{len(plans)} kills, {half_written} left a half-written file; steps reached: {reached}")
