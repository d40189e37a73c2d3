"""Models: how much memory one picture takes, found by painting it with tensors that have shapes and no contents.

What diffusers' pipelines do with a family's real net and VAE: encode a start picture, one denoising step, decode. Fills the table of
`painting_plan.py`; needs no graphics card.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from storykin.families import FAMILIES, PAINTINGS, Painting, Precision
from storykin.models import nets, painting_plan
from storykin.models.painting_plan import Painted
from storykin.models.streaming import stream
from storykin.models.weightless import (
    GIB,
    NETS,
    TEXT_TOKENS,
    VAES,
    FakeBus,
    Net,
    Tracker,
    bare_net,
    contentless,
    furnish,
    inputs_of,
    make_vae,
)

RANK = 32  # of adapters of families that are not taught here; what is published of them has 16 to 64
UNTAUGHT = ("mod", "norm", "adaLN")  # layers of a block that adapters usually leave as they are
DEPTH = 2  # blocks of each kind that a simulated step goes through
COUNTS = ("num_layers", "num_single_layers", "n_layers")  # of blocks, in the settings of transformers
SEEN_TOKENS = 196  # of a prompt for each picture that Qwen2.5-VL looks at: 384 x 384 pixels in squares of 28
FILM = "AutoencoderKLQwenImage"  # a VAE for films, of which a picture is the only frame
IP_TOKENS, IP_WIDTH = 4, 1024  # of a picture as IP-Adapter gives it to the U-Net; of CLIP ViT-H's vector


@dataclass(frozen=True)
class Developed:
    """Bytes of a VAE: its weights, and what it takes at most beyond them to encode and to decode, whole and in tiles."""

    weights: int
    pictures: int
    pictures_tiled: int
    decoding: int
    decoding_tiled: int


def simulate_painting(
    painting: Painting,
    side: int,
    precision: Precision,
    references: int = 0,
    adapters: int = 1,
    streamed_blocks: int = 0,
    *,
    net: Net | None = None,
    dtype: torch.dtype = torch.bfloat16,
    depth: int = DEPTH,
) -> Painted:
    """Paint one picture of side x side pixels without contents and say what it needed. Seconds.

    `references` are pictures as large as the one that is painted; U-Nets see them through an IP-Adapter. The adapters lie beside the net in
    `dtype`, as everything that is not packed. `net` stands for another than the family's usual. The step is taken through the first `depth`
    blocks of each kind of a transformer (0: all): the next need what those need, since nothing is kept between blocks but what they hand on;
    U-Nets compute whole. The numbers are lower bounds: no CUDA context, no workspaces, no fragmentation. Raises `BadInput` for a number of
    blocks that is not there.
    """
    net = net or NETS[painting.name]
    shallow = cut(net, depth)
    whole = shallow.config == net.config
    waiting = streamed_blocks if whole else 0
    with _laid_out(painting, shallow, precision, references, adapters, waiting, dtype) as (laid, tracker):
        tracker.reset()
        denoise(painting, laid.model, net, side, references, dtype)
    step = tracker.peak - laid.resident
    if not whole:
        laid = _lying(painting, net, precision, references, adapters, streamed_blocks, dtype)
    vae = develop(painting.name, side, references, dtype)
    row = Painted(
        family=painting.name,
        side=side,
        precision=precision,
        references=references,
        streamed_blocks=streamed_blocks,
        blocks=laid.blocks,
        resident_gib=0.0,
        adapter_gib=_gib(laid.adapters / max(1, adapters)),
        waiting_gib=0.0,
        slots_gib=0.0,
        pictures_gib=_gib(vae.pictures),
        pictures_tiled_gib=_gib(vae.pictures_tiled),
        denoising_gib=_gib(step),
        decoding_gib=_gib(vae.decoding),
        decoding_tiled_gib=_gib(vae.decoding_tiled),
    )
    return _weighed(row, laid, vae)


def cut(net: Net, depth: int) -> Net:
    """A transformer's net with the first `depth` blocks of each kind, 0 for all."""
    counts = {name: count for name, count in net.config.items() if name in COUNTS and 0 < depth < count}
    return replace(net, config={**net.config, **dict.fromkeys(counts, depth)})


def simulate_waiting(row: Painted, streamed_blocks: int, *, net: Net | None = None) -> Painted:
    """The same picture with other blocks waiting: what is computed with does not depend on where weights lie, so no step is taken."""
    painting = PAINTINGS[row.family]
    net = net or NETS[row.family]
    laid = _lying(painting, net, row.precision, row.references, 1, streamed_blocks, torch.bfloat16)
    vae = develop(row.family, row.side, row.references)
    return _weighed(replace(row, streamed_blocks=streamed_blocks), laid, vae)


