"""Training: previews at fixed steps, painted with the same prompts and seeds each time, scored and written down.

training/<family>/  looks.json  looks/<step>/00.png 01.png …   (step 0 is the base without the adapter: the floor)
What a score is worth is decided in `scoring.py`; knows no family of models.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import compress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from storykin import files
from storykin.character import PEOPLE
from storykin.dataset import Dataset
from storykin.errors import BadFile, BadInput
from storykin.training.scoring import (
    PATIENCE,
    Bounds,
    Look,
    Looked,
    Scorer,
    diversity_of,
    mean_of,
    past_peak,
    telling,
    weigh,
)

if TYPE_CHECKING:
    from PIL import Image
    from torch import Tensor

LOOKS, PICTURES = "looks.json", "looks"
SEED = 1234
PAINTING_STEPS = 20
LEAST, MOST = 4, 6

ILLUSTRATION = "picture book"
PERSON = (
    ("close-up", "close-up portrait, smiling, wearing a red knitted jumper, in a sunny garden"),
    ("in the rain", "seen from the waist up, laughing, wearing a yellow raincoat, on a village street in the rain"),
    ("meadow", "full body, wearing blue dungarees, standing in a meadow of flowers"),
    (ILLUSTRATION, "watercolour illustration for a picture book, full body, dressed as a pirate, on the deck of a ship"),
    ("bedtime", "seen from the waist up, wearing striped pyjamas, reading a book in bed by lamplight"),
    ("snow", "close-up portrait, surprised, wearing a woolly hat and a scarf, in falling snow"),
)  # fmt: skip
CREATURE = (
    ("close-up", "close-up portrait, in a sunny garden"),
    ("beach", "full body, on a sandy beach beside a bucket and a spade"),
    ("snow", "full body, in fresh snow beside a small fir tree"),
    (ILLUSTRATION, "watercolour illustration for a picture book, full body, sailing in a small wooden boat"),
    ("armchair", "on a blue armchair by a window, lamplight"),
    ("in the rain", "from the side, on a village street in the rain"),
)
ANYBODY = (
    ("anybody, close", "close-up portrait, in a sunny garden"),
    ("anybody, far", "full body, on a playground"),
)


@dataclass(frozen=True)
class Preview:
    """One picture of every look: its prompt and seed, and what the report calls it.

    `trigger` is whether the prompt calls the character; without, anybody of the class should come. `judged` is false for pictures in
    which a measure made for photos finds nothing to compare.
    """

    title: str
    prompt: str
    seed: int
    trigger: bool = True
    judged: bool = True


@dataclass(frozen=True)
class Looks:
    """All looks of a training as `looks.json` holds them.

    `key` is a hash of everything that decides them but the weights, `scorer` the name of the measure, `held_out` the files that
    were compared with, relative to the character's folder where they lie in it.
    """

    key: str
    scorer: str
    previews: tuple[Preview, ...]
    held_out: tuple[str, ...] = ()
    bounds: Bounds = field(default_factory=Bounds)
    looks: tuple[Look, ...] = ()


class Paints(Protocol):
    """The part of a `Learner` that looks need."""

    def paint(
        self, prompts: Sequence[str], seed: int, width: int, height: int, steps: int
    ) -> list[Image.Image]:
        """One picture for each prompt with the adapter as it is now, the n-th from the seed + n."""


Reader = Callable[[Sequence["Image.Image"], Sequence[str]], list[float | None]]
"""How well each picture follows its prompt, 0 … 1; None where it cannot be told."""


def prompts(trigger: str, class_words: str, count: int = 5) -> tuple[Preview, ...]:
    """`count` previews (4 to 6) with the trigger, of several framings, clothes and places, and two of anybody of the class.

    Worded like the captions that were learned. One is a book's illustration: for people to see, not judged.
    Raises `BadInput` for another count.
    """
    if not LEAST <= count <= MOST:
        raise BadInput(f"{count} previews at a look", f"choose {LEAST} to {MOST}")
    person = not {*PEOPLE, "person"}.isdisjoint(class_words.lower().split())
    called = [
        (title, f"{trigger}, {class_words}, {words}")
        for title, words in (PERSON if person else CREATURE)[:count]
    ]
    anybody = [(title, f"{class_words}, {words}") for title, words in ANYBODY]
    return tuple(
        Preview(title, prompt, SEED + number, trigger=number < count, judged=title != ILLUSTRATION)
        for number, (title, prompt) in enumerate([*called, *anybody])
    )


def judging_photos(folder: Path, aside: Dataset) -> tuple[Path, ...]:
    """The files of a character's folder to compare with: of each photo kept aside one picture, the first.

    Two pictures cut from one photo are more alike than two photos ever are, and would put the ceiling too high.
    """
    first = {one.photo or one.file: one.file for one in reversed(aside.pictures)}
    return tuple(folder / "dataset" / file for file in sorted(first.values()))


def read_looks(folder: Path) -> Looks | None:
    """The looks of a training's folder (`cast/sasha/training/flux-dev`), None when there are none. Raises `BadFile`."""
    path = folder / LOOKS
    return files.read_json(path, Looks) if path.exists() else None


