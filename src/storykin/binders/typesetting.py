"""Binders: from a laid-out page to the bytes of a PDF. Typst draws, pikepdf adds what printers read.

Knows no book: only pages whose words and pictures already have their places.
"""

import io
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

from storykin.binders.inks import CREAM, PAPER, PLAIN, Ink
from storykin.binders.layout import POINTS, Block
from storykin.binders.letters import FONTS, Face, Family, is_wide
from storykin.book import Trim
from storykin.errors import BadFile, BadInput
from storykin.languages import is_right_to_left, language_of
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
    """A block of type in its ink.

    `align` is "left", "right" or "centre"; `language` that of the words, "" the book's. `ground` is where the ink's panel lies when
    it is larger than the block, `rule` a thin line that parts these words from those above.
    """

    block: Block
    ink: Ink = PLAIN
    align: str = "left"
    language: str = ""
    ground: Box | None = None
    rule: Box | None = None


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
    """What the file says about itself, the book's two colours, and the families of fonts for letters that the book's own faces lack, by language."""

    title: str
    author: str = ""
    language: str = "en"
    description: str = ""
    deep: str = "#5b4636"
    pale: str = "#f1e2c9"
    paper: str = CREAM
    also_language: str = ""
    fonts: tuple[Family, ...] = ()
    also_fonts: tuple[Family, ...] = ()

    @property
    def to_left(self) -> bool:
        """Whether the book is read from right to left."""
        return is_right_to_left(self.language)

    def families(self, language: str = "") -> tuple[Family, ...]:
        """Fonts for words of that language, the likeliest first."""
        second = bool(language) and language == self.also_language != self.language
        mine, other = (self.also_fonts, self.fonts) if second else (self.fonts, self.also_fonts)
        return (*mine, *(one for one in other if one not in mine))


def typeset(template: str, sheets: list[Sheet], imprint: Imprint) -> bytes:
    """Draw the sheets with one of our typst templates; vector pictures stay vector."""
    import typst

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
        for family in imprint.families():
            for file in () if family.ours else family.files:
                (root / "fonts").mkdir(exist_ok=True)
                if not (root / "fonts" / file.name).exists():
                    _lend(file, root / "fonts" / file.name)
        content = {
            "title": imprint.title,
            "author": [imprint.author] if imprint.author else [],
            "description": imprint.description,
            "language": language_of(imprint.language) or "en",
            "fonts": _fonts("Andika", imprint.language, imprint),
            "backwards": imprint.to_left,
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
                font_paths=[FONTS, root / "fonts"],
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
    if imprint.to_left:
        document.Root.ViewerPreferences = pikepdf.Dictionary(
            {**dict(document.Root.get("/ViewerPreferences", {})), "/Direction": pikepdf.Name("/R2L")}
        )
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
        "blocks": [_words(words, left, top, imprint) for words in sheet.words],
        "aside": _words(sheet.aside, left, top, imprint) if sheet.aside else None,
    }


def _fonts(first: str, language: str, imprint: Imprint) -> list[Any]:
    """The fonts that typst tries in turn; Chinese and Japanese take quotes and dashes, too, from their own."""
    others = [family.name for family in imprint.families(language)]
    own = list(dict.fromkeys([first, "Andika"]))
    if is_wide(language) and others:
        return [*({"name": name, "covers": "latin-in-cjk"} for name in own), *others, *own]
    return [*own, *others]


def _words(words: Words, left: float, top: float, imprint: Imprint) -> dict[str, Any]:
    block, language = words.block, words.language or imprint.language
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
        "face": {"fonts": _fonts(family, language, imprint), "weight": weight, "style": style},
        "language": language_of(language) or "en",
        "region": _region(language),
        "backwards": is_right_to_left(language),
        "ground": _box(words.ground or block.box, left, top),
        "rule": _box(words.rule, left, top) if words.rule else None,
        "align": words.align,
        "ink": words.ink.colour,
        "panel": words.ink.panel,
        "paper": PAPER,
        "paragraphs": paragraphs,
    }


def _region(language: str) -> str | None:
    """The country, which decides between forms of letters; traditional characters are those of Taiwan."""
    parts = language.replace("_", "-").split("-")[1:]
    country = next((part.upper() for part in parts if len(part) == 2 and part.isalpha()), None)
    return country or ("TW" if "Hant" in parts else None)


def _box(box: Box, left: float, top: float) -> dict[str, float]:
    sides = {"x": box.x + left, "y": box.y + top, "w": box.w, "h": box.h}
    return {name: round(value, 5) for name, value in sides.items()}
