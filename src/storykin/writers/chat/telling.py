"""Writers, chat: one story while it is told: outlined, told a few pages at a time, mended, judged. What is done lies on the desk after every answer."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from storykin.errors import StorykinError
from storykin.languages import name_of
from storykin.scene import Figure
from storykin.story import Page, Story
from storykin.wish import Wish
from storykin.writers import repairing
from storykin.writers.chat import questions
from storykin.writers.chat.asking import Model, Nonsense, Question, Refused, TooLong
from storykin.writers.chat.casting import cast_of
from storykin.writers.chat.questions import Asking
from storykin.writers.checking import check_story, uneven
from storykin.writers.drafting import Beat, By, Desk, Draft, Outline, Round, with_page
from storykin.writers.fable import Fable
from storykin.writers.fable.gentle import refuse_unkind
from storykin.writers.plain import plain_page
from storykin.writers.proofreading import Fault
from storykin.writers.repairing import HARD, faults_of, weight_of

Value = TypeVar("Value")

TRIES = 3
"""How often a model is asked for the same thing, the first time included."""
AT_ONCE = 4
"""Pages in one answer: few enough that little is lost when it breaks off."""
REMEMBERED = 0
"""Earlier pages that travel along, 0 for all."""
OWN = 3
"""A third of the pages told by the embedded writer is too many: it then tells the whole story, which hangs together."""
OUTLINED, TOLD = 0.15, 0.85
"""How much of the work is done with the outline, and with the pages."""
LETTERS = 9000
"""Of an outline, about; for the progress."""


@dataclass
class Telling:
    """One story while it is told. What is done lies on the desk after every answer."""

    name: str
    asking: Asking
    model: Model
    desk: Desk
    draft: Draft
    tries: int = TRIES

    def __enter__(self) -> "Telling":
        return self

    def __exit__(self, *what: object) -> None:
        self.model.close()

    @property
    def wish(self) -> Wish:
        """The child's wish."""
        return self.asking.wish

    # ---- the whole of it

    def story(self) -> Story:
        """All that is still to do."""
        if self.draft.told_by:
            return self.assembled() if self.draft.told_by == self.name else self._embedded()
        if not self.outlined():
            return self._told_by_the_embedded("no outline could be had")
        while missing := self.missing():
            self.tell(missing[:AT_ONCE])
        if self._too_many_embedded():
            return self._told_by_the_embedded("too few of its pages were pages")
        self._mend_the_whole()
        self._judge()
        self._translate()
        self._keep(told_by=self.name)
        self.desk.step(1.0, "written")
        return self.assembled()

    def missing(self) -> list[int]:
        """The numbers of the pages that are still to be told."""
        return [number for number in range(1, self.wish.pages + 1) if self.draft.page(number) is None]

    def assembled(self, pages: Sequence[Page] | None = None) -> Story:
        """What is told so far as a story."""
        outline, wish = self.draft.outline, self.wish
        there = tuple(self.draft.pages if pages is None else pages)
        on_stage = {figure.character for page in there for figure in page.scene.figures}
        cast = tuple(one for one in self.draft.cast if one.name in on_stage or one.name == wish.hero)
        title, blurb = (outline.title, outline.blurb) if outline else ("", "")
        return Story(
            title, there, cast, wish.dedication, blurb, wish.language, self.name, also_language=wish.also
        )

    def put(self, draft: Draft) -> None:
        """Go back, or on, to that draft."""
        self.draft = draft
        self.desk.lay(draft)

    # ---- the outline

    def outlined(self) -> bool:
        """The first pass, unless it is done; False when the model could not do it."""
        if self.draft.outline:
            return True
        question = questions.outline_question(self.asking, self.draft)
        outline = self._asked(question, "thinking up the story", 0.0, OUTLINED, LETTERS)
        if outline is None:
            return False
        self._settle(outline)
        return True

    def bend(self, words: str) -> bool:
        """The child adds something after the last told page: all that comes after is thought up anew; False, and nothing changed, when the model could not do it."""
        refuse_unkind(words)
        before = self.draft
        self.draft = replace(before, added=(*before.added, words))
        question = questions.outline_question(self.asking, self.draft)
        outline = self._asked(question, "bending the story", 0.0, OUTLINED, LETTERS)
        if outline is None:
            self.draft = before
            return False
        self._settle(replace(outline, title=before.outline.title if before.outline else outline.title))
        return True

    def _settle(self, outline: Outline) -> None:
        """An outline becomes the bible: who is there, and what stays true."""
        cast = cast_of(self.asking, outline, self.draft.cast)
        facts = dict.fromkeys(
            (*(self.asking.earlier.facts if self.asking.earlier else ()), *self.draft.facts, *outline.facts)
        )
        names = {one.name for one in cast}
        beats = tuple(
            replace(beat, who=tuple(one for one in beat.who if one in names)) for beat in outline.beats
        )
        self._keep(outline=replace(outline, beats=beats), cast=cast, facts=tuple(facts)[:MOST_FACTS])

    # ---- pages

    def tell(self, wanted: Sequence[int]) -> None:
        """The second pass for some pages: told, and mended. What the model cannot tell at all the embedded writer tells from the outline."""
        done = self._done()
        share = TOLD * len(wanted) / self.wish.pages
        came = self._pages(wanted, done, share)
        for page in came:
            self._keep(first=with_page(self.draft.first, page), pages=with_page(self.draft.pages, page))
        for number in wanted:
            if self.draft.page(number) is None and number in {page.number for page in came} | self._given_up:
                self._embed(number, ("the model gave no page",))
        for page in came:
            self.mend(page.number)

    def _pages(self, wanted: Sequence[int], done: float, share: float) -> tuple[Page, ...]:
        """The pages as the model gives them, fewer at a time where it cannot do more."""
        self._given_up: set[int] = set()
        doing = f"writing page {wanted[0]}" + (f" to {wanted[-1]}" if len(wanted) > 1 else "")
        for remembered in (REMEMBERED, 6, 2, 1):
            question = questions.pages_question(self.asking, self.draft, wanted, remembered)
            try:
                written = self._asked(question, doing, done, share, 700 * len(wanted))
            except TooLong:
                if len(wanted) > 1:
                    return self._pages(wanted[:1], done, share / len(wanted))
                if remembered == 1:
                    raise
                continue
            break
        if written is None:
            if len(wanted) > 1:
                return self._pages(wanted[:1], done, share / len(wanted))
            self._given_up = set(wanted)
            return ()
        self._keep(facts=tuple(dict.fromkeys((*self.draft.facts, *written.facts)))[:MOST_FACTS])
        return tuple(self._known_only(page) for page in written.pages)

    def _known_only(self, page: Page) -> Page:
        """The page with figures that are known by their names: "sasha" is Sasha, and whoever stands there twice stands there once."""
        names = {one.name.lower(): one.name for one in self.draft.cast}
        figures: dict[str, Figure] = {}
        for one in page.scene.figures:
            name = names.get(one.character.strip().lower(), one.character.strip())
            owned = next((who.outfits for who in self.draft.cast if who.name == name), ())
            outfit = one.outfit if one.outfit in {outfit.name for outfit in owned} else ""
            figures.setdefault(name, replace(one, character=name, outfit=outfit))
        props = tuple(dict.fromkeys(prop.strip() for prop in page.scene.props if prop.strip()))
        place = page.scene.place.strip() or self._beat(page.number).place or "garden"
        return replace(
            page, scene=replace(page.scene, place=place, props=props, figures=tuple(figures.values()), framing="", text_zone=None)
        )  # fmt: skip

    def mend(self, number: int, more: tuple[Fault, ...] = ()) -> None:
        """Give a page back with its faults until nothing is wrong with it or the tries are spent; then the tools, and at last the embedded writer. `more` are faults that no proofreader finds."""
        for _ in range(self.tries - 1):
            wrong = (*self._faults(number), *more)
            if not wrong:
                return
            page = self.draft.page(number)
            assert page
            question = questions.mend_question(self.asking, self.draft, page, wrong)
            try:
                written = self._once(question, f"mending page {number}", self._done(), 0.0, 700)
            except (Nonsense, Refused, TooLong):
                self._note(number, wrong, "model")
                continue
            better = self._known_only(written.pages[0])
            after = faults_of(self.assembled(with_page(self.draft.pages, better)), self.wish, number)
            said = {fault.sentence for fault in more}
            if weight_of(after) <= weight_of(wrong) and better != page:
                self._keep(pages=with_page(self.draft.pages, better))
                more = tuple(fault for fault in more if _still(fault, better))
            self._note(number, wrong, "model", extra=said & {fault.sentence for fault in more})
        self._repair(number, more)

    def _repair(self, number: int, more: tuple[Fault, ...] = ()) -> None:
        """What the tries left: the tools, then the embedded writer for what no book can have."""
        wrong = self._faults(number)
        if wrong:
            better = repairing.mended(self.assembled(), self.wish, number)
            if better != self.draft.page(number):
                self._keep(pages=with_page(self.draft.pages, better))
                self._note(number, wrong, "tools")
                wrong = self._faults(number)
        hard = [fault for fault in wrong if fault.kind in HARD]
        if hard:
            self._embed(number, tuple(fault.sentence for fault in wrong))
        elif wrong or more:
            self._note(number, (*wrong, *more), "nobody")

    def _embed(self, number: int, wrong: tuple[str, ...]) -> None:
        """The embedded writer tells the page from the outline."""
        assert self.draft.outline
        page = plain_page(self._beat(number), self.draft.cast, self.wish, self.draft.page(number - 1))
        self._keep(pages=with_page(self.draft.pages, page))
        left = tuple(fault.sentence for fault in self._faults(number))
        self._keep(rounds=(*self.draft.rounds, Round(number, wrong, "embedded", left)))

    # ---- the whole book

    def _mend_the_whole(self) -> None:
        """What only the whole book shows: the child's words that stand nowhere, pages that say the same, somebody forgotten."""
        for fault in check_story(self.assembled(), self.wish).faults:
            if fault.page:
                if (fault.kind in HARD or fault.kind == "repeat") and fault in self._faults(fault.page):
                    self.mend(fault.page)
            elif fault.kind == "kept":
                number = self._where_it_fits()
                self.mend(number, (replace(fault, page=number),))
        for fault in uneven(self.assembled(), self.wish):
            if not self._faults(fault.page):  # else it has had its tries
                self._level(fault)
        for words in self.wish.keep:
            if not any(words in page.text for page in self.draft.pages):
                self._say_it(words)

    def _level(self, fault: Fault) -> None:
        """One try for a page that keeps the whole story from its measure; what the model gives instead is taken where nothing else is wrong with it."""
        page = self.draft.page(fault.page)
        assert page
        question = questions.mend_question(self.asking, self.draft, page, (fault,))
        try:
            better = self._known_only(
                self._once(question, f"mending page {fault.page}", self._done(), 0.0, 700).pages[0]
            )
        except (Nonsense, Refused, TooLong):
            return
        there = with_page(self.draft.pages, better)
        if better != page and not faults_of(self.assembled(there), self.wish, fault.page):
            self._keep(pages=there)
            self._note(fault.page, (fault,), "model")

    def _where_it_fits(self) -> int:
        """The page with the fewest words in the second half, where there is room for the child's own."""
        half = [page for page in self.draft.pages if page.number > self.wish.pages // 2]
        return min(half or self.draft.pages, key=lambda page: len(page.text)).number

    def _say_it(self, words: str) -> None:
        """The embedded tools put the child's words where they fit, in the hero's mouth."""
        page = self.draft.page(self._where_it_fits())
        assert page
        ended = words.rstrip()[-1:] in ".!?…"
        first = "first_person" in self.wish.style
        said = f'"{words}"' + ("" if ended and first else f" {'I' if first else self.wish.hero} said.")
        if not ended:
            said = f'"{words}," {"I" if first else self.wish.hero} said.'
        text = f"{page.text}{chr(10) if 'rhyme' in self.wish.style else ' '}{said}"
        fault = Fault(
            "kept", page.number, f"the child's words “{words}” are on no page", "they must be read exactly so"
        )
        self._keep(pages=with_page(self.draft.pages, replace(page, text=text)))
        self._note(page.number, (fault,), "tools")

    def _judge(self) -> None:
        """The model reads it all once more as a careful parent; what it can show in the text goes back."""
        for again in (True, False):
            question = questions.judge_question(self.asking, self.draft.pages)
            try:
                unfit = self._once(question, "reading it as a parent would", TOLD + OUTLINED / 2, 0.0, 200)
            except (Nonsense, Refused, TooLong):
                return
            for one in unfit:
                fault = Fault(
                    "unsafe", one.page, f"“{one.sentence}” is not for a child of {self.wish.reader_age}{f': {one.why}' if one.why else ''}", "say something gentler"
                )  # fmt: skip
                if again:
                    self.mend(one.page, (fault,))
                else:
                    self._note(one.page, (fault,), "nobody")
            if not unfit:
                return

    def _translate(self) -> None:
        """The second language of a book that has two, a few pages at a time. What the model cannot say in it is left empty, and told as a fault."""
        also = name_of(self.wish.also)
        while self.wish.also and (lacking := [page for page in self.draft.pages if not page.also]):
            some = lacking[:AT_ONCE]
            question = questions.translate_question(self.asking, some, also)
            told = self._asked(question, f"telling it in {also}", TOLD + OUTLINED / 2, 0.0, 200 * len(some))
            if told is None:
                self.desk.say(f"{self.name}: {also} is more than it can; the second texts are missing")
                return
            for page in some:
                if page.number in told:
                    self._keep(pages=with_page(self.draft.pages, replace(page, also=told[page.number])))

    def _too_many_embedded(self) -> bool:
        told = {one.page for one in self.draft.rounds if one.by == "embedded"}
        return len(told) * OWN > self.wish.pages

    def _told_by_the_embedded(self, why: str) -> Story:
        """The whole story by the embedded writer, which speaks English only."""
        if not self.wish.language.startswith("en"):
            raise StorykinError(
                f"writer {self.name!r}: {why}, and the embedded writer speaks English only",
                "take a larger model",
            )
        self.desk.say(f"{self.name}: {why}; the embedded writer tells this story")
        story = self._fable()
        self._keep(pages=story.pages, cast=story.cast)
        self._translate()
        self._keep(told_by=story.writer)
        self.desk.step(1.0, "written")
        return self._embedded()

    def _embedded(self) -> Story:
        """The embedded writer's story, with what lies on the desk of its second language."""
        return replace(self._fable(), pages=self.draft.pages, also_language=self.wish.also)

    def _fable(self) -> Story:
        return Fable().write(replace(self.wish, also="", sparks=()), self.asking.settled)

    # ---- asking

    def _asked(
        self, question: Question[Value], doing: str, done: float, share: float, letters: int
    ) -> Value | None:
        """An answer that makes sense, in as many tries as there are; None when there was none. Raises `Refused` when the model refuses every time."""
        refused: Refused | None = None
        for attempt in range(self.tries):
            try:
                return self._once(question, doing, done, share, letters, attempt)
            except Nonsense as error:
                refused = None
                question = replace(
                    question, user=_again(question.user, error), most=question.most * (2 if error.cut else 1)
                )
            except Refused as error:
                refused = error
        if refused:
            refused.hint = "say the wish in other words, or take the embedded writer: --writer fable"
            if not self.draft.outline:
                raise refused
        return None

    def _once(self, question: Question[Value], doing: str, done: float, share: float, letters: int, attempt: int = 0) -> Value:  # fmt: skip
        """One answer; letters that come are progress, and each look at it may stop the work."""
        came = 0

        def on_words(count: int) -> None:
            nonlocal came
            came = count

        def breathe() -> None:
            self.desk.step(round(done + share * came / (came + letters), 4), doing)

        breathe()
        draft = self.draft
        seed = self.wish.seed * 1000 + 10 * (len(draft.rounds) + len(draft.unliked)) + attempt
        return self.model.ask(question, seed, breathe, on_words)

    # ---- keeping

    def _beat(self, number: int) -> Beat:
        assert self.draft.outline
        return self.draft.outline.beats[number - 1]

    def _faults(self, number: int) -> tuple[Fault, ...]:
        return faults_of(self.assembled(), self.wish, number)

    def _done(self) -> float:
        return OUTLINED + (TOLD - OUTLINED) * len(self.draft.pages) / self.wish.pages

    def _note(self, number: int, wrong: Sequence[Fault], by: By, extra: Collection[str] = ()) -> None:
        left = dict.fromkeys((*(fault.sentence for fault in self._faults(number)), *extra))
        self._keep(
            rounds=(
                *self.draft.rounds,
                Round(number, tuple(fault.sentence for fault in wrong), by, tuple(left)),
            )
        )

    def _keep(self, **changes: object) -> None:
        self.draft = replace(self.draft, **changes)  # type: ignore[arg-type]
        self.desk.lay(self.draft)


MOST_FACTS = 40
"""What is settled travels along with every question: more would crowd out the story."""


def _again(user: str, error: Nonsense) -> str:
    """The question with what was wrong with the last answer, in one sentence."""
    head = user.split("\n\nYour last answer", maxsplit=1)[0]
    what = (
        "broke off before its end: say it in fewer words" if error.cut else error.message.split(": ", 1)[-1]
    )
    return f"{head}\n\nYour last answer could not be used: {what}. Answer with the JSON object that is asked for and nothing else."


def _still(fault: Fault, page: Page) -> bool:
    """Whether a fault that quotes a sentence still stands, or words that were missing still miss."""
    quoted = fault.says.partition("“")[2].rpartition("”")[0]
    return (quoted in page.text) is (fault.kind != "kept")
