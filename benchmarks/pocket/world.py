"""The drawn world: scenes without end by seed, each with its caption, its boxes and the traits of everybody in it.

A sample is made of `storykin` values and drawn by the embedded painter, so that what a caption says is what is drawn. Some
values and combinations of values are kept back (`HELD_OUT`, `PAIRS`): they belong to characters that only an adapter can teach.
"""

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from random import Random
from typing import Any, TypeVar

from storykin.character import Character, Look, Outfit
from storykin.consistency import Setting
from storykin.consistency.storyboard import compose
from storykin.painters.sketch import Sketch
from storykin.raster import PAGE, PANIC, png_of
from storykin.scene import ACTIONS, Box, Facing, Figure, Framing, Scene, Time, Weather, breadth_of
from storykin.shot import Shot

from .telling import told

SIDE = 256  # pixels; a face of a whole figure has about 60 of them
Odds = dict[str, float]
T = TypeVar("T")

# --- what there is: value -> how often ----------------------------------------------------------------

KINDS: Odds = {"girl": 30, "boy": 30, "woman": 10, "man": 10, "animal": 20}
ANIMALS: dict[str, tuple[str, ...]] = {
    "dog": ("brown", "white", "black", "golden"), "cat": ("orange", "grey", "black", "white"), "rabbit": ("white", "brown", "grey"),
    "bear": ("brown", "white", "black"), "fox": ("orange", "red"), "mouse": ("grey", "brown"), "elephant": ("grey", "pink"),
    "dragon": ("green", "red", "blue"), "robot": ("grey", "red", "blue"), "penguin": ("black",), "frog": ("green",),
    "pig": ("pink",), "lion": ("golden",), "duck": ("yellow", "white"), "dinosaur": ("green", "orange"), "monkey": ("brown",),
}  # fmt: skip
"""Animals and creatures with the coats in which they are met."""

