"""Painters, sketch: things. One SVG file per thing in `props/`, and for every other word the nearest of them.

In the files, y = 0 is the ground, units are centimetres, and `$main`, `$light`, `$dark`, `$line` stand
for the thing's own colour and its shades, so that a purple tractor is drawn purple.
"""

import difflib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from pathlib import Path

from storykin.painters.sketch.drawn import Drawn
from storykin.painters.sketch.ink import COLOURS, colour, shade

HERE = Path(__file__).parent
RIDER = "<!--rider-->"
"""Stands in a drawing between what is behind and what is before somebody who rides in it."""
RAINBOW = ("red", "orange", "yellow", "green", "blue", "purple")
NOT_HUES = {
    "light",
    "dark",
    "deep",
    "fair",
    "medium",
    "rosy",
    "honey",
    "sand",
    "rust",
    "light brown skin",
    "brown skin",
}
MEASURES = {"piece", "pair", "slice", "bit", "lot", "kind", "sort", "set", "bunch", "group", "row", "load", "stack", "couple",
            "handful", "number", "part", "cup", "glass", "bottle", "tray", "plate", "jar", "pile", "heap", "lots"}  # fmt: skip
MAKERS = ("machine", "maker", "house", "tree", "box", "bag", "book", "berry", "cake", "hat", "boat", "car", "ball", "pot",
          "light", "lamp", "stone", "chair", "table", "bed", "coat", "shoe", "fish", "paper", "board", "bell")  # fmt: skip


@dataclass(frozen=True)
class Thing:
    """One drawing file: size in centimetres, its own colour, where it belongs ("floor", "table", "wall", "hung", "air", "hand")."""

    svg: str
    width: float
    height: float
    main: str
    stands: str
    grip: tuple[float, float]
    seat: tuple[float, float]


@cache
def things() -> dict[str, Thing]:
    """Everything that is drawn, by name."""
    return {
        path.stem: _thing(path.read_text(encoding="utf-8")) for path in sorted((HERE / "props").glob("*.svg"))
    }


def _thing(text: str) -> Thing:
    head, _, inner = text.partition(">")
    given = dict(re.findall(r'([\w-]+)="([^"]*)"', head))
    _, _, width, height = map(float, given["viewBox"].split())
    svg = inner.rpartition("</svg>")[0].replace("\n", "")
    return Thing(svg, width, height, given["data-main"], given["data-stands"],
                 _point(given.get("data-grip", f"0 {-height / 2}")), _point(given.get("data-seat", f"0 {-height / 2}")))  # fmt: skip


def _point(text: str) -> tuple[float, float]:
    x, y = map(float, text.split())
    return x, y


def prop(words: str) -> Drawn:
    """The thing that words name, or the nearest one in meaning, in the colour that they name."""
    name, own = _nearest(words)
    thing = things()[name]
    rest = _without(words, name)
    hue = (
        "rainbow"
        if "rainbow" in rest and name != "rainbow"
        else _hue(rest) or (colour(own) if own else thing.main)
    )
    return Drawn(_coloured(thing.svg, hue), thing.width, thing.height, thing.grip, thing.seat)


def prop_of(words: str) -> str:
    """The name of the drawn thing nearest in meaning to any words."""
    return _nearest(words)[0]


def known(words: str) -> bool:
    """Whether words name a thing that is drawn as such or has a settled neighbour, so that no guess is needed."""
    return _settled(words) is not None


def stands(words: str) -> str:
    """Where the thing belongs: "floor", "table", "wall", "hung", "air" or "hand"."""
    return things()[prop_of(words)].stands


def _coloured(svg: str, hue: str) -> str:
    if hue != "rainbow":
        return _shaded(svg, hue)
    hues = cycle(RAINBOW)
    parts = re.split(r'(?=<[a-z]+ [^>]*fill="\$(?:main|light)")', svg)
    painted = [_shaded(parts[0], COLOURS["red"])]
    return "".join(
        [*painted, *(_shaded(part.replace("$light", "$main"), COLOURS[next(hues)]) for part in parts[1:])]
    )


def _shaded(svg: str, hue: str) -> str:
    shades = {"main": hue, "light": shade(hue, 0.38), "dark": shade(hue, -0.13), "line": shade(hue, -0.32)}
    return re.sub(r"\$(main|light|dark|line)", lambda found: shades[found[1]], svg)


def _hue(words: str) -> str:
    found = [name for name in COLOURS if name not in NOT_HUES and re.search(rf"\b{name}\b", words)]
    return COLOURS[max(found, key=len)] if found else ""


@cache
def _meanings() -> dict[str, tuple[str, str]]:
    """Word or phrase -> (drawing, colour); drawings' own names win."""
    with (HERE / "nearest.toml").open("rb") as file:
        table: dict[str, list[str]] = tomllib.load(file)
    meanings = {}
    for name, words in table.items():
        for word in words:
            phrase, _, hue = word.partition(":")
            meanings[phrase] = (name, hue)
    return meanings | {name.replace("_", " "): (name, "") for name in things()}


