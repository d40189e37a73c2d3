"""Crafts, writers: the embedded tools that repair a page without any model: sentences are parted, rare words swapped, the scene put right, sermons left out.

Each is a candidate; what makes less wrong stays. Knows nothing of who wrote the page.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files
from itertools import islice

from storykin.scene import ACTIONS, Figure
from storykin.story import Page, Story
from storykin.wish import Wish
from storykin.writers.checking import check_story
from storykin.writers.fable.nouns import capital
from storykin.writers.fable.wording import shortened
from storykin.writers.proofreading import UNSAFE, Fault, Kind, acts, told_before, weather_of
from storykin.writers.reading import sentences_of, target, words_of

HARD: frozenset[Kind] = frozenset(
    {
        "empty",
        "short",
        "long",
        "level",
        "babble",
        "stranger",
        "unsafe",
        "residue",
        "language",
        "absent",
        "sermon",
        "repeat",
        "place",
    }
)
"""Faults that no page goes into a book with. With the others it may, and they are shown."""

ROUNDS, MOST = 6, 60
"""How often the best candidate is taken, of so many at most."""


def faults_of(story: Story, wish: Wish, number: int) -> tuple[Fault, ...]:
    """What is wrong with one page of a story, which may be unfinished: by itself, and held against the pages before it."""
    page = next(one for one in story.pages if one.number == number)
    found = [one for one in check_story(replace(story, pages=(page,)), wish).faults if one.page == number]
    before = [one for one in story.pages if one.number < number]
    if (other := told_before(page, before)) is not None:
        found.append(Fault("repeat", number, f"it says again what page {other.number} says", "let something new happen"))  # fmt: skip
    return tuple(found)


def weight_of(faults: tuple[Fault, ...]) -> int:
    """How bad faults are together: a hard one counts as ten."""
    return sum(10 if fault.kind in HARD else 1 for fault in faults)


def mended(story: Story, wish: Wish, number: int, breathe: Callable[[], None] = lambda: None) -> Page:
    """The page as good as the tools can make it; as it was when none of them helps. `breathe` is called again and again, and may raise."""
    page = next(one for one in story.pages if one.number == number)
    wrong = faults_of(story, wish, number)
    for _ in range(ROUNDS):
        if not wrong:
            break
        tried = []
        for one in islice(_candidates(page, story, wish, wrong), MOST):
            breathe()
            tried.append((weight_of(faults_of(_with(story, one), wish, number)), one))
        best, better = min(tried, key=lambda one: one[0], default=(weight_of(wrong), page))
        if best >= weight_of(wrong):
            break
        page, story = better, _with(story, better)
        wrong = faults_of(story, wish, number)
    return page


def _with(story: Story, page: Page) -> Story:
    return replace(story, pages=tuple(page if one.number == page.number else one for one in story.pages))


Candidates = Callable[[Page, Story, Wish, tuple[Fault, ...]], Iterator[Page]]
"""Other ways to have a page, each with one thing changed."""


def _candidates(page: Page, story: Story, wish: Wish, wrong: tuple[Fault, ...]) -> Iterator[Page]:
    """All that may help against what is wrong."""
    kinds = {fault.kind for fault in wrong}
    for helps, tool in TOOLS:
        if kinds & helps:
            yield from tool(page, story, wish, wrong)


def _with_its_weather(page: Page, story: Story, wish: Wish, wrong: tuple[Fault, ...]) -> Iterator[Page]:
    yield replace(page, scene=replace(page.scene, weather=weather_of(page.text, page.scene)))


def _at_its_time(page: Page, story: Story, wish: Wish, wrong: tuple[Fault, ...]) -> Iterator[Page]:
    yield replace(page, scene=replace(page.scene, time="day"))
    yield replace(page, scene=replace(page.scene, time="night"))


def _in_its_place(page: Page, story: Story, wish: Wish, wrong: tuple[Fault, ...]) -> Iterator[Page]:
    for fault in wrong:
        if fault.kind == "place" and fault.instead:
            yield replace(page, scene=replace(page.scene, place=fault.instead))


def _with_who_acts(page: Page, story: Story, wish: Wish, wrong: tuple[Fault, ...]) -> Iterator[Page]:
    there = {figure.character for figure in page.scene.figures}
    for one in story.cast:
        if one.name not in there and acts(one.name, page.text):
            figures = (*page.scene.figures, _figure(one.name, page.text))
            yield replace(page, scene=replace(page.scene, figures=figures))


def _with_the_cast_alone(page: Page, story: Story, wish: Wish, wrong: tuple[Fault, ...]) -> Iterator[Page]:
    known = {one.name for one in story.cast}
    figures = tuple(figure for figure in page.scene.figures if figure.character in known)
    if len(figures) < len(page.scene.figures):
        yield replace(page, scene=replace(page.scene, figures=figures))


def _spelt_right(page: Page, story: Story, wish: Wish, wrong: tuple[Fault, ...]) -> Iterator[Page]:
    for fault in wrong:
        if fault.kind == "misspelt":
            yield replace(page, text=re.sub(rf"\b{re.escape(fault.quote)}\b", fault.instead, page.text))


def _bare(page: Page, story: Story, wish: Wish, wrong: tuple[Fault, ...]) -> Iterator[Page]:
    yield replace(page, text=bare(page.text))


def _gentler(page: Page, story: Story, wish: Wish, wrong: tuple[Fault, ...]) -> Iterator[Page]:
    yield replace(page, text=gentler(page.text))


def _in_short_sentences(page: Page, story: Story, wish: Wish, wrong: tuple[Fault, ...]) -> Iterator[Page]:
    if "rhyme" not in wish.style:
        yield replace(page, text=shortened(page.text, target(wish.reader_age).longest_sentence))


def _in_plain_words(page: Page, story: Story, wish: Wish, wrong: tuple[Fault, ...]) -> Iterator[Page]:
    if "rhyme" not in wish.style:
        yield replace(page, text=plainer(page.text, " ".join((wish.idea, *wish.keep))))


def _shorter(page: Page, story: Story, wish: Wish, wrong: tuple[Fault, ...]) -> Iterator[Page]:
    if "rhyme" in wish.style:
        return
    for text in without_a_sentence(page.text):
        if all(words in text for words in wish.keep if words in page.text):
            yield replace(page, text=text)


TOOLS: tuple[tuple[frozenset[Kind], Candidates], ...] = (
    (frozenset({"weather"}), _with_its_weather),
    (frozenset({"time"}), _at_its_time),
    (frozenset({"place"}), _in_its_place),
    (frozenset({"absent"}), _with_who_acts),
    (frozenset({"stranger"}), _with_the_cast_alone),
    (frozenset({"misspelt"}), _spelt_right),
    (frozenset({"residue"}), _bare),
    (frozenset({"unsafe"}), _gentler),
    (frozenset({"sentence", "long"}), _in_short_sentences),
    (frozenset({"sentence", "level"}), _in_plain_words),
    (frozenset({"sermon", "unsafe", "stranger", "person", "long", "residue", "level", "babble"}), _shorter),
)


def _figure(name: str, text: str) -> Figure:
    """Somebody as the text has them: doing what they are said to do."""
    said = re.search(rf"\b{re.escape(name)} (?:\w+ly )?(\w+)", text)
    done = said[1] if said else ""
    action = next((name for name, one in ACTIONS.items() if done == name or done in one.words), "standing")
    return Figure(name, action)


def bare(text: str) -> str:
    """A page's words without labels, markup and quotation marks around all of it."""
    text = re.sub(r"^\s*(?:page|text|story|narrator)\s*\d*\s*[:.\-–—]\s*", "", text, flags=re.I)
    text = re.sub(r"\*\*|^#{1,6}\s+|```\w*|</?\w+>", "", text, flags=re.M)
    text = text.replace("\\n", "\n").replace('\\"', '"').strip()
    whole = re.fullmatch(r"[\"“]([^\"“”]+)[\"”]", text)
    return whole[1] if whole else text


