"""The path, while a story is written: the book's folder as a desk. What a language model has written so far lies there, and the book before lies open beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from storykin import files
from storykin.bookfolder import DRAFT, read_story, set_aside
from storykin.errors import BadFile
from storykin.wish import Wish
from storykin.writers.drafting import Desk, Draft, Earlier


@dataclass
class FolderDesk(Desk):
    """A desk that is the book's folder: what is written so far lies in `draft.json`. `on_say` is told what a person should know."""

    folder: Path
    on_step: Callable[[float, str], None]
    earlier: Earlier | None = None
    on_say: Callable[[str], None] = lambda words: None
    so_far: float = 0.0

    def laid(self) -> Draft | None:
        """The draft in the folder; one that cannot be read any more is set aside."""
        try:
            return read_draft(self.folder)
        except BadFile:
            set_aside(self.folder / DRAFT)
            return None

    def lay(self, draft: Draft) -> None:
        """Write it down; one of another wish, model or time is set aside before."""
        there = self.laid()
        if there and there.key != draft.key:
            set_aside(self.folder / DRAFT)
        files.write_json(self.folder / DRAFT, draft)

    def step(self, fraction: float, doing: str) -> None:
        """Tell how far it is; it never goes back."""
        self.so_far = max(self.so_far, fraction)
        self.on_step(self.so_far, doing)

    def say(self, words: str) -> None:
        """Told beside the progress."""
        self.on_say(words)


def read_draft(folder: Path) -> Draft | None:
    """The draft of a language model's story in a book's folder; None where there is none. Raises `BadFile`."""
    path = folder / DRAFT
    return files.read_json(path, Draft) if path.exists() else None


def earlier_of(wish: Wish, folder: Path) -> Earlier | None:
    """The book that this one goes on from. Raises `BadFile` when there is none where the wish says."""
    if not wish.after:
        return None
    before = (folder / wish.after).resolve()
    if not (before / "story.json").exists():
        raise BadFile(
            f"{before}: has no story to go on from", "give the folder of a finished book with --after"
        )
    story, draft = read_story(before), read_draft(before)
    return Earlier(story, draft.facts if draft and draft.told_by == story.writer else ())
