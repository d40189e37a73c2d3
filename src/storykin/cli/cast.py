"""People, command line: the commands about the cast: who is on the shelf, from photos or from words."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storykin import casting, files
from storykin.cast import packing, shelf
from storykin.cast.describing import look_of
from storykin.cast.sighting import Decisions
from storykin.character import Character, Look, Outfit
from storykin.cli import talk
from storykin.dataset import RESOLUTIONS
from storykin.errors import BadInput

if TYPE_CHECKING:
    from storykin.cast.captioner import Captioner

app = typer.Typer(
    help="Who is in the books: people, pets and toys, from photos or from words.",
    epilog="Start with:  storykin cast add Sasha ~/Photos/sasha --kind girl --age 6",
    no_args_is_help=True,
)

WHO, LOOKS, CHOICE, CAPTIONS = "Who", "Looks that never change", "Photos", "Captions"


def complete_name(incomplete: str) -> list[str]:
    """The names on the shelf of the current folder, for the shell's completion."""
    return [name for name in shelf.names(Path("cast")) if name.lower().startswith(incomplete.lower())]


Name = Annotated[
    str, typer.Argument(help="The character's name.", show_default=False, autocompletion=complete_name)
]
Shelf = Annotated[
    Path,
    typer.Option("--shelf", metavar="FOLDER", help="The folder the cast stands in; books beside it use it."),
]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON, for scripts.")]
Kind = Annotated[
    str | None,
    typer.Option(
        help="child, girl, boy, woman, man, adult, or dog, whale, robot …: anything.", rich_help_panel=LOOKS
    ),
]
Age = Annotated[int | None, typer.Option(min=0, max=120, help="In years.", rich_help_panel=LOOKS)]
Height = Annotated[
    int | None,
    typer.Option(
        min=1, max=3000, help="In centimetres; kind and age decide when left out.", rich_help_panel=LOOKS
    ),
]
Words = Annotated[
    str | None,
    typer.Option(
        "--look",
        metavar="WORDS",
        help='In your own words: "short red hair, green eyes, freckles".',
        rich_help_panel=LOOKS,
    ),
]
Skin = Annotated[
    str | None, typer.Option(help="A word or #rrggbb; an animal's coat or shell.", rich_help_panel=LOOKS)
]
HairColour = Annotated[
    str | None,
    typer.Option("--hair-colour", help="A word or #rrggbb; an animal's markings.", rich_help_panel=LOOKS),
]
HairStyle = Annotated[
    str | None, typer.Option("--hair-style", help="short, long, curly, two braids …", rich_help_panel=LOOKS)
]
Eyes = Annotated[str | None, typer.Option(help="The colour of the eyes.", rich_help_panel=LOOKS)]
Glasses = Annotated[str | None, typer.Option(help="round, red, … when always worn.", rich_help_panel=LOOKS)]
Build = Annotated[str | None, typer.Option(help="slim, small, round …", rich_help_panel=LOOKS)]
Outfits = Annotated[
    list[str] | None,
    typer.Option(
        "--outfit",
        metavar="NAME=WORDS",
        help='Clothes that books may call: "rainy day=a yellow raincoat and red boots"; may be given again.',
        rich_help_panel=LOOKS,
    ),
]
Wanted = Annotated[
    int | None,
    typer.Option(
        min=1, max=500, help="How many photos to learn from; 35 when left out.", rich_help_panel=CHOICE
    ),
]
Base = Annotated[
    str | None,
    typer.Option("--base", help=f"What will be trained: {', '.join(RESOLUTIONS)}.", rich_help_panel=CHOICE),
]
Resolution = Annotated[
    int | None,
    typer.Option(
        min=256, max=2048, help="512, 768 or 1024; the base decides when left out.", rich_help_panel=CHOICE
    ),
]
Others = Annotated[
    str | None,
    typer.Option(
        help="Other people in the frame: blur their faces, mask them, or keep.", rich_help_panel=CHOICE
    ),
]
Whole = Annotated[
    bool | None,
    typer.Option(
        "--whole/--cut",
        help="Learn whole photos (of long ones what fits a bucket; at 256 pixels that is a square) instead of cutting her out: for drawings, and for photos that are framed as you want them.",
        rich_help_panel=CHOICE,
        show_default=False,
    ),
]
Like = Annotated[
    str | None,
    typer.Option(
        metavar="PHOTO", help="A photo with nobody else on it: this is who is meant.", rich_help_panel=CHOICE
    ),
]
Person = Annotated[
    int | None,
    typer.Option(
        min=1, help="The number of a person in the report: this is who is meant.", rich_help_panel=CHOICE
    ),
]
Few = Annotated[
    bool, typer.Option("--few", help="Go on with fewer than eight usable photos.", rich_help_panel=CHOICE)
]
CaptionerUrl = Annotated[
    str,
    typer.Option(
        "--captioner",
        metavar="URL",
        help="A model that can see, behind an OpenAI-compatible local server: http://localhost:11434/v1",
        rich_help_panel=CAPTIONS,
    ),
]
CaptionerModel = Annotated[
    str, typer.Option("--captioner-model", help="The model's name on that server.", rich_help_panel=CAPTIONS)
]
Anywhere = Annotated[
    bool,
    typer.Option(
        "--captioner-anywhere",
        help="Allow a server outside this home: the photos leave the house.",
        rich_help_panel=CAPTIONS,
    ),
]


