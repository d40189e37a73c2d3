"""Models: adapters (LoRA files) read into a net by diffusers' loaders, which only log what they leave aside; here that is an error."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from storykin.errors import BadFile


def load_adapter(pipeline: Any, path: Path, name: str, hint: str) -> None:
    """Read an adapter's file into the net of a pipeline under this name. Raises `BadFile` when a key finds no place."""
    with complaints() as heard:
        try:
            pipeline.load_lora_weights(str(path.parent), weight_name=path.name, adapter_name=name)
        except (ValueError, KeyError, IndexError, RuntimeError, OSError, AttributeError) as error:
            said = next(iter(str(error).strip().splitlines()), type(error).__name__)
            raise BadFile(f"{path}: cannot be loaded: {said}", hint) from error
    if heard:
        raise BadFile(f"{path}: does not fit: {heard[0]}", hint)


@contextmanager
def complaints() -> Iterator[list[str]]:
    """What diffusers' loaders say about keys without a place, while it lasts."""
    heard: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            text = record.getMessage()
            if "unexpected keys" in text or "missing keys" in text:
                heard.append(text[:300])

    logger = logging.getLogger("diffusers")
    before, logger.handlers = logger.handlers, [Listener(logging.WARNING)]
    try:
        yield heard
    finally:
        logger.handlers = before
