"""Painters, sketch: creatures asleep on the ground, and the coats of wool, spines or shell that stay on."""

# fmt: off
# One shape, one line: outlines are read as tables of coordinates.

import math
from dataclasses import replace

from storykin.painters.sketch.creature_figure import (
    Built,
    Part,
    headed,
)
from storykin.painters.sketch.creature_shapes import limb, open_limb, rounded, spots
from storykin.painters.sketch.creature_tops import Coat
from storykin.painters.sketch.creature_wear import cape, on_neck
from storykin.painters.sketch.ink import (
    Point,
    circle,
    ellipse,
    group,
    mix,
    moved,
    n,
    path,
    shade,
    stroke,
)


def curled(part: Part, r: float) -> Built:
    """Asleep on the ground, head on the paws, tail round the body."""
    kind, coat = part.kind, part.coat
    wide, high = 38 * max(0.8, kind.long), 17.5 * (0.6 + 0.4 * kind.girth)
    sleeper = replace(part, expression="sleepy")
    arm = coat.mark if kind.marks == "panda" else coat.main
    body = [(-wide, -high * 0.8), (-wide * 0.72, -high * 1.75), (-wide * 0.1, -high * 2.05), (wide * 0.55, -high * 1.6), (wide * 0.9, -high * 0.8), (wide * 0.7, -1), (0, 0), (-wide * 0.75, -0.5)]
    trunk = rounded(body, coat.main) + spots(coat.marks, coat.mark, wide * 0.86, high * 0.95, -wide * 0.05, -high * 1.0)
    if "spinyback" in kind.parts:
        trunk += spines(coat, [(-wide, -high * 0.8), (-wide * 0.8, -high * 1.9), (-wide * 0.1, -high * 2.3), (wide * 0.5, -high * 1.8)])
    if "fleece" in kind.parts:
        trunk = fleece(coat, wide, high, 0, -high)
    if "shell" in kind.parts:
        trunk = ellipse(0, -4, wide, 7, coat.belly) + shell(coat, wide * 0.9, high * 1.9, 0, -6)
    haunch = ellipse(-wide * 0.5, -high * 0.72, 14.5, 12.5, arm) + ellipse(-wide * 0.2, -3.6, 10, 4, arm)
    if {"fleece", "shell"} & set(kind.parts):
        haunch = ""
    tail = ""
    fill = coat.main
    if kind.tail in ("brush", "squirrel"):
        bush = coat.mark if kind.tail == "squirrel" else coat.main
        tail = rounded([(-wide * 0.96, -8), (-wide * 0.8, 1), (-wide * 0.1, 2), (wide * 0.22, -5), (wide * 0.02, -12), (-wide * 0.5, -13)], bush)
        tail += rounded([(wide * 0.22, -5), (wide * 0.02, -11.5), (-wide * 0.12, -7), (-wide * 0.06, 0.8)], coat.belly, "none")
    elif kind.tail in ("cat", "wag", "monkey", "ringed", "tuft", "mouse", "dino", "dragon", "lizard", "thick"):
        big = kind.tail in ("dino", "dragon", "lizard", "thick")
        tail = limb([(-wide * 0.9, -7), (-wide * 0.6, -2), (-wide * 0.15, -2.4), (wide * 0.16, -4)], 13 if big else 7, 4, fill)
        tail += path(f"M{n(wide * 0.13)} -1Q{n(wide * 0.3)} 1 {n(wide * 0.42)} -10Q{n(wide * 0.26)} -10 {n(wide * 0.16)} -8Z", coat.mark) if kind.tail == "dragon" else ""
    elif kind.tail == "horse":
        tail = limb([(-wide * 0.96, -13), (-wide * 1.02, -6), (-wide * 0.6, -1.5), (-wide * 0.1, -3)], 9, 4, coat.mark)
    elif kind.tail in ("puff", "bob", "short"):
        tail = circle(-wide * 0.98, -high * 0.7, 6.5, coat.belly if kind.tail == "puff" else fill)
    wings = ""
    if "wings" in kind.parts:
        wings = group(path("M0 0Q14 -22 36 -20Q30 -8 24 -8Q22 2 14 0Q8 6 0 4Z", coat.mark), f"translate({n(-wide * 0.3)} {n(-high * 1.1)}) scale(-1 1)")
    spikes = "".join(path(f"M{n(wide * k - 5)} {n(-high * y + 2)}L{n(wide * k - 2)} {n(-high * y - 8)}L{n(wide * k + 5)} {n(-high * y + 2)}Z", coat.mark)
                     for k, y in ((-0.72, 1.72), (-0.4, 1.96), (-0.05, 2.02))) if {"spikes", "plates"} & set(kind.parts) and kind.rig != "bird" and kind.mood == "lumber" else ""
    paws = ellipse(wide * 0.62, -3.6, 11, 4.2, arm) + ellipse(wide * 1.0, -3.6, 9, 4, arm)
    reach = 0.9 * wide + max(0.0, kind.neck - 2.0) * 8
    low = r * (0.86 if kind.head not in ("long", "longish", "sheep") else 1.22)
    skull = headed(sleeper, r, reach, -low - 2.5, 8, 0.12)
    neck = open_limb([(wide * 0.5, -high), (reach - r * 0.3, -low + 4)], 22, 15, coat.main) if kind.neck > 1.4 else ""
    back = cape(part.wear.cape, [(wide * 0.6, -high * 1.6), (-wide * 0.1, -high * 2.2), (-wide * 0.8, -high * 1.6), (-wide * 0.9, -high * 0.4), (-wide * 0.1, -high * 0.7), (wide * 0.5, -high * 0.6)])
    collar = on_neck(part.wear, reach - r * 0.35, -3.5, r * 0.56) if not part.wear.hat or part.wear.neck else ""
    held = moved(part.hold, wide * 0.4, -4) if part.hold else ""
    svg = spikes + trunk + wings + haunch + back + tail + neck + paws + held + skull + collar
    return Built(svg, (0, -high * 1.9), (wide, -high))


