"""Critics: what a picture should show, told by its scene and by pictures that are known to show the cast."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storykin.critics import Seen
from storykin.critics.overlay import Overlay
from storykin.scene import ACTIONS, Figure, action_of
from storykin.shot import Shot


@dataclass(frozen=True)
class Wanted:
    """One figure that should be there.

    `tall` is the character's standing height in centimetres. `standing` is how high the storyboard has the figure stand upright, by the
    height of the picture, None where nobody said where it stands or the painter goes by words alone. `references` are what the same readers saw in pictures that show this
    character in this outfit. `sure` is how surely the readers see them in the
    storyboard's own drawing (`redrawing`), 0 where they do not see them there either, None where nobody looked.
    """

    name: str
    figure: Figure
    kind: str
    is_person: bool
    tall: int
    standing: float | None = None
    references: tuple[Seen, ...] = ()
    sure: float | None = None


@dataclass(frozen=True)
class Expectation:
    """What a picture should show. `placed` says that the painter puts figures where the storyboard has them, so that boxes bind it.

    `props` are the things that stand around or are held, ridden and used: a snowman among them is nobody extra. `words` may be painted into the picture.
    `scenery` are figures that readers see in the storyboard's own drawing and that are nobody. `overlay` is the page laid upon that drawing,
    None where it was painted by another hand.
    """

    wanted: tuple[Wanted, ...] = ()
    place: str = ""
    happening: str = ""
    placed: bool = False
    props: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    scenery: tuple[Seen, ...] = ()
    overlay: Overlay | None = None


def expected(
    shot: Shot, references: Mapping[str, Sequence[Seen]] | None = None, placed: bool = False
) -> Expectation:
    """What a shot promises; `references` are by the character's name."""
    known = references or {}
    wanted = []
    for figure in shot.scene.figures:
        who = shot.character(figure.character)
        act = ACTIONS[action_of(figure.action)]
        standing = figure.box.h / act.height if figure.box and placed else None
        wanted.append(
            Wanted(
                who.name,
                figure,
                who.look.kind,
                who.look.is_person,
                who.look.standing_height,
                standing,
                tuple(known.get(who.name, ())),
            )
        )
    held = (one.prop for one in shot.scene.figures if one.prop)
    props = tuple(dict.fromkeys((*shot.scene.props, *held)))
    return Expectation(tuple(wanted), shot.scene.place, shot.alt, placed, props)
