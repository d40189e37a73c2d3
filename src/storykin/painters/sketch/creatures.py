"""Painters, sketch: animals and creatures, drawn from their fixed looks, what they wear and what they do.

Which kinds there are is in `creature_kinds`; heads, bodies and clothes have a room each. This one settles the
colours, brings every creature to its true height on the ground, and lets it hold a thing.
"""

import re
from functools import lru_cache

from storykin.character import Look, Outfit
from storykin.painters.sketch.creature_birds import bird
from storykin.painters.sketch.creature_extents import Extent, extent_of
from storykin.painters.sketch.creature_figure import Part
from storykin.painters.sketch.creature_four import four
from storykin.painters.sketch.creature_kinds import KINDS, Kind, is_creature, kind_of
from storykin.painters.sketch.creature_sea import crab, octopus, swimmer
from storykin.painters.sketch.creature_tiny import ghost, insect, snail
from storykin.painters.sketch.creature_tops import Coat
from storykin.painters.sketch.creature_upright import upright
from storykin.painters.sketch.creature_wear import Wear, wear_of
from storykin.painters.sketch.drawn import Drawn
from storykin.painters.sketch.ink import COLOURS, INK, colour, mix, moved, shade
from storykin.scene import ACTIONS, action_of, expression_of

__all__ = ["KINDS", "Kind", "creature", "extent", "is_creature", "kind_of"]

RIGS = {"upright": upright, "four": four, "bird": bird, "swimmer": swimmer, "octopus": octopus, "crab": crab,
        "snail": snail, "insect": insect, "ghost": ghost}  # fmt: skip
TURN = {"right": 0.55, "left": 0.55, "front": 0.0, "": 0.55}
HELD = "{held}"  # stands in for the prop until the lines of the creature have their width
MARKS = (
    ("stripes", r"strip"),
    ("spots", r"spot|speckl|dappl|freckl"),
    ("dots", r"dot"),
    ("patches", r"patch|piebald|splotch"),
)


def creature(look: Look, outfit: Outfit | None, action: str, expression: str, facing: str,
             prop: Drawn | None = None) -> Drawn:  # fmt: skip
    """Draw one creature about the ground point below its middle, in centimetres, y downwards."""
    kind_name = kind_of(look.kind)
    kind, act = KINDS[kind_name], action if action in ACTIONS else action_of(action)
    scale, base, middle = _placed(kind_name, act)
    tall = look.height or kind.height
    size = scale * tall / 100
    words, palette = (outfit.words, outfit.palette) if outfit else ("", ())
    wear = wear_of(words, palette, look.glasses, " , ".join(look.extras))
    hold = ""
    if prop is not None:
        hold = _held(prop, _fit(prop, tall) / size, _takes_in_mouth(kind))
    turn = TURN.get(facing, 0.55)
    pose = "waving" if act == "holding" and _aloft(kind, prop) else act
    part = Part(kind, coat_of(kind, look), wear, pose, expression_of(expression), turn, HELD if hold else "")
    built = RIGS[kind.rig](part)
    mirror = facing == "left"
    line = max(0.7, min(1.35, (tall / 100) ** -0.3))
    svg = re.sub(r'stroke-width="([\d.]+)"', lambda m: f'stroke-width="{float(m[1]) * line:.2f}"', built.svg)
    svg = svg.replace(HELD, hold)
    lift = ACTIONS[act].lift * tall
    sign = -1 if mirror else 1
    x, y = -sign * middle * size, -lift - base * size
    drawn = moved(svg, x, y, size, 0, mirror)
    plain = prop is None and wear == Wear(words=wear.words) and "spout" not in kind.parts
    grip, seat = ((x + sign * px * size, y + py * size) for px, py in (built.grip, built.seat))
    if plain:  # measuring takes as long as drawing, and the bare body is measured already
        bare = _bare(kind_name, act)
        return Drawn(
            drawn, (bare.right - bare.left) * size, lift + (bare.bottom - bare.top) * size, grip, seat
        )
    true = extent_of(drawn)
    return Drawn(drawn, true.right - true.left, -true.top, grip, seat)


def extent(look: Look, action: str) -> tuple[float, float, float]:
    """Width and height of the drawn body, and how far it hangs above the ground, in cm; nothing is drawn twice."""
    kind_name = kind_of(look.kind)
    act = action if action in ACTIONS else action_of(action)
    tall = look.height or KINDS[kind_name].height
    scale = _placed(kind_name, act)[0] * tall / 100
    bare = _bare(kind_name, act)
    return ((bare.right - bare.left) * scale, (bare.bottom - bare.top) * scale, ACTIONS[act].lift * tall)


@lru_cache(maxsize=2048)
def _bare(kind_name: str, action: str) -> Extent:
    """The extent of a kind without clothes, in the units of its skeleton."""
    kind = KINDS[kind_name]
    return extent_of(
        RIGS[kind.rig](Part(kind, coat_of(kind, Look(kind_name)), Wear(), action, "calm", 0.55)).svg
    )


