"""Consistency: from a story to shots; how each page is framed and who stands where.

1. rhythm    which framing each page gets, and what runs over a spread
2. words     where they will stand, and how much room they take
3. figures   sizes true to height, order, direction, nobody in the gutter
4. method    prompt and alt text (or whatever the method adds)
"""

import hashlib
import json
import math
import re
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from unicodedata import east_asian_width

from storykin.character import Character, Look
from storykin.consistency import Method, Setting
from storykin.consistency.prompts import by_prompt
from storykin.languages import is_right_to_left
from storykin.scene import ACTIONS, Box, Facing, Figure, Framing, Scene, Time, action_of, breadth_of
from storykin.shot import Shot, Storyboard
from storykin.story import Page, Story

FRONT_MATTER = 4
"""Printed pages before the story: half title, copyright, title, dedication; the story opens on the right."""

MARGIN = 0.10  # of the page, bleed included: clears Lulu's 0.5" safe area and gutter on 8.5" (0.094)
EDGE = 0.05  # figures may come nearer to the cut than words
HEADROOM = 0.035
TALLEST: dict[Framing, float] = {"wide": 0.47, "medium": 0.62, "spread": 0.66, "close": 1.10}
"""How much of the page's height the tallest figure takes, standing."""
COVER_HERO = 0.68
"""The same for the hero on the cover."""
LONG = 1.5  # of its height: what is broader than this may run over the edge
BED = 1.28  # a bed is longer than who sleeps in it
CROWD = 4
HAIR = 1.06  # how much higher than the body a head of hair, ears or a hat may reach
CLOSER = -0.75  # who hugs stands closer than neighbours ever do
AIR, TOUCH, CROWDED = 0.12, -0.08, -0.16
"""Between neighbours: by the smallest one's height where there is room, by its breadth where there is none, or in a crowd."""

TYPE = {3: 26.0, 6: 22.0, 9: 18.0}  # points by the reader's age; binders begin with the same sizes
LEADING = 1.5
LATER = (
    "dialect",
    "powers",
    "adapters_of",
    "known",
    "photos",
    "start",
    "strength",
    "apart",
    "styles",
    "area",
    "hears",
    "consistency",
    "turn",
    "closer",
)
"""Fields of a setting that count only where they say something: books that were made before them keep their shots."""


def storyboard(
    story: Story, setting: Setting, method: Method = by_prompt, earlier: Storyboard | None = None
) -> Storyboard:
    """The shots of a story, cover first.

    A shot of `earlier` is kept as it stands, with whatever was changed in it by hand, as long as
    what it was made from is the same; a picture that was chosen by hand stays as long as the scene is the same.
    """
    if is_right_to_left(story.language):
        setting = replace(setting, turn="left")
    kept = dict(zip(earlier.sources, earlier.shots, strict=True)) if earlier else {}
    by_page = {shot.page: shot for shot in earlier.shots} if earlier else {}
    shots: list[Shot] = []
    sources: list[str] = []
    met: set[str] = set()
    pages = [cover_page(story), *rhythm(story.pages, story.cast)]
    for page in pages:
        source = _source(page, story, setting)
        shot = kept.get(source)
        if shot is None:
            shot = method(_shot(page, story, setting), replace(setting, met=frozenset(met)))
            before = by_page.get(page.number)
            if before is not None and before.scene == shot.scene:
                shot = replace(shot, picture=before.picture)
        shots.append(replace(shot, page=page.number))
        sources.append(source)
        if page.number:
            met.update(figure.character for figure in page.scene.figures)
    return Storyboard(tuple(shots), tuple(sources))


# --- rhythm ---------------------------------------------------------------------------------------


