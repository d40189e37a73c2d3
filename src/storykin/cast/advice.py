"""Cast: what a folder of photos lacks, in plain words, for the parent who can take some more.

Looks only at what was counted; knows no pixels.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storykin.cast.judging import ENOUGH, enough
from storykin.cast.sighting import Crop, Face, Judged, Sighting

if TYPE_CHECKING:
    from storykin.cast.choosing import Variety

__all__ = ["advice", "enough"]

MOST = 6
"""Pieces of advice at most: more are not read."""

PLENTY = 20  # photos from which a likeness is sure
NEARLY_ALL, MOSTLY = 0.85, 0.6  # shares of the chosen pictures
MANY_OTHERS, MANY_FAULTY = 0.3, 0.25  # shares of the whole folder
SMALL = 1.15  # median enlargement from which pictures are said to be small
JUDGEABLE = 6  # chosen pictures from which one can speak of "always"


@dataclass(frozen=True)
class _Seen:
    """All that the pieces of advice look at."""

    sightings: Sequence[Sighting]
    judged: Sequence[Judged]
    chosen: Sequence[tuple[int, Crop]]
    variety: "Variety"

    @property
    def count(self) -> int:
        return len(self.chosen)

    @property
    def faces(self) -> list[Face]:
        """The character's faces in the chosen pictures."""
        own = [(self.sightings[i], self.judged[i].face) for i, _ in self.chosen]
        return [one.faces[face] for one, face in own if face is not None]

    def states(self) -> Counter[str]:
        """How many photos got which verdict."""
        return Counter(one.state for one in self.judged)


def advice(
    sightings: Sequence[Sighting],
    judged: Sequence[Judged],
    chosen: Sequence[tuple[int, Crop]],
    variety: "Variety",
) -> tuple[str, ...]:
    """What to add or to change, the most important first; () when nothing is missing. At most `MOST` sentences or two."""
    seen = _Seen(sightings, judged, chosen, variety)
    asked: tuple[Callable[[_Seen], str], ...] = (
        _number, _somebody_else, _clothes, _framing, _place, _faults, _angles, _expression, _size, _light, _grey,
    )  # fmt: skip
    return tuple(words for ask in asked if (words := ask(seen)))[:MOST]


def _number(seen: _Seen) -> str:
    if not seen.judged:
        return "There are no photos yet. 20 to 40 good and varied ones make the best likeness."
    usable = sum(one.state in {"chosen", "spare"} for one in seen.judged)
    more = "Add at least {} more: sharp ones, from close by and from farther away, on different days."
    if usable == 0:
        return f"None of the {_photos(len(seen.judged))} can be used; the reason stands beside each. {more.format(ENOUGH)}"
    if usable < ENOUGH:
        return (
            f"Only {_photos(usable)} can be used; at least {ENOUGH} are needed, {PLENTY} or more are good. "
            + more.format(ENOUGH - usable)
        )
    if usable < PLENTY:
        return (
            f"{_photos(usable)} can be used: enough to begin with. With {PLENTY} or more the likeness gets surer; "
            f"{PLENTY - usable} more would help."
        )
    return ""


def _somebody_else(seen: _Seen) -> str:
    states = seen.states()
    others = sum(one.state == "not her" and bool(seen.sightings[one.sighting].faces) for one in seen.judged)
    doubtful = states["unsure"]
    if others >= MANY_OTHERS * len(seen.judged) and others >= 3:
        return (
            f"{others} of the {_photos(len(seen.judged))} show somebody else. If that is wrong, name one photo that shows "
            "the right person alone, and all will be sorted anew."
        )
    if doubtful >= 3:
        return f"On {_photos(doubtful)} it is not sure who is to be seen. Look through them and keep the right ones: they may be good."
    return ""


def _clothes(seen: _Seen) -> str:
    named = sum(count for _, count in seen.variety.clothes)
    if named < JUDGEABLE or named < MOSTLY * seen.count:
        return ""
    code, count = seen.variety.clothes[0]
    if count < MOSTLY * named:
        return ""
    worn = f"the same {_word(code)} top"
    if count == named:
        return f"All {named} photos show {worn}: the model will learn the top along with the face. Add some in other clothes."
    return (
        f"{count} of {named} photos show {worn}: the model will partly learn them. Add some in other clothes."
    )


