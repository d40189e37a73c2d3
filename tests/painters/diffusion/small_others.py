"""Small models of the families that are only painted with, at the real architectures with random weights, as diffusers folders; adapters, IP-Adapters and GGUF nets that fit small models."""

import importlib
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from storykin.families import FAMILIES
from storykin.models import nets
from storykin.recipe import Recipe
from storykin.training import kohya
from storykin.training.lora import Change
from tests.training.small_flux import CHAT, by_diffusers, flux_net, save_flux

torch.set_num_threads(1)  # on a shared machine small models are many times slower on two

QWEN_MARKS = tuple(
    f"<|{one}|>"
    for one in ("endoftext", "im_start", "im_end", "object_ref_start", "object_ref_end", "box_start", "box_end", "quad_start",
                "quad_end", "vision_start", "vision_end", "vision_pad", "image_pad", "video_pad")
)  # fmt: skip
"""The marks of Qwen2's tokenizer that Qwen2.5-VL uses, in their order."""

THINKING = CHAT.replace(
    "assistant\n{% endif %}",
    "assistant\n{% if enable_thinking is defined and not enable_thinking %}<think>\n\n</think>\n\n{% endif %}{% endif %}",
)
"""As Qwen3's template: whoever does not want thinking gets an empty thought."""

ATTENTION = (
    "to_q",
    "to_k",
    "to_v",
    "to_out.0",
    "to_out",
    "add_q_proj",
    "add_k_proj",
    "add_v_proj",
    "to_add_out",
    "to_qkv_mlp_proj",
)
"""What adapters change in all families, by the ends of the layers' names."""


# models


def small_schnell(folder: Path) -> Path:
    """A small FLUX.1-schnell: FLUX.1-dev's parts, no guidance embedding, timesteps not shifted."""
    from diffusers import FlowMatchEulerDiscreteScheduler, FluxPipeline

    parts = _parts(FluxPipeline, save_flux(folder))
    parts["transformer"] = flux_net(guidance_embeds=False).eval()
    parts["scheduler"] = FlowMatchEulerDiscreteScheduler(shift=1.0, use_dynamic_shifting=False)
    FluxPipeline(**parts).save_pretrained(folder)
    return folder


def small_kontext(folder: Path) -> Path:
    """A small FLUX.1 Kontext: FLUX.1-dev's parts, read by the pipeline that takes a reference."""
    from diffusers import FluxKontextPipeline, FluxPipeline

    FluxKontextPipeline(**_parts(FluxPipeline, save_flux(folder))).save_pretrained(folder)
    return folder


def small_qwen_edit(folder: Path) -> Path:
    """A small Qwen-Image-Edit-2509: Qwen2.5-VL with its eyes, the video VAE, references beside the picture.

    The processor's folder is as the hub has it: transformers reads it only where torchvision is, `storykin.painters.diffusion.qwen.seeing` everywhere.
    """
    from diffusers import (
        FlowMatchEulerDiscreteScheduler,
        QwenImageEditPlusPipeline,
        QwenImageTransformer2DModel,
    )
    from transformers import Qwen2_5_VLForConditionalGeneration, Qwen2VLImageProcessorPil

    words = edit_tokenizer()
    net = QwenImageTransformer2DModel(
        num_layers=2,
        attention_head_dim=32,
        num_attention_heads=2,
        joint_attention_dim=32,
        axes_dims_rope=(8, 12, 12),
    )
    QwenImageEditPlusPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(
            base_shift=0.5,
            max_shift=0.9,
            max_image_seq_len=8192,
            shift_terminal=0.02,
            use_dynamic_shifting=True,
        ),
        vae=video_vae(),
        text_encoder=lively(Qwen2_5_VLForConditionalGeneration(_vision_settings(words)), 2),
        tokenizer=words,
        processor=None,
        transformer=lively(net, 1),
    ).save_pretrained(folder)
    beside = folder / "processor"
    words.save_pretrained(beside)
    Qwen2VLImageProcessorPil(min_pixels=56 * 56, max_pixels=12845056).save_pretrained(beside)
    for name, key in (("preprocessor_config.json", "image"), ("video_preprocessor_config.json", "video")):
        said = json.loads((beside / "preprocessor_config.json").read_text())
        said.pop("image_processor_type", None)
        said |= {
            "processor_class": "Qwen2VLProcessor",
            f"{key}_processor_type": f"Qwen2VL{key.title()}Processor",
        }
        (beside / name).write_text(json.dumps(said))
    index = json.loads((folder / "model_index.json").read_text())
    index["processor"] = ["transformers", "Qwen2VLProcessor"]
    (folder / "model_index.json").write_text(json.dumps(index))
    return folder


