"""The net of `pocket` with its text encoders, and where between picture and noise it learns."""

import math
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from . import autoencoder, sense, words

NET = {
    "in_channels": 4 * autoencoder.LATENT, "num_layers": 2, "num_single_layers": 5, "attention_head_dim": 32, "num_attention_heads": 6,
    "joint_attention_dim": words.WIDTH, "pooled_projection_dim": words.POOLED, "guidance_embeds": True, "axes_dims_rope": (4, 14, 14),
}  # fmt: skip
"""5.9 million parameters: about 20 pictures a second are learned on one thread."""
PLAIN = 1.0
"""What the guidance embedding is fed where nothing is guided; the trainer of adapters feeds the same."""
READS = "text_encoder"  # how the names of the encoders' parameters begin
MIDDLE = 0  # the single block whose picture tokens are to see; two double blocks stand before it
TOWARDS_NOISE, SPREAD = 0.4, 1.0  # of the normal whose sigmoid the timesteps are


class Pocket:
    """Net, text encoders and tokenizer as one thing that learns; `parts` are named as in a pipeline's folder."""

    def __init__(self, folder: Path) -> None:
        import torch
        from diffusers import FluxTransformer2DModel
        from transformers import PreTrainedTokenizerFast

        if not (folder / "tokenizer").exists():
            words.save(words.tokenizer(), folder / "tokenizer")
        self.tokens = PreTrainedTokenizerFast.from_pretrained(folder / "tokenizer")
        large, small = words.encoders(len(self.tokens))
        torch.manual_seed(2)
        net = FluxTransformer2DModel(**NET)
        # each block begins as the identity (adaLN-zero, Peebles and Xie 2023)
        for name, one in net.named_parameters():
            if ("norm" in name and name.split(".")[-2] == "linear") or name.startswith("proj_out"):
                torch.nn.init.zeros_(one)
        self.parts = {"transformer": net, "text_encoder": small, "text_encoder_2": large}
        wide = NET["attention_head_dim"] * NET["num_attention_heads"]
        self.eye = torch.nn.Sequential(
            torch.nn.Linear(wide, 2 * wide), torch.nn.SiLU(), torch.nn.Linear(2 * wide, sense.SEEN)
        )
        self._middle: Any = None
        net.single_transformer_blocks[MIDDLE].register_forward_hook(self._hear)

    @property
    def mark(self) -> str:
        """Sixteen hexadecimal digits that tell these weights from others."""
        found = sha256()
        for one in self.named().values():
            found.update(one.detach().numpy().tobytes())
        return found.hexdigest()[:16]

    def _hear(self, block: Any, given: Any, found: Any) -> None:
        self._middle = found[1]

    def seen(self) -> Any:
        """What the middle of the net saw in the noise that it was given last, n x 8 x 8 x `sense.SEEN`."""
        return self.eye(self._middle).unflatten(1, (sense.PLACES, sense.PLACES))

    def named(self) -> dict[str, Any]:
        """Every parameter by the name of its part and its own; those of the eye, which only training needs, are the last."""
        return {
            f"{part}.{name}": one
            for part, module in {**self.parts, "eye": self.eye}.items()
            for name, one in module.named_parameters()
        }

    def read(self, captions: Sequence[str], length: int) -> tuple[Any, Any]:
        """Tokens (n x length x 192) and one vector (n x 128) as FluxPipeline's `encode_prompt` makes them: nothing is masked."""
        said = self._ids(captions, length)
        # CLIP's padding does not count: it only looks back from the first end of the caption
        short = self._ids(captions, words.SMALL_LENGTH) if length > words.SMALL_LENGTH else said
        return self.parts["text_encoder_2"](said)[0], self.parts["text_encoder"](short).pooler_output

    def _ids(self, captions: Sequence[str], length: int) -> Any:
        return self.tokens(
            list(captions), padding="max_length", max_length=length, truncation=True, return_tensors="pt"
        ).input_ids

    def predict(self, noisy: Any, timesteps: Any, tokens: Any, pooled: Any, guidance: Any) -> Any:
        """The direction from picture to noise, n x 16 x 16 x 16."""
        import torch

        count, channels, high, wide = noisy.shape
        packed = noisy.view(count, channels, high // 2, 2, wide // 2, 2).permute(0, 2, 4, 1, 3, 5)
        packed = packed.reshape(count, high * wide // 4, channels * 4)
        rows, columns = torch.meshgrid(torch.arange(high // 2), torch.arange(wide // 2), indexing="ij")
        places = torch.stack([torch.zeros_like(rows), rows, columns], -1).reshape(-1, 3).float()
        found = self.parts["transformer"](
            hidden_states=packed, encoder_hidden_states=tokens, pooled_projections=pooled, timestep=timesteps, guidance=guidance,
            img_ids=places, txt_ids=torch.zeros(tokens.shape[1], 3), return_dict=False,
        )[0]  # fmt: skip
        found = found.view(count, high // 2, wide // 2, channels, 2, 2).permute(0, 3, 1, 4, 2, 5)
        return found.reshape(count, channels, high, wide)


def timesteps_of(count: int, draws: Any, towards: float = TOWARDS_NOISE) -> Any:
    """Where between picture (0) and noise (1), evenly spread over the normal's quantiles so that batches differ less."""
    import torch

    even = (torch.randperm(count, generator=draws) + torch.rand(count, generator=draws)) / count
    return torch.sigmoid(towards + SPREAD * math.sqrt(2) * torch.erfinv(2 * even.clamp(1e-4, 1 - 1e-4) - 1))


def put(named: dict[str, Any], values: dict[str, Any]) -> None:
    """Give parameters the values of those of the same name."""
    for name, one in named.items():
        one.data.copy_(values[name].data)


def restored(folder: Path) -> Pocket:
    """The averaged weights of a training's folder."""
    pocket = Pocket(folder)
    put(pocket.named(), _average(folder))
    return pocket


def with_readers(readers: Path, folder: Path | None = None) -> Pocket:
    """The encoders that learned to read in the folder `readers` (`reading`), with the net of a training, or a fresh one."""
    pocket = Pocket(readers)
    named = pocket.named()
    read = {name: one for name, one in named.items() if name.startswith(READS)}
    if folder:
        put({name: one for name, one in named.items() if name not in read}, _average(folder))
    put(read, _average(readers))
    return pocket


def _average(folder: Path) -> dict[str, Any]:
    """The averaged weights of a training's folder; or those of a pipeline's, whose eye, which is kept by no pipeline, begins anew."""
    import torch
    from safetensors.torch import load_file

    if not (folder / "model_index.json").exists():
        return dict(torch.load(folder / "last.pt", weights_only=True)["average"])
    pocket = Pocket(folder)
    found = {name: one.detach() for name, one in pocket.named().items()}
    for part in pocket.parts:
        for path in (folder / part).glob("*.safetensors"):
            found |= {f"{part}.{name}": one.float() for name, one in load_file(path).items()}
    return found
