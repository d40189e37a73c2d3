"""The composer: things keep clear of faces, words and gutter; words can be read; nothing is missing."""

import io
import itertools
import re
import time
import xml.etree.ElementTree as ET
from dataclasses import replace
from random import Random

import pytest
from PIL import Image

from storykin.character import Character, Look, Outfit
from storykin.painters.sketch import Sketch, silhouette
from storykin.painters.sketch.calm import luminance
from storykin.painters.sketch.looks import ARTS
from storykin.painters.sketch.page import Player, _pan, _players
from storykin.painters.sketch.props import prop_of
from storykin.painters.sketch.spots import Item, Rect, Search, items_of, rect_of
from storykin.raster import png_of
from storykin.scene import Box, Figure, Scene
from storykin.shot import Shot

MILA = Character("Mila", Look("child", 6, 116), (Outfit("o", "a red jumper and jeans"),))
REX = Character("Rex", Look("dog", 3, 60))
ZONE = Box(0.1, 0.08, 0.8, 0.22)
FIGURES = (
    Figure("Mila", "standing", "happy", "", "", "right", Box(0.3, 0.4, 0.2, 0.5)),
    Figure("Rex", "sitting", "calm", "", "", "left", Box(0.6, 0.71, 0.16, 0.19)),
)


def shot(place: str = "meadow", props: tuple[str, ...] = (), **other: object) -> Shot:
    scene = Scene(place, "day", "clear", props, FIGURES, "medium", ZONE)
    fields = {name: other.pop(name) for name in list(other) if name in ("art", "seed", "width", "height")}
    return replace(Shot(1, replace(scene, **other), (MILA, REX), width=500, height=500), **fields)  # type: ignore[arg-type]


def items(one: Shot, players: list[Player], zone: Rect | None, wide: float, scale: float) -> list[Item]:
    spread, bodies, faces = (
        one.scene.framing == "spread",
        [p.body for p in players],
        [p.face for p in players],
    )
    search = Search(bodies, faces, zone, wide, 900, scale, spread, Random(1))
    return items_of(one.scene, [prop_of(p.prop) for p in players if p.prop], search)


def painted(one: Shot) -> str:
    return Sketch().paint(one, lambda done: None).decode()


@pytest.mark.parametrize("place", ["meadow", "bedroom"])
def test_things_keep_clear_of_faces_words_and_each_other(place: str) -> None:
    one = shot(place, ("ball", "ladder", "kite", "cake", "key"))
    players = _players(one, 1000)
    found = items(one, players, rect_of(ZONE, 1000), 1000, players[0].scale)
    assert len(found) >= 5
    for item in found:
        w, h = item.drawn.width * item.scale, item.drawn.height * item.scale
        assert 0 <= item.x <= 1000
        middle = (item.x, item.y - h / 2)
        for face in (player.face for player in players):
            assert not (face.x < middle[0] < face.x + face.w and face.y < middle[1] < face.y + face.h)
        assert not (100 < middle[0] < 900 and 80 < middle[1] < 280 and w < 200)


def test_a_thing_that_is_held_does_not_stand_there_twice() -> None:
    held = replace(FIGURES[0], prop="teddy bear")
    one = shot(props=("teddy",), figures=(held,))
    players = _players(one, 1000)
    assert items(one, players, None, 1000, 4.0) == []


def test_small_things_stand_on_a_table() -> None:
    one = shot("garden", ("cake", "cup"))
    found = items(one, _players(one, 1000), None, 1000, 4.0)
    table = max(found, key=lambda item: item.drawn.width)
    assert len(found) == 3
    assert all(item.y < table.y - 100 for item in found if item is not table)


def test_nothing_stands_in_the_gutter_of_a_spread() -> None:
    one = shot(props=("ball", "bucket", "tree"), framing="spread", width=1000)
    players = _players(one, 2000)
    for item in items(one, players, None, 2000, 4.0):
        assert not 940 < item.x < 1060


def test_who_rides_sits_on_the_seat() -> None:
    rider = Figure("Mila", "riding", "happy", "purple tractor", "", "right", Box(0.4, 0.35, 0.3, 0.4))
    player = _players(shot(figures=(rider,)), 1000)[0]
    assert "#8a62a8" in player.svg
    assert player.body.w > 180 * player.scale * 0.9


def test_figures_without_boxes_are_laid_out_side_by_side() -> None:
    bare = tuple(replace(figure, box=None) for figure in FIGURES)
    first, second = _players(shot(figures=bare), 1000)
    assert first.x < second.x
    assert first.scale == second.scale


