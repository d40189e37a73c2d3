"""Cast: intake: which photos lie in a folder, and each as upright sRGB pixels or a plain word why not.

Reads only: the originals keep every byte and their time. Place, time and camera never get past `open_photo`.
Needs nothing but pillow; HEIC needs pi_heif from `storykin[cast]`.
"""

import errno
import hashlib
import io
import logging
import os
import re
import stat
import threading
import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storykin.errors import BadFile, BadInput
from storykin.files import write_bytes

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageCms import ImageCmsProfile
    from PIL.ImageFile import ImageFile

PICTURES = re.compile(r"\.(jpe?g|jpe|jfif|mpo|png|webp|gif|tiff?|bmp|hei[cf]|hif|avif)\Z", re.I)
"""Names of files that are taken for photos whatever is inside, so that a damaged one can be named."""

VIDEOS = re.compile(r"\.(mov|mp4?|m4v|avi|mkv|webm|3gp|mts|mpe?g|wmv)\Z", re.I)
FOREIGN = re.compile(r"\.(dng|cr[23w]|nef|arw|orf|rw2|raf|pef|srw|psd|svg|pdf|jxl|jp2)\Z", re.I)
ASIDES = re.compile(r"\A\.|\.(aae|json|xmp|thm|txt|ini|db|lnk|url)\Z", re.I)
"""What cameras, phones and systems lay beside photos; passed over without a word."""

ASIDE_FOLDERS = frozenset(("@eadir", "__macosx", "$recycle.bin", "#recycle", "lost+found"))

MOST_FILES = 100_000
"""More entries than this below one folder is a slip (a whole disk), not somebody's photos."""

MOST_PIXELS = 16_384 * 12_288
"""The largest phone sensors (200 megapixels) deliver this much; more is taken for a decompression bomb."""

LEAST = 16
"""Pixels of the shorter side below which nothing can be seen."""

NARROWEST = 50
"""How many times longer than wide a picture may be; panoramas of phones reach about 10."""

HEIC_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"))
TOO_EARLY = re.compile(
    r"truncat|premature|end of file|unexpected end|not enough data|not complete|incomplete", re.I
)
NOT_PICTURES = (
    (re.compile(rb"\s*(<!doctype html|<html|<head)", re.I), "is a web page, not a picture"),
    (re.compile(rb"\0{32}"), "holds nothing but zeros"),
    (re.compile(rb"%PDF-|8BPS|\s*(<\?xml[^>]*>\s*)?<svg", re.I), "is in a format that is not read here"),
    (re.compile(rb"....(ftyp|moov|mdat|wide)", re.S), "is a video"),
    (re.compile(rb"[\t\n\r\x20-\x7e\x80-\xff]+\Z"), "is text, not a picture"),
)
"""What a file is instead of a picture, by its first bytes; the first that fits."""

_ONE_AT_A_TIME = threading.RLock()
_SILENCE = logging.NullHandler()


class Unreadable(BadFile):
    """A photo that cannot be looked at. `reason` completes the sentence "IMG_0012.jpg …"."""

    def __init__(self, where: str, reason: str = "", hint: str = "") -> None:
        super().__init__(
            f"{where}: {reason}", hint or "open it in a photo program and export it again, or leave it out"
        )
        self.reason = reason


@dataclass(frozen=True)
class Found:
    """A file below the photo folder: `name` is its path below it with "/" and composed umlauts (unique in
    one listing), `path` the way to open it."""

    name: str
    path: Path


@dataclass(frozen=True)
class Finds:
    """What lies in a folder, in natural order. `others` are named but not read, each with the reason;
    `live` counts the short videos of Live Photos, whose stills are among `photos`."""

    photos: tuple[Found, ...] = ()
    others: tuple[tuple[Found, str], ...] = ()
    live: int = 0


def photos_in(where: Path | Iterable[Path]) -> tuple[Found, ...]:
    """The photos in a folder and all folders below it, in natural order. Raises like `search`."""
    return search(where).photos


