"""Training: everything of a dataset that stays the same from step to step, computed once: latents, words, masks.

Each entry is named by what it was made from, so what was edited is made anew and what was not is the same to the last bit.
Entries lie in the user's cache folder (`cachefolder.py`); what the dataset no longer holds is removed from there.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from storykin.cachefolder import cache_of, cache_root, forget, make_private
from storykin.dataset import Dataset, caption_of
from storykin.errors import BadFile, BadInput
from storykin.training.buckets import Cut, cut_for
from storykin.training.classpictures import ClassPicture, paint_anybody
from storykin.training.entries import base_identity, digest_of, read_entry, write_entry

if TYPE_CHECKING:
    from PIL import Image
    from torch import Tensor

    from storykin.recipe import Recipe
    from storykin.training.learner import Learner

__all__ = ["Example", "cache_of", "cache_root", "forget", "marks", "prepare", "stamp", "stamp_of"]

OnStep = Callable[[float, str], None]

FORM = 1
"""Raised when the same pixels or words would be cached otherwise, so that what an older Storykin made is not taken."""

LATENTS, MASK, WORDS = "latents", "mask", "words"
AT_ONCE = 8  # captions: so many are lost when a run is stopped
UNUSED = 90 * 24 * 3600
"""Seconds after which an entry that nobody used is removed, though its picture is still there: another base, perhaps."""


@dataclass(frozen=True)
class Example:
    """One picture at one resolution, ready to be learned; the paths are entries of the cache.

    `file` names it for people, `words` is its caption encoded, `told` the same with all that is fixed about the character (None where that is
    never said) and `wordless` the empty caption, `mask` None when all is learned.
    `bucket` is (width, height) in pixels, `weight` 1 or that of pictures of anybody (`prior`), `sizes` as in `Batch`.
    """

    file: str
    latents: Path
    words: Path
    wordless: Path
    mask: Path | None
    bucket: tuple[int, int]
    resolution: int
    weight: float = 1.0
    sizes: tuple[int, int, int, int] = (0, 0, 0, 0)
    prior: bool = False
    told: Path | None = None


@dataclass(frozen=True)
class _Source:
    """A picture before it is encoded."""

    file: str
    path: Path
    caption: str
    mask: Path | None = None
    weight: float = 1.0
    prior: bool = False
    told: str = ""


def quiet(share: float, words: str) -> None:
    """Says nothing."""


def prepare(
    folder: Path,
    dataset: Dataset,
    learner: Learner,
    recipe: Recipe,
    on_step: OnStep = quiet,
    prompts: Sequence[str] = (),
    traits: str = "",
) -> tuple[Example, ...]:
    """Every picture of a dataset (in the character's `folder`) at every resolution of the recipe, encoded; then those of anybody.

    A learner's encoders (see `encoders_of`) are called only for what is missing, one picture at a time, and are let go in any case.
    `prompts` are encoded as captions are, and the learner is told what they were made into, so that it can paint without encoders. `traits` is
    the character in words, for recipes that have them said (see `telling`).
    Raises `BadFile` for a picture, caption or mask that is gone or cannot be read, and when there is no room; `BadInput` for a
    cache among the photos, and for encoders that make no finite numbers.
    """
    home = _home(folder)
    prior = recipe.prior_weight > 0 and recipe.prior_pictures > 0
    anybody = paint_anybody(learner, recipe, dataset.class_words, on_step) if prior else ()
    sources = [*_of_dataset(folder, dataset, recipe, traits), *_of_anybody(anybody, recipe)]
    identity = encoders_of(learner, recipe)
    try:
        with torch.no_grad():
            said = (words for source in sources for words in (source.caption, source.told))
            captions = ("", *said, *prompts)
            words = _cache_words(home, captions, learner, identity, on_step)
            learner.release_encoders()  # a card of 8 GB has no room for text encoders and a VAE at work
            examples = _cache_pictures(home, sources, words, learner, identity, recipe, on_step)
    finally:
        learner.release_encoders()
    _sweep(home, examples, (words[one] for one in prompts))
    if prompts:
        learner.remember({one: _there(words[one]) for one in ("", *prompts)})
    on_step(1.0, f"{len(sources)} pictures are ready to be learned")
    return examples


def encoders_of(learner: Learner, recipe: Recipe) -> str:
    """What tells a learner's encoders from others, hashed: its `encoder_identity` (a string) or its base, and its `dtype`."""
    own = getattr(learner, "encoder_identity", "") or base_identity(recipe)
    return digest_of(own, getattr(learner, "dtype", ""))


def marks(dataset: Dataset, folder: Path, recipe: Recipe, traits: str = "") -> dict[str, str]:
    """For every picture of a dataset, by its file's name, a hash of all that a training sees of it: pixels, caption, the traits if they are
    said, and the mask if the recipe heeds it.

    Raises `BadFile` as `prepare` does.
    """
    found = {}
    for source in _of_dataset(folder, dataset, recipe, traits):
        mask = _digest(read_picture(source.mask, "L")) if source.mask else ""
        seen = (_digest(read_picture(source.path)), source.caption, mask, *filter(None, [source.told]))
        found[source.file] = digest_of(*seen)[:32]
    return found


def stamp(dataset: Dataset, folder: Path, recipe: Recipe, traits: str = "") -> str:
    """A hash of all that a training sees of a dataset: its `marks` in their order, and the class.

    Two datasets of the same stamp are learned alike. Raises `BadFile` as `prepare` does.
    """
    return stamp_of(dataset, marks(dataset, folder, recipe, traits))


def stamp_of(dataset: Dataset, seen: Mapping[str, str]) -> str:
    """The stamp of a dataset whose marks are known."""
    return digest_of(FORM, dataset.class_words, *seen.values())[:32]


def read_picture(path: Path, mode: str = "RGB") -> Image.Image:
    """A picture, upright, as RGB or grey ("L"). Raises `BadFile`."""
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as found:
            return ImageOps.exif_transpose(found).convert(mode)
    except (OSError, SyntaxError, ValueError) as error:  # Pillow says SyntaxError of a broken PNG
        raise BadFile(
            f"{path}: cannot be read as a picture: {getattr(error, 'strerror', None) or error}",
            "if its disk is unplugged, plug it in; else make the dataset anew with: storykin cast edit NAME --rebuild",
        ) from error


def telling(caption: str, dataset: Dataset, traits: str) -> str:
    """The caption with all that is fixed about the character in place of the class: "zvoqk, a 6-year-old girl with red hair, smiling".

    Only where trigger and class stand in it as `cast add` writes them: what a person worded otherwise stays as it is.
    """
    called = rf"(?<!\w){re.escape(f'{dataset.trigger}, {dataset.class_words}')}(?=[,.]|$)"
    told = f"{dataset.trigger}, {traits.rstrip(',')}"  # "a dog, brown with white spots," is a whole phrase
    return re.sub(called, lambda _: told, caption, count=1)


# --- what there is to encode -----------------------------------------------------------------------


def _home(folder: Path) -> Path:
    """The character's cache folder, made. Raises `BadInput` when it would lie among the photos."""
    home = cache_of(folder)
    if home.resolve().is_relative_to(folder.resolve()):
        raise BadInput(
            f"{cache_root()}: this cache would lie beside the photos of {folder}",
            "name a folder elsewhere in STORYKIN_CACHE, or leave it unset",
        )
    return make_private(home)


def _of_dataset(folder: Path, dataset: Dataset, recipe: Recipe, traits: str) -> list[_Source]:
    home, said = folder / "dataset", bool(traits) and recipe.traits > 0
    found = []
    for one in dataset.pictures:
        caption = caption_of(folder, one)
        mask = home / "masks" / one.mask if one.mask and recipe.masked else None
        told = telling(caption, dataset, traits) if said else ""
        found.append(_Source(one.file, home / one.file, caption, mask, told=told))
    return found


def _of_anybody(anybody: Sequence[ClassPicture], recipe: Recipe) -> list[_Source]:
    return [
        _Source(f"anybody {one.path.name}", one.path, one.prompt, None, recipe.prior_weight, True)
        for one in anybody
    ]


# --- encoding what is missing ----------------------------------------------------------------------


def _cache_words(
    home: Path, captions: Sequence[str], learner: Learner, identity: str, on_step: OnStep
) -> dict[str, Path]:
    """The entry of each caption."""
    captions = tuple(dict.fromkeys(captions))
    found = {one: _entry(home, WORDS, digest_of(one), identity) for one in captions}
    missing = [one for one in captions if read_entry(found[one]) is None]
    for start in range(0, len(missing), AT_ONCE):
        on_step(start / len(missing) / 2, f"reading {len(missing)} captions")
        chunk = missing[start : start + AT_ONCE]
        for caption, words in zip(chunk, learner.encode_captions(chunk), strict=True):
            _refuse_broken(words, f"the caption {caption!r}")
            write_entry(found[caption], words)
    return found


def _cache_pictures(
    home: Path,
    sources: Sequence[_Source],
    words: Mapping[str, Path],
    learner: Learner,
    identity: str,
    recipe: Recipe,
    on_step: OnStep,
) -> tuple[Example, ...]:
    found: list[Example] = []
    for number, source in enumerate(sources):
        on_step(0.5 + number / len(sources) / 2, f"looking at {source.file}")
        picture = read_picture(source.path)
        mask = read_picture(source.mask, "L") if source.mask else None
        marks = _digest(picture), _digest(mask) if mask else ""
        for resolution in recipe.resolutions:
            cut = _cut(picture, resolution, source)
            path = _entry(home, LATENTS, marks[0], cut, identity)
            latents = read_entry(path) or write_entry(path, _encode(learner, cut, picture, source))
            grid = latents[LATENTS].shape[-2:]
            masked = _cache_mask(home, marks[1], mask, picture.size, cut, grid) if mask else None
            said, unsaid, bucket = words[source.caption], words[""], (cut.width, cut.height)
            sizes = (picture.height, picture.width, cut.top, cut.left)
            found.append(
                Example(
                    source.file,
                    path,
                    said,
                    unsaid,
                    masked,
                    bucket,
                    resolution,
                    source.weight,
                    sizes,
                    source.prior,
                    words[source.told] if source.told else None,
                )
            )
    return tuple(found)


def _cut(picture: Image.Image, resolution: int, source: _Source) -> Cut:
    try:
        return cut_for(*picture.size, resolution)
    except BadInput as error:
        raise BadInput(f"{source.file}: {error.message}", error.hint) from None


def _encode(learner: Learner, cut: Cut, picture: Image.Image, source: _Source) -> dict[str, Tensor]:
    """The latents of one picture. Raises `BadInput` when they are no numbers: cached, they would spoil every training."""
    latents = learner.encode_pictures(cut.pixels(picture).unsqueeze(0))[0]
    _refuse_broken({LATENTS: latents}, source.file)
    return {LATENTS: latents}


def _refuse_broken(tensors: Mapping[str, Tensor], what: str) -> None:
    if not all(bool(torch.isfinite(one).all()) for one in tensors.values()):
        raise BadInput(
            f"{what}: what the base's encoders make of it are not finite numbers",
            "choose another base; SDXL's own VAE does this in half precision, its repaired versions do not",
        )


def _cache_mask(
    home: Path, mark: str, mask: Image.Image, size: tuple[int, int], cut: Cut, grid: Sequence[int]
) -> Path:
    rows, columns = grid
    path = _entry(home, MASK, mark, cut, size, rows, columns)
    if read_entry(path) is None:
        write_entry(path, {MASK: cut.learned(mask, size, rows, columns)})
    return path


# --- names of entries ------------------------------------------------------------------------------


def _digest(picture: Image.Image) -> str:
    """A hash of what a picture shows, whatever file it lies in."""
    return digest_of(picture.mode, picture.size, picture.tobytes())


def _entry(home: Path, kind: str, mark: str, *made: object) -> Path:
    """Where an entry lies: its name begins with a hash of the picture or caption, and ends with one of how it was made."""
    return home / f"{kind}-{mark[:24]}-{digest_of(FORM, mark, *made)[:32]}.safetensors"


def _there(path: Path) -> Mapping[str, Tensor]:
    """An entry that was made or found just now."""
    found = read_entry(path)
    if found is None:
        raise BadFile(f"{path}: this part of the cache is gone or damaged", "run the same command again")
    return found


def _sweep(home: Path, examples: Iterable[Example], besides: Iterable[Path] = ()) -> None:
    """Remove what was made from pictures, masks and captions that are not there any more, what was not used for long, and
    what a crash left half written."""
    used = {
        path
        for one in examples
        for path in (one.latents, one.words, one.told, one.wordless, one.mask)
        if path
    }
    used |= {*besides}
    known = {path.name.rpartition("-")[0] for path in used}
    now = time.time()
    for path in home.iterdir():
        age = now - path.stat().st_mtime
        half = path.suffix == ".part" and age < 3600  # another training may be writing it
        if half or path in used or (path.name.rpartition("-")[0] in known and age < UNUSED):
            continue
        path.unlink(missing_ok=True)
