"""Small nets of every family with two adapters that matter, and what goes into them."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from peft import LoraConfig
from peft.tuners.lora import LoraLayer
from torch import Tensor, nn

from storykin.painters.diffusion.regions import Masked
from storykin.scene import Box
from tests.training.small_flux import flux2_net, flux_net

torch.set_num_threads(1)  # on a shared machine small models are many times slower on two

LEFT, RIGHT = Box(0.0, 0.25, 0.5, 0.75), Box(0.5, 0.25, 0.25, 0.5)
SASHA, THEO = ((2, 5),), ((6, 8), (9, 10))
WORDS = 12

ATTENTION = ["to_q", "to_k", "to_v", "to_out.0"]
EVERYTHING = {
    "unet": [*ATTENTION, "ff.net.0.proj", "ff.net.2", "proj_in", "proj_out", "conv1", "conv2", "conv_shortcut",
             "time_emb_proj", "conv_in", "conv_out", "conv", "linear_1"],
    "flux": [*ATTENTION, "add_q_proj", "add_k_proj", "add_v_proj", "to_add_out", "ff.net.0.proj", "ff.net.2", "ff_context.net.0.proj",
             "ff_context.net.2", "proj_mlp", "proj_out", "x_embedder", "context_embedder", "norm1.linear", "norm.linear"],
    "flux2": [*ATTENTION, "to_out", "add_q_proj", "add_k_proj", "add_v_proj", "to_add_out", "linear_in", "linear_out", "to_qkv_mlp_proj",
              "x_embedder", "context_embedder"],
    "qwen": [*ATTENTION, "add_q_proj", "add_k_proj", "add_v_proj", "to_add_out", "net.0.proj", "net.2", "img_in", "txt_in", "img_mod.1"],
    "z": [*ATTENTION, "w1", "w2", "w3", "adaLN_modulation.0"],
}  # fmt: skip


def both(**changes: Any) -> tuple[Masked, Masked]:
    """Sasha at the left, Theo at the right."""
    return Masked(LEFT, SASHA, "sasha", **changes), Masked(RIGHT, THEO, "theo", **changes)


def adapted(net: Any, targets: list[str], rank: int = 4, **changes: Any) -> Any:
    """The net with two adapters, A and B random, alpha half the rank."""
    layers = [
        name
        for name, layer in net.named_modules()
        if isinstance(layer, (nn.Linear, nn.Conv2d))
        and f".{name}".endswith(tuple(f".{one}" for one in targets))
    ]
    for seed, adapter in enumerate(("sasha", "theo")):
        torch.manual_seed(10 + seed)
        settings = LoraConfig(
            r=rank, lora_alpha=rank // 2, target_modules=layers, init_lora_weights=False, **changes
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # peft is surprised by a second adapter
            net.add_adapter(settings, adapter_name=adapter)
    return net.requires_grad_(False).eval()


def sd15() -> Any:
    from diffusers import UNet2DConditionModel

    torch.manual_seed(1)
    return UNet2DConditionModel(
        sample_size=8,
        block_out_channels=(32, 32, 64, 64),
        down_block_types=("CrossAttnDownBlock2D",) * 3 + ("DownBlock2D",),
        up_block_types=("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 3,
        layers_per_block=1,
        attention_head_dim=8,
        cross_attention_dim=32,
    )


def sdxl() -> Any:
    from diffusers import UNet2DConditionModel

    torch.manual_seed(1)
    return UNet2DConditionModel(
        sample_size=8,
        block_out_channels=(32, 32, 64),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        layers_per_block=1,
        transformer_layers_per_block=[1, 2, 2],
        attention_head_dim=[2, 4, 4],
        use_linear_projection=True,
        cross_attention_dim=32,
        addition_embed_type="text_time",
        addition_time_embed_dim=16,
        projection_class_embeddings_input_dim=64 + 6 * 16,
    )


def qwen(**changes: Any) -> Any:
    from diffusers import QwenImageTransformer2DModel

    torch.manual_seed(1)
    return QwenImageTransformer2DModel(
        in_channels=16,
        out_channels=4,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=24,
        axes_dims_rope=(4, 6, 6),
        **{"num_layers": 2, **changes},
    )


def z_image(**changes: Any) -> Any:
    from diffusers import ZImageTransformer2DModel

    torch.manual_seed(1)
    net = ZImageTransformer2DModel(
        in_channels=4, dim=32, n_heads=2, n_kv_heads=2, cap_feat_dim=24, axes_dims=[4, 6, 6], axes_lens=[128, 32, 32],
        **{"n_layers": 2, "n_refiner_layers": 1, **changes},
    )  # fmt: skip
    with torch.no_grad():
        net.x_pad_token.normal_()
        net.cap_pad_token.normal_()
    return net


def feed_unet(net: Any, height: int, width: int, batch: int = 2, words: Tensor | None = None) -> Tensor:
    """A batch of the negative prompt and the prompt, as Stable Diffusion's pipelines make it."""
    torch.manual_seed(5)
    extra = {"text_embeds": torch.randn(batch, 64), "time_ids": torch.rand(batch, 6)}
    given = {"added_cond_kwargs": extra} if net.config.addition_embed_type else {}
    noisy = torch.randn(1, 4, height, width).repeat(batch, 1, 1, 1)
    words = torch.randn(batch, WORDS, 32) if words is None else words
    return net(noisy, torch.tensor([500]), encoder_hidden_states=words, return_dict=False, **given)[0]


