"""How the text encoders learn to read before there is anything to paint: `python -m benchmarks.pocket.reading`.

FLUX's encoders could read when its net began; ours begin with nothing, and a net that paints tells them little: what is said of a figure's hair changes a hundredth of its loss. So they are asked
first what a caption says (who is where, whose hair is which colour, what is worn), by attention over the tokens of the large encoder and from the one vector of the small one. It takes no picture,
only captions and the labels they were told from. The questions are thrown away afterwards, the encoders stay as they are while the net learns.
"""

import argparse
import json
import os
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from . import render, words, world
from .net import READS, Pocket, put
from .team import Team, together
from .telling import COLOUR, book, told

SLOTS = 2
"""Figures asked about, from left to right: no picture of the world has more."""
OF_SCENE = ("place", "time", "weather", "framing", "figures", "thing")
OF_FIGURE = (
    "kind", "skin", "hair_colour", "hair_style", "glasses", "extra", "garment", "colour", "other colour", "action", "expression", "prop",
)  # fmt: skip
GARMENT = re.compile(r"[a-z'-]+$")
BATCH, RATE = 64, 1e-3
ASIDE = 400  # pictures whose labels nothing is learned from, told as books do


def answers(labels: dict[str, Any]) -> list[str]:
    """What is right of a picture: a word for each of the scene's questions, then for each of every slot's; "" where there is nothing."""
    figures = sorted(labels["figures"], key=lambda one: one["box"][0] + one["box"][2] / 2)[:SLOTS]
    found = [labels[name] or "" for name in OF_SCENE[:4]]
    found += [str(len(figures)), next(iter(labels["props"]), "")]
    for slot in range(SLOTS):
        if slot >= len(figures):
            found += [""] * len(OF_FIGURE)
            continue
        one = figures[slot]
        colours = COLOUR.findall(one["outfit"])
        garment = GARMENT.search(re.split(r" over | and |,", one["outfit"])[0].strip())
        found += [one[name] or "" for name in OF_FIGURE[:5]]
        found += [next(iter(one["extras"]), ""), garment[0] if garment else ""]
        found += [colours[0] if colours else "", colours[1] if len(colours) > 1 else ""]
        found += [one[name] or "" for name in OF_FIGURE[9:]]
    return found


def names() -> list[str]:
    """What each answer is of."""
    return [*OF_SCENE, *(name for _ in range(SLOTS) for name in OF_FIGURE)]


class Reader:
    """Both encoders with what is asked of them. `known` are the answers that there are, by question; both slots are asked alike."""

    def __init__(self, pocket: Pocket, known: dict[str, list[str]]) -> None:
        import torch

        torch.manual_seed(3)
        self.pocket, self.known = pocket, known
        asked = names()
        self.queries = torch.nn.Parameter(0.05 * torch.randn(len(asked), words.WIDTH))
        self.parts = torch.nn.ModuleDict(
            {
                "norm": torch.nn.LayerNorm(words.WIDTH), "small": torch.nn.LayerNorm(words.POOLED),
                "key": torch.nn.Linear(words.WIDTH, words.WIDTH), "value": torch.nn.Linear(words.WIDTH, words.WIDTH),
                "answer": torch.nn.ModuleList(torch.nn.Linear(words.WIDTH, len(known[one])) for one in asked),
                "answer of one": torch.nn.ModuleList(torch.nn.Linear(words.POOLED, len(known[one])) for one in asked),
            }
        )  # fmt: skip

    def parameters(self) -> list[Any]:
        """Everything that learns; the net does not."""
        own = [one for name, one in self.pocket.named().items() if name.startswith(READS)]
        return [*own, self.queries, *self.parts.parameters()]

    def read(self, captions: Sequence[str], length: int) -> tuple[list[Any], list[Any]]:
        """How likely each answer is (n x answers, before the softmax), for every question: by the large encoder's tokens, and by the small one's vector."""
        tokens, one = self.pocket.read(captions, length)
        tokens = self.parts["norm"](tokens)
        held = self.queries @ self.parts["key"](tokens).transpose(1, 2) / words.WIDTH**0.5
        seen = held.softmax(-1) @ self.parts["value"](tokens)
        vector = self.parts["small"](one)
        return (
            [answer(seen[:, number]) for number, answer in enumerate(self.parts["answer"])],
            [answer(vector) for answer in self.parts["answer of one"]],
        )

    def right(self, several: Sequence[list[str]]) -> Any:
        """Answers as numbers, n x questions."""
        import torch

        return torch.tensor([[self.known[name].index(said) for name, said in zip(names(), one, strict=True)] for one in several])  # fmt: skip


