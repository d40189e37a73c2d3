"""Models: which family a base belongs to, what of it is missing on this machine, and loading that down.

Only headers and settings are read, so that a plan needs neither PyTorch nor the model hub's library.
"""

from __future__ import annotations

import difflib
import errno
import hashlib
import importlib
import re
import shutil
import threading
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from storykin.errors import BadFile, BadInput
from storykin.families import BUCKET, FAMILIES, PAINTINGS, POCKET, POCKET_CLOSER, Family, Painting
from storykin.files import slug
from storykin.models import loading
from storykin.models.loading import HALF, INDEX, SIZES, WEIGHED

OnStep = Callable[[float, str], None]
Header = Mapping[str, Any]
Row = TypeVar("Row", Family, Painting)

PARTS: dict[str, tuple[str, ...]] = {
    "sd15": ("scheduler", "tokenizer", "text_encoder", "vae", "unet"),
    "sdxl": ("scheduler", "tokenizer", "tokenizer_2", "text_encoder", "text_encoder_2", "vae", "unet"),
    "flux-dev": (
        "scheduler",
        "tokenizer",
        "tokenizer_2",
        "text_encoder",
        "text_encoder_2",
        "vae",
        "transformer",
    ),
    "flux2-klein": ("scheduler", "tokenizer", "text_encoder", "vae", "transformer"),
}
PARTS |= {
    "flux-schnell": PARTS["flux-dev"],
    "flux-kontext": PARTS["flux-dev"],
    "qwen-image-edit": ("scheduler", "tokenizer", "processor", "text_encoder", "vae", "transformer"),
    "z-image": PARTS["flux2-klein"],
}
"""What is needed of a base, by family; the net is the last."""

BESIDE = {
    "sd15": 0.01, "sdxl": 0.01, "flux-dev": 10.0, "flux2-klein": 8.0, "flux-schnell": 10.0, "flux-kontext": 10.0,
    "qwen-image-edit": 16.0, "z-image": 8.0,
}  # fmt: skip
"""GiB that a single file needs beside itself: of Stable Diffusion the settings and tokenizers, of FLUX also VAE and text encoders."""

PIPELINES = {
    "StableDiffusionPipeline": "sd15",
    "StableDiffusionImg2ImgPipeline": "sd15",
    "StableDiffusionXLPipeline": "sdxl",
    "StableDiffusionXLImg2ImgPipeline": "sdxl",
    "FluxPipeline": "flux-dev",
    "FluxImg2ImgPipeline": "flux-dev",
    "Flux2KleinPipeline": "flux2-klein",
    "Flux2KleinInpaintPipeline": "flux2-klein",
}
"""The family of diffusers' pipelines; those that begin with a picture use the same checkpoints."""

RELATED = {
    "runwayml/stable-diffusion-v1-5": "sd15",
    "CompVis/stable-diffusion-v1-4": "sd15",
    "black-forest-labs/FLUX.2-klein-4B": "flux2-klein",
}
"""Much used bases beside the families' own, so that nobody need be asked."""

CHANNELS = {"sd15": 4, "sdxl": 4, "flux-dev": 64, "flux2-klein": 128}
"""What goes into the first layer of the net; models that fill in or edit pictures have more."""

