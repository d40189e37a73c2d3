"""People, command line: planning and training: from photos to an adapter that paints somebody."""

import tomllib
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from storykin import files, teaching
from storykin.cast import shelf
from storykin.choices import Effort
from storykin.cli import talk
from storykin.cli.cast import Json, Name, Shelf, complete_name
from storykin.errors import BadFile, BadInput
from storykin.families import FAMILIES, POCKET, Precision
from storykin.models import loading, planning
from storykin.recipe import PHOTOS
from storykin.teaching import Planned, Taught, Wanted

if TYPE_CHECKING:
    from storykin.models.planning import Row

CARD, DETAILS, SIMULATION = "The graphics card", "Details", "Simulation"


def _complete_base(incomplete: str) -> list[str]:
    return [name for name in (*FAMILIES, POCKET.title) if name.startswith(incomplete)]


Base = Annotated[
    str,
    typer.Option(
        metavar="BASE",
        help=f"{', '.join((*FAMILIES, POCKET.title))}; or any checkpoint of these families: a name on the model hub, a folder, a .safetensors file. "
        "Left out: that of the last training, else the one the photos were cut for.",
        show_default=False,
        autocompletion=_complete_base,
    ),
]
EffortLevel = Annotated[
    str,
    typer.Option(
        "--effort", help="draft, good (usual) or best: how long, and at which sizes.", show_default=False
    ),
]
Anybody = Annotated[
    bool,
    typer.Option(
        "--anybody",
        help="Also learn from pictures of anybody that the base paints first, so that “a girl” stays anybody: for books with several "
        "people. Twice as long.",
    ),
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="FIELD=VALUE",
        help="One number of the recipe by hand, such as steps=1200; may be given again.",
        rich_help_panel=DETAILS,
    ),
]
RecipeFile = Annotated[
    Path | None,
    typer.Option(
        "--recipe",
        metavar="FILE",
        help="Fields of a recipe.toml, such as that of another training.",
        rich_help_panel=DETAILS,
        show_default=False,
    ),
]
Vram = Annotated[
    float | None,
    typer.Option(metavar="GIB", help="Memory of the card; what is free when left out.", rich_help_panel=CARD),
]
Device = Annotated[str, typer.Option(help="cuda or cpu; the card when there is one.", rich_help_panel=CARD)]


def train(
    name: Name,
    base: Base = "",
    effort: EffortLevel = "",
    anybody: Anybody = False,
    download: Annotated[
        bool, typer.Option("--download", help="Allow the base to be loaded down: gigabytes.")
    ] = False,
    afresh: Annotated[
        bool,
        typer.Option("--afresh", help="Begin anew; finished adapters stay."),
    ] = False,
    use: Annotated[
        int,
        typer.Option(metavar="STEP", help="Keep the adapter of this look instead.", show_default=False),
    ] = 0,
    settings: Set = None,
    recipe: RecipeFile = None,
    vram: Vram = None,
    device: Device = "",
    shelf_folder: Shelf = Path("cast"),
    as_json: Json = False,
) -> None:
    """Learn somebody from photos: an adapter (LoRA) with which a model paints them.

    Plans for the card, trains, paints previews, keeps the best one and reads its file back. It may be stopped at any time; the same
    command goes on.
    """
    folder = shelf.find(name, shelf_folder)
    changes, where = _changes(settings, recipe)
    wanted = Wanted(base, _effort(effort), changes, where, anybody, "", vram, device, download, afresh)
    with talk.progress("train", as_json) as on_step:
        taught = (
            teaching.use(folder, wanted, use, on_step) if use else teaching.teach(folder, wanted, on_step)
        )
    talk.answer(_taught(taught), as_json, lambda: _tell(taught))


