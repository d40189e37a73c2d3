"""The path, until a page passes: paint, judge, and while the critic finds fault and tries are left: another seed, louder words, more of an adapter, people kept
apart, the faulty figure alone. Else the best picture stays on the page, with the reason.

Nothing is remembered but pictures and verdicts: after a stop the same tries are found again in the same order, and it goes on where it was.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from storykin.choices import Choices
from storykin.consistency.mending import kept_apart, louder, repainted, reseeded, stronger
from storykin.easel import noted, paint_one, ready, recipe_path, sound
from storykin.painters import EXACT, OnLook, Painter
from storykin.picture import Fault, FaultName, Picture, Step, Try, Verdict
from storykin.shot import Shot

if TYPE_CHECKING:
    from storykin.critics.judging import Judgement

TRIES = {"draft": 1, "good": 3, "best": 6}
"""Pictures that a page may take in all, by effort."""

REMEDIES: dict[FaultName, tuple[Step, ...]] = {
    "missing": ("seed", "words", "mask"),
    "extra": ("seed", "words"),
    "not-her": ("scale", "mask", "words"),
    "hair": ("words", "mask", "scale"),
    "clothes": ("words", "mask"),
    "height": ("seed", "words", "mask"),
    "bleed": ("apart", "mask", "words"),
    "wrong place": ("words",),
    "words in picture": ("seed", "words"),
    "unsafe": (),
    "broken": (),
}
"""What is tried against a fault, in order; after it, and where there is none of it, other seeds. How many figures there are is settled by the seed, what they
look like by words and adapters: so a composition that is right is not thrown away for the colour of a coat."""

GRAVE: dict[FaultName, float] = {
    "broken": 6.0, "missing": 4.0, "extra": 3.0, "not-her": 3.0, "bleed": 3.0, "words in picture": 2.0, "wrong place": 2.0,
}  # fmt: skip
"""How much a fault weighs when the better of two pictures is sought; those not named weigh 1, unsafe ones are never better."""
FAR = 2.0
"""Gates beyond the gate at which a fault is as bad as it can be."""
SAME = 0.02
"""Verdicts whose scores and places (0 to 1) differ by less are one verdict: the figures did not change."""

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")

OnTry = Callable[[float, str], None]
"""Told the finished fraction of the page, 0 to 1, and what is being done beside painting ("" for just that); may raise `Cancelled`."""


class Critic(Protocol):
    """Who looks at pictures: `reviewing.Critic`, as far as it is needed here."""

    @property
    def revision(self) -> str: ...

    def judge(self, folder: Path, shot: Shot, picture: Picture) -> "Judgement": ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Mended:
    """The picture for a page, and how many were painted for it just now."""

    picture: Picture
    painted: int


@dataclass(frozen=True)
class Tried:
    """A try: the shot as it was derived, its picture, and what was changed about which fault."""

    step: Step
    changed: str
    about: str
    shot: Shot
    picture: Picture

    @property
    def verdict(self) -> Verdict:
        """What the critic saw."""
        return self.picture.verdict or Verdict()


def critic_of(choices: Choices) -> Critic | None:
    """Who judges a book's pictures; None when nobody is to."""
    if not choices.judge:
        return None
    from storykin.reviewing import Critic as Reviewer

    return Reviewer()


def tries_of(choices: Choices, painter: Painter) -> int:
    """How many pictures a page may take unless somebody said how many.

    One where each goes to another machine and may cost money, and one of who draws exactly what the shot says: another seed or louder words would change nothing
    about the figures.
    """
    once = painter.leaves_machine or painter.name in EXACT
    return choices.tries or (1 if once else TRIES[choices.effort])


def told(folder: Path, shot: Shot, picture: Picture, critic: Critic) -> Picture:
    """The picture with the critic's verdict in its recipe, and no more: nothing is painted."""
    return noted(folder, picture, verdict=critic.judge(folder, shot, picture).verdict)


