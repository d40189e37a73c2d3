"""The path, beside it: pictures that were made elsewhere, judged against whatever is known of them.

Who should be there is said by options, by a table beside the pictures, or by nobody: then figures that look alike on several
pictures are taken for one person, and only what changes between them is judged.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from statistics import fmean, median
from typing import TYPE_CHECKING

from storykin import files, provenance
from storykin.cast import intake, shelf
from storykin.character import PEOPLE, Character, Look
from storykin.critics import Question, Reading, Seen
from storykin.critics.expecting import Expectation, Wanted
from storykin.critics.judging import judge
from storykin.critics.matching import SPACES, Match, likeness
from storykin.critics.thresholds import gate
from storykin.easel import digest, shelved
from storykin.errors import BadFile, BadInput
from storykin.picture import Picture
from storykin.reviewing import READINGS, Critic, Reviewed, drawn_references, image_of, media_type_of
from storykin.scene import Figure, Scene
from storykin.shot import Shot

if TYPE_CHECKING:
    from PIL.Image import Image

TABLES = ("judge.toml", "judge.csv")
"""Names of the tables that are found beside the pictures without being named."""
COLUMNS = ("file", "who", "place", "sentence")
READ_AS_THEY_ARE = ("image/jpeg", "image/png")
GLANCE = 256  # pixels at which it is made sure that a picture is whole; JPEGs are decoded no larger than that
COPIED = 896  # pixels of the longest side of references among which a copy is looked for: twice what `technical.pasted` looks at
SOMEBODY = "somebody {}"
"""What somebody is called whom nobody named."""

OnStep = Callable[[float, str], None]


@dataclass(frozen=True)
class About:
    """What is known of one picture: `who` is in it (None where nobody says), the `place`, a `sentence` that tells what happens."""

    who: tuple[str, ...] | None = None
    place: str = ""
    sentence: str = ""


@dataclass(frozen=True)
class Known:
    """What is known of somebody: `kind` and `height` as in a `Look`, `references` pictures of them alone, relative to the table."""

    kind: str = ""
    height: int = 0
    references: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """`judge.toml`: what is known of pictures, by file name, and of people, by name."""

    pictures: dict[str, About] = field(default_factory=dict)
    cast: dict[str, Known] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """What is to be judged and what is known of it.

    `places` are files and folders. `who` should be in every picture (None where nobody says). `references` is a folder with a folder of pictures for
    each name, or with files named after people. `only` are the numbers of pictures, from 1 in natural order.
    """

    places: tuple[Path, ...]
    who: tuple[str, ...] | None = None
    table: Path | None = None
    references: Path | None = None
    shelf: Path = Path("cast")
    only: tuple[int, ...] | None = None
    drawn: bool = False


@dataclass(frozen=True)
class Outside:
    """What was seen of pictures made elsewhere: `home` is the folder that their paths start from, `names` says which expected people are known by
    pictures, `grouped` who was told only by being alike, `left_out` files that could not be read, with the reason."""

    home: Path
    reviewed: tuple[Reviewed, ...]
    names: tuple[str, ...] = ()
    grouped: tuple[str, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Read:
    """A picture on its way to a verdict."""

    number: int
    name: str
    path: Path
    content: bytes
    media_type: str
    painter: str
    about: About
    reading: Reading = field(default_factory=Reading)


@dataclass(frozen=True)
class _Person:
    """Somebody who may be expected: pictures of them, and what readers see in these by how the pictures are read ("sketch" or ""). `tall` and `kind` say that
    their height and kind are known. `photos` are pictures that what was painted might be a copy of, by where they lie."""

    who: Character
    pictures: Mapping[str, tuple[bytes, ...]]
    seen: Mapping[str, tuple[Seen, ...]] = field(default_factory=dict)
    tall: bool = False
    kind: bool = False
    photos: Mapping[Path, "Image"] = field(default_factory=dict)


def judge_outside(
    asked: Asked, critic: Critic, keep: Path | None = None, on_step: OnStep = lambda fraction, doing: None
) -> Outside:
    """Judge pictures made elsewhere; what readers see is kept in `keep`/readings, so that a second time costs nothing.

    Raises `BadInput` where nothing is there to judge or the table names a picture that is not there, `BadFile` where no picture can be read.
    """
    home, found, left_out = _pictures_of(asked)
    table = _table_of(asked, home)
    about = _about(asked, table, [name for _, name, _ in found])
    kept = keep / READINGS if keep else None
    given: list[_Read] = []
    for number, name, path in found:
        on_step(0.0, f"looking at {name}")
        try:
            content, media_type = content_of(path)
        except BadFile as error:
            left_out.append((name, why_of(error)))
            continue
        painter = "sketch" if asked.drawn or _is_drawn(content, media_type) else ""
        known = about.get(name, About(asked.who))
        given.append(_Read(number, name, path, content, media_type, painter, known))
    people = _people(asked, table, home, given) if given else {}
    read: list[_Read] = []
    for index, one in enumerate(given):
        on_step(0.9 * index / len(given), f"judging {one.name}")
        try:
            question = Question(one.about.place, one.about.sentence, _copied(one, people))
            reading = critic.read(one.content, one.media_type, one.painter, question, kept)
        except BadFile as error:
            if _opens(one):
                raise  # the disk or a net, and no fault of the picture
            left_out.append((one.name, why_of(error)))
            continue
        read.append(replace(one, reading=reading))
    if not read:
        name, why = left_out[0]
        where = ", ".join(str(place) for place in asked.places)
        raise BadFile(
            f"{where}: no picture can be read; the first, {name}, {why}",
            "give PNG, JPEG, WebP or HEIC pictures",
        )
    on_step(0.9, "looking who is who")
    people = {name: _looked_at(one, critic, kept) for name, one in people.items()}
    reviewed, grouped = _judged(read, people)
    on_step(1.0, f"judged {len(read)} pictures")
    named = tuple(name for name, one in people.items() if any(one.pictures.values()))
    return Outside(home, reviewed, named, grouped, tuple(left_out))


# --- what lies there ------------------------------------------------------------------------------------


def _pictures_of(asked: Asked) -> tuple[Path, list[tuple[int, str, Path]], list[tuple[str, str]]]:
    """The folder that names start from, pictures as (number, name, path) in natural order, and what is none with the reason."""
    for place in asked.places:
        if not place.exists():
            raise BadInput(f"{place}: there is no such folder or picture", "check the spelling; quote names with spaces")  # fmt: skip
    finds = intake.search(asked.places)
    single = len(asked.places) == 1 and asked.places[0].is_dir()
    home = asked.places[0] if single else Path()
    drawings = [one for one, _ in finds.others if one.path.suffix.lower() == ".svg"]
    pictures = [one for one in (*finds.photos, *drawings) if not _aside(one.path, asked)]
    ordered = sorted(pictures, key=lambda one: _natural(one.name))
    if not ordered:
        where = ", ".join(str(place) for place in asked.places)
        raise BadInput(f"{where}: there is no picture in it", "name a folder of pictures, pictures one by one, or a book's folder")  # fmt: skip
    found = [
        (number, one.name if single else str(one.path), one.path) for number, one in enumerate(ordered, 1)
    ]
    if asked.only is not None:
        missing = [number for number in asked.only if not 1 <= number <= len(found)]
        if missing:
            raise BadInput(f"there is no picture {missing[0]}", f"there are 1 to {len(found)}, in the order of their names")  # fmt: skip
        found = [one for one in found if one[0] in asked.only]
    others = [
        (one.name, why) for one, why in finds.others if one not in drawings and not _aside(one.path, asked)
    ]
    return home, found, others


def _aside(path: Path, asked: Asked) -> bool:
    """Whether a file lies among the references, is our own page, or a table."""
    if path.name in TABLES or path.suffix.lower() in {".html", ".md"}:
        return True
    if asked.table and path.resolve() == asked.table.resolve():
        return True
    return bool(asked.references) and asked.references.resolve() in path.resolve().parents  # type: ignore[union-attr]


def _natural(name: str) -> list[tuple[int, int, str]]:
    """IMG_9 before IMG_10."""
    return [
        (0, int(piece), "") if piece.isdecimal() else (1, 0, piece)
        for piece in re.split("([0-9]+)", name.casefold())
        if piece
    ]


def content_of(path: Path) -> tuple[bytes, str]:
    """A picture as bytes that readers open: JPEG, PNG and drawings as they are, all others (HEIC, WebP, TIFF …) as PNG. Raises `BadFile`."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise intake.Unreadable(
            path.name, f"cannot be read: {error.strerror}", "check the file's rights"
        ) from error
    media_type = media_type_of(content)
    if media_type == "image/svg+xml":
        return content, media_type
    as_it_is = media_type in READ_AS_THEY_ARE
    photo = intake.open_photo(
        path, GLANCE if as_it_is else None
    )  # refuses in plain words what is cut off or no picture
    if as_it_is:
        return content, media_type
    file = io.BytesIO()
    photo.save(file, "PNG", compress_level=1)
    return file.getvalue(), "image/png"


