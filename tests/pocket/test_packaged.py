"""The base in the package: it is known by its name, learns somebody in minutes, and paints whom it has learned."""

import importlib.util
from pathlib import Path

import pytest
from benchmarks import ladder
from benchmarks.pocket import album, world

from storykin import files
from storykin.cast.shelf import CHARACTER
from storykin.character import Character
from storykin.cli import main
from storykin.errors import BadFile
from storykin.families import FAMILIES, PAINTINGS, POCKET
from storykin.models import bases, loading
from storykin.painters import painter_named, painter_names
from storykin.recipe import Recipe
from storykin.teaching import Wanted, plan
from storykin.training.looks import read_looks

needs_diffusers = pytest.mark.skipif(importlib.util.find_spec("diffusers") is None, reason="needs diffusers")
quiet = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
LARGEST = 40_000_000
"""Bytes that the weights may have."""


def run(capsys: pytest.CaptureFixture[str], words: str) -> str:
    """What a command says on standard output; words with spaces are written with underscores."""
    with pytest.raises(SystemExit) as left:
        main([one.replace("_", " ") for one in words.split()])
    told = capsys.readouterr()
    assert not left.value.code, told.err
    return " ".join(told.out.split())


def test_it_is_known_by_its_name_and_painted_as_flux_dev() -> None:
    family, painting = bases.family_of("pocket"), bases.painting_of("pocket")
    assert family.name == painting.name == "flux-dev"
    assert bases.title_of("pocket", family) == bases.title_of("pocket", painting) == "pocket"
    assert bases.family_of(POCKET.base) is family
    assert bases.missing("pocket", family) is None
    assert (painting.side, painting.grain) == (256, 32)
    assert painting.commercial
    assert not painting.gated
    assert "pocket" in painter_names()
    assert bases.fingerprint("pocket", painting)


def test_its_recipe_is_flux_devs_scaled_down() -> None:
    planned = plan(None, Wanted(base="pocket", vram_gib=8))
    recipe, usual = planned.recipe, Recipe.of(FAMILIES["flux-dev"])
    assert (recipe.batch, usual.batch) == (POCKET.batch, 1)
    assert recipe.resolutions == (256,)
    assert recipe.steps < usual.steps
    assert (recipe.traits, usual.traits) == (0.5, 0.0)
    assert (recipe.rank, recipe.guidance, recipe.timesteps) == (usual.rank, usual.guidance, usual.timesteps)
    assert (recipe.base, recipe.precision, planned.plan, planned.download) == (
        POCKET.base,
        "float32",
        None,
        None,
    )


def test_its_files_are_few_and_small_and_say_where_they_come_from() -> None:
    folder = loading.PACKAGED[POCKET.base]
    weights = list(folder.rglob("*.safetensors"))
    assert sum(one.stat().st_size for one in weights) < LARGEST
    assert not list(folder.rglob("*.bin"))
    for one in folder.rglob("*config.json"):
        assert "/" not in one.read_text().replace("</s>", ""), f"{one}: a path of the machine it was made on"
    assert "python -m benchmarks.pocket.base learn" in (folder / "README.md").read_text()


def test_the_command_line_knows_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert "pocket" in run(capsys, "painters")
    about = run(capsys, "painters pocket")
    assert "256 pixels" in about
    assert "extra storykin[paint]" in about
    assert "on a card or the processor, and nothing has to fit" in run(capsys, "plan --base pocket --vram 8")


def test_an_installation_without_its_weights_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(loading.PACKAGED, POCKET.base, tmp_path)
    with pytest.raises(BadFile, match="the weights of 'pocket' are not in this installation"):
        loading.path_of("pocket")


@needs_diffusers
def test_adapters_of_the_large_ones_are_not_its_own() -> None:
    small = painter_named("pocket")
    assert small.name == "pocket"
    assert small.adapters_of == (POCKET.base,)
    assert POCKET.base not in PAINTINGS["flux-dev"].adapters_of


@pytest.mark.slow
@needs_diffusers
@quiet
def test_the_ladder_leads_up(tmp_path: Path) -> None:
    """The founder's claim in minutes: words alone give nobody green hair, an adapter does."""
    who = world.test_characters()[0]
    ground = ladder.Ground("pocket", tmp_path, (who,), scenes=6, seeds=1)
    ladder.learned(ground, who, {})
    taught = files.read_toml(ground.shelf / files.slug(who.name) / CHARACTER, Character)
    assert taught.adapters[0].family == POCKET.base
    words, both = (ladder.row(ladder.climbed(ground, name, ladder.RUNGS[name])) for name in ("words", "both"))
    assert (both["hair"] or 0) > (words["hair"] or 0)
    assert (both["looks"] or 0) > (words["looks"] or 0)


@pytest.mark.slow
@needs_diffusers
@quiet
def test_from_drawn_photos_to_a_face_in_a_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The commands of docs/howto/pocket.md, with fewer photos and steps."""
    monkeypatch.chdir(tmp_path)
    album.photographs(world.test_characters()[0], Path("photos"), 24, 512)
    run(
        capsys,
        "cast add Ava photos --base pocket --whole --few --kind girl --age 6 --hair-colour green --hair-style long_wavy --glasses round",
    )
    run(capsys, "train Ava --set steps=60")
    assert list(Path("cast/ava/adapters").glob("pocket-*.safetensors"))
    recipe = files.read_toml(Path("cast/ava/training/pocket/recipe.toml"), Recipe)
    assert (recipe.traits, recipe.base) == (0.5, POCKET.base)
    seen = read_looks(Path("cast/ava/training/pocket"))
    assert seen
    assert seen.scorer == "the reader of drawings"
    assert (seen.looks[-1].likeness or 0) > (seen.bounds.floor or 0)
    run(capsys, "picture TARGET_waves_in_a_forest --cast Ava --painter pocket")
    assert list(Path().glob("*/**/*.png"))
