"""Pictures of the drawn world in shards: `python -m benchmarks.pocket.render --first 0 --count 60000`.

A shard is a zip file without compression: one PNG a picture, named by its seed, and `labels.jsonl` with seed, caption and
labels. Written under another name first, so that what is there is whole; a second call goes on where the first one ended.
"""

import argparse
import io
import json
import os
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from . import world

CACHE = Path.home() / ".cache" / "storykin" / "pocket"
SHARD = 2000  # pictures
TOGETHER = 50  # pictures in one document of the typesetter: 2 MB of drawings


@dataclass(frozen=True)
class Picture:
    """One picture of a shard: PNG bytes, its caption and its labels."""

    png: bytes
    caption: str
    labels: dict[str, Any]


def shard_path(folder: Path, side: int, first: int) -> Path:
    """Where the shard that begins with that seed lies."""
    return folder / f"pictures-{side}" / f"{first:08d}.zip"


def render(first: int, folder: Path, side: int, count: int = SHARD, together: int = 0) -> tuple[int, float]:
    """Draw one shard unless it is there; how many pictures and how many seconds it took."""
    path, began = shard_path(folder, side, first), time.perf_counter()
    if path.exists():
        return 0, 0.0
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with zipfile.ZipFile(aside, "w", zipfile.ZIP_STORED) as shard:
        lines = []
        for start in range(first, first + count, TOGETHER):
            several = [
                world.sample(seed, together) for seed in range(start, min(start + TOGETHER, first + count))
            ]
            for one, png in zip(several, world.draw_all(several, side), strict=True):
                shard.writestr(f"{one.seed:08d}.png", png)
                lines.append(json.dumps({"caption": one.caption, "labels": one.labels}))
        shard.writestr("labels.jsonl", "\n".join(lines))
    os.replace(aside, path)
    return count, time.perf_counter() - began


def read(path: Path) -> Iterator[Picture]:
    """The pictures of a shard in the order of their seeds."""
    with zipfile.ZipFile(path) as shard:
        for line in shard.read("labels.jsonl").decode().splitlines():
            said = json.loads(line)
            png = shard.read(f"{said['labels']['seed']:08d}.png")
            yield Picture(png, said["caption"], said["labels"])


def labels(path: Path) -> list[dict[str, Any]]:
    """Caption and labels of every picture of a shard, without the pictures."""
    with zipfile.ZipFile(path) as shard:
        return [json.loads(line) for line in shard.read("labels.jsonl").decode().splitlines()]


def sheet(pictures: list[bytes], columns: int, side: int = 256) -> Any:
    """Pictures side by side on one."""
    from PIL import Image

    rows = -(-len(pictures) // columns)
    made = Image.new("RGB", (columns * side, rows * side), "white")
    for number, png in enumerate(pictures):
        with Image.open(io.BytesIO(png)) as one:
            made.paste(one.convert("RGB").resize((side, side)), (number % columns * side, number // columns * side))  # fmt: skip
    return made


def main() -> None:
    """Draw what was asked for; a line for each shard."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=CACHE)
    parser.add_argument("--first", type=int, default=0, help="seed of the first picture")
    parser.add_argument("--count", type=int, default=60000)
    parser.add_argument("--side", type=int, default=world.SIDE)
    parser.add_argument(
        "--together", type=int, default=0, help="figures in each picture, 0 as the seed decides"
    )
    parser.add_argument("--processes", type=int, default=1)
    asked = parser.parse_args()
    firsts = range(asked.first, asked.first + asked.count, SHARD)
    one = partial(render, folder=asked.out, side=asked.side, together=asked.together)
    if asked.processes == 1:
        found = map(one, firsts)
        _report(firsts, found)
    else:
        with ProcessPoolExecutor(asked.processes) as pool:
            _report(firsts, pool.map(one, firsts))


def _report(firsts: range, found: Any) -> None:
    for first, (count, seconds) in zip(firsts, found, strict=True):
        if count:
            print(
                f"{first:8d}  {count} pictures in {seconds:.0f} s, {count / seconds:.1f} a second", flush=True
            )


if __name__ == "__main__":
    main()
