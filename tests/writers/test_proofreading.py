"""The proofreader: faults of every kind are planted in good stories and found, and good stories have none."""

from dataclasses import replace
from typing import Any

import pytest

from storykin.story import Story
from storykin.wish import Wish
from storykin.writers.checking import check_story
from storykin.writers.fable import Fable
from storykin.writers.proofreading import KINDS, Fault, proofread

from .stories import MOON, MOON_STORY, SHEEP, SHEEP_STORY, STORIES, WHALE, WHALE_STORY

IDEAS = ("me being a puppy doctor", "a penguin in the desert", "a dragon who is afraid of the dark", "going to the moon", "a birthday party under the sea", "me and my grandma baking a cake")  # fmt: skip


def with_page(story: Story, number: int, text: str = "", **scene: Any) -> Story:
    """The story with other words, or another picture, on one page."""
    pages = [
        replace(page, text=text or page.text, scene=replace(page.scene, **scene))
        if page.number == number
        else page
        for page in story.pages
    ]
    return replace(story, pages=tuple(pages))


SAY, SEE = "say", "see"
PLANTS: tuple[tuple[str, int, int, str, Any], ...] = (
    # who is there
    ("stranger", 0, 3, SAY, "Nora fetched Max. Max fetched his reading glasses. They both looked for a long time."),
    ("stranger", 0, 5, SAY, "Down the hill they rolled, and a boy named Oliver ran along."),
    ("stranger", 0, 9, SAY, "Up came Bubbles! \"Hooray!\" cried Mrs Pemberton."),
    ("stranger", 1, 7, SAY, "I counted to a hundred. An owl sat down, and Ezra counted with me."),
    ("stranger", 2, 5, SAY, "A farmer called Bartholomew came with a hop,\nAnd then came a baker with buns from the shop."),
    ("stranger", 0, 2, SAY, "\"Who are you?\" asked Lily. \"I am Bubbles,\" said the whale."),
    ("misspelt", 0, 7, SAY, "Norra took off her shoes. She put in one toe. She put in ten."),
    ("misspelt", 0, 8, SAY, "Bubles put in one flipper. Then came a wave, as tall as a house."),
    ("misspelt", 0, 10, SAY, "That night Noar ran her bath. She left a little room at the end. Plop, said the tap."),
    ("absent", 0, 3, SEE, {"figures": WHALE_STORY.pages[6].scene.figures[:1]}),
    ("absent", 0, 6, SAY, "At the beach Bubbles shut both eyes. \"It's only water,\" said Grandpa Joe."),
    ("absent", 1, 9, SAY, "It was a cheese. \"Not any more,\" Flora Finch said, and I believed her."),
    ("absent", 2, 8, SAY, "\"Of course,\" said the baker, and moved to the side,\nThe grass was so soft and the meadow so wide."),
    # how the hero is called, and who tells it
    ("pronoun", 0, 10, SAY, "That night Nora ran his bath. He left a little room at the end, just in case."),
    ("pronoun", 0, 10, SAY, "Nora lay in the bath and he thought of the whale."),
    ("person", 0, 7, SAY, "I took off my shoes. I put in one toe. I put in ten."),
    ("person", 0, 10, SAY, "That night I ran a bath and left a little room at the end."),
    ("person", 1, 4, SAY, "Idris ran behind. At the top there was a ladder that he had never noticed."),
    ("person", 1, 10, SAY, "Idris ate it with Flora Finch and the owl. They kept a slice for the moon."),
    # preaching
    ("sermon", 0, 10, SAY, "Nora learned that being brave is the most important thing of all."),
    ("sermon", 0, 10, SAY, "And so we see that anything is possible when you try."),
    ("sermon", 0, 10, SAY, "The moral of the story is that water is nice."),
    ("sermon", 1, 10, SAY, "I knew then that the real treasure was the friends I had met on the way."),
    ("sermon", 1, 10, SAY, "I always remember to be kind to postwomen. It is important to write to people."),
    ("sermon", 0, 9, SAY, "From that day on, Bubbles always believed in himself."),
    ("sermon", 2, 10, SAY, "And so they all learned a good lesson that night,\nThat sharing is always the thing that is right."),
    # not for children
    ("unsafe", 0, 5, SAY, "Down the hill they rolled, and Nora shouted that the baker was an idiot."),
    ("unsafe", 0, 8, SAY, "Then came a wave, and it nearly killed them both."),
    ("unsafe", 1, 8, SAY, "Something came down the ladder. It was covered in blood, and I ran."),
    ("unsafe", 1, 2, SAY, "Our postwoman lit a cigarette. I held the letter."),
    ("unsafe", 1, 10, SAY, "I ate it with Flora Finch, who drank three beers. Then we had a beer more."),
    ("unsafe", 2, 6, SAY, "A dancer, a diver, a man with a gun,\nThey all jumped the fence and they started to run."),
    # what a model leaves behind
    ("residue", 0, 1, SAY, "Page 1: On Monday morning there was a whale in Nora's bath."),
    ("residue", 0, 2, SAY, "**Nora** asked, \"Who are you?\" \"Bubbles,\" said the whale."),
    ("residue", 0, 3, SAY, "Here is the next page of the story! Nora fetched Grandpa Joe."),
    ("residue", 0, 4, SAY, "So they put [animal name] on the tea trolley."),
    ("residue", 0, 5, SAY, "{\"text\": \"Down the hill they rolled\"}"),
    ("residue", 1, 6, SAY, "She climbed until I could not see her. <think>Now the stars.</think>"),
    ("residue", 1, 7, SAY, "As an AI I count to a hundred."),
    ("residue", 1, 8, SAY, "Something came down the ladder.\\nBump, bump, bump, I heard."),
    ("residue", 2, 2, SAY, "# Verse 2\nShe lay on her left and she lay on her right."),
    ("residue", 0, 10, SAY, "That night Nora ran her bath. I hope you like the story! Let me know what to change."),
    ("residue", 0, 3, SAY, "The story is told about Nora. Grandpa Joe is in the past tense."),
    # the same again
    ("repeat", 0, 6, SAY, WHALE_STORY.pages[4].text),
    ("repeat", 0, 8, SAY, "Nora took off her shoes. She put in one toe. She put in ten. \"It's only bath water that ran off,\" she said."),
    ("repeat", 1, 9, SAY, MOON_STORY.pages[7].text),
    ("repeat", 2, 9, SAY, SHEEP_STORY.pages[7].text),
    ("babble", 0, 7, SAY, "Nora took off her shoes. Then she took off her shoes. And then she took off her shoes, and her shoes she took off then."),
    ("babble", 1, 5, SAY, "The end of it ended with the end. And the end ended, and I ended with the end of the end, and it ended."),
    # another language
    ("language", 0, 5, SAY, "Den Hügel hinunter rollten sie, vorbei am Bäcker, vorbei an der Schule, vorbei an drei Hunden."),
    ("language", 1, 8, SAY, "Quelque chose descendait l'échelle, quelque chose de blanc, enveloppé dans du papier argenté."),
    # words and picture
    ("place", 0, 6, SEE, {"place": "kitchen"}),
    ("place", 0, 6, SAY, "In the kitchen Bubbles shut both eyes. \"It's too big,\" Bubbles whispered."),
    ("place", 1, 2, SAY, "On the beach our postwoman turned the envelope over twice. I waited."),
    ("place", 1, 4, SAY, "I ran into the library. There was a ladder that I had never noticed."),
    ("time", 1, 6, SEE, {"time": "day"}),
    ("time", 0, 10, SEE, {"time": "morning"}),
    ("time", 0, 1, SEE, {"time": "night"}),
    ("time", 1, 9, SAY, "In the morning it was a cheese, and I looked at it."),
    ("weather", 0, 6, SAY, "At the beach it was raining. Bubbles shut both eyes and Nora looked on."),
    ("weather", 0, 5, SAY, "Down the hill they rolled. Snow was falling. It began to snow on the trolley."),
    ("weather", 0, 9, SAY, "Up came Bubbles! The rain poured down on Nora and Grandpa Joe."),
    # what is measured
    ("short", 0, 4, SAY, "So they rolled."),
    ("level", 0, 7, SAY, "Nora cautiously extricated her extremities from antiquated galoshes, contemplating hydrodynamic circumstances."),
    ("level", 1, 5, SAY, "Flora Finch's headgear exuded a melancholy, metropolitan fragrance of precipitation, which I pondered philosophically."),
    ("empty", 0, 4, SAY, " "),
    ("long", 0, 4, SAY, "They put Bubbles on the tea trolley. " * 12),
    ("sentence", 0, 5, SAY, "Down the hill they rolled and past the baker and past the school and past three dogs and past the church and past a pond with ducks and past me."),
    ("sentence", 1, 10, SAY, "I ate it with Flora Finch and the owl and we kept a slice for the moon and when I looked up into the sky there was a great big bite out of one side of it."),
    ("rhyme", 2, 1, SAY, "The stars were all out and the farm was asleep,\nBut one was awake, and that one was a goat."),
    ("rhyme", 2, 6, SAY, "A dancer, a diver, a queen with a crown,\nThey all jumped the fence, going up in the air."),
    ("metre", 2, 2, SAY, "She lay on her left and she lay on her right,\nAnd then she said quietly to the moon that it had been quite a very long night."),
)  # fmt: skip


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: f"{plant[0]}-{plant[1]}-{plant[2]}")
def test_a_planted_fault_is_found_on_its_page(plant: tuple[str, int, int, str, Any]) -> None:
    kind, which, page, how, what = plant
    wish, story = STORIES[which]
    planted = with_page(story, page, what) if how == SAY else with_page(story, page, **what)
    found = check_story(planted, wish).faults
    assert (kind, page) in {(one.kind, one.page) for one in found}


