"""A page laid upon the storyboard's drawing of it: real drawings, one thing otherwise each time."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from storykin.character import Character, Look, Outfit
from storykin.critics.thresholds import gate
from storykin.overlaying import overlay, shapes
from storykin.painters.sketch import Sketch
from storykin.raster import png_of
from storykin.scene import Box, Figure, Scene
from storykin.shot import Shot

SASHA = Character(
    "Sasha",
    Look("girl", 6, skin="light brown", hair_colour="black", hair_style="pigtails"),
    (Outfit("everyday", "a red jumper and blue trousers"),),
)
TOM = Character(
    "Tom",
    Look("boy", 8, skin="fair", hair_colour="blond", hair_style="short"),
    (Outfit("everyday", "a green hoodie and grey trousers"),),
)
DOG = Character("Bello", Look("dog", 4, height=60, skin="brown"))
SCENE = Scene(
    "meadow",
    figures=(
        Figure("Sasha", "standing", box=Box(0.05, 0.3, 0.25, 0.6)),
        Figure("Tom", "standing", box=Box(0.35, 0.25, 0.28, 0.65)),
        Figure("Bello", "standing", box=Box(0.68, 0.6, 0.28, 0.3)),
    ),
)
SHOT = Shot(1, SCENE, (SASHA, TOM, DOG), "flat", seed=3, width=512, height=512)


def drawn(shot, wide=512):
    png = png_of(Sketch().paint(shot, lambda done: None), Sketch.media_type, wide)
    return Image.open(io.BytesIO(png)).convert("RGB")


def looking(name, **said):
    cast = tuple(
        replace(one, look=replace(one.look, **said)) if one.name == name else one for one in SHOT.cast
    )
    return replace(SHOT, cast=cast)


def dressed(name, words):
    cast = tuple(
        replace(one, outfits=(Outfit("everyday", words),)) if one.name == name else one for one in SHOT.cast
    )
    return replace(SHOT, cast=cast)


def moved(name, **box):
    figures = tuple(
        replace(one, box=replace(one.box, **box)) if one.character == name else one for one in SCENE.figures
    )
    return replace(SHOT, scene=replace(SCENE, figures=figures))


def without(name):
    figures = tuple(one for one in SCENE.figures if one.character != name)
    return replace(SHOT, scene=replace(SCENE, figures=figures))


def on_drawing(shot, **rest):
    found = overlay(SHOT, drawn(shot), **rest)
    assert found is not None
    return found


def others_same(found, name):
    return all(found.of(one.name).same for one in SHOT.cast if one.name != name)


def test_the_page_itself_lies_on_its_drawing_without_a_pixel_off():
    found = on_drawing(SHOT)
    assert found.figures == {}
    assert found.strays == ()


def test_a_figure_is_found_with_its_parts():
    found = shapes(SHOT, ["Sasha", "Bello"])
    sasha, bello = found["Sasha"], found["Bello"]
    assert set(sasha.parts) == {"hair", "skin", "clothes"}
    assert set(bello.parts) == {"coat", "clothes"}
    assert (
        sum(mask.astype(int) for mask in sasha.parts.values()) == sasha.whole
    ).all()  # each pixel is of one part
    rows, columns = sasha.whole.nonzero()
    high, wide = sasha.whole.shape
    assert 0.02 < columns.min() / wide < columns.max() / wide < 0.34
    assert 0.26 < rows.min() / high < rows.max() / high < 0.93
    hair, clothes = (np.nonzero(sasha.parts[part])[0].mean() for part in ("hair", "clothes"))
    assert hair < clothes
    assert bello.parts["coat"].sum() > 0.6 * bello.whole.sum()
    assert not (sasha.whole & bello.whole).any()


def test_other_hair_changes_hair_alone():
    found = on_drawing(looking("Sasha", hair_colour="blond"))
    sasha = found.of("Sasha")
    assert sasha.part("hair") > 0.9
    assert sasha.part("skin") < 0.4  # the painter lets her arms hang otherwise, too
    assert sasha.foreign < gate("overlay.foreign")  # her shoes have another colour, too
    assert others_same(found, "Sasha")


def test_other_clothes_change_clothes_alone():
    sasha = on_drawing(dressed("Sasha", "a yellow jumper and blue trousers")).of("Sasha")
    assert sasha.part("clothes") > 0.3
    assert sasha.foreign > 0.2
    assert sasha.part("hair") < 0.1
    assert sasha.part("skin") < 0.1


def test_an_animal_in_another_coat_keeps_its_outline():
    found = on_drawing(looking("Bello", skin="white")).of("Bello")
    assert found.part("coat") > 0.8
    assert found.around < 0.1


def test_who_is_left_out_is_gone():
    found = on_drawing(without("Tom"))
    assert found.of("Tom").gone > 0.9
    assert others_same(found, "Tom")


@pytest.mark.parametrize(("name", "box", "told"), [("Sasha", Box(0.0825, 0.48, 0.185, 0.42), "height 0.68"), ("Bello", Box(0.638, 0.51, 0.364, 0.39), "height 1.3")])  # fmt: skip
def test_another_size_is_told_by_trying_sizes(name, box, told):
    found = on_drawing(moved(name, x=box.x, y=box.y, w=box.w, h=box.h))
    assert found.of(name).told.split()[0] == "height"
    assert float(found.of(name).told.split()[1]) == pytest.approx(float(told.split()[1]), abs=0.08)


def test_hair_and_clothes_of_another_are_told():
    cast = list(looking("Sasha", hair_colour="blond", hair_style="short").cast)
    cast[0] = replace(cast[0], outfits=(Outfit("everyday", "a green hoodie and grey trousers"),))
    assert on_drawing(replace(SHOT, cast=tuple(cast))).of("Sasha").told in {"", "bleed Tom"}
    assert on_drawing(replace(SHOT, cast=tuple(cast))).of("Sasha").part("hair") > 0.3


def test_somebody_more_is_nobodys():
    new = Figure("Max", "standing", box=Box(0.3, 0.45, 0.16, 0.4))
    more = replace(
        SHOT, cast=(*SHOT.cast, replace(TOM, name="Max")), scene=replace(SCENE, figures=(*SCENE.figures, new))
    )
    found = on_drawing(more)
    box, share = found.groups()[0]
    assert share > 0.01
    assert box.overlap(new.box) > 0.5


@pytest.mark.parametrize("art", ["crayon", "watercolour", "cut-paper", "ink"])
def test_grain_and_paper_are_no_change(art):
    shot = replace(SHOT, art=art)
    found = overlay(shot, drawn(replace(looking("Sasha", hair_colour="white"), art=art)))
    assert found is not None
    assert found.of("Sasha").part("hair") > 0.6
    assert found.of("Tom").same
    assert found.of("Bello").same


def test_a_copy_saved_as_jpeg_in_another_size_is_the_same():
    file = io.BytesIO()
    drawn(SHOT, 900).save(file, "JPEG", quality=80)
    found = overlay(SHOT, Image.open(file))
    assert found is not None
    assert all(found.of(one.name).same for one in SHOT.cast)


def test_a_picture_by_another_hand_is_not_laid():
    other = replace(SHOT, scene=replace(SCENE, place="beach", time="night"))
    assert overlay(SHOT, drawn(other)) is None
