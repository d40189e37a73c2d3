"""Cast: write the dataset: clean copies of the photos, cut pictures, masks, captions.

What did not change is written as it was; what was written by hand stays; the list of pictures is written last.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from storykin import files
from storykin.cast import captions, shelf
from storykin.cast.curating import Decided, resolution_of
from storykin.cast.gathering import upright
from storykin.cast.intake import Finds, Unreadable, open_photo, save_copy
from storykin.cast.sighting import Crop, Face, Sighting
from storykin.character import Character
from storykin.dataset import Dataset, TrainingPicture, caption_of
from storykin.errors import StorykinError
from storykin.scene import Box

if TYPE_CHECKING:
    from PIL import Image

    from storykin.cast.captioner import Captioner

OnStep = Callable[[float, str], None]

SPARES = (
    15  # good photos beyond the chosen ones of which a clean copy is kept, to change to without the originals
)


def build(
    folder: Path,
    character: Character,
    decided: Decided,
    finds: Finds,
    on_step: OnStep,
    captioner: "Captioner | None" = None,
) -> Dataset:
    """Write clean copies, pictures, masks and captions; the dataset's list last, then what is not needed is removed.

    A caption that was edited by hand is carried over, whatever becomes of its picture's crop. Where the captioner fails, the
    pictures that are left get measured captions, all is written, and then its `StorykinError` is raised: run again with
    the same captioner, and only those are asked about. Copies are not removed while the originals are away.
    """
    asker = _Asker(captioner)
    paths = {one.name: one.path for one in finds.photos}
    before = _before(folder)
    trigger = before.trigger if before else captions.new_trigger()
    edited = _edited(folder, before)
    kept = {index for index, _ in decided.chosen} | set(_spares(decided))
    made: list[TrainingPicture] = []
    steps, done = len(kept) or 1, 0
    crops = dict(decided.chosen)
    for index in sorted(kept, key=lambda index: (index not in crops, index)):
        sighting = decided.sightings[index]
        on_step(done / steps, f"cutting {sighting.name}")
        photo = _copied(folder, sighting, paths)
        done += 1
        if photo is None or index not in crops:
            continue
        made.append(
            _written(
                folder,
                photo,
                sighting,
                crops[index],
                decided,
                index,
                character,
                trigger,
                before,
                edited,
                asker,
            )
        )
    dataset = Dataset(
        trigger,
        captions.class_words(character.look),
        decided.decisions.family,
        resolution_of(decided.decisions),
        tuple(made),
    )
    files.write_json(folder / shelf.DATASET / "dataset.json", dataset)
    _tidy(folder, dataset, {_copy_name(decided.sightings[index]) for index in kept} if finds.photos else None)
    if asker.trouble is not None:
        raise asker.trouble
    on_step(1.0, f"{len(made)} pictures to learn from")
    return dataset


def _before(folder: Path) -> Dataset | None:
    path = folder / shelf.DATASET / "dataset.json"
    return files.read_json(path, Dataset) if path.exists() else None


def _edited(folder: Path, before: Dataset | None) -> dict[str, str]:
    """Captions that a person wrote or changed, by the photo's copy."""
    found = {}
    for picture in before.pictures if before else ():
        if (folder / shelf.DATASET / picture.file).with_suffix(".txt").exists():
            text = caption_of(folder, picture)
            if text != picture.caption:
                found[picture.photo] = text
    return found


def _spares(decided: Decided) -> list[int]:
    spares = [one for one in decided.judged if one.state == "spare"]
    return [one.sighting for one in sorted(spares, key=lambda one: (-one.quality, one.sighting))[:SPARES]]


def _copy_name(sighting: Sighting) -> str:
    return f"{sighting.digest[:12]}.jpg"


def _copied(folder: Path, sighting: Sighting, paths: Mapping[str, Path]) -> "Image.Image | None":
    """The upright photo at full size from its clean copy, which is made first where there is none; None when both are gone."""
    copy = folder / shelf.PHOTOS / _copy_name(sighting)
    if copy.exists():
        return open_photo(copy)
    try:
        photo = open_photo(paths[sighting.name])
    except (KeyError, Unreadable):
        return None
    photo = upright(photo, sighting.turns)
    save_copy(photo, copy)
    return photo


