"""What each rung of consistency is worth on a real, small model: `python benchmarks/ladder.py [--rungs …] [--characters N] [--scenes N] [--seeds N] [--short]`.

Six characters whom the base has never seen, in scenes that no album has, painted by the product's own painter, taught by its own trainer and judged by its own critic
with the reader of drawn figures. Everything lies in a folder and goes on where it stopped; tables and sheets are written at the end.

drawn     the drawings themselves at the painter's size: what the reader can tell at all
coded     the same as the base's autoencoder gives them back: no painting can be better
names     name, kind and scene, as one who does not know better says it
words     every fixed trait and the clothes in every prompt
start     the same, begun with the drawing at strengths 0.3, 0.5 and 0.7 (img2img); here the drawing shows the very character, which a storyboard of a real child does not
taught    an adapter from 30 pictures: trigger, clothes and scene
both      the adapter, and every trait in words
three     the best of three seeds of "both", by the critic's own count: what judging alone is worth
loop      "both", and the critic's loop paints up to three times
small     as small as in wide views of books: as they are painted, painted once more from near by, as books do it, and what of that words and the drawn start do alone
two       pairs in words, in one sentence or each in a region; both taught: adapters added up, kept apart by masks, painted one after the other, and over a drawn start
two-small pairs as small as in books: adapters added up, apart and from near by, as books do it, and what of that words and the drawn start do alone

What the base has learned from is drawn by the same painter that the reader of the critic has learned from, and the middle of its net was told what that reader sees (`benchmarks/pocket/sense.py`); neither
the base nor that lesson has met what is kept back for these characters, but the reader, which judges them, knows such hair and clothes from other drawings.
"""

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ |= {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}

from benchmarks.pocket import album, render, world  # noqa: E402
from benchmarks.pocket.tally import row, table  # noqa: E402

from storykin import contactsheet, files, mending  # noqa: E402
from storykin.cast.shelf import CHARACTER  # noqa: E402
from storykin.character import Character, Look  # noqa: E402
from storykin.consistency import Setting  # noqa: E402
from storykin.consistency.methods import method_of  # noqa: E402
from storykin.consistency.prompts import prompt_of  # noqa: E402
from storykin.critics.summing import Judged  # noqa: E402
from storykin.easel import as_sketch, paint_one, ready, recipe_path, shelved, sound  # noqa: E402
from storykin.families import POCKET  # noqa: E402
from storykin.likeness import DrawnScorer  # noqa: E402
from storykin.mending import cost  # noqa: E402
from storykin.painters import Painter, painter_named  # noqa: E402
from storykin.painters.sketch import Sketch  # noqa: E402
from storykin.picture import Picture  # noqa: E402
from storykin.raster import png_of  # noqa: E402
from storykin.reviewing import Critic, Reviewed, through_autoencoder  # noqa: E402
from storykin.shot import Shot  # noqa: E402
from storykin.teaching import Wanted, teach  # noqa: E402

RECIPE = {
    "steps": POCKET.steps[1], "batch": POCKET.batch, "learning_rate": POCKET.learning_rate, "rank": POCKET.rank, "alpha": POCKET.alpha,
    "warmup": POCKET.warmup, "resolutions": list(POCKET.resolutions), "shift": POCKET.shift, "held_out": 0, "look_every": 0,
}  # fmt: skip
"""The packaged base's own recipe, so that any base of its size is taught alike; nothing is held aside, since the critic looks afterwards."""


@dataclass(frozen=True)
class Rung:
    """One way to paint. `method` is `--consistency`'s, `strength` that of a start, `said` how a prompt is written where the method's is not wanted ("whole": what is said of each is said of the whole picture), `of` the rung whose pictures are chosen from, `small` scenes of wide views."""

    title: str
    method: str = "prompt"
    strength: float = 0.0
    said: str = ""
    loop: bool = False
    apart: str = ""
    people: int = 1
    of: str = ""
    small: bool = False

    @property
    def taught(self) -> bool:
        """Whether it needs adapters."""
        return "lora" in self.method or self.method == "best"

    @property
    def drawn(self) -> bool:
        """Whether nothing is painted."""
        return self.method in ("drawn", "coded")


