"""From a dataset on the shelf to an adapter that the character has: on small models at the real architecture."""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from storykin import cachefolder, files, teaching
from storykin.character import Adapter, Character
from storykin.cli import main
from storykin.consistency.wording import described, hair_of
from storykin.errors import BadFile, BadInput, Cancelled, StorykinError
from storykin.families import FAMILIES, POCKET
from storykin.models import planning
from storykin.models.loading import keys_of
from storykin.recipe import Recipe
from storykin.teaching import Wanted
from storykin.training import checkpoint, learners
from storykin.training.history import read_history
from storykin.training.learners.flux import FluxLearner
from storykin.training.learners.flux2 import Flux2Learner
from tests.shelves import CANARY, TRIGGER, draw, put_on_shelf
from tests.training.small_flux import header_of, save_flux, save_flux2
from tests.training.small_sd import small_sd15, small_sdxl

SMALL: dict[str, Any] = {
    "steps": 6, "resolutions": [64], "rank": 4, "alpha": 4, "look_every": 3, "save_every": 2, "preview_steps": 2, "warmup": 2,
    "learning_rate": 1e-3,
}  # fmt: skip
PLACES = FluxLearner.__init__.__kwdefaults__["caption_tokens"]
MAKERS: dict[str, Callable[[Path], Path]] = {
    "sd15": small_sd15, "sdxl": small_sdxl, "flux-dev": save_flux, "flux2-klein": save_flux2,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cachefolder.CACHE, str(tmp_path / "cache"))
    torch.set_num_threads(1)
    # places for a caption: a painter's 512 would be most of what a small net computes
    monkeypatch.setitem(FluxLearner.__init__.__kwdefaults__, "caption_tokens", 32)
    monkeypatch.setitem(Flux2Learner.__init__.__kwdefaults__, "caption_tokens", 32)


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    made: dict[str, Path] = {}
    home = tmp_path_factory.mktemp("bases")

    def base(family: str) -> Path:
        if family not in made:
            made[family] = MAKERS[family](home / f"small {family}")
        return made[family]

    return base


@pytest.fixture
def flux(bases: Callable[[str], Path]) -> Path:
    return bases("flux-dev")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return put_on_shelf(tmp_path / "cast")


def wanted(base: Path, **said: Any) -> Wanted:
    """A short training on the processor; what is no field of `Wanted` is one of the recipe."""
    own = {name: said.pop(name) for name in list(said) if name in Wanted.__dataclass_fields__}
    return Wanted(**{"base": str(base), "device": "cpu", "changes": {**SMALL, **said}, **own})


def stopped_at(step: int) -> Callable[[float, str], None]:
    def on_step(share: float, words: str) -> None:
        if words.startswith(f"step {step} "):
            raise Cancelled

    return on_step


def character(folder: Path) -> Character:
    return files.read_toml(folder / "character.toml", Character)


# --- the whole way ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "family",
    ["sd15", *(pytest.param(one, marks=pytest.mark.slow) for one in ("flux-dev", "sdxl", "flux2-klein"))],
)
def test_a_dataset_becomes_an_adapter_that_the_character_has(
    family: str, bases: Callable[[str], Path], folder: Path
) -> None:
    said: list[tuple[float, str]] = []
    taught = teaching.teach(folder, wanted(bases(family)), lambda share, words: said.append((share, words)))
    (adapter,) = character(folder).adapters
    assert adapter == Adapter(adapter.path, family, TRIGGER, 4, likeness=taught.likeness)
    assert re.fullmatch(rf"adapters/small-{family}-\d{{4}}-\d\d-\d\d\.safetensors", adapter.path)
    assert folder / adapter.path == taught.adapter
    assert taught.step in {3, 6}
    with Image.open(taught.sheet) as sheet:
        assert sheet.width > 400
    page = taught.report.read_text(encoding="utf-8")
    assert "Sasha in" in page
    assert taught.adapter.name in page
    shares = [share for share, _ in said]
    assert shares == sorted(shares)
    assert said[-1] == (1.0, "Sasha is learned")
    assert not list(folder.rglob("draft*"))


