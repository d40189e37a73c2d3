"""Writers, fable: the plots, read from `plots/*.toml`; which one a wish gets, and which beats fill its pages."""

import difflib
import functools
import random
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storykin.errors import BadFile, BadInput
from storykin.writers.fable.lexicon import HERE, entry_of

SUITS = frozenset([
    "role", "place", "thing", "friend", "event", "fear", "lost", "sleep", "first", "question", "party", "memory",
])  # fmt: skip
SPECIAL = ("memory", "fear", "lost", "sleep", "first", "question", "party")
"""What a wish is about more than anything else, the most pressing first."""
SALT = 259
"""Shuffles which wish gets which plot; any number would do, this one parts the wishes of benchmarks/book.py well."""
PARTS = ("start", "episode", "middle", "end")
LEVELS = ("small", "middle", "big")


@dataclass(frozen=True)
class Person:
    """Somebody a plot brings along."""

    id: str
    name: str
    they: str = "they"
    kind: str = "adult"
    height: int = 0
    colour: str = ""
    age: int = 0
    skin: str = ""
    hair_colour: str = ""
    hair_style: str = ""
    eyes: str = ""
    glasses: str = ""
    outfit: str = ""
    outfit_palette: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()


@dataclass(frozen=True)
class Role:
    """One figure of a beat's scene; `prop` is `with` in the file."""

    who: str
    do: str = "standing"
    feel: str = "calm"
    prop: str = ""


@dataclass(frozen=True)
class Setting:
    """What is seen while a beat is told; words may hold slots. Empty `place` and `time` go on as before."""

    place: str = "{place}"
    time: str = ""
    weather: str = "clear"
    framing: str = ""
    props: tuple[str, ...] = ()
    figures: tuple[Role, ...] = ()


@dataclass(frozen=True)
class Telling:
    """One way to tell a beat, for three ages."""

    small: str
    middle: str
    big: str

    def at(self, level: str) -> str:
        """The words for a level."""
        return str(getattr(self, level))


@dataclass(frozen=True)
class Beat:
    """One page of a plot."""

    id: str
    part: str
    scene: Setting
    text: tuple[Telling, ...]
    keep: int = 5
    big: bool = False
    wear: str = ""
    rhyme: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Plot:
    """A story without its wish."""

    name: str
    about: str
    titles: tuple[str, ...]
    blurb: str
    beat: tuple[Beat, ...]
    suits: Mapping[str, int]
    tones: tuple[str, ...] = ("prose",)
    tale: tuple[str, ...] = ()
    person: tuple[Person, ...] = ()

    def beats(self, *parts: str) -> tuple[Beat, ...]:
        """The beats of these parts, in the file's order."""
        return tuple(beat for beat in self.beat if beat.part in parts)


def read_plot(path: Path) -> Plot:
    """One plot from its file. Raises `BadFile` that names the beat and what was expected."""
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadFile(f"{path}: {error}", "see docs/reference/plots.md") from None
    where = path.name
    known = ("name", "about", "suits", "tones", "tale", "titles", "blurb", "person", "beat")
    for key in found:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.0)
            raise BadFile(f"{where}: unknown key {key!r}", f"did you mean {near[0]!r}?")
    for key in ("name", "about", "titles", "blurb", "beat"):
        if not found.get(key):
            raise BadFile(f"{where}: {key!r} is missing", "see docs/reference/plots.md")
    for key in found.get("suits", {}):
        if key not in SUITS:
            raise BadFile(f"{where}: suits: unknown key {key!r}", f"known are: {', '.join(sorted(SUITS))}")
    people = [entry_of(one, Person, f"{where}: person") for one in found.get("person", [])]
    beats = [_beat(one, f"{where}: beat {one.get('id', i)!r}") for i, one in enumerate(found["beat"], 1)]
    return Plot(
        found["name"], found["about"], tuple(found["titles"]), found["blurb"], tuple(beats), found.get("suits", {}),
        tuple(found.get("tones", ("prose",))), tuple(found.get("tale", ())), tuple(people),
    )  # fmt: skip


