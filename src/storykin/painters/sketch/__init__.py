"""Painters, sketch: the embedded painter. It draws every page itself, as vectors, without any model."""

from storykin.painters import Defaults, OnStep, refuse_what_it_lacks
from storykin.shot import Shot


class Sketch:
    """Draws places, things, people and animals in one hand, in several looks."""

    name = "sketch"
    revision = "1"
    media_type = "image/svg+xml"
    powers: frozenset[str] = frozenset()
    arts: tuple[str, ...] = ("flat", "watercolour", "crayon", "cut-paper", "ink")
    defaults = Defaults(size=2625)

    def paint(self, shot: Shot, on_step: OnStep) -> bytes:
        """One SVG of the shot's size; raises `CannotPaint` for what it lacks, `Cancelled` when told so."""
        from storykin.painters.sketch.calm import with_calm_zone
        from storykin.painters.sketch.looks import restyle
        from storykin.painters.sketch.page import compose

        refuse_what_it_lacks(self, shot)
        on_step(0.0)
        page = restyle(compose(shot, on_step), shot.art, shot.seed)
        on_step(0.9)
        page = with_calm_zone(shot, page)
        on_step(1.0)
        return page.encode()
