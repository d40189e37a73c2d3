"""Studies of training on the proving ground: `python -m benchmarks.studies [--only photos,rank]`.

What trainers with large models cannot afford to try: the same character taught again and again, with one thing changed. Two of the characters that the base has
never seen are taught from their albums, painted in scenes that no album has and that the ladder does not try, with their traits in words and by trigger and clothes, and judged by the critic; and a
stranger in words is painted while their adapter is at work, who should look as without it. What was done is kept, so a second call goes on. One training each, and some fifty
figures behind a number: the tables say how much that is worth.
"""

import argparse
import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from html import escape
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks import ladder
from benchmarks.ladder import Ground, Rung
from benchmarks.pocket import render, world
from benchmarks.pocket.album import Album
from benchmarks.pocket.tally import row

from storykin import files
from storykin.cast.shelf import CHARACTER
from storykin.character import Character, Look, Outfit
from storykin.critics.summing import Judged
from storykin.easel import shelved
from storykin.families import POCKET
from storykin.painters import painter_named
from storykin.shot import PlacedAdapter, Shot

BARE = Rung("trigger and clothes", "prompt+lora", said="bare")
BOTH = Rung("trigger and words", "prompt+lora")
WORDS = Rung("words alone")
STRANGER = Rung("a stranger while the adapter works")
ELSEWHERE = 5 * 10**6
"""Where the scenes of the studies begin: a recipe that is chosen here is tried in others by the ladder."""
MEASURES = {"bare": "by trigger and clothes", "both": "with words", "stranger": "the stranger beside the adapter"}  # fmt: skip
COLOURS = {"bare": "#3c6e91", "both": "#d9822b", "stranger": "#7a9e4f"}


@dataclass(frozen=True)
class Variant:
    """One way to teach: the album, what changes in the recipe, whether anybody of the class is learned beside her."""

    says: str
    album: Album = field(default_factory=Album)
    changes: Mapping[str, Any] = field(default_factory=dict)
    anybody: bool = False


def _by(name: str, values: Sequence[Any], says: str) -> tuple[Variant, ...]:
    return tuple(Variant(says.format(value), changes={name: value}) for value in values)


LOOKING = {"steps": 500, "held_out": 5, "look_every": 50, "preview_steps": 8}
STUDIES: dict[str, tuple[Variant, ...]] = {
    "photos": tuple(Variant(f"{count} photos", Album(count)) for count in (5, 10, 20, 40)),
    "variety": (
        Variant("two outfits"),
        Variant("one outfit", Album(outfits="one")),
        Variant("one outfit, told", Album(outfits="one", captions="traits")),
    ),
    "captions": (
        Variant("left out", Album(captions="bare")),
        Variant("told", Album(captions="traits")),
        Variant("by turns"),
        Variant("half told", Album(captions="bare"), {"traits": 0.5}),
        Variant("cast add", Album(captions="photo")),
        Variant("cast add, half", Album(captions="photo"), {"traits": 0.5}),
    ),
    "rank": tuple(Variant(f"rank {rank}", changes={"rank": rank, "alpha": rank}) for rank in (4, 16, 64)),
    "learning_rate": _by("learning_rate", (1e-3, 2e-3, 4e-3), "rate {:g}"),
    "steps": _by("steps", (60, 125, 250, 400, 800), "{} steps"),
    "checkpoint": (Variant("the last", changes={**LOOKING, "look_every": 0}), Variant("the best look", changes=LOOKING)),
    "prior": (Variant("photos alone"), Variant("with anybody", anybody=True)),
    "ema": _by("ema", (0.0, 0.9, 0.99), "EMA {}"),
}  # fmt: skip


def changes_of(variant: Variant, steps: int = 0) -> dict[str, Any]:
    """What a variant changes in the ladder's recipe, without what the recipe has already: studies then share a training. `steps` of every training, 0 for its own."""
    asked = {**variant.changes, "steps": steps} if steps else variant.changes
    usual = {**asdict(POCKET), "traits": 0.0, **ladder.RECIPE}
    return {key: to for key, to in asked.items() if key not in usual or usual[key] != to}


