"""Critics, drawn: the three nets as plain functions, the same for learning (torch) and for reading (numpy).

`Ops` lends the few operations; arrays are batch x channels x height x width. Colours are measured, not guessed: a net says where hair or a skirt is,
the pixels there are averaged in linear light, and only the light of the picture is learnt.
"""

from typing import Any, Protocol

Array = Any
"""An array of numpy or a tensor of torch, float32."""

PAGE, BODY, FACE = 288, 96, 64
"""Pixels a side of what the nets look at: a whole page, a figure, a head."""
PARTS = ("", "hair", "skin", "upper", "lower", "hat", "coat", "belly", "mark", "neck", "other", "others")
"""What a pixel can be: "" is scenery, "other" the figure's face, shoes and small things, "others" somebody else."""
MEASURED = PARTS[1:10]
"""Parts whose colour is read."""
KINDS = (
    "child", "grown-up", "dog", "puppy", "cat", "kitten", "fox", "wolf", "hedgehog", "lion", "tiger", "elephant", "giraffe", "pig", "cow", "sheep", "goat",
    "horse", "unicorn", "donkey", "deer", "turtle", "crocodile", "longneck", "stegosaurus", "triceratops", "zebra", "bear", "polar bear", "panda",
    "koala", "rabbit", "mouse", "squirrel", "raccoon", "monkey", "kangaroo", "beaver", "mole", "frog", "dinosaur", "dragon", "robot", "monster", "alien",
    "snowman", "gingerbread man", "bird", "chick", "hen", "duck", "duckling", "swan", "owl", "penguin", "parrot", "whale", "dolphin", "shark", "fish",
    "octopus", "crab", "snail", "butterfly", "bee", "ladybird", "ghost",
)  # fmt: skip
TRAITS: dict[str, tuple[str, ...]] = {
    "kind": KINDS,
    "hair_style": (
        "hidden", "bald", "balding", "mohawk", "buzz", "space buns", "afro", "locs", "braids", "braid", "pigtails", "ponytail", "bun", "bob", "long curly",
        "long wavy", "long", "shoulder", "short curly", "wavy", "spiky", "messy", "bowl", "short",
    ),
    "glasses": ("none", "round", "square", "sun"),
    "hat": ("none", "band", "hat", "helmet"),
    "beard": ("none", "beard", "moustache"),
    "pattern": ("none", "rainbow", "stripes", "dots", "stars", "moons", "checks", "hearts", "flowers", "sparkles", "patches"),
    "lower": ("trousers", "shorts", "skirt", "long skirt", "dress", "suit"),
}  # fmt: skip
"""Traits and their words. "lower" is what legs are in: "dress" also robes and gowns, "suit" spacesuit, armour and overalls."""
IDENTITY, HAIR, CLOTHES = 32, 24, 24
"""Sizes of the vectors."""


class Ops(Protocol):
    """Operations that carry weights, by name, and the library `xp` for the rest."""

    xp: Any

    def conv(
        self, name: str, x: Array, out: int, kernel: int = 3, stride: int = 1, act: bool = True
    ) -> Array:
        """A convolution with its bias, padded to keep the size, then max(0, x) if `act`."""

    def linear(self, name: str, x: Array, out: int, act: bool = True) -> Array:
        """A matrix and a bias on the last axis, then max(0, x) if `act`."""

    def up(self, x: Array) -> Array:
        """Twice as large, every value four times."""

    def join(self, *xs: Array, axis: int = 1) -> Array:
        """Arrays after one another."""

    def positive(self, x: Array) -> Array:
        """max(0, x)."""

    def still(self, x: Array) -> Array:
        """x, through which nothing is learnt: what colours are measured of is settled by the maps' own truth."""


def _block(ops: Ops, name: str, x: Array, wide: int) -> Array:
    y = ops.conv(f"{name}.a", x, wide)
    return ops.positive(x + ops.conv(f"{name}.b", y, wide, act=False))


