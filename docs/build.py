"""Writes the reference pages that follow from the code: docs/reference/cli.md, files.md and styles.md.

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
from storykin.consistency.styles import styles as all_styles
from storykin.outside import Table
from storykin.recipe import Recipe
from storykin.writers.drafting import Beat, Draft, Outline, Person, Round

REFERENCE = Path(__file__).parent / "reference"
FILES = {
    "wish.toml": "Wish",
    "book.toml": "Choices",
    "story.json": "Story",
    "draft.json": "Draft",
    "storyboard.json": "Storyboard",
    "pictures/NN-PAINTER-KEY.json": "Picture",
    "judge.toml": "Table",
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
    kinds = [
        *(getattr(storykin, name) for name in storykin.__all__),
        Decisions,
        Recipe,
        Table,
        Draft,
        Outline,
        Beat,
        Person,
        Round,
    ]
    parts += [_value(kind) for kind in kinds if dataclasses.is_dataclass(kind)]
    return "\n".join(parts) + "\n"


def styles() -> str:
    """The page about every style, and how a family adds its own."""
    rows = ["| style | | FLUX, Qwen and Z-Image are told | Stable Diffusion is told |", "|---|---|---|---|"]
    rows += [
        f"| `{one.name}` | {one.title} | {one.sentences} | {one.phrases} |" for one in all_styles().values()
    ]
    spoilt = ["| style | Stable Diffusion is told to avoid, after what no page should have |", "|---|---|"]
    spoilt += [f"| `{one.name}` | {one.negative} |" for one in all_styles().values()]
    return "\n".join([STYLES, *rows, "", OWN_STYLES, *spoilt]) + "\n"


STYLES = """\
# The styles of pictures

A style is chosen once for a book (`--art`, or `art` in `wish.toml`) and stands in the prompt of every page. The embedded painter draws `flat`,
`watercolour`, `cut-paper`, `ink` and `crayon`; painters with a model take them all.
"""

OWN_STYLES = """\
## Your own

Write a `styles.toml` in the book's folder, or beside it for all books. What it says of a style that is there changes those keys and leaves the
others; the book's own file comes last.

```toml
[rug]
title = "Grandma's rug"
sentences = "a picture woven into a thick woollen rug, a few warm colours"
phrases = "woven wool rug, thick yarn, few warm colours"
negative = "photograph, thin lines"

[[felt.adapters]]              # a style LoRA, one for each family of models
family = "sdxl"
path = "felt.safetensors"      # beside this file
trigger = "felted wool"        # the word that calls it, "" if none
scale = 0.8
```

## Weights

Stable Diffusion's phrases may be weighed: `(red hair:1.2)` counts 1.2 times, `(red hair)` 1.1 times, `[red hair]` 1/1.1 times; nested brackets
multiply; `\\(` and `\\)` are only brackets. Other models are told the words without them.

## What spoils a style
"""

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
    for name, text in (("cli.md", cli()), ("files.md", files()), ("styles.md", styles())):
        (REFERENCE / name).write_text(text, encoding="utf-8")
        print(f"wrote docs/reference/{name}")
