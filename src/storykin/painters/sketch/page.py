"""Painters, sketch: one page put together from far to near: place, things, figures, calm zone, light.

Knows nothing of how a place, a person or a thing is drawn, only how large it is and where it belongs.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from storykin.character import Character, Look
from storykin.painters.sketch import props
from storykin.painters.sketch.drawn import Drawn
from storykin.painters.sketch.ink import PAPER, mix, moved, n, shadow, smooth
from storykin.scene import ACTIONS, Box, Figure, action_of
from storykin.shot import Shot

HIGH = 1000.0
GUTTER = (0.47, 0.53)
VEILS = {"morning": "#fff8ea", "day": "#fffaf0", "evening": "#fff3e4", "night": "#1c2548"}
VEIL_LEAST, VEIL_LAYERS, VEIL_FEATHER = 0.2, 14, 78.0
VEIL_CONTRAST = 5.6  # above the 4.5 that is asked for: looks add grain and strokes under the words
WORDS_DARK, WORDS_CREAM = "#2f2420", "#fdf6e9"
MANY_WORDS = 4  # more things than this are drawn a little smaller


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


@dataclass(frozen=True)
class Player:
    """A drawn figure on its spot: `x` and `ground` in canvas units, `scale` units per centimetre.

    `body` is all that is drawn, `face` the part that nothing may cover.
    """

    svg: str
    action: str
    prop: str
    x: float
    ground: float
    scale: float
    tall: float
    body: Rect
    face: Rect


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


def compose(shot: Shot, on_step: Callable[[float], None]) -> str:
    """The drawing of a shot as a whole SVG file; `with_calm_zone` then makes room for the words."""
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
    parts = [layers.back, *(_item(one) for one in items if one.behind > 0), '<g id="cast">']
    order = sorted(players, key=lambda one: (round(one.ground), one.action == "hugging"))
    for index, player in enumerate(order):
        parts.append(_figure(player))
        on_step(0.4 + 0.4 * (index + 1) / len(order))
    parts += ["</g>", *(_item(one) for one in items if one.behind <= 0), layers.front, layers.over]
    return finished(shot, "".join(parts))


def finished(shot: Shot, inner: str) -> str:
    """A whole SVG file: root element, paper, every gradient once, then the drawing."""
    wide = HIGH * shot.width / shot.height
    defs = dict.fromkeys(re.findall(r"<defs>(.*?)</defs>", inner, re.S))
    drawing = re.sub(r"<defs>.*?</defs>|<!--.*?-->", "", inner, flags=re.S)
    drawing = re.sub(r'<(?:path|ellipse|rect|circle)[^>]* opacity="[^>]*>', _thin, drawing)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{shot.width}" height="{shot.height}"'
        f' viewBox="0 0 {n(wide)} 1000"><defs>{"".join(defs)}</defs>'
        f'<rect width="{n(wide)}" height="1000" fill="{PAPER}"/>{drawing}</svg>'
    )


def _thin(found: re.Match[str]) -> str:
    """A shape's opacity as its fill's and line's: the same to the eye, and no layer of its own for the rasteriser."""
    tag = found[0]
    value = re.search(r' opacity="([^"]*)"', tag)
    assert value
    filled = "" if 'fill="none"' in tag else f' fill-opacity="{value[1]}"'
    lined = f' stroke-opacity="{value[1]}"' if re.search(r' stroke="(?!none)', tag) else ""
    return tag.replace(value[0], filled + lined)


# --- figures --------------------------------------------------------------------------------------


def _rect(box: Box, wide: float) -> Rect:
    return Rect(box.x * wide, box.y * HIGH, box.w * wide, box.h * HIGH)


