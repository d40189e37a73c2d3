"""Models: blocks whose frozen weights wait in main memory and come to the card only while they compute.

While one block computes, the weights of the next travel on a second stream: forwards, and backwards for the recomputation of
checkpointing. Two slots on the card hold them, so memory is bounded whatever the host runs ahead. Without CUDA the same
schedule runs, copying at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._pytree import tree_flatten, tree_unflatten

from storykin.errors import BadInput

ALIGN = 256  # bytes; every kernel is content with it
PARKED = 2**20  # numbers; inputs without gradients stay on the card below that
SLOTS = 2  # the block that computes, and the next


class Bus:
    """The way between main memory and the card. This one is for when both are the same memory: it copies at once."""

    def home(self, size: int) -> Tensor:
        """Room for `size` bytes in main memory."""
        return torch.empty(size, dtype=torch.uint8)

    def forget(self, home: Tensor) -> None:
        """That room is not needed any more."""

    def slot(self, size: int) -> Tensor:
        """Room for `size` bytes on the card."""
        return torch.empty(size, dtype=torch.uint8)

    def send(self, slot: Tensor, home: Tensor) -> None:
        """Begin to copy what waits at `home` (bytes) into the slot, after all that was begun on the card before."""
        slot[: home.numel()].copy_(home)

    def arrive(self, slot: Tensor) -> None:
        """What is begun on the card from now on comes after the copy into this slot."""

    def park(self, tensor: Tensor) -> Tensor:
        """A copy in main memory, for later."""
        return tensor.detach().clone()

    def fetch(self, parked: Tensor) -> Tensor:
        """A parked tensor, on the card again."""
        return parked.clone()


class CudaBus(Bus):
    """Pinned main memory, a stream for weights and two for activations beside the one that computes."""

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self.coming = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
        self.going = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
        self.arrivals: dict[int, torch.cuda.Event] = {}

    def home(self, size: int) -> Tensor:
        # registered, not allocated as pinned: PyTorch's pinned allocator rounds up to a power of two, up to double the memory
        home = torch.empty(size, dtype=torch.uint8)
        runtime = torch.cuda.cudart()  # type: ignore[no-untyped-call]
        torch.cuda.check_error(int(runtime.cudaHostRegister(home.data_ptr(), size, 0)))
        return home

    def forget(self, home: Tensor) -> None:
        torch.cuda.synchronize(self.device)
        runtime = torch.cuda.cudart()  # type: ignore[no-untyped-call]
        torch.cuda.check_error(int(runtime.cudaHostUnregister(home.data_ptr())))

    def slot(self, size: int) -> Tensor:
        return torch.empty(size, dtype=torch.uint8, device=self.device)

    def send(self, slot: Tensor, home: Tensor) -> None:
        self.coming.wait_stream(
            torch.cuda.current_stream(self.device)
        )  # the slot's last user is done by then
        with torch.cuda.stream(self.coming):
            slot[: home.numel()].copy_(home, non_blocking=True)
            self.arrivals[slot.data_ptr()] = self.coming.record_event()

    def arrive(self, slot: Tensor) -> None:
        torch.cuda.current_stream(self.device).wait_event(self.arrivals[slot.data_ptr()])

    def park(self, tensor: Tensor) -> Tensor:
        if tensor.device.type != "cuda":
            return super().park(tensor)
        self.going.wait_stream(torch.cuda.current_stream(self.device))
        with torch.cuda.stream(self.going):
            parked = torch.empty(tensor.shape, dtype=tensor.dtype, pin_memory=True)
            parked.copy_(tensor.detach(), non_blocking=True)
        tensor.record_stream(self.going)
        return parked

    def fetch(self, parked: Tensor) -> Tensor:
        # on the computing stream: 28 MB at 25 GB/s is 1 ms of some 70 of a block, and needs no second buffer
        torch.cuda.current_stream(self.device).wait_stream(self.going)
        return parked.to(self.device, non_blocking=True)


def bus_of(device: torch.device | str) -> Bus:
    """The bus to that device."""
    device = torch.device(device)
    return CudaBus(device) if device.type == "cuda" else Bus()


@dataclass
class _Piece:
    """One frozen tensor of a block: where it hangs, and where in the block's bytes it lies."""

    table: dict[str, Any]  # a module's own parameters or buffers
    name: str
    start: int
    size: int
    dtype: torch.dtype
    shape: torch.Size
    parameter: bool
    home: Tensor
    there: Tensor | None = None  # the same in the block's slot, made once

    def view(self, slot: Tensor) -> Tensor:
        return slot[self.start : self.start + self.size].view(self.dtype).view(self.shape)


@dataclass
class _Waiting:
    """A block that is streamed: its frozen tensors, and all their bytes in one piece of main memory."""

    block: nn.Module
    pieces: list[_Piece]
    home: Tensor

    @property
    def size(self) -> int:
        return self.home.numel()


