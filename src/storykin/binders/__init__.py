"""Crafts: from words and pictures to something one can hold: PDF, EPUB, HTML.

A binder knows nothing of stories, painters or wishes; it gets a `Book` and a path.
"""

from pathlib import Path
from typing import Protocol

from storykin.book import Book


class Binder(Protocol):
    """Saves a book as one file, in one stroke. Pictures are read relative to `folder`."""

    name: str
    suffix: str

    def save(self, book: Book, folder: Path, path: Path) -> None: ...
