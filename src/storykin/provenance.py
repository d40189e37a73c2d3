"""Values: what a picture's file says of its making, in words that other programs read: IPTC's digital source type, in XMP.

Only the bytes around the pixels change. Names, prompts and paths never stand there: what other programs wrote into a file is left out.
"""

import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from storykin.errors import BadFile

TRAINED = "trainedAlgorithmicMedia"
"""Made by a trained model."""
COMPOSITE = "compositeWithTrainedAlgorithmicMedia"
"""Made by a trained model out of a photo."""
DRAWN = "algorithmicMedia"
"""Drawn by a program that was trained on nothing."""

RANKS = (TRAINED, COMPOSITE, DRAWN)
"""Of something made of several pictures the first of these is said."""

VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"
"""Where IPTC keeps these terms; a digital source type is one of them behind this address."""
IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
XMP = "http://ns.adobe.com/xap/1.0/"
OURS = "urn:storykin:xmp:"
"""The namespace of what only Storykin says: how large a picture was before it was enlarged, and by what."""

EnlargedBy = Literal["", "resampling", "model"]

_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8"
_KEYWORD = b"XML:com.adobe.xmp\0"  # of the PNG chunk iTXt (XMP specification, part 3)
_HEADER = XMP.encode() + b"\0"  # of the JPEG segment APP1
_TOLD = {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"caBX"}  # chunks of words
_WORDS = {0xE1, 0xEB, 0xED, 0xFE}  # segments of words: Exif and XMP, C2PA, Photoshop's IPTC, comment
_LONGEST = 2**20  # bytes of a packet that is unpacked; ours have 700
_METADATA = re.compile(r'<metadata id="storykin">.*?</metadata>', re.DOTALL)
_SVG = re.compile(r"<svg\b[^>]*>")


@dataclass(frozen=True)
class Origin:
    """What a picture says of itself.

    `source` is a term of IPTC's vocabulary, "" when nothing is said. `painted` is the width and height in pixels before it was
    enlarged, None when it never was; `enlarged_by` says by what.
    """

    source: str = ""
    painted: tuple[int, int] | None = None
    enlarged_by: EnlargedBy = ""


def marked(picture: bytes, media_type: str, source: str) -> bytes:
    """The same picture with its digital source type inside; the same bytes again when it says so already.

    What it says of its size when it was painted stays. Raises `BadFile` for bytes that are no picture of that type.
    """
    return with_origin(picture, media_type, replace(origin_of(picture), source=source))


def stated(picture: bytes) -> str | None:
    """The digital source type that a picture states, as a term of IPTC's vocabulary, or None. The beginning of a file is enough."""
    return origin_of(picture).source or None


def foremost(sources: Iterable[str | None]) -> str:
    """What is said of something made of pictures with these sources: the most trained of ours, "" when there is none."""
    found = set(sources)
    return next((one for one in RANKS if one in found), "")


def with_origin(picture: bytes, media_type: str, origin: Origin) -> bytes:
    """The same picture, saying exactly this. Raises `BadFile` for bytes that are no picture of that type.

    All other words in the file go. A picture with a signed C2PA manifest that states the same is left alone, signature and all: any
    change would make it invalid.
    """
    write = {"image/png": _png, "image/jpeg": _jpeg, "image/svg+xml": _svg}.get(media_type)
    if write is None:
        raise BadFile(f"a picture of type {media_type!r} cannot be marked", "save it as PNG, JPEG or SVG")
    if origin.painted is None and _signed(picture) == origin.source != "":
        return picture
    try:
        return write(picture, _packet(origin))
    except (ValueError, IndexError, struct.error) as error:
        raise BadFile(f"cannot be read as a picture ({media_type}): {error}", "paint it again") from None


def origin_of(picture: bytes) -> Origin:
    """What a picture says of itself, whoever wrote it there; nothing for a file that says nothing or is no picture."""
    packet = _found(picture)
    source = re.search(rf"DigitalSourceType\b[^<]*?https?{re.escape(VOCABULARY[4:])}(\w+)", packet)
    sides = [re.search(rf"storykin:Painted{side}>(\d{{1,6}})<", packet) for side in ("Width", "Height")]
    by = re.search(r"storykin:EnlargedBy>(resampling|model)<", packet)
    wide, high = (int(side[1]) if side else 0 for side in sides)
    return Origin(
        source[1] if source else _signed(picture),
        (wide, high) if wide and high else None,
        "" if by is None else "model" if by[1] == "model" else "resampling",
    )


def _packet(origin: Origin) -> str:
    """The statement as an XMP packet, without its wrapper."""
    lines = ["<xmp:CreatorTool>Storykin</xmp:CreatorTool>"]
    if origin.source:
        lines.append(
            f"<Iptc4xmpExt:DigitalSourceType>{VOCABULARY}{origin.source}</Iptc4xmpExt:DigitalSourceType>"
        )
    if origin.painted:
        for side, pixels in zip(("Width", "Height"), origin.painted, strict=True):
            lines.append(f"<storykin:Painted{side}>{pixels}</storykin:Painted{side}>")
        lines.append(f"<storykin:EnlargedBy>{origin.enlarged_by}</storykin:EnlargedBy>")
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" xmlns:xmp="{XMP}" xmlns:Iptc4xmpExt="{IPTC}" xmlns:storykin="{OURS}">'
        f"{''.join(lines)}</rdf:Description></rdf:RDF></x:xmpmeta>"
    )


