"""Critics: ViStoryBench (Zhuang et al. 2025, arXiv 2505.24862): its stories as they lie in its folders, the pictures of a method as they lie in its outputs, and its scores.

    ViStory/01/story.json   ViStory/01/image/<character>/00.jpg        outputs/<method>/<mode>/<language>/<time>/<story>/shot_01.png

Numbers compare with published ones only as far as the nets do: there ArcFace, AdaFace and FaceNet look at real people, CLIP ViT-L at all others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import fmean
from typing import Any

from storykin.character import Character, Look, Outfit
from storykin.colours import COAT, HAIR
from storykin.critics import Reading, Seen
from storykin.critics.expecting import Expectation, Wanted
from storykin.critics.matching import SPACES, match
from storykin.critics.measures import cosine, cross_cids, occm, self_cids
from storykin.errors import BadFile, BadInput
from storykin.models.loading import read_json
from storykin.scene import BREADTH, Figure, Framing, Scene

LITE = ("01", "08", "09", "15", "17", "19", "24", "27", "28", "29", "32", "41", "52", "53", "55", "57", "60", "64", "68", "79")  # fmt: skip
"""The twenty stories of ViStoryBench-Lite."""
LANGUAGES = {"en": ("en",), "ch": ("ch", "zh", "cn")}
"""As its folders and options call English and Chinese, and the endings that its fields have."""
STORY = "story.json"
PICTURES = (".png", ".jpg", ".jpeg", ".webp")
ON_STAGE = ("Characters Appearing", "On-Stage Characters", "Onstage Characters")
TIME = re.compile(r"\d{8}[-_]\d{6}")
SHOT = re.compile(r"(\d+)\D*$")


@dataclass(frozen=True)
class Person:
    """A character: `key` is the English name and that of the folder of pictures, `tag` realistic_human, unrealistic_human or non_human."""

    key: str
    name: str
    prompt: str
    tag: str = ""
    pictures: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Told:
    """One shot: its number from 1, where it is, what of the story it shows, who is on stage (keys), what is to be seen, and how the camera looks."""

    index: int
    setting: str
    plot: str
    on_stage: tuple[str, ...]
    static: str
    camera: str


@dataclass(frozen=True)
class Tale:
    """One story of the dataset in one language."""

    id: str
    kind: str
    language: str
    people: tuple[Person, ...]
    shots: tuple[Told, ...]

    def person(self, key: str) -> Person | None:
        """The character of that key; None for one that the story does not describe."""
        return next((one for one in self.people if one.key == key), None)


# --- the dataset ----------------------------------------------------------------------------------


def stories_of(dataset: Path, lite: bool = False, only: Sequence[str] = ()) -> tuple[Path, ...]:
    """The folders of stories in a dataset, by number; of the Lite split, or only those of the named ids. The folder of one story is a dataset of one.

    Raises `BadFile` where there are none and `BadInput` for an id that is not there.
    """
    if (dataset / STORY).is_file():
        return (dataset,)
    home = dataset / "ViStory" if (dataset / "ViStory").is_dir() else dataset
    found = {path.parent.name: path.parent for path in sorted(home.glob(f"*/{STORY}"))}
    if not found:
        raise BadFile(
            f"{dataset}: there is no story of ViStoryBench in it",
            f"give the folder that holds 01/{STORY}, 02/{STORY} …: huggingface.co/datasets/ViStoryBench/ViStoryBench",
        )
    wanted = tuple(dict.fromkeys(one.zfill(2) if one.isdigit() else one for one in only)) or (
        LITE if lite else ()
    )
    if only and (missing := [one for one in wanted if one not in found]):
        raise BadInput(f"{home}: there is no story {', '.join(missing)}", f"its stories: {', '.join(found)}")
    chosen = [found[one] for one in wanted if one in found] if wanted else list(found.values())
    if not chosen:
        raise BadInput(f"{home}: has no story of the Lite split", f"those are: {', '.join(LITE)}")
    return tuple(sorted(chosen, key=lambda path: (not path.name.isdigit(), path.name.zfill(4))))


def read_story(folder: Path, language: str = "en") -> Tale:
    """One story. Raises `BadFile` that names what is missing or of another kind, `BadInput` for a language that there is not."""
    if language not in LANGUAGES:
        raise BadInput(f"there is no language {language!r}", f"languages: {', '.join(LANGUAGES)}")
    path = folder / STORY
    if not path.is_file():
        raise BadFile(f"{path}: there is no such file", "give a folder with story.json and image/ in it")
    try:
        found = read_json(path)
    except BadFile as error:
        raise BadFile(error.message, "load the dataset down anew") from error
    try:
        people = tuple(_person(folder, key, one, language) for key, one in found["Characters"].items())
        shots = tuple(_told(one, number, language) for number, one in enumerate(found["Shots"], 1))
        kind = _said(found.get("Story_type", ""), language)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else "a field is of another kind"
        raise BadFile(
            f"{path}: is no story of ViStoryBench: {what}",
            "expected Story_type, Characters and Shots, each shot with index, Setting Description, Plot Correspondence, "
            f"{ON_STAGE[0]}, Static Shot Description and Shot Perspective Design, in en and ch",
        ) from error
    if not shots:
        raise BadFile(f"{path}: has no shots", "is it the whole file?")
    return Tale(folder.name, kind, language, people, shots)


def _person(folder: Path, key: str, found: Mapping[str, Any], language: str) -> Person:
    home = folder / "image" / key
    pictures = sorted(path for path in home.rglob("*") if path.suffix.lower() in PICTURES and path.is_file())
    name, prompt = (_ending(found, start, language) for start in ("name", "prompt"))
    return Person(key, name or key, prompt, str(found.get("tag", "")), tuple(pictures))


def _told(found: Mapping[str, Any], number: int, language: str) -> Told:
    stage = next((found[name] for name in ON_STAGE if name in found), None)
    if stage is None:
        raise KeyError(ON_STAGE[0])
    keys = stage["en"] if isinstance(stage, Mapping) else stage
    if isinstance(keys, str):
        keys = keys.split(",")
    setting, plot, static, camera = (
        _said(found[name], language)
        for name in ("Setting Description", "Plot Correspondence", "Static Shot Description", "Shot Perspective Design")
    )  # fmt: skip
    on_stage = tuple(dict.fromkeys(str(key).strip() for key in keys if str(key).strip()))
    return Told(int(found.get("index", number)), setting, plot, on_stage, static, camera)


def _said(found: Any, language: str) -> str:
    """The text of a field, which has one for each language."""
    if not isinstance(found, Mapping):
        return str(found)
    return next((str(found[one]) for one in (*LANGUAGES[language], *found) if one in found), "")


def _ending(found: Mapping[str, Any], start: str, language: str) -> str:
    names = [f"{start}_{one}" for one in (*LANGUAGES[language], "en")]
    return next((str(found[name]) for name in names if found.get(name)), "")


# --- pictures of a method -------------------------------------------------------------------------


def pictures_of(folder: Path, story: str) -> dict[int, Path]:
    """The pictures of one story by the number of the shot, wherever in the outputs they lie; of several runs the newest. {} where there are none.

    Understood are `<method>/<mode>/<language>/<time>/<story>/`, `<method>/<dataset>/<story>/<time>/`, `<story>/`, with `shots/` below, and the
    folder of the pictures itself.
    """
    homes = [path for path in (folder, *sorted(folder.rglob("*"))) if path.is_dir() and path.name == story]
    found: dict[int, Path] = {}
    for home in sorted(homes, key=lambda path: _time(path, folder)):
        runs = sorted(path for path in home.iterdir() if path.is_dir() and TIME.fullmatch(path.name))
        inner = runs[-1] if runs else home
        inner = next((inner / name for name in ("shots", "shot") if (inner / name).is_dir()), inner)
        found = _numbered(inner) or found
    return found or (_numbered(folder) if not homes else {})


def _time(path: Path, root: Path) -> str:
    return max(
        (part.replace("_", "-") for part in path.relative_to(root).parts if TIME.fullmatch(part)), default=""
    )


def _numbered(folder: Path) -> dict[int, Path]:
    pictures = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in PICTURES]
    return {int(number[1]): path for path in pictures if (number := SHOT.search(path.stem))}


# --- as our own values ----------------------------------------------------------------------------

PEOPLE = {
    "girl": "girl", "boy": "boy", "baby": "baby", "child": "child", "kid": "child", "toddler": "child", "woman": "woman", "lady": "woman", "mother": "woman",
    "grandmother": "woman", "queen": "woman", "princess": "girl", "man": "man", "gentleman": "man", "father": "man", "grandfather": "man", "king": "man",
    "prince": "boy", "teenager": "child", "male": "man", "female": "woman",
}  # fmt: skip
BEASTS = ("dog", "puppy", "cat", "kitten", "pig", "sheep", "tiger", "snake", "turtle", "snail", *BREADTH)
WORN = re.compile(r"\b(?:wearing|wears|dressed in|clad in)\s+(?:an?\s+|the\s+)?([^.;]+)", re.IGNORECASE)
AGED = re.compile(r"\b(\d{1,2})[- ]?years?[- ]old|\baged? (?:of )?(\d{1,2})\b", re.IGNORECASE)


def character_of(person: Person, references: tuple[str, ...] = ()) -> Character:
    """A character as far as the words of a prompt tell: kind, age, hair and what is worn. `references` are paths as the character's folder has them."""
    said = f"{person.prompt} {person.key}".lower()
    words = re.findall(r"[a-z]+", said)
    human = person.tag.endswith("human") and not person.tag.startswith("non")
    kind = next((PEOPLE[word] for word in words if word in PEOPLE), "adult" if human else "")
    beast = next((word for word in words if word in BEASTS), "")
    if not human and beast:
        kind = beast
    aged = AGED.search(said)
    age = int(aged[1] or aged[2]) if aged else 40 if kind in {"man", "woman", "adult"} else 6
    if aged and kind in {"man", "woman"} and age < 16:
        kind = "boy" if kind == "man" else "girl"
    colour = next(
        (
            one
            for one in sorted(HAIR, key=len, reverse=True)
            if re.search(rf"\b{one}\b[\w\s,-]{{0,24}}\bhair", said)
        ),
        "",
    )
    coat = next((one for one in sorted(COAT, key=len, reverse=True) if re.search(rf"\b{one}\b", said)), "")
    worn = WORN.search(person.prompt)
    outfits = (Outfit("everyday", worn[1].strip()),) if worn else ()
    look = Look(kind or "child", age, hair_colour=colour)
    look = look if look.is_person else replace(look, skin=coat)
    return Character(person.key, look, outfits, references=references)


