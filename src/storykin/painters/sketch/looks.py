"""Painters, sketch: the looks. The finished flat page is drawn once more with another tool.

A look is a row of `LOOKS`: what happens to every shape, and what lies over the whole page. Everything stays
vector: no filters, only paths, gradients, patterns and opacity.
"""

import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from storykin.painters.sketch.ink import PAPER, Point, mix, n, shade, smooth

SVG = "http://www.w3.org/2000/svg"
SHAPES = {f"{{{SVG}}}{name}" for name in ("path", "ellipse", "circle", "rect")}
GROUP, STOP, DEFS = f"{{{SVG}}}g", f"{{{SVG}}}stop", f"{{{SVG}}}defs"
Matrix = tuple[float, float, float, float, float, float]
NUMBER = re.compile(r"[MLHVCSQTAZmlhvcsqtaz]|-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?")
TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}


def restyle(svg: str, art: str, seed: int) -> str:
    """The page drawn in another look; `flat` is the page as it is. The same seed gives the same strokes."""
    if art == "flat":
        return svg
    return LOOKS[art](Sheet(svg, seed))


# --- the sheet: walking the page, moving its points -----------------------------------------------


@dataclass
class Shape:
    """One shape of the page with everything a look may ask about it; sizes are in canvas units."""

    element: ET.Element
    d: str
    scale: float
    fill: str
    line: str
    width: float
    box: tuple[float, float, float, float]
    opacity: float
    rule: str = ""

    @property
    def area(self) -> float:
        """The area of its box."""
        return max(0.0, self.box[2] - self.box[0]) * max(0.0, self.box[3] - self.box[1])

    @property
    def span(self) -> float:
        """The shorter side of its box."""
        return min(self.box[2] - self.box[0], self.box[3] - self.box[1])


