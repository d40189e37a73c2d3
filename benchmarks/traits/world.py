"""The reader's world: little books by seed, drawn by the embedded painter, each pixel of every figure labelled.

A book has a cast in which some are twins that differ in one thing only, pages as the storyboard composes them and pages that show
somebody alone, as references do. Labels are drawn too: the same figures once more in colours that stand for parts.
"""

import colorsys
import contextlib
import hashlib
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from random import Random
from typing import Any, TypeVar

from benchmarks.pocket import world as pocket

from storykin.character import Character, Look, Outfit
from storykin.consistency import Setting
from storykin.consistency.storyboard import compose
from storykin.painters.sketch import Sketch, creature_figure, creatures, page, people, places, spots
from storykin.painters.sketch.creature_kinds import KINDS, is_creature, kind_of
from storykin.painters.sketch.drawn import Drawn
from storykin.painters.sketch.hair import STYLES, style_of, tint_of
from storykin.painters.sketch.hats import covers
from storykin.painters.sketch.ink import COLOURS, moved
from storykin.painters.sketch.people import skin_of
from storykin.painters.sketch.props import RIDER
from storykin.painters.sketch.swatches import worn_by
from storykin.painters.sketch.wear import Garment, Wear
from storykin.scene import Box, Figure, Framing, Scene, Time, Weather
from storykin.shot import Shot
from storykin.writers.fable import looks as fable

T = TypeVar("T")
WIDE = 512  # pixels of a picture's wider side; a head has about 60 of them
LABELS = 256  # the same of the labels
ARTS = {"flat": 4, "watercolour": 2, "ink": 1.5, "cut-paper": 1.5, "crayon": 1}
"""Arts by how often: crayon takes four times as long to draw as flat."""

PARTS = ("", "hair", "skin", "upper", "lower", "hat", "coat", "belly", "mark", "neck", "other")
"""What a pixel of a figure can be; "other" is a face's features, shoes and small things, "" is not this figure."""
HUES = {
    "hair": 0,
    "skin": 120,
    "upper": 240,
    "lower": 60,
    "hat": 180,
    "coat": 300,
    "belly": 30,
    "mark": 90,
    "neck": 210,
}

PLAIN_STYLES = (
    "long", "long wavy", "long curly", "short", "curly", "bob", "pigtails", "braids", "two plaits", "a braid", "ponytail", "bun", "afro",
    "spiky", "messy", "bowl cut", "buzz cut", "mohawk", "space buns", "locs", "shoulder-length", "wavy", "tousled", "short curls",
)  # fmt: skip
MEN = ("short", "bald", "bald on top", "buzz cut", "curly", "messy", "long", "spiky", "wavy", "mohawk")
TINTS = (
    "black", "dark brown", "brown", "light brown", "chestnut", "auburn", "red", "ginger", "strawberry blond", "honey", "dark blond", "blond",
    "light blond", "white-blond", "grey", "white", "pink", "purple", "green", "blue", "turquoise", "orange",
)  # fmt: skip
SKINS = (
    "porcelain", "fair", "light", "rosy", "medium", "light brown skin", "warm brown", "brown skin", "dark", "deep", "tan", "light brown", "brown",
    "dark brown", "olive",
)  # fmt: skip
GLASSES = (
    "round glasses",
    "red glasses",
    "blue glasses",
    "square glasses",
    "sunglasses",
    "green glasses",
    "yellow square glasses",
)
EXTRAS = ("freckles", "a plaster on the cheek", "a hearing aid", "earrings", "a star on the cheek", "a heart on the cheek", "an eye patch",
          "a hair bow", "a gap between the front teeth", "dimples")  # fmt: skip
CLOTH = tuple(one for one in COLOURS if one not in ("porcelain", "fair", "light", "rosy", "medium", "rainbow", "blonde", "gray")
              and "skin" not in one)  # fmt: skip
