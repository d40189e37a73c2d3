"""Models: long prompts with weighted words, read by CLIP for Stable Diffusion 1.5 and XL.

    (words:1.2) counts 1.2 times     (words) 1.1 times     [words] 1/1.1 times     \\( \\) \\[ \\] are only brackets

The syntax is the one that web interfaces for Stable Diffusion share. compel weighs: e + w (z - e) for the embedding z of a token and
e that of the empty prompt at its place; below 1 it also goes towards the prompt without these words. CLIP hears 75 tokens at a time:
longer prompts are cut between phrases, and what it made of the chunks stands in a row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from storykin.errors import BadInput
from storykin.shot import Part

if TYPE_CHECKING:
    import torch
    from torch import Tensor

STRONGER = 1.1
"""What one pair of round brackets does; square ones undo it."""
MOST = 3.0
"""Far beyond what gives a picture: such a number is a slip."""
CLOSED = re.compile(r":\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*\)")
CLOSES = {")": "(", "]": "["}
PIECE = re.compile(r"(?:\S+\s*){1,8}|\s+")
"""Some words at a time: the tokenizer warns of texts that are too long for one chunk, and nothing else changes."""


@dataclass(frozen=True)
class Segment:
    """Words of one weight; `start` is where they begin in the prompt as it is written."""

    text: str
    weight: float
    start: int


@dataclass(frozen=True, eq=False)
class Words:
    """What the text encoders made of a prompt: `embeds` (tokens, width), 77 tokens for each chunk; `pooled` (width) of XL's second."""

    embeds: Tensor
    pooled: Tensor | None = None


def segments(prompt: str, cuts: Sequence[int] = ()) -> tuple[Segment, ...]:
    """The prompt as words and weights, also cut at the given places. Nested brackets multiply; those without a partner are words.

    Raises `BadInput` for weights that are none.
    """
    letters: list[str] = []
    places: list[int] = []
    weights: list[float] = []
    opened: list[
        tuple[str, int]
    ] = []  # which bracket, and its place among the letters: it is a letter until it is closed
    at = 0
    while at < len(prompt):
        sign, ends = prompt[at], at + 1
        if sign == "\\" and prompt[ends : ends + 1] in tuple("()[]\\"):
            sign, ends = "\\" + prompt[ends], ends + 1
        number = CLOSED.match(prompt, at) if sign == ":" else None
        partner = "(" if number else CLOSES.get(sign, "")
        if partner and any(one == partner for one, _ in opened):
            while opened[-1][0] != partner:
                opened.pop()
            first = opened.pop()[1]
            factor = _weight(number[1]) if number else STRONGER if sign == ")" else 1 / STRONGER
            for row in (letters, places, weights):
                del row[first]
            weights[first:] = [round(weight * factor, 6) for weight in weights[first:]]
            at = number.end() if number else ends
            continue
        if sign in ("(", "["):
            opened.append((sign, len(letters)))
        letters.append(sign[-1])
        places.append(at)
        weights.append(1.0)
        at = ends
    return _joined(letters, places, weights, sorted(cuts))


def unweighted(prompt: str) -> str:
    """The words of a prompt without weights and brackets."""
    return "".join(one.text for one in segments(prompt))


def speak_sd(
    encoders: Sequence[Any],
    tokenizers: Sequence[Any],
    prompt: str,
    device: str | torch.device,
    dtype: torch.dtype,
    clip_skip: int = 0,
) -> Words:
    """What CLIP makes of a weighted prompt of any length: one encoder for SD 1.5, two for XL, each on `device`.

    Without weights and up to 75 tokens it is what diffusers' `encode_prompt` gives. `clip_skip` layers at the end of CLIP are left out,
    counted as diffusers does (others call 1 what is 0 here). `pooled` is that of the first chunk. Raises `BadInput`.
    """
    import torch

    said = _pieces(segments(prompt))
    texts, weights = [one.text for one in said], [one.weight for one in said]
    found, pooled = [], None
    with torch.no_grad():
        for encoder, tokenizer in zip(encoders, tokenizers, strict=True):
            reads = _reader(tokenizer, _Layer(encoder, clip_skip, len(encoders) > 1, device))
            embeds = reads.get_embeddings_for_weighted_prompt_fragments([texts], [weights], device=device)
            found.append(embeds[0].to(device, dtype))
        if len(encoders) > 1:
            tokens = reads.get_token_ids_and_expand_weights(texts, weights, device)[0]
            whole = encoders[-1](tokens[: tokenizers[-1].model_max_length][None].to(device))
            pooled = whole.text_embeds[0].to(device, dtype)
    return Words(torch.cat(found, dim=-1), pooled)