@dataclass
class Sheet:
    """A page taken apart: `wide` by 1000 units of paper, a seeded hand and definitions yet to be written."""

    svg: str
    seed: int
    defs: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.root = ET.fromstring(self.svg)
        self.wide = float(self.root.get("viewBox", "0 0 1000 1000").split()[2])
        self.dice = Random(self.seed)
        self.phase = [self.dice.uniform(0, 6.28) for _ in range(6)]

    def redraw(
        self,
        shape: Callable[[Shape], list[str]],
        shake: float,
        over: Callable[["Sheet"], str],
        under: Callable[["Sheet"], str] | None = None,
        stop: Callable[[str], str] | None = None,
    ) -> str:
        """Every shape through `shape` with its points shaken by about `shake` units, every colour of a gradient
        through `stop`; `under` lies between scenery and figures, `over` on top.
        """
        body: list[str] = []
        head = ET.tostring(self.root, encoding="unicode").split(">", 1)[0] + ">"
        head = re.sub(r'xmlns:ns0="[^"]*"', f'xmlns="{SVG}"', head).replace("<ns0:svg", "<svg")
        old_defs = ""
        for child in self.root:
            if child.tag == DEFS:
                if stop:
                    for one in child.iter(STOP):
                        one.set("stop-color", stop(one.get("stop-color", PAPER)))
                old_defs += "".join(_text(one) for one in child)
            else:
                if child.get("id") == "cast" and under:
                    body.append(under(self))
                self._walk(child, (1, 0, 0, 1, 0, 0), 1.0, shape, shake, body)
        top = over(self)
        new = "".join(self.defs.values())
        return f"{head}<defs>{old_defs}{new}</defs>{''.join(body)}{top}</svg>"

    def _walk(self, element: ET.Element, matrix: Matrix, opacity: float, shape: Callable[[Shape], list[str]],
              shake: float, out: list[str]) -> None:  # fmt: skip
        if element.tag == GROUP:
            if "mix-blend-mode" in element.get("style", ""):
                out.append(_text(element))
                return
            named = "".join(f' {key}="{value}"' for key, value in element.attrib.items())
            out.append(f"<g{named}>")
            inner = _times(matrix, _matrix(element.get("transform", "")))
            for child in element:
                self._walk(child, inner, opacity, shape, shake, out)
            out.append("</g>")
        elif element.tag in SHAPES:
            here = _times(matrix, _matrix(element.get("transform", "")))
            d, box = self._shaken(_outline(element), here, shake)
            scale = math.sqrt(abs(here[0] * here[3] - here[1] * here[2])) or 1.0
            line = element.get("stroke", "none")
            width = float(element.get("stroke-width", "1")) if line != "none" else 0.0
            seen = float(
                element.get("fill-opacity", element.get("stroke-opacity", element.get("opacity", "1")))
            )
            drawn = shape(
                Shape(
                    element,
                    d,
                    scale,
                    element.get("fill", "#000000"),
                    line,
                    width,
                    box,
                    seen,
                    element.get("fill-rule", ""),
                )
            )
            if element.get("fill-rule"):
                drawn = [part.replace("/>", ' fill-rule="evenodd"/>') for part in drawn]
            turn = element.get("transform")
            out.append(f'<g transform="{turn}">{"".join(drawn)}</g>' if turn else "".join(drawn))
        else:
            out.append(_text(element))

    def _push(self, x: float, y: float, shake: float) -> Point:
        a, b, c, d, e, f = self.phase
        px = (
            math.sin(x * 0.061 + y * 0.037 + a)
            + math.sin(x * 0.023 - y * 0.079 + b)
            + 0.6 * math.sin(y * 0.19 + c)
        )
        py = (
            math.sin(x * 0.031 - y * 0.067 + d)
            + math.sin(x * 0.083 + y * 0.019 + e)
            + 0.6 * math.sin(x * 0.17 + f)
        )
        return px * shake * 0.5, py * shake * 0.5

    def _shaken(self, d: str, m: Matrix, shake: float) -> tuple[str, tuple[float, float, float, float]]:
        """Path data with absolute commands and points moved by a smooth unevenness; its box on the page."""
        det = m[0] * m[3] - m[1] * m[2] or 1.0
        xs: list[float] = []
        ys: list[float] = []

        def point(x: float, y: float) -> str:
            px, py = m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]
            xs.append(px)
            ys.append(py)
            if not shake:
                return f"{n(x)} {n(y)}"
            dx, dy = self._push(px, py, shake)
            return f"{n(x + (m[3] * dx - m[2] * dy) / det)} {n(y + (m[0] * dy - m[1] * dx) / det)}"

        long = 60 / math.sqrt(abs(det))
        out: list[str] = []
        x = y = sx = sy = 0.0
        for command, args in _commands(d):
            upper, relative = command.upper(), command.islower()
            if upper == "Z":
                out.append("Z")
                x, y = sx, sy
                continue
            if upper in "HV":
                along = args[0] + ((x if upper == "H" else y) if relative else 0)
                points = [(along, y) if upper == "H" else (x, along)]
                upper = "L"
            elif upper == "A":
                ex, ey = (args[5] + x, args[6] + y) if relative else (args[5], args[6])
                out.append(f"A{n(args[0])} {n(args[1])} {n(args[2])} {args[3]:g} {args[4]:g} {point(ex, ey)}")
                x, y = ex, ey
                continue
            else:
                fromx, fromy = (x, y) if relative else (0.0, 0.0)
                points = [(args[i] + fromx, args[i + 1] + fromy) for i in range(0, len(args), 2)]
            ex, ey = points[-1]
            steps = int(math.hypot(ex - x, ey - y) / long) if upper == "L" and shake else 0
            for step in range(1, min(steps, 14)):
                t = step / min(steps, 14)
                out.append("L" + point(x + (ex - x) * t, y + (ey - y) * t))
            out.append(upper + " ".join(point(*one) for one in points))
            x, y = ex, ey
            if upper == "M":
                sx, sy = x, y
        box = (min(xs), min(ys), max(xs), max(ys)) if xs else (0, 0, 0, 0)
        return "".join(out), box


def _commands(d: str) -> list[tuple[str, list[float]]]:
    found: list[tuple[str, list[float]]] = []
    command = ""
    args: list[float] = []
    for token in NUMBER.findall(d):
        if token.isalpha():
            command, args = token, []
            if token in "Zz":
                found.append(("Z", []))
            continue
        args.append(float(token))
        if len(args) == TAKES[command.upper()]:
            found.append((command, args))
            args = []
            command = {"M": "L", "m": "l"}.get(command, command)
    return found


