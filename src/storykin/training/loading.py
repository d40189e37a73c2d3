"""Training: finding a base (a name on the model hub, a folder, a single file) and loading its parts one by one.

What the cache has is taken from the cache, and then nobody is asked. Knows no training.
"""

from __future__ import annotations

import errno
import importlib
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storykin.errors import BadFile, BadInput

if TYPE_CHECKING:
    import torch

INDEX = "model_index.json"
HALF = "fp16"  # the variant that hubs keep beside float32: half the download, and more exact than bfloat16
WEIGHED = re.compile(r"unet|vae|transformer|text_encoder(_\d+)?")
HUB_NAME = re.compile(r"\w[\w.-]*/[\w.-]+")


@dataclass(frozen=True)
class Base:
    """A base on this machine: a `folder` in diffusers' layout; where `file` holds all weights in the original layout, only the
    settings and tokenizers of the folder count."""

    folder: Path
    file: Path | None = None


def find_base(name: str, parts: Sequence[str], settings: str) -> Base:
    """The base of that name: a folder, a single `.safetensors` file, or `owner/model` in the hub's cache or on the hub.

    `parts` are those that must be there (`unet`, `vae` …). `settings` is the base, by any of these names, whose settings and tokenizers
    a single file is read with. Raises `BadFile` and `BadInput`.
    """
    path = Path(name).expanduser()
    if path.is_dir():
        return Base(_complete(path, parts))
    if path.is_file():
        if path.suffix != ".safetensors":
            raise BadFile(
                f"{path}: is no .safetensors file", "others can run code when they are read: convert it first"
            )
        return Base(_settings(settings, parts, path), path)
    if path.suffix in {".safetensors", ".ckpt"} or not HUB_NAME.fullmatch(name):
        raise BadFile(
            f"{name}: there is no such folder or file",
            "a base is a folder, a .safetensors file, or a name on the model hub (owner/model)",
        )
    return Base(_from_hub(name, parts, weights=True))


def load_part(base: Base, part: str, dtype: torch.dtype) -> Any:
    """One part of a base with its weights, on the CPU, not learning. Raises `BadFile`."""
    kind = _class_of(base, part)
    where = base.file or base.folder / part
    try:
        with _silence():
            net = _from_file(base, part, kind, dtype) if base.file else _from_folder(base, part, kind, dtype)
    except Exception as error:
        if isinstance(error, MemoryError):
            raise
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise BadFile(
            f"{where}: {part} cannot be loaded: {reason}", "the file may be damaged: load it down anew"
        ) from error
    if lost := [key for key, value in net.state_dict().items() if value.is_meta]:
        raise BadFile(
            f"{where}: {part} lacks {len(lost)} of its weights, {lost[0]} first",
            "is it a whole checkpoint, and of this family?",
        )
    return net.eval().requires_grad_(False)


def load_tokenizer(base: Base, part: str) -> Any:
    """The tokenizer of that name."""
    with _silence():
        return _class_of(base, part).from_pretrained(str(base.folder / part), local_files_only=True)


def settings_of(base: Base, part: str) -> dict[str, Any]:
    """What the settings file of a part says."""
    name = "scheduler_config.json" if part == "scheduler" else "config.json"
    return _json(base.folder / part / name)


def scheduler_of(base: Base) -> dict[str, Any]:
    """The scheduler's settings. A single file says by empty tensors what differs: `v_pred`, `ztsnr` (as ComfyUI reads them)."""
    found = settings_of(base, "scheduler")
    keys = keys_of(base.file) if base.file else frozenset()
    if "v_pred" in keys:
        found["prediction_type"] = "v_prediction"
    if "ztsnr" in keys:
        found["rescale_betas_zero_snr"] = True
    return found


def keys_of(path: Path) -> frozenset[str]:
    """The names of the tensors of a `.safetensors` file. Raises `BadFile` when it is damaged."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt") as file:
            return frozenset(file.keys())
    except (SafetensorError, OSError) as error:
        raise BadFile(f"{path}: is damaged or cut off: {error}", "load it down anew") from error


def class_name_of(base: Base, part: str) -> str | None:
    """The class of a part as the base's index says, None when the base has no such part."""
    entry = _json(base.folder / INDEX).get(part)
    return str(entry[1]) if entry and entry[1] else None


def _class_of(base: Base, part: str) -> Any:
    library, name = _json(base.folder / INDEX)[part]
    if library not in {"diffusers", "transformers"}:
        raise BadFile(
            f"{base.folder / INDEX}: {part} comes from {library!r}",
            "only diffusers and transformers are read",
        )
    return getattr(importlib.import_module(library), name)


