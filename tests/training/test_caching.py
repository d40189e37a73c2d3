"""What is computed once: hit when nothing changed, made anew when anything did, and where it lies."""

import itertools
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image

from storykin import cachefolder, files
from storykin.character import Look
from storykin.consistency.wording import described
from storykin.dataset import Dataset
from storykin.errors import BadFile, BadInput, Cancelled
from storykin.families import POCKET
from storykin.models import loading
from storykin.training import caching
from storykin.training.buckets import bucket_for, cut_for
from storykin.training.caching import Example, prepare, stamp, telling
from storykin.training.entries import base_identity, read_entry, write_entry
from tests.training.tagged import RECIPE, TaggedLearner, a_dataset, grey_of, paint, words_of


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cachefolder.CACHE, str(tmp_path / "cache"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cast" / "sasha"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in cachefolder.cache_of(folder).iterdir()}


def caption(folder: Path, number: int, text: str) -> None:
    files.write_text(folder / "dataset" / f"close-up-{number:03d}.txt", text + "\n")


def latents(example: Example) -> torch.Tensor:
    found = read_entry(example.latents)
    assert found is not None
    return found["latents"]


def words(example: Example) -> str:
    found = read_entry(example.words)
    assert found is not None
    return words_of(found["letters"])


# --- hits and misses ------------------------------------------------------------------------------


def test_everything_is_encoded_once_and_the_encoders_are_let_go(folder: Path) -> None:
    learner, dataset = TaggedLearner(), a_dataset(folder, 3)
    examples = prepare(folder, dataset, learner, RECIPE)
    assert learner.calls == [
        "caption ", "caption grey 0", "caption grey 3", "caption grey 6", "release_encoders",
        *["picture 128x128"] * 3, "release_encoders",
    ]  # fmt: skip
    assert [grey_of(latents(one)) for one in examples] == [0, 3, 6]
    assert [words(one) for one in examples] == ["grey 0", "grey 3", "grey 6"]
    assert [one.file for one in examples] == ["close-up-000.png", "close-up-001.png", "close-up-002.png"]
    assert {one.bucket for one in examples} == {(128, 128)}


def test_a_second_time_is_a_hit_to_the_last_bit(folder: Path) -> None:
    learner, dataset = TaggedLearner(), a_dataset(folder, 3, masked=1)
    first = prepare(folder, dataset, learner, RECIPE)
    before = contents(folder)
    learner.encoded()
    assert prepare(folder, dataset, learner, RECIPE) == first
    assert set(learner.calls) == {"release_encoders"}
    assert contents(folder) == before


def test_prompts_are_encoded_once_and_the_learner_is_told_each_time(folder: Path) -> None:
    learner, dataset = TaggedLearner(), a_dataset(folder, 1)
    prepare(folder, dataset, learner, RECIPE, prompts=("zvoqk in a boat",))
    assert "caption zvoqk in a boat" in learner.calls
    assert learner.calls[-2:] == ["remember ", "remember zvoqk in a boat"]
    learner.calls.clear()
    prepare(folder, dataset, learner, RECIPE, prompts=("zvoqk in a boat",))
    assert [one for one in learner.calls if one.startswith("caption")] == []
    assert learner.calls[-2:] == ["remember ", "remember zvoqk in a boat"]


def test_an_edited_caption_is_read_again_and_only_that(folder: Path) -> None:
    learner, dataset = TaggedLearner(), a_dataset(folder, 3)
    prepare(folder, dataset, learner, RECIPE)
    learner.encoded()
    caption(folder, 1, "zvoqk, on a swing")
    examples = prepare(folder, dataset, learner, RECIPE)
    assert learner.encoded() == ["caption zvoqk, on a swing"]
    assert [words(one) for one in examples] == ["grey 0", "zvoqk, on a swing", "grey 6"]


def test_an_edited_picture_is_encoded_again_even_at_the_same_size_and_time(folder: Path) -> None:
    learner, dataset = TaggedLearner(), a_dataset(folder, 3)
    prepare(folder, dataset, learner, RECIPE)
    learner.encoded()
    path = folder / "dataset" / "close-up-001.png"
    then = path.stat()
    paint(path, (128, 128), 200)
    os.utime(path, ns=(then.st_atime_ns, then.st_mtime_ns))
    examples = prepare(folder, dataset, learner, RECIPE)
    assert learner.encoded() == ["picture 128x128"]
    assert [grey_of(latents(one)) for one in examples] == [0, 200, 6]


def test_the_same_pixels_in_another_file_are_a_hit(folder: Path) -> None:
    learner, dataset = TaggedLearner(), a_dataset(folder, 2)
    prepare(folder, dataset, learner, RECIPE)
    learner.encoded()
    path = folder / "dataset" / "close-up-001.png"
    with Image.open(path) as picture:
        picture.copy().save(path, compress_level=0)
    prepare(folder, dataset, learner, RECIPE)
    assert learner.encoded() == []


def test_swapped_pictures_take_their_own_latents_along(folder: Path) -> None:
    learner, dataset = TaggedLearner(), a_dataset(folder, 2)
    prepare(folder, dataset, learner, RECIPE)
    one, other = (folder / "dataset" / f"close-up-{number:03d}.png" for number in (0, 1))
    kept = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(kept)
    learner.encoded()
    assert [grey_of(latents(one)) for one in prepare(folder, dataset, learner, RECIPE)] == [3, 0]
    assert learner.encoded() == []


def test_other_encoders_start_anew(folder: Path) -> None:
    dataset = a_dataset(folder, 2)
    prepare(folder, dataset, TaggedLearner(encoder_identity="one"), RECIPE)
    other = TaggedLearner(encoder_identity="other")
    prepare(folder, dataset, other, RECIPE)
    assert len(other.encoded()) == 5
    precise = TaggedLearner(encoder_identity="other")
    precise.dtype = torch.bfloat16  # what encoders compute in tells them apart too
    prepare(folder, dataset, precise, RECIPE)
    assert len(precise.encoded()) == 5


def test_a_learner_that_does_not_say_who_it_is_goes_by_its_base(folder: Path, tmp_path: Path) -> None:
    dataset, learner = a_dataset(folder, 2), TaggedLearner(encoder_identity="")
    prepare(folder, dataset, learner, RECIPE)
    learner.encoded()
    prepare(folder, dataset, learner, replace(RECIPE, base="another"))
    assert len(learner.encoded()) == 5
    local = tmp_path / "base.safetensors"
    local.write_bytes(b"1")
    recipe = replace(RECIPE, base=str(local))
    before = base_identity(recipe)
    local.write_bytes(b"22")
    assert base_identity(recipe) != before


@pytest.mark.parametrize("harm", ["cut off", "a flipped bit", "nonsense", "empty"])
def test_a_damaged_entry_is_made_anew(folder: Path, harm: str) -> None:
    learner, dataset = TaggedLearner(), a_dataset(folder, 2)
    examples = prepare(folder, dataset, learner, RECIPE)
    before = contents(folder)
    learner.encoded()
    for path in (examples[0].latents, examples[1].words):
        whole = path.read_bytes()
        flipped = whole[:-3] + bytes([whole[-3] ^ 16]) + whole[-2:]
        broken = {"cut off": whole[:-9], "a flipped bit": flipped, "nonsense": b"\xff" * 99, "empty": b""}
        path.write_bytes(broken[harm])
    prepare(folder, dataset, learner, RECIPE)
    assert learner.encoded() == ["caption grey 3", "picture 128x128"]
    assert contents(folder) == before


def test_a_stopped_run_goes_on_where_it_was(folder: Path) -> None:
    learner, dataset = TaggedLearner(), a_dataset(folder, 4)

    def stop(share: float, words: str) -> None:
        if "002" in words:
            raise Cancelled

    with pytest.raises(Cancelled):
        prepare(folder, dataset, learner, RECIPE, stop)
    assert learner.calls[-1] == "release_encoders"
    learner.encoded()
    prepare(folder, dataset, learner, RECIPE)
    assert learner.encoded() == ["picture 128x128"] * 2


def test_progress_rises_to_one(folder: Path) -> None:
    said: list[float] = []
    prepare(folder, a_dataset(folder, 3), TaggedLearner(), RECIPE, lambda share, _: said.append(share))
    assert said == sorted(said)
    assert said[-1] == 1


def test_numbers_that_are_none_are_not_kept(folder: Path) -> None:
    dataset = a_dataset(folder, 2)
    with pytest.raises(BadInput, match=r"close-up-000\.png.*not finite"):
        prepare(folder, dataset, TaggedLearner(spoil=float("nan")), RECIPE)
    assert not [name for name in contents(folder) if name.startswith("latents")]


@pytest.mark.parametrize("kind", [torch.float32, torch.bfloat16, torch.int64, torch.bool, torch.float16])
def test_an_entry_comes_back_as_it_was(tmp_path: Path, kind: torch.dtype) -> None:
    written = {"a": torch.arange(6).reshape(2, 3).T.to(kind), "b": torch.tensor(1).to(kind)}
    write_entry(tmp_path / "one.safetensors", written)
    found = read_entry(tmp_path / "one.safetensors")
    assert found is not None
    assert found["a"].dtype == kind
    assert all(torch.equal(found[name], written[name]) for name in written)


# --- resolutions ----------------------------------------------------------------------------------


def test_a_large_dataset_is_also_learned_small(folder: Path) -> None:
    learner, dataset = TaggedLearner(), a_dataset(folder, 2, [(256, 256), (192, 320)])
    recipe = replace(RECIPE, resolutions=(128, 192, 256))
    examples = prepare(folder, dataset, learner, recipe)
    assert [(one.resolution, one.bucket) for one in examples] == [
        (128, (128, 128)), (192, (192, 192)), (256, (256, 256)),
        (128, (64, 128)), (192, (128, 192)), (256, (192, 320)),
    ]  # fmt: skip
    assert [grey_of(latents(one)) for one in examples] == [0, 0, 0, 3, 3, 3]
    assert examples[2].sizes == (256, 256, 0, 0)
    for one in examples:
        assert tuple(latents(one).shape) == (3, one.bucket[1] // 8, one.bucket[0] // 8)
        assert one.sizes[:2] in {(256, 256), (320, 192)}


def test_a_small_picture_is_never_enlarged_and_encoded_once(folder: Path) -> None:
    learner, dataset = TaggedLearner(), a_dataset(folder, 1, [(64, 128)])
    examples = prepare(folder, dataset, learner, replace(RECIPE, resolutions=(128, 256)))
    assert [one.bucket for one in examples] == [(64, 128), (64, 128)]
    assert len({one.latents for one in examples}) == 1
    assert learner.encoded()[2:] == ["picture 64x128"]


@given(some.integers(1, 24), some.integers(1, 24), some.sampled_from([128, 256, 512, 768, 1024]))
@settings(deadline=None)
def test_buckets_of_any_picture(wide: int, high: int, resolution: int) -> None:
    width, height = wide * 64, high * 64
    try:
        cut = cut_for(width, height, resolution)
    except BadInput:
        assert max(wide, high) / min(wide, high) > 3  # a sliver that no bucket has
        return
    assert cut.width % 64 == cut.height % 64 == 0
    assert cut.width * cut.height <= resolution**2
    assert cut.width <= width
    assert cut.height <= height
    assert 0 < cut.scale <= 1
    assert cut.left + cut.width <= width * cut.scale + 1e-6
    assert cut.top + cut.height <= height * cut.scale + 1e-6
    if wide * high * 64 * 64 <= resolution**2:
        assert (cut.width, cut.height) == (width, height)


@pytest.mark.parametrize(
    "size", [(1024, 1024), (832, 1216), (896, 1152), (1152, 896), (704, 1472), (768, 1344)]
)
@pytest.mark.parametrize("resolution", [512, 768])
def test_little_is_cut_off_the_usual_buckets(size: tuple[int, int], resolution: int) -> None:
    cut = cut_for(*size, resolution)
    kept = cut.width * cut.height / (size[0] * size[1] * cut.scale**2)
    assert kept > 0.94
    assert cut.width * cut.height > 0.8 * resolution**2
    assert cut.top <= 0.02 * cut.height  # heads are above


def test_nothing_fits_in_a_sliver() -> None:
    with pytest.raises(BadInput, match="640 x 40 pixels"):
        bucket_for(640, 40, 512)


def test_reduced_pixels_are_the_picture_and_not_its_mirror() -> None:
    picture = Image.new("RGB", (256, 256), (0, 0, 255))
    picture.paste((255, 0, 0), (0, 0, 128, 256))
    picture.paste((255, 255, 0), (0, 0, 64, 64))
    found = cut_for(256, 256, 128).pixels(picture)
    assert found.shape == (3, 128, 128)
    assert [round(float(one), 2) for one in found[:, 10, 10]] == [1, 1, -1]
    assert [round(float(one), 2) for one in found[:, 100, 20]] == [1, -1, -1]
    assert [round(float(one), 2) for one in found[:, 60, 110]] == [-1, -1, 1]


def test_whole_pixels_are_exact() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (64, 128, 3), dtype=np.uint8)
    found = cut_for(128, 64, 512).pixels(Image.fromarray(noise))
    assert torch.equal(
        ((found.permute(1, 2, 0) + 1) * 127.5).round().to(torch.uint8), torch.from_numpy(noise)
    )


# --- masks ----------------------------------------------------------------------------------------


def mask_of(example: Example) -> torch.Tensor:
    assert example.mask is not None
    found = read_entry(example.mask)
    assert found is not None
    return found["mask"]


def test_masks_lie_on_the_grid_of_the_latents(folder: Path) -> None:
    dataset = a_dataset(folder, 2, masked=1)
    masked, whole = prepare(folder, dataset, TaggedLearner(), RECIPE)
    assert whole.mask is None
    found = mask_of(masked)
    assert found.shape == (1, 16, 16)
    assert torch.equal(found[0, :, :8], torch.ones(16, 8))
    assert torch.equal(found[0, :, 8:], torch.zeros(16, 8))


def test_masks_are_averaged_over_the_area_of_a_latent(folder: Path) -> None:
    dataset = a_dataset(folder, 1, masked=1)
    path = folder / "dataset" / "masks" / "close-up-000.png"
    mask = Image.new("L", (128, 128), 0)
    mask.paste(255, (0, 0, 2, 8))
    mask.save(path)
    (example,) = prepare(folder, dataset, TaggedLearner(), RECIPE)
    assert float(mask_of(example)[0, 0, 0]) == pytest.approx(2 / 8)
    assert float(mask_of(example).sum()) == pytest.approx(2 / 8)


def test_a_mask_of_a_reduced_picture_is_cut_like_it(folder: Path) -> None:
    """What is white in the mask is red in the picture: at every resolution the latents must say so too."""
    size = (192, 320)
    dataset = a_dataset(folder, 1, [size], masked=1)
    picture, mask = Image.new("RGB", size, (0, 0, 0)), Image.new("L", size, 0)
    picture.paste((255, 0, 0), (40, 0, 130, 200))
    mask.paste(255, (40, 0, 130, 200))
    picture.save(folder / "dataset" / "close-up-000.png")
    mask.save(folder / "dataset" / "masks" / "close-up-000.png")
    for resolution in (128, 192, 256):
        (example,) = prepare(
            folder, dataset, TaggedLearner(), replace(RECIPE, resolutions=(resolution,), masked=True)
        )
        red = (latents(example)[:1] + 1) / 2
        assert float((mask_of(example) - red).abs().max()) < 0.12  # Lanczos rings, the mean does not


def test_an_edited_mask_is_made_anew_without_any_encoder(folder: Path) -> None:
    learner, dataset = TaggedLearner(), a_dataset(folder, 1, masked=1)
    prepare(folder, dataset, learner, RECIPE)
    learner.encoded()
    Image.new("L", (128, 128), 255).save(folder / "dataset" / "masks" / "close-up-000.png")
    (example,) = prepare(folder, dataset, learner, RECIPE)
    assert learner.encoded() == []
    assert float(mask_of(example).min()) == 1
    assert sum(name.startswith("mask") for name in contents(folder)) == 1


def test_a_recipe_without_masks_has_none(folder: Path) -> None:
    dataset = a_dataset(folder, 1, masked=1)
    (example,) = prepare(folder, dataset, TaggedLearner(), replace(RECIPE, masked=False))
    assert example.mask is None


# --- where it lies --------------------------------------------------------------------------------


def everything(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_nothing_is_written_beside_the_photos(folder: Path) -> None:
    dataset = a_dataset(folder, 2, masked=1)
    before = everything(folder)
    prepare(folder, dataset, TaggedLearner(), replace(RECIPE, prior_weight=1.0))
    assert everything(folder) == before
    assert {path.parent for path in contents_paths(folder)} == {cachefolder.cache_of(folder)}


def contents_paths(folder: Path) -> Iterator[Path]:
    return cachefolder.cache_of(folder).rglob("*")


@pytest.mark.parametrize("inside", [".", "dataset", "dataset/cache"])
def test_a_cache_among_the_photos_is_refused(
    folder: Path, inside: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = a_dataset(folder, 1)
    before = everything(folder)
    monkeypatch.setenv(cachefolder.CACHE, str(folder / inside))
    with pytest.raises(BadInput, match="beside the photos"):
        prepare(folder, dataset, TaggedLearner(), RECIPE)
    assert everything(folder) == before


def test_the_cache_names_nobody_and_is_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "cast" / "ottilie-canary"
    dataset = a_dataset(folder, 1)
    caption(folder, 0, "zvoqk with canary words")
    prepare(folder, dataset, TaggedLearner(), RECIPE)
    root = cachefolder.cache_root()
    assert not [path for path in root.rglob("*") if "canary" in str(path.relative_to(root))]
    assert not [path for path, content in everything(root).items() if b"canary" in content]
    if os.name == "posix":
        assert stat.S_IMODE(cachefolder.cache_of(folder).stat().st_mode) == 0o700


def test_characters_do_not_share_a_folder(folder: Path, tmp_path: Path) -> None:
    others = [folder, tmp_path / "cast" / "mia", tmp_path / "other" / "sasha"]
    assert len({cachefolder.cache_of(one) for one in others}) == 3
    assert cachefolder.cache_of(folder) == cachefolder.cache_of(folder / "dataset" / "..")


def test_forgetting_removes_one_character_and_no_other(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "cast" / "mia"
    for one in (folder, other):
        prepare(one, a_dataset(one, 2), TaggedLearner(), RECIPE)
    kept = contents(other)
    assert caching.forget(folder) > 0
    assert not cachefolder.cache_of(folder).exists()
    assert contents(other) == kept
    assert caching.forget(folder) == 0


def test_what_the_dataset_no_longer_holds_leaves_the_cache(folder: Path) -> None:
    dataset = a_dataset(folder, 3)
    prepare(folder, dataset, TaggedLearner(), RECIPE)
    prepare(folder, dataset, TaggedLearner(encoder_identity="other"), RECIPE)
    assert len(contents(folder)) == 2 * (3 + 4)
    fewer = replace(dataset, pictures=dataset.pictures[1:])
    prepare(folder, fewer, TaggedLearner(), RECIPE)
    assert len(contents(folder)) == 2 * (
        2 + 3
    )  # of the removed photo nothing is left, whatever base it was for


def test_what_was_long_unused_leaves_too_and_what_was_used_stays(folder: Path) -> None:
    dataset = a_dataset(folder, 1)
    prepare(folder, dataset, TaggedLearner(encoder_identity="old"), RECIPE)
    old = set(contents(folder))
    prepare(folder, dataset, TaggedLearner(), RECIPE)
    half = cachefolder.cache_of(folder) / ".x.part"
    half.write_bytes(b"half")
    long_ago = half.stat().st_mtime - 91 * 24 * 3600
    for path in cachefolder.cache_of(folder).iterdir():
        os.utime(path, (long_ago, long_ago))
    prepare(folder, dataset, TaggedLearner(), RECIPE)
    assert len(contents(folder)) == 3
    assert not old & set(contents(folder))
    half.write_bytes(b"another training is at it")
    prepare(folder, dataset, TaggedLearner(), RECIPE)
    assert half.exists()


def test_the_cache_folder_of_each_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(cachefolder.CACHE)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    for system, place in (
        ("linux", "xdg/storykin"), ("darwin", "Library/Caches/storykin"), ("win32", "local/storykin"),
    ):  # fmt: skip
        monkeypatch.setattr("sys.platform", system)
        assert cachefolder.cache_root() == tmp_path / place
    monkeypatch.setattr("sys.platform", "linux")
    for absent in ("", "relative"):
        monkeypatch.setenv("XDG_CACHE_HOME", absent)
        assert cachefolder.cache_root() == tmp_path / ".cache" / "storykin"


# --- what can go wrong ----------------------------------------------------------------------------


def test_a_picture_that_is_gone_or_broken_is_named(folder: Path) -> None:
    learner, dataset = TaggedLearner(), a_dataset(folder, 2)
    path = folder / "dataset" / "close-up-001.png"
    whole = path.read_bytes()
    path.write_bytes(whole[:60])
    with pytest.raises(BadFile, match=r"close-up-001\.png: cannot be read"):
        prepare(folder, dataset, learner, RECIPE)
    path.unlink()
    with pytest.raises(BadFile, match=r"close-up-001\.png.*No such file") as told:
        prepare(folder, dataset, learner, RECIPE)
    assert "plug it in" in told.value.hint
    assert learner.calls[-1] == "release_encoders"


def test_a_full_disk_says_where_else(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    dataset = a_dataset(folder, 1)
    monkeypatch.setattr("os.replace", full)
    with pytest.raises(BadFile, match="No space left") as told:
        prepare(folder, dataset, TaggedLearner(), RECIPE)
    assert cachefolder.CACHE in told.value.hint
    assert contents(folder) == {}


# --- what is fixed, said --------------------------------------------------------------------------

GIRL = "a 6-year-old girl with red hair"


@pytest.mark.parametrize(
    ("caption", "told"),
    [
        ("zvoqk, a girl, close-up portrait, smiling", f"zvoqk, {GIRL}, close-up portrait, smiling"),
        ("zvoqk, a girl", f"zvoqk, {GIRL}"),
        ("in the snow, zvoqk, a girl, laughing", f"in the snow, zvoqk, {GIRL}, laughing"),
        ("a photo of zvoqk, laughing", "a photo of zvoqk, laughing"),
        ("zvoqk, a girlish laugh", "zvoqk, a girlish laugh"),
        ("zvoqk, a girl with green hair, smiling", "zvoqk, a girl with green hair, smiling"),
        ("zvoqk's bedroom", "zvoqk's bedroom"),
        ("zvoqk, a girl, and zvoqk", f"zvoqk, {GIRL}, and zvoqk"),
        ("azvoqk, a girl", "azvoqk, a girl"),
        ("a girl in the snow", "a girl in the snow"),
        ("", ""),
    ],
)
def test_what_is_fixed_is_said_after_the_trigger_in_place_of_the_class(caption: str, told: str) -> None:
    assert telling(caption, Dataset("zvoqk", "a girl"), GIRL) == told


def test_words_are_said_as_they_are() -> None:
    spotted = described(Look("dog", skin="brown with white spots"))
    assert spotted.endswith(",")
    assert telling("zvoqk, a dog, asleep", Dataset("zvoqk", "a dog"), spotted) == "zvoqk, a dog, brown with white spots, asleep"  # fmt: skip
    assert telling("zvoqk, a girl", Dataset("zvoqk", "a girl"), r"a girl with \1 hair") == r"zvoqk, a girl with \1 hair"  # fmt: skip


def test_each_picture_has_a_second_caption_where_the_recipe_wants_traits_said(folder: Path) -> None:
    learner, dataset = TaggedLearner(), a_dataset(folder, 2)
    caption(folder, 0, "zvoqk, a girl, up")
    recipe = replace(RECIPE, traits=0.5)
    first, other = prepare(folder, dataset, learner, recipe, traits="a red girl")
    assert [words(one) for one in (first, other)] == ["zvoqk, a girl, up", "grey 3"]
    assert first.told
    assert words(replace(first, words=first.told)) == "zvoqk, a red girl, up"
    assert other.told == other.words  # nobody is called
    assert {first.told, first.words} <= {*cachefolder.cache_of(folder).iterdir()}
    for unsaid in (
        prepare(folder, dataset, learner, RECIPE, traits="a red girl"),
        prepare(folder, dataset, learner, recipe),
    ):
        assert {one.told for one in unsaid} == {None}


# --- the stamp ------------------------------------------------------------------------------------


def test_the_stamp_follows_what_is_learned(folder: Path) -> None:
    dataset = a_dataset(folder, 3, masked=1)

    def now(of: Dataset = dataset, masked: bool = True) -> str:
        return stamp(of, folder, replace(RECIPE, masked=masked))

    stamps = [now(), now(masked=False), now(replace(dataset, pictures=dataset.pictures[::-1]))]
    stamps.append(now(replace(dataset, pictures=dataset.pictures[:2])))
    caption(folder, 0, "another")
    stamps.append(now())
    paint(folder / "dataset" / "close-up-002.png", (128, 128), 99)
    stamps.append(now())
    Image.new("L", (128, 128), 9).save(folder / "dataset" / "masks" / "close-up-000.png")
    stamps.append(now())
    caption(folder, 0, "zvoqk, a girl, another")
    told = replace(RECIPE, traits=0.5)
    stamps += [now(), stamp(dataset, folder, told, "a red girl"), stamp(dataset, folder, told, "a girl")]
    assert stamp(dataset, folder, RECIPE, "a red girl") == now()  # it is never said
    assert all(one != other for one, other in itertools.combinations(stamps, 2))
    assert now() == stamps[-3]


def test_the_stamp_does_not_follow_files_or_times(folder: Path) -> None:
    dataset = a_dataset(folder, 2)
    before = stamp(dataset, folder, RECIPE)
    path = folder / "dataset" / "close-up-000.png"
    with Image.open(path) as picture:
        picture.copy().save(path, compress_level=0)
    assert stamp(dataset, folder, RECIPE) == before


def test_a_base_is_known_by_what_it_reads_with_and_a_packaged_one_by_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    for name in ("one", "two"):
        base = tmp_path / name
        files.write_text(base / "model_index.json", "{}")
        files.write_text(base / "tokenizer" / "tokenizer.json", f"[{name!r}]" * len(seen))
        monkeypatch.setitem(loading.PACKAGED, POCKET.base, base)
        seen.append(base_identity(replace(RECIPE, base=POCKET.base)))
    assert seen[0] != seen[1]