@dataclass
class Schedule:
    """Which blocks are streamed, and in which slot lies what. `copied` counts the bytes sent so far, `waited` the fetches nobody foresaw."""

    bus: Bus
    waiting: list[_Waiting]
    slots: list[Tensor]
    inside: list[int | None] = field(default_factory=lambda: [None] * SLOTS)
    copied: int = 0
    waited: int = 0
    hooks: list[Any] = field(default_factory=list)

    @property
    def ram(self) -> int:
        """Bytes that wait in main memory."""
        return sum(one.size for one in self.waiting)

    @property
    def bytes_per_step(self) -> int:
        """Bytes over the bus in one checkpointed step: every block forwards and backwards, but the two at either end are still there."""
        sizes = [one.size for one in self.waiting]
        if len(sizes) <= SLOTS:
            return 0
        return sum(sizes[SLOTS:]) + sum(sizes[:-SLOTS])

    def enter(self, number: int) -> None:
        """Have this block's weights on the card and hang them in; send for those of the next."""
        if self.inside[number % SLOTS] != number:
            self.waited += 1
            self._send(number)
        self.bus.arrive(self.slots[number % SLOTS])
        for piece in self.waiting[number].pieces:
            piece.table[piece.name] = piece.there
        following = self._following(number)
        if following is not None and self.inside[following % SLOTS] != following:
            self._send(following)

    def leave(self, number: int) -> None:
        """Hang what waits in main memory in again; what the graph keeps of the slot is its own."""
        for piece in self.waiting[number].pieces:
            piece.table[piece.name] = piece.home

    def _following(self, number: int) -> int | None:
        """Forwards the next, backwards the one before. At the turn the last two are still in the slots."""
        backwards = (
            torch.is_grad_enabled()
        )  # checkpointing computes forwards without gradients, backwards again with them
        after = number - 1 if backwards else number + 1
        return after if 0 <= after < len(self.waiting) else None

    def _send(self, number: int) -> None:
        one = self.waiting[number]
        self.bus.send(self.slots[number % SLOTS], one.home)
        self.inside[number % SLOTS] = number
        self.copied += one.size

    def remove(self, device: torch.device | str | None = None) -> None:
        """Take the streaming off again; the weights stay in main memory, or go to a device."""
        for hook in self.hooks:
            hook.remove()
        for one in self.waiting:
            for piece in one.pieces:
                value = piece.home.clone() if device is None else piece.home.to(device, copy=True)
                piece.table[piece.name] = (
                    nn.Parameter(value, requires_grad=False) if piece.parameter else value
                )
            self.bus.forget(one.home)
        self.hooks.clear()
        self.waiting.clear()
        self.slots.clear()


def stream(
    blocks: Sequence[nn.Module], count: int, device: torch.device | str, bus: Bus | None = None
) -> Schedule:
    """Let `count` of the blocks, spread evenly, wait in main memory.

    Only what needs no gradient is streamed: adapters stay on the card. The rest of the model is put on `device` by the caller. Needs `checkpoint` (below) for
    training: without it the graph would hold on to slots that are long overwritten, which PyTorch refuses. Raises `BadInput` for more blocks than there are.
    """
    if not 0 <= count <= len(blocks):
        raise BadInput(
            f"{count} blocks cannot be streamed: there are {len(blocks)}", f"choose 0 to {len(blocks)}"
        )
    bus = bus or bus_of(device)
    waiting = [_wait(blocks[number], bus) for number in spread(len(blocks), count)]
    largest = [max((one.size for one in waiting[start::SLOTS]), default=0) for start in range(SLOTS)]
    schedule = Schedule(bus, waiting, [bus.slot(size) for size in largest if size])
    for number, one in enumerate(waiting):
        for piece in one.pieces:
            piece.there = piece.view(schedule.slots[number % SLOTS])
        enter, leave = _hooks(schedule, number)
        schedule.hooks.append(one.block.register_forward_pre_hook(enter))
        schedule.hooks.append(one.block.register_forward_hook(leave, always_call=True))
    return schedule


