"""Critics: writing that was painted into a picture, by a program for reading text: RapidOCR or tesseract, whichever is installed; "not read" without.

Painted leaves and fences look like letters to both. So a line counts only when its letters are sure, and surer when nobody knows its words.
"""

from __future__ import annotations

import csv
import importlib
import io
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from storykin.critics import Question, Reading, Thing

if TYPE_CHECKING:
    from PIL.Image import Image

VERSION = 1
SIDE = 1000  # pixels of the longer side at which is read: letters of a line are then 15 to 80 pixels high
SECONDS = 120  # for one picture; a program that hangs must not stop a book
KNOWN, UNKNOWN = 0.65, 0.78
"""How sure letters must be of words that are in the dictionary, and of others. On a few dozen drawn pages tesseract took textures for known words with up to 0.60, for others with up to 0.75."""
FEWEST = 3  # letters of a line; two are a fence post and a bird
LEAST_HIGH = (
    0.012  # of the picture's height: smaller letters nobody reads, and what looks like them is texture
)
ABSENT = (
    "no program for reading text is installed: pip install rapidocr-onnxruntime (Apache-2.0, with its weights), "
    "or tesseract, which finds fewer (Apache-2.0; apt install tesseract-ocr, brew install tesseract)"
)


@dataclass(frozen=True)
class Line:
    """What stands in one line, how sure its letters are, 0 to 1, and how high they are by the picture's height."""

    text: str
    sure: float
    high: float


class WordsReader:
    """Reads the words that stand in a picture, line by line; `engine` is "tesseract", "rapidocr" or "" for the first that is installed."""

    name = "words"
    reads: frozenset[Thing] = frozenset({"words"})

    def __init__(self, engine: str = "") -> None:
        self._engine = engine or next((name for name, is_here in ENGINES.items() if is_here()), "")
        self._net: Any = None

    @property
    def licence(self) -> str:
        """That of both programs and their weights."""
        return "Apache-2.0" if self._engine else ""

    @property
    def revision(self) -> str:
        """Changes with the program and its version."""
        return f"{VERSION} {self._engine} {_version(self._engine)}".strip()

    def unready(self) -> str:
        """Which programs could be installed; "" when one is."""
        return "" if self._engine and ENGINES[self._engine]() else ABSENT

    def read(self, picture: Image, question: Question) -> Reading:
        """The lines of writing in an RGB picture, () where there is none; not read when the program fails."""
        try:
            lines = self._lines(_sized(picture))
        except (OSError, subprocess.SubprocessError, RuntimeError, ValueError) as error:
            return Reading(unread={"words": f"{self._engine} failed: {_first_line(error)}"})
        return Reading(words=tuple(one.text for one in lines if counts(one)), read={"words": self.name})

    def close(self) -> None:
        """Give memory back."""
        self._net = None

    def _lines(self, picture: Image) -> list[Line]:
        if self._engine == "tesseract":
            return _by_tesseract(picture)
        if self._net is None:
            self._net = importlib.import_module("rapidocr_onnxruntime").RapidOCR()
        return _by_rapidocr(self._net, picture)


ENGINES: dict[str, Callable[[], bool]] = {
    "rapidocr": lambda: find_spec("rapidocr_onnxruntime") is not None,
    "tesseract": lambda: shutil.which("tesseract") is not None,
}
"""Programs by name, and whether they are on this machine, the better one first: of 14 lines put on drawn pages RapidOCR 1.4.4 found 14 and tesseract 5.3 found 9, neither any on the 14 pages without."""


def counts(line: Line) -> bool:
    """Whether a line is writing and no texture."""
    letters = sum(letter.isalpha() for letter in line.text)
    if letters < FEWEST or line.high < LEAST_HIGH or letters < 0.6 * len(line.text.replace(" ", "")):
        return False
    known = [_in_dictionary(word) for word in line.text.split() if len(word) >= FEWEST]
    return line.sure >= (KNOWN if known and all(known) else UNKNOWN)


def _in_dictionary(word: str) -> bool:
    import pronouncing

    return bool(pronouncing.phones_for_word("".join(filter(str.isalpha, word.lower()))))


def _sized(picture: Image) -> Image:
    from PIL import Image as Images

    scale = SIDE / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.convert("RGB").resize(size, Images.Resampling.LANCZOS)


# --- tesseract ------------------------------------------------------------------------------------


def _by_tesseract(picture: Image) -> list[Line]:
    """As scattered text (page segmentation 11): a picture has no columns. Letters are parted from the ground place by place (Sauvola): grounds change."""
    file = io.BytesIO()
    picture.save(file, "PNG")
    told = subprocess.run(
        ["tesseract", "-", "-", "-l", _languages(), "--psm", "11", "-c", "thresholding_method=2", "tsv"],
        input=file.getvalue(),
        capture_output=True,
        check=True,
        timeout=SECONDS,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # with more threads it is slower
    ).stdout.decode("utf-8", "replace")
    return lines_of(csv.DictReader(io.StringIO(told), delimiter="\t", quoting=csv.QUOTE_NONE), picture.height)


def lines_of(rows: Iterable[dict[str, str]], height: int) -> list[Line]:
    """The lines of tesseract's table, in which each row is a word; words of a line that it is not sure of are left out.

    `height` is the picture's in pixels. A line is as sure as its letters together: long words count more.
    """
    found: dict[tuple[str, str, str], list[tuple[str, float, float]]] = {}
    for row in rows:
        text, sure = (row.get("text") or "").strip(), float(row.get("conf") or -1) / 100
        if row.get("level") == "5" and any(map(str.isalpha, text)) and sure > 0.3:
            place = (row["block_num"], row["par_num"], row["line_num"])
            found.setdefault(place, []).append((text, sure, int(row["height"]) / height))
    return [
        Line(
            " ".join(text for text, _, _ in words),
            sum(sure * len(text) for text, sure, _ in words) / sum(len(text) for text, _, _ in words),
            max(high for _, _, high in words),
        )
        for words in found.values()
    ]


@cache
def _languages() -> str:
    """English if it is there, else whatever is: letters are wanted, not grammar."""
    told = subprocess.run(["tesseract", "--list-langs"], capture_output=True, check=True, timeout=SECONDS)
    names = [one for one in told.stdout.decode().splitlines()[1:] if one not in {"osd", "equ"}]
    return "eng" if "eng" in names or not names else "+".join(names)


# --- RapidOCR -------------------------------------------------------------------------------------


def _by_rapidocr(net: Any, picture: Image) -> list[Line]:
    import numpy as np

    found, _ = net(np.asarray(picture)[:, :, ::-1])  # it wants blue first
    lines = []
    for corners, text, sure in found or ():
        heights = [float(y) for _, y in corners]
        lines.append(Line(str(text).strip(), float(sure), (max(heights) - min(heights)) / picture.height))
    return lines


@cache
def _version(engine: str) -> str:
    if engine == "tesseract":
        try:
            told = subprocess.run(
                ["tesseract", "--version"], capture_output=True, check=True, timeout=SECONDS
            )
        except (OSError, subprocess.SubprocessError):
            return ""
        return (
            next(iter((told.stdout or told.stderr).decode().split("\n")), "")
            .removeprefix("tesseract")
            .strip()
        )
    if engine:
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("rapidocr-onnxruntime")
        except PackageNotFoundError:
            return ""
    return ""


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
