"""People, command line: painting with models: single pictures, grids, loading bases down, and the options that books share with them."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from storykin import bookfolder, files, gallery
from storykin.cast import shelf
from storykin.choices import Choices, Start
from storykin.cli import talk
from storykin.cli.cast import Json, Shelf, complete_name
from storykin.consistency.methods import METHODS, method_of
from storykin.consistency.styles import styles
from storykin.easel import read_picture, upright
from storykin.errors import BadFile, BadInput
from storykin.families import PAINTINGS, POCKET, Painting, Precision
from storykin.painters import OnLook, painter_names
from storykin.reaching import LOGIN

SMALL = POCKET.title
ABOUT_SMALL = (
    "paints on any processor, in seconds: a FLUX.1 of 6 million parameters that comes with Storykin (extra storykin[paint]) and knows only flat drawings "
    "of 256 pixels, which a book enlarges. People near by have faces, small ones are smudged; colours of hair and clothes are right half of the time. To try the whole way from photos to a book: docs/howto/pocket.md"
)
MODELS, GRID, JUDGING = "Painting with models", "The grid", "Looking at the pictures"


def complete_painter(incomplete: str) -> list[str]:
    return [name for name in painter_names() if name.startswith(incomplete)]


def _complete_family(incomplete: str) -> list[str]:
    return [name for name in PAINTINGS if name.startswith(incomplete)]


def complete_art(incomplete: str) -> list[str]:
    return [name for name in styles() if name.startswith(incomplete)]


def _complete_method(incomplete: str) -> list[str]:
    before, plus, last = incomplete.rpartition("+")
    return [f"{before}{plus}{name}" for name in METHODS if name.startswith(last)]


PainterName = Annotated[
    str,
    typer.Option(
        "--painter",
        metavar="PAINTER",
        help=f"{', '.join(painter_names())}; or a base: a name on the model hub, a folder, a .safetensors or .gguf file.",
        autocompletion=complete_painter,
        show_default=False,
    ),
]
Art = Annotated[
    str,
    typer.Option(metavar="STYLE", help="The style: photo, watercolour, clay …", autocompletion=complete_art),
]
Consistency = Annotated[
    str,
    typer.Option(
        metavar="METHODS",
        help=f"What keeps people the same: {', '.join(METHODS)}, joined with +, such as prompt+lora; the best that they and the painter "
        "allow when left out.",
        rich_help_panel=MODELS,
        autocompletion=_complete_method,
        show_default=False,
    ),
]
Photo = Annotated[
    list[str] | None,
    typer.Option("--photo", metavar="PAGE=FILE", help="A page begins with this photo: 3=me-as-wizard.jpg; 3= takes it back; may be given again.", rich_help_panel=MODELS),
]  # fmt: skip
StartOf = Annotated[
    str,
    typer.Option(
        "--start",
        help="Where pages without a photo begin: sketch, before (the page before) or none; as the method likes when left out.",
        rich_help_panel=MODELS,
        show_default=False,
    ),
]
Strength = Annotated[
    float | None,
    typer.Option(
        min=0.0, max=1.0, help="How far pictures may leave where they begin: 0 a copy, 1 ignores it; 0.5 when left out.", rich_help_panel=MODELS, show_default=False
    ),
]  # fmt: skip
Host = Annotated[
    str,
    typer.Option(
        metavar="ADDRESS",
        help="The server that the painters comfyui and openai speak to: http://127.0.0.1:8188.",
        rich_help_panel=MODELS,
        show_default=False,
    ),
]
ModelName = Annotated[
    str,
    typer.Option(
        "--model",
        help="What the server paints with: of comfyui sd15, sdxl or flux, with a checkpoint as sdxl:NAME; of openai the model's name.",
        rich_help_panel=MODELS,
        show_default=False,
    ),
]
Packed = Annotated[
    str,
    typer.Option(
        "--precision",
        help=f"Of a base's weights: {', '.join(get_args(Precision))}; the most exact that the card holds when left out.",
        rich_help_panel=MODELS,
        show_default=False,
    ),
]
Commercial = Annotated[
    bool,
    typer.Option("--commercial", help="Refuse bases whose pictures may not be sold.", rich_help_panel=MODELS),
]
Upscaler = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="A net that enlarges pictures for print (Real-ESRGAN …); smooth enlarging when left out or none.", rich_help_panel=MODELS, show_default=False
    ),
]  # fmt: skip
Judge = Annotated[
    bool | None,
    typer.Option("--judge/--no-judge", help="Have the critic look at every picture, and what fails painted again; yes when left out.", rich_help_panel=JUDGING, show_default=False),
]  # fmt: skip
Tries = Annotated[
    int | None,
    typer.Option(min=0, max=20, metavar="N", help="Pictures that a page may take in all until one passes; 0 and left out: by effort 1, 3 or 6, and 1 where pictures are painted on another machine.", rich_help_panel=JUDGING, show_default=False),
]  # fmt: skip
Approve = Annotated[
    bool | None,
    typer.Option("--approve/--no-approve", help="Bind the book only when you have approved every page.", rich_help_panel=JUDGING, show_default=False),
]  # fmt: skip
Preview = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Keep the unfinished picture here while it is painted, as a small JPEG.", rich_help_panel=MODELS, show_default=False
    ),
]  # fmt: skip
People = Annotated[
    str,
    typer.Option("--cast", metavar="NAMES", help="Who: names on the shelf, with commas.", autocompletion=complete_name, show_default=False),
]  # fmt: skip


@dataclass(frozen=True)
class Options:
    """What was said about painting with models; what is empty stays as it was."""

    consistency: str = ""
    start: str = ""
    strength: float | None = None
    host: str = ""
    model: str = ""
    precision: str = ""
    commercial: bool = False
    upscaler: Path | None = None
    judge: bool | None = None
    tries: int | None = None
    approve: bool | None = None

    def put(self, before: Choices) -> Choices:
        """The choices with those changed that were given. Raises `BadInput`."""
        method_of(self.consistency)
        if "@" in self.host:
            raise BadInput(
                "a name and password in --host would stand in book.toml",
                f"give the address without them, and set {LOGIN}=name:password in the environment",
            )
        if self.upscaler and str(self.upscaler) != "none" and not self.upscaler.expanduser().is_file():
            raise BadInput(
                f"{self.upscaler}: there is no such file",
                "name the file of an upscaling net, or none for smooth enlarging",
            )
        return replace(
            before,
            consistency=self.consistency or before.consistency,
            start=_one_of(self.start, "--start", get_args(Start)) or before.start,
            strength=before.strength if self.strength is None else self.strength,
            host=self.host or before.host,
            model=self.model or before.model,
            precision=_one_of(self.precision, "--precision", get_args(Precision)) or before.precision,
            commercial=self.commercial or before.commercial,
            upscaler=self._upscaler(before.upscaler),
            judge=before.judge if self.judge is None else self.judge,
            tries=before.tries if self.tries is None else self.tries,
            approve=before.approve if self.approve is None else self.approve,
        )

    def _upscaler(self, before: str) -> str:
        if self.upscaler is None:
            return before
        return "" if str(self.upscaler) == "none" else str(self.upscaler.expanduser().absolute())


def change(folder: Path, options: Options) -> None:
    """Change a book's choices by what was said."""
    before = bookfolder.read_choices(folder)
    after = options.put(before)
    if after != before:
        files.write_toml(folder / "book.toml", after)


