"""Writers, chat: a language model on a server writes, like an author with an editor beside: an outline first, then its pages, each held to what suits the child.

wish ──outline──▶ beats ──pages──▶ text and scene ──proofread──▶ back to the model, a sentence for each fault ──▶ the embedded tools ──▶ story

Nothing of it need be believed: what a model says is taken where it is a page; what is still wrong with it after so many tries is repaired, told by the embedded writer, or shown.
"""

import hashlib
import os
import re
from dataclasses import replace

from storykin.character import Character
from storykin.errors import BadInput
from storykin.files import json_text
from storykin.languages import name_of
from storykin.reaching import KEY, LOGIN, Patience
from storykin.story import Story
from storykin.wish import Wish
from storykin.writers.chat import questions
from storykin.writers.chat.asking import Model
from storykin.writers.chat.questions import Asking
from storykin.writers.chat.servers import key_for, spoken_of, with_login
from storykin.writers.chat.telling import TRIES, Telling
from storykin.writers.drafting import Desk, Draft
from storykin.writers.fable import refuse_what_cannot_be
from storykin.writers.fable.gentle import refuse_unkind


class Chat:
    """Writes with the model that a name such as `ollama:gemma3:12b` or `openai:gpt-x@https://host/v1` means.

    The key stands in `STORYKIN_OPENAI_KEY`, for that kind alone; a server that was named with its address and gets no key is told `STORYKIN_LOGIN`.
    """

    def __init__(self, name: str, patience: Patience | None = None, tries: int = TRIES) -> None:
        """Nothing is sent yet. Raises `BadInput` for a name or key that is none."""
        self.name, self.tries = name, tries
        self.spoken = spoken_of(name)
        self._key, self._patience = os.environ.get(KEY, "").strip(), patience
        self._login = os.environ.get(LOGIN, "").strip() if "@" in name else ""
        if not self._key.isascii() or (self._key and not self._key.isprintable()):
            raise BadInput(
                f"writer {name!r}: what stands in {KEY} is no key", "copy it again, without quotation marks"
            )

    @property
    def leaves_machine(self) -> bool:
        """Whether the wish leaves this machine."""
        return self.spoken.leaves_machine

    def write(self, wish: Wish, known: tuple[Character, ...] = (), desk: Desk | None = None) -> Story:
        """A story of exactly `wish.pages` pages; it goes on from the draft on the desk where that belongs to this wish.

        Raises `BadInput`, `Unkind`, `Refused` when the model does not want to write this at all, `NoAnswer` when the server is gone; what is written lies on the desk then.
        """
        with self.telling(wish, known, desk) as telling:
            return telling.story()

    def telling(self, wish: Wish, known: tuple[Character, ...] = (), desk: Desk | None = None) -> Telling:
        """The story while it is told, for those who want to say something in between. Raises `BadInput` where the key would travel in clear."""
        refuse_what_cannot_be(wish)
        _refuse_long_names(wish)
        for words in (wish.idea, *wish.sparks):
            refuse_unkind(words)
        desk = desk or Desk()
        asking = Asking(wish, name_of(wish.language), desk.earlier, _settled(known, desk))
        secret = key_for(self.spoken, self._key)
        spoken = self.spoken if secret else with_login(self.spoken, self._login)
        key = _key(asking, self.name)
        laid = desk.laid()
        draft = laid if laid and laid.key == key else Draft(key)
        return Telling(
            self.name,
            asking,
            Model(spoken, secret, self._patience, desk.say),
            desk,
            draft,
            self.tries,
        )


def _refuse_long_names(wish: Wish) -> None:
    """Raise `BadInput` for names that are sentences: a name stands everywhere, and must not be an order."""
    for name in (wish.hero, *wish.cast):
        if len(name.split()) > WORDS_OF_NAME or QUOTED.search(name):
            raise BadInput(
                f"{name!r} is no name", f"use {WORDS_OF_NAME} words at most, without quotation marks"
            )


WORDS_OF_NAME = 5
QUOTED = re.compile('[‹›“”"\n]')


def _key(asking: Asking, name: str) -> str:
    """Stands for all that the model sees: the wish, who is known and how they look, the book before, the model and the questions. How the book is drawn and whom it is for decides no word."""
    wish = replace(asking.wish, art="", dedication="", after="", also="")
    seen = [questions.described(one) for one in asking.settled]
    facts = asking.earlier.facts if asking.earlier else ()
    decides = (wish, seen, facts, name, questions.version())
    return hashlib.sha256("".join(map(json_text, decides)).encode()).hexdigest()[:16]


def _settled(known: tuple[Character, ...], desk: Desk) -> tuple[Character, ...]:
    """Everybody whose looks are known: the family's cast, and those of the book before."""
    before = desk.earlier.story.cast if desk.earlier else ()
    names = {one.name for one in known}
    return (*known, *(one for one in before if one.name not in names))


__all__ = ["Chat"]
