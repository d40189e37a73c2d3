"""The path, what is shown of it: judged books and judged pictures as one page for the parent, and several of them side by side."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from storykin import files
from storykin.bookfolder import COVER, page_words, read_story, read_storyboard
from storykin.cast.intake import open_photo
from storykin.critics.page import page_html
from storykin.critics.summing import Judged
from storykin.errors import BadFile
from storykin.outside import Asked, Outside, judge_outside
from storykin.picture import Try
from storykin.raster import png_of
from storykin.reviewing import Critic, Reviewed, image_of, media_type_of, review

if TYPE_CHECKING:
    from PIL.Image import Image

PAGE = "consistency.html"
"""What the page is called, in the folder of the book or of the pictures."""
SHOWN = 800  # pixels of the longest side of what pictures on the page are cut from

OnStep = Callable[[float, str], None]


@dataclass(frozen=True)
class Report:
    """Judged pictures, ready to be shown: `home` is the folder that their paths start from, `paths` are by page.

    `references` are pictures (PNG or JPEG) that show the characters, by name. `remarks` are sentences about what was not judged. `many` is what the
    pictures are called.
    """

    title: str
    home: Path
    pages: tuple[Judged, ...]
    paths: Mapping[int, str]
    references: Mapping[str, bytes] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    many: str = "pages"

    @property
    def passed(self) -> bool:
        """Whether no picture has a fault."""
        return all(page.judgement.verdict.passed for page in self.pages)

    def open(self, page: Judged) -> "Image":
        """The pixels of a page's picture, as many as are shown; of one that may be nothing for children a grey sheet. Raises `BadFile`."""
        if any(fault.name == "unsafe" for fault in page.judgement.verdict.faults):
            from PIL import Image

            return Image.new("RGB", (SHOWN, SHOWN), "grey")
        return shown(self.home / self.paths[page.page])

    def html(self) -> str:
        """The page for the parent."""
        shown = {name: image_of(content, media_type_of(content)) for name, content in self.references.items()}
        return page_html(self.title, self.pages, self.open, shown, self.remarks, self.many)

    def save(self, path: Path | None = None) -> Path:
        """Write the page, beside the pictures unless another place is named."""
        return files.write_text(path or self.home / PAGE, self.html())


def shown(path: Path) -> "Image":
    """A picture's pixels, upright, no larger than `SHOWN`. Raises `BadFile`."""
    from PIL import Image

    if path.suffix.lower() != ".svg":
        return open_photo(path, SHOWN)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadFile(f"{path}: cannot be read: {error.strerror}", "paint it again") from error
    return Image.open(io.BytesIO(png_of(content, "image/svg+xml", SHOWN)))


def judge_book(
    folder: Path,
    critic: Critic | None = None,
    pages: Sequence[int] | None = None,
    on_step: OnStep = lambda fraction, doing: None,
) -> Report:
    """Judge the pages of a book that are painted. Raises `BadFile` where none is."""
    return report_of(folder, review(folder, critic, pages, on_step), pages)


def report_of(folder: Path, reviewed: Sequence[Reviewed], pages: Sequence[int] | None = None) -> Report:
    """What was seen of a book, ready to be shown; `pages` are those that were asked for, None all."""
    there = {one.shot.page for one in reviewed}
    asked = [shot.page for shot in read_storyboard(folder).shots if pages is None or shot.page in pages]
    remarks = [f"{_upper(page_words(page))} is not painted yet." for page in asked if page not in there] + [
        f"{_upper(page_words(one.shot.page))}: the file is not the one that was painted for it; it was judged as it is."
        for one in reviewed
        if one.changed
    ]
    judged = tuple(_judged(one, page_words(one.shot.page), _short(one.shot.page)) for one in reviewed)
    paths = {one.shot.page: one.picture.path for one in reviewed}
    return Report(read_story(folder).title, folder, judged, paths, _references(reviewed), tuple(remarks))


def judge_pictures(
    asked: Asked,
    critic: Critic,
    keep: Path | None = None,
    on_step: OnStep = lambda fraction, doing: None,
) -> Report:
    """Judge pictures made elsewhere; what readers see is kept below `keep`. Raises as `judge_outside` does."""
    outside = judge_outside(asked, critic, keep, on_step)
    judged = tuple(
        _judged(one, one.picture.path, str(one.shot.page), outside.names) for one in outside.reviewed
    )
    paths = {one.shot.page: one.picture.path for one in outside.reviewed}
    home = outside.home
    title = asked.places[0].resolve().name if len(asked.places) == 1 else f"{len(judged)} pictures"
    return Report(
        title, home, judged, paths, _references(outside.reviewed), _remarks(outside, judged), "pictures"
    )


def _judged(one: Reviewed, name: str, short: str, shown: Sequence[str] | None = None) -> Judged:
    """A page as it is added up; `shown` are those of whom there are references, None everybody."""
    tried = tuple(_tried(each) for each in one.picture.tried)
    cast = tuple(dict.fromkeys(figure.character for figure in one.shot.scene.figures))
    unshown = tuple(each for each in cast if shown is not None and each not in shown)
    return Judged(one.shot.page, name, one.reading, one.judgement, short, cast, tried, unshown)


def _tried(one: Try) -> str:
    """A try in words: "a new seed: hair: Sasha"."""
    came = "fine" if one.passed else ", ".join(one.faults) or "not good enough"
    return f"{one.changed or 'as the storyboard says'}: {came}"


def _short(page: int) -> str:
    return "cover" if page == COVER else str(page)


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _references(reviewed: Sequence[Reviewed]) -> dict[str, bytes]:
    """The first picture of everybody of whom there is one."""
    found: dict[str, bytes] = {}
    for one in reviewed:
        for name, pictures in one.references.items():
            if pictures:
                found.setdefault(name, pictures[0])
    return found


def _remarks(outside: Outside, judged: Sequence[Judged]) -> tuple[str, ...]:
    said = [f"{name} was left out: it {why}." for name, why in outside.left_out]
    if outside.grouped:
        said.append(
            "Nobody said who is in some of the pictures: figures that look alike were taken for one person, and held against how they look on the other pictures."
        )
    wanted = dict.fromkeys(match.wanted.name for one in judged for match in one.judgement.matches)
    bare = [name for name in wanted if name not in outside.names and name not in outside.grouped]
    if bare:
        said.append(
            f"There are no pictures to know {' and '.join(bare)} by: whether it is them was not read."
        )
    return tuple(said)


def is_book(place: Path) -> bool:
    """Whether a folder is that of one of our books, with a storyboard."""
    return (place / "storyboard.json").is_file() and (place / "wish.toml").is_file()


def refuse_unpainted(place: Path) -> None:
    """Raise `BadFile` for a book that has no storyboard yet."""
    if (place / "wish.toml").is_file() and not is_book(place):
        raise BadFile(f"{place}: this book has no storyboard yet", "run: storykin board, storykin paint")