def spread(blocks: int, count: int) -> tuple[int, ...]:
    """Which of the blocks are streamed: evenly spread, so that one's copy has several blocks' time."""
    return tuple((2 * number + 1) * blocks // (2 * count) for number in range(count))


def _hooks(schedule: Schedule, number: int) -> tuple[Callable[..., None], Callable[..., None]]:
    def enter(_block: nn.Module, _args: Any) -> None:
        schedule.enter(number)

    def leave(_block: nn.Module, _args: Any, _out: Any) -> None:
        schedule.leave(number)

    return enter, leave


def _wait(block: nn.Module, bus: Bus) -> _Waiting:
    """Lay the frozen tensors of a block into one piece of main memory and let them look into it."""
    found: list[tuple[dict[str, Any], str, Tensor]] = []
    for module in block.modules():
        tables: tuple[dict[str, Any], ...] = (module._parameters, module._buffers)
        for table in tables:
            for name, tensor in table.items():
                if tensor is not None and not tensor.requires_grad:
                    found.append((table, name, tensor))
    sizes = [tensor.numel() * tensor.element_size() for _, _, tensor in found]
    starts = [0]
    for size in sizes:
        starts.append(starts[-1] + -(-size // ALIGN) * ALIGN)
    home = bus.home(starts[-1])
    pieces = []
    for (table, name, tensor), start, size in zip(found, starts, sizes, strict=False):
        piece = _Piece(
            table, name, start, size, tensor.dtype, tensor.shape, isinstance(tensor, nn.Parameter), tensor
        )
        piece.home = piece.view(home)
        piece.home.copy_(tensor.detach())
        table[name] = piece.home
        pieces.append(piece)
    return _Waiting(block, pieces, home)


class _Checkpoint(torch.autograd.Function):
    """Compute without keeping anything but what came in, and that in main memory; compute again when the gradient comes by."""

    @staticmethod
    def forward(
        ctx: Any, _trigger: Tensor, run: Callable[..., Any], bus: Bus | None, kept: Any, *tensors: Tensor
    ) -> Any:
        ctx.run, ctx.bus, ctx.kept = run, bus, kept
        kind = tensors[0].device.type
        kind = (
            kind if torch.amp.is_autocast_available(kind) else "cpu"
        )  # tensors without contents have no autocast of their own
        ctx.autocast = kind, torch.is_autocast_enabled(kind), torch.get_autocast_dtype(kind)
        ctx.graded = [tensor.requires_grad for tensor in tensors]
        # what comes into the first block carries no gradient yet, and is as large
        park = [bus is not None and (tensor.requires_grad or tensor.numel() >= PARKED) for tensor in tensors]
        ctx.parked = [
            bus.park(one) if there and bus else None for one, there in zip(tensors, park, strict=True)
        ]
        ctx.save_for_backward(*(one for one, there in zip(tensors, park, strict=True) if not there))
        with torch.no_grad():
            return run(*tensors)

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> tuple[Tensor | None, ...]:
        saved = iter(ctx.saved_tensors)
        inputs = []
        for number, (parked, graded) in enumerate(zip(ctx.parked, ctx.graded, strict=True)):
            tensor = next(saved) if parked is None else ctx.bus.fetch(parked)
            ctx.parked[number] = None
            inputs.append(tensor.detach().requires_grad_(graded))
        device, on, dtype = ctx.autocast
        # no cache: it may hold casts made in the forward pass, which know of no gradient
        with torch.enable_grad(), torch.autocast(device, dtype=dtype, enabled=on, cache_enabled=False):
            out = ctx.run(*inputs)
        outs = out if isinstance(out, tuple) else (out,)
        pairs = [
            (one, grad)
            for one, grad in zip(outs, grads, strict=True)
            if grad is not None and one.requires_grad
        ]
        del out, outs, grads
        if pairs:
            heads, gradients = zip(*pairs, strict=True)
            del pairs
            torch.autograd.backward(heads, gradients)
        return None, None, None, None, *(one.grad for one in inputs)


def checkpointing(bus: Bus | None = None) -> Callable[..., Any]:
    """A function for diffusers' `enable_gradient_checkpointing`: blocks are computed twice, and what comes into them waits in main memory.

    With a bus, inputs that carry gradients (the picture's and the text's tokens, 28 MB a block of FLUX at 1024) are parked over it; without, they stay on the card.
    Adapters inside the block get their gradients as always; a block before the first adapter has none to give and is computed once.
    Blocks must draw no random numbers: they would be others the second time.
    """

    def checkpoint(module: Callable[..., Any], *args: Any) -> Any:
        leaves, tree = tree_flatten(args)
        places = [number for number, leaf in enumerate(leaves) if isinstance(leaf, Tensor)]
        tensors = [leaves[place] for place in places]
        if not _learns(module) and not any(tensor.requires_grad for tensor in tensors):
            with torch.no_grad():
                return module(*args)

        def run(*inputs: Tensor) -> Any:
            filled = list(rest)
            for place, tensor in zip(places, inputs, strict=True):
                filled[place] = tensor
            return module(*tree_unflatten(filled, tree))

        rest = [None if isinstance(leaf, Tensor) else leaf for leaf in leaves]
        trigger = torch.empty(0, device=tensors[0].device, requires_grad=True)
        return _Checkpoint.apply(trigger, run, bus, None, *tensors)  # type: ignore[no-untyped-call]

    return checkpoint


@contextmanager
def parking(bus: Bus | None) -> Iterator[None]:
    """Inside, what is kept for the gradient between checkpointed blocks waits in main memory like what comes into them; not the weights.

    The U-Nets' transformers keep four tensors each outside of their blocks, which at 1024 pixels are 135 MiB of SDXL. Without a bus all stays.
    """

    def park(tensor: Tensor) -> tuple[bool, Tensor]:
        far = tensor.requires_grad and tensor.numel() >= PARKED and not isinstance(tensor, nn.Parameter)
        return far, bus.park(tensor) if bus and far else tensor

    def fetch(kept: tuple[bool, Tensor]) -> Tensor:
        far, tensor = kept
        return bus.fetch(tensor) if bus and far else tensor

    if bus is None:
        yield
    else:
        with torch.autograd.graph.saved_tensors_hooks(park, fetch):
            yield


def _learns(module: Callable[..., Any]) -> bool:
    """Whether gradients may be wanted inside; of what is no module nobody knows."""
    return not isinstance(module, nn.Module) or any(one.requires_grad for one in module.parameters())
