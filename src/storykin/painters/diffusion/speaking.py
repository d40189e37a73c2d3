"""Painters, diffusion: what each family makes of a prompt, and how it is asked for a picture: the arguments of diffusers' pipelines.

Reads no weights and paints nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from storykin.families import Painting
from storykin.models.bases import PARTS
from storykin.models.weighting import evened, speak_sd, unweighted
from storykin.painters.diffusion.regions_grid import Span
from storykin.painters.diffusion.regions_words import as_chat, spans_of

if TYPE_CHECKING:
    from PIL import Image

    from storykin.painters.diffusion.model import Model
    from storykin.shot import Part

TOKENS = {"flux-schnell": 256}  # of a prompt; what its makers trained it with
USUAL_TOKENS = 512
GRAIN = 16  # pixels of a token's side
LARGEST_REFERENCE = 1024**2  # pixels
Words = dict[str, Tensor]
Spans = tuple[tuple[Span, ...], ...]


@dataclass(frozen=True)
class Request:
    """What a pipeline is asked for: sizes in pixels of what is painted, pictures of that size, `mask` white where it may paint."""

    width: int
    height: int
    steps: int
    guidance_scale: float
    seed: int
    start: Image.Image | None = None
    strength: float = 1.0
    mask: Image.Image | None = None
    references: tuple[Image.Image, ...] = ()


def tokens_of(painting: Painting, tokenizer: Any = None) -> int:
    """How many tokens of a prompt the family's large encoder reads, and no more than its tokenizer was made for."""
    most = getattr(tokenizer, "model_max_length", USUAL_TOKENS)
    return min(TOKENS.get(painting.name, USUAL_TOKENS), most)


# reading


@torch.no_grad()
def read(model: Model, prompt: str, negative: str, references: Sequence[Image.Image] = ()) -> Words:
    """What the encoders make of a prompt, with the pictures for those that look at them; on the CPU, named as the pipelines' arguments."""
    found = READERS[model.painting.name](model, prompt, negative, references)
    return {name: one.cpu() for name, one in found.items()}


def _read_sd(model: Model, prompt: str, negative: str, _references: Sequence[Image.Image]) -> Words:
    readers = model.encoders()
    encoders = [one for name, one in readers.items() if name.startswith("text_encoder")]
    tokenizers = [one for name, one in readers.items() if name.startswith("tokenizer")]
    there = model.device, model.dtype
    said, unsaid, empty = (speak_sd(encoders, tokenizers, one, *there) for one in (prompt, negative, ""))
    said, unsaid = evened(said, unsaid, empty)
    found = {"prompt_embeds": said.embeds[None], "negative_prompt_embeds": unsaid.embeds[None]}
    if said.pooled is not None and unsaid.pooled is not None:
        found |= {
            "pooled_prompt_embeds": said.pooled[None],
            "negative_pooled_prompt_embeds": unsaid.pooled[None],
        }
    return found


def _read_flux(model: Model, prompt: str, _negative: str, _references: Sequence[Image.Image]) -> Words:
    speaker = model.speaker()
    tokens, pooled, _ = speaker.encode_prompt(
        unweighted(prompt),
        None,
        device=_where(speaker),
        max_sequence_length=tokens_of(model.painting, speaker.tokenizer_2),
    )
    return {"prompt_embeds": tokens, "pooled_prompt_embeds": pooled}


def _read_flux2(model: Model, prompt: str, _negative: str, _references: Sequence[Image.Image]) -> Words:
    speaker = model.speaker()
    said, _ = speaker.encode_prompt(
        unweighted(prompt), device=_where(speaker), max_sequence_length=tokens_of(model.painting)
    )
    empty, _ = speaker.encode_prompt(
        "", device=_where(speaker), max_sequence_length=tokens_of(model.painting)
    )
    return {"prompt_embeds": said, "negative_prompt_embeds": empty}


def _read_z(model: Model, prompt: str, _negative: str, _references: Sequence[Image.Image]) -> Words:
    speaker = model.speaker()
    found = {}
    for name, words in (("prompt_embeds", unweighted(prompt)), ("negative_prompt_embeds", "")):
        said, _ = speaker.encode_prompt(
            words,
            _where(speaker),
            do_classifier_free_guidance=False,
            max_sequence_length=tokens_of(model.painting),
        )
        found[name] = said[0]
    return found


def _read_qwen(model: Model, prompt: str, negative: str, references: Sequence[Image.Image]) -> Words:
    """The encoder sees the pictures at 384 x 384 pixels' area, as in diffusers' pipeline."""
    edit = qwen_edit()
    seen = []
    for one in references:
        width, height = edit.calculate_dimensions(edit.CONDITION_IMAGE_SIZE, one.width / one.height)
        seen.append(one.resize((int(width), int(height))))
    speaker = model.speaker()
    found: Words = {}
    for prefix, words in (("", unweighted(prompt)), ("negative_", negative or " ")):
        said, mask = speaker.encode_prompt(words, seen or None, device=_where(speaker))
        found[f"{prefix}prompt_embeds"] = said
        found[f"{prefix}prompt_embeds_mask"] = (
            torch.ones(said.shape[:2], dtype=torch.long) if mask is None else mask
        )
    return found


