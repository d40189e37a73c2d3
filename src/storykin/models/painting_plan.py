"""Models: in which precision a base paints on a card, and how much of it waits in main memory, decided from a table of simulated pictures.

The table (`painting.json`) is made by `painting_simulated.py`: `python -m storykin.models.painting_plan --fill`. Here nothing heavy is imported.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from storykin.errors import BadFile, BadInput
from storykin.families import PAINTINGS, Painting, Precision
from storykin.files import read_text, write_text
from storykin.models import planning
from storykin.models.planning import ENCODERS, READING_GIB, ROOMY, TINY, Fit, need_of

TABLE = Path(__file__).with_name("painting.json")
"""The kept results of the simulation."""

SIMULATED: tuple[Precision, ...] = ("bfloat16", "int8", "nf4")  # from the most exact; fp8 lies as int8
REFERENCES = 2  # that were simulated, where a family takes any
TILE = 512  # pixels of a side of the pieces in which a VAE works when a whole picture is too large for it
SIZES = (8, 12, 16, 24)  # GiB of the cards that are told about
STREAMED_GIB = {"qwen-image-edit": 1.8}
"""What a text encoder whose blocks wait in main memory takes, where that is more than `planning.STREAMED_ENCODER_GIB`: Qwen2.5-VL's part that
sees is packed only in half, and its table of next words is read before it is let go."""

SEEING_GIB = {"sd15": 1.18, "sdxl": 1.18, "qwen-image-edit": 0.2}
"""What reading takes more with references: CLIP ViT-H (632 million parameters) for IP-Adapter; what Qwen2.5-VL makes of two pictures."""

PROMPT = 512 * 16**2  # pixels' worth of a prompt: 512 tokens, where one of the picture has 16 x 16


@dataclass(frozen=True)
class Painted:
    """One simulated picture of side x side pixels: gibibytes on the card.

    `resident_gib` lies there all the time: net, one adapter (`adapter_gib`) and VAE; what the phases take at most comes on top: encoding a start
    picture or references, one denoising step, decoding, the VAE's also in tiles. `streamed_blocks` of `blocks` wait in main memory, there
    `waiting_gib`, on the card in slots of `slots_gib`.
    """

    family: str
    side: int
    precision: Precision
    references: int
    streamed_blocks: int
    blocks: int
    resident_gib: float
    adapter_gib: float
    waiting_gib: float
    slots_gib: float
    pictures_gib: float
    pictures_tiled_gib: float
    denoising_gib: float
    decoding_gib: float
    decoding_tiled_gib: float

    @property
    def of(self) -> tuple[str, int, str, int, int]:
        """What was simulated: family, side, precision, references, streamed blocks."""
        return self.family, self.side, self.precision, self.references, self.streamed_blocks

    def peak_gib(self, tiled: bool = False) -> float:
        """The most that lies on the card while it paints; reading the words comes before and is not in it."""
        vae = (
            (self.pictures_tiled_gib, self.decoding_tiled_gib)
            if tiled
            else (self.pictures_gib, self.decoding_gib)
        )
        return round(self.resident_gib + max(self.denoising_gib, *vae), 2)


@dataclass(frozen=True)
class Needed:
    """A line of the table for people: what painting with a family takes in one precision, all blocks on the card or (`streamed`) all waiting.

    `peak_gib` is simulated, `need_gib` what a card must have for it, of which the tiled VAE is part where `tiled` says so; `fits` are cards' sizes in GiB.
    """

    family: str
    side: int
    precision: Precision
    references: int
    streamed: bool
    peak_gib: float
    need_gib: float
    tiled_need_gib: float
    fits: tuple[int, ...]


# the table


@cache
def table() -> tuple[Painted, ...]:
    """The simulated pictures kept in the package, in order."""
    return rows_of(TABLE)


def rows_of(path: Path) -> tuple[Painted, ...]:
    """The rows of a table's file; none when it is not there yet. Raises `BadFile` for a damaged one."""
    if not path.exists():
        return ()
    try:
        return tuple(Painted(**row) for row in json.loads(read_text(path)))
    except (TypeError, ValueError) as error:
        raise BadFile(
            f"{path}: not a table of simulated pictures: {error}",
            "make it again: python -m storykin.models.painting_plan --fill",
        ) from error


