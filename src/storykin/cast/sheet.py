"""Cast: the character sheet: hair, skin and clothes measured over many photos, and the look they amount to.

The same skin in every photo is the grey card: what it takes to bring it back to its usual colour tells the
light of that photo, and hair and clothes are seen by that light. What a parent has said is never changed.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from storykin.cast.sighting import Face, Lab
from storykin.character import Look, Outfit
from storykin.colours import clothes_word, delta_e, gains_between, hair_word, hex_of, relit, skin_word

OUTFITS = ("everyday", "second", "third")
SAME_CLOTH = 10.0
"""Cloth closer than this (CIEDE2000 with lightness halved) is taken for the same."""
AGREED = 0.7
"""What part of the photos must agree before long or short hair is believed."""
SKIN_HUES = (35.0, 75.0)
"""Degrees of hue in CIELAB between which human skin lies (photographed; measured skin is about 40 to 70)."""
GAINS = (0.5, 2.0)
"""The most by which a photo's light is corrected; more than a stop off is not a cast but a wrong measurement."""
COLOURLESS = 4.0
"""Skin with less chroma than this is in a black-and-white photo."""


@dataclass(frozen=True)
class Measured:
    """What the photos say about somebody; None and () where they say nothing clear.

    `photos` were looked at; `skin_in`, `hair_in` and `length_in` are how many of them showed it. `palettes` are the
    clothes, most frequent first, each with its colours, main one first; `worn` in how many photos each was.
    """

    skin: Lab | None = None
    hair: Lab | None = None
    long_hair: bool | None = None
    palettes: tuple[tuple[Lab, ...], ...] = ()
    photos: int = 0
    skin_in: int = 0
    hair_in: int = 0
    length_in: int = 0
    worn: tuple[int, ...] = ()


def measured(faces: Sequence[Face], monochrome: Sequence[bool] = ()) -> Measured:
    """Colours and length of hair over all `faces`, one for each chosen photo.

    `monochrome` says which of the photos (in the same order) are black-and-white: their colours are left out,
    the length of the hair is not. No faces give an empty `Measured`.
    """
    grey = dict(enumerate(monochrome))
    coloured = [face for i, face in enumerate(faces) if not (grey.get(i) or _colourless(face))]
    seen = [(face.skin, worth(face)) for face in coloured if face.skin]
    skin = _plausible(usual(seen)) if seen else None
    lights = [_light(face, skin) for face in coloured]
    hairs = [
        (light(face.hair), worth(face)) for face, light in zip(coloured, lights, strict=True) if face.hair
    ]
    cloths = [
        tuple(map(light, face.clothes)) for face, light in zip(coloured, lights, strict=True) if face.clothes
    ]
    palettes = _palettes(cloths)
    votes = [face.long_hair for face in faces if face.long_hair is not None]
    return Measured(
        skin=skin,
        hair=usual(hairs) if 2 * len(hairs) > len(coloured) else None,
        long_hair=_agreed(votes),
        palettes=tuple(palette for palette, _ in palettes),
        photos=len(faces),
        skin_in=len(seen),
        hair_in=len(hairs),
        length_in=len(votes),
        worn=tuple(count for _, count in palettes),
    )


def measured_look(faces: Sequence[Face], given: Look, monochrome: Sequence[bool] = ()) -> Look:
    """`given` with skin, hair colour ("#rrggbb") and length filled in from the photos where it says nothing."""
    found = measured(faces, monochrome)
    style = {True: "long", False: "short", None: ""}[found.long_hair]
    return replace(
        given,
        skin=given.skin or (hex_of(found.skin) if found.skin else ""),
        hair_colour=given.hair_colour or (hex_of(found.hair) if found.hair else ""),
        hair_style=given.hair_style or style,
    )


def measured_outfits(
    faces: Sequence[Face], given: Sequence[Outfit] = (), monochrome: Sequence[bool] = ()
) -> tuple[Outfit, ...]:
    """The outfits of `given`, or when there are none, what is worn most often in the photos, three at the most.

    Only colours are known, so the words say no more than "a red top".
    """
    if given:
        return tuple(given)
    palettes = measured(faces, monochrome).palettes
    return tuple(
        Outfit(name, top_of(palette), tuple(map(hex_of, palette)))
        for name, palette in zip(OUTFITS, palettes, strict=False)
    )


def explained(found: Measured) -> tuple[str, ...]:
    """One sentence for the report on each trait: what it is, and in how many photos it was seen."""
    length = "long" if found.long_hair else "short"
    said = [
        _sentence("skin", found.skin, skin_word, found.skin_in, found.photos),
        _sentence("hair", found.hair, hair_word, found.hair_in, found.photos),
        f"hair length: {length}, seen in {_photos(found.length_in, found.photos)}"
        if found.long_hair is not None
        else f"hair length: not clear from {_photos(found.length_in, found.photos)}; write it into hair_style by hand",
    ]
    for palette, count in zip(found.palettes, found.worn, strict=True):
        codes = ", ".join(map(hex_of, palette))
        said.append(f"clothes: {top_of(palette)} ({codes}), worn in {_photos(count, found.photos)}")
    return tuple(said) if found.photos else ("no face was measured: describe the look by hand",)


def top_of(palette: Sequence[Lab]) -> str:
    """The words for clothes of which nothing but the colours is known: "a red and white top"."""
    words = list(dict.fromkeys(map(clothes_word, palette)))[:2]
    return f"{'an' if words[0][0] in 'aeiou' else 'a'} {' and '.join(words)} top"


