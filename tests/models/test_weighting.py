"""Weighted prompts: the syntax, and that CLIP reads all of it as diffusers would."""

import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storykin.errors import BadInput
from storykin.models.weighting import Segment, Words, evened, segments, spans, speak_sd, unweighted
from storykin.shot import Part

pytest.importorskip("compel")


def said(prompt: str) -> list[tuple[str, float]]:
    return [(one.text, one.weight) for one in segments(prompt)]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a red coat", [("a red coat", 1)]),
        ("a (red:1.2) coat", [("a ", 1), ("red", 1.2), (" coat", 1)]),
        ("a (red) [coat]", [("a ", 1), ("red", 1.1), (" ", 1), ("coat", 0.909091)]),
        ("((red))", [("red", 1.21)]),
        ("(a (red:1.5) coat:1.2)", [("a ", 1.2), ("red", 1.8), (" coat", 1.2)]),
        ("([red])", [("red", 1)]),
        ("(red: .5 ) (blue:2)", [("red", 0.5), (" ", 1), ("blue", 2)]),
        (r"a hat \(blue\) \[x\] \\", [(r"a hat (blue) [x] \ ".strip(), 1)]),
        (r"(a \(red\) hat:1.2)", [("a (red) hat", 1.2)]),
        ("(time: night)", [("time: night", 1.1)]),
        ("at 7:30) :-(", [("at 7:30) :-(", 1)]),
        ("(open [too", [("(open [too", 1)]),
        ("(crossed [over) there]", [("crossed [over", 1.1), (" there]", 1)]),
        ("(red:1.2", [("(red:1.2", 1)]),
        ("", []),
    ],
)
def test_syntax(prompt: str, expected: list[tuple[str, float]]) -> None:
    assert said(prompt) == expected


@pytest.mark.parametrize("prompt", ["(red:-1)", "a (ball:10)"])
def test_impossible_weights_are_refused(prompt: str) -> None:
    with pytest.raises(BadInput, match=r"weight (-1|10) .*\n.*1\.1 to 1\.4 is usual"):
        segments(prompt)


@given(st.text("ab ()[]\\:.1", max_size=25), st.lists(st.integers(0, 25), max_size=4))
def test_cuts_change_neither_words_nor_weights(prompt: str, cuts: list[int]) -> None:
    def letters(found: tuple[Segment, ...]) -> list[tuple[str, float]]:
        return [(letter, one.weight) for one in found for letter in one.text]

    try:
        whole = segments(prompt)
    except BadInput:
        return
    assert letters(segments(prompt, cuts)) == letters(whole)


def test_cuts_part_what_is_of_one_weight() -> None:
    assert [(one.text, one.start) for one in segments("a red coat, a (big dog:1.2)", [2, 12, 19])] == [
        ("a ", 0), ("red coat, ", 2), ("a ", 12), ("big ", 15), ("dog", 19)
    ]  # fmt: skip


def test_words_without_weights() -> None:
    assert unweighted(r"a (red:1.2) [coat] \(new\)") == "a red coat (new)"


# --- small CLIP encoders at the real architecture -------------------------------------------------

TEXT = "a girl in a red coat, with a dog on a swing"
LONG = ", ".join(["a girl in a red coat", "ohwx on a swing", "her dog is big"] * 12)


