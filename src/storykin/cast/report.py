"""Cast: one self-contained page for the parent: every photo with its crop, verdict and reason, and what to add.

The page asks nobody for anything: pictures, style and script are inside. Buttons collect a command to copy.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from storykin.cast.sighting import Crop, Judged, Sighting
from storykin.character import Character
from storykin.dataset import Dataset, caption_of
from storykin.scene import Box

if TYPE_CHECKING:
    from storykin.cast.curating import Decided

THUMB = 360  # pixels of a thumbnail's long side
MOST_PICTURES = 300  # of photos that are not learned from; more of them are listed by name
FACES_SHOWN = 8  # of each person

ORDER = (
    "chosen", "spare", "unsure", "duplicate", "blurred", "too dark", "too bright", "too small", "eyes closed", "turned away",
    "covered", "cut off", "dropped", "not her", "unreadable",
)  # fmt: skip
HEADINGS = {
    "chosen": "Learned from",
    "spare": "Good, but not needed",
    "unsure": "Unsure: is it {name}?",
    "duplicate": "The same moment again",
    "dropped": "Taken out by you",
    "not her": "Somebody else, or nobody",
    "unreadable": "Cannot be opened",
}


@dataclass(frozen=True)
class Card:
    """One photo as the page shows it; boxes are in per cent of the photo."""

    key: str
    name: str
    state: str
    reason: str
    by_hand: bool
    ratio: float
    crop: Box | None = None
    face: Box | None = None
    others: tuple[Box, ...] = ()
    caption: str = ""
    size: str = ""
    framing: str = ""


@dataclass(frozen=True)
class Portrait:
    """A face cut out of a thumbnail by the browser: how the thumbnail is scaled and shifted, in per cent."""

    key: str
    scale: tuple[float, float]
    shift: tuple[float, float]


@dataclass(frozen=True)
class Somebody:
    """A person found in the folder, with some faces."""

    number: int
    photos: int
    chosen: bool
    portraits: tuple[Portrait, ...]


def report(
    folder: Path,
    character: Character,
    decided: "Decided",
    dataset: Dataset | None,
    remarks: Sequence[str],
    sheet: str = "",
) -> str:
    """The page as HTML. `sheet` is the drawn character sheet as SVG, "" for none."""
    import jinja2

    cards = _cards(folder, decided, dataset)
    groups = _grouped(cards, character.name)
    shown = {card.key for _, _, some in groups for card in some if card.key}
    people = _people(decided)
    shown |= {portrait.key for one in people for portrait in one.portraits}
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(
        character=character,
        dataset=dataset,
        groups=groups,
        people=people,
        remarks=remarks,
        variety=_bars(decided),
        thumbs=_thumbs(folder, shown),
        sheet=base64.b64encode(sheet.encode()).decode(),
        counts=_counts(decided.judged),
        total=len(decided.sightings),
        omitted=_omitted(cards),
        folder=folder,
    )


def thumb_path(folder: Path, digest: str) -> Path:
    """Where the small picture of a photo is kept for the report."""
    return folder / "thumbs" / f"{digest[:12]}.jpg"


def _cards(folder: Path, decided: "Decided", dataset: Dataset | None) -> list[Card]:
    """Every photo as a card, the best first within its verdict."""
    crops = dict(decided.chosen)
    captions = _captions(folder, dataset)
    ordered = sorted(
        decided.judged,
        key=lambda one: (ORDER.index(one.state), -one.quality, decided.sightings[one.sighting].name),
    )
    pictures = 0
    cards = []
    for one in ordered:
        sighting = decided.sightings[one.sighting]
        there = (
            bool(sighting.digest) and not sighting.refused and thumb_path(folder, sighting.digest).exists()
        )
        pictures += one.state != "chosen"
        cards.append(
            _card(sighting, one, crops.get(one.sighting), captions, there and pictures <= MOST_PICTURES)
        )
    return cards


def _card(
    sighting: Sighting, one: Judged, crop: Crop | None, captions: Mapping[str, str], there: bool
) -> Card:
    faces = tuple(enumerate(sighting.faces))
    return Card(
        key=sighting.digest[:12] if there else "",
        name=sighting.name,
        state=one.state,
        reason=one.reason,
        by_hand=one.by_hand,
        ratio=sighting.width / sighting.height if sighting.height else 1.0,
        crop=crop.box if crop else None,
        face=sighting.faces[one.face].box if one.face is not None else None,
        others=tuple(face.box for index, face in faces if index != one.face),
        caption=captions.get(sighting.digest[:8], "") if crop else "",
        size=f"{crop.width} × {crop.height}" if crop else "",
        framing=crop.framing if crop else "",
    )


def _captions(folder: Path, dataset: Dataset | None) -> dict[str, str]:
    """The captions by the beginning of the photo's hash."""
    return {one.photo[:8]: caption_of(folder, one) for one in dataset.pictures} if dataset else {}


