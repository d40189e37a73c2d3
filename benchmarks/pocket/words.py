"""How `pocket` reads: one tokenizer for both encoders, and the two small encoders themselves.

Words of the world are pieces, and so are the phrases that stand in every prompt of a book; any other word is spelled in
letters, so that a trigger is a row of letters that the encoders have met in other words that mean nothing.
"""

import json
import re
import string
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from storykin.consistency.styles import style_of
from storykin.consistency.telling import TIMES, VIEWS

from . import world

LENGTH = 128
"""Tokens of a caption that the large encoder reads, padded. Of the world's captions half have 37 at most and 99 of 100 have 85; two taught people in words that are spelled have some 110."""
SMALL_LENGTH = 80
"""Tokens that the small encoder reads, whose places are learned."""
WIDTH, POOLED = 192, 128  # of what the large and the small encoder say
RARE = 4  # a word that is said less often is spelled
SAMPLES = 6000


def phrases() -> list[str]:
    """What stands in many prompts letter for letter: one piece each."""
    said = [style_of("flat").words("sentences"), *(one for one, _ in VIEWS.values()), *TIMES.values()]
    said += ["in the picture", "of the picture is calm and uncluttered", "the setting is", "on the left is", "on the right is", "in the middle is",
             "year-old", "is a head shorter than", "is about half as tall as", "is about two thirds as tall as"]  # fmt: skip
    return sorted({_plain(one) for one in said}, key=len, reverse=True)


def _plain(words: str) -> str:
    """As the tokenizer hears words: small letters, no commas, full stops and colons apart."""
    heard = re.sub(r"[,;\"“”!?()]", " ", words.lower()).replace("-", " ")
    return re.sub(r"\s+", " ", re.sub(r"([.:'])", r" \1 ", heard)).strip()


def captions(count: int = SAMPLES) -> Iterable[str]:
    """Captions of the world, to count words in."""
    for seed in range(count):
        yield world.sample(seed).caption


def tokenizer(said: Iterable[str] | None = None) -> Any:
    """The tokenizer as transformers' fast one: pieces are phrases, words and letters, the longest first."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    joined = {one: one.replace(" ", "\u00b7") for one in phrases()}
    count: Counter[str] = Counter()
    for one in captions() if said is None else said:
        heard = _plain(one)
        for phrase, piece in joined.items():
            heard = re.sub(rf"(?<!\S){re.escape(phrase)}(?!\S)", piece, heard)
        count.update(heard.split())
    words = [word for word, often in count.most_common() if often >= RARE]
    words = sorted({*words, *joined.values()}, key=lambda word: (-count[word], word))
    letters = [*string.ascii_lowercase, *string.digits, *".:'&"]
    # a word of letters costs more than any whole word, so what is known is never spelled
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("\u2581", -3.0)]
    known = dict.fromkeys(f"\u2581{word}" for word in words)
    pieces += [(word, -1.0) for word in known]
    pieces += [(letter, -10.0) for letter in letters]
    pieces += [(f"\u2581{letter}", -10.0) for letter in letters if f"\u2581{letter}" not in known]
    made = Tokenizer(models.Unigram(pieces, unk_id=2))
    steps: list[Any] = [
        normalizers.NFKC(),
        normalizers.Lowercase(),
        normalizers.Replace(Regex(r"[,;\"“”!?()\-]"), " "),
    ]
    steps += [normalizers.Replace(one, f" {one} ") for one in ".:'"]
    steps += [normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
    steps += [
        normalizers.Replace(Regex(rf"(?<!\S){re.escape(phrase)}(?!\S)"), piece)
        for phrase, piece in joined.items()
    ]
    made.normalizer = normalizers.Sequence(steps)
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="\u2581", prepend_scheme="always", split=True)
    made.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return PreTrainedTokenizerFast(
        tokenizer_object=made, pad_token="<pad>", eos_token="</s>", unk_token="<unk>", model_max_length=LENGTH, padding_side="right"
    )  # fmt: skip


def encoders(count: int) -> tuple[Any, Any]:
    """Fresh encoders for so many pieces: T5's architecture, of which the net reads every token, and CLIP's, of which it reads one vector."""
    import torch
    from transformers import CLIPTextConfig, CLIPTextModel, T5Config, T5EncoderModel

    torch.manual_seed(1)
    large = T5EncoderModel(
        T5Config(
            vocab_size=count, d_model=WIDTH, d_kv=32, d_ff=512, num_layers=3, num_heads=6, feed_forward_proj="gated-gelu",
            dropout_rate=0.0, pad_token_id=0, eos_token_id=1, decoder_start_token_id=0,
        )
    )  # fmt: skip
    small = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=count, hidden_size=POOLED, intermediate_size=2 * POOLED, num_hidden_layers=2, num_attention_heads=4, projection_dim=POOLED,
            max_position_embeddings=SMALL_LENGTH, attention_dropout=0.0, bos_token_id=1, eos_token_id=1, pad_token_id=0,
        )
    )  # fmt: skip
    return large, small


def save(tokens: Any, folder: Path, length: int = LENGTH) -> None:
    """Write the tokenizer so that every version of transformers reads it as it is, and reads so many tokens with it."""
    tokens.save_pretrained(folder)
    settings = folder / "tokenizer_config.json"
    said = json.loads(settings.read_text())
    said |= {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": length}
    settings.write_text(json.dumps(said, indent=2))
