"""Painters, sketch: what is sewn on and worn small: necklines, buttons, pockets, belts, badges, ties.

One function per trim, found by name; each gets the fit (the trunk's frame) and says what to draw.
"""

from __future__ import annotations

from collections.abc import Callable

from storykin.painters.sketch.body import curve, disc, rough, shape
from storykin.painters.sketch.cuts import Cut
from storykin.painters.sketch.ink import Point, shade
from storykin.painters.sketch.limbs import Limbs
from storykin.painters.sketch.patterns import light, spot
from storykin.painters.sketch.wear import Garment

Trim = Callable[[Limbs, Garment, Cut, float], str]
GOLD = "#e9bb45"
BRIGHT = "#fff3b8"


def _edge(garment: Garment) -> str:
    return shade(garment.fill, -0.32)


def _dark(garment: Garment) -> str:
    return shade(garment.fill, -0.14)


def _dot(fit: Limbs, at: Point, size: float, fill: str) -> str:
    return shape(disc(at, fit.tall * 0.01 * size, sides=12), fill, None, fit.line * 0.6)


def _rib(fit: Limbs, garment: Garment, cut: Cut, hem: float) -> str:
    return shape(fit.torso(hem, hem + 0.08, cut.loose), _dark(garment), _edge(garment), fit.line * 0.8)


def _pouch(fit: Limbs, garment: Garment, cut: Cut, hem: float) -> str:
    corners = [fit.at(-0.5, 0.32), fit.at(0.5, 0.32), fit.at(0.68, 0.06), fit.at(-0.68, 0.06)]
    return shape(corners, _dark(garment), _edge(garment), fit.line * 0.8)


def _buttons(fit: Limbs, garment: Garment, cut: Cut, hem: float) -> str:
    tone = shade(garment.fill, -0.38 if light(garment.fill) > 0.5 else 0.55)
    return "".join(_dot(fit, fit.at(0.0, t), 0.75, tone) for t in (0.2, 0.42, 0.64) if t > hem + 0.06)


def _big_buttons(fit: Limbs, garment: Garment, cut: Cut, hem: float, tone: str = "") -> str:
    tone = tone or shade(garment.fill, -0.38 if light(garment.fill) > 0.5 else 0.55)
    front = rough([fit.at(0, t / 10) for t in range(int(hem * 10), 8)], _edge(garment), fit.line * 0.9)
    return front + "".join(
        _dot(fit, fit.at(0.13, t), 1.05, tone) for t in (0.12, 0.36, 0.6) if t > hem + 0.06
    )


def _gold_buttons(fit: Limbs, garment: Garment, cut: Cut, hem: float) -> str:
    return _big_buttons(fit, garment, cut, hem, GOLD)


def _zip(fit: Limbs, garment: Garment, cut: Cut, hem: float) -> str:
    line = [fit.at(0, t / 10) for t in range(int(hem * 10) + 1, 10)]
    return rough(line, shade(garment.fill, -0.42), fit.line * 1.2)


def _pocket(fit: Limbs, garment: Garment, cut: Cut, hem: float, x: float = 0.46, t: float = 0.55) -> str:
    tone = _dark(garment) if light(garment.fill) < 0.85 else shade(garment.fill, -0.06)
    corners = ((-0.26, 0.07), (0.26, 0.07), (0.24, -0.1), (-0.24, -0.1))
    return shape([fit.at(x + dx, t + dt) for dx, dt in corners], tone, _edge(garment), fit.line * 0.8)


def _pockets(fit: Limbs, garment: Garment, cut: Cut, hem: float) -> str:
    return "".join(_pocket(fit, garment, cut, hem, x, 0.12) for x in (-0.55, 0.58))


def _bright_bands(fit: Limbs, garment: Garment, cut: Cut, hem: float) -> str:
    low = max(hem, -0.05)
    bands = (fit.torso(t, t + 0.085, cut.loose * 0.98) for t in (low + 0.2, low + 0.42))
    return "".join(shape(one, BRIGHT, shade(BRIGHT, -0.3), fit.line * 0.6) for one in bands)


def _sash(fit: Limbs, garment: Garment, cut: Cut, hem: float) -> str:
    tone = garment.second or shade(garment.fill, -0.24)
    return shape(fit.torso(0.3, 0.39, cut.loose * 1.05), tone, None, fit.line * 0.8)


