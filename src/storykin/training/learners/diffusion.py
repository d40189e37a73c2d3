"""Training: Stable Diffusion 1.5 and SDXL as the loop sees them: a U-Net that tells noise from picture.

Parts are loaded when they are needed and let go: text encoders and VAE for the caches and again, one after the other, for previews.
"""

from __future__ import annotations

import gc
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from storykin.errors import BadFile, BadInput
from storykin.families import family_named
from storykin.models import nets, quantising, streaming
from storykin.models.loading import (
    Base,
    class_name_of,
    find_base,
    keys_of,
    load_part,
    load_tokenizer,
    scheduler_of,
    settings_of,
)
from storykin.recipe import Recipe
from storykin.training import kohya, lora
from storykin.training.learner import Batch, Words
from storykin.training.lora import Change
from storykin.training.objectives import Schedule, draw_noise, draw_timesteps, errors_of
from storykin.training.verifying import hollow

if TYPE_CHECKING:
    from PIL import Image

TARGETS = (
    "to_q",
    "to_k",
    "to_v",
    "to_out.0",
    "ff.net.0.proj",
    "ff.net.2",
    "proj_in",
    "proj_out",
)
"""The layers that are taught, by the ends of their names: all of the U-Net's transformers."""

SCALE = 8  # pixels per latent, on each side
STRIP = 2**20  # numbers of a feed-forward layer whose gradient is computed at a time


