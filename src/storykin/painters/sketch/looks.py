"""Painters, sketch: the looks. The finished flat page is drawn once more with another tool.

A look is a row of `LOOKS`: what happens to every shape, and what lies over the whole page. Everything stays
vector: no filters, only paths, gradients, patterns and opacity.
"""

import math
from collections.abc import Callable

from storykin.painters.sketch.ink import PAPER, Point, mix, n, shade, smooth
from storykin.painters.sketch.sheet import Shape, Sheet, commands, path_of, plain


def restyle(svg: str, art: str, seed: int) -> str:
    """The page drawn in another look; `flat` is the page as it is. The same seed gives the same strokes."""
    if art == "flat":
        return svg
    return LOOKS[art](Sheet(svg, seed))


# --- what all looks share -------------------------------------------------------------------------


def specks(sheet: Sheet, count: int, size: float, fill: str, opacity: float) -> str:
    """Grain of the paper: many tiny uneven flecks in one path."""
    dice, out = sheet.dice, []
    for _ in range(round(count * sheet.wide / 1000)):
        x, y, r = dice.uniform(0, sheet.wide), dice.uniform(0, 1000), size * dice.uniform(0.4, 1.0)
        out.append(
            f"M{x:.1f} {y:.1f}l{r:.1f} {r * dice.uniform(-0.6, 0.6):.1f} {-r * 0.4:.1f} {r * 0.9:.1f}Z"
        )
    return path_of("".join(out), fill, fill_opacity=opacity)


def frame(sheet: Sheet, inset: float, rough: float, step: float) -> tuple[str, str]:
    """An uneven inner edge all round the page: (the margin as an area with a hole, the edge as a line)."""
    dice, wide = sheet.dice, sheet.wide
    across, down = max(4, round(wide / step)), max(4, round(1000 / step))
    corner = inset + 1.6 * rough
    wide_room, high_room = wide - 2 * corner, 1000 - 2 * corner

    def push() -> float:
        return inset + rough * dice.uniform(-1, 1)

    def jump(i: int, count: int) -> float:
        return (i + 0.5 + dice.uniform(-0.3, 0.3)) / count

    points = [(corner + wide_room * jump(i, across), push()) for i in range(across)]
    points += [(wide - push(), corner + high_room * jump(i, down)) for i in range(down)]
    points += [(wide - corner - wide_room * jump(i, across), 1000 - push()) for i in range(across)]
    points += [(push(), 1000 - corner - high_room * jump(i, down)) for i in range(down)]
    edge = smooth(points, True, 1.0)
    return f"M-5 -5L{n(wide + 5)} -5L{n(wide + 5)} 1005L-5 1005Z{edge}", edge


# --- watercolour ----------------------------------------------------------------------------------


def watercolour(sheet: Sheet) -> str:
    """Washes that are pale in the middle and gather pigment at their rims, blooms, and white paper all round."""

    def shape(one: Shape) -> list[str]:
        if not plain(one.fill):
            if one.fill == "none" and plain(one.line):
                return [
                    path_of(
                        one.d, "none", mix(one.line, PAPER, 0.1), one.width, line_opacity=0.85 * one.opacity
                    )
                ]
            return [path_of(one.d, one.fill, fill_opacity=one.opacity)]
        base = mix(one.fill, PAPER, 0.04 + 0.14 * _lightness(one.fill))
        if one.opacity < 1:
            return [path_of(one.d, base, fill_opacity=one.opacity * 0.9)]
        rim = shade(one.fill, -0.26)
        fill = base
        if one.span > 26 and one.area < 0.35 * 1000 * sheet.wide:
            fill = _wash(sheet, one.fill)
        lined = one.line != "none"
        width = max(one.width, 0.5 / one.scale) if lined else min(2.4, 0.5 + one.span * 0.02) / one.scale
        drawn = [path_of(one.d, fill, rim, width * 0.95, line_opacity=0.62 if lined else 0.3)]
        if one.span > 34 and one.area < 0.25 * 1000 * sheet.wide:
            shift = 1.6 / one.scale
            glaze = path_of(one.d, rim, fill_opacity=0.07)
            drawn.append(f'<g transform="translate({n(shift)} {n(shift * 1.2)})">{glaze}</g>')
        return drawn

    return sheet.redraw(shape, 2.2, _dry, _blooms, lambda colour: mix(colour, PAPER, 0.1))


def _lightness(colour: str) -> float:
    return sum(int(colour[i : i + 2], 16) for i in (1, 3, 5)) / 765


