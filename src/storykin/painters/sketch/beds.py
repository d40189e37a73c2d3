"""Painters, sketch: a bed for whoever sleeps, its near side and blanket drawn over the sleeper."""

from random import Random

from storykin.painters.sketch.drawn import Drawn
from storykin.painters.sketch.furniture import LINEN, PALE_WOOD
from storykin.painters.sketch.ink import box, moved, n, path, shade, smooth
from storykin.painters.sketch.soft import MUTED

BLANKET = "#8fb0c4"


def put_to_bed(sleeper: Drawn, way: int) -> Drawn:
    """The sleeper in a bed of the right length, head on the pillow; `way` is 1 when the head lies left.

    Drawn like the figures, with outlines, for it belongs to them.
    """
    long = sleeper.width
    a = long / 2 + 0.13 * long
    unit = max(0.35, min(1.25, long / 117))
    top, line = 40 * unit, 1.5 * max(unit, 0.7)
    wood, dark = PALE_WOOD, shade(PALE_WOOD, -0.3)

    def board(x: float, high: float) -> str:
        w = 9 * unit
        return box(x, -high, w, high, wood, dark, line, 1.0, 4 * unit)

    far = board(-a, 82 * unit) + board(a - 9 * unit, 60 * unit)
    far += box(
        -a + 4 * unit, -top, 2 * a - 8 * unit, 20 * unit, LINEN, shade(LINEN, -0.22), line, 1.0, 6 * unit
    )
    pillow = [(-0.56, -2), (-0.53, -20), (-0.36, -23), (-0.24, -17), (-0.23, -1), (-0.4, 1)]
    far += path(
        smooth([(x * long, y * unit - top + 3 * unit) for x, y in pillow], True, 0.9),
        "#fffaf0",
        shade(LINEN, -0.24),
        line,
    )
    lying = moved(sleeper.svg, 0, -top + 2 * unit)
    near = _blanket(long, a, top, unit, line, sleeper.height)
    near += box(
        -a + 3 * unit, -22 * unit, 2 * a - 6 * unit, 12 * unit, shade(wood, -0.05), dark, line, 1.0, 3 * unit
    )
    feet = "".join(board(x, 24 * unit) for x in (-a, a - 9 * unit))
    if way < 0:
        far, near, feet = (moved(one, 0, 0, 1.0, 0, True) for one in (far, near, feet))
    return Drawn(far + lying + near + feet, 2 * a, top + sleeper.height)


def _blanket(long: float, a: float, top: float, unit: float, line: float, high: float) -> str:
    """A patchwork blanket from the shoulders down, with its turned-back edge."""
    from_x, to_x, up = -0.2 * long, a - 9 * unit, top + 0.9 * high
    d = (
        f"M{n(from_x)} {n(-up + 2 * unit)}Q{n(from_x + 0.2 * long)} {n(-up - 4 * unit)} {n(0.2 * long)} {n(-up + 3 * unit)}"
        f"Q{n(to_x - 0.06 * long)} {n(-up + 7 * unit)} {n(to_x)} {n(-top - 2 * unit)}L{n(to_x)} {n(-15 * unit)}"
        f"Q{n(0.1 * long)} {n(-11 * unit)} {n(from_x - 0.02 * long)} {n(-15 * unit)}Q{n(from_x - 0.05 * long)} {n(-top)} {n(from_x)} {n(-up + 2 * unit)}Z"
    )
    parts = [path(d, BLANKET, shade(BLANKET, -0.4), line)]
    dice, cell = Random("patchwork"), 15 * unit
    columns = int((to_x - from_x - 0.16 * long) / cell)
    for i in range(columns):
        for j in range(3):
            if (i + j) % 2 == 0:
                x, y = from_x + 0.13 * long + i * cell, -up + (10 + 15 * j) * unit
                if y + cell < -14 * unit:
                    fill = shade(dice.choice(MUTED), 0.22)
                    parts.append(box(x, y, cell * 0.92, cell * 0.92, fill, "none", 0, 0.8, 2 * unit))
    w = 0.09 * long
    fold = (
        f"M{n(from_x)} {n(-up + 2 * unit)}Q{n(from_x + w / 2)} {n(-up - unit)} {n(from_x + w)} {n(-up)}"
        f"Q{n(from_x + w * 0.6)} {n(-top)} {n(from_x + w)} {n(-13 * unit)}L{n(from_x - 0.02 * long)} {n(-15 * unit)}"
        f"Q{n(from_x - 0.05 * long)} {n(-top)} {n(from_x)} {n(-up + 2 * unit)}Z"
    )
    return "".join(parts) + path(fold, "#fbf3e2", shade(LINEN, -0.26), line)
