"""Tests of the cast: photo folders of synthetic people with injected faults, and the truth about them."""

from __future__ import annotations

import io
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from tests.cast.people import HER, OTHERS, Colour, Person, Pose, Standing
from tests.cast.places import PLACES, Photo, paint

FAULTS = ("blurred", "dark", "tiny", "closed", "sideways", "truncated", "not a photo")
FRAMINGS = {"close-up": (0.36, 0.52), "half body": (0.19, 0.36), "full body": (0.10, 0.24)}
"""Width of the face and height of its middle, in fractions of an upright photo's width and height."""
NOON = "2024:06:01 12:00:00"


@dataclass(frozen=True)
class Fact:
    """The truth about one file: `who` is in it, the nearest first, and which of `FAULTS` it has.

    Files with one `moment` show the same moment: copies of each other, or a burst. `copy_of` names the file that another was made from.
    """

    name: str
    who: tuple[str, ...]
    moment: int
    framing: str = ""
    place: str = ""
    faults: tuple[str, ...] = ()
    copy_of: str = ""


@dataclass(frozen=True)
class Truth:
    """The truth about a folder; a file stands in `facts` once."""

    folder: Path
    facts: tuple[Fact, ...]

    def __getitem__(self, name: str) -> Fact:
        return next(fact for fact in self.facts if fact.name == name)

    def with_her(self, without: tuple[str, ...] = ("truncated", "not a photo")) -> frozenset[str]:
        """Names of the files that show her and have none of these faults."""
        return frozenset(f.name for f in self.facts if HER.name in f.who and not set(f.faults) & set(without))

    def without_her(self) -> frozenset[str]:
        """Names of the photos that show only others."""
        return frozenset(f.name for f in self.facts if f.who and HER.name not in f.who)

    def with_fault(self, fault: str) -> frozenset[str]:
        """Names of the files with one of `FAULTS`."""
        return frozenset(f.name for f in self.facts if fault in f.faults)

    def moments(self) -> tuple[frozenset[str], ...]:
        """Names of the files that show the same moment, where there are several."""
        together: dict[int, set[str]] = {}
        for fact in self.facts:
            if "truncated" not in fact.faults:
                together.setdefault(fact.moment, set()).add(fact.name)
        return tuple(frozenset(names) for names in together.values() if len(names) > 1)


@dataclass
class _Roll:
    """Shots taken so far; `taken` are (truth with an unfinished name, picture or bytes)."""

    rng: np.random.Generator
    side: int
    taken: list[tuple[Fact, Image.Image | bytes]]
    moment: int = 0

    def shot(
        self, photo: Photo, who: tuple[str, ...], framing: str = "", faults: tuple[str, ...] = ()
    ) -> Image.Image:
        self.moment += 1
        picture = paint(photo)
        self.taken.append((Fact("", who, self.moment, framing, photo.place, faults), picture))
        return picture


def make_folder(
    folder: Path,
    seed: int = 0,
    *,
    hers: int = 12,
    others: int = 3,
    each: int = 1,
    groups: int = 1,
    blurred: int = 1,
    dark: int = 1,
    tiny: int = 0,
    closed: int = 0,
    copies: int = 1,
    bursts: int = 0,
    sideways: int = 1,
    broken: int = 1,
    side: int = 700,
    her: Person = HER,
) -> Truth:
    """Write a folder of photos and tell the truth about it.

    `hers` varied good shots of her alone, `each` of every one of so many `others`, `groups` with her among others; then so many of each
    fault; a burst is three shots, of `broken` every first is truncated and every second no photo. `side` is the longer side in pixels.
    The same seed gives the same pictures. About 0.2 s a photo of 700 pixels.
    """
    rng = np.random.default_rng(seed)
    roll = _Roll(rng, side, [])
    crowd = [OTHERS[i] for i in rng.permutation(len(OTHERS))[:others]]
    for number in range(hers):
        photo, framing = _alone(roll, her, number)
        roll.shot(photo, (her.name,), framing)
    for person in crowd:
        for number in range(each):
            photo, framing = _alone(roll, person, number + 1)
            roll.shot(photo, (person.name,), framing)
    for number in range(groups):
        photo = _together(roll, her, crowd, number)
        roll.shot(photo, tuple(standing.person.name for standing in photo.people), "group")
    _faults(roll, her, {"blurred": blurred, "dark": dark, "tiny": tiny, "closed": closed})
    for number in range(bursts):
        _burst(roll, her, number)
    return _write(folder, roll, her, copies, sideways, broken)


