"""Writers, fable: filling `{…}`.

A `Voice` holds what the slots stand for in one book and speaks in the third or the first person.
It knows grammar and nothing of plots.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from storykin.errors import BadFile
from storykin.writers.fable.lexicon import Case
from storykin.writers.fable.nouns import PRONOUNS, Noun, capital, possessive

SLOT = re.compile(r"\{([^{}]*)\}")

MODIFIERS = ("a", "an", "the", "plural", "my", "was", "were", "at", "to")
ASPECTS = ("they", "them", "their", "theirs", "themself")
CASE_NOUNS = ("client", "prop", "prop2", "prop3")
CASE_WORDS = {"try": "attempt", "try2": "try2", "fail": "fail", "fail2": "fail2", "fix": "fix", "trouble": "trouble",
              "happy": "happy", "tiny": "tiny", "colour": "colour"}  # fmt: skip
GROUP = {"we": ("they", "we"), "us": ("them", "us"), "our": ("their", "our"), "ours": ("theirs", "ours"),
         "ourselves": ("themselves", "ourselves")}  # fmt: skip
NUMBERS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")

_BEFORE_OBJECT = re.compile(
    r"\b(?:to|with|for|at|by|of|from|behind|beside|beneath|above|under|over|around|near|toward|towards|between|like|on|into|"
    r"past|let|told|asked|gave|showed|hugged|followed|helped|made) $",
    re.I,
)
_DID = re.compile(
    r" (?:had|was|were|could|would|did|knew|felt|saw|went|came|ran|got|took|thought|said|slept|sat|stood|held|gave|made|[a-z]{2,}ed)\b"
)
_OPENS_CLAUSE = re.compile(
    r"and|but|so|or|then|when|while|as|because|that|where|than|until|before|after|if|said|asked|cried|did|were|had|could|"
    r"how|what|why|there|here|time|day|home|together|sat|stood|came|went|ran|are|now|whispered|shouted|called|laughed|once|wrote|was|"
    r"morning|evening|night|last|later|soon|again|only|even|both|up|down|in|out|off|away|long"
)
_SAYING = re.compile(r" (?:said|says|read|yawned|breathed|counted|snapped|panted|hissed|croaked|purred|snored|cheered|puffed|cried|asked|whispered|shouted|called|laughed|sighed|answered|replied|yelled|muttered|"
                     r"mumbled|squeaked|growled|roared|added|sang|giggled|grumbled|gasped|groaned|murmured|told|thought|begged|"
                     r"agreed|promised|barked|meowed|sniffed|sobbed|wailed|hooted|went|piped|beamed|explained|warned|boomed)\b")  # fmt: skip


@dataclass(frozen=True)
class Being:
    """Somebody a slot can speak of: the name in a sentence, how he is introduced the first time, his pronoun."""

    name: str
    they: str = "they"
    intro: str = ""


@dataclass
class Voice:
    """What the slots of one book stand for.

    `nouns` are noun phrases by slot (role, place, thing …), `phrases` finished words (goal, path, event …),
    `beings` persons by slot (friend and the plot's own). Values may hold slots themselves. `said` remembers
    who has been introduced. `owner` is what stands for "{their}" inside a value while somebody speaks.
    """

    hero: str
    pronouns: str = "they"
    first_person: bool = False
    hero_intro: str = ""
    nouns: dict[str, Noun] = field(default_factory=dict)
    phrases: dict[str, str] = field(default_factory=dict)
    beings: dict[str, Being] = field(default_factory=dict)
    main: Case | None = None
    said: set[str] = field(default_factory=set)
    owner: str = ""

    def fill(self, template: str, case: Case | None = None, number: int = 1, introduce: bool = True) -> str:
        """The template in words. Raises `BadFile` for a slot that does not exist."""
        return self._fill(template, Spot(case, number, introduce), 0)

    def noun(self, template: str, case: Case | None = None) -> str:
        """A prop or a place of a scene: the bare noun that a slot names, without owner or article."""
        whole = SLOT.fullmatch(template.strip())
        if whole:
            *_, key = whole[1].split()
            value = self._value(key, Spot(case))
            if isinstance(value, Noun):
                template = value.words
        plain = replace(self, first_person=False)
        return plain.fill(template, case, introduce=False) if "{" in template else template

    def _fill(self, template: str, spot: "Spot", depth: int) -> str:
        if depth > 4:
            raise BadFile(f"the slots in {template!r} go round in a circle", "let no slot name itself")
        if self.first_person and depth == 0:
            template = told_by_us(template.replace("{hero} and {friend}", "{friend} and {hero}"))
        out, at, subject, left = "", 0, "", ""
        for slot in SLOT.finditer(template):
            between = template[at : slot.start()]
            out += between
            at = slot.end()
            joined = subject == "friend" and between == " and "
            here = replace(
                spot, nested=depth > 0, introduce=spot.introduce and depth == 0, subject=subject, before=left if joined else out,
                after=template[at:], joined=joined,
            )  # fmt: skip
            words = self._slot(slot[1], here)
            if SLOT.search(words):
                if depth == 0:
                    self.owner = _owner_in_speech(template, slot.start())
                words = self._fill(words, here, depth + 1)
            if out.endswith("here was ") and self._many(slot[1], here):
                out = out[:-4] + "were "
            left = out
            out += capital(words) if depth == 0 and opens_sentence(out, template[at:]) else words
            subject = slot[1].split()[-1] if slot[1].split() else ""
        return out + template[at:]

    def _slot(self, inside: str, spot: "Spot") -> str:
        *modifiers, key = inside.split() or [""]
        if not key or any(modifier not in MODIFIERS for modifier in modifiers):
            raise BadFile(f"there is no slot {{{inside}}}", f"modifiers are: {', '.join(MODIFIERS)}")
        if modifiers in (["at"], ["to"]) and key in ("place", "home"):
            return self.phrases[f"{modifiers[0]} {key}"]
        if key in ("was", "were"):
            return self._was(spot.subject, spot)
        if modifiers in (["was"], ["were"]):
            return self._was(key, spot)
        value = self._value(key, spot)
        for modifier in reversed(modifiers):
            noun = Noun.of(value) if isinstance(value, str) else value
            shaped: dict[str, Noun | str] = {
                "plural": noun.plurals(), "a": noun.a(), "an": noun.a(), "the": noun.the(), "my": noun.my(self._own("their")),
            }  # fmt: skip
            if modifier not in shaped:
                raise BadFile(f"there is no slot {{{inside}}}", "at and to go with place and home only")
            value = shaped[modifier]
        return str(value)

    def _many(self, inside: str, spot: "Spot") -> bool:
        """Whether a slot gives a plural: "there were big scales"."""
        *modifiers, key = inside.split()
        if "'" in key or (key not in self.nouns and key.partition(".")[2] not in CASE_NOUNS):
            return False
        value = self._value(key, spot)
        return "plural" in modifiers or (isinstance(value, Noun) and value.many)

    def _was(self, subject: str, spot: "Spot") -> str:
        owner, _, aspect = subject.partition(".")
        if owner in ("", "they"):
            return self._own("was")
        if aspect == "they":
            return PRONOUNS[self._pronoun(owner, spot)]["was"]
        return "were" if self._many(subject, spot) else "was"

    def _own(self, aspect: str) -> str:
        return PRONOUNS["i" if self.first_person else self.pronouns][aspect]

    def _pronoun(self, owner: str, spot: "Spot") -> str:
        if owner == "hero":
            return "i" if self.first_person else self.pronouns
        if owner in ("case", "main"):
            told = spot.case if owner == "case" else self.main
            return told.they if told is not None and told.they in PRONOUNS else "it"
        if owner in self.nouns:
            return "they" if self.nouns[owner].many else "it"
        return self.beings[owner].they if owner in self.beings else "it"

    def _value(self, key: str, spot: "Spot") -> Noun | str:
        owner, _, aspect = key.removesuffix("'s").partition(".")
        if key.endswith("'s"):
            return (
                self._of_hero(spot)
                if owner == "hero"
                else possessive(str(self._value(key[:-2], replace(spot, introduce=False))))
            )
        if owner in ("hero", *self.beings):
            return self._being(owner, aspect, spot)
        if owner in ("case", "main"):
            return self._of_case(key, aspect, spot)
        if aspect in ASPECTS and owner in self.nouns:
            return PRONOUNS[self._pronoun(owner, spot)][aspect]
        words = {"number": NUMBERS[min(spot.number, len(NUMBERS)) - 1]}
        words |= {word: pair[self.first_person] for word, pair in GROUP.items()}
        words |= {word: self._own(word) for word in ASPECTS}
        if spot.nested and self.owner:
            words["their"] = self.owner
        found = words.get(key) or self.nouns.get(key) or self.phrases.get(key)
        if found is None:
            raise BadFile(
                f"there is no slot {{{key}}}", "see docs/reference/plots.md for the slots there are"
            )
        return found

    def _of_hero(self, spot: "Spot") -> str:
        """The hero's possessive; the pronoun where the name has just been said in this sentence."""
        if self.first_person:
            return "mine" if re.match(r"\s*(?:[,.!?;:]|$)", spot.after) else "my"
        again = spot.subject == "hero" and re.search(
            rf"(?<!\w){re.escape(self.hero)}\b[^.!?\"]*$", spot.before
        )
        return self._own("their") if again else possessive(self.hero)

    def _being(self, owner: str, aspect: str, spot: "Spot") -> str:
        """The hero, the friend or one of the plot's own, by name or pronoun."""
        hero = owner == "hero"
        if aspect in ASPECTS and not (hero and aspect == "them" and not self.first_person):
            return PRONOUNS[self._pronoun(owner, spot)][aspect]
        if aspect not in ("", "name", "them"):
            raise BadFile(f"there is no slot {{{owner}.{aspect}}}", "see docs/reference/plots.md")
        if hero and self.first_person and aspect != "name":
            word = re.search(r"([a-z]+) $", spot.before)
            inner = bool(word) and not _OPENS_CLAUSE.fullmatch(word[1] if word else "")
            last = re.match(r"\s*(?:[,.!?;:\"]|$)", spot.after) and not _SAYING.match(
                " " + (word[1] if word else "")
            )
            listed = spot.before.endswith(", ") and re.match(r"\s*[.!?]", spot.after)
            because = re.search(r"(?:[,;] for|\blike) $", spot.before) and _DID.match(spot.after)
            as_object = (
                (_BEFORE_OBJECT.search(spot.before) and not because)
                or listed
                or (inner and (spot.joined or last))
            )
            return "me" if as_object else "I"
        name, intro = (
            (self.hero, self.hero_intro) if hero else (self.beings[owner].name, self.beings[owner].intro)
        )
        if spot.introduce and intro and owner not in self.said and aspect != "name":
            self.said.add(owner)
            return intro
        return name

    def _of_case(self, key: str, aspect: str, spot: "Spot") -> Noun | str:
        case = spot.case if key.startswith("case") else self.main
        if case is None:
            raise BadFile(
                f"the slot {{{key}}} stands outside an episode", "use {main.…}, or move it into an episode"
            )
        if aspect in ASPECTS:
            return PRONOUNS[case.they if case.they in PRONOUNS else "it"][aspect]
        if aspect == "name":
            return case.name
        if aspect in CASE_NOUNS:
            noun = Noun.of(str(getattr(case, aspect)))
            return replace(noun, proper=noun.words.startswith("the ")) if aspect == "client" else noun
        if aspect in CASE_WORDS:
            template = str(getattr(case, CASE_WORDS[aspect]))
            return (
                self._fill(template, replace(spot, case=case, introduce=False), 1)
                if SLOT.search(template)
                else template
            )
        raise BadFile(f"there is no slot {{{key}}}", "see docs/reference/plots.md")


@dataclass(frozen=True)
class Spot:
    """Where a slot stands: the episode's case and number, the slot before it, the words around it.

    `nested` slots stand inside another slot's value; `joined` ones follow "{friend} and".
    """

    case: Case | None = None
    number: int = 1
    introduce: bool = False
    nested: bool = False
    subject: str = ""
    before: str = ""
    after: str = ""
    joined: bool = False


def opens_sentence(before: str, after: str) -> bool:
    """Whether words put between `before` and `after` start a sentence, a line of verse or a speech."""
    if not before.strip() or before.endswith("\n"):
        return True
    quoted = re.search(r"(?P<end>.?)(?P<gap>\s*)[\"“‘]$", before)
    if quoted and (len(re.findall(r"[\"“”]", before)) % 2 == 1 or before.endswith(("“", "‘"))):
        return not re.search(r"[,–]\s+[\"“]$", before) or _first_half_ended(before)
    if re.search(r"(?<!\bMr)(?<!\bMrs)(?<!\bDr)(?<!\bSt)[.!?]\s+$", before):
        return True
    if re.search(
        r"[.!?][\"”’]\s+$", before
    ):  # after a full stop, or with "that", nobody says what came before
        return bool(
            re.search(r"\.[\"”’]\s+$", before) or re.match(r" \w+ (?:that|it)\b", after)
        ) or not _SAYING.match(after)
    return False


def _first_half_ended(before: str) -> bool:
    """In `"Well," said Theo, "…` the speech goes on; in `Theo said, "…` it begins."""
    sentence = re.split(r"(?<=[.!?])[\"”]?\s+(?=[\"“A-Z])", before)[-1]
    return not re.search(r",[\"”] ", sentence)


_GROUP_WORD = re.compile(r"\b(they|them|their|themselves)\b(?!'|\})", re.I)
_OTHERS = re.compile(
    r"\b(?:every\w+|some\w+|nobody|people|children|all of|some of|each other|others|queue|crowd|men|mice|geese|sheep|feet|teeth|"
    r"(?!always\b|perhaps\b|sometimes\b|does\b|yes\b|\w+wards\b|\w+times\b|\w+ings?\b(?<!s))[a-z]{2,}[^\Wsui']s)\b"
)


_NO_BEINGS = (
    "place",
    "home",
    "thing",
    "tool",
    "tool2",
    "tool3",
    "sight",
    "sight2",
    "goal",
    "doing",
    "path",
    "outfit",
    "role",
    "fear",
    "was",
)


def _owner_in_speech(template: str, at: int) -> str:
    """What "her" of somebody's wish becomes while somebody speaks: my, your or the; "" outside speech."""
    if template.count('"', 0, at) % 2 == 0:
        return ""
    end = template.find('"', at)
    speech = template[template.rfind('"', 0, at) + 1 : end if end >= 0 else len(template)]
    if re.search(r"\b(?:I|I'\w+|me|my|we|let's)\b", speech, re.I):
        return "my"
    return "your" if re.search(r"\byou", speech, re.I) else "the"


def told_by_us(template: str) -> str:
    """A template for the first person: "they" that can only mean the hero and the friend becomes "we".

    Speech is left alone, and so is every "they" that may stand for others named shortly before.
    """
    parts = re.split(r'("[^"]*")', template)
    for i in range(0, len(parts), 2):
        done = ""
        rest = parts[i]
        while found := _GROUP_WORD.search(rest):
            done, rest = done + rest[: found.start()], rest[found.end() :]
            near = re.split(r"(?<=[.!?])\s+", "".join(parts[:i]) + done)
            before = " ".join(near[-2:])
            slots = SLOT.findall(before)
            others = _OTHERS.search(re.sub(r'"[^"]*"|\{[^}]*\}', " ", before).lower()) or re.match(
                r"\s*(?:all|both)\b", rest
            )
            named = [slot.split()[-1].removesuffix("'s").partition(".")[0] for slot in slots]
            named = [slot for slot in named if slot not in _NO_BEINGS]
            if others or (named and named[-1] not in ("hero", "friend", "we", "us", *ASPECTS)):
                done += found[0]
            else:
                word = {"they": "we", "them": "us", "their": "our", "themselves": "ourselves"}[
                    found[0].lower()
                ]
                done += word.capitalize() if found[0][0].isupper() else word
        parts[i] = done + rest
    return "".join(parts)


def unknown_slots(template: str, known: Mapping[str, object], in_episode: bool) -> list[str]:
    """The slots of a template that name nothing; `known` are the nouns, phrases and beings there will be."""
    faults = []
    for slot in SLOT.finditer(template):
        tokens = slot[1].split()
        key = tokens[-1].removesuffix("'s") if tokens else ""
        owner, _, aspect = key.partition(".")
        if not tokens or any(token not in MODIFIERS for token in tokens[:-1]):
            faults.append(f"{{{slot[1]}}}: unknown modifier")
        elif owner in ("case", "main"):
            if aspect not in (*ASPECTS, "name", *CASE_NOUNS, *CASE_WORDS):
                faults.append(f"{{{slot[1]}}}: a case has no {aspect!r}")
            elif owner == "case" and not in_episode:
                faults.append(f"{{{slot[1]}}}: outside an episode; use main")
        elif (
            key not in known
            and key not in (*ASPECTS, *GROUP, "was", "were", "number")
            and not (
                (owner == "hero" and aspect in ("", "name", *ASPECTS))
                or (owner in known and aspect in ("name", *ASPECTS))
            )
        ):
            faults.append(f"{{{slot[1]}}}: no such slot")
    for brace in re.findall(r"[{}]", SLOT.sub("", template)):
        faults.append(f"a lone {brace}")
    return faults
