"""How well the cast sees, how long it takes and how much memory: `python benchmarks/cast.py [folder|speed|memory]`.

The photos are of synthetic people (tests/cast/people.py) with injected faults; the truth about them is known. Absolute times depend
on the machine and on what else it does.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.cast.folders import Truth, make_folder  # noqa: E402
from tests.cast.people import HER  # noqa: E402

from storykin.cast.sighting import Decisions, Judged  # noqa: E402

SEEDS = (11, 12, 13)
UNFIT = ("truncated", "not a photo", "tiny", "dark", "blurred")
"""Faults that excuse not knowing who it is."""

ADD = """
import sys
from pathlib import Path
from storykin import casting
from storykin.cast import gathering
from storykin.character import Look
if __name__ == "__main__":
    gathering.WORKERS = int(sys.argv[3])
    casting.add("Sasha", [Path(sys.argv[1])], Path(sys.argv[2]), Look(kind="child", age="6"), few=True)
"""
MEASURE = """
import sys
from pathlib import Path
from storykin.cast import gathering
if __name__ == "__main__":
    gathering.WORKERS, folder = int(sys.argv[3]), Path(sys.argv[2])
    folder.mkdir(exist_ok=True)
    gathering.measure(folder, gathering.found_in([sys.argv[1]]), lambda fraction, doing: None)
"""


@dataclass(frozen=True)
class Rate:
    """`right` of what was `said` gives the precision, `found` of what is `there` the recall (there may be photos that
    need not be found, but are right when they are)."""

    right: int
    said: int
    found: int
    there: int

    def __add__(self, other: "Rate") -> "Rate":
        return Rate(
            self.right + other.right,
            self.said + other.said,
            self.found + other.found,
            self.there + other.there,
        )

    def __str__(self) -> str:
        precision, recall = self.right / max(1, self.said), self.found / max(1, self.there)
        return f"{precision:.3f} ({self.right} of {self.said}) | {recall:.3f} ({self.found} of {self.there})"


def rate(said: Collection[str], true: Collection[str], needed: Collection[str] | None = None) -> Rate:
    """What was said of photos against what is true of them; `needed` are those that must be found (None: all)."""
    must = true if needed is None else needed
    return Rate(len({*said} & {*true}), len(said), len({*said} & {*must}), len(must))


def run(code: str, photos: Path, shelf: Path, workers: int) -> tuple[float, float]:
    """Seconds and peak memory in MB (all processes together, shared pages counted once) of a script in a process of its own."""
    script = shelf.parent / "script.py"
    script.write_text(code)
    begun, peak = time.perf_counter(), [0.0]
    env = os.environ | {"PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(
        [sys.executable, str(script), str(photos), str(shelf), str(workers)],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:

        def watch() -> None:
            while process.poll() is None:
                peak[0] = max(peak[0], sum(map(_memory, _family(process.pid))))
                time.sleep(0.2)

        watcher = threading.Thread(target=watch)
        watcher.start()
        assert process.stderr
        told = process.stderr.read().decode()
        watcher.join()
    assert process.returncode == 0, told
    return time.perf_counter() - begun, peak[0]


def _family(pid: int) -> list[int]:
    """A process and all below it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        children = []
    return [pid, *(below for child in children for below in _family(int(child)))]


