"""The path, a drawn page laid upon the storyboard's own drawing: which pixels a promise covers is found by drawing the page otherwise.

Hair is what turns magenta when somebody's hair is said to be magenta, a figure what changes both when it is left out and when somebody else stands there.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from storykin.character import Look, Outfit
from storykin.critics.overlay import (
    Mask,
    Overlay,
    Pixels,
    Shape,
    is_aligned,
    lab,
    laid,
    otherwise,
    touched,
    within,
)
from storykin.scene import Box
from storykin.shot import Shot

if TYPE_CHECKING:
    from PIL.Image import Image

REVISION = "17"
"""Changes whenever the same page could be laid otherwise; gates apart."""
HIGH = 416
"""Pixels of the height at which pages are laid upon each other; figures then have some thousand."""
WIDE = 1024
"""Pixels across at which drawings are drawn before they are shrunk: as pictures are read, so that grain and edges are the same."""
MAGENTA = "#ff00ff"
SLIGHT = 5.0
"""ΔE from which two plain drawings of one page differ: they have no paper and no grain."""


def overlay(shot: Shot, picture: "Image", strangers: Sequence[Box] = ()) -> Overlay | None:
    """A picture of a shot laid upon the drawing of it; None where it is no drawing of the same hand. `strangers` as `critics.overlay.laid` has them."""
    across = min(picture.width, WIDE)
    drawing = lab(_pixels(shot, across))
    page = lab(_shrunk(picture, drawing.shape[1], drawing.shape[0]))
    changed = otherwise(page, drawing)
    boxes = [one.box for one in shot.scene.figures if one.box]
    if not is_aligned(changed, boxes):
        return None
    near = {one.character for one in shot.scene.figures if not one.box or touched(changed, one.box)}
    return laid(page, drawing, shapes(shot, near, across), strangers)


def shapes(shot: Shot, names: Collection[str], across: int = 0) -> dict[str, Shape]:
    """Which pixels are theirs, by the character's name; what is behind them is drawn `across` pixels wide first, as the page was."""
    if not names:
        return {}
    plain = replace(shot, art="flat", scene=replace(shot.scene, time="day", weather="clear"))
    pixels = _plain(plain)
    found = {}
    for name in sorted(names):
        absent = otherwise(lab(pixels), lab(_plain(_without(plain, name))), SLIGHT)
        swapped = otherwise(lab(pixels), lab(_plain(_as_robot(plain, name))), SLIGHT)
        whole = absent & swapped & _about(plain, name, absent.shape)
        look = plain.character(name).look
        masks: dict[str, Mask] = {}
        rest = whole.copy()
        for part, said in (PERSON if look.is_person else ANIMAL).items():
            masks[part] = _turned(pixels, _plain(_looking(plain, name, replace(look, **said)))) & rest
            rest &= ~masks[part]
        found[name] = Shape(
            whole,
            masks | {"clothes": rest},
            partial(_pixels, _without(shot, name), across),
            _otherwise(shot, name, across),
            partial(_pixels_sized, shot, name, across),
        )
    return found


def _about(shot: Shot, name: str, size: tuple[int, int]) -> Mask:
    """The surroundings of somebody's box: furniture that moves when they are gone is none of them."""
    import numpy as np

    found = np.ones(size, bool)
    box = next((one.box for one in shot.scene.figures if one.character == name), None)
    if box:
        found[:] = False
        more = BEYOND * max(box.w, box.h)
        found[within(Box(box.x - more, box.y - more, box.w + 2 * more, box.h + 2 * more), *size)] = True
    return found


BEYOND = 0.12
"""How far somebody may reach beyond their box, by its longer side."""

PERSON: dict[str, dict[str, Any]] = {"hair": {"hair_colour": MAGENTA}, "skin": {"skin": MAGENTA}}
ANIMAL: dict[str, dict[str, Any]] = {"coat": {"skin": MAGENTA, "hair_colour": MAGENTA}}


SCALES = (0.62, 0.68, 0.75, 0.83, 1.2, 1.3, 1.42, 1.56)
"""Sizes that are tried on somebody: between two of them lies a tenth, and edges alone do not fit; about the best one more closely."""


