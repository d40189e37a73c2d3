"""Painters, sketch: one page put together from far to near: place, things, figures, light.

Knows nothing of how a place, a person or a thing is drawn, only how large it is and where it belongs.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from storykin.character import Character, Look
from storykin.painters.sketch import props
from storykin.painters.sketch.beds import put_to_bed
from storykin.painters.sketch.drawn import Drawn
from storykin.painters.sketch.ink import PAPER, moved, n, shadow
from storykin.painters.sketch.spots import HIGH, Rect, Search, animal, item_svg, items_of, rect_of
from storykin.scene import ACTIONS, Figure, Scene, action_of
from storykin.shot import Shot

UPRIGHT = frozenset({"dragon", "dinosaur", "bear", "robot", "monster", "penguin"})
"""Creatures that carry somebody behind their shoulders; all others carry on their back."""
CARRIES = frozenset({"standing", "walking", "running", "flying", "swimming", "sitting"})
PAN = 46.0  # centimetres by which the camera turns to one side or the other, at most


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
    in_bed: bool = False


def compose(shot: Shot, on_step: Callable[[float], None]) -> str:
    """The drawing of a shot as a whole SVG file; the calm zone for the words comes after the look."""
    from storykin.painters.sketch.places import place
    from storykin.painters.sketch.stage import Stage

    scene, wide = shot.scene, HIGH * shot.width / shot.height
    players = _players(shot, wide)
    scale = sorted(one.scale for one in players)[len(players) // 2] if players else 3.0
    ground = max((one.ground for one in players), default=860.0)
    zone = rect_of(scene.text_zone, wide) if scene.text_zone else None
    calm = (zone.x, zone.y, zone.w, zone.h) if zone else None
    dice = Random(shot.seed)
    bed = any(one.in_bed for one in players)
    shown = tuple((one.body.x, one.body.y, one.body.w, one.body.h) for one in players)
    stage = Stage(
        wide, HIGH, min(ground, 900.0), scale, scene.time, scene.weather, calm, _pan(shot), "bed" * bed, shown
    )
    layers = place(scene.place, stage)
    on_step(0.3)

    search = Search([one.body for one in players], [one.face for one in players], zone, wide, min(ground, 975.0), scale,
                    scene.framing == "spread", dice)  # fmt: skip
    taken = [props.prop_of(one.prop) for one in players if one.prop] + ["bed"] * bed
    items = items_of(scene, taken, search)
    on_step(0.4)
    parts = [layers.back, *(item_svg(one) for one in items if one.behind > 0), '<g id="cast">']
    order = sorted(players, key=lambda one: (round(one.ground), one.action == "hugging"))
    for index, player in enumerate(order):
        parts.append(_figure(player))
        on_step(0.4 + 0.4 * (index + 1) / len(order))
    parts += ["</g>", *(item_svg(one) for one in items if one.behind <= 0), layers.front, layers.over]
    return finished(shot, "".join(parts))


def figure_on(shot: Shot, figure: int, paper: str) -> str:
    """One of the shot's figures (its number in the scene, from 0) alone with what it rides, where it stands on the page, on plain paper of that colour."""
    wide = HIGH * shot.width / shot.height
    mounts = _mounts(shot)
    riders = {mount: who for who, mount in mounts.items()}
    drawn = [n for n, one in enumerate(shot.scene.figures) if one.character not in riders]
    ridden = riders.get(shot.scene.figures[figure].character, "")
    shown = next((n for n, one in enumerate(shot.scene.figures) if one.character == ridden), figure)
    player = _players(shot, wide)[drawn.index(shown)]
    svg = moved(player.svg, player.x, player.ground, player.scale)
    return finished(shot, f'<rect width="{n(wide)}" height="1000" fill="{paper}"/>{svg}')


def _pan(shot: Shot) -> float:
    """How far the camera is turned: to and fro from page to page, never twice alike."""
    if not shot.page or not shot.scene.figures:
        return 0.0
    return PAN * Random(shot.seed ^ 0xCA).uniform(0.25, 1.0) * (-1 if shot.page % 2 else 1)


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


