"""Critics: a page laid upon the storyboard's own drawing of it: whose pixels are otherwise, and where something is that nobody promised.

Only pages by a hand that draws exactly what it is told can be laid so; of others nothing is said (`laid` gives None).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from storykin.critics.drawn import nets
from storykin.critics.thresholds import gate
from storykin.scene import Box

Pixels = Any
"""A picture as an array of height x width x 3 bytes, or as many L*a*b* values."""
Mask = Any
"""Height x width, true where something is."""
PARTS = ("hair", "skin", "coat", "clothes")
"""What a figure is made of; "clothes" is all that is neither hair nor skin nor coat: faces' features, shoes and things in hand, too."""
GATES = {"hair": "hair", "skin": "face", "coat": "coat", "clothes": "clothes"}
"""The gate of each part, up to which it is right."""
NEAR = 12
"""A figure's surroundings, in pixels of an overlay."""
LARGER = 1.2
"""How much larger somebody may be drawn than they should, with the furniture that makes room, and the page still be known by the scenery that is left."""
BARE = 0.05  # of a page, the least scenery by which a hand is known
LEAST = 40  # pixels of a part below which nothing is said of it


@dataclass(frozen=True)
class Laid:
    """One figure of a page on its drawing; shares of its visible pixels, 0 to 1.

    `changed` says how much of each part is otherwise ("all" of the whole figure), `gone` how much of it shows what the drawing has behind, `around`
    how much is otherwise close by, by the figure's own size, `locks` how much of that has the hair's colour, by the size of the hair. `hidden` is how much somebody who should not be there may hide. `foreign` is how much of the clothes has a colour now that
    neither the figure nor what is near it has in the drawing: arms that hang otherwise bring none. `other` is the promise
    that the page keeps for this figure best ("height 0.7", "bleed Sasha"), where it does not keep its own, `left` how much of the difference that does not explain.
    """

    changed: Mapping[str, float] = field(default_factory=dict)
    gone: float = 0.0
    around: float = 0.0
    locks: float = 0.0
    hidden: float = 0.0
    foreign: float = 0.0
    other: str = ""
    left: float = 1.0

    @property
    def tried(self) -> bool:
        """Whether so much of them is otherwise that other promises were held against it."""
        return max(self.part("all"), self.part("hair"), self.around) > gate("overlay.moved")

    @property
    def told(self) -> str:
        """The other promise where it explains most of what is otherwise, else ""."""
        return self.other if self.left < gate("overlay.explained") else ""

    def part(self, name: str) -> float:
        """How much of a part is otherwise; 0 of what is not seen."""
        return self.changed.get(name, 0.0)

    @property
    def same(self) -> bool:
        """Whether nothing of them is otherwise that anybody would see."""
        right = all(self.part(part) <= gate(f"overlay.{name}") for part, name in GATES.items())
        return right and self.locks <= gate("overlay.locks")

    @property
    def lost(self) -> bool:
        """Whether all that is otherwise of them shows what is behind them: they are not there. Less is enough where all of it does to the last pixel: white before clouds."""
        whole = self.part("all")
        if self.gone > gate("overlay.gone"):
            return self.gone > gate("overlay.bare") * whole
        faint = gate("overlay.faintly") < self.gone <= whole and self.hidden <= gate("overlay.hidden")
        body = max(self.part(part) for part in ("coat", "skin", "hair"))
        return faint and body > gate("overlay.faintly") and self.gone > gate("overlay.barely") * whole


@dataclass(frozen=True)
class Overlay:
    """A page on its drawing: figures by name, and how much is otherwise elsewhere, by cells of the page in rows (0 to 1)."""

    figures: Mapping[str, Laid] = field(default_factory=dict)
    strays: tuple[tuple[float, ...], ...] = ()

    def of(self, name: str) -> Laid:
        """Somebody on the drawing; who is not told of is as they were drawn."""
        return self.figures.get(name, Laid())

    def stray(self, box: Box) -> float:
        """How much of a box is changed and nobody's."""
        if not self.strays:
            return 0.0
        high, wide = len(self.strays), len(self.strays[0])
        rows, columns = within(box, high, wide)
        inside = [part for row in self.strays[rows] for part in row[columns]]
        return sum(inside) / len(inside) if inside else 0.0

    def groups(self) -> list[tuple[Box, float]]:
        """Where changed cells that are nobody's hang together: boxes with the share of the page that is changed there, the largest first."""
        high, wide = len(self.strays), len(self.strays[0]) if self.strays else 0
        left = {(i, j) for i, row in enumerate(self.strays) for j, part in enumerate(row) if part > FULL}
        found = []
        while left:
            seeds, group = [left.pop()], []
            while seeds:
                i, j = seeds.pop()
                group.append((i, j))
                beside = {(i + di, j + dj) for di in (-1, 0, 1) for dj in (-1, 0, 1)} & left
                left -= beside
                seeds.extend(beside)
            rows, columns = [i for i, _ in group], [j for _, j in group]
            box = Box(min(columns) / wide, min(rows) / high, (max(columns) + 1 - min(columns)) / wide, (max(rows) + 1 - min(rows)) / high)  # fmt: skip
            found.append((box, sum(self.strays[i][j] for i, j in group) / (high * wide)))
        return sorted(found, key=lambda one: -one[1])


