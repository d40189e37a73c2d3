"""Writes the reference pages that follow from the code: docs/reference/cli.md and files.md.

`make docs` runs it; tests/test_docs.py fails when a page is not what it would write.
"""

import dataclasses
import inspect
import re
import subprocess
import sys
import types
import typing
from pathlib import Path

import storykin
from storykin.cast.sighting import Decisions
from storykin.recipe import Recipe

REFERENCE = Path(__file__).parent / "reference"
FILES = {
    "wish.toml": "Wish",
    "book.toml": "Choices",
    "story.json": "Story",
    "storyboard.json": "Storyboard",
    "pictures/NN-PAINTER-KEY.json": "Picture",
    "cast/NAME/character.toml": "Character",
    "cast/NAME/photos.toml": "Decisions",
    "cast/NAME/dataset/dataset.json": "Dataset",
    "cast/NAME/training/BASE/recipe.toml": "Recipe",
}


def cli() -> str:
    """The page about every command and option, by Typer's own generator."""
    command = [sys.executable, "-m", "typer", "storykin.cli.commands", "utils", "docs", "--name", "storykin"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    told = told.replace("&#x27;", "’").replace("&quot;", '"').rstrip()
    return re.sub(r"^# `storykin`", "# The command line", told, count=1) + "\n"


def files() -> str:
    """The page about every value in every file of a book's folder."""
    parts = ["# The files of a book\n", OPENING, "| file | holds |", "|---|---|"]
    parts += [f"| `{name}` | [`{kind}`](#{kind.lower()}) |" for name, kind in FILES.items()]
    kinds = [*(getattr(storykin, name) for name in storykin.__all__), Decisions, Recipe]
    parts += [_value(kind) for kind in kinds if dataclasses.is_dataclass(kind)]
    return "\n".join(parts) + "\n"


OPENING = """\
A book is a folder. Every file in it can be read and edited by hand between two steps; an unknown key is refused and
the nearest known one named. Fields that have their default are left out. Texts are UTF-8.
"""


def _value(kind: type) -> str:
    doc = inspect.cleandoc(kind.__doc__ or "")
    rows = [f"\n## {kind.__name__}\n\n{doc}\n", "| field | type | default |", "|---|---|---|"]
    hints = typing.get_type_hints(kind)
    for field in dataclasses.fields(kind):
        made = field.default_factory is not dataclasses.MISSING
        usual = (
            "an empty one"
            if made
            else "required"
            if field.default is dataclasses.MISSING
            else f"`{field.default!r:.60}`"
        )
        if dataclasses.is_dataclass(field.default):
            usual = "an empty one"
        rows.append(f"| `{field.name}` | {_type(hints[field.name])} | {usual} |")
    return "\n".join(rows)


def _type(hint: object) -> str:
    inner = typing.get_args(hint)
    origin = typing.get_origin(hint)
    if origin is typing.Literal:
        return ", ".join(f"`{word!r}`" for word in inner)
    if origin is tuple:
        return f"list of {_type(inner[0])}"
    if origin is dict:
        return f"table of {_type(inner[1])}"
    if origin in {typing.Union, types.UnionType}:
        return " or ".join("nothing" if one is type(None) else _type(one) for one in inner)
    name = getattr(hint, "__name__", str(hint))
    words = {"str": "text", "int": "whole number", "float": "number", "bool": "true or false"}
    return words.get(name, f"[`{name}`](#{name.lower()})")


if __name__ == "__main__":
    for name, text in (("cli.md", cli()), ("files.md", files())):
        (REFERENCE / name).write_text(text, encoding="utf-8")
        print(f"wrote docs/reference/{name}")
