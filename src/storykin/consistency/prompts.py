"""Consistency: words derived from a scene: the painter's prompt and the reader's alt text.

Every fixed trait of each character on stage is in the prompt of every page, and none of anybody
who is off stage.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from storykin.character import Character
from storykin.consistency import Setting
from storykin.consistency.styles import Style, negative_of, style_of
from storykin.consistency.telling import TIMES, WEATHERS, Stage, figures, phrases, sentences
from storykin.consistency.wording import capital, described, listed, with_article, worn
from storykin.errors import BadInput
from storykin.scene import Figure, Scene, action_of
from storykin.shot import Part, Shot

Dialect = Literal["", "sentences", "phrases"]
"""How a painter is told: in sentences (FLUX), in weighted phrases (Stable Diffusion), "" for who reads nothing."""

FRAMINGS = {
    "wide": "wide establishing view, small figures in a large place",
    "medium": "full figures, eye level",
    "close": "close-up from the waist up",
    "spread": "panoramic double-page view",
}
TARGET = re.compile(r"(?<![\w'’-])TARGET(?P<own>['’]s)?(?![\w'’-])")
WEIGHT = re.compile(r"\(([^()]*?)\s*:\s*(?:\d+\.?\d*|\.\d+)\s*\)")


def by_prompt(shot: Shot, setting: Setting) -> Shot:
    """The rung that works with every painter: each character's fixed looks, spelled out on every page.

    Where several figures share a picture and the painter can keep regions apart, what is said of each holds in his region only.
    """
    apart = "regions" in setting.powers and len(shot.scene.figures) > 1
    style = setting.styles.get(setting.art) or style_of(setting.art)
    return replace(
        shot,
        prompt=prompt_of(shot.scene, shot.cast, style, setting.dialect),
        negative_prompt=negative_of(setting.hears or setting.dialect, style, shot.scene),
        alt=alt_of(shot.scene, shot.cast, setting.met),
        parts=parts_of(shot.scene, shot.cast, setting.dialect) if apart else (),
    )


def prompt_of(
    scene: Scene,
    cast: tuple[Character, ...],
    art: str | Style,
    dialect: Dialect = "",
    triggers: Mapping[str, str] = {},
    traits: bool = True,
) -> str:
    """What a text-to-image model is told: style, who and how many, each figure in full, place, framing.

    `art` is a style or the name of one; other words stand as they are. `triggers` are the words, by name, that call the characters
    whose adapters are at work; each stands in the prompt once. What is fixed about these characters is left out when `traits` is
    false. The words of every `Part` of `parts_of` stand in it exactly once.
    """
    style = style_of(art) if isinstance(art, str) else art
    if not dialect:
        return _plain(scene, cast, style.words())
    stage = Stage(scene, cast, triggers, traits)
    return sentences(stage, style) if dialect == "sentences" else phrases(stage, style)


def parts_of(
    scene: Scene,
    cast: tuple[Character, ...],
    dialect: Dialect = "",
    triggers: Mapping[str, str] = {},
    traits: bool = True,
) -> tuple[Part, ...]:
    """What `prompt_of` says of each figure, letter for letter, and the region of the page where it holds."""
    if dialect:
        told = figures(Stage(scene, cast, triggers, traits), dialect)
    else:
        known = {one.name: one for one in cast}
        told = [
            capital(_figure(figure, known.get(figure.character, Character(figure.character))))
            for figure in scene.figures
        ]
    return tuple(
        Part(figure.character, words, figure.box) for figure, words in zip(scene.figures, told, strict=True)
    )


def filled(prompt: str, who: Character, trigger: str = "", dialect: Dialect = "", traits: bool = True) -> str:
    """The prompt with somebody in it: in full at the first TARGET, in short at the others and at TARGET's.

    Where only TARGET's stands, he is told before it all. What is fixed about him is left out when he has a trigger and `traits` is
    false. Weights like (hat:1.2) are kept for models that read phrases. Raises `BadInput` when nobody is called.
    """
    if not TARGET.search(prompt):
        near = re.search(r"\btarget\b", prompt, re.IGNORECASE)
        raise BadInput(
            f"there is no TARGET in the prompt {prompt!r}" + (f", only {near[0]!r}" if near else ""),
            'write TARGET in capitals where the person belongs: "TARGET as an astronaut on a cheese moon"',
        )
    stage = Stage(
        Scene("", figures=(Figure(who.name),)), (who,), {who.name: trigger} if trigger else {}, traits
    )
    full, short = stage.full(0, weigh=dialect == "phrases"), stage.short(0)
    while dialect != "phrases" and WEIGHT.search(prompt):
        prompt = WEIGHT.sub(r"\1", prompt)
    first = next((found.start() for found in TARGET.finditer(prompt) if not found["own"]), -1)

    def said(found: re.Match[str]) -> str:
        if found.start() != first:
            return f"{short}'s" if found["own"] else short
        goes_on = re.match(r"\s+[\w(]", prompt[found.end() :])
        return f"{full}," if goes_on and re.search(", | with ", full) else full

    words = TARGET.sub(said, prompt)
    return (
        words if first >= 0 else f"{full}, {words}" if dialect == "phrases" else f"{full}. {capital(words)}"
    )


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
    return ". ".join(capital(part) for part in [*sentences, place]) + "."


def _plain(scene: Scene, cast: tuple[Character, ...], style: str) -> str:
    """What stands in shots for painters that read no prompts; the keys of painted pages depend on every letter."""
    known = {one.name: one for one in cast}
    place = f"{with_article(scene.place)} {TIMES[scene.time]} {WEATHERS[scene.weather]}".strip()
    if scene.props:
        place += ", with " + listed([with_article(prop) for prop in scene.props])
    count = {0: "nobody in the picture", 1: "one figure"}.get(
        len(scene.figures), f"{len(scene.figures)} figures"
    )
    parts = [f"{style}, {FRAMINGS.get(scene.framing, FRAMINGS['medium'])}", place, count]
    parts += [
        _figure(figure, known.get(figure.character, Character(figure.character))) for figure in scene.figures
    ]
    if scene.text_zone:
        parts.append(f"calm empty space at the {Stage(scene, cast, {}).text_side()} of the picture")
    return ". ".join(capital(part) for part in parts) + "."


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