class DiffusionLearner(ABC):
    """What both families share. `settings` is the base whose settings and tokenizers a single file is read with; everything is
    computed in `dtype`, but the VAE encodes in float32 and the adapter is kept in it."""

    net_part = "unet"
    family_name: str
    pipeline_name: str
    encoders: tuple[str, ...]
    mark: str
    nothing: Mapping[str, Any] = {}

    def __init__(
        self, base: str, device: torch.device | str, dtype: torch.dtype, settings: str | None = None
    ) -> None:
        self.family = family_named(self.family_name)
        self.device, self.dtype = torch.device(device), dtype
        parts = ("unet", "vae", "scheduler", *self.encoders, *self._tokenizers())
        self.base: Base = find_base(base, parts, settings or self.family.base)
        self._check_family()
        self.schedule = Schedule.of(scheduler_of(self.base))
        self._parts: dict[str, Any] = {}
        self._bus: streaming.Bus | None = None
        self._streamed: streaming.Schedule | None = None
        self._spoken: dict[str, Words] = {}
        self._recipe: Recipe | None = None

    # encoders

    @torch.no_grad()
    def encode_pictures(self, pictures: Tensor) -> Tensor:
        """n x 3 x H x W in -1 … 1 to scaled latents, n x 4 x H/8 x W/8, float32 on the CPU: the distribution's mode."""
        vae = self._part("vae", torch.float32)
        found = vae.encode(pictures.to(self.device, torch.float32)).latent_dist.mode()
        latents: Tensor = (found * vae.config.scaling_factor).float().cpu()
        return latents

    def encode_captions(self, captions: Sequence[str]) -> list[Words]:
        """Each caption by itself: `embeds` 77 x width, for SDXL also `pooled`; on the CPU."""
        return [self._encode(caption) for caption in captions]

    def remember(self, spoken: Mapping[str, Words]) -> None:
        """What prompts were encoded into before: `paint` need not encode them."""
        self._spoken.update(spoken)

    def release_encoders(self) -> None:
        """Let VAE and text encoders go."""
        self._drop(("vae", *self.encoders), ())

    # training

    def prepare(self, recipe: Recipe) -> dict[str, nn.Parameter]:
        """Load the U-Net anew in the recipe's precision, frozen, and put a fresh adapter in; the adapter's parameters.

        Streamed blocks wait in main memory. Raises `BadInput` for what this family is not trained with.
        """
        if recipe.timesteps != "uniform":
            raise BadInput(
                f"{self.family.title} draws its timesteps uniformly, not {recipe.timesteps}",
                "set timesteps to uniform",
            )
        self._unload()
        self._drop(("vae", *self.encoders), ())
        net = self._load_net(recipe)
        parameters = lora.put_adapter(net, self.targets(net), recipe.rank, recipe.alpha, recipe.seed)
        for one in parameters.values():
            one.data = one.data.to(self.device)  # peft puts it beside the block, which may wait elsewhere
        lighten(net)
        self._bus = streaming.bus_of(self.device)
        if recipe.streamed_blocks:
            blocks = nets.blocks_of(net)
            self._streamed = streaming.stream(blocks, recipe.streamed_blocks, self.device, self._bus)
        if recipe.checkpointing or recipe.streamed_blocks:
            net.enable_gradient_checkpointing(streaming.checkpointing(self._bus))
        self._parts["unet"], self._recipe = net, recipe
        return parameters

    @staticmethod
    def targets(_net: Any) -> list[str]:
        """The layers that are taught, by the ends of their names."""
        return list(TARGETS)

    def loss(self, batch: Batch, generator: torch.Generator) -> Tensor:
        """Timesteps, then noise are drawn from the generator; the weighted error, a mean over the pictures."""
        recipe = self._prepared()
        latents = batch.latents.to(self.device, torch.float32)
        timesteps = draw_timesteps(len(latents), self.schedule, generator).to(self.device)
        noise = draw_noise(latents, generator, recipe.noise_offset)
        noisy = self.schedule.mix(latents, noise, timesteps).to(self.dtype)
        predicted = self._predict(noisy, timesteps, batch)
        target = self.schedule.target(latents, noise, timesteps)
        masks = batch.masks.to(self.device) if batch.masks is not None and recipe.masked else None
        errors = errors_of(predicted, target, masks) * self.schedule.weights(timesteps, recipe.min_snr)
        return (errors * batch.weights.to(errors)).mean()

    def _predict(self, noisy: Tensor, timesteps: Tensor, batch: Batch) -> Tensor:
        net = self._parts["unet"]
        with streaming.parking(self._bus if net.is_gradient_checkpointing else None):
            told: Tensor = net(
                noisy, timesteps, batch.words["embeds"].to(noisy), added_cond_kwargs=self._added(batch, noisy)
            ).sample
        return told

    def _added(self, batch: Batch, noisy: Tensor) -> dict[str, Tensor] | None:
        """What else the net is told about each picture."""
        return None

    # files

    def save(self, path: Path, state: Mapping[str, Tensor], header: Mapping[str, str]) -> None:
        """Write a state in kohya's layout, half precision; of the header only what is harmless. Raises `BadFile`."""
        recipe, net = self._prepared(), self._parts["unet"]
        meant = self.meant(state)
        names = kohya.file_names(meant, self.family.form, net.config.layers_per_block)
        shapes = {name: state[name + lora.DOWN].ndim == 4 for name in meant}
        head = kohya.header(self.family, recipe, self.schedule.prediction, header)
        kohya.write(path, meant, names, shapes, recipe.alpha, head)

    def meant(self, state: Mapping[str, Tensor] | None = None) -> dict[str, Change]:
        """What a state, or the adapter as it is now, changes, by layer of the U-Net."""
        recipe = self._prepared()
        return lora.changes(state or lora.parameters_of(self._parts["unet"]), recipe.alpha / recipe.rank)

    def blank(self) -> Any:
        """The family's pipeline around a U-Net without weights, for `verify`."""
        import diffusers

        kind: Any = diffusers.UNet2DConditionModel
        with torch.device("meta"):
            net = kind.from_config(settings_of(self.base, "unet"))
        return self._pipeline(unet=hollow(net))

    # previews

    @torch.no_grad()
    def paint(
        self, prompts: Sequence[str], seed: int, width: int, height: int, steps: int
    ) -> list[Image.Image]:
        """One picture per prompt, with the adapter as it is now; the n-th prompt's noise is drawn on the CPU from seed + n.

        Encoders that were let go are loaded for this and let go again; what they made of a prompt is kept.
        """
        had = [part for part in ("vae", *self.encoders) if part in self._parts]
        spoken = [self._say(prompt) for prompt in prompts]
        unsaid = self._say("")
        self._drop(self.encoders, had)
        latents = [
            self._denoise(words, unsaid, seed + number, width, height, steps)
            for number, words in enumerate(spoken)
        ]
        pictures = [self._develop(one) for one in latents]
        self._drop(("vae",), had)
        return pictures

    def _say(self, prompt: str) -> Words:
        if prompt not in self._spoken:
            self._spoken[prompt] = self._encode(prompt)
        return self._spoken[prompt]

    def _denoise(self, words: Words, unsaid: Words, seed: int, width: int, height: int, steps: int) -> Tensor:
        """The latents of one picture, by the family's pipeline and the base's own scheduler."""
        pipeline = self._pipeline(unet=self._part("unet", self.dtype))
        pipeline.set_progress_bar_config(disable=True)
        with warnings.catch_warnings():
            # diffusers' Euler scheduler hands numpy a tensor
            warnings.filterwarnings("ignore", "__array__ implementation", DeprecationWarning)
            found: Tensor = pipeline(
                **self._prompts(words, unsaid),
                generator=torch.Generator().manual_seed(seed),
                width=width,
                height=height,
                num_inference_steps=steps,
                output_type="latent",
            ).images
        return found

    def _prompts(self, words: Words, unsaid: Words) -> dict[str, Tensor]:
        """The words as the pipeline wants them, with the empty prompt to be guided away from."""
        there = {key: value[None].to(self.device, self.dtype) for key, value in words.items()}
        away = {key: value[None].to(self.device, self.dtype) for key, value in unsaid.items()}
        said = {"prompt_embeds": there["embeds"], "negative_prompt_embeds": away["embeds"]}
        if "pooled" in there:
            said |= {
                "pooled_prompt_embeds": there["pooled"],
                "negative_pooled_prompt_embeds": away["pooled"],
            }
        return said

    def _develop(self, latents: Tensor) -> Image.Image:
        from diffusers.image_processor import VaeImageProcessor

        # SDXL's VAE overflows in float16
        vae = self._part("vae", torch.float32 if self.dtype == torch.float16 else self.dtype)
        decoded = vae.decode(latents.to(vae.dtype) / vae.config.scaling_factor).sample
        picture: Image.Image = VaeImageProcessor().postprocess(decoded.float(), output_type="pil")[0]
        return picture

    def release(self) -> None:
        """Let everything go."""
        self._unload()
        self._parts.clear()
        self._spoken.clear()
        self._tidy()

    def _unload(self) -> None:
        """Let the net go, and the main memory where its blocks waited."""
        if self._streamed is not None:
            for one in self._streamed.waiting:
                self._streamed.bus.forget(one.home)  # CUDA would refuse the same memory the next time
        self._streamed = self._recipe = None
        self._drop(("unet",), ())

    # parts

    def _part(self, name: str, dtype: torch.dtype) -> Any:
        """A part on the device, loaded when it is not there or there in another precision."""
        if name not in self._parts or (name != "unet" and self._parts[name].dtype != dtype):
            self._parts[name] = load_part(self.base, name, dtype).to(self.device)
        return self._parts[name]

    def _load_net(self, recipe: Recipe) -> Any:
        """The U-Net, frozen, packed on the way in; blocks that will be streamed stay in main memory."""
        return nets.load_net(
            self.base, "unet", recipe.precision, self.dtype, self.device, recipe.streamed_blocks
        )

    def _drop(self, parts: Sequence[str], but: Sequence[str]) -> None:
        there = (set(parts) - set(but)) & self._parts.keys()
        for part in there:
            del self._parts[part]
        if there:  # to look for what nothing holds any more takes half a second
            self._tidy()

    def _tidy(self) -> None:
        gc.collect()
        if self.device.type == "cuda":
            torch.cuda.empty_cache()

    def _pipeline(self, **parts: Any) -> Any:
        """The family's pipeline made of these parts only."""
        import diffusers

        kind: Any = getattr(diffusers, self.pipeline_name)
        settings = scheduler_of(self.base)
        if settings.get("rescale_betas_zero_snr"):
            settings["timestep_spacing"] = "trailing"  # begin where nothing of the picture is left
        scheduler = getattr(diffusers, settings["_class_name"]).from_config(settings)
        absent = dict.fromkeys(("unet", "vae", *self.encoders, *self._tokenizers()))
        return kind(**{**absent, "scheduler": scheduler, **self.nothing, **parts})

    @abstractmethod
    def _encode(self, caption: str) -> Words:
        """What the text encoders make of a caption, by the pipeline's own function."""

    def _speaker(self) -> Any:
        """The family's pipeline with nothing but tokenizers and text encoders."""
        named = {name: self._part(name, self.dtype) for name in self.encoders}
        for name in self._tokenizers():
            if name not in self._parts:
                self._parts[name] = load_tokenizer(self.base, name)
        return self._pipeline(**named, **{name: self._parts[name] for name in self._tokenizers()})

    def _tokenizers(self) -> tuple[str, ...]:
        return tuple(name.replace("text_encoder", "tokenizer") for name in self.encoders)

    def _check_family(self) -> None:
        """Refuse a base of another family before anything is loaded."""
        net = settings_of(self.base, "unet")
        second = class_name_of(self.base, "text_encoder_2") is not None
        if self.base.file:
            fits = any(key.startswith(self.mark) for key in keys_of(self.base.file))
        else:
            fits = second == ("text_encoder_2" in self.encoders) and net.get("in_channels", 4) == 4
        if not fits:
            raise BadFile(
                f"{self.base.file or self.base.folder}: is no {self.family.title} checkpoint that pictures can be painted with",
                "choose the family it belongs to (inpainting and refiner models cannot be taught)",
            )

    def _prepared(self) -> Recipe:
        if self._recipe is None:
            raise RuntimeError("prepare(recipe) comes first")
        return self._recipe