def spines(coat: Coat, edge: list[Point]) -> str:
    """A hedgehog's coat of spines along an edge, filled down to the body."""
    dense = []
    for i in range(len(edge) - 1):
        (ax, ay), (bx, by) = edge[i], edge[i + 1]
        dense += [(ax + (bx - ax) * k / 3, ay + (by - ay) * k / 3) for k in range(3)]
    dense.append(edge[-1])
    cx, cy = sum(x for x, _ in dense) / len(dense), max(y for _, y in dense)
    points: list[Point] = []
    for i, (x, y) in enumerate(dense):
        out = 1.0 if i % 2 else 1.16
        points.append((cx + (x - cx) * out, cy + (y - cy) * out))
    d = "M" + "L".join(f"{n(x)} {n(y)}" for x, y in points) + f"Q{n(cx)} {n(cy + 6)} {n(points[0][0])} {n(points[0][1])}Z"
    ticks = "".join(stroke(f"M{n(cx + (x - cx) * k)} {n(cy + (y - cy) * k)}l{n((x - cx) * 0.1)} {n((y - cy) * 0.12 - 1)}", mix(coat.mark, coat.main, 0.6), 0.9)
                    for i, (x, y) in enumerate(dense) for k in ((0.55, 0.82) if i % 2 else (0.7,)))
    return path(d, coat.mark) + ticks


def fleece(coat: Coat, wide: float, high: float, x: float, y: float) -> str:
    """A cloud of wool, `wide` by `high` to each side."""
    points = []
    for i in range(20):
        turn, out = math.tau * i / 20, 1.1 if i % 2 else 0.98
        points.append((x + math.cos(turn) * wide * out, y + math.sin(turn) * high * 1.12 * out))
    curls = "".join(stroke(f"M{n(x + a * wide)} {n(y + b * high)}q3 -4.4 6.4 -0.6q-1.6 3.4 -3.8 1.4", shade(coat.main, -0.14), 1)
                    for a, b in ((-0.6, -0.3), (-0.16, -0.56), (0.3, -0.3), (-0.3, 0.3), (0.16, 0.2), (0.56, 0.34)))
    return rounded(points, coat.main, tension=0.62) + curls


def shell(coat: Coat, wide: float, high: float, x: float, y: float) -> str:
    """A turtle's shell standing on (x, y)."""
    dome = path(f"M{n(x - wide)} {n(y)}C{n(x - wide)} {n(y - high * 1.3)} {n(x + wide)} {n(y - high * 1.3)} {n(x + wide)} {n(y)}Q{n(x)} {n(y + high * 0.16)} {n(x - wide)} {n(y)}Z", coat.mark)
    light = mix(coat.mark, "#f4dfae", 0.4)
    plates = "".join(rounded([(x + (a + c * 0.2) * wide, y + (b + d * 0.22) * high) for c, d in ((-1, -0.2), (-0.4, -1), (0.5, -1), (1, -0.1), (0.5, 0.8), (-0.5, 0.8))], light, "none", tension=0.6)
                     for a, b in ((-0.5, -0.38), (0, -0.6), (0.5, -0.38), (-0.06, -0.2)))
    rim = stroke(f"M{n(x - wide)} {n(y)}Q{n(x)} {n(y + high * 0.16)} {n(x + wide)} {n(y)}", shade(coat.mark, -0.2), 3)
    return dome + plates + rim
