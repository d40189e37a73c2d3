"""Critics: whether a picture belongs into a book for small children, by a local classifier of nudity and, where a net for words is here, by a contest of words against
fright and violence. Nothing is sent anywhere; "not read" without weights.

Half a reading may stop a picture and never let one pass: who saw only one of the two says what was not looked for.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storykin.critics import Question, Reading, Thing
from storykin.errors import BadFile, BadInput, Cancelled, StorykinError
from storykin.models import loading, seeing

if TYPE_CHECKING:
    from PIL.Image import Image

    from storykin.models.seeing import Eyes

VERSION = 1


@dataclass(frozen=True)
class Classifier:
    """A classifier of nudity by its usual weights: `repository` on the model hub, about `gib` to load down, the weights' `licence`, and a package it needs besides."""

    name: str
    repository: str
    gib: float
    licence: str
    needs: str = ""


CLASSIFIERS = {
    one.name: one
    for one in (
        Classifier("safety-freepik", "Freepik/nsfw_image_detector", 0.35, "MIT", needs="timm"),
        Classifier("safety", "AdamCodd/vit-base-nsfw-detector", 0.35, "Apache-2.0"),
        Classifier("safety-falconsai", "Falconsai/nsfw_image_detection", 0.35, "Apache-2.0"),
    )
}
"""By the names that `storykin fetch` knows; the first that is here is preferred. By Freepik's own count (its model card) they find 98, 90 and 31 of 100 pictures
that are only a little indecent, and take 0.1, 1.6 and 0.7 of 100 decent ones for it. The first needs timm, which no extra of Storykin installs."""

DECENT = frozenset({"normal", "sfw", "safe", "neutral", "drawings"})
"""Labels of classifiers that stand for a picture without nudity; all others count against it."""

UNSUITABLE = (
    "blood and gore", "a wounded person covered in blood", "a dead body", "a skeleton in a grave", "a person pointing a gun", "a person attacked with a knife",
    "people beating each other", "torture", "a hanged person", "a person hurting himself", "a frightening demon with bloody teeth", "a terrifying screaming face",
    "a deformed body with missing limbs", "a naked person", "a person in underwear", "people having sex", "a person smoking a cigarette", "people drinking alcohol",
    "drugs and needles", "a hate symbol", "an insect swarm crawling out of a mouth",
)  # fmt: skip
SUITABLE = (
    "a child playing", "a family at home", "friends having fun", "a smiling child", "a sad child", "a sleeping child", "a person in a warm coat", "a child in a swimming suit at the beach",
    "an animal", "a pet dog", "a dinosaur", "a friendly dragon", "a friendly monster", "a ghost in a sheet", "a pirate with a toy sword", "a knight in armour",
    "a wizard with a wand", "a doctor bandaging a puppy", "a red dress", "strawberry jam on a table", "a birthday party", "a meal on a table", "a toy", "a machine", "a car",
    "a house", "a room", "a garden", "a forest at night", "a storm at sea", "outer space", "a landscape", "an empty picture", "a pattern", "a book cover",
)  # fmt: skip
"""What stands for all that children's books are full of, a red dress and a pirate too, so that red is not blood and a sword no crime."""
STYLES = ("a picture of {}", "an illustration of {} in a picture book", "a photo of {}")

WIDE = 1.5  # width by height from which on the halves are looked at besides: a net sees a square


