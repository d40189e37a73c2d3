"""The benchmark of the painters at its smallest: it says what it promises; times are never asserted."""

from collections.abc import Iterator
from typing import Any

import pytest

from storykin.families import PAINTINGS
from tests.benchmarked import script, tables

TINY = ("--size", "tiny", "--side", "64", "--steps", "2", "--pages", "3", "--family", "flux-dev")


@pytest.fixture
def painting() -> Iterator[Any]:
    with script("painting") as module:
        yield module


def test_every_family_says_what_cards_it_takes(painting: Any) -> None:
    (found,) = tables(painting, "memory")
    assert found.keys() == {"title", *PAINTINGS}
    for name in PAINTINGS:
        needs = found[name]
        assert list(needs) == ["8 GB", "12 GB", "16 GB", "24 GB"]
        for size, need in needs.items():
            assert need is None or 0 < need <= int(size.split()[0]), (name, size)


@pytest.mark.slow
def test_a_page_is_its_parts_and_a_book_stands_beside_plain_scripts(painting: Any) -> None:
    over, book = tables(painting, "overhead", "book", *TINY)
    for kind, pages in over["pages"].items():
        assert len(pages) == 3, kind
        for page in pages:
            assert page["calls"] == 2
            assert min(page["denoiser"], page["VAE"], page["PNG"], page["loop"]) > 0
    assert "adapters" in over["pages"]["two, masks"][0]
    assert all(len(seconds) == 3 for seconds in book["pages"].values())
    assert max(book["differ"].values()) <= 1, "it is not the same work"


@pytest.mark.slow
def test_one_adapter_for_another_and_two_people_in_one_picture(painting: Any) -> None:
    swap, masks, exact = tables(painting, "swap", "masks", *TINY)
    assert swap["layers"] > 0
    assert min(map(min, [*swap["seconds"].values(), *masks["seconds"].values()])) > 0
    assert list(masks["seconds"]) == ["sum", "masks", "fill"]
    for net, off in exact.items():
        if net != "title":
            assert max(off["inside"], off["outside"], off["common"], off["turned"], off["picture"]) <= 1e-5, (
                net
            )
            assert min(off["sum inside"], off["sum outside"], off["sum picture"]) > 1e-3, net