AGES = {"girl": (3, 10), "boy": (3, 10), "woman": (30, 70), "man": (30, 70)}
SKINS: Odds = {"fair": 4, "rosy": 1, "light brown": 2, "brown": 2, "dark": 2}
HAIR: Odds = {
    "black": 4, "dark brown": 2, "brown": 3, "red": 3, "blond": 4, "ginger": 2, "white": 1, "pink": 1.5, "purple": 1.5,
}  # fmt: skip
STYLES: dict[str, Odds] = {
    "girl": {"long": 3, "long wavy": 2, "long curly": 2, "short": 1, "curly": 2, "bob": 2, "pigtails": 2, "braids": 2, "ponytail": 2, "bun": 1, "afro": 1},
    "boy": {"short": 4, "curly": 2, "spiky": 2, "messy": 2, "bowl": 1, "buzz cut": 1, "afro": 1, "long": 1},
    "woman": {"long": 2, "long wavy": 2, "bob": 2, "bun": 2, "curly": 2, "short": 1, "ponytail": 1, "afro": 1},
    "man": {"short": 4, "bald": 1, "buzz cut": 1, "curly": 1, "messy": 1, "long": 0.5},
}  # fmt: skip
GLASSES: Odds = {"": 7, "round glasses": 1, "red glasses": 1, "blue glasses": 0.7, "square glasses": 0.7}
EXTRAS: Odds = {"": 6, "freckles": 2, "a plaster on the cheek": 0.6, "a hearing aid": 0.5, "earrings": 0.5}
BEARDS: Odds = {"": 3, "a beard": 1.5, "a moustache": 1}
COLOURS: Odds = {
    "red": 3, "blue": 3, "yellow": 3, "green": 3, "orange": 2, "purple": 2, "pink": 2, "white": 2, "black": 1.2, "brown": 1, "grey": 1, "light blue": 1,
}  # fmt: skip
PATTERNS: Odds = {"": 6, "striped": 2, "dotted": 1, "checked": 0.7}
PIECES: dict[str, Odds] = {
    "girl": {"dress": 4, "top skirt": 2, "top trousers": 3, "dungarees": 1, "coat": 2, "raincoat": 1, "pyjamas": 1, "costume": 3},
    "boy": {"top trousers": 4, "top shorts": 3, "dungarees": 1, "coat": 2, "raincoat": 1, "pyjamas": 1, "costume": 3},
    "woman": {"dress": 3, "top skirt": 2, "top trousers": 3, "coat": 2, "costume": 1},
    "man": {"top trousers": 4, "suit": 1, "coat": 2, "costume": 1},
}  # fmt: skip
TOPS: Odds = {"jumper": 3, "T-shirt": 3, "hoodie": 1, "shirt": 1}
LOWER = {
    "skirt": ("skirt",),
    "trousers": ("trousers", "jeans", "leggings"),
    "shorts": ("shorts",),
}
COSTUMES: Odds = {
    "a white spacesuit": 2, "a white doctor's coat over a {c} jumper": 2, "a {c} superhero cape over a {d} top and {d} trousers": 2,
    "shining armour": 1, "a pirate coat and a pirate hat": 1, "a {c} ball gown and a crown": 1, "a yellow firefighter's jacket and a helmet": 1,
    "a {c} wizard robe and a wizard hat": 1, "a {c} swimsuit": 1,
}  # fmt: skip
HATS: Odds = {"": 9, "woolly hat": 1, "cap": 1, "sun hat": 0.7, "crown": 0.5}
NECKWEAR: Odds = {"": 4, "scarf": 1.5, "bow tie": 0.7}
DEEDS: Odds = {
    "standing": 3, "walking": 2, "running": 2, "jumping": 2, "sitting": 3, "kneeling": 1, "waving": 2, "pointing": 1.5, "holding": 2.5,
    "dancing": 1.5, "thinking": 1, "reaching": 1, "sleeping": 0.8, "flying": 0.5, "swimming": 0.4, "riding": 0.8, "crouching": 0.6, "hugging": 0.4,
}  # fmt: skip
EXPRESSIONS: Odds = {
    "happy": 4, "calm": 2, "laughing": 2, "sad": 1.5, "worried": 1, "surprised": 1.5, "cross": 1, "sleepy": 0.6, "thoughtful": 0.8, "cheeky": 0.8,
}  # fmt: skip
PLACES: Odds = {
    "bedroom": 2, "living room": 1, "kitchen": 2, "classroom": 1, "library": 1, "clinic": 1.5, "bakery": 0.7, "theatre": 0.7, "castle hall": 1,
    "meadow": 2, "garden": 2, "park": 2, "street": 1.5, "farm": 1, "fairground": 0.7, "station": 0.5, "forest": 2, "mountain": 1, "lake": 1,
    "beach": 2, "ship deck": 1, "pond": 0.7, "jungle": 1, "desert": 1, "snow": 2, "sky": 1, "sea": 0.7, "the deep sea": 1.5, "cave": 1, "the moon": 2,
    "spaceship": 1, "circus": 1,
}  # fmt: skip
INDOORS = frozenset(
    {
        "bedroom",
        "living room",
        "kitchen",
        "classroom",
        "library",
        "clinic",
        "bakery",
        "theatre",
        "castle hall",
        "spaceship",
        "circus",
    }
)
STILL = INDOORS | {"the moon", "the deep sea", "cave"}
"""Places without weather."""
TIMES: dict[Time, float] = {"day": 6, "morning": 1, "evening": 1.5, "night": 1.5}
WEATHERS: dict[Weather, float] = {
    "clear": 7,
    "rain": 0.8,
    "snow": 0.6,
    "cloudy": 0.6,
    "fog": 0.3,
    "wind": 0.2,
}
HELD: Odds = {
    "ball": 2, "book": 2, "balloon": 2, "flower": 2, "apple": 1, "teddy": 2, "cup": 1, "lantern": 1, "flag": 1, "present": 1,
    "ice cream": 1, "guitar": 0.7, "magnifying glass": 0.7, "carrot": 0.6, "wand": 0.8, "cake": 0.8, "drum": 0.5, "star": 0.6,
}  # fmt: skip
RIDDEN: Odds = {"bicycle": 2, "scooter": 1, "horse": 1, "boat": 0.5, "skateboard": 1, "rocket": 0.5, "car": 1}
AROUND: Odds = {
    "tree": 2, "table": 1, "chair": 1, "ball": 1.5, "cake": 0.7, "present": 0.7, "bench": 1, "lamp": 0.7, "bucket": 0.7, "basket": 0.7,
    "mushroom": 0.7, "pumpkin": 0.7, "tent": 0.6, "campfire": 0.6, "treasure chest": 0.7, "snowman": 0.6, "rainbow": 0.6, "sandcastle": 0.5,
}  # fmt: skip
FRAMINGS: dict[Framing, float] = {"wide": 1, "medium": 5, "close": 4}
LARGE: dict[Framing, tuple[float, float]] = {"medium": (0.6, 0.8), "close": (1.15, 1.6)}
"""How high somebody who stands alone is, by the picture."""
NEAR = 0.85
"""Of the pictures, how many show somebody near by, framed by the head as who takes portraits frames: heads of a size, in the same few places. So small a net meets few figures; told
where heads are and how large, it learns in a fraction of the time what they look like. The other pictures show all that there is."""
PLACE = 1 / 8  # of a side: a token of the net
NEAR_FRAMINGS: dict[Framing, float] = {"medium": 1, "close": 1}
NEAR_LARGE = 0.85
"""How high the taller of two is, by the picture."""
HEADS: dict[Framing, dict[str, tuple[float, float]]] = {
    "close": {"child": (0.16, 3 * PLACE), "grown-up": (0.16, 3 * PLACE)},
    "medium": {"child": (0.085, 1.5 * PLACE), "grown-up": (0.07, 1.5 * PLACE), "animal": (0.15, 3 * PLACE)},
}
"""Half the breadth of a head, and how far below the upper edge its middle is, by the picture."""
NEAR_DEEDS: Odds = {
    "standing": 4,
    "waving": 1.5,
    "holding": 1.5,
    "sitting": 1,
    "pointing": 0.7,
    "thinking": 0.7,
    "walking": 0.7,
    "running": 0.5,
    "jumping": 0.5,
    "kneeling": 0.6,
    "crouching": 0.4,
    "dancing": 0.4,
}
NEAR_TOGETHER = 0.2  # of them, how many show two
CLOSE = frozenset({"standing", "sitting", "holding", "thinking", "waving", "pointing", "kneeling"})
"""Actions that a view from the waist up still shows."""

