"""How the base learns: steps of two optimisers, an average, checkpoints; alone or from a teacher."""

import json
import math
import os
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from . import words
from .latents import MADE, Batch, batches, stay
from .looking import GUIDANCE, look
from .net import PLAIN, READS, TOWARDS_NOISE, Pocket, put, restored, timesteps_of, with_readers
from .team import Team, together

FULL = 1 / 16  # of what is learned has captions padded as painters pad them
STRONGEST = 4.5  # guidance that a pupil learns; painters ask for 3.5
FALL = 0.4  # of the way, over which the rate falls
ALIGNED = 0.5  # how much it counts what the middle of the net sees, beside what the whole says


@dataclass
class Training:
    """A training as it stands: what learns, what came out on average, how far it is, and the mark of who taught it."""

    pocket: Pocket
    optimisers: list[Any]
    average: dict[str, Any]
    step: int = 0
    teacher: str = ""

    @classmethod
    def begun(cls, out: Path, rate: float, muon: float, master: Pocket | None, team: Team, taught: bool = True) -> "Training":  # fmt: skip
        """The training in a folder as it was kept, or a fresh one, which with a `master` begins as he is and keeps his encoders; `taught` by him, it learns nothing but the net."""
        import torch

        out.mkdir(parents=True, exist_ok=True)
        pocket = Pocket(out)
        named = pocket.named()
        if master:
            put(named, master.named())
            for name, one in named.items():
                one.requires_grad_(not name.startswith(READS) and not (taught and name.startswith("eye.")))
        learning = {name: one for name, one in named.items() if one.requires_grad}
        made = cls(
            pocket,
            _optimisers(learning, rate, muon, team),
            {},
            teacher=master.mark if master and taught else "",
        )
        if (out / "last.pt").exists():
            was = torch.load(out / "last.pt", weights_only=True)
            if (
                master
                and not taught
                and any(
                    not torch.equal(one, was["net"][name])
                    for name, one in named.items()
                    if name.startswith(READS)
                )
            ):
                raise SystemExit(
                    f"{out} was begun with other readers: take another folder, or empty this one"
                )
            if _sizes(was["optimisers"]) != _sizes([one.state_dict() for one in made.optimisers]):
                raise SystemExit(
                    f"{out} was begun with other settings: go on with the same --readers and --muon, or take another folder"
                )
            put(named, was["net"])
            for one, state in zip(made.optimisers, was["optimisers"], strict=True):
                one.load_state_dict(state)
            made.average, made.step = was["average"], was["step"]
            if made.teacher != was.get("teacher", ""):
                raise SystemExit(
                    f"{out} has another teacher: he went on learning; take another folder, or empty this one"
                )
        else:
            made.average = {name: one.detach().clone() for name, one in named.items()}
        return made

    def keep(self, out: Path) -> None:
        """Write all of it in one stroke."""
        import torch

        aside = out / f".last.{os.getpid()}"
        net = {name: one.detach() for name, one in self.pocket.named().items()}
        states = [one.state_dict() for one in self.optimisers]
        whole = {
            "net": net,
            "average": self.average,
            "step": self.step,
            "optimisers": states,
            "teacher": self.teacher,
        }
        torch.save(whole, aside)
        os.replace(aside, out / "last.pt")

    def turn(self, pace: float) -> None:
        """One step of the optimisers at that share of their rates, and of the average."""
        import torch

        named = self.pocket.named()
        torch.nn.utils.clip_grad_norm_([one for one in named.values() if one.grad is not None], 1.0)
        for one in self.optimisers:
            for group in one.param_groups:
                group["lr"] = group["rate"] * pace
            one.step()
            one.zero_grad()
        decay = min(0.9995, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for name, one in named.items():
                self.average[name].lerp_(one, 1 - decay)
        self.step += 1


@dataclass(frozen=True)
class Lesson:
    """What is to be learned: from which latents, into which folder, up to which step, how; with a `teacher` (another such folder) his guided pictures are the goal.

    `towards` is where the middle of the timesteps lies: above 0 what is where is learned, about 0 more of what it looks like. With `readers` (the folder of `reading`) the encoders are theirs and stay as they are, and `begin` is a training whose net goes on learning. `every` so many steps all is kept, and a
    sheet painted where `sheets` are wanted. Over the last share `fall` of the way the rate falls.
    """

    latents: Path
    out: Path
    vae: Path
    steps: int
    batch: int = 32
    rate: float = 1e-3
    muon: float = 0.0
    every: int = 1000
    towards: float = TOWARDS_NOISE
    teacher: Path | None = None
    readers: Path | None = None
    begin: Path | None = None
    sheets: bool = True
    fall: float = FALL


def learn(lesson: Lesson, processes: int = 1) -> None:
    """Learn from where `out` ended, with so many processes of one thread each."""
    from transformers import PreTrainedTokenizerFast

    tokens, of = lesson.out / "tokenizer", lesson.teacher or lesson.readers
    if not tokens.exists():  # before there are several who would write it
        words.save(
            PreTrainedTokenizerFast.from_pretrained(of / "tokenizer") if of else words.tokenizer(), tokens
        )
    together(_learn, (lesson,), processes)


def _learn(team: Team, lesson: Lesson) -> None:
    import torch

    out, batch, steps, rank, processes = (
        lesson.out,
        lesson.batch // team.size,
        lesson.steps,
        team.rank,
        team.size,
    )
    master = restored(lesson.teacher) if lesson.teacher else None
    first_as = with_readers(lesson.readers, lesson.begin) if lesson.readers else master
    now = Training.begun(out, lesson.rate, lesson.muon, first_as, team, taught=master is not None)
    if rank == 0:
        stay(out, json.loads((lesson.latents / MADE).read_text()))
    first = now.step
    dice, draws = Random(f"learn {first} {rank}"), torch.Generator().manual_seed(first * processes + rank)
    feed = batches(lesson.latents, batch, dice)
    learning = [one for one in now.pocket.named().values() if one.requires_grad]
    began, shown, unseen_share = time.perf_counter(), 0.0, 0.0
    while now.step < steps:
        whole = next(feed)
        total, blind = 0.0, 0.0
        for part in portions(whole, now.pocket, dice):
            share = len(part) / len(whole)
            loss, unseen = loss_of(now.pocket, master, part, draws, lesson.towards)
            ((loss + ALIGNED * unseen) * share).backward()
            total += loss.item() * share
            blind += unseen.item() * share
        if not math.isfinite(total):
            raise SystemExit(f"step {now.step}: the loss is {total}")
        team.share(learning)
        now.turn(pace(now.step, steps, lesson.fall))
        shown = total if now.step == first + 1 else 0.98 * shown + 0.02 * total
        unseen_share = blind if now.step == first + 1 else 0.98 * unseen_share + 0.02 * blind
        if rank == 0 and now.step % 50 == 0:
            rate_now = (now.step - first) * lesson.batch / (time.perf_counter() - began)
            line = {"step": now.step, "pictures": now.step * lesson.batch, "loss": round(shown, 4), "unseen": round(unseen_share, 4), "a_second": round(rate_now, 1)}  # fmt: skip
            with (out / "log.jsonl").open("a") as log:
                log.write(json.dumps(line) + "\n")
            print(line, flush=True)
        if rank == 0 and (now.step % lesson.every == 0 or now.step == steps):
            now.keep(out)
            if lesson.sheets:
                learned = {name: one.detach().clone() for name, one in now.pocket.named().items()}
                put(now.pocket.named(), now.average)
                look(now.pocket, lesson.vae, out / f"look-{now.step:07d}.png", GUIDANCE, twice=master is None)
                put(now.pocket.named(), learned)


def pace(step: int, steps: int, fall: float = FALL) -> float:
    """The share of the learning rate: 300 steps up, then level, down to 2 % over the last share `fall` of the way."""
    falling = (steps - step) / (fall * steps) if fall else 1.0
    return min(1.0, (step + 1) / 300, max(0.02, falling))


def loss_of(
    pocket: Pocket, master: Pocket | None, batch: Batch, draws: Any, towards: float = TOWARDS_NOISE
) -> tuple[Any, Any]:
    """The flow-matching loss of a batch, places weighed, or with a master how far the net is from what he says; and the share of what is to be seen that its middle does not see."""
    import torch

    clean, captions, length = batch.latents, batch.captions, batch.length
    noise = torch.randn(clean.shape, generator=draws)
    t = timesteps_of(len(clean), draws, towards)
    at = t.view(-1, 1, 1, 1)
    mixed = (1 - at) * clean + at * noise
    if master:
        guidance, goal, tokens, pooled = _guided(master, mixed, t, captions, length, draws)
    else:
        guidance, goal = torch.full((len(clean),), PLAIN), noise - clean
        tokens, pooled = pocket.read(captions, length)
    loss = (batch.weights * (pocket.predict(mixed, t, tokens, pooled, guidance) - goal).square()).mean()
    unseen = torch.zeros(()) if master else (pocket.seen() - batch.seen).square().mean()
    return loss, unseen


def _optimisers(named: dict[str, Any], rate: float, muon: float, team: Team) -> list[Any]:
    """Muon (Jordan 2024) for the matrices of the net's blocks, if it has a rate, and AdamW for all else."""
    import torch

    from .muon import Muon

    inner = {
        name
        for name, one in named.items()
        if muon and "_blocks." in name and one.ndim == 2 and "norm" not in name
    }
    rest = [one for name, one in named.items() if name not in inner]
    made: list[Any] = [torch.optim.AdamW(rest, lr=rate, betas=(0.9, 0.99), weight_decay=0.01)]
    if inner:
        made.append(Muon([named[name] for name in sorted(inner)], lr=muon, team=team))
    for one in made:
        for group in one.param_groups:
            group["rate"] = group["lr"]
    return made


def _sizes(states: list[dict[str, Any]]) -> list[list[int]]:
    """Of how many parameters each optimiser's groups are."""
    return [[len(group["params"]) for group in one["param_groups"]] for one in states]


def _guided(
    master: Pocket, mixed: Any, t: Any, captions: list[str], length: int, draws: Any
) -> tuple[Any, Any, Any, Any]:
    """What the teacher says with guidance of a strength drawn for each picture, and what it read (Meng et al. 2023, arXiv 2210.03142)."""
    import torch

    count = len(mixed)
    strength = 1 + (STRONGEST - 1) * torch.rand(count, generator=draws) * (
        torch.rand(count, generator=draws) > 0.2
    )
    with torch.no_grad():
        plain = torch.full((count,), PLAIN)
        tokens, pooled = master.read(captions, length)
        with_words = master.predict(mixed, t, tokens, pooled, plain)
        without = master.predict(mixed, t, *master.read([""] * count, length), plain)
    return strength, without + strength.view(-1, 1, 1, 1) * (with_words - without), tokens, pooled


def portions(batch: Batch, pocket: Pocket, dice: Random) -> list[Batch]:
    """The batch in quarters, shorter captions with less padding; one quarter in sixteen has the full length, as painters pad."""
    import torch

    said = pocket.tokens(batch.captions, truncation=True, max_length=words.LENGTH).input_ids
    long = [len(one) for one in said]
    order = sorted(range(len(batch)), key=lambda at: long[at])
    each = -(-len(order) // 4)
    made = []
    for start in range(0, len(order), each):
        part = order[start : start + each]
        length = -(-max(long[at] for at in part) // 8) * 8
        full = dice.random() < FULL
        told = [batch.captions[at] for at in part]
        there = torch.tensor(part)
        made.append(
            Batch(
                batch.latents[there],
                batch.seen[there],
                batch.weights[there],
                told,
                words.LENGTH if full else length,
            )
        )
    return made
