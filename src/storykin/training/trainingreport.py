"""Training: one self-contained page about a training, and a contact sheet: is it she, which adapter was kept, why, what to do.

The page asks nobody for anything: pictures, curves and style are inside. Needs no torch.
"""

from __future__ import annotations

import base64
import io
import math
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from storykin import files
from storykin.families import FAMILIES, POCKET, row_of
from storykin.recipe import Recipe
from storykin.training.charts import Level, Line, chart, smoothed
from storykin.training.looks import Looks, Preview, picture_path
from storykin.training.scoring import (
    ALIKE,
    RECOGNISED,
    RESEMBLES,
    VARIED,
    Look,
    recognisable,
    steady,
    telling,
    verdict,
    way,
)

if TYPE_CHECKING:
    from PIL import Image

LARGE, SMALL = 400, 168  # pixels of a picture's long side
WIDE = 1160  # units of the chart that stands alone in its row
KEY_COLUMNS = 7  # of the looks fit on a printed page and on the contact sheet
MOST_POINTS = 700  # of the loss; a screen has no more pixels
PAPER, INK, SOFT, ACCENT = "#fbf8f2", "#2b2724", "#6f675f", "#2f6f5e"
FEW_PHOTOS = 20


@dataclass(frozen=True)
class About:
    """What the report tells beside looks and losses.

    `adapter` is the file that was kept, `photos` how many pictures were learned from, `plan` rows of what was planned and in which words
    ("graphics memory", "7.9 of 16 GiB"), `minutes` how long it took, None when that is not known; `stopped` whether it ended
    early because it had passed its peak.
    """

    name: str
    trigger: str
    class_words: str
    recipe: Recipe
    photos: int
    adapter: str = ""
    plan: tuple[tuple[str, str], ...] = ()
    minutes: float | None = None
    stopped: bool = False


def training_report(
    folder: Path, about: About, looks: Looks, chosen: Look, history: Sequence[Mapping[str, object]]
) -> str:
    """The page as HTML. `folder` is the training's own (`cast/sasha/training/flux-dev`), `history` its lines as they were written."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    bounds = looks.bounds
    losses = losses_of(history)
    last = max([step for step, _ in losses] + [look.step for look in looks.looks])
    rows, recipe = _grid(folder, looks, chosen), about.recipe
    return environment.get_template("training.html.j2").render(
        about=about,
        looks=looks,
        chosen=chosen,
        base=row_of(recipe.family, recipe.base).title if recipe.family in FAMILIES else recipe.family,
        verdict=verdict(chosen, bounds.floor, bounds.ceiling),
        recognisable=recognisable(chosen, bounds.floor, bounds.ceiling),
        part=_part(chosen, looks),
        marks=(RESEMBLES, RECOGNISED, ALIKE),
        advice=advice(about, looks, chosen),
        called=_kept(folder, looks, chosen, trigger=True),
        anybody=_kept(folder, looks, chosen, trigger=False),
        photos=[_picture(folder.parent.parent / name, SMALL) for name in looks.held_out],
        charts=_charts(looks, chosen, losses, last),
        columns=[(look, look in sampled(looks.looks, chosen)) for look in looks.looks],
        rows=rows,
        recipe=_recipe_rows(recipe),
        troubles=_troubles(history),
    )


def write_report(
    folder: Path,
    about: About,
    looks: Looks,
    chosen: Look,
    history: Sequence[Mapping[str, object]],
    path: Path,
) -> Path:
    """Write the page to `path` in one stroke. Raises `BadFile`."""
    return files.write_text(path, training_report(folder, about, looks, chosen, history))


def losses_of(history: Sequence[Mapping[str, object]]) -> list[tuple[int, float]]:
    """Steps and losses of a training's history in order; of steps that were done again after going back, the last time counts."""
    found: dict[int, float] = {}
    for line in history:
        step, loss = line.get("step"), line.get("loss")
        if isinstance(step, int) and isinstance(loss, int | float) and math.isfinite(loss):
            found[step] = float(loss)
    return sorted(found.items())


