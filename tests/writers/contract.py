"""What every writer promises, whoever it is."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest

from storykin.character import Character, Look, Outfit
from storykin.errors import BadInput, Unkind
from storykin.story import Story
from storykin.wish import Wish
from storykin.writers import Writer
from storykin.writers.checking import check_story
from storykin.writers.drafting import Desk
from storykin.writers.repairing import HARD

WISHES = (
    Wish("me being a puppy doctor", "Sasha", "she", (), 12, 5),
    Wish("a whale who is afraid of water", "Nora", "she", ("Grandpa Joe",), 8, 6, ("funny",)),
    Wish("going to the moon", "Idris", "he", (), 6, 4, ("first_person",)),
    Wish("a sheep that cannot sleep", "Dot", "they", (), 10, 4, ("rhyme", "bedtime")),
    Wish("baking a cake", "Zoë-Ann O’Neill", "she", (), 4, 2),
    Wish("a train to the sea", "Max", "he", ("Ida",), 24, 9, keep=("And then  PIGS come!!",)),
)

Hire = Callable[[Wish], AbstractContextManager[Writer]]
"""A writer for a wish."""


class WriterContract:
    """Inherited by the tests of each writer, which say how one is hired."""

    hire: Hire

    @pytest.mark.parametrize("wish", WISHES, ids=lambda wish: wish.idea)
    def test_a_story_has_what_was_wished_for(self, wish: Wish) -> None:
        story = self.told(wish)
        assert [page.number for page in story.pages] == list(range(1, wish.pages + 1))
        assert story.title.strip()
        assert story.language == wish.language
        assert story.dedication == wish.dedication
        names = {one.name for one in story.cast}
        assert {wish.hero, *wish.cast} <= names
        for page in story.pages:
            assert page.text.strip()
            assert page.scene.place.strip()
            assert {figure.character for figure in page.scene.figures} <= names
        for words in wish.keep:
            assert any(words in page.text for page in story.pages)

    @pytest.mark.parametrize("wish", WISHES, ids=lambda wish: wish.idea)
    def test_nothing_is_in_it_that_no_book_can_have(self, wish: Wish) -> None:
        faults = check_story(self.told(wish), wish).faults
        assert not [fault.sentence for fault in faults if fault.kind in HARD]

    def test_equal_wishes_give_equal_stories(self) -> None:
        assert replace(self.told(WISHES[0]), writer="") == replace(self.told(WISHES[0]), writer="")

    def test_known_looks_and_outfits_stay(self) -> None:
        known = Character("Sasha", Look("girl", 5, 112, "brown", "green", "curly"), (Outfit("everyday", "a red jumper", ("red",)),))  # fmt: skip
        wish = WISHES[0]
        with self.hire(wish) as writer:
            story = writer.write(wish, (known,))
        found = next(one for one in story.cast if one.name == "Sasha")
        assert found.look == known.look
        assert found.outfits[0] == known.outfits[0]

    @pytest.mark.parametrize(
        "changes",
        [{"pages": 3}, {"pages": 49}, {"reader_age": 1}, {"reader_age": 10}, {"hero": " "}, {"hero": "x" * 41}, {"hero": "A{b}"}, {"cast": ("",)}],
    )  # fmt: skip
    def test_what_no_book_can_be_made_of_is_refused(self, changes: dict[str, object]) -> None:
        wish = Wish("a whale", **changes)  # type: ignore[arg-type]
        with self.hire(wish) as writer, pytest.raises(BadInput) as caught:
            writer.write(wish)
        assert caught.value.hint

    def test_an_unkind_wish_is_declined(self) -> None:
        wish = Wish("how I torture my cat")
        with self.hire(wish) as writer, pytest.raises(Unkind):
            writer.write(wish)

    def told(self, wish: Wish) -> Story:
        """Its story for a wish."""
        with self.hire(wish) as writer:
            return writer.write(wish, (), Desk())