@app.command()
def add(
    name: Name,
    photos: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PHOTOS]…", help="Folders with photos, or none for a described character."),
    ] = None,
    kind: Kind = None,
    age: Age = None,
    height: Height = None,
    look: Words = None,
    skin: Skin = None,
    hair_colour: HairColour = None,
    hair_style: HairStyle = None,
    eyes: Eyes = None,
    glasses: Glasses = None,
    build: Build = None,
    outfit: Outfits = None,
    wanted: Wanted = None,
    base: Base = None,
    resolution: Resolution = None,
    others: Others = None,
    whole: Whole = None,
    like: Like = None,
    person: Person = None,
    few: Few = False,
    captioner: CaptionerUrl = "",
    captioner_model: CaptionerModel = "",
    captioner_anywhere: Anywhere = False,
    shelf_folder: Shelf = Path("cast"),
    as_json: Json = False,
) -> None:
    """Put somebody on the shelf; from photos a training set, a report and a look are made.

    The originals are never changed and never leave this machine. Running it again looks only at what is new;
    another folder gives more photos to the same character.
    """
    fields = {"kind": kind, "age": age, "height": height, "skin": skin, "hair_colour": hair_colour, "hair_style": hair_style,
              "eyes": eyes, "glasses": glasses, "build": build}  # fmt: skip
    described = _look(Look(), fields, look)
    known = (shelf.folder_of(name, shelf_folder) / shelf.CHARACTER).exists()
    if known and (described != Look() or outfit):
        raise BadInput(
            f"{name} is on the shelf already", f"change the looks with: storykin cast edit {name!r}"
        )
    before = shelf.read_decisions(shelf.folder_of(name, shelf_folder)) if known else Decisions()
    decisions = _decided(before, wanted, base, resolution, others, whole, person)
    with talk.progress("cast add", as_json) as on_step:
        added = casting.add(
            name,
            photos or (),
            shelf_folder,
            described,
            _outfits(outfit),
            decisions,
            like or "",
            few,
            _captioner(captioner, captioner_model, captioner_anywhere),
            on_step,
        )
    talk.answer(_added(added), as_json, lambda: _tell(added))


@app.command("list")
def list_cast(shelf_folder: Shelf = Path("cast"), as_json: Json = False) -> None:
    """Who is on the shelf."""
    rows = []
    for name in shelf.names(shelf_folder):
        folder = shelf.folder_of(name, shelf_folder)
        character = files.read_toml(folder / shelf.CHARACTER, Character)
        dataset = casting.dataset_of(folder)
        rows.append((character, len(dataset.pictures) if dataset else 0))
    found = [
        {
            "name": one.name,
            "kind": one.look.kind,
            "age": one.look.age,
            "pictures": pictures,
            "adapters": [a.family for a in one.adapters],
        }
        for one, pictures in rows
    ]

    def tell() -> None:
        if not rows:
            talk.say(f"nobody is in {shelf_folder} yet; add somebody with: storykin cast add NAME")
            return
        heads = ("name", "kind", "age", "training pictures", "adapters")
        cells = [
            (one.name, one.look.kind, one.look.age if one.look.is_person else "", pictures or "",
             ", ".join(adapter.family for adapter in one.adapters))
            for one, pictures in rows
        ]  # fmt: skip
        talk.table(heads, cells)

    talk.answer(found, as_json, tell)


