"""What each rung of consistency is worth on a real, small model: `python benchmarks/ladder.py [--rungs …] [--characters N] [--scenes N] [--seeds N] [--short]`.

Six characters whom the base has never seen, in scenes that no album has, painted by the product's own painter, taught by its own trainer and judged by its own critic
with the reader of drawn figures. Everything lies in a folder and goes on where it stopped; tables and sheets are written at the end.

drawn     the drawings themselves at the painter's size: what the reader can tell at all
names     "Ava is waving in a kitchen"
words     every fixed trait in every prompt
start     the same, begun with the drawing at strengths 0.3, 0.5 and 0.7 (img2img)
taught    an adapter from 30 pictures, called by its trigger alone
both      the adapter, and every trait in words
loop      the same, and the critic's loop paints up to three times
two       pairs, both taught: adapters added up, kept apart by masks, painted one after the other
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path
from statistics import fmean
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ |= {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}

from benchmarks.pocket import album, render, world  # noqa: E402

from storykin import files, mending  # noqa: E402
from storykin.cast.shelf import CHARACTER  # noqa: E402
from storykin.character import Character  # noqa: E402
from storykin.consistency import Setting  # noqa: E402
from storykin.consistency.methods import method_of  # noqa: E402
from storykin.consistency.prompts import prompt_of  # noqa: E402
from storykin.critics.matching import likeness  # noqa: E402
from storykin.critics.measures import bleed_margin  # noqa: E402
from storykin.critics.summing import Judged, Summary, summed  # noqa: E402
from storykin.easel import as_sketch, paint_one, ready, recipe_path, shelved, sound  # noqa: E402
from storykin.painters import Painter, painter_named  # noqa: E402
from storykin.painters.sketch import Sketch  # noqa: E402
from storykin.picture import Picture  # noqa: E402
from storykin.raster import png_of  # noqa: E402
from storykin.reviewing import Critic, Reviewed  # noqa: E402
from storykin.shot import Shot  # noqa: E402
from storykin.teaching import Wanted, teach  # noqa: E402

RECIPE = {"steps": 260, "batch": 8, "learning_rate": 1e-3, "rank": 16, "alpha": 16, "warmup": 20, "held_out": 0, "look_every": 0, "resolutions": [256], "shift": 1.65}  # fmt: skip
"""The default recipe of flux-dev scaled down: more pictures a step and larger steps, for a net that is two thousand times smaller."""
QUESTIONS = ("looks", "hair", "clothes", "height", "count")


@dataclass(frozen=True)
class Rung:
    """One way to paint. `method` is `--consistency`'s, `strength` that of a start, `said` how a prompt is written where the method's is not wanted."""

    title: str
    method: str = "prompt"
    strength: float = 0.0
    said: str = ""
    loop: bool = False
    apart: str = ""
    people: int = 1

    @property
    def taught(self) -> bool:
        """Whether it needs adapters."""
        return "lora" in self.method


RUNGS = {
    "drawn": Rung("the drawings themselves", "drawn"),
    "names": Rung("names only", said="names"),
    "words": Rung("every trait in words"),
    "start-0.3": Rung("words, begun with the drawing, strength 0.3", "prompt+img2img", 0.3),
    "start-0.5": Rung("… strength 0.5", "prompt+img2img", 0.5),
    "start-0.7": Rung("… strength 0.7", "prompt+img2img", 0.7),
    "taught": Rung("adapter, trigger alone", "prompt+lora", said="bare"),
    "both": Rung("adapter and words", "prompt+lora"),
    "loop": Rung("adapter and words, with the loop", "prompt+lora", loop=True),
    "two-words": Rung("two, words only", people=2),
    "two-sum": Rung("two, adapters added up", "prompt+lora", apart="sum", people=2),
    "two-masks": Rung("two, adapters kept apart by masks", "prompt+lora", apart="masks", people=2),
    "two-fill": Rung("two, one painted after the other", "prompt+lora", apart="fill", people=2),
}  # fmt: skip


@dataclass
class Ground:
    """Where it all happens: the base, the folder of results, who is tried and how often."""

    base: Path
    home: Path
    characters: tuple[Character, ...]
    scenes: int
    seeds: int
    painter: Painter = field(init=False)
    critic: Critic = field(default_factory=Critic)

    def __post_init__(self) -> None:
        self.painter = painter_named(str(self.base))
        if self.painter.name != "pocket":
            raise SystemExit(
                f"{self.base}: the folder's name must be pocket, whose figures are read as drawn"
            )

    @property
    def shelf(self) -> Path:
        """The characters' folders, beside those of the rungs, where the product looks for them."""
        return self.home / "cast"


