"""Writers, chat: what a model is asked about a story, and what is read from its answers. The words of the questions lie in `prompts/`, one file for each task."""

import hashlib
import json
import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as resources
from typing import Any, TypeVar, cast, get_args

from storykin.character import Character
from storykin.scene import ACTIONS, EXPRESSIONS, Scene, Time, Weather
from storykin.story import Page, Story
from storykin.wish import Wish
from storykin.writers.chat.asking import Question
from storykin.writers.drafting import Beat, Draft, Earlier, Outline
from storykin.writers.proofreading import Fault, proofread
from storykin.writers.reading import target

Value = TypeVar("Value")

TIMES: tuple[str, ...] = get_args(Time)
WEATHERS: tuple[str, ...] = get_args(Weather)
CALLED = {"she": "she, her", "he": "he, him", "they": "they, them"}
PAGE = 900  # letters; the longest page for the oldest readers has some 450
VERSE = 24  # words; a page of verse holds a couplet at least


# --- the words of questions ----------------------------------------------------------------------------


def said(name: str, **values: object) -> str:
    """A question's words, from the file of that name."""
    return str(_library().get_template(f"{name}.txt").render(**values)).strip()


def version() -> str:
    """Stands for all prompt files: a draft that was asked for in other words is begun anew."""
    folder = resources("storykin.writers.chat").joinpath("prompts")
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".txt"))
    return hashlib.sha256(
        "\0".join(folder.joinpath(one).read_text("utf-8") for one in names).encode()
    ).hexdigest()[:12]


@cache
def _library() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    # plain text: nothing is escaped, and a value is never read as a template
    return Environment(
        loader=PackageLoader("storykin.writers.chat", "prompts"), undefined=StrictUndefined, autoescape=False, trim_blocks=True, keep_trailing_newline=False
    )  # fmt: skip


ECHO = 7
"""So many words in a row that also stand in a question's own words are no story: small models copy what they were told to do."""


def echoed(text: str) -> str:
    """The words of a question that a text says again, "" where it does not."""
    words = re.findall(r"[^\W_]+", text.lower())
    runs = (tuple(words[at : at + ECHO]) for at in range(len(words) - ECHO + 1))
    return " ".join(next((run for run in runs if run in _runs()), ()))


@cache
def _runs() -> frozenset[tuple[str, ...]]:
    """All runs of words in the question files."""
    folder = resources("storykin.writers.chat").joinpath("prompts")
    lines = [
        line for one in folder.iterdir() for line in re.split(r"\{[%{#].*?[%}#]\}", one.read_text("utf-8"))
    ]
    told = [re.findall(r"[^\W_]+", line.lower()) for line in lines]
    return frozenset(tuple(words[at : at + ECHO]) for words in told for at in range(len(words) - ECHO + 1))


def quoted(words: str) -> str:
    """Words of somebody else: on one line, and without what could pass for the end of the quotation."""
    return " ".join(words.translate(QUOTES).split())


QUOTES = str.maketrans({"‹": "<", "›": ">", "“": '"', "”": '"'})


def exact(words: str) -> str:
    """Words that must be written letter for letter, as a JSON string: that is how they come back."""
    return json.dumps(words, ensure_ascii=False)


def editor(wish: Wish, language: str) -> str:
    """Who the model is, for all questions about a wish."""
    aim = target(wish.reader_age)
    few, many = aim.words_per_page
    rhyme = "rhyme" in wish.style
    return said(
        "editor", age=wish.reader_age, few=few, many=max(many, VERSE) if rhyme else many, longest=max(aim.longest_sentence, 14) if rhyme else aim.longest_sentence,
        hero=quoted(wish.hero), pronouns=CALLED[wish.pronouns], language=language, rhyme=rhyme, first_person="first_person" in wish.style, funny="funny" in wish.style,
        bedtime="bedtime" in wish.style,
    )  # fmt: skip


def described(one: Character) -> str:
    """Somebody as the bible has them: name, kind, age, outfits."""
    look = one.look
    name, part = quoted(one.name), quoted(one.part)
    kind = f"{look.kind}, {look.age} years old" if look.is_person else f"{look.skin} {look.kind}".strip()
    dressed = "; ".join(quoted(f"{outfit.name}: {outfit.words}") for outfit in one.outfits)
    return f"{name} ({kind}{f'; {part}' if part else ''}){f' outfits: {dressed}' if dressed else ''}"