def _is_drawn(content: bytes, media_type: str) -> bool:
    """Whether a picture says of itself that the embedded painter drew it."""
    return media_type == "image/svg+xml" or provenance.stated(content) == provenance.DRAWN


def _opens(one: _Read) -> bool:
    try:
        image_of(one.content, one.media_type)
    except BadFile:
        return False
    return True


def why_of(error: BadFile) -> str:
    """Why a picture is not looked at, as the end of a sentence: "ends too early"."""
    if "cannot be read" in error.message and not getattr(error, "reason", ""):
        return "cannot be read as a picture"
    reason = getattr(error, "reason", "") or error.message.rpartition(": ")[2]
    return str(reason)


# --- what is said of it -----------------------------------------------------------------------------------


def _table_of(asked: Asked, home: Path) -> Table:
    """The table that was named, or that lies beside the pictures; an empty one where there is none."""
    path = asked.table or next((home / name for name in TABLES if (home / name).is_file()), None)
    return read_table(path) if path else Table()


def read_table(path: Path) -> Table:
    """What a `judge.toml` or a CSV with the columns file, who, place, sentence says. Raises `BadFile` with the place of a mistake."""
    if path.suffix.lower() != ".csv":
        return files.read_toml(path, Table)
    text = files.read_text(path).removeprefix("\ufeff")
    dialect = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    rows = csv.DictReader(io.StringIO(text), delimiter=dialect, skipinitialspace=True)
    heads = [head.strip().lower() for head in rows.fieldnames or ()]
    unknown = [head for head in heads if head not in COLUMNS]
    if unknown or "file" not in heads:
        what = f"unknown column {unknown[0]!r}" if unknown else "there is no column 'file'"
        raise BadFile(f"{path}: {what}", f"the first line names the columns: {', '.join(COLUMNS)}")
    rows.fieldnames = heads
    found = {}
    for row in rows:
        name = (row["file"] or "").strip()
        if not name or row.get(None):
            raise BadFile(
                f"{path}: line {rows.line_num}: {'more cells than columns' if name else 'names no file'}",
                'put a cell with commas into quotation marks: "Sasha, Tom"',
            )
        who = row.get("who")
        found[name] = About(
            None if who is None else split_names(who), (row.get("place") or "").strip(), (row.get("sentence") or "").strip()
        )  # fmt: skip
    return Table(found)