def _beat(found: Mapping[str, Any], where: str) -> Beat:
    table = dict(found)
    scene = dict(table.pop("scene", {}))
    figures = []
    for one in scene.pop("figures", []):
        row = dict(one)
        if "with" in row:
            row["prop"] = row.pop("with")
        figures.append(entry_of(row, Role, f"{where}: figures"))
    setting = entry_of(scene, Setting, f"{where}: scene")
    texts = tuple(
        entry_of(one, Telling, f"{where}: text {i}") for i, one in enumerate(table.pop("text", []), 1)
    )
    couplets = table.pop("rhyme", [])
    if not all(
        isinstance(one, list) and len(one) == 2 and all(isinstance(line, str) for line in one)
        for one in couplets
    ):
        raise BadFile(
            f"{where}: rhyme must be a list of couplets", 'write it as [ ["line one", "line two"], … ]'
        )
    if not texts:
        raise BadFile(f"{where}: 'text' is missing", "a beat needs at least two variants")
    if table.get("part") not in PARTS:
        raise BadFile(f"{where}: part {table.get('part')!r} is not one of {', '.join(PARTS)}")
    if table.get("wear", "") not in ("", "everyday", "role", "pyjamas"):
        raise BadFile(f"{where}: wear {table['wear']!r} is not everyday, role or pyjamas")
    table |= {"scene": {}, "text": []}
    bare = entry_of(table, Beat, where)
    return Beat(
        bare.id, bare.part, Setting(setting.place, setting.time, setting.weather, setting.framing, setting.props, tuple(figures)),
        texts, bare.keep, bare.big, bare.wear, tuple(tuple(one) for one in couplets),
    )  # fmt: skip


@functools.cache
def plots(folder: Path = HERE) -> tuple[Plot, ...]:
    """The writer's own plots by name, read once."""
    found = [read_plot(path) for path in sorted((folder / "plots").glob("*.toml"))]
    return tuple(sorted(found, key=lambda plot: plot.name))


def plot_named(name: str, among: Iterable[Plot]) -> Plot:
    """The plot of that name. Raises `BadInput` with the nearest."""
    by_name = {plot.name: plot for plot in among}
    if name in by_name:
        return by_name[name]
    near = difflib.get_close_matches(name, by_name, n=1, cutoff=0.0)
    hint = f"did you mean {near[0]!r}? " if near else ""
    raise BadInput(f"there is no plot {name!r}", f"{hint}plots here: {', '.join(sorted(by_name))}")


def choose(
    among: Iterable[Plot], names: Iterable[str], tones: Iterable[str], pages: int, idea: str, seed: int = 0
) -> Plot:
    """The plot for a wish that names such things (keys of `suits`): the better it suits, the likelier.

    The wish's own words shuffle those that suit it, so like wishes get unlike plots; the next seed takes the next.

    What a wish is about more than anything else (a fear, something lost, going to sleep …) decides
    alone where a plot is made for it.
    """
    named, asked = list(names), set(tones)
    fits = [plot for plot in among if not plot.tale and most_pages(plot) >= pages]
    for special in SPECIAL:
        chosen = [plot for plot in fits if plot.suits.get(special, 0) >= 2]
        if special in named and chosen:
            fits = chosen
            break
    else:
        if "bedtime" in asked:
            fits = [plot for plot in fits if plot.suits.get("sleep", 0) >= 2] or fits
        else:
            fits = [plot for plot in fits if plot.suits.get("sleep", 0) < 3] or fits
    if "rhyme" in asked:
        fits = [
            plot for plot in fits if "rhyme" in plot.tones and any(beat.rhyme for beat in plot.beat)
        ] or fits
    if not fits:
        raise BadInput(f"no plot can fill {pages} pages", "ask for fewer pages")
    scores = {plot.name: 1 + sum(plot.suits.get(name, 0) for name in named) for plot in fits}
    good = sorted(
        (plot for plot in fits if 2 * scores[plot.name] >= max(scores.values())), key=lambda plot: plot.name
    )

    def luck(plot: Plot) -> float:
        """A weighted draw that depends on the wish alone: the better it fits, the likelier it comes early."""
        drawn = random.Random(f"{SALT}|{idea.strip().lower()}|{plot.name}").random()
        elsewhere = max((plot.suits.get(special, 0) for special in SPECIAL), default=0) >= 3
        return float(drawn ** (1 / (scores[plot.name] ** 0.5 * (0.5 if elsewhere else 1.0))))

    return sorted(good, key=luck, reverse=True)[seed % len(good)]


