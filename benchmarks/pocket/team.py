"""Several processes of one thread each that learn one net: faster than several threads, which wait for each other on a busy machine."""

import os
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Team:
    """Processes that learn together: each takes its share of every batch, and all step by the mean of their gradients."""

    rank: int = 0
    size: int = 1

    def meet(self, store: Path) -> None:
        """Wait for the others."""
        from torch import distributed

        if self.size > 1:
            distributed.init_process_group("gloo", f"file://{store}", rank=self.rank, world_size=self.size)

    def part(self) -> None:
        """End together, and the process with it: whoever leaves while others are still sending takes them down, and threads that still run when a process ends in order abort it now and then."""
        from torch import distributed

        if self.size > 1:
            distributed.barrier()
            distributed.destroy_process_group()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)

    def add(self, there: Any) -> None:
        """Put the sum of everybody's in the place of one's own."""
        from torch import distributed

        if self.size > 1:
            distributed.all_reduce(there)

    def share(self, parameters: Sequence[Any]) -> None:
        """Put the mean of everybody's gradients in the place of one's own."""
        import torch

        if self.size == 1:
            return
        grads = [one.grad if one.grad is not None else torch.zeros_like(one) for one in parameters]
        flat = torch.cat([one.flatten() for one in grads])
        self.add(flat)
        for one, part in zip(
            parameters, flat.div_(self.size).split([one.numel() for one in grads]), strict=True
        ):
            one.grad = part.view_as(one)


def together(work: Callable[..., None], given: tuple[Any, ...], processes: int) -> None:
    """Call `work(team, *given)` in so many processes and wait for all; in this one when one is enough."""
    if processes == 1:
        _alone(0, work, given, 1, Path())
        return
    from torch import multiprocessing

    with tempfile.TemporaryDirectory() as folder:
        multiprocessing.spawn(_alone, (work, given, processes, Path(folder) / "store"), processes)


def _alone(rank: int, work: Callable[..., None], given: tuple[Any, ...], processes: int, store: Path) -> None:
    import torch

    torch.set_num_threads(1)
    if processes > 1:
        # torch interrupts whose parent has ended; a shell lets that be ignored by what it begins in the background
        signal.signal(signal.SIGINT, signal.default_int_handler)
    team = Team(rank, processes)
    team.meet(store)
    work(team, *given)
    team.part()
