"""What is said of a drawn scene: the words of books, the captions of training pictures, and how people talk.

A base that hears one form only is deaf to the others. So the dice choose a form, what is left out, the order, and other words for the same.
"""

import re
from collections.abc import Sequence
from random import Random

from storykin.character import Character
from storykin.consistency.prompts import prompt_of
from storykin.consistency.telling import TIMES, Stage
from storykin.consistency.wording import hair_of, listed, with_article
from storykin.scene import Scene

OTHER_WORDS: dict[str, tuple[str, ...]] = {
    "girl": ("little girl", "young girl", "girl"), "boy": ("little boy", "young boy", "boy"), "woman": ("woman", "lady", "mother"),
    "man": ("man", "father", "guy"), "dog": ("dog", "puppy"), "cat": ("cat", "kitten"), "rabbit": ("rabbit", "bunny"),
    "happy": ("happy", "smiling", "glad"), "laughing": ("laughing", "giggling"), "sad": ("sad", "unhappy"), "cross": ("angry", "grumpy", "cross"),
    "worried": ("worried", "scared"), "surprised": ("surprised", "amazed"), "cheeky": ("mischievous", "cheeky", "winking"),
    "thoughtful": ("thoughtful", "curious"), "sleepy": ("sleepy", "tired"), "calm": ("calm", "peaceful"),
    "the deep sea": ("the deep sea", "under the sea", "underwater"), "the moon": ("the moon", "space", "outer space", "among the stars"),
    "snow": ("the snow", "a snowy landscape", "winter"), "beach": ("at the beach", "at the seaside", "on the beach"), "forest": ("the forest", "the woods"),
    "meadow": ("a meadow", "a field of grass"), "clinic": ("a clinic", "a hospital"), "castle hall": ("a castle hall", "a castle"),
    "sky": ("the sky", "above the clouds"), "ship deck": ("a ship deck", "on a ship"), "sea": ("the sea", "the ocean"),
    "mountain": ("the mountains", "a mountain"), "station": ("a station", "a train station"), "bedroom": ("a bedroom", "the bedroom"),
}  # fmt: skip
VIEWS = {
    "wide": ("wide view", "seen from far away", "wide shot"),
    "medium": ("full body", "whole figure", "full figure"),
    "close": ("close-up portrait", "close-up", "seen from the waist up"),
    "spread": ("panorama",),
}
STYLES = (
    "flat picture-book illustration",
    "children's book illustration",
    "picture book drawing",
    "illustration",
)
AT = frozenset({"under", "underwater", "on", "at", "among", "above"})
LETTERS = ("kqvxz", "bdfgkvwxz", "aou", "kqxvz", "bdfghjkmpqvwxz")
"""As the cast's own triggers are made: five letters that mean nothing."""


def told(scene: Scene, cast: Sequence[Character], dice: Random) -> str:
    """One way to say what is in the picture."""
    forms = (_book, _book_in_short, _caption, _talk, _with_trigger, photo)
    return dice.choices(forms, (30, 20, 12, 22, 10, 6))[0](scene, tuple(cast), dice)


def nonsense(dice: Random) -> str:
    """A word that means nothing, as triggers are: the base learns that such words change nothing."""
    return "".join(dice.choice(letters) for letters in LETTERS)


def book(scene: Scene, cast: Sequence[Character]) -> str:
    """What a page of a book is painted from, word for word."""
    return prompt_of(scene, tuple(cast), "flat", "sentences")


def _book(scene: Scene, cast: tuple[Character, ...], dice: Random) -> str:
    return book(scene, cast)


def _book_in_short(scene: Scene, cast: tuple[Character, ...], dice: Random) -> str:
    """The same with sentences left out, at times in another order: whoever edits a prompt by hand does so."""
    sentences = re.findall(r"[^.]+\.", prompt_of(scene, cast, "flat", "sentences"))
    figures = len(scene.figures)
    style, view, who, *rest = (one.strip() for one in sentences)
    people, place = rest[:figures], rest[figures:]
    kept = [one for one, odds in ((style, 0.3), (view, 0.6), (who, 0.4)) if dice.random() < odds]
    parts = [*people, *(one for one in place if "calm" in one or dice.random() < 0.9)]
    if dice.random() < 0.3:
        parts.reverse()
    return " ".join([*kept, *parts])


def _caption(scene: Scene, cast: tuple[Character, ...], dice: Random) -> str:
    """As the cast's captions are built: phrases, what is permanent left unsaid at times, and now and then a trigger."""
    stage, said = Stage(scene, cast, {}), []
    for number in range(len(scene.figures)):
        who = stage.who(number)
        if dice.random() < 0.25:
            said.append(nonsense(dice))
        said.append(_person(who, dice, 0.6))
        said += [one for one in (stage.clothes(number), stage.doing(number)) if one and dice.random() < 0.9]
        if (face := stage.face(number)) and dice.random() < 0.8:
            said.append(f"{_other(scene.figures[number].expression, dice)}" if dice.random() < 0.5 else face)
    said.append(_place(scene, dice))
    view = dice.choice(VIEWS[scene.framing or "medium"])
    said.insert(dice.choice((0, 1, len(said))), view)
    return ", ".join(part for part in said if part)


