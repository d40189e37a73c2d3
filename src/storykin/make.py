"""The path: wish, story, storyboard, pictures, book. This is where the crafts meet.

Every step reads the file that the step before it wrote and writes one of its own, so a person can
stop, look, edit and go on between any two:

    wish.toml + book.toml ──write──▶ story.json ──board──▶ storyboard.json ──paint──▶ pictures/ ──bind──▶ PDF · EPUB · HTML
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from storykin import files
from storykin.approving import page_name, refuse_unapproved
from storykin.book import Book, Half, Leaf, trim_of
from storykin.bookfolder import (
    COVER,
    keep_earlier,
    known_cast,
    page_words,
    read_choices,
    read_story,
    read_storyboard,
    read_wish,
    set_aside,
    sweep,
)
from storykin.cast.describing import look_of
from storykin.character import Character, Outfit
from storykin.choices import Choices
from storykin.consistency import Setting
from storykin.consistency.methods import method_of
from storykin.consistency.storyboard import storyboard
from storykin.consistency.styles import style_named, styles
from storykin.desk import FolderDesk, earlier_of
from storykin.easel import (
    SUFFIXES,
    Absent,
    current,
    digest,
    digests,
    draw_start,
    drawn_anew,
    key_of,
    large_enough,
    noted,
    on_pages,
    paint_one,
    painter_of,
    painter_or_absent,
    placed,
    read_picture,
    ready,
    shelved,
    sound,
    upright,
)
from storykin.errors import BadFile, BadInput, StorykinError
from storykin.languages import is_english, is_right_to_left, phrases, spoken_in
from storykin.mending import critic_of, mend, told, tries_of
from storykin.painters import OnLook, Painter, refuse_what_it_lacks
from storykin.picture import Picture
from storykin.reporting import judge_book
from storykin.shot import Shot, Storyboard
from storykin.story import Story
from storykin.wish import Wish
from storykin.writers import writer_named
from storykin.writers.fable import Fable
from storykin.writers.fable.looks import child, with_hair
from storykin.writers.introducing import introduced

OnStep = Callable[[float, str], None]
"""Told the finished fraction of the step, 0 to 1, and what is being done; may raise `Cancelled`."""

FORMATS = ("pdf", "cover", "epub", "html")
PRINT_PPI = 300
EFFORTS = ("draft", "good", "best")
EFFORT_PPI = {"draft": 150, "good": PRINT_PPI, "best": PRINT_PPI}
BLEED = 0.125  # inches that a picture is larger than the trim on each side


def quiet(fraction: float, doing: str) -> None:
    """An `on_step` for those who do not want to know."""


# --- the four steps -------------------------------------------------------------------------------


def write(folder: Path, on_step: OnStep = quiet, on_say: Callable[[str], None] = lambda words: None) -> Story:
    """From `wish.toml` to `story.json`. An earlier story that differs is kept in `earlier/`. What a language model has written so far lies in `draft.json`."""
    wish, choices = read_wish(folder), read_choices(folder)
    on_step(0.0, "writing the story")
    refuse_unprintable(wish, choices)
    desk = FolderDesk(folder, on_step, earlier_of(wish, folder), on_say)
    story = writer_named(choices.writer).write(*as_told(wish, known_of(wish, folder)), desk)
    keep_story(folder, story)
    on_step(1.0, f"wrote “{story.title}”, {len(story.pages)} pages")
    return story


def refuse_unprintable(wish: Wish, choices: Choices) -> None:
    """Raise `BadInput` now, before a model writes for an hour, for words to keep and languages that could not be printed."""
    from storykin.binders.letters import fonts_for, printable

    _check_kept(wish)
    if {"pdf", "cover"} & set(choices.formats):
        spoken = [phrases(code) for code in (wish.language, wish.also) if code and not is_english(code)]
        own = [one.the_end for one in spoken if not is_english(one.language)]
        fonts_for([printable(text) for text in (*own, wish.hero, *wish.cast, *wish.keep)], wish.language)


def keep_story(folder: Path, story: Story) -> Story:
    """Put a story into the book's folder; another one that lay there is kept in `earlier/`. Raises `BadInput` for letters that cannot be printed."""
    wish, choices = read_wish(folder), read_choices(folder)
    _check_kept(wish)
    if {"pdf", "cover"} & set(choices.formats):
        _check_letters(story, wish)
    keep_earlier(folder / "story.json", story)
    files.write_json(folder / "story.json", story)
    return story


