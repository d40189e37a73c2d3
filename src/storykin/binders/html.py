"""Binders: one self-contained HTML file that reads like a book: spreads, turning, large words, printing."""

import base64
from pathlib import Path

from storykin.binders.epub import label
from storykin.binders.letters import OURS, has_letter
from storykin.binders.screen import ScreenPage, font_files, font_stack, jpegs, render, screen_pages
from storykin.book import Book
from storykin.files import write_text
from storykin.languages import is_english, phrases, spoken_in


class HtmlBinder:
    """Binds a book as one HTML file with everything inside; it needs no network and asks for none."""

    name = "html"
    suffix = ".html"

    def save(self, book: Book, folder: Path, path: Path) -> None:
        """Write the file in one stroke. Raises what laying out raises."""
        pages, imprint = screen_pages(book, folder)
        pictures = {
            source: data_uri(jpeg.read_bytes(), "image/jpeg") for source, jpeg in jpegs(pages, book).items()
        }
        used = _used(pages)
        faces = [
            (font, data_uri(font.path.read_bytes(), "font/ttf"))
            for font in font_files(imprint)
            if font.path.stem in used
        ]
        content = render(
            "book.html.j2",
            book=book,
            imprint=imprint,
            pages=pages,
            faces=faces,
            said=phrases(book.language),
            spoken=spoken_in(book.language) or book.language,
            speaks_english=is_english(book.language),
            stack=font_stack(imprint),
            label=label,
            reference=pictures.__getitem__,
            openings=openings(pages),
        )
        write_text(path, content)


def _used(pages: tuple[ScreenPage, ...]) -> set[str]:
    """The files of fonts that draw something; what the display face lacks is drawn bold by the others."""
    used: set[str] = {block.face for page in pages for block in page.words}
    titles = "".join(
        line.text for page in pages for block in page.words if block.face == "Grandstander-Bold" for line in block.lines
    )  # fmt: skip
    if not all(has_letter(letter, "Grandstander-Bold") for letter in titles):
        used.add("Andika-Bold")
    return used | {file.stem for family in OURS for file in family.files}


def openings(pages: tuple[ScreenPage, ...]) -> list[list[int]]:
    """Which pages lie open together: the cover alone, then pairs, the back alone."""
    inner = list(range(1, len(pages) - 1))
    return [[0], *(inner[at : at + 2] for at in range(0, len(inner), 2)), [len(pages) - 1]]


def data_uri(content: bytes, media_type: str) -> str:
    """The content as a `data:` URI."""
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"
