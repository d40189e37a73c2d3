"""Painters, sketch: creatures on four legs, from kitten to giraffe, their heads turned to us."""

# fmt: off
# One shape, one line: outlines are read as tables of coordinates.

import math
from dataclasses import dataclass, replace

from storykin.painters.sketch.creature_curled import curled, fleece, shell
from storykin.painters.sketch.creature_figure import (
    Built,
    Part,
    headed,
    turned,
    wrapped,
)
from storykin.painters.sketch.creature_heads import SNOUTS
from storykin.painters.sketch.creature_kinds import Kind
from storykin.painters.sketch.creature_shapes import limb, open_limb, ripple, rounded, spots
from storykin.painters.sketch.creature_tops import Coat
from storykin.painters.sketch.creature_wear import Wear, cape, on_neck, sleeves
from storykin.painters.sketch.ink import (
    Point,
    box,
    circle,
    ellipse,
    group,
    moved,
    n,
    path,
    shade,
    smooth,
    stroke,
)


@dataclass(frozen=True)
class Leg:
    """Where a foot goes: `dx` ahead of its root, `y` above the ground, both in leg lengths.

    `loose` counts `y` downwards from the root instead; `bend` is how far the knee bows forward.
    """

    dx: float = 0.0
    y: float = 0.0
    bend: float = 0.0
    loose: bool = False


@dataclass(frozen=True)
class Stance:
    """How a four-legged body stands: its pitch (nose up is negative), the hips' height in leg lengths, its legs."""

    near_fore: Leg = Leg()
    far_fore: Leg = Leg()
    near_hind: Leg = Leg()
    far_hind: Leg = Leg()
    pitch: float = 0.0
    hips: float = 1.0
    nod: float = 0.0
    folded: bool = False


SIT = Stance(pitch=-44, hips=0.3, folded=True)
REAR = Stance(Leg(0.55, 0.1, 0.3, True), Leg(0.7, -0.25, 0.25, True), Leg(0.05, 0, 0.16), Leg(-0.2, 0, 0.12), -58, 1.0, 4)
STANCES: dict[str, Stance] = {
    "standing": Stance(),
    "walking": Stance(Leg(0.3, 0.0, 0.0), Leg(-0.3, 0.06, 0.05), Leg(-0.3, 0.04, 0.05), Leg(0.3, 0)),
    "running": Stance(Leg(0.95, 0.42, 0.1), Leg(0.62, 0.22, 0.2), Leg(-0.85, 0.3, 0.1), Leg(-1.05, 0.42, 0.05), -5, 1.15, -4),
    "jumping": Stance(Leg(0.6, 0.55, 0.35, True), Leg(0.75, 0.4, 0.3, True), Leg(-0.62, 0.85, 0.1, True), Leg(-0.8, 0.75, 0.05, True), -24, 1.2, -4),
    "sitting": SIT,
    "kneeling": Stance(Leg(0.5, 0.0, 0.0), Leg(0.62, 0.0, 0.0), Leg(0, 0), Leg(-0.1, 0), 17, 1.0, 4),
    "crouching": Stance(Leg(0.55, 0.0, 0.15), Leg(0.72, 0.0, 0.1), Leg(0.2, 0, 0.3), Leg(0.3, 0, 0.3), 4, 0.42, 4),
    "waving": replace(SIT, near_fore=Leg(1.12, -0.5, 0.1, True), nod=4),
    "reaching": replace(REAR, near_fore=Leg(1.0, -0.72, 0.06, True), far_fore=Leg(0.9, -1.0, 0.06, True), pitch=-62, nod=-8),
    "pointing": Stance(Leg(0.75, 0.28, 0.35, True), nod=-2),
    "holding": replace(SIT, nod=0),
    "hugging": replace(SIT, near_fore=Leg(0.95, -0.1, 0.1, True), far_fore=Leg(1.0, -0.35, 0.1, True), nod=9),
    "riding": SIT,
    "flying": Stance(Leg(1.0, 0.15, 0.05, True), Leg(1.05, -0.05, 0.05, True), Leg(-0.95, 0.35, 0.05, True), Leg(-1.0, 0.12, 0.05, True), -10, 1.2, -5),
    "swimming": Stance(Leg(0.6, 0.42, 0.2, True), Leg(0.85, 0.2, 0.2, True), Leg(-0.45, 0.42, 0.1, True), Leg(-0.6, 0.3, 0.1, True), -8, 1.0, -6),
    "dancing": replace(REAR, near_fore=Leg(1.0, 0.08, 0.06, True), far_fore=Leg(0.95, -0.72, 0.06, True), far_hind=Leg(-0.3, 0.16, 0.1), nod=9),
    "climbing": replace(REAR, near_fore=Leg(1.1, -0.5, 0.06, True), far_fore=Leg(1.1, 0.0, 0.06, True), near_hind=Leg(0.4, 0.1, 0.2), pitch=-52),
    "pushing": Stance(Leg(0.2, 0, 0), Leg(0.02, 0, 0), Leg(-0.45, 0, 0.05), Leg(-0.2, 0, 0.05), 7, 1.0, 9),
    "thinking": replace(SIT, near_fore=Leg(0.8, -0.05, 0.22, True), nod=9),
    "falling": Stance(Leg(0.7, -0.2, 0.2, True), Leg(0.9, 0.3, 0.2, True), Leg(-0.5, -0.1, 0.2, True), Leg(-0.8, 0.3, 0.1, True), 26, 1.3, -10),
}