def scene_of(shot: Told) -> Scene:
    """The scene of a shot: its place, who is on stage, and how near the camera is."""
    camera = shot.camera.lower()
    framing: Framing = (
        "close" if "close" in camera else "wide" if re.search(r"wide|long|full|aerial", camera) else "medium"
    )
    return Scene(
        shot.setting, figures=tuple(Figure(key, shot.static) for key in shot.on_stage), framing=framing
    )


def prompt_of(shot: Told, tale: Tale) -> str:
    """The whole prompt of a shot, in the order that the benchmark's own loader joins it: camera, plot, what is seen, who they are, where."""
    described = [f"{one.name} is {one.prompt}" for key in shot.on_stage if (one := tale.person(key))]
    return "; ".join(
        part.strip(" ;")
        for part in (shot.camera, shot.plot, shot.static, *described, shot.setting)
        if part.strip()
    )


# --- scores ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scores:
    """What one story, or several together, got. None is what was not read; why stands in `unread` by the name of the score.

    `cross_cids` and `self_cids` are cosines, -1 to 1; `occm` is 0 to 100; `style_cross` and `style_self` cosines of whole pictures (as CSD is used, by
    whatever net there is); `place` and `action` are contests of words, 0 to 1, beside the benchmark's prompt alignment of 0 to 4, for which it asks a language model.
    """

    story: str
    pictures: int
    shots: int
    cross_cids: float | None = None
    self_cids: float | None = None
    occm: float | None = None
    style_cross: float | None = None
    style_self: float | None = None
    place: float | None = None
    action: float | None = None
    space: str = ""
    unread: Mapping[str, str] = field(default_factory=dict)


