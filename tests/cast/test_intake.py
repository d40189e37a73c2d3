"""Intake: what lies in a folder, and every kind of file as upright sRGB pixels or a plain word why not.

`BAD` is the table of bad inputs tried. The HEIC cards in `files/` are drawn; nothing here shows a person.
"""

import io
import itertools
import os
import pickle
import struct
import subprocess
import sys
import time
import unicodedata
import warnings
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFile, ImageStat
from PIL.Image import Transpose

from storykin.cast import intake
from storykin.cast.intake import (
    Found,
    Unreadable,
    digest_of,
    full_size,
    open_photo,
    photos_in,
    save_copy,
    search,
)
from storykin.errors import BadFile, BadInput

FILES = Path(__file__).parent / "files"
RED, GREEN, BLUE, PALE = (220, 40, 40), (40, 160, 60), (40, 70, 200), (240, 240, 240)
UNDO = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_90,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_270,
}


def card() -> Image.Image:
    """Four unlike corners, each a whole number of JPEG blocks, so that JPEG keeps them exact."""
    drawn = Image.new("RGB", (96, 64), PALE)
    drawn.paste(RED, (0, 0, 48, 32))
    drawn.paste(GREEN, (48, 0, 96, 32))
    drawn.paste(BLUE, (0, 32, 48, 64))
    return drawn


def rough(width: int = 97, height: int = 61) -> Image.Image:
    """A picture in which every turn, flip and shift would show."""
    up, round_ = Image.linear_gradient("L"), Image.radial_gradient("L")
    bands = (up, round_, ImageChops.add_modulo(up.transpose(Transpose.ROTATE_90), round_))
    return Image.merge("RGB", bands).resize((width, height))


def as_bytes(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def put(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def stored_turned(image: Image.Image, orientation: int, kind: str, **options: object) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    lying = image.transpose(UNDO[orientation]) if orientation in UNDO else image
    return as_bytes(lying, kind, exif=exif.tobytes(), **options)


def differ(one: Image.Image, two: Image.Image) -> int:
    """The largest difference of any pixel in any band."""
    assert (one.mode, one.size) == (two.mode, two.size)
    return max(high for _, high in ImageChops.difference(one, two).getextrema())


# --- upright


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("WEBP", {"lossless": True}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_adobe_deflate"}),
    ],
    ids=["png", "webp", "tiff", "tiff-deflate"],
)
def test_all_orientations_give_identical_pixels(
    tmp_path: Path, kind: str, options: dict[str, object], orientation: int
) -> None:
    straight = put(tmp_path, "straight", as_bytes(rough(), "PNG"))
    path = put(tmp_path, "photo", stored_turned(rough(), orientation, kind, **options))
    assert full_size(path) == (97, 61)
    assert differ(open_photo(path), rough()) == 0
    assert differ(open_photo(path, 40), open_photo(straight, 40)) == 0


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "AVIF"])
def test_all_orientations_of_lossy_files(tmp_path: Path, kind: str, orientation: int) -> None:
    options = {"quality": 95, "subsampling": "4:4:4"}
    straight = put(tmp_path, "straight", as_bytes(card(), kind, **options))
    path = put(tmp_path, "photo", stored_turned(card(), orientation, kind, **options))
    assert full_size(path) == (96, 64)
    assert differ(open_photo(path), open_photo(straight)) <= (0 if kind == "JPEG" else 6)
    assert differ(open_photo(path), card()) <= 6


@pytest.mark.parametrize("orientation", range(1, 9))
def test_heic_is_turned_once(orientation: int) -> None:
    pytest.importorskip("pi_heif")
    path = FILES / f"turned-{orientation}.heic"
    assert full_size(path) == (96, 64)
    assert differ(open_photo(path), card()) <= 4


def test_heic_with_a_profile_with_alpha_and_with_a_broken_note(tmp_path: Path) -> None:
    pytest.importorskip("pi_heif")
    assert differ(open_photo(FILES / "display-p3.heic"), Image.new("RGB", (64, 64), (0, 255, 0))) <= 3
    clear = open_photo(FILES / "clear.heic", 32)
    assert (clear.size, clear.getpixel((25, 5))) == ((32, 32), (255, 255, 255))
    assert max(abs(a - b) for a, b in zip(clear.getpixel((5, 5)), RED, strict=True)) <= 2  # type: ignore[arg-type]
    note = (FILES / "turned-6.heic").read_bytes()
    spoilt = note.replace(b"Exif", b"Ex\xeef", 1)
    assert spoilt != note
    assert full_size(put(tmp_path, "a.heic", spoilt)) == (96, 64)
    assert differ(open_photo(tmp_path / "a.heic"), card()) <= 4


