"""Consistency: the methods beyond words, each a function from shot to shot, and how they are joined.

Every rung stands on the one before: words, a start image, what was taught, reference pictures. No painter is known here, only its powers.
"""

from dataclasses import replace

from storykin.character import Adapter
from storykin.colours import colour_word
from storykin.consistency import Method, Setting, chain
from storykin.consistency.closeups import with_closeups
from storykin.consistency.prompts import by_prompt, parts_of, prompt_of
from storykin.consistency.styles import Style, style_of
from storykin.consistency.wording import listed
from storykin.errors import BadInput
from storykin.shot import PlacedAdapter, Shot

TOGETHER = 0.85
"""How far a picture with several taught people may leave its sketch: it gives each of them her place, and nothing of its colours stays."""
SMALL = 0.5
"""The same where people are painted once more from near by: the picture gives them room and light, and they must stand where they are looked at."""
LARGEST_REFERENCES = 4  # pictures; more make editing models mix people up


def by_img2img(shot: Shot, setting: Setting) -> Shot:
    """Begin with a picture: the photo given for this page, else where the setting says ("sketch" when it says nothing)."""
    photo = dict(setting.photos).get(shot.page, "")
    start = photo or ("sketch" if setting.start == "" else "" if setting.start == "none" else setting.start)
    return replace(shot, init_image=start, strength=setting.strength) if start else shot


def by_lora(shot: Shot, setting: Setting) -> Shot:
    """Let everybody who was taught be painted by their adapter, each in their own place where others are on stage."""
    taught = {who: one for who in _on_stage(shot) if (one := adapter_of(who, setting))}
    style = style_for(shot.art, setting)
    in_style = style.adapter(setting.adapters_of)
    if not taught and in_style is None:
        return shot
    alone = len(shot.scene.figures) == 1
    regions = {figure.character: None if alone else figure.box for figure in shot.scene.figures}
    placed = [PlacedAdapter(one, regions[who], who) for who, one in taught.items()]
    if in_style is not None:
        placed.append(PlacedAdapter(in_style))
    triggers = {who: one.trigger for who, one in taught.items()}
    told = shot.scene, shot.cast
    spoken = prompt_of(*told, style.called(in_style), setting.dialect, triggers)
    parts = parts_of(*told, setting.dialect, triggers) if shot.parts else ()
    return replace(shot, prompt=spoken, parts=parts, adapters=tuple(placed), apart=setting.apart)


def by_reference(shot: Shot, setting: Setting) -> Shot:
    """Show the painter pictures of those on stage; one that paints from pictures only is given the sketch where there are none."""
    known = {one.name: one for one in setting.known}
    shown: list[str] = []
    names: list[str] = []
    for figure in shot.scene.figures:
        who = known.get(figure.character)
        if who is not None and who.references and len(shown) < LARGEST_REFERENCES:
            shown.append(who.references[0])
            names.append(f"picture {len(shown)} shows {_called(shot, who.name)}")
    if not shown:
        return replace(shot, references=("sketch",)) if _only_from_pictures(setting) else shot
    if (
        setting.dialect == "phrases"
    ):  # Stable Diffusion looks at all of them at once, and cannot keep regions apart meanwhile
        return replace(shot, references=tuple(shown[:1]), parts=())
    told = f"{listed(names)}; paint them in the style and place described, not copied. "
    return replace(shot, references=tuple(shown), prompt=told[0].upper() + told[1:] + shot.prompt)


def by_outfit(shot: Shot, setting: Setting) -> Shot:
    """Say the colours of each outfit beside its words, so that it stays the same on every page."""
    prompt, parts = shot.prompt, list(shot.parts)
    for figure in shot.scene.figures:
        outfit = shot.character(figure.character).outfit(figure.outfit)
        words = colour_word(outfit.words, "clothes")
        colours = [colour for one in outfit.palette if (colour := colour_word(one)) and colour not in words]
        own = [part.words for part in parts if part.character == figure.character]
        if not colours or prompt.count(words) != 1 or (own and words not in own[0]):
            continue
        more = f"{words} in {listed(colours)}"
        prompt = prompt.replace(words, more)
        parts = [
            replace(part, words=part.words.replace(words, more))
            if part.character == figure.character
            else part
            for part in parts
        ]
    return replace(shot, prompt=prompt, parts=tuple(parts))


