"""What the loop is worth on a book of 32 pages whose painter drifts: `python benchmarks/loop.py [--critic knowing|drawn] [--pages N] [--json]`.

`knowing` is told what the painter did wrong, so that the loop alone is measured; `drawn` reads the pictures with the reader of drawn figures, and what it
says is held against the truth. Pages "before" are the first pictures, "after" those that the book shows. Times are of this machine and what else it does.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.drifting import Drifting, Knowing, Rates  # noqa: E402

from storykin import easel, files, make, reviewing  # noqa: E402
from storykin.choices import Choices, Effort  # noqa: E402
from storykin.mending import Critic  # noqa: E402
from storykin.picture import Picture  # noqa: E402
from storykin.wish import Wish  # noqa: E402

PAINTERS = {
    "seeds only": Drifting(),
    "words": Drifting(powers=frozenset({"regions"}), dialect="phrases"),
    "words and masks": Drifting(powers=frozenset({"regions", "init_image", "mask"}), dialect="phrases"),
}


def run(folder: Path, painter: Drifting, critic: Critic, effort: Effort) -> dict[str, Any]:
    """Paint the book in this folder, and what came of it."""
    easel.painter_named = lambda name, **given: painter  # type: ignore[assignment]
    make.critic_of = lambda choices: critic  # type: ignore[assignment]
    choices = make.read_choices(folder)
    files.write_toml(folder / "book.toml", replace(choices, effort=effort))
    make.board(folder)
    begun = time.perf_counter()
    make.paint(folder)
    seconds, painted = time.perf_counter() - begun, len(painter.painted)
    pages = [picture for _, picture in make.on_pages(folder) if picture]
    first = [
        files.read_json((folder / one.tried[0].path).with_suffix(".json"), Picture) if one.tried else one
        for one in pages
    ]
    steps = Counter(one.step for page in pages for one in page.tried[1:])
    won = Counter(
        next(t.step for t in one.tried if t.path == one.path) for one in pages if one.tried and passed(one)
    )
    return {
        "pages": len(pages),
        "fine before": sum(map(passed, first)),
        "fine after": sum(map(passed, pages)),
        "truly fine before": sum(not painter.drift(one.shot, folder) for one in first),
        "truly fine after": sum(not painter.drift(one.shot, folder) for one in pages),
        "pictures per page": round(painted / len(pages), 2),
        "steps": dict(steps),
        "passed by": dict(won),
        "flagged": sorted(str(fault.why) for one in pages if one.verdict for fault in one.verdict.faults),
        "seconds": round(seconds, 1),
    }


def passed(picture: Picture) -> bool:
    return picture.verdict is not None and picture.verdict.passed


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--critic", choices=("knowing", "drawn"), default="knowing")
    asked.add_argument("--pages", type=int, default=31, help="of the story; the cover comes to them")
    asked.add_argument("--size", type=int, default=256)
    asked.add_argument("--effort", default="draft,good,best")
    asked.add_argument("--painter", default=",".join(PAINTERS))
    asked.add_argument(
        "--rate", type=float, default=1.0, help="how much more often than usual something goes wrong"
    )
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args()
    usual = Rates()
    often = {
        name: getattr(usual, name) * given.rate
        for name in ("missing", "hair", "clothes", "height", "looks", "extra")
    }
    found: dict[str, Any] = {"critic": given.critic}
    for name in given.painter.split(","):
        painter = replace(
            PAINTERS[name], rates=replace(usual, **often), draws=given.critic == "drawn", painted=[]
        )
        critic: Critic = Knowing(painter)
        if given.critic == "drawn":
            from storykin.critics.drawn import DrawnReader
            from storykin.reviewing import Critic as Reviewer

            painter.name = (
                "pocket"  # whose pictures are read as drawings, and painted again when they are wrong
            )
            reviewing.EXACT = (
                "sketch",
                "pocket",
            )  # it draws to the pixel what it was told, or what it understood
            critic = Reviewer(drawn=(DrawnReader(),), painted=())
        with tempfile.TemporaryDirectory() as home:
            easel.painter_named = lambda name, painter=painter, **given: painter  # type: ignore[assignment]
            choices = Choices(painter=painter.name, size=given.size, press="screen", formats=("html",))
            wish = Wish(
                "a book about me, my brother Theo and Grandma on the moon",
                "Sasha",
                cast=("Theo", "Grandma"),
                pages=given.pages,
            )
            folder = make.start(Path(home) / "book", wish, choices)
            make.write(folder)
            for effort in given.effort.split(","):
                found[f"{name}, {effort}"] = told = run(folder, painter, critic, effort)
                if not given.json:
                    print(
                        f"{name}, {effort}: "
                        + ", ".join(f"{key} {value}" for key, value in told.items() if key != "flagged"),
                        flush=True,
                    )
    if given.json:
        print(json.dumps(found, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
