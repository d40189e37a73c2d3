"""Cast: what stands beside each training picture: the trigger once, the class, and what may change.

Never the permanent (hair, eyes, skin): what the words do not name binds to the trigger. Works from what was
measured; `captioner.py` asks a model that can see instead.
"""

import re
import secrets
from collections import Counter
from collections.abc import Sequence

from storykin.cast.sighting import Crop, Face, Lab, Sighting
from storykin.character import Look

FRAMING_WORDS = {
    "close-up": "close-up portrait",
    "half body": "seen from the waist up",
    "full body": "full body",
    "whole": "",
}
TOO_COMMON = 0.8
"""A phrase in more captions than this is learned as part of the character (issue of every trainer's forum)."""


PERMANENT = re.compile(
    r"\b(hair\w*|blond\w*|brunette|redhead\w*|ginger|curl\w*|braid\w*|pigtail\w*|ponytail\w*|fringe|bangs|bald|eyes?|eyebrows?|"
    r"freckle\w*|skin\w*|complexion|birthmark\w*|dimple\w*|caucasian|asian|african|hispanic|ethnic\w*|years?[ -]olds?|years of age|toddler|"
    r"beard\w*|moustache|mustache)\b",
    re.IGNORECASE,
)
STATES_OF_EYES = re.compile(
    r"\b(eyes? (are )?(closed|shut|half[- ]closed)|closed eyes?|squinting)\b", re.IGNORECASE
)


def new_trigger() -> str:
    """A rare word of five letters that means nothing and says nothing about anybody: "zvoqk".

    Drawn at random, never from a name; not a word of the pronouncing dictionary.
    """
    from pronouncing import phones_for_word

    while True:
        word = "".join(
            secrets.choice(letters) for letters in ("kqvxz", "bdfgkvwxz", "aou", "kqxvz", "bdfghjkmpqvwxz")
        )
        if not phones_for_word(word):
            return word


def class_words(look: Look) -> str:
    """What the character is an example of: "a girl", "a man", "a dog"."""
    kind = look.kind if look.kind != "adult" else "person"
    return f"{'an' if kind[:1].lower() in 'aeiou' else 'a'} {kind}"


def caption(
    sighting: Sighting, face: Face | None, crop: Crop, trigger: str, look: Look, hidden: bool = False
) -> str:
    """The caption of one picture from what was measured: "zvoqk, a girl, close-up portrait, smiling, wearing a red top".

    `hidden` is true when other people in the frame were blurred.
    """
    return joined(trigger, look, framing_words(sighting, crop), measured_words(sighting, face, crop, hidden))


def joined(trigger: str, look: Look, *phrases: Sequence[str]) -> str:
    """Trigger, class and phrases as one caption; the trigger stands in it exactly once."""
    said = [phrase.strip(" .,") for group in phrases for phrase in group]
    kept = [without(phrase, trigger) for phrase in said if phrase]
    return ", ".join(dict.fromkeys([trigger, class_words(look), *(phrase for phrase in kept if phrase)]))


def framing_words(sighting: Sighting, crop: Crop) -> tuple[str, ...]:
    """How the picture is framed, and that it is black and white if it is."""
    said = [
        FRAMING_WORDS.get(crop.framing, crop.framing),
        "black and white photo" if sighting.monochrome else "",
    ]
    return tuple(phrase for phrase in said if phrase)


def measured_words(
    sighting: Sighting, face: Face | None, crop: Crop, hidden: bool = False
) -> tuple[str, ...]:
    """What may change and was measured: clothes, expression, direction, company, light, place."""
    said = []
    if face is not None:
        said += [_clothes(face, sighting, crop), _expression(face), _direction(face)]
    said.append(_company(len(crop.others), hidden))
    if face is not None:
        said.append(_light(sighting, face))
    said.append(_place(sighting))
    return tuple(phrase for phrase in said if phrase)


def without(phrase: str, word: str) -> str:
    """The phrase without a word that must not stand in it a second time."""
    return re.sub(rf"\s*\b{re.escape(word)}\b\s*", " ", phrase, flags=re.IGNORECASE).strip()


def changeable(phrases: Sequence[str], names: Sequence[str], look: Look) -> tuple[str, ...]:
    """Of what a model said, the phrases that name only what may change: no hair, eyes, skin or age, nobody's name.

    "eyes closed" may stay. Glasses are dropped when the character always wears them.
    """
    private = [re.compile(rf"\b{re.escape(name)}\b", re.IGNORECASE) for name in names if name]
    always = re.compile(r"\b(glasses|spectacles)\b", re.IGNORECASE) if look.glasses else None
    return tuple(
        phrase
        for phrase in phrases
        if not (PERMANENT.search(STATES_OF_EYES.sub("", phrase)))
        and not any(name.search(phrase) for name in private)
        and not (always and always.search(phrase))
    )


def too_common(captions: Sequence[str], trigger: str, look: Look) -> tuple[tuple[str, int], ...]:
    """The phrases that stand in more than 80 % of the captions, with how often; trigger and class are meant to."""
    if len(captions) < 5:
        return ()
    meant = {trigger.lower(), class_words(look)}
    counted = Counter(
        phrase
        for text in captions
        for phrase in {part.strip().lower() for part in text.split(",")} - meant - {""}
    )
    return tuple(
        (phrase, times) for phrase, times in counted.most_common() if times > TOO_COMMON * len(captions)
    )


def _clothes(face: Face, sighting: Sighting, crop: Crop) -> str:
    """The main colours of what is worn; nothing where a close-up shows no clothes or the photo has no colours."""
    from storykin.colours import clothes_word

    below = crop.box.y + crop.box.h - (face.head.y + face.head.h)
    if sighting.monochrome or not face.clothes or below < 0.2 * face.head.h:
        return ""
    words = list(dict.fromkeys(clothes_word(colour) for colour in face.clothes[:2]))
    if crop.framing == "full body" or len(words) > 1:
        return f"wearing {' and '.join(words)} clothes"
    return f"wearing a {words[0]} top" if words[0][:1] not in "aeiou" else f"wearing an {words[0]} top"


def _expression(face: Face) -> str:
    from storykin.cast.choosing import expression_of

    said = expression_of(face)
    return "serious expression" if said == "serious" else said


def _direction(face: Face) -> str:
    from storykin.cast.choosing import angle_of

    said = angle_of(face)
    if said.startswith("facing"):
        return f"in profile, {said}"
    if said.startswith("three-quarter"):
        return f"turned to the {said.split()[-1]}"
    return "facing the camera" if said == "front" else said


def _company(others: int, hidden: bool) -> str:
    if not others:
        return ""
    people = "another person" if others == 1 else "other people"
    return f"beside {people}, blurred" if hidden else f"beside {people}"


def _light(sighting: Sighting, face: Face) -> str:
    from storykin.cast.choosing import light_of

    said = light_of(sighting, face)
    return {"from the side": "lit from the side", "even": ""}.get(said, f"in {said} light")


def _place(sighting: Sighting) -> str:
    """Outdoors or indoors where it can be told, a plain background by its colour; else nothing."""
    if sighting.outdoors is not None:
        return "outdoors" if sighting.outdoors else "indoors"
    if len(sighting.background) == 1 and not sighting.monochrome:
        return f"{_plain(sighting.background[0])} background"
    return ""


def _plain(colour: Lab) -> str:
    from storykin.colours import clothes_word

    return f"plain {clothes_word(colour)}"