def small_z_image(folder: Path) -> Path:
    """A small Z-Image Turbo: one stream of words and picture, FLUX.1's VAE, Qwen3 written as a language model and read without its head."""
    from diffusers import FlowMatchEulerDiscreteScheduler, ZImagePipeline, ZImageTransformer2DModel
    from transformers import Qwen3Config, Qwen3ForCausalLM

    words = qwen_tokenizer()
    words.chat_template = THINKING
    net = ZImageTransformer2DModel(
        dim=64,
        n_layers=2,
        n_refiner_layers=1,
        n_heads=2,
        n_kv_heads=2,
        cap_feat_dim=32,
        axes_dims=[8, 12, 12],
    )
    encoder = Qwen3ForCausalLM(
        Qwen3Config(
            vocab_size=len(words),
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=3,
            num_attention_heads=2,
            num_key_value_heads=1,
            head_dim=16,
            max_position_embeddings=1024,
            tie_word_embeddings=True,
        )
    )
    ZImagePipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0, use_dynamic_shifting=False),
        vae=flux_vae(),
        text_encoder=lively(encoder, 2),
        tokenizer=words,
        transformer=lively(net, 1),
    ).save_pretrained(folder)
    index = json.loads((folder / "model_index.json").read_text())
    index["text_encoder"] = ["transformers", "Qwen3Model"]
    (folder / "model_index.json").write_text(json.dumps(index))
    return folder


def flux_vae() -> Any:
    """FLUX.1's VAE: 16 channels, eight pixels per latent, no convolutions around the latents."""
    from diffusers import AutoencoderKL

    return lively(
        AutoencoderKL(
            down_block_types=("DownEncoderBlock2D",) * 4,
            up_block_types=("UpDecoderBlock2D",) * 4,
            block_out_channels=(8, 16, 16, 16),
            layers_per_block=1,
            latent_channels=16,
            norm_num_groups=4,
            scaling_factor=0.3611,
            shift_factor=0.1159,
            use_quant_conv=False,
            use_post_quant_conv=False,
            sample_size=1024,
        ),
        3,
    )


def video_vae() -> Any:
    """Qwen-Image's VAE: convolutions over pictures in a row, of which there is one."""
    from diffusers import AutoencoderKLQwenImage

    return lively(AutoencoderKLQwenImage(base_dim=4, num_res_blocks=1), 3)


def _vision_settings(words: Any) -> Any:
    from transformers import Qwen2_5_VLConfig

    marks = {
        one: words.convert_tokens_to_ids(f"<|{one}|>")
        for one in ("image_pad", "video_pad", "vision_start", "vision_end")
    }
    return Qwen2_5_VLConfig(
        text_config={
            "vocab_size": len(words),
            "hidden_size": 32,
            "intermediate_size": 64,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "num_key_value_heads": 1,
            "max_position_embeddings": 4096,
            # half a head's width, shared by time, height and width
            "rope_parameters": {"rope_type": "default", "rope_theta": 1e6, "mrope_section": [2, 3, 3]},
            "bos_token_id": 0,
            "eos_token_id": 0,
        },
        vision_config={
            "depth": 2,
            "hidden_size": 32,
            "intermediate_size": 64,
            "num_heads": 2,
            "out_hidden_size": 32,
            "fullatt_block_indexes": [1],
        },
        image_token_id=marks["image_pad"],
        video_token_id=marks["video_pad"],
        vision_start_token_id=marks["vision_start"],
        vision_end_token_id=marks["vision_end"],
    )


def lively(net: Any, seed: int) -> Any:
    """Random weights without the symmetry of fresh ones, so that every part matters: no zeros, and what goes through a layer keeps its size."""
    draws = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, one in net.named_parameters():
            if name.endswith("gamma") or (one.ndim == 1 and name.endswith("weight")):
                continue  # the scales of norms
            one.normal_(0, 0.02 if one.ndim == 1 else one[0].numel() ** -0.5, generator=draws)
    return net.eval()


def _parts(kind: Any, folder: Path) -> dict[str, Any]:
    parts: dict[str, Any] = kind.from_pretrained(folder, local_files_only=True).components
    return parts


# words


