"""Painters, sketch: the embedded painter. It draws every page itself, as vectors, without any model."""

from collections.abc import Mapping, Sequence

from storykin.painters import Defaults, Dialect, OnLook, OnStep, refuse_what_it_lacks
from storykin.shot import Shot


class Sketch:
    """Draws places, things, people and animals in one hand, in several looks."""

    name = "sketch"
    revision = "2"
    media_type = "image/svg+xml"
    powers: frozenset[str] = frozenset()
    arts: tuple[str, ...] = ("flat", "watercolour", "crayon", "cut-paper", "ink")
    defaults = Defaults(size=2625)
    dialect: Dialect = ""
    adapters_of: tuple[str, ...] = ()
    unready: frozenset[str] = frozenset()
    leaves_machine = False

    def refuse_absent(self) -> None:
        """All it needs is here."""

    def prepare(self, shots: Sequence[Shot], on_step: OnStep) -> None:
        """There is nothing to load."""

    def made_with(self) -> Mapping[str, str]:
        """Nothing but its revision decides a drawing."""
        return {}

    def close(self) -> None:
        """There is nothing to give back."""

    def paint(self, shot: Shot, on_step: OnStep, on_look: OnLook | None = None) -> bytes:
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


def silhouette(shot: Shot, figure: int) -> bytes:
    """A PNG of the shot's size, white where a figure (its number in the scene, from 0) is drawn with what it rides, and whatever else is black; the same spot as on the page that is painted."""
    import io

    from PIL import Image, ImageChops

    from storykin.painters.sketch.page import figure_on
    from storykin.raster import png_of

    on_white, on_black = (
        Image.open(io.BytesIO(png_of(figure_on(shot, figure, paper).encode(), Sketch.media_type, shot.width)))
        for paper in ("#ffffff", "#000000")
    )
    through = ImageChops.subtract(on_white.convert("L"), on_black.convert("L"))
    file = io.BytesIO()
    ImageChops.invert(through).save(file, "PNG")
    return file.getvalue()
