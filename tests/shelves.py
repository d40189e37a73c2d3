"""A character with a small dataset on a shelf, for tests of training: drawn pictures of 64 pixels, no photo of anybody."""

from pathlib import Path

from PIL import Image, ImageDraw

from storykin import files
from storykin.character import Character, Look
from storykin.dataset import Dataset, TrainingPicture
from storykin.scene import Box

TRIGGER = "zvoqk"
CANARY = "Wolkenstein"
"""A private word: it stands in captions and folders, and nowhere in what is given away."""


def put_on_shelf(shelf: Path, name: str = "Sasha", count: int = 9, side: int = 64, kind: str = "dog") -> Path:
    """The character's folder, `cast/sasha`."""
    folder = shelf / files.slug(name)
    pictures = []
    for number in range(count):
        stem = f"close-up-{number:03d}"
        draw(folder / "dataset" / f"{stem}.png", side, number)
        caption = f"{TRIGGER}, a {kind}, on a meadow near {CANARY}, number {number}"
        files.write_text(folder / "dataset" / f"{stem}.txt", caption + "\n")
        pictures.append(
            TrainingPicture(
                f"{stem}.png", f"{CANARY} {number}.jpg", Box(0, 0, 1, 1), side, side, "close-up", caption
            )
        )
    files.write_json(
        folder / "dataset" / "dataset.json",
        Dataset(TRIGGER, f"a {kind}", "flux-dev", 1024, tuple(pictures)),
    )
    files.write_toml(folder / "character.toml", Character(name, Look(kind=kind)))
    return folder


def draw(path: Path, side: int, number: int) -> None:
    """A round somebody on a ground of another colour each time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.new("RGB", (side, side), (40 + 20 * number % 200, 120, 90 + 13 * number % 150))
    pen = ImageDraw.Draw(picture)
    left = side // 8 + number % 4
    pen.ellipse((left, left, left + side // 2, left + side // 2), (220, 180, 40))
    picture.save(path)
