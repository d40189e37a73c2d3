"""Writers, fable: telling a plot to the wish. Casts it, fills its beats, draws up every page's scene.

Text and scene of a page come from the same beat, so the picture shows what the words say.
"""

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, cast

from storykin.character import Character, Outfit
from storykin.scene import Figure, Framing, Scene, Time, Weather
from storykin.story import Page, Story
from storykin.wish import Wish
from storykin.writers import reading, rhyme
from storykin.writers.fable import looks
from storykin.writers.fable.lexicon import Animal, Case, Lexicon, Place, Role, Thing, words_of
from storykin.writers.fable.nouns import PRONOUNS, Noun, capital, doing_of, possessive, title_case
from storykin.writers.fable.parts import nobody_special, recast
from storykin.writers.fable.plots import EPISODES_FROM, Plot, Slot, fit
from storykin.writers.fable.slots import Being, Voice
from storykin.writers.fable.vocabulary import FAMILY
from storykin.writers.fable.wishes import Companion, Heard, goal_of
from storykin.writers.fable.wording import MENTIONS, VERSES, WISHED, shortened
from storykin.writers.proofreading import weather_of

PETS = (
    ("Pip", "he"), ("Dottie", "she"), ("Waffle", "he"), ("Hazel", "she"), ("Moss", "he"), ("Juniper", "she"), ("Biscuit", "he"),
    ("Tansy", "she"), ("Noodle", "he"), ("Plum", "she"), ("Barnaby", "he"), ("Clementine", "she"), ("Crumb", "he"),
    ("Bramble", "she"), ("Tuppence", "she"), ("Fidget", "he"),
)  # fmt: skip
BESIDE = (
    ("ran ahead", "running"), ("helped too", "holding"), ("laughed and laughed", "jumping"), ("hummed a tune", "walking"),
    ("had a good look, too", "pointing"), ("danced a little", "dancing"), ("waved to everybody", "waving"),
)  # fmt: skip
"""What those do who come along beside hero and friend."""
CROWD = 6
"""More than this many on one page would be too small to be known."""
NEARBY = ("garden", "street", "park", "market", "playground", "meadow", "beach")
COUNTRY = ("forest", "meadow", "farm", "pond")
"""Where the tales are at home."""
TOWNS = ("market", "harbour", "park", "castle", "street")
FEARS = ("the dark", "thunder", "big dogs", "loud noises", "deep water", "spiders")
FAR = ("island", "forest", "mountain", "valley", "castle", "village", "meadow")
INDOORS = frozenset([
    "home", "house", "bedroom", "kitchen", "clinic", "hospital", "school", "classroom", "library", "shop", "bakery",
    "museum", "theatre", "castle", "bathroom", "attic", "cellar", "workshop", "studio", "restaurant", "cafe",
    "station", "spaceship", "submarine", "stage", "hall", "room", "barn", "cave", "cabin", "hut", "tent",
])  # fmt: skip
WORDS = {2: 5, 3: 8, 4: 16, 5: 20, 6: 25, 7: 36, 8: 44, 9: 50}
"""The words on a page that suit a reader of each age."""
YOUNG = 4
"""The age at which a page that would be too long is told in the words for the very young."""
TIMES = ("morning", "day", "evening", "night")


def level_of(age: int) -> str:
    """Which of a beat's three levels suits a reader."""
    return "small" if age <= 3 else "middle" if age <= 6 else "big"


@dataclass
class Told:
    """One page while it is being told."""

    slot: Slot
    text: str
    scene: Scene
    case: Case | None


