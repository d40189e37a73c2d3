"""Training: whether streaming hides behind the computing, block by block: the schedule of `streaming.py` played through with a clock.

Blocks compute one after the other, forwards and then, computed again, backwards. Beside them the bus carries one thing at a time. Knows no
net: what blocks weigh and compute comes from `simulating.blocks_in`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from storykin.models.planning import BUS

SLOTS = 2  # `streaming.SLOTS`


@dataclass(frozen=True)
class Block:
    """One block: bytes that wait in main memory (0: it stays on the card), floating-point operations forwards and backwards (with computing it
    again), and bytes of parked activations that are fetched before it is computed again."""

    size: int
    forward: float
    backward: float
    parked: int = 0


@dataclass(frozen=True)
class Timeline:
    """One step in seconds: all of it, how long the card computes, how long it waits, how long the bus is busy."""

    seconds: float
    computing: float
    waiting: float
    carrying: float

    @property
    def hidden(self) -> float:
        """The share of the bus's time that passes behind the computing: 1 when the card never waits."""
        return 1 - self.waiting / self.carrying if self.carrying else 1.0


@dataclass
class _Clock:
    """Where the card and the bus are, in seconds; the bus carries in the order in which it is asked."""

    card: float = 0.0
    bus: float = 0.0
    waiting: float = 0.0
    carrying: float = 0.0
    arrivals: dict[int, float] = field(default_factory=dict)  # of streamed blocks, by their number

    def carry(self, seconds: float) -> float:
        """Ask the bus now; when it is done."""
        self.bus = max(self.bus, self.card) + seconds
        self.carrying += seconds
        return self.bus

    def wait(self, until: float) -> None:
        """The card does nothing until then."""
        self.waiting += max(0.0, until - self.card)
        self.card = max(self.card, until)


def timeline(blocks: Sequence[Block], flops: float, bus: float = BUS) -> Timeline:
    """Play one step of many: `flops` operations and `bus` bytes a second.

    A streamed block is sent for when the streamed one before it begins (the card is done with what was in its slot by then). At first the
    slots hold what the last step left there: the first two streamed blocks. Fetching parked activations is waited for.
    """
    numbers = [number for number, block in enumerate(blocks) if block.size]
    clock = _Clock()
    inside: list[int | None] = [None] * SLOTS
    for place in range(min(SLOTS, len(numbers))):
        inside[place] = place
        clock.arrivals[place] = 0.0

    def send(place: int) -> None:
        clock.arrivals[place] = clock.carry(blocks[numbers[place]].size / bus)
        inside[place % SLOTS] = place

    def enter(number: int, step: int) -> None:
        if number not in places:
            return
        place = places[number]
        if inside[place % SLOTS] != place:
            send(place)
        clock.wait(clock.arrivals[place])
        following = place + step
        if 0 <= following < len(numbers) and inside[following % SLOTS] != following:
            send(following)

    places = {number: place for place, number in enumerate(numbers)}
    computing = 0.0
    for number, block in enumerate(blocks):
        enter(number, 1)
        clock.card += block.forward / flops
        computing += block.forward / flops
    for number in reversed(range(len(blocks))):
        block = blocks[number]
        if block.parked:
            clock.wait(clock.carry(block.parked / bus))
        enter(number, -1)
        clock.card += block.backward / flops
        computing += block.backward / flops
    return Timeline(clock.card, computing, clock.waiting, clock.carrying)
