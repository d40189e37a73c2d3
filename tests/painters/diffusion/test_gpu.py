"""What only a graphics card can show: the same pictures as on the processor, within the memory that was planned."""

import gc
import io
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("diffusers")
pytest.importorskip("peft")

import torch
from PIL import Image

from storykin.painters.diffusion.painter import Diffusion
from storykin.scene import Box
from storykin.shot import Part
from tests.painters.contract import nothing
from tests.painters.diffusion.bases import base, small_bases  # noqa: F401
from tests.painters.diffusion.test_painter import MILA, THEO, DiffusionContract, wear

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a graphics card"),
]
LEFT, RIGHT = Box(0, 0, 0.5, 1), Box(0.5, 0, 0.5, 1)


def pixels(picture: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(picture)) as found:
        return np.asarray(found.convert("RGB"), dtype=np.float32)


@pytest.mark.parametrize("family", ["sd15", "sdxl", "flux-dev", "flux2-klein", "z-image"])
@pytest.mark.parametrize("precision", [None, "int8"])
def test_a_card_paints_like_the_processor(family: str, precision: str | None) -> None:
    both = wear(family, (1, LEFT, "Mila"), (2, RIGHT, "Theo"))
    parts = (Part("Mila", MILA, LEFT), Part("Theo", THEO, RIGHT))
    shot = replace(DiffusionContract.shot, adapters=both, parts=parts)
    painted = {}
    for device in ("cpu", "cuda"):
        painter = Diffusion(str(base(family)), device=device, precision=precision)  # type: ignore[arg-type]
        painter.adapters_of = (*painter.adapters_of, "mine")
        painted[device] = pixels(painter.paint(shot, nothing))
        painter.close()
    assert np.abs(painted["cpu"] - painted["cuda"]).mean() < 12  # bfloat16 against float32


def test_a_closed_painter_leaves_the_card_empty() -> None:
    gc.collect()
    torch.cuda.empty_cache()
    before = torch.cuda.memory_allocated()
    painter = Diffusion(str(base("flux-dev")), device="cuda")
    painter.paint(DiffusionContract.shot, nothing)
    assert torch.cuda.memory_allocated() > before
    painter.close()
    assert torch.cuda.memory_allocated() <= before + 2**20
