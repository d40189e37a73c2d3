"""Crafts, writers: what is wrong with a story, page by page, whoever wrote it: a program, a language model or a parent.

Each fault names its page, says what is wrong, and what would be right, so that one sentence can go back to the writer. Only English words are known here: in other
languages what needs them is left out. What is measured in numbers is in `checking.py`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, get_args

from storykin.languages import is_english
from storykin.scene import Scene, Weather
from storykin.story import Page, Story
from storykin.wish import Wish
from storykin.writers.reading import SPEECH, is_familiar, sentences_of, words_of
from storykin.writers.rhyme import is_spoken

Kind = Literal[
    "empty", "short", "long", "sentence", "level", "rhyme", "metre", "pages", "kept", "stranger", "misspelt", "absent", "hero", "told", "pronoun", "person", "sermon", "unsafe",
    "place", "time", "weather", "repeat", "babble", "residue", "language", "also",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Fault:
    """Something that is wrong: of which kind, on which page (0: in the whole book), what it is, and what is wanted instead.

    `quote` are the words of the page that it is about, `instead` what would stand there, where both can be told.
    """

    kind: Kind
    page: int
    says: str
    wanted: str
    quote: str = ""
    instead: str = ""

    def __str__(self) -> str:
        """ "page 3: there is somebody called Max" """
        return f"page {self.page}: {self.says}" if self.page else self.says

    @property
    def sentence(self) -> str:
        """What goes back to whoever wrote it."""
        return f"{self}; {self.wanted}."


Proofreader = Callable[[Story, Wish], Iterator[Fault]]

# --- words ---------------------------------------------------------------------------------------------

CAPITAL = re.compile(r"(?<![\w’'-])([A-Z][\w’'-]*)")
OPENS = re.compile(r"(?:^|[.!?…:—–][\"”’')\]*_]*\s+|\n\s*)[\"“‘'(*_\[]*$|[\"“‘(]\s*$")
"""What stands before a word that begins a sentence, a line or a speech."""
CALENDAR = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October November December Christmas Easter Halloween Hanukkah Diwali Eid Earth Moon Sun Mars Venus Jupiter Saturn English French Spanish German"  # fmt: skip
TITLES = "Mr Mrs Ms Miss Dr Doctor Captain King Queen Prince Princess Sir Lady Mum Mummy Mom Mommy Mama Dad Daddy Papa Grandma Granny Nana Nan Gran Grandpa Grandad Granddad Auntie Aunt Uncle I OK TV"  # fmt: skip
ANYBODY = "Whoever Whatever Everybody Everyone Everything Somebody Someone Something Nobody Nothing Anybody Anyone Neither Either Both Others"  # fmt: skip
SOMEWHERE = "Africa America Antarctica Arctic Asia Australia Brazil Canada China Egypt England Europe France Germany Greece Iceland India Ireland Italy Japan London Mexico Norway Paris Rome Scotland Spain Wales York"  # fmt: skip
NOBODY = frozenset(f"{CALENDAR} {TITLES} {ANYBODY} {SOMEWHERE}".split())
NARRATED = re.compile(r"[\"“][^\"“”]*[\"”]|(?<!\w)‘[^‘’]*(?:’\w[^‘’]*)*’(?!\w)")
SHOUTED = re.compile(r"(?:\b[A-Z]\b[^\w\n]*)*\b[A-Z]{2,}\b[^\w\n]*(?:\b[A-Z]+\b[^\w\n]*)+")
"""Letters and signs that are read out in a story."""
DID = (
    rf"{SPEECH}|did|went|came|ran|sat|stood|saw|took|gave|got|put|ate|drank|knew|felt|fell|found|flew|swam|rode|drove|held|kept|left|made|read|wrote|threw|"
    r"caught|brought|bought|thought|began|woke|slept|shook|broke|blew|grew|drew|hid|bent|lay|let|met|set|shut|spoke|stuck|swung|told|tried|won|wore|\w\w\w+ed"
)
CALLED = rf"(?:(?:{SPEECH})\s+(?:little |old |big )?{{name}}\b|\b{{name}}\s+(?:was|is|had|has|{DID})\b|\b(?:named|called)\s+{{name}}\b)"
ACTS = rf"(?:(?:^|[.!?…:]\s+|\band |\bbut |\bthen |\bso ){{name}}\s+(?:\w+ly )?(?:{DID})\b|[\"”’]\s*(?:{SPEECH})\s+{{name}}\b|\b{{name}}\s+(?:{SPEECH})\b)"


def narrated(text: str) -> str:
    """A text without what is said in it, so without the words between quotation marks, and without letters and signs."""
    return SHOUTED.sub(" ", NARRATED.sub(" ", text))


def acts(name: str, text: str) -> bool:
    """Whether somebody does or says something in a text."""
    return bool(re.search(ACTS.format(name=re.escape(name)), text, re.MULTILINE))


def names_of(story: Story, wish: Wish) -> frozenset[str]:
    """Every word that is part of a name of the cast, or that the child brought."""
    brought = [wish.hero, *wish.cast, wish.idea, *wish.keep, *wish.sparks, wish.dedication]
    said = [*(one.name for one in story.cast), *brought]
    return frozenset(part for one in said for word in words_of(one) for part in (word, *word.split("-")))


def capitals(text: str) -> Iterator[tuple[str, bool]]:
    """Words with a capital letter, without a possessive's ending, and whether they stand where every word has one."""
    for found in CAPITAL.finditer(text):
        word = re.sub(r"[’']s?$", "", found[1])
        yield word, bool(OPENS.search(text[: found.start()]))