def _otherwise(shot: Shot, name: str, across: int) -> dict[str, Callable[[], Pixels]]:
    """The page as other promises would have it: somebody larger or smaller, or with the hair and clothes of somebody else who is there."""
    found: dict[str, Callable[[], Pixels]] = {
        f"height {by}": partial(_pixels_sized, shot, name, across, by) for by in SCALES
    }
    who = shot.character(name)
    worn = {one.character: one.outfit for one in shot.scene.figures}
    if who.look.is_person:
        for other in shot.cast:
            if other.name in worn and other.name != name and other.look.is_person:
                theirs = other.outfit(worn[other.name])
                found[f"bleed {other.name}"] = partial(_pixels, _like(shot, name, other.look, theirs), across)
    return found


def _pixels_sized(shot: Shot, name: str, across: int, by: float) -> Pixels:
    return _pixels(_sized(shot, name, by), across)


def _sized(shot: Shot, name: str, by: float) -> Shot:
    """Somebody so much larger on the same ground, about the same middle."""

    def sized(box: Box) -> Box:
        return Box(box.x + box.w * (1 - by) / 2, box.bottom - box.h * by, box.w * by, box.h * by)

    figures = tuple(
        replace(one, box=sized(one.box)) if one.character == name and one.box else one
        for one in shot.scene.figures
    )
    return replace(shot, scene=replace(shot.scene, figures=figures))


def _like(shot: Shot, name: str, look: Look, outfit: Outfit) -> Shot:
    """Somebody with another's hair and clothes."""
    own = shot.character(name)
    mixed = replace(own.look, hair_colour=look.hair_colour, hair_style=look.hair_style)
    cast = tuple(
        replace(one, look=mixed, outfits=(replace(outfit, name="theirs"),)) if one.name == name else one
        for one in shot.cast
    )
    figures = tuple(
        replace(one, outfit="theirs") if one.character == name else one for one in shot.scene.figures
    )
    return replace(shot, cast=cast, scene=replace(shot.scene, figures=figures))


def _turned(before: Pixels, after: Pixels) -> Mask:
    """What turned magenta."""
    import numpy as np

    red, green, blue = np.asarray(after, np.int16).transpose(2, 0, 1)
    found: Mask = (red - green > 50) & (blue - green > 50) & otherwise(lab(before), lab(after), SLIGHT)
    return found


def _without(shot: Shot, name: str) -> Shot:
    rest = tuple(one for one in shot.scene.figures if one.character != name)
    return replace(shot, scene=replace(shot.scene, figures=rest))


def _looking(shot: Shot, name: str, look: Look) -> Shot:
    return replace(
        shot, cast=tuple(replace(one, look=look) if one.name == name else one for one in shot.cast)
    )


def _as_robot(shot: Shot, name: str) -> Shot:
    """The page with a magenta robot in somebody's place: the scenery stays where it is."""
    robot = Look("robot", height=shot.character(name).look.standing_height, skin=MAGENTA, hair_colour=MAGENTA)
    cast = tuple(replace(one, look=robot, outfits=()) if one.name == name else one for one in shot.cast)
    figures = tuple(replace(one, outfit="") if one.character == name else one for one in shot.scene.figures)
    return replace(shot, cast=cast, scene=replace(shot.scene, figures=figures))


def _pixels(shot: Shot, across: int) -> Pixels:
    """A shot as the embedded painter draws it, drawn `across` wide and shrunk."""
    from storykin.painters.sketch import Sketch

    return _raster(shot, Sketch().paint(shot, lambda done: None), across)


def _plain(shot: Shot) -> Pixels:
    """The same in flat colours without a veil behind the words, which costs a fifth."""
    from storykin.painters.sketch.page import compose

    return _raster(shot, compose(shot, lambda done: None).encode(), 0)


def _raster(shot: Shot, svg: bytes, across: int) -> Pixels:
    import io

    from PIL import Image

    from storykin.painters.sketch import Sketch
    from storykin.raster import png_of

    wide = round(HIGH * shot.width / shot.height)
    with Image.open(io.BytesIO(png_of(svg, Sketch.media_type, max(wide, across)))) as picture:
        return _shrunk(picture, wide, HIGH)


def _shrunk(picture: "Image", wide: int, high: int) -> Pixels:
    import numpy as np
    from PIL import Image, ImageFilter

    small = picture.convert("RGB").resize((wide, high), Image.Resampling.BOX)
    return np.asarray(small.filter(ImageFilter.BoxBlur(1)))
