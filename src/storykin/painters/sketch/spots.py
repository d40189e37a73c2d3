"""Painters, sketch: where things stand that nobody holds: near the figures, on tables, on walls, in the air.

A free spot hides no face, no words and no other thing; what does not find one is drawn smaller.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random

from storykin.character import Look
from storykin.painters.sketch import props
from storykin.painters.sketch.drawn import Drawn
from storykin.painters.sketch.ink import moved, shadow
from storykin.scene import Box, Scene

HIGH = 1000.0
GUTTER = (0.47, 0.53)
MANY_THINGS = 4  # more things than this are drawn a little smaller


@dataclass(frozen=True)
class Rect:
    """A rectangle in canvas units."""

    x: float
    y: float
    w: float
    h: float

    @property
    def bottom(self) -> float:
        return self.y + self.h

    def shared(self, other: "Rect") -> float:
        """The shared area as a fraction of the smaller of the two."""
        least = min(self.w * self.h, other.w * other.h)
        return self._common(other) / least if least > 0 else 0.0

    def covers(self, other: "Rect") -> float:
        """How much of the other this one hides, 0 to 1."""
        return self._common(other) / (other.w * other.h) if other.w * other.h > 0 else 0.0

    def _common(self, other: "Rect") -> float:
        wide = min(self.x + self.w, other.x + other.w) - max(self.x, other.x)
        high = min(self.bottom, other.bottom) - max(self.y, other.y)
        return max(0.0, wide) * max(0.0, high)


def rect_of(box: Box, wide: float) -> Rect:
    return Rect(box.x * wide, box.y * HIGH, box.w * wide, box.h * HIGH)


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


@lru_cache(maxsize=64)
def animal(words: str, action: str = "sitting") -> Drawn | None:
    """Animals that only stand around are drawn as animals, if no thing has that name."""
    from storykin.painters.sketch.creatures import creature

    if props.known(words) or not _namesanimal(words):
        return None
    look = Look(kind=words)
    drawn = creature(look, None, action, "happy", "right", None)
    seat = (-0.06 * drawn.width, -0.5 * drawn.height)
    return Drawn(drawn.svg, drawn.width, drawn.height, (0.0, -drawn.height * 0.4), seat)


def _namesanimal(words: str) -> bool:
    from storykin.painters.sketch.creatures import is_creature

    head = re.findall(r"[a-z]+", words.lower())
    return bool(head) and is_creature(words) and (is_creature(head[-1]) or is_creature(head[-1].rstrip("s")))


def items_of(scene: Scene, taken: Sequence[str], search: "Search") -> list[Item]:
    """A spot for every thing of the scene but those that are `taken` by somebody, from far to near."""
    own = furnished(scene.place) | ({"moon"} if scene.time == "night" else set())  # nights have theirs
    words = [w for w in dict.fromkeys(scene.props) if animal(w) or props.prop_of(w) not in {*taken, *own}]
    small = 1.0 if len(words) <= MANY_THINGS else 0.85
    lying = [w for w in words if not animal(w) and props.stands(w) in ("table", "hand")]
    tables = [w for w in words if not animal(w) and props.prop_of(w) in ("table", "desk", "stool", "bench")]
    items: list[Item] = []
    needs_table = [w for w in lying if props.stands(w) == "table"]
    if needs_table and not tables:
        tables = ["table" if len(lying) > 1 else "stool"]
        words = [*tables, *words]
    words.sort(key=lambda w: (w not in tables, -_size(w)))
    top: tuple[Item, list[str]] | None = None
    for word in words:
        thing = animal(word) or props.prop(word)
        stands = "floor" if animal(word) else props.stands(word)
        if word in tables and top is None:
            loads = [w for w in lying if w != word][: max(1, int(thing.width / 34))]
            item = search.floor(thing, small, laden=max((props.prop(w).height for w in loads), default=0.0))
            top = (item, loads)
            items.append(item)
        elif top and word in top[1]:
            continue
        else:
            items.append(search.find(thing, stands, small))
    if top:
        items += _on_top(top[0], [props.prop(w) for w in top[1]])
    return sorted(items, key=lambda one: -one.behind)


def _size(words: str) -> float:
    thing = animal(words) or props.prop(words)
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
        items.append(
            Item(
                load,
                left + wide / 2,
                table.y - table.drawn.height * k * 0.985,
                k * fit,
                table.behind - 0.01,
                airborne=True,
            )
        )
        left += wide
    return items


@dataclass
class Search:
    """Looks for free spots; remembers what it has given away.

    `bodies` and `faces` are the figures', `zone` the words', `ground` and `scale` where the figures stand.
    """

    bodies: Sequence[Rect]
    faces: Sequence[Rect]
    zone: Rect | None
    wide: float
    ground: float
    scale: float
    spread: bool
    dice: Random
    taken: list[Rect] = field(default_factory=list)

    @property
    def middle(self) -> float:
        """Where the figures are, from left to right."""
        middles = [one.x + one.w / 2 for one in self.bodies]
        return sum(middles) / len(middles) if middles else self.wide / 2

    def find(self, thing: Drawn, stands: str, small: float) -> Item:
        """A spot for a thing where things of its sort belong."""
        if stands == "air":
            return self.air(thing, small)
        if stands == "hung":
            return self.hung(thing, small)
        return self.floor(
            thing,
            small,
            against_wall=stands == "wall",
            lies=stands == "hand" and thing.height > 1.7 * thing.width,
        )

    def floor(
        self, thing: Drawn, small: float, against_wall: bool = False, lies: bool = False, laden: float = 0.0
    ) -> Item:
        """On the ground: large things behind the figures, small ones beside or before them.

        `laden` is how high things stand upon it.
        """
        w, h = (thing.height, thing.width) if lies else (thing.width, thing.height)
        h += laden
        if h > 150 or w > 190 or against_wall:
            behind = [26.0 + 6 * self.scale, 44.0 + 9 * self.scale, 70.0 + 12 * self.scale]
        elif h > 45 or w > 60:
            behind = [14.0, 30.0, 8.0 + 6 * self.scale, 20.0 + 12 * self.scale]
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
        for size in (1.0, 0.84, 0.7, 0.56, 0.45):
            for behind, y in levels:
                k = self.scale * small * size * (1 - 0.0011 * max(0.0, behind) if not airborne else 0.9)
                k = min(k, (0.62 if behind > 0 else 0.24) * self.wide / w, 700 / h)
                for step in range(27):
                    x = self.wide * (0.06 + 0.88 * step / 26)
                    spot = Rect(x - w * k / 2, y - h * k, w * k, h * k)
                    cost = self._cost(spot, behind) + (1 - size) * 1.5 + 0.04 * self.dice.random()
                    if best is None or cost < best[0]:
                        best = (cost, Item(thing, x, y, k, behind, airborne=airborne), spot)
        assert best is not None
        self.taken.append(best[2])
        return best[1]

    def _cost(self, spot: Rect, behind: float) -> float:
        over = max(0.0, 18 - spot.x) + max(0.0, spot.x + spot.w - self.wide + 18) + max(0.0, 10 - spot.y)
        cost = 9.0 * over / spot.w
        if behind > 0:  # what stands behind a figure covers nothing, but should be seen itself
            cost += sum(3.6 * body.covers(spot) for body in self.bodies)
            cost += sum(0.8 * face.covers(spot) for face in self.faces)
        else:
            cost += sum(7.0 * spot.shared(face) for face in self.faces)
            cost += sum(2.4 * spot.shared(body) for body in self.bodies)
        cost += sum(3.2 * spot.shared(other) for other in self.taken)
        if self.zone:
            cost += 12.0 * spot.shared(self.zone)
        if self.spread:
            fold = Rect(GUTTER[0] * self.wide, 0, (GUTTER[1] - GUTTER[0]) * self.wide, HIGH)
            cost += 6.0 * spot.shared(fold) * (1.0 if spot.w < 0.3 * self.wide else 0.3)
        return cost + 0.35 * abs(spot.x + spot.w / 2 - self.middle) / self.wide


def h_half(thing: Drawn, k: float) -> float:
    """Half of a lying thing's length, in canvas units."""
    return thing.height * k / 2


