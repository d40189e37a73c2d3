"""Critics: where a picture is and what happens in it, by a net that knows words and pictures (SigLIP, CLIP); "not read" without one.

A net's score of one text means nothing by itself. So it is a contest: the scene's words against other places, other deeds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from storykin.critics import Question, Reading, Thing
from storykin.critics.likening import told
from storykin.errors import StorykinError
from storykin.models import seeing
from storykin.scene import ACTIONS, action_of

if TYPE_CHECKING:
    from PIL.Image import Image

    from storykin.models.seeing import Eyes

VERSION = 1
PLACES = (
    "a bedroom", "a kitchen", "a living room", "a bathroom", "an attic", "a cellar", "a garage", "a garden", "a tree house", "a rooftop",
    "a classroom", "a library", "a doctor's surgery", "a hospital", "a fire station", "a police station", "a town hall", "a workshop", "a museum",
    "a laboratory", "a theatre", "a stadium", "a swimming pool", "an ice rink", "a playground", "a park", "a zoo", "a circus tent", "a funfair",
    "a gym", "a bakery", "a shop", "a market", "a restaurant", "an ice cream parlour", "a street in a town", "a post office", "a farm", "a meadow",
    "an orchard", "a forest", "a mountain", "a river", "a lake", "a pond", "a beach", "a cave", "a railway station", "an airport", "a harbour",
    "a building site", "a lighthouse", "the deck of a ship", "a race track", "a campsite", "a road", "a volcano", "an island", "a desert", "a jungle",
    "a savanna", "ice and snow", "the open sea", "the bottom of the sea", "a coral reef", "the sky above the clouds", "the moon", "outer space",
    "a spaceship", "another planet", "a castle", "a haunted house", "a land of sweets",
)  # fmt: skip
"""Where stories happen; what shares a word with the scene's own place does not stand against it."""
STYLES = ("a picture of {}", "an illustration of {} in a picture book", "a photo of {}")
"""Averaged, as with the first CLIP (Radford et al. 2021, section 3.1.4): the painter's style is no part of the question."""
SOMEBODY = "somebody {}"
FIELD = 0.3
"""The part of the others that may fit better before nothing is left: a right place loses to a few that look like it, a wrong one to half of them."""
DOING = re.compile(r"\bis (.+?)(?: and looks \w+)?(?:\.|$)")
"""What somebody does, in the words of `consistency.prompts.alt_of`."""
IDLE = frozenset(
    {
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "with",
        "and",
        "to",
        "by",
        "big",
        "little",
        "small",
        "old",
        "my",
        "our",
    }
)
"""Words that two places may share and still be two."""


@dataclass
class PlaceReader:
    """Scores "place" and "action": 1 where no other fits the picture better, 0.5 where 15 of 100 do, 0 from 30 on.

    `given` is a net (a name of `seeing.NETS`, a folder, owner/model), "" for the best that is here. What happens is told less surely than
    where: such nets know things better than deeds.
    """

    given: str = ""
    name: str = "place"
    reads: frozenset[Thing] = frozenset({"place", "action"})
    _eyes: Eyes | None = field(default=None, init=False, repr=False)
    _known: dict[str, Any] = field(default_factory=dict, init=False, repr=False)

    @property
    def licence(self) -> str:
        """That of the net's weights."""
        return "" if self.unready() else seeing.licence_of(seeing.find("words", self.given))

    @property
    def revision(self) -> str:
        """Changes with the net and with what the contest is about."""
        return f"place-{VERSION}-{'' if self.unready() else seeing.fingerprint(seeing.find('words', self.given))}"

    def unready(self) -> str:
        """Which net is missing and how to get it; "" when it is here."""
        try:
            seeing.find("words", self.given)
        except StorykinError as error:
            return told(error)
        return ""

    def read(self, picture: Image, question: Question) -> Reading:
        """How well the picture fits the question's words. Raises `BadInput` where the net is missing."""
        contests = {
            "place": [(question.place, other_places(question.place))] if question.place else [],
            "action": deeds_of(question.happening),
        }
        asked = {thing: pairs for thing, pairs in contests.items() if pairs}
        if not asked:
            return Reading(unread=dict.fromkeys(contests, "nobody said where it is or what happens"))
        row = self._loaded().pictures([picture])[0]
        scores = {
            thing: round(min(self._contest(row, mine, others) for mine, others in pairs), 4)
            for thing, pairs in asked.items()
        }
        unread = {thing: "nobody said what it should be" for thing in contests if thing not in asked}
        return Reading(scores=scores, read=dict.fromkeys(scores, self.name), unread=unread)

    def follows(self, pictures: Sequence[Image], prompts: Sequence[str]) -> list[float | None]:
        """How well each picture follows its prompt, by a contest with the other prompts: 1 where none of them fits better, 0 from the same part on.

        None where there are no other prompts to compare with. It is what `training.looks` asks a reader.
        """
        found: list[float | None] = []
        for picture, prompt in zip(pictures, prompts, strict=True):
            others = [one for one in dict.fromkeys(prompts) if one != prompt]
            if not others:
                found.append(None)
                continue
            row = self._loaded().pictures([picture])[0]
            found.append(round(self._contest(row, prompt, others, ("{}",), field=1.0), 4))
        return found

    def close(self) -> None:
        """Give memory back."""
        self._eyes = None
        self._known.clear()

    def _contest(
        self, row: Any, mine: str, others: Sequence[str], styles: Sequence[str] = STYLES, field: float = FIELD
    ) -> float:
        """1 less the part of the others that fit better, in parts of `field`; who fits nearly as well counts partly."""
        import numpy as np

        eyes = self._loaded()
        own, rest = (
            row @ self._words(mine, styles),
            np.stack([self._words(one, styles) for one in others]) @ row,
        )
        better = 1 / (1 + np.exp(np.clip(eyes.scale * (own - rest), -60, 60)))
        return max(0.0, 1 - float(better.mean()) / field)

    def _words(self, text: str, styles: Sequence[str]) -> Any:
        """The unit vector of a text, averaged over the styles of saying it."""
        key = "|".join((text, *styles))
        if key not in self._known:
            mean = self._loaded().words([style.format(text) for style in styles]).mean(0)
            self._known[key] = mean / max(1e-9, float((mean**2).sum()) ** 0.5)
        return self._known[key]

    def _loaded(self) -> Eyes:
        if self._eyes is None:
            from storykin.models.seeing import Eyes

            self._eyes = Eyes(seeing.find("words", self.given))
        return self._eyes


def other_places(place: str) -> tuple[str, ...]:
    """The places of `PLACES` that are surely others."""
    own = words_of(place)
    return tuple(one for one in PLACES if not own & words_of(one))


def deeds_of(happening: str) -> list[tuple[str, tuple[str, ...]]]:
    """What somebody does, by the words of an alt text, each against the other deeds of `ACTIONS`; a sentence in other words is one deed as a whole."""
    said = [doing.strip() for doing in DOING.findall(happening)] or [happening.strip().rstrip(".")]
    found = []
    for doing in said:
        if doing:
            own = action_of(doing)
            others = tuple(SOMEBODY.format(name) for name in ACTIONS if name != own and name not in doing)
            whole = doing if doing == happening.strip().rstrip(".") else SOMEBODY.format(doing)
            found.append((whole, others))
    return found


def words_of(text: str) -> frozenset[str]:
    """The words of a text that say something, in small letters, without plural s."""
    return frozenset(re.sub(r"s$", "", word) for word in re.findall(r"[a-z']+", text.lower())) - IDLE