def rhythm(pages: Sequence[Page], cast: Sequence[Character]) -> list[Page]:
    """Give each page a framing that differs from its neighbours', as picture books do.

    A framing that the writer set stays, except a close-up of what none can show. Spreads need a left-hand page to begin on; where a wished
    one falls on the right, it becomes a wide view. The first and the last page are never spreads.
    """
    framed: list[Page] = []
    printed = FRONT_MATTER + 1
    since_spread = 0
    place = ""
    tall = {one.name: one.look.standing_height for one in cast}
    for index, page in enumerate(pages):
        scene = page.scene
        left = printed % 2 == 0
        inner = 0 < index < len(pages) - 1
        wished = scene.framing or _framing(index, scene, place, framed)
        if wished == "close" and not _can_be_close(scene, tall):
            wished = (
                "wide" if [one.scene.framing for one in framed[-2:]] == ["medium", "medium"] else "medium"
            )
        roomy = len(pages) >= 8 and since_spread >= 5 and wished == "wide" and not scene.framing
        if (wished == "spread" or roomy) and left and inner:
            wished = "spread"
        elif wished == "spread":
            wished = "wide"
        framed.append(replace(page, scene=replace(scene, framing=wished)))
        printed += 2 if wished == "spread" else 1
        since_spread = 0 if wished == "spread" else since_spread + 1
        place = scene.place
    return framed


def _framing(index: int, scene: Scene, place_before: str, framed: Sequence[Page]) -> Framing:
    """Wide on arriving somewhere, close for feelings, medium between; never three alike in a row."""
    before = [page.scene.framing for page in framed[-2:]]
    feeling = {"sad", "worried", "surprised", "laughing", "cross", "sleepy"}
    if index == 0 or (scene.place != place_before and "wide" not in before):
        return "wide"
    strong = bool(scene.figures) and scene.figures[0].expression in feeling
    if len(scene.figures) in {1, 2} and strong and "close" not in before:
        return "close"
    if before[-2:] == ["medium", "medium"]:
        return "close" if len(scene.figures) == 1 else "wide"
    return "medium"


def _can_be_close(scene: Scene, tall: dict[str, int]) -> bool:
    """Only poses whose upper body tells the action survive a close-up, and only figures of like size."""
    still = {"standing", "sitting", "holding", "thinking", "waving", "pointing", "hugging", "kneeling"}
    heights = [tall.get(figure.character, 110) for figure in scene.figures]
    alike = not heights or min(heights) > 0.4 * max(heights)
    return alike and len(heights) <= 3 and all(action_of(figure.action) in still for figure in scene.figures)


# --- words ----------------------------------------------------------------------------------------


def page_points(aspect: float) -> float:
    """The height of a page with its bleed in points: 8.5 x 8.5 or, if it is an upright one, 8 x 10 inches."""
    return 630.0 if aspect > 0.9 else 738.0


def lines_of(text: str, reader_age: int, width: float, aspect: float = 1.0) -> int:
    """About how many printed lines the words take in a zone `width` of the page wide."""
    em = width * aspect * page_points(aspect) / type_size(reader_age)
    room = em / 0.53  # characters in a line; 0.53 em is Andika's mean advance
    return sum(max(1, math.ceil(_length(line) / room)) for line in text.splitlines() or [""])


def _length(line: str) -> float:
    """How many characters wide a line is; a Chinese one is one em."""
    wide = sum(east_asian_width(letter) in {"W", "F"} for letter in line)
    return len(line) + wide * (1 / 0.53 - 1)


def words_on(page: Page) -> str:
    """All words that stand on a page: in one language, or in two with a space between."""
    return f"{page.text}\n\n{page.also}" if page.also.strip() else page.text


def type_size(reader_age: int) -> float:
    """The type size in points that words for this age begin with."""
    return next((size for age, size in TYPE.items() if reader_age <= age), TYPE[9])