def _belt_line(fit: Limbs, garment: Garment, cut: Cut, hem: float) -> str:
    tone = garment.second or _dark(garment)
    return shape(fit.torso(0.16, 0.25, cut.loose * 1.05), tone, None, fit.line * 0.8)


def _number(fit: Limbs, garment: Garment, cut: Cut, hem: float) -> str:
    return shape(spot("stars", fit.at(0, 0.5), fit.tall * 0.034), garment.second or "#fdf8ec", "none")


def _panel(fit: Limbs, garment: Garment, cut: Cut, hem: float) -> str:
    tone = garment.second or "#ee9440"
    plate = [fit.at(-0.5, 0.66), fit.at(0.5, 0.66), fit.at(0.5, 0.36), fit.at(-0.5, 0.36)]
    lamps = ((-0.28, "#d9513f"), (0.0, "#f3c94f"), (0.28, "#6fa65a"))
    return (
        shape(plate, shade(garment.fill, -0.1), _edge(garment), fit.line * 0.8)
        + "".join(_dot(fit, fit.at(x, 0.58), 0.9, lamp) for x, lamp in lamps)
        + rough([fit.at(-0.34, 0.46), fit.at(0.34, 0.46)], tone, fit.line * 1.8)
        + shape(fit.torso(0.08, 0.16, cut.loose * 1.02), tone, None, fit.line * 0.8)
    )


def _plates(fit: Limbs, garment: Garment, cut: Cut, hem: float) -> str:
    edge = _edge(garment)
    belly = rough(curve([fit.at(-0.9, 0.5), fit.at(0, 0.4), fit.at(0.9, 0.5)], False), edge, fit.line)
    ridge = rough([fit.at(0, 0.42), fit.at(0, 0.95)], edge, fit.line)
    belt = shape(fit.torso(0.06, 0.14, cut.loose * 1.05), "#8c5c3d", None, fit.line * 0.8)
    caps = (fit.at(-0.9, 0.9), fit.at(0.86, 0.9))
    return belly + ridge + belt + "".join(shape(disc(p, fit.tall * 0.052), shade(garment.fill, 0.2), edge, fit.line) for p in caps)  # fmt: skip


def _side(fit: Limbs, garment: Garment, cut: Cut, hem: float) -> str:
    found = ""
    for s in (-1, 1):
        strip = [fit.at(s * 0.98, t / 10) for t in range(9)] + [
            fit.at(s * 0.66, t / 10) for t in range(8, -1, -1)
        ]
        found += shape(strip, garment.second or "#4fb3ab", "none")
    return found


TRIMS: dict[str, Trim] = {
    "rib": _rib, "pouch": _pouch, "buttons": _buttons, "big buttons": _big_buttons, "gold buttons": _gold_buttons,
    "zip": _zip, "pocket": _pocket, "pockets": _pockets, "bright bands": _bright_bands, "sash": _sash,
    "belt line": _belt_line, "number": _number, "panel": _panel, "plates": _plates, "side": _side,
}  # fmt: skip


def details(fit: Limbs, garment: Garment, cut: Cut, hem: float) -> str:
    """Everything sewn on a garment, its neckline last."""
    sewn = "".join(TRIMS[name](fit, garment, cut, hem) for name in cut.details if name in TRIMS)
    return sewn + (NECKS[cut.neck](fit, garment, cut, hem) if cut.neck in NECKS else "")


# --- necklines --------------------------------------------------------------------------------


def _round_neck(fit: Limbs, garment: Garment, cut: Cut, hem: float) -> str:
    if garment.kind not in ("jumper", "tshirt", "long top"):
        return ""
    ends = [fit.at(-0.46, 1.015), fit.at(0, 0.925), fit.at(0.46, 1.015)]
    return rough(curve(ends, False), _dark(garment), fit.line * 2.6)


def _opening(fit: Limbs, garment: Garment, deep: float) -> str:
    """A V through which one sees skin or what is worn beneath."""
    over = garment is fit.wear.over
    under = fit.wear.top.fill if over and fit.wear.top.kind != "bare" else fit.skin
    found = shape(
        [fit.at(-0.34, 1.02), fit.at(0.0, deep), fit.at(0.34, 1.02)], under, _edge(garment), fit.line * 0.8
    )
    return found + (
        collar(fit, fit.wear.top.fill) if over and fit.wear.top.kind in ("shirt", "blouse", "pyjamas") else ""
    )


