"""The path, from one shot to one file: what it begins with, the key it is known by, its recipe, and the same picture large enough for print.

A shot may name files (a start image, references, adapters) relative to the book's folder; their contents count like everything else that decides a picture.
"""

import hashlib
import io
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from storykin import files, provenance
from storykin.book import Book
from storykin.bookfolder import page_words, read_choices, read_storyboard
from storykin.character import Character
from storykin.choices import Choices
from storykin.consistency.closeups import placed as seen_from_near_by
from storykin.consistency.prompts import TARGET, filled
from storykin.dataset import read_dataset
from storykin.errors import BadFile, BadInput, StorykinError
from storykin.painters import Defaults, Dialect, OnLook, OnStep, Painter, painter_named, painter_names
from storykin.picture import Picture
from storykin.raster import png_of
from storykin.reaching import LOGIN
from storykin.shot import CloseUp, Shot

SUFFIXES = {"image/svg+xml": ".svg", "image/png": ".png", "image/jpeg": ".jpg"}
STARTS = "starts"
"""The folder of drawings that pictures begin with."""
PRINT = "print"
"""The folder of pictures that were enlarged for print."""
SYMBOLS = ("sketch", "before")


def painter_of(choices: Choices, say: Callable[[str], None] = lambda words: None) -> Painter:
    """The painter that a book's choices name, with the options they give it; `say` hears what a server has to say. Raises `BadInput`."""
    return painter_named(
        choices.painter,
        host=_with_login(choices.host),
        model=choices.model,
        precision=choices.precision,
        commercial=choices.commercial,
        say=say,
    )


def _with_login(host: str) -> str:
    login = os.environ.get(LOGIN, "")
    scheme, there, rest = host.partition("://")
    return f"{scheme}://{login}@{rest}" if login and there and "@" not in rest else host


class Absent:
    """Stands for a painter that is not on this machine any more, so that what it painted can still be looked at and bound."""

    media_type = "image/png"
    powers: frozenset[str] = frozenset()
    arts: tuple[str, ...] = ()
    defaults = Defaults(1024)
    dialect: Dialect = "sentences"
    adapters_of: tuple[str, ...] = ()
    revision = ""
    unready: frozenset[str] = frozenset()
    leaves_machine = False

    def __init__(self, name: str, why: StorykinError) -> None:
        path = Path(name)
        self.name = (
            name if name in painter_names() else files.slug(path.stem if path.suffix else path.name, 40)
        )
        self.why = why

    def refuse_absent(self) -> None:
        raise self.why

    def prepare(self, shots: Sequence[Shot], on_step: OnStep) -> None:
        raise self.why

    def paint(self, shot: Shot, on_step: OnStep, on_look: OnLook | None = None) -> bytes:
        raise self.why

    def made_with(self) -> dict[str, str]:
        return {}

    def close(self) -> None:
        """There is nothing to give back."""


def painter_or_absent(choices: Choices) -> Painter:
    """The painter of the choices, or what stands for it where its base or its server's address is gone."""
    try:
        return painter_of(choices)
    except (BadInput, BadFile) as error:
        return Absent(choices.painter, error)


def shelved(folder: Path, known: Sequence[Character], shelf: Path | None = None) -> tuple[Character, ...]:
    """Characters of the shelf beside a book's folder, with the paths of adapters and references relative to the book."""
    found = []
    for one in known:
        home = (shelf or folder.resolve().parent / "cast").resolve() / files.slug(one.name)

        def moved(path: str, home: Path = home) -> str:
            return Path(os.path.relpath(home / path, folder.resolve())).as_posix()

        adapters = tuple(replace(adapter, path=moved(adapter.path)) for adapter in one.adapters)
        references = tuple(moved(path) for path in one.references or crops_of(home))
        found.append(replace(one, adapters=adapters, references=references))
    return tuple(found)


