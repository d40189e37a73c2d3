"""Cast: who is who, which photos are good, which of them are learned from, and how each is cut.

Takes a moment and is done anew after every decision of the parent; nothing is measured here and nothing written.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storykin.cast.sighting import Crop, Decisions, Judged, People, Sighting
from storykin.dataset import RESOLUTIONS
from storykin.errors import BadInput

if TYPE_CHECKING:
    from storykin.cast.choosing import Variety
    from storykin.cast.who import Who


@dataclass(frozen=True)
class Decided:
    """What follows from the sightings: who is who, the verdict on each photo, what is learned from and how it is cut."""

    sightings: tuple[Sighting, ...]
    decisions: Decisions
    people: People
    whos: "tuple[Who, ...]"
    judged: tuple[Judged, ...]
    chosen: tuple[tuple[int, Crop], ...]
    variety: "Variety"
    remarks: tuple[str, ...]


def resolution_of(decisions: Decisions) -> int:
    """The side of the square whose area a training picture may have, in pixels."""
    return decisions.resolution or RESOLUTIONS[decisions.family]


def decide(sightings: tuple[Sighting, ...], decisions: Decisions, person: bool = True) -> Decided:
    """Who is who, which photos are good, which of them are learned from, and how they are cut.

    For a pet or a toy (`person` false) faces are other people's, and what stands out is the character.
    """
    from storykin.cast import choosing, judging, who

    resolution = resolution_of(decisions)
    people = who.people_in(sightings, decisions) if person else People(because="faces are not looked for")
    whos = (
        who.who_in_each(sightings, people, decisions)
        if person
        else (who.Who(None, 2.0, 0.0, False),) * len(sightings)
    )
    crops = tuple(
        _crops(sighting, one.face, resolution, decisions)
        for sighting, one in zip(sightings, whos, strict=True)
    )
    judged = judging.judge(sightings, whos, crops, decisions)
    judged, chosen = choosing.choose(sightings, judged, crops, decisions)
    variety = choosing.variety(sightings, judged, chosen)
    return Decided(
        sightings, decisions, people, whos, judged, chosen, variety, who.split_hint(people) if person else ()
    )


def _crops(sighting: Sighting, face: int | None, resolution: int, decisions: Decisions) -> tuple[Crop, ...]:
    """The crops a photo offers; a rectangle drawn by hand is the only one, so is the whole where nothing is to be cut."""
    from storykin.cast import framing

    if sighting.refused:
        return ()
    if sighting.name in decisions.crops:
        return (framing.crop_at(sighting, decisions.crops[sighting.name], resolution, face),)
    if decisions.whole:
        return framing.whole_of(sighting, face, resolution)
    return framing.crops_of(sighting, face, resolution)


def refuse_few(decided: Decided, few: bool) -> None:
    """Raise `BadInput` when there are fewer than eight photos to learn from, unless `few` says to go on."""
    from storykin.cast.judging import enough

    usable = sum(one.state in {"chosen", "spare"} for one in decided.judged)
    if not enough(decided.judged) and not few:
        raise BadInput(
            f"only {usable} of {len(decided.judged)} photos can be learned from; at least 8 are needed, 30 to 40 are good",
            "see report.html for the reason of each; add more photos, or go on with --few",
        )
