"""Critics: what readers saw held against what the scene promised: scores for the questions that children ask, and named faults.

What was not read goes to `unread`: it never passes and never fails.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean

from storykin.critics import Reading, Seen, thresholds
from storykin.critics.expecting import Expectation, Wanted
from storykin.critics.matching import (
    Match,
    alike,
    closeness,
    is_told,
)
from storykin.critics.measures import height_factors, occm
from storykin.critics.overlay import Laid, Overlay
from storykin.critics.presence import is_covered, is_out_of_sight, present
from storykin.critics.technical import cut_heads
from storykin.critics.thresholds import gate
from storykin.critics.weighing import Held, as_drawn, compared, weighed
from storykin.picture import Fault, Verdict
from storykin.scene import ACTIONS, action_of

__all__ = ["Judgement", "Match", "judge"]

QUESTIONS = {"looks": "identity", "hair": "hair", "clothes": "clothes", "height": "height"}
"""What children ask, and the thing that a reader must read to answer it."""


EDGE = 0.01
"""Nearer to the picture's edge than this, by its height, somebody may be cut off."""
UNSEEN = "stands where the picture hardly shows them"
LOST = "readers do not see them; their pixels alone were compared"


@dataclass(frozen=True)
class Judgement:
    """The verdict on one picture, who was taken for whom, and the figures that are nobody wanted."""

    verdict: Verdict
    matches: tuple[Match, ...] = ()
    extra: tuple[Seen, ...] = ()


@dataclass
class _Notes:
    """What is written down while a picture is judged."""

    scores: dict[str, list[float]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)

    def fault(self, name: str, who: str, why: str, ratio: float) -> None:
        """`ratio` is how far off it is by the gate: above 1."""
        self.faults.append(Fault(name, who, why, round(max(0.0, ratio - 1), 4)))  # type: ignore[arg-type]

    def score(self, question: str, ratio: float) -> None:
        self.scores.setdefault(question, []).append(closeness(ratio))


def judge(reading: Reading, expectation: Expectation) -> Judgement:
    """Hold a picture against its scene: 1. who is who, 2. who is missing or too many, 3. each figure, 4. the picture as a whole."""
    notes = _Notes()
    matches: tuple[Match, ...] = ()
    extra: tuple[Seen, ...] = ()
    if reading.figures is None:
        why = reading.unread.get("figures", "nobody looked for figures")
        for question in (*QUESTIONS, "count") if expectation.wanted else ("count",):
            notes.unread[question] = reading.unread.get(QUESTIONS.get(question, ""), why)
    else:
        matches, extra = present(reading.figures, expectation)
        _count(notes, matches, extra, reading.read.get("figures", "") == "people", expectation.overlay)
        _figures(notes, matches, extra, reading, expectation.overlay)
    _whole(notes, reading, expectation, matches)
    scores = {name: round(fmean(values), 4) for name, values in notes.scores.items()}
    found = {one.wanted.name: one.seen.box for one in matches if one.seen}
    gates = f"gates {thresholds.revision()}"
    return Judgement(
        Verdict(scores, tuple(notes.faults), not notes.faults, notes.unread, found, gates), matches, extra
    )


# --- who is there -----------------------------------------------------------------------------------------


def _count(
    notes: _Notes, matches: Sequence[Match], extra: Sequence[Seen], only_people: bool, overlay: Overlay | None
) -> None:
    """Who is missing and who is too many; a reader of faces misses no animals."""
    wanted, there = len(matches), sum(one.seen is not None for one in matches)
    for one in matches:
        name = one.wanted.name
        if one.seen is not None:
            continue
        if only_people and not one.wanted.is_person:
            notes.unread[f"looks: {name}"] = "no reader that is here finds animals and things"
            wanted -= 1
            continue
        laid = overlay.of(name) if overlay else Laid()
        hidden = is_out_of_sight(one.wanted, [other.wanted for other in matches if other is not one])
        hidden = hidden or laid.hidden > gate("overlay.hidden")
        hidden = hidden or bool(overlay and is_covered(one.wanted, matches, extra, overlay))
        if not laid.lost and (one.wanted.sure == 0 or hidden):
            notes.unread[f"looks: {name}"] = UNSEEN
            wanted -= 1
            continue
        if overlay and not laid.lost:
            notes.unread[f"looks: {name}"] = LOST
            there += 1
            continue
        notes.fault("missing", name, f"{name} is not in the picture ({there} of {wanted} are there)", 2.0)
        notes.scores.setdefault("looks", []).append(0.0)
    for figure in extra:
        sort = f"a {figure.kind}" if figure.kind else "somebody"
        why = f"{sort} {_where(figure)} whom nobody asked for ({there + len(extra)} figures instead of {wanted})"
        notes.fault("extra", "", why, 1 + figure.sure)
    notes.scores["count"] = [occm(there + len(extra), wanted) / 100]