def _written(
    folder: Path,
    photo: "Image.Image",
    sighting: Sighting,
    crop: Crop,
    decided: Decided,
    index: int,
    character: Character,
    trigger: str,
    before: Dataset | None,
    edited: Mapping[str, str],
    asker: "_Asker",
) -> TrainingPicture:
    """Cut one picture, hide who else is in it, mask and caption it."""
    from storykin.cast import masking

    which = decided.judged[index].face
    face = sighting.faces[which] if which is not None else None
    name = f"{crop.framing.replace(' ', '-')}-{sighting.digest[:8]}"
    picture = masking.cut(photo, crop)
    strangers = _heads_of_others(sighting, which)
    hidden = bool(crop.others) and decided.decisions.others == "blur"
    mask = None
    if (
        strangers and decided.decisions.others != "keep"
    ):  # a body may reach into the crop when its head does not
        mask = _mask(photo, crop, face, strangers)
    if hidden:
        picture = masking.without_others(picture, crop, face.head if face else None)
    home = folder / shelf.DATASET
    files.write_bytes(home / f"{name}.png", _png(picture))
    if mask is not None:
        files.write_bytes(home / "masks" / f"{name}.png", _png(mask))
    copy = _copy_name(sighting)
    text, seen_by = _caption(
        picture,
        sighting,
        face,
        crop,
        trigger,
        character,
        hidden,
        asker,
        _same_cut(before, f"{name}.png", crop),
    )
    files.write_text(home / f"{name}.txt", edited.get(copy, text) + "\n")
    return TrainingPicture(
        f"{name}.png",
        copy,
        crop.box,
        crop.width,
        crop.height,
        crop.framing,
        text,
        seen_by,
        f"{name}.png" if mask is not None else "",
    )


def _same_cut(before: Dataset | None, file: str, crop: Crop) -> TrainingPicture | None:
    """The picture as it was, if it is cut as it was: what a model said about it then still holds."""
    pictures = before.pictures if before else ()
    return next((one for one in pictures if one.file == file and _near(one.crop, crop.box)), None)


def _near(one: Box, other: Box) -> bool:
    return all(
        abs(a - b) < 0.002
        for a, b in zip((one.x, one.y, one.w, one.h), (other.x, other.y, other.w, other.h), strict=True)
    )


def _caption(
    picture: "Image.Image",
    sighting: Sighting,
    face: Face | None,
    crop: Crop,
    trigger: str,
    character: Character,
    hidden: bool,
    asker: "_Asker",
    earlier: TrainingPicture | None,
) -> tuple[str, str]:
    """The caption, and the model that saw the picture ("" for a caption of measurements)."""
    look = character.look
    if earlier is not None and earlier.captioner and asker.name in {"", earlier.captioner}:
        return earlier.caption, earlier.captioner
    phrases = captions.changeable(asker.ask(picture), (character.name,), look)
    if not phrases:
        return captions.caption(sighting, face, crop, trigger, look, hidden), ""
    return captions.joined(trigger, look, captions.framing_words(sighting, crop), phrases), asker.name


class _Asker:
    """Asks the captioner until it fails once; the trouble is kept until all else is written."""

    def __init__(self, captioner: "Captioner | None") -> None:
        self.captioner = captioner
        self.name = (captioner.model or captioner.url) if captioner else ""
        self.trouble: StorykinError | None = None

    def ask(self, picture: "Image.Image") -> tuple[str, ...]:
        """What the model sees; nothing where there is none, or none any more."""
        from storykin.cast.captioner import jpeg_of

        if self.captioner is None or self.trouble is not None:
            return ()
        try:
            return self.captioner.phrases(jpeg_of(picture))
        except StorykinError as error:
            self.trouble = error
            return ()


def _heads_of_others(sighting: Sighting, which: int | None) -> tuple[Box, ...]:
    return tuple(face.head for number, face in enumerate(sighting.faces) if number != which)


def _mask(
    photo: "Image.Image", crop: Crop, face: Face | None, others: tuple[Box, ...]
) -> "Image.Image | None":
    """What is learned of a picture with other people in it."""
    from storykin.cast import masking, nets

    small = photo.copy()
    small.thumbnail((1024, 1024))
    return masking.mask_of(photo, crop, nets.person_mask(small), face.head if face else None, others)


def _png(picture: "Image.Image") -> bytes:
    import io

    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=4)
    return file.getvalue()


def _tidy(folder: Path, dataset: Dataset, copies: set[str] | None) -> None:
    """Remove what an earlier dataset left: pictures, captions, masks and, but for None, all copies save these."""
    home = folder / shelf.DATASET
    stems = {Path(one.file).stem for one in dataset.pictures}
    masked = {one.mask for one in dataset.pictures}
    for path in [*home.glob("*.png"), *home.glob("*.txt")]:
        if path.stem not in stems:
            path.unlink()
    for path in (home / "masks").glob("*.png"):
        if path.name not in masked:
            path.unlink()
    for path in (folder / shelf.PHOTOS).glob("*.jpg"):
        if copies is not None and path.name not in copies:
            path.unlink()
