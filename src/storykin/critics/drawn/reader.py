"""Critics, drawn: what the nets say, in the critic's words."""

import hashlib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storykin.colours import Lab
from storykin.critics import Palette, Question, Reading, Seen, Thing
from storykin.critics.drawn import nets
from storykin.scene import Box

if TYPE_CHECKING:
    from PIL.Image import Image

    from storykin.critics.drawn.looking import Look

WEIGHTS = Path(__file__).parent / "weights.npz"
PEOPLE = frozenset({"child", "grown-up"})
LEAST = 5.0
"""Pixels of a part (of 48 x 48 about the figure and 32 x 32 about the head) from which its colour is told."""
CLOTHES = ("upper", "lower", "hat", "neck")
COAT = ("coat", "belly", "mark")


class DrawnReader:
    """Reads drawn figures: box, head, kind, palettes in plain daylight, traits, vectors, standing height.

    Palettes: "hair", "skin", "clothes" and each garment by itself ("upper", "lower", "hat", "neck": scarf or cape), of animals "coat" and what they wear. Traits:
    "hair_style", "glasses", "hat", "beard", "pattern", "lower", of animals "hat". Vectors: "drawn" (head, hair and kind, not clothes), "drawn hair" where hair can be
    seen, "drawn clothes". `smoothed` is for pictures that went through an autoencoder.
    """

    name = "drawn"
    reads: frozenset[Thing] = frozenset({"figures", "identity", "hair", "skin", "clothes", "height"})
    licence = ""

    def __init__(self, weights: Path = WEIGHTS, smoothed: bool = False) -> None:
        self.weights, self.smoothed = weights, smoothed

    @cached_property
    def revision(self) -> str:
        """The digest of the weights, and for whose pictures they are used."""
        if not self.weights.exists():
            return ""
        return hashlib.sha256(self.weights.read_bytes()).hexdigest()[:12] + (
            " smoothed" if self.smoothed else ""
        )

    def unready(self) -> str:
        """Why it cannot read; "" when it can."""
        if self.weights.exists():
            return ""
        return f"the weights of the reader of drawings are not at {self.weights}: install storykin again"

    @cached_property
    def _ops(self) -> Any:
        from storykin.critics.drawn.plain import PlainOps

        return PlainOps(self.weights)

    def read(self, picture: "Image", question: Question) -> Reading:
        """Everybody it sees in an RGB picture."""
        from storykin.critics.drawn.looking import look

        found, size = look(self._ops, picture.convert("RGB"), self.smoothed)
        return Reading(
            figures=tuple(_seen(one, *size) for one in found),
            read=dict.fromkeys(sorted(self.reads), self.name),
        )

    def close(self) -> None:
        """Forget the weights until they are needed again."""
        self.__dict__.pop("_ops", None)


def _seen(one: "Look", wide: int, high: int) -> Seen:
    chances = {name: _chances(one.told[f"trait {name}"], words) for name, words in nets.TRAITS.items()}
    kind = max(chances["kind"], key=lambda word: chances["kind"][word])
    person = kind in PEOPLE
    if not person:
        chances = {name: chances[name] for name in ("kind", "hat")}
    traits = {
        name: max(words, key=lambda word: words[word]) for name, words in chances.items() if name != "kind"
    }
    left, top, right, bottom = one.box
    head = None
    if one.head:
        x, y, r = one.head
        head = Box((x - 1.25 * r) / wide, (y - 1.45 * r) / high, 2.5 * r / wide, 2.6 * r / high)
    vectors = {"drawn": _vector(one.told["identity"]), "drawn clothes": _vector(one.told["clothes"])}
    hidden = chances.get("hair_style", {}).get("hidden", 0.0) + chances.get("hair_style", {}).get("bald", 0.0)
    if person and one.head and hidden < 0.5:
        vectors["drawn hair"] = _vector(one.told["hair"])
    return Seen(
        Box(left / wide, top / high, (right - left) / wide, (bottom - top) / high), round(one.sure, 4), kind, head,
        _palettes(one, person), traits, chances, vectors, float(_exp(one.told["tall"])) * one.side / high,
    )  # fmt: skip


def _palettes(one: "Look", person: bool) -> dict[str, Palette]:
    """Colours by part, and the garments together as "clothes", the coat's parts as "coat"."""
    amount = {part: float(one.told["amount"][k]) for k, part in enumerate(nets.MEASURED)}
    colours: dict[str, Lab] = {}
    for k, part in enumerate(nets.MEASURED):
        if (
            amount[part] >= LEAST
            and (person or part not in ("hair", "skin", "lower"))
            and not (person and part in COAT)
        ):
            light, a, b = (round(float(value), 2) for value in one.told["colours"][k])
            colours[part] = (min(100.0, max(0.0, light)), a, b)
    found: dict[str, Palette] = {
        part: ((colour, 1.0),) for part, colour in colours.items() if part not in COAT
    }
    for name, parts in (("clothes", CLOTHES), ("coat", COAT)):
        there = sorted((part for part in parts if part in colours), key=lambda part: -amount[part])[:3]
        total = sum(amount[part] for part in there)
        if there:
            found[name] = tuple((colours[part], round(amount[part] / total, 4)) for part in there)
    return found


def _chances(logits: Any, words: tuple[str, ...]) -> dict[str, float]:
    import numpy as np

    raised = np.exp(logits - logits.max())
    return {word: round(float(one), 4) for word, one in zip(words, raised / raised.sum(), strict=True)}


def _vector(values: Any) -> tuple[float, ...]:
    return tuple(round(float(one), 5) for one in values)


def _exp(value: Any) -> float:
    import math

    return math.exp(float(value))
