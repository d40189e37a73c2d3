"""Critics, drawn: from a picture to what the nets say of every figure in it; numbers, no words."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from storykin.critics.drawn import nets
from storykin.critics.drawn.nets import Array
from storykin.critics.drawn.plain import PlainOps

if TYPE_CHECKING:
    from PIL.Image import Image

WORKING = (
    768  # pixels of the longer side at which figures are cut out: a head then has more than the nets look at
)
LEAST = 0.08
"""Chance from which a place is looked at closely; what is there is settled by what is seen then."""
SURE = (0.755, 3.845, 0.992, 1.642)
"""How sure it is that somebody is there: a logistic of 1, the logit of the finder's chance, how much of the box is figure, how clear its parts are. Fitted
on the validation books (`python -m benchmarks.traits sure`)."""
FAINT = 0.1
"""Who is less sure is not told at all."""
SAME = 0.6
"""What two boxes share by their union, or two figures by the smaller one, from which they are one figure."""
SHARPER = (3 / 512, 80.0)
"""Reach by the longer side, and how much in percent. Of 288 small pairs of the proving ground OCCM is 95 without and 98 with it; twice as much finds no more of them, and more who are nobody."""
MOST = 10
"""Figures that are read in one picture, the surest."""
BODY, FACE = 1.3, 3.4
"""Sides of the squares that are looked at: by the longer side of the figure, by the half-width of the head."""


@dataclass(frozen=True)
class Look:
    """What the nets say of one figure: its box (left, top, right, bottom) and its head (middle and half-width; None where there is none) in
    pixels of the picture that was worked on, the side of the square that was looked at, and the outputs of `nets.told`.
    """

    sure: float
    box: tuple[float, float, float, float]
    head: tuple[float, float, float] | None
    side: float
    told: dict[str, Any]


def look(ops: PlainOps, picture: "Image", smoothed: bool = False) -> tuple[list[Look], tuple[int, int]]:
    """Every figure of an RGB picture, the surest first, and width and height of the picture that was worked on.

    What an autoencoder has `smoothed` is sharpened to see where somebody is, and then read as it is.
    """
    import numpy as np
    from PIL import Image

    by = WORKING / max(picture.size)
    if by < 1:
        size = (max(8, round(picture.width * by)), max(8, round(picture.height * by)))
        picture = picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    pixels = np.asarray(picture)
    near = closely(ops, sharpened(picture) if smoothed else picture)
    if near is None:
        return [], picture.size
    if smoothed:
        views, squares = _views(pixels, near.boxes)
        near = replace(near, views=views, squares=squares, body=nets.see(ops, "body", views))
    boxes, heads, seen, squares, views, body = (
        near.boxes,
        near.heads,
        near.seen,
        near.squares,
        near.views,
        near.body,
    )
    sure = 1 / (1 + np.exp(-(near.evidence @ np.array(SURE))))
    faces = np.stack([
        crop(pixels, x, y - 0.2 * r, FACE * r, nets.FACE) if there else np.full((3, nets.FACE, nets.FACE), 0.5, np.float32)
        for (x, y, r), there in zip(heads, seen, strict=True)
    ])  # fmt: skip
    small = np.asarray(picture, np.float32).transpose(2, 0, 1) / 255
    around = np.repeat(_eight(np, small)[None], len(boxes), 0)
    there = seen[:, None].astype(np.float32)
    reach = (heads[:, 2] / (squares[:, 2] / 2))[:, None] * there
    told = nets.told(ops, body, nets.see(ops, "face", faces), there, (views, faces), around, reach)
    found = []
    for i in np.argsort(-sure):
        if sure[i] < FAINT:
            break
        left, top, right, bottom = (float(one) for one in boxes[i])
        x, y, r = (float(one) for one in heads[i])
        box = (
            max(0.0, left),
            max(0.0, top),
            min(float(picture.width), right),
            min(float(picture.height), bottom),
        )
        found.append(
            Look(float(sure[i]), box, (x, y, r) if seen[i] else None, float(squares[i, 2]), {name: one[i] for name, one in told.items()})
        )  # fmt: skip
    return found, picture.size


def sharpened(picture: "Image") -> "Image":
    """A picture with edges as clear as those of drawings."""
    from PIL import ImageFilter

    return picture.filter(ImageFilter.UnsharpMask(SHARPER[0] * max(picture.size), round(SHARPER[1]), 0))


@dataclass(frozen=True)
class Near:
    """Figures looked at closely, one a row: boxes, heads and whether they can be seen, the squares and their pixels, what `nets.see` gave, and what
    speaks for there being somebody.
    """

    boxes: Array
    heads: Array
    seen: Array
    squares: Array
    views: Array
    body: dict[str, Array]
    evidence: Array


def closely(ops: PlainOps, picture: "Image") -> Near | None:
    """Twice a closer look at wherever somebody may be, each figure once; None where nobody is."""
    import numpy as np

    pixels = np.asarray(picture)
    boxes, chance = _found(ops, picture)
    near = None
    for _ in range(2):
        if not len(boxes):
            return None
        views, squares = _views(pixels, boxes)
        body = nets.see(ops, "body", views)
        boxes, heads, seen = _placed(ops, body, squares)
        maps = nets.soft(ops, body["parts"])
        evidence = _evidence(maps, boxes, squares, chance)
        kept = _apart(boxes, evidence @ np.array(SURE), _covered(maps, squares, picture.size))
        boxes, chance = boxes[kept], chance[kept]
        body = {name: one[kept] for name, one in body.items()}
        near = Near(boxes, heads[kept], seen[kept], squares[kept], views[kept], body, evidence[kept])
    return near


def crop(pixels: Array, x: float, y: float, side: float, size: int) -> Array:
    """A square of a picture (height x width x 3, bytes) about (x, y), `side` wide, as 3 x size x size from 0 to 1; white beyond the edge."""
    import numpy as np
    from PIL import Image

    room = int(np.ceil(side)) + 2
    left, top = int(np.floor(x - side / 2)), int(np.floor(y - side / 2))
    high, wide = pixels.shape[:2]
    pad = np.full((room, room, 3), 255, np.uint8)
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + room, wide), min(top + room, high)
    if x1 > x0 and y1 > y0:
        pad[y0 - top : y1 - top, x0 - left : x1 - left] = pixels[y0:y1, x0:x1]
    begin = (x - side / 2 - left, y - side / 2 - top)
    inner = (*begin, begin[0] + side, begin[1] + side)
    made = Image.fromarray(pad).resize((size, size), Image.Resampling.BILINEAR, inner)
    return np.asarray(made, np.float32).transpose(2, 0, 1) / 255


def _found(ops: PlainOps, picture: "Image") -> tuple[Array, Array]:
    """Boxes in pixels and chances of what may be figures."""
    import numpy as np
    from PIL import Image

    by = nets.PAGE / max(picture.size)
    size = (max(1, round(picture.width * by)), max(1, round(picture.height * by)))
    sheet = np.ones((1, 3, nets.PAGE, nets.PAGE), np.float32)
    small = np.asarray(picture.resize(size, Image.Resampling.BOX), np.float32) / 255
    sheet[0, :, : size[1], : size[0]] = small.transpose(2, 0, 1)
    logits, reach = nets.find(ops, sheet)
    chance = 1 / (1 + np.exp(-logits[0, 0]))
    edge = np.pad(chance, 1)
    around = np.max(
        [edge[i : i + len(chance), j : j + len(chance)] for i in range(3) for j in range(3)], axis=0
    )
    ys, xs = np.nonzero((chance >= around) & (chance > LEAST))
    order = np.argsort(-chance[ys, xs])[: 2 * MOST]
    ys, xs = ys[order], xs[order]
    left, top, right, bottom = np.exp(np.clip(reach[0, :, ys, xs].T, -3, 4))
    boxes = np.stack((xs + 0.5 - left, ys + 0.5 - top, xs + 0.5 + right, ys + 0.5 + bottom), 1) * (8 / by)
    sure = chance[ys, xs]
    kept = _apart(boxes, sure)
    return boxes[kept], sure[kept]


def _apart(boxes: Array, sure: Array, covered: Array | None = None) -> list[int]:
    """Which boxes stay when the same figure was found twice, the surest first; `covered` are the cells of the picture that each figure covers."""
    import numpy as np

    kept: list[int] = []
    for i in np.argsort(-sure):
        if len(kept) == MOST:
            break
        if any(_shared(boxes[i], boxes[j]) > SAME for j in kept):
            continue
        if covered is not None and any(
            (covered[i] & covered[j]).sum() > SAME * min(covered[i].sum(), covered[j].sum()) for j in kept
        ):
            continue
        kept.append(int(i))
    return kept


def _covered(maps: Array, squares: Array, size: tuple[int, int], cells: int = 96) -> Array:
    """For every figure the cells of the picture (cells x cells) that are it."""
    import numpy as np

    own = 1 - maps[:, 0] - maps[:, 11] > 0.5
    many, tall = own.shape[:2]
    across = (np.arange(cells) + 0.5) / cells
    found = np.zeros((many, cells, cells), bool)
    for k, (x, y, side) in enumerate(squares):
        j = np.floor((across * size[0] - x + side / 2) / side * tall).astype(int)
        i = np.floor((across * size[1] - y + side / 2) / side * tall).astype(int)
        inside = ((i >= 0) & (i < tall))[:, None] & ((j >= 0) & (j < tall))[None]
        found[k] = inside & own[k][np.clip(i, 0, tall - 1)][:, np.clip(j, 0, tall - 1)]
    return found


def _evidence(maps: Array, boxes: Array, squares: Array, chance: Array) -> Array:
    """What `SURE` weighs, for each figure."""
    import numpy as np

    own = 1 - maps[:, 0] - maps[:, 11]
    clear = maps[:, 1:11].max(1)
    part = np.clip((boxes[:, 2:] - boxes[:, :2]).prod(1) / squares[:, 2] ** 2, 0.05, 1.0) * own[0].size
    filled = own.sum((1, 2)) / part
    sharp = (clear * own).sum((1, 2)) / (own.sum((1, 2)) + 1)
    logit = np.log(np.clip(chance, 1e-4, 1 - 1e-4) / np.clip(1 - chance, 1e-4, 1))
    return np.stack((np.ones_like(logit), logit, np.clip(filled, 0, 1.5), sharp), 1)


def _shared(one: Array, other: Array) -> float:
    """Intersection by union."""
    wide, high = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    both = wide * high
    return float(
        both / ((one[2] - one[0]) * (one[3] - one[1]) + (other[2] - other[0]) * (other[3] - other[1]) - both)
    )


def _views(pixels: Array, boxes: Array) -> tuple[Array, Array]:
    """Squares about figures as the nets want them, and middle and side of each in pixels."""
    import numpy as np

    high, wide = pixels.shape[:2]
    inside = np.clip(boxes, 0, [wide, high, wide, high])
    middle = np.stack(((inside[:, 0] + inside[:, 2]) / 2, (inside[:, 1] + inside[:, 3]) / 2), 1)
    long = np.maximum(np.maximum(inside[:, 2] - inside[:, 0], inside[:, 3] - inside[:, 1]), 8)
    squares = np.concatenate((middle, BODY * long[:, None]), 1)
    return np.stack([crop(pixels, x, y, side, nets.BODY) for x, y, side in squares]), squares


def _placed(ops: PlainOps, body: dict[str, Array], squares: Array) -> tuple[Array, Array, Array]:
    """Boxes and heads in pixels, and whether the head can be seen. A box is the mean of what `nets.place` says and of what the maps show."""
    import numpy as np

    where = nets.place(ops, body)
    half = squares[:, 2:] / 2
    middle = squares[:, :2]
    told = where[:, :4] * half
    shown = _edges(nets.soft(ops, body["parts"])) * half
    boxes = (told + shown) / 2 + np.concatenate((middle, middle), 1)
    boxes = np.concatenate(
        (np.minimum(boxes[:, :2], boxes[:, 2:] - 2), np.maximum(boxes[:, 2:], boxes[:, :2] + 2)), 1
    )
    heads = np.concatenate((where[:, 4:6] * half + middle, np.exp(np.clip(where[:, 6:7], -5, 1)) * half), 1)
    return boxes, heads, where[:, 7] > 0


def _edges(maps: Array) -> Array:
    """Left, top, right and bottom of what is figure in each square, from -1 to 1; the edge lies in the cell where it fades."""
    import numpy as np

    own = 1 - maps[:, 0] - maps[:, 11]
    cells = own.shape[1]
    found = np.zeros((len(own), 4), np.float32)
    for axis in (0, 1):
        lines = np.sort(own, 1)[:, -2:].mean(1) if axis == 0 else np.sort(own, 2)[:, :, -2:].mean(2)
        for k, line in enumerate(lines):
            at = np.nonzero(line > 0.5)[0]
            low, high = (float(at[0]), float(at[-1] + 1)) if len(at) else (0.0, float(cells))
            low -= float(line[int(low) - 1]) if low > 0 else 0.0
            high += float(line[int(high)]) if high < cells else 0.0
            found[k, axis], found[k, axis + 2] = low / cells * 2 - 1, high / cells * 2 - 1
    return found


def _eight(np: Any, x: Array) -> Array:
    """A picture (3 x height x width) as 8 x 8 means."""
    high, wide = x.shape[1:]
    rows = [x[:, i * high // 8 : -(-(i + 1) * high // 8)].mean(1) for i in range(8)]
    return np.stack(
        [
            np.stack([row[:, j * wide // 8 : -(-(j + 1) * wide // 8)].mean(1) for j in range(8)], 1)
            for row in rows
        ],
        1,
    )