def item_svg(item: Item) -> str:
    w, k = item.drawn.width * item.scale, item.scale
    if item.turn:
        soft = shadow(
            item.x + h_half(item.drawn, k),
            item.y + w / 2,
            item.drawn.height * k * 0.5,
            max(3.0, w * 0.2),
            0.24,
        )
        return soft + moved(item.drawn.svg, item.x, item.y, k, item.turn)
    if item.airborne:
        return moved(item.drawn.svg, item.x, item.y, k)
    soft = shadow(item.x + w * 0.03, item.y, w * 0.54, max(3.5, min(w * 0.1, 16)), 0.26)
    return soft + moved(item.drawn.svg, item.x, item.y, k)


def furnished(place: str) -> frozenset[str]:
    """Things that the drawing of a place already shows, so that they need not stand there twice."""
    from storykin.painters.sketch.places import place_of

    room = place_of(place)
    return frozenset(FURNITURE.get(room, "").split()) | (OUTSIDE if room in ROOMS else frozenset())


ROOMS = frozenset((
    "bedroom", "living room", "kitchen", "library", "classroom", "clinic", "bakery", "shop", "workshop", "museum",
    "castle hall", "attic",
))  # fmt: skip
OUTSIDE = frozenset(("moon", "sun", "cloud"))
"""What a room shows through its windows, if at all."""

FURNITURE = {
    "bedroom": "bed window curtain", "living room": "sofa window curtain", "kitchen": "window curtain", "library": "bookshelf", "classroom": "easel window",
    "clinic": "window curtain", "shop": "shop", "theatre": "stage", "bakery": "shop window", "forest": "tree", "garden": "window", "pond": "pond",
    "lake": "pond", "beach": "puddle", "castle hall": "castle window", "space": "star", "farm": "barn fence", "sky": "cloud",
}  # fmt: skip
