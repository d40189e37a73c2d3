"""Critics: who is really there: matches after a second look, who hides whom, and who is too many.

On a page that lies on its drawing pixels decide; elsewhere the storyboard and what readers see.
"""

from collections.abc import Sequence

from storykin.critics import Seen
from storykin.critics.expecting import Expectation, Wanted
from storykin.critics.matching import (
    Match,
    clipped,
    is_alike,
    is_prop,
    is_told,
    likeness,
    match,
    nearness,
    offset,
    shared,
)
from storykin.critics.overlay import Laid, Overlay
from storykin.critics.thresholds import gate
from storykin.critics.weighing import compared
from storykin.scene import action_of


def present(figures: Sequence[Seen], expectation: Expectation) -> tuple[tuple[Match, ...], tuple[Seen, ...]]:
    """A match for every wanted figure and the figures that are nobody wanted, as `matching.match` has them, after a second look at each."""
    matches, extra = match(figures, expectation)
    matches = tuple(_settled(one, expectation) for one in matches)
    if expectation.overlay:
        extra = _intruders(figures, matches, expectation)
        matches, extra = _replaced(matches, extra, expectation.overlay)
        if not extra and not any(one.instead for one in matches):
            extra = _plain_to_see(figures, matches, expectation)
    return matches, extra


def _settled(one: Match, expectation: Expectation) -> Match:
    """A match after a second look: whether it is really them, and not something else on their spot.

    On a page that lies on its drawing, who is as they were drawn is there whatever readers see, and who shows what is behind them is not.
    """
    overlay = expectation.overlay
    if overlay is None:
        return Match(one.wanted) if _is_ghost(one, expectation) else one
    if not is_told(one):
        one = Match(one.wanted)
    laid = overlay.of(one.wanted.name)
    drawn = one.wanted.references[0] if one.wanted.sure else None
    if (
        laid.lost
        and one.seen
        and one.seen.sure >= gate("overlay.sure")
        and overlay.stray(one.seen.box) > gate("overlay.stray")
    ):
        return one  # somebody else stands there, before what was behind them
    if laid.lost or laid.hidden > gate("overlay.hidden"):
        return Match(one.wanted)
    if laid.same or (drawn and _behind(one, laid)):
        similarity, space = likeness(drawn, one.wanted.references) if drawn else (None, "")
        return Match(one.wanted, drawn, similarity, space)
    return one


def _behind(one: Match, laid: Laid) -> bool:
    """Whether somebody else stands before them, of whom more is seen than of them, though half of them is as it was drawn.

    Of an animal less is enough where they cover its place: whoever stands before it hides it or leaves it, whoever stands there instead shows what is behind it.
    """
    if one.seen is None:
        return False
    if one.wanted.sure and shared(one.seen.box, one.wanted.references[0].box) > gate("overlay.place"):
        return False
    if one.wanted.is_person:
        whole = max(laid.part("hair"), laid.part("skin"))
        half = gate("overlay.face") < whole <= gate("overlay.behind")
    else:
        kept = 1 - laid.part("all")
        box = one.wanted.figure.box
        before = bool(box and box.overlap(one.seen.box) > gate("figure.covered"))
        left = before and kept > gate("overlay.kept") * laid.gone
        half = left or laid.part("coat") <= gate("overlay.behind")
    if not half:
        return False
    return compared(one.seen, one.wanted.references, one.wanted.name).stranger


def _is_ghost(one: Match, expectation: Expectation) -> bool:
    """Whether a reader sees something else where the storyboard has somebody: not them, and much less surely than in its drawing, or not on their spot,
    or a thing of the scene."""
    who, seen = one.wanted, one.seen
    if seen is None:
        return False
    held = compared(seen, who.references, who.name)
    if not held.stranger and (held.ratio("looks") or 0.0) <= 1:
        return False
    usual = gate("figure.sure") if who.sure is None else who.sure
    aside = bool(who.sure) and offset(seen.box, who.references[0].box) > gate("figure.instead")
    return aside or seen.sure < gate("figure.ghost") * usual or is_prop(seen, expectation)


def _intruders(
    figures: Sequence[Seen], matches: Sequence[Match], expectation: Expectation
) -> tuple[Seen, ...]:
    """On a page that lies on its drawing: who is seen, stands for nobody, and stands where something is otherwise; scenery that looks like a figure may have moved."""
    overlay = expectation.overlay
    assert overlay
    taken = [one.seen.box for one in matches if one.seen]
    alone = all(overlay.of(one.wanted.name).same for one in matches)
    least, stray = (
        (gate("overlay.alone"), gate("overlay.trace"))
        if alone
        else (gate("overlay.sure"), gate("overlay.stray"))
    )
    found: list[Seen] = []
    for one in figures:
        if one.sure < least or any(one is other.seen for other in matches):
            continue
        doubled = any(one.box.overlap(box) > gate("overlay.double") for box in taken)
        moved = not alone and any(
            is_alike(one, thing) and one.kind == thing.kind for thing in expectation.scenery
        )
        if not doubled and not moved and overlay.stray(one.box) > stray:
            found.append(one)
            taken.append(one.box)
    if not found and alone:
        found = _unseen(overlay, matches)
    return tuple(found)


