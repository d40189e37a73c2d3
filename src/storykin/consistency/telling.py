"""Consistency: a scene told to a model, in full sentences (FLUX, Qwen, Z-Image) or in weighted phrases (Stable Diffusion).

Nobody is called by name: to a model a name is nothing, or somebody else. What is said of one figure stands together.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from storykin.character import Character
from storykin.colours import colour_word
from storykin.consistency.styles import Style
from storykin.consistency.wording import (
    bare,
    capital,
    counted,
    hair_of,
    listed,
    noun_and_traits,
    noun_of,
    thing,
    with_article,
    worn,
)
from storykin.scene import Figure, Scene

LOOKS, CLOTHES = 1.2, 1.1
"""How much more than the rest Stable Diffusion hears fixed looks and clothes: beyond 1.4 pictures begin to burn."""

VIEWS = {
    "wide": ("A wide view in which the figures are small", "wide shot, small figures"),
    "medium": ("Whole figures, seen at eye level", "full body, eye level"),
    "close": ("A close-up from the waist up", "close-up, upper body"),
    "spread": ("A panoramic view, twice as wide as high", "panoramic wide shot, full body"),
}  # fmt: skip
EMPTY_VIEWS = {
    "wide": ("A wide view", "wide shot"),
    "medium": ("Seen at eye level", "eye level"),
    "close": ("A close-up", "close-up"),
    "spread": ("A panoramic view, twice as wide as high", "panoramic wide shot"),
}
"""Framings in sentences and in phrases, with figures and without. "Double page" would be painted as an open book."""
TIMES = {
    "morning": "early in the morning",
    "day": "in daylight",
    "evening": "in the evening",
    "night": "at night",
}
LIGHTS = {"morning": "early morning", "day": "daylight", "evening": "evening", "night": "night"}
WEATHERS = {
    "clear": "", "cloudy": "under a cloudy sky", "rain": "in the rain", "snow": "in falling snow",
    "wind": "in the wind", "storm": "in a storm", "fog": "in fog",
}  # fmt: skip
SAID = {"cross": "grumpy", "cheeky": "mischievous"}
"""Expressions for which a model knows another thing first."""
BARE = {
    "reaching": "reaching out", "holding": "standing", "riding": "riding along", "falling": "tumbling", "hugging": "standing",
}  # fmt: skip
"""Actions that need a thing, when there is none."""
ASLEEP = re.compile(r"\b(sleeping|asleep|napping|snoring|dreaming)\b")
ALREADY = frozenset({"sleepy", "calm", "asleep", "tired", "peaceful"})
"""What a sleeper looks like anyway."""
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
TOGETHER = 0.06
"""Figures whose middles are nearer than this, in fractions of the page, are in one place: a rider and what is ridden."""
PROPORTIONS = (
    (0.58, "about half as tall as"),
    (0.76, "about two thirds as tall as"),
    (0.93, "a head shorter than"),
)
"""How two heights compare in words, up to each ratio."""


@dataclass(frozen=True)
class Stage:
    """A scene with those who are in it.

    `triggers` call the characters whose adapters are at work, by name; what is fixed about these is left out when `traits` is false.
    """

    scene: Scene
    cast: tuple[Character, ...]
    triggers: Mapping[str, str]
    traits: bool = True

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The scene's figures; all numbers below count them."""
        return self.scene.figures

    def who(self, number: int) -> Character:
        """The character of a figure; of unknown ones a plain child."""
        name = self.figures[number].character
        return next((one for one in self.cast if one.name == name), Character(name))

    def trigger(self, number: int) -> str:
        """The word that calls a figure, "" where somebody stands a second time: it works best once."""
        name = self.figures[number].character
        first = [figure.character for figure in self.figures].index(name) == number
        return self.triggers.get(name, "") if first else ""

    def traits_of(self, number: int) -> tuple[str, list[str]]:
        """Noun and fixed traits to be said of a figure; only the noun where an adapter knows the rest."""
        look = self.who(number).look
        known = not self.traits and self.figures[number].character in self.triggers
        return (noun_of(look), []) if known else noun_and_traits(look)

    def full(self, number: int, nth: int = 0, weigh: bool = False) -> str:
        """A figure in full without clothes: "zvoqk, a 6-year-old girl with fair skin and freckles"."""
        noun, traits = self.traits_of(number)
        said = _nth(noun, nth)
        if traits:
            said += " with " + listed([weighted(trait, LOOKS) for trait in traits] if weigh else traits)
        title = [self.who(number).name] if self._says_more(number) else []
        return ", ".join(filter(None, [self.trigger(number), *title, said.rstrip(",")]))

    def short(self, number: int) -> str:
        """A figure in few words that fit no other one: "the girl", "the 6-year-old girl", "the girl in a yellow dress"."""
        names = [figure.character for figure in self.figures]
        forms = {name: self._forms(names.index(name)) for name in names}
        mine = forms.pop(names[number])
        for level, form in enumerate(mine):
            if form and all(form != other[level] for other in forms.values()):
                return form
        return f"the {ORDINALS[min(number, 9)]} {noun_of(self.who(number).look)}"

    def nameless(self, text: str) -> str:
        """The text without the names of those on stage: Sasha's bedroom is "the girl's bedroom"."""
        names = [figure.character for figure in self.figures]
        for name in sorted({one for one in names if one}, key=lambda one: (-len(one), one)):
            if not name.startswith("the "):
                text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", self.short(names.index(name)), text)
        return text

    def clothes(self, number: int) -> str:
        """What a figure wears."""
        return self.nameless(worn(self.who(number), self.figures[number].outfit))

    def doing(self, number: int) -> str:
        """What a figure does, and with which thing."""
        figure = self.figures[number]
        action = self.nameless(figure.action.strip().removeprefix("is ")) or "standing"
        if not figure.prop:
            said = BARE.get(action, action)
            if action == "hugging" and (other := self._nearest(number)) is not None:
                said = f"hugging {self.short(other)}"
        elif figure.prop.lower().split()[-1] in action.lower().split():
            said = action
        else:
            joined = action in {"riding", "holding", "pushing", "hugging"}
            said = f"{action} {'' if joined else 'with '}{self.nameless(thing(figure.prop))}"
        return f"{said}, eyes closed" if ASLEEP.search(action) else said

    def face(self, number: int) -> str:
        """How a figure looks: "worried"; nothing where the action says it."""
        figure = self.figures[number]
        said = SAID.get(figure.expression, figure.expression)
        told = said in figure.action.split() or (said in ALREADY and ASLEEP.search(figure.action))
        return "" if told else said

    def place(self) -> str:
        """Where it is: "the girl's bedroom"."""
        return self.nameless(with_article(self.scene.place))

    def props(self) -> list[str]:
        """The things that stand around: none twice, and none that a figure holds or is."""
        taken = {one for figure in self.figures for one in (figure.prop, figure.character)}
        return [self.nameless(thing(prop)) for prop in dict.fromkeys(self.scene.props) if prop not in taken]

    def placed(self, number: int) -> str:
        """Where a figure stands: "on the left", "second from the left", "together with the man"; "" where nothing was placed."""
        middles = [figure.box.x + figure.box.w / 2 for figure in self.figures if figure.box]
        if len(middles) < len(self.figures):
            return ""
        places: list[list[int]] = []
        for one in sorted(range(len(middles)), key=lambda one: middles[one]):
            if places and middles[one] - middles[places[-1][0]] < TOGETHER:
                places[-1].append(one)
            else:
                places.append([one])
        at = next(i for i, there in enumerate(places) if number in there)
        first = min(places[at])
        if number != first:
            return f"together with {self.short(first)}"
        if len(places) == 1:
            return (
                "on the left"
                if middles[first] < 0.38
                else "on the right"
                if middles[first] > 0.62
                else "in the middle"
            )
        after = len(places) - 1 - at
        if at == after:
            return "in the middle"
        side, steps = ("left", at) if at < after else ("right", after)
        if steps:
            return f"{ORDINALS[steps]} from the {side}"
        return f"on the {'far ' if len(places) > 3 else ''}{side}"

    def sizes(self) -> str:
        """How tall the smallest person is beside the tallest; nothing where they are about alike."""
        people = [number for number in range(len(self.figures)) if self.who(number).look.is_person]
        people.sort(key=lambda number: self.who(number).look.standing_height)
        if len(people) < 2:
            return ""
        small, tall = (self.who(number).look.standing_height for number in (people[0], people[-1]))
        said = next((words for ratio, words in PROPORTIONS if small <= ratio * tall), "")
        return said and f"{self.short(people[0])} is {said} {self.short(people[-1])}"

    def text_side(self) -> str:
        """On which side of the picture the words will stand."""
        zone = self.scene.text_zone
        if zone is None:
            return ""
        if zone.w < 0.5 * (1 if self.scene.framing != "spread" else 0.7):
            return "left" if zone.x + zone.w / 2 < 0.5 else "right"
        return "top" if zone.y + zone.h / 2 < 0.5 else "bottom"

    def _forms(self, number: int) -> tuple[str, ...]:
        """The ways to call a figure, the shortest first; "" where one does not exist."""
        who, figure = self.who(number), self.figures[number]
        look, noun = who.look, noun_of(who.look)
        age = f"the {look.age}-year-old {noun}" if look.is_person and not look.is_grown_up else ""
        coat = "" if look.is_person else colour_word(look.skin, "coat")
        hair, tint = (hair_of(look), bare(look.hair_colour, "hair")) if look.is_person else ("", "")
        looks = f"{tint}-haired" if tint else "" if " with " in coat else coat
        clothes = worn(who, figure.outfit).removeprefix("wearing ") if who.outfits else ""
        return (
            who.name if self._says_more(number) else f"the {noun}",
            age,
            f"the {looks} {noun}" if looks else "",
            f"the {noun} with {hair}" if hair else "",
            f"the {noun} in {with_article(clothes)}" if clothes else "",
        )

    def _says_more(self, number: int) -> bool:
        """Whether the name is a description that adds to the kind: "the mayor"."""
        who = self.who(number)
        return (
            who.name.startswith("the ")
            and who.name == who.name.lower()
            and who.look.kind not in who.name.split()
        )

    def _nearest(self, number: int) -> int | None:
        """The other figure that is nearest; without places the first other one."""
        others = [one for one in range(len(self.figures)) if one != number]
        mine = self.figures[number].box

        def away(other: int) -> float:
            box = self.figures[other].box
            return abs(box.x + box.w / 2 - mine.x - mine.w / 2) if box and mine else 0.0

        return min(others, key=away, default=None)


