"""The reader of drawn figures, on pages of the embedded painter that it has never seen."""

import io
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageFilter

from storykin.character import Character, Look, Outfit
from storykin.colours import delta_e, lab_of
from storykin.critics import Question, Reading, Seen
from storykin.critics.drawn import DrawnReader, nets
from storykin.critics.drawn.looking import crop
from storykin.critics.drawn.plain import PlainOps
from storykin.critics.drawn.reader import WEIGHTS
from storykin.painters.sketch import Sketch
from storykin.painters.sketch.hair import tint_of
from storykin.painters.sketch.people import skin_of
from storykin.raster import png_of
from storykin.scene import Box, Figure, Scene
from storykin.shot import Shot

MIRA = Character(
    "Mira", Look("girl", 7, skin="light", hair_colour="red", hair_style="long", glasses="round glasses"),
    (Outfit("everyday", "a blue jumper and yellow trousers"), Outfit("party", "a green dress")),
)  # fmt: skip
BENO = Character(
    "Beno", Look("boy", 5, skin="dark", hair_colour="black", hair_style="afro"), (Outfit("everyday", "a red T-shirt and white shorts"),)
)  # fmt: skip
OWL = Character("Uhu", Look("bear", skin="brown", height=110))
READER = DrawnReader()


def page(
    *figures: Figure,
    art: str = "flat",
    cast: tuple[Character, ...] = (MIRA, BENO, OWL),
    side: int = 768,
    **scene: str,
) -> Image.Image:
    drawn = Shot(
        3,
        Scene(**{"place": "meadow", "framing": "medium", **scene}, figures=figures),
        cast,
        art,
        width=side,
        height=side,
    )  # type: ignore[arg-type]
    return Image.open(
        io.BytesIO(png_of(Sketch().paint(drawn, lambda done: None), Sketch.media_type, side))
    ).convert("RGB")


def at(
    name: str, x: float, high: float = 0.6, action: str = "standing", outfit: str = "", facing: str = "front"
) -> Figure:
    return Figure(
        name, action, "calm", "", outfit, facing, Box(x - 0.22 * high, 0.92 - high, 0.44 * high, high)
    )  # type: ignore[arg-type]


@cache
def alone(
    name: str, outfit: str = "", art: str = "flat", time: str = "day", action: str = "standing"
) -> Seen:
    found = READER.read(
        page(at(name, 0.5, action=action, outfit=outfit), art=art, time=time), Question()
    ).figures
    assert found
    return found[0]


def cosine(one: Seen, other: Seen, space: str) -> float:
    return float(np.dot(one.vectors[space], other.vectors[space]))


def test_finds_everybody_where_they_stand() -> None:
    found = READER.read(page(at("Mira", 0.27), at("Beno", 0.73, 0.5)), Question()).figures
    assert found is not None
    assert len([one for one in found if one.sure > 0.5]) == 2
    left, right = sorted(found[:2], key=lambda one: one.box.x)
    assert abs(left.box.x + left.box.w / 2 - 0.27) < 0.05
    assert abs(right.box.x + right.box.w / 2 - 0.73) < 0.05
    assert abs(left.box.bottom - 0.92) < 0.04
    assert left.head is not None
    assert left.head.overlap(left.box) > 0.8
    assert left.head.bottom < left.box.y + 0.5 * left.box.h


def test_sees_nobody_on_empty_paper() -> None:
    assert READER.read(Image.new("RGB", (640, 480), "#f4efe2"), Question()).figures == ()


@pytest.mark.parametrize("size", [(64, 64), (1400, 500), (300, 1000)])
def test_reads_pictures_of_any_size(size: tuple[int, int]) -> None:
    assert isinstance(READER.read(page(at("Mira", 0.5)).resize(size), Question()), Reading)


