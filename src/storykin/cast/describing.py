"""Cast: a look from a person's own words: "short red hair, green eyes, freckles" or "purple, with a yellow hat"."""

import re
from dataclasses import replace

from storykin.character import Look

STYLES = (
    "short",
    "long",
    "curly",
    "wavy",
    "straight",
    "bald",
    "braided",
    "frizzy",
    "shaggy",
    "afro",
    "bob",
    "shoulder-length",
)
STYLE_NOUNS = ("ponytail", "braids", "plaits", "pigtails", "bun", "bob", "afro", "dreadlocks", "curls")
BUILDS = ("small", "tall", "slim", "slender", "round", "chubby", "stout", "strong", "tiny", "big", "plump")


def look_of(words: str, look: Look) -> Look:
    """The look with what the words say put into its fields; what fits no field becomes an extra, so nothing is lost.

    For an animal or a creature the first words that name no part are its colour.
    """
    extras = list(look.extras)
    for clause in _clauses(words):
        look, taken = _told(clause, look)
        if not taken:
            extras.append(clause)
    return replace(look, extras=tuple(dict.fromkeys(extras)))


def _clauses(words: str) -> list[str]:
    """The parts of a description; "and" divides only where both sides name a part of their own."""
    parts = re.split(
        r"[,;]|\bwith\b|\band (?=[\w -]*(?:hair|eyes|skin|glasses|hat|nose|ears?|freckles)\b)", words
    )
    return [
        re.sub(r"^(an?|the|has|have|wears?|wearing|and)\s+", "", part.strip(" ."))
        for part in parts
        if part.strip(" .")
    ]


def _told(clause: str, look: Look) -> tuple[Look, bool]:
    """The look with one clause in its field, and whether there was a field for it."""
    lowered = clause.lower()
    if match := re.fullmatch(r"(.*?)\s*\b(hair|fur on (?:its|the) head|mane|markings)", lowered):
        style = " ".join(word for word in re.split(r"[\s]+", match[1]) if word in STYLES)
        colour = " ".join(word for word in match[1].split() if word not in STYLES)
        return replace(
            look, hair_style=style or look.hair_style, hair_colour=colour or look.hair_colour
        ), True
    if any(re.search(rf"\b{noun}\b", lowered) for noun in STYLE_NOUNS) and look.is_person:
        return replace(look, hair_style=lowered), True
    if lowered in {"bald", "no hair"}:
        return replace(look, hair_style="bald"), True
    if match := re.fullmatch(r"(.*?)\s*\beyes?", lowered):
        return replace(look, eyes=match[1]), True
    if match := re.fullmatch(r"(.*?)\s*\b(skin|coat|fur|feathers|scales|shell)", lowered):
        return replace(look, skin=match[1]), bool(match[1])
    if match := re.fullmatch(r"(.*?)\s*\b(glasses|spectacles)", lowered):
        return replace(look, glasses=match[1] or "round"), True
    if look.is_person and lowered in BUILDS:
        return replace(look, build=lowered), True
    if not look.is_person and not look.skin:
        return _coloured(re.sub(rf"\s*\b{re.escape(look.kind.lower())}\b", "", lowered), look)
    return look, False


def _coloured(words: str, look: Look) -> tuple[Look, bool]:
    """A creature's build and colour: "small light brown"."""
    build = " ".join(word for word in words.split() if word in BUILDS)
    colour = " ".join(word for word in words.split() if word not in BUILDS)
    fits = len(colour.split()) <= 3
    return (replace(look, skin=colour, build=build or look.build), True) if fits else (look, False)
