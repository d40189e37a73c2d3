"""Studies of training on the proving ground: `python -m benchmarks.studies --base FOLDER [--only photos,rank]`.

What trainers with large models cannot afford to try: the same character taught again and again, with one thing changed. Two of the characters that the base has
never seen are taught from their albums, painted in scenes that no album has, with their traits in words and by the trigger alone, and judged by the critic; and a
stranger in words is painted while their adapter is at work, who should look as without it. What was done is kept, so a second call goes on.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks import ladder
from benchmarks.ladder import Ground, Rung
from benchmarks.pocket import render, world
from benchmarks.pocket.album import Album

from storykin import files
from storykin.cast.shelf import CHARACTER
from storykin.character import Character, Look, Outfit
from storykin.easel import shelved
from storykin.shot import PlacedAdapter, Shot

BARE = Rung("trigger alone", "prompt+lora", said="bare")
BOTH = Rung("trigger and words", "prompt+lora")
STRANGER = Rung("a stranger while the adapter works")
UNREAD = -1.0
MEASURES = {"bare": "her, by the trigger alone", "both": "her, with words", "stranger": "the stranger beside the adapter"}  # fmt: skip
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


LOOKING = {"held_out": 5, "look_every": 40, "preview_steps": 8}
STUDIES: dict[str, tuple[Variant, ...]] = {
    "photos": tuple(Variant(f"{count} photos", Album(count)) for count in (5, 10, 20, 40)),
    "variety": (
        Variant("two outfits"),
        Variant("one outfit", Album(outfits="one")),
        Variant("one outfit, told", Album(outfits="one", captions="traits")),
    ),
    "captions": (Variant("traits left out"), Variant("traits told", Album(captions="traits"))),
    "rank": _by("rank", (2, 4, 16, 64), "rank {}"),
    "steps": _by("steps", (65, 130, 260, 520, 1040), "{} steps"),
    "checkpoint": (Variant("the last", changes={"steps": 520}), Variant("the best look", changes={"steps": 520, **LOOKING})),
    "prior": (Variant("photos alone"), Variant("with anybody", anybody=True)),
    "ema": _by("ema", (0.0, 0.9, 0.98, 0.99), "EMA {}"),
}  # fmt: skip


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


def beside(ground: Ground, who: Character) -> list[Shot]:
    """Pictures of the stranger, in words, while the adapter of `who` is at work everywhere."""
    folder = ground.home / "stranger" / files.slug(who.name)
    folder.mkdir(parents=True, exist_ok=True)
    (known,) = shelved(
        folder, [files.read_toml(ground.shelf / files.slug(who.name) / CHARACTER, Character)], ground.shelf
    )
    placed = (PlacedAdapter(known.adapters[0], None, who.name),)
    return [
        replace(shot, adapters=placed) for shot in ladder.shots_of(ground, STRANGER, (stranger(who),), ())
    ]


def measured(ground: Ground, variant: Variant) -> dict[str, float]:
    """Teach all as the variant says, paint and judge: the share of figures whose looks are right by `MEASURES`, and seconds of teaching a character."""
    seconds = [
        ladder.learned(ground, one, variant.changes, variant.album, variant.anybody)
        for one in ground.characters
    ]
    found = {"seconds": fmean(seconds)}
    for name, rung in (("bare", BARE), ("both", BOTH)):
        found[name] = _looks(ladder.row(ladder.climbed(ground, name, rung)))
    shown = []
    for who in ground.characters:
        folder = ground.home / "stranger" / files.slug(who.name)
        shots = beside(ground, who)
        shown += [
            ladder.judged(ground, STRANGER, folder, shot, shots, number) for number, shot in enumerate(shots)
        ]
    found["stranger"] = _looks(ladder.row(shown))
    return found


def _looks(row: Mapping[str, float | None]) -> float:
    """Looks, hair and clothes in one number: the mean of those that were read."""
    known = [one for name in ("looks", "hair", "clothes") if (one := row[name]) is not None]
    return fmean(known) if known else UNREAD


# --- what comes of it ---------------------------------------------------------------------------------


def table(name: str, rows: Mapping[str, Mapping[str, float]]) -> str:
    """A study in Markdown, in percent."""
    lines = [
        f"| {name} | {' | '.join(MEASURES.values())} | seconds of teaching |",
        "|" + "---|" * (len(MEASURES) + 2),
    ]
    for says, found in rows.items():
        cells = [f"{100 * found[one]:.0f}" if found[one] >= 0 else "–" for one in MEASURES]
        lines.append(f"| {says} | {' | '.join(cells)} | {found['seconds']:.0f} |")
    return "\n".join(lines)


def figure(name: str, rows: Mapping[str, Mapping[str, float]]) -> str:
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
            tall = max(0.0, found[one]) * (high - foot - top)
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
    asked.add_argument("--base", type=Path, default=render.CACHE / "pocket")
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
    told: dict[str, dict[str, dict[str, float]]] = {}
    for name in names:
        rows = {}
        for one in STUDIES[name]:
            print(f"{name}: {one.says}", file=sys.stderr, flush=True)
            home = given.out / name / files.slug(one.says)
            ground = Ground(
                given.base, home, world.test_characters()[: given.characters], given.scenes, given.seeds
            )
            changed = {**one.changes, "steps": given.steps} if given.steps else one.changes
            rows[one.says] = measured(ground, replace(one, changes=changed))
            ground.painter.close()
        told[name] = rows
        files.write_text(given.out / f"{name}.svg", figure(name, rows))
        if not given.json:
            print(f"{table(name, rows)}\n", flush=True)
    if given.json:
        print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