RUNGS = {
    "drawn": Rung("the drawings themselves", "drawn"),
    "coded": Rung("… through the autoencoder", "coded"),
    "names": Rung("name and kind only", said="names"),
    "words": Rung("every trait in words"),
    "start-0.3": Rung("words, begun with the drawing, strength 0.3", "prompt+img2img", 0.3),
    "start-0.5": Rung("… strength 0.5", "prompt+img2img", 0.5),
    "start-0.7": Rung("… strength 0.7", "prompt+img2img", 0.7),
    "taught": Rung("adapter: trigger and clothes", "prompt+lora", said="bare"),
    "both": Rung("adapter and words", "prompt+lora"),
    "three": Rung("… the best of three", "prompt+lora", of="both"),
    "loop": Rung("adapter and words, with the loop", "prompt+lora", loop=True),
    "small": Rung("small: adapter and words", "prompt+lora", small=True),
    "small-closeup": Rung("small, painted once more from near by", "prompt+lora+closeup", small=True),
    "small-best": Rung("small, over a drawn start, as books do it", "best", small=True),
    "small-words": Rung("small, as books do it without the adapter", "prompt+img2img+closeup", small=True),
    "two-words": Rung("two, words only", said="whole", people=2),
    "two-regions": Rung("two, words each in their region", people=2),
    "two-sum": Rung("two, adapters added up", "prompt+lora", apart="sum", people=2),
    "two-masks": Rung("two, adapters kept apart by masks", "prompt+lora", apart="masks", people=2),
    "two-fill": Rung("two, one painted after the other", "prompt+lora", apart="fill", people=2),
    "two-best": Rung("two, masks over a drawn start", "best", people=2),
    "two-small-sum": Rung("two, small: adapters added up", "prompt+lora", apart="sum", people=2, small=True),
    "two-small-closeup": Rung("two, small: masks, and painted once more from near by", "prompt+lora+closeup", apart="masks", people=2, small=True),
    "two-small-best": Rung("two, small: over a drawn start, as books do it", "best", people=2, small=True),
    "two-small-loop": Rung("two, small: as books do it, with the loop", "best", loop=True, people=2, small=True),
    "two-small-words": Rung("two, small: as books do it without adapters", "prompt+img2img+closeup", people=2, small=True),
}  # fmt: skip


@dataclass
class Ground:
    """Where it all happens: the base, the folder of results, who is tried and how often; `first` moves on to other scenes."""

    base: str
    home: Path
    characters: tuple[Character, ...]
    scenes: int
    seeds: int
    first: int = 0
    painter: Painter = field(init=False)
    critic: Critic = field(default_factory=Critic)

    def __post_init__(self) -> None:
        self.painter = painter_named(self.base)
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
    """Teach a character from an album, unless that was done in just this way; the seconds of processor time that it took. `anybody` adds prior preservation."""
    number = [one.name for one in world.test_characters()].index(who.name)
    kept, folder = kept or album.Album(), ground.shelf / files.slug(who.name)
    recipe = {**RECIPE, **changes}
    learned_with = {"traits": 0.0, **recipe}  # albums say in their captions what is to be said
    how = [album.PHOTO_FORM] if kept.captions == "photo" else []
    how += [DrawnScorer.name] if recipe["look_every"] else []
    said = json.dumps(
        [ground.painter.revision, recipe, asdict(kept), number, anybody, asdict(who), *how], sort_keys=True
    )
    key, note = sha256(said.encode()).hexdigest(), folder / "taught.json"
    if note.exists() and (was := json.loads(note.read_text()))["key"] == key:
        return float(was["seconds"])
    shutil.rmtree(folder, ignore_errors=True)  # taught otherwise, or not to the end
    album.shelve(who, ground.shelf, kept, 100 + number)
    began = time.process_time()
    teach(
        folder,
        Wanted(base=ground.base, changes=learned_with, device="cpu", anybody=anybody),
        _teller(who.name),
    )
    seconds = round(time.process_time() - began, 1)
    files.write_text(note, json.dumps({"key": key, "seconds": seconds}) + "\n")
    return seconds