def text_zone(text: str, framing: Framing, number: int, setting: Setting, together: int) -> Box:
    """Where the words stand: above or below the figures, beside a figure that is alone and close."""
    size = type_size(setting.reader_age)

    def high(width: float) -> float:
        lines = lines_of(text, setting.reader_age, width, setting.aspect)
        return min(0.62, (lines * LEADING + 0.2) * size / page_points(setting.aspect))

    if framing == "spread":  # fractions of a picture two pages wide; the words keep to one page of it
        width = 0.5 - 2 * MARGIN / 2
        zone = Box(MARGIN / 2, 0.08, width, high(width * 2))
        return zone if number % 4 < 2 else replace(zone, x=0.5 + MARGIN / 2)
    if framing == "close" and together == 1 and high(0.38) < 0.62:
        tall = max(high(0.38), 0.2)
        return Box(MARGIN if number % 2 else 0.52, 0.46 - tall / 2, 0.38, tall)
    tall = high(1 - 2 * MARGIN)
    below = framing != "close" and number % 3 == 2 and together < CROWD
    return Box(MARGIN, 1 - 0.08 - tall if below else 0.08, 1 - 2 * MARGIN, tall)


def title_zone(title: str) -> Box:
    """The room for the title at the head of the cover: the longer, the more."""
    return Box(0.08, 0.06, 0.84, 0.17 if len(title) <= 14 else 0.24 if len(title) <= 34 else 0.28)


# --- figures --------------------------------------------------------------------------------------


def compose(scene: Scene, text: str, number: int, cast: Sequence[Character], setting: Setting) -> Scene:
    """The scene with a text zone and a box for every figure; what is already given stays.

    All figures share one scale, so a child is always as tall beside the same grown-up as on every
    other page.
    """
    scene = _bedded(scene, cast)
    together = len(scene.figures)
    zone = scene.text_zone or text_zone(text, scene.framing, number, setting, together)
    if not scene.figures:
        return replace(scene, text_zone=_rounded(zone))
    looks = {one.name: one.look for one in cast}
    riders = _riders(scene, looks)
    bodies = _bodies(scene, looks, riders, setting.aspect * (2 if scene.framing == "spread" else 1))
    tallest = bodies[0].tall if number == 0 else max(max(one.reach, 0.8 * one.tall) for one in bodies)
    wanted = (COVER_HERO if number == 0 else TALLEST[scene.framing]) / tallest

    order = [i for i in range(together) if i not in riders]
    if _turned_round(scene, number):
        order.reverse()
    hugging = any(action_of(one.action) == "hugging" for one in scene.figures)
    rooms = _rooms(scene, zone, together == 1, number == 0)
    groups, scale = _grouped(rooms[:1] if hugging else rooms, order, bodies, wanted)
    boxes: dict[int, Box] = {}
    for room, who in groups:
        place = _placed(number, scene) if len(groups) == 1 else 0.72 if room.left < 0.4 else 0.28
        if scene.framing == "close":
            scale, ground = _close_up([bodies[i].reach for i in who], room.top, scale)
        else:
            ground = room.ground
        boxes |= _row(replace(room, ground=ground), who, bodies, scale, place, hugging)
    if _UNDER_WATER.search(scene.place):
        for i, box in boxes.items():
            if action_of(scene.figures[i].action) == "swimming":
                boxes[i] = replace(box, y=box.y - (0.6 if i % 2 else 0.4) * max(0.0, box.y - rooms[0].top))
    for i, on in riders.items():
        below, high = boxes[on], bodies[i].tall * scale
        boxes[i] = Box(below.x + below.w * 0.3, below.y - 0.6 * high, below.w * 0.4, 0.95 * high)
    middles = [box.x + box.w / 2 for box in boxes.values()]
    middle = (min(middles) + max(middles)) / 2
    figures = tuple(
        _placed_figure(one, _rounded(boxes[i]), together, middle, setting.turn)
        for i, one in enumerate(scene.figures)
    )
    return replace(scene, text_zone=_rounded(zone), figures=figures)


_UNDER_WATER = re.compile(r"\b(under|reef|deep|bottom|sea ?bed)")


