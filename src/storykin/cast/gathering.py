"""Cast: look at every photo of the folders once; what was measured is kept and a stopped run goes on.

`sightings.jsonl` remembers by name, size and time, and by content hash where a file was renamed.
"""

import io
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from storykin import files
from storykin.cast import shelf
from storykin.cast.intake import Finds, Found, Unreadable, digest_of, full_size, open_photo, search
from storykin.cast.report import THUMB, thumb_path
from storykin.cast.sighting import Sighting

if TYPE_CHECKING:
    from PIL import Image

OnStep = Callable[[float, str], None]

WORKERS = 4
WORTH_IT = 8  # photos; for fewer, starting a second process takes longer than it saves


def found_in(sources: Sequence[str]) -> Finds:
    """All photos of the folders. Those of a second folder carry its name in front, so that no two are called the same
    and a photo keeps its name when another folder comes."""
    photos: list[Found] = []
    others: list[tuple[Found, str]] = []
    taken: set[str] = set()
    for number, source in enumerate(sources):
        finds = search(Path(source))
        front = "" if number == 0 else f"{Path(source).name}/"
        if any(front + one.name in taken for one in finds.photos):
            front = f"{Path(source).name}-{number + 1}/"
        photos += [replace(one, name=front + one.name) for one in finds.photos]
        others += [(replace(one, name=front + one.name), reason) for one, reason in finds.others]
        taken |= {one.name for one in photos}
    return Finds(tuple(photos), tuple(others))


def measure(folder: Path, finds: Finds, on_step: OnStep) -> tuple[Sighting, ...]:
    """Look at every photo that was not looked at before; the sightings in the order of `finds`, then what is no photo.

    What is measured is on the disk after each photo: a run that is stopped goes on from there.
    """
    from storykin.cast.looking import VERSION

    found = finds.photos
    known = shelf.read_seen(folder, VERSION)
    by_digest = {seen.sighting.digest: seen for seen in known.values() if seen.sighting.digest}
    fresh = [one for one in found if not _unchanged(one, known.get(one.name))]
    on_step(0.0, f"{len(fresh)} of {len(found)} photos are new")
    for done, seen in enumerate(_looked_at(folder, fresh, by_digest, VERSION), 1):
        known[seen.sighting.name] = seen
        shelf.append_seen(folder, [seen])
        on_step(done / len(fresh), f"looking at {seen.sighting.name}")
    here = [known[one.name] for one in found if one.name in known]
    if len(here) != len(known) or fresh:
        shelf.rewrite_seen(folder, here)
    skipped = tuple(Sighting(one.name, "", refused=reason) for one, reason in finds.others)
    return (*(seen.sighting for seen in here), *skipped)


def _unchanged(one: Found, seen: shelf.Seen | None) -> bool:
    """Whether a file is as it was when it was measured: size and time of change."""
    if seen is None:
        return False
    try:
        state = one.path.stat()
    except OSError:
        return False
    return (state.st_size, state.st_mtime_ns) == (seen.size, seen.changed)


def _looked_at(
    folder: Path, fresh: Sequence[Found], by_digest: Mapping[str, shelf.Seen], version: int
) -> Iterator[shelf.Seen]:
    """Measure in as many processes as the machine likes; a photo that kills a process is named, and the others go on."""
    workers = min(WORKERS, os.cpu_count() or 1)
    if len(fresh) < WORTH_IT or workers == 1:
        yield from (_look(folder, one, by_digest, version) for one in fresh)
        return
    left = {one.name: one for one in fresh}
    try:
        with ProcessPoolExecutor(workers, get_context("spawn"), initializer=_one_thread) as pool:
            waiting = [pool.submit(_look, folder, one, _same(one, by_digest), version) for one in fresh]
            try:
                for future in as_completed(waiting):
                    seen = future.result()
                    del left[seen.sighting.name]
                    yield seen
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    except BrokenProcessPool:
        if len(left) == len(fresh):  # no process could be started: a script without a guard for its main part
            yield from (_look(folder, one, by_digest, version) for one in fresh)
            return
        for one in left.values():
            yield _look_alone(folder, one, by_digest, version)


def _one_thread() -> None:
    """A worker: one thread of its own, and Ctrl-C is the parent's business."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["OMP_NUM_THREADS"] = "1"


def _look_alone(folder: Path, one: Found, by_digest: Mapping[str, shelf.Seen], version: int) -> shelf.Seen:
    """Measure in a process that may die of it."""
    try:
        with ProcessPoolExecutor(1, get_context("spawn"), initializer=_one_thread) as pool:
            return pool.submit(_look, folder, one, _same(one, by_digest), version).result()
    except BrokenProcessPool:
        return shelf.Seen(
            version, 0, 0, Sighting(one.name, "", refused="looking at it made the program fail")
        )


def _same(one: Found, by_digest: Mapping[str, shelf.Seen]) -> dict[str, shelf.Seen]:
    """What a worker needs of earlier measurements: those of files of the same size, which may be this one renamed."""
    try:
        size = one.path.stat().st_size
    except OSError:
        return {}
    return {digest: seen for digest, seen in by_digest.items() if seen.size == size}


def _look(folder: Path, one: Found, by_digest: Mapping[str, shelf.Seen], version: int) -> shelf.Seen:
    """Measure one photo, unless the same bytes were measured under another name."""
    from storykin.cast.looking import ANALYSED, look_at

    digest, size, changed = "", 0, 0
    try:
        state = one.path.stat()
        size, changed = state.st_size, state.st_mtime_ns
        photo = open_photo(one.path, ANALYSED)
        digest = digest_of(one.path)
        if digest in by_digest:
            return shelf.Seen(version, size, changed, replace(by_digest[digest].sighting, name=one.name))
        sighting = look_at(photo, one.name, digest, full_size(one.path))
        _keep_thumb(folder, photo, sighting)
        return shelf.Seen(version, size, changed, sighting)
    except Unreadable as error:
        return shelf.Seen(version, size, changed, Sighting(one.name, digest, refused=error.reason))
    except OSError as error:
        return shelf.Seen(
            version, size, changed, Sighting(one.name, digest, refused=error.strerror or str(error))
        )


def upright(photo: "Image.Image", turns: int) -> "Image.Image":
    """The photo after quarter turns clockwise."""
    from PIL import Image

    turned = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}
    return photo.transpose(turned[turns]) if turns else photo


def _keep_thumb(folder: Path, photo: "Image.Image", sighting: Sighting) -> None:
    """Keep a small picture for the report, without anything but its pixels."""
    small = upright(photo, sighting.turns).copy()
    small.thumbnail((THUMB, THUMB))
    file = io.BytesIO()
    small.save(file, "JPEG", quality=80)
    files.write_bytes(thumb_path(folder, sighting.digest), file.getvalue())
