"""Writers, fable: what is said where a plot leaves out something that the wish names, and sentences cut to length.

Knows no plot: couplets and sentences with a gap, one kind for each thing a wish can name.
"""

import re

from storykin.writers import reading
from storykin.writers.fable.nouns import capital
from storykin.writers.fable.plots import Telling

VERSES: dict[str, tuple[tuple[str, str], ...]] = {
    "wished": (
        ("It was all about …, as the whole village knew,", "And this is the story, and every word's true."),
        ("Now … was the thing they were talking about,", "From the time they came in till the time they went out."),
        ("The dream was of …, and it came every night,", "And sat on the bed till the morning was light."),
        ("They whispered of … in the hush of the hall,", "And the clock and the coats and the cat heard it all."),
        ("… was the dream, and the dream wouldn't keep,", "It tickled and tickled and would not let sleep."),
        ("With nothing but … going round in the head,", "It isn't so easy to lie in a bed."),
        ("They thought about …, and they thought it all day,", "And what do you know? It was not far away."),
        ("It's all about …, so sit down and hush,", "It isn't a story for those in a rush."),
    ),
    "event": (
        ("Remember … and every word's true,", "For I was just there, and I saw it all, too."),
        ("On … what a thing to behold!", "They'll tell it again when they're wobbly and old."),
        ("It was … as some of you know,", "And not very far and not that long ago."),
        ("They called it … and they called it with pride,", "And half of the town came to see it outside."),
        ("It happened on … and I'll tell you no lie,", "With somebody's hat going by in the sky."),
        ("It came on … when the kettle was hot,", "And some people saw it and others did not."),
    ),
    "thing": (
        ("And … was there, in the soft morning air,", "And all they could do was to stand and to stare."),
        ("With … standing there, in the sun, by the stair,", "Then all they could do was to look, and to stare."),
        ("And there, by the door, was … in the sun,", "And that was the way that the day was begun."),
        ("It was all about …, as the whole village knew,", "And this is the story, and every word's true."),
        ("Now … was the thing they were talking about,", "From the time they came in till the time they went out."),
        ("They whispered of … in the hush of the hall,", "And the clock and the coats and the cat heard it all."),
        ("And …, and nobody thinking of bed,", "And that is the way that it started, they said."),
        ("It's all about …, so sit down and hush,", "It isn't a story for those in a rush."),
    ),
    "role": (
        ("There once was …, and who could it be?", "The one in the mirror said: \"Well, look at me!\""),
        ("Make way for …! Make way and stand clear,", "For nobody knows what may happen round here!"),
        ("\"I'm …,\" said the face in the glass,", "And bowed to the cat and allowed her to pass."),
        ("…! And the word had a wonderful ring,", "The sort that a kettle is longing to sing."),
        ("To be …, from the heel to the hat!", "There couldn't be anything better than that."),
        ("So this is …, from the hat to the shoe,", "And somebody somewhere had something to do."),
        ("And who is …? With a look in the glass,", "One bowed to the cat and allowed her to pass."),
    ),
    "goal": (
        ("To …! It was easy to say,", "And that was the plan for the rest of the day."),
        ("To …! Was there anything more?", "It hopped in the heart and it ran to the door."),
        ("\"I want to …,\" was the cry,", "And nobody knew any reason or why."),
        ("The wish was to …, and it came every night,", "And sat on the bed till the morning was light."),
        ("To …, to …, and to do it today,", "And what do you know? It was not far away."),
        ("Oh, …! It went round in the head,", "It's hard, with a wish such as that, in a bed."),
        ("To … was the wish of the day,", "And who could have thought that it stood in the way?"),
    ),
    "hero": (
        ("It happened to …, it happened like so,", "And not very far and not that long ago."),
        ("And who did it happen to? … it was,", "For no other reason than simply because."),
        ("… is the name, and remember it well,", "For this is the story we're going to tell."),
        ("Now here is how …, as some of you know,", "Went out with a bounce and a tap of the toe."),
        ("It's … we talk of, so sit down and hush,", "It isn't a story for those in a rush."),
    ),
    "came": (
        ("And … came along with a hop and a skip,", "For nobody wanted to miss such a trip."),
        ("… came as well, with a sock and a spoon,", "And whistled a bit of a wobbly tune."),
        ("And who ran behind them? Why, … came too,", "With nothing to carry and plenty to do."),
        ("With … beside, and the wind in the hair,", "There wasn't a thing that a person won't dare."),
    ),
    "cheered": (
        ("And … was as happy as happy could be,", "And that was the end of it, toast, and then tea."),
        ("… gave a cheer and a bit of a bow,", "And if they're not tired, they're doing it now."),
        ("\"Hooray!\" shouted …, and jumped to and fro,", "With mud on the nose and a leaf on the toe."),
    ),
}  # fmt: skip
WISHED = {
    "event": "the day {event}",
    "thing": "{the thing}",
    "role": "{a role}",
    "place": "{the place}",
    "fear": "{fear}",
    "goal": "{goal}",
}

MENTIONS: dict[str, Telling] = {
    "event": Telling("It was the day {event}!", "It was the day {event}.", "Nobody would ever forget it: it was the day {event}."),
    "thing": Telling("Look, {the thing}!", "And there stood {the thing}.", "And right in the middle of it all, as plain as toast, stood {the thing}."),
    "role": Telling('"I am {a role}!"', '"Today," said {hero.name}, "I am {a role}."', '"From today," said {hero.name}, "I am {a role}, and you may all say so."'),
    "place": Telling("Off {to place}!", "The way led {to place}.", "And so the way led {to place}, and nowhere else would do."),
    "fear": Telling("Oh no, {fear}!", "It had to do with {fear}.", "It had to do with {fear}, as the whole street knew."),
    "goal": Telling('"I want to {goal}!"', "{hero} wanted to {goal}.", "More than anything else, {hero} wanted to {goal}."),
}  # fmt: skip


_BREAK = re.compile(
    r"(?:;|,) (?P<word>and|but|so|then|for)? ?(?=(?:he|she|they|it|I|we|the|a|an|there|nobody|everybody|everyone|somebody|this|that|[A-Z][a-z]+) )"
)


def shortened(text: str, longest: int) -> str:
    """The text with every sentence of more than `longest` words parted at an "and" or "but" near its middle, if it has one."""
    if "\n" in text:
        return text
    for sentence in reading.sentences_of(text):
        count = len(reading.words_of(sentence))
        if count <= longest:
            continue

        def lopsided(found: re.Match[str], whole: str = sentence) -> float:
            return abs(len(whole) / 2 - found.start())

        cuts = [
            one
            for one in _BREAK.finditer(sentence)
            if (one["word"] or sentence[one.start()] == ";") and one["word"] != "for"
        ]
        cuts = [
            one
            for one in cuts
            if 3 <= len(reading.words_of(sentence[: one.start()])) <= min(longest, count - 3)
        ]
        if cuts:
            cut = min(cuts, key=lopsided)
            rest = (cut["word"] + " " if cut["word"] else "") + sentence[cut.end() :]
            text = text.replace(sentence, f"{sentence[: cut.start()]}. {capital(rest)}", 1)
    return text


__all__ = ["MENTIONS", "VERSES", "WISHED", "shortened"]