def sampled(looks: Sequence[Look], chosen: Look, count: int = KEY_COLUMNS) -> tuple[Look, ...]:
    """At most `count` of the looks in order: the first, the last, the chosen one, and others evenly between them."""
    if len(looks) <= count:
        return tuple(looks)
    places = {round(i * (len(looks) - 1) / (count - 1)) for i in range(count)}
    kept = next((i for i, look in enumerate(looks) if look.step == chosen.step), 0)
    if kept not in places:
        inner = places - {0, len(looks) - 1}
        places = places - {min(inner, key=lambda place: (abs(place - kept), place))} | {kept}
    return tuple(looks[place] for place in sorted(places))


# --- what to do -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Remedy:
    """Something that would make it better, and the command for it, "" for none."""

    words: str
    command: str = ""


def advice(about: About, looks: Looks, chosen: Look) -> tuple[Remedy, ...]:
    """What would make it better, the most useful first; nothing when it is recognisable and well-behaved."""
    bounds = looks.bounds
    good = recognisable(chosen, bounds.floor, bounds.ceiling)
    return (*(() if good else _to_be_known(about, looks, chosen)), *_to_behave(about, looks, chosen))


def _to_be_known(about: About, looks: Looks, chosen: Look) -> Iterator[Remedy]:
    """What helps when it is not recognisable."""
    name = files.slug(about.name)
    if chosen.step == max(look.step for look in looks.looks) and not about.stopped and chosen.score > 0.1:
        yield Remedy(
            "It was still getting better when it ended. Train longer:",
            f"storykin train {name} --base {_base_of(about.recipe)} --effort best",
        )
    if about.photos < FEW_PHOTOS:
        yield Remedy(
            f"{about.photos} photos are few: 30 to 40 from different days, in different clothes, places and light, help more than "
            "anything else. Add some:",
            f"storykin cast add {name} PHOTOS",
        )
    yield Remedy(
        f"Look through the photos once more (report.html of {about.name}): one stranger among them, blurred faces, or captions that "
        "name hair and eyes keep the likeness from settling on the trigger. See them:",
        f"storykin cast show {name}",
    )


def _base_of(recipe: Recipe) -> str:
    """How the command line calls a recipe's base."""
    if recipe.base == POCKET.base:
        return POCKET.title
    family = FAMILIES.get(recipe.family)
    return recipe.family if family and family.base == recipe.base else shlex.quote(recipe.base)


def _to_behave(about: About, looks: Looks, chosen: Look) -> Iterator[Remedy]:
    """What helps when the likeness costs something else."""
    bounds = looks.bounds
    if chosen.leakage is not None and bounds.leakage is not None:
        before = way(bounds.leakage, bounds.floor, bounds.ceiling)
        if way(chosen.leakage, bounds.floor, bounds.ceiling) - before > RESEMBLES:
            yield Remedy(
                f"“{about.class_words.capitalize()}” without the trigger has begun to look like {about.name}. In books with others of the kind "
                + (
                    "that shows. Learn anew with more pictures of anybody among the photos:"
                    if about.recipe.prior_weight
                    else "that shows. Learn anew with pictures of anybody among the photos:"
                ),
                f"storykin train {files.slug(about.name)} --base {_base_of(about.recipe)} --afresh --anybody"
                + (
                    f" --set prior_pictures={2 * about.recipe.prior_pictures}"
                    if about.recipe.prior_weight
                    else ""
                ),
            )
    if chosen.diversity is not None and bounds.diversity and chosen.diversity < VARIED * bounds.diversity:
        yield Remedy(
            "The previews look alike whatever is asked for: the photos were learned by heart. Paint with a lower scale of the adapter, "
            "or add photos with other clothes and backgrounds."
        )
    if chosen.seen < 1:
        yield Remedy(
            f"In {1 - chosen.seen:.0%} of the judged previews nobody was found to compare; look at them before you trust the numbers."
        )


# --- what is shown ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Cell:
    """One preview of one look: its step, the picture as a data address, its likeness in words."""

    step: int
    picture: str
    likeness: str
    key: bool