MOST_EPISODES = 9
EPISODES_FROM = 12
"""From this many pages on a tale has room for anything else."""


def most_pages(plot: Plot) -> int:
    """How many pages a plot can fill."""
    episode = len(plot.beats("episode"))
    return len(plot.beats("start", "middle", "end")) + MOST_EPISODES * episode


@dataclass(frozen=True)
class Slot:
    """One page to be told: the beat, and the number of its episode from 1 (0 outside episodes)."""

    beat: Beat
    episode: int = 0


def fit(plot: Plot, pages: int) -> tuple[Slot, ...]:
    """Exactly `pages` beats: the most needed ones, with as many episodes as there is room for.

    An episode that is told at all has at least its two most needed beats. Later episodes give way first.
    A tale is told for itself: short books of it have no episodes.
    """
    rest, episode = plot.beats("start", "middle", "end"), plot.beats("episode")
    if not episode:
        if pages > len(rest):
            raise BadInput(f"the plot {plot.name!r} fills {len(rest)} pages at most", "ask for fewer pages")
        return _told(plot, {(beat.id, 0) for beat in sorted(rest, key=lambda beat: -beat.keep)[:pages]})
    core = {beat.id for beat in sorted(episode, key=lambda beat: -beat.keep)[:2]}
    needed = [beat for beat in rest if beat.keep >= 9]
    fewest = -(-max(0, pages - len(rest)) // len(episode))
    most = min(MOST_EPISODES, max(0, (pages - len(needed)) // len(core)))
    wanted = max(fewest, round(0.45 * pages / len(episode)), 1 if pages > len(needed) + 1 else 0)
    if plot.tale:
        wanted = max(fewest, wanted - 1, 1) if pages >= EPISODES_FROM else fewest
    if fewest > MOST_EPISODES:
        raise BadInput(
            f"the plot {plot.name!r} fills {most_pages(plot)} pages at most", "ask for fewer pages"
        )
    count = min(wanted, most)
    ranked: list[tuple[float, int, tuple[str, int]]] = []
    for i, beat in enumerate(rest):
        ranked.append((beat.keep, -i, (beat.id, 0)))
    for number in range(1, count + 1):
        for i, beat in enumerate(episode):
            urgent = (
                (7.9 if plot.tale else 8.9) if beat.id in core else min(8.0, beat.keep - 0.6 * (number - 1))
            )
            ranked.append((urgent, -100 * number - i, (beat.id, number)))
    ranked.sort(reverse=True)
    return _told(plot, {key for _, _, key in ranked[:pages]})


def _told(plot: Plot, chosen: set[tuple[str, int]]) -> tuple[Slot, ...]:
    told: list[Slot] = []
    episodes_done = False
    last = max((number for _, number in chosen), default=0)
    for beat in plot.beat:
        if beat.part != "episode":
            if (beat.id, 0) in chosen:
                told.append(Slot(beat))
        elif not episodes_done:
            episodes_done = True
            for number in range(1, last + 1):
                told += [Slot(one, number) for one in plot.beats("episode") if (one.id, number) in chosen]
    return tuple(told)
