"""Training: a training as it stands, on the disk; whole or not at all, and the one before it kept.

training/<family>/  checkpoints/000100.safetensors 000200.safetensors   adapters/000250.safetensors …   lock
A checkpoint is one safetensors file: tensors, and in its header JSON for all else. Nothing in it is ever executed.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from safetensors.torch import save as safetensors

from storykin import files
from storykin.errors import BadFile, BadInput
from storykin.recipe import Recipe
from storykin.training import trees
from storykin.training.history import AGAIN, HISTORY

if TYPE_CHECKING:
    from torch import Tensor

CHECKPOINTS, ADAPTERS, LOCK = "checkpoints", "adapters", "lock"
KEPT = 2
FREE = frozenset({"steps", "save_every", "look_every", "preview_steps", "streamed_blocks", "checkpointing"})
"""What may be changed between two halves of a training: none of it decides what a step learns."""
AFRESH = "or begin anew with --afresh (what has been learned so far is then forgotten)"
FORM = "1"


@dataclass(frozen=True)
class Progress:
    """How far a training is.

    `step` steps of the optimiser are done, `skipped` were left out because their loss or gradient was not finite; `bad` are the files
    of those left out in a row just now, `rollbacks` how often it went back to a checkpoint, each at half the rate before.
    `looks` are steps and scores, `stopped` whether the last of them said that it is enough, `lines` the length of the history.
    """

    step: int = 0
    skipped: int = 0
    bad: tuple[tuple[str, ...], ...] = ()
    rollbacks: int = 0
    looks: tuple[tuple[int, float | None], ...] = ()
    stopped: bool = False
    lines: int = 0


@dataclass(frozen=True)
class Head:
    """What a checkpoint says without its tensors: under which recipe and of which dataset (its stamp), and how far."""

    recipe: Recipe
    stamp: str
    progress: Progress


@dataclass(frozen=True)
class Checkpoint:
    """A training as it stood. `weights` and `average` (empty without EMA) by the names of `Learner.prepare`; `rest` is all else as a tree
    of dicts and lists with tensors in it: the optimiser's state, what chance and the order of the pictures were."""

    head: Head
    weights: Mapping[str, Tensor]
    average: Mapping[str, Tensor] = field(default_factory=dict)
    rest: Mapping[str, Any] = field(default_factory=dict)


def save(folder: Path, checkpoint: Checkpoint) -> Path:
    """Write a checkpoint in one stroke, then let all but it and the one before go. Raises `BadFile`; what was there is then unchanged."""
    tensors: dict[str, Tensor] = {}
    content = asdict(checkpoint.head) | {
        part: trees.pack(getattr(checkpoint, part), f"{part}/", tensors)
        for part in ("weights", "average", "rest")
    }
    text = json.dumps(content)
    header = {"storykin": text, "form": FORM, "check": _check(text, tensors)}
    path = _write(folder / CHECKPOINTS / _name(checkpoint.head.progress.step), tensors, header)
    for old in _newest_first(folder)[KEPT:]:
        old.unlink(missing_ok=True)
    _sweep(folder)
    return path


class Damaged(BadFile):
    """A checkpoint that is cut off or has a bit flipped."""


def load(path: Path) -> Checkpoint:
    """A checkpoint with its tensors on the CPU. Raises `Damaged`, and `BadFile` for what another version wrote."""
    try:
        with safe_open(path, "pt") as file:
            header = file.metadata() or {}
        tensors = load_file(path)
    except (SafetensorError, OSError) as error:
        raise Damaged(f"{path}: cannot be read: {error}", AFRESH.removeprefix("or ")) from error
    if header.get("form") != FORM:
        raise BadFile(
            f"{path}: is not a checkpoint of this version of Storykin",
            f"go on with the version that wrote it, {AFRESH}",
        )
    text = header.get("storykin", "")
    if header.get("check") != _check(text, tensors):
        raise Damaged(f"{path}: is damaged: its checksum is another", AFRESH.removeprefix("or "))
    content = json.loads(text)
    weights, average, rest = (
        trees.unpack(content.pop(part), tensors) for part in ("weights", "average", "rest")
    )
    return Checkpoint(files.value_of(content, Head, str(path)), weights, average, rest)


def latest(folder: Path) -> Checkpoint | None:
    """The newest checkpoint that can be read, None when there has been none. Damaged ones are put aside as `.damaged`.

    Raises `BadFile` when there are checkpoints and all are damaged, and for one of another version.
    """
    found = _newest_first(folder)
    for path in found:
        try:
            return load(path)
        except Damaged:
            with suppress(OSError):
                path.replace(path.with_suffix(".damaged"))
    if found:
        raise BadFile(
            f"{found[0].parent}: none of the {len(found)} checkpoints can be read",
            "put back a copy of them, if there is one, or begin anew with --afresh",
        )
    return None


