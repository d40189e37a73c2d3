"""How a base is painted with: found by name, folder and the header of a file; what is refused; and what tells one base from another."""

# ruff: noqa: F401, F811 -- a fixture of another file

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("huggingface_hub")

from storykin.errors import BadFile, BadInput, StorykinError
from storykin.families import FAMILIES, PAINTINGS, painting_named
from storykin.models import bases
from storykin.models.bases import BESIDE, PARTS, fetch, fingerprint, missing, painting_of
from storykin.models.loading import SIZES
from tests.models.test_bases import ALONE, FIRST, FLUX1, FLUX2, NAME, Hub, hub, quiet, without, write_tensors

SCHNELL = without(FLUX1, "guidance_in.in_layer.weight")
NETS: dict[str, dict[str, Any]] = {
    "sd15": {"cross_attention_dim": 768, "in_channels": 4},
    "sdxl": {"cross_attention_dim": 2048, "in_channels": 4},
    "flux-dev": {"in_channels": 64, "guidance_embeds": True},
    "flux-schnell": {"in_channels": 64, "guidance_embeds": False},
    "flux2-klein": {"in_channels": 128, "guidance_embeds": False},
    "flux-kontext": {"in_channels": 64, "guidance_embeds": True},
    "qwen-image-edit": {"in_channels": 64},
    "z-image": {"in_channels": 16},
}


def write_base(folder: Path, name: str, kind: str = "", net: dict[str, Any] | None = None) -> Path:
    """All files of a base in diffusers' layout, the weights a few bytes each; `kind` is the pipeline that its index names."""
    painting = PAINTINGS[name]
    for part in PARTS[name]:
        (folder / part).mkdir(parents=True)
        settings = NETS[name] | (net or {}) if part == PARTS[name][-1] else {}
        file = {"scheduler": "scheduler_config.json", "processor": "preprocessor_config.json"}.get(
            part, "config.json"
        )
        (folder / part / ("tokenizer.json" if part.startswith("tokenizer") else file)).write_text(
            json.dumps(settings)
        )
        if bases.WEIGHED.fullmatch(part):
            write_tensors(folder / part / "model.safetensors", weight=[300])
    entries: dict[str, Any] = {part: ["diffusers", "Some"] for part in PARTS[name]}
    entries["_class_name"] = kind or painting.text or painting.edit
    (folder / "model_index.json").write_text(json.dumps(entries))
    return folder


# --- the table --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAINTINGS)
def test_every_row_is_whole(name: str) -> None:
    one = PAINTINGS[name]
    assert painting_named(name) is one
    assert one.name == name
    assert one.text or one.edit
    assert bool(one.image or one.fill) >= ("init_image" in one.powers)
    assert one.side % one.grain == 0
    assert list(one.steps) == sorted(one.steps)
    assert one.powers <= {"init_image", "references", "adapters", "several_adapters", "regions"}
    assert set(one.adapters_of) <= set(FAMILIES)
    assert not one.adapters_of or "adapters" in one.powers
    assert one.dialect == ("phrases" if one.objective == "epsilon" else "sentences")
    assert one.commercial == ("Non-Commercial" not in one.licence)
    assert (one.guidance_scale > 1 and one.negative) or not one.negative
    assert SIZES[name] > 0
    assert BESIDE[name] > 0
    assert PARTS[name][-1] in {"unet", "transformer"}
    if name in FAMILIES:
        assert one.adapters_of == (name,)
        assert (one.title, one.licence, one.objective) == tuple(
            getattr(FAMILIES[name], key) for key in ("title", "licence", "objective")
        )


def test_an_unknown_family_is_answered_with_all() -> None:
    with pytest.raises(BadInput, match="no family of models 'sd3'") as left:
        painting_named("sd3")
    assert all(name in left.value.hint for name in PAINTINGS)


# --- which --------------------------------------------------------------------------------------------


def test_bases_are_known_by_name_without_asking(hub: Hub) -> None:
    for name, one in PAINTINGS.items():
        assert painting_of(name) == painting_of(one.base) == painting_of(one.base.upper()) == one
        assert painting_of(f"https://huggingface.co/{one.base}") == one
    for family in FAMILIES.values():
        assert painting_of(family.base).name == family.name
    assert painting_of("runwayml/stable-diffusion-v1-5").name == "sd15"
    assert hub.asked == []


