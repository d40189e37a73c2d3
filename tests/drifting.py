"""A painter that draws well and drifts by the seed, and a critic that knows what it did wrong: for tests of the loop, and for its benchmark.

What goes wrong follows from the shot alone, so equal shots give equal pictures. Louder words, more of an adapter and painting one figure anew help as they
would with a model: they make the fault rarer, and a figure painted anew leaves the others as they are.
"""

import random
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from storykin import files
from storykin.character import Character, Outfit
from storykin.critics.judging import Judgement
from storykin.errors import BadFile
from storykin.painters import Defaults, Dialect, OnLook, OnStep, refuse_what_it_lacks
from storykin.painters.sketch import Sketch
from storykin.picture import Fault, FaultName, Picture, Verdict
from storykin.scene import Figure
from storykin.shot import Shot

HAIR = ("blond", "black", "red", "brown", "#3a7bd5")
CLOTHES = ("#d23b3b", "#2f9e55", "#f2c230", "#7a4fb5", "#e88bb0")
LARGER, SMALLER = 1.45, 0.62


@dataclass(frozen=True)
class Rates:
    """How often each fault happens to a figure, 0 to 1; `extra`, `words` and `unsafe` to a picture. `helped` is what is left of it after louder words, `anew` after painting anew."""

    missing: float = 0.05
    hair: float = 0.12
    clothes: float = 0.08
    height: float = 0.05
    looks: float = 0.04
    extra: float = 0.05
    unsafe: float = 0.0
    helped: float = 0.25
    anew: float = 0.15


Drift = tuple[tuple[str, FaultName], ...]
"""Whom what happened to, in the order of the figures; "" for the picture as a whole."""


@dataclass
class Drifting:
    """Draws what it is told with faults that follow from the seed; without `draws` a plain sheet, for tests in which nobody looks."""

    rates: Rates = Rates()
    name: str = "drifting"
    powers: frozenset[str] = frozenset()
    dialect: Dialect = ""
    adapters_of: tuple[str, ...] = ()
    revision: str = "1"
    draws: bool = True
    painted: list[Shot] = field(default_factory=list)

    media_type = "image/svg+xml"
    arts: tuple[str, ...] = Sketch.arts
    defaults = Defaults(size=256)
    unready: frozenset[str] = frozenset()
    leaves_machine = False

    def refuse_absent(self) -> None:
        """All it needs is here."""

    def prepare(self, shots: Sequence[Shot], on_step: OnStep) -> None:
        """There is nothing to load."""
        on_step(1.0)

    def made_with(self) -> Mapping[str, str]:
        return {}

    def close(self) -> None:
        """There is nothing to give back."""

    def paint(self, shot: Shot, on_step: OnStep, on_look: OnLook | None = None) -> bytes:
        refuse_what_it_lacks(self, shot)
        self.painted.append(shot)
        if not self.draws:
            on_step(1.0)
            return _sheet(shot)
        plain = replace(shot, init_image="", references=(), adapters=(), parts=(), apart="", repaint=None)
        return Sketch().paint(drifted(plain, self.drift(shot)), on_step, on_look)

    def drift(self, shot: Shot, folder: Path = Path()) -> Drift:
        """What goes wrong with a shot; `folder` is where the paths in it begin."""
        before: Drift = ()
        if shot.repaint is not None:
            path = folder / shot.init_image
            made = files.read_json(path.with_suffix(".json"), Picture)
            before = self.drift(made.shot, path.parent.parent)
        found: list[tuple[str, FaultName]] = []
        anew = _in_the_middle(shot)
        for number, figure in enumerate(shot.scene.figures):
            who = figure.character
            if anew not in {"", who}:
                found += [one for one in before if one[0] == who]
            else:
                found += [(who, fault) for fault in self._faults(shot, who, number)]
        if shot.repaint is not None:
            return (*found, *(one for one in before if not one[0]))
        chance = self._chance(shot, "", 0)
        rates: dict[FaultName, float] = {"extra": self.rates.extra, "unsafe": self.rates.unsafe}
        return (*found, *(("", name) for name, rate in rates.items() if chance.random() < rate))

    def _faults(self, shot: Shot, who: str, number: int) -> list[FaultName]:
        chance, rates = self._chance(shot, who, number), self.rates
        part = next((one.words for one in shot.parts if one.character == who), shot.prompt)
        less = rates.anew if shot.repaint is not None else 1.0
        worn = next((one.adapter.scale for one in shot.adapters if one.character == who), 1.0)
        hair = less * (rates.helped if "hair:1.4" in part or " has " in part else 1.0)
        clothes = less * (rates.helped if ":1.3)" in part or " is wearing" in part else 1.0)
        looks = less * (rates.helped if worn > 1.0 else 1.0)
        rolled: list[tuple[FaultName, float]] = [
            ("missing", rates.missing * less), ("not-her", rates.looks * looks), ("hair", rates.hair * hair),
            ("clothes", rates.clothes * clothes), ("height", rates.height * less),
        ]  # fmt: skip
        found = [name for name, rate in rolled if chance.random() < rate]
        return found[:1] if found[:1] in (["missing"], ["not-her"]) else found

    @staticmethod
    def _chance(shot: Shot, who: str, number: int) -> random.Random:
        return random.Random(zlib.crc32(f"{shot.seed}|{shot.page}|{who}|{number}|{shot.init_image}".encode()))


