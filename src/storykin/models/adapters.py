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
    with complaints() as heard, _shapes_of_packed(pipeline):
        try:
            pipeline.load_lora_weights(str(path.parent), weight_name=path.name, adapter_name=name)
        except (ValueError, KeyError, IndexError, RuntimeError, OSError, AttributeError) as error:
            said = next(iter(str(error).strip().splitlines()), type(error).__name__)
            raise BadFile(f"{path}: cannot be loaded: {said}", hint) from error
    if heard:
        raise BadFile(f"{path}: does not fit: {heard[0]}", hint)


@contextmanager
def _shapes_of_packed(pipeline: Any) -> Iterator[None]:
    """Inside, diffusers' loaders for FLUX ask our packed layers for the shape of what they stand for, not of their codes."""
    from storykin.models.quantising import QuantisedLinear

    kind = type(pipeline)
    asked = getattr(kind, "_calculate_module_shape", None)
    if asked is None:
        yield
        return

    def shape(model: Any, base_module: Any = None, base_weight_param_name: Any = None) -> Any:
        layer = base_module
        if layer is None and base_weight_param_name:
            layer = model.get_submodule(base_weight_param_name.removesuffix(".weight"))
        layer = getattr(layer, "base_layer", layer)  # with an adapter on it already
        return (
            layer.shape
            if isinstance(layer, QuantisedLinear)
            else asked(model, base_module, base_weight_param_name)
        )

    kind._calculate_module_shape = staticmethod(shape)
    try:
        yield
    finally:
        del kind._calculate_module_shape


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
