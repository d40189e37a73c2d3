"""The character sheet: everything is on it, nothing overlaps or runs over the edge, and colours are exactly as said."""

import re
from functools import cache
from xml.etree import ElementTree as ET

import pytest

from storykin.character import Character, Look, Outfit
from storykin.painters.sketch.creature_extents import Extent, extent_of
from storykin.painters.sketch.creature_kinds import KINDS
from storykin.painters.sketch.hair import names
from storykin.painters.sketch.ink import PAPER
from storykin.painters.sketch.lettering import width_of
from storykin.painters.sketch.model_sheet import BROAD, CELLS, HIGH, MARGIN, STAGE, WIDE, Panel, model_sheet
from storykin.raster import png_of

ET.register_namespace("", "http://www.w3.org/2000/svg")

SASHA = Character(
    "Sasha",
    Look("girl", 6, 0, "light", "red-brown", "two braids", "green", "round red", "", ("freckles",)),
    (
        Outfit("everyday", "a yellow striped jumper and blue trousers", ("yellow", "blue")),
        Outfit("rain", "a yellow raincoat and red wellies"),
        Outfit("puppy doctor", "a white doctor's coat over a blue jumper"),
    ),
    "the hero",
)
VIEWS = Panel(STAGE.x + 98, STAGE.y + 20, STAGE.w - 108, STAGE.h - 80)  # right of the tape measure
MANY = tuple(Outfit(f"outfit {i}", words) for i, words in enumerate(("pirate", "wizard", "chef", "knight", "queen")))  # fmt: skip
CASES = {
    "sasha": SASHA,
    "nothing known": Character("No"),
    "long names": Character("Annegret-Charlotte Wilhelmina " * 4, Look("woman", 68, 160, extras=("hearing aid", "earrings", "a star on the cheek") * 4), (Outfit("gardening in the month of May " * 3, "cardigan and long skirt", ("strawberry blond", "#a1b2c3")),)),
    "unbroken": Character("W" * 90, Look("man", 30, 200), (Outfit("M" * 60, "suit", ("#00ff00",)),)),
    "wardrobe": Character("Papa", Look("man", 41, 186, "fair", "brown", "short", "blue", "", "sturdy", ("long beard",)), MANY),
    "baby": Character("Bo", Look("baby", 0), (Outfit("pyjamas", "light blue onesie"),)),
    "wheelchair": Character("Leo", Look("boy", 9, 0, "medium", "black", "curly", "", "square", "", ("red wheelchair",)), MANY[:2]),
    "kind of person": Character("Oma", Look("grandma", 70)),
    "whale": Character("Wilbur", Look("whale", skin="blue with a white belly")),
    "giraffe": Character("Gigi", Look("giraffe", height=260)),
    "bee": Character("B", Look("bee", height=3)),
    "dragon": Character("Ember & <Spark>\x07", Look("dragon", 5, 300, "green", "orange", "", "amber"), (Outfit("royal", "red cape and crown"), Outfit("chilly", "scarf, bobble hat"))),
}  # fmt: skip


@cache
def tree(name: str) -> ET.Element:
    """The parsed sheet of one case."""
    return ET.fromstring(model_sheet(CASES[name]))


def words_on(sheet: ET.Element) -> list[str]:
    return ["".join(node.itertext()) for node in sheet.iter() if node.tag.endswith("}text")]


def parts(sheet: ET.Element, name: str) -> list[ET.Element]:
    return [node for node in sheet.iter() if node.get("data-part") == name]


def box_of(node: ET.Element) -> Extent:
    return extent_of(ET.tostring(node, encoding="unicode"))


def within(inner: Extent, outer: Panel, slack: float = 0.5) -> bool:
    return (
        inner.left >= outer.x - slack
        and inner.top >= outer.y - slack
        and inner.right <= outer.x + outer.w + slack
        and inner.bottom <= outer.y + outer.h + slack
    )


def apart(one: Extent, other: Extent) -> bool:
    beside = one.right <= other.left or other.right <= one.left
    return beside or one.bottom <= other.top or other.bottom <= one.top


def line_box(node: ET.Element) -> Extent:
    """The room of a line of text, from its size and the (generous) widths of its letters."""
    size, x, y = (float(node.get(key, "0")) for key in ("font-size", "x", "y"))
    long = width_of("".join(node.itertext()), size, node.get("font-weight") == "bold") / 1.03
    left = x - {"start": 0.0, "middle": 0.5, "end": 1.0}[node.get("text-anchor", "start")] * long
    return Extent(left, y - 0.72 * size, left + long, y + 0.2 * size)


def test_everything_is_on_the_sheet() -> None:
    sheet = tree("sasha")
    said = words_on(sheet)
    shown = {"Sasha", "front", "side", "happy", "surprised", "sad", "everyday", "rain", "puppy doctor", "cm", "116"}  # fmt: skip
    assert shown <= set(said)
    assert {"skin", "light", "hair", "red-brown", "eyes", "green", "yellow", "blue"} <= set(said)
    line = next(one for one in said if one.startswith("girl"))
    for fact in (
        "6 years",
        "116 cm",
        "two braids",
        "green eyes",
        "round red glasses",
        "freckles",
        "the hero",
    ):
        assert fact in line
    for part, count in {"front": 1, "side": 1, "happy": 1, "surprised": 1, "sad": 1, "outfit": 3, "move": 1}.items():  # fmt: skip
        assert len(parts(sheet, part)) == count, part
    faces = {ET.tostring(parts(sheet, one)[0]) for one in ("happy", "surprised", "sad")}
    assert len(faces) == 3


