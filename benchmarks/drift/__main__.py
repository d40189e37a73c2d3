"""`python -m benchmarks.drift make|tune|measure [--by oracle|drawn] [--how unplaced|placed|varied|exact] [--some N]
[--failures CLASS] [--write]`.

make draws the books (about an hour on one core), tune prints the gates that are best for the tuning books, measure prints the tables of the
test books. Books and readings lie in ~/.cache/storykin/drift (`STORYKIN_DRIFT`).
"""

import argparse

from .faults import CLASSES
from .making import SEEDS, make
from .measure import failures, judged, readings, table
from .tune import tuned, write


def main() -> None:
    """One of the three commands."""
    reader = argparse.ArgumentParser(prog="python -m benchmarks.drift", description=__doc__)
    reader.add_argument("doing", choices=("make", "tune", "measure"))
    reader.add_argument("--by", choices=("drawn", "oracle"), default="drawn")
    reader.add_argument("--split", choices=tuple(SEEDS), default="")
    reader.add_argument(
        "--how",
        choices=("unplaced", "placed", "varied", "exact"),
        default="",
        help="exact and varied where nothing is said",
    )
    reader.add_argument("--write", action="store_true", help="put the gates into thresholds.toml")
    reader.add_argument("--some", type=int, default=0, help="only so many pictures")
    reader.add_argument("--failures", choices=CLASSES, action="append", default=[])
    asked = reader.parse_args()
    if asked.doing == "make":
        for split in [asked.split] if asked.split else SEEDS:
            make(split)
        return
    split = asked.split or ("tune" if asked.doing == "tune" else "test")
    if asked.doing == "tune":
        ways = (asked.how,) if asked.how else ("exact", "varied")
        found = tuned([readings(split, asked.by, how, asked.some) for how in ways])
        for name, value in found.items():
            print(f"{name} = {value:g}")
        if asked.write:
            write(found)
        return
    for how in (asked.how,) if asked.how else ("exact", "varied"):
        results = judged(readings(split, asked.by, how, asked.some))
        print(f"## {how}\n\n{table(results)}\n")
        for name in asked.failures:
            print(f"{name}:\n{failures(results, name)}\n")


if __name__ == "__main__":
    main()