# --- who is there --------------------------------------------------------------------------------------


def strangers(story: Story, wish: Wish) -> Iterator[Fault]:
    """Somebody has a name who is not in the cast, or a name of the cast is spelt otherwise."""
    known = names_of(story, wish)
    lower = {word.lower() for word in known}
    cast = sorted(word for one in story.cast for word in words_of(one.name) if word[:1].isupper())
    named = [one.name for one in story.cast if one.name[:1].isupper()]
    told: set[str] = set()
    for page in story.pages:
        for word, opens in capitals(page.text):
            if word in known or word.lower() in lower or word in NOBODY or word in told or word.isupper():
                continue
            if re.match(r"I[’']|[A-Z][a-z]*-[a-z]", word) or re.search(
                rf"\b{re.escape(word.lower())}\b", page.text
            ):
                continue
            near = next((one for one in cast if _is_slip(word, one)), "")
            if near:
                told.add(word)
                yield Fault("misspelt", page.number, f"{near} is spelt “{word}”", f"write {near}", word, near)
            elif _is_somebody(word, opens, page.text):
                told.add(word)
                yield Fault("stranger", page.number, f"there is somebody called {word}", f"names have only {_listed(named)}; leave {word} out or make them nameless")  # fmt: skip


def outsiders(story: Story, wish: Wish) -> Iterator[Fault]:
    """Somebody stands in a picture who is not in the cast."""
    cast = {one.name for one in story.cast}
    for page in story.pages:
        for figure in page.scene.figures:
            if figure.character not in cast:
                yield Fault("stranger", page.number, f"{figure.character} stands in the picture and is not in the cast", "let only the cast stand there")  # fmt: skip


def _is_somebody(word: str, opens: bool, text: str) -> bool:
    """Whether a word with a capital letter is somebody's name: no word of the language, or spoken of as somebody."""
    spoken = re.search(CALLED.format(name=re.escape(word)), text)
    common = all(is_familiar(part) for part in word.split("-")) or _is_word(word)
    if re.search(rf"\b(?:in|to|from|of|for|near|like) {re.escape(word)}\b", text) and not spoken:
        return False  # a country or a town
    if opens or re.search(
        rf"\b(?:an?|the|this|that|his|her|their|my|our|its|no|one) (?:\w+ )?{re.escape(word)}\b", text, re.I
    ):
        return bool(spoken) and not common
    return bool(spoken) or not common


def _is_word(word: str) -> bool:
    """Whether the dictionary has a word and another form of it, too: of names it has none."""
    low = word.lower()
    forms = [low + end for end in ("s", "ed", "ing", "ly")]
    forms += [low.removesuffix(end) for end in ("s", "ed", "ing", "ly") if low.endswith(end)]
    return is_spoken(low) and any(map(is_spoken, forms))


