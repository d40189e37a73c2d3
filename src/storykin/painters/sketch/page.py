"""Painters, sketch: one page put together from far to near: place, things, figures, calm zone, light.

Knows nothing of how a place, a person or a thing is drawn, only how large it is and where it belongs.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from storykin.character import Character, Look
from storykin.painters.sketch import props
from storykin.painters.sketch.drawn import Drawn
from storykin.painters.sketch.ink import PAPER, moved, n, path, shadow, smooth
from storykin.scene import ACTIONS, Box, Figure, Scene, action_of
from storykin.shot import Shot

HIGH = 1000.0
GUTTER = (0.47, 0.53)
VEILS = {"morning": "#fff8ea", "day": "#fffaf0", "evening": "#fff3e4", "night": "#1c2548"}
VEIL_STRENGTH, VEIL_LAYERS, VEIL_FEATHER = 0.78, 16, 62.0
MANY_WORDS = 4  # more things than this are drawn a little smaller


@dataclass(frozen=True)
class Rect:
    """A rectangle in canvas units."""

    x: float
    y: float
    w: float
    h: float

    def shared(self, other: "Rect") -> float:
        """The shared area as a fraction of the smaller of the two."""
        wide = min(self.x + self.w, other.x + other.w) - max(self.x, other.x)
        high = min(self.y + self.h, other.y + other.h) - max(self.y, other.y)
        least = min(self.w * self.h, other.w * other.h)
        return wide * high / least if wide > 0 and high > 0 and least > 0 else 0.0


@dataclass(frozen=True)
class Player:
    """A figure on its spot: `x` and `ground` in canvas units, `scale` units per centimetre."""

    figure: Figure
    character: Character
    action: str
    x: float
    ground: float
    scale: float

    @property
    def body(self) -> Rect:
        act, tall = ACTIONS[self.action], self.character.look.standing_height * self.scale
        w, h = act.width * tall, act.height * tall
        return Rect(self.x - w / 2, self.ground - act.lift * tall - h, w, h)

    @property
    def face(self) -> Rect:
        body = self.body
        return body if self.action in ("sleeping", "flying", "swimming") else Rect(body.x, body.y, body.w, body.h * 0.5)


@dataclass(frozen=True)
class Item:
    """A thing on its spot. `behind` is how far its foot lies above the figures' ground, in canvas units."""

    drawn: Drawn
    x: float
    y: float
    scale: float
    behind: float
    turn: float = 0.0
    airborne: bool = False


def compose(shot: Shot, on_step: Callable[[float], None]) -> tuple[str, str]:
    """The drawing of a shot and the veil that keeps the words readable, both in SVG without the root element."""
    from storykin.painters.sketch.places import place
    from storykin.painters.sketch.stage import Stage

    scene, wide = shot.scene, HIGH * shot.width / shot.height
    players = _players(shot, wide)
    scale = sorted(one.scale for one in players)[len(players) // 2] if players else 3.0
    ground = max((one.ground for one in players), default=860.0)
    zone = _rect(scene.text_zone, wide) if scene.text_zone else None
    calm = (zone.x, zone.y, zone.w, zone.h) if zone else None
    stage = Stage(wide, HIGH, min(ground, 900.0), scale, scene.time, scene.weather, calm)
    layers = place(scene.place, stage)
    on_step(0.3)

    items = _items(shot, players, zone, wide, min(ground, 975.0), scale)
    on_step(0.4)
    parts = [layers.back, *(_item(one) for one in items if one.behind > 0)]
    order = sorted(players, key=lambda one: (round(one.ground), one.action == "hugging"))
    for index, player in enumerate(order):
        parts.append(_figure(player, shot))
        on_step(0.4 + 0.4 * (index + 1) / len(order))
    parts += [*(_item(one) for one in items if one.behind <= 0), layers.front, layers.over]
    veil = _veil(zone, scene, shot.seed) if zone else ""
    return "".join(parts), veil


def finished(shot: Shot, inner: str) -> str:
    """A whole SVG file: root element, paper, every gradient once, then the drawing."""
    wide = HIGH * shot.width / shot.height
    defs = dict.fromkeys(re.findall(r"<defs>(.*?)</defs>", inner, re.S))
    drawing = re.sub(r"<defs>.*?</defs>", "", inner, flags=re.S)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{shot.width}" height="{shot.height}"'
        f' viewBox="0 0 {n(wide)} 1000"><defs>{"".join(defs)}</defs>'
        f'<rect width="{n(wide)}" height="1000" fill="{PAPER}"/>{drawing}</svg>'
    )