def evened(words: Words, other: Words, empty: Words) -> tuple[Words, Words]:
    """Both with as many chunks as the longer one has, as guidance needs them; `empty` is the empty prompt, one chunk."""
    import torch

    longest = max(len(words.embeds), len(other.embeds))

    def filled(one: Words) -> Words:
        chunks = (longest - len(one.embeds)) // len(empty.embeds)
        return replace(one, embeds=torch.cat([one.embeds, *[empty.embeds] * chunks]))

    return filled(words), filled(other)


def spans(
    tokenizers: Sequence[Any], prompt: str, parts: Sequence[Part]
) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Where each part's words stand among the tokens of `speak_sd`: for each part spans [first, after), one in each chunk it is in.

    Raises `BadInput` when the prompt does not say a part's words.
    """
    where = []
    for part in parts:
        first = prompt.find(part.words)
        if first < 0 or not part.words:
            raise BadInput(
                f"the prompt does not say what its part about {part.character} says: {part.words!r:.60}",
                "change both in storyboard.json alike, or make the storyboard anew with: storykin board",
            )
        where.append((first, first + len(part.words)))
    said = _pieces(segments(prompt, [cut for both in where for cut in both]))
    # compel spreads a number over the tokens of each piece: here the piece's own, after 1.0 for what is no word
    numbers = [float(number + 2) for number in range(len(said))]
    reads = _reader(tokenizers[0], SimpleNamespace(device="cpu"))
    spread = reads.get_token_ids_and_expand_weights([one.text for one in said], numbers, "cpu")[1].tolist()
    starts = [said[round(number) - 2].start if number >= 2 else -1 for number in spread]
    return tuple(_runs([first <= start < after for start in starts]) for first, after in where)


def _weight(number: str) -> float:
    weight = float(number)
    if not 0 <= weight <= MOST:
        raise BadInput(
            f"the weight {number} in the prompt cannot be used",
            f"weights are 0 to {MOST:g}; 1.1 to 1.4 is usual",
        )
    return weight


def _joined(
    letters: list[str], places: list[int], weights: list[float], cuts: list[int]
) -> tuple[Segment, ...]:
    """Neighbours of one weight together, unless a cut lies between them."""
    said: list[Segment] = []
    before = -1
    for letter, place, weight in zip(letters, places, weights, strict=True):
        apart = any(before < cut <= place for cut in cuts)
        if said and said[-1].weight == weight and not apart:
            said[-1] = replace(said[-1], text=said[-1].text + letter)
        else:
            said.append(Segment(letter, weight, place))
        before = place
    return tuple(said)


def _pieces(said: Sequence[Segment]) -> list[Segment]:
    """The segments a few words at a time; those that are weakened stay whole, each costs another pass. Blanks have no tokens."""
    pieces = [
        replace(one, text=text)
        for one in said
        for text in (PIECE.findall(one.text) if one.weight >= 1 else [one.text])
    ]
    return [one for one in pieces if one.text.strip()] or [Segment("", 1.0, 0)]


def _reader(tokenizer: Any, encoder: Any) -> Any:
    """compel's reader, which cuts long prompts between phrases and lets none of their tokens go."""
    from compel.embeddings_provider import EmbeddingsProvider, SplitLongTextMode

    return EmbeddingsProvider(
        tokenizer,
        encoder,
        truncate=False,
        split_long_text_mode=SplitLongTextMode.PHRASES,
        device=encoder.device,
    )


@dataclass(frozen=True)
class _Layer:
    """An encoder as compel calls it, giving the layer that the family listens to: SD 1.5 the last one, XL the one before, not normalised.

    compel 2.5 and diffusers 0.42 look for the last norm where transformers 5 no longer has it, and compel skips one layer at most.
    """

    encoder: Any
    clip_skip: int
    before_last: bool
    device: str | torch.device

    def __post_init__(self) -> None:
        layers = self.encoder.config.num_hidden_layers - self.before_last
        if not 0 <= self.clip_skip < layers:
            raise BadInput(f"{self.clip_skip} layers of CLIP cannot be left out", f"choose 0 to {layers - 1}")

    @property
    def dtype(self) -> torch.dtype:
        return self.encoder.dtype  # type: ignore[no-any-return]

    def __call__(self, ids: Tensor, mask: Tensor | None = None, **_: Any) -> Any:
        made = self.encoder(ids, attention_mask=mask, output_hidden_states=True)
        heard = made.last_hidden_state
        if self.before_last:
            heard = made.hidden_states[-2 - self.clip_skip]
        elif self.clip_skip:
            norm = getattr(self.encoder, "text_model", self.encoder).final_layer_norm
            heard = norm(made.hidden_states[-1 - self.clip_skip])
        return SimpleNamespace(last_hidden_state=heard)


def _runs(inside: Sequence[bool]) -> tuple[tuple[int, int], ...]:
    """Where a row is true, as spans [first, after)."""
    edges = [
        at
        for at in range(len(inside) + 1)
        if (at < len(inside) and inside[at]) != (at > 0 and inside[at - 1])
    ]
    return tuple(zip(edges[::2], edges[1::2], strict=True))
