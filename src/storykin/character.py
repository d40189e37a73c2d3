"""Values: somebody who must look the same on every page."""

from dataclasses import dataclass

GROWN_UPS = ("adult", "woman", "man")
PEOPLE = ("child", "girl", "boy", "baby", *GROWN_UPS)
CHILD_HEIGHTS = {
    1: 75,
    2: 87,
    3: 95,
    4: 103,
    5: 110,
    6: 116,
    7: 122,
    8: 128,
    9: 133,
    10: 138,
    12: 150,
    14: 160,
}
"""Median heights in centimetres by age in years (WHO growth standards, girls and boys averaged)."""

CREATURE_HEIGHT = 60  # centimetres; for a creature about which nothing is said


@dataclass(frozen=True)
class Look:
    """What must not change from page to page.

    `kind` is one of `PEOPLE` ("child", "girl", "man" …), or an animal or creature ("dog", "dragon",
    "robot" …); `age` in years; `height` in centimetres, 0 lets kind and age decide. Colours are words ("red-brown") or
    "#rrggbb". For an animal, `skin` is the colour of its coat, skin or shell and `hair_colour`
    that of its markings or mane. `extras` are fixed details: "freckles", "hearing aid", "a star
    on the cheek".
    """

    kind: str = "child"
    age: int = 5
    height: int = 0
    skin: str = ""
    hair_colour: str = ""
    hair_style: str = ""
    eyes: str = ""
    glasses: str = ""
    build: str = ""
    extras: tuple[str, ...] = ()

    @property
    def is_person(self) -> bool:
        """True for children and grown-ups, False for animals and creatures."""
        return self.kind in PEOPLE

    @property
    def is_grown_up(self) -> bool:
        """True for people who are not children."""
        return self.kind in GROWN_UPS or (self.is_person and self.age >= 16)

    @property
    def standing_height(self) -> int:
        """Centimetres from the ground to the top of the head, standing."""
        if self.height:
            return self.height
        if not self.is_person:
            return CREATURE_HEIGHT
        if self.is_grown_up:
            return 176 if self.kind == "man" else 165
        return next((tall for age, tall in CHILD_HEIGHTS.items() if self.age <= age), 165)


@dataclass(frozen=True)
class Outfit:
    """What may change only on purpose.

    `name` is how scenes call it, `words` describes it to a painter ("a white doctor's coat over a
    blue jumper"), `palette` its colours, most important first.
    """

    name: str
    words: str
    palette: tuple[str, ...] = ()


@dataclass(frozen=True)
class Adapter:
    """Weights that taught one character to one family of models.

    `rank` is the adapter's size, `scale` its strength when painting, `trigger` the word that
    calls it, `likeness` how like its previews are to the photos kept aside (0 to 1). `path` is relative to the character's folder.
    """

    path: str
    family: str
    trigger: str
    rank: int
    scale: float = 1.0
    likeness: float | None = None


@dataclass(frozen=True)
class Character:
    """Somebody with a name and looks; a character needs no photo to star in a book.

    `references` are paths of pictures to resemble. `part` says who this is in the story ("the
    hero", "grandpa", "a puppy with a sore paw").
    """

    name: str
    look: Look = Look()
    outfits: tuple[Outfit, ...] = ()
    part: str = ""
    references: tuple[str, ...] = ()
    adapters: tuple[Adapter, ...] = ()

    def outfit(self, name: str = "") -> Outfit:
        """The outfit of that name, else the first, else plain clothes."""
        for outfit in self.outfits:
            if outfit.name == name:
                return outfit
        return self.outfits[0] if self.outfits else Outfit("everyday", "everyday clothes")
