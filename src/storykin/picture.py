"""Values: a painted file, the shot that made it, and what the critic saw in it."""

from dataclasses import dataclass, field
from typing import Literal

from storykin.scene import Box
from storykin.shot import Shot

FaultName = Literal[
    "missing", "extra", "not-her", "hair", "clothes", "height", "bleed", "wrong place", "words in picture", "unsafe", "broken"
]  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a picture: `who` it is about ("" for the picture as a whole) and `why`, a sentence for the parent with the numbers in it.

    `by` is how far it is beyond the gate, in parts of the gate: of two candidates the one with less is better.
    """

    name: FaultName
    who: str = ""
    why: str = ""
    by: float = 0.0


@dataclass(frozen=True)
class Verdict:
    """What the critic saw: `scores` from 0 to 1 by name ("looks", "hair", "clothes", "height" are the four questions), the faults, and the sum of it.

    `unread` says by name what could not be read and why; it never counts as passed, and never as failed. `found` are the boxes of the characters that were found,
    by name. `critic` is the revision of readers and thresholds: another critic would look again.
    """

    scores: dict[str, float] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    passed: bool = True
    unread: dict[str, str] = field(default_factory=dict)
    found: dict[str, Box] = field(default_factory=dict)
    critic: str = ""


Step = Literal["first", "seed", "words", "scale", "apart", "mask"]
"""What was changed for a try: nothing yet, the seed, the words, an adapter's scale, how adapters are kept apart, one figure only."""


@dataclass(frozen=True)
class Try:
    """One of the pictures that were painted for a page until one passed: what was changed for it ("a new seed"), and what the critic said of it.

    `path` is the picture's, relative to the book's folder; `faults` say whom they are about: "hair: Sasha".
    """

    step: Step
    changed: str
    path: str
    passed: bool = True
    scores: dict[str, float] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A file in the book's `pictures` folder and where it came from.

    `path` is relative to the book's folder. `painted` is an ISO 8601 time in UTC,
    `digest` the beginning of the file's SHA-256: a damaged file is painted again. `files` are the SHA-256 digests of the files that the
    shot names (adapters, start image, references), by path; `made_with` is what the painter says of itself: base, precision, versions.

    `tried` is everything that was painted for the page, the first picture first, where more than one was. `instead` is the path of the better picture that took this
    one's place. `kept` says that somebody chose it: it is judged, and no other takes its place.
    """

    path: str
    shot: Shot
    painter: str
    revision: str
    key: str
    media_type: str
    digest: str = ""
    painted: str = ""
    verdict: Verdict | None = None
    files: dict[str, str] = field(default_factory=dict)
    made_with: dict[str, str] = field(default_factory=dict)
    tried: tuple[Try, ...] = ()
    instead: str = ""
    kept: bool = False

    @property
    def unsafe(self) -> bool:
        """Whether the critic found something in it that no child should see."""
        return self.verdict is not None and any(one.name == "unsafe" for one in self.verdict.faults)