def split_names(words: str) -> tuple[str, ...]:
    """The names in "Sasha, Tom" or "Sasha; Tom", each once."""
    return tuple(dict.fromkeys(name.strip() for name in re.split("[,;]", words) if name.strip()))


def _about(asked: Asked, table: Table, names: Sequence[str]) -> dict[str, About]:
    """What is known of each picture that the table names; what it does not say of who is in it is taken from `asked`."""
    stems = {Path(name).stem: name for name in names}
    found = {}
    for said, about in table.pictures.items():
        name = said if said in names else stems.get(said)
        if name is None:
            if asked.only is not None:
                continue
            near = get_close_matches(said, names, n=1, cutoff=0.0)
            raise BadInput(
                f"the table names {said!r}, which is not among the pictures",
                f"did you mean {near[0]!r}? a picture is named by its file's name, with folders below the one that is judged",
            )
        found[name] = about if about.who is not None else replace(about, who=asked.who)
    return found


# --- who is who -------------------------------------------------------------------------------------------


def _people(asked: Asked, table: Table, home: Path, given: Sequence[_Read]) -> dict[str, _Person]:
    """Everybody who is named anywhere, with their references."""
    beside = _named_references(asked.references) if asked.references else {}
    said = dict.fromkeys([*(name for one in given for name in one.about.who or ()), *table.cast])
    pictured = {files.slug(name): paths for name, paths in beside.items()}
    names = [*said, *(name for name in beside if files.slug(name) not in map(files.slug, said))]
    ways = sorted({one.painter for one in given})
    start = asked.table.parent if asked.table else home
    found = {}
    for name in names:
        known = table.cast.get(name, Known())
        who = _character(name, known, asked.shelf)
        paths = [start / path for path in known.references] + pictured.get(files.slug(name), [])
        paths = paths or [home / path for path in _on_the_shelf(who, home, asked.shelf)]
        pictures = {way: _shown(who, paths, way) for way in ways}
        shelved_one = _is_shelved(name, asked.shelf)
        photos = _photos(paths, pictures.get("", ()))
        found[name] = _Person(
            who, pictures, {}, bool(known.height) or shelved_one, bool(known.kind) or shelved_one, photos
        )
    return found