def crops_of(home: Path) -> tuple[str, ...]:
    """The pictures of a character's dataset that show them best, relative to their folder: a close-up, then the whole figure."""
    try:
        pictures = read_dataset(home).pictures
    except BadFile:
        return ()
    found = []
    for framing in ("close-up", "whole", "full body", "half body"):
        found += [f"dataset/{one.file}" for one in pictures if one.framing == framing][:1]
    return tuple(found[:2])


# --- what a shot begins with ------------------------------------------------------------------------


def ready(folder: Path, shot: Shot, shots: Sequence[Shot], painter: Painter) -> Shot:
    """The shot with files in place of "sketch" and "before", and the first figure's words in place of TARGET. Raises `BadFile` when the page before is not painted yet.

    The first page after the cover and the cover itself have no page before: they begin with nothing, and so does the page after a picture that no child should see.
    """
    shot = _with_target(shot, painter)
    start = shot.init_image
    if start == "before":
        earlier = [one for one in shots if 0 < one.page < shot.page]
        if not earlier:
            return replace(shot, init_image="", strength=1.0, references=_drawn(shot, shot.references))
        picture = current(folder, earlier[-1], shots, painter)
        if picture is None:
            raise BadFile(
                f"{page_words(shot.page)} begins with the picture of {page_words(earlier[-1].page)}, which is not painted yet",
                f"paint that first: storykin paint {earlier[-1].page}",
            )
        if picture.unsafe:
            return replace(shot, init_image="", strength=1.0, references=_drawn(shot, shot.references))
        start = picture.path
    elif start == "sketch":
        start = _sketch_path(shot)
    closeups = tuple(
        replace(one, mask=_mask_path(shot, one)) if one.mask == "sketch" else one
        for one in seen_from_near_by(shot).closeups
    )
    return replace(shot, init_image=start, references=_drawn(shot, shot.references), closeups=closeups)


def _with_target(shot: Shot, painter: Painter) -> Shot:
    """A prompt that was written by hand with TARGET in it, with the person who is on stage first."""
    if not TARGET.search(shot.prompt) or not shot.scene.figures:
        return shot
    who = shot.scene.figures[0].character
    trigger = next((one.adapter.trigger for one in shot.adapters if one.character == who), "")
    said = filled(shot.prompt, shot.character(who), trigger, painter.dialect)
    closeups = tuple(replace(one, words=said) if one.character == who else one for one in shot.closeups)
    return replace(shot, prompt=said, parts=(), closeups=closeups)


def _drawn(shot: Shot, references: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_sketch_path(shot) if path == "sketch" else path for path in references)


def _sketch_path(shot: Shot) -> str:
    from storykin.painters.sketch import Sketch

    drawn = as_sketch(shot)
    return f"{STARTS}/{drawn.key(Sketch.name, Sketch.revision)}.png"


def _mask_path(shot: Shot, closeup: CloseUp) -> str:
    return f"{_sketch_path(shot).removesuffix('.png')}-{closeup.figure}.png"


def as_sketch(shot: Shot) -> Shot:
    """What the embedded painter is told to draw of a shot: the scene alone, in the nearest of its own styles."""
    from storykin.painters.sketch import Sketch

    art = shot.art if shot.art in Sketch.arts else Sketch.arts[0]
    return Shot(shot.page, shot.scene, shot.cast, art, seed=shot.seed, width=shot.width, height=shot.height)


def draw_start(folder: Path, shot: Shot) -> None:
    """Draw the sketch that a shot begins with, and the masks of its close-ups, unless they are there."""
    from storykin.painters.sketch import Sketch, silhouette

    for one in shot.closeups:
        if one.mask == _mask_path(shot, one) and not (folder / one.mask).exists():
            files.write_bytes(folder / one.mask, silhouette(as_sketch(shot), one.figure))
    wanted = _sketch_path(shot)
    if wanted not in {shot.init_image, *shot.references} or (folder / wanted).exists():
        return
    drawing = Sketch().paint(as_sketch(shot), lambda done: None)
    files.write_bytes(folder / wanted, png_of(drawing, Sketch.media_type, shot.width))


