"""The benchmark of the trainer at its smallest: it says what it promises; times are never asserted."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TINY = ("--size", "tiny", "--pictures", "4", "--side", "128")

pytestmark = pytest.mark.slow


def run(*words: str) -> str:
    """Standard output of the command."""
    env = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "training.py"), *words],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers)


def test_a_step_stands_beside_diffusers_own() -> None:
    words = ("step", "--family", "flux-dev", "--steps", "45", "--rounds", "1", "--json")
    (found,) = json.loads(run(*words, *TINY))
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


def test_a_killed_training_is_the_same_to_the_last_bit() -> None:
    (found,) = json.loads(
        run("kills", "--family", "flux-dev", "--steps", "20", "--kills", "1", "--json", *TINY)
    )
    assert found["kills"] == 1
    assert found["same"] is True


def test_streaming_says_that_it_needs_a_card() -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a card")
    assert run("streaming").strip().endswith("PyTorch finds no CUDA card here.")


def test_streaming_runs_its_schedule_without_a_card() -> None:
    words = ("streaming", "--device", "cpu", "--resolutions", "64", "--steps", "1", "--json", *TINY)
    rows: list[dict[str, Any]] = json.loads(run(*words))[0]["rows"]
    assert [row["blocks"] for row in rows] == [0, 1, 3]
    assert all(row["simulated"] > 0 for row in rows)
    assert rows[0]["copied"] == 0 < rows[2]["copied"]
