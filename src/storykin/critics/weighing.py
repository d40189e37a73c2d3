"""Critics: one figure held against the pictures that show whom it should be: how far off it is in each respect, by the gate.

The words for parents are made here; what is to be concluded from them is `judging`'s.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from storykin.character import GROWN_UPS, PEOPLE
from storykin.colours import COAT, Lab, clothes_word, hair_word, nearest_word, skin_word
from storykin.critics import Palette, Seen
from storykin.critics.matching import alike, apart, likeness
from storykin.critics.measures import palette_distance
from storykin.critics.overlay import Laid
from storykin.critics.thresholds import gate

Respect = tuple[float, str]
"""How far off by the gate (above 1 is beyond it), and a sentence about it."""

TRAITS = ("glasses", "beard")
"""Traits that belong to a person like the skin does: hair may be done otherwise, these are there or not."""
BODY = ("kind", "skin", *TRAITS)
GARMENTS = ("upper", "lower", "hat", "neck")
"""Palettes of single garments, of readers that tell them apart."""


@dataclass(frozen=True)
class Held:
    """A figure by respects: "looks", "hair", "clothes", "skin", "kind", "glasses" …; what is missing was not read, `unread` says why.

    `space` is that of the vectors behind "looks". `beast` is true where both are animals. `settled` says whether it is somebody else where that is
    known better than by reading.
    """

    respects: Mapping[str, Respect] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)
    space: str = ""
    beast: bool = False
    settled: bool | None = None

    def ratio(self, respect: str) -> float | None:
        """How far off by the gate; None where it was not read."""
        return self.respects[respect][0] if respect in self.respects else None

    def why(self, respect: str) -> str:
        """The sentence where it is beyond the gate, else ""."""
        return self.respects[respect][1] if self._beyond(respect) else ""

    @property
    def worst(self) -> float:
        """How far off it is where it is furthest off."""
        return max((ratio for ratio, _ in self.respects.values()), default=0.0)

    @property
    def body(self) -> float:
        """How far skin, kind, glasses and beard together are from those of the references, by the gate."""
        return _diagonal([self.respects[one][0] for one in BODY if one in self.respects])

    @property
    def stranger(self) -> bool:
        """Whether this is another person rather than the same one with other hair or in other clothes.

        Drawn hair is part of what somebody looks like and a hat changes a head, so that other hair or clothes excuse a little; a face says
        nothing of them. An animal is its coat: in another one it is the same as long as it is the same animal.
        """
        if self.settled is not None:
            return self.settled
        looks, hair, clothes = self.ratio("looks") or 0.0, self._beyond("hair"), self._beyond("clothes")
        if self.space == "face":
            return looks > 1
        if self.beast:
            return self._beyond("kind") or (looks > 1 and not hair)
        if looks > gate("looks.stranger"):
            return True
        if hair and clothes and _diagonal([looks, self.body]) > gate("looks.both"):
            return True
        if hair or clothes:
            return self.body > 1 or (looks > 1 and clothes)
        return _diagonal([looks, self.body]) > 1

    @property
    def why_stranger(self) -> str:
        """What tells that it is another one."""
        told = sorted(((far, why) for one, (far, why) in self.respects.items() if one in ("looks", *BODY)), reverse=True)  # fmt: skip
        return "; ".join(why for far, why in told[:2] if far >= 0.6 * told[0][0])

    def _beyond(self, respect: str) -> bool:
        return respect in self.respects and self.respects[respect][0] > 1


def compared(seen: Seen, references: Sequence[Seen], name: str) -> Held:
    """Hold a figure against pictures that are known to show `name`."""
    if not references:
        why = "there is no picture of them to compare with"
        return Held({}, dict.fromkeys(("looks", "hair", "clothes"), why))
    found: dict[str, Respect] = {}
    unread: dict[str, str] = {}
    similarity, space = likeness(seen, references)
    if similarity is not None:
        least = gate("looks.alike", space)
        found["looks"] = ((1 - similarity) / (1 - least), f"likeness {similarity:.2f}, at least {least:.2f}")
    else:
        unread["looks"] = "no face or figure that a reader could compare"
    _person(found, seen, references, space)
    hair = _hair(seen, references, name, space)
    if isinstance(hair, str):
        unread["hair"] = hair
    else:
        found["hair"] = hair
    if (_another(seen, references, "hat") or 0.0) > gate("clothes.hat"):
        unread["hair"] = (
            "the hat is another"  # which is the clothes' fault; and it hides and shows what it likes
        )
        for respect in ("hair", *TRAITS):
            found.pop(respect, None)
    clothes = _clothes(seen, references, name, space)
    if clothes:
        found["clothes"] = clothes
    elif _is_person(references):
        unread["clothes"] = "too little of them is seen"
    return Held(found, unread, space, _beasts(seen, references))


def as_drawn(held: Held) -> Held:
    """Somebody of whom no pixel is otherwise: what readers read of them is right."""
    return replace(held, respects=dict.fromkeys(held.respects, (0.0, "")), settled=False)


def weighed(laid: Laid, held: Held, factor: float | None, is_person: bool) -> tuple[Held, float | None]:
    """What readers say of a figure with what its pixels say, and by how much it is too large or small: where no pixel of the hair is otherwise, the hair is right."""
    respects = dict(held.respects)
    face, clothes = laid.part("skin"), laid.part("clothes") > gate("overlay.clothes")
    dressed = clothes and (
        laid.foreign > gate("overlay.foreign") or laid.part("clothes") > gate("overlay.dressed")
    )
    redressed = (
        is_person and dressed and "hair" in laid.changed and laid.part("hair") <= gate("overlay.moved")
    )
    hair = laid.part("hair") > gate("overlay.hair") or laid.part("coat") > gate("overlay.coat")
    hair = hair or laid.locks > gate("overlay.locks")
    if (
        laid.part("hair") > gate("overlay.lock")
        and gate("overlay.face") < face <= gate("overlay.skin")
        and not clothes
    ):
        hair = True  # other hair falls into the face
    if laid.told.startswith("height"):
        return replace(as_drawn(held), settled=False), float(laid.told.split()[1])
    whole = _moved(laid, is_person, held.stranger)
    if not hair:
        respects["hair"] = (0.0, "")
    elif not whole and face <= gate("overlay.skin") and not (is_person and dressed):
        _at_least(respects, "hair", "hair is otherwise than in the drawing")
    if not clothes or not (is_person or dressed):
        respects["clothes"] = (0.0, "")
    elif not whole and is_person and dressed and (face <= gate("overlay.skin") or not hair or redressed):
        _at_least(respects, "clothes", "clothes are otherwise than in the drawing")
    told = replace(held, respects=respects)
    if whole:  # no other size explains it: somebody else, or the same in hair and clothes of which readers say something
        unsaid = not (told.stranger or told.why("hair") or told.why("clothes"))
        surely = unsaid or not is_person or min(laid.part("hair"), face) > gate("overlay.stranger")
        return replace(told, settled=True if surely else told.settled), None
    settled = told.settled
    if not is_person or redressed or face <= gate("overlay.fringe"):
        settled = False  # a hat, a hood or sleeves cover hair, face and hands
    elif hair and not clothes and face > gate("overlay.skin"):
        settled = True
    return replace(told, settled=settled), None if factor is None else 1.0


def _moved(laid: Laid, is_person: bool, stranger: bool) -> bool:
    """Whether somebody is otherwise as a whole: larger or smaller, or another one, as which readers may have taken them."""
    if is_person:
        return min(laid.part("hair"), laid.part("skin"), laid.part("clothes")) > gate("overlay.moved")
    outline, features = laid.around > gate("overlay.outline"), laid.part("clothes")
    if laid.part("coat") > gate("overlay.moved"):
        elsewhere = outline or laid.gone > gate("overlay.moved")
        return (
            laid.around > gate("overlay.beyond")
            or features > gate("overlay.anew")
            or (elsewhere and features > gate("overlay.features"))
        )
    return stranger and outline and laid.part("all") > gate("overlay.moved")  # in white, before white


def _at_least(respects: dict[str, Respect], name: str, why: str) -> None:
    ratio, said = respects.get(name, (0.0, ""))
    respects[name] = (max(ratio, 1.5), said or why)


def same_kind(seen: Seen, references: Sequence[Seen]) -> bool:
    """Whether a child stands for a child, a grown-up for a grown-up, a dog for a dog; True where it was not read."""
    groups = {_group(one.kind) for one in references if one.kind}
    return not seen.kind or not groups or _group(seen.kind) in groups


def _group(kind: str) -> str:
    if kind in (*GROWN_UPS, "grown-up"):
        return "grown-up"
    return "child" if kind in PEOPLE else kind


def _beasts(seen: Seen, references: Sequence[Seen]) -> bool:
    return not {_group(one.kind) for one in (seen, *references)} & {"child", "grown-up", ""}


def _is_person(references: Sequence[Seen]) -> bool:
    return any(_group(one.kind) in ("child", "grown-up", "") for one in references)


# --- who it is --------------------------------------------------------------------------------------------


def _person(found: dict[str, Respect], seen: Seen, references: Sequence[Seen], space: str) -> None:
    changed = _other_kind(seen, references)
    if changed is not None:
        said = f"it is a {seen.kind}, not a {_common(references)}" if not same_kind(seen, references) else f"it is no {seen.kind} like the one that it should be"  # fmt: skip
        name = "looks.beast" if _beasts(seen, references) else "looks.kind"
        found["kind"] = (changed / gate(name), said)
    far = apart(seen, references, "skin")
    if far is not None:
        most = _most("looks.skin", references, "skin", space)
        said = _differing(seen, references, "skin", skin_word)
        found["skin"] = (far / most, f"the skin is {said} (ΔE {far:.0f}, at most {most:.0f})")
    for trait in TRAITS:
        changed = _another(seen, references, trait)
        if changed is not None:
            words = sorted({one.traits[trait] for one in references if trait in one.traits})
            said = f"{trait}: {seen.traits.get(trait)}, not {' or '.join(words)} ({changed:.0%} otherwise)"
            found[trait] = (changed / gate("looks.trait"), said)


def _other_kind(seen: Seen, references: Sequence[Seen]) -> float | None:
    """`_another` for kinds, where girls and boys are children and women and men are grown up."""
    grouped = []
    for one in (seen, *references):
        chances: dict[str, float] = {}
        for kind, chance in _chances(one, "kind").items():
            chances[_group(kind)] = chances.get(_group(kind), 0.0) + chance
        grouped.append(chances)
    known = [one for one in grouped[1:] if one]
    return min((_variation(grouped[0], one) for one in known), default=None) if grouped[0] else None


def _common(references: Sequence[Seen]) -> str:
    kinds = [one.kind for one in references if one.kind]
    return max(kinds, key=kinds.count)


def _another(seen: Seen, references: Sequence[Seen], trait: str) -> float | None:
    """How much of what a reader thinks of a trait is otherwise than in the nearest reference, 0 to 1; None where it was not read.

    The total variation between the chances of the words: a reader that doubts here doubts there, too.
    """
    own = _chances(seen, trait)
    known = [chances for one in references if (chances := _chances(one, trait))]
    return min((_variation(own, chances) for chances in known), default=None) if own else None


def _chances(seen: Seen, trait: str) -> Mapping[str, float]:
    word = seen.kind if trait == "kind" else seen.traits.get(trait, "")
    return seen.chances.get(trait, {word: 1.0} if word else {})


def _variation(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return 0.5 * sum(abs(one.get(word, 0.0) - other.get(word, 0.0)) for word in one.keys() | other.keys())


# --- hair, fur and clothes --------------------------------------------------------------------------------


BARE = frozenset({"bald", "none"})


def shows_hair(seen: Seen) -> bool:
    """Whether no hat hides the hair, as far as that was read; a bald head hides nothing."""
    return seen.traits.get("hair_style") != "hidden"


def _hair(seen: Seen, references: Sequence[Seen], name: str, space: str) -> Respect | str:
    """How far off hair (of animals the coat) is, or why that cannot be told."""
    if not seen.palettes.get("hair") and seen.palettes.get("coat"):
        return _coat(seen, references, name, space)
    known = [one for one in references if shows_hair(one)]
    if not shows_hair(seen) or not known:
        return _what_looks_out(seen, references, name, space)
    if all(one.traits.get("hair_style") in BARE for one in (seen, *known)):
        return "there is none"
    ratios: list[Respect] = []
    far = apart(seen, known, "hair")
    if far is not None:
        most = _most("hair.colour", known, "hair", space)
        ratios.append((far / most, f"ΔE {far:.0f}, at most {most:.0f}"))
    for trait in ("hair_style", "hair_length"):
        other = _another(seen, known, trait)
        if other is not None:
            most = gate("hair.style")
            ratios.append((other / most, f"style {other:.0%} otherwise, at most {most:.0%}"))
    value = alike(seen, known, "drawn hair")
    if value is not None:
        least = gate("hair.alike")
        ratios.append(((1 - value) / (1 - least), f"likeness of the hair {value:.2f}, at least {least:.2f}"))
    if not ratios:
        return "their hair was not read"
    ratio, number = _together(ratios)
    mine, theirs = _hair_words(seen), _hair_words(_nearest(seen, known, "hair"))
    how = f"{mine}, not {theirs}" if mine != theirs else f"{mine}, but not as it should be"
    return ratio, f"{name}'s hair is {how} ({number})"


def _what_looks_out(seen: Seen, references: Sequence[Seen], name: str, space: str) -> Respect | str:
    """The colour of hair below a hat, where some is seen both here and in the references."""
    far = apart(seen, [one for one in references if not shows_hair(one)], "hair")
    if far is None or shows_hair(seen):
        return "a hat or a hood hides it"
    most = _most("hair.colour", references, "hair", space) * gate("hair.peeping")
    said = _differing(seen, references, "hair", hair_word)
    return far / most, f"{name}'s hair is {said} (ΔE {far:.0f}, at most {most:.0f})"


def _coat(seen: Seen, references: Sequence[Seen], name: str, space: str) -> Respect | str:
    far = apart(seen, references, "coat")
    if far is None:
        return "their coat was not read"
    most = _most("hair.coat", references, "coat", space)
    said = _differing(seen, references, "coat", lambda lab: nearest_word(lab, COAT))
    return far / most, f"{name}'s coat is {said} (ΔE {far:.0f}, at most {most:.0f})"


def _hair_words(seen: Seen) -> str:
    own = seen.palettes.get("hair")
    words = [hair_word(own[0][0])] if own else []
    style = seen.traits.get("hair_style", seen.traits.get("hair_length", ""))
    return " and ".join([*words, *([style] if style else [])]) or "another"


def _clothes(seen: Seen, references: Sequence[Seen], name: str, space: str) -> Respect | None:
    seen = _as_far_as_shown(seen, space)
    ratios = _garments(seen, references, space)
    far = apart(seen, references, "clothes")
    if far is not None and not ratios:
        most = _most("clothes.colour", references, "clothes", space)
        ratios.append((far / most, f"ΔE {far:.0f}, at most {most:.0f}"))
    value = alike(seen, references, "drawn clothes")
    if value is not None:
        least = gate("clothes.alike")
        ratios.append(((1 - value) / (1 - least), f"likeness of the clothes {value:.2f}, at least {least:.2f}"))  # fmt: skip
    for trait in ("pattern", "lower", "hat"):
        other = _another(seen, references, trait)
        if other is not None:
            most = gate("clothes.trait")
            ratios.append((other / most, f"{trait} {other:.0%} otherwise, at most {most:.0%}"))
    if not ratios:
        return None
    ratio, number = _together(ratios)
    return ratio, f"{name}'s clothes are {_differing(seen, references, 'clothes', clothes_word)} ({number})"


def _garments(seen: Seen, references: Sequence[Seen], space: str) -> list[Respect]:
    """How far off each garment's colour is, where garments were told apart; the less of it is seen, the less it counts."""
    shares = dict(seen.palettes.get("clothes", ()))
    found = []
    for garment in GARMENTS:
        far = apart(seen, references, garment)
        if far is not None:
            most = gate("clothes.garment", space)
            seen_enough = min(1.0, shares.get(seen.palettes[garment][0][0], 0.0) / gate("clothes.share"))
            found.append((far / most * seen_enough, f"{garment} ΔE {far:.0f}, at most {most:.0f}"))
    return found


