"""Painters, diffusion: two things that Qwen-Image-Edit's encoder needs and the libraries do not give it here."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def seeing(folder: Path) -> Any:
    """The processor that makes tokens of words and pictures, with Pillow and numpy alone.

    transformers 5 makes a `Qwen2VLProcessor` only with a processor for films, which needs torchvision (huggingface/transformers#48558).
    """
    from transformers import AutoTokenizer, Qwen2VLImageProcessorPil, Qwen2VLProcessor
    from transformers.processing_utils import ProcessorMixin

    class Seeing(Qwen2VLProcessor):
        def __init__(self, image_processor: Any = None, tokenizer: Any = None, **given: Any) -> None:
            self.image_token, self.video_token = "<|image_pad|>", "<|video_pad|>"
            self.image_token_id = tokenizer.convert_tokens_to_ids(self.image_token)
            self.video_token_id = tokenizer.convert_tokens_to_ids(self.video_token)
            ProcessorMixin.__init__(self, image_processor, tokenizer, **given)  # type: ignore[no-untyped-call]

    return Seeing(
        Qwen2VLImageProcessorPil.from_pretrained(folder, local_files_only=True),
        AutoTokenizer.from_pretrained(folder, local_files_only=True),
    )


def placed(encoder: Any) -> Any:
    """Qwen2.5-VL that knows where in its prompt pictures are, and gives their patches places in height and width.

    diffusers 0.42 does not tell it (huggingface/diffusers#14194), and transformers 5 then counts patches as if they were words.
    """

    def tell(_: Any, args: Any, given: dict[str, Any]) -> Any:
        if given.get("image_grid_thw") is not None and given.get("mm_token_type_ids") is None:
            given["mm_token_type_ids"] = (given["input_ids"] == encoder.config.image_token_id).int()
        return args, given

    encoder.register_forward_pre_hook(tell, with_kwargs=True)
    return encoder