class SafetyReader:
    """Scores "safety": 1 less the likelier of nudity and fright.

    A gate for children must be stricter than the usual half: that is where a moderator is as often wrong on one side as on the other, and here a good picture
    that is painted again costs a minute, and a bad one that is printed costs trust (`scene.safety`). `given` is a classifier (a name of `CLASSIFIERS`, a folder,
    owner/model), `words` a net for words as `seeing.find` takes it; "" for the best that is here.
    """

    name = "safety"
    reads: frozenset[Thing] = frozenset({"safety"})

    def __init__(self, given: str = "", words: str = "") -> None:
        self._given, self._words = given, words
        self._net: _Net | None = None
        self._eyes: Eyes | None = None
        self._told: Any = None

    @property
    def licence(self) -> str:
        """That of the classifier's weights."""
        folder = self._classifier()
        return licence_of(folder) if folder else ""

    @property
    def revision(self) -> str:
        """Changes with either net and with the words of the contest."""
        marks = [seeing.fingerprint(one) if one else "" for one in (self._classifier(), self._contest())]
        return f"{VERSION} {' '.join(marks)}".strip()

    def unready(self) -> str:
        """Which classifier is missing and how to get it; "" when one is here, or a net for words that could at least stop a picture."""
        try:
            find(self._given)
        except StorykinError as error:
            return "" if self._contest() else f"{error.message}: {error.hint}"
        return ""

    def read(self, picture: Image, question: Question) -> Reading:
        """The score of an RGB picture. Raises `BadFile` for a net that cannot be read."""
        views = views_of(picture)
        scores, unread = [], {}
        classifier, contest = self._classifier(), self._contest()
        if classifier:
            self._net = self._net or _Net(classifier)
            scores.append(1 - max(self._net.indecent(views)))
        else:
            unread["safety"] = f"nudity was not looked for: {self._absent()}"
        if contest:
            scores.append(1 - max(self._fright(contest, views)))
        else:
            unread["fright"] = (
                "violence and fright were not looked for: load a net for words down with: storykin fetch siglip2"
            )
        if not scores:
            return Reading(unread={"safety": self._absent()})
        score = round(min(scores), 4)
        if not classifier and score >= 0.5:  # what only half was looked for does not pass
            return Reading(unread=unread)
        if not classifier:
            del unread["safety"]
        return Reading(scores={"safety": score}, read={"safety": self.name}, unread=unread)

    def close(self) -> None:
        """Give memory back."""
        self._net = self._eyes = self._told = None

    def _fright(self, folder: Path, views: Sequence[Image]) -> list[float]:
        """How likely each view rather shows one of `UNSUITABLE` than of `SUITABLE`, 0 to 1 (softmax over all, by the net's own scale)."""
        import numpy as np

        if self._eyes is None:
            self._eyes = seeing.Eyes(folder)
        if self._told is None:
            texts = [style.format(text) for text in (*UNSUITABLE, *SUITABLE) for style in STYLES]
            rows = self._eyes.words(texts).reshape(len(texts) // len(STYLES), len(STYLES), -1).mean(1)
            self._told = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        match = self._eyes.scale * (self._eyes.pictures(views) @ self._told.T)
        weight = np.exp(match - match.max(1, keepdims=True))
        return [float(row[: len(UNSUITABLE)].sum() / row.sum()) for row in weight]

    def _classifier(self) -> Path | None:
        try:
            return find(self._given)
        except StorykinError:
            return None

    def _contest(self) -> Path | None:
        try:
            return seeing.find("words", self._words)
        except StorykinError:
            return None

    def _absent(self) -> str:
        try:
            find(self._given)
        except StorykinError as error:
            return f"{error.message}: {error.hint}"
        return ""


def views_of(picture: Image) -> tuple[Image, ...]:
    """The picture, and the two halves of a spread, in each of which somebody may be small."""
    wide, high = picture.size
    if wide < WIDE * high:
        return (picture,)
    return picture, picture.crop((0, 0, wide // 2, high)), picture.crop((wide // 2, 0, wide, high))


# --- nets -----------------------------------------------------------------------------------------


class _Net:
    """A classifier at work on the CPU."""

    def __init__(self, folder: Path) -> None:
        import torch

        self._side, self._mean, self._spread = _sight_of(folder)
        try:
            transformers: Any = importlib.import_module("transformers")
            with loading.silence():
                net = transformers.AutoModelForImageClassification.from_pretrained(
                    str(folder), local_files_only=True, use_safetensors=True, dtype=torch.float32
                )
        except Exception as error:
            if isinstance(error, MemoryError):
                raise
            said = next(iter(str(error).strip().splitlines()), type(error).__name__)
            raise BadFile(f"{folder}: cannot be loaded: {said}", "load it down anew") from error
        self._net = net.eval().requires_grad_(False)
        labels = {int(number): str(label).lower() for number, label in net.config.id2label.items()}
        self._decent = [number for number, label in labels.items() if label in DECENT]
        if not self._decent or len(self._decent) == len(labels):
            raise BadFile(
                f"{folder}: its labels say nothing of nudity: {', '.join(labels.values())}",
                f"take one of: {', '.join(CLASSIFIERS)}",
            )

    def indecent(self, pictures: Sequence[Image]) -> list[float]:
        """How likely each is not decent, 0 to 1."""
        import numpy as np
        import torch

        rows = []
        for one in pictures:
            small = one.convert("RGB").resize((self._side, self._side), 3, reducing_gap=3.0)
            rows.append((np.asarray(small, np.float32).transpose(2, 0, 1) / 255 - self._mean) / self._spread)
        with torch.inference_mode():
            chances = self._net(pixel_values=torch.from_numpy(np.stack(rows))).logits.softmax(-1)
        return [1 - float(row[self._decent].sum()) for row in chances]


def _sight_of(folder: Path) -> tuple[int, Any, Any]:
    """The side in pixels of what the net sees, mean and spread of its colours; those of timm stand in the settings."""
    import numpy as np

    own = loading.read_json(folder / seeing.SETTINGS).get("pretrained_cfg")
    if isinstance(own, dict) and "input_size" in own:
        mean, spread = (np.array(own.get(name) or (0.5, 0.5, 0.5), np.float32).reshape(3, 1, 1) for name in ("mean", "std"))  # fmt: skip
        return int(own["input_size"][-1]), mean, spread
    return seeing.sight_of(folder)


def find(given: str = "") -> Path:
    """The folder of a classifier: of a name of `CLASSIFIERS`, a folder, `owner/model` in the hub's cache, or, for "", the first of `CLASSIFIERS` that is here.

    Raises `BadFile` and `BadInput`, also for what would have to be loaded down first.
    """
    if not all(find_spec(name) for name in ("torch", "transformers")):
        raise BadInput("looking for nudity needs torch and transformers", "pip install 'storykin[paint]'")
    usual = CLASSIFIERS["safety"]
    if not given:
        usable = [one for one in CLASSIFIERS.values() if not one.needs or find_spec(one.needs)]
        found = next((folder for one in usable if (folder := _cached(one.repository))), None)
        if found is None:
            raise _absent(usual)
        return found
    known = CLASSIFIERS.get(given)
    name = known.repository if known else given
    path = loading.path_of(name)
    if path.is_dir():
        if lacks := _lacking(path):
            raise BadFile(f"{path}: there is no {lacks}", "give the folder of a classifier in the layout of transformers")  # fmt: skip
        return path
    if known and known.needs and not find_spec(known.needs):
        raise BadInput(f"{given} needs {known.needs}, which is not installed", f"pip install {known.needs}")
    if loading.on_hub(name) and (found := _cached(name)):
        return found
    if known:
        raise _absent(known)
    raise BadInput(
        f"{given}: there is no such classifier on this machine",
        f"give its folder, or choose one of: {', '.join(CLASSIFIERS)}",
    )


def licence_of(folder: Path) -> str:
    """The licence of a classifier's weights, as far as they are those of `CLASSIFIERS`."""
    names = {f"models--{one.repository.replace('/', '--')}": one.licence for one in CLASSIFIERS.values()}
    return next((names[part] for part in folder.parts if part in names), "that of its makers")


def fetch(name: str, on_step: Callable[[float, str], None]) -> bool:
    """Load one of `CLASSIFIERS` down; False when it was here already. Raises `BadInput`."""
    wanted = CLASSIFIERS[name]
    if _cached(wanted.repository):
        on_step(1.0, f"{name} is here")
        return False
    try:
        hub: Any = importlib.import_module("huggingface_hub")
        names = seeing.wanted_of(hub.HfApi().list_repo_files(wanted.repository))
        for number, one in enumerate(names):
            on_step(number / len(names), f"loading {one} of {wanted.repository} down")
            hub.hf_hub_download(wanted.repository, one)
    except Cancelled:
        raise
    except Exception as error:
        said = next(iter(str(error).strip().splitlines()), type(error).__name__)
        raise BadInput(
            f"{wanted.repository}: the model hub cannot be reached: {said}",
            "connect to the internet and try again; what is there already is kept",
        ) from error
    if _cached(wanted.repository) is None:
        raise BadInput(
            f"{wanted.repository}: has no .safetensors on the model hub",
            "pickles can run code when they are read",
        )
    on_step(1.0, f"{name} is here")
    return True


def _lacking(folder: Path) -> str:
    if not (folder / seeing.SETTINGS).is_file():
        return seeing.SETTINGS
    timm = "pretrained_cfg" in loading.read_json(folder / seeing.SETTINGS)
    if not timm and not any((folder / name).is_file() for name in seeing.SIGHT):
        return seeing.SIGHT[0]
    return "" if loading.weights_in(folder) else "*.safetensors"


def _cached(name: str) -> Path | None:
    try:
        from huggingface_hub import try_to_load_from_cache
    except ImportError:
        return None
    found = try_to_load_from_cache(name, seeing.SETTINGS)
    folder = Path(found).parent if isinstance(found, str) else None
    return folder if folder and not _lacking(folder) else None


def _absent(one: Classifier) -> BadInput:
    return BadInput(
        f"the classifier {one.repository} is not on this machine (about {one.gib:.2g} GB, licence: {one.licence})",
        f"load it down with: storykin fetch {one.name}",
    )