def _alone(roll: _Roll, person: Person, number: int, face: float = 0.0) -> tuple[Photo, str]:
    framing = list(FRAMINGS)[number % 3]
    wide, height = FRAMINGS[framing]
    wide = (face or wide) * roll.rng.uniform(0.9, 1.1)
    at = (roll.rng.uniform(0.4, 0.6), height * roll.rng.uniform(0.95, 1.05))
    standing = Standing(person, wide, at, _pose(roll.rng), _cloth(roll.rng), _darkish(roll.rng))
    return _photo(roll, (standing,), number), framing


def _together(roll: _Roll, her: Person, crowd: list[Person], number: int) -> Photo:
    count = 1 + number % min(3, max(1, len(crowd)))
    order = roll.rng.permutation(len(crowd))[:count]
    people = [her, *(crowd[i] for i in order)]
    reach = min(0.16 * count, 0.36)  # nobody is cut by the frame
    places = np.linspace(0.5 - reach, 0.5 + reach, count + 1)[roll.rng.permutation(count + 1)]
    face = 0.15 if count < 3 else 0.115
    standing = tuple(
        Standing(
            person,
            face * roll.rng.uniform(0.85, 1.1),
            (float(x), roll.rng.uniform(0.36, 0.42)),
            _pose(roll.rng, 0.7),
            _cloth(roll.rng),
        )
        for person, x in zip(people, places, strict=True)
    )
    return _photo(roll, tuple(sorted(standing, key=lambda one: -one.face)), number)