@pytest.mark.parametrize(("art", "time"), [("flat", "day"), ("flat", "night"), ("cut-paper", "evening")])
def test_colours_are_those_of_plain_daylight(art: str, time: str) -> None:
    seen = alone("Mira", art=art, time=time)
    for part, truth in (
        ("hair", tint_of("red", 7, False)), ("skin", skin_of("light")), ("upper", "#4f86c1"), ("lower", "#f3c94f")
    ):  # fmt: skip
        assert delta_e(seen.palettes[part][0][0], lab_of(truth)) < 12, part
    assert sum(share for _, share in seen.palettes["clothes"]) == pytest.approx(1, abs=0.001)


def test_tells_children_from_animals() -> None:
    assert alone("Mira").kind == "child"
    assert alone("Uhu").kind not in ("child", "grown-up")
    assert "hair" not in alone("Uhu").palettes
    assert "coat" in alone("Uhu").palettes


@pytest.mark.parametrize("high", [0.45, 0.7])
def test_standing_height_is_told_whether_somebody_stands_or_sits(high: float) -> None:
    from storykin.scene import ACTIONS

    for action in ("standing", "sitting"):
        drawn = page(at("Mira", 0.5, high * ACTIONS[action].height, action))
        found = READER.read(drawn, Question()).figures
        assert found
        assert found[0].standing == pytest.approx(high, rel=0.15), action


def test_vectors_move_with_what_they_are_about() -> None:
    here, night, party, other = (
        alone("Mira"),
        alone("Mira", time="night", action="walking"),
        alone("Mira", "party"),
        alone("Beno"),
    )
    for space in ("drawn", "drawn hair", "drawn clothes"):
        assert np.linalg.norm(here.vectors[space]) == pytest.approx(1, abs=0.001)
        assert cosine(here, night, space) > cosine(here, other, space) + 0.2, space
    assert cosine(here, party, "drawn") > cosine(here, other, "drawn") + 0.2
    assert cosine(here, night, "drawn clothes") > cosine(here, party, "drawn clothes") + 0.1


def test_chances_are_whole_distributions() -> None:
    seen = alone("Mira")
    for name, words in seen.chances.items():
        assert sum(words.values()) == pytest.approx(1, abs=0.01)
        assert set(words) == set(nets.TRAITS[name])
    assert seen.traits["beard"] == "none"


def test_the_weights_are_small_and_settle_the_revision(tmp_path: Path) -> None:
    assert WEIGHTS.stat().st_size < 6_000_000
    other = tmp_path / "weights.npz"
    other.write_bytes(WEIGHTS.read_bytes() + b" ")
    assert DrawnReader(other).revision != READER.revision
    assert READER.unready() == ""
    assert "weights" in DrawnReader(tmp_path / "none.npz").unready()


def test_reads_the_same_after_it_was_closed() -> None:
    picture = page(at("Beno", 0.5))
    before = READER.read(picture, Question())
    READER.close()
    assert READER.read(picture, Question()) == before


def test_what_lies_beyond_the_edge_is_white_paper() -> None:
    black = np.zeros((20, 20, 3), np.uint8)
    cut = crop(black, 0, 10, 20, 10)
    assert cut.shape == (3, 10, 10)
    assert cut[:, 5, 1].min() == 1
    assert cut[:, 5, 8].max() == 0


