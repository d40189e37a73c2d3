"""Nets without contents are those of the families, and what they take is counted as it is with contents."""

from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("diffusers")

from storykin.families import FAMILIES, PAINTINGS  # noqa: E402
from storykin.models.nets import blocks_of  # noqa: E402
from storykin.models.weightless import NETS, VAES, Tracker, bare_net, contentless, furnish, inputs_of  # noqa: E402

BLOCKS = {"flux-schnell": 57, "flux-kontext": 57, "qwen-image-edit": 60, "z-image": 30}


def test_every_family_has_its_net_and_its_vae() -> None:
    assert NETS.keys() == VAES.keys() == FAMILIES.keys() | PAINTINGS.keys()


@pytest.mark.parametrize(
    "family", [name for name in NETS if name not in FAMILIES]
)  # those: test_simulating.py
def test_nets_are_as_large_as_published(family: str) -> None:
    model = bare_net(NETS[family], "bfloat16")
    size = sum(one.numel() for one in model.parameters())
    assert size == pytest.approx(PAINTINGS[family].parameters, rel=0.005)
    assert len(blocks_of(model)) == BLOCKS[family]
    assert {one.device.type for one in model.parameters()} == {"meta"}


@pytest.mark.parametrize("family", ["flux-dev", "flux-schnell", "flux2-klein", "qwen-image-edit"])
@pytest.mark.parametrize("references", [0, 2])
def test_references_come_after_what_is_painted(family: str, references: int) -> None:
    model: Any = bare_net(NETS[family], "bfloat16")
    with contentless():
        given = inputs_of(model, NETS[family], 512, 1, torch.bfloat16, references, text=64)
    assert given["hidden_states"].shape[1] == (1 + references) * 32 * 32
    assert given["encoder_hidden_states"].shape[1] == 64
    assert ("guidance" in given) == (family == "flux-dev")


def test_furnished_is_what_was_packed() -> None:
    sizes = {}
    for precision in ("bfloat16", "int8", "nf4"):
        model = bare_net(NETS["sd15"], precision)  # type: ignore[arg-type]
        tracker = Tracker()
        with contentless(), tracker:
            assert furnish(model, torch.bfloat16) == []
        sizes[precision] = tracker.card
    assert sizes["bfloat16"] == pytest.approx(0.86e9 * 2, rel=0.01)
    assert sizes["nf4"] < sizes["int8"] < sizes["bfloat16"]
