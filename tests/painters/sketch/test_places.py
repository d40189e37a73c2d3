"""Places: every drawn place, what words find it, and what the stage promises."""

import io
import re
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageStat

from storykin.painters.sketch.places import NEAREST, PLACES, Layers, Stage, place, place_of
from storykin.raster import png_of

CALM = (60.0, 50.0, 880.0, 200.0)


def raster(svg: str, width: int) -> bytes:
    return png_of(svg.encode(), "image/svg+xml", width)


def drawing(layers: Layers, width: float = 1000) -> str:
    inner = layers.back + layers.front + layers.over
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} 1000">{inner}</svg>'


def painted(layers: Layers, width: float = 1000) -> Image.Image:
    pixels = raster(drawing(layers, width), int(width / 5))
    return Image.open(io.BytesIO(pixels)).convert("RGB")


def brightness(layers: Layers) -> float:
    return ImageStat.Stat(painted(layers).convert("L")).mean[0]


@pytest.mark.parametrize("name", sorted(PLACES))
def test_every_place_is_plain_svg_in_any_format(name: str) -> None:
    plain = {"svg", "g", "path", "ellipse", "rect", "defs", "linearGradient", "radialGradient", "stop"}
    for stage in (
        Stage(),
        Stage(width=2000, ground=660, scale=2.2, time="night", weather="snow", calm=(1080, 60, 820, 300)),
        Stage(ground=880, scale=6, time="evening", weather="storm", calm=CALM),
    ):
        svg = drawing(place(name, stage), stage.width)
        tree = ElementTree.fromstring(svg)
        assert {element.tag.split("}")[1] for element in tree.iter()} <= plain
        assert 3_000 < len(svg) < 120_000 * stage.width / 1000
        named = re.findall(r'id="(\w+)"', svg)
        assert set(re.findall(r"url\(#(\w+)\)", svg)) <= set(named)
        assert not re.search(r"#[0-9A-F]*[A-F]", svg), "colours that shine keep their capitals to themselves"


@pytest.mark.parametrize("name", sorted(PLACES))
def test_no_part_of_the_picture_stays_unpainted(name: str) -> None:
    layers = place(name, Stage())
    pixels = raster(drawing(Layers(layers.back, "", "")), 50)
    assert Image.open(io.BytesIO(pixels)).convert("RGBA").getextrema()[3][0] > 250


@pytest.mark.parametrize(
    "name", ["bedroom", "clinic", "garden", "street", "beach", "lake", "space", "spaceship", "snow"]
)
@pytest.mark.parametrize("scale", [2.2, 4.5])
def test_the_calm_zone_holds_no_things(name: str, scale: float) -> None:
    picture = painted(place(name, Stage(ground=880, scale=scale, calm=CALM))).convert("L")
    x, y, w, h = (part / 5 for part in CALM)
    inside = picture.crop((int(x) + 2, int(y) + 2, int(x + w) - 2, int(y + h) - 2))
    across = inside.resize((11, 1), Image.Resampling.BOX)
    steps = [abs(across.getpixel((i, 0)) - across.getpixel((i + 1, 0))) for i in range(10)]  # type: ignore[operator]
    assert ImageStat.Stat(inside).stddev[0] < 22
    assert max(steps) < 16


def test_front_leaves_the_middle_to_the_figures() -> None:
    for name in PLACES:
        stage = Stage(ground=820, scale=2.6)
        front = place(name, stage).front
        shown = drawing(Layers('<rect width="1000" height="1000" fill="#ff00ff"/>', front, ""))
        seen = Image.open(io.BytesIO(raster(shown, 200))).convert("RGB").crop((41, 0, 159, 163))
        assert seen.getextrema() == ((255, 255), (0, 0), (255, 255)), name


def test_night_is_darker_and_rooms_at_night_keep_some_light() -> None:
    for name in ("meadow", "street", "bedroom"):
        assert brightness(place(name, Stage(time="night"))) < 0.75 * brightness(place(name, Stage()))
    assert brightness(place("bedroom", Stage(time="night"))) > 70


def test_windows_show_time_and_weather_and_snow_lies_on_the_ground() -> None:
    rooms = {place("bedroom", Stage(weather=weather)).back for weather in ("clear", "rain", "snow")}
    assert len(rooms) == 3
    assert place("bedroom", Stage(weather="rain")).over == place("bedroom", Stage(weather="cloudy")).over
    ground = (20, 180, 180, 190)
    green, white = (painted(place("meadow", Stage(weather=w))).crop(ground) for w in ("clear", "snow"))  # type: ignore[arg-type]
    assert ImageStat.Stat(green).mean[1] - ImageStat.Stat(green).mean[2] > 40
    assert abs(ImageStat.Stat(white).mean[1] - ImageStat.Stat(white).mean[2]) < 20


def test_equal_words_paint_equal_places_and_colours_are_heard() -> None:
    assert place("Grandma's house", Stage()) == place("Grandma's house", Stage())
    assert place("Grandma's house", Stage()) != place("living room", Stage())
    red, green = (
        ImageStat.Stat(painted(place(f"the {hue} planet", Stage())).crop((0, 185, 200, 200))).mean
        for hue in ("red", "green")
    )
    assert red[0] > green[0]
    assert green[1] > red[1]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("hospital", "clinic"), ("the dentist", "clinic"), ("volcano", "mountain"), ("the North Pole", "snow"), ("Grandma's house", "living room"),
        ("a restaurant", "kitchen"), ("the red planet", "space"), ("Mars", "space"), ("treehouse", "attic"), ("inside the rocket", "spaceship"),
        ("under the sea", "underwater"), ("the bottom of the sea", "underwater"), ("pirate ship", "ship deck"), ("the kitchen at home", "kitchen"),
        ("Theo's bedroom", "bedroom"), ("fire station", "workshop"), ("train station", "station"), ("space station", "spaceship"),
        ("swimming pool", "park"), ("the woods", "forest"), ("trees", "forest"), ("beaches", "beach"), ("", "meadow"), ("xyzzy", "meadow"), ("中文", "meadow"),
    ],
)  # fmt: skip
def test_words_find_the_nearest_place(words: str, name: str) -> None:
    assert place_of(words) == name


def test_every_synonym_leads_to_a_drawn_place_and_none_to_two() -> None:
    assert set(NEAREST) <= set(PLACES)
    assert len(PLACES) >= 30
    phrases = [phrase.strip() for words in NEAREST.values() for phrase in words.split(",")]
    assert len(phrases) >= 200
    assert sorted(phrases) == sorted(set(phrases))
    for name, words in NEAREST.items():
        for phrase in words.split(","):
            assert place_of(phrase.strip()) == name, phrase
