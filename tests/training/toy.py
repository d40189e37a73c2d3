"""A toy learner and a toy feed: a small net that learns vectors by flow matching, in milliseconds on the CPU, alike every time."""

from __future__ import annotations

import itertools
import os
import random
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch import Tensor, nn

from storykin.families import Family, family_named
from storykin.recipe import Recipe
from storykin.training.learner import Batch, Words
from storykin.training.loop import Trained, train
from storykin.training.scoring import Looked

PICTURES, SIZE = 7, 6


def toy_recipe(**said: Any) -> Recipe:
    usual: dict[str, Any] = {
        "family": "flux-dev", "base": "toy", "rank": 2, "alpha": 2, "learning_rate": 1e-2, "steps": 12, "resolutions": (64,),
        "warmup": 3, "ema": 0.99, "save_every": 4, "look_every": 5, "accumulate": 2,
    }  # fmt: skip
    return Recipe(**usual | said)


class ToyNet(nn.Module):
    """A frozen matrix with a low-rank adapter beside it; `width` sets how much there is to write down."""

    def __init__(self, rank: int, width: int) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(7)
        self.base = torch.randn(SIZE + 1, SIZE, generator=generator) / 3
        self.down = nn.Parameter(torch.randn(SIZE + 1, rank * width, generator=generator) / 3)
        self.up = nn.Parameter(torch.zeros(rank * width, SIZE))

    def forward(self, noisy: Tensor) -> Tensor:
        out: Tensor = noisy @ self.base + noisy @ self.down @ self.up
        return out


@dataclass
class ToyLearner:
    """Satisfies `Learner`. `trouble` sees the number of the call and the loss, and may return another loss or raise."""

    trouble: Callable[[int, Tensor], Tensor] = field(default=lambda call, loss: loss)
    width: int = 1
    family: Family = field(default_factory=lambda: family_named("flux-dev"))
    calls: int = 0
    prepared: int = 0

    def encode_pictures(self, pictures: Tensor) -> Tensor:
        return pictures.flatten(1)[:, :SIZE, None, None]

    def encode_captions(self, captions: Sequence[str]) -> list[Words]:
        return [{"words": torch.tensor([float(len(one))])} for one in captions]

    def remember(self, spoken: Mapping[str, Words]) -> None:
        pass

    def release_encoders(self) -> None:
        pass

    def prepare(self, recipe: Recipe) -> dict[str, nn.Parameter]:
        self.net = ToyNet(recipe.rank, self.width)
        self.prepared += 1
        return {"net.down": self.net.down, "net.up": self.net.up}

    def loss(self, batch: Batch, generator: torch.Generator) -> Tensor:
        self.calls += 1
        clean = batch.latents.flatten(1)
        noise = torch.randn(clean.shape, generator=generator)
        time = torch.rand(len(clean), 1, generator=generator)
        # a net with dropout draws from torch's own generator, an augmentation from Python's
        noise = noise * (torch.rand(clean.shape) > 0.1) + random.random() / 100
        noisy = torch.cat([(1 - time) * clean + time * noise, time], dim=1)
        loss = (self.net(noisy) - (noise - clean)).square().mean()
        return self.trouble(self.calls, loss)

    def save(self, path: Path, state: Mapping[str, Tensor], header: Mapping[str, str]) -> None:
        raise NotImplementedError

    def paint(
        self, prompts: Sequence[str], seed: int, width: int, height: int, steps: int
    ) -> list[Image.Image]:
        return [Image.new("RGB", (width, height), (seed % 256, 0, 0)) for _ in prompts]

    def release(self) -> None:
        del self.net


class ToyFeed:
    """Satisfies `Feeder`: every picture once an epoch, in an order drawn from the epoch's number; `broken` pictures are not numbers."""

    def __init__(self, broken: Sequence[int] = ()) -> None:
        self.epoch = self.position = 0
        generator = torch.Generator().manual_seed(3)
        self.pictures = torch.randn(PICTURES, SIZE, 1, 1, generator=generator)
        self.pictures[list(broken)] = torch.nan
        self.given = 0

    def next_batch(self) -> Batch:
        order = random.Random(self.epoch).sample(range(PICTURES), PICTURES)
        self.given = order[self.position]
        self.position += 1
        if self.position == PICTURES:
            self.epoch, self.position = self.epoch + 1, 0
        return Batch(self.pictures[self.given : self.given + 1], {}, torch.ones(1))

    def names(self, batch: Batch) -> tuple[str, ...]:
        return (f"{self.given:02d}.png",)

    def state(self) -> dict[str, Any]:
        return {"epoch": self.epoch, "position": self.position}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.epoch, self.position = state["epoch"], state["position"]


def quiet(share: float, words: str) -> None:
    pass


def toy_look(step: int, state: Mapping[str, Tensor]) -> Looked:
    """A score that depends on the adapter, and a look that draws random numbers of its own."""
    torch.rand(3)
    random.random()
    return Looked(float(state["net.up"].double().sum()))


def toy_train(folder: Path, **said: Any) -> Trained:
    """Train the toy in `folder`; what is said beyond `train`'s own arguments goes into the recipe."""
    own: dict[str, Any] = {
        "learner": ToyLearner(), "feed": ToyFeed(), "on_step": quiet, "look": toy_look, "stamp": "toys",
        "parameters": None, "allowed": (),
    }  # fmt: skip
    given = own | {name: said.pop(name) for name in list(said) if name in own}
    return train(
        given["learner"], given["feed"], toy_recipe(**said), folder, given["on_step"], given["look"], given["stamp"],
        parameters=given["parameters"], allowed=given["allowed"],
    )  # fmt: skip


def train_in_a_process(
    folder: Path, said: Mapping[str, Any], width: int, die: tuple[str, int] | None
) -> None:
    """For processes that are killed: from outside after `began` is there, or (`die`) by themselves at the nth call of a function of `os`."""
    torch.set_num_threads(1)
    if die:
        name, left = die
        real, calls = getattr(os, name), itertools.count(1)

        def dying(*args: Any) -> Any:
            if next(calls) == left:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args)

        setattr(os, name, dying)
    (folder / "began").write_text("")
    toy_train(folder, learner=ToyLearner(width=width), **said)
