"""A learner whose latents say which picture they are of and whose words which caption, and datasets made for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional

from storykin import files
from storykin.dataset import Dataset, TrainingPicture
from storykin.families import FAMILIES, Family
from storykin.recipe import Recipe
from storykin.scene import Box
from storykin.training.learner import Batch, Words

RECIPE = replace(Recipe.of(FAMILIES["sd15"]), resolutions=(128,), caption_dropout=0.0, prior_pictures=3)


@dataclass
class TaggedLearner:
    """Latents are the picture, averaged over 8 x 8 pixels; words are the letters of the caption."""

    family: Family = FAMILIES["sd15"]
    encoder_identity: str = "tagged"
    dtype: torch.dtype = torch.float32
    calls: list[str] = field(default_factory=list)
    spoil: float = 1.0

    def encode_pictures(self, pictures: Tensor) -> Tensor:
        assert pictures.dtype == torch.float32
        assert float(pictures.abs().max()) <= 1
        assert not torch.is_grad_enabled()
        self.calls.append(f"picture {pictures.shape[3]}x{pictures.shape[2]}")
        return functional.avg_pool2d(pictures, 8) * self.spoil

    def encode_captions(self, captions: Sequence[str]) -> list[Words]:
        self.calls += [f"caption {one}" for one in captions]
        return [{"letters": letters(one), "pooled": torch.tensor([len(one)])} for one in captions]

    def remember(self, spoken: Mapping[str, Words]) -> None:
        self.calls += [f"remember {one}" for one in spoken]

    def release_encoders(self) -> None:
        self.calls.append("release_encoders")

    def prepare(self, recipe: Recipe) -> dict[str, nn.Parameter]:
        self.calls.append("prepare")
        return {}

    def loss(self, batch: Batch, generator: torch.Generator) -> Tensor:
        raise NotImplementedError

    def save(self, path: Path, state: Mapping[str, Tensor], header: Mapping[str, str]) -> None:
        raise NotImplementedError

    def paint(
        self, prompts: Sequence[str], seed: int, width: int, height: int, steps: int
    ) -> list[Image.Image]:
        self.calls.append(f"paint {len(prompts)} from {seed}")
        return [
            Image.new("RGB", (width, height), ((seed + number) % 256, number, 77))
            for number, _ in enumerate(prompts)
        ]

    def release(self) -> None:
        self.calls.append("release")

    def encoded(self) -> list[str]:
        """What the encoders were asked for since the last time."""
        found = [one for one in self.calls if one.startswith(("picture", "caption"))]
        self.calls.clear()
        return found


def letters(caption: str) -> Tensor:
    """A caption as numbers, 24 of them."""
    return torch.tensor([float(ord(one)) for one in caption.ljust(24)[:24]])


def words_of(row: Tensor) -> str:
    """The caption that `letters` made into numbers."""
    return "".join(chr(int(one)) for one in row).strip()


def a_dataset(
    folder: Path, count: int = 4, sizes: Sequence[tuple[int, int]] = ((128, 128),), masked: int = 0
) -> Dataset:
    """Plain pictures, each of another grey, captioned "grey <its grey>"; the first `masked` have a mask, left half white."""
    pictures = []
    for number in range(count):
        size, grey = sizes[number % len(sizes)], 3 * number
        stem = f"close-up-{number:03d}"
        paint(folder / "dataset" / f"{stem}.png", size, grey)
        files.write_text(folder / "dataset" / f"{stem}.txt", f"grey {grey}\n")
        if number < masked:
            mask = Image.new("L", size, 0)
            mask.paste(255, (0, 0, size[0] // 2, size[1]))
            (folder / "dataset" / "masks").mkdir(exist_ok=True)
            mask.save(folder / "dataset" / "masks" / f"{stem}.png")
        pictures.append(
            TrainingPicture(
                f"{stem}.png",
                f"{number:03d}.jpg",
                Box(0, 0, 1, 1),
                *size,
                "close-up",
                f"grey {grey}",
                mask=f"{stem}.png" if number < masked else "",
            )
        )
    return Dataset("zvoqk", "a girl", "sd15", 128, tuple(pictures))


def paint(path: Path, size: tuple[int, int], grey: int) -> None:
    """A picture of one grey."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, (grey, grey, grey)).save(path)


def grey_of(latents: Tensor) -> int:
    """The grey of the picture that these latents are of."""
    return round((float(latents.mean()) + 1) * 127.5)
