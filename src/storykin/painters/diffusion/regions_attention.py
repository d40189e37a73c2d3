"""Painters, diffusion: who reads whom, so that what is said of one person stays in her region."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from storykin.painters.diffusion.regions_plan import Z_GRAIN, Plan

if TYPE_CHECKING:
    from torch.utils.hooks import RemovableHandle


def swap(undo: ExitStack, thing: Any, name: str, value: Any) -> None:
    """Give an object another attribute of that name, until `undo` closes."""
    if name in vars(thing):
        undo.callback(setattr, thing, name, vars(thing)[name])
    else:
        undo.callback(delattr, thing, name)
    setattr(thing, name, value)


def keep_apart(undo: ExitStack, net: nn.Module, plan: Plan) -> None:
    """Let a net's attention follow the plan, until `undo` closes, and the plan the size of what the net is given."""
    fitted: list[bool] = []

    def fit(_net: nn.Module, args: tuple[Any, ...], given: dict[str, Any]) -> None:
        if not fitted:  # once: reading places from a card stops it
            plan.fit(*_size(plan.kind, args, given))
            fitted.append(True)

    _hook(undo, net, fit)
    if plan.kind == "UNet2DConditionModel":
        if plan.copies or plan.prompts:
            _unet(undo, net, plan)
        return
    _note_the_negative(undo, net, plan)
    if plan.kind == "ZImageTransformer2DModel":
        _z_image(undo, net, plan)
    elif plan.kind == "QwenImageTransformer2DModel":
        _qwen(undo, net, plan)
    else:
        _flux(undo, net, plan)


