"""Cast: the shelf on which the characters stand, one folder each, shared by all books.

cast/sasha/  character.toml  photos.toml  photos/  dataset/  adapters/  sightings.jsonl  report.html  earlier/
"""

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from storykin import files
from storykin.cast.sighting import Decisions, Sighting
from storykin.character import Character
from storykin.errors import BadFile, BadInput

CHARACTER, DECISIONS, SIGHTINGS = "character.toml", "photos.toml", "sightings.jsonl"
UNDOABLE = (CHARACTER, DECISIONS)
PHOTOS, DATASET, EARLIER = "photos", "dataset", "earlier"


@dataclass(frozen=True)
class Seen:
    """A line of `sightings.jsonl`: what one file looked like when it was measured. `changed` is its time of
    change in nanoseconds; while name, `size` in bytes and time agree, the file is not read again."""

    version: int
    size: int
    changed: int
    sighting: Sighting


# --- standing on the shelf ------------------------------------------------------------------------


def folder_of(name: str, shelf: Path) -> Path:
    """Where a character of that name stands, or would stand. Raises `BadInput` for a name without letters."""
    if not any(letter.isalnum() for letter in name):
        raise BadInput(f"{name!r} is no name for a character", "a name has a letter or a number in it")
    return shelf / files.slug(name)


def names(shelf: Path) -> tuple[str, ...]:
    """The names on the shelf, in order; folders that hold no character are passed over."""
    found = []
    for path in sorted(shelf.glob(f"*/{CHARACTER}")):
        try:
            found.append(files.read_toml(path, Character).name)
        except BadFile:
            found.append(path.parent.name)
    return tuple(found)


def find(name: str, shelf: Path) -> Path:
    """The folder of a character who is there. Raises `BadInput` that names the nearest one who is."""
    folder = folder_of(name, shelf)
    if (folder / CHARACTER).exists():
        return folder
    known = names(shelf)
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]}?" if near else "known are: " + (", ".join(known) or "nobody yet")
    raise BadInput(
        f"nobody called {name!r} is in {shelf}", f"{hint}; add somebody with: storykin cast add NAME"
    )


def read_character(name: str, shelf: Path) -> Character:
    """The character of that name. Raises `BadInput` when there is none, `BadFile` when the file is damaged."""
    return files.read_toml(find(name, shelf) / CHARACTER, Character)


def read_decisions(folder: Path) -> Decisions:
    """What the parent decided about the photos so far."""
    path = folder / DECISIONS
    return files.read_toml(path, Decisions) if path.exists() else Decisions()


def write_decisions(folder: Path, decisions: Decisions) -> None:
    """Write `photos.toml`."""
    files.write_toml(folder / DECISIONS, decisions)


def keep_for_undo(folder: Path) -> None:
    """Before an edit: keep character and decisions as they are, so that `undo` can have them back."""
    shelf = folder / EARLIER
    shelf.mkdir(exist_ok=True)
    number = max((int(path.name[:4]) for path in shelf.glob("[0-9]" * 4 + "-*")), default=0) + 1
    for name in UNDOABLE:
        if (folder / name).exists():
            files.write_bytes(shelf / f"{number:04d}-{name}", (folder / name).read_bytes())


def undo(folder: Path) -> None:
    """Take back the last edit; what the character has learned since (adapters) stays. Raises `BadInput` when there is none."""
    kept = sorted((folder / EARLIER).glob("[0-9]" * 4 + "-*"))
    if not kept:
        raise BadInput(
            f"{folder}: there is no edit to take back", "see what is there with: storykin cast show NAME"
        )
    learned = files.read_toml(folder / CHARACTER, Character).adapters if (folder / CHARACTER).exists() else ()
    last = kept[-1].name[:4]
    for path in kept:
        if path.name.startswith(last):
            path.replace(folder / path.name[5:])
    if learned:
        character = files.read_toml(folder / CHARACTER, Character)
        files.write_toml(folder / CHARACTER, replace(character, adapters=learned))


# --- what was seen --------------------------------------------------------------------------------


def read_seen(folder: Path, version: int) -> dict[str, Seen]:
    """What was measured before by this version of the measures, by name; a line cut off by a crash is passed over."""
    path = folder / SIGHTINGS
    if not path.exists():
        return {}
    from pydantic import TypeAdapter, ValidationError

    adapter = TypeAdapter(Seen)
    found: dict[str, Seen] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            try:
                one = adapter.validate_python(json.loads(line))
            except (ValueError, ValidationError):
                continue
            if one.version == version:
                found[one.sighting.name] = one
    return found


def append_seen(folder: Path, seen: Sequence[Seen]) -> None:
    """Add what was just measured; a run that is stopped goes on from here."""
    if seen:
        with (folder / SIGHTINGS).open("a", encoding="utf-8") as lines:
            lines.writelines(json.dumps(files.plain(one), ensure_ascii=False) + "\n" for one in seen)


