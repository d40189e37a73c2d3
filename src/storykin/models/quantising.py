"""Models: the base's weights in 8 or 4 bits, and linear layers that compute with them.

A checkpoint is read tensor by tensor and quantised on the way: the whole model never lies anywhere in floating point. The same layers
run in the simulation (`simulating.py`), so that what is predicted is what is done.
"""

from __future__ import annotations

import ctypes
import math
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  the field's name for it

from storykin.errors import BadFile, BadInput
from storykin.families import Precision
from storykin.models.loading import header_of

NF4 = (
    -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334,
    -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
    0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0,
)  # fmt: skip
"""The 16 levels of a normal distribution's quantiles: Dettmers et al. 2023, QLoRA, arXiv 2305.14314, appendix E."""

BLOCK = 64  # weights that share one scale in NF4; QLoRA's choice
SCALES = 256  # scales that share one scale of their own ("double quantisation", QLoRA section 3)
FP8_MOST = 448.0  # the largest number of float8 e4m3
SMALLEST = 2**12  # weights; smaller layers stay as they are
LARGE = 2**20  # weights from which on the temporaries of packing are worth giving back
ROWS = 2**22  # weights that are quantised at a time, so that temporaries stay small
STRIP = 2**22  # weights that are unpacked at a time: 8 MB in bfloat16, where FLUX's largest layer has 113

PACKED: tuple[Precision, ...] = ("int8", "fp8", "nf4")
"""The precisions in which weights are packed; the others only cast."""

State = tuple[Tensor, ...]
"""A packed weight: the codes (one or two to a byte), then its scales."""