def _outline(element: ET.Element) -> str:
    """Any shape as path data; attributes of its own kind are forgotten."""

    def get(name: str) -> float:
        return float(element.get(name, "0"))

    if element.tag.endswith("path"):
        return element.get("d", "")
    if element.tag.endswith("rect"):
        x, y, w, h, r = get("x"), get("y"), get("width"), get("height"), get("rx")
        if not r:
            return f"M{x} {y}L{x + w} {y}L{x + w} {y + h}L{x} {y + h}L{x} {y}Z"
        r = min(r, w / 2, h / 2)
        return (
            f"M{x + r} {y}L{x + w - r} {y}Q{x + w} {y} {x + w} {y + r}L{x + w} {y + h - r}Q{x + w} {y + h} {x + w - r} {y + h}"
            f"L{x + r} {y + h}Q{x} {y + h} {x} {y + h - r}L{x} {y + r}Q{x} {y} {x + r} {y}Z"
        )
    cx, cy = get("cx"), get("cy")
    rx, ry = (get("r"), get("r")) if element.tag.endswith("circle") else (get("rx"), get("ry"))
    k, j = rx * 0.5523, ry * 0.5523
    return (
        f"M{cx - rx} {cy}C{cx - rx} {cy - j} {cx - k} {cy - ry} {cx} {cy - ry}C{cx + k} {cy - ry} {cx + rx} {cy - j} {cx + rx} {cy}"
        f"C{cx + rx} {cy + j} {cx + k} {cy + ry} {cx} {cy + ry}C{cx - k} {cy + ry} {cx - rx} {cy + j} {cx - rx} {cy}Z"
    )


def _matrix(transform: str) -> Matrix:
    m: Matrix = (1, 0, 0, 1, 0, 0)
    for name, inner in re.findall(r"(\w+)\(([^)]*)\)", transform):
        v = [float(one) for one in re.findall(r"-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?", inner)]
        if name == "translate":
            m = _times(m, (1, 0, 0, 1, v[0], v[1] if len(v) > 1 else 0))
        elif name == "scale":
            m = _times(m, (v[0], 0, 0, v[-1], 0, 0))
        elif name == "rotate":
            a = math.radians(v[0])
            x, y = (v[1], v[2]) if len(v) == 3 else (0.0, 0.0)
            cos, sin = math.cos(a), math.sin(a)
            m = _times(m, (cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y))
        elif name == "matrix":
            m = _times(m, (v[0], v[1], v[2], v[3], v[4], v[5]))
    return m


def _times(m: Matrix, k: Matrix) -> Matrix:
    return (
        m[0] * k[0] + m[2] * k[1], m[1] * k[0] + m[3] * k[1], m[0] * k[2] + m[2] * k[3], m[1] * k[2] + m[3] * k[3],
        m[0] * k[4] + m[2] * k[5] + m[4], m[1] * k[4] + m[3] * k[5] + m[5],
    )  # fmt: skip


def _text(element: ET.Element) -> str:
    return re.sub(r' xmlns:ns0="[^"]*"', "", ET.tostring(element, encoding="unicode")).replace("ns0:", "")


def _plain(fill: str) -> bool:
    return fill.startswith("#") and len(fill) == 7


def _path(d: str, fill: str = "none", line: str = "none", width: float = 0.0, fill_opacity: float = 1.0,
          line_opacity: float = 1.0, more: str = "") -> str:  # fmt: skip
    out = f'<path d="{d}" fill="{fill}"'
    if fill != "none" and fill_opacity < 1:
        out += f' fill-opacity="{n(fill_opacity)}"'
    if line != "none" and width > 0:
        out += f' stroke="{line}" stroke-width="{n(width)}" stroke-linejoin="round" stroke-linecap="round"'
        if line_opacity < 1:
            out += f' stroke-opacity="{n(line_opacity)}"'
    return out + more + "/>"


# --- what all looks share -------------------------------------------------------------------------