def board(folder: Path, on_step: OnStep = quiet) -> Storyboard:
    """From `story.json` to `storyboard.json`; shots whose page did not change are kept as they are."""
    story = read_story(folder)
    on_step(0.0, "drawing up the storyboard")
    path = folder / "storyboard.json"
    earlier = read_storyboard(folder) if path.exists() else None
    _refuse_starts(read_choices(folder))
    made = storyboard(story, setting_of(folder), method_of(read_choices(folder).consistency), earlier)
    files.write_json(path, made)
    on_step(1.0, f"{len(made.shots)} shots, the cover among them")
    return made


def paint(
    folder: Path,
    pages: Sequence[int] | None = None,
    again: bool = False,
    on_step: OnStep = quiet,
    on_look: OnLook | None = None,
) -> tuple[Picture, ...]:
    """Paint what the storyboard asks for and nobody has painted yet; of each page for which something was painted, the picture that stands on it now.

    `pages` limits the work to those pages (0 is the cover). `again` gives these pages a new seed
    first; the older pictures stay and can be had back with `use`. Unless the choices say otherwise every picture is judged, and what fails is mended (see
    `mending`); what somebody chose by hand is only judged. `on_look` is shown unfinished pictures, by painters that can.
    """
    so_far = 0.0

    def step(fraction: float, doing: str) -> None:
        nonlocal so_far
        so_far = fraction
        on_step(fraction, doing)

    choices = read_choices(folder)
    painter = painter_of(choices, lambda words: on_step(so_far, words))
    critic = critic_of(choices)
    shots = read_storyboard(folder)
    wanted = _wanted(shots, pages)
    if again:
        reseeded = [
            _reseeded(folder, shot, shots, painter) if shot in wanted else shot for shot in shots.shots
        ]
        shots = replace(shots, shots=tuple(reseeded))
        wanted = _wanted(shots, pages)
    for shot in wanted:
        if not shot.picture or current(folder, shot, shots.shots, painter) is None:
            refuse_what_it_lacks(painter, shot)
    if again:
        files.write_json(folder / "storyboard.json", shots)
    sweep(folder)
    missing = in_order([shot for shot in wanted if current(folder, shot, shots.shots, painter) is None])
    coming = in_order(wanted) if critic else missing
    mends = critic is not None and (bool(missing) or _can_paint(painter))
    made = []
    try:
        share = _prepare(folder, missing, shots.shots, painter, step)
        for index, shot in enumerate(coming):
            done, page = share + (1 - share) * index / len(coming), page_words(shot.page)

            def tell(part: float, words: str = "", done: float = done, page: str = page) -> None:
                doing = f"painting {page}: {words}" if words else f"painting {page}"
                step(round(done + (1 - share) * part / len(coming), 6), doing)

            if critic is None:
                at_hand = ready(folder, shot, shots.shots, painter)
                made.append(paint_one(folder, at_hand, painter, tell, on_look))
            elif (kept := _only_judged(folder, shot, shots.shots, painter, mends)) is not None:
                tell(0.0, "judging")
                told(folder, shot, kept, critic)
            else:
                tries = tries_of(choices, painter)
                mended = mend(folder, shot, shots.shots, painter, critic, tries, tell, on_look)
                made += [mended.picture] if mended.painted else []
    finally:
        painter.close()
        if critic is not None:
            critic.close()
    on_step(1.0, f"painted {len(made)}, kept {len(wanted) - len(made)}")
    return tuple(sorted(made, key=lambda picture: picture.shot.page))


