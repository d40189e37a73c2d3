"""Critics: figures in painted pictures and photographs: people by their faces, everybody else by a net that finds things by words.

Here three readers become one: who has a face, who else is there, and what each of them looks like.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from storykin.character import PEOPLE
from storykin.critics import Question, Reading, Seen, Thing
from storykin.critics.likening import MAYBE, WHOLE, ImageReader, told
from storykin.errors import StorykinError
from storykin.models import seeing
from storykin.scene import BREADTH, Box

if TYPE_CHECKING:
    from PIL.Image import Image

    from storykin.critics.people import PeopleReader

VERSION = 2
KINDS = tuple(
    dict.fromkeys(
        (*(kind for kind in PEOPLE if kind not in {"child", "adult"}), "dog", "cat", "guinea pig", "hamster", "pig", "sheep", "tiger",
         "turtle", "butterfly", "bee", "teddy bear", "doll", "toy animal", *BREADTH)
    )
)  # fmt: skip
"""What is looked for: people, pets, toys, and whatever walks through stories."""
LEAST = 0.15
"""OWLv2's scores of what is there; its makers' examples take 0.1, with words for what is in the picture. Not measured here: none of its weights were at hand."""
SURE = 0.5
"""Of its scores: surely there."""
SAME = 0.6  # intersection by union from which two boxes are one thing
INSIDE = 0.7  # of a head that lies in a found person
ONLY_FACES = "only people whose faces are seen can be found without a net that finds things"


@dataclass
class FinderReader:
    """Finds people, pets and toys by words (OWLv2, Minderer et al. 2023), also those turned away and painted ones."""

    given: str = ""
    name: str = "finder"
    reads: frozenset[Thing] = frozenset({"figures"})
    _net: Any = field(default=None, init=False, repr=False)

    @property
    def licence(self) -> str:
        """That of the net's weights."""
        return "" if self.unready() else seeing.licence_of(seeing.find("things", self.given))

    @property
    def revision(self) -> str:
        """Changes with the net and with the words that are looked for."""
        return f"finder-{VERSION}-{'' if self.unready() else seeing.fingerprint(seeing.find('things', self.given))}"

    def unready(self) -> str:
        """Which net is missing and how to get it; "" when it is here."""
        try:
            seeing.find("things", self.given)
        except StorykinError as error:
            return told(error)
        return ""

    def read(self, picture: Image, question: Question) -> Reading:
        """Boxes and kinds, the surest first. Raises `BadInput` where the net is missing."""
        import numpy as np

        boxes, scores = self._loaded().things(picture)
        best, kinds = scores.max(1), scores.argmax(1)
        found: list[Seen] = []
        for number in np.argsort(-best, kind="stable"):
            if best[number] < LEAST:
                break
            box = Box(*(round(float(side), 4) for side in boxes[number]))
            if all(shared(box, other.box) < SAME for other in found):
                sure = round(min(1.0, float(best[number]) / SURE), 3)
                found.append(Seen(box, sure, KINDS[int(kinds[number])]))
        return Reading(tuple(found), read={"figures": self.name})

    def close(self) -> None:
        """Give memory back."""
        self._net = None

    def _loaded(self) -> seeing.Finder:
        if self._net is None:
            self._net = seeing.Finder(seeing.find("things", self.given), [f"a {kind}" for kind in KINDS])
        found: seeing.Finder = self._net
        return found


@dataclass
class FigureReader:
    """Reads figures by all that can be had: people by their faces, others by the finder, and of each what it looks like.

    Without a finder and without a face, a picture of which nothing is said is one figure as a whole, as in a photo of a dog; it is not sure enough to be a
    stranger. On a page whoever has no face is not found then: `Reading.read["figures"]` is "people", as long as it is only these who were looked for, and
    "people, finder" where both looked.
    """

    people: PeopleReader
    finder: FinderReader
    image: ImageReader
    name: str = "figures"
    reads: frozenset[Thing] = frozenset({"figures", "identity", "hair", "skin", "clothes", "height"})

    @property
    def licence(self) -> str:
        """Those of all three."""
        return ", ".join(dict.fromkeys(one.licence for one in self._ready() if one.licence))

    @property
    def revision(self) -> str:
        """Changes when one of them does, or is there at last."""
        return " ".join([f"figures-{VERSION}", *(one.revision for one in self._ready())])

    def unready(self) -> str:
        """It always sees something: at least colours."""
        return self.image.unready()

    def read(self, picture: Image, question: Question) -> Reading:
        """Everybody that one of them sees, once, the surest first."""
        seen: tuple[Seen, ...] = ()
        read: dict[str, str] = {}
        unread: dict[str, str] = dict.fromkeys(self.people.reads, self.people.unready())
        if not self.people.unready():
            found = self.people.read(picture, question)
            seen, read, unread = found.figures or (), dict(found.read), dict(found.unread)
        absent = self.finder.unready()
        if not absent:
            seen = together(seen, self.finder.read(picture, question).figures or ())
            read["figures"] = ", ".join(filter(None, (read.get("figures"), self.finder.name)))
        elif not seen and not (question.place or question.happening):
            read.pop("figures", None)
            unread["figures"] = f"{ONLY_FACES}: {absent}"
            seen = (Seen(WHOLE, MAYBE),)
        if seen:
            seen = self.image.complete(picture, seen)
            read.setdefault("identity", self.image.name)
        unread = {thing: why for thing, why in unread.items() if thing not in read}
        looked = bool(seen) or "figures" in read
        return Reading(
            tuple(sorted(seen, key=lambda one: -one.sure)) if looked else None, {}, None, {}, read, unread
        )

    def close(self) -> None:
        """Give memory back."""
        for one in (self.people, self.finder, self.image):
            one.close()

    def _ready(self) -> list[PeopleReader | FinderReader | ImageReader]:
        return [one for one in (self.people, self.finder, self.image) if not one.unready()]


def together(faces: Sequence[Seen], found: Sequence[Seen]) -> tuple[Seen, ...]:
    """People with faces, each with the kind and the box of the found person that holds the head, and then those found without a face.

    A head goes to the smallest person that holds it; what is found inside somebody and is no larger than the head is what the head was found as.
    """
    left, seen = list(found), []
    for face in faces:
        head = face.head or face.box
        around = [one for one in left if one.kind in PEOPLE and head.overlap(one.box) >= INSIDE]
        same = min(around, key=lambda one: one.box.w * one.box.h, default=None)
        left = [
            one
            for one in left
            if one is not same and not (one.kind in PEOPLE and shared(one.box, head) >= SAME)
        ]
        if same is None:
            seen.append(face)
        else:
            seen.append(replace(face, kind=same.kind, sure=max(face.sure, same.sure), box=same.box))
    return (*seen, *left)


def shared(one: Box, other: Box) -> float:
    """Intersection by union of two boxes, 0 to 1."""
    inner = one.overlap(other) * one.w * one.h
    union = one.w * one.h + other.w * other.h - inner
    return inner / union if union > 0 else 0.0
