"""One figure against its references: every respect by its gate, and what makes it somebody else."""

import pytest

from storykin.critics import Seen
from storykin.critics.thresholds import gate
from storykin.critics.weighing import Held, compared, same_kind
from storykin.scene import Box

WHOLE = Box(0.1, 0.1, 0.8, 0.8)
RED, BLUE, BROWN = (46.0, 60.0, 42.0), (45.0, 6.0, -48.0), (32.0, 8.0, 13.0)


def figure(palettes=None, vectors=None, **rest):
    colours = {part: tuple((lab, 1 / len(labs)) for lab in labs) for part, labs in (palettes or {}).items()}
    return Seen(WHOLE, palettes=colours, vectors=vectors or {}, **rest)


def ratio(respect, seen, *references):
    return compared(seen, references, "Sasha").ratio(respect)


def test_somebody_is_beyond_no_gate_of_themselves():
    one = figure(
        {"hair": [BROWN], "clothes": [RED, BLUE], "skin": [BROWN]}, {"drawn": (1.0, 0.0)}, kind="child"
    )
    held = compared(one, (one,), "Sasha")
    assert set(held.respects) == {"looks", "hair", "clothes", "skin", "kind"}
    assert all(far == 0 for far, _ in held.respects.values())
    assert not held.stranger
    assert held.why("hair") == ""


@pytest.mark.parametrize(
    ("off", "stranger"),
    [
        ({"hair": 3.0}, False),
        ({"clothes": 3.0}, False),
        ({"hair": 3.0, "clothes": 3.0}, False),
        ({"looks": 1.2}, True),
        ({"looks": 1.2, "hair": 2.0}, False),
        ({"looks": 1.2, "hair": 2.0, "clothes": 2.0}, True),
        ({"looks": 1.2, "hair": 2.0, "skin": 1.2}, True),
        ({"looks": 1.2, "hair": 2.0, "glasses": 1.2}, True),
        ({"looks": 99.0, "hair": 2.0}, True),
        ({"kind": 1.1}, True),
        ({"looks": 0.8, "clothes": 3.0, "skin": 0.8}, False),
        ({"looks": 1.2, "clothes": 3.0}, True),
        ({"skin": 0.9}, False),
        ({"skin": 1.1}, True),
        ({"skin": 0.8, "glasses": 0.8}, True),
        ({"looks": 0.8, "skin": 0.8}, True),
        ({"looks": 0.8, "hair": 2.0, "skin": 0.8}, False),
        ({"skin": 99.0}, True),
        ({"skin": 1.1, "hair": 1.1}, True),
        ({"glasses": 1.1}, True),
    ],
)
def test_who_is_somebody_else(off, stranger):
    assert Held({respect: (far, respect) for respect, far in off.items()}, {}, "drawn").stranger is stranger


def test_an_animal_in_another_coat_is_the_same_animal():
    off = {"looks": (2.0, ""), "hair": (3.0, "")}
    assert not Held(off, {}, "drawn", beast=True).stranger
    assert Held({**off, "kind": (1.1, "")}, {}, "drawn", beast=True).stranger
    assert Held({"looks": (1.2, "")}, {}, "drawn", beast=True).stranger
    brown, cat = (figure({"coat": [BROWN]}, kind=kind) for kind in ("dog", "cat"))
    assert compared(cat, (brown,), "Biscuit").beast
    assert not compared(figure(kind="girl"), (brown,), "Biscuit").beast


def test_a_face_needs_no_hair_to_be_another():
    off = {"looks": (1.2, ""), "hair": (2.0, "")}
    assert Held(off, {}, "face").stranger
    assert not Held(off, {}, "drawn").stranger


def test_small_differences_add_up():
    most = gate("clothes.garment")
    red, other = (50.0, 0.0, 0.0), (50.0 + 0.8 * most, 0.0, 0.0)
    clothes = figure({"upper": [red], "lower": [BLUE], "clothes": [red, BLUE]})
    one = ratio("clothes", figure({"upper": [other], "lower": [BLUE], "clothes": [other, BLUE]}), clothes)
    both = figure({"upper": [other], "lower": [red], "clothes": [other, red]})
    two = ratio("clothes", both, figure({"upper": [red], "lower": [other], "clothes": [red, other]}))
    assert 0.5 < one < 1.0
    assert two == pytest.approx(2 ** (1 / gate("looks.power")) * one)