def test_numpy_and_torch_say_the_same() -> None:
    torch = pytest.importorskip("torch")

    class TorchOps(PlainOps):
        """The same weights in torch, as learning has them."""

        def conv(self, name, x, out, kernel=3, stride=1, act=True):  # type: ignore[no-untyped-def]
            key = name.replace(".", "_")
            weight = torch.from_numpy(self.weights[f"{key}.w"]).reshape(out, x.shape[1], kernel, kernel)
            bias = torch.from_numpy(self.weights[f"{key}.b"])
            y = torch.nn.functional.conv2d(x, weight, bias, stride=stride, padding=kernel // 2)
            return y.relu() if act else y

        def linear(self, name, x, out, act=True):  # type: ignore[no-untyped-def]
            key = name.replace(".", "_").replace(" ", "_")
            weight, bias = (torch.from_numpy(self.weights[f"{key}.{part}"]) for part in "wb")
            y = torch.nn.functional.linear(x, weight, bias)
            return y.relu() if act else y

        def up(self, x):  # type: ignore[no-untyped-def]
            return torch.nn.functional.interpolate(x, scale_factor=2, mode="nearest")

        def join(self, *xs, axis=1):  # type: ignore[no-untyped-def]
            return torch.cat(xs, axis)

        def positive(self, x):  # type: ignore[no-untyped-def]
            return x.relu()

    ours, theirs = PlainOps(WEIGHTS), TorchOps(WEIGHTS)
    theirs.xp = torch
    dice = np.random.default_rng(0)
    whole, bodies, faces, around = (
        dice.random(shape).astype(np.float32)
        for shape in ((1, 3, 288, 288), (2, 3, 96, 96), (2, 3, 64, 64), (2, 3, 8, 8))
    )
    seen, head = np.array([[1.0], [0.0]], np.float32), np.array([[0.3], [0.0]], np.float32)

    def read(ops, *given):  # type: ignore[no-untyped-def]
        page, body, face, light, there, reach = given
        shown = nets.see(ops, "body", body)
        told = nets.told(ops, shown, nets.see(ops, "face", face), there, (body, face), light, reach)
        return {
            **told,
            "place": nets.place(ops, shown),
            **dict(zip(("heat", "box"), nets.find(ops, page), strict=True)),
        }

    given = (whole, bodies, faces, around, seen, head)
    mine, other = read(ours, *given), read(theirs, *map(torch.from_numpy, given))
    for name, one in mine.items():
        scale = max(1.0, float(np.abs(one).max()))
        assert np.abs(one - other[name].numpy()).max() < 1e-4 * scale, name


def test_lab_is_that_of_the_colours_room() -> None:
    light = nets.linear_light(np, np.array([[0.8, 0.2, 0.1], [0.02, 0.01, 0.03]]))
    for row, code in zip(nets.lab(np, light), ("#cc331a", "#050308"), strict=True):
        assert delta_e(tuple(row), lab_of(code)) < 0.5


def test_question_changes_nothing() -> None:
    picture = page(at("Mira", 0.5))
    assert READER.read(picture, Question("the moon", "flying")) == READER.read(picture, Question())
    assert replace(Question(), place="x").place == "x"


def test_what_was_smoothed_is_found_sharpened_and_read_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    smoothed = DrawnReader(smoothed=True)
    assert smoothed.revision != READER.revision
    blue, green = page(at("Mira", 0.4)), page(at("Mira", 0.6, outfit="party"))
    (there, *_), (as_it_is, *_) = (READER.read(one, Question()).figures or () for one in (blue, green))
    moved = ImageChops.offset(green, round(-0.2 * green.width), 0)  # the green dress where the blue jumper is
    monkeypatch.setattr("storykin.critics.drawn.looking.sharpened", lambda picture: blue)
    (found, *_) = smoothed.read(moved, Question()).figures or ()
    assert found.box == there.box
    (upper, _), (blue_one, _), (green_one, _) = (one.palettes["upper"][0] for one in (found, there, as_it_is))
    assert delta_e(upper, green_one) < 8 < delta_e(upper, blue_one)


def test_sharpening_finds_who_was_smoothed_away() -> None:
    picture = page(at("Beno", 0.3, 0.34), at("Mira", 0.7, 0.34), place="forest", time="evening")
    soft = picture.filter(ImageFilter.GaussianBlur(7))
    plain, sharp = (
        [one.sure for one in reader.read(soft, Question()).figures or ()]
        for reader in (READER, DrawnReader(smoothed=True))
    )
    assert sum(sharp) > sum(plain)
