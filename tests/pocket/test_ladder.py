"""The ladder: albums that say no more than they should, the same scenes on every rung, numbers that add up, and all of it on a fresh base."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks import ladder
from benchmarks.pocket import album, autoencoder, base, latents, learning, render, tally, words, world

from storykin.colours import Lab
from storykin.critics import Reading, Seen
from storykin.critics.judging import Judgement
from storykin.critics.matching import Match
from storykin.critics.summing import Judged
from storykin.dataset import caption_of, read_dataset
from storykin.picture import Fault, Verdict
from storykin.scene import Box
from storykin.teaching import Wanted

AVA, BLIX = world.test_characters()[:2]


def test_an_album_shows_all_outfits_and_says_nothing_that_is_fixed(tmp_path: Path) -> None:
    folder = album.shelve(AVA, tmp_path, album.Album(6, captions="bare"), 1)
    kept = read_dataset(folder)
    said = [caption_of(folder, one) for one in kept.pictures]
    assert len(kept.pictures) == 6
    assert all(one.count(kept.trigger) == 1 for one in said)
    assert not any(word in one for one in said for word in ("green", "wavy", "glasses"))
    assert {"turquoise" in one for one in said} == {True, False}  # both outfits
    again = album.shelve(AVA, tmp_path, album.Album(9), 2)
    assert len(read_dataset(again).pictures) == 6  # what is there stays


def test_an_album_may_tell_the_traits_or_show_one_outfit(tmp_path: Path) -> None:
    folder = album.shelve(AVA, tmp_path, album.Album(4, "one", "traits"), 1)
    said = [caption_of(folder, one) for one in read_dataset(folder).pictures]
    assert all("green" in one and "turquoise" in one for one in said)
    folder = album.shelve(AVA, tmp_path / "by turns", album.Album(9, captions="mixed"), 1)
    said = [caption_of(folder, one) for one in read_dataset(folder).pictures]
    assert ["green" in one for one in said] == 4 * [False] + 4 * [True] + [False]


def test_photos_are_taken_in_many_clothes_near_and_far() -> None:
    dressed, days = album.wardrobe(AVA, 40)
    assert days.count("everyday") == days.count("outdoors") == 10
    others = {dressed.outfit(one).words for one in days} - {one.words for one in AVA.outfits}
    assert len(others) > 15
    shown = album.scenes((dressed,), 40, 1, days)
    for who in ("everyday", "outdoors"):
        framed = [one.framing for one in shown if one.figures[0].outfit == who]
        assert min(framed.count("close"), framed.count("medium")) >= 4
    fips = world.test_characters()[-1]
    assert album.wardrobe(fips, 40) == (fips, ["everyday", "outdoors"])


def test_an_album_says_itself_what_is_fixed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Wanted] = []
    monkeypatch.setattr(ladder, "teach", lambda folder, wanted, on_step: asked.append(wanted))
    ground = ladder.Ground("pocket", tmp_path, (AVA,), 1, 1)
    kept = album.Album(4, captions="photo")
    ladder.learned(ground, AVA, {}, kept)
    ladder.learned(ground, AVA, {"traits": 0.5}, kept)
    assert [one.changes["traits"] for one in asked] == [0.0, 0.5]
    said = [caption_of(path, one) for path in [ground.shelf / "ava"] for one in read_dataset(path).pictures]
    assert {"turquoise" in one for one in said} == {"burgundy" in one for one in said} == {True, False}


def test_scenes_are_tried_in_many_places_that_no_album_has() -> None:
    tried = album.tried((AVA,), 12, 5)
    assert len({one.scene.place for one in tried}) == 12
    assert {one.scene.figures[0].outfit for one in tried} == {"everyday", "outdoors"}
    assert not {one.scene for one in tried} & set(album.scenes((AVA,), 30, 105))
    both = album.tried((AVA, BLIX), 3, 5)
    assert all(one.scene.framing == "medium" and len(one.scene.figures) == 2 for one in both)
    pictures = album.seeded(both, 4)
    assert [one.page for one in pictures] == list(range(1, 13))
    assert len({one.seed for one in pictures}) == 12


def test_everybody_has_a_word_of_their_own() -> None:
    found = {album.trigger_of(one) for one in world.test_characters()}
    assert len(found) == 6
    said = " ".join(world.sample(seed).caption for seed in range(100))
    assert not any(one in said for one in found)


GREEN, BROWN = (60.0, -45.0, 35.0), (35.0, 15.0, 25.0)


def seen(x: float, vector: tuple[float, ...], hair: Lab = GREEN, clothes: Lab = BROWN) -> Seen:
    palettes = {"hair": ((hair, 1.0),), "clothes": ((clothes, 1.0),), "upper": ((clothes, 1.0),)}
    return Seen(Box(x, 0.1, 0.3, 0.8), 0.9, "child", palettes=palettes, vectors={"drawn": vector})


def judged(
    *faults: str,
    here: tuple[float, ...] = (1.0, 0.0),
    there: tuple[float, ...] | None = None,
    hair: Lab = GREEN,
    at: float = 0.1,
) -> Judged:
    """A picture of Ava alone, or with Blix where `there` is his vector; `at` is where she stands."""
    from storykin.critics.expecting import Wanted
    from storykin.scene import Figure

    own = {"Ava": (1.0, 0.0), "Blix": (0.0, 1.0)}
    vectors = {"Ava": here} | ({"Blix": there} if there is not None else {})
    matches = tuple(
        Match(
            Wanted(name, Figure(name, box=Box(0.1 if name == "Ava" else 0.5, 0.1, 0.3, 0.8)), "girl", True, 110, None, (seen(0.1, own[name]),)),
            seen(at if name == "Ava" else 0.5, vector, hair), vector[0], "drawn",
        )
        for name, vector in vectors.items()
    )  # fmt: skip
    verdict = Verdict({}, tuple(Fault(name, "Ava", "so") for name in faults), not faults)  # type: ignore[arg-type]
    figures = tuple(one.seen for one in matches if one.seen)
    return Judged(
        0, "", Reading(figures, read={"figures": "test"}), Judgement(verdict, matches), cast=tuple(vectors)
    )


def test_a_row_counts_who_is_right_of_all_who_should_be_there() -> None:
    found = ladder.row([judged(), judged("hair", hair=BROWN), judged("extra"), judged("not-her")])
    assert found["looks"] == 0.75
    assert found["hair"] == 0.75
    assert found["clothes"] == 1
    assert found["count"] == 0.75
    assert found["passed"] == 0.25
    assert found["height"] is found["apart"] is found["sides"] is None
    assert (
        ladder.table({"every trait in words": found})
        .splitlines()[-1]
        .startswith("| every trait in words | 75 (4) | 75 (4) | 100 (4) | – | 75 | 25 |")
    )


def test_right_hair_counts_on_a_wrong_face_and_who_is_gone_has_nothing_right() -> None:
    assert ladder.row([judged("not-her", hair=BROWN)])["hair"] == 0
    assert ladder.row([judged("not-her")])["hair"] == 1
    one = judged("missing")
    gone = replace(
        one, judgement=replace(one.judgement, matches=(replace(one.judgement.matches[0], seen=None),))
    )
    found = ladder.row([gone])
    assert (found["looks"], found["hair"], found["clothes"], found["count"]) == (0, 0, 0, 0)
    assert (found["hair of"], found["height of"]) == (1, 0)


def test_two_count_as_one_picture_and_stand_on_their_sides() -> None:
    pages = [judged(there=(0.0, 1.0)), judged("missing", there=(0.0, 1.0), at=0.7)]
    found = ladder.row(pages)
    assert (found["count"], found["sides"]) == (0.5, 0.5)


def test_the_best_of_three_has_the_least_against_it() -> None:
    pages = [
        judged("hair"),
        judged(),
        judged("extra"),
        judged("missing"),
        judged("hair", "clothes"),
        judged("clothes"),
    ]
    assert ladder.best_of_three(pages, 3) == [pages[1], pages[5]]
    assert ladder.best_of_three(pages[:4], 4) == [pages[1]]


def test_rungs_need_enough_people_and_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ladder.Ground, "__post_init__", lambda self: None)
    alone = ladder.Ground("pocket", Path(), (AVA,), 1, 1)
    assert not [name for name in ladder.wanted(alone, "") if name.startswith("two-") or name == "three"]
    both = ladder.Ground("pocket", Path(), (AVA, BLIX), 1, 3)
    assert ladder.wanted(both, "") == list(ladder.RUNGS)
    with pytest.raises(SystemExit, match="there is no rung sideways"):
        ladder.wanted(both, "words,sideways")


def test_two_are_kept_apart_when_each_is_more_like_themselves() -> None:
    assert tally.margin(judged()) is None
    assert (tally.margin(judged(there=(0.0, 1.0))) or 0) > 0
    assert (tally.margin(judged(there=(1.0, 0.0))) or 0) < 0
    both = judged(there=(0.0, 1.0))
    gone = replace(
        both.judgement, matches=(both.judgement.matches[0], replace(both.judgement.matches[1], seen=None))
    )
    lone = replace(both, judgement=gone)
    assert tally.margin(lone) is None
    found = tally.row([both, both, lone])
    assert (found["apart"], found["both"], found["both of"]) == (pytest.approx(2 / 3), 1.0, 2)


needs_diffusers = pytest.mark.skipif(importlib.util.find_spec("diffusers") is None, reason="needs diffusers")


@pytest.fixture(scope="module")
def pocket(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base that has hardly begun to learn."""
    import torch

    torch.set_num_threads(1)
    ground = tmp_path_factory.mktemp("ladder")
    render.render(0, ground, 256, 16)
    autoencoder.make((8, 8, 8, 16, 16)).save_pretrained(ground / "vae")
    latents.encode(ground / "pictures-256", ground / "vae", ground / "latents")
    words.save(
        words.tokenizer([world.sample(seed).caption for seed in range(200)]), ground / "base" / "tokenizer"
    )
    learning.learn(learning.Lesson(ground / "latents", ground / "base", ground / "vae", 16, 4, sheets=False))
    return base.save(ground / "base", ground / "vae", ground / "pocket")


