"""The side path, second half: a character's dataset becomes an adapter, and the character has it from then on.

    dataset ──plan──▶ recipe ──train──▶ looks ──choose──▶ cast/sasha/adapters/flux-dev-2026-11-28.safetensors

Like the path of a book it works on a folder, which is the database; a run that was stopped goes on when it is started again.
"""

import gc
import importlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storykin import files, likeness
from storykin.cast.shelf import CHARACTER
from storykin.character import Adapter, Character
from storykin.choices import Effort
from storykin.consistency.wording import described, hair_of
from storykin.dataset import Dataset, read_dataset
from storykin.errors import BadInput
from storykin.families import Family, row_of
from storykin.models import bases, loading, planning
from storykin.recipe import PHOTOS, Recipe
from storykin.training.aside import split

if TYPE_CHECKING:
    from storykin.training.checkpoint import Head
    from storykin.training.learner import Learner
    from storykin.training.looks import Looks
    from storykin.training.scoring import Look, Looked

OnStep = Callable[[float, str], None]

TRAINING, ADAPTERS, RECIPE, SEEN, OUTCOME, REPORT = (
    "training", "adapters", "recipe.toml", "seen.json", "outcome.json", "training.html",
)  # fmt: skip
EXTRA = ("torch", "diffusers", "transformers", "peft", "safetensors", "numpy")
SMALL = 3 * 2**29
"""Bytes of a net's weights up to which a processor learns in bearable time; Stable Diffusion 1.5 in half precision is larger."""
PLANNED = frozenset({"precision", "streamed_blocks", "resolutions", "optimiser"})
"""Fields that a plan decides, unless they are set by hand."""
READY, LEARNED = 0.05, 0.97  # shares of the whole at which all is encoded, and all is learned


@dataclass(frozen=True)
class Wanted:
    """What is asked of a training; all of it may be left out.

    `base` is a family's name, a name on the model hub, a folder or a `.safetensors` file. `changes` are fields of the recipe set by hand,
    `where` says in messages where they stood. `anybody` adds prior preservation. `card` and `vram_gib` (GiB) stand for the graphics card, `device`
    is "cuda" or "cpu". `download` allows gigabytes to be loaded down, `afresh` forgets what was learned so far.
    """

    base: str = ""
    effort: Effort | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    where: str = "--set"
    anybody: bool = False
    card: str = ""
    vram_gib: float | None = None
    device: str = ""
    download: bool = False
    afresh: bool = False


@dataclass(frozen=True)
class Asked:
    """A training that is wanted, as far as it is known before any weights are touched.

    `home` is its own folder (`cast/sasha/training/flux-dev`), `title` what it and the adapters are called after, `photos` those that are learned
    from and `aside` those kept to judge by. `head` is where an earlier run stopped. `by_hand` names the recipe's fields that somebody set.
    """

    folder: Path
    home: Path
    title: str
    character: Character
    family: Family
    recipe: Recipe
    photos: Dataset
    aside: Dataset
    head: "Head | None" = None
    by_hand: frozenset[str] = frozenset()

    @property
    def finished(self) -> bool:
        """Whether nothing is left to train."""
        progress = self.head.progress if self.head else None
        return progress is not None and (progress.stopped or progress.step >= self.recipe.steps)


@dataclass(frozen=True)
class Planned:
    """How a training will run. `plan` is None on a processor, where nothing has to fit. `download` is what is not on this machine yet."""

    asked: Asked
    recipe: Recipe
    plan: planning.Plan | None
    download: bases.Missing | None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """`outcome.json`: which look of a training was kept, and in which file (relative to the character's folder)."""

    step: int
    adapter: str


@dataclass(frozen=True)
class Taught:
    """What came of a training: the character with the adapter, the files, and what the report says of it.

    `likeness` is that of the previews of the step that was kept, `floor` that of the base, `ceiling` that of the photos among each other; None where
    nothing could be compared. `remarks` are sentences for the parent.
    """

    character: Character
    adapter: Path
    sheet: Path
    report: Path
    step: int
    steps: int
    verdict: str
    recognisable: bool
    likeness: float | None
    floor: float | None
    ceiling: float | None
    remarks: tuple[str, ...] = ()


