"""Critics: how alike two figures are, and an embedding of anything that has no face for a face net: pets, toys, drawings.

It finds no figures: it embeds those that others found, or the picture as a whole where it shows one alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import sqrt
from typing import TYPE_CHECKING, Any

from storykin.critics import Question, Reading, Seen, Thing
from storykin.errors import StorykinError
from storykin.models import seeing
from storykin.scene import Box

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image

    from storykin.models.seeing import Eyes

VERSION = 1
GATES = {"face": 0.5, "image": 0.5}
"""Cosines from which on two vectors of a space rather belong to the same than to two, by space; of faces as measured, see `people.CENTRE`. What is not
here: `USUAL_GATE`."""
USUAL_GATE = 0.5

PLAIN = "plain"
"""The name of the embedding that needs no net."""
SIDE = 48  # pixels of the small copy whose colours are counted
CELLS = (7, 13, 13)
"""Of L*, a* and b*. Finer ones put the cosines of the same lower, coarser ones those of strangers higher: with these the errors are equal at 0.55
(260 drawings of 26 creatures in several places, poses, hours and arts: 10 % of either kind)."""
SPILL = 0.25
"""What each cell gives to the lighter and to the darker one: a fifth less light makes no other dog."""
REACH = 70.0  # of a* and b*, which colours seldom leave
MIDDLE, RIM = 0.5, 0.9  # width of the bell over the middle and the inner edge of the rim, in half sides
WHOLE = Box(0.0, 0.0, 1.0, 1.0)
MAYBE = 0.4
"""How sure it is that a picture as a whole is one figure: enough for somebody who is expected, too little for a stranger."""

Vector = tuple[float, ...]


def similarity(space: str, one: Sequence[float], other: Sequence[float]) -> float:
    """How alike two vectors of a space are: 0 as strangers, 0.5 at the gate of the space, 1 the same vector.

    The cosine, bent so that the gate of `GATES` comes to lie at 0.5; negative ones are 0.
    """
    cosine, gate = cosine_of(one, other), GATES.get(space, USUAL_GATE)
    if cosine >= gate:
        return min(1.0, 0.5 + 0.5 * (cosine - gate) / (1 - gate))
    return max(0.0, 0.5 * cosine / gate)


def cosine_of(one: Sequence[float], other: Sequence[float]) -> float:
    """The cosine between two vectors of equal length, -1 to 1; 0 where one of them is nothing."""
    if len(one) != len(other):
        raise ValueError(f"vectors of {len(one)} and {len(other)} numbers are of two spaces")
    long = sqrt(sum(a * a for a in one) * sum(b * b for b in other))
    return max(-1.0, min(1.0, sum(a * b for a, b in zip(one, other, strict=True)) / long)) if long else 0.0


@dataclass
class ImageReader:
    """Embeds crops by a general net when one is on this machine, else by their colours.

    `given` is a net (a name of `seeing.NETS`, a folder, owner/model), "plain" for none, "" for the best that is here. `strangers` gives
    pictures of anything: their mean is taken out, since to CLIP all drawings look alike. Colours tell a brown dog from a white one on
    any ground, and not from another brown dog. A net tells more; with nets the gate of `GATES` is an assumption, since none of their weights were at
    hand to measure it.
    """

    given: str = ""
    strangers: Callable[[], Sequence[Image]] | None = None
    name: str = "image"
    reads: frozenset[Thing] = frozenset({"identity"})
    _eyes: Eyes | None = field(default=None, init=False, repr=False)
    _centre: Any = field(default=None, init=False, repr=False)

    @property
    def net(self) -> str:
        """What it embeds with: "plain", or a net's name and fingerprint."""
        folder = self._folder()
        return f"{seeing.title_of(folder)} {seeing.fingerprint(folder)}" if folder else PLAIN

    @property
    def licence(self) -> str:
        """That of the net's weights."""
        folder = self._folder()
        return seeing.licence_of(folder) if folder else ""

    @property
    def revision(self) -> str:
        """Changes with the net."""
        return f"image-{VERSION}-{self.net}"

    def unready(self) -> str:
        """Why the net that was named cannot be used; "" otherwise: without any net colours are compared."""
        if self.given in {"", PLAIN}:
            return ""
        try:
            seeing.find("pictures", self.given)
        except StorykinError as error:
            return told(error)
        return ""

    def embed(self, picture: Image, boxes: Sequence[Box]) -> list[Vector]:
        """A unit vector of the space "image" for each box, by what lies in it."""
        crops = [crop_of(picture, box) for box in boxes]
        if not crops:
            return []
        if self._folder() is None:
            return [plain_vector(one) for one in crops]
        rows = self._loaded().pictures([squared(one) for one in crops]) - self._centre
        return [_rounded(row) for row in rows]

    def complete(self, picture: Image, figures: Sequence[Seen]) -> tuple[Seen, ...]:
        """The figures that others found, each with its vector "image"."""
        vectors = self.embed(picture, [one.box for one in figures])
        return tuple(
            replace(one, vectors={**one.vectors, "image": vector})
            for one, vector in zip(figures, vectors, strict=True)
        )

    def read(self, picture: Image, question: Question) -> Reading:
        """The picture as a whole as one figure, as if it showed somebody alone."""
        figures = self.complete(picture, (Seen(WHOLE, MAYBE),))
        return Reading(figures, read={"identity": self.name})

    def close(self) -> None:
        """Give memory back."""
        self._eyes = self._centre = None

    def _folder(self) -> Path | None:
        """The net's folder, None where colours must do."""
        if self.given == PLAIN:
            return None
        try:
            return seeing.find("pictures", self.given)
        except StorykinError:
            if self.given:
                raise
            return None

    def _loaded(self) -> Eyes:
        if self._eyes is None:
            from storykin.models.seeing import Eyes

            self._eyes = Eyes(seeing.find("pictures", self.given))
            strangers = self.strangers() if self.strangers else anything()
            self._centre = self._eyes.pictures([squared(one) for one in strangers]).mean(0)
        return self._eyes