def _as_far_as_shown(seen: Seen, space: str) -> Seen:
    """Without what looks like a lower garment where the picture's edge cuts somebody off and it is the rest of the upper one."""
    upper, lower = (seen.palettes.get(garment) for garment in ("upper", "lower"))
    if not upper or not lower or seen.box.bottom < 1 - gate("clothes.cut"):
        return seen
    if palette_distance(upper, lower) > gate("clothes.garment", space):
        return seen
    return replace(
        seen,
        palettes={part: one for part, one in seen.palettes.items() if part != "lower"},
        traits={trait: word for trait, word in seen.traits.items() if trait != "lower"},
        chances={trait: one for trait, one in seen.chances.items() if trait != "lower"},
    )


def _together(ratios: Sequence[Respect]) -> Respect:
    """Several differences as one, and the numbers of those that matter."""
    told = sorted(ratios, reverse=True)
    said = "; ".join(number for ratio, number in told[:3] if ratio >= 0.6 * told[0][0])
    return _diagonal([ratio for ratio, _ in ratios]), said


def _diagonal(ratios: Sequence[float]) -> float:
    """Differences add up like the sides of a box to its diagonal, so that the greatest counts most."""
    power = gate("looks.power")
    total: float = sum(max(0.0, ratio) ** power for ratio in ratios) ** (1 / power)
    return total


def _nearest(seen: Seen, references: Sequence[Seen], region: str) -> Seen:
    """The reference whose region is nearest in colour; the first where none was read."""
    far = {index: apart(seen, [one], region) for index, one in enumerate(references)}
    known = {index: value for index, value in far.items() if value is not None}
    return references[min(known, key=lambda index: known[index])] if known else references[0]


def _differing(seen: Seen, references: Sequence[Seen], region: str, word: Callable[[Lab], str]) -> str:
    """ "red, not blue and white" """
    mine = _words(seen.palettes.get(region, ()), word)
    theirs = _words(_nearest(seen, references, region).palettes.get(region, ()), word)
    return f"{mine}, not {theirs}" if mine != theirs else f"another {mine}"


def _words(palette: Palette, word: Callable[[Lab], str]) -> str:
    return " and ".join(dict.fromkeys(word(lab) for lab, share in palette[:3] if share > 0.12)) or "different"


def _most(name: str, references: Sequence[Seen], region: str, space: str) -> float:
    """The gate for a colour; a wider one where only words say what it should be."""
    measured = any(one.vectors for one in references if one.palettes.get(region))
    return gate(name, space) * (1.0 if measured else gate("looks.told"))
