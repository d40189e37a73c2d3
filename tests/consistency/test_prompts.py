"""Prompts and alt texts: everything fixed about those on stage, nothing about those who are not."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storykin.character import Character, Look, Outfit
from storykin.consistency import Setting, chain
from storykin.consistency.prompts import alt_of, by_prompt, filled, parts_of, prompt_of
from storykin.consistency.styles import Style
from storykin.consistency.wording import described, with_article
from storykin.errors import BadInput
from storykin.scene import Box, Figure, Scene
from storykin.shot import Shot

SASHA = Character(
    "Sasha",
    Look("girl", 6, 116, "fair", "red-brown", "short curly", "green", "round", extras=("freckles",)),
    (Outfit("everyday", "a striped jumper"), Outfit("vet", "a white doctor's coat")),
)
BISCUIT = Character("Biscuit", Look("dog", skin="brown with white spots", extras=("a red collar",)))
SCENE = Scene(
    "clinic",
    "evening",
    "rain",
    ("lamp", "open window"),
    (Figure("Sasha", "kneeling", "worried", "bandage", "vet"),),
    "close",
    Box(0.1, 0.08, 0.8, 0.2),
)


def test_every_fixed_trait_is_in_the_prompt() -> None:
    prompt = prompt_of(SCENE, (SASHA,), "watercolour").lower()
    for words in (
        "6-year-old girl", "fair skin", "short curly red-brown hair", "green eyes", "round glasses", "freckles",
        "a white doctor's coat", "kneeling with a bandage", "worried expression", "clinic", "in the evening", "in the rain",
        "a lamp", "an open window", "watercolour", "close-up", "top of the picture", "one figure",
    ):  # fmt: skip
        assert words in prompt, words


def test_nobody_off_stage_is_mentioned() -> None:
    prompt = prompt_of(SCENE, (SASHA, BISCUIT), "flat")
    assert "Biscuit" not in prompt
    assert "striped jumper" not in prompt
    both = prompt_of(
        Scene("park", figures=(Figure("Sasha"), Figure("Biscuit", "running"))), (SASHA, BISCUIT), "flat"
    )
    assert "brown with white spots" in both
    assert "a red collar" in both
    assert "2 figures" in both


def test_alt_text_describes_fully_once() -> None:
    first = alt_of(SCENE, (SASHA,))
    later = alt_of(SCENE, (SASHA,), frozenset({"Sasha"}))
    assert "red-brown hair" in first
    assert (
        later
        == "Sasha is kneeling with a bandage and looks worried. A clinic in the evening in the rain with a lamp and an open window."
    )
    assert len(later) < len(first)


def test_words() -> None:
    assert described(Look("dog", skin="brown with white spots")) == "a dog, brown with white spots,"
    assert described(Look("whale", skin="purple", extras=("a bow tie",))) == "a purple whale with a bow tie"
    assert (
        described(Look("woman", 70, hair_colour="grey", hair_style="bun"))
        == "an old woman with bun grey hair"
    )
    assert [with_article(noun) for noun in ("apple", "unicorn", "Mars", "scissors", "the moon", "glass", "grandpa's hat")] == [
        "an apple", "a unicorn", "Mars", "scissors", "the moon", "a glass", "grandpa's hat",
    ]  # fmt: skip


def test_numbers_of_colours_become_words_everywhere() -> None:
    measured = Character(
        "Mila",
        Look(
            "girl",
            5,
            110,
            "#dfa983",
            "#a08050",
            "long",
            "#58819e",
            "#cd302a",
            extras=("a #1c6cbb hearing aid",),
        ),
        (Outfit("everyday", "a #cd302a top and navy trousers", ("#cd302a", "#202e4b")),),
    )
    rex = Character("Rex", Look("dog", skin="#b07b4a with #f4f2ee spots", hair_colour="#2a2624"))
    scene = Scene(
        "#a6c97c meadow",
        props=("#f9cc4f ball",),
        figures=(Figure("Mila", "holding", prop="#cd302a kite"), Figure("Rex")),
    )
    prompt, alt = prompt_of(scene, (measured, rex), "flat"), alt_of(scene, (measured, rex))
    for said in (prompt, alt):
        assert "#" not in said
        for words in (
            "medium skin", "long dark blond hair", "blue eyes", "red glasses", "a blue hearing aid", "a red top and navy trousers",
            "a dog, light brown with white spots,", "black markings", "holding a red kite", "a yellow ball", "light green meadow",
        ):  # fmt: skip
            assert words in said.lower(), words


def test_words_beside_a_number_are_what_the_parent_calls_it() -> None:
    assert described(Look("boy", 4, skin="#9c6644 warm brown", hair_colour="#231f1d (dark brown)")) == (
        "a 4-year-old boy with warm brown skin and dark brown hair"
    )
    assert described(Look("boy", 4, skin="light brown skin", hair_colour="blond hair")) == (
        "a 4-year-old boy with light brown skin and blond hair"
    )


def test_methods_chain() -> None:
    shot = chain(by_prompt, lambda shot, setting: replace(shot, steps=len(shot.prompt)))(
        Shot(1, SCENE, (SASHA,)), Setting()
    )
    assert shot.steps == len(prompt_of(SCENE, (SASHA,), "flat"))


# --- dialects -------------------------------------------------------------------------------------

DIALECTS = ("sentences", "phrases")
MIA = Character("Mia", Look("girl", 6, 116, "fair", "blond", "long"), (Outfit("everyday", "a yellow dress"),))
PAPA = Character("Papa", Look("man", 38, 180, hair_style="bald"), (Outfit("everyday", "a blue shirt"),))
WILBUR = Character("Wilbur", Look("whale", skin="purple"))
PARK = Scene(
    "Mia's park, a lawn",
    props=("house of straw", "jam", "kite", "jam"),
    figures=(
        Figure("Sasha", "holding", "laughing", "kite", box=Box(0.1, 0.3, 0.2, 0.5)),
        Figure("Mia", "hugging", "cross", box=Box(0.6, 0.3, 0.2, 0.5)),
        Figure("Papa", "waving", box=Box(0.8, 0.2, 0.2, 0.6)),
    ),
)
CAST = (SASHA, MIA, PAPA, BISCUIT, WILBUR)


def test_for_who_reads_no_prompts_every_letter_stays() -> None:
    """The keys of painted pages depend on it."""
    assert prompt_of(SCENE, (SASHA,), "watercolour") == (
        "Soft watercolour picture-book illustration on white paper, translucent washes, close-up from the waist up. A clinic in the "
        "evening in the rain, with a lamp and an open window. One figure. Sasha: a 6-year-old girl with fair skin, short curly "
        "red-brown hair, green eyes, round glasses and freckles, wearing a white doctor's coat, kneeling with a bandage, worried "
        "expression. Calm empty space at the top of the picture."
    )
    made = by_prompt(Shot(1, SCENE, (SASHA,)), Setting())
    assert made.negative_prompt == (
        "text, letters, watermark, signature, extra people, extra limbs, deformed hands, cropped head, blurry, scary"
    )
    assert made.parts == ()
    assert prompt_of(Scene("sea"), (), "a rug") == (
        "A rug, full figures, eye level. A sea in daylight. Nobody in the picture."
    )


def test_sentences() -> None:
    assert prompt_of(PARK, CAST, "crayon", "sentences") == (
        "Wax crayon picture-book illustration on grainy paper, visible strokes. Whole figures, seen at eye level. "
        "Only two girls and a man are in the picture. "
        "On the left is a 6-year-old girl with fair skin, short curly red-brown hair, green eyes, round glasses and freckles, "
        "wearing a striped jumper, holding a kite, laughing. "
        "In the middle is a 6-year-old girl with fair skin and long blond hair, wearing a yellow dress, hugging the man, "
        "looking grumpy. "
        "On the right is a man with a bald head, wearing a blue shirt, waving, looking calm. "
        "The red-brown-haired girl is about two thirds as tall as the man. "
        "The setting is the blond-haired girl's park, a lawn, in daylight, with a house of straw and jam."
    )


def test_phrases() -> None:
    assert prompt_of(SCENE, (SASHA,), "watercolour", "phrases", {"Sasha": "zvoqk"}) == (
        "watercolour picture-book illustration, translucent washes, white paper, one girl, zvoqk, a 6-year-old girl, "
        "(fair skin:1.2), (short curly red-brown hair:1.2), (green eyes:1.2), (round glasses:1.2), (freckles:1.2), "
        "(wearing a white doctor's coat:1.1), kneeling with a bandage, worried expression, a clinic, a lamp, an open window, "
        "evening, in the rain, close-up, upper body, uncluttered background at the top"
    )


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_adapter_is_called_once_and_may_know_the_rest(dialect: str) -> None:
    scene = replace(PARK, figures=(*PARK.figures, Figure("Sasha", "running")))
    told = prompt_of(scene, CAST, "flat", dialect, {"Sasha": "zvoqk"})
    assert told.count("zvoqk, a 6-year-old girl") == told.count("zvoqk") == 1
    brief = prompt_of(PARK, CAST, "flat", dialect, {"Sasha": "zvoqk"}, traits=False)
    assert "zvoqk, a girl" in brief
    assert "freckles" not in brief
    assert "long blond hair" in brief
    assert "a striped jumper" in brief


@pytest.mark.parametrize("dialect", DIALECTS)
def test_nobody_is_called_by_name(dialect: str) -> None:
    ride = Scene(
        "sea", figures=(Figure("Sasha", "riding", prop="Wilbur"), Figure("Wilbur", "listening to Sasha"))
    )
    told = prompt_of(ride, CAST, "flat", dialect)
    assert "riding the whale" in told
    assert "listening to the girl" in told
    for name in ("Sasha", "Wilbur"):
        assert name not in told
    mayor = Character("the mayor", Look("woman", 50))
    assert "the mayor, a woman" in prompt_of(
        Scene("town", figures=(Figure("the mayor"),)), (mayor,), "flat", dialect
    )


@pytest.mark.parametrize("dialect", DIALECTS)
def test_nothing_is_said_twice_or_against_itself(dialect: str) -> None:
    night = Scene(
        "bedroom", "night", props=("bed", "teddy"),
        figures=(Figure("Sasha", "sleeping", "sleepy", "teddy"), Figure("Papa", "standing with a lamp", "calm", "lamp")),
    )  # fmt: skip
    told = prompt_of(night, CAST, "flat", dialect)
    assert "sleeping with a teddy, eyes closed" in told
    assert "sleepy" not in told
    for word in ("teddy", "lamp", "night"):
        assert told.count(word) == 1, told
    assert "nobody" in prompt_of(Scene("sea"), (), "flat", "sentences").lower()
    assert "full body" not in prompt_of(Scene("sea"), (), "flat", "phrases")


def test_places_are_told_from_the_left() -> None:
    def placed(*middles: float) -> list[str]:
        figures = tuple(Figure(str(n), box=Box(x - 0.1, 0, 0.2, 1)) for n, x in enumerate(middles))
        told = parts_of(Scene("sea", figures=figures), (), "sentences")
        return [part.words.split(" is ")[0] for part in told]

    assert placed(0.2) == ["On the left"]
    assert placed(0.5) == ["In the middle"]
    assert placed(0.8) == ["On the right"]
    assert placed(0.6, 0.4) == ["On the right", "On the left"]
    assert placed(0.5, 0.2, 0.8) == ["In the middle", "On the left", "On the right"]
    assert placed(0.1, 0.3, 0.6, 0.9) == [
        "On the far left", "Second from the left", "Second from the right", "On the far right"
    ]  # fmt: skip
    assert placed(0.2, 0.22, 0.8)[1].startswith("Together with the")


def test_brackets_in_a_parents_words_are_no_weights() -> None:
    coat = replace(SASHA, outfits=(Outfit("everyday", "a coat (red) [new]"),))
    scene = Scene("room", figures=(Figure("Sasha"),))
    assert r"(wearing a coat \(red\) \[new\]:1.1)" in prompt_of(scene, (coat,), "flat", "phrases")
    assert "wearing a coat red new," in prompt_of(scene, (coat,), "flat", "sentences")


KINDS = ("girl", "boy", "man", "adult", "dog", "whale", "mouse")
looks = st.builds(
    Look, st.sampled_from(KINDS), st.sampled_from([4, 6, 70]), hair_colour=st.sampled_from(["", "red"]),
    hair_style=st.sampled_from(["", "braids"]), skin=st.sampled_from(["", "brown", "brown with white spots"]),
    extras=st.sampled_from([(), ("a red collar",)]),
)  # fmt: skip
people = st.tuples(
    *(
        st.builds(Character, st.just(name), looks, st.sampled_from([(), (Outfit("everyday", "a red hat"),)]))
        for name in ("Sasha", "Theo", "the mayor", "Ann")
    )
)
boxes = st.none() | st.builds(Box, st.sampled_from([0.0, 0.3, 0.6]), st.just(0.2), st.just(0.3), st.just(0.5))
on_stage = st.lists(
    st.builds(
        Figure, st.sampled_from(["Sasha", "Theo", "the mayor", "Ann"]),
        st.sampled_from(["standing", "standing with a hat", "hugging", "sleeping"]),
        st.sampled_from(["calm", "calm, kind", "cross"]), st.sampled_from(["", "hat", "Theo"]), box=boxes,
    ), max_size=5,
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(people, on_stage, st.sampled_from(DIALECTS), st.sampled_from([{}, {"Theo": "qadug"}]), st.booleans())
def test_what_is_said_of_each_stands_in_the_prompt_once(
    cast: tuple[Character, ...], figures: list[Figure], dialect: str, triggers: dict[str, str], traits: bool
) -> None:
    scene = Scene("Theo's park", props=("hat",), figures=tuple(figures))
    told = prompt_of(scene, cast, "flat", dialect, triggers, traits)
    parts = parts_of(scene, cast, dialect, triggers, traits)
    assert [(part.character, part.region) for part in parts] == [(one.character, one.box) for one in figures]
    for part in parts:
        assert told.count(part.words) == 1, (part.words, told)
    assert told.count("qadug") == (bool(triggers) and any(one.character == "Theo" for one in figures))
    assert ",," not in told
    assert "  " not in told


@pytest.mark.parametrize("dialect", DIALECTS)
def test_who_would_be_told_alike_is_counted(dialect: str) -> None:
    twins = tuple(Character(name, Look("boy", 3)) for name in ("Tim", "Tom", "Jim"))
    scene = Scene("sea", figures=tuple(Figure(one.name) for one in twins))
    alike = parts_of(scene, twins, dialect)
    assert ["a 3-year-old boy" in part.words for part in alike] == [True, False, False]
    assert "a second 3-year-old boy" in alike[1].words
    assert "a third 3-year-old boy" in alike[2].words
    for nearly in (
        scene,
        Scene("sea", figures=(Figure("Tim"), Figure("Tom", expression="calm, kind"), Figure("Jim"))),
    ):
        told = prompt_of(nearly, twins, "flat", dialect, {"Jim": "qadug"})
        for part in parts_of(nearly, twins, dialect, {"Jim": "qadug"}):
            assert told.count(part.words) == 1, (part.words, told)


def test_only_painters_that_keep_regions_apart_are_given_parts() -> None:
    setting = Setting(dialect="phrases", powers=frozenset({"regions"}))
    both = by_prompt(Shot(1, PARK, CAST), setting)
    assert [part.region for part in both.parts] == [figure.box for figure in PARK.figures]
    assert by_prompt(Shot(1, SCENE, (SASHA,)), setting).parts == ()
    assert by_prompt(Shot(1, PARK, CAST), replace(setting, powers=frozenset())).parts == ()


def test_the_books_own_styles_come_first() -> None:
    own = {"flat": Style("flat", "Flat", "as cut from a rug", "rug", "carpet")}
    made = by_prompt(Shot(1, PARK, CAST), Setting(dialect="phrases", styles=own))
    assert made.prompt.startswith("rug, two girls")
    assert "carpet" in made.negative_prompt


# --- TARGET ---------------------------------------------------------------------------------------

THEO = Character("Theo", Look("boy", 3, hair_colour="brown", extras=("dimples",)))


@pytest.mark.parametrize(
    ("prompt", "dialect", "expected"),
    [
        ("TARGET as an astronaut", "sentences", "zvoqk, a 3-year-old boy with brown hair and dimples, as an astronaut"),
        ("TARGET as an astronaut", "phrases", "zvoqk, a 3-year-old boy with (brown hair:1.2) and (dimples:1.2), as an astronaut"),
        ("a cow and TARGET", "", "a cow and zvoqk, a 3-year-old boy with brown hair and dimples"),
        (
            "TARGET's dog licks TARGET, TARGET laughs", "sentences",
            "the boy's dog licks zvoqk, a 3-year-old boy with brown hair and dimples, the boy laughs",
        ),
        ("TARGET's cake", "sentences", "zvoqk, a 3-year-old boy with brown hair and dimples. The boy's cake"),
        ("TARGET's cake", "phrases", "zvoqk, a 3-year-old boy with (brown hair:1.2) and (dimples:1.2), the boy's cake"),
        ("((a hat:1.3) on TARGET:1.1)", "sentences", "a hat on zvoqk, a 3-year-old boy with brown hair and dimples"),
        ("(a hat:1.3), TARGET", "phrases", "(a hat:1.3), zvoqk, a 3-year-old boy with (brown hair:1.2) and (dimples:1.2)"),
    ],
)  # fmt: skip
def test_target(prompt: str, dialect: str, expected: str) -> None:
    assert filled(prompt, THEO, "zvoqk", dialect) == expected


def test_target_without_what_the_adapter_knows() -> None:
    assert filled("TARGET as a cow", THEO, "zvoqk", "phrases", traits=False) == "zvoqk, a boy, as a cow"
    assert (
        filled("TARGET as a cow", THEO, traits=False)
        == "a 3-year-old boy with brown hair and dimples, as a cow"
    )


@pytest.mark.parametrize("prompt", ["a cow", "Target as a cow", "TARGETS as cows", "on-TARGET"])
def test_a_prompt_that_calls_nobody_is_refused(prompt: str) -> None:
    with pytest.raises(BadInput, match=r"no TARGET[\s\S]*TARGET as an astronaut on a cheese moon"):
        filled(prompt, THEO)