def standing(folder: Path) -> Head | None:
    """What the newest checkpoint says, at once and without its tensors; None when there is none that can be read."""
    for path in _newest_first(folder):
        with suppress(SafetensorError, OSError, KeyError, ValueError, BadFile), safe_open(path, "pt") as file:
            content = json.loads(file.metadata()["storykin"])
            return files.value_of({one.name: content[one.name] for one in fields(Head)}, Head, str(path))
    return None


def refuse_changes(head: Head, recipe: Recipe, stamp: str, allowed: Collection[str] = ()) -> None:
    """Raises `BadInput` that names what is not as it was when the training began: fields of the recipe, or the dataset.

    Fields in `FREE` and `allowed` may differ (a training that goes down a rung of the ladder of memory allows those of that rung).
    """
    if changed := changes(head.recipe, recipe).keys() - FREE - set(allowed):
        told = [
            f"{name} was {getattr(head.recipe, name)!r} and is {getattr(recipe, name)!r}"
            for name in sorted(changed)
        ]
        raise BadInput(
            f"the recipe has changed since step {head.progress.step} of this training: {'; '.join(told)}",
            f"set {', '.join(sorted(changed))} back and go on, {AFRESH}",
        )
    if stamp != head.stamp:
        raise BadInput(
            f"the dataset has changed since step {head.progress.step} of this training: "
            f"its stamp was {head.stamp!r} and is {stamp!r}",
            f"undo what was changed in the pictures, captions or masks and go on, {AFRESH}",
        )


def changes(old: Recipe, new: Recipe) -> dict[str, Any]:
    """The fields of a recipe that another one has differently, with the other's values."""
    return {
        one.name: getattr(new, one.name)
        for one in fields(Recipe)
        if getattr(old, one.name) != getattr(new, one.name)
    }


def refuse_other_layers(found: Mapping[str, Tensor], parameters: Mapping[str, Tensor], folder: Path) -> None:
    """Raises `BadFile` that names the first layer that is not the same in a checkpoint and in the net."""
    here = {name: tuple(one.shape) for name, one in parameters.items()}
    there = {name: tuple(one.shape) for name, one in found.items()}
    for name in sorted(here.keys() | there.keys()):
        if here.get(name) != there.get(name):
            raise BadFile(
                f"{folder}: the checkpoint is of another model: it has {name} {there.get(name, 'not at all')}, "
                f"the base asks for {here.get(name, 'no such layer')}",
                f"choose the base that this training began with, {AFRESH}",
            )


def keep_adapter(folder: Path, step: int, state: Mapping[str, Tensor]) -> Path:
    """Keep the adapter of a look, for ever: the best is chosen at the end. Raises `BadFile`."""
    tensors = {name: value.detach().cpu().contiguous() for name, value in state.items()}
    return _write(folder / ADAPTERS / _name(step), tensors, {})


def kept_adapter(folder: Path, step: int) -> dict[str, Tensor]:
    """The adapter of a look, by the names of `Learner.prepare`, on the CPU. Raises `BadFile`."""
    path = folder / ADAPTERS / _name(step)
    try:
        return dict(load_file(path))
    except (SafetensorError, OSError) as error:
        raise BadFile(
            f"{path}: cannot be read: {error}",
            "choose the adapter of another look, or train again with --afresh",
        ) from error


def forget(folder: Path) -> None:
    """Remove all that a training wrote for itself, so that the next begins anew: `--afresh`."""
    for part in (CHECKPOINTS, ADAPTERS):
        for path in (folder / part).glob("*"):
            path.unlink()
    (folder / HISTORY).unlink(missing_ok=True)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder for this process; a killed one holds nothing. Raises `BadInput` when another is at work in it, `BadFile`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / LOCK).open("ab")
    except OSError as error:
        raise BadFile(
            f"{folder}: cannot be written: {error.strerror}", "check that the disk is there and not full"
        ) from error
    with file:
        try:
            _lock(file.fileno())
        except OSError:
            raise BadInput(
                f"{folder}: another training is at work here", "wait until it is done, or stop it first"
            ) from None
        yield


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _name(step: int) -> str:
    return f"{step:06d}.safetensors"


def _newest_first(folder: Path) -> list[Path]:
    return sorted((folder / CHECKPOINTS).glob("*.safetensors"), reverse=True)


def _write(path: Path, tensors: dict[str, Tensor], header: dict[str, str]) -> Path:
    try:
        return files.write_bytes(path, safetensors(tensors, header))
    except BadFile as error:
        raise BadFile(error.message, AGAIN) from error


def _sweep(folder: Path) -> None:
    """Remove what a killed process left half-written."""
    for part in (".", CHECKPOINTS, ADAPTERS):
        for path in (folder / part).glob(".*.part"):
            path.unlink(missing_ok=True)


def _check(text: str, tensors: Mapping[str, Tensor]) -> str:
    """A checksum of all that a checkpoint says: safetensors alone notices a cut-off file, but not a flipped bit."""
    import torch

    found = zlib.crc32(text.encode())
    for name in sorted(tensors):
        found = zlib.crc32(tensors[name].reshape(-1).view(torch.uint8).numpy().data, found)
    return f"{found:08x}"