def _where(figure: Seen) -> str:
    middle = figure.box.x + figure.box.w / 2
    return "on the left" if middle < 0.36 else "on the right" if middle > 0.64 else "in the middle"


# --- each figure ------------------------------------------------------------------------------------------


def _figures(
    notes: _Notes, matches: Sequence[Match], extra: Sequence[Seen], reading: Reading, overlay: Overlay | None
) -> None:
    there = [one for one in matches if is_told(one)]
    for one in matches:
        if one.seen and one not in there:
            notes.unread[f"looks: {one.wanted.name}"] = UNSEEN
        if overlay and one not in there and not is_covered(one.wanted, matches, extra, overlay):
            _by_pixels(notes, one.wanted, overlay.of(one.wanted.name))
    held = {one.wanted.name: compared(one.seen, one.wanted.references, one.wanted.name) for one in there if one.seen}  # fmt: skip
    factors: dict[str, float | None] = dict(_heights(there))
    if overlay:
        for one in there:
            name = one.wanted.name
            laid = overlay.of(name)
            if laid.hidden > gate("overlay.hidden"):  # who stands there instead is told by readers alone
                held[name] = replace(held[name], settled=(held[name].ratio("looks") or 0.0) > 1)
                continue
            if laid.same or one.seen is one.wanted.references[0]:
                held[name], factors[name] = as_drawn(held[name]), factors.get(name) and 1.0
            else:
                held[name], factors[name] = weighed(laid, held[name], factors.get(name), one.wanted.is_person)
    strangers = {one.wanted.name for one in there if _judge_looks(notes, one, there, held, overlay)}
    known = [one for one in there if one.wanted.name not in strangers]
    if not overlay:
        factors = dict(_heights(known))
    for one in known:
        _judge_height(notes, one, factors.get(one.wanted.name))
    for question, thing in QUESTIONS.items():
        if question not in notes.scores and matches:
            notes.unread.setdefault(question, reading.unread.get(thing, "nothing in this picture tells it"))


def _by_pixels(notes: _Notes, who: Wanted, laid: Laid) -> None:
    """Somebody whom readers do not see: what their pixels alone say."""
    if laid.same or laid.lost:
        return
    other = _taken_from(who, Overlay({who.name: laid}))
    if other:
        notes.fault("bleed", who.name, f"{who.name} has the hair and clothes of {other}", 1.5)
        return
    told, factor = weighed(laid, Held(), None, who.is_person)
    if factor:
        how = "larger" if factor > 1 else "smaller"
        notes.fault("height", who.name, f"{who.name} is {how} than the storyboard has it", 1.5)
        return
    if told.stranger:
        notes.fault("not-her", who.name, f"{who.name} is drawn otherwise than the storyboard has it", 1.5)
        return
    for question in ("hair", "clothes"):
        if told.why(question):
            notes.fault(question, who.name, f"{who.name}'s {told.why(question)}", 1.5)


