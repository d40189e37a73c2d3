"""Checkpoints: what comes back is what was written, in one stroke; what is damaged is noticed; a full disk is told."""

import errno
import json
import os
import random
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from torch import Tensor

from storykin.errors import BadFile, BadInput
from storykin.training import checkpoint, trees
from storykin.training.chance import now, restore, seeded
from storykin.training.checkpoint import Checkpoint, Head, Progress
from storykin.training.history import HISTORY, History, read_history
from tests.training.toy import toy_recipe, toy_train


def made(step: int = 4, **rest: Any) -> Checkpoint:
    progress = Progress(step, 1, (("a.png", "b.png"),), 1, ((2, 0.1 + 0.2), (4, None)), lines=7)
    weights = {"z": torch.randn(3, 2), "a": torch.randn(4)}
    average = {name: one / 3 for name, one in weights.items()}
    return Checkpoint(Head(toy_recipe(), "stamp", progress), weights, average, rest)


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "checkpoints").iterdir())


def equal(one: Any, other: Any) -> bool:
    """The same tree, its types and the bits of its tensors too."""
    if isinstance(one, Tensor):
        return isinstance(other, Tensor) and one.dtype == other.dtype and torch.equal(one, other)
    if isinstance(one, dict):
        return list(one) == list(other) and all(equal(item, other[key]) for key, item in one.items())
    if isinstance(one, list | tuple):
        return type(one) is type(other) and len(one) == len(other) and all(map(equal, one, other))
    return type(one) is type(other) and one == other


# --- trees ---


def test_a_tree_comes_back_as_it_was() -> None:
    shared = torch.arange(6.0)
    tree = {
        "state": {0: {"step": torch.tensor(3.0), "one": shared[:3], "two": shared[1:4], "eight": torch.ones(2, dtype=torch.uint8)}},
        "half": torch.ones(2, dtype=torch.bfloat16),
        "groups": [{"betas": (0.9, 0.1 + 0.2), "most": float("inf"), "on": True, "none": None, "name": "ä$tensor"}],
        "python": random.Random(3).getstate(),
        "large": 2**127 + 1,
        "$tensor": "a name of ours",
        "empty": [(), {}, []],
    }  # fmt: skip
    tensors: dict[str, Tensor] = {}
    packed = json.loads(json.dumps(trees.pack(tree, "", tensors)))
    assert equal(trees.unpack(packed, tensors), tree)


@pytest.mark.parametrize("item", [object(), {1, 2}, b"bytes", toy_recipe()])
def test_nothing_unknown_is_written(item: Any) -> None:
    with pytest.raises(TypeError, match="cannot hold"):
        trees.pack({"a": [item]}, "rest/", {})


def test_a_tree_keeps_a_copy() -> None:
    tensors: dict[str, Tensor] = {}
    weight = torch.ones(2)
    packed = trees.pack(weight, "", tensors)
    weight += 1
    assert trees.unpack(packed, tensors).tolist() == [1, 1]


# --- files ---


def test_a_checkpoint_comes_back_as_it_was(tmp_path: Path) -> None:
    written = made(optimiser={"state": {0: {"step": torch.tensor(4.0)}}}, feed={"order": [2, 0, 1]})
    checkpoint.save(tmp_path, written)
    found = checkpoint.latest(tmp_path)
    assert found is not None
    assert found.head == written.head == checkpoint.standing(tmp_path)
    for part in ("weights", "average", "rest"):
        assert equal(getattr(found, part), getattr(written, part))


def test_the_last_and_the_one_before_are_kept(tmp_path: Path) -> None:
    for step in (0, 100, 200, 300):
        checkpoint.save(tmp_path, made(step))
    assert kept(tmp_path) == ["000200.safetensors", "000300.safetensors"]
    assert checkpoint.latest(tmp_path).head.progress.step == 300  # type: ignore[union-attr]


def test_nothing_is_there_before_the_first(tmp_path: Path) -> None:
    assert checkpoint.latest(tmp_path) is None
    assert checkpoint.standing(tmp_path) is None


@pytest.mark.parametrize("place", [0.0, 0.001, 0.01, 0.3, 0.6, 0.9, 0.999])
def test_one_flipped_bit_is_noticed_and_the_one_before_taken(place: float, tmp_path: Path) -> None:
    checkpoint.save(tmp_path, made(100))
    path = checkpoint.save(tmp_path, made(200))
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= 1
    path.write_bytes(content)
    found = checkpoint.latest(tmp_path)
    assert found is not None
    assert found.head.progress.step == 100
    assert kept(tmp_path) == ["000100.safetensors", "000200.damaged"]


@pytest.mark.parametrize("length", [0, 5, 100, -1])
def test_a_cut_off_file_is_noticed(length: int, tmp_path: Path) -> None:
    checkpoint.save(tmp_path, made(100))
    path = checkpoint.save(tmp_path, made(200))
    path.write_bytes(path.read_bytes()[:length])
    assert checkpoint.latest(tmp_path).head.progress.step == 100  # type: ignore[union-attr]