@app.command()
def show(name: Name, shelf_folder: Shelf = Path("cast"), as_json: Json = False) -> None:
    """Draw the character sheet: front, side, expressions, outfits, colours; and say what is known."""
    folder = shelf.find(name, shelf_folder)
    character = files.read_toml(folder / shelf.CHARACTER, Character)
    dataset = casting.dataset_of(folder)
    _, png = casting.show(folder)
    found = {
        "character": files.plain(character),
        "sheet": str(png),
        "report": str(folder / casting.REPORT) if (folder / casting.REPORT).exists() else None,
        "dataset": None if dataset is None else {"trigger": dataset.trigger, "pictures": len(dataset.pictures),
                                                 "family": dataset.family, "resolution": dataset.resolution},
    }  # fmt: skip

    def tell() -> None:
        rows = [
            (key.replace("_", " "), _shown(value)) for key, value in asdict(character.look).items() if value
        ]
        rows += [
            (f"outfit “{one.name}”", f"{one.words} {' '.join(one.palette)}".strip())
            for one in character.outfits
        ]
        rows += [(f"adapter for {one.family}", one.path) for one in character.adapters]
        if dataset:
            rows.append(
                (
                    "training pictures",
                    f"{len(dataset.pictures)} for {dataset.family}, trigger “{dataset.trigger}”",
                )
            )
        talk.table((character.name, ""), rows)
        talk.say(f"\nsheet   [bold]{png}[/]")
        if found["report"]:
            talk.say(f"report  [bold]{found['report']}[/]")

    talk.answer(found, as_json, tell)


@app.command()
def edit(
    name: Name,
    drop: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PHOTO", help="Not her, or not this one; may be given again.", rich_help_panel=CHOICE
        ),
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option(metavar="PHOTO", help="Learn from this one whatever was found.", rich_help_panel=CHOICE),
    ] = None,
    auto: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PHOTO", help="Take back what was decided about this one by hand.", rich_help_panel=CHOICE
        ),
    ] = None,
    crop: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PHOTO=X,Y,W,H",
            help="Cut it so: left, top, width, height in fractions of the photo.",
            rich_help_panel=CHOICE,
        ),
    ] = None,
    like: Like = None,
    person: Person = None,
    wanted: Wanted = None,
    base: Base = None,
    resolution: Resolution = None,
    others: Others = None,
    whole: Whole = None,
    kind: Kind = None,
    age: Age = None,
    height: Height = None,
    look: Words = None,
    skin: Skin = None,
    hair_colour: HairColour = None,
    hair_style: HairStyle = None,
    eyes: Eyes = None,
    glasses: Glasses = None,
    build: Build = None,
    outfit: Outfits = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take back the last edit.")] = False,
    again: Annotated[bool, typer.Option("--rebuild", help="Make dataset and report anew.")] = False,
    few: Few = False,
    captioner: CaptionerUrl = "",
    captioner_model: CaptionerModel = "",
    captioner_anywhere: Anywhere = False,
    shelf_folder: Shelf = Path("cast"),
    as_json: Json = False,
) -> None:
    """Change looks, or say which photos are hers; dataset and report follow. An empty word clears a look."""
    folder = shelf.find(name, shelf_folder)
    fields = {"kind": kind, "age": age, "height": height, "skin": skin, "hair_colour": hair_colour, "hair_style": hair_style,
              "eyes": eyes, "glasses": glasses, "build": build}  # fmt: skip
    photos = _Photos(drop or (), keep or (), auto or (), crop or (), like)

    def change(character: Character, decisions: Decisions) -> tuple[Character, Decisions]:
        outfits = {one.name: one for one in (*character.outfits, *_outfits(outfit))}
        kept = tuple(one for one in outfits.values() if one.words)
        decided = _decided(decisions, wanted, base, resolution, others, whole, person)
        return replace(character, look=_look(character.look, fields, look), outfits=kept), photos.apply(
            folder, decided
        )

    eye = _captioner(captioner, captioner_model, captioner_anywhere)
    if undo:
        shelf.undo(folder)
    else:
        before = shelf.read_decisions(folder)
        _, after = casting.edit(folder, change)
        again = again or eye is not None or before != after
    if eye is not None:
        eye.check()
    if (undo or again) and shelf.read_decisions(folder).sources:
        with talk.progress("cast edit", as_json) as on_step:
            added = casting.rebuild(folder, few=few, captioner=eye, on_step=on_step)
        talk.answer(_added(added), as_json, lambda: _tell(added))
        return
    character = files.read_toml(folder / shelf.CHARACTER, Character)
    talk.answer(
        {"character": files.plain(character)},
        as_json,
        lambda: talk.say(f"{name} is changed; see: storykin cast show {name!r}"),
    )