def _judge_looks(
    notes: _Notes,
    one: Match,
    there: Sequence[Match],
    all_held: Mapping[str, Held],
    overlay: Overlay | None,
) -> bool:
    """Looks, hair and clothes of one figure; whether it is somebody else, who then is no judge of heights."""
    name = one.wanted.name
    held = all_held[name]
    for question in ("looks", "hair", "clothes"):
        ratio = held.ratio(question)
        if ratio is not None:
            notes.score(question, ratio)
    for question, why in held.unread.items():
        notes.unread[f"{question}: {name}"] = why
    both = bool(held.why("hair") and held.why("clothes")) and (held.ratio("kind") or 0.0) <= 1
    other = _taken_from(one.wanted, overlay)
    if not other and (both or not overlay):
        other = _bleeds(one, there, all_held, overlay)
    if other:
        likeness = "" if one.similarity is None else f" (likeness to {name} {one.similarity:.2f})"
        how = held.why("hair") or held.why("clothes") or held.why("looks")
        notes.fault("bleed", name, f"{name} looks like {other}{likeness}: {how}", max(held.worst, 1.0))
        return False
    if held.stranger:
        why = f"whoever stands for {name} is not {name}: {held.why_stranger}"
        notes.fault("not-her", name, why, max(held.worst, 1.0))
        return True
    for question in ("hair", "clothes"):
        ratio = held.ratio(question)
        if ratio is not None and ratio > 1:
            notes.fault(question, name, held.why(question), ratio)
    return False


def _taken_from(who: Wanted, overlay: Overlay | None) -> str:
    """Whose hair and clothes explain what is otherwise of somebody, "" nobody's."""
    told = overlay.of(who.name).told if overlay else ""
    return told.removeprefix("bleed ") if told.startswith("bleed ") else ""


def _bleeds(one: Match, there: Sequence[Match], all_held: Mapping[str, Held], overlay: Overlay | None) -> str:
    """The name of whom somebody took over clothes and hair (as far as it is seen) or the face from, "" of nobody.

    They must be there themselves, and look like themselves: two who changed places are no bleed. Where the pixels say that it is nobody else's hair
    and clothes, only all of the other is believed.
    """
    assert one.seen
    held, laid = all_held[one.wanted.name], overlay is not None
    own = overlay.of(one.wanted.name) if overlay else Laid()
    denied = own.tried and not own.told
    for other in there:
        if other is one or not other.wanted.references or all_held[other.wanted.name].stranger:
            continue
        as_other = compared(one.seen, other.wanted.references, other.wanted.name)
        if denied and as_other.stranger:
            continue
        if one.space in ("face", "image") and one.similarity is not None:
            value = alike(one.seen, other.wanted.references, one.space)
            if value is not None and one.similarity - value < gate("looks.margin", one.space):
                return other.wanted.name
        if one.wanted.is_person == other.wanted.is_person and _taken(held, as_other, laid):
            return other.wanted.name
    return ""


def _taken(own: Held, other: Held, laid: bool) -> bool:
    """Whether hair and clothes are the other's, as far as they can be told apart; one of them at least is not one's own. Animals share coats, and are not judged by them."""
    hair, clothes = (_nearer(own, other, question, laid) for question in ("hair", "clothes"))
    if clothes:
        return hair or own.beast or (other.ratio("hair") or 0.0) <= 1
    return hair and not own.beast and "clothes" in other.respects and other.respects["clothes"][0] <= 1


def _nearer(own: Held, other: Held, question: str, laid: bool) -> bool:
    """Whether something is beyond the gate of one's own, and is the other's."""
    mine, theirs = own.ratio(question), other.ratio(question)
    if mine is None or theirs is None or mine <= 1:
        return False
    return theirs < gate("looks.taken") * mine or (laid and theirs <= 1)


# --- heights ----------------------------------------------------------------------------------------------


def _heights(there: Sequence[Match]) -> dict[str, float]:
    """How much too large or small each figure is: by the storyboard where it binds, else beside the others."""
    standing = {one.wanted.name: _standing(one) for one in there}
    standing = {name: value for name, value in standing.items() if value}
    planned = {one.wanted.name: one.wanted.standing for one in there if one.wanted.standing}
    if planned and all(name in planned for name in standing):
        return {name: value / planned[name] for name, value in standing.items()}
    return height_factors(standing, {one.wanted.name: float(one.wanted.tall) for one in there})


