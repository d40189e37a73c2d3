"""The benchmark of the trainer at its smallest: it says what it promises; times are never asserted."""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarked import BENCHMARKS, script, tables

TINY = ("--size", "tiny", "--pictures", "4", "--side", "128")

pytestmark = pytest.mark.slow


@pytest.fixture
def training() -> Iterator[Any]:
    with script("training") as module:
        yield module


class Done:
    """A part of the benchmark that ran in this process, seen as a process that has ended."""

    returncode = 0

    def __init__(self, training: Any, what: str, task: Any, cache: Path | None = None, **more: Any) -> None:
        said = json.dumps({"task": asdict(task), **more})
        self.told = io.StringIO()
        with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(self.told):
            for name, value in training.surroundings().items():
                patch.setenv(name, value)
            if cache:
                patch.setenv("STORYKIN_CACHE", str(cache))
            training.child(what, json.loads(said))

    def communicate(self) -> tuple[str, str]:
        return self.told.getvalue(), ""


def mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers)


def test_a_step_stands_beside_diffusers_own(training: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "begin", lambda *said, **more: Done(training, *said, **more))
    words = ("step", "--family", "flux-dev", "--steps", "45", "--rounds", "1")
    (found,) = tables(training, *words, *TINY)
    ways = found["measures"]
    assert list(ways) == ["first", "again", "default", "cached"]
    measured = {"a step", "to the first step", "of it imports", "of it all else", "peak MB"}
    for way, measures in ways.items():
        assert measured <= measures.keys()
        assert all(measures[one] > 0 for one in measured)
        (losses,) = found["losses"][way]
        assert len(losses) == 45
        assert mean(losses[-20:]) < mean(losses[:20]), f"{way} learned nothing"
    assert found["losses"]["first"] == found["losses"]["again"], (
        "the second run finds what the first has cached"
    )


def test_a_killed_training_is_the_same_to_the_last_bit(
    training: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that is killed, and the one whose time says when, are processes of their own."""
    real, whole = training.begin, iter(range(1000))

    def begin(what: str, *said: Any, **more: Any) -> Any:
        alone = what == "whole" and next(whole) < 2
        return real(what, *said, **more) if alone else Done(training, what, *said, **more)

    monkeypatch.setattr(training, "begin", begin)
    (found,) = tables(training, "kills", "--family", "flux-dev", "--steps", "20", "--kills", "1", *TINY)
    assert found["kills"] == 1
    assert found["same"] is True


def test_streaming_says_that_it_needs_a_card() -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a card")
    command = [sys.executable, str(BENCHMARKS / "training.py"), "streaming"]
    env = os.environ | {"OMP_NUM_THREADS": "1"}
    said = subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
    assert said.strip().endswith("PyTorch finds no CUDA card here.")


def test_streaming_runs_its_schedule_without_a_card(training: Any) -> None:
    words = ("streaming", "--device", "cpu", "--resolutions", "64", "--steps", "1")
    rows: list[dict[str, Any]] = tables(training, *words, *TINY)[0]["rows"]
    assert [row["blocks"] for row in rows] == [0, 1, 3]
    assert all(row["simulated"] > 0 for row in rows)
    assert rows[0]["copied"] == 0 < rows[2]["copied"]
