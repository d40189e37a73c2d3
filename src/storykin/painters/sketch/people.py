"""Painters, sketch: children and grown-ups. Puts body, clothes, head, hair, hat and prop together.

The drawing stands on its origin, one unit is one centimetre, and the same look always gives the same person.
"""

from __future__ import annotations

from storykin.character import Look, Outfit
from storykin.colours import exactly
from storykin.painters.sketch.body import Sizes, bearing, curve, disc, down, plus, rough, shape, sizes, turned
from storykin.painters.sketch.chair import ROLLS, seated, wheelchair
from storykin.painters.sketch.clothes import Tailor
from storykin.painters.sketch.drawn import Drawn
from storykin.painters.sketch.faces import face
from storykin.painters.sketch.hair import hair, tint_of, turn
from storykin.painters.sketch.hats import Hat, covers, hat
from storykin.painters.sketch.ink import (
    INK,
    Point,
    circle,
    colour,
    ellipse,
    group,
    mix,
    moved,
    shade,
    stroke,
)
from storykin.painters.sketch.patterns import light, spot
from storykin.painters.sketch.poses import Body, embody, pose_of
from storykin.painters.sketch.wear import Wear, wear

SKINS = {"white": "fair", "pale": "porcelain", "tan": "medium", "tanned": "medium", "olive": "#d8a878", "brown": "brown skin",
         "light brown": "light brown skin", "dark brown": "#80523b", "black": "#6a4230", "golden": "#e5b184", "beige": "light", "peach": "light",
         "freckled": "fair", "ebony": "#6a4230", "deep": "#6a4230", "dark": "#80523b", "caramel": "light brown skin", "warm": "light", "pink": "rosy"}  # fmt: skip
EYES = {
    "brown": "#5a3a28",
    "blue": "#3f6f9f",
    "green": "#4f7a4c",
    "grey": "#67717a",
    "hazel": "#7a6034",
    "black": "#2b1f1c",
    "amber": "#a3702c",
}


def person(
    look: Look, outfit: Outfit, action: str, expression: str, facing: str, prop: Drawn | None = None
) -> Drawn:
    """A child or grown-up in an outfit doing something, `prop` in hand or before them.

    `action` is a name of `scene.ACTIONS`, `expression` of `scene.EXPRESSIONS`, `facing` left, right or front.
    """
    size = sizes(look)
    pose = pose_of(action, facing, prop is not None, sum(bearing(look).encode()))
    rolls = action in ROLLS and any("wheelchair" in extra.lower() for extra in look.extras)
    if rolls:
        facing = "right" if facing == "front" else facing
        pose = seated(pose_of(action, facing, prop is not None))
    body = embody(pose, size, facing, prop.height if prop and pose.holds == "push" else 0.0)
    on = wear(exactly(outfit.words, outfit.palette), outfit.palette, bearing(look), size.grown > 0.8)
    skin = skin_of(look.skin)
    tailor = Tailor(body, on, skin)
    layers = tailor.dress()
    seat, wheel = wheelchair(body, colour(" ".join(look.extras), "#4f86c1")) if rolls else ("", "")
    head = Head(look, size, body, skin, on, "sleepy" if action == "sleeping" else expression)
    behind, near_head = head.draw()
    thing = _held(body, prop)
    legs = [layers.far_leg, layers.near_leg]
    far_arm = layers.far_arm
    if pose.holds in ("far", "none", "push"):
        far_arm, thing = (thing + far_arm, "") if pose.holds != "push" else (far_arm, thing)
    parts = [layers.back, behind, seat]
    if not pose.over and not pose.front:
        parts.append(far_arm)
    parts += [layers.trunk, *legs] if pose.knees and not tailor.draped else [*legs, layers.trunk]
    if pose.front and not pose.over:
        parts.append(far_arm)
    parts += [layers.neckwear, near_head]
    parts += [far_arm, thing, layers.near_arm] if pose.over else [thing, layers.near_arm]
    parts.insert(-1, wheel)
    left, right, top = _extent(body)
    if rolls:
        left, right = min(left, body.hip[0] - 0.24 * size.tall), max(right, body.hip[0] + 0.38 * size.tall)
    palm, _ = body.hand(True)
    return _finish("".join(parts), (left, right, top), palm, facing == "left")


