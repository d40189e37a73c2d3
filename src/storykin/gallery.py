"""The path without a book: silly pictures, and the same prompt across people, styles, bases and strengths on one contact sheet.

Every picture has its recipe beside it, what is there is not painted again, and any of them can be put on a page of a book (`make.take`).
"""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from storykin import contactsheet, files
from storykin.bookfolder import COVER, SMALLEST, page_words
from storykin.character import Character, Look
from storykin.choices import Choices
from storykin.consistency import Setting
from storykin.consistency.methods import adapter_of, style_for
from storykin.consistency.prompts import filled
from storykin.consistency.storyboard import cover_page
from storykin.consistency.styles import negative_of, style_named, styles
from storykin.consistency.wording import capital
from storykin.easel import current, digests, draw_start, paint_one, painter_of, placed, ready, shelved
from storykin.errors import BadFile, BadInput, CannotPaint
from storykin.make import OnStep, quiet
from storykin.painters import OnLook, Painter, refuse_what_it_lacks
from storykin.picture import Picture
from storykin.scene import Figure, Scene
from storykin.shot import PlacedAdapter, Shot
from storykin.wish import Wish
from storykin.writers import writer_named
from storykin.writers.fable.gentle import refuse_unkind

SHEET = "sheet.png"
MOST = 400  # pictures of one sheet: more is a slip


@dataclass(frozen=True)
class Asked:
    """What a gallery is made of: every combination is one picture.

    `prompts` hold TARGET where the person belongs. `people` are characters of the shelf. `bases` are painters by name, `arts` styles ("" the painter's usual), `seeds` numbers, `scales`
    strengths of the adapter, `strengths` how far the picture may leave `photo` (a file, "" for none); () for what is usual. `size` is the longer
    side in pixels, 0 for the painter's own; `wide` its width by its height.
    """

    prompts: tuple[str, ...]
    people: tuple[Character, ...]
    bases: tuple[str, ...]
    arts: tuple[str, ...] = ("",)
    seeds: tuple[int, ...] = (0,)
    scales: tuple[float, ...] = ()
    strengths: tuple[float, ...] = ()
    photo: str = ""
    size: int = 0
    wide: float = 1.0
    steps: int = 0


@dataclass(frozen=True)
class Cell:
    """One picture to paint and where it stands on the sheet."""

    row: int
    column: int
    base: str
    shot: Shot


@dataclass(frozen=True)
class Gallery:
    """What was painted: the pictures by row and column, and the path of the contact sheet."""

    folder: Path
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    pictures: dict[tuple[int, int], Picture]
    sheet: Path


def gallery(
    asked: Asked,
    folder: Path,
    shelf: Path,
    choices: Choices,
    on_step: OnStep = quiet,
    on_look: OnLook | None = None,
) -> Gallery:
    """Paint what is not there yet, base by base, and draw the sheet anew after each base; stopped or failed, it shows what there is.

    `choices` say how painters are reached and loaded; their `painter` is each base in turn. Raises `BadInput` for prompts without
    TARGET and for people who are nobody, `Unkind` for what no child should be painted as.
    """
    _check(asked, folder)
    folder.mkdir(parents=True, exist_ok=True)  # paths from here to the shelf lead through it
    rows = tuple(one.name for one in asked.people)
    axes = _axes(asked)
    columns = tuple(_label(asked, *axis) for axis in axes)
    made: dict[tuple[int, int], Picture] = {}
    total = len(rows) * len(columns)
    sheet = folder / SHEET
    title = asked.prompts[0] if len(asked.prompts) == 1 else ""
    for base in dict.fromkeys(asked.bases):
        painter = painter_of(replace(choices, painter=base), lambda words: on_step(len(made) / total, words))
        try:
            cells = [
                Cell(row, column, base, _shot(asked, who, axis, painter, folder, shelf, choices))
                for row, who in enumerate(asked.people)
                for column, axis in enumerate(axes)
                if axis[2] == base
            ]
            with _without_page():
                for cell in cells:
                    refuse_what_it_lacks(painter, cell.shot)
            if asked.scales and not any(one.character for cell in cells for one in cell.shot.adapters):
                raise BadInput(
                    f"painter {painter.name!r}: nobody of {', '.join(rows)} has an adapter for it whose scale could be set",
                    "leave the scale out, or train one: storykin train NAME",
                )
            missing = [cell for cell in cells if not _there(folder, cell, painter, made)]
            if missing and painter.dialect:
                coming = [ready(folder, cell.shot, (), painter) for cell in missing]
                for shot in coming:
                    with _without_page():  # what is gone is told before gigabytes are loaded
                        digests(folder, shot)
                    draw_start(folder, shot)
                painter.prepare(
                    [placed(folder, shot) for shot in coming],
                    _loader(on_step, len(made) / total, painter.name),
                )
            for cell in missing:
                if _there(folder, cell, painter, made):  # another cell's picture: nothing tells the two apart
                    continue
                tell = _teller(on_step, len(made), total, rows[cell.row])
                at_hand = ready(folder, cell.shot, (), painter)
                made[cell.row, cell.column] = paint_one(folder, at_hand, painter, tell, on_look)
        finally:
            painter.close()
            if made:
                _draw(sheet, folder, rows, columns, made, title)
    on_step(1.0, f"{len(made)} picture{'s' if len(made) > 1 else ''} and {sheet}")
    return Gallery(folder, rows, columns, made, sheet)


