"""Training: Stable Diffusion adapters as files in the layout of kohya's sd-scripts, which every program reads.

SD 1.5 in diffusers' names (`lora_unet_down_blocks_0_…`), SDXL in those of Stability's sgm (`lora_unet_input_blocks_4_1_…`): ComfyUI skips and InvokeAI refuses other names. The header
is made of known words only: no path, caption or name can get into it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import torch
from torch import Tensor

from storykin import files
from storykin.errors import BadFile
from storykin.families import Family
from storykin.recipe import Recipe
from storykin.training.lora import Change

PREFIX = "lora_unet_"
KINDS = {
    "kohya-sd": ("stable-diffusion-v1/lora", "diffusers", "sd_v1"),
    "kohya-sdxl": (
        "stable-diffusion-xl-v1-base/lora",
        "https://github.com/Stability-AI/generative-models",
        "sdxl_base_v1-0",
    ),
}
"""By form of file: architecture and implementation as Stability's ModelSpec 1.0 calls them, version as kohya does."""

FREE = {
    "modelspec.trigger_phrase": re.compile(r"[\w-]{1,40}( [\w-]{1,40})?"),
    "modelspec.resolution": re.compile(r"\d+x\d+"),
    "modelspec.date": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"),
}
"""What others may say in a header, and of what shape it must be to get in."""


def sgm_path(path: str, layers: int) -> str:
    """A layer inside the U-Net's attentions under sgm's name; `layers` is the config's `layers_per_block`.

    sgm counts all blocks in one row: on the way down `layers` and one downsampler per level, after the first convolution; on
    the way up `layers` + 1 per level. Member 0 of a block is its ResNet, 1 its attention. Raises `ValueError` for other layers.
    """
    if found := re.fullmatch(r"mid_block\.attentions\.0\.(.+)", path):
        return f"middle_block.1.{found[1]}"
    found = re.fullmatch(r"(down|up)_blocks\.(\d+)\.attentions\.(\d+)\.(.+)", path)
    if not found:
        raise ValueError(f"{path} is not inside an attention")
    row = int(found[2]) * (layers + 1) + int(found[3])
    return (
        f"input_blocks.{row + 1}.1.{found[4]}" if found[1] == "down" else f"output_blocks.{row}.1.{found[4]}"
    )


def diffusers_path(path: str, layers: int) -> str:
    """The way back from `sgm_path`."""
    if path.startswith("middle_block.1."):
        return "mid_block.attentions.0." + path.removeprefix("middle_block.1.")
    found = re.fullmatch(r"(input|output)_blocks\.(\d+)\.1\.(.+)", path)
    if not found:
        raise ValueError(f"{path} is not inside an attention")
    row = int(found[2]) - (found[1] == "input")
    way = "down" if found[1] == "input" else "up"
    return f"{way}_blocks.{row // (layers + 1)}.attentions.{row % (layers + 1)}.{found[3]}"


def file_names(layers_of_net: Iterable[str], form: str, layers: int) -> dict[str, str]:
    """The name in the file of each layer of the net."""
    return {
        one: PREFIX + (sgm_path(one, layers) if form == "kohya-sdxl" else one).replace(".", "_")
        for one in layers_of_net
    }


def header(family: Family, recipe: Recipe, prediction: str, said: Mapping[str, str]) -> dict[str, str]:
    """The header of an adapter's file: ModelSpec 1.0, and what kohya's readers look for.

    Of what is `said` only the trigger, the resolution and the date are taken, and only when they look like it.
    """
    architecture, implementation, version = KINDS[family.form]
    side = max(recipe.resolutions)
    made = {
        "modelspec.sai_model_spec": "1.0.0",
        "modelspec.architecture": architecture,
        "modelspec.implementation": implementation,
        "modelspec.title": f"Storykin character for {family.title}",
        "modelspec.resolution": f"{side}x{side}",
        "modelspec.prediction_type": "epsilon" if prediction == "epsilon" else "v",
        "ss_base_model_version": version,
        "ss_v2": "False",
        "ss_network_module": "networks.lora",
        "ss_network_dim": str(recipe.rank),
        "ss_network_alpha": str(recipe.alpha),
    }
    taken = {key: said[key] for key, shape in FREE.items() if key in said and shape.fullmatch(said[key])}
    return made | taken


def balanced(change: Change) -> Change:
    """The same change with factors of like size, shifted by a power of two, which loses nothing.

    Early in training up is so small that half precision would round it away.
    """
    up, down = change.up.float().abs().max().item(), change.down.float().abs().max().item()
    if up == 0 or down == 0:
        return change
    shift = 2.0 ** round(math.log2(down / up) / 2)
    return Change(change.down.float() / shift, change.up.float() * shift, change.scale)


def write(
    path: Path,
    state: Mapping[str, Change],
    names: Mapping[str, str],
    shapes: Mapping[str, bool],
    alpha: int,
    head: Mapping[str, str],
) -> None:
    """Write an adapter in half precision, in one stroke. `shapes` says which layers are convolutions.

    Raises `BadFile` when there is no room, or a value is not finite.
    """
    tensors: dict[str, Tensor] = {}
    for layer, change in state.items():
        if not (torch.isfinite(change.down).all() and torch.isfinite(change.up).all()):
            raise BadFile(
                f"{path}: {layer} holds a number that is not finite; nothing was written",
                "train again with a smaller learning rate",
            )
        even = balanced(change)
        for kind, factor in (("lora_down", even.down), ("lora_up", even.up)):
            half = factor.half()[..., None, None] if shapes[layer] else factor.half()
            tensors[f"{names[layer]}.{kind}.weight"] = half.contiguous()
        tensors[f"{names[layer]}.alpha"] = torch.tensor(alpha, dtype=torch.float16)
    files.write_bytes(path, safetensors_bytes(tensors, head))


def safetensors_bytes(tensors: Mapping[str, Tensor], head: Mapping[str, str]) -> bytes:
    """Tensors and header as a safetensors file, its header's words in order: the library shuffles them, and the same training
    should make the same file."""
    from safetensors.torch import save

    content = save(dict(tensors), dict(head))
    length = int.from_bytes(content[:8], "little")
    said = json.loads(content[8 : 8 + length])
    said["__metadata__"] = dict(sorted(said["__metadata__"].items()))
    text = json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)  # tensors begin at a multiple of eight
    return len(text).to_bytes(8, "little") + text + content[8 + length :]
