"""Painters, sketch: the name of a character and who that is, in words, as they stand at the top of a character sheet."""

from __future__ import annotations

from storykin.character import GROWN_UPS, Character, Look
from storykin.colours import colour_word
from storykin.painters.sketch.creature_kinds import is_creature
from storykin.painters.sketch.ink import INK, PAPER, mix, n, stroke
from storykin.painters.sketch.lettering import fitted, width_of, wrapped, write


def headline(character: Character, look: Look, tall: float, accent: str, x: float, room: float) -> str:
    """The name in large letters, a stroke of the brush and a line about the `look`; `tall` in centimetres.

    The name stands at `x`, on y = 104, in one or two lines no wider than `room`; the line about the look on y = 154.
    """
    name = " ".join(character.name.split()) or "Somebody"
    if width_of(name, 40, True) <= room:
        lines, size, first = [name], min(76.0, room / width_of(name, 1, True)), 104.0
    else:
        lines, size = wrapped(name, 36 * 1.07, room, 2), 36.0
        first = 104.0 - 36 * (len(lines) - 1)
    found, long = "", 0.0
    for i, line in enumerate(lines):
        shown, high = fitted(line, size, room, size, True)
        found += write(shown, x, first + i * 38, high, "start", INK, True)
        long = 0.94 * width_of(shown, high, True)
    brush = f"M{n(x + 4)} 120Q{n(x + long * 0.42)} 114 {n(x + long)} 119"
    found += stroke(brush, mix(accent, "#fffdf8", 0.25), 6)
    words, small = fitted(_words(look, tall, character.part), 25, room, 17)
    return found + write(words, x, 154, small, "start", mix(INK, PAPER, 0.16))


def _words(look: Look, tall: float, part: str) -> str:
    """Kind, age and height, then what else is fixed, in one line."""
    facts = [look.kind, _age(look), f"{tall:.0f} cm"]
    if is_creature(look.kind):
        traits = [look.skin, look.hair_colour and f"{look.hair_colour} markings"]
    else:
        hair = f"{colour_word(look.hair_colour, 'hair')} hair" if look.hair_colour else ""
        traits = [_styled(hair, look.hair_style)]
    traits.append(f"{colour_word(look.eyes, 'eyes')} eyes" if look.eyes else "")
    glasses = look.glasses.strip()
    if glasses and glasses.lower() not in ("no", "none"):
        traits.append(glasses if "glasses" in glasses.lower() else f"{glasses} glasses")
    traits += list(look.extras)
    said = ", ".join(colour_word(" ".join(one.split())) for one in traits if one)
    first = "  ·  ".join(one for one in facts if one)
    return "  ·  ".join(one for one in (first, said, " ".join(part.split())) if one)


def _styled(hair: str, style: str) -> str:
    style = " ".join(style.split())
    if not hair or not style:
        return hair or (style if "hair" in style or "bald" in style else style and f"hair: {style}")
    return f"{hair}: {style}"


def _age(look: Look) -> str:
    """The age where it was said: the default age of a grown-up, a baby or a creature means nothing."""
    unsaid = look.age == Look().age and look.kind not in ("child", "girl", "boy")
    if unsaid or (look.kind in GROWN_UPS and look.age < 16):
        return ""
    return "under a year" if look.age < 1 else "1 year" if look.age == 1 else f"{look.age} years"