def rewrite_seen(folder: Path, seen: Iterable[Seen]) -> None:
    """Replace the whole store, in the order given."""
    text = "".join(json.dumps(files.plain(one), ensure_ascii=False) + "\n" for one in seen)
    files.write_text(folder / SIGHTINGS, text)


# --- leaving the shelf ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Traces:
    """Where a character is found: her folder, `books` she is in, and `shared`, the (name, photo) of others' folders
    that hold the same photos, because she is in their pictures too. `galleries` are folders with pictures of her outside of books."""

    folder: Path
    files: int
    size: int
    books: tuple[Path, ...]
    shared: tuple[tuple[str, Path], ...]
    name: str = ""
    galleries: tuple[Path, ...] = ()


def traces_of(name: str, shelf: Path) -> Traces:
    """Everything that `forget` would touch. Raises `BadInput` when nobody has that name."""
    folder = find(name, shelf)
    inside = [path for path in folder.rglob("*") if path.is_file()]
    digests = _digests(folder)
    shared = tuple(
        (other.parent.name, photo)
        for other in sorted(shelf.glob(f"*/{CHARACTER}"))
        if other.parent != folder
        for photo in sorted([*other.parent.glob(f"{PHOTOS}/*"), *other.parent.glob(f"{DATASET}/**/*")])
        if photo.is_file() and _shows(photo, digests)
    )
    size = sum(path.stat().st_size for path in inside)
    root = shelf.resolve().parent
    galleries = tuple(one for one in _galleries(root) if _pictures_of(name, one))
    return Traces(folder, len(inside), size, _books_with(name, root), shared, name, galleries)


def leave_gallery(folder: Path, name: str) -> None:
    """Take somebody's pictures and their recipes out of a gallery, and its sheet and photos, on which she may be; the others' stay."""
    for recipe in _pictures_of(name, folder):
        for path in recipe.parent.glob(f"{recipe.stem}.*"):
            path.unlink(missing_ok=True)
    (folder / "sheet.png").unlink(missing_ok=True)
    for inside in ("photos", "starts"):
        shutil.rmtree(folder / inside, ignore_errors=True)


def _galleries(root: Path) -> Iterator[Path]:
    """Folders with pictures and a sheet that are no books, beside the shelf and one deeper."""
    for pattern in ("*/pictures", "*/*/pictures"):
        for inside in sorted(root.glob(pattern)):
            if not (inside.parent / "wish.toml").exists():
                yield inside.parent


def _pictures_of(name: str, folder: Path) -> list[Path]:
    """The recipes of a gallery with somebody of that name on stage."""
    found = []
    for recipe in sorted((folder / "pictures").glob("*.json")):
        try:
            cast = json.loads(recipe.read_text(encoding="utf-8"))["shot"]["cast"]
            named = {str(one["name"]).casefold() for one in cast}
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if name.casefold() in named:
            found.append(recipe)
    return found


def forget(traces: Traces, shelf: Path, shared: bool = False) -> None:
    """Remove a character's folder with all photos, crops, embeddings and adapters, and what the caches of others say
    about her photos; with `shared` also the others' pictures cut from the same photos. Books are left alone."""
    digests = _digests(traces.folder)
    if traces.folder.is_symlink():
        raise BadFile(
            f"{traces.folder}: is a link to another place", "remove what it points to by hand, then the link"
        )
    for other in shelf.glob(f"*/{SIGHTINGS}"):
        if other.parent != traces.folder:
            _scrub(other, digests)
    if shared:
        for _, path in traces.shared:
            path.unlink(missing_ok=True)
    shutil.rmtree(traces.folder)


def _digests(folder: Path) -> frozenset[str]:
    """The content hashes of all photos that were looked at for a character."""
    found = set()
    path = folder / SIGHTINGS
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            found.add(json.loads(line)["sighting"]["digest"])
        except (ValueError, KeyError, TypeError):
            continue
    return frozenset(found - {""})


def _shows(path: Path, digests: frozenset[str]) -> bool:
    """Whether a copy or a crop was made from one of these photos: its name carries the beginning of the hash."""
    marks = {digest[:8] for digest in digests}
    return any(part[:8] in marks for part in path.stem.split("-"))


def _scrub(path: Path, digests: frozenset[str]) -> None:
    """Take the lines about these photos out of somebody else's store; they would be measured anew."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not any(digest in line for digest in digests)]
    if len(kept) != len(lines):
        files.write_text(path, "".join(kept))


def _books_with(name: str, root: Path) -> tuple[Path, ...]:
    """The books in a folder whose wish or story has somebody of that name in it."""
    found = []
    for wish in sorted(root.glob("*/wish.toml")):
        told = "".join(
            path.read_text(encoding="utf-8", errors="replace")
            for path in (wish, wish.parent / "story.json")
            if path.exists()
        )
        if json.dumps(name, ensure_ascii=False) in told or files.slug(name) in _words(told):
            found.append(wish.parent)
    return tuple(found)


def _words(text: str) -> set[str]:
    return {files.slug(word) for word in text.split() if word[:1].isupper() or word[:1] in "\"'“("}