def qwen_tokenizer(sentences: Sequence[str] = ()) -> Any:
    """Qwen2's tokenizer over bytes, with its marks; the words of the sentences are one token each, as nearly all are of the real one."""
    from tokenizers.pre_tokenizers import ByteLevel
    from transformers import Qwen2TokenizerFast

    def made(vocabulary: Sequence[str], merges: Sequence[tuple[str, str]]) -> Any:
        return Qwen2TokenizerFast(
            vocab={piece: number for number, piece in enumerate(vocabulary)},
            merges=list(merges),
            additional_special_tokens=list(QWEN_MARKS[1:]),
            model_max_length=131072,
        )

    bytewise = [*sorted(ByteLevel.alphabet()), *QWEN_MARKS]
    cut = made(bytewise, ()).backend_tokenizer.pre_tokenizer
    between = [piece for one in sentences for piece in re.split(r"<\|\w+\|>", one)]
    words = dict.fromkeys(word for piece in between for word, _ in cut.pre_tokenize_str(piece))
    # what words begin with first, the space before all, so that no letters inside a word are joined before
    merges = sorted(
        dict.fromkeys(one for word in words for one in _beginnings(word)),
        key=lambda one: (len(one[0]), one[0][0] != "Ġ"),
    )
    alphabet, marks = bytewise[: -len(QWEN_MARKS)], list(QWEN_MARKS)
    found = made([*alphabet, *("".join(one) for one in merges), *marks], merges)
    found.chat_template = CHAT
    return found


def edit_tokenizer() -> Any:
    """Qwen2's tokenizer that makes 64 tokens of what the edit pipeline says before the prompt, as the real one, since it drops so many."""
    from diffusers import QwenImageEditPlusPipeline

    empty = QwenImageEditPlusPipeline(None, None, None, None, None, None)
    return qwen_tokenizer([empty.prompt_template_encode, "Picture 1: "])


def _beginnings(word: str) -> Iterator[tuple[str, str]]:
    for end in range(1, len(word)):
        yield word[:end], word[end]


def small_references(monkeypatch: Any, side: int = 64) -> None:
    """Let the edit pipeline read references of this size: it makes 1024 x 1024 pixels of each, five seconds of small models."""
    edit = importlib.import_module("diffusers.pipelines.qwenimage.pipeline_qwenimage_edit_plus")
    monkeypatch.setattr(edit, "VAE_IMAGE_SIZE", side**2)
    monkeypatch.setattr(edit, "CONDITION_IMAGE_SIZE", side**2)


# adapters


def lora_for(folder: Path, kind: str, path: Path, seed: int, rank: int = 4) -> Path:
    """An adapter's file for the attention of a base, random, that changes pictures well visibly; the same bytes for the same seed.

    `kind` is a row of `PAINTINGS`: Stable Diffusion's files are in kohya's layout, all others in PEFT's.
    """
    draws = torch.Generator().manual_seed(seed)
    state = {
        layer: Change(
            torch.randn(rank, into, generator=draws) * into**-0.5,
            torch.randn(out, rank, generator=draws) * rank**-0.5,
            1.0,
        )
        for layer, (out, into) in layers_of(folder)
    }
    if kind in {"sd15", "sdxl"}:
        family = FAMILIES[kind]
        settings = json.loads((folder / "unet" / "config.json").read_text())
        names = kohya.file_names(state, family.form, settings["layers_per_block"])
        head = kohya.header(family, Recipe.of(family), "epsilon", {})
        kohya.write(path, state, names, dict.fromkeys(state, False), rank, head)
        return path
    tensors = {
        f"transformer.{layer}.{name}.weight": value.half()
        for layer, change in state.items()
        for name, value in (("lora_A", change.down), ("lora_B", change.up))
    }
    path.write_bytes(kohya.safetensors_bytes(tensors, {"format": "pt"}))
    return path


def layers_of(folder: Path) -> list[tuple[str, tuple[int, int]]]:
    """The matrices in the attention of a base's net, by name, with their shapes: out x in."""
    from safetensors import safe_open

    part = "unet" if (folder / "unet").is_dir() else "transformer"
    (weights,) = (folder / part).glob("*.safetensors")
    found = []
    with safe_open(weights, "pt") as file:
        for key in sorted(file.keys()):
            layer, _, leaf = key.rpartition(".")
            shape = file.get_slice(key).get_shape()
            if (
                leaf == "weight"
                and len(shape) == 2
                and f".{layer}".endswith(tuple(f".{one}" for one in ATTENTION))
            ):
                found.append((layer, (shape[0], shape[1])))
    return found