@pytest.mark.slow
@needs_diffusers
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_every_rung_is_climbed_on_a_fresh_base(
    pocket: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    asked = [
        "ladder",
        "--base",
        str(pocket),
        "--out",
        str(out),
        "--characters",
        "2",
        "--scenes",
        "1",
        "--seeds",
        "1",
        "--steps",
        "4",
    ]
    monkeypatch.setattr("sys.argv", asked)
    ladder.main()
    told = capsys.readouterr().out
    rungs = {name: rung for name, rung in ladder.RUNGS.items() if not rung.of}
    assert all(rung.title in told for rung in rungs.values())
    alone, pairs = 2, 1
    for name, rung in rungs.items():
        painted = list((out / name).glob("*/pictures/*.png"))
        assert len(painted) >= (alone if rung.people == 1 else pairs), name
    drawn = next((out / "drawn").glob("ava/pictures/*.png"))
    words_only = next((out / "words").glob("ava/pictures/*.png"))
    assert drawn.read_bytes() != words_only.read_bytes()
    assert (out / "ladder.png").stat().st_size > 10_000
    assert (out / "ladder-pairs.png").stat().st_size > 10_000
    adapter = next((out / "cast" / "ava" / "adapters").glob("*.safetensors"))
    was = adapter.stat().st_mtime_ns
    ground = ladder.Ground(str(pocket), out, (AVA,), 1, 1)
    ladder.learned(ground, AVA, {"steps": 4})
    assert adapter.stat().st_mtime_ns == was  # taught in just this way
    ladder.learned(ground, AVA, {"steps": 5})
    assert next((out / "cast" / "ava" / "adapters").glob("*.safetensors")).stat().st_mtime_ns != was


def test_words_only_are_said_of_the_whole_picture(tmp_path: Path) -> None:
    ground = ladder.Ground("pocket", tmp_path, (AVA, BLIX), 1, 1)
    (whole,), (apart,) = (
        ladder.shots_of(ground, ladder.RUNGS[name], (AVA, BLIX), ()) for name in ("two-words", "two-regions")
    )
    assert whole.prompt == apart.prompt
    assert (len(whole.parts), len(apart.parts)) == (0, 2)


def test_every_rung_has_a_line_of_its_own() -> None:
    assert len({one.title for one in ladder.RUNGS.values()}) == len(ladder.RUNGS)


def test_everybody_is_in_two_pairs(tmp_path: Path) -> None:
    people = world.test_characters()
    pairs = ladder.groups(ladder.Ground("pocket", tmp_path, people, 1, 1), 2)
    assert len(pairs) == len({frozenset(one.name for one in pair) for pair in pairs}) == 6
    for who in people:
        assert sum(who in pair for pair in pairs) == 2
    assert ladder.groups(ladder.Ground("pocket", tmp_path, people[:2], 1, 1), 2) == [people[:2]]
