"""Painters, sketch: from words for a place to its painted layers."""

from collections.abc import Callable

from storykin.painters.sketch.indoors import ROOMS
from storykin.painters.sketch.outdoors import OUTDOORS
from storykin.painters.sketch.light import over, tinted
from storykin.painters.sketch.stage import Layers as Layers
from storykin.painters.sketch.stage import Scenery
from storykin.painters.sketch.stage import Stage as Stage

PLACES: dict[str, Callable[[Scenery], None]] = {**ROOMS, **OUTDOORS}


def place_of(words: str) -> str:
    return words


def place(words: str, stage: Stage) -> Layers:
    """The place that `words` name, painted for this stage: the same for the same words, nearer or farther."""
    name = place_of(words)
    sc = Scenery(words, stage, name)
    PLACES[name](sc)
    return Layers(tinted("".join(sc.back), sc.mood, stage), tinted("".join(sc.front), sc.mood, stage), over(sc))
