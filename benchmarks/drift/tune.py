"""Drift benchmark: gates set on the tuning books: one after the other is moved as long as fewer faults are missed or invented."""

import re
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from statistics import fmean

from storykin.critics import matching, thresholds, weighing
from storykin.critics.thresholds import gate

from .faults import CLASSES
from .measure import Read, Result, judged

SPACES = {"looks.alike": "drawn"}
"""Gates that are set for one space only."""
SCALES = (0.7, 0.85, 1.2, 1.5)
MOVED = (
    "looks.alike", "looks.stranger", "looks.kind", "looks.beast", "looks.both", "looks.trait", "looks.skin", "looks.taken", "hair.colour", "hair.alike", "hair.style", "hair.coat", "hair.peeping", "clothes.hat",
    "clothes.colour", "clothes.alike", "clothes.garment", "clothes.share", "clothes.trait", "looks.power", "height.factor", "height.slack", "figure.sure", "figure.faint", "figure.small", "figure.double",
    "figure.overlap", "figure.covered", "figure.ghost", "figure.instead", "figure.scenery",
)  # fmt: skip
"""The gates that drawings can set; the others are about photographs, words and safety."""


def loss(results: Sequence[Result]) -> float:
    """What is missed by class and what is invented by class, the latter twice; and half of the clean pages that are called faulty."""
    clean = [one for one in results if not one.case.fault]
    total = fmean(bool(one.named) for one in clean) * 2
    for name in CLASSES:
        faulty = [one for one in results if one.case.fault == name]
        without = [one for one in results if one.case.fault != name]
        total += fmean(not one.found for one in faulty) + 2 * fmean(one.false(name) for one in without)
        total += 0.5 * fmean(not one.named for one in faulty)
    return total


def tuned(sets: Sequence[Sequence[Read]], rounds: int = 3, names: Sequence[str] = MOVED) -> dict[str, float]:
    """The gates that are best for these pictures, by coordinate descent from those in the table.

    `sets` are the same pictures judged in several ways; each way counts alike, so that gates do not shrink to nothing where a page is compared with
    its own drawing.
    """
    _remember()

    def lost() -> float:
        return fmean(loss(judged(pictures)) for pictures in sets)

    best = lost()
    print(f"as in the table: {best:.3f}", file=sys.stderr, flush=True)
    for _ in range(rounds):
        before = best
        for name in names:
            for scale in SCALES:
                usual = gate(name, SPACES.get(name, ""))
                put(name, moved(name, usual, scale))
                now = lost()
                if now < best - 1e-6:
                    best = now
                    print(
                        f"{name} = {gate(name, SPACES.get(name, '')):.3f}: {best:.3f}",
                        file=sys.stderr,
                        flush=True,
                    )
                else:
                    put(name, usual)
        if best > before - 0.01:
            break
    return {name: gate(name, SPACES.get(name, "")) for name in names}


def _remember() -> None:
    """What does not change with the gates is worked out once: distances of palettes, likenesses of vectors, words for colours."""
    for module, name in (
        (matching, "palette_distance"), (matching, "stray"), (matching, "similarity"),
        (weighing, "clothes_word"), (weighing, "hair_word"), (weighing, "skin_word"),
    ):  # fmt: skip
        known = getattr(module, name)
        if not hasattr(known, "cache_info"):
            setattr(module, name, cache(known))


def moved(name: str, value: float, scale: float) -> float:
    """A gate's value moved: likenesses by what lacks to 1, factors by what they exceed 1."""
    if name.endswith(".alike"):
        return round(max(0.01, 1 - (1 - value) * scale), 4)
    if name == "height.factor":
        return round(1 + (value - 1) * scale, 4)
    if name.startswith("figure.") or name in ("looks.kind", "looks.trait"):
        return round(min(0.999, value * scale), 4)
    return round(value * scale, 4)


def put(name: str, value: float) -> None:
    """Change a gate for this process."""
    one, _, other = name.partition(".")
    thresholds._table()[one][other][SPACES.get(name, "value")] = value


def write(found: Mapping[str, float]) -> None:
    """Put gates into the table in the source, their reasons stay."""
    path = Path(thresholds.__file__).with_name("thresholds.toml")
    text = path.read_text("utf-8")
    for name, value in found.items():
        key = SPACES.get(name, "value")
        rule = rf"(\[{re.escape(name)}\]\n(?:(?!\[|why)[^\n]*\n)*?{key} = )[^\n]*"
        text, count = re.subn(rule, lambda at, value=value: f"{at[1]}{value:g}", text)
        assert count == 1, name
    path.write_text(text, "utf-8")
