"""Crafts, writers: one page told by the embedded writer from a line of an outline, in a few plain sentences that its picture shows."""

import re
from collections.abc import Sequence

from storykin.character import Character
from storykin.scene import Figure, Scene, action_of
from storykin.story import Page, Story
from storykin.wish import Wish
from storykin.writers.checking import check_story
from storykin.writers.drafting import Beat
from storykin.writers.fable.nouns import capital
from storykin.writers.reading import target, words_of
from storykin.writers.repairing import weight_of

DID = {
    "walking": "walked on and on", "jumping": "jumped up and down", "sitting": "sat down for a while", "running": "ran as fast as the wind", "crouching": "made a small round ball and hid",
    "waving": "waved with both arms", "pointing": "pointed at something new", "dancing": "danced a little dance", "thinking": "thought hard", "kneeling": "knelt down to look",
    "reaching": "reached up high", "climbing": "climbed up to see better", "sleeping": "shut both eyes and slept", "swimming": "swam round and round", "flying": "flew up and away",
    "riding": "rode along", "pushing": "pushed and pushed", "holding": "held on tight", "hugging": "gave everyone a big hug", "falling": "fell over with a bump",
    "standing": "stood quite still",
}  # fmt: skip
OPENINGS = (
    "{Where} it was very quiet.", "Now came the {place}.", "There was something new {where}.", "{Who} looked around {where}.", "What a day it was {where}!", "Tap, tap, went something {where}.",
    "{Where} nobody knew what would come next.",
)  # fmt: skip
SAID = (
    '"Look at that!" said {other}.', '"What now?" asked {other}.', '"Wait for me!" called {other}.', '"Shh," whispered {other}.', '"This way!" cried {other}.', '"One more time!" said {other}.',
    '"Did you hear that?" asked {other}.',
)  # fmt: skip
YOUNG = 3
"""The oldest reader for whom a page has no opening sentence."""
MORE = (
    "It took quite a while, and nobody minded that.", "A small cloud came by, had a look, and went on.", "First it went wrong, and then it went a little better.", "It smelled of rain, of bread, and of something else.",
    "The sun came round the corner to see what there was to see.",
)  # fmt: skip
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
    found = action_of(beat.happens)
    action = found if found != "standing" else list(DID)[beat.page % 12]
    figures = tuple(
        Figure(name, action if place == 0 else "standing") for place, name in enumerate(there[:4])
    )
    place = beat.place.strip() or (before.scene.place if before else "garden")
    scene = Scene(place, beat.time, beat.weather, (), figures)
    told = [Page(beat.page, text, scene) for text in (_as_it_stands(beat.happens), _plainly(there, action, place, wish, beat.page)) if text]  # fmt: skip

    def wrong(page: Page) -> int:
        story = Story("", (*((before,) if before else ()), page), tuple(cast), language=wish.language)
        return weight_of(
            tuple(fault for fault in check_story(story, wish).faults if fault.page == page.number)
        )

    return min(told, key=wrong)


def _as_it_stands(happens: str) -> str:
    line = " ".join(happens.split()).strip()
    return line if line[-1:] in ".!?…" or not line else f"{line}."


def _plainly(there: Sequence[str], action: str, place: str, wish: Wish, number: int) -> str:
    """ "There was something new in the forest. Sasha knelt down to look. "What now?" asked Pip." """
    who, *others = ["I" if "first_person" in wish.style and name == wish.hero else name for name in there]
    bare = re.sub(r"^(?:in|on|at|the|a|an) ", "", place.split(",", maxsplit=1)[0].strip(), flags=re.I).lower()
    where = f"{'on' if OUTDOORS.match(place) else 'in'} the {bare}"
    few, _ = target(wish.reader_age).words_per_page
    told = [f"{capital(who)} {DID[action]}."]
    if others:
        told.append(SAID[number % len(SAID)].format(other=others[number % len(others)]))
    if wish.reader_age > YOUNG:
        opening = OPENINGS[number % len(OPENINGS)]
        told.insert(0, opening.format(Where=capital(where), where=where, Who=capital(who), place=bare))
    extra = 0
    while len(words_of(" ".join(told))) < few and extra < len(MORE):
        told.append(MORE[(number + extra) % len(MORE)])
        extra += 1
    return " ".join(told)