# --- figures --------------------------------------------------------------------------------------


def _rect(box: Box, wide: float) -> Rect:
    return Rect(box.x * wide, box.y * HIGH, box.w * wide, box.h * HIGH)


def _players(shot: Shot, wide: float) -> list[Player]:
    """The figures with their spots: as the storyboard says, else side by side."""
    scene = shot.scene
    figures = [(one, shot.character(one.character), action_of(one.action)) for one in scene.figures]
    tallest = max((who.look.standing_height for _, who, _ in figures), default=110)
    even = min(520 / tallest, 0.8 * wide / max(1.0, sum(ACTIONS[act].width * who.look.standing_height * 1.3 for _, who, act in figures)))
    players = []
    for index, (figure, who, act) in enumerate(figures):
        tall, move = who.look.standing_height, ACTIONS[act]
        if figure.box:
            box = _rect(figure.box, wide)
            scale = box.h / (move.height * tall)
            players.append(Player(figure, who, act, box.x + box.w / 2, box.y + box.h + move.lift * tall * scale, scale))
        else:
            x = wide * (0.14 + 0.72 * (index + 0.5) / len(figures))
            players.append(Player(figure, who, act, x, 860.0, even))
    return players


def _figure(player: Player, shot: Shot) -> str:
    """One figure with what it holds or rides, and its shadow."""
    from storykin.painters.sketch.creatures import creature, is_creature
    from storykin.painters.sketch.people import person

    figure, who = player.figure, player.character
    held = _held(figure.prop, who.look) if figure.prop and figure.prop not in {one.name for one in shot.cast} else None
    draw = creature if is_creature(who.look.kind) else person
    drawn = draw(who.look, who.outfit(figure.outfit), player.action, figure.expression, figure.facing, held)
    tall, move = who.look.standing_height * player.scale, ACTIONS[player.action]
    soft = ""
    if player.action != "swimming":
        wide = max(0.24, 0.42 * move.width) * tall * (1 - move.lift)
        soft = shadow(player.x, player.ground, wide, max(5.0, wide * 0.2), 0.30 * (1 - move.lift))
    return soft + moved(drawn.svg, player.x, player.ground, player.scale)


def _held(words: str, look: Look) -> Drawn:
    return _animal(words) or props.prop(words)


def _animal(words: str) -> Drawn | None:
    """Animals that only stand around are drawn as animals, if no thing has that name."""
    from storykin.painters.sketch.creatures import KINDS, creature, kind_of

    if props.known(words) or not _names_animal(words):
        return None
    look = Look(kind=words)
    drawn = creature(look, None, "sitting" if kind_of(words) in KINDS else "standing", "happy", "right", None)
    return Drawn(drawn.svg, drawn.width, drawn.height, (0.0, -drawn.height * 0.4), (0.0, -drawn.height * 0.7))


def _names_animal(words: str) -> bool:
    from storykin.painters.sketch.creatures import is_creature

    head = re.findall(r"[a-z]+", words.lower())
    return bool(head) and is_creature(words) and (is_creature(head[-1]) or is_creature(head[-1].rstrip("s")))


# --- things ---------------------------------------------------------------------------------------


def _items(shot: Shot, players: Sequence[Player], zone: Rect | None, wide: float, ground: float, scale: float) -> list[Item]:
    """A spot for every thing of the scene that nobody holds."""
    scene = shot.scene
    held = {props.prop_of(one.figure.prop) for one in players if one.figure.prop}
    words = [w for w in dict.fromkeys(scene.props) if _animal(w) or props.prop_of(w) not in held]
    own = furnished(scene.place)
    words = [w for w in words if _animal(w) or props.prop_of(w) not in own]
    dice = Random(shot.seed)
    small = 1.0 if len(words) <= MANY_WORDS else 0.85
    search = Search(players, zone, wide, ground, scale, scene.framing == "spread", dice)
    lying = [w for w in words if not _animal(w) and props.stands(w) in ("table", "hand")]
    tables = [w for w in words if not _animal(w) and props.prop_of(w) in ("table", "desk", "stool", "bench")]
    items: list[Item] = []
    needs_table = [w for w in lying if props.stands(w) == "table"]
    if needs_table and not tables:
        tables = ["table" if len(lying) > 1 else "stool"]
        words = [*tables, *words]
    words.sort(key=lambda w: (w not in tables, -_size(w)))
    top: tuple[Item, list[str]] | None = None
    for word in words:
        animal = _animal(word)
        thing = animal or props.prop(word)
        stands = "floor" if animal else props.stands(word)
        if word in tables and top is None:
            item = search.floor(thing, small)
            top = (item, [w for w in lying if w != word][: max(1, int(thing.width / 34))])
            items.append(item)
        elif top and word in top[1]:
            continue
        else:
            items.append(search.find(thing, stands, small))
    if top:
        items += _on_top(top[0], [props.prop(w) for w in top[1]])
    return sorted(items, key=lambda one: -one.behind)