def _bodies(scene: Scene, looks: dict[str, Look], riders: dict[int, int], aspect: float) -> list["_Body"]:
    cut = scene.framing != "spread" and len(scene.figures) > 1
    bodies = []
    for figure in scene.figures:
        look = looks.get(figure.character, Look())
        in_bed = look.is_person and "bed" in scene.place and action_of(figure.action) == "sleeping"
        bodies.append(_Body.of(figure, look, aspect, cut, in_bed))
    for rider, on in riders.items():
        bodies[on] = replace(bodies[on], above=0.7 * bodies[rider].tall)
    return bodies


def _grouped(
    rooms: Sequence["_Room"], order: list[int], bodies: Sequence["_Body"], wanted: float
) -> tuple[list[tuple["_Room", list[int]]], float]:
    """Who stands in which room, and the scale: all in the first one, or the first few left, the others right."""
    groups = [(rooms[0], order)]
    scale = _fitting(groups, bodies, wanted)
    left, right = sorted(rooms, key=lambda room: room.left) if len(rooms) == 2 else (rooms[0], rooms[0])
    for count in range(1, len(order) if left is not right else 0):
        parted = [(left, order[:count]), (right, order[count:])]
        larger = _fitting(parted, bodies, wanted)
        if larger > scale * (1.25 if len(groups) == 1 else 1.02):
            groups, scale = parted, larger
    return groups, scale


def _row(
    room: "_Room", who: list[int], bodies: Sequence["_Body"], scale: float, place: float, hugging: bool
) -> dict[int, Box]:
    """A box for everybody in a room, side by side; `place` says where the row is between left and right."""
    gap = _gap([bodies[i] for i in who], scale, room, len(bodies))
    if hugging:
        gap = CLOSER * min(bodies[i].wide for i in who) * scale
    across = sum(bodies[i].wide for i in who) * scale + gap * (len(who) - 1)
    x = room.left + (room.right - room.left - across) * place
    boxes = {}
    for i in who:
        one = bodies[i]
        out = one.tail * (1.0 if i == who[0] else 0.0 if i == who[-1] else 0.5)
        wide = (one.wide + one.tail) * scale
        boxes[i] = Box(x - out * scale, room.ground - one.reach * scale, wide, one.high * scale)
        x += one.wide * scale + gap
    return boxes


def _bedded(scene: Scene, cast: Sequence[Character]) -> Scene:
    """Where many are together, one lies asleep and other people nod off sitting: a row of lying ones would be tiny."""
    people = {one.name for one in cast if one.look.is_person}
    asleep = [f for f in scene.figures if f.character in people and action_of(f.action) == "sleeping"]
    if len(scene.figures) < 3 or len(asleep) < 2:
        return scene
    figures = (
        replace(f, action="sitting", expression="sleepy") if f in asleep[1:] and not f.box else f
        for f in scene.figures
    )
    return replace(scene, figures=tuple(figures))


def _riders(scene: Scene, looks: dict[str, Look]) -> dict[int, int]:
    """Which figures ride on which creature that is on stage too."""
    at = {figure.character: index for index, figure in enumerate(scene.figures)}
    return {
        index: at[figure.prop]
        for index, figure in enumerate(scene.figures)
        if action_of(figure.action) == "riding"
        and figure.prop in at
        and not looks.get(figure.prop, Look()).is_person
        and action_of(scene.figures[at[figure.prop]].action) != "riding"
    }


@dataclass(frozen=True)
class _Body:
    """The room one figure takes: standing height in cm, its action's extent, that with the lift below it.

    Of a very long creature only the front counts as `wide`; its `tail` may lie beyond the page's edge.
    `above` is what a rider adds.
    """

    tall: float
    wide: float
    high: float
    reach: float
    tail: float
    above: float = 0.0

    @classmethod
    def of(cls, figure: Figure, look: Look, aspect: float, cut: bool, in_bed: bool) -> "_Body":
        move, tall = ACTIONS[action_of(figure.action)], look.standing_height
        broad = breadth_of(look.kind, look.is_person, move) * (BED if in_bed else 1.0)
        tail = max(0.0, broad - LONG) if cut else 0.0
        wide, reach = (broad - tail) * tall / aspect, (move.height + move.lift) * tall
        return cls(tall, wide, move.height * tall, reach, tail * tall / aspect)