def plan(
    name: Annotated[
        str,
        typer.Argument(
            help="The character's name; for 35 photos of somebody when left out.",
            show_default=False,
            autocompletion=complete_name,
        ),
    ] = "",
    base: Base = "",
    effort: EffortLevel = "",
    anybody: Anybody = False,
    settings: Set = None,
    recipe: RecipeFile = None,
    vram: Vram = None,
    card: Annotated[
        str,
        typer.Option(
            help=f"A card by name: {', '.join(one.name for one in planning.CARDS)}.",
            rich_help_panel=CARD,
        ),
    ] = "",
    device: Device = "",
    table: Annotated[
        bool, typer.Option("--table", help="All simulated steps that plans are made from.")
    ] = False,
    simulate: Annotated[
        bool,
        typer.Option(
            "--simulate",
            help="Take one step of the real net without its weights and say what it needs.",
            rich_help_panel=SIMULATION,
        ),
    ] = False,
    resolution: Annotated[
        int,
        typer.Option(
            help="The side of the square, in pixels.", rich_help_panel=SIMULATION, show_default=False
        ),
    ] = 0,
    precision: Annotated[
        str,
        typer.Option(
            help=f"Of the base's weights: {', '.join(get_args(Precision))}.", rich_help_panel=SIMULATION
        ),
    ] = "bfloat16",
    streamed_blocks: Annotated[
        int, typer.Option(min=0, help="So many blocks wait in main memory.", rich_help_panel=SIMULATION)
    ] = 0,
    rank: Annotated[
        int, typer.Option(min=1, max=512, help="The adapter's.", rich_help_panel=SIMULATION)
    ] = 16,
    shelf_folder: Shelf = Path("cast"),
    as_json: Json = False,
) -> None:
    """Say how a training would run on a card: memory, disk, steps and time; before any weights are touched."""
    if table:
        _show_table(base, as_json)
    elif simulate:
        _show_simulation(base or "flux-dev", resolution, precision, streamed_blocks, rank, as_json)
    else:
        folder = shelf.find(name, shelf_folder) if name else None
        changes, where = _changes(settings, recipe)
        wanted = Wanted(base, _effort(effort), changes, where, anybody, card, vram, device)
        planned = teaching.plan(folder, wanted)
        talk.answer(_planned(planned), as_json, lambda: _tell_plan(planned))


# --- words into values ------------------------------------------------------------------------------


def _effort(told: str) -> Effort | None:
    for one in get_args(Effort):
        if one == told:
            return one  # type: ignore[no-any-return]
    if told:
        raise BadInput(f"--effort {told!r} is not known", f"choose one of: {', '.join(get_args(Effort))}")
    return None


def _changes(told: Sequence[str] | None, path: Path | None) -> tuple[dict[str, Any], str]:
    """The fields of a recipe that were set by hand, in a file and then singly, and where they stood."""
    found: dict[str, Any] = {}
    if path is not None:
        try:
            found = tomllib.loads(files.read_text(path))
        except tomllib.TOMLDecodeError as error:
            raise BadFile(f"{path}: {error}", "a recipe is TOML: steps = 1200") from None
        for name in ("family", "base"):
            found.pop(name, None)  # --base says it
    for one in told or ():
        name, equals, value = one.partition("=")
        if not equals:
            raise BadInput(f"--set {one!r}: is not FIELD=VALUE", "such as --set steps=1200")
        name = name.strip().replace("-", "_")
        if name in {"family", "base"}:
            raise BadInput(f"--set {one!r}: the base is not a number of the recipe", "say it with --base")
        try:
            found[name] = tomllib.loads(f"x = {value}")["x"]
        except tomllib.TOMLDecodeError:
            found[name] = value.strip()
        if name == "resolutions" and isinstance(found[name], int):
            found[name] = [found[name]]
    return found, str(path) if path and not told else "--set"


# --- values into words ------------------------------------------------------------------------------


def _taught(taught: Taught) -> dict[str, object]:
    found = {
        one.name: getattr(taught, one.name)
        for one in fields(Taught)
        if one.name not in {"character", "remarks"}
    }
    told = {key: str(value) if isinstance(value, Path) else value for key, value in found.items()}
    return {"name": taught.character.name, **told, "remarks": list(taught.remarks)}


def _tell(taught: Taught) -> None:
    name = taught.character.name
    colour = "green" if taught.recognisable else "yellow"
    talk.say(f"[bold]{talk.verbatim(name)}[/] is trained. [{colour}]{taught.verdict}[/]")
    if taught.likeness is not None:
        others = [
            f"{word} {value:.2f}"
            for word, value in (("anybody", taught.floor), ("photo against photo", taught.ceiling))
            if value is not None
        ]
        talk.say(
            f"likeness {taught.likeness:.2f} ({', '.join(others)}), kept is step {taught.step} of {taught.steps}"
        )
    for remark in taught.remarks:
        talk.say(f"  • {talk.verbatim(remark)}")
    talk.say(f"adapter  [bold]{talk.verbatim(taught.adapter)}[/]")
    talk.say(f"sheet    [bold]{talk.verbatim(taught.sheet)}[/]")
    talk.say(f"report   [bold]{talk.verbatim(taught.report)}[/]")