def look(folder: Path, pages: Sequence[int]) -> tuple[Picture, ...]:
    """Judge the pictures that stand on these pages and paint nothing; those pictures. Nothing when the choices want no judge."""
    critic = critic_of(read_choices(folder))
    if critic is None:
        return ()
    try:
        there = [(shot, picture) for shot, picture in on_pages(folder) if shot.page in pages and picture]
        return tuple(told(folder, shot, picture, critic) for shot, picture in there)
    finally:
        critic.close()


def _only_judged(
    folder: Path, shot: Shot, shots: Sequence[Shot], painter: Painter, mends: bool
) -> Picture | None:
    """The picture of a page whose place no other may take: somebody chose it by hand, something that it was made of is gone, or nobody can paint."""
    there = current(folder, shot, shots, painter)
    if there is None or not mends or there.kept or there.path == shot.picture:
        return there
    try:
        key_of(folder, ready(folder, shot, shots, painter), painter)
        return None
    except BadFile:
        return there


def _can_paint(painter: Painter) -> bool:
    """Whether a painter that is not needed for anything new could paint: a finished book can be looked at without its base."""
    try:
        painter.refuse_absent()
        return True
    except StorykinError:
        return False


PREPARING = 0.1
"""Of the progress of painting, where there are models to load."""
ENLARGING = 0.3
"""Of the progress of binding."""


def _prepare(
    folder: Path, missing: Sequence[Shot], shots: Sequence[Shot], painter: Painter, on_step: OnStep
) -> float:
    """Let the painter load and read what it needs for these shots; the share of the progress that this took."""
    if not missing or not painter.dialect:
        return 0.0
    on_step(0.0, f"loading {painter.name}")
    coming = []
    for shot in missing:
        later = replace(shot, init_image="") if shot.init_image == "before" else shot
        at_hand = ready(folder, later, shots, painter)
        digests(folder, at_hand)  # what is gone is told before gigabytes are loaded
        draw_start(folder, at_hand)
        coming.append(placed(folder, at_hand))
    painter.prepare(coming, lambda done: on_step(PREPARING * done, f"loading {painter.name}"))
    return PREPARING


def in_order(shots: Sequence[Shot]) -> list[Shot]:
    """In the order in which they are best painted: those with the same adapters together, unless one begins with another's picture."""
    if any(shot.init_image == "before" for shot in shots):
        return sorted(shots, key=lambda shot: shot.page)
    first = {_worn(shot): number for number, shot in reversed(list(enumerate(shots)))}
    return sorted(shots, key=lambda shot: (first[_worn(shot)], shot.page))


def _worn(shot: Shot) -> tuple[str, ...]:
    return tuple(sorted(one.adapter.path for one in shot.adapters))


def bind(folder: Path, on_step: OnStep = quiet) -> tuple[Path, ...]:
    """From story and pictures to the files of `Choices.formats`; the paths that were written."""
    from storykin.binders.cover import save_cover
    from storykin.binders.epub import EpubBinder
    from storykin.binders.html import HtmlBinder
    from storykin.binders.pdf import PdfBinder
    from storykin.binders.presses import pad, press_named

    choices = read_choices(folder)
    _known_formats(choices.formats)
    press = press_named(choices.press)
    book = book_of(folder)
    if choices.approve:
        refuse_unapproved(folder)
    if press.trim not in {None, book.trim}:
        raise BadInput(
            f"the pictures are composed for {choices.trim} inches, {press.name} takes another size",
            f"make the book anew with --for {press.name}, or bind it for screen or home-a4",
        )
    name = files.slug(book.title)
    printed = book
    if {"pdf", "cover"} & set(choices.formats):
        ppi = EFFORT_PPI[choices.effort]
        printed = large_enough(
            folder,
            book,
            ppi,
            choices.upscaler,
            lambda done: on_step(ENLARGING * done, "enlarging pictures for print"),
        )
    padded = replace(printed, leaves=pad(printed.leaves, press, book.language))
    work: dict[str, tuple[str, Callable[[Path], None]]] = {
        "pdf": (".pdf", lambda path: PdfBinder(press, choices.page_numbers).save(padded, folder, path)),
        "cover": ("-cover.pdf", lambda path: save_cover(printed, folder, path, press, len(padded.leaves))),
        "epub": (".epub", lambda path: EpubBinder().save(book, folder, path)),
        "html": (".html", lambda path: HtmlBinder().save(book, folder, path)),
    }
    made = []
    for index, form in enumerate(choices.formats):
        if form == "cover" and press.cover_inside:
            continue
        suffix, save = work[form]
        on_step(ENLARGING + (1 - ENLARGING) * index / len(choices.formats), f"binding {name}{suffix}")
        save(folder / f"{name}{suffix}")
        made.append(folder / f"{name}{suffix}")
    on_step(1.0, f"bound {len(made)} files")
    return tuple(made)


