"""What a rung is worth in numbers: every question by itself, for whoever should be there."""

from collections.abc import Mapping, Sequence
from statistics import fmean

from storykin.critics.matching import Match, likeness
from storykin.critics.measures import bleed_margin
from storykin.critics.summing import FAULTS_OF, Figured, Judged, figured, summed
from storykin.critics.weighing import compared
from storykin.scene import Box

QUESTIONS = ("looks", "hair", "clothes", "height", "count")
PEOPLES = QUESTIONS[:4]
"""Those that are asked of figures; `row` has beside each, as "hair of", of how many it was read."""
COLUMNS = {
    **{one: one for one in QUESTIONS}, "passed": "all right", "cross": "Cross", "self": "Self", "heads": "heads", "sides": "own side",
    "apart": "apart", "both": "apart where both are seen", "pictures": "pictures",
}  # fmt: skip
"""By key: what a column is called. Shares are in percent, with the number of figures of whom it was read; Cross and Self are CIDS (-1 to 1), heads is OCCM (0 to 100)."""


def row(pages: Sequence[Judged]) -> dict[str, float | None]:
    """The share of figures that are right by question, of those of whom it can be told: who is missing is wrong in looks, hair and clothes, and right hair counts on a wrong face, too.

    Heights are told of two beside each other only. "count" is the share of pictures with as many as there should be, "sides" that of pairs who stand as the storyboard has them,
    "apart" that of pairs who are both there with a bleed margin above 0, "both" the same of those where both are seen. None where nothing was read.
    """
    found = summed(pages)
    told: dict[str, list[bool]] = {one: [] for one in QUESTIONS}
    for page in pages:
        matches = {one.wanted.name: one for one in page.judgement.matches}
        for name, one in figured(page).items():
            for question, right in _answers(one, matches.get(name)).items():
                if right is not None:
                    told[question].append(right)
    pairs = [margin(page) for page in pages if len(page.cast) > 1]
    margins = [one for one in pairs if one is not None]
    read = {**{f"{one} of": len(told[one]) for one in PEOPLES}, "both of": len(margins)}
    told["count"] = [
        not set(FAULTS_OF["count"]) & {one.name for one in page.judgement.verdict.faults} for page in pages
    ]
    sides = [one for page in pages if (one := on_their_sides(page)) is not None]
    return {
        **{one: _share(values) for one, values in told.items()}, **read, "passed": found.passed / found.pictures, "cross": found.cross_cids, "self": found.self_cids,
        "heads": found.occm, "sides": _share(sides), "pictures": found.pictures,
        "apart": _share([one is not None and one > 0 for one in pairs]), "both": _share([one > 0 for one in margins]),
    }  # fmt: skip


def _answers(one: Figured, match: Match | None) -> dict[str, bool | None]:
    if one.hidden or match is None:
        return {}
    if one.seen is None:
        gone = False if one.state == "missing" else None
        return {"looks": gone, "hair": gone, "clothes": gone}
    held = compared(one.seen, match.wanted.references, match.wanted.name)
    ratios = {name: held.ratio(name) for name in ("hair", "clothes")}
    by_itself = {name: None if ratio is None else ratio <= 1 for name, ratio in ratios.items()}
    return {"looks": one.right("looks"), "height": one.right("height"), **by_itself}


def _share(values: Sequence[bool]) -> float | None:
    return fmean(values) if values else None


def margin(page: Judged) -> float | None:
    """The bleed margin of a picture of two; None where one of them is not seen."""
    matches = page.judgement.matches
    if len(page.cast) < 2 or any(one.seen is None for one in matches):
        return None
    told: dict[str, dict[str, float]] = {}
    for one in matches:
        assert one.seen
        told[one.wanted.name] = {
            other.wanted.name: value
            for other in matches
            if (value := likeness(one.seen, other.wanted.references)[0]) is not None
        }
    return bleed_margin(told)


def on_their_sides(page: Judged) -> bool | None:
    """Whether two stand from left to right as the storyboard has them; None with fewer than two to be seen."""
    there = [one for one in page.judgement.matches if one.seen and one.wanted.figure.box]
    if len(there) < 2:
        return None
    planned = sorted(there, key=lambda one: _middle(one.wanted.figure.box))
    return planned == sorted(there, key=lambda one: _middle(one.seen.box if one.seen else None))


def _middle(box: Box | None) -> float:
    return box.x + box.w / 2 if box else 0.0


def table(rows: Mapping[str, Mapping[str, float | None]]) -> str:
    """Rungs by their titles, in Markdown."""
    lines = [f"| rung | {' | '.join(COLUMNS.values())} |", "|" + "---|" * (len(COLUMNS) + 1)]
    lines += [
        f"| {title} | {' | '.join(_cell(key, found[key], found.get(f'{key} of')) for key in COLUMNS)} |"
        for title, found in rows.items()
    ]
    return "\n".join(lines)


def _cell(key: str, value: float | None, of: float | None) -> str:
    if value is None:
        return "–"
    if of is not None:
        return f"{100 * value:.0f} ({of:.0f})"
    if key in ("cross", "self"):
        return f"{value:.2f}"
    return f"{value:.0f}" if key in ("heads", "pictures") else f"{100 * value:.0f}"
