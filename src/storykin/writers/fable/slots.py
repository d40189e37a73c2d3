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
_OPENS_CLAUSE = re.compile(
    r"and|but|so|or|then|when|while|as|because|that|where|than|until|before|after|if|said|asked|cried|did|were|had|could|"
    r"how|what|why|there|here|time|day|home|together|sat|stood|came|went|ran|are|now|whispered|shouted|called|laughed|once|"
    r"morning|evening|night|last|later|soon|again|only|even|both|up|down|in|out|off|away|long"
)
_SAYING = re.compile(r" (?:said|says|cried|asked|whispered|shouted|called|laughed|sighed|answered|replied|yelled|muttered|"
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
    who has been introduced.
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

    def fill(self, template: str, case: Case | None = None, number: int = 1, introduce: bool = True) -> str:
        """The template in words. Raises `BadFile` for a slot that does not exist."""
        return self._fill(template, case, number, introduce, 0)

    def noun(self, template: str, case: Case | None = None) -> str:
        """A prop or a place of a scene: the bare noun that a slot names, without owner or article."""
        whole = SLOT.fullmatch(template.strip())
        if whole:
            *_, key = whole[1].split()
            value = self._value(key, case, 1, False)
            if isinstance(value, Noun):
                template = value.words
        return (
            replace(self, first_person=False).fill(template, case, introduce=False)
            if "{" in template
            else template
        )

    def _fill(self, template: str, case: Case | None, number: int, introduce: bool, depth: int) -> str:
        if depth > 4:
            raise BadFile(f"the slots in {template!r} go round in a circle", "let no slot name itself")
        if self.first_person:
            template = told_by_us(template.replace("{hero} and {friend}", "{friend} and {hero}")) if depth == 0 else template
        out, at, subject, left = "", 0, "", ""
        for slot in SLOT.finditer(template):
            out += template[at : slot.start()]
            at = slot.end()
            before, after = out if depth == 0 else "x", template[at:]
            joined = (
                left
                if subject == "friend" and template[at - len(slot[0]) - 5 : at - len(slot[0])] == " and "
                else out
            )
            words = self._slot(
                slot[1], case, number, introduce and depth == 0, subject, joined, joined is not out
            )
            if SLOT.search(words):
                words = self._fill(words, case, number, introduce, depth + 1)
            if out.endswith("here was ") and self._many(slot[1], case):
                out = out[:-4] + "were "
            left = out
            out += capital(words) if opens_sentence(before, after) else words
            subject = slot[1].split()[-1] if slot[1].split() else ""
        return out + template[at:]

    def _slot(
        self,
        inside: str,
        case: Case | None,
        number: int,
        introduce: bool,
        subject: str,
        before: str,
        joined: bool,
    ) -> str:
        tokens = inside.split()
        if not tokens or any(token not in MODIFIERS for token in tokens[:-1]):
            raise BadFile(f"there is no slot {{{inside}}}", f"modifiers are: {', '.join(MODIFIERS)}")
        modifiers, key = tokens[:-1], tokens[-1]
        if key in ("was", "were") and not modifiers:
            return self._was(subject, case)
        if modifiers in (["at"], ["to"]) and key in ("place", "home"):
            return self.phrases[f"{modifiers[0]} {key}"]
        if modifiers in (["was"], ["were"]):
            return self._was(key, case)
        if self.first_person and key == "hero":
            word = re.search(r"([a-z]+) $", before)
            if _BEFORE_OBJECT.search(before) or (joined and word and not _OPENS_CLAUSE.fullmatch(word[1])):
                return "me"
        value = self._value(key, case, number, introduce)
        for modifier in reversed(modifiers):
            if isinstance(value, str):
                value = Noun.of(value)
            if modifier == "plural":
                value = value.plurals()
            elif modifier in ("a", "an"):
                value = value.a()
            elif modifier == "the":
                value = value.the()
            elif modifier == "my":
                value = value.my(self._own("their"))
            else:
                raise BadFile(f"there is no slot {{{inside}}}", "at and to go with place and home only")
        return str(value)

    def _many(self, inside: str, case: Case | None) -> bool:
        """Whether a slot gives a plural: "there were big scales"."""
        *modifiers, key = inside.split()
        if key.partition(".")[0] in self.beings or key.startswith("hero") or "'" in key:
            return False
        if "." not in key and key not in self.nouns:
            return False
        value = self._value(key, case, 1, False)
        return "plural" in modifiers or (isinstance(value, Noun) and value.many)

    def _was(self, subject: str, case: Case | None) -> str:
        owner, _, aspect = subject.partition(".")
        if owner in ("they",):
            return PRONOUNS["i" if self.first_person else self.pronouns]["was"]
        if owner in ("", "hero"):
            return PRONOUNS["i" if self.first_person else self.pronouns]["was"] if owner == "" else "was"
        if aspect == "they":
            return PRONOUNS[self._pronoun(owner, case)]["was"]
        if owner in self.nouns and self.nouns[owner].many:
            return "were"
        if owner in ("case", "main") and aspect in CASE_NOUNS:
            value = self._value(subject, case, 1, False)
            return "were" if isinstance(value, Noun) and value.many else "was"
        return "was"

    def _own(self, aspect: str) -> str:
        return PRONOUNS["i" if self.first_person else self.pronouns][aspect]

    def _pronoun(self, owner: str, case: Case | None) -> str:
        if owner in ("case", "main"):
            told = case if owner == "case" else self.main
            return told.they if told is not None and told.they in PRONOUNS else "it"
        return self.beings[owner].they if owner in self.beings else "it"

    def _value(self, key: str, case: Case | None, number: int, introduce: bool) -> Noun | str:
        if key.endswith("'s"):
            owner = key[:-2]
            if owner == "hero":
                return "my" if self.first_person else possessive(self.hero)
            return possessive(str(self._value(owner, case, number, False)))
        owner, _, aspect = key.partition(".")
        if owner == "hero":
            return self._hero(aspect, introduce)
        if owner in ASPECTS and not aspect:
            return self._own(owner)
        if owner in self.beings:
            being = self.beings[owner]
            if aspect in ASPECTS:
                return PRONOUNS[being.they][aspect]
            if aspect in ("", "name"):
                if introduce and being.intro and owner not in self.said:
                    self.said.add(owner)
                    return being.intro
                return being.name
        if owner in ("case", "main"):
            return self._of_case(key, aspect, case if owner == "case" else self.main, introduce)
        if key in GROUP:
            return GROUP[key][1 if self.first_person else 0]
        if key == "number":
            return NUMBERS[min(number, len(NUMBERS)) - 1]
        if key in self.nouns:
            return self.nouns[key]
        if key in self.phrases:
            return self.phrases[key]
        raise BadFile(f"there is no slot {{{key}}}", "see docs/reference/plots.md for the slots there are")

    def _hero(self, aspect: str, introduce: bool) -> str:
        if aspect == "name":
            return self.hero
        if aspect in ASPECTS and (aspect != "them" or self.first_person):
            return self._own(aspect)
        if aspect == "them":
            return self.hero
        if aspect:
            raise BadFile(f"there is no slot {{hero.{aspect}}}", "see docs/reference/plots.md")
        if self.first_person:
            return "I"
        if introduce and self.hero_intro and "hero" not in self.said:
            self.said.add("hero")
            return self.hero_intro
        return self.hero

    def _of_case(self, key: str, aspect: str, case: Case | None, introduce: bool) -> Noun | str:
        if case is None:
            raise BadFile(
                f"the slot {{{key}}} stands outside an episode", "use {main.…}, or move it into an episode"
            )
        if aspect in ASPECTS:
            return PRONOUNS[self._pronoun("case" if case is not self.main else "main", case)][aspect]
        if aspect == "name":
            return case.name
        if aspect in CASE_NOUNS:
            words = str(getattr(case, aspect))
            return (
                replace(Noun.of(words), proper=words.startswith("the "))
                if aspect == "client"
                else Noun.of(words)
            )
        if aspect in CASE_WORDS:
            template = str(getattr(case, CASE_WORDS[aspect]))
            inner = Voice(
                self.hero,
                self.pronouns,
                self.first_person,
                "",
                self.nouns,
                self.phrases,
                self.beings,
                case,
                self.said,
            )
            return inner._fill(template, case, 1, False, 1) if SLOT.search(template) else template
        raise BadFile(f"there is no slot {{{key}}}", "see docs/reference/plots.md")


def opens_sentence(before: str, after: str) -> bool:
    """Whether words put between `before` and `after` start a sentence, a line of verse or a speech."""
    if not before.strip() or before.endswith("\n"):
        return True
    quoted = re.search(r"(?P<end>.?)(?P<gap>\s*)[\"“‘]$", before)
    if quoted and (len(re.findall(r"[\"“”]", before)) % 2 == 1 or before.endswith(("“", "‘"))):
        return not re.search(r"[,–]\s+[\"“]$", before) or _first_half_ended(before)
    if re.search(r"(?<!\bMr)(?<!\bMrs)(?<!\bDr)(?<!\bSt)[.!?]\s+$", before):
        return True
    if re.search(r"[.!?][\"”’]\s+$", before):
        return not _SAYING.match(after)
    return False


def _first_half_ended(before: str) -> bool:
    """In `"Well," said Theo, "…` the speech goes on; in `Theo said, "…` it begins."""
    sentence = re.split(r"(?<=[.!?])[\"”]?\s+(?=[\"“A-Z])", before)[-1]
    return not re.search(r",[\"”] ", sentence)


_GROUP_WORD = re.compile(r"\b(they|them|their|themselves)\b(?!'|\})", re.I)
_OTHERS = re.compile(
    r"\b(?:every\w+|some\w+|nobody|people|children|all of|some of|each other|others|queue|crowd|men|mice|geese|sheep|feet|teeth|"
    r"[a-z]{2,}[^\Wsui']s)\b"
)


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
            others = _OTHERS.search(re.sub(r'"[^"]*"|\{[^}]*\}', " ", before)) or re.match(r"\s*(?:all|both)\b", rest)
            if others or (slots and slots[-1].split()[-1].partition(".")[0] not in ("hero", "friend", "we", "us", *ASPECTS)):
                done += found[0]
            else:
                word = {"they": "we", "them": "us", "their": "our", "themselves": "ourselves"}[found[0].lower()]
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