SCHNELL = (
    "is FLUX.1-schnell, or distilled like it: it has no guidance embedding",
    "its licence allows training, but a model that paints in 4 steps unlearns that on the way: take flux-dev or flux2-klein",
)
SD2 = (
    "is Stable Diffusion 2, which is none of the families",
    "take sd15 or sdxl, which have far more to build on",
)
NONE = f"choose a base of: {', '.join(one.title for one in FAMILIES.values())}"
ADAPTER = re.compile(r"lora_(up|down|[AB])\b|\.lora\.(up|down)\b|\bhada_w|\blokr_w|\.(dora_scale|diff)$")
SAMPLED = 4096  # bytes read at each place of a file that is sampled
PAUSE = 0.5  # seconds between two looks at how far a download is
Z_IMAGE = (r"(^|\.)(cap_embedder|context_refiner)\.", "Lumina or Z-Image")
OTHERS = (
    (r"(^|\.)joint_blocks\.", "Stable Diffusion 3"),
    (r"^conditioner\.embedders\.0\.model\.", "the refiner of SDXL"),
    (r"(^|\.)distilled_guidance_layer\.", "Chroma"),
    Z_IMAGE,
    (r"(^|\.)patchify_proj\.", "LTX-Video"),
    (r"(^|\.)txt_norm\.", "Qwen-Image"),
    (r"(^|\.)adaln_single\.|(^|\.)y_embedder\.", "PixArt"),
    (r"(^|\.)individual_token_refiner\.", "HunyuanVideo"),
    (r"^(model\.diffusion_model\.)?head\.modulation$", "Wan"),
    (r"^control_model\.|^controlnet|^input_hint_block\.", "a ControlNet"),
)
"""Marks of models that are none of the families, in the names of their tensors."""


@dataclass(frozen=True)
class Missing:
    """What would have to be loaded down before a base can be used.

    `name` is its name on the model hub, `gib` about how much it is, `licence` its terms, `gated` whether its makers want them
    accepted first, `command` what loads it down.
    """

    name: str
    gib: float
    licence: str
    gated: bool
    command: str


@dataclass(frozen=True)
class _Source:
    """What is taken from the hub: of a model these parts, and the weights of those in `weighed`."""

    name: str
    parts: tuple[str, ...]
    weighed: tuple[str, ...]


# which family


def family_of(base: str) -> Family:
    """The family of a base: a family's name, `owner/model`, a folder in diffusers' layout, or a `.safetensors` file.

    Of a model that is neither known nor in the cache, its index (a kilobyte) is fetched, unless HF_HUB_OFFLINE is set. Raises `BadInput` and `BadFile` for
    what is none, and for models that cannot be taught.
    """
    if loading.spelled(base) in loading.PACKAGED:
        return POCKET
    return _resolved(
        base,
        FAMILIES,
        f"base {base!r}: there is no such family, folder or file",
        _of_folder,
        _family_of_file,
        _of_name,
    )


def _family_of_file(path: Path) -> Family:
    loading.refuse_others(path)
    return _of_file(path)


def _resolved(
    base: str,
    rows: Mapping[str, Row],
    unknown: str,
    of_folder: Callable[[Path, str], Row],
    of_file: Callable[[Path], Row],
    of_name: Callable[[str], Row],
) -> Row:
    """The row of a base, by whatever it is called: a row's name, a folder, a file, a name on the model hub. Raises `BadInput` that begins with `unknown`."""
    if base in rows:
        return rows[base]
    name = loading.spelled(base)
    path = loading.path_of(name)
    if path.is_dir():
        return of_folder(path, str(path))
    if path.is_file():
        return of_file(path)
    if loading.on_hub(name):
        return of_name(name)
    if re.search(r"[/\\]|\.[a-z]{2,}$", name):
        raise loading.nowhere(name)
    near = difflib.get_close_matches(name.lower().replace("_", "-"), rows, n=1, cutoff=0.4)
    raise BadInput(
        unknown,
        (f"did you mean {near[0]!r}? " if near else "")
        + f"families are {', '.join(rows)}; a base may also be a folder, a .safetensors file or owner/model",
    )