# --- schemas -------------------------------------------------------------------------------------------


def _object(**properties: Any) -> dict[str, Any]:
    """All properties are needed and no other is allowed, as strict servers want it."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _words(*among: str, most: int = 160) -> dict[str, Any]:
    """A text of so many letters at most, without which small models never end one; or one `among` those."""
    return {"type": "string", "enum": list(among)} if among else {"type": "string", "maxLength": most}


def _list(of: dict[str, Any], fewest: int = 0, most: int = 0) -> dict[str, Any]:
    bounds = {"minItems": fewest} | ({"maxItems": most} if most else {})
    return {"type": "array", "items": of, **bounds}


# --- the outline ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asking:
    """What is the same in all questions about one book."""

    wish: Wish
    language: str
    earlier: Earlier | None = None
    settled: tuple[Character, ...] = ()

    @property
    def system(self) -> str:
        """Who the model is."""
        return editor(self.wish, self.language)


def outline_question(asking: Asking, draft: Draft) -> Question[Outline]:
    """The first pass. With pages in the draft they stay, and the rest is planned anew around what the child added."""
    wish = asking.wish
    hero = next((one for one in asking.settled if one.name == wish.hero), None)
    person = _object(
        name=_words(most=40), kind=_words(most=20), age={"type": "integer"}, coat=_words(most=30), costume=_words(most=80), part=_words(most=80)
    )  # fmt: skip
    beat = _object(
        page={"type": "integer"}, happens=_words(most=240), place=_words(), time=_words(*TIMES), weather=_words(*WEATHERS), who=_list(_words(), 0, 4), question=_words()
    )  # fmt: skip
    schema = _object(
        title=_words(), want=_words(), trouble=_words(), turn=_words(), ending=_words(), people=_list(person, 1, len(wish.cast) + 11), facts=_list(_words(), 0, 10),
        beats=_list(beat, wish.pages, wish.pages), blurb=_words(most=400),
    )  # fmt: skip
    user = said(
        "outline", idea=quoted(wish.idea), hero=quoted(wish.hero), about_hero=described(hero) if hero else "", others=[_other(name, asking) for name in wish.cast],
        names=[quoted(one) for one in wish.cast], sparks=[quoted(one) for one in wish.sparks], keep=[exact(one) for one in wish.keep],
        earlier=asking.earlier and _before(asking.earlier), added=[quoted(one) for one in draft.added], kept=draft.pages, pages=wish.pages,
    )  # fmt: skip

    def read(found: Any) -> Outline:
        outline = _value(found, Outline)
        if len(outline.beats) != wish.pages:
            raise ValueError(f"the outline has {len(outline.beats)} pages, not {wish.pages}")
        if not outline.title.strip() or not all(one.happens.strip() for one in outline.beats):
            raise ValueError("the outline has empty lines")
        if wrong := unfit_cover(outline.title, outline.blurb, wish):
            raise ValueError(wrong)
        for line in (outline.title, outline.want, outline.ending, *(one.happens for one in outline.beats)):
            if copied := echoed(line):
                raise ValueError(f"the outline says the question again: “{copied}”")
        numbered = tuple(
            Beat(number, one.happens, one.place, one.time, one.weather, one.who, one.question)
            for number, one in enumerate(outline.beats, 1)
        )
        return Outline(
            outline.title.strip(), outline.want, outline.trouble, outline.turn, outline.ending, outline.people, outline.facts, numbered, outline.blurb.strip()
        )  # fmt: skip

    return Question(asking.system, user, schema, read, 400 + 120 * wish.pages)


def unfit_cover(title: str, blurb: str, wish: Wish) -> str:
    """What is wrong with title and back cover, as the proofreader finds it, "" where nothing is."""
    found = proofread(Story(title, (), (), blurb=blurb, language=wish.language), wish)
    return next((fault.sentence for fault in found if fault.kind in {"residue", "unsafe", "sermon"}), "")


def _other(name: str, asking: Asking) -> str:
    known = next((one for one in asking.settled if one.name == name), None)
    return described(known) if known else quoted(name)


def _before(earlier: Earlier) -> dict[str, Any]:
    facts = [f"{described(one)}." for one in earlier.story.cast] + list(earlier.facts)
    return {"title": earlier.story.title, "facts": facts or [earlier.story.blurb or "nothing"]}


# --- pages ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Written:
    """Pages as they came, and what they settled."""

    pages: tuple[Page, ...]
    facts: tuple[str, ...] = ()


def pages_question(asking: Asking, draft: Draft, wanted: Sequence[int], remembered: int) -> Question[Written]:
    """The second pass: some pages, told after the last `remembered` of those that are there."""
    assert draft.outline
    before = [page for page in draft.pages if page.number < wanted[0]]
    before = before[-remembered:] if remembered else before
    user = said(
        "pages", **_bible(asking, draft), before=before, wanted=list(wanted), unliked=[page for page in draft.unliked if page.number in wanted], beats=[draft.outline.beats[number - 1] for number in wanted],
        keep=_unsaid(asking.wish, draft.pages) if wanted[-1] > asking.wish.pages // 3 else [],
    )  # fmt: skip
    page = _object(
        page={"type": "integer", "enum": list(wanted)}, text=_words(most=PAGE), scene=_scene(draft.cast)
    )
    schema = _object(pages=_list(page, len(wanted), len(wanted)), facts=_list(_words(), 0, 5))
    return Question(
        asking.system, user, schema, lambda found: _written(found, wanted), 200 + 350 * len(wanted)
    )


def mend_question(asking: Asking, draft: Draft, page: Page, faults: Sequence[Fault]) -> Question[Written]:
    """A page goes back with what is wrong with it."""
    assert draft.outline
    user = said(
        "mend", **_bible(asking, draft), before=draft.page(page.number - 1), after=draft.page(page.number + 1), page=page, scene=pictured(page.scene),
        faults=[fault.sentence for fault in faults], beat=draft.outline.beats[page.number - 1],
        keep=[exact(words) for words in asking.wish.keep if words in page.text or any(fault.kind == "kept" and words in fault.says for fault in faults)],
    )  # fmt: skip
    schema = _object(
        pages=_list(
            _object(
                page={"type": "integer", "enum": [page.number]},
                text=_words(most=PAGE),
                scene=_scene(draft.cast),
            ),
            1,
            1,
        ),
        facts=_list(_words(), 0, 5),
    )
    return Question(asking.system, user, schema, lambda found: _written(found, [page.number]), 600)


def _bible(asking: Asking, draft: Draft) -> dict[str, Any]:
    wish = asking.wish
    return {
        "idea": quoted(wish.idea), "hero": quoted(wish.hero), "pages": wish.pages, "outline": draft.outline, "cast": [described(one) for one in draft.cast],
        "facts": list(draft.facts) or ["nothing yet"],
    }  # fmt: skip


def _unsaid(wish: Wish, pages: Sequence[Page]) -> list[str]:
    return [exact(words) for words in wish.keep if not any(words in page.text for page in pages)]


def pictured(scene: Scene) -> str:
    """A scene in a line."""
    there = "; ".join(
        f"{one.character} {one.action}, {one.expression}{f', with {one.prop}' if one.prop else ''}"
        for one in scene.figures
    )
    return f"{scene.place}, {scene.time}, {scene.weather}. {there or 'nobody'}. {', '.join(scene.props)}"


def _scene(cast: Sequence[Character]) -> dict[str, Any]:
    outfits = dict.fromkeys(("", *(outfit.name for one in cast for outfit in one.outfits)))
    figure = _object(
        character=_words(*(one.name for one in cast)), action=_words(*ACTIONS), expression=_words(*EXPRESSIONS), prop=_words(), outfit=_words(*outfits)
    )  # fmt: skip
    return _object(
        place=_words(), time=_words(*TIMES), weather=_words(*WEATHERS), props=_list(_words(), 0, 3), figures=_list(figure, 0, 5)
    )  # fmt: skip


@dataclass(frozen=True)
class _Told:
    page: int
    text: str
    scene: Scene


@dataclass(frozen=True)
class _Answer:
    pages: tuple[Any, ...] = ()
    facts: tuple[str, ...] = ()


def _written(found: Any, wanted: Sequence[int]) -> Written:
    """The wanted pages that are whole; what else came is left out. Raises `ValueError` when there is none."""
    if isinstance(found, dict) and "pages" not in found and "text" in found:
        found = {"pages": [found]}
    answer = _value(found, _Answer)
    told: dict[int, Page] = {}
    wrong = ""
    for place, one in enumerate(answer.pages):
        numbered = {"page": wanted[place], **one} if isinstance(one, dict) and place < len(wanted) else one
        try:
            page = _value(numbered, _Told)
        except ValueError as error:
            wrong = wrong or str(error)
            continue
        if copied := echoed(page.text):
            wrong = wrong or f"page {page.page} says the question again: “{copied}”"
        elif len(page.text) > 2 * PAGE:
            wrong = wrong or f"page {page.page} has {len(page.text)} letters; write {PAGE // 2} at most"
        elif page.page in wanted and page.page not in told and page.text.strip():
            told[page.page] = Page(page.page, page.text.strip(), page.scene)
    if not told:
        raise ValueError(wrong or f"the answer has none of the pages {', '.join(map(str, wanted))}")
    facts = answer.facts if len(told) == len(wanted) else ()
    return Written(tuple(told[number] for number in sorted(told)), facts)


# --- judge and translator ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Unfit:
    """A sentence that is not fit for the child."""

    page: int
    sentence: str
    why: str = ""


@dataclass(frozen=True)
class _Verdict:
    unfit: tuple[Unfit, ...] = ()


def judge_question(asking: Asking, pages: Sequence[Page]) -> Question[tuple[Unfit, ...]]:
    """Whether all of it is fit for the child. Only what stands in the text counts: models see ghosts."""
    schema = _object(
        unfit=_list(
            _object(page={"type": "integer"}, sentence=_words(most=PAGE), why=_words()), 0, len(pages)
        )
    )
    texts = {page.number: " ".join(page.text.split()) for page in pages}

    def read(found: Any) -> tuple[Unfit, ...]:
        return tuple(
            one
            for one in _value(found, _Verdict).unfit
            if len(one.sentence.strip()) > 5 and " ".join(one.sentence.split()) in texts.get(one.page, "")
        )

    user = said("judge", age=asking.wish.reader_age, pages=pages)
    return Question(asking.system, user, schema, read, 1200)


@dataclass(frozen=True)
class _Text:
    page: int
    text: str


@dataclass(frozen=True)
class _Texts:
    pages: tuple[_Text, ...]


def translate_question(asking: Asking, pages: Sequence[Page], also: str) -> Question[Mapping[int, str]]:
    """The same pages in another language, by number."""
    numbers = [page.number for page in pages]
    schema = _object(
        pages=_list(
            _object(page={"type": "integer", "enum": numbers}, text=_words(most=PAGE)), len(pages), len(pages)
        )
    )

    def read(found: Any) -> Mapping[int, str]:
        story = Story("", tuple(Page(one.page, one.text.strip(), Scene("-")) for one in _value(found, _Texts).pages), (), language=asking.wish.also)  # fmt: skip
        wrong = {fault.page for fault in proofread(story, asking.wish) if fault.kind in {"residue", "unsafe", "sermon", "babble"}}  # fmt: skip
        told = {page.number: page.text for page in story.pages if page.text and page.number not in wrong}
        if not told.keys() & set(numbers):
            raise ValueError("the answer has none of the pages")
        return told

    user = said(
        "translate", age=asking.wish.reader_age, language=asking.language, also=also, pages=pages, rhyme="rhyme" in asking.wish.style
    )  # fmt: skip
    return Question(asking.system, user, schema, read, 200 + 200 * len(pages))


def _value(found: Any, kind: type[Value]) -> Value:
    """A value from an answer; what is not known in it is left out. Raises `ValueError` in one sentence."""
    from pydantic import ValidationError

    try:
        built: Value = _adapter(cast(Hashable, kind)).validate_python(found)
        return built
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ValueError(f"the answer does not fit: {where or 'all of it'}: {first['msg'].lower()}") from None


@cache
def _adapter(kind: Hashable) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(cast(Any, kind))