def _players(shot: Shot, wide: float) -> list[Player]:
    """The figures on their spots: where the storyboard says, else side by side."""
    figures = [(one, shot.character(one.character), action_of(one.action)) for one in shot.scene.figures]
    tallest = max((who.look.standing_height for _, who, _ in figures), default=110)
    across = sum(ACTIONS[act].width * who.look.standing_height * 1.3 for _, who, act in figures)
    even = min(520 / tallest, 0.8 * wide / max(1.0, across))
    names = {one.name for one in shot.cast}
    players = []
    mounts = _mounts(shot)
    zone = (
        rect_of(shot.scene.text_zone, wide)
        if shot.scene.text_zone and shot.scene.framing != "close"
        else None
    )
    for index, (figure, who, act) in enumerate(figures):
        if figure.character in mounts.values():
            continue
        tall, move = who.look.standing_height, ACTIONS[act]
        x, ground, scale = wide * (0.14 + 0.72 * (index + 0.5) / len(figures)), 860.0, even
        if figure.box:
            box = rect_of(figure.box, wide)
            scale = box.h / (move.height * tall)
            x, ground = box.x + box.w / 2, box.bottom + move.lift * tall * scale
        held = _held(figure.prop, act) if figure.prop and figure.prop not in names else None
        if act == "riding" and held:
            players.append(_rider(figure, who, held, x, ground, scale, wide, shot.scene.framing == "spread"))
            continue
        if figure.character in mounts:
            players.append(_on_back(shot, figure, wide))
            continue
        drawn = _drawn(figure, who, act, held)
        if (
            zone and zone.bottom < ground and zone.x < x < zone.x + zone.w
        ):  # who rears up keeps clear of the words
            scale *= min(1.0, max(0.8, (ground - zone.bottom) / max(drawn.height * scale, 1.0)))
        in_bed = (
            act == "sleeping"
            and who.look.is_person
            and _has_bed(shot.scene)
            and not any(one.in_bed for one in players)
        )
        if in_bed:
            drawn = put_to_bed(drawn, -1 if figure.facing == "left" else 1)
        w, h = max(move.width * tall, drawn.width) * scale, move.height * tall * scale
        if in_bed:
            h = drawn.height * scale
            x = min(max(x, w / 2 + 30), wide - w / 2 - 30) if w < wide - 60 else wide / 2
        body = Rect(x - w / 2, ground - move.lift * tall * scale - h, w, h)
        whole = act in ("sleeping", "flying", "swimming", "falling") or not who.look.is_person
        face = body if whole else Rect(body.x, body.y, body.w, body.h * 0.5)
        players.append(Player(drawn.svg, act, figure.prop, x, ground, scale, tall, body, face, in_bed))
    return players


def _mounts(shot: Shot) -> dict[str, str]:
    """Who rides on whom of those on stage: both are then drawn as one, where the mount stands."""
    creatures = {one.name for one in shot.cast if not one.look.is_person}
    stage = {one.character for one in shot.scene.figures}
    rides = {one.character: one.prop for one in shot.scene.figures if action_of(one.action) == "riding"}
    return {who: mount for who, mount in rides.items() if mount in creatures & stage and mount not in rides}


def _on_back(shot: Shot, figure: Figure, wide: float) -> Player:
    """A rider and the creature that carries them, on the creature's spot."""
    below = next(one for one in shot.scene.figures if one.character == figure.prop)
    if action_of(below.action) not in CARRIES:
        below = replace(below, action="standing")
    mount = next(one for one in _players(_only(shot, below), wide))
    who, beast = shot.character(figure.character), shot.character(below.character)
    drawn = _drawn(below, beast, mount.action, None)
    tall = who.look.standing_height
    rider = _drawn(replace(figure, facing=below.facing), who, "riding", None)
    upright = beast.look.kind in UPRIGHT
    way = -1 if below.facing == "left" else 1
    if who.look.is_person:
        hip_x, hip_y = _hips(who.look, below.facing)
        seat = (0.0, -0.84 * drawn.height) if upright else drawn.seat
        back = 0.0 if upright else 0.08 * drawn.width  # clear of the mount's ears
        dx, dy = seat[0] - way * (hip_x + back), seat[1] - hip_y - 0.02 * tall
    else:
        dx, dy = drawn.seat[0], drawn.seat[1] + (ACTIONS["riding"].lift + 0.06) * tall
    high = max(drawn.height * (1.0 if not upright else 0.84) + 0.66 * tall, drawn.height) * mount.scale
    scale = mount.scale * min(1.0, (mount.ground - 60) / high)
    body = Rect(mount.body.x, mount.ground - high, mount.body.w, high)
    svg = (
        moved(rider.svg, dx, dy) + drawn.svg
        if beast.look.kind in UPRIGHT
        else drawn.svg + moved(rider.svg, dx, dy)
    )
    return Player(svg, mount.action, "", mount.x, mount.ground, scale, mount.tall, body, body)


def _only(shot: Shot, figure: Figure) -> Shot:
    return replace(shot, scene=replace(shot.scene, figures=(figure,)))


def _has_bed(scene: Scene) -> bool:
    """Whether who sleeps here sleeps in a bed."""
    from storykin.painters.sketch.places import place_of

    return place_of(scene.place) == "bedroom" or any(props.prop_of(one) == "bed" for one in scene.props)


def _drawn(figure: Figure, who: Character, action: str, held: Drawn | None) -> Drawn:
    from storykin.painters.sketch.creatures import creature, is_creature
    from storykin.painters.sketch.people import person

    draw = creature if is_creature(who.look.kind) else person
    look = who.look if who.look.height else replace(who.look, height=who.look.standing_height)
    return draw(look, who.outfit(figure.outfit), action, figure.expression, figure.facing, held)


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
    return animal(words, "standing" if action == "riding" else "sitting") or props.prop(words)
