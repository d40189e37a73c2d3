"""The schedule of streaming, played through with a clock, on cases that can be computed by hand."""

import pytest

from storykin.training import overlap
from storykin.training.overlap import Block, timeline


def test_without_streaming_the_card_never_waits() -> None:
    found = timeline([Block(0, 2, 4), Block(0, 3, 6)], flops=1, bus=1)
    assert (found.seconds, found.computing, found.waiting, found.carrying, found.hidden) == (15, 15, 0, 0, 1)


def test_two_blocks_stay_in_their_slots() -> None:
    found = timeline([Block(5, 1, 2), Block(5, 1, 2)], flops=1, bus=1)
    assert (found.seconds, found.carrying) == (6, 0)


def test_what_is_quicker_than_a_block_is_hidden() -> None:
    """Forwards the third block is sent for when the second begins (at 1), backwards the first when the second begins."""
    found = timeline([Block(1, 1, 2)] * 3, flops=1, bus=1)
    assert (found.seconds, found.waiting, found.carrying, found.hidden) == (9, 0, 2, 1)


def test_what_is_slower_is_waited_for() -> None:
    """1 s of computing, then 1; block 2 was sent for at 1 and needs 4: the card stands still from 2 to 5. Backwards block 1 is still there
    (5 + 1 = 6 to 8, 8 to 10); block 0, sent for at 8, comes at 12 and ends at 14."""
    found = timeline([Block(4, 1, 2)] * 3, flops=1, bus=1)
    assert (found.seconds, found.computing, found.waiting, found.carrying) == (14, 9, 5, 8)
    assert found.hidden == pytest.approx(1 - 5 / 8)


def test_blocks_between_give_the_bus_time() -> None:
    """The same blocks, with one that stays on the card after each: nothing is waited for."""
    blocks = [one for _ in range(3) for one in (Block(4, 1, 2), Block(0, 3, 6))]
    assert timeline(blocks, flops=1, bus=1).waiting == 0


def test_parked_activations_are_waited_for_and_take_the_bus() -> None:
    found = timeline([Block(0, 1, 2, 3), Block(0, 1, 2, 0)], flops=1, bus=1)
    assert (found.seconds, found.waiting, found.carrying) == (9, 3, 3)
    # blocks 2, 1 and 0 fetch 1 each; block 0 was sent for when 1 began (at 5 + 1) and is there before its own fetch
    found = timeline([Block(1, 1, 2, 1)] * 3, flops=1, bus=1)
    assert (found.seconds, found.waiting) == (12, 3)


def test_the_clock_obeys_speed() -> None:
    blocks = [Block(10, 100, 300)] * 6
    slow, fast = (timeline(blocks, flops, bus=5) for flops in (10, 1000))
    assert slow.hidden == 1
    assert slow.seconds == pytest.approx(6 * 40)
    assert fast.seconds == pytest.approx(fast.computing + fast.waiting)
    assert fast.hidden < 0.5


def test_bytes_and_slots_are_those_of_streaming() -> None:
    streaming = pytest.importorskip("storykin.models.streaming")
    assert overlap.SLOTS == streaming.SLOTS
    schedule = streaming.stream([_linear(width) for width in (8, 16, 32, 64)], 4, "cpu")
    blocks = [Block(one.size, 1, 1) for one in schedule.waiting]
    assert timeline(blocks, 1, bus=1).carrying == schedule.bytes_per_step


def _linear(width: int) -> object:
    torch = pytest.importorskip("torch")
    return torch.nn.Linear(width, width).requires_grad_(False)
