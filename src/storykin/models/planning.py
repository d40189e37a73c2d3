"""Models: what fits on a card, decided from a table of simulated steps before any weights are touched.

The table (`table.json`) is made by `simulating.py`; here nothing heavy is imported, so that planning is instant and works without PyTorch.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

from storykin.errors import BadFile, BadInput
from storykin.families import Precision, family_named
from storykin.files import read_text
from storykin.models.loading import SIZES
from storykin.recipe import PHOTOS, Recipe

TABLE = Path(__file__).with_name("table.json")
"""The kept results of the simulation: steps."""

MEMINFO = Path("/proc/meminfo")
PHASES = Path(__file__).with_name("phases.json")
"""What else was simulated: encoding pictures, and painting previews."""

FACTOR, EXTRA_GIB = 1.15, 1.5
"""From the simulated peak to what a card needs: fragmentation, and the CUDA context with its libraries' workspaces. Assumed, from published
figures of other trainers; to be calibrated on a card."""

BUS = 25e9  # bytes a second: PCIe 4.0 x16 in practice
UTILISATION = (
    0.3  # of a card's arithmetic: 67 TFLOP a step and 1.4 s on an RTX 4090 (FLUX at 512, published) are 29 %
)
HIDDEN = 0.8  # streaming is called hidden when the bus is busy for no more than this share of the computing
FORWARDS = (
    4  # a step is a forward pass, the same again for the gradient, and a backward pass of twice the work
)
STARTUP_MINUTES = 4.0  # loading, encoding the photos and captions; assumed
PRECISIONS: tuple[Precision, ...] = ("bfloat16", "int8", "fp8", "nf4")  # from the most exact
STEP_BYTES = (
    16  # of an adapter's parameter in a simulated step: weight, gradient and AdamW's two moments in float32
)
MOMENTS = {
    "adamw": 8.0,
    "adamw8bit": 2.03,
    "prodigy": 16.0,
}  # bytes a parameter; 8 bits with a scale for 256 numbers
ENCODERS: dict[str, tuple[tuple[float, bool], ...]] = {
    "sd15": ((123e6, False),),
    "sdxl": ((123e6, False), (695e6, False)),
    "flux-dev": ((123e6, False), (4.76e9, True)),
    "flux2-klein": ((0.39e9, False), (2.83e9, True)),
    "flux-schnell": ((123e6, False), (4.76e9, True)),
    "flux-kontext": ((123e6, False), (4.76e9, True)),
    "qwen-image-edit": ((1.23e9, False), (7.06e9, True)),
    "z-image": ((0.39e9, False), (3.63e9, True)),
}
"""Parameters of the text encoders, and whether they are packed on smaller cards: CLIP-L, OpenCLIP bigG, T5-XXL's encoder; of Qwen3-4B its
table of words and the layers that are read, 28 or 36; of Qwen2.5-VL-7B its two tables of words with what cannot be packed of the part that sees."""
ROOMY, TINY = (
    14.0,
    7.0,
)  # GiB of cards from which on encoders are whole, and up to which their blocks are streamed: `learners/flux.py`
STREAMED_ENCODER_GIB = 0.65  # two blocks of T5 in 8 bits, and CLIP
READING_GIB = 0.2  # what encoders compute with one caption; assumed
PREVIEWS = {"sd15": 512, "sdxl": 768, "flux-dev": 768, "flux2-klein": 768}  # pixels of a side
PREVIEW_SIDES = (768, 512, 384, 256)
LATENTS = {"sd15": 4, "sdxl": 4, "flux-dev": 16, "flux2-klein": 32}  # channels of 8 x 8 pixels
WORDS = {
    "sd15": 77 * 768 * 2,
    "sdxl": (77 * 2048 + 1280) * 2,
    "flux-dev": (512 * 4096 + 768) * 2,
    "flux2-klein": 512 * 7680 * 2,
}  # bytes of an encoded caption
PNG_BYTES = 1.6  # a pixel of a painted picture; photographs compress to half
LOOKED_AT = 7  # previews of one look
RAM_GIB = 28.0  # what may be used where nobody says: a machine with 32
KEPT = 2 + 1  # checkpoints that lie on the disk while another is written: `checkpoint.KEPT`


@dataclass(frozen=True)
class Row:
    """One simulated step, batch 1: gibibytes on the card at most and in main memory, arithmetic, and bytes over the bus to the card.

    `base_precision` is that of the base's weights, `checkpointing` what happens to what comes into blocks: "parked" in main memory, "kept" on the card, "none" without.
    `resident_gib` lies on the card between two steps, `adapter_parameters` are learned.
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
    resident_gib: float
    adapter_parameters: int

    @property
    def of(self) -> tuple[str, int, str, int, int]:
        """What was simulated: family, resolution, precision, streamed blocks, rank."""
        return self.family, self.resolution, self.base_precision, self.streamed_blocks, self.rank

    @property
    def need_gib(self) -> float:
        """What a card must have for it."""
        return need_of(self.peak_gib)


