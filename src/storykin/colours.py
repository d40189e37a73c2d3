"""Values: colours as numbers and as the words that people use for hair, skin, clothes and coats.

A look may say "#a08050" or "dark blond": the painter draws the number, the prompt says the word.
"""

import math
import re
from collections.abc import Mapping

from storykin.errors import BadInput

Lab = tuple[float, float, float]
"""A colour as CIE L*a*b* under D65, L 0 to 100."""
Triple = tuple[float, float, float]

WHITE: Triple = (0.95047, 1.0, 1.08883)
"""Daylight D65 as CIE XYZ (2 degree observer), Y = 1."""

#   Hair as cameras see it in daylight, shine and shadow averaged
HAIR: dict[str, Lab] = {
    "black": (14, 1, 1), "dark brown": (22, 5, 7), "brown": (32, 8, 13), "light brown": (44, 9, 20),
    "chestnut": (30, 15, 18), "auburn": (30, 23, 21), "red": (43, 27, 32), "strawberry blond": (61, 17, 32),
    "dark blond": (54, 7, 25), "blond": (65, 6, 29), "light blond": (75, 4, 26), "white-blond": (85, 1, 15),
    "dark grey": (42, 1, 3), "grey": (58, 0, 2), "white": (86, 0, 3),
}  # fmt: skip

#   Skin on the lit part of a face, where the embedded painter's own skins lie too; the steps of L* follow the classes of
#   the individual typology angle (Chardon, Cretois, Hourseau 1991)
SKIN: dict[str, Lab] = {
    "porcelain": (88, 7, 10), "fair": (82, 9, 14), "light": (76, 11, 18), "medium": (68, 14, 23), "olive": (67, 8, 27),
    "tan": (62, 17, 27), "light brown": (55, 18, 27), "brown": (45, 17, 24), "dark brown": (35, 14, 18), "deep": (25, 10, 12),
}  # fmt: skip

CLOTHES: dict[str, Lab] = {
    "red": (46, 60, 42), "dark red": (31, 43, 27), "burgundy": (23, 28, 9), "coral": (65, 44, 34), "pink": (75, 30, 4),
    "hot pink": (57, 64, 1), "orange": (66, 38, 62), "rust": (46, 36, 36), "mustard": (67, 9, 57), "yellow": (84, 3, 66),
    "cream": (91, 1, 12), "beige": (77, 3, 18), "light brown": (59, 13, 28), "brown": (40, 14, 22), "dark brown": (24, 9, 12),
    "khaki": (58, 1, 22), "olive": (46, -5, 30), "green": (52, -38, 30), "dark green": (31, -21, 12), "light green": (77, -25, 35),
    "mint": (83, -22, 8), "turquoise": (66, -32, -7), "teal": (43, -24, -11), "light blue": (78, -9, -19), "blue": (45, 6, -48),
    "slate blue": (50, -3, -20), "dark blue": (31, 8, -35), "navy": (19, 4, -20), "lilac": (72, 17, -22), "purple": (41, 35, -35),
    "dark purple": (25, 24, -24), "black": (13, 0, 0), "dark grey": (35, 0, -1), "grey": (56, 0, -1), "light grey": (78, 0, -1),
    "white": (95, 0, 1),
}  # fmt: skip

#   Animals have natural coats, toys and dragons have any colour
COAT: dict[str, Lab] = {
    "black": (15, 1, 1), "dark brown": (24, 8, 11), "brown": (38, 13, 20), "red-brown": (37, 24, 27), "light brown": (55, 12, 27),
    "ginger": (61, 24, 43), "golden": (68, 11, 42), "sand": (75, 5, 27), "cream": (88, 2, 16), "white": (94, 0, 2),
    "light grey": (77, 0, 1), "grey": (57, 0, 1), "dark grey": (35, 0, 0), "red": (46, 60, 42), "orange": (66, 42, 64),
    "yellow": (84, 3, 68), "green": (52, -38, 30), "dark green": (31, -21, 12), "light green": (77, -27, 35),
    "turquoise": (66, -32, -7), "light blue": (78, -9, -19), "blue": (45, 6, -48), "dark blue": (29, 8, -33),
    "lilac": (72, 17, -22), "purple": (41, 35, -35), "pink": (75, 30, 4),
}  # fmt: skip