def _grouped(cards: Sequence[Card], name: str) -> list[tuple[str, str, list[Card]]]:
    """The cards under their headings: (state, heading, cards with a picture)."""
    found = []
    for state in ORDER:
        some = [card for card in cards if card.state == state and (card.key or state == "unreadable")]
        if some:
            found.append((state, HEADINGS.get(state, state.capitalize()).format(name=name), some))
    return found


def _omitted(cards: Sequence[Card]) -> list[Card]:
    return [card for card in cards if not card.key and card.state != "unreadable"]


def _people(decided: "Decided") -> list[Somebody]:
    """Everybody who is in at least two photos, the character first."""
    found = []
    for group in decided.people.groups:
        photos = {sighting for sighting, _ in group.faces}
        chosen = group.number == decided.people.chosen
        if len(photos) < 2 and not chosen:
            continue
        faces = sorted(group.faces, key=lambda pair: -decided.sightings[pair[0]].faces[pair[1]].width)[
            :FACES_SHOWN
        ]
        portraits = tuple(
            _portrait(decided.sightings[sighting], decided.sightings[sighting].faces[face].head)
            for sighting, face in faces
        )
        found.append(Somebody(group.number, len(photos), chosen, portraits))
    return sorted(found, key=lambda one: (not one.chosen, -one.photos, one.number))[:12]


def _portrait(sighting: Sighting, head: Box) -> Portrait:
    """Show a square around a head: as CSS background-size and -position."""
    ratio = sighting.width / sighting.height if sighting.height else 1.0
    side = max(head.w * ratio, head.h) * 1.15  # in heights of the photo
    wide, high = min(1.0, side / ratio), min(1.0, side)
    left = min(max(head.x + head.w / 2 - wide / 2, 0.0), 1 - wide)
    top = min(max(head.y + head.h / 2 - high / 2, 0.0), 1 - high)
    shift = (100 * left / (1 - wide) if wide < 1 else 0.0, 100 * top / (1 - high) if high < 1 else 0.0)
    return Portrait(sighting.digest[:12], (100 / wide, 100 / high), shift)


CHARTS = {
    "framing": "How near",
    "angle": "From which side",
    "expression": "Expression",
    "light": "Light",
    "clothes": "Clothes",
    "backgrounds": "Background",
}


def _bars(decided: "Decided") -> list[tuple[str, list[tuple[str, str, int, float]]]]:
    """The variety chart: (title, rows of (label, colour or "", count, per cent of all))."""
    from storykin.colours import clothes_word, lab_of

    found = []
    for field, title in CHARTS.items():
        counted: tuple[tuple[str, int], ...] = getattr(decided.variety, field)
        every = sum(count for _, count in counted)
        rows = [
            (clothes_word(lab_of(label)), label, count, 100 * count / every)
            if label.startswith("#")
            else (label, "", count, 100 * count / every)
            for label, count in counted[:8]
        ]
        if rows:
            found.append((title, rows))
    return found


def _thumbs(folder: Path, keys: set[str]) -> dict[str, str]:
    found = {}
    for key in sorted(keys):
        path = folder / "thumbs" / f"{key}.jpg"
        if path.exists():
            found[key] = base64.b64encode(path.read_bytes()).decode()
    return found


def _counts(judged: Sequence[Judged]) -> list[tuple[str, int]]:
    counted = [(state, sum(one.state == state for one in judged)) for state in ORDER]
    return [(state, count) for state, count in counted if count]