FULL = 0.3  # of a cell from which it counts as changed


@dataclass(frozen=True)
class Shape:
    """Which pixels of a drawing are a figure, all of them and by part; how to get the drawing without the figure (bytes), the drawing as
    other promises would have it, by what they say, and with the figure in any size.
    """

    whole: Mask
    parts: Mapping[str, Mask]
    behind: Callable[[], Pixels]
    otherwise: Mapping[str, Callable[[], Pixels]] = field(default_factory=dict)
    sized: Callable[[float], Pixels] | None = None


def lab(pixels: Pixels) -> Pixels:
    """CIE L*a*b* of a picture's bytes."""
    import numpy as np

    return nets.lab(np, nets.linear_light(np, np.asarray(pixels, np.float32) / 255))


def otherwise(one: Pixels, other: Pixels, least: float | None = None) -> Mask:
    """Where two pictures in L*a*b* differ by more than anybody overlooks (ΔE 1976)."""
    import numpy as np

    far: Mask = np.sqrt(((one - other) ** 2).sum(-1)) > (gate("overlay.pixel") if least is None else least)
    return far


def is_aligned(changed: Mask, boxes: Sequence[Box]) -> bool:
    """Whether a page is a drawing of the same hand: most of what lies outside all figures is as it was drawn, or outside what they would cover if they were much larger."""
    import numpy as np

    high, wide = changed.shape
    for more in (0.0, LARGER):
        scenery = np.ones(changed.shape, bool)
        for box in boxes:
            x, w = box.x - more / 2 * box.w, (1 + more) * box.w
            scenery[within(Box(x, box.y - more * box.h, w, (1 + more) * box.h), high, wide)] = False
        if scenery.mean() < BARE:
            scenery[:] = True
        if (changed & scenery).sum() <= gate("overlay.aligned") * scenery.sum():
            return True
    return False


def laid(
    page: Pixels, drawing: Pixels, shapes: Mapping[str, Shape], strangers: Sequence[Box] = ()
) -> Overlay:
    """Page and drawing (L*a*b*, the same size) compared by figures. `strangers` are boxes in which somebody was seen who is nobody promised: what they may hide says nothing of whom they hide.

    What somebody's other size, or their absence, explains of the others and of the scenery is not held against those.
    """
    import numpy as np

    changed = otherwise(page, drawing)
    if not changed.any():
        return Overlay()
    high, wide = changed.shape
    hidden, anybody = np.zeros(changed.shape, bool), np.zeros(changed.shape, bool)
    for box in strangers:
        hidden[within(box, high, wide)] = True
    for shape in shapes.values():
        anybody |= shape.whole
    sheets = _Sheets(page, drawing, hidden, anybody, changed.copy(), changed.copy())
    figures = {name: sheets.laid(shape, changed) for name, shape in shapes.items()}
    for name, one in figures.items():
        if one.lost:
            anybody &= ~shapes[name].whole  # whoever is there is nobody
        elif not one.told:
            figures[name] = sheets.laid_again(one, shapes[name])
    return Overlay(figures, _cells(sheets.scenery & ~anybody))


