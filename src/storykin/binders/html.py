"""Binders: one self-contained HTML file that reads like a book: spreads, turning, large words, printing."""

import base64
from pathlib import Path

from storykin.binders.epub import label
from storykin.binders.layout import FONTS
from storykin.binders.screen import ScreenPage, jpegs, render, screen_pages
from storykin.book import Book
from storykin.files import write_text

FACES = (
    ("Andika", 400, "normal", "Andika-Regular.ttf"),
    ("Andika", 700, "normal", "Andika-Bold.ttf"),
    ("Andika", 400, "italic", "Andika-Italic.ttf"),
    ("Grandstander", 700, "normal", "Grandstander-Bold.ttf"),
)


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
        used = {block.face for page in pages for block in page.words}
        faces = [
            (family, weight, style, data_uri((FONTS / file).read_bytes(), "font/ttf"))
            for family, weight, style, file in FACES
            if Path(file).stem in used
        ]
        content = render(
            "book.html.j2",
            book=book,
            imprint=imprint,
            pages=pages,
            faces=faces,
            label=label,
            reference=pictures.__getitem__,
            openings=openings(pages),
        )
        write_text(path, content)


def openings(pages: tuple[ScreenPage, ...]) -> list[list[int]]:
    """Which pages lie open together: the cover alone, then pairs, the back alone."""
    inner = list(range(1, len(pages) - 1))
    return [[0], *(inner[at : at + 2] for at in range(0, len(inner), 2)), [len(pages) - 1]]


def data_uri(content: bytes, media_type: str) -> str:
    """The content as a `data:` URI."""
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"
