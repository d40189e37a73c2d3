"""Models: loading the large parts of a base: the net that paints, and the text encoders, packed tensor by tensor, with blocks that wait in main memory.

Knows the layouts in which nets are published; no training and no page.
"""

from __future__ import annotations

import gc
import importlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from storykin.errors import BadFile
from storykin.models import loading, quantising, streaming

if TYPE_CHECKING:
    from storykin.families import Precision

UNET = "UNet2DConditionModel"
ROWS: dict[str, tuple[str, ...]] = {
    "FluxTransformer2DModel": ("transformer_blocks", "single_transformer_blocks"),
    "Flux2Transformer2DModel": ("transformer_blocks", "single_transformer_blocks"),
    "QwenImageTransformer2DModel": ("transformer_blocks",),
    "ZImageTransformer2DModel": ("layers",),
}
"""Where transformers keep their blocks, in the order in which they compute."""

FLUX_LAYERS = {
    "img_in": "x_embedder", "txt_in": "context_embedder", "final_layer.linear": "proj_out", "final_layer.adaLN_modulation.1": "norm_out.linear",
    "time_in.in_layer": "time_text_embed.timestep_embedder.linear_1", "time_in.out_layer": "time_text_embed.timestep_embedder.linear_2",
    "vector_in.in_layer": "time_text_embed.text_embedder.linear_1", "vector_in.out_layer": "time_text_embed.text_embedder.linear_2",
    "guidance_in.in_layer": "time_text_embed.guidance_embedder.linear_1", "guidance_in.out_layer": "time_text_embed.guidance_embedder.linear_2",
    "double_blocks.img_mod.lin": "norm1.linear", "double_blocks.txt_mod.lin": "norm1_context.linear",
    "double_blocks.img_attn.qkv": "attn.to_q attn.to_k attn.to_v", "double_blocks.txt_attn.qkv": "attn.add_q_proj attn.add_k_proj attn.add_v_proj",
    "double_blocks.img_attn.norm.query_norm": "attn.norm_q", "double_blocks.img_attn.norm.key_norm": "attn.norm_k",
    "double_blocks.txt_attn.norm.query_norm": "attn.norm_added_q", "double_blocks.txt_attn.norm.key_norm": "attn.norm_added_k",
    "double_blocks.img_attn.proj": "attn.to_out.0", "double_blocks.txt_attn.proj": "attn.to_add_out",
    "double_blocks.img_mlp.0": "ff.net.0.proj", "double_blocks.img_mlp.2": "ff.net.2",
    "double_blocks.txt_mlp.0": "ff_context.net.0.proj", "double_blocks.txt_mlp.2": "ff_context.net.2",
    "single_blocks.modulation.lin": "norm.linear", "single_blocks.linear1": "attn.to_q attn.to_k attn.to_v proj_mlp", "single_blocks.linear2": "proj_out",
    "single_blocks.norm.query_norm": "attn.norm_q", "single_blocks.norm.key_norm": "attn.norm_k",
}  # fmt: skip
"""FLUX.1's layers as Black Forest Labs' own code names them (`src/flux/model.py` of black-forest-labs/flux; those of blocks without their number), and
diffusers' that share its rows."""

FLUX2_LAYERS = {
    "img_in": "x_embedder", "txt_in": "context_embedder", "final_layer.linear": "proj_out", "final_layer.adaLN_modulation.1": "norm_out.linear",
    "time_in.in_layer": "time_guidance_embed.timestep_embedder.linear_1", "time_in.out_layer": "time_guidance_embed.timestep_embedder.linear_2",
    "double_stream_modulation_img.lin": "double_stream_modulation_img.linear", "double_stream_modulation_txt.lin": "double_stream_modulation_txt.linear",
    "single_stream_modulation.lin": "single_stream_modulation.linear",
    "double_blocks.img_attn.qkv": "attn.to_q attn.to_k attn.to_v", "double_blocks.txt_attn.qkv": "attn.add_q_proj attn.add_k_proj attn.add_v_proj",
    "double_blocks.img_attn.norm.query_norm": "attn.norm_q", "double_blocks.img_attn.norm.key_norm": "attn.norm_k",
    "double_blocks.txt_attn.norm.query_norm": "attn.norm_added_q", "double_blocks.txt_attn.norm.key_norm": "attn.norm_added_k",
    "double_blocks.img_attn.proj": "attn.to_out.0", "double_blocks.txt_attn.proj": "attn.to_add_out",
    "double_blocks.img_mlp.0": "ff.linear_in", "double_blocks.img_mlp.2": "ff.linear_out",
    "double_blocks.txt_mlp.0": "ff_context.linear_in", "double_blocks.txt_mlp.2": "ff_context.linear_out",
    "single_blocks.linear1": "attn.to_qkv_mlp_proj", "single_blocks.linear2": "attn.to_out",
    "single_blocks.norm.query_norm": "attn.norm_q", "single_blocks.norm.key_norm": "attn.norm_k",
}  # fmt: skip
"""The same of FLUX.2 (black-forest-labs/flux2)."""