# IP-Adapters


def ip_adapter_for(base: Path, folder: Path, seed: int = 5) -> Path:
    """A small IP-Adapter for a small Stable Diffusion, in the layout of h94/IP-Adapter, with the encoder of pictures in `image_encoder`.

    Gives the file. The real ones are 45 MB (SD 1.5) and 700 MB (SDXL), their encoders 2.5 and 3.7 GB.
    """
    from diffusers import UNet2DConditionModel
    from safetensors.torch import save_file
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

    settings = CLIPVisionConfig(
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        projection_dim=24,
        image_size=56,
        patch_size=14,
        hidden_act="gelu",
    )
    lively(CLIPVisionModelWithProjection(settings), seed).save_pretrained(folder / "image_encoder")
    with torch.device("meta"):
        net = UNet2DConditionModel.from_config(UNet2DConditionModel.load_config(base / "unet"))
    words = net.config.cross_attention_dim
    draws = torch.Generator().manual_seed(seed)
    made = {
        "image_proj.proj.weight": torch.randn(4 * words, 24, generator=draws)
        * 24**-0.5,  # four tokens a picture
        "image_proj.proj.bias": torch.randn(4 * words, generator=draws) * 0.02,
        "image_proj.norm.weight": torch.ones(words),
        "image_proj.norm.bias": torch.zeros(words),
    }
    for number, name in enumerate(net.attn_processors):
        if name.endswith("attn2.processor"):
            layer = net.get_submodule(name.removesuffix(".processor"))
            for kind in ("k", "v"):
                shape = (layer.inner_dim, words)
                made[f"ip_adapter.{number}.to_{kind}_ip.weight"] = (
                    torch.randn(shape, generator=draws) * words**-0.5
                )
    path = folder / f"ip-adapter_{'sdxl' if (base / 'text_encoder_2').exists() else 'sd15'}.safetensors"
    save_file(made, path)
    return path


# GGUF


def flux_gguf(folder: Path, path: Path) -> Path:
    """The net of a small FLUX.1 in one GGUF file under its makers' names: matrices of the blocks in Q8_0, the rest in float32."""
    import gguf
    from safetensors.torch import load_file

    (weights,) = (folder / "transformer").glob("*.safetensors")
    writer = gguf.GGUFWriter(path, "flux")
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    for name, value in flux_as_published(load_file(weights)).items():
        packed = value.ndim > 1 and "_blocks." in name
        kind = gguf.GGMLQuantizationType.Q8_0 if packed else gguf.GGMLQuantizationType.F32
        writer.add_tensor(name, gguf.quants.quantize(value.contiguous().numpy(), kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def flux_as_published(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """A FLUX.1 net's weights under Black Forest Labs' own names, from diffusers' names."""
    found = {}
    for theirs, ours in nets.FLUX_LAYERS.items():
        kind, _, rest = theirs.partition("_blocks.")
        rows: Sequence[tuple[str, str]] = [(f"{theirs}.", "")]
        if rest:
            row = nets.BLOCKS[kind]
            numbers = {int(key.split(".")[1]) for key in state if key.startswith(f"{row}.")}
            rows = [(f"{kind}_blocks.{one}.{rest}.", f"{row}.{one}.") for one in sorted(numbers)]
        for new, old in rows:
            for leaf in ("weight", "bias"):
                parts = [state[key] for name in ours.split() if (key := f"{old}{name}.{leaf}") in state]
                if parts:
                    joined = torch.cat(parts)
                    if f"{ours}.{leaf}" in nets.TURNED:
                        joined = torch.cat([*reversed(joined.chunk(2))])
                    found[f"{new}{'scale' if theirs.endswith('_norm') else leaf}"] = joined
    return found


def allow_narrow(monkeypatch: Any, width: int = 128) -> None:
    """Let diffusers read single files of FLUX.1 nets of this width; its source says 3072."""
    single = importlib.import_module("diffusers.loaders.single_file_model")
    entry = single.SINGLE_FILE_LOADABLE_CLASSES["FluxTransformer2DModel"]

    def convert(checkpoint: dict[str, Tensor], **_: Any) -> dict[str, Tensor]:
        return by_diffusers(checkpoint, width, "flux")

    monkeypatch.setitem(entry, "checkpoint_mapping_fn", convert)


def packed_layers(net: nn.Module) -> list[str]:
    """The layers of a net that compute from packed weights."""
    return [name for name, layer in net.named_modules() if type(layer).__name__ == "GGUFLinear"]