def test_faults_of_the_whole_book_are_found() -> None:
    few = replace(WHALE_STORY, pages=WHALE_STORY.pages[:9])
    assert "pages" in kinds(few, WHALE)
    assert "kept" in kinds(WHALE_STORY, replace(WHALE, keep=("and then pigs come!",)))
    assert "told" in kinds(WHALE_STORY, replace(WHALE, cast=("Grandpa Joe", "Tilda")))
    assert "hero" in kinds(SHEEP_STORY, replace(SHEEP, hero="the queen"))
    nobody = replace(
        MOON_STORY,
        pages=tuple(replace(page, text="Up went the letter, up and up.") for page in MOON_STORY.pages),
    )
    assert ("person", 0) in {(one.kind, one.page) for one in proofread(nobody, MOON)}
    assert ("residue", 0) in {
        (one.kind, one.page) for one in proofread(replace(WHALE_STORY, title="Title: Nora"), WHALE)
    }
    assert "also" in kinds(replace(WHALE_STORY, also_language="de"), WHALE)
    outsider = with_page(WHALE_STORY, 2, figures=(replace(WHALE_STORY.pages[1].scene.figures[0], character="Zed"),))  # fmt: skip
    assert "stranger" in kinds(outsider, WHALE)


def kinds(story: Story, wish: Wish) -> set[str]:
    return {one.kind for one in check_story(story, wish).faults}