def _framing(seen: _Seen) -> str:
    if seen.count < JUDGEABLE:
        return ""
    framings = dict(seen.variety.framing)
    close, full = framings.get("close-up", 0), framings.get("full body", 0)
    whole = framings.get("whole", 0)
    if not seen.faces:
        if close >= NEARLY_ALL * seen.count:
            return "All photos are taken from close by. Add some on which all of the figure can be seen."
        return ""
    if close >= NEARLY_ALL * seen.count:
        return (
            f"{_all_or(close, seen.count)} close-ups: how tall, how built and how dressed cannot be learned from them. "
            "Add some to the waist and some from head to foot."
        )
    if not close:
        return "There are no close-ups, and faces are learned from close-ups. Add some on which the head fills half of the picture."
    if not full and not whole:
        return "No photo shows the whole body. Add three or four from head to foot, so that size and build are learned too."
    return ""


def _place(seen: _Seen) -> str:
    named = sum(count for _, count in seen.variety.backgrounds)
    if named < JUDGEABLE or seen.variety.backgrounds[0][1] < NEARLY_ALL * named:
        return ""
    if seen.variety.clothes and seen.variety.clothes[0][1] >= NEARLY_ALL * named:
        return "The photos look as if they were all taken on one day in one place. Add some from other days and other places."
    return (
        "Nearly all photos have the same background, which will be learned along. Add some from other places."
    )


def _faults(seen: _Seen) -> str:
    states = seen.states()
    least = max(3, MANY_FAULTY * len(seen.judged))
    if states["blurred"] >= least:
        return f"{states['blurred']} of the {_photos(len(seen.judged))} are blurred. By day, near a window or outdoors, cameras blur less."
    if states["too small"] >= least:
        return (
            f"On {_photos(states['too small'])} the face is too small. Step closer, or use the originals from the "
            "camera: messengers shrink photos."
        )
    if states["duplicate"] >= max(3, 0.5 * len(seen.judged)):
        return (
            f"{states['duplicate']} of the {_photos(len(seen.judged))} repeat the moment of another. Photos from different "
            "days teach more than many of one moment."
        )
    return ""


def _angles(seen: _Seen) -> str:
    angles = dict(seen.variety.angle)
    total = sum(angles.values())
    if total < JUDGEABLE:
        return ""
    if angles.get("front", 0) >= NEARLY_ALL * total:
        return "The face looks into the camera on nearly all photos. Add some half from the side and some from the side."
    if not any(name.startswith("facing") for name in angles):
        return "No photo shows the face from the side. Two or three would teach the profile."
    return ""


def _expression(seen: _Seen) -> str:
    total = sum(count for _, count in seen.variety.expression)
    if total < JUDGEABLE:
        return ""
    name, count = seen.variety.expression[0]
    if count < NEARLY_ALL * total:
        return ""
    if name in {"smiling", "laughing"}:
        return f"{count} of {total} photos show the same smile: the model will hardly do another face. Add some serious and some surprised ones."
    if name == "serious":
        return f"The face is serious on {count} of {total} photos. Add some on which it smiles and some on which it laughs."
    return ""


def _size(seen: _Seen) -> str:
    if seen.count < JUDGEABLE:
        return ""
    scales = sorted(crop.scale for _, crop in seen.chosen)
    if scales[len(scales) // 2] < SMALL:
        return ""
    return "Most photos are small and had to be enlarged. Use the originals from the camera: messengers and albums shrink photos."


def _light(seen: _Seen) -> str:
    dim = dict(seen.variety.light).get("dim", 0)
    dark = seen.states()["too dark"]
    # dark skin in good light is no dim photo: only differences within the folder tell
    brightest = max((face.light for face in seen.faces), default=100.0)
    if seen.count < JUDGEABLE or (dim < MOSTLY * seen.count and dark < MANY_FAULTY * len(seen.judged)):
        return ""
    if brightest < 45 and dark == 0:
        return ""
    return "Most photos are dim. Add some in daylight, best on a cloudy day or beside a window."


def _grey(seen: _Seen) -> str:
    grey = sum(seen.sightings[i].monochrome for i, _ in seen.chosen)
    if grey < 2 or grey < 0.1 * seen.count:
        return ""
    return f"{grey} of the chosen photos are black and white; hair, eyes and skin are learned from coloured ones. Add some of those."


def _photos(count: int) -> str:
    return "1 photo" if count == 1 else f"{count} photos"


def _all_or(count: int, total: int) -> str:
    return f"All {total} pictures are" if count == total else f"{count} of {total} pictures are"


def _word(code: str) -> str:
    """What people call cloth of the colour "#rrggbb"."""
    from storykin.colours import clothes_word, lab_of

    return clothes_word(lab_of(code))