@pytest.mark.parametrize("name", PAINTINGS)
def test_a_folder_says_itself_how_it_is_painted_with(name: str, tmp_path: Path) -> None:
    one = PAINTINGS[name]
    kinds = {kind for kind in (one.text, one.image, one.fill, one.edit) if kind}
    for kind in kinds:
        folder = write_base(tmp_path / kind, name, kind)
        assert painting_of(str(folder)) == one
        assert missing(str(folder), one) is None
    if name == "qwen-image-edit":
        assert painting_of(str(write_base(tmp_path / "first", name, "QwenImageEditPipeline"))) == one


@pytest.mark.parametrize("name", ["sdxl", "flux-dev", "flux-schnell"])
def test_an_autoencoder_that_shrinks_more_asks_for_other_sizes(name: str, tmp_path: Path) -> None:
    folder, usual = write_base(tmp_path / "base", name), PAINTINGS[name]
    config = folder / "vae" / "config.json"
    for blocks, side, grain, best in (
        (4, 1024, usual.grain, usual.side),
        (2, 64, usual.grain, usual.side),
        (5, 256, 2 * usual.grain, 256),
        (6, None, 4 * usual.grain, usual.side),
    ):
        config.write_text(json.dumps({"block_out_channels": [8] * blocks, "sample_size": side}))
        assert painting_of(str(folder)) == replace(usual, grain=grain, side=best)


@pytest.mark.parametrize("shapes", [ALONE["sd15"], ALONE["sdxl"], FLUX1, SCHNELL, FLUX2])
def test_a_single_file_is_known_by_its_tensors(shapes: dict[str, list[int]], tmp_path: Path) -> None:
    name = {id(SCHNELL): "flux-schnell", id(FLUX1): "flux-dev", id(FLUX2): "flux2-klein"}.get(id(shapes))
    name = name or ("sd15" if shapes is ALONE["sd15"] else "sdxl")
    path = write_tensors(tmp_path / "dream.safetensors", **shapes)
    assert painting_of(str(path)).name == name
    if name.startswith("flux"):
        whole = {f"model.diffusion_model.{key}": shape for key, shape in shapes.items()}
        assert painting_of(str(write_tensors(tmp_path / "whole.safetensors", **whole))).name == name


def test_z_image_is_known_by_its_tensors(tmp_path: Path) -> None:
    path = write_tensors(
        tmp_path / "z.safetensors", **{"cap_embedder.1.weight": [1], "context_refiner.0.x": [1]}
    )
    assert painting_of(str(path)).name == "z-image"