def _players(shot: Shot, wide: float) -> list[Player]:
    """The figures on their spots: where the storyboard says, else side by side."""
    figures = [(one, shot.character(one.character), action_of(one.action)) for one in shot.scene.figures]
    tallest = max((who.look.standing_height for _, who, _ in figures), default=110)
    across = sum(ACTIONS[act].width * who.look.standing_height * 1.3 for _, who, act in figures)
    even = min(520 / tallest, 0.8 * wide / max(1.0, across))
    names = {one.name for one in shot.cast}
    players = []
    for index, (figure, who, act) in enumerate(figures):
        tall, move = who.look.standing_height, ACTIONS[act]
        x, ground, scale = wide * (0.14 + 0.72 * (index + 0.5) / len(figures)), 860.0, even
        if figure.box:
            box = _rect(figure.box, wide)
            scale = box.h / (move.height * tall)
            x, ground = box.x + box.w / 2, box.bottom + move.lift * tall * scale
        held = _held(figure.prop, act) if figure.prop and figure.prop not in names else None
        if act == "riding" and held:
            players.append(_rider(figure, who, held, x, ground, scale, wide, shot.scene.framing == "spread"))
            continue
        w, h = move.width * tall * scale, move.height * tall * scale
        body = Rect(x - w / 2, ground - move.lift * tall * scale - h, w, h)
        whole = act in ("sleeping", "flying", "swimming", "falling")
        face = body if whole else Rect(body.x, body.y, body.w, body.h * 0.5)
        svg = _drawn(figure, who, act, held).svg
        players.append(Player(svg, act, figure.prop, x, ground, scale, tall, body, face))
    return players


def _drawn(figure: Figure, who: Character, action: str, held: Drawn | None) -> Drawn:
    from storykin.painters.sketch.creatures import creature, is_creature
    from storykin.painters.sketch.people import person

    draw = creature if is_creature(who.look.kind) else person
    return draw(who.look, who.outfit(figure.outfit), action, figure.expression, figure.facing, held)


def _rider(figure: Figure, who: Character, vehicle: Drawn, x: float, ground: float, scale: float, wide: float,
           spread: bool) -> Player:  # fmt: skip
    """A figure in or on what it rides: behind its near side, if the drawing says where that begins."""
    from storykin.painters.sketch.creatures import is_creature

    tall, way = who.look.standing_height, -1 if figure.facing == "left" else 1
    fit = max(0.45, min(1.5, (tall / 116) ** 0.7))
    if vehicle.height > 2.6 * vehicle.width:  # a broom, a stick: ridden lying
        long = vehicle.height
        lying = moved(vehicle.svg, -long / 2, -tall * 0.42 / fit, 1.0, 90)
        vehicle = Drawn(lying, long, tall * 0.5 / fit, (0.0, 0.0), (0.0, -tall * 0.42 / fit))
    seat_x, seat_y = way * vehicle.seat[0] * fit, vehicle.seat[1] * fit
    dx, dy = seat_x, seat_y + 0.06 * tall + ACTIONS["riding"].lift * tall
    if not is_creature(who.look.kind):
        hip_x, hip_y = _hips(who.look, figure.facing)
        dx, dy = seat_x - way * hip_x, seat_y - hip_y - 0.02 * tall
    rider = moved(_drawn(figure, who, "riding", None).svg, dx, dy)
    far, _, near = vehicle.svg.partition(props.RIDER)
    if near:  # who sits inside has no legs below the floor
        floor, name = -min(0.25 * vehicle.height, 32) * fit, f"in{round(vehicle.height * fit * 10)}"
        cut = f'<defs><clipPath id="{name}"><rect x="-600" y="-900" width="1200" height="{n(900 + floor)}"/></clipPath></defs>'
        rider = f'{cut}<g clip-path="url(#{name})">{rider}</g>'
    svg = moved(far, 0, 0, fit, 0, way < 0) + rider + (moved(near, 0, 0, fit, 0, way < 0) if near else "")
    head = -seat_y + 0.66 * tall
    high = max(vehicle.height * fit if near else 0.0, head)
    room = (0.45 if spread else 0.97) * wide
    scale *= min(1.0, 1.18 * tall / head, room / (max(vehicle.width * fit, 0.6 * tall) * scale))
    w = max(vehicle.width * fit, 0.6 * tall) * scale
    left, right = (
        (0.53 * wide if x > wide / 2 else 14.0, 0.47 * wide if x < wide / 2 else wide - 14)
        if spread
        else (14.0, wide - 14)
    )
    middle = x - seat_x * scale * 0.6
    middle = (left + right) / 2 if w > right - left else min(max(middle, left + w / 2), right - w / 2)
    body = Rect(middle - w / 2, ground - high * scale, w, high * scale)
    face = Rect(
        middle + (seat_x - 0.3 * tall) * scale, ground - head * scale, 0.6 * tall * scale, 0.62 * tall * scale
    )
    return Player(
        svg, "riding", figure.prop, middle, ground, scale, max(tall, vehicle.width * fit * 1.3), body, face
    )


def _hips(look: Look, facing: str) -> tuple[float, float]:
    """Where a person's hips are when riding, in centimetres from the ground point, facing right."""
    from storykin.painters.sketch.body import sizes
    from storykin.painters.sketch.poses import embody, pose_of

    return embody(pose_of("riding", facing), sizes(look), facing).hip


