"""Critics: the table of gates, one file with the reason for each (`thresholds.toml`)."""

import hashlib
import tomllib
from functools import cache
from importlib.resources import files


@cache
def _table() -> dict[str, dict[str, dict[str, object]]]:
    return tomllib.loads(files("storykin.critics").joinpath("thresholds.toml").read_text("utf-8"))


def gate(name: str, space: str = "") -> float:
    """The gate of that name, for vectors of that space ("face", "image", "drawn") where it has its own, else the general one. Raises `KeyError` for what stands in no table."""
    one, _, other = name.partition(".")
    row = _table()[one][other]
    value = row.get(space, row["value"])
    assert isinstance(value, int | float)
    return float(value)


def reason(name: str) -> str:
    """Why the gate is where it is."""
    one, _, other = name.partition(".")
    return str(_table()[one][other]["why"])


def gates() -> dict[str, dict[str, object]]:
    """The whole table for people to read: value, reason and values by space, by the gate's name."""
    return {f"{one}.{other}": dict(row) for one, rows in _table().items() for other, row in rows.items()}


@cache
def revision() -> str:
    """Eight hexadecimal digits that change with any gate (a changed reason changes nothing)."""
    numbers = {
        name: {key: value for key, value in row.items() if key != "why"} for name, row in gates().items()
    }
    return hashlib.sha256(repr(sorted((name, sorted(row.items(), key=str)) for name, row in numbers.items())).encode()).hexdigest()[:8]  # fmt: skip