LYING = replace(STANCES["crouching"], pitch=-3)
LIFTED = replace(STANCES["pointing"], near_fore=Leg(0.85, 0.5, 0.3, True))
HOOFED = {"sitting": LYING, "riding": LYING, "holding": STANCES["standing"], "waving": LIFTED,
          "hugging": replace(STANCES["pointing"], nod=12), "thinking": replace(STANCES["pointing"], nod=10)}


PAWS_UP = ("waving", "reaching", "hugging", "thinking", "dancing", "climbing")


@dataclass(frozen=True)
class Frame:
    """The measures of one four-legged body in one stance; `steep` is its pitch and `pivot` its hips."""

    stance: Stance
    leg: float
    long: float
    girth: float
    thick: float
    r: float
    pivot: Point
    steep: float

    def at(self, x: float, y: float) -> Point:
        """A point of the level body (0 is its middle line), pitched about the hips."""
        dx, dy = turned(x - self.pivot[0], y, self.steep)
        return (self.pivot[0] + dx, self.pivot[1] + dy)

    @property
    def turn(self) -> str:
        """The same pitch as an SVG transform."""
        return f"translate({n(self.pivot[0])} {n(self.pivot[1])}) rotate({n(self.steep)}) translate({n(-self.pivot[0])} 0)"

    @property
    def neck_root(self) -> Point:
        return self.at(self.long * 0.36, -self.girth * 0.3)


def _frame(part: Part) -> Frame:
    kind = part.kind
    stance = STANCES.get(part.action, STANCES["standing"])
    if "hooves" in kind.parts and kind.leg > 0.8:
        stance = HOOFED.get(part.action, stance)
    leg, long, girth = 27 * kind.leg, 50 * kind.long, 15.5 * kind.girth
    thick = (18 if "stout" in kind.parts else 11.5) * (0.75 + 0.25 * kind.girth) * (0.9 if kind.leg > 1.2 else 1.0)
    hips = -girth * 0.86 if stance.folded else max(-leg * stance.hips, -leg - 40) - girth * 0.42
    steep = stance.pitch * (0.45 if long > 70 else 0.8 if kind.neck > 3 else 1.0)
    return Frame(stance, leg, long, girth, thick, 19 * kind.skull, (-long * 0.33, hips), steep)


