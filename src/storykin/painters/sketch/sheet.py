"""Painters, sketch: a finished page taken apart into shapes, so that a look can draw each with another tool.

Every point is moved by a smooth unevenness, as if by a hand; nothing here knows a look.
"""

import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from storykin.painters.sketch.ink import PAPER, Point, n

SVG = "http://www.w3.org/2000/svg"
SHAPES = {f"{{{SVG}}}{name}" for name in ("path", "ellipse", "circle", "rect")}
GROUP, STOP, DEFS = f"{{{SVG}}}g", f"{{{SVG}}}stop", f"{{{SVG}}}defs"
Matrix = tuple[float, float, float, float, float, float]
NUMBER = re.compile(r"[MLHVCSQTAZmlhvcsqtaz]|-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?")
TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}


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
        for command, args in commands(d):
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


def commands(d: str) -> list[tuple[str, list[float]]]:
    """Path data as commands with their numbers."""
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


def plain(fill: str) -> bool:
    """Whether a fill is one colour, neither a gradient nor nothing."""
    return fill.startswith("#") and len(fill) == 7


def path_of(d: str, fill: str = "none", line: str = "none", width: float = 0.0, fill_opacity: float = 1.0,
          line_opacity: float = 1.0, more: str = "") -> str:  # fmt: skip
    """A path element; full opacity is not written."""
    out = f'<path d="{d}" fill="{fill}"'
    if fill != "none" and fill_opacity < 1:
        out += f' fill-opacity="{n(fill_opacity)}"'
    if line != "none" and width > 0:
        out += f' stroke="{line}" stroke-width="{n(width)}" stroke-linejoin="round" stroke-linecap="round"'
        if line_opacity < 1:
            out += f' stroke-opacity="{n(line_opacity)}"'
    return out + more + "/>"
