"""Binders: from a laid-out page to the bytes of a PDF. Typst draws, pikepdf adds what printers read.

Knows no book: only pages whose words and pictures already have their places.
"""

import io
import json
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf

from storykin.binders.inks import CREAM, PAPER, PLAIN, Ink
from storykin.binders.layout import FONTS, POINTS, Block, Face, has_letter
from storykin.book import Trim
from storykin.errors import BadFile, BadInput
from storykin.scene import Box

_HERE = Path(__file__).parent
_FACES: dict[Face, tuple[str, int, str]] = {
    "Andika-Regular": ("Andika", 400, "normal"),
    "Andika-Bold": ("Andika", 700, "normal"),
    "Andika-Italic": ("Andika", 400, "italic"),
    "Grandstander-Bold": ("Grandstander", 700, "normal"),
}


WHOLE = Box(0, 0, 1, 1)


@dataclass(frozen=True)
class Art:
    """A picture and where it lies. A round picture shows only its `window`, in fractions of the picture."""

    path: Path
    box: Box
    alt: str = ""
    window: Box = WHOLE


@dataclass(frozen=True)
class Words:
    """A block of type in its ink."""

    block: Block
    ink: Ink = PLAIN
    align: str = "left"


@dataclass(frozen=True)
class Sheet:
    """One page, ready to be drawn: `kind` names its design, lengths are inches from the trim's corner.

    `aside` is the page number, or the words on a cover's spine; on a cover `spine` is its width in
    inches and `front` how many of `arts` belong to the front.
    """

    kind: str
    trim: Trim
    bleed: tuple[float, float, float, float]
    safe: Box
    words: tuple[Words, ...] = ()
    arts: tuple[Art, ...] = ()
    aside: Words | None = None
    spine: float = 0.0
    front: int = 0


@dataclass(frozen=True)
class Imprint:
    """What the file says about itself, and the book's two colours."""

    title: str
    author: str = ""
    language: str = "en"
    description: str = ""
    deep: str = "#5b4636"
    pale: str = "#f1e2c9"
    paper: str = CREAM
    fonts: tuple[tuple[str, Path], ...] = field(default=())