def four(part: Part) -> Built:
    """An animal on four legs, its head turned to us."""
    kind, coat, action = part.kind, part.coat, part.action
    if action == "sleeping":
        return curled(part, 17.5 * kind.skull)
    frame = _frame(part)
    stance, long, girth, r, at = frame.stance, frame.long, frame.girth, frame.r, frame.at
    outline = ((0.5, -0.15), (0.36, -0.98), (0, -0.9), (-0.36, -1), (-0.5, -0.1), (-0.36, 0.84), (0, 0.96), (0.34, 0.92))
    body = rounded([at(long * x, girth * y) for x, y in outline], coat.main) + group(_flank(kind, coat, long, girth), frame.turn)
    far_hind, near_hind = _haunch(part, frame) if stance.folded else _hind_legs(part, frame)
    far = far_hind + _leg(part, frame, at(long * 0.3 + 8, girth * 0.3), stance.far_fore, False, False)
    fore = _leg(part, frame, at(long * 0.3, girth * 0.34), stance.near_fore, True, False)
    hx, hy = _head_at(part, frame)
    neck = _neck(part, frame, (hx, hy))
    crest = _crest_mane(coat, frame.neck_root, (hx, hy), r, "rainbow" in kind.parts) if "crest" in kind.parts else ""
    skull = headed(part, r, hx, hy, stance.nod)
    (bx, by), slim = frame.neck_root, kind.neck > 1.4
    collar = (bx + (hx - bx) * (0.34 if slim else 0.4), by + (hy - by) * (0.34 if slim else 0.4) + (0 if slim else 3))
    scarf = on_neck(part.wear, collar[0] + r * 0.06, collar[1] + (0 if slim else 3), r * (0.56 if slim else 0.62), 14)
    cloak, blanket = _cloak(part, frame), group(_blanket(part.wear, long, girth), frame.turn)
    tail = _placed_tail(part, frame)
    mouth = SNOUTS[kind.snout][4] + 0.1 if kind.snout in SNOUTS else 0.62
    reach = 1.3 if action == "pushing" else 0.24
    if kind.snout == "trunk":
        reach, mouth = 1.18 + 0.26 * part.look, 0.56
    held = moved(part.hold, hx + r * reach, hy + r * mouth) if part.hold else ""
    svg = group(_backline(kind, coat, long, girth), frame.turn) + tail + far
    if "shell" in kind.parts:
        under = group(ellipse(0, girth * 0.5, long * 0.5, girth * 0.5, coat.belly), frame.turn)
        dome = group(shell(coat, long * 0.52, girth * 1.75, 0, girth * 0.55), frame.turn)
        svg += near_hind + fore + under + neck + dome + cloak + blanket + scarf + skull + held
    elif "fleece" in kind.parts:
        svg += near_hind + fore + body + blanket + neck + cloak + scarf + skull + held
    elif stance.near_fore.loose and action in PAWS_UP:
        svg += body + neck + blanket + near_hind + crest + cloak + skull + scarf + fore + held
    elif stance.folded:
        svg += body + fore + neck + blanket + near_hind + crest + cloak + scarf + skull + held
    else:
        svg += body + near_hind + fore + neck + blanket + crest + cloak + scarf + skull + held
    if action == "swimming":
        svg += moved(ripple(long + 66), 6, frame.pivot[1] + girth * 0.35)
    return Built(svg, at(-long * 0.06, -girth * 0.95), collar)


def _leg(part: Part, frame: Frame, root: Point, goal: Leg, near: bool, hinder: bool) -> str:
    """One leg from its root to where the stance wants the foot."""
    kind, coat, thick = part.kind, part.coat, frame.thick
    main = coat.belly if "fleece" in kind.parts else coat.main
    fill = main if near else shade(main, -0.13)
    fx = root[0] + goal.dx * frame.leg
    fy = root[1] + goal.y * min(frame.leg, 30.0) if goal.loose else -goal.y * frame.leg - 3.4
    knee = ((root[0] + fx) / 2 + goal.bend * frame.leg * (-0.4 if hinder else 1), (root[1] + fy) / 2 + abs(goal.bend) * 2)
    wide = thick * (1.3 if hinder else 1.1)
    drawn = open_limb([root, knee, (fx, fy)], wide, thick * 0.86, fill)
    cloth = sleeves(part.wear)
    if cloth and not hinder:
        cuff = (knee[0] + (fx - knee[0]) * 0.2, knee[1] + (fy - knee[1]) * 0.2)
        drawn += open_limb([root, cuff], wide * 1.06, thick, cloth if near else shade(cloth, -0.12))
    if kind.marks == "fox":
        ankle = ((knee[0] + 2 * fx) / 3, (knee[1] + 2 * fy) / 3)
        drawn += limb([ankle, (fx, fy)], thick * 0.9, thick * 0.86, coat.mark, "none")
        fill = coat.mark
    slope = math.degrees(math.atan2(fx - knee[0], fy - knee[1]))
    drawn += moved(_foot(kind, thick, fill), fx, fy, 1.0, -slope * 0.9 if goal.loose or goal.y > 0.2 else 0)
    if part.wear.bandage and near and not hinder:
        drawn += wrapped(knee[0], knee[1], fx, fy, thick, part.wear.bandage)
    return drawn