def _size(kind: str, args: tuple[Any, ...], given: dict[str, Any]) -> tuple[int, int]:
    """Height and width of the latents or tokens of the picture itself, by what a net of diffusers is called with."""
    if kind == "UNet2DConditionModel":
        height, width = (args[0] if args else given["sample"]).shape[-2:]
    elif kind == "ZImageTransformer2DModel":
        height, width = (side // 2 for side in (args[0] if args else given["x"])[0].shape[-2:])
    elif kind == "QwenImageTransformer2DModel":
        first = (args[4] if len(args) > 4 else given["img_shapes"])[0]
        _, height, width = first[0] if isinstance(first, list) else first
    else:  # rows of (picture, row, column, …): the picture itself is number 0
        number = 4 if kind == "FluxTransformer2DModel" else 3
        places = args[number] if len(args) > number else given["img_ids"]
        places = places[0] if places.ndim == 3 else places
        height, width = (places[places[:, 0] == 0][:, 1:3].amax(dim=0) + 1).tolist()
    return int(height), int(width)


def seen(plan: Plan, height: int, width: int, text: int, negative: bool) -> Tensor:
    """Which words each token of the picture reads: tokens x words, true or false."""
    if not plan.prompts:
        return torch.ones(height * width, text, dtype=torch.bool)
    regions, said = _of_places(plan, plan.regions(height, width)), _of_places(plan, plan.said(text, negative))
    return ~said.any(dim=0) | (regions.T.float() @ said.float() > 0)


def joint(plan: Plan, text: int, rest: int, negative: bool, words_first: bool = True, gap: int = 0) -> Tensor:
    """Who reads whom in one sequence of words and picture, tokens x tokens; true where the row reads the column.

    `rest` is the number of the picture's tokens with what follows them (references, belonging to nobody) or 0 for words alone, `gap` that of words added to fill up.
    """
    words, picture = text + gap, min(rest, plan.height * plan.width)
    said = torch.zeros(len(plan.people), words, dtype=torch.bool)
    said[:, :text] = plan.said(text, negative)
    said = _of_places(plan, said)
    regions = _of_places(plan, plan.regions(plan.height, plan.width))[:, :picture]
    private, owned = said.any(dim=0), regions.any(dim=0)
    found = torch.ones(words + rest, words + rest, dtype=torch.bool)
    found[:words, :words] = ~private | _together(said, said)
    found[:words, words : words + picture] = ~private[:, None] | ~owned | _together(said, regions)
    found[words : words + picture, :words] = ~private | _together(regions, said)
    found[words + picture :, :words] = ~private
    return found if words_first else found.roll((-words, -words), (0, 1))


def _of_places(plan: Plan, table: Tensor) -> Tensor:
    """The rows of people who have a region; others' words are everybody's."""
    return table[[number for number, who in enumerate(plan.people) if who is not None]]


def _together(one: Tensor, other: Tensor) -> Tensor:
    return one.T.float() @ other.float() > 0


def _hook(undo: ExitStack, module: nn.Module, before: Any) -> None:
    handle: RemovableHandle = module.register_forward_pre_hook(before, with_kwargs=True)
    undo.callback(handle.remove)


def _note_the_negative(undo: ExitStack, net: Any, plan: Plan) -> None:
    """Pipelines with a call for each prompt name the negative one, for caches of their own."""
    plain = getattr(net, "cache_context", None)
    if plain is None:
        return

    @contextmanager
    def cache_context(name: str, **where: Any) -> Iterator[None]:
        plan.negative = name == "uncond"
        try:
            with plain(name, **where):
                yield
        finally:
            plan.negative = False

    swap(undo, net, "cache_context", cache_context)


def _unet(undo: ExitStack, net: nn.Module, plan: Plan) -> None:
    """Say the words once for each person and let every region read its own: keys and values of one adapter, and no others' words."""
    made: dict[Any, Tensor] = {}

    def before(attention: Any, args: tuple[Any, ...], given: dict[str, Any]) -> Any:
        words = given.get("encoder_hidden_states")
        states = args[0] if args else given["hidden_states"]
        if words is None:
            return None
        text, extra = (
            (words[0], words[1:]) if isinstance(words, tuple) else (words, ())
        )  # pictures of IP-Adapter
        count = states.shape[1] if states.ndim == 3 else states.shape[2] * states.shape[3]
        batch, length = text.shape[:2]
        key = (count, batch, length, states.device)
        if key not in made:
            halves = [_copied(plan, count, length, negative) for negative in plan.halves(batch)]
            made[key] = torch.stack(halves)[:, None].to(states.device)
        mask, other = made[key], given.get("attention_mask")
        if other is not None:  # 1 x words, to be added to the scores
            mask = other[:, None].repeat(1, 1, 1, 1 + len(plan.copies)).masked_fill(~mask, -torch.inf)
        text = text.repeat(1, 1 + len(plan.copies), 1)
        given["encoder_hidden_states"] = (text, *extra) if extra else text
        given["attention_mask"] = mask.expand(batch, attention.heads, -1, -1)
        return args, given

    for name, module in net.named_modules():
        if name.endswith("attn2"):
            # it would repeat the mask in memory for every head
            swap(undo, module, "prepare_attention_mask", lambda mask, *_, **__: mask)
            _hook(undo, module, before)


def _copied(plan: Plan, count: int, length: int, negative: bool) -> Tensor:
    """Tokens x (1 + copies) words: each token reads its owner's copy, the first when that is nobody."""
    height, width = plan.size_of(count)
    see, regions = seen(plan, height, width, length, negative), plan.regions(height, width)
    owners = [regions[copy] for copy in plan.copies]
    nobody = ~torch.stack(owners).any(dim=0) if owners else torch.ones(count, dtype=torch.bool)
    found = torch.cat([see & owner[:, None] for owner in (nobody, *owners)], dim=1)
    blind = ~found.any(dim=1)  # a prompt of which every token is about somebody
    found[blind] = torch.cat([owner[blind, None].expand(-1, length) for owner in (nobody, *owners)], dim=1)
    return found


def _flux(undo: ExitStack, net: nn.Module, plan: Plan) -> None:
    """FLUX.1, Kontext and FLUX.2: one mask for all blocks, words before the picture."""
    made: dict[Any, Tensor] = {}

    def before(_net: nn.Module, args: tuple[Any, ...], given: dict[str, Any]) -> Any:
        states = args[0] if args else given["hidden_states"]
        text = (args[1] if len(args) > 1 else given["encoder_hidden_states"]).shape[1]
        plan.text = (text,)
        if not plan.prompts or plan.negative:
            return None
        key = (text, states.shape[1], states.device)
        if key not in made:
            made[key] = joint(plan, text, states.shape[1], negative=False)[None, None].to(states.device)
        settings = given.get("joint_attention_kwargs") or {}
        given["joint_attention_kwargs"] = {**settings, "attention_mask": made[key]}
        return args, given

    _hook(undo, net, before)


def _qwen(undo: ExitStack, net: nn.Module, plan: Plan) -> None:
    """Qwen-Image takes no mask from outside: its processor is replaced by one that knows the plan."""

    def before(_net: nn.Module, args: tuple[Any, ...], given: dict[str, Any]) -> None:
        plan.text = ((args[1] if len(args) > 1 else given["encoder_hidden_states"]).shape[1],)

    _hook(undo, net, before)
    if plan.prompts:
        processor = _QwenApart(plan)
        for block in net.transformer_blocks:  # type: ignore[union-attr]
            swap(undo, block.attn, "processor", processor)


class _QwenApart:
    """Joint attention of Qwen-Image's two streams (as diffusers' `QwenDoubleStreamAttnProcessor2_0`), words before the picture, with a mask."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.made: dict[Any, Tensor] = {}

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor,
        encoder_hidden_states_mask: Tensor | None = None,
        attention_mask: Tensor | None = None,
        image_rotary_emb: tuple[Tensor, Tensor] | None = None,
    ) -> tuple[Tensor, Tensor]:
        from diffusers.models.attention_dispatch import dispatch_attention_fn
        from diffusers.models.transformers.transformer_qwenimage import apply_rotary_emb_qwen

        text, rest = encoder_hidden_states.shape[1], hidden_states.shape[1]
        streams = (
            (encoder_hidden_states, attn.add_q_proj, attn.add_k_proj, attn.add_v_proj, attn.norm_added_q, attn.norm_added_k),
            (hidden_states, attn.to_q, attn.to_k, attn.to_v, attn.norm_q, attn.norm_k),
        )  # fmt: skip
        angles = (image_rotary_emb[1], image_rotary_emb[0]) if image_rotary_emb is not None else (None, None)
        parts = []
        for (states, ask, answer, carry, norm_asked, norm_answered), angle in zip(
            streams, angles, strict=True
        ):
            query, key, value = (
                layer(states).unflatten(-1, (attn.heads, -1)) for layer in (ask, answer, carry)
            )
            query = norm_asked(query) if norm_asked is not None else query
            key = norm_answered(key) if norm_answered is not None else key
            if angle is not None:
                query, key = (apply_rotary_emb_qwen(one, angle, use_real=False) for one in (query, key))
            parts.append((query, key, value))
        query, key, value = (torch.cat(pair, dim=1) for pair in zip(*parts, strict=True))
        mask = self._mask(text, rest, query.device)
        if encoder_hidden_states_mask is not None:
            there = torch.nn.functional.pad(encoder_hidden_states_mask.bool(), (0, rest), value=True)
            mask = there[:, None, None] if mask is None else mask & there[:, None, None]
        out = dispatch_attention_fn(query, key, value, attn_mask=mask, dropout_p=0.0, is_causal=False)
        out = out.flatten(2, 3).to(query.dtype)
        picture = attn.to_out[0](out[:, text:].contiguous())
        picture = attn.to_out[1](picture) if len(attn.to_out) > 1 else picture
        return picture, attn.to_add_out(out[:, :text].contiguous())

    def _mask(self, text: int, rest: int, device: torch.device) -> Tensor | None:
        if self.plan.negative:
            return None
        key = (text, rest, device)
        if key not in self.made:
            self.made[key] = joint(self.plan, text, rest, negative=False)[None, None].to(device)
        return self.made[key]


def _z_image(undo: ExitStack, net: nn.Module, plan: Plan) -> None:
    """Z-Image: words are refined alone, then follow the picture; both are filled up to a multiple of 32."""
    made: dict[Any, Tensor] = {}

    def note(_net: nn.Module, args: tuple[Any, ...], given: dict[str, Any]) -> None:
        plan.text = tuple(len(one) for one in (args[2] if len(args) > 2 else given["cap_feats"]))

    def before(block: Any, args: tuple[Any, ...], given: dict[str, Any]) -> Any:
        states, padding, *others = args
        alone = states.shape[1] if block in refining else 0
        key = (plan.text, bool(alone), states.shape[:2], states.device)
        if key not in made:
            made[key] = _z_mask(plan, states.shape[0], states.shape[1], bool(alone)).to(states.device)
        mask = made[key] if padding is None else made[key] & padding[:, None, None]
        return (states, mask, *others), given

    _hook(undo, net, note)
    if plan.prompts:
        refining: Sequence[nn.Module] = tuple(net.context_refiner)  # type: ignore[arg-type]
        for block in (*refining, *net.layers):  # type: ignore[misc]
            _hook(undo, block, before)


def _z_mask(plan: Plan, batch: int, length: int, alone: bool) -> Tensor:
    """Batch x 1 x length x length, or 1 in place of the batch when all are alike."""
    picture = -(-plan.height * plan.width // Z_GRAIN) * Z_GRAIN
    found = []
    for negative, text in zip(plan.halves(batch), plan.text, strict=False):
        words = length if alone else length - picture
        mask = joint(plan, text, 0 if alone else picture, negative, words_first=False, gap=words - text)
        found.append(mask)
    return torch.stack(found)[:, None]