def write_rows(path: Path, rows: Iterable[Painted]) -> None:
    """Keep the rows as JSON, one a line, in order."""
    lines = ",\n".join("  " + json.dumps(asdict(one)) for one in sorted(rows, key=lambda row: row.of))
    write_text(path, f"[\n{lines}\n]\n")


def row_for(
    painting: Painting,
    precision: Precision,
    streamed_blocks: int = 0,
    side: int = 0,
    references: int = 0,
    adapters: int = 1,
) -> Painted | None:
    """What a picture takes, from the two simulated ones that it lies between; None: unknown.

    Waiting blocks count in proportion. Weights do not depend on the picture; what is computed with grows with its area and with the
    pictures that the net sees.
    """
    known = {
        (row.references, row.streamed_blocks > 0): row
        for row in table()
        if row.family == painting.name and row.precision == ("int8" if precision == "fp8" else precision)
    }
    if (0, False) not in known or (0, True) not in known:
        return None
    plain, seeing = known[0, False], known.get((REFERENCES, False))
    if references and seeing is not None:
        plain, waits = _between(plain, seeing, references / seeing.references), known[REFERENCES, True]
    else:
        waits = known[0, True]
    row = _scaled(plain, side or plain.side)
    lighter = waits.slots_gib - waits.waiting_gib * streamed_blocks / plain.blocks if streamed_blocks else 0.0
    more = (adapters - 1) * plain.adapter_gib
    return replace(
        row,
        precision=precision,
        references=references,
        streamed_blocks=streamed_blocks,
        resident_gib=round(plain.resident_gib + lighter + more, 3),
        waiting_gib=round(waits.waiting_gib * streamed_blocks / plain.blocks, 3),
        slots_gib=waits.slots_gib if streamed_blocks else 0.0,
    )


def _between(one: Painted, other: Painted, part: float) -> Painted:
    """A picture that lies between two, or beyond the second, in what is computed; what lies there is the second's."""
    names = (
        "pictures_gib",
        "pictures_tiled_gib",
        "denoising_gib",
        "decoding_gib",
        "decoding_tiled_gib",
    )
    mixed: dict[str, Any] = {
        name: round(getattr(one, name) + part * (getattr(other, name) - getattr(one, name)), 3)
        for name in names
    }
    return replace(other, **mixed)


def _scaled(row: Painted, side: int) -> Painted:
    """The same picture in another size; tiles keep theirs, and a prompt's tokens stay as many."""
    if side == row.side:
        return row
    area = (side / row.side) ** 2
    prompt = PROMPT if PAINTINGS[row.family].objective == "flow" else 0
    tokens = (side**2 + prompt) / (row.side**2 + prompt)
    return replace(
        row,
        side=side,
        pictures_gib=round(row.pictures_gib * area, 3),
        pictures_tiled_gib=round(row.pictures_tiled_gib * (area if side < TILE else max(1.0, area)), 3),
        denoising_gib=round(row.denoising_gib * tokens, 3),
        decoding_gib=round(row.decoding_gib * area, 3),
        decoding_tiled_gib=round(row.decoding_tiled_gib * (area if side < TILE else max(1.0, area)), 3),
    )