def known_of(several: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    """The answers that there are."""
    found: dict[str, set[str]] = {name: {""} for name in names()}
    for one in several:
        for name, said in zip(names(), answers(one), strict=True):
            found[name].add(said)
    return {name: sorted(values) for name, values in found.items()}


def labels_of(folder: Path) -> list[dict[str, Any]]:
    """The labels of all latents."""
    import numpy as np

    found: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.npz")):
        with np.load(path) as shard:
            found += json.loads(str(shard["labels"]))
    return found


def lessons(
    labels: Sequence[dict[str, Any]], count: int, dice: Random
) -> Iterator[tuple[list[str], list[dict[str, Any]]]]:
    """Captions told anew and their labels, so many at once; four times as many are sorted by length, so that little is padding, and nobody in a team waits for another."""
    while True:
        chosen = [labels[dice.randrange(len(labels))] for _ in range(4 * count)]
        several = [(told(*world.scene_in(one), dice), one) for one in chosen]
        several.sort(key=lambda one: len(one[0]))
        for start in range(0, len(several), count):
            part = several[start : start + count]
            yield [caption for caption, _ in part], [one for _, one in part]


def learn(
    latents: Path, out: Path, begin: Path | None, steps: int, processes: int = 1, aside: int = ASIDE
) -> None:
    """Learn to read from where `out` ended, else from the encoders of the training `begin`, else from nothing; of the last pictures, so many are kept `aside`."""
    together(_learn, (latents, out, begin, steps, aside), processes)


def _learn(
    team: Team, latents: Path, out: Path, begin: Path | None, steps: int, aside: int, every: int = 100
) -> None:
    import torch

    out.mkdir(parents=True, exist_ok=True)
    if not (out / "tokenizer").exists() and begin:
        words.save(Pocket(begin).tokens, out / "tokenizer")
    pocket = Pocket(out)
    named = {name: one for name, one in pocket.named().items() if name.startswith(READS)}
    everything = labels_of(latents)
    reader = Reader(pocket, known_of(everything))
    optimiser = torch.optim.AdamW(reader.parameters(), lr=RATE, betas=(0.9, 0.99), weight_decay=0.01)
    step, shown = 0, 0.0
    if (out / "last.pt").exists():
        was = torch.load(out / "last.pt", weights_only=True)
        for one, kept in zip(reader.parameters(), was["all"], strict=True):
            one.data.copy_(kept)
        optimiser.load_state_dict(was["optimiser"])
        step = was["step"]
    elif begin:
        put(named, torch.load(begin / "last.pt", weights_only=True)["average"])
    rest, checks = everything[:-aside], everything[-aside:]
    feed = lessons(rest, BATCH // team.size, Random(f"read {step} {team.rank}"))
    began, first, learning = time.perf_counter(), step, reader.parameters()
    while step < steps:
        captions, labels = next(feed)
        lengths = [
            len(one) for one in pocket.tokens(captions, truncation=True, max_length=words.LENGTH).input_ids
        ]
        length = min(words.LENGTH, -(-max(lengths) // 8) * 8)
        goal = reader.right([answers(one) for one in labels])
        loss = torch.zeros(())
        for found in reader.read(captions, length):
            loss = loss + sum(torch.nn.functional.cross_entropy(one, goal[:, number]) for number, one in enumerate(found)) / len(found)  # fmt: skip
        loss.backward()
        team.share(learning)
        torch.nn.utils.clip_grad_norm_(learning, 1.0)
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1.0, (step + 1) / 100, max(0.02, (steps - step) / (0.4 * steps)))
        optimiser.step()
        optimiser.zero_grad()
        step += 1
        shown = loss.item() if step == first + 1 else 0.98 * shown + 0.02 * loss.item()
        if team.rank == 0 and (step % every == 0 or step == steps):
            line = {"step": step, "captions": step * BATCH, "loss": round(shown, 3), "a_second": round((step - first) * BATCH / (time.perf_counter() - began), 1), "right": checked(reader, checks)}  # fmt: skip
            with (out / "log.jsonl").open("a") as log:
                log.write(json.dumps(line) + "\n")
            print(line, flush=True)
            whole = {"all": [one.detach() for one in reader.parameters()], "optimiser": optimiser.state_dict(), "step": step,
                     "average": {name: one.detach() for name, one in named.items()}}  # fmt: skip
            beside = out / f".last.{os.getpid()}"
            torch.save(whole, beside)
            os.replace(beside, out / "last.pt")


def checked(reader: Reader, labels: Sequence[dict[str, Any]]) -> dict[str, list[float]]:
    """The share of right answers about captions as books say them, by question: from the tokens, and from the one vector."""
    import torch

    said = [book(*world.scene_in(one)) for one in labels]
    goal = reader.right([answers(one) for one in labels])
    there = torch.tensor([[bool(answer) for answer in answers(one)] for one in labels])
    right: list[list[Any]] = [[], []]
    with torch.no_grad():
        for start in range(0, len(said), BATCH):
            for kept, found in zip(right, reader.read(said[start : start + BATCH], words.LENGTH), strict=True):  # fmt: skip
                kept.append(torch.stack([one.argmax(1) for one in found], 1))
    same = [torch.cat(one) == goal for one in right]
    asked = names()
    return {
        f"{name}" if number < len(OF_SCENE) + len(OF_FIGURE) else f"{name}, right": [
            round(float(one[:, number][there[:, number]].float().mean()), 2) for one in same
        ]
        for number, name in enumerate(asked)
        if there[:, number].any()
    }


def main() -> None:
    """Learn to read."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--latents", type=Path, default=render.CACHE / "latents")
    asked.add_argument("--out", type=Path, default=render.CACHE / "reading")
    asked.add_argument("--begin", type=Path, help="a training whose encoders go on learning")
    asked.add_argument("--steps", type=int, default=3000)
    asked.add_argument("--processes", type=int, default=1, help="that share every batch")
    given = asked.parse_args()
    learn(given.latents, given.out, given.begin, given.steps, given.processes)


if __name__ == "__main__":
    main()