# --- teaching -----------------------------------------------------------------------------------------


def learned(
    ground: Ground, who: Character, changes: Mapping[str, Any], kept: album.Album | None = None, anybody: bool = False
) -> float:  # fmt: skip
    """Teach a character from an album unless that was done; the seconds of processor time that it took. `anybody` adds prior preservation."""
    number = [one.name for one in world.test_characters()].index(who.name)
    folder = album.shelve(who, ground.shelf, kept or album.Album(), 100 + number)
    note = folder / "seconds.json"
    if not note.exists():
        began = time.process_time()
        wanted = Wanted(
            base=str(ground.base), changes={**RECIPE, **changes}, device="cpu", anybody=anybody, afresh=True
        )
        teach(folder, wanted)
        files.write_json(note, round(time.process_time() - began, 1))
    return float(json.loads(note.read_text()))


# --- shots --------------------------------------------------------------------------------------------


def shots_of(ground: Ground, rung: Rung, cast: Sequence[Character], known: Sequence[Character]) -> list[Shot]:
    """Every picture of a rung for these characters; scenes and seeds are the same on all rungs."""
    setting = Setting(
        dialect=ground.painter.dialect, powers=ground.painter.powers, adapters_of=ground.painter.adapters_of, known=tuple(known), apart=rung.apart,
        strength=rung.strength or 0.5,
    )  # fmt: skip
    method = method_of("prompt" if rung.method == "drawn" else rung.method)
    plain = album.tried(cast, ground.scenes, sum(map(ord, "".join(one.name for one in cast))))
    return [_said(rung, method(one, setting)) for one in album.seeded(plain, ground.seeds)]


def _said(rung: Rung, shot: Shot) -> Shot:
    """The shot with another prompt where the rung has its own."""
    if rung.said == "names":
        told = " and ".join(
            f"{one.character} is {one.action}{f' with a {one.prop}' if one.prop else ''}"
            for one in shot.scene.figures
        )
        return replace(shot, prompt=f"{told} in the {shot.scene.place.removeprefix('the ')}.", parts=())
    if rung.said == "bare":
        triggers = {one.character: one.adapter.trigger for one in shot.adapters}
        told = prompt_of(shot.scene, shot.cast, shot.art, "sentences", triggers, traits=False)
        return replace(shot, prompt=told)
    return shot


# --- painting and judging -----------------------------------------------------------------------------


def climbed(ground: Ground, name: str, rung: Rung) -> list[Judged]:
    """All pictures of a rung, painted unless they are there, and judged; `name` is its folder's."""
    found: list[Judged] = []
    groups = (
        [(one,) for one in ground.characters]
        if rung.people == 1
        else list(combinations(ground.characters, 2))
    )
    for cast in groups:
        folder = ground.home / name / "-".join(files.slug(one.name) for one in cast)
        known = (
            [files.read_toml(ground.shelf / files.slug(one.name) / CHARACTER, Character) for one in cast]
            if rung.taught
            else []
        )
        folder.mkdir(parents=True, exist_ok=True)  # paths to the shelf lead through it
        at_hand = shelved(folder, known, ground.shelf)
        shots = shots_of(ground, rung, cast, at_hand)
        found += [judged(ground, rung, folder, shot, shots, len(found) + index) for index, shot in enumerate(shots)]  # fmt: skip
        print(
            f"{name}: {', '.join(one.name for one in cast)}, {len(found)} pictures",
            file=sys.stderr,
            flush=True,
        )
    return found


def judged(
    ground: Ground, rung: Rung, folder: Path, shot: Shot, shots: Sequence[Shot], number: int
) -> Judged:
    """One picture of a rung, painted unless it is there, and what the critic says of it."""
    seen = _seen(ground, rung, folder, shot, shots)
    cast = tuple(one.name for one in shot.cast)
    return Judged(number, str(folder / seen.picture.path), seen.reading, seen.judgement, cast=cast)


def _seen(ground: Ground, rung: Rung, folder: Path, shot: Shot, shots: Sequence[Shot]) -> Reviewed:
    if rung.method == "drawn":
        picture = _drawn(folder, shot)
    else:
        at_hand = ready(folder, shot, shots, ground.painter)
        if rung.loop:
            picture = mending.mend(
                folder, at_hand, shots, ground.painter, ground.critic, 3, lambda done, words: None
            ).picture
        else:
            kept = sound(folder, recipe_path(folder, at_hand, ground.painter))
            picture = kept or paint_one(folder, at_hand, ground.painter, lambda done: None)
    return ground.critic.review(folder, shot, picture)