def _finish(drawing: str, extent: tuple[float, float, float], palm: Point, mirror: bool) -> Drawn:
    """Turn the figure round if it looks to the left, and measure it."""
    left, right, top = extent
    x, y = palm
    if mirror:
        drawing, x = group(drawing, "scale(-1 1)"), -x
    return Drawn(drawing, round(2 * max(-left, right), 2), round(-top, 2), (round(x, 2), round(y, 2)))


def skin_of(words: str) -> str:
    """The colour of skin that words mean: "brown" means brown skin, not brown paint."""
    said = words.lower().replace(" skin", "").strip()
    said = SKINS.get(said, said)
    return colour(said, "#f4cdad") if said else "#f4cdad"


def _extent(body: Body) -> tuple[float, float, float]:
    """Left, right and top of the drawn body, hat and hair left out."""
    tall = body.sizes.tall
    points: list[tuple[Point, float]] = [
        (body.eyes, body.sizes.face * 1.1),
        (body.hip, body.sizes.hips),
        (body.neck, body.sizes.shoulders * 0.8),
    ]
    points += [(p, tall * 0.03) for line in (*body.arms, *body.legs) for p in line]
    points += [(body.hand(far)[0], tall * 0.034) for far in (False, True)]
    points += [
        (plus(at, down(90 * way - foot * way, tall * 0.07)), tall * 0.02) for at, foot, way in body.feet
    ]
    return (
        min(x - r for (x, _), r in points),
        max(x + r for (x, _), r in points),
        min(y - r for (_, y), r in points),
    )


def _held(body: Body, prop: Drawn | None) -> str:
    """The prop in the hands or pushed before the figure; what is too big to hold gets smaller."""
    if prop is None:
        return ""
    tall, pose = body.sizes.tall, body.pose
    hand, _ = body.hand(pose.holds != "near")
    if pose.holds == "push":
        return moved(prop.svg, hand[0] + prop.width / 2, 0)
    most = {"lap": 0.42, "both": 0.5, "chest": 0.42}.get(pose.holds, 0.5) * tall
    slim = prop.height > 2.6 * prop.width
    scale = min(1.0, most / max(prop.width, 1.0), (most * 2.1 if slim else most) / max(prop.height, 1.0))
    if pose.holds in ("lap", "both", "chest"):
        near, _ = body.hand(False)
        hand = ((near[0] + hand[0]) / 2, (near[1] + hand[1]) / 2)
        if pose.holds == "chest":
            return moved(prop.svg, hand[0], hand[1] + prop.height * scale * 0.5, scale)
    return moved(prop.svg, hand[0] - prop.grip[0] * scale, hand[1] - prop.grip[1] * scale, scale)