SHARES = {"write": (0.0, 0.05), "board": (0.05, 0.02), "paint": (0.07, 0.58), "bind": (0.65, 0.35)}
"""Where each step begins, and how much it takes, of the progress of a whole book."""


def make_book(folder: Path, on_step: OnStep = quiet, on_look: OnLook | None = None) -> tuple[Path, ...]:
    """All four steps, or as many of them as are still to do; what exists and fits is kept."""
    make_pictures(folder, on_step, on_look)
    return bind(folder, step_of("bind", on_step))


def make_pictures(
    folder: Path,
    on_step: OnStep = quiet,
    on_look: OnLook | None = None,
    on_say: Callable[[str], None] = lambda words: None,
) -> None:
    """All steps but binding, for those who want to look at the pictures first."""
    painter_of(read_choices(folder)).refuse_absent()  # before anything is written
    if not (folder / "story.json").exists():
        write(folder, step_of("write", on_step), on_say)
    board(folder, step_of("board", on_step))
    paint(folder, on_step=step_of("paint", on_step), on_look=on_look)
    show(folder)


def show(folder: Path) -> None:
    """Write what the critic saw of a book for the parent, `consistency.html`, unless nobody is to judge it."""
    if read_choices(folder).judge:
        judge_book(folder).save()


def step_of(step: str, on_step: OnStep) -> OnStep:
    """The progress of one step as that of the whole book."""
    start, share = SHARES[step]
    return lambda fraction, doing: on_step(round(start + share * fraction, 6), doing)


# --- what stands in the folder --------------------------------------------------------------------


def refuse_style(art: str, choices: Choices, folder: Path) -> None:
    """Raise `BadInput` for a style that the painter has not; `styles.toml` of the book's folder, or beside it, counts."""
    arts = painter_of(choices).arts
    if not arts:
        style_named(art, styles((folder, folder.parent)))
    elif art not in arts:
        raise BadInput(f"painter {choices.painter!r} has no style {art!r}", f"its styles: {', '.join(arts)}")


def start(folder: Path, wish: Wish, choices: Choices) -> Path:
    """Begin a book: write wish and choices. A wish for another story sets the old one aside.

    Raises `BadInput` for a writer, painter, style or format that there is not.
    """
    writer_named(choices.writer)
    refuse_style(wish.art, choices, folder)
    method_of(choices.consistency)
    _known_formats(choices.formats)
    path = folder / "wish.toml"
    if path.exists() and replace(read_wish(folder), art=wish.art) != wish:
        set_aside(folder / "story.json")
    files.write_toml(path, wish)
    files.write_toml(folder / "book.toml", choices)
    return folder


def known_of(wish: Wish, folder: Path) -> tuple[Character, ...]:
    """Whose looks are settled: those of the shelf, and of the book before those whom the wish names."""
    known = known_cast(wish, folder)
    before = earlier_of(wish, folder)
    names = {one.name for one in known}
    wanted = {wish.hero, *wish.cast} - names
    return (*known, *(one for one in (before.story.cast if before else ()) if one.name in wanted))


