"""Painters, sketch: how garments are cut, one row per kind of top, bottom and coat."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cut:
    """How a garment is cut.

    `sleeve` is how much of the arm it covers, `loose` how far it stands off (in heights), `hem` where
    it ends on the trunk (0 hips, 1 neck), `tail` how much of the leg a skirt or tail covers, `flare`
    how far that swings out, `neck` names the neckline, `details` what is drawn on it.
    """

    sleeve: float = 0.0
    loose: float = 0.006
    hem: float = -0.1
    tail: float = 0.0
    flare: float = 0.0
    neck: str = "round"
    details: tuple[str, ...] = ()
    wide: float = 0.0


TOPS: dict[str, Cut] = {
    "tshirt": Cut(0.42, 0.010), "shirt": Cut(0.94, 0.008, neck="collar", details=("buttons",)),
    "blouse": Cut(0.94, 0.010, neck="peter pan", details=("buttons",), wide=0.016),
    "jumper": Cut(0.93, 0.012, details=("rib", "cuffs")), "hoodie": Cut(0.93, 0.014, neck="hood", details=("rib", "cuffs", "pouch")),
    "turtleneck": Cut(0.93, 0.012, neck="roll", details=("rib", "cuffs")), "vest": Cut(0.0, 0.004, neck="scoop"),
    "jersey": Cut(0.42, 0.012, neck="v", details=("number",)), "sailor shirt": Cut(0.9, 0.010, neck="sailor"),
    "tunic": Cut(0.9, 0.012, -0.1, 0.32, 0.03, neck="v"), "long top": Cut(0.92, 0.006),
    "scrubs": Cut(0.42, 0.012, neck="v", details=("pocket",)), "pyjamas": Cut(0.92, 0.012, neck="collar", details=("buttons", "pocket")),
    "dress": Cut(0.3, 0.008, 0.25, neck="peter pan", wide=0.014), "gown": Cut(0.3, 0.006, 0.3, neck="scoop", details=("sash",), wide=0.03),
    "robe": Cut(0.95, 0.014, 0.0, neck="v", details=("sash",), wide=0.05), "leotard": Cut(0.0, 0.002, neck="scoop"),
    "onesie": Cut(0.96, 0.004, neck="round"), "overalls": Cut(0.94, 0.014, neck="collar", details=("zip", "pocket", "belt line")),
    "spacesuit": Cut(0.95, 0.022, neck="ring", details=("panel", "rings")), "armour": Cut(0.95, 0.012, neck="ring", details=("plates",)),
    "wetsuit": Cut(0.95, 0.003, neck="roll", details=("zip", "side")), "swimsuit": Cut(0.0, 0.002, neck="scoop"), "bare": Cut(),
}  # fmt: skip

BOTTOMS: dict[str, Cut] = {
    "trousers": Cut(0.95, 0.012), "jeans": Cut(0.95, 0.010, details=("turn-up",)), "leggings": Cut(0.94, 0.002),
    "shorts": Cut(0.44, 0.020), "swim trunks": Cut(0.36, 0.018), "dungarees": Cut(0.93, 0.016, details=("bib", "turn-up")),
    "pyjamas": Cut(0.93, 0.014), "scrubs": Cut(0.94, 0.012), "overalls": Cut(0.95, 0.016), "spacesuit": Cut(0.92, 0.024, details=("rings",)),
    "armour": Cut(0.9, 0.012, details=("plates",)), "briefs": Cut(0.06, 0.002),
    "skirt": Cut(tail=0.46, flare=0.045), "long skirt": Cut(tail=0.84, flare=0.05), "dress": Cut(tail=0.50, flare=0.055),
    "nightdress": Cut(tail=0.78, flare=0.045), "gown": Cut(tail=0.97, flare=0.085), "robe": Cut(tail=0.93, flare=0.05),
    "tutu": Cut(tail=0.26, flare=0.13), "tutu skirt": Cut(tail=0.26, flare=0.13),
}  # fmt: skip

OVERS: dict[str, Cut] = {
    "coat": Cut(0.95, 0.020, -0.1, 0.40, 0.03, "lapels", ("big buttons", "pockets")),
    "doctor coat": Cut(0.95, 0.018, -0.1, 0.44, 0.03, "lapels", ("big buttons", "pockets")),
    "tail coat": Cut(0.95, 0.018, -0.1, 0.50, 0.04, "lapels", ("gold buttons", "cuff bands")),
    "raincoat": Cut(0.95, 0.024, -0.1, 0.34, 0.04, "hood", ("big buttons", "pockets")),
    "fire jacket": Cut(0.95, 0.022, -0.12, 0.20, 0.02, "stand", ("bright bands", "zip")),
    "police jacket": Cut(0.95, 0.016, -0.12, 0.0, 0.0, "collar", ("gold buttons", "pocket", "belt line")),
    "jacket": Cut(0.95, 0.016, -0.08, 0.0, 0.0, "lapels", ("zip", "pockets")),
    "cardigan": Cut(0.94, 0.014, -0.1, 0.0, 0.0, "lapels", ("big buttons", "rib", "cuffs")),
    "dressing gown": Cut(0.93, 0.018, -0.1, 0.62, 0.03, "lapels", ("sash", "pockets")),
    "safety vest": Cut(0.0, 0.016, -0.08, 0.0, 0.0, "v", ("bright bands", "zip")),
    "waistcoat": Cut(0.0, 0.014, -0.04, 0.0, 0.0, "lapels", ("gold buttons",)),
    "apron": Cut(),
}  # fmt: skip