def _photo(roll: _Roll, people: tuple[Standing, ...], number: int) -> Photo:
    """A photo of these people somewhere; every fourth lies across."""
    rng, across = roll.rng, number % 4 == 3 and people[0].face < 0.3
    width, height = (roll.side, roll.side * 3 // 4) if across else (roll.side * 3 // 4, roll.side)
    if across:
        people = tuple(replace(one, face=one.face * 0.62) for one in people)
    return Photo(
        width, height, PLACES[int(rng.integers(len(PLACES)))], people, int(rng.integers(1 << 30)),
        exposure=float(rng.uniform(-0.5, 0.25)), warmth=float(rng.uniform(-0.7, 0.8)), noise=float(rng.uniform(1, 4)),
    )  # fmt: skip


def _pose(rng: np.random.Generator, extent: float = 1.0) -> Pose:
    return Pose(
        yaw=float(rng.uniform(-26, 26)) * extent,
        pitch=float(rng.uniform(-9, 9)) * extent,
        roll=float(rng.uniform(-12, 12)) * extent,
        smile=float(rng.uniform(-0.6, 0.8)),
        mouth=float(max(0.0, rng.uniform(-0.6, 0.6))),
        sun=float(rng.uniform(-65, 65)),
        contrast=float(rng.uniform(0.2, 0.6)),
    )


def _cloth(rng: np.random.Generator) -> Colour:
    r, g, b = (int(v) for v in rng.integers(30, 225, 3))
    return r, g, b


def _darkish(rng: np.random.Generator) -> Colour:
    r, g, b = (int(v) for v in rng.integers(25, 110, 3))
    return r, g, b


def _faults(roll: _Roll, her: Person, wanted: dict[str, int]) -> None:
    rng = roll.rng
    for fault, count in wanted.items():
        for number in range(count):
            photo, framing = _alone(roll, her, number + number // 3, 0.035 if fault == "tiny" else 0.0)
            if fault == "blurred" and number % 2:
                photo = replace(photo, shake=float(rng.uniform(0.1, 0.18)))
            elif fault == "blurred":
                photo = replace(photo, blur=float(rng.uniform(0.028, 0.05)))
            elif fault == "dark":
                photo = replace(photo, exposure=float(rng.uniform(-4.5, -3.6)), noise=5.0)
            elif fault == "closed":
                first = photo.people[0]
                front = replace(first.pose, eyes=0.0, yaw=first.pose.yaw / 3, pitch=first.pose.pitch / 3)
                photo = replace(photo, people=(replace(first, pose=front),))
            roll.shot(photo, (her.name,), framing, (fault,))


def _burst(roll: _Roll, her: Person, number: int) -> None:
    """Three shots within a second: the head has moved a little, and so has the camera."""
    photo, framing = _alone(roll, her, number)
    roll.shot(photo, (her.name,), framing)
    moment = roll.moment
    for _ in range(2):
        one, jitter = photo.people[0], roll.rng.uniform(-1, 1, 6)
        pose = replace(
            one.pose, yaw=one.pose.yaw + 3 * jitter[0], pitch=one.pose.pitch + 2 * jitter[1], roll=one.pose.roll + 1.5 * jitter[2],
            smile=one.pose.smile + 0.08 * jitter[3],
        )  # fmt: skip
        at = (one.at[0] + 0.012 * jitter[4], one.at[1] + 0.008 * jitter[5])
        roll.taken.append(
            (
                Fact("", (her.name,), moment, framing, photo.place),
                paint(replace(photo, people=(replace(one, pose=pose, at=at),))),
            )
        )


# -- to the disk -------------------------------------------------------------------------------------------------------------


def _write(folder: Path, roll: _Roll, her: Person, copies: int, sideways: int, broken: int) -> Truth:
    """Names as a camera gives them, in an order that mixes everybody; then what is made from finished files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Ausflug zum Müggelsee").mkdir(exist_ok=True)
    good = [i for i, (f, _) in enumerate(roll.taken) if f.who == (her.name,) and not f.faults]
    turned = set(good[1 : 1 + sideways])
    facts = []
    for position, index in enumerate(roll.rng.permutation(len(roll.taken))):
        fact, picture = roll.taken[index]
        assert isinstance(picture, Image.Image)
        above = "Ausflug zum Müggelsee/" if position % 9 == 4 else ""
        name = f"{above}IMG_{1000 + 7 * position:04d}" + (
            ".png" if position % 11 == 7 else ".webp" if position % 13 == 8 else ".jpg"
        )
        if int(index) in turned:
            picture, fact = picture.transpose(Image.Transpose.ROTATE_90), replace(fact, faults=("sideways",))
        _save(
            picture, folder / name, orientation=(1, 6, 8, 3)[position % 4] if int(index) not in turned else 1
        )
        facts.append(replace(fact, name=name))
    plain = [f for f in facts if f.who == (her.name,) and not f.faults]
    for number in range(copies):
        facts.append(_copy(folder, plain[number % len(plain)], number))
    for number in range(broken):
        facts.append(_broken(folder, plain[-1 - number % len(plain)], number))
    return Truth(folder, tuple(sorted(facts, key=lambda f: f.name)))


def _save(picture: Image.Image, path: Path, orientation: int = 1) -> None:
    """Stored turned, with the tag that turns it back, as a phone does; with a date and a place that must not leak."""
    back = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    exif = Image.Exif()
    exif[0x0110], exif[0x0132] = "Test Camera 1", NOON
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 26.0, 0.0), 3: "E", 4: (13.0, 38.0, 0.0)})
    if orientation != 1:
        exif[0x0112] = orientation
        picture = picture.transpose(back[orientation])
    picture.save(path, exif=exif, quality=92)


def _copy(folder: Path, fact: Fact, number: int) -> Fact:
    """The same photo again: the same bytes, written anew, smaller, trimmed, or brighter."""
    from PIL import ImageOps

    source = folder / fact.name
    kind = ("bytes", "anew", "smaller", "trimmed", "brighter")[number % 5]
    name = f"{Path(fact.name).stem} ({kind}){source.suffix if kind == 'bytes' else '.jpg'}"
    if kind == "bytes":
        shutil.copyfile(source, folder / name)
        return replace(fact, name=name, copy_of=fact.name)
    with Image.open(source) as opened:
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    if kind == "smaller":
        picture = picture.resize((picture.width * 2 // 3, picture.height * 2 // 3), Image.Resampling.BICUBIC)
    elif kind == "trimmed":
        by = round(picture.width * 0.025)
        picture = picture.crop((by, by, picture.width - by, picture.height - by))
    elif kind == "brighter":
        picture = picture.point([min(255, round(v * 1.12)) for v in range(256)] * 3)
    picture.save(folder / name, quality=70 if kind == "anew" else 88)
    return replace(fact, name=name, copy_of=fact.name)


def _broken(folder: Path, fact: Fact, number: int) -> Fact:
    if number % 2:
        name = f"IMG_{9000 + number}.jpg"
        (folder / name).write_bytes(b"this is not a photo\n" * 20)
        return Fact(name, (), -1 - number, faults=("not a photo",))
    name = f"IMG_{9000 + number}.jpg"
    whole = io.BytesIO()
    with Image.open(folder / fact.name) as opened:
        opened.convert("RGB").save(whole, "JPEG", quality=90)
    (folder / name).write_bytes(whole.getvalue()[: len(whole.getvalue()) * 2 // 5])
    return replace(fact, name=name, faults=("truncated",), moment=-1 - number)
