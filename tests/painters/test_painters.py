"""The embedded painter keeps the contract; painters are found by their names."""

import pytest

from storykin.errors import BadInput
from storykin.painters import Painter, painter_named, painter_names
from tests.painters.contract import Contract


class TestSketch(Contract):
    @pytest.fixture
    def painter(self) -> Painter:
        return painter_named("sketch")


def test_every_painter_has_a_name_and_says_what_it_can() -> None:
    for name in painter_names():
        if name in {"comfyui", "openai"}:
            with pytest.raises(BadInput, match="host"):
                painter_named(name)
        else:
            assert painter_named(name).name == name


def test_an_unknown_painter_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(BadInput, match="no painter 'flux-def'") as refused:
        painter_named("flux-def")
    assert "flux-dev" in refused.value.hint
    assert "sketch" in refused.value.hint