def told(error: StorykinError) -> str:
    """An error as one sentence with what to do about it."""
    return f"{error.message}: {error.hint}" if error.hint else error.message


def crop_of(picture: Image, box: Box) -> Image:
    """What lies in a box, at least a few pixels of it."""
    wide, high = picture.size
    left, top = (
        min(max(0, round(part)), side - 4) for part, side in ((box.x * wide, wide), (box.y * high, high))
    )
    right = max(left + 4, min(wide, round(box.right * wide)))
    bottom = max(top + 4, min(high, round(box.bottom * high)))
    return picture.convert("RGB").crop((left, top, right, bottom))


def squared(picture: Image) -> Image:
    """The picture in the middle of a grey square, so that nobody gets thinner."""
    from PIL import Image

    side = max(picture.size)
    found = Image.new("RGB", (side, side), (128, 128, 128))
    found.paste(picture, ((side - picture.width) // 2, (side - picture.height) // 2))
    return found


def plain_vector(crop: Image) -> Vector:
    """A unit vector by the colours in the middle of a crop that are not those of its rim, where the ground is seen.

    Square roots of shares, so that the cosine is Bhattacharyya's coefficient of two distributions of colours.
    """
    import numpy as np

    lab = _lab(np.asarray(crop.resize((SIDE, SIDE), 2, reducing_gap=2.0).convert("RGB"), np.float64) / 255)
    line = np.linspace(-1, 1, SIDE)
    middle = np.exp(-(line[:, None] ** 2 + line[None] ** 2) / (2 * MIDDLE**2))
    rim = (np.maximum(abs(line)[:, None], abs(line)[None]) > RIM).astype(float)
    inside, around = _colours(lab, middle), _colours(lab, rim)
    own = np.maximum(inside - around, 0)
    # somebody who fills the crop, or has the colour of the ground
    return _rounded(np.sqrt(own if own.sum() > 0.05 else inside))


def anything(count: int = 12) -> list[Image]:
    """Pictures of nothing in particular: soft blobs of colour, always the same ones."""
    import numpy as np
    from PIL import Image

    chance = np.random.default_rng(5)
    return [
        Image.fromarray(chance.integers(0, 256, (cells, cells, 3), np.uint8)).resize((224, 224), 3)
        for cells in (2 + number % 6 for number in range(count))
    ]


def _colours(lab: Any, weights: Any) -> Any:
    """Shares of the cells of L*, a* and b*, each pixel spread over the cells around it."""
    import numpy as np

    counts = np.zeros(CELLS)
    parts = (lab[..., 0] / 100, (lab[..., 1] + REACH) / (2 * REACH), (lab[..., 2] + REACH) / (2 * REACH))
    places = [np.clip(part, 0, 0.999) * size - 0.5 for part, size in zip(parts, CELLS, strict=True)]
    lower = [np.floor(place).astype(int) for place in places]
    for corner in np.ndindex(2, 2, 2):
        share, at = weights.copy(), []
        for place, low, up, size in zip(places, lower, corner, CELLS, strict=True):
            share = share * (place - low if up else 1 - (place - low))
            at.append(np.clip(low + up, 0, size - 1))
        np.add.at(counts, tuple(at), share)
    counts /= counts.sum()
    beside = np.pad(counts, ((1, 1), (0, 0), (0, 0)), "edge")
    return ((1 - 2 * SPILL) * counts + SPILL * (beside[:-2] + beside[2:])).ravel()


def _lab(rgb: Any) -> Any:
    """sRGB, 0 to 1, as L*, a*, b* under D65 (IEC 61966-2-1, CIE 15)."""
    import numpy as np

    light = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = light @ _to_xyz()
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)


@lru_cache
def _to_xyz() -> Any:
    """Linear sRGB to XYZ by the white of D65: (3, 3), to be multiplied from the right."""
    import numpy as np

    rows = (
        (0.4124564, 0.3575761, 0.1804375),
        (0.2126729, 0.7151522, 0.0721750),
        (0.0193339, 0.1191920, 0.9503041),
    )
    return np.array(rows).T / np.array((0.95047, 1.0, 1.08883))


def _rounded(row: Any) -> Vector:
    long = float((row**2).sum()) ** 0.5 or 1.0
    return tuple(round(float(number) / long, 5) for number in row)