def quiet(share: float, words: str) -> None:
    """An `on_step` for those who do not want to know."""


# --- before weights are touched ---------------------------------------------------------------------


def ask(folder: Path, wanted: Wanted) -> Asked:
    """Find out what is to be trained: family, recipe, photos, and where an earlier run stopped.

    Raises `BadFile` without a dataset, `BadInput` for a base of no known family and for what cannot be changed half-way.
    """
    dataset = read_dataset(folder)
    character = files.read_toml(folder / CHARACTER, Character)
    base = wanted.base or _last_base(folder) or dataset.family
    family = bases.family_of(base)
    title = bases.title_of(base, family)
    home = folder / TRAINING / title
    head = None if wanted.afresh else _standing(home)
    if head:
        recipe = head.recipe
        if _spelled(base) != recipe.base:
            raise BadInput(
                f"{home}: this training began with another base, {recipe.base}",
                "give that one with --base, give the new one another file name, or begin anew with --afresh",
            )
        if wanted.anybody and not recipe.prior_weight:
            raise BadInput(
                f"{home}: this training began without anybody of the class",
                "leave out --anybody to go on, or begin anew with --afresh --anybody",
            )
        if wanted.effort:
            recipe = recipe.for_effort(family, wanted.effort, len(dataset.pictures))
    elif _is_plain(wanted) and (begun := _begun(home)) and begun.base == _spelled(base):
        recipe = begun
    else:
        recipe = Recipe.of(family, wanted.effort or "good", len(dataset.pictures), _spelled(base))
        recipe = recipe.with_anybody() if wanted.anybody else recipe
    recipe = recipe.changed(wanted.changes, wanted.where)
    photos, aside = split(dataset, recipe.held_out, recipe.seed)
    return Asked(
        folder, home, title, character, family, recipe, photos, aside, head, frozenset(wanted.changes)
    )


def plan(folder: Path | None, wanted: Wanted) -> Planned:
    """Say how a training would run on the card that is there, or on the one that is named. Touches nothing.

    Without a character's folder it is planned for 35 photos of anybody. Raises `BadInput` with advice when it does not fit.
    """
    asked = ask(folder, wanted) if folder else _ask_for_anybody(wanted)
    if wanted.device == "cpu" or _fits_everywhere(asked):
        return _for_processor(asked)
    told = wanted.vram_gib is not None or wanted.card
    vram = wanted.vram_gib if told else planning.vram_here()
    return _for_card(asked, wanted, vram)


def _ask_for_anybody(wanted: Wanted) -> Asked:
    base = wanted.base or "flux-dev"
    family = bases.family_of(base)
    recipe = Recipe.of(family, wanted.effort or "good", base=_spelled(base))
    recipe = (recipe.with_anybody() if wanted.anybody else recipe).changed(wanted.changes, wanted.where)
    nobody, title = Dataset("", "somebody"), bases.title_of(base, family)
    return Asked(
        Path.cwd(), Path.cwd(), title, Character("Somebody"), family, recipe, nobody, nobody, None, frozenset(wanted.changes)
    )  # fmt: skip


def _for_card(asked: Asked, wanted: Wanted, vram_gib: float | None) -> Planned:
    fixed = asked.by_hand & PLANNED
    if asked.head:  # of what decides what is learned nothing is changed half-way
        fixed |= {"precision", "resolutions", "optimiser"}
    download = bases.missing(asked.recipe.base, asked.family)
    found = planning.plan(
        asked.recipe,
        vram_gib,
        planning.ram_here(),
        shutil.disk_usage(asked.folder).free / 2**30,
        card=wanted.card,
        fixed=fixed,
        downloaded=download is None,
        rows=_rows(asked),
        photos=len(asked.photos.pictures) or PHOTOS,
    )
    return Planned(asked, found.recipe, found, download, _remarks(asked))


def _for_processor(asked: Asked) -> Planned:
    """In float32, since processors are many times slower in bfloat16; a small net need not compute anything twice."""
    usual: dict[str, Any] = {"precision": "float32", "streamed_blocks": 0}
    if _is_small(asked):
        usual["checkpointing"] = False
    if asked.head:
        usual.pop("precision")
    changes = {name: value for name, value in usual.items() if name not in asked.by_hand}
    download = bases.missing(asked.recipe.base, asked.family)
    return Planned(asked, replace(asked.recipe, **changes), None, download, _remarks(asked))