@dataclass(frozen=True)
class _Laid:
    """A net as it lies between two steps: bytes on the card, those of the adapters among them, of slots, and those that wait."""

    model: Any
    blocks: int
    resident: int
    adapters: int
    slots: int
    waiting: int


@contextmanager
def _laid_out(
    painting: Painting,
    net: Net,
    precision: Precision,
    references: int,
    adapters: int,
    streamed_blocks: int,
    dtype: torch.dtype,
) -> Iterator[tuple[_Laid, Tracker]]:
    """Inside, tensors have no contents and are followed; the net lies there as `painters/diffusion/model.py` loads it."""
    model = bare_net(net, precision)
    rank = next((FAMILIES[name].rank for name in painting.adapters_of), RANK)
    tracker = Tracker()
    with contentless(), tracker, torch.no_grad():
        furnish(model, dtype)
        blocks = nets.blocks_of(model)
        schedule = stream(blocks, streamed_blocks, "cpu", FakeBus(tracker))
        if net.kind == nets.UNET and references:
            give_sight(model, dtype)
        worn = wear(model, adapters, rank, dtype)
        slots = sum(_bytes(one) for one in schedule.slots)
        yield _Laid(model, len(blocks), tracker.card, worn, slots, schedule.ram), tracker


def _lying(painting: Painting, net: Net, precision: Precision, *how: Any) -> _Laid:
    with _laid_out(painting, net, precision, *how) as (laid, _):
        return laid


def _weighed(row: Painted, laid: _Laid, vae: Developed) -> Painted:
    return replace(
        row,
        resident_gib=_gib(laid.resident + vae.weights),
        waiting_gib=_gib(laid.waiting),
        slots_gib=_gib(laid.slots),
    )


def _gib(size: float) -> float:
    return round(size / GIB, 3)


def _bytes(tensor: Tensor) -> int:
    return tensor.numel() * tensor.element_size()


# what the net wears