def _figure(player: Player) -> str:
    """One figure with what it holds or rides, and its shadow."""
    tall, move = player.tall * player.scale, ACTIONS[player.action]
    lift = 0.0 if player.action == "riding" else move.lift
    soft = ""
    if player.action != "swimming":
        wide = max(0.24, 0.42 * move.width) * tall * (1 - lift)
        soft = shadow(player.x, player.ground, wide, max(5.0, min(wide * 0.2, 34.0)), 0.30 * (1 - lift))
    return soft + moved(player.svg, player.x, player.ground, player.scale)


def _held(words: str, action: str) -> Drawn:
    return _animal(words, "standing" if action == "riding" else "sitting") or props.prop(words)


def _animal(words: str, action: str = "sitting") -> Drawn | None:
    """Animals that only stand around are drawn as animals, if no thing has that name."""
    from storykin.painters.sketch.creatures import creature

    if props.known(words) or not _names_animal(words):
        return None
    look = Look(kind=words)
    drawn = creature(look, None, action, "happy", "right", None)
    seat = (-0.06 * drawn.width, -0.5 * drawn.height)
    return Drawn(drawn.svg, drawn.width, drawn.height, (0.0, -drawn.height * 0.4), seat)


def _names_animal(words: str) -> bool:
    from storykin.painters.sketch.creatures import is_creature

    head = re.findall(r"[a-z]+", words.lower())
    return bool(head) and is_creature(words) and (is_creature(head[-1]) or is_creature(head[-1].rstrip("s")))


# --- things ---------------------------------------------------------------------------------------


def _items(
    shot: Shot, players: Sequence[Player], zone: Rect | None, wide: float, ground: float, scale: float
) -> list[Item]:
    """A spot for every thing of the scene that nobody holds."""
    scene = shot.scene
    held = {props.prop_of(one.prop) for one in players if one.prop}
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


class Search:
    """Looks for free spots; remembers what it has given away."""

    def __init__(self, players: Sequence[Player], zone: Rect | None, wide: float, ground: float, scale: float,
                 spread: bool, dice: Random) -> None:  # fmt: skip
        self.faces = [one.face for one in players]
        self.bodies = [one.body for one in players]
        self.zone, self.wide, self.ground, self.scale, self.spread, self.dice = (
            zone,
            wide,
            ground,
            scale,
            spread,
            dice,
        )
        self.taken: list[Rect] = []
        self.middle = sum(b.x + b.w / 2 for b in self.bodies) / len(self.bodies) if self.bodies else wide / 2

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

    def floor(self, thing: Drawn, small: float, against_wall: bool = False, lies: bool = False) -> Item:
        """On the ground: large things behind the figures, small ones beside or before them."""
        w, h = (thing.height, thing.width) if lies else (thing.width, thing.height)
        if h > 150 or against_wall:
            behind = [26.0 + 6 * self.scale, 44.0 + 9 * self.scale, 70.0 + 12 * self.scale]
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
        for size in (1.0, 0.84, 0.7, 0.56, 0.45):
            for behind, y in levels:
                k = self.scale * small * size * (1 - 0.0011 * max(0.0, behind) if not airborne else 0.9)
                k = min(k, 0.62 * self.wide / w, 700 / h)
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


def _item(item: Item) -> str:
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
    words = place.lower()
    return next((frozenset(shown.split()) for name, shown in FURNITURE.items() if name in words), frozenset())


FURNITURE = {
    "bedroom": "bed", "living room": "sofa", "library": "bookshelf", "classroom": "easel", "clinic": "scales", "shop": "shop", "theatre": "stage", "stage": "stage",
    "bakery": "shop", "forest": "tree", "wood": "tree", "orchard": "apple_tree tree", "pond": "pond", "lake": "pond",
    "beach": "puddle", "castle": "castle", "space": "star", "farm": "barn fence", "sky": "cloud",
}  # fmt: skip


# --- the calm zone --------------------------------------------------------------------------------