def _from_folder(base: Base, part: str, kind: Any, dtype: torch.dtype) -> Any:
    files = [path.name for path in (base.folder / part).glob("*.safetensors")]
    variant = HALF if files and all(f".{HALF}" in name for name in files) else None
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


def _settings(name: str, parts: Sequence[str], file: Path) -> Path:
    path = Path(name).expanduser()
    if path.is_dir():
        return _complete(path, parts, weights=False)
    try:
        return _from_hub(name, parts, weights=False)
    except BadInput as error:
        raise BadInput(
            f"{file}: is read with the settings and tokenizers of {name}, a few megabytes: {error.message}",
            error.hint,
        ) from error


def _from_hub(name: str, parts: Sequence[str], weights: bool) -> Path:
    """The folder of a model in the hub's cache, loaded down when it is not whole."""
    from huggingface_hub import HfApi, constants, errors, snapshot_download

    cached = _cached(name)
    if cached and not _lacking(cached, parts, weights):
        return cached
    neither = BadInput(
        f"base {name!r}: the cache ({constants.HF_HUB_CACHE}) does not have {'all of ' if cached else ''}it, "
        "and the model hub cannot be reached",
        "connect to the internet once, or give a folder or a .safetensors file with --base",
    )
    if constants.HF_HUB_OFFLINE:
        raise neither
    try:
        wanted = _wanted(HfApi().list_repo_files(name), parts, weights)
        found = Path(snapshot_download(name, allow_patterns=wanted))
    except errors.GatedRepoError as error:
        raise BadInput(
            f"base {name!r}: its makers want their terms accepted first",
            f"accept them on https://huggingface.co/{name}, then: hf auth login",
        ) from error
    except errors.RepositoryNotFoundError as error:
        raise BadInput(
            f"base {name!r}: the model hub has no such model, or it is private",
            "check the name (owner/model); for a private one: hf auth login",
        ) from error
    except Exception as error:
        if getattr(error, "errno", None) == errno.ENOSPC:
            raise BadFile(f"{constants.HF_HUB_CACHE}: the disk is full", "make room on it") from error
        raise neither from error
    return _complete(found, parts, weights)


def _cached(name: str) -> Path | None:
    """The model's folder in the hub's cache, whole or not."""
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        found = try_to_load_from_cache(name, INDEX)
    except HFValidationError as error:
        raise BadInput(f"base {name!r}: is no name on the model hub", "expected owner/model") from error
    return Path(found).parent if isinstance(found, str) else None


def _wanted(names: Sequence[str], parts: Sequence[str], weights: bool) -> list[str]:
    """The files of a repository that training needs: settings, tokenizers, and per part the half-precision weights where
    there are some, without pickles, other frameworks' and non-EMA weights."""
    wanted = [name for name in names if name == INDEX]
    for part in {
        *parts,
        "scheduler",
        *(name.split("/")[0] for name in names if name.startswith("tokenizer")),
    }:
        inside = [name for name in names if name.startswith(f"{part}/") and name.count("/") == 1]
        wanted += [name for name in inside if name.endswith((".json", ".txt", ".model"))]
        tensors = [name for name in inside if name.endswith(".safetensors") and "non_ema" not in name]
        half = [name for name in tensors if f".{HALF}" in name]
        plain = [name for name in tensors if re.fullmatch(r"[^.]+", Path(name).stem)]
        wanted += (half or plain) if weights else []
    return wanted


def _complete(folder: Path, parts: Sequence[str], weights: bool = True) -> Path:
    if lacking := _lacking(folder, parts, weights):
        raise BadFile(
            f"{folder}: is no base of this family in diffusers' layout: there is no {lacking}",
            "give a folder with model_index.json and all parts, or a single .safetensors file",
        )
    return folder


def _lacking(folder: Path, parts: Sequence[str], weights: bool) -> str:
    """The first thing that a folder lacks, "" when it is whole."""
    if not (folder / INDEX).is_file():
        return INDEX
    index = _json(folder / INDEX)
    for part in parts:
        if not (folder / part).is_dir() or not index.get(part, [None])[0]:
            return part
        if weights and WEIGHED.fullmatch(part) and not _whole(folder / part):
            return f"{part}/*.safetensors"
    return ""


def _whole(folder: Path) -> bool:
    """Whether all weights of a part are there, also when they lie in several files."""
    for index in folder.glob("*.safetensors.index.json"):
        shards = set(_json(index)["weight_map"].values())
        if all((folder / shard).exists() for shard in shards):
            return True
    return any(not re.search(r"-\d+-of-\d+", path.name) for path in folder.glob("*.safetensors"))


def _json(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadFile(f"{path}: cannot be read: {error}", "load the base down anew") from error
    return found


@contextmanager
def _silence() -> Iterator[None]:
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