def sentences(stage: Stage, style: Style) -> str:
    """The whole picture in sentences: style, framing, who alone, each figure, how tall, where, what stays calm."""
    scene = stage.scene
    nouns = [noun_of(stage.who(number).look) for number in range(len(stage.figures))]
    verb = "is" if len(nouns) == 1 else "are"
    place = unbracketed(stage.place())
    place = f"the setting is {place}{',' if ',' in place else ''} {TIMES[scene.time]} {WEATHERS[scene.weather]}".strip()
    if props := stage.props():
        place += ", with " + unbracketed(listed(props))
    before = [
        style.words("sentences"),
        (VIEWS if nouns else EMPTY_VIEWS)[scene.framing or "medium"][0],
        f"only {listed(counted(nouns))} {verb} in the picture" if nouns else "nobody is in the picture",
    ]
    after = [stage.sizes(), place]
    if scene.text_zone:
        after.append(f"the {stage.text_side()} of the picture is calm and uncluttered")
    said = [*(f"{capital(one)}." for one in before), *figures(stage, "sentences")]
    return " ".join([*said, *(f"{capital(one)}." for one in after if one)])


def phrases(stage: Stage, style: Style) -> str:
    """The whole picture in phrases, the most important first: style, who, each figure, where, framing."""
    scene = stage.scene
    nouns = [noun_of(stage.who(number).look) for number in range(len(stage.figures))]
    said = [
        style.words("phrases"),
        *(counted(nouns, "one") if nouns else ["scenery without people"]),
        *figures(stage, "phrases"),
        escaped(stage.place()),
        *map(escaped, stage.props()),
        LIGHTS[scene.time],
        WEATHERS[scene.weather],
        (VIEWS if nouns else EMPTY_VIEWS)[scene.framing or "medium"][1],
        f"uncluttered background at the {stage.text_side()}" if scene.text_zone else "",
    ]
    return ", ".join(part for part in said if part)


