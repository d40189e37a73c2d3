"""How often the reader of technical faults sees one that is there, and one that is not: `python benchmarks/technical.py [table|times]`.

Clean pictures: pages of drawn books in all five styles, by day and night, in fog, snow and rain, public-domain photographs and textures. Faulty
ones: the same with one fault put in. Other seeds than the gates were set on with `--seed`.
"""

from __future__ import annotations

import argparse
import io
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from storykin.cachefolder import cache_root
from storykin.consistency import Setting
from storykin.consistency.storyboard import storyboard
from storykin.critics import Question
from storykin.critics.technical import TechnicalReader
from storykin.painters.sketch import Sketch
from storykin.raster import png_of
from storykin.wish import Wish
from storykin.writers import writer_named

WISHES = (
    ("me being a puppy doctor", "Sasha"),
    ("a trip to Mars with my dog Biscuit", "Theo"),
    ("the day it snowed ice cream", "Ben"),
    ("me and my sister open a bakery under the sea", "Noor"),
    ("when I lost my teddy at the zoo", "Jonas"),
    ("a purple wizard who keeps sneezing", "Ida"),
)
WEATHERS = ("clear", "fog", "snow", "rain", "cloudy", "storm", "wind")
TIMES = ("day", "night", "evening", "morning")
PHOTOGRAPHS = ("astronaut", "camera", "chelsea", "coffee", "rocket", "hubble_deep_field", "motorcycle_left", "retina", "immunohistochemistry", "moon")  # fmt: skip
TEXTURES = ("brick", "grass", "gravel")
Fault = Callable[[Image.Image, random.Random], Image.Image]