def _teller(name: str) -> Callable[[float, str], None]:
    """What tells on the way how far teaching is, every tenth of it."""
    told = -1

    def tell(share: float, words: str) -> None:
        nonlocal told
        if int(10 * share) > told:
            told = int(10 * share)
            print(f"teaching {name}: {10 * told} %, {words}", file=sys.stderr, flush=True)

    return tell


# --- shots --------------------------------------------------------------------------------------------


def shots_of(ground: Ground, rung: Rung, cast: Sequence[Character], known: Sequence[Character]) -> list[Shot]:
    """Every picture of a rung for these characters; scenes and seeds are the same on all rungs."""
    setting = Setting(
        dialect=ground.painter.dialect, powers=ground.painter.powers, adapters_of=ground.painter.adapters_of, known=tuple(known), apart=rung.apart,
        strength=rung.strength or 0.5, closer=ground.painter.defaults.closer,
    )  # fmt: skip
    method = method_of("prompt" if rung.drawn else rung.method)
    number = sum(map(ord, "".join(one.name for one in cast)))
    plain = album.tried(cast, ground.scenes, ground.first + number, rung.small)
    made = [_said(rung, method(one, setting)) for one in album.seeded(plain, ground.seeds, 10**6 * number)]
    if rung.taught and any(len(one.adapters) < len(cast) for one in made):
        raise SystemExit(f"{rung.title}: {', '.join(one.name for one in cast)}: an adapter is missing")
    return made


def _said(rung: Rung, shot: Shot) -> Shot:
    """The shot with another prompt where the rung has its own."""
    if rung.said == "names":
        bare = tuple(replace(one, outfits=(), look=Look(one.look.kind, one.look.age)) for one in shot.cast)
        scene = replace(shot.scene, figures=tuple(replace(one, outfit="") for one in shot.scene.figures))
        told = prompt_of(
            scene, bare, shot.art, "sentences", {one.name: one.name for one in bare}, traits=False
        )
        return replace(shot, prompt=told, parts=())
    if rung.said == "bare":
        triggers = {one.character: one.adapter.trigger for one in shot.adapters}
        told = prompt_of(shot.scene, shot.cast, shot.art, "sentences", triggers, traits=False)
        return replace(shot, prompt=told)
    return replace(shot, parts=()) if rung.said == "whole" else shot


# --- painting and judging -----------------------------------------------------------------------------


def groups(ground: Ground, people: int) -> list[tuple[Character, ...]]:
    """Who is painted together: everybody alone, or each beside the next, so that everybody is in two pairs."""
    known = ground.characters
    if people == 1:
        return [(one,) for one in known]
    return [*pairwise(known), *([(known[-1], known[0])] if len(known) > 2 else [])]


def folder_of(cast: Sequence[Character]) -> str:
    """What the folder of a group's pictures is called."""
    return "-".join(files.slug(one.name) for one in cast)


def climbed(ground: Ground, name: str, rung: Rung) -> list[Judged]:
    """All pictures of a rung, painted unless they are there, and judged; `name` is its folder's."""
    found: list[Judged] = []
    for cast in groups(ground, rung.people):
        folder = ground.home / name / folder_of(cast)
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
    """One picture of a rung, painted unless it is there, and what the critic says of it; all are judged alike, also those that were begun with a drawing."""
    seen = _seen(ground, rung, folder, shot, shots)
    cast = tuple(one.name for one in shot.cast)
    return Judged(number, str(folder / seen.picture.path), seen.reading, seen.judgement, cast=cast)


def _seen(ground: Ground, rung: Rung, folder: Path, shot: Shot, shots: Sequence[Shot]) -> Reviewed:
    if rung.drawn:
        picture = _drawn(folder, shot, rung.method == "coded")
    else:
        at_hand = ready(folder, shot, shots, ground.painter)
        if rung.loop:
            picture = mending.mend(
                folder, at_hand, shots, ground.painter, ground.critic, 3, lambda done, words: None
            ).picture
        else:
            kept = sound(folder, recipe_path(folder, at_hand, ground.painter))
            picture = kept or paint_one(folder, at_hand, ground.painter, lambda done: None)
    return ground.critic.review(folder, replace(shot, init_image=""), picture)


