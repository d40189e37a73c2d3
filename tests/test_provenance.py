"""What a picture says of its making: written, read back, and not a pixel changed."""

import io
import re
import struct
import zlib
from xml.etree import ElementTree

import pytest
from PIL import Image, PngImagePlugin

from storykin.errors import BadFile
from storykin.provenance import (
    COMPOSITE,
    DRAWN,
    IPTC,
    OURS,
    TRAINED,
    VOCABULARY,
    Origin,
    marked,
    origin_of,
    stated,
    with_origin,
)

SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'


def drawn() -> Image.Image:
    picture = Image.new("RGB", (40, 30), "#88aa66")
    picture.paste("#c8503c", (5, 5, 20, 25))
    return picture


def saved(form: str, **options: object) -> bytes:
    file = io.BytesIO()
    drawn().save(file, form, **options)
    return file.getvalue()


PICTURES = {"image/png": saved("PNG"), "image/jpeg": saved("JPEG", quality=90), "image/svg+xml": SVG}


@pytest.mark.parametrize("media_type", PICTURES)
@pytest.mark.parametrize("source", [TRAINED, COMPOSITE, DRAWN])
def test_what_is_written_is_read_back(media_type: str, source: str) -> None:
    before = PICTURES[media_type]
    after = marked(before, media_type, source)
    assert stated(before) is None
    assert stated(after) == source
    assert marked(after, media_type, source) == after
    other = DRAWN if source != DRAWN else TRAINED
    assert marked(marked(before, media_type, other), media_type, source) == after


@pytest.mark.parametrize("media_type", ["image/png", "image/jpeg"])
def test_no_pixel_changes_and_another_reader_finds_it(media_type: str) -> None:
    before = PICTURES[media_type]
    after = marked(before, media_type, TRAINED)
    with Image.open(io.BytesIO(before)) as one, Image.open(io.BytesIO(after)) as other:
        assert one.tobytes() == other.tobytes()
        told = other.info["xmp"]
    root = ElementTree.fromstring(told.decode().split("?>", 1)[1].rsplit("<?", 1)[0])
    assert root.find(f".//{{{IPTC}}}DigitalSourceType").text == VOCABULARY + TRAINED  # type: ignore[union-attr]
    assert root.find(".//{http://ns.adobe.com/xap/1.0/}CreatorTool").text == "Storykin"  # type: ignore[union-attr]
    pixels = b"IDAT" if media_type == "image/png" else b"\xff\xda"
    assert before[before.index(pixels) :] == after[after.index(pixels) :]


def test_a_marked_drawing_is_still_one() -> None:
    after = marked(SVG, "image/svg+xml", DRAWN)
    root = ElementTree.fromstring(after)
    assert [child.tag.rpartition("}")[2] for child in root] == ["metadata", "rect"]
    assert after.startswith(b"<?xml")


def test_other_words_in_the_file_go_and_colours_stay() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("prompt", "Theo at 12 Hill Road")
    words.add_itxt("workflow", "/home/theo/secret", zip=True)
    profile = b"\0" * 200
    exif = Image.Exif()
    exif[0x010E] = "Theo at 12 Hill Road"
    for media_type, content in (
        ("image/png", saved("PNG", pnginfo=words, icc_profile=profile, exif=exif)),
        ("image/jpeg", saved("JPEG", comment=b"Theo at 12 Hill Road", icc_profile=profile, exif=exif)),
    ):
        after = marked(content, media_type, TRAINED)
        with Image.open(io.BytesIO(after)) as picture:
            picture.load()
            assert picture.info["icc_profile"] == profile
            assert set(picture.info) & {"prompt", "workflow", "comment", "exif"} == set()
        assert b"Theo" in content
        assert b"Theo" not in after
        assert b"secret" not in after


@pytest.mark.parametrize("media_type", PICTURES)
def test_an_enlarged_picture_says_how_large_it_was(media_type: str) -> None:
    origin = Origin(TRAINED, (1024, 1040), "resampling")
    told = with_origin(PICTURES[media_type], media_type, origin)
    assert origin_of(told) == origin
    assert origin_of(marked(told, media_type, COMPOSITE)) == Origin(COMPOSITE, (1024, 1040), "resampling")
    assert OURS.encode() in told


def test_the_beginning_of_a_file_is_enough_to_read_and_not_to_write() -> None:
    after = marked(PICTURES["image/png"], "image/png", TRAINED)
    start = after[: after.index(b"IDAT")]
    assert stated(start) == TRAINED
    with pytest.raises(BadFile, match="not a whole one"):
        marked(start, "image/png", TRAINED)


def packet(told: str, packed: bool) -> bytes:
    """A PNG that another program wrote."""
    text = zlib.compress(told.encode()) if packed else told.encode()
    body = b"iTXtXML:com.adobe.xmp\0" + (b"\1" if packed else b"\0") + b"\0en\0\0" + text
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    content = PICTURES["image/png"]
    return content[:33] + chunk + content[33:]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    "told",
    [
        '<a:DigitalSourceType rdf:resource="http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"/>',
        '<rdf:Description a:DigitalSourceType="https://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture">',
    ],
)
def test_what_others_wrote_is_understood(told: str, packed: bool) -> None:
    assert stated(packet(told, packed)) == "digitalCapture"


def signed(picture: bytes, term: str) -> bytes:
    """A PNG with the text of a C2PA manifest as it stands there, and a letter behind it that is not part of it."""
    address = (VOCABULARY + term).encode()
    body = b"caBX" + b"jumb\x71digitalSourceType\x78" + bytes([len(address)]) + address + b"gactions"
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return picture[:33] + chunk + picture[33:]


def test_a_signed_picture_that_says_the_same_keeps_its_signature() -> None:
    content = signed(PICTURES["image/png"], TRAINED)
    assert stated(content) == TRAINED
    assert marked(content, "image/png", TRAINED) == content
    other = marked(content, "image/png", COMPOSITE)
    assert stated(other) == COMPOSITE
    assert b"caBX" not in other


@pytest.mark.parametrize(
    "content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"\xff\xd8\xff\xe1\0\0"]
)
@pytest.mark.parametrize("media_type", [*PICTURES, "image/webp"])
def test_what_is_no_picture_says_nothing_and_is_refused(content: bytes, media_type: str) -> None:
    assert stated(content) is None
    with pytest.raises(BadFile):
        marked(content, media_type, TRAINED)


def test_a_picture_of_another_type_is_refused() -> None:
    with pytest.raises(BadFile, match="cannot be read as a picture"):
        marked(PICTURES["image/png"], "image/jpeg", TRAINED)


def test_damaged_files_are_read_without_an_error() -> None:
    for media_type, content in PICTURES.items():
        after = marked(content, media_type, TRAINED)
        for at in range(0, len(after), 7):
            origin_of(after[:at])
            origin_of(after[:at] + b"\xff" + after[at + 1 :])


def test_the_packet_holds_no_time_and_no_name() -> None:
    after = marked(PICTURES["image/png"], "image/png", TRAINED)
    text = after[after.index(b"<x:") : after.index(b"</x:xmpmeta>")].decode()
    assert re.findall(r">([^<>]+)<", text) == ["Storykin", VOCABULARY + TRAINED]
