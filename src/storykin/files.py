"""Values: how they become files and come back, whole or not at all.

JSON and TOML, unknown keys refused with the nearest known one named, every file written in one
stroke: after a crash there is the old file or the new one.
"""

import difflib
import errno
import json
import os
import re
import tempfile
import tomllib
import unicodedata
from collections.abc import Hashable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from storykin.errors import BadFile

Value = TypeVar("Value")


def write_bytes(path: Path, content: bytes) -> Path:
    """Write a file in one stroke: temporary name, fsync, rename. Raises `BadFile`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, 0o666 & ~_umask())
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadFile(
            f"{path}: cannot be written: {reason}",
            "make room on the disk or choose another folder with --out; what was there is unchanged",
        ) from error
    return path


def refuse_unwritable(path: Path, folder: bool = False) -> None:
    """Raise `BadFile` where a file, or files in a `folder`, could not be written, before long work is done for them. Nothing stays behind."""
    whole = path.absolute()
    above = next(one for one in (whole, *whole.parents)[not folder :] if os.path.lexists(one))
    try:
        if not folder and os.path.lexists(path) and not path.is_file():
            raise IsADirectoryError(errno.EISDIR, "is a folder or no file at all")
        handle, temporary = tempfile.mkstemp(dir=above, prefix=".", suffix=".part")
        os.close(handle)
        os.unlink(temporary)
    except OSError as error:
        raise BadFile(
            f"{path}: cannot be written: {error.strerror or error}", "choose another place with --out"
        ) from error


def write_text(path: Path, content: str) -> Path:
    """Write UTF-8 text in one stroke."""
    return write_bytes(path, content.encode())


def write_json(path: Path, value: object) -> Path:
    """Write a value as JSON that people can read and edit; fields at their defaults are left out."""
    return write_text(path, json_text(value))


def json_text(value: object) -> str:
    """A value as the text of a JSON file."""
    return json.dumps(plain(value), indent=2, ensure_ascii=False) + "\n"


def write_toml(path: Path, value: object) -> Path:
    """Write a value as TOML; fields at their defaults are left out."""
    import tomli_w

    return write_text(path, tomli_w.dumps(plain(value), multiline_strings=True))


def read_text(path: Path) -> str:
    """The UTF-8 text of a file. Raises `BadFile`."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadFile(f"{path}: there is no such file", "run the step that makes it first") from None
    except UnicodeDecodeError as error:
        raise BadFile(f"{path}: is not UTF-8 text (byte {error.start})", "save it as UTF-8") from None
    except OSError as error:
        raise BadFile(f"{path}: cannot be read: {error.strerror}", "check the name and the rights") from error


def read_json(path: Path, kind: type[Value]) -> Value:
    """Read a value from JSON. Raises `BadFile` that names file, place and what was expected."""
    try:
        found = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise BadFile(
            f"{path}: line {error.lineno}, column {error.colno}: {error.msg}; the file is damaged or cut off",
            "mend it by hand, or delete it and run the step that makes it again",
        ) from None
    return value_of(found, kind, str(path))


def read_toml(path: Path, kind: type[Value]) -> Value:
    """Read a value from TOML. Raises `BadFile` that names file, place and what was expected."""
    try:
        found = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise BadFile(f"{path}: {error}", "mend it by hand; see docs/reference/files.md") from None
    return value_of(found, kind, str(path))


def plain(value: Any) -> Any:
    """A value as dicts, lists, strings and numbers; fields at their defaults are left out."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain(getattr(value, field.name))
            for field in fields(value)
            if not _at_default(value, field)
        }
    if isinstance(value, tuple | list | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def _at_default(value: Any, field: Field[Any]) -> bool:
    """Whether a field holds what it would hold if nothing were said."""
    if field.default_factory is not MISSING:
        return bool(getattr(value, field.name) == field.default_factory())
    return field.default is not MISSING and bool(getattr(value, field.name) == field.default)


def value_of(found: object, kind: type[Value], where: str) -> Value:
    """Build a value from what a file said. Raises `BadFile` on anything unknown or mistyped."""
    from pydantic import ValidationError

    _refuse_unknown(found, kind, where)
    try:
        built: Value = _adapter(cast(Hashable, kind)).validate_python(found)
        return built
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise BadFile(
            f"{where}: {place}: {first['msg'].lower()}, found {first['input']!r:.60}",
            "see docs/reference/files.md for what each file holds",
        ) from None


@cache
def _adapter(kind: Hashable) -> Any:
    """What builds values of a kind; made once, which takes longer than using it."""
    from pydantic import ConfigDict, TypeAdapter

    return TypeAdapter(cast(Any, kind), config=None if is_dataclass(kind) else ConfigDict())


@cache
def _hints(kind: Hashable) -> dict[str, Any]:
    from typing import get_type_hints

    return get_type_hints(kind)


def _refuse_unknown(found: object, kind: Any, where: str) -> None:
    """Walk the value's type and what was found together and stop at the first unknown key."""
    from typing import get_args, get_origin

    if is_dataclass(kind) and isinstance(found, dict):
        hints = _hints(cast(Hashable, kind))
        for key, item in found.items():
            if key not in hints:
                near = difflib.get_close_matches(str(key), hints, n=1, cutoff=0.0)
                raise BadFile(
                    f"{where}: unknown key {key!r} in {getattr(kind, '__name__', kind)}",
                    f"did you mean {near[0]!r}? known are: {', '.join(hints)}",
                )
            _refuse_unknown(item, hints[key], where)
    elif isinstance(found, list):
        for item in found:
            for inner in get_args(kind):
                _refuse_unknown(item, inner, where)
    elif isinstance(found, dict) and get_origin(kind) in {dict, Mapping}:
        for item in found.values():
            _refuse_unknown(item, get_args(kind)[1], where)
    elif isinstance(found, dict):
        for inner in get_args(kind):
            if is_dataclass(inner):
                _refuse_unknown(found, inner, where)


def slug(words: str, longest: int = 60) -> str:
    """A folder name that every file system takes: "Zoë & the Whale" becomes "zoe-the-whale"."""
    spelled = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    kept = "-".join(re.findall(r"[a-z0-9]+", spelled.replace("'", "")))
    return kept[:longest].strip("-") or "book"


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