PATTERNS = ("striped", "dotted", "checked", "starry", "flowery")
TOPS = ("jumper", "T-shirt", "hoodie", "shirt", "blouse", "vest", "tunic", "turtleneck", "cardigan")
LOWER = ("trousers", "jeans", "leggings", "shorts", "skirt", "long skirt")
WHOLE = (
    "dress",
    "dungarees over a {d} T-shirt",
    "coat",
    "raincoat",
    "pyjamas",
    "nightdress",
    "overalls",
    "robe",
    "swimsuit",
    "ball gown",
    "onesie",
)
LEGS = {
    "skirt": "skirt", "tutu": "skirt", "tutu skirt": "skirt", "long skirt": "long skirt", "dress": "dress", "gown": "dress", "robe": "dress", "nightdress": "dress",
    "shorts": "shorts", "swim trunks": "shorts", "briefs": "shorts", "spacesuit": "suit", "armour": "suit", "overalls": "suit",
}  # fmt: skip
"""What legs are in, by the kind of the garment; trousers otherwise."""
COSTUMES = (
    "a white spacesuit", "a white doctor's coat over a {c} jumper", "a {c} superhero cape over a {d} top and {d} trousers", "shining armour",
    "a pirate coat and a pirate hat", "a yellow firefighter's jacket and a helmet", "a {c} wizard robe and a wizard hat", "a police uniform",
    "a chef's apron and a tall white hat", "an explorer costume", "a {c} ballet dress", "a fairy costume", "a builder costume", "a diver costume",
    "a king costume", "a {c} suit", "a sailor costume", "a detective costume", "a postman costume", "a football kit",
)  # fmt: skip
HATS = (
    "woolly hat",
    "cap",
    "sun hat",
    "crown",
    "beret",
    "top hat",
    "headscarf",
    "straw hat",
    "flower crown",
    "headband",
    "bike helmet",
    "witch hat",
)
PETS = ("dog", "puppy", "cat", "kitten", "fox", "rabbit", "bear", "mouse", "dragon", "robot", "penguin", "owl", "hedgehog", "elephant", "lion",
        "duck", "frog", "monkey", "horse", "unicorn", "pig")  # fmt: skip
COATS = (
    *fable.COATS,
    "brown",
    "white",
    "black",
    "golden",
    "orange",
    "pink",
    "green",
    "blue",
    "red",
    "purple",
    "turquoise",
    "",
)
THINGS = (*pocket.AROUND, "dog", "cat", "rabbit", "hen", "sheep")


@dataclass(frozen=True)
class Leaf:
    """One page of a book of this world: what to draw, in which light and art it is drawn, and who is known of it."""

    book: int
    shot: Shot
    alone: bool


def book(seed: int, pages: int = 6) -> list[Leaf]:
    """The pages of that book, always the same: most as a storyboard composes them, then everybody alone as references show them."""
    dice = Random(f"traits {seed}")
    art = pocket._pick(dice, ARTS)
    cast = _cast(dice)
    leaves = []
    for number in range(pages):
        count = min(len(cast), dice.choice((1, 2, 2, 2, 3, 3, 4)))
        scene = _scene(dice, dice.sample(cast, count), number)
        leaves.append(_leaf(seed, number + 1, scene, cast, art, False))
    for number, who in enumerate(dice.sample(cast, min(len(cast), 2))):
        act = dice.choice(("standing", "standing", "walking", "waving", "sitting"))
        worn = dice.choice(who.outfits).name if who.outfits else ""
        figure = Figure(who.name, act, "calm", "", worn, dice.choice(("front", "front", "left", "right")))
        place = dice.choice(("", "", "meadow", "classroom"))
        scene = compose(
            Scene(place, "day", "clear", (), (figure,), "medium", pocket.FREE),
            "",
            2,
            cast,
            Setting(aspect=1.0),
        )
        leaves.append(_leaf(seed, number + 20, replace(scene, text_zone=None), cast, art, True))
    return leaves