def lighten(net: nn.Module) -> None:
    """Let adapters (see `quantising.lighten`) and the gates of feed-forward layers compute without what they need not keep."""
    from diffusers.models.activations import GEGLU

    quantising.lighten(net)
    for gate in net.modules():
        if isinstance(gate, GEGLU):
            gate.forward = _gated(gate.proj)  # type: ignore[method-assign, assignment]


def _gated(proj: nn.Module) -> Callable[[Tensor], Tensor]:
    def forward(x: Tensor) -> Tensor:
        found: Tensor = _Gated.apply(proj(x))  # type: ignore[no-untyped-call]
        return found

    return forward


class _Gated(torch.autograd.Function):
    """One half of x times GELU of the other (GEGLU: Shazeer 2020, arXiv 2002.05202); only x is kept, and its gradient written over it."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        value, gate = x.chunk(2, dim=-1)
        return functional.gelu(gate).mul_(value)

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Tensor:
        x: Tensor = ctx.saved_tensors[
            0
        ]  # nobody else looks at it: layers keep what comes in, not what comes out
        rows, grad = x.view(-1, x.shape[-1]), grads[0].reshape(-1, grads[0].shape[-1])
        step = max(1, STRIP // x.shape[-1])
        for start in range(0, len(rows), step):
            value, gate = rows[start : start + step].chunk(2, dim=-1)
            part = grad[start : start + step]
            to_gate = torch.ops.aten.gelu_backward(part * value, gate)
            torch.mul(part, functional.gelu(gate), out=value)
            gate.copy_(to_gate)
        return x


class SD15Learner(DiffusionLearner):
    """Stable Diffusion 1.4, 1.5 and their fine-tunes."""

    family_name = "sd15"
    pipeline_name = "StableDiffusionPipeline"
    encoders = ("text_encoder",)
    mark = "cond_stage_model.transformer."
    nothing: Mapping[str, Any] = {
        "safety_checker": None,
        "feature_extractor": None,
        "requires_safety_checker": False,  # previews of a training are seen by nobody else
    }

    @torch.no_grad()
    def _encode(self, caption: str) -> Words:
        embeds, _ = self._speaker().encode_prompt(caption, self.device, 1, False)
        return {"embeds": embeds[0].cpu()}


class SDXLLearner(DiffusionLearner):
    """SDXL 1.0 and its fine-tunes."""

    family_name = "sdxl"
    pipeline_name = "StableDiffusionXLPipeline"
    encoders = ("text_encoder", "text_encoder_2")
    mark = "conditioner.embedders.1.model."

    @torch.no_grad()
    def _encode(self, caption: str) -> Words:
        embeds, _, pooled, _ = self._speaker().encode_prompt(
            caption, device=self.device, do_classifier_free_guidance=False
        )
        return {"embeds": embeds[0].cpu(), "pooled": pooled[0].cpu()}

    def _added(self, batch: Batch, noisy: Tensor) -> dict[str, Tensor] | None:
        """The pooled words, and six numbers per picture (Podell et al. 2023, arXiv 2307.01952): original height and width, top and left of the
        crop, height and width of the bucket, in pixels."""
        here = (noisy.shape[-2] * SCALE, noisy.shape[-1] * SCALE)
        sizes = batch.sizes or ((*here, 0, 0),) * len(noisy)
        told = torch.tensor([[*size, *here] for size in sizes], device=noisy.device)
        return {"text_embeds": batch.words["pooled"].to(noisy), "time_ids": told.float()}
