"""Painters, sketch: colours and strokes. Everything drawn goes through here, so it looks like one hand.

The hand: rounded shapes, warm and slightly muted colours, light from the upper left, a thin outline
in a darker shade of the shape's own colour, never black. All functions return SVG text.
"""

import colorsys
import hashlib
import math
import re
from collections.abc import Iterable, Sequence

from storykin.colours import HEX

Point = tuple[float, float]

INK = "#46322b"  # the darkest there is: eyes, mouths
PAPER = "#fdf6e9"
CHEEK = "#ef8f80"

COLOURS = {
    "red": "#d9513f", "dark red": "#a83a35", "crimson": "#b8323f", "orange": "#ee9440", "amber": "#e0a03a",
    "yellow": "#f3c94f", "gold": "#dcae43", "golden": "#dcae43", "cream": "#f6e7c8", "beige": "#dfc9a4",
    "green": "#6fa65a", "dark green": "#44704b", "light green": "#a9cc80", "mint": "#a7d8bf", "olive": "#8f9150",
    "turquoise": "#4fb3ab", "teal": "#3a8a8b", "blue": "#4f86c1", "light blue": "#9cc8e6", "sky blue": "#8fc6ea",
    "dark blue": "#34548a", "navy": "#33466f", "purple": "#8a62a8", "violet": "#8a62a8", "lilac": "#bda1d6",
    "lavender": "#bda1d6", "pink": "#ef9fae", "hot pink": "#e2668f", "rose": "#df7f8d", "peach": "#f6bd98",
    "coral": "#ee7f68", "brown": "#8c5c3d", "dark brown": "#5a3d2e", "light brown": "#b98a5e", "chestnut": "#7d4a32",
    "red-brown": "#a55a37", "auburn": "#92472f", "ginger": "#d9813f", "rust": "#b5593a", "tan": "#cfa274",
    "sand": "#e3c995", "blond": "#ecc873", "blonde": "#ecc873", "honey": "#d9a352", "strawberry blond": "#e3a068",
    "black": "#3a3336", "grey": "#9a9a9e", "gray": "#9a9a9e", "dark grey": "#5f6066", "light grey": "#cdcdd0",
    "silver": "#c3c8cf", "white": "#fbf8f1", "rainbow": "#e0788f", "burgundy": "#7c3440", "mustard": "#d3a03f", "khaki": "#a3946c",
    "slate blue": "#5f7fa0", "dark purple": "#553a6b", "dark blond": "#c09a5e", "light blond": "#f2dc9c", "white-blond": "#f5eacb",
    # skin, from light to dark
    "porcelain": "#fbe2d0", "fair": "#f8d8bf", "light": "#f4cdad", "rosy": "#f5c9b4", "medium": "#dfa983",
    "light brown skin": "#cf9870", "warm brown": "#b67a52", "brown skin": "#9c6644", "dark": "#7a4b34",
    "deep": "#5d3929",
}  # fmt: skip


def colour(words: str, otherwise: str = "#c9a27e") -> str:
    """The hex colour that words name: "#rrggbb" in them as it is, else the longest known colour inside."""
    words = words.strip().lower()
    exact = HEX.search(words)
    if exact:
        return exact[0]
    if words in COLOURS:
        return COLOURS[words]
    known = [name for name in COLOURS if re.search(rf"\b{re.escape(name)}\b", words)]
    return COLOURS[max(known, key=len)] if known else otherwise