def _fits_everywhere(asked: Asked) -> bool:
    """Whether a base is so small that there is nothing to plan: the packaged one."""
    return asked.recipe.base in loading.PACKAGED


def _paints_drawings(recipe: Recipe) -> bool:
    """Whether people are drawn by a base and not photographed, as by the packaged one: they are then compared otherwise."""
    return recipe.base in loading.PACKAGED


def _rows(asked: Asked) -> tuple[planning.Row, ...]:
    """The simulated steps of a base whose net has other dimensions than the family's; () when it has the usual ones."""
    config = bases.folder_config(asked.recipe.base, asked.family)
    if config is None or not _has_extra():
        return ()
    from storykin.training.simulating import is_usual, net_of, rows_for

    if is_usual(asked.family.name, config):
        return ()
    net = net_of(asked.family.name, config)
    return rows_for(asked.family.name, net, asked.recipe.resolutions, rank=asked.recipe.rank)


def _remarks(asked: Asked) -> tuple[str, ...]:
    found: list[str] = []
    if not asked.photos.trigger:  # nobody in particular
        return ()
    few = len(asked.photos.pictures)
    if few < 20:
        found.append(f"{few} photos to learn from are few; 30 to 40 in different clothes and places are best")
    if not asked.aside.pictures:
        found.append(
            "too few photos to keep some aside, so likeness cannot be measured; the last step is kept"
        )
    small = asked.photos.resolution < max(asked.recipe.resolutions)
    if small:
        found.append(
            f"the pictures were cut for {asked.photos.family} at {asked.photos.resolution} pixels; larger ones for this base: "
            f"storykin cast edit {asked.character.name!r} --base {asked.family.name}"
        )
    photographs = asked.character.look.is_person and not _paints_drawings(asked.recipe)
    if photographs and not likeness.can_see_faces():
        found.append(
            "without the extra storykin[cast] faces cannot be compared; colours and textures are instead"
        )
    if asked.head and not asked.finished:
        found.append(f"goes on from step {asked.head.progress.step}")
    return tuple(found)


def _last_base(folder: Path) -> str:
    """The base of the training that was begun last, "" when there was none."""
    recipes = sorted((folder / TRAINING).glob(f"*/{RECIPE}"), key=lambda path: path.stat().st_mtime)
    return files.read_toml(recipes[-1], Recipe).base if recipes else ""


def _is_plain(wanted: Wanted) -> bool:
    """Whether nothing was said about how to train."""
    return not (wanted.effort or wanted.changes or wanted.anybody or wanted.afresh)


def _begun(home: Path) -> Recipe | None:
    """The recipe of a training that was killed before there was a checkpoint."""
    path = home / RECIPE
    return files.read_toml(path, Recipe) if path.exists() else None


def _spelled(base: str) -> str:
    """A base as recipes name it: families by their usual base, files and folders by their whole path. Links stay: a hub's cache is full of them."""
    name = loading.spelled(base)
    if name in loading.PACKAGED:
        return name
    path = loading.path_of(name)
    return str(path.absolute()) if path.exists() else name


def _standing(home: Path) -> "Head | None":
    if not (home / "checkpoints").exists():
        return None
    needs_the_extra()
    from storykin.training import checkpoint

    return checkpoint.standing(home)


def _is_small(asked: Asked) -> bool:
    return 0 < bases.weights_of(asked.recipe.base, asked.family) <= SMALL


# --- training ---------------------------------------------------------------------------------------


def teach(folder: Path, wanted: Wanted, on_step: OnStep = quiet) -> Taught:
    """Teach a character of the shelf to a base, or go on where an earlier run stopped; see `Taught`.

    Whatever stops it (Ctrl-C, a full disk, `Cancelled` from `on_step`), what was learned is kept and the same call goes on. When the card's
    memory is not enough, it goes on with more streamed blocks, smaller buckets or a tighter base. Raises `BadInput` when nothing fits, when weights would have to be
    loaded down without leave and when recipe or dataset were changed half-way; `StorykinError` when the loss is not finite for good.
    """
    needs_the_extra()
    _load_libraries()
    asked = ask(folder, wanted)
    if asked.finished and (done := _outcome(asked)):
        return _told(asked, done, (_why_done(asked),))
    _load_down(asked, wanted, on_step)
    device = _device(asked, wanted)
    planned = (
        _for_processor(asked)
        if device == "cpu" or _fits_everywhere(asked)
        else _for_card(asked, wanted, _vram(wanted.vram_gib))
    )
    if wanted.afresh:
        _forget(asked.home)
    done, remarks = _down_the_ladder(planned, device, on_step)
    on_step(1.0, f"{asked.character.name} is learned")
    return _told(asked, done, (*planned.remarks, *remarks))