@dataclass(frozen=True)
class Phase:
    """Another part of a training, simulated: what it takes at most beyond `Row.resident_gib` ("pictures", which comes first: beyond nothing).

    "pictures" encodes one photo of side x side pixels in float32; "denoising" is one pass through the net for a preview, with what the
    family's learner keeps beside it; "decoding" makes a picture of the latents. `base_precision` is "" where it makes no difference.
    """

    name: Literal["pictures", "denoising", "decoding"]
    family: str
    side: int
    base_precision: Precision | Literal[""]
    gib: float


def need_of(gib: float) -> float:
    """What a card must have for a simulated peak."""
    return round(gib * FACTOR + EXTRA_GIB, 2)


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

    `phases` are what each part of the training takes at most; `peak_gib` is the largest of them and `need_gib` what a card must have for it.
    `bus_share` is the time the bus needs as a share of the computing: up to 1 it hides behind it. `preview_side` is in pixels.
    `rows` are what it was planned from, where that was not the table.
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
    phases: tuple[tuple[str, float], ...] = ()
    preview_side: int = 512
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Fit:
    """How a base is loaded for painting on a machine: sizes in GiB, `why` in sentences.

    The net lies there in `precision` with so many blocks waiting in main memory, the large text encoder before it in `encoder_precision`, its
    blocks waiting when it is `streamed_encoder`. `tiled`: the VAE makes the picture piece by piece. `peak_gib` is simulated, `need_gib`
    what a card must have for it; both 0 without a card.
    """

    precision: Precision = "float32"
    streamed_blocks: int = 0
    encoder_precision: Precision = "float32"
    streamed_encoder: bool = False
    tiled: bool = False
    peak_gib: float = 0.0
    need_gib: float = 0.0
    why: tuple[str, ...] = ()


@cache
def table() -> tuple[Row, ...]:
    """The simulated steps kept in the package, in order."""
    return rows_of(TABLE)


@cache
def phases() -> tuple[Phase, ...]:
    """The other simulated parts of a training kept in the package."""
    return phases_of(PHASES)


def phases_of(path: Path) -> tuple[Phase, ...]:
    """The entries of such a file; none when it is not there yet. Raises `BadFile` for a damaged one."""
    if not path.exists():
        return ()
    try:
        return tuple(Phase(**one) for one in json.loads(read_text(path)))
    except (TypeError, ValueError) as error:
        raise BadFile(
            f"{path}: not a table of simulated phases: {error}",
            "make it again: python -m storykin.training.simulating --fill",
        ) from error


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


def ram_here() -> float | None:
    """Main memory that is free now in GiB (where only the whole is known: all of it); None where nobody says."""
    try:
        for line in MEMINFO.read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return round(int(line.split()[1]) / 2**20, 2)
    except (OSError, ValueError, IndexError):
        pass
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 2)
    except (AttributeError, OSError, ValueError):  # Windows has no sysconf
        return None


def row_for(recipe: Recipe, resolution: int | None = None, rows: Sequence[Row] = ()) -> Row | None:
    """The simulated step nearest above: the recipe's largest bucket (or `resolution`), its rank and optimiser, streamed blocks between two rows in proportion.

    `rows` are looked at instead of the table, where there are some. None: unknown.
    """
    side = resolution or max(recipe.resolutions)
    same = [
        row
        for row in rows or table()
        if row.family == recipe.family and row.base_precision == recipe.precision
    ]
    sides = sorted({row.resolution for row in same if row.resolution >= side})
    found = sorted(
        (row for row in same if sides and row.resolution == sides[0]), key=lambda row: row.streamed_blocks
    )
    below = [row for row in found if row.streamed_blocks <= recipe.streamed_blocks]
    above = [row for row in found if row.streamed_blocks >= recipe.streamed_blocks]
    if not below or not above:
        return None
    low, high = below[-1], above[0]
    far = high.streamed_blocks - low.streamed_blocks
    part = (recipe.streamed_blocks - low.streamed_blocks) / far if far else 0.0
    learned = low.adapter_parameters * recipe.rank / low.rank
    more = (learned * _adapter_bytes(recipe) - low.adapter_parameters * STEP_BYTES) / 2**30
    gradients = (learned - low.adapter_parameters) * 4 / 2**30
    return replace(
        low,
        streamed_blocks=recipe.streamed_blocks,
        rank=recipe.rank,
        peak_gib=round(low.peak_gib + part * (high.peak_gib - low.peak_gib) + more, 2),
        ram_gib=round(low.ram_gib + part * (high.ram_gib - low.ram_gib), 2),
        bytes_per_step=round(low.bytes_per_step + part * (high.bytes_per_step - low.bytes_per_step)),
        resident_gib=round(
            low.resident_gib + part * (high.resident_gib - low.resident_gib) + more - gradients, 2
        ),
        adapter_parameters=round(learned),
    )