def mend(
    folder: Path,
    shot: Shot,
    shots: Sequence[Shot],
    painter: Painter,
    critic: Critic,
    tries: int,
    on_try: OnTry,
    on_look: OnLook | None = None,
) -> Mended:
    """The best picture for a shot in at most `tries`; those that are there already count, and are not painted again, however many they are.

    All stay in the folder with their verdicts; the recipe of the best says what was tried, that of the first what took its place.
    """
    found: list[Tried] = []
    painted = 0
    coming: tuple[Step, str, str, Shot] | None = ("first", "", "", shot)
    while coming is not None:
        step, changed, about, next_shot = coming
        number = len(found)
        words = f"{ORDINALS[min(number, 9)]} try, {changed}" if number else ""

        def tell(done: float, number: int = number, words: str = words) -> None:
            on_try(_share(number, done, tries), words)

        at_hand = ready(folder, next_shot, shots, painter)
        picture = sound(folder, recipe_path(folder, at_hand, painter))
        if picture is None:
            picture = paint_one(folder, at_hand, painter, tell, on_look)
            painted += 1
        on_try(_share(number, 1.0, tries), "judging")
        picture = told(folder, shot, picture, critic)
        found.append(Tried(step, changed, about, next_shot, picture))
        coming = next_try(found, painter)
        if coming is not None and number + 1 >= tries and not _there(folder, coming[3], shots, painter):
            coming = None
    return Mended(_settled(folder, found), painted)


def _there(folder: Path, shot: Shot, shots: Sequence[Shot], painter: Painter) -> bool:
    at_hand = ready(folder, shot, shots, painter)
    return sound(folder, recipe_path(folder, at_hand, painter)) is not None


def next_try(found: Sequence[Tried], painter: Painter) -> tuple[Step, str, str, Shot] | None:
    """What to try after all that was tried: the step, what it changes in words, about which fault, and the shot. None when a picture passed, or nothing is left to try."""
    best = best_of(found)
    if best.verdict.passed or not best.verdict.faults:
        return None
    fault = max(best.verdict.faults, key=_weight)
    about = f"{fault.name}: {fault.who}"
    done = {(one.step, one.about) for one in found}
    seeds = sum(one.step == "seed" for one in found)
    for step in (*REMEDIES[fault.name], "seed"):
        if step == "seed":
            if seeds and "seed" in REMEDIES[fault.name] and _untried(fault, done, found, painter):
                continue  # one seed, then the rest of the list, then seeds again
            coming = _another_seed(found)
        elif (step, about) in done:
            continue
        else:
            coming = _step(step, fault, found, best, painter)
        if coming is None:
            continue
        changed, shot = coming
        if shot.asks <= painter.powers and all(shot != one.shot for one in found):
            return step, changed, about, shot
    return None


def best_of(found: Sequence[Tried]) -> Tried:
    """The picture with the least against it, the earliest of equals."""
    return min(found, key=lambda one: cost(one.verdict))


# --- steps --------------------------------------------------------------------------------------------


def _untried(fault: Fault, done: set[tuple[Step, str]], found: Sequence[Tried], painter: Painter) -> bool:
    """Whether something but a seed is left against a fault."""
    about, best = f"{fault.name}: {fault.who}", best_of(found)
    left = [step for step in REMEDIES[fault.name] if step != "seed" and (step, about) not in done]
    return any(_step(step, fault, found, best, painter) is not None for step in left)


def _another_seed(found: Sequence[Tried]) -> tuple[str, Shot] | None:
    """The next seed, with whatever was said louder before; None where a seed changes nothing about the figures."""
    latest = _latest(found)
    for one in found:
        if one.step == "seed" and any(other is not one and _alike(one, other) for other in found):
            return None
    number = 1 + sum(one.step == "seed" for one in found)
    return "another seed", replace(latest.shot, seed=reseeded(found[0].shot, number).seed)


