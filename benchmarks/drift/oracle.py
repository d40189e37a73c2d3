"""Drift benchmark: a reader that knows what was drawn, with a reader's noise: the upper bound for every other one.

It shows what judging makes of good readings, and what of noise.
"""

import hashlib
import math
from random import Random

from storykin.character import Character, Outfit
from storykin.colours import Lab, lab_of
from storykin.critics import Reading, Seen
from storykin.painters.sketch.creature_kinds import KINDS, kind_of
from storykin.painters.sketch.creatures import coat_of
from storykin.painters.sketch.hats import covers
from storykin.painters.sketch.people import skin_of
from storykin.painters.sketch.swatches import worn_by
from storykin.scene import ACTIONS, Box, action_of
from storykin.shot import Shot

from .faults import _tint

READ = dict.fromkeys(("figures", "identity", "hair", "skin", "clothes", "height"), "oracle")


class Oracle:
    """Reads shots instead of pictures; `noise` is 1 for a good reader, 0 for one that is never wrong."""

    def __init__(self, noise: float = 1.0) -> None:
        self.noise = noise

    def read(self, shot: Shot) -> Reading:
        """Whom the picture of a shot shows."""
        dice = Random(f"{shot.seed}|{shot.page}|{len(shot.scene.figures)}")
        figures = []
        for figure in shot.scene.figures:
            if figure.box is None:
                continue
            who = shot.character(figure.character)
            move = ACTIONS[action_of(figure.action)]
            standing = figure.box.h / move.height * math.exp(dice.gauss(0, 0.04 * self.noise))
            figures.append(self.seen(who, who.outfit(figure.outfit), dice, figure.box, standing))
        return Reading(tuple(figures), read=READ)

    def references(self, who: Character, outfit: Outfit) -> tuple[Seen, ...]:
        """What it sees in pictures of somebody alone."""
        dice = Random(f"{who.name}|{outfit.words}")
        return tuple(self.seen(who, outfit, dice, Box(0.3, 0.1, 0.3, 0.8), 0.74) for _ in range(3))

    def seen(self, who: Character, outfit: Outfit, dice: Random, box: Box, standing: float) -> Seen:
        """One figure, with noise."""
        look = who.look
        spread = 2.0 * self.noise
        near = Box(*(value + dice.gauss(0, 0.01 * self.noise) for value in (box.x, box.y, box.w, box.h)))
        if not look.is_person:
            kind = kind_of(look.kind)
            coat = lab_of(coat_of(KINDS[kind], look).main)
            own = _vector([(kind, 1.0), (_step(coat), 0.6)], dice, self.noise)
            return Seen(near, 0.95, kind, None, {"coat": ((_off(coat, dice, spread), 1.0),)}, {}, {}, {"drawn": own}, standing)  # fmt: skip
        worn = worn_by(look, outfit)
        hidden = bool(worn.hat and covers(worn.hat))
        hair, skin = _tint(look), lab_of(skin_of(look.skin))
        top = worn.over or worn.top
        fills = [
            one.fill for one in ((top,) if worn.joined else (top, worn.bottom)) if one.fill.startswith("#")
        ]
        style = "hidden" if hidden else "none" if look.hair_style == "bald" else look.hair_style
        palettes = {"skin": ((_off(skin, dice, spread), 1.0),)}
        if style not in ("hidden", "none"):
            palettes["hair"] = ((_off(hair, dice, spread), 1.0),)
        if fills:
            palettes["clothes"] = tuple((_off(lab_of(one), dice, spread), 1 / len(fills)) for one in fills)
        kind = "child" if not look.is_grown_up else look.kind
        parts = [(kind, 1.0), (look.glasses, 0.6), (" ".join(look.extras), 0.4), (_step(skin), 0.7)]
        locks = [] if style == "hidden" else [(_step(hair), 0.6), (style, 0.6)]
        clothes = [(one.kind + _step(lab_of(one.fill)), 1.0) for one in (top, worn.bottom) if one.fill.startswith("#")]  # fmt: skip
        vectors = {"drawn": _vector(parts + locks, dice, self.noise)}
        if locks:
            vectors["drawn hair"] = _vector(locks, dice, self.noise)
        if clothes:
            vectors["drawn clothes"] = _vector(clothes, dice, self.noise)
        traits = {"hair_style": style, "glasses": look.glasses or "none"}
        return Seen(near, 0.95, kind, None, palettes, traits, {}, vectors, standing)


def _off(lab: Lab, dice: Random, spread: float) -> Lab:
    return lab[0] + dice.gauss(0, spread), lab[1] + dice.gauss(0, spread), lab[2] + dice.gauss(0, spread)


def _step(lab: Lab) -> str:
    """A colour as a word that small differences leave as it is."""
    return "-".join(str(round(value / 12)) for value in lab)


def _vector(parts: list[tuple[str, float]], dice: Random, noise: float) -> tuple[float, ...]:
    """A unit vector of 64 numbers: each word a direction of its own."""
    total = [dice.gauss(0, 0.04 * noise) for _ in range(64)]
    for index, (word, weight) in enumerate(parts):
        digest = hashlib.blake2b(f"{index}|{word}".encode(), digest_size=64).digest()
        for i, byte in enumerate(digest):
            total[i] += weight * (byte - 127.5) / 590
    length = math.sqrt(sum(value * value for value in total))
    return tuple(value / length for value in total)