@dataclass(frozen=True)
class _Room:
    """Where figures may be, in fractions of the picture."""

    left: float
    right: float
    top: float
    ground: float


def _rooms(scene: Scene, zone: Box, alone: bool, cover: bool) -> list[_Room]:
    """The room that figures may use; on a spread the page without words, then the other one under them."""
    if cover:
        return [_Room(0.04, 0.96, zone.bottom + 0.01, 0.955)]
    if scene.framing == "spread":
        half = EDGE / 2
        left, right = _Room(half, 0.478, 0.07, 0.90), _Room(0.522, 1 - half, 0.07, 0.90)
        free, taken = (right, left) if zone.x + zone.w / 2 < 0.5 else (left, right)
        return [free, replace(taken, top=zone.bottom + HEADROOM)]
    if scene.framing == "close" and alone and zone.w < 0.5:
        edges = (zone.right, 1 - EDGE) if zone.x < 0.3 else (EDGE, zone.x)
        return [_Room(*edges, 0.07, 0.90)]
    if zone.y > min(
        0.45, 1 - zone.bottom
    ):  # words that fill more than half of the page leave room on one side only
        return [_Room(EDGE, 1 - EDGE, 0.07, zone.y - HEADROOM)]
    return [_Room(EDGE, 1 - EDGE, zone.bottom + HEADROOM, 0.915)]


def _fitting(groups: Sequence[tuple[_Room, list[int]]], bodies: Sequence[_Body], wanted: float) -> float:
    """The largest scale up to `wanted` at which every group fits its room, neighbours just touching."""
    for room, who in groups:
        wide = [bodies[i].wide for i in who]
        wanted = min(
            wanted, (room.right - room.left) / (sum(wide) + _touch(len(bodies)) * min(wide) * (len(wide) - 1))
        )
        wanted = min(
            wanted, (room.ground - room.top) / max(HAIR * bodies[i].reach + bodies[i].above for i in who)
        )
    return wanted


def _gap(bodies: Sequence[_Body], scale: float, room: _Room, together: int) -> float:
    """Air between neighbours, less where the room is narrow."""
    if len(bodies) < 2:
        return 0.0
    least = min(one.wide for one in bodies)
    spare = (room.right - room.left - scale * sum(one.wide for one in bodies)) / (len(bodies) - 1)
    return max(
        _touch(together) * least * scale, min(AIR * min(one.wide / 0.5 for one in bodies) * scale, spare)
    )


def _touch(together: int) -> float:
    return CROWDED if together >= CROWD else TOUCH


def _close_up(reach: Sequence[float], top: float, scale: float) -> tuple[float, float]:
    """Scale and ground of a close-up: the tallest head just under `top`, the feet below the page.

    The upper half of the smallest figure stays in the picture.
    """
    scale = min(scale, (1 - top) / (max(reach) - 0.5 * min(reach)))
    return scale, max(top + max(reach) * scale, 0.92)


def _placed(number: int, scene: Scene) -> float:
    """Where the group stands between left (0) and right (1): off the middle, changing from page to page."""
    if scene.framing == "close" or number == 0:
        return 0.5
    return (0.36, 0.66, 0.5, 0.28, 0.72)[number % 5]


def _turned_round(scene: Scene, number: int) -> bool:
    """Whether the first figure stands on the right for once; who moves, moves towards the turn of the page."""
    return number % 5 in (2, 4) and len(scene.figures) > 1 and not any(map(_moves, scene.figures))


def _moves(figure: Figure) -> bool:
    return action_of(figure.action) in {"walking", "running", "riding", "flying", "swimming", "pushing"}


def _placed_figure(figure: Figure, box: Box, together: int, middle: float, turn: Facing) -> Figure:
    """The figure with its box, facing the others, or forward through the book when alone."""
    facing = figure.facing
    if not facing:
        if together == 1:
            facing = turn if _moves(figure) else "front"
        elif _moves(figure) and together < 3:
            facing = turn
        else:
            facing = "right" if box.x + box.w / 2 < middle else "left"
    return replace(figure, box=figure.box or box, facing=facing)


