"""Which tokens of a prompt are about whom."""

from typing import Any

import pytest

from storykin.character import Adapter
from storykin.errors import BadInput
from storykin.painters.diffusion.regions import Masked
from storykin.painters.diffusion.regions_words import as_chat, placed_in, spans_of
from storykin.scene import Box, Scene
from storykin.shot import Part, PlacedAdapter, Shot
from tests.training.small_flux import clip_tokenizer, qwen_tokenizer, t5_tokenizer

HERS, HIS = "sasha in a red dress", "theo, a boy in blue"
PROMPT = f"in a wood, {HERS} and {HIS}, watercolour"
PARTS = (Part("sasha", HERS), Part("theo", HIS))


class Untold:
    """A tokenizer that does not say where its tokens come from."""

    is_fast = False

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __call__(self, text: str, **settings: Any) -> Any:
        assert "return_offsets_mapping" not in settings
        return self.inner(text, **settings)


def heard(tokenizer: Any, text: str, spans: Any, **settings: Any) -> str:
    """The letters of the tokens in the spans."""
    ids = tokenizer(text, **settings)["input_ids"]
    said = "".join(
        tokenizer.convert_ids_to_tokens([one for first, after in spans for one in ids[first:after]])
    )
    return said.replace("</w>", "").replace("▁", "").replace("Ġ", "")


@pytest.mark.parametrize("make", [clip_tokenizer, t5_tokenizer, qwen_tokenizer])
@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("side", ["right", "left"])
def test_the_tokens_of_the_words(make: Any, told: bool, side: str) -> None:
    tokenizer = make()
    tokenizer.padding_side = side
    padding = {"padding": "max_length", "truncation": True, "max_length": 75}
    for limit, settings in ((0, {}), (75, padding)):
        hers, his = spans_of(tokenizer if told else Untold(tokenizer), PROMPT, PARTS, limit=limit)
        assert letters(heard(tokenizer, PROMPT, hers, **settings)) == letters(HERS)
        assert letters(heard(tokenizer, PROMPT, his, **settings)) == letters(HIS)


def letters(text: str) -> str:
    """Without what the small tokenizers have no word for."""
    return "".join(one for one in text.replace("<unk>", "").replace("<|endoftext|>", "") if one.isalpha())


def test_capitals_and_gaps_do_not_shift_clip() -> None:
    tokenizer, prompt = clip_tokenizer(), "In  a WOOD,   Sasha  in a  Red dress"
    (hers,) = spans_of(tokenizer, prompt, [Part("sasha", "Sasha  in a  Red dress")])
    assert letters(heard(tokenizer, prompt, hers)) == letters(HERS)


def test_a_chat_around_the_prompt() -> None:
    tokenizer = qwen_tokenizer()
    frame = as_chat(tokenizer)
    hers, his = spans_of(tokenizer, PROMPT, PARTS, frame=frame, limit=128)
    assert heard(tokenizer, frame(PROMPT), hers) == HERS.replace(" ", "")
    assert heard(tokenizer, frame(PROMPT), his) == HIS.replace(" ", "")
    assert hers[0][0] > spans_of(tokenizer, PROMPT, PARTS)[0][0][0]


def test_counted_from_the_end_behind_pictures_and_dropped_heads() -> None:
    tokenizer = qwen_tokenizer()
    frame = "<|im_start|>system\nlook.<|im_end|>{}<|im_end|>\n".format
    whole = len(tokenizer(frame(PROMPT))["input_ids"])
    near, far = (spans_of(tokenizer, PROMPT, PARTS, frame=frame, length=whole + moved) for moved in (-5, 9))
    here = spans_of(tokenizer, PROMPT, PARTS, frame=frame)
    assert near == tuple(tuple((a - 5, b - 5) for a, b in one) for one in here)
    assert far == tuple(tuple((a + 9, b + 9) for a, b in one) for one in here)


def test_in_chunks_between_begin_and_end() -> None:
    tokenizer = clip_tokenizer()
    ids = tokenizer(PROMPT)["input_ids"][1:-1]
    hers, his = spans_of(tokenizer, PROMPT, PARTS, chunk=10)
    begin, end = tokenizer.bos_token_id, tokenizer.eos_token_id
    said = []
    for start in range(0, len(ids), 10):
        piece = ids[start : start + 10]
        said += [begin, *piece, *[end] * (10 - len(piece)), end]
    for spans, words in ((hers, HERS), (his, HIS)):
        found = [one for first, after in spans for one in said[first:after]]
        assert letters("".join(tokenizer.convert_ids_to_tokens(found)).replace("</w>", "")) == letters(words)
    assert len(hers) > 1


def test_what_is_cut_off_has_no_tokens() -> None:
    hers, his = spans_of(clip_tokenizer(), PROMPT, PARTS, limit=20)
    assert hers
    assert hers[-1][1] <= 20
    assert his == ()


def test_equal_words_are_taken_in_order() -> None:
    prompt = "a boy waves, a boy waves"
    first, second = spans_of(
        t5_tokenizer(), prompt, [Part("theo", "a boy waves"), Part("max", "a boy waves")]
    )
    assert first[-1][1] <= second[0][0]


def test_out_of_order_and_none() -> None:
    his, hers, none = spans_of(t5_tokenizer(), PROMPT, [*PARTS[::-1], Part("cat", "")])
    assert (hers, his) == spans_of(t5_tokenizer(), PROMPT, PARTS)
    assert none == ()


def test_words_that_are_not_said() -> None:
    with pytest.raises(BadInput, match="does not say 'a cat' of tom"):
        spans_of(t5_tokenizer(), PROMPT, [Part("tom", "a cat")])


def test_placed_in_a_shot() -> None:
    left, right, top = Box(0, 0, 0.5, 1), Box(0.5, 0, 0.5, 1), Box(0, 0, 1, 0.2)
    shot = Shot(
        1,
        Scene("wood"),
        adapters=(
            PlacedAdapter(Adapter("s.safetensors", "sdxl", "ohwx", 8, 0.9), left, "sasha"),
            PlacedAdapter(Adapter("t.safetensors", "sdxl", "sks", 8), None, "theo"),
            PlacedAdapter(Adapter("art.safetensors", "sdxl", "", 8, 0.5)),
        ),
        parts=(Part("sasha", HERS, left), Part("theo", HIS, right), Part("owl", "an owl", top)),
    )
    names = {"s.safetensors": "one", "t.safetensors": "two", "art.safetensors": "three"}
    spans = (((1, 3),), ((4, 6),), ((7, 9),))
    assert placed_in(shot, names, spans) == (
        Masked(left, ((1, 3),), "one", 0.9),
        Masked(right, ((4, 6),), "two"),
        Masked(None, (), "three", 0.5),
        Masked(top, ((7, 9),)),
    )
    assert [one.words for one in placed_in(shot, names)] == [()] * 4


def test_two_in_the_very_same_place() -> None:
    shot = Shot(
        3, Scene("wood"), parts=(Part("sasha", HERS, Box(0, 0, 1, 1)), Part("theo", HIS, Box(0, 0, 1, 1)))
    )
    with pytest.raises(BadInput, match="page 3: sasha and theo have the very same region"):
        placed_in(shot, {})


def test_two_things_said_of_one() -> None:
    box = Box(0, 0, 0.5, 1)
    shot = Shot(1, Scene("wood"), parts=(Part("sasha", "sasha", box), Part("sasha", "her dog")))
    assert placed_in(shot, {}, (((1, 2),), ((5, 7),))) == (Masked(box, ((1, 2), (5, 7))),)
