"""Training: FLUX.2 klein 4B as the loop sees it; what it shares with FLUX.1 is in `flux.py`.

Captions go through Qwen3 (three of its layers side by side, 512 tokens), pictures through a VAE with 32 channels whose 2 x 2 squares are
normalised by kept statistics. The blocks share one modulation, and there is no guidance embedding.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

import torch

from storykin.families import FAMILIES
from storykin.models import loading
from storykin.training.learners.flux import FluxLearner

if TYPE_CHECKING:
    from torch import Tensor

    from storykin.training.learner import Words

DOUBLE = (
    "attn.to_q", "attn.to_k", "attn.to_v", "attn.to_out.0", "attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj", "attn.to_add_out",
    "ff.linear_in", "ff.linear_out", "ff_context.linear_in", "ff_context.linear_out",
)  # fmt: skip
"""What is learned of a block that holds picture and text apart."""

SINGLE = ("attn.to_qkv_mlp_proj", "attn.to_out")
"""What is learned of a block in which they are one sequence, attention and feed-forward in one layer."""

HEARD = 28  # layers of Qwen3 that are kept: klein reads the hidden states 9, 18 and 27, and the last of a model is normalised


class Flux2Learner(FluxLearner):
    """FLUX.2 klein 4B: flow matching without guidance.

    The base variant (`FLUX.2-klein-base-4B`) is trained: the distilled one (`FLUX.2-klein-4B`) has unlearned what happens between its four
    steps, and a flow loss would undo that. Both have the same layers, so books may be painted with the distilled one.
    """

    family = FAMILIES["flux2-klein"]
    blocks: ClassVar = {"transformer_blocks": DOUBLE, "single_transformer_blocks": SINGLE}
    known_by: ClassVar = {"transformer": "Flux2Transformer2DModel", "text_encoder": "Qwen3ForCausalLM"}
    channels = 128
    parts: tuple[str, ...] = ("scheduler", "tokenizer", "text_encoder", "vae")
    guidance_scale = 4.0  # of previews; what Flux2KleinPipeline itself takes
    unsaid: tuple[str, ...] = ("",)

    def _encode_picture(self, picture: Tensor) -> Tensor:
        """1 x 3 x H x W to 1 x 128 x H/16 x W/16: 2 x 2 squares as channels, normalised by the VAE's running statistics."""
        squares = torch.nn.functional.pixel_unshuffle(self._vae.encode(picture).latent_dist.mode(), 2)
        known, slack = self._vae.bn, self._vae.config.batch_norm_eps
        mean, variance = (one.view(1, -1, 1, 1) for one in (known.running_mean, known.running_var))
        normal: Tensor = (squares - mean) / torch.sqrt(variance + slack)
        return normal

    def _say(self, caption: str) -> Words:
        """`tokens`, what Qwen3 made of the caption (512 x 7680)."""
        tokens, _ = self._speaker.encode_prompt(
            caption, device=self._speaks_on, max_sequence_length=self.caption_tokens
        )
        return {"tokens": tokens[0].cpu()}

    def predict(self, noisy: Tensor, timesteps: Tensor, words: Words) -> Tensor:
        """The direction from picture to noise that the net sees, n x 128 x h x w, for latents on the way there and captions (n x …)."""
        height, width = noisy.shape[2:]
        tokens = words["tokens"].to(self.device, self.dtype)
        packed: Tensor = self._net(
            hidden_states=noisy.flatten(2).transpose(1, 2).to(self.dtype),
            encoder_hidden_states=tokens,
            timestep=timesteps,
            guidance=self._guidance(len(noisy)),
            img_ids=places(height, width, 1).to(self.device),
            txt_ids=places(1, 1, tokens.shape[1]).to(self.device),
            return_dict=False,
        )[0]
        return packed.transpose(1, 2).reshape(noisy.shape)

    def _fed(self, words: Words, *unsaid: Words) -> dict[str, Tensor]:
        tokens, empty = (one["tokens"][None].to(self.device, self.dtype) for one in (words, *unsaid))
        return {"prompt_embeds": tokens, "negative_prompt_embeds": empty}

    def _net_class(self) -> Any:
        from diffusers import Flux2Transformer2DModel

        return Flux2Transformer2DModel

    def _pipeline(self, net: Any, vae: Any) -> Any:
        from diffusers import Flux2KleinPipeline

        return Flux2KleinPipeline(  # type: ignore[no-untyped-call]
            scheduler=self._scheduler(),
            vae=vae,
            transformer=net,
            text_encoder=None,
            tokenizer=None,
            is_distilled=self._is_distilled(),
        )

    def _is_distilled(self) -> bool:
        index = json.loads((self._find().folder / loading.INDEX).read_text(encoding="utf-8"))
        return bool(index.get("is_distilled", False))

    def _load_speaker(self, device: torch.device) -> Any:
        from diffusers import Flux2KleinPipeline

        base = self._find()
        return Flux2KleinPipeline(  # type: ignore[no-untyped-call]
            scheduler=None,
            vae=None,
            transformer=None,
            text_encoder=self._load_encoder(base.folder / "text_encoder", device),
            tokenizer=loading.load_tokenizer(base, "tokenizer"),
        )

    def _encoder_settings(self, found: Any) -> Any:
        found.num_hidden_layers = min(found.num_hidden_layers, HEARD)
        return found

    def _encoder_class(self) -> Any:
        from transformers import Qwen3ForCausalLM

        return Qwen3ForCausalLM


def places(rows: int, columns: int, words: int) -> Tensor:
    """Where each token is, (rows columns words) x 4: picture, row, column, word; float32."""
    counts = (1, rows, columns, words)
    return torch.cartesian_prod(*(torch.arange(float(count)) for count in counts))