FREE = Box(0.4, 0.0, 0.2, 0.02)
"""Where words would stand that there are none of: figures then have the whole picture."""

HELD_OUT: dict[str, tuple[str, ...]] = {
    "hair_colour": ("green", "blue", "turquoise"),
    "hair_style": ("mohawk", "space buns"),
    "glasses": ("yellow square glasses",),
    "extra": ("a star on the cheek", "a heart on the cheek", "an eye patch"),
    "colour": ("turquoise", "burgundy", "mint"),
    "garment": ("waistcoat", "top hat", "beret"),
    "coat": ("purple", "turquoise"),
}
"""Values that no picture of the base's training shows, nor any caption says; `coat` is an animal's fur. Stars on clothes are never said either, but now and then peep out of a coat."""

PAIRS: tuple[tuple[tuple[str, str], tuple[str, str]], ...] = (
    (("hair_colour", "blond"), ("hair_style", "afro")),
    (("hair_colour", "pink"), ("hair_style", "bun")),
    (("hair_colour", "red"), ("glasses", "blue glasses")),
    (("kind", "man"), ("hair_colour", "purple")),
    (("outfit", "a yellow raincoat"), ("place", "the moon")),
    (("outfit", "a white spacesuit"), ("place", "kitchen")),
    (("kind", "cat"), ("place", "the deep sea")),
    (("kind", "dragon"), ("place", "classroom")),
)
"""Values that are met, but never these two together: what the base must put together by itself."""

APART = 3 * 10**9  # seeds of pictures that show such a pair
NAMES = ("Sasha", "Mia", "Tom", "Ben", "Lily", "Oskar", "Nora", "Ali", "Zoe", "Max", "Ida", "Leo")


