"""Consistency: from a story to shots; how each page is framed and who stands where.

1. rhythm    which framing each page gets, and what runs over a spread
2. words     where they will stand, and how much room they take
3. figures   sizes true to height, order, direction, nobody in the gutter
4. method    prompt and alt text (or whatever the method adds)
"""

import hashlib
import json
import math
import zlib
from collections.abc import Sequence
from dataclasses import asdict, replace

from storykin.character import Character
from storykin.consistency import Method, Setting
from storykin.consistency.prompts import by_prompt
from storykin.scene import ACTIONS, Box, Facing, Figure, Framing, Scene, Time, action_of
from storykin.shot import Shot, Storyboard
from storykin.story import Page, Story

FRONT_MATTER = 4
"""Printed pages before the story: half title, copyright, title, dedication; the story opens on the right."""

MARGIN = 0.10  # of the page, bleed included: clears Lulu's 0.5" safe area and gutter on 8.5" (0.094)
HEADROOM = 0.045
CREATURE_WIDTH = 1.25
"""Width of a creature by its standing height, in any pose: four legs, a tail or wings take room."""
TALLEST: dict[Framing, float] = {"wide": 0.42, "medium": 0.60, "spread": 0.64, "close": 1.10}
"""How much of the page's height the tallest figure takes, standing."""

TYPE = {3: 25.0, 6: 21.0, 9: 18.0}  # points by the reader's age; binders start from the same sizes
PAGE_POINTS = 630.0  # 8.75 inches: the height the estimate of lines is made for
TURNED: Facing = "right"  # a story walks towards the turn of the page


def storyboard(
    story: Story, setting: Setting, method: Method = by_prompt, earlier: Storyboard | None = None
) -> Storyboard:
    """The shots of a story, cover first.

    A shot of `earlier` is kept as it stands, with whatever was changed in it by hand, as long as
    what it was made from is the same.
    """
    kept = dict(zip(earlier.sources, earlier.shots, strict=True)) if earlier else {}
    shots: list[Shot] = []
    sources: list[str] = []
    met: set[str] = set()
    pages = [cover_page(story), *rhythm(story.pages, story.cast)]
    for page in pages:
        source = _source(page, story, setting)
        shot = kept.get(source)
        if shot is None:
            shot = method(_shot(page, story, setting), replace(setting, met=frozenset(met)))
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


def lines_of(text: str, reader_age: int, width: float, aspect: float = 1.0) -> int:
    """About how many printed lines the words take in a zone `width` of the page wide."""
    size = type_size(reader_age)
    room = (
        width * aspect * PAGE_POINTS / (size * 0.53)
    )  # characters in a line; 0.53 em is Andika's mean advance
    return sum(max(1, math.ceil(len(line) / room)) for line in text.splitlines() or [""])


def type_size(reader_age: int) -> float:
    """The type size in points that words for this age begin with."""
    return next((size for age, size in TYPE.items() if reader_age <= age), TYPE[9])


def text_zone(text: str, framing: Framing, number: int, setting: Setting, alone: bool) -> Box:
    """Where the words stand: above or below the figures, beside a figure that is alone and close."""
    size = type_size(setting.reader_age)

    def high(width: float) -> float:
        lines = lines_of(text, setting.reader_age, width, setting.aspect)
        return min(0.62, (lines * size * 1.5 + size) / PAGE_POINTS)

    if framing == "spread":  # fractions of a picture two pages wide; the words keep to one page of it
        width = 0.5 - 2 * MARGIN / 2
        zone = Box(MARGIN / 2, 0.08, width, high(width * 2))
        return zone if number % 4 < 2 else replace(zone, x=0.5 + MARGIN / 2)
    if framing == "close" and alone and high(0.38) < 0.62:
        tall = max(high(0.38), 0.3)
        return Box(MARGIN if number % 2 else 0.52, 0.5 - tall / 2, 0.38, tall)
    tall = high(1 - 2 * MARGIN)
    below = framing != "close" and number % 3 == 2
    return Box(MARGIN, 1 - 0.08 - tall if below else 0.08, 1 - 2 * MARGIN, tall)


# --- figures --------------------------------------------------------------------------------------


