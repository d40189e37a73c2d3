"""The contract that every painter keeps: a class of tests to inherit, with a `painter` and what it can be asked for."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from storykin.character import Adapter, Character, Look, Outfit
from storykin.errors import Cancelled, CannotPaint
from storykin.painters import Painter
from storykin.raster import png_of
from storykin.scene import Box, Figure, Scene
from storykin.shot import Part, PlacedAdapter, Shot

HERO = Character(
    "Mila", Look("child", 6, 116, "warm brown", "black", "pigtails"), (Outfit("o", "a red jumper"),)
)
SCENE = Scene(
    "garden", props=("watering can", "ladder"), figures=(Figure("Mila", "waving", "happy", "apple", "", "right", Box(0.4, 0.4, 0.25, 0.5)),),
    text_zone=Box(0.1, 0.08, 0.8, 0.2),
)  # fmt: skip
SHOT = Shot(1, SCENE, (HERO,), seed=7, width=240, height=240)


def nothing(done: float) -> None:
    pass


def opened(picture: bytes) -> Image.Image:
    """A picture's bytes as a picture."""
    with Image.open(io.BytesIO(picture)) as image:
        image.load()
        return image


class Contract:
    """What is asked of every painter. `shot` is one that it can paint; `sizes` are pixels, `others` are shots that must look different."""

    shot = SHOT
    sizes: tuple[tuple[int, int], ...] = ((240, 240), (480, 240), (200, 260))

    @pytest.fixture
    def painter(self) -> Painter:
        raise NotImplementedError

    def others(self) -> list[Shot]:
        return [
            replace(self.shot, scene=replace(SCENE, place="kitchen")),
            replace(self.shot, scene=replace(SCENE, time="night")),
            replace(self.shot, scene=replace(SCENE, figures=())),
            replace(self.shot, scene=replace(SCENE, props=("tractor",))),
            replace(self.shot, cast=(replace(HERO, look=replace(HERO.look, hair_colour="blond")),)),
        ]

    def test_equal_shots_give_equal_bytes(self, painter: Painter) -> None:
        first = painter.paint(self.shot, nothing)
        painter.close()
        assert first == painter.paint(replace(self.shot), nothing)

    def test_size_is_obeyed(self, painter: Painter) -> None:
        for width, height in self.sizes:
            picture = painter.paint(replace(self.shot, width=width, height=height), nothing)
            with Image.open(io.BytesIO(png_of(picture, painter.media_type, width))) as found:
                assert found.size == (width, height)

    def test_another_shot_gives_another_picture(self, painter: Painter) -> None:
        pictures = {painter.paint(one, nothing) for one in (self.shot, *self.others())}
        assert len(pictures) == 1 + len(self.others())

    def test_another_seed_gives_another_picture(self, painter: Painter) -> None:
        shot = replace(self.shot, art=painter.arts[-1] if painter.arts else "oil")
        assert painter.paint(shot, nothing) != painter.paint(replace(shot, seed=8), nothing)

    def test_it_refuses_what_it_lacks(self, painter: Painter) -> None:
        one = PlacedAdapter(Adapter("a", "sdxl", "sks", 8))
        asks: dict[str, dict[str, Any]] = {
            "init_image": {"init_image": "photo.png"},
            "references": {"references": ("face.png",)},
            "adapters": {"adapters": (one,)},
            "several_adapters": {"adapters": (one, one)},
            "regions": {"parts": (Part("Mila", "a girl"),)},
            "mask": {"init_image": "photo.png", "strength": 0.8, "repaint": Box(0.2, 0.2, 0.3, 0.3)},
        }
        for power in asks.keys() - painter.powers:
            with pytest.raises(CannotPaint, match="page 1"):
                painter.paint(replace(self.shot, **asks[power]), nothing)
        if painter.arts:
            with pytest.raises(CannotPaint, match="no style"):
                painter.paint(replace(self.shot, art="no such art"), nothing)
        if "adapters" in painter.powers:
            wrong = PlacedAdapter(Adapter("a", "no-such-family", "sks", 8))
            with pytest.raises(CannotPaint, match="taught to no-such-family"):
                painter.paint(replace(self.shot, adapters=(wrong,)), nothing)

    def test_it_stops_within_one_step_when_told_to(self, painter: Painter) -> None:
        told: list[float] = []

        def stop(done: float) -> None:
            told.append(done)
            if done > 0.2:
                raise Cancelled

        with pytest.raises(Cancelled):
            painter.paint(self.shot, stop)
        assert sum(done > 0.2 for done in told) == 1

    def test_progress_only_grows_and_ends_at_one(self, painter: Painter) -> None:
        steps: list[float] = []
        painter.paint(self.shot, steps.append)
        assert steps == sorted(steps)
        assert steps[0] == 0.0
        assert steps[-1] == 1.0
        assert len(steps) > 2

    def test_files_that_are_not_there_are_named(self, painter: Painter, tmp_path: Path) -> None:
        from storykin.errors import StorykinError

        asks: dict[str, dict[str, Any]] = {
            "init_image": {"init_image": str(tmp_path / "no-such.png"), "strength": 0.5},
            "references": {"references": (str(tmp_path / "no-such.png"),)},
            "adapters": {
                "adapters": tuple(
                    PlacedAdapter(Adapter(str(tmp_path / "no-such.safetensors"), family, "sks", 8))
                    for family in painter.adapters_of[:1]
                )
            },
        }
        for power in sorted(asks.keys() & painter.powers):
            if power == "adapters" and not painter.adapters_of:
                continue
            with pytest.raises(StorykinError, match="no-such"):
                painter.paint(replace(self.shot, **asks[power]), nothing)