def named_files(shot: Shot) -> tuple[str, ...]:
    """The files that decide a shot's picture, as it names them."""
    found = [one.adapter.path for one in shot.adapters] + list(shot.references)
    found += [one.mask for one in shot.closeups if one.mask and one.mask not in SYMBOLS]
    found += [shot.init_image] if shot.init_image and shot.init_image not in SYMBOLS else []
    return tuple(path for path in dict.fromkeys(found) if not path.startswith(f"{STARTS}/"))


def digests(folder: Path, shot: Shot) -> dict[str, str]:
    """The SHA-256 of each file that the shot names, by path. Raises `BadFile` for one that is not there."""
    return {path: _digest_of(folder / path, shot.page) for path in named_files(shot)}


_KNOWN: dict[tuple[str, int, int, int], str] = {}  # digests by path, node, size and time: adapters are large


def _digest_of(path: Path, page: int) -> str:
    try:
        about = path.stat()
        mark = (str(path.resolve()), about.st_ino, about.st_size, about.st_mtime_ns)
        if mark not in _KNOWN:
            with path.open("rb") as file:
                _KNOWN[mark] = hashlib.file_digest(file, "sha256").hexdigest()
        return _KNOWN[mark]
    except OSError as error:
        raise BadFile(
            f"{page_words(page)}: {path}: cannot be read: {error.strerror}",
            "was it moved or deleted? put it back, or draw the storyboard up anew: storykin board",
        ) from error


def placed(folder: Path, shot: Shot) -> Shot:
    """The same shot with paths that lead there from anywhere, as painters want them."""
    home = folder.resolve()
    adapters = tuple(
        replace(one, adapter=replace(one.adapter, path=str(home / one.adapter.path))) for one in shot.adapters
    )
    start = str(home / shot.init_image) if shot.init_image else ""
    return replace(
        shot,
        adapters=adapters,
        init_image=start,
        references=tuple(str(home / path) for path in shot.references),
        closeups=tuple(replace(one, mask=str(home / one.mask) if one.mask else "") for one in shot.closeups),
    )


# --- keys and recipes -------------------------------------------------------------------------------


def revision_of(folder: Path, painter: Painter) -> str:
    """The painter's revision; of one whose base is not on this machine, that of the last picture it painted here."""
    if painter.revision:
        return painter.revision
    recipes = sorted(
        (folder / "pictures").glob(f"*-{painter.name}-*.json"), key=lambda path: path.stat().st_mtime
    )
    for recipe in reversed(recipes):
        picture = sound(folder, recipe)
        if picture is not None and picture.painter == painter.name:  # "sdxl" is also the end of "my-sdxl"
            return picture.revision
    return ""


def key_of(folder: Path, shot: Shot, painter: Painter) -> str:
    """The key of a shot that is `ready`."""
    return shot.key(painter.name, revision_of(folder, painter), digests(folder, shot))


def current(folder: Path, shot: Shot, shots: Sequence[Shot], painter: Painter) -> Picture | None:
    """The picture that a shot already has, or the better one that took its place, or None; a damaged one does not count, one chosen by hand does while it is there."""
    chosen = sound(folder, (folder / shot.picture).with_suffix(".json")) if shot.picture else None
    if chosen is not None:
        return chosen
    try:
        at_hand = ready(folder, shot, shots, painter)
    except BadFile:
        return None
    try:
        found = sound(folder, recipe_path(folder, at_hand, painter))
    except BadFile:  # a file that it names is gone: a finished book stays one when somebody is forgotten
        found = _as_painted(folder, at_hand, painter)
    better = sound(folder, (folder / found.instead).with_suffix(".json")) if found and found.instead else None
    return better or found