def _rounded(box: Box) -> Box:
    return Box(round(box.x, 4), round(box.y, 4), round(box.w, 4), round(box.h, 4))


# --- shots ----------------------------------------------------------------------------------------


def cover_page(story: Story) -> Page:
    """The cover as a page with number 0: the hero and the friend, happy, where the story happens."""
    scenes = [page.scene for page in story.pages]
    places = [scene.place for scene in scenes]
    place = max(places, key=places.count)
    props = [prop for scene in scenes for prop in scene.props]
    often = sorted(dict.fromkeys(props), key=props.count, reverse=True)[:2]
    time: Time = "night" if sum(scene.time == "night" for scene in scenes) * 2 > len(scenes) else "day"
    hero = story.cast[0].name
    figures = []
    for one in story.cast[:2]:
        seen = next(
            (f for p in story.pages for f in p.scene.figures if f.character == one.name and f.prop), None
        )
        worn = [f.outfit for p in story.pages for f in p.scene.figures if f.character == one.name]
        outfit = max(worn, key=worn.count) if worn else ""
        action = "holding" if seen and one.name == hero else "standing" if one.name != hero else "waving"
        prop = seen.prop if seen and one.name == hero else ""
        figures.append(Figure(one.name, action, "happy", prop, outfit))
    scene = Scene(place, time, "clear", tuple(often), tuple(figures), "medium", title_zone(story.title))
    return Page(0, story.title, scene)


def _shot(page: Page, story: Story, setting: Setting) -> Shot:
    cast = on_stage(page.scene, story.cast)
    pages_wide = 2 if page.scene.framing == "spread" else 1
    width, height = setting.height * setting.aspect * pages_wide, float(setting.height)
    if setting.area and width * height > setting.area:
        scale = math.sqrt(setting.area / (width * height))
        width, height = width * scale, height * scale
    return Shot(
        page=page.number,
        scene=compose(page.scene, words_on(page), page.number, cast, setting),
        cast=cast,
        art=setting.art,
        seed=zlib.crc32(f"{setting.seed}|{page.number}".encode()),
        width=round(width),
        height=round(height),
        steps=setting.steps,
        guidance_scale=setting.guidance_scale,
    )


def on_stage(scene: Scene, cast: Sequence[Character]) -> tuple[Character, ...]:
    """The characters of the cast who are in the scene, in the scene's order, with their looks: what was taught is a method's to add."""
    return tuple(replace(one, adapters=(), references=()) for one in _in_scene(scene, cast))


def _in_scene(scene: Scene, cast: Sequence[Character]) -> tuple[Character, ...]:
    known = {one.name: one for one in cast}
    return tuple(known[figure.character] for figure in scene.figures if figure.character in known)


def _source(page: Page, story: Story, setting: Setting) -> str:
    """A fingerprint of everything a shot is made from; words count only by the room they take."""
    room = lines_of(words_on(page), setting.reader_age, 1 - 2 * MARGIN, setting.aspect)
    cast = [asdict(one) for one in _in_scene(page.scene, story.cast)]
    there = {figure.character for figure in page.scene.figures}
    own = replace(
        setting,
        known=tuple(one for one in setting.known if one.name in there),
        photos=tuple(one for one in setting.photos if one[0] == page.number),
        styles={name: one for name, one in setting.styles.items() if name == setting.art},
    )
    if not own.photos and own.start in {"", "none"} and "img2img" not in own.consistency:
        own = replace(own, strength=Setting.strength)  # nothing begins with a picture
    usual = asdict(Setting())
    common = {name: value for name, value in asdict(own).items() if name not in LATER or value != usual[name]}
    made_from = [page.number, asdict(page.scene), room, cast, common]
    return hashlib.sha256(json.dumps(made_from, sort_keys=True, default=sorted).encode()).hexdigest()[:12]