def _wash(sheet: Sheet, colour: str) -> str:
    kind = sheet.dice.randrange(3)
    name = f"w{kind}{colour[1:]}"
    if name not in sheet.defs:
        x, y = ((0.36, 0.3), (0.62, 0.36), (0.45, 0.62))[kind]
        lift = 0.14 + 0.4 * _lightness(colour)  # dark hair and skin stay dark
        stops = (
            (0.0, mix(colour, PAPER, lift)),
            (0.5, mix(colour, PAPER, 0.4 * lift)),
            (0.86, colour),
            (1.0, shade(colour, -0.12)),
        )
        inner = "".join(f'<stop offset="{n(at)}" stop-color="{fill}"/>' for at, fill in stops)
        sheet.defs[name] = f'<radialGradient id="{name}" cx="{x}" cy="{y}" r="0.72">{inner}</radialGradient>'
    return f"url(#{name})"


def _blooms(sheet: Sheet) -> str:
    """Where drops fell into wet paint; never on a face."""
    dice, out = sheet.dice, []
    for index in range(round(46 * sheet.wide / 1000)):
        x, y, r = dice.uniform(0, sheet.wide), dice.uniform(0, 1000), dice.uniform(40, 130)
        squash = dice.uniform(0.5, 0.95)
        points = [
            (
                x + math.cos(i * 0.5236) * r * dice.uniform(0.72, 1.12),
                y + math.sin(i * 0.5236) * r * squash * dice.uniform(0.72, 1.12),
            )
            for i in range(12)
        ]
        light = index % 3 != 0
        out.append(path_of(smooth(points, True, 1.0), "#fffdf6" if light else "#5f6f94", "#fffdf6" if not light else "#6b7796",
                         1.4, 0.06 if light else 0.045, 0.05))  # fmt: skip
    return "".join(out)


def _dry(sheet: Sheet) -> str:
    """Grain and the white margin."""
    out = [specks(sheet, 1300, 2.0, "#fffdf6", 0.34)]
    out.append(specks(sheet, 500, 1.6, "#6d6a78", 0.16))
    area, edge = frame(sheet, 27, 11, 46)
    out.append('<g id="margin">')
    out.append(path_of(edge, "none", "#7f8aa6", 2.2, line_opacity=0.3))
    for inset, rough, strength in ((36, 12, 0.28), (31, 12, 0.4)):
        soft, _ = frame(sheet, inset, rough, 38)
        out.append(path_of(soft, "#fffcf4", fill_opacity=strength, more=' fill-rule="evenodd"'))
    out.append(path_of(area, "#fffcf4", more=' fill-rule="evenodd"') + "</g>")
    return "".join(out)


# --- crayon ---------------------------------------------------------------------------------------


def crayon(sheet: Sheet) -> str:
    """Hatched wax over paper: strokes in every direction, doubled wobbly outlines, grain."""

    def shape(one: Shape) -> list[str]:
        if not plain(one.fill):
            if one.fill == "none" and plain(one.line):
                return [
                    path_of(
                        one.d,
                        "none",
                        one.line,
                        one.width * 1.25,
                        line_opacity=0.9 * one.opacity,
                        more=_grain(sheet, one.scale),
                    )
                ]
            drawn = [path_of(one.d, one.fill, fill_opacity=one.opacity)]
            if one.area > 60000 and one.opacity == 1 and one.span > 120:
                drawn += _hatched(sheet, one, 0.45)
            return drawn
        if one.opacity < 1:
            return [path_of(one.d, one.fill, fill_opacity=one.opacity)]
        drawn = [path_of(one.d, mix(one.fill, PAPER, 0.1) if one.span > 20 else one.fill)]
        if one.span > 34:  # no strokes across eyes; pale ones on dark wax are kept faint
            drawn += _hatched(
                sheet, one, (0.45 + 0.55 * _lightness(one.fill)) * (1.0 if one.span > 80 else 0.65)
            )
        line = shade(one.fill, -0.34) if one.line == "none" else one.line
        if one.line != "none":
            width = min(one.width * 1.3, 3.6 / one.scale)
            drawn.append(
                path_of(one.d, "none", line, width, line_opacity=0.85, more=_grain(sheet, one.scale))
            )
            if one.span > 16:
                a, b = sheet.dice.uniform(-1.5, 1.5) / one.scale, sheet.dice.uniform(-1.5, 1.5) / one.scale
                again = path_of(
                    one.d, "none", line, width * 0.6, line_opacity=0.45, more=_grain(sheet, one.scale)
                )
                drawn.append(f'<g transform="translate({n(a)} {n(b)})">{again}</g>')
        elif one.span > 30:
            drawn.append(
                path_of(one.d, "none", line, 1.6 / one.scale, line_opacity=0.4, more=_grain(sheet, one.scale))
            )
        return drawn

    return sheet.redraw(shape, 3.0, _waxy)


