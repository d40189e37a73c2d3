"""Consistency: what may help when a picture failed, each a function from shot to shot: another seed, louder words, more of an adapter, people kept apart,
one figure painted anew.

A shot for which there is nothing to change comes back as it was.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from storykin.colours import colour_word
from storykin.consistency import Setting
from storykin.consistency.closeups import about
from storykin.consistency.methods import by_outfit
from storykin.consistency.prompts import Dialect, parts_of
from storykin.consistency.telling import Stage, escaped, unbracketed, weighted
from storykin.consistency.wording import capital, hair_of, listed
from storykin.picture import FaultName
from storykin.scene import Box
from storykin.shot import CloseUp, Shot

STRIDE = 7919
"""Between the seeds of one page's tries; a prime far from the 1 by which a parent's "again" goes on, so that none is met twice."""
LOUD, LOUDER, LOUDEST = 1.3, 0.2, 1.4
"""Weights of a faulty trait for models that read phrases: where it had none, how much is added, and where pictures begin to burn (see `telling.LOOKS`)."""
MORE, MOST = 1.2, 1.5
"""By how much an adapter's scale is raised, and to what at most: beyond it LoRA pictures take on the look of the photos they were taught from."""
AROUND = 0.12
"""How much larger than the figure the region is in which it is painted anew, by its sides: hats, hair and arms reach out of boxes."""
ANEW, FROM_NOTHING = 0.8, 1.0
"""How much of the figure is painted anew: the pose stays and the looks do not; or, where nobody stands yet, everything."""
EXTRA = "extra people, crowd"
WRITING = "text, letters"


def reseeded(shot: Shot, number: int) -> Shot:
    """With the seed of a page's try of that number; 0 is the shot's own."""
    return replace(shot, seed=(shot.seed + STRIDE * number) % 2**32)


def louder(shot: Shot, fault: FaultName, who: str, dialect: Dialect) -> Shot:
    """With stronger words on what was wrong: weighted up in phrases, said first and again in sentences. Painters that read nothing are told nothing."""
    if not dialect:
        return shot
    if fault in {"extra", "words in picture"}:
        return _less_of(shot, EXTRA if fault == "extra" else WRITING, fault, dialect)
    triggers = {one.character: one.adapter.trigger for one in shot.adapters if one.character}
    stage = Stage(shot.scene, shot.cast, triggers)
    if fault == "wrong place":
        return _said(shot, [stage.place()], f"The setting is {unbracketed(stage.place())}.", dialect)
    names = [figure.character for figure in shot.scene.figures]
    if who not in names:
        return shot
    number = names.index(who)
    if fault == "height":
        sizes = stage.sizes()
        return _said(shot, [sizes], f"{capital(unbracketed(sizes))}.", dialect) if sizes else shot
    phrases, sentence = _told(stage, number, fault)
    if not phrases:
        return shot
    change = _weigher(phrases) if dialect == "phrases" else _sayer(unbracketed(sentence))
    return _in_part(
        shot, who, change, dialect, closer=fault != "missing"
    )  # from near by she stands elsewhere


def stronger(shot: Shot, who: str) -> Shot:
    """With more of the adapter of somebody who was not known again."""
    adapters = tuple(
        replace(one, adapter=replace(one.adapter, scale=max(one.adapter.scale, _more(one.adapter.scale))))
        if one.character == who
        else one
        for one in shot.adapters
    )
    return replace(shot, adapters=adapters)


def kept_apart(shot: Shot, by_filling: bool) -> Shot:
    """With people who looked alike kept apart by the next stricter way: masks in place of a sum, one after the other in place of masks."""
    if sum(one.region is not None for one in shot.adapters) < 2:
        return shot
    if shot.apart == "sum":
        return replace(shot, apart="masks")
    return replace(shot, apart="fill") if by_filling and shot.apart != "fill" else shot


def repainted(
    shot: Shot, who: str, start: str, found: Box | None, fault: FaultName, dialect: Dialect
) -> Shot:
    """With nobody but one figure painted anew, into the picture `start` and for that figure's words and adapter only.

    `found` is where the critic saw the figure; where it should stand (the storyboard's box) counts too when it is missing or of a wrong size. Who was painted from near by is so again.
    """
    figure = next((one for one in shot.scene.figures if one.character == who), None)
    boxes = [found] if found else []
    if figure is not None and figure.box and (not boxes or fault in {"missing", "height"}):
        boxes.append(figure.box)
    region = _around(boxes) if boxes else None
    if region is None or region.w <= 0 or region.h <= 0:
        return shot
    prompt = shot.prompt
    for other, words in _words_of(shot, dialect):
        if other != who and words and prompt.count(words) == 1:
            prompt = re.sub(r"\s{2,}", " ", prompt.replace(words, "")).replace(", ,", ",").strip(" ,")
    worn = tuple(replace(one, region=None) for one in shot.adapters if one.character in {"", who})
    return replace(
        shot,
        prompt=prompt,
        parts=(),
        adapters=worn,
        apart="",
        init_image=start,
        strength=FROM_NOTHING if fault == "missing" else ANEW,
        repaint=region,
        closeups=_seen_anew(shot, who, region),
    )


# --- words --------------------------------------------------------------------------------------------


