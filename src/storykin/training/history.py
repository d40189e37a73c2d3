"""Training: what happened at every step, one line of JSON each, readable while it grows.

{"step": 12, "loss": 0.31, "norm": 0.8, "rate": 1e-4, "seconds": 1.4}  a step
{"step": 250, "score": 0.42}  a look   ·   {"step": 13, "skipped": ["03.png"]}   ·   {"step": 100, "rolled_back": true}
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from storykin import files
from storykin.errors import BadFile

HISTORY = "history.jsonl"
AGAIN = "make room on the disk, then run the same command again: it goes on from the last checkpoint"


def read_history(folder: Path) -> tuple[dict[str, Any], ...]:
    """The lines of a training's folder in order; without those that a crash cut off, and empty when there is no history."""
    return tuple(_lines(folder / HISTORY))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if not path.exists():
        return
    for line in path.read_bytes().split(b"\n"):
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            yield found


class History:
    """The history of a training, open at its end. `length` is the number of lines."""

    def __init__(self, folder: Path, length: int) -> None:
        """Open it and forget all but the first `length` lines: the rest happened after the checkpoint and will happen again."""
        self._path = folder / HISTORY
        self._file: IO[str] | None = None
        self.cut(length)

    def cut(self, length: int) -> None:
        """Forget all but the first `length` lines. Raises `BadFile`."""
        self.close()
        kept = read_history(self._path.parent)[:length]
        try:
            files.write_text(self._path, "".join(map(_line, kept)))
        except BadFile as error:
            raise BadFile(error.message, AGAIN) from error
        self.length = len(kept)
        try:
            self._file = self._path.open("a", encoding="utf-8")
        except OSError as error:
            raise _unwritten(self._path, error) from error

    def add(self, line: Mapping[str, Any]) -> None:
        """Write one line, at once. Raises `BadFile`."""
        assert self._file, "closed"
        try:
            self._file.write(_line(line))
            self._file.flush()
        except OSError as error:
            raise _unwritten(self._path, error) from error
        self.length += 1

    def close(self) -> None:
        """Let the file go."""
        if self._file:
            self._file.close()
            self._file = None


def _line(line: Mapping[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False) + "\n"


def _unwritten(path: Path, error: OSError) -> BadFile:
    return BadFile(f"{path}: cannot be written: {error.strerror or error}", AGAIN)
