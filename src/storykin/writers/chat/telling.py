"""Writers, chat: one story while it is told: outlined, told a few pages at a time, mended, judged. What is done lies on the desk after every answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from storykin.errors import StorykinError
from storykin.languages import is_english, name_of
from storykin.scene import Figure
from storykin.story import Page, Story
from storykin.wish import Wish
from storykin.writers import repairing
from storykin.writers.chat import questions
from storykin.writers.chat.asking import Model, Nonsense, Question, Refused, TooLong
from storykin.writers.chat.casting import as_known, cast_of, spelt
from storykin.writers.chat.questions import Asking
from storykin.writers.checking import check_story, uneven
from storykin.writers.drafting import Beat, By, Desk, Draft, Round, with_page
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
MEMORIES = (0, 6, 2, 1)
"""Earlier pages that travel along, 0 for all; fewer where the model's context is too small."""
OWN = 3
"""A third of the pages told by the embedded writer is too many: it then tells the whole story, which hangs together."""
OUTLINED, TOLD = 0.15, 0.85
"""How much of the work is done with the outline, and with the pages."""
KEPT = "what is written is kept"
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
    by_hand: bool = False
    """Whether somebody takes page after page: what they took is not told anew by the embedded writer."""
    portion: int = AT_ONCE
    remembered: int = 0

    def __enter__(self) -> "Telling":
        return self

    def __exit__(self, *what: object) -> None:
        self.model.close()

    @property
    def wish(self) -> Wish:
        """The child's wish."""
        return self.asking.wish

    @property
    def held(self) -> Wish:
        """The wish that pages are held against: what the child added in between was wished for, too."""
        return replace(self.wish, idea=" ".join((self.wish.idea, *self.draft.added)))

    # ---- the whole of it

    def story(self) -> Story:
        """All that is still to do."""
        if not self.draft.told_by and (why := self._write()):
            self.stand_in(why)
        self._translate()
        self.desk.step(1.0, "written")
        return self.assembled()

    def _write(self) -> str:
        """Both passes and all that comes after them; why that was not possible, "" when it was."""
        if not self.outlined():
            return "no outline could be had"
        while missing := self.missing():
            self.tell(missing[: self.portion])
        if self._too_many_embedded():
            return "too few of its pages were pages"
        ended = {one.page for one in self.draft.rounds if one.by in {"embedded", "nobody"}}
        for page in self.draft.pages:  # while one was mended the server may have gone
            if page.number not in ended:
                self.mend(page.number)
        self._mend_the_whole()
        self._judge()
        for words in self.wish.keep:
            if not any(words in page.text for page in self.draft.pages):
                self._say_it(words)
        self._keep(told_by=self.name)
        return ""

    def missing(self) -> list[int]:
        """The numbers of the pages that are still to be told."""
        return [number for number in range(1, self.wish.pages + 1) if self.draft.page(number) is None]

    def assembled(self, pages: Sequence[Page] | None = None) -> Story:
        """What is told so far as a story."""
        outline, wish = self.draft.outline, self.wish
        there = tuple(self.draft.pages if pages is None else pages)
        if self.draft.told_by == Fable.name:
            return replace(self._fable(), pages=there, also_language=wish.also)
        on_stage = {figure.character for page in there for figure in page.scene.figures}
        everybody = as_known(self.draft.cast, self.asking.settled)
        cast = tuple(one for one in everybody if one.name in on_stage or one.name == wish.hero)
        title, blurb = (outline.title, outline.blurb) if outline else ("", "")
        return Story(
            title, there, cast, wish.dedication, blurb, wish.language, self.name, also_language=wish.also
        )

    def _in_one_language(self, pages: Sequence[Page] | None = None) -> Story:
        """The same while it is mended: its second language comes at the end."""
        return replace(self.assembled(pages), also_language="")

    def put(self, draft: Draft) -> None:
        """Go back, or on, to that draft."""
        self.draft = draft
        self.desk.lay(draft)

    def stand_in(self, why: str) -> None:
        """The embedded writer tells the whole story. It speaks English only: raises `StorykinError` for other languages."""
        if not is_english(self.wish.language):
            raise StorykinError(
                f"writer {self.name!r}: {why}, and the embedded writer speaks English only",
                "take a larger model",
            )
        self.desk.say(f"{self.name}: {why}; the embedded writer tells this story")
        story = self._fable()
        self._keep(pages=story.pages, cast=story.cast, told_by=story.writer)

    def _fable(self) -> Story:
        return Fable().write(replace(self.wish, also="", sparks=()), self.asking.settled)

    def _too_many_embedded(self) -> bool:
        told = {one.page for one in self.draft.rounds if one.by == "embedded"}
        return not self.by_hand and len(told) * OWN > self.wish.pages

    # ---- the outline

    def outlined(self) -> bool:
        """The first pass, unless it is done; False when the model could not do it."""
        return bool(self.draft.outline) or self._outline(self.draft, "thinking up the story")

    def bend(self, words: str) -> bool:
        """The child adds something after the last told page: all that comes after is thought up anew; False, and nothing changed, when the model could not do it. Raises `Unkind`."""
        refuse_unkind(words)
        return self._outline(replace(self.draft, added=(*self.draft.added, words)), "bending the story")

    def _outline(self, draft: Draft, doing: str) -> bool:
        """An outline becomes the bible: who is there, and what stays true. A title that is read out already stays."""
        question = questions.outline_question(self.asking, draft)
        found = self._asked(question, doing, 0.0, OUTLINED, LETTERS)
        if found is None:
            return False
        names = [self.wish.hero, *self.wish.cast, *(one.name for one in (*draft.cast, *self.asking.settled))]
        outline = spelt(found, names)
        cast = cast_of(self.asking, outline, draft.cast, draft.added)
        known = {one.name for one in cast}
        beats = tuple(
            replace(beat, who=tuple(one for one in beat.who if one in known)) for beat in outline.beats
        )
        before = self.asking.earlier.facts if self.asking.earlier else ()
        facts = tuple(dict.fromkeys((*before, *draft.facts, *outline.facts)))[:MOST_FACTS]
        title = draft.outline.title if draft.outline else outline.title
        self.put(replace(draft, outline=replace(outline, beats=beats, title=title), cast=cast, facts=facts))
        return True

    # ---- pages

    def tell(self, wanted: Sequence[int]) -> None:
        """The second pass for some pages: told, and mended. What the model cannot tell at all the embedded writer tells from the outline."""
        came, given_up = self._pages(wanted)
        for page in came:
            self._keep(first=with_page(self.draft.first, page), pages=with_page(self.draft.pages, page))
        for number in given_up:
            self._embed(number, ("the model gave no page",))
        for page in came:
            self.mend(page.number)

    def _pages(self, wanted: Sequence[int]) -> tuple[tuple[Page, ...], Sequence[int]]:
        """The pages as the model gives them, and those that it cannot give. One at a time from then on when it could not give several."""
        doing = f"writing page {wanted[0]}" + (f" to {wanted[-1]}" if len(wanted) > 1 else "")
        share = (TOLD - OUTLINED) * len(wanted) / self.wish.pages
        written = None
        for memory in MEMORIES[self.remembered :]:
            question = questions.pages_question(self.asking, self.draft, wanted, memory)
            try:
                written = self._asked(question, doing, self._done(), share, 700 * len(wanted))
                break
            except TooLong:
                if len(wanted) > 1:
                    break
                if memory == MEMORIES[-1]:
                    raise
                self.remembered += 1
        if written is None and len(wanted) > 1:
            self.portion = 1
            return self._pages(wanted[:1])
        if written is None:
            return (), wanted
        self._keep(facts=tuple(dict.fromkeys((*self.draft.facts, *written.facts)))[:MOST_FACTS])
        return tuple(self._known_only(page) for page in written.pages), ()

    def _known_only(self, page: Page) -> Page:
        """The page with figures that are known by their names: "sasha" is Sasha, and whoever stands there twice stands there once. Where they stand is the storyboard's."""
        names = {one.name.strip().casefold(): one.name for one in self.draft.cast}
        figures: dict[str, Figure] = {}
        for one in page.scene.figures:
            name = names.get(one.character.strip().casefold(), one.character.strip())
            owned = next((who.outfits for who in self.draft.cast if who.name == name), ())
            outfit = one.outfit if one.outfit in {outfit.name for outfit in owned} else ""
            figures.setdefault(name, replace(one, character=name, outfit=outfit, facing="", box=None))
        props = tuple(dict.fromkeys(prop.strip() for prop in page.scene.props if prop.strip()))
        place = page.scene.place.strip() or self._beat(page.number).place or "garden"
        return replace(
            page, scene=replace(page.scene, place=place, props=props, figures=tuple(figures.values()), framing="", text_zone=None)
        )  # fmt: skip

    # ---- mending

    def mend(self, number: int, more: tuple[Fault, ...] = ()) -> None:
        """Give a page back with its faults until nothing is wrong with it or the tries are spent; then the tools, and at last the embedded writer. `more` are faults that no proofreader finds on a page."""
        room = 1
        for _ in range(self.tries - 1):
            wrong = (*self._faults(number), *more)
            if not wrong:
                return
            better, room = self._told_anew(number, wrong, room)
            if better and weight_of(self._faults(number, better)) <= weight_of(wrong):
                self._keep(pages=with_page(self.draft.pages, better))
                more = tuple(fault for fault in more if _still(fault, better))
            self._note(number, wrong, "model", more)
        self._repair(number, more)

    def _told_anew(self, number: int, wrong: Sequence[Fault], room: int = 1) -> tuple[Page | None, int]:
        """The page as the model gives it back; None when it gives none, the same, or one without the child's words that stood there. Beside it how much room the next answer needs."""
        page = self._page(number)
        question = questions.mend_question(self.asking, self.draft, page, wrong)
        question = replace(question, most=question.most * room)
        try:
            written = self._once(question, f"mending page {number}", self._done(), 0.0, 700)
        except Nonsense as error:
            return None, room * (2 if error.cut else 1)
        except (Refused, TooLong):
            return None, room
        better = self._known_only(written.pages[0])
        keeps = all(words in better.text for words in self.wish.keep if words in page.text)
        return (better if keeps and better != page else None), room

    def _repair(self, number: int, more: tuple[Fault, ...] = ()) -> None:
        """What the tries left: the tools, then the embedded writer for what no book can have."""
        wrong = self._faults(number)
        if wrong:
            breathe = self._breath(f"repairing page {number}")
            better = repairing.mended(self._in_one_language(), self.held, number, breathe)
            if better != self._page(number):
                self._keep(pages=with_page(self.draft.pages, better))
                self._note(number, wrong, "tools", more)
                wrong = self._faults(number)
        if any(fault.kind in HARD for fault in wrong):
            self._embed(number, tuple(fault.sentence for fault in wrong))
        elif wrong or more:
            self._note(number, (*wrong, *more), "nobody", more)

    def _embed(self, number: int, wrong: tuple[str, ...]) -> None:
        """The embedded writer tells the page from the outline. In other languages than English it cannot: the page stays as it is, and is shown; raises `StorykinError` when there is none."""
        if not is_english(self.wish.language):
            if self.draft.page(number) is None:
                raise StorykinError(
                    f"writer {self.name!r}: gives no page {number}, and the embedded writer speaks English only",
                    f"take a larger model; {KEPT}",
                )
            self._keep(rounds=(*self.draft.rounds, Round(number, wrong, "nobody", wrong)))
            return
        page = plain_page(self._beat(number), self.draft.cast, self.wish, self.draft.page(number - 1))
        self._keep(pages=with_page(self.draft.pages, page))
        left = tuple(fault.sentence for fault in self._faults(number))
        self._keep(rounds=(*self.draft.rounds, Round(number, wrong, "embedded", left)))

    # ---- the whole book

    def _mend_the_whole(self) -> None:
        """What only the whole book shows: the child's words that stand nowhere, somebody forgotten, pages that say the same, measures that do not fit."""
        for fault in check_story(self._in_one_language(), self.held).faults:
            if fault.kind == "repeat" and fault in self._faults(fault.page):
                self.mend(fault.page)
            elif fault.kind in {"kept", "told"}:
                number = self._where_it_fits()
                self.mend(number, (replace(fault, page=number),))
        for fault in uneven(self._in_one_language(), self.held):
            if not self._faults(fault.page):  # else it has had its tries
                better, _ = self._told_anew(fault.page, (fault,))
                if better and not self._faults(fault.page, better):
                    self._keep(pages=with_page(self.draft.pages, better))
                    self._note(fault.page, (fault,), "model")
        left = [fault for fault in check_story(self._in_one_language(), self.held).faults if not fault.page and fault.kind not in {"kept", "told"}]  # fmt: skip
        if left:
            sentences = tuple(fault.sentence for fault in left)
            self._keep(rounds=(*self.draft.rounds, Round(0, sentences, "nobody", sentences)))

    def _where_it_fits(self) -> int:
        """The page with the fewest words in the second half, where there is room for the child's own."""
        half = [page for page in self.draft.pages if page.number > self.wish.pages // 2]
        return min(half or self.draft.pages, key=lambda page: len(page.text)).number

    def _say_it(self, words: str) -> None:
        """The embedded tools put the child's words where they fit, in English in the hero's mouth."""
        page = self._page(self._where_it_fits())
        teller = "I" if "first_person" in self.wish.style else self.wish.hero
        ended = words.rstrip()[-1:] in ".!?…"
        said = f'"{words}"'
        if is_english(self.wish.language):
            said = f'"{words}" {teller} said.' if ended else f'"{words}," {teller} said.'
        text = f"{page.text}{chr(10) if 'rhyme' in self.wish.style else ' '}{said}"
        fault = Fault("kept", page.number, f"the child's words “{words}” are on no page", "they must be read exactly so")  # fmt: skip
        self._keep(pages=with_page(self.draft.pages, replace(page, text=text)))
        self._note(page.number, (fault,), "tools")

    def _judge(self) -> None:
        """The model reads it all once more as a careful parent; what it can show in the text goes back. What it still says of the new page is shown: it is no better a judge than it is a writer."""
        for again in (True, False):
            question = questions.judge_question(self.asking, self.draft.pages)
            doing = "reading it as a parent would"
            unfit = self._asked(question, doing, TOLD + OUTLINED / 2, 0.0, 200)
            if unfit is None:
                self.desk.say(
                    f"{self.name}: could not judge the story; please read it yourself before a child does"
                )
                return
            for one in unfit:
                why = f": {one.why}" if one.why else ""
                says = f"“{one.sentence}” is not for a child of {self.wish.reader_age}{why}"
                fault = Fault("unsafe", one.page, says, "say something gentler", one.sentence)
                if again:
                    self.mend(one.page, (fault,))
                else:
                    self._note(one.page, (fault,), "nobody", (fault,))
            if not unfit:
                return

    def _translate(self) -> None:
        """The second language of a book that has two, a few pages at a time. What the model cannot say in it is left empty, and told as a fault."""
        also = name_of(self.wish.also)
        if self.draft.also_language != self.wish.also:
            bare = tuple(replace(page, also="") for page in self.draft.pages)
            self._keep(pages=bare, also_language=self.wish.also)
        while self.wish.also and (lacking := [page for page in self.draft.pages if not page.also]):
            some = lacking[:AT_ONCE]
            question = questions.translate_question(self.asking, some, also)
            told = self._asked(question, f"telling it in {also}", TOLD + OUTLINED / 2, 0.0, 200 * len(some))
            if told is None:
                self.desk.say(f"{self.name}: {also} is more than it can; the second texts are missing. The same command tries again")  # fmt: skip
                return
            for page in some:
                if page.number in told:
                    self._keep(pages=with_page(self.draft.pages, replace(page, also=told[page.number])))

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

    def _breath(self, doing: str) -> Callable[[], None]:
        """A chance to stop while something is done here."""
        return lambda: self.desk.step(self._done(), doing)

    # ---- keeping

    def _page(self, number: int) -> Page:
        page = self.draft.page(number)
        assert page
        return page

    def _beat(self, number: int) -> Beat:
        assert self.draft.outline
        return self.draft.outline.beats[number - 1]

    def _faults(self, number: int, instead: Page | None = None) -> tuple[Fault, ...]:
        """What is wrong with a page, or would be with another in its place."""
        pages = with_page(self.draft.pages, instead) if instead else None
        return faults_of(self._in_one_language(pages), self.held, number)

    def _done(self) -> float:
        return OUTLINED + (TOLD - OUTLINED) * len(self.draft.pages) / self.wish.pages

    def _note(self, number: int, wrong: Sequence[Fault], by: By, left: Sequence[Fault] = ()) -> None:
        """What was done about faults, and which of them are left: those that the proofreader finds now, and others that are known."""
        there = dict.fromkeys(fault.sentence for fault in (*self._faults(number), *left))
        sentences = tuple(fault.sentence for fault in wrong)
        self._keep(rounds=(*self.draft.rounds, Round(number, sentences, by, tuple(there))))

    def _keep(self, **changes: object) -> None:
        self.put(replace(self.draft, **changes))  # type: ignore[arg-type]


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
    """Whether what a fault quotes still stands on the page, or what it missed is still missing; a fault without either is taken as mended."""
    there = bool(fault.quote) and " ".join(fault.quote.split()) in " ".join(page.text.split())
    return not there if fault.kind in {"kept", "told"} else there
