"""How long a training step takes and how much memory, beside diffusers' own way: `python benchmarks/training.py [step|kills|preview|streaming]`.

A small model with the real architecture learns drawn pictures on the CPU: the same pictures, captions, layers, rank, batch, rate and
precision, once by Storykin's loop and once as diffusers' DreamBooth LoRA examples do it, by turns in fresh processes. Ratios
are those of neighbours within a round; seconds depend on the machine and on what else it does. Tables go to standard output, progress to standard error.
"""

import argparse
import hashlib
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "benchmarks"), str(ROOT / "src")]

import smallmodels  # noqa: E402

BEGAN = "BENCHMARK_BEGAN"
WAYS = {
    "first": "Storykin, first run",
    "again": "Storykin, second run",
    "default": "diffusers",
    "cached": "diffusers, all cached",
}
"""Who trains. diffusers encodes picture and caption at every step by default; "cached" holds both in memory, as the examples' `--cache_latents`
and `--pre_compute_text_embeddings` do."""
WARMING = 2  # steps left out of the median: they make buffers


@dataclass(frozen=True)
class Task:
    """What is trained: the same for all ways. `tokens` are the places of a caption where the family lets one choose (FLUX: real is 512)."""

    family: str = "flux-dev"
    size: str = "small"
    steps: int = 24
    pictures: int = 16
    side: int = 256
    batch: int = 1
    rank: int = 16
    rate: float = 1e-3
    tokens: int = 128
    checkpointing: bool = False
    save_every: int = 0
    folder: str = ""

    @property
    def base(self) -> Path:
        return Path(self.folder) / f"{self.family}-{self.size}"

    @property
    def sasha(self) -> Path:
        return Path(self.folder) / "cast" / "sasha"


@dataclass
class Spent:
    """Seconds of a clock on the wall, and of processor time of one process: on a busy machine the second says more."""

    wall: float = 0.0
    busy: float = 0.0

    def __sub__(self, other: "Spent") -> "Spent":
        return Spent(self.wall - other.wall, self.busy - other.busy)


@dataclass
class Timed:
    """What one process found: time from its start until its libraries were there (`imports`) and until the first step was done, then that of
    each further step, losses, peak resident memory in MB."""

    imports: Spent = field(default_factory=Spent)
    first: Spent = field(default_factory=Spent)
    steps: list[Spent] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    peak: float = 0.0

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Timed":
        """From the JSON of `asdict`."""
        times = {name: Spent(**said[name]) for name in ("imports", "first")}
        return cls(
            **times, steps=[Spent(**one) for one in said["steps"]], losses=said["losses"], peak=said["peak"]
        )


@dataclass
class Table:
    """Rows for people and for programs."""

    title: str
    head: tuple[str, ...]
    rows: list[tuple[str, ...]]
    notes: list[str] = field(default_factory=list)
    found: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        lines = [f"### {self.title}", "", _row(self.head), "|" + "---|" * len(self.head)]
        return "\n".join([*lines, *map(_row, self.rows), "", *self.notes])


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def say(words: str) -> None:
    """Progress."""
    print(words, file=sys.stderr, flush=True)


# --- processes -------------------------------------------------------------------------------------