def _v_neck(fit: Limbs, garment: Garment, cut: Cut, hem: float) -> str:
    return _opening(fit, garment, 0.74)


def _lapels(fit: Limbs, garment: Garment, cut: Cut, hem: float) -> str:
    deep, found = 0.52, _opening(fit, garment, 0.52)
    tone = shade(garment.fill, 0.12) if light(garment.fill) < 0.8 else shade(garment.fill, -0.05)
    for s in (-1, 1):
        lapel = [
            fit.at(s * 0.34, 1.03),
            fit.at(s * 0.74, 0.86),
            fit.at(s * 0.54, 0.76),
            fit.at(s * 0.03, deep),
        ]
        found += shape(lapel, tone, _edge(garment), fit.line * 0.8)
    return found


def collar(fit: Limbs, tone: str) -> str:
    """A shirt's collar."""
    corners = ((0.0, 0.9), (0.36, 1.05), (0.56, 0.97), (0.4, 0.83))
    wings = ([fit.at(s * x, t) for x, t in corners] for s in (-1, 1))
    return "".join(shape(wing, tone, shade(tone, -0.3), fit.line * 0.8) for wing in wings)


def _collar(fit: Limbs, garment: Garment, cut: Cut, hem: float) -> str:
    return collar(fit, shade(garment.fill, 0.25) if light(garment.fill) < 0.85 else garment.fill)


def _wings(fit: Limbs, corners: tuple[Point, ...], fill: str, line: str, width: float) -> str:
    """A soft shape left and right of the throat."""
    return "".join(shape(curve([fit.at(s * x, t) for x, t in corners]), fill, line, width) for s in (-1, 1))


def _peter_pan(fit: Limbs, garment: Garment, cut: Cut, hem: float) -> str:
    tone = garment.second or "#fdf8ec"
    corners = ((0.02, 0.97), (0.46, 1.03), (0.6, 0.94), (0.38, 0.86), (0.06, 0.88))
    return _wings(fit, corners, tone, shade(tone, -0.28), fit.line * 0.8)


def _hood(fit: Limbs, garment: Garment, cut: Cut, hem: float) -> str:
    corners = ((0.02, 0.9), (0.5, 1.08), (0.86, 1.02), (0.8, 0.86), (0.3, 0.8))
    return _wings(fit, corners, _dark(garment), _edge(garment), fit.line)


def _roll(fit: Limbs, garment: Garment, cut: Cut, hem: float) -> str:
    tone = _dark(garment) if cut.neck != "ring" else (garment.second or shade(garment.fill, -0.2))
    points = ((-0.56, 0.97), (-0.5, 1.1), (0, 1.12), (0.5, 1.1), (0.56, 0.97), (0, 0.9))
    return shape(curve([fit.at(x, t) for x, t in points]), tone, _edge(garment), fit.line)


def _sailor(fit: Limbs, garment: Garment, cut: Cut, hem: float) -> str:
    tone = garment.second or "#33466f"
    corners = ((0.0, 0.66), (0.36, 1.03), (0.85, 0.95), (0.62, 0.74), (0.1, 0.62))
    flaps = "".join(
        shape([fit.at(s * x, t) for x, t in corners], tone, None, fit.line * 0.8) for s in (-1, 1)
    )
    return flaps + _dot(fit, fit.at(0, 0.62), 1.6, "#d9513f")


NECKS: dict[str, Trim] = {
    "round": _round_neck, "v": _v_neck, "lapels": _lapels, "collar": _collar, "peter pan": _peter_pan, "hood": _hood,
    "roll": _roll, "stand": _roll, "ring": _roll, "sailor": _sailor,
}  # fmt: skip

# --- small things worn on the front -----------------------------------------------------------

Small = Callable[[Limbs, Garment, float], str]


def _belt(fit: Limbs, thing: Garment, loose: float) -> str:
    buckle = [fit.at(-0.16, 0.13), fit.at(0.16, 0.13), fit.at(0.16, 0.01), fit.at(-0.16, 0.01)]
    metal = GOLD if thing.fill != GOLD else "#f6e7c8"
    strap = shape(fit.torso(0.02, 0.12, loose * 1.1), thing.fill, None, fit.line * 0.8)
    return strap + shape(buckle, metal, None, fit.line * 0.8)