@pytest.mark.parametrize("said", [0, 9, 77, 65_535])
def test_a_senseless_orientation_is_ignored(tmp_path: Path, said: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = said
    path = put(tmp_path, "a.png", as_bytes(card(), "PNG", exif=exif.tobytes()))
    assert differ(open_photo(path), card()) == 0


def test_broken_exif_does_not_spoil_a_photo(tmp_path: Path) -> None:
    for note in (b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0" + b"\x7f" * 90):
        path = put(tmp_path, "a.jpg", as_bytes(card(), "JPEG", exif=note, quality=95, subsampling=0))
        assert differ(open_photo(path), card()) <= 4
        assert full_size(path) == (96, 64)


# --- depths and inks


def png(width: int, height: int, depth: int, colour: int, row: bytes, *more: tuple[bytes, bytes]) -> bytes:
    """A PNG written by hand: depths that pillow reads but does not write."""
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)),
        *more,
        (b"IDAT", zlib.compress((b"\0" + row) * height)),
        (b"IEND", b""),
    ]
    chunks = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def palette_gif() -> bytes:
    drawn = Image.new("P", (32, 32), 0)
    drawn.putpalette([*RED, *GREEN, *BLUE])
    drawn.paste(1, (16, 0, 32, 32))
    return as_bytes(drawn, "GIF", transparency=1)


def frames(kind: str, **options: object) -> bytes:
    later = [Image.new("RGB", (32, 32), "black"), Image.new("RGB", (40, 40) if kind == "TIFF" else (32, 32))]
    return as_bytes(Image.new("RGB", (32, 32), RED), kind, save_all=True, append_images=later, **options)


def flat(mode: str, value: object, kind: str, **options: object) -> bytes:
    return as_bytes(Image.new(mode, (32, 32), value), kind, **options)  # type: ignore[arg-type]


def two_greys(mode: str, low: float, high: float) -> bytes:
    drawn = Image.new(mode, (32, 32), high)
    drawn.paste(low, (0, 0, 16, 32))  # type: ignore[arg-type]
    return as_bytes(drawn, "TIFF")


DEEP: list[tuple[str, bytes, tuple[int, int, int], int]] = [
    ("grey", flat("L", 90, "PNG"), (90, 90, 90), 0),
    ("black and white", flat("1", 1, "PNG"), (255, 255, 255), 0),
    ("grey, 4 bits", png(32, 32, 4, 0, b"\x66" * 16), (102, 102, 102), 0),
    ("grey PNG, 16 bits", png(32, 32, 16, 0, struct.pack(">H", 64_000) * 32), (249, 249, 249), 0),
    ("grey TIFF, 16 bits", flat("I;16", 64_000, "TIFF"), (249, 249, 249), 0),
    ("grey TIFF, 16 bits, Motorola", flat("I;16B", 64_000, "TIFF"), (249, 249, 249), 0),
    ("grey TIFF, 32 bits as 16", two_greys("I", 64_000, 65_535), (249, 249, 249), 0),
    ("grey TIFF, 32 bits", two_greys("I", 1_000_000, 2_000_000), (128, 128, 128), 0),
    ("grey TIFF, fractions", two_greys("F", 0.4, 1.0), (102, 102, 102), 0),
    ("grey TIFF, fractions of 255", two_greys("F", 102.0, 255.0), (102, 102, 102), 0),
    ("colour PNG, 48 bits", png(32, 32, 16, 2, struct.pack(">HHH", 65_535, 32_768, 257) * 32), (255, 128, 1), 0),
    ("colour PNG, 64 bits, half clear", png(32, 32, 16, 6, struct.pack(">4H", 65_535, 0, 0, 32_896) * 32),
     (255, 127, 127), 1),
    ("alpha, half clear red", flat("RGBA", (255, 0, 0, 128), "PNG"), (255, 127, 127), 0),
    ("alpha, clear black", flat("RGBA", (0, 0, 0, 0), "WEBP", lossless=True), (255, 255, 255), 0),
    ("grey and alpha", flat("LA", (0, 51), "PNG"), (204, 204, 204), 0),
    ("one colour is clear", png(32, 32, 8, 2, bytes(RED) * 32, (b"tRNS", struct.pack(">HHH", *RED))), (255, 255, 255), 0),
    ("palette", flat("P", 0, "PNG"), (0, 0, 0), 0),
    ("GIF with a clear half", palette_gif(), RED, 0),
    ("animated GIF", frames("GIF"), RED, 0),
    ("animated WebP", frames("WEBP", lossless=True), RED, 0),
    ("animated PNG", frames("PNG"), RED, 0),
    ("TIFF of three pages", frames("TIFF"), RED, 0),
    ("MPO of three pictures", frames("MPO"), RED, 3),
    ("CMYK JPEG", flat("CMYK", (255, 0, 0, 0), "JPEG"), (0, 255, 255), 3),
    ("CMYK TIFF", flat("CMYK", (0, 255, 255, 0), "TIFF"), (255, 0, 0), 0),
    ("YCbCr TIFF", flat("YCbCr", (128, 128, 128), "TIFF"), (128, 128, 128), 0),
    ("Lab TIFF", flat("LAB", (136, 208, 195), "TIFF"), (250, 3, 11), 3),
    ("BMP", flat("RGB", RED, "BMP"), RED, 0),
    ("AVIF", flat("RGB", RED, "AVIF", quality=100, subsampling="4:4:4"), RED, 2),
]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "colour", "off"), [row[1:] for row in DEEP], ids=[row[0] for row in DEEP]
)
def test_every_depth_becomes_eight_bits(
    tmp_path: Path, content: bytes, colour: tuple[int, int, int], off: int
) -> None:
    path = put(tmp_path, "photo", content)
    photo = open_photo(path)
    assert (photo.mode, photo.size) == ("RGB", (32, 32))
    assert full_size(path) == (32, 32)
    assert differ(photo.crop((2, 2, 3, 3)), Image.new("RGB", (1, 1), colour)) <= off
    assert photo.info == {}
    assert open_photo(path, 20).size == (20, 20)