def _adapter_bytes(recipe: Recipe) -> float:
    """What a parameter of the adapter takes on the card: weight, gradient, the optimiser's moments, the running mean."""
    return 4 + 4 + MOMENTS[recipe.optimiser] + (4 if recipe.ema else 0)


def preview_side(recipe: Recipe) -> int:
    """The side of previews in pixels where the card has room: 512 for SD 1.5 and for FLUX that learns at 512, else 768."""
    usual = PREVIEWS.get(recipe.family, 512)
    flux = family_named(recipe.family).objective == "flow"
    return 512 if flux and max(recipe.resolutions) <= 512 else usual


def phases_for(recipe: Recipe, row: Row, card: Card, side: int) -> tuple[tuple[str, float], ...]:
    """What each part of a training takes on the card at most, in the order in which they come; previews are of `side` pixels."""
    found = [("captions", captions_gib(recipe.family, card.vram_gib))]
    if (pictures := _beyond("pictures", recipe, max(recipe.resolutions))) is not None:
        found.append(("pictures", pictures))
    found.append(("step", row.peak_gib))
    for name in ("denoising", "decoding"):
        if (more := _beyond(name, recipe, side)) is not None:
            found.append((name, round(row.resident_gib + more, 2)))
    return tuple(found)


def captions_gib(family: str, vram_gib: float) -> float:
    """What the text encoders take on a card of that size."""
    if vram_gib < TINY and any(packs for _, packs in ENCODERS[family]):
        return round(STREAMED_ENCODER_GIB + READING_GIB, 2)
    parameters = ENCODERS[family]
    size = sum(count * (1 if packs and vram_gib < ROOMY else 2) for count, packs in parameters)
    return round(size / 2**30 + READING_GIB, 2)


def _beyond(name: str, recipe: Recipe, side: int) -> float | None:
    """A phase's memory at the side nearest above; beyond the largest, in proportion to the area."""
    same = sorted(
        (
            one
            for one in phases()
            if (one.name, one.family) == (name, recipe.family)
            and one.base_precision in ("", recipe.precision)
        ),
        key=lambda one: one.side,
    )
    if not same:
        return None
    above = [one for one in same if one.side >= side]
    return above[0].gib if above else round(same[-1].gib * (side / same[-1].side) ** 2, 2)


def plan(
    recipe: Recipe,
    vram_gib: float | None,
    ram_gib: float | None = None,
    disk_gib: float | None = None,
    *,
    card: str = "",
    fixed: frozenset[str] = frozenset(),
    downloaded: bool = False,
    rows: Sequence[Row] = (),
    photos: int = PHOTOS,
) -> Plan:
    """Complete a recipe for a card: precision of the base, streamed blocks, buckets, optimiser, size of previews.

    The largest buckets that fit win, then the most exact base whose streaming hides behind the computing, then as few streamed blocks as
    possible. `fixed` names fields of the recipe that the user has set: they stay. `ram_gib` and `disk_gib` are what is free; without, 28 GiB of main memory are assumed and the disk is not looked at.
    `rows` are simulated steps of a base that is not as its family usually is, taken instead of the table; of its other phases nothing is known.
    Raises `BadInput` with advice when nothing fits.
    """
    chosen = card_named(card, vram_gib)
    rows = tuple(rows)
    recipe, why = _one_by_one(recipe)
    if "optimiser" not in fixed and recipe.optimiser == "adamw":
        recipe = replace(recipe, optimiser="adamw8bit")
        why.append("AdamW keeps its moments in 8 bits.")
    found = _search(recipe, chosen, ram_gib, fixed, rows)
    if found is None:
        raise _nothing_fits(recipe, chosen, ram_gib, fixed, rows)
    best, row = found
    side, parts = _parts(best, row, chosen, rows)
    peak = max(gib for _, gib in parts)
    why = [*_reasons(recipe, best, row, chosen, ram_gib, rows), *_previews(best, side, parts), *why]
    need = disk_of(best, downloaded, photos, rows)
    if disk_gib is not None and need > disk_gib:
        raise BadInput(
            f"the disk has {disk_gib:.1f} GiB free, training {best.family} needs {need:.1f}",
            "free some, or keep models on another disk (HF_HOME)",
        )
    seconds = _mean_seconds(best, row, chosen, rows)
    looks = best.steps / best.look_every + 1 if best.look_every else 1
    looking = looks * _look_seconds(best, row, side, chosen, rows)
    minutes = (best.steps * best.accumulate * seconds + looking) / 60 + STARTUP_MINUTES
    return Plan(
        recipe=best,
        card=chosen,
        peak_gib=peak,
        need_gib=need_of(peak),
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
        phases=parts,
        preview_side=side,
        rows=rows,
    )


