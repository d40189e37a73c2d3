"""Crafts: from a shot to a picture.

A painter knows nothing of stories, methods or books. It says what it can do (`powers`), and is
refused work that asks for more.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from storykin.errors import BadInput, CannotPaint
from storykin.shot import Shot

OnStep = Callable[[float], None]
"""Called with the finished fraction, 0 to 1; may raise `Cancelled`."""

OnLook = Callable[[bytes], None]
"""Shown the picture as far as it is, a small JPEG."""

Dialect = Literal["", "sentences", "phrases"]
"""How prompts are best said to a painter: in sentences (FLUX), in weighted phrases (Stable Diffusion); "" for who reads none."""


@dataclass(frozen=True)
class Defaults:
    """What a painter likes best when nobody says otherwise; sizes in pixels of one square page."""

    size: int
    steps: int = 0
    guidance_scale: float = 0.0


class Painter(Protocol):
    """Turns one shot into the bytes of one picture, the same bytes for equal shots.

    `revision` changes whenever equal shots would give other pictures than before.
    `arts` are the styles it knows. `powers` are those of `Shot.asks` that it has. `adapters_of` are the families whose adapters fit it,
    the best first. The paths in the shots that it is given lead to files as they are, from wherever it runs.
    """

    name: str
    revision: str
    media_type: str
    powers: frozenset[str]
    arts: tuple[str, ...]
    defaults: Defaults
    dialect: Dialect
    adapters_of: tuple[str, ...]

    def prepare(self, shots: Sequence[Shot], on_step: OnStep) -> None:
        """Hear what will be painted next, so that models are loaded once and all prompts read first. May be left out."""

    def paint(self, shot: Shot, on_step: OnStep, on_look: OnLook | None = None) -> bytes:
        """One picture of exactly the shot's size. `on_look` is shown it in between, by painters that can."""

    def made_with(self) -> Mapping[str, str]:
        """What else a recipe must say to make the same picture again: base, precision, device, versions."""

    def close(self) -> None:
        """Give memory back; it may be used again afterwards."""


def painter_named(name: str) -> Painter:
    """The painter of that name. Raises `BadInput` with the names there are."""
    if name == "sketch":
        from storykin.painters.sketch import Sketch

        return Sketch()
    raise BadInput(f"there is no painter {name!r}", f"painters here: {', '.join(painter_names())}")


def painter_names() -> tuple[str, ...]:
    """The painters that can be used on this machine."""
    return ("sketch",)


def refuse_what_it_lacks(painter: Painter, shot: Shot) -> None:
    """Raise `CannotPaint` when a shot asks for more than the painter can do."""
    words = {
        "init_image": "a start image",
        "references": "reference pictures",
        "adapters": "LoRA adapters",
        "several_adapters": "more than one LoRA adapter in a picture",
    }
    for power in sorted(shot.asks - painter.powers):
        raise CannotPaint(
            f"page {shot.page}: painter {painter.name!r} cannot use {words[power]}",
            "leave it out, or choose another painter with --painter",
        )
    if shot.art not in painter.arts:
        raise CannotPaint(
            f"page {shot.page}: painter {painter.name!r} has no style {shot.art!r}",
            f"its styles: {', '.join(painter.arts)}",
        )
