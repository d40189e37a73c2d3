"""Writers, fable: the embedded writer. Tells a story for any wish, offline, the same for the same seed.

wish ──read──▶ heard ──choose──▶ plot ──fit──▶ beats ──tell──▶ story
"""

import random
import unicodedata

from storykin.character import Character
from storykin.errors import BadInput
from storykin.languages import is_english, name_of
from storykin.story import Story
from storykin.wish import Wish
from storykin.writers.drafting import Desk
from storykin.writers.fable import plots
from storykin.writers.fable.lexicon import Lexicon, lexicon
from storykin.writers.fable.telling import Teller
from storykin.writers.fable.wishes import read

FEWEST, MOST = 4, 48
YOUNGEST, OLDEST = 2, 9


class Fable:
    """Writes with its own lexicon and plots, or with those it is given."""

    name = "fable"
    leaves_machine = False

    def __init__(self, known: Lexicon | None = None, among: tuple[plots.Plot, ...] | None = None) -> None:
        self.lexicon = lexicon() if known is None else known
        self.plots = plots.plots() if among is None else among

    def write(self, wish: Wish, known: tuple[Character, ...] = (), desk: Desk | None = None) -> Story:
        """A story of exactly `wish.pages` pages, in no time: nothing is laid on the desk. Raises `BadInput` and `Unkind`."""
        refuse_what_cannot_be(wish)
        refuse_other_languages(wish)
        if wish.sparks:
            raise BadInput(
                f"the writer fable grows no story from “{wish.sparks[0]}”",
                "put the words into the wish, or choose a language model with --writer (see: storykin doctor)",
            )
        tales = {words: plot.name for plot in self.plots for words in plot.tale}
        heard = read(wish, self.lexicon, tales)
        rng = random.Random(f"{wish.seed}|{wish.idea}|{heard.hero}|{'|'.join(wish.cast)}")
        if wish.arc:
            plot = plots.plot_named(wish.arc, self.plots)
        elif heard.tale:
            plot = plots.plot_named(heard.tale, self.plots)
        else:
            there = [plot for plot in self.plots if plot.suits.get("lost", 0) < 2 or not heard.mishap]
            plot = plots.choose(
                there or self.plots, heard.names, wish.style, wish.pages, wish.idea, wish.seed
            )
        return Teller(wish, heard, plot, self.lexicon, {one.name: one for one in known}, rng).story()


def refuse_other_languages(wish: Wish) -> None:
    """Raise `BadInput` for languages that this writer does not speak."""
    for code in (wish.language, wish.also):
        if not is_english(code):
            raise BadInput(
                f"the writer fable tells stories in English only, not in {name_of(code)}",
                "choose a language model that speaks it: --writer NAME (see: storykin doctor)",
            )


def refuse_what_cannot_be(wish: Wish) -> None:
    """Raise `BadInput` for numbers and names that no book can be made of."""
    if not FEWEST <= wish.pages <= MOST:
        raise BadInput(f"a book of {wish.pages} pages cannot be told", f"choose {FEWEST} to {MOST} pages")
    if not YOUNGEST <= wish.reader_age <= OLDEST:
        raise BadInput(
            f"there are no words for age {wish.reader_age}", f"choose an age from {YOUNGEST} to {OLDEST}"
        )
    for name in (wish.hero, *wish.cast):
        if not name.strip():
            raise BadInput("a name is empty", "give the hero and everybody else a name")
        if len(name) > 40:
            raise BadInput(f"the name {name[:20]!r}… has {len(name)} characters", "shorten it to 40 at most")
        if any(letter in "{}" or unicodedata.category(letter)[0] == "C" for letter in name):
            raise BadInput(
                f"the name {name!r} holds braces or control characters",
                "use letters, spaces, hyphens and apostrophes",
            )


__all__ = ["Fable"]
