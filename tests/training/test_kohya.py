"""The names in the files, proved on the real models' structure by diffusers' own tables and loaders; the header's silence."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import StableDiffusionPipeline, StableDiffusionXLPipeline, UNet2DConditionModel
from diffusers.loaders.lora_conversion_utils import _maybe_map_sgm_blocks_to_diffusers
from diffusers.loaders.single_file_utils import convert_ldm_unet_checkpoint
from diffusers.utils.state_dict_utils import convert_state_dict_to_kohya
from safetensors import safe_open

from storykin.errors import BadFile
from storykin.families import FAMILIES
from storykin.recipe import Recipe
from storykin.training import kohya, lora
from storykin.training.learners.diffusion import TARGETS
from storykin.training.lora import Change
from storykin.training.verifying import hollow, verify

REAL = {
    "sd15": {"cross_attention_dim": 768, "attention_head_dim": 8},
    "sdxl": {
        "block_out_channels": (320, 640, 1280),
        "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        "transformer_layers_per_block": [1, 2, 10],
        "attention_head_dim": [5, 10, 20],
        "use_linear_projection": True,
        "cross_attention_dim": 2048,
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": 256,
        "projection_class_embeddings_input_dim": 2816,
    },
}
"""What differs from the class's own settings in the published configs."""

COUNTS = {"sd15": 192, "sdxl": 722}  # layers, as in files of kohya's sd-scripts


SMALL = {
    "sd15": {"block_out_channels": (32, 32, 32, 32), "cross_attention_dim": 16, "attention_head_dim": 8},
    "sdxl": {
        **REAL["sdxl"],
        "block_out_channels": (32, 32, 32),
        "transformer_layers_per_block": [1, 1, 2],
        "attention_head_dim": [2, 2, 2],
        "cross_attention_dim": 16,
        "projection_class_embeddings_input_dim": 6 * 256 + 16,
    },
}
"""The same blocks, with less in them."""


def net_of(family: str, sizes: dict[str, Any] = REAL) -> Any:
    with torch.device("meta"):
        return UNet2DConditionModel(sample_size=64, **sizes[family])


