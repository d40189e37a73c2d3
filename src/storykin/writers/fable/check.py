"""Writers, fable: the authors' checker. Reads every plot and the lexicon, reports faults, tells samples.

python -m storykin.writers.fable.check [plots/quest.toml …]
python -m storykin.writers.fable.check plots/quest.toml --tell "me being a puppy doctor" --age 5 --pages 12 --seed 1 --rhyme
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from storykin.errors import StorykinError
from storykin.scene import ACTIONS, EXPRESSIONS, Scene
from storykin.story import Story
from storykin.wish import Tone, Wish
from storykin.writers import reading, rhyme
from storykin.writers.fable import Fable, plots
from storykin.writers.fable.lexicon import (
    HERE,
    Animal,
    Case,
    Lexicon,
    Place,
    Role,
    Thing,
    lexicon_of,
    words_of,
)
from storykin.writers.fable.plots import Beat, Plot, Setting
from storykin.writers.fable.slots import SLOT, unknown_slots

LENGTHS = {"small": (2, 12), "middle": (12, 32), "big": (28, 60)}
NOUNS = ["role", "place", "thing", "home", "tool", "tool2", "tool3", "sight", "sight2"]
PHRASES = ["goal", "doing", "event", "fear", "path", "outfit"]
FRAMINGS = ("", "wide", "medium", "close", "spread")
TIMES = ("", "morning", "day", "evening", "night")
WEATHERS = ("clear", "cloudy", "rain", "snow", "wind", "storm", "fog")
LONG = re.compile(r"\{(?:\w+ )?(?:goal|doing|event|path|thing)\}")
"""Slots of any length: a couplet with one is told only where it scans, if two others always do."""
SAMPLE = {"hero": "Sasha", "friend": "Biscuit", "goal": "be a vet", "doing": "being a vet", "event": "it snowed ice cream",
          "path": "flew in a silver rocket", "outfit": "a white doctor's coat", "fear": "the dark"}  # fmt: skip


_SAID_HERO = re.compile(r'"\s*(?:said|asked|cried|called|whispered|shouted|answered|replied) \{hero\}')


def _length(slot: str) -> int:
    """How many words a slot usually gives."""
    aspect = slot.rpartition(".")[2]
    return {"try": 8, "try2": 8, "fail": 8, "fail2": 8, "fix": 9, "trouble": 8, "happy": 7, "tiny": 3, "goal": 3, "doing": 3,
            "event": 5, "path": 5, "outfit": 4}.get(aspect, 2 if " " in slot else 1)  # fmt: skip


def faults_of_plot(plot: Plot, known: Lexicon) -> Iterator[str]:
    """Everything in a plot that an author should mend."""
    names = {*NOUNS, *PHRASES, "hero", "friend", *(person.id for person in plot.person)}
    slots = dict.fromkeys(names, "")
    episode, rest = plot.beats("episode"), plot.beats("start", "middle", "end")
    if not 4 <= len(episode) <= 6:
        yield f"{len(episode)} episode beats; four to six are wanted"
    if len(rest) < 16:
        yield f"{len(rest)} beats besides the episode; 16 or more are wanted"
    if sum(beat.keep >= 9 for beat in plot.beat) > 4:
        yield f"{sum(beat.keep >= 9 for beat in plot.beat)} beats with keep = 9; four at most"
    ids = [beat.id for beat in plot.beat]
    for twice in sorted({one for one in ids if ids.count(one) > 1}):
        yield f"beat {twice!r} comes twice"
    for template in (*plot.titles, plot.blurb):
        yield from (f"title or blurb: {fault}" for fault in unknown_slots(template, slots, False))
    if not any("{hero" in title for title in plot.titles):
        yield "no title names {hero}"
    for key in ("role", "thing", "place"):
        if plot.suits.get(key, 0) >= 2 and not any(
            SLOT.search(title) and key in title for title in plot.titles
        ):
            yield f"suits {key} well, but no title names {{{key}}}"
    for beat in plot.beat:
        yield from (f"beat {beat.id!r}: {fault}" for fault in _faults_of_beat(beat, plot, slots))
    if "rhyme" in plot.tones:
        yield from (
            f"beat {beat.id!r}: {len(beat.rhyme)} couplets; two at least"
            for beat in plot.beat
            if len(beat.rhyme) < 2
        )


def _faults_of_beat(beat: Beat, plot: Plot, slots: dict[str, str]) -> Iterator[str]:
    inside = beat.part == "episode"
    if len(beat.text) < 2:
        yield "one variant of the text; two at least"
    for i, telling in enumerate(beat.text, 1):
        for level, (fewest, most) in LENGTHS.items():
            words = telling.at(level)
            yield from (f"text {i} {level}: {fault}" for fault in unknown_slots(words, slots, inside))
            count = len(words_of(SLOT.sub(lambda slot: "word " * _length(slot[1]), words)))
            if not fewest <= count <= most:
                yield f"text {i} {level}: {count} words; {fewest} to {most} are wanted"
            if _SAID_HERO.search(words):
                yield f'text {i} {level}: in the first person that is "said I"; write {{hero}} said'
            if "“" in words or "’" in words:
                yield f"text {i} {level}: curly quotes; write them straight"
    verdicts = [rhyme.couplet(_spoken(a, plot), _spoken(b, plot)) for a, b in beat.rhyme]
    sure = sum(verdict.ok for verdict in verdicts) >= 2
    for i, lines in enumerate(beat.rhyme, 1):
        for line in lines:
            yield from (f"couplet {i}: {fault}" for fault in unknown_slots(line, slots, inside))
        spoken = [_spoken(line, plot) for line in lines]
        verdict = verdicts[i - 1]
        if not verdict.rhymes:
            yield f"couplet {i} does not rhyme: {' / '.join(words_of(line)[-1] for line in spoken)}"
        if not verdict.ok and verdict.rhymes and not (sure and LONG.search(" ".join(lines))):
            yield f"couplet {i} does not scan ({verdict.scan_a:.2f}, {verdict.scan_b:.2f}): {' / '.join(spoken)}"
    yield from _faults_of_scene(beat.scene, plot, slots, inside)


def _faults_of_scene(scene: Setting, plot: Plot, slots: dict[str, str], inside: bool) -> Iterator[str]:
    for template in (scene.place, *scene.props, *(figure.prop for figure in scene.figures)):
        yield from (f"scene: {fault}" for fault in unknown_slots(template, slots, inside))
    if scene.framing not in FRAMINGS or scene.time not in TIMES or scene.weather not in WEATHERS:
        yield f"scene: {scene.framing}, {scene.time}, {scene.weather}: one of them is not known"
    people = {"hero", "friend", "client", "main", "others", *(person.id for person in plot.person)}
    seen = [figure.who for figure in scene.figures]
    for who in sorted({who for who in seen if seen.count(who) > 1}):
        yield f"scene: {who!r} stands there twice"
    for figure in scene.figures:
        if figure.who not in people:
            yield f"scene: nobody is called {figure.who!r}"
        if figure.who == "client" and not inside:
            yield "scene: 'client' outside an episode; use 'main'"
        if figure.do not in ACTIONS:
            yield f"scene: unknown action {figure.do!r}"
        if figure.do == "riding" and not figure.prop:
            yield f"scene: {figure.who!r} rides on nothing; say what with"
        if figure.feel not in EXPRESSIONS:
            yield f"scene: unknown expression {figure.feel!r}"


def _spoken(line: str, plot: Plot) -> str:
    """A line of verse with ordinary words in its slots."""

    def word(slot: str) -> str:
        key = slot.rsplit(maxsplit=1)[-1]
        pronoun = {
            "they": "she",
            "them": "her",
            "their": "her",
            "theirs": "hers",
            "themself": "herself",
            "was": "was",
            "were": "was",
        }
        person = next((one.name for one in plot.person if one.id == key.split(".")[0].removesuffix("'s")), "")
        owner, _, aspect = key.partition(".")
        if aspect in pronoun:
            return pronoun[aspect]
        return pronoun.get(key) or person or SAMPLE.get(owner.removesuffix("'s")) or "lantern"

    return SLOT.sub(lambda slot: word(slot[1]), line)


def faults_of_lexicon(known: Lexicon) -> Iterator[str]:
    """Everything in the lexicon that an author should mend."""
    slots = dict.fromkeys((*NOUNS, *PHRASES, "hero", "friend"), "")
    kinds = {"child", "adult", *(animal.kind for animal in known.animals)}
    owners: list[Role | Place | Animal | Thing] = [*known.roles, *known.places, *known.animals, *known.things]
    cases = [(owner.name, case) for owner in owners for case in owner.case] + [
        ("", case) for case in known.cases
    ]
    for owner, case in cases:
        for fault in _faults_of_case(case, slots, kinds):
            yield f"{owner}: case {case.client!r}: {fault}"
    names: dict[str, int] = {}
    for _, case in cases:
        names[case.name] = names.get(case.name, 0) + 1
    for name, count in sorted(names.items()):
        if count > 2:
            yield f"the name {name!r} is given to {count} clients"
    yield from _faults_of_owners(known)
    links: list[tuple[str, str, str, type]] = [("role", role.name, role.place, Place) for role in known.roles]
    links += [("animal", animal.name, animal.lives, Place) for animal in known.animals if animal.lives]
    links += [("thing", thing.name, thing.where, Place) for thing in known.things if thing.where]
    links += [("place", place.name, dweller, Animal) for place in known.places for dweller in place.dwellers]
    for table, name, other, kind in links:
        if known.find(other, kind) is None:
            yield f"{table} {name!r}: no {kind.__name__.lower()} {other!r}"


def _faults_of_owners(known: Lexicon) -> Iterator[str]:
    for role in known.roles:
        if len(role.tools) < 3:
            yield f"role {role.name!r}: {len(role.tools)} tools; three or more"
        if len(role.case) < 3:
            yield f"role {role.name!r}: {len(role.case)} cases; three"
    for place in known.places:
        if len(place.sights) < 2:
            yield f"place {place.name!r}: {len(place.sights)} sights; two or more"


def _faults_of_case(case: Case, slots: dict[str, str], kinds: set[str]) -> Iterator[str]:
    if case.they not in ("she", "he", "it", "they"):
        yield f"they = {case.they!r}: she, he, it or they"
    if case.kind not in kinds and not any(word in kinds for word in case.kind.split()):
        yield f"kind {case.kind!r} is neither child, adult nor any animal's kind"
    for field in ("trouble", "attempt", "fail", "try2", "fail2", "fix", "happy"):
        words = getattr(case, field)
        for fault in unknown_slots(words, slots, True):
            yield f"{field}: {fault}"
        if len(words_of(words)) > 16:
            yield f"{field}: {len(words_of(words))} words; 14 at most"
        if words.endswith("."):
            yield f"{field}: no full stop at its end"


def shown(story: Story) -> str:
    """A story to be read on a terminal: the words, and what is seen."""
    lines = [f"=== {story.title}  [{story.arc}]", f"    {story.blurb}"]
    for page in story.pages:
        lines += ["", f"{page.number:>2}  " + page.text.replace("\n", "\n    "), f"    ({_seen(page.scene)})"]
    lines += ["", "cast: " + "; ".join(f"{one.name} = {one.look.kind}, {one.part}" for one in story.cast)]
    measured = reading.measure([page.text for page in story.pages], [one.name for one in story.cast])
    lines.append(
        f"{measured.words_per_page:.1f} words a page, at most {measured.most_words_on_a_page}; longest sentence "
        f"{measured.longest_sentence}; Spache {measured.spache:.1f}, Flesch–Kincaid {measured.flesch_kincaid:.1f}"
    )
    return "\n".join(lines)


def _seen(scene: Scene) -> str:
    figures = [
        f"{one.character} {one.action} {one.expression}"
        + (f" with {one.prop}" if one.prop else "")
        + (f" [{one.outfit}]" if one.outfit else "")
        for one in scene.figures
    ]
    return f"{scene.place}, {scene.time}, {scene.weather}, {scene.framing}; {', '.join(figures)}; props: {', '.join(scene.props)}"


def main(argv: list[str] | None = None) -> int:
    """Check the files, tell the samples; the exit status is 1 when there are faults."""
    parser = argparse.ArgumentParser(
        prog="python -m storykin.writers.fable.check", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("files", nargs="*", type=Path, help="plot files; all when left out")
    parser.add_argument(
        "--folder", type=Path, default=HERE, help="another folder with lexicon/ and asides.toml"
    )
    parser.add_argument("--no-lexicon", action="store_true", help="report on the plots only")
    parser.add_argument("--tell", default="", metavar="WISH", help="tell this wish and print it")
    parser.add_argument("--hero", default="Sasha")
    parser.add_argument("--pronouns", default="she", choices=("she", "he", "they"))
    parser.add_argument("--with", dest="cast", action="append", default=[], metavar="NAME")
    parser.add_argument("--keep", action="append", default=[], metavar="WORDS")
    parser.add_argument("--age", type=int, default=5)
    parser.add_argument("--pages", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--arc", default="", help="the plot's name; by default the first file's plot, or what fits the wish"
    )
    for tone in ("rhyme", "funny", "bedtime", "first-person"):
        parser.add_argument(f"--{tone}", action="store_true")
    args = parser.parse_args(argv)
    faults = 0
    sources = [*sorted((args.folder / "lexicon").glob("*.toml")), *sorted(args.folder.glob("asides.toml"))]
    good = []
    for path in sources:
        try:
            lexicon_of([path])
            good.append(path)
        except StorykinError as error:
            faults += 1
            print(error)
    known = lexicon_of(good)
    if not args.no_lexicon and not args.files:
        for fault in faults_of_lexicon(known):
            faults += 1
            print(f"lexicon: {fault}")
    loaded = []
    for path in args.files or sorted((args.folder / "plots").glob("*.toml")):
        try:
            plot = plots.read_plot(path)
        except StorykinError as error:
            faults += 1
            print(error)
            continue
        loaded.append(plot)
        for fault in faults_of_plot(plot, known):
            faults += 1
            print(f"{path.name}: {fault}")
    counts = f"{len(known.roles)} roles, {len(known.places)} places, {len(known.animals)} animals, {len(known.things)} things"
    print(f"{faults} faults; {len(loaded)} plots; {counts}")
    if args.tell and loaded:
        tones: list[Tone] = [
            tone for tone in ("rhyme", "funny", "bedtime", "first_person") if getattr(args, tone)
        ]
        wish = Wish(
            args.tell, args.hero, args.pronouns, tuple(args.cast), args.pages, args.age, tuple(tones) or ("prose",), keep=tuple(args.keep),
            arc=args.arc or (loaded[0].name if args.files else ""), seed=args.seed,
        )  # fmt: skip
        try:
            print(shown(Fable(known, tuple(loaded)).write(wish)))
        except StorykinError as error:
            print(error)
            return 1
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())


__all__ = ["faults_of_lexicon", "faults_of_plot", "main", "shown"]