@app.command()
def forget(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    books: Annotated[
        str | None,
        typer.Option(
            help="What becomes of the books she is in: keep them, remove their pictures, or remove them whole."
        ),
    ] = None,
    shared: Annotated[
        bool | None,
        typer.Option(
            "--shared/--keep-shared",
            help="Also remove other characters' training pictures that come from the same photos.",
        ),
    ] = None,
    shelf_folder: Shelf = Path("cast"),
    as_json: Json = False,
) -> None:
    """Remove a person: photo copies, crops, face numbers, adapters, and on request pictures in books. Not to be undone.

    The originals in your own photo folder are yours and stay.
    """
    traces = shelf.traces_of(name, shelf_folder)
    if not as_json:
        talk.say(f"{traces.folder}: {traces.files} files, {traces.size / 1e6:.1f} MB")
        for book in traces.books:
            talk.say(f"{book}: a book with {name}")
        for gallery in traces.galleries:
            talk.say(f"{gallery}: pictures of {name}, which go")
        for other, path in traces.shared:
            talk.say(f"{path}: a picture of {other} from a photo that was also looked at for {name}")
    what = _fate(books, traces, yes)
    if shared is None:
        shared = (
            bool(traces.shared)
            and not yes
            and typer.confirm(f"remove the {len(traces.shared)} pictures of others too?")
        )
    if not yes and not typer.confirm(f"forget {name}? This cannot be undone"):
        raise BadInput("nothing was removed", "answer yes, or use --yes")
    gone = casting.forget(traces, shelf_folder, what, shared)
    found = {"forgotten": name, "removed": [str(path) for path in gone]}
    talk.answer(
        found,
        as_json,
        lambda: talk.say(
            f"{name} is forgotten" + (f"; {len(gone) - 1} more places cleaned" if gone[1:] else "")
        ),
    )


@app.command("export")
def export_character(
    name: Name,
    path: Annotated[Path, typer.Argument(help="The file to write, or a folder to write it into.")] = Path(),
    photos: Annotated[
        bool, typer.Option("--photos", help="With the photo copies and the training pictures.")
    ] = False,
    shelf_folder: Shelf = Path("cast"),
    as_json: Json = False,
) -> None:
    """Pack a character into one file for another machine; without photos unless they are asked for."""
    written = packing.export(shelf.find(name, shelf_folder), path, photos)
    size = written.stat().st_size
    talk.answer(
        {"file": str(written), "bytes": size},
        as_json,
        lambda: talk.say(f"[bold]{written}[/], {size / 1e6:.1f} MB"),
    )


@app.command("import")
def import_character(
    path: Annotated[Path, typer.Argument(help="A file that cast export wrote.")],
    name: Annotated[str, typer.Option("--as", metavar="NAME", help="Give the character another name.")] = "",
    instead: Annotated[
        bool, typer.Option("--replace", help="Take the place of somebody of that name.")
    ] = False,
    shelf_folder: Shelf = Path("cast"),
    as_json: Json = False,
) -> None:
    """Put an exported character on the shelf."""
    folder = packing.unpack(path, shelf_folder, name, instead)
    character = files.read_toml(folder / shelf.CHARACTER, Character)
    talk.answer(
        {"name": character.name, "folder": str(folder)},
        as_json,
        lambda: talk.say(f"{character.name} is in [bold]{folder}[/]"),
    )


# --- words into values ----------------------------------------------------------------------------


def _look(look: Look, fields: dict[str, str | int | None], words: str | None) -> Look:
    """The look with the options that were given; free words come last and lose against them."""
    told = {key: value for key, value in fields.items() if value is not None}
    if "kind" in told:
        told["kind"] = str(told["kind"]).strip().lower() or "child"
    changed = replace(look, **told)  # type: ignore[arg-type]
    if words is None:
        return changed
    return replace(look_of(words, replace(changed, extras=())), **told)  # type: ignore[arg-type]


def _outfits(told: Sequence[str] | None) -> tuple[Outfit, ...]:
    """`NAME=WORDS` as outfits; empty words take an outfit away when editing."""
    found = []
    for one in told or ():
        name, equals, words = one.partition("=")
        if not equals or not name.strip():
            raise BadInput(
                f"--outfit {one!r}: there is no name before “=”",
                'such as --outfit "rainy day=a yellow raincoat"',
            )
        found.append(Outfit(name.strip(), words.strip()))
    return tuple(found)