def _foot(kind: Kind, thick: float, fill: str) -> str:
    if "hooves" in kind.parts:
        low, wide = max(3.4, thick * 0.46), thick * 0.46
        hoof = f"M{n(-wide)} -3L{n(wide)} -3L{n(thick * 0.58)} {n(low)}L{n(-thick * 0.52)} {n(low)}Z"
        return path(hoof, "#d9b45f" if "rainbow" in kind.parts else "#5f4a42")
    wide = thick * (0.6 if "stout" in kind.parts else 0.66)
    foot = ellipse(thick * 0.16, 0, wide, 3.9, fill)
    if "toes" in kind.parts:
        claw = shade(fill, -0.25)
        foot += "".join(ellipse(thick * 0.16 + k * wide * 0.45, 1.7, wide * 0.2, 1.7, "#f7ecd6", claw, 0.5) for k in (-1, 0, 1))
    return foot


def _hind_legs(part: Part, frame: Frame) -> tuple[str, str]:
    """The far and the near hind leg of a body that stands."""
    long, girth, stance = frame.long, frame.girth, frame.stance
    far = _leg(part, frame, frame.at(-long * 0.32 + 8, girth * 0.25), stance.far_hind, False, True)
    return far, _leg(part, frame, frame.at(-long * 0.32, girth * 0.2), stance.near_hind, True, True)


def _haunch(part: Part, frame: Frame) -> tuple[str, str]:
    """The far foot and the near thigh of a body that sits."""
    coat, girth, thick = part.coat, frame.girth, frame.thick
    foot_x, (x, _) = frame.pivot[0] + 15 + frame.long * 0.06, frame.at(-frame.long * 0.3, girth * 0.1)
    near = ellipse(foot_x, -3.8, thick * 0.98, 4.4, coat.mark if part.kind.marks == "fox" else coat.main)
    near += ellipse(x + 3, -girth * 0.84, girth * 0.98, girth * 0.84, coat.main)
    near += ellipse(x + 1, -girth * 0.92, girth * 0.9, girth * 0.72, coat.main, "none")
    if coat.marks in ("spots", "dots", "backspots"):
        near += spots("backspots", coat.mark, girth * 0.86, girth * 0.8, x + 3, -girth * 0.78)
    return ellipse(foot_x + 9, -3.4, thick * 0.9, 4, coat.far), near


def _head_at(part: Part, frame: Frame) -> Point:
    """Where the point between the eyes is: up the neck, which leans forward."""
    neck, bowed, (x, y) = part.kind.neck, part.action in ("pushing", "kneeling"), frame.neck_root
    swing = math.radians(24 + 12 * bowed - 8 * frame.stance.folded + frame.steep * (0.15 if neck < 1.5 else 0.2))
    up = (12 * neck + frame.r * 0.42 + frame.girth * 0.4) * (0.45 if part.action == "crouching" else 1.0)
    hx, hy = x + math.sin(swing) * up + frame.r * 0.12, y - math.cos(swing) * up
    return (hx + 6, hy + 3.6 * neck) if bowed and neck > 1.3 else (hx, hy)


def _neck(part: Part, frame: Frame, top: Point) -> str:
    (x, y), (hx, hy), r = frame.neck_root, top, frame.r
    stocky = part.kind.neck < 1.4
    points = [frame.at(frame.long * 0.3, -frame.girth * 0.34), ((x + hx) / 2, (y + hy) / 2 + 2), (hx - r * 0.1, hy + r * 0.3)]
    neck = open_limb(points, frame.girth * (1.5 if stocky else 1.36), r * (1.1 if stocky else 0.84), part.coat.main)
    return neck + (_neck_marks(part.kind, part.coat, frame.neck_root, top) if part.kind.neck > 1.4 else "")


def _cloak(part: Part, frame: Frame) -> str:
    long, girth = frame.long, frame.girth
    blow = {"running": 16, "flying": 18, "jumping": 12, "walking": 5}.get(part.action, 0)
    edge = ((long * 0.4, -girth * 0.7), (long * 0.12, -girth * 1.08), (-long * 0.36, -girth * 1.12 - blow * 0.4),
            (-long * 0.66 - blow, -girth * 0.5 - blow * 0.7), (-long * 0.56 - blow * 0.6, girth * 0.3),
            (-long * 0.1, girth * 0.5), (long * 0.24, girth * 0.1))
    return cape(part.wear.cape, [frame.at(x, y) for x, y in edge])


def _placed_tail(part: Part, frame: Frame) -> str:
    """The tail at its root; long hanging ones lie on the ground when the body does."""
    stance, style = frame.stance, part.kind.tail
    x, y = frame.at(-frame.long * 0.46, -frame.girth * 0.42)
    turn = -6 if stance.folded else frame.steep * 0.35
    if style in ("tuft", "thin", "horse") and (stance.folded or stance.hips < 0.6 or part.action == "swimming"):
        turn = 36 if style == "horse" else 48
    if style == "lizard" and stance.folded:
        x, y, turn = x + 4, -frame.girth * 0.62, -14
    return group(_tail(part.kind, part.coat, part.action), f"translate({n(x)} {n(y)}) rotate({n(turn)})")


