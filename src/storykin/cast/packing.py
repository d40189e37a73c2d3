"""Cast: a character as one file, to be carried to another machine.

The file is a zip archive; without photos unless they are asked for: a look, outfits and adapters are enough for a painter.
"""

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from storykin import files
from storykin.cast.shelf import CHARACTER, DATASET, PHOTOS, folder_of
from storykin.character import Character
from storykin.errors import BadFile, BadInput

SUFFIX = ".storykin"
LABEL = "storykin.json"
FORMAT = 1
LARGEST = 8 * 2**30  # bytes that an archive may unpack to


@dataclass(frozen=True)
class Label:
    """What is written on the box: the version of this format and whose character it is."""

    format: int
    name: str
    photos: bool = False


def export(folder: Path, path: Path, photos: bool = False) -> Path:
    """Write a character to one file: looks, outfits, adapters; with `photos` also the clean photo copies and the dataset.

    Never what was measured of faces, never the names of the original files.
    """
    character = files.read_toml(folder / CHARACTER, Character)
    if path.is_dir():
        path = path / f"{folder.name}{SUFFIX}"
    wanted = [CHARACTER, "adapters/*", *([f"{PHOTOS}/*", f"{DATASET}/**/*"] if photos else [])]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr(LABEL, files.json_text(Label(FORMAT, character.name, photos)))
        for pattern in wanted:
            for one in sorted(folder.glob(pattern)):
                if one.is_file() and not one.name.startswith("."):
                    box.write(one, one.relative_to(folder).as_posix())
    return files.write_bytes(path, packed.getvalue())


def unpack(path: Path, shelf: Path, name: str = "", replace: bool = False) -> Path:
    """Put an exported character on the shelf; the folder it got. `name` gives it another name.

    Raises `BadFile` for anything that `export` did not write, `BadInput` when the name is taken; in both cases the
    shelf is as it was.
    """
    try:
        with zipfile.ZipFile(path) as box:
            label = _label(box, path)
            parts = [_checked(info, path) for info in box.infolist() if info.filename != LABEL]
            if sum(info.file_size for info in box.infolist()) > LARGEST:
                raise BadFile(
                    f"{path}: unpacks to more than {LARGEST // 2**30} GB", "this is no exported character"
                )
            contents = {part: box.read(part.as_posix()) for part in parts}
    except FileNotFoundError:
        raise BadFile(f"{path}: there is no such file", "name the file that cast export wrote") from None
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        raise BadFile(
            f"{path}: is not an exported character: {error}", "name the file that cast export wrote"
        ) from None
    if PurePosixPath(CHARACTER) not in contents:
        raise BadFile(f"{path}: there is no {CHARACTER} in it", "name the file that cast export wrote")
    folder = folder_of(name or label.name, shelf)
    if folder.exists() and not replace:
        raise BadInput(
            f"{folder}: somebody of that name is there already",
            "give another name with --as, or use --replace",
        )
    return _place(contents, folder, name)


def _place(contents: dict[PurePosixPath, bytes], folder: Path, name: str) -> Path:
    """Write beside the shelf first and change places at the end: there is the old character or the new one."""
    import shutil
    import tempfile
    from dataclasses import replace

    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".") as aside:
        fresh = Path(aside) / folder.name
        for part, content in contents.items():
            files.write_bytes(fresh / part, content)
        character = files.read_toml(fresh / CHARACTER, Character)
        if name:
            files.write_toml(fresh / CHARACTER, replace(character, name=name))
        if folder.exists():
            folder.replace(Path(aside) / "old")
        shutil.move(fresh, folder)
    return folder


def _label(box: zipfile.ZipFile, path: Path) -> Label:
    if LABEL not in box.namelist():
        raise BadFile(f"{path}: is not an exported character", "name the file that cast export wrote")
    label = files.value_of(json.loads(box.read(LABEL)), Label, str(path))
    if label.format != FORMAT:
        raise BadFile(
            f"{path}: was written in format {label.format}, this version reads {FORMAT}", "update Storykin"
        )
    return label


def _checked(info: zipfile.ZipInfo, path: Path) -> PurePosixPath:
    """The place of a packed file below the character's folder. Raises `BadFile` for one that would lie elsewhere."""
    part = PurePosixPath(info.filename)
    known = part.parts[0] in {CHARACTER, "adapters", PHOTOS, DATASET} if part.parts else False
    if not known or part.is_absolute() or ".." in part.parts or "\\" in info.filename or ":" in info.filename:
        raise BadFile(
            f"{path}: holds {info.filename!r}, which is no part of a character", "do not trust this file"
        )
    return part
