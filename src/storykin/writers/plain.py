"""Crafts, writers: one page told by the embedded writer from a line of an outline, in a few plain sentences that its picture shows."""

import re
from collections.abc import Sequence

from storykin.character import Character
from storykin.scene import ACTIONS, Figure, Scene, action_of
from storykin.story import Page, Story
from storykin.wish import Wish
from storykin.writers.checking import check_story
from storykin.writers.drafting import Beat
from storykin.writers.fable.nouns import capital
from storykin.writers.repairing import weight_of

DID = {
    "standing": "stood still", "walking": "walked along", "running": "ran as fast as the wind", "jumping": "jumped up and down", "sitting": "sat down", "kneeling": "knelt down",
    "crouching": "hid", "sleeping": "slept", "waving": "waved", "reaching": "reached up high", "pointing": "pointed", "holding": "held on tight", "hugging": "gave a big hug",
    "riding": "rode along", "flying": "flew", "swimming": "swam", "dancing": "danced", "climbing": "climbed up", "pushing": "pushed and pushed", "thinking": "thought hard",
    "falling": "fell over",
}  # fmt: skip
OUTDOORS = re.compile(
    r"^(?:the |a |an )?(?:moon|beach|hill|mountain|roof|street|road|island|playground|farm|stage|ship|deck|bridge|meadow|river)\b",
    re.I,
)


def plain_page(beat: Beat, cast: Sequence[Character], wish: Wish, before: Page | None = None) -> Page:
    """The page of a beat: the beat's own sentence where nothing is wrong with it, else what its people do where it says."""
    names = [one.name for one in cast]
    there = [name for name in dict.fromkeys(beat.who) if name in names] or [wish.hero]
    if wish.hero not in there and len(there) < 3:
        there = [wish.hero, *there]
    action = action_of(beat.happens)
    if action == "standing":
        action = list(ACTIONS)[beat.page % 4]
    figures = tuple(Figure(name, action if place == 0 else "walking") for place, name in enumerate(there[:4]))
    place = beat.place.strip() or (before.scene.place if before else "garden")
    scene = Scene(place, beat.time, beat.weather, (), figures)
    told = [Page(beat.page, text, scene) for text in (_as_it_stands(beat.happens), _plainly(there, action, place, wish)) if text]  # fmt: skip

    def wrong(page: Page) -> int:
        story = Story("", (*((before,) if before else ()), page), tuple(cast), language=wish.language)
        return weight_of(
            tuple(fault for fault in check_story(story, wish).faults if fault.page == page.number)
        )

    return min(told, key=wrong)


def _as_it_stands(happens: str) -> str:
    line = " ".join(happens.split()).strip()
    return line if line[-1:] in ".!?…" or not line else f"{line}."


def _plainly(there: Sequence[str], action: str, place: str, wish: Wish) -> str:
    """ "Sasha ran as fast as the wind in the forest. Pip came along." """
    first = "first_person" in wish.style
    hero, *others = ["I" if first and name == wish.hero else name for name in there]
    bare = re.sub(r"^(?:in|on|at|the|a|an) ", "", place.strip(), flags=re.I)
    where = f"{'on' if OUTDOORS.match(place) else 'in'} the {bare.lower()}"
    line = f"{hero} {DID[action]} {where}."
    with_them = f" {capital(' and '.join(others))} came along, too." if others else ""
    return line + with_them
