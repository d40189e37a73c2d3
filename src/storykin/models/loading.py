"""Models: finding a base on this machine (a name on the model hub, a folder, a single file) and loading its parts one by one.

Knows no training, and nothing is ever loaded down here: `bases.fetch` does that.
"""

from __future__ import annotations

import importlib
import json
import logging
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storykin.errors import BadFile, BadInput
from storykin.families import FAMILIES, PAINTINGS, POCKET, Family, Painting

if TYPE_CHECKING:
    import torch

logging.getLogger("bitsandbytes").setLevel(logging.ERROR)
"""On processors with AVX-512 it remarks, as soon as it is imported by others, that a faster kernel could be had from the hub."""

INDEX = "model_index.json"
HALF = "fp16"  # the variant that hubs keep beside float32: half the download, and more exact than bfloat16
WEIGHED = re.compile(r"unet|vae|transformer|text_encoder(_\d+)?")  # parts with weights
HUB_NAME = re.compile(r"\w[\w.-]*/[\w.-]+")
HUB_PAGE = re.compile(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/(?P<name>[\w.-]+/[\w.-]+)(?:[/?#].*)?")
VOCABULARIES = (("vocab.json", "merges.txt"), ("tokenizer.json",), ("spiece.model",), ("tokenizer.model",))
"""Files of which a tokenizer needs one set: transformers loads it without, and then knows no word."""

SIZES = {
    "sd15": 4.0, "sdxl": 7.0, "flux-dev": 34.0, "flux2-klein": 15.0, "flux-schnell": 34.0, "flux-kontext": 34.0,
    "qwen-image-edit": 54.0, "z-image": 20.0,
}  # fmt: skip
"""GiB of the usual base of each family with all its parts."""

METADATA = "__metadata__"
SHARD = re.compile(r"-\d+-of-\d+")
FLUX_NET = re.compile(r"((?:model\.)?(?:diffusion_model\.)?)double_blocks\.0\.img_attn\.qkv\.weight")
PACKED = re.compile(r"\.(absmax|quant_map|qweight|wscales)$|\.quant_state\.")
SCALED = re.compile(r"(^|\.)(scale_weight|weight_scale|scaled_fp8|comfy_quant)$")
BESIDE_NET = re.compile(
    r"text_encoders\.|vae\.|first_stage_model\.|cond_stage_model\.|conditioner\.|model_ema\."
)
"""What checkpoints of a whole model hold beside the net."""

PACKAGED = {POCKET.base: Path(__file__).parent / POCKET.title}
"""Where bases lie that came with Storykin: `pocket`, a FLUX.1 that fits into a pocket and knows only drawn pictures (docs/howto/pocket.md)."""

LONGEST_HEADER = 100_000_000  # bytes; the limit of the safetensors library
PICKLES = frozenset({".ckpt", ".pt", ".pth", ".bin"})


@dataclass(frozen=True)
class Base:
    """A base on this machine: a `folder` in diffusers' layout; where `file` holds all weights in the original layout, only the
    settings and tokenizers of the folder count."""

    folder: Path
    file: Path | None = None


# finding


def find_base(name: str, parts: Sequence[str], settings: str) -> Base:
    """The base of that name: a folder, a single `.safetensors` file, or `owner/model` in the hub's cache.

    `parts` are those that must be there (`unet`, `vae` …). `settings` is the base, by any of these names, whose settings and tokenizers
    a single file is read with. Raises `BadFile` and `BadInput`, also for what would have to be loaded down first.
    """
    name = spelled(name)
    path = path_of(name)
    if path.is_dir():
        return Base(complete(path, parts))
    if path.is_file():
        refuse_others(path)
        return Base(_settings(settings, parts, path), path)
    if not on_hub(name):
        raise nowhere(name)
    return Base(_from_cache(name, parts, parts))


def spelled(name: str) -> str:
    """A base as everybody else names it: families by their usual base, the packaged one with its number, pages of the model hub by `owner/model`; the rest as it is."""
    if name == POCKET.title:
        return POCKET.base
    if name in FAMILIES:
        return FAMILIES[name].base
    if name in PAINTINGS:
        return PAINTINGS[name].base
    page = HUB_PAGE.fullmatch(name.strip())
    return page["name"] if page else name


def path_of(name: str) -> Path:
    """A base's name as a path, with ~ for the home folder, whether anything is there or not; that of a packaged base where it lies. Raises `BadFile` when one may not look, or a packaged one is not there."""
    if packaged := PACKAGED.get(spelled(name)):
        if not (packaged / INDEX).is_file():
            raise BadFile(
                f"{packaged}: the weights of {POCKET.title!r} are not in this installation",
                "install storykin again",
            )
        return packaged
    try:
        path = Path(name).expanduser()
        path.exists()
    except PermissionError as error:
        raise BadFile(
            f"{name}: may not be read: {error.strerror}", "change its rights, or copy it"
        ) from error
    except (RuntimeError, OSError, ValueError) as error:  # nobody's home, a name too long, a zero byte
        raise BadFile(f"{name}: is no path: {error}", "check the name") from error
    return path


def on_hub(name: str) -> bool:
    """Whether a name that is no path can be one on the model hub."""
    return bool(HUB_NAME.fullmatch(name)) and Path(name).suffix not in {".safetensors", ".gguf", *PICKLES}


def nowhere(name: str) -> BadFile:
    """What is said of a base that is nowhere."""
    return BadFile(
        f"{name}: there is no such folder or file",
        "a base is a folder, a .safetensors file, or a name on the model hub (owner/model)",
    )


def refuse_others(path: Path) -> None:
    """Raise `BadFile` for files that are no `.safetensors`."""
    if path.suffix.lower() == ".gguf":
        raise BadFile(
            f"{path}: is a GGUF file, which is packed for painting only",
            "take the same model as a .safetensors file, or the family's own base: it is packed while it is read",
        )
    if path.suffix.lower() != ".safetensors":
        raise BadFile(
            f"{path}: is no .safetensors file", "others can run code when they are read: convert it first"
        )


def gguf_family(path: Path) -> str:
    """The family of a GGUF file by the names of its tensors: flux-dev, flux-schnell. Raises `BadFile` and `BadInput`."""
    try:
        import gguf
    except ImportError:
        raise BadInput(
            f"{path}: GGUF files cannot be read: gguf is not installed",
            "install it with: pip install 'storykin[paint]'",
        ) from None
    try:
        keys = {str(one.name) for one in gguf.GGUFReader(path).tensors}
    except (OSError, ValueError, IndexError, KeyError) as error:
        raise BadFile(f"{path}: is no GGUF file, or damaged: {error}", "load it down anew") from error
    prefix = net_prefix(keys)
    if prefix is None or f"{prefix}single_stream_modulation.lin.weight" in keys:
        raise BadFile(f"{path}: holds no net of FLUX.1", "of GGUF files, only those of FLUX.1 are read")
    return "flux-dev" if f"{prefix}guidance_in.in_layer.weight" in keys else "flux-schnell"


def _settings(name: str, parts: Sequence[str], file: Path) -> Path:
    path = path_of(spelled(name))
    if path.is_dir():
        return complete(path, parts, ())
    try:
        return _from_cache(spelled(name), parts, ())
    except BadInput as error:
        raise BadInput(
            f"{file}: is read with the settings and tokenizers of {name}, a few megabytes: {error.message}",
            error.hint,
        ) from error


def _from_cache(name: str, parts: Sequence[str], weighed: Collection[str]) -> Path:
    """The folder of a model in the hub's cache, when it is whole."""
    found = cached(name)
    lacks = lacking(found, parts, weighed) if found else ""
    if found and not lacks:
        return found
    rows: tuple[Family | Painting, ...] = (*FAMILIES.values(), *PAINTINGS.values())
    own = next((one for one in rows if one.base == name), None)
    about = f"; about {SIZES[own.name]:.0f} GB, licence {own.licence}" if own and weighed else ""
    what = f"all of it ({lacks} is missing)" if found else "it"
    raise BadInput(
        f"base {name!r}: the cache of the model hub{cache_words()} does not have {what}{about}",
        "load it down with --download, or give a folder or a .safetensors file with --base",
    )


def cached(name: str) -> Path | None:
    """A model's folder in the hub's cache, whole or not; None without one. Raises `BadInput` for what cannot be a name."""
    try:
        from huggingface_hub import try_to_load_from_cache
        from huggingface_hub.errors import HFValidationError
    except ImportError:
        return None
    try:
        found = try_to_load_from_cache(name, INDEX)
    except HFValidationError as error:
        raise BadInput(f"base {name!r}: is no name on the model hub", "expected owner/model") from error
    return Path(found).parent if isinstance(found, str) else None


def cache_words() -> str:
    """Where the hub's cache is, for messages; "" where nobody knows."""
    try:
        from huggingface_hub import constants
    except ImportError:
        return ""
    return f" ({constants.HF_HUB_CACHE})"


def complete(folder: Path, parts: Sequence[str], weighed: Collection[str] | None = None) -> Path:
    """The folder itself, when it has these parts, with the weights of `weighed` (all). Raises `BadFile` that names the first that is missing."""
    if lacks := lacking(folder, parts, parts if weighed is None else weighed):
        raise BadFile(
            f"{folder}: is no base of this family in diffusers' layout: there is no {lacks}",
            "give a folder with model_index.json and all parts, or a single .safetensors file",
        )
    return folder


def lacking(folder: Path, parts: Sequence[str], weighed: Collection[str]) -> str:
    """The first thing that a folder lacks, "" when it is whole. Of the parts in `weighed` the weights must be there too."""
    if not (folder / INDEX).is_file():
        return INDEX
    index = read_json(folder / INDEX)
    for part in parts:
        if not (folder / part).is_dir() or not _entry(index, part):
            return part
        settings = settings_name(part)
        if settings and not (folder / part / settings).is_file():
            return f"{part}/{settings}"
        if part.startswith("tokenizer") and not any(
            all((folder / part / name).is_file() for name in names) for names in VOCABULARIES
        ):
            return f"{part}/{' with '.join(VOCABULARIES[0])}"
        if part in weighed and WEIGHED.fullmatch(part) and not weights_in(folder / part):
            return f"{part}/*.safetensors"
    return ""


def settings_name(part: str) -> str:
    """The name of a part's settings file; "" for tokenizers, which have several."""
    if part == "scheduler":
        return "scheduler_config.json"
    return "config.json" if WEIGHED.fullmatch(part) else ""


def weights_in(folder: Path) -> tuple[Path, ...]:
    """The `.safetensors` files of a part, once each: one whole file or all shards, float32 before half precision; () when there are none or not all."""
    for middle in ("", f".{HALF}"):
        for path in sorted(folder.glob("*.safetensors")):
            named = re.fullmatch(rf"[^.]+{re.escape(middle)}\.safetensors", path.name)
            if named and not SHARD.search(path.name) and path.is_file():
                return (path,)
        for index in sorted(folder.glob(f"*.safetensors.index{middle}.json")):
            shards = tuple(folder / name for name in _listed_in(index))
            if shards and all(one.is_file() for one in shards):
                return shards
    return ()


def _listed_in(index: Path) -> list[str]:
    """The names of the shards that an index lists."""
    named = read_json(index).get("weight_map")
    return sorted(set(named.values())) if isinstance(named, dict) else []


def shards_of(path: Path) -> tuple[Path, ...]:
    """The `.safetensors` files of a model: the file itself, or those of a folder, once each. Raises `BadFile` when one is missing."""
    if path.is_file():
        return (path,)
    if found := weights_in(path):
        return found
    indices = sorted(path.glob("*.safetensors.index*.json"))
    missing = [name for name in (_listed_in(indices[0]) if indices else ()) if not (path / name).is_file()]
    raise BadFile(
        f"{path}: weights are missing: {', '.join(missing) or '*.safetensors'}",
        "fetch the model again; the download is incomplete",
    )


# loading


def load_part(base: Base, part: str, dtype: torch.dtype) -> Any:
    """One part of a base with its weights, on the CPU, not learning. Raises `BadFile`."""
    kind = _class_of(base, part)
    where = base.file or base.folder / part
    for file in (base.file,) if base.file else weights_in(where):
        header_of(file)
    try:
        with silence():
            net = _from_file(base, part, kind, dtype) if base.file else _from_folder(base, part, kind, dtype)
    except Exception as error:
        if isinstance(error, MemoryError):
            raise
        raise BadFile(
            f"{where}: {part} cannot be loaded: {_first_line(error)}",
            "the file may be damaged: load it down anew",
        ) from error
    if lost := [key for key, value in net.state_dict().items() if value.is_meta]:
        raise BadFile(
            f"{where}: {part} lacks {len(lost)} of its weights, {lost[0]} first",
            "is it a whole checkpoint, and of this family?",
        )
    return net.eval().requires_grad_(False)


def load_tokenizer(base: Base, part: str) -> Any:
    """The tokenizer of that name. Raises `BadFile`."""
    where = base.folder / part
    try:
        with silence():
            return _class_of(base, part).from_pretrained(str(where), local_files_only=True)
    except BadFile:
        raise
    except Exception as error:
        raise BadFile(
            f"{where}: cannot be loaded: {_first_line(error)}", "load the base down anew"
        ) from error


def settings_of(base: Base, part: str) -> dict[str, Any]:
    """What the settings file of a part says."""
    return read_json(base.folder / part / settings_name(part))


def scheduler_of(base: Base) -> dict[str, Any]:
    """The scheduler's settings. A single file says by empty tensors what differs: `v_pred`, `ztsnr` (as ComfyUI reads them)."""
    found = settings_of(base, "scheduler")
    keys = keys_of(base.file) if base.file else frozenset()
    if "v_pred" in keys:
        found["prediction_type"] = "v_prediction"
    if "ztsnr" in keys:
        found["rescale_betas_zero_snr"] = True
    return found


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def keys_of(path: Path) -> frozenset[str]:
    """The names of the tensors of a `.safetensors` file. Raises `BadFile` when it is damaged."""
    return frozenset(header_of(path))


def header_of(path: Path) -> dict[str, Any]:
    """What a `.safetensors` file says of its tensors: by name, `dtype`, `shape` and `data_offsets`. Only the header is read.

    Raises `BadFile` that says what the file is instead, or how much of it is missing.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            begins = file.read(64)
            length = int.from_bytes(begins[:8], "little")
            file.seek(8)
            text = file.read(length) if length <= min(LONGEST_HEADER, size) else b""
    except OSError as error:
        raise BadFile(f"{path}: cannot be read: {error.strerror}", "check the name and the rights") from error
    try:
        found = json.loads(text)
        ends = (
            8
            + length
            + max((one["data_offsets"][1] for name, one in found.items() if name != METADATA), default=0)
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _no_safetensors(path, begins, size) from error
    if ends > size:
        raise BadFile(f"{path}: is cut off: {size:,} of {ends:,} bytes are there", "load it down anew")
    found.pop(METADATA, None)
    return dict(found)


def net_prefix(keys: Iterable[str]) -> str | None:
    """What stands before the names of a FLUX net's tensors in the original layout; None when there is no such net."""
    return next((found[1] for key in keys if (found := FLUX_NET.fullmatch(key))), None)


def refuse_packed(path: Path, keys: Collection[str]) -> None:
    """Raise `BadFile` for a checkpoint whose weights are packed in a form that is not read."""
    form = "scaled fp8" if any(SCALED.search(key) for key in keys) else ""
    form = "4 bits (by bitsandbytes or Nunchaku)" if any(PACKED.search(key) for key in keys) else form
    if form:
        raise BadFile(
            f"{path}: is packed in {form} already, which is not read",
            "take the same model in 16 bits or plain fp8: it is packed while it is read, as tightly as the card needs",
        )


def _no_safetensors(path: Path, begins: bytes, size: int) -> BadFile:
    start = begins.lstrip().lower()
    if start.startswith(b"version https://git-lfs"):
        return BadFile(
            f"{path}: is a pointer of Git LFS, not the weights",
            "fetch them with: git lfs install && git lfs pull",
        )
    if start.startswith((b"<", b"{")):
        return BadFile(
            f"{path}: is a web page, not weights",
            "the site may want a login first: load it down in the browser, or by its name on the model hub",
        )
    if begins.startswith(b"GGUF"):
        return BadFile(
            f"{path}: is a GGUF file under another name", "take the same model as a .safetensors file"
        )
    if begins.startswith((b"PK", b"\x80")):
        return BadFile(
            f"{path}: is a pickle under another name",
            "pickles can run code when they are read: look for the same model as .safetensors",
        )
    what = "is empty" if not size else "is damaged or cut off, or no .safetensors file"
    return BadFile(f"{path}: {what}", "load it down anew")


def class_name_of(base: Base, part: str) -> str | None:
    """The class of a part as the base's index says, None when the base has no such part."""
    return _entry(read_json(base.folder / INDEX), part)


def _entry(index: dict[str, Any], part: str) -> str | None:
    entry = index.get(part)
    return str(entry[1]) if isinstance(entry, list) and len(entry) == 2 and entry[1] else None


def _class_of(base: Base, part: str) -> Any:
    library, name = read_json(base.folder / INDEX)[part]
    if library not in {"diffusers", "transformers"}:
        raise BadFile(
            f"{base.folder / INDEX}: {part} comes from {library!r}",
            "only diffusers and transformers are read",
        )
    return getattr(importlib.import_module(library), name)


def _from_folder(base: Base, part: str, kind: Any, dtype: torch.dtype) -> Any:
    files = weights_in(base.folder / part)
    variant = HALF if files and f".{HALF}" in files[0].name else None
    said = "torch_dtype" if kind.__module__.startswith("diffusers") else "dtype"
    return kind.from_pretrained(
        str(base.folder),
        subfolder=part,
        variant=variant,
        use_safetensors=True,
        local_files_only=True,
        **{said: dtype},
    )


def _from_file(base: Base, part: str, kind: Any, dtype: torch.dtype) -> Any:
    """From a checkpoint in the original layout, renamed by diffusers' own tables."""
    if hasattr(kind, "from_single_file"):
        return kind.from_single_file(
            str(base.file), config=str(base.folder), subfolder=part, torch_dtype=dtype, local_files_only=True
        )
    reader: Any = importlib.import_module("diffusers.loaders.single_file_utils")
    checkpoint = reader.load_single_file_checkpoint(str(base.file), local_files_only=True)
    return reader.create_diffusers_clip_model_from_ldm(
        kind, checkpoint, subfolder=part, config=str(base.folder), torch_dtype=dtype, local_files_only=True
    )


def read_json(path: Path) -> dict[str, Any]:
    """A settings file of a base. Raises `BadFile`."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found, dict):
            raise ValueError("it is no table of settings")
    except (OSError, ValueError) as error:
        raise BadFile(f"{path}: cannot be read: {error}", "load the base down anew") from error
    return found


@contextmanager
def silence() -> Iterator[None]:
    """Without the libraries' progress bars and remarks, which are put back afterwards."""
    from diffusers.utils import logging as diffusers_logging
    from transformers.utils import logging as transformers_logging

    both: tuple[Any, ...] = (diffusers_logging, transformers_logging)
    before = [(one, one.is_progress_bar_enabled(), one.get_verbosity()) for one in both]
    for one, _, _ in before:
        one.disable_progress_bar()
        one.set_verbosity_error()
    try:
        yield
    finally:
        for one, shown, verbosity in before:
            one.set_verbosity(verbosity)
            if shown:
                one.enable_progress_bar()