def compose(scene: Scene, text: str, number: int, cast: Sequence[Character], setting: Setting) -> Scene:
    """The scene with a text zone and a box for every figure; what is already given stays.

    All figures share one scale, so a child is always as tall beside the same grown-up as on every
    other page.
    """
    alone = len(scene.figures) == 1
    zone = scene.text_zone or text_zone(text, scene.framing, number, setting, alone)
    if not scene.figures:
        return replace(scene, text_zone=zone)
    aspect = setting.aspect * (2 if scene.framing == "spread" else 1)
    tall = {one.name: one.look.standing_height for one in cast}
    heights = [tall.get(figure.character, 110) for figure in scene.figures]
    moves = [ACTIONS[action_of(figure.action)] for figure in scene.figures]

    left, right, top, ground = _stage(scene, zone, alone)
    wanted = TALLEST[scene.framing] / max(heights)
    reach = [(move.height + move.lift) * high for move, high in zip(moves, heights, strict=True)]
    people = {one.name for one in cast if one.look.is_person}
    wide = [
        (move.width if figure.character in people else max(move.width, CREATURE_WIDTH)) * high / aspect
        for figure, move, high in zip(scene.figures, moves, heights, strict=True)
    ]
    gap = 0.10 * min(heights) / aspect
    room = right - left
    fits_across = room / (sum(wide) + gap * (len(wide) - 1))
    if scene.framing == "close":
        scale, ground = _close_up(reach, top, min(wanted, fits_across))
    else:
        scale = min(wanted, fits_across, (ground - top) / max(reach))

    across = scale * (sum(wide) + gap * (len(wide) - 1))
    x = left + (room - across) * _placed(number, scene)
    figures = []
    for figure, move, high, width in zip(scene.figures, moves, heights, wide, strict=True):
        lift = move.lift * high * scale
        box = Box(x, ground - lift - move.height * high * scale, width * scale, move.height * high * scale)
        figures.append(_placed_figure(figure, _rounded(box), len(scene.figures), (left + right) / 2))
        x = box.x + (width + gap) * scale
    return replace(scene, text_zone=_rounded(zone), figures=tuple(figures))


def _stage(scene: Scene, zone: Box, alone: bool) -> tuple[float, float, float, float]:
    """The room that figures may use: left, right, top and ground, in fractions of the picture."""
    edge = MARGIN if scene.framing != "spread" else MARGIN / 2
    left, right, top, ground = edge * 0.8, 1 - edge * 0.8, 0.07, 0.90
    if scene.framing == "close" and alone and zone.w < 0.5:
        left, right = (zone.right, 1 - edge * 0.5) if zone.x < 0.3 else (edge * 0.5, zone.x)
    elif scene.framing == "spread":  # the figures on the page that has no words; nobody in the fold
        left, right = (0.54, right) if zone.x + zone.w / 2 < 0.5 else (left, 0.46)
    elif zone.y > 0.45:
        ground = zone.y - HEADROOM
    else:
        top = zone.bottom + HEADROOM
    return left, right, top, ground


def _close_up(reach: Sequence[float], top: float, scale: float) -> tuple[float, float]:
    """Scale and ground of a close-up: the tallest head just under `top`, the feet below the page.

    The upper half of the smallest figure stays in the picture.
    """
    scale = min(scale, (1 - top) / (max(reach) - 0.5 * min(reach)))
    return scale, max(top + max(reach) * scale, 0.92)


def _placed(number: int, scene: Scene) -> float:
    """Where the group stands between left (0) and right (1): off the middle, changing from page to page."""
    if scene.framing == "close":
        return 0.5
    return (0.36, 0.66, 0.5, 0.28, 0.72)[number % 5]


def _placed_figure(figure: Figure, box: Box, together: int, middle: float) -> Figure:
    """The figure with its box, facing the others, or forward through the book when alone."""
    facing = figure.facing
    if not facing:
        moving = action_of(figure.action) in {"walking", "running", "riding", "flying", "swimming", "pushing"}
        if together == 1:
            facing = TURNED if moving else "front"
        elif moving and together < 3:
            facing = TURNED
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
    scene = Scene(place, time, "clear", tuple(often), tuple(figures), "medium", Box(0.08, 0.07, 0.84, 0.27))
    return Page(0, story.title, scene)


def _shot(page: Page, story: Story, setting: Setting) -> Shot:
    cast = on_stage(page.scene, story.cast)
    pages_wide = 2 if page.scene.framing == "spread" else 1
    return Shot(
        page=page.number,
        scene=compose(page.scene, page.text, page.number, cast, setting),
        cast=cast,
        art=setting.art,
        seed=zlib.crc32(f"{setting.seed}|{page.number}".encode()),
        width=round(setting.height * setting.aspect * pages_wide),
        height=setting.height,
        steps=setting.steps,
        guidance_scale=setting.guidance_scale,
    )


def on_stage(scene: Scene, cast: Sequence[Character]) -> tuple[Character, ...]:
    """The characters of the cast who are in the scene, in the scene's order."""
    known = {one.name: one for one in cast}
    return tuple(known[figure.character] for figure in scene.figures if figure.character in known)


def _source(page: Page, story: Story, setting: Setting) -> str:
    """A fingerprint of everything a shot is made from; words count only by the room they take."""
    room = lines_of(page.text, setting.reader_age, 1 - 2 * MARGIN, setting.aspect)
    cast = [asdict(one) for one in on_stage(page.scene, story.cast)]
    made_from = [page.number, asdict(page.scene), room, cast, asdict(setting)]
    return hashlib.sha256(json.dumps(made_from, sort_keys=True, default=sorted).encode()).hexdigest()[:12]
