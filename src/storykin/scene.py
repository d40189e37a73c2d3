"""Values: one picture as data, and the words in which figures act and feel.

Prompt, sketch, regions, alt text and the critic's expectations all come from a `Scene`, so they
cannot disagree. No painter is known here.
"""

from dataclasses import dataclass
from typing import Literal

Time = Literal["morning", "day", "evening", "night"]
Weather = Literal["clear", "cloudy", "rain", "snow", "wind", "storm", "fog"]
Framing = Literal["", "wide", "medium", "close", "spread"]
Facing = Literal["left", "right", "front", ""]


@dataclass(frozen=True)
class Box:
    """A rectangle in fractions of the page: left, top, width, height; it may run over the edge."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    def overlap(self, other: "Box") -> float:
        """The shared area as a fraction of this box, 0 to 1."""
        wide = min(self.right, other.right) - max(self.x, other.x)
        high = min(self.bottom, other.bottom) - max(self.y, other.y)
        if wide <= 0 or high <= 0 or self.w * self.h == 0:
            return 0.0
        return wide * high / (self.w * self.h)


@dataclass(frozen=True)
class Figure:
    """One character on one page.

    `action` and `expression` are words; `ACTIONS` and `EXPRESSIONS` are those that are drawn as
    they are, others are drawn as the nearest (`action_of`, `expression_of`). `prop` is what the
    figure holds, uses or rides. `outfit` names one of the character's outfits, "" the first.
    `facing` and `box` are left to the storyboard when empty.
    """

    character: str
    action: str = "standing"
    expression: str = "calm"
    prop: str = ""
    outfit: str = ""
    facing: Facing = ""
    box: Box | None = None


@dataclass(frozen=True)
class Scene:
    """One picture: where, when, what stands around, who does what, how it is framed.

    `text_zone` is where the words will stand and the picture stays calm. Framing and text zone are
    left to the storyboard when empty.
    """

    place: str
    time: Time = "day"
    weather: Weather = "clear"
    props: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    framing: Framing = ""
    text_zone: Box | None = None


@dataclass(frozen=True)
class Action:
    """How much room an action takes: fractions of the figure's standing height.

    `height` and `width` are the extent of the drawn body, `lift` how far its lowest point hangs
    above the ground. `words` are other words for it.
    """

    height: float
    width: float
    lift: float
    words: tuple[str, ...]


ACTIONS: dict[str, Action] = {
    "standing": Action(1.00, 0.45, 0.0, ("stood", "waiting", "looking", "listening", "talking", "saying")),
    "walking": Action(1.00, 0.55, 0.0, ("walked", "strolling", "marching", "following", "going", "tiptoeing")),
    "running": Action(0.97, 0.80, 0.0, ("ran", "chasing", "hurrying", "racing", "galloping", "fleeing")),
    "jumping": Action(1.02, 0.70, 0.14, ("jumped", "leaping", "hopping", "bouncing", "cheering")),
    "sitting": Action(0.72, 0.60, 0.0, ("sat", "resting", "reading", "eating", "drinking", "drawing")),
    "kneeling": Action(0.80, 0.55, 0.0, ("knelt", "digging", "planting", "examining", "bandaging")),
    "crouching": Action(0.62, 0.62, 0.0, ("crouched", "hiding", "peeking", "peeping", "squatting", "sneaking")),
    "sleeping": Action(0.34, 1.05, 0.0, ("slept", "lying", "dreaming", "napping", "snoring")),
    "waving": Action(1.08, 0.50, 0.0, ("waved", "greeting", "hello", "goodbye", "calling", "shouting")),
    "reaching": Action(1.12, 0.55, 0.0, ("reached", "stretching", "picking", "catching", "hanging")),
    "pointing": Action(1.00, 0.70, 0.0, ("pointed", "showing", "spotting", "discovering", "noticing")),
    "holding": Action(1.00, 0.55, 0.0, ("held", "carrying", "giving", "offering", "bringing", "using", "cooking", "working")),
    "hugging": Action(1.00, 0.70, 0.0, ("hugged", "cuddling", "embracing", "comforting")),
    "riding": Action(0.95, 1.40, 0.25, ("rode", "driving", "steering", "cycling", "sailing")),
    "flying": Action(0.62, 1.10, 0.45, ("flew", "floating", "soaring", "gliding", "hovering")),
    "swimming": Action(0.60, 1.05, 0.0, ("swam", "diving", "paddling", "splashing")),
    "dancing": Action(1.05, 0.75, 0.0, ("danced", "twirling", "singing", "celebrating", "playing", "conducting")),
    "climbing": Action(1.10, 0.50, 0.10, ("climbed", "scrambling", "clambering")),
    "pushing": Action(0.95, 0.88, 0.0, ("pushed", "pulling", "tugging", "dragging", "rolling", "lifting")),
    "thinking": Action(1.00, 0.44, 0.0, ("thought", "wondering", "puzzling", "planning", "scratching")),
    "falling": Action(0.85, 1.05, 0.05, ("fell", "tumbling", "slipping", "tripping", "toppling")),
}  # fmt: skip

BREADTH: dict[str, float] = {
    "crocodile": 2.9, "dolphin": 2.5, "crab": 2.4, "whale": 2.25, "shark": 2.25, "stegosaurus": 1.9, "triceratops": 1.8,
    "cow": 1.6, "longneck": 1.6, "fox": 1.45, "fish": 1.45, "elephant": 1.45, "lion": 1.4, "dragon": 1.4, "snowman": 1.4, "wolf": 1.35,
    "horse": 1.2, "penguin": 1.2, "ghost": 1.2, "goat": 1.15, "donkey": 1.15, "octopus": 1.1, "dinosaur": 1.1, "unicorn": 1.05,
    "giraffe": 1.05, "deer": 1.05, "parrot": 1.05, "beaver": 1.0, "owl": 1.0, "swan": 1.0, "duck": 1.0, "bird": 1.0, "hen": 0.95,
    "raccoon": 0.95, "mouse": 0.95, "duckling": 0.9, "mole": 0.9, "frog": 0.9, "kangaroo": 0.9, "monster": 0.95, "monkey": 0.85,
    "bear": 0.85, "panda": 0.85, "koala": 0.8, "chick": 0.8, "hedgehog": 0.8, "gingerbread man": 0.8, "squirrel": 0.75, "robot": 0.75,
    "ladybird": 0.75, "rabbit": 0.6, "bunny": 0.6, "alien": 0.6,
}  # fmt: skip
"""Width of a creature by its standing height, whatever it does on its feet; what is not here: `OTHER_BREADTH`."""

OTHER_BREADTH = 1.25
LYING = 1.25
"""How much broader a creature is asleep, in the air or in the water."""


def breadth_of(kind: str, is_person: bool, action: Action) -> float:
    """How broad somebody is in an action, by their standing height."""
    if is_person:
        return action.width
    broad = next((BREADTH[word] for word in reversed(kind.lower().split()) if word in BREADTH), OTHER_BREADTH)
    return broad * (LYING if action.width > 1 and broad < 1.5 else 1.0)


EXPRESSIONS: dict[str, tuple[str, ...]] = {
    "calm": ("content", "kind", "peaceful", "neutral", "listening"),
    "happy": ("glad", "smiling", "proud", "pleased", "cheerful", "hopeful", "joyful"),
    "laughing": ("delighted", "giggling", "excited", "overjoyed", "cheering"),
    "sad": ("unhappy", "crying", "disappointed", "lonely", "tearful", "sorry"),
    "worried": ("scared", "afraid", "frightened", "nervous", "anxious", "shy", "unsure"),
    "surprised": ("amazed", "astonished", "startled", "shocked", "wondering"),
    "cross": ("angry", "grumpy", "annoyed", "stubborn", "furious"),
    "sleepy": ("tired", "yawning", "asleep", "drowsy"),
    "thoughtful": ("thinking", "curious", "puzzled", "confused", "concentrating", "determined"),
    "cheeky": ("mischievous", "winking", "silly", "playful", "sly"),
}


def action_of(words: str) -> str:
    """The entry of `ACTIONS` that the first known word in `words` belongs to, or "standing"."""
    return _nearest(words, {name: action.words for name, action in ACTIONS.items()}, "standing")


def expression_of(words: str) -> str:
    """The entry of `EXPRESSIONS` that the first known word in `words` belongs to, or "calm"."""
    return _nearest(words, EXPRESSIONS, "calm")


def _nearest(words: str, table: dict[str, tuple[str, ...]], otherwise: str) -> str:
    for word in words.lower().replace(",", " ").split():
        for name, others in table.items():
            if word == name or word in others:
                return name
    return otherwise
