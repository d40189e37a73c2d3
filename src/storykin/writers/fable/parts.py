"""Writers, fable: the parts that a wish leaves open. What somebody wears who plays no role, and whom a case may be about."""

from dataclasses import replace

from storykin.writers.fable.lexicon import Animal, Case, Place, Role, words_of
from storykin.writers.fable.nouns import singular

SET_OUT: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "space": ("a silver spacesuit", ("silver", "white"), ("torch", "star map", "telescope")),
    "spaceship": ("a silver spacesuit", ("silver", "white"), ("torch", "star map", "telescope")),
    "snow": ("a thick red coat and a woolly hat", ("red", "white"), ("lantern", "sledge", "scarf")),
    "mountain": ("a warm green coat and big boots", ("green", "brown"), ("rope", "rucksack", "lantern")),
    "beach": ("a striped sun hat and yellow shorts", ("yellow", "blue"), ("bucket", "spade", "net")),
    "underwater": ("an orange diving suit", ("orange", "black"), ("torch", "net", "bucket")),
    "sea": ("a yellow raincoat and a sailor's hat", ("yellow", "blue"), ("spyglass", "rope", "bucket")),
    "ship": ("a yellow raincoat and a sailor's hat", ("yellow", "blue"), ("spyglass", "rope", "bucket")),
    "river": ("a blue raincoat and wellies", ("blue", "red"), ("net", "bucket", "rope")),
    "pond": ("a blue raincoat and wellies", ("blue", "red"), ("net", "bucket", "rope")),
    "desert": ("a big straw hat and a cool white shirt", ("white", "amber"), ("water bottle", "map", "umbrella")),
    "jungle": ("a green shirt and a big explorer's hat", ("green", "brown"), ("map", "rope", "torch")),
    "farm": ("blue dungarees and green wellies", ("blue", "green"), ("bucket", "basket", "rope")),
    "meadow": ("blue dungarees and a straw hat", ("blue", "yellow"), ("basket", "kite", "net")),
    "garden": ("blue dungarees and a straw hat", ("blue", "yellow"), ("watering can", "basket", "spade")),
    "bedroom": ("a warm dressing gown", ("blue", "white"), ("torch", "pillow", "teddy")),
    "kitchen": ("a checked apron", ("red", "white"), ("spoon", "bowl", "basket")),
    "": ("a yellow raincoat with deep pockets", ("yellow", "blue"), ("torch", "map", "umbrella")),
}  # fmt: skip
"""What a child puts on and takes along who plays no role, by the drawing of the place."""


def nobody_special(place: Place) -> Role:
    """The role of somebody who just sets out: clothes and things that suit the place."""
    outfit, palette, tools = SET_OUT.get(place.drawn, SET_OUT[""])
    return Role("explorer", place.name, outfit, tools, outfit_palette=palette)


BODY = frozenset([
    "paw", "tail", "wing", "beak", "shell", "trunk", "mane", "hoof", "hoove", "horn", "whisker", "feather", "fur", "fin", "claw",
    "scale", "spot", "stripe", "snout", "antler", "pouch", "wool", "bark", "barked", "meow", "meowed", "purr", "purred", "neck",
    "udder", "egg", "prickle", "spine", "hump", "tusk", "mum", "mother", "school", "beard", "moustache",
])  # fmt: skip


def recast(case: Case, animal: Animal, colour: str = "") -> Case | None:
    """The case with another animal as its client; None where its words only suit the one it was written for."""
    told = " ".join(
        (case.trouble, case.tiny, case.attempt, case.fail, case.try2, case.fail2, case.fix, case.happy)
    )
    words = {singular(word) for word in words_of(told.lower())}
    if words & BODY or words & {singular(word) for word in words_of(case.client.lower())}:
        return None
    they = case.they if case.they in ("she", "he") else "it"
    return replace(
        case,
        client=animal.name,
        kind=animal.kind,
        they=they,
        colour=colour or animal.colour,
        height=animal.height,
    )


__all__ = ["nobody_special", "recast"]
