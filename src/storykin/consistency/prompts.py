"""Consistency: words derived from a scene: the painter's prompt and the reader's alt text.

Every fixed trait of each character on stage is in the prompt of every page, and none of anybody
who is off stage.
"""

from dataclasses import replace

from storykin.character import Character, Look
from storykin.colours import colour_word
from storykin.consistency import Setting
from storykin.scene import Figure, Scene, action_of
from storykin.shot import Shot

ARTS = {
    "flat": "flat picture-book illustration, clean rounded shapes, warm muted colours",
    "watercolour": "soft watercolour picture-book illustration on white paper, translucent washes",
    "cut-paper": "cut-paper collage picture-book illustration, layered sheets with soft shadows",
    "ink": "ink and wash picture-book illustration, loose dark lines, pale washes",
    "crayon": "wax crayon picture-book illustration on grainy paper, visible strokes",
}
FRAMINGS = {
    "wide": "wide establishing view, small figures in a large place",
    "medium": "full figures, eye level",
    "close": "close-up from the waist up",
    "spread": "panoramic double-page view",
}
TIMES = {
    "morning": "early in the morning",
    "day": "in daylight",
    "evening": "in the evening",
    "night": "at night",
}
WEATHERS = {
    "clear": "", "cloudy": "under a cloudy sky", "rain": "in the rain", "snow": "in falling snow",
    "wind": "in the wind", "storm": "in a storm", "fog": "in fog",
}  # fmt: skip
NEGATIVE = "text, letters, watermark, signature, extra people, extra limbs, deformed hands, cropped head, blurry, scary"


def by_prompt(shot: Shot, setting: Setting) -> Shot:
    """The rung that works with every painter: each character's fixed looks, spelled out on every page."""
    return replace(
        shot,
        prompt=prompt_of(shot.scene, shot.cast, setting.art),
        negative_prompt=NEGATIVE,
        alt=alt_of(shot.scene, shot.cast, setting.met),
    )


def prompt_of(scene: Scene, cast: tuple[Character, ...], art: str) -> str:
    """What a text-to-image model is told: style, framing, place, then each figure in full."""
    known = {one.name: one for one in cast}
    place = f"{with_article(scene.place)} {TIMES[scene.time]} {WEATHERS[scene.weather]}".strip()
    if scene.props:
        place += ", with " + listed([with_article(prop) for prop in scene.props])
    count = {0: "nobody in the picture", 1: "one figure"}.get(
        len(scene.figures), f"{len(scene.figures)} figures"
    )
    parts = [f"{ARTS.get(art, art)}, {FRAMINGS.get(scene.framing, FRAMINGS['medium'])}", place, count]
    parts += [
        _figure(figure, known.get(figure.character, Character(figure.character))) for figure in scene.figures
    ]
    if scene.text_zone:
        parts.append(f"calm empty space at the {_where(scene)} of the picture")
    return ". ".join(part[0].upper() + part[1:] for part in parts) + "."


def alt_of(scene: Scene, cast: tuple[Character, ...], met: frozenset[str] = frozenset()) -> str:
    """What a reader who cannot see the picture is told.

    Looks are described when a character appears for the first time, afterwards only what changes.
    """
    known = {one.name: one for one in cast}
    sentences = []
    for figure in scene.figures:
        who = known.get(figure.character, Character(figure.character))
        name = (
            who.name if who.name in met else f"{who.name}, {described(who.look)}, {worn(who, figure.outfit)},"
        )
        doing = f"{name} is {_doing(figure)}".replace(",, ", ", ")
        sentences.append(f"{doing} and looks {figure.expression}")
    place = f"{with_article(scene.place)} {TIMES[scene.time]} {WEATHERS[scene.weather]}".strip()
    if scene.props:
        place += f" with {listed([with_article(prop) for prop in scene.props])}"
    return ". ".join(part[0].upper() + part[1:] for part in [*sentences, place]) + "."


def described(look: Look) -> str:
    """The fixed traits of a look as a noun phrase: "a 6-year-old girl with short red hair and freckles"."""
    traits = []
    if look.is_person:
        noun = f"{look.age}-year-old {look.kind}" if not look.is_grown_up else _grown_up(look)
        noun = f"{look.build} {noun}".strip()
        if look.skin:
            traits.append(f"{_bare(look.skin, 'skin')} skin")
        if look.hair_style or look.hair_colour:
            hair = f"{look.hair_style} {_bare(look.hair_colour, 'hair')}"
            traits.append(f"{hair} hair".strip().replace("  ", " "))
    else:
        coat = colour_word(look.skin, "coat")
        noun = f"{coat} {look.kind}".strip() if " with " not in coat else f"{look.kind}, {coat},"
        if look.hair_colour:
            traits.append(f"{colour_word(look.hair_colour, 'coat')} markings")
    if look.eyes:
        traits.append(f"{colour_word(look.eyes, 'eyes')} eyes")
    if look.glasses:
        traits.append(look.glasses if "glasses" in look.glasses else f"{look.glasses} glasses")
    traits = [colour_word(trait) for trait in (*traits, *look.extras)]
    return with_article(noun) + (f" with {listed(traits)}" if traits else "")


def worn(who: Character, outfit: str) -> str:
    """The clothes in words: "wearing a white coat"; empty for creatures without outfits."""
    if not who.outfits and not who.look.is_person:
        return ""
    return f"wearing {colour_word(who.outfit(outfit).words, 'clothes')}"


def with_article(noun: str) -> str:
    """The noun with a, an or nothing: names, plurals and phrases that bring their own stay as they are."""
    noun = colour_word(noun)
    first = noun.split(" ", maxsplit=1)[0].lower()
    own = ("a", "an", "the", "some", "my", "your", "his", "her", "their", "two", "three", "many")
    if not noun or first in own or noun[0].isupper() or "'s " in noun or "’s " in noun:
        return noun
    if noun.endswith("s") and not noun.endswith(("ss", "us")):
        return noun
    return f"{'an' if first[0] in 'aeiou8' and not first.startswith(('uni', 'use', 'one')) else 'a'} {noun}"


def listed(items: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def _figure(figure: Figure, who: Character) -> str:
    """One figure in full: name, fixed traits, clothes, action, face."""
    traits = [
        described(who.look),
        worn(who, figure.outfit),
        _doing(figure),
        f"{figure.expression} expression",
    ]
    return f"{who.name}: " + ", ".join(trait for trait in traits if trait)


def _doing(figure: Figure) -> str:
    if not figure.prop:
        return figure.action
    thing = with_article(figure.prop)
    joined = {"riding": "riding", "holding": "holding", "pushing": "pushing", "hugging": "hugging"}
    name = action_of(figure.action)
    return f"{joined[name]} {thing}" if figure.action in joined else f"{figure.action} with {thing}"


def _bare(said: str, of: str) -> str:
    """The colour's word without the noun that follows anyway: "light brown skin" is light brown."""
    return colour_word(said, of).removesuffix(of).strip()


def _grown_up(look: Look) -> str:
    return f"{'old ' if look.age >= 60 else ''}{look.kind}"


def _where(scene: Scene) -> str:
    zone = scene.text_zone
    if zone is None:
        return ""
    if zone.w < 0.5 * (1 if scene.framing != "spread" else 0.7):
        return "left" if zone.x + zone.w / 2 < 0.5 else "right"
    return "top" if zone.y + zone.h / 2 < 0.5 else "bottom"