def keep_photos(folder: Path, given: Sequence[str]) -> None:
    """Copy the photos of "3=me.jpg" into the book and note them in its choices. Raises `BadInput` and `BadFile`, and copies none then."""
    if not given:
        return
    before = bookfolder.read_choices(folder)
    photos = dict(before.photos)
    written = (folder / "story.json").exists()
    last = len(bookfolder.read_story(folder).pages) if written else bookfolder.read_wish(folder).pages
    coming: list[tuple[Path, bytes]] = []
    for one in given:
        page, equals, name = one.partition("=")
        page = page.strip()
        if not equals or not (page == "cover" or (page.isascii() and page.isdecimal())):
            raise BadInput(
                f"--photo {one!r}: is not PAGE=FILE", "such as --photo 3=me-as-wizard.jpg, or cover=us.jpg"
            )
        if page != "cover":
            page = str(int(page))
            if not 1 <= int(page) <= last:
                raise BadInput(
                    f"--photo {one!r}: there is no page {page} in this book",
                    f"its pages: 1 to {last}, and cover",
                )
        if not name.strip():
            photos.pop(page, None)
            continue
        path = Path(name.strip()).expanduser()
        content, media_type = read_picture(path)
        there = folder / "photos" / f"{page}-{files.slug(path.stem)}.{media_type.removeprefix('image/')}"
        coming.append((there, upright(content, media_type)))
        photos[page] = there.relative_to(folder).as_posix()
    for there, content in coming:
        files.write_bytes(there, content)
    files.write_toml(folder / "book.toml", replace(before, photos=photos))