def _told(stage: Stage, number: int, fault: FaultName) -> tuple[list[str], str]:
    """What is to be heard more of a figure: as phrases as they stand in prompts, and as one sentence."""
    who, short = stage.who(number), capital(stage.short(number))
    noun, traits = stage.traits_of(number)
    hair = colour_word(hair_of(who.look)) if who.look.is_person else ""
    coat = "" if who.look.is_person else colour_word(who.look.skin, "coat")
    clothes = stage.clothes(number)
    if fault == "missing":
        kind, where = noun.partition(",")[0], stage.placed(number)
        return [f"{kind} {where}".strip()], f"{short} is clearly in the picture {where}".strip() + "."
    if fault == "clothes":
        return ([clothes], f"{short} is {clothes}.") if clothes else ([], "")
    if fault == "hair":
        traits = [hair] if hair else []
    said = [*traits, coat] if coat else traits
    if not said:
        return [], ""
    has = f"has {listed(traits)}" if traits else ""
    whole = " ".join([short, " and ".join(part for part in (f"is {coat}" if coat else "", has) if part)])
    if fault == "bleed" and clothes:
        return [*said, clothes], f"{whole} and is {clothes}."
    return said, f"{whole}."


def _weigher(phrases: Sequence[str]) -> Callable[[str], str]:
    """Weighs phrases up where they stand; what does not stand there is added."""

    def change(words: str) -> str:
        for phrase in map(escaped, phrases):
            group = re.compile(
                rf"\((?P<said>(?:[^()\\]|\\.)*?{re.escape(phrase)}(?:[^()\\]|\\.)*?):(?P<weight>\d*\.?\d+)\)"
            )
            found = group.search(words)
            if found:
                weight = max(float(found["weight"]), min(LOUDEST, float(found["weight"]) + LOUDER))
                words = f"{words[: found.start()]}({found['said']}:{weight:g}){words[found.end() :]}"
            elif phrase in words:
                words = words.replace(phrase, f"({phrase}:{LOUD:g})", 1)
            else:
                words = f"{words}, ({phrase}:{LOUD:g})"
        return words

    return change


def _sayer(sentence: str) -> Callable[[str], str]:
    """Says a sentence first, before the words that say it already."""
    return lambda words: words if words.startswith(sentence) else f"{sentence} {words}"


def _said(shot: Shot, phrases: Sequence[str], sentence: str, dialect: Dialect) -> Shot:
    change = _weigher(phrases) if dialect == "phrases" else _sayer(sentence)
    return replace(shot, prompt=change(shot.prompt))


def _less_of(shot: Shot, unwanted: str, fault: FaultName, dialect: Dialect) -> Shot:
    """With less of what should not be there: louder in the negative prompt; in sentences only people can be counted, for a model that is told "no text" thinks of text."""
    if dialect == "phrases":
        negative = shot.negative_prompt
        for one in unwanted.split(", "):
            negative = _weigher([one])(negative) if negative else weighted(one, LOUD)
        return replace(shot, negative_prompt=negative)
    if fault != "extra":
        return shot
    change = _sayer("There is nobody else in the picture.")
    return replace(shot, prompt=change(shot.prompt))


def _words_of(shot: Shot, dialect: Dialect) -> list[tuple[str, str]]:
    """What the prompt says of each figure: its parts, or what they would be."""
    if shot.parts:
        return [(part.character, part.words) for part in shot.parts]
    triggers = {one.character: one.adapter.trigger for one in shot.adapters if one.character}
    parts = parts_of(shot.scene, shot.cast, dialect, triggers)
    plain = replace(shot, prompt=" ".join(part.words for part in parts), parts=parts)
    dressed = by_outfit(plain, Setting()).parts
    return [
        (part.character, part.words if part.words in shot.prompt else other.words)
        for part, other in zip(dressed, parts, strict=True)
    ]


def _in_part(
    shot: Shot, who: str, change: Callable[[str], str], dialect: Dialect, closer: bool = True
) -> Shot:
    """With the words about one figure changed, in prompt, part and close-up alike; where they cannot be told from the others, in the prompt as a whole."""
    closeups = tuple(
        replace(one, words=change(one.words)) if closer and one.character == who else one
        for one in shot.closeups
    )
    mine = next((words for name, words in _words_of(shot, dialect) if name == who), "")
    if not mine or shot.prompt.count(mine) != 1:
        return replace(shot, prompt=change(shot.prompt), closeups=closeups)
    after = change(mine)
    if after in shot.prompt:
        return shot
    parts = tuple(replace(part, words=after) if part.words == mine else part for part in shot.parts)
    return replace(shot, prompt=shot.prompt.replace(mine, after), parts=parts, closeups=closeups)


def _seen_anew(shot: Shot, who: str, region: Box) -> tuple[CloseUp, ...]:
    """The close-up of who is painted anew, about the region where that is to be; none where it is too large for one."""
    mine = next((one for one in shot.closeups if one.character == who), None)
    view = about(region, shot.width / shot.height)
    if mine is None or view is None:
        return ()
    return (replace(mine, mask="", view=view, region=region),)


# --- numbers ------------------------------------------------------------------------------------------


def _more(scale: float) -> float:
    return round(min(MOST, scale * MORE), 3)


def _around(boxes: Sequence[Box]) -> Box:
    """The boxes together and some air, within the page."""
    left, top = min(one.x for one in boxes), min(one.y for one in boxes)
    right, bottom = max(one.right for one in boxes), max(one.bottom for one in boxes)
    wide, high = AROUND * (right - left), AROUND * (bottom - top)
    left, top = max(0.0, left - wide), max(0.0, top - high)
    right, bottom = min(1.0, right + wide), min(1.0, bottom + high)
    return Box(round(left, 4), round(top, 4), round(right - left, 4), round(bottom - top, 4))
