"""Painters, sketch: a head seen from the side, the face to the right.

Everything is about the point that is the middle of the face from the front, in half-widths of the head.
"""

from __future__ import annotations

from storykin.painters.sketch.body import curve, disc, rough, shape, turned
from storykin.painters.sketch.faces import EYE_WHITE
from storykin.painters.sketch.hair import HATLINE
from storykin.painters.sketch.hats import Hat, covers
from storykin.painters.sketch.ink import CHEEK, INK, Point, circle, colour, ellipse, mix, moved, shade, stroke
from storykin.painters.sketch.patterns import light
from storykin.painters.sketch.people import EYES, Head
from storykin.painters.sketch.profile_hair import SideHair, side_hair
from storykin.painters.sketch.profile_hats import side_hat

EAR: Point = (-0.1, 0.18)
EYE_X = 0.6


class SideHead(Head):
    """One head in profile: skull with nose and chin, one eye, one ear, hair, glasses, beard, hat."""

    @property
    def mouth(self) -> float:
        """How far below the eye the mouth is."""
        return 0.50 + 0.1 * self.size.grown

    @property
    def chin(self) -> float:
        """How far below the eye the chin ends."""
        return 0.90 + 0.2 * self.size.grown

    def layers(self) -> tuple[str, str]:
        """(behind the body, the head itself with the hair that falls over the shoulder)."""
        on = self.on.hat
        locks = self._locks()
        worn = side_hat(on, self.r, self.line) if on else Hat()
        scarf = bool(on and on.kind == "headscarf")
        inner = [self._skull(), self._mask(), self._lenses(), self._face(), self._marks(), self._beard()]
        if locks.ears and not scarf:
            inner += [locks.low, locks.over, self._ear(), self._glasses()]
        else:
            inner += [self._glasses(), locks.low, locks.over]
        inner += [self._extras(), worn.over]
        return self._placed(worn.behind + locks.behind), self._placed("".join(inner))

    def _placed(self, inner: str) -> str:
        x, y = self.body.eyes
        return moved(inner, x, y, turn=self.body.tilt) if inner else ""

    def _locks(self) -> SideHair:
        on, style = self.on.hat, self.look.hair_style
        if on and on.kind == "headscarf":
            style = "bald"
        elif not style and "grandm" in self.look.kind:
            style = "bun"
        return side_hair(style, self.tint, self.r, self.line, covers(on), self.old)

    def _pt(self, x: float, y: float) -> Point:
        return (x * self.r, y * self.r)

    def _skull(self) -> str:
        g, m, c = self.size.grown, self.mouth, self.chin
        nose, jaw = 0.24 + 0.05 * g, 0.06 * (self.size.stout - 1)
        face: list[Point] = [
            (0.0, -1.08), (0.46, -1.02), (0.8, -0.78), (0.92, -0.44), (0.91, -0.18), (0.875, 0.0), (0.93, nose - 0.09), (1.04 + 0.07 * g, nose),
            (1.045 + 0.06 * g, nose + 0.09), (0.91, nose + 0.14), (0.91, m - 0.07), (0.87, m + 0.01), (0.9, m + 0.08), (0.84, m + 0.15), (0.85 + 0.02 * g, c * 0.86),
            (0.74, c * 0.97), (0.52, c + jaw), (0.2, c * 0.93 + jaw), (-0.14, c * 0.76), (-0.36, 0.6), (-0.7, 0.56),
            (-0.98, 0.22), (-1.06, -0.22), (-0.98, -0.62), (-0.7, -0.94), (-0.36, -1.06),
        ]  # fmt: skip
        return shape([self._pt(x, y) for x, y in curve(face, steps=4)], self.skin, self.edge, self.line)

    def _ear(self) -> str:
        r, (x, y) = self.r, self._pt(*EAR)
        found = ellipse(x, y, 0.17 * r, 0.22 * r, self.skin, self.edge, self.line, turn=8)
        fold = f"M{x - 0.06 * r:.2f} {y - 0.08 * r:.2f}Q{x + 0.08 * r:.2f} {y - 0.1 * r:.2f} {x + 0.02 * r:.2f} {y + 0.09 * r:.2f}"
        return found + stroke(fold, shade(self.skin, -0.2), self.line * 0.9)

    def _face(self) -> str:
        r, g, m = self.r, self.size.grown, self.mouth
        said = self.look.eyes.lower()
        known = next((value for word, value in EYES.items() if word in said), "")
        iris = mix(known or (colour(said, INK) if said else INK), self.dark, 0.35)
        brows = (
            shade(self.tint, -0.25) if self.old else mix(shade(self.tint, -0.3), self.dark, 0.25)
        )  # as from the front
        size = (0.118 - 0.018 * g) * r
        x, high = EYE_X * r, size * 1.28
        found = ellipse(0.44 * r, 0.36 * r, 0.15 * r, 0.115 * r, CHEEK, "none", opacity=0.35)
        found += ellipse(x, 0, size * 0.8, high * 1.04, iris, "none")
        found += circle(x + size * 0.08, -high * 0.38, size * 0.3, EYE_WHITE, "none")
        found += circle(x + size * 0.16, high * 0.4, size * 0.13, EYE_WHITE, "none", opacity=0.7)
        brow = f"M{0.44 * r:.2f} {-0.3 * r:.2f}Q{0.6 * r:.2f} {-0.41 * r:.2f} {0.77 * r:.2f} {-0.33 * r:.2f}"
        found += stroke(brow, brows, r * 0.055, 0.85)
        lips = f"M{0.885 * r:.2f} {(m + 0.015) * r:.2f}Q{0.76 * r:.2f} {(m + 0.09) * r:.2f} {0.64 * r:.2f} {(m - 0.02) * r:.2f}"
        wing = f"M{0.9 * r:.2f} {(0.36 + 0.05 * g) * r:.2f}q{-0.07 * r:.2f} {0.0:.2f} {-0.06 * r:.2f} {-0.09 * r:.2f}"
        return (
            found + stroke(lips, self.dark, r * 0.06) + stroke(wing, shade(self.skin, -0.3), self.line * 1.1)
        )

    def _mask(self) -> str:
        if not (self.on.hat and self.on.hat.kind == "mask"):
            return ""
        points = [(0.93, -0.22), (0.6, -0.32), (0.22, -0.14), (0.24, 0.06), (0.56, 0.26), (0.86, 0.12)]
        hole = ellipse(EYE_X * self.r, 0, self.r * 0.17, self.r * 0.17, EYE_WHITE, "none")
        return shape(curve([self._pt(x, y) for x, y in points]), self.on.hat.fill, None, self.line) + hole

    def _marks(self) -> str:
        """What lies on the near cheek; a star, a mole or an eye patch is on the far side."""
        r, said, found = self.r, self.extras, ""
        tone = shade(self.skin, -0.28)
        if "freckle" in said or "freckle" in self.look.skin:
            for x, y in ((0.4, 0.3), (0.5, 0.38), (0.6, 0.27), (0.7, 0.36), (0.94, 0.16)):
                found += circle(*self._pt(x, y), r * 0.032, tone, "none")
        if self.old:
            x, y = self._pt(0.42, 0.04)
            found += stroke(f"M{x:.2f} {y:.2f}l{-r * 0.12:.2f} {-r * 0.05:.2f}M{x:.2f} {y + r * 0.06:.2f}l{-r * 0.12:.2f} {r * 0.04:.2f}", tone, self.line * 0.8, 0.8)  # fmt: skip
            x, y = self._pt(0.8, 0.38)
            found += stroke(f"M{x:.2f} {y:.2f}q{-r * 0.14:.2f} {r * 0.06:.2f} {-r * 0.16:.2f} {r * 0.2:.2f}", tone, self.line * 0.8, 0.8)  # fmt: skip
        if "plaster" in said or "band-aid" in said or "band aid" in said:
            x, y = self._pt(0.42, 0.36)
            corners = [(x + sx * r * 0.19, y + sy * r * 0.075) for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1))]  # fmt: skip
            tone = "#eebf96" if light(self.skin) < 0.6 else "#d99a6c"
            found += shape(turned(corners, 24, (x, y)), tone, None, self.line * 0.8)
            found += circle(x, y, r * 0.03, "#fdf8ec", "none")
        return found

    def _beard(self) -> str:
        said, r, m, c = self.extras + self.look.hair_style.lower(), self.r, self.mouth, self.chin
        tone, edge, found = self.tint, shade(self.tint, -0.34), ""
        if "beard" in said and "no beard" not in said:
            low = 0.5 if "long" in said or "bushy" in said else 0.16
            points: list[Point] = [
                (0.14, -0.02), (0.26, 0.3), (0.5, m - 0.06), (0.8, m - 0.15), (0.95, m - 0.12), (1.0, m), (0.96, m + 0.08), (1.0, c * 0.86 + low * 0.3),
                (0.88, c + low * 0.8), (0.5, c + low), (0.1, c * 0.92 + low * 0.5), (-0.18, 0.7 * c), (-0.22, 0.4), (-0.02, 0.36), (0.04, 0.1),
            ]  # fmt: skip
            found += shape([self._pt(x, y) for x, y in curve(points)], tone, edge, self.line)
            found += shape(disc(self._pt(0.84, m + 0.03), r * 0.12, r * 0.1, sides=18), self.skin, "none")
            lips = f"M{0.95 * r:.2f} {(m + 0.02) * r:.2f}Q{0.84 * r:.2f} {(m + 0.08) * r:.2f} {0.74 * r:.2f} {m * r:.2f}"
            found += stroke(lips, self.dark, r * 0.055)
        if "moustache" in said or "mustache" in said:
            points = [(0.98, m - 0.14), (0.8, m - 0.17), (0.6, m - 0.08), (0.5, m + 0.04), (0.72, m), (0.98, m - 0.05)]  # fmt: skip
            found += shape([self._pt(x, y) for x, y in curve(points)], tone, edge, self.line)
        return found

    @property
    def _frames(self) -> str:
        said = self.look.glasses.lower() or ("glasses" if "glasses" in self.extras else "")
        return "" if said in ("no", "none") else said

    def _lenses(self) -> str:
        if not self._frames:
            return ""
        glass = 0.34 if light(self.skin) < 0.45 else 0.2
        return ellipse(*self._pt(0.68, 0.02), self.r * 0.2, self.r * 0.27, "#ffffff", "none", opacity=glass)

    def _glasses(self) -> str:
        r, said = self.r, self._frames
        found = ""
        if "eye patch" in self.extras or "eyepatch" in self.extras:
            strap = [self._pt(x, y) for x, y in ((-0.98, -0.3), (-0.2, -0.34), (0.5, -0.42), (0.92, -0.36))]
            found += rough(strap, INK, self.line * 1.6)
        if not said:
            return found
        tone, wide = colour(said, "#5f4a3f"), self.line * 1.9
        x, y = self._pt(0.68, 0.02)
        w, h = r * 0.2, r * 0.29
        if "square" in said or "rectang" in said:
            frame = [(x - w, y - h), (x + w, y - h), (x + w, y + h), (x - w, y + h), (x - w, y - h)]
            found += rough(frame, tone, wide)
        elif "sun" in said or "dark glasses" in said:
            found += ellipse(x, y, w, h * 0.94, "#3a3336", tone, wide)
        else:
            found += ellipse(x, y, w, h * (0.8 if "cat" in said else 1.0), "none", tone, wide)
        bow = [(x - w, y - h * 0.2), self._pt(EAR[0] + 0.08, -0.02), self._pt(EAR[0] - 0.06, 0.06)]
        if self.on.hat and self.on.hat.kind == "headscarf":
            bow = [bow[0], self._pt(0.42, -0.03)]
        bridge = [(x + w, y - h * 0.2), self._pt(0.93, 0.0)]
        return found + rough(bow, tone, wide) + rough(bridge, tone, wide)

    def _extras(self) -> str:
        r, found, said = self.r, "", self.extras
        ex, ey = EAR
        if "hearing aid" in said or "cochlear" in said:
            tone = colour(said.replace("hearing aid", ""), "#4f86c1")
            x, y = self._pt(ex, ey)
            found += stroke(f"M{x - r * 0.14:.2f} {y - r * 0.12:.2f}Q{x - r * 0.02:.2f} {y - r * 0.34:.2f} {x + r * 0.12:.2f} {y - r * 0.12:.2f}", tone, r * 0.08)  # fmt: skip
            found += ellipse(x - r * 0.17, y + r * 0.02, r * 0.075, r * 0.16, tone, None, self.line * 0.8)
        if "earring" in said:
            found += circle(*self._pt(ex, ey + 0.28), r * 0.075, "#e9bb45", None, self.line * 0.7)
        hatless = not covers(self.on.hat)
        if "bow" in said and "elbow" not in said and "rainbow" not in said and hatless:
            tone, (x, y) = colour(said, "#d9513f"), self._pt(0.12, -1.12)
            for s in (-1, 1):
                wing = [(x, y), (x + s * r * 0.34, y - r * 0.24), (x + s * r * 0.4, y + r * 0.02), (x + s * r * 0.3, y + r * 0.2)]  # fmt: skip
                found += shape(turned(curve(wing), 14, (x, y)), tone, None, self.line)
            found += shape(disc((x, y), r * 0.12, sides=14), shade(tone, -0.12), None, self.line)
        if ("hair clip" in said or "hairclip" in said or "hair slide" in said) and hatless:
            from storykin.painters.sketch.patterns import spot

            found += shape(spot("stars", self._pt(0.5, HATLINE - 0.12), r * 0.17), "#f3c94f", None, self.line * 0.8)  # fmt: skip
        return found