def _grid(folder: Path, looks: Looks, chosen: Look) -> list[tuple[str, str, list[_Cell]]]:
    key = sampled(looks.looks, chosen)
    return [
        (
            preview.title,
            preview.prompt,
            [
                _Cell(
                    look.step,
                    _picture(picture_path(folder, look.step, number), SMALL),
                    _at(look, number),
                    look in key,
                )
                for look in looks.looks
            ],
        )
        for number, preview in enumerate(looks.previews)
    ]


def _kept(folder: Path, looks: Looks, chosen: Look, trigger: bool) -> list[tuple[Preview, str, str]]:
    """The chosen look's previews with their pictures and likeness."""
    return [
        (preview, _picture(picture_path(folder, chosen.step, number), LARGE), _at(chosen, number))
        for number, preview in enumerate(looks.previews)
        if preview.trigger is trigger
    ]


def _at(look: Look, number: int) -> str:
    found = look.each[number] if number < len(look.each) else None
    return "" if found is None else f"{found:.2f}"


def _part(chosen: Look, looks: Looks) -> float | None:
    """The way from floor to ceiling as the gauge shows it, 0 … 1; None where it says nothing."""
    if chosen.likeness is None or not telling(looks.bounds):
        return None
    return min(1.0, max(0.0, way(chosen.likeness, looks.bounds.floor, looks.bounds.ceiling)))


def _charts(
    looks: Looks, chosen: Look, losses: Sequence[tuple[int, float]], last: int
) -> list[tuple[str, str, str]]:
    """Title, explanation and SVG of each chart; all share the same steps."""
    from markupsafe import Markup

    mark = (chosen.step, f"kept: step {chosen.step:,}")
    drawn = [
        (
            "Likeness",
            f"How like the held-out photos the previews are, compared by {looks.scorer}; the bars show how sure that is. "
            "The other line is anybody of the class, who should stay near the floor.",
            _likeness_chart(looks, chosen, last, mark),
        ),
        (
            "Score",
            "What the choice goes by: 0 is the base, 1 the photos; less for leaking into the class, for forgotten prompts and for previews that "
            "become all the same. The line is what is left when luck is taken out; of equal ones the earlier is kept.",
            _score_chart(looks, last, mark),
        ),
    ]
    if losses:
        drawn.append(
            (
                "Loss",
                "How wrong the net was at each step, and the running mean. It hardly falls even when all goes well, and says nothing about likeness.",
                _loss_chart(losses, last, mark),
            )
        )
    return [(title, says, Markup(svg)) for title, says, svg in drawn]


def _likeness_chart(looks: Looks, chosen: Look, last: int, mark: tuple[int, str]) -> str:
    liked = [(look, look.likeness) for look in looks.looks if look.likeness is not None]
    leaked = [(look, look.leakage) for look in looks.looks if look.leakage is not None]
    bounds = looks.bounds
    levels = [("the photos", bounds.ceiling), ("the base", bounds.floor)]
    return chart(
        f"Likeness by step; kept is step {chosen.step}",
        [
            Line(
                "anybody",
                tuple((look.step, value) for look, value in leaked),
                "second",
                dots=True,
                notes=tuple(f"step {look.step}: anybody {value:.2f}" for look, value in leaked),
            ),
            Line(
                "with the trigger",
                tuple((look.step, value) for look, value in liked),
                "first",
                dots=True,
                errors=tuple(look.error for look, _ in liked),
                notes=tuple(f"step {look.step}: {value:.2f} ± {look.error:.2f}" for look, value in liked),
            ),
        ],
        [Level(name, value) for name, value in levels if value is not None],
        last,
        mark,
        width=WIDE,
    )


def _score_chart(looks: Looks, last: int, mark: tuple[int, str]) -> str:
    trained = [look for look in looks.looks if look.step > 0]
    held = steady(trained)
    notes = tuple(f"step {look.step}: score {look.score:.2f}" for look in trained)
    return chart(
        "Score by step",
        [
            Line(
                "", tuple((look.step, look.score) for look in trained), "first loose", dots=True, notes=notes
            ),
            Line(
                "without luck", tuple(zip((float(look.step) for look in trained), held, strict=True)), "first"
            ),
        ],
        [Level("the photos", 1.0), Level("the base", 0.0)],
        last,
        mark,
    )


