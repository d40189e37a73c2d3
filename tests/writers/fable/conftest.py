"""The writer's own lexicon, a small plot of our own, and the whole writer."""

from pathlib import Path

import pytest

from storykin.writers.fable import Fable
from storykin.writers.fable.lexicon import Lexicon, lexicon
from storykin.writers.fable.plots import Plot, read_plot

FIXTURE = Path(__file__).parent / "fixture"


@pytest.fixture(scope="session")
def known() -> Lexicon:
    return lexicon()


@pytest.fixture(scope="session")
def errand() -> Plot:
    return read_plot(FIXTURE / "plots" / "errand.toml")


@pytest.fixture(scope="session")
def writer() -> Fable:
    return Fable()