def search(where: Path | Iterable[Path]) -> Finds:
    """Everything in a folder (links followed, each folder once), in one file, or in several of these.

    A file counts as a photo when its suffix says so or, with a suffix nobody knows, its first bytes do.
    Raises `BadInput` for a path that does not exist and for more than `MOST_FILES` files, `BadFile` for a folder that cannot be opened.
    """
    places = (where,) if isinstance(where, Path) else tuple(where)
    if not places:
        raise BadInput("no folder of photos was named", "name a folder, or photos one by one")
    met: dict[str, Path] = {}
    closed: list[tuple[Found, str]] = []
    for place in places:
        if not os.path.lexists(place):
            raise BadInput(
                f"{place}: there is no such folder or photo", "check the spelling; quote names with spaces"
            )
        if not place.is_dir():
            met[_unique(place.name, met)] = place
            continue
        above = f"{place.name or 'photos'}/" if len(places) > 1 else ""
        for name, path, reason in _walk(place):
            if reason:
                closed.append((Found(_plain(above + name), path), reason))
            else:
                met[_unique(above + name, met)] = path
    finds = _sorted_out(met)
    return Finds(finds.photos, (*finds.others, *closed), finds.live)


def _walk(root: Path) -> Iterator[tuple[str, Path, str]]:
    """Files below a folder as (name, path, ""), and folders that stay closed with the reason.

    Real folders go before linked ones, so that a file has the name under which it really lies; links to a folder seen before, and
    to any folder above the root, lead nowhere.
    """
    seen = {_identity(above) for above in root.resolve().parents}
    real = [(root, "")]
    linked: list[tuple[Path, str]] = []
    count = 0
    while real or linked:
        folder, above = (real or linked).pop()
        try:
            identity = _identity(folder)
            if identity in seen:
                continue
            seen.add(identity)
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            if folder == root:
                raise BadFile(f"{root}: {_why(error)}", "choose a folder that you may read") from None
            yield above, folder, f"is a folder that {_why(error)}"
            continue
        count += len(entries)
        if count > MOST_FILES:
            raise BadInput(
                f"{root}: more than {MOST_FILES:,} files", "name the folder with this one person's photos"
            )
        for entry in entries:
            if not _is_folder(entry):
                yield above + entry.name, Path(entry.path), ""
            elif not entry.name.startswith(".") and entry.name.lower() not in ASIDE_FOLDERS:
                (linked if entry.is_symlink() else real).append((Path(entry.path), f"{above}{entry.name}/"))


def _identity(folder: Path) -> tuple[int, int]:
    known = os.stat(folder)
    return known.st_dev, known.st_ino


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _plain(name: str) -> str:
    """Composed (NFC), as people type it; bytes that are not UTF-8 become \\xe4 and the like."""
    readable = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return unicodedata.normalize("NFC", readable)


def _unique(name: str, met: dict[str, Path]) -> str:
    """Two names can become one: composed and decomposed side by side, or photos from two folders."""
    plain = _plain(name)
    stem, suffix = os.path.splitext(plain)
    number = 2
    while plain in met:
        plain = f"{stem} ({number}){suffix}"
        number += 1
    return plain


def _natural(name: str) -> tuple[list[list[str | int]], str]:
    """IMG_9 before IMG_10, folder by folder."""
    parts = [
        [int(piece) if piece.isdecimal() else piece for piece in re.split("([0-9]+)", part)]
        for part in name.casefold().split("/")
    ]
    return parts, name


def _sorted_out(met: dict[str, Path]) -> Finds:
    photos: list[Found] = []
    videos: list[Found] = []
    others: list[tuple[Found, str]] = []
    for name in sorted(met, key=_natural):
        found = Found(name, met[name])
        base = name.rpartition("/")[2].lower()
        if base.endswith(".icloud"):
            others.append((found, "is still in iCloud only: download it first"))
        elif ASIDES.search(base):
            continue
        elif PICTURES.search(base):
            photos.append(found)
        elif VIDEOS.search(base):
            videos.append(found)
        elif FOREIGN.search(base):
            others.append((found, "is in a format that is not read here: export it as JPEG"))
        elif reason := _objection(found.path):
            others.append((found, reason))
        else:
            photos.append(found)
    stills = {_stem(photo.name) for photo in photos}
    moving = [video for video in videos if not {_stem(video.name), video.name.casefold()} & stills]
    others += [(video, "is a video") for video in moving]
    others.sort(key=lambda other: _natural(other[0].name))
    return Finds(tuple(photos), tuple(others), len(videos) - len(moving))


def _stem(name: str) -> str:
    return os.path.splitext(name)[0].casefold()


def _objection(path: Path) -> str:
    """Why a file with an unknown suffix is no photo, "" when it is one."""
    try:
        with _opened(path) as file:
            _kind(file, path)
    except Unreadable as error:
        return error.reason
    return ""


