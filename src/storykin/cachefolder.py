"""Values: where Storykin keeps what it can make again: the user's cache folder, never beside the photos.

<cache>/characters/<hash of the character's folder>/  what was computed from one character's pictures; no names
<cache>/anybody/<hash>/                               pictures of nobody in particular, painted by a base
"""

import hashlib
import os
import shutil
import sys
from pathlib import Path

from storykin.errors import BadFile, BadInput

CACHE = "STORYKIN_CACHE"
TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# A cache of Storykin; it can be deleted at any time.\n"
"""The text of CACHEDIR.TAG (bford.info/cachedir), by which backup programs know what to leave out."""


def cache_root() -> Path:
    """The user's cache folder: `$STORYKIN_CACHE`, else where the system keeps caches. Raises `BadInput` when there is no home."""
    if os.environ.get(CACHE):
        return Path(os.environ[CACHE]).expanduser().absolute()
    try:
        return _system_caches() / "storykin"
    except RuntimeError as error:
        raise BadInput(
            f"there is no home folder to keep a cache in: {error}", f"name a folder in {CACHE}"
        ) from None


def _system_caches() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    chosen = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return chosen if chosen.is_absolute() else Path.home() / ".cache"  # a relative one is to be ignored


def cache_of(folder: Path) -> Path:
    """Where the caches of a character (`cast/sasha`) lie, whether there are any or not; the name says nothing about anybody."""
    mark = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()
    return cache_root() / "characters" / mark[:32]


def cache_of_anybody(key: str) -> Path:
    """Where the pictures of anybody that a base painted for this key (a hash) lie; all characters share them."""
    return cache_root() / "anybody" / key[:32]


def make_private(cache: Path) -> Path:
    """Make one of the folders above, to be read by its owner only: latents can be turned back into photos.

    Raises `BadFile` when it cannot be made.
    """
    try:
        cache.mkdir(parents=True, exist_ok=True)
        cache.chmod(0o700)
        tag = cache_root() / "CACHEDIR.TAG"
        if not tag.exists():
            tag.write_text(TAG, encoding="utf-8")
    except OSError as error:
        raise BadFile(
            f"{cache}: cannot be made: {error.strerror}", f"name another folder in {CACHE}"
        ) from error
    return cache


def forget(folder: Path) -> int:
    """Remove all that was computed from a character's pictures; how many bytes that was. Nothing there is 0 bytes.

    The character's folder itself need not be there any more. Raises `BadFile` when something cannot be removed.
    """
    cache = cache_of(folder)
    if not cache.exists():
        return 0
    try:
        size = sum(path.stat().st_size for path in cache.rglob("*") if path.is_file())
        shutil.rmtree(cache)
    except OSError as error:
        raise BadFile(
            f"{cache}: cannot be removed: {error.strerror}", "remove this folder by hand"
        ) from error
    return size
