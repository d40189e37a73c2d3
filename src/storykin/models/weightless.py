"""Models: nets and VAEs of shapes without contents, and what they would take: every storage is followed from birth to death.

Tensors lie on PyTorch's `meta` device (or are its fake ones), so the real nets at their real dimensions need no graphics card and half a
gigabyte of memory. Knows no training and no pipeline: `training/simulating.py` takes steps with it, `painting_simulated.py` paints.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import flop_registry, sdpa_backward_flop, sdpa_flop

from storykin.families import Precision
from storykin.models.nets import UNET
from storykin.models.quantising import PACKED, blanked, hollow
from storykin.models.streaming import Bus

GIB = 2**30
GRAIN = 512  # bytes; the CUDA allocator's smallest unit
TEXT_TOKENS = 512  # of T5 and Qwen3; CLIP has 77


@dataclass(frozen=True)
class Net:
    """A family's net: diffusers' class and its arguments, and what belongs to a step.

    `shrink` is pixels per latent (per token, for transformers). `encoders_gib` is what the larger text encoder takes while captions are encoded.
    """

    kind: str
    config: Mapping[str, Any]
    shrink: int
    encoders_gib: float


_FLUX = {
    "in_channels": 64, "num_layers": 19, "num_single_layers": 38, "attention_head_dim": 128, "num_attention_heads": 24,
    "joint_attention_dim": 4096, "pooled_projection_dim": 768, "guidance_embeds": True, "axes_dims_rope": [16, 56, 56],
}  # fmt: skip

NETS = {
    # unet/config.json of stable-diffusion-v1-5/stable-diffusion-v1-5; what is not said is diffusers' default
    "sd15": Net(
        "UNet2DConditionModel",
        {"sample_size": 64, "cross_attention_dim": 768, "attention_head_dim": 8},
        8, 0.3,
    ),
    # unet/config.json of stabilityai/stable-diffusion-xl-base-1.0
    "sdxl": Net(
        "UNet2DConditionModel",
        {
            "sample_size": 128, "cross_attention_dim": 2048, "attention_head_dim": [5, 10, 20], "block_out_channels": [320, 640, 1280],
            "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
            "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
            "transformer_layers_per_block": [1, 2, 10], "use_linear_projection": True, "addition_embed_type": "text_time",
            "addition_time_embed_dim": 256, "projection_class_embeddings_input_dim": 2816,
        },
        8, 1.6,
    ),
    # transformer/config.json of black-forest-labs/FLUX.1-dev; FLUX.1-Kontext-dev has the same, FLUX.1-schnell was not distilled from guidance
    "flux-dev": Net("FluxTransformer2DModel", _FLUX, 16, 4.7),
    "flux-schnell": Net("FluxTransformer2DModel", {**_FLUX, "guidance_embeds": False}, 16, 4.7),
    "flux-kontext": Net("FluxTransformer2DModel", _FLUX, 16, 4.7),
    # Klein4BParams in src/flux2/model.py of black-forest-labs/flux2, read through ports of it (its own config.json could not be opened here);
    # diffusers' Flux2Transformer2DModel takes the same numbers under these names. 7680 = three layers of Qwen3-4B, 2560 each.
    "flux2-klein": Net(
        "Flux2Transformer2DModel",
        {
            "in_channels": 128, "num_layers": 5, "num_single_layers": 20, "attention_head_dim": 128, "num_attention_heads": 24,
            "joint_attention_dim": 7680, "mlp_ratio": 3.0, "axes_dims_rope": [32, 32, 32, 32], "rope_theta": 2000, "guidance_embeds": False,
        },
        16, 4.1,
    ),
    # transformer/config.json of Qwen/Qwen-Image-Edit-2509, as ports of it repeat it; diffusers' defaults are the same numbers
    "qwen-image-edit": Net(
        "QwenImageTransformer2DModel",
        {
            "patch_size": 2, "in_channels": 64, "out_channels": 16, "num_layers": 60, "attention_head_dim": 128, "num_attention_heads": 24,
            "joint_attention_dim": 3584, "guidance_embeds": False, "axes_dims_rope": [16, 56, 56],
        },
        16, 8.7,
    ),
    # transformer/config.json of Tongyi-MAI/Z-Image-Turbo, as ports of it repeat it
    "z-image": Net(
        "ZImageTransformer2DModel",
        {
            "all_patch_size": [2], "all_f_patch_size": [1], "in_channels": 16, "dim": 3840, "n_layers": 30, "n_refiner_layers": 2,
            "n_heads": 30, "n_kv_heads": 30, "norm_eps": 1e-5, "qk_norm": True, "cap_feat_dim": 2560, "rope_theta": 256.0, "t_scale": 1000.0,
            "axes_dims": [32, 48, 48], "axes_lens": [1536, 512, 512],
        },
        16, 4.1,
    ),
}  # fmt: skip
"""The nets of `families.FAMILIES` and `families.PAINTINGS`, by name."""


class Tracker(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Follows storages: bytes on the card now and at most, bytes in main memory, and floating-point operations."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.alive: dict[int, tuple[int, bool, Any]] = {}
        self.card = self.ram = self.peak = self.ram_peak = self.flop = 0
        self.where = ""
        self.watch: Callable[[], str] | None = None

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        for one in tree_leaves(out):
            if isinstance(one, Tensor):
                self.follow(one)
        formula = FLOPS.get(func.overloadpacket)
        if formula is not None:
            self.flop += formula(*args, **(kwargs or {}), out_val=out)
        return out

    def follow(self, tensor: Tensor) -> None:
        """Count the storage under a tensor, once."""
        storage = tensor.untyped_storage()
        key = storage._cdata
        if key in self.alive:
            return
        size = -(-storage.nbytes() // GRAIN) * GRAIN
        self.alive[key] = (size, True, weakref.ref(storage, lambda _: self.drop(key)))
        self.card += size
        if self.card > self.peak:
            self.peak = self.card
            if self.watch is not None:
                self.where = self.watch()

    def drop(self, key: int) -> None:
        """The storage is gone."""
        size, on_card, _ = self.alive.pop(key)
        if on_card:
            self.card -= size
        else:
            self.ram -= size

    def banish(self, tensor: Tensor) -> None:
        """This storage stands for main memory, not for the card."""
        self.follow(tensor)
        key = tensor.untyped_storage()._cdata
        size, on_card, reference = self.alive[key]
        if on_card:
            self.alive[key] = (size, False, reference)
            self.card -= size
            self.ram += size
            self.ram_peak = max(self.ram_peak, self.ram)

    def reset(self) -> None:
        """Begin to measure here: what lies there stays counted."""
        self.peak, self.ram_peak, self.flop = self.card, self.ram, 0


FLOPS = {
    **flop_registry,
    # fake tensors lie on a fake processor, whose attention the registry does not know
    torch.ops.aten._scaled_dot_product_flash_attention_for_cpu: lambda q, k, v, *_, out_val=None, **__: sdpa_flop(q, k, v, out_val=out_val),
    torch.ops.aten._scaled_dot_product_flash_attention_for_cpu_backward: lambda g, q, k, v, *_, out_val=None, **__: sdpa_backward_flop(g, q, k, v, out_val=out_val),
}  # fmt: skip


class FakeBus(Bus):
    """A bus whose main memory is counted apart. `fetched` are the bytes of parked activations that came back."""

    def __init__(self, tracker: Tracker) -> None:
        self.tracker = tracker
        self.fetched = 0

    def home(self, size: int) -> Tensor:
        home = super().home(size)
        self.tracker.banish(home)
        return home

    def park(self, tensor: Tensor) -> Tensor:
        before = self.tracker.peak
        parked = super().park(tensor)
        self.tracker.banish(parked)
        self.tracker.peak = before  # the copy is born in main memory, not on the card
        return parked

    def fetch(self, parked: Tensor) -> Tensor:
        self.fetched += parked.numel() * parked.element_size()
        return super().fetch(parked)


@contextmanager
def contentless() -> Iterator[None]:
    """Inside, tensors are made on `meta`: shapes without contents, computed in C++. Attention is the fused one, as on a card; on `meta`
    PyTorch would take the plain one, which makes a matrix of all pairs of tokens."""

    def attend(
        query: Tensor,
        key: Tensor,
        value: Tensor,
        attn_mask: Tensor | None = None,
        dropout_p: float = 0.0,
        is_causal: bool = False,
        scale: float | None = None,
        **_: Any,
    ) -> Tensor:
        fused = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu
        return fused(query, key, value, dropout_p, is_causal, attn_mask=attn_mask, scale=scale)[0]  # type: ignore[no-any-return]

    plain = nn.functional.scaled_dot_product_attention
    nn.functional.scaled_dot_product_attention = attend  # type: ignore[assignment]
    try:
        with torch.device("meta"):
            yield
    finally:
        nn.functional.scaled_dot_product_attention = plain


def bare_net(net: Net, precision: Precision) -> nn.Module:
    """The net on `meta`, frozen and packed as `quantising.load_quantised` would; nothing has memory yet."""
    import diffusers

    with hollow():
        model: nn.Module = getattr(diffusers, net.kind).from_config(dict(net.config))
        model.requires_grad_(False)
        if precision in PACKED:
            blanked(model, precision)
    return model.eval()


def furnish(model: nn.Module, dtype: torch.dtype) -> list[nn.Parameter]:
    """Give everything its (fake) memory: the base in `dtype`, packed weights as they are, adapters in float32; the adapters' parameters."""
    learned = []
    for module in model.modules():
        for name, old in module._parameters.items():
            if old is not None:
                kind = torch.float32 if old.requires_grad else dtype if old.is_floating_point() else old.dtype
                new = nn.Parameter(torch.empty(old.shape, dtype=kind), requires_grad=old.requires_grad)
                module._parameters[name] = new
                learned += [new] if old.requires_grad else []
        for name, buffer in module._buffers.items():
            if buffer is not None:
                module._buffers[name] = torch.empty(buffer.shape, dtype=buffer.dtype)
    return learned


