"""Three stories as a good model would write them, ten pages each, with nothing wrong in them: what a proofreader is tried on."""

from storykin.character import Character, Look
from storykin.scene import Figure, Scene
from storykin.story import Page, Story
from storykin.wish import Wish


def _page(number: int, text: str, place: str, *who: str, **more: object) -> Page:
    figures = tuple(Figure(*one.rsplit(" ", 1)) for one in who)
    return Page(number, text, Scene(place, figures=figures, **more))  # type: ignore[arg-type]


WHALE = Wish("a whale who is afraid of water", "Nora", "she", ("Grandpa Joe",), 10, 5)
WHALE_STORY = Story(
    "Nora and the Dry Whale",
    (
        _page(1, "On Monday morning there was a whale in Nora's bath. It did not want to come out, and it did not want the tap on.", "bathroom", "Nora pointing", "Bubbles sitting", time="morning"),
        _page(2, "\"Who are you?\" asked Nora. \"Bubbles,\" said the whale. \"Please put the plug away. I'm afraid of water.\"", "bathroom", "Nora kneeling", "Bubbles sitting"),
        _page(3, "Nora fetched Grandpa Joe. Grandpa Joe fetched his reading glasses. They both looked for a long time.", "bathroom", "Nora standing", "Grandpa Joe standing", "Bubbles sitting"),
        _page(4, "\"A whale without water,\" said Grandpa Joe, \"is like a train without rails.\" So they put Bubbles on the tea trolley.", "street", "Nora pushing", "Grandpa Joe pushing", "Bubbles riding"),
        _page(5, "Down the hill they rolled, past the baker, past the school, past three dogs who forgot to bark.", "street", "Nora running", "Grandpa Joe running", "Bubbles riding"),
        _page(6, "At the beach Bubbles shut both eyes. The waves said hush, hush. \"It's too big,\" Bubbles whispered.", "beach", "Nora standing", "Bubbles sitting"),
        _page(7, "Nora took off her shoes. She put in one toe. She put in ten. \"It's only bath water that ran away,\" she said.", "beach", "Nora standing", "Bubbles sitting"),
        _page(8, "Bubbles put in one flipper. Then came a wave, as tall as a house, and it was too late to be afraid.", "beach", "Nora jumping", "Bubbles swimming"),
        _page(9, "Up came Bubbles! Up went a fountain! It fell on Nora, on Grandpa Joe, and on all three dogs.", "the sea", "Nora laughing", "Grandpa Joe laughing", "Bubbles swimming"),
        _page(10, "That night Nora ran her bath. She left a little room at the end, just in case. Plop, said the tap.", "bathroom", "Nora sitting", time="night"),
    ),
    (Character("Nora", Look("girl", 5)), Character("Grandpa Joe", Look("man", 70)), Character("Bubbles", Look("whale", 3))),
    writer="test",
)  # fmt: skip

MOON = Wish("I post a letter to the moon", "Idris", "he", (), 10, 6, ("first_person",))
MOON_STORY = Story(
    "A Letter for the Moon",
    (
        _page(1, "I wrote to the moon on a Thursday, because on Thursdays nothing else ever happens. \"Dear Moon,\" I wrote, \"are you lonely up there?\"", "bedroom", "Idris sitting", time="evening"),
        _page(2, "Our postwoman turned the envelope over twice. \"No stamp,\" said Flora Finch. \"And no street. But I have longer legs than most.\"", "street", "Idris standing", "Flora Finch holding"),
        _page(3, "She put my letter in her bag, between a gas bill and a birthday card. Then she pedalled straight up the steepest hill we have.", "hill", "Flora Finch riding", "Idris running"),
        _page(4, "I ran behind. At the top there was a ladder that I had never noticed. It leaned on nothing at all.", "hill", "Flora Finch pointing", "Idris standing", time="evening"),
        _page(5, "\"Hold my hat,\" said Flora Finch. I held it. It was warm, and it smelled of rain and other people's parcels.", "hill", "Flora Finch climbing", "Idris holding", time="night"),
        _page(6, "She climbed until she was as small as a comma. Then she was a full stop. Then she was gone, and the stars came out to look.", "hill", "Idris standing", time="night"),
        _page(7, "I counted to a hundred, first in English, then backwards. An owl sat down on the lowest rung and counted with me.", "hill", "Idris sitting", "the owl sitting", time="night"),
        _page(8, "Something came down the ladder, bump, bump, bump. It was round and white and wrapped in silver paper.", "hill", "Idris reaching", "the owl flying", time="night"),
        _page(9, "It was a cheese. On the paper somebody had written, in very old letters: NOT ANY MORE.", "hill", "Idris holding", "the owl standing", time="night"),
        _page(10, "I ate it with Flora Finch and the owl. We kept a slice for the moon, and when I looked up, there was a bite out of it.", "hill", "Idris sitting", "Flora Finch sitting", "the owl standing", time="night"),
    ),
    (Character("Idris", Look("boy", 6)), Character("Flora Finch", Look("woman", 40)), Character("the owl", Look("owl", 4))),
    writer="test",
)  # fmt: skip

SHEEP = Wish("a sheep that cannot sleep", "Dot", "they", (), 10, 4, ("rhyme", "bedtime"))
SHEEP_STORY = Story(
    "Dot Counts People",
    (
        _page(1, "The stars were all out and the farm was asleep,\nBut one was awake, and that one was a sheep.", "meadow", "Dot standing", time="night"),
        _page(2, "She lay on her left and she lay on her right,\nAnd she said to the moon, \"It's a very long night.\"", "meadow", "Dot sleeping", time="night"),
        _page(3, "\"When people can't sleep,\" said the moon, \"they count sheep.\"\n\"But I am a sheep,\" said the sheep, \"and can't sleep.\"", "meadow", "Dot sitting", time="night"),
        _page(4, "\"Then count up the people,\" the moon said, \"and see.\"\nSo Dot shut her eyes, and she started with three.", "meadow", "Dot sitting", time="night"),
        _page(5, "A farmer went over the fence with a hop,\nAnd then came a baker with buns from the shop.", "meadow", "Dot sitting", "the farmer jumping", "the baker jumping", time="night"),
        _page(6, "A dancer, a diver, a queen with a crown,\nThey all jumped the fence, going up, going down.", "meadow", "Dot sitting", "the queen jumping", time="night"),
        _page(7, "But one of them stopped, with a foot in the air,\nAnd asked, \"Can I lie down a while over there?\"", "meadow", "Dot sitting", "the queen standing", time="night"),
        _page(8, "\"Of course,\" whispered Dot, and she moved to the side,\nThe grass was so soft and the meadow so wide.", "meadow", "Dot standing", "the queen sitting", time="night"),
        _page(9, "Then down sat the farmer, and down sat the rest,\nAnd the baker said softly, \"Your wool is the best.\"", "meadow", "Dot sitting", "the farmer sitting", "the baker sitting", time="night"),
        _page(10, "And who was the first one to sleep in the heap?\nThe moon looked, and smiled, and it whispered, \"The sheep.\"", "meadow", "Dot sleeping", "the farmer sleeping", "the baker sleeping", time="night"),
    ),
    (Character("Dot", Look("sheep", 2)), Character("the farmer", Look("man", 50)), Character("the baker", Look("woman", 40)), Character("the queen", Look("woman", 60))),
    writer="test",
)  # fmt: skip

STORIES = ((WHALE, WHALE_STORY), (MOON, MOON_STORY), (SHEEP, SHEEP_STORY))
