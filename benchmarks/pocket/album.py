"""Photos of somebody who does not exist: `python -m benchmarks.pocket.album NAME FOLDER` draws what a parent has, for the way from photos to a book.

Characters that the base has never seen: a shelf with their pictures as `cast add` would cut them, and the scenes in which they are tried.

An album's pictures are drawn, so that who is in them is beyond doubt; its captions are the product's own prompts of the same scenes, with
trigger and class, by turns without and with what is fixed about the character.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Literal

from storykin import files
from storykin.cast.shelf import CHARACTER
from storykin.character import Character, Outfit
from storykin.consistency.prompts import prompt_of
from storykin.consistency.wording import noun_of
from storykin.dataset import Dataset, TrainingPicture
from storykin.make import FINER
from storykin.scene import Box, Framing, Scene
from storykin.shot import Shot

from . import world
from .telling import photo

ART = "flat"
SPAN = 10**6  # seeds between characters
FRAMED: tuple[Framing, ...] = ("close", "medium", "medium", "close")
"""How an album's pictures are framed, again and again: faces need close ones, and each of two outfits is seen both ways."""


PHOTO_FORM = 2
"""Raised when captions as of photos are worded otherwise, so that what was taught by older ones is not taken."""


@dataclass(frozen=True)
class Album:
    """What is learned from: how many pictures, whether they show more than one outfit, and whether captions are a book's prompts without what is fixed about the character ("bare"), with it ("traits"), by turns without and with it ("mixed"), or what `cast add` measures on a photo ("photo")."""

    pictures: int = 30
    outfits: Literal["all", "one"] = "all"
    captions: Literal["bare", "traits", "mixed", "photo"] = "mixed"


def trigger_of(who: Character) -> str:
    """The word that calls a character: letters that mean nothing, the same for the same name."""
    dice = Random(f"trigger {who.name}")
    return "".join(dice.choice("vkqzxjw" if place % 2 == 0 else "oiuyae") for place in range(6))


def scenes(
    cast: Sequence[Character], count: int, seed: int, outfits: Sequence[str] = (), small: bool = False
) -> list[Scene]:
    """Scenes for given characters, no place twice until all were met; the same for the same seed. With two of them all are seen whole; `small` shows all as small as wide views of books do."""
    dice = Random(f"scenes {seed}")
    found: list[Scene] = []
    met: set[str] = set()
    while len(found) < count:
        framing: Framing = "medium" if len(cast) > 1 else FRAMED[len(found) % len(FRAMED)]
        framing = "wide" if small else framing
        worn = [outfits[len(found) % len(outfits)]] * len(cast) if outfits else ()
        one = world.scene_of(dice, cast, framing, worn, near=True)
        if one.place in met and len(met) < len(world.PLACES):
            continue
        met.add(one.place)
        found.append(one)
    return found


def shelve(who: Character, shelf: Path, album: Album, seed: int) -> Path:
    """The character's folder on a shelf, with character, pictures, captions and dataset; it stays where it is there."""
    folder = shelf / files.slug(who.name)
    if (folder / "dataset" / "dataset.json").exists():
        return folder
    worn = [one.name for one in who.outfits][: 1 if album.outfits == "one" else None]
    told = scenes((who,), album.pictures, seed, worn)
    trigger = trigger_of(who)
    samples = [world.of(seed * SPAN + number, scene, (who,)) for number, scene in enumerate(told)]
    kept = []
    for number, (one, png) in enumerate(zip(samples, world.draw_all(samples, world.SIDE), strict=True)):
        name = f"{one.scene.framing}-{number:02d}.png"
        files.write_bytes(folder / "dataset" / name, png)
        form: str = album.captions
        if form == "mixed":  # once every framing without, once every framing with
            form = "traits" if number // len(FRAMED) % 2 else "bare"
        caption = _caption(one.scene, who, trigger, form, Random(f"caption {seed} {number}"))
        files.write_text((folder / "dataset" / name).with_suffix(".txt"), caption + "\n")
        files.write_bytes(folder / "photos" / name, png)
        kept.append(
            TrainingPicture(name, name, Box(0, 0, 1, 1), world.SIDE, world.SIDE, one.scene.framing, caption)
        )
    files.write_toml(folder / CHARACTER, who)
    made = Dataset(trigger, f"a {noun_of(who.look)}", "flux-dev", world.SIDE, tuple(kept))
    files.write_json(folder / "dataset" / "dataset.json", made)
    return folder


def _caption(scene: Scene, who: Character, trigger: str, form: str, dice: Random) -> str:
    if form == "photo":
        return photo(scene, (who,), dice, trigger)
    return prompt_of(scene, (who,), ART, "sentences", {who.name: trigger}, form == "traits")


def photographs(who: Character, folder: Path, count: int, side: int) -> list[Path]:
    """So many drawings of a character in a folder, as photos come out of a camera: no captions, nothing about who it is. People wear what they have by turns, and half of the time something else."""
    dressed, worn = wardrobe(who, count)
    told = scenes((dressed,), count, 1, worn)
    made = [world.of(SPAN + number, scene, (dressed,)) for number, scene in enumerate(told)]
    paths = [folder / f"IMG_{number:04d}.png" for number in range(1, count + 1)]
    for path, png in zip(paths, world.draw_all(made, side), strict=True):
        files.write_bytes(path, png)
    return paths


def wardrobe(who: Character, count: int) -> tuple[Character, list[str]]:
    """A person with other clothes besides their own, and what is worn in so many photos; creatures have what they have."""
    own = [one.name for one in who.outfits]
    if not who.look.is_person:
        return who, own
    dice = Random(f"wardrobe {who.name}")
    others = [Outfit(f"day {day}", world.clothes(dice, who.look.kind)) for day in range(count // 2)]
    days = []
    for number in range(count):
        four, place = divmod(number, 4)  # one close and one from further away in each
        days.append(own[four % len(own)] if place < 2 else others[2 * four + place - 2].name)
    return replace(who, outfits=(*who.outfits, *others)), days


def tried(cast: Sequence[Character], count: int, seed: int, small: bool = False) -> list[Shot]:
    """Shots of scenes that no album has, each character in all of their outfits by turns, with nothing said yet; `small` ones are as fine as a book's pages."""
    worn = [one.name for one in cast[0].outfits] if len(cast) == 1 else []
    side = world.SIDE * (FINER if small else 1)
    return [
        Shot(number, scene, tuple(cast), ART, width=side, height=side)
        for number, scene in enumerate(scenes(cast, count, 10**6 + seed, worn, small), 1)
    ]


def seeded(shots: Sequence[Shot], seeds: int, first: int = 0) -> list[Shot]:
    """Each shot with so many seeds from `first` on; every picture has its own page number, so that all lie side by side in one folder."""
    return [
        replace(shot, page=(shot.page - 1) * seeds + turn + 1, seed=first + 1000 * shot.page + turn)
        for shot in shots
        for turn in range(seeds)
    ]


def main() -> None:
    """Draw photos, and say what is to be told of whom they show."""
    known = {one.name: one for one in world.test_characters()}
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("name", choices=known)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--pictures", type=int, default=40)
    asked.add_argument("--side", type=int, default=768, help="pixels")
    given = asked.parse_args()
    made = photographs(known[given.name], given.folder, given.pictures, given.side)
    print(f"{len(made)} photos of {given.name} in {given.folder}")


if __name__ == "__main__":
    main()
