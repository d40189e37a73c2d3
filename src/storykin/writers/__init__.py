"""Crafts: from a wish to a story.

A writer knows nothing of painters. The words it uses for places, props, actions and looks are
plain English; whoever draws them finds the nearest thing it knows.
"""

from typing import Protocol

from storykin.character import Character
from storykin.errors import BadInput
from storykin.story import Story
from storykin.wish import Wish
from storykin.writers.drafting import Desk


class Writer(Protocol):
    """Turns a wish into a story of exactly `wish.pages` pages, the same for equal wishes as far as it can promise that.

    `known` are characters whose looks are already settled (by name); a writer never changes them. Whoever needs long lays down on the `desk` what is done.
    """

    name: str

    @property
    def leaves_machine(self) -> bool:
        """Whether the wish goes to another machine."""

    def write(self, wish: Wish, known: tuple[Character, ...] = (), desk: Desk | None = None) -> Story: ...


def writer_named(name: str) -> Writer:
    """The writer of that name: `fable`, or a language model on a server, such as `ollama:gemma3:12b`. Raises `BadInput` with the names there are."""
    from storykin.writers.chat.servers import USUAL, is_spoken_of, shown

    if name == "fable":
        from storykin.writers.fable import Fable

        return Fable()
    if is_spoken_of(name):
        from storykin.writers.chat import Chat

        return Chat(name)
    models = f"{', '.join(f'{one}:MODEL' for one in USUAL)} or openai:MODEL@ADDRESS"
    raise BadInput(f"there is no writer {shown(name)!r}", f"writers: {', '.join(writer_names())}, {models}")


def writer_names() -> tuple[str, ...]:
    """The writers that come with Storykin."""
    return ("fable",)