def forget(folder: Path) -> None:
    """Forget the looks of a training, so that the next begins anew."""
    shutil.rmtree(folder / PICTURES, ignore_errors=True)
    (folder / LOOKS).unlink(missing_ok=True)


def picture_path(folder: Path, step: int, number: int) -> Path:
    """Where the preview `number` of a step lies."""
    return folder / PICTURES / f"{step:06d}" / f"{number:02d}.png"


@dataclass
class Looker:
    """Looks at an adapter when the loop asks: paints the previews, scores them against the held-out photos, writes them down.

    `parameters` are the adapter's in the net that `learner` paints with; they wear the loop's state while it paints and get their
    own values back. `folder` is the training's own, `held_out` the photos kept aside. `width`, `height` and `steps` are those of a
    preview. `run` is anything else that makes a training another one: looks of another run are forgotten. `reader` tells how well
    prompts are followed, if anybody can. The first look also paints the base without the adapter.
    """

    learner: Paints
    parameters: Mapping[str, Tensor]
    folder: Path
    previews: tuple[Preview, ...]
    held_out: tuple[Path, ...]
    scorer: Scorer
    width: int = 512
    height: int = 512
    steps: int = PAINTING_STEPS
    patience: int = PATIENCE
    run: str = ""
    reader: Reader | None = None
    looks: Looks = field(init=False)
    _photos: list[Image.Image] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._photos = opened(self.held_out)
        key = self._key(self.scorer.name)
        found = read_looks(self.folder)
        if found is not None and found.scorer != self.scorer.name and found.key == self._key(found.scorer):
            found = self._scored_anew(found)
            self._keep(found)
        if found is None or found.key != key:
            shutil.rmtree(self.folder / PICTURES, ignore_errors=True)
            home = self.folder.parent.parent
            names = [path.relative_to(home) if path.is_relative_to(home) else path for path in self.held_out]
            found = Looks(key, self.scorer.name, self.previews, tuple(name.as_posix() for name in names))
            self._keep(found)
        self.looks = found

    @property
    def words(self) -> tuple[str, ...]:
        """All prompts, so that they can be encoded while the encoders are there."""
        return tuple(preview.prompt for preview in self.previews)

    def __call__(self, step: int, state: Mapping[str, Tensor]) -> Looked:
        """Look at the adapter of that state. A look that is there already, by the same weights, is not painted again;
        by others (the training went back), it and all later ones give way."""
        if not self._there(self._at(0)):
            self._look_at_base()
        weights = fingerprint(state) if step else ""
        look = self._at(step)
        if look is None or look.weights != weights or not self._there(look):
            earlier = tuple(one for one in self.looks.looks if one.step < step)
            look = weigh(self._seen(step, state, weights), self.looks.bounds)
            self._keep(replace(self.looks, looks=(*earlier, look)))
        so_far = [one for one in self.looks.looks if one.step <= step]
        over = past_peak(so_far, self.patience) and telling(self.looks.bounds)
        return Looked(look.score, over)

    def _scored_anew(self, found: Looks) -> Looks:
        """The same pictures by the measure of today; the first that is gone or damaged is painted again, and all after it."""
        bounds, scored = Bounds(), list[Look]()
        for look in found.looks:
            paths = [picture_path(self.folder, look.step, number) for number in range(len(self.previews))]
            try:
                pictures = opened(paths)
            except BadFile:
                break
            again = self._measured(look.step, pictures, look.weights)
            bounds = self._bounds(again) if look.step == 0 else bounds
            scored.append(weigh(again, bounds))
        name = self.scorer.name
        return replace(found, key=self._key(name), scorer=name, bounds=bounds, looks=tuple(scored))

    def _look_at_base(self) -> None:
        """Paint with an adapter that does nothing, and know floor and ceiling."""
        import torch

        nothing = {name: torch.zeros_like(value) for name, value in self.parameters.items()}
        look = self._seen(0, nothing, "")
        bounds = self._bounds(look)
        later = tuple(weigh(one, bounds) for one in self.looks.looks if one.step > 0)
        self._keep(replace(self.looks, bounds=bounds, looks=(weigh(look, bounds), *later)))

    def _bounds(self, base: Look) -> Bounds:
        return Bounds(base.likeness, self._ceiling(), base.leakage, base.diversity, base.adherence)

    def _ceiling(self) -> float | None:
        """How alike the held-out photos are: the mean of each against all others."""
        found = [
            self.scorer.likeness([photo], [*self._photos[:number], *self._photos[number + 1 :]])[0]
            for number, photo in enumerate(self._photos)
        ]
        return mean_of(found)[0] if len(found) > 1 else None

    def _seen(self, step: int, state: Mapping[str, Tensor], weights: str) -> Look:
        """Paint, keep and measure the previews of a state; the look is not weighed yet."""
        with wearing(self.parameters, state):
            pictures = self.learner.paint(
                self.words, self.previews[0].seed, self.width, self.height, self.steps
            )
        for number, picture in enumerate(pictures):
            files.write_bytes(picture_path(self.folder, step, number), _png(picture))
        return self._measured(step, pictures, weights)

    def _measured(self, step: int, pictures: Sequence[Image.Image], weights: str) -> Look:
        """What previews are like; the look is not weighed yet."""
        each = self.scorer.likeness(pictures, self._photos)
        judged = [one.trigger and one.judged for one in self.previews]
        called = [one.trigger for one in self.previews]
        likeness, error, seen = mean_of(list(compress(each, judged)))
        read = self.reader(pictures, self.words) if self.reader else []
        return Look(
            step,
            likeness,
            leakage=mean_of([one for one, yes in zip(each, called, strict=True) if not yes])[0],
            adherence=mean_of(read)[0],
            diversity=diversity_of(list(compress(pictures, called))),
            error=error,
            seen=seen,
            each=tuple(each),
            weights=weights,
        )

    def _at(self, step: int) -> Look | None:
        return next((look for look in self.looks.looks if look.step == step), None)

    def _there(self, look: Look | None) -> bool:
        return look is not None and all(
            picture_path(self.folder, look.step, number).exists() for number in range(len(self.previews))
        )

    def _keep(self, looks: Looks) -> None:
        self.looks = looks
        files.write_json(self.folder / LOOKS, looks)

    def _key(self, scorer: str) -> str:
        photos = [hashlib.blake2b(photo.tobytes(), digest_size=8).hexdigest() for photo in self._photos]
        shown = (self.width, self.height, self.steps, scorer, self.reader is not None, self.run)
        decides = json.dumps([files.plain(self.previews), photos, shown])
        return hashlib.blake2b(decides.encode(), digest_size=8).hexdigest()