def with_calm_zone(shot: Shot, page: str) -> str:
    """The page with a wash over the words' room, no stronger than dark or cream words need, that fades into the picture.

    The picture is looked at in small to learn how light and how restless the room is.
    """
    if shot.scene.text_zone is None:
        return page
    wide = HIGH * shot.width / shot.height
    zone = _rect(shot.scene.text_zone, wide)
    pixels = _pixels(page, zone, wide)
    night = shot.scene.time == "night"
    light, dark = VEILS[shot.scene.time if not night else "day"], VEILS["night"]
    for_dark_words = _strength(pixels, light, lambda found: (found + 0.05) / (luminance(WORDS_DARK) + 0.05))
    for_cream_words = _strength(pixels, dark, lambda found: (luminance(WORDS_CREAM) + 0.05) / (found + 0.05))
    use_dark = for_cream_words < for_dark_words + (0.3 if night else -0.25)
    fill, strength = (dark, for_cream_words) if use_dark else (light, for_dark_words)
    thin = 1 - (1 - strength) ** (1 / VEIL_LAYERS)
    dice = Random(shot.seed ^ 0x5EED)
    waves = [dice.random() for _ in range(64)]
    layers = []
    for index in range(VEIL_LAYERS):
        out = 8 + VEIL_FEATHER * (index / (VEIL_LAYERS - 1)) ** 1.15
        layers.append(f'<path d="{_cloud(zone, out, waves)}" fill-opacity="{thin:.4f}"/>')
    veil = f'<g id="calm" fill="{fill}">{"".join(layers)}</g>'
    below, margin, above = page.rpartition('<g id="margin">')
    return below + veil + margin + above if margin else page.removesuffix("</svg>") + veil + "</svg>"


def luminance(fill: str) -> float:
    """The relative luminance of a colour, 0 to 1 (WCAG 2)."""
    weights = (0.2126, 0.7152, 0.0722)
    parts = [int(fill[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    straight = [c / 12.92 if c <= 0.04045 else math.pow((c + 0.055) / 1.055, 2.4) for c in parts]
    return math.fsum(weight * c for weight, c in zip(weights, straight, strict=True))


def _pixels(svg: str, zone: Rect, wide: float) -> list[str]:
    """The colours that are found in the zone of a small raster of the page."""
    import io

    from PIL import Image

    from storykin.raster import png_of

    with Image.open(io.BytesIO(png_of(svg.encode(), "image/svg+xml", round(0.12 * wide)))) as picture:
        k = picture.height / HIGH
        room = (
            max(0, int(zone.x * k)),
            max(0, int(zone.y * k)),
            int((zone.x + zone.w) * k),
            int((zone.y + zone.h) * k),
        )
        small = picture.convert("RGB").crop(room)
        flat = small.tobytes()
        return sorted({f"#{flat[i : i + 3].hex()}" for i in range(0, len(flat), 3)})


def _strength(pixels: Sequence[str], veil: str, contrast: Callable[[float], float]) -> float:
    """The least strength at which every pixel gives enough contrast and the room is quiet."""
    lights = [math.sqrt(luminance(one)) for one in pixels] or [0.5]
    middle = sum(lights) / len(lights)
    restless = math.sqrt(sum((one - middle) ** 2 for one in lights) / len(lights))
    strength = min(0.8, VEIL_LEAST + 3.2 * restless)
    while strength < 0.96 and any(
        contrast(luminance(mix(one, veil, strength))) < VEIL_CONTRAST for one in pixels
    ):
        strength += 0.03
    return min(strength, 0.96)


def _cloud(zone: Rect, out: float, waves: Sequence[float]) -> str:
    """A rounded, slightly uneven outline `out` units outside of a rectangle; `waves` make it uneven."""
    left, top, right, bottom = zone.x - out, zone.y - out, zone.x + zone.w + out, zone.y + zone.h + out
    corner = min(out * 0.9 + 22, (right - left) / 2, (bottom - top) / 2)
    ends = iter(waves)
    push = out * 0.3
    bow = corner * 0.29
    across, down = max(2, round(zone.w / 170)), max(2, round(zone.h / 150))
    points = []
    for i in range(across + 1):
        points.append((left + corner + (right - left - 2 * corner) * i / across, top - push * next(ends)))
    points.append((right - bow, top + bow))
    for i in range(down + 1):
        points.append((right + push * next(ends), top + corner + (bottom - top - 2 * corner) * i / down))
    points.append((right - bow, bottom - bow))
    for i in range(across + 1):
        points.append((right - corner - (right - left - 2 * corner) * i / across, bottom + push * next(ends)))
    points.append((left + bow, bottom - bow))
    for i in range(down + 1):
        points.append((left - push * next(ends), bottom - corner - (bottom - top - 2 * corner) * i / down))
    points.append((left + bow, top + bow))
    return smooth(points, True, 0.95)
