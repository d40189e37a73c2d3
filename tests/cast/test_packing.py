"""A character as one file: what goes in, what stays home, and files that are none."""

import json
import zipfile
from pathlib import Path

import pytest

from storykin import files
from storykin.cast import packing, shelf
from storykin.character import Adapter, Character, Look, Outfit
from storykin.errors import BadFile, BadInput
from tests.cast.test_shelf import HERS, put

SASHA = Character(
    "Sasha",
    Look(kind="girl", age=6),
    (Outfit("rain", "a yellow raincoat"),),
    adapters=(Adapter("adapters/a.safetensors", "sdxl", "zvoqk", 32),),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = put(tmp_path / "cast", "Sasha", HERS)
    files.write_toml(folder / shelf.CHARACTER, SASHA)
    files.write_bytes(folder / "adapters" / "a.safetensors", b"weights")
    (folder / "report.html").write_text("IMG_0012.jpg")
    return folder


def test_there_and_back(folder: Path, tmp_path: Path) -> None:
    packed = packing.export(folder, tmp_path)
    placed = packing.unpack(packed, tmp_path / "other")
    assert files.read_toml(placed / shelf.CHARACTER, Character) == SASHA
    assert (placed / "adapters" / "a.safetensors").read_bytes() == b"weights"
    assert not (placed / "photos").exists()


def test_photos_only_when_asked_and_what_was_measured_never(folder: Path, tmp_path: Path) -> None:
    plain, full = packing.export(folder, tmp_path / "a"), packing.export(folder, tmp_path / "b", photos=True)
    with zipfile.ZipFile(plain) as one, zipfile.ZipFile(full) as other:
        assert not [name for name in one.namelist() if name.startswith(("photos", "dataset"))]
        assert [name for name in other.namelist() if name.startswith("photos")]
        for box in (one, other):
            assert shelf.SIGHTINGS not in box.namelist()
            assert "report.html" not in box.namelist()


def test_a_taken_name_is_refused_and_another_one_helps(folder: Path, tmp_path: Path) -> None:
    packed = packing.export(folder, tmp_path)
    with pytest.raises(BadInput, match="there already"):
        packing.unpack(packed, folder.parent)
    placed = packing.unpack(packed, folder.parent, "Sasha B")
    assert files.read_toml(placed / shelf.CHARACTER, Character).name == "Sasha B"
    packing.unpack(packed, folder.parent, replace=True)
    assert not (folder / "photos").exists(), "replaced by what was packed"


def boxed(path: Path, **parts: str) -> Path:
    with zipfile.ZipFile(path, "w") as box:
        for name, text in parts.items():
            box.writestr(name.replace("__", "/"), text)
    return path


LABEL = json.dumps({"format": 1, "name": "Eve"})


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"a.txt": "x"}, "not an exported character"),
        ({"storykin.json": LABEL}, "no character.toml"),
        ({"storykin.json": "{", "character.toml": ""}, "not an exported character"),
        ({"storykin.json": json.dumps({"format": 9, "name": "Eve"}), "character.toml": ""}, "format 9"),
        ({"storykin.json": LABEL, "..__x": "x"}, "no part of a character"),
        ({"storykin.json": LABEL, "photos__..__..__x": "x"}, "no part of a character"),
        ({"storykin.json": LABEL, "__etc__x": "x"}, "no part of a character"),
        ({"storykin.json": LABEL, "photos.toml": "x"}, "no part of a character"),
        ({"storykin.json": LABEL, "character.toml": "naem = 1"}, "unknown key"),
    ],
)
def test_files_from_elsewhere_change_nothing(tmp_path: Path, parts: dict[str, str], told: str) -> None:
    path = boxed(tmp_path / "eve.storykin", **parts)
    with pytest.raises(BadFile, match=told):
        packing.unpack(path, tmp_path / "cast")
    assert not [path for path in (tmp_path / "cast").glob("*") if (tmp_path / "cast").exists()]
    assert not (tmp_path / "x").exists()


def test_no_file_and_no_archive(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="no such file"):
        packing.unpack(tmp_path / "no.storykin", tmp_path)
    (tmp_path / "text").write_text("hello")
    with pytest.raises(BadFile, match="not an exported character"):
        packing.unpack(tmp_path / "text", tmp_path)
