"""The methods beyond words: what each adds to a shot, what the best of them chooses, and that prompt, parts and adapters agree."""

import itertools
from dataclasses import replace

import pytest

from storykin.character import Adapter, Character, Look, Outfit
from storykin.consistency import Method, Setting, chain
from storykin.consistency.methods import (
    METHODS,
    TOGETHER,
    adapter_of,
    by_best,
    by_img2img,
    by_lora,
    by_outfit,
    by_reference,
    method_of,
)
from storykin.consistency.prompts import by_prompt
from storykin.consistency.storyboard import storyboard
from storykin.consistency.styles import Style, StyleAdapter
from storykin.errors import BadInput
from storykin.scene import Box, Figure, Scene
from storykin.shot import Shot
from storykin.story import Page, Story

ALL = frozenset({"init_image", "references", "adapters", "several_adapters", "regions"})
LEFT, RIGHT = Box(0.1, 0.3, 0.3, 0.6), Box(0.6, 0.3, 0.3, 0.6)
SASHA = Character(
    "Sasha",
    Look("girl", 6, hair_colour="red", hair_style="short", extras=("freckles",)),
    (Outfit("vet", "a white coat", ("blue", "gold")), Outfit("rain", "a yellow raincoat")),
)
THEO = Character("Theo", Look("boy", 9, hair_colour="black"), (Outfit("everyday", "a striped jumper"),))
OLGA = Character("Olga", Look("woman", 70, hair_colour="grey"))
BOTH = Scene("garden", figures=(Figure("Sasha", "waving", box=LEFT), Figure("Theo", "jumping", box=RIGHT)))
ALONE = replace(BOTH, figures=BOTH.figures[:1])


def shot(scene: Scene = BOTH, *cast: Character, page: int = 3) -> Shot:
    return Shot(page, scene, cast or (SASHA, THEO), "oil")


def taught(who: Character, *families: str) -> Character:
    own = [Adapter(f"{who.name}-{one}", one, f"zv{who.name[0].lower()}qk", 8) for one in families]
    return replace(who, adapters=tuple(own))


def shown(who: Character) -> Character:
    return replace(who, references=(f"{who.name}-1.png", f"{who.name}-2.png"))


def setting(*known: Character, powers: frozenset[str] = ALL, **said: object) -> Setting:
    usual = Setting("oil", dialect="sentences", powers=powers, adapters_of=("sdxl",), known=known)
    return replace(usual, **said)  # type: ignore[arg-type]


def names(found: Shot) -> list[str]:
    return [one.adapter.path for one in found.adapters]


# --- one rung each ----------------------------------------------------------------------------------


def test_img2img_begins_with_the_photo_else_where_the_setting_says() -> None:
    photos = ((3, "me.jpg"),)
    for start, others in {"": "sketch", "sketch": "sketch", "before": "before", "none": ""}.items():
        given = setting(photos=photos, start=start, strength=0.4)
        found = by_img2img(shot(page=3), given)
        assert (found.init_image, found.strength) == ("me.jpg", 0.4)
        found = by_img2img(shot(page=4), given)
        assert (found.init_image, found.strength) == (others, 0.4 if others else 1.0)


@pytest.mark.parametrize("dialect", ["sentences", "phrases"])
def test_lora_calls_each_who_was_taught_once_and_puts_them_in_their_place(dialect: str) -> None:
    given = setting(taught(SASHA, "sdxl"), taught(THEO, "sdxl"), taught(OLGA, "sdxl"), dialect=dialect)
    found = by_lora(by_prompt(shot(BOTH, SASHA, THEO, OLGA), given), given)
    assert "grey" not in found.prompt
    assert [(one.character, one.region) for one in found.adapters] == [("Sasha", LEFT), ("Theo", RIGHT)]
    assert names(found) == ["Sasha-sdxl", "Theo-sdxl"]
    assert [found.prompt.count(trigger) for trigger in ("zvsqk", "zvtqk", "zvoqk")] == [1, 1, 0]
    assert [(one.character, one.region) for one in found.parts] == [("Sasha", LEFT), ("Theo", RIGHT)]
    assert ["zvsqk" in one.words for one in found.parts] == [True, False]
    assert ["zvtqk" in one.words for one in found.parts] == [False, True]
    assert all(found.prompt.count(one.words) == 1 for one in found.parts)