def look_into(path: Path | None) -> OnLook | None:
    """Keep what is shown of an unfinished picture in a file."""
    if path is None:
        return None

    def keep(jpeg: bytes) -> None:
        try:
            files.write_bytes(path, jpeg)
        except BadFile as error:  # nobody loses a picture because nobody can look at it meanwhile
            talk.note(f"--preview: {error.message}")

    return keep


def picture(
    prompt: Annotated[str, typer.Argument(metavar="PROMPT", help="With TARGET where the person belongs.", show_default=False)],
    people: People,
    painter: PainterName = "sketch",
    art: Art = "",
    seed: Annotated[int, typer.Option(help="Another number, another picture.")] = 0,
    photo: Annotated[str, typer.Option("--photo", metavar="FILE", help="A picture to begin with.", show_default=False)] = "",
    strengths: Annotated[
        str, typer.Option("--strength", metavar="NUMBERS", help="How far it may leave the photo: 0.5, or several to compare: 0.3,0.4,0.5,0.6.", show_default=False)
    ] = "",
    scales: Annotated[
        str, typer.Option("--scale", metavar="NUMBERS", help="The adapter's strength: 1 as it was taught, or several to compare.", show_default=False)
    ] = "",
    size: Annotated[int, typer.Option(min=0, max=4096, help="Pixels of the longer side; the painter's own when left out.", show_default=False)] = 0,
    wide: Annotated[float, typer.Option("--aspect", min=0.25, max=4.0, help="Width by height.")] = 1.0,
    steps: Annotated[int, typer.Option(min=0, max=200, help="Denoising steps; the painter's own when left out.", show_default=False)] = 0,
    host: Host = "",
    model: ModelName = "",
    precision: Packed = "",
    commercial: Commercial = False,
    preview: Preview = None,
    out: Annotated[Path, typer.Option(help="The folder of pictures.")] = Path("gallery"),
    shelf_folder: Shelf = Path("cast"),
    as_json: Json = False,
) -> None:  # fmt: skip
    """Paint a silly picture, without a book: "TARGET as an astronaut on a cheese moon".

    Several people, strengths or scales come on one labelled contact sheet. Each picture has its recipe beside it.
    """
    asked = gallery.Asked(
        (prompt,), _people(people, shelf_folder), (painter,), (art,), (seed,), _numbers(scales, "--scale"),
        _numbers(strengths, "--strength"), _photo(photo, out), size, wide, steps,
    )  # fmt: skip
    options = Options(host=host, model=model, precision=precision, commercial=commercial)
    _paint(asked, out, shelf_folder, options, preview, as_json)


def grid(
    prompts: Annotated[list[str], typer.Argument(metavar="PROMPT...", help="One or more, with TARGET where the person belongs.", show_default=False)],
    people: People,
    painter: PainterName = "sketch",
    bases: Annotated[str, typer.Option(metavar="PAINTERS", help="Several painters to compare, with commas.", rich_help_panel=GRID, show_default=False)] = "",
    arts: Annotated[str, typer.Option("--arts", metavar="STYLES", help="Several styles, with commas.", rich_help_panel=GRID)] = "",
    seeds: Annotated[int, typer.Option(min=1, max=50, help="So many pictures of each, with seeds 0, 1, 2 …", rich_help_panel=GRID)] = 1,
    scales: Annotated[str, typer.Option(metavar="NUMBERS", help="Strengths of the adapter: 0.6,0.8,1.", rich_help_panel=GRID, show_default=False)] = "",
    photo: Annotated[str, typer.Option("--photo", metavar="FILE", help="A picture to begin with.", rich_help_panel=GRID, show_default=False)] = "",
    strengths: Annotated[str, typer.Option(metavar="NUMBERS", help="How far it may leave the photo: 0.3,0.4,0.5.", rich_help_panel=GRID, show_default=False)] = "",
    size: Annotated[int, typer.Option(min=0, max=4096, help="Pixels of the longer side; the painter's own when left out.", show_default=False)] = 0,
    wide: Annotated[float, typer.Option("--aspect", min=0.25, max=4.0, help="Width by height.")] = 1.0,
    steps: Annotated[int, typer.Option(min=0, max=200, help="Denoising steps; the painter's own when left out.", show_default=False)] = 0,
    host: Host = "",
    model: ModelName = "",
    precision: Packed = "",
    commercial: Commercial = False,
    preview: Preview = None,
    out: Annotated[Path | None, typer.Option(help="The folder of the grid; gallery/ with a name made of the prompt when left out.", show_default=False)] = None,
    shelf_folder: Shelf = Path("cast"),
    as_json: Json = False,
) -> None:  # fmt: skip
    """The same prompt across all people: one labelled contact sheet, rows people, columns prompts, styles, painters, scales, seeds.

    The same command goes on where it stopped. Put a picture into a book with: storykin pictures 7 --take FILE --book FOLDER
    """
    folder = out or Path("gallery") / files.slug(prompts[0], 40)
    asked = gallery.Asked(
        tuple(prompts), _people(people, shelf_folder), _words(bases) or (painter,), _words(arts) or ("",), tuple(range(seeds)),
        _numbers(scales, "--scales"), _numbers(strengths, "--strengths"), _photo(photo, folder), size, wide, steps,
    )  # fmt: skip
    options = Options(host=host, model=model, precision=precision, commercial=commercial)
    _paint(asked, folder, shelf_folder, options, preview, as_json)


