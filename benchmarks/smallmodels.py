"""Small models at the real architecture and drawn pictures to train them with, for `benchmarks/training.py`.

Random weights from a fixed seed, written as folders in diffusers' layout. The parts have about the shares of the work that they have in
the real models: FLUX's T5 two fifths of the net, Stable Diffusion's VAE as much arithmetic as the net's forward pass.
"""

import json
import math
import string
from collections.abc import Callable
from pathlib import Path
from typing import Any

NETS = {"flux-dev": "FluxTransformer2DModel", "sd15": "UNet2DConditionModel", "sdxl": "UNet2DConditionModel"}
"""diffusers' class of the net that is trained, by family."""

PIPELINES = {
    "flux-dev": "FluxPipeline",
    "sd15": "StableDiffusionPipeline",
    "sdxl": "StableDiffusionXLPipeline",
}
SIZES = ("small", "tiny")
BETAS = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "steps_offset": 1}
COLOURS = ("red", "green", "blue", "yellow", "purple", "white", "black", "orange")
PLACES = ("on a swing", "with a dog", "in the snow", "reading a book", "by the sea")


# --- models ----------------------------------------------------------------------------------------


def make_base(family: str, folder: Path, size: str = "small") -> dict[str, float]:
    """Build a family's small model and write it; millions of parameters by part."""
    make: dict[str, Callable[[Path, bool], Any]] = {"flux-dev": _flux, "sd15": _sd15, "sdxl": _sdxl}
    pipeline = make[family](folder, size == "tiny")
    pipeline.save_pretrained(folder)
    return {
        name: sum(one.numel() for one in part.parameters()) / 1e6
        for name, part in pipeline.components.items()
        if hasattr(part, "parameters")
    }


def _flux(folder: Path, tiny: bool) -> Any:
    import torch
    from diffusers import FlowMatchEulerDiscreteScheduler, FluxPipeline, FluxTransformer2DModel
    from transformers import T5Config, T5EncoderModel, T5TokenizerFast

    width = 64 if tiny else 512
    torch.manual_seed(1)
    net = FluxTransformer2DModel(
        in_channels=64,
        num_layers=2,
        num_single_layers=4,
        attention_head_dim=width // 4,
        num_attention_heads=4,
        joint_attention_dim=width,
        pooled_projection_dim=64,
        guidance_embeds=True,
        axes_dims_rope=(4, 6, 6) if tiny else (16, 56, 56),
    )
    letters = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0)]
    letters += [(one, -3.0) for one in string.ascii_lowercase]
    torch.manual_seed(2)
    large = T5EncoderModel(
        T5Config(vocab_size=len(letters), d_model=width, d_kv=width // 8, d_ff=5 * width // 2, num_layers=2 if tiny else 4, num_heads=8,
                 feed_forward_proj="gated-gelu")
    )  # fmt: skip
    vae = _vae(
        (8, 8, 16, 16) if tiny else (8, 16, 32, 32), 16, use_quant_conv=False, use_post_quant_conv=False
    )
    return FluxPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0, use_dynamic_shifting=True),
        vae=vae,
        text_encoder=_clip(64, 2),
        tokenizer=_clip_tokenizer(folder),
        text_encoder_2=large.eval(),
        tokenizer_2=T5TokenizerFast(vocab=letters, extra_ids=0, model_max_length=512),
        transformer=net.eval(),
    )