def _why_done(asked: Asked) -> str:
    if asked.head and asked.head.progress.stopped:
        return "it was trained already and stopped when it was past its best; --afresh begins anew"
    return "it was trained already; --effort best goes on longer, --afresh begins anew"


def use(folder: Path, wanted: Wanted, step: int, on_step: OnStep = quiet) -> Taught:
    """Keep the adapter of another look of a training instead of the one that was chosen.

    Raises `BadInput` when there was no look after that step.
    """
    needs_the_extra()
    _load_libraries()
    asked = ask(folder, wanted)
    looks = _looks(asked)
    chosen = next((look for look in looks.looks if look.step == step > 0), None) if looks else None
    if looks is None or chosen is None:
        steps = ", ".join(str(look.step) for look in looks.looks if look.step) if looks else ""
        raise BadInput(
            f"{asked.home}: there was no look after step {step}",
            f"choose from: {steps}" if steps else "train first: storykin train NAME",
        )
    device = _device(asked, wanted)
    with _learner(asked.recipe, device) as learner:
        on_step(0.1, "loading the base")
        learner.prepare(asked.recipe)
        done = _keep(asked, asked.recipe, learner, chosen)
    stopped = asked.head is not None and asked.head.progress.stopped
    _write_report(asked, asked.recipe, looks, chosen, None, done.adapter, stopped)
    on_step(1.0, f"the adapter of step {step} is kept")
    return _told(asked, done, ())


def _forget(home: Path) -> None:
    """Forget a training; the adapter that came of it stays with the character. Raises `BadInput` when it is at work."""
    from storykin.training import checkpoint, looks

    with checkpoint.alone(home):
        checkpoint.forget(home)
        looks.forget(home)
        (home / OUTCOME).unlink(missing_ok=True)


def _down_the_ladder(planned: Planned, device: str, on_step: OnStep) -> tuple[Outcome, tuple[str, ...]]:
    """Train; when memory runs out, again a rung lower, from where it stands."""
    from storykin.training.checkpoint import changes
    from storykin.training.loop import NeedsLess

    remarks: list[str] = []
    rungs = (planned.recipe, *(planning.ladder(planned.plan) if planned.plan else ()))
    for number, recipe in enumerate(rungs):
        lower = changes(planned.recipe, recipe)
        try:
            done = _train(planned, recipe, device, frozenset(lower), on_step)
        except NeedsLess:
            if number + 1 == len(rungs):
                raise
            said = ", ".join(f"{name} {value}" for name, value in changes(recipe, rungs[number + 1]).items())
            remarks.append(f"the card's memory was not enough; went on with {said}")
            on_step(0.0, remarks[-1])
        else:
            return done, tuple(remarks)
    raise AssertionError("the last rung returns or raises")