def test_every_kind_of_fault_is_planted_somewhere() -> None:
    whole = {"pages", "kept", "told", "hero", "also"}
    assert {plant[0] for plant in PLANTS} | whole == set(KINDS)
    assert len(PLANTS) >= 60


@pytest.mark.parametrize(("wish", "story"), STORIES, ids=lambda one: getattr(one, "title", ""))
def test_good_stories_pass(wish: Wish, story: Story) -> None:
    found = check_story(story, wish)
    assert found.faults == ()
    assert found.passed


@pytest.mark.parametrize("idea", IDEAS)
@pytest.mark.parametrize("age", [3, 5, 8])
def test_the_embedded_writer_makes_no_fault(idea: str, age: int) -> None:
    for seed, style in enumerate((("prose",), ("rhyme",), ("prose", "first_person"))):
        wish = Wish(idea, "Sasha", "she", ("Tom",) if seed else (), 12, age, style, seed=seed)  # type: ignore[arg-type]
        assert [str(one) for one in proofread(Fable().write(wish), wish)] == []


def test_what_the_child_wished_for_may_be_said() -> None:
    page = with_page(WHALE_STORY, 5, "Down the hill they rolled, and the pistol squirted water.")
    assert [one.kind for one in proofread(page, WHALE)] == ["unsafe"]
    assert proofread(page, replace(WHALE, idea="a whale with a water pistol")) == ()
    assert [one.kind for one in proofread(page, replace(WHALE, idea="a whale called Pistolero"))] == [
        "unsafe"
    ]


def test_who_has_a_name_is_told_once() -> None:
    (fault,) = proofread(with_page(WHALE_STORY, 5, "Down the hill they rolled with a boy named Max."), WHALE)
    assert (
        fault.wanted == "names have only Nora, Grandpa Joe and Bubbles; leave Max out or make them nameless"
    )


def test_a_fault_is_one_sentence_with_its_page_and_what_is_wanted() -> None:
    fault = Fault("stranger", 3, "there is somebody called Max", "leave Max out")
    assert str(fault) == "page 3: there is somebody called Max"
    assert fault.sentence == "page 3: there is somebody called Max; leave Max out."
    assert str(replace(fault, page=0)) == "there is somebody called Max"


def test_of_other_languages_only_what_needs_no_words_is_looked_at() -> None:
    german = replace(with_page(WHALE_STORY, 5, "Den Hügel hinunter rollten sie, und Herr Müller rief: „Dumm!“"), language="de")  # fmt: skip
    assert proofread(german, replace(WHALE, language="de")) == ()
    assert {one.kind for one in proofread(with_page(german, 6, "**Seite 6**"), WHALE)} == {"residue"}
