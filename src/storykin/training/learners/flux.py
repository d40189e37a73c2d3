"""Training: FLUX.1 as the loop sees it, and what FLUX.2 shares with it.

Captions go through CLIP (one vector) and T5 (512 tokens), pictures through a VAE with 16 channels, 2 x 2 latents are one token of the net.
The encoders are gone before the net is loaded.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import torch
from torch import nn

from storykin.errors import BadFile
from storykin.families import FAMILIES
from storykin.models import loading, nets, quantising, streaming
from storykin.training import flowing, lora, peftfile
from storykin.training.objectives import draw_noise
from storykin.training.verifying import hollow

if TYPE_CHECKING:
    from PIL import Image
    from torch import Tensor

    from storykin.families import Precision
    from storykin.recipe import Recipe
    from storykin.training.learner import Batch, Words

DOUBLE = (
    "attn.to_q", "attn.to_k", "attn.to_v", "attn.to_out.0", "attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj", "attn.to_add_out",
    "ff.net.0.proj", "ff.net.2", "ff_context.net.0.proj", "ff_context.net.2",
)  # fmt: skip
"""What is learned of a block that holds picture and text apart."""

SINGLE = ("attn.to_q", "attn.to_k", "attn.to_v", "proj_mlp", "proj_out")
"""What is learned of a block in which they are one sequence."""

ROOMY = 14 * 2**30  # bytes of a card that holds T5 in 16 bits (9.5 GB), CLIP and what they compute
TINY = 7 * 2**30  # bytes of a card that does not even hold T5 in 8 bits (4.7 GB) beside what it computes
REMEMBERED = 32  # captions, of up to 8 MB each, that `paint` need not encode again


class FluxLearner:
    """FLUX.1-dev: flow matching with the guidance embedding at 1.0.

    `base` is a name on the hub, a folder in diffusers' layout, or a `.safetensors` file of the transformer alone, whose other parts come from `rest`; left out, both
    are the family's own. Frozen weights and activations are in `dtype`; the VAE encodes in float32. `caption_tokens` are the places a caption has; painters
    use 512, so fewer are for tests. `encoder_precision` is that of the large text encoder, "int8" or "bfloat16" for `dtype`; left out, it is int8 on cards that the encoder would fill.
    `stream_encoder` lets its blocks wait in main memory while it reads; left out, it does so on cards of 6 GB, where two blocks (0.4 GB of T5 in int8) are all that lies on the card.
    `vram_gib` is what may be used of the card, in GiB; left out, all of it.
    """

    family = FAMILIES["flux-dev"]
    net_part = "transformer"
    blocks: ClassVar = {"transformer_blocks": DOUBLE, "single_transformer_blocks": SINGLE}
    known_by: ClassVar = {"transformer": "FluxTransformer2DModel", "text_encoder": "CLIPTextModel"}
    channels = 64  # of a token; models that fill in or extend pictures have more
    parts: tuple[str, ...] = (
        "scheduler",
        "tokenizer",
        "tokenizer_2",
        "text_encoder",
        "text_encoder_2",
        "vae",
    )
    guidance_scale = 3.5  # of previews; what FluxPipeline itself takes
    unsaid: tuple[str, ...] = ()  # the prompt that pictures are guided away from, where there is one

    def __init__(
        self,
        base: str = "",
        device: torch.device | str = "cpu",
        dtype: torch.dtype = torch.bfloat16,
        *,
        rest: str = "",
        caption_tokens: int = 512,
        encoder_precision: Precision | None = None,
        stream_encoder: bool | None = None,
        vram_gib: float | None = None,
    ) -> None:
        self.base = base or self.family.base
        self.rest = rest or self.family.base
        self.device = torch.device(device)
        self.dtype = dtype
        self.caption_tokens = caption_tokens
        self.encoder_precision = encoder_precision
        self.stream_encoder = stream_encoder
        self.vram_gib = vram_gib
        self._recipe: Recipe | None = None
        self._net: Any = None
        self._schedule: streaming.Schedule | None = None
        self._vae: Any = None
        self._speaker: Any = None  # a pipeline of encoders alone
        self._speaks_on = self.device
        self._speech: streaming.Schedule | None = None
        self._spoken: dict[str, Words] = {}

    # captions and pictures

    @torch.no_grad()
    def encode_pictures(self, pictures: Tensor) -> Tensor:
        """n x 3 x H x W in -1 … 1 to latents n x 16 x H/8 x W/8, (mode - shift) scale, float32, on the CPU."""
        if self._vae is None:
            self._vae = self._load_vae(torch.float32)
        return torch.cat([self._encode_picture(one[None].to(self.device).float()).cpu() for one in pictures])

    def _encode_picture(self, picture: Tensor) -> Tensor:
        settings = self._vae.config
        mode: Tensor = self._vae.encode(picture).latent_dist.mode()
        scaled: Tensor = (mode - settings.shift_factor) * settings.scaling_factor
        return scaled

    @torch.no_grad()
    def encode_captions(self, captions: Sequence[str]) -> list[Words]:
        """Each caption by itself, on the CPU: see `_say`. The last few are remembered for `paint`."""
        if self._speaker is None:
            self._speaker = self._load_speaker(self.device if self._net is None else torch.device("cpu"))
        said = [self._say(caption) for caption in captions]
        self._spoken.update(zip(captions, said, strict=True))
        for oldest in list(self._spoken)[:-REMEMBERED]:
            del self._spoken[oldest]
        return said

    def _say(self, caption: str) -> Words:
        """`tokens`, what T5 made of the caption (512 x 4096), and `pooled`, what CLIP did (768)."""
        with _unwarned():
            tokens, pooled, _ = self._speaker.encode_prompt(
                caption,
                device=self._speaks_on,
                max_sequence_length=min(self.caption_tokens, self._speaker.tokenizer_2.model_max_length),
            )
        return {"tokens": tokens[0].cpu(), "pooled": pooled[0].cpu()}

    def remember(self, spoken: Mapping[str, Words]) -> None:
        """What prompts were encoded into before: `paint` need not encode them."""
        self._spoken.update(spoken)

    def release_encoders(self) -> None:
        """Let VAE and text encoders go."""
        nets.forget(self._speech)
        if self._vae is not None or self._speaker is not None:  # to sweep takes half a second
            self._vae = self._speaker = self._speech = None
            nets.sweep(self.device)

    # the net

    def prepare(self, recipe: Recipe) -> dict[str, nn.Parameter]:
        """The transformer in the recipe's precision, frozen, with the adapter beside every layer of `blocks`; the adapter's parameters.

        Streamed blocks wait in main memory. Raises `BadInput` and `BadFile` where the base cannot be found or read.
        """
        self._unload()
        self.release_encoders()
        net = self._load_net(recipe)
        parameters = lora.put_adapter(net, self.targets(net), recipe.rank, recipe.alpha, recipe.seed)
        for one in parameters.values():
            one.data = one.data.to(self.device)  # peft puts it beside the block, which may wait elsewhere
        quantising.lighten(net)
        bus = streaming.bus_of(self.device)
        if recipe.streamed_blocks:
            self._schedule = streaming.stream(nets.blocks_of(net), recipe.streamed_blocks, self.device, bus)
        if recipe.checkpointing or recipe.streamed_blocks:
            net.enable_gradient_checkpointing(streaming.checkpointing(bus))
        self._net, self._recipe = net, recipe
        return parameters

    @classmethod
    def targets(cls, net: Any) -> list[str]:
        """The names of all layers that are learned, in every block of a transformer."""
        return [
            f"{row}.{number}.{layer}"
            for row, layers in cls.blocks.items()
            for number in range(len(getattr(net, row)))
            for layer in layers
        ]

    def loss(self, batch: Batch, generator: torch.Generator) -> Tensor:
        """The flow-matching loss of a batch; timesteps, then noise, from the generator. See `flowing`."""
        recipe = self._prepared()
        latents = batch.latents.to(self.device, torch.float32)
        timesteps = flowing.draw_timesteps(len(latents), recipe, generator).to(self.device)
        noise = draw_noise(latents, generator)
        predicted = self.predict(flowing.mix(latents, noise, timesteps), timesteps, batch.words)
        masks = batch.masks.to(self.device) if batch.masks is not None and recipe.masked else None
        return flowing.flow_loss(predicted, latents, noise, batch.weights.to(self.device), masks)

    def predict(self, noisy: Tensor, timesteps: Tensor, words: Words) -> Tensor:
        """The direction from picture to noise that the net sees, n x 16 x h x w, for latents on the way there and captions (n x …)."""
        count, _, height, width = noisy.shape
        tokens = words["tokens"].to(self.device, self.dtype)
        packed = self._net(
            hidden_states=pack(noisy).to(self.dtype),
            encoder_hidden_states=tokens,
            pooled_projections=words["pooled"].to(self.device, self.dtype),
            timestep=timesteps,
            guidance=self._guidance(count),
            img_ids=places(height // 2, width // 2).to(self.device),
            txt_ids=torch.zeros(tokens.shape[1], 3, device=self.device),
            return_dict=False,
        )[0]
        return unpack(packed, height, width)

    def _guidance(self, count: int) -> Tensor | None:
        """What the guidance embedding is fed: 1.0 leaves the distilled guidance as it is, more would burn it into the adapter."""
        if not self._net.config.guidance_embeds:
            return None
        fed = self._prepared().guidance
        return torch.full((count,), 1.0 if fed is None else fed, device=self.device)

    # the file

    def meant(self, state: Mapping[str, Tensor] | None = None) -> dict[str, lora.Change]:
        """What a state, or the adapter as it is now, changes, by layer of the transformer."""
        recipe = self._prepared()
        return lora.changes(state or lora.parameters_of(self._net), recipe.alpha / recipe.rank)

    def save(self, path: Path, state: Mapping[str, Tensor], header: Mapping[str, str]) -> None:
        """Write an adapter's state as a file of PEFT's form; see `peftfile`."""
        peftfile.write(path, state, self.family, self._prepared(), header)

    def blank(self) -> Any:
        """The family's pipeline around a transformer without weights, for `verifying`."""
        with torch.device("meta"):
            net = self._net_class().from_config(self._net.config)
        return self._pipeline(hollow(net), None)

    # pictures

    @torch.no_grad()
    def paint(
        self, prompts: Sequence[str], seed: int, width: int, height: int, steps: int
    ) -> list[Image.Image]:
        """One picture a prompt with the adapter as it is now, the n-th with seed + n; the same on every call.

        A prompt that was not among the last captions is encoded on the CPU, since a card has no room for encoders and net: encode the prompts
        before `prepare`, with the captions.
        """
        self._prepared()
        said = self._recall([*prompts, *self.unsaid])
        pipeline = self._pipeline(self._net, self._load_vae(self.dtype))
        pipeline.set_progress_bar_config(disable=True)
        painted = [
            pipeline(
                **self._fed(said[prompt], *(said[one] for one in self.unsaid)),
                generator=torch.Generator().manual_seed(seed + number),
                width=width,
                height=height,
                num_inference_steps=steps,
                guidance_scale=self.guidance_scale,
            ).images[0]
            for number, prompt in enumerate(prompts)
        ]
        del pipeline
        nets.sweep(self.device)
        return painted

    def _recall(self, prompts: Sequence[str]) -> dict[str, Words]:
        """What the prompts were made into, encoding those that are not remembered."""
        said = dict(self._spoken)
        if new := [one for one in dict.fromkeys(prompts) if one not in said]:
            said |= zip(new, self.encode_captions(new), strict=True)
            self.release_encoders()
        return said

    def _fed(self, words: Words, *_unsaid: Words) -> dict[str, Tensor]:
        """What the pipeline is given instead of a prompt."""
        tokens, pooled = (words[name][None].to(self.device, self.dtype) for name in ("tokens", "pooled"))
        return {"prompt_embeds": tokens, "pooled_prompt_embeds": pooled}

    def release(self) -> None:
        """Let everything go."""
        self._unload()
        self._spoken.clear()
        self.release_encoders()

    def _unload(self) -> None:
        nets.forget(self._schedule)
        if self._net is not None:
            self._net = self._recipe = self._schedule = None
            nets.sweep(self.device)

    def _prepared(self) -> Recipe:
        if self._recipe is None:
            raise RuntimeError("prepare(recipe) comes first")
        return self._recipe

    # loading

    def _find(self) -> loading.Base:
        """Where the parts beside the net are. Raises `BadInput` and `BadFile`, also for another family."""
        own = not self.base.lower().endswith(".safetensors")
        return self._checked(loading.find_base(self.base if own else self.rest, self.parts, self.rest))

    def _checked(self, base: loading.Base) -> loading.Base:
        fits = all(loading.class_name_of(base, part) == kind for part, kind in self.known_by.items())
        if fits and (base.folder / "transformer" / "config.json").exists():
            fits = loading.settings_of(base, "transformer").get("in_channels", self.channels) == self.channels
        if not fits:
            raise BadFile(
                f"{base.file or base.folder}: is no {self.family.title} that pictures can be painted with",
                "choose the family it belongs to (models that fill in pictures cannot be taught)",
            )
        return base

    def _load_net(self, recipe: Recipe) -> Any:
        """The transformer, frozen, quantised tensor by tensor on the way in; blocks that will be streamed stay in main memory."""
        base = self._checked(loading.find_base(self.base, ("transformer",), self.rest))
        return nets.load_net(
            base,
            self.net_part,
            recipe.precision,
            self.dtype,
            self.device,
            recipe.streamed_blocks,
            self.family.title,
        )

    def _net_class(self) -> Any:
        from diffusers import FluxTransformer2DModel

        return FluxTransformer2DModel

    def _pipeline(self, net: Any, vae: Any) -> Any:
        from diffusers import FluxPipeline

        return FluxPipeline(  # type: ignore[no-untyped-call]
            scheduler=self._scheduler(),
            vae=vae,
            transformer=net,
            text_encoder=None,
            tokenizer=None,
            text_encoder_2=None,
            tokenizer_2=None,
        )

    def _load_speaker(self, device: torch.device) -> Any:
        from diffusers import FluxPipeline

        base = self._find()
        return FluxPipeline(  # type: ignore[no-untyped-call]
            scheduler=None,
            vae=None,
            transformer=None,
            text_encoder=loading.load_part(base, "text_encoder", self._spoken_in(device)).to(device),
            tokenizer=loading.load_tokenizer(base, "tokenizer"),
            text_encoder_2=self._load_encoder(base.folder / "text_encoder_2", device),
            tokenizer_2=loading.load_tokenizer(base, "tokenizer_2"),
        )

    def _load_encoder(self, folder: Path, device: torch.device) -> Any:
        """The large text encoder, tensor by tensor straight onto the device, or where its blocks wait to be streamed."""
        self._speaks_on = device
        streamed = self.stream_encoder
        if streamed is None:
            streamed = device.type == self.device.type and self._has_less_than(TINY, device)
        packed = streamed or self._has_less_than(ROOMY, device) or device.type != self.device.type
        precision = self.encoder_precision or ("int8" if packed else "bfloat16")
        encoder, self._speech = nets.load_encoder(
            folder,
            self._encoder_class(),
            precision,
            self._spoken_in(device),
            device,
            streamed,
            self._encoder_settings,
        )
        return encoder

    def _has_less_than(self, size: int, device: torch.device) -> bool:
        """Whether this is a card of which less may be used than that, in bytes."""
        if device.type != "cuda":
            return False
        if self.vram_gib is not None:
            return self.vram_gib * 2**30 < size
        return torch.cuda.get_device_properties(device).total_memory < size

    def _spoken_in(self, device: torch.device) -> torch.dtype:
        """What encoders compute in; processors are many times slower in bfloat16."""
        return self.dtype if device.type == self.device.type else torch.float32

    def _encoder_settings(self, found: Any) -> Any:
        return found

    def _encoder_class(self) -> Any:
        from transformers import T5EncoderModel

        return T5EncoderModel

    def _load_vae(self, dtype: torch.dtype) -> Any:
        return loading.load_part(self._find(), "vae", dtype).to(self.device)

    def _scheduler(self) -> Any:
        from diffusers import FlowMatchEulerDiscreteScheduler

        settings = loading.settings_of(self._find(), "scheduler")
        return FlowMatchEulerDiscreteScheduler.from_config(settings)  # type: ignore[no-untyped-call]