EYES: dict[str, Lab] = {
    "dark brown": (18, 6, 8), "brown": (29, 11, 17), "amber": (48, 18, 42), "hazel": (42, 6, 27),
    "green": (46, -10, 14), "grey": (50, -2, -3), "blue": (52, -6, -20),
}  # fmt: skip

VOCABULARIES: dict[str, Mapping[str, Lab]] = {
    "hair": HAIR, "skin": SKIN, "clothes": CLOTHES, "coat": COAT, "eyes": EYES, "": CLOTHES,
}  # fmt: skip
"""What a colour can be the colour of, and the words for it; "" is anything else."""

HEX = re.compile(r"#[0-9a-f]{6}(?![0-9a-f])", re.IGNORECASE)
"""A colour as a number: "#rrggbb"."""


def lab_of(text: str, of: str = "") -> Lab:
    """The colour that "#rrggbb" or a word of `VOCABULARIES[of]` names. Raises `BadInput` for anything else."""
    said = text.strip().lower()
    found = HEX.search(said)
    if found:
        return _lab_of_xyz(_xyz_of_light(light_of(found[0])))
    if said in VOCABULARIES[of]:
        return VOCABULARIES[of][said]
    known = ", ".join(VOCABULARIES[of])
    raise BadInput(f"'{text}' is no colour of {of or 'things'}", f'write "#rrggbb" or one of: {known}')


def hex_of(lab: Lab) -> str:
    """The nearest "#rrggbb" that a screen can show; what lies outside its range is cut off channel by channel."""
    return hex_of_light(_light_of_xyz(_xyz_of_lab(lab)))