def test_what_is_clear_becomes_white(tmp_path: Path) -> None:
    photo = open_photo(put(tmp_path, "a.gif", palette_gif()))
    assert (photo.getpixel((2, 2)), photo.getpixel((30, 2))) == (RED, (255, 255, 255))


# --- colour profiles, written by hand after ICC.1:2010


def fixed(*values: float) -> bytes:
    return b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def profile(space: bytes, tags: dict[bytes, bytes], pcs: bytes = b"XYZ ") -> bytes:
    body, table, start = b"", b"", 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        table += name + struct.pack(">II", start + len(body), len(content))
        body += content + b"\0" * (-len(content) % 4)
    kind = b"prtr" if space == b"CMYK" else b"mntr"
    head = struct.pack(">IIBBH", start + len(body), 0, 2, 0x40, 0) + kind + space + pcs + b"\0" * 12 + b"acsp"
    head += b"\0" * 28 + fixed(0.9642, 1.0, 0.8249)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def gamma(value: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256))


def matrix_profile(red: bytes, green: bytes, blue: bytes, curve: bytes) -> bytes:
    ends = {b"rXYZ": red, b"gXYZ": green, b"bXYZ": blue}
    tags = {name: b"XYZ \0\0\0\0" + end for name, end in ends.items()}
    return profile(b"RGB ", tags | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve))


def ink_profile() -> bytes:
    """Two steps per ink: cyan alone is the printers' cyan, Lab 55, -37, -50; everything else black or paper."""
    known = {(0, 0, 0, 0): (255, 128, 128), (1, 0, 0, 0): (140, 91, 78)}
    nodes = b"".join(bytes(known.get(inks, (0, 128, 128))) for inks in itertools.product((0, 1), repeat=4))
    ramp = bytes(range(256))
    lut = (
        b"mft1\0\0\0\0" + bytes((4, 3, 2, 0)) + fixed(1, 0, 0, 0, 1, 0, 0, 0, 1) + ramp * 4 + nodes + ramp * 3
    )
    return profile(b"CMYK", {b"A2B0": lut}, b"Lab ")


# colorants adapted to D50, from the published profiles; the curve of sRGB as ICC's function of type 3
SRGB_CURVE = b"para\0\0\0\0\0\3\0\0" + fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
DISPLAY_P3 = matrix_profile(
    fixed(0.51512, 0.2412, -0.00105),
    fixed(0.29198, 0.69225, 0.04189),
    fixed(0.1571, 0.06657, 0.78407),
    SRGB_CURVE,
)
ADOBE_RGB = matrix_profile(
    fixed(0.60974, 0.31111, 0.01947),
    fixed(0.20528, 0.62567, 0.06087),
    fixed(0.14919, 0.06322, 0.74457),
    gamma(2.199),
)
LINEAR_GREY = profile(b"GRAY", {b"kTRC": gamma(1.0)})