def _drawn(folder: Path, shot: Shot) -> Picture:
    """The storyboard's drawing at the painter's size, as if it had been painted."""
    path = folder / "pictures" / f"{shot.page:03d}.png"
    if not path.exists():
        drawing = Sketch().paint(as_sketch(shot), lambda done: None)
        files.write_bytes(path, png_of(drawing, Sketch.media_type, shot.width))
    return Picture(
        path=path.relative_to(folder).as_posix(),
        shot=shot,
        painter="pocket",
        revision="",
        key="",
        media_type="image/png",
    )


# --- what comes of it ---------------------------------------------------------------------------------


def row(pages: Sequence[Judged]) -> dict[str, float | None]:
    """A rung in numbers: the share of figures that are right by question (who is missing is wrong), Cross- and Self-CIDS, head count, bleed margins above 0."""
    found: Summary = summed(pages)
    whole = len([one for page in pages for one in page.cast])
    shares: dict[str, float | None] = {
        question: found.answers[question].right / whole if whole else None for question in QUESTIONS
    }
    margins = [one for page in pages if (one := margin(page)) is not None]
    apart = fmean(one > 0 for one in margins) if margins else None
    return {
        **shares, "passed": found.passed / found.pictures, "cross": found.cross_cids, "self": found.self_cids,
        "heads": found.occm, "apart": apart, "pictures": found.pictures,
    }  # fmt: skip


def margin(page: Judged) -> float | None:
    """The bleed margin of a picture of two; -1 where one of them is not there."""
    if len(page.cast) < 2:
        return None
    matches = page.judgement.matches
    if any(one.seen is None for one in matches):
        return -1.0
    told: dict[str, dict[str, float]] = {}
    for one in matches:
        assert one.seen
        told[one.wanted.name] = {
            other.wanted.name: value
            for other in matches
            if (value := likeness(one.seen, other.wanted.references)[0]) is not None
        }
    return bleed_margin(told)


def table(rows: dict[str, dict[str, float | None]]) -> str:
    """The ladder in Markdown, in percent where it is a share."""
    heads = (
        "rung",
        "looks",
        "hair",
        "clothes",
        "height",
        "count",
        "all right",
        "Cross",
        "Self",
        "heads",
        "apart",
        "pictures",
    )
    keys = (*QUESTIONS, "passed", "cross", "self", "heads", "apart", "pictures")
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    for name, found in rows.items():
        cells = [_cell(key, found[key]) for key in keys]
        lines.append(f"| {RUNGS[name].title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(key: str, value: float | None) -> str:
    if value is None:
        return "–"
    if key in ("cross", "self"):
        return f"{value:.2f}"
    return f"{value:.0f}" if key in ("heads", "pictures") else f"{100 * value:.0f}"


def sheet(ground: Ground, names: Iterable[str], path: Path) -> None:
    """One picture of each character on every rung, rungs below each other."""
    from PIL import Image

    rows = []
    for name in names:
        if RUNGS[name].people == 1:
            there = [
                sorted((ground.home / name / files.slug(one.name) / "pictures").glob("*.png"))
                for one in ground.characters
            ]
            rows += [each[len(each) // 3].read_bytes() for each in there if each]
    made: Image.Image = render.sheet(rows, len(ground.characters))
    made.save(path)


def main() -> None:
    """Climb."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument(
        "--base", type=Path, default=render.CACHE / "pocket", help="a pipeline's folder called pocket"
    )
    asked.add_argument("--out", type=Path, default=render.CACHE.parent / "ladder")
    asked.add_argument("--rungs", default=",".join(RUNGS))
    asked.add_argument("--characters", type=int, default=6)
    asked.add_argument("--scenes", type=int, default=12)
    asked.add_argument("--seeds", type=int, default=4)
    asked.add_argument("--steps", type=int, default=RECIPE["steps"], help="of teaching each character")
    asked.add_argument("--short", action="store_true", help="two characters, three scenes, one seed: minutes")
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args()
    if given.short:
        given.characters, given.scenes, given.seeds = 2, 3, 1
    ground = Ground(
        given.base, given.out, world.test_characters()[: given.characters], given.scenes, given.seeds
    )
    names = given.rungs.split(",")
    seconds = (
        [learned(ground, one, {"steps": given.steps}) for one in ground.characters]
        if any(RUNGS[name].taught for name in names)
        else []
    )
    rows = {name: row(climbed(ground, name, RUNGS[name])) for name in names}
    sheet(ground, names, given.out / "ladder.png")
    if given.json:
        print(json.dumps({"seconds": seconds, "rungs": rows}, indent=1))
        return
    print(table(rows))
    if seconds:
        print(f"\nTaught in {fmean(seconds):.0f} s of processor time each, {max(seconds):.0f} at most.")


if __name__ == "__main__":
    main()
