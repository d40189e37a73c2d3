"""People, command line: how pages are named, and what the critic said of each: one line for a person, plain values for scripts."""

from pathlib import Path

from storykin.bookfolder import COVER, page_words
from storykin.cli import talk
from storykin.easel import on_pages
from storykin.errors import BadInput
from storykin.picture import Picture, Verdict
from storykin.shot import Shot

QUESTIONS = ("looks", "hair", "clothes", "height")
"""The four questions of the children, in the order in which they are told; other scores follow only in JSON."""


def page_numbers_of(words: str) -> list[int]:
    """The pages that "3", "3-5,7" or "cover" name. Raises `BadInput`."""
    numbers: list[int] = []
    for part in words.replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        if part == "cover":
            numbers.append(COVER)
        elif _is_page(first) and (_is_page(last) if dash else True):
            numbers.extend(range(int(first), int(last or first) + 1))
        else:
            raise BadInput(f"{words!r} does not name pages", "write 3, or 3-5,7, or cover")
    if not numbers:
        raise BadInput(f"{words!r} names no page", "the smaller number comes first: 3-5")
    return numbers


def _is_page(word: str) -> bool:
    return word.isascii() and word.isdecimal() and len(word) <= 3


def faults_of(verdict: Verdict | None) -> str:
    """The faults in few words: "hair (Sasha), extra"; "fine" where there is none, "" where nobody looked."""
    if verdict is None:
        return ""
    said = [f"{one.name} ({one.who})" if one.who else one.name for one in verdict.faults]
    return ", ".join(said) or ("fine" if verdict.passed else "failed")


def line_of(shot: Shot, picture: Picture) -> str:
    """One page in one line: "page 7 · looks 0.93 · hair 0.98 · fine · 3 tries"."""
    verdict = picture.verdict
    said = [page_words(shot.page)]
    if verdict is None:
        return " · ".join([*said, "not judged"])
    said += [f"{name} {verdict.scores[name]:.2f}" for name in QUESTIONS if name in verdict.scores]
    if not any(name in verdict.scores for name in QUESTIONS) and shot.scene.figures and verdict.unread:
        said.append("figures not read")
    said.append(faults_of(verdict))
    if len(picture.tried) > 1:
        said.append(f"{len(picture.tried)} tries")
    if picture.unsafe and picture.path != shot.picture:
        said.append("no picture on this page")
    elif picture.kept or picture.path == shot.picture:
        said.append("chosen by hand")
    return " · ".join(said)


def say_pages(folder: Path) -> None:
    """One line for every painted page, under those with faults the reasons."""
    for shot, picture in on_pages(folder):
        if picture is None:
            continue
        talk.say(f"  {talk.verbatim(line_of(shot, picture))}")
        say_reasons(picture)


def say_reasons(picture: Picture) -> None:
    """What is wrong with a picture, a line for each fault."""
    for fault in picture.verdict.faults if picture.verdict else ():
        talk.say(f"      [yellow]•[/yellow] {talk.verbatim(fault.why)}")


def pages_in_json(folder: Path) -> list[dict[str, object]]:
    """The painted pages as plain values."""
    return [plain_of(shot, picture) for shot, picture in on_pages(folder) if picture]


def plain_of(shot: Shot, picture: Picture) -> dict[str, object]:
    """One page as plain values: `passed` is null where nobody looked."""
    verdict = picture.verdict
    found: dict[str, object] = {
        "page": shot.page,
        "path": picture.path,
        "passed": None if verdict is None else verdict.passed,
        "scores": dict(verdict.scores) if verdict else {},
        "faults": [
            {"name": one.name, "who": one.who, "why": one.why, "by": round(one.by, 3)}
            for one in (verdict.faults if verdict else ())
        ],
        "unread": dict(verdict.unread) if verdict else {},
        "by_hand": picture.kept or picture.path == shot.picture,
        "tried": [
            {"step": one.step, "changed": one.changed, "path": one.path, "passed": one.passed,
             "scores": dict(one.scores), "faults": list(one.faults)}
            for one in picture.tried
        ],
    }  # fmt: skip
    return found
