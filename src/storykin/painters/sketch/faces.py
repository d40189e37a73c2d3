"""Painters, sketch: eyes, brows, mouth and cheeks; the same for people and for creatures.

A face is drawn about (0, 0), the point between the eyes, for a head `r` wide to each side.
"""

from dataclasses import dataclass

from storykin.painters.sketch.ink import CHEEK, INK, circle, ellipse, n, path, shade, stroke

EYE_WHITE = "#fffdf8"


@dataclass(frozen=True)
class Mimic:
    """How an expression moves a face, in fractions of the head's half-width.

    `open` is how far the eyes are open (0 shut, 1 open, 1.3 wide), `arch` raises (+) or lowers the
    inner (-) ends of the brows, `mouth` names a mouth, `blush` how pink the cheeks are.
    """

    open: float
    brow: float
    arch: float
    mouth: str
    blush: float = 0.35


MIMICS = {
    "calm": Mimic(1.0, 0.0, 0.0, "smile"),
    "happy": Mimic(1.0, 0.05, 0.02, "grin", 0.5),
    "laughing": Mimic(-1.0, 0.10, 0.03, "laugh", 0.6),
    "sad": Mimic(0.85, 0.02, 0.10, "frown", 0.25),
    "worried": Mimic(1.15, 0.08, 0.12, "wobble", 0.25),
    "surprised": Mimic(1.35, 0.16, 0.02, "oh", 0.35),
    "cross": Mimic(0.8, -0.06, -0.13, "tight", 0.45),
    "sleepy": Mimic(0.0, 0.0, 0.03, "small", 0.4),
    "thoughtful": Mimic(0.95, 0.08, -0.03, "side", 0.3),
    "cheeky": Mimic(-0.5, 0.08, 0.0, "smirk", 0.5),
}  # open -1: both eyes shut in laughter; -0.5: one eye winks


def face(expression: str, r: float, eyes: str = INK, brows: str = INK, look: float = 0.0, cheeks: bool = True,
         mouth_y: float = 0.52, spread: float = 0.40, eye: float = 0.115, ink: str = INK) -> str:  # fmt: skip
    """A face for a head of half-width `r`.

    `look` shifts all features sideways for a head turned left (-1) or right (+1); `mouth_y` is how
    far below the eyes the mouth sits, `spread` how far apart the eyes are, `eye` their size, all in
    fractions of `r`; `ink` draws lids and mouth.
    """
    mimic = MIMICS.get(expression, MIMICS["calm"])
    shift = look * r * 0.26
    parts = []
    for side in (-1, 1):
        narrow = 1.0 - 0.22 * max(0.0, side * look)  # the far eye is seen from the side
        x = shift + side * r * spread * narrow
        if cheeks and mimic.blush:
            parts.append(
                ellipse(
                    x + side * r * 0.12,
                    r * 0.34,
                    r * 0.17 * narrow,
                    r * 0.115,
                    CHEEK,
                    "none",
                    opacity=mimic.blush,
                )
            )
        shut = mimic.open <= 0 and not (mimic.open == -0.5 and side < 0)
        parts.append(_eye(x, r * eye, narrow, mimic, shut, eyes, ink))
        high = -r * (0.33 + mimic.brow)
        inner, outer = x - side * r * 0.13 * narrow, x + side * r * 0.15 * narrow
        brow = f"M{n(outer)} {n(high + r * 0.05)}Q{n(x)} {n(high - r * 0.06)} {n(inner)} {n(high - r * mimic.arch)}"
        parts.append(stroke(brow, brows, r * 0.055, 0.85))
    return "".join([*parts, _mouth(mimic.mouth, shift, r * mouth_y, r, ink)])


def _eye(x: float, size: float, narrow: float, mimic: Mimic, shut: bool, fill: str, ink: str = INK) -> str:
    if shut:
        bend = size * (1.3 if mimic.open == 0 else -1.5)
        wide = size * 1.35 * narrow
        return stroke(f"M{n(x - wide)} 0Q{n(x)} {n(bend)} {n(x + wide)} 0", ink, size * 0.5)
    high = size * 1.28 * max(abs(mimic.open), 0.8)
    white = ""
    if mimic.open > 1.1:
        white = ellipse(
            x, 0, size * 1.55 * narrow, high * 1.38, EYE_WHITE, shade("#d9c3b0", -0.1), size * 0.16
        )
    iris = ellipse(x, 0, size * narrow, high, fill, "none")
    shine = circle(x - size * 0.32, -high * 0.36, size * 0.34, EYE_WHITE, "none")
    return (
        white
        + iris
        + shine
        + circle(x + size * 0.3, high * 0.38, size * 0.15, EYE_WHITE, "none", opacity=0.7)
    )


def _mouth(kind: str, x: float, y: float, r: float, ink: str = INK) -> str:
    w, line = r * 0.2, r * 0.06
    curves = {
        "smile": f"M{n(x - w)} {n(y)}Q{n(x)} {n(y + r * 0.16)} {n(x + w)} {n(y)}",
        "frown": f"M{n(x - w)} {n(y + r * 0.1)}Q{n(x)} {n(y - r * 0.08)} {n(x + w)} {n(y + r * 0.1)}",
        "wobble": f"M{n(x - w)} {n(y + r * 0.07)}q{n(w * 0.5)} {n(-r * 0.12)} {n(w)} {n(-r * 0.02)}t{n(w)} {n(r * 0.02)}",
        "tight": f"M{n(x - w * 0.8)} {n(y + r * 0.05)}Q{n(x)} {n(y - r * 0.03)} {n(x + w * 0.8)} {n(y + r * 0.05)}",
        "small": f"M{n(x - w * 0.5)} {n(y)}Q{n(x)} {n(y + r * 0.08)} {n(x + w * 0.5)} {n(y)}",
        "side": f"M{n(x - w * 0.4)} {n(y + r * 0.03)}Q{n(x + w * 0.3)} {n(y + r * 0.04)} {n(x + w)} {n(y - r * 0.05)}",
        "smirk": f"M{n(x - w)} {n(y + r * 0.02)}Q{n(x + w * 0.2)} {n(y + r * 0.16)} {n(x + w * 1.1)} {n(y - r * 0.1)}",
    }
    if kind in curves:
        return stroke(curves[kind], ink, line)
    if kind == "oh":
        return ellipse(x, y + r * 0.05, r * 0.1, r * 0.14, "#8c3b38", ink, line * 0.6)
    deep, wide = (r * 0.24, w * 1.15) if kind == "grin" else (r * 0.36, w * 1.35)
    top = y - r * 0.05
    lips = f"M{n(x - wide)} {n(top)}Q{n(x)} {n(top + r * 0.06)} {n(x + wide)} {n(top)}"
    lips += f"Q{n(x + wide * 0.75)} {n(top + deep)} {n(x)} {n(top + deep)}Q{n(x - wide * 0.75)} {n(top + deep)} {n(x - wide)} {n(top)}Z"
    tongue = ellipse(x, top + deep * 0.78, wide * 0.48, deep * 0.2, "#e8877f", "none")
    return path(lips, "#8c3b38", ink, line * 0.6) + tongue
