"""Plots: reading them, choosing one, fitting their beats to the pages."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from storykin.errors import BadFile, BadInput
from storykin.writers.fable.plots import Plot, choose, fit, plot_named, plots, read_plot


@pytest.mark.parametrize("pages", [4, 5, 6, 8, 12, 24, 32, 48])
def test_every_plot_fills_every_length(pages: int) -> None:
    for plot in plots():
        slots = fit(plot, pages)
        assert len(slots) == pages
        assert len(set(slots)) == pages, f"{plot.name} tells a page twice"
        whole = [slot.beat.id for slot in slots if not slot.episode]
        assert whole == [beat.id for beat in plot.beat if beat.id in whole], "the file's order is kept"


def test_an_episode_is_whole_or_not_told(errand: Plot) -> None:
    for pages in range(5, 30):
        episodes = Counter(slot.episode for slot in fit(errand, pages) if slot.episode)
        assert all(count >= 2 for count in episodes.values())


def test_a_plot_made_for_a_wish_wins(errand: Plot) -> None:
    brave = replace(errand, name="brave", suits={"fear": 3})
    sleepy = replace(errand, name="sleepy", suits={"sleep": 3})
    tale = replace(errand, name="tale", tale=("three pigs",))
    among = (errand, brave, sleepy, tale)
    assert {choose(among, ("fear", "place"), (), 12, "x", seed).name for seed in range(9)} == {"brave"}
    assert {choose(among, ("role",), ("bedtime",), 12, "x", seed).name for seed in range(9)} == {"sleepy"}


def test_like_wishes_spread_and_the_next_seed_takes_another(errand: Plot) -> None:
    among = tuple(replace(errand, name=name, suits={"role": 2}) for name in ("a", "b", "c", "d"))
    ideas = [
        f"being a {word} doctor"
        for word in ("bear", "bird", "cloud", "snail", "robot", "tree", "fish", "moon", "shoe")
    ]
    chosen = Counter(choose(among, ("role",), (), 12, idea).name for idea in ideas)
    assert len(chosen) == 4
    assert max(chosen.values()) <= 4
    assert len({choose(among, ("role",), (), 12, ideas[0], seed).name for seed in range(4)}) == 4


def test_an_unknown_plot_names_the_nearest(errand: Plot) -> None:
    with pytest.raises(BadInput) as caught:
        plot_named("erand", (errand,))
    assert "'errand'" in caught.value.hint


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('keep = 9', 'kep = 9', "did you mean 'keep'"),
        ('part = "start"', 'part = "begin"', "not one of start"),
        ('feel = "happy"', 'fel = "happy"', "did you mean 'feel'"),
        ('suits = {', 'suits = { shoes = 1,', "unknown key 'shoes'"),
    ],
)  # fmt: skip
def test_a_slip_in_a_file_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    words = (Path(__file__).parent / "fixture" / "plots" / "errand.toml").read_text("utf-8")
    (tmp_path / "slip.toml").write_text(words.replace(old, new, 1), "utf-8")
    with pytest.raises(BadFile) as caught:
        read_plot(tmp_path / "slip.toml")
    assert said in str(caught.value)
