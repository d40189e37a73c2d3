"""Measuring in several processes: a photo that kills one is named, and the others go on."""

import os
import shutil
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest
from PIL import Image

from storykin.cast import gathering, shelf
from storykin.cast.looking import VERSION
from storykin.cast.sighting import Sighting


def paper(folder: Path, count: int) -> Path:
    """Plain pictures, each of another colour."""
    folder.mkdir()
    for number in range(count):
        Image.new("RGB", (320, 240), (20 * number, 90, 120)).save(folder / f"IMG_{number}.png")
    return folder


def look(folder: Path, photos: Path) -> tuple[Sighting, ...]:
    folder.mkdir(exist_ok=True)
    return gathering.measure(folder, gathering.found_in([str(photos)]), lambda fraction, doing: None)


def test_processes_and_one_process_see_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photos = paper(tmp_path / "photos", gathering.WORTH_IT)
    several = look(tmp_path / "several", photos)
    monkeypatch.setattr(gathering, "WORKERS", 1)
    assert look(tmp_path / "one", photos) == several
    assert len(list((tmp_path / "several" / "thumbs").glob("*.jpg"))) == len(several)


def test_a_photo_that_kills_its_process_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photos = paper(tmp_path / "photos", 3)

    def broken(*_: object) -> shelf.Seen:
        raise BrokenProcessPool

    class Pool:
        def __init__(self, *_: object, **__: object) -> None: ...
        def __enter__(self) -> "Pool":
            return self

        def __exit__(self, *_: object) -> None: ...
        def submit(self, *_: object) -> "Pool":
            return self

        result = broken

    monkeypatch.setattr(gathering, "ProcessPoolExecutor", Pool)
    one = gathering.found_in([str(photos)]).photos[0]
    seen = gathering._look_alone(tmp_path, one, {}, VERSION)
    assert "program fail" in seen.sighting.refused


def test_what_is_no_photo_is_named_too(tmp_path: Path) -> None:
    photos = paper(tmp_path / "photos", 1)
    (photos / "film.mp4").write_bytes(b"\0\0\0\x18ftypmp42")
    (photos / "IMG_9.jpg").write_text("hello")
    found = {one.name: one.refused for one in look(tmp_path / "x", photos)}
    assert found["IMG_0.png"] == ""
    assert "text" in found["IMG_9.jpg"]
    assert found["film.mp4"]


def test_a_changed_file_is_looked_at_again_and_a_gone_one_forgotten(tmp_path: Path) -> None:
    photos = paper(tmp_path / "photos", 2)
    before = {one.name: one.digest for one in look(tmp_path / "x", photos)}
    Image.new("RGB", (640, 480), "white").save(photos / "IMG_0.png")
    os.utime(photos / "IMG_0.png", ns=(1, 1))
    (photos / "IMG_1.png").unlink()
    after = {one.name: one.digest for one in look(tmp_path / "x", photos)}
    assert list(after) == ["IMG_0.png"]
    assert after["IMG_0.png"] != before["IMG_0.png"]


def test_two_folders_of_one_name_stay_apart(tmp_path: Path) -> None:
    first, second = tmp_path / "a" / "photos", tmp_path / "b" / "photos"
    for folder in (first, second):
        folder.parent.mkdir()
        paper(folder, 1)
    shutil.copy(first / "IMG_0.png", first / "photos.png")
    names = [one.name for one in gathering.found_in([str(first), str(second), str(second)]).photos]
    assert len(names) == len(set(names)) == 4
    assert "IMG_0.png" in names