def pages(seed: int, count: int, width: int = 768) -> Iterator[tuple[str, Image.Image]]:
    """So many drawn pages, every style and weather in turn, with what they are in words."""
    chance = random.Random(seed)
    shelf = cache_root() / "technical"
    shelf.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        art = Sketch.arts[number % 5]
        idea, hero = WISHES[chance.randrange(len(WISHES))]
        wish = Wish(idea=f"a book about {idea}", hero=hero, pages=8, art=art)
        story = writer_named("fable").write(wish, ())
        board = storyboard(story, Setting(art=art, seed=chance.randrange(10**6)))
        shot = board.shots[chance.randrange(len(board.shots))]
        weather, hour = WEATHERS[number // 5 % len(WEATHERS)], TIMES[number // 3 % len(TIMES)]
        shot = replace(shot, scene=replace(shot.scene, weather=weather, time=hour))
        path = shelf / f"{shot.key('sketch', Sketch.revision)}-{width}.png"
        if not path.exists():
            path.write_bytes(png_of(Sketch().paint(shot, lambda done: None), Sketch.media_type, width))
        yield f"{art} {hour} {weather}", Image.open(path).convert("RGB")


def photographs(names: tuple[str, ...]) -> Iterator[tuple[str, Image.Image]]:
    """Public-domain pictures that scikit-image brings along."""
    import skimage.data

    for name in names:
        try:
            found = getattr(skimage.data, name)()
        except Exception:  # a picture that scikit-image would load down
            continue
        found = found[0] if isinstance(found, tuple) else found
        yield name, Image.fromarray(found).convert("RGB")


def jpeg(picture: Image.Image, quality: int) -> Image.Image:
    """The picture saved as JPEG and opened again."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return Image.open(io.BytesIO(file.getvalue())).convert("RGB")


def _blurred(part: float) -> Fault:
    return lambda picture, chance: picture.filter(ImageFilter.GaussianBlur(part * max(picture.size) / 512))


def _in_steps(picture: Image.Image, chance: random.Random) -> Image.Image:
    """A strong gradient over the picture, cut into 24 to 32 tones."""
    seen = np.asarray(picture, np.float32)
    ramp = np.linspace(0, 1, len(seen))[:, None, None] * np.array(
        [chance.uniform(-110, 110) for _ in range(3)]
    )
    step = 256 / chance.choice((24, 28, 32))
    return _image(np.floor((seen * 0.6 + 60 + ramp) / step) * step + step / 2)


def _seam(picture: Image.Image, chance: random.Random) -> Image.Image:
    seen = np.asarray(picture, np.float32).copy()
    seen[:, int(seen.shape[1] * chance.uniform(0.3, 0.7)) :] += chance.choice((-9, -6, 6, 9))
    return _image(seen)


def _white(picture: Image.Image, chance: random.Random) -> Image.Image:
    numbers = np.random.default_rng(chance.randrange(10**6))
    return _image(numbers.normal(128, 60, (picture.height, picture.width, 3)))


def _latents(picture: Image.Image, chance: random.Random) -> Image.Image:
    numbers = np.random.default_rng(chance.randrange(10**6))
    small = _image(numbers.normal(128, 50, (picture.height // 8, picture.width // 8, 3)))
    return small.resize(picture.size, Image.Resampling.BICUBIC)


def _image(seen: np.ndarray) -> Image.Image:
    return Image.fromarray(np.clip(seen, 0, 255).astype("uint8"))


FAULTS: tuple[tuple[str, str, Fault], ...] = (
    ("blank", "all black", lambda picture, chance: Image.new("RGB", picture.size)),
    ("blank", "all grey", lambda picture, chance: Image.new("RGB", picture.size, (127, 127, 127))),
    ("blank", "a mere gradient", lambda picture, chance: Image.linear_gradient("L").resize(picture.size).convert("RGB")),
    ("blurred", "2 pixels of 512", _blurred(2)),
    ("blurred", "3 pixels of 512", _blurred(3)),
    ("banded", "gradient in 24 to 32 tones", _in_steps),
    ("banded", "JPEG of quality 5", lambda picture, chance: jpeg(picture, 5)),
    ("banded", "seam of 6 to 9 levels", _seam),
    ("noise", "white", _white),
    ("noise", "latents never cleaned", _latents),
)  # fmt: skip


def copied(reference: Image.Image, chance: random.Random) -> Image.Image:
    """A reference learned by heart: cut, scaled, mirrored, in other light, saved as JPEG."""
    part = chance.uniform(0.6, 1)
    wide, high = int(reference.width * part), int(reference.height * part)
    left, top = chance.randint(0, reference.width - wide), chance.randint(0, reference.height - high)
    scale = chance.uniform(0.5, 2)
    found = reference.crop((left, top, left + wide, top + high)).resize(
        (int(wide * scale), int(high * scale))
    )
    found = ImageOps.mirror(found) if chance.random() < 0.5 else found
    return jpeg(ImageEnhance.Brightness(found).enhance(chance.uniform(0.7, 1.3)), 30)


def table(seed: int, count: int) -> None:
    """False alarms of each mark on clean pictures, and of each fault how many were found, as Markdown."""
    chance = random.Random(seed)
    drawn = list(pages(seed, count))
    real = list(photographs(PHOTOGRAPHS + TEXTURES))
    reader = TechnicalReader()
    sets = {f"{art} pages": [one for words, one in drawn if words.startswith(art)] for art in Sketch.arts}
    sets["photographs and textures"] = [one for _, one in real]
    print("| clean pictures | how many | " + " | ".join(MARKS) + " |\n|---|---|" + "---|" * len(MARKS))
    for name, pictures in sets.items():
        marks = [reader.read(one, Question()).marks for one in pictures]
        cells = [f"{sum(one[mark] > GATE for one in marks)} (most {max(one[mark] for one in marks):.2f})" for mark in MARKS]  # fmt: skip
        print(f"| {name} | {len(pictures)} | " + " | ".join(cells) + " |")
    print("\n| fault | how | found | median |\n|---|---|---|---|")
    ground = [one for _, one in drawn[:: max(1, count // 20)]] + [one for _, one in real[:5]]
    for mark, how, fault in FAULTS:
        values = [reader.read(fault(one, chance), Question()).marks[mark] for one in ground]
        print(
            f"| {mark} | {how} | {sum(value > GATE for value in values)} of {len(values)} | {np.median(values):.2f} |"
        )
    photos = [one for _, one in real[:5]]
    same = [
        reader.read(copied(one, chance), Question(references=(one,))).marks["pasted"] for one in photos * 4
    ]
    others = [
        reader.read(one, Question(references=(other,))).marks["pasted"]
        for number, one in enumerate([*photos, *(one for _, one in drawn[:5])])
        for other in photos[:number]
    ]
    print(f"| pasted | cut, scaled, mirrored, JPEG | {sum(one > GATE for one in same)} of {len(same)} | {np.median(same):.2f} |")  # fmt: skip
    print(f"| (pasted) | another picture | {sum(one > GATE for one in others)} of {len(others)} | {np.median(others):.2f} |")  # fmt: skip


def times() -> None:
    """Seconds a picture, and a reference."""
    reader = TechnicalReader()
    ((_, page),) = pages(1, 1, 1024)
    ((_, photo),) = photographs(("astronaut",))
    for name, question in (("alone", Question()), ("with a reference", Question(references=(photo,)))):
        begun = time.process_time()
        for _ in range(3):
            reader.read(page, question)
        print(f"{name}: {(time.process_time() - begun) / 3:.2f} s")


GATE = 0.5
MARKS = ("blank", "blurred", "banded", "noise")

if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("what", choices=("table", "times"), nargs="?", default="table")
    asked.add_argument("--seed", type=int, default=2)
    asked.add_argument("--pages", type=int, default=70)
    given = asked.parse_args()
    times() if given.what == "times" else table(given.seed, given.pages)
