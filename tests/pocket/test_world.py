"""The drawn world: the same by seed, honest labels, nothing shown that was kept back."""

import io
import json
from dataclasses import replace
from random import Random

import pytest
from benchmarks.pocket import render, world
from benchmarks.pocket.telling import COLOUR, photo, told
from PIL import Image

from storykin import raster
from storykin.character import Character, Look, Outfit
from storykin.critics import Question
from storykin.critics.drawn import DrawnReader
from storykin.errors import BadFile
from storykin.scene import ACTIONS, EXPRESSIONS, Framing

SEEDS = range(120)


@pytest.fixture(scope="module")
def samples() -> list[world.Sample]:
    return [world.sample(seed) for seed in SEEDS]


def test_a_seed_is_one_picture(samples: list[world.Sample]) -> None:
    assert samples[7] == world.sample(7)
    assert len({one.caption for one in samples}) > 0.95 * len(samples)


def test_nothing_that_was_kept_back_is_shown(samples: list[world.Sample]) -> None:
    for one in samples:
        for look in (who.look for who in one.cast):
            assert look.hair_colour not in world.HELD_OUT["hair_colour"]
            assert look.hair_style not in world.HELD_OUT["hair_style"]
            assert look.glasses not in world.HELD_OUT["glasses"]
            assert not set(look.extras) & set(world.HELD_OUT["extra"])
            assert look.is_person or look.skin not in world.HELD_OUT["coat"]
        said = json.dumps(one.labels["figures"])
        for value in ("starry", *world.HELD_OUT["colour"], *world.HELD_OUT["garment"]):
            assert value not in said, one.seed


def test_pairs_are_met_only_apart(samples: list[world.Sample]) -> None:
    pairs = {((a, b), (c, d)) for (a, b), (c, d) in world.PAIRS}
    assert (("hair_colour", "blond"), ("hair_style", "afro")) in pairs
    both = {(who.look.hair_colour, who.look.hair_style) for one in samples for who in one.cast}
    assert ("blond", "afro") not in both
    assert any(tint == "blond" for tint, _ in both)
    assert any(style == "afro" for _, style in both)
    met = world.apart(0)
    assert (met.cast[0].look.hair_colour, met.cast[0].look.hair_style) == ("blond", "afro")
    assert met == world.apart(0) != world.apart(len(world.PAIRS))


def test_every_new_character_has_what_the_base_never_saw() -> None:
    kept = {value for values in world.HELD_OUT.values() for value in values}
    people = world.test_characters()
    assert len({one.name for one in people}) == 6
    for one in people:
        look = one.look
        traits = {look.hair_colour, look.hair_style, look.glasses, look.skin, *look.extras}
        assert len(traits & kept) >= 1, one.name
        assert any(value in one.outfits[0].words for value in kept), one.name


def test_labels_are_json_and_make_the_sample_again(samples: list[world.Sample]) -> None:
    for one in samples:
        labels = json.loads(json.dumps(one.labels))
        again = world.remade(labels)
        assert again.caption == one.caption
        assert again.labels == one.labels


def test_words_are_those_that_the_painter_draws(samples: list[world.Sample]) -> None:
    for one in samples:
        for figure in one.labels["figures"]:
            assert figure["action"] in ACTIONS
            assert figure["expression"] in EXPRESSIONS
            x, y, w, h = figure["box"]
            assert w > 0
            assert h > 0.05
            assert -0.5 < x + w / 2 < 1.5
            assert y < 0.9


def test_near_by_heads_are_of_a_size_and_in_few_places() -> None:
    """Told from the pixels by the reader: whoever it is, and whatever is done."""
    reader = DrawnReader()
    people = (
        Character("Mia", Look("girl", 4, hair_style="bob", hair_colour="red"), (Outfit("everyday", "a blue dress"),)),
        Character("Tom", Look("man", 40, hair_style="short", hair_colour="black"), (Outfit("everyday", "a red coat"),)),
    )  # fmt: skip
    framings: tuple[Framing, ...] = ("close", "medium")
    for framing in framings:
        met = set()
        for who in people:
            grown = "grown-up" if who.look.kind == "man" else "child"
            half, down = world.HEADS[framing][grown]
            for seed in range(4):
                scene = world.scene_of(Random(seed), (who,), framing, near=True)
                png = world.draw(world.of(seed, replace(scene, props=()), (who,)))
                found = reader.read(Image.open(io.BytesIO(png)).convert("RGB"), Question()).figures or ()
                seen = max(found, key=lambda one: one.sure * one.box.w * one.box.h)
                assert seen.head
                x, y = seen.head.x + seen.head.w / 2, seen.head.y + seen.head.h / 2
                place = min((0.25, 0.5, 0.75), key=lambda one, x=x: abs(one - x))
                assert x == pytest.approx(place, abs=0.05)
                assert y == pytest.approx(down, abs=0.06)
                assert 1.5 < seen.head.w / half < 3.2
                met.add(place)
        assert len(met) > 1