def _drawn(folder: Path, shot: Shot, coded: bool) -> Picture:
    """The storyboard's drawing at the painter's size, as if it had been painted; `coded` as the packaged autoencoder gives it back."""
    drawn = as_sketch(shot)
    path = folder / "pictures" / f"{shot.page:03d}-{drawn.key(Sketch.name, Sketch.revision)}.png"
    if not path.exists():
        content = png_of(Sketch().paint(drawn, lambda done: None), Sketch.media_type, shot.width)
        files.write_bytes(path, through_autoencoder(content) if coded else content)
    return Picture(
        path=path.relative_to(folder).as_posix(),
        shot=shot,
        painter="pocket",
        revision="",
        key="",
        media_type="image/png",
    )


# --- what comes of it ---------------------------------------------------------------------------------


def best_of_three(pages: Sequence[Judged], seeds: int) -> list[Judged]:
    """Of the first three seeds of every scene the picture with the least against it; the seeds of a scene stand after one another."""
    scenes = (pages[start : start + min(3, seeds)] for start in range(0, len(pages), seeds))
    return [min(several, key=lambda one: cost(one.judgement.verdict)) for several in scenes]


def wanted(ground: Ground, asked: str) -> list[str]:
    """The rungs that are asked for, without those for which there are too few characters or seeds; "" for all. Raises `SystemExit` for one that there is not."""
    names = asked.split(",") if asked else list(RUNGS)
    if unknown := [name for name in names if name not in RUNGS]:
        raise SystemExit(f"there is no rung {', '.join(unknown)}; there are {', '.join(RUNGS)}")
    enough = [name for name in names if RUNGS[name].people <= len(ground.characters)]
    return [name for name in enough if not RUNGS[name].of or (ground.seeds > 2 and RUNGS[name].of in names)]


def sheet(ground: Ground, pages: Mapping[str, Sequence[Judged]], path: Path) -> None:
    """One picture of each character or pair on every rung, labelled, so that the same scenes stand above each other."""
    for people in (1, 2):
        rungs = [name for name in pages if RUNGS[name].people == people]
        casts = groups(ground, people)
        cells: dict[tuple[int, int], bytes | Path | None] = {}
        for line, name in enumerate(rungs):
            for column, cast in enumerate(casts):
                of = [one for one in pages[name] if one.cast == tuple(who.name for who in cast)]
                cells[line, column] = Path(of[len(of) // 3].name)
        if rungs:
            titles = [RUNGS[name].title for name in rungs]
            found = contactsheet.sheet(
                titles, [" and ".join(one.name for one in cast) for cast in casts], cells
            )
            files.write_bytes(path if people == 1 else path.with_stem(f"{path.stem}-pairs"), found)


def main() -> None:
    """Climb."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument(
        "--base", default="pocket", help="the packaged base, or a pipeline's folder called pocket"
    )
    asked.add_argument("--out", type=Path, default=render.CACHE.parent / "ladder")
    asked.add_argument("--rungs", default="", help=f"some of {', '.join(RUNGS)}")
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
    names = wanted(ground, given.rungs)
    seconds = (
        [learned(ground, one, {"steps": given.steps}) for one in ground.characters]
        if any(RUNGS[name].taught for name in names)
        else []
    )
    pages: dict[str, list[Judged]] = {}
    for name in names:
        rung = RUNGS[name]
        pages[name] = best_of_three(pages[rung.of], ground.seeds) if rung.of else climbed(ground, name, rung)
    rows = {RUNGS[name].title: row(found) for name, found in pages.items()}
    sheet(ground, pages, given.out / "ladder.png")
    if given.json:
        print(json.dumps({"seconds": seconds, "rungs": rows}, indent=1))
        return
    print(table(rows))
    print(f"\nPictures: {given.out / 'ladder.png'}")
    if seconds:
        print(f"\nTaught in {fmean(seconds):.0f} s of processor time each, {max(seconds):.0f} at most.")


if __name__ == "__main__":
    main()