def wear(model: Any, adapters: int, rank: int, dtype: torch.dtype) -> int:
    """Put so many adapters side by side on every linear layer of the blocks, as they are published: not on modulation and norms; their bytes.

    They come after the streaming, as when painting: they lie on the card whatever waits.
    """
    from peft import LoraConfig

    if not adapters:
        return 0
    names = {id(module): name for name, module in model.named_modules()}
    targets = [
        f"{names[id(block)]}.{name}"
        for block in nets.blocks_of(model)
        for name, layer in block.named_modules()
        if isinstance(layer, nn.Linear) and not any(part in name for part in UNTAUGHT) and "_ip." not in name
    ]
    settings = LoraConfig(r=rank, lora_alpha=rank, target_modules=targets, init_lora_weights=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # peft warns of a second adapter
        for number in range(adapters):
            model.add_adapter(settings, adapter_name=f"adapter_{number}")
    model.set_adapters([f"adapter_{number}" for number in range(adapters)])
    size = 0
    for name, one in model.named_parameters():
        if "lora_" in name:
            one.data = one.data.to(dtype)
            size += _bytes(one)
    return size


def give_sight(model: Any, dtype: torch.dtype) -> None:
    """Let a U-Net see pictures through an IP-Adapter (Ye et al. 2023, arXiv 2308.06721), put in as diffusers does; like adapters after the streaming."""
    from diffusers.models import attention_processor
    from diffusers.models.embeddings import ImageProjection, MultiIPAdapterImageProjection

    seer: Any = attention_processor.IPAdapterAttnProcessor2_0
    width = model.config.cross_attention_dim
    for name, attention in model.named_modules():
        if name.endswith("attn2"):
            seeing: Any = seer(attention.inner_dim, width, num_tokens=(IP_TOKENS,))
            attention.set_processor(seeing.to(dtype))
    projection = ImageProjection(IP_WIDTH, width, IP_TOKENS).to(dtype)
    model.encoder_hid_proj = MultiIPAdapterImageProjection([projection])
    model.config.encoder_hid_dim_type = "ip_image_proj"


# the phases


def develop(family: str, side: int, references: int = 0, dtype: torch.dtype = torch.bfloat16) -> Developed:
    """What a family's VAE takes for a picture of side x side pixels: it works while the net waits, so it is simulated by itself.

    Start picture and references are encoded one after the other; FLUX.1 Kontext sees them side by side in one.
    """
    kind, config = VAES[family]
    wide = references if family == "flux-kontext" and references else 1
    return _develop(kind, json.dumps(config), side, wide, dtype)


@cache
def _develop(kind: str, config: str, side: int, wide: int, dtype: torch.dtype) -> Developed:
    tracker = Tracker()
    found = []
    with contentless(), tracker, torch.no_grad():
        vae = make_vae(kind, json.loads(config), dtype)
        weights = tracker.card
        for in_tiles in (False, True):
            if in_tiles:
                painting_plan.tile(vae)
            tracker.reset()
            encode(vae, side, side * wide, dtype)
            found.append(tracker.peak - weights)
            tracker.reset()
            decode(vae, side, dtype)
            found.append(tracker.peak - weights)
    whole, decoded, tiled, decoded_tiled = found
    return Developed(weights, whole, tiled, decoded, decoded_tiled)


def encode(vae: Any, height: int, width: int, dtype: torch.dtype) -> None:
    """Pixels to latents."""
    film = type(vae).__name__ == FILM
    shape = (1, 3, 1, height, width) if film else (1, 3, height, width)
    vae.encode(torch.empty(shape, dtype=dtype)).latent_dist.mode()


def decode(vae: Any, side: int, dtype: torch.dtype) -> None:
    """Latents to pixels."""
    film = type(vae).__name__ == FILM
    channels = vae.config.z_dim if film else vae.config.latent_channels
    shape = (1, channels, 1, side // 8, side // 8) if film else (1, channels, side // 8, side // 8)
    vae.decode(torch.empty(shape, dtype=dtype), return_dict=False)


def denoise(painting: Painting, model: Any, net: Net, side: int, references: int, dtype: torch.dtype) -> None:
    """One denoising step. U-Nets compute with and without the prompt at once; Qwen-Image one after the other, the first result waiting."""
    unet = net.kind == nets.UNET
    text = TEXT_TOKENS + (SEEN_TOKENS * references if painting.name == "qwen-image-edit" else 0)
    tokens = 0 if unet else references
    inputs = inputs_of(model, net, side, 2 if unet else 1, dtype, references=tokens, text=text)
    if unet and references:
        seen = torch.empty(2, references, IP_WIDTH, dtype=dtype)
        inputs["added_cond_kwargs"] = {**inputs.get("added_cond_kwargs", {}), "image_embeds": [seen]}
    passes = 2 if painting.name == "qwen-image-edit" else 1
    found: list[Tensor] = []
    for _ in range(passes):
        found.append(model(**inputs, return_dict=False)[0])


# the table


def wanted() -> list[tuple[str, int, Precision, int]]:
    """What the table should hold, each with no block and with all blocks waiting: family, side, precision, references; quick ones first."""
    order = (
        "sd15",
        "sdxl",
        "flux-dev",
        "flux-schnell",
        "z-image",
        "flux2-klein",
        "flux-kontext",
        "qwen-image-edit",
    )
    precisions: tuple[Precision, ...] = ("nf4", "int8", "bfloat16")
    return [
        (name, PAINTINGS[name].side, precision, references)
        for name in order
        for precision in precisions
        for references in ((0, painting_plan.REFERENCES) if "references" in PAINTINGS[name].powers else (0,))
    ]


def fill(path: Path, say: Callable[[str], None]) -> None:
    """Simulate what the table lacks, row by row, and write each down at once; can be stopped and gone on with at any time."""
    for name, side, precision, references in wanted():
        rows = painting_plan.rows_of(path)
        there = [row for row in rows if row.of[:4] == (name, side, precision, references)]
        whole = next((row for row in there if not row.streamed_blocks), None)
        if whole is None:
            whole = _twin(rows, name, side, precision, references) or simulate_painting(
                PAINTINGS[name], side, precision, references
            )
            rows = (*rows, whole)
            painting_plan.write_rows(path, rows)
            say(f"{name} {side} {precision} {references} references: {whole.peak_gib()} GiB")
        if not any(row.streamed_blocks for row in there):
            waits = simulate_waiting(whole, whole.blocks)
            painting_plan.write_rows(path, (*rows, waits))
            say(f"{name} {side} {precision} {references} references, all waiting: {waits.peak_gib()} GiB")


def _twin(
    rows: Iterable[Painted], name: str, side: int, precision: Precision, references: int
) -> Painted | None:
    """What another family with the same net and VAE took; not with references, which are laid out otherwise."""
    for row in rows:
        same = NETS[row.family] == NETS[name] and VAES[row.family] == VAES[name]
        if same and not references and row.of[1:] == (side, precision, 0, 0):
            return replace(row, family=name)
    return None
