"""What training needs on which card, from the simulated steps in the package: a table for docs/log.md.

python benchmarks/plans.py            Markdown
python benchmarks/plans.py --json
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from storykin.families import FAMILIES
from storykin.models import planning
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


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    rows = [row for row in planning.table() if row.base_precision != "fp8"]  # as int8
    if parser.parse_args().json:
        print(json.dumps([asdict(row) for row in rows]))
        return
    cards = [planning.card_named(name) for name in CARDS]
    print("| " + " | ".join(HEADS) + " |")
    print("|" + "---|" * len(HEADS))
    for row in rows:
        steps = Recipe.of(FAMILIES[row.family], "good").steps
        told = (
            row.family, row.resolution, row.base_precision, row.streamed_blocks, f"{row.peak_gib:.2f}", f"{row.need_gib:.1f}",
            f"{row.ram_gib:.1f}", f"{row.tflop_per_step:.1f}", f"{row.bytes_per_step / 1e9:.1f}", *(minutes(row, card, steps) for card in cards),
        )  # fmt: skip
        print("| " + " | ".join(map(str, told)) + " |")


if __name__ == "__main__":
    main()