def test_who_is_alone_has_the_whole_picture() -> None:
    given = setting(taught(SASHA, "sdxl"), taught(THEO, "sdxl"))
    found = by_lora(by_prompt(shot(ALONE, SASHA), given), given)
    assert [(one.character, one.region) for one in found.adapters] == [("Sasha", None)]
    assert found.parts == ()
    assert "zvtqk" not in found.prompt


def test_one_who_was_taught_beside_one_who_was_not_keeps_to_the_own_place() -> None:
    given = setting(taught(SASHA, "sdxl"), THEO)
    found = by_lora(by_prompt(shot(), given), given)
    assert [(one.character, one.region) for one in found.adapters] == [("Sasha", LEFT)]
    assert len(found.parts) == 2


def test_where_nobody_was_taught_lora_changes_nothing() -> None:
    given = setting(SASHA, THEO, apart="fill")
    before = by_prompt(shot(), given)
    assert by_lora(before, given) == before
    others = setting(taught(SASHA, "flux-dev"), THEO)
    assert by_lora(before, others) == before


def test_how_adapters_are_kept_apart_comes_from_the_setting() -> None:
    for apart in ("", "masks", "fill", "sum"):
        given = setting(taught(SASHA, "sdxl"), taught(THEO, "sdxl"), apart=apart)
        assert by_lora(shot(), given).apart == apart


def test_a_style_with_an_adapter_brings_it_and_its_word() -> None:
    oil = Style(
        "oil", "Oil", "thick oil paint", adapters=(StyleAdapter("sdxl", "oil.safetensors", "oyl", 0.7),)
    )
    given = setting(taught(SASHA, "sdxl"), styles={"oil": oil})
    found = by_lora(shot(), given)
    assert names(found) == ["Sasha-sdxl", "oil.safetensors"]
    style = found.adapters[1]
    assert (style.character, style.region, style.adapter.scale) == ("", None, 0.7)
    assert found.prompt.lower().count("oyl") == 1
    assert "thick oil paint" in found.prompt
    alone = by_lora(shot(), replace(given, known=()))
    assert names(alone) == ["oil.safetensors"]
    other = by_lora(shot(), replace(given, adapters_of=("flux-dev",)))
    assert other.adapters == ()
    assert "oyl" not in other.prompt.lower()


def test_references_are_shown_and_said_of_those_on_stage() -> None:
    given = setting(shown(SASHA), shown(THEO), shown(OLGA))
    before = by_prompt(shot(), given)
    found = by_reference(before, given)
    assert found.references == ("Sasha-1.png", "Theo-1.png")
    assert found.prompt.startswith("Picture 1 shows a 6-year-old girl")
    assert "picture 2 shows a 9-year-old boy" in found.prompt
    assert found.prompt.endswith(before.prompt)
    assert "grey" not in found.prompt
    only = by_reference(before, setting(SASHA, shown(THEO)))
    assert only.references == ("Theo-1.png",)
    assert "Picture 1 shows a 9-year-old boy" in only.prompt


def test_no_more_than_four_references() -> None:
    crowd = tuple(shown(Character(f"Nr{number}", Look("girl", 3 + number))) for number in range(6))
    scene = Scene("garden", figures=tuple(Figure(one.name) for one in crowd))
    found = by_reference(shot(scene, *crowd), setting(*crowd))
    assert found.references == ("Nr0-1.png", "Nr1-1.png", "Nr2-1.png", "Nr3-1.png")


def test_who_paints_from_pictures_only_is_given_the_sketch() -> None:
    only = frozenset({"references"})
    assert by_reference(shot(), setting(SASHA, powers=only)).references == ("sketch",)
    assert by_reference(shot(), setting(shown(SASHA), powers=only)).references == ("Sasha-1.png",)
    assert by_reference(shot(), setting(SASHA)).references == ()


@pytest.mark.parametrize("dialect", ["", "sentences", "phrases"])
def test_the_colours_of_an_outfit_are_said_in_prompt_and_part_alike(dialect: str) -> None:
    given = setting(SASHA, THEO, dialect=dialect)
    found = by_outfit(by_prompt(shot(), given), given)
    assert found.prompt.count("a white coat in blue and gold") == 1
    assert all(found.prompt.count(one.words) == 1 for one in found.parts)
    assert ["blue and gold" in one.words for one in found.parts] == [True, False]
    assert by_outfit(found, given) == found or found.prompt.count("blue and gold") == 1


def test_clothes_that_two_wear_or_without_colours_are_left_as_they_are() -> None:
    given = setting(SASHA, THEO)
    alike = (SASHA, replace(THEO, outfits=SASHA.outfits))
    before = by_prompt(shot(BOTH, *alike), given)
    assert by_outfit(before, given) == before
    rain = replace(BOTH, figures=(replace(BOTH.figures[0], outfit="rain"), BOTH.figures[1]))
    before = by_prompt(shot(rain), given)
    assert by_outfit(before, given) == before


