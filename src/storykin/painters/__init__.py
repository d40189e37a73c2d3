"""Crafts: from a shot to a picture.

A painter knows nothing of stories, methods or books. It says what it can do (`powers`), and is
refused work that asks for more.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from storykin.bookfolder import page_words
from storykin.errors import BadInput, CannotPaint
from storykin.families import PAINTINGS, POCKET
from storykin.shot import Shot

if TYPE_CHECKING:
    from storykin.families import Precision

OnStep = Callable[[float], None]
"""Called with the finished fraction, 0 to 1; may raise `Cancelled`."""

OnLook = Callable[[bytes], None]
"""Shown the picture as far as it is, a small JPEG."""

EXACT = ("sketch",)
"""Painters that draw to the pixel what a shot says."""

Dialect = Literal["", "sentences", "phrases"]
"""How prompts are best said to a painter: in sentences (FLUX), in weighted phrases (Stable Diffusion); "" for who reads none."""


@dataclass(frozen=True)
class Defaults:
    """What a painter likes best when nobody says otherwise; sizes in pixels of one square page. `by_effort` are the steps for draft, good and best,
    `family` is that of the model, "" where there is none or nobody knows. Who stands less than `closer` of the picture high is best painted once more from near by."""

    size: int
    steps: int = 0
    guidance_scale: float = 0.0
    by_effort: tuple[int, ...] = ()
    family: str = ""
    closer: float = 0.0


class Painter(Protocol):
    """Turns one shot into the bytes of one picture, the same bytes for equal shots.

    `revision` changes whenever equal shots would give other pictures than before.
    `arts` are the styles it knows, () for one that follows whatever the prompt says. `powers` are those of `Shot.asks` that it has. `adapters_of` are the families whose adapters fit it,
    the best first. The paths in the shots that it is given lead to files as they are, from wherever it runs.
    """

    @property
    def revision(self) -> str: ...

    @property
    def unready(self) -> frozenset[str]:
        """Powers for which something would have to be loaded down first: nobody gets them without asking."""

    @property
    def leaves_machine(self) -> bool:
        """Whether words and pictures go to another machine: photos then go along only when somebody says so."""

    name: str
    media_type: str
    powers: frozenset[str]
    arts: tuple[str, ...]
    defaults: Defaults
    dialect: Dialect
    adapters_of: tuple[str, ...]

    def refuse_absent(self) -> None:
        """Raise `BadInput` or `BadFile` now for what must be had before anything can be painted."""

    def prepare(self, shots: Sequence[Shot], on_step: OnStep) -> None:
        """Hear what will be painted next, so that models are loaded once and all prompts read first. May be left out."""

    def paint(self, shot: Shot, on_step: OnStep, on_look: OnLook | None = None) -> bytes:
        """One picture of exactly the shot's size. `on_look` is shown it in between, by painters that can."""

    def made_with(self) -> Mapping[str, str]:
        """What else a recipe must say to make the same picture again: base, precision, device, versions."""

    def close(self) -> None:
        """Give memory back; it may be used again afterwards."""


def painter_named(
    name: str,
    *,
    host: str = "",
    model: str = "",
    precision: "Precision | Literal['']" = "",
    commercial: bool = False,
    say: Callable[[str], None] = lambda words: None,
) -> Painter:
    """The painter of that name: `sketch`, a server's (`comfyui`, `openai`), a family of models, or one base of such a family.

    `host` is the server's address and `model` what it is to paint with, `say` is told what a server lets one wait for; `precision` and `commercial` are for bases on this machine.
    Raises `BadInput` with the names there are, and `BadFile` for a base that cannot be read.
    """
    if name == "sketch":
        from storykin.painters.sketch import Sketch

        return Sketch()
    if name == "comfyui":
        from storykin.painters.comfyui import ComfyUI

        family, _, checkpoint = model.partition(":")
        return ComfyUI(host, family or "sdxl", checkpoint, say=say)
    if name == "openai":
        from storykin.painters.openai import OpenAI

        return OpenAI(host, model, say=say)
    from storykin.models.bases import painting_of
    from storykin.painters.diffusion.painter import Diffusion

    try:
        painting_of(name)
    except BadInput as error:
        if "there is no painter" in error.message:
            raise BadInput(error.message, f"painters: {', '.join(painter_names())}; {error.hint}") from None
        raise
    return Diffusion(name, precision=precision or None, commercial=commercial)


def painter_names() -> tuple[str, ...]:
    """The painters there are, whether or not what they need is on this machine."""
    return ("sketch", POCKET.title, *PAINTINGS, "comfyui", "openai")


def refuse_what_it_lacks(painter: Painter, shot: Shot) -> None:
    """Raise `CannotPaint` when a shot asks for more than the painter can do."""
    words = {
        "init_image": "a start image",
        "references": "reference pictures",
        "adapters": "LoRA adapters",
        "several_adapters": "more than one LoRA adapter in a picture",
        "regions": "words that hold for one region only",
        "mask": "one region of a picture painted anew",
    }
    for power in sorted(shot.asks - painter.powers):
        raise CannotPaint(
            f"{page_words(shot.page)}: painter {painter.name!r} cannot use {words[power]}",
            "leave it out, or choose another painter with --painter",
        )
    for one in shot.adapters:
        if one.adapter.family not in painter.adapters_of:
            fit = " or ".join(painter.adapters_of) or "none that were trained here"
            raise CannotPaint(
                f"{page_words(shot.page)}: an adapter of {one.character or 'a style'} was taught to {one.adapter.family}, "
                f"painter {painter.name!r} takes those for {fit}",
                "train one for it, or choose another painter with --painter",
            )
    if painter.arts and shot.art not in painter.arts:
        raise CannotPaint(
            f"{page_words(shot.page)}: painter {painter.name!r} has no style {shot.art!r}",
            f"its styles: {', '.join(painter.arts)}",
        )