def on_pages(folder: Path) -> tuple[tuple[Shot, Picture | None], ...]:
    """The shots of a book in order, each with the picture that stands on its page."""
    painter, shots = painter_or_absent(read_choices(folder)), read_storyboard(folder).shots
    return tuple((shot, current(folder, shot, shots, painter)) for shot in shots)


def _as_painted(folder: Path, shot: Shot, painter: Painter) -> Picture | None:
    """The newest picture of just this shot, whatever its files held."""
    recipes = (folder / "pictures").glob(f"{shot.page:02d}-{painter.name}-*.json")
    found = [picture for path in recipes if (picture := sound(folder, path)) and picture.shot == shot]
    mine = [one for one in found if one.revision == revision_of(folder, painter)]
    return max(mine, key=lambda one: one.painted, default=None)


def recipe_path(folder: Path, shot: Shot, painter: Painter) -> Path:
    """Where the recipe of a shot that is `ready` stands, beside its picture."""
    return folder / "pictures" / f"{shot.page:02d}-{painter.name}-{key_of(folder, shot, painter)}.json"


def sound(folder: Path, recipe: Path) -> Picture | None:
    """The picture of a recipe, if recipe and file are there and as they were painted."""
    try:
        picture = files.read_json(recipe, Picture)
        content = (folder / picture.path).read_bytes()
    except (BadFile, OSError):
        return None
    return picture if digest(content) == picture.digest else None


def digest(content: bytes) -> str:
    """The beginning of a SHA-256, as recipes hold it."""
    return hashlib.sha256(content).hexdigest()[:16]


def paint_one(
    folder: Path,
    shot: Shot,
    painter: Painter,
    on_step: Callable[[float], None],
    on_look: OnLook | None = None,
) -> Picture:
    """Paint one shot that is `ready` and write it down; the recipe is written last, so half a picture never counts."""
    named = digests(folder, shot)
    draw_start(folder, shot)
    content = painter.paint(placed(folder, shot), on_step, on_look)
    content = provenance.marked(content, painter.media_type, _source_in(folder, shot, painter))
    recipe = recipe_path(folder, shot, painter)
    path = recipe.with_suffix(SUFFIXES[painter.media_type])
    files.write_bytes(path, content)
    picture = Picture(
        path=path.relative_to(folder).as_posix(),
        shot=shot,
        painter=painter.name,
        revision=revision_of(folder, painter),
        key=key_of(folder, shot, painter),
        media_type=painter.media_type,
        digest=digest(content),
        painted=datetime.now(UTC).isoformat(timespec="microseconds"),
        files=named,
        made_with=dict(painter.made_with()),
    )
    files.write_json(recipe, picture)
    return picture


def noted(folder: Path, picture: Picture, **said: Any) -> Picture:
    """The picture with more said of it in its recipe, whose file keeps its time: `revision_of` goes by it."""
    after = replace(picture, **said)
    if after != picture:
        recipe = (folder / picture.path).with_suffix(".json")
        about = recipe.stat()
        files.write_json(recipe, after)
        os.utime(recipe, ns=(about.st_atime_ns, about.st_mtime_ns))
    return after


# --- print --------------------------------------------------------------------------------------------


def large_enough(folder: Path, book: Book, ppi: int, upscaler: str, on_step: Callable[[float], None]) -> Book:
    """The same book with every painted picture that has fewer pixels than a printer wants enlarged, in `print/`; drawings stay as they are.

    What was enlarged before is not enlarged again. `upscaler` is a file of weights, "" for Lanczos.
    """
    from storykin.binders.layout import BLEED
    from storykin.models.upscaling import enlarge, upscaler_at

    high = round((book.trim.height + 2 * BLEED) * ppi)
    pages = {leaf.picture: 2 if leaf.half else 1 for leaf in book.leaves if leaf.picture} | {book.cover: 1}
    coarse = {
        path: round((book.trim.width + 2 * BLEED) * count * ppi)
        for path, count in pages.items()
        if path and _is_coarse(folder / path, high)
    }
    if not coarse:
        return book
    model = upscaler_at(_from(folder, upscaler)) if upscaler else None
    by = f"-{_digest_of(_from(folder, upscaler), 0)[:8]}" if upscaler else ""
    there = {}
    for number, (path, across) in enumerate(coarse.items()):
        larger = f"{PRINT}/{Path(path).stem}-{across}x{high}{by}.jpg"
        there[path] = larger
        if not (folder / larger).exists():
            content = (folder / path).read_bytes()

            def tell(done: float, number: int = number) -> None:
                on_step((number + done) / len(coarse))

            files.write_bytes(folder / larger, enlarge(content, across, high, model, tell))
    leaves = tuple(replace(leaf, picture=there.get(leaf.picture, leaf.picture)) for leaf in book.leaves)
    return replace(book, leaves=leaves, cover=there.get(book.cover, book.cover))