def specks(sheet: Sheet, count: int, size: float, fill: str, opacity: float) -> str:
    """Grain of the paper: many tiny uneven flecks in one path."""
    dice, out = sheet.dice, []
    for _ in range(round(count * sheet.wide / 1000)):
        x, y, r = dice.uniform(0, sheet.wide), dice.uniform(0, 1000), size * dice.uniform(0.4, 1.0)
        out.append(
            f"M{x:.1f} {y:.1f}l{r:.1f} {r * dice.uniform(-0.6, 0.6):.1f} {-r * 0.4:.1f} {r * 0.9:.1f}Z"
        )
    return _path("".join(out), fill, fill_opacity=opacity)


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
        if not _plain(one.fill):
            if one.fill == "none" and _plain(one.line):
                return [
                    _path(
                        one.d, "none", mix(one.line, PAPER, 0.1), one.width, line_opacity=0.85 * one.opacity
                    )
                ]
            return [_path(one.d, one.fill, fill_opacity=one.opacity)]
        base = mix(one.fill, PAPER, 0.04 + 0.14 * _lightness(one.fill))
        if one.opacity < 1:
            return [_path(one.d, base, fill_opacity=one.opacity * 0.9)]
        rim = shade(one.fill, -0.26)
        fill = base
        if one.span > 26 and one.area < 0.35 * 1000 * sheet.wide:
            fill = _wash(sheet, one.fill)
        lined = one.line != "none"
        width = max(one.width, 0.5 / one.scale) if lined else min(2.4, 0.5 + one.span * 0.02) / one.scale
        drawn = [_path(one.d, fill, rim, width * 0.95, line_opacity=0.62 if lined else 0.3)]
        if one.span > 34 and one.area < 0.25 * 1000 * sheet.wide:
            shift = 1.6 / one.scale
            glaze = _path(one.d, rim, fill_opacity=0.07)
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
        out.append(_path(smooth(points, True, 1.0), "#fffdf6" if light else "#5f6f94", "#fffdf6" if not light else "#6b7796",
                         1.4, 0.13 if light else 0.06, 0.1 if light else 0.06))  # fmt: skip
    return "".join(out)


def _dry(sheet: Sheet) -> str:
    """Grain and the white margin."""
    out = [specks(sheet, 1300, 2.0, "#fffdf6", 0.34)]
    out.append(specks(sheet, 500, 1.6, "#6d6a78", 0.16))
    area, edge = frame(sheet, 27, 11, 46)
    out.append('<g id="margin">')
    out.append(_path(edge, "none", "#7f8aa6", 2.2, line_opacity=0.3))
    for inset, rough, strength in ((36, 12, 0.28), (31, 12, 0.4)):
        soft, _ = frame(sheet, inset, rough, 38)
        out.append(_path(soft, "#fffcf4", fill_opacity=strength, more=' fill-rule="evenodd"'))
    out.append(_path(area, "#fffcf4", more=' fill-rule="evenodd"') + "</g>")
    return "".join(out)


# --- crayon ---------------------------------------------------------------------------------------


def crayon(sheet: Sheet) -> str:
    """Hatched wax over paper: strokes in every direction, doubled wobbly outlines, grain."""

    def shape(one: Shape) -> list[str]:
        if not _plain(one.fill):
            if one.fill == "none" and _plain(one.line):
                return [
                    _path(
                        one.d,
                        "none",
                        one.line,
                        one.width * 1.25,
                        line_opacity=0.9 * one.opacity,
                        more=_grain(sheet, one.scale),
                    )
                ]
            drawn = [_path(one.d, one.fill, fill_opacity=one.opacity)]
            if one.area > 60000 and one.opacity == 1 and one.span > 120:
                drawn += _hatched(sheet, one, 0.7)
            return drawn
        if one.opacity < 1:
            return [_path(one.d, one.fill, fill_opacity=one.opacity)]
        drawn = [_path(one.d, mix(one.fill, PAPER, 0.1) if one.span > 20 else one.fill)]
        if one.span > 20:
            drawn += _hatched(sheet, one, 1.0)
        line = shade(one.fill, -0.34) if one.line == "none" else one.line
        if one.line != "none":
            width = min(one.width * 1.3, 3.6 / one.scale)
            drawn.append(_path(one.d, "none", line, width, line_opacity=0.85, more=_grain(sheet, one.scale)))
            if one.span > 16:
                a, b = sheet.dice.uniform(-1.5, 1.5) / one.scale, sheet.dice.uniform(-1.5, 1.5) / one.scale
                again = _path(
                    one.d, "none", line, width * 0.6, line_opacity=0.45, more=_grain(sheet, one.scale)
                )
                drawn.append(f'<g transform="translate({n(a)} {n(b)})">{again}</g>')
        elif one.span > 30:
            drawn.append(
                _path(one.d, "none", line, 1.6 / one.scale, line_opacity=0.4, more=_grain(sheet, one.scale))
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
        _path("".join(lines), "none", fill, width * unit * wide, line_opacity=opacity * strength)
        for lines, (fill, width, opacity) in zip(strokes, tools, strict=True) if lines
    ]  # fmt: skip