COLOUR = re.compile(
    r"\b(light blue|red|blue|yellow|green|orange|purple|pink|white|black|brown|grey|turquoise|burgundy|mint)\b"
)
SHOWS = {"happy": "smiling", "cheeky": "smiling", "laughing": "laughing", "surprised": "mouth open", "sleepy": "eyes closed"}  # fmt: skip
TURNED = {"front": "facing the camera", "left": "turned to the left", "right": "turned to the right"}


def photo(scene: Scene, cast: tuple[Character, ...], dice: Random, trigger: str = "") -> str:
    """What `cast add` measures on a photo and writes beside it: no trait, but trigger, class, framing, clothes' colours, face, direction, light."""
    stage = Stage(scene, cast, {})
    framed = {"close": ("close-up portrait", "seen from the waist up"), "medium": ("full body",)}
    look = stage.who(0).look
    child = look.is_person and not look.is_grown_up and dice.random() < 0.2 and not trigger
    said = [trigger or nonsense(dice)]
    said.append(with_article(look.kind if trigger else "child" if child else _other(look.kind, dice)))
    said.append(dice.choice(framed.get(scene.framing or "medium", ("",))))
    if found := list(dict.fromkeys(COLOUR.findall(stage.clothes(0)))):
        plural = len(found) > 1 or scene.framing != "close"
        said.append(
            f"wearing {' and '.join(found[:2])} clothes"
            if plural
            else f"wearing {with_article(found[0])} top"
        )
    said.append(SHOWS.get(scene.figures[0].expression, "serious expression"))
    said.append(TURNED.get(scene.figures[0].facing, ""))
    said.append("beside another person" if len(scene.figures) > 1 else "")
    said.append("in dim light" if scene.time == "night" else "in bright light" if dice.random() < 0.5 else "")
    return ", ".join(one for one in said if one)


def _with_trigger(scene: Scene, cast: tuple[Character, ...], dice: Random) -> str:
    """The book's words with a trigger in them and at times without the fixed traits, as they are where an adapter works."""
    triggers = {one.name: nonsense(dice) for one in cast if dice.random() < 0.8}
    return prompt_of(scene, cast, "flat", "sentences", triggers, traits=dice.random() < 0.6)


def _talk(scene: Scene, cast: tuple[Character, ...], dice: Random) -> str:
    """A sentence as people type it: "a kid with blond hair wearing a pink dress and a whale under the sea"."""
    stage, people = Stage(scene, cast, {}), []
    for number in range(len(scene.figures)):
        said = _person(stage.who(number), dice, 0.8)
        clothes = stage.clothes(number)
        if clothes and dice.random() < 0.85:
            said += f" {clothes}" if dice.random() < 0.6 else f" {clothes.replace('wearing', 'in', 1)}"
        if dice.random() < 0.85:
            said += f" {'is ' if dice.random() < 0.5 else ''}{stage.doing(number)}"
        if (face := scene.figures[number].expression) and dice.random() < 0.5:
            said += f", {dice.choice(('looking ', ''))}{_other(face, dice)}"
        people.append(said)
    line = " and ".join(people) if dice.random() < 0.7 else ", ".join(people)
    where = _place(scene, dice)
    line = f"{line} {where}" if dice.random() < 0.75 else f"{where}: {line}"
    return f"{dice.choice(STYLES)} of {line}" if dice.random() < 0.25 else line


def _person(who: Character, dice: Random, odds: float) -> str:
    """Somebody in other words: "a little girl with red curly hair and glasses"; each trait is said with these odds."""
    look, traits = who.look, []
    noun = _other(look.kind, dice)
    if not look.is_person:
        noun = f"{look.skin} {noun}" if look.skin and dice.random() < odds + 0.2 else noun
        return with_article(noun)
    if not look.is_grown_up and dice.random() < 0.35:
        noun = f"{look.age}-year-old {look.kind}"
    if dice.random() < 0.12 and not look.is_grown_up:
        noun = dice.choice(("kid", "child"))
    if look.skin and dice.random() < 0.6 * odds:
        traits.append(f"{look.skin} skin")
    if (hair := hair_of(look)) and dice.random() < odds + 0.1:
        traits.append(hair)
    if look.glasses and dice.random() < odds:
        traits.append(look.glasses if dice.random() < 0.7 else "glasses")
    traits += [extra for extra in look.extras if dice.random() < odds]
    return with_article(noun) + (f" with {listed(traits)}" if traits else "")


def _place(scene: Scene, dice: Random) -> str:
    """Where and when, with what stands around; some of it may stay unsaid."""
    place = _other(scene.place, dice) if scene.place in OTHER_WORDS else with_article(scene.place)
    joined = place if place.split()[0] in AT else f"{'on' if place == 'the moon' else 'in'} {place}"
    if scene.time != "day" and dice.random() < 0.9:
        joined += f" {TIMES[scene.time]}"
    if scene.weather != "clear" and dice.random() < 0.9:
        joined += {
            "rain": " in the rain",
            "snow": " in falling snow",
            "fog": " in fog",
            "cloudy": " under clouds",
        }.get(scene.weather, "")
    if scene.props and dice.random() < 0.8:
        joined += f", with {listed([with_article(prop) for prop in scene.props])}"
    return joined


def _other(word: str, dice: Random) -> str:
    return dice.choice(OTHER_WORDS.get(word, (word,)))