def test_the_file_is_read_by_diffusers_whole_pipeline_and_changes_what_is_painted(
    flux: Path, folder: Path
) -> None:
    from diffusers import FluxPipeline

    taught = teaching.teach(folder, wanted(flux, learning_rate=1e-2))
    pipeline = FluxPipeline.from_pretrained(flux)
    pipeline.set_progress_bar_config(disable=True)

    def painted() -> torch.Tensor:
        noise = torch.Generator().manual_seed(1)
        found: torch.Tensor = pipeline(
            f"{TRIGGER}, a dog", generator=noise, width=64, height=64, num_inference_steps=2, output_type="pt"
        ).images
        return found

    before = painted()
    pipeline.load_lora_weights(str(taught.adapter), adapter_name="zvoqk_read")
    assert (painted() - before).abs().mean() > 1e-4
    layers = {key.rpartition(".lora_")[0] for key in keys_of(taught.adapter)}
    assert len(layers) == 2 * 12 + 2 * 5  # every layer of two double and two single blocks


def test_nothing_private_is_in_the_adapter(flux: Path, folder: Path) -> None:
    taught = teaching.teach(folder, wanted(flux))
    content = taught.adapter.read_bytes()
    for word in (CANARY, "Sasha", "meadow", "close-up", str(folder), str(flux), "small flux"):
        assert word.encode() not in content
        assert word.encode() not in taught.sheet.read_bytes()
    header = header_of(taught.adapter)
    assert header["modelspec.trigger_phrase"] == TRIGGER
    assert set(header) <= {
        "format", "modelspec.sai_model_spec", "modelspec.architecture", "modelspec.implementation", "modelspec.title", "modelspec.resolution",
        "modelspec.trigger_phrase", "modelspec.date", "ss_base_model_version", "ss_network_dim", "ss_network_alpha",
    }  # fmt: skip


