"""A book that was judged, made by hand: pages drawn by the embedded painter, readings made up, verdicts by the judge."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from io import BytesIO

from PIL import Image

from storykin.character import Character, Look, Outfit
from storykin.colours import lab_of
from storykin.consistency import Setting
from storykin.consistency.storyboard import storyboard
from storykin.critics import Reading, Seen
from storykin.critics.expecting import expected
from storykin.critics.judging import judge
from storykin.critics.summing import Judged
from storykin.painters.sketch import Sketch
from storykin.raster import png_of
from storykin.scene import ACTIONS, Box, Figure, Scene, action_of
from storykin.shot import Shot
from storykin.story import Page, Story

READ = dict.fromkeys(("figures", "identity", "hair", "skin", "clothes", "height"), "by hand")

CAST = (
    Character("Sasha", Look("girl", 5, hair_colour="brown", skin="fair", hair_style="pigtails"), (Outfit("coat", "a red coat", ("red",)),)),
    Character("Tom", Look("boy", 8, hair_colour="blond", skin="tan", hair_style="short"), (Outfit("shirt", "a blue shirt", ("blue",)),)),
    Character("Grandma", Look("woman", 67, hair_colour="grey", skin="light", hair_style="bun"), (Outfit("dress", "a green dress", ("green",)),)),
    Character("Rex", Look("dog", skin="sand", height=50)),
    Character("Nina", Look("girl", 11, hair_colour="black", skin="brown", hair_style="braid"), (Outfit("d", "a yellow dress", ("yellow",)),)),
    Character("Dad", Look("man", 38, hair_colour="dark brown", skin="light", hair_style="short"), (Outfit("d", "a teal jumper", ("teal",)),)),
)  # fmt: skip
PLACES = ("meadow", "kitchen", "beach", "forest", "garden", "castle")


@cache
def shots(count: int, people: int) -> tuple[Shot, ...]:
    """A storyboard of so many pages on which so many people come and go."""
    cast = CAST[:people]
    pages = []
    for number in range(1, count + 1):
        there = [one for index, one in enumerate(cast) if index == 0 or (number + index) % 3][:4]
        figures = tuple(Figure(one.name) for one in there)
        pages.append(Page(number, "Words.", Scene(PLACES[number % len(PLACES)], figures=figures)))
    made = storyboard(Story("The Long Walk", tuple(pages), cast), Setting(height=420))
    return made.shots[1:]


def vector(name: str, noise: float = 0.0, seed: int = 0) -> tuple[float, ...]:
    """A direction that is one person's own, a little off."""
    own, off = random.Random(name), random.Random(f"{name}{seed}")
    numbers = [own.gauss(0, 1) + noise * off.gauss(0, 1) for _ in range(24)]
    long = math.sqrt(sum(each * each for each in numbers))
    return tuple(each / long for each in numbers)


def seen(who: Character, box: Box, standing: float, seed: int = 0) -> Seen:
    """Somebody as a good reader would see them."""
    palettes = {}
    if who.outfits:
        palettes["clothes"] = ((lab_of(who.outfits[0].palette[0], "clothes"), 1.0),)
    if who.look.is_person:
        palettes |= {"hair": ((lab_of(who.look.hair_colour, "hair"), 1.0),), "skin": ((lab_of(who.look.skin, "skin"), 1.0),)}  # fmt: skip
    return Seen(
        box, 0.99, who.look.kind, None, palettes, {}, {}, {"drawn": vector(who.name, 0.15, seed)}, standing
    )


def figures(shot: Shot) -> dict[str, Seen]:
    """Everybody who is on a shot, as the storyboard has them."""
    found = {}
    for figure in shot.scene.figures:
        assert figure.box
        standing = figure.box.h / ACTIONS[action_of(figure.action)].height
        found[figure.character] = seen(shot.character(figure.character), figure.box, standing, shot.page)
    return found


def reading(there: Sequence[Seen]) -> Reading:
    return Reading(tuple(there), {"safety": 0.99}, None, {"blank": 0.0}, {**READ, "technical": "by hand", "safety": "by hand"}, {"place": "no weights are here", "words": "tesseract is not installed"})  # fmt: skip


def references(shot: Shot) -> dict[str, tuple[Seen, ...]]:
    alone = Box(0.3, 0.1, 0.4, 0.8)
    return {one.name: (seen(one, alone, 0.8, 900), seen(one, alone, 0.8, 901)) for one in shot.cast}


def judged(
    shot: Shot, there: Mapping[str, Seen], extra: Sequence[Seen] = (), tried: tuple[str, ...] = ()
) -> Judged:
    seen_there = reading([*there.values(), *extra])
    verdict = judge(seen_there, expected(shot, references(shot), placed=True))
    return Judged(
        shot.page,
        f"page {shot.page}",
        seen_there,
        verdict,
        str(shot.page),
        tuple(one.name for one in shot.cast),
        tried,
    )


def hidden(shot: Shot, who: str, there: Mapping[str, Seen]) -> Judged:
    """A page on whose storyboard readers do not see somebody: `there` is what they see of everybody on its picture."""
    known = expected(shot, references(shot), placed=True)
    wanted = tuple(replace(one, sure=0.0) if one.name == who else one for one in known.wanted)
    read = reading(tuple(there.values()))
    verdict = judge(read, replace(known, wanted=wanted))
    return Judged(
        shot.page, f"page {shot.page}", read, verdict, str(shot.page), tuple(one.name for one in shot.cast)
    )


def faulty_book(count: int = 8, people: int = 3) -> list[Judged]:
    """A book with orange hair on page 2, nobody in Tom's place on 3, other clothes on 4, a giant on 5, a stranger on 6."""
    pages = []
    for shot in shots(count, people):
        there, extra = figures(shot), []
        who = shot.scene.figures[0].character
        own = there[who]
        if shot.page == 2:
            there[who] = replace(own, palettes={**own.palettes, "hair": (((60.0, 40.0, 60.0), 1.0),)})
        if shot.page == 3:
            del there[list(there)[-1]]
        if shot.page == 4:
            there[who] = replace(own, palettes={**own.palettes, "clothes": (((45.0, 6.0, -48.0), 1.0),)})
        if shot.page == 5 and own.standing:
            there[who] = replace(own, standing=own.standing * 1.4)
        if shot.page == 6:
            extra = [seen(Character("stranger", Look("boy", 6, hair_colour="red", skin="fair")), Box(0.02, 0.5, 0.12, 0.4), 0.4)]  # fmt: skip
        pages.append(judged(shot, there, extra, ("as the storyboard says: hair", "another seed: hair again") if shot.page == 2 else ()))  # fmt: skip
    return pages


def drawing(shot: Shot, width: int = 420) -> Image.Image:
    content = png_of(Sketch().paint(shot, lambda done: None), Sketch.media_type, width)
    return Image.open(BytesIO(content)).convert("RGB")