def _is_slip(word: str, name: str) -> bool:
    """Whether a word is a name with one letter more, less, other, or two exchanged."""
    if (
        word == name
        or is_familiar(word)
        or abs(len(word) - len(name)) > 1
        or len(name) < 4
        or word[0] != name[0]
    ):
        return False
    if len(word) == len(name):
        other = [place for place in range(len(name)) if word[place] != name[place]]
        swapped = len(other) == 2 and word[other[0]] == name[other[1]] and word[other[1]] == name[other[0]]
        return len(other) == 1 or (swapped and other[1] == other[0] + 1)
    longer, shorter = (word, name) if len(word) > len(name) else (name, word)
    return any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))


def absent(story: Story, wish: Wish) -> Iterator[Fault]:
    """Somebody does something in the words and is not in the picture, or the hero is hardly ever there, or somebody wished for never."""
    everybody = {one.name for one in story.cast}
    for page in story.pages:
        there = {figure.character for figure in page.scene.figures}
        things = " ".join((*page.scene.props, *(figure.prop for figure in page.scene.figures)))
        # of one who is now huge and now tiny, each size has a name
        shown = {one.split()[-1] for one in there}
        for name in sorted(everybody - there):
            if name.split()[-1] in shown or _names(things, name.removeprefix("the ")):
                continue
            if acts(name, page.text):
                yield Fault("absent", page.number, f"{name} does something and is not in the picture", f"put {name} into the scene, or let somebody do it who is there")  # fmt: skip
    seen = Counter(figure.character for page in story.pages for figure in page.scene.figures)
    if seen[wish.hero] * 2 < len(story.pages):
        yield Fault("hero", 0, f"{wish.hero} is in {seen[wish.hero]} of {len(story.pages)} pictures", f"{wish.hero} is the hero: on more than half of the pages")  # fmt: skip
    told = "\n".join(page.text for page in story.pages)
    for name in wish.cast:
        if not seen[name] and not _names(told, name):
            yield Fault("told", 0, f"{name} is not in the story", f"let {name} matter in it", name)
    for spark in wish.sparks:
        if not _says(told, spark.strip(" .!?")):
            yield Fault(
                "told", 0, f"“{spark}” is not in the story", "let it matter, and say it", spark.strip(" .!?")
            )


def pronouns(story: Story, wish: Wish) -> Iterator[Fault]:
    """The hero, alone on the page, is called he who is a she, or the other way round; or the story is told by the wrong person."""
    mine, other = {"she": (r"she|her|hers|herself", r"he|him|his|himself"), "he": (r"he|him|his|himself", r"she|her|hers|herself")}.get(wish.pronouns, ("", ""))  # fmt: skip
    first = "first_person" in wish.style
    said = 0
    for page in story.pages:
        words = narrated(page.text)
        said += bool(re.search(r"\b(?:I|me|my|we|us|our)\b", words))
        alone = {figure.character for figure in page.scene.figures} <= {wish.hero}
        others = [one for one in story.cast if one.name != wish.hero and _names(page.text, one.name)]
        named = _names(words, wish.hero)
        if not first and mine and alone and not others and named:
            wrong = re.search(rf"\b(?:{other})\b", words, re.I)
            if wrong and not re.search(rf"\b(?:{mine})\b", words, re.I):
                yield Fault("pronoun", page.number, f"{wish.hero} is called “{wrong[0]}”", f"{wish.hero} is “{wish.pronouns}”")  # fmt: skip
        if not first and (found := re.search(r"(?<![.\w])I(?:[’'](?:m|ve|ll|d))?(?![.\w])", words)):
            yield Fault("person", page.number, f"“{found[0]}” tells the story", f"tell it about {wish.hero}, not as {wish.hero}")  # fmt: skip
        if first and acts(wish.hero, page.text) and not re.search(r"\b(?:I|me|my|we|us|our)\b", words):
            yield Fault("person", page.number, f"it tells of {wish.hero}, who should tell it", f"let {wish.hero} tell it as “I”")  # fmt: skip
    if first and not said:
        yield Fault("person", 0, "nobody tells the story as “I”", f"let {wish.hero} tell all of it, as “I”")