ORIGINALS: dict[str, Mapping[str, str]] = {
    "FluxTransformer2DModel": FLUX_LAYERS,
    "Flux2Transformer2DModel": FLUX2_LAYERS,
}
BLOCK = re.compile(r"(double|single)_blocks\.(\d+)\.(.+)")
BLOCKS = {"double": "transformer_blocks", "single": "single_transformer_blocks"}
TURNED = ("norm_out.linear.weight", "norm_out.linear.bias")
"""Original: shift, then scale; diffusers: scale, then shift."""

UNET_BLOCK = re.compile(r".*\btransformer_blocks\.\d+")


def blocks_of(net: Any) -> list[nn.Module]:
    """The blocks that can be streamed, in the order in which they compute; of a U-Net those of all its transformers."""
    kind = type(net).__name__
    if kind == UNET:
        levels = (*net.down_blocks, net.mid_block, *net.up_blocks)
        return [
            block
            for level in levels
            for transformer in getattr(level, "attentions", ())
            for block in transformer.transformer_blocks
        ]
    return [block for row in ROWS[kind] for block in getattr(net, row)]


def load_net(
    base: loading.Base,
    part: str,
    precision: Precision,
    dtype: torch.dtype,
    device: torch.device,
    streamed_blocks: int = 0,
    title: str = "this family",
) -> Any:
    """A base's net, frozen, packed tensor by tensor on the way in; blocks that will be streamed stay in main memory (see `streaming.stream`).

    `dtype` is that of what is not packed, `title` what errors call the family. Raises `BadFile` for files that are damaged or hold something else.
    """
    settings = loading.settings_of(base, part)
    kind = net_class(settings, part)
    names: Callable[[str], Sequence[str]] = quantising.as_they_are
    if base.file and kind == UNET:  # in the original layout, which diffusers reads as a whole
        net = loading.load_part(base, part, dtype)
        if precision in quantising.PACKED:
            quantising.quantise(net, precision)
        return net if streamed_blocks else net.to(device)
    if base.file:
        keys = loading.keys_of(base.file)
        loading.refuse_packed(base.file, keys)
        prefix = loading.net_prefix(keys)
        if prefix is None or kind not in ORIGINALS:
            raise BadFile(
                f"{base.file}: holds no transformer of {title} in the original layout",
                "give the folder in diffusers' layout, or a checkpoint as its makers publish it",
            )
        names = partial(original_names, ORIGINALS[kind], prefix)
        settings |= {
            "num_layers": blocks_in(keys, "double"),
            "num_single_layers": blocks_in(keys, "single"),
        }
    with quantising.hollow():
        net = getattr(importlib.import_module("diffusers"), kind).from_config(settings)
    blocks = blocks_of(net)
    waiting = {id(blocks[number]) for number in streaming.spread(len(blocks), streamed_blocks)}
    home = {name for name, module in net.named_modules() if id(module) in waiting}

    def place(name: str) -> torch.device:
        found = UNET_BLOCK.match(name) if kind == UNET else None
        block = found[0] if found else ".".join(name.split(".")[:2])
        return torch.device("cpu") if block in home else device

    return quantising.load_quantised(
        net,
        loading.shards_of(base.file or base.folder / part),
        precision,
        dtype=dtype,
        device=place,
        names=names,
        turned=TURNED if base.file else (),
    )


