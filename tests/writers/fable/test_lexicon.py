"""The lexicon's files: complete, consistent with one another, and in phrases that fit the frames."""

import functools
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import storykin
from storykin.painters.sketch import creature_kinds

FABLE = Path(storykin.__file__).parent / "writers" / "fable"
FILES = sorted((FABLE / "lexicon").glob("*.toml"))

# fmt: off
KINDS = {"child", "adult", *creature_kinds.KINDS}
DRAWN = {
    "bedroom", "living room", "kitchen", "classroom", "library", "clinic", "bakery", "shop", "workshop", "stage",
    "museum", "castle", "attic", "garden", "park", "street", "farm", "forest", "meadow", "mountain", "river",
    "beach", "ship", "sea", "underwater", "jungle", "desert", "snow", "cave", "sky", "space", "spaceship",
    "circus", "station", "fairground", "pond", "zoo",
}
CASE = [
    "client", "kind", "name", "they", "colour", "trouble", "tiny",
    "try", "prop", "fail", "try2", "prop2", "fail2", "fix", "prop3", "happy",
]
KEYS = {
    "role": ["name", "also", "place", "outfit", "outfit_palette", "tools", "treasure", "serves", "work", "case"],
    "place": ["name", "also", "at", "to", "drawn", "path", "sights", "dwellers", "event", "case"],
    "animal": ["name", "also", "plural", "kind", "colour", "height", "sound", "food", "lives", "moves", "likes"],
    "thing": ["name", "also", "plural", "use", "verb", "where", "colour"],
}
# fmt: on
ENOUGH = {"role": 84, "place": 64, "animal": 84, "thing": 160}
CASES = {"role": 3, "place": 2}
GENDERED = re.compile(r"\b(he|she|his|him|hers|himself|herself)\b", re.IGNORECASE)
SLOT = re.compile(r"\{([^}]*)\}")
SLOTS = {"they", "them", "their", "themself", "case.they", "case.them", "case.their"}
PHRASES = ("trouble", "try", "fail", "try2", "fail2", "fix", "happy")


@functools.cache
def entries(kind: str) -> list[dict[str, Any]]:
    """All entries of one kind, from all files."""
    return [entry for path in FILES for entry in tomllib.loads(path.read_text("utf-8")).get(kind, [])]


def cases() -> list[tuple[str, dict[str, str]]]:
    return [(entry["name"], case) for kind in CASES for entry in entries(kind) for case in entry["case"]]


def names(kind: str) -> list[str]:
    return [name.lower() for entry in entries(kind) for name in (entry["name"], *entry["also"])]


@pytest.mark.parametrize("kind", KEYS)
def test_there_are_enough_and_each_is_complete(kind: str) -> None:
    assert len(entries(kind)) >= ENOUGH[kind]
    for entry in entries(kind):
        assert not set(KEYS[kind]) - set(entry), entry["name"]
        assert not set(entry) - set(KEYS[kind]) - {"goal"}, entry["name"]
        assert all(entry[key] for key in KEYS[kind] if key != "also"), entry["name"]
        assert len(entry.get("case", ())) >= CASES.get(kind, 0), entry["name"]


@pytest.mark.parametrize("kind", KEYS)
def test_no_word_leads_to_two_entries(kind: str) -> None:
    twice = [name for name, count in Counter(names(kind)).items() if count > 1]
    assert twice == []


def test_entries_refer_to_what_there_is() -> None:
    places = {place["name"] for place in entries("place")}
    animals = set(names("animal"))
    for role in entries("role"):
        assert role["place"] in places, role["name"]
        assert len(role["tools"]) >= 3, role["name"]
    for place in entries("place"):
        assert place["drawn"] in DRAWN, place["name"]
        assert not set(place["dwellers"]) - animals, place["name"]
    for animal in entries("animal"):
        assert animal["kind"] in KINDS, animal["name"]
        assert animal["name"] not in KINDS or animal["kind"] == animal["name"], animal["name"]
        assert animal["lives"] in places, animal["name"]
    for thing in entries("thing"):
        assert thing["where"] in places, thing["name"]


def test_every_case_fits_the_frames() -> None:
    assert [fault for of, case in cases() for fault in faults_of(of, case)] == []


def faults_of(of: str, case: dict[str, str]) -> Iterator[str]:
    """What would break a sentence or a picture made of this case."""
    where = f"{of}: {case['name']}"
    if list(case) != CASE or not all(case.values()):
        yield f"{where}: keys {list(case)}"
    if case["kind"] not in KINDS or case["they"] not in {"he", "she", "they", "it"}:
        yield f"{where}: {case['kind']}, {case['they']}"
    if not 2 <= len(case["tiny"].split()) <= 4:
        yield f"{where}: {case['tiny']}"
    for key in PHRASES:
        phrase = case[key]
        if len(phrase.split()) >= 14 or GENDERED.search(phrase) or set(SLOT.findall(phrase)) - SLOTS:
            yield f"{where}: {phrase}"
        if phrase[0].isupper() or phrase.endswith("."):
            yield f"{where}: not a phrase: {phrase}"
        if case["they"] == "they" and "{case.they} was" in phrase:
            yield f"{where}: they was: {phrase}"
    yield from (
        f"{where}: {case[key]}" for key in ("prop", "prop2", "prop3", "client") if len(case[key].split()) > 4
    )


def test_no_two_cases_tell_the_same() -> None:
    for key in ("trouble", "try", "fail", "try2", "fail2", "fix", "happy"):
        told = Counter(case[key] for _, case in cases())
        assert [phrase for phrase, count in told.items() if count > 2] == []
    called = Counter(case["name"] for _, case in cases())
    assert [name for name, count in called.items() if count > 2] == []


def test_a_role_serves_clients_of_different_kinds() -> None:
    only = {"monster comforter", "dragon tamer"}
    for role in entries("role"):
        assert role["name"] in only or len({case["kind"] for case in role["case"]}) >= 2, role["name"]


def test_asides_are_short_enough_for_their_readers() -> None:
    asides = tomllib.loads((FABLE / "asides.toml").read_text("utf-8"))["aside"]
    tones = Counter(aside["tone"] for aside in asides)
    assert set(tones) == {"funny", "bedtime"}
    assert min(tones.values()) >= 30
    for aside in asides:
        assert aside["where"] in {"any", "indoors", "outdoors"}
        for level, limit in (("small", 5), ("middle", 12), ("big", 18)):
            assert len(aside[level].split()) < limit, aside[level]
            assert set(SLOT.findall(aside[level])) <= {"friend", "hero", "they"}, aside[level]
            assert aside[level][-1] in ".!?", aside[level]
            assert not GENDERED.search(aside[level]), aside[level]


def test_what_is_gone_is_not_seen() -> None:
    for place in entries("place"):
        gone = re.search(
            r"\b(\w+?)s? (?:was|were|flew|went|has|had|galloped)\b.*\b(?:gone|off|not come back|taken|away)",
            place["event"],
        )
        heads = {sight.split()[-1].rstrip("s") for sight in place["sights"]}
        assert not gone or gone[1] not in heads or gone[1] in ("horse", "carousel"), place["name"]