# --- what is said --------------------------------------------------------------------------------------

SERMONS = re.compile(
    r"\b(?:the moral (?:of|is)|moral of (?:the|this) story|(?:learned|learnt|taught|teach(?:es)?) (?:\w+ )?(?:a (?:\w+ )?lesson|that (?:it|being|true|real|the (?:best|most)|you|we|friend\w*|kind\w*|"
    r"shar\w+|love|famil\w+|even|everyone|everybody))|(?:a|the|an important|valuable) lesson (?:about|that|in|for|was)|always remember(?:ed)? (?:to|that)|never forget that|"
    r"remember,? (?:children|kids|dear|that it)|it is important to|it[’']s important to|what (?:really|truly) matters|the (?:real|true|greatest|best) (?:treasure|magic|gift|power|meaning) (?:of \w+ )?(?:is|was|were|lies|comes)|"
    r"(?:friendship|kindness|sharing|honesty|love|courage|being (?:kind|brave|yourself|different|a good \w+)) (?:is|was) (?:the|what|more|always|all)|believe(?:d)? in (?:your|him|her|them|our)sel(?:f|ves)|"
    r"as long as (?:you|we|they) (?:have|believe|work|stick|love)|(?:and so|so) we (?:all )?(?:learn|see|know)|from that day (?:on|forward|onward)s?,? (?:\w+ ){1,3}(?:always|never)|"
    r"anything is possible|you can do anything|dreams (?:do )?come true if)\b",
    re.IGNORECASE,
)
"""Sentences that explain to the child what it should have understood."""

UNSAFE = re.compile(
    r"\b(?:kill(?:s|ed|ing|er)?|murder\w*|stab(?:s|bed|bing)?|strangl\w*|tortur\w*|shot (?:him|her|them|dead)|guns?|pistols?|rifles?|bombs?|grenades?|bullets?|blood(?:y|ied)?|bleed(?:s|ing)?|gore|gory|corpses?|"
    r"dead bod(?:y|ies)|behead\w*|suicid\w*|poison(?:s|ed|ous)?|beer|wine|vodka|whisk[e]?y|rum|drunk(?:en)?|cigarettes?|smok(?:ed|ing) (?:a|his|her) (?:pipe|cigar)|drugs?|cocaine|heroin|"
    r"sexy?|naked|nude|boobs?|kissed (?:him|her) on the (?:mouth|lips)|damn(?:ed)?|hell|crap|stupid|idiots?|moron|dumb|ugly|fat(?:ty|so)|shut up|hate[sd]? (?:you|him|her|them|everybody|everyone)|"
    r"shit\w*|fuck\w*|bitch\w*|bastards?|asshole|arse|screamed in (?:pain|terror|agony)|die[sd]?|dying|death|devil|demons?|satan|zombies?)\b",
    re.IGNORECASE,
)
"""Words that a parent does not want to read to a small child; whoever wishes for one of them gets it."""

TALK = re.compile(
    r"\b(?:as an ai|language model|here (?:is|are|’s|'s) (?:a|the|your) (?:\w+ )?(?:page|story|text|scene|version|draft|title|translation|outline|answer)|i hope (?:you|this)|let me know|sure[,!] here|"
    r"i (?:can[’']?not|can[’']t) (?:help with|write|assist|create)|word count|reading level|the user|json|the story is (?:about|told)|(?:in|the) past tense|picture[- ]book for|the reader (?:is|turns))\b",
    re.IGNORECASE,
)
"""How a model speaks to whoever asked it."""

MARKS = re.compile(
    r"^\s*(?:page|chapter|scene|title|text|illustration|image|picture|narrator|story)\s*(?:\d+\s*)?[:.\-–—]|```|\*\*|^#{1,6}\s|</?\w+>|\\n|\\\"|\{\{?|\}\}?|\[[^\]]{1,40}\]|"
    r"https?://|\b(?:todo|lorem ipsum)\b",
    re.IGNORECASE | re.MULTILINE,
)
"""What else is left of its way of writing: labels, markup, gaps to be filled in."""