def by_closeup(shot: Shot, setting: Setting) -> Shot:
    """Paint those who are small in the picture once more from near by, each alone and by the adapter that they have."""
    taught = [by_lora] if shot.adapters else []
    return with_closeups(shot, setting, chain(by_prompt, *taught, by_outfit))


def by_best(shot: Shot, setting: Setting) -> Shot:
    """What works best of what characters and painter allow: adapters, else references, always words and outfits; photos where they are given.

    A picture with several taught people begins with the sketch, unless the setting says otherwise: masks keep people apart, and the sketch
    puts them where their masks are. Who is too small for the painter is painted once more from near by.
    """
    found = by_prompt(shot, setting)
    if "adapters" in setting.powers:
        found = by_lora(
            found, setting if "several_adapters" in setting.powers else _one_taught(shot, setting)
        )
    if not found.adapters and "references" in setting.powers:
        found = by_reference(found, setting)
    if setting.dialect:  # who reads no prompts is told as ever: keys of painted pages depend on it
        found = by_outfit(found, setting)
    if "init_image" not in setting.powers:
        return found
    people = sum(one.region is not None for one in found.adapters)
    small = setting.closer > 0 and bool(by_closeup(found, setting).closeups)
    if shot.page in dict(setting.photos) or setting.start in {"sketch", "before"}:
        found = by_img2img(found, setting)
    elif (people > 1 or small) and setting.start == "":
        found = replace(found, init_image="sketch", strength=SMALL if small else TOGETHER)
    return by_closeup(found, setting) if small else found


METHODS: dict[str, Method] = {
    "prompt": by_prompt,
    "outfit": by_outfit,
    "img2img": by_img2img,
    "lora": by_lora,
    "reference": by_reference,
    "closeup": by_closeup,
}
"""By the names that `--consistency` joins with +; words always come first."""


def method_of(words: str = "") -> Method:
    """The methods that words like "prompt+lora" name, joined; "" or "best" for `by_best`. Raises `BadInput` that names all."""
    if words in {"", "best"}:
        return by_best
    names = [name.strip() for name in words.split("+")]
    for name in names:
        if name not in METHODS:
            raise BadInput(
                f"there is no method of consistency {name!r}",
                f"join some of {', '.join(METHODS)} with +, such as prompt+lora, or leave it out for the best",
            )
    order = [
        "prompt",
        *(name for name in ("lora", "outfit", "reference", "img2img", "closeup") if name in names),
    ]
    return chain(*(METHODS[name] for name in order))


def adapter_of(name: str, setting: Setting) -> Adapter | None:
    """The adapter of a character that fits the painter, the newest of the family that fits best."""
    who = next((one for one in setting.known if one.name == name), None)
    for family in setting.adapters_of:
        fitting = [one for one in (who.adapters if who else ()) if one.family == family]
        if fitting:
            return fitting[0]  # training puts the newest first
    return None


def style_for(art: str, setting: Setting) -> Style:
    """The style of that name, of the book's own ones or the package's."""
    return setting.styles.get(art) or style_of(art)


def _on_stage(shot: Shot) -> tuple[str, ...]:
    return tuple(dict.fromkeys(figure.character for figure in shot.scene.figures))


def _one_taught(shot: Shot, setting: Setting) -> Setting:
    """The setting as if of those on stage only the first who was taught had been: for painters that take one person's adapter at a time."""
    first = next((who for who in _on_stage(shot) if adapter_of(who, setting)), "")
    return replace(setting, known=tuple(one for one in setting.known if one.name == first))


def _only_from_pictures(setting: Setting) -> bool:
    return "references" in setting.powers and "init_image" not in setting.powers


def _called(shot: Shot, name: str) -> str:
    from storykin.consistency.wording import described

    return described(shot.character(name).look)
