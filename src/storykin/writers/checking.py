"""Crafts, writers: does a story suit its reader? Measures against targets, verse, words to keep, and what a proofreader finds.

What needs English words is not measured in other languages, what needs spaces between words not in those that have none: such a row says so and fits.
"""

from dataclasses import dataclass

from storykin.languages import has_spaces, is_english, name_of
from storykin.story import Page, Story
from storykin.wish import Wish
from storykin.writers.proofreading import KINDS, Fault, proofread
from storykin.writers.reading import Target, measure, sentences_of, target, words_of
from storykin.writers.rhyme import couplet


@dataclass(frozen=True)
class Row:
    """One measure: what was found, what is wanted, and whether it fits."""

    measure: str
    found: str
    wanted: str
    fits: bool

    @property
    def mark(self) -> str:
        """ "ok" or "look"."""
        return "ok" if self.fits else "look"


@dataclass(frozen=True)
class Checkup:
    """The measures of a story and its faults, page by page."""

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]

    @property
    def passed(self) -> bool:
        """True when every measure fits and nothing is at fault."""
        return not self.faults and all(row.fits for row in self.rows)


def check_story(story: Story, wish: Wish) -> Checkup:
    """Measure the words of a story against what suits `wish.reader_age` and what the wish demands."""
    names = [one.name for one in story.cast] + [wish.hero, *wish.cast]
    found = measure([page.text for page in story.pages], [*names, wish.idea, *wish.keep])
    aim = aim_of(wish)
    low, high = aim.grade
    few, many = aim.words_per_page
    longest = aim.longest_sentence
    english, counted = is_english(story.language), has_spaces(story.language)
    rows = [
        Row("pages", str(len(story.pages)), str(wish.pages), len(story.pages) == wish.pages),
        _row("words", str(found.words), "", True, counted),
        _row("words per page", f"{found.words_per_page:.1f}", f"{few} to {many}", few <= found.words_per_page <= many, counted),
        _row("longest sentence", str(found.longest_sentence), f"up to {longest}", found.longest_sentence <= longest, counted),
        _row("Spache grade", f"{found.spache:.1f}", f"{low:g} to {high:g}", low <= found.spache <= high, english),
        _row("Flesch–Kincaid grade", f"{found.flesch_kincaid:.1f}", f"up to {high + 1:g}", found.flesch_kincaid <= high + 1, english),
    ]  # fmt: skip
    faults = [*proofread(story, wish), *_second_texts(story)]
    faults += [fault for page in story.pages for fault in _faults_of(page, longest, few, many, counted)]
    if english:
        known = [*names, wish.idea, *wish.keep, *wish.sparks]
        faults += [
            fault for page in story.pages for fault in _hard_to_read(page, known, wish.reader_age, high)
        ]
    if len(story.pages) != wish.pages:
        faults.append(Fault("pages", 0, f"there are {len(story.pages)} pages", f"write {wish.pages}"))
    if "rhyme" in wish.style and not english:
        rows.append(_row("couplets that rhyme and scan", "", "all", True, False))
    elif "rhyme" in wish.style:
        verses = [fault for page in story.pages for fault in _limping(page, wish.keep)]
        count = sum(len(_couplets(page)) for page in story.pages)
        rows.append(
            Row("couplets that rhyme and scan", f"{count - len(verses)} of {count}", "all", not verses)
        )
        faults += verses
    if wish.keep:
        told = "\n".join(page.text for page in story.pages)
        kept = [words for words in wish.keep if words in told]
        rows.append(Row("kept words", str(len(kept)), str(len(wish.keep)), len(kept) == len(wish.keep)))
        faults += [
            Fault(
                "kept",
                0,
                f"the child's words “{words}” are on no page",
                "they must be read exactly so",
                words,
            )
            for words in wish.keep
            if words not in told
        ]
    faults.sort(key=lambda fault: (fault.page, KINDS.index(fault.kind)))
    return Checkup(tuple(rows), tuple(faults))


def aim_of(wish: Wish) -> Target:
    """What suits the reader; a page of verse holds a couplet at least, two lines of about ten words."""
    aim = target(wish.reader_age)
    if "rhyme" not in wish.style:
        return aim
    (few, many), (low, high) = aim.words_per_page, aim.grade
    return Target((few, max(many, 24)), (low, max(high, 2.4)), max(aim.longest_sentence, 14))