def test_a_colour_that_is_in_the_words_is_not_said_again() -> None:
    given = setting(SASHA)
    white = replace(SASHA, outfits=(Outfit("vet", "a white coat", ("white", "gold")),))
    found = by_outfit(by_prompt(shot(ALONE, white), given), given)
    assert "a white coat in gold" in found.prompt


def test_words_that_stand_elsewhere_in_the_prompt_are_not_an_outfit() -> None:
    """The part of the figure says the clothes in another way, and the same words are part of the place."""
    bracketed = replace(SASHA, outfits=(Outfit("vet", "a coat (long)", ("gold",)),))
    scene = replace(BOTH, place="shop")
    given = setting(bracketed, THEO)
    before = by_prompt(shot(scene, bracketed, THEO), given)
    odd = replace(before, prompt=f"{before.prompt} A sign says: a coat (long).")
    assert by_outfit(odd, given) == odd


# --- the best ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("powers", [frozenset(some) for size in range(6) for some in itertools.combinations(sorted(ALL), size)])  # fmt: skip
def test_the_best_never_asks_for_more_than_the_painter_can(powers: frozenset[str]) -> None:
    for known in ((shown(taught(SASHA, "sdxl")), shown(taught(THEO, "sdxl"))), (shown(SASHA), THEO)):
        given = setting(*known, powers=powers, photos=((9, "me.jpg"),))
        for page in (3, 9):
            found = by_best(shot(page=page), given)
            assert found.asks <= powers
            assert all(found.prompt.count(one.words) == 1 for one in found.parts)


def test_adapters_are_better_than_references_and_these_than_words() -> None:
    known = [shown(taught(SASHA, "sdxl")), shown(taught(THEO, "sdxl"))]
    found = by_best(shot(), setting(*known))
    assert (names(found), found.references) == (["Sasha-sdxl", "Theo-sdxl"], ())
    found = by_best(shot(), setting(*known, powers=ALL - {"adapters", "several_adapters"}))
    assert (names(found), found.references) == ([], ("Sasha-1.png", "Theo-1.png"))
    assert "zvsqk" not in found.prompt
    found = by_best(shot(), setting(*known, adapters_of=("flux-dev",)))
    assert (names(found), found.references) == ([], ("Sasha-1.png", "Theo-1.png"))
    found = by_best(shot(), setting(*known, powers=frozenset()))
    assert (names(found), found.references, found.parts) == ([], (), ())
    assert "red hair" in found.prompt
    assert "black hair" in found.prompt


def test_a_painter_of_one_adapter_at_a_time_gets_one_and_hears_no_other_ones_word() -> None:
    given = setting(taught(SASHA, "sdxl"), taught(THEO, "sdxl"), powers=ALL - {"several_adapters"})
    found = by_best(shot(), given)
    assert [one.character for one in found.adapters] == ["Sasha"]
    assert found.prompt.count("zvsqk") == 1
    assert "zvtqk" not in found.prompt
    assert not any("zvtqk" in one.words for one in found.parts)
    second = by_best(shot(), replace(given, known=(SASHA, taught(THEO, "sdxl"))))
    assert [one.character for one in second.adapters] == ["Theo"]
    oil = Style("oil", "Oil", "thick oil paint", adapters=(StyleAdapter("sdxl", "oil.safetensors", "oyl"),))
    styled = by_best(shot(), replace(given, styles={"oil": oil}))
    assert names(styled) == ["Sasha-sdxl", "oil.safetensors"]
    assert styled.asks <= given.powers


def test_two_who_were_taught_begin_with_the_sketch_unless_told_otherwise() -> None:
    two, one = (taught(SASHA, "sdxl"), taught(THEO, "sdxl")), (taught(SASHA, "sdxl"), THEO)
    found = by_best(shot(), setting(*two, strength=0.3))
    assert (found.init_image, found.strength) == ("sketch", TOGETHER)
    assert by_best(shot(), setting(*one)).init_image == ""
    assert by_best(shot(ALONE, SASHA), setting(*two)).init_image == ""
    assert by_best(shot(), setting(*two, powers=ALL - {"init_image"})).init_image == ""
    assert by_best(shot(), setting(*two, start="none")).init_image == ""
    for start in ("sketch", "before"):
        found = by_best(shot(), setting(*two, start=start, strength=0.3))
        assert (found.init_image, found.strength) == (start, 0.3)
        assert by_best(shot(), setting(*one, start=start)).init_image == start


