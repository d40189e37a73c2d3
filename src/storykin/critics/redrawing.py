"""Critics: the storyboard's own drawing of a page as the best reference: the same pose, the same place, the same light, read by the same readers.

What they misread there they misread in the picture, too, and it cancels out; whom they do not see there nobody can miss.
"""

from dataclasses import replace

from storykin.critics import Reading
from storykin.critics.expecting import Expectation, Wanted
from storykin.critics.matching import Match, match


def redrawn(expectation: Expectation, drawing: Reading) -> Expectation:
    """The expectation with what readers see in a drawing of exactly this page (the embedded painter can draw any shot).

    Only where the painter keeps to the storyboard (`placed`); else nothing changes.
    """
    if not expectation.placed or drawing.figures is None:
        return expectation
    blind = replace(expectation, wanted=tuple(replace(one, references=()) for one in expectation.wanted))
    matches, _ = match(drawing.figures, blind)
    rest = tuple(one for one in drawing.figures if all(one is not found.seen for found in matches))
    wanted = tuple(_known(one, found) for one, found in zip(expectation.wanted, matches, strict=True))
    return replace(expectation, wanted=wanted, scenery=rest)


def beyond(reading: Reading, drawing: Reading) -> Reading:
    """A reading without the words and technical marks that readers also find in the drawing: bricks that look like letters, a sky in bands."""
    read = {word for line in drawing.words or () for word in line.lower().split()}
    words = reading.words
    if words is not None:
        words = tuple(line for line in words if not set(line.lower().split()) <= read)
    marks = {
        name: value for name, value in reading.marks.items() if value > drawing.marks.get(name, 0.0) + SAME
    }
    cleared = {name: 0.0 for name in reading.marks if name not in marks}
    return replace(reading, words=words, marks={**marks, **cleared})


SAME = 0.1
"""Technical marks (0 to 1) that are nearer to those of the drawing are the same."""


def _known(who: Wanted, found: Match) -> Wanted:
    if found.seen is None:
        return replace(who, sure=0.0)
    standing = found.seen.standing or who.standing
    return replace(who, references=(found.seen, *who.references), standing=standing, sure=found.seen.sure)