def as_told(wish: Wish, known: tuple[Character, ...]) -> tuple[Wish, tuple[Character, ...]]:
    """The wish without what it says of how the hero looks, and the hero who looks so, unless the shelf knows better."""
    said = introduced(wish.idea)
    if said is None or said.name != wish.hero:
        return wish, known
    if wish.hero not in {one.name for one in known} and (said.age or said.look or said.clothes):
        age, dice = said.age or wish.reader_age, Random(f"{wish.seed} {wish.hero}")
        guessed = child(age, wish.pronouns, dice, with_hair(said.look))
        outfits = (Outfit("everyday", said.clothes),) if said.clothes else ()
        known = (*known, Character(wish.hero, look_of(said.look, guessed), outfits))
    return replace(wish, idea=said.idea), known


def _check_kept(wish: Wish) -> None:
    """Raise `BadInput` for words that must stay as they are and hold signs that no book's type has."""
    from storykin.binders.letters import printable

    for words in wish.keep:
        lost = "".join(sorted(set(words) - set(printable(words))))
        if lost:
            raise BadInput(
                f"the words to keep “{words}” hold {lost!r}, which cannot be printed",
                "say them with letters: --keep is printed exactly as it stands, or not at all",
            )


def _check_letters(story: Story, wish: Wish) -> None:
    """Raise `BadInput` now, before anything is painted, for letters that no font of this machine has."""
    from storykin.binders.letters import fonts_for, printable

    texts = [
        story.title,
        story.blurb,
        story.dedication,
        wish.hero,
        *(page.text + page.also for page in story.pages),
    ]
    fonts_for([printable(text) for text in texts], story.language)


NEEDED = {"lora": "adapters", "reference": "references", "img2img": "init_image", "closeup": "mask"}
"""The power that a method of consistency needs of a painter."""


FINER = 2
"""How many times larger than the painter paints a picture is whose figures are painted once more from near by."""
MENDING = frozenset({"mask"})
"""Powers that no method asks for: they serve to mend pictures, and change no storyboard."""


def _refuse_starts(choices: Choices) -> None:
    """Raise `BadInput` for photos and methods that were asked for by name and that the painter can do nothing with."""
    painter = painter_of(choices)
    wanted = {
        NEEDED[name]: f"--consistency {name}" for name in choices.consistency.split("+") if name in NEEDED
    }
    wanted |= {"init_image": "--photo"} if choices.photos else {}
    wanted |= {"init_image": f"--start {choices.start}"} if choices.start in {"sketch", "before"} else {}
    for power, option in wanted.items():
        if power not in painter.powers:
            raise BadInput(
                f"painter {painter.name!r} can do nothing with {option}",
                "leave it out, or choose another painter: storykin painters",
            )


def _known_formats(formats: tuple[str, ...]) -> None:
    for form in formats:
        if form not in FORMATS:
            raise BadInput(f"there is no format {form!r}", f"formats: {', '.join(FORMATS)}")


def choose(
    folder: Path, press: str = "", page_numbers: bool = False, formats: tuple[str, ...] = (), author: str = ""
) -> Choices:
    """Change how the book is bound; what is left empty stays as it was."""
    from storykin.binders.presses import press_named

    before = read_choices(folder)
    after = replace(
        before,
        press=press_named(press).name if press else before.press,
        page_numbers=page_numbers or before.page_numbers,
        formats=formats or before.formats,
        author=author or before.author,
    )
    _known_formats(after.formats)
    if after != before:
        files.write_toml(folder / "book.toml", after)
    return after


def title_of(wish: Wish, choices: Choices) -> str:
    """The title the embedded writer would give the book, else the wish: a folder without a name is called after it."""
    writer = writer_named(choices.writer)
    return writer.write(*as_told(wish, ())).title if isinstance(writer, Fable) else _short(wish.idea)


