"""Small FLUX.1 and FLUX.2 models at the real architecture, random weights, as diffusers folders."""

import inspect
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from storykin.recipe import Recipe
from storykin.training.learner import Batch

torch.set_num_threads(1)  # on a shared machine small models are many times slower on two

LETTERS = "abcdefghijklmnopqrstuvwxyz"
CHAT = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
CAPTIONS = ("ohwx girl in a red coat", "ohwx girl on a swing", "ohwx girl with a dog", "ohwx girl reads")


def flux_net(**changes: Any) -> Any:
    """A FLUX.1 transformer of about two million parameters: double and single blocks, guidance embedding."""
    from diffusers import FluxTransformer2DModel

    torch.manual_seed(1)
    settings = {
        "in_channels": 64,
        "num_layers": 2,
        "num_single_layers": 2,
        "attention_head_dim": 32,
        "num_attention_heads": 4,
        "joint_attention_dim": 32,
        "pooled_projection_dim": 32,
        "guidance_embeds": True,
        "axes_dims_rope": (8, 12, 12),
    }
    return _lively(FluxTransformer2DModel(**{**settings, **changes}))


def flux2_net(**changes: Any) -> Any:
    """A FLUX.2 transformer of about two million parameters, without guidance, as klein's."""
    from diffusers import Flux2Transformer2DModel

    torch.manual_seed(1)
    settings = {
        "in_channels": 128,
        "num_layers": 2,
        "num_single_layers": 2,
        "attention_head_dim": 32,
        "num_attention_heads": 4,
        "joint_attention_dim": 48,
        "guidance_embeds": False,
        "axes_dims_rope": (8, 8, 8, 8),
    }
    return _lively(Flux2Transformer2DModel(**{**settings, **changes}))


def _lively(net: Any) -> Any:
    """Random weights without the symmetry of fresh ones, so that every part matters."""
    with torch.no_grad():
        for name, one in net.named_parameters():
            if one.ndim > 1:
                one.normal_(0, one.shape[1] ** -0.5)
            elif "norm" not in name:
                one.normal_(0, 0.02)
    return net


def clip_tokenizer() -> Any:
    """CLIP's tokenizer over letters."""
    from transformers import CLIPTokenizer

    words = [*LETTERS, *(f"{one}</w>" for one in LETTERS), "<|startoftext|>", "<|endoftext|>"]
    return CLIPTokenizer(vocab={word: i for i, word in enumerate(words)}, merges=[], model_max_length=77)


def t5_tokenizer() -> Any:
    """T5's tokenizer over letters."""
    from transformers import T5TokenizerFast

    vocab = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0), *((one, -3.0) for one in LETTERS)]
    return T5TokenizerFast(vocab=vocab, extra_ids=0, model_max_length=512)


def qwen_tokenizer() -> Any:
    """Qwen's tokenizer over bytes, with a chat template."""
    from tokenizers.pre_tokenizers import ByteLevel
    from transformers import Qwen2TokenizerFast

    words = [*sorted(ByteLevel.alphabet()), "<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    made = Qwen2TokenizerFast(
        vocab={word: i for i, word in enumerate(words)},
        merges=[],
        additional_special_tokens=["<|im_start|>", "<|im_end|>"],
    )
    made.chat_template = CHAT
    return made


def save_flux(folder: Path) -> Path:
    """A small FLUX.1-dev with all its parts, written as a folder."""
    from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler, FluxPipeline
    from transformers import CLIPTextConfig, CLIPTextModel, T5Config, T5EncoderModel

    net = flux_net()
    clip_words, t5_words = clip_tokenizer(), t5_tokenizer()
    torch.manual_seed(2)
    clip = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(clip_words),
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=2,
            projection_dim=32,
            bos_token_id=clip_words.bos_token_id,
            eos_token_id=clip_words.eos_token_id,
            pad_token_id=clip_words.pad_token_id,
        )
    )
    t5 = T5EncoderModel(
        T5Config(
            vocab_size=len(t5_words),
            d_model=32,
            d_kv=16,
            d_ff=128,
            num_layers=3,  # one more than lie on the card at once when they are streamed
            num_heads=2,
            feed_forward_proj="gated-gelu",
        )
    )
    vae = AutoencoderKL(
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
    )
    FluxPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0, use_dynamic_shifting=True),
        vae=vae.eval(),
        text_encoder=clip.eval(),
        tokenizer=clip_words,
        text_encoder_2=t5.eval(),
        tokenizer_2=t5_words,
        transformer=net.eval(),
    ).save_pretrained(folder)
    return folder