@pytest.mark.parametrize("name", CASES)
def test_figures_stay_in_their_places(name: str) -> None:
    sheet = tree(name)
    front = parts(sheet, "half turned" if name == "wheelchair" else "front")[0]
    both = box_of(front), box_of(parts(sheet, "side")[0])
    assert all(within(one, VIEWS) for one in both)
    assert apart(*both)
    cells = [box_of(one) for part in ("outfit", "move") for one in parts(sheet, part)]
    assert len(cells) == 4
    assert any(all(within(*pair) for pair in zip(cells, grid, strict=True)) for grid in (CELLS, BROAD))


@pytest.mark.parametrize("name", CASES)
def test_words_neither_overlap_nor_run_over_the_edge(name: str) -> None:
    page = Panel(20, 20, WIDE - 40, HIGH - 28)
    sheet = tree(name)
    found = [(node, line_box(node)) for node in sheet.iter() if node.tag.endswith("}text")]
    shown = ("front", "half turned", "side", "outfit", "move")
    figures = [box_of(one) for part in shown for one in parts(sheet, part)]
    for i, (node, room) in enumerate(found):
        assert within(room, page, 0), "".join(node.itertext())
        assert all(apart(room, figure) for figure in figures), "".join(node.itertext())
        for other, there in found[:i]:
            assert apart(room, there), ("".join(node.itertext()), "".join(other.itertext()))


@pytest.mark.parametrize("name", ["sasha", "unbroken", "wardrobe", "dragon"])
def test_the_margin_of_the_picture_is_empty(name: str) -> None:
    np = pytest.importorskip("numpy")
    image = pytest.importorskip("PIL.Image")
    import io

    png = png_of(model_sheet(CASES[name]).encode(), "image/svg+xml", 800)
    pixels = np.asarray(image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    assert pixels.shape[:2] == (566, 800)
    paper = [int(PAPER[i : i + 2], 16) for i in (1, 3, 5)]
    edge = int(MARGIN / 2) - 4
    sides = (pixels[: edge - 4], pixels[-4:], pixels[:, :edge], pixels[:, -edge:])
    assert [int(abs(side - paper).max()) for side in sides] == [0, 0, 0, 0]
    assert abs(pixels - paper).max() > 100


@pytest.mark.parametrize("name", ["sasha", "whale"])
def test_the_same_character_gives_the_same_bytes(name: str) -> None:
    assert model_sheet(CASES[name]) == model_sheet(CASES[name])


def test_width_is_of_the_picture_not_of_its_units() -> None:
    sheet = ET.fromstring(model_sheet(CASES["nothing known"], 800))
    assert (sheet.get("width"), sheet.get("height"), sheet.get("viewBox")) == ("800", "566", "0 0 1600 1131")


def test_hex_colours_are_drawn_exactly_and_said_in_words() -> None:
    look = Look("boy", 5, 0, "#8d5a3c", "#2b1d18", "locs", "#442200")
    svg = model_sheet(Character("Mika", look, (Outfit("home", "a jumper and trousers", ("#11aa77", "#223344")),)))  # fmt: skip
    for code in ("#8d5a3c", "#2b1d18", "#442200", "#11aa77", "#223344"):
        assert f'fill="{code}"' in svg
    said = " ".join(words_on(ET.fromstring(svg)))
    assert "#" not in said
    assert "green" in said


def test_unknown_colours_are_not_made_up() -> None:
    said = words_on(tree("nothing known"))
    assert not {"skin", "hair", "eyes", "colours"} & set(said)
    assert "everyday" in said


def test_an_age_nobody_said_is_not_told() -> None:
    assert any("under a year" in one for one in words_on(tree("baby")))
    assert not any("year" in one for one in words_on(tree("giraffe")))


def test_outfits_beyond_the_fourth_are_named() -> None:
    assert "also in the wardrobe: outfit 4" in words_on(tree("wardrobe"))


@pytest.mark.parametrize("kind", ["puppy", "owl", "octopus", "crab", "ghost", "snowman", "frog"])
def test_animals_get_a_sheet(kind: str) -> None:
    holds_together(Look(kind))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_gets_a_sheet(kind: str) -> None:
    holds_together(Look(kind), (Outfit("winter", "red scarf, bobble hat and a blue coat"),))


@pytest.mark.slow
@pytest.mark.parametrize("style", names())
def test_every_hair_style_gets_a_sheet(style: str) -> None:
    holds_together(Look("girl", 8, hair_style=style, glasses="round"))


def holds_together(look: Look, outfits: tuple[Outfit, ...] = ()) -> None:
    """Draw a sheet whose figures keep to their places."""
    svg = model_sheet(Character("Somebody", look, outfits))
    assert not re.search(r"\bnan\b|\binf\b", svg)
    sheet = ET.fromstring(svg)
    front, side = (box_of(parts(sheet, one)[0]) for one in ("front", "side"))
    assert within(front, VIEWS)
    assert within(side, VIEWS)
    assert apart(front, side)
