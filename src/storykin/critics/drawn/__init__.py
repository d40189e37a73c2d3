"""Critics, drawn: our own small reader of drawn figures: who stands where, how tall, in which hair, skin and clothes.

It learnt from the embedded painter's drawings (`benchmarks/traits`, `CARD.md`); its weights are in the package and it needs nothing but numpy.
"""

from storykin.critics.drawn.reader import DrawnReader

__all__ = ["DrawnReader"]