def tile(vae: Any) -> None:
    """Let one of diffusers' VAEs work in overlapping squares of `TILE` pixels: by itself it takes those it was trained with, for most 1024."""
    if hasattr(vae, "tile_sample_min_size"):
        vae.enable_tiling()
        vae.tile_sample_min_size, vae.tile_latent_min_size = TILE, TILE // 8
    else:  # Qwen-Image's
        vae.enable_tiling(TILE, TILE, TILE * 3 // 4, TILE * 3 // 4)


# reading the words


def reading_gib(
    painting: Painting, precision: Precision, streamed: bool = False, references: int = 0
) -> float:
    """What the text encoders take on the card, the large one in `precision` ("int8" or "bfloat16"), its blocks waiting in main memory or not."""
    encoders = ENCODERS[painting.name]
    seeing = (SEEING_GIB.get(painting.name, 0.0) if references else 0.0) + READING_GIB
    if streamed and _packs(painting):
        return round(STREAMED_GIB.get(painting.name, planning.STREAMED_ENCODER_GIB) + seeing, 2)
    size = sum(count * (1 if packs and precision == "int8" else 2) for count, packs in encoders)
    return round(size / 2**30 + seeing, 2)


def _packs(painting: Painting) -> bool:
    return any(packs for _, packs in ENCODERS[painting.name])


def _reader(painting: Painting, vram_gib: float, references: int) -> tuple[Precision, bool, float]:
    """How the large text encoder is loaded on a card: precision, whether its blocks wait, and what that takes; as learners do it."""
    if not _packs(painting):
        return "bfloat16", False, reading_gib(painting, "bfloat16", False, references)
    whole, packed = (reading_gib(painting, one, False, references) for one in ("bfloat16", "int8"))
    if vram_gib >= ROOMY and need_of(whole) <= vram_gib:
        return "bfloat16", False, whole
    if vram_gib >= TINY and need_of(packed) <= vram_gib:
        return "int8", False, packed
    return "int8", True, reading_gib(painting, "int8", True, references)


# fitting


def fit_painting(
    painting: Painting,
    vram_gib: float | None,
    side: int = 0,
    references: int = 0,
    precision: Precision | None = None,
    adapters: int = 1,
    ram_gib: float | None = None,
) -> Fit:
    """How a base is loaded for pictures of that side (0: its own) on a card with so many GiB free; None is a machine without a card, with `ram_gib` free.

    The most exact precision that fits wins (bfloat16, int8), then int8 with up to half of its blocks in main memory, as few as possible, then
    nf4, then nf4 with blocks in main memory. `precision` forces one, of which as many blocks wait as must. Raises `BadInput` that says what
    card it takes, and what paints on this one.
    """
    side = side or painting.side
    if vram_gib is None:
        return _without_card(painting, precision, ram_gib)
    refuse_unknown(painting, precision)
    found = _first_fit(painting, vram_gib, side, references, precision, adapters)
    if found is None:
        raise _nothing_fits(painting, vram_gib, side, references, precision, adapters)
    row, tiled = found
    reader, streamed, reading = _reader(painting, vram_gib, references)
    peak = max(row.peak_gib(tiled), reading)
    fit = Fit(
        precision=row.precision,
        streamed_blocks=row.streamed_blocks,
        encoder_precision=reader,
        streamed_encoder=streamed,
        tiled=tiled,
        peak_gib=peak,
        need_gib=need_of(peak),
    )
    return replace(fit, why=tuple(_reasons(painting, row, fit, vram_gib)))


def refuse_unknown(painting: Painting, precision: Precision | None) -> None:
    """Raise `BadInput` for a precision in which nothing is painted on cards, and for families that were never simulated."""
    if precision is not None and precision not in (*SIMULATED, "fp8"):
        raise BadInput(
            f"on a graphics card nothing is painted in {precision}",
            f"choose from: {', '.join((*SIMULATED, 'fp8'))}; without a card it is float32",
        )
    if row_for(painting, precision or "nf4") is None:
        raise BadInput(
            f"no simulated picture of {painting.name} is known",
            "simulate it: python -m storykin.models.painting_plan --fill",
        )


def _ways(painting: Painting, precision: Precision | None) -> Iterator[tuple[Precision, int]]:
    """Precisions and numbers of waiting blocks, the best first."""
    blocks = _blocks(painting)
    if precision is not None:
        yield from ((precision, count) for count in range(blocks + 1))
        return
    yield "bfloat16", 0
    yield from (("int8", count) for count in range(blocks // 2 + 1))
    yield from (("nf4", count) for count in range(blocks + 1))


def _first_fit(
    painting: Painting,
    vram_gib: float,
    side: int,
    references: int,
    precision: Precision | None,
    adapters: int,
) -> tuple[Painted, bool] | None:
    if need_of(_reader(painting, vram_gib, references)[2]) > vram_gib:
        return None
    for one, count in _ways(painting, precision):
        row = row_for(painting, one, count, side, references, adapters)
        for tiled in (False, True):
            if row is not None and need_of(row.peak_gib(tiled)) <= vram_gib:
                return row, tiled
    return None


def least_gib(
    painting: Painting,
    side: int = 0,
    references: int = 0,
    precision: Precision | None = None,
    adapters: int = 1,
) -> float:
    """What the smallest card that paints with a family must have: all blocks waiting, packed as tightly as may be, the VAE in tiles."""
    reading = reading_gib(painting, "int8", True, references)
    needs = [reading]
    if row := row_for(painting, precision or "nf4", _blocks(painting), side, references, adapters):
        needs.append(row.peak_gib(tiled=True))
    return need_of(max(needs))


def _blocks(painting: Painting) -> int:
    return next((row.blocks for row in table() if row.family == painting.name), 0)


def _nothing_fits(
    painting: Painting,
    vram_gib: float,
    side: int,
    references: int,
    precision: Precision | None,
    adapters: int,
) -> BadInput:
    """Say what is lacking, and what would help."""
    least = least_gib(painting, side, references, precision, adapters)
    what = f"{painting.title} in {precision}" if precision else painting.title
    seen = f" and {references} references" if references else ""
    others = [
        one.name
        for one in PAINTINGS.values()
        if (not references or "references" in one.powers)
        and _first_fit(one, vram_gib, one.side, references, None, adapters)
    ]
    if painting.name in others and precision:
        advice = f"leave the precision to the plan: {painting.name} fits packed tighter"
    elif painting.name in others:
        advice = f"paint smaller pictures: {painting.side} x {painting.side} pixels fit"
    elif others:
        advice = f"this card can paint with: {', '.join(others)}"
    else:
        advice = "the sketch painter needs no card; without one (--device cpu) models paint too, slowly"
    return BadInput(
        f"{what} does not fit on {vram_gib:g} GiB: pictures of {side} x {side} pixels{seen} need at least {least:.1f}",
        advice,
    )


BYTES: dict[Precision, float] = {"float32": 4, "bfloat16": 2, "int8": 1.01, "fp8": 1.01, "nf4": 0.53}
"""What a weight takes with its share of the scales."""
BESIDE_GIB = 2.0  # Python, PyTorch and what a picture's layers compute; assumed


def _without_card(painting: Painting, precision: Precision | None, ram_gib: float | None) -> Fit:
    """On the processor: float32 where main memory holds it, else packed. Raises `BadInput` when even that is too much."""
    why = [
        "No graphics card was found, so the processor paints: a picture takes minutes, with the largest models hours."
    ]
    ways: tuple[Precision, ...] = (precision,) if precision else ("float32", "int8", "nf4")
    for way in ways:
        if ram_gib is None or _ram_of(painting, way) <= ram_gib:
            break
    else:
        raise BadInput(
            f"{painting.title} needs about {_ram_of(painting, ways[-1]):.0f} GiB of main memory to paint without a card, and {ram_gib:.0f} are free",
            "choose a smaller one: sd15, sdxl or flux2-klein; or sketch, which needs no model",
        )
    if way == "float32":
        why.append("The model's numbers stay as exact as processors compute them (float32).")
    else:
        reason = "as you asked" if precision else "since there is no room for more"
        why.append(f"The model's numbers lie packed in main memory ({way}), {reason}.")
    packed: Precision = "int8" if way in ("int8", "fp8", "nf4") else "float32"
    return Fit(precision=way, encoder_precision=packed, why=tuple(why))


def _ram_of(painting: Painting, precision: Precision) -> float:
    """GiB of main memory: the net, or the text encoders before it, whichever is more."""
    encoders = sum(
        count * (BYTES["int8"] if packs and precision != "float32" else BYTES["float32"])
        for count, packs in ENCODERS[painting.name]
    )
    return max(painting.parameters * BYTES[precision], encoders) / 2**30 + BESIDE_GIB


def _reasons(painting: Painting, row: Painted, fit: Fit, vram_gib: float) -> list[str]:
    """The plan in sentences a parent understands."""
    why = [
        f"The card has {vram_gib:g} GiB free; painting with {painting.title} takes {fit.peak_gib:.1f} at most, with what the card needs for itself "
        f"{fit.need_gib:.1f}."
    ]
    whole = row_for(painting, "bfloat16", 0, row.side, row.references)
    if fit.precision != "bfloat16" and whole is not None:
        bits, seen = (
            ("4", "fine detail suffers a little") if fit.precision == "nf4" else ("8", "that is hardly seen")
        )
        need = need_of(whole.peak_gib(tiled=True))
        packed = f"The model's numbers are packed into {bits} bits ({fit.precision}); {seen}."
        why.append(f"{packed} Unpacked it would need {need:.1f} GiB." if need > vram_gib else packed)
    if fit.streamed_blocks:
        why.append(
            f"{fit.streamed_blocks} of its {row.blocks} parts wait in main memory ({row.waiting_gib:.1f} GiB) and come to the card when they are needed: "
            "a picture takes longer."
        )
    if fit.tiled:
        why.append("The finished picture is developed piece by piece, since it would not fit as a whole.")
    if fit.streamed_encoder:
        why.append(
            "What reads the prompts waits in main memory too; it reads all of them before painting begins."
        )
    elif fit.encoder_precision == "int8":
        why.append(
            "What reads the prompts is packed into 8 bits, and leaves the card before painting begins."
        )
    return why


# for people


def painting_table() -> tuple[Needed, ...]:
    """What every family takes in every precision, whole and with all blocks waiting, and the cards that it fits."""
    found = []
    for painting in PAINTINGS.values():
        for row in (one for one in table() if one.family == painting.name):
            need, tiled = need_of(row.peak_gib()), need_of(row.peak_gib(tiled=True))
            fits = tuple(
                size
                for size in SIZES
                if max(tiled, need_of(_reader(painting, size, row.references)[2])) <= size
            )
            found.append(
                Needed(
                    row.family,
                    row.side,
                    row.precision,
                    row.references,
                    row.streamed_blocks > 0,
                    row.peak_gib(),
                    need,
                    tiled,
                    fits,
                )
            )
    order = list(PAINTINGS)
    return tuple(
        sorted(
            found,
            key=lambda one: (
                order.index(one.family),
                one.references,
                SIMULATED.index(one.precision),
                one.streamed,
            ),
        )
    )


def fits_of(
    painting: Painting, references: int = 0, sizes: Iterable[float] = SIZES
) -> tuple[Fit | None, ...]:
    """How a family paints on cards of these sizes in GiB; None where it does not fit."""
    found: list[Fit | None] = []
    for size in sizes:
        try:
            found.append(fit_painting(painting, size, references=references))
        except BadInput:
            found.append(None)
    return tuple(found)


def main(arguments: list[str] | None = None) -> int:
    """`--fill` fills the table; else it is printed."""
    parser = argparse.ArgumentParser(
        prog="python -m storykin.models.painting_plan", description="What painting needs."
    )
    parser.add_argument("--fill", action="store_true", help="simulate what the kept table lacks")
    parser.add_argument("--table", type=Path, default=TABLE)
    chosen = parser.parse_args(arguments)
    if chosen.fill:
        from storykin.models.painting_simulated import fill

        fill(chosen.table, lambda line: print(line, flush=True))
        return 0
    for one in painting_table():
        print(json.dumps(asdict(one)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
