"""The contract that every painter keeps."""

from dataclasses import replace

import pytest

from storykin.character import Adapter, Character, Look, Outfit
from storykin.errors import Cancelled, CannotPaint
from storykin.painters import Painter, painter_named, painter_names
from storykin.raster import png_of
from storykin.scene import Box, Figure, Scene
from storykin.shot import PlacedAdapter, Shot

HERO = Character(
    "Mila", Look("child", 6, 116, "warm brown", "black", "pigtails"), (Outfit("o", "a red jumper"),)
)
SCENE = Scene(
    "garden", props=("watering can", "ladder"), figures=(Figure("Mila", "waving", "happy", "apple", "", "right", Box(0.4, 0.4, 0.25, 0.5)),),
    text_zone=Box(0.1, 0.08, 0.8, 0.2),
)  # fmt: skip
SHOT = Shot(1, SCENE, (HERO,), seed=7, width=240, height=240)


@pytest.fixture(params=painter_names())
def painter(request: pytest.FixtureRequest) -> Painter:
    return painter_named(request.param)


def nothing(done: float) -> None:
    pass


def test_equal_shots_give_equal_bytes(painter: Painter) -> None:
    assert painter.paint(SHOT, nothing) == painter.paint(replace(SHOT), nothing)


@pytest.mark.parametrize(("width", "height"), [(240, 240), (480, 240), (200, 260)])
def test_size_is_obeyed(painter: Painter, width: int, height: int) -> None:
    import io

    from PIL import Image

    picture = painter.paint(replace(SHOT, width=width, height=height), nothing)
    with Image.open(io.BytesIO(png_of(picture, painter.media_type, width))) as found:
        assert found.size == (width, height)


@pytest.mark.parametrize(
    "other",
    [
        {"scene": replace(SCENE, place="kitchen")},
        {"scene": replace(SCENE, time="night")},
        {"scene": replace(SCENE, figures=())},
        {"scene": replace(SCENE, props=("tractor",))},
        {"cast": (replace(HERO, look=replace(HERO.look, hair_colour="blond")),)},
    ],
)
def test_another_scene_gives_another_picture(painter: Painter, other: dict[str, object]) -> None:
    assert painter.paint(SHOT, nothing) != painter.paint(replace(SHOT, **other), nothing)  # type: ignore[arg-type]


def test_another_seed_or_art_gives_another_picture(painter: Painter) -> None:
    first = replace(SHOT, art=painter.arts[-1])
    pictures = {painter.paint(one, nothing) for one in (SHOT, first, replace(first, seed=8))}
    assert len(pictures) == 3 or len(painter.arts) == 1


def test_it_refuses_what_it_lacks(painter: Painter) -> None:
    asks = {
        "init_image": {"init_image": "photo.png"},
        "references": {"references": ("face.png",)},
        "adapters": {"adapters": (PlacedAdapter(Adapter("a", "sdxl", "sks", 8)),)},
    }
    for power in asks.keys() - painter.powers:
        with pytest.raises(CannotPaint, match="page 1"):
            painter.paint(replace(SHOT, **asks[power]), nothing)  # type: ignore[arg-type]
    with pytest.raises(CannotPaint, match="no style"):
        painter.paint(replace(SHOT, art="no such art"), nothing)


def test_it_stops_when_told_to(painter: Painter) -> None:
    def stop(done: float) -> None:
        if done > 0.2:
            raise Cancelled

    with pytest.raises(Cancelled):
        painter.paint(SHOT, stop)


def test_progress_only_grows_and_ends_at_one(painter: Painter) -> None:
    steps: list[float] = []
    painter.paint(SHOT, steps.append)
    assert steps == sorted(steps)
    assert steps[-1] == 1.0
    assert len(steps) > 2