def _leaf(seed: int, number: int, scene: Scene, cast: Sequence[Character], art: str, alone: bool) -> Leaf:
    stage = {one.character for one in scene.figures}
    wide, high = (WIDE, WIDE // 2) if scene.framing == "spread" else (WIDE, WIDE)
    shown = tuple(one for one in cast if one.name in stage)
    return Leaf(
        seed, Shot(number, scene, shown, art, seed=seed * 31 + number, width=wide, height=high), alone
    )


# --- who is there ---------------------------------------------------------------------------------


def _cast(dice: Random) -> tuple[Character, ...]:
    names = list(pocket.NAMES)
    dice.shuffle(names)
    cast = [somebody(dice, names.pop())]
    while len(cast) < dice.choice((3, 4, 4, 5)):
        who = dice.choice(cast)
        cast.append(twin(dice, who, names.pop()) if dice.random() < 0.6 else somebody(dice, names.pop()))
    return tuple(cast)


def somebody(dice: Random, name: str) -> Character:
    """A character of any kind; some as the story writer makes them."""
    kind = dice.choices(("girl", "boy", "woman", "man", "child", "animal"), (24, 24, 11, 11, 4, 26))[0]
    if kind == "animal":
        animal = dice.choice(PETS) if dice.random() < 0.5 else dice.choice(tuple(KINDS))
        fills = (dice.choice(COATS), _hex(dice))
        skin = fills[0] if dice.random() < 0.8 else fills[1]
        mark = dice.choice(("", "", "", dice.choice(CLOTH)))
        look = Look(animal, 5, height=dice.randint(45, 130), skin=skin, hair_colour=mark)
        words = dice.choice(
            ("scarf", "bow tie", "woolly hat", "waistcoat", "jumper", "cape", "collar", "cap")
        )
        one = (Outfit("everyday", f"a {dice.choice(CLOTH)} {words}"),) if dice.random() < 0.6 else ()
        return Character(name, look, one)
    rng = dice
    pronouns = {"girl": "she", "woman": "she", "boy": "he", "man": "he"}.get(kind, "they")
    if dice.random() < 0.3:  # as stories are cast
        grown = kind in ("woman", "man")
        look = (
            fable.adult(dice.randint(28, 75), pronouns, rng)
            if grown
            else fable.child(dice.randint(3, 10), pronouns, rng)
        )
        return Character(name, look, (fable.everyday(look, rng), fable.pyjamas(rng)))
    age = dice.randint(25, 75) if kind in ("woman", "man") else dice.randint(2, 13)
    style = dice.choice(MEN) if kind in ("man",) else dice.choice(PLAIN_STYLES)
    extras = [dice.choice(EXTRAS)] if dice.random() < 0.45 else []
    if kind == "man" and dice.random() < 0.45:
        extras.append(dice.choice(("a beard", "a moustache", "a long beard")))
    tint = _hex(dice) if dice.random() < 0.15 else dice.choice(TINTS)
    look = Look(
        kind, age, skin=dice.choice(SKINS), hair_colour=tint, hair_style=style, glasses=dice.choice(GLASSES) if dice.random() < 0.3 else "",
        build=dice.choice(("", "", "", "stout", "slim")), extras=tuple(extras), eyes=dice.choice(("", "brown", "blue", "green")),
    )  # fmt: skip
    return Character(
        name,
        look,
        tuple(Outfit(one, clothes(dice)) for one in ("everyday", "outdoors")[: dice.choice((1, 2))]),
    )


def _hex(dice: Random) -> str:
    red, green, blue = colorsys.hls_to_rgb(dice.random(), dice.uniform(0.15, 0.85), dice.uniform(0.1, 0.8))
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def clothes(dice: Random) -> str:
    """Words for an outfit of any kind, in any colours."""
    one, other = (dice.choice(CLOTH) if dice.random() < 0.9 else _hex(dice) for _ in range(2))
    pick = dice.random()
    if pick < 0.16:
        return dice.choice(COSTUMES).format(c=one, d=other)
    pattern = f"{dice.choice(PATTERNS)} " if dice.random() < 0.3 else ""
    if pick < 0.5:
        said = f"a {pattern}{one} {dice.choice(WHOLE).format(d=other)}"
    else:
        low = dice.choice(LOWER)
        said = f"a {pattern}{one} {dice.choice(TOPS)} and {'' if low == 'jeans' and dice.random() < 0.5 else other + ' '}{low}"
    if dice.random() < 0.2:
        said += f" and a {dice.choice(CLOTH)} {dice.choice(HATS)}"
    if dice.random() < 0.15:
        said += f" and a {dice.choice(CLOTH)} scarf"
    return said


def twin(dice: Random, who: Character, name: str) -> Character:
    """The same one but for one thing, which is what a picture gets wrong."""
    look, outfits = who.look, who.outfits
    changes = ["clothes", "clothes", "colour of cloth"] if outfits else []
    if look.is_person:
        changes += ["hair", "hair", "style", "style", "age", "glasses", "skin", "hair and clothes"]
    else:
        changes += ["coat", "coat", "animal", "mark"]
    change = dice.choice(changes)
    return Character(name, _other_look(dice, look, change), _other_clothes(dice, look, outfits, change))


def _other_look(dice: Random, look: Look, change: str) -> Look:
    if "hair" in change:
        look = replace(look, hair_colour=dice.choice(TINTS) if dice.random() < 0.8 else _hex(dice))
    if change == "style":
        look = replace(look, hair_style=dice.choice(PLAIN_STYLES))
    if change == "age":
        look = replace(
            look, height=0, age=dice.randint(2, 13) if not look.is_grown_up else dice.randint(25, 75)
        )
    if change == "glasses":
        look = replace(look, glasses="" if look.glasses else dice.choice(GLASSES))
    if change == "skin":
        look = replace(look, skin=dice.choice(SKINS))
    if change == "coat":
        look = replace(look, skin=dice.choice(COATS))
    if change == "mark":
        look = replace(look, hair_colour=dice.choice(CLOTH))
    if change == "animal":
        look = replace(look, kind=dice.choice(tuple(KINDS)))
    return look


def _other_clothes(dice: Random, look: Look, outfits: tuple[Outfit, ...], change: str) -> tuple[Outfit, ...]:
    if "clothes" in change and look.is_person:
        return tuple(replace(one, words=clothes(dice), palette=()) for one in outfits)
    if "clothes" in change:
        return (
            Outfit("everyday", f"a {dice.choice(CLOTH)} {dice.choice(('scarf', 'waistcoat', 'woolly hat'))}"),
        )
    if change == "colour of cloth":
        rule = rf"\b({'|'.join(sorted(CLOTH, key=len, reverse=True))})\b"
        return tuple(
            replace(one, palette=(), words=re.sub(rule, dice.choice(CLOTH), one.words, count=1))
            for one in outfits
        )
    return outfits


def _scene(dice: Random, cast: Sequence[Character], number: int) -> Scene:
    framing: Framing = dice.choices(("wide", "medium", "close", "spread"), (2, 5, 2, 1))[0]
    place = dice.choice(tuple(places.PLACES))
    time: Time = dice.choices(("day", "morning", "evening", "night"), (5, 2, 2, 3))[0]
    weather: Weather = "clear"
    if dice.random() < 0.45:
        weather = dice.choice(("cloudy", "rain", "snow", "fog", "wind", "storm"))
    figures = []
    for one in cast:
        act = pocket._pick(
            dice, {**pocket.DEEDS, "climbing": 0.6, "pushing": 0.6, "falling": 0.4, "standing": 4}
        )
        while (act in ("hugging", "riding") and len(cast) == 1 and dice.random() < 0.5) or (
            act == "riding" and not one.look.is_person
        ):
            act = pocket._pick(dice, pocket.DEEDS)
        prop = (
            pocket._pick(dice, pocket.HELD)
            if act == "holding" or (act in ("sitting", "standing") and dice.random() < 0.15)
            else ""
        )
        if act == "riding":
            others = [o.name for o in cast if not o.look.is_person and o is not one]
            prop = others[0] if others and dice.random() < 0.6 else pocket._pick(dice, pocket.RIDDEN)
        worn = dice.choice(one.outfits).name if one.outfits and dice.random() < 0.4 else ""
        facing = dice.choice(("left", "right", "front", "front"))
        figures.append(Figure(one.name, act, pocket._pick(dice, pocket.EXPRESSIONS), prop, worn, facing))
    around = tuple(dict.fromkeys(dice.choice(THINGS) for _ in range(dice.choice((0, 0, 0, 1, 1, 2)))))
    words = (
        "Once upon a time there was a little story that was told again and again."
        if dice.random() < 0.7
        else ""
    )
    free = None if words else pocket.FREE
    scene = Scene(place, time, weather, around, tuple(figures), framing)
    placed = compose(replace(scene, text_zone=free), words, number + 1, tuple(cast), Setting(aspect=1.0))
    figures = list(placed.figures)
    for index, figure in enumerate(figures):
        if figure.box and dice.random() < 0.3:  # nobody's height is to be told from the others'
            box, by = figure.box, dice.uniform(0.65, 1.3)
            high, wide = box.h * by, box.w * by
            figures[index] = replace(
                figure, box=Box(box.x + (box.w - wide) / 2, box.bottom - high, wide, high)
            )
    return replace(placed, figures=tuple(figures), text_zone=placed.text_zone if words else None)


# --- drawing --------------------------------------------------------------------------------------


def _paint(part: str) -> str:
    red, green, blue = colorsys.hls_to_rgb(HUES[part] / 360, 0.5, 1.0)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


GREY = "#808080"


def _masked(one: Garment | None, part: str) -> Garment | None:
    fill = _paint(part) if part else GREY
    return replace(one, fill=fill, second=fill, pattern="") if one else None


def _labelled(wear: Wear) -> Wear:
    """Clothes in the colours of their parts."""
    return replace(
        wear, over=_masked(wear.over, "upper"), top=_masked(wear.top, "" if wear.over else "upper"), bottom=_masked(wear.bottom, "lower"),
        cape=_masked(wear.cape, "neck"), hat=_masked(wear.hat, "hat"), feet=_masked(wear.feet, ""),
        extras=tuple(_masked(one, "neck" if one.kind in ("scarf", "wings") else "") for one in wear.extras),
    )  # fmt: skip


@contextlib.contextmanager
def marked(labels: bool = False) -> Iterator[dict[str, Any]]:
    """The embedded painter marks who is who in its drawings, and draws parts in their label colours if `labels`; yields what lies around."""
    seen: dict[str, Any] = {"items": [], "front": ""}
    drawn, held, draw, headed, bare = (
        page._drawn,
        page._held,
        people.Head.draw,
        creature_figure.head,
        creature_figure.bare_face,
    )
    animal, items, place = spots.animal, page.items_of, places.place
    skin, tint, wear, coat, worn = (
        people.skin_of,
        people.tint_of,
        people.wear,
        creatures.coat_of,
        creatures.wear_of,
    )

    def who(figure: Figure, one: Character, action: str, thing: Drawn | None) -> Drawn:
        made = drawn(figure, one, action, thing)
        return replace(made, svg=f'<g data-who="{one.name}">{made.svg}</g>')

    def prop(words: str, action: str) -> Drawn:
        made = held(words, action)
        far, rider, near = made.svg.partition(RIDER)
        inner = f'<g data-prop="1">{far}</g>' + (f'{rider}<g data-prop="1">{near}</g>' if rider else "")
        return replace(made, svg=inner)

    def head(self: people.Head) -> tuple[str, str]:
        back, front = draw(self)
        x, y = self.body.eyes
        return back, front + moved(f'<g data-head="{self.r:.2f}"></g>', x, y)

    def creature_head(kind: Any, coat: Any, r: float, *rest: Any) -> str:
        return headed(kind, coat, r, *rest) + f'<g data-head="{r:.2f}"></g>'

    def around(words: str, action: str = "sitting") -> Drawn | None:
        made = animal(words, action)
        return replace(made, svg=f'<g data-who="">{made.svg}</g>') if made and action == "sitting" else made

    def things(*rest: Any) -> Any:
        seen["items"] = items(*rest)
        return seen["items"]

    def layers(*rest: Any) -> Any:
        made = place(*rest)
        seen["front"] = made.front
        return made

    page._drawn, page._held, people.Head.draw, creature_figure.head = who, prop, head, creature_head
    spots.animal, page.items_of, places.place = around, things, layers
    if labels:
        people.skin_of, people.tint_of = lambda _: _paint("skin"), lambda *_: _paint("hair")
        people.wear = lambda *a: _labelled(wear(*a))
        creatures.coat_of = lambda kind, look: replace(
            coat(kind, look), main=_paint("coat"), belly=_paint("belly"), mark=_paint("mark"), ear=_paint("coat"), far=_paint("coat"),
            inner=GREY, nose=GREY, eye=GREY,
        )  # fmt: skip
        creatures.wear_of = lambda *a: _worn_labels(worn(*a))
    try:
        yield seen
    finally:
        page._drawn, page._held, people.Head.draw, creature_figure.head, creature_figure.bare_face = (
            drawn,
            held,
            draw,
            headed,
            bare,
        )
        spots.animal, page.items_of, places.place = animal, items, place
        people.skin_of, people.tint_of, people.wear, creatures.coat_of, creatures.wear_of = (
            skin,
            tint,
            wear,
            coat,
            worn,
        )


def _worn_labels(on: Any) -> Any:
    return replace(
        on, hat=(on.hat[0], _paint("hat")) if on.hat else None, neck=tuple((one, _paint("neck")) for one, _ in on.neck),
        body=(on.body[0], _paint("upper")) if on.body else None, cape=_paint("neck") if on.cape else "",
    )  # fmt: skip


@dataclass(frozen=True)
class Drawing:
    """One page as drawings: the page itself, its parts and its figures in label colours, and the heads by figure (middle and half-width in
    fractions of the height, None where there is none). `whose` are the figures in the order of their colours."""

    svg: str
    parts: str
    figures: str
    whose: tuple[str, ...]
    heads: tuple[tuple[float, float, float] | None, ...]
    scales: dict[str, float]


INK = [colorsys.hls_to_rgb(k / 8, 0.5, 1.0) for k in range(8)]


def drawing(leaf: Leaf) -> Drawing:
    """A page with everything that is known of its pixels."""
    shot = leaf.shot
    with marked() as seen:
        svg = Sketch().paint(shot, lambda _: None).decode()
        fronts = [spots.item_svg(one) for one in seen["items"] if one.behind <= 0]
        backs = [spots.item_svg(one) for one in seen["items"] if one.behind > 0]
    with marked(labels=True):
        wide = 1000.0 * shot.width / shot.height
        players = sorted(
            page._players(shot, wide), key=lambda one: (round(one.ground), one.action == "hugging")
        )
        cast = "".join(moved(one.svg, one.x, one.ground, one.scale) for one in players)
    scales = {}
    for one in players:
        for name in re.findall(r'data-who="([^"]+)"', one.svg):
            scales[name] = one.scale
    beasts = "".join(one for one in backs if 'data-who=""' in one)
    near = "".join(fronts) + re.sub(r"<!--.*?-->", "", seen["front"], flags=re.S)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{shot.width}" height="{shot.height}" viewBox="0 0 {wide:.2f} 1000" shape-rendering="crispEdges">'
    root = ET.fromstring(f"<svg>{beasts}{cast}<g data-near='1'>{near}</g></svg>")
    whose: list[str] = []
    heads: list[tuple[float, float, float] | None] = []
    _recolour(root, -1, (1, 0, 0, 1, 0, 0), whose, heads, False)
    flat = ET.tostring(root, encoding="unicode")[5:]
    grey = ET.fromstring(f"<svg>{cast}<g data-near='1'>{near}</g></svg>")
    _grey(grey, False)
    parts = ET.tostring(grey, encoding="unicode")[5:]
    return Drawing(svg, head + parts, head + flat, tuple(whose), tuple(heads), scales)


def heads_of(shot: Shot) -> dict[str, tuple[float, float, float]]:
    """Everybody's head as it is drawn: its middle and half its breadth in fractions of the height."""
    found: dict[str, tuple[float, float, float]] = {}
    with marked():
        players = page._players(shot, 1000.0 * shot.width / shot.height)
    for one in players:
        whose: list[str] = []
        heads: list[tuple[float, float, float] | None] = []
        root = ET.fromstring(f"<svg>{moved(one.svg, one.x, one.ground, one.scale)}</svg>")
        _recolour(root, -1, (1, 0, 0, 1, 0, 0), whose, heads, False)
        found |= {name: head for name, head in zip(whose, heads, strict=True) if head}
    return found


SEEN = {"fill-opacity", "stroke-opacity", "opacity"}


def _recolour(
    element: ET.Element, index: int, matrix: Any, whose: list[str], heads: list[Any], hidden: bool
) -> None:
    from storykin.painters.sketch.sheet import _matrix, _times

    if "transform" in element.attrib:
        matrix = _times(matrix, _matrix(element.attrib["transform"]))
    if "data-who" in element.attrib:
        index = len(whose)
        whose.append(element.attrib["data-who"])
        heads.append(None)
    if "data-prop" in element.attrib:
        index = -1
    if "data-head" in element.attrib and index >= 0:
        r = float(element.attrib["data-head"]) * abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) ** 0.5
        heads[index] = (matrix[4] / 1000, matrix[5] / 1000, r / 1000)
    ink = GREY if index < 0 else "#" + "".join(f"{round(255 * one):02x}" for one in INK[index % 8])
    for key in ("fill", "stroke"):
        if element.attrib.get(key, "none") != "none":
            element.set(key, ink)
    faint = any(float(element.attrib.get(key, 1)) < 0.4 for key in SEEN)
    for key in SEEN & element.attrib.keys():
        element.set(key, "0" if faint and index < 0 else "1")
    for child in element:
        if child.tag not in ("defs", "clipPath", "linearGradient", "radialGradient"):
            _recolour(child, index, matrix, whose, heads, hidden)