def _photos(paths: Sequence[Path], contents: Sequence[bytes]) -> dict[Path, "Image"]:
    """The pixels of references, no more than a copy is looked for in, by where they really lie."""
    found = {}
    for path, content in zip(paths, contents, strict=False):  # nothing was opened where all is drawn
        photo = image_of(content, media_type_of(content))
        photo.thumbnail((COPIED, COPIED))
        found[path.resolve()] = photo
    return found


def _copied(one: _Read, people: Mapping[str, _Person]) -> tuple["Image", ...]:
    """What a picture might be a copy of: the references of those who should be on it, of everybody where nobody says; never itself."""
    if one.painter:
        return ()  # drawings have no photos to be copied from, as in our own books
    names = people if one.about.who is None else one.about.who
    itself = one.path.resolve()
    return tuple(photo for name in names for path, photo in people[name].photos.items() if path != itself)


def _looked_at(person: _Person, critic: Critic, keep: Path | None) -> _Person:
    """Somebody with what the readers see in their references, and of the kind that these show where nobody said it."""
    seen = {way: tuple(_alone(pictures, way, critic, keep)) for way, pictures in person.pictures.items()}
    kinds = Counter(one.kind for several in seen.values() for one in several if one.kind)
    who = person.who
    if kinds and not person.kind:
        who = replace(who, look=replace(who.look, kind=kinds.most_common(1)[0][0]))
    return replace(person, who=who, seen=seen)


def _is_shelved(name: str, place: Path) -> bool:
    return (
        any(letter.isalnum() for letter in name) and (shelf.folder_of(name, place) / shelf.CHARACTER).exists()
    )


def _character(name: str, known: Known, place: Path) -> Character:
    """Somebody as the shelf knows them, else as the table says, else plain."""
    if _is_shelved(name, place):
        return shelf.read_character(name, place)
    return Character(name, Look(kind=known.kind or "child", height=known.height))


def _on_the_shelf(who: Character, home: Path, place: Path) -> tuple[str, ...]:
    return shelved(home, (who,), place)[0].references if _is_shelved(who.name, place) else ()


def _shown(who: Character, paths: Sequence[Path], way: str) -> tuple[bytes, ...]:
    """Pictures that show somebody: those given; drawn ones of a character of whom only words are known, where drawings are judged."""
    found = []
    for path in paths:
        try:
            found.append(content_of(path)[0])
        except BadFile as error:
            raise BadFile(f"{path}: a picture of {who.name} {why_of(error)}", "take it out of the references") from error  # fmt: skip
    if not found and way == "sketch" and who.outfits:
        return drawn_references(who, who.outfit(), "flat")
    return tuple(found)


def _alone(pictures: Sequence[bytes], way: str, critic: Critic, keep: Path | None) -> Iterator[Seen]:
    """The foremost figure of each picture that shows somebody alone."""
    for content in pictures:
        figures = critic.read(content, media_type_of(content), way, None, keep, figures=True).figures
        if figures:
            yield max(figures, key=lambda one: one.sure * (one.box.w * one.box.h) ** 0.25)