def _grain(sheet: Sheet, scale: float) -> str:
    """Dashes so uneven that they read as wax skipping over rough paper."""
    dice = sheet.dice
    runs = [n(dice.uniform(*((9, 26) if i % 2 == 0 else (0.5, 1.5))) / scale) for i in range(8)]
    return f' stroke-dasharray="{" ".join(runs)}"'


ANGLES = (-42.0, -55.0, -30.0, 38.0, -48.0, -68.0)


def _hatched(sheet: Sheet, one: Shape, strength: float) -> list[str]:
    """Paper showing between the strokes: lines across the shape, each with ends of its own."""
    dice = sheet.dice
    angle = math.radians(dice.choice(ANGLES))
    cos, sin = math.cos(angle), math.sin(angle)
    polygons = [[(x * cos + y * sin, y * cos - x * sin) for x, y in ring] for ring in _flat(one.d)]
    edges = [
        (a, b) for ring in polygons for a, b in zip(ring, [*ring[1:], ring[0]], strict=True) if a[1] != b[1]
    ]
    if not edges:
        return []
    unit = 1 / one.scale
    low, high = min(min(a[1], b[1]) for a, b in edges), max(max(a[1], b[1]) for a, b in edges)
    strokes: list[list[str]] = [[], [], []]
    y = low + unit * dice.uniform(1, 4)
    wide = 1.35 if one.span > 200 else 1.0
    while y < high:
        crossings = sorted(
            (a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1]), 1 if a[1] < b[1] else -1)
            for a, b in edges if min(a[1], b[1]) <= y < max(a[1], b[1])
        )  # fmt: skip
        which, winding, start = dice.choices((0, 1, 2), (5, 4, 2))[0], 0, 0.0
        for x, way in crossings:
            if winding == 0:
                start = x
            winding = (1 - winding) if one.rule else winding + way
            if winding == 0:
                left, right = start + unit * dice.uniform(-0.5, 5), x - unit * dice.uniform(-0.5, 5)
                if right - left > 3 * unit:
                    bow, tilt = unit * dice.uniform(-2.2, 2.2), unit * dice.uniform(-1.2, 1.2)
                    ends = ((left, y), ((left + right) / 2, y + bow), (right, y + tilt))
                    (ax, ay), (bx, by), (cx, cy) = ((u * cos - v * sin, u * sin + v * cos) for u, v in ends)
                    strokes[which].append(f"M{ax:.1f} {ay:.1f}Q{bx:.1f} {by:.1f} {cx:.1f} {cy:.1f}")
        y += unit * wide * dice.uniform(3.2, 7.0)
    tools = ((PAPER, 1.1, 0.5), (PAPER, 2.0, 0.3), ("#3c2b2b", 1.5, 0.1))
    return [
        path_of("".join(lines), "none", fill, width * unit * wide, line_opacity=opacity * strength)
        for lines, (fill, width, opacity) in zip(strokes, tools, strict=True) if lines
    ]  # fmt: skip


def _flat(d: str) -> list[list[Point]]:
    """Absolute path data as polygons."""
    rings: list[list[Point]] = []
    for command, args in commands(d):
        if command == "M":
            rings.append([(args[0], args[1])])
        elif command in "CQ":
            ring = rings[-1]
            ax, ay = ring[-1]
            for i in range(1, 5):
                t = i / 4
                u = 1 - t
                if command == "Q":
                    weights, points = (
                        (u * u, 2 * u * t, t * t),
                        ((ax, ay), (args[0], args[1]), (args[2], args[3])),
                    )
                    ring.append(
                        (
                            sum(k * q[0] for k, q in zip(weights, points, strict=True)),
                            sum(k * q[1] for k, q in zip(weights, points, strict=True)),
                        )
                    )
                else:
                    k0, k1, k2, k3 = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
                    ring.append(
                        (
                            k0 * ax + k1 * args[0] + k2 * args[2] + k3 * args[4],
                            k0 * ay + k1 * args[1] + k2 * args[3] + k3 * args[5],
                        )
                    )
        elif args:
            rings[-1].append((args[-2], args[-1]))
    return [ring for ring in rings if len(ring) > 2]


