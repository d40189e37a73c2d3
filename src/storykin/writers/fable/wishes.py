"""Writers, fable: reading a wish. Who, doing or being what, where, with whom, with which thing.

What the lexicon does not know keeps the child's own words and borrows the rest from what is nearest.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from storykin.errors import BadInput
from storykin.wish import Wish
from storykin.writers.fable import gentle
from storykin.writers.fable.lexicon import Animal, Lexicon, Place, Role, Thing, words_of
from storykin.writers.fable.nouns import (
    VERBS,
    Noun,
    base_of,
    doing_of,
    is_plural,
    possessive,
    singular,
    third_person,
)
from storykin.writers.fable.vocabulary import (
    COLOURS,
    DETERMINERS,
    ENGLISH,
    FAMILY,
    FOREIGN,
    HE,
    MISHAPS,
    NICKNAMES,
    NOT_NAMES,
    NOT_PLACES,
    NUMERALS,
    PAST,
    PLACE_PREPOSITIONS,
    RELATIONS,
    RIDES,
    SAYS_WHAT,
    SHE,
    STOPS,
    TALE_FOLK,
    TRADES,
)  # fmt: skip

DEFAULT_HERO = Wish("").hero
MATTERS = 400


@dataclass(frozen=True)
class Companion:
    """Somebody who comes along. `name` is for sentences, `called` for the cast, `intro` for the first time."""

    name: str
    called: str
    kind: str = "child"
    they: str = "they"
    age: int = 0
    intro: str = ""
    animal: Animal | None = None
    colour: str = ""
    relation: str = ""


@dataclass(frozen=True)
class Heard:
    """What a wish says; what it leaves open is None or empty. Phrases may hold slots ("ride {their} bike").

    `clients` are the animals a role is for (dragon dentist, vet for unicorns), `path` the wished way to travel.
    """

    idea: str
    hero: str
    hero_animal: Animal | None = None
    hero_colour: str = ""
    role: Role | None = None
    role_noun: Noun | None = None
    place: Place | None = None
    place_noun: Noun | None = None
    companions: tuple[Companion, ...] = ()
    thing: Thing | None = None
    thing_noun: Noun | None = None
    goal: str = ""
    event: str = ""
    fear: str = ""
    question: str = ""
    tale: str = ""
    path: str = ""
    clients: Animal | None = None
    special: frozenset[str] = frozenset()

    @property
    def mishap(self) -> bool:
        """Whether what happens is something that the wish's own thing does."""
        return bool(
            self.event and self.thing_noun is not None and self.event.startswith(self.thing_noun.the())
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The keys of a plot's `suits` that this wish speaks of."""
        named = {
            "role": self.role, "place": self.place, "thing": self.thing_noun, "friend": self.companions, "event": self.event,
            "fear": self.fear, "question": self.question,
        }  # fmt: skip
        return (*(key for key, value in named.items() if value), *sorted(self.special))


def tidy(idea: str) -> str:
    """The wish in plain letters: emoji by their names, no markup, slashes or control characters, nothing twice, first sentences only."""
    out = []
    bare = _MARKUP.sub(" ", idea)
    idea = bare if re.search(r"[^\W_]{2}", bare) else idea
    for letter in _TRADE.sub(
        lambda found: f" {TRADES.get(found[1], '')} ", unicodedata.normalize("NFC", idea)
    ):
        kind = unicodedata.category(letter)
        if kind == "So" and ord(letter) > 0x2000:
            name = re.sub(
                r"\b(?:face|symbol|sign|emoji|with .*|heavy|black|white|medium)\b",
                "",
                unicodedata.name(letter, "").lower(),
            )
            out.append(f" {name.strip()} ")
        elif kind[0] == "C" or kind in ("Sk", "Mn") or letter in '{}[]<>|\\/*_#~^`"“”„«»()=+@':
            out.append(" " if letter not in "\u200d\ufe0f" and kind != "Mn" else "")
        else:
            out.append({"’": "'", "‘": "'"}.get(letter, letter))
    text = re.sub(r"\s+", " ", "".join(out)).strip().strip("'").strip()
    text = re.sub(r"(?:(?<= )'|'(?= |$))", "", text)
    text = _TWICE.sub(r"\1", text)
    if len(text) > MATTERS:
        cut = max(text.rfind(mark, 0, MATTERS) for mark in ".!?")
        text = text[: cut + 1] if cut > 40 else text[:MATTERS].rpartition(" ")[0]
    return text


_TRADE = re.compile("[\U0001f468\U0001f469\U0001f9d1][\U0001f3fb-\U0001f3ff]?\u200d(.)\ufe0f?")
_MARKUP = re.compile(
    r"<(script|style)\b.*?</\1>|<[^<>]{1,300}>|\[[^\[\]]{0,300}\]|&#?\w{2,8};|\\[nrt]", re.I | re.S
)
_TWICE = re.compile(r"\b((?:[\w']+[ ,]+){1,19}?[\w']+|[\w']+(?= [\w']+ ))(?:[ ,;.!?]+\1(?!\w))+", re.I)
_LEAD = re.compile(
    r"^(?:(?:please|can|could|would|you|i|i'd|id|we|she|he|wants?|wish|like|love|to|have|read|make|write|tell|give|create|me|us|"
    r"there|once|was|should|be|is|its|it's|a|an|the|another|new|short|long|little|nice|funny|bedtime|picture|good|great|children's|kids|"
    r"hear|see) )*(?:story|book|tale|storybook|fairytale|fairy tale|adventure)(?: for [\w' ]{2,30}?)? ?"
    r"(?:about|where|in which|that|of|with|when|on|called|how|,|:|-)? ",
    re.I,
)


def read(wish: Wish, known: Lexicon, tales: Mapping[str, str]) -> Heard:
    """What the wish says. `tales` maps the words of a retold tale to its plot. Raises `BadInput` and `Unkind`."""
    text = tidy(wish.idea)
    if not text:
        raise BadInput(
            "the wish is empty", 'say what the book should be about, such as "me being a puppy doctor"'
        )
    if not re.search(r"[A-Za-z]{2}", text):
        raise BadInput(
            "the embedded writer reads English and found no English word in the wish",
            "write the wish in English; names may be in any script",
        )
    words = [word.lower() for word in words_of(text)]
    foreign = sum(word in FOREIGN for word in words)
    if foreign >= 2 and foreign > 2 * sum(word in ENGLISH for word in words):
        raise BadInput(
            "the embedded writer reads English only", "write the wish in English; names may be in any script"
        )
    gentle.refuse_unkind(text)
    remembered = gentle.memory_of(text)
    text = gentle.gentle(text) if not remembered else text
    body = (
        _LEAD.sub("", text, count=1).strip(" .!")
        if not re.match(r"(?:why|how|where|what)\b", text, re.I)
        else text
    )
    body = re.sub(r"^(?:about|called) ", "", body, flags=re.I) or text
    return _Reader(wish, known, body, remembered, tales).heard()


class _Reader:
    """Takes one piece after another out of the wish; what is taken is not read twice."""

    def __init__(
        self, wish: Wish, known: Lexicon, text: str, remembered: str, tales: Mapping[str, str]
    ) -> None:
        self.wish, self.known, self.tales = wish, known, tales
        self.remembered = remembered
        self._set_text(text)
        self.found = Heard(text, wish.hero)
        self.special: set[str] = set()
        self.companions: list[Companion] = []
        self.beside = False
        self.subject, self.predicate = "", ""

    def _set_text(self, text: str) -> None:
        self.text = text
        self.tokens: list[str] = re.findall(r"[^\W_]+(?:['\-][^\W_]+)*|[.,;:!?–-]", text)
        self.low = [token.lower() for token in self.tokens]
        self.taken: set[int] = set()

    def heard(self) -> Heard:
        tale = self._tale()
        if tale:
            self._set_text(self._without_tale(tale))
            self.found = replace(self.found, tale=tale)
        self._specials()
        self._travel()
        if not tale:
            self._question()
        self._mishap()
        self._role()
        self._people()
        self._hero_or_friend()
        self._event()
        self._place()
        self._goal()
        self._thing()
        if self.predicate:
            noun = self.found.thing_noun
            self.found = replace(self.found, event=f"{noun.the() if noun else self.subject} {self.predicate}")
        return replace(self.found, companions=tuple(self.companions), special=frozenset(self.special))

    # ---- pieces

    def _tale(self) -> str:
        plain = " ".join(singular(word) for word in self.low)
        for words, plot in sorted(self.tales.items(), key=lambda item: -len(item[0])):
            if " ".join(singular(word) for word in words.lower().split()) in plain:
                return plot
        return ""

    def _without_tale(self, tale: str) -> str:
        """The wish without the words that name the tale and the folk who live in it."""
        text = self.text
        phrases = sorted(
            (words.lower() for words, plot in self.tales.items() if plot == tale), key=len, reverse=True
        )
        for phrase in phrases:
            words = r"\W+".join(rf"{re.escape(singular(word))}\w*" for word in phrase.split())
            text = re.sub(rf"(?i)\b(?:(?:the|a|an|little|story of) )*{words}(?:'s?)?(?!\w)", " ", text)
        folk = "|".join(sorted({*TALE_FOLK, *(singular(phrase.split()[-1]) for phrase in phrases)}))
        size = "the|a|an|big|bad|little|three|3|mean|old|scary|grumpy|hungry|other"

        def cut(found: re.Match[str]) -> str:
            """Nothing, unless somebody plays this one, owns it or is called so."""
            mine = _OWN_FOLK.search(text[: found.start()])
            return (
                found[0]
                if mine or (found[0][:4].lower() == "the " and _NAMED.search(text[: found.start()]))
                else " "
            )

        text = re.sub(rf"(?i)\b(?:(?:{size}) )*\b(?:{folk})s?\b(?! (?:costume|mask|toy))", cut, text)
        text = re.sub(r"\s+", " ", text).strip()
        return re.sub(r"^(?:(?:but|and|or|,|gruff|with me in it|with me) ?)+$", "", text)

    def _specials(self) -> None:
        text = self.text
        if self.remembered:
            self.special.add("memory")
            self._remember()
            return
        fear = re.search(
            r"\b(?:scared|afraid|frightened|terrified|fear) of ((?:the |my |going |being )?[\w'-]+(?: [\w'-]+){0,2}?)"
            r"(?=$|[.,!?;]| (?:and|but|who|that|because|with|when|so|in|at|on)\b)", text, re.I,
        )  # fmt: skip
        if fear:
            self.found = replace(self.found, fear=self._turned(fear[1]))
            self._take(fear.start(), fear.end())
        if re.search(r"\b(?:can't|cannot|can not|couldn't|won't|not|never|doesn't) (?:\w+ )?(?:want to )?(?:go to |fall a)?sleep\b|"
                     r"\bbedtime\b|\bgo(?:es|ing)? to (?:bed|sleep)\b|\bfall(?:s|ing)? asleep\b|\blullab|\bgoodnight\b|\bsleepy\b",
                     text, re.I):  # fmt: skip
            self.special.add("sleep")
        lost = re.search(
            r"\b(?:lost|loses|losing|lose|looking for|missing|where is|where's|find) (my|our|his|her|their|the) "
            r"((?:[\w'-]+ ){0,3}?[\w'-]+)(?=$|[.,!?;]| (?:and|but|who|that|because|with|when|so|in|at|on|is|was)\b)", text, re.I,
        )  # fmt: skip
        if lost and (
            lost[0].lower().startswith(("los", "look", "miss", "where")) or lost[1].lower() != "the"
        ):
            self.special.add("lost")
            loser = re.search(r"([A-Z]\w+) (?:has )?lost (?:his|her|its|their) ", self.text)
            owned = (
                possessive(loser[1]) if loser and loser[1] not in (self.wish.hero, *NOT_NAMES) else "{their}"
            )
            self._keep_thing(lost[2], owned if lost[1].lower() != "the" else "")
            self._take(lost.start(), lost.end())
        if re.search(r"\blearn\w* (?:how )?to\b|\bfirst (?:day|time|lesson|tooth|haircut|flight|night|trip)\b|\bnew (?:school|baby|house)\b|"
                     r"\bwobbly tooth\b|\b(?:to|at) the dentist\b", text, re.I):  # fmt: skip
            self.special.add("first")
        if re.search(r"\bbirthday\b|\bparty\b|\bsleepover\b|\bguest\b", text, re.I):
            self.special.add("party")

    def _remember(self) -> None:
        tokens = words_of(self.remembered)
        names = [token for token in tokens if token[:1].isupper() and token not in NOT_NAMES]
        animal = self.known.inside(self.remembered, Animal)
        rest = [token for token in tokens if token.lower() not in DETERMINERS and token not in names]
        noun = " ".join(rest) or "friend"
        name = names[0] if names else f"{{their}} {noun}"
        self._take(0, len(self.text))
        kind = f" the {animal.name}" if names and animal is not None else ""
        self.found = replace(
            self.found, thing_noun=Noun(f"picture of {name}{kind}", "{their}"), goal=f"remember {name}{kind}"
        )

    def _travel(self) -> None:
        """ "a train ride to London": the way there; a first trip stays special."""
        found = re.search(
            r"\b(?:(?:a|an|the|my|our|long|short|big|little) )*(?:([a-z]+) )?(?:trip|ride|journey|voyage|flight|cruise|expedition)"
            r" (?=(?:to|into|round|around|through|across|under|up) )", self.text, re.I,
        )  # fmt: skip
        if not found or re.search(r"\b(?:who|and|wants?)\b", self.text[: found.start()], re.I):
            return
        if (found[1] or "").lower() in RIDES:
            self.found = replace(self.found, path=RIDES[found[1].lower()])
        self._take(found.start(), found.end())

    def _question(self) -> None:
        asked = re.match(
            r"(why|how|where|when|what|who)\b (do|does|did|is|are|can|will)?\b ?(.*?)\??$", self.text, re.I
        )
        if not asked or not asked[3]:
            return
        word, helper, rest = asked[1].lower(), (asked[2] or "").lower(), self._turned(asked[3])
        if not helper and not self.text.endswith("?"):
            return
        tokens = rest.split()
        verb = next((i for i, token in enumerate(tokens) if i and base_of(token)), len(tokens))
        if helper == "does" and verb < len(tokens):
            tokens[verb] = third_person(tokens[verb].lower())
        elif helper in ("is", "are", "can", "will"):
            subject = 2 if tokens and tokens[0].lower() in (*DETERMINERS, "{their}") else 1
            tokens.insert(subject, helper)
        clause = " ".join(tokens)
        self.found = replace(
            self.found, question=self.text.rstrip("?. ") + "?", goal=f"find out {word} {clause}"
        )

    def _role(self) -> None:
        if self.found.question or self.remembered:
            return
        found = re.search(
            r"\b(?:being|be|become|becoming|becomes|became|i am|i'm|as|is|was|play|playing) (?:an?|the) "
            r"((?:[\w'-]+ ){0,3}?[\w'-]+)(?=$|[.,!?;]| (?:and|but|who|that|because|with|when|so|in|at|on|for|of|under|to|where|from|"
            r"\w+ing)\b)", self.text, re.I,
        )  # fmt: skip
        if found:
            words = found[1].lower() if not re.search(r"\b[A-Z]", found[1]) else found[1]
            head = self.known.inside(words, Role, Animal)
            exact = self.known.find(words, Role) or self.known.inside(words, Role)
            self._take(found.start(1), found.end(1))
            role = exact or self._made_up(words, head if isinstance(head, Animal) else None)
            self._has_role(role, words)
            return
        for start, end, entry in self._matches(Role):
            before = start
            while before > 0 and self._adjective(before - 1):
                before -= 1
            words = " ".join(self.low[before:end])
            if self.known.find(words, Animal):
                continue
            led = self.low[max(0, before - 2) : before]
            if (
                len(led) == 2
                and led[0] in ("to", "with", "for", "by", "from", "meet", "meets", "at")
                and led[1] in DETERMINERS
            ):
                self.taken.update(range(before, end))
                if led[0] in ("with", "meet", "meets", "by"):
                    self.companions.append(Companion(f"the {words}", f"the {words}", "adult", "they", 40, ""))
                elif led[0] in ("to", "at") and self.known.find(entry.place, Place):
                    place = self.known.find(entry.place, Place)
                    at = f"at the {words}'s"
                    self.found = replace(
                        self.found, place=replace(place, name=f"{words}'s", at=at, to=f"to the {words}'s")
                    )
                continue
            if is_plural(words):
                words = " ".join((*self.low[before : end - 1], singular(self.low[end - 1])))
            self.taken.update(range(before, end))
            self._has_role(entry, words, end)
            self._second_role(end)
            return
        if self._agent():
            return
        somebody = re.match(r"(?:an?|the) ((?:[a-z'-]+ ){0,2}[a-z'-]+) (?:who|that)\b", self.text)
        if somebody and not self.known.inside(somebody[1], Animal, Thing):
            self._take(somebody.start(1), somebody.end(1))
            self.found = replace(
                self.found, role=self._made_up(somebody[1], None), role_noun=Noun(somebody[1])
            )

    def _second_role(self, at: int) -> None:
        """ "a mermaid and a pirate": the second one comes along."""
        for start, end, _ in self._matches(Role):
            if start >= at + 2 and self.low[start - 2] == "and" and self.low[start - 1] in ("a", "an", "the"):
                words = " ".join(self.low[start:end])
                self.taken.update(range(start, end))
                self.companions.append(
                    Companion(f"the {words}", f"the {words}", "child", "they", 0, f"a {words}")
                )
                return

    def _has_role(self, role: Role, words: str, end: int = 0) -> None:
        """The role, and for which animals it is: before it (dragon dentist) or after it (a vet for unicorns)."""
        clients = self.known.inside(" ".join(words_of(words)[:-1]), Animal)
        after = end or next(
            (i + 1 for i, low in enumerate(self.low) if low == words_of(words)[-1].lower()), 0
        )
        if self.low[after : after + 1] == ["for"]:
            stop = self._phrase_end(after + 1)
            served = " ".join(self.low[after + 1 : stop])
            found = self.known.inside(served, Animal)
            if found is not None:
                clients, words = found, f"{words} for {served}"
                self.taken.update(range(after, stop))
        self.found = replace(self.found, role=role, role_noun=Noun(words, many=False), clients=clients)

    def _agent(self) -> bool:
        """A trade that nobody has heard of: a snail trainer, a cloud painter."""
        for i, word in enumerate(self.low):
            if (
                i == 0
                or i in self.taken
                or not self._is_agent(word)
                or self.known.find(self.low[i - 1] + " " + word)
            ):
                continue
            before = i
            while (
                before > 0
                and self.low[before - 1] not in (*STOPS, *DETERMINERS)
                and self.low[before - 1].isalpha()
                and i - before < 3
            ):
                before -= 1
            if before < i and (before == 0 or self.low[before - 1] in ("a", "an", "the")):
                words = " ".join(self.low[before : i + 1])
                self.taken.update(range(before, i + 1))
                self._has_role(self._made_up(words, None), words, i + 1)
                return True
        return False

    @staticmethod
    def _is_agent(word: str) -> bool:
        verbs = {re.sub(r"(?:er|or)$", "", word), re.sub(r"r$", "", word), re.sub(r"(.)\1er$", r"\1", word)}
        return word.endswith(("er", "or")) and bool(verbs & VERBS)

    def _made_up(self, words: str, animal: Animal | None) -> Role:
        """A role nobody has heard of: its things and its place come from the words inside it."""
        near = animal or self.known.inside(words, Animal, Thing, Place)
        place = {Animal: "lives", Thing: "where", Place: "name"}.get(type(near), "")
        first = {Animal: "food", Thing: "name"}.get(type(near), "")
        tool = str(getattr(near, first, "")) if near and first else ""
        outfit = f"{'a' if animal else 'a bright waistcoat with ten pockets and'} {animal.name + ' costume' if animal else 'a big hat'}"
        return Role(
            name=words, place=str(getattr(near, place, "")) if near and place else "", outfit=outfit,
            tools=tuple(dict.fromkeys(one for one in (tool, "whistle", "notebook", "lantern") if one)), treasure=tool or "whistle",
            work=f"was the best {words} for miles around",
        )  # fmt: skip

    def _people(self) -> None:
        for name in self.wish.cast:
            self._add(self._person(name))
        i = 0
        while i < len(self.tokens):
            i = self._companion_at(i) if i not in self.taken else i + 1

    def _companion_at(self, i: int) -> int:
        """Read one companion at token `i`; returns where to go on."""
        if self.tokens[i] == self.wish.hero:
            self.taken.add(i)
        return self._relative_at(i) or self._pet_at(i) or self._named_at(i) or i + 1

    def _relative_at(self, i: int) -> int:
        """ "my sister", "my best friend Ben", "Grandma", "auntie Jo"; 0 if there is none."""
        mine = self.low[i] in ("my", "our") or (
            self.low[i] in ("a", "the") and self.low[i + 1 : i + 2] in (["new"], ["baby"])
        )
        at = i + 1 if mine else i
        if mine and self.low[at : at + 1] == ["new"]:
            at += 1
        for size in (2, 1):
            words = " ".join(self.low[at : at + size])
            end = at + size
            if words in RELATIONS and mine:
                kind, they, age = RELATIONS[words]
                name = self._name_at(end)
                if not name and (sibling := self._meant(kind)):
                    they = sibling.they if sibling.they != "they" else they
                    intro = f"{{their}} {words} {sibling.name}"
                    self.companions[self.companions.index(sibling)] = replace(
                        sibling, they=they, age=age, intro=intro, relation=f"{self.wish.hero}'s {words}"
                    )
                    self.taken.update(range(i, end))
                    return end
                called = name or (
                    "the baby" if "baby" in words else NICKNAMES.get(words.split()[-1], f"the {words}")
                )
                intro = f"{{their}} {words} {name}".strip()
                self._add(
                    Companion(called, called, kind, they, age, intro, relation=f"{self.wish.hero}'s {words}")
                )
            elif words in FAMILY:
                name, they, age = FAMILY[words]
                more = (
                    self._name_at(end)
                    if words in ("auntie", "aunt", "aunty", "uncle", "grandma", "grandpa")
                    else ""
                )
                called, name = f"{name} {more}".strip(), more
                self._add(Companion(called, called, "adult", they, age))
            else:
                continue
            self.taken.update(range(i, end + bool(name)))
            return end + bool(name)
        return 0

    def _meant(self, kind: str) -> Companion | None:
        """Who of `--with` may be "my sister", whose name the wish does not say."""
        named = [
            one
            for one in self.companions
            if one.name in self.wish.cast and one.kind == kind and not one.relation
        ]
        return named[0] if len(named) == 1 else None

    def _pet_at(self, i: int) -> int:
        """ "my dog Biscuit", "our cat"; 0 if there is none."""
        if self.low[i] not in ("my", "our"):
            return 0
        end = self._phrase_end(i + 1)
        words = " ".join(self.low[i + 1 : end])
        entry = self.known.find(words, Animal) or self.known.inside(words, Animal)
        if entry is None or self._is_fear(i + 1, end):
            return 0
        name = self._name_at(end)
        self.taken.update(range(i, end + bool(name)))
        self._add(self._pet(entry, words, name))
        return end + bool(name)

    def _named_at(self, i: int) -> int:
        """ "Theo", "Wilbur the whale"; 0 if there is none. The only one a wish is about becomes the hero."""
        name = self._name_at(i)
        near = i > 0 and self.low[i - 1] in ("and", "with", "for", ",")
        after = self.low[i + 1] if i + 1 < len(self.low) else ""
        alone = len(self.tokens) == 1 and name in SHE | HE
        if (
            not name
            or name == self.wish.hero
            or not (alone or near or after in ("the", "a", "and", "is", "has", "can't", "wants"))
        ):
            return 0
        end = self._phrase_end(i + 2) if after in ("the", "a") else i + 1
        words = " ".join(self.low[i + 2 : end])
        entry = self.known.inside(words, Animal) if words else None
        end = end if entry else i + 1
        one = self._pet(entry, words, name) if entry else self._person(name)
        self.taken.update(range(i, end))
        if self.found.hero == DEFAULT_HERO and not near and not self._speaks_of_me() and not self.wish.cast:
            self.found = replace(self.found, hero=name, hero_animal=entry, hero_colour=one.colour)
        else:
            self._add(one)
        return end

    def _hero_or_friend(self) -> None:
        """An animal that the wish is about: the hero if nobody else is, else the friend."""
        for start, end, entry in self._matches(Animal):
            verb = (
                end - start == 1
                and self.low[start] in VERBS
                and start
                and self.low[start - 1] not in DETERMINERS
            )
            if verb or self._is_fear(start, end):
                continue
            before = start
            while before > 0 and self._adjective(before - 1):
                before -= 1
            words = " ".join(self.low[before:end])
            name = ""
            if end + 1 < len(self.tokens) and self.low[end] in ("called", "named"):
                name = self.tokens[end + 1]
                self.taken.update((end, end + 1))
            self.taken.update(range(before, end))
            many = is_plural(words)
            if many:
                words = " ".join((*self.low[before : end - 1], singular(self.low[end - 1])))
            alone = (
                self.found.hero == DEFAULT_HERO
                and not self._speaks_of_me()
                and not self.companions
                and not self.found.role
            )
            if (
                alone
                and not many
                and not self.found.question
                and (before <= 2)
                and "party" not in self.special
            ):
                self.found = replace(
                    self.found,
                    hero=name or self.found.hero,
                    hero_animal=entry,
                    hero_colour=_colour_in(words) or entry.colour,
                )
            elif not any(one.animal for one in self.companions):
                self._add(self._pet(entry, words, name, owned=False))
            return

    def _mishap(self) -> None:
        """ "my grandpa's purple tractor gets stuck in the mud": what a thing does is what happens."""
        if self.found.question or self.special & {"memory", "lost", "sleep"} or self.found.fear:
            return
        at = next((i for i, low in enumerate(self.low[:8]) if low in MISHAPS or low in MISHAPS.values()), 0)
        subject = self.low[:at]
        owned = any(low.endswith("'s") or low in DETERMINERS for low in subject)
        if (
            not owned
            or any(low in STOPS or not low[0].isalnum() for low in subject)
            or subject[-1].endswith("'s")
        ):
            return
        if not self.known.find(subject[-1], Thing) and (
            self.known.find(subject[-1], Animal, Role)
            or subject[-1] in _KIN
            or not self.known.inside(" ".join(subject), Thing)
        ):
            return
        if self.low[at] in ("is", "are", "was", "were", "can", "could", "has", "had", "will", "would"):
            return
        end = at + 1
        while end < len(self.low) and end - at < 10 and not (
            self.low[end] in ("and", "but", "because", "when", "who", "that", "while") or not self.low[end][0].isalnum()
            or (self.low[end] == "with" and self.low[end + 1 : end + 2] != ["me"])
        ):  # fmt: skip
            end += 1
        told = (MISHAPS.get(self.low[at], self.low[at]), *self.tokens[at + 1 : end])
        self.subject, self.predicate = self._turned(" ".join(self.tokens[:at])), self._turned(" ".join(told))
        chained = any(low.endswith("'s") for low in subject)
        if subject[0] in ("my", "our") and not chained and self.known.find(subject[-1], Thing):
            self._keep_thing(" ".join(self.tokens[1:at]), "{their}")
            self.taken.update(range(at))
        where = next((i for i in range(at + 1, end) if self.low[i] in PLACE_PREPOSITIONS), end)
        known_place = self.known.inside(" ".join(self.low[where:end]), Place) is not None
        self.taken.update(range(at, where if known_place else end))

    def _event(self) -> None:
        found = re.search(
            r"\b(?:the (?:day|night|time|morning|evening|summer|winter|week)|when|what if|if|how) (?:that )?"
            r"((?:it|i|we|the|a|an|my|our|all|every\w*|no|nobody|some\w*|[A-Z][a-z]+|\w+s) \w.{3,80}?)(?=$|[.,!?;]| (?:and|but|because) )", self.text,
        ) or re.search(
            r"(?i)\b(?:the (?:day|night|time|morning|evening)|when|what if|if) (?:that )?((?:it|i|we) \w.{3,80}?)(?=$|[.,!?;])", self.text
        )  # fmt: skip
        if not found and "sleep" not in self.special and not self.found.fear and not self.predicate:
            found = re.search(_HAPPENED, self.text, re.I)
        if found and not self.found.question and "lost" not in self.special and not self.special & {"memory"}:
            clause = re.sub(r"^(?:I|i)\b", "{hero}", found[1])
            clause = re.sub(r"^(?:[Ww]e)\b", "{hero} and {friend}", clause)
            clause = self._turned(clause)
            clause = (
                clause
                if clause[:2] == "I " or re.match(r"[A-Z][a-z]+ ", clause)
                else clause[:1].lower() + clause[1:]
            )
            self.found = replace(self.found, event=_past(clause))
            self._take(found.start(), found.end())

    def _place(self) -> None:
        if self._at_somebodys():
            return
        for start, end, entry in self._matches(Place):
            if self.low[start] in PLACE_PREPOSITIONS:
                self._place_within(start, end, entry)
                return
            before = start
            while before > 0 and self._adjective(before - 1):
                before -= 1
            at = before
            owned = before > 0 and (
                self.low[before - 1] in ("my", "our") or self.low[before - 1].endswith("'s")
            )
            owner = self._owner(before - 1) if owned else ""
            at -= bool(owner)
            led = [word for word in self.low[max(0, at - 2) : at] if word in PLACE_PREPOSITIONS]
            self.beside = not led and end < len(self.low) and self.low[end] not in STOPS
            self._set_place(entry, " ".join(self.tokens[before:end]), owner, led[-1] if led else "")
            self.taken.update(range(at, end))
            return
        for i in range(len(self.low) - 1):
            if self.low[i] in PLACE_PREPOSITIONS and i not in self.taken and self._unknown_place(i):
                return

    def _at_somebodys(self) -> bool:
        """ "a visit to grandma's", "a night at my uncle's house"."""
        for i, low in enumerate(self.low):
            before = i - 1 if i and self.low[i - 1] not in ("my", "our") else i - 2
            house = self.low[i + 1 : i + 2] in (["house"], ["home"], ["flat"], ["place"])
            ends = i + 1 == len(self.low) or self.low[i + 1] in STOPS or not self.low[i + 1][0].isalnum()
            led = before >= 0 and self.low[before] in (*PLACE_PREPOSITIONS, "visit", "visiting")
            if i in self.taken or not low.endswith("'s") or not led or not (house or ends):
                continue
            owner = self._owner(i)
            room = self.known.find("living room", Place)
            if owner == "{their}" or room is None:
                return False
            noun = Noun("house", owner)
            place = replace(
                room,
                name="house",
                at=f"at {noun}",
                to=f"to {noun}",
                path="went up to the door and rang twice",
            )
            self.found = replace(self.found, place=place, place_noun=noun)
            self.taken.update(range(max(0, before), i + 1 + house))
            return True
        return False

    def _place_within(self, start: int, end: int, entry: Place) -> None:
        """ "under the sea", and "a bakery under the sea", which is both."""
        first = self.known.find(self.low[start - 1], Place) if start else None
        self.taken.update(range(start - bool(first), end))
        rest = " ".join(self.low[start:end])
        place, noun = entry, Noun.of(entry.name)
        if first is not None:
            noun = Noun(f"{self.low[start - 1]} {rest}")
            place = replace(
                entry, name=noun.words, at=f"{first.at} {rest}", to=f"{first.to} {rest}", case=(*first.case, *entry.case)
            )  # fmt: skip
        self.found = replace(self.found, place=place, place_noun=noun)

    def _unknown_place(self, i: int) -> bool:
        """A place that the lexicon does not have, after the preposition at token `i`."""
        at, owner, word = i + 1, "", self.low[i]
        while at < len(self.low) and (self.low[at] in ("my", "our") or self.low[at].endswith("'s")):
            owner, at = self._owner(at), at + 1
        if at < len(self.low) and not owner and self.low[at] in ("a", "an", "the"):
            at += 1
        if at >= len(self.tokens) or at in self.taken:
            return False
        proper, bare = self.tokens[at][:1].isupper(), at == i + 1
        end = self._phrase_end(at, names=True)
        words = " ".join(self.tokens[at:end])
        loose = word in ("on", "over", "around", "under")
        if (
            end == at or self.low[end - 1] in NOT_PLACES or self.known.find(words, Thing, Animal, Role) or words == self.wish.hero
            or (owner == "{their}" and loose) or (bare and not proper and (loose or word in ("to", "at")))
        ):  # fmt: skip
            return False
        self._set_place(None, words, owner, word)
        self.taken.update(range(i, end))
        return True

    def _set_place(self, entry: Place | None, words: str, owner: str, preposition: str) -> None:
        if entry is not None and (words.lower() == entry.name.lower() or _NO_PLACE_NAME.match(words)):
            words = entry.name
        proper = words[:1].isupper()
        words = words if proper else words.lower()
        noun = Noun(words, owner, proper)
        the = str(noun) if owner or proper else noun.the()
        own = entry is None or owner or words.lower() not in {entry.name.lower()}
        near = entry or self.known.inside(words, Place)
        static = {
            "to": "",
            "into": "in",
            "through": "in",
            "around": "in",
            "across": "in",
            "inside": "inside",
            "onto": "on",
            "over": "",
        }
        at_word = static.get(preposition, preposition) or (
            near.at.split()[0] if near else "on" if "island" in words else "in"
        )
        if _PART_OF_PLACE.match(words):
            at_word = "at"
        if not own and preposition not in ("under",):
            assert entry is not None
            place = entry
        else:
            way = "under" if preposition == "under" else "to"
            if way == "to" and near and not owner and not proper and " the " in near.to:
                way = near.to.split(" the ", 1)[0]
            base = near or Place(words, "", "", "", "", ())
            place = replace(base, name=words, at=f"{at_word} {the}", to=f"{way} {the}")
        self.found = replace(self.found, place=place, place_noun=noun)

    def _goal(self) -> None:
        if self.found.goal:
            return
        text = self.text
        habit = re.search(
            r"\b(?:keeps(?: on)?|can't stop|cannot stop|won't stop|always) ([a-z]+ing)\b((?: (?!and|but|who)[\w']+){0,4})",
            text,
        )
        if habit and base_of(habit[1]):
            self.found = replace(self.found, goal=self._turned(f"stop {habit[1]}{habit[2]}".strip()))
            return
        said = re.search(
            r"\b(?:learn\w*(?: how)?|wants?|going|goes|go|how|try\w*|dreams? of|gets?|trip|help\w* \w+) to ([a-z]+) ?(.*)",
            text,
            re.I,
        )
        if said and base_of(said[1]) == said[1].lower() and said[1].lower() not in ("be", "become"):
            phrase = f"{said[1].lower()} {said[2]}"
        else:
            phrase = ""
            for i, token in enumerate(self.low):
                before = self.low[i - 1] if i else ""
                named = i and (
                    self.tokens[i - 1][:1].isupper() or before in ("me", "i", "we", "who", "and", *_KIN)
                )
                verb = base_of(token)
                if not verb or (token in ("being", "be", "like", "play") and token != "play"):
                    continue
                if i in self.taken and not (token.endswith("ing") and i == 0):
                    continue
                imperative = (
                    i == 0
                    and verb == token
                    and len(self.low) > 2
                    and self.low[1] not in STOPS - {"to", "with", "for"}
                )
                if imperative or (token.endswith("ing") and verb) or (named and verb == token):
                    phrase = " ".join((verb, *self.tokens[i + 1 :]))
                    break
        phrase = re.sub(r"^have to ", "", self._without_company(phrase))
        if re.match(
            r"(?:have (?:an?|the) (?:new )?(?:baby|brother|sister|little|big)|get (?:divorced|married|hurt|sick)|hate|eat \w+$|die|kill)\b",
            phrase,
        ):
            return
        if len(phrase.split()) >= 2 or phrase in (
            "fly",
            "swim",
            "dance",
            "sing",
            "juggle",
            "read",
            "skate",
            "ski",
            "whistle",
            "cook",
        ):
            self.found = replace(self.found, goal=phrase)

    def _without_company(self, phrase: str) -> str:
        phrase = re.split(r"[.,!?;:]| (?:because|but|and then|who|when|while|so that) ", phrase)[0]
        phrase = (
            re.sub(r" with (?:my |our |a |the )?[\w' ]*$", "", phrase)
            if self.companions and not re.search(r"friends with|^(?:swap|trade|talk|dance)", phrase)
            else phrase
        )
        words = phrase.split()[:9]
        while (
            words
            and words[-1].lower() in (*STOPS, *DETERMINERS)
            and words[-1].lower() not in ("up", "down", "it", "together")
        ):
            words.pop()
        return self._turned(" ".join(words))

    def _thing(self) -> None:
        if self.found.thing_noun is not None:
            return
        for start, end, entry in self._matches(Thing):
            before = start
            while before > 0 and self._adjective(before - 1):
                before -= 1
            owner = self._owner(before - 1) if before > 0 else ""
            chained = before > 1 and self.low[before - 1].endswith("'s")
            words = " ".join(self.low[before:end])
            if is_plural(words) and not is_plural(entry.name):
                pass
            self.taken.update(range(before - bool(owner) - chained, end))
            self.found = replace(
                self.found, thing=entry, thing_noun=Noun(words, owner, many=is_plural(words))
            )
            return
        best: tuple[int, int, str] | None = None
        i = 0
        while i < len(self.tokens):
            if (
                i in self.taken
                or self.low[i] in (*STOPS, "why", "how", "what")
                or not self.tokens[i][0].isalpha()
            ):
                i += 1
                continue
            at, owner = i, ""
            if self.low[at] in DETERMINERS or self.low[at].endswith("'s"):
                owner = self._owner(at)
                at += 1
                if at < len(self.low) and self.low[at].endswith("'s"):
                    owner, at = self._owner(at), at + 1
            end = self._phrase_end(at, verbs=True)
            if (
                end > at
                and self.low[end - 1] not in NOT_PLACES - {"hat", "bag", "box", "bike", "boat"}
                and not (end - at == 1 and base_of(self.low[at]))
                and (best is None or (owner and not best[2]))
            ):
                best = (at, end, owner)
            i = max(end, i + 1)
        nothing_else = not (self.found.role or (self.found.place and not self.beside) or self.found.hero_animal or self.found.event or self.found.goal
                            or self.found.fear or self.special or self.companions or self.found.tale)  # fmt: skip
        if best and (
            best[2]
            or nothing_else
            or "party" in self.special
            or ("first" in self.special and not self.found.goal)
        ):
            at, end, owner = best
            self._keep_thing(" ".join(self.tokens[at:end]), owner)

    # ---- small steps

    def _keep_thing(self, words: str, owner: str) -> None:
        entry = self.known.find(words, Thing) or self.known.inside(words, Thing)
        lowered = words if re.search(r"\b[A-Z]", words) and len(self.text.split()) > 1 else words.lower()
        proper = lowered[:1].isupper() and not owner
        self.found = replace(
            self.found, thing=entry, thing_noun=Noun(lowered, owner, proper, many=is_plural(lowered))
        )

    def _matches(self, kind: type) -> Iterable[tuple[int, int, Any]]:
        """Free runs of tokens that name an entry of this kind, longest first, then from the left."""
        for length in range(min(5, len(self.tokens)), 0, -1):
            for start in range(len(self.tokens) - length + 1):
                span = range(start, start + length)
                if self.taken.intersection(span):
                    continue
                if (length == 1 and self.low[start] in STOPS) or not all(
                    self.tokens[i][0].isalnum() for i in span
                ):
                    continue
                entry = self.known.find(" ".join(self.low[start : start + length]), kind)
                if entry is not None:
                    yield start, start + length, entry

    def _take(self, start: int, end: int) -> None:
        at = 0
        for i, token in enumerate(self.tokens):
            at = self.text.index(token, at)
            if start <= at < end:
                self.taken.add(i)
            at += len(token)

    def _adjective(self, i: int) -> bool:
        word = self.low[i]
        return (
            i not in self.taken and word not in STOPS and word not in DETERMINERS and word.isalpha() and not word.endswith("'s")
            and word not in ("of", "full") and (not base_of(word) or word in ("flying", "talking", "dancing", "singing", "snow", "ice", "sleeping", "toy", "smelly", "magic"))
            and not (self.tokens[i][:1].isupper() and i > 0) and word not in (*NUMERALS, "trip", "day", "visit")
        )  # fmt: skip

    def _phrase_end(self, at: int, verbs: bool = False, names: bool = False) -> int:
        end = at
        while end < len(self.tokens) and end - at < 4 and end not in self.taken:
            word = self.low[end]
            if word in STOPS or word in DETERMINERS or not word[0].isalnum():
                break
            if end > at and self.tokens[end][:1].isupper() and not self.tokens[at][:1].isupper():
                break
            if end > at and ((word.endswith("ing") and base_of(word)) or word in SAYS_WHAT):
                break
            if end > at and names and self.tokens[at][:1].isupper() and not self.tokens[end][:1].isupper():
                break
            end += 1
        return end

    def _owner(self, at: int) -> str:
        """The owner at token `at`: "{their}" for "my", "Grandpa's" for a family word, else the name as it stands."""
        word = self.tokens[at]
        if word.lower() in ("my", "our", "her", "his", "their"):
            return "{their}"
        if word.lower().endswith("'s"):
            stem = word[:-2]
            known = FAMILY.get(stem.lower())
            if known:
                self._add_owner(known[0])
                return f"{known[0]}'s"
            if stem in (self.found.hero, self.wish.hero):
                return "{their}"
            if at > 0 and self.low[at - 1] in ("my", "our"):
                return f"{{their}} {stem.lower()}'s"
            return f"{stem}'s" if stem[:1].isupper() else f"the {stem.lower()}'s"
        return ""

    def _add_owner(self, name: str) -> None:
        self._add(self._person(name))

    def _name_at(self, i: int) -> str:
        if i >= len(self.tokens) or i in self.taken:
            return ""
        token = self.tokens[i]
        if (
            not token[:1].isupper()
            or token in NOT_NAMES
            or token.endswith("'s")
            or (token.isupper() and len(token) > 1)
        ):
            return ""
        if (
            i == 0
            and self.low[0] not in {name.lower() for name in (*SHE, *HE)}
            and self.low[1:2] not in (["the"], ["is"], ["and"], ["has"])
        ):
            return ""
        if self.known.find(token) is not None and i == 0:
            return ""
        return token

    def _person(self, name: str) -> Companion:
        first = name.split(maxsplit=1)[0].lower() if name.split() else ""
        if first in FAMILY:
            _, they, age = FAMILY[first]
            return Companion(name, name, "adult", they, age)
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        return Companion(name, name, "child", "she" if plain in SHE else "he" if plain in HE else "they", 0)

    def _pet(self, entry: Animal, words: str, name: str, owned: bool = True) -> Companion:
        they = "he" if name in HE else "she" if name in SHE else "they" if name else "it"
        they = "it" if they == "they" else they
        colour = _colour_in(words)
        if name:
            return Companion(name, name, entry.kind, they, 0, f"{name} the {words}", entry, colour)
        if owned:
            return Companion(
                f"the {words}", f"the {words}", entry.kind, "it", 0, f"{{their}} {words}", entry, colour
            )
        return Companion("", "", entry.kind, "it", 0, words, entry, colour)

    def _add(self, one: Companion) -> None:
        taken = {other.called for other in self.companions} | {self.wish.hero}
        if not one.called or one.called not in taken:
            self.companions.append(one)

    def _speaks_of_me(self) -> bool:
        return bool({"me", "i", "my", "we", "us", "our", "i'm"} & set(self.low))

    def _is_fear(self, start: int, end: int) -> bool:
        return bool(self.found.fear) and " ".join(self.low[start:end]) in self.found.fear.lower()

    def _turned(self, phrase: str) -> str:
        """The child's first person in slots: my → {their}, me → {hero.them}."""
        hero = re.escape(self.wish.hero)
        for pattern, instead in ((r"\b(?:[Mm]y|[Oo]ur)\b", "{their}"), (r"\b(?:me)\b", "{hero.them}"), (r"\bI\b", "{hero}"),
                                 (r"\b(?:[Ww]e)\b", "{hero} and {friend}"), (r"\bus\b", "them"), (rf"\b{hero}\b", "{hero}")):  # fmt: skip
            phrase = re.sub(pattern, instead, phrase)
        return phrase


_OWN_FOLK = re.compile(r"\b(?:as|being|be|my|our|teddy)(?: (?!and\b|with\b)\w+){0,2} $", re.I)
_NAMED = re.compile(r"\b[A-Z]\w+ $")
_KIN = frozenset(words.split()[-1] for words in (*RELATIONS, *FAMILY))
_HAPPENED = (
    r"^((?:the|an?|my|our|all (?:the|my)|every\w*) (?:(?!who|that|is|was|and|with)[\w'-]+ ){1,3}?"
    r"(?:fell|came|ran|went|flew|turned|grew|moved|woke|ate|became|disappeared|melted|hatched|had|got|is|are|was|were|lost|learned|"
    r"began|started|caught|broke|floated|exploded|escaped|vanished|forgot) .{3,80}?)(?=$|[.,!?;])"
)
_NO_PLACE_NAME = re.compile(r"\w*ing(?: trip)?$|underwater$|first |holiday |on |at |in |my |our |race$", re.I)
_PART_OF_PLACE = re.compile(r"(?:bottom|top|end|edge|back) of ", re.I)


def _colour_in(words: str) -> str:
    return next((word for word in words.split() if word in COLOURS), "")


def _past(clause: str) -> str:
    """A clause with its first present-tense verb put into the past."""
    words = clause.split()
    for i, word in enumerate(words):
        if i and word in PAST:
            words[i] = PAST[word]
            break
    return " ".join(words)


def goal_of(heard: Heard, thing: Thing | None, noun: Noun | None) -> str:
    """What the hero wants, an infinitive phrase, from whatever the wish names; "" if it names nothing to want."""
    goals = [heard.goal]
    if "lost" in heard.special and noun is not None:
        goals.append(f"find {noun.the()}")
    if heard.role is not None and heard.role_noun is not None:
        own = heard.role_noun.words == heard.role.name
        goals.append(heard.role.goal if own and heard.role.goal else f"be {heard.role_noun.a()}")
    goals.append(f"stop being afraid of {heard.fear}" if heard.fear else "")
    goals.append("fall asleep" if "sleep" in heard.special else "")
    goals.append(f"find out why {heard.event}" if heard.event and not heard.mishap else "")
    if "party" in heard.special and noun is not None:
        goals.append(f"give {{friend}} {noun.a()}" if heard.companions else f"have {noun.a()}")
    if noun is not None and heard.thing_noun is not None:
        verb = thing.verb if thing and thing.verb else "look after" if noun.owner else "find"
        goals.append(f"{'lose' if noun.words.endswith('tooth') else verb} {noun.the()}")
    if heard.place is not None and (
        heard.place_noun is None or heard.place_noun.owner or heard.place.drawn not in HOMELY
    ):
        goals.append(f"go {heard.place.to}")
    return next((goal for goal in goals if goal), "")


HOMELY = ("bedroom", "home", "kitchen", "living room")


__all__ = ["Companion", "Heard", "doing_of", "goal_of", "read", "tidy"]