NAMES = ("cross_cids", "self_cids", "occm", "style_cross", "style_self", "place", "action")
ALIGNMENT = "the benchmark has a large language model that sees give 0 to 4 points; none is asked here, and a net for words gives no points"


def score(
    tale: Tale,
    readings: Mapping[int, Reading],
    references: Mapping[str, Sequence[Seen]],
    styles: Mapping[int, Sequence[float]] | None = None,
    reference_styles: Mapping[str, Sequence[float]] | None = None,
) -> Scores:
    """The scores of one story. `readings` are by the number of the shot, `references` what the same readers saw in the pictures of the cast, by key.

    `styles` are vectors of whole pictures by shot, `reference_styles` those of each character's first picture. A shot without a picture counts as one on which
    nobody was found, as in the benchmark's code.
    """
    space = _space(references, readings)
    crops: dict[str, list[Sequence[float]]] = {}
    counts = []
    seen_any = any(reading.figures is not None for reading in readings.values())
    for shot in tale.shots:
        reading = readings.get(shot.index, Reading(figures=()))
        matches, _ = match(reading.figures or (), expectation_of(shot, tale, references))
        counts.append(occm(sum(one.seen is not None for one in matches), len(shot.on_stage)))
        for one in matches:
            if one.seen is not None and space in one.seen.vectors:
                crops.setdefault(one.wanted.name, []).append(one.seen.vectors[space])
    known = {
        key: [one.vectors[space] for one in several if space in one.vectors]
        for key, several in references.items()
    }
    on_stage = {key for shot in tale.shots for key in shot.on_stage}
    known = {key: vectors for key, vectors in known.items() if key in on_stage and vectors}
    unread = {"prompt alignment": ALIGNMENT}
    if not space:
        why = _why(readings, "identity") if readings else "there are no pictures"
        unread |= dict.fromkeys(("cross_cids", "self_cids"), why)
    if not seen_any:
        unread["occm"] = _why(readings, "figures") if readings else "there are no pictures"
    found = Scores(
        tale.id,
        len(readings),
        len(tale.shots),
        cross_cids(crops, known) if space else None,
        self_cids({key: crops.get(key, []) for key in known}) if space and known else None,
        fmean(counts) if seen_any else None,
        _style_cross(tale, styles or {}, reference_styles or {}),
        _style_self(styles or {}),
        _mean(readings, "place"),
        _mean(readings, "action"),
        space,
    )
    for name in ("style_cross", "style_self"):
        if getattr(found, name) is None:
            unread[name] = "no net that tells pictures apart is here: storykin fetch dinov2"
    for name in ("place", "action"):
        if getattr(found, name) is None:
            unread[name] = _why(readings, name)
    return replace(found, unread=unread)