def qwen_edit() -> Any:
    """The module of diffusers' pipeline for Qwen-Image-Edit, whose sizes it is to be asked in."""
    from diffusers.pipelines.qwenimage import pipeline_qwenimage_edit_plus

    return pipeline_qwenimage_edit_plus


def _where(speaker: Any) -> torch.device:
    found: torch.device = next(
        one.device
        for name, one in speaker.components.items()
        if name.startswith("text_encoder") and one is not None
    )
    return found


READERS: dict[str, Callable[[Model, str, str, Sequence[Image.Image]], Words]] = {
    "sd15": _read_sd,
    "sdxl": _read_sd,
    "flux-dev": _read_flux,
    "flux-schnell": _read_flux,
    "flux-kontext": _read_flux,
    "flux2-klein": _read_flux2,
    "qwen-image-edit": _read_qwen,
    "z-image": _read_z,
}


def spans(model: Model, prompt: str, parts: Sequence[Part], words: Words) -> Spans:
    """For each part the places of its words in what `read` made of the prompt."""
    name = model.painting.name
    if name in {"sd15", "sdxl"}:
        from storykin.models import weighting

        tokenizers = [model.tokenizer(part) for part in PARTS[name] if part.startswith("tokenizer")]
        return tuple(tuple(one) for one in weighting.spans(tokenizers, prompt, parts))
    said = unweighted(prompt)
    parts = tuple(replace(part, words=unweighted(part.words)) for part in parts)
    tokenizer = model.tokenizer("tokenizer_2" if "tokenizer_2" in PARTS[name] else "tokenizer")
    if name == "qwen-image-edit":
        # the template's head is dropped, and pictures take places of their own: counted from the end
        return spans_of(tokenizer, said, parts, frame=_qwen_frame, length=words["prompt_embeds"].shape[1])
    limit = tokens_of(model.painting, tokenizer if "tokenizer_2" in PARTS[name] else None)
    frame = as_chat(tokenizer, thinking=name == "z-image") if name in {"flux2-klein", "z-image"} else None
    return spans_of(tokenizer, said, parts, frame=frame, limit=limit)


def _qwen_frame(prompt: str) -> str:
    """What stands after the prompt in Qwen-Image-Edit's template, and a little before it."""
    return f"<|im_start|>user\n{prompt}<|im_end|>\n<|im_start|>assistant\n"


# asking


def pipeline_of(painting: Painting, request: Request) -> str:
    """Which of the family's pipelines does it."""
    if request.mask is not None:
        return painting.fill
    if request.start is not None:
        return painting.image
    return (painting.edit if request.references else "") or painting.text or painting.edit


def asked(model: Model, words: Words, request: Request, ip_adapter: str = "") -> dict[str, Any]:
    """The pipeline's arguments; noise is drawn on the CPU, so that a seed means the same on every card."""
    from PIL import Image

    painting = model.painting
    name = painting.name
    there = {
        key: one.to(model.device, model.dtype if one.is_floating_point() else one.dtype)
        for key, one in words.items()
    }
    given: dict[str, Any] = {
        "width": request.width,
        "height": request.height,
        "num_inference_steps": request.steps,
        "generator": torch.Generator().manual_seed(request.seed),
        "guidance_scale": request.guidance_scale,
        **there,
    }
    kind = pipeline_of(painting, request)
    if name in {"sd15", "sdxl"} and request.references:
        guided = request.guidance_scale > 1
        given["ip_adapter_image_embeds"] = model.looked_at(request.references, ip_adapter, guided)
    elif name in {"sd15", "sdxl"}:
        model.look_away()
    if name == "z-image":
        given["prompt_embeds"] = [given["prompt_embeds"]]
        given["negative_prompt_embeds"] = (
            [given["negative_prompt_embeds"]] if request.guidance_scale > 0 else []
        )
    if name == "qwen-image-edit":
        given["true_cfg_scale"] = given.pop("guidance_scale")
        if kind == painting.edit:
            given["image"] = list(request.references)
    if name == "flux-kontext":
        given |= {"max_area": request.width * request.height, "_auto_resize": False}
    if request.start is not None:
        given |= {"image": request.start, "strength": request.strength}
        if kind == painting.fill:
            white = Image.new("L", request.start.size, 255)
            given["mask_image"] = white if request.mask is None else request.mask
    if name in {"flux-kontext", "flux2-klein"} and request.references:
        one = _side_by_side(request.references) if name == "flux-kontext" or kind == painting.fill else None
        if kind == painting.fill:
            given["image_reference"] = one
        else:
            given["image"] = one if name == "flux-kontext" else list(request.references)
    return given


def _side_by_side(pictures: Sequence[Image.Image]) -> Image.Image:
    """Several pictures in one, for families that look at one only; all as high as the first."""
    from PIL import Image

    high = min(one.height for one in pictures)
    scaled = [one.resize((max(1, round(one.width * high / one.height)), high)) for one in pictures]
    wide = sum(one.width for one in scaled)
    found = Image.new("RGB", (wide, high), "white")
    left = 0
    for one in scaled:
        found.paste(one, (left, 0))
        left += one.width
    # the pipelines take it as it is: a photo of a telephone would be tens of thousands of tokens
    scale = min(1.0, (LARGEST_REFERENCE / (wide * high)) ** 0.5)
    return found.resize(tuple(max(GRAIN, int(side * scale) // GRAIN * GRAIN) for side in (wide, high)))  # type: ignore[arg-type]