def _loss_chart(losses: Sequence[tuple[int, float]], last: int, mark: tuple[int, str]) -> str:
    values = [loss for _, loss in losses]
    mean = smoothed(values, max(5, len(values) // 25))
    each = max(1, -(-len(losses) // MOST_POINTS))
    ordered = sorted(values)
    top = ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))]  # one wild step would flatten all others
    steps = [float(step) for step, _ in losses]
    return chart(
        "Loss by step",
        [
            Line("", tuple(zip(steps, values, strict=True))[::each], "faint"),
            Line("running mean", tuple(zip(steps, mean, strict=True))[::each], "first"),
        ],
        (),
        last,
        mark,
        (0.0, max(top, *mean)),
    )


def _recipe_rows(recipe: Recipe) -> list[tuple[str, str]]:
    """The recipe's fields in words people can look up."""
    found = [(field.name.replace("_", " "), getattr(recipe, field.name)) for field in fields(recipe)]
    return [(name, _said(value)) for name, value in found]


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, float):
        return f"{value:g}"
    return "none" if value is None else str(value)


def _troubles(history: Sequence[Mapping[str, object]]) -> list[str]:
    """What went wrong on the way and was mended."""
    skipped = sum("skipped" in line for line in history)
    back = sum(bool(line.get("rolled_back")) for line in history)
    said = []
    if skipped:
        said.append(f"{skipped} step{'s' if skipped > 1 else ''} left out because the loss was not finite")
    if back:
        said.append(
            f"went back to a checkpoint {'once' if back == 1 else f'{back} times'}, each time to half the rate"
        )
    return said


# --- pictures ---------------------------------------------------------------------------------------


def _picture(path: Path, side: int) -> str:
    """A picture as a data address, at most `side` pixels high and wide; "" when it is gone."""
    found = _small(path, side)
    if found is None:
        return ""
    file = io.BytesIO()
    found.save(file, "JPEG", quality=82)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode()


def _small(path: Path, side: int, fill: bool = False) -> Image.Image | None:
    """A picture, upright, at most `side` pixels high and wide; with `fill` smaller ones are enlarged to that."""
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as found:
            picture = ImageOps.exif_transpose(found).convert("RGB")
    except OSError:
        return None
    if fill and max(picture.size) < side:
        return ImageOps.contain(picture, (side, side), Image.Resampling.LANCZOS)
    picture.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return picture


def contact_sheet(folder: Path, looks: Looks, chosen: Look) -> Image.Image:
    """One picture of the training: a row for each prompt, a column for some of the looks, the chosen one framed.

    No name stands on it.
    """
    from PIL import Image, ImageDraw, ImageFont

    cell, gap, head, side = 200, 12, 64, 150
    columns = sampled(looks.looks, chosen)
    size = (side + (cell + gap) * len(columns) + gap, head + (cell + gap + 22) * len(looks.previews) + gap)
    sheet = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(sheet)
    small, large = ImageFont.load_default(15), ImageFont.load_default(19)
    for across, look in enumerate(columns):
        left, kept = side + (cell + gap) * across, look.step == chosen.step
        if kept:
            draw.rounded_rectangle((left - 7, 6, left + cell + 6, size[1] - 8), 10, outline=ACCENT, width=4)
        title = "the base" if look.step == 0 else f"step {look.step:,}"
        colour = ACCENT if kept else INK
        draw.text((left + cell / 2, 26), title, colour, large, anchor="mm")
        draw.text((left + cell / 2, 48), "kept" if kept else "", colour, small, anchor="mm")
        for down in range(len(looks.previews)):
            top = head + (cell + gap + 22) * down
            picture = _small(picture_path(folder, look.step, down), cell, fill=True)
            if picture is None:
                draw.rectangle((left, top, left + cell, top + cell), outline=SOFT)
            else:
                sheet.paste(picture, (left + (cell - picture.width) // 2, top + (cell - picture.height) // 2))
            draw.text((left + cell / 2, top + cell + 12), _at(look, down), SOFT, small, anchor="mm")
    for down, preview in enumerate(looks.previews):
        draw.text((14, head + (cell + gap + 22) * down + cell / 2), preview.title, INK, small, anchor="lm")
    return sheet
