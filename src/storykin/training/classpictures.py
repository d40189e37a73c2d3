"""Training: pictures of anybody of the class, painted by the base itself before it learns (prior preservation).

Learned beside the photos, they keep "a girl" without the trigger anybody (DreamBooth: Ruiz et al. 2022, arXiv 2208.12242,
section 3.2). Painted once per base, shared by all characters; children are clothed and in the open or at home.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from storykin import files
from storykin.cachefolder import cache_of_anybody, make_private
from storykin.character import PEOPLE
from storykin.errors import BadInput
from storykin.training.entries import base_identity, digest_of

if TYPE_CHECKING:
    from PIL import Image

    from storykin.recipe import Recipe
    from storykin.training.learner import Learner

OnStep = Callable[[float, str], None]

# The numbers of phrases have no common divisor, so that all combinations come before one comes again.
FRAMINGS = ("close-up portrait", "seen from the waist up", "full body", "portrait", "full body, walking")
LIGHTS = (
    "soft daylight", "bright sunshine", "overcast sky", "warm evening light", "lamplight", "morning light", "in the shade",
)  # fmt: skip
CLOTHES = (
    "wearing a red jumper and jeans", "wearing a green coat", "wearing a blue shirt and trousers", "wearing a striped T-shirt",
    "wearing a yellow raincoat", "wearing a grey hoodie", "wearing a white shirt", "wearing a knitted cardigan",
    "wearing dungarees", "wearing a purple jacket", "wearing a winter coat and a scarf",
)  # fmt: skip
PLACES = (
    "in a park", "in a living room", "on a city street", "in a library", "in a garden", "at a market", "in a kitchen",
    "in front of a plain wall", "in a forest", "on a farm", "on a bridge", "in a museum", "in a snowy meadow",
)  # fmt: skip

AT_ONCE = 10
"""So many pictures are asked of the learner in one call: a stopped run loses few, and parts are not loaded for each."""

STEPS = 25
"""Denoising steps of each."""

APART = 1000
"""How far apart the seeds of two recipes' pictures begin."""


@dataclass(frozen=True)
class ClassPicture:
    """A picture of anybody: the PNG, and the prompt it was painted from, which is its caption."""

    path: Path
    prompt: str


def class_prompts(class_words: str, count: int) -> tuple[str, ...]:
    """Neutral prompts for a class ("a girl", "a dog"), different from each other up to the 5,005th (animals: 455th), always
    the same; none holds a trigger. Clothes only for people."""
    person = (class_words.split() or [""])[-1] in (*PEOPLE, "person")
    lists = (FRAMINGS, PLACES, CLOTHES, LIGHTS) if person else (FRAMINGS, PLACES, LIGHTS)
    return tuple(
        ", ".join((class_words, *(phrases[number % len(phrases)] for phrases in lists)))
        for number in range(count)
    )


def paint_anybody(
    learner: Learner, recipe: Recipe, class_words: str, on_step: OnStep
) -> tuple[ClassPicture, ...]:
    """The recipe's `prior_pictures` of the class, from the cache or painted now by the base without any adapter.

    Squares of the recipe's largest resolution. When one is missing, the learner reads the prompts (those that remember need no
    encoders beside the net), is prepared (a fresh adapter changes nothing) and released. Raises `BadInput` without a class.
    """
    if not class_words.strip():
        raise BadInput(
            "the dataset does not say what the character is an example of (class_words)",
            'write it into dataset.json, for example "a girl", or set prior_weight to 0',
        )
    prompts = class_prompts(class_words.strip(), recipe.prior_pictures)
    side = max(recipe.resolutions)
    key = digest_of(base_identity(recipe), *prompts, recipe.seed, side, STEPS)
    home = cache_of_anybody(key)
    wanted = [
        ClassPicture(home / f"{number:03d}.png", prompt) for number, prompt in enumerate(prompts, start=1)
    ]
    chunks = [wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE)]
    missing = [
        number for number, chunk in enumerate(chunks) if not all(_is_picture(one.path) for one in chunk)
    ]
    if missing:
        make_private(home)
        try:
            on_step(0, f"painting anybody: {class_words}")
            learner.encode_captions(["", *(one.prompt for number in missing for one in chunks[number])])
            learner.release_encoders()
            learner.prepare(recipe)
            for done, number in enumerate(missing):
                on_step(done / len(missing), f"painting anybody: {class_words}")
                _paint(learner, chunks[number], recipe.seed * APART + number * AT_ONCE, side)
        finally:
            learner.release()
    return tuple(wanted)


def _paint(learner: Learner, chunk: Sequence[ClassPicture], seed: int, side: int) -> None:
    """Paint some pictures and keep them; the n-th has seed + n, so that it has noise of its own, and the same again."""
    painted = learner.paint([one.prompt for one in chunk], seed, side, side, STEPS)
    for one, picture in zip(chunk, painted, strict=True):
        files.write_bytes(one.path, _png(picture))


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.convert("RGB").save(file, "PNG", compress_level=4)
    return file.getvalue()


def _is_picture(path: Path) -> bool:
    """Whether a whole picture is there."""
    from PIL import Image

    try:
        with Image.open(path) as found:
            found.load()
    except (OSError, SyntaxError, ValueError):  # Pillow says SyntaxError of a broken PNG
        return False
    return True