def _size(words: str) -> float:
    thing = _animal(words) or props.prop(words)
    return thing.width * thing.height


def _on_top(table: Item, loads: Sequence[Drawn]) -> list[Item]:
    """Small things side by side on a table."""
    k, room = table.scale, table.drawn.width * table.scale * 0.86
    across = sum(max(load.width, 12) for load in loads) * k
    fit = min(1.0, room / across) if across else 1.0
    left = table.x - room / 2
    gap = (room - across * fit) / (len(loads) + 1)
    items = []
    for load in loads:
        left += gap
        wide = max(load.width, 12) * k * fit
        items.append(Item(load, left + wide / 2, table.y - table.drawn.height * k * 0.985, k * fit, table.behind - 0.01, airborne=True))
        left += wide
    return items


class Search:
    """Looks for free spots; remembers what it has given away."""

    def __init__(self, players: Sequence[Player], zone: Rect | None, wide: float, ground: float, scale: float,
                 spread: bool, dice: Random) -> None:  # fmt: skip
        self.faces = [one.face for one in players]
        self.bodies = [one.body for one in players]
        self.zone, self.wide, self.ground, self.scale, self.spread, self.dice = zone, wide, ground, scale, spread, dice
        self.taken: list[Rect] = []
        self.middle = sum(b.x + b.w / 2 for b in self.bodies) / len(self.bodies) if self.bodies else wide / 2

    def find(self, thing: Drawn, stands: str, small: float) -> Item:
        """A spot for a thing where things of its sort belong."""
        if stands == "air":
            return self.air(thing, small)
        if stands == "hung":
            return self.hung(thing, small)
        return self.floor(thing, small, against_wall=stands == "wall", lies=stands == "hand" and thing.height > 1.7 * thing.width)

    def floor(self, thing: Drawn, small: float, against_wall: bool = False, lies: bool = False) -> Item:
        """On the ground: large things behind the figures, small ones beside or before them."""
        w, h = (thing.height, thing.width) if lies else (thing.width, thing.height)
        if h > 150 or against_wall:
            behind = [26.0 + 6 * self.scale, 44.0 + 9 * self.scale]
        elif h > 55:
            behind = [14.0, 30.0, 8.0 + 6 * self.scale]
        else:
            behind = [-16.0, -34.0, 10.0]
        behind = [up for up in behind if self.ground - up < 992]
        item = self._best(thing, w, h, small, [(up, self.ground - up) for up in behind or [6.0]])
        if not lies:
            return item
        k = item.scale  # turned about its foot, then brought back to the middle of its room
        return Item(thing, item.x - h_half(thing, k), item.y - thing.width * k / 2, k, item.behind, 90.0)

    def air(self, thing: Drawn, small: float) -> Item:
        """In the sky, clear of words and heads."""
        size = small * (1.0 if thing.height <= 110 else 0.6)
        heights = [(900.0, y) for y in (self.ground * f for f in (0.34, 0.44, 0.54, 0.26, 0.64))]
        return self._best(thing, thing.width, thing.height, size, heights, airborne=True)

    def hung(self, thing: Drawn, small: float) -> Item:
        """On the wall behind, above the heads of children."""
        heights = [(800.0, self.ground - up * self.scale - 30) for up in (105.0, 130.0, 80.0)]
        return self._best(thing, thing.width, thing.height, small, heights, airborne=True)

    def _best(self, thing: Drawn, w: float, h: float, small: float, levels: Sequence[tuple[float, float]],
              airborne: bool = False) -> Item:  # fmt: skip
        best: tuple[float, Item, Rect] | None = None
        for size in (1.0, 0.84, 0.7, 0.55):
            for behind, y in levels:
                k = self.scale * small * size * (1 - 0.0011 * max(0.0, behind) if not airborne else 0.9)
                k = min(k, 0.62 * self.wide / w, 700 / h)
                for step in range(27):
                    x = self.wide * (0.06 + 0.88 * step / 26)
                    spot = Rect(x - w * k / 2, y - h * k, w * k, h * k)
                    cost = self._cost(spot, behind) + (1 - size) * 1.6 + 0.04 * self.dice.random()
                    if best is None or cost < best[0]:
                        best = (cost, Item(thing, x, y, k, behind, airborne=airborne), spot)
        assert best is not None
        self.taken.append(best[2])
        return best[1]

    def _cost(self, spot: Rect, behind: float) -> float:
        over = max(0.0, 18 - spot.x) + max(0.0, spot.x + spot.w - self.wide + 18) + max(0.0, 10 - spot.y)
        cost = 5.0 * over / spot.w
        cost += sum(7.0 * spot.shared(face) for face in self.faces)
        cost += sum((1.6 if behind > 0 else 2.4) * spot.shared(body) for body in self.bodies)
        cost += sum((1.2 if behind > 20 else 3.0) * spot.shared(other) for other in self.taken)
        if self.zone:
            cost += 6.0 * spot.shared(self.zone)
        if self.spread:
            fold = Rect(GUTTER[0] * self.wide, 0, (GUTTER[1] - GUTTER[0]) * self.wide, HIGH)
            cost += 6.0 * spot.shared(fold) * (1.0 if spot.w < 0.3 * self.wide else 0.3)
        return cost + 0.35 * abs(spot.x + spot.w / 2 - self.middle) / self.wide