def _flank(kind: Kind, coat: Coat, long: float, girth: float) -> str:
    """What the side of a level body shows: pale belly, spots, wool, spines."""
    if "fleece" in kind.parts:
        return fleece(coat, long * 0.56, girth * 1.02, 0, 0)
    if "shell" in kind.parts:
        return ""
    parts = []
    if kind.belly and kind.marks not in ("cow",) and kind.head != "sheep":
        parts.append(rounded([(long * 0.44, -girth * 0.0), (long * 0.3, girth * 0.34), (0, girth * 0.56), (-long * 0.24, girth * 0.62), (-long * 0.18, girth * 0.86), (0, girth * 0.9), (long * 0.33, girth * 0.86), (long * 0.47, girth * 0.3)], coat.belly, "none"))
    parts.append(spots(coat.marks, coat.mark, long * 0.47, girth * 0.94))
    if "udder" in kind.parts:
        parts.insert(0, ellipse(-long * 0.12, girth * 1.0, 7, 5, "#f3b8b6"))
    return "".join(parts)


def _backline(kind: Kind, coat: Coat, long: float, girth: float) -> str:
    """What stands up from the back: plates or a low ridge."""
    if "plates" in kind.parts:
        return "".join(
            path(f"M{n(long * x - 8 * s)} {n(-girth * 0.6)}Q{n(long * x - 9 * s)} {n(-girth * 0.9 - 12 * s)} {n(long * x)} {n(-girth * 0.9 - 20 * s)}Q{n(long * x + 9 * s)} {n(-girth * 0.9 - 12 * s)} {n(long * x + 8 * s)} {n(-girth * 0.6)}Z", coat.mark)
            for x, s in ((-0.44, 0.66), (0.36, 0.7), (-0.24, 0.9), (0.18, 0.95), (-0.03, 1.06))
        )
    if "ridge" in kind.parts:
        return "".join(path(f"M{n(long * k - 5)} {n(-girth * 0.8)}L{n(long * k)} {n(-girth * 1.36)}L{n(long * k + 5)} {n(-girth * 0.8)}Z", coat.mark) for k in (-0.4, -0.26, -0.12, 0.02, 0.16))
    return ""


def _tail(kind: Kind, coat: Coat, action: str) -> str:
    """A tail about its root, for a body on four legs; it points to the left."""
    fill, style = coat.main, kind.tail
    lively = action in ("running", "jumping", "flying", "dancing", "waving", "hugging")
    if style == "wag":
        return limb([(4, 2), (-8, -8), (-13, -20 if not lively else -26), (-10, -30 if not lively else -34)], 8.5, 5.5, fill)
    if style == "cat":
        tail = limb([(4, 2), (-12, 0), (-21, -12), (-18, -28), (-25, -38)], 7.6, 6, fill)
        return tail + "".join(stroke(f"M{n(x - 3)} {n(y)}l6 {n(dy)}", coat.mark, 2.2) for x, y, dy in ((-20, -14, 0.8), (-18.6, -23, 0))) if kind.marks in ("tabby", "stripes") else tail
    if style == "brush":
        shape = [(6, 4), (-8, 8), (-26, 4), (-42, -12), (-44, -32), (-32, -26), (-18, -16), (-4, -8)]
        tip = [(-43.5, -32), (-43.5, -15), (-36, -13), (-31, -21), (-33, -26)]
        return rounded(shape, fill) + rounded(tip, coat.belly, "none")
    if style == "tuft":
        return limb([(4, 0), (-10, 4), (-16, 18), (-22, 26)], 5, 3.6, fill) + rounded([(-19, 22), (-28, 24), (-32, 36), (-22, 38), (-16, 30)], coat.mark)
    if style == "thin":
        return limb([(4, 0), (-8, 6), (-12, 22)], 5, 3, fill) + rounded([(-13.5, 19), (-10, 20), (-10, 30), (-16, 29)], shade(fill, -0.35))
    if style == "curl":
        return stroke("M4 0C-6 2 -12 -4 -8 -9S2 -8 -2 -2S-14 2 -16 -6", shade(fill, -0.3), 4.4) + stroke("M4 0C-6 2 -12 -4 -8 -9S2 -8 -2 -2S-14 2 -16 -6", fill, 2.8)
    if style == "puff":
        return circle(-4, 0, 8, fill)
    if style == "short":
        return limb([(6, 2), (-6, -3), (-11, -8)], 9, 5, fill)
    if style == "horse":
        if "rainbow" in kind.parts:
            return "".join(limb([(4, 2), (-8 - k * 2.4, -2 + k * 4), (-17 - k * 1.6, 14 + k * 2), (-18 + k * 3, 36)], 8, 4, tint) for k, tint in ((0, "#8fc6ea"), (1, "#f6cf7a"), (2, coat.mark)))
        return rounded([(4, 0), (-8, -4), (-19, 8), (-22, 30), (-26, 42), (-12, 38), (-8, 22), (0, 8)], coat.mark)
    if style == "lizard":
        return limb([(14, 4), (-10, 8), (-32, 16), (-50, 15), (-64, 7)], 24, 4, fill)
    return ""