def shade(fill: str, by: float) -> str:
    """A darker (`by` < 0) or lighter (`by` > 0) neighbour; darker ones lose some of their strength."""
    red, green, blue = (int(fill[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, light, strength = colorsys.rgb_to_hls(red, green, blue)
    light = light * (1 + by) if by < 0 else light + (1 - light) * by
    strength = strength * (1 + 0.75 * by) if by < 0 else strength
    return _hex(*colorsys.hls_to_rgb(hue, light, strength))


def mix(one: str, other: str, amount: float) -> str:
    """`one` with `amount` (0 to 1) of `other` stirred in."""
    pairs = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return _hex(*((a + (b - a) * amount) / 255 for a, b in pairs))


def _hex(*parts: float) -> str:
    return "#" + "".join(f"{round(max(0.0, min(1.0, part)) * 255):02x}" for part in parts)


def n(value: float) -> str:
    """A number for SVG: two decimals at the most."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def paint(fill: str = "none", line: str | None = None, width: float = 0.9, opacity: float = 1.0) -> str:
    """The attributes of a shape. Without `line` a filled shape gets a darker outline of its own."""
    if line is None and fill.startswith("#"):
        line = shade(fill, -0.32)
    attributes = f'fill="{fill}"'
    if line and line != "none" and width > 0:
        attributes += (
            f' stroke="{line}" stroke-width="{n(width)}" stroke-linejoin="round" stroke-linecap="round"'
        )
    if opacity < 1:  # not `opacity`, which costs renderers a layer for every shape
        attributes += f' fill-opacity="{n(opacity)}" stroke-opacity="{n(opacity)}"'
    return attributes


def path(
    d: str, fill: str = "none", line: str | None = None, width: float = 0.9, opacity: float = 1.0
) -> str:
    """A path from SVG path data."""
    return f'<path d="{d}" {paint(fill, line, width, opacity)}/>'


def stroke(d: str, line: str = INK, width: float = 1.0, opacity: float = 1.0) -> str:
    """An open line."""
    return path(d, "none", line, width, opacity)


def ellipse(cx: float, cy: float, rx: float, ry: float, fill: str, line: str | None = None, width: float = 0.9,
            opacity: float = 1.0, turn: float = 0.0) -> str:  # fmt: skip
    """An ellipse, `turn` degrees clockwise about its own middle."""
    place = f' transform="rotate({n(turn)} {n(cx)} {n(cy)})"' if turn else ""
    return f'<ellipse cx="{n(cx)}" cy="{n(cy)}" rx="{n(rx)}" ry="{n(ry)}" {paint(fill, line, width, opacity)}{place}/>'


def circle(cx: float, cy: float, r: float, fill: str, line: str | None = None, width: float = 0.9,
           opacity: float = 1.0) -> str:  # fmt: skip
    """A circle."""
    return ellipse(cx, cy, r, r, fill, line, width, opacity)


def box(x: float, y: float, w: float, h: float, fill: str, line: str | None = None, width: float = 0.9,
        opacity: float = 1.0, round: float = 0.0) -> str:  # fmt: skip
    """A rectangle with corners rounded by `round`."""
    corner = f' rx="{n(round)}"' if round else ""
    where = f'x="{n(x)}" y="{n(y)}" width="{n(w)}" height="{n(h)}"'
    return f"<rect {where}{corner} {paint(fill, line, width, opacity)}/>"


def smooth(points: Sequence[Point], closed: bool = True, tension: float = 0.5) -> str:
    """Path data of a smooth curve through all points (Catmull–Rom as cubic Béziers)."""
    count = len(points)

    def at(i: int) -> Point:
        return points[i % count] if closed else points[max(0, min(count - 1, i))]

    d = f"M{n(points[0][0])} {n(points[0][1])}"
    for i in range(count if closed else count - 1):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = at(i - 1), at(i), at(i + 1), at(i + 2)
        k = tension / 3
        d += f"C{n(bx + (cx - ax) * k)} {n(by + (cy - ay) * k)} {n(cx - (dx - bx) * k)} {n(cy - (dy - by) * k)}"
        d += f" {n(cx)} {n(cy)}"
    return d + ("Z" if closed else "")


def blob(points: Sequence[Point], fill: str, line: str | None = None, width: float = 0.9, opacity: float = 1.0,
         tension: float = 1.0) -> str:  # fmt: skip
    """A soft closed shape through the points."""
    return path(smooth(points, True, tension), fill, line, width, opacity)


def limb(points: Sequence[Point], start: float, end: float, fill: str, line: str | None = None,
         width: float = 0.9) -> str:  # fmt: skip
    """A tapered arm, leg, tail or branch along the points, `start` and `end` thick, with round ends."""
    left: list[Point] = []
    right: list[Point] = []
    last = len(points) - 1
    for i, (x, y) in enumerate(points):
        (ax, ay), (bx, by) = points[max(0, i - 1)], points[min(last, i + 1)]
        long = math.hypot(bx - ax, by - ay) or 1.0
        half = (start + (end - start) * i / max(1, last)) / 2
        nx, ny = -(by - ay) / long * half, (bx - ax) / long * half
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    there, back = smooth(left, False, 1.0), smooth(right[::-1], False, 1.0)
    r1, r2 = n(end / 2), n(start / 2)
    (ex, ey), (sx, sy) = right[-1], left[0]
    d = f"{there}A{r1} {r1} 0 0 0 {n(ex)} {n(ey)}L{back[1:]}A{r2} {r2} 0 0 0 {n(sx)} {n(sy)}Z"
    return path(d, fill, line, width)


def group(parts: Iterable[str] | str, transform: str = "", opacity: float = 1.0, **attributes: str) -> str:
    """Several drawings as one."""
    inner = parts if isinstance(parts, str) else "".join(parts)
    named = [(name.replace("_", "-"), value) for name, value in attributes.items()]
    extra = "".join(f' {name}="{value}"' for name, value in named)
    place = f' transform="{transform}"' if transform else ""
    faint = f' opacity="{n(opacity)}"' if opacity < 1 else ""
    return f"<g{place}{faint}{extra}>{inner}</g>"


def moved(inner: str, x: float, y: float, scale: float = 1.0, turn: float = 0.0, mirror: bool = False) -> str:
    """A drawing put elsewhere: mirrored, scaled, turned (degrees clockwise), then moved."""
    transform = f"translate({n(x)} {n(y)})" + (f" rotate({n(turn)})" if turn else "")
    if scale != 1.0 or mirror:
        transform += f" scale({'-' if mirror else ''}{scale:.4f} {scale:.4f})"
    return group(inner, transform)


def gradient(stops: Sequence[tuple[float, str, float]], angle: float = 90.0) -> tuple[str, str]:
    """A linear gradient: (`<defs>` to put into the drawing, the fill that uses it).

    Stops are (offset 0..1, colour, opacity); 90 degrees runs from top to bottom.
    """
    turn = math.radians(angle)
    ends = f'x1="0" y1="0" x2="{n(math.cos(turn))}" y2="{n(math.sin(turn))}"'
    return _defined(f"linearGradient {ends}", "linearGradient", stops)


def glow(stops: Sequence[tuple[float, str, float]]) -> tuple[str, str]:
    """A radial gradient from the middle outwards: (`<defs>`, the fill). Stops as in `gradient`."""
    return _defined('radialGradient cx="0.5" cy="0.5" r="0.5"', "radialGradient", stops)


def _defined(head: str, tag: str, stops: Sequence[tuple[float, str, float]]) -> tuple[str, str]:
    inner = "".join(
        f'<stop offset="{n(offset)}" stop-color="{fill}" stop-opacity="{n(opacity)}"/>'
        for offset, fill, opacity in stops
    )
    name = "g" + hashlib.sha256((head + inner).encode()).hexdigest()[:8]
    return f'<defs><{head} id="{name}">{inner}</{tag}></defs>', f"url(#{name})"


def shadow(cx: float, cy: float, rx: float, ry: float, strength: float = 0.28) -> str:
    """The soft shadow a thing throws on the ground."""
    defs, fill = glow([(0, INK, strength), (0.6, INK, strength * 0.55), (1, INK, 0)])
    return defs + ellipse(cx, cy, rx, ry, fill, "none")