def _sd15(folder: Path, tiny: bool) -> Any:
    import torch
    from diffusers import PNDMScheduler, StableDiffusionPipeline, UNet2DConditionModel

    width = 32 if tiny else 64
    torch.manual_seed(1)
    net = UNet2DConditionModel(
        sample_size=32,
        block_out_channels=(width, 2 * width, 4 * width, 4 * width) if not tiny else (32, 32, 64, 64),
        attention_head_dim=8,
        cross_attention_dim=4 * width,
    )
    return StableDiffusionPipeline(
        vae=_vae((8, 8, 16, 16) if tiny else (24, 48, 96, 96), 4),
        text_encoder=_clip(4 * width, 2 if tiny else 6),
        tokenizer=_clip_tokenizer(folder),
        unet=net.eval(),
        scheduler=PNDMScheduler(**BETAS, skip_prk_steps=True, set_alpha_to_one=False),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def _sdxl(folder: Path, tiny: bool) -> Any:
    import torch
    from diffusers import EulerDiscreteScheduler, StableDiffusionXLPipeline, UNet2DConditionModel

    first, second = (32, 64) if tiny else (128, 256)
    torch.manual_seed(1)
    net = UNet2DConditionModel(
        sample_size=32,
        block_out_channels=(32, 64, 128) if not tiny else (32, 32, 64),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        transformer_layers_per_block=[1, 2, 10] if not tiny else [1, 2, 3],
        attention_head_dim=[1, 2, 4],
        use_linear_projection=True,
        cross_attention_dim=first + second,
        addition_embed_type="text_time",
        addition_time_embed_dim=16,
        projection_class_embeddings_input_dim=second + 6 * 16,
    )
    words = _clip_tokenizer(folder)
    return StableDiffusionXLPipeline(
        vae=_vae((8, 8, 16, 16) if tiny else (16, 32, 64, 64), 4),
        text_encoder=_clip(first, 3),
        text_encoder_2=_clip(second, 3 if tiny else 8, projection=True),
        tokenizer=words,
        tokenizer_2=words,
        unet=net.eval(),
        scheduler=EulerDiscreteScheduler(**BETAS, timestep_spacing="leading"),
        add_watermarker=False,
    )


def _vae(widths: tuple[int, ...], channels: int, **said: Any) -> Any:
    """The real four levels, eight pixels per latent, latents of about unit size and hardly any chance in them, as trained ones have."""
    import torch
    from diffusers import AutoencoderKL

    torch.manual_seed(3)
    vae = AutoencoderKL(
        block_out_channels=widths,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=2,
        latent_channels=channels,
        norm_num_groups=8,
        **said,
    ).eval()
    last = vae.quant_conv if vae.quant_conv is not None else vae.encoder.conv_out
    with torch.no_grad():
        last.weight[channels:] = 0.0
        last.bias[channels:] = -20.0  # the logarithm of the variance
        across = torch.linspace(-1, 1, 128)
        pictures = torch.stack([across.expand(3, 128, 128), across.view(-1, 1).expand(3, 128, 128)])
        latents = vae.encode(pictures).latent_dist.mode()
    shift = {"shift_factor": float(latents.mean())} if channels == 16 else {}  # FLUX's alone has one
    vae.register_to_config(scaling_factor=1 / float(latents.std()), **shift)
    return vae


def _clip(width: int, layers: int, projection: bool = False) -> Any:
    import torch
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    torch.manual_seed(4)
    words = _vocabulary()
    settings = CLIPTextConfig(
        vocab_size=len(words),
        hidden_size=width,
        intermediate_size=4 * width,
        num_hidden_layers=layers,
        num_attention_heads=4,
        projection_dim=width,
        hidden_act="gelu" if projection else "quick_gelu",
        bos_token_id=len(words) - 2,
        eos_token_id=len(words) - 1,
        pad_token_id=len(words) - 1,
    )
    return (CLIPTextModelWithProjection if projection else CLIPTextModel)(settings).eval()


def _vocabulary() -> dict[str, int]:
    """CLIP's tokenizer over letters."""
    letters = string.ascii_lowercase + ",.-"
    pieces = [*letters, *(f"{one}</w>" for one in letters), "<|startoftext|>", "<|endoftext|>"]
    return {piece: number for number, piece in enumerate(pieces)}


def _clip_tokenizer(folder: Path) -> Any:
    """Made from files, since transformers 5 leaves one made from objects empty."""
    from transformers import CLIPTokenizer

    there = folder.parent / f"{folder.name}-words"
    there.mkdir(parents=True, exist_ok=True)
    (there / "vocab.json").write_text(json.dumps(_vocabulary()))
    (there / "merges.txt").write_text("#version: 0.2\n")
    return CLIPTokenizer.from_pretrained(there, model_max_length=77)


# --- pictures --------------------------------------------------------------------------------------


def make_photos(folder: Path, family: str, count: int, side: int) -> None:
    """A character's folder: `count` square pictures of a figure in coloured clothes, with captions, as a dataset of Storykin."""
    from PIL import Image, ImageDraw

    from storykin import files
    from storykin.dataset import Dataset, TrainingPicture
    from storykin.scene import Box

    pictures = []
    for number in range(count):
        coat, place = COLOURS[number % len(COLOURS)], PLACES[number % len(PLACES)]
        caption = f"ohwx girl in a {coat} coat, {place}"
        picture = Image.linear_gradient("L").resize((side, side)).rotate(90 * (number % 4)).convert("RGB")
        draw, middle = ImageDraw.Draw(picture), side * (0.4 + 0.2 * (number % 3) / 2)
        lean = side * 0.05 * math.sin(number)
        draw.polygon(
            [(middle, side * 0.35), (middle - side * 0.2, side), (middle + side * 0.2, side)], fill=coat
        )
        draw.ellipse(
            [
                middle + lean - side * 0.14,
                side * 0.12,
                middle + lean + side * 0.14,
                side * 0.4,
            ],
            fill=(236, 188, 160),
        )
        file = f"close-up-{number:03d}.png"
        (folder / "dataset").mkdir(parents=True, exist_ok=True)
        picture.save(folder / "dataset" / file)
        files.write_text((folder / "dataset" / file).with_suffix(".txt"), caption + "\n")
        pictures.append(
            TrainingPicture(file, f"{number:03d}.jpg", Box(0, 0, 1, 1), side, side, "close-up", caption)
        )
    files.write_json(
        folder / "dataset" / "dataset.json", Dataset("ohwx", "a girl", family, side, tuple(pictures))
    )