def test_characters() -> tuple[Character, ...]:
    """The six whom the base has never seen: a photo album's worth of traits that only an adapter can teach."""
    return (
        Character("Ava", Look("girl", 6, skin="fair", hair_colour="green", hair_style="long wavy", glasses="round glasses"),
                  (Outfit("everyday", "a turquoise dress"), Outfit("outdoors", "a burgundy coat and a beret"))),
        Character("Blix", Look("boy", 7, skin="brown", hair_colour="blue", hair_style="mohawk", extras=("a star on the cheek",)),
                  (Outfit("everyday", "a starry mint T-shirt and black shorts"), Outfit("outdoors", "a turquoise coat"))),
        Character("Cleo", Look("girl", 5, skin="dark", hair_colour="turquoise", hair_style="space buns", extras=("a heart on the cheek",)),
                  (Outfit("everyday", "a starry burgundy dress"), Outfit("outdoors", "a mint coat"))),
        Character("Dario", Look("man", 40, skin="light brown", hair_colour="blue", hair_style="messy", glasses="yellow square glasses"),
                  (Outfit("everyday", "a burgundy waistcoat over a white shirt and grey trousers and a top hat"), Outfit("outdoors", "a green coat"))),
        Character("Edda", Look("woman", 35, skin="fair", hair_colour="green", hair_style="bob", extras=("an eye patch",)),
                  (Outfit("everyday", "a burgundy jumper and a mint skirt"), Outfit("outdoors", "a red coat"))),
        Character("Fips", Look("dragon", 5, skin="purple", hair_colour="yellow"),
                  (Outfit("everyday", "a turquoise scarf"), Outfit("outdoors", "a mint woolly hat"))),
    )  # fmt: skip


# --- samples ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sample:
    """One picture to be drawn: the scene with everybody's place, who is in it, what is said of it, and its labels as plain values."""

    seed: int
    scene: Scene
    cast: tuple[Character, ...]
    caption: str
    labels: dict[str, Any]


def sample(seed: int, together: int = 0) -> Sample:
    """The picture of that number, always the same; `together` is how many figures it has, 0 lets the seed decide (one, at times two)."""
    dice = Random(f"world {seed}")
    near = dice.random() < NEAR
    count = together or (2 if dice.random() < (NEAR_TOGETHER if near else 0.15) else 1)
    while True:
        scene, cast = _scene(dice, count, near)
        if not any(_meets(pair, scene, cast) for pair in PAIRS):
            return of(seed, scene, cast)


def of(seed: int, scene: Scene, cast: tuple[Character, ...]) -> Sample:
    """A sample of a given scene; its caption is one of many that say the same, chosen by the seed."""
    return Sample(
        seed, scene, cast, told(scene, cast, Random(f"telling {seed}")), labels_of(seed, scene, cast)
    )


def apart(number: int) -> Sample:
    """A picture of one figure in whom two values meet that no training picture shows together: the pairs of `PAIRS` by turns."""
    seed, pair = APART + number, PAIRS[number % len(PAIRS)]
    dice = Random(f"apart {seed}")
    near = dice.random() < NEAR
    while True:
        scene, cast = _scene(dice, 1, near)
        if _meets(pair, scene, cast):
            return of(seed, scene, cast)


def scene_of(
    dice: Random,
    cast: Sequence[Character],
    framing: Framing = "",
    outfits: Sequence[str] = (),
    near: bool = False,
) -> Scene:
    """A scene of the world for given characters; `outfits` name what each wears, left out what comes first; `near` shows them large, doing what most people do; in a wide view as small as books show them."""
    framing = framing or _pick(dice, NEAR_FRAMINGS if near else FRAMINGS)
    if framing == "close" and (len(cast) > 1 or not cast[0].look.is_person) and (near or dice.random() < 0.7):
        framing = "medium"
    place = _pick(dice, PLACES)
    figures = tuple(
        _figure(dice, one, framing, place, outfits[number] if outfits else "", len(cast), near)
        for number, one in enumerate(cast)
    )
    several = dice.choice((0, 0, 0, 1) if near else (0, 0, 0, 1, 1, 2))
    around = tuple(dict.fromkeys(_pick(dice, AROUND) for _ in range(several)))
    clear = place in STILL or (near and dice.random() < 0.6)
    weather: Weather = "clear" if clear else _pick(dice, WEATHERS)
    time: Time = "day" if place in ("the moon", "the deep sea", "cave") else _pick(dice, TIMES)
    scene = Scene(place, time, weather, around, figures, framing)
    words = "Once upon a time there was a little story." if dice.random() < 0.3 and not near else ""
    free = None if words else FREE
    number = dice.randrange(1, 9)
    setting = Setting(reader_age=6)
    placed = compose(replace(scene, text_zone=free), words, number, tuple(cast), setting)
    boxes = [one.box for one in placed.figures]
    if near and framing != "wide":
        tallest = max(one.look.standing_height for one in cast)
        plain = tuple(
            replace(one, box=_large(dice, one.action, who.look, "medium", NEAR_LARGE * who.look.standing_height / tallest, 0.5))
            for one, who in zip(figures, cast, strict=True)
        )  # fmt: skip
        boxes = _near(dice, replace(placed, figures=plain, text_zone=None), cast)
    elif len(cast) == 1 and not words and framing in LARGE and (framing == "close" or dice.random() < 0.6):
        standing, middle = dice.uniform(*LARGE[framing]), dice.uniform(0.34, 0.66)
        boxes = [_large(dice, figures[0].action, cast[0].look, framing, standing, middle)]
    there = tuple(replace(was, box=box) for was, box in zip(figures, boxes, strict=True))
    return replace(placed, figures=there, text_zone=placed.text_zone if words else None)