@contextmanager
def _without_page() -> Iterator[None]:
    """What goes wrong here is told without the page that it would be about in a book."""
    try:
        yield
    except CannotPaint as error:
        raise CannotPaint(error.message.removeprefix(f"{page_words(COVER)}: "), error.hint) from None
    except BadFile as error:
        message = error.message.removeprefix(f"{page_words(COVER)}: ")
        raise BadFile(message, "was it moved or deleted? put it back, or leave this person out") from error


def _there(folder: Path, cell: Cell, painter: Painter, made: dict[tuple[int, int], Picture]) -> bool:
    """Whether the picture has been painted already; it is then among those that were made."""
    picture = current(folder, cell.shot, (), painter)
    if picture is not None:
        made[cell.row, cell.column] = picture
    return picture is not None


def _loader(on_step: OnStep, done: float, name: str) -> Callable[[float], None]:
    return lambda _part: on_step(done, f"loading {name}")


def _teller(on_step: OnStep, done: int, total: int, who: str) -> Callable[[float], None]:
    return lambda part: on_step((done + part) / total, f"painting {who}, picture {done + 1} of {total}")


def _draw(
    sheet: Path,
    folder: Path,
    rows: Sequence[str],
    columns: Sequence[str],
    made: dict[tuple[int, int], Picture],
    title: str,
) -> None:
    cells = {place: folder / picture.path for place, picture in made.items()}
    captions = {place: picture.key[:6] for place, picture in made.items()}
    files.write_bytes(sheet, contactsheet.sheet(rows, columns, cells, title, captions=captions))


Axis = tuple[str, str, str, float | None, float | None, int]
"""Prompt, style, base, the adapter's scale, strength, seed."""


def _axes(asked: Asked) -> list[Axis]:
    scales: tuple[float | None, ...] = asked.scales or (None,)
    strengths: tuple[float | None, ...] = asked.strengths or (None,)
    return list(itertools.product(asked.prompts, asked.arts, asked.bases, scales, strengths, asked.seeds))


def _label(
    asked: Asked, prompt: str, art: str, base: str, scale: float | None, strength: float | None, seed: int
) -> str:
    """What tells a column from the others, and nothing else."""
    said = [prompt] if len(asked.prompts) > 1 else []
    said += [art] if len(asked.arts) > 1 else []
    said += [Path(base).name] if len(asked.bases) > 1 else []
    said += [f"scale {scale:g}"] if len(asked.scales) > 1 else []
    said += [f"strength {strength:g}"] if len(asked.strengths) > 1 else []
    said += [f"seed {seed}"] if len(asked.seeds) > 1 or not said else []
    return ", ".join(str(one) for one in said)