def inputs_of(
    model: Any,
    net: Net,
    resolution: int,
    batch: int,
    dtype: torch.dtype,
    references: int = 0,
    text: int = TEXT_TOKENS,
) -> dict[str, Any]:
    """What goes into the net in one step, by the names of its arguments; without contents.

    `references` are pictures of the same size whose tokens follow those that are painted. `text` is the number of tokens of a prompt, but 77 for U-Nets.
    """
    config, side = model.config, resolution // net.shrink
    if net.kind == UNET:
        return _unet_inputs(config, side, batch, dtype)
    if net.kind == "ZImageTransformer2DModel":
        latents = 2 * side  # a token is 2 x 2 of them
        return {
            "x": [torch.empty(config.in_channels, 1, latents, latents, dtype=dtype) for _ in range(batch)],
            "t": torch.empty(batch),
            "cap_feats": [torch.empty(text, config.cap_feat_dim, dtype=dtype) for _ in range(batch)],
        }
    tokens = (1 + references) * side * side
    inputs = {
        "hidden_states": torch.empty(batch, tokens, config.in_channels, dtype=dtype),
        "encoder_hidden_states": torch.empty(batch, text, config.joint_attention_dim, dtype=dtype),
        "timestep": torch.empty(batch, dtype=dtype),
    }
    if net.kind == "QwenImageTransformer2DModel":
        return {**inputs, "img_shapes": [[(1, side, side)] * (1 + references)] * batch}
    inputs["img_ids"] = torch.empty(tokens, len(config.axes_dims_rope))
    inputs["txt_ids"] = torch.empty(text, len(config.axes_dims_rope))
    if config.guidance_embeds:
        inputs["guidance"] = torch.empty(batch, dtype=dtype)
    if "pooled_projection_dim" in config:
        inputs["pooled_projections"] = torch.empty(batch, config.pooled_projection_dim, dtype=dtype)
    return inputs