def worth(face: Face) -> float:
    """How far a face's colours can be trusted, 0 to 1: seen from the front, evenly lit, neither burnt out nor hidden."""
    frontal = max(0.2, 1 - abs(face.yaw) / 60)
    even = max(0.2, 1 - face.uneven / 30)
    kept = max(0.1, 1 - 3 * face.clipped) * max(0.1, 1 - face.covered)
    return frontal * even * kept


def usual(colours: Sequence[tuple[Lab, float]]) -> Lab:
    """The usual colour among weighted ones: their median in Lab without the outliers, photos taken too dark or too bright among them.

    An outlier is more than 2.5 robust standard deviations from the median in any of L*, a* and b* (MAD, scaled by
    1.4826 to that of a normal distribution), though what is nearer than 6 units never is.
    """
    middle = [weighted_median([(lab[i], weight) for lab, weight in colours]) for i in range(3)]
    spread = [1.4826 * median(abs(lab[i] - middle[i]) for lab, _ in colours) for i in range(3)]
    near = [
        (lab, weight)
        for lab, weight in colours
        if all(abs(lab[i] - middle[i]) <= max(6.0, 2.5 * spread[i]) for i in range(3))
    ]
    light, a, b = (weighted_median([(lab[i], weight) for lab, weight in near or colours]) for i in range(3))
    return light, a, b


def weighted_median(values: Sequence[tuple[float, float]]) -> float:
    """The median of (value, weight), between the two nearest values; each stands at the middle of its weight."""
    ordered = sorted(values)
    half, before, last = sum(weight for _, weight in ordered) / 2, 0.0, (0.0, ordered[0][0])
    for value, weight in ordered:
        here = before + weight / 2
        if here >= half:
            part = (half - last[0]) / (here - last[0]) if here > last[0] else 1.0
            return last[1] + (value - last[1]) * part
        before, last = before + weight, (here, value)
    return ordered[-1][0]


def _light(face: Face, skin: Lab | None) -> Callable[[Lab], Lab]:
    """How a colour of this photo looks by the light in which its skin is `skin`.

    The colour of the light is taken out wholly, its strength half: hair and clothes are often lit less than the face.
    """
    if not (face.skin and skin):
        return lambda lab: lab
    gains = gains_between(face.skin, skin)
    half = max(1e-4, gains[1]) ** -0.5  # green is most of what the eye calls light
    red, green, blue = (min(GAINS[1], max(GAINS[0], gain * half)) for gain in gains)
    return lambda lab: relit(lab, (red, green, blue))


def _plausible(skin: Lab) -> Lab:
    """Skin brought back to the hues of skin, for folders where most photos have the same cast."""
    light, a, b = skin
    hue, chroma = math.degrees(math.atan2(b, a)), math.hypot(a, b)
    if SKIN_HUES[0] <= hue <= SKIN_HUES[1]:
        return skin
    edge = math.radians(min(SKIN_HUES, key=lambda one: abs((hue - one + 180) % 360 - 180)))
    return light, chroma * math.cos(edge), chroma * math.sin(edge)


def _colourless(face: Face) -> bool:
    return face.skin is not None and math.hypot(*face.skin[1:]) < COLOURLESS


def _palettes(worn: Sequence[tuple[Lab, ...]]) -> list[tuple[tuple[Lab, ...], int]]:
    """The most frequent clothes with the number of photos: again and again the main colour with most others near it.

    What is seen once is no outfit, unless nothing is seen twice.
    """
    left = list(worn)
    found: list[tuple[tuple[Lab, ...], int]] = []
    while left and len(found) < len(OUTFITS):
        groups = ([other for other in left if _same(one[0], other[0])] for one in left)
        group = max(groups, key=len)
        if len(group) == 1 and found:
            break
        found.append((_palette(group), len(group)))
        left = [one for one in left if one not in group]
    return found


def _palette(group: Sequence[tuple[Lab, ...]]) -> tuple[Lab, ...]:
    """The usual main colour, and a second one that most photos of these clothes show too."""
    main = usual([(one[0], 1.0) for one in group])
    others = [one[1] for one in group if len(one) > 1 and not _same(one[1], main)]
    second = max(([b for b in others if _same(a, b)] for a in others), key=len, default=[])
    return (main, usual([(lab, 1.0) for lab in second])) if len(second) > 0.6 * len(group) else (main,)


def _same(one: Lab, other: Lab) -> bool:
    return delta_e(one, other, lightness=2.0) <= SAME_CLOTH


def _agreed(votes: Sequence[bool]) -> bool | None:
    """What at least `AGREED` of three or more votes say."""
    if len(votes) < 3:
        return None
    part = sum(votes) / len(votes)
    return True if part >= AGREED else False if part <= 1 - AGREED else None


def _sentence(name: str, lab: Lab | None, word: Callable[[Lab], str], count: int, photos: int) -> str:
    if lab is None:
        return f"{name}: not measured, to be seen in only {_photos(count, photos)}; write it by hand"
    return f"{name}: {word(lab)} ({hex_of(lab)}), measured in {_photos(count, photos)}"


def _photos(count: int, all_of: int) -> str:
    of = f" of {all_of}" if count != all_of else ""
    return f"{count}{of} photo{'' if all_of == 1 or (count == 1 and not of) else 's'}"
