"""How well the reader of drawn figures reads books that it has never seen: whole pages in, figures out, against what was drawn."""

import json
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.traits import render, world

from storykin.colours import delta_e, lab_of
from storykin.critics import Question, Seen
from storykin.critics.drawn import DrawnReader

FOUND = 0.5
"""Intersection by union from which a figure counts as found."""


def pages(folder: Path, split: str, count: int) -> Iterator[tuple[Any, dict[str, Any], list[dict[str, Any]]]]:
    """Pictures of that many books with their labels and the figures that can be seen; drawn once and kept."""
    for seed in range(render.SPLITS[split], render.SPLITS[split] + count):
        path = folder / "pages" / f"{seed:06d}.npz"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            pictures, rows = [], []
            for plate in world.plates(world.book(seed)):
                figures, _ = render.kept(plate)
                plain = [
                    {key: value for key, value in one.items() if "body" not in key and "face" not in key}
                    for one in figures
                ]
                rows.append([plate.labels, plain])
                pictures.append(plate.rgb)
            aside = path.with_name(f".{path.name}")
            with aside.open("wb") as file:
                np.savez(file, *pictures, rows=np.frombuffer(json.dumps(rows).encode(), np.uint8))
            os.replace(aside, path)
        with np.load(path) as kept:
            for number, (labels, figures) in enumerate(json.loads(bytes(kept["rows"]))):
                yield kept[f"arr_{number}"], labels, figures


def shared(one: Sequence[float], other: Sequence[float]) -> float:
    """Intersection by union of two boxes (left, top, width, height)."""
    wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    high = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    return wide * high / (one[2] * one[3] + other[2] * other[3] - wide * high)


def measure(folder: Path, count: int = 24, split: str = "test") -> dict[str, Any]:
    """Every number of the card."""
    from PIL import Image

    reader = DrawnReader()
    met: list[dict[str, Any]] = []
    extra = missing = small = 0
    for rgb, labels, figures in pages(folder, split, count):
        seen = list(reader.read(Image.fromarray(rgb), Question()).figures or ())
        left = set(range(len(seen)))
        for one in sorted(figures, key=lambda one: -one["pixels"]):
            ratings = [
                (shared([seen[i].box.x, seen[i].box.y, seen[i].box.w, seen[i].box.h], one["box"]), i)
                for i in left
            ]
            best, at = max(ratings, default=(0.0, -1))
            if best < FOUND:
                hidden = one["box"][3] < 0.12
                small += hidden
                missing += not hidden
                continue
            left.discard(at)
            met.append({"seen": seen[at], "true": one, "iou": best, "sheet": labels})
        extra += sum(seen[i].sure > 0.5 for i in left)
    return {"found": _found(met, missing, small, extra), **_read(met), **_verified(met)}


def sureness(folder: Path, count: int = 6, split: str = "valid") -> tuple[float, ...]:
    """`looking.SURE` fitted on the places that were looked at closely on pages of that many books: somebody is there or not."""
    from PIL import Image

    from storykin.critics.drawn import looking, plain, reader

    ops, rows, truth = plain.PlainOps(reader.WEIGHTS), [], []
    for rgb, _, figures in pages(folder, split, count):
        near = looking.closely(ops, Image.fromarray(rgb))
        high, wide = rgb.shape[:2]
        for box, evidence in zip(near.boxes, near.evidence, strict=True) if near else ():
            at = [box[0] / wide, box[1] / high, (box[2] - box[0]) / wide, (box[3] - box[1]) / high]
            best = max((shared(at, one["box"]) for one in figures), default=0.0)
            if best > 0.45 or best < 0.25:
                rows.append(evidence)
                truth.append(best > 0.45)
    x, y = np.array(rows), np.array(truth, float)
    weights = np.zeros(x.shape[1])
    for _ in range(4000):
        p = 1 / (1 + np.exp(-x @ weights))
        weights -= 0.5 * (x.T @ (p - y) / len(y) + 0.002 * weights)
    print(f"{len(y)} places, {y.mean():.0%} of them somebody, {np.mean((p > 0.5) == y):.1%} told rightly")
    return tuple(round(float(one), 3) for one in weights)