def _grey(element: ET.Element, dull: bool) -> None:
    dull = dull or "data-prop" in element.attrib or "data-near" in element.attrib
    if dull:
        faint = any(float(element.attrib.get(key, 1)) < 0.4 for key in SEEN)
        for key in ("fill", "stroke"):
            if element.attrib.get(key, "none") != "none":
                element.set(key, GREY)
        for key in SEEN & element.attrib.keys():
            element.set(key, "0" if faint else "1")
    for child in element:
        if child.tag not in ("defs", "clipPath", "linearGradient", "radialGradient"):
            _grey(child, dull)


@dataclass(frozen=True)
class Plate:
    """One page as pixels: the picture, for each pixel its part (index of `PARTS`) and its figure (1 + index, 0 none), and labels."""

    rgb: Any
    parts: Any
    whose: Any
    labels: dict[str, Any]


def plates(leaves: Sequence[Leaf]) -> Iterator[Plate]:
    """Pages as pixels with their labels; all in one document of the typesetter."""
    import numpy as np
    import typst
    from PIL import Image

    drawings = [drawing(one) for one in leaves]
    inputs, pieces = {}, []
    for number, (leaf, made) in enumerate(zip(leaves, drawings, strict=True)):
        for name, svg, wide in (
            ("a", made.svg, WIDE),
            ("b", made.parts, LABELS),
            ("c", made.figures, LABELS),
        ):
            high = round(wide * leaf.shot.height / leaf.shot.width)
            inputs[f"{name}{number}"] = svg
            pieces.append(
                f"#page(width: {wide}pt, height: {high}pt, margin: 0pt, fill: white)"
                f'[#image(bytes(sys.inputs.{name}{number}), format: "svg", width: {wide}pt, height: {high}pt)]'
            )
    made_of = typst.Compiler("\n".join(pieces).encode(), ignore_system_fonts=True, sys_inputs=inputs).compile(
        format="png", ppi=72
    )
    pngs = [
        np.asarray(Image.open(io.BytesIO(one)).convert("RGB"))
        for one in ([made_of] if isinstance(made_of, bytes) else made_of)
    ]
    for number, (leaf, made) in enumerate(zip(leaves, drawings, strict=True)):
        rgb, parts, whose = pngs[3 * number : 3 * number + 3]
        yield Plate(rgb, _parts(parts), _whose(whose, len(made.whose)), labels_of(leaf, made))