# the same sRGB colour as other spaces write it
COLOURS = [
    ("Display P3 green", "RGB", (117, 251, 76), DISPLAY_P3, (0, 255, 0)),
    ("Display P3 red", "RGB", (234, 51, 35), DISPLAY_P3, (255, 0, 0)),
    ("Display P3 grey", "RGB", (128, 128, 128), DISPLAY_P3, (128, 128, 128)),
    ("Adobe RGB red", "RGB", (219, 0, 0), ADOBE_RGB, (255, 0, 0)),
    ("linear grey", "L", 55, LINEAR_GREY, (128, 128, 128)),
    ("printers' cyan", "CMYK", (255, 0, 0, 0), ink_profile(), (0, 149, 216)),
    ("paper", "CMYK", (0, 0, 0, 0), ink_profile(), (255, 255, 255)),
    ("grey with a colour profile", "L", 128, DISPLAY_P3, (128, 128, 128)),
    ("colour with a grey profile", "RGB", RED, LINEAR_GREY, RED),
    ("ink with a colour profile", "CMYK", (0, 255, 255, 0), DISPLAY_P3, (255, 0, 0)),
    ("broken profile", "RGB", RED, DISPLAY_P3[:200], RED),
    ("profile of noise", "RGB", RED, bytes(range(256)), RED),
]


@pytest.mark.parametrize(
    ("mode", "stored", "icc", "colour"), [row[1:] for row in COLOURS], ids=[row[0] for row in COLOURS]
)
def test_profiles_lead_to_srgb(
    tmp_path: Path, mode: str, stored: object, icc: bytes, colour: tuple[int, int, int]
) -> None:
    path = put(tmp_path, "photo", flat(mode, stored, "TIFF", icc_profile=icc))
    assert differ(open_photo(path).resize((1, 1)), Image.new("RGB", (1, 1), colour)) <= 3


# --- smaller


@pytest.mark.parametrize("longest", [100, 255, 400, 401, 799, 800, 5000])
def test_longest_is_kept_and_never_enlarged(tmp_path: Path, longest: int) -> None:
    for orientation in (1, 6):
        path = put(
            tmp_path, "a.jpg", stored_turned(rough(800, 500), orientation, "JPEG", quality=95, subsampling=0)
        )
        photo = open_photo(path, longest)
        assert max(photo.size) == min(800, longest)
        assert abs(photo.width / photo.height - 1.6) < 0.02
        apart = ImageChops.difference(photo.resize((40, 25)), rough(800, 500).resize((40, 25)))
        assert max(ImageStat.Stat(apart).mean) < 3


def test_fine_stripes_turn_grey_not_wavy(tmp_path: Path) -> None:
    stripes = Image.new("L", (1000, 600))
    for column in range(0, 1000, 2):
        stripes.paste(255, (column, 0, column + 1, 600))
    for kind in ("JPEG", "PNG"):
        small = open_photo(put(tmp_path, "a", as_bytes(stripes, kind)), 333)
        low, high = small.convert("L").getextrema()
        assert 100 < low <= high < 155


# --- what cannot be looked at


def cut(content: bytes, kept: float) -> bytes:
    return content[: int(len(content) * kept)]


def flipped(content: bytes, spot: int) -> bytes:
    return content[:spot] + bytes((content[spot] ^ 0xFF,)) + content[spot + 1 :]


def raw_photo() -> bytes:
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    tags = ImageFileDirectory_v2()
    tags[254] = 1
    return as_bytes(card(), "TIFF", tiffinfo=tags)


JPEG = as_bytes(rough(320, 240), "JPEG", quality=90)
PNG = as_bytes(rough(), "PNG")
EARLY, DAMAGED = "ends too early", "is damaged"
Made = bytes | Callable[[Path], object]