def figures(stage: Stage, dialect: str) -> list[str]:
    """What is said of each figure. Nobody's words stand in another's: who would be told alike is counted, "a second girl"."""
    tell = _sentence if dialect == "sentences" else _phrases
    told = [tell(stage, number, 0) for number in range(len(stage.figures))]
    nouns = [stage.traits_of(number)[0] for number in range(len(told))]
    for number in reversed(range(len(told))):
        if any(told[number] in other for other in told[:number] + told[number + 1 :]):
            told[number] = tell(stage, number, nouns[: number + 1].count(nouns[number]))
    return told


def weighted(words: str, weight: float) -> str:
    """Words that Stable Diffusion hears more: "(short red hair:1.2)"."""
    return f"({escaped(words)}:{weight:g})"


def escaped(words: str) -> str:
    """Words in which brackets are only brackets."""
    return re.sub(r"([()\[\]\\])", r"\\\1", words)


def unbracketed(words: str) -> str:
    """Words for models that know no weights: whoever reads them could take brackets for some."""
    return re.sub(r"[()\[\]\\]", "", words)


def _sentence(stage: Stage, number: int, nth: int) -> str:
    """One figure in full as a sentence: where, fixed traits, clothes, action, face."""
    face = stage.face(number)
    if face and not face.endswith("ing"):
        face = f"looking {face}"
    said = [stage.full(number, nth), stage.clothes(number), stage.doing(number), face]
    where = stage.placed(number) or "there"
    return f"{capital(where)} is {unbracketed(', '.join(part for part in said if part))}."


def _phrases(stage: Stage, number: int, nth: int) -> str:
    """One figure in full as phrases: trigger, who and where, fixed traits, clothes, action, face."""
    noun, traits = stage.traits_of(number)
    kind, _, coat = noun.rstrip(",").partition(", ")
    where = stage.placed(number)
    who = escaped(f"{_nth(kind, nth)} {where}".strip())
    if coat:
        traits = [coat, *traits]
    face, clothes = stage.face(number), stage.clothes(number)
    if face and not face.endswith("ing"):
        face = f"{face} expression"
    said = [
        stage.trigger(number),
        stage.who(number).name if stage._says_more(number) else "",
        who
        if stage.who(number).look.is_person or kind == noun_of(stage.who(number).look)
        else f"({who}:{LOOKS:g})",
        *(weighted(trait, LOOKS) for trait in traits),
        weighted(clothes, CLOTHES) if clothes else "",
        escaped(stage.doing(number)),
        escaped(face),
    ]
    return ", ".join(part for part in said if part)


def _nth(noun: str, nth: int) -> str:
    return f"a {ORDINALS[min(nth, 10) - 1]} {noun}" if nth else with_article(noun)