def without_a_sentence(text: str) -> Iterator[str]:
    """The text without one of its sentences, each in turn; a page keeps one at least."""
    sentences = sentences_of(text)
    if len(sentences) > 1:
        for one in sentences:
            yield re.sub(r"[ \t]{2,}", " ", text.replace(one, "", 1)).strip()


def plainer(text: str, brought: str = "") -> str:
    """The text with words that few children read in simpler ones; words that the wish brought stay."""
    theirs = {word.lower() for word in words_of(brought)}

    def simpler(found: re.Match[str]) -> str:
        word = found[0]
        instead = plain_words().get(word.lower(), "")
        if not instead or word.lower() in theirs:
            return word
        return capital(instead) if word[0].isupper() else instead

    return re.sub(r"[A-Za-z]+", simpler, text)


@cache
def plain_words() -> dict[str, str]:
    """Words and simpler ones for them, form by form."""
    lines = files("storykin.writers").joinpath("simpler.txt").read_text("utf-8").splitlines()
    pairs = [line.partition("=") for line in lines if "=" in line and not line.startswith("#")]
    return {word.strip(): instead.strip() for word, _, instead in pairs}


GENTLER = {
    "stupid": "silly", "idiot": "silly goose", "idiots": "silly geese", "moron": "silly goose", "dumb": "silly", "hate": "do not like", "hated": "did not like", "hates": "does not like",
    "damn": "oh dear", "hell": "goodness", "crap": "bother", "ugly": "odd", "fat": "round", "killed": "stopped", "kill": "stop", "shut up": "hush",
}  # fmt: skip


def gentler(text: str) -> str:
    """The text with rude words in gentle ones, and the article that goes with them."""
    return re.sub(r"\b([Aa])n (?=(?:silly|round|hush)\b)", r"\1 ", UNSAFE.sub(_gentle_word, text))


def _gentle_word(found: re.Match[str]) -> str:
    instead = GENTLER.get(found[0].lower(), found[0])
    return capital(instead) if found[0][0].isupper() else instead