def _figure(dice: Random, who: Character, framing: Framing, place: str, worn: str, together: int, near: bool) -> Figure:  # fmt: skip
    """What one of so many `together` does there."""
    deeds = NEAR_DEEDS if near else DEEDS
    action = _pick(dice, deeds)
    while (framing == "close" and action not in CLOSE) or (action == "hugging" and together == 1) or (
        action in ("riding", "sleeping") and together > 1
    ):  # fmt: skip
        action = _pick(dice, deeds)
    if action == "riding" and not who.look.is_person:
        action = "running"
    if place in ("the deep sea", "sea") and framing != "close" and not near and dice.random() < 0.6:
        action = "swimming"
    if place == "sky" and framing != "close" and not near and dice.random() < 0.6:
        action = "flying"
    prop = ""
    if action in ("holding", "sitting", "standing") and dice.random() < (
        1 if action == "holding" else 0.05 if near else 0.15
    ):
        prop, action = _pick(dice, HELD), "holding" if action == "standing" else action
    if action == "riding":
        prop = _pick(dice, RIDDEN)
    facing: Facing = dice.choice(("left", "right", "front", "front"))
    return Figure(who.name, action, _pick(dice, EXPRESSIONS), prop, worn, facing)


def _near(dice: Random, scene: Scene, cast: Sequence[Character]) -> list[Box]:
    """Places for one or two, framed by their heads; two are as high as they are beside each other, on the same ground."""
    boxes = []
    for number, (figure, who, head) in enumerate(
        zip(scene.figures, cast, heads_in(scene, cast), strict=True)
    ):
        box, (x, y, half) = figure.box, head
        assert box
        if len(cast) > 1:
            boxes.append(replace(box, x=round(box.x + (2, 6)[number] * PLACE - x, 4), y=max(0.0, box.y)))
            continue
        aside = x - (box.x + box.w / 2)  # a lion's head is not above its middle
        free = (2, 4, 4, 6) if abs(aside) < 0.1 else (2, 4) if aside < 0 else (4, 6)
        grown = "grown-up" if who.look.kind in ("woman", "man") else "child"
        size, down = HEADS[scene.framing][grown if who.look.is_person else "animal"]
        across, by = dice.choice(free) * PLACE, size / half
        sides = (across - (x - box.x) * by, down - (y - box.y) * by, box.w * by, box.h * by)
        boxes.append(Box(*(round(one, 4) for one in sides)))
    return boxes


def heads_in(scene: Scene, cast: Sequence[Character]) -> list[tuple[float, float, float]]:
    """Middle and half the breadth of everybody's head as it is drawn, by the picture."""
    from benchmarks.traits.world import heads_of

    found = heads_of(Shot(1, scene, tuple(cast), width=SIDE, height=SIDE))
    return [found[one.character] for one in scene.figures]