def digest_of(path: Path) -> str:
    """The SHA-256 of a file's bytes as 64 hexadecimal digits, read in pieces. Raises `Unreadable`."""
    with _opened(path) as file:
        try:
            return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise Unreadable(str(path), _why(error)) from None


def full_size(path: Path) -> tuple[int, int]:
    """Width and height of the upright photo in pixels, from its header alone. Raises `Unreadable`."""
    with _opened(path) as file, _careful(path):
        if _kind(file, path) == "HEIF":
            return _sensible(_heic(file, path).size_mode[0], path)
        image = _identified(file, path)
        turned = image.format != "TIFF" and _orientation(image) >= 5  # pillow gives those of TIFF upright
        return (image.height, image.width) if turned else image.size


def open_photo(path: Path, longest: int | None = None) -> "Image":
    """A photo as 8-bit RGB in sRGB, upright, transparency over white, with no metadata left.

    The first frame or page of files that have several. With `longest` the longer side is brought down to at most that many pixels
    (never up), which makes JPEGs much faster. Not faster in threads: one photo is decoded at a time.
    Raises `Unreadable` for whatever is not a whole picture of sensible size.
    """
    from PIL.Image import Resampling

    with _opened(path) as file, _careful(path):
        kind = _kind(file, path)
        image = _decoded_heic(file, path) if kind == "HEIF" else _identified(file, path, checked=True)
        if image.format in ("JPEG", "MPO"):
            image.draft(None, _goal(image.size, longest))
        image.load()
        if image.format in ("JPEG", "MPO") and _ends_grey(image):
            raise Unreadable(str(path), "ends too early")
        upright = _turned(_flat(image), _orientation(image))  # after load(), which turns TIFFs itself
        goal = _goal(upright.size, longest)
        small = (
            upright.resize(goal, Resampling.HAMMING, reducing_gap=2.0) if goal != upright.size else upright
        )
        photo = _in_srgb(small, image.info.get("icc_profile"))
        photo.info = {}
        return photo


def save_copy(photo: "Image", path: Path) -> Path:
    """Write pixels and nothing else: JPEG (quality 95, 4:4:4) or PNG by the suffix, to be read as sRGB.

    Raises `BadInput` for another suffix and `BadFile` when it cannot be written.
    """
    from PIL import Image

    kinds = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG"}
    kind = kinds.get(path.suffix.lower())
    if kind is None:
        raise BadInput(f"{path}: copies of photos are JPEG or PNG", "end the name with .jpg or .png")
    mode = photo.mode if photo.mode in ("L", "RGB") else "RGB"
    clean = Image.new(mode, photo.size)  # pillow saves comments and profiles that it finds in photo.info
    clean.paste(photo if photo.mode == mode else photo.convert(mode))
    file = io.BytesIO()
    if kind == "JPEG":
        clean.save(file, kind, quality=95, subsampling=0)
    else:
        clean.save(file, kind)
    return write_bytes(path, file.getvalue())


@contextmanager
def _opened(path: Path) -> Iterator[BufferedReader]:
    """An ordinary file for reading. A pipe or a device is not even opened: that could wait for ever."""
    try:
        mode = os.stat(path).st_mode
        if not stat.S_ISREG(mode):
            raise Unreadable(str(path), "is a folder" if stat.S_ISDIR(mode) else "is not an ordinary file")
        file = path.open("rb")
    except (OSError, ValueError) as error:
        raise Unreadable(str(path), _why(error, path)) from None
    with file:
        yield file


@contextmanager
def _careful(path: Path) -> Iterator[None]:
    """Pillow without its warnings, with our limits, whatever it raises in plain words.

    Its limits and Python's warning filters belong to the whole process, hence the lock.
    """
    from PIL import Image, ImageFile

    logging.getLogger("PIL").addHandler(_SILENCE)
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")
        usual = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES
        Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES = MOST_PIXELS, False
        try:
            yield
        except Unreadable:
            raise
        except Image.DecompressionBombError:
            raise Unreadable(str(path), "has far too many pixels") from None
        except Exception as error:  # decoders let through whatever they stumble over
            raise Unreadable(str(path), _why(error, path)) from None
        finally:
            Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES = usual