def test_a_file_that_is_not_read_back_as_it_was_learned_is_given_to_nobody(
    flux: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = FluxLearner.save

    def save(self: Any, path: Path, state: Any, header: Any) -> None:
        real(self, path, {name: value * 1.01 for name, value in state.items()}, header)

    monkeypatch.setattr(FluxLearner, "save", save)
    with pytest.raises(BadFile, match="is not read back as it was trained"):
        teaching.teach(folder, wanted(flux))
    assert character(folder).adapters == ()
    assert not (folder / "adapters").exists()
    assert not list(folder.rglob("draft*"))


class Planted:
    """A scorer for which the second look is the best, and the photos are alike."""

    name = "planted"
    course = (0.3, 0.6, 0.75, 0.65, 0.5, 0.4, 0.35, 0.3)

    def __init__(self) -> None:
        self.looks = iter(self.course)

    def likeness(self, pictures: Any, references: Any) -> list[float | None]:
        if len(pictures) == 1:  # photo against photos
            return [0.8]
        now = next(self.looks)
        return [now] * (len(pictures) - 2) + [0.3, 0.3]


def test_the_best_look_is_kept_and_past_it_the_training_ends(
    flux: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teaching.likeness, "scorer_for", lambda *_: Planted())
    taught = teaching.teach(folder, wanted(flux, steps=14, look_every=2, preview_steps=1))
    assert taught.step == 4
    assert taught.steps == 10  # three looks later, of 14 steps
    assert (taught.likeness, taught.floor, taught.ceiling) == (0.75, 0.3, 0.8)
    assert taught.recognisable
    assert "stopped early" in taught.report.read_text(encoding="utf-8")
    assert "past its best" in teaching.teach(folder, Wanted()).remarks[0]


def test_what_was_edited_meanwhile_stays(flux: Path, folder: Path) -> None:
    def on_step(share: float, words: str) -> None:
        if words.startswith("step 2 "):
            files.write_toml(folder / "character.toml", replace(character(folder), part="the hero"))

    teaching.teach(folder, wanted(flux), on_step)
    assert character(folder).part == "the hero"
    assert len(character(folder).adapters) == 1


def test_the_page_can_be_read_while_it_trains(flux: Path, folder: Path) -> None:
    with pytest.raises(Cancelled):
        teaching.teach(folder, wanted(flux), stopped_at(4))
    page = folder / "training" / "small-flux-dev" / "training.html"
    assert "step 3" in page.read_text(encoding="utf-8")
    assert character(folder).adapters == ()


def test_anybody_of_the_class_is_learned_beside_her(flux: Path, folder: Path) -> None:
    asked = wanted(flux, anybody=True, prior_pictures=2, steps=3, held_out=0)
    teaching.teach(folder, asked)
    recipe = files.read_toml(folder / "training" / "small-flux-dev" / "recipe.toml", Recipe)
    assert (recipe.prior_weight, recipe.accumulate) == (1.0, 2)
    assert len(list((cachefolder.cache_root() / "anybody").rglob("*.png"))) == 2


# --- stopping and going on --------------------------------------------------------------------------


def test_a_stopped_training_goes_on_and_ends_with_the_same_file(flux: Path, tmp_path: Path) -> None:
    straight, stopped = (put_on_shelf(tmp_path / one / "cast") for one in ("straight", "stopped"))
    whole = teaching.teach(straight, wanted(flux))
    for step in (1, 3, 4):
        with pytest.raises(Cancelled):
            teaching.teach(stopped, wanted(flux), stopped_at(step))
    # from now on without options: base and recipe are those it began with
    resumed = teaching.teach(stopped, Wanted(device="cpu"))
    assert resumed.adapter.read_bytes() == whole.adapter.read_bytes()
    assert resumed.adapter.name == whole.adapter.name
    lines = [read_history(one / "training" / "small-flux-dev") for one in (straight, stopped)]
    assert [line.get("loss") for line in lines[0]] == [line.get("loss") for line in lines[1]]


def test_done_is_done_and_nothing_is_loaded_again(
    flux: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = teaching.teach(folder, wanted(flux))
    monkeypatch.setattr(learners, "learner_named", None)
    again = teaching.teach(folder, Wanted())
    assert again.adapter == first.adapter
    assert "trained already" in again.remarks[0]


def test_a_longer_training_goes_on_from_the_last_step(flux: Path, folder: Path) -> None:
    first = teaching.teach(folder, wanted(flux))
    longer = teaching.teach(folder, wanted(flux, steps=9))
    assert longer.adapter == first.adapter  # of the same training there is one file
    steps = [line["step"] for line in read_history(folder / "training" / "small-flux-dev") if "loss" in line]
    assert steps == list(range(1, 10))
    assert longer.steps == 9


def test_a_lost_adapter_is_written_again(flux: Path, folder: Path) -> None:
    first = teaching.teach(folder, wanted(flux))
    content = first.adapter.read_bytes()
    first.adapter.unlink()
    assert teaching.teach(folder, Wanted(device="cpu")).adapter.read_bytes() == content


def test_a_changed_recipe_is_refused_by_the_fields_name(flux: Path, folder: Path) -> None:
    with pytest.raises(Cancelled):
        teaching.teach(folder, wanted(flux), stopped_at(3))
    with pytest.raises(BadInput, match=r"rank was 4 and is 8") as refused:
        teaching.teach(folder, wanted(flux, rank=8, alpha=8))
    assert "--afresh" in refused.value.hint
    recipe = files.read_toml(folder / "training" / "small-flux-dev" / "recipe.toml", Recipe)
    assert recipe.rank == 4  # what was refused leaves no trace


def test_a_training_at_work_is_not_forgotten_under_its_feet(flux: Path, folder: Path) -> None:
    with pytest.raises(Cancelled):
        teaching.teach(folder, wanted(flux), stopped_at(3))
    home = folder / "training" / "small-flux-dev"
    before = sorted(home.rglob("*"))
    with checkpoint.alone(home), pytest.raises(BadInput, match="another training is at work here"):
        teaching.teach(folder, wanted(flux, afresh=True))
    assert sorted(home.rglob("*")) == before


def test_killed_before_the_first_checkpoint_it_still_knows_what_was_asked(flux: Path, folder: Path) -> None:
    files.write_toml(
        folder / "training" / "small-flux-dev" / "recipe.toml", teaching.ask(folder, wanted(flux)).recipe
    )
    assert teaching.ask(folder, Wanted()).recipe.steps == 6
    assert teaching.ask(folder, Wanted()).recipe.base == str(flux)
    assert teaching.ask(folder, Wanted(str(flux), "draft")).recipe.steps > 6


def test_anybody_cannot_come_in_half_way(flux: Path, folder: Path) -> None:
    with pytest.raises(Cancelled):
        teaching.teach(folder, wanted(flux), stopped_at(1))
    with pytest.raises(BadInput, match="began without anybody"):
        teaching.teach(folder, wanted(flux, anybody=True))


def test_another_base_of_the_same_name_is_not_mixed_in(flux: Path, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        teaching.teach(folder, wanted(flux), stopped_at(1))
    other = tmp_path / "elsewhere" / flux.name
    shutil.copytree(flux, other)
    with pytest.raises(BadInput, match="began with another base"):
        teaching.teach(folder, wanted(other))


def test_what_is_fixed_is_said_as_often_as_the_recipe_wants(
    flux: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    say = FluxLearner.encode_captions
    monkeypatch.setattr(
        FluxLearner, "encode_captions", lambda self, told: [heard.extend(told), say(self, told)][1]
    )
    look = replace(character(folder).look, hair_colour="green", hair_style="long wavy", glasses="round")
    files.write_toml(folder / "character.toml", replace(character(folder), look=look))
    told = f"{TRIGGER}, {described(look, hair_of)}, "
    assert "green" in told
    teaching.teach(folder, wanted(flux, steps=1, look_every=0))
    assert not any(told in one for one in heard)
    with pytest.raises(Cancelled):
        teaching.teach(folder, wanted(flux, traits=0.5, afresh=True), stopped_at(3))
    learned = len(teaching.ask(folder, wanted(flux, traits=0.5)).photos.pictures)
    assert sum(one.startswith(told) for one in heard) == learned
    files.write_toml(folder / "character.toml", replace(character(folder), look=replace(look, glasses="")))
    with pytest.raises(BadInput, match="the dataset has changed since step 3") as refused:
        teaching.teach(folder, wanted(flux, traits=0.5))
    assert "looks" in refused.value.hint


@pytest.mark.parametrize("what", ["caption", "picture"])
def test_a_changed_dataset_is_refused(what: str, flux: Path, folder: Path) -> None:
    with pytest.raises(Cancelled):
        teaching.teach(folder, wanted(flux), stopped_at(3))
    if what == "caption":
        asked = teaching.ask(folder, wanted(flux))
        name = asked.photos.pictures[0].file
        files.write_text((folder / "dataset" / name).with_suffix(".txt"), f"{TRIGGER}, a dog that sleeps\n")
    else:
        asked = teaching.ask(folder, wanted(flux))
        draw(folder / "dataset" / asked.photos.pictures[0].file, 64, 77)
    name = asked.photos.pictures[0].file
    with pytest.raises(BadInput, match=f"the dataset has changed since step 3 of this training: {name}\n"):
        teaching.teach(folder, wanted(flux))


def test_afresh_begins_anew_and_keeps_finished_adapters(flux: Path, folder: Path) -> None:
    first = teaching.teach(folder, wanted(flux))
    second = teaching.teach(folder, wanted(flux, rank=8, alpha=8, afresh=True))
    assert second.adapter != first.adapter
    assert first.adapter.exists()
    assert [one.rank for one in character(folder).adapters] == [8, 4]
    looks = files.plain(json.loads((second.report.parent / "looks.json").read_text(encoding="utf-8")))
    assert [look["step"] for look in looks["looks"]] == [0, 3, 6]


def test_another_look_can_be_kept_instead(flux: Path, folder: Path) -> None:
    first = teaching.teach(folder, wanted(flux))
    other = ({3, 6} - {first.step}).pop()
    before = first.adapter.read_bytes()
    used = teaching.use(folder, Wanted(device="cpu"), other)
    assert used.step == other
    assert used.adapter == first.adapter
    assert used.adapter.read_bytes() != before
    assert len(character(folder).adapters) == 1
    with pytest.raises(BadInput, match="no look after step 4") as refused:
        teaching.use(folder, Wanted(device="cpu"), 4)
    assert refused.value.hint == "choose from: 3, 6"


@pytest.mark.slow
def test_kill_9_at_any_moment_loses_nothing(
    flux: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # as many places as in a process of its own, which knows nothing of the fixture above
    monkeypatch.setitem(FluxLearner.__init__.__kwdefaults__, "caption_tokens", PLACES)
    _, killed = (put_on_shelf(tmp_path / one / "cast") for one in ("straight", "killed"))
    changes = {**SMALL, "steps": 14, "look_every": 7, "save_every": 3, "preview_steps": 1}
    settings = [f"--set={name}={value}" for name, value in changes.items()]
    words = ["train", "Sasha", "--base", str(flux), "--device", "cpu", "--json", *settings]
    history = killed / "training" / "small-flux-dev" / "history.jsonl"
    for steps in (2, 8):
        process = subprocess.Popen(
            [sys.executable, "-m", "storykin", *words], cwd=tmp_path / "killed", stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + 200
        while time.monotonic() < until and not (
            history.exists() and history.read_bytes().count(b"loss") >= steps
        ):
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert not (killed / "adapters").exists()  # no half of one is ever there
    contents = []
    for one in ("killed", "straight"):
        monkeypatch.chdir(tmp_path / one)
        with pytest.raises(SystemExit) as left:
            main(words)
        assert not left.value.code
        contents.append(Path(json.loads(capsys.readouterr().out)["adapter"]).read_bytes())
    assert contents[0] == contents[1]


# --- memory -----------------------------------------------------------------------------------------


def test_out_of_memory_goes_one_rung_down_and_on(
    flux: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = teaching.ask(folder, wanted(flux))
    planned = teaching._for_card(asked, Wanted(), 8.0)
    assert planned.recipe.streamed_blocks == 0
    # rungs come from the table, in which a net this small has none
    monkeypatch.setattr(planning, "ladder", lambda plan: (replace(plan.recipe, streamed_blocks=2),))
    real, calls = FluxLearner.loss, iter(range(1000))

    def loss(self: Any, batch: Any, generator: torch.Generator) -> torch.Tensor:
        if next(calls) == 3:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
        return real(self, batch, generator)

    monkeypatch.setattr(FluxLearner, "loss", loss)
    done, remarks = teaching._down_the_ladder(planned, "cpu", teaching.quiet)
    assert (folder / done.adapter).exists()
    (remark,) = remarks
    assert "memory was not enough; went on with streamed_blocks" in remark
    steps = [line["step"] for line in read_history(asked.home) if "loss" in line]
    assert steps == [1, 2, 3, 4, 5, 6]  # nothing was learned twice
    head = checkpoint.standing(asked.home)
    assert head is not None
    assert head.recipe.streamed_blocks == 2
    recipe = files.read_toml(asked.home / "recipe.toml", Recipe)
    assert recipe.streamed_blocks == 2


def test_when_no_rung_is_left_it_says_what_to_do(
    flux: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def loss(self: Any, batch: Any, generator: torch.Generator) -> torch.Tensor:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")

    monkeypatch.setattr(FluxLearner, "loss", loss)
    with pytest.raises(StorykinError, match="memory is not enough") as refused:
        teaching.teach(folder, wanted(flux))
    assert "--vram" in refused.value.hint


# --- what cannot be ---------------------------------------------------------------------------------


def test_a_loss_that_is_no_number_ends_with_the_files_names(
    flux: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = FluxLearner.loss
    monkeypatch.setattr(FluxLearner, "loss", lambda *said: real(*said) * float("nan"))
    with pytest.raises(StorykinError, match=r"not a finite number 3 times .*close-up-\d+\.png"):
        teaching.teach(folder, wanted(flux))
    assert character(folder).adapters == ()


def test_without_a_dataset_it_says_how_to_make_one(flux: Path, tmp_path: Path) -> None:
    (tmp_path / "cast" / "nobody").mkdir(parents=True)
    with pytest.raises(BadFile, match="there is no dataset"):
        teaching.teach(tmp_path / "cast" / "nobody", wanted(flux))


def test_a_picture_that_is_gone_is_named(flux: Path, folder: Path) -> None:
    (folder / "dataset" / "close-up-003.png").unlink()
    with pytest.raises(BadFile, match=r"close-up-003\.png is gone"):
        teaching.teach(folder, wanted(flux))


def test_gigabytes_are_never_loaded_down_unasked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(folder / "hub"))
    with pytest.raises(BadInput, match=r"not on this machine: about 34 GB, licence FLUX") as refused:
        teaching.teach(folder, Wanted("flux-dev"))
    assert "--download" in refused.value.hint


def test_a_real_base_on_a_processor_is_refused(
    flux: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if torch.cuda.is_available():
        pytest.skip("there is a card")
    monkeypatch.setattr(teaching, "SMALL", 1)
    with pytest.raises(BadInput, match="no graphics card was found"):
        teaching.teach(folder, wanted(flux, device=""))
    with pytest.raises(BadInput, match="PyTorch finds no graphics card"):
        teaching.teach(folder, wanted(flux, device="cuda"))


def test_without_the_extra_training_is_refused_and_planning_is_not(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teaching, "EXTRA", ("torch", "no_such_library"))
    with pytest.raises(BadInput, match="training needs no_such_library"):
        teaching.teach(folder, Wanted("flux-dev"))
    assert teaching.plan(folder, Wanted("flux-dev", vram_gib=16)).plan is not None


# --- planning ---------------------------------------------------------------------------------------


def test_a_plan_is_made_without_touching_anything(folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    planned = teaching.plan(folder, Wanted("flux-dev", vram_gib=8))
    assert planned.plan is not None
    assert planned.plan.need_gib <= 8
    assert planned.recipe.precision in {"nf4", "int8"}
    assert sorted(folder.rglob("*")) == before


def test_planning_loads_no_torch(folder: Path) -> None:
    code = (
        "import sys; from storykin.cli import main\n"
        "try: main(['plan', 'Sasha', '--base', 'sdxl', '--vram', '12', '--json'])\n"
        "except SystemExit as left: assert not left.code\n"
        "assert not {'torch', 'diffusers', 'transformers', 'numpy'} & sys.modules.keys(), sorted(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=folder.parent.parent, check=True, capture_output=True)


def test_what_is_set_by_hand_stays_in_the_plan(folder: Path) -> None:
    changes = {"resolutions": [1024], "precision": "int8"}
    planned = teaching.plan(folder, Wanted("flux-dev", vram_gib=16, changes=changes))
    assert (planned.recipe.resolutions, planned.recipe.precision) == ((1024,), "int8")


def test_a_base_of_other_dimensions_is_simulated_by_its_own(flux: Path, folder: Path) -> None:
    planned = teaching.plan(folder, Wanted(str(flux), vram_gib=4, changes=SMALL))
    assert planned.plan is not None
    assert planned.plan.peak_gib < 0.5
    assert planned.recipe.streamed_blocks == 0


def test_effort_and_photos_decide_the_length(folder: Path) -> None:
    lengths = [
        teaching.ask(folder, Wanted("flux-dev", effort)).recipe.steps for effort in ("draft", "good", "best")
    ]
    assert lengths == sorted(set(lengths))
    few, many = (Recipe.of(FAMILIES["flux-dev"], "good", photos).steps for photos in (8, 35))
    assert few * 2 == many
    assert {Recipe.of(POCKET, "good", photos).steps for photos in (8, 20, 35, 90)} == {POCKET.steps[1]}


def test_without_a_base_it_is_what_the_photos_were_cut_for(folder: Path) -> None:
    assert teaching.ask(folder, Wanted()).family.name == "flux-dev"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"stepps": 5}, "unknown key 'stepps'"),
        ({"steps": 0}, "steps is 0"),
        ({"resolutions": [100]}, "resolutions are 100"),
        ({"rank": "many"}, "rank"),
        ({"precision": "int3"}, "precision"),
        ({"learning_rate": 5}, "learning_rate is 5"),
    ],
)
def test_a_recipe_that_cannot_be_is_refused(changes: dict[str, Any], message: str, folder: Path) -> None:
    with pytest.raises(StorykinError, match=re.escape(message)):
        teaching.plan(folder, Wanted("flux-dev", vram_gib=16, changes=changes))
