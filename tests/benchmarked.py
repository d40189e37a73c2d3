"""The scripts of `benchmarks/`, run in this process: to import what they need takes longer than the least that they measure."""

import contextlib
import importlib
import io
import json
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@contextlib.contextmanager
def script(name: str) -> Iterator[Any]:
    """A script as a module; what it sets of its surroundings is put back."""
    paths, environment = sys.path[:], dict(os.environ)
    sys.path.insert(0, str(BENCHMARKS))
    try:
        with warnings.catch_warnings():
            yield importlib.import_module(f"benchmarks.{name}")
    finally:
        sys.path[:] = paths
        os.environ.clear()
        os.environ.update(environment)


def tables(module: Any, *words: str) -> list[dict[str, Any]]:
    """What the command prints for programs."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert module.main([*words, "--json"]) == 0
    found: list[dict[str, Any]] = json.loads(said.getvalue())
    return found
