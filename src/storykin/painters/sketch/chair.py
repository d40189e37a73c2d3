"""Painters, sketch: a wheelchair, for those who have one among their fixed traits.

Whoever owns one sits in it in every action that is done upright; arms and face do what the action says.
"""

from __future__ import annotations

from dataclasses import replace

from storykin.painters.sketch.body import disc, rough, shape, turned
from storykin.painters.sketch.ink import shade
from storykin.painters.sketch.poses import Body, Pose

ROLLS = ("standing", "walking", "running", "sitting", "kneeling", "crouching", "waving", "reaching", "pointing",
         "holding", "hugging", "dancing", "climbing", "pushing", "thinking", "jumping")  # fmt: skip
SEATED = {"near_leg": (76.0, 14.0, 0.0), "far_leg": (84.0, 20.0, 0.0), "knees": True, "lift": 0.085}


def seated(pose: Pose) -> Pose:
    """The same pose in a wheelchair, seen from the side."""
    spine = max(-6.0, min(8.0, pose.spine))
    return replace(pose, spine=spine, bend=max(-4.0, min(8.0, pose.bend)), front=False, **SEATED)  # type: ignore[arg-type]


def wheelchair(body: Body, fill: str) -> tuple[str, str]:
    """What of the chair is behind its owner, and the wheel before them."""
    tall, line = body.sizes.tall, body.sizes.line
    (x, y), steel = body.hip, "#8b8f98"
    big, small = tall * 0.22, tall * 0.07
    hub = (x - tall * 0.01, -big)
    seat = y + tall * 0.055
    dark = shade(fill, -0.3)
    back = [
        (x - tall * 0.13, seat),
        (x - tall * 0.155, seat - tall * 0.27),
        (x - tall * 0.22, seat - tall * 0.3),
    ]
    front = [
        (x + tall * 0.1, seat),
        (x + tall * 0.21, seat),
        (x + tall * 0.25, -tall * 0.075),
        (x + tall * 0.36, -tall * 0.07),
    ]
    wheel = _ring(hub, big, tall * 0.03, "#4a4648")
    rest = [
        (x - tall * 0.155, seat - tall * 0.24),
        (x - tall * 0.1, seat - tall * 0.24),
        (x - tall * 0.08, seat),
        (x - tall * 0.14, seat),
    ]
    cushion = [
        (x - tall * 0.14, seat - tall * 0.02),
        (x + tall * 0.16, seat - tall * 0.02),
        (x + tall * 0.16, seat + tall * 0.02),
        (x - tall * 0.14, seat + tall * 0.02),
    ]
    behind = _ring((hub[0] + tall * 0.03, hub[1]), big, tall * 0.026, "#6b6668")
    behind += (
        rough(back, steel, tall * 0.02) + shape(rest, fill, dark, line) + rough(front, steel, tall * 0.02)
    )
    behind += _ring((x + tall * 0.24, -small), small, tall * 0.022, "#4a4648") + shape(
        cushion, fill, dark, line
    )
    spokes = "".join(
        rough([hub, turned([(hub[0], hub[1] - big)], k * 45, hub)[0]], steel, line * 0.8) for k in range(8)
    )
    grip = _ring(hub, big * 0.8, tall * 0.01, fill)
    return behind, spokes + grip + wheel + shape(disc(hub, tall * 0.024), fill, dark, line)


def _ring(at: tuple[float, float], r: float, wide: float, tone: str) -> str:
    points = disc(at, r - wide / 2, sides=40)
    return rough([*points, points[0]], tone, wide)