def sermons(story: Story, wish: Wish) -> Iterator[Fault]:
    """The story explains its moral."""
    for number, where, text in _texts(story):
        if found := SERMONS.search(text):
            yield Fault("sermon", number, f"{where or 'it'} preaches: “{_around(text, found)}”", "end with something that happens, and leave the moral unsaid")  # fmt: skip


def unsafe(story: Story, wish: Wish) -> Iterator[Fault]:
    """Words that are not for small children."""
    brought = " ".join((wish.idea, *wish.keep, *wish.sparks))
    for number, where, text in _texts(story):
        for found in UNSAFE.finditer(text):
            if not re.search(rf"\b{re.escape(found[0])}\b", brought, re.I):
                yield Fault("unsafe", number, f"“{found[0]}”{f' in {where}' if where else ''} is not for a child of {wish.reader_age}", "say something gentler", found[0])  # fmt: skip
                break


def _texts(story: Story) -> Iterator[tuple[int, str, str]]:
    """All English texts of a story: page, what it is where it is not the page's, and the words."""
    if is_english(story.language):
        yield from ((0, "the title", story.title), (0, "the back cover", story.blurb))
        yield from ((page.number, "", page.text) for page in story.pages)
    if is_english(story.also_language or "-"):
        yield from ((page.number, "the second text", page.also) for page in story.pages)


def residue(story: Story, wish: Wish) -> Iterator[Fault]:
    """What does not belong to the story: labels, markup, gaps, remarks of a machine."""
    everywhere = [(0, "the title", story.title), (0, "the text for the back cover", story.blurb)]
    everywhere += [(page.number, "the text", page.text) for page in story.pages]
    everywhere += [(page.number, "the second text", page.also) for page in story.pages]
    brought = " ".join((wish.hero, *wish.cast, wish.idea, *wish.keep, *wish.sparks))
    for number, where, text in everywhere:
        found = MARKS.search(text) or TALK.search(NARRATED.sub(" ", text))
        if found and not (found[0].isupper() and len(found[0]) > 4) and found[0] not in brought:
            yield Fault("residue", number, f"“{found[0].strip()}” stands in {where}", "write only what is read aloud", found[0].strip())  # fmt: skip
        elif (
            is_english(story.language)
            and where != "the second text"
            and (odd := _other_letters(text, brought))
        ):
            yield Fault("residue", number, f"“{odd}” stands in {where}", "write in English letters", odd)


def _other_letters(text: str, brought: str) -> str:
    """The first letters of another script than the Latin, which no word of the wish has; models that speak Chinese drop such."""
    return next((one for one in OTHER_SCRIPT.findall(text) if one not in brought), "")


OTHER_SCRIPT = re.compile(
    r"[\u0370-\u1cff\u2e80-\ua4cf\ua960-\ud7ff\uf900-\ufaff\ufb1d-\ufdff\ufe70-\ufeff]+"
)
"""Greek to Khmer, Chinese, Japanese and Korean, Hebrew and Arabic in their compatible forms."""


def repeats(story: Story, wish: Wish) -> Iterator[Fault]:
    """A page says what another one said already; refrains may come again."""
    for place, page in enumerate(story.pages):
        if (other := told_before(page, story.pages[:place])) is not None:
            yield Fault("repeat", page.number, f"it says again what page {other.number} says", "let something new happen")  # fmt: skip


def told_before(page: Page, before: Sequence[Page]) -> Page | None:
    """The earlier page that says the same; None where none does."""
    words = [word.lower() for word in words_of(page.text)]
    for other in before if len(words) > 2 else ():
        theirs = [word.lower() for word in words_of(other.text)]
        matcher = SequenceMatcher(None, words, theirs, autojunk=False)
        if matcher.real_quick_ratio() > ALIKE and matcher.quick_ratio() > ALIKE and matcher.ratio() > ALIKE:
            return other
    return None


def babble(story: Story, wish: Wish) -> Iterator[Fault]:
    """A page says the same few words over and over, as small models do when they have lost their way."""
    for page, text in [(one, text) for one in story.pages for text in (one.text, one.also)]:
        words = [word.lower() for word in words_of(text)]
        if len(words) >= MANY and len(set(words)) < VARIED * len(words) ** 0.5:
            yield Fault("babble", page.number, f"it goes round in circles: “{_shortened(text)}”", "let something happen, in different words")  # fmt: skip