def _memory(pid: int) -> float:
    """Proportional resident memory in MB."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def folder(seeds: tuple[int, ...] = SEEDS) -> None:
    """Precision and recall on folders with known truth."""
    from storykin.cast import shelf as shelves
    from storykin.cast.curating import decide
    from storykin.cast.looking import VERSION

    totals: dict[str, Rate] = {}
    print("| seed | what | precision | recall |\n|---|---|---|---|")
    for seed in seeds:
        with tempfile.TemporaryDirectory() as scratch:
            photos, kept = Path(scratch) / "photos", Path(scratch) / "sasha"
            truth = make_folder(
                photos, seed, hers=40, others=6, each=5, groups=8, blurred=8, dark=3, tiny=2, closed=3, copies=10, bursts=4, sideways=3,
                broken=3, side=900,
            )  # fmt: skip
            seconds, _ = run(MEASURE, photos, kept, 2)
            seen = shelves.read_seen(kept, VERSION)
            sightings = tuple(one.sighting for one in seen.values())
            decided = decide(sightings, Decisions(sources=(str(photos),)))
            judged = {sightings[one.sighting].name: one for one in decided.judged}
            for what, one in _rates(truth, judged).items():
                totals[what] = totals[what] + one if what in totals else one
                print(f"| {seed} | {what} | {one} |")
            _tell(truth, judged)
            print(
                f"<!-- seed {seed}: {len(truth.facts)} files, {seconds / len(truth.facts):.2f} s each; {decided.people.because} -->"
            )
    for what, one in totals.items():
        print(f"| all | {what} | {one} |")


def _rates(truth: Truth, judged: Mapping[str, Judged]) -> dict[str, Rate]:
    """How well each kind of verdict is right; `judged` by the photo's name."""
    unknown = {"not her", "unsure", "unreadable"}
    moment = {fact.name: fact.moment for fact in truth.facts}
    copies = [name for name, one in judged.items() if one.state == "duplicate"]
    right = sum(moment[name] == moment[judged[name].twin] for name in copies)
    unfit = truth.with_fault("truncated") | truth.with_fault("not a photo")
    rates = {
        "is it her": rate(
            [name for name, one in judged.items() if one.state not in unknown],
            truth.with_her(()),
            truth.with_her(UNFIT),
        ),
        "duplicates": Rate(right, len(copies), right, sum(len(names) - 1 for names in truth.moments())),
    }
    kinds = {
        "blurred": truth.with_fault("blurred"),
        "too dark": truth.with_fault("dark"),
        "eyes closed": truth.with_fault("closed"),
        "unreadable": unfit,
    }
    for state, names in kinds.items():
        rates[state] = rate([name for name, one in judged.items() if one.state == state], names)
    return rates


def _tell(truth: Truth, judged: Mapping[str, Judged]) -> None:
    """What every kind of file was called: for looking at mistakes."""
    counts: dict[str, Counter[str]] = {}
    for fact in truth.facts:
        kind = ", ".join(fact.faults) or (
            "hers" if fact.who == (HER.name,) else "group" if HER.name in fact.who else "others"
        )
        one = judged.get(fact.name)
        counts.setdefault(kind, Counter())[one.state if one else "missing"] += 1
    for kind, states_of in counts.items():
        print(f"<!-- {kind}: {json.dumps(states_of)} -->")


def speed(count: int = 12) -> None:
    """Seconds a photo for JPEGs of 12 megapixels, in one process and in two, start of the program included."""
    with tempfile.TemporaryDirectory() as scratch:
        photos = Path(scratch) / "photos"
        make_folder(
            photos,
            5,
            hers=count - 4,
            others=2,
            each=1,
            groups=1,
            blurred=1,
            dark=0,
            copies=0,
            sideways=0,
            broken=0,
            side=4000,
        )
        files = [path for path in photos.rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files) / len(files) / 1e6
        for workers in (1, 2):
            seconds, peak = run(MEASURE, photos, Path(scratch) / f"shelf{workers}", workers)
            print(
                f"12 megapixels ({size:.1f} MB): {seconds / len(files):.2f} s a photo with {workers} process(es), peak {peak:.0f} MB"
            )


def memory(count: int = 5000) -> None:
    """Peak memory and time of a whole `add` of so many files."""
    with tempfile.TemporaryDirectory() as scratch:
        photos = Path(scratch) / "photos"
        make_folder(photos, 6, hers=30, others=4, each=2, groups=2, copies=0, broken=0, sideways=0, side=640)
        few = sorted(path for path in photos.rglob("*") if path.suffix == ".jpg")
        for number in range(count - len(few)):
            source = few[number % len(few)]
            # bytes after the end of a JPEG are no part of the picture, but make the file another one
            (photos / f"copy-{number:05d}.jpg").write_bytes(source.read_bytes() + number.to_bytes(4, "big"))
        seconds, peak = run(ADD, photos, Path(scratch) / "cast", 2)
        print(f"{count} files: {seconds:.0f} s, peak {peak:.0f} MB of all processes together")


if __name__ == "__main__":
    parts = {"folder": folder, "speed": speed, "memory": memory}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*parts, []], default=list(parts))
    parser.add_argument("--files", type=int, default=5000, help="how many files for memory")
    parser.add_argument("--seeds", type=int, nargs="*", default=SEEDS)
    given = parser.parse_args()
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    for part in given.parts or list(parts):
        if part == "memory":
            memory(given.files)
        elif part == "folder":
            folder(tuple(given.seeds))
        else:
            speed()