def h_half(thing: Drawn, k: float) -> float:
    """Half of a lying thing's length, in canvas units."""
    return thing.height * k / 2


def _item(item: Item) -> str:
    w, k = item.drawn.width * item.scale, item.scale
    if item.turn:
        soft = shadow(item.x + h_half(item.drawn, k), item.y + w / 2, item.drawn.height * k * 0.5, max(3.0, w * 0.2), 0.24)
        return soft + moved(item.drawn.svg, item.x, item.y, k, item.turn)
    if item.airborne:
        return moved(item.drawn.svg, item.x, item.y, k)
    soft = shadow(item.x + w * 0.03, item.y, w * 0.54, max(3.5, min(w * 0.1, 16)), 0.26)
    return soft + moved(item.drawn.svg, item.x, item.y, k)


def furnished(place: str) -> frozenset[str]:
    """Things that the drawing of a place already shows, so that they need not stand there twice."""
    words = place.lower()
    return next((frozenset(shown.split()) for name, shown in FURNITURE.items() if name in words), frozenset())


FURNITURE = {
    "bedroom": "bed", "library": "bookshelf", "clinic": "scales", "shop": "shop", "theatre": "stage", "stage": "stage",
    "bakery": "shop", "forest": "tree", "wood": "tree", "orchard": "apple_tree tree", "pond": "pond", "lake": "pond",
    "beach": "puddle", "castle": "castle", "space": "star", "farm": "barn fence", "sky": "cloud",
}  # fmt: skip


# --- the calm zone --------------------------------------------------------------------------------


def _veil(zone: Rect, scene: Scene, seed: int) -> str:
    """A wash over the words' room that fades into the picture: many thin layers with soft, uneven edges."""
    fill, thin = VEILS[scene.time], 1 - (1 - VEIL_STRENGTH) ** (1 / VEIL_LAYERS)
    dice = Random(seed ^ 0x5EED)
    layers = []
    for index in range(VEIL_LAYERS):
        out = 6 + VEIL_FEATHER * (index / (VEIL_LAYERS - 1)) ** 1.25
        layers.append(path(_cloud(zone, out, dice), fill, "none", opacity=thin))
    return f'<g id="calm">{"".join(layers)}</g>'


def _cloud(zone: Rect, out: float, dice: Random) -> str:
    """A rounded, slightly uneven outline `out` units outside of a rectangle."""
    left, top, right, bottom = zone.x - out, zone.y - out, zone.x + zone.w + out, zone.y + zone.h + out
    corner = min(out * 1.1 + 14, zone.w / 2, zone.h / 2)
    wave = out * 0.16

    def shaky(x: float, y: float, nx: float, ny: float) -> tuple[float, float]:
        push = dice.uniform(0, 1) * wave
        return x + nx * push, y + ny * push

    points = []
    across, down = max(2, round(zone.w / 130)), max(2, round(zone.h / 130))
    for i in range(across + 1):
        points.append(shaky(left + corner + (right - left - 2 * corner) * i / across, top, 0, -1))
    for i in range(down + 1):
        points.append(shaky(right, top + corner + (bottom - top - 2 * corner) * i / down, 1, 0))
    for i in range(across + 1):
        points.append(shaky(right - corner - (right - left - 2 * corner) * i / across, bottom, 0, 1))
    for i in range(down + 1):
        points.append(shaky(left, bottom - corner - (bottom - top - 2 * corner) * i / down, -1, 0))
    return smooth(points, True, 0.85)
