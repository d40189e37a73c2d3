"""Painters, sketch: the colours of a character as words and numbers, for the dots of paint on a character sheet."""

from __future__ import annotations

from dataclasses import dataclass

from storykin.character import Character, Look, Outfit
from storykin.colours import colour_word, exactly
from storykin.painters.sketch.body import bearing, sizes
from storykin.painters.sketch.creature_kinds import KINDS, is_creature, kind_of
from storykin.painters.sketch.creature_wear import wear_of
from storykin.painters.sketch.creatures import coat_of
from storykin.painters.sketch.hair import tint_of
from storykin.painters.sketch.ink import COLOURS, INK, colour
from storykin.painters.sketch.people import EYES, skin_of
from storykin.painters.sketch.wear import Wear, wear

SKINS = ("porcelain", "fair", "light", "rosy", "medium", "dark", "deep", "tan")
NAMES = {fill: word for word, fill in reversed(COLOURS.items()) if word not in SKINS and "skin" not in word}
LONG = 22  # letters; what is longer is no colour word but a description


@dataclass(frozen=True)
class Swatch:
    """One colour: what has it ("" on clothes), its "#rrggbb" and the word for it."""

    part: str
    fill: str
    word: str


@dataclass(frozen=True)
class Palette:
    """Colours that belong together, under one heading."""

    heading: str
    swatches: tuple[Swatch, ...]


def palettes(character: Character, outfits: tuple[Outfit, ...], most: int) -> tuple[Palette, ...]:
    """The character's own colours as far as they are known, then those of each outfit, at most `most` each."""
    look = character.look
    own = Palette("colours", _creature(look) if is_creature(look.kind) else _person(look))
    worn = (Palette(one.name, _worn(look, one)[:most]) for one in outfits)
    return tuple(one for one in (own, *worn) if one.swatches)


def worn_by(look: Look, outfit: Outfit) -> Wear:
    """What a person has on, read as `people.person` reads it."""
    return wear(exactly(outfit.words, outfit.palette), outfit.palette, bearing(look), sizes(look).grown > 0.8)


def _word(fill: str, of: str) -> str:
    """What a drawn colour is called: the painter's own word if it is one of its colours, else the nearest."""
    return NAMES.get(fill) or colour_word(fill, of)


def _person(look: Look) -> tuple[Swatch, ...]:
    old = look.age >= 60 or "grand" in look.kind
    found = []
    if look.skin:
        found.append(Swatch("skin", skin_of(look.skin), colour_word(look.skin, "skin")))
    if look.hair_colour:
        tint = tint_of(look.hair_colour, 70 if old else look.age, old)
        found.append(Swatch("hair", tint, colour_word(look.hair_colour, "hair")))
    if look.eyes:
        usual = next((fill for word, fill in EYES.items() if word in look.eyes.lower()), INK)
        iris = colour(look.eyes, usual) if "#" in look.eyes else usual
        found.append(Swatch("eyes", iris, colour_word(look.eyes, "eyes")))
    return tuple(found)


def _creature(look: Look) -> tuple[Swatch, ...]:
    """The colours of a creature, as it is drawn."""
    coat = coat_of(KINDS[kind_of(look.kind)], look)
    found = [Swatch("body", coat.main, _brief(look.skin, coat.main))]
    if coat.belly != coat.main:
        found.append(Swatch("belly", coat.belly, _word(coat.belly, "coat")))
    if coat.mark not in (coat.main, coat.belly):
        found.append(Swatch("markings", coat.mark, _brief(look.hair_colour, coat.mark)))
    if look.eyes:
        found.append(Swatch("eyes", colour(look.eyes, INK), colour_word(look.eyes, "eyes")))
    return tuple(found)


def _brief(words: str, fill: str) -> str:
    """The colour word that was said, unless it is a whole description; else the word for what is drawn."""
    return colour_word(words, "coat") if 0 < len(words) <= LONG else _word(fill, "coat")


def _worn(look: Look, outfit: Outfit) -> tuple[Swatch, ...]:
    """An outfit's palette, or what its words are drawn in when it has none."""
    if outfit.palette:
        return tuple(Swatch("", colour(one), colour_word(one, "clothes")) for one in outfit.palette)
    if is_creature(look.kind):
        on = wear_of(outfit.words, outfit.palette, look.glasses, " , ".join(look.extras))
        fills = [one[1] for one in (on.body, on.hat, *on.neck) if one] + [on.cape]
    else:
        dress = worn_by(look, outfit)
        pieces = (dress.over, dress.top, dress.bottom, dress.cape, dress.hat, dress.feet)
        fills = [one.fill for one in pieces if one and one.kind not in ("bare", "barefoot")]
    named: dict[str, str] = {}
    for fill in filter(None, fills):
        named.setdefault(_word(fill, "clothes"), fill)
    return tuple(Swatch("", fill, word) for word, fill in named.items())
