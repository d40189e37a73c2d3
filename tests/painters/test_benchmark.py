"""The benchmark of the painters at its smallest: it says what it promises; times are never asserted."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from storykin.families import PAINTINGS

ROOT = Path(__file__).parents[2]
TINY = ("--size", "tiny", "--side", "64", "--steps", "2", "--pages", "3", "--family", "flux-dev")


def run(*words: str) -> list[dict[str, Any]]:
    """The tables of the command."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "painting.py"), *words, "--json"],
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_every_family_says_what_cards_it_takes() -> None:
    (found,) = run("memory")
    assert found.keys() == {"title", *PAINTINGS}
    for name in PAINTINGS:
        needs = found[name]
        assert list(needs) == ["8 GB", "12 GB", "16 GB", "24 GB"]
        for size, need in needs.items():
            assert need is None or 0 < need <= int(size.split()[0]), (name, size)


@pytest.mark.slow
def test_a_page_is_its_parts_and_a_book_stands_beside_plain_scripts() -> None:
    over, book = run("overhead", "book", *TINY)
    for kind, pages in over["pages"].items():
        assert len(pages) == 3, kind
        for page in pages:
            assert page["calls"] == 2
            assert min(page["denoiser"], page["VAE"], page["PNG"], page["loop"]) > 0
    assert "adapters" in over["pages"]["two, masks"][0]
    assert all(len(seconds) == 3 for seconds in book["pages"].values())
    assert max(book["differ"].values()) <= 1, "it is not the same work"


@pytest.mark.slow
def test_one_adapter_for_another_and_two_people_in_one_picture() -> None:
    swap, masks, exact = run("swap", "masks", *TINY)
    assert swap["layers"] > 0
    assert min(map(min, [*swap["seconds"].values(), *masks["seconds"].values()])) > 0
    assert list(masks["seconds"]) == ["sum", "masks", "fill"]
    for net, off in exact.items():
        if net != "title":
            assert max(off["inside"], off["outside"], off["common"], off["turned"], off["picture"]) <= 1e-5, (
                net
            )
            assert min(off["sum inside"], off["sum outside"], off["sum picture"]) > 1e-3, net