def _tool_belt(fit: Limbs, thing: Garment, loose: float) -> str:
    found = shape(fit.torso(0.02, 0.12, loose * 1.1), thing.fill, None, fit.line * 0.8)
    for x in (-0.6, 0.6):
        pouch = [
            fit.at(x - 0.2, 0.06),
            fit.at(x + 0.2, 0.06),
            fit.at(x + 0.18, -0.16),
            fit.at(x - 0.18, -0.16),
        ]
        found += shape(pouch, shade(thing.fill, -0.12), None, fit.line * 0.8)
    return found


def _necklace(fit: Limbs, thing: Garment, loose: float) -> str:
    beads = (
        fit.at(x, 0.95 - 0.14 * (1 - (x / 0.5) ** 2)) for x in (-0.45, -0.3, -0.15, 0.0, 0.15, 0.3, 0.45)
    )
    return "".join(_dot(fit, bead, 0.9, thing.fill) for bead in beads)


def _stethoscope(fit: Limbs, thing: Garment, loose: float) -> str:
    wide = fit.tall * 0.013
    points = ((-0.4, 1.02), (-0.38, 0.76), (0.0, 0.56), (0.38, 0.76), (0.4, 1.02))
    cord = rough(curve([fit.at(x, t) for x, t in points], False), thing.fill, wide)
    cord += rough([fit.at(0.0, 0.56), fit.at(0.02, 0.42)], thing.fill, wide)
    return cord + shape(disc(fit.at(0.02, 0.38), fit.tall * 0.02, sides=16), "#c3c8cf", "#5f6066", fit.line)


def _badge(fit: Limbs, thing: Garment, loose: float) -> str:
    return shape(spot("stars", fit.at(0.48, 0.7), fit.tall * 0.026), thing.fill, None, fit.line * 0.7)


def _emblem(fit: Limbs, thing: Garment, loose: float) -> str:
    return shape(spot("stars", fit.at(0, 0.62), fit.tall * 0.042), thing.fill, None, fit.line * 0.8)


def _tie(fit: Limbs, thing: Garment, loose: float) -> str:
    blade = ((-0.08, 0.93), (0.08, 0.93), (0.16, 0.45), (0, 0.34), (-0.16, 0.45))
    knot = ((-0.12, 0.98), (0.12, 0.98), (0.07, 0.9), (-0.07, 0.9))
    return "".join(
        shape([fit.at(x, t) for x, t in one], thing.fill, None, fit.line * 0.8) for one in (blade, knot)
    )


def _bow_tie(fit: Limbs, thing: Garment, loose: float) -> str:
    corners = ((0.0, 0.92), (0.34, 1.0), (0.38, 0.92), (0.34, 0.84))
    return _wings(fit, corners, thing.fill, _edge(thing), fit.line * 0.8) + _dot(
        fit, fit.at(0, 0.92), 1.1, _dark(thing)
    )


def _braces(fit: Limbs, thing: Garment, loose: float) -> str:
    straps = ([fit.at(s * 0.5, 0.0), fit.at(s * 0.48, 0.5), fit.at(s * 0.46, 1.0)] for s in (-1, 1))
    return "".join(rough(strap, thing.fill, fit.tall * 0.022) for strap in straps)


def _straps(fit: Limbs, thing: Garment, loose: float) -> str:
    """The straps of a backpack."""
    lines = (
        curve([fit.at(s, 1.0), fit.at(s * 1.1, 0.8), fit.at(s * 1.35, 0.52)], False) for s in (-0.55, 0.55)
    )
    return "".join(rough(one, shade(thing.fill, -0.2), fit.tall * 0.022) for one in lines)


SMALL: dict[str, Small] = {
    "belt": _belt, "tool belt": _tool_belt, "necklace": _necklace, "stethoscope": _stethoscope, "badge": _badge,
    "emblem": _emblem, "tie": _tie, "bow tie": _bow_tie, "braces": _braces, "backpack": _straps,
}  # fmt: skip


def small(fit: Limbs, names: tuple[str, ...], loose: float) -> str:
    """Those of the named small things that are worn."""
    return "".join(SMALL[name](fit, thing, loose) for name in names if (thing := fit.extra(name)))