@pytest.fixture(scope="module", params=sorted(REAL))
def family(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def net(family: str) -> Any:
    return net_of(family)


@pytest.fixture(scope="module")
def taught(net: Any) -> list[str]:
    return [
        name
        for name, module in net.named_modules()
        if name.endswith(tuple("." + one for one in TARGETS)) and hasattr(module, "weight")
    ]


def names_of(taught: list[str], family: str) -> dict[str, str]:
    return kohya.file_names(taught, FAMILIES[family].form, 2)


def test_every_layer_of_the_real_net_has_a_name_of_its_own(family: str, taught: list[str]) -> None:
    names = names_of(taught, family)
    assert len(taught) == COUNTS[family]
    assert len(set(names.values())) == COUNTS[family]


def test_the_names_are_those_in_the_field(taught: list[str], family: str) -> None:
    names = set(names_of(taught, family).values())
    known = {
        "sd15": {
            "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q",
            "lora_unet_mid_block_attentions_0_proj_in",
            "lora_unet_up_blocks_3_attentions_2_transformer_blocks_0_ff_net_0_proj",
            "lora_unet_up_blocks_1_attentions_0_transformer_blocks_0_attn2_to_out_0",
        },
        "sdxl": {
            "lora_unet_input_blocks_4_1_transformer_blocks_1_attn1_to_q",
            "lora_unet_input_blocks_8_1_transformer_blocks_9_attn2_to_out_0",
            "lora_unet_middle_block_1_transformer_blocks_9_ff_net_2",
            "lora_unet_output_blocks_0_1_proj_in",
            "lora_unet_output_blocks_5_1_transformer_blocks_1_ff_net_0_proj",
        },
    }[family]
    assert known <= names
    blocks = {name.split("_")[2] for name in names}
    assert blocks == ({"down", "mid", "up"} if family == "sd15" else {"input", "middle", "output"})


def test_sgm_names_lead_back() -> None:
    for layer in names_of_sdxl():
        assert kohya.diffusers_path(kohya.sgm_path(layer, 2), 2) == layer


def names_of_sdxl() -> list[str]:
    return [
        name for name, _ in net_of("sdxl").named_modules() if ".attentions." in name and name.count(".") > 3
    ]


def test_layers_outside_attentions_have_no_sgm_name() -> None:
    with pytest.raises(ValueError, match="not inside an attention"):
        kohya.sgm_path("down_blocks.0.resnets.0.conv1", 2)
    with pytest.raises(ValueError, match="not inside an attention"):
        kohya.diffusers_path("input_blocks.4.0.in_layers.2", 2)


def test_diffusers_leads_our_sgm_names_to_the_same_layers() -> None:
    """Its table for adapters from sgm."""
    net = net_of("sdxl")
    names = names_of(names_of_sdxl(), "sdxl")
    state = {f"{name}.lora_down.weight": layer for layer, name in names.items()}
    for key, layer in _maybe_map_sgm_blocks_to_diffusers(dict(state), net.config).items():
        plain = key.removeprefix("lora_unet_").removesuffix(".lora_down.weight")
        assert plain == layer.replace(".", "_").replace("mid_block", "middle_block").replace(
            "down_blocks", "input_blocks"
        ).replace("up_blocks", "output_blocks")


def test_checkpoints_call_the_layers_as_we_do() -> None:
    """diffusers' table for whole checkpoints, which knows nothing of adapters."""
    net = net_of("sdxl")
    ours = {f"{name}.weight": name for name in names_of_sdxl() if hasattr(net.get_submodule(name), "weight")}
    theirs = {f"{kohya.sgm_path(name, 2)}.weight": key for key, name in ours.items()}
    rest = {f"{way}put_blocks.{row}.0.in_layers.2.weight": "" for way in ("in", "out") for row in range(9)}
    rest |= {f"middle_block.{row}.in_layers.2.weight": "" for row in (0, 2)}
    whole = {f"model.diffusion_model.{key}": value for key, value in (rest | theirs).items()}
    found = convert_ldm_unet_checkpoint(whole, {"layers_per_block": 2})
    assert {key: value for key, value in found.items() if value} == {key: key for key in ours}


def test_sd15_names_are_those_diffusers_writes() -> None:
    layers = [
        name for name, _ in net_of("sd15").named_modules() if name.endswith((".to_q", ".proj_in", ".net.2"))
    ]
    state = {f"unet.{layer}.lora_A.weight": torch.zeros(4, 4) for layer in layers}
    theirs = {key for key in convert_state_dict_to_kohya(state) if key.endswith("lora_down.weight")}
    assert theirs == {f"{name}.lora_down.weight" for name in names_of(layers, "sd15").values()}


class Trained:
    """An adapter on a net without weights; stands in for a learner."""

    net_part = "unet"

    def __init__(self, family: str, sizes: dict[str, Any] = SMALL, rank: int = 4) -> None:
        self.family, self.sizes = family, sizes
        generator = torch.Generator().manual_seed(1)
        self.net = hollow(net_of(family, sizes))
        parameters = lora.put_adapter(self.net, TARGETS, rank, rank // 2, seed=1)
        self.state = {
            name: one.detach()
            if name.endswith(lora.DOWN)
            else torch.randn(one.shape, generator=generator) * 1e-5  # early in training
            for name, one in parameters.items()
        }
        self.rank = rank

    def meant(self, state: Any = None) -> dict[str, Change]:
        return lora.changes(state or self.state, 0.5)

    def blank(self) -> Any:
        net = hollow(net_of(self.family, self.sizes))
        kind, absent = (
            (
                StableDiffusionPipeline,
                ("vae", "text_encoder", "tokenizer", "safety_checker", "feature_extractor"),
            )
            if self.family == "sd15"
            else (
                StableDiffusionXLPipeline,
                ("vae", "text_encoder", "text_encoder_2", "tokenizer", "tokenizer_2"),
            )
        )
        extra = {"requires_safety_checker": False} if self.family == "sd15" else {}
        return kind(unet=net, scheduler=None, **dict.fromkeys(absent), **extra)

    def write(self, path: Path, said: dict[str, str] | None = None) -> None:
        family, meant = FAMILIES[self.family], self.meant()
        recipe = replace(Recipe.of(family), rank=self.rank, alpha=self.rank // 2)
        names = kohya.file_names(meant, family.form, 2)
        shapes = {name: self.state[name + lora.DOWN].ndim == 4 for name in meant}
        head = kohya.header(family, recipe, "epsilon", said or {})
        kohya.write(path, meant, names, shapes, self.rank // 2, head)


@pytest.fixture(scope="module")
def trained(family: str) -> Trained:
    return Trained(family)


def test_the_real_loader_reads_every_key_of_a_real_sized_file(family: str, tmp_path: Path) -> None:
    path, trained = tmp_path / "adapter.safetensors", Trained(family, REAL, rank=2)
    trained.write(path)
    assert len(trained.meant()) == COUNTS[family]
    verify(path, trained)


def test_a_file_of_other_numbers_is_not_verified(trained: Trained, tmp_path: Path) -> None:
    path = tmp_path / "adapter.safetensors"
    trained.write(path)
    layer = next(iter(trained.meant()))
    other = trained.state | {layer + lora.UP: trained.state[layer + lora.UP] * 1.005}
    with pytest.raises(BadFile, match=r"changes its weights by 0\.\d\d% differently"):
        verify(path, trained, other)


def test_a_file_that_lacks_a_layer_is_not_verified(trained: Trained, tmp_path: Path) -> None:
    path = tmp_path / "adapter.safetensors"
    trained.write(path)
    layer = next(iter(trained.meant()))
    more = trained.state | {f"{layer}_2{end}": trained.state[layer + end] for end in (lora.DOWN, lora.UP)}
    with pytest.raises(BadFile, match="1 layers are missing or too many"):
        verify(path, trained, more)


@pytest.mark.parametrize("old", ["attn1_to_q", "ff_net_2"])
def test_a_file_with_a_misspelt_key_is_not_verified(trained: Trained, tmp_path: Path, old: str) -> None:
    path = tmp_path / "adapter.safetensors"
    trained.write(path)
    content = path.read_bytes()
    path.write_bytes(content.replace(old.encode(), old[:-1].encode() + b"x", 3))
    with pytest.raises(BadFile, match="is not read back as it was trained"):
        verify(path, trained)


def test_half_precision_keeps_the_smallest_change(trained: Trained) -> None:
    """Up is 1e-5 early in training: alone it would lose a hundredth in half precision."""
    for change in list(trained.meant().values())[:20]:
        even = kohya.balanced(change)
        assert even.matrix().equal(change.matrix())
        half = Change(even.down.half(), even.up.half(), even.scale)
        assert half.distance(change) < 1e-3 * change.size()
    careless = Change(change.down.half(), change.up.half(), change.scale)
    assert careless.distance(change) > 1e-3 * change.size()


def test_nothing_that_is_not_finite_is_written(trained: Trained, tmp_path: Path) -> None:
    layer = next(iter(trained.meant()))
    kept = trained.state[layer + lora.UP]
    try:
        trained.state[layer + lora.UP] = kept * float("nan")
        with pytest.raises(BadFile, match="not finite"):
            trained.write(tmp_path / "adapter.safetensors")
    finally:
        trained.state[layer + lora.UP] = kept
    assert not list(tmp_path.iterdir())


def test_the_header_says_what_loaders_look_for(trained: Trained, tmp_path: Path) -> None:
    path = tmp_path / "adapter.safetensors"
    trained.write(path, {"modelspec.trigger_phrase": "brumo", "modelspec.date": "2026-11-22T10:00:00"})
    with safe_open(path, framework="pt") as file:
        head = file.metadata()
        alphas = {file.get_tensor(key).item() for key in file.keys() if key.endswith(".alpha")}  # noqa: SIM118
        kinds = {file.get_tensor(key).dtype for key in file.keys()}  # noqa: SIM118
    assert head["modelspec.sai_model_spec"] == "1.0.0"
    assert head["modelspec.trigger_phrase"] == "brumo"
    assert head["modelspec.date"] == "2026-11-22T10:00:00"
    assert (head["ss_network_dim"], head["ss_network_alpha"]) == ("4", "2")
    assert (alphas, kinds) == ({2.0}, {torch.float16})
    expected = {
        "sd15": ("stable-diffusion-v1/lora", "sd_v1", "512x512"),
        "sdxl": ("stable-diffusion-xl-v1-base/lora", "sdxl_base_v1-0", "1024x1024"),
    }[trained.family]
    found = (head["modelspec.architecture"], head["ss_base_model_version"], head["modelspec.resolution"])
    assert found == expected


def test_no_private_word_gets_into_the_file(trained: Trained, tmp_path: Path) -> None:
    """The child's name and folder are in everything that is passed in."""
    path = tmp_path / "adapter.safetensors"
    secret = "/home/papa/photos/Sashenka"
    trained.write(
        path,
        {
            "modelspec.title": "Sashenka",
            "modelspec.trigger_phrase": secret,
            "modelspec.date": "Sashenka",
            "modelspec.resolution": f"{secret}/512",
            "modelspec.description": "Sashenka on her swing",
            "ss_dataset_dirs": json.dumps({secret: 30}),
            "ss_output_name": "sashenka",
            "ss_tag_frequency": "Sashenka, red coat",
            "ss_sd_model_name": f"{secret}/model.safetensors",
        },
    )
    content = path.read_bytes().lower()
    assert b"sashenka" not in content
    assert b"papa" not in content
    assert b"/home" not in content


def test_the_same_training_makes_the_same_file(tmp_path: Path) -> None:
    """Also the header: the library shuffles it."""
    change = Change(torch.ones(2, 8), torch.ones(8, 2), 1.0)
    head = {f"word{number}": str(number) for number in range(20)}
    for name in ("a", "b", "c"):
        kohya.write(
            tmp_path / name, {"layer": change}, {"layer": "lora_unet_layer"}, {"layer": False}, 2, head
        )
    contents = {(tmp_path / name).read_bytes() for name in ("a", "b", "c")}
    assert len(contents) == 1
    with safe_open(tmp_path / "a", framework="pt") as file:
        assert file.metadata() == head
        assert file.get_tensor("lora_unet_layer.lora_up.weight").shape == (8, 2)
