"""What training and painting need on which card, from the simulated steps and pictures in the package: tables for docs/log.md.

python benchmarks/plans.py            Markdown
python benchmarks/plans.py --painting painting alone
python benchmarks/plans.py --json     training's rows, with --painting painting's
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from storykin.families import FAMILIES, PAINTINGS
from storykin.models import painting_plan, planning
from storykin.models.planning import Fit
from storykin.recipe import Recipe

CARDS = ("RTX 4090", "RTX 4080", "RTX 4060")
HEADS = (
    "family",
    "side",
    "base in",
    "streamed",
    "peak",
    "card needs",
    "RAM",
    "TFLOP",
    "GB over the bus",
    *CARDS,
)


def minutes(row: planning.Row, card: planning.Card, steps: int) -> str:
    """Minutes of so many steps, "–" where it does not fit; with a star where the bus is slower than the computing."""
    if row.need_gib > card.vram_gib:
        return "–"
    star = "*" if row.bytes_per_step / planning.BUS > card.computing(row) else ""
    return f"{card.seconds(row) * steps / 60:.0f}{star}"


def cell(fit: Fit | None, blocks: int) -> str:
    """How a family is painted with on a card."""
    if fit is None:
        return "–"
    parts = [fit.precision]
    if fit.streamed_blocks:
        parts.append(f"{fit.streamed_blocks} of {blocks} wait")
    if fit.tiled:
        parts.append("tiles")
    return ", ".join(parts)


def print_table(heads: tuple[str, ...], lines: list[tuple[object, ...]]) -> None:
    """One table in Markdown."""
    print("| " + " | ".join(heads) + " |")
    print("|" + "---|" * len(heads))
    for line in lines:
        print("| " + " | ".join(map(str, line)) + " |")


def print_painting() -> None:
    """What a picture takes by family and precision, then how each family is painted with on each card."""
    rows = painting_plan.painting_table()
    whole = {(one.family, one.references, one.precision): one for one in rows if not one.streamed}
    waiting = {(one.family, one.references, one.precision): one for one in rows if one.streamed}
    heads = (
        "family",
        "side",
        "references",
        "net in",
        "peak",
        "card needs",
        "in tiles",
        "all blocks waiting",
        "fits",
    )
    lines: list[tuple[object, ...]] = [
        (
            one.family, one.side, one.references, one.precision, f"{one.peak_gib:.2f}", f"{one.need_gib:.1f}", f"{one.tiled_need_gib:.1f}",
            f"{waiting[key].tiled_need_gib:.1f}", " ".join(map(str, one.fits)) or "–",
        )
        for key, one in whole.items()
    ]  # fmt: skip
    print_table(heads, lines)
    print()
    blocks = {row.family: row.blocks for row in painting_plan.table()}
    cards = tuple(f"{size} GB" for size in painting_plan.SIZES)
    fitting: list[tuple[object, ...]] = []
    for name, one in PAINTINGS.items():
        for references in (0, painting_plan.REFERENCES) if "references" in one.powers else (0,):
            found = painting_plan.fits_of(one, references)
            told = (cell(fit, blocks[name]) for fit in found)
            fitting.append(
                (name, references, *told, f"{painting_plan.least_gib(one, references=references):.1f}")
            )
    print_table(("family", "references", *cards, "least"), fitting)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--painting", action="store_true")
    chosen = parser.parse_args()
    rows = [row for row in planning.table() if row.base_precision != "fp8"]  # as int8
    if chosen.json:
        found = painting_plan.painting_table() if chosen.painting else rows
        print(json.dumps([asdict(row) for row in found]))
        return
    if not chosen.painting:
        print_training(rows)
        print()
    print_painting()


def print_training(rows: list[planning.Row]) -> None:
    """What a step of training takes."""
    cards = [planning.card_named(name) for name in CARDS]
    lines: list[tuple[object, ...]] = []
    for row in rows:
        steps = Recipe.of(FAMILIES[row.family], "good").steps
        lines.append((
            row.family, row.resolution, row.base_precision, row.streamed_blocks, f"{row.peak_gib:.2f}", f"{row.need_gib:.1f}",
            f"{row.ram_gib:.1f}", f"{row.tflop_per_step:.1f}", f"{row.bytes_per_step / 1e9:.1f}", *(minutes(row, card, steps) for card in cards),
        ))  # fmt: skip
    print_table(HEADS, lines)


if __name__ == "__main__":
    main()
