"""Painters, sketch: where the head of a drawn character is, so that a close-up can be cut out of the whole figure."""

from __future__ import annotations

import re

from storykin.character import Look, Outfit
from storykin.painters.sketch.body import bearing, sizes
from storykin.painters.sketch.chair import seated
from storykin.painters.sketch.creature_extents import Extent, extent_of
from storykin.painters.sketch.creature_kinds import Kind
from storykin.painters.sketch.people import Head, skin_of
from storykin.painters.sketch.poses import embody, pose_of
from storykin.painters.sketch.swatches import worn_by

ALL_HEAD = ("swimmer", "octopus", "crab", "snail", "insect", "ghost")
_SHAPE = re.compile(r"<(?:path|ellipse|rect)\b[^>]*/>")


def bust_of(look: Look, outfit: Outfit) -> Extent:
    """The box round head, hair, hat and shoulders of somebody who stands and faces us, in centimetres."""
    size, rolls = sizes(look), rolling(look)
    facing = "right" if rolls else "front"
    pose = pose_of("standing", facing, False, 0 if rolls else sum(bearing(look).encode()))
    body = embody(seated(pose_of("standing", facing)) if rolls else pose, size, facing)
    behind, head = Head(look, size, body, skin_of(look.skin), worn_by(look, outfit), "happy").draw()
    drawn = extent_of(behind + head)
    (x, y), r = body.eyes, size.face
    half = max(drawn.right - x, x - drawn.left, 1.35 * r) + 0.2 * r
    return Extent(x - half, drawn.top - 0.2 * r, x + half, y + 2.05 * r)


def rolling(look: Look) -> bool:
    """Whether this person sits in a wheelchair."""
    return any("wheelchair" in extra.lower() for extra in look.extras)


def face_of(one: str, other: str) -> Extent:
    """Where two drawings of a creature differ that show two expressions: its face."""
    common = set(_SHAPE.findall(other))
    return extent_of(_SHAPE.sub(lambda found: "" if found[0] in common else found[0], one))


def head_of(kind: Kind, one: str, other: str) -> Extent:
    """A box round a creature's head: about its face, with the ears, horns or hat above; fish are all head."""
    face, whole = face_of(one, other), extent_of(one)
    if kind.rig in ALL_HEAD:
        room = 0.04 * (whole.right - whole.left)
        return Extent(whole.left - room, whole.top - room, whole.right + room, whole.bottom + room)
    x, y = (face.left + face.right) / 2, (face.top + face.bottom) / 2
    reach = 1.75 * max((face.right - face.left) / 2, (face.bottom - face.top) / 2, 1e-6)
    room = 0.12 * reach
    top = whole.top if whole.top > y - 3.2 * reach else y - 1.6 * reach
    box = Extent(max(whole.left, x - 1.6 * reach), max(whole.top, top), min(whole.right, x + 1.6 * reach), min(whole.bottom, y + 1.5 * reach))  # fmt: skip
    return Extent(box.left - room, box.top - room, box.right + room, box.bottom + room)
