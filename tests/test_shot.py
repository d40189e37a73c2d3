"""The shot: what it asks of a painter, and the key that stands for everything that decides its picture."""

from dataclasses import replace
from typing import Any

import pytest

from storykin.character import Adapter, Character, Look
from storykin.scene import Box, Figure, Scene
from storykin.shot import Part, PlacedAdapter, Shot

HERO = Character("Mila", Look("girl", 6))
SHOT = Shot(3, Scene("garden", figures=(Figure("Mila"),)), (HERO,), seed=7, width=240, height=240)
MILA = PlacedAdapter(Adapter("mila", "sdxl", "zvmqk", 8), Box(0, 0, 0.5, 1), "Mila")
THEO = PlacedAdapter(Adapter("theo", "sdxl", "zvtqk", 8), Box(0.5, 0, 0.5, 1), "Theo")
STYLE = PlacedAdapter(Adapter("oil", "sdxl", "", 8))
PART = Part("Mila", "a girl", Box(0, 0, 0.5, 1))


@pytest.mark.parametrize(
    ("said", "powers"),
    [
        ({}, set()),
        ({"init_image": "sketch"}, {"init_image"}),
        ({"references": ("face.png",)}, {"references"}),
        ({"parts": (PART,)}, {"regions"}),
        ({"init_image": "pictures/3.png", "repaint": Box(0, 0, 0.5, 1)}, {"init_image", "mask"}),
        ({"adapters": (MILA,)}, {"adapters"}),
        ({"adapters": (STYLE,)}, {"adapters"}),
        ({"adapters": (MILA, STYLE)}, {"adapters"}),
        ({"adapters": (MILA, THEO)}, {"adapters", "several_adapters"}),
        ({"adapters": (MILA, THEO, STYLE)}, {"adapters", "several_adapters"}),
        ({"adapters": (STYLE, STYLE)}, {"adapters", "several_adapters"}),
    ],
)
def test_it_asks_for_what_it_holds(said: dict[str, Any], powers: set[str]) -> None:
    assert replace(SHOT, **said).asks == powers


def test_the_key_is_the_one_it_always_was() -> None:
    """Pictures that were painted before parts, apart, repaint and picture were known keep their names."""
    assert SHOT.key("sketch", "1") == "cf33b5119926"


@pytest.mark.parametrize(
    "said",
    [
        {"seed": 8},
        {"prompt": "a girl"},
        {"negative_prompt": "text"},
        {"steps": 4},
        {"strength": 0.5},
        {"init_image": "sketch"},
        {"references": ("face.png",)},
        {"adapters": (MILA,)},
        {"adapters": (replace(MILA, region=None),)},
        {"parts": (PART,)},
        {"apart": "fill"},
        {"repaint": Box(0, 0, 0.5, 1)},
        {"cast": (replace(HERO, look=Look("girl", 7)),)},
    ],
)
def test_what_decides_the_picture_decides_the_key(said: dict[str, Any]) -> None:
    assert replace(SHOT, **said).key("sketch", "1") != SHOT.key("sketch", "1")


@pytest.mark.parametrize("said", [{"page": 9}, {"alt": "A girl."}, {"picture": "pictures/03-taken-1.png"}])
def test_what_does_not_decide_it_does_not_count(said: dict[str, Any]) -> None:
    assert replace(SHOT, **said).key("sketch", "1") == SHOT.key("sketch", "1")


def test_painter_revision_and_the_contents_of_files_count() -> None:
    keys = {
        SHOT.key("sketch", "1"),
        SHOT.key("sketch", "2"),
        SHOT.key("sdxl", "1"),
        SHOT.key("sketch", "1", {"a.png": "11"}),
        SHOT.key("sketch", "1", {"a.png": "22"}),
        SHOT.key("sketch", "1", {"b.png": "11"}),
    }
    assert len(keys) == 6
    assert SHOT.key("sketch", "1", {}) == SHOT.key("sketch", "1")
    both = {"a.png": "1", "b.png": "2"}
    assert SHOT.key("s", "1", both) == SHOT.key("s", "1", dict(reversed(both.items())))


def test_who_is_not_on_stage_is_a_plain_child() -> None:
    assert SHOT.character("Mila") is HERO
    assert SHOT.character("Nobody") == Character("Nobody")
