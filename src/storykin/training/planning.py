"""Training: what fits on a card, decided from a table of simulated steps before any weights are touched.

The table (`table.json`) is made by `simulating.py`; here nothing heavy is imported, so that planning is instant and works without PyTorch.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from storykin.errors import BadFile, BadInput
from storykin.families import family_named
from storykin.files import read_text
from storykin.recipe import Precision, Recipe

TABLE = Path(__file__).with_name("table.json")
"""The kept results of the simulation."""

FACTOR, EXTRA_GIB = 1.15, 1.5
"""From the simulated peak to what a card needs: fragmentation, and the CUDA context with its libraries' workspaces. Assumed, from published
figures of other trainers; to be calibrated on a card."""

BUS = 25e9  # bytes a second: PCIe 4.0 x16 in practice
UTILISATION = (
    0.3  # of a card's arithmetic: 67 TFLOP a step and 1.4 s on an RTX 4090 (FLUX at 512, published) are 29 %
)
HIDDEN = 0.8  # streaming is called hidden when the bus is busy for no more than this share of the computing
PREVIEW_STEPS = 20  # what one look at previews costs, in training steps; assumed
STARTUP_MINUTES = 4.0  # loading, encoding the photos and captions; assumed
PRECISIONS: tuple[Precision, ...] = ("bfloat16", "int8", "fp8", "nf4")  # from the most exact
ADAPTER = {
    "sd15": 3.19e6,
    "sdxl": 23.2e6,
    "flux-dev": 65.37e6,
    "flux2-klein": 24.08e6,
}  # adapter parameters at rank 16, as simulated
ADAPTER_BYTES = 16  # each: weight, gradient and two moments in float32
DOWNLOAD_GIB = {
    "sd15": 4.0,
    "sdxl": 7.0,
    "flux-dev": 34.0,
    "flux2-klein": 15.0,
}  # whole pipelines, bf16 (SD 1.5 float32)
RAM_GIB = 28.0  # what may be used where nobody says: a machine with 32
KEPT = 6  # checkpoints that lie on the disk at once, the best among them


@dataclass(frozen=True)
class Row:
    """One simulated step, batch 1: gibibytes on the card at most and in main memory, arithmetic, and bytes over the bus to the card.

    `base_precision` is that of the base's weights, `checkpointing` what happens to what comes into blocks: "parked" in main memory, "kept" on the card, "none" without.
    """

    family: str
    resolution: int
    base_precision: Precision
    streamed_blocks: int
    rank: int
    peak_gib: float
    ram_gib: float
    tflop_per_step: float
    bytes_per_step: int
    checkpointing: str

    @property
    def of(self) -> tuple[str, int, str, int, int]:
        """What was simulated: family, resolution, precision, streamed blocks, rank."""
        return self.family, self.resolution, self.base_precision, self.streamed_blocks, self.rank

    @property
    def need_gib(self) -> float:
        """What a card must have for it."""
        return round(self.peak_gib * FACTOR + EXTRA_GIB, 2)


@dataclass(frozen=True)
class Card:
    """A graphics card: memory, and dense bfloat16 arithmetic with float32 sums, in TFLOP a second (NVIDIA's data sheets)."""

    name: str
    vram_gib: float
    tflops: float

    def seconds(self, row: Row) -> float:
        """One step: the computing, or the bus where that takes longer."""
        return max(self.computing(row), row.bytes_per_step / BUS)

    def computing(self, row: Row) -> float:
        """Seconds of arithmetic in one step at the assumed utilisation."""
        return row.tflop_per_step / (self.tflops * UTILISATION)


CARDS = (
    Card("RTX 5090", 32, 209.5), Card("RTX 4090", 24, 165.2), Card("RTX 3090", 24, 71.2), Card("RTX 4080", 16, 97.5), Card("RTX 4060 Ti", 16, 44.1),
    Card("RTX 4070", 12, 58.3), Card("RTX 3060", 12, 25.5), Card("RTX 4060", 8, 30.2), Card("RTX 2060", 6, 25.8),
)  # fmt: skip
"""Cards whose speed is known; the first of a size stands for it."""


@dataclass(frozen=True)
class Plan:
    """How a training will run on a card. Sizes in GiB; `minutes` from the assumed utilisation; `why` says in sentences how it came about.

    `bus_share` is the time the bus needs as a share of the computing: up to 1 it hides behind it.
    """

    recipe: Recipe
    card: Card
    peak_gib: float
    need_gib: float
    ram_gib: float
    disk_gib: float
    tflop_per_step: float
    seconds_per_step: float
    bus_share: float
    minutes: float
    why: tuple[str, ...]


@cache
def table() -> tuple[Row, ...]:
    """The simulated steps kept in the package, in order."""
    return rows_of(TABLE)


def rows_of(path: Path) -> tuple[Row, ...]:
    """The rows of a table's file; none when it is not there yet. Raises `BadFile` for a damaged one."""
    if not path.exists():
        return ()
    try:
        return tuple(Row(**row) for row in json.loads(read_text(path)))
    except (TypeError, ValueError) as error:
        raise BadFile(
            f"{path}: not a table of simulated steps: {error}",
            "make it again: python -m storykin.training.simulating --fill",
        ) from error


def card_named(name: str = "", vram_gib: float | None = None) -> Card:
    """The card of that name, or one as large as `vram_gib` (its speed that of a common card no larger). Raises `BadInput`."""
    if name:
        for card in CARDS:
            if card.name.lower().replace(" ", "") in (
                name.lower().replace(" ", ""),
                f"rtx{name.lower().replace(' ', '')}",
            ):
                return card if vram_gib is None else replace(card, vram_gib=vram_gib)
        raise BadInput(
            f"there is no card {name!r} in the table",
            f"choose from: {', '.join(card.name for card in CARDS)}, or say --vram",
        )
    if vram_gib is None:
        raise BadInput("no graphics card was found", "say for which to plan, e.g. --vram 16")
    if vram_gib <= 0:
        raise BadInput(f"a card with {vram_gib:g} GiB cannot be", "give its memory in GiB, e.g. --vram 16")
    like = next((card for card in CARDS if card.vram_gib <= vram_gib * 1.1), CARDS[-1])  # 15.6 free of 16
    return replace(like, vram_gib=vram_gib)


def vram_here() -> float | None:
    """Free memory of the first graphics card in GiB, or None without one. Asks `nvidia-smi`, then PyTorch where it is already loaded."""
    if shutil.which("nvidia-smi"):
        asked = ["nvidia-smi", "--query-gpu=memory.free", "--format=csv,noheader,nounits"]
        try:
            lines = subprocess.run(
                asked, capture_output=True, text=True, timeout=10, check=True
            ).stdout.split()
            return round(float(lines[0]) / 1024, 2)
        except (OSError, subprocess.SubprocessError, ValueError, IndexError):
            pass
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        return round(float(torch.cuda.mem_get_info()[0]) / 2**30, 2)
    return None


def row_for(recipe: Recipe, resolution: int | None = None) -> Row | None:
    """The simulated step nearest above: the recipe's largest bucket (or `resolution`), its rank, streamed blocks between two rows in proportion. None: unknown."""
    side = resolution or max(recipe.resolutions)
    same = [row for row in table() if row.family == recipe.family and row.base_precision == recipe.precision]
    sides = sorted({row.resolution for row in same if row.resolution >= side})
    rows = sorted(
        (row for row in same if sides and row.resolution == sides[0]), key=lambda row: row.streamed_blocks
    )
    below = [row for row in rows if row.streamed_blocks <= recipe.streamed_blocks]
    above = [row for row in rows if row.streamed_blocks >= recipe.streamed_blocks]
    if not below or not above:
        return None
    low, high = below[-1], above[0]
    far = high.streamed_blocks - low.streamed_blocks
    part = (recipe.streamed_blocks - low.streamed_blocks) / far if far else 0.0
    more = (recipe.rank / low.rank - 1) * ADAPTER.get(recipe.family, 0.0) * ADAPTER_BYTES / 2**30
    return replace(
        low,
        streamed_blocks=recipe.streamed_blocks,
        rank=recipe.rank,
        peak_gib=round(low.peak_gib + part * (high.peak_gib - low.peak_gib) + more, 2),
        ram_gib=round(low.ram_gib + part * (high.ram_gib - low.ram_gib), 2),
        bytes_per_step=round(low.bytes_per_step + part * (high.bytes_per_step - low.bytes_per_step)),
    )


def plan(
    recipe: Recipe,
    vram_gib: float | None,
    ram_gib: float | None = None,
    disk_gib: float | None = None,
    *,
    card: str = "",
    fixed: frozenset[str] = frozenset(),
    downloaded: bool = False,
) -> Plan:
    """Complete a recipe for a card: precision of the base, streamed blocks, buckets, optimiser.

    The largest buckets that fit win, then the most exact base whose streaming hides behind the computing, then as few streamed blocks as
    possible. `fixed` names fields of the recipe that the user has set: they stay. `ram_gib` and `disk_gib` are what is free; without, 28 GiB of main memory are assumed and the disk is not looked at.
    Raises `BadInput` with advice when nothing fits.
    """
    chosen = card_named(card, vram_gib)
    recipe, why = _one_by_one(recipe)
    found = _search(recipe, chosen, ram_gib, fixed)
    if found is None:
        raise _nothing_fits(recipe, chosen, ram_gib, fixed)
    best, row = found
    if "optimiser" not in fixed and best.optimiser == "adamw":
        best = replace(best, optimiser="adamw8bit")
        why.append("AdamW keeps its moments in 8 bits.")
    why = [*_reasons(recipe, best, row, chosen, ram_gib), *why]
    need = disk_of(best, downloaded)
    if disk_gib is not None and need > disk_gib:
        raise BadInput(
            f"the disk has {disk_gib:.1f} GiB free, training {best.family} needs {need:.1f}",
            "free some, or keep models on another disk (HF_HOME)",
        )
    seconds = _mean_seconds(best, row, chosen)
    looks = best.steps / best.look_every * PREVIEW_STEPS
    minutes = (best.steps * best.accumulate + looks) * seconds / 60 + STARTUP_MINUTES
    return Plan(
        recipe=best,
        card=chosen,
        peak_gib=row.peak_gib,
        need_gib=row.need_gib,
        ram_gib=row.ram_gib,
        disk_gib=need,
        tflop_per_step=row.tflop_per_step,
        seconds_per_step=round(seconds, 2),
        bus_share=round(row.bytes_per_step / BUS / chosen.computing(row), 2),
        minutes=round(minutes),
        why=(
            *why,
            f"Times assume that {chosen.name} does {UTILISATION:.0%} of its {chosen.tflops:g} TFLOP a second.",
        ),
    )


def disk_of(recipe: Recipe, downloaded: bool = False) -> float:
    """GiB on the disk: checkpoints with optimiser and running mean, adapters, caches, and the base unless it is there already."""
    parameters = ADAPTER.get(recipe.family, 50e6) * recipe.rank / 16
    own = KEPT * parameters * 18 / 2**30 + 0.5
    return round(own + (0.0 if downloaded else DOWNLOAD_GIB.get(recipe.family, 10.0)), 1)


def ladder(plan: Plan) -> tuple[Recipe, ...]:
    """What to try when memory runs out all the same, one rung down each: stream more blocks, then leave out the largest bucket, then pack the base tighter."""
    rungs: list[Recipe] = []
    recipe = plan.recipe
    while (lower := _rung_below(recipe)) is not None:
        rungs.append(lower)
        recipe = lower
    return tuple(rungs)


def _rung_below(recipe: Recipe) -> Recipe | None:
    here = row_for(recipe)
    more = next((count for count in _counts(recipe) if count > recipe.streamed_blocks), None)
    tried = [] if more is None else [replace(recipe, streamed_blocks=more)]
    if len(recipe.resolutions) > 1:
        tried.append(replace(recipe, resolutions=_without_largest(recipe.resolutions)))
    elif any(side < recipe.resolutions[0] for side in family_named(recipe.family).resolutions):
        smaller = max(
            side for side in family_named(recipe.family).resolutions if side < recipe.resolutions[0]
        )
        tried.append(replace(recipe, resolutions=(smaller,)))
    tried += [replace(recipe, precision=one) for one in _tighter(recipe.precision)]
    for one in tried:
        row = row_for(one)
        if row is not None and (here is None or row.peak_gib < here.peak_gib):
            return one
    return None


def _tighter(precision: Precision) -> tuple[Precision, ...]:
    return PRECISIONS[PRECISIONS.index(precision) + 1 :] if precision in PRECISIONS else PRECISIONS


def _counts(recipe: Recipe) -> list[int]:
    """The numbers of streamed blocks that were simulated for it."""
    side = max(recipe.resolutions)
    return sorted(
        {
            row.streamed_blocks
            for row in table()
            if row.family == recipe.family
            and row.base_precision == recipe.precision
            and row.resolution >= side
        }
    )


def _without_largest(sides: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(side for side in sides if side != max(sides))


def _buckets(recipe: Recipe, fixed: frozenset[str]) -> list[tuple[int, ...]]:
    """The recipe's buckets, then fewer, the largest left out first; at last the family's smallest."""
    chain = [recipe.resolutions]
    if "resolutions" in fixed:
        return chain
    while len(chain[-1]) > 1:
        chain.append(_without_largest(chain[-1]))
    smaller = sorted(
        (side for side in family_named(recipe.family).resolutions if side < chain[-1][0]), reverse=True
    )
    return chain + [(side,) for side in smaller]


def _search(
    recipe: Recipe, card: Card, ram_gib: float | None, fixed: frozenset[str]
) -> tuple[Recipe, Row] | None:
    precisions = (
        (recipe.precision,) if "precision" in fixed else tuple(one for one in PRECISIONS if one != "fp8")
    )
    for sides in _buckets(recipe, fixed):
        late: list[tuple[float, Recipe, Row]] = []
        for precision in precisions:
            other = replace(recipe, resolutions=sides, precision=precision)
            counts = [recipe.streamed_blocks] if "streamed_blocks" in fixed else _counts(other)
            for count in counts:
                one = replace(other, streamed_blocks=count)
                row = row_for(one)
                if (
                    row is None
                    or row.need_gib > card.vram_gib
                    or row.ram_gib > (RAM_GIB if ram_gib is None else ram_gib)
                ):
                    continue
                if row.bytes_per_step / BUS <= HIDDEN * card.computing(row):
                    return one, row
                late.append((card.seconds(row), one, row))
        if late:
            _, one, row = min(late, key=lambda found: found[0])
            return one, row
    return None


def _mean_seconds(recipe: Recipe, row: Row, card: Card) -> float:
    """Buckets take turns, so a step takes their mean."""
    rows = [row_for(recipe, side) or row for side in recipe.resolutions]
    return sum(card.seconds(one) for one in rows) / len(rows)


def _one_by_one(recipe: Recipe) -> tuple[Recipe, list[str]]:
    if recipe.batch == 1:
        return recipe, []
    one = replace(recipe, batch=1, accumulate=recipe.accumulate * recipe.batch)
    return one, [
        f"{recipe.batch} pictures of a step are computed one after the other: the gradient is the same, the memory that of one."
    ]


def _reasons(asked: Recipe, best: Recipe, row: Row, card: Card, ram_gib: float | None) -> list[str]:
    whole = row_for(replace(best, precision="bfloat16", streamed_blocks=0, resolutions=asked.resolutions))
    why = [
        f"The card has {card.vram_gib:g} GiB; the step takes {row.peak_gib:.1f}, with context and fragmentation {row.need_gib:.1f}."
    ]
    if whole is not None and whole.need_gib > card.vram_gib:
        why.append(f"The whole base in bfloat16 would need {whole.need_gib:.1f} GiB.")
    if best.precision != "bfloat16":
        bits = {"nf4": "4", "int8": "8", "fp8": "8"}.get(best.precision, "32")
        why.append(
            f"The base's weights lie in {bits} bits ({best.precision}); the adapter learns in full precision."
        )
    if best.streamed_blocks:
        bus, computing = row.bytes_per_step / BUS, card.computing(row)
        hides = "hides behind" if bus <= computing else "is slower than"
        why.append(
            f"{best.streamed_blocks} blocks wait in main memory: {bus:.1f} s on the bus {hides} {computing:.1f} s of computing a step."
        )
    if best.resolutions != asked.resolutions:
        why.append(
            f"Buckets of {' and '.join(map(str, asked.resolutions))} pixels do not fit; {' and '.join(map(str, best.resolutions))} do."
        )
    if ram_gib is not None:
        why.append(f"Main memory: {row.ram_gib:.1f} of {ram_gib:.1f} GiB.")
    return why


def _nothing_fits(recipe: Recipe, card: Card, ram_gib: float | None, fixed: frozenset[str]) -> BadInput:
    """Say what is lacking, and what would help."""
    rows = [row for row in table() if row.family == recipe.family]
    if "precision" in fixed:
        rows = [row for row in rows if row.base_precision == recipe.precision]
    if not rows:
        known = ", ".join(sorted({row.family for row in table()})) or "none"
        return BadInput(
            f"no simulated step of {recipe.family} in {recipe.precision} is known (known: {known})",
            "simulate it: storykin plan --simulate",
        )
    fitting = [row for row in rows if row.need_gib <= card.vram_gib]
    if fitting and ram_gib is not None:
        least = min(row.ram_gib for row in fitting)
        if least > ram_gib:
            return BadInput(
                f"{recipe.family} needs {least:.1f} GiB of main memory, {ram_gib:.1f} are free",
                "close other programs, or choose a smaller family, e.g. --base sd15",
            )
    smallest = min(rows, key=lambda row: row.need_gib)
    families = sorted({row.family for row in table() if row.need_gib <= card.vram_gib})
    set_by_hand = f"; {', '.join(sorted(fixed))} is set by hand" if fixed else ""
    advice = f"this card can train: {', '.join(families)}" if families else "the sketch painter needs no card"
    if smallest.need_gib <= card.vram_gib:
        advice = f"{smallest.base_precision} at {smallest.resolution} with {smallest.streamed_blocks} streamed blocks needs {smallest.need_gib:.1f} GiB"
    return BadInput(
        f"{recipe.family} does not fit on {card.vram_gib:g} GiB: the least it needs is {smallest.need_gib:.1f}{set_by_hand}",
        advice,
    )
