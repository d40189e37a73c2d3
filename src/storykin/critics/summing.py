"""Critics: many judged pictures added up: the children's four questions answered with a number each, drift from page to page, and what nobody read.

What was not read is in no number; each number says on how many it rests.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal, get_args

from storykin.critics import Reading, Seen, Thing
from storykin.critics.judging import UNSEEN, Judgement, Match
from storykin.critics.matching import SPACES, apart
from storykin.critics.measures import (
    cross_cids,
    cross_similarity,
    height_factors,
    occm,
    self_cids,
    self_similarity,
)
from storykin.picture import Fault

QUESTIONS: dict[str, str] = {
    "looks": "Does everybody look like themselves?",
    "hair": "Is the hair the same?",
    "clothes": "Are the clothes the same?",
    "height": "Are ages and heights the same?",
    "count": "Is everybody there, and nobody else?",
}
"""What children ask of a picture book, and whether anybody is missing or too many."""

FAULTS_OF: dict[str, tuple[str, ...]] = {
    "looks": ("not-her", "bleed"), "hair": ("hair",), "clothes": ("clothes",), "height": ("height",), "count": ("missing", "extra"),
}  # fmt: skip
"""The faults that answer a question with no."""

State = Literal["fine", "faulty", "missing", "not read", ""]
THINGS = frozenset(get_args(Thing))


@dataclass(frozen=True)
class Judged:
    """One picture that was judged. `page` orders the pictures, `name` is what a person calls it ("page 7", "03.png"), `short` the same in a few letters.

    `cast` names who should be on it, so that they are told as not read where nobody looked. `tried` tells in words what was tried before the picture
    became what it is. `unshown` are those whom no picture is known to show: they are held against the other pages, and have no Cross-CIDS.
    """

    page: int
    name: str
    reading: Reading
    judgement: Judgement
    short: str = ""
    cast: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    unshown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """How often a question was answered with yes: `right` of `read` figures (or pictures), and `of` how many there were; `score` is the mean of the
    critic's scores over the pictures, 0 to 1 with a half at the gate, None where nothing was read."""

    right: int = 0
    read: int = 0
    of: int = 0
    score: float | None = None

    @property
    def share(self) -> float | None:
        """The part that is right, 0 to 1; None where nothing was read."""
        return self.right / self.read if self.read else None


