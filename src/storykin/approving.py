"""The path, before a book is bound: which pages a parent has seen and approved.

`approved.json` holds the digests of the approved pictures by their paths: an approval is for exactly that picture.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from storykin import files
from storykin.bookfolder import COVER, page_words
from storykin.easel import on_pages
from storykin.errors import BadFile, BadInput
from storykin.picture import Picture
from storykin.shot import Shot

FILE = "approved.json"


@dataclass(frozen=True)
class Approved:
    """What a parent has approved: the digests of pictures by their paths."""

    pictures: dict[str, str] = field(default_factory=dict)

    def holds(self, picture: Picture) -> bool:
        """Whether exactly this picture was approved."""
        return self.pictures.get(picture.path) == picture.digest


def read_approved(folder: Path) -> Approved:
    """What was approved in a book's folder; nothing where nobody approved anything."""
    path = folder / FILE
    return files.read_json(path, Approved) if path.exists() else Approved()


def approve(folder: Path, pages: Collection[int], not_pages: Collection[int] = ()) -> Approved:
    """Approve the pictures that stand on `pages` now, and take back what was approved of `not_pages`.

    Raises `BadInput` for pages that there are not, that are not painted yet, or whose picture may be nothing for children.
    """
    there = {shot.page: (shot, picture) for shot, picture in on_pages(folder)}
    for page in (*pages, *not_pages):
        if page not in there:
            raise BadInput(
                f"there is no page {page} in this book", f"its pages: 0 (the cover) to {max(there)}"
            )
    known = dict(read_approved(folder).pictures)
    for page in set(pages) - set(not_pages):
        shot, picture = there[page]
        if picture is None:
            raise BadInput(f"{page_words(page)} is not painted yet", "run: storykin paint")
        if picture.unsafe and picture.path != shot.picture:
            raise BadInput(
                f"{page_words(page)}: this picture may be nothing for children",
                f"paint it again: storykin paint {page_name(page)} --again",
            )
        known[picture.path] = picture.digest
    for page in not_pages:
        if (picture := there[page][1]) is not None:
            known.pop(picture.path, None)
    after = Approved(known)
    files.write_json(folder / FILE, after)
    return after


def waiting(folder: Path) -> tuple[tuple[Shot, Picture], ...]:
    """The painted pages that nobody approved yet, those with faults first."""
    known = read_approved(folder)
    found = [(shot, picture) for shot, picture in on_pages(folder) if picture and not known.holds(picture)]
    return tuple(sorted(found, key=lambda one: (is_fine(one[1]), one[0].page)))


def refuse_unapproved(folder: Path) -> None:
    """Raise `BadFile` with the pages that wait, those with faults first."""
    found = waiting(folder)
    if not found:
        return
    flagged = [page_words(shot.page) for shot, picture in found if not is_fine(picture)]
    names = ", ".join(page_name(shot.page) for shot, _ in found)
    what = f"; the critic found fault with {', '.join(flagged)}" if flagged else ""
    raise BadFile(
        f"{folder}: pages wait for your approval: {names}{what}",
        "look at them, then: storykin approve --all, or storykin approve PAGES; storykin paint 7 --again paints one anew",
    )


def is_fine(picture: Picture) -> bool:
    """Whether the critic found nothing to say, or did not look."""
    return picture.verdict is None or picture.verdict.passed


def page_name(page: int) -> str:
    """A page as commands name it: "7", "cover"."""
    return "cover" if page == COVER else str(page)