def _flat(d: str) -> list[list[Point]]:
    """Absolute path data as polygons."""
    rings: list[list[Point]] = []
    for command, args in _commands(d):
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
        + _path(second, PAPER, fill_opacity=0.55, more=' fill-rule="evenodd"')
        + _path(area, PAPER, more=' fill-rule="evenodd"')
        + "</g>"
    )


# --- cut paper ------------------------------------------------------------------------------------


def cut_paper(sheet: Sheet) -> str:
    """Coloured card with scissors: no outlines, straight-ish edges, every layer throws a little shadow."""

    def shape(one: Shape) -> list[str]:
        if not _plain(one.fill):
            if one.fill == "none" and _plain(one.line):
                return [_path(one.d, "none", one.line, one.width * 1.15, line_opacity=one.opacity)]
            return [_path(one.d, one.fill, fill_opacity=one.opacity)]
        card = _path(one.d, one.fill, fill_opacity=one.opacity)
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
            under = _path(one.d, "#2b2030", "#2b2030", 0.8 / one.scale, strength, strength * 0.5)
            drawn.append(f'<g transform="translate({n(drop * far * 0.8)} {n(drop * far)})">{under}</g>')
        return [*drawn, _path(one.d, one.fill, shade(one.fill, 0.3), 0.7 / one.scale, line_opacity=0.7)]

    return sheet.redraw(
        shape, 1.2, lambda it: specks(it, 1500, 2.0, "#ffffff", 0.2) + specks(it, 900, 1.9, "#3a2c30", 0.09)
    )


# --- ink and wash ---------------------------------------------------------------------------------


def ink(sheet: Sheet) -> str:
    """A dip pen's dark, swelling line over pale washes that do not always keep to it."""
    pen = "#3b3038"

    def shape(one: Shape) -> list[str]:
        if not _plain(one.fill):
            if one.fill == "none" and _plain(one.line):
                return [
                    _path(
                        one.d,
                        "none",
                        mix(one.line, pen, 0.6 if one.width * one.scale < 4 else 0.12),
                        one.width * 0.85,
                        line_opacity=one.opacity,
                    )
                ]
            return [_path(one.d, one.fill, fill_opacity=one.opacity * 0.85)]
        if one.opacity < 1:
            return [_path(one.d, mix(one.fill, PAPER, 0.3), fill_opacity=one.opacity * 0.8)]
        base = mix(one.fill, PAPER, 0.36) if one.span > 9 else one.fill
        drawn = [_path(one.d, base)]
        if one.span > 30 and one.area < 0.3 * 1000 * sheet.wide:
            shift = 2.6 / one.scale
            drawn.append(
                f'<g transform="translate({n(shift)} {n(shift)})">{_path(one.d, one.fill, fill_opacity=0.2)}</g>'
            )
        if one.line != "none":
            drawn.append(_path(one.d, "none", pen, max(one.width * 0.72, 0.7 / one.scale), line_opacity=0.92))
            if one.span > 22:
                shift = 0.9 / one.scale
                drawn.append(
                    f'<g transform="translate({n(shift)} {n(shift)})">{_path(one.d, "none", pen, one.width * 0.5, line_opacity=0.6)}</g>'
                )
        elif one.span > 16:
            drawn.append(_path(one.d, "none", mix(one.fill, pen, 0.55), 1.0 / one.scale, line_opacity=0.55))
        return drawn

    return sheet.redraw(shape, 2.0, _blotted, None, lambda colour: mix(colour, PAPER, 0.34))


def _blotted(sheet: Sheet) -> str:
    soft, _ = frame(sheet, 34, 14, 44)
    area, _ = frame(sheet, 28, 14, 44)
    return (
        specks(sheet, 900, 2.0, "#fffdf6", 0.4)
        + '<g id="margin">'
        + _path(soft, "#fffcf4", fill_opacity=0.5, more=' fill-rule="evenodd"')
        + _path(area, "#fffcf4", more=' fill-rule="evenodd"')
        + "</g>"
    )


LOOKS: dict[str, Callable[[Sheet], str]] = {
    "watercolour": watercolour, "crayon": crayon, "cut-paper": cut_paper, "ink": ink,
}  # fmt: skip
ARTS = ("flat", *LOOKS)
