"""Verse that surely rhymes and scans, and verse that surely does not."""
# ruff: noqa: SIM905

import pronouncing
import pytest

from storykin.writers.rhyme import SCANS, _looked_up, couplet, phones, rhymes, scan, spelt_phones, stresses


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("moon", "spoon"), ("clock", "lock"), ("away", "today"), ("sky", "butterfly"), ("bunny", "funny"),
        ("Theo", "Leo"), ("Mika", "seeker's"), ("bear", "stair"), ("again", "when"), ("Jo", "snow"),
        ("cheer", "here"), ("July", "eye"), ("pyjamas", "llamas"), ("prize", "eyes"),
    ],
)  # fmt: skip
def test_perfect_rhymes(a: str, b: str) -> None:
    assert rhymes(a, b) == rhymes(b, a) == (b != "seeker's")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("time", "mine"), ("home", "alone"), ("cat", "cats"), ("moon", "moon"), ("pear", "pair"),
        ("light", "delight"), ("play", "display"), ("Moon", "moon!"), ("house", "mouth"), ("singing", "ring"),
    ],
)  # fmt: skip
def test_no_rhymes(a: str, b: str) -> None:
    assert not rhymes(a, b)


@pytest.mark.parametrize(
    "line",
    [
        "There was never a bucket so full as the sea",
        "In the light of the moon on the side of the hill",
        "Isabella climbed up to the top of the stair",
        "The owl and the pussycat went to the sea",
        "’Twas the night before Christmas, when all through the house",
        "Not a creature was stirring, not even a mouse;",
        "They danced in the puddles, they sang in the showers",
        "The moon was like a silver spoon",
    ],
)
def test_lines_that_scan(line: str) -> None:
    assert scan(line) >= 0.8


@pytest.mark.parametrize(
    "line",
    [
        "",
        "The cat sat on the mat",
        "Big dogs bark loud",
        "Sasha went to the shop to buy some milk and eggs today and it rained",
        "Photography administrators congratulated eleven elephants",
        "The giraffe was behind the balloon and a hotel",
        "the the the the the the the the the the the the",
        "Understanding the elephant requires a considerable effort",
    ],
)
def test_lines_that_do_not(line: str) -> None:
    assert scan(line) < SCANS


def test_couplets() -> None:
    good = couplet(
        "She looked in the bucket, she looked in the pail,", "And all she could see was the tip of a tail."
    )
    assert good.ok
    assert good.rhymes
    near = couplet(
        "She looked in the bucket, she looked at the time,", "And all that was left in the bucket was mine."
    )
    assert not near.rhymes
    assert not near.ok
    assert min(near.scan_a, near.scan_b) >= SCANS
    assert couplet(
        "And that was the day that the rabbit had found it,",
        "With nothing but daisies and bees all around it.",
    ).ok
    mixed = couplet("The moon was like a silver spoon", "And it hung in the sky till the end of the tune")
    assert not mixed.ok


@pytest.mark.parametrize(
    ("word", "spoken"),
    [
        ("treehouse", "T R IY1 HH AW2 S"), ("hummed", "HH AH1 M D"), ("teapots", "T IY1 P AA2 T S"),
        ("tugged", "T AH1 G D"),
    ],
)  # fmt: skip
def test_words_beside_the_dictionary(word: str, spoken: str) -> None:
    assert phones(word)[0] == spoken


def test_names() -> None:
    assert phones("Zoë") == phones("Zoe")
    assert phones("Tilda's") == ("T IH1 L D AH0 Z",)
    assert phones("Xanthe", {"xanthe": "Z AE1 N TH IY0"}) == ("Z AE1 N TH IY0",)
    assert stresses("Isabella") == ("2010",)
    assert spelt_phones("Mika").endswith("AH0")
    assert spelt_phones("Bram") == "B R AE1 M"
    assert spelt_phones("Jole") == "JH OW1 L"
    assert spelt_phones("Annelika").count("1") == 1


def test_the_fast_look_up_answers_as_pronouncing_does() -> None:
    words = (
        "a again apple baker bear believe bicycle biscuit blue bread butterfly caterpillar cheese chocolate clock cloud dinosaur "
        "dragon elephant fire firefighter flower giraffe goodnight hippopotamus hour i i'm island kitten knight lemonade lettuce "
        "library moon mouse octopus orange park penguin pirate queue read rhinoceros rocket snail spaghetti squirrel the tomato "
        "umbrella unicorn vegetable violin wind wizard zebra zzz"
    ).split()
    for word in words:
        assert [one.split("#")[0].strip() for one in pronouncing.phones_for_word(word)] == list(
            _looked_up(word)
        ), word
    for a, b in (
        ("moon", "spoon"),
        ("bear", "stair"),
        ("queue", "shoe"),
        ("bunny", "funny"),
        ("time", "mine"),
    ):
        assert rhymes(a, b) == (b in pronouncing.rhymes(a))