def _why(error: Exception, path: Path | None = None) -> str:
    """An exception of the system or of a decoder as the end of a sentence."""
    number = getattr(error, "errno", None)
    if number == errno.ENOENT and path and path.is_symlink():
        return "is a link that leads nowhere"
    known = {
        errno.ENOENT: "is no longer there",
        errno.EACCES: "may not be read (no permission)",
        errno.EPERM: "may not be read (no permission)",
        errno.ELOOP: "is a link that leads in a circle",
    }
    if number:
        return known.get(number, f"cannot be read ({os.strerror(number).lower()})")
    if isinstance(error, MemoryError):
        return "needs more memory than there is"
    if isinstance(error, EOFError) or TOO_EARLY.search(str(error)):
        return "ends too early"
    return "is damaged"


def _kind(file: BufferedReader, path: Path) -> str:
    """Pillow's name of the format, by the first bytes alone: suffixes lie. Raises `Unreadable`."""
    head = file.read(64)
    file.seek(0)
    brands = {head[at : at + 4] for at in range(8, 64, 4)} if head[4:8] == b"ftyp" else set()
    starts = {
        "JPEG": head.startswith(b"\xff\xd8\xff"),
        "PNG": head.startswith(b"\x89PNG\r\n\x1a\n"),
        "GIF": head.startswith((b"GIF87a", b"GIF89a")),
        "WEBP": head[:4] == b"RIFF" and head[8:12] == b"WEBP",
        "TIFF": head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")) and head[8:10] != b"CR",
        "BMP": head[:2] == b"BM"
        and head[14:18] in {bytes((size, 0, 0, 0)) for size in (12, 40, 56, 108, 124)},
        "AVIF": bool(brands & {b"avif", b"avis"}),
        "HEIF": bool(brands & (HEIC_BRANDS | {b"mif1", b"msf1"})),
    }
    for kind, fits in starts.items():
        if fits:
            return kind
    said = (reason for looks, reason in NOT_PICTURES if looks.match(head))
    raise Unreadable(str(path), next(said, "is not a picture") if head else "is empty")


def _identified(file: BufferedReader, path: Path, checked: bool = False) -> "ImageFile":
    """The picture with its header read and its size found sensible, not decoded. Raises `Unreadable`.

    `checked` also adds up the checksums of a PNG, which decoding does not.
    """
    from PIL import Image, UnidentifiedImageError

    kind = _kind(file, path)
    try:
        if kind == "PNG" and checked:
            Image.open(file, formats=[kind]).verify()
            file.seek(0)
        image = Image.open(file, formats=[kind])
    except UnidentifiedImageError:
        raise Unreadable(str(path), "is damaged") from None
    if kind == "TIFF" and _is_raw(image):
        raise Unreadable(str(path), "is a raw photo", "export it as JPEG")
    _sensible(image.size, path)
    return image


def _sensible(size: tuple[int, int], path: Path) -> tuple[int, int]:
    """The same size. Raises `Unreadable` for specks, lines and decompression bombs."""
    said = f"{size[0]} × {size[1]} pixels"
    if min(size) < LEAST or max(size) > NARROWEST * min(size):
        raise Unreadable(str(path), f"is only {said}")
    if size[0] * size[1] > MOST_PIXELS:
        raise Unreadable(str(path), f"has {said}, more than {MOST_PIXELS // 10**6} million")
    return size


def _heic(file: BufferedReader, path: Path) -> Any:
    """The main picture of a HEIC file as pi_heif's inner value, which decodes when its `data` is read.

    Not through pi_heif's own classes: they read place and camera too, and 1.4.0 crashes on some damaged ones.
    """
    try:
        from pi_heif import heif, options

        load = heif._pi_heif.load_file
    except ImportError:
        raise Unreadable(
            str(path),
            "is a HEIC photo, which needs storykin[cast]",
            "install it with: pip install 'storykin[cast]', or export the photo as JPEG",
        ) from None
    eight_bits, bgr, tight, sixteen_bits, no_limits = True, False, True, True, False
    pictures = load(file.read(), options.DECODE_THREADS, eight_bits, bgr, tight, sixteen_bits, "", no_limits)
    return next(picture for picture in pictures if picture is not None and picture.primary)


def _decoded_heic(file: BufferedReader, path: Path) -> "Image":
    """Upright already: turns and mirrors are part of the format, and what its EXIF says of them is void."""
    from PIL import Image

    found = _heic(file, path)
    _sensible(found.size_mode[0], path)
    pixels = found.data
    size, mode = found.size_mode  # known for certain only now
    image = Image.frombytes(mode, size, pixels, "raw", mode, found.stride)
    profile = found.color_profile or {}
    if profile.get("type") in ("rICC", "prof"):
        image.info["icc_profile"] = profile["data"]
    return image


