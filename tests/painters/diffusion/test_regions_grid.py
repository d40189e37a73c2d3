"""Which tokens belong to whom."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some

from storykin.painters.diffusion.regions_grid import shown, softened, spoken
from storykin.scene import Box

WHOLE = Box(0, 0, 1, 1)
A_BOX = some.builds(
    Box, some.floats(-0.2, 0.9), some.floats(-0.2, 0.9), some.floats(0.05, 1.1), some.floats(0.05, 1.1)
)


def drawn(regions: list[Box], height: int, width: int) -> list[str]:
    """Rows of letters, a for the first region."""
    found = shown(regions, height, width)
    return [
        "".join(next((chr(97 + n) for n in range(len(regions)) if found[n, y, x]), ".") for x in range(width))
        for y in range(height)
    ]


@pytest.mark.parametrize(
    ("regions", "height", "width", "expected"),
    [
        ([Box(0.25, 0.5, 0.5, 0.5)], 4, 4, ["....", "....", ".aa.", ".aa."]),
        ([Box(0.25, 0, 0.5, 1)], 1, 6, [".aaaa."]),  # half covered counts
        ([Box(0.27, 0, 0.46, 1)], 1, 6, ["..aa.."]),
        ([Box(0.4, 0.4, 0.05, 0.05)], 2, 2, ["a.", ".."]),  # too small for a token: the one it covers most
        ([Box(-0.5, 0, 1, 1)], 1, 4, ["aa.."]),
        ([Box(1.2, 0, 1, 1)], 1, 4, ["...."]),
        ([Box(0, 0, 0.625, 1), Box(0.375, 0, 0.625, 1)], 1, 8, ["aaaabbbb"]),  # as large: the nearer middle
        ([Box(0, 0, 0.75, 1), Box(0.5, 0.5, 0.25, 0.5)], 2, 4, ["aaa.", "aab."]),  # the child in front
        ([WHOLE, Box(0.25, 0.25, 0.5, 0.5)], 4, 4, ["aaaa", "abba", "abba", "aaaa"]),
        ([], 1, 2, [".."]),
    ],
)
def test_shown(regions: list[Box], height: int, width: int, expected: list[str]) -> None:
    assert drawn(regions, height, width) == expected


@settings(max_examples=25, deadline=None)
@given(some.lists(A_BOX, max_size=4, unique=True), some.integers(1, 9), some.integers(1, 9))
def test_nobody_shares_a_token_and_the_order_does_not_matter(
    regions: list[Box], height: int, width: int
) -> None:
    found = shown(regions, height, width)
    assert (found.sum(dim=0) <= 1).all()
    assert torch.equal(shown(regions[::-1], height, width).flip(0), found)


@settings(max_examples=15, deadline=None)
@given(some.lists(A_BOX, min_size=1, max_size=3), some.floats(0, 0.5))
def test_soft_shares_sum_to_one_at_most(regions: list[Box], feather: float) -> None:
    owned = shown(regions, 8, 12)
    shares = softened(owned, feather)
    assert (shares.sum(dim=0) <= 1 + 1e-6).all()
    assert shares.shape == owned.shape


def test_no_feather_is_hard() -> None:
    owned = shown([Box(0, 0, 0.5, 1)], 4, 4)
    assert torch.equal(softened(owned, 0.0), owned.float())
    assert softened(owned, 0.5)[0, 0].tolist() == pytest.approx([1, 2 / 3, 1 / 3, 0])


def test_spoken_leaves_out_what_was_cut_off() -> None:
    assert spoken([((0, 2),), ((3, 9), (1, 2)), ()], 4).int().tolist() == [
        [1, 1, 0, 0],
        [0, 1, 0, 1],
        [0, 0, 0, 0],
    ]
