"""Values: what a character is learned from: pictures, captions, masks, and how each was cut."""

from dataclasses import dataclass
from pathlib import Path

from storykin import files
from storykin.errors import BadFile
from storykin.scene import Box

RESOLUTIONS = {"sd15": 512, "sdxl": 1024, "flux-dev": 1024, "flux2-klein": 1024, "pocket": 256}
"""The side of the square, in pixels, whose area a picture of the dataset may have, by family of models."""


@dataclass(frozen=True)
class TrainingPicture:
    """One picture of a dataset and how it came about.

    `file` lies in `dataset/`, its caption beside it as `.txt`; `photo` in `photos/`. `crop` is in fractions
    of that photo; `width` and `height` are the bucket in pixels, multiples of 64. `caption` is what
    Storykin wrote: where the `.txt` differs, a person wrote it, and it stays. `captioner` is the model that
    saw the picture, "" when the caption says what was measured. `mask` lies in `dataset/masks/` (white is learned,
    black is not), "" means all of the picture is learned.
    """

    file: str
    photo: str
    crop: Box
    width: int
    height: int
    framing: str
    caption: str
    captioner: str = ""
    mask: str = ""


@dataclass(frozen=True)
class Dataset:
    """A curated training set. `trigger` is the word that will call the character, `class_words` what the
    character is an example of ("a girl"), `family` and `resolution` what the buckets were made for."""

    trigger: str
    class_words: str
    family: str = "sdxl"
    resolution: int = 1024
    pictures: tuple[TrainingPicture, ...] = ()


def read_dataset(folder: Path) -> Dataset:
    """The dataset of a character's folder (`cast/sasha`). Raises `BadFile` when there is none or a file is gone."""
    path = folder / "dataset" / "dataset.json"
    if not path.exists():
        raise BadFile(f"{path}: there is no dataset", "make one with: storykin cast add NAME PHOTOS")
    found = files.read_json(path, Dataset)
    for one in found.pictures:
        if not (path.parent / one.file).exists():
            raise BadFile(
                f"{path}: {one.file} is gone", "make it anew with: storykin cast edit NAME --rebuild"
            )
    return found


def caption_of(folder: Path, picture: TrainingPicture) -> str:
    """The caption as it stands beside the picture, edited by hand or not."""
    return files.read_text((folder / "dataset" / picture.file).with_suffix(".txt")).strip()
