"""The rooms of the house: which way imports go, and what `import storykin` may load."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "storykin"
CRAFTS = {"writers", "cast", "consistency", "painters", "critics", "training", "binders"}
FLOORS = {
    "cli": 4,
    "__main__": 5,
    "studio": 4,
    "jobs": 3,
    "make": 2.5,
    "gallery": 2.5,
    "mending": 2.4,
    "approving": 2.4,
    "outside": 2.3,
    "vistory": 2.5,
    "reporting": 2.3,
    "reviewing": 2.2,
    "easel": 2,
    "desk": 2,
    "casting": 2,
    "teaching": 2,
    "likeness": 2,
    "overlaying": 2,
    **dict.fromkeys(CRAFTS, 1),
    "models": 0.5,
    "reaching": 0.5,
}  # values: 0
HEAVY = {
    "torch", "diffusers", "transformers", "fastapi", "ray", "cv2", "typst", "pikepdf", "PIL", "resvg_py", "numpy",
    "safetensors", "peft", "bitsandbytes", "accelerate", "dlib", "ai_edge_litert", "pi_heif", "httpx", "websockets", "pronouncing", "jinja2", "pydantic", "typer", "rich", "lxml",
}  # fmt: skip


def imports(path: Path) -> set[str]:
    """The storykin modules a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {node.module or "", *(f"{node.module}.{name.name}" for name in node.names)}
    return {name for name in found if name.startswith("storykin.")}


def room(module: str) -> str:
    return module.split(".")[1]


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_go_down_only(path: Path) -> None:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    if parts == ("__init__",):
        return  # the front door shows the values
    here = parts[0]
    for module in imports(path):
        there = room(module)
        assert FLOORS.get(there, 0) <= FLOORS.get(here, 0), f"{path} imports upwards: {module}"
        if here in CRAFTS and there in CRAFTS:
            assert here == there, f"{path}: craft {here} imports craft {there}"


def test_every_file_says_what_room_it_is() -> None:
    for path in SOURCE.rglob("*.py"):
        opening = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        assert opening, path
        assert len(opening.split("\n\n")[0].splitlines()) <= 5, path


def test_importing_storykin_loads_nothing_heavy() -> None:
    code = "import sys, storykin; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not HEAVY & {name.split(".")[0] for name in loaded}


def test_exported_names_are_complete_and_sorted() -> None:
    import storykin

    public = {
        name for name, value in vars(storykin).items() if isinstance(value, type) and not name.startswith("_")
    }
    assert storykin.__all__ == sorted(public)