MANY, VARIED = 20, 2.2
"""Words from which a page is looked at, and Guiraud's index (1954) that it must have, different words by the root of all words: of 5,000 good pages, refrains and all, the least
varied has 2.8; a model that goes round in circles 1.6."""
ALIKE = 0.85
"""Two pages with so much of their words in the same order are one page twice."""


def language(story: Story, wish: Wish) -> Iterator[Fault]:
    """It is not told in the language that was wished for; English only, of which words are known."""
    known = {word.lower() for word in names_of(story, wish)}
    for page in story.pages:
        words = [word for word in words_of(page.text) if word.lower() not in known and not word.isupper()]
        if len(words) > 4 and sum(map(is_familiar, words)) < FAMILIAR * len(words):
            yield Fault("language", page.number, f"it is no English: “{_shortened(page.text)}”", "write English")  # fmt: skip


FAMILIAR = 0.3
"""Of the words of a page, how many a child of six knows at least: 0.4 or more in 1,300 pages of English, 0.2 or fewer in German, French and Spanish."""

# --- what is seen --------------------------------------------------------------------------------------

PLACES: tuple[tuple[str, ...], ...] = (
    ("kitchen",), ("bedroom", "bed"), ("bathroom", "bath"), ("living room", "sofa"), ("attic",), ("garden", "flower bed", "vegetable patch"),
    ("forest", "woods", "wood", "jungle", "trees"), ("beach", "seaside", "sand", "sea", "ocean", "waves", "ship", "boat", "deck", "island", "harbour"),
    ("school", "classroom", "playground"), ("street", "town", "city", "shop", "market"), ("park", "playground", "pond"),
    ("moon", "space", "spaceship", "rocket", "planet"), ("castle", "palace", "tower", "throne room"), ("cave", "tunnel"), ("farm", "barn", "stable", "field", "meadow"),
    ("mountain", "hill", "hilltop"), ("library",), ("clinic", "hospital", "surgery", "waiting room"), ("bakery",), ("circus", "big top", "theatre", "stage"),
    ("desert",), ("lake", "river", "stream", "pond"), ("train", "station", "bus"),
)  # fmt: skip
"""Words for places that cannot be two of these at once; some belong to several."""
INSIDE = r"(?:in|inside|at|on|into|under|through|across|aboard) (?:the|a|an|her|his|their|my|our|its) (?:\w+ ){0,2}?"
TIMES = {
    "night": re.compile(r"\b(?:that night|late at night|in the middle of the night|at midnight(?!,)|in the moonlight|by moonlight|moonlit|(?:the )?stars (?:came out|were out|shone|twinkled)|dark outside)\b", re.I),
    "day": re.compile(r"\b(?:(?:in|one|next|on) (?:the )?(?:bright |sunny |next |\w+day )?(?:morning|afternoon)|at noon|midday|lunchtime|after breakfast|at breakfast|broad daylight|the sun (?:was shining|shone|came up|rose))\b", re.I),
}  # fmt: skip
WEATHERS: dict[Weather, re.Pattern[str]] = {
    "rain": re.compile(r"\b(?:it (?:was raining|rained|began to rain|started to rain|poured)|the rain (?:fell|came|poured|drummed|was falling)|in the (?:pouring )?rain)\b", re.I),
    "snow": re.compile(r"\b(?:it (?:was snowing|snowed|began to snow|started to snow)|(?:the )?snow (?:fell|was falling|came down)|snowflakes (?:fell|danced|were falling))\b", re.I),
}  # fmt: skip


def disagreeing(story: Story, wish: Wish) -> Iterator[Fault]:
    """The words say another place, time or weather than the scene."""
    for page in story.pages:
        scene, words = page.scene, _here(page.text)
        if not SHOWN.search(page.text) and (found := _elsewhere(words, scene)):
            yield Fault("place", page.number, f"the words are in the {found}, the picture is in {scene.place}", "let both be in the same place", instead=found)  # fmt: skip
        night, day = (bool(TIMES[one].search(words)) for one in ("night", "day"))
        if night and not day and scene.time in ("day", "morning"):
            yield Fault("time", page.number, f"the words tell of the night, the picture of {scene.time}", "let the scene's time be night")  # fmt: skip
        if day and not night and scene.time == "night":
            yield Fault("time", page.number, "the words tell of the day, the picture of the night", "let the scene's time be day")  # fmt: skip
        if (weather := weather_of(page.text, scene)) != scene.weather:
            yield Fault("weather", page.number, f"the words tell of {weather}, the picture has {scene.weather}", f"let the scene's weather be {weather}")  # fmt: skip


