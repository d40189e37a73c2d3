"""Writers, fable: what the writer knows of the world, read from `lexicon/*.toml`.

Roles, places, animals and things, with what belongs together, and the small troubles (cases) that
belong to them. Unknown keys are refused with the nearest known one named.
"""

import difflib
import functools
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from storykin.errors import BadFile
from storykin.writers.fable.nouns import singular

HERE = Path(__file__).parent

Entry = TypeVar("Entry")


@dataclass(frozen=True)
class Case:
    """A small trouble with a beginning, two failures and a solution; `attempt` is `try` in the file."""

    client: str
    kind: str
    name: str
    they: str
    trouble: str
    tiny: str
    attempt: str
    prop: str
    fail: str
    try2: str
    prop2: str
    fail2: str
    fix: str
    prop3: str
    happy: str
    colour: str = ""
    height: int = 0


@dataclass(frozen=True)
class Role:
    """What somebody can be: a vet, a pirate, a baker."""

    name: str
    place: str
    outfit: str
    tools: tuple[str, ...]
    also: tuple[str, ...] = ()
    goal: str = ""
    outfit_palette: tuple[str, ...] = ()
    treasure: str = ""
    serves: str = ""
    work: str = ""
    case: tuple[Case, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where a story can happen."""

    name: str
    at: str
    to: str
    drawn: str
    path: str
    sights: tuple[str, ...]
    also: tuple[str, ...] = ()
    dwellers: tuple[str, ...] = ()
    event: str = ""
    case: tuple[Case, ...] = ()


@dataclass(frozen=True)
class Animal:
    """A companion, or a hero: "how it is drawn" is `kind`."""

    name: str
    kind: str
    also: tuple[str, ...] = ()
    plural: str = ""
    colour: str = ""
    height: int = 0
    sound: str = ""
    food: str = ""
    lives: str = ""
    moves: str = ""
    likes: str = ""
    case: tuple[Case, ...] = ()


@dataclass(frozen=True)
class Thing:
    """Something one can hold, ride, eat or lose."""

    name: str
    also: tuple[str, ...] = ()
    plural: str = ""
    use: str = ""
    verb: str = ""
    where: str = ""
    colour: str = ""
    case: tuple[Case, ...] = ()


@dataclass(frozen=True)
class Aside:
    """A small remark that any page can carry."""

    tone: str
    small: str
    middle: str
    big: str
    where: str = "any"


Known = Role | Place | Animal | Thing


@dataclass(frozen=True)
class Lexicon:
    """Everything in the lexicon's files. `index` finds an entry by any of its names."""

    roles: tuple[Role, ...] = ()
    places: tuple[Place, ...] = ()
    animals: tuple[Animal, ...] = ()
    things: tuple[Thing, ...] = ()
    cases: tuple[Case, ...] = ()
    asides: tuple[Aside, ...] = ()
    index: Mapping[tuple[str, ...], tuple[Known, ...]] = field(default_factory=dict)

    def find(self, words: str, *kinds: type) -> Any:
        """The entry with exactly this name in singular or plural, or None; `kinds` in order of preference."""
        found = self.index.get(key_of(words), ())
        for kind in kinds or (Role, Place, Animal, Thing):
            for entry in found:
                if isinstance(entry, kind):
                    return entry
        return None

    def inside(self, words: str, *kinds: type) -> Any:
        """The entry whose name is the longest run of words inside, nearest to the end; None if there is none."""
        tokens = words_of(words)
        for length in range(min(5, len(tokens)), 0, -1):
            for start in range(len(tokens) - length, -1, -1):
                found = self.find(" ".join(tokens[start : start + length]), *kinds)
                if found is not None:
                    return found
        return None


def words_of(text: str) -> list[str]:
    """The words of a text as they stand, without punctuation; apostrophes and hyphens stay inside."""
    return re.findall(r"[^\W_]+(?:['’\-][^\W_]+)*", text)


def key_of(words: str) -> tuple[str, ...]:
    """How a name is looked up: lower case, every word in its singular."""
    return tuple(singular(word.replace("’", "'").replace("'", "")) for word in words_of(words.lower()))


RENAMED = {"try": "attempt"}


def entry_of(found: Mapping[str, Any], kind: type[Entry], where: str) -> Entry:
    """Build a dataclass from a table of a file. Raises `BadFile` that names the place and what was expected."""
    known = {one.name: one for one in fields(kind)}  # type: ignore[arg-type]
    shown = [next((ours for ours, theirs in RENAMED.items() if theirs == name), name) for name in known]
    values: dict[str, Any] = {}
    for key, value in found.items():
        name = RENAMED.get(key, key)
        if name not in known or key in RENAMED.values():
            near = difflib.get_close_matches(key, shown, n=1, cutoff=0.0)
            raise BadFile(f"{where}: unknown key {key!r} in {kind.__name__}", f"did you mean {near[0]!r}?")
        if name == "case":
            values[name] = tuple(entry_of(one, Case, f"{where}: case {i}") for i, one in enumerate(value, 1))
        else:
            values[name] = _checked(value, str(known[name].type), f"{where}: {key}")
    for name, one in known.items():
        if name not in values and one.default is MISSING and one.default_factory is MISSING:
            shown_name = next((ours for ours, theirs in RENAMED.items() if theirs == name), name)
            raise BadFile(
                f"{where}: {shown_name!r} is missing in {kind.__name__}", "see docs/reference/plots.md"
            )
    return kind(**values)


def _checked(value: Any, wanted: str, where: str) -> Any:
    """The value of one key, if it is of the wanted type."""
    if "tuple[str" in wanted:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise BadFile(
                f"{where} must be a list of words, found {value!r:.60}", 'write it as ["one", "two"]'
            )
        return tuple(value)
    if "int" in wanted and not isinstance(value, int):
        raise BadFile(f"{where} must be a whole number, found {value!r:.60}", "leave out the quotes")
    if "str" in wanted and not isinstance(value, str):
        raise BadFile(f"{where} must be words, found {value!r:.60}", "put it into quotes")
    return value


TABLES: dict[str, type] = {
    "role": Role,
    "place": Place,
    "animal": Animal,
    "thing": Thing,
    "case": Case,
    "aside": Aside,
}


def read_entries(path: Path) -> dict[str, list[Any]]:
    """All tables of one lexicon file by their kind. Raises `BadFile`."""
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadFile(f"{path}: {error}", "see docs/reference/plots.md") from None
    entries: dict[str, list[Any]] = {}
    for table, rows in found.items():
        if table not in TABLES or not isinstance(rows, list):
            raise BadFile(
                f"{path}: unknown table {table!r}", f"known are: {', '.join(f'[[{one}]]' for one in TABLES)}"
            )
        for i, row in enumerate(rows, 1):
            title = row.get("name") or row.get("client") or i
            entries.setdefault(table, []).append(
                entry_of(row, TABLES[table], f"{path.name}: {table} {title!r}")
            )
    return entries


def lexicon_of(paths: Iterable[Path]) -> Lexicon:
    """The lexicon that these files hold together; a name that comes twice keeps its first meaning."""
    entries: dict[str, list[Any]] = {table: [] for table in TABLES}
    for path in paths:
        for table, rows in read_entries(path).items():
            entries[table] += rows
    index: dict[tuple[str, ...], list[Known]] = {}
    for table in ("role", "place", "animal", "thing"):
        for entry in entries[table]:
            for name in (entry.name, *entry.also):
                known = index.setdefault(key_of(name), [])
                if not any(type(one) is type(entry) for one in known):
                    known.append(entry)
    return Lexicon(
        tuple(entries["role"]), tuple(entries["place"]), tuple(entries["animal"]), tuple(entries["thing"]),
        tuple(entries["case"]), tuple(entries["aside"]), {key: tuple(row) for key, row in index.items()},
    )  # fmt: skip


@functools.cache
def lexicon(folder: Path = HERE) -> Lexicon:
    """The writer's own lexicon, read once."""
    asides = [folder / "asides.toml"] if (folder / "asides.toml").exists() else []
    return lexicon_of([*sorted((folder / "lexicon").glob("*.toml")), *asides])