def _is_coarse(path: Path, high: int) -> bool:
    from PIL import Image

    if path.suffix == ".svg":
        return False
    with Image.open(path) as found:
        return found.height < high


def _from(folder: Path, path: str) -> Path:
    return folder / Path(path).expanduser()


# --- from elsewhere -----------------------------------------------------------------------------------


def read_picture(path: Path) -> tuple[bytes, str]:
    """A picture from elsewhere and its media type. Raises `BadFile` for what is none that books can hold."""
    from PIL import Image, UnidentifiedImageError

    try:
        content = path.read_bytes()
        with Image.open(path) as found:
            found.load()
            form = found.format
    except OSError as error:
        what = (
            "is no picture"
            if isinstance(error, UnidentifiedImageError)
            else f"cannot be read: {error.strerror}"
            if error.strerror
            else f"is damaged: {error}"
        )
        raise BadFile(f"{path}: {what}", "give a PNG or JPEG") from error
    except (SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise BadFile(f"{path}: is damaged: {error}", "give a PNG or JPEG") from error
    if form == "MPO":  # a JPEG with more pictures behind it, as many telephones write it
        form = "JPEG"
    if form not in {"PNG", "JPEG"}:
        raise BadFile(f"{path}: is a {form} picture", "save it as PNG or JPEG")
    return content, f"image/{form.lower()}"


def upright(content: bytes, media_type: str) -> bytes:
    """A photo as it is meant to be seen, without what a camera wrote into it: place and time are nobody's business. Others stay as they are."""
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(content)) as found:
        if not found.getexif():
            return content
        profile, file = found.info.get("icc_profile"), io.BytesIO()
        form = media_type.removeprefix("image/")
        ImageOps.exif_transpose(found).save(
            file, form, quality=95, subsampling=0, icc_profile=profile, exif=b""
        )
    origin = provenance.origin_of(content)
    return provenance.with_origin(file.getvalue(), media_type, origin) if origin.source else file.getvalue()


def drawn_anew(made: Picture) -> tuple[bytes, str]:
    """The drawing of a recipe as the embedded painter draws it, and its media type."""
    from storykin.painters.sketch import Sketch

    painter = Sketch()
    drawing = painter.paint(made.shot, lambda done: None)
    return provenance.marked(drawing, painter.media_type, source_of(made.shot, painter)), painter.media_type


def _source_in(folder: Path, shot: Shot, painter: Painter) -> str:
    """What `source_of` says; a picture of which only one figure is painted anew stays made of what it was made of."""
    before = provenance.stated((folder / shot.init_image).read_bytes()) if shot.repaint else None
    return provenance.COMPOSITE if before == provenance.COMPOSITE else source_of(shot, painter)


def source_of(shot: Shot, painter: Painter) -> str:
    """Who made it, in the words of the IPTC: a drawing program, a trained model, or a trained model that began with a photo."""
    if not painter.dialect:
        return provenance.DRAWN
    photo = shot.init_image and not shot.init_image.startswith((f"{STARTS}/", "pictures/"))
    return provenance.COMPOSITE if photo else provenance.TRAINED