def _planned(planned: Planned) -> dict[str, object]:
    plan = planned.plan
    found: dict[str, object] = {
        "name": planned.asked.character.name,
        "base": planned.asked.title,
        "photos": len(planned.asked.photos.pictures),
        "held_out": len(planned.asked.aside.pictures),
        "resumed_at": planned.asked.head.progress.step if planned.asked.head else 0,
        "download_gib": planned.download.gib if planned.download else 0.0,
        "remarks": list(planned.remarks),
    }
    return {**found, **asdict(plan)} if plan else {**found, "recipe": asdict(planned.recipe)}


def _tell_plan(planned: Planned) -> None:
    asked, plan = planned.asked, planned.plan
    if plan:
        rows = teaching.plan_rows(plan)
    else:
        recipe = planned.recipe
        small = recipe.base in loading.PACKAGED
        where = "on a card or the processor" if small else "on the processor: slow"
        rows = (
            ("computed in", f"float32, {where}, and nothing has to fit"),
            ("steps", f"{recipe.steps:,}, looked at every {recipe.look_every}"),
        )
    learned, aside = len(asked.photos.pictures), len(asked.aside.pictures)
    photos = f"{learned} to learn from, {aside} kept aside to judge by" if learned else f"{PHOTOS}, say"
    talk.table((asked.character.name, asked.title), (("pictures", photos), *rows))
    for why in plan.why if plan else ():
        talk.say(f"  • {talk.verbatim(why)}")
    for remark in planned.remarks:
        talk.say(f"  • {talk.verbatim(remark)}")
    if planned.download:
        absent = planned.download
        talk.say(
            f"  • {absent.name} is not on this machine yet: about {absent.gib:.0f} GB, licence {talk.verbatim(absent.licence)}; "
            "train loads it down when told --download"
        )


# --- the table --------------------------------------------------------------------------------------


def _show_table(base: str, as_json: bool) -> None:
    from storykin.families import family_named

    family = family_named(base).name if base else ""
    rows = [row for row in planning.table() if not family or row.family == family]
    talk.answer([asdict(row) for row in rows], as_json, lambda: _tell_rows(rows))


def _show_simulation(
    base: str, resolution: int, precision: str, streamed_blocks: int, rank: int, as_json: bool
) -> None:
    from storykin.models import bases

    teaching.needs_the_extra()
    from storykin.training.simulating import NETS, is_usual, net_of, simulate

    chosen = next((one for one in get_args(Precision) if one == precision), None)
    if chosen is None:
        raise BadInput(
            f"--precision {precision!r} is not known", f"choose one of: {', '.join(get_args(Precision))}"
        )
    family = bases.family_of(base)
    side = resolution or max(family.resolutions)
    if side % 64:
        raise BadInput(f"--resolution {side} is no multiple of 64", "512, 768 or 1024 are usual")
    config = bases.folder_config(base, family)
    usual = config is None or is_usual(family.name, config)
    net = NETS[family.name] if config is None else net_of(family.name, config)
    row = simulate(family.name, side, chosen, streamed_blocks, rank, net=net)
    kept = [one for one in planning.table() if usual and one.of == row.of]

    def tell() -> None:
        _tell_rows([row])
        if kept:
            same = "the same" if kept[0] == row else f"{kept[0].peak_gib} GiB"
            talk.say(f"The table in the package has {same}.")

    talk.answer(asdict(row), as_json, tell)


def _tell_rows(rows: "Sequence[Row]") -> None:
    heads = ("family", "side", "base", "streamed", "rank", "peak", "card", "RAM", "TFLOP", "bus GB")
    cells = [
        (row.family, row.resolution, row.base_precision, row.streamed_blocks, row.rank, f"{row.peak_gib:.2f}", f"{row.need_gib:.2f}",
         f"{row.ram_gib:.1f}", f"{row.tflop_per_step:.1f}", f"{row.bytes_per_step / 1e9:.1f}")
        for row in rows
    ]  # fmt: skip
    talk.table(heads, cells)
    talk.say(
        "side in pixels; peak as simulated, what the card needs and RAM in GiB; TFLOP and GB over the bus in one step"
    )


def register(app: typer.Typer) -> None:
    """Put both commands into the program."""
    app.command(rich_help_panel="The cast")(train)
    app.command(rich_help_panel="The cast")(plan)
