"""Values: all that a painter must know for one picture, plain and complete like a request."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from storykin.character import Adapter, Character
from storykin.scene import Box, Scene

Apart = Literal["", "masks", "fill", "sum"]


@dataclass(frozen=True)
class PlacedAdapter:
    """An adapter at work on one region of the page; None means everywhere. `character` is whom it was taught, "" for a style's."""

    adapter: Adapter
    region: Box | None = None
    character: str = ""


@dataclass(frozen=True)
class Part:
    """What the prompt says of one figure: `words` stand in it exactly so, and hold for that region of the page only."""

    character: str
    words: str
    region: Box | None = None


@dataclass(frozen=True)
class CloseUp:
    """One figure painted once more from near by when the picture is there: `figure` is its number in the scene, from 0, and `words` are all that is said of it.

    `mask` is a picture of the page, white where the figure is, to which new pixels keep; "sketch" is the figure as the embedded painter draws it, "" none. What is seen (`view`, a square of the page) and where there
    may be new pixels (`region`) follow from the figure's box when they are left out.
    """

    character: str
    words: str
    figure: int = 0
    mask: str = ""
    view: Box | None = None
    region: Box | None = None


@dataclass(frozen=True)
class Shot:
    """One picture to paint.

    `page` is the number of the story page. `cast` are the characters on stage, complete, so that
    a changed look changes the shot. Sizes are pixels. `steps` are denoising steps; `strength`
    follows img2img: 0 is a copy of `init_image`, 1 ignores it. `art` is the style of the book. Paths are relative to the
    book's folder. `init_image` may also be "sketch", this page drawn by the embedded painter, or "before", the picture of the page
    before it. `parts` keep what is said of one figure from the others. `apart` says how several adapters are kept from each other: by "masks" in
    one go, by "fill", which paints one person after the other into a composition, not at all ("sum", to compare), or as the painter can best (""). `picture` is one that was chosen by hand: it is taken as it is.
    `repaint` is the only region of `init_image` that is painted anew, None the whole. `closeups` are figures that are too small for the base to paint them well among
    all else: each is painted once more from near by, alone; with `repaint` nothing but these.
    """

    page: int
    scene: Scene
    cast: tuple[Character, ...] = ()
    art: str = "flat"
    prompt: str = ""
    negative_prompt: str = ""
    alt: str = ""
    seed: int = 0
    width: int = 1024
    height: int = 1024
    steps: int = 0
    guidance_scale: float = 0.0
    init_image: str = ""
    strength: float = 1.0
    references: tuple[str, ...] = ()
    adapters: tuple[PlacedAdapter, ...] = ()
    parts: tuple[Part, ...] = ()
    apart: Apart = ""
    picture: str = ""
    repaint: Box | None = None
    closeups: tuple[CloseUp, ...] = ()

    @property
    def asks(self) -> frozenset[str]:
        """The powers a painter needs for this shot."""
        people = sum(bool(one.character) for one in self.adapters)
        wanted = {
            "init_image": bool(self.init_image),
            "references": bool(self.references),
            "adapters": bool(self.adapters),
            "several_adapters": len(self.adapters) > 1
            and people != 1,  # one person's and the style's are no mix-up
            "regions": bool(self.parts),
            "mask": self.repaint is not None or bool(self.closeups),
        }
        return frozenset(name for name, needed in wanted.items() if needed)

    def key(self, painter: str, revision: str, files: Mapping[str, str] = {}) -> str:
        """Twelve hexadecimal digits that stand for everything that decides the picture.

        `files` are digests of the files that the shot names, by path. The page's number and the alt text do not count: a page that
        moves keeps its picture.
        """
        plain = asdict(self)
        del plain["page"], plain["alt"], plain["picture"]
        # pictures painted before these were known keep their keys
        for later in ("parts", "apart", "repaint", "closeups"):
            if not plain[later]:
                del plain[later]
        asked = [painter, revision, plain, dict(files)] if files else [painter, revision, plain]
        request = json.dumps(asked, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(request.encode()).hexdigest()[:12]

    def character(self, name: str) -> Character:
        """The character of that name on this shot; unknown names give a plain child."""
        return next((one for one in self.cast if one.name == name), Character(name))


@dataclass(frozen=True)
class Storyboard:
    """The shots of a book in order, the cover (page 0) first.

    `sources` holds for each shot a fingerprint of what it was made from: while that is the same,
    the shot is kept, with whatever was changed in it by hand.
    """

    shots: tuple[Shot, ...]
    sources: tuple[str, ...]