def _parts(rgb: Any) -> Any:
    """The part of every pixel by its hue; "other" where there is a figure of no part's hue. White paper is none."""
    import numpy as np

    x = rgb.astype(np.float32) / 255
    high, low = x.max(2), x.min(2)
    span = np.maximum(high - low, 1e-6)
    r, g, b = x[..., 0], x[..., 1], x[..., 2]
    hue = (
        np.where(high == r, ((g - b) / span) % 6, np.where(high == g, (b - r) / span + 2, (r - g) / span + 4))
        * 60
    )
    found = np.full(hue.shape, PARTS.index("other"), np.uint8)
    found[(low > 0.97)] = 0
    strong = (high - low > 0.3) & (high > 0.3)
    for name, at in HUES.items():
        away = np.abs((hue - at + 180) % 360 - 180)
        found[strong & (away < 13)] = PARTS.index(name)
    return found


def _whose(rgb: Any, count: int) -> Any:
    import numpy as np

    found = np.zeros(rgb.shape[:2], np.uint8)
    for index in range(min(count, 8)):
        ink = np.array([round(255 * one) for one in INK[index]])
        found[np.abs(rgb.astype(int) - ink).max(2) < 12] = index + 1
    return found


# --- what is true ---------------------------------------------------------------------------------


def labels_of(leaf: Leaf, made: Drawing) -> dict[str, Any]:
    """Everything that a reader is asked about a page, as plain values; figures in the order of their label colours."""
    shot = leaf.shot
    known = {one.character: one for one in shot.scene.figures}
    figures = []
    for name, at in zip(made.whose, made.heads, strict=True):
        if not name:
            figures.append({"name": ""})
            continue
        figure, who = known[name], shot.character(name)
        look = who.look
        scale = made.scales[name]
        figures.append({
            "name": name, "head": at, "standing": look.standing_height * scale / 1000, "action": figure.action, "facing": figure.facing,
            **truth(who, figure.outfit),
        })  # fmt: skip
    scene = shot.scene
    return {
        "book": leaf.book, "art": shot.art, "time": scene.time, "weather": scene.weather, "place": scene.place, "framing": scene.framing,
        "alone": leaf.alone, "figures": figures,
    }  # fmt: skip


