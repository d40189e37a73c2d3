"""Drift benchmark: books through the public path, drawn page by page, each page as promised and once with a fault in it."""

import os
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

from storykin import files
from storykin.consistency import Setting
from storykin.consistency.methods import method_of
from storykin.consistency.storyboard import storyboard
from storykin.painters.sketch import Sketch
from storykin.raster import png_of
from storykin.scene import EXPRESSIONS, Box, Facing, Time
from storykin.shot import Shot
from storykin.story import Story
from storykin.writers.fable import Fable

from .casts import book_of
from .faults import CLASSES, Case, injected, shrunk

SEEDS = {
    "tune": range(1000, 1006),
    "test": range(3000, 3009),
    "check": range(4000, 4009),
    "fresh": range(5000, 5009),
    "last": range(6000, 6009),
    "again": range(7000, 7009),
    "final": range(8000, 8010),
    "more": range(9000, 9010),
    "untouched": range(10000, 10020),
    "closing": range(11000, 11010),
    "thirty": range(12000, 12030),
}
"""Seeds of the books: gates are set on the first and measured on the second; rules that were mended after that are measured on the third, and so on."""
WIDE = 1024  # pixels across, as `reviewing` reads drawings
HOME = Path(os.environ.get("STORYKIN_DRIFT", Path.home() / ".cache" / "storykin" / "drift"))


def make(split: str) -> None:
    """Draw all books of a split; those that are there stay."""
    sums: Counter[str] = Counter()
    for seed in SEEDS[split]:
        folder = HOME / split / str(seed)
        if not is_drawn(folder):
            make_book(folder, seed, sums)
        for case in cases(folder):
            sums[case.fault] += 1
        print(split, seed, dict(sums), flush=True)


def make_book(folder: Path, seed: int, sums: Counter[str]) -> None:
    """One book: `00.png` … as promised, `00x.png` … with a fault, what each is in a JSON file beside it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    story, shots = told(seed)
    dice = Random(f"faults {seed}")
    here = Counter(sums)
    for shot in shots:
        if not shot.scene.figures:
            continue
        clean = Case(f"{shot.page:02d}", shot, shot)
        _keep(folder, clean)
        before = shrunk(shot)
        for fault in sorted(CLASSES, key=lambda name: (here[name], dice.random())):
            case = injected(shot, fault, dice, story.cast, before)
            if case:
                _keep(folder, replace(case, name=f"{shot.page:02d}x"))
                here[fault] += 1
                break
    (folder / "done").write_text(Sketch.revision)


def is_drawn(folder: Path) -> bool:
    """Whether all of a book is there, by the painter's hand as it is now."""
    done = folder / "done"
    return done.exists() and done.read_text() == Sketch.revision


def told(seed: int) -> tuple[Story, tuple[Shot, ...]]:
    """Story and shots of a book."""
    wish, cast = book_of(seed)
    story = Fable().write(wish, cast)
    setting = Setting(art=wish.art, seed=seed, reader_age=wish.reader_age)
    return story, storyboard(story, setting, method_of("")).shots


def cases(folder: Path) -> list[Case]:
    """The pictures of a book that is drawn."""
    return [files.read_json(path, Case) for path in sorted(folder.glob("*.json"))]


def all_cases(split: str) -> list[tuple[Path, Case]]:
    """Every picture of a split with its file."""
    return [
        (HOME / split / str(seed) / f"{case.name}.png", case)
        for seed in SEEDS[split]
        if is_drawn(HOME / split / str(seed))
        for case in cases(HOME / split / str(seed))
    ]


def varied(shot: Shot) -> Shot:
    """The same page as another hand would draw it: other light, another camera, other faces made, everybody a little aside and some turned round."""
    dice = Random(f"varied {shot.seed}")
    figures = []
    for one in shot.scene.figures:
        box = one.box
        if box:
            by = dice.uniform(0.97, 1.03)
            w, h = box.w * by, box.h * by
            x = box.x + (box.w - w) / 2 + dice.uniform(-0.015, 0.015)
            box = Box(round(x, 4), round(box.bottom - h, 4), round(w, 4), round(h, 4))
        turned: dict[Facing, Facing] = {
            "left": "right",
            "right": "left",
            "front": dice.choice(("left", "right")),
        }
        facing = turned.get(one.facing, one.facing) if dice.random() < 0.25 else one.facing
        figures.append(replace(one, box=box, facing=facing, expression=dice.choice(tuple(EXPRESSIONS))))
    time: Time = dice.choice(("day", "morning", "evening")) if dice.random() < 0.4 else shot.scene.time
    scene = replace(shot.scene, figures=tuple(figures), time=time)
    return replace(shot, scene=scene, seed=shot.seed + 1)


def ensured(folder: Path, case: Case) -> Path:
    """The file of a drawing, which is drawn when it is not there."""
    path = folder / f"{case.name}.png"
    if not path.exists():
        svg = Sketch().paint(case.drawn, lambda done: None)
        files.write_bytes(path, png_of(svg, Sketch.media_type, WIDE))
    return path


def _keep(folder: Path, case: Case) -> None:
    svg = Sketch().paint(case.drawn, lambda done: None)
    files.write_bytes(folder / f"{case.name}.png", png_of(svg, Sketch.media_type, WIDE))
    files.write_json(folder / f"{case.name}.json", case)