@pytest.mark.parametrize(
    ("shapes", "name"), [(FLUX1, "flux-dev"), (SCHNELL, "flux-schnell"), (FLUX2, ""), ({"blk.0.x": [32]}, "")]
)
def test_a_gguf_file_is_known_by_its_tensors(shapes: dict[str, list[int]], name: str, tmp_path: Path) -> None:
    gguf = pytest.importorskip("gguf")
    import numpy

    writer = gguf.GGUFWriter(tmp_path / "net.gguf", "flux")
    for key in shapes:
        writer.add_tensor(key, numpy.zeros((32,), numpy.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    if name:
        assert painting_of(str(tmp_path / "net.gguf")).name == name
        return
    with pytest.raises(BadFile, match=r"holds no net of FLUX\.1"):
        painting_of(str(tmp_path / "net.gguf"))


def test_a_damaged_gguf_file_is_told(tmp_path: Path) -> None:
    pytest.importorskip("gguf")
    (tmp_path / "net.gguf").write_bytes(b"no model")
    with pytest.raises(BadFile, match="is no GGUF file, or damaged"):
        painting_of(str(tmp_path / "net.gguf"))


@pytest.mark.parametrize(
    ("name", "kind", "net", "said"),
    [
        ("sd15", "StableDiffusionInpaintPipeline", {"in_channels": 9}, "only fills in pictures"),
        ("sd15", "", {"in_channels": 8}, "only fills in pictures"),
        ("sdxl", "StableDiffusionXLInpaintPipeline", {"in_channels": 9}, "only fills in pictures"),
        ("flux-dev", "FluxFillPipeline", {"in_channels": 384}, "FluxFillPipeline"),
        ("sd15", "", {"cross_attention_dim": 1024}, "Stable Diffusion 2"),
        ("sdxl", "StableDiffusionXLImg2ImgPipeline", {"cross_attention_dim": 1280}, "refiner of SDXL"),
        ("sd15", "StableDiffusion3Pipeline", {}, "is none of the families, but made for diffusers' StableDiffusion3Pipeline"),
    ],
)  # fmt: skip
def test_folders_that_cannot_be_painted_with_are_refused(
    name: str, kind: str, net: dict[str, Any], said: str, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match=said) as left:
        painting_of(str(write_base(tmp_path / "model", name, kind, net)))
    assert str(tmp_path / "model") in left.value.message
    assert left.value.hint


def test_a_folder_that_is_no_base_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"there is no model_index\.json"):
        painting_of(str(tmp_path))


@pytest.mark.parametrize(
    ("shapes", "said"),
    [
        ({"lora_unet_mid_block.lora_down.weight": [4, 4]}, r"is an adapter \(LoRA\), not a base"),
        ({"double_blocks.0.img_attn.qkv.lora_down.weight": [4, 4]}, "is an adapter"),
        ({FIRST: [320, 4, 3, 3], "cond_stage_model.model.ln_final.bias": [1]}, "is Stable Diffusion 2"),
        (
            {FIRST: [320, 9, 3, 3], "cond_stage_model.transformer.a": [1]},
            "fills in or works on given pictures",
        ),
        ({"conditioner.embedders.0.model.ln_final.bias": [1]}, "the refiner of SDXL"),
        ({**SCHNELL, "distilled_guidance_layer.in_proj.bias": [1]}, "Chroma"),
        ({**SCHNELL, "img_in.weight": [3, 384]}, "fills in or works on given pictures"),
        ({**SCHNELL, "double_blocks.0.img_attn.qkv.weight.absmax": [1]}, "is packed in 4 bits"),
        ({**FLUX1, "img_in.weight": [3, 384]}, "fills in or works on given pictures"),
        ({**FLUX2, "guidance_in.in_layer.weight": [3, 3]}, r"FLUX\.2-dev"),
        ({"something": [1]}, "is none of the families"),
        ({"diffusion_model.context_refiner.0.attention.qkv.lora_A.weight": [4, 4]}, "is an adapter"),
        ({"cap_embedder.1.weight": [1], "adaln_single.x": [1]}, "PixArt"),
    ],
)
def test_files_that_cannot_be_painted_with_are_refused(
    shapes: dict[str, list[int]], said: str, tmp_path: Path
) -> None:
    path = write_tensors(tmp_path / "model.safetensors", **shapes)
    with pytest.raises(StorykinError, match=said) as left:
        painting_of(str(path))
    assert str(path) in left.value.message


def test_pickles_are_refused(tmp_path: Path) -> None:
    (tmp_path / "old.ckpt").write_bytes(b"x")
    with pytest.raises(BadFile, match=r"is no \.safetensors file"):
        painting_of(str(tmp_path / "old.ckpt"))


@pytest.mark.parametrize(
    ("name", "near"),
    [("flux-def", "flux-dev"), ("qwen", "qwen-image-edit"), ("Z-Image", "z-image"), ("sd1.5", "sd15")],
)
def test_a_misspelt_painter_is_answered_with_the_nearest(name: str, near: str) -> None:
    with pytest.raises(BadInput, match="there is no painter") as left:
        painting_of(name)
    assert f"did you mean {near!r}?" in left.value.hint


@pytest.mark.parametrize("name", ["./nowhere", "nowhere.safetensors", "nowhere.gguf", "~/nowhere/at/all"])
def test_a_path_to_nothing_is_no_misspelt_painter(name: str, hub: Hub) -> None:
    with pytest.raises(BadFile, match="there is no such folder or file"):
        painting_of(name)
    assert not hub.asked


def test_a_model_of_the_hub_is_known_by_the_cache_else_by_its_index(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_base(hub.away, "z-image")
    assert painting_of(NAME).name == "z-image"
    assert hub.asked == ["model_index.json"]
    write_base(hub.snapshot("somebody/kontext"), "flux-kontext")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert painting_of("somebody/kontext").name == "flux-kontext"
    with pytest.raises(BadInput, match="cannot be found out offline"):
        painting_of("somebody/unknown")
    assert hub.asked == ["model_index.json"]


def test_a_base_is_fetched_for_painting_and_then_is_here(hub: Hub) -> None:
    write_base(hub.away, "qwen-image-edit")
    one = PAINTINGS["qwen-image-edit"]
    lacks = missing(one.name, one, "storykin fetch {base}")
    assert lacks is not None
    assert (lacks.name, lacks.gib, lacks.licence, lacks.command) == (
        one.base,
        SIZES[one.name],
        one.licence,
        f"storykin fetch {one.name}",
    )
    fetch(one.base, one, quiet)
    assert missing(one.name, one) is None
    assert painting_of(one.base) == one
    hub.asked.clear()
    fetch(one.name, one, quiet)
    assert hub.asked == []


def test_gigabytes_of_another_family_are_not_loaded_down(hub: Hub) -> None:
    write_base(hub.away, "flux-schnell")
    with pytest.raises(BadInput, match=r"belongs to FLUX\.1-schnell, not to FLUX\.1-dev"):
        fetch(NAME, PAINTINGS["flux-dev"], quiet)
    assert not any(name.endswith(".safetensors") for name in hub.asked)


# --- what tells one from another ----------------------------------------------------------------------


def test_a_base_that_is_not_here_has_no_fingerprint(hub: Hub, tmp_path: Path) -> None:
    for base in ("sdxl", NAME, str(tmp_path / "nowhere")):
        assert fingerprint(PAINTINGS["sdxl"].base if base == "sdxl" else base, PAINTINGS["sdxl"]) == ""
    write_base(hub.snapshot(PAINTINGS["sdxl"].base), "sdxl")
    assert len(fingerprint(PAINTINGS["sdxl"].base, PAINTINGS["sdxl"])) == 12
    assert hub.asked == []


@pytest.mark.parametrize("name", ["sdxl", "qwen-image-edit"])
def test_every_file_that_decides_a_picture_is_in_the_fingerprint(name: str, tmp_path: Path) -> None:
    folder, one = write_base(tmp_path / "model", name), PAINTINGS[name]
    first = fingerprint(str(folder), one)
    prints = {first}
    for part in PARTS[name]:
        for path in sorted((folder / part).glob("*")):
            before = path.read_bytes()
            path.write_bytes(before[:-1] + b"~")
            prints.add(changed := fingerprint(str(folder), one))
            assert (changed == first) == part.startswith(("tokenizer", "processor")), path
            path.write_bytes(before)
    assert fingerprint(str(folder), one) == first
    assert len(prints) > len(PARTS[name]) - 2
    write_base(tmp_path / "copy", name)
    assert fingerprint(str(tmp_path / "copy"), one) == first


def test_a_file_is_known_by_its_content_and_neither_by_name_nor_time(tmp_path: Path) -> None:
    one = PAINTINGS["flux-dev"]
    path = write_tensors(tmp_path / "dream.safetensors", **{**FLUX1, "long": [300_000]})
    first = fingerprint(str(path), one)
    assert len(first) == 12
    os.utime(path, (5, 5))
    assert fingerprint(str(path), one) == first
    assert fingerprint(str(path.rename(tmp_path / "other.safetensors")), one) == first
    path = tmp_path / "other.safetensors"
    content = path.read_bytes()
    sampled = [0, bases.SAMPLED * 16 - 1, *(len(content) * number // 16 + 7 for number in range(16))]
    for at in sampled:
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        assert fingerprint(str(path), one) != first, at
    path.write_bytes(content + b"\0")
    assert fingerprint(str(path), one) != first
