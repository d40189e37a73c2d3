"""The shelf: who stands there, what was seen, undo, and leaving for good."""

from dataclasses import replace
from pathlib import Path

import pytest

from storykin import files
from storykin.cast import shelf
from storykin.cast.sighting import Decisions, Face, Sighting
from storykin.character import Adapter, Character, Look
from storykin.errors import BadFile, BadInput
from storykin.scene import Box

HERS, THEIRS = "a1" * 32, "b2" * 32
FACE = Face(Box(0.1, 0.1, 0.2, 0.2), Box(0.05, 0.05, 0.3, 0.3), 200, 0.9, embedding=(0.25,) * 128)


def put(shelf_folder: Path, name: str, *digests: str) -> Path:
    """A character with clean copies, crops and sightings of photos with these hashes."""
    folder = shelf.folder_of(name, shelf_folder)
    files.write_toml(folder / shelf.CHARACTER, Character(name, Look(kind="girl")))
    seen = [
        shelf.Seen(1, 10, 20, Sighting(f"{digest[:4]}.jpg", digest, 100, 100, faces=(FACE,)))
        for digest in digests
    ]
    shelf.append_seen(folder, seen)
    for digest in digests:
        files.write_bytes(folder / "photos" / f"{digest[:12]}.jpg", b"copy")
        files.write_bytes(folder / "dataset" / f"close-up-{digest[:8]}.png", b"crop")
        files.write_bytes(folder / "dataset" / "masks" / f"close-up-{digest[:8]}.png", b"mask")
    return folder


def test_names_are_those_in_the_files(tmp_path: Path) -> None:
    put(tmp_path, "Zoë")
    put(tmp_path, "Anna Lena")
    (tmp_path / "empty").mkdir()
    assert shelf.names(tmp_path) == ("Anna Lena", "Zoë")
    assert shelf.read_character("Zoë", tmp_path).name == "Zoë"


def test_somebody_who_is_not_there_is_answered_with_the_nearest(tmp_path: Path) -> None:
    put(tmp_path, "Sasha")
    with pytest.raises(BadInput, match="nobody called 'Sascha'") as told:
        shelf.find("Sascha", tmp_path)
    assert "did you mean Sasha?" in told.value.hint


def test_a_name_without_letters_is_none(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no name"):
        shelf.folder_of("!!", tmp_path)


def test_what_was_seen_comes_back_and_a_cut_line_is_passed_over(tmp_path: Path) -> None:
    folder = put(tmp_path, "Sasha", HERS, THEIRS)
    path = folder / shelf.SIGHTINGS
    path.write_text(path.read_text()[:-40])
    found = shelf.read_seen(folder, 1)
    assert list(found) == ["a1a1.jpg"]
    assert found["a1a1.jpg"].sighting.faces == (FACE,)


def test_other_measures_ask_for_measuring_anew(tmp_path: Path) -> None:
    assert shelf.read_seen(put(tmp_path, "Sasha", HERS), 2) == {}


def test_undo_goes_back_one_edit_at_a_time(tmp_path: Path) -> None:
    folder = put(tmp_path, "Sasha")
    for wanted in (10, 20, 30):
        shelf.keep_for_undo(folder)
        shelf.write_decisions(folder, Decisions(wanted=wanted))
    shelf.undo(folder)
    assert shelf.read_decisions(folder).wanted == 20
    shelf.undo(folder)
    assert shelf.read_decisions(folder).wanted == 10
    shelf.undo(folder)
    with pytest.raises(BadInput, match="no edit to take back"):
        shelf.undo(folder)


def test_undo_takes_back_an_edit_and_not_what_was_learned_since(tmp_path: Path) -> None:
    folder = put(tmp_path, "Sasha")
    before = files.read_toml(folder / shelf.CHARACTER, Character)
    shelf.keep_for_undo(folder)
    adapter = Adapter("adapters/sdxl.safetensors", "sdxl", "zvoqk", 32)
    files.write_toml(folder / shelf.CHARACTER, replace(before, part="the hero", adapters=(adapter,)))
    shelf.undo(folder)
    assert files.read_toml(folder / shelf.CHARACTER, Character) == replace(before, adapters=(adapter,))


def test_decisions_round_trip_with_crops(tmp_path: Path) -> None:
    folder = put(tmp_path, "Sasha")
    decisions = Decisions(("/x",), dropped=("a b.jpg",), crops={"ü.jpg": (0.1, 0.2, 0.3, 0.4)}, others="mask")
    shelf.write_decisions(folder, decisions)
    assert shelf.read_decisions(folder) == decisions


def everything_in(folder: Path) -> bytes:
    """All names and contents below a folder, for finding what should be gone."""
    return b"".join(
        str(path.relative_to(folder)).encode() + (path.read_bytes() if path.is_file() else b"")
        for path in sorted(folder.rglob("*"))
    )


def test_forgotten_means_no_name_and_no_hash_anywhere(tmp_path: Path) -> None:
    shelf_folder = tmp_path / "cast"
    put(shelf_folder, "Sasha", HERS)
    brother = put(shelf_folder, "Tom", HERS, THEIRS)
    traces = shelf.traces_of("Sasha", shelf_folder)
    assert {path.name for _, path in traces.shared} == {f"{HERS[:12]}.jpg", f"close-up-{HERS[:8]}.png"}
    shelf.forget(traces, shelf_folder, shared=True)
    left = everything_in(tmp_path)
    for trace in (b"asha", HERS.encode(), HERS[:8].encode()):
        assert trace not in left
    assert THEIRS.encode() in left, "the brother's own photos stay"
    assert (brother / "photos" / f"{THEIRS[:12]}.jpg").exists()


def test_pictures_of_others_stay_unless_asked(tmp_path: Path) -> None:
    put(tmp_path, "Sasha", HERS)
    brother = put(tmp_path, "Tom", HERS)
    shelf.forget(shelf.traces_of("Sasha", tmp_path), tmp_path)
    assert (brother / "photos" / f"{HERS[:12]}.jpg").exists()
    assert HERS not in (brother / shelf.SIGHTINGS).read_text(), (
        "what was measured of her face is gone all the same"
    )


def test_a_link_on_the_shelf_is_not_followed_into_somebody_elses_folder(tmp_path: Path) -> None:
    real = put(tmp_path / "elsewhere", "Sasha", HERS)
    (tmp_path / "cast").mkdir()
    (tmp_path / "cast" / "sasha").symlink_to(real)
    with pytest.raises(BadFile, match="is a link"):
        shelf.forget(shelf.traces_of("Sasha", tmp_path / "cast"), tmp_path / "cast")
    assert (real / shelf.CHARACTER).exists()


@pytest.mark.parametrize(
    ("text", "found"),
    [('{"cast": [{"name": "Sasha"}]}', True), ("On Monday Sasha woke up.", True), ("Sashay with us", False), ("Tom woke up.", False)],
)  # fmt: skip
def test_books_are_found_by_her_name(tmp_path: Path, text: str, found: bool) -> None:
    put(tmp_path / "cast", "Sasha")
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "wish.toml").write_text('idea = "a day"\n')
    (tmp_path / "book" / "story.json").write_text(text)
    assert shelf.traces_of("Sasha", tmp_path / "cast").books == ((tmp_path / "book",) if found else ())
