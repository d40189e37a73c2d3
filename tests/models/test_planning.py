"""Plans come from the table, say why, and refuse with advice; nothing heavy is loaded."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from storykin.errors import BadFile, BadInput
from storykin.families import FAMILIES
from storykin.models import planning
from storykin.models.planning import (
    CARDS,
    Phase,
    Row,
    card_named,
    disk_of,
    ladder,
    phases,
    phases_of,
    plan,
    preview_side,
    ram_here,
    row_for,
    rows_of,
    table,
    vram_here,
)
from storykin.recipe import Recipe

FLUX = FAMILIES["flux-dev"]
BASE = {"bfloat16": 23.0, "int8": 12.0, "nf4": 6.0}


def made_up() -> tuple[Row, ...]:
    """A table with simple numbers: the base, 1 GiB at 512 and 2 at 1024; streaming takes the base off; 10 TFLOP for 128 pixels of side."""
    return tuple(
        Row(
            "flux-dev", side, precision, count, 16, round(base * (1 - count / 60) + side / 512, 2), round(6 + base * count / 60, 2),
            side / 128 * 10, round(2 * base * count / 60 * 2**30), "parked", round(base * (1 - count / 60), 2), 0,
        )
        for precision, base in BASE.items()
        for side in (512, 1024)
        for count in (0, 30, 60)
    )  # fmt: skip


@pytest.fixture
def simple(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "table", made_up)
    monkeypatch.setattr(planning, "phases", tuple)


def recipe(**changes: Any) -> Recipe:
    return replace(Recipe.of(FLUX, "good"), **changes)


def test_planning_loads_nothing_heavy() -> None:
    code = "import sys, storykin.models.planning as p; p.table(); p.vram_here(); print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"torch", "diffusers", "numpy", "transformers"} & set(loaded)


@pytest.mark.usefixtures("simple")
@pytest.mark.parametrize(
    ("vram", "expected"),
    [
        (48, ("bfloat16", 0, (512, 1024))),
        (24, ("bfloat16", 30, (512, 1024))),
        (16, ("bfloat16", 60, (512, 1024))),
        (4.0, ("bfloat16", 60, (512, 1024))),
        (3.0, ("bfloat16", 60, (512,))),
    ],
)
def test_the_card_decides(vram: float, expected: tuple[Any, ...]) -> None:
    made = plan(recipe(resolutions=(512, 1024)), vram, 64, card="RTX 4060")
    assert (made.recipe.precision, made.recipe.streamed_blocks, made.recipe.resolutions) == expected
    assert made.need_gib <= vram
    assert made.need_gib == pytest.approx(made.peak_gib * 1.15 + 1.5, abs=0.01)


@pytest.mark.usefixtures("simple")
def test_bf16_that_waits_for_the_bus_is_not_chosen() -> None:
    fast = plan(recipe(resolutions=(512,)), 12, card="RTX 5090")
    assert fast.recipe.precision == "nf4"  # 40 TFLOP take 0.6 s; 23 GiB over the bus 2 s
    assert fast.bus_share <= planning.HIDDEN
    slow = plan(recipe(resolutions=(512,)), 12, 64, card="RTX 4060")
    assert slow.recipe.precision == "bfloat16"
    assert slow.seconds_per_step > fast.seconds_per_step


@pytest.mark.usefixtures("simple")
def test_main_memory_decides_too() -> None:
    much = plan(recipe(resolutions=(512,)), 8, 64, card="RTX 4060")
    little = plan(recipe(resolutions=(512,)), 8, 13, card="RTX 4060")
    assert (much.recipe.precision, little.recipe.precision) == ("bfloat16", "nf4")
    assert little.ram_gib <= 13
    with pytest.raises(BadInput, match=r"flux-dev needs 9\.0 GiB of main memory, 5\.0 are free"):
        plan(recipe(), 8, 5)


@pytest.mark.usefixtures("simple")
def test_what_the_user_set_stays() -> None:
    made = plan(recipe(precision="nf4", resolutions=(1024,)), 24, fixed=frozenset({"precision"}))
    assert made.recipe.precision == "nf4"
    made = plan(
        recipe(precision="nf4", streamed_blocks=45, resolutions=(512,)),
        8,
        fixed=frozenset({"precision", "streamed_blocks"}),
    )
    assert made.recipe.streamed_blocks == 45
    with pytest.raises(BadInput, match=r"does not fit on 3 GiB.*precision, resolutions is set by hand"):
        plan(
            recipe(precision="bfloat16", resolutions=(1024,)),
            3,
            fixed=frozenset({"precision", "resolutions"}),
        )


@pytest.mark.usefixtures("simple")
def test_a_card_too_small_is_refused_with_advice() -> None:
    with pytest.raises(
        BadInput, match=r"flux-dev does not fit on 2 GiB: the least it needs is 2\.6"
    ) as caught:
        plan(recipe(), 2)
    assert caught.value.hint
    with pytest.raises(BadInput, match="no simulated step of sdxl"):
        plan(Recipe.of(FAMILIES["sdxl"]), 12)
    with pytest.raises(BadInput, match="no graphics card was found"):
        plan(recipe(), None)
    with pytest.raises(BadInput, match=r"the disk has 3\.0 GiB free, training flux-dev needs 34\.\d"):
        plan(recipe(), 24, disk_gib=3)


@pytest.mark.usefixtures("simple")
def test_reasons_are_sentences_with_the_numbers() -> None:
    made = plan(recipe(resolutions=(1024,)), 8, 32, card="RTX 4060")
    words = " ".join(made.why)
    assert "The card has 8 GiB" in words
    assert "The whole base in bfloat16 would need 30.2 GiB" in words
    assert "60 blocks wait in main memory" in words
    assert "30%" in words
    assert all(one.endswith(".") for one in made.why)


@pytest.mark.usefixtures("simple")
def test_batches_are_accumulated() -> None:
    made = plan(recipe(batch=2, accumulate=2), 48)
    assert (made.recipe.batch, made.recipe.accumulate) == (1, 4)
    assert made.minutes > 2 * plan(recipe(), 48).minutes  # previews and the start cost the same


@pytest.mark.usefixtures("simple")
def test_the_ladder_goes_down_and_ends() -> None:
    made = plan(recipe(resolutions=(512, 1024)), 48)
    rungs = ladder(made)
    peaks = [row.peak_gib for one in (made.recipe, *rungs) if (row := row_for(one)) is not None]
    assert len(peaks) == len(rungs) + 1
    assert peaks == sorted(peaks, reverse=True)
    assert len(set(peaks)) == len(peaks)
    assert [(one.precision, one.streamed_blocks, one.resolutions) for one in rungs] == [
        ("bfloat16", 30, (512, 1024)), ("bfloat16", 60, (512, 1024)), ("bfloat16", 60, (512,)),
    ]  # fmt: skip
    packed = ladder(plan(recipe(resolutions=(512,)), 24, fixed=frozenset({"streamed_blocks"})))
    assert packed[0].streamed_blocks == 30


@pytest.mark.usefixtures("simple")
def test_rows_between_are_in_proportion_and_rank_counts() -> None:
    row = row_for(recipe(precision="nf4", streamed_blocks=15, resolutions=(600,)))
    assert row is not None
    assert row.resolution == 1024  # the next above
    assert row.peak_gib == pytest.approx(6 * 0.75 + 2)
    assert row_for(recipe(resolutions=(2048,))) is None
    assert row_for(recipe(streamed_blocks=99)) is None


@pytest.mark.parametrize(
    ("changes", "more"),
    [
        ({"ema": 0.0}, 0.0),
        ({"ema": 0.0, "rank": 32}, 16.0),
        ({"ema": 0.99}, 4.0),
        ({"ema": 0.0, "optimiser": "adamw8bit"}, 2.03 - 8),
        ({"ema": 0.99, "optimiser": "adamw8bit", "rank": 32}, 2 * (4 + 4 + 2.03 + 4) - 16),
        ({"ema": 0.0, "optimiser": "prodigy"}, 8.0),
    ],
    ids=str,
)
def test_rank_optimiser_and_running_mean_count(changes: dict[str, Any], more: float) -> None:
    """Bytes for each of 2^27 parameters at rank 16."""
    rows = (Row("flux-dev", 512, "bfloat16", 0, 16, 20.0, 6.0, 40.0, 0, "parked", 19.0, 2**27),)
    row = row_for(recipe(resolutions=(512,), **changes), rows=rows)
    assert row is not None
    assert row.peak_gib == pytest.approx(20 + more / 8, abs=0.01)
    gradients = 4 if changes.get("rank") == 32 else 0
    assert row.resident_gib == pytest.approx(19 + (more - gradients) / 8, abs=0.01)
    assert row.adapter_parameters == 2**27 * changes.get("rank", 16) // 16


# phases


def some_phases() -> tuple[Phase, ...]:
    """Made up: a photo takes 1 GiB at 512 and 4 at 1024; a preview takes 2 at 768 and half of it at 512, decoding twice as much."""
    pictures = [Phase("pictures", "flux-dev", side, "", (side / 512) ** 2) for side in (512, 1024)]
    seen = [(512, 1.0), (768, 2.0)]
    denoising = [Phase("denoising", "flux-dev", side, one, gib) for side, gib in seen for one in BASE]  # type: ignore[arg-type]
    return (*pictures, *denoising, *(Phase("decoding", "flux-dev", side, "", 2 * gib) for side, gib in seen))


def test_the_largest_phase_decides(monkeypatch: pytest.MonkeyPatch, simple: None) -> None:
    monkeypatch.setattr(planning, "phases", some_phases)
    made = plan(recipe(resolutions=(512,)), 48, 64)
    assert dict(made.phases) == {
        "captions": planning.captions_gib("flux-dev", 48), "pictures": 1.0, "step": 24.0, "denoising": 24.0, "decoding": 25.0,
    }  # fmt: skip
    assert (made.peak_gib, made.need_gib, made.preview_side) == (25.0, pytest.approx(30.25), 512)
    assert (
        "Most of all is taken by painting previews: 25.0 GiB, with context and fragmentation 30.2."
        in made.why
    )


def test_previews_become_smaller_before_anything_else_does(
    monkeypatch: pytest.MonkeyPatch, simple: None
) -> None:
    monkeypatch.setattr(planning, "phases", some_phases)
    large = plan(recipe(resolutions=(1024,)), 35, 64)
    small = plan(recipe(resolutions=(1024,)), 30.5, 64)
    assert (large.recipe.streamed_blocks, large.preview_side) == (0, 768)
    assert (small.recipe.streamed_blocks, small.preview_side) == (0, 512)
    assert small.need_gib <= 30.5
    assert "Previews have 512 pixels a side, since larger ones would not fit." in small.why
    fewer = plan(recipe(resolutions=(512,)), 28.9, 64)  # the step would fit, no preview does
    assert fewer.recipe.precision == "int8"


def test_previews_have_the_familys_side() -> None:
    sides = {family: preview_side(Recipe.of(FAMILIES[family])) for family in FAMILIES}
    assert sides == {"sd15": 512, "sdxl": 768, "flux-dev": 768, "flux2-klein": 768}
    assert preview_side(recipe(resolutions=(512,))) == 512


def test_encoders_are_packed_and_streamed_as_cards_get_smaller() -> None:
    roomy, usual, tiny = (planning.captions_gib("flux-dev", vram) for vram in (24, 12, 6))
    assert roomy == pytest.approx((4.76e9 + 123e6) * 2 / 2**30 + 0.2, abs=0.01)
    assert usual == pytest.approx((4.76e9 + 2 * 123e6) / 2**30 + 0.2, abs=0.01)
    assert tiny < 1
    assert planning.captions_gib("sdxl", 24) == planning.captions_gib("sdxl", 6) < 2


def test_the_kept_phases_are_whole(tmp_path: Path) -> None:
    names = {(one.name, one.family) for one in phases()}
    assert names == {(name, family) for name in ("pictures", "denoising", "decoding") for family in FAMILIES}
    assert all(0 < one.gib < 8 for one in phases())
    assert phases_of(tmp_path / "none.json") == ()
    (tmp_path / "broken.json").write_text('[{"name": 3}]')
    with pytest.raises(BadFile, match="not a table of simulated phases"):
        phases_of(tmp_path / "broken.json")


# other bases


def test_another_base_is_planned_from_its_own_rows() -> None:
    rows = tuple(
        replace(row, peak_gib=row.peak_gib / 10, ram_gib=3.0, tflop_per_step=0.5) for row in made_up()
    )
    made = plan(recipe(resolutions=(512, 1024)), 5, 16, rows=rows)
    assert (made.recipe.precision, made.recipe.streamed_blocks) == ("bfloat16", 0)
    assert made.phases == (("step", 2.5),)
    assert made.peak_gib == 2.5
    for rung in ladder(made):
        row = row_for(rung, rows=rows)
        assert row is not None
        assert row.peak_gib < 2.5
    with pytest.raises(BadInput, match=r"flux-dev does not fit on 1\.5 GiB: the least it needs is 1\.6"):
        plan(recipe(), 1.5, 16, rows=rows)


def test_main_memory_here_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(planning, "MEMINFO", tmp_path / "meminfo")
    (tmp_path / "meminfo").write_text("MemTotal: 33554432 kB\nMemAvailable:   16777216 kB\n")
    assert ram_here() == 16.0
    (tmp_path / "meminfo").unlink()
    monkeypatch.setattr(
        planning.os, "sysconf", {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 2**21}.__getitem__, raising=False
    )
    assert ram_here() == 8.0
    monkeypatch.delattr(planning.os, "sysconf")
    assert ram_here() is None


def test_cards_are_found_by_name_and_by_size() -> None:
    assert card_named("rtx4090").vram_gib == card_named("4090").vram_gib == 24
    assert card_named("RTX 4080", 12).vram_gib == 12
    assert card_named(vram_gib=15.6).name == "RTX 4080"
    assert card_named(vram_gib=3).name == CARDS[-1].name
    for wrong in (("Voodoo", None), ("", 0.0), ("", None)):
        with pytest.raises(BadInput):
            card_named(*wrong)


def test_disk_counts_what_is_written() -> None:
    """FLUX, 65.37 million parameters: 3 checkpoints with weights, mean and two moments, and an adapter a look."""
    rows = (Row("flux-dev", 512, "bfloat16", 0, 16, 20.0, 6.0, 40.0, 0, "parked", 19.0, 65_372_160),)
    one = recipe(steps=2500, look_every=250, resolutions=(512,), ema=0.99)
    checkpoints, adapters, last = 3 * 65.37e6 * 16, 11 * 65.37e6 * 4, 65.37e6 * 2
    caches = 35 * 64 * 64 * 16 * 4 + 43 * (512 * 4096 + 768) * 2
    previews = 11 * 7 * 512 * 512 * 1.6
    assert disk_of(one, True, rows=rows) == pytest.approx(
        (checkpoints + adapters + last + caches + previews) / 2**30, abs=0.06
    )
    assert disk_of(one, rows=rows) - disk_of(one, True, rows=rows) == pytest.approx(34)
    for more in ({"rank": 64}, {"look_every": 50}, {"prior_weight": 1.0, "prior_pictures": 500}):
        assert disk_of(replace(one, **more), True, rows=rows) > disk_of(one, True, rows=rows)
    assert disk_of(one, True, photos=500, rows=rows) > disk_of(one, True, rows=rows)
    smaller = replace(one, optimiser="adamw8bit", ema=0.0)
    assert disk_of(smaller, True, rows=rows) < disk_of(one, True, rows=rows)


def test_as_many_checkpoints_are_counted_as_are_kept() -> None:
    checkpoint = pytest.importorskip("storykin.training.checkpoint")
    looks = pytest.importorskip("storykin.training.looks")
    assert planning.KEPT == checkpoint.KEPT + 1
    assert len(looks.prompts("ohwx", "a girl")) == planning.LOOKED_AT


def test_the_card_here_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning.shutil, "which", lambda _: "/usr/bin/nvidia-smi")
    monkeypatch.setattr(planning.subprocess, "run", lambda *_, **__: SimpleNamespace(stdout="15974\n8000\n"))
    assert vram_here() == 15.6

    def broken(*_: Any, **__: Any) -> None:
        raise subprocess.CalledProcessError(9, "nvidia-smi")

    monkeypatch.setattr(planning.subprocess, "run", broken)
    monkeypatch.setitem(sys.modules, "torch", None)
    assert vram_here() is None
    there = SimpleNamespace(
        cuda=SimpleNamespace(is_available=lambda: True, mem_get_info=lambda: (8 * 2**30, 2**34))
    )
    monkeypatch.setitem(sys.modules, "torch", there)
    assert vram_here() == 8.0


def test_damaged_tables_are_named(tmp_path: Path) -> None:
    assert rows_of(tmp_path / "none.json") == ()
    file = tmp_path / "table.json"
    for content in ("[", '[{"family": "sd15"}]', "[3]"):
        file.write_text(content)
        with pytest.raises(BadFile, match="not a table of simulated steps"):
            rows_of(file)


TARGETS = [  # issue 4
    ("flux-dev", 1024, "nf4", 0, 8.5), ("flux-dev", 512, "nf4", 0, 7.0), ("flux-dev", 1024, "nf4", 57, 5.2), ("flux-dev", 512, "nf4", 57, 3.5),
    ("flux-dev", 1024, "int8", 28, 12.0), ("flux-dev", 1024, "fp8", 28, 12.0), ("sdxl", 1024, "bfloat16", 0, 5.6), ("sd15", 512, "bfloat16", 0, 1.9),
]  # fmt: skip


@pytest.mark.parametrize(("family", "side", "precision", "count", "most"), TARGETS)
def test_kept_rows_hold_what_was_aimed_at(
    family: str, side: int, precision: str, count: int, most: float
) -> None:
    (row,) = [row for row in table() if row.of == (family, side, precision, count, 16)]
    assert row.peak_gib <= most
    assert row.ram_gib <= 28


@pytest.mark.parametrize(
    ("family", "vram"),
    [
        ("flux-dev", 6),
        ("flux-dev", 8),
        ("flux-dev", 16),
        ("flux-dev", 24),
        ("flux2-klein", 8),
        ("sdxl", 8),
        ("sd15", 6),
    ],
)
def test_the_kept_table_plans_every_usual_card(family: str, vram: float) -> None:
    made = plan(Recipe.of(FAMILIES[family], "best"), vram, 28)
    assert made.recipe.resolutions == Recipe.of(FAMILIES[family], "best").resolutions
    assert made.minutes > 0
    for rung in ladder(made):
        assert row_for(rung) is not None


def test_minutes_count_the_previews() -> None:
    usual = Recipe.of(FAMILIES["flux-dev"])
    minutes = [
        plan(replace(usual, preview_steps=steps, look_every=every), 16).minutes
        for steps, every in ((1, 120), (20, 120), (20, 60), (40, 60))
    ]
    assert minutes == sorted(set(minutes))
    guided = plan(replace(usual, guidance=None), 16)  # every picture is computed twice
    assert guided.minutes > plan(usual, 16).minutes
