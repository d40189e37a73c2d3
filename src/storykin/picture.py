"""Values: a painted file, the shot that made it, and what the critic saw in it."""

from dataclasses import dataclass, field

from storykin.shot import Shot


@dataclass(frozen=True)
class Verdict:
    """What the critic saw: scores from 0 to 1 by name, faults in words, and the sum of it."""

    scores: dict[str, float]
    faults: tuple[str, ...] = ()
    passed: bool = True


@dataclass(frozen=True)
class Picture:
    """A file in the book's `pictures` folder and where it came from.

    `path` is relative to the book's folder. `painted` is an ISO 8601 time in UTC,
    `digest` the beginning of the file's SHA-256: a damaged file is painted again. `files` are the SHA-256 digests of the files that the
    shot names (adapters, start image, references), by path; `made_with` is what the painter says of itself: base, precision, versions.
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