def _train(
    planned: Planned, recipe: Recipe, device: str, allowed: frozenset[str], on_step: OnStep
) -> Outcome:
    """One training from caches to the file, in one precision and with one set of buckets."""
    from storykin.training import caching, looks, scoring
    from storykin.training.feeding import Feed
    from storykin.training.loop import train

    asked = planned.asked
    traits = described(asked.character.look, hair_of)
    seen = caching.marks(asked.photos, asked.folder, recipe, traits)
    stamp = caching.stamp_of(asked.photos, seen)
    _refuse_changes(asked, recipe, stamp, allowed, seen)
    files.write_toml(asked.home / RECIPE, recipe)
    files.write_json(asked.home / SEEN, seen)
    previews = looks.prompts(asked.photos.trigger, asked.photos.class_words)
    with _learner(recipe, device, planned.plan) as learner:
        words = tuple(preview.prompt for preview in previews)
        examples = caching.prepare(
            asked.folder, asked.photos, learner, recipe, _share(on_step, 0.0, READY), words, traits
        )
        on_step(READY, "loading the base")
        parameters = learner.prepare(recipe)
        references = looks.judging_photos(asked.folder, asked.aside)
        usual = planned.plan.preview_side if planned.plan else planning.preview_side(recipe)
        side = min(usual, max(recipe.resolutions))
        looker = looks.Looker(
            learner, parameters, asked.home, previews, references,
            likeness.scorer_for(asked.character.look.is_person, looks.opened(references), _paints_drawings(recipe)),
            side, side, recipe.preview_steps, reader=likeness.prompt_reader(), run=stamp,
        )  # fmt: skip

        def look(step: int, state: Mapping[str, Any]) -> "Looked":
            on_step(READY + (LEARNED - READY) * step / recipe.steps, f"painting previews after step {step}")
            found = looker(step, state)
            _write_report(
                asked,
                recipe,
                looker.looks,
                scoring.choose(looker.looks.looks, looker.looks.bounds),
                planned.plan,
                "",
            )
            return found

        trained = train(
            learner, Feed(examples, recipe, recipe.seed), recipe, asked.home, _share(on_step, READY, LEARNED - READY), look, stamp,
            parameters=parameters, allowed=allowed,
        )  # fmt: skip
        chosen = scoring.choose(looker.looks.looks, looker.looks.bounds)
        on_step(LEARNED, f"writing the adapter of step {chosen.step} and reading it back")
        done = _keep(asked, recipe, learner, chosen)
    _write_report(asked, recipe, looker.looks, chosen, planned.plan, done.adapter, trained.early)
    return done


def _refuse_changes(
    asked: Asked, recipe: Recipe, stamp: str, allowed: frozenset[str], seen: Mapping[str, str]
) -> None:
    """The loop would refuse it too, but only after everything was encoded and loaded, and without the names of the pictures."""
    from storykin.training import checkpoint

    head = checkpoint.standing(asked.home)
    if head is None:
        return
    checkpoint.refuse_changes(head, recipe, head.stamp, allowed)
    if stamp == head.stamp:
        return
    path = asked.home / SEEN
    before = files.read_json(path, dict[str, str]) if path.exists() else {}
    changed = sorted(name for name in before.keys() | seen.keys() if before.get(name) != seen.get(name))
    told = ", ".join(changed[:6]) + (f" and {len(changed) - 6} more" if len(changed) > 6 else "")
    raise BadInput(
        f"the dataset has changed since step {head.progress.step} of this training: {told or 'class words or order'}",
        f"undo what was changed in pictures, captions, masks or looks and go on, {checkpoint.AFRESH}",
    )


@contextmanager
def _learner(recipe: Recipe, device: str, plan: planning.Plan | None = None) -> Iterator["Learner"]:
    """The family's learner, let go in any case. Raises `NeedsLess` when memory runs out before the loop has begun."""
    from storykin.training.learners import learner_named
    from storykin.training.loop import NeedsLess, short_of_memory

    learner = learner_named(recipe, device, vram_gib=plan.card.vram_gib if plan else None)
    try:
        yield learner
        return
    except RuntimeError as error:
        if not short_of_memory(error):
            raise
        shortage = str(error).splitlines()[0]
    finally:
        learner.release()
    raise NeedsLess(
        f"the card's memory is not enough: {shortage}",
        "close other programs that use the card, or run again with --vram set to less than it has",
    )


# --- keeping the best -------------------------------------------------------------------------------


def _keep(asked: Asked, recipe: Recipe, learner: "Learner", chosen: "Look") -> Outcome:
    """Write a look's adapter as a file, read it back, and only then give it to the character."""
    from storykin.training import checkpoint
    from storykin.training.verifying import verify

    state = checkpoint.kept_adapter(asked.home, chosen.step)
    draft = asked.home / "draft.safetensors"
    header = {
        "modelspec.trigger_phrase": asked.photos.trigger,
        "modelspec.date": f"{date.today().isoformat()}T00:00:00",
    }
    try:
        learner.save(draft, state, header)
        verify(draft, learner, state)
        before = _outcome(asked)
        path = asked.folder / before.adapter if before else _new_name(asked)
        files.write_bytes(path, draft.read_bytes())
    finally:
        draft.unlink(missing_ok=True)
    done = Outcome(chosen.step, path.relative_to(asked.folder).as_posix())
    fits = recipe.base if recipe.base in loading.PACKAGED else asked.family.name
    given = Adapter(done.adapter, fits, asked.photos.trigger, recipe.rank, likeness=_rounded(chosen.likeness))
    _give(asked.folder, given)
    files.write_json(asked.home / OUTCOME, done)
    return done