def feed_flux(net: Any, height: int, width: int, references: int = 0, words: Tensor | None = None) -> Tensor:
    """One picture's tokens, references behind them."""
    torch.manual_seed(5)
    flux2 = "Flux2" in type(net).__name__
    count = height * width + references
    words = torch.randn(1, WORDS, net.config.joint_attention_dim) if words is None else words
    axes = 4 if flux2 else 3
    places = torch.zeros(count, axes)
    places[: height * width, 1:3] = torch.cartesian_prod(
        torch.arange(float(height)), torch.arange(float(width))
    )
    places[height * width :] = torch.tensor([1.0, 20.0, 30.0, 0.0])[:axes]  # of another picture
    given = {} if flux2 else {"pooled_projections": torch.randn(1, 32), "guidance": torch.ones(1)}
    return net(
        hidden_states=torch.randn(1, count, net.config.in_channels),
        encoder_hidden_states=words,
        timestep=torch.tensor([0.5]),
        img_ids=places,
        txt_ids=torch.zeros(WORDS, axes),
        return_dict=False,
        **given,
    )[0]


def feed_qwen(
    net: Any, height: int, width: int, references: int = 1, words: Tensor | None = None, unread: int = 0
) -> Tensor:
    """One picture's tokens, references of the same size behind them."""
    torch.manual_seed(5)
    words = torch.randn(1, WORDS, 24) if words is None else words
    return net(
        hidden_states=torch.randn(1, (1 + references) * height * width, 16),
        encoder_hidden_states=words,
        encoder_hidden_states_mask=torch.arange(WORDS)[None] < WORDS - unread,
        timestep=torch.tensor([0.5]),
        img_shapes=[[(1, height, width)] * (1 + references)],
        return_dict=False,
    )[0]


def feed_z(net: Any, height: int, width: int, words: Tensor | None = None, single: bool = False) -> Tensor:
    """The prompt, then the negative one, of other length; what becomes of the first, by tokens."""
    torch.manual_seed(5)
    words = torch.randn(WORDS, 24) if words is None else words
    noisy = torch.randn(4, 1, 2 * height, 2 * width)
    batch = [words] if single else [words, torch.randn(40, 24)]
    made = net([noisy] * len(batch), torch.full((len(batch),), 0.5), batch, return_dict=False)[0][0]
    return made.view(4, height, 2, width, 2).permute(1, 3, 0, 2, 4).reshape(1, height * width, 16)


def flux(**changes: Any) -> Any:
    return flux_net(attention_head_dim=16, num_attention_heads=2, axes_dims_rope=(4, 6, 6), **changes)


def flux2(**changes: Any) -> Any:
    return flux2_net(attention_head_dim=16, num_attention_heads=2, axes_dims_rope=(4, 4, 4, 4), **changes)


@contextmanager
def overheard(net: Any) -> Iterator[dict[str, list[tuple[Tensor, Tensor]]]]:
    """What goes into every layer with adapters and what comes out, by the layer's name."""
    heard: dict[str, list[tuple[Tensor, Tensor]]] = {}

    def listen(name: str) -> Callable[..., None]:
        return lambda _layer, given, out: heard.setdefault(name, []).append((given[0], out))

    hooks = [
        layer.register_forward_hook(listen(name))
        for name, layer in net.named_modules()
        if isinstance(layer, LoraLayer)
    ]
    try:
        yield heard
    finally:
        for hook in hooks:
            hook.remove()


def alone(net: Any, name: str, adapters: list[str], x: Tensor) -> Tensor:
    """What peft's own layer makes of x with these adapters, the base for none."""
    layer = net.get_submodule(name)
    if not adapters:
        return layer.base_layer(x)
    before = layer.active_adapters
    layer.set_adapter(adapters)
    try:
        return type(layer).forward(layer, x)
    finally:
        layer.set_adapter(before)
