"""Whom a wish introduces: name, age, looks and clothes in the wish's own words; and every other wish stays as it is."""

import pytest

from storykin.wish import Wish
from storykin.writers.introducing import Introduced, heard, introduced

TOLD = {
    "Mia, 5, long red hair, yellow raincoat, finds a lost puppy": Introduced("Mia", "she", 5, "long red hair", "a yellow raincoat", "Mia finds a lost puppy"),
    "Mia finds a lost puppy": Introduced("Mia", "she", 0, "", "", "Mia finds a lost puppy"),
    "my daughter Mia (5) with long red hair finds a lost puppy": Introduced("Mia", "she", 5, "long red hair", "", "Mia finds a lost puppy"),
    "Mia, who has long red hair, finds a lost puppy": Introduced("Mia", "she", 0, "long red hair", "", "Mia finds a lost puppy"),
    "Our little son Theo, 4 years old, curly blond hair, round glasses, blue dungarees, red boots, wants to fly": Introduced("Theo", "he", 4, "curly blond hair, round glasses", "blue dungarees and red boots", "Theo wants to fly"),
    "Zoë, 6, learns to swim": Introduced("Zoë", None, 6, "", "", "Zoë learns to swim"),
    "Nora (7): can't sleep": Introduced("Nora", "she", 7, "", "", "Nora can't sleep"),
    "Ida, freckles, green hat, is scared of the dark": Introduced("Ida", "she", 0, "freckles", "a green hat", "Ida is scared of the dark"),
    "Oskar, 5, in a striped jumper, has lost his teddy": Introduced("Oskar", "he", 5, "", "a striped jumper", "Oskar has lost his teddy"),
    "Oskar,  5,\n orange hat,  has lost his teddy": Introduced("Oskar", "he", 5, "", "an orange hat", "Oskar has lost his teddy"),
}  # fmt: skip
OTHERS = (
    "", "me being a puppy doctor", "a dragon who is afraid of the dark", "Dragons eat soup", "Grandpa bakes a cake", "Everybody sleeps late", "Mia", "Mia and Tom build a rocket",
    "Mia, the mermaid, collects socks", "Mia, 5, long red hair, yellow raincoat", "Mia, and then pigs come", "123, 5, finds a puppy", "A story about Mia, 5", "Yellow raincoats everywhere",
)  # fmt: skip


@pytest.mark.parametrize(("idea", "told"), TOLD.items(), ids=lambda one: str(one)[:30])
def test_an_introduction_is_read(idea: str, told: Introduced) -> None:
    assert introduced(idea) == told


@pytest.mark.parametrize("idea", OTHERS)
def test_what_is_no_introduction_stays_as_it_is(idea: str) -> None:
    assert introduced(idea) is None
    assert heard(Wish(idea)) == Wish(idea)


def test_the_hero_is_whoever_is_introduced_unless_another_is_named() -> None:
    idea = "Mia, 5, long red hair, finds a lost puppy"
    assert heard(Wish(idea)) == Wish(idea, "Mia", "she")
    assert heard(Wish(idea, "Sasha", "he")) == Wish(idea, "Sasha", "he")
    assert heard(Wish(idea, pronouns="he")) == Wish(idea, "Mia", "he")
    assert heard(Wish("Zoë, 6, learns to swim")) == Wish("Zoë, 6, learns to swim", "Zoë")
