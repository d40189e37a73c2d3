"""Consistency: figures that are small in their picture, painted once more from near by, each alone.

A model paints what takes up a good part of its picture; a face of a few tokens becomes a smear. Painting a cut-out about each figure at the model's own size, and putting it back, is what users of
Stable Diffusion do by hand ("inpaint only masked"). What is said of such a cut-out is what would be said of a picture with nobody else in it.
"""

from collections.abc import Sequence
from dataclasses import replace

from storykin.consistency import Method, Setting
from storykin.consistency.telling import Stage
from storykin.scene import ACTIONS, Box, Figure, Scene, action_of
from storykin.shot import CloseUp, Shot

CLOSER = 0.5
"""Of the picture's height: who stands lower is painted from near by where nobody says what the painter needs."""
STANDING, ABOVE = 0.85, 0.1
"""Of a view from near by: how high somebody stands in it, and how much is free above the head."""
REST = 0.95
"""Of a view, what a figure may take up at most, whatever it does and rides."""
AROUND = 0.06
"""Of a view: how far new pixels may lie outside the figure's box; hair, hats and arms reach out of it."""
STARTS = frozenset({"", "sketch"})
"""What a picture may begin with whose figures stand where the storyboard has them."""


def with_closeups(shot: Shot, setting: Setting, told: Method) -> Shot:
    """The shot with every figure that is small in it painted once more from near by; `told` says of a scene with only that figure what it has said of the whole.

    A picture that begins with a photo or another page has people where those have them: nobody is then painted a second time where the storyboard would have put her.
    """
    if not setting.dialect or shot.init_image not in STARTS:
        return shot
    mask = "sketch" if shot.init_image == "sketch" else ""
    ridden = {one.prop for one in shot.scene.figures if action_of(one.action) == "riding"}
    found = []
    for number, figure in enumerate(shot.scene.figures):
        if figure.character in ridden or not _small(figure, setting.closer or CLOSER):
            continue
        several = _together(figure, shot.scene)
        view = view_of(several, shot.width / shot.height)
        if view is None:
            continue
        lone = replace(shot, scene=_alone(several, view, shot), init_image="", adapters=(), parts=())
        found.append(CloseUp(figure.character, told(lone, setting).prompt, number, mask))
    return replace(
        shot, closeups=tuple(sorted(found, key=lambda one: _ground(shot.scene.figures[one.figure])))
    )


def placed(shot: Shot) -> Shot:
    """The shot whose close-ups have their views and regions, from where the figures stand now; those of figures that are gone or fill the page by now, and of a picture that begins with a photo by now, are left out."""
    figures, found = shot.scene.figures, list[CloseUp]()
    for one in shot.closeups:
        if one.view is not None and one.region is not None:
            found.append(one)
        elif (
            shot.init_image in STARTS
            and 0 <= one.figure < len(figures)
            and figures[one.figure].character == one.character
        ):
            several = _together(figures[one.figure], shot.scene)
            if (view := view_of(several, shot.width / shot.height)) is not None:
                found.append(replace(one, view=view, region=_region(_around(several), view)))
    return replace(shot, closeups=tuple(found))


def view_of(figures: Sequence[Figure], aspect: float) -> Box | None:
    """The square of a page (`aspect` is its width by its height) in which the first of these figures is as large as models like it, and the others are seen, too; None where the page itself is no larger, or one stands nowhere."""
    if any(one.box is None or one.box.h <= 0 or one.box.w <= 0 for one in figures):
        return None
    box = _around(figures)
    first = figures[0].box
    assert first
    wide = box.w * aspect  # in heights of the page
    standing = first.h / ACTIONS[action_of(figures[0].action)].height
    most = min(1.0, aspect)
    side = max(standing / STANDING, wide / REST, box.h / REST)
    if side > most and max(wide, box.h) <= most:  # fits, if closely
        side = most
    if side > most or side >= max(1.0, aspect):
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


def about(region: Box, aspect: float) -> Box | None:
    """The smallest square of the page that shows a region with some air; None where there is none."""
    side = max(region.w * aspect, region.h) / REST
    if side > min(1.0, aspect):
        return None
    left = min(max(0.0, (region.x + region.w / 2) * aspect - side / 2), aspect - side)
    top = min(max(0.0, region.y + region.h / 2 - side / 2), 1 - side)
    return Box(round(left / aspect, 4), round(top, 4), round(side / aspect, 4), round(side, 4))


def _small(figure: Figure, least: float) -> bool:
    """Whether somebody would stand lower than that, by the picture's height."""
    return figure.box is not None and figure.box.h / ACTIONS[action_of(figure.action)].height < least


def _together(figure: Figure, scene: Scene) -> list[Figure]:
    """A figure, and whom it rides: both are drawn as one."""
    rides = figure.prop if action_of(figure.action) == "riding" else ""
    return [figure, *(one for one in scene.figures if one.character == rides and one is not figure)][:2]


def _alone(figures: Sequence[Figure], view: Box, shot: Shot) -> Scene:
    """The scene with these figures only, seen from near by; whoever else is spoken of is called as on the page, not by name."""
    stage = Stage(shot.scene, shot.cast, {})
    shown = {one.character for one in figures}

    def said(words: str) -> str:
        return words if words in shown else stage.nameless(words)

    there = tuple(
        replace(one, box=one.box and within(one.box, view), action=said(one.action), prop=said(one.prop))
        for one in figures
    )
    return replace(
        shot.scene,
        place=said(shot.scene.place),
        figures=there,
        framing="medium",
        props=(),
        text_zone=None,
    )


def _ground(figure: Figure) -> float:
    return round(figure.box.bottom, 2) if figure.box else 0.0


def _around(figures: Sequence[Figure]) -> Box:
    """The box about all of them."""
    boxes = [one.box for one in figures if one.box]
    left, top = min(one.x for one in boxes), min(one.y for one in boxes)
    right, bottom = max(one.right for one in boxes), max(one.bottom for one in boxes)
    return Box(left, top, right - left, bottom - top)


def _region(box: Box, view: Box) -> Box:
    """The figure's box and some air, as far as the view reaches."""
    wide, high = AROUND * view.w, AROUND * view.h
    left, top = max(view.x, box.x - wide), max(view.y, box.y - high)
    right, bottom = min(view.x + view.w, box.right + wide), min(view.y + view.h, box.bottom + high)
    return Box(round(left, 4), round(top, 4), round(right - left, 4), round(bottom - top, 4))