@dataclass
class Teller:
    """Tells one plot for one wish. Made for one book and thrown away."""

    wish: Wish
    heard: Heard
    plot: Plot
    known: Lexicon
    settled: dict[str, Character]
    rng: random.Random
    voice: Voice = field(init=False)
    cast: dict[str, Character] = field(default_factory=dict)
    who: dict[str, str] = field(default_factory=dict)
    rewritten: list[Told] = field(default_factory=list)

    def story(self) -> Story:
        """The whole book."""
        self._set_the_scene()
        slots = fit(self._with_the_role_told(), self.wish.pages)
        cases = self._cases(max((slot.episode for slot in slots), default=0))
        told = self._tell(slots, cases)
        self._name_what_was_wished(told)
        self._bring_the_others(told)
        self._add_asides(told)
        for one in told:
            one.text = shortened(one.text, reading.target(self.wish.reader_age).longest_sentence)
        self._keep_words(told)
        for one in told:
            self._let_speakers_be_seen(one)
        pages = tuple(
            Page(i, one.text, replace(one.scene, weather=weather_of(one.text, one.scene)))
            for i, one in enumerate(told, 1)
        )
        on_stage = {figure.character for page in pages for figure in page.scene.figures}
        cast = tuple(one for name, one in self.cast.items() if name in on_stage or name == self.heard.hero)
        return Story(
            self._title(), pages, cast, self.wish.dedication, self._blurb(), "en", "fable", self.plot.name
        )  # fmt: skip

    # ---- who and what

    def _set_the_scene(self) -> None:
        """Decide where it happens, what it is about and who is there."""
        heard, rng, known = self.heard, self.rng, self.known
        self._choose_role_and_place()
        elders = {person.they for person in self.plot.person if person.name.lower() in FAMILY}
        own = {name for name, they, age in FAMILY.values() if they in elders and age >= 60} - set(
            self.wish.cast
        )
        if any(one.name in own for one in heard.companions):  # Grandma is in the tale already
            heard = replace(heard, companions=tuple(one for one in heard.companions if one.name not in own))
            self.heard = heard
        treasure = (self.role.treasure if heard.role else "") or rng.choice(self.role.tools)
        self.thing_noun = heard.thing_noun or Noun.of(treasure)
        words = self.thing_noun.words
        self.thing = heard.thing or known.find(words, Thing) or known.inside(words, Thing)
        first = heard.companions[0] if heard.companions else self._invented_friend()
        friend, *rest = (
            self._known_by_pronoun(one if one.name else self._named(one))
            for one in (first, *heard.companions[1:])
        )
        self.voice = self._voice(friend, self._goal(friend))
        self._cast_hero()
        self.friend = self._cast_companion(friend)
        self.who = {"hero": heard.hero, "friend": self.friend}
        self.more = [one for one in rest if one.called not in self.cast]
        self.others = [self._cast_companion(one) for one in self.more]
        for person in self.plot.person:
            self.who[person.id] = self._cast_person(person.id)

    def _choose_role_and_place(self) -> None:
        heard, rng, known = self.heard, self.rng, self.known
        role = heard.role or self._likely_role()
        place = heard.place or self._likely_place(role, heard.thing)
        if self.plot.tale and not (heard.role or heard.place):
            near = [one for one in known.roles if one.place in COUNTRY]
            role = rng.choice([one for one in near if one.place == place.name] or near or [role])
        if not (place.sights and place.path):
            far = rng.choice(TOWNS if place.name[:1].isupper() else FAR)
            base = known.inside(place.name, Place) or _find(known, far, Place) or rng.choice(known.places)
            place = replace(
                place, drawn=place.drawn or base.drawn, path=place.path or base.path, sights=place.sights or base.sights,
                dwellers=base.dwellers, event=base.event, case=base.case,
            )  # fmt: skip
        named = (
            heard.thing_noun,
            heard.hero_animal,
            heard.companions,
            heard.special,
            heard.fear,
            heard.event,
        )
        if heard.role is None and (heard.place or heard.goal or any(named)):
            role = nobody_special(place)
        self.role, self.place = role, replace(place, path=heard.path or place.path)
        self.role_noun = heard.role_noun or Noun.of(role.name)
        self.place_noun = heard.place_noun or Noun.of(place.name)

    def _goal(self, friend: Companion) -> str:
        """What the hero wants: from the wish, else something that an animal of the wish would like."""
        heard = self.heard
        goal = goal_of(heard, self.thing, heard.thing_noun)
        if "lost" in heard.special and heard.thing_noun and self.plot.suits.get("lost", 0) >= 2:
            mine = self.thing is not None and self.thing.verb and heard.thing_noun.owner in ("", "{their}")
            verb = self.thing.verb if self.thing and mine else "play with"
            return f"{verb} {heard.thing_noun.the()}"
        pet = next((one for one in heard.companions if one.animal), None)
        animal = heard.hero_animal or (pet.animal if pet else None)
        if not goal and "first" in heard.special and friend.relation:
            return "say hello to {friend}"
        if goal.startswith("make friends with") and friend.animal is not None:
            goal = ""
        if not goal and animal is not None and animal.food:
            self.thing_noun = Noun.of(animal.food)
            self.thing = self.known.find(animal.food, Thing)
            whom = "" if heard.hero_animal or pet is None else f" for {pet.name or friend.name}"
            return f"find the best {animal.food} in the world{whom}"
        dreams = rf"\b{re.escape(friend.name)}\b(?: the [\w ]+?)? (?:wants?|wanted|learns?|dreams?|tries) (?:how )?(?:to|of)\b"
        if heard.companions and goal and goal == heard.goal and re.search(dreams, self.wish.idea):
            return f"help {{friend}} {goal}"
        return goal or goal_of(replace(heard, role=self.role, role_noun=self.role_noun), None, None)

    def _voice(self, friend: Companion, goal: str) -> Voice:
        heard, rng, place, role = self.heard, self.rng, self.place, self.role
        tools = [tool for tool in role.tools if tool != self.thing_noun.words] or list(role.tools)
        sights = list(place.sights)
        rng.shuffle(tools)
        rng.shuffle(sights)
        fear = heard.fear or rng.choice(FEARS)
        voice = Voice(
            heard.hero, self.wish.pronouns, "first_person" in self.wish.style,
            f"{heard.hero} the {heard.hero_animal.name}" if heard.hero_animal else "",
        )  # fmt: skip
        voice.nouns = {
            "role": self.role_noun, "place": self.place_noun, "thing": self.thing_noun, "home": Noun.of(self._home()),
            **{f"tool{n or ''}": Noun.of(tools[i % len(tools)]) for i, n in enumerate((0, 2, 3))},
            **({"tool": self.thing_noun} if self.plot.tale and heard.thing_noun and not (heard.role or self._is_big()) else {}),
            "sight": Noun.of(sights[0]), "sight2": Noun.of(sights[1 % len(sights)]),
        }  # fmt: skip
        voice.phrases = {
            "goal": goal, "doing": doing_of(goal), "event": heard.event or place.event or "the sun came up green", "fear": fear,
            "path": place.path, "outfit": role.outfit, "at place": place.at, "to place": place.to,
            "at home": "at home", "to home": "home",
        }  # fmt: skip
        voice.beings = {"friend": Being(friend.name, friend.they, friend.intro)}
        for person in self.plot.person:
            they = person.they if person.they in ("she", "he", "it") else "they"
            voice.beings[person.id] = Being(person.name, they)
        return voice

    def _likely_role(self) -> Role:
        place, thing = self.heard.place, self.heard.thing
        near = [role for role in self.known.roles if place is not None and role.place == place.name]
        near = near or [
            role
            for role in self.known.roles
            if place is not None and place.drawn and self._drawn(role.place) == place.drawn
        ]
        near = near or [
            role
            for role in self.known.roles
            if thing is not None and thing.name in (*role.tools, role.treasure)
        ]
        near = near or [
            role
            for role in self.known.roles
            if thing is not None and thing.where and role.place == thing.where
        ]
        return self.rng.choice(near or list(self.known.roles))

    def _drawn(self, name: str) -> str:
        place = _find(self.known, name, Place)
        return place.drawn if place is not None else ""

    def _likely_place(self, role: Role, thing: Thing | None) -> Place:
        named = [
            role.place if self.heard.role else "",
            thing.where if thing and self.heard.thing_noun else "",
        ]
        animal = self.heard.hero_animal or next(
            (one.animal for one in self.heard.companions if one.animal), None
        )
        named += [
            "garden" if "party" in self.heard.special else "",
            "living room"
            if "first" in self.heard.special and any(one.relation for one in self.heard.companions)
            else "",
            animal.lives if animal else "",
            role.place,
        ]
        if self.plot.tale and not self.heard.role:
            named.insert(0, self.rng.choice(COUNTRY))
        elif self.heard.role is None and not any(named[:-1]):
            named.insert(0, self.rng.choice(NEARBY))
        for name in named:
            place: Place | None = _find(self.known, name, Place) if name else None
            if place is not None:
                return place
        return self.rng.choice(list(self.known.places))

    def _home(self) -> str:
        animal = self.heard.hero_animal
        return animal.lives if animal and animal.lives else "house"

    def _invented_friend(self) -> Companion:
        kinds = {person.kind for person in self.plot.person}
        near = [_find(self.known, name, Animal) for name in self.place.dwellers]
        animals = [one for one in near if one is not None and one.kind not in kinds]
        animals = animals or [one for one in self.known.animals if one.kind not in kinds]
        if self.heard.hero_animal is not None:
            animals = [one for one in animals if one.name != self.heard.hero_animal.name] or list(
                self.known.animals
            )
        if self.heard.clients is not None:
            animals = [one for one in animals if one.kind != self.heard.clients.kind] or animals
        if "memory" in self.heard.special:
            animals = [one for one in animals if one.name not in str(self.heard.thing_noun)] or animals
        animal = self.rng.choice(animals)
        return Companion("", "", animal.kind, "it", 0, animal.name, animal)

    def _known_by_pronoun(self, one: Companion) -> Companion:
        """An animal with a name is he or she: as the wish says, else by seed."""
        stranger = one.they == "they" and one.name.startswith("the ")
        if not stranger and (one.animal is None or one.they != "it" or not one.name[:1].isupper()):
            return one
        said = re.search(
            rf"\b{re.escape(one.name)}\b\W+(?:\w+ ){{0,6}}?(he|his|him|she|her)\b", self.wish.idea
        )
        he = (
            said[1].startswith("h") and said[1] != "her"
            if said
            else random.Random(f"{self.wish.seed}|{one.name}").random() < 0.5
        )
        mother = re.search(
            r"\b(?:had|has|having|hatched|lays?|laid) (?:\w+ )?(?:kittens|puppies|babies|chicks|foals?|lambs|eggs?)\b",
            self.wish.idea,
        )
        if not said and (mother or (one.animal and one.name.endswith("a"))):
            he = False
        if re.search(r"\b(?:queen|princess|witch|mermaid|fairy|lady|\w+ess)$", one.name):
            he = False
        elif re.search(r"\b(?:king|prince|wizard|santa)$", one.name):
            he = True
        return replace(one, they="he" if he else "she")

    def _named(self, one: Companion) -> Companion:
        """A name for an animal that came without one."""
        taken = {
            self.heard.hero.lower(),
            *(other.called.lower() for other in self.heard.companions),
            *(name.lower() for name in self.cast),
        }
        name, they = self.rng.choice([pair for pair in PETS if pair[0].lower() not in taken])
        return replace(one, name=name, called=name, they=they, intro=f"{name} the {one.intro}")

    def _cast_hero(self) -> None:
        heard, rng = self.heard, self.rng
        known = self.settled.get(heard.hero)
        if known is not None:
            hero = known
        elif heard.hero_animal is not None:
            animal = heard.hero_animal
            hero = Character(
                heard.hero, looks.creature(animal.kind, animal.height, heard.hero_colour or animal.colour)
            )
        else:
            hero = Character(heard.hero, looks.child(self.wish.reader_age, self.wish.pronouns, rng))
        if not hero.part:
            hero = replace(hero, part="the hero")
        if not hero.look.is_person:
            hero = looks.dressed(
                hero,
                (
                    *(() if hero.outfits else (looks.scarf(rng),)),
                    Outfit("role", self.role.outfit, self.role.outfit_palette),
                    looks.pyjamas(rng),
                ),
            )
        else:
            outfits: tuple[Outfit, ...] = () if hero.outfits else (looks.everyday(hero.look, rng),)
            if self.heard.role is not None or any(beat.wear == "role" for beat in self.plot.beat):
                outfits += (Outfit("role", self.role.outfit, self.role.outfit_palette),)
            hero = looks.dressed(hero, (*outfits, looks.pyjamas(rng)))
        self.cast[heard.hero] = hero

    def _cast_companion(self, one: Companion) -> str:
        if one.called in self.cast:
            return one.called
        rng, hero = self.rng, self.cast[self.heard.hero].look
        related = hero if hero.is_person and (one.age or one.kind == "adult") else None
        if one.called in self.settled:
            made = self.settled[one.called]
        elif one.kind == "child":
            made = Character(one.called, looks.child(one.age or self.wish.reader_age, one.they, rng, related))
        elif one.kind == "adult":
            made = Character(one.called, looks.adult(one.age or 36, one.they, rng, related))
        else:
            animal = one.animal
            colour = one.colour or (animal.colour if animal else "")
            made = Character(one.called, looks.creature(one.kind, animal.height if animal else 0, colour))
        if made.look.is_person:
            plain = () if made.outfits else (looks.everyday(made.look, rng),)
            made = looks.dressed(made, (*plain, looks.pyjamas(rng)))
        if not made.part:
            part = f"the {one.animal.name}" if one.animal else one.relation or one.name
            made = replace(made, part=part if part != one.called else f"{self.heard.hero}'s companion")
        self.cast[one.called] = made
        return one.called

    def _cast_person(self, id: str) -> str:
        person = next(one for one in self.plot.person if one.id == id)
        name = self.voice.fill(person.name, introduce=False)
        if name in self.cast:
            return name
        if person.kind in ("child", "adult"):
            made = getattr(looks, person.kind)(
                person.age or (5 if person.kind == "child" else 40), person.they, self.rng
            )
            look = replace(
                made, height=person.height or made.height, skin=person.skin or made.skin, hair_colour=person.hair_colour or made.hair_colour,
                hair_style=person.hair_style or made.hair_style, eyes=person.eyes or made.eyes, glasses=person.glasses or made.glasses,
                extras=person.extras or made.extras,
            )  # fmt: skip
            outfit = (
                Outfit("everyday", person.outfit, person.outfit_palette)
                if person.outfit
                else looks.everyday(look, self.rng)
            )
            self.cast[name] = Character(name, look, (outfit,), person.name)
        else:
            look = replace(
                looks.creature(person.kind, person.height, person.colour),
                hair_colour=person.hair_colour,
                extras=person.extras,
            )
            outfits = (Outfit("everyday", person.outfit, person.outfit_palette),) if person.outfit else ()
            self.cast[name] = Character(name, look, outfits, person.name)
        return name

    # ---- cases

    def _cases(self, count: int) -> list[Case]:
        """The main case and one for each episode, none twice; what is nearest to the wish comes first."""
        rng, known = self.rng, self.known
        wished = {word for word in (word.lower() for word in words_of(self.wish.idea)) if len(word) > 3}
        taken_names = {word.lower() for name in self.cast for word in words_of(name) if word.lower() != "the"}
        taken_kinds = {self.cast[self.heard.hero].look.kind, self.cast[self.friend].look.kind} - {
            "child",
            "adult",
        }
        own, here = list(self.role.case), list(self.place.case)
        things = [
            case
            for near in (self.thing, *(one.animal for one in self.heard.companions))
            if near
            for case in near.case
        ]
        beside = [
            case
            for role in known.roles
            if role.place == self.place.name and role is not self.role
            for case in role.case
        ]
        same = [
            case
            for role in known.roles
            if role.serves and role.serves == self.role.serves
            for case in role.case
        ]
        far = (
            [case for role in known.roles for case in role.case]
            + [case for place in known.places for case in place.case]
            + list(known.cases)
        )
        picked: list[Case] = []
        served = self.heard.clients
        if served is not None:
            taken_kinds -= {served.kind}
            alike = [
                case
                for case in (*own, *things, *served.case, *same, *beside, *far)
                if case.kind == served.kind or served.name in words_of(case.client)
            ]
            alike = [
                case
                for case in dict.fromkeys(alike)
                if case in own or case in same or served.name in words_of(case.client)
            ]
            turned = [
                recast(case, served, colour)
                for case, colour in zip(own + here, ("", *looks.COATS) * 2, strict=False)
            ]
            own = [*alike, *(case for case in turned if case is not None)]
        near = (
            (own + things, here)
            if self.heard.role
            else (things + here, own if self.role.place == self.place.name else [])
        )
        for pool in (*near, beside, same, far):
            ordered = rng.sample(pool, len(pool))
            ordered.sort(key=lambda case: not wished.intersection(words_of(case.client)))
            if served is not None:
                ordered.sort(key=lambda case: case.kind != served.kind)
            for case in ordered:
                if len(picked) > count:
                    break
                clients = {one.client for one in picked if served is None or one.kind != served.kind}
                alone = served is not None and case.kind == served.kind  # several of a kind are wished
                own_names = {
                    word.lower() for word in words_of(case.name if alone else f"{case.name} {case.client}")
                }
                if (
                    case in picked
                    or case.client in clients
                    or case.kind in taken_kinds
                    or own_names & taken_names
                ):
                    continue
                taken_names |= {word.lower() for word in words_of(case.name)}
                picked.append(case)
        if served is not None and sum(case.kind == served.kind for case in picked) == 1:
            picked.sort(key=lambda case: case.kind == served.kind)
            main = picked.pop(0) if len(picked) > 1 else picked[0]
            picked.reverse()
        else:
            main = picked.pop(rng.randrange(min(2, len(picked)))) if len(picked) > 1 else picked[0]
        self.voice.main = main
        for case in [main, *picked]:
            self._cast_client(case)
        return picked or [main]

    def _cast_client(self, case: Case) -> None:
        rng = self.rng
        if case.kind == "child":
            look = looks.child(rng.choice((4, 5, 6)), case.they, rng)
        elif case.kind == "adult":
            look = looks.adult(rng.choice((32, 45, 67)), case.they, rng)
        else:
            animal = _find(self.known, case.client, Animal) or self.known.inside(case.client, Animal)
            look = looks.creature(case.kind, case.height or (animal.height if animal else 0), case.colour)
        outfits = (looks.everyday(look, rng),) if look.is_person else ()
        self.cast[case.name] = Character(case.name, look, outfits, Noun.of(case.client).a())

    # ---- beat by beat

    def _tell(self, slots: tuple[Slot, ...], cases: list[Case]) -> list[Told]:
        level, bedtime = level_of(self.wish.reader_age), "bedtime" in self.wish.style
        wear, time, told = "", "morning", []
        self.helped: list[str] = []
        dress = self._dressing(slots)
        used: dict[str, list[int]] = {}
        for i, slot in enumerate(slots):
            case = cases[(slot.episode - 1) % len(cases)] if slot.episode else None
            wear = slot.beat.wear or ("role" if slot is dress else wear)
            time = slot.beat.scene.time or time
            text = self._words(slot, case, level, used.setdefault(slot.beat.id, []))
            if slot is dress:
                text += f" {self._filled('{hero} put on {outfit}.')}"
            late = i / len(slots)
            shown = (
                max(time, "night" if late > 0.8 else "evening" if late > 0.5 else time, key=TIMES.index)
                if bedtime
                else time
            )
            if slot.episode > 1:
                before = cases[(slot.episode - 2) % len(cases)].name
                self.helped = [*(name for name in self.helped if name != before), before]
            elif slot.beat.part != "episode" and case is None and i and slots[i - 1].episode:
                before = cases[(slots[i - 1].episode - 1) % len(cases)].name
                self.helped = [*(name for name in self.helped if name != before), before]
            if "rhyme" not in self.wish.style:
                text = self._introduced(text, case)
            told.append(Told(slot, text, self._scene(slot, case, wear, shown), case))
        return told

    def _introduced(self, text: str, case: Case | None) -> str:
        """Who helps or is helped is told with what he is the first time, even where the beat that says so was left out."""
        for one in (case, self.voice.main):
            if one is None or one.name in self.voice.said:
                continue
            noun = one.client.split()[-1].lower()
            at = re.search(rf"\b{re.escape(one.name)}\b", text)
            if noun in text.lower():
                self.voice.said.add(one.name)
            elif at:
                self.voice.said.add(one.name)
                plain = noun in ("boy", "girl", "child", "man", "woman") or one.client.lower().startswith(
                    "the "
                )
                if not plain and noun not in one.name.lower():
                    text = f"{text[: at.end()]} the {one.client}{text[at.end() :]}"
        return text

    def _with_the_role_told(self) -> Plot:
        """The plot; a tale keeps the beats in which a wished role is put on and put to use, where it can spare the pages."""
        if not (self.plot.tale and self.heard.role):
            return self.plot
        spare = self.wish.pages - sum(beat.keep >= 8 for beat in self.plot.beat)
        spare -= 2 if self.wish.pages >= EPISODES_FROM else 0
        needed = [beat.id for beat in self.plot.beat if beat.part == "start" and beat.wear == "role"]
        needed += [
            beat.id for beat in self.plot.beat if beat.part == "middle" and "{tool}" in beat.scene.props
        ]
        kept = needed[: max(0, spare)]
        beats = [
            replace(beat, keep=max(beat.keep, 8)) if beat.id in kept else beat for beat in self.plot.beat
        ]
        return replace(self.plot, beat=tuple(beats))

    def _dressing(self, slots: tuple[Slot, ...]) -> Slot | None:
        """Where a wished role gets its clothes when the plot does not see to it."""
        if (
            self.heard.role is None
            or "rhyme" in self.wish.style
            or any(slot.beat.wear == "role" for slot in slots)
        ):
            return None
        with_hero = [
            slot
            for slot in slots
            if slot.beat.part == "start" and any(one.who == "hero" for one in slot.beat.scene.figures)
        ]
        return with_hero[min(1, len(with_hero) - 1)] if with_hero else None

    def _words(self, slot: Slot, case: Case | None, level: str, used: list[int]) -> str:
        beat = slot.beat
        if "rhyme" in self.wish.style and beat.rhyme:
            return self._verses(slot, case, level, used)
        fresh = [i for i in range(len(beat.text)) if i not in used]
        if not fresh:
            used.clear()
            fresh = list(range(len(beat.text)))
        aim = min(max(self.wish.reader_age - 5, 1), 4)
        said = set(self.voice.said)

        suits = reading.target(self.wish.reader_age)

        def distance(i: int, level: str) -> float:
            """How far a variant is from what suits the reader: grade, words on the page, longest sentence; and chance."""
            self.voice.said = set(said)
            filled = self.voice.fill(beat.text[i].at(level), case, slot.episode or 1)
            found = reading.measure(shortened(filled, suits.longest_sentence), self.cast)
            too_long = max(0, found.longest_sentence - suits.longest_sentence)
            too_many = max(0, found.words - suits.words_per_page[1])
            off = abs(found.words - WORDS[self.wish.reader_age]) / 8
            return abs(found.spache - aim) + off + 0.8 * too_long + 0.3 * too_many + self.rng.random() * 1.5

        levels = (level, "small") if self.wish.reader_age == YOUNG else (level,)
        bias = {"small": 2.5 if level != "small" else 0.0}
        _, best, level = min((distance(i, one) + bias.get(one, 0.0), i, one) for i in fresh for one in levels)
        self.voice.said = said
        used.append(best)
        return self.voice.fill(beat.text[best].at(level), case, slot.episode or 1)

    def _verses(self, slot: Slot, case: Case | None, level: str, used: list[int]) -> str:
        """The couplets that scan best with the actual names; those that do not rhyme or scan come last."""
        ranked = []
        for i, lines in enumerate(slot.beat.rhyme):
            a, b = (self.voice.fill(line, case, slot.episode or 1, introduce=False) for line in lines)
            verdict = rhyme.couplet(a, b)
            named = bool(re.search(r"\{(?:hero|friend|case\.name|main\.name)", " ".join(lines)))
            wished = any(slot in " ".join(lines) for _, _, slot in self._wished())
            liking = 0.3 * wished + 0.2 * (named and self.rng.random() < 0.7) + 0.15 * self.rng.random()
            score = round(min(verdict.scan_a, verdict.scan_b) + liking, 3)
            ranked.append((i in used, not verdict.ok, not verdict.ok and named, -score, i, f"{a}\n{b}"))
        ranked.sort()
        good = [row for row in ranked if not row[1]] or ranked[:1]
        take = good[: 2 if level == "big" else 1]
        used += [row[4] for row in take]
        return "\n".join(row[5] for row in take)

    def _scene(self, slot: Slot, case: Case | None, wear: str, time: str) -> Scene:
        setting = slot.beat.scene
        figures: list[Figure] = []
        for role in setting.figures:
            if role.who == "others":
                here = {figure.character for figure in figures} | ({case.name} if case else set())
                crowd = [name for name in self.helped if name not in here][-3:]
                crowd = crowd[: max(0, CROWD - len(setting.figures) + 1)]
                figures += [Figure(name, role.do, role.feel) for name in crowd]
                continue
            if role.who in ("client", "main"):
                one = case if role.who == "client" else self.voice.main
                name = one.name if one else ""
            else:
                name = self.who.get(role.who, "")
            if not name or any(figure.character == name for figure in figures):
                continue
            prop = self.voice.noun(role.prop, case) if role.prop else ""
            if role.do == "riding":
                prop = self.who.get(role.prop, prop)
            figures.append(Figure(name, role.do, role.feel, prop, self._outfit(name, wear, role.who)))
        props = tuple(dict.fromkeys(self.voice.noun(prop, case) for prop in setting.props))
        framing = "spread" if slot.beat.big and self.wish.pages >= 8 else setting.framing
        return Scene(
            self._seen(setting.place, case, wear == "pyjamas" or "bed" in props),
            cast("Time", time),
            cast("Weather", setting.weather),
            props,
            tuple(figures),
            cast("Framing", framing),
        )

    def _outfit(self, name: str, wear: str, who: str) -> str:
        owned = {outfit.name for outfit in self.cast[name].outfits}
        if who != "hero" and wear == "role":
            wear = "everyday"
        return wear if wear in owned and wear != "everyday" else ""

    def _seen(self, place: str, case: Case | None, abed: bool = False) -> str:
        """A place as painters read it: its own name, and what it is drawn as where the name does not say."""
        if place.strip() == "{home}" and self._home() == "house":
            return "bedroom" if abed else "home"
        words = self.voice.noun(place, case)
        if (
            words == self.place_noun.words
            and self.place.drawn
            and self.place.drawn.lower() not in words.lower()
        ):
            owner = self.voice.fill(self.place_noun.owner, introduce=False)
            return (
                f"{owner} {words}, {self.place.drawn}".strip() if self.heard.place_noun else self.place.drawn
            )
        entry = _find(self.known, words, Place)
        return entry.drawn if entry is not None and words != self.place_noun.words else words

    # ---- what the whole book must hold

    def _filled(self, template: str) -> str:
        return self.voice.fill(template, self.voice.main, introduce=False)

    def _from_outside(self, template: str, introduce: bool = False) -> str:
        """Words on the cover: in the third person, whoever tells the story; the hero is named before any "her"."""
        plain = replace(self.voice, first_person=False, said=set())
        words = plain.fill(template, self.voice.main, introduce=introduce)
        owned = any("{their}" in str(value) for value in (*plain.nouns.values(), *plain.phrases.values()))
        first = re.search(rf"\b{PRONOUNS[self.wish.pronouns]['their']}\b", words, re.I)
        if owned and first and self.heard.hero not in words[: first.start()]:
            words = words[: first.start()] + possessive(self.heard.hero) + words[first.end() :]
        return words

    def _wished(self) -> list[tuple[str, str, str]]:
        """What the wish named: (key, words that must be found, slot)."""
        heard = self.heard
        rows = [
            ("event", heard.event, "{event}"), ("thing", heard.thing_noun.words if heard.thing_noun else "", "{thing}"),
            ("role", heard.role_noun.words if heard.role_noun else "", "{role}"),
            ("place", heard.place_noun.words if heard.place_noun else "", "{place}"),
            ("fear", heard.fear, "{fear}"), ("goal", heard.goal, "{goal}"),
        ]  # fmt: skip
        return [(key, self._filled(words), slot) for key, words, slot in rows if words]

    def _name_what_was_wished(self, told: list[Told]) -> None:
        """Add a sentence or a couplet where the plot left out something that the wish names, and show it."""
        level, verse = level_of(self.wish.reader_age), "rhyme" in self.wish.style
        said = " ".join(one.text for one in told).lower()
        starts = [one for one in told if one.slot.beat.part == "start"] or told[:1]
        if verse and not self.voice.first_person and self.heard.hero.lower() not in said:
            spare = any(one.slot.beat.keep <= 6 for one in starts)
            self._put_verse(starts if spare else told[:1], VERSES["hero"], self.heard.hero, self.heard.hero)
        for key, words, _ in self._wished():
            long = [word for word in words.lower().split() if len(word) > 3]
            if re.search(rf"\b{re.escape(words.lower())}", said) or (
                long and all(word in said for word in long)
            ):
                continue
            if verse:
                named = self._filled("x " + WISHED[key])[2:]
                dressed = [one for one in starts if key == "role" and one.slot.beat.wear == "role"]
                self._put_verse(dressed or starts, VERSES.get(key, VERSES["wished"]), named)
            else:
                shortest = min(starts, key=lambda one: (not one.text.endswith("."), len(words_of(one.text))))
                shortest.text += f" {self._filled(MENTIONS[key].at(level))}"
        friend = self.voice.beings["friend"].name
        often = 1 if verse or not self.heard.companions else 2
        if said.count(friend.lower()) < often and not (verse and not self.heard.companions):
            if verse:
                self._put_verse(starts, VERSES["came"], friend, self.friend)
            else:
                shown = [
                    one for one in starts if any(who.character == self.friend for who in one.scene.figures)
                ]
                beside = shown or starts
                beside[min(1, len(beside) - 1)].text += f" {self.voice.fill('{friend} came too.')}"
        if self.heard.thing_noun is not None:
            self._show_the_thing(told)
        if self.heard.place_noun is not None and not any(
            self.heard.place_noun.words in one.scene.place for one in told
        ):
            named = self.heard.place_noun.words.lower()
            middle = next((one for one in told if named in one.text.lower()), told[len(told) // 2])
            middle.scene = replace(middle.scene, place=self._seen("{place}", middle.case))

    def _is_big(self) -> bool:
        """Whether the thing is one that people get into or on, too big for a hand or a room."""
        return self.thing is not None and self.thing.verb in ("drive", "ride", "sail", "steer")

    def _show_the_thing(self, told: list[Told]) -> None:
        """The wish's own thing stands wherever it is named, and on a third of the pages at least."""
        shown = self.voice.noun("{thing}")
        lost = self.plot.suits.get("lost", 0) >= 2

        def seen(one: Told) -> bool:
            return shown in (*one.scene.props, *(figure.prop for figure in one.scene.figures))

        def show(one: Told) -> None:
            one.scene = replace(one.scene, props=(*one.scene.props, shown))

        def roomy(one: Told) -> bool:
            inside = INDOORS.intersection(words_of(one.scene.place.lower()))
            return not seen(one) and len(one.scene.props) < CROWD - 1 and not (self._is_big() and inside)

        if not any(seen(one) for one in told):
            show(told[0] if lost or roomy(told[0]) else next(filter(roomy, told), told[0]))
        if lost:
            return
        for one in told:
            if shown.lower() in one.text.lower() and not seen(one):
                show(one)
        wanted = -(-len(told) // 3) - sum(seen(one) for one in told)
        free = [one for one in told if roomy(one)]
        for i in range(min(wanted, len(free))):
            show(free[i * (len(free) - 1) // max(1, min(wanted, len(free)) - 1)])

    def _let_speakers_be_seen(self, page: Told) -> None:
        """Hero and friend stand in the picture of every page on which they say or do something."""
        told = re.sub(r'"[^"]*"', '""', page.text)
        here = {figure.character for figure in page.scene.figures}
        for name in (self.heard.hero, self.friend):
            doing = rf"{re.escape(name)} (?:said|asked|cried|called|whispered|\w{{2,}}ed|took|put|held|ran|gave|saw|went|had|was)\b"
            if (
                name not in here
                and len(here) < CROWD
                and re.search(rf'""\W*said {re.escape(name)}\b|(?:^|[.!?"] |\band ){doing}', told)
            ):
                extra = Figure(name, "standing", "happy")
                page.scene = replace(page.scene, figures=(*page.scene.figures, extra))

    def _put_verse(
        self, pages: list[Told], couplets: tuple[tuple[str, str], ...], words: str, seen: str = ""
    ) -> bool:
        """Print the couplet that takes these words best in the place of the least needed one; none if none scans.

        What the plot cannot do without stays, and the couplet comes after it.

        `seen` must stand in the picture of that page.
        """
        verse = self._verse(couplets, words)
        free = [one for one in pages if one not in self.rewritten]
        free = [
            one for one in free if not seen or any(figure.character == seen for figure in one.scene.figures)
        ]
        if not verse or not free:
            return False
        page = min(free, key=lambda one: (one is pages[0], one.slot.beat.keep))
        self.rewritten.append(page)
        lines = page.text.split("\n")
        alone = len(lines) <= 2 and (self.wish.pages < 6 or page.slot.beat.keep > 6)
        page.text = "\n".join((*(lines if alone else lines[:-2]), verse))
        return True

    def _bring_the_others(self, told: list[Told]) -> None:
        if not self.others:
            return
        starts = [one for one in told if one.slot.beat.part == "start"]
        ends = [one for one in told if one.slot.beat.part == "end"]
        shown = [
            self.voice.fill((self.wish.cast and one.name) or one.intro or one.name, introduce=False)
            for one in self.more
        ]
        names = [self.voice.fill(one.name, introduce=False) for one in self.more]
        was = "were" if len(names) > 1 else "was"
        sleepy = any(
            figure.action == "sleeping" or figure.outfit == "pyjamas"
            for figure in (ends or told)[-1].scene.figures
        )
        last = (
            (f"{_listed(names)} {was} asleep already.", "sleeping")
            if sleepy
            else (f"{_listed(names)} cheered.", "waving")
        )
        first = starts[1] if len(starts) > 1 else told[0]
        if "rhyme" in self.wish.style:
            endings = (ends or told)[-2:-1] or told[-1:]
            for pages, kind, action in (([first], "came", "walking"), (endings, "cheered", "jumping")):
                self._put_verse(pages, VERSES[kind], _listed(names))
                self._join(pages[0], "", action)
            self._join(told[-1], "", last[1])
            return
        self._join(first, f"{_listed(shown)} came too.", "walking")
        between = [
            one
            for one in told[2:-1]
            if one.slot.beat.part == "middle" and len(one.scene.figures) + len(names) <= 4
        ]
        between = between or [one for one in told[2:-1] if len(one.scene.figures) + len(names) <= 4]
        doing = self.rng.sample(BESIDE, 3)
        for page, (did, action) in zip(between[:: max(1, len(between) // 2)], doing, strict=False):
            self._join(page, f"{_listed(names)} {did}.", action)
        self._join((ends or told)[-1], *last)

    def _verse(self, couplets: tuple[tuple[str, str], ...], words: str) -> str:
        """The couplet into which these words fit best, "" if they fit into none."""
        best, found = 0.0, ""
        for lines in couplets:
            a, b = (capital(line.replace("…", words)) for line in lines)
            if " and " in words or "," in words:
                a, b = (line.replace(f"{words} was ", f"{words} were ") for line in (a, b))
            verdict = rhyme.couplet(a, b)
            score = min(verdict.scan_a, verdict.scan_b) + 0.1 * self.rng.random()
            if verdict.ok and score > best:
                best, found = score, f"{a}\n{b}"
        return found

    def _join(self, page: Told, sentence: str, action: str) -> None:
        if sentence:
            page.text = f"{page.text} {capital(sentence)}"
        here = {figure.character for figure in page.scene.figures}
        feel = "sleepy" if action == "sleeping" else "happy"
        extra = tuple(Figure(name, action, feel) for name in self.others if name not in here)
        page.scene = replace(page.scene, figures=page.scene.figures + extra)

    def _add_asides(self, told: list[Told]) -> None:
        tones = [tone for tone in ("funny", "bedtime") if tone in self.wish.style]
        pool = [one for one in self.known.asides if one.tone in tones]
        self.rng.shuffle(pool)
        if not pool or "rhyme" in self.wish.style:
            return
        level = level_of(self.wish.reader_age)
        most = reading.target(self.wish.reader_age).words_per_page[1]
        room = len(told) * (most - 1) - sum(len(words_of(one.text)) for one in told)
        for page in told[2:-1:4]:
            inside = bool(INDOORS.intersection(words_of(page.scene.place.lower())))
            for aside in pool:
                here = {figure.character for figure in page.scene.figures}
                named = set(re.findall(r"\{(hero|friend)\b", str(getattr(aside, level))))
                if not all(self.who[name] in here for name in named):
                    continue
                fits = aside.where == "any" or (aside.where == "indoors") == inside
                words = self._filled(str(getattr(aside, level)))
                count = len(words_of(words))
                if fits and count <= room and len(words_of(page.text)) + count <= most:
                    room -= count
                    page.text = f"{page.text} {words}"
                    pool.remove(aside)
                    break

    def _keep_words(self, told: list[Told]) -> None:
        """Put the child's words, byte for byte, where they fit best; what is no sentence is spoken by the hero."""
        taken: set[int] = set()
        for words in self.wish.keep:
            if not words.strip() or any(words in one.text for one in told):
                continue
            meant = {word.lower() for word in words_of(words) if len(word) > 2}
            order = sorted(
                (i for i in range(len(told)) if i not in taken or len(taken) >= len(told)),
                key=lambda i: (-len(meant.intersection(word.lower() for word in words_of(told[i].text))), told[i].slot.beat.part != "start", i),
            )  # fmt: skip
            at = order[0]
            taken.add(at)
            whole = re.search(r"[.!?…][\"'”’)]*\s*$", words) or '"' in words
            speaker = "I said" if self.voice.first_person else f"said {self.heard.hero}"
            said = words if whole else f'"{words}," {speaker}.'
            joint = "\n" if "rhyme" in self.wish.style or "\n" in words else " "
            told[at].text = f"{told[at].text}{joint}{said}"

    def _blurb(self) -> str:
        """The plot's words for the back cover, and whatever the wish names that they leave out."""
        heard, said = self.heard, self._from_outside(self.plot.blurb)
        here = said.lower()
        wished = {key: words.lower() for key, words, _ in self._wished()} | (
            {"friend": self.voice.beings["friend"].name.lower()} if heard.companions else {}
        )
        left = {key for key, words in wished.items() if words not in here}
        if self.place_noun.words.lower() in ("house", "home"):
            left.discard("place")
        hero = "{hero} the {role}" if "role" in left and len(self.role_noun.words.split()) < 4 else "{hero}"
        people = ["{hero} as {a role}" if "role" in left and hero == "{hero}" else hero]
        people += [
            slot
            for key, slot in (("friend", "{friend}"), ("thing", "{the thing}"), ("fear", "{fear}"))
            if key in left
        ]
        where = ", {at place}" if "place" in left else ""
        tail = ". It all begins on the day {event}" if "event" in left else ""
        if len(people) > 1 or "role" in left:
            return f"{said} {self._from_outside(f'With {_listed(people)}{where}{tail}.')}"
        if where or tail or heard.hero.lower() not in here:
            told = (
                f"Come along with {{hero}}{where}{tail}."
                if where or not tail
                else "It all begins for {hero} on the day {event}."
            )
            return f"{said} {self._from_outside(told)}"
        return said

    def _title(self) -> str:
        """A title of the plot that names what the wish is about, else one of our own that does."""
        heard = self.heard
        if heard.question:
            return title_case(capital(self._from_outside(heard.question)))
        if self.plot.tale:
            with_role = [one for one in self.plot.titles if ("role}" in one) == bool(heard.role)]
            template = self.rng.choice(with_role or self.plot.titles)
            with_whom = "{the thing}" if heard.thing_noun else "{friend}" if heard.companions else ""
            if with_whom:  # "Kim and the Three Bears" becomes "Kim, Theo and the Three Bears"
                template = re.sub(
                    r"(\{hero\}(?: the \{role\})?)( and|,|$)",
                    lambda found: f"{found[1]}{',' if found[2] else ' and'} {with_whom}{found[2]}",
                    template,
                    count=1,
                )
            return title_case(capital(self._from_outside(template, introduce=True)))
        wished = {key for key, _, _ in self._wished()} | ({"friend"} if heard.companions else set())
        if heard.companions and self.place.drawn in ("bedroom", "home", "kitchen", "living room"):
            wished.discard("place")
        own = {
            "event": "The Day {event}", "thing": "{hero} and {the thing}", "role": "{hero} the {role}", "place": "{hero}'s Trip {to place}",
            "fear": "{hero} and {fear}", "friend": "{hero} and {friend}",
        }  # fmt: skip
        about = next((key for key in own if key in wished), "")
        named = [
            one for one in self.plot.titles if re.search(rf"\{{(?:\w+ )?{about or 'hero'}(?:'s)?\}}", one)
        ]
        borrowed = "|".join(key for key in ("thing", "place", "role") if key not in wished)
        if borrowed:
            honest = [one for one in named if not re.search(rf"\{{(?:\w+ )?(?:{borrowed})(?:'s)?\}}", one)]
            named = honest or ([] if about else named)
        template = (
            own["event"].replace(
                "{event}",
                self.heard.event.replace("{their}", "my" if self.voice.first_person else "{hero's}", 1),
            )
            if about == "event"
            else self.rng.choice(named or [own.get(about, "{hero} and {friend}")])
        )
        return title_case(capital(self._from_outside(template, introduce=True)))


def _find(known: Lexicon, words: str, kind: type) -> Any:
    return known.find(words, kind)


def _listed(names: Iterable[str]) -> str:
    *most, last = list(names)
    return f"{', '.join(most)} and {last}" if most else last


__all__ = ["Teller", "level_of"]