def setting_of(folder: Path) -> Setting:
    """What all shots of this book have in common, from wish, choices, press, painter and the shelf."""
    wish, choices = read_wish(folder), read_choices(folder)
    trim = trim_of(choices.trim)
    painter = painter_of(choices)
    inches = trim.height + 2 * BLEED
    usual = painter.defaults
    effort = EFFORTS.index(choices.effort)
    needed = bool(painter.powers & {"adapters", "references"})
    asked_for_best = choices.consistency in {"", "best"}
    closer = usual.closer if asked_for_best or "closeup" in choices.consistency else 0.0
    size = usual.size * (FINER if closer else 1)
    known = shelved(folder, known_cast(wish, folder)) if needed else ()
    if painter.leaves_machine and "reference" not in choices.consistency:
        known = tuple(
            replace(one, references=()) for one in known
        )  # photos go nowhere unless somebody says so
    return Setting(
        art=wish.art,
        seed=wish.seed,
        reader_age=wish.reader_age,
        aspect=(trim.width + 2 * BLEED) / inches,
        height=choices.size or min(round(inches * EFFORT_PPI[choices.effort]), size),
        steps=choices.steps or (usual.by_effort[effort] if usual.by_effort else usual.steps),
        guidance_scale=choices.guidance_scale or usual.guidance_scale,
        dialect=painter.dialect,
        powers=painter.powers - MENDING - (painter.unready if asked_for_best else frozenset()),
        adapters_of=painter.adapters_of,
        known=known,
        photos=tuple(sorted((_page_named(page), path) for page, path in choices.photos.items())),
        start=choices.start,
        strength=Setting.strength if choices.strength is None else choices.strength,
        consistency=choices.consistency,
        apart=choices.apart,
        area=size**2 if painter.dialect else 0,
        hears=usual.family,
        styles=styles((folder, folder.parent)) if painter.dialect else {},
        closer=closer,
    )


def _page_named(page: str) -> int:
    if page == "cover" or page.isdecimal():
        return COVER if page == "cover" else int(page)
    raise BadFile(f"book.toml: photos: {page!r} is no page", 'name pages as "3" or "cover"')


# --- pictures -------------------------------------------------------------------------------------


def pictures(folder: Path, page: int) -> tuple[tuple[Picture, bool], ...]:
    """Every picture ever painted for a page, oldest first, and whether the book uses it now."""
    painter = painter_or_absent(read_choices(folder))
    shots = read_storyboard(folder)
    shot = _wanted(shots, [page])[0]
    used = current(folder, shot, shots.shots, painter)
    if used is not None and used.unsafe and used.path != shot.picture:
        used = None
    recipes = sorted((folder / "pictures").glob(f"{page:02d}-*.json"))
    found = [picture for path in recipes if (picture := sound(folder, path))]
    return tuple(
        (one, used is not None and one.path == used.path)
        for one in sorted(found, key=lambda one: one.painted)
    )


def use(folder: Path, page: int, key: str) -> Picture:
    """Take an older picture of a page back into the book, whoever painted it; `key` may be shortened while it is unique."""
    there = [picture for picture, _ in pictures(folder, page)]
    found = [picture for picture in there if picture.key.startswith(key)]
    if len(found) != 1:
        known = ", ".join(picture.key for picture in there) or "none yet"
        raise BadInput(
            f"{page_words(page)} has {'no' if not found else 'more than one'} picture {key!r}",
            f"there are: {known}",
        )
    picture = found[0]
    if picture.unsafe and picture.painter != "taken":
        raise BadInput(
            f"{page_words(page)}: this picture may be nothing for children", "choose or paint another one"
        )
    picture = noted(folder, picture, kept=True, instead="")
    painter = painter_or_absent(read_choices(folder))
    shots = read_storyboard(folder)
    taken = replace(picture.shot, page=page, picture="")
    if current(folder, taken, shots.shots, painter) != picture:  # another painter's, or its files changed
        taken = replace(_wanted(shots, [page])[0], picture=picture.path)
    _put(folder, shots, page, taken)
    return picture


