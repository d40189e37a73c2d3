"""The side path: photos become a dataset, and a character who can walk through every book.

    photos ──gather──▶ sightings ──curate──▶ verdicts and crops ──build──▶ cast/sasha/dataset/ + report.html

Like the path of a book it works on a folder, which is the database; every step can be run again.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from storykin import cachefolder, files
from storykin.cast import shelf
from storykin.cast.sighting import Decisions
from storykin.character import Character, Look, Outfit
from storykin.dataset import Dataset, read_dataset
from storykin.errors import BadFile, BadInput, StorykinError

if TYPE_CHECKING:
    from storykin.cast.captioner import Captioner
    from storykin.cast.curating import Decided

OnStep = Callable[[float, str], None]

REPORT, SHEET = "report.html", "sheet"
BOUND = ("*.pdf", "*.epub", "*.html", "storyboard.json", "earlier/storyboard-*")  # made from pictures


@dataclass(frozen=True)
class Added:
    """What came of a visit to the shelf: the character, the folder, and, where there are photos, what was decided.

    `remarks` are sentences for the parent, most important first.
    """

    folder: Path
    character: Character
    dataset: Dataset | None = None
    photos: int = 0
    usable: int = 0
    remarks: tuple[str, ...] = ()


def quiet(fraction: float, doing: str) -> None:
    """An `on_step` for those who do not want to know."""


def add(
    name: str,
    photos: Sequence[Path],
    shelf_folder: Path,
    look: Look,
    outfits: tuple[Outfit, ...] = (),
    decisions: Decisions | None = None,
    like: str = "",
    few: bool = False,
    captioner: "Captioner | None" = None,
    on_step: OnStep = quiet,
) -> Added:
    """Put somebody on the shelf, or give more photos to somebody who stands there.

    Without photos only the character is written; with photos everything follows, up to the report. What the
    character's file says already is kept; photos only fill what it leaves open.
    Raises `BadInput` when the photos are nobody's or too few, after the report about them was written.
    """
    folder = shelf.folder_of(name, shelf_folder)
    known = (folder / shelf.CHARACTER).exists()
    character = shelf.read_character(name, shelf_folder) if known else Character(name, look, outfits)
    if known and character.name != name:
        raise BadInput(
            f"{folder}: {character.name!r} stands there, whose folder has the same name",
            f"call {name!r} a little differently",
        )
    if known and not photos:
        raise BadInput(
            f"{name} is on the shelf already",
            "change something with: storykin cast edit NAME, or give a folder of photos",
        )
    sources = tuple(str(_real(path)) for path in photos)
    if sources:
        _needs_the_extra()
    if captioner is not None:
        captioner.check()
    if known:
        shelf.keep_for_undo(folder)
    before = shelf.read_decisions(folder) if known else Decisions()
    merged = replace(decisions or before, sources=tuple(dict.fromkeys((*before.sources, *sources))))
    files.write_toml(folder / shelf.CHARACTER, character)
    if not sources:
        return Added(folder, character)
    shelf.write_decisions(folder, merged)
    return rebuild(folder, like, few, captioner, on_step)


def rebuild(
    folder: Path,
    like: str = "",
    few: bool = False,
    captioner: "Captioner | None" = None,
    on_step: OnStep = quiet,
) -> Added:
    """Look at what is new, decide anew and write dataset and report; what was done by hand stays."""
    _needs_the_extra()
    from storykin.cast.building import build
    from storykin.cast.curating import decide, refuse_few
    from storykin.cast.gathering import found_in, measure
    from storykin.cast.intake import Finds
    from storykin.cast.looking import VERSION

    character = files.read_toml(folder / shelf.CHARACTER, Character)
    decisions = shelf.read_decisions(folder)
    reachable = [source for source in decisions.sources if Path(source).exists()]
    if not reachable and not (folder / shelf.SIGHTINGS).exists():
        raise BadFile(
            f"{', '.join(decisions.sources)}: is not there",
            "plug the disk in, or give another folder of photos",
        )
    on_step(0.0, "finding the photos")
    if len(reachable) == len(decisions.sources):
        found = found_in(decisions.sources)
        sightings = measure(folder, found, _share(on_step, 0.0, 0.7))
    else:  # the originals are away: go on with what was measured, and with the clean copies
        found = Finds()
        sightings = tuple(seen.sighting for seen in shelf.read_seen(folder, VERSION).values())
    decisions = _meant(folder, decisions, like, [sighting.name for sighting in sightings])
    on_step(0.7, "choosing")
    decided = decide(sightings, decisions, character.look.is_person)
    _remember_who(folder, decided)
    character = _measured(folder, character, decided)
    refusal: StorykinError | None = None
    dataset: Dataset | None = None
    try:
        refuse_few(decided, few)
        dataset = build(folder, character, decided, found, _share(on_step, 0.72, 0.25), captioner)
    except (
        StorykinError
    ) as error:  # too few photos, or a captioner that stopped answering when all else was written
        refusal = error
        dataset = None if isinstance(error, BadInput) else dataset_of(folder)
    on_step(0.97, "writing the report")
    remarks = _report(folder, character, decided, dataset)
    if refusal is not None:
        raise refusal
    on_step(1.0, f"{character.name} is on the shelf")
    usable = sum(one.state in {"chosen", "spare"} for one in decided.judged)
    return Added(folder, character, dataset, len(sightings), usable, remarks)


def edit(
    folder: Path, change: Callable[[Character, Decisions], tuple[Character, Decisions]]
) -> tuple[Character, Decisions]:
    """Change a character and what was decided about the photos; the state before can be had back with `undo`."""
    character = files.read_toml(folder / shelf.CHARACTER, Character)
    decisions = shelf.read_decisions(folder)
    changed, decided = change(character, decisions)
    if (changed, decided) != (character, decisions):
        shelf.keep_for_undo(folder)
        if changed != character:
            files.write_toml(folder / shelf.CHARACTER, changed)
        if decided != decisions:
            shelf.write_decisions(folder, decided)
    return changed, decided


def show(folder: Path) -> tuple[Path, Path]:
    """Draw the character sheet with the sketch painter: the paths of an SVG and a PNG."""
    from storykin.painters.sketch.model_sheet import model_sheet
    from storykin.raster import png_of

    character = files.read_toml(folder / shelf.CHARACTER, Character)
    svg = model_sheet(character).encode()
    drawn = files.write_bytes(folder / f"{SHEET}.svg", svg)
    return drawn, files.write_bytes(folder / f"{SHEET}.png", png_of(svg, "image/svg+xml", 1600))


def forget(
    traces: shelf.Traces, shelf_folder: Path, books: str = "keep", shared: bool = False
) -> tuple[Path, ...]:
    """Remove a character with all that is kept elsewhere of it, and on request traces in books; what was removed, the character's folder first.

    `books` is "keep", "pictures" (the pictures, the storyboard and the bound files of every book with that name go, the
    words stay) or "whole". Her pictures in galleries always go. `shared` removes other characters' pictures that were cut from the same photos.
    """
    gone = [traces.folder]
    for book in traces.books if books != "keep" else ():
        gone.append(book)
        if books == "whole":
            shutil.rmtree(book)
            continue
        made = (book / name for name in ("pictures", "photos", "starts", "print"))
        for path in (*made, *(path for pattern in BOUND for path in book.glob(pattern))):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    for gallery in traces.galleries:
        gone.append(gallery)
        shelf.leave_gallery(gallery, traces.name)
    shelf.forget(traces, shelf_folder, shared)
    cachefolder.forget(traces.folder)
    return (*gone, *(path for _, path in traces.shared if shared))


def dataset_of(folder: Path) -> Dataset | None:
    """The dataset of a character, or None when there is none yet."""
    return read_dataset(folder) if (folder / shelf.DATASET / "dataset.json").exists() else None


def photo_named(words: str, names: Sequence[str]) -> str:
    """The photo a person means: its name, its last part, or the part without suffix.

    Raises `BadInput` when there is none or more than one.
    """
    wanted = words.strip()
    tests: tuple[Callable[[str], bool], ...] = (
        lambda name: name == wanted,
        lambda name: Path(name).name == wanted,
        lambda name: Path(name).name.lower() == wanted.lower(),
        lambda name: Path(name).stem.lower() == wanted.lower(),
    )
    for fits in tests:
        found = [name for name in names if fits(name)]
        if len(found) == 1:
            return found[0]
        if found:
            raise BadInput(f"{wanted!r} could be {' or '.join(found[:4])}", "give the name with its folder")
    from difflib import get_close_matches

    near = get_close_matches(wanted, names, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "report.html shows all names"
    raise BadInput(f"there is no photo {wanted!r}", hint)


def names_of_photos(folder: Path) -> tuple[str, ...]:
    """The names of all photos that were looked at for a character."""
    _needs_the_extra()
    from storykin.cast.looking import VERSION

    return tuple(shelf.read_seen(folder, VERSION))


def _needs_the_extra() -> None:
    """Raise `BadInput` when photos cannot be looked at because the extra is not installed; nothing was begun then."""
    absent = [
        name
        for name in ("numpy", "ai_edge_litert", "dlib", "face_recognition_models")
        if find_spec(name) is None
    ]
    if absent:
        raise BadInput(
            f"looking at photos needs {' and '.join(absent)}",
            "install it with: pip install 'storykin[cast]'; a character from words needs nothing",
        )


def _real(path: Path) -> Path:
    full = path.expanduser().resolve()
    if not full.exists():
        raise BadInput(f"{path}: there is no such folder", "give the folder with the photos")
    return full


def _share(on_step: OnStep, start: float, share: float) -> OnStep:
    return lambda fraction, doing: on_step(round(start + share * fraction, 6), doing)


def _meant(folder: Path, decisions: Decisions, like: str, names: Sequence[str]) -> Decisions:
    """The decisions with the photo that shows who is meant, written. Raises `BadInput` when there is no such photo."""
    if like:
        decisions = replace(decisions, like=photo_named(like, names), person=-1)
        shelf.write_decisions(folder, decisions)
    elif decisions.like and decisions.like not in names:
        raise BadInput(
            f"there is no photo {decisions.like!r}, which shows who is meant", "choose another with --like"
        )
    return decisions


def _remember_who(folder: Path, decided: "Decided") -> None:
    """Keep the person chosen by number as a photo of theirs: numbers change when photos are added."""
    from storykin.cast.who import portrait_of

    decisions = decided.decisions
    if decisions.person >= 0 and not decisions.like:
        shown = portrait_of(decisions.person, decided.sightings, decided.people)
        if shown:
            shelf.write_decisions(folder, replace(decisions, like=shown, person=-1))


def _measured(folder: Path, character: Character, decided: "Decided") -> Character:
    """The character with what the photos say about hair, skin and clothes, where nobody said anything; written."""
    from storykin.cast.sheet import measured_look, measured_outfits

    faces = [
        decided.sightings[one.sighting].faces[one.face]
        for one in decided.judged
        if one.state in {"chosen", "spare"}
        and one.face is not None
        and not decided.sightings[one.sighting].monochrome
    ]
    look = measured_look(faces, character.look)
    outfits = character.outfits or measured_outfits(faces)
    changed = replace(character, look=look, outfits=outfits)
    if changed != character:
        files.write_toml(folder / shelf.CHARACTER, changed)
    return changed


def _report(
    folder: Path, character: Character, decided: "Decided", dataset: Dataset | None
) -> tuple[str, ...]:
    """Write the report; the remarks in it."""
    from storykin.cast import captions
    from storykin.cast.advice import advice
    from storykin.cast.report import report

    remarks = list(decided.remarks)
    remarks += advice(decided.sightings, decided.judged, decided.chosen, decided.variety)
    if dataset is not None:
        texts = [one.caption for one in dataset.pictures]
        remarks += [
            f"“{phrase}” stands in {times} of {len(texts)} captions: it would be learned as a part of {character.name}"
            for phrase, times in captions.too_common(texts, dataset.trigger, character.look)
        ]
    from storykin.painters.sketch.model_sheet import model_sheet

    page = report(folder, character, decided, dataset, tuple(remarks), model_sheet(character))
    files.write_text(folder / REPORT, page)
    return tuple(remarks)
