"""Benchmarks, docs and tests ask the house only for what it has: read from the sources, so that nothing need be installed and nothing is run."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOMES = {"storykin": ROOT / "src", "tests": ROOT, "benchmarks": ROOT}
FILES = [path for room in ("benchmarks", "docs", "tests") for path in sorted((ROOT / room).rglob("*.py"))]


def source_of(module: str) -> Path | None:
    """The file or folder of a dotted name, None where there is none."""
    there = HOMES[module.split(".", maxsplit=1)[0]].joinpath(*module.split("."))
    file = there.with_suffix(".py")
    return file if file.exists() else there if there.is_dir() else None


@cache
def names_in(module: str) -> frozenset[str]:
    """What a module has when it is there: all that it binds, and what lies in its folder."""
    source = source_of(module)
    assert source
    inside = {path.stem for path in source.iterdir()} if source.is_dir() else set()
    file = source / "__init__.py" if source.is_dir() else source
    body = ast.parse(file.read_text(encoding="utf-8")).body if file.exists() else []
    return frozenset({*inside, *bound(body)})


def bound(body: Iterable[ast.AST]) -> Iterator[str]:
    """Names that statements bind outside of functions and classes; what only type checkers see is not there."""
    for node in body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                yield from (one.asname or one.name.split(".")[0] for one in names)
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), orelse=orelse):
                yield from bound(orelse)
            case _:
                yield from bound(ast.iter_child_nodes(node))


def imports_of(text: str, package: str) -> Iterator[tuple[int, str, str]]:
    """Line, module and name of each import from this house, wherever in the file; no name where a whole module is imported."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found = [(one.name, "") for one in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: -node.level + 1 or None] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            found = [(module, one.name) for one in node.names]
        else:
            continue
        yield from ((node.lineno, *one) for one in found if one[0].split(".")[0] in HOMES)


def missing(text: str, package: str = "") -> list[str]:
    """What a file imports from this house and what is not there."""
    wrong = []
    for line, module, name in imports_of(text, package):
        if source_of(module) is None:
            wrong.append(f"line {line}: there is no {module}")
        elif name not in {"", "*", *names_in(module)}:
            wrong.append(f"line {line}: {module} has no {name}")
    return wrong


def test_what_benchmarks_docs_and_tests_import_is_there() -> None:
    packages = {path: ".".join(path.relative_to(ROOT).parent.parts) for path in FILES}
    wrong = {path: missing(path.read_text(encoding="utf-8"), package) for path, package in packages.items()}
    assert not [f"{path.relative_to(ROOT)}, {one}" for path, found in wrong.items() for one in found]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("from storykin.scene import Scene, Moved", "storykin.scene has no Moved"),
        ("from storykin.nowhere import Scene", "there is no storykin.nowhere"),
        ("def late() -> None:\n    from storykin import nowhere", "storykin has no nowhere"),
        ("import storykin.nowhere", "there is no storykin.nowhere"),
        ("from storykin.cast.regions import Rectangle", "regions has no Rectangle"),  # for type checkers only
        ("from .casts import Moved", "benchmarks.drift.casts has no Moved"),
        ("from tests.painters.servers import Moved", "tests.painters.servers has no Moved"),
    ],
)
def test_what_has_moved_is_named(line: str, said: str) -> None:
    (found,) = missing(line, "benchmarks.drift")
    assert found.endswith(said)


@pytest.mark.parametrize(
    "line",
    [
        "from storykin import Scene, make",  # from the front door, and a file beside it
        "from storykin.models import planning",
        "from storykin.families import FAMILIES",
        "from .casts import book_of",
        "from . import casts",
        "import storykin.make",
        "from typing import Nothing",  # others look after theirs
    ],
)
def test_what_is_there_is_not_named(line: str) -> None:
    assert not missing(line, "benchmarks.drift")
