"""Binders: what a PDF says of the pictures in it, in its XMP: what made them, and how finely they were painted before they were enlarged.

The pictures say it themselves (`provenance`); here it is only gathered, and read back for preflight.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pikepdf

from storykin.binders.typesetting import Sheet
from storykin.errors import BadFile
from storykin.provenance import IPTC, OURS, VOCABULARY, Origin, foremost, origin_of

_SOURCE = f"{{{IPTC}}}DigitalSourceType"
_PAINTED, _BY = f"{{{OURS}}}PaintedPixelsPerInch", f"{{{OURS}}}EnlargedBy"
_BEGINNING = 2**16  # bytes of a picture in which what it says of itself stands


def tell(document: pikepdf.Pdf, sheets: Sequence[Sheet], scale: float = 1.0) -> None:
    """Write down what the pictures of these sheets say of themselves; nothing where they say nothing.

    `scale` is how large the sheets are printed, 1 is their own size. Raises `BadFile`.
    """
    found = list(_origins(sheets))
    source = foremost(origin.source for origin, _ in found)
    enlarged = [(origin, ppi) for origin, ppi in found if origin.painted]
    if not source and not enlarged:
        return
    for address, prefix in ((IPTC, "Iptc4xmpExt"), (OURS, "storykin")):
        pikepdf.models.PdfMetadata.register_xml_namespace(address, prefix)
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as about:
        about["xmp:CreatorTool"] = "Storykin"
        if source:
            about[_SOURCE] = VOCABULARY + source
        if enlarged:
            resampled = any(origin.enlarged_by == "resampling" for origin, _ in enlarged)
            about[_PAINTED] = f"{min(ppi for _, ppi in enlarged) / scale:.0f}"
            about[_BY] = "resampling" if resampled else "model"


def painted_ppi(document: pikepdf.Pdf) -> tuple[int, str]:
    """How many pixels an inch the coarsest picture was painted with before it was enlarged, and by what; (0, "") when none was."""
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as about:
        ppi, by = str(about.get(_PAINTED, "")), str(about.get(_BY, ""))
    return (int(ppi), by) if ppi.isdecimal() else (0, "")


def _origins(sheets: Sequence[Sheet]) -> Iterator[tuple[Origin, float]]:
    """What each picture says of itself, and how many pixels an inch it was painted with where it lies now."""
    known: dict[Path, Origin] = {}
    for sheet in sheets:
        for art in sheet.arts:
            if art.path not in known:
                known[art.path] = origin_in(art.path)
            origin = known[art.path]
            wide, high = origin.painted or (0, 0)
            across, down = art.box.w / art.window.w, art.box.h / art.window.h  # of the whole picture
            yield origin, min(wide / across, high / down)


def origin_in(picture: Path) -> Origin:
    """What a picture's file says of itself. Raises `BadFile`."""
    try:
        with picture.open("rb") as file:
            return origin_of(file.read(_BEGINNING))
    except OSError as error:
        raise BadFile(f"{picture}: cannot be read: {error.strerror}", "check the picture's rights") from None
