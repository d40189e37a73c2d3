"""What may help when a picture failed: each function changes what it names and nothing else, and says so when there is nothing to change."""

from dataclasses import replace

import pytest

from storykin.character import Adapter, Character, Look, Outfit
from storykin.consistency import Setting
from storykin.consistency.mending import LOUDEST, MOST, kept_apart, louder, repainted, reseeded, stronger
from storykin.consistency.methods import by_best
from storykin.consistency.prompts import Dialect
from storykin.picture import FaultName
from storykin.scene import Box, Figure, Scene
from storykin.shot import PlacedAdapter, Shot

SASHA = Character(
    "Sasha", Look("girl", 6, hair_colour="red", hair_style="short", extras=("freckles",)),
    (Outfit("vet", "a white coat", ("blue", "gold")),),
)  # fmt: skip
THEO = Character("Theo", Look("man", 39, hair_colour="black"), (Outfit("e", "a striped jumper"),))
REX = Character("Rex", Look("dog", 3, skin="brown"))
LEFT, RIGHT, MIDDLE = Box(0.1, 0.4, 0.2, 0.5), Box(0.6, 0.3, 0.25, 0.6), Box(0.4, 0.7, 0.1, 0.2)
SCENE = Scene(
    "garden", figures=(Figure("Sasha", "waving", box=LEFT), Figure("Theo", box=RIGHT), Figure("Rex", box=MIDDLE))
)  # fmt: skip
TAUGHT = (
    PlacedAdapter(Adapter("s", "sdxl", "zvsqk", 8, 0.9), LEFT, "Sasha"),
    PlacedAdapter(Adapter("t", "sdxl", "zvtqk", 8), RIGHT, "Theo"),
    PlacedAdapter(Adapter("oil", "sdxl", "", 8)),
)


def shot(dialect: Dialect, *powers: str) -> Shot:
    setting = Setting(art="oil", dialect=dialect, powers=frozenset(powers))
    return by_best(Shot(3, SCENE, (SASHA, THEO, REX), "oil", seed=2**32 - 3), setting)


def test_another_seed_is_another_seed_and_nothing_else() -> None:
    one = shot("phrases")
    seeds = [reseeded(one, number).seed for number in range(7)]
    assert len(set(seeds)) == 7
    assert seeds[0] == one.seed
    assert all(0 <= seed < 2**32 for seed in seeds)
    assert not {one.seed + 1, one.seed + 2} & set(seeds[1:])  # a parent's "again" counts on by one
    assert replace(reseeded(one, 3), seed=one.seed) == one


@pytest.mark.parametrize("powers", [(), ("regions",)])
@pytest.mark.parametrize(
    ("fault", "who", "before", "after"),
    [
        ("hair", "Sasha", "(short red hair:1.2)", "(short red hair:1.4)"),
        ("hair", "Rex", "(a brown dog in the middle:1.2)", "(a brown dog in the middle:1.4)"),
        ("clothes", "Sasha", "(wearing a white coat in blue and gold:1.1)", "(wearing a white coat in blue and gold:1.3)"),
        ("not-her", "Sasha", "(freckles:1.2)", "(freckles:1.4)"),
        ("missing", "Theo", "a man on the right", "a (man on the right:1.3)"),
        ("wrong place", "", "a garden,", "(a garden:1.3),"),
    ],
)  # fmt: skip
def test_phrases_are_weighed_up(
    fault: FaultName, who: str, before: str, after: str, powers: tuple[str, ...]
) -> None:
    one = shot("phrases", *powers)
    assert one.prompt.count(before) == 1
    found = louder(one, fault, who, "phrases")
    assert (found.prompt.count(after), found.prompt.count(before)) == (1, 0)
    assert found.prompt.replace(":1.4", ":1.2").replace(":1.3", ":1.1").count("wearing") == 2
    for part in found.parts:
        assert found.prompt.count(part.words) == 1  # what holds for a region is found in the prompt
    assert replace(found, prompt=one.prompt, parts=one.parts) == one


def test_nothing_is_louder_than_the_loudest() -> None:
    found = shot("phrases")
    for _ in range(4):
        found = louder(found, "clothes", "Sasha", "phrases")
    assert f"(wearing a white coat in blue and gold:{LOUDEST:g})" in found.prompt


@pytest.mark.parametrize("powers", [(), ("regions",)])
@pytest.mark.parametrize(
    ("fault", "who", "said"),
    [
        ("hair", "Sasha", "The girl has short red hair. On the left is"),
        ("hair", "Rex", "The dog is brown. In the middle is"),
        ("clothes", "Theo", "The man is wearing a striped jumper. On the right is"),
        ("not-her", "Sasha", "The girl has short red hair and freckles. On the left is"),
        ("bleed", "Theo", "The man has black hair and is wearing a striped jumper. On the right is"),
        ("missing", "Theo", "The man is clearly in the picture on the right. On the right is"),
        ("height", "Sasha", "The girl is about two thirds as tall as the man. An oil painting"),
        ("extra", "", "There is nobody else in the picture. An oil painting"),
        ("wrong place", "", "The setting is a garden. An oil painting"),
    ],
)
def test_sentences_say_it_first_and_again(
    fault: FaultName, who: str, said: str, powers: tuple[str, ...]
) -> None:
    one = shot("sentences", *powers)
    found = louder(one, fault, who, "sentences")
    assert said in found.prompt
    assert len(found.prompt) > len(one.prompt)
    for part in found.parts:
        assert found.prompt.count(part.words) == 1
    assert louder(found, fault, who, "sentences") == found