class Head:
    """One head: skull, face, hair, glasses, extras, hat."""

    def __init__(self, look: Look, size: Sizes, body: Body, skin: str, on: Wear, expression: str) -> None:
        self.look, self.size, self.body, self.skin, self.on, self.expression = (
            look,
            size,
            body,
            skin,
            on,
            expression,
        )
        self.r = size.face
        self.turn = body.look
        self.line = size.line
        self.old = look.age >= 60 or "grand" in look.kind or "old" in look.kind
        self.extras = " ".join(look.extras).lower() + " " + look.glasses.lower()
        self.tint = (
            tint_of(look.hair_colour, 70 if self.old else look.age, True)
            if self.old
            else tint_of(look.hair_colour, look.age, False)
        )
        self.edge = shade(skin, -0.3)
        self.dark = "#20120e" if light(skin) < 0.45 else INK

    def draw(self) -> tuple[str, str]:
        """(behind the body, the head itself)."""
        r, k = self.r, self.turn
        on = self.on.hat
        style = self.look.hair_style or (
            "bun" if "grandma" in self.look.kind or "grandmother" in self.look.kind else ""
        )
        lying = abs(self.body.tilt) > 45
        locks = hair(style, self.tint, r, k, self.line, covers(on), self.old, not lying)
        worn = hat(on, r, k, self.line) if on else Hat()
        if on and on.kind == "headscarf":
            locks = hair("bald", self.tint, r, k, self.line)
        ears = self._ears(locks.ears)
        inner = [
            locks.under,
            self._skull(),
            "" if k else ears,
            self._mask(),
            self._lenses(),
            self._face(),
            self._marks(),
        ]
        inner += [self._beard(), locks.over, ears if k else "", self._glasses(), self._extras(), worn.over]
        x, y = self.body.eyes
        head = moved("".join(inner), x, y, turn=self.body.tilt)
        back = (
            moved(worn.behind + locks.behind, x, y, turn=self.body.tilt) if worn.behind + locks.behind else ""
        )
        return back, head

    def _pt(self, x: float, y: float) -> Point:
        return (turn(x, self.turn) * self.r, y * self.r)

    def _skull(self) -> str:
        g, k = self.size.grown, self.turn
        chin = 0.90 + 0.2 * g
        jaw = 0.72 - 0.02 * g
        cheek = 0.99 - 0.05 * g + 0.03 * (self.size.stout - 1)
        points = [
            (0, -1.08), (0.62, -0.92), (0.98 - 0.04 * k, -0.38), (cheek - 0.02 * k, 0.16), (cheek * 0.92 - 0.02 * k, 0.46), (jaw + 0.06 * k, chin * 0.78),
            (0.32 + 0.14 * k, chin * 0.975), (0.1 * k, chin), (-0.32 + 0.02 * k, chin * 0.965), (-jaw, chin * 0.74), (-cheek * 0.92, 0.42), (-cheek, 0.14), (-1.0, -0.38), (-0.62, -0.92),
        ]  # fmt: skip
        return shape(
            [(x * self.r, y * self.r) for x, y in curve(points, steps=4)], self.skin, self.edge, self.line
        )

    def _ears(self, free: bool) -> str:
        if not free and not self.on.hat:
            return ""
        r, k, found = self.r, self.turn, ""
        for side in (-1, 1):
            if side > 0 and k:
                continue
            x = (side * 1.02 if not k else -0.62) * r
            found += ellipse(x, 0.18 * r, 0.17 * r, 0.22 * r, self.skin, self.edge, self.line)
            found += stroke(
                f"M{x - side * 0.05 * r:.2f} {0.08 * r:.2f}Q{x + side * 0.09 * r:.2f} {0.1 * r:.2f} {x + side * 0.01 * r:.2f} {0.27 * r:.2f}",
                shade(self.skin, -0.2),
                self.line * 0.9,
            )
        return found

    def _face(self) -> str:
        r, g = self.r, self.size.grown
        said = self.look.eyes.lower()
        iris = next(
            (value for word, value in EYES.items() if word in said), colour(said, INK) if said else INK
        )
        brows = mix(shade(self.tint, -0.3), self.dark, 0.25) if not self.old else shade(self.tint, -0.25)
        drawn = face(
            self.expression,
            r,
            mix(iris, self.dark, 0.35),
            brows,
            self.turn,
            True,
            0.50 + 0.1 * g,
            0.40 - 0.03 * g,
            0.118 - 0.018 * g,
            self.dark,
        )
        x, y = self._pt(0.02, 0.22 + 0.05 * g)
        w = r * (0.075 + 0.02 * g)
        nose = stroke(
            f"M{x - w:.2f} {y:.2f}Q{x + w * 0.4:.2f} {y + w * 1.3:.2f} {x + w:.2f} {y - w * 0.2:.2f}",
            shade(self.skin, -0.3),
            self.line * 1.15,
        )
        if self.turn:
            nose = stroke(
                f"M{x + w * 0.2:.2f} {y - w * 1.0:.2f}Q{x + w * 1.9:.2f} {y + w * 0.6:.2f} {x:.2f} {y + w * 0.75:.2f}",
                shade(self.skin, -0.3),
                self.line * 1.15,
            )
        return drawn + nose

    def _mask(self) -> str:
        if not (self.on.hat and self.on.hat.kind == "mask"):
            return ""
        fill = self.on.hat.fill
        points = [
            (-0.98, -0.16),
            (-0.5, -0.3),
            (0, -0.18),
            (0.5, -0.3),
            (0.98, -0.16),
            (0.9, 0.14),
            (0.5, 0.27),
            (0.14, 0.16),
            (0, 0.08),
            (-0.14, 0.16),
            (-0.5, 0.27),
            (-0.9, 0.14),
        ]
        eyes = "".join(
            ellipse(*self._pt(s * 0.4, 0.0), self.r * 0.22, self.r * 0.17, "#fffdf8", "none") for s in (-1, 1)
        )
        return shape(curve([self._pt(x, y) for x, y in points]), fill, None, self.line) + eyes

    def _marks(self) -> str:
        """Freckles, wrinkles, plasters, painted stars: what lies on the skin."""
        r, found, said = self.r, "", self.extras
        tone = shade(self.skin, -0.28)
        if "freckle" in said or "freckle" in self.look.skin:
            for x, y in (
                (-0.62, 0.26),
                (-0.5, 0.34),
                (-0.38, 0.25),
                (-0.27, 0.35),
                (0.27, 0.35),
                (0.38, 0.25),
                (0.5, 0.34),
                (0.62, 0.26),
                (0.02, 0.13),
            ):
                found += circle(*self._pt(x, y), r * 0.032, tone, "none")
        if self.old:
            for s in (-1, 1):
                x, y = self._pt(s * 0.64, 0.04)
                found += stroke(
                    f"M{x:.2f} {y:.2f}l{s * r * 0.12:.2f} {-r * 0.05:.2f}M{x:.2f} {y + r * 0.06:.2f}l{s * r * 0.12:.2f} {r * 0.04:.2f}",
                    tone,
                    self.line * 0.8,
                    0.8,
                )
                x, y = self._pt(s * 0.34, 0.42)
                found += stroke(
                    f"M{x - s * r * 0.06:.2f} {y - r * 0.1:.2f}q{s * r * 0.1:.2f} {r * 0.08:.2f} {s * r * 0.08:.2f} {r * 0.2:.2f}",
                    tone,
                    self.line * 0.8,
                    0.8,
                )
        for word, kind in (("star", "stars"), ("heart", "hearts")):
            if word in said and "cheek" in said:
                found += shape(
                    spot(kind, self._pt(0.56, 0.34), r * 0.15),
                    "#f3c94f" if word == "star" else "#e2668f",
                    None,
                    self.line * 0.7,
                )
        if "plaster" in said or "band-aid" in said or "band aid" in said:
            at = self._pt(-0.56, 0.36)
            found += shape(
                turned(
                    [
                        (at[0] - r * 0.19, at[1] - r * 0.075),
                        (at[0] + r * 0.19, at[1] - r * 0.075),
                        (at[0] + r * 0.19, at[1] + r * 0.075),
                        (at[0] - r * 0.19, at[1] + r * 0.075),
                    ],
                    -24,
                    at,
                ),
                "#eebf96" if light(self.skin) < 0.6 else "#d99a6c",
                None,
                self.line * 0.8,
            )
            found += circle(*at, r * 0.03, "#fdf8ec", "none")
        if "birthmark" in said or "mole" in said or "beauty spot" in said:
            found += circle(*self._pt(0.4, 0.4), r * 0.045, shade(self.skin, -0.45), "none")
        if "dimple" in said:
            for s in (-1, 1):
                x, y = self._pt(s * 0.46, 0.5)
                found += stroke(
                    f"M{x:.2f} {y - r * 0.05:.2f}q{s * r * 0.06:.2f} {r * 0.05:.2f} 0 {r * 0.1:.2f}",
                    tone,
                    self.line,
                )
        if ("tooth" in said or "teeth" in said or "gap" in said) and self.expression in ("happy", "laughing"):
            x, y = self._pt(-0.04, 0.5 + 0.1 * self.size.grown)
            found += shape(
                [
                    (x - r * 0.14, y - r * 0.03),
                    (x + r * 0.16, y - r * 0.03),
                    (x + r * 0.15, y + r * 0.06),
                    (x - r * 0.13, y + r * 0.06),
                ],
                "#fffdf8",
                "none",
            )
            found += shape(
                [
                    (x - r * 0.02, y - r * 0.03),
                    (x + r * 0.07, y - r * 0.03),
                    (x + r * 0.07, y + r * 0.065),
                    (x - r * 0.02, y + r * 0.065),
                ],
                "#8c3b38",
                "none",
            )
        elif "braces" in said and self.expression in ("happy", "laughing"):
            x, y = self._pt(0, 0.5 + 0.1 * self.size.grown)
            found += stroke(
                f"M{x - r * 0.2:.2f} {y + r * 0.02:.2f}q{r * 0.2:.2f} {r * 0.05:.2f} {r * 0.4:.2f} 0",
                "#c3c8cf",
                r * 0.07,
            )
        return found

    def _beard(self) -> str:
        said, r, g = self.extras + self.look.hair_style.lower(), self.r, self.size.grown
        found = ""
        tone, edge = self.tint, shade(self.tint, -0.34)
        chin, mouth = 0.90 + 0.2 * g, 0.50 + 0.1 * g
        if "beard" in said and "no beard" not in said:
            low = 0.5 if "long" in said or "bushy" in said else 0.16
            k = self.turn
            outer = [
                (-1.0 + 0.02 * k, 0.12),
                (-0.94, 0.6),
                (-0.6, chin + low * 0.7),
                (0.08 * k, chin + low),
                (0.62 + 0.04 * k, chin + low * 0.7),
                (0.92 - 0.02 * k, 0.6),
                (0.96 - 0.04 * k, 0.12),
            ]
            inner = [
                (turn(x, k), y)
                for x, y in (
                    (0.84, 0.14),
                    (0.72, 0.46),
                    (0.4, mouth - 0.13),
                    (0.0, mouth - 0.17),
                    (-0.4, mouth - 0.13),
                    (-0.72, 0.46),
                    (-0.84, 0.14),
                )
            ]
            if k:
                outer[0], outer[1] = (-0.62, 0.2), (-0.72, 0.66)
                inner[-1], inner[-2] = (-0.5, 0.18), (-0.42, 0.44)
            points = [*curve(outer, False), *curve(inner, False)]
            found += shape([(x * r, y * r) for x, y in points], tone, edge, self.line)
            x, y = self._pt(0, mouth + 0.02)
            found += shape(disc((x, y + r * 0.03), r * 0.3, r * 0.15, sides=20), self.skin, "none")
            drawn = face(self.expression, r, INK, INK, self.turn, False, mouth, 0.4, 0.1, self.dark)
            found += (
                drawn[
                    drawn.rfind(
                        "<path",
                        0,
                        drawn.rfind("<ellipse") if self.expression in ("happy", "laughing") else len(drawn),
                    ) :
                ]
                if self.expression != "surprised"
                else drawn[drawn.rfind("<ellipse") :]
            )
        if "moustache" in said or "mustache" in said:
            x, y = self._pt(0.02, mouth - 0.12)
            found += shape(
                curve(
                    [
                        (x, y - r * 0.05),
                        (x + r * 0.24, y - r * 0.08),
                        (x + r * 0.46, y + r * 0.06),
                        (x + r * 0.2, y + r * 0.09),
                        (x, y + r * 0.05),
                        (x - r * 0.2, y + r * 0.09),
                        (x - r * 0.46, y + r * 0.06),
                        (x - r * 0.24, y - r * 0.08),
                    ]
                ),
                tone,
                edge,
                self.line,
            )
        return found

    def _lenses(self) -> str:
        """The glass of the glasses, under the eyes so that they stay clear."""
        said = self.look.glasses.lower() or ("glasses" if "glasses" in self.extras else "")
        if said in ("", "no", "none"):
            return ""
        r, glass = self.r, 0.34 if light(self.skin) < 0.45 else 0.2
        spots = [(self._pt(s * 0.42, 0.02), 1.0 - 0.14 * max(0.0, s * self.turn)) for s in (-1, 1)]
        return "".join(
            ellipse(x, y, r * 0.3 * w, r * 0.26, "#ffffff", "none", opacity=glass) for (x, y), w in spots
        )

    def _glasses(self) -> str:
        said = self.look.glasses.lower() or ("glasses" if "glasses" in self.extras else "")
        found, r = "", self.r
        if "eye patch" in self.extras or "eyepatch" in self.extras:
            x, y = self._pt(0.4, 0.0)
            a, b = self._pt(-0.9, -0.5), self._pt(0.95, -0.28)
            found += rough([a, (x, y - r * 0.12), b], INK, self.line * 1.6)
            found += shape(
                curve(
                    [
                        (x - r * 0.26, y - r * 0.16),
                        (x + r * 0.26, y - r * 0.18),
                        (x + r * 0.22, y + r * 0.16),
                        (x, y + r * 0.26),
                        (x - r * 0.22, y + r * 0.16),
                    ]
                ),
                "#3a3336",
                None,
                self.line,
            )
        if not said or said in ("no", "none"):
            return found
        tone = colour(said, "#5f4a3f")
        wide = self.line * 1.9
        for s in (-1, 1):
            x, y = self._pt(s * 0.42, 0.02)
            narrow = 1.0 - 0.14 * max(0.0, s * self.turn)
            if "square" in said or "rectang" in said:
                w, h = r * 0.31 * narrow, r * 0.25
                found += shape(
                    curve(
                        [
                            (x - w, y - h),
                            (x, y - h * 1.04),
                            (x + w, y - h),
                            (x + w, y + h),
                            (x, y + h * 1.04),
                            (x - w, y + h),
                        ]
                    ),
                    "#ffffff",
                    "none",
                    0,
                    0.12,
                )
                found += rough(
                    [(x - w, y - h), (x + w, y - h), (x + w, y + h), (x - w, y + h), (x - w, y - h)],
                    tone,
                    wide,
                )
            elif "sun" in said or "dark glasses" in said:
                found += ellipse(x, y, r * 0.31 * narrow, r * 0.27, "#3a3336", tone, wide)
            else:
                tall = 0.3 if "cat" not in said else 0.24
                found += ellipse(x, y, r * 0.31 * narrow, r * tall, "none", tone, wide)
        a, b = self._pt(-0.1, -0.02), self._pt(0.1, -0.02)
        found += stroke(
            f"M{a[0]:.2f} {a[1]:.2f}Q{(a[0] + b[0]) / 2:.2f} {a[1] - r * 0.07:.2f} {b[0]:.2f} {b[1]:.2f}",
            tone,
            wide,
        )
        for s in (-1, 1):
            if s > 0 and self.turn:
                continue
            a = self._pt(s * 0.72, -0.04)
            b = (s * (1.0 if not self.turn else 0.66) * r, 0.02 * r)
            found += rough([a, b], tone, wide)
        return found

    def _extras(self) -> str:
        r, found, said, k = self.r, "", self.extras, self.turn
        ear = (-1.02 if not k else -0.62) * r
        if "hearing aid" in said or "cochlear" in said:
            tone = colour(said.replace("hearing aid", ""), "#4f86c1")
            found += stroke(
                f"M{ear - r * 0.1:.2f} {r * 0.02:.2f}Q{ear - r * 0.02:.2f} {-r * 0.16:.2f} {ear + r * 0.1:.2f} {-r * 0.02:.2f}",
                tone,
                r * 0.1,
            )
            found += ellipse(ear - r * 0.1, r * 0.14, r * 0.075, r * 0.15, tone, None, self.line * 0.8)
        if "earring" in said:
            for x in (ear,) if k else (ear, -ear):
                found += circle(x, r * 0.45, r * 0.075, "#e9bb45", None, self.line * 0.7)
        if "bow" in said and "elbow" not in said and "rainbow" not in said and not covers(self.on.hat):
            tone = colour(said, "#d9513f")
            x, y = (0.62 - 0.1 * k) * r, -1.02 * r
            for s in (-1, 1):
                found += shape(
                    turned(
                        curve(
                            [
                                (x, y),
                                (x + s * r * 0.4, y - r * 0.24),
                                (x + s * r * 0.46, y + r * 0.02),
                                (x + s * r * 0.36, y + r * 0.2),
                            ]
                        ),
                        24,
                        (x, y),
                    ),
                    tone,
                    None,
                    self.line,
                )
            found += shape(disc((x, y), r * 0.12, sides=14), shade(tone, -0.12), None, self.line)
        if "hair clip" in said or "hairclip" in said or "hair slide" in said:
            x, y = self._pt(-0.62, -0.56)
            found += shape(spot("stars", (x, y), r * 0.17), "#f3c94f", None, self.line * 0.8)
        return found