def _neck_marks(kind: Kind, coat: Coat, base: Point, top: Point) -> str:
    if kind.marks == "giraffe":
        return "".join(ellipse(base[0] + (top[0] - base[0]) * k + dx, base[1] + (top[1] - base[1]) * k, 3.6, 4.2, coat.mark, "none", turn=dx * 8)
                       for k, dx in ((0.08, 2), (0.2, -4.4), (0.32, 3), (0.45, -3), (0.56, 3.4), (0.68, -2.4)))
    if kind.marks == "stripes":
        return "".join(stroke(f"M{n(base[0] + (top[0] - base[0]) * k - 8 + k * 3)} {n(base[1] + (top[1] - base[1]) * k - 2)}q6 4 11 2", coat.mark, 3) for k in (0.12, 0.3, 0.48))
    return ""


def _crest_mane(coat: Coat, base: Point, top: Point, r: float, rainbow: bool) -> str:
    """A mane down the back of the neck."""
    (bx, by), (tx, ty) = base, top
    tints = (coat.mark,) if not rainbow else ("#8fc6ea", "#f6cf7a", coat.mark)
    parts = []
    for i, tint in enumerate(tints):
        s = 1.0 - 0.24 * i
        edge = [(tx - r * 0.4, ty - r * 1.0 * (1 - 0.1 * i)), (tx - r * (0.5 + 0.72 * s), ty - r * 0.5), (tx - r * (0.4 + 0.85 * s), ty + r * 0.3), (bx - r * (0.1 + 0.75 * s), (by + ty) / 2 + r * 0.4), (bx - r * (0.2 + 0.6 * s), by - r * 0.02), (bx - r * 0.1, by - r * 0.16), ((bx + tx) / 2 - r * 0.3, (by + ty) / 2), (tx - r * 0.45, ty)]
        parts.append(rounded(edge, tint))
    return "".join(parts)


def _blanket(wear: Wear, long: float, girth: float) -> str:
    """The trunk's garment over a level body on four legs."""
    if not wear.body:
        return ""
    name, fill = wear.body
    dark = shade(fill, -0.25)
    if name == "saddle":
        seat = rounded([(-long * 0.2, -girth * 0.9), (-long * 0.12, -girth * 1.16), (0, -girth * 1.0), (long * 0.16, -girth * 1.2), (long * 0.2, -girth * 0.9), (long * 0.1, -girth * 0.1), (-long * 0.12, -girth * 0.1)], fill)
        return seat + stroke(f"M0 {n(-girth * 0.1)}L0 {n(girth * 0.92)}", dark, 2)
    if name == "satchel":
        return stroke(f"M{n(-long * 0.02)} {n(-girth * 0.92)}L{n(-long * 0.02)} 0", dark, 2.6) + box(-long * 0.16, -girth * 0.3, long * 0.3, girth * 0.8, fill, round=3)
    back = -0.5 if name in ("coat", "jumper", "dress", "dungarees") else -0.16
    points = [(long * 0.42, -girth * 0.96), (long * 0.1, -girth * 0.98), (long * back, -girth * 1.02), (long * (back - 0.03), 0), (long * (back + 0.03), girth * 0.86), (0, girth * 1.02), (long * 0.34, girth * 0.98), (long * 0.51, girth * 0.2)]
    hem = stroke(smooth([(long * back, -girth * 1.0), (long * (back - 0.025), 0), (long * (back + 0.03), girth * 0.86)], False, 0.56), dark, 1.6)
    return rounded(points, fill) + hem