def stranger(who: Character) -> Character:
    """Somebody of the same kind and nearly the same age, of whom nothing is the same."""
    if not who.look.is_person:
        return Character("Somebody", replace(who.look, skin="red", hair_colour=""))
    hair = "long curly" if who.look.kind in ("girl", "woman") else "short"
    look = Look(
        who.look.kind,
        who.look.age + 1,
        skin="brown" if who.look.skin != "brown" else "fair",
        hair_colour="black",
        hair_style=hair,
    )
    return Character("Somebody", look, (Outfit("everyday", "a yellow jumper and blue trousers"),))  # fmt: skip


def beside(ground: Ground, who: Character, taught: bool = True) -> list[Shot]:
    """Pictures of the stranger, in words, while the adapter of `who` is at work everywhere; or without it."""
    shots = ladder.shots_of(ground, STRANGER, (stranger(who),), ())
    if not taught:
        return shots
    folder = ground.home / "stranger" / files.slug(who.name)
    folder.mkdir(parents=True, exist_ok=True)
    (known,) = shelved(
        folder, [files.read_toml(ground.shelf / files.slug(who.name) / CHARACTER, Character)], ground.shelf
    )
    placed = (PlacedAdapter(known.adapters[0], None, who.name),)
    return [replace(shot, adapters=placed) for shot in shots]


def measured(ground: Ground, variant: Variant) -> dict[str, float | None]:
    """Teach all as the variant says, paint and judge: the share of what was read of figures that is right by `MEASURES`, and seconds of teaching a character."""
    seconds = [
        ladder.learned(ground, one, variant.changes, variant.album, variant.anybody)
        for one in ground.characters
    ]
    shown = {
        name: _looks(ladder.climbed(ground, name, rung)) for name, rung in (("bare", BARE), ("both", BOTH))
    }
    return {"seconds": fmean(seconds), **shown, "stranger": _looks(_strangers(ground, True))}


def untaught(ground: Ground) -> dict[str, float | None]:
    """The same of the base alone."""
    words, strangers = ladder.climbed(ground, "words", WORDS), _strangers(ground, False)
    return {"seconds": None, "bare": None, "both": _looks(words), "stranger": _looks(strangers)}


def _strangers(ground: Ground, taught: bool) -> list[Judged]:
    shown: list[Judged] = []
    for who in ground.characters:
        folder = ground.home / "stranger" / files.slug(who.name)
        folder.mkdir(parents=True, exist_ok=True)
        shots = beside(ground, who, taught)
        shown += [
            ladder.judged(ground, STRANGER, folder, shot, shots, number) for number, shot in enumerate(shots)
        ]
    return shown


def _looks(pages: Sequence[Judged]) -> float | None:
    """Looks, hair and clothes in one number: the mean of those that were read."""
    found = row(pages)
    known = [one for name in ("looks", "hair", "clothes") if (one := found[name]) is not None]
    return fmean(known) if known else None


# --- what comes of it ---------------------------------------------------------------------------------


def table(name: str, rows: Mapping[str, Mapping[str, float | None]], figures: int) -> str:
    """A study in Markdown, in percent; with so many figures behind each number, 95 of 100 repetitions would lie within what stands below it."""
    lines = [
        f"| {name} | {' | '.join(MEASURES.values())} | seconds of teaching |",
        "|" + "---|" * (len(MEASURES) + 2),
    ]
    for says, found in rows.items():
        cells = ["–" if (share := found[one]) is None else f"{100 * share:.0f}" for one in MEASURES]
        took = found["seconds"]
        lines.append(f"| {says} | {' | '.join(cells)} | {'–' if took is None else f'{took:.0f}'} |")
    return "\n".join(
        [
            *lines,
            "",
            f"{figures} figures behind each number: ±{196 * math.sqrt(0.25 / figures):.0f} at worst.",
        ]
    )


