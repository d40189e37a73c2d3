"""The trait reader from nothing to its card: `python -m benchmarks.traits render|learn|export|measure`."""

import argparse
from pathlib import Path

WEIGHTS = Path(__file__).parents[2] / "src" / "storykin" / "critics" / "drawn" / "weights.npz"


def main() -> None:
    """One step at a time; each goes on where an earlier call ended."""
    from benchmarks.traits import render

    parser = argparse.ArgumentParser(prog="python -m benchmarks.traits", description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    parser.add_argument("--folder", type=Path, default=render.CACHE)
    draw = steps.add_parser("render", help="draw books and keep their crops")
    draw.add_argument("split", choices=tuple(render.SPLITS))
    draw.add_argument("--first", type=int, default=0)
    draw.add_argument("--count", type=int, default=200)
    study = steps.add_parser(
        "learn", help="learn one of the nets for some minutes, going on from its checkpoint"
    )
    study.add_argument("net", choices=("finder", "reader"))
    study.add_argument("--minutes", type=float, default=30.0)
    study.add_argument("--rate", type=float, default=2e-3)
    out = steps.add_parser("export", help="write the package's weights")
    out.add_argument("--out", type=Path, default=WEIGHTS)
    test = steps.add_parser("measure", help="read the pages of the test books and print the card's numbers")
    test.add_argument("--count", type=int, default=24)
    test.add_argument("--split", default="test", choices=tuple(render.SPLITS))
    steps.add_parser("sure", help="fit how sure the reader is on the validation books")
    asked = parser.parse_args()
    if asked.step == "render":
        render.render_all(asked.split, asked.first, asked.count, asked.folder)
        return
    if asked.step == "sure":
        from benchmarks.traits import measure

        print("SURE =", measure.sureness(asked.folder))
        return
    if asked.step == "measure":
        from benchmarks.traits import measure

        print(measure.shown(measure.measure(asked.folder, asked.count, asked.split)))
        return
    from benchmarks.traits import learn

    if asked.step == "learn" and asked.net == "finder":
        learn.learn_finder(asked.folder, asked.minutes, asked.rate)
    elif asked.step == "learn":
        learn.learn_reader(asked.folder, asked.minutes, rate=asked.rate)
    else:
        learn.export(asked.folder, asked.out)


if __name__ == "__main__":
    main()