def fingerprint(state: Mapping[str, Tensor]) -> str:
    """A hash of an adapter's values and their names: equal only for equal weights."""
    import torch

    found = hashlib.blake2b(digest_size=8)
    for name in sorted(state):
        found.update(name.encode())
        found.update(state[name].detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().data)
    return found.hexdigest()


@contextmanager
def wearing(parameters: Mapping[str, Tensor], state: Mapping[str, Tensor]) -> Iterator[None]:
    """Let the net wear the values of `state`, and give it back its own and the world its random numbers afterwards."""
    import torch

    own = {
        name: value.detach().cpu().clone() for name, value in parameters.items()
    }  # a card has no room to spare
    cards = [torch.cuda.current_device()] if torch.cuda.is_available() else []
    with torch.random.fork_rng(devices=cards):
        try:
            _put(parameters, state)
            yield
        finally:
            _put(parameters, own)


def _put(parameters: Mapping[str, Tensor], state: Mapping[str, Tensor]) -> None:
    import torch

    if missing := parameters.keys() ^ state.keys():
        raise BadInput(
            f"the adapter to look at and the net do not have the same layers: {min(missing)}",
            "this is a mistake in Storykin; please report it with the family of the base",
        )
    with torch.no_grad():
        for name, value in parameters.items():
            value.copy_(state[name])


def opened(paths: Sequence[Path]) -> list[Image.Image]:
    """Photos kept aside, upright. Raises `BadFile`."""
    return [_opened(path) for path in paths]


def _opened(path: Path) -> Image.Image:
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as found:
            return ImageOps.exif_transpose(found).convert("RGB")
    except OSError as error:
        raise BadFile(
            f"{path}: a held-out photo cannot be read: {error}",
            "make the dataset anew with: storykin cast edit NAME --rebuild",
        ) from error


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