@lru_cache(maxsize=2048)
def _placed(kind_name: str, action: str) -> tuple[float, float, float]:
    """Scale that makes a kind 100 high when it stands; its lowest point and its middle in the action."""
    standing, now = _bare(kind_name, "standing"), _bare(kind_name, action)
    return 100 / (standing.bottom - standing.top), now.bottom, (now.left + now.right) / 2


def _fit(prop: Drawn, tall: float) -> float:
    """How a held thing is brought to a size that this creature can carry."""
    biggest = max(prop.height, prop.width, 1.0)
    return max(0.16 * tall / biggest, min(1.0, 0.46 * tall / biggest))


def _takes_in_mouth(kind: Kind) -> bool:
    if kind.rig in ("four", "bird"):
        return kind.snout != "trunk" and "erect" not in kind.parts
    return kind.rig == "snail"


def _aloft(kind: Kind, prop: Drawn | None) -> bool:
    """Whether a thing is held up in one hand, like an umbrella, rather than before the belly."""
    if prop is None or not (kind.rig == "upright" or "erect" in kind.parts):
        return False
    return prop.height > max(40.0, 0.9 * prop.width) and 0 > prop.grip[1] > -0.36 * prop.height


def _held(prop: Drawn, scale: float, by_mouth: bool) -> str:
    """The prop about the point where it is held; a mouth takes long things crosswise and lets others hang."""
    grip_x, grip_y = prop.grip if any(prop.grip) else (0.0, -prop.height / 2)
    inner = moved(prop.svg, -grip_x * scale, -grip_y * scale, scale)
    if not by_mouth:
        return inner
    if prop.height > 1.5 * prop.width:
        return moved(inner, 0, 0, 1.0, 78)
    return moved(inner, 0, (prop.height + grip_y) * scale * 0.95)


def _coloured(words: str) -> bool:
    return "#" in words or any(re.search(rf"\b{re.escape(name)}\b", words) for name in COLOURS)


def coat_of(kind: Kind, look: Look) -> Coat:
    """The colours that the look's free words and the kind's habits come to."""
    words = f"{look.skin} {' '.join(e for e in look.extras if re.search('strip|spot|dot|patch', e))}".lower().strip()
    first, _, rest = (look.skin.lower().replace(" and ", " with ").replace(",", " with ")).partition(" with ")
    if not _coloured(first) and _coloured(look.kind.lower()):
        first = look.kind.lower()
    main = colour(first, colour(kind.coat)) if _coloured(first) else colour(kind.coat)
    recoloured = main != colour(kind.coat)
    belly = colour(kind.belly) if kind.belly else mix(main, "#fdf6e9", 0.62)
    mark = colour(kind.mark) if kind.mark else shade(main, -0.25)
    if recoloured:
        pale = kind.belly in ("white", "#fdfaf3", "#fbf8f1", "#fffdf8", "#e9eee9", "#eaf0f0", "#f1f2ee")
        belly = belly if pale else mix(main, "#fff4dc", 0.68)
        keeps = {"crest", "fangs", "spikes", "tin", "shell", "spinyback", "plates"} & set(kind.parts)
        if (
            not keeps
            and "comb" not in kind.tops
            and kind.marks not in ("fox", "panda", "cow", "bandit")
            and kind.rig != "insect"
        ):
            mark = mix(main, "#5e3a28", 0.42)
    said = f"{rest} {look.hair_colour.lower()}".strip()
    if look.hair_colour:
        mark = colour(look.hair_colour, mark)
    elif _coloured(rest):
        target = colour(rest)
        if re.search(r"belly|tummy|chest|underneath|paws|face|muzzle", rest):
            belly = target
        else:
            mark = target
    marks = next((name for name, pattern in MARKS if re.search(pattern, f"{words} {said}")), "")
    if kind.rig == "insect" and _coloured(first):
        main, mark = (
            (colour(kind.coat), main)
            if "bee" not in kind.parts and "beetle" not in kind.parts
            else (main, mark)
        )
    if marks and not (look.hair_colour or _coloured(rest)) and not kind.mark:
        mark = shade(main, -0.3)
    inner = mix(main, "#efa6a0", 0.6) if kind.ears != "big" else colour(kind.mark)
    nose = (
        "#d98383"
        if kind.snout in ("cat", "bunny", "tiny")
        else ("#4b3733" if kind.snout != "lamb" else "#d9a09a")
    )
    eye = colour(look.eyes, INK) if look.eyes else INK
    eye = mix(eye, INK, 0.3) if look.eyes else eye
    coat_ear = mix(main, "#5e3a28", 0.34) if marks in ("spots", "dots", "patches") else mark
    usual = (
        kind.marks
        if kind.marks in ("stripes", "tabby", "giraffe", "backspots", "cow", "patch", "spots", "bands")
        else ""
    )
    ear = mark if kind.marks == "panda" else coat_ear if kind.ears == "floppy" else main
    ear = belly if kind.head == "sheep" else ear
    return Coat(main, belly, mark, ear, shade(main, -0.13), inner, nose, eye, marks or usual)
