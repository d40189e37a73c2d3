"""The people of the embedded painter: every pose, hair and outfit draws, keeps its traits and its size."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from storykin.character import Look, Outfit
from storykin.painters.sketch import hair, people, poses
from storykin.painters.sketch.body import sizes
from storykin.painters.sketch.drawn import Drawn
from storykin.painters.sketch.hats import HATS
from storykin.painters.sketch.ink import box, colour
from storykin.painters.sketch.wear import NOUNS, wear
from storykin.scene import ACTIONS, EXPRESSIONS

SASHA = Look(
    "child", 6, 0, "light", "red-brown", "bob with a fringe", "green", "round red glasses", "", ("freckles",)
)
JUMPER = Outfit("everyday", "a yellow striped jumper and blue trousers")
PLAIN = {
    "g",
    "path",
    "ellipse",
    "rect",
    "circle",
    "line",
    "polygon",
    "defs",
    "linearGradient",
    "radialGradient",
    "stop",
}


def drawn(
    look: Look = SASHA, words: str = JUMPER.words, action: str = "standing", facing: str = "right", **more
) -> Drawn:
    return people.person(
        look, Outfit("x", words, more.pop("palette", ())), action, more.pop("feels", "happy"), facing, **more
    )


def fills(svg: str) -> set[str]:
    return set(re.findall(r'fill="(#[0-9a-f]{6})"', svg))


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("facing", ["left", "right", "front"])
def test_every_action_draws_plain_shapes_at_the_promised_size(action: str, facing: str) -> None:
    found = drawn(action=action, facing=facing)
    tree = ElementTree.fromstring(f"<svg>{found.svg}</svg>")
    assert {node.tag for node in tree.iter()} - {"svg"} <= PLAIN
    assert "nan" not in found.svg
    tall, room = sizes(SASHA).tall, ACTIONS[action]
    assert (found.height / tall - room.lift) == pytest.approx(room.height, rel=0.13)
    assert found.width / tall < room.width * 1.12 + 0.06


@pytest.mark.parametrize("action", ACTIONS)
def test_lift_hangs_as_high_as_the_scene_says(action: str) -> None:
    assert poses.pose_of(action, "right").lift == ACTIONS[action].lift


def test_same_traits_in_every_pose_and_same_bytes_for_the_same_input() -> None:
    skin, tint = people.skin_of("light"), colour("red-brown")
    for action in ACTIONS:
        found = drawn(action=action)
        assert {skin, tint, colour("yellow"), colour("blue")} <= fills(found.svg), action
        assert found == drawn(action=action)


def test_left_is_the_mirror_of_right() -> None:
    right, left = drawn(facing="right"), drawn(facing="left")
    assert left.svg == f'<g transform="scale(-1 1)">{right.svg}</g>'
    assert left.grip[0] == -right.grip[0]


@pytest.mark.parametrize("feels", EXPRESSIONS)
def test_every_expression_is_another_face(feels: str) -> None:
    others = {drawn(feels=other).svg for other in EXPRESSIONS if other != feels}
    assert drawn(feels=feels).svg not in others


def test_who_sleeps_has_shut_eyes() -> None:
    assert drawn(action="sleeping", feels="happy").svg == drawn(action="sleeping", feels="cross").svg


def test_age_changes_proportions_and_true_height() -> None:
    small, big, grown = (sizes(Look("child", 2)), sizes(Look("child", 10)), sizes(Look("adult", 40)))
    assert small.tall < big.tall < grown.tall
    assert small.head / small.tall > big.head / big.tall > grown.head / grown.tall
    assert sizes(Look("child", 6, 130)).tall == 130
    assert drawn(Look("child", 6, 130)).height == pytest.approx(130, rel=0.04)


@pytest.mark.parametrize(
    ("words", "same_as"),
    [
        ("two long plaits", "braids"), ("a high pony tail", "ponytail"), ("shoulder-length", "shoulder"), ("shaved", "buzz"),
        ("very curly hair", "short curly"), ("long golden waves", "long wavy"), ("a pixie cut", "short"), ("topknot", "bun"),
    ],
)  # fmt: skip
def test_hair_words_find_the_nearest_style(words: str, same_as: str) -> None:
    assert hair.style_of(words) == next(style for name, _, style in hair.STYLES if name == same_as)


def test_all_hair_styles_differ_and_the_colour_is_free() -> None:
    assert len(hair.names()) >= 12
    for facing in ("front", "right"):
        assert len(
            {drawn(Look("child", 6, hair_style=name), facing=facing).svg for name in hair.names()}
        ) == len(hair.names())
    assert "#12ab34" in fills(drawn(Look("child", 6, hair_colour="#12ab34")).svg)


def test_the_old_are_grey_and_wrinkled_unless_told_otherwise() -> None:
    assert hair.tint_of("", 70, True) != hair.tint_of("", 40, True)
    assert colour("black") in fills(drawn(Look("adult", 70, hair_colour="black")).svg)


@pytest.mark.parametrize(
    ("words", "top", "bottom", "over", "hat"),
    [
        ("a white doctor's coat over a blue jumper", "jumper", "trousers", "doctor coat", None),
        ("a spacesuit", "spacesuit", "spacesuit", None, "space helmet"),
        ("striped pyjamas", "pyjamas", "pyjamas", None, None),
        ("a firefighter's jacket and helmet", "tshirt", "trousers", "fire jacket", "fire helmet"),
        ("a wizard's robe and a pointed hat", "robe", "robe", None, "wizard hat"),
        ("chef's hat and apron", "shirt", "trousers", "apron", "chef hat"),
        ("a blue skirt and a white blouse", "blouse", "skirt", None, None),
        ("a santa hat and a green jumper", "jumper", "trousers", None, "santa hat"),
    ],
)  # fmt: skip
def test_words_become_garments(words: str, top: str, bottom: str, over: str | None, hat: str | None) -> None:
    on = wear(words)
    assert (on.top.kind, on.bottom.kind) == (top, bottom)
    assert (on.over.kind if on.over else None, on.hat.kind if on.hat else None) == (over, hat)


def test_colours_come_from_words_then_palette() -> None:
    on = wear("a white doctor's coat over a jumper", ("white", "purple"))
    assert on.over is not None
    assert (on.over.fill, on.top.fill) == (colour("white"), colour("purple"))
    assert wear("a red dress with white dots").top.pattern == "dots"


def test_every_garment_named_in_the_table_can_be_worn() -> None:
    for slot, kind, _ in NOUNS:
        on = wear(f"a red {kind}")
        assert drawn(words=f"a red {kind}").svg
        if slot == "hat" and kind not in ("helmet", "hat"):
            assert on.hat is not None
            assert on.hat.kind == kind
    assert len(HATS) >= 16


def test_odd_words_still_dress_and_draw_somebody() -> None:
    for words in ("", "…", "ein Kleid & 🦄", "over and under, with on", "#12ab34", "x" * 3000):
        assert (
            drawn(
                Look("", -3, 0, "glass", "🌈", "😀", "plaid", "x", "y", ("", "?")),
                words,
                "juggling",
                "sideways",
            ).height
            > 40
        )


def test_a_prop_goes_into_the_hand_and_before_the_pusher() -> None:
    thing = Drawn(box(-40, -60, 80, 60, "#123456"), 80, 60, (30, -60), (0, -50))
    held, pushed = (drawn(action=action, prop=thing) for action in ("holding", "pushing"))
    assert all("#123456" in one.svg for one in (held, pushed))
    assert "scale(0." in held.svg


def test_a_wheelchair_is_there_whatever_its_owner_does() -> None:
    look = Look("child", 8, extras=("purple wheelchair",))
    for action in ("standing", "running", "waving"):
        found = drawn(look, "a red jumper", action=action)
        assert colour("purple") in fills(found.svg)
        assert found.height < 0.9 * sizes(look).tall + 20


@pytest.mark.parametrize("facing", ["left", "front"])
def test_whose_hair_is_cut_stands_and_dresses_as_before(facing: str) -> None:
    def jumper(look: Look) -> list[str]:
        return re.findall(
            r'<path[^>]*fill="#12ab34"[^>]*>', drawn(look, "a #12ab34 jumper", facing=facing).svg
        )

    look = Look("girl", 6, skin="fair", hair_colour="brown", hair_style="short")
    for style in ("bob", "curly", "pixie cut", "buzz cut"):
        other = replace(look, hair_colour="blond", hair_style=style, glasses="round", extras=("freckles",))
        assert jumper(other) == jumper(look) != []
    assert jumper(replace(look, skin="brown")) != jumper(look)  # everybody in their own way
