"""Drift benchmark: readings of all pictures, verdicts on them, and the tables."""

import hashlib
import io
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from storykin import files
from storykin.character import Character
from storykin.critics import Question, Reading, Seen
from storykin.critics.expecting import Expectation, expected
from storykin.critics.judging import Judgement, judge
from storykin.critics.matching import strangers
from storykin.critics.overlay import Overlay
from storykin.critics.redrawing import redrawn
from storykin.overlaying import REVISION, overlay
from storykin.painters.sketch import Sketch
from storykin.reviewing import Pose, drawn_references, poses_for
from storykin.shot import Shot

from .faults import CLASSES, Case
from .making import HOME, all_cases, ensured, varied
from .oracle import Oracle

NAMES = (*CLASSES, "wrong place", "words in picture", "unsafe", "broken")


@dataclass(frozen=True)
class Read:
    """One picture with its reading and what it should have shown."""

    case: Case
    reading: Reading
    expectation: Expectation


# --- readings ---------------------------------------------------------------------------------------------


def readings(split: str, by: str = "drawn", how: str = "varied", some: int = 0) -> list[Read]:
    """Every picture of a split read by the reader of drawings ("drawn") or by the "oracle"; what was read once is kept.

    `how` pictures are judged: "unplaced" by the references alone, "placed" with the storyboard's boxes, "varied" with the page drawn anew by somebody who
    keeps to the storyboard but not to the drawing (`making.varied`), "exact" with the very drawing.
    """
    look, refer = READERS[by]()
    found = []
    pictures = all_cases(split)[: some or None]
    begun = time.time()
    for index, (path, case) in enumerate(pictures):
        seen = {one.name: refer(one, case.promised) for one in case.promised.cast}
        expectation = expected(case.promised, seen, how != "unplaced")
        if how in ("varied", "exact"):
            shot = varied(case.promised) if how == "varied" else case.promised
            drawing = Case(f"{case.name[:2]}{'v' if how == 'varied' else ''}", shot, shot)
            expectation = redrawn(expectation, look(ensured(path.parent, drawing), drawing))
        reading = look(path, case)
        if how == "exact" and by == "drawn":
            expectation = replace(expectation, overlay=_overlaid(path, case, reading, expectation))
        found.append(Read(case, reading, expectation))
        if index % 50 == 49:
            print(
                f"{split}: {index + 1} of {len(pictures)} read, {time.time() - begun:.0f} s", file=sys.stderr
            )
    return found


def _overlaid(path: Path, case: Case, reading: Reading, expectation: Expectation) -> Overlay | None:
    """The picture laid upon the storyboard's drawing of its page, kept by content."""
    from PIL import Image

    hiding = [one.box for one in strangers(reading.figures or (), expectation)]
    asked = path.read_bytes() + repr((hiding, case.promised, REVISION)).encode()
    kept = HOME / "overlays" / f"{hashlib.sha256(asked).hexdigest()[:20]}.json"
    if kept.exists():
        (found,) = files.read_json(kept, tuple[Overlay | None, ...])
        return found
    with Image.open(path) as picture:
        made = overlay(case.promised, picture.convert("RGB"), hiding)
    kept.parent.mkdir(parents=True, exist_ok=True)
    files.write_json(kept, (made,))
    return made


Look = Callable[[Path, Case], Reading]
Refer = Callable[[Character, Shot], tuple[Seen, ...]]


def _by_oracle() -> tuple[Look, Refer]:
    oracle = Oracle()

    def refer(who: Character, shot: Shot) -> tuple[Seen, ...]:
        worn = next(one.outfit for one in shot.scene.figures if one.character == who.name)
        return oracle.references(who, who.outfit(worn))

    return lambda path, case: oracle.read(case.drawn), refer


def _by_reader() -> tuple[Look, Refer]:
    from storykin.critics.drawn import DrawnReader

    reader = DrawnReader()
    why = reader.unready()
    if why:
        raise SystemExit(why)
    shelf = HOME / "readings" / reader.revision
    shelf.mkdir(parents=True, exist_ok=True)

    def read(content: bytes) -> Reading:
        path = shelf / f"{hashlib.sha256(content).hexdigest()[:20]}.json"
        if path.exists():
            return files.read_json(path, Reading)
        from PIL import Image

        with Image.open(io.BytesIO(content)) as picture:
            reading = reader.read(picture.convert("RGB"), Question())
        files.write_json(path, reading)
        return reading

    def refer(who: Character, shot: Shot) -> tuple[Seen, ...]:
        worn = next(one.outfit for one in shot.scene.figures if one.character == who.name)
        return known(json.dumps(files.plain(who)), worn, shot.art, poses_for(who, shot.scene.framing))

    @cache
    def known(said: str, worn: str, art: str, poses: tuple[Pose, ...]) -> tuple[Seen, ...]:
        who = files.value_of(json.loads(said), Character, "drift")
        key = hashlib.sha256(f"{said}|{worn}|{art}|{poses}|{Sketch.revision}".encode()).hexdigest()[:20]
        kept = HOME / "references" / key
        if not kept.exists():
            kept.mkdir(parents=True)
            for i, content in enumerate(drawn_references(who, who.outfit(worn), art, poses=poses)):
                files.write_bytes(kept / f"{i}.png", content)
        found = []
        for path in sorted(kept.glob("*.png")):
            reading = read(path.read_bytes())
            if reading.figures:
                found.append(max(reading.figures, key=lambda one: one.sure * (one.box.w * one.box.h) ** 0.25))
        return tuple(found)

    return lambda path, case: read(path.read_bytes()), refer