def save_flux2(folder: Path) -> Path:
    """A small FLUX.2 klein (base) with all its parts, written as a folder."""
    from diffusers import AutoencoderKLFlux2, FlowMatchEulerDiscreteScheduler, Flux2KleinPipeline
    from transformers import Qwen3Config, Qwen3ForCausalLM

    net = flux2_net()
    words = qwen_tokenizer()
    torch.manual_seed(2)
    # klein reads the hidden states 9, 18 and 27, so that not even a small encoder has fewer layers
    encoder = Qwen3ForCausalLM(
        Qwen3Config(
            vocab_size=len(words),
            hidden_size=16,
            intermediate_size=32,
            num_hidden_layers=30,
            num_attention_heads=2,
            num_key_value_heads=1,
            head_dim=8,
            max_position_embeddings=512,
            tie_word_embeddings=True,  # as Qwen3-4B has them
        )
    )
    vae = AutoencoderKLFlux2(
        block_out_channels=(8, 16, 16, 16), layers_per_block=1, norm_num_groups=4, latent_channels=32
    )
    vae.bn.running_mean.normal_(0, 0.1)
    vae.bn.running_var.uniform_(0.5, 2.0)
    Flux2KleinPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0, use_dynamic_shifting=True),
        vae=vae.eval(),
        text_encoder=encoder.eval(),
        tokenizer=words,
        transformer=net.eval(),
    ).save_pretrained(folder)
    return folder


def original_flux(net: Any) -> dict[str, torch.Tensor]:
    """Random weights for such a net in the layout of Black Forest Labs' own code (src/flux/model.py of black-forest-labs/flux)."""
    width, head = net.inner_dim, net.config.attention_head_dim
    layers = {
        "img_in": (width, net.config.in_channels), "txt_in": (width, net.config.joint_attention_dim),
        **_two_layers("time_in", 256, width), **_two_layers("guidance_in", 256, width),
        **_two_layers("vector_in", net.config.pooled_projection_dim, width),
        "final_layer.linear": (net.config.in_channels, width), "final_layer.adaLN_modulation.1": (2 * width, width),
    }  # fmt: skip
    for number in range(net.config.num_layers):
        for kind in ("img", "txt"):
            layers |= {
                f"double_blocks.{number}.{kind}_mod.lin": (6 * width, width),
                f"double_blocks.{number}.{kind}_attn.qkv": (3 * width, width),
                f"double_blocks.{number}.{kind}_attn.norm": (head,),
                f"double_blocks.{number}.{kind}_attn.proj": (width, width),
                f"double_blocks.{number}.{kind}_mlp.0": (4 * width, width),
                f"double_blocks.{number}.{kind}_mlp.2": (width, 4 * width),
            }
    for number in range(net.config.num_single_layers):
        layers |= {
            f"single_blocks.{number}.modulation.lin": (3 * width, width),
            f"single_blocks.{number}.linear1": (7 * width, width),
            f"single_blocks.{number}.linear2": (width, 5 * width),
            f"single_blocks.{number}.norm": (head,),
        }
    return _random(layers, bias=True)