def _large(dice: Random, action: str, look: Look, framing: Framing, standing: float, middle: float) -> Box:
    """A place for somebody `standing` so high, larger than a page with words has: heads are then large enough for glasses and freckles."""
    move = ACTIONS[action]
    standing *= 1 if look.is_person else 0.85
    high = standing * move.height
    wide = high / move.height * breadth_of(look.kind, look.is_person, move)
    top = (
        dice.uniform(0.13, 0.2)
        if framing == "close"
        else dice.uniform(0.86, 0.95) - move.lift * standing - high
    )
    if framing == "close" and top + high < 0.9:  # who sits is not high enough to be cut off
        top = 0.96 - high
    return Box(round(middle - wide / 2, 4), round(top, 4), round(wide, 4), round(high, 4))


def _scene(dice: Random, count: int, near: bool) -> tuple[Scene, tuple[Character, ...]]:
    names = dice.sample(NAMES, count)
    cast = tuple(character(dice, name) for name in names)
    return scene_of(dice, cast, near=near), cast


def character(dice: Random, name: str) -> Character:
    """Somebody made of traits that the base may see, in one outfit."""
    kind = _pick(dice, KINDS)
    if kind == "animal":
        animal = dice.choice(tuple(ANIMALS))
        worn = _pick(dice, NECKWEAR)
        words = f"a {_pick(dice, COLOURS)} {worn}" if worn else ""
        outfits = (Outfit("everyday", words),) if words else ()
        return Character(name, Look(animal, 5, skin=dice.choice(ANIMALS[animal])), outfits)
    age = dice.randint(*AGES[kind])
    tint = _pick(dice, HAIR)
    if kind in ("woman", "man") and age > 58:
        tint = dice.choice(("grey", "white"))
    said = [_pick(dice, EXTRAS), _pick(dice, BEARDS) if kind == "man" else ""]
    style = _pick(dice, STYLES[kind])
    look = Look(
        kind,
        age,
        skin=_pick(dice, SKINS),
        hair_colour="" if style == "bald" else tint,
        hair_style=style,
        glasses=_pick(dice, GLASSES),
        extras=tuple(filter(None, said)),
    )
    return Character(name, look, (Outfit("everyday", clothes(dice, kind)),))


def clothes(dice: Random, kind: str) -> str:
    """Words for an outfit: garments with their colours, at times a pattern, a hat, a scarf, or a costume."""
    piece = _pick(dice, PIECES[kind])
    one, other = _pick(dice, COLOURS), _pick(dice, COLOURS)
    said: str
    if piece == "costume":
        costumes = {key: odds for key, odds in COSTUMES.items() if kind != "boy" or "gown" not in key}
        return _pick(dice, costumes).format(c=one, d=other)
    pattern = _pick(dice, PATTERNS)
    if piece.startswith("top "):
        top, low = _pick(dice, TOPS), dice.choice(LOWER[piece[4:]])
        lower = f"{other} {low}" if low != "jeans" else "jeans"
        said = _a(f"{pattern} {one} {top}".strip()) + " and " + (_a(lower) if low == "skirt" else lower)
    elif piece in ("dungarees", "pyjamas"):
        said = f"{pattern + ' ' if pattern and piece == 'pyjamas' else ''}{one} {piece}"
        if piece == "dungarees":
            said += f" over {_a(f'{pattern} {other} T-shirt'.strip())}"
    elif piece == "dress":
        said = _a(f"{pattern} {one} dress".strip())
    else:
        said = f"{_a(f'{one} {piece}')}"
        if piece == "raincoat":
            said += f" and {other} wellies"
    hat = _pick(dice, HATS) if piece not in ("pyjamas",) else ""
    if hat:
        said += f" and {_a(f'{_pick(dice, COLOURS)} {hat}' if hat != 'crown' else 'golden crown')}"
    elif piece == "coat" and dice.random() < 0.5:
        said += f" and {_a(f'{_pick(dice, COLOURS)} scarf')}"
    return said


def labels_of(seed: int, scene: Scene, cast: Sequence[Character]) -> dict[str, Any]:
    """What a judge may ask: every trait by its name, with the box of each figure in fractions of the picture; JSON."""
    known = {one.name: one for one in cast}
    people = []
    for figure in scene.figures:
        who = known[figure.character]
        worn = who.outfit(figure.outfit).words if who.outfits else ""
        people.append(
            {
                **asdict(who.look),
                "extras": list(who.look.extras),
                "name": who.name,
                "height": who.look.standing_height,
                "outfit": worn,
                "action": figure.action,
                "expression": figure.expression,
                "prop": figure.prop,
                "facing": figure.facing,
                "box": [round(side, 4) for side in asdict(figure.box).values()] if figure.box else None,
            }
        )
    zone = [round(side, 4) for side in asdict(scene.text_zone).values()] if scene.text_zone else None
    return {
        "seed": seed, "place": scene.place, "time": scene.time, "weather": scene.weather, "props": list(scene.props),
        "framing": scene.framing, "text_zone": zone, "figures": people,
    }  # fmt: skip