def test_when_all_are_damaged_it_says_so(tmp_path: Path) -> None:
    for step in (100, 200):
        checkpoint.save(tmp_path, made(step)).write_bytes(b"no")
    with pytest.raises(BadFile, match="none of the 2 checkpoints can be read") as refused:
        checkpoint.latest(tmp_path)
    assert "--afresh" in refused.value.hint


def test_a_training_goes_on_from_the_one_before_a_damaged_one(tmp_path: Path) -> None:
    straight = toy_train(tmp_path / "a")
    toy_train(tmp_path / "b", steps=9)
    newest = max((tmp_path / "b" / "checkpoints").iterdir())
    newest.write_bytes(newest.read_bytes()[:-9])
    again = toy_train(tmp_path / "b")
    assert again.losses == straight.losses
    assert equal(dict(again.state), dict(straight.state))


def test_one_of_another_version_is_not_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, "FORM", "0")
        checkpoint.save(tmp_path, made(100))
    with pytest.raises(BadFile, match="not a checkpoint of this version"):
        checkpoint.latest(tmp_path)
    assert kept(tmp_path) == ["000100.safetensors"]


def test_the_file_is_plain_safetensors_with_all_fields_of_the_recipe(tmp_path: Path) -> None:
    path = checkpoint.save(tmp_path, made())
    with safe_open(path, "pt") as file:
        recipe = json.loads(file.metadata()["storykin"])["recipe"]
    assert recipe.keys() == vars(toy_recipe()).keys()


def test_half_written_files_of_a_killed_process_are_swept(tmp_path: Path) -> None:
    for part in ("", "checkpoints", "adapters"):
        (tmp_path / part).mkdir(exist_ok=True)
        (tmp_path / part / ".x.part").write_bytes(b"half")
    checkpoint.save(tmp_path, made())
    assert not list(tmp_path.rglob("*.part"))


def test_adapters_of_looks_are_all_kept(tmp_path: Path) -> None:
    for step in range(50, 500, 50):
        checkpoint.keep_adapter(tmp_path, step, {"a": torch.full((2,), float(step))})
        checkpoint.save(tmp_path, made(step))
    assert [checkpoint.kept_adapter(tmp_path, step)["a"][0] for step in range(50, 500, 50)] == list(
        range(50, 500, 50)
    )
    with pytest.raises(BadFile, match="000075"):
        checkpoint.kept_adapter(tmp_path, 75)


# --- a disk that is full, or gone ---


@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_a_disk_that_does_not_take_it_is_told_and_the_old_one_stays(
    reason: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy_train(tmp_path, steps=7)

    def full(_: int) -> None:
        raise OSError(reason, os.strerror(reason))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(BadFile) as told:
            toy_train(tmp_path)
    assert os.strerror(reason) in told.value.message
    assert "goes on from the last checkpoint" in told.value.hint
    assert not list(tmp_path.rglob("*.part"))
    again = toy_train(tmp_path)
    assert [step for step, _ in again.losses] == list(range(1, 13))


def test_a_history_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def write(self, line: str) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        def close(self) -> None:
            pass

    history = History(tmp_path, 0)
    history.close()
    monkeypatch.setattr(history, "_file", Full())
    with pytest.raises(BadFile, match="No space left"):
        history.add({"step": 1})


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadFile, match="cannot be written"), checkpoint.alone(tmp_path / "file" / "folder"):
        pass


# --- changes ---


@pytest.mark.parametrize("name", sorted(checkpoint.FREE))
def test_what_decides_no_step_may_change(name: str) -> None:
    recipe = toy_recipe(**{name: 77})
    checkpoint.refuse_changes(made().head, recipe, "stamp")


def test_every_other_field_is_refused_by_its_name(tmp_path: Path) -> None:
    head = made().head
    for name in vars(head.recipe).keys() - checkpoint.FREE:
        with pytest.raises(BadInput, match=rf"\b{name} was .* and is 77"):
            checkpoint.refuse_changes(head, toy_recipe(**{name: 77}), "stamp")
        checkpoint.refuse_changes(head, toy_recipe(**{name: 77}), "stamp", allowed={name})


# --- history and chance ---


def test_a_line_cut_off_by_a_crash_is_left_out(tmp_path: Path) -> None:
    history = History(tmp_path, 0)
    for step in range(3):
        history.add({"step": step, "skipped": ["ä.png"]})
    history.close()
    with (tmp_path / HISTORY).open("ab") as file:
        file.write(b'{"step": 3, "lo\xc3')
    assert [line["step"] for line in read_history(tmp_path)] == [0, 1, 2]
    again = History(tmp_path, 2)
    again.add({"step": 9})
    again.close()
    assert [line["step"] for line in read_history(tmp_path)] == [0, 1, 9]


def test_chance_comes_back() -> None:
    with seeded(4) as generator:
        before = now(generator)
        drawn = torch.rand(2, generator=generator), torch.rand(2), random.random()
        restore(before, generator)
        again = torch.rand(2, generator=generator), torch.rand(2), random.random()
    assert equal(drawn, again)