def uneven(story: Story, wish: Wish) -> tuple[Fault, ...]:
    """Pages that are no fault by themselves, and keep a measure of the whole story from fitting: too few words, too many, too hard, a sentence too long."""
    aim = aim_of(wish)
    (few, many), high, longest = aim.words_per_page, aim.grade[1], aim.longest_sentence
    misfits = {row.measure for row in check_story(story, wish).rows if not row.fits}
    names = [*(one.name for one in story.cast), wish.hero, *wish.cast, wish.idea, *wish.keep, *wish.sparks]
    found = []
    for page in story.pages:
        read = measure(page.text, names)
        words = ", ".join(f"“{word}”" for word in read.unfamiliar[:6])
        if "words per page" in misfits and not few <= read.words <= many:
            found.append(Fault("long" if read.words > many else "short", page.number, f"it has {read.words} words", f"write {few} to {many}"))  # fmt: skip
        elif "longest sentence" in misfits and read.longest_sentence > longest:
            found.append(Fault("sentence", page.number, f"a sentence has {read.longest_sentence} words", f"write up to {longest} in one"))  # fmt: skip
        elif misfits & {"Spache grade", "Flesch–Kincaid grade"} and read.spache > high:
            found.append(Fault("level", page.number, f"it is hard for a child of {wish.reader_age} (grade {read.spache:.1f}): {words}", "take shorter sentences and words that children of this age read"))  # fmt: skip
    return tuple(found)


NOT_MEASURED = "not measured"


def _row(measure: str, found: str, wanted: str, fits: bool, measured: bool) -> Row:
    """A measure of words, or that there is no such measure for this language."""
    return Row(measure, found, wanted, fits) if measured else Row(measure, NOT_MEASURED, wanted, True)


def _second_texts(story: Story) -> list[Fault]:
    """What is wrong with the second language: pages without it, or words in a language that the story does not name."""
    if not story.also_language:
        there = next((page.number for page in story.pages if page.also.strip()), 0)
        if not there:
            return []
        return [Fault("also", there, "it has a second text in a language that the story does not name", "write its code as also_language")]  # fmt: skip
    name = name_of(story.also_language)
    return [
        Fault("also", page.number, f"it has no words in {name}", f"write the same in {name} as also")
        for page in story.pages
        if not page.also.strip()
    ]


HARDER = 2.0
"""School grades by which a single page may be harder than the book should be: of 1,110 good pages, ours and the embedded writer's, the hardest are 1.7 above."""
SCANT = 0.5
"""The share of the fewest words that a page must have: the scantiest of those pages have 0.6."""


def _hard_to_read(page: Page, known: list[str], age: int, high: float) -> list[Fault]:
    found = measure(page.text, known)
    if found.spache <= high + HARDER:
        return []
    words = ", ".join(f"“{word}”" for word in found.unfamiliar[:6])
    return [Fault("level", page.number, f"it is too hard for a child of {age} (grade {found.spache:.1f}): {words}", "take words that children of this age read")]  # fmt: skip


def _faults_of(page: Page, longest: int, few: int, many: int, counted: bool) -> list[Fault]:
    count = len(words_of(page.text))
    said = []
    if not count:
        said.append(
            Fault("empty", page.number, "it has no words", f"write up to {many}" if counted else "write some")
        )
    if not counted:
        return said
    if 0 < count < SCANT * few:
        said.append(Fault("short", page.number, f"it has {count} words", f"write {few} to {many}"))
    if count > 2 * many:
        said.append(Fault("long", page.number, f"it has {count} words, twice what suits this age", f"write up to {many}"))  # fmt: skip
    for sentence in sentences_of(page.text):
        length = len(words_of(sentence))
        if length > longest * 1.3:
            said.append(Fault("sentence", page.number, f"a sentence has {length} words: “{sentence[:70].strip()}…”", f"write up to {longest} in one"))  # fmt: skip
    return said


def _couplets(page: Page) -> list[tuple[str, str]]:
    lines = [line for line in page.text.splitlines() if line.strip()]
    return list(zip(lines[::2], lines[1::2], strict=False))


def _limping(page: Page, keep: tuple[str, ...]) -> list[Fault]:
    lines = [line for line in page.text.splitlines() if line.strip()]
    if not any(words in page.text for words in keep) and len(lines) % 2:
        return [
            Fault(
                "rhyme", page.number, "it is no couplet", "write two or four lines, of which every two rhyme"
            )
        ]
    said = []
    for one, other in _couplets(page):
        verdict = couplet(one, other)
        if not verdict.ok:
            said_so = f"“{one.strip()} / {other.strip()}”"
            if verdict.rhymes:
                said.append(Fault("metre", page.number, f"it does not scan: {said_so}", "keep the beat of the first line"))  # fmt: skip
            else:
                said.append(
                    Fault("rhyme", page.number, f"it does not rhyme: {said_so}", "end both lines alike")
                )
    return said