def test_the_best_takes_the_photo_of_its_page_before_everything_else() -> None:
    two = (taught(SASHA, "sdxl"), taught(THEO, "sdxl"))
    for start in ("", "sketch", "before", "none"):
        given = setting(*two, photos=((3, "me.jpg"),), start=start, strength=0.4)
        found = by_best(shot(page=3), given)
        assert (found.init_image, found.strength) == ("me.jpg", 0.4)
        assert by_best(shot(page=4), given).init_image != "me.jpg"


def test_who_reads_no_prompts_is_told_what_he_always_was() -> None:
    given = setting(SASHA, THEO, powers=frozenset(), dialect="", adapters_of=())
    assert by_best(shot(), given) == by_prompt(shot(), given)
    assert "blue and gold" in by_best(shot(), replace(given, dialect="phrases")).prompt


# --- names ------------------------------------------------------------------------------------------


def test_methods_are_joined_in_their_own_order_with_words_first() -> None:
    given = setting(shown(taught(SASHA, "sdxl")), shown(taught(THEO, "sdxl")))
    every = method_of("img2img + reference+outfit+lora+prompt")(shot(), given)
    assert every == chain(by_prompt, by_lora, by_outfit, by_reference, by_img2img)(shot(), given)
    assert every.prompt.startswith("Picture 1 shows")
    assert "blue and gold" in every.prompt
    assert every.prompt.count("zvsqk") == 1
    assert method_of("lora")(shot(), given) == method_of("prompt+lora")(shot(), given)
    assert method_of("lora")(shot(), given).prompt.count("zvsqk") == 1


def test_what_is_named_is_done_and_nothing_else() -> None:
    given = setting(shown(taught(SASHA, "sdxl")), shown(taught(THEO, "sdxl")), photos=((3, "me.jpg"),))
    words = method_of("prompt")(shot(), given)
    assert words == by_prompt(shot(), given)
    lora = method_of("prompt+lora")(shot(), given)
    assert (len(lora.adapters), lora.references, lora.init_image) == (2, (), "")
    assert "blue and gold" not in lora.prompt
    assert by_best(shot(), given).init_image == "me.jpg"


@pytest.mark.parametrize("words", ["", "best"])
def test_nothing_said_is_the_best(words: str) -> None:
    assert method_of(words) is by_best


@pytest.mark.parametrize("words", ["loras", "prompt+", "prompt,lora", "best+lora", "+", " "])
def test_unknown_methods_are_refused_with_all_that_there_are(words: str) -> None:
    with pytest.raises(BadInput, match="there is no method of consistency") as refused:
        method_of(words)
    assert all(name in refused.value.hint for name in METHODS)


def test_a_chain_goes_from_left_to_right() -> None:
    def adds(letter: str) -> Method:
        return lambda shot, setting: replace(shot, prompt=shot.prompt + letter)

    assert chain(adds("a"), adds("b"), adds("c"))(shot(), Setting()).prompt == "abc"
    assert chain()(shot(), Setting()) == shot()


def test_the_adapter_is_of_the_family_that_fits_best_and_the_newest_of_it() -> None:
    newer, older = Adapter("new", "sdxl", "a", 8), Adapter("old", "sdxl", "a", 8)
    flux = Adapter("flux", "flux-dev", "a", 8)
    who = replace(SASHA, adapters=(flux, newer, older))
    assert adapter_of("Sasha", setting(who)) == newer
    assert adapter_of("Sasha", setting(who, adapters_of=("flux-dev", "sdxl"))) == flux
    assert adapter_of("Sasha", setting(who, adapters_of=("sdxl", "flux-dev"))) == newer
    assert adapter_of("Sasha", setting(who, adapters_of=("sd15",))) is None
    assert adapter_of("Sasha", setting(who, adapters_of=())) is None
    assert adapter_of("Theo", setting(who)) is None


# --- what is kept -----------------------------------------------------------------------------------

WALK = Story(
    "A Walk",
    (
        Page(1, "Mila waves.", Scene("garden", figures=(Figure("Mila", "waving"), Figure("Ted", "sitting")))),
        Page(2, "Ted sleeps.", Scene("kitchen", "night", figures=(Figure("Ted", "sleeping"),))),
    ),
    (
        Character("Mila", Look("girl", 6, hair_colour="red", hair_style="short"), (Outfit("vet", "a white coat", ("#ffffff",)),)),
        Character("Ted", Look("dog", 3, 45, "brown")),
    ),
)  # fmt: skip
PLAIN = Setting(art="crayon", seed=3, reader_age=4, height=700)


