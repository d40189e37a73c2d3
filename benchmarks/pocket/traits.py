"""How well a base paints what it is told: `python -m benchmarks.pocket.traits [--base FOLDER] [--count N]`.

One figure a picture, captions that no training picture has, as books say them; the traits are read by the reader of drawn figures and held against what was said. The same
reader reads the drawings themselves, as they are and as the autoencoder gives them back: what it cannot tell there, it cannot tell of a painting.
"""

import argparse
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.traits.world import truth

from storykin.character import PEOPLE
from storykin.colours import delta_e, lab_of
from storykin.critics import Question, Seen
from storykin.critics.drawn import DrawnReader
from storykin.models.autoencoding import given_back, pixels
from storykin.painters.sketch.hair import tint_of
from storykin.painters.sketch.people import skin_of

from . import autoencoder, looking, net, world
from .telling import book

FIRST = 2 * 10**9  # seeds that no training picture has
AT_ONCE = 20  # pictures
PARTS = {"hair": "hair colour", "skin": "skin", "upper": "clothes' colour", "coat": "coat"}
TRAITS = ("found", "kind", "hair colour", "hair style", "skin", "glasses", "hat", "clothes' colour", "coat")
"""What is read; "found" is whether there is just one figure."""


def samples(count: int, apart: bool = False) -> list[world.Sample]:
    """Pictures of one figure each that nobody has learned from, said as books say them, every trait in words; with values that were never shown together, where they are to be `apart`."""
    made = (world.apart(number) if apart else world.sample(FIRST + number, 1) for number in range(count))
    return [replace(one, caption=book(one.scene, one.cast)) for one in made]


@cache
def fills(part: str) -> tuple[str, ...]:
    """The colours that there are in the world, as they are drawn."""
    if part == "hair":
        return tuple(dict.fromkeys(tint_of(word, 8, False) for word in world.HAIR))
    if part == "skin":
        return tuple(dict.fromkeys(skin_of(word) for word in world.SKINS))
    if part == "upper":
        return tuple(dict.fromkeys(world.COLOURS))
    return tuple(dict.fromkeys(coat for coats in world.ANIMALS.values() for coat in coats))


def nearest(part: str, lab: Any) -> str:
    """Which of the world's colours a colour is, in CIEDE2000."""
    of = {"upper": "clothes", "coat": "coat"}.get(part, "")
    return min(fills(part), key=lambda one: delta_e(lab, lab_of(one, of) if of else lab_of(one)))


def told(one: world.Sample) -> dict[str, Any]:
    """What is to be seen of the figure: words by trait, colours by part."""
    (who,) = one.cast
    there = truth(who, one.scene.figures[0].outfit)
    traits = there["traits"]
    said: dict[str, Any] = {"kind": there["kind"]}
    for part, name in PARTS.items():
        fill = there["fills"].get(part)
        if (
            fill
            and (part != "hair" or traits.get("hair_style") not in ("hidden", "bald"))
            and (part != "upper" or there.get("plain"))
        ):
            said[name] = nearest(part, lab_of(fill))
    if who.look.kind in PEOPLE:
        said |= {
            "hair style": traits["hair_style"],
            "glasses": traits["glasses"] != "none",
            "hat": traits["hat"] != "none",
        }
    return said


def seen(one: Seen) -> dict[str, Any]:
    """The same as the reader saw it."""
    found: dict[str, Any] = {"kind": one.kind}
    for part, name in PARTS.items():
        if one.palettes.get(part):
            found[name] = nearest(part, one.palettes[part][0][0])
    for trait in ("glasses", "hat"):
        if trait in one.traits:
            found[trait] = one.traits[trait] != "none"
    if "hair_style" in one.traits:
        found["hair style"] = one.traits["hair_style"]
    return found


def right(pictures: Iterable[Any], ones: Sequence[world.Sample]) -> dict[str, float]:
    """The share of pictures in which each trait is as it was told, of those that tell it; nobody there is wrong in all."""
    reader = DrawnReader()
    counted: dict[str, list[bool]] = defaultdict(list)
    for one, picture in zip(ones, pictures, strict=True):
        figures = [figure for figure in reader.read(picture, Question()).figures or () if figure.sure > 0.5]
        counted["found"].append(len(figures) == 1)
        best = max(
            figures, key=lambda figure: figure.sure * (figure.box.w * figure.box.h) ** 0.25, default=None
        )
        read = seen(best) if best else {}
        for trait, value in told(one).items():
            counted[trait].append(read.get(trait) == value)
    return {trait: sum(found) / len(found) for trait, found in counted.items()}


# --- pictures -----------------------------------------------------------------------------------------


def drawn(ones: Sequence[world.Sample]) -> list[Any]:
    """The drawings."""
    from PIL import Image

    found = []
    for start in range(0, len(ones), AT_ONCE):
        for png in world.draw_all(ones[start : start + AT_ONCE], world.SIDE):
            with Image.open(io.BytesIO(png)) as picture:
                found.append(picture.convert("RGB"))
    return found


def through(vae: Any, pictures: Sequence[Any]) -> list[Any]:
    """Pictures as the autoencoder gives them back; one for half the size gets and gives them at half the size."""
    return [_whole(given_back(vae, one)) for one in pictures]


def painted(
    pocket: net.Pocket, vae: Any, ones: Sequence[world.Sample], guidance: float, twice: bool
) -> list[Any]:
    """What a training has learned so far, from captions alone."""
    import torch

    found = []
    for start in range(0, len(ones), AT_ONCE):
        captions = [one.caption for one in ones[start : start + AT_ONCE]]
        latents = looking.paint(pocket, captions, 24, guidance, twice, seed=start)
        with torch.no_grad():
            for one in latents:
                back = vae.decode(one[None] / vae.config.scaling_factor + vae.config.shift_factor).sample[0]
                found.append(_whole(pixels(back)))
    return found


def _whole(picture: Any) -> Any:
    from PIL import Image

    return picture.resize((world.SIDE, world.SIDE), Image.Resampling.BICUBIC)


def table(columns: Mapping[str, Mapping[str, float]]) -> str:
    """Traits by rows, in percent."""
    lines = [f"| trait | {' | '.join(columns)} |", "|" + "---|" * (len(columns) + 1)]
    for trait in TRAITS:
        cells = [f"{100 * found[trait]:.0f}" if trait in found else "–" for found in columns.values()]
        lines.append(f"| {trait} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Read them all."""
    import torch
    from diffusers import AutoencoderKL

    torch.set_num_threads(1)
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--base", type=Path, help="folder of a training; without it only drawings are read")
    asked.add_argument("--vae", type=Path, default=autoencoder.at_hand())
    asked.add_argument("--count", type=int, default=200)
    asked.add_argument("--guidance", type=float, default=looking.GUIDANCE)
    asked.add_argument(
        "--once",
        action="store_true",
        help="trust the guidance embedding, as distilled bases are painted with",
    )
    asked.add_argument(
        "--apart",
        action="store_true",
        help="figures in whom values meet that no training picture shows together",
    )
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args()
    ones = samples(given.count, given.apart)
    pictures = drawn(ones)
    vae = AutoencoderKL.from_pretrained(given.vae).eval()
    columns = {"drawn": right(pictures, ones), "through the autoencoder": right(through(vae, pictures), ones)}
    if given.base:
        pocket = net.restored(given.base)
        columns["painted"] = right(painted(pocket, vae, ones, given.guidance, not given.once), ones)
    print(json.dumps(columns, indent=1) if given.json else table(columns))


if __name__ == "__main__":
    main()