def surroundings(**said: str) -> dict[str, str]:
    """One thread, no network, and byte code kept as on any machine where Python may write it."""
    found = os.environ | {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    if found.pop("PYTHONDONTWRITEBYTECODE", ""):
        found.setdefault("PYTHONPYCACHEPREFIX", str(Path(tempfile.gettempdir()) / "storykin-byte-code"))
    return found | {BEGAN: repr(time.time())} | said


def begin(what: str, task: Task, cache: Path | None = None, **more: Any) -> subprocess.Popen[str]:
    """Part `what` of this file in a process of its own."""
    words = [sys.executable, __file__, "--child", what, json.dumps({"task": asdict(task), **more})]
    env = surroundings(**({"STORYKIN_CACHE": str(cache)} if cache else {}))
    return subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> Any:
    """What it said at its end."""
    told, complaint = process.communicate()
    if process.returncode:
        raise SystemExit(f"a measured process ended with {process.returncode}:\n{complaint[-3000:]}")
    return json.loads(told.splitlines()[-1])


def child(what: str, said: Mapping[str, Any]) -> None:
    """The other side of `begin`."""
    import warnings

    warnings.simplefilter("ignore")
    task = Task(**said["task"])
    more = {name: value for name, value in said.items() if name != "task"}
    print(json.dumps(CHILDREN[what](task, **more)))


class Clock:
    """Times of one training, from the start of its process."""

    def __init__(self) -> None:
        self.timed = Timed()
        self.last = Spent()

    def imported(self) -> None:
        """The libraries are there."""
        self.timed.imports = self._now()

    def step(self, loss: float) -> None:
        """A step is done."""
        now = self._now()
        if self.timed.losses:
            self.timed.steps.append(now - self.last)
        else:
            self.timed.first = now
        self.last = now
        self.timed.losses.append(loss)

    def done(self) -> dict[str, Any]:
        """All of it, for the process that began this one."""
        unit = 2**20 if sys.platform == "darwin" else 2**10
        self.timed.peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
        return asdict(self.timed)

    def _now(self) -> Spent:
        return Spent(time.time() - float(os.environ[BEGAN]), time.process_time())


def build(task: Task) -> dict[str, float]:
    """The model and the pictures."""
    smallmodels.make_photos(task.sasha, task.family, task.pictures, task.side)
    return smallmodels.make_base(task.family, task.base, task.size)


# --- our way ---------------------------------------------------------------------------------------


def recipe_of(task: Task) -> Any:
    """The recipe that leaves out all that diffusers' examples do not have."""
    from storykin.families import FAMILIES
    from storykin.recipe import Recipe

    return replace(
        Recipe.of(FAMILIES[task.family], base=str(task.base)), rank=task.rank, alpha=task.rank, learning_rate=task.rate, steps=task.steps,
        resolutions=(task.side,), precision="float32", checkpointing=task.checkpointing, weight_decay=1e-4, warmup=0, batch=task.batch,
        caption_dropout=0.0, ema=0.0, min_snr=0.0, noise_offset=0.0, shift=1.0, timesteps="uniform", held_out=0, look_every=0,
        save_every=task.save_every,
    )  # fmt: skip


def learner_of(task: Task) -> Any:
    """The family's learner in float32 on the CPU."""
    from storykin.training.learners import learner_named

    learner: Any = learner_named(recipe_of(task))
    if task.family == "flux-dev":
        learner.caption_tokens = task.tokens
    return learner


def train_ours(task: Task, out: str, first: bool) -> dict[str, Any]:
    """Dataset, caches, loop: what `storykin train` does, with a clock in its `on_step`."""
    import torch

    torch.set_num_threads(1)
    clock = Clock()
    _import(task, first)
    from storykin.dataset import read_dataset
    from storykin.training import caching, loop
    from storykin.training.feeding import Feed

    clock.imported()
    recipe, learner, dataset = recipe_of(task), learner_of(task), read_dataset(task.sasha)
    stamp = caching.stamp(dataset, task.sasha, recipe)
    examples = caching.prepare(task.sasha, dataset, learner, recipe)

    def on_step(_share: float, words: str) -> None:
        clock.step(float(words.rpartition(" ")[2]))

    loop.train(learner, Feed(examples, recipe, recipe.seed), recipe, Path(out), on_step, stamp=stamp)
    return clock.done()


def _import(task: Task, encoders: bool) -> None:
    """The libraries, so that their time can be told apart from the rest."""
    import importlib

    import diffusers

    for name in ("peft", "torch._dynamo"):  # the second is imported by every optimiser when it is made
        importlib.import_module(name)
    getattr(diffusers, smallmodels.NETS[task.family])
    if encoders:
        import transformers

        getattr(diffusers, smallmodels.PIPELINES[task.family])
        for name in ("CLIPTextModel", "CLIPTokenizer", "T5EncoderModel", "T5TokenizerFast")[
            : 4 if task.family == "flux-dev" else 2
        ]:
            getattr(transformers, name)


# --- diffusers' way --------------------------------------------------------------------------------


def layers_of(task: Task, net: Any) -> list[str]:
    """The layers that Storykin teaches, as `target_modules`."""
    from storykin.training.learners.diffusion import TARGETS
    from storykin.training.learners.flux import FluxLearner

    return FluxLearner.targets(net) if task.family == "flux-dev" else list(TARGETS)


def train_theirs(task: Task, cached: bool) -> dict[str, Any]:
    """A training as diffusers' DreamBooth LoRA examples do it, with accelerate's Accelerator and a DataLoader; no trackers, no progress bar."""
    import torch

    torch.set_num_threads(1)
    clock = Clock()
    _import(task, True)
    import diffusers
    from accelerate import Accelerator
    from accelerate.utils import set_seed
    from diffusers.optimization import get_scheduler
    from diffusers.training_utils import cast_training_params
    from peft import LoraConfig
    from peft.utils import get_peft_model_state_dict

    clock.imported()
    accelerator = Accelerator(cpu=True, gradient_accumulation_steps=1)
    set_seed(1)
    pipeline = getattr(diffusers, smallmodels.PIPELINES[task.family]).from_pretrained(task.base)
    parts = {name: part for name, part in pipeline.components.items() if isinstance(part, torch.nn.Module)}
    for part in parts.values():
        part.requires_grad_(False)
    net = parts["transformer" if task.family == "flux-dev" else "unet"]
    net.add_adapter(
        LoraConfig(
            r=task.rank,
            lora_alpha=task.rank,
            init_lora_weights="gaussian",
            target_modules=layers_of(task, net),
        )
    )
    cast_training_params(net, dtype=torch.float32)
    if task.checkpointing:
        net.enable_gradient_checkpointing()
    learned = [one for one in net.parameters() if one.requires_grad]
    optimiser = torch.optim.AdamW(learned, lr=task.rate, betas=(0.9, 0.999), weight_decay=1e-4, eps=1e-8)
    loader: Any = torch.utils.data.DataLoader(
        _pictures(task.sasha), batch_size=task.batch, shuffle=True, collate_fn=_collated, num_workers=0
    )
    loss_of = (_flux_loss if task.family == "flux-dev" else _diffusion_loss)(pipeline)

    @torch.no_grad()
    def encoded(batch: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "latents": pipeline.vae.encode(batch["pixels"]).latent_dist,
            "words": _words(task, pipeline, batch["captions"]),
        }

    kept: list[dict[str, Any]] = []
    if cached:
        kept = [encoded(batch) for batch in loader]
        for name in parts:
            if name not in {"transformer", "unet"}:
                setattr(pipeline, name, None)
        del parts
    rates = get_scheduler("constant", optimizer=optimiser)
    net, optimiser, loader, rates = accelerator.prepare(net, optimiser, loader, rates)
    net.train()
    for batch in _endless(kept or loader, task.steps):
        with accelerator.accumulate([net]):
            loss = loss_of(net, **(batch if cached else encoded(batch)))
            accelerator.backward(loss)
            if accelerator.sync_gradients:
                accelerator.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            rates.step()
            optimiser.zero_grad()
        clock.step(loss.detach().item())
    assert get_peft_model_state_dict(accelerator.unwrap_model(net))
    return clock.done()


def _pictures(sasha: Path) -> list[tuple[Any, str]]:
    """Pixels in -1 … 1 and captions, all in memory, as the examples' dataset holds them."""
    import numpy as np
    import torch
    from PIL import Image

    found = []
    for path in sorted((sasha / "dataset").glob("*.png")):
        pixels = (
            torch.from_numpy(np.array(Image.open(path).convert("RGB"))).permute(2, 0, 1).float() / 127.5 - 1
        )
        found.append((pixels, path.with_suffix(".txt").read_text().strip()))
    return found


def _collated(examples: Sequence[tuple[Any, str]]) -> dict[str, Any]:
    import torch

    return {
        "pixels": torch.stack([pixels for pixels, _ in examples]).contiguous(),
        "captions": [caption for _, caption in examples],
    }


def _endless(batches: Any, steps: int) -> Iterator[Any]:
    """Epoch after epoch, so many steps."""
    done = 0
    while True:
        for batch in batches:
            if done == steps:
                return
            done += 1
            yield batch


def _words(task: Task, pipeline: Any, captions: list[str]) -> dict[str, Any]:
    """What the text encoders make of captions, by the pipeline's own function."""
    if task.family == "flux-dev":
        embeds, pooled, ids = pipeline.encode_prompt(captions, None, max_sequence_length=task.tokens)
        return {"encoder_hidden_states": embeds, "pooled_projections": pooled, "txt_ids": ids}
    if task.family == "sdxl":
        embeds, _, pooled, _ = pipeline.encode_prompt(captions, do_classifier_free_guidance=False)
        side = task.side
        import torch

        sizes = torch.tensor([[side, side, 0, 0, side, side]] * len(captions)).float()
        return {
            "encoder_hidden_states": embeds,
            "added_cond_kwargs": {"text_embeds": pooled, "time_ids": sizes},
        }
    return {"encoder_hidden_states": pipeline.encode_prompt(captions, "cpu", 1, False)[0]}


def _flux_loss(pipeline: Any) -> Callable[..., Any]:
    """Flow matching with the scheduler's own sigmas, as `train_dreambooth_lora_flux.py` has it."""
    import torch
    from diffusers import FluxPipeline
    from diffusers.training_utils import (
        compute_density_for_timestep_sampling,
        compute_loss_weighting_for_sd3,
    )

    scheduler, settings = pipeline.scheduler, pipeline.vae.config
    scale = pipeline.vae_scale_factor

    def loss(net: Any, latents: Any, words: Mapping[str, Any]) -> Any:
        clean = (latents.sample() - settings.shift_factor) * settings.scaling_factor
        count, channels, height, width = clean.shape
        noise = torch.randn_like(clean)
        drawn = compute_density_for_timestep_sampling("none", count, 0.0, 1.0, 1.29)
        indices = (drawn * scheduler.config.num_train_timesteps).long()
        sigmas = scheduler.sigmas[indices].view(-1, 1, 1, 1)
        noisy = (1 - sigmas) * clean + sigmas * noise
        told = net(
            hidden_states=FluxPipeline._pack_latents(noisy, count, channels, height, width),
            timestep=scheduler.timesteps[indices] / 1000,
            guidance=torch.ones(count),
            img_ids=FluxPipeline._prepare_latent_image_ids(
                count, height // 2, width // 2, "cpu", clean.dtype
            ),
            return_dict=False,
            **words,
        )[0]
        told = FluxPipeline._unpack_latents(told, height * scale, width * scale, scale)
        weights = compute_loss_weighting_for_sd3("none", sigmas)
        wrong = weights.float() * (told.float() - (noise - clean).float()) ** 2
        return wrong.reshape(count, -1).mean(1).mean()

    return loss


def _diffusion_loss(pipeline: Any) -> Callable[..., Any]:
    """The noise's squared error, as `train_dreambooth_lora.py` and `train_dreambooth_lora_sdxl.py` have it."""
    import torch
    from diffusers import DDPMScheduler

    scheduler = DDPMScheduler.from_config(pipeline.scheduler.config)
    scale = pipeline.vae.config.scaling_factor

    def loss(net: Any, latents: Any, words: Mapping[str, Any]) -> Any:
        clean = latents.sample() * scale
        noise = torch.randn_like(clean)
        timesteps = torch.randint(0, scheduler.config.num_train_timesteps, (len(clean),)).long()
        noisy = scheduler.add_noise(clean, noise, timesteps)
        told = net(noisy, timesteps, return_dict=False, **words)[0]
        return torch.nn.functional.mse_loss(told.float(), noise.float(), reduction="mean")

    return loss


# --- a step beside theirs ---------------------------------------------------------------------------


def step(task: Task, rounds: int) -> Table:
    """Seconds per step, time to the first step and memory, by turns."""
    parts = finish(begin("build", task))
    net = parts.get("transformer", parts.get("unet", 0.0))
    found: dict[str, list[Timed]] = {way: [] for way in WAYS}
    root = Path(task.folder)
    say(f"{task.family}: {net:.0f} million parameters")
    for way in ("first", "default") if rounds > 1 else ():  # byte code is written, files are in memory
        _measure(replace(task, steps=1), way, root / "warming")
    for number in range(rounds):
        for way, name in WAYS.items():
            one = _measure(task, way, root / f"round-{number}")
            found[way].append(one)
            say(
                f"{task.family}, round {number + 1}: {name}: first step after {one.first.wall:.1f} s ({one.imports.wall:.1f} s of them imports), "
                f"{_per_step([one], 'wall'):.3f} s a step ({_per_step([one], 'busy'):.3f} s processor), {one.peak:.0f} MB"
            )
    return _compared(task, found, parts)


def _measure(task: Task, way: str, folder: Path) -> Timed:
    """One training in a process of its own."""
    if way in {"first", "again"}:
        # one after the other in a round: the second finds the first one's cache, and no checkpoint
        said = {"out": str(folder / way), "first": way == "first"}
        return Timed.of(finish(begin("ours", task, folder / "cache", **said)))
    return Timed.of(finish(begin("theirs", task, cached=way == "cached")))


def _per_step(runs: Sequence[Timed], clock: str) -> float:
    return _middle(getattr(one, clock) for run in runs for one in run.steps[WARMING - 1 :] or run.steps)


def _middle(numbers: Iterable[float]) -> float:
    found = list(numbers)
    return statistics.median(found) if found else 0.0


def _fall(runs: Sequence[Timed]) -> tuple[float, float]:
    """The mean loss of the first and of the last third."""
    third = max(1, min(len(run.losses) for run in runs) // 3)
    begun = statistics.fmean(loss for run in runs for loss in run.losses[:third])
    return begun, statistics.fmean(loss for run in runs for loss in run.losses[-third:])


def _measures(runs: Sequence[Timed]) -> dict[str, float]:
    """One way's column of the table."""
    column: dict[str, float] = {}
    for clock, said in (("wall", ""), ("busy", ", processor")):
        column[f"a step{said}"] = _per_step(runs, clock)
        column[f"to the first step{said}"] = _middle(getattr(run.first, clock) for run in runs)
        column[f"of it imports{said}"] = _middle(getattr(run.imports, clock) for run in runs)
        column[f"of it all else{said}"] = _middle(getattr(run.first - run.imports, clock) for run in runs)
    column["peak MB"] = _middle(run.peak for run in runs)
    column["loss, first third"], column["loss, last third"] = _fall(runs)
    return column


def _compared(task: Task, found: Mapping[str, list[Timed]], parts: Mapping[str, float]) -> Table:
    measures = {way: _measures(runs) for way, runs in found.items()}
    rounds = {way: [_measures([run]) for run in runs] for way, runs in found.items()}
    rows = []
    for measure in measures["again"]:
        digits = 0 if measure == "peak MB" else 3 if "loss" in measure or "a step" in measure else 1
        cells = [f"{measures[way][measure]:.{digits}f}" for way in WAYS]
        ratios = [
            _middle(
                ours[measure] / max(theirs[measure], 1e-9)
                for ours, theirs in zip(rounds["again"], rounds[way], strict=True)
            )
            for way in ("default", "cached")
        ]
        rows.append(
            (measure, *cells, *(["", ""] if measure.startswith("loss") else [f"{one:.2f}" for one in ratios]))
        )
    sizes = ", ".join(f"{name} {millions:.1f} M" for name, millions in parts.items())
    return Table(
        f"{task.family}, one training step beside diffusers' own way",
        ("", *WAYS.values(), "second / diffusers", "second / all cached"),
        rows,
        [
            f"Parameters: {sizes}. {task.pictures} pictures of {task.side} pixels, batch {task.batch}, rank {task.rank}, float32, one thread, "
            f"{'with' if task.checkpointing else 'without'} gradient checkpointing, {task.steps} steps, medians of {len(found['again'])} rounds, and of "
            "the ratios within a round; seconds, and MB of resident memory.",
        ],
        {"family": task.family, "parameters": dict(parts), "task": _public(task), "measures": measures, "losses": {
            way: [run.losses for run in runs] for way, runs in found.items()}},
    )  # fmt: skip


def _public(task: Task) -> dict[str, Any]:
    return {one.name: getattr(task, one.name) for one in fields(Task) if one.name != "folder"}


# --- kills -----------------------------------------------------------------------------------------


def train_to_the_end(task: Task, out: str) -> dict[str, Any]:
    """A training that may be killed, from the dataset to the adapter's file; leaves a mark after each step."""
    import torch

    torch.set_num_threads(1)
    from storykin.dataset import read_dataset
    from storykin.training import caching, loop
    from storykin.training.feeding import Feed

    folder = Path(out)
    recipe, learner, dataset = recipe_of(task), learner_of(task), read_dataset(task.sasha)
    recipe = replace(recipe, ema=0.99, caption_dropout=0.1, warmup=5)  # more that could be lost
    marks = (folder.parent / f"{folder.name}.marks").open("a")
    stamp = caching.stamp(dataset, task.sasha, recipe)
    examples = caching.prepare(task.sasha, dataset, learner, recipe)

    def on_step(_share: float, _words: str) -> None:
        print(".", end="", file=marks, flush=True)

    feed = Feed(examples, recipe, recipe.seed)
    trained = loop.train(learner, feed, recipe, folder, on_step, stamp=stamp)
    learner.save(folder / "adapter.safetensors", trained.state, {})
    return {"losses": trained.losses}


def kills(task: Task, count: int, seed: int = 1) -> Table:
    """Kill -9 at random moments, go on each time, and compare with a training that nobody killed."""
    finish(begin("build", task))
    root, dice = Path(task.folder), random.Random(seed)
    straight, killed = root / "straight", root / "killed"
    began = time.monotonic()
    whole = begin("whole", task, root / "cache-straight", out=str(straight))
    while not _marks(straight) and whole.poll() is None:
        time.sleep(0.01)
    ready = time.monotonic() - began
    curve = finish(whole)["losses"]
    stepping = time.monotonic() - began - ready
    say(
        f"{task.family}: uninterrupted: first step after {ready:.1f} s, {task.steps} steps in {stepping:.1f} s"
    )

    struck, before, half, patience = 0, 0, 0, 1.0
    reached: list[int] = []
    while struck < count:
        marks = _marks(killed)
        process = begin("whole", task, root / "cache-killed", out=str(killed))
        early = dice.random() < 0.3  # while libraries, encoders or caches are at work
        if early:
            time.sleep(dice.uniform(0.2, 1.0) * ready)
        else:
            while _marks(killed) == marks and process.poll() is None:
                time.sleep(0.002)
            time.sleep(dice.uniform(0.0, 0.9 * stepping / count) * patience)
        process.kill()
        process.communicate()
        if process.returncode != -9:  # it was done before it was killed: all from the beginning, and sooner
            patience /= 2
            struck, before, half, reached = 0, 0, 0, []
            shutil.rmtree(killed)
            continue
        struck += 1
        before += _marks(killed) == marks
        half += bool([*killed.rglob("*.part"), *(root / "cache-killed").rglob("*.part")])
        reached.append(_step_of(killed))
        say(f"{task.family}: kill {struck} of {count}; the checkpoint holds step {reached[-1]}")
    again = finish(begin("whole", task, root / "cache-killed", out=str(killed)))["losses"]
    same = _digest(straight) == _digest(killed) and curve == again
    return Table(
        f"{task.family}, a training killed again and again",
        ("kills", "before the first step", "half-written file left", "steps at which it went on", "adapter"),
        [
            (
                str(struck),
                str(before),
                str(half),
                ", ".join(map(str, reached)),
                "the same to the last bit" if same else "DIFFERENT",
            )
        ],
        [
            f"{task.steps} steps, a checkpoint every {task.save_every}; files of the adapter and losses of all steps are compared with those of a training nobody killed."
        ],
        {
            "family": task.family,
            "kills": struck,
            "before the first step": before,
            "same": same,
            "reached": reached,
        },
    )


def _marks(folder: Path) -> int:
    path = folder.parent / f"{folder.name}.marks"
    return path.stat().st_size if path.exists() else 0


def _step_of(folder: Path) -> int:
    names = sorted(path.stem for path in (folder / "checkpoints").glob("*.safetensors"))
    return int(names[-1]) if names else 0


def _digest(folder: Path) -> str:
    return hashlib.sha256((folder / "adapter.safetensors").read_bytes()).hexdigest()


# --- previews --------------------------------------------------------------------------------------


def paint_one_look(task: Task, out: str) -> dict[str, Any]:
    """Seconds of a training step and of one look: all previews at the usual number of painting steps."""
    import torch

    torch.set_num_threads(1)
    from storykin.dataset import read_dataset
    from storykin.training import caching, loop
    from storykin.training.feeding import Feed
    from storykin.training.looks import PAINTING_STEPS, prompts

    recipe, learner, dataset = recipe_of(task), learner_of(task), read_dataset(task.sasha)
    previews = prompts(dataset.trigger, dataset.class_words)
    said = [one.prompt for one in previews]
    learner.encode_captions(said)
    examples = caching.prepare(task.sasha, dataset, learner, recipe)
    seconds: list[float] = []

    def look(_step: int, _state: Mapping[str, Any]) -> None:
        began = time.perf_counter()
        learner.paint(said, previews[0].seed, task.side, task.side, PAINTING_STEPS)
        seconds.append(time.perf_counter() - began)

    feed = Feed(examples, recipe, recipe.seed)
    loop.train(learner, feed, recipe, Path(out), lambda _share, _words: None, look)
    history = [json.loads(line) for line in (Path(out) / "history.jsonl").read_text().splitlines()]
    steps = [line["seconds"] for line in history if "loss" in line]
    return {
        "look": seconds[-1],
        "step": statistics.median(steps[WARMING:] or steps),
        "previews": len(said),
        "painting_steps": PAINTING_STEPS,
    }


def preview(task: Task) -> Table:
    """What one look costs, in training steps: `planning.PREVIEW_STEPS` is the assumption."""
    finish(begin("build", task))
    root = Path(task.folder)
    found = finish(begin("look", task, root / "cache-look", out=str(root / "look")))
    cost = found["look"] / found["step"]
    return Table(
        f"{task.family}, one look at the previews",
        ("previews", "painting steps each", "seconds", "a training step", "one look in training steps"),
        [
            (
                str(found["previews"]),
                str(found["painting_steps"]),
                f"{found['look']:.2f}",
                f"{found['step']:.3f}",
                f"{cost:.0f}",
            )
        ],
        ["At the size of the training pictures."],
        {"family": task.family, "steps": cost, **found},
    )


# --- streaming -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Streamed:
    """One row: seconds per step, GB copied over the bus and fetches waited for per step, and GiB: allocated and reserved at most by PyTorch, `used` with
    the CUDA context, `simulated` beforehand."""

    resolution: int
    blocks: int
    seconds: float
    copied: float
    waited: float
    allocated: float
    reserved: float
    used: float
    simulated: float


def streaming(task: Task, device: str, precision: str, resolutions: Sequence[int]) -> Table | None:
    """A step of FLUX's real blocks with none, half and all of them streamed; and the simulated peak against the measured one."""
    import torch

    if device == "cuda" and not torch.cuda.is_available():
        print("Streaming is measured on a graphics card, and PyTorch finds no CUDA card here.")
        return None
    on_card = device == "cuda"
    double, single = _blocks_that_fit(precision) if on_card else (1, 2)
    say(f"{double} double and {single} single blocks of FLUX.1-dev, {precision}, on {device}")
    config = _flux_config(task, double, single)
    rows = []
    for resolution in resolutions:
        for count in (0, (double + single) // 2, double + single):
            rows.append(_streamed(task, config, device, precision, resolution, count))
            say(f"{rows[-1]}")
    bus = _bandwidth(device) if on_card else 0.0
    return _streaming_table(rows, (double, single), precision, bus, device)


def _flux_config(task: Task, double: int, single: int) -> dict[str, Any]:
    """FLUX.1-dev's real dimensions with so many blocks; in tests a narrow one."""
    from storykin.training.simulating import NETS

    narrow = {
        "attention_head_dim": 32,
        "num_attention_heads": 4,
        "joint_attention_dim": 64,
        "pooled_projection_dim": 64,
        "axes_dims_rope": [8, 12, 12],
    }
    said = narrow if task.size == "tiny" else {}
    return {**NETS["flux-dev"].config, "num_layers": double, "num_single_layers": single, **said}


def _blocks_that_fit(precision: str) -> tuple[int, int]:
    """As many blocks, two single ones for a double one, as fill half of the free memory, at most FLUX's own 19 and 38."""
    import torch

    free, _ = torch.cuda.mem_get_info()
    size = {"bfloat16": 2.0, "int8": 1.0, "fp8": 1.0, "nf4": 0.53}[precision]
    triple = size * (340e6 + 2 * 141e6)  # parameters of a double and of two single blocks
    # packed weights pass through bfloat16 one block at a time
    double = max(1, min(19, int(free * 0.5 / triple)))
    return double, 2 * double


def _random_flux(config: Mapping[str, Any], device: str, precision: str) -> Any:
    """A learner whose net has random weights, so that nothing need be loaded; everything else is the learner's own."""
    import torch

    from storykin.models import nets, quantising
    from storykin.models.streaming import spread
    from storykin.training.learners.flux import FluxLearner

    class RandomFlux(FluxLearner):
        def _load_net(self, recipe: Any) -> Any:
            with quantising.hollow():
                net = self._net_class()(**config)
            for module in net.modules():
                for name, one in module._parameters.items():
                    if one is not None:
                        made = torch.empty(one.shape, dtype=self.dtype).normal_(0, 0.02)
                        module._parameters[name] = torch.nn.Parameter(made, requires_grad=False)
            blocks = nets.blocks_of(net)
            waiting = {id(blocks[number]) for number in spread(len(blocks), recipe.streamed_blocks)}
            for block in blocks:
                if precision != "bfloat16":
                    quantising.quantise(torch.nn.ModuleDict({"0": block.to(device)}), recipe.precision)
                block.to("cpu" if id(block) in waiting else device)
            for name, part in net.named_children():
                if name not in self.blocks:
                    part.to(device)
            return net.requires_grad_(False).eval()

    return RandomFlux(device=device, dtype=torch.bfloat16)


def _streamed(
    task: Task, config: Mapping[str, Any], device: str, precision: str, resolution: int, count: int
) -> Streamed:
    import gc

    import torch

    from storykin.models.weightless import TEXT_TOKENS
    from storykin.training.learner import Batch
    from storykin.training.optimising import make_optimiser
    from storykin.training.simulating import NETS, simulate

    on_card = device == "cuda"
    settings: Any = {"precision": precision, "streamed_blocks": count, "checkpointing": True}
    recipe = replace(recipe_of(replace(task, family="flux-dev")), **settings)
    learner = _random_flux(config, device, precision)
    parameters = list(learner.prepare(recipe).values())
    optimiser = make_optimiser(parameters, recipe)
    words = {
        "tokens": torch.randn(1, TEXT_TOKENS, config["joint_attention_dim"]),
        "pooled": torch.randn(1, config["pooled_projection_dim"]),
    }
    batch = Batch(torch.randn(1, 16, resolution // 8, resolution // 8), words, torch.ones(1))
    schedule = learner._schedule
    go = partial(_steps, learner, batch, parameters, optimiser, torch.Generator().manual_seed(1))
    go(WARMING)
    if on_card:
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
    if schedule:
        schedule.copied = schedule.waited = 0
    seconds = go(task.steps)
    gib = 2**30
    allocated, reserved, used = 0.0, 0.0, 0.0
    if on_card:
        allocated = torch.cuda.max_memory_allocated() / gib
        reserved = torch.cuda.max_memory_reserved() / gib
        free, whole = torch.cuda.mem_get_info()
        # what the process has beyond PyTorch's reservations is its context and its libraries (and others on the card)
        used = (whole - free - torch.cuda.memory_reserved()) / gib + reserved
    copied = schedule.copied / task.steps / 1e9 if schedule else 0.0
    waited = schedule.waited / task.steps if schedule else 0.0
    learner.release()
    del go, parameters, optimiser, schedule, learner
    gc.collect()
    if on_card:
        torch.cuda.empty_cache()
    net = replace(NETS["flux-dev"], config=dict(config))
    row = simulate("flux-dev", resolution, recipe.precision, count, task.rank, net=net)
    return Streamed(resolution, count, seconds, copied, waited, allocated, reserved, used, row.peak_gib)


def _steps(
    learner: Any, batch: Any, parameters: list[Any], optimiser: Any, generator: Any, count: int
) -> float:
    """Seconds of one of so many steps."""
    import torch

    from storykin.training.optimising import clip, gradient_norm

    began = time.perf_counter()
    for _ in range(count):
        learner.loss(batch, generator).backward()
        clip(parameters, gradient_norm(parameters), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
    if learner.device.type == "cuda":
        torch.cuda.synchronize()
    return (time.perf_counter() - began) / count


def _bandwidth(device: str) -> float:
    """GB a second from pinned main memory to the card."""
    import torch

    here = torch.empty(2**30, dtype=torch.uint8, pin_memory=True)
    there = torch.empty(2**30, dtype=torch.uint8, device=device)
    there.copy_(here, non_blocking=True)
    torch.cuda.synchronize()
    began = time.perf_counter()
    for _ in range(4):
        there.copy_(here, non_blocking=True)
    torch.cuda.synchronize()
    return 4 * 2**30 / 1e9 / (time.perf_counter() - began)


def calibrated(rows: Sequence[Streamed]) -> tuple[float, float]:
    """FACTOR and EXTRA_GIB for `planning`: reserved memory over the simulated peak at most, at least 1; and what is then still lacking."""
    factor = max(1.0, *(row.reserved / row.simulated for row in rows if row.simulated), 1.0)
    return factor, max(0.0, *(row.used - factor * row.simulated for row in rows), 0.0)


def _streaming_table(
    rows: Sequence[Streamed], blocks: tuple[int, int], precision: str, bus: float, device: str
) -> Table:
    import torch

    plain = {row.resolution: row.seconds for row in rows if row.blocks == 0}
    cells = []
    for row in rows:
        slower = row.seconds / plain[row.resolution]
        needed = row.copied / bus if bus else 0.0
        shown = 1 - max(0.0, row.seconds - plain[row.resolution]) / needed if needed else 1.0
        cells.append(
            (
                str(row.resolution),
                str(row.blocks),
                f"{row.seconds:.3f}",
                f"{slower:.2f}",
                f"{row.copied:.2f}",
                f"{shown:.0%}" if needed else "",
                f"{row.waited:.1f}",
                f"{row.allocated:.2f}",
                f"{row.reserved:.2f}",
                f"{row.used:.2f}",
                f"{row.simulated:.2f}",
            )
        )
    notes = [
        f"{blocks[0]} double and {blocks[1]} single blocks of FLUX.1-dev's dimensions, {precision}, rank 16, batch 1, checkpointed, on "
        f"{torch.cuda.get_device_name() if device == 'cuda' else device}; bus {bus:.1f} GB/s."
    ]
    found: dict[str, Any] = {"rows": [asdict(row) for row in rows], "bus": bus}
    if device == "cuda":
        factor, extra = calibrated(rows)
        notes.append(f"For planning: FACTOR = {factor:.2f}, EXTRA_GIB = {extra:.2f}.")
        found |= {"factor": factor, "extra_gib": extra}
    return Table(
        "streamed blocks",
        (
            "resolution",
            "streamed",
            "s a step",
            "of unstreamed",
            "GB copied a step",
            "hidden",
            "waited a step",
            "allocated GiB",
            "reserved",
            "with context",
            "simulated",
        ),
        cells,
        notes,
        found,
    )


# --- the command -----------------------------------------------------------------------------------

CHILDREN: dict[str, Callable[..., dict[str, Any]]] = {
    "build": build,
    "ours": train_ours,
    "theirs": train_theirs,
    "whole": train_to_the_end,
    "look": paint_one_look,
}
PARTS = ("step", "kills", "preview", "streaming")


def main(words: Sequence[str]) -> int:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=["step"])
    parser.add_argument("--family", nargs="*", choices=list(smallmodels.NETS), default=["flux-dev", "sd15"])
    parser.add_argument("--steps", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=3, help="of step: how often each way is measured")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--pictures", type=int, default=16)
    parser.add_argument("--side", type=int, default=256, help="pixels")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--checkpointing", action="store_true", help="gradient checkpointing for both")
    parser.add_argument("--size", choices=smallmodels.SIZES, default="small")
    parser.add_argument("--device", default="cuda", help="of streaming")
    parser.add_argument(
        "--precision", default="bfloat16", choices=("bfloat16", "int8", "fp8", "nf4"), help="of streaming"
    )
    parser.add_argument("--resolutions", type=int, nargs="*", default=(512, 1024), help="of streaming")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(words)
    tables: list[Table] = []
    for part in given.parts or ["step"]:
        for family in ["flux-dev"] if part == "streaming" else given.family:
            with tempfile.TemporaryDirectory() as scratch:
                task = Task(family, given.size, given.steps, given.pictures, given.side, given.batch, checkpointing=given.checkpointing,
                            folder=scratch)  # fmt: skip
                if part == "step":
                    tables.append(step(task, given.rounds))
                elif part == "kills":
                    tables.append(kills(replace(task, save_every=2), given.kills))
                elif part == "preview":
                    tables.append(preview(task))
                elif table := streaming(task, given.device, given.precision, given.resolutions):
                    tables.append(table)
    if given.json:
        print(json.dumps([{"title": one.title, **one.found} for one in tables], indent=1))
    elif tables:
        print("\n\n".join(map(str, tables)))
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], json.loads(sys.argv[3]))
    else:
        sys.exit(main(sys.argv[1:]))