def _is_raw(image: "ImageFile") -> bool:
    """Raw files are TIFFs whose first page is only a small preview (NewSubfileType, or the mark of DNG)."""
    tags = getattr(image, "tag_v2", {})
    return bool(tags.get(254, 0) & 1) or 50706 in tags


def _orientation(image: "Image") -> int:
    """EXIF's 1 to 8; 1 when there is none or it cannot be read. A damaged note does not spoil a photo."""
    try:
        said = image.getexif().get(0x0112, 1)
    except Exception:
        return 1
    return said if said in range(1, 9) else 1


def _turned(image: "Image", orientation: int) -> "Image":
    from PIL.Image import Transpose

    turns = (
        Transpose.FLIP_LEFT_RIGHT,
        Transpose.ROTATE_180,
        Transpose.FLIP_TOP_BOTTOM,
        Transpose.TRANSPOSE,
        Transpose.ROTATE_270,
        Transpose.TRANSVERSE,
        Transpose.ROTATE_90,
    )
    return image if orientation == 1 else image.transpose(turns[orientation - 2])


def _goal(size: tuple[int, int], longest: int | None) -> tuple[int, int]:
    if longest is None or max(size) <= longest:
        return size
    shrink = longest / max(size)
    return max(1, round(size[0] * shrink)), max(1, round(size[1] * shrink))


def _ends_grey(image: "Image") -> bool:
    """Whether a JPEG breaks off in the middle of a row of blocks although its end mark is there.

    libjpeg fills what is missing with exactly 128 and only warns. Grey borders are told apart by their straight edge.
    """
    from PIL import Image, ImageChops

    if image.mode not in ("L", "RGB"):
        return False
    width, height = image.size
    last = image.crop((0, height - 2, width, height)).getextrema()
    if last not in ((128, 128), ((128, 128),) * 3):
        return False
    drawn = ImageChops.difference(image, Image.new(image.mode, image.size, (128,) * len(image.getbands())))
    box = drawn.getbbox()
    if box is None or box[1] > 0 or box[2] < width:
        return False
    edge = drawn.crop((0, max(0, box[3] - 2), width, box[3])).getbbox()
    return edge is not None and edge[0] == 0 and edge[2] < width


def _flat(image: "Image") -> "Image":
    """Eight bits, no palette, no transparency: L, RGB, CMYK or LAB."""
    from PIL import Image

    if image.mode.startswith("I;16"):
        return image.convert("I").point(lambda value: value * (1 / 257) + 0.5).convert("L")
    if image.mode in ("I", "F"):
        scale = _scale(image)
        return image.point(lambda value: value * scale + 0.5).convert("L")
    if image.has_transparency_data:
        clear = image.convert("LA").convert("RGBA") if image.mode == "La" else image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(clear, mask=clear.getchannel("A"))
        return white
    if image.mode in ("1", "L"):
        return image.convert("L")
    return image.convert(image.mode if image.mode in ("CMYK", "LAB") else "RGB")


def _scale(image: "Image") -> float:
    """What brings 32-bit grey to 0 to 255. Such files do not say where their white is: the next usual one is taken."""
    brightest = float(image.getextrema()[1])  # type: ignore[arg-type]
    whites = (1.0, 255.0, 65535.0) if image.mode == "F" else (255.0, 65535.0)
    return 255 / next((white for white in whites if brightest <= white), brightest)


def _in_srgb(image: "Image", profile: bytes | None) -> "Image":
    """Through the embedded colour profile; without one, or with a broken one, as plain values."""
    from PIL import ImageCms

    spaces = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}
    try:
        if image.mode == "LAB":
            source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        elif profile:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            meant = spaces.get(source.profile.xcolor_space.strip())
            image = image.convert("RGB") if (image.mode, meant) == ("L", "RGB") else image
            if meant != image.mode or _says_srgb(source):
                return image.convert("RGB")
        else:
            return image.convert("RGB")
        target = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError, AttributeError):
        return image.convert("RGB")
    return converted if converted is not None else image


def _says_srgb(profile: "ImageCmsProfile") -> bool:
    """Most photos: no need to compute what changes nothing."""
    name = (profile.profile.profile_description or "").lower()
    return name.startswith("srgb") and "linear" not in name