def _of_folder(folder: Path, where: str) -> Family:
    """By what its index and the settings of its net say."""
    if not (folder / INDEX).is_file():
        part = next((one for one in ("config.json", "scheduler_config.json") if (folder / one).is_file()), "")
        files = sorted(path.name for path in folder.glob("*.safetensors"))
        if part:
            advice = "give the folder above it, which has model_index.json"
        elif files:
            advice = f"give one of its files, such as {folder / files[0]}"
        else:
            advice = "give a folder with model_index.json, or a single .safetensors file"
        raise BadFile(f"{where}: is no base in diffusers' layout: there is no {INDEX}", advice)
    index = loading.read_json(folder / INDEX)
    family = _of_index(index, where)
    net = PARTS[family.name][-1]
    config = folder / net / "config.json"
    if config.is_file():
        _refuse_net(family, loading.read_json(config), where)
    by, side = _shrinking(folder)
    if by > USUAL and side >= BUCKET:
        return replace(family, resolutions=(side // BUCKET * BUCKET,))
    return family


def _of_index(index: Mapping[str, Any], where: str) -> Family:
    kind = str(index.get("_class_name", ""))
    name = PIPELINES.get(kind)
    if name is None:
        if re.search("Inpaint|Fill", kind):
            raise _unfit(where, f"fills in pictures ({kind})")
        if re.search("Kontext|Pix2Pix|Control|Depth2Img|Upscale|Redux|Variation", kind):
            raise _unfit(where, f"works on given pictures ({kind})")
        raise BadInput(
            f"base {where}: is none of the families, but made for diffusers' {kind or '(nothing)'}", NONE
        )
    if name == "sdxl" and index.get("text_encoder", [None, None])[1] is None:
        raise BadInput(f"base {where}: is none of the families, but the refiner of SDXL", "take sdxl itself")
    return FAMILIES[name]


def _refuse_net(family: Family, config: Mapping[str, Any], where: str) -> None:
    if family.name in {"sd15", "sdxl"} and config.get("cross_attention_dim") == 1024:
        raise BadInput(f"base {where}: {SD2[0]}", SD2[1])
    if family.name == "sdxl" and config.get("cross_attention_dim") == 1280:
        raise BadInput(f"base {where}: is none of the families, but the refiner of SDXL", "take sdxl itself")
    if config.get("in_channels", CHANNELS[family.name]) != CHANNELS[family.name]:
        raise _unfit(where, "fills in or works on given pictures")
    if family.name == "flux-dev" and config.get("guidance_embeds") is False:
        raise BadInput(f"base {where}: {SCHNELL[0]}", SCHNELL[1])
    if family.name == "flux2-klein" and config.get("guidance_embeds") is True:
        raise BadInput(f"base {where}: is none of the families, but FLUX.2-dev", "take flux2-klein")


def _unfit(where: str, what: str, use: str = "taught") -> BadInput:
    return BadInput(
        f"base {where}: {what}, and such models cannot be {use}",
        "take the model for painting from words it was made of",
    )


def _of_file(path: Path) -> Family:
    """By the names and shapes of its tensors."""
    header = loading.header_of(path)
    _refuse_marked(path, header)
    found = _of_flux(path, header) or _of_diffusion(path, header)
    if found is None:
        what = "is none of the families"
        if any(
            re.match(r"(down_blocks|transformer_blocks|single_transformer_blocks)\.0\.", key)
            for key in header
        ):
            raise BadFile(
                f"{path}: is one part of a model in diffusers' layout",
                "give the folder that has model_index.json",
            )
        if any("diffusion_model.input_blocks." in key for key in header):
            raise BadFile(
                f"{path}: holds a net without its text encoders", "give a whole checkpoint, or the folder"
            )
        raise BadFile(f"{path}: {what}", NONE)
    return found


def _refuse_marked(path: Path, header: Header, but: str = "") -> None:
    """Raise `BadFile` for adapters, for what is packed, and for models of `OTHERS` `but` this one."""
    if any(ADAPTER.search(key) for key in header):
        raise BadFile(
            f"{path}: is an adapter (LoRA), not a base",
            "give the base that it was trained on; adapters belong to a character: cast/<name>/adapters",
        )
    loading.refuse_packed(path, header)
    for mark, name in OTHERS:
        if name != but and any(re.search(mark, key) for key in header):
            raise BadFile(f"{path}: is none of the families, but {name}", NONE)


def _of_flux(path: Path, header: Header) -> Family | None:
    prefix = loading.net_prefix(header)
    if prefix is None:
        return None
    guided = f"{prefix}guidance_in.in_layer.weight" in header
    if f"{prefix}single_stream_modulation.lin.weight" in header:
        if guided:
            raise BadFile(f"{path}: is none of the families, but FLUX.2-dev", "take flux2-klein")
        words = header.get(f"{prefix}txt_in.weight", {}).get("shape", [])
        if words[1:] == [12288]:  # three layers of Qwen3-8B, 4096 each
            raise BadFile(
                f"{path}: is FLUX.2 klein 9B, whose text encoder a single file does not bring",
                "give its folder or its name on the model hub, or take flux2-klein (4B)",
            )
        return FAMILIES["flux2-klein"]
    _refuse_fill(path, header, prefix)
    if not guided:
        raise BadFile(f"{path}: {SCHNELL[0]}", SCHNELL[1])
    return FAMILIES["flux-dev"]


def _refuse_fill(path: Path, header: Header, prefix: str) -> None:
    if header.get(f"{prefix}img_in.weight", {}).get("shape", [0, 64])[1:] != [64]:
        raise _unfit(str(path), "fills in or works on given pictures")


def _of_diffusion(path: Path, header: Header) -> Family | None:
    if any(key.startswith("cond_stage_model.model.") for key in header):
        raise BadFile(f"{path}: {SD2[0]}", SD2[1])
    if any(key.startswith("conditioner.embedders.1.model.") for key in header):
        name = "sdxl"
    elif any(key.startswith("cond_stage_model.transformer.") for key in header):
        name = "sd15"
    else:
        return None
    first = header.get("model.diffusion_model.input_blocks.0.0.weight")
    if first is None:
        raise BadFile(f"{path}: has text encoders and no net", "give a whole checkpoint")
    if first["shape"][1:2] != [CHANNELS[name]]:
        raise _unfit(str(path), "fills in or works on given pictures")
    return FAMILIES[name]


def _of_name(name: str) -> Family:
    """Of a model on the hub: by its name where it is known, else by its index."""
    own = {one.base.lower(): one.name for one in FAMILIES.values()} | {
        key.lower(): to for key, to in RELATED.items()
    }
    if name.lower() in own:
        return FAMILIES[own[name.lower()]]
    if name.lower() == "black-forest-labs/flux.1-schnell":
        raise BadInput(f"base {name!r}: {SCHNELL[0]}", SCHNELL[1])
    if re.match(r"(stabilityai|sd2-community)/stable-diffusion-2\b", name):
        raise BadInput(f"base {name!r}: {SD2[0]}", SD2[1])
    if found := loading.cached(name):
        return _of_folder(found, repr(name))
    return _of_index(loading.read_json(_index_of(name)), repr(name))


def _index_of(name: str) -> Path:
    """The index of a model that is not in the cache, fetched."""
    constants = _hub().constants
    if constants.HF_HUB_OFFLINE:
        raise BadInput(
            f"base {name!r}: is not in the cache of the model hub ({constants.HF_HUB_CACHE}), "
            "so which family it belongs to cannot be found out offline",
            f"without HF_HUB_OFFLINE it can; or choose a family: {', '.join(FAMILIES)}",
        )
    try:
        return Path(_hub().hf_hub_download(name, INDEX))
    except Exception as error:
        raise _said(name, error) from error


# which painting


def painting_of(base: str) -> Painting:
    """How a base is painted with: a family's name, `owner/model`, a folder in diffusers' layout, a `.safetensors` or a `.gguf` file.

    Raises `BadInput` and `BadFile` for what is none.
    """
    found = _resolved(
        base,
        PAINTINGS,
        f"there is no painter {base!r}",
        painting_of_folder,
        _painting_of_file,
        _painting_of_name,
    )
    if loading.spelled(base) in loading.PACKAGED:
        own = POCKET.base
        return replace(found, title=POCKET.title, base=own, licence=POCKET.licence, commercial=True, gated=False, adapters_of=(own,), closer=POCKET_CLOSER)  # fmt: skip
    return found


def _painting_of_name(name: str) -> Painting:
    known = {one.base.lower(): one for one in PAINTINGS.values()}
    known |= {one.base.lower(): PAINTINGS[one.name] for one in FAMILIES.values()}
    known |= {key.lower(): PAINTINGS[to] for key, to in RELATED.items()}
    if name.lower() in known:
        return known[name.lower()]
    if found := loading.cached(name):
        return painting_of_folder(found, repr(name))
    return _painting_of_index(loading.read_json(_index_of(name)), repr(name))


def painting_of_folder(folder: Path, where: str) -> Painting:
    """The same of a folder in diffusers' layout; `where` is what errors call it."""
    if not (folder / INDEX).is_file():
        raise BadFile(
            f"{where}: is no base in diffusers' layout: there is no {INDEX}",
            "give a folder with model_index.json, or a single .safetensors file",
        )
    found = _painting_of_index(loading.read_json(folder / INDEX), where)
    config = folder / PARTS[found.name][-1] / "config.json"
    if not config.is_file():
        return found
    settings = loading.read_json(config)
    if found.name == "flux-dev" and settings.get("guidance_embeds") is False:
        return _by_its_autoencoder(PAINTINGS["flux-schnell"], folder)
    if found.name in CHANNELS and settings.get("in_channels", CHANNELS[found.name]) != CHANNELS[found.name]:
        raise _unfit(where, "only fills in pictures", "painted with from words alone")
    if found.name in {"sd15", "sdxl"} and settings.get("cross_attention_dim") in {1024, 1280}:
        raise BadInput(f"base {where}: {SD2[0]}, nor is the refiner of SDXL", SD2[1])
    return _by_its_autoencoder(found, folder)


def _by_its_autoencoder(found: Painting, folder: Path) -> Painting:
    """A base whose autoencoder shrinks more than the family's: sides are multiples of more pixels, and it paints best what that was taught with."""
    by, side = _shrinking(folder)
    if by <= USUAL:
        return found
    return replace(found, grain=found.grain * by // USUAL, side=side or found.side)


def _shrinking(folder: Path) -> tuple[int, int]:
    """How many pixels of a side the autoencoder makes one of the latents', and the side in pixels that it was taught with; 0 where it does not say."""
    config = folder / "vae" / "config.json"
    settings = loading.read_json(config) if config.is_file() else {}
    blocks, side = settings.get("block_out_channels"), settings.get("sample_size")
    by = 2 ** (len(blocks) - 1) if isinstance(blocks, list) else USUAL
    return by, side if isinstance(side, int) and side > 0 else 0


USUAL = 8
"""How many pixels of a side are one of the latents', in all families."""


def _painting_of_index(index: Mapping[str, Any], where: str) -> Painting:
    kind = str(index.get("_class_name", ""))
    for one in PAINTINGS.values():
        if kind and kind in {one.text, one.image, one.fill, one.edit}:
            return one
    if kind in {"QwenImageEditPipeline", "QwenImageEditPlusPipeline"}:
        return PAINTINGS["qwen-image-edit"]
    raise BadInput(
        f"base {where}: is none of the families, but made for diffusers' {kind or '(nothing)'}",
        f"choose a base of: {', '.join(one.title for one in PAINTINGS.values())}",
    )


def _painting_of_file(path: Path) -> Painting:
    if path.suffix.lower() == ".gguf":
        return PAINTINGS[loading.gguf_family(path)]
    loading.refuse_others(path)
    header = loading.header_of(path)
    prefix = loading.net_prefix(header)
    if prefix is None:
        if any(re.search(Z_IMAGE[0], key) for key in header):
            _refuse_marked(path, header, Z_IMAGE[1])
            return PAINTINGS["z-image"]
    elif not {f"{prefix}guidance_in.in_layer.weight", f"{prefix}single_stream_modulation.lin.weight"} & set(
        header
    ):
        _refuse_marked(path, header)
        _refuse_fill(path, header, prefix)
        return PAINTINGS["flux-schnell"]
    return PAINTINGS[_of_file(path).name]


# names and sizes


def fingerprint(base: str, painting: Painting) -> str:
    """Twelve hexadecimal digits that tell one base from another by what its files hold; "" when it is not on this machine.

    Of weights, sizes, headers and samples are read, not gigabytes: two checkpoints that agree in all of them are the same.
    """
    name = loading.spelled(base)
    path = loading.path_of(name)
    if path.is_file():
        found = [path]
    else:
        folder = path if path.is_dir() else loading.cached(name) if loading.on_hub(name) else None
        if folder is None:
            return ""
        parts = [one for one in PARTS[painting.name] if not one.startswith(("tokenizer", "processor"))]
        inside = [one for part in parts for one in sorted((folder / part).glob("*"))]
        found = [one for one in inside if one.suffix in {".json", ".safetensors"} and one.is_file()]
    if not found:
        return ""
    digest = hashlib.sha256()
    for file in found:
        digest.update(f"{file.parent.name}/{file.name}".encode() if len(found) > 1 else b"")
        digest.update(_sample(file))
    return digest.hexdigest()[:12]


def _sample(file: Path) -> bytes:
    """Size, beginning and sixteen places of a file."""
    size = file.stat().st_size
    with file.open("rb") as content:
        said = [size.to_bytes(8, "little"), content.read(SAMPLED * 16)]
        for number in range(16):
            content.seek(size * number // 16)
            said.append(content.read(SAMPLED))
    return b"".join(said)


def title_of(base: str, family: Family | Painting) -> str:
    """What files about this base are called: the family's name for its own base, else a slug of the file's, folder's or model's name."""
    name = loading.spelled(base)
    if name in loading.PACKAGED:
        return POCKET.title
    if name == family.base:
        return family.name
    path = loading.path_of(name)
    if path.exists():
        path = (
            path.absolute() if path.name else path.resolve()
        )  # files of the hub's cache are links to hashes
        words = path.name if path.is_dir() else path.stem
    else:
        words = Path(name).stem if name.endswith(".safetensors") else name.rpartition("/")[2]
    return slug(words, 40) if re.search(r"[a-zA-Z0-9]", unicodedata.normalize("NFKD", words)) else family.name


def missing(
    base: str, family: Family | Painting, command: str = "storykin train <character> --base {base} --download"
) -> Missing | None:
    """What would have to be loaded down before this base can be used; None when all of it is on this machine. Asks nobody.

    `command` is what loads it down.

    Raises `BadFile` when there is no such base, and for a folder that lacks a part: what somebody put there cannot be mended.
    """
    source = _source(base, family)
    if source is None:
        loading.complete(loading.path_of(base), PARTS[family.name])
        return None
    found = loading.cached(source.name)
    if found and not loading.lacking(found, source.parts, source.weighed):
        return None
    own = source.name == family.base
    known = own or source.name in RELATED
    return Missing(
        source.name,
        SIZES[family.name] if source.parts == source.weighed else BESIDE[family.name],
        family.licence if known else f"see https://huggingface.co/{source.name}",
        family.gated and own,
        command.format(base=base),
    )


def _source(base: str, family: Family | Painting) -> _Source | None:
    """Where what is missing comes from; None for a folder, which has all or is none."""
    name, parts = loading.spelled(base), PARTS[family.name]
    path = loading.path_of(name)
    if path.is_dir():
        return None
    if path.is_file():
        return _Source(family.base, parts, parts[:-1] if family.objective == "flow" else ())
    if not loading.on_hub(name):
        raise loading.nowhere(name)
    return _Source(name, parts, parts)


def folder_config(base: str, family: Family) -> dict[str, Any] | None:
    """The settings of the net of a folder, or of a model in the hub's cache; None for single files and what is not there."""
    name = loading.spelled(base)
    path = loading.path_of(name)
    folder = (
        path if path.is_dir() else None if path.exists() or not loading.on_hub(name) else loading.cached(name)
    )
    config = folder / PARTS[family.name][-1] / "config.json" if folder else None
    return loading.read_json(config) if config and config.is_file() else None


def weights_of(base: str, family: Family | Painting) -> int:
    """How many bytes the weights of the net take on the disk; 0 when that is unknown."""
    name = loading.spelled(base)
    path = loading.path_of(name)
    if path.is_file():
        return sum(
            one["data_offsets"][1] - one["data_offsets"][0]
            for key, one in loading.header_of(path).items()
            if not loading.BESIDE_NET.match(key)
        )
    folder = path if path.is_dir() else loading.cached(name) if loading.on_hub(name) else None
    return (
        sum(one.stat().st_size for one in loading.weights_in(folder / PARTS[family.name][-1]))
        if folder
        else 0
    )


# loading down


def fetch(base: str, family: Family | Painting, on_step: OnStep) -> None:
    """Load down what is missing of a base: first the settings, which must be the family's, then the weights.

    `on_step` hears the share that is there (0 … 1) about twice a second; what it raises stops the download. Files that are whole stay and are not loaded again. Raises
    `BadInput` when the hub cannot be reached or refuses, `BadFile` when the disk is full.
    """
    source = _source(base, family)
    if source is None or missing(base, family) is None:
        return
    hub = _hub()
    if hub.constants.HF_HUB_OFFLINE:
        raise _unreachable(source.name, "HF_HUB_OFFLINE is set")
    try:
        files = _listed(source)
        on_step(0.0, f"asking for {source.name}")
        folder = Path()
        for name in files:
            if not name.endswith(".safetensors"):
                folder = _root(Path(hub.hf_hub_download(source.name, name, tqdm_class=_bar(None))), name)
    except (BadInput, BadFile):
        raise
    except Exception as error:
        raise _said(source.name, error) from error
    found: Family | Painting = (
        _of_folder(folder, repr(source.name))
        if isinstance(family, Family)
        else painting_of_folder(folder, source.name)
    )
    if found != family:
        raise BadInput(
            f"base {source.name!r}: belongs to {found.title}, not to {family.title}",
            f"name it as a base of {found.name}",
        )
    _load_weights(
        source.name, {name: size for name, size in files.items() if name.endswith(".safetensors")}, on_step
    )
    if lacks := loading.lacking(folder, source.parts, source.weighed):
        raise BadFile(f"{folder}: there is no {lacks} after loading it down", "try again; is the disk full?")


def _load_weights(name: str, files: Mapping[str, int], on_step: OnStep) -> None:
    """Load files down one after the other, beside the caller's thread, which tells how far it is."""
    hub = _hub()
    waiting = {
        file: size
        for file, size in files.items()
        if not isinstance(hub.try_to_load_from_cache(name, file), str)
    }
    total, left = sum(files.values()), sum(waiting.values())
    cache = Path(hub.constants.HF_HUB_CACHE)
    free = shutil.disk_usage(next(one for one in (cache, *cache.parents) if one.exists())).free
    if left > free:
        raise BadFile(
            f"{cache}: {name} needs {left / 1e9:.1f} GB more, and {free / 1e9:.1f} are free",
            "make room, or put the cache on another disk: set HF_HOME",
        )
    folder = cache / f"models--{name.replace('/', '--')}"
    before, stop, failed = _used(folder), threading.Event(), list[Exception]()

    def load() -> None:
        try:
            for file in waiting:
                if not stop.is_set():
                    hub.hf_hub_download(name, file, tqdm_class=_bar(stop))
        except Exception as error:
            failed.append(error)

    thread = threading.Thread(target=load, daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            there = min(total, total - left + max(0, _used(folder) - before))
            share = there / total if total else 1.0
            on_step(share, f"loading {name} down: {there / 1e9:.1f} of {total / 1e9:.1f} GB")
            thread.join(PAUSE)
    except BaseException:
        stop.set()
        with suppress(ImportError, AttributeError):  # a transfer by chunks asks no bar whether to go on
            importlib.import_module("huggingface_hub.utils._xet").abort_xet_session()
        thread.join(10)
        raise
    if failed:
        raise _said(name, failed[0]) from failed[0]
    on_step(1.0, f"{name} is here")


def _bar(stop: threading.Event | None) -> Any:
    """A progress bar that shows nothing and stops the download it belongs to when it is told to."""
    bar: Any = importlib.import_module("huggingface_hub.utils").tqdm

    class Silent(bar):  # type: ignore[misc]
        monitor_interval = 0  # no thread of its own

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **{**kwargs, "disable": True})

        def update(self, n: float | None = 1) -> bool | None:
            if stop is not None and stop.is_set():
                raise InterruptedError("stopped")
            return None

    return Silent


def _used(folder: Path) -> int:
    """Bytes in a model's part of the cache, also of files that are still coming."""
    found = 0
    for path in folder.rglob("*"):
        with suppress(OSError):  # temporary files come and go
            status = path.lstat()
            found += min(status.st_size, getattr(status, "st_blocks", status.st_size) * 512)
    return found


def _root(path: Path, name: str) -> Path:
    """The snapshot's folder, of the path of a file in it."""
    return path.parents[name.count("/")]


def _listed(source: _Source) -> dict[str, int]:
    """The files that are wanted of a model and their sizes in bytes, as the hub tells. Raises `BadInput` when weights are not there in a readable form."""
    told = _hub().HfApi().model_info(source.name, files_metadata=True).siblings or ()
    sizes = {one.rfilename: one.size or 0 for one in told}
    wanted = wanted_of(sizes, source.parts, source.weighed)
    if INDEX not in wanted:
        raise _no_layout(source.name)
    for part in source.weighed:
        if WEIGHED.fullmatch(part) and not any(
            re.match(rf"{part}/.*\.safetensors$", name) for name in wanted
        ):
            raise BadInput(
                f"base {source.name!r}: has no {part}/*.safetensors on the model hub",
                "pickles can run code when they are read: choose a base that has .safetensors files",
            )
    return {name: sizes[name] for name in wanted}


def wanted_of(names: Collection[str], parts: Sequence[str], weighed: Collection[str]) -> list[str]:
    """The files of a repository that training needs: settings, tokenizers, and for the parts in `weighed` the half-precision weights where
    there are some, without pickles, other frameworks' and non-EMA weights."""
    wanted = [name for name in names if name == INDEX]
    for part in parts:
        inside = [name for name in names if name.startswith(f"{part}/") and name.count("/") == 1]
        wanted += [name for name in inside if name.endswith((".json", ".txt", ".model", ".jinja"))]
        tensors = [name for name in inside if name.endswith(".safetensors") and "non_ema" not in name]
        half = [name for name in tensors if f".{HALF}" in name]
        plain = [name for name in tensors if re.fullmatch(r"[^.]+", Path(name).stem)]
        wanted += (half or plain) if part in weighed else []
    return wanted


def _hub() -> Any:
    """The model hub's library. Raises `BadInput` where it is not installed."""
    try:
        import huggingface_hub
    except ImportError:
        raise BadInput(
            "the model hub's library (huggingface_hub) is not installed",
            "install it with: pip install 'storykin[train]'",
        ) from None
    return huggingface_hub


def _said(name: str, error: Exception) -> BadInput | BadFile:
    """What the hub's refusals mean to a person."""
    from huggingface_hub import errors

    if isinstance(error, errors.GatedRepoError):
        return BadInput(
            f"base {name!r}: its makers want their terms accepted first",
            f"accept them on https://huggingface.co/{name}, then: hf auth login",
        )
    if isinstance(error, errors.RepositoryNotFoundError):
        return BadInput(
            f"base {name!r}: the model hub has no such model, or it is private, and there is no such folder here",
            "check the name (owner/model); for a private one: hf auth login",
        )
    if isinstance(error, errors.EntryNotFoundError) and not isinstance(error, errors.LocalEntryNotFoundError):
        return _no_layout(name)
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EDQUOT}:
        return BadFile(
            f"{error.filename or loading.cache_words().strip(' ()')}: cannot be written: {error.strerror}",
            "make room or change its rights, or put the cache elsewhere: set HF_HOME",
        )
    return _unreachable(name, next(iter(str(error).strip().splitlines()), type(error).__name__))


def _unreachable(name: str, reason: str) -> BadInput:
    return BadInput(
        f"base {name!r}: the model hub cannot be reached: {reason}",
        "connect to the internet and try again (what is there already is kept), or give a folder or a .safetensors file with --base",
    )


def _no_layout(name: str) -> BadInput:
    return BadInput(
        f"base {name!r}: is no model in diffusers' layout: it has no {INDEX}",
        "if it offers a single .safetensors file, load that down and give its path",
    )