def figure(name: str, rows: Mapping[str, Mapping[str, float | None]]) -> str:
    """The same as bars beside each other, an SVG of 640 x 240 units."""
    wide, high, left, foot, top = 640, 240, 44, 46, 28
    group = (wide - left - 10) / len(rows)
    bar = min(34.0, group / (len(MEASURES) + 1))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" font-family="sans-serif" font-size="12" role="img"',
        f' aria-label="{escape(name)}"><rect width="{wide}" height="{high}" fill="#fff"/>',
    ]
    for share in (0.0, 0.5, 1.0):
        y = high - foot - share * (high - foot - top)
        parts.append(
            f'<line x1="{left}" x2="{wide - 10}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ccc"/><text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end" fill="#555">{100 * share:.0f} %</text>'
        )
    for index, (says, found) in enumerate(rows.items()):
        middle = left + (index + 0.5) * group
        for place, (one, colour) in enumerate(COLOURS.items()):
            tall = (found[one] or 0.0) * (high - foot - top)
            x = middle + (place - len(COLOURS) / 2) * bar
            parts.append(
                f'<rect x="{x:.1f}" y="{high - foot - tall:.1f}" width="{bar - 3:.1f}" height="{tall:.1f}" fill="{colour}"/>'
            )
        parts.append(f'<text x="{middle:.1f}" y="{high - foot + 16}" text-anchor="middle">{escape(says)}</text>')  # fmt: skip
    x = float(left)
    for one, says in MEASURES.items():
        parts.append(
            f'<rect x="{x:.0f}" y="{high - 14}" width="10" height="10" fill="{COLOURS[one]}"/><text x="{x + 15:.0f}" y="{high - 5}">{escape(says)}</text>'
        )
        x += 30 + 6.4 * len(says)
    return "".join([*parts, "</svg>"])


def main() -> None:
    """Study."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument(
        "--base", default="pocket", help="the packaged base, or a pipeline's folder called pocket"
    )
    asked.add_argument("--out", type=Path, default=render.CACHE.parent / "studies")
    asked.add_argument("--only", default=",".join(STUDIES))
    asked.add_argument("--characters", type=int, default=2)
    asked.add_argument("--scenes", type=int, default=12)
    asked.add_argument("--seeds", type=int, default=2)
    asked.add_argument("--steps", type=int, default=0, help="of every training, to try this file itself")
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args()
    names = given.only.split(",")
    if unknown := set(names) - set(STUDIES):
        raise SystemExit(f"there is no study {', '.join(unknown)}; there are {', '.join(STUDIES)}")
    told: dict[str, dict[str, dict[str, float | None]]] = {}
    base = painter_named(given.base).revision
    figures = given.characters * given.scenes * given.seeds

    def ground_of(*said: object) -> Ground:
        """The place of one way to teach, whatever study asks for it."""
        mark = sha256(repr((base, given.scenes, given.seeds, *said)).encode()).hexdigest()[:12]
        people = world.test_characters()[: given.characters]
        return Ground(given.base, given.out / "grounds" / mark, people, given.scenes, given.seeds, ELSEWHERE)

    for name in names:
        ground = ground_of("untaught")
        rows = {"the base alone": untaught(ground)}
        for one in STUDIES[name]:
            print(f"{name}: {one.says}", file=sys.stderr, flush=True)
            changed = changes_of(one, given.steps)
            ground = ground_of(one.album, sorted({**ladder.RECIPE, **changed}.items()), one.anybody)
            rows[one.says] = measured(ground, replace(one, changes=changed))
            ground.painter.close()
        told[name] = rows
        files.write_text(given.out / f"{name}.svg", figure(name, rows))
        if not given.json:
            print(f"{table(name, rows, figures)}\n", flush=True)
    if given.json:
        print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