@dataclass(frozen=True)
class Figured:
    """Somebody on one page: how it came out, in which respects it was read, and how far it is from the references.

    `hair` and `clothes` are ΔE2000 to the nearest reference, `height` 1 where the height is right, `likeness` is 0 to 1 with the gate at a half; None
    where it was not read. `why` holds the faults' sentences. `hidden` says that the picture hardly shows them by its storyboard, so that nothing is told of
    them, whatever a reader took for them.
    """

    page: int
    state: State
    faults: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    seen: Seen | None = None
    likeness: float | None = None
    hair: float | None = None
    clothes: float | None = None
    height: float | None = None
    read: frozenset[str] = frozenset()
    hidden: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is told if they are there at all."""
        return not self.hidden and (self.seen is not None or self.state == "missing")

    def right(self, question: str) -> bool | None:
        """Whether the answer is yes; None where it was not read."""
        if any(name in self.faults for name in FAULTS_OF[question]):
            return False
        return True if question in self.read else None


@dataclass(frozen=True)
class Member:
    """Somebody over the whole book: on which pages they should be and how they came out there.

    `cross` and `self` are the mean cosines of the crops to the references and to each other (Cross-CIDS and Self-CIDS of this one), in `space`.
    """

    name: str
    figures: tuple[Figured, ...]
    answers: Mapping[str, Answer]
    space: str = ""
    cross: float | None = None
    self: float | None = None


@dataclass(frozen=True)
class Summary:
    """The whole book: `passed` of `pictures` are without a fault.

    `cross_cids`, `self_cids` (−1 to 1) and `occm` (0 to 100) are those of ViStoryBench, in `spaces`; None where they were not read. `faults` are by page. `unread` says
    what was not read on how many pictures, by name and reason. `readers` are the names of those who read anything.
    """

    pictures: int
    passed: int
    answers: Mapping[str, Answer]
    members: tuple[Member, ...]
    faults: tuple[tuple[int, Fault], ...]
    cross_cids: float | None = None
    self_cids: float | None = None
    occm: float | None = None
    spaces: tuple[str, ...] = ()
    unread: tuple[tuple[str, str, int], ...] = ()
    readers: tuple[str, ...] = ()


def summed(pages: Sequence[Judged]) -> Summary:
    """Add up what was seen; the pages in their order."""
    figures = [figured(page) for page in pages]
    names = dict.fromkeys(name for found in figures for name in found)
    members = tuple(
        _member(name, tuple(found[name] for found in figures if name in found), pages) for name in names
    )
    crops, references = _vectors(members, pages)
    return Summary(
        pictures=len(pages),
        passed=sum(page.judgement.verdict.passed for page in pages),
        answers={question: _answer(question, members, pages) for question in QUESTIONS},
        members=members,
        faults=tuple((page.page, fault) for page in pages for fault in page.judgement.verdict.faults),
        cross_cids=cross_cids(crops, references) if any(crops.values()) else None,
        self_cids=self_cids(crops) if any(crops.values()) else None,
        occm=_occm(pages),
        spaces=tuple(dict.fromkeys(one.space for one in members if one.space)),
        unread=_unread(pages),
        readers=tuple(
            dict.fromkeys(
                name for page in pages for by in page.reading.read.values() for name in by.split(", ")
            )
        ),
    )


# --- each figure ------------------------------------------------------------------------------------------


def figured(page: Judged) -> dict[str, Figured]:
    """How everybody who should be on a page came out, by name."""
    heights = _heights(page.judgement.matches)
    faults = page.judgement.verdict.faults
    matched = {match.wanted.name for match in page.judgement.matches}
    found = {name: Figured(page.page, "not read") for name in page.cast if name not in matched}
    for match in page.judgement.matches:
        name = match.wanted.name
        own = [fault for fault in faults if fault.who == name]
        found[name] = _figured(page, match, own, heights.get(name))
    return found


def counted(page: Judged) -> tuple[Match, ...]:
    """The matches of those of whom it is told whether they are there: without whom the picture hardly shows, and whom no reader that is here could have found."""
    found = figured(page)
    return tuple(one for one in page.judgement.matches if found[one.wanted.name].counts)


def _figured(page: Judged, match: Match, own: Sequence[Fault], height: float | None) -> Figured:
    faults, why = tuple(one.name for one in own), tuple(one.why for one in own)
    seen, references = match.seen, match.wanted.references
    if page.judgement.verdict.unread.get(f"looks: {match.wanted.name}") == UNSEEN:
        return Figured(page.page, "not read", faults, why, seen, hidden=True)
    if seen is None:
        unlooked = page.reading.figures is None or "missing" not in faults
        return Figured(page.page, "not read" if unlooked else "missing", faults, why)
    unread = page.judgement.verdict.unread
    hair = None if f"hair: {match.wanted.name}" in unread else apart(seen, references, "hair")
    known = {
        question
        for question in ("looks", "hair", "clothes", "height")
        if question not in unread and f"{question}: {match.wanted.name}" not in unread
    }
    if any(name in faults for name in FAULTS_OF["looks"]):
        known = known - {"hair", "clothes"} | {"looks"}  # of somebody else's hair nothing is said
    if height is None:
        known.discard("height")
    clothes = apart(seen, references, "clothes")
    state: State = "faulty" if faults else "fine" if known else "not read"
    return Figured(
        page.page, state, faults, why, seen, match.similarity, hair, clothes, height, frozenset(known)
    )


def _heights(matches: Sequence[Match]) -> dict[str, float]:
    """How much too large or small everybody is: by the storyboard where it says how high they stand, else beside the others."""
    there = [one for one in matches if one.seen and one.seen.standing]
    standing = {one.wanted.name: one.seen.standing for one in there if one.seen and one.seen.standing}
    planned = {one.wanted.name: one.wanted.standing for one in there if one.wanted.standing}
    if standing and planned.keys() == standing.keys():
        return {name: value / planned[name] for name, value in standing.items()}
    return height_factors(standing, {one.wanted.name: float(one.wanted.tall) for one in there})


# --- each member ------------------------------------------------------------------------------------------


def _member(name: str, figures: tuple[Figured, ...], pages: Sequence[Judged]) -> Member:
    answers = {question: _of_figures(question, figures) for question in QUESTIONS if question != "count"}
    there = [one for one in figures if one.counts]
    answers["count"] = Answer(sum(one.seen is not None for one in there), len(there), len(figures))
    seen = [one.seen for one in there if one.seen]
    space = _space_of(seen)
    if not space and any(one.state == "missing" for one in figures):
        space = _space_of(_references(name, pages))
    crops = [one.vectors[space] for one in seen if space in one.vectors]
    references = [one.vectors[space] for one in _references(name, pages) if space in one.vectors]
    return Member(name, figures, answers, space, cross_similarity(crops, references), self_similarity(crops))


def _of_figures(question: str, figures: Sequence[Figured]) -> Answer:
    told = [one.right(question) for one in figures if one.state != "missing"]
    return Answer(sum(one is True for one in told), sum(one is not None for one in told), len(told))


def _space_of(several: Sequence[Seen]) -> str:
    """The most trusted space in which most of them have a vector."""
    counted = Counter(space for one in several for space in one.vectors if space in SPACES)
    return max(counted, key=lambda space: (counted[space], -SPACES.index(space)), default="")


def _references(name: str, pages: Sequence[Judged]) -> list[Seen]:
    """Everything that shows somebody, whatever they wear in it, each once."""
    found: list[Seen] = []
    for page in pages:
        for match in page.judgement.matches:
            if match.wanted.name == name and name not in page.unshown:
                found += [one for one in match.wanted.references if one not in found]
    return found


def _vectors(
    members: Sequence[Member], pages: Sequence[Judged]
) -> tuple[dict[str, list[tuple[float, ...]]], dict[str, list[tuple[float, ...]]]]:
    """Crops and references of everybody whom a reader knows by a vector."""
    crops, references = {}, {}
    for one in members:
        if not any(each.counts for each in one.figures):
            continue  # nobody looked, so nothing counts as 0 either
        known = [
            each.vectors[one.space] for each in _references(one.name, pages) if one.space in each.vectors
        ]
        if one.space or known:
            crops[one.name] = [each.seen.vectors[one.space] for each in one.figures if each.counts and each.seen and one.space in each.seen.vectors]  # fmt: skip
            references[one.name] = known
    return crops, references


# --- the whole --------------------------------------------------------------------------------------------


def _answer(question: str, members: Sequence[Member], pages: Sequence[Judged]) -> Answer:
    scores = [
        page.judgement.verdict.scores[question] for page in pages if question in page.judgement.verdict.scores
    ]
    score = fmean(scores) if scores else None
    if question == "count":
        read = [page for page in pages if page.reading.figures is not None]
        wrong = [page for page in read if any(one.name in FAULTS_OF["count"] for one in page.judgement.verdict.faults)]  # fmt: skip
        return Answer(len(read) - len(wrong), len(read), len(pages), score)
    own = [one.answers[question] for one in members]
    return Answer(
        sum(one.right for one in own), sum(one.read for one in own), sum(one.of for one in own), score
    )


def _occm(pages: Sequence[Judged]) -> float | None:
    """The mean over the pictures that were read, with those detected who were matched, as ViStoryBench counts."""
    values = [
        occm(sum(one.seen is not None for one in there), len(there))
        for page in pages
        if page.reading.figures is not None and (there := counted(page))
    ]
    return fmean(values) if values else None


def unread_of(page: Judged) -> dict[str, str]:
    """What of a picture was not read, and why; also the part of a thing that was not looked for ("fright") though the rest of it was ("safety")."""
    parts = {name: why for name, why in page.reading.unread.items() if name not in THINGS}
    return {**page.judgement.verdict.unread, **parts}


def _unread(pages: Sequence[Judged]) -> tuple[tuple[str, str, int], ...]:
    """What was not read, why, and on how many pictures, the commonest first; "hair: Sasha" counts as "hair"."""
    counted = Counter(
        (what, why)
        for page in pages
        for what, why in {(name.partition(":")[0], reason) for name, reason in unread_of(page).items()}
    )
    return tuple((what, why, count) for (what, why), count in counted.most_common())