def light_of(code: str) -> Triple:
    """Linear red, green and blue, 0 to 1, of "#rrggbb" (sRGB, IEC 61966-2-1)."""
    red, green, blue = (_linear(int(code[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return red, green, blue


def hex_of_light(light: Triple) -> str:
    """The "#rrggbb" of linear red, green and blue."""
    return "#" + "".join(f"{round(255 * _encoded(min(1.0, max(0.0, part)))):02x}" for part in light)


def relit(lab: Lab, gains: Triple) -> Lab:
    """The colour when the light's red, green and blue are multiplied by `gains` (von Kries in linear sRGB)."""
    red, green, blue = _light_of_xyz(_xyz_of_lab(lab))
    light = (max(0.0, red) * gains[0], max(0.0, green) * gains[1], max(0.0, blue) * gains[2])
    return _lab_of_xyz(_xyz_of_light(light))


def gains_between(seen: Lab, true: Lab) -> Triple:
    """What the light's red, green and blue must be multiplied by to make `seen` look like `true`."""
    pairs = zip(_light_of_xyz(_xyz_of_lab(seen)), _light_of_xyz(_xyz_of_lab(true)), strict=True)
    red, green, blue = (max(0.0, b) / max(a, 1e-4) for a, b in pairs)
    return red, green, blue


def delta_e(one: Lab, other: Lab, lightness: float = 1.0) -> float:
    """How different two colours look: CIEDE2000; about 1 is just visible, 10 are two colours.

    Formula and its pitfalls: Sharma, Wu, Dalal, "The CIEDE2000 color-difference formula", Color Research
    and Application 30 (2005). `lightness` is its k_L: 2 for cloth, whose folds change L* and nothing else.
    """
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    stretch = 1 + 0.5 * (1 - math.sqrt(mean**7 / (mean**7 + 25.0**7)))
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = math.degrees(math.atan2(b1, a1)) % 360, math.degrees(math.atan2(b2, a2)) % 360
    turn = (h2 - h1 + 180) % 360 - 180 if abs(h2 - h1) != 180 else h2 - h1
    if c1 * c2 == 0:
        turn, hue = 0.0, h1 + h2
    else:
        hue = (h1 + h2) / 2 + (0 if abs(h1 - h2) <= 180 else 180 if h1 + h2 < 360 else -180)
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    return _weighted(
        light, chroma, hue, (l2 - l1) / lightness, c2 - c1, 2 * math.sqrt(c1 * c2) * _sin(turn / 2)
    )


def _weighted(light: float, chroma: float, hue: float, dl: float, dc: float, dh: float) -> float:
    """The differences weighed by how finely the eye sees at this mean lightness, chroma and hue."""
    t = (
        1
        - 0.17 * _cos(hue - 30)
        + 0.24 * _cos(2 * hue)
        + 0.32 * _cos(3 * hue + 6)
        - 0.20 * _cos(4 * hue - 63)
    )
    blue = 60 * math.exp(-(((hue - 275) / 25) ** 2))
    rotation = -_sin(blue) * 2 * math.sqrt(chroma**7 / (chroma**7 + 25.0**7))
    dl /= 1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2)
    dc /= 1 + 0.045 * chroma
    dh /= 1 + 0.015 * chroma * t
    return math.sqrt(max(0.0, dl * dl + dc * dc + dh * dh + rotation * dc * dh))


def nearest_word(lab: Lab, vocabulary: Mapping[str, Lab]) -> str:
    """The word of the vocabulary whose colour looks most alike.

    Of skin, lightness counts half: a camera makes it lighter or darker as it likes and keeps its hue.
    """
    lightness = 2.0 if vocabulary is SKIN else 1.0
    return min(vocabulary, key=lambda word: delta_e(lab, vocabulary[word], lightness))


def hair_word(lab: Lab) -> str:
    """What people call hair of this colour: "dark blond"."""
    return nearest_word(lab, HAIR)


def skin_word(lab: Lab) -> str:
    """What goes before "skin": "light brown"."""
    return nearest_word(lab, SKIN)


def clothes_word(lab: Lab) -> str:
    """What people call cloth of this colour: "mustard"."""
    return nearest_word(lab, CLOTHES)


def colour_word(text: str, of: str = "") -> str:
    """The text with every "#rrggbb" as the word of `VOCABULARIES[of]`; words stay as they are.

    Where a colour's own word follows it ("#a08050 light brown"), that word is what the parent calls it;
    after the number of hair, skin or eyes any words are.
    """
    own = HEX.match(text.strip())
    if own and of in ("hair", "skin", "eyes") and (called := text.strip()[own.end() :].strip(" ,()")):
        text = called
    named = "|".join(sorted(map(re.escape, VOCABULARIES[of]), key=len, reverse=True))
    said = re.sub(rf"{HEX.pattern}\s*\(?\s*\b({named})\b\s*\)?", r"\1", text, flags=re.IGNORECASE)
    return HEX.sub(lambda found: nearest_word(lab_of(found[0]), VOCABULARIES[of]), said)


def exactly(words: str, palette: tuple[str, ...]) -> str:
    """The words with the name of each "#rrggbb" of the palette replaced, where it first occurs, by that number.

    So "a red top" with the palette ("#b0302c",) is drawn in exactly the red that was measured.
    """
    codes = {colour_word(code, "clothes"): code for code in reversed(palette) if HEX.fullmatch(code)}
    named = "|".join(sorted(map(re.escape, CLOTHES), key=len, reverse=True))
    rule = rf"(?<![\w-])({named})(?![\w-])"
    return re.sub(rule, lambda found: codes.pop(found[0].lower(), found[0]), words, flags=re.IGNORECASE)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _encoded(value: float) -> float:
    return value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def _xyz_of_light(light: Triple) -> Triple:
    r, g, b = light
    return (
        0.4124564 * r + 0.3575761 * g + 0.1804375 * b,
        0.2126729 * r + 0.7151522 * g + 0.0721750 * b,
        0.0193339 * r + 0.1191920 * g + 0.9503041 * b,
    )


def _light_of_xyz(xyz: Triple) -> Triple:
    x, y, z = xyz
    return (
        3.2404542 * x - 1.5371385 * y - 0.4985314 * z,
        -0.9692660 * x + 1.8760108 * y + 0.0415560 * z,
        0.0556434 * x - 0.2040259 * y + 1.0572252 * z,
    )


def _lab_of_xyz(xyz: Triple) -> Lab:
    fx, fy, fz = (_root(part / white) for part, white in zip(xyz, WHITE, strict=True))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def _xyz_of_lab(lab: Lab) -> Triple:
    fy = (lab[0] + 16) / 116
    x, y, z = (
        _cube(f) * white for f, white in zip((fy + lab[1] / 500, fy, fy - lab[2] / 200), WHITE, strict=True)
    )
    return x, y, z


def _root(value: float) -> float:
    """CIE 15: a cube root that turns into a line near black."""
    return math.cbrt(value) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116


def _cube(value: float) -> float:
    return value**3 if value > 6 / 29 else (116 * value - 16) * 27 / 24389


def _sin(degrees: float) -> float:
    return math.sin(math.radians(degrees))


def _cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))