def _words(words: str) -> list[str]:
    plain = re.sub(r"['’]", "", words.lower().replace("-", " ").replace("_", " "))
    return re.findall(r"[a-zà-ÿ0-9]+", plain)


def _one(word: str) -> tuple[str, ...]:
    """A word and what it may be the plural of."""
    if word.endswith("ies") and len(word) > 4:
        return word, word[:-3] + "y", word[:-1]
    if word.endswith("ves"):
        return word, word[:-3] + "f", word[:-3] + "fe", word[:-1]
    if word.endswith("es"):
        return word, word[:-1], word[:-2]
    return (word, word[:-1]) if word.endswith("s") and not word.endswith("ss") else (word,)


def _spans(tokens: list[str]) -> list[tuple[str, ...]]:
    """Runs of words, the longest first; of equal runs the last first, since English puts the noun last."""
    count = len(tokens)
    return [
        tuple(tokens[end - long : end])
        for long in range(min(count, 5), 0, -1)
        for end in range(count, long - 1, -1)
    ]


def _phrase(tokens: list[str]) -> tuple[str, str, tuple[str, ...]] | None:
    """The nearest drawing for words before a preposition: whole phrases first, then the noun."""
    meanings = _meanings()
    for span in _spans(tokens):
        for last in _one(span[-1]):
            for first in (span[:-1], tuple(_one(word)[-1] for word in span[:-1])):
                phrase = " ".join((*first, last))
                if phrase in meanings and not (
                    len(span) == 1 and span[0] in COLOURS and len(tokens) > 1 and span[0] != tokens[-1]
                ):
                    return (*meanings[phrase], span)
    return None


@cache
def _settled(words: str) -> tuple[str, str, tuple[str, ...]] | None:
    tokens = _words(words)
    for span in _spans(tokens):  # "bowl of porridge", "house of straw", "message in a bottle"
        if len(span) > 2 and not {"of", "in", "and", "with", "a", "or"}.isdisjoint(span[1:-1]):
            found = _meanings().get(" ".join(span)) or _meanings().get(
                " ".join((*span[:-1], _one(span[-1])[-1]))
            )
            if found:
                return (*found, span)
    cut = next((i for i, word in enumerate(tokens) if word in ("of", "with", "in", "on", "from", "for", "full", "to", "at", "by",
                "under", "that", "which", "who", "and")), len(tokens))  # fmt: skip
    head, rest = tokens[:cut], tokens[cut + 1 :]
    if head and head[-1] in MEASURES | {word + "s" for word in MEASURES} and rest and tokens[cut] == "of":
        found_rest = _phrase(rest)
        if found_rest:
            return found_rest
    return _head(head) or (_head(rest) if not head or tokens[cut : cut + 1] == ["of"] else None)


def _head(tokens: list[str]) -> tuple[str, str, tuple[str, ...]] | None:
    """As `_phrase`, if the run of words it finds ends with the noun, or with the noun's own tail ("toolshed")."""
    if not tokens:
        return None
    meanings = _meanings()
    for long in range(min(4, len(tokens)), 0, -1):
        span = tuple(tokens[-long:])
        for last in _one(span[-1]):
            for first in (span[:-1], tuple(_one(word)[-1] for word in span[:-1])):
                phrase = " ".join((*first, last))
                if phrase in meanings:
                    return (*meanings[phrase], span)
    for last in _one(tokens[-1]):
        tails = [
            name for name in meanings if len(name) > 3 and len(last) > len(name) + 2 and last.endswith(name)
        ]
        tails += [
            name for name in MAKERS if name in meanings and len(last) > len(name) + 1 and last.endswith(name)
        ]
        if tails:
            return (*meanings[max(tails, key=len)], (tokens[-1],))
    return None


@cache
def _nearest(words: str) -> tuple[str, str]:
    found = _settled(words)
    if found is None:
        tokens = [
            word
            for word in _words(words)
            if word not in ("a", "an", "the", "of", "my", "with", "and", "in", "on")
        ]
        found = _phrase(tokens)
        if found is None and tokens:
            near = difflib.get_close_matches(tokens[-1], _meanings(), n=1, cutoff=0.86)
            found = (*_meanings()[near[0]], (tokens[-1],)) if near else None
    return (found[0], found[1]) if found else ("present", "")


def _without(words: str, name: str) -> str:
    """The words that are left to name a colour, once those that named the thing are taken away."""
    found = _settled(words)
    tokens = _words(words)
    used = set(found[2]) if found else set(tokens[-1:])
    used |= set(name.split("_")) if len(tokens) > 1 else set()
    return " ".join(word for word in tokens if word not in used)