def _decided(
    before: Decisions,
    wanted: int | None,
    base: str | None,
    resolution: int | None,
    others: str | None,
    whole: bool | None,
    person: int | None,
) -> Decisions:
    if base is not None and base not in RESOLUTIONS:
        raise BadInput(f"--base {base!r} is not known", f"choose from: {', '.join(RESOLUTIONS)}")
    if resolution is not None and resolution % 64:
        raise BadInput(f"--resolution {resolution} is no multiple of 64", "512, 768 or 1024 are usual")
    if others not in {None, "blur", "mask", "keep"}:
        raise BadInput(f"--others {others!r} is not known", "choose from: blur, mask, keep")
    told = {"wanted": wanted, "family": base, "resolution": resolution, "others": others, "whole": whole}
    changed = replace(before, **{key: value for key, value in told.items() if value is not None})  # type: ignore[arg-type]
    return changed if person is None else replace(changed, person=person - 1, like="")


class _Photos:
    """What was said about single photos, and how it changes the decisions."""

    def __init__(
        self,
        drop: Sequence[str],
        keep: Sequence[str],
        auto: Sequence[str],
        crop: Sequence[str],
        like: str | None,
    ) -> None:
        self.drop, self.keep, self.auto, self.like = drop, keep, auto, like
        self.crop = [_rectangle(one) for one in crop]

    def apply(self, folder: Path, before: Decisions) -> Decisions:
        """The decisions with these; every photo is found by the name a person would use."""
        if not (self.drop or self.keep or self.auto or self.crop or self.like):
            return before
        known = casting.names_of_photos(folder)
        drop, keep, auto = (
            {casting.photo_named(one, known) for one in said} for said in (self.drop, self.keep, self.auto)
        )
        crops = {casting.photo_named(photo, known): box for photo, box in self.crop}
        if both := drop & keep:
            raise BadInput(f"{min(both)}: cannot be dropped and kept", "decide for one")
        touched = drop | keep | auto
        return replace(
            before,
            dropped=tuple(sorted(set(before.dropped) - touched | drop)),
            kept=tuple(sorted(set(before.kept) - touched | keep)),
            crops={photo: box for photo, box in before.crops.items() if photo not in auto} | crops,
            like=casting.photo_named(self.like, known) if self.like else before.like,
            person=-1 if self.like else before.person,
        )


def _rectangle(told: str) -> tuple[str, tuple[float, float, float, float]]:
    photo, _, numbers = told.rpartition("=")
    try:
        x, y, w, h = (float(number) for number in numbers.split(","))
    except ValueError:
        raise BadInput(
            f"--crop {told!r}: is not PHOTO=X,Y,W,H",
            "such as --crop IMG_0012.jpg=0.2,0.1,0.5,0.7; the report writes it for you",
        ) from None
    return photo, (x, y, w, h)


def _captioner(url: str, model: str, anywhere: bool) -> "Captioner | None":
    if not url:
        if model or anywhere:
            raise BadInput(
                "--captioner-model without --captioner", "give the server's address with --captioner"
            )
        return None
    from storykin.cast.captioner import Captioner

    return Captioner(url, model, anywhere)


def _fate(told: str | None, traces: shelf.Traces, yes: bool) -> str:
    """What becomes of the books: asked where there are any and nobody said."""
    if told not in {None, "keep", "pictures", "whole"}:
        raise BadInput(f"--books {told!r} is not known", "choose from: keep, pictures, whole")
    if told is None and traces.books and not yes:
        told = str(typer.prompt("the books: keep, pictures or whole?", default="keep"))
        return _fate(told, traces, yes)
    return told or "keep"


# --- values into words ----------------------------------------------------------------------------


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _added(added: casting.Added) -> dict[str, object]:
    dataset = added.dataset
    return {
        "name": added.character.name,
        "folder": str(added.folder),
        "photos": added.photos,
        "usable": added.usable,
        "chosen": len(dataset.pictures) if dataset else 0,
        "trigger": dataset.trigger if dataset else None,
        "report": str(added.folder / casting.REPORT) if dataset else None,
        "remarks": list(added.remarks),
        "character": json.loads(json.dumps(files.plain(added.character))),
    }


def _tell(added: casting.Added) -> None:
    name = added.character.name
    if added.dataset is None:
        talk.say(f"{name} is on the shelf: [bold]{added.folder}[/]")
        talk.say(f"see how {name} looks with: storykin cast show {name!r}")
        return
    talk.say(
        f"[bold]{name}[/]: {len(added.dataset.pictures)} of {added.photos} photos chosen, {added.usable} are usable"
    )
    for remark in added.remarks:
        talk.say(f"  • {remark}")
    talk.say(f"report  [bold]{added.folder / casting.REPORT}[/]")