def truth(who: Character, outfit: str = "") -> dict[str, Any]:
    """What is drawn of a character in an outfit: kind, traits, fills by part ("" where there is none), and who may be told from whom."""
    look, worn = who.look, who.outfit(outfit) if who.outfits else Outfit("", "")
    if is_creature(look.kind):
        coat, on = (
            creatures.coat_of(KINDS[kind_of(look.kind)], look),
            creatures.wear_of(worn.words, worn.palette, look.glasses, ""),
        )
        fills = {"coat": coat.main, "belly": coat.belly, "mark": coat.mark, "upper": on.body[1] if on.body else "",
                 "hat": on.hat[1] if on.hat else "", "neck": on.neck[0][1] if on.neck else on.cape or ""}  # fmt: skip
        traits = {"kind": kind_of(look.kind), "hat": "hat" if on.hat else "none"}
        skin = _sum(kind_of(look.kind), coat.main, coat.belly, coat.mark, coat.marks)
        return {"kind": kind_of(look.kind), "person": False, "fills": fills, "traits": traits, "identity": skin, "hair": "",
                "clothes": _sum(fills["upper"], fills["hat"], fills["neck"], on.body and on.body[0], on.hat and on.hat[0])}  # fmt: skip
    old = look.age >= 60 or "grand" in look.kind
    tint = tint_of(look.hair_colour, 70 if old else look.age, old)
    wear = _wear(look, worn)
    style = style_of(look.hair_style, old)
    said = next((name for name, _, one in STYLES if one.fringe == style.fringe and one.tie == style.tie and one.long == style.long
                 and (one.edge == style.edge or one.tie)), "short")  # fmt: skip
    beard = next((name for name in ("moustache", "beard") if name in " ".join(look.extras)), "none")
    hidden = covers(wear.hat) and not (style.long or style.tie in ("braids", "braid", "pigtails", "ponytail"))
    if wear.hat and wear.hat.kind == "headscarf":
        hidden = True
    patch = "patch" in " ".join(look.extras)
    glasses = (
        "none"
        if not look.glasses
        else next((one for one in ("square", "sun") if one in look.glasses), "round")
    )
    top = wear.over or wear.top
    bare = {"bare", "barefoot"}
    fills = {
        "hair": "" if said == "bald" and beard == "none" else tint, "skin": skin_of(look.skin), "upper": "" if top.kind in bare else top.fill,
        "lower": wear.bottom.fill, "hat": wear.hat.fill if wear.hat else "",
        "neck": next((one.fill for one in wear.extras if one.kind == "scarf"), wear.cape.fill if wear.cape else ""),
    }  # fmt: skip
    grown = "grown-up" if look.is_grown_up else "child"
    traits = {
        "kind": grown, "hair_style": "hidden" if hidden else said, "glasses": glasses, "hat": _hat(wear.hat), "beard": beard,
        "pattern": top.pattern or "none", "upper": top.kind, "lower": wear.bottom.kind,
    }  # fmt: skip
    skin = _sum(grown, fills["skin"], tint, said, glasses, look.glasses, beard, patch, old)
    cloth = _sum(
        fills["upper"], fills["lower"], fills["hat"], fills["neck"], top.kind, wear.bottom.kind, top.pattern
    )
    return {"kind": grown, "person": True, "fills": fills, "traits": traits, "identity": skin, "hair": "" if hidden else _sum(tint, said), "clothes": cloth,
            "plain": not (top.pattern or top.kind in ("spacesuit", "armour"))}  # fmt: skip


def worded(traits: dict[str, str]) -> dict[str, str]:
    """Traits in the reader's words: kinds of lower garments as few."""
    lower = {"lower": LEGS.get(traits["lower"], "trousers")} if "lower" in traits else {}
    return traits | lower


@cache
def _wear(look: Look, worn: Outfit) -> Wear:
    return worn_by(look, worn)


def _hat(garment: Garment | None) -> str:
    if garment is None:
        return "none"
    if garment.kind in (
        "crown",
        "tiara",
        "flower crown",
        "bunny ears",
        "headband",
        "goggles",
        "head torch",
        "headphones",
        "mask",
    ):
        return "band"
    return "helmet" if "helmet" in garment.kind or garment.kind == "hard hat" else "hat"


def _sum(*parts: Any) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:12]


__all__ = [
    "ARTS",
    "LABELS",
    "PARTS",
    "WIDE",
    "Drawing",
    "Leaf",
    "Plate",
    "asdict",
    "book",
    "clothes",
    "drawing",
    "plates",
    "somebody",
    "truth",
    "twin",
]
