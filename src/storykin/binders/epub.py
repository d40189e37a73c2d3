"""Binders: EPUB 3.3 with fixed layout, one file per page, alt text on every picture."""

import uuid
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from storykin.binders.letters import FONTS
from storykin.binders.screen import FACES, ScreenPage, font_files, font_stack, jpegs, render, screen_pages
from storykin.binders.sources import origin_in
from storykin.book import Book
from storykin.files import write_bytes
from storykin.languages import is_english, phrases, spoken_in
from storykin.provenance import IPTC, VOCABULARY, foremost

NAMESPACE = uuid.UUID("5b0c1f7e-53a4-4f8b-9d5e-7a4d1f3c2b60")
LICENCES = ("OFL.txt", "OFL-Grandstander.txt", "OFL-Noto.txt")
STAMP = (2000, 1, 1, 0, 0, 0)  # of the files in the archive; equal books give equal bytes


def names_of(language: str) -> dict[str, str]:
    """What the pages that are no story are called."""
    said = phrases(language)
    return {
        "front": said.cover, "half-title": said.half_title, "title": said.title_page, "copyright": said.about,
        "dedication": said.dedication, "end": said.end, "back": said.back_cover,
    }  # fmt: skip


class EpubBinder:
    """Binds a book as a fixed-layout EPUB."""

    name = "epub"
    suffix = ".epub"

    def save(self, book: Book, folder: Path, path: Path) -> None:
        """Write the file in one stroke. Raises what laying out raises."""
        pages, imprint = screen_pages(book, folder)
        pictures = jpegs(pages, book)
        names = {source: f"images/{source.stem}.jpg" for source in pictures}
        ids = [f"p{number:03d}" for number in range(len(pages))]
        made_by = foremost(origin_in(source).source for source in pictures)
        said, fonts = phrases(book.language), font_files(imprint)
        licences = LICENCES if len(fonts) > len(FACES) else LICENCES[:2]
        shown = {
            "book": book, "imprint": imprint, "said": said, "spoken": spoken_in(book.language) or book.language,
            "speaks_english": is_english(book.language),
        }  # fmt: skip
        files: dict[str, bytes | str] = {
            "META-INF/container.xml": render("container.xml.j2"),
            "OEBPS/content.opf": render(
                "content.opf.j2",
                **shown,
                identifier=f"urn:uuid:{uuid.uuid5(NAMESPACE, book.identifier or book.title)}",
                modified=_modified(list(pictures)),
                pages=list(
                    zip(
                        ids,
                        pages,
                        [side(nr, len(pages), book.to_left) for nr in range(len(pages))],
                        strict=True,
                    )
                ),
                images=list(names.values()),
                iptc=IPTC,
                source=VOCABULARY + made_by if made_by else "",
                cover=names.get(pages[0].arts[0].source, "") if pages[0].arts else "",
                fonts=[font.path.name for font in fonts],
                licences=licences,
            ),
            "OEBPS/nav.xhtml": render(
                "nav.xhtml.j2",
                **shown,
                entries=_entries(ids, pages, book.language),
                pages=list(zip(ids, pages, strict=True)),
            ),
            "OEBPS/book.css": render("page.css.j2", imprint=imprint, stack=font_stack(imprint))
            + render("epub.css.j2", fonts=fonts),
        }
        for name, page in zip(ids, pages, strict=True):
            files[f"OEBPS/{name}.xhtml"] = render(
                "page.xhtml.j2",
                **shown,
                page=page,
                reference=names.__getitem__,
                label=label(page, book.language),
            )
        files |= {f"OEBPS/fonts/{font.path.name}": font.path.read_bytes() for font in fonts}
        files |= {f"OEBPS/fonts/{licence}": (FONTS / licence).read_bytes() for licence in licences}
        files |= {f"OEBPS/{names[source]}": jpeg.read_bytes() for source, jpeg in pictures.items()}
        write_bytes(path, _zipped(files))


def side(index: int, count: int, to_left: bool = False) -> str:
    """On which side of a spread a page lies: covers alone, then left and right in turn, or right and left."""
    if index in {0, count - 1}:
        return "rendition:page-spread-center"
    return "page-spread-left" if bool(index % 2) != to_left else "page-spread-right"


def label(page: ScreenPage, language: str = "en") -> str:
    """What a page is called in a list of pages."""
    said = phrases(language)
    return names_of(language).get(page.kind) or (
        said.page.format(number=page.number) if page.number else said.endpaper
    )


def _entries(ids: list[str], pages: tuple[ScreenPage, ...], language: str) -> list[tuple[str, str, str]]:
    """The table of contents: the matter by name and the first page of the story; file, name, and "story" for that page."""
    entries, names = [], names_of(language)
    begun = False
    for name, page in zip(ids, pages, strict=True):
        if page.kind in names:
            entries.append((name, names[page.kind], page.kind))
        elif page.kind == "story" and not begun:
            begun = True
            entries.append((name, phrases(language).story, "story"))
    return entries


def _modified(pictures: list[Path]) -> str:
    """When the newest picture was painted: the same book has the same date."""
    newest = max((picture.stat().st_mtime for picture in pictures), default=0.0)
    return datetime.fromtimestamp(newest, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _zipped(files: dict[str, bytes | str]) -> bytes:
    """The archive; `mimetype` comes first and is not compressed, as the standard asks."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype", STAMP), "application/epub+zip", zipfile.ZIP_STORED)
        for name, content in files.items():
            stored = zipfile.ZIP_STORED if name.endswith(".jpg") else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, STAMP), content, stored)
    return made.getvalue()
