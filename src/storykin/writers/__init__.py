"""Crafts: from a wish to a story.

A writer knows nothing of painters. The words it uses for places, props, actions and looks are
plain English; whoever draws them finds the nearest thing it knows.
"""

from typing import Protocol

from storykin.character import Character
from storykin.errors import BadInput
from storykin.story import Story
from storykin.wish import Wish


class Writer(Protocol):
    """Turns a wish into a story of exactly `wish.pages` pages, the same for equal wishes.

    `known` are characters whose looks are already settled (by name); a writer never changes them.
    """

    name: str

    def write(self, wish: Wish, known: tuple[Character, ...] = ()) -> Story: ...


def writer_named(name: str) -> Writer:
    """The writer of that name. Raises `BadInput` with the names there are."""
    if name == "fable":
        from storykin.writers.fable import Fable

        return Fable()
    raise BadInput(f"there is no writer {name!r}", f"writers here: {', '.join(writer_names())}")


def writer_names() -> tuple[str, ...]:
    """The writers that can be used on this machine."""
    return ("fable",)