def original_flux2(net: Any) -> dict[str, torch.Tensor]:
    """The same of FLUX.2 (src/flux2/model.py of black-forest-labs/flux2): no biases, modulation shared, gated feed-forward of three times the width."""
    width, head = net.inner_dim, net.config.attention_head_dim
    layers = {
        "img_in": (width, net.config.in_channels), "txt_in": (width, net.config.joint_attention_dim),
        **_two_layers("time_in", 256, width), "final_layer.linear": (net.config.in_channels, width),
        "final_layer.adaLN_modulation.1": (2 * width, width), "double_stream_modulation_img.lin": (6 * width, width),
        "double_stream_modulation_txt.lin": (6 * width, width), "single_stream_modulation.lin": (3 * width, width),
    }  # fmt: skip
    for number in range(net.config.num_layers):
        for kind in ("img", "txt"):
            layers |= {
                f"double_blocks.{number}.{kind}_attn.qkv": (3 * width, width),
                f"double_blocks.{number}.{kind}_attn.norm": (head,),
                f"double_blocks.{number}.{kind}_attn.proj": (width, width),
                f"double_blocks.{number}.{kind}_mlp.0": (6 * width, width),
                f"double_blocks.{number}.{kind}_mlp.2": (width, 3 * width),
            }
    for number in range(net.config.num_single_layers):
        layers |= {
            f"single_blocks.{number}.linear1": (9 * width, width),
            f"single_blocks.{number}.linear2": (width, 4 * width),
            f"single_blocks.{number}.norm": (head,),
        }
    return _random(layers, bias=False)


def _two_layers(name: str, width: int, out: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.in_layer": (out, width), f"{name}.out_layer": (out, out)}


def _random(layers: dict[str, tuple[int, ...]], bias: bool) -> dict[str, torch.Tensor]:
    draws = torch.Generator().manual_seed(3)
    made = {}
    for name, shape in layers.items():
        if len(shape) == 1:
            for kind in ("query", "key"):
                made[f"{name}.{kind}_norm.scale"] = 1 + 0.1 * torch.randn(shape, generator=draws)
            continue
        made[f"{name}.weight"] = torch.randn(shape, generator=draws) * shape[1] ** -0.5
        if bias:
            made[f"{name}.bias"] = torch.randn(shape[0], generator=draws) * 0.02
    return made


def by_diffusers(original: dict[str, torch.Tensor], width: int, which: str) -> dict[str, torch.Tensor]:
    """What diffusers' own conversion makes of an original state; FLUX.1's width is written into its source."""
    from diffusers.loaders import single_file_utils

    name = f"convert_{which}_transformer_checkpoint_to_diffusers"
    source = inspect.getsource(getattr(single_file_utils, name)).replace("3072", str(width))
    scope = dict(vars(single_file_utils))
    exec(source, scope)
    return dict(scope[name](dict(original)))


def batch_of(learner: Any, **changes: Any) -> Batch:
    """The four pictures with their captions, encoded, as one step sees them."""
    said = learner.encode_captions(CAPTIONS)
    words = {key: torch.stack([one[key] for one in said]) for key in said[0]}
    latents = learner.encode_pictures(pictures())
    return replace(Batch(latents, words, torch.ones(len(latents))), **changes)


def recipe_of(learner: Any, **changes: Any) -> Recipe:
    """The family's recipe with an adapter that is small enough for small nets."""
    return replace(Recipe.of(learner.family), **{"rank": 8, "alpha": 8, **changes})


def learn(learner: Any, batch: Batch, parameters: dict[str, Any], steps: int) -> list[float]:
    """The losses of so many steps, each with the same noise and timesteps."""
    optimiser = torch.optim.AdamW(parameters.values(), lr=3e-3, weight_decay=0)
    losses = []
    for _ in range(steps):
        loss = learner.loss(batch, torch.Generator().manual_seed(1))
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
        losses.append(loss.item())
    return losses


def heard_by(net: Any) -> list[dict[str, Any]]:
    """From now on, what the net is given, call by call."""
    calls: list[dict[str, Any]] = []
    net.register_forward_pre_hook(lambda _net, _args, given: calls.append(given), with_kwargs=True)
    return calls


def pictures(count: int = 4, side: int = 64) -> torch.Tensor:
    """Coloured gradients, n x 3 x side x side in -1 … 1, all different."""
    across = torch.linspace(-1, 1, side)
    made = [
        torch.stack([across.roll(7 * i).expand(side, side), across.view(-1, 1).expand(side, side) * (-1) ** i,
                     torch.full((side, side), i / count)])
        for i in range(count)
    ]  # fmt: skip
    return torch.stack(made)


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean absolute difference of two pictures, 0 … 255."""
    return float(np.abs(np.asarray(one, np.float32) - np.asarray(other, np.float32)).mean())


def header_of(path: Path) -> dict[str, str]:
    """The metadata of a safetensors file, read without the library."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        return dict(json.loads(file.read(length)).get("__metadata__", {}))