def _check(asked: Asked, folder: Path) -> None:
    count = len(_axes(asked)) * len(asked.people)
    if not asked.people:
        raise BadInput("nobody is named to be painted", "say who: --cast sasha,theo")
    if count > MOST:
        raise BadInput(f"that would be {count} pictures", f"at most {MOST} go on one sheet: leave some out")
    for strength in asked.strengths:
        if not 0 <= strength <= 1:
            raise BadInput(f"a strength of {strength:g} cannot be", "0 is a copy of the photo, 1 ignores it")
    if asked.strengths and not asked.photo:
        raise BadInput(
            "--strength needs a picture to begin with", "name one with --photo FILE, or --photo sketch"
        )
    if asked.size and asked.size < SMALLEST:
        raise BadInput(
            f"a picture of {asked.size} pixels cannot be painted", f"the longer side from {SMALLEST}"
        )
    for art in filter(None, asked.arts):
        style_named(art, styles((folder, folder.parent)))
    for prompt in asked.prompts:
        refuse_unkind(prompt)  # whoever paints: it is of somebody's child
        filled(prompt, asked.people[0])


def _shot(
    asked: Asked, who: Character, axis: Axis, painter: Painter, folder: Path, shelf: Path, choices: Choices
) -> Shot:
    prompt, art, _, scale, strength, seed = axis
    art = art or (painter.arts[0] if painter.arts else "photo")
    wide, high = _size(asked, painter)
    known = shelved(folder, (who,), shelf)
    if painter.leaves_machine:
        known = (replace(known[0], references=()),)  # photos go nowhere unless somebody says so
    setting = Setting(
        art=art,
        dialect=painter.dialect,
        powers=painter.powers,
        adapters_of=painter.adapters_of,
        known=known,
        styles=styles((folder, folder.parent)),
    )
    scene, cast = (
        _scene(prompt, who) if not painter.dialect else (Scene("", figures=(Figure(who.name),)), (who,))
    )
    shot = Shot(
        0,
        scene,
        tuple(replace(one, adapters=(), references=()) for one in cast),
        art=art,
        seed=seed,
        width=wide,
        height=high,
        steps=asked.steps or painter.defaults.steps,
        guidance_scale=choices.guidance_scale or painter.defaults.guidance_scale,
    )
    if asked.photo:
        shot = replace(
            shot, init_image=asked.photo, strength=Setting.strength if strength is None else strength
        )
    if not painter.dialect:
        return shot
    style, adapter = style_for(art, setting), adapter_of(who.name, setting)
    in_style = style.adapter(setting.adapters_of)
    words = style.called(in_style).words(painter.dialect)
    person = filled(prompt, who, adapter.trigger if adapter else "", painter.dialect)
    worn = (
        [PlacedAdapter(replace(adapter, scale=adapter.scale if scale is None else scale), None, who.name)]
        if adapter
        else []
    )
    worn += [PlacedAdapter(in_style)] if in_style else []
    shot = replace(
        shot,
        prompt=f"{person}, {words}"
        if painter.dialect == "phrases"
        else f"{words if in_style else capital(words)}: {person}.",
        negative_prompt=negative_of(painter.defaults.family or painter.dialect, style),
        adapters=tuple(worn),
    )
    able = painter.powers - painter.unready
    if not adapter and known[0].references and "references" in able:
        shot = replace(shot, references=known[0].references[:1])
    if not shot.references and "references" in painter.powers and "init_image" not in painter.powers:
        shot = replace(shot, references=("sketch",))
    return shot


def _size(asked: Asked, painter: Painter) -> tuple[int, int]:
    longest = asked.size or min(1024, painter.defaults.size)
    if asked.wide >= 1:
        return longest, max(64, round(longest / asked.wide))
    return max(64, round(longest * asked.wide)), longest


def _scene(prompt: str, who: Character) -> tuple[Scene, tuple[Character, ...]]:
    """What the embedded painter draws of a prompt: the person as on the cover of a book about it, in that book's place that the prompt names."""
    idea = prompt.replace("TARGET's", "my").replace("TARGET", "me")
    wish = Wish(idea=f"a book about {idea}", hero=who.name, pages=8)
    story = writer_named("fable").write(wish, (who,) if who.look != Look() else ())
    cover = cover_page(story).scene
    said = set(re.findall(r"[a-z]+", prompt.lower()))
    scenes = [cover, *(page.scene for page in story.pages)]
    best = max(scenes, key=lambda scene: len(said & set(scene.place.lower().split())))
    figures = tuple(
        figure if said & set(figure.prop.split()) else replace(figure, action="standing", prop="")
        for figure in cover.figures
        if figure.character == who.name
    )
    scene = replace(best, figures=figures, text_zone=None, framing="medium", props=())
    return scene, tuple(one for one in story.cast if one.name == who.name)