def _plain_to_see(
    figures: Sequence[Seen], matches: Sequence[Match], expectation: Expectation
) -> tuple[Seen, ...]:
    """Who is seen beyond doubt where the storyboard has nobody, so that less need be otherwise there: they may stand before what has their colours."""
    overlay = expectation.overlay
    assert overlay
    if any(one.seen is None and not overlay.of(one.wanted.name).same for one in matches):
        return ()
    boxes = [one.wanted.figure.box for one in matches if one.wanted.figure.box]
    boxes += [one.seen.box for one in matches if one.seen]
    return tuple(
        one
        for one in figures
        if one.sure > gate("overlay.plain")
        if overlay.stray(one.box) > gate("overlay.trace")
        if not any(one.box.overlap(box) > gate("overlay.double") for box in boxes)
        if not any(is_alike(one, thing) and one.kind == thing.kind for thing in expectation.scenery)
    )


def _unseen(overlay: Overlay, matches: Sequence[Match]) -> list[Seen]:
    """Something in the scenery that nobody promised and readers do not see, where everybody is as they were drawn; no smaller than the smallest of them."""
    boxes = [clipped(one.wanted.figure.box) for one in matches if one.wanted.figure.box]
    least = min((gate("overlay.least") * box.w * box.h for box in boxes), default=1.0)
    return _things(overlay, min(least, gate("overlay.spot")))[:1]


def _things(overlay: Overlay, least: float) -> list[Seen]:
    """What is nobody's and no reader sees, from so much of the page on, the largest first."""
    return [Seen(box, 0.5, "thing") for box, share in overlay.groups() if share > least]


def _replaced(
    matches: Sequence[Match], extra: Sequence[Seen], overlay: Overlay
) -> tuple[tuple[Match, ...], tuple[Seen, ...]]:
    """Whoever stands where somebody is gone stands for them, though no reader sees it; and whoever hides all of somebody and stands on their very ground."""
    rest, found = list(extra), []
    for one in matches:
        box = one.wanted.figure.box
        laid = overlay.of(one.wanted.name)
        hidden = laid.hidden > gate("overlay.hidden")
        there = [
            each
            for each in rest
            if box and one.seen is None
            if (laid.lost and nearness(each.box, box) > gate("overlay.instead"))
            or (
                hidden
                and offset(each.box, box) < gate("figure.instead")
                and _is_clear(one.wanted, each, overlay)
            )
        ]
        if there:
            rest.remove(there[0])
        elif box and laid.lost and one.seen is None:
            unseen = _things(overlay, gate("overlay.spot"))
            there = [each for each in unseen if each.box.overlap(box) > gate("overlay.instead")]
        if there:
            found.append(
                Match(one.wanted, there[0], *likeness(there[0], one.wanted.references), instead=True)
            )
        else:
            found.append(one)
    return tuple(found), tuple(rest)


def _is_clear(who: Wanted, seen: Seen, overlay: Overlay) -> bool:
    """Whether somebody who hides another is more than scenery: of whom readers do not see in the drawing either, more must be otherwise there."""
    return who.sure != 0 or overlay.stray(seen.box) > gate("overlay.stray")


def is_out_of_sight(who: Wanted, others: Sequence[Wanted]) -> bool:
    """Whether the storyboard has most of somebody beyond the page or behind somebody else, as a mount below its rider."""
    box = who.figure.box
    if not box or box.w * box.h <= 0:
        return False
    inside = clipped(box)
    if inside.w * inside.h < gate("figure.out") * box.w * box.h:
        return True
    names = {other.name for other in others}
    rides = action_of(who.figure.action) == "riding" and who.figure.prop in names
    ridden = any(action_of(o.figure.action) == "riding" and o.figure.prop == who.name for o in others)
    hugs = any(action_of(one.figure.action) == "hugging" for one in (who, *others))
    covered = max((box.overlap(o.figure.box) for o in others if o.figure.box), default=0.0)
    return covered > gate("figure.covered") and (rides or ridden or hugs)


def is_covered(who: Wanted, matches: Sequence[Match], extra: Sequence[Seen], overlay: Overlay) -> bool:
    """Whether whoever stands for another and is not as they were drawn, or for nobody, stands before somebody."""
    box = who.figure.box
    others = [
        one.seen.box
        for one in matches
        if one.seen
        and one.wanted is not who
        and overlay.of(one.wanted.name).part("all") > gate("overlay.behind")
    ] + [one.box for one in extra]
    return bool(box and any(box.overlap(other) > gate("figure.covered") for other in others))
