"""How a base is loaded for painting comes from a table, says why, and refuses with advice; nothing heavy is loaded."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from storykin.errors import BadFile, BadInput
from storykin.families import PAINTINGS
from storykin.models import painting_plan, planning
from storykin.models.painting_plan import (
    REFERENCES,
    SIMULATED,
    SIZES,
    Painted,
    fit_painting,
    fits_of,
    least_gib,
    painting_table,
    reading_gib,
    row_for,
    rows_of,
    table,
    tile,
    write_rows,
)
from storykin.models.planning import Fit, captions_gib, need_of

FLUX, KLEIN, SDXL, SD = (PAINTINGS[name] for name in ("flux-dev", "flux2-klein", "sdxl", "sd15"))
WEIGHTS = {"bfloat16": 22.0, "int8": 11.0, "nf4": 5.0}


def made_up() -> tuple[Painted, ...]:
    """Simple numbers: 50 blocks are all the weights, a slot is one of them; a step takes 1 GiB, decoding 2, in tiles 0.5."""
    return tuple(
        Painted(
            name, 1024, precision, references, waiting, 50, round(weights + 1 - waiting * weights / 50 + (weights / 25 if waiting else 0), 3), 0.1,
            waiting * weights / 50, weights / 25 if waiting else 0.0, 1.5, 0.5, 1.0 + references, 2.0, 0.5,
        )
        for name, part in (("flux-dev", 1), ("sdxl", 0.2), ("flux2-klein", 0.3))
        for precision, whole in WEIGHTS.items()
        for weights in (whole * part,)
        for references in ((0, 2) if name == "flux2-klein" else (0,))
        for waiting in (0, 50)
    )  # fmt: skip


@pytest.fixture
def simple(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(painting_plan, "table", made_up)
    monkeypatch.setattr(painting_plan, "need_of", lambda gib: round(gib, 2))
    return iter(())


def test_planning_loads_nothing_heavy() -> None:
    code = (
        "import sys; from storykin.models.painting_plan import *; from storykin.families import PAINTINGS;"
        "fit_painting(PAINTINGS['sdxl'], 12); painting_table(); print(*sys.modules)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"torch", "diffusers", "numpy", "transformers", "peft"} & set(loaded)


# the kept table


def test_the_table_is_complete() -> None:
    found = [row.of for row in table()]
    assert len(set(found)) == len(found)
    blocks = {row.family: row.blocks for row in table()}
    assert set(found) == {
        (one.name, one.side, precision, references, count)
        for one in PAINTINGS.values()
        for precision in SIMULATED
        for references in ((0, REFERENCES) if "references" in one.powers else (0,))
        for count in (0, blocks[one.name])
    }


@pytest.mark.parametrize("name", PAINTINGS)
def test_what_saves_memory_does(name: str) -> None:
    rows = {(*row.of[2:4], row.streamed_blocks > 0): row for row in table() if row.family == name}
    for references in {row.references for row in rows.values()}:
        for streamed in (False, True):
            needs = [need_of(rows[one, references, streamed].peak_gib()) for one in SIMULATED]
            assert needs == sorted(needs, reverse=True)
            assert needs[0] > needs[-1]
        for precision in SIMULATED:
            whole, waiting = (rows[precision, references, streamed] for streamed in (False, True))
            assert waiting.resident_gib < whole.resident_gib
            assert waiting.resident_gib + waiting.waiting_gib - waiting.slots_gib == pytest.approx(
                whole.resident_gib, abs=0.01
            )
    for row in rows.values():
        assert row.decoding_tiled_gib <= row.decoding_gib
        assert row.peak_gib(tiled=True) <= row.peak_gib()
        assert row.resident_gib > row.adapter_gib > 0


@pytest.mark.parametrize("name", PAINTINGS)
def test_the_weights_are_in_the_table(name: str) -> None:
    """In bfloat16 a net takes two bytes a parameter; what lies there beside it is adapter and VAE."""
    row = next(one for one in table() if one.of[:5] == (name, PAINTINGS[name].side, "bfloat16", 0, 0))
    net = PAINTINGS[name].parameters * 2 / 2**30
    assert net < row.resident_gib - row.adapter_gib < net + 0.3


# fitting on the kept table


WHOLE, PART = False, True  # all on the card, or some blocks waiting in main memory
FITS: dict[str, tuple[tuple[str, bool], ...]] = {  # on cards with 8, 12 and 16 GiB
    "sd15": (("bfloat16", WHOLE), ("bfloat16", WHOLE), ("bfloat16", WHOLE)),
    "sdxl": (("bfloat16", WHOLE), ("bfloat16", WHOLE), ("bfloat16", WHOLE)),
    "flux-dev": (("nf4", PART), ("int8", PART), ("int8", WHOLE)),
    "flux-schnell": (("nf4", PART), ("int8", PART), ("int8", WHOLE)),
    "flux2-klein": (("int8", WHOLE), ("bfloat16", WHOLE), ("bfloat16", WHOLE)),
    "flux-kontext": (("nf4", PART), ("int8", PART), ("int8", WHOLE)),
    "qwen-image-edit": (("nf4", PART), ("nf4", PART), ("int8", PART)),
    "z-image": (("int8", PART), ("int8", WHOLE), ("bfloat16", WHOLE)),
}


@pytest.mark.parametrize("name", PAINTINGS)
def test_what_fits_on_which_card(name: str) -> None:
    """Every family paints on a card of 8 GiB, the large ones packed and with part of them in main memory."""
    sizes = (8, 12, 16)
    found = fits_of(PAINTINGS[name], sizes=sizes)
    told = tuple((fit.precision, fit.streamed_blocks > 0) for fit in found if fit)
    assert told == FITS[name]
    for size, fit in zip(sizes, found, strict=True):
        assert fit is not None
        assert fit.need_gib <= size


@pytest.mark.parametrize("name", PAINTINGS)
def test_the_smallest_card_is_no_lie(name: str) -> None:
    painting = PAINTINGS[name]
    least = least_gib(painting)
    assert fit_painting(painting, least + 0.01).need_gib <= least + 0.01
    with pytest.raises(BadInput, match=f"at least {least:.1f}"):
        fit_painting(painting, least - 0.3)


@pytest.mark.parametrize("name", PAINTINGS)
def test_a_larger_card_never_paints_worse(name: str) -> None:
    before: tuple[int, int] | None = None
    for vram in (6, 8, 10, 12, 14, 16, 20, 24, 32, 48, 80):
        (fit,) = fits_of(PAINTINGS[name], sizes=[vram])
        if fit is None:
            assert before is None
            continue
        now = (-SIMULATED.index(fit.precision), -fit.streamed_blocks)
        assert before is None or now >= before
        before = now
    assert before == (0, 0)


# choosing


@pytest.mark.usefixtures("simple")
@pytest.mark.parametrize(
    ("vram", "expected"),
    [
        (40, ("bfloat16", 0, False)),
        (25, ("bfloat16", 0, False)),
        (24.2, ("bfloat16", 0, True)),
        (14, ("int8", 0, False)),
        (13, ("int8", 0, True)),
        (12.4, ("int8", 5, True)),
        (8, ("int8", 25, True)),
        (7.9, ("nf4", 0, True)),
        (6.5, ("nf4", 7, True)),
    ],
)
def test_the_card_decides(vram: float, expected: tuple[str, int, bool]) -> None:
    fit = fit_painting(FLUX, vram)
    assert (fit.precision, fit.streamed_blocks, fit.tiled) == expected
    assert fit.need_gib <= vram


@pytest.mark.usefixtures("simple")
def test_int8_waits_with_half_of_its_blocks_at_most() -> None:
    counts = {
        fit.streamed_blocks
        for vram in range(60, 140)
        for fit in fits_of(FLUX, sizes=[vram / 10])
        if fit and fit.precision == "int8"
    }
    assert max(counts) <= 25
    assert len(counts) > 5


@pytest.mark.usefixtures("simple")
def test_a_precision_can_be_forced() -> None:
    fit = fit_painting(FLUX, 13, precision="bfloat16")
    assert (fit.precision, fit.encoder_precision) == ("bfloat16", "int8")
    assert 25 < fit.streamed_blocks <= 50
    assert fit_painting(FLUX, 14, precision="fp8").precision == "fp8"
    assert fit_painting(FLUX, 40, precision="nf4").precision == "nf4"
    with pytest.raises(BadInput, match="nothing is painted in float32"):
        fit_painting(FLUX, 24, precision="float32")


@pytest.mark.parametrize(("precision", "expected"), [(None, "float32"), ("int8", "int8")])
def test_without_a_card_the_processor_paints(precision: Any, expected: str) -> None:
    fit = fit_painting(FLUX, None, precision=precision)
    assert replace(fit, why=()) == Fit(precision=expected, encoder_precision=expected)  # type: ignore[arg-type]
    assert "No graphics card was found" in fit.why[0]
    assert expected in " ".join(fit.why)


@pytest.mark.usefixtures("simple")
def test_larger_pictures_take_more() -> None:
    small, usual, large = (row_for(FLUX, "nf4", 0, side) for side in (768, 1024, 2048))
    assert small is not None
    assert usual is not None
    assert large is not None
    assert small.resident_gib == usual.resident_gib == large.resident_gib
    assert small.denoising_gib < usual.denoising_gib < large.denoising_gib
    assert large.decoding_gib == 4 * usual.decoding_gib
    assert 3 < large.denoising_gib / usual.denoising_gib < 4  # the prompt's tokens stay as many
    assert fit_painting(FLUX, 24.2, side=2048).precision == "int8"


@pytest.mark.usefixtures("simple")
def test_references_take_more() -> None:
    rows = [row_for(KLEIN, "nf4", 0, 0, count) for count in range(5)]
    assert [row.denoising_gib for row in rows if row] == [1.0, 2.0, 3.0, 4.0, 5.0]


@pytest.mark.usefixtures("simple")
def test_more_adapters_take_more() -> None:
    one, three = (row_for(FLUX, "nf4", adapters=count) for count in (1, 3))
    assert one is not None
    assert three is not None
    assert three.resident_gib == pytest.approx(one.resident_gib + 0.2)


def test_families_without_references_are_not_asked_for_them() -> None:
    plain, seeing = (row_for(FLUX, "nf4", references=count) for count in (0, 2))
    assert plain is not None
    assert seeing is not None
    assert plain.denoising_gib == seeing.denoising_gib


# the readers of words


@pytest.mark.parametrize(
    ("vram", "expected"), [(24, ("bfloat16", False)), (13, ("int8", False)), (6.5, ("int8", True))]
)
def test_encoders_are_loaded_as_learners_do(vram: float, expected: tuple[str, bool]) -> None:
    fit = fit_painting(FLUX, vram, precision="nf4")
    assert (fit.encoder_precision, fit.streamed_encoder) == expected
    gib = reading_gib(FLUX, fit.encoder_precision, fit.streamed_encoder)
    assert gib == captions_gib("flux-dev", vram)


def test_small_encoders_are_never_packed() -> None:
    fit = fit_painting(SD, 6)
    assert (fit.encoder_precision, fit.streamed_encoder) == ("bfloat16", False)


def test_an_encoder_too_large_for_the_card_waits_in_main_memory() -> None:
    """Qwen2.5-VL has eight thousand million parameters: in 8 bits they fill a card of 12."""
    qwen = PAINTINGS["qwen-image-edit"]
    assert fit_painting(qwen, 11).streamed_encoder
    assert fit_painting(qwen, 16).encoder_precision == "int8"
    assert not fit_painting(qwen, 16).streamed_encoder
    assert fit_painting(qwen, 24).encoder_precision == "bfloat16"


# what people are told


@pytest.mark.usefixtures("simple")
def test_the_plan_says_why() -> None:
    said = " ".join(fit_painting(FLUX, 12.4).why)
    for part in (
        "The card has 12.4 GiB free; painting with FLUX.1-dev takes",
        "packed into 8 bits (int8)",
        "Unpacked it would need 24.0 GiB",
        "5 of its 50 parts wait in main memory (1.1 GiB)",
        "piece by piece",
        "What reads the prompts is packed into 8 bits",
    ):
        assert part in said
    assert len(fit_painting(FLUX, 40).why) == 1


@pytest.mark.usefixtures("simple")
@pytest.mark.parametrize(
    ("asked", "message", "hint"),
    [
        ({}, "FLUX.1-dev does not fit on 1.3 GiB: pictures of 1024 x 1024 pixels need at least 2.2", "needs no card"),
        ({"side": 4096, "vram_gib": 8}, "pictures of 4096 x 4096 pixels", "smaller pictures: 1024 x 1024 pixels fit"),
        ({"vram_gib": 2.5, "precision": "bfloat16"}, "FLUX.1-dev in bfloat16 does not fit", "flux-dev fits packed tighter"),
        ({"side": 4096, "vram_gib": 2.1}, "does not fit", "this card can paint with: sdxl"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_advice(asked: dict[str, Any], message: str, hint: str) -> None:
    with pytest.raises(BadInput, match=message) as caught:
        fit_painting(FLUX, **{"vram_gib": 1.3, **asked})
    assert hint in caught.value.hint


def test_a_family_that_was_never_simulated_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(painting_plan, "table", tuple)
    with pytest.raises(BadInput, match="no simulated picture of flux-dev is known"):
        fit_painting(FLUX, 24)


def test_the_table_for_people() -> None:
    rows = painting_table()
    assert len(rows) == len(table())
    assert [row.family for row in rows] == sorted((row.family for row in rows), key=list(PAINTINGS).index)
    for row in rows:
        assert row.tiled_need_gib <= row.need_gib == need_of(row.peak_gib)
        assert set(row.fits) <= set(SIZES)
        assert all(size >= row.tiled_need_gib for size in row.fits)
    sd = next(row for row in rows if (row.family, row.precision) == ("sd15", "bfloat16"))
    assert sd.fits == SIZES


def test_the_rows_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "painting.json"
    assert rows_of(path) == ()
    write_rows(path, made_up())
    assert set(rows_of(path)) == set(made_up())
    path.write_text('[{"family": "sdxl"}]')
    with pytest.raises(BadFile, match="not a table of simulated pictures"):
        rows_of(path)


def test_the_command_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert painting_plan.main([]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(table())


def test_tiles_are_smaller_than_a_page() -> None:
    """diffusers would take 1024 pixels for most VAEs, and then cut nothing."""
    done: list[Any] = []
    plain = SimpleNamespace(
        tile_sample_min_size=1024, tile_latent_min_size=128, enable_tiling=lambda: done.append("plain")
    )
    tile(plain)
    assert (plain.tile_sample_min_size, plain.tile_latent_min_size) == (512, 64)
    tile(SimpleNamespace(enable_tiling=lambda *sizes: done.append(sizes)))
    assert done == ["plain", (512, 512, 384, 384)]


def test_the_planner_is_shared() -> None:
    assert painting_plan.need_of is planning.need_of


def test_without_a_card_main_memory_decides() -> None:
    klein = PAINTINGS["flux2-klein"]
    assert fit_painting(klein, None).precision == "float32"
    assert fit_painting(klein, None, ram_gib=24).precision == "float32"
    assert fit_painting(klein, None, ram_gib=8).precision == "int8"
    assert fit_painting(klein, None, ram_gib=8).encoder_precision == "int8"
    with pytest.raises(BadInput, match="GiB of main memory to paint without a card") as told:
        fit_painting(PAINTINGS["qwen-image-edit"], None, ram_gib=4)
    assert "sd15" in told.value.hint