def typeset(template: str, sheets: list[Sheet], imprint: Imprint) -> bytes:
    """Draw the sheets with one of our typst templates; vector pictures stay vector."""
    import typst

    fonts = ["Andika", *(family for family, _ in imprint.fonts)]
    with tempfile.TemporaryDirectory(prefix="storykin-") as made:
        root = Path(made)
        for file in _HERE.glob("*.typ"):
            shutil.copy(file, root)
        paths: dict[Path, str] = {}
        for sheet in sheets:
            for art in sheet.arts:
                if art.path not in paths:
                    paths[art.path] = f"picture-{len(paths)}{art.path.suffix.lower()}"
                    _lend(art.path, root / paths[art.path])
        language, _, _ = imprint.language.replace("_", "-").partition("-")
        content = {
            "title": imprint.title,
            "author": [imprint.author] if imprint.author else [],
            "description": imprint.description,
            "language": language or "en",
            "fonts": fonts,
            "deep": imprint.deep,
            "pale": imprint.pale,
            "paper": imprint.paper,
            "leaves": [_plain(sheet, paths, imprint) for sheet in sheets],
        }
        (root / "book.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        try:
            compiler = typst.Compiler(
                root / template,
                root=root,
                font_paths=[FONTS, *(path.parent for _, path in imprint.fonts)],
                ignore_system_fonts=True,
            )
            made_pdf = compiler.compile(format="pdf", pdf_standards=["1.7", "ua-1"], timestamp=0)
        except typst.TypstError as error:
            raise BadInput(f"the pages could not be set: {error.message}", "; ".join(error.hints)) from error
    assert isinstance(made_pdf, bytes)
    return made_pdf


def _lend(picture: Path, where: Path) -> None:
    """Put a picture where typst may read it, without a copy when both are on one disk."""
    try:
        try:
            os.link(picture.resolve(), where)
        except OSError:
            shutil.copyfile(picture, where)
    except OSError as error:
        raise BadFile(
            f"{picture}: cannot be set: {error.strerror}",
            f"make room in {where.parent.parent}, or check the picture's rights",
        ) from error


def finish(pdf: bytes, sheets: list[Sheet], imprint: Imprint) -> pikepdf.Pdf:
    """Give every page its boxes and the file its metadata."""
    document = pikepdf.open(io.BytesIO(pdf))
    for page, sheet in zip(document.pages, sheets, strict=True):
        left, top, right, bottom = (side * POINTS for side in sheet.bleed)
        _, _, wide, high = (float(edge) for edge in page.mediabox)
        page.bleedbox = pikepdf.Array([0, 0, wide, high])
        page.trimbox = pikepdf.Array([round(n, 3) for n in (left, bottom, wide - right, high - top)])
        page.cropbox = pikepdf.Array([0, 0, wide, high])
    document.Root.PageLayout = pikepdf.Name.TwoPageRight  # page 1 alone on the right, as in the hand
    document.Root.Lang = pikepdf.String(imprint.language)
    if "/MarkInfo" in document.Root and "/Suspects" in document.Root.MarkInfo:
        del document.Root.MarkInfo["/Suspects"]  # false is its default, and poppler stumbles over it
    document.docinfo["/Creator"] = "Storykin"
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as about:
        about["xmp:CreatorTool"] = "Storykin"
    return document


def bytes_of(document: pikepdf.Pdf) -> bytes:
    """The file's bytes, the same for equal content."""
    file = io.BytesIO()
    document.save(
        file,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
    )
    return file.getvalue()


def media(trim: Trim, bleed: tuple[float, float, float, float]) -> Trim:
    """The size of the sheet with its bleed."""
    left, top, right, bottom = bleed
    return Trim(trim.width + left + right, trim.height + top + bottom)


def fonts_for(texts: list[str]) -> tuple[tuple[str, Path], ...]:
    """Fonts of this machine for letters that the book's own faces lack. Raises `BadInput` when there are none."""
    from PIL import ImageFont

    missing = sorted({one for text in texts for one in text if not has_letter(one)})
    if not missing:
        return ()
    import typst

    def plainness(font: typst.FontInfo) -> tuple[bool, bool, str, str]:
        family = font.family
        return "Sans" not in family, "Mono" in family or "Math" in family, family, font.path or ""

    found: list[tuple[str, Path]] = []
    for font in sorted(typst.Fonts(True, False).fonts(), key=plainness):
        if not missing or not font.path or font.style != "normal" or not 300 <= font.weight <= 500:
            continue
        face = ImageFont.truetype(font.path, 40, index=font.index)
        none = bytes(face.getmask("\uffff"))
        drawn = [one for one in missing if bytes(face.getmask(one)) != none]
        if drawn:
            found.append((font.family, Path(font.path)))
            missing = [one for one in missing if one not in drawn]
    if missing:
        raise BadInput(
            f"no font on this machine has the letters {''.join(missing[:12])!r}",
            "install a font that has them (for Chinese, Japanese and Korean: Noto Sans CJK), or write the word in Latin letters",
        )
    return tuple(found)


def _plain(sheet: Sheet, paths: dict[Path, str], imprint: Imprint) -> dict[str, Any]:
    """The sheet as typst reads it, from the sheet's own corner."""
    left, top, _, _ = sheet.bleed
    whole = media(sheet.trim, sheet.bleed)
    arts = [
        {
            "path": paths[art.path],
            "alt": art.alt or imprint.title,
            "window": {"x": art.window.x, "y": art.window.y, "w": art.window.w, "h": art.window.h},
            **_box(art.box, left, top),
        }
        for art in sheet.arts
    ]
    return {
        "kind": sheet.kind,
        "media": {"w": whole.width, "h": whole.height},
        "trim": _box(Box(0, 0, sheet.trim.width, sheet.trim.height), left, top),
        "safe": _box(sheet.safe, left, top),
        "spine": sheet.spine,
        "front": sheet.front,
        "arts": arts,
        "blocks": [_words(words, left, top) for words in sheet.words],
        "aside": _words(sheet.aside, left, top) if sheet.aside else None,
    }


def _words(words: Words, left: float, top: float) -> dict[str, Any]:
    block = words.block
    family, weight, style = _FACES[block.face]
    paragraphs: list[dict[str, Any]] = []
    for text, gap, indent in zip(block.lines, block.gaps, block.indents, strict=True):
        if gap or not paragraphs:
            paragraphs.append({"gap": gap, "lines": []})
        paragraphs[-1]["lines"].append({"text": text, "indent": indent})
    return {
        **_box(block.box, left, top),
        "size": block.size,
        "pitch": block.size * block.spacing,
        "face": {"family": family, "weight": weight, "style": style},
        "align": words.align,
        "ink": words.ink.colour,
        "panel": words.ink.panel,
        "paper": PAPER,
        "paragraphs": paragraphs,
    }


def _box(box: Box, left: float, top: float) -> dict[str, float]:
    sides = {"x": box.x + left, "y": box.y + top, "w": box.w, "h": box.h}
    return {name: round(value, 5) for name, value in sides.items()}