def together(several: Sequence[Scores]) -> Scores:
    """The mean over stories, each counting alike, as the benchmark's tables have it; what no story has is not read."""
    values = {
        name: (
            fmean(known)
            if (known := [value for one in several if (value := getattr(one, name)) is not None])
            else None
        )
        for name in NAMES
    }
    unread = {
        name: why for one in reversed(several) for name, why in one.unread.items() if values.get(name) is None
    }
    spaces = {one.space for one in several if one.space}
    return Scores(
        "all", sum(one.pictures for one in several), sum(one.shots for one in several), **values,
        space=", ".join(sorted(spaces)), unread=unread,
    )  # fmt: skip


def expectation_of(shot: Told, tale: Tale, references: Mapping[str, Sequence[Seen]]) -> Expectation:
    """Who should be on a picture of the shot."""
    wanted = []
    for figure in scene_of(shot).figures:
        look = character_of(
            tale.person(figure.character) or Person(figure.character, figure.character, "")
        ).look
        known = tuple(references.get(figure.character, ()))
        wanted.append(
            Wanted(figure.character, figure, look.kind, look.is_person, look.standing_height, None, known)
        )
    return Expectation(tuple(wanted), shot.setting, shot.static)


def _space(references: Mapping[str, Sequence[Seen]], readings: Mapping[int, Reading]) -> str:
    """The most trusted space in which most of the cast can be compared, so that one number is of one measure."""
    there = {name for reading in readings.values() for one in reading.figures or () for name in one.vectors}
    counts = {
        space: sum(any(space in one.vectors for one in several) for several in references.values())
        for space in SPACES
        if space in there
    }
    best = max(counts.values(), default=0)
    return next((space for space in SPACES if best and counts.get(space) == best), "")


def _why(readings: Mapping[int, Reading], thing: str) -> str:
    return next(
        (one.unread[thing] for one in readings.values() if thing in one.unread), "no reader for it is here"
    )


def _mean(readings: Mapping[int, Reading], name: str) -> float | None:
    values = [one.scores[name] for one in readings.values() if name in one.scores]
    return fmean(values) if values else None


def _style_self(styles: Mapping[int, Sequence[float]]) -> float | None:
    rows = [styles[number] for number in sorted(styles)]
    pairs = [cosine(a, b) for number, a in enumerate(rows) for b in rows[:number]]
    return fmean(pairs) if pairs else None


def _style_cross(
    tale: Tale, styles: Mapping[int, Sequence[float]], references: Mapping[str, Sequence[float]]
) -> float | None:
    """Each picture against the first picture of the first who is on stage, of the first of all where nobody is."""
    first = next(iter(references.values()), None)
    values = []
    for shot in tale.shots:
        wanted = next((references[key] for key in shot.on_stage[:1] if key in references), first)
        if shot.index in styles and wanted is not None:
            values.append(cosine(styles[shot.index], wanted))
    return fmean(values) if values else None