def fetch(
    base: Annotated[
        str, typer.Argument(metavar="BASE", help="A family's name, or owner/model; for references of Stable Diffusion ip-adapter-sd15 or ip-adapter-sdxl; for the critic siglip2, clip, dinov2, owlv2 or safety.", show_default=False, autocompletion=_complete_family)
    ],
    as_json: Json = False,
) -> None:  # fmt: skip
    """Load a base down from the model hub, gigabytes: the only command that does, beside train --download."""
    from storykin.critics import safety
    from storykin.models import bases, ipadapter, seeing

    if base in painter_names() and base not in PAINTINGS:
        raise BadInput(
            f"painter {base!r} has nothing to load down", f"families that have: {', '.join(PAINTINGS)}"
        )
    beside = {
        **dict.fromkeys(ipadapter.NAMES, (ipadapter.fetch, ipadapter.REPOSITORY, ipadapter.LICENCE)),
        **{name: (seeing.fetch, net.repository, net.licence) for name, net in seeing.NETS.items()},
        **{name: (safety.fetch, net.repository, net.licence) for name, net in safety.CLASSIFIERS.items()},
    }
    if base in beside:
        load, repository, licence = beside[base]
        with talk.progress("fetch", as_json) as on_step:
            loaded = load(base, on_step)
        told = {"base": base, "name": repository, "licence": licence, "was_here": not loaded}
        talk.answer(told, as_json, lambda: talk.say(f"[bold]{base}[/] is here"))
        return
    painting = bases.painting_of(base)
    name = painting.base if base in PAINTINGS else base
    lacks = bases.missing(name, painting)
    with talk.progress("fetch", as_json) as on_step:
        if lacks is not None:
            talk.note(f"{lacks.name}: about {lacks.gib:.3g} GB, licence: {lacks.licence}")
            bases.fetch(name, painting, on_step)
    found = {
        "base": base,
        "name": name,
        "licence": painting.licence,
        "commercial": painting.commercial,
        "was_here": lacks is None,
    }
    where = "was here already" if lacks is None else "is here now"
    talk.answer(
        found,
        as_json,
        lambda: talk.say(
            f"[bold]{talk.verbatim(name)}[/] {where}. Paint with: --painter {talk.verbatim(base)}"
        ),
    )