def find(ops: Ops, pages: Array) -> tuple[Array, Array]:
    """Where figures are on pages of `PAGE` pixels: logits of "the middle of a figure" (batch x 1 x 36 x 36) and, for each cell of 8 pixels, how far
    the figure reaches from there to the left, top, right and bottom, as logarithms of cells (batch x 4 x 36 x 36).
    """
    x = ops.conv("find.1", pages - 0.5, 12, stride=2)
    x = ops.conv("find.2", x, 24, stride=2)
    fine = ops.conv("find.3b", ops.conv("find.3", x, 40, stride=2), 40)
    mid = _block(ops, "find.4b", ops.conv("find.4", fine, 72, stride=2), 72)
    deep = _block(ops, "find.5b", ops.conv("find.5", mid, 112, stride=2), 112)
    deep = _block(ops, "find.5c", deep, 112)
    mid = ops.conv("find.6", ops.positive(mid + ops.up(ops.conv("find.6u", deep, 72, 1, act=False))), 64)
    fine = ops.join(ops.conv("find.7l", fine, 24, 1), ops.up(ops.conv("find.7u", mid, 40, 1)))
    fine = ops.conv("find.7", fine, 40)
    return ops.conv("find.heat", fine, 1, 1, act=False), ops.conv("find.box", fine, 4, 1, act=False)


def see(ops: Ops, name: str, x: Array) -> dict[str, Array]:
    """What a figure ("body") or a head ("face") shows: maps of its parts (logits at a quarter of the size), features at an eighth, and those of the whole."""
    x = ops.conv(f"{name}.1", x - 0.5, 16, stride=2)
    fine = _block(ops, f"{name}.2b", ops.conv(f"{name}.2", x, 32, stride=2), 32)
    mid = _block(ops, f"{name}.3b", ops.conv(f"{name}.3", fine, 64, stride=2), 64)
    deep = _block(ops, f"{name}.4b", ops.conv(f"{name}.4", mid, 96, stride=2), 96)
    mid = ops.conv(
        f"{name}.5", ops.positive(mid + ops.up(ops.conv(f"{name}.5u", deep, 64, 1, act=False))), 48
    )
    fine = ops.conv(
        f"{name}.6", ops.positive(fine + ops.up(ops.conv(f"{name}.6u", mid, 32, 1, act=False))), 32
    )
    return {"parts": ops.conv(f"{name}.parts", fine, len(PARTS), 1, act=False), "mid": mid, "deep": deep}


def soft(ops: Ops, logits: Array) -> Array:
    """Chances of parts, batch x parts x height x width."""
    raised = ops.xp.exp(logits - ops.xp.amax(logits, 1)[:, None])
    return raised / raised.sum(1)[:, None]


def place(ops: Ops, body: dict[str, Array]) -> Array:
    """Where figure and head are in the square that was looked at, batch x 8: left, top, right, bottom; the head's middle (x, y), the logarithm
    of its half-width, all by half the square's side with (0, 0) in its middle; a logit that the head can be seen.
    """
    flat = ops.conv("body.place", body["deep"], 24, 1)
    return ops.linear(
        "body.place2", ops.linear("body.place1", flat.reshape(flat.shape[0], -1), 96), 8, act=False
    )


def measure(ops: Ops, light: Array, chances: Array) -> tuple[Array, Array]:
    """Mean linear light (batch x parts x 3) of `MEASURED` and how many pixels it is of; `light` is batch x 3 x height x width, twice the maps' size."""
    weight = ops.up(chances[:, 1:10]) ** 3
    flat = weight.reshape(weight.shape[0], 9, -1)
    total = flat.sum(2)
    return (flat @ light.reshape(light.shape[0], 3, -1).swapaxes(1, 2)), total


def halved(light: Array) -> Array:
    """Pixels averaged four by four into half the size."""
    b, c, h, w = light.shape
    return light.reshape(b, c, h // 2, 2, w // 2, 2).mean(5).mean(3)


def linear_light(xp: Any, x: Array) -> Array:
    """Linear light of sRGB values from 0 to 1."""
    return xp.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)


def lab(xp: Any, light: Array) -> Array:
    """CIE L*a*b* (D65) of linear light on the last axis."""
    r, g, b = light[..., 0], light[..., 1], light[..., 2]
    x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047
    y = 0.2126729 * r + 0.7151522 * g + 0.0721750 * b
    z = (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883

    def root(t: Array) -> Array:
        return xp.where(t > 216 / 24389, xp.clip(t, 1e-4, 9.0) ** (1 / 3), (24389 / 27 * t + 16) / 116)

    fx, fy, fz = root(x), root(y), root(z)
    return xp.stack((116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)), -1)