def _sheet(shot: Shot) -> bytes:
    size = f'width="{shot.width}" height="{shot.height}" viewBox="0 0 {shot.width} {shot.height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><title>{shot.key("", "")}</title></svg>'.encode()


def _in_the_middle(shot: Shot) -> str:
    """Who stands in the middle of the region that is painted anew; "" where the whole picture is."""
    region = shot.repaint
    if region is None:
        return ""
    x, y = region.x + region.w / 2, region.y + region.h / 2
    away = {
        one.character: abs(one.box.x + one.box.w / 2 - x) + abs(one.box.y + one.box.h / 2 - y)
        for one in shot.scene.figures
        if one.box
    }
    return min(away, key=lambda name: away[name], default="")


def drifted(shot: Shot, drift: Drift) -> Shot:
    """The shot with the faults in it, so that the embedded painter draws them."""
    chance = random.Random(shot.seed)
    cast, figures = {one.name: one for one in shot.cast}, list(shot.scene.figures)
    for who, fault in drift:
        one = cast.get(who)
        if fault == "extra":
            figures.append(Figure("a stranger", "standing", "happy", box=None))
            cast["a stranger"] = Character(
                "a stranger", replace(_any(shot).look, hair_colour="#3a7bd5", kind="man")
            )
            continue
        if one is None:
            continue
        if fault == "missing":
            figures = [figure for figure in figures if figure.character != who]
        if fault in {"hair", "not-her"}:
            others = [colour for colour in HAIR if colour != one.look.hair_colour]
            cast[who] = replace(one, look=replace(one.look, hair_colour=chance.choice(others)))
        if fault in {"clothes", "not-her"}:
            worn = Outfit("drift", "a plain dress", (chance.choice(CLOTHES),))
            cast[who] = replace(
                cast[who], outfits=tuple(replace(worn, name=out.name) for out in one.outfits) or (worn,)
            )
        if fault == "height":
            by = chance.choice((LARGER, SMALLER))
            figures = [_scaled(figure, by) if figure.character == who else figure for figure in figures]
    return replace(shot, scene=replace(shot.scene, figures=tuple(figures)), cast=tuple(cast.values()))


def _any(shot: Shot) -> Character:
    return next((one for one in shot.cast if one.look.is_person), Character("a stranger"))


def _scaled(figure: Figure, by: float) -> Figure:
    box = figure.box
    if box is None:
        return figure
    wide, high = box.w * by, box.h * by
    return replace(
        figure, box=replace(box, x=box.x + (box.w - wide) / 2, y=box.bottom - high, w=wide, h=high)
    )


@dataclass
class Knowing:
    """A critic that is told what the painter did wrong."""

    painter: Drifting
    revision: str = "1"
    judged: list[str] = field(default_factory=list)
    closed: int = 0

    def judge(self, folder: Path, shot: Shot, picture: Picture) -> Judgement:
        self.judged.append(picture.path)
        try:
            drift = self.painter.drift(picture.shot, folder) if picture.painter == self.painter.name else ()
        except BadFile:
            drift = ()
        chance = random.Random(picture.digest)
        faults = tuple(Fault(name, who, f"{who or 'the picture'}: {name}", 0.5) for who, name in drift)
        of = {
            name: 0.9 - 0.5 * any(one.name == name for one in faults)
            for name in ("hair", "clothes", "height")
        }
        scores = {name: round(score + 0.1 * chance.random(), 3) for name, score in of.items()}
        missing = {one.who for one in faults if one.name == "missing"}
        found = {
            one.character: replace(one.box, x=one.box.x + 0.04 * chance.random())
            for one in shot.scene.figures
            if one.box and one.character not in missing
        }
        return Judgement(Verdict(scores, faults, not faults, {}, found, self.revision))

    def close(self) -> None:
        self.closed += 1