def _named_references(folder: Path) -> dict[str, list[Path]]:
    """Pictures by the name of their folder, or by their own without a number ("tom-2.jpg"). Raises `BadInput`."""
    if not folder.is_dir():
        raise BadInput(f"{folder}: is no folder of references", "give a folder with one folder of pictures for each name")  # fmt: skip
    found: dict[str, list[Path]] = {}
    for one in intake.search(folder).photos:
        first, slash, _ = one.name.partition("/")
        name = first if slash else re.sub(r"[\s_.-]*\(?\d*\)?$", "", Path(one.name).stem)
        found.setdefault(name or Path(one.name).stem, []).append(one.path)
    if not found:
        raise BadInput(f"{folder}: there is no picture in it", "put pictures into a folder for each name: references/Sasha/1.png")  # fmt: skip
    return found


# --- verdicts ---------------------------------------------------------------------------------------------


def _judged(
    read: Sequence[_Read], people: dict[str, _Person]
) -> tuple[tuple[Reviewed, ...], tuple[str, ...]]:
    """Every picture held against who was said to be there, or against who was found on it and elsewhere.

    Judged twice: how tall people are of whom nobody said it, is only known when it is known who is who.
    """
    groups = _groups([one for one in read if one.about.who is None], people)
    everybody = people | {
        name: _Person(Character(name, Look(kind=_kind_of(members))), {})
        for name, members in groups.items()
        if name not in people
    }
    wanted = {one.number: _wanted(one, everybody, groups, read) for one in read}
    first = [judge(one.reading, _expectation(one, wanted[one.number])) for one in read]
    known = {name: float(one.who.look.standing_height) for name, one in everybody.items() if one.tall}
    talls = _talls([_standing(each.matches) for each in first], known)
    measured = {
        number: [replace(one, tall=talls.get(one.name, 0)) for one in several]
        for number, several in wanted.items()
    }
    reviewed = tuple(_review(one, measured[one.number], everybody) for one in read)
    return reviewed, tuple(name for name in groups if name not in people)


def _wanted(
    one: _Read,
    everybody: Mapping[str, _Person],
    groups: Mapping[str, Mapping[int, Seen]],
    read: Sequence[_Read],
) -> list[Wanted]:
    """Who should be on a picture, as their references show them; where nobody gave any, as they look on other pictures."""
    found = []
    names = one.about.who if one.about.who is not None else [name for name in groups if one.number in groups[name]]  # fmt: skip
    for name in names:
        person = everybody[name]
        references = person.seen.get(one.painter, ()) or (
            _by_themselves(name, one, read)
            if one.about.who is not None
            else tuple(seen for number, seen in groups[name].items() if number != one.number)
        )
        look = person.who.look
        found.append(Wanted(name, Figure(name), look.kind, look.is_person, 0, None, references))
    return found


def _by_themselves(name: str, one: _Read, read: Sequence[_Read]) -> tuple[Seen, ...]:
    """Somebody as they look on the other pictures on which they should be alone, and somebody is."""
    found = []
    for other in read:
        there = [seen for seen in other.reading.figures or () if _counts(seen)]
        if other.number != one.number and other.about.who == (name,) and len(there) == 1:
            found += there
    return tuple(found)


def _expectation(one: _Read, wanted: Sequence[Wanted]) -> Expectation:
    return Expectation(tuple(wanted), one.about.place, one.about.sentence)


def _review(one: _Read, wanted: Sequence[Wanted], everybody: Mapping[str, _Person]) -> Reviewed:
    place, sentence = one.about.place, one.about.sentence
    figures = tuple(each.figure for each in wanted)
    cast = tuple(everybody[each.name].who for each in wanted)
    shot = Shot(one.number, Scene(place, figures=figures), cast, alt=sentence)
    picture = Picture(one.name, shot, one.painter, "", "", one.media_type, digest(one.content))
    judgement = judge(one.reading, _expectation(one, wanted))
    shown = {each.name: everybody[each.name].pictures.get(one.painter, ()) for each in wanted}
    return Reviewed(shot, picture, one.reading, judgement, shown)