def test_what_should_not_be_there_is_weighed_up_where_it_is_heard() -> None:
    one = shot("phrases")
    assert "(text:1.3), (letters:1.3)" in louder(one, "words in picture", "", "phrases").negative_prompt
    assert "(extra people:1.3)" in louder(one, "extra", "", "phrases").negative_prompt
    told = shot("sentences")
    assert louder(told, "words in picture", "", "sentences") == told


@pytest.mark.parametrize("fault", ["hair", "clothes", "not-her", "missing", "extra", "wrong place", "height"])
def test_who_reads_nothing_is_told_nothing(fault: FaultName) -> None:
    assert louder(shot(""), fault, "Sasha", "") == shot("")


def test_nobody_who_is_not_there_is_told_of() -> None:
    assert louder(shot("phrases"), "hair", "Nobody", "phrases") == shot("phrases")


def test_more_of_an_adapter_up_to_the_most() -> None:
    one = replace(shot("phrases"), adapters=TAUGHT)
    found = stronger(one, "Sasha")
    assert [worn.adapter.scale for worn in found.adapters] == [1.08, 1.0, 1.0]
    for _ in range(9):
        found = stronger(found, "Sasha")
    assert [worn.adapter.scale for worn in found.adapters] == [MOST, 1.0, 1.0]
    assert stronger(found, "Sasha") == found
    assert stronger(one, "Rex") == one
    hot = replace(one, adapters=(replace(TAUGHT[0], adapter=replace(TAUGHT[0].adapter, scale=2.0)),))
    assert stronger(hot, "Sasha") == hot  # set so by hand: never less


def test_people_are_kept_apart_by_the_next_stricter_way() -> None:
    one = replace(shot("phrases"), adapters=TAUGHT, apart="sum")
    masks = kept_apart(one, True)
    assert masks.apart == "masks"
    assert kept_apart(masks, True).apart == "fill"
    assert kept_apart(masks, False) == masks
    assert kept_apart(replace(one, apart="fill"), True).apart == "fill"
    assert (
        kept_apart(replace(one, adapters=TAUGHT[1:]), True).apart == "sum"
    )  # one alone takes over nobody's looks


@pytest.mark.parametrize("powers", [(), ("regions",)])
@pytest.mark.parametrize("dialect", ["phrases", "sentences"])
def test_one_figure_alone_is_painted_anew(dialect: Dialect, powers: tuple[str, ...]) -> None:
    one = replace(shot(dialect, *powers), apart="masks")
    found = repainted(one, "Sasha", "pictures/03.png", Box(0.1, 0.4, 0.2, 0.5), "hair", dialect)
    assert found.init_image == "pictures/03.png"
    assert found.repaint is not None
    assert (found.repaint.x, found.repaint.y) == (0.076, 0.34)
    assert found.repaint.bottom == pytest.approx(0.96)
    assert "short red hair" in found.prompt
    assert "striped jumper" not in found.prompt
    assert "brown dog" not in found.prompt
    assert "garden" in found.prompt
    assert (found.parts, found.apart) == ((), "")
    assert {"mask", "init_image"} <= found.asks


def test_who_was_painted_from_near_by_is_so_again() -> None:
    one = by_best(
        Shot(3, SCENE, (SASHA, THEO, REX), "oil"),
        Setting(art="oil", dialect="sentences", powers=frozenset({"init_image"}), closer=0.9),
    )
    assert [closeup.character for closeup in one.closeups] == ["Sasha", "Theo", "Rex"]
    found = repainted(one, "Sasha", "pictures/03.png", LEFT, "hair", "sentences")
    (again,) = found.closeups
    assert (again.character, again.words, again.mask) == ("Sasha", one.closeups[0].words, "")
    assert again.region == found.repaint
    assert again.view
    assert again.region.overlap(again.view) == pytest.approx(1.0)
    whole = repainted(one, "Sasha", "pictures/03.png", Box(0.02, 0.01, 0.97, 0.98), "height", "sentences")
    assert whole.closeups == ()
    louder_now = louder(one, "hair", "Sasha", "sentences")
    told = [closeup.words for closeup in louder_now.closeups]
    assert told[0].startswith("The girl has short red hair")
    assert told[1:] == [closeup.words for closeup in one.closeups[1:]]


def test_only_her_adapter_and_the_styles_are_worn() -> None:
    found = repainted(replace(shot("phrases"), adapters=TAUGHT), "Sasha", "p.png", LEFT, "not-her", "phrases")
    assert [(one.character, one.region) for one in found.adapters] == [("Sasha", None), ("", None)]


def test_who_is_missing_is_painted_where_she_should_stand_out_of_nothing() -> None:
    found = repainted(shot("phrases"), "Theo", "p.png", None, "missing", "phrases")
    assert found.strength == 1.0
    assert found.repaint is not None
    assert found.repaint.overlap(RIGHT) > 0.5
    tall = repainted(shot("phrases"), "Theo", "p.png", Box(0.6, 0.1, 0.3, 0.8), "height", "phrases")
    assert tall.repaint is not None
    assert tall.repaint.y < 0.1
    assert tall.repaint.bottom == pytest.approx(0.996)


def test_a_region_that_is_nowhere_is_not_painted() -> None:
    one = shot("phrases")
    assert repainted(one, "Nobody", "p.png", None, "hair", "phrases") == one
    assert repainted(one, "Sasha", "p.png", Box(1.4, 0.2, 0.2, 0.2), "hair", "phrases") == one