def _step(
    step: Step, fault: Fault, found: Sequence[Tried], best: Tried, painter: Painter
) -> tuple[str, Shot] | None:
    """A step against a fault, as words and shot; None where it would change nothing or the painter cannot."""
    before = _latest(found).shot
    after, changed = before, ""
    if step == "words":
        after = louder(before, fault.name, fault.who, painter.dialect)
        changed = f"louder about {_thing(fault)}"
    elif step == "scale":
        after = stronger(before, fault.who)
        scale = next((one.adapter.scale for one in after.adapters if one.character == fault.who), 1.0)
        changed = f"more of {fault.who}'s adapter ({scale:g})"
    elif step == "apart":
        after = kept_apart(before, by_filling="mask" in painter.powers)
        changed = f"people kept apart by {after.apart}"
    elif step == "mask" and fault.who and not best.picture.unsafe:
        where = best.verdict.found.get(fault.who)
        after = repainted(before, fault.who, best.picture.path, where, fault.name, painter.dialect)
        changed = f"{fault.who} alone painted anew"
    return (changed, after) if after != before and after.asks <= painter.powers else None


def _latest(found: Sequence[Tried]) -> Tried:
    """The last try of the whole picture: what was changed for it stays changed."""
    return next(one for one in reversed(found) if one.step != "mask")


def _thing(fault: Fault) -> str:
    """What is said louder, in a few words."""
    said = {"not-her": "looks", "missing": "who is there", "extra": "who is there", "bleed": "looks and clothes", "wrong place": "the place",
            "words in picture": "no writing"}.get(fault.name, fault.name)  # fmt: skip
    return f"{fault.who}'s {said}" if fault.who and fault.name not in {"missing", "extra"} else said


def _alike(one: Tried, other: Tried) -> bool:
    """Whether a picture with only another seed has the same verdict, and figures in the same places: the painter does not vary them."""
    if replace(one.shot, seed=other.shot.seed) != other.shot:
        return False
    mine, theirs = one.verdict, other.verdict
    if {(fault.name, fault.who) for fault in mine.faults} != {
        (fault.name, fault.who) for fault in theirs.faults
    }:
        return False
    return _near(mine.scores, theirs.scores) and _near(_places(mine), _places(theirs))


def _near(some: Mapping[str, float], others: Mapping[str, float]) -> bool:
    return some.keys() == others.keys() and all(abs(some[name] - others[name]) < SAME for name in some)


def _places(verdict: Verdict) -> dict[str, float]:
    return {
        f"{name} {side}": value
        for name, box in verdict.found.items()
        for side, value in (("x", box.x), ("y", box.y), ("w", box.w), ("h", box.h))
    }


# --- the better one -----------------------------------------------------------------------------------


def _weight(fault: Fault) -> float:
    return (
        100.0 if fault.name == "unsafe" else GRAVE.get(fault.name, 1.0) * (1 + min(FAR, max(0.0, fault.by)))
    )


def cost(verdict: Verdict) -> tuple[bool, bool, float]:
    """What stands against a picture, in the order of how much it counts: unsafe, faulty, the weight of its faults."""
    unsafe = any(one.name == "unsafe" for one in verdict.faults)
    return unsafe, not verdict.passed, sum(map(_weight, verdict.faults))


def _settled(folder: Path, found: Sequence[Tried]) -> Picture:
    """Write down which picture is the best and what was tried; that picture."""
    best = best_of(found)
    record = tuple(_as_try(one) for one in found) if len(found) > 1 else ()
    first = found[0]
    for one in found[1:]:
        if one is not best:
            noted(folder, one.picture, tried=())
    picture = noted(folder, best.picture, tried=record)
    if best is not first:
        noted(folder, first.picture, tried=(), instead=picture.path)
    elif picture.instead:
        picture = noted(folder, picture, instead="")
    return picture


def _as_try(one: Tried) -> Try:
    faults = tuple(f"{fault.name}: {fault.who}" if fault.who else fault.name for fault in one.verdict.faults)
    return Try(one.step, one.changed, one.picture.path, one.verdict.passed, dict(one.verdict.scores), faults)


def _share(number: int, done: float, tries: int) -> float:
    """How far a page is: its first picture takes most of it, since most pages need no other."""
    if tries == 1 or number >= tries:
        return done if number == 0 else 1.0
    return FIRST * done if number == 0 else FIRST + (1 - FIRST) * (number - 1 + done) / (tries - 1)


FIRST = 0.7
"""Of a page's progress."""
