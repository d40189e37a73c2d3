"""People, command line: the commands, in the order of the path."""

import os
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar, get_args

import typer

from storykin import __version__, bookfolder, files, make
from storykin.approving import is_fine
from storykin.book import trim_of
from storykin.choices import Choices, Effort
from storykin.cli import approve as approving
from storykin.cli import cast, talk, train, writing
from storykin.cli import judge as judging
from storykin.cli import pages as told
from storykin.cli import paint as painting
from storykin.cli.languages import complete_language, in_languages
from storykin.cli.pages import page_numbers_of
from storykin.cli.vistory import vistory
from storykin.desk import earlier_of
from storykin.easel import on_pages
from storykin.errors import BadInput
from storykin.painters import painter_names
from storykin.reporting import PAGE as CONSISTENCY
from storykin.wish import Pronouns, Tone, Wish

app = typer.Typer(
    help="Picture books in which the same recognisable people stand on every page.",
    epilog='Start with:  storykin book "I want a book about me being a puppy doctor" --hero Sasha',
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

app.add_typer(cast.app, name="cast", rich_help_panel="The cast")
train.register(app)
painting.register(app)
approving.register(app)
judging.register(app)
app.command(rich_help_panel="Looking closer")(vistory)

if TYPE_CHECKING:
    from storykin.binders.presses import Press as PrinterPress

Word = TypeVar("Word", bound=str)
STORY, PICTURES, BINDING = "The story", "The pictures", "The book"

Idea = Annotated[
    str,
    typer.Argument(metavar="WISH", help="What the book is about, in a child's words.", show_default=False),
]
Hero = Annotated[
    str,
    typer.Option(
        help='The child\'s name; “me” in the wish is this child. A wish may introduce the hero itself: "Mia, 5, long red hair, finds a puppy".',
        rich_help_panel=STORY,
    ),
]
Friends = Annotated[
    list[str] | None,
    typer.Option("--with", metavar="NAME", help="Somebody else who matters in the story; may be given again.", rich_help_panel=STORY),
]  # fmt: skip
They = Annotated[str, typer.Option("--pronouns", help="The hero's: she, he or they.", rich_help_panel=STORY)]
Pages = Annotated[int, typer.Option(help="Pages of the story, 4 to 48.", rich_help_panel=STORY)]
Age = Annotated[
    int, typer.Option(help="The reader's age, 2 to 9: decides words and sentences.", rich_help_panel=STORY)
]
Rhyme = Annotated[bool, typer.Option("--rhyme", help="Tell it in rhyming couplets.", rich_help_panel=STORY)]
First = Annotated[
    bool, typer.Option("--first-person", help="Let the hero tell it: I, me, my.", rich_help_panel=STORY)
]
Funny = Annotated[bool, typer.Option("--funny", help="With more nonsense in it.", rich_help_panel=STORY)]
Bedtime = Annotated[
    bool, typer.Option("--bedtime", help="A story that gets quieter and ends in bed.", rich_help_panel=STORY)
]
Keep = Annotated[
    list[str] | None,
    typer.Option(metavar="WORDS", help="Words of the child that must stand in the book just so; may be given again.", rich_help_panel=STORY),
]  # fmt: skip
Language = Annotated[
    str,
    typer.Option("--language", metavar="CODE", help="The language to tell it in: en, de, pt-BR, ja … The writer fable speaks English only.", rich_help_panel=STORY, autocompletion=complete_language),
]  # fmt: skip
Also = Annotated[
    str,
    typer.Option("--also", metavar="CODE", help="A second language: every page has its words in both.", rich_help_panel=STORY, autocompletion=complete_language),
]  # fmt: skip
Sparks = Annotated[
    list[str] | None,
    typer.Option("--spark", metavar="WORDS", help="A word of the child's own, or the title of a drawing, that a language model's story grows from; may be given again.", rich_help_panel=STORY),
]  # fmt: skip
After = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="Another book about the same people: the folder of the book before.", rich_help_panel=STORY, show_default=False),
]  # fmt: skip
Ask = Annotated[
    bool,
    typer.Option(
        "--ask",
        help="Read every page aloud while it is written: the child takes it, sends it back, or says what comes next.",
        rich_help_panel=STORY,
    ),
]
Dedication = Annotated[str, typer.Option(help="Printed on the dedication page.", rich_help_panel=STORY)]
Arc = Annotated[
    str,
    typer.Option(help="The plot, by name; the writer chooses when it is left out.", rich_help_panel=STORY),
]
Seed = Annotated[int, typer.Option(help="Another number, another story.", rich_help_panel=STORY)]
WriterName = Annotated[
    str,
    typer.Option(
        "--writer",
        help="Who writes: fable (when left out), or a language model: ollama:gemma3:12b, openai:MODEL@https://host/v1. See: storykin doctor.",
        rich_help_panel=STORY,
        autocompletion=writing.complete_writer,
    ),
]
Art = Annotated[
    str,
    typer.Option(
        help="The style of the pictures: flat, watercolour, crayon, cut-paper, ink; and with models oil, clay, comic, photo …",
        rich_help_panel=PICTURES,
        autocompletion=painting.complete_art,
    ),
]
PainterName = Annotated[
    str,
    typer.Option(
        "--painter",
        help="Who paints: sketch (when left out), a family of models such as sdxl or flux-dev, a base, or a server. See: storykin doctor.",
        rich_help_panel=PICTURES,
        autocompletion=painting.complete_painter,
    ),
]
EffortLevel = Annotated[
    str,
    typer.Option(
        "--effort", help="draft, good (usual) or best: resolution, steps and tries.", rich_help_panel=PICTURES
    ),
]
Trim = Annotated[
    str,
    typer.Option(
        help="The size of the cut page in inches: 8.5x8.5 (usual) or 8x10.", rich_help_panel=BINDING
    ),
]
Press = Annotated[
    str,
    typer.Option("--for", metavar="PRESS", help="kdp-8.5x8.5, kdp-8x10, lulu-8.5x8.5, screen or home-a4.", rich_help_panel=BINDING),
]  # fmt: skip
Author = Annotated[
    str, typer.Option(help="Printed on the title page and the cover.", rich_help_panel=BINDING)
]
Numbers = Annotated[bool, typer.Option("--page-numbers", help="Print page numbers.", rich_help_panel=BINDING)]
Formats = Annotated[
    list[str] | None,
    typer.Option("--format", metavar="FORM", help="pdf, cover, epub or html; may be given again. All when left out.", rich_help_panel=BINDING),
]  # fmt: skip
Out = Annotated[
    Path | None,
    typer.Option(help="The book's own folder; without it, one named after the title.", show_default=False),
]
Folder = Annotated[Path, typer.Option("--book", metavar="FOLDER", help="The book's folder.")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON, for scripts.")]


def _version(wanted: bool) -> None:
    if wanted:
        print(f"storykin {__version__}")
        raise typer.Exit


@app.callback()
def storykin(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Picture books in which the same recognisable people stand on every page."""


@app.command(rich_help_panel="All at once")
def book(
    wish: Idea,
    hero: Hero = "Robin",
    friends: Friends = None,
    pronouns: They = "they",
    pages: Pages = 12,
    age: Age = 5,
    rhyme: Rhyme = False,
    first_person: First = False,
    funny: Funny = False,
    bedtime: Bedtime = False,
    keep: Keep = None,
    dedication: Dedication = "",
    arc: Arc = "",
    seed: Seed = 0,
    language: Language = "en",
    also: Also = "",
    sparks: Sparks = None,
    after: After = None,
    writer: WriterName = "",
    art: Art = "flat",
    painter: PainterName = "",
    effort: EffortLevel = "",
    trim: Trim = "",
    press: Press = "",
    author: Author = "",
    page_numbers: Numbers = False,
    formats: Formats = None,
    consistency: painting.Consistency = "",
    photos: painting.Photo = None,
    start: painting.StartOf = "",
    strength: painting.Strength = None,
    host: painting.Host = "",
    model: painting.ModelName = "",
    precision: painting.Packed = "",
    commercial: painting.Commercial = False,
    upscaler: painting.Upscaler = None,
    judge: painting.Judge = None,
    tries: painting.Tries = None,
    approve: painting.Approve = None,
    preview: painting.Preview = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Turn a wish into a bound book: write, draw up, paint and bind.

    Run it again with the same wish and folder and it goes on where it stopped; pictures that are
    there and still fit are kept.
    """
    tones = _tones(rhyme, first_person, funny, bedtime)
    wished = _wish(wish, hero, friends, pronouns, pages, age, tones, art, keep, dedication, arc, seed)
    wished = in_languages(wished, language, also)
    wished = replace(wished, sparks=tuple(sparks or ()))
    choices = _choices(_before(out), writer, painter, effort, trim, press, author, page_numbers, formats)
    options = painting.Options(
        consistency, start, strength, host, model, precision, commercial, upscaler, judge, tries, approve
    )
    folder = _begin(wished, options.put(choices), out, after)
    painting.keep_photos(folder, photos or ())
    with talk.progress("book", as_json) as on_step:
        make.make_pictures(folder, on_step, painting.look_into(preview), talk.note)
    if bookfolder.read_choices(folder).approve and not as_json and approving.somebody_is_there():
        approving.ask(folder)
    with talk.progress("book", as_json) as on_step:
        made = make.bind(folder, make.step_of("bind", on_step))
    story = bookfolder.read_story(folder)
    shown = folder / CONSISTENCY if bookfolder.read_choices(folder).judge else None
    found = {
        "title": story.title,
        "folder": str(folder),
        "consistency": str(shown) if shown else "",
        "pages": len(story.pages),
        "arc": story.arc,
        "files": {path.name: path.stat().st_size for path in made},
        "pictures": told.pages_in_json(folder),
    }

    def show() -> None:
        talk.say(
            f"[bold]{talk.verbatim(story.title)}[/bold]  ({len(story.pages)} pages, {talk.verbatim(story.arc)})"
        )
        told.say_pages(folder)
        if shown:
            talk.say(f"Who looks like whom, page by page: {talk.verbatim(str(shown))}")
        for path in made:
            talk.say(f"  {talk.verbatim(str(path))}  {path.stat().st_size / 1e6:.1f} MB")
        writing.say_left(folder)
        if made:
            talk.say(f"Look at it: open {talk.verbatim(str(made[-1]))}")

    talk.answer(found, as_json, show)


@app.command(rich_help_panel="Step by step")
def write(
    wish: Idea,
    hero: Hero = "Robin",
    friends: Friends = None,
    pronouns: They = "they",
    pages: Pages = 12,
    age: Age = 5,
    rhyme: Rhyme = False,
    first_person: First = False,
    funny: Funny = False,
    bedtime: Bedtime = False,
    keep: Keep = None,
    dedication: Dedication = "",
    arc: Arc = "",
    seed: Seed = 0,
    language: Language = "en",
    also: Also = "",
    sparks: Sparks = None,
    after: After = None,
    writer: WriterName = "",
    ask: Ask = False,
    art: Art = "flat",
    painter: PainterName = "",
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Write the story and print it. It lands in story.json, which you may edit by hand."""
    tones = _tones(rhyme, first_person, funny, bedtime)
    wished = _wish(wish, hero, friends, pronouns, pages, age, tones, art, keep, dedication, arc, seed)
    wished = in_languages(wished, language, also)
    wished = replace(wished, sparks=tuple(sparks or ()))
    folder = _begin(wished, _choices(_before(out), writer, painter), out, after)
    story = writing.asked(folder, as_json) if ask else writing.written(folder, as_json)

    def show() -> None:
        talk.say(f"[bold]{talk.verbatim(story.title)}[/bold]\n")
        for page in story.pages:
            talk.say(f"[bold]{page.number:>2}[/bold]  " + talk.verbatim(page.text).replace("\n", "\n    "))
            if page.also:
                talk.say("    " + talk.verbatim(page.also).replace("\n", "\n    "))
        talk.say(
            f"\nIn {talk.verbatim(str(folder / 'story.json'))}. Next: storykin board --book {talk.verbatim(str(folder))}"
        )
        writing.say_left(folder)

    talk.answer({"folder": str(folder), **_as_dict(story)}, as_json, show)


@app.command(rich_help_panel="Step by step")
def board(
    consistency: painting.Consistency = "",
    photos: painting.Photo = None,
    start: painting.StartOf = "",
    strength: painting.Strength = None,
    folder: Folder = Path(),
    as_json: Json = False,
) -> None:
    """Draw up the storyboard: framing, who stands where, where the words go, what each picture asks for."""
    painting.change(folder, painting.Options(consistency, start, strength))
    painting.keep_photos(folder, photos or ())
    made = make.board(folder)

    def show() -> None:
        rows = []
        for shot in made.shots:
            figures = ", ".join(f"{figure.character} {figure.action}" for figure in shot.scene.figures)
            rows.append((bookfolder.page_words(shot.page), shot.scene.framing, shot.scene.place, figures))
        talk.table(("picture", "framing", "place", "on stage"), rows)

    talk.answer(_as_dict(made), as_json, show)


@app.command(rich_help_panel="Step by step")
def paint(
    pages: Annotated[
        str, typer.Argument(help="Which: 3, 3-5,7 or cover. All when left out.", show_default=False)
    ] = "",
    again: Annotated[
        bool, typer.Option("--again", help="Paint anew though there is a picture; the old one stays.")
    ] = False,
    judge: painting.Judge = None,
    tries: painting.Tries = None,
    preview: painting.Preview = None,
    folder: Folder = Path(),
    as_json: Json = False,
) -> None:
    """Paint the pictures that are missing or no longer fit, and what the critic finds fault with anew; all others are kept."""
    numbers = page_numbers_of(pages) if pages else None
    if again and numbers is None:
        raise BadInput("--again needs to know which pages", "for example: storykin paint 7 --again")
    painting.change(folder, painting.Options(judge=judge, tries=tries))
    with talk.progress("paint", as_json) as on_step:
        made = make.paint(folder, numbers, again, on_step, painting.look_into(preview))
    painted = {picture.shot.page for picture in made}
    looked = [
        (shot, picture)
        for shot, picture in on_pages(folder)
        if picture
        and (shot.page in painted or ((numbers is None or shot.page in numbers) and not is_fine(picture)))
    ]

    def show() -> None:
        if not made:
            talk.say("Every picture is there already. To paint one anew: storykin paint 7 --again")
        for shot, picture in looked:
            talk.say(
                f"{talk.verbatim(told.line_of(shot, picture))}  {talk.verbatim(str(folder / picture.path))}"
            )
            told.say_reasons(picture)

    talk.answer(
        [
            {"key": picture.key, **told.plain_of(shot, picture)}
            for shot, picture in looked
            if shot.page in painted
        ],
        as_json,
        show,
    )


@app.command(rich_help_panel="Step by step")
def pictures(
    page: Annotated[str, typer.Argument(help="The page, or cover.", show_default=False)],
    use: Annotated[str, typer.Option(metavar="KEY", help="Take this picture back into the book.")] = "",
    take: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Put this picture on the page: one of a gallery, or any PNG or JPEG.",
            show_default=False,
        ),
    ] = None,
    folder: Folder = Path(),
    as_json: Json = False,
) -> None:
    """List every picture ever painted for a page, take an older one back with --use, or one from elsewhere with --take."""
    number, *more = page_numbers_of(page)
    if more:
        raise BadInput("pictures shows one page at a time", f"for example: storykin pictures {number}")
    if use:
        make.use(folder, number, use)
    if take:
        make.take(folder, number, take.expanduser())
    if use or take:
        make.look(folder, [number])
    found = make.pictures(folder, number)

    def show() -> None:
        rows = [
            (
                "*" if used else "",
                one.key,
                told.faults_of(one.verdict),
                one.painted[:19].replace("T", " "),
                one.path,
            )
            for one, used in found
        ]
        talk.table(("in the book", "key", "the critic says", "painted (UTC)", "file"), rows)

    rows = [
        {
            "key": one.key,
            "path": one.path,
            "painted": one.painted,
            "used": used,
            "passed": one.verdict.passed if one.verdict else None,
            "faults": [fault.why for fault in one.verdict.faults] if one.verdict else [],
        }
        for one, used in found
    ]
    talk.answer(rows, as_json, show)


@app.command(rich_help_panel="Step by step")
def bind(
    press: Press = "",
    page_numbers: Numbers = False,
    formats: Formats = None,
    author: Author = "",
    upscaler: painting.Upscaler = None,
    approve: painting.Approve = None,
    folder: Folder = Path(),
    as_json: Json = False,
) -> None:
    """Bind words and pictures into PDF, cover, EPUB and HTML."""
    press = press_of(press, bookfolder.read_choices(folder).trim).name if press else ""
    painting.change(folder, painting.Options(upscaler=upscaler, approve=approve))
    make.choose(folder, press=press, page_numbers=page_numbers, formats=tuple(formats or ()), author=author)
    with talk.progress("bind", as_json) as on_step:
        made = make.bind(folder, on_step)

    def show() -> None:
        for path in made:
            talk.say(f"{talk.verbatim(str(path))}  {path.stat().st_size / 1e6:.1f} MB")

    talk.answer({path.name: path.stat().st_size for path in made}, as_json, show)


@app.command(rich_help_panel="Looking closer")
def check(folder: Folder = Path(), as_json: Json = False) -> None:
    """Measure and proofread the words: reading level, sentences, rhymes; who is there, what is preached, what the picture tells otherwise."""
    from storykin.writers.checking import check_story

    found = check_story(bookfolder.read_story(folder), bookfolder.read_wish(folder))
    before = writing.before(folder)

    def show() -> None:
        heads = ("measure", *(("as it first came",) if before else ()), "found", "wanted", "")
        first = {row.measure: row.found for row in before.checkup.rows} if before else {}
        talk.table(
            heads,
            [
                (
                    row.measure,
                    *((first.get(row.measure, ""),) if before else ()),
                    row.found,
                    row.wanted,
                    row.mark,
                )
                for row in found.rows
            ],
        )
        for fault in found.faults:
            talk.say(f"[yellow]•[/yellow] {talk.verbatim(fault.sentence)}")
        if before:
            writing.say_rounds(before)

    talk.answer({**asdict(found), "before": writing.plain_of(before)}, as_json, show)


@app.command(rich_help_panel="Looking closer")
def preflight(
    pdf: Annotated[Path, typer.Argument(help="The PDF to look at.", show_default=False)],
    press: Annotated[
        str, typer.Option("--for", metavar="PRESS", help="The printer's preset, or just kdp or lulu.")
    ] = "kdp",
    cover: Annotated[
        int, typer.Option("--cover", metavar="PAGES", help="It is the cover of a book of so many pages.")
    ] = 0,
    as_json: Json = False,
) -> None:
    """Read a PDF back and say what a printer would refuse. Exit code 1 when it would be refused."""
    from storykin.binders.preflight import preflight as look

    report = look(pdf, press_of(press), cover_of=cover)

    def show() -> None:
        for finding in report.findings:
            mark = "[red]refuse[/red]" if finding.severity == "refuse" else "[yellow]warn[/yellow]"
            talk.say(f"{mark}  {talk.verbatim(finding.what)}\n        hint: {talk.verbatim(finding.hint)}")
        talk.say("[green]nothing to refuse[/green]" if report.passed else "[red]would be refused[/red]")

    talk.answer({**asdict(report), "passed": report.passed}, as_json, show)
    if not report.passed:
        raise typer.Exit(1)


@app.command(rich_help_panel="Looking closer")
def doctor(as_json: Json = False) -> None:
    """Say what this machine can do: memory, graphics card, writers and painters, and how to get more."""
    from storykin.cli.doctor import examine

    found = examine()

    def show() -> None:
        talk.table(("what", "found", "means"), [(row.what, row.found, row.means) for row in found])

    talk.answer([asdict(row) for row in found], as_json, show)


def press_of(name: str, trim: str = "") -> "PrinterPress":
    """The press of that name; "kdp" or "lulu" alone are completed by the trim."""
    from storykin.binders.presses import press_named

    maker = name or "kdp"
    return press_named(f"{maker}-{trim or Choices().trim}" if maker in {"kdp", "lulu"} else maker)


def _tones(rhyme: bool, first_person: bool, funny: bool, bedtime: bool) -> tuple[Tone, ...]:
    chosen: dict[Tone, bool] = {
        "rhyme": rhyme, "prose": not rhyme, "first_person": first_person, "funny": funny, "bedtime": bedtime,
    }  # fmt: skip
    return tuple(tone for tone, wanted in chosen.items() if wanted)


def _wish(
    idea: str, hero: str, friends: list[str] | None, pronouns: str, pages: int, age: int, tones: tuple[Tone, ...],
    art: str, keep: list[str] | None, dedication: str, arc: str, seed: int,
) -> Wish:  # fmt: skip
    from storykin.writers.introducing import heard

    return heard(
        Wish(
            idea=idea,
            hero=hero,
            pronouns=_one_of(pronouns, "--pronouns", get_args(Pronouns)),
            cast=tuple(friends or ()),
            pages=pages,
            reader_age=age,
            style=tones,
            art=art,
            keep=tuple(words.strip() for words in keep or () if words.strip()),
            dedication=dedication,
            arc=arc,
            seed=seed,
        )
    )


def _choices(
    before: Choices, writer: str = "", painter: str = "", effort: str = "", trim: str = "", press: str = "",
    author: str = "", page_numbers: bool = False, formats: list[str] | None = None,
) -> Choices:  # fmt: skip
    """The choices of before with those changed that were given."""
    if trim:
        trim_of(trim)
    wanted = press or (f"kdp-{trim}" if trim else before.press)
    try:
        printer = press_of(wanted, trim)
    except BadInput:
        if press or not trim:
            raise
        raise BadInput(
            f"KDP's presets have no trim {trim!r}", "choose 8.5x8.5 or 8x10, or another press: --for screen"
        ) from None
    fixed = f"{printer.trim.width:g}x{printer.trim.height:g}" if printer.trim else ""
    return replace(
        before,
        writer=writer or before.writer,
        painter=_settled(painter) or before.painter,
        effort=_one_of(effort, "--effort", get_args(Effort)) if effort else before.effort,
        trim=trim or fixed or before.trim,
        press=printer.name,
        author=author or before.author,
        page_numbers=page_numbers or before.page_numbers,
        formats=tuple(formats) if formats else before.formats,
    )


def _settled(painter: str) -> str:
    """A base's path as it is from everywhere; other names as they are."""
    path = Path(painter).expanduser()
    return str(path.absolute()) if painter and painter not in painter_names() and path.exists() else painter


def _one_of(found: str, option: str, known: tuple[Word, ...]) -> Word:
    for word in known:
        if word == found:
            return word
    raise BadInput(
        f"{option} {found!r} is not known", f"choose one of: {', '.join(str(word) for word in known)}"
    )


def _before(out: Path | None) -> Choices:
    """The choices of the book that is there already, or the usual ones."""
    return bookfolder.read_choices(out) if out and (out / "wish.toml").exists() else Choices()


def _begin(wish: Wish, choices: Choices, out: Path | None, after: Path | None = None) -> Path:
    """The book's folder with wish and choices in it; without `out` one named after the title that is free. `after` is the folder of the book before."""
    folder = out or Path(files.slug(make.title_of(wish, choices)))
    if after:
        wish = replace(wish, after=os.path.relpath(after.expanduser().absolute(), folder.absolute()))
    if out is None:
        name, number = folder.name, 1
        while folder.exists() and not _is_book_of(folder, wish):
            number += 1
            folder = Path(f"{name}-{number}")
    elif folder.exists() and not folder.is_dir():
        raise BadInput(f"{folder}: is a file, not a folder", "choose a new folder with --out")
    elif folder.exists() and not (folder / "wish.toml").exists() and any(folder.iterdir()):
        raise BadInput(f"{folder}: is not empty and not a book", "choose a new folder with --out")
    earlier_of(wish, folder)
    return make.start(folder, wish, choices)


def _is_book_of(folder: Path, wish: Wish) -> bool:
    """Whether the folder holds a book of this wish, in whatever style."""
    return (folder / "wish.toml").exists() and replace(bookfolder.read_wish(folder), art=wish.art) == wish


def _as_dict(value: object) -> dict[str, object]:
    plain = files.plain(value)
    return plain if isinstance(plain, dict) else {}
