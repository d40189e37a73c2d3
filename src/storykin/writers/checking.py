"""Crafts, writers: does a story suit its reader? Measures against targets, verse, words to keep."""

from dataclasses import dataclass

from storykin.story import Page, Story
from storykin.wish import Wish
from storykin.writers.reading import measure, sentences_of, target, words_of
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
    """The measures of a story and its faults, page by page, in words."""

    rows: tuple[Row, ...]
    faults: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """True when every measure fits and nothing is at fault."""
        return not self.faults and all(row.fits for row in self.rows)


def check_story(story: Story, wish: Wish) -> Checkup:
    """Measure the words of a story against what suits `wish.reader_age` and what the wish demands."""
    names = [one.name for one in story.cast] + [wish.hero, *wish.cast]
    found = measure([page.text for page in story.pages], [*names, wish.idea, *wish.keep])
    aim = target(wish.reader_age)
    low, high = aim.grade
    few, many = aim.words_per_page
    longest = aim.longest_sentence
    if "rhyme" in wish.style:  # a page of verse holds a couplet at least: two lines of about ten words
        many, longest, high = max(many, 24), max(longest, 14), max(high, 2.4)
    rows = [
        Row("pages", str(len(story.pages)), str(wish.pages), len(story.pages) == wish.pages),
        Row("words", str(found.words), "", True),
        Row("words per page", f"{found.words_per_page:.1f}", f"{few} to {many}", few <= found.words_per_page <= many),
        Row("longest sentence", str(found.longest_sentence), f"up to {longest}",
            found.longest_sentence <= longest),
        Row("Spache grade", f"{found.spache:.1f}", f"{low:g} to {high:g}", low <= found.spache <= high),
        Row("Flesch–Kincaid grade", f"{found.flesch_kincaid:.1f}", f"up to {high + 1:g}", found.flesch_kincaid <= high + 1),
    ]  # fmt: skip
    faults = [fault for page in story.pages for fault in _faults_of(page, longest, many)]
    if "rhyme" in wish.style:
        verses = [fault for page in story.pages for fault in _limping(page)]
        count = sum(len(_couplets(page)) for page in story.pages)
        rows.append(
            Row("couplets that rhyme and scan", f"{count - len(verses)} of {count}", "all", not verses)
        )
        faults += verses
    if wish.keep:
        told = "\n".join(page.text for page in story.pages)
        kept = [words for words in wish.keep if words in told]
        rows.append(Row("kept words", str(len(kept)), str(len(wish.keep)), len(kept) == len(wish.keep)))
        faults += [f"the child's words “{words}” are on no page" for words in wish.keep if words not in told]
    return Checkup(tuple(rows), tuple(faults))


def _faults_of(page: Page, longest: int, many: int) -> list[str]:
    count = len(words_of(page.text))
    said = []
    if not count:
        said.append(f"page {page.number}: has no words")
    if count > 2 * many:
        said.append(f"page {page.number}: has {count} words, twice what suits this age")
    for sentence in sentences_of(page.text):
        length = len(words_of(sentence))
        if length > longest * 1.3:
            said.append(f"page {page.number}: a sentence of {length} words: “{sentence[:70].strip()}…”")
    return said


def _couplets(page: Page) -> list[tuple[str, str]]:
    lines = [line for line in page.text.splitlines() if line.strip()]
    return list(zip(lines[::2], lines[1::2], strict=False))


def _limping(page: Page) -> list[str]:
    said = []
    for one, other in _couplets(page):
        verdict = couplet(one, other)
        if not verdict.ok:
            why = "does not rhyme" if not verdict.rhymes else "does not scan"
            said.append(f"page {page.number}: {why}: “{one.strip()} / {other.strip()}”")
    return said