def _found(met: list[dict[str, Any]], missing: int, small: int, extra: int) -> dict[str, float]:
    errors = [np.log(one["seen"].standing / one["true"]["standing"]) for one in met if one["true"]["name"]]
    return {
        "figures": len(met) + missing, "recall": len(met) / max(1, len(met) + missing), "extra per figure": extra / max(1, len(met)), "small missed": small,
        "box IoU": float(np.mean([one["iou"] for one in met])), "standing: median error": float(np.median(np.abs(errors))),
        "standing: sd of log": float(np.std(errors)), "standing: within 10 %": float(np.mean(np.abs(errors) < 0.1)),
        "standing: within 20 %": float(np.mean(np.abs(errors) < 0.2)),
    }  # fmt: skip


def _read(met: list[dict[str, Any]]) -> dict[str, Any]:
    colours: dict[str, list[float]] = defaultdict(list)
    right: dict[str, list[bool]] = defaultdict(list)
    for one in met:
        seen, true, sheet = one["seen"], one["true"], one["sheet"]
        if not true["name"]:
            continue
        right["kind"].append(seen.kind == true["kind"])
        right["person"].append((seen.kind in ("child", "grown-up")) == true["person"])
        for part, fill in true["fills"].items():
            name = "coat" if part == "coat" else part
            if (
                not fill
                or part in ("belly", "mark")
                or name not in seen.palettes
                or (part == "upper" and not true.get("plain", True))
            ):
                continue
            away = delta_e(seen.palettes[name][0][0], lab_of(fill))
            colours[name].append(away)
            if part in ("hair", "upper"):
                colours[f"{name}, {sheet['art']}"].append(away)
                colours[f"{name}, {sheet['time']}"].append(away)
        for name, word in world.worded(true["traits"]).items():
            if name in seen.traits:
                right[name].append(seen.traits[name] == word)
    return {
        "colours": {name: {"median": float(np.median(away)), "90 %": float(np.quantile(away, 0.9)), "of": len(away)} for name, away in sorted(colours.items())},
        "traits": {name: {"right": float(np.mean(one)), "of": len(one)} for name, one in sorted(right.items())},
    }  # fmt: skip


VECTORS = {"identity": "drawn", "hair": "drawn hair", "clothes": "drawn clothes"}


def _verified(met: list[dict[str, Any]]) -> dict[str, Any]:
    """Whether two figures of one book are the same, told by each vector: references against pages and all against all."""
    found: dict[str, Any] = {}
    for group, space in VECTORS.items():
        for what in ("references", "pages"):
            same, other = [], []
            for i, one in enumerate(met):
                for two in met[:i]:
                    a, b = one["true"], two["true"]
                    if one["sheet"]["book"] != two["sheet"]["book"] or not (a.get(group) and b.get(group)):
                        continue
                    if (what == "references") != (one["sheet"]["alone"] or two["sheet"]["alone"]):
                        continue
                    near = _cosine(one["seen"], two["seen"], space)
                    if near is not None:
                        (same if a[group] == b[group] else other).append(near)
            found[f"{group}, {what}"] = _rates(same, other)
    return {"same or not": found}


def _cosine(one: Seen, other: Seen, space: str) -> float | None:
    if space not in one.vectors or space not in other.vectors:
        return None
    return float(np.dot(one.vectors[space], other.vectors[space]))


def _rates(same: list[float], other: list[float]) -> dict[str, float]:
    """Area under the curve, equal error rate and the cosine where it lies."""
    a, b = np.sort(same), np.sort(other)
    if not len(a) or not len(b):
        return {}
    area = float(np.mean(np.searchsorted(b, a) / len(b)))
    cuts = np.unique(np.concatenate((a, b)))
    lost, let = np.searchsorted(a, cuts) / len(a), 1 - np.searchsorted(b, cuts) / len(b)
    k = int(np.argmin(np.abs(lost - let)))
    return {
        "AUC": area,
        "EER": float((lost[k] + let[k]) / 2),
        "at": float(cuts[k]),
        "same": len(a),
        "other": len(b),
    }


def shown(numbers: dict[str, Any]) -> str:
    """The numbers as lines of text."""
    lines = []
    for name, group in numbers.items():
        lines.append(f"## {name}")
        for key, value in group.items():
            told = (
                ", ".join(f"{k} {v:.3f}" if isinstance(v, float) else f"{k} {v}" for k, v in value.items())
                if isinstance(value, dict)
                else value
            )
            lines.append(f"{key}: {told:.3f}" if isinstance(told, float) else f"{key}: {told}")
    return "\n".join(lines)