def pack(weight: Tensor, precision: Precision) -> State:
    """Quantise a matrix (rows x columns, any float): int8 and fp8 with a scale a row, nf4 with one for 64 weights.

    nf4 gives (codes, scales as int8, scales of scales, mean scale), the others (codes, scales). Raises `BadInput` for other precisions.
    """
    if precision == "nf4":
        return _pack_nf4(weight)
    if precision not in ("int8", "fp8"):
        raise BadInput(f"weights cannot be packed as {precision!r}", "choose int8, fp8 or nf4")
    codes = torch.empty(
        weight.shape, dtype=torch.int8 if precision == "int8" else torch.uint8, device=weight.device
    )
    scales = torch.empty(weight.shape[0], 1, dtype=torch.float32, device=weight.device)
    step = max(1, ROWS // weight.shape[1])
    for start in range(0, weight.shape[0], step):
        rows = weight[start : start + step].float()
        most = rows.abs().amax(dim=1, keepdim=True).clamp_min_(1e-12)
        if precision == "int8":
            codes[start : start + step] = (rows / (most / 127)).round_().to(torch.int8)
            scales[start : start + step] = most / 127
        else:
            codes[start : start + step] = (rows / (most / FP8_MOST)).to(torch.float8_e4m3fn).view(torch.uint8)
            scales[start : start + step] = most / FP8_MOST
    return codes, scales


def unpack(state: State, precision: Precision, shape: torch.Size, dtype: torch.dtype) -> Tensor:
    """The matrix again, rows x columns in `dtype`, with the error of its precision."""
    if precision == "nf4":
        return _levels(state[0], _scales(state), dtype).view(shape)
    return _scaled(state[0], state[1], precision, dtype)


def strips(
    state: State, precision: Precision | None, shape: torch.Size, dtype: torch.dtype, across: bool = False
) -> Iterator[tuple[slice, Tensor]]:
    """The matrix piece by piece, a few rows at a time (or columns, `across`), so that it never lies there whole; None: it was not packed."""
    if precision is None:
        yield slice(None), state[0].to(dtype)
        return
    rows, columns = shape
    long, short = (columns, rows) if across else (rows, columns)
    step = max(BLOCK, STRIP // short // BLOCK * BLOCK)
    if step >= long:
        yield slice(None), unpack(state, precision, shape, dtype)
        return
    scales = _scales(state).view(rows, -1) if precision == "nf4" else state[1]
    for start in range(0, long, step):
        part = slice(start, min(start + step, long))
        down, right = (slice(None), part) if across else (part, slice(None))
        if precision != "nf4":
            yield part, _scaled(state[0][down, right], scales[down], precision, dtype)
        else:
            codes = state[0].view(rows, -1)[down, _divided(right, 2)].contiguous()
            largest = scales[down, _divided(right, BLOCK)].contiguous()
            yield part, _levels(codes, largest.view(-1), dtype).view(codes.shape[0], -1)


def _divided(part: slice, by: int) -> slice:
    return part if part.stop is None else slice(part.start // by, part.stop // by)


def _scaled(codes: Tensor, scales: Tensor, precision: Precision, dtype: torch.dtype) -> Tensor:
    if precision == "fp8":
        codes = codes.view(torch.float8_e4m3fn)
    return codes.to(dtype).mul_(scales.to(dtype))


def _pack_nf4(weight: Tensor) -> State:
    flat = weight.reshape(-1)
    levels = torch.tensor(NF4, device=flat.device)
    between = (levels[1:] + levels[:-1]) / 2
    codes = torch.empty(flat.numel() // 2, dtype=torch.uint8, device=flat.device)
    largest = torch.empty(flat.numel() // BLOCK, dtype=torch.float32, device=flat.device)
    for start in range(0, flat.numel(), ROWS):  # ROWS is a multiple of BLOCK
        blocks = flat[start : start + ROWS].float().view(-1, BLOCK)
        most = blocks.abs().amax(dim=1, keepdim=True)
        level = (
            torch.bucketize(blocks / most.clamp_min(1e-12), between, out_int32=True)
            .view(-1, 2)
            .to(torch.uint8)
        )
        codes[start // 2 : start // 2 + level.shape[0]] = (
            level[:, 0] << 4 | level[:, 1]
        )  # bitsandbytes' order
        largest[start // BLOCK : start // BLOCK + most.shape[0]] = most[:, 0]
    mean = largest.mean()
    groups = F.pad(largest - mean, (0, -largest.numel() % SCALES)).view(-1, SCALES)
    outer = groups.abs().amax(dim=1, keepdim=True).clamp_min(1e-12) / 127
    inner = (groups / outer).round_().to(torch.int8).view(-1)[: largest.numel()].clone()
    return codes, inner, outer, mean


def _scales(state: State) -> Tensor:
    """The scale of every 64 weights of NF4, from its two layers."""
    _, inner, outer, mean = state
    groups = F.pad(inner, (0, -inner.numel() % SCALES)).view(-1, SCALES)
    return (groups * outer).view(-1)[: inner.numel()].add_(mean)


def _levels(codes: Tensor, largest: Tensor, dtype: torch.dtype) -> Tensor:
    """What NF4's codes stand for, in one row."""
    kernel = _kernel()
    if kernel is not None:
        return kernel(codes.view(-1, 1), largest, BLOCK, "nf4", (2 * codes.numel(),), dtype)  # type: ignore[no-any-return]
    codes = codes.view(-1)
    levels = torch.tensor(NF4, dtype=dtype, device=codes.device)
    pairs = torch.stack((codes >> 4, codes & 15), dim=1).view(-1, BLOCK)
    return levels[pairs.int()].mul_(largest.to(dtype)[:, None]).view(-1)


def _times(
    x: Tensor, state: State, precision: Precision | None, shape: torch.Size, bias: Tensor | None
) -> Tensor:
    """n x in to n x out, strip by strip."""
    out = None
    for rows, weight in strips(state, precision, shape, x.dtype):
        if rows == slice(None):
            return F.linear(x, weight, bias)
        out = x.new_empty(x.shape[0], shape[0]) if out is None else out
        torch.mm(x, weight.t(), out=out[:, rows])
        del weight  # before the next is unpacked
    assert out is not None
    return out if bias is None else out.add_(bias)


def _times_back(grad: Tensor, state: State, precision: Precision | None, shape: torch.Size) -> Tensor:
    """The gradient n x out to n x in, strip by strip."""
    out = None
    for columns, weight in strips(state, precision, shape, grad.dtype, across=True):
        if columns == slice(None):
            return grad @ weight
        out = grad.new_empty(grad.shape[0], shape[1]) if out is None else out
        torch.mm(grad, weight, out=out[:, columns])
        del weight
    assert out is not None
    return out


@cache
def _kernel() -> Callable[..., Any] | None:
    """bitsandbytes' kernel, which makes no temporaries; None where it is not installed (it has no build for some machines)."""
    try:
        import bitsandbytes  # noqa: F401  registers the operator
    except Exception:
        return None
    return torch.ops.bitsandbytes.dequantize_4bit.default


class _Frozen(torch.autograd.Function):
    """x W^T + b, W packed: unpacked for the product and let go; for the gradient it is unpacked again, so only the packed weight is kept."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, bias: Tensor | None, layer: QuantisedLinear, *state: Tensor) -> Tensor:
        ctx.precision, ctx.shape = layer.precision, layer.shape
        ctx.save_for_backward(*state)
        out = _times(x.reshape(-1, x.shape[-1]), state, layer.precision, layer.shape, bias)
        return out.view(*x.shape[:-1], -1)

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> tuple[Tensor | None, ...]:
        state = ctx.saved_tensors  # once: PyTorch's checkpointing recomputes for every look
        grad = grads[0].reshape(-1, grads[0].shape[-1])
        out = _times_back(grad, state, ctx.precision, ctx.shape)
        return out.view(*grads[0].shape[:-1], -1), None, None, *(None for _ in state)


class QuantisedLinear(nn.Linear):
    """A frozen linear layer with a packed weight; `weight` holds the codes, `scales_0` … the rest of the `State`.

    It is an `nn.Linear`, so PEFT puts adapters on it as on any other; its weight cannot be trained or merged into.
    """

    def __init__(self, state: State, precision: Precision, shape: torch.Size, bias: Tensor | None) -> None:
        nn.Module.__init__(self)  # not Linear's: it would make the float weight
        self.out_features, self.in_features = shape
        self.shape, self.precision = shape, precision
        self.weight = nn.Parameter(state[0], requires_grad=False)
        for number, scales in enumerate(state[1:]):
            self.register_buffer(f"scales_{number}", scales)
        self.register_parameter("bias", None if bias is None else nn.Parameter(bias, requires_grad=False))

    @property
    def state(self) -> State:
        """The packed weight as it lies now (streaming changes where)."""
        return (self.weight, *self._buffers.values())  # type: ignore[arg-type]

    def unpacked(self, dtype: torch.dtype = torch.float32) -> Tensor:
        """The weight in floating point, out x in."""
        return unpack(self.state, self.precision, self.shape, dtype)

    def forward(self, input: Tensor) -> Tensor:
        """… x in to … x out, in the input's own precision."""
        return _Frozen.apply(input, self.bias, self, *self.state)  # type: ignore[no-any-return, no-untyped-call]

    def extra_repr(self) -> str:
        return f"{self.in_features}, {self.out_features}, {self.precision}"

    def __deepcopy__(self, memo: Any) -> QuantisedLinear:
        bias = None if self.bias is None else self.bias.detach().clone()
        return QuantisedLinear(
            tuple(one.detach().clone() for one in self.state), self.precision, self.shape, bias
        )


class _Adapted(torch.autograd.Function):
    """x W^T + b + s (x A^T) B^T in one output, keeping x, the packed W and little else; A and B stay float32, the product is in x's precision."""

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, down: Tensor, up: Tensor, scale: float, layer: nn.Linear, *state: Tensor
    ) -> Tensor:
        ctx.scale, ctx.precision = scale, getattr(layer, "precision", None)
        ctx.shape = getattr(layer, "shape", layer.weight.shape)
        flat = x.reshape(-1, x.shape[-1])
        middle = flat @ down.to(x.dtype).t()
        ctx.save_for_backward(x, middle, down, up, *state)
        out = _times(flat, state, ctx.precision, ctx.shape, layer.bias)
        out.addmm_(middle, up.to(x.dtype).t(), alpha=scale)
        return out.view(*x.shape[:-1], -1)

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> tuple[Tensor | None, ...]:
        x, middle, down, up, *state = ctx.saved_tensors
        grad = grads[0].reshape(-1, grads[0].shape[-1])
        flat = x.reshape(-1, x.shape[-1])
        grad_middle = (grad @ up.to(grad.dtype)).mul_(ctx.scale)
        grad_up = (grad.t() @ middle).to(up.dtype).mul_(ctx.scale)
        grad_down = (grad_middle.t() @ flat).to(down.dtype)
        grad_x = None
        if ctx.needs_input_grad[0]:
            grad_x = _times_back(grad, tuple(state), ctx.precision, ctx.shape)
            grad_x.addmm_(grad_middle, down.to(grad.dtype))
            grad_x = grad_x.view(x.shape)
        return grad_x, grad_down, grad_up, None, None, *(None for _ in state)


def lighten(model: nn.Module) -> int:
    """Let every PEFT adapter on a linear layer compute without float32 copies of its input and without temporaries; how many there are.

    PEFT casts what comes in to the adapter's float32 and keeps that for the gradient: at 1024 pixels hundreds of MB a layer of FLUX. The sum is
    the same, in the precision of the base. Only for training: one active adapter, no dropout, plain LoRA; others are left as they are.
    """
    from peft.tuners.lora import Linear as Adapted

    count = 0
    for layer in model.modules():
        if isinstance(layer, Adapted) and isinstance(layer.get_base_layer(), nn.Linear):
            slow = type(layer).forward
            layer.forward = _light(layer, slow)  # type: ignore[method-assign]
            count += 1
    return count


def _light(layer: Any, slow: Callable[..., Tensor]) -> Callable[..., Tensor]:
    def forward(x: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        active = layer.active_adapters
        plain = len(active) == 1 and not layer.merged and not layer.disable_adapters
        if not plain or active[0] not in layer.lora_A or args or kwargs or layer.lora_variant:
            return slow(layer, x, *args, **kwargs)
        (name,) = active
        if isinstance(layer.lora_dropout[name], nn.Dropout) and layer.lora_dropout[name].p > 0:
            return slow(layer, x)
        base = layer.get_base_layer()
        state = base.state if isinstance(base, QuantisedLinear) else (base.weight,)
        down, up = layer.lora_A[name].weight, layer.lora_B[name].weight
        return _Adapted.apply(x, down, up, layer.scaling[name], base, *state)  # type: ignore[no-any-return, no-untyped-call]

    return forward


def quantisable(model: nn.Module, smallest: int = SMALLEST) -> frozenset[str]:
    """The names of the linear layers that bear it: those inside numbered blocks, and modulation outside them.

    (FLUX.2 shares it between blocks; the last one is `norm_out`.) What goes in and out of the net, and the embeddings of time, stay as they
    are: they are small and every error passes through them.
    """
    found = set()
    for name, layer in model.named_modules():
        inside = any(part.isdigit() for part in name.split(".")) or "modulation" in name or "norm_out" in name
        if inside and isinstance(layer, nn.Linear) and not isinstance(layer, QuantisedLinear):
            size = layer.in_features * layer.out_features
            if size >= smallest and layer.in_features % BLOCK == 0 and size % (2 * BLOCK) == 0:
                found.add(name)
    return frozenset(found)


def quantise(model: nn.Module, precision: Precision, smallest: int = SMALLEST) -> nn.Module:
    """Replace the linear layers of a model that is already there by quantised ones, one by one; the model itself is changed."""
    for name in sorted(quantisable(model, smallest)):
        layer = model.get_submodule(name)
        assert isinstance(layer, nn.Linear)
        bias = None if layer.bias is None else layer.bias.detach()
        packed = QuantisedLinear(pack(layer.weight.detach(), precision), precision, layer.weight.shape, bias)
        _put(model, name, packed)
    return model


@contextmanager
def hollow() -> Iterator[None]:
    """Inside, models are made without memory for their parameters (they lie on `meta`); buffers are real, since no file has them."""
    register = nn.Module.register_parameter

    def keep_shape(self: nn.Module, name: str, param: nn.Parameter | None) -> None:
        if param is not None and param.device.type != "meta":
            param = nn.Parameter(torch.empty_like(param, device="meta"), requires_grad=param.requires_grad)
        register(self, name, param)

    nn.Module.register_parameter = keep_shape  # type: ignore[method-assign]
    try:
        yield
    finally:
        nn.Module.register_parameter = register  # type: ignore[method-assign]


def as_they_are(key: str) -> tuple[str]:
    """The names of a file that was written by diffusers or transformers."""
    return (key,)


def load_quantised(
    model: nn.Module,
    shards: Path | Sequence[Path],
    precision: Precision,
    *,
    dtype: torch.dtype = torch.bfloat16,
    device: torch.device | str | Callable[[str], torch.device | str] = "cpu",
    names: Callable[[str], Sequence[str]] = as_they_are,
    turned: Collection[str] = (),
    smallest: int = SMALLEST,
) -> nn.Module:
    """Fill a model made under `hollow()` from a checkpoint, quantising what bears it; the model, frozen and in evaluation mode.

    Tensors are read one at a time: beside what is loaded, memory holds one tensor of the file and the temporaries of its packing. `device` may be a function of a
    tensor's name (streamed blocks stay on "cpu"). `names` gives the model's names of a tensor in the file: several share its rows in that order, none leave it out. Of
    those in `turned` the two halves of the rows stand the other way round in the file. "bfloat16" and "float32" only cast; weights in the file may be fp8.
    Raises `BadFile` for a damaged file, a tensor of another shape, and when tensors are missing.
    """
    from safetensors import SafetensorError, safe_open

    packed = quantisable(model, smallest) if precision in PACKED else frozenset()
    place = device if callable(device) else lambda _: device
    for shard in [shards] if isinstance(shards, Path) else shards:
        header_of(shard)
        try:
            with safe_open(str(shard), framework="pt") as file:
                for key in file.keys():  # noqa: SIM118  not a mapping
                    if wanted := names(key):
                        for name, tensor in _cut(model, wanted, file.get_tensor(key), shard):
                            whole = torch.cat(tensor.chunk(2)[::-1]) if name in turned else tensor
                            _fill(model, name, whole, packed, precision, dtype, place(name), shard)
        except (SafetensorError, OSError) as error:
            raise BadFile(
                f"{shard}: cannot be read as safetensors: {error}", "fetch the model again"
            ) from error
    if hasattr(model, "tie_weights"):
        model.tie_weights()  # type: ignore[operator]
    absent = [name for name, one in model.named_parameters() if one.device.type == "meta"]
    if absent:
        more = f" and {len(absent) - 3} more" if len(absent) > 3 else ""
        raise BadFile(
            f"the checkpoint lacks {', '.join(absent[:3])}{more}",
            "is it a checkpoint of this family, in diffusers' form?",
        )
    return model.requires_grad_(False).eval()


def _cut(model: nn.Module, names: Sequence[str], tensor: Tensor, shard: Path) -> Iterator[tuple[str, Tensor]]:
    """A tensor of the file as those of the model that share its rows, each as many as the model has."""
    if len(names) == 1:
        yield names[0], tensor
        return
    rows = [model.get_parameter(name).shape[0] for name in names]
    if sum(rows) != tensor.shape[0]:
        raise BadFile(
            f"{shard}: {' and '.join(names)} have {tensor.shape[0]} rows, expected {sum(rows)}",
            "is it a checkpoint of this family?",
        )
    yield from zip(names, torch.split(tensor, rows), strict=True)


def _fill(
    model: nn.Module,
    name: str,
    tensor: Tensor,
    packed: frozenset[str],
    precision: Precision,
    dtype: torch.dtype,
    device: torch.device | str,
    shard: Path,
) -> None:
    parent, _, leaf = name.rpartition(".")
    try:
        layer = model.get_submodule(parent)
    except AttributeError:
        return  # the file may hold more than the model (position ids, an EMA)
    if leaf in layer._buffers:
        layer._buffers[leaf] = tensor.to(device, copy=True)
        return
    place = layer._parameters.get(leaf)
    if place is None:
        return
    if place.shape != tensor.shape:
        raise BadFile(
            f"{shard}: {name} is {tuple(tensor.shape)}, expected {tuple(place.shape)}",
            "is it a checkpoint of this family?",
        )
    if leaf == "weight" and parent in packed:
        assert isinstance(layer, nn.Linear)
        state = tuple(one.to(device) for one in pack(tensor, precision))
        bias = None if layer.bias is None else layer.bias.detach()
        _put(model, parent, QuantisedLinear(state, precision, tensor.shape, bias))
        if tensor.numel() >= LARGE:
            _give_back()
    else:
        # copy=True: a tensor that looks into the mapped file would hold all of it
        layer._parameters[leaf] = nn.Parameter(
            tensor.to(device=device, dtype=dtype, copy=True), requires_grad=False
        )


def _give_back() -> None:
    """Let the allocator return the temporaries of packing to the system.

    glibc keeps them between the small blocks that stay: a model of 440 MB grew by 690 MB while it shrank to 107.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:  # musl has none and needs none
        trim(0)


def _put(model: nn.Module, name: str, layer: nn.Module) -> None:
    parent, _, leaf = name.rpartition(".")
    setattr(model.get_submodule(parent), leaf, layer)


def blank(shape: torch.Size, precision: Precision, device: str = "meta") -> State:
    """Room for a packed matrix of that shape, as `pack` would fill it: for counting, not for computing."""
    rows, size = shape[0], math.prod(shape)
    if precision == "nf4":
        blocks = size // BLOCK
        return (
            torch.empty(size // 2, dtype=torch.uint8, device=device),
            torch.empty(blocks, dtype=torch.int8, device=device),
            torch.empty(math.ceil(blocks / SCALES), 1, dtype=torch.float32, device=device),
            torch.empty((), dtype=torch.float32, device=device),
        )
    kind = torch.int8 if precision == "int8" else torch.uint8
    return torch.empty(shape, dtype=kind, device=device), torch.empty(
        rows, 1, dtype=torch.float32, device=device
    )


def blanked(model: nn.Module, precision: Precision, smallest: int = SMALLEST) -> nn.Module:
    """A model made under `hollow()` with its linear layers replaced as `load_quantised` would, still without memory."""
    for name in sorted(quantisable(model, smallest)):
        layer = model.get_submodule(name)
        assert isinstance(layer, nn.Linear)
        _put(
            model,
            name,
            QuantisedLinear(blank(layer.weight.shape, precision), precision, layer.weight.shape, layer.bias),
        )
    return model