def _give(folder: Path, adapter: Adapter) -> None:
    """Put an adapter first among those of a character, as the file stands now: somebody may have edited it while it was learned."""
    character = files.read_toml(folder / CHARACTER, Character)
    others = tuple(one for one in character.adapters if one.path != adapter.path)
    files.write_toml(folder / CHARACTER, replace(character, adapters=(adapter, *others)))


def _new_name(asked: Asked) -> Path:
    """`adapters/<base>-<date>.safetensors`; another training of the same day gets a number."""
    stem = f"{asked.title}-{date.today().isoformat()}"
    names = (stem, *(f"{stem}-{number}" for number in range(2, 1000)))
    return next(
        path for name in names if not (path := asked.folder / ADAPTERS / f"{name}.safetensors").exists()
    )


def _outcome(asked: Asked) -> Outcome | None:
    """What this training has brought forth already, None when nothing or when the file is gone."""
    path = asked.home / OUTCOME
    found = files.read_json(path, Outcome) if path.exists() else None
    return found if found and (asked.folder / found.adapter).exists() else None


def _write_report(
    asked: Asked,
    recipe: Recipe,
    looks: "Looks",
    chosen: "Look",
    plan: planning.Plan | None,
    adapter: str,
    stopped: bool = False,
) -> None:
    """The page about the training, and, once there is an adapter, the contact sheet beside it."""
    import io

    from storykin.training.history import read_history
    from storykin.training.trainingreport import About, contact_sheet, write_report

    history = read_history(asked.home)
    seconds = sum(line["seconds"] for line in history if "seconds" in line)
    about = About(
        asked.character.name, asked.photos.trigger, asked.photos.class_words, recipe, len(asked.photos.pictures),
        adapter, plan_rows(plan), seconds / 60, stopped,
    )  # fmt: skip
    write_report(asked.home, about, looks, chosen, history, asked.home / REPORT)
    if adapter:
        file = io.BytesIO()
        contact_sheet(asked.home, looks, chosen).save(file, "PNG")
        files.write_bytes((asked.folder / adapter).with_suffix(".png"), file.getvalue())


def plan_rows(plan: planning.Plan | None) -> tuple[tuple[str, str], ...]:
    """What a plan says, in rows of words; () on a processor."""
    if plan is None:
        return ()
    recipe = plan.recipe
    blocks = f"{recipe.streamed_blocks} blocks wait in main memory" if recipe.streamed_blocks else "no block"
    return (
        ("graphics card", f"{plan.card.name} with {plan.card.vram_gib:g} GiB"),
        ("base", f"{row_of(recipe.family, recipe.base).title} in {recipe.precision}"),
        ("buckets", f"{', '.join(map(str, recipe.resolutions))} pixels"),
        ("streamed", blocks),
        ("checkpointing", "activations are computed twice" if recipe.checkpointing else "none"),
        ("optimiser", recipe.optimiser),
        ("steps", f"{recipe.steps:,}, looked at every {recipe.look_every}"),
        ("simulated peak", f"{plan.peak_gib:.1f} GiB"),
        ("card needs", f"{plan.need_gib:.1f} GiB, with context and fragmentation"),
        ("main memory", f"{plan.ram_gib:.1f} GiB"),
        ("disk", f"{plan.disk_gib:.1f} GiB"),
        ("a step", f"{plan.tflop_per_step:.0f} TFLOP, about {plan.seconds_per_step:.1f} s"),
        ("all of it", f"about {plan.minutes:.0f} minutes"),
    )


