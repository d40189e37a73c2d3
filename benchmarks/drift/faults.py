"""Drift benchmark: one fault drawn into one page. The shot that is drawn is changed, the one that was promised stays.

A fault that cannot be seen is none: whether the figure's drawing changed is measured in pixels.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from storykin.character import Character, Look, Outfit
from storykin.colours import CLOTHES, delta_e, lab_of
from storykin.painters.sketch import Sketch, page
from storykin.painters.sketch.creature_kinds import KINDS, kind_of
from storykin.painters.sketch.creatures import coat_of
from storykin.painters.sketch.hair import tint_of
from storykin.painters.sketch.swatches import worn_by
from storykin.raster import png_of
from storykin.scene import ACTIONS, Box, Figure, action_of, breadth_of
from storykin.shot import Shot

from .casts import ANIMALS, COLOURS, HAIR, LONG, SHORT, look_of, outfit_of

CLASSES = ("hair", "clothes", "height", "not-her", "missing", "extra", "bleed")
SHRUNK = 384  # pixels across in which changes are looked for


@dataclass(frozen=True)
class Case:
    """One picture: the shot that was promised, the one that was drawn, and what is wrong with it ("" nothing).

    `how` says what was done, `gross` whether anybody would see it at once. `also` are faults that are true besides.
    """

    name: str
    promised: Shot
    drawn: Shot
    fault: str = ""
    who: str = ""
    how: str = ""
    gross: bool = True
    also: tuple[str, ...] = ()


def injected(shot: Shot, fault: str, dice: Random, book: tuple[Character, ...], before: bytes) -> Case | None:
    """The page with such a fault, None where the page has no room for it; `before` are its pixels as promised, `SHRUNK` wide."""
    for _ in range(6):
        gross = dice.random() < 0.5
        made = FAULTS[fault](shot, dice, gross, book)
        if made is None:
            continue
        who, drawn, how, also = made
        if _seen(before, drawn, fault, shot, who):
            return Case("", shot, drawn, fault, who, how, gross, also)
    return None


Made = tuple[str, Shot, str, tuple[str, ...]] | None
"""Who, the shot that is drawn, what was done, what is true besides."""


# --- faults -----------------------------------------------------------------------------------------------


def _hair(shot: Shot, dice: Random, gross: bool, book: tuple[Character, ...]) -> Made:
    who = _somebody(shot, dice)
    if who is None:
        return None
    look = who.look
    if not look.is_person:
        coats = ANIMALS.get(look.kind, ("brown", "white", "grey", "black", "orange"))
        coat = dice.choice([*coats, *COLOURS] if gross else coats)
        far = delta_e(_coat(look), _coat(replace(look, skin=coat)))
        if far < (25 if gross else 14):
            return None
        return who.name, _looking(shot, who, replace(look, skin=coat)), f"coat {look.skin} → {coat} (ΔE {far:.0f})", ()  # fmt: skip
    if "bald" in look.hair_style:
        return None
    if dice.random() < 0.5:
        colour = dice.choice(HAIR)
        far = delta_e(_tint(look), _tint(replace(look, hair_colour=colour)))
        if not (far >= 25 if gross else 14 <= far < 25):
            return None
        new = replace(look, hair_colour=colour)
        if not _dressed_alike(look, new, _worn(shot, who)):
            return None
        return who.name, _looking(shot, who, new), f"hair {look.hair_colour} → {colour} (ΔE {far:.0f})", ()
    is_long = any(word in look.hair_style for word in ("long", "braids", "pigtails", "ponytail", "locs"))
    style = dice.choice(SHORT if is_long == gross else LONG)
    new = replace(look, hair_style=style)
    if style == look.hair_style or not _dressed_alike(look, new, _worn(shot, who)):
        return None
    return who.name, _looking(shot, who, new), f"hair {look.hair_style} → {style}", ()


def _clothes(shot: Shot, dice: Random, gross: bool, book: tuple[Character, ...]) -> Made:
    who = _somebody(shot, dice, people=True)
    if who is None:
        return None
    worn = _worn(shot, who)
    if gross:
        new = outfit_of(dice)
        how = f"{worn.words} → {new.words}"
    else:
        found = re.search(rf"\b({'|'.join(sorted(CLOTHES, key=len, reverse=True))})\b", worn.words)
        if not found:
            return None
        colour = dice.choice(COLOURS)
        far = delta_e(lab_of(found[0], "clothes"), lab_of(colour, "clothes"))
        if not 18 <= far <= 60:
            return None
        words = worn.words.replace(found[0], colour, 1)
        palette = tuple(colour if one == found[0] else one for one in worn.palette)
        new, how = Outfit(worn.name, words, palette), f"{found[0]} → {colour} (ΔE {far:.0f})"
    return who.name, _dressed(shot, who, new), how, ()


def _height(shot: Shot, dice: Random, gross: bool, book: tuple[Character, ...]) -> Made:
    who = _somebody(shot, dice, alone=True)
    if who is None:
        return None
    by = dice.choice((0.62, 0.7, 1.45, 1.6) if gross else (0.75, 1.3))
    figure = _figure(shot, who)
    assert figure.box
    box = _scaled(figure.box, by)
    if box.y < -0.02 and shot.scene.framing != "close":
        return None
    drawn = _put(shot, figure, replace(figure, box=box))
    if not 0.94 < _drawn_scale(drawn, who) / _drawn_scale(shot, who) / by < 1.06:
        return None  # the painter keeps who is too high out of the words
    return who.name, drawn, f"height × {by}", ()


def _swapped(shot: Shot, dice: Random, gross: bool, book: tuple[Character, ...]) -> Made:
    who = _somebody(shot, dice)
    if who is None:
        return None
    away = [one for one in book if all(one.name != each.name for each in shot.cast)]
    other: Character | None = None
    if gross and away and dice.random() < 0.5:
        other = dice.choice(away)
        how = f"is {other.name}"
    elif gross:
        kind = dice.choice(("girl", "boy", "woman", "man", "animal"))
        if kind == who.look.kind:
            return None
        other = Character("somebody", look_of(dice, kind), (outfit_of(dice),))
        how = f"is {_brief(other.look)}"
    else:  # somebody of the same kind, in the same clothes or in others
        if not who.look.is_person:
            return None
        worn = _worn(shot, who) if dice.random() < 0.5 else outfit_of(dice)
        other = Character("somebody", look_of(dice, who.look.kind), (worn,))
        how = f"is another {_brief(other.look)} in {worn.words}"
    assert other is not None
    if not _stranger(who.look, other.look):
        return None
    new = replace(who, look=other.look, outfits=other.outfits)
    figure = _figure(shot, who)
    if figure.box:
        box = _turned_into(figure.box, who.look, other.look, action_of(figure.action))
        if box.y < 0.0:
            return None
        figure = replace(figure, box=box, outfit="")
    drawn = _put(_with(shot, who, new), _figure(shot, who), figure)
    return who.name, drawn, how, ("hair", "clothes", "height")


def _stranger(one: Look, other: Look) -> bool:
    """Whether two looks are of two people for anybody who looks: two traits at least that are far apart."""
    if one.is_person != other.is_person or (not one.is_person and kind_of(one.kind) != kind_of(other.kind)):
        return True
    if not one.is_person:
        return False
    from storykin.painters.sketch.people import skin_of

    differs = [
        one.kind != other.kind and (one.is_grown_up != other.is_grown_up),
        delta_e(_tint(one), _tint(other)) > 18,
        delta_e(lab_of(skin_of(one.skin)), lab_of(skin_of(other.skin))) > 12,
        one.hair_style != other.hair_style,
        one.glasses != other.glasses,
    ]
    return sum(differs) >= 3


def _missing(shot: Shot, dice: Random, gross: bool, book: tuple[Character, ...]) -> Made:
    who = _somebody(shot, dice, alone=True)
    if who is None:
        return None
    kept = tuple(one for one in shot.scene.figures if one.character != who.name)
    return who.name, replace(shot, scene=replace(shot.scene, figures=kept)), "left out", ()


def _extra(shot: Shot, dice: Random, gross: bool, book: tuple[Character, ...]) -> Made:
    if not gross and shot.cast:  # a twin of somebody who is there: painters like to do that
        twin = dice.choice(shot.cast)
        new, how = replace(twin, name="twin"), f"a second {twin.name}"
    else:
        away = [one for one in book if all(one.name != each.name for each in shot.cast)]
        if away and dice.random() < 0.4:
            other = dice.choice(away)
            new, how = replace(other, name="extra"), f"{other.name}"
        else:
            kind = dice.choice(("girl", "boy", "woman", "man", "animal"))
            new = Character("extra", look_of(dice, kind), (outfit_of(dice),) if kind != "animal" else ())
            how = _brief(new.look)
    boxes = [one.box for one in shot.scene.figures if one.box]
    if not boxes:
        return None
    scale = _scale(shot)
    if not scale:
        return None
    action = dice.choice(("standing", "walking", "waving", "sitting"))
    move, tall = ACTIONS[action], new.look.standing_height * scale
    wide = shot.width / shot.height
    w, h = breadth_of(new.look.kind, new.look.is_person, move) * tall / wide, move.height * tall
    ground = max(one.bottom for one in boxes)
    places = []
    for x in (i / 40 for i in range(41)):
        box = Box(round(x, 3), round(ground - h, 4), round(w, 4), round(h, 4))
        covered = sum(box.overlap(one) for one in boxes)
        if box.right <= 1.0 and covered < 0.15 and box.y > 0.03:
            places.append(box)
    if not places:
        return None
    figure = Figure(new.name, action, "happy", "", "", dice.choice(("left", "right", "front")), dice.choice(places))  # fmt: skip
    scene = replace(shot.scene, figures=(*shot.scene.figures, figure))
    return "", replace(shot, scene=scene, cast=(*shot.cast, new)), how, ()


def _bleed(shot: Shot, dice: Random, gross: bool, book: tuple[Character, ...]) -> Made:
    people = [one for one in shot.cast if one.look.is_person and not _covered(shot, one)]
    if len(people) < 2:
        return None
    who, other = dice.sample(people, 2)
    if "bald" in who.look.hair_style + other.look.hair_style:
        return None
    worn, theirs = _worn(shot, who), _worn(shot, other)
    if delta_e(_tint(who.look), _tint(other.look)) < 14 and who.look.hair_style == other.look.hair_style:
        return None
    if worn.words == theirs.words:
        return None
    look = replace(who.look, hair_colour=other.look.hair_colour, hair_style=other.look.hair_style)
    if delta_e(_tint(look), _tint(other.look)) > 10:
        return None  # old people's hair turns grey whatever is said
    if not _dressed_alike(look, other.look, theirs):
        return None
    drawn = _dressed(_looking(shot, who, look), replace(who, look=look), theirs)
    return who.name, drawn, f"hair and clothes of {other.name}", ("hair", "clothes")


FAULTS: dict[str, Callable[[Shot, Random, bool, tuple[Character, ...]], Made]] = {
    "hair": _hair, "clothes": _clothes, "height": _height, "not-her": _swapped, "missing": _missing, "extra": _extra, "bleed": _bleed,
}  # fmt: skip


# --- shots changed -----------------------------------------------------------------------------------------


def _somebody(shot: Shot, dice: Random, people: bool = False, alone: bool = False) -> Character | None:
    """One of those on stage who can be seen well; `alone`: neither rider nor mount."""
    tied = _tied(shot)
    found = [
        one
        for one in shot.cast
        if (one.look.is_person or not people) and not _covered(shot, one) and not (alone and one.name in tied)
    ]
    return dice.choice(found) if found else None


def _tied(shot: Shot) -> set[str]:
    names = {one.name for one in shot.cast}
    tied = set()
    for figure in shot.scene.figures:
        if action_of(figure.action) in ("riding", "hugging") or figure.prop in names:
            tied |= {figure.character, figure.prop}
    return tied


def _covered(shot: Shot, who: Character) -> bool:
    """Whether the storyboard has most of somebody beyond the page or behind others."""
    figure = next((one for one in shot.scene.figures if one.character == who.name), None)
    if figure is None or figure.box is None:
        return True
    box = figure.box
    page = Box(0, 0, 1, 1)
    others = [one.box for one in shot.scene.figures if one is not figure and one.box]
    return box.overlap(page) < 0.5 or any(box.overlap(one) > 0.4 for one in others)


def _figure(shot: Shot, who: Character) -> Figure:
    return next(one for one in shot.scene.figures if one.character == who.name)


def _put(shot: Shot, old: Figure, new: Figure) -> Shot:
    figures = tuple(new if one == old else one for one in shot.scene.figures)
    return replace(shot, scene=replace(shot.scene, figures=figures))


def _with(shot: Shot, old: Character, new: Character) -> Shot:
    return replace(shot, cast=tuple(new if one.name == old.name else one for one in shot.cast))


def _looking(shot: Shot, who: Character, look: Look) -> Shot:
    return _with(shot, who, replace(who, look=look))


def _worn(shot: Shot, who: Character) -> Outfit:
    return who.outfit(_figure(shot, who).outfit)


def _dressed(shot: Shot, who: Character, outfit: Outfit) -> Shot:
    figure = _figure(shot, who)
    dressed = _with(shot, who, replace(who, outfits=(replace(outfit, name="drawn"),)))
    return _put(dressed, figure, replace(figure, outfit="drawn"))


def _dressed_alike(one: Look, other: Look, outfit: Outfit) -> bool:
    """Whether both look alike in an outfit: the painter chooses colours that nobody named by the looks of who wears it."""
    return worn_by(one, outfit) == worn_by(other, outfit)


def _scaled(box: Box, by: float) -> Box:
    """Larger or smaller on the same ground, about the same middle."""
    w, h = box.w * by, box.h * by
    return Box(round(box.x + box.w / 2 - w / 2, 4), round(box.bottom - h, 4), round(w, 4), round(h, 4))


def _turned_into(box: Box, one: Look, other: Look, action: str) -> Box:
    """The box of somebody else at the same scale on the same ground."""
    move = ACTIONS[action]
    by = other.standing_height / one.standing_height
    across = breadth_of(other.kind, other.is_person, move) / breadth_of(one.kind, one.is_person, move)
    w, h = box.w * by * across, box.h * by
    return Box(round(box.x + box.w / 2 - w / 2, 4), round(box.bottom - h, 4), round(w, 4), round(h, 4))


def _scale(shot: Shot) -> float:
    """How much of the picture's height one centimetre takes."""
    found = []
    for figure in shot.scene.figures:
        who = shot.character(figure.character)
        if figure.box and action_of(figure.action) != "riding":
            found.append(figure.box.h / ACTIONS[action_of(figure.action)].height / who.look.standing_height)
    return sorted(found)[len(found) // 2] if found else 0.0


def _drawn_scale(shot: Shot, who: Character) -> float:
    """How large somebody is drawn, in canvas units a centimetre."""
    alone = replace(shot, scene=replace(shot.scene, figures=(_figure(shot, who),)))
    (player,) = page._players(alone, 1000.0 * shot.width / shot.height)
    return player.scale


def _tint(look: Look) -> tuple[float, float, float]:
    old = look.age >= 60 or "grand" in look.kind
    return lab_of(tint_of(look.hair_colour, 70 if old else look.age, old))


def _coat(look: Look) -> tuple[float, float, float]:
    return lab_of(coat_of(KINDS[kind_of(look.kind)], look).main)


def _brief(look: Look) -> str:
    if not look.is_person:
        return f"{look.skin} {look.kind}"
    return (
        f"{look.kind}, {look.age}, {look.skin} skin, {look.hair_style} {look.hair_colour} hair {look.glasses}"
    )


# --- what can be seen --------------------------------------------------------------------------------------


def shrunk(shot: Shot) -> bytes:
    """The page's pixels as they are drawn in plain colours, `SHRUNK` wide."""
    plain = replace(shot, art="flat")
    return png_of(Sketch().paint(plain, lambda done: None), Sketch.media_type, SHRUNK)


def _seen(before: bytes, drawn: Shot, fault: str, promised: Shot, who: str) -> bool:
    """Whether the figure's own part of the picture changed enough for anybody to see."""
    import io

    import numpy as np
    from PIL import Image

    one, two = (np.asarray(Image.open(io.BytesIO(each)).convert("RGB"), np.int16) for each in (before, shrunk(drawn)))  # fmt: skip
    changed = np.abs(one - two).max(2) > 28
    figures = promised.scene.figures if fault != "extra" else drawn.scene.figures
    name = who or figures[-1].character
    box = next(each.box for each in figures if each.character == name)
    assert box
    high, wide = changed.shape
    left, right = max(0, int((box.x - 0.1 * box.w) * wide)), min(wide, int((box.right + 0.1 * box.w) * wide))
    top, bottom = max(0, int((box.y - 0.15 * box.h) * high)), min(high, int(box.bottom * high) + 1)
    if right <= left or bottom <= top:
        return False
    part = changed[top:bottom, left:right]
    least = {"hair": 0.012, "clothes": 0.03, "missing": 0.12, "extra": 0.12}.get(fault, 0.04)
    return bool(part.sum() >= 30 and part.mean() >= least)