@pytest.mark.parametrize("art", ARTS)
@pytest.mark.parametrize(
    ("place", "time"), [("meadow", "day"), ("bedroom", "night"), ("library", "evening"), ("sea", "day")]
)
def test_words_can_be_read_where_they_will_stand(place: str, time: str, art: str) -> None:
    """One of the two inks has 4.5 : 1 against (all but grains of) the zone."""
    png = png_of(painted(shot(place, time=time, art=art)).encode(), "image/svg+xml", 300)
    with Image.open(io.BytesIO(png)) as picture:
        zone = picture.convert("RGB").crop((30, 24, 270, 90))
        found = sorted(
            luminance(f"#{bytes(one).hex()}")
            for count, one in zone.getcolors(99999) or []
            for _ in range(count)
        )
    low, high = found[len(found) // 100], found[-len(found) // 100]
    dark, cream = luminance("#2f2420"), luminance("#fdf6e9")
    assert max((low + 0.05) / (dark + 0.05), (cream + 0.05) / (high + 0.05)) >= 4.5


def test_the_file_is_small_sound_and_quick() -> None:
    started = time.process_time()
    pages = [painted(shot("forest", ("mushroom", "basket"), art=art)) for art in ("flat", "watercolour")]
    assert time.process_time() - started < 6
    for page in pages:
        root = ET.fromstring(page)
        assert (root.get("width"), root.get("viewBox")) == ("500", "0 0 1000 1000")
        assert len(page) < 900_000
        names = re.findall(r' id="([^"]+)"', page)
        assert len(names) == len(set(names))
        assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(names)


def test_who_sleeps_in_a_bedroom_has_one_bed_and_lies_in_it() -> None:
    asleep = Figure("Mila", "sleeping", "sleepy", "", "", "right", Box(0.2, 0.66, 0.5, 0.2))
    indoors = _players(shot("bedroom", figures=(asleep,)), 1000)[0]
    outdoors = _players(shot("meadow", figures=(asleep,)), 1000)[0]
    assert indoors.in_bed
    assert not outdoors.in_bed
    assert indoors.body.h > outdoors.body.h * 1.5
    beds = painted(shot("bedroom", ("bed",), figures=(asleep,)))
    assert beds.count(indoors.svg[:200]) == 1


def test_the_camera_turns_from_page_to_page_and_not_within_one() -> None:
    pans = [_pan(replace(shot(), page=number, seed=number * 7)) for number in range(9)]
    assert pans[0] == 0
    assert len({round(pan) for pan in pans}) == 9
    assert all(a * b < 0 for a, b in itertools.pairwise(pans[1:]))


def test_the_veil_lies_under_the_figures_and_runs_out_at_the_edges() -> None:
    page = painted(shot())
    assert page.index('id="calm"') < page.index('id="cast"')
    left, _, right, _ = _edges(page)
    assert left < 0
    assert right > 1000


def _edges(page: str) -> tuple[float, float, float, float]:
    inner = re.search(r'<g id="calm"[^>]*><path d="([^"]+)"', page)
    assert inner
    numbers = [float(one) for one in re.findall(r"-?\d+\.?\d*", inner[1])]
    return min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])


def test_a_rider_and_their_mount_are_drawn_as_one() -> None:
    up = (replace(FIGURES[0], action="riding", prop="Rex"), FIGURES[1])
    players = _players(shot(figures=up), 1000)
    assert len(players) == 1
    assert players[0].body.y < _players(shot(), 1000)[1].body.y


def test_the_moon_stays_outside() -> None:
    from storykin.painters.sketch.spots import furnished

    assert {"moon", "sun"} <= furnished("Sasha's bedroom")
    assert "moon" not in furnished("meadow")


def test_the_outline_of_a_figure_is_where_it_is_drawn_and_nowhere_else() -> None:
    one = shot()
    alone = [Image.open(io.BytesIO(silhouette(one, number))).convert("L") for number in (0, 1)]
    for figure, mask in zip(FIGURES, alone, strict=True):
        assert figure.box
        assert mask.size == (500, 500)
        box = mask.point(lambda value: 255 * (value > 128)).getbbox()
        assert box
        assert box[3] / 500 == pytest.approx(figure.box.bottom, abs=0.03)
        assert (box[0] + box[2]) / 1000 == pytest.approx(figure.box.x + figure.box.w / 2, abs=0.05)
        assert mask.getextrema() == (0, 255)
    with Image.open(io.BytesIO(png_of(painted(one).encode(), Sketch.media_type, 500))) as page:
        inside = alone[0].point(lambda value: 255 * (value > 250))
        colours = Image.composite(page.convert("RGB"), Image.new("RGB", (500, 500)), inside).getcolors(
            1 << 20
        )
    assert (
        max(colours or (), key=lambda found: found[0] * (found[1] != (0, 0, 0)))[1][0] > 150
    )  # her jumper is red


def test_who_rides_and_who_carries_have_one_outline() -> None:
    ridden = replace(FIGURES[0], action="riding", prop="Rex")
    one = replace(
        shot(), scene=replace(shot().scene, figures=(ridden, replace(FIGURES[1], action="standing")))
    )
    assert silhouette(one, 0) == silhouette(one, 1)