def _standing(one: Match) -> float:
    """How high somebody stands upright; where they are known from the storyboard's drawing, their box tells as much as their looks."""
    assert one.seen
    read = one.seen.standing or 0.0
    if not one.wanted.sure or not one.wanted.standing:
        return read
    box, drawn = one.seen.box, one.wanted.references[0].box
    if any(each.y < EDGE or each.bottom > 1 - EDGE for each in (box, drawn)):
        return read
    by_box = one.wanted.standing * box.h / drawn.h
    return math.sqrt(read * by_box) if read else by_box


def _judge_height(notes: _Notes, one: Match, factor: float | None) -> None:
    name = one.wanted.name
    if factor is None:
        notes.unread[f"height: {name}"] = "nobody to compare with, or too little of them is seen"
        return
    most = gate("height.factor")
    act = ACTIONS[action_of(one.wanted.figure.action)]
    if act.height < gate("height.bent"):
        most = 1 + (most - 1) * gate("height.slack")
    off = max(factor, 1 / factor)
    ratio = (off - 1) / (most - 1)
    notes.score("height", ratio)
    if ratio > 1:
        how = "large" if factor > 1 else "small"
        why = f"{name} is too {how}: {factor:.0%} of the right height (between {1 / most:.0%} and {most:.0%} is fine)"
        notes.fault("height", name, why, ratio)


# --- the picture as a whole -------------------------------------------------------------------------------


def _whole(notes: _Notes, reading: Reading, expectation: Expectation, matches: Sequence[Match]) -> None:
    for name in ("place", "action", "safety"):
        if name in reading.scores:
            notes.scores[name] = [reading.scores[name]]
        else:
            notes.unread[name] = reading.unread.get(name, "no reader for it is here")
    _at_least(notes, reading.scores, "place", "wrong place", f"this does not look like {expectation.place}")
    _at_least(notes, reading.scores, "action", "wrong place", f"this does not show {expectation.happening!r}")
    _at_least(notes, reading.scores, "safety", "unsafe", "this may be nothing for children")
    if reading.words is None:
        notes.unread["words"] = reading.unread.get("words", "no reader for it is here")
    else:
        allowed = {word.lower() for text in expectation.words for word in text.split()}
        stray = [text for text in reading.words if not {word.lower() for word in text.split()} <= allowed]
        notes.scores["words"] = [float(not stray)]
        if stray:
            why = f"there is writing in the picture: {', '.join(stray[:5])}"
            notes.fault("words in picture", "", why, 1.0 + len(stray))
    _technical(notes, reading, matches)


def _at_least(notes: _Notes, scores: Mapping[str, float], score: str, fault: str, why: str) -> None:
    least = gate(f"scene.{score}")
    if score in scores and scores[score] < least:
        notes.fault(fault, "", f"{why} ({scores[score]:.2f}, at least {least:.2f})", 2 - scores[score] / least)  # fmt: skip


def _technical(notes: _Notes, reading: Reading, matches: Sequence[Match]) -> None:
    marks = dict(reading.marks)
    planned = [one.wanted.references[0] if one.wanted.sure else None for one in matches if one.seen]
    here = cut_heads([one.seen for one in matches if one.seen])
    there = [cut_heads([one])[0] if one else None for one in planned]
    heads = [
        cut for cut, drawn in zip(here, there, strict=True) if cut is not None and cut > 1.5 * (drawn or 0.0)
    ]
    if heads:
        marks["head cut off"] = max(heads)
    if "technical" not in reading.read and not marks:
        notes.unread["technical"] = reading.unread.get("technical", "no reader for it is here")
        return
    worst = 0.0
    for mark, value in marks.items():
        most = gate(f"technical.{mark}") if f"technical.{mark}" in thresholds.gates() else gate("technical.other")  # fmt: skip
        worst = max(worst, value / most)
        if value > most:
            notes.fault("broken", "", f"{BROKEN.get(mark, mark)} ({value:.2f}, at most {most:.2f})", value / most)  # fmt: skip
    notes.scores["technical"] = [closeness(worst)]


BROKEN = {
    "blank": "the picture is empty", "blurred": "the picture is blurred", "banded": "the picture is in stripes or blocks",
    "noise": "the picture is noise", "head cut off": "a head is cut off by the edge of the picture", "pasted": "the picture is a copy of a photo",
}  # fmt: skip
"""Technical marks as a parent is told."""
