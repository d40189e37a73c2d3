"""The path, for ViStoryBench: its stories painted through storyboard, painter and critic like any book, and the scores of these or of anybody's pictures.

Each story becomes a book folder with its own shelf, so that what is painted is kept, goes on where it stopped and can be looked at page by page.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from storykin import files, make
from storykin.bookfolder import read_storyboard
from storykin.choices import Choices
from storykin.critics import Question, Reading, Seen
from storykin.critics.likening import PLAIN, WHOLE, ImageReader
from storykin.critics.vistory import Scores, Tale, character_of, pictures_of, scene_of, score
from storykin.easel import current, painter_of
from storykin.errors import BadFile, BadInput
from storykin.make import OnStep, quiet
from storykin.raster import png_of
from storykin.reviewing import DRAWERS, READINGS, Critic, image_of, media_type_of
from storykin.scene import action_of
from storykin.story import Page, Story
from storykin.wish import Wish

BOOKS = "books"
WIDE = 1024  # pixels across of a drawing that is handed over as PNG


def paint(tale: Tale, out: Path, choices: Choices, art: str = "", on_step: OnStep = quiet) -> dict[int, Path]:
    """Paint every shot of a story and put the pictures where the benchmark's own code looks for them; their paths by the number of the shot.

    The book is `out/books/<story>/book`, the pictures `out/storykin/<painter>/<language>/<story>/shot_01.png` …; what is painted already stays.
    """
    book = out / BOOKS / tale.id / "book"
    painter = painter_of(choices)
    if art:
        make.refuse_style(art, choices, book)
    begin(tale, book, choices, art or (painter.arts[0] if painter.arts else ""))
    make.board(book)
    if painter.dialect:
        _say_all(book, tale)
    numbers = range(1, len(tale.shots) + 1)
    make.paint(book, pages=list(numbers), on_step=on_step)
    there = out / "storykin" / files.slug(painter.name, 40) / tale.language / tale.id
    shots = read_storyboard(book).shots
    found = {}
    for shot, told in zip([one for one in shots if one.page], tale.shots, strict=True):
        picture = current(book, shot, shots, painter)
        if picture is None:
            continue
        content = (book / picture.path).read_bytes()
        if picture.media_type == "image/svg+xml":
            content = png_of(content, picture.media_type, WIDE)
        suffix = ".jpg" if content[:2] == b"\xff\xd8" else ".png"
        found[told.index] = files.write_bytes(there / f"shot_{told.index:02d}{suffix}", content)
    return found


def begin(tale: Tale, book: Path, choices: Choices, art: str = "") -> Story:
    """The folder of a book of the story: wish, choices, story, and a shelf beside it with the cast and their pictures. What is there is written anew."""
    cast = []
    for one in tale.people:
        home = book.parent / "cast" / files.slug(one.key)
        references = []
        for picture in one.pictures:
            path = home / "references" / picture.name
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(picture, path)
            references.append(f"references/{picture.name}")
        who = character_of(one, tuple(references))
        files.write_toml(home / "character.toml", who)
        cast.append(replace(who, references=()))
    known = {one.name for one in cast}
    pages = []
    for number, shot in enumerate(tale.shots, 1):
        scene = scene_of(shot)
        figures = tuple(
            replace(one, action=action_of(one.action)) for one in scene.figures if one.character in known
        )
        pages.append(Page(number, shot.plot, replace(scene, figures=figures)))
    story = Story(
        f"ViStory {tale.id}",
        tuple(pages),
        tuple(cast),
        language=tale.language.replace("ch", "zh"),
        writer="ViStoryBench",
    )
    names = [one.name for one in cast] or ["nobody"]
    wish = Wish(
        tale.kind or story.title, names[0], cast=tuple(names[1:]), pages=len(pages), language=story.language
    )
    files.write_toml(book / "wish.toml", replace(wish, art=art or wish.art))
    files.write_toml(book / "book.toml", choices)
    files.write_json(book / "story.json", story)
    return story


def _say_all(book: Path, tale: Tale) -> None:
    """Add to each prompt what only this benchmark says: what is to be seen, and how the camera looks."""
    board = read_storyboard(book)
    told = dict(enumerate(tale.shots, 1))
    shots = []
    for shot in board.shots:
        more = told.get(shot.page)
        added = f" {more.static} {more.camera}".rstrip() if more else ""
        shots.append(
            shot if not added or shot.prompt.endswith(added) else replace(shot, prompt=shot.prompt + added)
        )
    files.write_json(book / "storyboard.json", replace(board, shots=tuple(shots)))


# --- scores ---------------------------------------------------------------------------------------


def judge(
    tale: Tale,
    pictures: Mapping[int, Path],
    critic: Critic,
    drawn: bool = False,
    keep: Path | None = None,
    on_step: OnStep = quiet,
) -> Scores:
    """The scores of one story's pictures, by the number of the shot. `drawn` has the reader of drawn figures look, at the cast's pictures too.

    Readings are kept in `keep`/readings. Pictures that cannot be read count as missing and are named in `unread`.
    """
    painter = DRAWERS[0] if drawn else ""
    kept = keep / READINGS if keep else None
    eyes = ImageReader()
    with_net = eyes.net != PLAIN
    references: dict[str, list[Seen]] = {}
    reference_styles: dict[str, Sequence[float]] = {}
    for person in tale.people:
        for path in person.pictures:
            content = path.read_bytes()
            try:
                picture = image_of(content, media_type_of(content))
            except BadFile as error:
                raise BadFile(f"{path}: {error.message}", "load the dataset down anew") from error
            reading = critic.read(content, media_type_of(content), painter, None, kept)
            figures = reading.figures or (Seen(WHOLE, kind=""),)
            largest = max(figures, key=lambda one: one.sure * (one.box.w * one.box.h) ** 0.25)
            references.setdefault(person.key, []).extend(eyes.complete(picture, [largest]))
            if with_net and person.key not in reference_styles:
                (reference_styles[person.key],) = eyes.embed(picture, [WHOLE])
    readings: dict[int, Reading] = {}
    styles: dict[int, Sequence[float]] = {}
    spoiled = []
    for done, shot in enumerate(tale.shots):
        on_step(done / len(tale.shots), f"judging shot {shot.index} of story {tale.id}")
        if shot.index not in pictures:
            continue
        try:
            content = pictures[shot.index].read_bytes()
            picture = image_of(content, media_type_of(content))
            question = Question(shot.setting, shot.static)
            reading = critic.read(content, media_type_of(content), painter, question, kept)
        except (BadFile, OSError) as error:
            spoiled.append(f"{pictures[shot.index].name}: {next(iter(str(error).splitlines()), '')}")
            continue
        if reading.figures is not None:
            reading = replace(reading, figures=eyes.complete(picture, reading.figures))
        readings[shot.index] = reading
        if with_net:
            (styles[shot.index],) = eyes.embed(picture, [WHOLE])
    eyes.close()
    found = score(tale, readings, references, styles, reference_styles)
    if found.space == "image" and not with_net:
        found = replace(found, space="image (colours only)")
    missing = [str(shot.index) for shot in tale.shots if shot.index not in pictures]
    unread = dict(found.unread)
    if missing:
        unread["missing"] = f"shots {', '.join(missing)} have no picture and count as empty"
    if spoiled:
        unread["unreadable"] = "; ".join(spoiled)
    on_step(1.0, f"judged story {tale.id}")
    return replace(found, unread=unread)


def found_pictures(folder: Path, tale: Tale) -> dict[int, Path]:
    """The pictures of a story in a folder of outputs. Raises `BadInput` when there is no such folder, `BadFile` when no picture is in it."""
    if not folder.is_dir():
        raise BadInput(
            f"{folder}: there is no such folder of pictures", "name the folder of a method's outputs"
        )
    found = pictures_of(folder, tale.id)
    wanted = {
        number: path for number, path in found.items() if any(shot.index == number for shot in tale.shots)
    }
    if not wanted:
        raise BadFile(
            f"{folder}: there are no pictures of story {tale.id}",
            f"expected {tale.id}/shot_01.png … in it or below it",
        )
    return wanted