def pack(latents: Tensor) -> Tensor:
    """n x c x h x w latents as tokens, n x (h/2 w/2) x 4c: each is a square of 2 x 2, channel by channel."""
    count, channels, height, width = latents.shape
    squares = latents.reshape(count, channels, height // 2, 2, width // 2, 2)
    return squares.permute(0, 2, 4, 1, 3, 5).reshape(count, height // 2 * (width // 2), channels * 4)


def unpack(tokens: Tensor, height: int, width: int) -> Tensor:
    """The way back from `pack`: n x c x height x width latents."""
    count, _, channels = tokens.shape
    squares = tokens.reshape(count, height // 2, width // 2, channels // 4, 2, 2)
    return squares.permute(0, 3, 1, 4, 2, 5).reshape(count, channels // 4, height, width)


def places(rows: int, columns: int) -> Tensor:
    """Where each token is, (rows columns) x 3: 0, its row, its column; float32."""
    return torch.cartesian_prod(torch.zeros(1), torch.arange(float(rows)), torch.arange(float(columns)))


@contextmanager
def _unwarned() -> Iterator[None]:
    """Without a warning for every caption that is longer than CLIP's 77 tokens: T5 reads it whole."""
    logger = logging.getLogger("diffusers.pipelines.flux.pipeline_flux")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)