def remade(labels: dict[str, Any]) -> Sample:
    """The sample that labels were written for, without its dice."""
    return of(labels["seed"], *scene_in(labels))


def scene_in(labels: dict[str, Any]) -> tuple[Scene, tuple[Character, ...]]:
    """Scene and cast that labels were written for: every caption can be told anew from them."""
    cast, figures = [], []
    for one in labels["figures"]:
        look = {key: one[key] for key in Look.__dataclass_fields__ if key != "height"}
        look["extras"] = tuple(look["extras"])
        outfits = (Outfit("everyday", one["outfit"]),) if one["outfit"] else ()
        cast.append(Character(one["name"], Look(**look), outfits))
        figures.append(
            Figure(one["name"], one["action"], one["expression"], one["prop"], "", one["facing"], Box(*one["box"]))
        )  # fmt: skip
    zone = Box(*labels["text_zone"]) if labels["text_zone"] else None
    scene = Scene(
        labels["place"], labels["time"], labels["weather"], tuple(labels["props"]), tuple(figures), labels["framing"], zone
    )  # fmt: skip
    return scene, tuple(cast)


def _meets(pair: tuple[tuple[str, str], tuple[str, str]], scene: Scene, cast: Sequence[Character]) -> bool:
    return any(all(_has(one, trait, value, scene) for trait, value in pair) for one in cast)


def _has(who: Character, trait: str, value: str, scene: Scene) -> bool:
    if trait == "place":
        return scene.place == value
    if trait == "outfit":
        return bool(who.outfits) and value in who.outfits[0].words
    return bool(getattr(who.look, trait) == value)


def _pick(dice: Random, odds: dict[T, float]) -> T:
    return dice.choices(tuple(odds), tuple(odds.values()))[0]


def _a(words: str) -> str:
    return f"{'an' if words[0] in 'aeio' else 'a'} {words}"


# --- drawing ------------------------------------------------------------------------------------------


def svg_of(one: Sample, side: int = SIDE) -> str:
    """The drawing as the embedded painter makes it; about 14 ms."""
    # the page's number turns the camera a little, as in a book
    shot = Shot(1 + one.seed % 12, one.scene, one.cast, seed=one.seed % 2**31, width=side, height=side)
    return _painter().paint(shot, lambda _: None).decode()


def draw(one: Sample, side: int = SIDE) -> bytes:
    """One sample as a PNG of that many pixels a side; for many `draw_all` is faster."""
    return next(iter(draw_all([one], side)))


def draw_all(samples: Sequence[Sample], side: int = SIDE) -> list[bytes]:
    """Samples as PNGs: all as pages of one document, which spares a typesetter each."""
    import typst

    head, _, body = PAGE.partition("\n")
    source = head.format(width=side, height=side) + "\n"
    source += "#pagebreak()\n".join(
        body.format(width=side, height=side).replace("inputs.svg", f"inputs.s{number}") + "\n"
        for number in range(len(samples))
    )
    drawings = {f"s{number}": svg_of(one, side) for number, one in enumerate(samples)}
    try:
        made = typst.Compiler(source.encode(), ignore_system_fonts=True, sys_inputs=drawings).compile(
            format="png", ppi=72
        )
    except BaseException as error:
        if type(error).__name__ != PANIC:
            raise
        return [png_of(one.encode(), Sketch.media_type, side) for one in drawings.values()]
    return [made] if isinstance(made, bytes) else list(made)


def pixels(png: bytes) -> Any:
    """A picture as side x side x 3 bytes."""
    import numpy as np
    from PIL import Image

    with Image.open(io.BytesIO(png)) as picture:
        return np.asarray(picture.convert("RGB"))


@cache
def _painter() -> Sketch:
    return Sketch()