def told(
    ops: Ops,
    body: dict[str, Array],
    face: dict[str, Array],
    seen: Array,
    views: tuple[Array, Array],
    around: Array,
    head: Array,
) -> dict[str, Array]:
    """All that is read of figures from what their bodies and heads show.

    `seen` is 1 where there is a head (batch x 1), `views` are the pixels of both (sRGB, 0 to 1), `around` the page at 8 x 8 pixels,
    `head` how large the head is by half the square. Gives Lab colours by part ("colours") with their pixels ("amount"), unit vectors, logits of `TRAITS`, and the
    logarithm of the standing height by the square's side.
    """
    xp = ops.xp
    maps, masks = ops.still(soft(ops, body["parts"])), ops.still(soft(ops, face["parts"]))
    parts_b, many_b = measure(ops, halved(linear_light(xp, views[0])), maps)
    parts_f, many_f = measure(ops, halved(linear_light(xp, views[1])), masks)
    many_f = many_f * seen
    amount = many_b + many_f
    mean = (parts_b + parts_f * seen[:, :, None]) / (amount[:, :, None] + 1e-3)

    own = 1 - maps[:, :1] - maps[:, 11:]
    wide = body["deep"].shape[2]
    small = own.reshape(own.shape[0], 1, wide, 4, wide, 4).mean(5).mean(3)
    whole = body["deep"].mean((2, 3))
    figure = (body["deep"] * small).sum((2, 3)) / (small.sum((2, 3)) + 1e-2)
    cloth_map = maps[:, 3:6].sum(1)[:, None] + maps[:, 9:10]
    cloth = _over(body["mid"], cloth_map)
    hair_map = masks[:, 1:2]
    locks = _over(face["mid"], hair_map) * seen
    skull = face["deep"].mean((2, 3)) * seen
    outline = ops.conv("face.outline", face["deep"], 16, 1)
    outline = ops.linear("face.outline2", outline.reshape(outline.shape[0], -1), 64) * seen
    top = _over(face["mid"], 1 - masks[:, :1] - masks[:, 11:]) * seen

    light = ops.linear("light.1", ops.join(whole, around.reshape(around.shape[0], -1)), 64)
    code = ops.linear("light.2", light, 24)
    gain = ops.linear("light.3", code, 6, act=False)
    base = xp.clip(mean * xp.exp(gain[:, None, :3]) + 0.3 * gain[:, None, 3:], 2e-4, 1.3)
    start = lab(xp, base) / 50
    which = xp.eye(9)[None] + xp.zeros_like(mean[:, :, :1])
    spread = code[:, None] + xp.zeros_like(mean[:, :, :1])
    shift = ops.linear("colour.1", ops.join(start, spread, which, axis=2), 48)
    shift = ops.linear("colour.3", ops.linear("colour.2", shift, 48), 3, act=False)
    colours = start + 0.5 * shift

    there = amount / (amount + 4.0)
    tint = colours * there[:, :, None]
    flat = tint.reshape(tint.shape[0], -1)
    traits = {}
    for name, words in TRAITS.items():
        looked = {
            "hair_style": (locks, skull, top, outline),
            "glasses": (skull, top, outline),
            "beard": (skull, top, outline),
            "hat": (skull, top, outline, figure),
            "kind": (figure, whole, skull),
        }
        x = ops.join(*looked.get(name, (cloth, figure)), there)
        traits[name] = ops.linear(f"{name}.2", ops.linear(f"{name}.1", x, 64), len(words), act=False)
    who = ops.linear("identity.1", ops.join(skull, top, locks, outline, figure, flat * 3, there), 96)
    hair = ops.linear("hair.1", ops.join(locks, skull, outline, tint[:, 0] * 4, there[:, :1]), 64)
    worn = ops.linear("clothes.1", ops.join(cloth, figure, flat[:, 6:15] * 4, flat[:, 24:27] * 4, there), 64)
    tall = ops.linear("tall.1", ops.join(figure, whole, skull, head, seen), 64)
    return {
        "colours": colours * 50, "amount": amount, "identity": _unit(xp, ops.linear("identity.2", who, IDENTITY, act=False)),
        "hair": _unit(xp, ops.linear("hair.2", hair, HAIR, act=False)), "clothes": _unit(xp, ops.linear("clothes.2", worn, CLOTHES, act=False)),
        "tall": ops.linear("tall.2", tall, 1, act=False)[:, 0], **{f"trait {name}": x for name, x in traits.items()},
    }  # fmt: skip


def _over(features: Array, maps: Array) -> Array:
    """Features (at an eighth) averaged where a map (at a quarter) says."""
    b, _, h, w = maps.shape
    small = maps.reshape(b, 1, h // 2, 2, w // 2, 2).mean(5).mean(3)
    return (features * small).sum((2, 3)) / (small.sum((2, 3)) + 1e-2)


def _unit(xp: Any, x: Array) -> Array:
    return x / xp.sqrt((x * x).sum(-1)[:, None] + 1e-8)