def _wrapped(packet: str) -> bytes:
    return (
        f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>{packet}<?xpacket end="r"?>'.encode()
    )  # the id is the same for all packets of the world


# --- the three kinds of files ---------------------------------------------------------------------


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Name, content and whole bytes of each chunk of a PNG, as far as the file goes."""
    at = len(_PNG)
    while at + 12 <= len(picture):
        end = at + 12 + int.from_bytes(picture[at : at + 4], "big")
        if end > len(picture):
            return
        yield picture[at + 4 : at + 8], picture[at + 8 : end - 4], picture[at:end]
        at = end


def _segments(picture: bytes) -> Iterator[tuple[int, bytes, int, int]]:
    """Marker, content, beginning and end of each segment of a JPEG that stands before its pixels, as far as the file goes."""
    at = len(_JPEG)
    while at + 4 <= len(picture) and picture[at] == 0xFF:
        if picture[at + 1] == 0xFF:  # fill bytes may stand before a marker
            at += 1
            continue
        end = at + 2 + int.from_bytes(picture[at + 2 : at + 4], "big")
        if picture[at + 1] == 0xDA or end > len(picture):
            return
        yield picture[at + 1], picture[at + 4 : end], at, end
        at = end


def _png(picture: bytes, packet: str) -> bytes:
    chunks = list(_chunks(picture))
    names = [name for name, _, _ in chunks]
    if not picture.startswith(_PNG) or names[:1] != [b"IHDR"] or b"IEND" not in names:
        raise ValueError("no PNG, or not a whole one")
    body = b"iTXt" + _KEYWORD + b"\0\0\0\0" + _wrapped(packet)  # not compressed, no language, no translation
    told = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    kept = [whole for name, _, whole in chunks if name not in _TOLD]
    return b"".join([_PNG, kept[0], told, *kept[1:]])


def _jpeg(picture: bytes, packet: str) -> bytes:
    segments = list(_segments(picture))
    end = max((end for *_, end in segments), default=0)
    if not picture.startswith(_JPEG) or picture[end : end + 2] != b"\xff\xda":
        raise ValueError("no JPEG, or not a whole one")
    body = _HEADER + _wrapped(packet)
    told = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    kept = [(marker, picture[start:stop]) for marker, _, start, stop in segments if marker not in _WORDS]
    jfif = [whole for marker, whole in kept if marker == 0xE0]  # must come first
    rest = [whole for marker, whole in kept if marker != 0xE0]
    return b"".join([_JPEG, *jfif, told, *rest, picture[end:]])


def _svg(picture: bytes, packet: str) -> bytes:
    text = _METADATA.sub("", picture.decode())
    tag = _SVG.search(text)
    if not tag or tag.group().endswith("/>"):
        raise ValueError("there is no <svg> in it")
    return f'{text[: tag.end()]}<metadata id="storykin">{packet}</metadata>{text[tag.end() :]}'.encode()


def _found(picture: bytes) -> str:
    """The text of the XMP packet of any of the three kinds, "" where there is none."""
    told = b""
    if picture.startswith(_PNG):
        for name, content, _ in _chunks(picture):
            if name == b"iTXt" and content.startswith(_KEYWORD):
                packed = content[len(_KEYWORD) : len(_KEYWORD) + 1] == b"\1"
                told = content[len(_KEYWORD) + 2 :].split(b"\0", 2)[-1]  # behind language and translation
                told = _unpacked(told) if packed else told
    elif picture.startswith(_JPEG):
        for marker, content, _, _ in _segments(picture):
            if marker == 0xE1 and content.startswith(_HEADER):
                told = content[len(_HEADER) :]
    elif picture[:1000].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        inside = re.search(rb"<metadata\b.*?</metadata>", picture, re.DOTALL)
        told = inside.group() if inside else b""
    return told.decode("utf-8", "replace")


def _unpacked(content: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(content, _LONGEST)
    except zlib.error:
        return b""


def _signed(picture: bytes) -> str:
    """The digital source type in a signed C2PA manifest (JUMBF, where the address stands as text), "" where there is none."""
    if picture.startswith(_PNG):
        manifest = b"".join(content for name, content, _ in _chunks(picture) if name == b"caBX")
    elif picture.startswith(_JPEG):
        manifest = b"".join(content for marker, content, _, _ in _segments(picture) if marker == 0xEB)
    else:
        return ""
    address = re.escape(VOCABULARY[4:].encode())
    # CBOR: 0x78 and its length stand before a text, and nothing behind it (RFC 8949, 3.1).
    found = re.search(rb"\x78([\x18-\xff])(?=https?" + address + rb")", manifest)
    text = manifest[found.end() : found.end() + found[1][0]] if found else b""
    return text.rpartition(b"/")[2].decode("ascii", "replace")
