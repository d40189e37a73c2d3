"""Small bases of every family at the real architectures, built once for all tests of a run, with two adapters each."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.painters.diffusion import small_others as others
from tests.training.small_flux import save_flux, save_flux2
from tests.training.small_sd import small_sd15, small_sdxl

MAKERS: dict[str, Callable[[Path], Path]] = {
    "sd15": small_sd15,
    "sdxl": small_sdxl,
    "flux-dev": save_flux,
    "flux-schnell": others.small_schnell,
    "flux2-klein": save_flux2,
    "flux-kontext": others.small_kontext,
    "qwen-image-edit": others.small_qwen_edit,
    "z-image": others.small_z_image,
}
ROOT: dict[str, Path] = {}


@pytest.fixture(scope="session", autouse=True)
def small_bases(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where they lie in this run."""
    ROOT["here"] = tmp_path_factory.mktemp("bases")


@cache
def base(family: str) -> Path:
    """The folder of a family's small base; its name is the family's."""
    return MAKERS[family](ROOT["here"] / family)


@cache
def adapter(family: str, seed: int) -> Path:
    """A random adapter for it that changes pictures visibly."""
    return others.lora_for(base(family), family, ROOT["here"] / f"{family}-lora-{seed}.safetensors", seed)