def _groups(read: Sequence[_Read], people: Mapping[str, _Person]) -> dict[str, dict[int, Seen]]:
    """Who is on which picture, by name: people whose references a figure is like, then those who are alike among themselves.

    A figure goes, the surest first, to whom it is most like on the whole, and nobody is on a picture twice.
    """
    figures = sorted(
        ((one, seen) for one in read for seen in one.reading.figures or () if _counts(seen)),
        key=lambda pair: -pair[1].sure * pair[1].box.w * pair[1].box.h,
    )
    groups: dict[str, dict[int, Seen]] = {}
    strangers: list[dict[int, Seen]] = []
    for one, seen in figures:
        named = {
            name: _alike(seen, person.seen.get(one.painter, ()))
            for name, person in people.items()
            if one.number not in groups.get(name, {})
        }
        best = max(named, key=lambda name: named[name], default="")
        if best and named[best] >= _same(seen):
            groups.setdefault(best, {})[one.number] = seen
            continue
        free = [group for group in strangers if one.number not in group]
        nearest = max(free, key=lambda group: _alike(seen, tuple(group.values())), default=None)
        if nearest is not None and _alike(seen, tuple(nearest.values())) >= _same(seen):
            nearest[one.number] = seen
        else:
            strangers.append({one.number: seen})
    ordered = sorted(_merged(strangers), key=lambda group: (-len(group), min(group)))
    return groups | {SOMEBODY.format(number): group for number, group in enumerate(ordered, 1)}


def _merged(groups: list[dict[int, Seen]]) -> list[dict[int, Seen]]:
    """Groups that turn out to be one person, joined, the likest first."""
    groups = list(groups)
    while True:
        pairs = [
            (like, a, b)
            for a in range(len(groups))
            for b in range(a + 1, len(groups))
            if not groups[a].keys() & groups[b].keys()
            and (like := fmean(_alike(seen, tuple(groups[b].values())) for seen in groups[a].values()))
            >= _same(next(iter(groups[a].values())))
        ]
        if not pairs:
            return groups
        _, a, b = max(pairs)
        groups[a] = groups[a] | groups[b]
        del groups[b]


def _alike(seen: Seen, others: Sequence[Seen]) -> float:
    """How like a figure is to several on the whole; 0 where nothing tells, or where they are of different kinds."""
    kinds = {one.kind in PEOPLE for one in others if one.kind}
    if seen.kind and kinds and (seen.kind in PEOPLE) not in kinds:
        return 0.0
    values = [value for one in others if (value := likeness(seen, (one,))[0]) is not None]
    return fmean(values) if values else 0.0


def _same(seen: Seen) -> float:
    """From which likeness on two figures are taken for one person."""
    space = next((space for space in SPACES if space in seen.vectors), "")
    return gate("looks.alike", space)


def _counts(seen: Seen) -> bool:
    """Whether a figure is sure enough to be asked who it is."""
    return seen.sure >= gate("figure.sure")


def _kind_of(members: Mapping[int, Seen]) -> str:
    kinds = Counter(one.kind for one in members.values() if one.kind)
    return kinds.most_common(1)[0][0] if kinds else "child"


def _standing(matches: Sequence[Match]) -> dict[str, float]:
    """How high everybody on a picture would stand, by name."""
    return {one.wanted.name: one.seen.standing for one in matches if one.seen and one.seen.standing}


def _talls(pictures: Sequence[Mapping[str, float]], known: Mapping[str, float]) -> dict[str, int]:
    """How tall people are, from how high they stand on pictures that show several: in centimetres beside somebody whose height is `known`, else
    the tallest as 1000.

    In turn the scale of each picture and the height of each person are the median of what the others say. Who is on fewer than two such
    pictures is left out: nothing tells whether that one is right.
    """
    together = [picture for picture in pictures if len(picture) > 1]
    seen = Counter(name for picture in together for name in picture)
    tall = {name: known.get(name, median(known.values()) if known else 1.0) for name in seen}
    for _ in range(20):
        scales = [median(value / tall[name] for name, value in picture.items()) for picture in together]
        tall = {
            name: known.get(name)
            or median(
                picture[name] / scale
                for picture, scale in zip(together, scales, strict=True)
                if name in picture
            )
            for name in tall
        }
    scale = 1.0 if known else 1000 / max(tall.values(), default=1.0)
    steady = {name: max(1, round(scale * value)) for name, value in tall.items() if seen[name] > 1}
    return steady | {name: round(value) for name, value in known.items()}
