"""The simulation counts what really happens."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
diffusers = pytest.importorskip("diffusers")
pytest.importorskip("peft")

from torch._subclasses.fake_tensor import FakeTensorMode  # noqa: E402

from storykin.errors import BadInput  # noqa: E402
from storykin.families import FAMILIES  # noqa: E402
from storykin.models import planning  # noqa: E402
from storykin.models.nets import blocks_of  # noqa: E402
from storykin.models.planning import BUS, Phase, Row, rows_of  # noqa: E402
from storykin.models.quantising import hollow  # noqa: E402
from storykin.models.weightless import FakeBus, Net, Tracker  # noqa: E402
from storykin.recipe import Recipe  # noqa: E402
from storykin.training import lora, simulating  # noqa: E402
from storykin.training.learners import learner_named  # noqa: E402
from storykin.training.overlap import timeline  # noqa: E402
from storykin.training.simulating import (  # noqa: E402
    NETS,
    fill,
    is_usual,
    main,
    make_net,
    net_of,
    rows_for,
    simulate,
)
from tests.training.small_flux import save_flux, save_flux2  # noqa: E402
from tests.training.small_sd import small_sd15, small_sdxl  # noqa: E402

torch.set_num_threads(1)
MIB = 2**20
PARAMETERS = {"sd15": 0.860e9, "sdxl": 2.567e9, "flux-dev": 11.90e9, "flux2-klein": 3.88e9}  # published


def small(**changes: Any) -> Net:
    config = {
        **NETS["flux-dev"].config,
        "num_layers": 2,
        "num_single_layers": 2,
        "num_attention_heads": 4,
        **changes,
    }
    return replace(NETS["flux-dev"], config=config)


def test_every_family_has_its_net() -> None:
    assert NETS.keys() == FAMILIES.keys()


@pytest.mark.parametrize("family", NETS)
def test_nets_are_as_large_as_published(family: str) -> None:
    model = make_net(NETS[family], "bfloat16", 16)
    base = sum(one.numel() for one in model.parameters() if not one.requires_grad)
    assert base == pytest.approx(PARAMETERS[family], rel=0.005)
    names = [name for name, one in model.named_parameters() if one.requires_grad]
    assert all("lora" in name for name in names)
    assert len(blocks_of(model)) == {"sd15": 16, "sdxl": 70, "flux-dev": 57, "flux2-klein": 25}[family]


@pytest.mark.parametrize("family", NETS)
def test_the_table_knows_how_much_is_learned(family: str) -> None:
    learned = {row.adapter_parameters for row in planning.table() if row.family == family}
    model = make_net(NETS[family], "bfloat16", 16)
    assert learned == {sum(one.numel() for one in model.parameters() if one.requires_grad)}


SMALL: dict[str, Callable[[Path], Path]] = {
    "sd15": small_sd15,
    "sdxl": small_sdxl,
    "flux-dev": save_flux,
    "flux2-klein": save_flux2,
}


@pytest.mark.parametrize("family", NETS)
def test_the_layers_that_are_simulated_are_those_that_learn(family: str, tmp_path: Path) -> None:
    folder = SMALL[family](tmp_path / "base")
    recipe = replace(Recipe.of(FAMILIES[family], base=str(folder)), precision="float32", rank=4)
    learned = learner_named(recipe).prepare(recipe)
    part = "unet" if family.startswith("sd") else "transformer"
    net = net_of(family, json.loads((folder / part / "config.json").read_text()))
    simulated = lora.parameters_of(make_net(net, "float32", 4))
    assert {name: one.shape for name, one in learned.items()} == {
        name: one.shape for name, one in simulated.items()
    }
    assert {one.dtype for one in simulated.values()} == {torch.float32}
    assert not is_usual(family, net.config)


# other bases


@pytest.mark.parametrize("family", NETS)
def test_the_usual_base_is_known_by_its_settings(family: str) -> None:
    kind = getattr(diffusers, NETS[family].kind)
    with hollow():
        config = dict(kind.from_config(dict(NETS[family].config)).config)
    assert is_usual(family, {**config, "_class_name": NETS[family].kind, "_diffusers_version": "0.30.0"})
    other = {"block_out_channels": [320, 640, 1280, 640]} if family == "sd15" else {"num_layers": 3}
    other = {"cross_attention_dim": 1024} if family == "sdxl" else other
    assert not is_usual(family, {**config, **other})


def test_private_keys_are_left_out() -> None:
    assert net_of("flux-dev", {"_class_name": "x", "num_layers": 2}).config == {"num_layers": 2}


def test_another_base_gets_rows_from_which_it_is_planned() -> None:
    net = small()
    rows = rows_for("flux-dev", net, (256,), ("bfloat16", "nf4"), rank=8)
    assert [(row.base_precision, row.streamed_blocks) for row in rows] == [
        (one, count) for one in ("bfloat16", "nf4") for count in (0, 2, 4)
    ]
    assert {row.rank for row in rows} == {8}
    recipe = replace(Recipe.of(FAMILIES["flux-dev"]), resolutions=(256,), rank=8)
    made = planning.plan(recipe, 4, 8, rows=rows)
    assert made.peak_gib < 0.5
    assert (made.recipe.precision, made.recipe.streamed_blocks) == ("bfloat16", 0)


# other phases


def test_encoding_takes_more_than_decoding_and_both_grow_with_the_picture() -> None:
    small_one, large = (simulating.simulate_pictures("sd15", side).gib for side in (128, 256))
    decoded = simulating.simulate_decoding("sd15", 256).gib
    weights = 83.65e6 * 4 / 2**30  # of Stable Diffusion's VAE
    assert weights < small_one < large
    assert weights / 2 < decoded < large


def test_a_preview_takes_less_than_a_step() -> None:
    phase = simulating.simulate_denoising("sd15", 256, "int8")
    assert (phase.name, phase.family, phase.side, phase.base_precision) == ("denoising", "sd15", 256, "int8")
    assert 0 < phase.gib < 0.5


def test_every_phase_is_wanted_once() -> None:
    wanted = simulating.wanted_phases()
    assert len(set(wanted)) == len(wanted)
    assert {(name, family) for name, family, *_ in wanted} == {
        (name, family) for name in ("pictures", "denoising", "decoding") for family in NETS
    }


def test_the_phases_are_filled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def quick(family: str, side: int, precision: Any = "") -> Phase:
        asked.append((family, side, precision))
        return Phase("denoising" if precision else "decoding", family, side, precision, 1.0)

    monkeypatch.setattr(simulating, "simulate_decoding", quick)
    monkeypatch.setattr(simulating, "simulate_denoising", quick)
    wanted = [("decoding", "sd15", 512, ""), ("denoising", "sd15", 512, "int8")]
    monkeypatch.setattr(simulating, "wanted_phases", lambda: wanted)
    path = tmp_path / "phases.json"
    for _ in range(2):
        simulating.fill_phases(path, lambda _: None)
    assert len(asked) == 2
    assert [one.base_precision for one in planning.phases_of(path)] == ["", "fp8", "int8"]


# what overlap.py is told


def test_blocks_share_out_the_work_of_a_step() -> None:
    net = small()
    blocks = simulating.blocks_in("flux-dev", 256, "nf4", net=net)
    whole = simulate("flux-dev", 256, "nf4", 4, net=net)
    assert len(blocks) == 4
    work = sum(one.forward + one.backward for one in blocks) / 1e12
    assert work == pytest.approx(
        whole.tflop_per_step, rel=0.08
    )  # the rest is outside of blocks, and rounding
    assert all(2 * one.forward < one.backward < 4 * one.forward for one in blocks)
    played = timeline(blocks, 1e12)
    assert played.carrying * BUS == pytest.approx(whole.bytes_per_step, rel=0.01)


def test_storages_are_counted_from_birth_to_death() -> None:
    tracker = Tracker()
    with FakeTensorMode(), tracker:
        one = torch.empty(MIB, dtype=torch.float32)
        assert tracker.card == 4 * MIB
        view = one.view(2, -1)[1]
        assert tracker.card == 4 * MIB
        two = one + 1
        assert tracker.card == tracker.peak == 8 * MIB
        del one
        assert tracker.card == 8 * MIB  # the view holds it
        del view
        assert tracker.card == 4 * MIB
        tracker.banish(two)
        assert (tracker.card, tracker.ram) == (0, 4 * MIB)
        del two
        assert (tracker.card, tracker.ram, tracker.peak) == (0, 0, 8 * MIB)
        torch.empty(64, 128) @ torch.empty(128, 32)
        assert tracker.flop == 2 * 64 * 128 * 32


def test_real_tensors_are_counted_alike() -> None:
    """The same step, once with contents: the tracker sees the same peak."""
    peaks = []
    for mode in (FakeTensorMode(), torch.enable_grad()):
        tracker = Tracker()
        with mode, tracker:
            layers = torch.nn.Sequential(
                torch.nn.Linear(256, 1024), torch.nn.GELU(), torch.nn.Linear(1024, 256)
            )
            tracker.reset()
            layers(torch.zeros(64, 256)).square().mean().backward()
            peaks.append(tracker.peak)
    assert peaks[0] == peaks[1] > 2 * MIB


def test_parking_is_not_counted_on_the_card() -> None:
    tracker = Tracker()
    bus = FakeBus(tracker)
    with FakeTensorMode(), tracker:
        one = torch.empty(MIB, dtype=torch.uint8)
        parked = bus.park(one)
        assert (tracker.card, tracker.peak, tracker.ram) == (MIB, MIB, MIB)
        back = bus.fetch(parked)
        assert (tracker.card, bus.fetched) == (2 * MIB, MIB)
        del back


@pytest.fixture(scope="module")
def rows() -> dict[str, Row]:
    net = small()
    made = {
        "plain": simulate("flux-dev", 256, "bfloat16", net=net),
        "half": simulate("flux-dev", 256, "bfloat16", 2, net=net),
        "streamed": simulate("flux-dev", 256, "bfloat16", 4, net=net),
        "nf4": simulate("flux-dev", 256, "nf4", net=net),
        "int8": simulate("flux-dev", 256, "int8", net=net),
        "fp8": simulate("flux-dev", 256, "fp8", net=net),
        "large": simulate("flux-dev", 512, "bfloat16", net=net),
        "kept": simulate("flux-dev", 512, "bfloat16", net=net, park=False),
        "naked": simulate("flux-dev", 512, "bfloat16", net=net, park=False, checkpoint=False),
        "rank 64": simulate("flux-dev", 256, "bfloat16", rank=64, net=net),
    }
    return made


def test_fake_tensors_say_the_same(rows: dict[str, Row]) -> None:
    assert simulate("flux-dev", 256, "nf4", net=small(), fake=True) == rows["nf4"]


def test_what_saves_memory_does(rows: dict[str, Row]) -> None:
    peak = {name: row.peak_gib for name, row in rows.items()}
    assert peak["streamed"] < peak["half"] <= peak["plain"]
    assert peak["nf4"] < peak["int8"] < peak["plain"] < peak["large"]
    assert peak["large"] <= peak["kept"] < peak["naked"]
    assert peak["plain"] < peak["rank 64"]


def test_light_adapters_take_less() -> None:
    peaks = []
    for light in (True, False):
        seen: list[Tracker] = []
        simulate(
            "flux-dev",
            256,
            net=small(),
            light=light,
            watch=lambda _, tracker, __, seen=seen: seen.append(tracker),
        )
        peaks.append(seen[0].peak)
    assert peaks[0] < peaks[1]


def test_int8_and_fp8_lie_equally(rows: dict[str, Row]) -> None:
    assert replace(rows["int8"], base_precision="fp8") == rows["fp8"]


def test_arithmetic_does_not_depend_on_where_weights_lie(rows: dict[str, Row]) -> None:
    assert len({rows[name].tflop_per_step for name in ("plain", "half", "streamed", "nf4", "int8")}) == 1
    assert rows["naked"].tflop_per_step < rows["kept"].tflop_per_step == rows["large"].tflop_per_step


def test_bytes_travel_only_when_something_is_streamed_or_parked(rows: dict[str, Row]) -> None:
    assert rows["naked"].bytes_per_step == rows["kept"].bytes_per_step == 0
    assert (
        0 < rows["plain"].bytes_per_step < rows["half"].bytes_per_step + 1 < rows["streamed"].bytes_per_step
    )
    assert [rows[name].checkpointing for name in ("plain", "kept", "naked")] == ["parked", "kept", "none"]


@pytest.mark.slow
def test_a_small_unet_is_simulated() -> None:
    net = replace(
        NETS["sdxl"],
        config={
            **NETS["sdxl"].config,
            "block_out_channels": [64, 128, 256],
            "attention_head_dim": [2, 4, 8],
            "transformer_layers_per_block": [1, 1, 2],
        },
    )
    plain, streamed = (simulate("sdxl", 256, "nf4", count, net=net) for count in (0, 8))
    assert streamed.peak_gib <= plain.peak_gib
    assert streamed.bytes_per_step > plain.bytes_per_step


def test_unknown_families_and_blocks_are_refused() -> None:
    with pytest.raises(BadInput, match="no net for the family 'sd9'"):
        simulate("sd9", 512)
    with pytest.raises(BadInput, match="9 blocks cannot be streamed: there are 4"):
        simulate("flux-dev", 256, "nf4", 9, net=small())


def test_the_table_is_filled_once_and_goes_on(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def quick(family: str, resolution: int, precision: Any, count: int, rank: int) -> Row:
        asked.append((family, resolution, precision, count))
        return Row(family, resolution, precision, count, rank, 1.0, 2.0, 3.0, 4, "parked", 0.5, 6)

    monkeypatch.setattr(simulating, "simulate", quick)
    monkeypatch.setattr(
        simulating, "wanted_rows", lambda: [("sd15", 512, "int8", 0), ("sd15", 512, "nf4", 8)]
    )
    table = tmp_path / "table.json"
    fill(table, say=lambda _: None)
    assert [row.of for row in rows_of(table)] == [
        ("sd15", 512, one, count, 16) for one, count in (("fp8", 0), ("int8", 0), ("nf4", 8))
    ]
    fill(table, say=lambda _: None)
    assert len(asked) == 2


def test_the_command_prints_a_row(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = Row("sd15", 512, "nf4", 3, 16, 1.0, 2.0, 3.0, 4, "parked", 0.5, 6)
    monkeypatch.setattr(simulating, "simulate", lambda *_: row)
    assert (
        main(["--family", "sd15", "--resolution", "512", "--precision", "nf4", "--streamed-blocks", "3"]) == 0
    )
    assert Row(**json.loads(capsys.readouterr().out)) == row


def test_what_is_wanted_has_no_doubles() -> None:
    wanted = simulating.wanted_rows()
    assert len(set(wanted)) == len(wanted)
    assert {family for family, *_ in wanted} == set(NETS)
