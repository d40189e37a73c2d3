"""The looks: different to the eye, the same for the same seed, vectors only."""

import io
import re
import xml.etree.ElementTree as ET

import pikepdf
import pytest
import typst

from storykin.painters.sketch import Sketch
from storykin.painters.sketch.looks import ARTS, restyle

PAGE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100" viewBox="0 0 1000 1000"><defs></defs>'
    '<rect width="1000" height="1000" fill="#fdf6e9"/><rect x="0" y="600" width="1000" height="400" fill="#6fa65a"/>'
    '<g transform="translate(500 800) scale(2 2)"><path d="M0 0L50 0q10 -60 -20 -80h-30v40Z" fill="#d9513f" stroke="#802020" stroke-width="1"/>'
    '<ellipse cx="10" cy="-90" rx="20" ry="24" fill="#4f86c1" transform="rotate(20 10 -90)"/></g>'
    '<path d="M0 0H50V50H0ZM10 10H40V40H10Z" fill="#dcae43" fill-rule="evenodd"/>'
    '<g style="mix-blend-mode:multiply"><rect width="1000" height="1000" fill="#4c5d94" fill-opacity="0.3"/></g>'
    "</svg>"
)  # fmt: skip


@pytest.mark.parametrize("art", ARTS)
def test_a_look_is_sound_and_repeats_itself(art: str) -> None:
    page = restyle(PAGE, art, 3)
    root = ET.fromstring(page)
    assert page == restyle(PAGE, art, 3)
    assert root.get("viewBox") == "0 0 1000 1000"
    assert not re.search(r"<(filter|image|text|mask|ns0)", page)
    names = re.findall(r'id="([^"]+)"', page)
    assert len(names) == len(set(names))
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(names)
    assert page.count('fill-rule="evenodd"') >= 1


def test_looks_differ_and_seeds_differ() -> None:
    assert len({restyle(PAGE, art, 3) for art in ARTS}) == len(ARTS)
    assert restyle(PAGE, "crayon", 3) != restyle(PAGE, "crayon", 4)


def test_the_painter_offers_every_look() -> None:
    assert Sketch.arts == ARTS


@pytest.mark.parametrize("art", ARTS)
def test_a_printed_page_stays_vector(art: str) -> None:
    source = '#set page(width: 200pt, height: 200pt, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg", width: 200pt)'
    printed = typst.Compiler(source.encode(), sys_inputs={"svg": restyle(PAGE, art, 3)}).compile(format="pdf")
    assert isinstance(printed, bytes)
    with pikepdf.open(io.BytesIO(printed)) as book:
        kinds = [one.get("/Subtype") for one in book.objects if isinstance(one, pikepdf.Stream)]
    assert "/Image" not in kinds