def test_the_others_stand_anywhere(samples: list[world.Sample]) -> None:
    """Most pictures show somebody near by, some do not."""
    near = [
        abs(4 * x - round(4 * x)) < 0.01 for one in samples for x, _, _ in world.heads_in(one.scene, one.cast)
    ]
    assert 0.6 < sum(near) / len(near) < 0.95


def test_two_near_by_are_as_high_as_they_are_and_do_not_stand_in_one_place() -> None:
    cast = (
        Character("Mia", Look("girl", 4), (Outfit("everyday", "a red dress"),)),
        Character("Tom", Look("man", 40), (Outfit("everyday", "a blue coat"),)),
    )
    for seed in range(20):
        scene = world.scene_of(Random(seed), cast, near=True)
        left, right = (one.box for one in scene.figures)
        assert scene.framing == "medium"
        assert left.x + left.w / 2 < right.x + right.w / 2
        assert 0 <= right.y < left.y  # who jumps, too
        if scene.figures[0].action == scene.figures[1].action:
            assert left.h / right.h == pytest.approx(
                cast[0].look.standing_height / cast[1].look.standing_height, rel=1e-3
            )


def test_captions_are_told_in_many_ways() -> None:
    one = world.sample(4)
    said = {told(one.scene, one.cast, Random(turn)) for turn in range(40)}
    assert len(said) > 18
    assert any(line.startswith("Flat picture-book illustration") for line in said)
    assert any("." not in line for line in said)


def test_captions_of_photos_begin_with_a_trigger_and_tell_no_trait(samples: list[world.Sample]) -> None:
    for one in samples:
        trigger, who, *said = photo(one.scene, one.cast, Random(one.seed)).split(", ")
        assert len(trigger) == 5
        assert who.split()[0] in ("a", "an")
        assert said
        assert not any("hair" in line or "glasses" in line or "skin" in line for line in said)


def test_nobody_is_called_by_name(samples: list[world.Sample]) -> None:
    assert not any(name in one.caption for one in samples for name in world.NAMES)


def test_whatever_trait_is_asked_of_a_painting_was_said() -> None:
    pytest.importorskip("numpy")
    from benchmarks.pocket import traits

    for one in traits.samples(40):
        look, asked = one.cast[0].look, traits.told(one)
        if "hair colour" in asked:
            assert look.hair_colour in one.caption
        if asked.get("glasses"):
            assert look.glasses in one.caption
        if "clothes' colour" in asked:
            colours = COLOUR.findall(one.cast[0].outfits[0].words)
            assert not colours or colours[0] in one.caption


def test_two_are_drawn_when_two_are_asked_for() -> None:
    assert all(len(world.sample(seed, 2).cast) == 2 for seed in range(20))


@pytest.mark.slow
def test_drawings_differ_and_are_repeated_exactly() -> None:
    pytest.importorskip("numpy")
    several = [world.sample(seed) for seed in range(4)]
    once, again = world.draw_all(several, 64), world.draw_all(several, 64)
    assert once == again
    assert world.draw(several[2], 64) == once[2]
    assert len(set(once)) == 4
    assert world.pixels(once[0]).shape == (64, 64, 3)


@pytest.mark.slow
def test_a_shard_is_drawn_once_and_read_in_order(tmp_path) -> None:
    count, _ = render.render(10, tmp_path, 64, 6)
    path = render.shard_path(tmp_path, 64, 10)
    assert count == 6
    assert render.render(10, tmp_path, 64, 6)[0] == 0
    assert [one.labels["seed"] for one in render.read(path)] == list(range(10, 16))
    first = next(render.read(path))
    assert first.png == world.draw(world.sample(10), 64)
    assert first.caption == world.sample(10).caption
    assert [line["labels"]["seed"] for line in render.labels(path)] == list(range(10, 16))
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_drawing_over_which_the_rasteriser_trips_is_drawn_larger_and_reduced() -> None:
    unlucky, lucky = world.sample(12704), world.sample(12705)
    for png in world.draw_all([unlucky, lucky]):
        assert world.pixels(png).shape == (256, 256, 3)
        assert world.pixels(png).std() > 20


def test_a_drawing_over_which_the_rasteriser_trips_at_every_size_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class PanicException(BaseException): ...

    def trip(*_: object) -> bytes:
        raise PanicException

    monkeypatch.setattr(raster, "_compiled", trip)
    with pytest.raises(BadFile, match="at every size"):
        raster.png_of(world.svg_of(world.sample(1)).encode(), "image/svg+xml", 64)
