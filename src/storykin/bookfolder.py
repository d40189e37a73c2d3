"""Values: the folder of a book, which is its database: what stands in it, read whole or refused.

puppy-doctor/  wish.toml  book.toml  story.json  storyboard.json  pictures/  earlier/
"""

import math
import time
from collections.abc import Sequence
from pathlib import Path

from storykin import files
from storykin.character import Character
from storykin.choices import Choices
from storykin.errors import BadFile
from storykin.scene import Box, Scene
from storykin.shot import Storyboard
from storykin.story import Story
from storykin.wish import Wish

COVER = 0
"""The number of the page that is the cover."""

DRAFT = "draft.json"
"""What a language model has written so far, and what was found fault with."""

SMALLEST, LARGEST = 64, 12_000  # pixels of a picture's side
STALE = 600  # seconds after which a half-written file is nobody's any more


def read_wish(folder: Path) -> Wish:
    """The wish of a book's folder. Raises `BadFile` when this is no book."""
    return files.read_toml(_in_book(folder, "wish.toml"), Wish)


def read_choices(folder: Path) -> Choices:
    """The choices of a book's folder, or the usual ones. Raises `BadFile` when this is no book."""
    path = _in_book(folder, "book.toml")
    return files.read_toml(path, Choices) if path.exists() else Choices()


def read_story(folder: Path) -> Story:
    """The story; page numbers must be unique and everybody on stage must be in the cast."""
    path = _in_book(folder, "story.json")
    story = files.read_json(path, Story)
    numbers = [page.number for page in story.pages]
    if not numbers or numbers != list(range(1, len(numbers) + 1)):
        raise BadFile(
            f"{path}: pages must be numbered 1, 2, 3 … in order, found {numbers}", "number them anew"
        )
    names = {one.name for one in story.cast}
    for page in story.pages:
        _check_boxes(page.scene, f"{path}: page {page.number}")
        for figure in page.scene.figures:
            if figure.character not in names:
                raise BadFile(
                    f"{path}: page {page.number}: {figure.character!r} is on stage and not in the cast",
                    f"the cast: {', '.join(sorted(names))}",
                )
    return story


def read_storyboard(folder: Path) -> Storyboard:
    """The storyboard; one source for every shot."""
    path = _in_book(folder, "storyboard.json")
    found = files.read_json(path, Storyboard)
    if len(found.shots) != len(found.sources):
        raise BadFile(
            f"{path}: {len(found.shots)} shots, but {len(found.sources)} sources",
            "undo the last edit, or delete the file and run: storykin board",
        )
    if not found.shots:
        raise BadFile(f"{path}: has no shots", "delete the file and run: storykin board")
    for shot in found.shots:
        closer = [
            (f"{one.character}'s close-up", box) for one in shot.closeups for box in (one.view, one.region)
        ]
        _check_boxes(shot.scene, f"{path}: {page_words(shot.page)}", closer)
        if not (SMALLEST <= shot.width <= LARGEST and SMALLEST <= shot.height <= LARGEST):
            raise BadFile(
                f"{path}: {page_words(shot.page)}: {shot.width} x {shot.height} pixels cannot be painted",
                f"each side from {SMALLEST} to {LARGEST}",
            )
    return found


def known_cast(wish: Wish, folder: Path) -> tuple[Character, ...]:
    """The characters of the wish who have a page on the shelf `cast/` beside the book's folder."""
    found = []
    for name in (wish.hero, *wish.cast):
        path = folder.resolve().parent / "cast" / files.slug(name) / "character.toml"
        if path.exists():
            found.append(files.read_toml(path, Character))
    return tuple(found)


def keep_earlier(path: Path, new: Story) -> None:
    """Set the story aside that is about to be replaced by another."""
    if path.exists() and files.read_text(path) != files.json_text(new):
        set_aside(path)


def set_aside(path: Path) -> None:
    """Move a file that is about to be replaced into `earlier/`, numbered; nothing is ever lost."""
    if path.exists():
        shelf = path.parent / "earlier"
        shelf.mkdir(exist_ok=True)
        count = len(list(shelf.glob(f"{path.stem}-*{path.suffix}"))) + 1
        path.replace(shelf / f"{path.stem}-{count:03d}{path.suffix}")


def sweep(folder: Path) -> None:
    """Remove what a killed run left half-written; young parts may belong to a run beside this one."""
    for leftover in [*folder.glob(".*.part"), *(folder / "pictures").glob(".*.part")]:
        if time.time() - leftover.stat().st_mtime > STALE:
            leftover.unlink(missing_ok=True)


def page_words(page: int) -> str:
    """How a person calls a page: "page 7" or "the cover"."""
    return "the cover" if page == COVER else f"page {page}"


def _check_boxes(scene: Scene, where: str, more: Sequence[tuple[str, Box | None]] = ()) -> None:
    """Raise `BadFile` for boxes that are none: without extent, or far off the page."""
    boxes = [
        ("text_zone", scene.text_zone),
        *((figure.character, figure.box) for figure in scene.figures),
        *more,
    ]
    for name, box in boxes:
        if box is None:
            continue
        sides = (box.x, box.y, box.w, box.h)
        if not all(math.isfinite(side) and abs(side) <= 5 for side in sides) or box.w <= 0 or box.h <= 0:
            raise BadFile(
                f"{where}: the box of {name} is {sides}",
                "left, top, width and height are fractions of the page; width and height are more than 0",
            )


def _in_book(folder: Path, name: str) -> Path:
    """The path of a file in a book's folder. Raises `BadFile` when the folder is no book."""
    if not (folder / "wish.toml").exists():
        raise BadFile(
            f"{folder}: is not the folder of a book (there is no wish.toml in it)",
            'start one with: storykin book "I want a book about …", or name a book\'s folder with --book',
        )
    return folder / name