def take(folder: Path, page: int, path: Path) -> Picture:
    """Put a picture from elsewhere on a page: one of the gallery, with its recipe, or any PNG or JPEG. It stays until `paint` does it again.

    A drawing is drawn anew from its recipe: a vector file from elsewhere could hold anything. Raises `BadFile` for what is no picture.
    """
    shots = read_storyboard(folder)
    shot = _wanted(shots, [page])[0]
    made = _recipe_beside(path)
    content, media_type = drawn_anew(made) if made and path.suffix == ".svg" else read_picture(path)
    content = content if made else upright(content, media_type)
    mark = digest(content)
    there = folder / "pictures" / f"{page:02d}-taken-{mark[:12]}{SUFFIXES[media_type]}"
    files.write_bytes(there, content)
    picture = Picture(
        path=there.relative_to(folder).as_posix(),
        shot=replace(made.shot, page=page) if made else shot,
        painter=made.painter if made else "taken",
        revision=made.revision if made else "",
        key=mark[:12],
        media_type=media_type,
        digest=mark,
        painted=datetime.now(UTC).isoformat(timespec="microseconds"),
        files=made.files if made else {},
        made_with=made.made_with if made else {},
    )
    files.write_json(there.with_suffix(".json"), picture)
    _put(folder, shots, page, replace(shot, picture=picture.path))
    return picture


def _recipe_beside(path: Path) -> Picture | None:
    """The recipe of a picture; None where there is none, or that of another one."""
    try:
        made = files.read_json(path.with_suffix(".json"), Picture)
        return made if made.digest == digest(path.read_bytes()) else None
    except (BadFile, OSError):
        return None


def _put(folder: Path, shots: Storyboard, page: int, taken: Shot) -> None:
    all_shots = tuple(taken if shot.page == page else shot for shot in shots.shots)
    files.write_json(folder / "storyboard.json", replace(shots, shots=all_shots))


def _reseeded(folder: Path, shot: Shot, shots: Storyboard, painter: Painter) -> Shot:
    """The shot with the next seed that nobody has painted yet; a picture chosen by hand makes room."""
    shot = replace(shot, seed=shot.seed + 1, picture="")
    while current(folder, shot, shots.shots, painter) is not None:
        shot = replace(shot, seed=shot.seed + 1)
    return shot


def _wanted(shots: Storyboard, pages: Sequence[int] | None) -> list[Shot]:
    numbers = [shot.page for shot in shots.shots]
    for page in pages or ():
        if page not in numbers:
            raise BadInput(
                f"there is no page {page} in this book", f"its pages: 0 (the cover) to {max(numbers)}"
            )
    return [shot for shot in shots.shots if pages is None or shot.page in pages]


# --- the book -------------------------------------------------------------------------------------


SERVERS = {"comfyui", "openai"}
"""Painters whose pictures may have been made elsewhere."""


@dataclass(frozen=True)
class Painted:
    """A page's shot, the path of its picture and who painted it ("taken": the family gave it)."""

    shot: Shot
    path: str
    painter: str


def book_of(folder: Path) -> Book:
    """Words and pictures in order. Raises `BadFile` when a page has no picture yet."""
    from storykin.binders.quotes import printed_quotes

    story, wish, choices = read_story(folder), read_wish(folder), read_choices(folder)
    said, spoken = phrases(story.language), spoken_in(story.language)
    painter = painter_or_absent(choices)
    shots = read_storyboard(folder)
    if (
        not isinstance(painter, Absent)
        and storyboard(story, setting_of(folder), earlier=shots).sources != shots.sources
    ):
        raise BadFile(
            f"{folder}: the storyboard is older than the story",
            "run: storykin board, storykin paint, then bind again",
        )
    painted: dict[int, Painted] = {}
    for shot in shots.shots:
        picture = current(folder, shot, shots.shots, painter)
        if picture is None:
            raise BadFile(f"{folder}: {page_words(shot.page)} is not painted yet", "run: storykin paint")
        if picture.unsafe and picture.path != shot.picture:
            raise BadFile(
                f"{folder}: {page_words(shot.page)} has no picture: none that was painted is safe for a child",
                f"paint it again: storykin paint {page_name(shot.page)} --again, or tell the page otherwise in story.json",
            )
        painted[shot.page] = Painted(shot, picture.path, picture.painter)
    missing = [page.number for page in story.pages if page.number not in painted]
    if missing:
        raise BadFile(
            f"{folder}: page {missing[0]} of the story is not in the storyboard", "run: storykin board"
        )
    author = choices.author or said.author.format(name=wish.hero)
    cover = painted[COVER]
    return Book(
        title=printed_quotes(story.title, story.language, wish.keep),
        leaves=(
            *front_matter(story, wish, choices, cover, {one.painter for one in painted.values()}),
            *_story_leaves(story, painted, wish.keep),
            Leaf("end", said.the_end, language=spoken),
        ),
        trim=trim_of(choices.trim),
        language=story.language,
        author=author,
        blurb=printed_quotes(story.blurb, story.language),
        cover=cover.path,
        cover_alt=cover.shot.alt,
        reader_age=wish.reader_age,
        identifier=f"storykin:{_named(story.title)}:{wish.seed}",
        also_language=story.also_language,
    )