def weather_of(text: str, scene: Scene) -> Weather:
    """The weather that the words of a page tell of; the scene's where they tell of none, and indoors."""
    told = next((name for name, said in WEATHERS.items() if said.search(_here(text))), scene.weather)
    return scene.weather if scene.weather == "storm" or _is_indoors(scene) else told


def _here(text: str) -> str:
    """What is told of here and now."""
    return " ".join(one for one in sentences_of(narrated(text)) if not AWAY.search(one))


def _elsewhere(words: str, scene: Scene) -> str:
    """The place that the words are in, where the scene is in another; "" where they agree or nobody can tell."""
    there = {index for index, group in enumerate(PLACES) if any(_names(scene.place, one) for one in group)}
    if not there:
        return ""
    said = []
    for index, group in enumerate(PLACES):
        for one in group:
            if re.search(rf"\b{INSIDE}{re.escape(one)}\b", words, re.I):
                said.append((index, one))
    if not said or there & {index for index, _ in said} or any(_names(prop, one) for prop in scene.props for _, one in said):  # fmt: skip
        return ""
    if any(_names(words, one) for index in there for one in PLACES[index]):
        return ""
    return said[0][1]


AWAY = re.compile(
    r"\b(?:far away|dream\w*|wish\w*|want\w*|remember\w*|imagin\w*|thought|if|like|as|never|once|homes? (?:in|on|at)|from|than|would|had)\b",
    re.I,
)
"""Sentences with one of these may tell of places and times where nobody is."""
SHOWN = re.compile(
    r"\b(?:glass|window\w*|telescope|map|photo\w*|painting|picture|dream\w*|song|story)\b", re.I
)
"""Things in which another place is to be seen."""


def _says(text: str, words: str) -> bool:
    """Whether words stand in a text; signs and writings without spaces are looked for as they are."""
    if re.fullmatch(r"[A-Za-zÀ-ɏ].*[A-Za-zÀ-ɏ]", words):
        return _names(text, words)
    return words.casefold() in text.casefold()


def _names(text: str, word: str) -> bool:
    return bool(re.search(rf"\b{re.escape(word)}s?\b", text, re.I))


INDOORS = re.compile(r"\b(?:room|bedroom|kitchen|house|home|school|classroom|library|clinic|hospital|bakery|shop|theatre|castle|hall|cave|tent|circus|spaceship|attic|bathroom|station|stable|barn)\b", re.I)  # fmt: skip


def _is_indoors(scene: Scene) -> bool:
    return bool(INDOORS.search(scene.place))


# --- all of it -----------------------------------------------------------------------------------------

ENGLISH: tuple[Proofreader, ...] = (strangers, pronouns, language, disagreeing)
WORDS: tuple[Proofreader, ...] = (sermons, unsafe)
"""What reads the English texts of a story, in whichever of its languages they are."""
EVERYWHERE: tuple[Proofreader, ...] = (absent, outsiders, residue, repeats, babble)
"""What needs no English."""


def proofread(story: Story, wish: Wish) -> tuple[Fault, ...]:
    """All that is wrong, in the order of the pages."""
    readers = (*(ENGLISH if is_english(story.language) else ()), *WORDS, *EVERYWHERE)
    found = {fault: None for reader in readers for fault in reader(story, wish)}
    return tuple(sorted(found, key=lambda fault: (fault.page, KINDS.index(fault.kind))))


def _around(text: str, found: re.Match[str]) -> str:
    """The sentence that something stands in."""
    return next((_shortened(one) for one in sentences_of(text) if found[0] in one), _shortened(found[0]))


def _shortened(text: str, most: int = 70) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names) or "nobody"