BAD: list[tuple[str, str, Made, str]] = [
    ("empty.jpg", "no bytes at all", b"", "is empty"),
    ("zeros.jpg", "only zeros, a copy that failed", b"\0" * 5000, "holds nothing but zeros"),
    ("cut.jpg", "JPEG, the last third is missing", cut(JPEG, 0.67), EARLY),
    ("mended.jpg", "JPEG cut in the middle, end mark put back", cut(JPEG, 0.6) + b"\xff\xd9", EARLY),
    ("head.jpg", "the first 20 bytes of a JPEG", JPEG[:20], DAMAGED),
    ("cut.png", "PNG, the second half is missing", cut(as_bytes(rough(), "PNG"), 0.5), EARLY),
    ("changed.png", "PNG with one byte changed", flipped(PNG, len(PNG) // 2), DAMAGED),
    ("checksum.png", "PNG with a wrong checksum", flipped(PNG, len(PNG) - 13), DAMAGED),
    ("cut.webp", "WebP, the second half is missing", cut(as_bytes(rough(), "WEBP"), 0.5), DAMAGED),
    ("cut.gif", "GIF, the second half is missing", cut(as_bytes(rough(), "GIF"), 0.5), EARLY),
    ("cut.tif", "TIFF, the second half is missing", cut(as_bytes(rough(), "TIFF"), 0.5), EARLY),
    ("cut.heic", "HEIC, the last third is missing", cut((FILES / "turned-1.heic").read_bytes(), 0.67), EARLY),
    ("letter.jpg", "a text file renamed", b"Dear Grandma, here are the photos.\n" * 3, "is text, not a picture"),
    ("umlauts.jpg", "a text file in UTF-8", "Liebe Großmutter, hier die Fotos!\n".encode() * 3, "is text, not a picture"),
    ("page.heic", "a web page saved instead of the photo", b"<!DOCTYPE html><html><body>404</body></html>",
     "is a web page, not a picture"),
    ("film.jpg", "a video renamed", b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + b"\0\0\0\x08wide" * 9, "is a video"),
    ("paper.png", "a PDF renamed", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "is in a format that is not read here"),
    ("noise.jpg", "random bytes", bytes(range(7, 250, 9)) * 9, "is not a picture"),
    ("poster.jpg", "PostScript, which pillow would run", b"%!PS-Adobe-3.0 EPSF-3.0\n", "is text, not a picture"),
    ("raw.tif", "the preview inside a raw photo", raw_photo(), "is a raw photo"),
    ("dot.png", "1 × 1 pixel", as_bytes(Image.new("RGB", (1, 1)), "PNG"), "is only 1 × 1 pixels"),
    ("line.png", "20,000 × 2 pixels", as_bytes(Image.new("L", (20_000, 2)), "PNG"), "is only 20000 × 2 pixels"),
    ("strip.png", "3,000 × 20 pixels", as_bytes(Image.new("L", (3000, 20)), "PNG"), "is only 3000 × 20 pixels"),
    ("bomb.png", "60,000 × 60,000 pixels in 60 bytes", png(60_000, 60_000, 1, 0, b""), "has far too many pixels"),
    ("large.png", "18,000 × 18,000 pixels", png(18_000, 18_000, 1, 0, b""),
     "has 18000 × 18000 pixels, more than 201 million"),
    ("bomb.gif", "a GIF of 65,535 × 65,535", b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x08\x02\x4c\x01\0;", "has far too many pixels"),
    ("dir.jpg", "a folder", lambda path: path.mkdir(), "is a folder"),
    ("pipe.jpg", "a pipe into which nobody writes", os.mkfifo, "is not an ordinary file"),
    ("device.jpg", "a link to a device without end", lambda path: path.symlink_to("/dev/zero"), "is not an ordinary file"),
    ("broken.jpg", "a link that leads nowhere", lambda path: path.symlink_to("gone.jpg"), "is a link that leads nowhere"),
    ("circle.jpg", "a link to itself", lambda path: path.symlink_to("circle.jpg"), "is a link that leads in a circle"),
    ("gone.jpg", "deleted after the folder was listed", lambda path: None, "is no longer there"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "made", "reason"), [(row[0], *row[2:]) for row in BAD], ids=[row[0] for row in BAD]
)
def test_bad_inputs_are_named(
    tmp_path: Path, name: str, made: Made, reason: str, capfd: pytest.CaptureFixture[str]
) -> None:
    if name.endswith("cut.heic"):
        pytest.importorskip("pi_heif")
    path = tmp_path / name
    if isinstance(made, bytes):
        path.write_bytes(made)
    else:
        made(path)
    for longest in (None, 64):
        with pytest.raises(Unreadable) as refused:
            open_photo(path, longest)
        assert refused.value.reason == reason
        assert str(path) in str(refused.value)
        assert refused.value.hint
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF", "HEIF"])
def test_wherever_a_file_is_cut_it_is_refused_or_whole(tmp_path: Path, kind: str) -> None:
    if kind == "HEIF":
        pytest.importorskip("pi_heif")
    whole = (FILES / "turned-3.heic").read_bytes() if kind == "HEIF" else as_bytes(rough(160, 120), kind)
    pixels = open_photo(put(tmp_path, "whole", whole))
    refused = 0
    for kept in range(2, 100, 7):
        path = put(tmp_path, "cut", cut(whole, kept / 100))
        try:
            assert differ(open_photo(path), pixels) == 0
        except Unreadable:
            refused += 1
    assert refused >= 13


def test_grey_borders_are_no_damage(tmp_path: Path) -> None:
    grey = Image.new("RGB", (320, 240), (128, 128, 128))
    assert open_photo(put(tmp_path, "grey.jpg", as_bytes(grey, "JPEG"))).size == (320, 240)
    for spot in ((0, 0), (0, 80), (80, 40), (160, 0)):
        framed = grey.copy()
        framed.paste(rough(160, 120), spot)
        assert open_photo(put(tmp_path, "framed.jpg", as_bytes(framed, "JPEG"))).size == (320, 240), spot
    wide = grey.copy()
    wide.paste(rough(320, 160), (0, 0))
    assert open_photo(put(tmp_path, "wide.jpg", as_bytes(wide, "JPEG"))).size == (320, 240)


def test_no_permission_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = put(tmp_path, "a.jpg", JPEG)
    monkeypatch.setattr(Path, "open", closed)
    for look in (open_photo, full_size, digest_of):
        with pytest.raises(Unreadable, match=r"may not be read \(no permission\)"):
            look(path)


def test_heic_without_its_library_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    with pytest.raises(Unreadable, match=r"storykin\[cast\]"):
        open_photo(FILES / "turned-1.heic")


def test_pillow_is_left_as_it_was(tmp_path: Path) -> None:
    good, bad = put(tmp_path, "a.jpg", JPEG), put(tmp_path, "b.jpg", JPEG[:900])
    before = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, list(warnings.filters)

    def tried(path: Path) -> bool:
        try:
            open_photo(path, 64)
        except Unreadable:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(tried, [good, bad] * 20)) == [True, False] * 20
    assert before == (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, list(warnings.filters))


def test_a_careless_setting_elsewhere_lets_no_cut_file_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(Unreadable, match=EARLY):
        open_photo(put(tmp_path, "a.jpg", cut(JPEG, 0.5)))


def test_a_hundred_megapixels_are_welcome_without_a_warning(tmp_path: Path) -> None:
    path = put(tmp_path, "a.jpg", as_bytes(Image.new("L", (12_000, 9_000), 77), "JPEG"))
    photo = open_photo(path, 500)
    assert (photo.size, photo.getpixel((9, 9))) == ((500, 375), (77, 77, 77))


def test_the_refusal_travels_between_processes() -> None:
    sent = pickle.loads(pickle.dumps(Unreadable("a.jpg", "is empty", "look again")))
    assert (sent.reason, sent.message, sent.hint) == ("is empty", "a.jpg: is empty", "look again")
    assert isinstance(sent, BadFile)


# --- copies


def test_copies_hold_pixels_and_nothing_else(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "secret camera"
    exif[0x8825] = {1: "N", 2: (54.0, 5.0, 0.0)}
    told = {
        "exif": exif.tobytes(),
        "comment": b"secret comment",
        "icc_profile": DISPLAY_P3,
        "dpi": (300, 300),
    }
    told["xmp"] = b"<x:xmpmeta>secret place</x:xmpmeta>"
    original = put(tmp_path, "a.jpg", as_bytes(rough(320, 240), "JPEG", **told))
    assert original.read_bytes().count(b"secret") == 3
    photo = open_photo(original)
    assert photo.info == {}
    assert not photo.getexif()
    photo.info = dict(told, transparency=0)
    for suffix in (".jpg", ".JPEG", ".png"):
        copy = save_copy(photo, tmp_path / "new folder" / f"copy{suffix}")
        written = copy.read_bytes()
        for trace in (
            b"secret",
            b"Exif",
            b"eXIf",
            b"ICC",
            b"iCCP",
            b"adobe.com",
            b"Photoshop",
            b"tEXt",
            b"pHYs",
        ):
            assert trace not in written
        with Image.open(copy) as again:
            assert set(again.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
            assert again.info.get("jfif_density", (1, 1)) == (1, 1)
            if again.format == "JPEG":
                assert [layer[1:3] for layer in again.layer] == [(1, 1)] * 3  # type: ignore[attr-defined]
        assert differ(open_photo(copy), open_photo(original)) <= (0 if suffix == ".png" else 24)
    assert not list((tmp_path / "new folder").glob(".*"))


def test_masks_stay_grey_and_other_suffixes_are_refused(tmp_path: Path) -> None:
    with Image.open(save_copy(Image.new("L", (20, 20), 7), tmp_path / "mask.png")) as mask:
        assert (mask.mode, mask.getpixel((3, 3))) == ("L", 7)
    with pytest.raises(BadInput, match=r"JPEG or PNG"):
        save_copy(card(), tmp_path / "a.webp")


def test_originals_stay_as_they_are_in_a_closed_folder(tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    for number, (name, content) in enumerate(
        [("a.jpg", JPEG), ("b.png", as_bytes(rough(), "PNG")), ("c.jpg", JPEG[:99])]
    ):
        os.utime(put(folder, name, content), ns=(number, 10**18 + number))
    for path in (*folder.iterdir(), folder):
        path.chmod(0o555 if path.is_dir() else 0o444)

    def state() -> list[tuple[str, bytes, int, int]]:
        rows = ((path, path.stat()) for path in sorted(folder.iterdir()))
        return [(path.name, path.read_bytes(), known.st_mtime_ns, known.st_mode) for path, known in rows]

    before = state()
    for found in photos_in(folder):
        digest_of(found.path)
        try:
            save_copy(open_photo(found.path, 80), tmp_path / "copies" / found.name)
            full_size(found.path)
        except Unreadable:
            assert found.name == "c.jpg"
    assert state() == before
    folder.chmod(0o755)


def test_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    assert (
        digest_of(put(tmp_path, "a", b"abc"))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


# --- what lies in a folder


def names(where: Path | list[Path]) -> list[str]:
    return [found.name for found in photos_in(where)]


def test_natural_order_folders_and_odd_names(tmp_path: Path) -> None:
    odd = [
        "IMG_10.jpg",
        "IMG_9.JPG",
        "a b  c.jpeg",
        "Zoë 🐋.png",
        "line\nbreak.jpg",
        "10/2.jpg",
        "9/1.heic",
        "ß.webp",
        "-.tif",
    ]
    for name in odd:
        put(tmp_path, name, b"x")
    found = photos_in(tmp_path)
    assert {one.name for one in found} == set(odd)
    assert names(tmp_path).index("IMG_9.JPG") < names(tmp_path).index("IMG_10.jpg")
    assert names(tmp_path).index("9/1.heic") < names(tmp_path).index("10/2.jpg")
    assert all(one.path.is_file() for one in found)


def test_umlauts_are_composed_and_names_stay_unique(tmp_path: Path) -> None:
    loose = unicodedata.normalize("NFD", "Übung ä.jpg")
    put(tmp_path, loose, b"1")
    assert names(tmp_path) == ["Übung ä.jpg"]
    put(tmp_path, "Übung ä.jpg", b"2")
    found = photos_in(tmp_path)
    assert [one.name for one in found] == ["Übung ä (2).jpg", "Übung ä.jpg"]
    assert {one.path.read_bytes() for one in found} == {b"1", b"2"}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_names_that_are_no_text_can_still_be_written_down(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.jpg")).write_bytes(JPEG)
    (found,) = photos_in(tmp_path)
    assert found.name.encode() == b"caf\\xe9.jpg"
    assert open_photo(found.path).size == (320, 240)


def test_asides_are_passed_over_and_others_are_named(tmp_path: Path) -> None:
    silent = [".DS_Store", "._IMG_1.jpg", "Thumbs.db", "IMG_1.AAE", "IMG_1.jpg.json", "IMG_1.xmp", "@eaDir/IMG_1.jpg",
              "__MACOSX/IMG_1.jpg", ".trash/IMG_1.jpg", "IMG_1.txt", "desktop.ini"]  # fmt: skip
    live = ["IMG_1.MOV", "sub/img_2.mp4", "PXL_3.MP"]
    told = {"birthday.mov": "is a video", "IMG_7.dng": "is in a format", "song.mp3": "is not a picture",
            "empty": "is empty", ".IMG_8.HEIC.icloud": "is still in iCloud", "notes": "is text"}  # fmt: skip
    for name in (*silent, *live, *told):
        put(tmp_path, name, {"empty": b"", "notes": b"Dear Grandma"}.get(name, b"\x01\x02\x03"))
    for name in ("IMG_1.heic", "sub/IMG_2.jpg", "PXL_3.MP.jpg"):
        put(tmp_path, name, b"?")
    put(tmp_path, "no suffix", JPEG)
    put(tmp_path, "IMG_9.jpg_large", JPEG)
    finds = search(tmp_path)
    assert {one.name for one in finds.photos} == {
        "IMG_1.heic", "sub/IMG_2.jpg", "PXL_3.MP.jpg", "no suffix", "IMG_9.jpg_large",
    }  # fmt: skip
    assert finds.live == 3
    assert {one.name for one, _ in finds.others} == set(told)
    for one, reason in finds.others:
        assert reason.startswith(told[one.name])


def test_links_are_followed_once_and_never_in_a_circle(tmp_path: Path) -> None:
    put(tmp_path, "stranger.jpg", JPEG)
    folder = tmp_path / "photos"
    put(folder, "2019/a.jpg", JPEG)
    put(tmp_path, "elsewhere/deep/b.jpg", JPEG)
    (folder / "0 first").symlink_to("2019")
    (folder / "to elsewhere").symlink_to(tmp_path / "elsewhere")
    (folder / "up").symlink_to("..")
    (folder / "2019" / "self").symlink_to(".")
    (folder / "disk").symlink_to("/")
    (folder / "broken.jpg").symlink_to("nowhere.jpg")
    (folder / "circle.jpg").symlink_to("circle.jpg")
    (folder / "one.jpg").symlink_to(tmp_path / "stranger.jpg")
    assert names(folder) == ["2019/a.jpg", "broken.jpg", "circle.jpg", "one.jpg", "to elsewhere/deep/b.jpg"]


def test_one_photo_or_several_places(tmp_path: Path) -> None:
    one = put(tmp_path, "a/IMG_1.jpg", JPEG)
    two = put(tmp_path, "b/IMG_1.jpg", JPEG)
    assert photos_in(one) == (Found("IMG_1.jpg", one),)
    assert names([one, two]) == ["IMG_1 (2).jpg", "IMG_1.jpg"]
    assert names([tmp_path / "a", tmp_path / "b"]) == ["a/IMG_1.jpg", "b/IMG_1.jpg"]
    (tmp_path / "c").symlink_to("b")
    assert names(tmp_path / "c") == ["IMG_1.jpg"]


def test_places_that_do_not_exist_or_do_not_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput, match="no such folder"):
        photos_in(tmp_path / "nothing")
    with pytest.raises(BadInput, match="no folder"):
        photos_in([])
    assert photos_in(tmp_path) == ()
    put(tmp_path, "a.jpg", JPEG)
    put(tmp_path, "locked/b.jpg", JPEG)
    usual = os.scandir

    def locked(folder: Path) -> object:
        if folder.name == "locked":
            raise PermissionError(13, "Permission denied")
        return usual(folder)

    monkeypatch.setattr(os, "scandir", locked)
    finds = search(tmp_path)
    assert [one.name for one in finds.photos] == ["a.jpg"]
    assert [(one.name, reason) for one, reason in finds.others] == [
        ("locked/", "is a folder that may not be read (no permission)")
    ]
    with pytest.raises(BadFile, match="no permission"):
        photos_in(tmp_path / "locked")


def test_five_thousand_files_are_listed_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5000):
        folder = tmp_path / f"{number // 500}"
        folder.mkdir(exist_ok=True)
        (folder / f"IMG_{number}.jpg").touch()
    start = time.monotonic()
    listed = names(tmp_path)
    assert time.monotonic() - start < 3
    assert listed == [f"{number // 500}/IMG_{number}.jpg" for number in range(5000)]
    monkeypatch.setattr(intake, "MOST_FILES", 4000)
    with pytest.raises(BadInput, match="more than 4,000 files"):
        photos_in(tmp_path)


def test_the_core_install_is_enough() -> None:
    code = (
        "import sys, storykin.cast.intake as intake; from pathlib import Path\n"
        "assert not {'PIL', 'numpy', 'pi_heif'} & set(sys.modules)\n"
        f"intake.full_size(Path({str(FILES.parent)!r}) / 'none.jpg')"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "Unreadable" in ran.stderr
    assert "is no longer there" in ran.stderr