def front_matter(
    story: Story, wish: Wish, choices: Choices, cover: Painted, painters: set[str]
) -> tuple[Leaf, ...]:
    """Half title, copyright with the notice that this was made by machine and by which kind, title, dedication."""
    from storykin.binders.quotes import printed_quotes, quoted

    said, spoken = phrases(story.language), spoken_in(story.language)
    year = datetime.now(UTC).year
    holder = f" {choices.author}" if choices.author else ""
    by_program = "fable" in {choices.writer, story.writer}  # which steps in where a model cannot write
    maker = said.by_program if by_program else said.by_model
    drawn, modelled = "sketch" in painters, bool(painters - {"sketch", "taken"})
    drawer = {(True, False): said.drawn, (False, True): said.painted, (True, True): said.mixed}.get(
        (drawn, modelled), said.family
    )
    made = maker.format(pictures=drawer, wish=quoted(_short(wish.idea), said.language))
    elsewhere = bool(painters & SERVERS) or writer_named(choices.writer).leaves_machine
    where = said.made if elsewhere else said.made_here
    notice = f"© {year}{holder}\n\n{made}\n\n{where} {said.ai_made}"
    return (
        Leaf("half-title", printed_quotes(story.title, story.language)),
        Leaf("copyright", notice, language=spoken),
        Leaf("title", printed_quotes(story.title, story.language), cover.path, cover.shot.alt),
        Leaf(
            "dedication",
            story.dedication or said.dedicated.format(name=wish.hero),
            language="" if story.dedication else spoken,
        ),
    )


def _story_leaves(story: Story, painted: dict[int, Painted], keep: tuple[str, ...]) -> list[Leaf]:
    from storykin.binders.quotes import printed_quotes

    leaves: list[Leaf] = []
    sides: tuple[Half, ...] = ("right", "left") if is_right_to_left(story.language) else ("left", "right")
    for page in story.pages:
        text = printed_quotes(page.text, story.language, keep)
        also = printed_quotes(page.also, story.also_language or story.language, keep)
        one = painted[page.number]
        halves: tuple[Half, ...] = sides if one.shot.scene.framing == "spread" else ("",)
        zone = one.shot.scene.text_zone
        words_on = "left" if zone is None or zone.x + zone.w / 2 < 0.5 else "right"
        for half in halves:
            here = half in {"", words_on}
            alt = one.shot.alt if here else "The picture goes on."
            words, second = (text, also) if here else ("", "")
            leaves.append(Leaf("story", words, one.path, alt, zone, half, page.number, second))
    return leaves


def _named(title: str) -> str:
    """The title as a name; one without Latin letters stands for itself."""
    name = files.slug(title, 60)
    return title if name == "book" else name


def _short(idea: str) -> str:
    words = re.sub(r"\s+", " ", idea).strip()
    return words if len(words) <= 120 else words[:117].rsplit(" ", 1)[0] + " …"