def _told(asked: Asked, done: Outcome, remarks: tuple[str, ...]) -> Taught:
    """What is known of a training that is done, from its files."""
    from storykin.training import scoring

    looks = _looks(asked)
    assert looks is not None
    bounds = looks.bounds
    chosen = next(look for look in looks.looks if look.step == done.step)
    path = asked.folder / done.adapter
    return Taught(
        character=files.read_toml(asked.folder / CHARACTER, Character),
        adapter=path,
        sheet=path.with_suffix(".png"),
        report=asked.home / REPORT,
        step=chosen.step,
        steps=max(look.step for look in looks.looks),
        verdict=scoring.verdict(chosen, bounds.floor, bounds.ceiling),
        recognisable=scoring.recognisable(chosen, bounds.floor, bounds.ceiling),
        likeness=_rounded(chosen.likeness),
        floor=_rounded(bounds.floor),
        ceiling=_rounded(bounds.ceiling),
        remarks=remarks,
    )


def _looks(asked: Asked) -> "Looks | None":
    from storykin.training.looks import read_looks

    return read_looks(asked.home)


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 3)


def _share(on_step: OnStep, start: float, share: float) -> OnStep:
    return lambda fraction, doing: on_step(round(start + share * fraction, 6), doing)


# --- the machine ------------------------------------------------------------------------------------


def needs_the_extra() -> None:
    """Raise `BadInput` when training is not installed; nothing was begun then."""
    absent = [name for name in EXTRA if find_spec(name) is None]
    if absent:
        raise BadInput(
            f"training needs {' and '.join(absent)}",
            "install it with: pip install 'storykin[train]'; storykin plan works without",
        )


def _has_extra() -> bool:
    return all(find_spec(name) for name in EXTRA)


def _load_down(asked: Asked, wanted: Wanted, on_step: OnStep) -> None:
    """Load the base down if that is allowed; gigabytes are never loaded unasked."""
    absent = bases.missing(asked.recipe.base, asked.family)
    if absent is None:
        return
    if not wanted.download:
        terms = "; its makers want their terms accepted first" if absent.gated else ""
        raise BadInput(
            f"{absent.name} is not on this machine: about {absent.gib:.0f} GB, licence {absent.licence}{terms}",
            f"load it down with: storykin train {asked.character.name!r} --base {wanted.base or asked.family.name} --download",
        )
    bases.fetch(asked.recipe.base, asked.family, on_step)


def _device(asked: Asked, wanted: Wanted) -> str:
    """Where to compute. Raises `BadInput` when there is no card and the base is no small one."""
    import torch

    if wanted.device not in {"", "cuda", "cpu"}:
        raise BadInput(f"--device {wanted.device!r} is not known", "choose cuda or cpu")
    there = torch.cuda.is_available()
    if wanted.device == "cuda" and not there:
        raise BadInput(
            "PyTorch finds no graphics card",
            "is the driver installed, and PyTorch's build for CUDA? See: storykin doctor",
        )
    if wanted.device or there:
        return wanted.device or "cuda"
    if _is_small(asked):
        return "cpu"
    raise BadInput(
        f"no graphics card was found, and training {asked.family.title} on a processor takes weeks",
        "train on a machine with a card (storykin cast export takes the photos along with --photos); --device cpu does it all the same",
    )


def _vram(told: float | None) -> float | None:
    """Free memory of the card in GiB; what is told counts where it is less, and is then not exceeded."""
    import torch

    free, total = torch.cuda.mem_get_info()
    if told is None:
        return round(float(free) / 2**30, 2)
    torch.cuda.set_per_process_memory_fraction(min(1.0, told * 2**30 / total))
    return told


def _load_libraries() -> None:
    """Load what training needs, once: transformers keeps to itself what only its makers need to know, PyTorch lets its pieces of the card's
    memory grow instead of leaving gaps, and nobody looks for rubbish among a million things that are there to stay (a fifth of the time)."""
    if "torch" in sys.modules:
        return
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    if sys.platform == "linux" and not {"PYTORCH_ALLOC_CONF", "PYTORCH_CUDA_ALLOC_CONF"} & os.environ.keys():
        os.environ["PYTORCH_ALLOC_CONF"] = "expandable_segments:True"
    gc.disable()
    try:
        for library in ("torch", "peft", "diffusers.models"):
            importlib.import_module(library)
    finally:
        gc.freeze()
        gc.enable()