def painters(
    name: Annotated[
        str, typer.Argument(metavar="PAINTER", help="One of them, to hear how it would run here.", show_default=False, autocompletion=complete_painter)
    ] = "",
    vram: Annotated[
        float | None, typer.Option(metavar="GIB", min=0.5, help="Memory of the card; what is free when left out.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Who can paint: what each painter can do, under which licence, on which cards, and what of it is on this machine."""
    from storykin.cli.doctor import can_paint
    from storykin.models import bases, painting_plan, planning

    if name in painter_names() and name not in PAINTINGS:
        said = {"sketch": "draws without any model, on every machine", SMALL: ABOUT_SMALL}.get(
            name, "paints on a server: --host ADDRESS; see docs/howto/servers.md"
        )
        talk.answer(
            {"painter": name, "why": [said]}, as_json, lambda: talk.say(f"{name} {talk.verbatim(said)}")
        )
        return
    if name:
        painting = bases.painting_of(name)
        fit = painting_plan.fit_painting(painting, vram or planning.vram_here(), ram_gib=planning.ram_here())
        found = {"painter": name, "family": painting.name, "licence": painting.licence, **asdict(fit)}
        why = list(fit.why)
        lacks = bases.missing(painting.base if name in PAINTINGS else name, painting)
        if lacks is not None:
            why.append(
                f"{lacks.name} is not on this machine: storykin fetch {name} loads it down, about {lacks.gib:.3g} GB."
            )
        talk.answer(found, as_json, lambda: talk.say(talk.verbatim("\n".join(why))))
        return
    sizes = (vram,) if vram else painting_plan.SIZES
    rows: list[tuple[str, Painting, tuple[str, ...], bool]] = []
    if SMALL in painter_names():
        rows.append((SMALL, bases.painting_of(SMALL), ("",) * len(sizes), can_paint()))
    for one in PAINTINGS.values():
        fits = tuple(fit.precision if fit else "" for fit in painting_plan.fits_of(one, sizes=sizes))
        rows.append((one.name, one, fits, bases.missing(one.base, one) is None))

    def show() -> None:
        heads = ("painter", "licence", "may be sold", *(f"{size:g} GB" for size in sizes), "here")
        cardless = ("–",) * len(sizes)
        told = [
            (called, one.licence, "yes" if one.commercial else "no",
             *(cardless if called == SMALL else (fit.replace("bfloat", "bf") for fit in fits)), "yes" if here else "no")
            for called, one, fits, here in rows
        ]  # fmt: skip
        drawn = ("sketch", "Apache-2.0", "yes", *cardless, "yes")
        talk.table(heads, [drawn, *told], whole=1)
        talk.say(
            "– needs no card, bf16 is bfloat16. comfyui and openai paint on a server: --host. More: storykin painters NAME"
        )

    listed = [
        {
            "painter": called,
            "licence": one.licence,
            "sold": one.commercial,
            "powers": sorted(one.powers),
            "cards": dict(zip((f"{size:g}" for size in sizes), fits, strict=True)),
            "here": here,
        }
        for called, one, fits, here in rows
    ]
    talk.answer(listed, as_json, show)


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(rich_help_panel="Looking closer")(painters)
    app.command(rich_help_panel="Pictures without a book")(picture)
    app.command(rich_help_panel="Pictures without a book")(grid)
    app.command(rich_help_panel="Looking closer")(fetch)


# --- words into values ------------------------------------------------------------------------------


def _paint(
    asked: gallery.Asked,
    folder: Path,
    shelf_folder: Path,
    options: Options,
    preview: Path | None,
    as_json: bool,
) -> None:
    choices = options.put(Choices())
    with talk.progress("paint", as_json) as on_step:
        made = gallery.gallery(asked, folder, shelf_folder, choices, on_step, look_into(preview))
    found = {
        "sheet": str(made.sheet),
        "pictures": [
            {
                "who": made.rows[row],
                "what": made.columns[column],
                "key": one.key,
                "path": str(folder / one.path),
            }
            for (row, column), one in sorted(made.pictures.items())
        ],
    }

    def show() -> None:
        for (row, column), one in sorted(made.pictures.items()):
            talk.say(
                f"{talk.verbatim(made.rows[row])}, {talk.verbatim(made.columns[column])}: {talk.verbatim(str(folder / one.path))}"
            )
        talk.say(f"sheet: [bold]{talk.verbatim(str(made.sheet))}[/]")

    talk.answer(found, as_json, show)


def _people(names: str, shelf_folder: Path) -> tuple[Any, ...]:
    return tuple(shelf.read_character(name, shelf_folder) for name in _words(names))


def _photo(photo: str, folder: Path) -> str:
    """A photo as galleries name it: copied into the folder; "sketch" as it is."""
    if not photo or photo == "sketch":
        return photo
    path = Path(photo).expanduser()
    content, media_type = read_picture(path)
    content = upright(content, media_type)
    there = folder / "photos" / f"{files.slug(path.stem)}.{media_type.removeprefix('image/')}"
    if not there.exists() or content != there.read_bytes():
        files.write_bytes(there, content)
    return there.relative_to(folder).as_posix()


def _words(said: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in said.split(",") if word.strip()))


def _numbers(said: str, option: str) -> tuple[float, ...]:
    try:
        found = tuple(dict.fromkeys(float(word) for word in _words(said)))
        if not all(map(math.isfinite, found)):
            raise ValueError
        return found
    except ValueError:
        raise BadInput(
            f"{option} {said!r}: these are no numbers", "write 0.5, or several with commas: 0.3,0.4,0.5"
        ) from None


def _one_of(said: str, option: str, known: tuple[Any, ...]) -> Any:
    flat = [word for one in known for word in (get_args(one) or (one,))]
    if said and said not in flat:
        raise BadInput(
            f"{option} {said!r} is not known", f"choose one of: {', '.join(word for word in flat if word)}"
        )
    return said
