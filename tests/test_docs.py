"""The docs tell the truth: generated pages are fresh, links lead somewhere, every command runs."""

import importlib.util
import re
import shlex
import shutil
import subprocess
import sys
from glob import glob
from pathlib import Path
from types import ModuleType

import pytest

from storykin.cli import main

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TYPED = {ROOT / "README.md", ROOT / "docs" / "howto" / "judge.md"}
"""Their commands run in a shell, as the program that is installed, and their books are judged; those of other pages run in this process."""
TOLD = [page for page in PAGES if "```console" in page.read_text(encoding="utf-8") and page.name != "cli.md"]


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build", ROOT / "docs" / "build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "write"), [("cli.md", "cli"), ("files.md", "files"), ("styles.md", "styles")]
)
def test_generated_pages_are_fresh(name: str, write: str) -> None:
    page = ROOT / "docs" / "reference" / name
    assert page.read_text(encoding="utf-8") == getattr(builder(), write)(), "run: make docs"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_every_path_in_the_file_tree_of_the_readme_exists() -> None:
    for line in re.findall(
        r"^(?:src|docs|tests)/\S+", (ROOT / "README.md").read_text(encoding="utf-8"), re.M
    ):
        assert (ROOT / line).exists(), line


def commands_of(page: Path) -> list[str]:
    """What a reader is told to type."""
    blocks = re.findall(r"```console\n(.*?)```", page.read_text(encoding="utf-8"), re.S)
    commands = [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]
    assert commands
    return commands


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in TOLD if page in TYPED], ids=name_of)
def test_commands_run_as_they_are_typed(page: Path, tmp_path: Path) -> None:
    bash = shutil.which("bash")
    assert bash
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    for command in commands_of(page):
        done = subprocess.run(
            [bash, "-c", command], cwd=tmp_path, env={"PATH": path, "HOME": str(tmp_path), "OMP_NUM_THREADS": "1"},
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in TOLD if page not in TYPED], ids=name_of)
def test_commands_run(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for command in commands_of(page):
        program, *words = shlex.split(command)
        assert program == "storykin"
        # the shell puts files in place of stars
        found = [name for word in words for name in (sorted(glob(word)) if "*" in word else ()) or [word]]
        with pytest.raises(SystemExit) as left:
            main(found)
        said = capsys.readouterr()
        assert left.value.code == 0, f"{command}\n{said.out}\n{said.err}"
