"""Writing in pictures: lines that are surely letters count, textures do not; programs that are missing or fail are told of."""

import shutil
import subprocess
import sys
from types import ModuleType
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from storykin.critics import Question, words
from storykin.critics.words import Line, WordsReader, counts, lines_of

with_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")


@pytest.mark.parametrize(
    ("text", "sure", "high", "is_writing"),
    [
        ("Happy Birthday", 0.9, 0.05, True),
        ("SHOP", 0.7, 0.05, True),
        ("HAPY BRTHDAI", 0.9, 0.05, True),
        ("HAPY BRTHDAI", 0.7, 0.05, False),  # nobody's words must be surer
        ("oh", 0.99, 0.05, False),
        ("Happy Birthday", 0.4, 0.05, False),
        ("Happy Birthday", 0.9, 0.005, False),
        ("|-|/ a b c {", 0.9, 0.05, False),
    ],
)
def test_what_counts_as_writing(text: str, sure: float, high: float, is_writing: bool) -> None:
    assert counts(Line(text, sure, high)) is is_writing


def test_a_line_of_tesseract_is_as_sure_as_its_letters_together() -> None:
    def row(text: str, conf: str, line: str, level: str = "5") -> dict[str, str]:
        return {"level": level, "block_num": "1", "par_num": "1", "line_num": line, "height": "30", "conf": conf, "text": text}  # fmt: skip

    found = lines_of([row("", "-1", "1", "4"), row("Once", "90", "1"), row("upon", "70", "1"), row("~~", "90", "2"), row("vw", "12", "3")], 600)  # fmt: skip
    assert found == [Line("Once upon", pytest.approx(0.8), 0.05)]


def test_without_a_program_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "ENGINES", dict.fromkeys(words.ENGINES, lambda: False))
    reader = WordsReader()
    assert "tesseract" in reader.unready()
    assert "rapidocr" in reader.unready()
    assert reader.licence == ""


def test_a_program_that_fails_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    def hangs(*command: Any, **options: Any) -> None:
        raise subprocess.TimeoutExpired("tesseract", 120)

    monkeypatch.setattr(subprocess, "run", hangs)
    words._languages.cache_clear()
    reading = WordsReader("tesseract").read(Image.new("RGB", (300, 200)), Question())
    assert reading.words is None
    assert "tesseract failed" in reading.unread["words"]


def test_rapidocr_is_read_with_its_boxes_and_chances(monkeypatch: pytest.MonkeyPatch) -> None:
    class RapidOCR:
        def __call__(self, picture: Any) -> tuple[list[list[Any]], list[float]]:
            assert picture.shape[2] == 3
            box = [[10, 10], [200, 10], [200, 60], [10, 60]]
            return [[box, "BAKERY", 0.97], [box, "0.0", 0.94]], [0.1, 0.1, 0.1]

    module: Any = ModuleType("rapidocr_onnxruntime")
    module.RapidOCR = RapidOCR
    monkeypatch.setitem(sys.modules, "rapidocr_onnxruntime", module)
    reading = WordsReader("rapidocr").read(Image.new("RGB", (300, 200)), Question())
    assert reading.words == ("BAKERY",)
    assert reading.read == {"words": "words"}


@with_tesseract
def test_tesseract_reads_a_sign_and_finds_none_on_plain_paper() -> None:
    reader = WordsReader("tesseract")
    picture = Image.new("RGB", (700, 500), (205, 225, 205))
    assert reader.read(picture, Question()).words == ()
    ImageDraw.Draw(picture).text((90, 160), "The Bakery", "#203080", ImageFont.load_default(80))
    assert reader.read(picture, Question()).words == ("The Bakery",)
    assert "tesseract" in reader.revision
    assert reader.licence == "Apache-2.0"
    assert reader.unready() == ""
