"""Small Stable Diffusion models at the real architecture, random weights: diffusers folders and single files in the original layout."""

import json
import re
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

BETAS = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "steps_offset": 1}
WORDS = ("girl", "red", "coat", "dog", "swing", "ohwx")


def small_sd15(folder: Path, **scheduler: Any) -> Path:
    """SD 1.5 with a tenth of its width: three cross-attention levels and a plain one, convolutions around the transformers."""
    from diffusers import PNDMScheduler, StableDiffusionPipeline, UNet2DConditionModel

    torch.manual_seed(1)
    net = UNet2DConditionModel(
        sample_size=8,
        block_out_channels=(32, 32, 64, 64),
        down_block_types=("CrossAttnDownBlock2D",) * 3 + ("DownBlock2D",),
        up_block_types=("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 3,
        layers_per_block=2,
        attention_head_dim=8,
        cross_attention_dim=32,
    )
    settings = {**BETAS, "skip_prk_steps": True, "set_alpha_to_one": False}
    pipeline = StableDiffusionPipeline(
        vae=small_vae(0.18215),
        text_encoder=small_clip(32, "quick_gelu"),
        tokenizer=small_tokenizer(folder),
        unet=net,
        scheduler=PNDMScheduler(**{**settings, **scheduler}),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.save_pretrained(folder)
    return folder


def small_sdxl(folder: Path, **scheduler: Any) -> Path:
    """SDXL in small: a plain level and two with several transformer blocks, two text encoders, size embeddings."""
    from diffusers import EulerDiscreteScheduler, StableDiffusionXLPipeline, UNet2DConditionModel

    torch.manual_seed(1)
    net = UNet2DConditionModel(
        sample_size=8,
        block_out_channels=(32, 32, 64),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        layers_per_block=2,
        transformer_layers_per_block=[1, 2, 3],
        attention_head_dim=[2, 4, 4],
        use_linear_projection=True,
        cross_attention_dim=32 + 64,
        addition_embed_type="text_time",
        addition_time_embed_dim=16,
        projection_class_embeddings_input_dim=64 + 6 * 16,
    )
    settings = {**BETAS, "timestep_spacing": "leading"}
    tokenizer = small_tokenizer(folder)
    pipeline = StableDiffusionXLPipeline(
        vae=small_vae(0.13025),
        text_encoder=small_clip(32, "quick_gelu"),
        text_encoder_2=small_clip(64, "gelu", projection=True),
        tokenizer=tokenizer,
        tokenizer_2=tokenizer,
        unet=net,
        scheduler=EulerDiscreteScheduler(**{**settings, **scheduler}),
        add_watermarker=False,
    )
    pipeline.save_pretrained(folder)
    return folder


def small_vae(scaling: float) -> Any:
    """The real four levels, eight pixels per latent."""
    from diffusers import AutoencoderKL

    torch.manual_seed(2)
    return AutoencoderKL(
        sample_size=64,
        block_out_channels=(32, 32, 64, 64),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=1,
        latent_channels=4,
        scaling_factor=scaling,
    )


def small_clip(width: int, activation: str, projection: bool = False) -> Any:
    """A CLIP text encoder; with projection as SDXL's second."""
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    torch.manual_seed(3 + projection)
    settings = CLIPTextConfig(
        vocab_size=len(_vocabulary()),
        hidden_size=width,
        intermediate_size=4 * width,
        num_hidden_layers=3,
        num_attention_heads=4,
        projection_dim=width,
        hidden_act=activation,
        bos_token_id=len(_vocabulary()) - 2,
        eos_token_id=len(_vocabulary()) - 1,
        pad_token_id=len(_vocabulary()) - 1,
    )
    return (CLIPTextModelWithProjection if projection else CLIPTextModel)(settings)


def small_tokenizer(folder: Path) -> Any:
    """CLIP's byte-pair tokenizer with a few words; made from files, since transformers 5 leaves one made from objects empty."""
    from transformers import CLIPTokenizer

    there = folder.parent / f"{folder.name}-words"
    there.mkdir(parents=True, exist_ok=True)
    (there / "vocab.json").write_text(json.dumps(_vocabulary()))
    merges = [" ".join(pair) for word in WORDS for pair in _merges(word)]
    (there / "merges.txt").write_text("#version: 0.2\n" + "\n".join(dict.fromkeys(merges)) + "\n")
    return CLIPTokenizer.from_pretrained(there, model_max_length=77)


def _vocabulary() -> dict[str, int]:
    letters = [chr(code) for code in range(33, 127)]
    pieces = [*letters, *(letter + "</w>" for letter in letters)]
    pieces += ["".join(pair) for word in WORDS for pair in _merges(word)]
    pieces = [*dict.fromkeys(pieces), "<|startoftext|>", "<|endoftext|>"]
    return {piece: number for number, piece in enumerate(pieces)}


def _merges(word: str) -> list[tuple[str, str]]:
    """From the left: g+i, gi+r, gir+l</w>."""
    letters = [*word[:-1], word[-1] + "</w>"]
    return [("".join(letters[:end]), letters[end]) for end in range(1, len(letters))]


def as_single_file(folder: Path, path: Path, **extra: Tensor) -> Path:
    """The same weights in one file, in the original layout: LDM for SD 1.5, sgm with OpenCLIP for SDXL."""
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from safetensors.torch import save_file
    from transformers import CLIPTextModel, CLIPTextModelWithProjection

    xl = (folder / "text_encoder_2").exists()
    net = UNet2DConditionModel.from_pretrained(folder, subfolder="unet")
    found = {
        f"model.diffusion_model.{_unet_key(key, net.config)}": value
        for key, value in net.state_dict().items()
    }
    vae = AutoencoderKL.from_pretrained(folder, subfolder="vae").state_dict()
    found |= {f"first_stage_model.{_vae_key(key)}": _as_convolution(key, value) for key, value in vae.items()}
    first = CLIPTextModel.from_pretrained(folder / "text_encoder").state_dict()
    prefix = "conditioner.embedders.0.transformer." if xl else "cond_stage_model.transformer."
    found |= {f"{prefix}text_model.{key.removeprefix('text_model.')}": value for key, value in first.items()}
    if xl:
        second = CLIPTextModelWithProjection.from_pretrained(folder / "text_encoder_2").state_dict()
        found |= {f"conditioner.embedders.1.model.{key}": value for key, value in _open_clip(second).items()}
    save_file({key: value.clone().contiguous() for key, value in {**found, **extra}.items()}, path)
    return path


def _unet_key(key: str, config: Any) -> str:
    """diffusers to LDM, written from the original's structure: one row of blocks, members 0 ResNet, 1 attention, last upsampler."""
    for ours, theirs in (
        ("time_embedding.linear_1", "time_embed.0"), ("time_embedding.linear_2", "time_embed.2"),
        ("add_embedding.linear_1", "label_emb.0.0"), ("add_embedding.linear_2", "label_emb.0.2"),
        ("conv_in", "input_blocks.0.0"), ("conv_norm_out", "out.0"), ("conv_out", "out.2"),
    ):  # fmt: skip
        if key.startswith(ours):
            return key.replace(ours, theirs)
    per_level = config.layers_per_block + 1
    if key.startswith("mid_block"):
        for ours, theirs in (("resnets.0", "0"), ("attentions.0", "1"), ("resnets.1", "2")):
            key = key.replace(f"mid_block.{ours}", f"middle_block.{theirs}")
        return _resnet_key(key)
    found = re.fullmatch(
        r"(down|up)_blocks\.(\d+)\.(resnets|attentions|downsamplers|upsamplers)\.(\d+)\.(.+)", key
    )
    assert found, key
    way, level, kind, number, rest = found[1], int(found[2]), found[3], int(found[4]), found[5]
    if kind == "downsamplers":
        return f"input_blocks.{(level + 1) * per_level}.0.{rest.replace('conv', 'op')}"
    if kind == "upsamplers":
        attends = config.up_block_types[level].startswith("CrossAttn")
        return f"output_blocks.{(level + 1) * per_level - 1}.{2 if attends else 1}.{rest}"
    row = level * per_level + number
    block = f"input_blocks.{row + 1}" if way == "down" else f"output_blocks.{row}"
    return _resnet_key(f"{block}.0.{rest}") if kind == "resnets" else f"{block}.1.{rest}"


def _resnet_key(key: str) -> str:
    for ours, theirs in (("norm1", "in_layers.0"), ("conv1", "in_layers.2"), ("norm2", "out_layers.0"),
                         ("conv2", "out_layers.3"), ("time_emb_proj", "emb_layers.1"),
                         ("conv_shortcut", "skip_connection")):  # fmt: skip
        if not re.search(r"transformer_blocks", key):
            key = key.replace(ours, theirs)
    return key


def _vae_key(key: str) -> str:
    key = re.sub(r"down_blocks\.(\d)\.resnets\.(\d)", r"down.\1.block.\2", key)
    key = re.sub(r"down_blocks\.(\d)\.downsamplers\.0", r"down.\1.downsample", key)
    key = re.sub(r"up_blocks\.(\d)\.resnets\.(\d)", lambda m: f"up.{3 - int(m[1])}.block.{m[2]}", key)
    key = re.sub(r"up_blocks\.(\d)\.upsamplers\.0", lambda m: f"up.{3 - int(m[1])}.upsample", key)
    key = re.sub(r"mid_block\.resnets\.(\d)", lambda m: f"mid.block_{int(m[1]) + 1}", key)
    key = key.replace("mid_block.attentions.0", "mid.attn_1").replace("conv_shortcut", "nin_shortcut")
    for ours, theirs in (("group_norm", "norm"), ("to_q", "q"), ("to_k", "k"), ("to_v", "v"), ("to_out.0", "proj_out"),
                         ("conv_norm_out", "norm_out")):  # fmt: skip
        key = key.replace(ours, theirs)
    return key


def _as_convolution(key: str, value: Tensor) -> Tensor:
    return value[..., None, None] if "attentions" in key and value.ndim == 2 else value


def _open_clip(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """CLIP's weights as OpenCLIP keeps them: query, key and value in one matrix."""
    state = {key.removeprefix("text_model."): value for key, value in state.items()}
    found = {
        "positional_embedding": state["embeddings.position_embedding.weight"],
        "token_embedding.weight": state["embeddings.token_embedding.weight"],
        "text_projection": state["text_projection.weight"].T,
        **{f"ln_final.{kind}": state[f"final_layer_norm.{kind}"] for kind in ("weight", "bias")},
    }
    for number in range(3):
        ours, theirs = f"encoder.layers.{number}", f"transformer.resblocks.{number}"
        for kind in ("weight", "bias"):
            parts = [state[f"{ours}.self_attn.{part}_proj.{kind}"] for part in "qkv"]
            found[f"{theirs}.attn.in_proj_{kind}"] = torch.cat(parts)
            for a, b in (("self_attn.out_proj", "attn.out_proj"), ("mlp.fc1", "mlp.c_fc"), ("mlp.fc2", "mlp.c_proj"),
                         ("layer_norm1", "ln_1"), ("layer_norm2", "ln_2")):  # fmt: skip
                found[f"{theirs}.{b}.{kind}"] = state[f"{ours}.{a}.{kind}"]
    return found
