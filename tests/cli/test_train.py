"""Training on the command line: what a parent types, what is answered, and what is answered to what cannot be."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from storykin import cachefolder, files
from storykin.cli import main
from storykin.training.learners.flux import FluxLearner
from tests.shelves import put_on_shelf
from tests.training.small_flux import save_flux

QUICK = [
    "--device", "cpu", "--set", "steps=4", "--set", "resolutions=64", "--set", "rank=4", "--set", "alpha=4", "--set", "look_every=2",
    "--set", "preview_steps=1",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(cachefolder.CACHE, str(tmp_path / "cache"))
    monkeypatch.setitem(FluxLearner.__init__.__kwdefaults__, "caption_tokens", 32)
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_flux(tmp_path_factory.mktemp("flux") / "small")


@pytest.fixture
def sasha(tmp_path: Path) -> Path:
    return put_on_shelf(tmp_path / "cast")


def run(*words: str, code: int = 0) -> None:
    with pytest.raises(SystemExit) as left:
        main(list(words))
    assert left.value.code == code


Answered = Callable[..., Any]


@pytest.fixture
def answered(capsys: pytest.CaptureFixture[str]) -> Answered:
    """Run a command with `--json` and give its answer."""

    def answer(*words: str, code: int = 0) -> Any:
        capsys.readouterr()
        run(*words, "--json", code=code)
        return json.loads(capsys.readouterr().out)

    return answer


def test_train_says_what_came_of_it(
    sasha: Path, base: Path, capsys: pytest.CaptureFixture[str], answered: Answered
) -> None:
    run("train", "Sasha", "--base", str(base), *QUICK)
    told = capsys.readouterr()
    assert "Sasha is trained" in told.out
    assert re.search(r"adapter +cast/sasha/adapters/small-\d{4}-\d\d-\d\d\.safetensors", told.out)
    assert "training.html" in told.out
    assert "step 1 of 4" in told.err
    assert "torchvision" not in told.err
    again = answered("train", "Sasha")
    assert Path(again["adapter"]).exists()
    assert (again["name"], again["steps"]) == ("Sasha", 4)
    assert answered("train", "Sasha", "--use", "2", "--device", "cpu")["step"] == 2
    assert answered("cast", "list")[0]["adapters"] == ["flux-dev"]


def test_progress_is_json_for_scripts(sasha: Path, base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("train", "Sasha", "--base", str(base), *QUICK, "--json")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert lines[-1]["state"] == "done"
    assert any("loss" in line.get("message", "") for line in lines)


def test_a_recipe_file_is_taken_and_single_numbers_win(sasha: Path, answered: Answered) -> None:
    files.write_text(Path("mine.toml"), 'steps = 700\nrank = 8\nbase = "elsewhere"\n')
    found = answered(
        "plan", "Sasha", "--base", "sdxl", "--vram", "24", "--recipe", "mine.toml", "--set", "rank=12"
    )
    assert (found["recipe"]["steps"], found["recipe"]["rank"]) == (700, 12)
    assert found["recipe"]["base"].startswith("stabilityai/")


@pytest.mark.parametrize(
    ("vram", "family"),
    [("6", "sd15"), ("8", "flux-dev"), ("16", "flux-dev"), ("24", "sdxl"), ("12", "flux2-klein")],
)
def test_plan_fits_the_card_it_is_made_for(vram: str, family: str, sasha: Path, answered: Answered) -> None:
    found = answered("plan", "Sasha", "--base", family, "--vram", vram)
    assert found["need_gib"] <= float(vram)
    assert found["minutes"] > 0
    assert found["photos"] + found["held_out"] == 9


def test_plan_in_words(sasha: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("plan", "Sasha", "--base", "flux-dev", "--vram", "8")
    told = capsys.readouterr().out
    for words in (
        "graphics card",
        "main memory",
        "steps",
        "buckets",
        "GiB",
        "blocks wait in main memory",
        "34 GB",
        "Non-Commercial",
    ):
        assert words in told, words


def test_plan_for_nobody_in_particular(answered: Answered) -> None:
    assert answered("plan", "--base", "flux-dev", "--card", "RTX 4080")["card"]["vram_gib"] == 16


def test_the_table_has_the_rows_that_were_promised(answered: Answered) -> None:
    rows = answered("plan", "--table")
    wanted = {
        "family",
        "resolution",
        "base_precision",
        "streamed_blocks",
        "rank",
        "peak_gib",
        "ram_gib",
        "tflop_per_step",
    }
    assert all(wanted <= row.keys() for row in rows)
    assert {row["family"] for row in rows} == {"sd15", "sdxl", "flux-dev", "flux2-klein"}
    assert all(row["ram_gib"] <= 28 for row in rows)
    least = {
        (family, side, precision): min(
            row["peak_gib"] for row in rows
            if (row["family"], row["resolution"], row["base_precision"], row["rank"]) == (family, side, precision, 16)
            and (row["streamed_blocks"] > 0) is streamed
        )
        for family, side, precision, streamed in (
            ("flux-dev", 1024, "int8", True), ("flux-dev", 1024, "fp8", True), ("sdxl", 1024, "bfloat16", False),
            ("sd15", 512, "bfloat16", False),
        )
    }  # fmt: skip
    assert least["flux-dev", 1024, "int8"] <= 12
    assert least["flux-dev", 1024, "fp8"] <= 12
    assert least["sdxl", 1024, "bfloat16"] <= 5.6
    assert least["sd15", 512, "bfloat16"] <= 1.9
    for side, whole, streamed in ((1024, 8.5, 5.2), (512, 7.0, 3.5)):
        peaks = {
            row["streamed_blocks"]: row["peak_gib"] for row in rows
            if (row["family"], row["resolution"], row["base_precision"], row["rank"]) == ("flux-dev", side, "nf4", 16)
        }  # fmt: skip
        assert peaks[0] <= whole
        assert peaks[max(peaks)] <= streamed


@pytest.mark.slow
def test_a_step_can_be_simulated_in_front_of_everybody(answered: Answered) -> None:
    row = answered("plan", "--simulate", "--base", "sd15")
    kept = [
        one
        for one in answered("plan", "--table", "--base", "sd15")
        if one["base_precision"] == "bfloat16" and not one["streamed_blocks"] and one["rank"] == 16
    ]
    assert row in kept


def test_a_small_base_is_simulated_at_its_own_size(base: Path, answered: Answered) -> None:
    row = answered("plan", "--simulate", "--base", str(base), "--resolution", "64")
    assert row["peak_gib"] < 0.2


@pytest.mark.parametrize(
    ("words", "code", "message", "hint"),
    [
        (("train", "Sash", "--base", "sdxl"), 2, "nobody called 'Sash'", "did you mean Sasha"),
        (("train", "Sasha", "--base", "flux"), 2, "flux", "flux-dev"),
        (("train", "Sasha", "--base", "./nowhere.safetensors"), 1, "nowhere", "a base is"),
        (("train", "Sasha", "--base", "sdxl"), 2, "not on this machine", "--download"),
        (("train", "Sasha", "--effort", "much"), 2, "--effort 'much'", "draft, good, best"),
        (("train", "Sasha", "--set", "steps"), 2, "FIELD=VALUE", "steps=1200"),
        (("train", "Sasha", "--set", "stepps=5"), 1, "unknown key 'stepps'", "did you mean 'steps'"),
        (("train", "Sasha", "--set", "base=x"), 2, "not a number of the recipe", "--base"),
        (("train", "Sasha", "--recipe", "none.toml"), 1, "none.toml", "there is no such file|run the step"),
        (("plan", "Sasha", "--base", "flux-dev", "--vram", "2"), 2, "does not fit on 2 GiB", "."),
        (("plan", "Sasha", "--base", "flux-dev", "--vram", "0"), 2, "0 GiB cannot be", "--vram 16"),
        (("plan", "Sasha", "--card", "GTX 9"), 2, "no card 'GTX 9'", "RTX 4090"),
        (("plan", "--simulate", "--precision", "int3"), 2, "--precision 'int3'", "nf4"),
        (("plan", "--simulate", "--resolution", "1000"), 2, "no multiple of 64", "1024"),
        (("plan", "--table", "--base", "sd3"), 2, "sd3", "sd15"),
    ],
)  # fmt: skip
def test_mistakes_are_answered_in_words(
    words: tuple[str, ...], code: int, message: str, hint: str, sasha: Path, answered: Answered, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    before = sorted(path for path in Path().rglob("*") if "cache" not in path.parts)
    found = answered(*words, code=code)
    assert message in found["error"] or re.search(message, found["error"])
    assert re.search(hint, found["hint"] + found["error"])
    assert sorted(path for path in Path().rglob("*") if "cache" not in path.parts) == before


def test_no_card_is_said_when_nobody_says_which(sasha: Path, answered: Answered) -> None:
    if torch.cuda.is_available():
        pytest.skip("there is a card")
    found = answered("plan", "Sasha", "--base", "flux-dev", code=2)
    assert "no graphics card was found" in found["error"]
    assert "--vram" in found["hint"]