@dataclass
class _Sheets:
    """Page and drawing upon each other: what strangers hide, where anybody is, and where the two differ as far as nobody's other size or absence explains it,
    for the figures (`left`) and for the scenery, which moves up where nobody stands.
    """

    page: Pixels
    drawing: Pixels
    hidden: Mask
    anybody: Mask
    left: Mask
    scenery: Mask

    def laid(self, shape: Shape, changed: Mask) -> Laid:
        """One figure by itself. Where it is otherwise as a whole, what is behind it is drawn, and what else may have been promised; where its hair is, whose hair that may be."""
        found = self._compared(shape, changed)
        whole = max(found.part("all"), found.around) > gate("overlay.moved")
        if not found.tried:
            return found
        told = shape.whole & ~self.hidden
        if whole:
            there = otherwise(self.page, lab(shape.behind()))
            found = replace(found, gone=float((changed & told & ~there).sum() / told.sum()))
            self.scenery &= there
            if found.lost:
                self.left &= there
                return found
        near = told | self._near(shape.whole)
        tried = {name: draw for name, draw in shape.otherwise.items() if whole or name.startswith("bleed")}
        other, part, still = self._explained(tried, shape, changed, near, found)
        found = replace(found, other=other, left=part)
        if found.told:
            self.left &= still
            self.scenery &= still
        return found

    def _explained(
        self,
        tried: Mapping[str, Callable[[], Pixels]],
        shape: Shape,
        changed: Mask,
        near: Mask,
        laid: Laid,
    ) -> tuple[str, float, Mask]:
        """The other promise under which least of a figure and its surroundings is otherwise, how much is, by what was, and where page and that promise then differ.

        Sizes are tried towards one side only where it is clear: who is larger reaches into what is around, who is smaller shows what is behind; about the
        best one more closely. Whoever took over hair and clothes has their own face: every part must fit.
        """
        before = max(1, (changed & near).sum())
        parts = {part: mask for part, mask in shape.parts.items() if mask.sum() >= LEAST}

        def held(name: str, drawing: Pixels) -> tuple[str, float, Mask]:
            still = otherwise(self.page, lab(drawing))
            left = float((still & near).sum() / before)
            if name.startswith("bleed"):
                left = max(left, *_shares(still, parts).values())
            return name, left, still

        found = ("", 1.0, changed)
        clear = min(laid.around, laid.gone) < CLEAR
        for name, draw in tried.items():
            about, _, by = name.partition(" ")
            if about == "height" and clear and (float(by) > 1) != (laid.around > laid.gone):
                continue
            found = min(found, held(name, draw()), key=lambda one: one[1])
        about, _, by = found[0].partition(" ")
        if about == "height" and shape.sized:
            sizes = [round(float(by) * more, 2) for more in CLOSER]
            nearer = [held(f"height {size}", shape.sized(size)) for size in sizes]
            found = min(found, *nearer, key=lambda one: one[1])
        return found

    def laid_again(self, was: Laid, shape: Shape) -> Laid:
        """One figure once more, without what others explain."""
        found = self._compared(shape, self.left)
        return replace(
            was, changed=found.changed, around=found.around, locks=found.locks, foreign=found.foreign
        )

    def _near(self, figure: Mask) -> Mask:
        return grown(figure, NEAR) & ~self.anybody & ~self.hidden

    def _locks(self, hair: Mask, changed: Mask, moved: tuple[int, int]) -> float:
        """How much more hair there is beside the hair, by its size: pigtails below a hat. `moved` is where the figure went."""
        import numpy as np

        page = np.roll(self.page, moved, (0, 1))
        colours = np.asarray(sorted(self.drawing[hair].tolist()))[
            [hair.sum() * tenths // 10 for tenths in (1, 5, 8)]
        ]  # by lightness
        far = ((page[:, :, None] - colours) ** 2).sum(-1).min(-1)
        alike = far < gate("overlay.lock_colour") ** 2
        new = alike & self._near(hair) & (otherwise(page, self.drawing) if any(moved) else changed)
        return float(new.sum() / hair.sum())

    def _compared(self, shape: Shape, changed: Mask) -> Laid:
        told = shape.whole & ~self.hidden
        if told.sum() < LEAST:
            return Laid(hidden=1.0)
        whole = shape.whole.sum()
        around = float((changed & self._near(shape.whole)).sum() / whole)
        parts = {part: mask & ~self.hidden for part, mask in shape.parts.items()}
        parts = {part: mask for part, mask in parts.items() if mask.sum() >= LEAST}
        still, moved = self._nudged(told, parts, changed)
        shares = _shares(still, parts | {"all": told})
        locks = self._locks(parts["hair"], changed, moved) if "hair" in parts else 0.0
        clothes = parts.get("clothes", told)
        foreign = _foreign(self.page, self.drawing, clothes & still) * shares.get("clothes", 0.0)
        return Laid(shares, around=around, locks=locks, hidden=float(1 - told.sum() / whole), foreign=foreign)

    def _nudged(self, told: Mask, parts: Mapping[str, Mask], changed: Mask) -> tuple[Mask, tuple[int, int]]:
        """Where a figure is otherwise when the page is moved by the few pixels that suit it best, and by how many: who makes room for a neighbour is the same."""
        import numpy as np

        before = sum(_shares(changed, parts).values())
        best, by, least = changed, (0, 0), NUDGED * before
        if before == 0:
            return best, by
        rows, columns = told.nonzero()
        inside = (
            slice(max(0, rows.min() - NUDGE), rows.max() + NUDGE + 1),
            slice(max(0, columns.min() - NUDGE), columns.max() + NUDGE + 1),
        )
        now, drawn = self.page[inside], self.drawing[inside]
        figure, within_it = told[inside], {part: mask[inside] for part, mask in parts.items()}
        for down in range(-NUDGE, NUDGE + 1):
            for aside in range(-NUDGE, NUDGE + 1):
                moved = otherwise(np.roll(now, (down, aside), (0, 1)), drawn)
                after = sum(_shares(moved, within_it).values())
                if after < least:
                    best, by, least = changed.copy(), (down, aside), after
                    best[inside] = np.where(figure, moved, changed[inside])
        return best, by


def _shares(changed: Mask, parts: Mapping[str, Mask]) -> dict[str, float]:
    """How much of each part is changed."""
    return {part: float((changed & mask).sum() / mask.sum()) for part, mask in parts.items()}


NUDGE = 4
"""How far a figure may be moved and still stand where it was drawn, in pixels of an overlay: a hundredth of the page."""
NUDGED = 0.85
"""How much of the differences of a figure's parts may be left for a move to count as one."""
CLOSER = (0.97, 1.03)
"""Sizes between two that are tried: a third of the way to the next."""
CLEAR = 0.1  # of a figure: less around, or behind, says on which side of its size it is


def _foreign(page: Pixels, drawing: Pixels, mask: Mask) -> float:
    """How much of a mask has a colour now that nothing near it has in the drawing; 0 of an empty mask."""
    import numpy as np

    if not mask.any():
        return 0.0
    rows, columns = mask.nonzero()
    top, left = max(0, rows.min() - NEAR), max(0, columns.min() - NEAR)
    inside = (slice(top, rows.max() + NEAR + 1), slice(left, columns.max() + NEAR + 1))
    now, before, where = page[inside], drawing[inside], mask[inside]
    nearest = np.full(where.shape, np.inf)
    for down in range(-NEAR, NEAR + 1, 3):
        for aside in range(-NEAR, NEAR + 1, 3):
            moved = np.roll(before, (down, aside), (0, 1))
            nearest = np.minimum(nearest, ((now - moved) ** 2).sum(-1))
    return float((nearest[where] > gate("overlay.pixel") ** 2).mean())


def touched(changed: Mask, box: Box) -> bool:
    """Whether anything of a box, or near it, is changed; specks of paper do not count."""
    high, wide = changed.shape
    wider = Box(box.x - 0.15 * box.w, box.y - 0.15 * box.h, 1.3 * box.w, 1.3 * box.h)
    inside = changed[within(wider, high, wide)]
    return bool(inside.size and inside.mean() > SPECKS)


SPECKS = 0.004  # share of a figure's box that moves when paper and grain fall otherwise


def grown(mask: Mask, by: int) -> Mask:
    """A mask with all that is within `by` pixels of it."""
    import numpy as np
    from PIL import Image, ImageFilter

    return (
        np.asarray(Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(2 * by + 1))) > 0
    )


def within(box: Box, high: int, wide: int) -> tuple[slice, slice]:
    """The rows and columns of a picture that a box covers, as far as it lies in it."""
    return (
        slice(max(0, int(box.y * high)), max(0, min(high, int(box.bottom * high) + 1))),
        slice(max(0, int(box.x * wide)), max(0, min(wide, int(box.right * wide) + 1))),
    )


CELL = 8  # pixels of the cells in which changes are gathered


def _cells(changed: Mask) -> tuple[tuple[float, ...], ...]:
    high, wide = changed.shape
    rows, columns = high // CELL, wide // CELL
    cells = changed[: rows * CELL, : columns * CELL].reshape(rows, CELL, columns, CELL).mean((1, 3))
    return tuple(tuple(round(float(one), 3) for one in row) for row in cells)
