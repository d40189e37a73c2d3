"""Tests of the critics: nets that look at pictures in small: the real architectures with random weights, saved as the model hub has them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.training.small_sd import small_tokenizer

SIGHT = {"do_resize": True, "image_mean": [0.48, 0.46, 0.41], "image_std": [0.27, 0.26, 0.28]}
TEXT = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
SEES = {**TEXT, "image_size": 64, "patch_size": 16}


def small_clip(folder: Path) -> Path:
    """CLIP with the first CLIP's cut out of the middle in its settings."""
    from transformers import CLIPConfig, CLIPModel

    tokenizer = small_tokenizer(folder)
    words = {
        "vocab_size": len(tokenizer), "bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id, "max_position_embeddings": 77,
    }  # fmt: skip
    _save(CLIPModel, CLIPConfig(text_config={**TEXT, **words}, vision_config=SEES, projection_dim=24), folder)
    tokenizer.save_pretrained(folder)
    side = {"height": 64, "width": 64}
    _sight(folder, size={"shortest_edge": 64}, do_center_crop=True, crop_size=side)
    return folder


def small_siglip(folder: Path) -> Path:
    """SigLIP as SigLIP 2's checkpoints of fixed size are, with a tokenizer of whole words."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
    from transformers import PreTrainedTokenizerFast, SiglipConfig, SiglipModel

    known = [
        "<pad>",
        "<eos>",
        "<unk>",
        *[
            "a",
            "picture",
            "of",
            "an",
            "illustration",
            "in",
            "book",
            "photo",
            "kitchen",
            "beach",
            "girl",
            "dog",
            "running",
            "somebody",
        ],
    ]
    words = Tokenizer(
        models.WordLevel({word: number for number, word in enumerate(known)}, unk_token="<unk>")
    )
    words.normalizer, words.pre_tokenizer = normalizers.Lowercase(), pre_tokenizers.Whitespace()
    text = {
        **TEXT,
        "vocab_size": len(known),
        "max_position_embeddings": 16,
        "pad_token_id": 0,
        "eos_token_id": 1,
    }
    _save(SiglipModel, SiglipConfig(text_config=text, vision_config=SEES), folder)
    PreTrainedTokenizerFast(
        tokenizer_object=words, pad_token="<pad>", eos_token="<eos>", unk_token="<unk>"
    ).save_pretrained(folder)
    _sight(folder, size={"height": 64, "width": 64})
    return folder


def small_dino(folder: Path) -> Path:
    """DINOv2 with patches of 14 pixels."""
    from transformers import Dinov2Config, Dinov2Model

    settings = {
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "image_size": 56,
        "patch_size": 14,
    }
    _save(Dinov2Model, Dinov2Config(**settings), folder)
    side = {"height": 56, "width": 56}
    _sight(folder, size={"shortest_edge": 64}, do_center_crop=True, crop_size=side)
    return folder


def small_owl(folder: Path) -> Path:
    """OWLv2 with 16 places to find something at."""
    from transformers import Owlv2Config, Owlv2ForObjectDetection

    tokenizer = small_tokenizer(folder)
    words = {
        "vocab_size": len(tokenizer),
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "max_position_embeddings": 16,
    }
    config = Owlv2Config(text_config={**TEXT, **words}, vision_config=SEES, projection_dim=32)
    _save(Owlv2ForObjectDetection, config, folder)
    tokenizer.save_pretrained(folder)
    _sight(folder, size={"height": 64, "width": 64}, do_pad=True)
    return folder


def _save(kind: Any, config: Any, folder: Path) -> None:
    import torch

    torch.manual_seed(3)
    net = kind(config)
    with torch.no_grad():
        for value in net.parameters():
            # the usual tiny ones make all pictures alike
            value.add_(torch.randn_like(value) * 0.08)
    net.save_pretrained(folder)


def _sight(folder: Path, **settings: Any) -> None:
    (folder / "preprocessor_config.json").write_text(json.dumps({**SIGHT, **settings}))