def _unet_inputs(config: Any, side: int, batch: int, dtype: torch.dtype) -> dict[str, Any]:
    inputs: dict[str, Any] = {
        "sample": torch.empty(batch, config.in_channels, side, side, dtype=dtype),
        "timestep": torch.zeros(batch, dtype=torch.int64),
        "encoder_hidden_states": torch.empty(batch, 77, config.cross_attention_dim, dtype=dtype),
    }
    if config.addition_embed_type == "text_time":
        sizes = 6 * config.addition_time_embed_dim
        pooled = config.projection_class_embeddings_input_dim - sizes
        inputs["added_cond_kwargs"] = {
            "text_embeds": torch.empty(batch, pooled, dtype=dtype),
            "time_ids": torch.empty(batch, 6),
        }
    return inputs


VAES: dict[str, tuple[str, dict[str, Any]]] = {
    # vae/config.json of the families' usual bases; what is not said is diffusers' default
    **{
        family: (
            "AutoencoderKL",
            {
                "block_out_channels": [128, 256, 512, 512], "layers_per_block": 2, "latent_channels": channels,
                "down_block_types": ["DownEncoderBlock2D"] * 4, "up_block_types": ["UpDecoderBlock2D"] * 4,
                "use_quant_conv": not flux, "use_post_quant_conv": not flux,
            },
        )
        for family, channels, flux in (
            ("sd15", 4, False), ("sdxl", 4, False), ("flux-dev", 16, True), ("flux-schnell", 16, True), ("flux-kontext", 16, True),
            ("z-image", 16, True),
        )
    },
    "flux2-klein": ("AutoencoderKLFlux2", {}),
    "qwen-image-edit": ("AutoencoderKLQwenImage", {}),
}  # fmt: skip
"""The families' VAEs: diffusers' class and its arguments."""


def vae_of(family: str, dtype: torch.dtype) -> Any:
    """The family's usual VAE, furnished."""
    return make_vae(*VAES[family], dtype)


def make_vae(kind: str, config: Mapping[str, Any], dtype: torch.dtype) -> Any:
    """A VAE of diffusers' class `kind`, furnished."""
    import diffusers

    with hollow():
        vae = getattr(diffusers, kind)(**config).eval().requires_grad_(False)
    furnish(vae, dtype)
    return vae
