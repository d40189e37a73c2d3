"""Pictures made elsewhere, as simple as can be, and a reader who knows them: a figure is a strip of hair, a head whose colour says who it is, and clothes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from storykin.colours import hex_of, lab_of
from storykin.critics import Question, Reading, Seen
from storykin.scene import Box

if TYPE_CHECKING:
    from storykin.critics import Thing

WHITE = (255, 255, 255)
HEADS = {
    "Sasha": (250, 200, 170),
    "Tom": (200, 150, 110),
    "Rex": (230, 230, 120),
    "Mia": (120, 80, 60),
    "Ann": (240, 190, 200),
}
VECTORS = {"Sasha": (1.0, 0.0, 0.0, 0.0), "Tom": (0.0, 1.0, 0.0, 0.0), "Rex": (0.0, 0.0, 1.0, 0.0), "Mia": (0.0, 0.0, 0.0, 1.0), "Ann": (0.96, 0.28, 0.0, 0.0)}  # fmt: skip
KINDS = {"Sasha": "girl", "Tom": "boy", "Rex": "dog", "Mia": "girl", "Ann": "girl"}


@dataclass(frozen=True)
class Doll:
    """A figure to paint: middle and height in parts of the picture, colours by name."""

    x: float = 0.3
    height: float = 0.5
    hair: str = "brown"
    clothes: str = "red"


SASHA = Doll()
TOM = Doll(0.7, 0.7, "blond", "blue")


def painted(dolls: Mapping[str, Doll], side: int = 200) -> Image.Image:
    """A white picture with figures that stand on its lower edge."""
    picture = Image.new("RGB", (side, side), WHITE)
    draw = ImageDraw.Draw(picture)
    for name, doll in dolls.items():
        high, wide = doll.height * side, doll.height * side * 0.3
        left, top = doll.x * side - wide / 2, side * 0.95 - high
        parts = ((0.1, hex_of(lab_of(doll.hair, "hair"))), (0.35, HEADS[name]), (1.0, hex_of(lab_of(doll.clothes, "clothes"))))  # fmt: skip
        start = 0.0
        for end, colour in parts:
            draw.rectangle((left, top + start * high, left + wide, top + end * high - 1), colour)
            start = end
    return picture


def folder_of(path: Path, pages: Mapping[str, Mapping[str, Doll]]) -> Path:
    """A folder with these pictures, by file name."""
    path.mkdir(parents=True, exist_ok=True)
    for name, dolls in pages.items():
        painted(dolls).save(path / name)
    return path


class DollReader:
    """Sees the figures above, and how often it had to look."""

    name = "dolls"
    reads: "frozenset[Thing]" = frozenset({"figures", "identity", "hair", "clothes", "height"})
    licence = ""
    revision = "1"

    def __init__(self) -> None:
        self.looked = 0

    def unready(self) -> str:
        return ""

    def close(self) -> None:
        pass

    def read(self, picture: Image.Image, question: Question) -> Reading:
        import numpy as np

        self.looked += 1
        pixels = np.asarray(picture).astype(int)
        high, wide = pixels.shape[:2]
        found = []
        for name, colour in HEADS.items():
            rows, columns = np.nonzero((abs(pixels - colour) <= 1).all(2))
            if not rows.size:
                continue
            head = (rows.max() - rows.min() + 1) / 0.25
            top, left, across = rows.min() - 0.1 * head, columns.min(), columns.max() - columns.min() + 1
            middle = int(left + across / 2)
            colours = {"hair": pixels[int(top + 0.05 * head), middle], "clothes": pixels[int(top + 0.7 * head), middle]}  # fmt: skip
            palettes = {
                part: ((lab_of("#" + "".join(f"{int(one):02x}" for one in rgb)), 1.0),)
                for part, rgb in colours.items()
            }
            box = Box(left / wide, top / high, across / wide, head / high)
            seen = Seen(box, 0.9, KINDS[name], None, palettes, {}, {}, {"face": VECTORS[name]}, head / high)
            found.append(seen if KINDS[name] != "dog" else replace(seen, vectors={"image": VECTORS[name]}))
        things = ("figures", "identity", "hair", "clothes", "height")
        return Reading(
            tuple(found), {}, None, {}, dict.fromkeys(things, self.name), {"place": "no weights are here"}
        )
