"""Painters, diffusion: which tokens of a prompt are about whom, for the tokenizers of CLIP, T5 and Qwen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from storykin.errors import BadInput
from storykin.painters.diffusion.regions_grid import Span
from storykin.painters.diffusion.regions_plan import Masked
from storykin.scene import Box
from storykin.shot import Part, Shot

Frame = Callable[[str], str]
"""What a pipeline makes of a prompt before it is cut into tokens: a chat, a template."""


def as_chat(tokenizer: Any, thinking: bool = False) -> Frame:
    """The chat in which FLUX.2 klein and Z-Image (`thinking`) say a prompt to Qwen, as their pipelines in diffusers do."""

    def frame(prompt: str) -> str:
        said: str = tokenizer.apply_chat_template(
            [{"role": "user", "content": prompt}],
            tokenize=False,
            add_generation_prompt=True,
            enable_thinking=thinking,
        )
        return said

    return frame


def spans_of(
    tokenizer: Any,
    prompt: str,
    parts: Sequence[Part],
    *,
    frame: Frame | None = None,
    limit: int = 0,
    length: int = 0,
    chunk: int = 0,
) -> tuple[tuple[Span, ...], ...]:
    """For each part the tokens that hold its words, as places in the text encoder's output; () for what was cut off or has no words.

    `frame` is what the pipeline wraps the prompt in. `limit` is its number of tokens (77, 512): longer prompts are cut, shorter ones padded on the
    tokenizer's side. `length` is that of the encoder's output where it differs from the tokens by what stands before the prompt: pictures put
    in, a template's head dropped (Qwen-Image); the places are then counted from the end. `chunk` (75 for CLIP) is for prompts that are said in several
    pieces of so many tokens, each between a begin and an end. Equal words of two parts are taken in order. Raises `BadInput` when
    words do not stand in the prompt.
    """
    text = frame(prompt) if frame else prompt
    shift = text.find(prompt)
    if shift < 0:  # some templates strip what they are given
        shift = text.find(prompt.strip()) - (len(prompt) - len(prompt.lstrip()))
    places = [(first + shift, after + shift) if after else (0, 0) for first, after in _places(prompt, parts)]
    offsets = _offsets(tokenizer, text, 0 if chunk else limit)
    if chunk:
        offsets = _chunked([one for one in offsets if one[1] > one[0]], chunk)
    moved = length - len(offsets) if length else 0
    return tuple(_spans(offsets, place, moved) for place in places)


def placed_in(
    shot: Shot, names: Mapping[str, str], spans: Sequence[tuple[Span, ...]] = ()
) -> tuple[Masked, ...]:
    """The people of a shot as `masked` wants them: `names` are the adapters' names in the net by their paths, `spans` those of the shot's parts.

    Whoever is on the page without an adapter keeps his words to himself as well. Raises `BadInput` when two people stand in the very same region, where nothing
    could tell them apart.
    """
    regions: dict[str, Box | None] = {}
    words: dict[str, tuple[Span, ...]] = {}
    for part, said in zip(shot.parts, spans or ((),) * len(shot.parts), strict=True):
        regions[part.character] = regions.get(part.character) or part.region
        words[part.character] = words.get(part.character, ()) + said
    for one in shot.adapters:
        regions[one.character] = one.region or regions.get(one.character)
    taken: dict[Box, str] = {}
    for who, region in regions.items():
        if region is not None and taken.setdefault(region, who) != who:
            raise BadInput(
                f"page {shot.page}: {taken[region]} and {who} have the very same region of the picture",
                "give each figure a box of its own",
            )
    taught = {one.character for one in shot.adapters}
    return (
        *(
            Masked(
                regions[one.character],
                words.get(one.character, ()),
                names[one.adapter.path],
                one.adapter.scale,
            )
            for one in shot.adapters
        ),
        *(Masked(regions[who], words[who]) for who in words if who not in taught),
    )


def _places(prompt: str, parts: Sequence[Part]) -> list[Span]:
    """Where the words of each part stand in the prompt, in letters."""
    found: list[Span] = []
    for part in parts:
        words = part.words.strip()
        if not words:
            found.append((0, 0))
            continue
        start = prompt.find(words, max((after for _, after in found), default=0))
        if start < 0:
            start = _free(prompt, words, found)
        if start < 0:
            raise BadInput(
                f"the prompt does not say {words!r} of {part.character or 'a figure'}",
                "a part's words must stand in the prompt letter by letter",
            )
        found.append((start, start + len(words)))
    return found


def _free(prompt: str, words: str, taken: Sequence[Span]) -> int:
    start = prompt.find(words)
    while start >= 0 and any(start < after and first < start + len(words) for first, after in taken):
        start = prompt.find(words, start + 1)
    return start


def _offsets(tokenizer: Any, text: str, limit: int) -> list[Span]:
    """From which letter to which each token goes; (0, 0) for those that stand for none."""
    cut = {"padding": "max_length", "truncation": True, "max_length": limit} if limit else {}
    if getattr(tokenizer, "is_fast", False):
        found = tokenizer(text, return_offsets_mapping=True, **cut)
        return [(int(first), int(after)) for first, after in found["offset_mapping"]]
    return _counted(tokenizer, text, tokenizer(text, **cut)["input_ids"])


def _counted(tokenizer: Any, text: str, ids: Sequence[int]) -> list[Span]:
    """The same by counting the tokens of longer and longer beginnings, for tokenizers that do not tell: exact at the ends of words.

    All tokens of one word get the whole word.
    """
    plain = tokenizer(text, add_special_tokens=False)["input_ids"]
    head = next(
        (n for n in range(len(ids)) if list(ids[n : n + len(plain)]) == list(plain)[: len(ids) - n]), 0
    )
    if plain and ids[head] != plain[0]:
        head = 0
    found = [(0, 0)] * len(ids)
    done, letter = 0, 0
    for word in text.split():
        start = text.index(word, letter)
        letter = start + len(word)
        count = len(tokenizer(text[:letter], add_special_tokens=False)["input_ids"])
        for number in range(done, count):
            if head + number < len(ids) and ids[head + number] == plain[min(number, len(plain) - 1)]:
                found[head + number] = (start, letter)
        done = count
    return found


def _chunked(offsets: Sequence[Span], chunk: int) -> list[Span]:
    """Tokens of letters in pieces of `chunk`, each with one before and one after; the last is padded."""
    found: list[Span] = []
    for start in range(0, max(1, len(offsets)), chunk):
        piece = list(offsets[start : start + chunk])
        found += [(0, 0), *piece, *((0, 0),) * (chunk - len(piece)), (0, 0)]
    return found


def _spans(offsets: Sequence[Span], place: Span, moved: int) -> tuple[Span, ...]:
    """Runs of tokens that share letters with a place."""
    first, after = place
    found: list[Span] = []
    for number, (start, end) in enumerate(offsets):
        if max(first, start) < min(after, end):
            token = number + moved
            if found and found[-1][1] == token:
                found[-1] = (found[-1][0], token + 1)
            elif token >= 0:
                found.append((token, token + 1))
    return tuple(found)
