"""Painters: painting on a server elsewhere: how far it is, and what is kept of the pictures that come and go. How servers are spoken to: `storykin.reaching`."""

import io
import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from storykin.errors import BadFile, StorykinError
from storykin.painters import OnStep
from storykin.shot import Shot

MOST_PIXELS = 64_000_000
"""The largest picture that is opened."""


class Progress:
    """The finished fraction as it is told to `on_step`: it never goes back. Calling it breathes."""

    def __init__(self, on_step: OnStep) -> None:
        self.done = 0.0
        self._on_step = on_step

    def __call__(self) -> None:
        self._on_step(self.done)

    def reach(self, done: float) -> None:
        """So much is finished, from 0 to 1; less than before is not told."""
        if done > self.done:
            self.done = min(1.0, done)
            self._on_step(self.done)


@contextmanager
def on_page(shot: Shot) -> Iterator[None]:
    """Every error inside names the page first."""
    try:
        yield
    except StorykinError as error:
        if not error.message.startswith("page "):
            error.message = f"page {shot.page}: {error.message}"
        raise


def size_near(width: int, height: int, side: int, grain: int) -> tuple[int, int]:
    """Width and height of about that shape and the area of a square of `side`, in multiples of `grain`."""
    scale = side / math.sqrt(width * height)
    return tuple(max(grain, round(one * scale / grain) * grain) for one in (width, height))  # type: ignore[return-value]


def picture_of(found: bytes, width: int, height: int, whose: str) -> bytes:
    """A PNG of exactly that size: cut to its shape around the middle, scaled by Lanczos. Nothing but pixels is kept of what came.

    Servers write prompts and whole workflows into their pictures, and a prompt may hold a child's name. Raises `StorykinError` when it is no picture.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(found), formats=("PNG", "JPEG", "WEBP")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise ValueError(f"{opened.width} × {opened.height} pixels are too many")
            clear = opened.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise StorykinError(
            f"{whose}: sent {_looks_like(found)} instead of a picture ({error})",
            "look at the server's own window for what went wrong",
        ) from None
    paper = Image.new("RGB", clear.size, "white")
    paper.paste(clear, mask=clear.getchannel("A"))
    return _png(ImageOps.fit(paper, (width, height), Image.Resampling.LANCZOS))


def sendable(path: Path, size: tuple[int, int] | None = None, longest: int = 1024) -> bytes:
    """A picture of this machine as it may be sent: turned upright, cut to `size` or made no longer than `longest`, without place and camera.

    Raises `BadFile`.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as opened:
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadFile(f"{path}: cannot be read as a picture ({error})", "use a PNG or JPEG file") from None
    if size:
        return _png(ImageOps.fit(upright, size, Image.Resampling.LANCZOS))
    upright.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return _png(upright)


def look_of(found: bytes) -> bytes | None:
    """A preview as a JPEG, None when it is no picture."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(found), formats=("PNG", "JPEG", "WEBP")) as opened:
            if opened.format == "JPEG":
                return found
            file = io.BytesIO()
            opened.convert("RGB").save(file, "JPEG", quality=85)
            return file.getvalue()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _png(image: Any) -> bytes:
    """Pixels alone: Pillow would carry on profiles and remarks that came with the file."""
    from PIL import Image

    file = io.BytesIO()
    Image.frombytes("RGB", image.size, image.tobytes()).save(file, "PNG")
    return file.getvalue()


def _looks_like(found: bytes) -> str:
    start = found[:200].lstrip().lower()
    if not found:
        return "nothing"
    if start.startswith((b"<!doctype", b"<html")):
        return "a web page"
    return f"{len(found):,} bytes"