def net_class(settings: Mapping[str, Any], part: str) -> str:
    """diffusers' class of a net, as its settings say."""
    return str(settings.get("_class_name", UNET if part == "unet" else "FluxTransformer2DModel"))


def original_names(layers: Mapping[str, str], prefix: str, key: str) -> list[str]:
    """diffusers' names of what a tensor of an original checkpoint holds; none for what does not belong to the net."""
    layer, _, leaf = key.removeprefix(prefix).rpartition(".")
    block = BLOCK.fullmatch(layer)
    row = f"{BLOCKS[block[1]]}.{block[2]}." if block else ""
    found = layers.get(f"{block[1]}_blocks.{block[3]}" if block else layer, "")
    return [f"{row}{name}.{'weight' if leaf == 'scale' else leaf}" for name in found.split()]


def blocks_in(keys: Iterable[str], kind: str) -> int:
    """How many blocks of a kind an original checkpoint has; pruned models have fewer."""
    numbers = {found[1] for key in keys if (found := re.search(rf"{kind}_blocks\.(\d+)\.", key))}
    return len(numbers)


def load_encoder(
    folder: Path,
    kind: Any,
    precision: Precision,
    dtype: torch.dtype,
    device: torch.device,
    streamed: bool = False,
    trim: Callable[[Any], Any] = lambda settings: settings,
) -> tuple[Any, streaming.Schedule | None]:
    """A large text encoder of transformers' class `kind`, tensor by tensor straight onto the device, or with blocks that wait in main memory.

    `trim` may change its settings first, such as leave layers out that nobody reads. Also gives the schedule of the streaming, to be let go
    with `forget`.
    """
    with quantising.hollow():
        encoder = kind(trim(kind.config_class.from_pretrained(folder)))
    blocks = _encoder_blocks(encoder) if streamed else []
    inside = {id(layer) for block in blocks for layer in block.modules()}
    tables = [one for one in encoder.modules() if isinstance(one, nn.Embedding) and id(one) not in inside]
    waiting = inside | {id(one) for one in tables} if streamed else set()
    home = {name for name, layer in encoder.named_modules() if id(layer) in waiting}

    def place(name: str) -> torch.device:
        return torch.device("cpu") if name.rpartition(".")[0] in home else device

    known = {name for name, _ in encoder.named_parameters()} | {name for name, _ in encoder.named_buffers()}

    def names(key: str) -> Sequence[str]:
        return next(((name,) for name in _spellings(key) if name in known), (key,))

    shards = loading.shards_of(folder)
    quantising.load_quantised(encoder, shards, precision, dtype=dtype, device=place, names=names)
    if hasattr(encoder, "lm_head"):
        encoder.lm_head = nn.Identity()  # nobody reads the next word: of Qwen3 155 MB a caption
    schedule = None
    if blocks:
        schedule = streaming.stream(blocks, len(blocks), device)
        for one in tables:  # a few rows of a large table are used: 0.8 GB of Qwen3 stay where they are
            one.register_forward_pre_hook(lambda _, ids: (ids[0].cpu(),))
            one.register_forward_hook(lambda _, __, found: found.to(device))
    return encoder, schedule


def _spellings(key: str) -> tuple[str, ...]:
    """How a tensor of an encoder's file may be called in the model: with a head around it or without, and as older versions of transformers wrote Qwen2.5-VL."""
    bare = key.removeprefix("model.")
    return key, bare, f"model.{key}", f"model.language_model.{bare}"


def _encoder_blocks(encoder: Any) -> list[nn.Module]:
    if hasattr(encoder, "encoder"):  # T5
        return list(encoder.encoder.block)
    inner = getattr(encoder, "model", encoder)  # Qwen3, with a head or without
    return list(getattr(inner, "language_model", inner).layers)  # Qwen2.5-VL has a part that sees beside it


def forget(schedule: streaming.Schedule | None) -> None:
    """Give back the main memory where blocks waited: CUDA would refuse the same the next time."""
    for one in schedule.waiting if schedule else ():
        schedule.bus.forget(one.home)  # type: ignore[union-attr]


def sweep(device: torch.device) -> None:
    """Give memory back that nothing holds any more: pipelines are full of circles."""
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()