@pytest.fixture(scope="module")
def sd(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return clips(tmp_path_factory.mktemp("sd"), xl=False)


@pytest.fixture(scope="module")
def xl(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return clips(tmp_path_factory.mktemp("xl"), xl=True)


def clips(folder: Path, xl: bool) -> Any:
    """Encoders, tokenizers, and diffusers' own pipeline with nothing else in it."""
    from diffusers import StableDiffusionPipeline, StableDiffusionXLPipeline

    from tests.training.small_sd import small_clip, small_tokenizer

    words = small_tokenizer(folder)
    first = small_clip(32, "quick_gelu").eval()
    if not xl:
        made = StableDiffusionPipeline(
            vae=None, text_encoder=first, tokenizer=words, unet=None, scheduler=None,
            safety_checker=None, feature_extractor=None, requires_safety_checker=False,
        )  # fmt: skip
        return SimpleNamespace(encoders=[first], tokenizers=[words], pipeline=made)
    other = small_tokenizer(folder / "other")
    other.pad_token = "!"  # as SDXL's second tokenizer
    second = small_clip(64, "gelu", projection=True).eval()
    made = StableDiffusionXLPipeline(
        vae=None, text_encoder=first, text_encoder_2=second, tokenizer=words, tokenizer_2=other, unet=None, scheduler=None,
        add_watermarker=False,
    )  # fmt: skip
    return SimpleNamespace(encoders=[first, second], tokenizers=[words, other], pipeline=made)


def spoken(clip: Any, prompt: str, clip_skip: int = 0) -> Words:
    import torch

    return speak_sd(clip.encoders, clip.tokenizers, prompt, "cpu", torch.float32, clip_skip)


@pytest.mark.parametrize("prompt", [TEXT, "", f"({TEXT}:1.0)"])
def test_without_weights_it_is_what_diffusers_makes(sd: Any, xl: Any, prompt: str) -> None:
    import torch

    own, _ = sd.pipeline.encode_prompt(unweighted(prompt), "cpu", 1, False)
    found = spoken(sd, prompt)
    assert found.pooled is None
    torch.testing.assert_close(found.embeds, own[0], rtol=0, atol=1e-6)

    own, _, pooled, _ = xl.pipeline.encode_prompt(
        unweighted(prompt), device="cpu", do_classifier_free_guidance=False
    )
    found = spoken(xl, prompt)
    torch.testing.assert_close(found.embeds, own[0], rtol=0, atol=1e-6)
    torch.testing.assert_close(found.pooled, pooled[0], rtol=0, atol=1e-6)


def test_a_weight_moves_its_own_tokens_away_from_the_empty_prompt(sd: Any, xl: Any) -> None:
    import torch

    for clip in (sd, xl):
        plain, heavy, empty = (
            spoken(clip, text).embeds for text in (TEXT, TEXT.replace("red", "(red:1.4)"), "")
        )
        changed = (plain != heavy).any(dim=-1).nonzero().flatten().tolist()
        assert changed == [tokens(clip, "a girl in a") + 1]
        at = changed[0]
        torch.testing.assert_close(heavy[at], empty[at] + 1.4 * (plain[at] - empty[at]), rtol=0, atol=1e-5)


def test_less_is_between_the_prompt_and_the_prompt_without(sd: Any) -> None:
    import torch

    plain, half, none = (spoken(sd, TEXT.replace("red", f"(red:{weight})")).embeds for weight in (1, 0.5, 0))
    assert not torch.equal(half, plain)
    last = tokens(sd, TEXT)
    assert (half - none)[last].norm() < (plain - none)[last].norm()


def test_clip_skip_leaves_layers_out(sd: Any, xl: Any) -> None:
    import torch

    ids = sd.tokenizers[0](TEXT, padding="max_length", max_length=77, return_tensors="pt").input_ids
    encoder = sd.encoders[0]
    with torch.no_grad():
        states = encoder(ids, output_hidden_states=True).hidden_states
        expected = encoder.final_layer_norm(states[-2])[0]
    torch.testing.assert_close(spoken(sd, TEXT, 1).embeds, expected, rtol=0, atol=1e-6)
    own = xl.pipeline.encode_prompt(TEXT, device="cpu", do_classifier_free_guidance=False, clip_skip=1)[0]
    torch.testing.assert_close(spoken(xl, TEXT, 1).embeds, own[0], rtol=0, atol=1e-6)
    with pytest.raises(BadInput, match="choose 0 to 2"):
        spoken(sd, TEXT, 3)


def test_nothing_of_a_long_prompt_is_lost(sd: Any, xl: Any) -> None:
    import torch

    for clip in (sd, xl):
        long = spoken(clip, LONG)
        assert tokens(clip, LONG) > 200
        assert len(long.embeds) % 77 == 0
        last = spoken(clip, LONG.removesuffix("big") + "red")
        assert len(last.embeds) == len(long.embeds)
        differ = (last.embeds != long.embeds).any(dim=-1).nonzero().flatten()
        assert differ.min() > 200
        assert torch.equal(last.embeds[:154], long.embeds[:154])


def test_chunks_end_between_phrases_and_never_within_a_word(sd: Any) -> None:
    phrases = [
        f"{words} {'abcdefghijklmnopqrstuvwxyz'[number]}"
        for number, words in enumerate(LONG.split(", ")[:26])
    ]
    found = spans(sd.tokenizers, ", ".join(phrases), [Part("", words) for words in phrases])
    assert [len(one) for one in found] == [1] * 26
    assert found[-1][0][1] > 3 * 77
    endless = " ".join(["goodness gracious"] * 20)
    words = sequence(sd, endless)[1:76]
    ends = sd.tokenizers[0].convert_ids_to_tokens(words)
    assert [one for one in ends if one != "<|endoftext|>"][-1].endswith("</w>")


def test_long_prompts_are_read_without_a_warning(tmp_path: Path, sd: Any) -> None:
    import torch

    from tests.training.small_sd import small_tokenizer

    reads = small_tokenizer(tmp_path / "fresh")
    speak_sd(sd.encoders, [reads], LONG, "cpu", torch.float32)
    assert not any("longer" in key for key in getattr(reads, "deprecation_warnings", {}))


def test_spans_hold_exactly_the_words(sd: Any, xl: Any) -> None:
    """What the tokens of a part's spans spell is what the part says; so for weights, brackets and chunks' ends."""
    dice = random.Random(4)
    for clip in (sd, xl):
        reads = clip.tokenizers[0]
        for _ in range(20):
            told = [
                ", ".join(
                    dice.choice(["(short red coat:1.2)", "a dog", r"swing \(new\)", "((big))", "ohwx girl!"])
                    for _ in range(dice.randint(1, 9))
                )
                + f", number {'abcd'[number]}"
                for number in range(4)
            ]
            prompt = f"drawing, {', '.join(told)}, garden"
            ids = sequence(clip, prompt)
            assert len(ids) == len(spoken(clip, prompt).embeds)
            for words, found in zip(
                told, spans(clip.tokenizers, prompt, [Part("", one) for one in told]), strict=True
            ):
                picked = [number for first, after in found for number in ids[first:after]]
                assert picked == reads(unweighted(words), add_special_tokens=False).input_ids
                assert {first // 77 for first, _ in found} == {(after - 1) // 77 for _, after in found}


def test_a_part_that_the_prompt_does_not_say_is_refused(sd: Any) -> None:
    with pytest.raises(BadInput, match="about Sasha"):
        spans(sd.tokenizers, TEXT, [Part("Sasha", "a blue coat")])


def test_prompt_and_negative_prompt_become_equally_long(sd: Any, xl: Any) -> None:
    import torch

    for clip in (sd, xl):
        long, short, empty = spoken(clip, LONG), spoken(clip, "red"), spoken(clip, "")
        for one, other in ((long, short), (short, long)):
            a, b = evened(one, other, empty)
            assert len(a.embeds) == len(b.embeds) == len(long.embeds)
        _, filled = evened(long, short, empty)
        assert torch.equal(filled.embeds[:77], short.embeds)
        assert torch.equal(filled.embeds[-77:], empty.embeds)
        assert filled.pooled is short.pooled


def test_pooled_is_that_of_the_first_chunk(xl: Any) -> None:
    import torch

    long = spoken(xl, LONG).pooled
    assert long is not None
    assert torch.equal(long, spoken(xl, LONG + ", red dog").pooled)
    assert not torch.equal(long, spoken(xl, "red " + LONG).pooled)


def tokens(clip: Any, text: str) -> int:
    return len(clip.tokenizers[0](text, add_special_tokens=False).input_ids)


def sequence(clip: Any, prompt: str) -> list[int]:
    """The tokens that stand behind the embeddings, asked of compel by its own class."""
    from compel import Compel, SplitLongTextMode

    reads = Compel(
        clip.tokenizers[0],
        clip.encoders[0],
        truncate_long_prompts=False,
        split_long_text_mode=SplitLongTextMode.PHRASES,
    )
    text = unweighted(prompt)
    return reads.conditioning_provider.get_token_ids_and_expand_weights([text], [1.0], "cpu")[0].tolist()
