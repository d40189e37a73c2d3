"""A small book with drawn pictures, for tests of the binders."""

from pathlib import Path

from storykin.book import Book, Leaf, Trim
from storykin.scene import Box

ZONE = Box(0.1, 0.08, 0.8, 0.2)


def picture(folder: Path, name: str, fill: str, wide: int = 1000) -> str:
    """A hill under a sky; the name of the file."""
    (folder / name).write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="1000" viewBox="0 0 {wide} 1000">'
        f'<rect width="{wide}" height="1000" fill="{fill}"/><circle cx="{wide * 0.7:g}" cy="600" r="120" fill="#e07b5a"/>'
        f'<path d="M0 800Q{wide / 2} 650 {wide} 820V1000H0Z" fill="#5d8a4e"/></svg>'
    )
    return name


def sample_book(
    folder: Path, words: str = "Mia found a red ball & “rolled” it down the hill.", language: str = "en"
) -> Book:
    """Four pages of story, the middle two a spread."""
    day, night = picture(folder, "day.svg", "#d8ecf3"), picture(folder, "night.svg", "#26365c")
    over = picture(folder, "over.svg", "#f6e3c0", 2000)
    return Book(
        title="Mia & the Ball",
        leaves=(
            Leaf("half-title", "Mia & the Ball"),
            Leaf("copyright", "© 2026\n\nMade by a program."),
            Leaf("title", "Mia & the Ball", day, "A hill"),
            Leaf("dedication", "For you"),
            Leaf("story", words, day, "A hill with a ball", ZONE, story_page=1),
            Leaf("story", "It rolled and rolled.", over, "A long hill", Box(0.05, 0.08, 0.4, 0.2), "left", 2),
            Leaf("story", "", over, "The picture goes on.", Box(0.05, 0.08, 0.4, 0.2), "right", 2),
            Leaf("story", "Then it was night.", night, "A dark hill", ZONE, story_page=3),
            Leaf("end", "The End"),
        ),
        trim=Trim(8.5, 8.5),
        language=language,
        author="A. Nonym",
        blurb="A ball, a hill, and what came of it.",
        cover=day,
        cover_alt="A hill",
        identifier="sample",
    )