READERS: dict[str, Callable[[], tuple[Look, Refer]]] = {"oracle": _by_oracle, "drawn": _by_reader}


# --- tables -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """One picture and what was said of it."""

    case: Case
    judgement: Judgement

    @property
    def named(self) -> set[str]:
        return {one.name for one in self.judgement.verdict.faults}

    @property
    def found(self) -> bool:
        """Whether its fault was named, of the right one."""
        faults = self.judgement.verdict.faults
        return any(one.name == self.case.fault and (not self.case.who or one.who == self.case.who) for one in faults)  # fmt: skip

    def false(self, name: str) -> bool:
        """Whether a fault is named that there is not."""
        case = self.case
        return any(
            one.name == name and not (one.who == case.who and name in (case.fault, *case.also))
            for one in self.judgement.verdict.faults
            if not (case.fault == "extra" == name)
        )


def judged(pictures: Sequence[Read]) -> list[Result]:
    """The verdict on each."""
    return [Result(one.case, judge(one.reading, one.expectation)) for one in pictures]


def table(results: Sequence[Result]) -> str:
    """Per class: how many faults, found under their name, found under any name; false alarms on pages without it and on pages without any; then who is named what. Markdown."""
    clean = [one for one in results if not one.case.fault]
    lines = [
        f"{len(results)} pictures, {len(clean)} of them without a fault; {sum(bool(one.named) for one in clean)} of these"
        f" ({_share(sum(bool(one.named) for one in clean), len(clean))}) were called faulty.",
        "",
        "| fault | drawn | named | subtle | gross | noticed | false alarms | on clean pages |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name in CLASSES:
        faulty = [one for one in results if one.case.fault == name]
        subtle, gross = ([one for one in faulty if one.case.gross == big] for big in (False, True))
        without = [one for one in results if one.case.fault != name]
        lines.append(
            f"| {name} | {len(faulty)} | {_share(sum(one.found for one in faulty), len(faulty))}"
            f" | {_share(sum(one.found for one in subtle), len(subtle))} | {_share(sum(one.found for one in gross), len(gross))}"
            f" | {_share(sum(bool(one.named) for one in faulty), len(faulty))}"
            f" | {_share(sum(one.false(name) for one in without), len(without))}"
            f" | {_share(sum(name in one.named for one in clean), len(clean))} |"
        )
    return "\n".join([*lines, "", confusion(results)])


def confusion(results: Sequence[Result]) -> str:
    """Drawn faults by rows, named ones by columns: on how many pages. Markdown."""
    lines = ["| drawn \\ named | " + " | ".join(CLASSES) + " | other | nothing |", "|---" * (len(CLASSES) + 3) + "|"]  # fmt: skip
    for fault in (*CLASSES, ""):
        rows = [one for one in results if one.case.fault == fault]
        said: Counter[str] = Counter(name for one in rows for name in one.named)
        other = sum(bool(one.named - set(CLASSES)) for one in rows)
        nothing = sum(not one.named for one in rows)
        cells = [str(said[name] or "·") for name in CLASSES]
        lines.append(f"| {fault or 'nothing'} ({len(rows)}) | {' | '.join(cells)} | {other or '·'} | {nothing or '·'} |")  # fmt: skip
    return "\n".join(lines)


def failures(results: Sequence[Result], name: str, most: int = 30) -> str:
    """Which pages a class was missed or wrongly named on, and what was said instead."""
    lines = []
    for one in results:
        if (one.case.fault == name and not one.found) or one.false(name):
            said = (
                "; ".join(f"{fault.name}: {fault.why}" for fault in one.judgement.verdict.faults) or "nothing"
            )
            lines.append(f"{one.case.promised.seed} {one.case.name} [{one.case.fault or 'clean'} {one.case.who}: {one.case.how}] → {said}")  # fmt: skip
    return "\n".join(lines[:most])


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"