def test_the_edge_of_the_picture_makes_no_skirt_of_a_jumper():
    """Whom the picture shows to the waist has their jumper at its lower edge, where a reader expects a skirt; a red skirt of a whole figure is another one."""
    wanted = figure({"upper": [RED], "lower": [BLUE], "clothes": [RED, BLUE]})
    one = dict.fromkeys(("upper", "lower", "clothes"), ((RED, 1.0),))
    assert ratio("clothes", Seen(Box(0.2, 0.2, 0.6, 0.8), palettes=one), wanted) == 0
    assert ratio("clothes", Seen(Box(0.2, 0.1, 0.6, 0.8), palettes=one), wanted) > 1
    cut = Seen(Box(0.2, 0.2, 0.6, 0.8), palettes=one, traits={"lower": "skirt"})
    trousers = Seen(WHOLE, palettes=wanted.palettes, traits={"lower": "trousers"})
    assert ratio("clothes", cut, trousers) == 0
    brown = {**one, "lower": ((BROWN, 1.0),), "clothes": ((RED, 0.5), (BROWN, 0.5))}
    assert ratio("clothes", Seen(Box(0.2, 0.2, 0.6, 0.8), palettes=brown), wanted) > 1


def test_little_of_a_garment_says_little():
    wanted = figure({"upper": [RED], "hat": [BROWN], "clothes": [RED, BROWN]})
    small = Seen(
        WHOLE,
        palettes={"upper": ((RED, 1.0),), "hat": ((BLUE, 1.0),), "clothes": ((RED, 0.95), (BLUE, 0.05))},
    )
    large = figure({"upper": [RED], "hat": [BLUE], "clothes": [RED, BLUE]})
    assert ratio("clothes", small, wanted) < 0.5 * ratio("clothes", large, wanted)


def test_legs_behind_a_table_are_no_change_of_clothes():
    wanted = figure({"clothes": [RED, BLUE]})
    assert ratio("clothes", figure({"clothes": [RED]}), wanted) < ratio("clothes", figure({"clothes": [BROWN]}), wanted) / 2  # fmt: skip


def test_what_is_only_told_in_words_has_a_wider_gate():
    words, measured = figure({"clothes": [RED]}), figure({"clothes": [RED]}, {"face": (1.0, 0.0)})
    other = figure({"clothes": [BROWN]})
    assert ratio("clothes", other, measured) == pytest.approx(
        gate("looks.told") * ratio("clothes", other, words)
    )


def test_a_reader_s_doubts_are_no_difference():
    doubt = {"hair_style": {"long": 0.4, "bob": 0.35, "short": 0.25}}
    one = figure(traits={"hair_style": "long"}, chances=doubt)
    assert ratio("hair", one, one) == 0
    sure = figure(traits={"hair_style": "short"}, chances={"hair_style": {"short": 1.0}})
    assert ratio("hair", sure, one) == pytest.approx(0.75 / gate("hair.style"))


def test_bald_heads_have_no_hair_to_compare_and_a_wig_is_seen():
    bald, haired = figure(traits={"hair_style": "bald"}), figure(traits={"hair_style": "long"})
    hat = figure(traits={"hair_style": "hidden"})
    assert compared(bald, (bald,), "Tom").unread["hair"] == "there is none"
    assert ratio("hair", haired, bald) > 1
    assert compared(hat, (haired,), "Tom").unread["hair"] == "a hat or a hood hides it"
    assert compared(haired, (hat,), "Tom").unread["hair"] == "a hat or a hood hides it"


def test_the_coat_is_an_animal_s_hair():
    brown, red = (
        figure({"coat": [BROWN]}, {"drawn": (1.0,)}, kind="dog"),
        figure({"coat": [RED]}, {"drawn": (1.0,)}, kind="dog"),
    )
    held = compared(red, (brown,), "Biscuit")
    assert held.ratio("hair") > 1
    assert held.why("hair").startswith("Biscuit's coat is red, not dark brown (ΔE")


def test_kinds():
    girl, boy, woman, dog = (figure(kind=kind) for kind in ("girl", "boy", "woman", "dog"))
    assert ratio("kind", boy, girl) == 0
    assert ratio("kind", figure(kind="child"), girl) == 0
    assert ratio("kind", woman, girl) > 1
    assert ratio("kind", dog, girl) > 1
    doubt = figure(kind="cat", chances={"kind": {"cat": 0.8, "dog": 0.2}})
    assert ratio("kind", doubt, dog) < 1 < ratio("kind", figure(kind="cat"), dog)
    assert same_kind(boy, [girl])
    assert not same_kind(dog, [girl])
    assert same_kind(figure(), [girl])


def test_without_references_nothing_is_held_against_anybody():
    held = compared(figure(kind="dog"), (), "Sasha")
    assert held.respects == {}
    assert set(held.unread) == {"looks", "hair", "clothes"}