def _waxy(sheet: Sheet) -> str:
    """Paper grain over all, and an edge where the strokes run out."""
    area, _ = frame(sheet, 20, 10, 15)
    second, _ = frame(sheet, 26, 13, 11)
    return (
        specks(sheet, 2400, 2.6, PAPER, 0.5)
        + specks(sheet, 800, 1.8, "#4a3a3a", 0.12)
        + '<g id="margin">'
        + path_of(second, PAPER, fill_opacity=0.55, more=' fill-rule="evenodd"')
        + path_of(area, PAPER, more=' fill-rule="evenodd"')
        + "</g>"
    )


# --- cut paper ------------------------------------------------------------------------------------


def cut_paper(sheet: Sheet) -> str:
    """Coloured card with scissors: no outlines, straight-ish edges, every layer throws a little shadow."""

    def shape(one: Shape) -> list[str]:
        if not plain(one.fill):
            if one.fill == "none" and plain(one.line):
                return [path_of(one.d, "none", one.line, one.width * 1.15, line_opacity=one.opacity)]
            return [path_of(one.d, one.fill, fill_opacity=one.opacity)]
        card = path_of(one.d, one.fill, fill_opacity=one.opacity)
        if (
            one.opacity < 1
            or one.span < 9
            or one.area > 0.6 * 1000 * sheet.wide
            or (one.line == "none" and one.span < 30)
        ):
            return [card]
        drop = min(4.2, 1.3 + one.span * 0.014) / one.scale
        drawn = []
        for far, strength in ((1.0, 0.10), (0.55, 0.12)):
            under = path_of(one.d, "#2b2030", "#2b2030", 0.8 / one.scale, strength, strength * 0.5)
            drawn.append(f'<g transform="translate({n(drop * far * 0.8)} {n(drop * far)})">{under}</g>')
        return [*drawn, path_of(one.d, one.fill, shade(one.fill, 0.3), 0.7 / one.scale, line_opacity=0.7)]

    return sheet.redraw(
        shape, 1.2, lambda it: specks(it, 1500, 2.0, "#ffffff", 0.2) + specks(it, 900, 1.9, "#3a2c30", 0.09)
    )


# --- ink and wash ---------------------------------------------------------------------------------


def ink(sheet: Sheet) -> str:
    """A dip pen's dark, swelling line over pale washes that do not always keep to it."""
    pen = "#3b3038"

    def shape(one: Shape) -> list[str]:
        if not plain(one.fill):
            if one.fill == "none" and plain(one.line):
                return [
                    path_of(
                        one.d,
                        "none",
                        mix(one.line, pen, 0.6 if one.width * one.scale < 4 else 0.12),
                        one.width * 0.85,
                        line_opacity=one.opacity,
                    )
                ]
            return [path_of(one.d, one.fill, fill_opacity=one.opacity * 0.85)]
        if one.opacity < 1:
            return [path_of(one.d, mix(one.fill, PAPER, 0.3), fill_opacity=one.opacity * 0.8)]
        base = mix(one.fill, PAPER, 0.36) if one.span > 9 else one.fill
        drawn = [path_of(one.d, base)]
        if one.span > 30 and one.area < 0.3 * 1000 * sheet.wide:
            shift = 2.6 / one.scale
            drawn.append(
                f'<g transform="translate({n(shift)} {n(shift)})">{path_of(one.d, one.fill, fill_opacity=0.2)}</g>'
            )
        if one.line != "none":
            drawn.append(
                path_of(one.d, "none", pen, max(one.width * 0.72, 0.7 / one.scale), line_opacity=0.92)
            )
            if one.span > 22:
                shift = 0.9 / one.scale
                drawn.append(
                    f'<g transform="translate({n(shift)} {n(shift)})">{path_of(one.d, "none", pen, one.width * 0.5, line_opacity=0.6)}</g>'
                )
        elif one.span > 16:
            drawn.append(path_of(one.d, "none", mix(one.fill, pen, 0.55), 1.0 / one.scale, line_opacity=0.55))
        return drawn

    return sheet.redraw(shape, 2.0, _blotted, None, lambda colour: mix(colour, PAPER, 0.34))


def _blotted(sheet: Sheet) -> str:
    soft, _ = frame(sheet, 34, 14, 44)
    area, _ = frame(sheet, 28, 14, 44)
    return (
        specks(sheet, 900, 2.0, "#fffdf6", 0.4)
        + '<g id="margin">'
        + path_of(soft, "#fffcf4", fill_opacity=0.5, more=' fill-rule="evenodd"')
        + path_of(area, "#fffcf4", more=' fill-rule="evenodd"')
        + "</g>"
    )


LOOKS: dict[str, Callable[[Sheet], str]] = {
    "watercolour": watercolour, "crayon": crayon, "cut-paper": cut_paper, "ink": ink,
}  # fmt: skip
ARTS = ("flat", *LOOKS)