def test_books_from_before_the_methods_keep_their_shots_and_their_pictures() -> None:
    """Fingerprints and keys as version 0.1 made them, before a setting knew of painters, photos and adapters."""
    made = storyboard(WALK, PLAIN, by_best)
    assert made.sources == ("c06e6617177e", "fa5dd779e069", "4fd9b44a00e0")
    keys = [one.key("sketch", "1") for one in made.shots]
    assert keys == ["15952f427282", "b0933d82ac08", "3b671cc6039e"]
    told = replace(WALK, cast=(taught(WALK.cast[0], "sdxl"), WALK.cast[1]))
    assert storyboard(told, PLAIN).sources == ("552ebdde577c", "a664bf22deac", "4fd9b44a00e0")


@pytest.mark.parametrize(
    "said",
    [
        {"dialect": "sentences"},
        {"powers": ALL},
        {"adapters_of": ("sdxl",)},
        {"start": "sketch"},
        {"strength": 0.4, "start": "sketch"},
        {"strength": 0.4, "consistency": "prompt+img2img"},
        {"consistency": "prompt"},
        {"apart": "fill"},
        {"area": 5000},
        {"hears": "sdxl"},
        {"art": "oil"},
        {"steps": 3},
    ],
)
def test_every_setting_makes_shots_anew_once_it_says_something(said: dict[str, object]) -> None:
    before, after = storyboard(WALK, PLAIN).sources, storyboard(WALK, replace(PLAIN, **said)).sources  # type: ignore[arg-type]
    assert not set(before) & set(after)


def test_a_strength_changes_only_pages_that_begin_with_a_picture() -> None:
    given = replace(PLAIN, photos=((2, "me.jpg"),))
    before, after = storyboard(WALK, given).sources, storyboard(WALK, replace(given, strength=0.3)).sources
    numbers = [shot.page for shot in storyboard(WALK, given).shots]
    changed = [page for page, one, other in zip(numbers, before, after, strict=True) if one != other]
    assert changed == [2]


def test_a_picture_chosen_by_hand_stays_while_its_scene_is_the_same() -> None:
    first = storyboard(WALK, PLAIN)
    chosen = replace(first, shots=tuple(replace(one, picture="pictures/mine.png") for one in first.shots))
    again = storyboard(WALK, replace(PLAIN, steps=5), earlier=chosen)
    assert {shot.picture for shot in again.shots} == {"pictures/mine.png"}
    assert {shot.steps for shot in again.shots} == {5}
    story = replace(
        WALK, pages=tuple(replace(page, scene=replace(page.scene, place="kitchen")) for page in WALK.pages)
    )
    assert "" in {shot.picture for shot in storyboard(story, PLAIN, earlier=chosen).shots}


def test_a_new_adapter_or_photo_changes_the_shots_of_its_pages_only() -> None:
    mila, ted = WALK.cast
    given = replace(PLAIN, dialect="sentences", powers=ALL, adapters_of=("sdxl",), known=(mila, ted))
    first = storyboard(WALK, given, by_best)
    told = tuple(replace(one, prompt=f"{one.prompt} By hand.") for one in first.shots)
    first = replace(first, shots=told)
    learned = storyboard(WALK, replace(given, known=(taught(mila, "sdxl"), ted)), by_best, first)
    assert [one.prompt.endswith("By hand.") for one in learned.shots] == [False, False, True]
    assert [len(one.adapters) for one in learned.shots] == [1, 1, 0]
    photo = storyboard(WALK, replace(given, photos=((2, "me.jpg"),)), by_best, first)
    assert [one.prompt.endswith("By hand.") for one in photo.shots] == [True, True, False]
    styled = {"clay": Style("clay", "Clay", "clay")}
    assert storyboard(WALK, replace(given, styles=styled), by_best, first).sources == first.sources
    crayon = {"crayon": Style("crayon", "Crayon", "wax")}
    assert not set(storyboard(WALK, replace(given, styles=crayon), by_best, first).sources) & set(
        first.sources
    )


def test_shots_hold_no_adapters_but_those_a_method_chose() -> None:
    told = replace(WALK, cast=(shown(taught(WALK.cast[0], "sdxl")), WALK.cast[1]))
    assert all(
        who.adapters == who.references == () for one in storyboard(told, PLAIN).shots for who in one.cast
    )
