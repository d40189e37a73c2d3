"""How long a book takes and how much memory: `python benchmarks/book.py [install|import|book|pages|wishes]`.

Every figure comes from a fresh process. Ratios compare runs of one call; absolute times depend on the
machine and on what else it does.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
WISH = "I want a book about me being a puppy doctor"
WISHES = (
    ("I want a book about me being a puppy doctor", ["--hero", "Sasha", "--pronouns", "she", "--age", "5"]),
    ("a trip to Mars with my dog Biscuit", ["--hero", "Theo", "--pronouns", "he", "--age", "7"]),
    ("my grandpa's purple tractor", ["--hero", "Mia", "--pronouns", "she", "--age", "3"]),
    ("the day it snowed ice cream", ["--hero", "Ben", "--pronouns", "he", "--age", "5", "--rhyme"]),
    ("Sasha is scared of the dark", ["--hero", "Sasha", "--pronouns", "she", "--age", "4", "--bedtime"]),
    ("the three little pigs but with me in it", ["--hero", "Lena", "--pronouns", "she", "--age", "6"]),
    ("a dinosaur who can't sleep", ["--hero", "Omar", "--pronouns", "he", "--age", "2"]),
    ("me and my sister open a bakery under the sea", ["--hero", "Noor", "--with", "Amal", "--age", "8"]),
    ("Wilbur the whale wants to dance", ["--hero", "Kim", "--age", "4", "--rhyme"]),
    (
        "when I lost my teddy at the zoo",
        ["--hero", "Jonas", "--pronouns", "he", "--age", "6", "--first-person"],
    ),
    ("a purple wizard who keeps sneezing", ["--hero", "Ida", "--pronouns", "she", "--age", "9", "--funny"]),
    ("being a snail trainer", ["--hero", "Ravi", "--pronouns", "he", "--with", "Grandma", "--age", "5"]),
)


def storykin(*words: str, folder: Path) -> tuple[float, float, str]:
    """Seconds, peak memory in MB and standard output of one command in a process of its own."""
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "storykin", *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout
        told = process.stdout.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, told
    return time.perf_counter() - begun, usage.ru_maxrss / 1024, told


def install() -> None:
    """A fresh environment: how long the core takes and how much it weighs."""
    with tempfile.TemporaryDirectory() as folder:
        env = Path(folder) / "env"
        subprocess.run([sys.executable, "-m", "venv", env], check=True)
        before = _megabytes(env)
        begun = time.perf_counter()
        subprocess.run([env / "bin" / "pip", "install", "--quiet", "--no-cache-dir", "--no-compile", str(ROOT)], check=True,
                       stderr=subprocess.DEVNULL)  # fmt: skip
        seconds = time.perf_counter() - begun
        print(
            f"core install: {seconds:.0f} s, {_megabytes(env) - before:.0f} MB (and {before:.0f} MB of the empty environment)"
        )


def imports() -> None:
    """`import storykin` against an empty Python, the median of eleven runs each."""
    times = {}
    for name, code in (("python", "pass"), ("storykin", "import storykin")):
        runs = []
        for _ in range(11):
            begun = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            runs.append(time.perf_counter() - begun)
        times[name] = statistics.median(runs)
    print(
        f"import storykin: {times['storykin'] - times['python']:.3f} s over an empty Python's {times['python']:.3f} s"
    )


def book() -> None:
    """A 32-page book, wish to PDF, cover, EPUB and HTML."""
    with tempfile.TemporaryDirectory() as folder:
        seconds, peak, told = storykin(
            "book", WISH, "--hero", "Sasha", "--pages", "32", "--out", "b", "--json", folder=Path(folder)
        )
        files = ", ".join(
            f"{Path(name).suffix} {size / 1e6:.1f} MB" for name, size in json.loads(told)["files"].items()
        )
        print(f"32 pages: {seconds:.1f} s, peak {peak:.0f} MB; {files}")
        seconds, peak, _ = storykin(
            "book", WISH, "--hero", "Sasha", "--pages", "32", "--out", "b", "--json", folder=Path(folder)
        )
        print(f"again, nothing changed: {seconds:.1f} s, peak {peak:.0f} MB")


def pages() -> None:
    """Cost by number of pages: it should be a fixed part and a flat price per page."""
    for count in (8, 16, 32, 48):
        with tempfile.TemporaryDirectory() as folder:
            seconds, peak, _ = storykin(
                "book", WISH, "--pages", str(count), "--out", "b", "--json", folder=Path(folder)
            )
            print(f"{count:>2} pages: {seconds:5.1f} s, {seconds / count:.2f} s a page, peak {peak:.0f} MB")


def wishes() -> None:
    """Twelve wishes and how their stories read."""
    print("| wish | age | plot | words | a page | longest sentence | Spache | Flesch–Kincaid | fits |")
    print("|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for number, (wish, options) in enumerate(WISHES):
            _, _, told = storykin(
                "write", wish, *options, "--pages", "16", "--out", str(number), "--json", folder=Path(folder)
            )
            _, _, checked = storykin("check", "--book", str(number), "--json", folder=Path(folder))
            rows = {row["measure"]: row["found"] for row in json.loads(checked)["rows"]}
            unfit = [row["measure"] for row in json.loads(checked)["rows"] if not row["fits"]]
            tone = " ".join(
                word[2:]
                for word in options
                if word.startswith("--") and word not in {"--hero", "--pronouns", "--age", "--with"}
            )
            print(
                f"| {wish}{f' ({tone})' if tone else ''} | {options[options.index('--age') + 1]} | {json.loads(told)['arc']} | "
                f"{rows['words']} | {rows['words per page']} | {rows['longest sentence']} | {rows['Spache grade']} | "
                f"{rows['Flesch–Kincaid grade']} | {', '.join(unfit) or 'yes'} |"
            )


def _megabytes(folder: Path) -> float:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


if __name__ == "__main__":
    parts = {"install": install, "import": imports, "book": book, "pages": pages, "wishes": wishes}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*parts, []], default=list(parts))
    print(
        f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, {shutil.disk_usage('.').free / 1e9:.0f} GB free"
    )
    for part in parser.parse_args().parts or list(parts):
        parts[part]()
