"""Models: the IP-Adapter, with which Stable Diffusion looks at reference pictures (Ye et al. 2023, arXiv 2308.06721; weights Apache-2.0).

Which file belongs to which family, and whether it is on this machine; nothing is loaded down here but by `fetch`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storykin.errors import BadFile, BadInput

REPOSITORY = "h94/IP-Adapter"
LICENCE = "Apache-2.0"
FILES = {
    "sd15": "models/ip-adapter-plus_sd15.safetensors",
    "sdxl": "sdxl_models/ip-adapter-plus_sdxl_vit-h.safetensors",
}
"""The weights by family; both look through the same encoder of pictures (ViT-H)."""
ENCODER = ("models/image_encoder/config.json", "models/image_encoder/model.safetensors")
GIB = {"sd15": 2.6, "sdxl": 3.4}
NAMES = {f"ip-adapter-{family}": family for family in FILES}
"""What `storykin fetch` calls them."""


@dataclass(frozen=True)
class IPAdapter:
    """Where one lies: its file and the folder of its encoder."""

    file: Path
    encoder: Path


def find(family: str, given: str = "") -> IPAdapter:
    """The IP-Adapter for a family: the given file, with the encoder in `image_encoder` beside it, or the one in the model hub's cache.

    Raises `BadFile` and `BadInput`, also for what would have to be loaded down first.
    """
    if given:
        file = Path(given).expanduser()
        beside = file.parent / "image_encoder"
        for wanted in (file, beside / "config.json"):
            if not wanted.is_file():
                raise BadFile(
                    f"{wanted}: there is no such file",
                    "an IP-Adapter is a .safetensors file with the folder image_encoder beside it",
                )
        return IPAdapter(file, beside)
    there = [_cached(name) for name in (FILES[family], *ENCODER)]
    if any(one is None for one in there):
        raise BadInput(
            f"reference pictures need the IP-Adapter, which is not on this machine (about {GIB[family]:.2g} GB, licence: {LICENCE})",
            f"load it down with: storykin fetch ip-adapter-{family}; or choose flux2-klein, which needs none",
        )
    file, config, _ = (one for one in there if one is not None)
    return IPAdapter(file, config.parent)


def fetch(name: str, on_step: Callable[[float, str], None]) -> bool:
    """Load one of `NAMES` down; False when it was here already. Raises `BadInput`."""
    family = NAMES[name]
    wanted = (FILES[family], *ENCODER)
    lacking = [one for one in wanted if _cached(one) is None]
    try:
        hub: Any = importlib.import_module("huggingface_hub")
        for number, one in enumerate(lacking):
            on_step(number / len(lacking), f"loading {Path(one).name} of {REPOSITORY} down")
            hub.hf_hub_download(REPOSITORY, one)
    except Exception as error:
        said = next(iter(str(error).strip().splitlines()), type(error).__name__)
        raise BadInput(
            f"{REPOSITORY}: the model hub cannot be reached: {said}",
            "connect to the internet and try again; what is there already is kept",
        ) from error
    on_step(1.0, f"{name} is here")
    return bool(lacking)


def _cached(name: str) -> Path | None:
    try:
        from huggingface_hub import try_to_load_from_cache
    except ImportError:
        return None
    found = try_to_load_from_cache(REPOSITORY, name)
    return Path(found) if isinstance(found, str) else None