def disk_of(
    recipe: Recipe, downloaded: bool = False, photos: int = PHOTOS, rows: Sequence[Row] = ()
) -> float:
    """GiB on the disk: checkpoints with optimiser and running mean, an adapter and previews of every look, caches, pictures of anybody, and the base unless it is there already."""
    learned = next(
        (
            row.adapter_parameters * recipe.rank / row.rank
            for row in rows or table()
            if row.family == recipe.family
        ),
        0.0,
    )
    looks = recipe.steps // recipe.look_every + 1 if recipe.look_every else 1  # the first is that of the base
    checkpoints = KEPT * learned * (_adapter_bytes(recipe) - 4)  # gradients are not kept
    adapters = looks * learned * 4 + learned * 2  # of looks in float32, the chosen one in half precision
    previews = looks * LOOKED_AT * preview_side(recipe) ** 2 * PNG_BYTES
    anybody = recipe.prior_pictures if recipe.prior_weight else 0
    painted = anybody * max(recipe.resolutions) ** 2 * PNG_BYTES
    latents = sum(side**2 // 64 * LATENTS[recipe.family] * 4 for side in recipe.resolutions)
    captions = photos + anybody + LOOKED_AT + 1  # and the empty one
    cached = (photos + anybody) * latents + captions * WORDS[recipe.family]
    own = (checkpoints + adapters + previews + painted + cached) / 2**30
    return round(own + (0.0 if downloaded else SIZES.get(recipe.family, 10.0)), 1)


def ladder(plan: Plan) -> tuple[Recipe, ...]:
    """What to try when memory runs out all the same, one rung down each: stream more blocks, then leave out the largest bucket, then pack the base tighter."""
    rungs: list[Recipe] = []
    recipe = plan.recipe
    while (lower := _rung_below(recipe, plan.rows)) is not None:
        rungs.append(lower)
        recipe = lower
    return tuple(rungs)


def _rung_below(recipe: Recipe, rows: Sequence[Row]) -> Recipe | None:
    here = row_for(recipe, rows=rows)
    more = next((count for count in _counts(recipe, rows) if count > recipe.streamed_blocks), None)
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
        row = row_for(one, rows=rows)
        if row is not None and (here is None or row.peak_gib < here.peak_gib):
            return one
    return None


def _tighter(precision: Precision) -> tuple[Precision, ...]:
    return PRECISIONS[PRECISIONS.index(precision) + 1 :] if precision in PRECISIONS else PRECISIONS


def _counts(recipe: Recipe, rows: Sequence[Row]) -> list[int]:
    """The numbers of streamed blocks that were simulated for it."""
    side = max(recipe.resolutions)
    return sorted(
        {
            row.streamed_blocks
            for row in rows or table()
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
    recipe: Recipe, card: Card, ram_gib: float | None, fixed: frozenset[str], rows: Sequence[Row]
) -> tuple[Recipe, Row] | None:
    precisions = (
        (recipe.precision,) if "precision" in fixed else tuple(one for one in PRECISIONS if one != "fp8")
    )
    for sides in _buckets(recipe, fixed):
        late: list[tuple[float, Recipe, Row]] = []
        for precision in precisions:
            other = replace(recipe, resolutions=sides, precision=precision)
            counts = [recipe.streamed_blocks] if "streamed_blocks" in fixed else _counts(other, rows)
            for count in counts:
                one = replace(other, streamed_blocks=count)
                row = row_for(one, rows=rows)
                if (
                    row is None
                    or need_of(_largest(_parts(one, row, card, rows)[1])) > card.vram_gib
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


def _parts(
    recipe: Recipe, row: Row, card: Card, rows: Sequence[Row]
) -> tuple[int, tuple[tuple[str, float], ...]]:
    """The largest previews that need no more than the card has, and all phases with them."""
    usual = preview_side(recipe)
    if rows:  # the other phases are known of the family's usual base only
        return usual, (("step", row.peak_gib),)
    for side in (usual, *(one for one in PREVIEW_SIDES if one < usual)):
        found = phases_for(recipe, row, card, side)
        if need_of(_largest(found)) <= card.vram_gib:
            break
    return side, found


def _largest(parts: tuple[tuple[str, float], ...]) -> float:
    return max(gib for _, gib in parts)


def _previews(recipe: Recipe, side: int, parts: tuple[tuple[str, float], ...]) -> list[str]:
    """What is said of the phases beside the step."""
    name, gib = max(parts, key=lambda part: part[1])
    told = {
        "captions": "reading the captions",
        "pictures": "encoding the photos",
        "denoising": "painting previews",
        "decoding": "painting previews",
    }
    need = f"{gib:.1f} GiB, with context and fragmentation {need_of(gib):.1f}"
    why = [f"Most of all is taken by {told[name]}: {need}."] if name in told else []
    if side < preview_side(recipe):
        why.append(f"Previews have {side} pixels a side, since larger ones would not fit.")
    return why


def _mean_seconds(recipe: Recipe, row: Row, card: Card, rows: Sequence[Row]) -> float:
    """Buckets take turns, so a step takes their mean."""
    found = [row_for(recipe, side, rows) or row for side in recipe.resolutions]
    return sum(card.seconds(one) for one in found) / len(found)


def _look_seconds(recipe: Recipe, row: Row, side: int, card: Card, rows: Sequence[Row]) -> float:
    """The previews of one look; who is not fed guidance computes every picture a second time, without its prompt."""
    passes = LOOKED_AT * recipe.preview_steps * (1 if recipe.guidance is not None else 2)
    return passes * card.seconds(row_for(recipe, side, rows) or row) / FORWARDS


def _one_by_one(recipe: Recipe) -> tuple[Recipe, list[str]]:
    if recipe.batch == 1:
        return recipe, []
    one = replace(recipe, batch=1, accumulate=recipe.accumulate * recipe.batch)
    return one, [
        f"{recipe.batch} pictures of a step are computed one after the other: the gradient is the same, the memory that of one."
    ]


def _reasons(
    asked: Recipe, best: Recipe, row: Row, card: Card, ram_gib: float | None, rows: Sequence[Row]
) -> list[str]:
    plain = replace(best, precision="bfloat16", streamed_blocks=0, resolutions=asked.resolutions)
    whole = row_for(plain, rows=rows)
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


def _nothing_fits(
    recipe: Recipe, card: Card, ram_gib: float | None, fixed: frozenset[str], rows: Sequence[Row]
) -> BadInput:
    """Say what is lacking, and what would help."""
    known = [row for row in rows or table() if row.family == recipe.family]
    if "precision" in fixed:
        known = [row for row in known if row.base_precision == recipe.precision]
    if not known:
        families = ", ".join(sorted({row.family for row in table()})) or "none"
        return BadInput(
            f"no simulated step of {recipe.family} in {recipe.precision} is known (known: {families})",
            "simulate it: storykin plan --simulate",
        )
    fitting = [row for row in known if _need(row, card, rows) <= card.vram_gib]
    if fitting and ram_gib is not None:
        least = min(row.ram_gib for row in fitting)
        if least > ram_gib:
            return BadInput(
                f"{recipe.family} needs {least:.1f} GiB of main memory, {ram_gib:.1f} are free",
                "close other programs, or choose a smaller family, e.g. --base sd15",
            )
    smallest = min(known, key=lambda row: _need(row, card, rows))
    need = _need(smallest, card, rows)
    others = sorted({row.family for row in table() if _need(row, card, ()) <= card.vram_gib})
    set_by_hand = f"; {', '.join(sorted(fixed))} is set by hand" if fixed else ""
    advice = f"this card can train: {', '.join(others)}" if others else "the sketch painter needs no card"
    if need <= card.vram_gib:
        advice = f"{smallest.base_precision} at {smallest.resolution} with {smallest.streamed_blocks} streamed blocks needs {need:.1f} GiB"
    return BadInput(
        f"{recipe.family} does not fit on {card.vram_gib:g} GiB: the least it needs is {need:.1f}{set_by_hand}",
        advice,
    )


def _need(row: Row, card: Card, rows: Sequence[Row]) -> float:
    """What a card of that size must have for a training with that step."""
    if rows:
        return row.need_gib
    usual = Recipe.of(family_named(row.family))
    recipe = replace(
        usual,
        rank=row.rank,
        resolutions=(row.resolution,),
        precision=row.base_precision,
        streamed_blocks=row.streamed_blocks,
    )
    return need_of(_largest(_parts(recipe, row, card, rows)[1]))
