"""Consistency: figures that are small in their picture, painted once more from near by, each alone.

A model paints what takes up a good part of its picture; a face of a few tokens becomes a smear. Painting a cut-out about each figure at the model's own size, and putting it back, is what users of
Stable Diffusion do by hand ("inpaint only masked"). What is said of such a cut-out is what would be said of a picture with nobody else in it.
"""

from dataclasses import replace

from storykin.consistency import Method, Setting
from storykin.scene import ACTIONS, Box, Figure, action_of
from storykin.shot import CloseUp, Shot

CLOSER = 0.5
"""Of the picture's height: who stands lower is painted from near by where nobody says what the painter needs."""
STANDING, ABOVE = 0.85, 0.1
"""Of a view from near by: how high somebody stands in it, and how much is free above the head."""
REST = 0.95
"""Of a view, what a figure may take up at most, whatever it does and rides."""
AROUND = 0.06
"""Of a view: how far new pixels may lie outside the figure's box; hair, hats and arms reach out of it."""


def with_closeups(shot: Shot, setting: Setting, told: Method) -> Shot:
    """The shot with every figure that is small in it painted once more from near by; `told` says of a scene with only that figure what it has said of the whole."""
    if not setting.dialect:
        return shot
    mask = "sketch" if shot.init_image == "sketch" else ""
    aspect, least = shot.width / shot.height, setting.closer or CLOSER
    found = []
    for figure in shot.scene.figures:
        view = view_of(figure, aspect, least)
        if view is None or figure.box is None:
            continue
        there = replace(figure, box=within(figure.box, view))
        scene = replace(shot.scene, figures=(there,), framing="medium", props=(), text_zone=None)
        lone = told(replace(shot, scene=scene, init_image="", adapters=(), parts=()), setting)
        found.append(CloseUp(figure.character, lone.prompt, view, _region(figure.box, view), mask))
    return replace(shot, closeups=tuple(found))


def view_of(figure: Figure, aspect: float, least: float) -> Box | None:
    """The square of a page (`aspect` is its width by its height) in which a figure is as large as models like it; None when it is that already, or stands nowhere."""
    if figure.box is None or figure.box.h <= 0 or figure.box.w <= 0:
        return None
    box, wide = figure.box, figure.box.w * aspect  # in heights of the page
    standing = box.h / ACTIONS[action_of(figure.action)].height
    side = max(standing / STANDING, wide / REST, box.h / REST)
    if standing >= least or side >= min(1.0, aspect):
        return None
    left = min(max(0.0, (box.x + box.w / 2) * aspect - side / 2), aspect - side)
    top = min(max(0.0, box.y - ABOVE * side), 1 - side)
    return Box(round(left / aspect, 4), round(top, 4), round(side / aspect, 4), round(side, 4))


def within(box: Box, view: Box) -> Box:
    """A box of the page as it lies in a view of it."""
    return Box(
        round((box.x - view.x) / view.w, 4),
        round((box.y - view.y) / view.h, 4),
        round(box.w / view.w, 4),
        round(box.h / view.h, 4),
    )


def _region(box: Box, view: Box) -> Box:
    """The figure's box and some air, as far as the view reaches."""
    wide, high = AROUND * view.w, AROUND * view.h
    left, top = max(view.x, box.x - wide), max(view.y, box.y - high)
    right, bottom = min(view.x + view.w, box.right + wide), min(view.y + view.h, box.bottom + high)
    return Box(round(left, 4), round(top, 4), round(right - left, 4), round(bottom - top, 4))
